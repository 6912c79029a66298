//! The rows of the table for power series. They have the names of the rows for other numbers, but compute all orders at
//! once. Most are one line, which states d in `z' = d·x'`.

use super::series::{Care, Taylor, count, settle};
pub(crate) use super::special::*;
use super::special::{rows, rows2};
use crate::lanes::Laned as _;
use crate::real::Real;
use crate::rules::elementary::{one_minus_square, times_power_of_two, whole_quotient};
use crate::rules::lambert::ln_1m_exp_slope;
use crate::rules::special::{erf_slope, norm_cdf_slope, series, sph_series};
use crate::traits::confusion::stamped;
use num_traits::Float;

// ---- exponentials and logarithms

/// The series z with `z' = z·g'` and the value `f`, which is `f·exp(g - g₀)`.
#[inline]
fn exponential<T: Real, const K: usize>(f: T, g: Taylor<T, K>) -> Taylor<T, K> {
    g.solve(f, f, |_, z| z[z.len() - 1])
}

rows! {
    exp |x, f| exponential(f, x);
    exp2 |x, f| exponential(f, x * T::LN_2());
    exp_m1 |x, f| exponential(x.re.exp(), x).shifted(f);
    ln |x, f| x.integrated_over(f, x);
    log2 |x, f| (x * T::LOG2_E()).integrated_over(f, x);
    log10 |x, f| (x * T::LOG10_E()).integrated_over(f, x);
    ln_1p |x, f| x.integrated_over(f, x + T::one());
}

// ---- circular functions

rows! {
    sin |x, _f| sin_cos(x).0;
    cos |x, _f| sin_cos(x).1;
    /// z' = (1 + z²)·x'
    tan |x, f| x.solve(f, T::one() + f * f, |care, z| square(care, f, z));
    asin |x, f| x.integrated_over(f, sqrt(one_minus_square(x)));
    acos |x, f| (-x).integrated_over(f, sqrt(one_minus_square(x)));
    /// From 1e150 on, near where the square overflows, 1 is less than a rounding error of it.
    atan |x, f| {
        let far = || {
            let inverse = Taylor::constant(T::one()) / x;
            x.integrated(f, inverse * inverse)
        };
        Real::pick(x.re.float().abs(), T::Float::lit(1e150), || x.integrated_over(f, x * x + T::one()), far)
    };
}

/// The coefficient of z² of the order of the last coefficient in `z`; `z0` is the value.
#[inline(always)]
fn square<T: Real>(care: Care, z0: T, z: &[T]) -> T {
    let (&last, before) = z.split_last().expect("the series has at least one coefficient");
    care.slope(z0 + z0, last) + care.convolution(before, before)
}

/// The series s and c with `s' = c·x'` and `c' = sign·s·x'`: circular functions for the sign -1, hyperbolic ones for 1.
#[inline]
fn pair<T: Real, const K: usize>(x: Taylor<T, K>, (s0, c0): (T, T), sign: T) -> (Taylor<T, K>, Taylor<T, K>) {
    let slopes = x.slopes();
    let both = |care: Care| {
        let (mut s, mut c) = (Taylor::constant(s0), Taylor::constant(c0));
        for k in 0..K {
            let next = |value: T, d: &[T]| {
                care.slope(value, x.coeffs[k]) + care.convolution(&slopes[..k], d).times(count::<T>(k + 1).recip())
            };
            (s.coeffs[k], c.coeffs[k]) = (next(c0, &c.coeffs[..k]), sign * next(s0, &s.coeffs[..k]));
        }
        (stamped!(x, x, s), stamped!(x, x, c))
    };
    let (s, c) = both(Care::Plain);
    if s.presumed_finite() && c.presumed_finite() {
        return (s, c);
    }
    (settle(|care| both(care).0), settle(|care| both(care).1))
}

/// `sin x` and `cos x`, for the cost of one.
#[inline]
pub(crate) fn sin_cos<T: Real, const K: usize>(x: Taylor<T, K>) -> (Taylor<T, K>, Taylor<T, K>) {
    pair(x, x.re.sin_cos(), -T::one())
}

