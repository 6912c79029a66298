//! Programs without calls of programs: the operations of the called ones stand in the place of the calls.

use super::body::{Body, Call, Callee, Fast, Node};
use super::guard::{Guard, Question};
use super::op::Op;
use crate::real::Real;
use alloc::vec::Vec;
use core::hash::BuildHasherDefault;
use std::collections::{HashMap, HashSet};

/// The program that is written.
struct Inline {
    body: Body,
    known: HashMap<Node, u32, BuildHasherDefault<Fast>>,
    asked: HashSet<(Question, [u32; 2], bool), BuildHasherDefault<Fast>>,
}

impl Body {
    /// The same program, with the operations of the programs that it calls in the place of the calls, as if they had been
    /// recorded there.
    pub(crate) fn inlined<T: Real>(&self) -> Self {
        let body = Self::new(self.inputs, Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut inline = Inline { body, known: HashMap::default(), asked: HashSet::default() };
        let inputs: Vec<u32> = (0..self.inputs as u32).collect();
        inline.body.results = inline.append::<T>(self, &inputs);
        inline.body.cleaned()
    }
}

impl Inline {
    fn intern(&mut self, node: Node) -> u32 {
        let next = (self.body.inputs + self.body.nodes.len()) as u32;
        let index = *self.known.entry(node).or_insert(next);
        if index == next {
            self.body.nodes.push(node);
        }
        index
    }

    /// An operation. What depends on constants alone is a constant.
    fn operation<T: Real>(&mut self, mut node: Node) -> u32 {
        let constants: Vec<T> =
            node.nodes().iter().filter_map(|&operand| self.body.constant(operand)).map(T::lit).collect();
        if constants.len() == node.nodes().len() {
            let constant = |k: usize| constants.get(k).copied().unwrap_or_else(T::zero);
            let value = node.op.value(constant(0), constant(1), constant(2), node.operands[2]);
            return self.intern(Node::constant(value.to_f64().expect("floats are f64")));
        }
        if matches!(node.op, Op::add | Op::mul) {
            node.operands[..2].sort_unstable();
        }
        self.intern(node)
    }

    /// Appends a program at these inputs, and returns its results.
    fn append<T: Real>(&mut self, body: &Body, inputs: &[u32]) -> Vec<u32> {
        let mut values = inputs.to_vec();
        // The results of each call, or its new number.
        let mut results: Vec<Result<Vec<u32>, u32>> = Vec::new();
        for i in body.inputs..=body.inputs + body.nodes.len() {
            while let Some(call) = body.calls.get(results.len()).filter(|call| call.at as usize == i) {
                let inputs: Vec<u32> = call.inputs.iter().map(|&input| values[input as usize]).collect();
                results.push(match &call.callee {
                    Callee::Program(callee) => Ok(self.append::<T>(callee, &inputs)),
                    callee => {
                        let at = (self.body.inputs + self.body.nodes.len()) as u32;
                        self.body.calls.push(Call { callee: callee.clone(), inputs, at });
                        Err(self.body.calls.len() as u32 - 1)
                    }
                });
            }
            let Some(&(mut node)) = body.nodes.get(i - body.inputs) else { break };
            let arity = node.op.arity();
            node.operands[..arity].iter_mut().for_each(|operand| *operand = values[*operand as usize]);
            values.push(match (node.op, node.operands) {
                (Op::constant, _) => self.intern(node),
                (Op::call, [site, k, _]) => match &results[site as usize] {
                    Ok(results) => results[k as usize],
                    Err(site) => self.intern(Node { op: Op::call, operands: [*site, k, 0] }),
                },
                _ => self.operation::<T>(node),
            });
        }
        for guard in &body.guards {
            let (a, b) = (values[guard.a as usize], values[guard.b as usize]);
            let is_constant = [a, b].iter().all(|&index| self.body.constant(index).is_some());
            if !is_constant && self.asked.insert((guard.question, [a, b], guard.answer)) {
                self.body.guards.push(Guard { a, b, ..*guard });
            }
        }
        body.results.iter().map(|&index| values[index as usize]).collect()
    }
}
