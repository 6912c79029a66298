//! What a program consists of: nodes, guards, and calls of other programs and of functions that do not replay.

use super::guard::Guard;
use super::op::Op;
use crate::real::Real;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::panic::Location;

/// An operation and the indices of its operands. The inputs come first and have no nodes of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) op: Op,
    pub(crate) operands: [u32; 3],
}

impl Node {
    /// A constant.
    pub(crate) fn constant(value: f64) -> Self {
        let bits = value.to_bits();
        Self { op: Op::constant, operands: [bits as u32, (bits >> 32) as u32, 0] }
    }

    /// The value of a constant.
    pub(crate) fn value(&self) -> f64 {
        f64::from_bits(u64::from(self.operands[0]) | u64::from(self.operands[1]) << 32)
    }

    /// The operands that are nodes.
    pub(crate) fn nodes(&self) -> &[u32] {
        &self.operands[..self.op.arity()]
    }
}

/// In two words, since it is hashed for each operation.
impl Hash for Node {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [a, b, c] = self.operands.map(u64::from);
        state.write_u64(self.op as u64 | a << 32);
        state.write_u64(b | c << 32);
    }
}

/// Hashes a node by rotations and products. Nodes come from the program itself, so nobody chooses them to collide.
#[derive(Default)]
pub(crate) struct Fast(u64);

impl Hasher for Fast {
    /// The table takes its places from the lowest bits, which a product mixes least, so the highest bits go there.
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(byte.into());
        }
    }

    fn write_u8(&mut self, x: u8) {
        self.write_u64(x.into());
    }

    fn write_u32(&mut self, x: u32) {
        self.write_u64(x.into());
    }

    fn write_isize(&mut self, x: isize) {
        self.write_u64(x as u64);
    }

    fn write_u64(&mut self, x: u64) {
        // The golden ratio in 64 bits, as Knuth's multiplicative hashing has it (The Art of Computer Programming, 6.4).
        self.0 = (self.0.rotate_left(5) ^ x).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// A function of floats that a program calls as it is.
pub(crate) type Function<T> = dyn Fn(&[T]) -> Vec<T> + Send + Sync;

/// A function that does not replay, over the floats of its program.
pub(crate) struct Live {
    /// A `Box<Function<T>>`.
    function: Box<dyn Any + Send + Sync>,
    /// The number of results.
    results: usize,
    /// Where it was called.
    pub(crate) place: &'static Location<'static>,
}

impl Live {
    pub(crate) fn new<T: Real>(function: Box<Function<T>>, results: usize, place: &'static Location<'static>) -> Self {
        Self { function: Box::new(function), results, place }
    }

    /// The results at this point.
    pub(crate) fn call<T: Real>(&self, x: &[T]) -> Vec<T> {
        let function = self.function.downcast_ref::<Box<Function<T>>>().expect("a function of the program's floats");
        let (results, expected) = (function(x), self.results);
        let found = results.len();
        assert!(found == expected, "the function at {} returned {expected} floats at first, now {found}", self.place);
        results
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the function at {}", self.place)
    }
}

/// What a program calls.
#[derive(Clone, Debug)]
pub(crate) enum Callee {
    Program(Arc<Body>),
    Live(Arc<Live>),
}

impl Callee {
    /// Its identity.
    pub(crate) fn address(&self) -> usize {
        match self {
            Self::Program(body) => Arc::as_ptr(body) as usize,
            Self::Live(live) => Arc::as_ptr(live) as usize,
        }
    }

    /// Whether it says at which points it is right.
    fn is_guarded(&self) -> bool {
        matches!(self, Self::Program(body) if body.guarded)
    }

    /// How many operations it has.
    fn operations(&self) -> usize {
        match self {
            Self::Program(body) => body.operations,
            Self::Live(_) => 1,
        }
    }
}

/// A call. Its results are the nodes [`Op::call`].
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) callee: Callee,
    /// The nodes that are its inputs.
    pub(crate) inputs: Vec<u32>,
    /// It comes before the node with this index. Calls are in the order of these indices.
    pub(crate) at: u32,
}

/// What a program consists of, over any floats.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    /// The operations and constants. Their indices start with the number of inputs.
    pub(crate) nodes: Vec<Node>,
    /// In the order in which they were asked.
    pub(crate) guards: Vec<Guard>,
    pub(crate) calls: Vec<Call>,
    pub(crate) results: Vec<u32>,
    pub(crate) inputs: usize,
    /// Whether it or a program that it calls has guards, and the number of operations in all of them. [`cleaned`](Self::cleaned)
    /// counts them.
    guarded: bool,
    pub(crate) operations: usize,
}

impl Body {
    /// A program with these nodes and results, which has not been [`cleaned`](Self::cleaned).
    pub(crate) fn new(
        inputs: usize,
        nodes: Vec<Node>,
        guards: Vec<Guard>,
        calls: Vec<Call>,
        results: Vec<u32>,
    ) -> Self {
        Self { nodes, guards, calls, results, inputs, ..Self::default() }
    }

