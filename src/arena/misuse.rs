//! What is said of misuse: variables where they do not belong, and recordings that are too long.

/// The number of indices that the nodes of a recording have. The highest bit of 32 is free for marks.
pub(crate) const INDICES: u32 = 1 << 31;

/// Panics because of a number of the recording `stranger`; `outer` are the recordings around the open one.
#[cold]
#[inline(never)]
pub(crate) fn misuse(stranger: u64, outer: &[u64], advice: &str) -> ! {
    if outer.contains(&stranger) {
        panic!("a variable of an outer recording in an inner one of the same type: {advice}");
    }
    panic!("a variable of a recording that has ended, or that belongs to another thread");
}

/// Panics because a recording has more nodes than indices.
#[cold]
#[inline(never)]
pub(crate) fn full() -> ! {
    panic!("a recording holds {INDICES} nodes; `checkpoint` records parts of a long computation one at a time");
}

/// Panics because the records of one node would not be contiguous.
#[cold]
#[inline(never)]
pub(crate) fn interrupted() -> ! {
    panic!("the terms of a sum were recorded while the sum was: collect them first");
}
