//! The logarithm of the beta function.

use crate::real::{Chain, Real};
use crate::special::BERNOULLI;

/// `ln B(x, y)` for positive arguments; fx = ψ(x) - ψ(x+y), fxx = ψ₁(x) - ψ₁(x+y), fxy = -ψ₁(x+y). The differences are sums
/// of terms of one sign, because ψ(x) and ψ(x+y) have no digits to differ in where x = 10¹⁶ and y = 1.
#[doc(alias = "lbeta")]
#[doc(alias = "betaln")]
#[inline]
pub fn ln_beta<X: Chain>(x: X, y: X) -> X {
    let (a, b) = (x.re(), y.re());
    x.chain2(y, a.ln_beta(b), [-digamma_rise(a, b), -digamma_rise(b, a)], || {
        let fxy = -(a + b).polygamma(1);
        [trigamma_fall(a, b), fxy, trigamma_fall(b, a)]
    })
}

/// How many terms are added before the asymptotic series.
const STEPS: u32 = 12;

/// `ψ(a+b) - ψ(a)` for positive a and b: `Σ b/((a+k)(a+b+k))` (NIST's DLMF, 5.5.2), and the difference of the asymptotic
/// series (5.11.2) from `a + STEPS` on.
pub(crate) fn digamma_rise<T: Real>(a: T, b: T) -> T {
    let (steps, start, r, s) = rise(a, b);
    let half = T::lit(-0.5);
    // -B₂ₖ/(2k)
    let coefficient = |k: u32| -BERNOULLI[k as usize - 1] * (1..2 * k).map(f64::from).product::<f64>();
    let quotient = divided([r, s], |j| match j {
        1 => half,
        j if j % 2 == 0 => T::lit(coefficient(j / 2)),
        _ => T::zero(),
    });
    // The poly is that of -1/a.
    // Where b/a is out of all proportion, the square of its inverse would underflow in second derivatives.
    let (near, far) = (|| (b / start).ln_1p(), || b.ln() - start.ln());
    let ln = T::pick(b.float(), start.float() * Real::lit(1e100), near, far);
    steps + ln - b * s * r * quotient
}

/// `ψ₁(a) - ψ₁(a+b)`, likewise.
fn trigamma_fall<T: Real>(a: T, b: T) -> T {
    let (_, _, r, s) = rise(a, b);
    let coefficient = |k: u32| BERNOULLI[k as usize - 1] * (1..=2 * k).map(f64::from).product::<f64>();
    let quotient = divided([r, s], |j| match j {
        1 => T::one(),
        2 => T::lit(0.5),
        j if j % 2 == 1 => T::lit(coefficient(j / 2)),
        _ => T::zero(),
    });
    let steps = (0..STEPS).rev().fold(T::zero(), |sum, k| {
        let (near, far) = pair(a, b, k);
        // In this order: `b·far` is at most 1.
        sum + b * far * near * (near + far)
    });
    steps + b * s * r * quotient
}

/// `1/(a+k)` and `1/(a+b+k)`.
fn pair<T: Real>(a: T, b: T, k: u32) -> (T, T) {
    let near = a + T::lit(f64::from(k));
    (near.recip(), (near + b).recip())
}

/// The sum of the first terms, the argument of the asymptotic series, and the inverses of both arguments.
fn rise<T: Real>(a: T, b: T) -> (T, T, T, T) {
    let steps = (0..STEPS).rev().fold(T::zero(), |sum, k| {
        let (near, far) = pair(a, b, k);
        sum + b * far * near
    });
    let (r, s) = pair(a, b, STEPS);
    (steps, a + T::lit(f64::from(STEPS)), r, s)
}

/// `(p(r) - p(s))/(r - s)` for a polynomial without constant term, by Horner's scheme for both at once.
fn divided<T: Real>([r, s]: [T; 2], coefficient: impl Fn(u32) -> T) -> T {
    let (mut inner, mut sum) = (T::zero(), T::zero());
    for j in (1..=20).rev() {
        inner = inner * r + coefficient(j);
        sum = sum * s + inner;
    }
    sum
}
