//! Gradients of sums over data, on all cores.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::passes::{first_order, store};
use super::point::{Point, Seeded};
use crate::real::Real;
use crate::returns::{Outcome, infallible};
use crate::rules::Chain;
use crate::traits::confusion::output;
use alloc::vec::Vec;
use num_traits::Zero as _;
use rayon::prelude::*;

/// The number of terms that are differentiated together.
const TERMS: usize = 64;

/// Returns `Σ f(data, x)` and its gradient, computed on all cores, in chunks of 64 terms.
///
/// The sums of the chunks are added in the order of the data, so the result does not depend on the number of cores. The passes
/// over each chunk are those of [`gradient`](super::gradient). For many variables
/// [`reverse::par_gradient`](crate::reverse::par_gradient) takes less time.
///
/// ```
/// use nilpotent::par_gradient;
///
/// // Least squares of a line.
/// let data: Vec<(f64, f64)> = (0..1000).map(|i| (i as f64, 3.0 * i as f64 + 1.0)).collect();
/// let (y, dy) = par_gradient(|&(t, y), [a, b]| (a * t + b - y).powi(2), &data, [3.0, 1.0]);
/// assert_eq!((y, dy), (0.0, [0.0, 0.0]));
/// ```
///
/// # Panics
/// If `f` does.
pub fn par_gradient<P, T, D, G, I, F>(f: F, data: &[I], x: P) -> (T, G)
where
    P: Seeded<D, T = T, Dual<T> = D, Gradient = G> + Copy + Sync,
    for<'a> P::Arg<'a, D>: Clone,
    T: Real,
    D: Chain<Re = T> + Real,
    G: Send,
    I: Sync,
    F: Fn(&I, P::Arg<'_, D>) -> D + Sync,
{
    infallible(try_par_gradient(|data, x| Ok(f(data, x)), data, x))
}

/// [`par_gradient`] of a function that may fail. The first failure in the order of the data comes back.
///
/// ```
/// use nilpotent::try_par_gradient;
///
/// let roots = |&t: &f64, [a]: [nilpotent::Dual; 1]| if t < 0.0 { Err(t) } else { Ok(a * t.sqrt()) };
/// assert_eq!(try_par_gradient(roots, &[1.0, 4.0], [2.0]), Ok((6.0, [3.0])));
/// assert_eq!(try_par_gradient(roots, &[1.0, -4.0, -9.0], [2.0]), Err(-4.0));
/// ```
pub fn try_par_gradient<P, T, D, G, I, F, R>(f: F, data: &[I], x: P) -> R::Of<(T, G)>
where
    P: Seeded<D, T = T, Dual<T> = D, Gradient = G> + Copy + Sync,
    for<'a> P::Arg<'a, D>: Clone,
    T: Real,
    D: Chain<Re = T> + Real,
    G: Send,
    I: Sync,
    F: Fn(&I, P::Arg<'_, D>) -> R + Sync,
    R: Outcome<Value = D, Failure: Send>,
{
    R::from_result(chunked(&x, data, |data| {
        first_order(
            &x,
            |x| output(summed(data, |data| f(data, x.clone()).into_result())),
            |y| (Chain::re(*y), x.zeros()),
            |(_, gradient), start, y| store::<P>(gradient, start, P::partials::<T>(y)),
        )
    }))
}

/// The sum of the terms of one chunk, or the first failure.
pub(crate) fn summed<I, D: Real, E>(data: &[I], mut f: impl FnMut(&I) -> Result<D, E>) -> Result<D, E> {
    data.iter().try_fold(D::zero(), |sum, data| Ok(sum + f(data)?))
}

/// Adds up the values and gradients of all chunks of the data in their order, which are computed on all cores.
pub(crate) fn chunked<P, I, E>(
    x: &P,
    data: &[I],
    gradient: impl Fn(&[I]) -> Result<(P::T, P::Gradient), E> + Sync + Send,
) -> Result<(P::T, P::Gradient), E>
where
    P: Point<Gradient: Send>,
    I: Sync,
    E: Send,
{
    let parts: Vec<_> = data.par_chunks(TERMS).map(gradient).collect();
    parts.into_iter().try_fold((P::T::zero(), x.zeros()), |(y, mut dy), part| {
        let (part, mut slopes) = part?;
        P::entries(&mut dy).iter_mut().zip(P::entries(&mut slopes)).for_each(|(d, &mut s)| *d += s);
        Ok((y + part, dy))
    })
}
