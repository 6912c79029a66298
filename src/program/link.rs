//! Calls in lanes. A called program is compiled once for all calls that agree in what is uniform and in what is used. Each
//! call is a copy of its instructions, which work on slots and uniform values of the caller. So a call takes no time by
//! itself, and the inputs are not moved.

use super::code::{Code, Instruction, Outside, Slots, Source, Term};
use crate::graph::body::{Body, Call, Callee, Live, Node};
use crate::graph::op::Op;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use std::collections::HashMap;

/// What is called in lanes.
enum Target {
    /// A program, with the place of each of its uniform values among those of the caller.
    Program(Arc<Code>, Vec<u32>),
    Live(Arc<Live>),
}

/// A call in lanes.
pub(super) struct Site {
    target: Target,
    /// The nodes of the inputs.
    pub(super) inputs: Vec<usize>,
    /// The numbers of the results that are used, and their nodes.
    results: Vec<(u32, usize)>,
}

/// How a program is called, if it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// By a kernel.
    Outer,
    /// By another program, which needs the inputs afterwards, so that nothing may be written to their slots.
    Called,
    /// The same after a guard that need not hold in all lanes.
    Guarded,
}

/// A program, by its identity, which of its inputs are uniform, which results are used, and its role.
type Key = (usize, Vec<bool>, Vec<u32>, Role);

/// Compiles a program with these uniform inputs, and with these results summed.
type Compile = fn(&Body, &[bool], &[bool], Role, &mut Linker) -> Code;

/// The called programs that are compiled.
pub(super) struct Linker {
    compile: Compile,
    codes: HashMap<Key, Arc<Code>>,
}

impl Linker {
    pub(super) fn new(compile: Compile) -> Self {
        Self { compile, codes: HashMap::new() }
    }

    fn code(&mut self, body: &Arc<Body>, uniform: Vec<bool>, results: Vec<u32>, role: Role) -> Arc<Code> {
        let key = (Arc::as_ptr(body) as usize, uniform, results, role);
        if let Some(code) = self.codes.get(&key) {
            return code.clone();
        }
        let mut used = Body::clone(body);
        used.results = key.2.iter().map(|&k| body.results[k as usize]).collect();
        let code = Arc::new((self.compile)(&used.cleaned(), &key.1, &vec![false; key.2.len()], role, self));
        self.codes.insert(key, code.clone());
        code
    }

    /// Finds what is the same in all lanes, and appends it to the preamble. Returns the place of each such node, and the calls
    /// that are made in lanes, each with the node after which it is made. A function that does not replay is called in lanes
    /// after a guard that need not hold in all of them, because it may not be made for the others.
    pub(super) fn uniform(
        &mut self,
        preamble: &mut Body,
        body: &Body,
        inputs: &[bool],
        role: Role,
    ) -> (Vec<Option<u32>>, Vec<(usize, Site)>) {
        let end = body.inputs + body.nodes.len();
        let mut used: Vec<Vec<(u32, usize)>> = vec![Vec::new(); body.calls.len()];
        for (index, node) in (body.inputs..).zip(&body.nodes).filter(|(_, node)| node.op == Op::call) {
            used[node.operands[0] as usize].push((node.operands[1], index));
        }
        let mut places = 0..;
        let mut uniform: Vec<Option<u32>> =
            inputs.iter().map(|&uniform| uniform.then(|| places.next()).flatten()).collect();
        uniform.resize(end, None);
        let (mut guards, mut is_guarded) = (body.guards.iter().peekable(), role == Role::Guarded);
        let (mut sites, mut calls) = (Vec::new(), body.calls.iter().zip(used).peekable());
        for i in body.inputs..=end {
            while let Some((call, used)) = calls.next_if(|(call, _)| call.at as usize == i) {
                while let Some(guard) = guards.next_if(|guard| (guard.a.max(guard.b) as usize) < i) {
                    let is_uniform = [guard.a, guard.b].iter().all(|&o| uniform[o as usize].is_some());
                    is_guarded |= !is_uniform && !guard.is_check();
                }
                let inputs: Vec<usize> = call.inputs.iter().map(|&input| input as usize).collect();
                let results: Vec<u32> = used.iter().map(|&(k, _)| k).collect();
                let known: Vec<u32> = inputs.iter().filter_map(|&input| uniform[input]).collect();
                let target = match &call.callee {
                    Callee::Program(callee) => {
                        let mask = inputs.iter().map(|&input| uniform[input].is_some()).collect();
                        let role = if is_guarded { Role::Guarded } else { Role::Called };
                        let code = self.code(callee, mask, results, role);
                        is_guarded |= code.instructions.iter().any(
                            |instruction| matches!(instruction, Instruction::Check { question, .. } if !question.is_check()),
                        );
                        let places = append(preamble, &code.preamble, known);
                        for (source, &(_, node)) in code.results.iter().zip(&used) {
                            if let Source::Uniform(place) = source {
                                uniform[node] = Some(places[*place as usize]);
                            }
                        }
                        if code.instructions.is_empty() {
                            continue;
                        }
                        Target::Program(code, places)
                    }
                    callee @ Callee::Live(_) if known.len() == inputs.len() && !is_guarded => {
                        let (site, at) = (preamble.calls.len() as u32, next(preamble));
                        preamble.calls.push(Call { callee: callee.clone(), inputs: known, at });
                        for (k, node) in used {
                            uniform[node] = Some(next(preamble));
                            preamble.nodes.push(Node { op: Op::call, operands: [site, k, 0] });
                        }
                        continue;
                    }
                    Callee::Live(live) => Target::Live(live.clone()),
                };
                sites.push((i - 1, Site { target, inputs, results: used }));
            }
            let Some(&(mut node)) = body.nodes.get(i - body.inputs).filter(|node| node.op != Op::call) else {
                continue;
            };
            let operands = node.nodes().iter().map(|&operand| uniform[operand as usize]);
            if let Some(operands) = operands.collect::<Option<Vec<u32>>>() {
                node.operands[..operands.len()].copy_from_slice(&operands);
                uniform[i] = Some(next(preamble));
                preamble.nodes.push(node);
            }
        }
        (uniform, sites)
    }
}

