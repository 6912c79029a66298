//! [`Real`]: the one bound that generic numeric code needs.

use crate::lanes::{Laned, Pair64, Quad32};
use crate::special::signatures::{declare, declare_integer, declare2, values_integer, values2, values32, values64};
use crate::special::{self, Incomplete, special_rows};
use core::fmt::{Debug, Display, LowerExp, UpperExp};
use core::iter::{Product, Sum};
use num_traits::{Euclid, Float, FloatConst, FromPrimitive, NumAssign};

/// A real number: `f32`, `f64`, with the feature `half` also `f16` and `bf16`, or any number of this crate over them.
///
/// Code that is written over `Real` runs on plain floats, and it is differentiated by calling it with numbers that
/// carry derivatives. It has all functions of `num_traits::Float`, and the special functions below.
///
/// No other type can implement `Real`. The reverse sweep copies and multiplies values of this type while the thread's
/// recording is in use, and foreign code must not run at that time.
///
/// ```
/// use nilpotent::{gradient, Real};
///
/// /// The Black-Scholes price of a call option, without interest.
/// fn call<T: Real>(spot: T, strike: T, sigma: T, t: T) -> T {
///     let s = sigma * t.sqrt();
///     let d = (spot / strike).ln() / s + s * T::lit(0.5);
///     spot * d.norm_cdf() - strike * (d - s).norm_cdf()
/// }
///
/// let price = call(100.0, 95.0, 0.2, 0.5);
/// let (same, [delta, _, vega, _]) = gradient(|[s, k, v, t]| call(s, k, v, t), [100.0, 95.0, 0.2, 0.5]);
/// assert_eq!(price, same);
/// assert!((delta - 0.667641183247476_f64).abs() < 1e-14);
/// assert!((vega - 25.68061338079476_f64).abs() < 1e-12);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that derivatives are taken with",
    note = "`f32`, `f64` and the numbers of nilpotent over them are"
)]
pub trait Real:
    Laned
    + Chain
    + Float
    + FloatConst
    + NumAssign
    + FromPrimitive
    + Sum
    + for<'a> Sum<&'a Self>
    + Product
    + for<'a> Product<&'a Self>
    + Default
    + Debug
    + Display
    + LowerExp
    + UpperExp
    + Send
    + Sync
    + 'static
{
    /// The plain float at the innermost level.
    type Float: Real<Float = Self::Float>;

    /// The highest total order of the derivatives that the number carries: 0 for floats, 1 for a dual number, and the
    /// sum of the orders of all levels for a nested number.
    const ORDER: u32;

    /// Whether the number records a program.
    #[doc(hidden)]
    const RECORDS: bool = false;

    /// Whether the number is a variable of reverse mode, or made of such variables.
    #[doc(hidden)]
    const TAPED: bool = false;

    /// The innermost value, a plain float.
    fn float(self) -> Self::Float;

    /// The power of two in [1/(2|x|), 1/|x|) if both it and x are normal floats, and 0 otherwise.
    #[doc(hidden)]
    fn power_of_two_below_inverse(self) -> Self::Float {
        self.float().power_of_two_below_inverse()
    }

    // The crate's own questions follow. A recording of a program writes down all questions of users. Of the crate's own it
    // writes down only those by which a result could differ although it is finite.

    /// Whether the value is between 2⁻⁶⁴ and 2⁶⁴ (of f32 2⁻³² and 2³²), apart from its sign.
    #[doc(hidden)]
    #[inline(always)]
    fn is_moderate(self) -> bool {
        self.float().is_moderate()
    }

    /// Whether the value is a normal float.
    #[doc(hidden)]
    #[inline(always)]
    fn checked_normal(self) -> bool {
        self.float().checked_normal()
    }

    /// Whether the sum of two squares up to the square of this is a normal float, or is 0, ∞ or NaN anyway.
    #[doc(hidden)]
    fn squares_safely(self) -> bool {
        self.float().squares_safely()
    }

    /// The whole part of log₂ |x|, where x is the value.
    #[doc(hidden)]
    fn exponent(self) -> i32 {
        self.float().exponent()
    }

    /// The value if it is a whole number of at most 64, apart from its sign, and has no derivatives.
    #[doc(hidden)]
    fn small_integer(self) -> Option<i32>;

    /// Whether every part is finite, asked where a formula for other cases rounds differently.
    #[doc(hidden)]
    #[inline(always)]
    fn checked_finite(self) -> bool {
        self.parts_finite()
    }

    /// Whether every part is finite. A recording takes this for granted: if it is wrong in a replay, results are not finite
    /// there.
    #[doc(hidden)]
    #[inline(always)]
    fn presumed_finite(self) -> bool {
        self.parts_finite()
    }

    /// The same number, whose absent derivatives are plain zeros, since users may multiply them by an infinity.
    #[doc(hidden)]
    #[inline(always)]
    fn grounded(self) -> Self {
        self
    }

    /// `below()` if x < y, else `above()`: two formulas for one function. A recording writes down both, and a replay chooses.
    #[doc(hidden)]
    fn pick(x: Self::Float, y: Self::Float, below: impl FnOnce() -> Self, above: impl FnOnce() -> Self) -> Self;

    /// The constant `x`.
    fn from_float(x: Self::Float) -> Self;

    /// The product with a float: each part is multiplied by it.
    #[must_use]
    fn times(self, c: Self::Float) -> Self;

    /// The constant nearest to `x`. It is how generic code writes a literal: `T::lit(0.5)`.
    fn lit(x: f64) -> Self;

    /// The remainder in `[0, |other|)`. The signature is that of `num_traits::Euclid`, which all numbers implement, except for the
    /// floats of the crate half.
    #[must_use]
    fn rem_euclid(&self, other: &Self) -> Self;

    /// The quotient that goes with `rem_euclid`; its derivative is 0.
    #[must_use]
    fn div_euclid(&self, other: &Self) -> Self;

    /// Whether every part, the value and all derivatives, is finite. (`is_finite` looks at the value alone.)
    fn parts_finite(self) -> bool;

    /// The product of a slope, `self`, and a derivative. Zeros in the derivative stay zero, whatever the slope is, so
    /// constants never make NaN.
    #[must_use]
    fn slope_times(self, derivative: Self) -> Self;

    /// Whether the values and all derivatives are equal, where NaN counts as equal to NaN. (`==` compares the values
    /// alone.)
    fn same(self, other: Self) -> bool;

    /// Whether the values and all derivatives are equal to those of `other` up to a tolerance: |a - b| ≤
    /// tolerance·max(1, |b|). An infinity is close only to itself, and NaN only to NaN. (The traits of approx compare
    /// the values alone, as `==` does.)
    fn close_to(self, other: Self, tolerance: Self::Float) -> bool;

    /// The lower regularized incomplete gamma function `P(a, x)`, where a is `self`.
    #[must_use]
    fn gamma_p(self, x: Self) -> Self {
        Self::incomplete(Incomplete::GammaP, [self, x, x], [0; 3])
    }

    /// The upper regularized incomplete gamma function `Q(a, x)`, where a is `self`.
    #[must_use]
    fn gamma_q(self, x: Self) -> Self {
        Self::incomplete(Incomplete::GammaQ, [self, x, x], [0; 3])
    }

    /// The regularized incomplete beta function `I_x(a, b)`, where x is `self`.
    #[must_use]
    fn beta_inc(self, a: Self, b: Self) -> Self {
        Self::incomplete(Incomplete::Beta, [a, b, self], [0; 3])
    }

    /// A partial derivative of an incomplete function.
    #[doc(hidden)]
    fn incomplete(of: Incomplete, x: [Self; 3], orders: [u32; 3]) -> Self;

    special_rows!(special, [declare],);
    special_rows!(special2, [declare2],);
    special_rows!(integer, [declare_integer],);
}

