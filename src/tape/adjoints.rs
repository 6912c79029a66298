//! Adjoints backwards through a recording: through its records, and the external functions between them.

use super::external::{Adjoint, Parts, Sums, WithParts, pull};
use super::push::check_kin;
use super::record::{NONE, Record};
use super::store::Store;
use super::sweep::sweep;
use crate::arena::open::Open;
use crate::real::Real;
#[cfg(feature = "trace")]
use crate::trace::Operation;
#[cfg(feature = "trace")]
use alloc::vec::Vec;

/// An open recording of the tape.
pub(crate) type OpenTape<'a, T> = Open<'a, Record<T>, Store<T>>;

impl<T, A, N> Adjoint<'_, A, N>
where
    T: Real,
    A: Real + From<T>,
    N: Fn(A) -> T,
{
    /// Sweeps backwards through a recording with the given id and number of inputs, with W adjoints for each node.
    pub(super) fn backwards_together<const W: usize>(&mut self, (id, inputs): (u64, usize), with: WithParts<'_, T>) {
        let (mut end, mut left, mut externals) = (usize::MAX, usize::MAX, usize::MAX);
        loop {
            let mut next = None;
            with(&mut |parts| {
                externals = externals.min(parts.externals.len());
                next = parts.externals[parts.foreign..externals].last().cloned();
                let start = next.as_ref().map_or(0, |(at, _)| at - parts.first);
                let records = &parts.records[..end.min(parts.records.len())];
                let runs = &parts.runs[..left.min(parts.runs.len())];
                left = sweep(records, runs, start, inputs, self.all.as_chunks_mut::<W>().0);
                end = start;
            });
            let Some((_, external)) = next else { return };
            pull::<T, W>(&*external, id, self, inputs + end);
            externals -= 1;
        }
    }
}

impl<T, A, N> Sums<T> for Adjoint<'_, A, N>
where
    T: Real,
    A: Real + From<T>,
    N: Fn(A) -> T,
{
    fn len(&self) -> usize {
        self.all.len()
    }

    fn resize(&mut self, len: usize) {
        self.all.resize(len, A::absent());
    }

    fn add(&mut self, index: usize, part: T) {
        self.all[index] += part.into();
    }

    fn get(&self, index: usize) -> T {
        (self.round)(self.all[index])
    }

    fn set(&mut self, index: usize, adjoint: T) {
        self.all[index] = adjoint.into();
    }

    fn backwards(&mut self, recording: (u64, usize), with: WithParts<'_, T>) {
        self.backwards_together::<1>(recording, with);
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
        adjoints.resize(W * self.arena.state().next(), T::absent());
        seed(adjoints.as_chunks_mut().0);
        Adjoint::own(&mut adjoints).backwards_together::<W>((self.now.id, self.now.inputs), &|f| self.parts(f));
        let result = read(&adjoints.as_chunks().0[..self.now.inputs]);
        self.arena.state().aside.adjoints = adjoints;
        result
    }

    /// Sweeps backwards with the adjoints of the first nodes as they are, to which the sweep adds.
    pub(super) fn sweep_into(&self, adjoints: &mut dyn Sums<T>, seed: impl FnOnce(&mut dyn Sums<T>)) {
        adjoints.resize(self.arena.state().next());
        seed(adjoints);
        adjoints.backwards((self.now.id, self.now.inputs), &|f| self.parts(f));
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
