//! The graph of a thread: records of all its open recordings, one after another.

use super::sweep::{pull, sweep};
use super::var::Var;
use crate::real::Real;
#[cfg(feature = "trace")]
use crate::trace::{self, Operation};
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::{Any, TypeId};
use core::array::from_fn;
use core::cell::{Cell, RefCell, RefMut};
use core::fmt::Debug;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicU64, Ordering};
use num_traits::Float;
use std::thread_local;

/// The node of a constant.
pub(crate) const NONE: u32 = u32::MAX;
/// Set in the first operand of a record that goes on where the one before it stopped: both belong to one node. Set in the
/// second one it makes a run of the record.
pub(crate) const JOINED: u32 = 1 << 31;

/// A run has so many operands at most.
pub(crate) const RUN: usize = 64;

/// `first·operands[0] + second·operands[1]`: the node's place in the arena is its number.
///
/// The slopes lie apart: side by side they would be computed as a vector, of variables loaded 16 bytes at a time, which are
/// stored in smaller pieces; such a load waits for the stores.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Record<T> {
    first: T,
    pub(crate) operands: [u32; 2],
    second: T,
}

impl<T> Record<T> {
    #[inline(always)]
    fn new(operands: (u32, u32), [first, second]: [T; 2]) -> Self {
        Self { first, operands: [operands.0, operands.1], second }
    }

    /// Of a run: the first of its nodes, which follow one another, and how many they are. Their slopes stand elsewhere; the
    /// second one here is the sum of their magnitudes, finite only if all of them are.
    #[inline(always)]
    pub(crate) fn run(&self) -> Option<(usize, usize)> {
        let [a, b] = self.operands;
        (b & JOINED != 0 && b != NONE).then_some(((a & !JOINED) as usize, (b & !JOINED) as usize))
    }

    #[inline(always)]
    pub(crate) fn slopes(&self) -> [T; 2]
    where
        T: Copy,
    {
        [self.first, self.second]
    }
}

/// A part of a computation that left no records but its inputs and outputs.
pub(crate) trait Part<T>: Debug + Send + Sync {
    /// How many nodes its outputs are.
    fn outputs(&self) -> usize;

    /// Adds to the adjoints of the nodes before `first`, given those of the outputs, which are the nodes from `first` on. The
    /// adjoints are of all nodes of the recording `name`.
    fn pull(&self, name: u64, adjoints: &mut Vec<T>, first: usize);
}

/// The records of numbers over `T`.
pub(crate) struct Arena<T> {
    cursor: Cursor<T>,
    state: RefCell<State<T>>,
}

/// Where the next record goes: all that the usual push reads and writes.
struct Cursor<T> {
    /// Of the open recording.
    name: Cell<u64>,
    /// The number of the next node, and the first for which there is no place.
    next: Cell<u32>,
    limit: Cell<u32>,
    /// Where the record of node 0 would be.
    origin: Cell<*mut Record<T>>,
}

struct State<T> {
    /// As many as when the cursor was last set; the cursor adds to them.
    records: Vec<Record<T>>,
    /// The slopes of all runs, one after another.
    runs: Vec<T>,
    /// What made each record.
    #[cfg(feature = "trace")]
    operations: Vec<Operation>,
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
    runs: usize,
    parts: usize,
    inputs: usize,
    /// How many of the recordings around it, from the innermost on, it goes on with: their nodes are among its inputs, by the
    /// same numbers.
    kin: usize,
}

const CLOSED: Section = Section { name: 0, first: 0, runs: 0, parts: 0, inputs: 0, kin: 0 };

impl<T> Arena<T> {
    const fn new() -> Self {
        let cursor = Cursor {
            name: Cell::new(0),
            next: Cell::new(0),
            limit: Cell::new(0),
            origin: Cell::new(core::ptr::null_mut()),
        };
        Self { cursor, state: RefCell::new(State::new()) }
    }

