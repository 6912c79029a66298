//! Exponentials, logarithms, circular and hyperbolic functions, and the functions with kinks and steps.
//!
//! The first line of each row states `f`, `f'` and `f"`. A row that does not use the obvious formula says why.

use crate::lanes::Laned as _;
use crate::nonfinite::zero_product;
use crate::real::{Chain, Real};
use num_traits::{Float, FloatConst, One, Zero};

// ---- exponentials and logarithms

/// `eˣ`; f' = f" = f.
#[inline]
pub fn exp<X: Chain>(x: X) -> X {
    let f = x.re().exp();
    x.regular(f, f, || f)
}

/// `2ˣ`; f' = f·ln 2, f" = f'·ln 2.
#[inline]
pub fn exp2<X: Chain>(x: X) -> X {
    let (f, ln2) = (x.re().exp2(), X::Re::LN_2());
    let mut df = f * ln2;
    // Not `presumed_finite`: where f is infinite, a result need not be, such as the inverse of the slope.
    if !f.checked_normal() && f.is_infinite() {
        // The slope is still finite up to x = 1024.5.
        let half = (x.re() * X::Re::lit(0.5)).exp2();
        df = half * ln2 * half;
    }
    x.regular(f, df, || df * ln2)
}

/// `eˣ - 1`; f' = f" = eˣ. Not f + 1, which is 0 below about x = -37.
#[doc(alias = "expm1")]
#[inline]
pub fn exp_m1<X: Chain>(x: X) -> X {
    let e = x.re().exp();
    x.regular(x.re().exp_m1(), e, || e)
}

/// `ln x`; f' = 1/x, f" = -f'/x.
#[inline]
pub fn ln<X: Chain>(x: X) -> X {
    logarithm(x, x.re().ln(), X::Re::one())
}

/// `log₂ x`; f' = log₂(e)/x, f" = -f'/x.
#[inline]
pub fn log2<X: Chain>(x: X) -> X {
    logarithm(x, x.re().log2(), X::Re::LOG2_E())
}

/// `log₁₀ x`; f' = log₁₀(e)/x, f" = -f'/x.
#[inline]
pub fn log10<X: Chain>(x: X) -> X {
    logarithm(x, x.re().log10(), X::Re::LOG10_E())
}

#[inline]
fn logarithm<X: Chain>(x: X, f: X::Re, log_e: X::Re) -> X {
    let df = log_e / x.re();
    x.chain(f, df, || -df / x.re())
}

/// `log_b x = ln x / ln b`; fx = 1/(x ln b), fb = -f/(b ln b),
/// fxx = -fx/x, fxb = -fx/(b ln b), fbb = f(ln b + 2)/(b ln b)².
#[inline]
pub fn log<X: Chain>(x: X, b: X) -> X {
    let f = x.re().log(b.re());
    let ln_b = b.re().ln();
    let (fx, inv) = (ln_b.recip() / x.re(), ln_b.recip() / b.re());
    // This is 0, not NaN, where f is 0 and the derivatives of the other factor have overflowed.
    let fb = if inv.presumed_finite() || !inv.is_nan() { inv.slope_times(-f) } else { inv };
    x.chain2(b, f, [fx, fb], || {
        let two = X::Re::lit(2.0);
        [-fx / x.re(), -fx * inv, f * inv * ((ln_b + two) * inv)]
    })
}

/// `ln(1 + x)`; f' = 1/(1 + x), f" = -f'².
#[doc(alias = "log1p")]
#[inline]
pub fn ln_1p<X: Chain>(x: X) -> X {
    let df = (X::Re::one() + x.re()).recip();
    x.regular(x.re().ln_1p(), df, || -df * df)
}

// ---- circular functions

/// `sin x` and `cos x`, for the cost of one.
#[inline]
pub fn sin_cos<X: Chain>(x: X) -> (X, X) {
    let (s, c) = x.re().sin_cos();
    (x.regular(s, c, || -s), x.regular(c, -s, || -c))
}

/// `sin x`; f' = cos x, f" = -f.
#[inline]
pub fn sin<X: Chain>(x: X) -> X {
    let (s, c) = x.re().sin_cos();
    x.regular(s, c, || -s)
}

/// `cos x`; f' = -sin x, f" = -f.
#[inline]
pub fn cos<X: Chain>(x: X) -> X {
    let (s, c) = x.re().sin_cos();
    x.regular(c, -s, || -c)
}

/// `tan x`; f' = 1 + f², f" = 2 f f'.
#[inline]
pub fn tan<X: Chain>(x: X) -> X {
    let f = x.re().tan();
    let df = X::Re::one() + f * f;
    x.regular(f, df, || (f + f) * df)
}

