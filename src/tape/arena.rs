//! The graph of a thread: records of all its open recordings, one after another.

use super::var::Var;
use crate::real::Real;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::{Any, TypeId};
use core::cell::RefCell;
use core::fmt::Debug;
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicU64, Ordering};
use std::thread_local;

/// The node of a constant.
pub(crate) const NONE: u32 = u32::MAX;
/// Set in the first operand of a record that goes on where the one before it stopped: both belong to one node.
pub(crate) const JOINED: u32 = 1 << 31;

/// `slopes[0]·operands[0] + slopes[1]·operands[1]`: the node's place in the arena is its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<T> {
    pub(crate) operands: [u32; 2],
    pub(crate) slopes: [T; 2],
}

/// A part of a computation that left no records but its inputs and outputs.
pub(crate) trait Part<T>: Debug + Send + Sync {
    /// Adds to the adjoints of the inputs, given those of all nodes before and of the outputs.
    fn pull(&self, adjoints: &mut [T], outputs: &[T]);
}

/// The records of numbers over `T`.
pub(crate) struct Arena<T> {
    state: RefCell<State<T>>,
}

struct State<T> {
    records: Vec<Record<T>>,
    /// Parts that are recorded anew on the way back, and the number of records before each.
    parts: Vec<(usize, Arc<dyn Part<T>>)>,
    /// Kept for the next sweep.
    adjoints: Vec<T>,
    now: Section,
    /// The names of the recordings around this one.
    outer: Vec<u64>,
    /// Names for this thread, and where they end: so no two recordings of a program ever have the same.
    names: [u64; 2],
}

/// An open recording: its name, and which records are its own. Its nodes are the inputs, then the records.
#[derive(Clone, Copy)]
struct Section {
    name: u64,
    first: usize,
    parts: usize,
    inputs: usize,
}

const CLOSED: Section = Section { name: 0, first: 0, parts: 0, inputs: 0 };

impl<T> Arena<T> {
    const fn new() -> Self {
        let state = State {
            records: Vec::new(),
            parts: Vec::new(),
            adjoints: Vec::new(),
            now: CLOSED,
            outer: Vec::new(),
            names: [0, 0],
        };
        Self { state: RefCell::new(state) }
    }
}

thread_local! {
    /// Without a destructor, whose state would be asked for on each push; `LAST` frees it.
    static F64: ManuallyDrop<Arena<f64>> = const { ManuallyDrop::new(Arena::new()) };
    static LAST: Last = const { Last };
    /// Those of other types.
    static OTHERS: RefCell<Vec<(TypeId, Rc<dyn Any>)>> = const { RefCell::new(Vec::new()) };
}

/// Frees the buffers of a thread that ends.
struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        F64.with(|arena| {
            let state = &mut *arena.state.borrow_mut();
            (state.records, state.parts, state.adjoints, state.outer) =
                (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        });
    }
}

/// Calls `f` with this thread's arena for `T`. Which one it is for f64 is known at compile time.
#[inline(always)]
pub(crate) fn with<T: Real, R>(f: impl FnOnce(&Arena<T>) -> R) -> R {
    if TypeId::of::<T>() == TypeId::of::<f64>() {
        return F64.with(|arena| f((&**arena as &dyn Any).downcast_ref().expect("T is f64")));
    }
    f(&other::<T>())
}

fn other<T: Real>() -> Rc<Arena<T>> {
    let found = OTHERS.with_borrow_mut(|others| {
        let id = TypeId::of::<T>();
        if let Some((_, arena)) = others.iter().find(|(other, _)| *other == id) {
            return arena.clone();
        }
        let arena: Rc<dyn Any> = Rc::new(Arena::<T>::new());
        others.push((id, arena.clone()));
        arena
    });
    found.downcast().expect("found by its type")
}

impl<T: Real> Arena<T> {
    /// Runs `body` in a recording with so many inputs, and closes it whatever happens.
    pub(crate) fn record<R>(&self, inputs: usize, body: impl FnOnce(Open<'_, T>) -> R) -> R {
        let open = self.open(inputs);
        body(open)
    }

    fn open(&self, inputs: usize) -> Open<'_, T> {
        static NAMES: AtomicU64 = AtomicU64::new(1);
        const BLOCK: u64 = 1 << 20;

        assert!(inputs < JOINED as usize, "{inputs} inputs are more than a recording holds");
        let state = &mut *self.state.borrow_mut();
        if state.names[0] == state.names[1] {
            LAST.with(|_| ());
            let start = NAMES.fetch_add(BLOCK, Ordering::Relaxed);
            state.names = [start, start + BLOCK];
        }
        let before = state.now;
        state.outer.push(before.name);
        state.now = Section { name: state.names[0], first: state.records.len(), parts: state.parts.len(), inputs };
        state.names[0] += 1;
        Open { arena: self, before, now: state.now }
    }
}

/// Appends a record of two nodes to the recording of that name; the number of the new one.
///
/// A call with all in registers: were a record handed over in memory, its parts would be stored, and loaded as a whole
/// before they have arrived, which takes longer than all the rest.
#[inline(never)]
pub(crate) fn push<T: Real>(names: (u64, u64), operands: (u32, u32), a: T, b: T) -> u32 {
    with(|arena: &Arena<T>| {
        let mut borrowed = arena.state.borrow_mut();
        let state = &mut *borrowed;
        let now = state.now;
        if (names.0 ^ now.name) | (names.1 ^ now.name) != 0 {
            misuse(names, now.name, &state.outer);
        }
        let node = state.records.len() - now.first + now.inputs;
        if node >= JOINED as usize {
            full();
        }
        if state.records.len() == state.records.capacity() {
            drop(borrowed);
            return grown(names, operands, a, b);
        }
        state.records.push(Record { operands: [operands.0, operands.1], slopes: [a, b] });
        node as u32
    })
}

