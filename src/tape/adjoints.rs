//! Adjoints backwards through a recording: through its records, and the external functions between them.

use super::external::pull;
use super::push::check_kin;
use super::record::{NONE, Record};
use super::store::{Externals, Store};
use super::sweep::sweep;
use crate::arena::open::Open;
use crate::real::Real;
#[cfg(feature = "trace")]
use crate::trace::Operation;
use alloc::vec::Vec;

/// An open recording of the tape.
pub(crate) type OpenTape<'a, T> = Open<'a, Record<T>, Store<T>>;

/// What a recording consists of.
pub(super) struct Parts<'a, T> {
    pub(super) records: &'a [Record<T>],
    pub(super) runs: &'a [T],
    /// External functions, and the number of records before each, which is counted from `first` on.
    pub(super) externals: &'a Externals<T>,
    pub(super) first: usize,
    /// How many of the external functions belong to recordings around this one.
    pub(super) foreign: usize,
}

/// Sweeps backwards through a recording with the given id and number of inputs, with W adjoints for each node. `with` calls
/// its argument with the parts of the recording; nothing else holds them while an external function is called.
pub(super) fn backwards<T: Real, const W: usize>(
    (id, inputs): (u64, usize),
    adjoints: &mut Vec<T>,
    with: impl Fn(&mut dyn FnMut(Parts<'_, T>)),
) {
    let (mut end, mut left, mut externals) = (usize::MAX, usize::MAX, usize::MAX);
    loop {
        let mut next = None;
        with(&mut |parts| {
            externals = externals.min(parts.externals.len());
            next = parts.externals[parts.foreign..externals].last().cloned();
            let start = next.as_ref().map_or(0, |(at, _)| at - parts.first);
            let records = &parts.records[..end.min(parts.records.len())];
            let runs = &parts.runs[..left.min(parts.runs.len())];
            left = sweep(records, runs, start, inputs, adjoints.as_chunks_mut::<W>().0);
            end = start;
        });
        let Some((_, external)) = next else { return };
        pull::<T, W>(&*external, id, adjoints, inputs + end);
        externals -= 1;
    }
}

impl<T: Real> OpenTape<'_, T> {
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
        let mut adjoints = core::mem::take(&mut self.arena.state().aside.adjoints);
        adjoints.clear();
        let result = self.sweep_into(&mut adjoints, seed, |adjoints| read(&adjoints[..self.now.inputs]));
        self.arena.state().aside.adjoints = adjoints;
        result
    }

    /// The same with the adjoints of the first nodes as they are, to which the sweep adds.
    pub(crate) fn sweep_into<R, const W: usize>(
        &self,
        adjoints: &mut Vec<T>,
        seed: impl FnOnce(&mut [[T; W]]),
        read: impl FnOnce(&[[T; W]]) -> R,
    ) -> R {
        let nodes = self.arena.state().next();
        adjoints.resize(W * nodes, T::absent());
        seed(adjoints.as_chunks_mut().0);
        backwards::<T, W>((self.now.id, self.now.inputs), adjoints, |f| self.parts(f));
        read(adjoints.as_chunks().0)
    }

    /// Calls `f` with what has been recorded so far.
    pub(super) fn parts(&self, f: &mut dyn FnMut(Parts<'_, T>)) {
        let state = self.arena.state();
        f(Parts {
            records: &state.records[self.now.first..],
            runs: &state.aside.runs[self.now.aside.runs..],
            externals: &state.aside.externals,
            first: self.now.first,
            foreign: self.now.aside.externals,
        });
    }

    /// What made each record so far.
    #[cfg(feature = "trace")]
    pub(crate) fn operations(&self) -> Vec<Operation> {
        self.arena.state().aside.operations[self.now.first..].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use crate::arena::misuse::INDICES;
    use crate::tape::push::{push, try_push};
    use crate::tape::thread;

    #[test]
    #[should_panic(expected = "a recording holds 2147483648 nodes")]
    fn numbers_of_nodes_do_not_wrap() {
        // The inputs are numbered, and take no memory here.
        let inputs = INDICES as usize - 2;
        thread::with::<f64, _>(|tape| {
            tape.record(inputs, |open| {
                let push = || push(open.id(), (0, 1), 1.0, 1.0, 1.0).1;
                assert_eq!((push(), push()), (INDICES - 2, INDICES - 1));
                push();
            });
        });
    }

    /// While the buffer of records may move, the cursor takes no record.
    #[test]
    fn nothing_is_pushed_while_the_state_is_held() {
        thread::with::<f64, _>(|tape| {
            tape.record(2, |open| {
                let (id, node) = push(open.id(), (0, 1), 1.0, 1.0, 1.0);
                assert_eq!(node, 2);
                assert_eq!(try_push(id, (0, 1), 1.0, 1.0), Some(3));
                let state = tape.state();
                assert_eq!(try_push(id, (0, 1), 1.0, 1.0), None);
                drop(state);
                assert_eq!(try_push(id, (0, 1), 1.0, 1.0), Some(4));
            });
        });
    }
}