/// `asin x`; f' = 1/√((1-x)(1+x)), f" = x f'/((1-x)(1+x)). Not √(1-x²): 1-x² has lost half its digits at 1-1e-8.
#[inline]
pub fn asin<X: Chain>(x: X) -> X {
    let w = one_minus_square(x.re());
    let df = w.sqrt().recip();
    x.chain(x.re().asin(), df, || x.re() * df / w)
}

/// `acos x`; f' = -1/√((1-x)(1+x)), f" = x f'/((1-x)(1+x)).
#[inline]
pub fn acos<X: Chain>(x: X) -> X {
    let w = one_minus_square(x.re());
    let df = -w.sqrt().recip();
    x.chain(x.re().acos(), df, || x.re() * df / w)
}

/// `atan x`; f' = 1/(1 + x²), f" = -2x f'², computed as (x f') f', which does not underflow before f" does.
#[inline]
pub fn atan<X: Chain>(x: X) -> X {
    let a = x.re();
    // From 1e150 on, near where the square and its derivatives overflow, 1 is less than a rounding error of it.
    let df = X::Re::pick(
        a.float().abs(),
        Real::lit(1e150),
        || (X::Re::one() + a * a).recip(),
        || {
            let inverse = a.recip();
            inverse * inverse
        },
    );
    x.regular(a.atan(), df, || -(a * df) * (df + df))
}

/// `atan2(y, x)`, the angle of the point (x, y); with r² = x² + y²: fy = x/r², fx = -y/r², fyy = -2 fy·(y/r²), fyx =
/// (y-x)(y+x)/r⁴, fxx = -fyy. NaN at the origin, where no derivative exists.
#[inline]
pub fn atan2<X: Chain>(y: X, x: X) -> X {
    let (b, a) = (y.re(), x.re());
    let f = b.atan2(a);
    let (a, b, s) = scaled(a, b);
    let r2 = a * a + b * b;
    let (mut fy, mut fx) = (a / r2 * s, -b / r2 * s);
    if !r2.presumed_finite() && r2.is_infinite() {
        (fy, fx) = (X::Re::absent(), X::Re::absent());
    }
    y.chain2(x, f, [fy, fx], || {
        // Near the origin one factor may be infinite where the other is 0.
        let fyy = zero_product(fy + fy, fx);
        [fyy, ((b - a) / r2 * s) * ((b + a) / r2 * s), -fyy]
    })
}

/// The power of two s for which s·m is about 1. For subnormals and the largest floats it is the nearest power of two
/// that is normal and whose inverse is normal.
pub(crate) fn power_of_two_near_inverse<F: Real>(m: F) -> F {
    power_of_two(-m.exponent())
}

/// 2ⁿ, where n is first clamped to the exponents for which 2ⁿ and 2⁻ⁿ are both normal floats.
fn power_of_two<F: Real>(n: i32) -> F {
    let least = F::min_positive_value().exponent();
    F::lit(2.0).powi(n.clamp(least, -least))
}

/// `x·2ⁿ`, in several steps where 2ⁿ or 2⁻ⁿ is not a normal float.
pub(crate) fn times_power_of_two<T: Real>(x: T, n: i32) -> T {
    let limit = -T::Float::min_positive_value().exponent();
    let step = n.clamp(-limit, limit);
    let x = x.times(power_of_two(step));
    if step == n { x } else { times_power_of_two(x, n - step) }
}

/// `(a·s, b·s, s)`, where s is 1 if a² + b² neither over- nor underflows, and otherwise the power of two that prevents
/// it. Then the slopes do not over- or underflow before the true ones do.
#[inline]
fn scaled<T: Real>(a: T, b: T) -> (T, T, T) {
    let size = a.float().abs().max(b.float().abs());
    if size.squares_safely() {
        return (a, b, T::one());
    }
    let s = power_of_two_near_inverse(size);
    (a.times(s), b.times(s), T::from_float(s))
}

/// The power of two by which numbers are multiplied before they are squared, if the largest of them has the magnitude
/// m. It is 1 where the squares and their sums are in the range of floats anyway, and where m is 0 or ∞.
#[inline]
pub(crate) fn safe_scale<F: Real>(m: F) -> F {
    if m.squares_safely() { F::one() } else { power_of_two_near_inverse(m) }
}

/// `1 - x²`. Near ±1 it is computed as (1-x)(1+x), which keeps the digits of the value; near 0 as written, because the
/// derivatives of the product cancel there.
#[inline]
pub(crate) fn one_minus_square<T: Real>(x: T) -> T {
    let one = T::one();
    T::pick(x.float().abs(), Real::lit(0.5), || one - x * x, || (one - x) * (one + x))
}

// ---- hyperbolic functions