/// The place of the next value of a preamble.
fn next(preamble: &Body) -> u32 {
    (preamble.inputs + preamble.nodes.len()) as u32
}

/// Appends another preamble with inputs at these places. Returns the places of its values.
fn append(preamble: &mut Body, other: &Body, mut places: Vec<u32>) -> Vec<u32> {
    let (start, first) = (next(preamble), preamble.calls.len() as u32);
    places.extend((start..).take(other.nodes.len()));
    let place = |index: u32| places[index as usize];
    for call in &other.calls {
        let inputs = call.inputs.iter().map(|&input| place(input)).collect();
        let at = call.at - other.inputs as u32 + start;
        preamble.calls.push(Call { callee: call.callee.clone(), inputs, at });
    }
    for &(mut node) in &other.nodes {
        let arity = node.op.arity();
        node.operands[..arity].iter_mut().for_each(|operand| *operand = place(*operand));
        if node.op == Op::call {
            node.operands[0] += first;
        }
        preamble.nodes.push(node);
    }
    let mut guards = other.guards.clone();
    guards.iter_mut().for_each(|guard| (guard.a, guard.b) = (place(guard.a), place(guard.b)));
    preamble.guards.extend(guards);
    places
}

impl Code {
    /// Appends the instructions of a call.
    pub(super) fn link(&mut self, uniform: &[Option<u32>], site: &Site, slots: &mut Slots) {
        let (code, places) = match &site.target {
            Target::Live(live) => {
                let inputs = site.inputs.iter().map(|&input| slots.source(uniform, input)).collect();
                let mut result = |&(k, node): &(u32, usize)| {
                    let slot = slots.take();
                    slots.of[node] = Some(slot);
                    (k, slot)
                };
                let results = site.results.iter().map(&mut result).collect();
                self.instructions.push(Instruction::Live(Box::new(Outside { live: live.clone(), inputs, results })));
                return;
            }
            Target::Program(code, places) => (code, places),
        };
        // The slot of the caller for each slot of the callee.
        let mut moved = vec![None; code.slots];
        let inputs = site.inputs.iter().filter(|&&input| uniform[input].is_none());
        for (&input, slot) in inputs.zip(&code.inputs) {
            if let Some(slot) = slot {
                moved[*slot as usize] = slots.of[input];
            }
        }
        for (source, &(_, node)) in code.results.iter().zip(&site.results) {
            if let Source::Slot(slot) = source {
                slots.of[node] = Some(slots.take());
                moved[*slot as usize] = slots.of[node];
            }
        }
        let mut others = Vec::new();
        for slot in moved.iter_mut().filter(|slot| slot.is_none()) {
            others.push(slots.take());
            *slot = others.last().copied();
        }
        others.into_iter().for_each(|slot| slots.give(slot));
        let slot = |slot: u32| moved[slot as usize].expect("each slot has moved");
        let source = |source: Source| match source {
            Source::Slot(from) => Source::Slot(slot(from)),
            Source::Uniform(place) => Source::Uniform(places[place as usize]),
        };
        let first = self.terms.len() as u32;
        self.terms.extend(code.terms.iter().map(|term| Term { a: source(term.a), b: term.b.map(source), ..*term }));
        self.instructions.extend(code.instructions.iter().map(|instruction| match instruction {
            Instruction::Chain { to, terms } => {
                Instruction::Chain { to: slot(*to), terms: first + terms.start..first + terms.end }
            }
            Instruction::Operation { op, to, operands, n } => {
                Instruction::Operation { op: *op, to: slot(*to), operands: operands.map(source), n: *n }
            }
            Instruction::SinCos { to, of } => Instruction::SinCos { to: to.map(slot), of: source(*of) },
            Instruction::Check { question, answer, a, b } => {
                Instruction::Check { question: *question, answer: *answer, a: source(*a), b: source(*b) }
            }
            Instruction::Live(outside) => {
                let Outside { live, inputs, results } = &**outside;
                let inputs = inputs.iter().map(|&input| source(input)).collect();
                let results = results.iter().map(|&(k, to)| (k, slot(to))).collect();
                Instruction::Live(Box::new(Outside { live: live.clone(), inputs, results }))
            }
        }));
    }
}