rows2! {
    /// From `z' = (x y' - y x')/(x² + y²)`, where x and y are scaled.
    atan2 |y, x, f| {
        if !(x.re + y.re).presumed_finite() && (x.re.is_infinite() || y.re.is_infinite()) {
            return y.integrated2(x, f, Taylor::absent(), Taylor::absent());
        }
        let (scale, step) = scales(&x, &y);
        let (a, b) = (rescaled(x, scale, step), rescaled(y, scale, step));
        let r2 = a * a + b * b;
        let z = rescaled(b.integrated2(a, f, a / r2, -(b / r2)), 0, -step);
        z.shifted(f)
    };
}

/// The exponents (s, h) for which the coefficients of `2ˢ·x(2ʰ·t)` and `2ˢ·y(2ʰ·t)` are at most about 1. Then their
/// squares do not overflow, and those of the largest values do not underflow.
fn scales<T: Real, const K: usize>(x: &Taylor<T, K>, y: &Taylor<T, K>) -> (i32, i32) {
    let size = |x: T, y: T| x.float().abs().max(y.float().abs());
    let value = size(x.re, y.re).exponent();
    let steps = x.coeffs.iter().zip(&y.coeffs).zip(1..).filter_map(|((&x, &y), k)| {
        let size = size(x, y);
        (size > T::Float::lit(0.0) && size.is_finite()).then(|| (value - size.exponent()).div_euclid(k))
    });
    (-value, steps.min().unwrap_or(0))
}

/// The series `2ˢ·x(2ʰ·t)`.
fn rescaled<T: Real, const K: usize>(x: Taylor<T, K>, s: i32, h: i32) -> Taylor<T, K> {
    let coefficient = |k: usize| times_power_of_two(x.coeffs[k], s + (k as i32 + 1) * h);
    stamped!(x, x, Taylor::new(times_power_of_two(x.re, s), core::array::from_fn(coefficient)))
}

// ---- hyperbolic functions

rows! {
    sinh |x, f| pair(x, (f, x.re.cosh()), T::one()).0;
    cosh |x, f| pair(x, (x.re.sinh(), f), T::one()).1;
    /// From z' = (1 - z²)·x' near 0, and as 2σ(2x) - 1 elsewhere, where its derivatives do not cancel.
    tanh |x, f| {
        let (half, two) = (T::Float::lit(0.5), T::Float::lit(2.0));
        let near = || x.solve(f, one_minus_square(f), |care, z| -square(care, f, z));
        Real::pick(x.re.float().abs(), half, near, || rising(x.times(two)).times(two).shifted(f))
    };
    asinh |x, f| x.integrated_over(f, hypot(x, Taylor::constant(T::one())));
    acosh |x, f| x.integrated_over(f, sqrt(x - T::one()) * sqrt(x + T::one()));
    atanh |x, f| x.integrated_over(f, one_minus_square(x));
}

// ---- kinks

rows! {
    abs |x, f| x.linear(f, T::one().copysign(x.re));
}

rows2! {
    copysign |x, y, f| x.linear(f, T::one().copysign(x.re) * T::one().copysign(y.re));
    max |x, y, f| {
        if T::RECORDS && x.re.presumed_finite() && y.re.presumed_finite() {
            return Taylor::pick(y.re.float(), x.re.float(), || x, || y).shifted(f);
        }
        if x.re > y.re || y.re.is_nan() { x } else { y.shifted(f) }
    };
    min |x, y, f| {
        if T::RECORDS && x.re.presumed_finite() && y.re.presumed_finite() {
            return Taylor::pick(y.re.float(), x.re.float(), || y, || x).shifted(f);
        }
        if y.re < x.re || x.re.is_nan() { y } else { x.shifted(f) }
    };
    abs_sub |x, y, f| if x.re <= y.re { Taylor::constant(f) } else { linear2([x, y], f, [T::one(), -T::one()]) };
}

#[inline]
pub(crate) fn clamp<T: Real, const K: usize>(x: Taylor<T, K>, lo: Taylor<T, K>, hi: Taylor<T, K>) -> Taylor<T, K> {
    crate::rules::clamp(x, lo, hi)
}

// ---- steps

macro_rules! steps {
    ($($name:ident)*) => { rows! { $( $name |x, f| Taylor::constant(f); )* } };
}
steps! { floor ceil round round_ties_even trunc signum }

rows! {
    fract |x, f| x.linear(f, T::one());
}

#[inline]
pub(crate) fn rem<T: Real, const K: usize>(x: Taylor<T, K>, y: Taylor<T, K>) -> Taylor<T, K> {
    remainder(x, y, x.re % y.re)
}

