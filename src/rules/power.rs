//! Roots and powers.

use super::{Chain, elementary::scaled};
use crate::real::Real;
use num_traits::{Float, One, Zero};

/// `1/x`; f' = -f², f" = -2 f f'.
#[inline]
pub fn recip<X: Chain>(x: X) -> X {
    let f = x.re().recip();
    let df = -f * f;
    x.chain(f, df, || -(f + f) * df)
}

/// `√x`; f' = 1/(2f), f" = -f'/(2x).
#[inline]
pub fn sqrt<X: Chain>(x: X) -> X {
    let f = x.re().sqrt();
    let df = (f + f).recip();
    x.chain(f, df, || -df / (x.re() + x.re()))
}

/// `∛x`; f' = 1/(3f²), f" = -2f'/(3x).
#[inline]
pub fn cbrt<X: Chain>(x: X) -> X {
    let (f, third) = (x.re().cbrt(), X::Re::lit(1.0 / 3.0));
    let df = third / (f * f);
    x.chain(f, df, || -(df + df) * third / x.re())
}

/// `xⁿ`; f' = n xⁿ⁻¹, f" = n(n-1) xⁿ⁻², exactly 0 once the factor is 0.
#[inline]
pub fn powi<X: Chain>(x: X, n: i32) -> X {
    let a = x.re();
    // The next factor of the falling factorial, and the power that goes with it.
    let term = |factor: f64, k: i32| match n.checked_sub(k) {
        _ if factor == 0.0 => X::Re::zero(),
        Some(m) => X::Re::lit(factor) * a.powi(m),
        None => X::Re::lit(factor) * a.powi(n) / a.powi(k),
    };
    let c = f64::from(n);
    x.chain(a.powi(n), term(c, 1), || term(c * (c - 1.0), 2))
}

/// `xʸ`; fx = y xʸ⁻¹, fy = f ln x, fxx = y(y-1) xʸ⁻², fxy = xʸ⁻¹(1 + y ln x), fyy = f ln² x.
///
/// Cases:
/// 1. `y` is constant: as `powi`, hence right at 0 and for negative bases. Never through exp(y ln x).
/// 2. `x = 0`, `y > 0`: fy = 0, although ln x = -∞.
/// 3. `x < 0`: fy is NaN, but touches only partials in which `y` varies.
#[inline]
pub fn powf<X: Chain>(x: X, y: X) -> X {
    let (a, b) = (x.re(), y.re());
    let f = a.powf(b);
    if y.is_constant() {
        let df = pow_slope(a, b, f);
        return x.chain(f, df, || pow_slope2(a, b, df));
    }
    let vanishes = a == X::Re::zero() && b > X::Re::zero();
    let ln_a = if vanishes { X::Re::zero() } else { a.ln() };
    let fx = if x.is_constant() { X::Re::zero() } else { pow_slope(a, b, f) };
    x.chain2(y, f, [fx, f * ln_a], || {
        let lower = if f.is_normal() { f / a } else { a.powf(b - X::Re::one()) };
        [pow_slope2(a, b, fx), lower * (X::Re::one() + b * ln_a), f * ln_a * ln_a]
    })
}

/// `c·a^(c-1)`, given `f = a^c`.
#[inline]
fn pow_slope<T: Real>(a: T, c: T, f: T) -> T {
    if c.is_zero() {
        return T::zero();
    }
    if f.is_normal() && a.is_constant() && c.is_constant() {
        return c * (f / a);
    }
    c * pow_less_one(a, c)
}

/// `c(c-1)·a^(c-2)`, given `df = c·a^(c-1)`.
#[inline]
fn pow_slope2<T: Real>(a: T, c: T, df: T) -> T {
    let less = c - T::one();
    if df.is_normal() && a.is_constant() && c.is_constant() {
        return less * (df / a);
    }
    c * pow_slope(a, less, pow_less_one(a, c))
}

/// `a^(c-1)`. Where c - 1 had to be rounded, its error comes back as a factor: at a = 1e300 it is worth 300 ulp.
#[inline]
fn pow_less_one<T: Real>(a: T, c: T) -> T {
    let less = c - T::one();
    let p = a.powf(less);
    let virtual_one = c - less;
    let lost = (c - (less + virtual_one)) + (virtual_one - T::one());
    if lost == T::zero() || !p.is_normal() || a <= T::zero() { p } else { p + p * (lost * a.ln()) }
}

/// `√(x² + y²)`; fx = x/f, fy = y/f, fxx = fy²/f, fxy = -fx fy/f, fyy = fx²/f; all 0 at the origin (the least
/// subgradient).
#[inline]
pub fn hypot<X: Chain>(x: X, y: X) -> X {
    let f = x.re().hypot(y.re());
    if f == X::Re::zero() {
        return x.chain2(y, f, [X::Re::zero(); 2], || [X::Re::zero(); 3]);
    }
    // Scaled, since a subnormal f has few digits and an infinite one none.
    let (a, b, s) = if f.is_normal() { (x.re(), y.re(), X::Re::one()) } else { scaled(x.re(), y.re()) };
    let r = if f.is_normal() { f } else { a.hypot(b) };
    let (u, v) = (a / r, b / r);
    x.chain2(y, f, [u, v], || {
        let (p, q) = (u / r * s, v / r * s);
        [v * q, -u * q, u * p]
    })
}
