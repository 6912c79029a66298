//! Functions of the normal distribution beside Φ: its logarithm and its inverse, and the scaled error function.

use super::special::{norm_cdf_slope, series};
use crate::nonfinite::zero_product;
use crate::real::{Chain, Real};
use core::f64::consts::FRAC_1_SQRT_2;
use num_traits::{Float, FloatConst};

/// √(π/2)
const ROOT: f64 = 1.253_314_137_315_500_3;

/// `erfcx(x) = exp(x²) erfc(x)`; f' = 2x f - 2/√π and f" = 2(f + x f') as [`erfcx_derivative`], because these differences
/// cancel: at x = 1e8 they have no digit left.
#[inline]
pub fn erfcx<X: Chain>(x: X) -> X {
    x.chain(x.re().erfcx(), x.re().erfcx_derivative(1), || x.re().erfcx_derivative(2))
}

/// The n-th derivative of erfcx, `(-2)ⁿ n! exp(x²) iⁿerfc(x)`; f' and f" are those of order n+1 and n+2.
#[inline]
pub fn erfcx_derivative<X: Chain>(x: X, n: u32) -> X {
    let of = |k| x.re().erfcx_derivative(n.saturating_add(k));
    x.chain(of(0), of(1), || of(2))
}

/// `ln Φ(x)`; f' = φ(x)/Φ(x), which for x < 0 is √(2/π)/erfcx(t), t = -x/√2, because both vanish in the tail; f" = -f'(x +
/// f'), for x < 0 computed as f'²√π/2·erfcx'(t), where x + f' cancels. Below -30, where higher derivatives would cancel
/// as well, f' and f" are quotients of asymptotic series in 1/x².
#[doc(alias = "log_ndtr")]
#[inline]
pub fn ln_norm_cdf<X: Chain>(x: X) -> X {
    let a = x.re();
    let df = ln_norm_cdf_slope(a);
    x.chain(a.ln_norm_cdf(), df, || {
        let tail = || df * df * (erfc_argument(a).erfcx_derivative(1) * X::Re::lit(ROOT * FRAC_1_SQRT_2));
        let far = || {
            let s = mills_series(a, -1.0);
            -mills_series(a, 1.0) / (s * s)
        };
        three(a, far, tail, || -zero_product(df, a + df))
    })
}

/// `φ(x)/Φ(x)`
pub(crate) fn ln_norm_cdf_slope<T: Real>(x: T) -> T {
    let far = || -x / mills_series(x, -1.0);
    three(x, far, || T::lit(1.0 / ROOT) / erfc_argument(x).erfcx(), || norm_cdf_slope(x) / x.norm_cdf())
}

/// A choice for x < -30, x < 0, and the rest.
fn three<T: Real>(x: T, far: impl FnOnce() -> T, tail: impl FnOnce() -> T, rest: impl FnOnce() -> T) -> T {
    T::pick(x.float(), Real::lit(0.0), || T::pick(x.float(), Real::lit(-30.0), far, tail), rest)
}

fn erfc_argument<T: Real>(x: T) -> T {
    x.times(T::Float::lit(-FRAC_1_SQRT_2))
}

/// `Σ (-w)ᵏ·(2+p)(4+p)…(2k+p)`, w = 1/x²: for p = -1 the asymptotic series of -xΦ(x)/φ(x) (DLMF 7.12.1), and for p = 1 that
/// of x²(1 + xΦ(x)/φ(x)).
fn mills_series<T: Real>(x: T, p: f64) -> T {
    let inverse = x.recip();
    series(-(inverse * inverse), 12, |k| 2.0 * k + p)
}

/// The slope `√π/2·exp(z²)` of the inverse of erf, given its value z and `rest = 1 - erf|z|`. Below rest = 0.2 it is
/// √π/2·erfcx|z|/rest, because exp(z²) would multiply the relative error of z by 2z²: 1 400 at z = 26.
pub(crate) fn erf_inv_slope<T: Real>(z: T, rest: T) -> T {
    let tail = || z.abs().erfcx() / rest;
    let formula = || (z * z).exp();
    // At the end of the domain, where rest is less than the smallest float, z is infinite.
    let least = T::Float::min_positive_value() * T::Float::epsilon();
    let near = || T::pick(rest.float(), least, formula, tail);
    let slope = T::pick(rest.float(), Real::lit(0.2), near, formula);
    slope.times(T::Float::FRAC_2_SQRT_PI().recip())
}

/// The inverse of erf; f' = √π/2·exp(f²), f" = 2f f'².
#[doc(alias = "erfinv")]
#[inline]
pub fn erf_inv<X: Chain>(y: X) -> X {
    let (a, f) = (y.re(), y.re().erf_inv());
    let df = erf_inv_slope(f, erf_inv_rest(a));
    y.chain(f, df, || (f + f) * (df * df))
}

/// The inverse of erfc; f' = -√π/2·exp(f²), f" = 2f f'².
#[doc(alias = "erfcinv")]
#[inline]
pub fn erfc_inv<X: Chain>(y: X) -> X {
    let (a, f) = (y.re(), y.re().erfc_inv());
    let df = -erf_inv_slope(f, erfc_inv_rest(a));
    y.chain(f, df, || (f + f) * (df * df))
}

/// `Φ⁻¹(p)`; f' = √(2π)·exp(f²/2), f" = f f'².
#[doc(alias = "ndtri")]
#[doc(alias = "norm_quantile")]
#[inline]
pub fn probit<X: Chain>(p: X) -> X {
    let (a, f) = (p.re(), p.re().probit());
    let df = probit_slope(a, f);
    p.chain(f, df, || f * (df * df))
}

/// `√(2π)·exp(f²/2)`, f = Φ⁻¹(p).
pub(crate) fn probit_slope<T: Real>(p: T, f: T) -> T {
    let root = T::Float::SQRT_2();
    erf_inv_slope(f.times(T::Float::FRAC_1_SQRT_2()), erfc_inv_rest(p + p)).times(root + root)
}

/// `1 - |y|`
pub(crate) fn erf_inv_rest<T: Real>(y: T) -> T {
    T::pick(y.float(), Real::lit(0.0), || T::one() + y, || T::one() - y)
}

/// `1 - |1 - y|`
pub(crate) fn erfc_inv_rest<T: Real>(y: T) -> T {
    T::pick(y.float(), Real::lit(1.0), || y, || T::lit(2.0) - y)
}
