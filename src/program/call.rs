//! One call of a program for many points: chunks and blocks of points.

use super::block::{Block, PARTS, Parts, Set};
use super::code::{Code, LANES, Source};
use super::lanes::Lane;
use crate::error::{Error, length};
use alloc::vec::Vec;
use core::array::from_fn;
use core::ops::Range;

/// Points of one call are split into chunks of this many, whose sums are added in order. So the result does not depend on the
/// number of threads.
const CHUNK: usize = 64 * LANES;

/// The inputs of many points that are not uniform.
pub(crate) trait Points<T>: Sync {
    /// Appends those of point i.
    fn inputs(&self, i: usize, inputs: &mut Vec<T>);

    /// Loads those of the points in all lanes into slots, of which some may not exist.
    fn load(&self, set: Set, points: [usize; LANES], slots: &[Option<u32>], block: &mut Block<T>) -> Result<(), Error>;
}

/// Points whose inputs come in pieces.
pub(super) struct Pieces<X, const K: usize> {
    /// The lengths of the pieces of a point.
    pub(super) lengths: [usize; K],
    pub(super) point: X,
}

impl<'x, T: Lane, X: Fn(usize) -> [&'x [T]; K] + Sync, const K: usize> Points<T> for Pieces<X, K> {
    fn inputs(&self, i: usize, inputs: &mut Vec<T>) {
        (self.point)(i).into_iter().for_each(|piece| inputs.extend_from_slice(piece));
    }

    #[inline]
    fn load(&self, set: Set, points: [usize; LANES], slots: &[Option<u32>], block: &mut Block<T>) -> Result<(), Error> {
        let pieces = points.map(&self.point);
        for (piece, expected) in pieces.iter().flat_map(|pieces| pieces.iter().zip(self.lengths)) {
            length("inputs in a piece", expected, piece.len())?;
        }
        let mut slots = slots;
        for (k, length) in self.lengths.into_iter().enumerate() {
            let (these, rest) = slots.split_at(length);
            T::load(set, &from_fn(|l| pieces[l][k]), these, block);
            slots = rest;
        }
        Ok(())
    }
}

/// What a call works with, apart from a program.
pub(super) struct Task<'c, F, T, X> {
    /// The function itself, of all inputs, which hands each result on.
    pub(super) live: &'c F,
    /// Which inputs are uniform, and which results are summed.
    pub(super) is_uniform: &'c [bool],
    pub(super) is_summed: &'c [bool],
    pub(super) set: Set,
    /// The uniform inputs.
    pub(super) uniform: &'c [T],
    /// The other inputs of each point.
    pub(super) points: &'c X,
}

/// A program at the points of a task.
pub(super) struct Call<'c, F, T, X> {
    pub(super) task: &'c Task<'c, F, T, X>,
    pub(super) code: &'c Code,
    /// All uniform values, or `None` if the program is right nowhere.
    values: Option<Vec<T>>,
    /// Which of the task's points these are, or all.
    points: Option<&'c [usize]>,
}

/// What became of a chunk of points.
#[derive(Clone, Debug)]
pub(super) struct Part<T> {
    pub(super) sums: Vec<T>,
    /// How many points were given to the function itself.
    pub(super) live: usize,
    /// The points at which the program is not right, and whose results are not known yet. There are none if there are sums.
    pub(super) failed: Vec<usize>,
}

impl<F, T, X> Task<'_, F, T, X>
where
    T: Lane,
    F: Fn(&[T], &mut dyn FnMut(T)) + Sync,
    X: Points<T>,
{
    /// All inputs of point i.
    pub(super) fn inputs(&self, i: usize) -> Vec<T> {
        let mut lane = Vec::new();
        self.points.inputs(i, &mut lane);
        let (mut lane, mut uniform) = (lane.iter(), self.uniform.iter());
        let input = |&is_uniform: &bool| *if is_uniform { uniform.next() } else { lane.next() }.expect("all inputs");
        self.is_uniform.iter().map(input).collect()
    }

    /// Runs the function itself at point i, and calls `use_result` with each result, and whether it is summed.
    pub(super) fn live(&self, i: usize, mut use_result: impl FnMut(T, bool)) {
        let mut summed = self.is_summed.iter();
        (self.live)(&self.inputs(i), &mut |y| use_result(y, *summed.next().expect("as many results as were recorded")));
        assert!(summed.next().is_none(), "the function returned fewer results than were recorded");
    }
}

