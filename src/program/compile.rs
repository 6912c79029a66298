//! From a program to instructions for lanes: many points at once.
//!
//! Each value is a slot of [`LANES`](super::code::LANES) floats, one for each point of a block; a slot is used again when its value is not
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

use super::code::{Addend, Code, Instruction, Slots, Source, Term};
use super::link::{Linker, Role, Site};
use super::straight::Program;
use crate::graph::body::{Body, Node};
use crate::graph::guard::Guard;
use crate::graph::op::Op;
use crate::real::Real;
use alloc::vec;
use alloc::vec::Vec;

/// Longer chains are cut, since all operands of a chain need slots at the same time.
const LONGEST: usize = 48;

/// A term whose operands are nodes.
type NodeTerm = (bool, usize, Option<usize>);

/// What is known of the nodes while code is generated.
pub(super) struct Nodes<'p> {
    body: &'p Body,
    /// The place of each node among the uniform values, if it is one.
    uniform: Vec<Option<u32>>,
    /// The calls that are made in lanes, in their order, and the last node before each.
    calls: Vec<(usize, Site)>,
    role: Role,
    /// How often each node is used, and whether it must have a slot of its own.
    uses: Vec<u32>,
    kept: Vec<bool>,
    /// The terms of each sum.
    chains: Vec<Vec<NodeTerm>>,
    /// Whether a node is part of a chain or of an addend, so that it is not computed on its own.
    absorbed: Vec<bool>,
}

