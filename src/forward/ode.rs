//! Power series of the solutions of differential equations.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::point::Seeded;
use crate::number::taylor::Taylor;
use crate::real::Real;
use crate::returns::{Outcome, Output, each, infallible};
use crate::traits::confusion::{driver, marked, outputs};
use core::array::from_fn;

/// Returns the solution of `x' = f(t, x)` with `x(t₀) = x₀` as power series in `t - t₀`, to order K: one [`Taylor`] series for
/// each coordinate, in the shape that `f` returns.
///
/// `f` is called with series of the time and of the state, and returns one rate for each coordinate. If it does not depend on
/// time, it ignores its first argument. The compiler infers K from the type of the result, or the call gives it:
/// `taylor_ode::<20, _, _, _>`.
///
/// At a rotation or a pose `x₀` the coordinates are those of δ in `x₀·exp(δ)`, and the rates are those of δ. They are the
/// angular velocity only at δ = 0; in general a derivative of the logarithm stands between the two.
///
/// From `x' = f(t, x)` follows `xₖ₊₁ = f(t, x)ₖ/(k + 1)`, where `f(t, x)ₖ` depends on the coefficients of x up to k alone. So
/// each pass makes one more coefficient right. That is K passes, in which an operation costs O(K²). (Griewank & Walther,
/// *Evaluating Derivatives*, 2nd ed., section 13.2. Their cheaper ways need the Jacobian of `f` as well, or a recording.)
///
/// ```
/// use nilpotent::taylor_ode;
///
/// // x' = x from x(0) = 1: the exponential function.
/// let [x] = taylor_ode::<4, _, _, _>(|_, [x]| [x], 0.0, [1.0]);
/// assert_eq!((x.re, x.coeffs), (1.0, [1.0, 1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0]));
///
/// // x" = t·x, as a system: x = 1 + t³/6 + …
/// let [x, _] = taylor_ode::<4, _, _, _>(|t, [x, v]| [v, t * x], 0.0_f64, [1.0, 0.0]);
/// assert_eq!(x.coeffs, [0.0, 0.0, 1.0 / 6.0, 0.0]);
/// assert!((x.eval(0.1) - (1.0 + 1e-3 / 6.0)).abs() < 1e-16);
/// ```
///
/// # Panics
/// If `f` returns another number of rates than the state has coordinates.
#[doc(alias = "jet")]
#[doc(alias = "ode_series")]
#[inline]
pub fn taylor_ode<const K: usize, P, T, Y>(
    mut f: impl FnMut(Taylor<T, K>, P::Arg<'_, Taylor<T, K>>) -> Y,
    t: T,
    x: P,
) -> Y::Of<Taylor<T, K>>
where
    P: Seeded<Taylor<T, K>, T = T>,
    T: Real,
    Y: Output<Taylor<T, K>>,
{
    infallible(try_taylor_ode(|t, x| Ok(f(t, x)), t, x))
}

/// [`taylor_ode`] of a function that may fail.
pub fn try_taylor_ode<const K: usize, P, T, Y, R>(
    mut f: impl FnMut(Taylor<T, K>, P::Arg<'_, Taylor<T, K>>) -> R,
    t: T,
    x: P,
) -> R::Of<Y::Of<Taylor<T, K>>>
where
    P: Seeded<Taylor<T, K>, T = T>,
    T: Real,
    Y: Output<Taylor<T, K>>,
    R: Outcome<Value = Y>,
{
    driver!();
    let (n, time) = (x.variables(), marked(Taylor::variable(t)));
    // The coefficients of one order are stored as a gradient is: without heap, if the point is an array.
    let mut known: [P::Gradient; K] = from_fn(|_| x.zeros());
    let mut pass = |known: &mut [P::Gradient; K], values: &mut P::Gradient| {
        let seed = |d: &mut Taylor<T, K>, i: usize, x: T| {
            P::entries(values)[i] = x;
            *d = marked(Taylor::new(x, from_fn(|k| P::entries(&mut known[k])[i])));
        };
        outputs(x.seeded(seed, |x| f(time, x)))
    };
    let checked = |rates: Y| {
        let m = each(&rates, |_, _| ());
        assert!(n == m, "the state has {n} coordinates and the function returned {m} rates");
        rates
    };
    let mut solved = || {
        let mut values = x.zeros();
        let mut rates = checked(pass(&mut known, &mut values)?);
        for k in 0..K {
            if k > 0 {
                rates = checked(pass(&mut known, &mut values)?);
            }
            let order = T::lit((k + 1) as f64);
            each(&rates, |i, rate| P::entries(&mut known[k])[i] = rate.coeff(k) / order);
        }
        let mut i = 0;
        Ok(rates.map(|_| {
            i += 1;
            let coeffs = from_fn(|k| P::entries(&mut known[k])[i - 1].grounded());
            Taylor::new(P::entries(&mut values)[i - 1], coeffs)
        }))
    };
    R::from_result(solved())
}
