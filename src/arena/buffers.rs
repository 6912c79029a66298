//! The buffers that a thread records into: the records of all its open recordings, one after another.
//!
//! ```text
//! records   | outer recording ............ | inner recording ..... |  room  |
//!                                                                  ^next    ^limit     the cursor, beside the buffers
//! ```
//!
//! An arena does not know what its records are, nor what is stored beside them: [`Aside`] says the latter.

use super::misuse::{INDICES, full, misuse};
use alloc::vec::Vec;
use core::cell::{Cell, RefCell, RefMut};
use core::ops::{Deref, DerefMut};

/// The records of one kind, `R`, with what is stored beside them.
pub(crate) struct Arena<R, A: Aside> {
    pub(crate) cursor: Cursor<R>,
    state: RefCell<State<R, A>>,
    /// Sees to it that the arena is freed when the thread ends. It is called before the first recording.
    pub(crate) free_at_end: fn(),
}

/// What an arena stores beside its records. A recording is a stretch of it, as of the records.
pub(crate) trait Aside: Sized {
    /// Where a recording begins.
    type Mark: Copy;

    /// Nothing.
    const EMPTY: Self;

    /// The mark of the first recording.
    const START: Self::Mark;

    /// What a recording leaves when it is closed, to be dropped when the arena is free.
    type Removed;

    /// The mark of a recording that begins now.
    fn mark(&self) -> Self::Mark;

    /// Removes what was stored since the mark.
    fn cut(&mut self, mark: Self::Mark) -> Self::Removed;

    /// What an inner recording should do instead of using a number of an outer one.
    const ADVICE: &'static str;
}

/// Where the next record goes. A push usually reads and writes nothing else of the arena.
pub(crate) struct Cursor<R> {
    /// The id of the open recording.
    id: Cell<u64>,
    /// The index of the next node, and the first index for which there is no room.
    next: Cell<u32>,
    limit: Cell<u32>,
    /// Where the record of the node with index 0 would be.
    origin: Cell<*mut R>,
}

pub(crate) struct State<R, A: Aside> {
    /// The records. Their number is the one when the cursor was last set; the cursor writes more behind them.
    pub(crate) records: Vec<R>,
    pub(crate) aside: A,
    pub(crate) now: Section<A::Mark>,
    /// The ids of the recordings around the open one.
    pub(crate) outer: Vec<u64>,
    /// The next id for this thread and the end of the thread's block of ids. No two recordings of a program have the same id.
    pub(crate) ids: [u64; 2],
}

/// An open recording: its id, and where its own records begin, and what is stored beside them. Its nodes are the inputs,
/// followed by the records.
#[derive(Clone, Copy)]
pub(crate) struct Section<M> {
    pub(crate) id: u64,
    pub(crate) first: usize,
    pub(crate) aside: M,
    pub(crate) inputs: usize,
    /// How many of the recordings around it this one extends, counted from the innermost. Their nodes are among its inputs and
    /// keep their indices.
    pub(crate) kin: usize,
}

impl<R, A: Aside> Arena<R, A> {
    pub(crate) const fn new(free_at_end: fn()) -> Self {
        let cursor = Cursor {
            id: Cell::new(0),
            next: Cell::new(0),
            limit: Cell::new(0),
            origin: Cell::new(core::ptr::null_mut()),
        };
        Self { cursor, state: RefCell::new(State::EMPTY), free_at_end }
    }

    /// The state with all records so far. When the guard is dropped, it sets the cursor again.
    #[inline]
    pub(crate) fn state(&self) -> Held<'_, R, A> {
        let mut state = self.state.borrow_mut();
        state.count_in(&self.cursor);
        // The buffer may move from now on. A push meanwhile finds no room and panics when it asks for the state.
        self.cursor.limit.set(0);
        Held { cursor: &self.cursor, state }
    }

    /// Appends records whose operands belong to the recordings `ids`. `beside` stores what belongs beside them, given the
    /// number of records so far. Returns the id of the open recording and the index of the first new node.
    pub(crate) fn append(
        &self,
        ids: impl Iterator<Item = u64>,
        records: impl ExactSizeIterator<Item = R>,
        beside: impl FnOnce(&mut A, usize),
    ) -> (u64, u32) {
        let state = &mut *self.state();
        state.check(ids);
        let node = state.next();
        if node + records.len() > INDICES as usize {
            full();
        }
        beside(&mut state.aside, state.records.len());
        state.records.extend(records);
        (state.now.id, node as u32)
    }

    /// Panics unless all variables belong to the open recording or to one that it extends.
    pub(crate) fn check(&self, ids: impl Iterator<Item = u64>) {
        self.state().check(ids);
    }
}