impl<'c, F, T, X> Call<'c, F, T, X>
where
    T: Lane,
    F: Fn(&[T], &mut dyn FnMut(T)) + Sync,
    X: Points<T>,
{
    pub(super) fn new(task: &'c Task<'c, F, T, X>, code: &'c Code, points: Option<&'c [usize]>) -> Self {
        let values = code.prepare(task.uniform).ok().filter(|values| {
            let finite = |source: &Source| match source {
                Source::Uniform(place) => values[*place as usize].parts_finite(),
                Source::Slot(_) => true,
            };
            code.results.iter().all(finite)
        });
        Self { task, code, values, points }
    }

    /// Runs `count` points, and returns what became of each chunk.
    pub(super) fn run(&self, count: usize, results: &mut [T]) -> Result<Vec<Part<T>>, Error> {
        let width = self.code.results.len();
        let chunks = (0..count).step_by(CHUNK).map(|start| start..(start + CHUNK).min(count)).collect();
        self.chunks(chunks, results, width)
    }

    /// Which of the task's points is the one with the number k.
    fn index(&self, k: usize) -> usize {
        self.points.map_or(k, |points| points[k])
    }

    fn chunks(&self, chunks: Vec<Range<usize>>, results: &mut [T], width: usize) -> Result<Vec<Part<T>>, Error> {
        // Chunks of results have a length of at least 1, although there may be none.
        let mut parts: Vec<&mut [T]> = results.chunks_mut((CHUNK * width).max(1)).collect();
        parts.resize_with(chunks.len(), Default::default);
        let work = |(chunk, results): (Range<usize>, &mut [T])| self.chunk(chunk, results, width);
        #[cfg(feature = "rayon")]
        {
            use rayon::prelude::*;

            chunks.into_par_iter().zip(parts).map(work).collect()
        }
        #[cfg(not(feature = "rayon"))]
        {
            chunks.into_iter().zip(parts).map(work).collect()
        }
    }

    fn chunk(&self, points: Range<usize>, results: &mut [T], width: usize) -> Result<Part<T>, Error> {
        let mut block = Block::new(self.code);
        let mut part = Part { sums: Vec::new(), live: 0, failed: Vec::new() };
        for (k, start) in points.clone().step_by(LANES).enumerate() {
            let points = start..(start + LANES).min(points.end);
            self.block(points, &mut block, &mut results[k * LANES * width..], &mut part)?;
        }
        let total = |sums: &Parts<T>| sums.0.iter().fold(-T::zero(), |total, &sum| total + sum);
        part.sums = block.sums.iter().map(total).collect();
        if !part.sums.iter().all(|sum| sum.parts_finite()) && part.live < points.len() {
            // Some point has a result that is not finite, so the program was wrong there.
            block.sums.fill(Parts([-T::zero(); PARTS]));
            for (k, i) in points.clone().enumerate() {
                self.live(i, k, &mut block, &mut results[k * width..]);
            }
            (part.sums, part.live) = (block.sums.iter().map(total).collect(), points.len());
        }
        Ok(part)
    }

    /// Runs one block.
    fn block(
        &self,
        points: Range<usize>,
        block: &mut Block<T>,
        results: &mut [T],
        part: &mut Part<T>,
    ) -> Result<(), Error> {
        let (code, set, width) = (self.code, self.task.set, self.code.results.len());
        let all = if points.len() < LANES { (1 << points.len()) - 1 } else { u32::MAX };
        block.failed = all;
        // If there are fewer points than lanes, the other lanes have the last one.
        let lanes = from_fn(|l| self.index((points.start + l).min(points.end - 1)));
        self.task.points.load(set, lanes, &code.inputs, block)?;
        if let Some(values) = &self.values {
            T::run(set, code, values, block);
            block.failed &= all;
            if block.failed != all {
                T::store(set, code, values, points.len(), results, block);
            }
            if block.failed == 0 {
                match points.len() {
                    LANES => T::add_up(set, code, values, block),
                    count => block.add_up(code, values, count),
                }
                return Ok(());
            }
        }
        if code.sums == 0 {
            part.failed
                .extend(points.enumerate().filter(|(k, _)| block.failed >> k & 1 != 0).map(|(_, i)| self.index(i)));
            return Ok(());
        }
        // Sums are of whole blocks, so that their order is always the same.
        part.live += points.len();
        for (k, i) in points.enumerate() {
            self.live(i, k, block, &mut results[k * width..]);
        }
        Ok(())
    }

    /// Runs the function itself at point i, which is in lane k.
    fn live(&self, i: usize, k: usize, block: &mut Block<T>, results: &mut [T]) {
        let (mut results, mut sums) = (results.iter_mut(), block.sums.iter_mut());
        self.task.live(self.index(i), |y, is_summed| {
            if is_summed {
                sums.next().expect("a sum").0[k % PARTS] += y;
            } else {
                *results.next().expect("room for the result") = y;
            }
        });
    }
}