/// `sinh x`; f' = cosh x, f" = f.
#[inline]
pub fn sinh<X: Chain>(x: X) -> X {
    let f = x.re().sinh();
    x.regular(f, x.re().cosh(), || f)
}

/// `cosh x`; f' = sinh x, f" = f.
#[inline]
pub fn cosh<X: Chain>(x: X) -> X {
    let f = x.re().cosh();
    x.regular(f, x.re().sinh(), || f)
}

/// `tanh x`; f' = 1/cosh² x = 4e/(1 + e)² with e = exp(-2|x|), f" = -2 f f'. f' is computed as 1 - f² only near 0,
/// because that is exactly 0 from x = 19.1 on, and never by cosh, because cosh overflows.
#[inline]
pub fn tanh<X: Chain>(x: X) -> X {
    let f = x.re().tanh();
    let size = x.re().float().abs();
    let df = X::Re::pick(
        size,
        Real::lit(0.5),
        || one_minus_square(f),
        || {
            let a = x.re().abs();
            let e = (-(a + a)).exp();
            let sum = X::Re::one() + e;
            X::Re::lit(4.0) * e / (sum * sum)
        },
    );
    x.regular(f, df, || -(f + f) * df)
}

/// `asinh x`; f' = 1/√(x² + 1), f" = -(x f') f'².
#[inline]
pub fn asinh<X: Chain>(x: X) -> X {
    let a = x.re();
    let df = a.hypot(X::Re::one()).recip();
    x.regular(a.asinh(), df, || -(a * df) * df * df)
}

/// `acosh x`; f' = 1/(√(x-1)·√(x+1)), f" = -(x f') f'². There are two roots because (x-1)(x+1) overflows from 1e154 on.
#[inline]
pub fn acosh<X: Chain>(x: X) -> X {
    let (a, one) = (x.re(), X::Re::one());
    let df = ((a - one).sqrt() * (a + one).sqrt()).recip();
    x.chain(a.acosh(), df, || -(a * df) * df * df)
}

/// `atanh x`; f' = 1/((1-x)(1+x)), f" = 2x f'².
#[inline]
pub fn atanh<X: Chain>(x: X) -> X {
    let a = x.re();
    let df = one_minus_square(a).recip();
    x.regular(a.atanh(), df, || (a + a) * df * df)
}

// ---- kinks: one side is chosen, with all its derivatives

/// `|x|`; f' = 1 or -1 by the sign bit of x, f" = 0.
#[inline]
pub fn abs<X: Chain>(x: X) -> X {
    x.regular(x.re().abs(), X::Re::one().copysign(x.re()), X::Re::absent)
}

/// `|x|` with the sign of `y`; fx = 1 or -1, fy = 0.
#[inline]
pub fn copysign<X: Chain>(x: X, y: X) -> X {
    let sign = |x: X::Re| X::Re::one().copysign(x);
    x.regular(x.re().copysign(y.re()), sign(x.re()) * sign(y.re()), X::Re::absent)
}

/// The larger argument. On a tie it is the second one, as in `Ord::max`; if one argument is NaN, it is the other one.
#[doc(alias = "relu")]
#[inline]
pub fn max<X: Chain>(x: X, y: X) -> X {
    let (a, b) = (x.re(), y.re());
    if is_chosen(x, y) {
        chosen([x, y], a.max(b), [b, a])
    } else if a > b || b.is_nan() {
        x
    } else if a == b {
        tied(y, a.max(b))
    } else {
        y
    }
}

/// The smaller argument. On a tie it is the first one, as in `Ord::min`; if one argument is NaN, it is the other one.
#[inline]
pub fn min<X: Chain>(x: X, y: X) -> X {
    let (a, b) = (x.re(), y.re());
    if is_chosen(x, y) {
        chosen([y, x], a.min(b), [b, a])
    } else if b < a || a.is_nan() {
        y
    } else if a == b {
        tied(x, a.min(b))
    } else {
        x
    }
}

/// Whether a choice between two numbers is an operation of a recorded program and no branch. Between two nodes of a tape it would
/// be a node of its own, and round adjoints in another order than the chosen number.
fn is_chosen<X: Chain>(x: X, y: X) -> bool {
    // A constant NaN is never chosen, and no comparison says so.
    let numbers = || x.re().presumed_finite() && y.re().presumed_finite();
    (const { X::Re::RECORDS && !X::Re::TAPED }) && !x.joins(y) && numbers()
}

/// The number with the value `f` and the derivatives of `x` if p < q, else of `y`: a choice that is no branch of a recorded
/// program.
fn chosen<X: Chain>([x, y]: [X; 2], f: X::Re, [p, q]: [X::Re; 2]) -> X {
    let pick = |a: X::Re, b: X::Re| X::Re::pick(p.float(), q.float(), || a, || b);
    let (zero, one) = (X::Re::zero(), X::Re::one());
    x.regular2(y, f, [pick(one, zero), pick(zero, one)], || [X::Re::absent(); 3])
}