    /// The state, with all records so far; when let go it sets the cursor.
    #[inline]
    fn state(&self) -> Held<'_, T> {
        let mut state = self.state.borrow_mut();
        state.gather(&self.cursor);
        // The buffer may move now. A push meanwhile would go the long way, and panic there.
        self.cursor.limit.set(0);
        Held { cursor: &self.cursor, state }
    }
}

/// The state of an arena, while nobody pushes.
struct Held<'a, T> {
    cursor: &'a Cursor<T>,
    state: RefMut<'a, State<T>>,
}

impl<T> Deref for Held<'_, T> {
    type Target = State<T>;

    fn deref(&self) -> &State<T> {
        &self.state
    }
}

impl<T> DerefMut for Held<'_, T> {
    fn deref_mut(&mut self) -> &mut State<T> {
        &mut self.state
    }
}

impl<T> Drop for Held<'_, T> {
    fn drop(&mut self) {
        self.cursor.set(&mut self.state);
    }
}

impl<T> Cursor<T> {
    fn set(&self, state: &mut State<T>) {
        let Section { name, first, inputs, .. } = state.now;
        // The inputs were counted when the recording was opened, `limit` counts no more nodes than can be numbered.
        let number = |records: usize| (records - first + inputs).min(JOINED as usize) as u32;
        self.name.set(name);
        self.next.set(number(state.records.len()));
        // What is traced goes the long way.
        let room = if cfg!(feature = "trace") { state.records.len() } else { state.records.capacity() };
        self.limit.set(number(room));
        self.origin.set(state.records.as_mut_ptr().wrapping_add(first).wrapping_sub(inputs));
    }

    /// The number of the new node, if this is its recording and there is place.
    #[inline(always)]
    #[allow(unsafe_code)]
    fn push(&self, name: u64, operands: (u32, u32), a: T, b: T) -> Option<u32> {
        let node = self.next.get();
        if name != self.name.get() || node >= self.limit.get() {
            return None;
        }
        // SAFETY: `set` has found room in the buffer for the nodes from `next` to `limit`, and whatever changes the buffer
        // sets the cursor again.
        unsafe {
            let record = self.origin.get().wrapping_add(node as usize);
            record.write(Record::new(operands, [a, b]));
        }
        self.next.set(node + 1);
        Some(node)
    }
}

impl<T> State<T> {
    const fn new() -> Self {
        Self {
            records: Vec::new(),
            runs: Vec::new(),
            #[cfg(feature = "trace")]
            operations: Vec::new(),
            parts: Vec::new(),
            adjoints: Vec::new(),
            now: CLOSED,
            outer: Vec::new(),
            names: [0, 0],
        }
    }

    /// Counts in what the cursor has written.
    #[inline]
    #[allow(unsafe_code)]
    fn gather(&mut self, cursor: &Cursor<T>) {
        let length = cursor.next.get() as usize + self.now.first - self.now.inputs;
        // SAFETY: the records up to `next` have been written, each by a push, within the capacity.
        unsafe { self.records.set_len(length) };
    }

    /// Whether nodes of the recording `name` are nodes of the open one.
    fn owns(&self, name: u64) -> bool {
        name == self.now.name || self.outer[self.outer.len() - self.now.kin..].contains(&name)
    }

    /// The number of the next node.
    fn next(&self) -> usize {
        self.records.len() - self.now.first + self.now.inputs
    }
}

/// Arenas by the type of their numbers.
type Others = Vec<(TypeId, Rc<dyn Any>)>;

thread_local! {
    /// Without a destructor, whose state would be asked for on each push; `LAST` frees it.
    static F64: ManuallyDrop<Arena<f64>> = const { ManuallyDrop::new(Arena::new()) };
    static LAST: Last = const { Last };
    /// Those of other types.
    static OTHERS: ManuallyDrop<RefCell<Others>> = const { ManuallyDrop::new(RefCell::new(Vec::new())) };
}

