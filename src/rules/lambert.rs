//! Lambert's function and `ln(1 - eˣ)`.

use crate::real::{Chain, Real};
use num_traits::One as _;

/// Lambert's function, the branch f ≥ -1 of the solution of f·eᶠ = x; f' = 1/(eᶠ(1 + f)), which from x = e on is computed
/// as 1/(x + eᶠ), because there the error of f counts for less; f" = -f'²(2 + f)/(1 + f).
#[doc(alias = "lambertw")]
#[inline]
pub fn lambert_w0<X: Chain>(x: X) -> X {
    let f = x.re().lambert_w0();
    let df = lambert_w0_slope(x.re(), f);
    x.chain(f, df, || lambert_curvature(f, df))
}

/// The branch f ≤ -1 of Lambert's function; f' = f/(x(1 + f)), f" = -f'²(2 + f)/(1 + f).
#[doc(alias = "lambertw")]
#[inline]
pub fn lambert_wm1<X: Chain>(x: X) -> X {
    let f = x.re().lambert_wm1();
    let df = lambert_wm1_slope(x.re(), f);
    x.chain(f, df, || lambert_curvature(f, df))
}

pub(crate) fn lambert_w0_slope<T: Real>(x: T, f: T) -> T {
    let near = || (-f).exp() / (f + T::one());
    T::pick(x.float(), Real::lit(core::f64::consts::E), near, || (x + f.exp()).recip())
}

pub(crate) fn lambert_wm1_slope<T: Real>(x: T, f: T) -> T {
    f / (x * (f + T::one()))
}

fn lambert_curvature<T: Real>(f: T, df: T) -> T {
    -(df * df) * ((f + T::lit(2.0)) / (f + T::one()))
}

/// `ln(1 - eˣ)` for x < 0; f' = -eˣ/(1 - eˣ), f" = f'(1 - f').
#[doc(alias = "log1mexp")]
#[doc(alias = "log1m_exp")]
#[inline]
pub fn ln_1m_exp<X: Chain>(x: X) -> X {
    let a = x.re();
    let df = ln_1m_exp_slope(a);
    x.chain(a.ln_1m_exp(), df, || df * (X::Re::one() - df))
}

/// `-eˣ/(1 - eˣ)`
pub(crate) fn ln_1m_exp_slope<T: Real>(x: T) -> T {
    x.exp() / x.exp_m1()
}
