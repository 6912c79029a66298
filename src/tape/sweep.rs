//! Backwards through the records.

use super::arena::{JOINED, Part, Record};
use crate::edge;
use crate::real::Real;
use alloc::vec::Vec;
use core::array::from_fn;
use core::cell::Cell;

/// Hands the adjoints of each node, from the last record to the one at `start`, to those it came from: W of them, for as
/// many sweeps in one. A node whose adjoints are zero hands nothing on, so that an unused `ln 0` spoils nothing. Returns how
/// many slopes of runs are left.
pub(crate) fn sweep<T: Real, const W: usize>(
    records: &[Record<T>],
    mut runs: &[T],
    start: usize,
    inputs: usize,
    adjoints: &mut [[T; W]],
) -> usize {
    let nodes = Cell::from_mut(adjoints).as_slice_of_cells();
    let own = &nodes[inputs..inputs + records.len()];
    // Handed to the node before, which takes it up at once.
    let mut handed = [T::zero(); W];
    for (k, (record, own)) in records.iter().zip(own).enumerate().skip(start).rev() {
        // The node before; node 0 has no operands.
        let last = (inputs + k).wrapping_sub(1);
        let adjoint = sum(own.get(), handed);
        own.set(adjoint);
        handed = [T::zero(); W];
        let parts = |plain| record.slopes().map(|slope| adjoint.map(|adjoint| part(slope, adjoint, plain)));
        // Of floats one test finds a slope or an adjoint that is not finite, where a zero of the other must stay zero.
        let plain = (T::ORDER == 0).then(|| parts(true)).filter(|parts| {
            let parts = parts.as_flattened();
            parts[1..].iter().fold(parts[0], |sum, &part| sum + part).parts_finite()
        });
        if (W > 1 || plain.is_none()) && adjoint.iter().all(T::is_zero) {
            runs = &runs[..runs.len() - record.run().map_or(0, |(_, count)| count)];
            continue;
        }
        let [s, t] = plain.unwrap_or_else(|| parts(false));
        let [a, b] = record.operands;
        // A missing operand is beyond all nodes, and so is one with the mark.
        if a as usize == last {
            handed = s;
        } else if let Some(before) = nodes.get(a as usize) {
            add(before, s);
        } else if a & JOINED != 0 {
            add(&nodes[(a & !JOINED) as usize], s);
            handed = adjoint;
        }
        if b as usize == last {
            handed = t;
        } else if let Some(before) = nodes.get(b as usize) {
            add(before, t);
        } else if let Some((first, count)) = record.run() {
            let (left, slopes) = runs.split_at(runs.len() - count);
            runs = left;
            let plain = adjoint.iter().fold(record.slopes()[1], |sum, &adjoint| sum + adjoint).parts_finite();
            run(&nodes[first..][..count], slopes, adjoint, plain);
        }
    }
    if let Some(before) = (inputs + start).checked_sub(1) {
        add(&nodes[before], handed);
    }
    runs.len()
}

/// Hands an adjoint to neighbours.
#[inline(never)]
fn run<T: Real, const W: usize>(nodes: &[Cell<[T; W]>], slopes: &[T], adjoint: [T; W], plain: bool) {
    for (node, &slope) in nodes.iter().zip(slopes) {
        add(node, adjoint.map(|adjoint| part(slope, adjoint, plain)));
    }
}

/// What is handed on; nothing where either is zero, unless all is finite anyway.
#[inline(always)]
fn part<T: Real>(slope: T, adjoint: T, plain: bool) -> T {
    let part = slope * adjoint;
    if plain || part.parts_finite() { part } else { edge::mutual(slope, adjoint) }
}

fn sum<T: Real, const W: usize>(x: [T; W], y: [T; W]) -> [T; W] {
    from_fn(|lane| x[lane] + y[lane])
}

#[inline(always)]
fn add<T: Real, const W: usize>(to: &Cell<[T; W]>, parts: [T; W]) {
    to.set(sum(to.get(), parts));
}

/// Does the same for a part whose outputs are the nodes from `first` on. Those after them have been swept.
pub(crate) fn pull<T: Real, const W: usize>(part: &dyn Part<T>, name: u64, adjoints: &mut Vec<T>, first: usize) {
    for lane in 0..W {
        let own = |adjoints: &[T]| adjoints.iter().skip(lane).step_by(W).copied().collect::<Vec<_>>();
        let outputs = &adjoints[W * first..][..W * part.outputs()];
        if own(outputs).iter().all(T::is_zero) {
            continue;
        }
        if W == 1 {
            return part.pull(name, adjoints, first);
        }
        let mut found = own(adjoints);
        part.pull(name, &mut found, first);
        adjoints.iter_mut().skip(lane).step_by(W).zip(found).for_each(|(to, adjoint)| *to = adjoint);
    }
}
