//! What a recording of the tape appends: records, runs and external functions.

use super::external::External;
use super::record::{NONE, Record};
use super::store::Tape;
use super::thread::with;
use crate::arena::misuse::interrupted;
use crate::real::Real;
#[cfg(feature = "trace")]
use crate::trace;
use alloc::sync::Arc;
use core::array::from_fn;
use core::iter::once;
use num_traits::Float as _;

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
    with(|tape: &Tape<T>| match tape.cursor.push(id, || Record::new(operands, [a, b])) {
        Some(node) => (id, node),
        None => make_room(tape, id, operands, a, b),
    })
}

/// The slow path of a push: there is no room, or the variables belong to a recording that is not the open one.
#[cold]
#[inline(never)]
fn make_room<T: Real>(tape: &Tape<T>, id: u64, operands: (u32, u32), a: T, b: T) -> (u64, u32) {
    append(tape, id, Record::new(operands, [a, b]), &[])
}

/// Appends a record, and the slopes of a run.
fn append<T: Real>(tape: &Tape<T>, id: u64, record: Record<T>, run: &[T::Float]) -> (u64, u32) {
    tape.append(once(id), once(record), |store, _| {
        store.runs.extend(run.iter().map(|&slope| T::from_float(slope)));
        #[cfg(feature = "trace")]
        store.operations.push(trace::running());
    })
}

/// Appends a record only if the fast path can.
#[inline(always)]
pub(crate) fn try_push<T: Real>(id: u64, operands: (u32, u32), a: T, b: T) -> Option<u32> {
    with(|tape: &Tape<T>| tape.cursor.push(id, || Record::new(operands, [a, b])))
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
    let record = Record::of_run(first, slopes.len(), T::absent(), T::from_float(sum));
    with(|tape: &Tape<T>| append(tape, id, record, slopes))
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
    let ids = inputs.filter(|&(_, node)| node != NONE).map(|(id, _)| id);
    let records = outputs.iter().map(|_| Record::without_operands(T::absent()));
    with(|tape: &Tape<T>| {
        tape.append(ids, records, |store, before| {
            store.externals.push((before, function));
            #[cfg(feature = "trace")]
            store.operations.extend(outputs.iter().map(|&y| {
                trace::note(y);
                trace::running()
            }));
        })
    })
}

/// Panics unless both variables belong to the open recording or to one that it extends.
#[cold]
#[inline(never)]
pub(crate) fn check_kin<T: Real>(ids: [u64; 2]) {
    with(|tape: &Tape<T>| tape.check(ids.into_iter()));
}
