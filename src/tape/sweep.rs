//! Backwards through the records.

use super::arena::{JOINED, Part, Record};
use crate::edge;
use crate::real::Real;
use alloc::vec::Vec;

/// Hands the adjoints of each node, from the last record to the one at `start`, to those it came from: W of them, for as
/// many sweeps in one. A node whose adjoints are zero hands nothing on, so that an unused `ln 0` spoils nothing.
pub(crate) fn sweep<T: Real, const W: usize>(
    records: &[Record<T>],
    start: usize,
    inputs: usize,
    adjoints: &mut [[T; W]],
) {
    let mut nodes = &mut adjoints[..inputs + records.len()];
    // Of a node of several records, whose adjoint is that of the last.
    let mut goes_on = None;
    for record in records[start..].iter().rev() {
        let Some((own, before)) = nodes.split_last_mut() else { return };
        nodes = before;
        let (adjoint, [s, t]) = (goes_on.take().unwrap_or(*own), record.slopes);
        if adjoint.iter().all(T::is_zero) {
            continue;
        }
        // No slope 0 meets ∞ or NaN then.
        let plain = T::ORDER == 0 && adjoint.iter().fold(s + t, |sum, &adjoint| sum + adjoint).parts_finite();
        let handed = |slope: T| {
            adjoint.map(|adjoint| {
                let part = slope * adjoint;
                if plain || part.parts_finite() { part } else { edge::mutual(slope, adjoint) }
            })
        };
        let [a, b] = record.operands;
        // A missing operand is beyond all nodes, and so is one with the mark.
        if let Some(before) = nodes.get_mut(a as usize) {
            add(before, handed(s));
        } else if a & JOINED != 0 {
            add(&mut nodes[(a & !JOINED) as usize], handed(s));
            goes_on = Some(adjoint);
        }
        if let Some(before) = nodes.get_mut(b as usize) {
            add(before, handed(t));
        }
    }
}

#[inline(always)]
fn add<T: Real, const W: usize>(to: &mut [T; W], parts: [T; W]) {
    to.iter_mut().zip(parts).for_each(|(to, part)| *to += part);
}

/// Does the same for a part whose outputs are the nodes from `first` on. Those after them have been swept.
pub(crate) fn pull<T: Real, const W: usize>(part: &dyn Part<T>, first: usize, adjoints: &mut [[T; W]]) {
    let (before, outputs) = adjoints.split_at_mut(first);
    if W == 1 {
        return part.pull(before.as_flattened_mut(), outputs.as_flattened());
    }
    for lane in 0..W {
        let mut found: Vec<T> = before.iter().map(|adjoints| adjoints[lane]).collect();
        let weights: Vec<T> = outputs.iter().map(|adjoints| adjoints[lane]).collect();
        part.pull(&mut found, &weights);
        before.iter_mut().zip(found).for_each(|(adjoints, adjoint)| adjoints[lane] = adjoint);
    }
}