/// Exclusive access to the state of an arena. Nothing can be pushed meanwhile.
pub(crate) struct Held<'a, R, A: Aside> {
    cursor: &'a Cursor<R>,
    state: RefMut<'a, State<R, A>>,
}

impl<R, A: Aside> Deref for Held<'_, R, A> {
    type Target = State<R, A>;

    fn deref(&self) -> &State<R, A> {
        &self.state
    }
}

impl<R, A: Aside> DerefMut for Held<'_, R, A> {
    fn deref_mut(&mut self) -> &mut State<R, A> {
        &mut self.state
    }
}

impl<R, A: Aside> Drop for Held<'_, R, A> {
    fn drop(&mut self) {
        self.cursor.set(&mut self.state);
    }
}

impl<R> Cursor<R> {
    fn set<A: Aside>(&self, state: &mut State<R, A>) {
        let Section { id, first, inputs, .. } = state.now;
        // The inputs were counted when the recording was opened. `limit` never exceeds the number of indices.
        let number = |records: usize| (records - first + inputs).min(INDICES as usize) as u32;
        self.id.set(id);
        self.next.set(number(state.records.len()));
        // With the feature `trace` every push must take the slow path, which notes the operation.
        let room = if cfg!(feature = "trace") { state.records.len() } else { state.records.capacity() };
        self.limit.set(number(room));
        self.origin.set(state.records.as_mut_ptr().wrapping_add(first).wrapping_sub(inputs));
    }

    /// Writes a record and returns the index of the new node, if `id` is the open recording and there is room. The record is
    /// made in place: passed in memory, it would be stored in parts and loaded as a whole.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub(crate) fn push(&self, id: u64, record: impl FnOnce() -> R) -> Option<u32> {
        let node = self.next.get();
        if id != self.id.get() || node >= self.limit.get() {
            return None;
        }
        // SAFETY: `set` has found room in the buffer for the nodes from `next` to `limit`, and whatever changes the buffer
        // sets the cursor again.
        unsafe { self.origin.get().wrapping_add(node as usize).write(record()) };
        self.next.set(node + 1);
        Some(node)
    }
}

impl<R, A: Aside> State<R, A> {
    pub(crate) const EMPTY: Self = Self {
        records: Vec::new(),
        aside: A::EMPTY,
        now: Section { id: 0, first: 0, aside: A::START, inputs: 0, kin: 0 },
        outer: Vec::new(),
        ids: [0, 0],
    };

    /// Adds the records that the cursor has written to the length of the vector.
    #[inline]
    #[allow(unsafe_code)]
    fn count_in(&mut self, cursor: &Cursor<R>) {
        let length = cursor.next.get() as usize + self.now.first - self.now.inputs;
        // SAFETY: the records up to `next` have been written, each by a push, within the capacity.
        unsafe { self.records.set_len(length) };
    }

    /// Panics unless all nodes of the recordings `ids` are nodes of the open recording, too.
    pub(crate) fn check(&self, mut ids: impl Iterator<Item = u64>) {
        let kin = &self.outer[self.outer.len() - self.now.kin..];
        if let Some(stranger) = ids.find(|id| *id != self.now.id && !kin.contains(id)) {
            misuse(stranger, &self.outer, A::ADVICE);
        }
    }

    /// The index of the next node.
    pub(crate) fn next(&self) -> usize {
        self.records.len() - self.now.first + self.now.inputs
    }
}