/// `x` with its value replaced by `f`, which is equal. They may differ as 0 and -0 do: then the value is the one that
/// the function of floats returns.
#[inline]
fn tied<X: Chain>(x: X, f: X::Re) -> X {
    if f.is_sign_negative() == x.re().is_sign_negative() { x } else { x.regular(f, X::Re::one(), X::Re::absent) }
}

/// `x` inside the closed interval `[lo, hi]`, and the nearer end outside. It never panics: if `lo > hi`, an `x` below
/// `lo` gives `lo`.
#[inline]
pub fn clamp<X: Chain>(x: X, lo: X, hi: X) -> X {
    if x.re() < lo.re() {
        lo
    } else if x.re() > hi.re() {
        hi
    } else {
        x
    }
}

/// `x - y` where that is positive, and the constant 0 elsewhere.
#[inline]
pub fn abs_sub<X: Chain>(x: X, y: X) -> X {
    let (a, b) = (x.re(), y.re());
    if a <= b {
        X::constant(X::Re::zero())
    } else {
        let one = X::Re::one();
        x.regular2(y, a - b, [one, -one], || [X::Re::absent(); 3])
    }
}

// ---- steps

/// `floor x`; f' = 0.
#[inline]
pub fn floor<X: Chain>(x: X) -> X {
    X::constant(x.re().floor())
}

/// `ceil x`; f' = 0.
#[inline]
pub fn ceil<X: Chain>(x: X) -> X {
    X::constant(x.re().ceil())
}

/// `round x`, with halves away from zero; f' = 0.
#[inline]
pub fn round<X: Chain>(x: X) -> X {
    X::constant(x.re().round())
}

/// `round x`, with halves to even; f' = 0.
#[inline]
pub fn round_ties_even<X: Chain>(x: X) -> X {
    X::constant(x.re().round_ties_even())
}

/// `trunc x`; f' = 0.
#[inline]
pub fn trunc<X: Chain>(x: X) -> X {
    X::constant(x.re().trunc())
}

/// `signum x`; f' = 0.
#[inline]
pub fn signum<X: Chain>(x: X) -> X {
    X::constant(x.re().signum())
}

/// `x - trunc x`; f' = 1.
#[inline]
pub fn fract<X: Chain>(x: X) -> X {
    x.regular(x.re().fract(), X::Re::one(), X::Re::absent)
}

/// `x % y = x - q·y`, q = trunc(x/y); fx = 1, fy = -q.
#[inline]
pub fn rem<X: Chain>(x: X, y: X) -> X {
    remainder(x, y, x.re() % y.re())
}

/// `x - q·y`, which is in [0, |y|); fx = 1, fy = -q.
#[inline]
pub fn rem_euclid<X: Chain>(x: X, y: X) -> X {
    remainder(x, y, Real::rem_euclid(&x.re(), &y.re()))
}

/// The quotient of `rem_euclid`; f' = 0.
#[inline]
pub fn div_euclid<X: Chain>(x: X, y: X) -> X {
    X::constant(Real::div_euclid(&x.re(), &y.re()))
}

#[inline]
fn remainder<X: Chain>(x: X, y: X, f: X::Re) -> X {
    x.chain2(y, f, [X::Re::one(), -whole_quotient(x.re(), y.re(), f)], || [X::Re::absent(); 3])
}

/// The integer q of the remainder `f = x - q·y`. Rounding x/y may cross an integer, but (x - f)/y is an integer up to
/// rounding. It is computed as x/y - f/y, because x - f may overflow.
#[inline]
pub(crate) fn whole_quotient<T: Real>(x: T, y: T, f: T) -> T {
    (x / y - f / y).round()
}

// ---- linear

/// `x·y + z`, whose value is rounded once; fx = y, fy = x, fz = 1, fxy = 1.
#[inline]
pub fn mul_add<X: Chain>(x: X, y: X, z: X) -> X {
    let (zero, one) = (X::Re::absent(), X::Re::one());
    let f = x.re().mul_add(y.re(), z.re());
    let xy = x.regular2(y, f, [y.re(), x.re()], || [zero, one, zero]);
    xy.regular2(z, f, [one; 2], || [zero; 3])
}

/// `x·180/π`; f' = 180/π.
#[inline]
pub fn to_degrees<X: Chain>(x: X) -> X {
    x.regular(x.re().to_degrees(), X::Re::one().to_degrees(), X::Re::absent)
}

/// `x·π/180`; f' = π/180.
#[inline]
pub fn to_radians<X: Chain>(x: X) -> X {
    x.regular(x.re().to_radians(), X::Re::one().to_radians(), X::Re::absent)
}