#[inline]
pub(crate) fn rem_euclid<T: Real, const K: usize>(x: Taylor<T, K>, y: Taylor<T, K>) -> Taylor<T, K> {
    remainder(x, y, Real::rem_euclid(&x.re, &y.re))
}

#[inline]
pub(crate) fn div_euclid<T: Real, const K: usize>(x: Taylor<T, K>, y: Taylor<T, K>) -> Taylor<T, K> {
    Taylor::constant(Real::div_euclid(&x.re, &y.re))
}

#[inline]
fn remainder<T: Real, const K: usize>(x: Taylor<T, K>, y: Taylor<T, K>, f: T) -> Taylor<T, K> {
    linear2([x, y], f, [T::one(), -whole_quotient(x.re, y.re, f)])
}

// ---- linear

/// `a·x + b·y` with the value `f`.
#[inline]
fn linear2<T: Real, const K: usize>([x, y]: [Taylor<T, K>; 2], f: T, [a, b]: [T; 2]) -> Taylor<T, K> {
    settle(|care| x.zip(y, f, |x: T, y: T| care.slope(a, x) + care.slope(b, y)))
}

#[inline]
pub(crate) fn mul_add<T: Real, const K: usize>(x: Taylor<T, K>, y: Taylor<T, K>, z: Taylor<T, K>) -> Taylor<T, K> {
    let f = x.re.mul_add(y.re, z.re);
    (x * y + z).shifted(f)
}

rows! {
    to_degrees |x, f| x.linear(f, T::one().to_degrees());
    to_radians |x, f| x.linear(f, T::one().to_radians());
}

// ---- roots and powers

rows! {
    /// From z² = x.
    sqrt |x, f| {
        let z = settle(|care| {
            Taylor::build(f, |k, z| care.over(x.coeffs[k] - care.convolution(z, z), (f + f).abs()))
        });
        stamped!(x, x, z)
    };
    cbrt |x, f| {
        let third = T::lit(1.0 / 3.0);
        if f < T::zero() { -power(-x, -f, third) } else { power(x, f, third) }
    };
}

/// `xᶜ` with the value `f`, from `x·z' = c·z·x'`. The binomial series is used instead where x or f is not a normal
/// float, because there the equation may read 0 = 0, and for nested numbers, because the derivatives of a quotient of
/// powers cancel.
fn power<T: Real, const K: usize>(x: Taylor<T, K>, f: T, c: T) -> Taylor<T, K> {
    let a = x.re;
    if x.coeffs.iter().all(T::is_absent) {
        return Taylor::constant(f);
    }
    if T::ORDER > 0 || !(f.checked_normal() && a.checked_normal()) {
        return x.composed(f, |k| binomial(a, c, k));
    }
    let z = settle(|care| {
        Taylor::build(f, |k, z| {
            let inner = (0..k).fold(T::absent(), |sum, j| {
                // The weight of the product of the coefficients j + 1 of x and k - j of z.
                let weight = c.times(count::<T>(j + 1)) - T::from_float(count::<T>(k - j));
                sum + weight * care.both(x.coeffs[j], z[k - 1 - j])
            });
            let ends = care.slope(c * f, x.coeffs[k]) + inner.times(count::<T>(k + 1).recip());
            care.over(ends, a)
        })
    });
    stamped!(x, x, z)
}

/// The term `c(c-1)…(c-k+1)/k!·a^(c-k)` of the binomial series.
fn binomial<T: Real>(a: T, c: T, k: usize) -> T {
    // Above 1/ε, c - k may be rounded to c itself, or to an exponent of the other parity.
    let power = if c.abs() * T::epsilon() < T::one() {
        a.powf(c - T::from_float(count::<T>(k)))
    } else {
        let power = a.powf(c);
        if power == T::zero() { power } else { power / a.powi(k as i32) }
    };
    // The factors are multiplied one by one, because their product alone may overflow where the term does not.
    (0..k).fold(power, |p, i| p.slope_times(c - T::from_float(count::<T>(i))).times(count::<T>(i + 1).recip()))
}

