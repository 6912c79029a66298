//! ψ and its derivatives at plain floats.

#[cfg(not(feature = "std"))]
use num_traits::Float as _;

use core::f64::consts::PI;

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
    if x.is_infinite() { x } else { x.ln() + digamma_less_ln(x) }
}

/// `ψ(x) - ln x` for x > 0; from x = 8 on its asymptotic series (6.3.18).
pub(crate) fn digamma_less_ln(x: f64) -> f64 {
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
    if x < 8.0 {
        return digamma_off_poles(x) - x.ln();
    }
    let z = 1.0 / (x * x);
    -(0.5 / x + z * B.iter().rev().fold(0.0, |sum, b| sum * z + b))
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
