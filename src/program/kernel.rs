//! `Kernel`: a program together with the function itself, for many points.

use super::block::{Block, PARTS, Parts, Set};
use super::compile::{Code, LANES, Source};
use super::lanes::Lane;
use super::straight::{self, Program, length};
use crate::error::Error;
use crate::forward::point::Seeded;
use crate::number::traced::Traced;
use crate::returns::Output;
use alloc::vec;
use alloc::vec::Vec;
use core::array::from_fn;
use core::ops::Range;
use std::sync::OnceLock;

/// Points of one call are split into chunks of this many, whose sums are added in order. So the result does not depend on the
/// number of threads.
const CHUNK: usize = 64 * LANES;

/// A function that is run at many points: as a program in lanes where it takes the course of the recording, and live
/// elsewhere.
///
/// It holds the function twice: with numbers that were recorded, and with floats. Usually both are one generic function,
/// which is written down twice:
///
/// ```
/// use nilpotent::program::Kernel;
/// use nilpotent::{gradient, Error, Real};
///
/// /// f(a, b) = a·exp(-b²), and its gradient.
/// fn f<T: Real>(x: [T; 2]) -> (T, [T; 2]) {
///     gradient(|[a, b]| a * (-b * b).exp(), x)
/// }
///
/// let kernel = Kernel::new(f, f, [1.0, 0.5])?;
/// let points = [[1.0, 0.0], [2.0, 0.0], [3.0, 1.0]];
/// let results = kernel.map(&points)?;
/// assert_eq!(results[..6], [1.0, 1.0, 0.0, 2.0, 1.0, 0.0]);
/// assert_eq!(results[6..], { let (y, [da, db]) = f([3.0, 1.0]); [y, da, db] });
/// # Ok::<(), Error>(())
/// ```
///
/// At every point the results are those of the function, bit for bit, except that a derivative may be 0 instead of -0. A
/// point at which a guard does not hold or a result is not finite is given to the function itself.
#[derive(Clone, Debug)]
pub struct Kernel<P, F, T = f64> {
    program: Program<T>,
    /// The instructions, which are made when they are first needed.
    code: OnceLock<Code>,
    point: P,
    live: F,
    uniform: Vec<bool>,
    summed: Vec<bool>,
    set: Set,
}

/// What a call of [`Kernel::run`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many points were given to the function itself, because the program was not right there.
    pub live: usize,
}

