//! Open recordings: how they are opened, extended and closed, and how a sweep runs over them.

use super::arena::{Arena, Section};
use super::external::{External, pull};
use super::misuse::full;
use super::push::check_kin;
use super::record::{JOINED, NONE, Record};
use super::sweep::sweep;
use super::thread;
use crate::real::Real;
#[cfg(feature = "trace")]
use crate::trace::Operation;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering};

impl<T: Real> Arena<T> {
    /// Runs `body` in a new recording with `inputs` inputs. The recording is closed afterwards, also after a panic.
    pub(crate) fn record<R>(&self, inputs: usize, body: impl FnOnce(Open<'_, T>) -> R) -> R {
        assert!(inputs < JOINED as usize, "{inputs} inputs are more than a recording holds");
        let open = self.open(inputs, None);
        body(open)
    }

    /// Runs `body` in a new recording that extends the recording `id`, which is the open one or one that was kept. The inputs
    /// of the new recording are the `nodes` nodes of the other one, with their indices, and `inputs` more. So the body can use
    /// variables of the other recording.
    pub(crate) fn extend<R>(&self, id: u64, nodes: usize, inputs: usize, body: impl FnOnce(Open<'_, T>) -> R) -> R {
        if nodes + inputs >= JOINED as usize {
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

    fn open(&self, inputs: usize, extended: Option<u64>) -> Open<'_, T> {
        static IDS: AtomicU64 = AtomicU64::new(1);
        const BLOCK: u64 = 1 << 20;

        let state = &mut *self.state();
        if state.ids[0] == state.ids[1] {
            thread::free_at_end();
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
        state.now = Section {
            id: state.ids[0],
            first: state.records.len(),
            runs: state.runs.len(),
            externals: state.externals.len(),
            inputs,
            kin,
        };
        state.ids[0] += 1;
        Open { arena: self, before, outer, now: state.now }
    }
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
        let externals = {
            let state = &mut *self.arena.state();
            state.records.truncate(self.now.first);
            state.runs.truncate(self.now.runs);
            #[cfg(feature = "trace")]
            state.operations.truncate(self.now.first);
            state.now = self.before;
            state.outer.truncate(self.outer);
            if state.externals.len() > self.now.externals {
                state.externals.split_off(self.now.externals)
            } else {
                Vec::new()
            }
        };
        // Their closures may hold what records when dropped: the arena must be free.
        drop(externals);
    }
}

impl<T: Real> Open<'_, T> {
    /// Panics if a variable is not of this recording, nor constant.
    pub(crate) fn check(&self, id: u64, node: u32) {
        if node != NONE && id != self.now.id {
            check_kin::<T>([id, self.now.id]);
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
        let Section { first, runs, inputs, externals, id, .. } = self.now;
        let mut state = self.arena.state();
        let mut end = state.records.len() - first;
        let mut slopes = state.runs.len();
        adjoints.resize(W * (inputs + end), T::zero());
        seed(lanes(adjoints));
        for k in (externals..state.externals.len()).rev() {
            let (start, external) = state.externals[k].clone();
            let start = start - first;
            let records = &state.records[first..][..end];
            slopes = runs + sweep(records, &state.runs[runs..slopes], start, inputs, lanes::<T, W>(adjoints));
            // What the function records must find the arena free.
            drop(state);
            pull::<T, W>(&*external, id, adjoints, inputs + start);
            state = self.arena.state();
            end = start;
        }
        let adjoints = lanes(adjoints);
        sweep(&state.records[first..][..end], &state.runs[runs..slopes], 0, inputs, adjoints);
        read(adjoints)
    }

    pub(crate) fn id(&self) -> u64 {
        self.now.id
    }

    pub(crate) fn inputs(&self) -> usize {
        self.now.inputs
    }

    /// The records so far and the slopes of their runs, to be kept.
    pub(super) fn records(&self) -> (Vec<Record<T>>, Vec<T>) {
        let state = self.arena.state();
        (state.records[self.now.first..].to_vec(), state.runs[self.now.runs..].to_vec())
    }

    /// What made each of them.
    #[cfg(feature = "trace")]
    pub(crate) fn operations(&self) -> Vec<Operation> {
        self.arena.state().operations[self.now.first..].to_vec()
    }

    /// The external functions so far, each with the number of records before it.
    pub(super) fn externals(&self) -> Vec<(usize, Arc<dyn External<T>>)> {
        let state = self.arena.state();
        state.externals[self.now.externals..]
            .iter()
            .map(|(at, external)| (at - self.now.first, external.clone()))
            .collect()
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
            let id = open.id();
            let push = || {
                open.arena
                    .cursor
                    .push(id, (0, 1), 1.0, 1.0)
                    .unwrap_or_else(|| open.arena.make_room(id, (0, 1), 1.0, 1.0).1)
            };
            assert_eq!((push(), push()), (JOINED - 2, JOINED - 1));
            push();
        });
    }

    /// While the buffer of records may move, the cursor takes no record.
    #[test]
    fn nothing_is_pushed_while_the_state_is_held() {
        Arena::<f64>::new().record(2, |open| {
            let push = || open.arena.cursor.push(open.id(), (0, 1), 1.0, 1.0);
            open.arena.make_room(open.id(), (0, 1), 1.0, 1.0);
            assert_eq!(push(), Some(3));
            let state = open.arena.state();
            assert_eq!(push(), None);
            drop(state);
            assert_eq!(push(), Some(4));
        });
    }
}
