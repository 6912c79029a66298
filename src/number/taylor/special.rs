//! The rows of special functions for power series, and how rows are written.

use super::series::{Taylor, count};
use crate::real::Real;
use crate::rules::bessel::{bessel_i_nth, bessel_j_nth, bessel_k_nth, bessel_y_nth};
use crate::rules::beta::digamma_rise;
use crate::rules::incomplete::Incomplete;
use crate::rules::lambert::{lambert_w0_slope, lambert_wm1_slope};
use crate::rules::normal::{erf_inv_rest, erf_inv_slope, erfc_inv_rest, ln_norm_cdf_slope, probit_slope};
use num_traits::Float as _;

/// Rows of one argument: `$f` is the value, and the body is the series with that value.
macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident |$x:ident, $f:ident| $body:expr;)*) => { $(
        $(#[$doc])*
        #[inline]
        pub(crate) fn $name<T: Real, const K: usize>($x: Taylor<T, K>) -> Taylor<T, K> {
            let $f = $x.re.$name();
            $body
        }
    )* };
}
pub(super) use rows;

/// Rows of two arguments.
macro_rules! rows2 {
    ($($(#[$doc:meta])* $name:ident |$x:ident, $y:ident, $f:ident| $body:expr;)*) => { $(
        $(#[$doc])*
        #[inline]
        pub(crate) fn $name<T: Real, const K: usize>($x: Taylor<T, K>, $y: Taylor<T, K>) -> Taylor<T, K> {
            let $f = $x.re.$name($y.re);
            $body
        }
    )* };
}
pub(super) use rows2;

pub(super) fn over_factorial<T: Real>(x: T, k: usize) -> T {
    (2..=k).fold(x, |x, j| x.times(count::<T>(j).recip()))
}

rows! {
    erfcx |x, f| x.composed(f, |k| over_factorial(x.re.erfcx_derivative(k as u32), k));
    ln_norm_cdf |x, f| x.integrated(f, ln_norm_cdf_slope(x));
    erf_inv |y, f| implicit(y, f, |y, z| erf_inv_slope(z, erf_inv_rest(y)));
    erfc_inv |y, f| implicit(y, f, |y, z| -erf_inv_slope(z, erfc_inv_rest(y)));
    probit |p, f| implicit(p, f, probit_slope);
}

/// The series z with `z' = d(x, z)·x'` and the value `f`. Each coefficient of z makes one more of d, so this takes K
/// evaluations of d.
fn implicit<T: Real, const K: usize>(
    x: Taylor<T, K>,
    f: T,
    d: impl Fn(Taylor<T, K>, Taylor<T, K>) -> Taylor<T, K>,
) -> Taylor<T, K> {
    let slope = d(x, Taylor::constant(f)).re;
    x.solve(f, slope, |_, z| {
        let known = Taylor::new(f, core::array::from_fn(|k| z.get(k).copied().unwrap_or(T::absent())));
        d(x, known).coeffs[z.len() - 1]
    })
}

// ---- Lambert's function

rows! {
    lambert_w0 |x, f| implicit(x, f, lambert_w0_slope);
    lambert_wm1 |x, f| implicit(x, f, lambert_wm1_slope);
}

/// Rows that are derivatives of one function; `n` is their order.
macro_rules! derivatives {
    ($($name:ident)*) => { $(
        #[inline]
        pub(crate) fn $name<T: Real, const K: usize>(x: Taylor<T, K>, n: u32) -> Taylor<T, K> {
            x.composed(x.re.$name(n), |k| over_factorial(x.re.$name(n.saturating_add(k as u32)), k))
        }
    )* };
}
derivatives! { polygamma erfcx_derivative }

macro_rules! bessel {
    ($($name:ident $nth:ident)*) => { $(
        #[inline]
        pub(crate) fn $name<T: Real, const K: usize>(x: Taylor<T, K>, n: u32) -> Taylor<T, K> {
            x.composed(x.re.$name(n), |k| over_factorial($nth(x.re, n, k as u32), k))
        }
    )* };
}
bessel! { bessel_j bessel_j_nth bessel_y bessel_y_nth bessel_i bessel_i_nth bessel_k bessel_k_nth }

rows2! {
    ln_beta |x, y, f| x.integrated2(y, f, -digamma_rise(x, y), -digamma_rise(y, x));
}

/// The Taylor polynomial of the function in the changes of its arguments.
pub(crate) fn incomplete<T: Real, const K: usize>(
    of: Incomplete,
    x: [Taylor<T, K>; 3],
    orders: [u32; 3],
) -> Taylor<T, K> {
    let re = x.map(|x| x.re);
    let at = |more: [usize; 3]| T::incomplete(of, re, core::array::from_fn(|i| orders[i] + more[i] as u32));
    let changes = x.map(|x| x.shifted(T::absent()));
    let used = if of == Incomplete::Beta { 3 } else { 2 };
    let most: [usize; 3] =
        core::array::from_fn(|i| if i < used && !changes[i].coeffs.iter().all(T::is_absent) { K } else { 0 });
    let mut z = Taylor::constant(at([0; 3]));
    let f = z.re;
    let mut first = Taylor::constant(T::one());
    for i in 0..=most[0] {
        let mut second = first;
        for j in 0..=most[1].min(K - i) {
            let mut third = second;
            for k in 0..=most[2].min(K - i - j) {
                if i + j + k > 0 {
                    let c = over_factorial(over_factorial(over_factorial(at([i, j, k]), i), j), k);
                    z += third.scaled(c);
                }
                third *= changes[2];
            }
            second *= changes[1];
        }
        first *= changes[0];
    }
    z.shifted(f)
}