/// A number that can be passed through a function, given the function's value and derivatives there.
///
/// Every number of the crate implements it. `f32` and `f64` do so too, and use the value alone, so a rule written over
/// `Chain` also runs on plain floats.
///
/// # Higher orders
///
/// A rule must compute f, f' and f" by operations on [`Chain::Re`], because nested numbers differentiate them again.
/// Take a function whose values and slopes are known only as plain floats (from a table, or from a library in C). If a
/// rule linearizes it by hand, as `y + Σ J·(x - x₀)` with constants y and J, then its second derivative is 0, and no
/// error says so.
///
/// The slopes of a rule may lead back to the rule itself, as in `J₀' = -J₁` and `J₁' = J₀ - J₁/x`. Such a rule may call
/// itself with `x.re()`, because for most numbers `re()` has one level less. But the `re()` of a power series is a
/// series again, so there the rule would call itself without end; it panics. Write such a function by
/// [`Chain::compose`].
pub trait Chain: Copy {
    /// The type of the value: a float, or a number again where numbers are nested.
    type Re: Real;

    /// The value.
    fn re(self) -> Self::Re;

    /// The number with this value and no derivatives.
    fn constant(re: Self::Re) -> Self;

    /// Whether all derivatives are known to be zero. A rule may then use a simpler formula.
    #[inline]
    fn is_constant(self) -> bool {
        false
    }

