//! Special functions: those of probability and physics, and exponentials that neither overflow nor cancel.

use super::elementary::one_minus_square;
use crate::lanes::Laned as _;
use crate::real::{Chain, Real};
use num_traits::{Float, FloatConst, Zero};

// ---- error function and normal distribution

/// `erf x`; f' = 2/√π·exp(-x²), f" = -2x f'.
#[inline]
pub fn erf<X: Chain>(x: X) -> X {
    let df = erf_slope(x.re());
    x.regular(x.re().erf(), df, || -x.re() * (df + df))
}

/// `erfc x`; f' = -2/√π·exp(-x²), f" = -2x f'.
#[inline]
pub fn erfc<X: Chain>(x: X) -> X {
    let df = -erf_slope(x.re());
    x.regular(x.re().erfc(), df, || -x.re() * (df + df))
}

/// `Φ(x)`; f' = exp(-x²/2)/√(2π), f" = -x f'.
#[doc(alias = "ndtr")]
#[inline]
pub fn norm_cdf<X: Chain>(x: X) -> X {
    let df = norm_cdf_slope(x.re());
    x.regular(x.re().norm_cdf(), df, || -x.re() * df)
}

/// `2/√π·exp(-x²)`
#[inline]
pub(crate) fn erf_slope<T: Real>(x: T) -> T {
    exp_square(x, -1.0).times(T::Float::FRAC_2_SQRT_PI())
}

/// `exp(-x²/2)/√(2π)`
#[inline]
pub(crate) fn norm_cdf_slope<T: Real>(x: T) -> T {
    exp_square(x, -0.5).times(T::Float::lit(0.398_942_280_401_432_7))
}

/// `exp(c·x²)`, where -c is a power of two. The result is corrected for the rounding error of x², which is worth up to
/// 250 ulp near x = 20.
fn exp_square<T: Real>(x: T, c: f64) -> T {
    let (c, square) = (T::Float::lit(c), x * x);
    // A product with a float: a constant number has zero partials, which must not meet a square that has overflowed.
    let e = square.times(c).exp();
    // The result is a constant zero here, because the square and its derivatives may have overflowed.
    if e.float().is_absent() { T::absent() } else { e + e * x.mul_add(x, -square).times(c) }
}

// ---- gamma function

/// `Γ(x)`; f' = f ψ(x), f" = f(ψ² + ψ₁).
#[inline]
pub fn gamma<X: Chain>(x: X) -> X {
    let (f, psi) = (x.re().gamma(), x.re().digamma());
    x.chain(f, f * psi, || f * (psi * psi + x.re().polygamma(1)))
}

/// `ln|Γ(x)|`; f' = ψ(x), f" = ψ₁(x).
#[doc(alias = "lgamma")]
#[doc(alias = "gammaln")]
#[inline]
pub fn ln_gamma<X: Chain>(x: X) -> X {
    x.chain(x.re().ln_gamma(), x.re().digamma(), || x.re().polygamma(1))
}

/// `ψ(x)`; f' = ψ₁(x), f" = ψ₂(x).
#[inline]
pub fn digamma<X: Chain>(x: X) -> X {
    polygamma(x, 0)
}

/// `ψₙ(x)`, the n-th derivative of ψ; f' = ψₙ₊₁(x), f" = ψₙ₊₂(x).
#[inline]
pub fn polygamma<X: Chain>(x: X, n: u32) -> X {
    let of = |k| x.re().polygamma(n.saturating_add(k));
    x.chain(of(0), of(1), || of(2))
}

// ---- sin x / x and sinh x / x

/// `sin(x)/x`; f' = (cos x - f)/x, f" = -f - 2f'/x. Below |x| = 1.5 both are computed by their series, because the
/// differences cancel near 0.
#[inline]
pub fn sinc<X: Chain>(x: X) -> X {
    let (a, f) = (x.re(), x.re().sinc());
    let (size, third) = (a.float().abs(), X::Re::lit(-1.0 / 3.0));
    let pick = |near: &dyn Fn() -> X::Re, far: &dyn Fn() -> X::Re| X::Re::pick(size, Real::lit(1.5), near, far);
    let df = pick(&|| a * third * sinc_series1(-a * a, 16), &|| (a.cos() - f) / a);
    x.regular(f, df, || pick(&|| third * sinc_series2(-a * a, 16), &|| -f - (df + df) / a))
}