impl Nodes<'_> {
    fn node(&self, i: usize) -> Option<&Node> {
        self.body.node(i as u32)
    }

    fn op(&self, i: usize) -> Option<Op> {
        self.node(i).map(|node| node.op)
    }

    pub(super) fn is_uniform(&self, i: usize) -> bool {
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
        for i in (self.body.inputs..self.uniform.len()).filter(|&i| !self.is_uniform(i)) {
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
        for i in self.body.inputs..self.uniform.len() {
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
        Self { fast, ..Self::of(&program.body, uniform, summed, Role::Outer, &mut Linker::new(Self::of)) }
    }

    /// The same of what a program consists of.
    pub(super) fn of(body: &Body, uniform: &[bool], summed: &[bool], role: Role, linker: &mut Linker) -> Self {
        let count = body.inputs + body.nodes.len();
        let inputs = (0..body.inputs).filter(|&i| uniform[i]);
        let mut code = Self { uniform: inputs.collect(), ..Self::default() };
        code.preamble.inputs = code.uniform.len();
        let (places, calls) = linker.uniform(&mut code.preamble, body, uniform, role);
        let mut nodes = Nodes {
            body,
            uniform: places,
            calls,
            role,
            uses: vec![0; count],
            kept: vec![false; count],
            chains: vec![Vec::new(); count],
            absorbed: vec![false; count],
        };
        for i in body.inputs..count {
            if !nodes.is_uniform(i) {
                nodes.operands(i).into_iter().for_each(|operand| nodes.uses[operand] += 1);
            }
        }
        for input in nodes.calls.iter().flat_map(|(_, site)| &site.inputs) {
            nodes.kept[*input] = true;
        }
        for (&result, &summed) in body.results.iter().zip(summed) {
            nodes.uses[result as usize] += 1;
            nodes.kept[result as usize] |= !summed;
        }
        for guard in &body.guards {
            nodes.kept[guard.a as usize] = true;
            nodes.kept[guard.b as usize] = true;
        }
        nodes.find_chains();
        // Summed products need not be computed on their own.
        let mut addends = Vec::new();
        for (&result, _) in body.results.iter().zip(summed).filter(|(_, summed)| **summed) {
            let (_, a, b) = nodes.term(false, result as usize);
            addends.push((addends.len() as u32, a, b));
        }
        code.sums = addends.len();
        // The addends of one factor follow one another, so that it is loaded once.
        addends.sort_by_key(|&(sum, a, b)| (b.is_none(), a, sum));
        code.generate(&nodes, &addends, summed);
        code
    }

    fn generate(&mut self, nodes: &Nodes<'_>, addends: &[(u32, usize, Option<usize>)], summed: &[bool]) {
        let body = nodes.body;
        let results = body.results.iter().zip(summed).filter(|(_, summed)| !**summed).map(|(&i, _)| i as usize);
        let at_end = addends.iter().flat_map(|&(_, a, b)| [Some(a), b]).flatten();
        let guards = self.guards_by_node(nodes);
        let last = last_reads(nodes, &guards, at_end.chain(results.clone()));
        let partners = nodes.sines_and_cosines();
        let mut slots = Slots::new(nodes.uniform.len());
        let mut calls = &nodes.calls[..];
        for i in 0..nodes.uniform.len() {
            let called;
            (called, calls) = calls.split_at(calls.iter().take_while(|(before, _)| *before == i).count());
            let asked = guards[i].iter().flat_map(|guard| [guard.a as usize, guard.b as usize]);
            let asked: Vec<usize> =
                asked.chain(called.iter().flat_map(|(_, site)| site.inputs.iter().copied())).collect();
            let unused = i < body.inputs && last[i] == 0 && !nodes.kept[i];
            if !(nodes.is_uniform(i) || nodes.absorbed[i] || unused) {
                self.compute(nodes, i, partners[i], &mut slots, |o| last[o] == i && !asked.contains(&o));
            }
            for &Guard { question, answer, a, b, .. } in &guards[i] {
                let [a, b] = [a, b].map(|o| slots.source(&nodes.uniform, o as usize));
                self.instructions.push(Instruction::Check { question, answer, a, b });
            }
            called.iter().for_each(|(_, site)| self.link(&nodes.uniform, site, &mut slots));
            let done = asked.into_iter().chain([i]).filter(|&o| last[o] <= i && !nodes.is_uniform(o));
            // All inputs are loaded before the first instruction, so none of them may take the slot of another.
            if i < body.inputs {
                slots.waiting.extend(done);
            } else {
                slots.release(done);
            }
            if i + 1 >= body.inputs {
                let waiting = core::mem::take(&mut slots.waiting);
                slots.release(waiting.into_iter());
            }
        }
        let source = |i: usize| slots.source(&nodes.uniform, i);
        self.inputs = (0..body.inputs).filter(|&i| !nodes.is_uniform(i)).map(|i| slots.of[i]).collect();
        self.slots = slots.count();
        self.results = results.map(source).collect();
        self.addends = addends.iter().map(|&(sum, a, b)| Addend { sum, a: source(a), b: b.map(source) }).collect();
    }

    /// Appends the instruction that computes node i, unless it is there already. What is read for the last time makes room for
    /// the result, if `is_free` agrees.
    fn compute(
        &mut self,
        nodes: &Nodes<'_>,
        i: usize,
        partner: Option<usize>,
        slots: &mut Slots,
        is_free: impl Fn(usize) -> bool,
    ) {
        let read: Vec<Source> =
            nodes.operands(i).into_iter().map(|operand| slots.source(&nodes.uniform, operand)).collect();
        slots.release(nodes.operands(i).into_iter().filter(|&o| is_free(o)));
        let to = slots.of[i].unwrap_or_else(|| slots.take());
        slots.of[i] = Some(to);
        match partner {
            // The first of both computes the other one as well.
            Some(partner) if partner > i => {
                let other = slots.take();
                slots.of[partner] = Some(other);
                let to = if nodes.op(i) == Some(Op::sin) { [to, other] } else { [other, to] };
                self.instructions.push(Instruction::SinCos { to, of: read[0] });
            }
            None if i >= nodes.body.inputs && nodes.op(i) != Some(Op::call) => self.push(nodes, i, to, &read),
            _ => {}
        }
    }

    /// The guards that can be checked once node i is known, for each i. Those of uniform values are kept apart.
    fn guards_by_node(&mut self, nodes: &Nodes<'_>) -> Vec<Vec<Guard>> {
        let mut guards: Vec<Vec<Guard>> = vec![Vec::new(); nodes.uniform.len()];
        for guard in &nodes.body.guards {
            let ends = [guard.a as usize, guard.b as usize];
            match ends.map(|i| nodes.uniform[i]) {
                [Some(a), Some(b)] => self.preamble.guards.push(Guard { a, b, ..*guard }),
                _ => guards[ends.into_iter().filter(|&i| !nodes.is_uniform(i)).max().unwrap_or(0)].push(*guard),
            }
        }
        // In the order in which they can be checked.
        self.preamble.guards.sort_by_key(|guard| guard.a.max(guard.b));
        guards
    }

    /// Appends the instruction for a node, whose operands are in these places.
    fn push(&mut self, nodes: &Nodes<'_>, i: usize, to: u32, read: &[Source]) {
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
fn last_reads(nodes: &Nodes<'_>, guards: &[Vec<Guard>], at_end: impl Iterator<Item = usize>) -> Vec<usize> {
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
    for (before, site) in &nodes.calls {
        site.inputs.iter().for_each(|&input| last[input] = last[input].max(*before));
    }
    let inputs = if nodes.role == Role::Outer { 0..0 } else { 0..nodes.body.inputs };
    at_end.chain(inputs).for_each(|i| last[i] = usize::MAX);
    last
}