/// Powers from 0 to 64 are computed as products, which are right at 0.
#[inline]
pub(crate) fn powi<T: Real, const K: usize>(x: Taylor<T, K>, n: i32) -> Taylor<T, K> {
    let f = x.re.powi(n);
    if !(0..=64).contains(&n) {
        return power(x, f, T::from_float(T::Float::lit(f64::from(n))));
    }
    let (mut z, mut square, mut rest) = (Taylor::constant(T::one()), x, n);
    while rest > 0 {
        if rest % 2 == 1 {
            z *= square;
        }
        rest /= 2;
        if rest > 0 {
            square *= square;
        }
    }
    z.shifted(f)
}

/// Cases:
/// 1. The exponent is constant: as `powi`, or by the equation of the power, and never exp(y ln x).
/// 2. It varies and x > 0: the power with the constant exponent y₀, times exp((y - y₀) ln x). The terms of exp(y ln x)
///    itself cancel near 0.
/// 3. It varies and x ≤ 0: the coefficients that do not depend on the change of y, and the first one that does, which
///    may have a limit. The others are NaN.
pub(crate) fn powf<T: Real, const K: usize>(x: Taylor<T, K>, y: Taylor<T, K>) -> Taylor<T, K> {
    let (a, b) = (x.re, y.re);
    let f = a.powf(b);
    // Asked of recordings too, because the two formulas round differently.
    let Some(varies) = y.coeffs.iter().position(|c| !c.is_zero()) else {
        return match b.small_integer() {
            Some(n) => powi(x, n).shifted(f),
            None => power(x, f, b),
        };
    };
    if a > T::zero() {
        let (l, care) = (ln(x), Care::Nonfinite);
        let rest = Taylor::build(T::zero(), |k, _| {
            care.slope(l.re, y.coeffs[k]) + care.convolution(&y.coeffs[..k], &l.coeffs[..k])
        });
        let change = stamped!(x, y, exponential(T::one(), rest));
        // A power that is 0 stays 0, even where the coefficients of the other factor have overflowed.
        return change.slope_product(power(x, f, b)).shifted(f);
    }
    let (mut z, ln_a) = (stamped!(x, y, power(x, f, b)), a.ln());
    let mut touched = T::from_float(count::<T>(varies + 1));
    let mut first = f * ln_a * y.coeffs[varies];
    if a == T::zero() && b > T::zero() {
        // If x = O(tᵐ), then xʸ = O(t^(m·y)), and a change of y of order n multiplies it by 1 + O(tⁿ ln t).
        let Some(m) = x.coeffs.iter().position(|c| !c.is_zero()) else { return z };
        touched += T::from_float(count::<T>(m + 1)) * b;
        first = ln_a * y.coeffs[varies] * x.coeffs[m].powf(b);
    }
    // The first coefficient that depends on the change of y has a limit; those after it have none.
    for (z, k) in z.coeffs.iter_mut().zip(1..) {
        let k = T::from_float(count::<T>(k));
        if k == touched && !z.is_infinite() {
            *z += first;
        } else if k > touched {
            *z = first * T::nan();
        }
    }
    z
}

rows2! {
    /// From z² = x² + y², where x and y are scaled. Near an axis this formula loses small derivatives, so there the
    /// result is L + S·t/(1 + √(1 + t²)), where L is the larger argument, S the smaller one, and t = S/L.
    hypot |x, y, f| {
        if f.float().is_absent() {
            return Taylor::constant(f);
        }
        let (scale, step) = scales(&x, &y);
        let (a, b) = (rescaled(x, scale, step), rescaled(y, scale, step));
        let (large, small) = if a.re.abs() >= b.re.abs() { (a, b) } else { (b, a) };
        let z = if large.re.abs() < T::lit(8.0) * small.re.abs() {
            sqrt(a * a + b * b)
        } else {
            let t = small / large;
            let sum = large + small * (t / (sqrt(t * t + T::one()) + T::one()));
            sum.linear(sum.re, T::one().copysign(large.re))
        };
        rescaled(z, -scale, -step).shifted(f)
    };
    /// A zero coefficient of ln x stays zero, even where those of 1/ln b have overflowed.
    log |x, b, f| {
        let inverse = Taylor::constant(T::one()) / ln(b);
        if inverse.is_absent() {
            return Taylor::constant(f);
        }
        let z = if b.re == T::zero() { ln(x) / ln(b) } else { inverse.slope_product(ln(x)) };
        z.shifted(f)
    };
}

// ---- error function and normal distribution

