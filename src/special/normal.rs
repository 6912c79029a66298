//! Functions of the normal distribution at plain floats: the scaled error function with its derivatives, ln Φ, and the
//! inverses of erf, erfc and Φ.

#[cfg(not(feature = "std"))]
use num_traits::Float as _;

use core::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, LN_2, PI, SQRT_2};

/// `exp(-t²)` at t = 1/4, 3/4, …, 25/4.
const GAUSSIAN: [f64; 13] = [
    0.939_413_062_813_475_8,
    0.569_782_824_730_923,
    0.209_611_387_151_097_8,
    0.046_770_622_383_958_98,
    0.006_329_715_427_485_747,
    0.000_519_574_682_154_838_4,
    2.586_810_022_265_412e-5,
    7.811_489_408_304_491e-7,
    1.430_724_191_856_768_8e-8,
    1.589_391_009_451_636_8e-10,
    1.070_923_238_250_807_7e-12,
    4.376_618_502_870_85e-15,
    1.084_855_264_042_937_8e-17,
];

/// `exp(x²) erfc(x)`, with an error of about 1 ulp. For x ≥ 0 it is the midpoint rule with steps of 1/2 for erfc's
/// integral in the complex plane, plus the residue of its pole; all terms are positive (Hunter & Regan 1972, Mathematics
/// of Computation 26, 539-541).
pub(crate) fn erfcx(x: f64) -> f64 {
    if x < 0.0 {
        return 2.0 * exp_square(x) - erfcx(-x);
    }
    if x > 1e8 {
        // 1/(x√π); the next term is less than a rounding error.
        return 0.5 * FRAC_2_SQRT_PI / x;
    }
    let square = x * x;
    let sum = GAUSSIAN.iter().enumerate().rev().fold(0.0, |sum, (k, e)| {
        let node = 0.5 * k as f64 + 0.25;
        sum + e / (square + node * node)
    });
    // The pole is outside the strip from 2π on.
    let pole = if x < 2.0 * PI { 2.0 * square.exp() / (1.0 + (4.0 * PI * x).exp()) } else { 0.0 };
    x / PI * sum + pole
}

/// `exp(x²)`, corrected for the rounding error of the square.
fn exp_square(x: f64) -> f64 {
    let square = x * x;
    let e = square.exp();
    if e.is_infinite() { e } else { e + e * x.mul_add(x, -square) }
}

/// The n-th derivative of erfcx, which is `(-2)ⁿ n! exp(x²) iⁿerfc(x)` with the repeated integrals of erfc (NIST's DLMF,
/// 7.18). All of them are positive: no order is a difference of others.
pub(crate) fn erfcx_derivative(x: f64, n: u32) -> f64 {
    let sign = if n.is_multiple_of(2) { 1.0 } else { -1.0 };
    if n == 0 || x.is_nan() {
        return erfcx(x);
    }
    if x == f64::INFINITY {
        return sign * 0.0;
    }
    if x >= 0.0 {
        return sign * FRAC_2_SQRT_PI * moment(x, n);
    }
    // Upwards by the recurrence f⁽ⁿ⁾ = 2x f⁽ⁿ⁻¹⁾ + 2(n-1) f⁽ⁿ⁻²⁾ (from DLMF 7.18.7), in which all terms have one sign.
    let (mut before, mut last) = (erfcx(x), 2.0 * x * erfcx(x) - FRAC_2_SQRT_PI);
    for k in 2..=n {
        if last.is_infinite() {
            return sign * f64::INFINITY;
        }
        (before, last) = (last, 2.0 * x * last + 2.0 * f64::from(k - 1) * before);
    }
    last
}