    /// The values of all nodes at a point, whatever they are. Calls `failed` with each guard that does not hold, and returns
    /// `None` as soon as that returns `false`. A guard that was asked before a call is checked before the call.
    pub(crate) fn values<'b, T: Real>(&'b self, x: &[T], failed: &mut dyn FnMut(&'b Guard) -> bool) -> Option<Vec<T>> {
        let mut values = x.to_vec();
        let (mut guards, mut results): (_, Vec<Vec<T>>) = (self.guards.iter().peekable(), Vec::new());
        let end = self.inputs + self.nodes.len();
        for i in self.inputs..=end {
            let calls = self.calls[results.len()..].iter().take_while(|call| call.at as usize == i).count();
            let value = |index: u32| values[index as usize];
            if calls > 0 || i == end {
                while let Some(guard) = guards.next_if(|guard| (guard.a.max(guard.b) as usize) < i) {
                    if !guard.holds(value(guard.a), value(guard.b)) && !failed(guard) {
                        return None;
                    }
                }
            }
            for call in &self.calls[results.len()..][..calls] {
                let inputs: Vec<T> = call.inputs.iter().map(|&index| value(index)).collect();
                results.push(match &call.callee {
                    Callee::Program(body) => {
                        let values = body.values(&inputs, failed)?;
                        body.results.iter().map(|&index| values[index as usize]).collect()
                    }
                    Callee::Live(live) => live.call(&inputs),
                });
            }
            let Some(node) = self.nodes.get(i - self.inputs) else { break };
            let operand = |k: usize| node.nodes().get(k).map_or_else(T::zero, |&operand| value(operand));
            values.push(match node.op {
                Op::constant => T::lit(node.value()),
                Op::call => results[node.operands[0] as usize][node.operands[1] as usize],
                op => op.value(operand(0), operand(1), operand(2), node.operands[2]),
            });
        }
        Some(values)
    }

    /// The node with this index, unless it is an input.
    pub(crate) fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get((index as usize).checked_sub(self.inputs)?)
    }

    /// The name of a node in printed programs.
    pub(crate) fn name(&self, index: u32) -> String {
        match (index as usize).checked_sub(self.inputs) {
            None => format!("x{index}"),
            Some(k) => format!("v{k}"),
        }
    }

    /// The value of a node that is a constant.
    pub(crate) fn constant(&self, index: u32) -> Option<f64> {
        self.node(index).filter(|node| node.op == Op::constant).map(Node::value)
    }

    /// Leaves out what neither results nor guards need. A call stays if its function has guards.
    pub(crate) fn cleaned(mut self) -> Self {
        let inputs = self.inputs;
        let end = inputs + self.nodes.len();
        let mut needed = vec![false; end];
        let mut called: Vec<bool> = self.calls.iter().map(|call| call.callee.is_guarded()).collect();
        let ends = self.guards.iter().flat_map(|guard| [guard.a, guard.b]).chain(self.results.iter().copied());
        ends.for_each(|index| needed[index as usize] = true);
        let mut calls = self.calls.iter().enumerate().rev().peekable();
        for i in (inputs..=end).rev() {
            if let Some(node) = self.nodes.get(i - inputs).filter(|_| needed[i]) {
                node.nodes().iter().for_each(|&operand| needed[operand as usize] = true);
                if node.op == Op::call {
                    called[node.operands[0] as usize] = true;
                }
            }
            while let Some((site, call)) = calls.next_if(|(_, call)| call.at as usize == i) {
                if called[site] {
                    call.inputs.iter().for_each(|&input| needed[input as usize] = true);
                }
            }
        }
        // The new index of each node: how many before it are needed. All inputs stay.
        needed[..inputs].fill(true);
        let new = ranks(&needed);
        let sites = ranks(&called);
        let mut keep = needed[inputs..].iter();
        self.nodes.retain_mut(|node| {
            let arity = node.op.arity();
            node.operands[..arity].iter_mut().for_each(|operand| *operand = new[*operand as usize]);
            if node.op == Op::call {
                node.operands[0] = sites[node.operands[0] as usize];
            }
            *keep.next().expect("as long as the nodes")
        });
        let mut keep = called.iter();
        self.calls.retain_mut(|call| {
            call.inputs.iter_mut().for_each(|input| *input = new[*input as usize]);
            call.at = new[call.at as usize];
            *keep.next().expect("as long as the calls")
        });
        for guard in &mut self.guards {
            (guard.a, guard.b) = (new[guard.a as usize], new[guard.b as usize]);
        }
        self.results.iter_mut().for_each(|index| *index = new[*index as usize]);
        self.guarded = !self.guards.is_empty() || self.calls.iter().any(|call| call.callee.is_guarded());
        let own = self.nodes.iter().filter(|node| !matches!(node.op, Op::constant | Op::call)).count();
        self.operations = own + self.calls.iter().map(|call| call.callee.operations()).sum::<usize>();
        self
    }
}

/// How many are marked before each place, and in all.
fn ranks(marked: &[bool]) -> Vec<u32> {
    let counts = marked.iter().scan(0, |count, &marked| {
        *count += u32::from(marked);
        Some(*count)
    });
    core::iter::once(0).chain(counts).collect()
}