rows! {
    erf |x, f| x.integrated(f, erf_slope(x));
    erfc |x, f| x.integrated(f, -erf_slope(x));
    norm_cdf |x, f| x.integrated(f, norm_cdf_slope(x));
}

// ---- gamma function: no algebraic differential equation, so its derivatives are used

rows! {
    gamma |x, f| exponential(f, ln_gamma(x));
    ln_gamma |x, f| x.composed(f, |k| over_factorial(x.re.polygamma(k as u32 - 1), k));
    digamma |x, _f| polygamma(x, 0);
}

// ---- sin x / x and sinh x / x

rows! {
    /// By its power series in x² near 0, where the quotient loses digits with each order.
    sinc |x, f| {
        let near = || series(-(x * x), 16 + K as u32, |k| (2.0 * k * (2.0 * k + 1.0)).recip());
        Real::pick(x.re.float().abs(), T::Float::lit(1.5 + 0.4 * K as f64), near, || sin(x) / x).shifted(f)
    };
    sinhc |x, f| {
        if x.re.abs() >= T::lit(700.0) {
            // The hyperbolic sine overflows before the quotient does.
            let size = if x.re < T::zero() { -x } else { x };
            let root = exp(size.times(T::Float::lit(0.5)));
            return (root / size * root).times(T::Float::lit(0.5)).shifted(f);
        }
        let near = || series(x * x, 24 + K as u32, |k| (2.0 * k * (2.0 * k + 1.0)).recip());
        Real::pick(x.re.float().abs(), T::Float::lit(4.0 + 0.5 * K as f64), near, || sinh(x) / x).shifted(f)
    };
}

// ---- spherical Bessel functions

rows! {
    /// By its power series near 0, as `sinc`, one and two of whose orders these two stand for.
    sph_j1 |x, f| {
        let near = || x * T::lit(1.0 / 3.0) * sph_series(x, 1, 18 + K as u32);
        let far = || (sin(x) / x - cos(x)) / x;
        Real::pick(x.re.float().abs(), T::Float::lit(2.0 + 0.4 * K as f64), near, far).shifted(f)
    };
    sph_j2 |x, f| {
        let near = || x * x * T::lit(1.0 / 15.0) * sph_series(x, 2, 20 + K as u32);
        let far = || {
            let j0 = sin(x) / x;
            (j0 - cos(x)) / x * T::lit(3.0) / x - j0
        };
        Real::pick(x.re.float().abs(), T::Float::lit(3.0 + 0.4 * K as f64), near, far).shifted(f)
    };
}

// ---- stable exponentials

/// The logistic function away from 0.
#[inline]
fn rising<T: Real, const K: usize>(x: Taylor<T, K>) -> Taylor<T, K> {
    let (f, rest) = (x.re.sigmoid(), (-x.re).sigmoid());
    x.solve(f, f * rest, |care, z| {
        care.slope(rest, z[z.len() - 1]) - square(care, f, z) + care.slope(f, z[z.len() - 1])
    })
}

rows! {
    softplus |x, f| x.integrated(f, sigmoid(x));
    ln_1m_exp |x, f| x.integrated(f, ln_1m_exp_slope(x));
    /// From z' = z(1 - z)·x', where 1 - z is computed as σ(-x). Near 0 it is computed by tanh, whose derivatives do not
    /// cancel.
    sigmoid |x, f| {
        let near = || {
            let half = x.times(T::Float::lit(0.5));
            let f = half.re.tanh();
            half.solve(f, one_minus_square(f), |care, z| -square(care, f, z)).times(T::Float::lit(0.5)).shifted(T::zero())
        };
        Real::pick(x.re.float().abs(), T::Float::lit(1.0), near, || rising(x)).shifted(f)
    };
}

rows2! {
    ln_add_exp |x, y, f| {
        let tied = !x.re.presumed_finite() && x.re == y.re && x.re.is_infinite();
        let d = if tied { Taylor::absent() } else { x - y };
        x.integrated2(y, f, sigmoid(d), sigmoid(-d))
    };
    xlogy |x, y, f| {
        let at_zero = x.re.float().is_absent() && y.re.float().is_absent();
        let slope = if at_zero { (Taylor::constant(T::one()) / y).slope_product(x) } else { x / y };
        x.integrated2(y, f, ln(y), slope)
    };
}
