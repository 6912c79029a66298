//! Loads points into slots, and stores results from slots, four columns at a time.

#![allow(unsafe_code)]

use crate::program::block::{Block, Set};
use crate::program::compile::{LANES, Source};
use core::arch::x86_64::*;

/// Moves four columns of four floats: `to[i][k] = from[k][i]`.
#[target_feature(enable = "avx2")]
unsafe fn transpose_avx2(from: [*const f64; 4], to: [*mut f64; 4]) {
    // SAFETY: each pointer is one to four floats.
    unsafe {
        let [a, b, c, d] =
            [_mm256_loadu_pd(from[0]), _mm256_loadu_pd(from[1]), _mm256_loadu_pd(from[2]), _mm256_loadu_pd(from[3])];
        let (low, high) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
        let (below, above) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
        _mm256_storeu_pd(to[0], _mm256_permute2f128_pd::<0x20>(low, below));
        _mm256_storeu_pd(to[1], _mm256_permute2f128_pd::<0x20>(high, above));
        _mm256_storeu_pd(to[2], _mm256_permute2f128_pd::<0x31>(low, below));
        _mm256_storeu_pd(to[3], _mm256_permute2f128_pd::<0x31>(high, above));
    }
}

/// The same with registers of 128 bits.
#[inline(always)]
unsafe fn transpose_sse2(from: [*const f64; 4], to: [*mut f64; 4]) {
    // SAFETY: each pointer is one to four floats.
    unsafe {
        for i in [0, 2] {
            for k in [0, 2] {
                let (a, b) = (_mm_loadu_pd(from[k].add(i)), _mm_loadu_pd(from[k + 1].add(i)));
                _mm_storeu_pd(to[i].add(k), _mm_unpacklo_pd(a, b));
                _mm_storeu_pd(to[i + 1].add(k), _mm_unpackhi_pd(a, b));
            }
        }
    }
}

/// Loads columns `column` to `column + 3` of the rows into four slots.
#[inline(always)]
unsafe fn load_columns(
    transpose: impl Fn([*const f64; 4], [*mut f64; 4]),
    rows: &[&[f64]; LANES],
    column: usize,
    slots: [*mut f64; 4],
) {
    for l in (0..LANES).step_by(4) {
        // SAFETY: the caller has checked that the rows have these columns.
        let from = |k: usize| unsafe { rows[l + k].as_ptr().add(column) };
        // SAFETY: a slot has LANES floats.
        transpose([from(0), from(1), from(2), from(3)], slots.map(|slot| unsafe { slot.add(l) }));
    }
}

/// Stores four slots as the columns `column` to `column + 3` of LANES rows of results.
#[inline(always)]
unsafe fn store_columns(
    transpose: impl Fn([*const f64; 4], [*mut f64; 4]),
    slots: [*mut f64; 4],
    results: *mut f64,
    width: usize,
) {
    for l in (0..LANES).step_by(4) {
        // SAFETY: a slot has LANES floats, and there are LANES rows of results.
        unsafe {
            let to = |k: usize| results.add((l + k) * width);
            transpose(slots.map(|slot| slot.add(l).cast_const()), [to(0), to(1), to(2), to(3)]);
        }
    }
}

/// Loads the columns of LANES rows into slots, of which some may not exist, by fours. Returns how many columns were loaded.
pub(crate) fn load_f64(set: Set, rows: &[&[f64]; LANES], slots: &[Option<u32>], block: &mut Block<f64>) -> usize {
    if set == Set::Portable {
        return 0;
    }
    let fours = slots.as_chunks::<4>().0;
    assert!(rows.iter().all(|row| row.len() >= slots.len()), "rows as long as there are inputs");
    for (k, four) in fours.iter().enumerate() {
        // Columns that are not used go to a buffer.
        let mut unused = [[0.0; LANES]; 4];
        let [w, x, y, z] = &mut unused;
        let mut place = |slot: Option<u32>, unused: &mut [f64; LANES]| match slot {
            Some(slot) => block.slots[slot as usize].as_mut_ptr(),
            None => unused.as_mut_ptr(),
        };
        let slots = [place(four[0], w), place(four[1], x), place(four[2], y), place(four[3], z)];
        // SAFETY: the instruction set was found, and the rows are long enough.
        unsafe {
            match set {
                Set::Avx2 => load_columns(|from, to| transpose_avx2(from, to), rows, 4 * k, slots),
                _ => load_columns(|from, to| transpose_sse2(from, to), rows, 4 * k, slots),
            }
        }
    }
    4 * fours.len()
}

/// Stores slots as columns of LANES rows of results, by fours. Returns how many columns were stored: all up to the first four
/// of which one is uniform.
pub(crate) fn store_f64(set: Set, sources: &[Source], results: &mut [f64], block: &mut Block<f64>) -> usize {
    let width = sources.len();
    if set == Set::Portable || results.len() < width * LANES {
        return 0;
    }
    let mut stored = 0;
    for four in sources.as_chunks::<4>().0 {
        let [Source::Slot(w), Source::Slot(x), Source::Slot(y), Source::Slot(z)] = *four else { return stored };
        let slots = [w, x, y, z].map(|slot| block.slots[slot as usize].as_mut_ptr());
        // SAFETY: the instruction set was found, and the results have LANES rows with these columns.
        unsafe {
            let to = results.as_mut_ptr().add(stored);
            match set {
                Set::Avx2 => store_columns(|from, to| transpose_avx2(from, to), slots, to, width),
                _ => store_columns(|from, to| transpose_sse2(from, to), slots, to, width),
            }
        }
        stored += 4;
    }
    stored
}

/// Floats of 32 bits are loaded by plain code.
pub(crate) fn load_f32(_: Set, _: &[&[f32]; LANES], _: &[Option<u32>], _: &mut Block<f32>) -> usize {
    0
}

/// They are stored by plain code.
pub(crate) fn store_f32(_: Set, _: &[Source], _: &mut [f32], _: &mut Block<f32>) -> usize {
    0
}
