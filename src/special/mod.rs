//! Values of special functions at plain floats, where neither the standard library nor `libm` has them.
//!
//! Most are simple formulas. The others need algorithms, which no published crate provides well enough: `statrs` 0.19 and
//! `special` 0.14 have ψ, with errors of 226 and 86 ulp at 1.5, near its root, and neither has its derivatives.
//! docs/special.md says how good each function is.

mod bessel;
mod beta;
mod digamma;
mod incomplete;
mod jet;
mod lambert;
mod normal;
pub(crate) mod saddle;
pub(crate) mod signatures;

pub(crate) use bessel::*;
pub(crate) use beta::*;
pub(crate) use digamma::*;
pub use incomplete::Incomplete;
pub(crate) use incomplete::incomplete;
pub(crate) use lambert::*;
pub(crate) use normal::*;

#[cfg(not(feature = "std"))]
use num_traits::Float as _;

use core::f64::consts::LN_2;

/// The groups `special`, `special2` and `integer` of `rules::rows!`: the functions that `num_traits::Float` does not have.
/// Those of `integer` have a parameter, a `u32`.
macro_rules! special_rows {
    (special, [$($call:tt)*], $($args:tt)*) => { $($call)* ! { ($($args)*)
        round_ties_even "The nearest integer, halves to even; its derivative is 0." (rint, rintf),
        erf "The error function `2/√π ∫₀ˣ exp(-t²) dt`." (erf, erff),
        erfc "The complementary error function `1 - erf(x)`, accurate in its tail." (erfc, erfcf),
        gamma "The gamma function `Γ(x)`; NaN at the negative integers." (tgamma, tgammaf),
        ln_gamma "`ln|Γ(x)|`; +∞ at 0 and the negative integers." (lgamma, lgammaf),
        digamma "The digamma function `ψ(x) = Γ'(x)/Γ(x)`; -∞ at its poles 0, -1, -2, … (the limit from the right), +∞ at -0.",
        norm_cdf "The cumulative distribution function of the standard normal, accurate in its tail.",
        sinc "`sin(x)/x`, 1 at 0.",
        sinhc "`sinh(x)/x`, 1 at 0.",
        sph_j1 "The spherical Bessel function `j₁(x) = (sin(x)/x - cos(x))/x`, 0 at 0. (`j₀` is `sinc`.)",
        sph_j2 "The spherical Bessel function `j₂(x) = 3·j₁(x)/x - sin(x)/x`, 0 at 0.",
        softplus "`ln(1 + eˣ)`.",
        sigmoid "The logistic function `1/(1 + e⁻ˣ)`.",
        ln_1m_exp "`ln(1 - eˣ)` for x < 0, accurate near 0 and far from it.",
        erfcx "The scaled complementary error function `exp(x²) erfc(x)`.",
        ln_norm_cdf "The logarithm of the cumulative distribution function of the standard normal, `ln Φ(x)`, accurate in both tails.",
        probit "The quantile function of the standard normal, `Φ⁻¹(p)`, accurate for small p.",
        erf_inv "The inverse of the error function.",
        erfc_inv "The inverse of the complementary error function, accurate for small arguments.",
        lambert_w0 "Lambert's function: the solution `w ≥ -1` of `w·eʷ = x`, for x ≥ -1/e.",
        lambert_wm1 "The other branch of Lambert's function: the solution `w ≤ -1` of `w·eʷ = x`, for -1/e ≤ x < 0.",
    } };
    (special2, [$($call:tt)*], $($args:tt)*) => { $($call)* ! { ($($args)*)
        ln_add_exp "`ln(eˣ + eʸ)` without overflow.",
        xlogy "`x·ln y`, 0 where `x` is 0.",
        ln_beta "The logarithm of the beta function `Γ(x)Γ(y)/Γ(x+y)`, for positive arguments.",
    } };
    (integer, [$($call:tt)*], $($args:tt)*) => { $($call)* ! { ($($args)*)
        polygamma "The polygamma function `ψₙ(x) = dⁿψ(x)/dxⁿ`; at its poles 0, -1, -2, … the limit from the right (at -0 from the left).",
        erfcx_derivative "The n-th derivative of `erfcx`, which is `(-2)ⁿ n! exp(x²) iⁿerfc(x)` with the repeated integrals of the complementary error function.",
        bessel_j "The Bessel function of the first kind `Jₙ(x)`.",
        bessel_y "The Bessel function of the second kind `Yₙ(x)`, for x > 0.",
        bessel_i "The modified Bessel function of the first kind `Iₙ(x)`.",
        bessel_k "The modified Bessel function of the second kind `Kₙ(x)`, for x > 0.",
    } };
}
pub(crate) use special_rows;

pub(crate) fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { x.sin() / x }
}

pub(crate) fn sinhc(x: f64) -> f64 {
    let (s, size) = (x.sinh(), x.abs());
    if x == 0.0 {
        1.0
    } else if s.is_infinite() && size.is_finite() {
        // The hyperbolic sine overflows before the quotient does.
        let root = (0.5 * size).exp();
        (0.5 * root / size) * root
    } else {
        s / x
    }
}

/// By its series where the two terms of its formula have one sign, and cancel at 0.
pub(crate) fn sph_j1(x: f64) -> f64 {
    if x.abs() < 1.6 { x / 3.0 * sph_series(x, 1) } else { (x.sin() / x - x.cos()) / x }
}

/// By its series where it is much less than `sin(x)/x`.
pub(crate) fn sph_j2(x: f64) -> f64 {
    if x.abs() < 3.0 { x * x / 15.0 * sph_series(x, 2) } else { 3.0 * sph_j1(x) / x - x.sin() / x }
}

/// `(2n+1)!!·x⁻ⁿ·jₙ(x)` for |x| ≤ 3 (Abramowitz & Stegun 10.1.2), by Horner's scheme.
fn sph_series(x: f64, n: u32) -> f64 {
    let ratio = |k: u32| f64::from(2 * k * (2 * n + 2 * k + 1));
    (1..=16).rev().fold(1.0, |sum, k| 1.0 - x * x / ratio(k) * sum)
}

pub(crate) fn softplus(x: f64) -> f64 {
    // max(x, 0) would drop a NaN.
    let positive = if x < 0.0 { 0.0 } else { x };
    positive + (-x.abs()).exp().ln_1p()
}

pub(crate) fn sigmoid(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    if x < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
}

pub(crate) fn ln_add_exp(x: f64, y: f64) -> f64 {
    if x == y {
        return x + LN_2;
    }
    x.max(y) + (-(x - y).abs()).exp().ln_1p()
}

pub(crate) fn xlogy(x: f64, y: f64) -> f64 {
    if x == 0.0 && !y.is_nan() { 0.0 } else { x * y.ln() }
}

/// `ln(1 - eˣ)` (Mächler 2012, the vignette "Accurately computing log(1 - exp(-|a|))" of the R package Rmpfr).
pub(crate) fn ln_1m_exp(x: f64) -> f64 {
    if x > -LN_2 { (-x.exp_m1()).ln() } else { (-x.exp()).ln_1p() }
}
