//! The reverse sweep: backwards through the records, from adjoints of results to adjoints of operands. The adjoints may be of a
//! wider float `A` than the slopes; then products and sums are computed in it.

use super::record::{JOINED, Record};
use crate::nonfinite;
use crate::real::Real;
use core::array::from_fn;
use core::cell::Cell;
use num_traits::Float as _;

/// Adds slope times adjoint of each node to the adjoints of its operands, from the last record down to the one at `start`. Each
/// node has W adjoints, so that W sweeps are done at once. A node whose adjoints are all zero adds nothing, so that an unused
/// `ln 0` makes no NaN. Returns how many slopes of runs are left.
pub(crate) fn sweep<T: Real, A: Real + From<T>, const W: usize>(
    records: &[Record<T>],
    mut runs: &[T],
    start: usize,
    inputs: usize,
    adjoints: &mut [[A; W]],
) -> usize {
    let nodes = Cell::from_mut(adjoints).as_slice_of_cells();
    let own = &nodes[inputs..inputs + records.len()];
    // What the node before gets from the present one. It stays in a register, because that node is next.
    let mut handed = [A::absent(); W];
    for (k, (record, own)) in records.iter().zip(own).enumerate().skip(start).rev() {
        // The index of the node before. Node 0 has no operands.
        let last = (inputs + k).wrapping_sub(1);
        let adjoint = sum(own.get(), handed);
        own.set(adjoint);
        handed = [A::absent(); W];
        let parts = |plain| record.slopes().map(|slope| adjoint.map(|adjoint| part(slope.into(), adjoint, plain)));
        // For floats one test finds any slope or adjoint that is not finite. Then a zero of the other one must stay zero.
        let plain = (A::ORDER == 0).then(|| parts(true)).filter(|parts| {
            let parts = parts.as_flattened();
            parts[1..].iter().fold(parts[0], |sum, &part| sum + part).presumed_finite()
        });
        if (W > 1 || plain.is_none()) && adjoint.iter().all(|a| a.is_absent()) {
            runs = &runs[..runs.len() - record.run().map_or(0, |(_, count)| count)];
            continue;
        }
        let [s, t] = plain.unwrap_or_else(|| parts(false));
        let [a, b] = record.operands();
        // The index of a missing operand, and one with the mark, are larger than those of all nodes.
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
            let plain =
                adjoint.iter().fold(record.slopes()[1].into(), |sum: A, &adjoint| sum + adjoint).presumed_finite();
            run(&nodes[first..][..count], slopes, adjoint, plain);
        }
    }
    if let Some(before) = (inputs + start).checked_sub(1) {
        add(&nodes[before], handed);
    }
    runs.len()
}

/// Adds slope times adjoint to each node of a run.
#[inline(never)]
fn run<T: Real, A: Real + From<T>, const W: usize>(nodes: &[Cell<[A; W]>], slopes: &[T], adjoint: [A; W], plain: bool) {
    for (node, &slope) in nodes.iter().zip(slopes) {
        add(node, adjoint.map(|adjoint| part(slope.into(), adjoint, plain)));
    }
}

/// The product of slope and adjoint. Unless both are known to be finite, it is zero where one of them is zero.
#[inline(always)]
fn part<T: Real>(slope: T, adjoint: T, plain: bool) -> T {
    let part = slope * adjoint;
    if plain || part.presumed_finite() { part } else { nonfinite_part(slope, adjoint) }
}

/// The product where one of both is not finite. A zero of the adjoint stays zero. So does one of the slope: among numbers its
/// value may be 0 while its derivatives are not, and then the adjoint is taken for the slope.
#[cold]
#[inline(never)]
pub(super) fn nonfinite_part<T: Real>(slope: T, adjoint: T) -> T {
    let part = nonfinite::zero_product(slope, adjoint);
    if part.float().is_nan() { nonfinite::zero_product(adjoint, slope) } else { part }
}

fn sum<T: Real, const W: usize>(x: [T; W], y: [T; W]) -> [T; W] {
    from_fn(|lane| x[lane] + y[lane])
}

#[inline(always)]
fn add<T: Real, const W: usize>(to: &Cell<[T; W]>, parts: [T; W]) {
    to.set(sum(to.get(), parts));
}
