//! From a program to instructions for lanes: many points at once.
//!
//! Each value is a slot of [`LANES`] floats, one for each point of a block; a slot is used again when its value is not
//! needed any more. What depends only on uniform inputs is computed once, before the first block. Sums of values and
//! products, each of which is used once, become one instruction, a chain, whose sum stays in registers:
//!
//! ```text
//! v0 = mul(x0, x1)
//! v1 = add(v0, x2)      slot 3 = x0·x1 + x2 - x0·u0
//! v2 = mul(x0, u0)
//! v3 = sub(v1, v2)
//! ```
//!
//! The operations and their order are those of the program, and each product is rounded, so the results are the same bit for
//! bit.

use super::straight::Program;
use crate::graph::guard::{Guard, Question};
use crate::graph::node::Node;
use crate::graph::op::Op;
use crate::real::Real;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// The number of points in a block. With 32 a chain's sum fits the registers of AVX2, and the slots of most programs fit the
/// first-level cache.
pub(crate) const LANES: usize = 32;

/// Longer chains are cut, since all operands of a chain need slots at the same time.
const LONGEST: usize = 48;

/// An operand: a slot of lanes, or a uniform value, which is the same in all lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Slot(u32),
    Uniform(u32),
}

/// A term of a chain: a value, or a product of two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    pub(super) minus: bool,
    pub(super) a: Source,
    pub(super) b: Option<Source>,
}

#[derive(Clone, Debug)]
pub(super) enum Instruction {
    /// The sum of terms, in this order.
    Chain { to: u32, terms: Range<u32> },
    /// Any operation. `n` is the integer of `powi` and `polygamma`.
    Operation { op: Op, to: u32, operands: [Source; 3], n: u32 },
    /// The sine and the cosine of one operand, which libraries compute together.
    SinCos { to: [u32; 2], of: Source },
    /// A guard.
    Check { question: Question, answer: bool, a: Source, b: Source },
}

/// A term of a result that is summed over all points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Addend {
    /// Which of the summed results it is.
    pub(super) sum: u32,
    pub(super) a: Source,
    pub(super) b: Option<Source>,
}

/// A program for lanes.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) instructions: Vec<Instruction>,
    pub(super) terms: Vec<Term>,
    pub(super) addends: Vec<Addend>,
    /// How many slots there are.
    pub(super) slots: usize,
    /// The slots of the inputs that are not uniform, or `None` for those that are not used.
    pub(super) inputs: Vec<Option<u32>>,
    /// Where the results are that are not summed.
    pub(super) results: Vec<Source>,
    /// How many results are summed.
    pub(super) sums: usize,
    /// Whether functions may be those of registers, which are rounded otherwise.
    pub(super) fast: bool,
    /// What is computed once: the operations, whose operands are places of uniform values. The uniform inputs come first.
    preamble: Vec<Node>,
    /// Which inputs are uniform.
    pub(super) uniform: Vec<usize>,
    /// Guards on uniform values, whose nodes are places of uniform values.
    guards: Vec<Guard>,
}

/// A term whose operands are nodes.
type NodeTerm = (bool, usize, Option<usize>);

/// What is known of the nodes while code is generated.
struct Nodes<'p, T> {
    program: &'p Program<T>,
    /// The place of each node among the uniform values, if it is one.
    uniform: Vec<Option<u32>>,
    /// How often each node is used, and whether it must have a slot of its own.
    uses: Vec<u32>,
    kept: Vec<bool>,
    /// The terms of each sum.
    chains: Vec<Vec<NodeTerm>>,
    /// Whether a node is part of a chain or of an addend, so that it is not computed on its own.
    absorbed: Vec<bool>,
}