/// `sinh(x)/x`; f' = (cosh x - f)/x, f" = f - 2f'/x. Below |x| = 4 both are computed by their series. From |x| = 700 on
/// cosh x may overflow before f does. There it is ±x·f up to rounding, so f' = f(±1 - 1/x).
#[inline]
pub fn sinhc<X: Chain>(x: X) -> X {
    let (a, f) = (x.re(), x.re().sinhc());
    let (size, third) = (a.float().abs(), X::Re::lit(1.0 / 3.0));
    // From 700 on, and elsewhere near 0 or not.
    let pick = |near: &dyn Fn() -> X::Re, far: &dyn Fn() -> X::Re, beyond: &dyn Fn() -> X::Re| {
        let moderate = || X::Re::pick(size, Real::lit(4.0), near, far);
        X::Re::pick(size, Real::lit(700.0), moderate, beyond)
    };
    let inverse = a.recip();
    let shrunk = || X::Re::lit(1.0).copysign(a) - inverse;
    let df = pick(&|| a * third * sinc_series1(a * a, 24), &|| (a.cosh() - f) / a, &|| f * shrunk());
    x.regular(f, df, || {
        let far = || f - (df + df) / a;
        pick(&|| third * sinc_series2(a * a, 24), &far, &|| f * (shrunk() * shrunk() + inverse * inverse))
    })
}

/// `3/x·d/dx Σ zᵏ/(2k+1)!` for z = ±x²: the ratio of its terms k+1 and k is z/(2k(2k+3)).
fn sinc_series1<T: Real>(z: T, terms: u32) -> T {
    series(z, terms, |k| (2.0 * k * (2.0 * k + 3.0)).recip())
}

/// `3·d²/dx² Σ zᵏ/(2k+1)!` for z = ±x²: the ratio of its terms k+1 and k is z(2k+1)/(2k(2k-1)(2k+3)).
fn sinc_series2<T: Real>(z: T, terms: u32) -> T {
    series(z, terms, |k| (2.0 * k + 1.0) / (2.0 * k * (2.0 * k - 1.0) * (2.0 * k + 3.0)))
}

/// `1 + r(1)z(1 + r(2)z(1 + …))`, by Horner's scheme.
pub(crate) fn series<T: Real>(z: T, terms: u32, ratio: impl Fn(f64) -> f64) -> T {
    (1..=terms).rev().fold(T::one(), |sum, k| T::one() + sum * z * T::lit(ratio(f64::from(k))))
}

// ---- spherical Bessel functions

/// `j₁(x)`; f' = (j₀ - 2j₂)/3, f" = (2j₃ - 3f)/5. These forms of the recurrence divide by no power of x (NIST's DLMF,
/// equation 10.51.1).
#[inline]
pub fn sph_j1<X: Chain>(x: X) -> X {
    let (a, f) = (x.re(), x.re().sph_j1());
    let j2 = a.sph_j2();
    let df = (a.sinc() - j2 - j2) * Real::lit(1.0 / 3.0);
    x.regular(f, df, || sph_j3(a) * Real::lit(0.4) - f * Real::lit(0.6))
}

/// `j₂(x)`; f' = (2j₁ - 3j₃)/5, f" = (14j₀ - 55f + 36j₄)/105.
#[inline]
pub fn sph_j2<X: Chain>(x: X) -> X {
    let (a, f) = (x.re(), x.re().sph_j2());
    let df = a.sph_j1() * Real::lit(0.4) - sph_j3(a) * Real::lit(0.6);
    x.regular(f, df, || {
        let sum = a.sinc() * Real::lit(14.0) - f * Real::lit(55.0) + sph_j4(a) * Real::lit(36.0);
        sum * Real::lit(1.0 / 105.0)
    })
}

fn sph_j3<T: Real>(x: T) -> T {
    let near = || x * x * x * T::lit(1.0 / 105.0) * sph_series(x, 3, 24);
    T::pick(x.float().abs(), Real::lit(4.0), near, || x.sph_j2() * T::lit(5.0) / x - x.sph_j1())
}

fn sph_j4<T: Real>(x: T) -> T {
    let near = || x * x * (x * x) * T::lit(1.0 / 945.0) * sph_series(x, 4, 24);
    T::pick(x.float().abs(), Real::lit(4.0), near, || sph_j3(x) * T::lit(7.0) / x - x.sph_j2())
}

