//! External functions: nodes without records, whose adjoints are handed down by a function of their own.

use crate::real::Real;
use alloc::vec::Vec;
use core::fmt::Debug;

/// A function of some nodes that left no records. Its outputs are nodes that follow one another.
pub(crate) trait External<T>: Debug + Send + Sync {
    /// The number of its outputs.
    fn outputs(&self) -> usize;

    /// Adds to the adjoints of its inputs, given those of the outputs, which are the nodes from `first` on. The adjoints are
    /// those of all nodes of the recording `id`.
    fn pull(&self, id: u64, adjoints: &mut Vec<T>, first: usize);

    /// Writes the tangents of its outputs, which are the nodes from `first` on, given those of all nodes before. The tangents are
    /// those of all nodes of the recording `id`.
    fn push(&self, id: u64, tangents: &mut Vec<T>, first: usize);
}

/// The same for W adjoints of each node. An external function whose adjoints are all 0 is not called.
pub(super) fn pull<T: Real, const W: usize>(external: &dyn External<T>, id: u64, adjoints: &mut Vec<T>, first: usize) {
    for sweep in 0..W {
        let own = |adjoints: &[T]| adjoints.iter().skip(sweep).step_by(W).copied().collect::<Vec<_>>();
        let outputs = &adjoints[W * first..][..W * external.outputs()];
        if own(outputs).iter().all(|a| a.is_absent()) {
            continue;
        }
        if W == 1 {
            return external.pull(id, adjoints, first);
        }
        let mut found = own(adjoints);
        external.pull(id, &mut found, first);
        adjoints.iter_mut().skip(sweep).step_by(W).zip(found).for_each(|(to, adjoint)| *to = adjoint);
    }
}
