//! `Program`: the straight line of operations that a function takes at a point, and at all others with the same guards.

use crate::error::{Error, length};
use crate::forward::point::Seeded;
use crate::graph::guard::Guard;
use crate::graph::node::{Node, Recorded, with};
use crate::graph::op::Op;
use crate::number::traced::Traced;
use crate::real::Real;
use crate::returns::Output;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

/// A function written down as a straight line of operations, in which nothing is computed twice or in vain.
///
/// It is made by [`record`](super::record) and is right where its guards hold: at all points at which the function takes
/// the course that it took at the point of the recording. There its results are those of the function, bit for bit, with two
/// exceptions: a derivative may be 0 instead of -0, with what is computed from its sign, and derivatives that are not
/// specified, because a value or a derivative on the way is not finite, may differ.
#[derive(Clone, Debug)]
pub struct Program<T = f64> {
    /// The operations and constants. Their indices start with the number of inputs.
    pub(crate) nodes: Vec<Node>,
    pub(crate) guards: Vec<Guard>,
    pub(crate) results: Vec<u32>,
    pub(crate) inputs: usize,
    float: PhantomData<T>,
}

/// Records `f` at the point whose coordinates are `value(i, xᵢ)`. See [`record`](super::record).
pub(crate) fn record<P, T, Y>(
    f: impl FnOnce(P::Arg<'_, Traced<T>>) -> Y,
    x: &P,
    value: impl Fn(usize, T) -> T,
) -> Result<Program<T>, Error>
where
    P: Seeded<Traced<T>, T = T>,
    T: Real,
    Y: Output<Traced<T>>,
{
    let inputs = x.variables();
    with(|graph| {
        graph.record(inputs, |open| {
            let id = open.id();
            let mut results = Vec::new();
            x.seeded(|number, i, x| *number = Traced::of_node(value(i, x), id, i as u32), f)
                .map(|y| results.push(y.operand()));
            let results: Vec<u32> = results.into_iter().map(|y| open.result(y)).collect();
            Program::cleaned(open.recorded(), results, inputs)
        })
    })
}

impl<T: Real> Program<T> {
    /// Leaves out what neither results nor guards need.
    fn cleaned(recorded: Recorded, mut results: Vec<u32>, inputs: usize) -> Result<Self, Error> {
        let Recorded { nodes, mut guards, escapes } = recorded;
        if let Some(escape) = escapes.first() {
            return Err(Error::ValueLeft { method: escape.method, place: escape.place });
        }
        let mut needed = vec![false; inputs + nodes.len()];
        let ends = guards.iter().flat_map(|guard| [guard.a, guard.b]).chain(results.iter().copied());
        ends.for_each(|index| needed[index as usize] = true);
        for (k, node) in nodes.iter().enumerate().rev() {
            if needed[inputs + k] {
                node.nodes().iter().for_each(|&operand| needed[operand as usize] = true);
            }
        }
        // The new index of each node.
        let mut index = (inputs as u32)..;
        let new: Vec<u32> = (0_u32..)
            .zip(&needed)
            .map(|(old, &needed)| {
                if (old as usize) < inputs {
                    old
                } else if needed {
                    index.next().unwrap_or(0)
                } else {
                    0
                }
            })
            .collect();
        let moved = |mut node: Node| {
            let arity = node.op.arity();
            node.operands[..arity].iter_mut().for_each(|operand| *operand = new[*operand as usize]);
            node
        };
        let kept = nodes.into_iter().zip(&needed[inputs..]).filter(|(_, needed)| **needed).map(|(node, _)| moved(node));
        let nodes = kept.collect();
        for guard in &mut guards {
            (guard.a, guard.b) = (new[guard.a as usize], new[guard.b as usize]);
        }
        results.iter_mut().for_each(|index| *index = new[*index as usize]);
        Ok(Self { nodes, guards, results, inputs, float: PhantomData })
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The number of results.
    pub fn results(&self) -> usize {
        self.results.len()
    }

    /// The number of operations. Constants do not count.
    pub fn operations(&self) -> usize {
        self.nodes.iter().filter(|node| node.op != Op::constant).count()
    }

    /// What must hold at a point for the program to be the function there: the outcomes of the comparisons that the function
    /// made, each with its place in the source. The names are those of the printed program. Rows of the crate that compare
    /// values, such as `clamp`, are there as well, with a place in the crate.
    ///
    /// ```
    /// use nilpotent::{program, Error};
    ///
    /// let program = program::record(|[x, y]| if x * x < y { x } else { y }, [1.0, 2.0])?;
    /// let guards: Vec<String> = program.guards().collect();
    /// assert!(guards[0].starts_with("v0 < x1, asked at "));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn guards(&self) -> impl ExactSizeIterator<Item = String> {
        let texts: Vec<String> = self.texts(|guard| !guard.is_check());
        texts.into_iter()
    }

    /// The same for the ranges in which the crate's own formulas are right, such as divisors between 2⁻⁶⁴ and 2⁶⁴. The
    /// function itself does not ask for them.
    pub fn checks(&self) -> impl ExactSizeIterator<Item = String> {
        let texts: Vec<String> = self.texts(Guard::is_check);
        texts.into_iter()
    }

    fn texts(&self, which: impl Fn(&Guard) -> bool) -> Vec<String> {
        self.guards.iter().filter(|guard| which(guard)).map(|guard| guard.text(|index| self.name(index))).collect()
    }

    /// The values of those results that are the same at all points, such as derivatives that are always 0.
    pub fn constants(&self) -> Vec<Option<T>> {
        let constant = |&index: &u32| {
            let node = self.nodes.get((index as usize).checked_sub(self.inputs)?)?;
            (node.op == Op::constant).then(|| T::lit(node.value()))
        };
        self.results.iter().map(constant).collect()
    }

    /// The inputs that each result depends on, in ascending order: the pattern of the Jacobian. If the results are a gradient,
    /// it is the pattern of the Hessian.
    pub fn pattern(&self) -> Vec<Vec<usize>> {
        let mut inputs: Vec<BTreeSet<usize>> = (0..self.inputs).map(|i| BTreeSet::from([i])).collect();
        for node in &self.nodes {
            let all = match node.op {
                // Piecewise constant, so no derivative passes.
                Op::floor
                | Op::ceil
                | Op::round
                | Op::round_ties_even
                | Op::trunc
                | Op::signum
                | Op::div_euclid
                | Op::less => BTreeSet::new(),
                _ => node.nodes().iter().flat_map(|&operand| inputs[operand as usize].iter().copied()).collect(),
            };
            inputs.push(all);
        }
        self.results.iter().map(|&index| inputs[index as usize].iter().copied().collect()).collect()
    }

    /// Computes the results at one point, operation by operation. It is the reference for the faster ways to run a program.
    ///
    /// # Errors
    /// [`Error::Diverged`] where the program is not the function, or a result is not finite;
    /// [`Error::WrongLength`] if a slice is longer or shorter than the program's inputs or results.
    pub fn run(&self, x: &[T], results: &mut [T]) -> Result<(), Error> {
        length("inputs", self.inputs, x.len())?;
        length("results", self.results.len(), results.len())?;
        let mut values = x.to_vec();
        for node in &self.nodes {
            let operand = |k: usize| node.nodes().get(k).map_or_else(T::zero, |&operand| values[operand as usize]);
            values.push(match node.op {
                Op::constant => T::lit(node.value()),
                op => op.value(operand(0), operand(1), operand(2), node.operands[2]),
            });
        }
        let value = |index: u32| values[index as usize];
        if let Some(guard) = self.guards.iter().find(|guard| !guard.holds(value(guard.a), value(guard.b))) {
            return Err(Error::Diverged { place: Some(guard.place) });
        }
        for (result, &index) in results.iter_mut().zip(&self.results) {
            *result = value(index);
        }
        if results.iter().all(|result| result.parts_finite()) { Ok(()) } else { Err(Error::Diverged { place: None }) }
    }
}

/// One line for each operation, with the names `x0`, `x1`, … of inputs and `v0`, `v1`, … of what is computed.
impl<T: Real> fmt::Display for Program<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (k, node) in self.nodes.iter().enumerate() {
            write!(f, "v{k} = ")?;
            match node.op {
                Op::constant => write!(f, "{:?}", node.value())?,
                op => {
                    write!(f, "{}(", op.name())?;
                    for (i, &operand) in node.nodes().iter().enumerate() {
                        write!(f, "{}{}", if i > 0 { ", " } else { "" }, self.name(operand))?;
                    }
                    match op {
                        Op::powi => write!(f, ", {}", node.operands[2].cast_signed())?,
                        Op::polygamma => write!(f, ", {}", node.operands[2])?,
                        _ => {}
                    }
                    f.write_str(")")?;
                }
            }
            writeln!(f)?;
        }
        for (k, &result) in self.results.iter().enumerate() {
            writeln!(f, "y{k} = {}", self.name(result))?;
        }
        Ok(())
    }
}

impl<T: Real> Program<T> {
    /// The name of a node in printed programs.
    pub(super) fn name(&self, index: u32) -> String {
        match (index as usize).checked_sub(self.inputs) {
            None => alloc::format!("x{index}"),
            Some(k) => alloc::format!("v{k}"),
        }
    }
}
