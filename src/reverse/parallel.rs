//! Gradients of sums over data, on all cores.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::recorded::{recorded, swept};
use crate::forward::parallel::{chunked, summed};
use crate::forward::point::Seeded;
use crate::real::Real;
use crate::returns::{Outcome, infallible};
use crate::tape::var::Var;

/// Returns `Σ f(data, x)` and its gradient, computed on all cores, with a recording for each chunk of 64 terms.
///
/// The sums of the chunks are added in the order of the data, so the result does not depend on the number of cores.
///
/// ```
/// use nilpotent::{reverse, Var};
///
/// // Least squares through the origin.
/// let data: Vec<(f64, f64)> = (0..1000).map(|i| (i as f64, 3.0 * i as f64)).collect();
/// let loss = |&(t, y): &(f64, f64), x: &[Var]| (x[0] * t - y).powi(2);
/// let (y, dy) = reverse::par_gradient(loss, &data, &[3.0][..]);
/// assert_eq!((y, dy), (0.0, vec![0.0]));
/// ```
///
/// # Panics
/// If `f` does, or returns a variable of another recording.
pub fn par_gradient<P, T, G, I, F>(f: F, data: &[I], x: P) -> (T, G)
where
    P: Seeded<Var<T>, T = T, Gradient = G> + Copy + Sync,
    for<'a> P::Arg<'a, Var<T>>: Clone,
    T: Real,
    G: Send,
    I: Sync,
    F: Fn(&I, P::Arg<'_, Var<T>>) -> Var<T> + Sync,
{
    infallible(try_par_gradient(|data, x| Ok(f(data, x)), data, x))
}

/// [`par_gradient`] of a function that may fail. The first failure in the order of the data comes back.
pub fn try_par_gradient<P, T, G, I, F, R>(f: F, data: &[I], x: P) -> R::Of<(T, G)>
where
    P: Seeded<Var<T>, T = T, Gradient = G> + Copy + Sync,
    for<'a> P::Arg<'a, Var<T>>: Clone,
    T: Real,
    G: Send,
    I: Sync,
    F: Fn(&I, P::Arg<'_, Var<T>>) -> R + Sync,
    R: Outcome<Value = Var<T>, Failure: Send>,
{
    R::from_result(chunked(&x, data, |data| {
        recorded(
            |x: P::Arg<'_, Var<T>>| summed(data, |data| f(data, x.clone()).into_result()),
            &x,
            |_, x| x,
            |open, y| (y.re, swept(open, y, |adjoints| x.with_entries(adjoints))),
        )
    }))
}
