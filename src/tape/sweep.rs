//! Backwards through the records.

use super::arena::{JOINED, Part, Record};
use crate::edge;
use crate::real::Real;

/// Hands the adjoint of each node, from the last record to the one at `start`, to those it came from. A node whose adjoint
/// is zero hands nothing on, so that an unused `ln 0` spoils nothing.
pub(crate) fn sweep<T: Real>(records: &[Record<T>], start: usize, inputs: usize, adjoints: &mut [T]) {
    for (k, record) in records.iter().enumerate().skip(start).rev() {
        let (before, own) = adjoints.split_at_mut(inputs + k);
        let adjoint = own[0];
        if adjoint.is_zero() {
            continue;
        }
        let [a, b] = record.operands;
        if a & JOINED != 0
            && let Some(last) = before.last_mut()
        {
            *last += adjoint;
        }
        let [mut p, mut q] = record.slopes.map(|slope| slope * adjoint);
        if !(p + q).parts_finite() {
            [p, q] = record.slopes.map(|slope| edge::mutual(slope, adjoint));
        }
        // A missing operand is beyond all nodes.
        if let Some(before) = before.get_mut((a & !JOINED) as usize) {
            *before += p;
        }
        if let Some(before) = before.get_mut(b as usize) {
            *before += q;
        }
    }
}

/// Does the same for a part whose outputs are the nodes from `first` on. Those after them have been swept.
pub(crate) fn pull<T: Real>(part: &dyn Part<T>, first: usize, adjoints: &mut [T]) {
    let (before, outputs) = adjoints.split_at_mut(first);
    part.pull(before, outputs);
}