impl<P, F, T, Y> Kernel<P, F, T>
where
    P: Seeded<Traced<T>, T = T> + Seeded<T, T = T>,
    T: Lane,
    F: for<'a> Fn(<P as crate::Point>::Arg<'a, T>) -> Y,
    Y: Output<T>,
{
    /// Records `traced` at the point `x`. `live` must be the same function of floats.
    ///
    /// All inputs may differ from point to point, and each point has its own results, until
    /// [`uniform`](Self::uniform) and [`summed`](Self::summed) say otherwise.
    ///
    /// # Errors
    /// [`Error::ValueLeft`] if the function converts a number into a plain float.
    ///
    /// # Panics
    /// If the function does.
    pub fn new<Z: Output<Traced<T>>>(
        traced: impl FnOnce(<P as crate::Point>::Arg<'_, Traced<T>>) -> Z,
        live: F,
        x: P,
    ) -> Result<Self, Error> {
        let program = straight::record(traced, &x)?;
        let (uniform, summed) = (vec![false; program.inputs()], vec![false; program.results()]);
        Ok(Self { program, code: OnceLock::new(), point: x, live, uniform, summed, set: Set::best() })
    }

    /// Says which inputs are the same at all points of a call, such as parameters. What depends only on them is computed once.
    ///
    /// # Panics
    /// If an index is not that of an input.
    #[must_use]
    pub fn uniform(mut self, inputs: impl IntoIterator<Item = usize>) -> Self {
        inputs.into_iter().for_each(|i| self.uniform[i] = true);
        self.code = OnceLock::new();
        self
    }

    /// Says which results are added up over all points of a call, such as the gradient of a sum.
    ///
    /// The order of the additions depends on the number of points alone, and not on the machine or the number of threads. It
    /// is not the order of a plain loop, so the sums differ from that of such a loop by rounding.
    ///
    /// # Panics
    /// If an index is not that of a result.
    #[must_use]
    pub fn summed(mut self, results: impl IntoIterator<Item = usize>) -> Self {
        results.into_iter().for_each(|k| self.summed[k] = true);
        self.code = OnceLock::new();
        self
    }

    /// The program.
    pub fn program(&self) -> &Program<T> {
        &self.program
    }

    /// Chooses the instruction set, for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn with_set(self, set: Set) -> Self {
        Self { set, ..self }
    }

    /// The results at points that are given with all inputs, one point's results after another's. There must be no uniform
    /// inputs and no summed results.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn map<X: AsRef<[T]> + Sync>(&self, points: &[X]) -> Result<Vec<T>, Error>
    where
        Self: Sync,
    {
        let mut results = vec![T::zero(); points.len() * self.program.results()];
        self.run(points.len(), &[], |i| [points[i].as_ref()], &mut results, &mut [])?;
        Ok(results)
    }

    /// Runs the function at `count` points.
    ///
    /// `uniform` holds the uniform inputs in their order. `point(i)` returns the other inputs of point i, in pieces that stand
    /// one after another; so they may lie in several tables. The results that are not summed go to `results`, one point's after
    /// another's, and the sums to `sums`.
    ///
    /// ```
    /// use nilpotent::program::Kernel;
    /// use nilpotent::{gradient, Error, Real};
    ///
    /// /// The squared residual of the line a·x + b at (x, y), and its gradient in a and b.
    /// fn residual<T: Real>([a, b, x, y]: [T; 4]) -> (T, [T; 2]) {
    ///     gradient(|[a, b]| (a * x + b - y).powi(2), [a, b])
    /// }
    ///
    /// let data = [[0.0, 1.0], [1.0, 3.0], [2.0, 5.0]];
    /// let kernel = Kernel::new(residual, residual, [1.0; 4])?.uniform(0..2).summed(0..3);
    /// let mut sums = [0.0; 3];
    /// kernel.run(data.len(), &[1.0, 1.0], |i| [&data[i][..]], &mut [], &mut sums)?;
    /// assert_eq!(sums, [5.0, -10.0, -6.0]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongLength`] if a slice is longer or shorter than it should be.
    ///
    /// # Panics
    /// If the function does where it is run live.
    pub fn run<'x, const K: usize>(
        &self,
        count: usize,
        uniform: &[T],
        point: impl Fn(usize) -> [&'x [T]; K] + Sync,
        results: &mut [T],
        sums: &mut [T],
    ) -> Result<Report, Error>
    where
        Self: Sync,
    {
        let code = self.code.get_or_init(|| Code::new(&self.program, &self.uniform, &self.summed));
        let width = code.results.len();
        length("uniform inputs", code.uniform.len(), uniform.len())?;
        length("results", count * width, results.len())?;
        length("sums", code.sums, sums.len())?;
        let pieces = if count > 0 { point(0).map(<[T]>::len) } else { [0; K] };
        if count > 0 {
            length("inputs of a point", code.inputs.len(), pieces.iter().sum())?;
        }
        // If the program is right nowhere, all points are live.
        let values = code.prepare(uniform).ok().filter(|values| {
            let uniform = |source: &Source| match source {
                Source::Uniform(place) => values[*place as usize].parts_finite(),
                Source::Slot(_) => true,
            };
            code.results.iter().all(uniform)
        });
        let call = Call { kernel: self, code, uniform, values: values.as_deref(), pieces, point: &point };
        let chunks = (0..count).step_by(CHUNK).map(|start| start..(start + CHUNK).min(count));
        let parts = call.chunks(chunks.collect(), results, width)?;
        sums.fill(-T::zero());
        let mut report = Report::default();
        for (part, live) in parts {
            report.live += live;
            sums.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        Ok(report)
    }
}

/// One call of a kernel.
struct Call<'c, P, F, T, X, const K: usize> {
    kernel: &'c Kernel<P, F, T>,
    code: &'c Code,
    uniform: &'c [T],
    /// All uniform values, or `None` if the program is right nowhere.
    values: Option<&'c [T]>,
    /// The lengths of the pieces of a point.
    pieces: [usize; K],
    point: X,
}