/// `2ⁿ ∫ sⁿ exp(-s² - 2xs) ds` over s ≥ 0, for x ≥ 0 (DLMF 7.18.2), by the trapezoidal rule in u for s = c·exp(u -
/// exp(-u)).
fn moment(x: f64, n: u32) -> f64 {
    let degree = f64::from(n) + 1.0;
    // A power of two near the maximum of the integrand in ln s, so that products with it are exact.
    let c = (degree / (x + x.hypot((2.0 * degree).sqrt()))).log2().round().exp2();
    let step = 0.0625 / (1.0 + degree / 16.0).sqrt();
    let count = (4.25 / step) as i32;
    let (a, b) = (c * c, 2.0 * x * c);
    // Sums that are compensated: hundreds of terms would lose a digit.
    let (mut sum, mut lost) = (0.0, 0.0);
    for k in -count..=count {
        let u = step * f64::from(k);
        let inner = (-u).exp();
        let v = (u - inner).exp();
        let exponent = a * v * v + b * v;
        let power = if n < 20 { v.powi(n as i32 + 1) * (-exponent).exp() } else { (degree * v.ln() - exponent).exp() };
        let term = (1.0 + inner) * power - lost;
        let next = sum + term;
        lost = (next - sum) - term;
        sum = next;
    }
    // (2c)ⁿ·c, whose factors over- or underflow alone.
    step * sum * (2.0 * c).powf(0.5 * f64::from(n)) * c * (2.0 * c).powf(0.5 * f64::from(n))
}

/// `Φ(x) = erfc(-x/√2)/2`. The result is corrected for the rounding error of the argument, which is worth up to 1 500
/// ulp near x = -37.
pub(crate) fn norm_cdf(x: f64) -> f64 {
    // 1/√2 - FRAC_1_SQRT_2
    const LOW: f64 = -4.833_646_656_726_457e-17;
    let z = -x * FRAC_1_SQRT_2;
    let lost = (-x).mul_add(FRAC_1_SQRT_2, -z) - x * LOW;
    let tail = libm::erfc(z);
    if tail == 0.0 || tail == 2.0 || z.is_nan() {
        return 0.5 * tail;
    }
    0.5 * (tail - lost * FRAC_2_SQRT_PI * (-z * z).exp())
}

/// `ln Φ(x)`, accurate in both tails.
pub(crate) fn ln_norm_cdf(x: f64) -> f64 {
    if x > 0.0 {
        (-norm_cdf(-x)).ln_1p()
    } else if x > -1.0 {
        libm::erf(x * FRAC_1_SQRT_2).ln_1p() - LN_2
    } else {
        (0.5 * erfcx(-x * FRAC_1_SQRT_2)).ln() - 0.5 * x * x
    }
}

/// z ≥ 0 with `erf(z) = y` for 0 ≤ y ≤ 1, given also `rest = 1 - y`. Winitzki's formula (2008) has a relative error of
/// 0.002; each step of Newton's method, for erf or for ln erfc, doubles the number of digits.
fn erf_inverse(y: f64, rest: f64) -> f64 {
    const A: f64 = 0.147;
    if y == 0.0 || y.is_nan() {
        return y;
    }
    if rest <= 0.0 {
        return if rest == 0.0 { f64::INFINITY } else { f64::NAN };
    }
    if y < 1e-8 {
        return y / FRAC_2_SQRT_PI;
    }
    let ln = if y < 0.5 { (-y * y).ln_1p() } else { (rest * (2.0 - rest)).ln() };
    let t = 2.0 / (PI * A) + 0.5 * ln;
    let ratio = -ln / A;
    let mut z = (ratio / ((t * t + ratio).sqrt() + t)).sqrt();
    for _ in 0..4 {
        let excess = if y < 0.5 {
            (libm::erf(z) - y) * (z * z).exp()
        } else {
            let tail = erfcx(z);
            (rest.ln() + z * z - tail.ln()) * tail
        };
        z -= excess / FRAC_2_SQRT_PI;
    }
    z
}

/// The inverse of erf.
pub(crate) fn erf_inv(y: f64) -> f64 {
    erf_inverse(y.abs(), 1.0 - y.abs()).copysign(y)
}

/// The inverse of erfc.
pub(crate) fn erfc_inv(y: f64) -> f64 {
    if y < 1.0 { erf_inverse(1.0 - y, y) } else { -erf_inverse(y - 1.0, 2.0 - y) }
}

/// The inverse of Φ.
pub(crate) fn probit(p: f64) -> f64 {
    let z = if p < 0.5 { -erf_inverse(1.0 - 2.0 * p, 2.0 * p) } else { erf_inverse(2.0 * p - 1.0, 2.0 * (1.0 - p)) };
    SQRT_2 * z
}