/// Frees the buffers of a thread that ends.
struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        F64.with(|arena| *arena.state() = State::new());
        drop(OTHERS.with(|others| others.take()));
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
    let found = OTHERS.with(|others| {
        let others = &mut *others.borrow_mut();
        let id = TypeId::of::<T>();
        let k = others.iter().position(|(other, _)| *other == id).unwrap_or_else(|| {
            others.push((id, Rc::new(Arena::<T>::new())));
            others.len() - 1
        });
        // The next one is most often the same.
        others.swap(0, k);
        others[0].1.clone()
    });
    found.downcast().expect("found by its type")
}

impl<T: Real> Arena<T> {
    /// Pushes where there was no room for it, or no right to.
    #[cold]
    #[inline(never)]
    fn make_room(&self, name: u64, operands: (u32, u32), a: T, b: T) -> (u64, u32) {
        self.append(name, Record::new(operands, [a, b]), &[])
    }

    /// Appends a record, and the slopes of a run.
    fn append(&self, name: u64, record: Record<T>, run: &[T::Float]) -> (u64, u32) {
        let state = &mut *self.state();
        if !state.owns(name) {
            misuse(name, &state.outer);
        }
        let node = state.next();
        if node >= JOINED as usize {
            full();
        }
        state.records.push(record);
        state.runs.extend(run.iter().map(|&slope| T::from_float(slope)));
        #[cfg(feature = "trace")]
        state.operations.push(trace::running());
        (state.now.name, node as u32)
    }