impl<T: Real> Nodes<'_, T> {
    fn node(&self, i: usize) -> Option<&Node> {
        self.program.nodes.get(i.checked_sub(self.program.inputs)?)
    }

    fn op(&self, i: usize) -> Option<Op> {
        self.node(i).map(|node| node.op)
    }

    fn is_uniform(&self, i: usize) -> bool {
        self.uniform[i].is_some()
    }

    /// Whether a value is used once, and only by another operation.
    fn is_used_once(&self, i: usize) -> bool {
        !self.is_uniform(i) && self.uses[i] == 1 && !self.kept[i]
    }

    fn is_product(&self, i: usize) -> bool {
        self.op(i) == Some(Op::mul) && self.is_used_once(i)
    }

    /// The nodes that are read when node i is computed.
    fn operands(&self, i: usize) -> Vec<usize> {
        if self.chains[i].is_empty() {
            return self.node(i).map_or(Vec::new(), |node| node.nodes().iter().map(|&o| o as usize).collect());
        }
        self.chains[i].iter().flat_map(|&(_, a, b)| [Some(a), b]).flatten().collect()
    }

    /// Takes a node into a sum: as a product, if it is one that nothing else needs.
    fn term(&mut self, minus: bool, i: usize) -> NodeTerm {
        if self.is_product(i) {
            self.absorbed[i] = true;
            let [a, b] = self.operands(i)[..] else { unreachable!("a product has two operands") };
            // A uniform factor comes second.
            return if self.is_uniform(a) { (minus, b, Some(a)) } else { (minus, a, Some(b)) };
        }
        (minus, i, None)
    }

    /// For each sine the cosine of the same operand, if there is one, and for each cosine the sine.
    fn sines_and_cosines(&self) -> Vec<Option<usize>> {
        let mut partners = vec![None; self.uniform.len()];
        let (mut sines, mut cosines) = (vec![None; self.uniform.len()], vec![None; self.uniform.len()]);
        for i in (self.program.inputs..self.uniform.len()).filter(|&i| !self.is_uniform(i)) {
            let (own, others) = match self.op(i) {
                Some(Op::sin) => (&mut sines, &cosines),
                Some(Op::cos) => (&mut cosines, &sines),
                _ => continue,
            };
            let operand = self.operands(i)[0];
            own[operand] = Some(i);
            if let Some(other) = others[operand] {
                (partners[i], partners[other]) = (Some(other), Some(i));
            }
        }
        partners
    }

    /// Joins sums of sums into chains.
    fn find_chains(&mut self) {
        for i in self.program.inputs..self.uniform.len() {
            let op = self.op(i);
            if self.is_uniform(i) || !matches!(op, Some(Op::add | Op::sub)) {
                continue;
            }
            let [mut a, mut b] = self.operands(i)[..] else { unreachable!("a sum has two operands") };
            let length = |nodes: &Self, i: usize| {
                let terms = nodes.chains[i].len();
                if nodes.is_used_once(i) && terms < LONGEST { terms } else { 0 }
            };
            if op == Some(Op::add) && length(self, b) > length(self, a) {
                (a, b) = (b, a);
            }
            let mut chain = if length(self, a) > 0 {
                self.absorbed[a] = true;
                core::mem::take(&mut self.chains[a])
            } else {
                vec![self.term(false, a)]
            };
            chain.push(self.term(op == Some(Op::sub), b));
            self.chains[i] = chain;
        }
    }
}

impl Code {
    /// Compiles a program whose inputs `uniform` are the same at all points, and whose results `summed` are added up over the
    /// points.
    pub(super) fn new<T: Real>(program: &Program<T>, uniform: &[bool], summed: &[bool], fast: bool) -> Self {
        let count = program.inputs + program.nodes.len();
        let mut code = Self {
            instructions: Vec::new(),
            terms: Vec::new(),
            addends: Vec::new(),
            slots: 0,
            inputs: Vec::new(),
            results: Vec::new(),
            sums: 0,
            fast,
            preamble: Vec::new(),
            uniform: (0..program.inputs).filter(|&i| uniform[i]).collect(),
            guards: Vec::new(),
        };
        let mut nodes = Nodes {
            program,
            uniform: code.find_uniform(program, uniform),
            uses: vec![0; count],
            kept: vec![false; count],
            chains: vec![Vec::new(); count],
            absorbed: vec![false; count],
        };
        for i in program.inputs..count {
            if !nodes.is_uniform(i) {
                nodes.operands(i).into_iter().for_each(|operand| nodes.uses[operand] += 1);
            }
        }
        for (&result, &summed) in program.results.iter().zip(summed) {
            nodes.uses[result as usize] += 1;
            nodes.kept[result as usize] |= !summed;
        }
        for guard in &program.guards {
            nodes.kept[guard.a as usize] = true;
            nodes.kept[guard.b as usize] = true;
        }
        nodes.find_chains();
        // Summed products need not be computed on their own.
        let mut addends = Vec::new();
        for (&result, _) in program.results.iter().zip(summed).filter(|(_, summed)| **summed) {
            let (_, a, b) = nodes.term(false, result as usize);
            addends.push((addends.len() as u32, a, b));
        }
        code.sums = addends.len();
        // The addends of one factor follow one another, so that it is loaded once.
        addends.sort_by_key(|&(sum, a, b)| (b.is_none(), a, sum));
        code.generate(&nodes, &addends, summed);
        code
    }

