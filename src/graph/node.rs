//! Recordings of a thread: nodes without repetition, and guards.

use super::body::{Body, Call, Callee, Fast, Node};
use super::guard::{Guard, Question};
use super::op::Op;
use crate::arena::buffers::{Arena, Aside, State};
use crate::arena::misuse::{INDICES, full};
use crate::arena::open::Open;
use crate::error::Error;
use alloc::vec::Vec;
use core::hash::BuildHasherDefault;
use core::mem::ManuallyDrop;
use core::panic::Location;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::thread_local;

/// The index of a constant, which has no node until an operation needs one.
pub(crate) const CONSTANT: u32 = u32::MAX;

/// The index of a derivative that is not there.
pub(crate) const ABSENT: u32 = u32::MAX - 1;

/// The nodes and calls of one recording by what they are, and the guards that it has already.
#[derive(Default)]
struct Table {
    nodes: HashMap<Node, u32, BuildHasherDefault<Fast>>,
    guards: HashSet<(Question, [u32; 2], bool), BuildHasherDefault<Fast>>,
    /// The first result of each call, by the function and its inputs.
    calls: HashMap<(usize, Vec<u32>), u32, BuildHasherDefault<Fast>>,
}

/// What is stored beside the nodes.
pub(crate) struct Ledger {
    /// One for each open recording that has nodes.
    tables: Vec<Table>,
    /// Empty tables, whose memory is used again.
    spare: Vec<Table>,
    guards: Vec<Guard>,
    calls: Vec<Call>,
    errors: Vec<Error>,
}

impl Aside for Ledger {
    /// The numbers of tables, guards, calls and errors.
    type Mark = [usize; 4];

    const EMPTY: Self =
        Self { tables: Vec::new(), spare: Vec::new(), guards: Vec::new(), calls: Vec::new(), errors: Vec::new() };

    const START: [usize; 4] = [0; 4];

    /// Calls hold functions of users.
    type Removed = Vec<Call>;

    fn mark(&self) -> [usize; 4] {
        [self.tables.len(), self.guards.len(), self.calls.len(), self.errors.len()]
    }

    fn cut(&mut self, [tables, guards, calls, errors]: [usize; 4]) -> Vec<Call> {
        for mut table in self.tables.drain(tables..) {
            table.nodes.clear();
            table.guards.clear();
            table.calls.clear();
            self.spare.push(table);
        }
        self.guards.truncate(guards);
        self.errors.truncate(errors);
        self.calls.split_off(calls)
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

/// Records an operation, of which some operand is not constant, and returns its place. `n` is the integer that
/// some rows have.
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
            state.aside.errors.push(Error::ValueLeft { method, place });
        });
    }
}

/// Records a call of a function at operands of which some are not constant, and returns the places of the results with
/// these numbers, which must be the same ones for each call of the function.
pub(crate) fn call(callee: Callee, operands: &[Operand], results: &[u32]) -> impl Iterator<Item = Place> {
    with(|graph| {
        let state = &mut *graph.state();
        let ids = operands.iter().filter(|((_, index), _)| *index < ABSENT).map(|((id, _), _)| *id);
        state.check(ids);
        let inputs: Vec<u32> = operands.iter().map(|&operand| state.index(operand)).collect();
        let next = state.next();
        let known = state.table().calls.entry((callee.address(), inputs.clone())).or_insert(next as u32);
        let start = *known;
        if start as usize == next {
            if next + results.len() > INDICES as usize {
                full();
            }
            let [_, _, first, _] = state.now.aside;
            let site = (state.aside.calls.len() - first) as u32;
            state.aside.calls.push(Call { callee, inputs, at: start });
            // The results of a new call are new nodes, so they need not be looked for.
            state.records.extend(results.iter().map(|&k| Node { op: Op::call, operands: [site, k, 0] }));
        }
        let id = state.now.id;
        (start..).take(results.len()).map(move |index| (id, index))
    })
}

/// Makes the open recording an error. Returns whether there is one.
pub(crate) fn fail(error: Error) -> bool {
    with(|graph| {
        let state = &mut *graph.state();
        let is_open = !state.outer.is_empty();
        if is_open {
            state.aside.errors.push(error);
        }
        is_open
    })
}

impl Open<'_, Node, Ledger> {
    /// The index of a result, which may be a constant.
    pub(crate) fn result(&self, (place, value): Operand) -> u32 {
        let state = &mut *self.arena.state();
        state.check(ids([(place, value)]));
        state.index((place, value))
    }

    /// What was recorded so far, with these results.
    pub(crate) fn recorded(&self, results: Vec<u32>) -> Result<Body, Error> {
        let state = &*self.arena.state();
        let [_, guards, calls, errors] = self.now.aside;
        if let Some(error) = state.aside.errors[errors..].first() {
            return Err(*error);
        }
        let (nodes, guards) = (&state.records[self.now.first..], &state.aside.guards[guards..]);
        let calls = state.aside.calls[calls..].to_vec();
        Ok(Body::new(self.now.inputs, nodes.to_vec(), guards.to_vec(), calls, results))
    }
}