    /// Runs `body` in a recording with so many inputs, and closes it whatever happens.
    pub(crate) fn record<R>(&self, inputs: usize, body: impl FnOnce(Open<'_, T>) -> R) -> R {
        assert!(inputs < JOINED as usize, "{inputs} inputs are more than a recording holds");
        let open = self.open(inputs, None);
        body(open)
    }

    /// Runs `body` in a recording that goes on with another, the open one or one that was kept: the `nodes` nodes of that,
    /// and `inputs` more, are its inputs. So what the body captures of it is at hand, by its own number.
    pub(crate) fn go_on<R>(&self, name: u64, nodes: usize, inputs: usize, body: impl FnOnce(Open<'_, T>) -> R) -> R {
        if nodes + inputs >= JOINED as usize {
            full();
        }
        let open = self.open(nodes + inputs, Some(name));
        body(open)
    }

    /// The open recording, and how many nodes it has so far.
    pub(crate) fn place(&self) -> (u64, usize) {
        let state = self.state();
        (state.now.name, state.next())
    }

    fn open(&self, inputs: usize, goes_on: Option<u64>) -> Open<'_, T> {
        static NAMES: AtomicU64 = AtomicU64::new(1);
        const BLOCK: u64 = 1 << 20;

        let state = &mut *self.state();
        if state.names[0] == state.names[1] {
            // In a thread that ends it may be gone, and then so is what it frees.
            let _ = LAST.try_with(|_| ());
            let start = NAMES.fetch_add(BLOCK, Ordering::Relaxed);
            state.names = [start, start + BLOCK];
        }
        let (before, outer) = (state.now, state.outer.len());
        state.outer.push(before.name);
        let kin = match goes_on {
            None => 0,
            Some(name) if name == before.name => before.kin + 1,
            Some(name) => {
                state.outer.push(name);
                1
            }
        };
        state.now = Section {
            name: state.names[0],
            first: state.records.len(),
            runs: state.runs.len(),
            parts: state.parts.len(),
            inputs,
            kin,
        };
        state.names[0] += 1;
        Open { arena: self, before, outer, now: state.now }
    }
}

/// Appends a record of two nodes of the recording of that name; the new one, which has this value, and its recording.
///
/// Its parts are handed on in registers: were they stored, as a record that is handed over, and loaded as a whole before they
/// have arrived, that would take longer than all the rest.
#[inline(always)]
pub(crate) fn push<T: Real>(name: u64, operands: (u32, u32), a: T, b: T, value: T) -> (u64, u32) {
    #[cfg(feature = "trace")]
    trace::note(value);
    #[cfg(not(feature = "trace"))]
    let _ = value;
    with(|arena: &Arena<T>| match arena.cursor.push(name, operands, a, b) {
        Some(node) => (name, node),
        None => arena.make_room(name, operands, a, b),
    })
}

/// The same if there is room for it.
#[inline(always)]
pub(crate) fn try_push<T: Real>(name: u64, operands: (u32, u32), a: T, b: T) -> Option<u32> {
    with(|arena: &Arena<T>| arena.cursor.push(name, operands, a, b))
}

/// Appends a run of nodes from `first` on, which may have the mark of a record that goes on. Over floats.
#[inline(never)]
pub(crate) fn push_run<T: Real>(name: u64, first: u32, slopes: &[T::Float], value: T) -> (u64, u32) {
    #[cfg(feature = "trace")]
    trace::note(value);
    #[cfg(not(feature = "trace"))]
    let _ = value;
    // By four sums, none of which waits for the others.
    let (fours, rest) = slopes.as_chunks::<4>();
    let [a, b, c, d] = fours.iter().fold([T::Float::lit(0.0); 4], |sums, four| from_fn(|i| sums[i] + four[i].abs()));
    let sum = rest.iter().fold((a + c) + (b + d), |sum, slope| sum + slope.abs());
    let record = Record::new((first, slopes.len() as u32 | JOINED), [T::zero(), T::from_float(sum)]);
    with(|arena: &Arena<T>| arena.append(name, record, slopes))
}

/// The new record, which must follow the last one if it goes on from there.
#[inline(always)]
pub(crate) fn following(last: u32, new: u32, goes_on: u32) -> u32 {
    if goes_on != 0 && new != last + 1 {
        interrupted();
    }
    new
}

#[cold]
#[inline(never)]
fn interrupted() -> ! {
    panic!("the terms of a sum were recorded while the sum was: collect them first");
}

/// Appends a part, and a node without records for each of its outputs: the name of the recording and the first node. The
/// inputs are variables of this recording.
pub(crate) fn push_part<T: Real>(inputs: &[Var<T>], outputs: &[T], part: Arc<dyn Part<T>>) -> (u64, u32) {
    with(|arena: &Arena<T>| {
        let state = &mut *arena.state();
        for (name, node) in inputs.iter().map(|x| x.place()) {
            if node != NONE && !state.owns(name) {
                misuse(name, &state.outer);
            }
        }
        let node = state.next();
        if node + outputs.len() >= JOINED as usize {
            full();
        }
        state.parts.push((state.records.len(), part));
        let none = Record::new((NONE & !JOINED, NONE), [T::zero(); 2]);
        state.records.resize(state.records.len() + outputs.len(), none);
        #[cfg(feature = "trace")]
        state.operations.extend(outputs.iter().map(|&y| {
            trace::note(y);
            trace::running()
        }));
        (state.now.name, node as u32)
    })
}

#[cold]
#[inline(never)]
fn misuse(stranger: u64, outer: &[u64]) -> ! {
    if outer.contains(&stranger) {
        panic!(
            "a variable of an outer recording in an inner one of the same type: take the inner derivative with `Var`s \
             over the outer number, `Var<Var<f64>>`, and lift the variable by `Var::constant`"
        );
    }
    panic!("a variable of a recording that has ended, or that belongs to another thread");
}

/// Of two variables of different recordings, both must be of the open one or of those that it goes on with.
#[cold]
#[inline(never)]
pub(crate) fn check_kin<T: Real>(names: [u64; 2]) {
    with(|arena: &Arena<T>| {
        let state = arena.state();
        if let Some(&stranger) = names.iter().find(|&&name| !state.owns(name)) {
            misuse(stranger, &state.outer);
        }
    });
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
    /// How many recordings were around that one.
    outer: usize,
    now: Section,
}

impl<T> Drop for Open<'_, T> {
    fn drop(&mut self) {
        let parts = {
            let state = &mut *self.arena.state();
            state.records.truncate(self.now.first);
            state.runs.truncate(self.now.runs);
            #[cfg(feature = "trace")]
            state.operations.truncate(self.now.first);
            state.now = self.before;
            state.outer.truncate(self.outer);
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
            check_kin::<T>([name, self.now.name]);
        }
    }