    /// Finds what is the same in all lanes: the place of each such node.
    fn find_uniform<T: Real>(&mut self, program: &Program<T>, inputs: &[bool]) -> Vec<Option<u32>> {
        let mut places = 0..;
        let mut uniform: Vec<Option<u32>> =
            inputs.iter().map(|&uniform| uniform.then(|| places.next()).flatten()).collect();
        for node in &program.nodes {
            let operands = node.nodes().iter().map(|&operand| uniform[operand as usize]);
            let place = operands.collect::<Option<Vec<u32>>>().and_then(|operands| {
                let mut node = *node;
                node.operands[..operands.len()].copy_from_slice(&operands);
                self.preamble.push(node);
                places.next()
            });
            uniform.push(place);
        }
        uniform
    }

    /// The uniform values for these uniform inputs, or the guard that does not hold.
    pub(super) fn prepare<T: Real>(&self, inputs: &[T]) -> Result<Vec<T>, &Guard> {
        let mut values = inputs.to_vec();
        for node in &self.preamble {
            let operand = |k: usize| node.nodes().get(k).map_or_else(T::zero, |&place| values[place as usize]);
            values.push(match node.op {
                Op::constant => T::lit(node.value()),
                op => op.value(operand(0), operand(1), operand(2), node.operands[2]),
            });
        }
        let holds = |guard: &&Guard| guard.holds(values[guard.a as usize], values[guard.b as usize]);
        match self.guards.iter().find(|guard| !holds(guard)) {
            Some(guard) => Err(guard),
            None => Ok(values),
        }
    }

    /// How many uniform values there are.
    pub(super) fn places(&self) -> usize {
        self.uniform.len() + self.preamble.len()
    }

    fn generate<T: Real>(&mut self, nodes: &Nodes<'_, T>, addends: &[(u32, usize, Option<usize>)], summed: &[bool]) {
        let program = nodes.program;
        let results = program.results.iter().zip(summed).filter(|(_, summed)| !**summed).map(|(&i, _)| i as usize);
        let at_end = addends.iter().flat_map(|&(_, a, b)| [Some(a), b]).flatten();
        let guards = self.guards_by_node(nodes);
        let last = last_reads(nodes, &guards, at_end.chain(results.clone()));
        let partners = nodes.sines_and_cosines();
        let mut slots = Slots { of: vec![None; nodes.uniform.len()], free: Vec::new(), waiting: Vec::new(), count: 0 };
        for i in 0..nodes.uniform.len() {
            let unused = i < program.inputs && last[i] == 0 && !nodes.kept[i];
            if nodes.is_uniform(i) || nodes.absorbed[i] || unused {
                continue;
            }
            let read: Vec<Source> = nodes.operands(i).into_iter().map(|operand| slots.source(nodes, operand)).collect();
            // What is read for the last time makes room for the result, unless a guard is checked afterwards.
            let asked = |o: usize| guards[i].iter().any(|guard| guard.a as usize == o || guard.b as usize == o);
            slots.release(nodes.operands(i).into_iter().filter(|&o| last[o] == i && !asked(o)));
            let to = slots.of[i].unwrap_or_else(|| slots.take());
            slots.of[i] = Some(to);
            match partners[i] {
                // The first of both computes the other one as well.
                Some(partner) if partner > i => {
                    let other = slots.take();
                    slots.of[partner] = Some(other);
                    let to = if nodes.op(i) == Some(Op::sin) { [to, other] } else { [other, to] };
                    self.instructions.push(Instruction::SinCos { to, of: read[0] });
                }
                Some(_) => {}
                None if i < program.inputs => {}
                None => self.push(nodes, i, to, &read),
            }
            for &Guard { question, answer, a, b, .. } in &guards[i] {
                let [a, b] = [a, b].map(|o| slots.source(nodes, o as usize));
                self.instructions.push(Instruction::Check { question, answer, a, b });
            }
            let done = guards[i].iter().flat_map(|guard| [guard.a as usize, guard.b as usize]).chain([i]);
            let done: Vec<usize> = done.filter(|&o| last[o] <= i && !nodes.is_uniform(o)).collect();
            // All inputs are loaded before the first instruction, so none of them may take the slot of another.
            if i < program.inputs {
                slots.waiting.extend(done);
            } else {
                slots.release(done.into_iter());
            }
            if i + 1 >= program.inputs {
                let waiting = core::mem::take(&mut slots.waiting);
                slots.release(waiting.into_iter());
            }
        }
        let source = |i: usize| slots.source(nodes, i);
        self.inputs = (0..program.inputs).filter(|&i| !nodes.is_uniform(i)).map(|i| slots.of[i]).collect();
        self.slots = slots.count as usize;
        self.results = results.map(source).collect();
        self.addends = addends.iter().map(|&(sum, a, b)| Addend { sum, a: source(a), b: b.map(source) }).collect();
    }

