//! Values of special functions at plain floats, where neither the standard library nor `libm` has them.
//!
//! Most are simple formulas. The others need algorithms, which no published crate provides well enough: `statrs` 0.19 and
//! `special` 0.14 have ψ, with errors of 226 and 86 ulp at 1.5, near its root, and neither has its derivatives.
//! docs/special.md says how good each function is.

mod lambert;
mod normal;
pub(crate) mod signatures;

pub(crate) use lambert::*;
pub(crate) use normal::*;

#[cfg(not(feature = "std"))]
use num_traits::Float as _;

use core::f64::consts::{LN_2, PI};

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
    } };
    (integer, [$($call:tt)*], $($args:tt)*) => { $($call)* ! { ($($args)*)
        polygamma "The polygamma function `ψₙ(x) = dⁿψ(x)/dxⁿ`; at its poles 0, -1, -2, … the limit from the right (at -0 from the left).",
        erfcx_derivative "The n-th derivative of `erfcx`, which is `(-2)ⁿ n! exp(x²) iⁿerfc(x)` with the repeated integrals of the complementary error function.",
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

/// `ψ(x)`.
pub(crate) fn digamma(x: f64) -> f64 {
    polygamma(x, 0)
}

/// `ψₙ(x)`, ψ₀ = ψ. For n > 0 it is `(-1)ⁿ⁺¹ n! Σ (x+k)⁻ˢ`, s = n+1, k ≥ 0 (Abramowitz & Stegun 6.4.10).
pub(crate) fn polygamma(x: f64, n: u32) -> f64 {
    // (-1)ⁿ⁺¹, which is (-1)ˢ.
    let sign = if n.is_multiple_of(2) { -1.0 } else { 1.0 };
    if x.is_nan() || x == f64::NEG_INFINITY {
        return f64::NAN;
    }
    if x == 0.0 && n.is_multiple_of(2) {
        return f64::NEG_INFINITY.copysign(-x);
    }
    if x <= 0.0 && x == x.floor() {
        return sign * f64::INFINITY;
    }
    if n == 0 {
        return digamma_off_poles(x);
    }
    if x > 0.0 {
        return sign * factorial_zeta(n, x);
    }
    // Here x < 0, so the first terms x + k of the sum are negative. Those above 0 add up to `tail`. The magnitudes of
    // those below 0 run from ceil(x) - x to -x, and their sum is the difference of two infinite ones, near - far.
    let tail = factorial_zeta(n, x - x.floor());
    let (near, far) = (factorial_zeta(n, x.ceil() - x), factorial_zeta(n, 1.0 - x));
    // In this order, because the first two cancel midway between two poles.
    sign * ((tail + sign * near) - sign * far)
}

/// `n! ζ(n+1, x)` for x > 0, where ζ is Hurwitz' zeta function.
fn factorial_zeta(n: u32, x: f64) -> f64 {
    let s = f64::from(n) + 1.0;
    if x.is_infinite() {
        return 0.0;
    }
    if n <= 20 && x < 1e10 {
        let factorial = (1..=n).map(f64::from).product::<f64>();
        return factorial * hurwitz_zeta(s, x, 1.0);
    }
    // x⁻ˢ is factored out, because it over- or underflows long before n! x⁻ˢ does.
    let scaled = hurwitz_zeta(s, x, x);
    if n <= 170 {
        let factorial = (1..=n).map(f64::from).product::<f64>();
        let half = (s / 2.0).floor();
        return factorial * x.powf(-half) * scaled * x.powf(half - s);
    }
    (libm::lgamma(s) - s * x.ln()).exp() * scaled
}

/// `B₂ₖ/(2k)!` for k = 1, 2, …, with the Bernoulli numbers; they shrink like (2π)⁻²ᵏ.
pub(crate) const BERNOULLI: [f64; 12] = [
    0.083_333_333_333_333_33,
    -0.001_388_888_888_888_889,
    3.306_878_306_878_307e-5,
    -8.267_195_767_195_768e-7,
    2.087_675_698_786_81e-8,
    -5.284_190_138_687_493e-10,
    1.338_253_653_068_467_9e-11,
    -3.389_680_296_322_582_7e-13,
    8.586_062_056_277_845e-15,
    -2.174_868_698_558_062e-16,
    5.509_002_828_360_229_5e-18,
    -1.395_446_468_581_252_2e-19,
];

/// `unitˢ ζ(s, x) = Σ ((x+k)/unit)⁻ˢ` for x > 0. The first terms are added one by one, and the rest is computed by the
/// Euler-Maclaurin formula.
fn hurwitz_zeta(s: f64, x: f64, unit: f64) -> f64 {
    let term = |k: u32| ((x + f64::from(k)) / unit).powf(-s);
    // From this argument on, twelve terms of the Euler-Maclaurin formula are enough for any s.
    let start = 10.0 + 1.5 * s;
    let m = (start - x).ceil().max(0.0);
    // Later terms are less than e⁻⁴⁰ of the first one.
    let enough = (x * (40.0 / s).exp_m1()).ceil();
    if enough < m {
        return (0..=enough as u32).rev().fold(0.0, |sum, k| sum + term(k));
    }
    let m = m as u32;
    let y = x + f64::from(m);
    let mut rising = s / (y * y);
    let mut tail = 1.0 / (s - 1.0) + 0.5 / y;
    for (b, k) in BERNOULLI.iter().zip(1_u32..) {
        tail += b * rising;
        let j = s + 2.0 * f64::from(k) - 1.0;
        rising *= j * (j + 1.0) / (y * y);
    }
    let tail = tail * (y / unit).powf(1.0 - s) * unit;
    (0..m).rev().fold(tail, |sum, k| sum + term(k))
}

/// `ψ(x)`, where x is not a pole.
fn digamma_off_poles(x: f64) -> f64 {
    /// B₂ₖ/(2k)
    const B: [f64; 10] = [
        0.083_333_333_333_333_33,
        -0.008_333_333_333_333_333,
        0.003_968_253_968_253_968,
        -0.004_166_666_666_666_667,
        0.007_575_757_575_757_576,
        -0.021_092_796_092_796_094,
        0.083_333_333_333_333_33,
        -0.443_259_803_921_568_6,
        3.053_954_330_270_119_8,
        -26.456_212_121_212_122,
    ];
    if x < 0.0 {
        // The reflection formula (6.3.7). The angle is reduced exactly.
        return digamma_off_poles(1.0 - x) - PI / (PI * (x - x.round())).tan();
    }
    if x < 1.0 {
        return digamma_near_root(x + 1.0) - 1.0 / x;
    }
    if x < 8.0 {
        // The recurrence (6.3.6) leads down to [1, 2), where the root is.
        let steps = x as u32 - 1;
        let base = digamma_near_root(x - f64::from(steps));
        return (1..=steps).rev().fold(base, |sum, k| sum + 1.0 / (x - f64::from(k)));
    }
    if x.is_infinite() {
        return x;
    }
    // The asymptotic series (6.3.18).
    let z = 1.0 / (x * x);
    x.ln() - (0.5 / x + z * B.iter().rev().fold(0.0, |sum, b| sum * z + b))
}

/// `ψ(x)` in [1, 2], with a small relative error near its root as well. It is (x - root) times a polynomial in t = 2x -
/// 3, the Chebyshev interpolation of ψ(x)/(x - root), which was computed with 60 digits.
fn digamma_near_root(x: f64) -> f64 {
    const ROOT: [f64; 2] = [1.461_632_144_968_362_2, 9.549_995_429_965_697e-17];
    const C: [f64; 23] = [
        0.951_055_876_031_832_8,
        -0.211_813_710_640_730_3,
        0.060_135_621_060_196_84,
        -0.018_550_615_381_735_008,
        0.005_936_795_278_301_761,
        -0.001_935_066_664_861_307_1,
        0.000_636_888_030_386_581_7,
        -0.000_210_748_411_381_755_61,
        6.995_018_825_112_794e-5,
        -2.325_824_251_911_328_5e-5,
        7.741_234_508_636_364e-6,
        -2.578_093_954_045_772e-6,
        8.589_060_721_930_695e-7,
        -2.863_161_166_883_193e-7,
        9.543_298_288_278_275e-8,
        -3.162_911_147_408_454e-8,
        1.052_769_243_502_668_6e-8,
        -3.708_375_324_280_727_7e-9,
        1.246_998_461_670_740_3e-9,
        -2.758_099_481_437_7e-10,
        8.734_528_429_142_953e-11,
        -8.505_507_660_132_61e-11,
        2.918_622_732_168_261e-11,
    ];
    let t = 2.0 * x - 3.0;
    ((x - ROOT[0]) - ROOT[1]) * C.iter().rev().fold(0.0, |sum, c| sum * t + c)
}