/// `(2n+1)!!·x⁻ⁿ·jₙ(x)` (Abramowitz & Stegun 10.1.2).
pub(crate) fn sph_series<T: Real>(x: T, n: u32, terms: u32) -> T {
    let n = f64::from(n);
    series(-(x * x), terms, |k| (2.0 * k * (2.0 * n + 2.0 * k + 1.0)).recip())
}

// ---- exponentials that neither overflow nor cancel

/// `ln(1 + eˣ)`; f' = σ(x), f" = σ(x)σ(-x).
#[inline]
pub fn softplus<X: Chain>(x: X) -> X {
    let a = x.re();
    let df = a.sigmoid();
    x.regular(a.softplus(), df, || sigmoid_slope(a, df))
}

/// `σ(x) = 1/(1 + e⁻ˣ)`; f' = σ(x)σ(-x), f" = -f'·tanh(x/2). Not f(1 - f), which is exactly 0 from x = 37 on.
#[doc(alias = "logistic")]
#[doc(alias = "expit")]
#[inline]
pub fn sigmoid<X: Chain>(x: X) -> X {
    let (a, f) = (x.re(), x.re().sigmoid());
    let df = sigmoid_slope(a, f);
    x.regular(f, df, || -df * (a * X::Re::lit(0.5)).tanh())
}

/// `σ(x)σ(-x)`, given `f = σ(x)`. For nested numbers near 0 it has the derivatives of (1 - tanh²(x/2))/4, which do not
/// cancel.
#[inline]
fn sigmoid_slope<T: Real>(x: T, f: T) -> T {
    let far = || f * (-x).sigmoid();
    if T::ORDER == 0 {
        return far();
    }
    let near = || {
        let slope = one_minus_square((x * T::lit(0.5)).tanh()) * T::lit(0.25);
        // The value is that of the other branch. It differs by a few ulp, so the difference is exact.
        slope + T::from_float(f.float() * (-x.float()).sigmoid() - slope.float())
    };
    T::pick(x.float().abs(), Real::lit(1.0), near, far)
}

/// `ln(eˣ + eʸ)`; with d = x - y: fx = σ(d), fy = σ(-d), fxx = fyy = -fxy = σ(d)σ(-d). Where x = y = ±∞, d = 0.
///
/// The slopes are corrected for the rounding error δ of d by σ(d + δ) = σ(d)(1 + δσ(-d)): it is worth 320 ulp at d =
/// 671.
#[doc(alias = "logaddexp")]
#[inline]
pub fn ln_add_exp<X: Chain>(x: X, y: X) -> X {
    let (a, b) = (x.re(), y.re());
    let d = if !a.presumed_finite() && a == b && a.is_infinite() { X::Re::zero() } else { a - b };
    let (mut fx, mut fy) = (d.sigmoid(), (-d).sigmoid());
    let part = d - a;
    let lost = (a - (d - part)) - (b + part);
    if lost.presumed_finite() || lost.is_finite() {
        (fx, fy) = (fx + fx * (lost * fy), fy - fy * (lost * fx));
    }
    x.regular2(y, a.ln_add_exp(b), [fx, fy], || {
        let slope = if X::Re::ORDER > 0 { sigmoid_slope(d, d.sigmoid()) } else { fx * fy };
        [slope, -slope, slope]
    })
}

/// `x ln y`, and 0 where x is 0; fx = ln y, fy = x/y, fxx = 0, fxy = 1/y, fyy = -fy/y. At (0, 0) fy and fyy are 0, as
/// they are for the constant x = 0.
#[inline]
pub fn xlogy<X: Chain>(x: X, y: X) -> X {
    let (a, b) = (x.re(), y.re());
    let fx = b.ln();
    let over_y =
        |c: X::Re| if a.float().is_absent() && b.float().is_absent() { b.recip().slope_times(c) } else { c / b };
    let fy = over_y(a);
    x.chain2(y, a.xlogy(b), [fx, fy], || {
        // For y < 0 the logarithm does not exist, so its derivative is NaN, although 1/y has a value.
        // Asked of recordings too: where only this derivative is used, its value 1/y would be finite.
        let fxy = if fx.is_nan() { fx } else { b.recip() };
        [X::Re::absent(), fxy, -over_y(fy)]
    })
}