    /// Sweeps backwards from adjoints that `seed` sets, W at once; then `read` gets those of the inputs.
    pub(crate) fn sweep<R, const W: usize>(
        &self,
        seed: impl FnOnce(&mut [[T; W]]),
        read: impl FnOnce(&[[T; W]]) -> R,
    ) -> R {
        let mut adjoints = core::mem::take(&mut self.arena.state().adjoints);
        adjoints.clear();
        let result = self.sweep_into(&mut adjoints, seed, |adjoints| read(&adjoints[..self.now.inputs]));
        self.arena.state().adjoints = adjoints;
        result
    }

    /// The same with the adjoints of the first nodes as they are, to which the sweep adds.
    pub(crate) fn sweep_into<R, const W: usize>(
        &self,
        adjoints: &mut Vec<T>,
        seed: impl FnOnce(&mut [[T; W]]),
        read: impl FnOnce(&[[T; W]]) -> R,
    ) -> R {
        fn lanes<T, const W: usize>(adjoints: &mut [T]) -> &mut [[T; W]] {
            adjoints.as_chunks_mut().0
        }
        let Section { first, runs, inputs, parts, name, .. } = self.now;
        let mut state = self.arena.state();
        let mut end = state.records.len() - first;
        let mut slopes = state.runs.len();
        adjoints.resize(W * (inputs + end), T::zero());
        seed(lanes(adjoints));
        for k in (parts..state.parts.len()).rev() {
            let (start, part) = state.parts[k].clone();
            let start = start - first;
            let records = &state.records[first..][..end];
            slopes = runs + sweep(records, &state.runs[runs..slopes], start, inputs, lanes::<T, W>(adjoints));
            // What the part records must find the arena free.
            drop(state);
            pull::<T, W>(&*part, name, adjoints, inputs + start);
            state = self.arena.state();
            end = start;
        }
        let adjoints = lanes(adjoints);
        sweep(&state.records[first..][..end], &state.runs[runs..slopes], 0, inputs, adjoints);
        read(adjoints)
    }

    pub(crate) fn name(&self) -> u64 {
        self.now.name
    }

    pub(crate) fn inputs(&self) -> usize {
        self.now.inputs
    }

    /// The records so far and the slopes of their runs, to be kept.
    pub(crate) fn records(&self) -> (Vec<Record<T>>, Vec<T>) {
        let state = self.arena.state();
        (state.records[self.now.first..].to_vec(), state.runs[self.now.runs..].to_vec())
    }

    /// What made each of them.
    #[cfg(feature = "trace")]
    pub(crate) fn operations(&self) -> Vec<Operation> {
        self.arena.state().operations[self.now.first..].to_vec()
    }

    /// The parts so far, each with the number of records before it.
    pub(crate) fn parts(&self) -> Vec<(usize, Arc<dyn Part<T>>)> {
        let state = self.arena.state();
        state.parts[self.now.parts..].iter().map(|(at, part)| (at - self.now.first, part.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "a recording holds 2147483648 nodes")]
    fn numbers_of_nodes_do_not_wrap() {
        // The inputs are numbered, and take no memory here.
        let inputs = JOINED as usize - 2;
        Arena::<f64>::new().record(inputs, |open| {
            let name = open.name();
            let push = || {
                open.arena
                    .cursor
                    .push(name, (0, 1), 1.0, 1.0)
                    .unwrap_or_else(|| open.arena.make_room(name, (0, 1), 1.0, 1.0).1)
            };
            assert_eq!((push(), push()), (JOINED - 2, JOINED - 1));
            push();
        });
    }

    /// While the buffer of records may move, the cursor takes no record.
    #[test]
    fn nothing_is_pushed_while_the_state_is_held() {
        Arena::<f64>::new().record(2, |open| {
            let push = || open.arena.cursor.push(open.name(), (0, 1), 1.0, 1.0);
            open.arena.make_room(open.name(), (0, 1), 1.0, 1.0);
            assert_eq!(push(), Some(3));
            let state = open.arena.state();
            assert_eq!(push(), None);
            drop(state);
            assert_eq!(push(), Some(4));
        });
    }
}
