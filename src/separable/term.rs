//! `Term`: the elements of a kind as a part of a function, computed chunk by chunk.

use super::element::Quantity;
use super::kind::{At, Part};
use super::manifold::Links;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// So many elements are computed before their results are added up.
const CHUNK: usize = 1024;

/// Elements of one kind, and the first row that they have.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) part: Arc<dyn Part>,
    pub(super) first_row: usize,
}

impl Term {
    /// The row of the function to which output m of element k is added.
    pub(super) fn row(&self, k: usize, m: usize) -> usize {
        let place = k * self.part.shape()[2] + m;
        self.first_row + self.part.rows().map_or(place, |rows| rows[place] as usize)
    }

    /// The variables of element k.
    pub(super) fn variables(&self, k: usize) -> &[u32] {
        let count = self.part.shape()[1];
        &self.part.variables()[k * count..][..count]
    }

    /// Computes a quantity of all elements, and calls `add_up` with the ranges and results of one wave after another: of a chunk,
    /// or of a few if all threads share the work. So sums do not depend on the number of threads.
    pub(super) fn each(
        &self,
        quantity: Quantity,
        at: &At<'_>,
        map: Option<Map<'_>>,
        mut add_up: impl FnMut(Range<usize>, &[f64]) + Send,
    ) {
        let elements = self.part.shape()[0];
        let width = map.map_or_else(|| self.width(quantity), |(width, _)| width);
        let is_shared = is_shared(elements * width);
        in_pool(is_shared, || {
            let wave = CHUNK * if is_shared { chunks_at_once() } else { 1 };
            let mut results = vec![0.0; wave.min(elements) * width];
            for start in (0..elements).step_by(wave) {
                let wave = start..(start + wave).min(elements);
                let results = &mut results[..wave.len() * width];
                let mut parts: Vec<&mut [f64]> = results.chunks_mut((CHUNK * width).max(1)).collect();
                parts.resize_with(wave.len().div_ceil(CHUNK), Default::default);
                on_threads(is_shared, wave.clone(), parts, |chunk, results| {
                    self.compute(quantity, at, map, chunk, results);
                });
                add_up(wave, results);
            }
        });
    }

    /// As [`each`](Self::each), where each chunk's results go to a place of its own: `places(chunk)` splits it off, in the order
    /// of the chunks. They are added there on all threads, if these share the work.
    pub(super) fn each_apart<P: Send>(
        &self,
        quantity: Quantity,
        at: &At<'_>,
        map: Option<Map<'_>>,
        places: impl FnMut(Range<usize>) -> P,
        add_up: impl Fn(Range<usize>, P, &[f64]) + Sync,
    ) {
        let elements = 0..self.part.shape()[0];
        let width = map.map_or_else(|| self.width(quantity), |(width, _)| width);
        let places = chunks(elements.clone()).map(places).collect();
        on_threads(is_shared(elements.len() * width), elements, places, |chunk, place| {
            let mut results = vec![0.0; chunk.len() * width];
            self.compute(quantity, at, map, chunk.clone(), &mut results);
            add_up(chunk, place, &results);
        });
    }

    /// Computes a quantity of a chunk.
    fn compute(&self, quantity: Quantity, at: &At<'_>, map: Option<Map<'_>>, chunk: Range<usize>, results: &mut [f64]) {
        let Some((width, map)) = map else { return self.part.compute(quantity, at, chunk, results) };
        let all = self.width(quantity);
        let mut buffer = vec![0.0; chunk.len() * all];
        self.part.compute(quantity, at, chunk.clone(), &mut buffer);
        let mut links = Links::default();
        for (i, k) in chunk.enumerate() {
            map(k, &buffer[i * all..][..all], &mut results[i * width..][..width], &mut links);
        }
    }

    fn width(&self, quantity: Quantity) -> usize {
        let [_, variables, outputs] = self.part.shape();
        quantity.width(variables, outputs)
    }
}

/// What is made of the results of element k before they are added up: so many results. The links are memory for it.
pub(super) type Map<'a> = (usize, &'a (dyn Fn(usize, &[f64], &mut [f64], &mut Links) + Sync));

fn chunks(elements: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = elements.end;
    elements.step_by(CHUNK).map(move |start| start..(start + CHUNK).min(end))
}

/// Whether so many results are worth waking up other threads for.
fn is_shared(results: usize) -> bool {
    cfg!(feature = "rayon") && results >= 1 << 16
}

/// Calls `work` with each chunk of the elements and one of the parts, on all threads if the work is shared.
fn on_threads<P: Send>(is_shared: bool, elements: Range<usize>, parts: Vec<P>, work: impl Fn(Range<usize>, P) + Sync) {
    #[cfg(feature = "rayon")]
    if is_shared {
        use rayon::prelude::*;

        let chunks: Vec<_> = chunks(elements).collect();
        return chunks.into_par_iter().zip(parts).for_each(|(chunk, part)| work(chunk, part));
    }
    let _ = is_shared;
    chunks(elements).zip(parts).for_each(|(chunk, part)| work(chunk, part));
}

/// Calls `work` on a thread of the pool if it is shared: another thread would wait for the pool to wake up each time that it
/// has work for all threads.
fn in_pool(is_shared: bool, work: impl FnOnce() + Send) {
    #[cfg(feature = "rayon")]
    if is_shared {
        return rayon::scope(|_| work());
    }
    let _ = is_shared;
    work();
}

/// How many chunks are worth computing at the same time.
fn chunks_at_once() -> usize {
    #[cfg(feature = "rayon")]
    return match rayon::current_num_threads() {
        1 => 1,
        threads => 4 * threads,
    };
    #[cfg(not(feature = "rayon"))]
    1
}
