//! Recordings of a thread: nodes without repetition, and guards.

use super::guard::{Guard, Question};
use super::op::Op;
use crate::arena::buffers::{Arena, Aside, State};
use crate::arena::misuse::{INDICES, full};
use crate::arena::open::Open;
use alloc::vec::Vec;
use core::hash::{BuildHasherDefault, Hash, Hasher};
use core::mem::ManuallyDrop;
use core::panic::Location;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::thread_local;

/// The index of a constant, which has no node until an operation needs one.
pub(crate) const CONSTANT: u32 = u32::MAX;

/// The index of a derivative that is not there.
pub(crate) const ABSENT: u32 = u32::MAX - 1;

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
    fn finish(&self) -> u64 {
        self.0
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

/// The nodes of one recording by what they are, and the guards that it has already.
#[derive(Default)]
struct Table {
    nodes: HashMap<Node, u32, BuildHasherDefault<Fast>>,
    guards: HashSet<(Question, [u32; 2], bool), BuildHasherDefault<Fast>>,
}

/// A value that left a recording as a plain float: through which method, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Escape {
    pub(crate) method: &'static str,
    pub(crate) place: &'static Location<'static>,
}

/// What is stored beside the nodes.
pub(crate) struct Ledger {
    /// One for each open recording that has nodes.
    tables: Vec<Table>,
    /// Empty tables, whose memory is used again.
    spare: Vec<Table>,
    guards: Vec<Guard>,
    escapes: Vec<Escape>,
}

impl Aside for Ledger {
    /// The numbers of tables, guards and escapes.
    type Mark = [usize; 3];

    const EMPTY: Self = Self { tables: Vec::new(), spare: Vec::new(), guards: Vec::new(), escapes: Vec::new() };

    const START: [usize; 3] = [0; 3];

    type Removed = ();

    fn mark(&self) -> [usize; 3] {
        [self.tables.len(), self.guards.len(), self.escapes.len()]
    }

    fn cut(&mut self, [tables, guards, escapes]: [usize; 3]) {
        for mut table in self.tables.drain(tables..) {
            table.nodes.clear();
            table.guards.clear();
            self.spare.push(table);
        }
        self.guards.truncate(guards);
        self.escapes.truncate(escapes);
    }

    const ADVICE: &'static str = "record one program at a time, or give the inner one the number as an input";
}

pub(crate) type Graph = Arena<Node, Ledger>;

thread_local! {
    static GRAPH: ManuallyDrop<Graph> = const { ManuallyDrop::new(Arena::new(free_at_end)) };
    static LAST: Last = const { Last };
}

/// Frees the buffers of a thread that ends.
struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        GRAPH.with(|graph| *graph.state() = State::EMPTY);
    }
}

fn free_at_end() {
    let _ = LAST.try_with(|_| ());
}

/// Calls `f` with this thread's graph.
pub(crate) fn with<R>(f: impl FnOnce(&Graph) -> R) -> R {
    GRAPH.with(|graph| f(graph))
}

/// What a number is in a recording: the recording's id, and its index, or [`CONSTANT`] or [`ABSENT`].
pub(crate) type Place = (u64, u32);

/// What was recorded: nodes, guards and escapes.
pub(crate) struct Recorded {
    pub(crate) nodes: Vec<Node>,
    pub(crate) guards: Vec<Guard>,
    pub(crate) escapes: Vec<Escape>,
}

impl State<Node, Ledger> {
    /// The table of the open recording.
    fn table(&mut self) -> &mut Table {
        let (depth, Ledger { tables, spare, .. }) = (self.outer.len(), &mut self.aside);
        while tables.len() < depth {
            tables.push(spare.pop().unwrap_or_default());
        }
        &mut tables[depth - 1]
    }

    /// The index of a node, which is appended if the recording does not have it yet.
    fn intern(&mut self, node: Node) -> u32 {
        let next = self.next();
        match self.table().nodes.entry(node) {
            Entry::Occupied(found) => *found.get(),
            Entry::Vacant(free) => {
                if next >= INDICES as usize {
                    full();
                }
                free.insert(next as u32);
                self.records.push(node);
                next as u32
            }
        }
    }

    fn index(&mut self, ((_, index), value): Operand) -> u32 {
        if index < ABSENT { index } else { self.intern(Node::constant(value)) }
    }

    /// The operand of a negation, if the number is one.
    fn negated(&self, ((id, index), _): Operand) -> Option<Operand> {
        let record = (index as usize).checked_sub(self.now.inputs).filter(|_| index < ABSENT)?;
        let node = self.records[self.now.first + record];
        (node.op == Op::neg).then_some(((id, node.operands[0]), 0.0))
    }