impl<'x, P, F, T, Y, X, const K: usize> Call<'_, P, F, T, X, K>
where
    P: Seeded<T, T = T>,
    T: Lane,
    F: for<'a> Fn(<P as crate::Point>::Arg<'a, T>) -> Y,
    Y: Output<T>,
    X: Fn(usize) -> [&'x [T]; K] + Sync,
    Kernel<P, F, T>: Sync,
{
    /// The sums of each chunk, and how many of its points were live.
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
        let code = self.code;
        let mut block = Block::new(code);
        let mut live = 0;
        for (k, start) in points.clone().step_by(LANES).enumerate() {
            let points = start..(start + LANES).min(points.end);
            let results = &mut results[k * LANES * width..];
            live += self.block(points, &mut block, results, width)?;
        }
        let total = |sums: &Parts<T>| sums.0.iter().fold(-T::zero(), |total, &sum| total + sum);
        let sums: Vec<T> = block.sums.iter().map(total).collect();
        if sums.iter().all(|sum| sum.parts_finite()) || live == points.len() {
            return Ok((sums, live));
        }
        // Some point has a result that is not finite, so the program was wrong there.
        block.sums.fill(Parts([-T::zero(); PARTS]));
        for (k, i) in points.clone().enumerate() {
            self.point(i, k, &mut block, &mut results[k * width..]);
        }
        Ok((block.sums.iter().map(total).collect(), points.len()))
    }

    /// Runs one block and returns how many of its points were live.
    fn block(
        &self,
        points: Range<usize>,
        block: &mut Block<T>,
        results: &mut [T],
        width: usize,
    ) -> Result<usize, Error> {
        let (code, set) = (self.code, self.kernel.set);
        let all = if points.len() < LANES { (1 << points.len()) - 1 } else { u32::MAX };
        block.failed = all;
        let pieces: [[&[T]; K]; LANES] = from_fn(|l| (self.point)((points.start + l).min(points.end - 1)));
        for (piece, expected) in pieces.iter().flat_map(|pieces| pieces.iter().zip(self.pieces)) {
            length("inputs in a piece", expected, piece.len())?;
        }
        if let Some(values) = self.values {
            self.load(&pieces, block);
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
                return Ok(0);
            }
        }
        // Sums are of whole blocks, so that their order is always the same.
        let live = if code.sums > 0 { all } else { block.failed };
        for (k, i) in points.enumerate().filter(|(k, _)| live >> k & 1 != 0) {
            self.point(i, k, block, &mut results[k * width..]);
        }
        Ok(live.count_ones() as usize)
    }

    /// Runs the function itself at point i, which is in lane k.
    fn point(&self, i: usize, k: usize, block: &mut Block<T>, results: &mut [T]) {
        let kernel = self.kernel;
        let (mut lane, mut uniform) = ((self.point)(i).into_iter().flatten(), self.uniform.iter());
        let inputs: Vec<T> = kernel
            .uniform
            .iter()
            .map(|&is_uniform| {
                *if is_uniform { uniform.next() } else { lane.next() }.expect("as many inputs as there should be")
            })
            .collect();
        let y = kernel.point.seeded(|number, i, _| *number = inputs[i], &kernel.live);
        let (mut summed, mut results) = (kernel.summed.iter(), results.iter_mut());
        let mut sums = block.sums.iter_mut();
        y.map(|&y| {
            if *summed.next().expect("as many results as were recorded") {
                sums.next().expect("a sum").0[k % PARTS] += y;
            } else {
                *results.next().expect("room for the result") = y;
            }
        });
    }

    /// Loads the inputs of a block. If it has fewer points than lanes, the other lanes have those of the last point.
    fn load(&self, pieces: &[[&[T]; K]; LANES], block: &mut Block<T>) {
        let mut slots = &self.code.inputs[..];
        for (k, length) in self.pieces.into_iter().enumerate() {
            let (these, rest) = slots.split_at(length);
            T::load(self.kernel.set, &from_fn(|l| pieces[l][k]), these, block);
            slots = rest;
        }
    }
}

/// The sums of a chunk, and how many of its points were live.
type Part<T> = (Vec<T>, usize);
