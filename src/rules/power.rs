//! Roots and powers.

use crate::lanes::Laned as _;
use crate::real::{Chain, Real};
use num_traits::{Float, One};

/// `1/x`; f' = -f², f" = -2 f f'. The method `recip` divides instead, because f² may underflow where its product with a
/// large derivative does not.
#[inline]
pub fn recip<X: Chain>(x: X) -> X {
    let f = x.re().recip();
    let df = -f * f;
    x.chain(f, df, || -(f + f) * df)
}

/// `√x`; f' = 1/(2f), which is +∞ at 0 and at -0, f" = -f'/(2x).
#[inline]
pub fn sqrt<X: Chain>(x: X) -> X {
    let f = x.re().sqrt();
    // One operation behind the root; with 1/(f + f) it is two.
    let df = (X::Re::lit(0.5) / f).abs();
    x.chain(f, df, || -df / (x.re() + x.re()))
}

/// `∛x`; f' = 1/(3f²), f" = -2f'/(3x).
#[inline]
pub fn cbrt<X: Chain>(x: X) -> X {
    let (f, third) = (x.re().cbrt(), X::Re::lit(1.0 / 3.0));
    let df = if f.float().is_absent() {
        // The square of a nested zero with infinite derivatives would have NaN for derivatives.
        let inverse = f.recip();
        third * (inverse * inverse)
    } else {
        third / (f * f)
    };
    x.chain(f, df, || -(df + df) * third / x.re())
}

/// `xⁿ`; f' = n xⁿ⁻¹, f" = n(n-1) xⁿ⁻², each exactly 0 if its factor n or n(n-1) is 0.
#[inline]
pub fn powi<X: Chain>(x: X, n: i32) -> X {
    let a = x.re();
    // `factor·xⁿ⁻ᵏ`, where the factor is n or n(n-1).
    let term = |factor: f64, k: i32| match n.checked_sub(k) {
        _ if factor == 0.0 => X::Re::absent(),
        Some(m) => X::Re::lit(factor) * a.powi(m),
        None => X::Re::lit(factor) * a.powi(n) / a.powi(k),
    };
    let c = f64::from(n);
    let (f, df, ddf) = (a.powi(n), term(c, 1), || term(c * (c - 1.0), 2));
    // From n = 27 on, nⁿ is no f32: there n·xⁿ⁻¹ may overflow before xⁿ does.
    if (0..27).contains(&n) { x.regular(f, df, ddf) } else { x.chain(f, df, ddf) }
}

/// `xʸ`; fx = y xʸ⁻¹, fy = f ln x, fxx = y(y-1) xʸ⁻², fxy = xʸ⁻¹(1 + y ln x), fyy = f ln² x.
///
/// Cases:
/// 1. `y` is constant: the formulas of `powi`, which are right at 0 and for negative bases, and never exp(y ln x).
/// 2. `f = 0`, because x = 0 or by underflow: fy = 0, although ln x or its derivatives may be infinite.
/// 3. `x < 0`: fy is NaN, but only partials in which `y` varies become NaN.
#[inline]
pub fn powf<X: Chain>(x: X, y: X) -> X {
    let (a, b) = (x.re(), y.re());
    let f = a.powf(b);
    if y.is_constant() {
        let df = pow_slope(a, b, f);
        return x.chain(f, df, || pow_slope2(a, b, df));
    }
    let ln_a = a.ln();
    let fx = if x.is_constant() { X::Re::absent() } else { pow_slope(a, b, f) };
    let times_ln = |c: X::Re| if ln_a.presumed_finite() || !ln_a.is_nan() { ln_a.slope_times(c) } else { ln_a };
    let fy = times_ln(f);
    x.chain2(y, f, [fx, fy], || {
        let lower = if f.checked_normal() { f / a } else { a.powf(b - X::Re::one()) };
        [pow_slope2(a, b, fx), (X::Re::one() + b * ln_a).slope_times(lower), times_ln(fy)]
    })
}

/// `c·a^(c-1)`, given `f = a^c`.
#[inline]
fn pow_slope<T: Real>(a: T, c: T, f: T) -> T {
    if T::ORDER == 0 && f.checked_normal() {
        return (f / a).slope_times(c);
    }
    // If the exponent or a part of it is zero, the product is zero, even where the power is infinite.
    pow_less_one(a, c).slope_times(c)
}

/// `c(c-1)·a^(c-2)`, given `df = c·a^(c-1)`.
#[inline]
fn pow_slope2<T: Real>(a: T, c: T, df: T) -> T {
    let less = c - T::one();
    if less.is_absent() {
        return T::absent();
    }
    if T::ORDER == 0 && df.checked_normal() {
        return less * (df / a);
    }
    pow_slope(a, less, pow_less_one(a, c)).slope_times(c)
}

/// `a^(c-1)`. If c - 1 was rounded, the result is corrected for the error, which is worth up to 345 ulp at a = 1e300.
#[inline]
fn pow_less_one<T: Real>(a: T, c: T) -> T {
    let less = c - T::one();
    let p = a.powf(less);
    let virtual_one = c - less;
    let lost = (c - (less + virtual_one)) + (virtual_one - T::one());
    if lost == T::zero() || !p.is_normal() {
        p
    } else if a < T::zero() {
        // The rounding may have changed whether the exponent is odd.
        a.powf(c) / a
    } else {
        p + p * (lost * a.ln())
    }
}

/// `√(x² + y²)`; fx = x/f, fy = y/f, fxx = fy²/f, fxy = -fx fy/f, fyy = fx²/f; all 0 at the origin (the least
/// subgradient).
///
/// Where f is subnormal or infinite, and for nested numbers, the slopes are computed from the ratio t of the smaller
/// argument to the larger one: ±1/√(1 + t²), and t times that. Their own derivatives do not cancel.
#[inline]
pub fn hypot<X: Chain>(x: X, y: X) -> X {
    let (a, b, one) = (x.re(), y.re(), X::Re::one());
    let f = a.hypot(b);
    if f.float().is_absent() {
        return x.regular2(y, f, [X::Re::absent(); 2], || [X::Re::absent(); 3]);
    }
    let ratio = |large: X::Re, small: X::Re| {
        let t = small / large;
        let slope = one.copysign(large) / t.hypot(one);
        (slope, t * slope)
    };
    let (u, v) = if X::Re::ORDER == 0 && f.checked_normal() {
        (a / f, b / f)
    } else {
        let pick = |u: X::Re, v: X::Re| X::Re::pick(a.float().abs(), b.float().abs(), || v, || u);
        let (larger, smaller) = ratio(pick(a, b), pick(b, a));
        (pick(larger, smaller), pick(smaller, larger))
    };
    x.regular2(y, f, [u, v], || {
        let (p, q) = (u / f, v / f);
        [v * q, -u * q, u * p]
    })
}