    /// The image under a function of one argument, given its value `f`, its derivative `df` and its second derivative
    /// `ddf`.
    ///
    /// A zero derivative of `self` stays zero, whatever `df` is. If `f` is infinite or NaN, the derivatives of the result are
    /// not specified.
    fn chain(self, f: Self::Re, df: Self::Re, ddf: impl FnOnce() -> Self::Re) -> Self;

    /// The image of `(self, y)` under a function of two arguments, given its value `f` and its partial derivatives
    /// `df = [fx, fy]` and `ddf = [fxx, fxy, fyy]`.
    fn chain2(self, y: Self, f: Self::Re, df: [Self::Re; 2], ddf: impl FnOnce() -> [Self::Re; 3]) -> Self;

    /// The image under a function of one argument whose derivatives of every order are known at plain floats:
    /// `derivative(n, a)` is the n-th derivative at a, and `derivative(0, a)` the value. It works for every number and
    /// order, and is meant for functions that cannot be written as a rule.
    ///
    /// ```
    /// use nilpotent::rules::Chain;
    /// use nilpotent::{hessian, nth_derivative};
    ///
    /// /// The Bessel function J₀; `J₀⁽ⁿ⁾ = 2⁻ⁿ Σ (-1)ᵏ (n choose k) J₂ₖ₋ₙ` (NIST's DLMF, equation 10.6.7).
    /// fn j0<X: Chain>(x: X) -> X {
    ///     x.compose(&|n, a| {
    ///         let (mut sum, mut binomial) = (0.0, 1.0);
    ///         for k in 0..=n {
    ///             sum += binomial * libm::jn(2 * k as i32 - n as i32, a);
    ///             binomial *= -f64::from(n - k) / f64::from(k + 1);
    ///         }
    ///         sum / 2.0_f64.powi(n as i32)
    ///     })
    /// }
    ///
    /// let (y, [d1, d2, d3]) = nth_derivative(j0, 1.0);
    /// assert_eq!((y, d1), (libm::j0(1.0), -libm::j1(1.0)));
    /// assert!((d2 + 0.325147100813033_f64).abs() < 1e-15 && (d3 - 0.325147100813033_f64).abs() < 1e-15);
    /// let (_, _, h) = hessian(|[a, b]| j0(a * b), [0.5, 2.0]);
    /// assert!((h[0][0] - 4.0 * d2).abs() < 1e-15);
    /// ```
    #[must_use]
    fn compose(self, derivative: &dyn Fn(u32, f64) -> f64) -> Self {
        let a = self.re();
        let at = |k| a.compose(&move |n, a| derivative(n + k, a));
        self.chain(at(0), at(1), || at(2))
    }

    /// [`chain`](Self::chain) of a function whose slope is finite wherever its value is, such as a sine. Then no slope needs to
    /// be tested. `sqrt` is no such function: at 0 its value is finite, and its slope is not.
    #[inline(always)]
    #[must_use]
    fn regular(self, f: Self::Re, df: Self::Re, ddf: impl FnOnce() -> Self::Re) -> Self {
        self.chain(f, df, ddf)
    }

    /// [`chain2`](Self::chain2) of such a function.
    #[inline(always)]
    #[must_use]
    fn regular2(self, y: Self, f: Self::Re, df: [Self::Re; 2], ddf: impl FnOnce() -> [Self::Re; 3]) -> Self {
        self.chain2(y, f, df, ddf)
    }

    /// Whether the numbers are on different nodes of a tape, or only one of them is on a node.
    #[doc(hidden)]
    #[inline(always)]
    fn joins(self, _: Self) -> bool {
        false
    }

    /// The image of many numbers at once: `f` returns the value, and each number with the slope in it. Recordings store
    /// it as one node. Other numbers return `None`, and the caller computes the function operation by operation.
    #[inline]
    fn gathered<I: Iterator<Item = (Self, Self::Re)>>(_: impl FnOnce() -> (Self::Re, I)) -> Option<Self> {
        None
    }
}

/// A number whose innermost value is the float `S`. It lets operators combine floats `S` with numbers of any depth.
pub trait Over<S>: Real {
    /// Returns the constant `s`.
    fn lift(s: S) -> Self;
}

/// A number over `S` that is not `S` itself. Without it, impls for `S` and for the value type `T` would overlap if `T`
/// is `S`.
pub trait Nested<S>: Over<S> {}

/// Items of an `impl Chain` for a number without derivatives.
macro_rules! plain_chain {
    () => {
        type Re = Self;

        #[inline]
        fn re(self) -> Self {
            self
        }

        #[inline]
        fn constant(re: Self) -> Self {
            re
        }

        #[inline]
        fn is_constant(self) -> bool {
            true
        }

        #[inline]
        fn chain(self, f: Self, _: Self, _: impl FnOnce() -> Self) -> Self {
            f
        }

        #[inline]
        fn chain2(self, _: Self, f: Self, _: [Self; 2], _: impl FnOnce() -> [Self; 3]) -> Self {
            f
        }
    };
}
#[cfg(any(feature = "half", feature = "program"))]
pub(crate) use plain_chain;

