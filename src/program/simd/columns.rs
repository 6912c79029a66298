//! Loads points into slots, and stores results from slots, four columns at a time.

#![allow(unsafe_code)]

use crate::program::block::{Block, Set};
use crate::program::code::{LANES, Source};
use core::arch::x86_64::*;
use core::array::from_fn;

/// Moves four columns of four floats: `to[i][k] = from[k][i]`.
#[inline]
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

/// Moves two columns of two floats.
#[inline(always)]
unsafe fn transpose_pair(from: [*const f64; 2], to: [*mut f64; 2]) {
    // SAFETY: each pointer is one to two floats.
    unsafe {
        let (a, b) = (_mm_loadu_pd(from[0]), _mm_loadu_pd(from[1]));
        _mm_storeu_pd(to[0], _mm_unpacklo_pd(a, b));
        _mm_storeu_pd(to[1], _mm_unpackhi_pd(a, b));
    }
}

/// Loops that move N columns between LANES rows and N slots, with an instruction set.
macro_rules! columns {
    ($load:ident $store:ident $transpose:ident $N:literal $($features:literal)?) => {
        /// Loads N columns from the one with the number `column` on.
        $(#[target_feature(enable = $features)])?
        unsafe fn $load(rows: &[&[f64]; LANES], column: usize, slots: [*mut f64; $N]) {
            for l in (0..LANES).step_by($N) {
                // SAFETY: the caller has checked that the rows have these columns; a slot has LANES floats.
                unsafe {
                    $transpose(from_fn(|k| rows[l + k].as_ptr().add(column)), from_fn(|k| slots[k].add(l)));
                }
            }
        }

        /// Stores N slots as columns of LANES rows of results, which start at the pointer and are `width` floats long.
        $(#[target_feature(enable = $features)])?
        unsafe fn $store(slots: [*mut f64; $N], results: *mut f64, width: usize) {
            for l in (0..LANES).step_by($N) {
                // SAFETY: a slot has LANES floats, and there are LANES rows of results.
                unsafe {
                    $transpose(from_fn(|k| slots[k].add(l).cast_const()), from_fn(|k| results.add((l + k) * width)));
                }
            }
        }
    };
}
columns!(load_fours_avx2 store_fours_avx2 transpose_avx2 4 "avx2");
columns!(load_fours_sse2 store_fours_sse2 transpose_sse2 4);
columns!(load_pair store_pair transpose_pair 2);

/// Loads the columns of LANES rows into slots, of which some may not exist. Returns how many columns were loaded: all, or none
/// if the set is the portable one.
pub(crate) fn load_f64(set: Set, rows: &[&[f64]; LANES], slots: &[Option<u32>], block: &mut Block<f64>) -> usize {
    if set == Set::Portable {
        return 0;
    }
    assert!(rows.iter().all(|row| row.len() >= slots.len()), "rows as long as there are inputs");
    // Columns that are not used go to a buffer.
    let mut unused = [[0.0; LANES]; 4];
    let mut place = |k: usize| match slots[k] {
        Some(slot) => block.slots[slot as usize].0.as_mut_ptr(),
        None => unused[k % 4].as_mut_ptr(),
    };
    let mut k = 0;
    // SAFETY: the instruction set was found, the rows are long enough, and the columns of one call have different slots.
    unsafe {
        while k + 4 <= slots.len() {
            let four = [place(k), place(k + 1), place(k + 2), place(k + 3)];
            match set {
                Set::Avx2 => load_fours_avx2(rows, k, four),
                _ => load_fours_sse2(rows, k, four),
            }
            k += 4;
        }
        if k + 2 <= slots.len() {
            load_pair(rows, k, [place(k), place(k + 1)]);
            k += 2;
        }
        if k < slots.len() {
            let slot = place(k);
            for (l, row) in rows.iter().enumerate() {
                slot.add(l).write(*row.as_ptr().add(k));
            }
        }
    }
    slots.len()
}

/// Stores results as columns of LANES rows. Returns how many columns were stored: all, or none if the set is the portable one.
pub(crate) fn store_f64(
    set: Set,
    sources: &[Source],
    uniform: &[f64],
    results: &mut [f64],
    block: &mut Block<f64>,
) -> usize {
    let width = sources.len();
    if set == Set::Portable || results.len() < width * LANES {
        return 0;
    }
    let mut repeated = [[0.0; LANES]; 4];
    let mut place = |k: usize| match sources[k] {
        Source::Slot(slot) => block.slots[slot as usize].0.as_mut_ptr(),
        Source::Uniform(place) => {
            repeated[k % 4] = [uniform[place as usize]; LANES];
            repeated[k % 4].as_mut_ptr()
        }
    };
    let to = results.as_mut_ptr();
    let mut k = 0;
    // SAFETY: the instruction set was found, and the results have LANES rows with these columns.
    unsafe {
        while k + 4 <= width {
            let four = [place(k), place(k + 1), place(k + 2), place(k + 3)];
            match set {
                Set::Avx2 => store_fours_avx2(four, to.add(k), width),
                _ => store_fours_sse2(four, to.add(k), width),
            }
            k += 4;
        }
        if k + 2 <= width {
            store_pair([place(k), place(k + 1)], to.add(k), width);
            k += 2;
        }
        if k < width {
            let slot = place(k);
            for l in 0..LANES {
                to.add(l * width + k).write(*slot.add(l));
            }
        }
    }
    width
}

/// Floats of 32 bits are loaded by plain code.
pub(crate) fn load_f32(_: Set, _: &[&[f32]; LANES], _: &[Option<u32>], _: &mut Block<f32>) -> usize {
    0
}

/// They are stored by plain code.
pub(crate) fn store_f32(_: Set, _: &[Source], _: &[f32], _: &mut [f32], _: &mut Block<f32>) -> usize {
    0
}
