//! External functions: nodes without records, whose adjoints are handed down by a function of their own.

use super::record::Record;
use crate::real::Real;
use alloc::sync::Arc;
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

/// External functions, and the number of records before each.
pub(super) type Externals<T> = Vec<(usize, Arc<dyn External<T>>)>;

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

/// Calls its argument with the parts of a recording; nothing else holds them while an external function is called.
pub(super) type WithParts<'a, T> = &'a dyn Fn(&mut dyn FnMut(Parts<'_, T>));

/// The adjoints of all nodes, which may be sums in a wider float than `T`. What is read of them is rounded to `T`.
pub(crate) trait Sums<T> {
    /// The number of adjoints.
    fn len(&self) -> usize;

    /// Changes the number of adjoints. New ones are absent.
    fn resize(&mut self, len: usize);

    fn add(&mut self, index: usize, part: T);

    fn get(&self, index: usize) -> T;

    fn set(&mut self, index: usize, adjoint: T);

    /// Sweeps backwards through a recording with the given id and number of inputs, with one adjoint for each node.
    fn backwards(&mut self, recording: (u64, usize), with: WithParts<'_, T>);
}

/// Adjoints of the type `A`, and how they are rounded to that of the values.
pub(super) struct Adjoint<'a, A, N> {
    pub(super) all: &'a mut Vec<A>,
    pub(super) round: N,
}

impl<'a, A> Adjoint<'a, A, fn(A) -> A> {
    /// Adjoints of the type of the values.
    pub(super) fn own(all: &'a mut Vec<A>) -> Self {
        Self { all, round: |adjoint| adjoint }
    }
}

/// The adjoints of all nodes of a recording in one of the sweeps that are done at once.
pub(crate) struct OneOf<'a, T> {
    all: &'a mut dyn Sums<T>,
    sweeps: usize,
    sweep: usize,
}

impl<T: Real> OneOf<'_, T> {
    /// Adds to the adjoint of a node.
    pub(super) fn add(&mut self, node: usize, part: T) {
        self.all.add(self.sweeps * node + self.sweep, part);
    }

    /// The adjoints of these nodes.
    fn of(&self, nodes: impl Iterator<Item = usize>) -> Vec<T> {
        nodes.map(|node| self.all.get(self.sweeps * node + self.sweep)).collect()
    }

    /// Calls `f` with the adjoints of all nodes, without those of other sweeps.
    pub(super) fn alone(self, f: impl FnOnce(&mut dyn Sums<T>)) {
        if self.sweeps == 1 {
            return f(self.all);
        }
        let mut own = self.of(0..self.all.len() / self.sweeps);
        f(&mut Adjoint::own(&mut own));
        own.into_iter().enumerate().for_each(|(i, adjoint)| self.all.set(self.sweeps * i + self.sweep, adjoint));
    }
}

/// Hands down the adjoints of an external function whose outputs are the nodes from `first` on, for W adjoints of each node. If
/// those of its outputs are all 0, it is not called.
pub(super) fn pull<T: Real, const W: usize>(external: &dyn External<T>, id: u64, all: &mut dyn Sums<T>, first: usize) {
    for sweep in 0..W {
        let one = OneOf { all, sweeps: W, sweep };
        let weights = one.of(first..first + external.outputs());
        if !weights.iter().all(|a| a.is_absent()) {
            external.pull(id, &weights, one);
        }
    }
}
