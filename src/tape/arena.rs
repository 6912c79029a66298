//! The buffers that a thread records into: the records of all its open recordings, one after another.
//!
//! ```text
//! records   | outer recording ............ | inner recording ..... |  room  |
//!                                                                  ^next    ^limit     the cursor, beside the buffers
//! ```

use super::external::External;
use super::record::{JOINED, Record};
#[cfg(feature = "trace")]
use crate::trace::Operation;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell, RefMut};
use core::ops::{Deref, DerefMut};

/// The records of numbers over `T`.
pub(crate) struct Arena<T> {
    pub(super) cursor: Cursor<T>,
    state: RefCell<State<T>>,
}

/// Where the next record goes. A push usually reads and writes nothing else of the arena.
pub(super) struct Cursor<T> {
    /// The id of the open recording.
    id: Cell<u64>,
    /// The index of the next node, and the first index for which there is no room.
    next: Cell<u32>,
    limit: Cell<u32>,
    /// Where the record of the node with index 0 would be.
    origin: Cell<*mut Record<T>>,
}

pub(super) struct State<T> {
    /// The records. Their number is the one when the cursor was last set; the cursor writes more behind them.
    pub(super) records: Vec<Record<T>>,
    /// The slopes of all runs, one after another.
    pub(super) runs: Vec<T>,
    /// What made each record.
    #[cfg(feature = "trace")]
    pub(super) operations: Vec<Operation>,
    /// External functions, and the number of records before each.
    pub(super) externals: Vec<(usize, Arc<dyn External<T>>)>,
    /// The buffer of adjoints, kept for the next sweep.
    pub(super) adjoints: Vec<T>,
    pub(super) now: Section,
    /// The ids of the recordings around the open one.
    pub(super) outer: Vec<u64>,
    /// The next id for this thread and the end of the thread's block of ids. No two recordings of a program have the same id.
    pub(super) ids: [u64; 2],
}

/// An open recording: its id, and where its own records, slopes of runs and external functions begin. Its nodes are the inputs,
/// followed by the records.
#[derive(Clone, Copy)]
pub(super) struct Section {
    pub(super) id: u64,
    pub(super) first: usize,
    pub(super) runs: usize,
    pub(super) externals: usize,
    pub(super) inputs: usize,
    /// How many of the recordings around it this one extends, counted from the innermost. Their nodes are among its inputs and
    /// keep their indices.
    pub(super) kin: usize,
}

const CLOSED: Section = Section { id: 0, first: 0, runs: 0, externals: 0, inputs: 0, kin: 0 };

impl<T> Arena<T> {
    pub(super) const fn new() -> Self {
        let cursor = Cursor {
            id: Cell::new(0),
            next: Cell::new(0),
            limit: Cell::new(0),
            origin: Cell::new(core::ptr::null_mut()),
        };
        Self { cursor, state: RefCell::new(State::new()) }
    }

    /// The state with all records so far. When the guard is dropped, it sets the cursor again.
    #[inline]
    pub(super) fn state(&self) -> Held<'_, T> {
        let mut state = self.state.borrow_mut();
        state.count_in(&self.cursor);
        // The buffer may move from now on. A push meanwhile finds no room and panics when it asks for the state.
        self.cursor.limit.set(0);
        Held { cursor: &self.cursor, state }
    }
}

/// Exclusive access to the state of an arena. Nothing can be pushed meanwhile.
pub(super) struct Held<'a, T> {
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
        let Section { id, first, inputs, .. } = state.now;
        // The inputs were counted when the recording was opened. `limit` never exceeds the number of indices.
        let number = |records: usize| (records - first + inputs).min(JOINED as usize) as u32;
        self.id.set(id);
        self.next.set(number(state.records.len()));
        // With the feature `trace` every push must take the slow path, which notes the operation.
        let room = if cfg!(feature = "trace") { state.records.len() } else { state.records.capacity() };
        self.limit.set(number(room));
        self.origin.set(state.records.as_mut_ptr().wrapping_add(first).wrapping_sub(inputs));
    }

    /// Writes a record and returns the index of the new node, if `id` is the open recording and there is room.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub(super) fn push(&self, id: u64, operands: (u32, u32), a: T, b: T) -> Option<u32> {
        let node = self.next.get();
        if id != self.id.get() || node >= self.limit.get() {
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
    pub(super) const fn new() -> Self {
        Self {
            records: Vec::new(),
            runs: Vec::new(),
            #[cfg(feature = "trace")]
            operations: Vec::new(),
            externals: Vec::new(),
            adjoints: Vec::new(),
            now: CLOSED,
            outer: Vec::new(),
            ids: [0, 0],
        }
    }

    /// Adds the records that the cursor has written to the length of the vector.
    #[inline]
    #[allow(unsafe_code)]
    fn count_in(&mut self, cursor: &Cursor<T>) {
        let length = cursor.next.get() as usize + self.now.first - self.now.inputs;
        // SAFETY: the records up to `next` have been written, each by a push, within the capacity.
        unsafe { self.records.set_len(length) };
    }

    /// Whether the nodes of the recording `id` are nodes of the open recording, too.
    pub(super) fn owns(&self, id: u64) -> bool {
        id == self.now.id || self.outer[self.outer.len() - self.now.kin..].contains(&id)
    }

    /// The index of the next node.
    pub(super) fn next(&self) -> usize {
        self.records.len() - self.now.first + self.now.inputs
    }
}