macro_rules! plain_float {
    ($T:ident, $Lanes:ty, $values:ident) => {
        impl Chain for $T {
            plain_chain!();

            #[inline]
            fn compose(self, derivative: &dyn Fn(u32, f64) -> f64) -> Self {
                derivative(0, f64::from(self)) as Self
            }
        }

        impl Laned for $T {
            type Lanes = $Lanes;
        }

        impl Real for $T {
            type Float = Self;
            const ORDER: u32 = 0;

            #[inline]
            fn float(self) -> Self {
                self
            }

            #[inline]
            fn power_of_two_below_inverse(self) -> Self {
                // A float stores its exponent e as e + bias. So the stored exponents of x and of the result, whose
                // exponents are e and -e - 1, add up to 2·bias - 1. A subnormal x stores 0. For the largest x the
                // difference wraps.
                const MANTISSA: u32 = <$T>::MANTISSA_DIGITS - 1;
                let field = |x: Self| x.to_bits() >> MANTISSA;
                let bias = field(1.0);
                let inverse = (2 * bias - 1).wrapping_sub(field(self.abs()));
                Self::from_bits(if inverse < 2 * bias - 1 { inverse << MANTISSA } else { 0 })
            }

            #[inline(always)]
            fn checked_normal(self) -> bool {
                self.is_normal()
            }

            #[inline]
            fn squares_safely(self) -> bool {
                let root = <$T>::MIN_POSITIVE.sqrt();
                let unsafe_square = self < root / <$T>::EPSILON && self > 0.0 || self * root > 1.0 && self.is_finite();
                !unsafe_square
            }

            fn exponent(self) -> i32 {
                let (mantissa, exponent, _) = self.integer_decode();
                mantissa.checked_ilog2().unwrap_or(0) as i32 + i32::from(exponent)
            }

            #[inline]
            fn small_integer(self) -> Option<i32> {
                (self == self.round() && self.abs() <= 64.0).then_some(self as i32)
            }

            #[inline(always)]
            fn pick(x: Self, y: Self, below: impl FnOnce() -> Self, above: impl FnOnce() -> Self) -> Self {
                if x < y { below() } else { above() }
            }

            #[inline(always)]
            fn is_moderate(self) -> bool {
                const MANTISSA: u32 = <$T>::MANTISSA_DIGITS - 1;
                const SHIFT: u32 = if <$T>::MAX_EXP > 512 { 6 } else { 5 };
                let field = |x: Self| x.to_bits() >> MANTISSA;
                // From 0 on for the smallest moderate float; smaller floats wrap around.
                (field(self.abs()) + (1 << SHIFT)).wrapping_sub(field(1.0)) <= 2 << SHIFT
            }

            #[inline]
            fn from_float(x: Self) -> Self {
                x
            }

            #[inline]
            fn times(self, c: Self) -> Self {
                self * c
            }

            #[inline]
            fn lit(x: f64) -> Self {
                x as Self
            }

            #[inline]
            #[allow(clippy::eq_op)]
            fn parts_finite(self) -> bool {
                // One subtraction and one branch; `is_finite` would use integer operations.
                !(self - self).is_nan()
            }

            #[inline]
            fn slope_times(self, derivative: Self) -> Self {
                if derivative == 0.0 { derivative } else { self * derivative }
            }

            #[inline]
            fn same(self, other: Self) -> bool {
                self == other || self.is_nan() && other.is_nan()
            }

            #[inline]
            fn close_to(self, other: Self, tolerance: Self) -> bool {
                let near = other.is_finite() && (self - other).abs() <= tolerance * other.abs().max(1.0);
                near || self.same(other)
            }

            #[inline]
            fn incomplete(of: Incomplete, x: [Self; 3], orders: [u32; 3]) -> Self {
                special::incomplete(of, x.map(f64::from), orders) as Self
            }

            #[inline]
            fn rem_euclid(&self, other: &Self) -> Self {
                Euclid::rem_euclid(self, other)
            }

            #[inline]
            fn div_euclid(&self, other: &Self) -> Self {
                Euclid::div_euclid(self, other)
            }

            special_rows!(special, [$values],);
            special_rows!(special2, [values2],);
            special_rows!(integer, [values_integer],);
        }

        impl Over<$T> for $T {
            #[inline]
            fn lift(s: Self) -> Self {
                s
            }
        }
    };
}

plain_float!(f64, Pair64, values64);
plain_float!(f32, Quad32, values32);
