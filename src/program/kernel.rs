//! `Kernel`: a program together with the function itself, for many points.

use super::block::Set;
use super::call::Pieces;
use super::lanes::Lane;
use super::programs::{Programs, Report};
use super::straight::{self, Program};
use crate::error::{Error, length};
use crate::forward::point::Seeded;
use crate::number::traced::Traced;
use crate::returns::Output;
use alloc::vec;
use alloc::vec::Vec;

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
/// At every point the results are those of the function, bit for bit, with the two exceptions of [`Program`] and unless the
/// kernel is [`fast`](Self::fast). A point at which a guard does not hold or a result is not finite is given to the
/// function itself.
#[derive(Clone, Debug)]
pub struct Kernel<P, G, F, T = f64> {
    programs: Programs<T>,
    point: P,
    traced: G,
    live: F,
}

impl<P, G, F, T, Z, Y> Kernel<P, G, F, T>
where
    P: Seeded<Traced<T>, T = T> + Seeded<T, T = T> + Sync,
    T: Lane,
    G: for<'a> Fn(<P as crate::Point>::Arg<'a, Traced<T>>) -> Z,
    Z: Output<Traced<T>>,
    F: for<'a> Fn(<P as crate::Point>::Arg<'a, T>) -> Y + Sync,
    Y: Output<T>,
{
    /// Records `traced` at the point `x`. `live` must be the same function of floats.
    ///
    /// All inputs may differ from point to point, and each point has its own results, until
    /// [`uniform`](Self::uniform) and [`summed`](Self::summed) say otherwise.
    ///
    /// # Errors
    /// As [`record`](super::record).
    ///
    /// # Panics
    /// If the function does.
    pub fn new(traced: G, live: F, x: P) -> Result<Self, Error> {
        let program = straight::record(&traced, &x, |_, x| x)?;
        Ok(Self { programs: Programs::new(program), point: x, traced, live })
    }

    /// Says which inputs are the same at all points of a call, such as parameters. What depends only on them is computed once.
    ///
    /// # Panics
    /// If an index is not that of an input.
    #[must_use]
    pub fn uniform(mut self, inputs: impl IntoIterator<Item = usize>) -> Self {
        self.programs.set_uniform(inputs);
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
        self.programs.set_summed(results);
        self
    }

    /// Computes common functions of `f64` in vector registers.
    ///
    /// Without it, functions such as `exp` and `sin` are computed lane by lane by those of a single float, bit for bit. With
    /// it the results differ from the function's by rounding: each of these functions is right to 2 ulp, as
    /// [the guide](crate::guide::programs#fast-functions) lists them. A guard is decided by these values, so where both sides
    /// are equal but for rounding, it may have the other outcome. Points that are given to the function itself have its
    /// results, and what depends on uniform inputs alone is computed by the functions of a single float.
    ///
    /// Functions of `f32` stay as they are. On processors other than x86-64 nothing changes.
    ///
    /// ```
    /// use nilpotent::program::Kernel;
    /// use nilpotent::{derivative, Error, Real};
    ///
    /// fn f<T: Real>([x]: [T; 1]) -> (T, T) {
    ///     derivative(|x| (-x * x).exp(), x)
    /// }
    ///
    /// let kernel = Kernel::new(f, f, [1.0])?.fast();
    /// let results = kernel.map(&[[0.0], [0.5]])?;
    /// assert_eq!(results[..2], [1.0, 0.0]);
    /// let (y, slope) = f([0.5_f64]);
    /// assert!((results[2] - y).abs() < 4e-16 && (results[3] - slope).abs() < 4e-16);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn fast(mut self) -> Self {
        self.programs.set_fast();
        self
    }

    /// The program.
    pub fn program(&self) -> &Program<T> {
        self.programs.program()
    }

    /// Chooses the instruction set, for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn with_set(mut self, set: Set) -> Self {
        self.programs.set_instructions(set);
        self
    }

    /// The results at points that are given with all inputs, one point's results after another's. There must be no uniform
    /// inputs and no summed results.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn map<X: AsRef<[T]> + Sync>(&self, points: &[X]) -> Result<Vec<T>, Error> {
        let mut results = vec![T::zero(); points.len() * self.program().results()];
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
    ) -> Result<Report, Error> {
        let (like, function) = (&self.point, &self.live);
        let record = |inputs: &[T]| straight::record(&self.traced, like, |i, _| inputs[i]);
        let live = |inputs: &[T], use_result: &mut dyn FnMut(T)| {
            like.seeded(|number, i, _| *number = inputs[i], function).map(|&y| use_result(y));
        };
        let lengths = if count > 0 { point(0).map(<[T]>::len) } else { [0; K] };
        if count > 0 {
            length("inputs of a point", self.programs.inputs(), lengths.iter().sum())?;
        }
        self.programs.run((record, live), count, uniform, &Pieces { lengths, point }, results, sums)
    }
}