    /// -x
    fn negative(&mut self, x: Operand) -> u32 {
        match self.negated(x) {
            Some(((_, index), _)) => index,
            None => {
                let x = self.index(x);
                self.intern(Node { op: Op::neg, operands: [x, 0, 0] })
            }
        }
    }

    /// An operation of two operands. Negations are moved out of sums and products where that changes nothing for any floats.
    fn binary(&mut self, mut op: Op, mut x: Operand, mut y: Operand) -> u32 {
        loop {
            let is_constant = |((_, index), _): Operand| index >= ABSENT;
            let minus = |(place, c): Operand| (place, -c);
            match (op, self.negated(x), self.negated(y)) {
                (Op::add, _, Some(b)) => (op, y) = (Op::sub, b),
                (Op::add, Some(a), None) => (op, x, y) = (Op::sub, y, a),
                (Op::sub, _, Some(b)) => (op, y) = (Op::add, b),
                (Op::mul | Op::div, Some(a), Some(b)) => (x, y) = (a, b),
                (Op::mul, Some(a), None) if is_constant(y) => (x, y) = (a, minus(y)),
                (Op::mul, None, Some(b)) if is_constant(x) => (x, y) = (minus(x), b),
                (Op::div, Some(a), None) => return self.negative_quotient(a, y),
                (Op::div, None, Some(b)) => return self.negative_quotient(x, b),
                _ => break,
            }
        }
        let (mut a, mut b) = (self.index(x), self.index(y));
        if matches!(op, Op::add | Op::mul) && a > b {
            (a, b) = (b, a);
        }
        self.intern(Node { op, operands: [a, b, 0] })
    }

    /// -(x/y)
    fn negative_quotient(&mut self, x: Operand, y: Operand) -> u32 {
        let operands = [self.index(x), self.index(y), 0];
        let quotient = self.intern(Node { op: Op::div, operands });
        self.intern(Node { op: Op::neg, operands: [quotient, 0, 0] })
    }
}

/// An operand: its place, and its value, which matters if it is a constant.
pub(crate) type Operand = (Place, f64);

fn ids<const N: usize>(operands: [Operand; N]) -> impl Iterator<Item = u64> {
    operands.into_iter().filter(|((_, index), _)| *index < ABSENT).map(|((id, _), _)| id)
}

/// Records an operation, of which some operand is not constant, and returns its place. `n` is the integer of `powi` and
/// `polygamma`.
pub(crate) fn operation<const N: usize>(op: Op, operands: [Operand; N], n: u32) -> Place {
    with(|graph| {
        let state = &mut *graph.state();
        state.check(ids(operands));
        let index = match operands[..] {
            [x] if op == Op::neg => state.negative(x),
            [x, y] => state.binary(op, x, y),
            _ => {
                let mut nodes = [0, 0, n];
                for (node, operand) in nodes.iter_mut().zip(operands) {
                    *node = state.index(operand);
                }
                state.intern(Node { op, operands: nodes })
            }
        };
        (state.now.id, index)
    })
}

/// Records a guard on numbers, unless both are constant.
#[track_caller]
pub(crate) fn guard(question: Question, [a, b]: [Operand; 2], answer: bool) {
    if ids([a, b]).next().is_none() {
        return;
    }
    let place = Location::caller();
    with(|graph| {
        let state = &mut *graph.state();
        state.check(ids([a, b]));
        let a = state.index(a);
        let b = if question.is_binary() { state.index(b) } else { a };
        if state.table().guards.insert((question, [a, b], answer)) {
            state.aside.guards.push(Guard { question, a, b, answer, place });
        }
    });
}

/// Notes that the value of a number left the recording.
#[track_caller]
pub(crate) fn escape(number: Operand, method: &'static str) {
    if ids([number]).next().is_some() {
        let place = Location::caller();
        with(|graph| {
            let state = &mut *graph.state();
            state.check(ids([number]));
            state.aside.escapes.push(Escape { method, place });
        });
    }
}

impl Open<'_, Node, Ledger> {
    /// The index of a result, which may be a constant.
    pub(crate) fn result(&self, (place, value): Operand) -> u32 {
        let state = &mut *self.arena.state();
        state.check(ids([(place, value)]));
        state.index((place, value))
    }

    /// What was recorded so far.
    pub(crate) fn recorded(&self) -> Recorded {
        let state = &*self.arena.state();
        let [_, guards, escapes] = self.now.aside;
        Recorded {
            nodes: state.records[self.now.first..].to_vec(),
            guards: state.aside.guards[guards..].to_vec(),
            escapes: state.aside.escapes[escapes..].to_vec(),
        }
    }
}
