//! What a recording appends: records, runs and external functions.

use super::arena::Arena;
use super::external::External;
use super::misuse::{full, interrupted, misuse};
use super::record::{JOINED, NONE, Record};
use super::thread::with;
use crate::real::Real;
#[cfg(feature = "trace")]
use crate::trace;
use alloc::sync::Arc;
use core::array::from_fn;
use num_traits::Float as _;

impl<T: Real> Arena<T> {
    /// The slow path of a push: there is no room, or the variables belong to a recording that is not the open one.
    #[cold]
    #[inline(never)]
    pub(super) fn make_room(&self, id: u64, operands: (u32, u32), a: T, b: T) -> (u64, u32) {
        self.append(id, Record::new(operands, [a, b]), &[])
    }

    /// Appends a record, and the slopes of a run.
    fn append(&self, id: u64, record: Record<T>, run: &[T::Float]) -> (u64, u32) {
        let state = &mut *self.state();
        if !state.owns(id) {
            misuse(id, &state.outer);
        }
        let node = state.next();
        if node >= JOINED as usize {
            full();
        }
        state.records.push(record);
        state.runs.extend(run.iter().map(|&slope| T::from_float(slope)));
        #[cfg(feature = "trace")]
        state.operations.push(trace::running());
        (state.now.id, node as u32)
    }
}

/// Appends a record with two operands of the recording `id`. Returns the id of the open recording and the index of the new node,
/// whose value is `value`.
///
/// The parts of the record are passed in registers. A record passed in memory would be stored in parts and loaded as a whole: the
/// load would fail store-to-load forwarding, which takes longer than everything else here.
#[inline(always)]
pub(crate) fn push<T: Real>(id: u64, operands: (u32, u32), a: T, b: T, value: T) -> (u64, u32) {
    #[cfg(feature = "trace")]
    trace::note(value);
    #[cfg(not(feature = "trace"))]
    let _ = value;
    with(|arena: &Arena<T>| match arena.cursor.push(id, operands, a, b) {
        Some(node) => (id, node),
        None => arena.make_room(id, operands, a, b),
    })
}

/// Appends a record only if the fast path can.
#[inline(always)]
pub(crate) fn try_push<T: Real>(id: u64, operands: (u32, u32), a: T, b: T) -> Option<u32> {
    with(|arena: &Arena<T>| arena.cursor.push(id, operands, a, b))
}

/// Appends a run of operands from the index `first` on, which may bear the mark of a joined record. Values must be floats.
#[inline(never)]
pub(crate) fn push_run<T: Real>(id: u64, first: u32, slopes: &[T::Float], value: T) -> (u64, u32) {
    #[cfg(feature = "trace")]
    trace::note(value);
    #[cfg(not(feature = "trace"))]
    let _ = value;
    // Four independent sums, so that no addition waits for another.
    let (fours, rest) = slopes.as_chunks::<4>();
    let [a, b, c, d] = fours.iter().fold([T::Float::lit(0.0); 4], |sums, four| from_fn(|i| sums[i] + four[i].abs()));
    let sum = rest.iter().fold((a + c) + (b + d), |sum, slope| sum + slope.abs());
    let record = Record::of_run(first, slopes.len(), T::zero(), T::from_float(sum));
    with(|arena: &Arena<T>| arena.append(id, record, slopes))
}

/// Returns `new`, which must follow the record `last` if it is joined to it.
#[inline(always)]
pub(crate) fn following(last: u32, new: u32, goes_on: u32) -> u32 {
    if goes_on != 0 && new != last + 1 {
        interrupted();
    }
    new
}

/// Appends an external function, and a node without operands for each of its outputs: the id of the recording and the first of
/// these nodes. The inputs are places of variables.
pub(super) fn push_external<T: Real>(
    inputs: impl Iterator<Item = (u64, u32)>,
    outputs: &[T],
    function: Arc<dyn External<T>>,
) -> (u64, u32) {
    with(|arena: &Arena<T>| {
        let state = &mut *arena.state();
        for (id, node) in inputs {
            if node != NONE && !state.owns(id) {
                misuse(id, &state.outer);
            }
        }
        let node = state.next();
        if node + outputs.len() >= JOINED as usize {
            full();
        }
        state.externals.push((state.records.len(), function));
        let none = Record::without_operands(T::zero());
        state.records.resize(state.records.len() + outputs.len(), none);
        #[cfg(feature = "trace")]
        state.operations.extend(outputs.iter().map(|&y| {
            trace::note(y);
            trace::running()
        }));
        (state.now.id, node as u32)
    })
}

/// Panics unless both variables belong to the open recording or to one that it extends.
#[cold]
#[inline(never)]
pub(crate) fn check_kin<T: Real>(ids: [u64; 2]) {
    with(|arena: &Arena<T>| {
        let state = arena.state();
        if let Some(&stranger) = ids.iter().find(|&&id| !state.owns(id)) {
            misuse(stranger, &state.outer);
        }
    });
}
