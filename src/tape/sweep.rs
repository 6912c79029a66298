//! Backwards through the records.

use super::arena::{JOINED, Part, Record};
use crate::edge;
use crate::real::Real;

/// Hands the adjoint of each node, from the last record to the one at `start`, to those it came from. A node whose adjoint
/// is zero hands nothing on, so that an unused `ln 0` spoils nothing.
pub(crate) fn sweep<T: Real>(records: &[Record<T>], start: usize, inputs: usize, adjoints: &mut [T]) {
    let mut nodes = &mut adjoints[..inputs + records.len()];
    for record in records[start..].iter().rev() {
        let Some((own, before)) = nodes.split_last_mut() else { return };
        nodes = before;
        let adjoint = *own;
        // Of a float, one test finds both zeros and what makes NaN of a slope 0.
        let plain = T::ORDER == 0 && adjoint.is_normal();
        if !plain && adjoint.is_zero() {
            continue;
        }
        let [a, b] = record.operands;
        let [mut p, mut q] = record.slopes.map(|slope| slope * adjoint);
        if !plain && !(p + q).parts_finite() {
            [p, q] = record.slopes.map(|slope| edge::mutual(slope, adjoint));
        }
        // A missing operand is beyond all nodes, and so is one with the mark.
        if let Some(before) = nodes.get_mut(a as usize) {
            *before += p;
        } else if a & JOINED != 0 {
            nodes[(a & !JOINED) as usize] += p;
            if let Some(last) = nodes.last_mut() {
                *last += adjoint;
            }
        }
        if let Some(before) = nodes.get_mut(b as usize) {
            *before += q;
        }
    }
}

/// Does the same for a part whose outputs are the nodes from `first` on. Those after them have been swept.
pub(crate) fn pull<T: Real>(part: &dyn Part<T>, first: usize, adjoints: &mut [T]) {
    let (before, outputs) = adjoints.split_at_mut(first);
    part.pull(before, outputs);
}