/// Appends a part, and a node without records for each of its outputs: the name of the recording and the first node. The
/// inputs are variables of this recording.
pub(crate) fn push_part<T: Real>(inputs: &[Var<T>], outputs: usize, part: Arc<dyn Part<T>>) -> (u64, u32) {
    with(|arena: &Arena<T>| {
        let state = &mut *arena.state.borrow_mut();
        let now = state.now;
        for (name, node) in inputs.iter().map(|x| x.place()) {
            if node != NONE && name != now.name {
                misuse((name, name), now.name, &state.outer);
            }
        }
        let node = state.records.len() - now.first + now.inputs;
        if node + outputs >= JOINED as usize {
            full();
        }
        state.parts.push((state.records.len(), part));
        let none = Record { operands: [NONE & !JOINED, NONE], slopes: [T::zero(); 2] };
        state.records.resize(state.records.len() + outputs, none);
        (now.name, node as u32)
    })
}

/// `push`, after making room. A last call, so that the usual path has nothing to save for it.
#[cold]
#[inline(never)]
fn grown<T: Real>(names: (u64, u64), operands: (u32, u32), a: T, b: T) -> u32 {
    with(|arena: &Arena<T>| arena.state.borrow_mut().records.reserve(64));
    push(names, operands, a, b)
}

#[cold]
#[inline(never)]
fn misuse(names: (u64, u64), now: u64, outer: &[u64]) -> ! {
    let stranger = if names.0 == now { names.1 } else { names.0 };
    if outer.contains(&stranger) {
        panic!(
            "a variable of an outer recording in an inner one of the same type: take the inner derivative with `Var`s \
             over the outer number, `Var<Var<f64>>`, and lift the variable by `Var::constant`"
        );
    }
    panic!("a variable of a recording that has ended, or that belongs to another thread");
}

#[cold]
#[inline(never)]
fn full() -> ! {
    panic!("a recording holds {JOINED} nodes; `checkpoint` records parts of a long computation one at a time");
}

/// An open recording. It is closed when dropped, in a panic as well.
pub(crate) struct Open<'a, T> {
    arena: &'a Arena<T>,
    before: Section,
    now: Section,
}

impl<T> Drop for Open<'_, T> {
    fn drop(&mut self) {
        let parts = {
            let state = &mut *self.arena.state.borrow_mut();
            state.records.truncate(self.now.first);
            state.now = self.before;
            state.outer.pop();
            if state.parts.len() > self.now.parts { state.parts.split_off(self.now.parts) } else { Vec::new() }
        };
        // Their closures may hold what records when dropped: the arena must be free.
        drop(parts);
    }
}

impl<T: Real> Open<'_, T> {
    /// Panics if a variable is not of this recording, nor constant.
    pub(crate) fn check(&self, name: u64, node: u32) {
        if node != NONE && name != self.now.name {
            misuse((name, name), self.now.name, &self.arena.state.borrow().outer);
        }
    }

    /// Sweeps backwards from adjoints that `seed` sets; then `read` gets those of the inputs.
    pub(crate) fn sweep<R>(&self, seed: impl FnOnce(&mut [T]), read: impl FnOnce(&[T]) -> R) -> R {
        // The buffer is taken out: the numbers may be recorded themselves, and arithmetic must find the arena free.
        let mut adjoints = core::mem::take(&mut self.arena.state.borrow_mut().adjoints);
        let inputs = self.now.inputs;
        let (mut end, parts) = {
            let state = self.arena.state.borrow();
            (state.records.len() - self.now.first, state.parts[self.now.parts..].to_vec())
        };
        adjoints.clear();
        adjoints.resize(inputs + end, T::zero());
        seed(&mut adjoints);
        for (start, part) in parts.iter().rev() {
            let start = start - self.now.first;
            super::sweep::sweep(
                &self.arena.state.borrow().records[self.now.first..][..end],
                start,
                inputs,
                &mut adjoints,
            );
            super::sweep::pull(&**part, inputs + start, &mut adjoints);
            end = start;
        }
        super::sweep::sweep(&self.arena.state.borrow().records[self.now.first..][..end], 0, inputs, &mut adjoints);
        let result = read(&adjoints[..inputs]);
        self.arena.state.borrow_mut().adjoints = adjoints;
        result
    }

    pub(crate) fn name(&self) -> u64 {
        self.now.name
    }

    pub(crate) fn inputs(&self) -> usize {
        self.now.inputs
    }

    /// The records so far, to be kept.
    pub(crate) fn records(&self) -> Vec<Record<T>> {
        self.arena.state.borrow().records[self.now.first..].to_vec()
    }

    /// The parts so far, each with the number of records before it.
    pub(crate) fn parts(&self) -> Vec<(usize, Arc<dyn Part<T>>)> {
        let state = self.arena.state.borrow();
        state.parts[self.now.parts..].iter().map(|(at, part)| (at - self.now.first, part.clone())).collect()
    }
}
