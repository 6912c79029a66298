//! Open recordings: how they are opened, extended and closed.

use super::buffers::{Arena, Aside, Section};
use super::misuse::{INDICES, full};
use core::sync::atomic::{AtomicU64, Ordering};

impl<R, A: Aside> Arena<R, A> {
    /// Runs `body` in a new recording with `inputs` inputs. The recording is closed afterwards, also after a panic.
    pub(crate) fn record<U>(&self, inputs: usize, body: impl FnOnce(Open<'_, R, A>) -> U) -> U {
        assert!(inputs < INDICES as usize, "{inputs} inputs are more than a recording holds");
        let open = self.open(inputs, None);
        body(open)
    }

    /// Runs `body` in a new recording that extends the recording `id`, which is the open one or one that was kept. The inputs
    /// of the new recording are the `nodes` nodes of the other one, with their indices, and `inputs` more. So the body can use
    /// variables of the other recording.
    pub(crate) fn extend<U>(&self, id: u64, nodes: usize, inputs: usize, body: impl FnOnce(Open<'_, R, A>) -> U) -> U {
        if nodes + inputs >= INDICES as usize {
            full();
        }
        let open = self.open(nodes + inputs, Some(id));
        body(open)
    }

    /// The id of the open recording, and the number of its nodes so far.
    pub(crate) fn place(&self) -> (u64, usize) {
        let state = self.state();
        (state.now.id, state.next())
    }

    fn open(&self, inputs: usize, extended: Option<u64>) -> Open<'_, R, A> {
        static IDS: AtomicU64 = AtomicU64::new(1);
        const BLOCK: u64 = 1 << 20;

        let state = &mut *self.state();
        if state.ids[0] == state.ids[1] {
            (self.free_at_end)();
            let start = IDS.fetch_add(BLOCK, Ordering::Relaxed);
            state.ids = [start, start + BLOCK];
        }
        let (before, outer) = (state.now, state.outer.len());
        state.outer.push(before.id);
        let kin = match extended {
            None => 0,
            Some(id) if id == before.id => before.kin + 1,
            Some(id) => {
                state.outer.push(id);
                1
            }
        };
        let aside = state.aside.mark();
        state.now = Section { id: state.ids[0], first: state.records.len(), aside, inputs, kin };
        state.ids[0] += 1;
        Open { arena: self, before, outer, now: state.now }
    }
}

/// An open recording. It is closed when dropped, in a panic as well.
pub(crate) struct Open<'a, R, A: Aside> {
    pub(crate) arena: &'a Arena<R, A>,
    before: Section<A::Mark>,
    /// How many recordings were around that one.
    outer: usize,
    pub(crate) now: Section<A::Mark>,
}

impl<R, A: Aside> Drop for Open<'_, R, A> {
    fn drop(&mut self) {
        let removed = {
            let state = &mut *self.arena.state();
            state.records.truncate(self.now.first);
            state.now = self.before;
            state.outer.truncate(self.outer);
            state.aside.cut(self.now.aside)
        };
        // Whatever runs when this is dropped must find the arena free.
        drop(removed);
    }
}

impl<R, A: Aside> Open<'_, R, A> {
    pub(crate) fn id(&self) -> u64 {
        self.now.id
    }

    pub(crate) fn inputs(&self) -> usize {
        self.now.inputs
    }
}
