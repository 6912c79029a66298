//! `Program`: the straight line of operations that a function takes at a point, and at all others with the same guards.

use crate::error::{Error, length};
use crate::forward::point::Seeded;
use crate::graph::body::{Body, Node};
use crate::graph::guard::Guard;
use crate::graph::node::with;
use crate::graph::op::Op;
use crate::number::traced::Traced;
use crate::real::Real;
use crate::returns::Output;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;

/// A function written down as a straight line of operations, in which nothing is computed twice or in vain.
///
/// It is made by [`record`](super::record) and is right where its guards hold: at all points at which the function takes
/// the course that it took at the point of the recording. There its results are those of the function, bit for bit, with two
/// exceptions: a derivative may be 0 instead of -0, with what is computed from its sign, and derivatives that are not
/// specified, because a value or a derivative on the way is not finite, may differ.
#[derive(Clone, Debug)]
pub struct Program<T = f64> {
    pub(crate) body: Arc<Body>,
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
            let body = Arc::new(open.recorded(results)?.cleaned());
            Ok(Program { body, float: PhantomData })
        })
    })
}

impl<T: Real> Program<T> {
    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.body.inputs
    }

    /// The number of results.
    pub fn results(&self) -> usize {
        self.body.results.len()
    }

    /// The number of operations that are computed at a point. Constants do not count. Each call of a program counts as the
    /// operations of that program, and each call of a function that does not replay as one.
    pub fn operations(&self) -> usize {
        self.body.operations
    }

    /// What must hold at a point for the program to be the function there: the outcomes of the comparisons that the function
    /// made, each with its place in the source. The names are those of the printed program. Rows of the crate that compare
    /// values, such as `clamp`, are there as well, with a place in the crate. Those of called programs are theirs.
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
        self.body
            .guards
            .iter()
            .filter(|guard| which(guard))
            .map(|guard| guard.text(|index| self.body.name(index)))
            .collect()
    }

    /// The values of those results that are the same at all points, such as derivatives that are always 0.
    pub fn constants(&self) -> Vec<Option<T>> {
        self.body.results.iter().map(|&index| self.body.constant(index).map(T::lit)).collect()
    }

    /// The inputs that each result depends on, in ascending order: the pattern of the Jacobian. If the results are a gradient,
    /// it is the pattern of the Hessian.
    pub fn pattern(&self) -> Vec<Vec<usize>> {
        let body = self.body.inlined::<T>();
        let operands = |node: &Node| -> Vec<u32> {
            match node.op {
                Op::call => body.calls[node.operands[0] as usize].inputs.to_vec(),
                _ => node.nodes().to_vec(),
            }
        };
        // By which operation each node is used last. The set of that node can be given to the result, so a sum of many terms
        // does not copy a set for each of them.
        let mut last = vec![0; body.inputs + body.nodes.len()];
        for (node, index) in body.nodes.iter().zip(body.inputs..) {
            operands(node).into_iter().for_each(|operand| last[operand as usize] = index);
        }
        body.results.iter().for_each(|&result| last[result as usize] = usize::MAX);
        let mut inputs: Vec<BTreeSet<usize>> = (0..body.inputs).map(|i| BTreeSet::from([i])).collect();
        for (node, index) in body.nodes.iter().zip(body.inputs..) {
            let mut all = BTreeSet::new();
            match node.op {
                // Piecewise constant, so no derivative passes.
                Op::floor
                | Op::ceil
                | Op::round
                | Op::round_ties_even
                | Op::trunc
                | Op::signum
                | Op::div_euclid
                | Op::less => {}
                _ => {
                    for operand in operands(node) {
                        let own = &mut inputs[operand as usize];
                        if last[operand as usize] > index {
                            all.extend(own.iter().copied());
                        } else {
                            let mut small = core::mem::take(own);
                            if all.len() < small.len() {
                                core::mem::swap(&mut all, &mut small);
                            }
                            all.extend(small);
                        }
                    }
                }
            }
            inputs.push(all);
        }
        body.results.iter().map(|&index| inputs[index as usize].iter().copied().collect()).collect()
    }

    /// Computes the results at one point, operation by operation. It is the reference for the faster ways to run a program.
    ///
    /// # Errors
    /// [`Error::Diverged`] where the program is not the function, or a result is not finite;
    /// [`Error::WrongLength`] if a slice is longer or shorter than the program's inputs or results.
    pub fn run(&self, x: &[T], results: &mut [T]) -> Result<(), Error> {
        length("inputs", self.inputs(), x.len())?;
        length("results", self.results(), results.len())?;
        let mut place = None;
        let values = self.body.values(x, &mut |guard| {
            place = Some(guard.place);
            false
        });
        let Some(values) = values else { return Err(Error::Diverged { place }) };
        for (result, &index) in results.iter_mut().zip(&self.body.results) {
            *result = values[index as usize];
        }
        if results.iter().all(|result| result.parts_finite()) { Ok(()) } else { Err(Error::Diverged { place: None }) }
    }
}
