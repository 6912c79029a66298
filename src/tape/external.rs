//! External functions: nodes without records, whose adjoints are handed down by a function of their own.

use crate::real::Real;
use alloc::vec::Vec;
use core::fmt::Debug;

/// A function of some nodes that left no records. Its outputs are nodes that follow one another.
pub(crate) trait External<T>: Debug + Send + Sync {
    /// The number of its outputs.
    fn outputs(&self) -> usize;

    /// The bytes that it takes in a recording, apart from what closures own on the heap.
    fn bytes(&self) -> usize;

    /// Adds to the adjoints of its inputs, given those of the outputs, `weights`. `id` is the recording.
    fn pull(&self, id: u64, weights: &[T], adjoints: OneOf<'_, T>);

    /// Writes the tangents of its outputs, which are the nodes from `first` on, given those of all nodes before. The tangents are
    /// those of all nodes of the recording `id`.
    fn push(&self, id: u64, tangents: &mut Vec<T>, first: usize);
}

/// The adjoints of all nodes of a recording in one of the sweeps that are done at once.
pub(crate) struct OneOf<'a, T> {
    all: &'a mut Vec<T>,
    sweeps: usize,
    sweep: usize,
}

impl<T: Real> OneOf<'_, T> {
    /// Adds to the adjoint of a node.
    pub(super) fn add(&mut self, node: usize, part: T) {
        self.all[self.sweeps * node + self.sweep] += part;
    }

    /// The adjoints of these nodes.
    fn of(&self, nodes: impl Iterator<Item = usize>) -> Vec<T> {
        nodes.map(|node| self.all[self.sweeps * node + self.sweep]).collect()
    }

    /// Calls `f` with the adjoints of all nodes, without those of other sweeps.
    pub(super) fn alone(self, f: impl FnOnce(&mut Vec<T>)) {
        if self.sweeps == 1 {
            return f(self.all);
        }
        let mut own = self.of(0..self.all.len() / self.sweeps);
        f(&mut own);
        self.all.iter_mut().skip(self.sweep).step_by(self.sweeps).zip(own).for_each(|(to, adjoint)| *to = adjoint);
    }
}

/// Hands down the adjoints of an external function whose outputs are the nodes from `first` on, for W adjoints of each node. If
/// those of its outputs are all 0, it is not called.
pub(super) fn pull<T: Real, const W: usize>(external: &dyn External<T>, id: u64, adjoints: &mut Vec<T>, first: usize) {
    for sweep in 0..W {
        let one = OneOf { all: adjoints, sweeps: W, sweep };
        let weights = one.of(first..first + external.outputs());
        if !weights.iter().all(|a| a.is_absent()) {
            external.pull(id, &weights, one);
        }
    }
}