    /// The guards that can be checked once node i is known, for each i. Those of uniform values are kept apart.
    fn guards_by_node<T: Real>(&mut self, nodes: &Nodes<'_, T>) -> Vec<Vec<Guard>> {
        let mut guards: Vec<Vec<Guard>> = vec![Vec::new(); nodes.uniform.len()];
        for guard in &nodes.program.guards {
            let ends = [guard.a as usize, guard.b as usize];
            match ends.map(|i| nodes.uniform[i]) {
                [Some(a), Some(b)] => self.guards.push(Guard { a, b, ..*guard }),
                _ => guards[ends.into_iter().filter(|&i| !nodes.is_uniform(i)).max().unwrap_or(0)].push(*guard),
            }
        }
        guards
    }

    /// Appends the instruction for a node, whose operands are in these places.
    fn push<T: Real>(&mut self, nodes: &Nodes<'_, T>, i: usize, to: u32, read: &[Source]) {
        if nodes.chains[i].is_empty() {
            let mut operands = [read[0]; 3];
            operands[..read.len()].copy_from_slice(read);
            let node = nodes.node(i).expect("not an input");
            self.instructions.push(Instruction::Operation { op: node.op, to, operands, n: node.operands[2] });
            return;
        }
        let start = self.terms.len() as u32;
        let mut read = read.iter().copied();
        for &(minus, _, b) in &nodes.chains[i] {
            let a = read.next().expect("a source for each operand");
            self.terms.push(Term { minus, a, b: b.and_then(|_| read.next()) });
        }
        self.instructions.push(Instruction::Chain { to, terms: start..self.terms.len() as u32 });
    }
}

/// The last node at which each value is read, by an operation or a guard. Those of `at_end` are read at the end.
fn last_reads<T: Real>(nodes: &Nodes<'_, T>, guards: &[Vec<Guard>], at_end: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut last = vec![0; nodes.uniform.len()];
    for i in (0..nodes.uniform.len()).filter(|&i| !nodes.is_uniform(i)) {
        if !nodes.absorbed[i] {
            nodes.operands(i).into_iter().for_each(|operand| last[operand] = i);
        }
        for guard in &guards[i] {
            last[guard.a as usize] = i;
            last[guard.b as usize] = i;
        }
    }
    at_end.for_each(|i| last[i] = usize::MAX);
    last
}

/// The slots of nodes.
struct Slots {
    /// The slot that each node has, or had.
    of: Vec<Option<u32>>,
    free: Vec<u32>,
    /// Inputs that are not needed any more when the first instruction runs.
    waiting: Vec<usize>,
    count: u32,
}

impl Slots {
    fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        })
    }

    /// Makes the slots of nodes free, of which some may be named twice.
    fn release(&mut self, nodes: impl Iterator<Item = usize>) {
        for slot in nodes.filter_map(|i| self.of[i]) {
            if !self.free.contains(&slot) {
                self.free.push(slot);
            }
        }
    }

    /// Where a node's value is.
    fn source<T: Real>(&self, nodes: &Nodes<'_, T>, i: usize) -> Source {
        match (nodes.uniform[i], self.of[i]) {
            (Some(place), _) => Source::Uniform(place),
            (None, slot) => Source::Slot(slot.expect("operands are computed first")),
        }
    }
}
