//! Bessel functions of integer order at plain floats. J and Y are those of `libm`. No maintained crate has I and K that
//! are good to some ulp, so these are computed here.

#[cfg(not(feature = "std"))]
use num_traits::Float as _;

/// `Jₙ(x)`.
pub(crate) fn bessel_j(x: f64, n: u32) -> f64 {
    // |Jₙ(x)| ≤ (|x|/2)ⁿ/n! (NIST's DLMF, 10.14.4), which is 0 here; libm would take n steps.
    if f64::from(n) > 2e3 && f64::from(n) > 2.0 * x.abs() {
        return 0.0;
    }
    i32::try_from(n).map_or(f64::NAN, |n| libm::jn(n, x))
}

/// `Yₙ(x)`, -∞ at 0 and NaN for x < 0.
pub(crate) fn bessel_y(x: f64, n: u32) -> f64 {
    if x < 0.0 {
        return f64::NAN;
    }
    // Here -Yₙ(x) is larger than e^(0.45·n) (DLMF 10.19.3).
    if f64::from(n) > 2e3 && f64::from(n) > 2.0 * x {
        return f64::NEG_INFINITY;
    }
    i32::try_from(n).map_or(f64::NAN, |n| libm::yn(n, x))
}

/// `Iₙ(x)` by its power series (DLMF 10.25.2), all of whose terms are positive; in pairs of floats, so that only the last
/// rounding counts. It takes time proportional to n + |x|.
pub(crate) fn bessel_i(x: f64, n: u32) -> f64 {
    let (half, order) = (0.5 * x.abs(), f64::from(n));
    let sign = if x < 0.0 && n % 2 == 1 { -1.0 } else { 1.0 };
    if half == 0.0 || x.is_nan() {
        return if n == 0 { 1.0 + x } else { x };
    }
    // The logarithm, up to ln(2π·order)/2 (DLMF 10.41.3).
    let root = (order * order + x * x).sqrt();
    let logarithm = root - order * (order / x.abs()).asinh();
    if !(-800.0..800.0).contains(&logarithm) {
        return if logarithm > 0.0 { sign * f64::INFINITY } else { sign * 0.0 };
    }
    // (x/2)ⁿ/n!, the largest factors last or first, so that no product leaves the range before the result does.
    let mut first = Pair(1.0, 0.0);
    let (mut low, mut high) = (1, n);
    while low <= high {
        let divisor = if first.0 > 1.0 { &mut high } else { &mut low };
        first = first.times(Pair(half, 0.0)).over(f64::from(*divisor));
        if first.0 == 0.0 {
            return sign * 0.0;
        }
        if core::ptr::eq(divisor, &high) { high -= 1 } else { low += 1 }
    }
    // Σ (x²/4)ᵏ/(k!(n+1)…(n+k)), by Horner's scheme, from where the terms are less than a rounding error of the sum.
    let square = Pair(half, 0.0).times(Pair(half, 0.0));
    let terms = (half + 9.5 * half.sqrt() + 20.0) as u32;
    let (mut sum, mut scale) = (Pair(1.0, 0.0), 1.0);
    for k in (1..=terms).rev() {
        let k = f64::from(k);
        sum = sum.times(square).over(k * (order + k));
        sum = sum.plus(scale);
        if sum.0 > 1e250 {
            (sum, scale) = (Pair(sum.0 * 1e-250, sum.1 * 1e-250), scale * 1e-250);
        }
    }
    let product = first.times(sum);
    sign * (product.0 / scale)
}

/// A sum of two floats, the second of which is at most half an ulp of the first.
#[derive(Clone, Copy)]
struct Pair(f64, f64);

impl Pair {
    fn times(self, y: Self) -> Self {
        let product = self.0 * y.0;
        let lost = self.0.mul_add(y.0, -product) + (self.0 * y.1 + self.1 * y.0);
        Self(product, 0.0).with(lost)
    }

    fn over(self, y: f64) -> Self {
        let quotient = self.0 / y;
        Self(quotient, 0.0).with(((-quotient).mul_add(y, self.0) + self.1) / y)
    }

    /// The sum with y, which is not larger than `self` by orders of magnitude, or is exact.
    fn plus(self, y: f64) -> Self {
        let sum = self.0 + y;
        let part = sum - self.0;
        let lost = (self.0 - (sum - part)) + (y - part);
        Self(sum, 0.0).with(lost + self.1)
    }

    fn with(self, lost: f64) -> Self {
        let sum = self.0 + lost;
        Self(sum, lost - (sum - self.0))
    }
}

/// `Kₙ(x)`, +∞ at 0 and NaN for x < 0. K₀ and K₁ by the trapezoidal rule for `∫ exp(-x cosh t) cosh(nt) dt` over t ≥ 0
/// (DLMF 10.32.9, 3.5(i)), the others by the recurrence (10.29.1), in which all terms are positive. It takes time
/// proportional to n, if the result is neither 0 nor infinite.
pub(crate) fn bessel_k(x: f64, n: u32) -> f64 {
    if x == 0.0 {
        return f64::INFINITY;
    }
    if x < 0.0 || x.is_nan() {
        return f64::NAN;
    }
    if x < 1e-300 && n > 0 {
        return if n == 1 { x.recip() } else { f64::INFINITY };
    }
    // The logarithm, up to ln(2·order/π)/2 (DLMF 10.41.4).
    let order = f64::from(n);
    let root = (order * order + x * x).sqrt();
    let logarithm = order * (order / x).asinh() - root;
    if !(-800.0..800.0).contains(&logarithm) {
        return if logarithm > 0.0 { f64::INFINITY } else { 0.0 };
    }
    let step = 0.2_f64.min(0.6 / x.sqrt());
    let (mut k0, mut k1) = (0.5, 0.5);
    for i in 1_u32.. {
        let t = step * f64::from(i);
        // cosh t - 1
        let half = (0.5 * t).sinh();
        let rise = 2.0 * half * half;
        let term = (-x * rise).exp();
        (k0, k1) = (k0 + term, k1 + term * (rise + 1.0));
        if x * rise > 45.0 + t {
            break;
        }
    }
    // The factor e⁻ˣ, which may be next to 0 where the result is not, in 1, 2, 4, … parts, so that x/parts is exact.
    let mut parts = (x / 600.0).log2().ceil().max(0.0).exp2();
    let part = (-x / parts).exp();
    let (mut before, mut last) = (step * k0, step * k1);
    if n == 0 {
        last = before;
    }
    for k in 1..n {
        (before, last) = (last, f64::from(k) * 2.0 / x * last + before);
        if last.is_infinite() {
            break;
        }
        if last > 1e250 && parts > 0.0 {
            (before, last, parts) = (before * part, last * part, parts - 1.0);
        }
    }
    while parts > 0.0 {
        (last, parts) = (last * part, parts - 1.0);
    }
    last
}
