//! [`Real`]: the one bound that generic numeric code needs.

use crate::lanes::{Lanes, Pair};
use crate::rules::{Chain, rows};
use crate::special;
use core::fmt::{Debug, Display, LowerExp, UpperExp};
use core::iter::{Product, Sum};
use num_traits::{Euclid, Float, FloatConst, FromPrimitive, NumAssign};

/// The methods of [`Real`] that are rows of one argument.
macro_rules! declare {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        #[doc = $doc]
        #[must_use]
        fn $name(self) -> Self;
    )* };
}

/// The methods of [`Real`] that are rows of two arguments.
macro_rules! declare2 {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        #[doc = $doc]
        #[must_use]
        fn $name(self, other: Self) -> Self;
    )* };
}

/// The values of rows at f64.
macro_rules! values64 {
    (() $($name:ident $doc:literal $(($libm:ident, $_libmf:ident))?,)*) => { $( value!(f64, $name $(, $libm)?); )* };
}

/// The values of rows at f32.
macro_rules! values32 {
    (() $($name:ident $doc:literal $(($_libm:ident, $libmf:ident))?,)*) => { $( value!(f32, $name $(, $libmf)?); )* };
}

/// The value of a row at a float: from `libm`, or by the function of the same name in `special.rs`, which takes f64.
macro_rules! value {
    ($T:ident, $name:ident, $libm:ident) => {
        #[inline]
        fn $name(self) -> Self {
            libm::$libm(self)
        }
    };
    ($T:ident, $name:ident) => {
        #[inline]
        fn $name(self) -> Self {
            special::$name(f64::from(self)) as Self
        }
    };
}

/// The values of rows of two arguments at a float.
macro_rules! values2 {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        #[inline]
        fn $name(self, other: Self) -> Self {
            special::$name(f64::from(self), f64::from(other)) as Self
        }
    )* };
}

/// A real number: `f32`, `f64`, or any number of this crate over them.
///
/// Code written over `Real` runs on plain floats and is differentiated by calling it with numbers that carry
/// derivatives. All functions of `num_traits::Float` come along, and the special functions below.
///
/// No other type can be a `Real`: a sweep in reverse mode copies and multiplies values of this type while the thread's
/// recording is in use, so no code of others may run there.
///
/// ```
/// use nilpotent::{gradient, Real};
///
/// /// Black & Scholes' price of a call at no interest.
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
    sealed::Sealed
    + Chain
    + Float
    + FloatConst
    + NumAssign
    + Euclid
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

    /// As many partials as are computed at once.
    #[doc(hidden)]
    type Lanes: Lanes<Self>;

    /// The highest total order of the derivatives that the number carries: 0 for floats, 1 for a dual number, the sum
    /// over all levels for a nested one.
    const ORDER: u32;

    /// The innermost value.
    fn float(self) -> Self::Float;

    /// The power of two in [1/(2|x|), 1/|x|), as far as it and x are normal floats; else 0.
    #[doc(hidden)]
    #[must_use]
    fn power_of_two_below_inverse(self) -> Self::Float {
        self.float().power_of_two_below_inverse()
    }

    /// The constant `x`.
    fn from_float(x: Self::Float) -> Self;

    /// The product with a float, part by part.
    #[must_use]
    fn times(self, c: Self::Float) -> Self;

    /// The constant nearest to `x`: how a literal enters generic code, `T::lit(0.5)`.
    fn lit(x: f64) -> Self;

    /// Whether every part, the value and all derivatives, is finite. (`is_finite` looks at the value alone.)
    fn parts_finite(self) -> bool;

    /// The product of a slope, `self`, and a derivative: a zero derivative stays zero in all its parts, whatever the
    /// slope. Constants never make NaN.
    #[must_use]
    fn slope_times(self, derivative: Self) -> Self;

    /// Whether every part, the value and all derivatives, is equal; NaN is the same as NaN. (`==` looks at the values
    /// alone.)
    fn same(self, other: Self) -> bool;

    /// Whether every part, the value and all derivatives, is that of `other` to a tolerance: |a - b| ≤ tolerance·max(1, |b|).
    /// An infinity is close to itself alone, and NaN to NaN. (The traits of approx look at the values alone, as `==` does.)
    fn close_to(self, other: Self, tolerance: Self::Float) -> bool;

    /// The polygamma function `ψₙ(x) = dⁿψ(x)/dxⁿ`; at its poles 0, -1, -2, … the limit from the right.
    fn polygamma(self, n: u32) -> Self;

    rows!(special, [declare],);
    rows!(special2, [declare2],);
}

pub(crate) mod sealed {
    /// Keeps [`Real`](super::Real) to the numbers of this crate.
    pub trait Sealed {}
}

/// A number whose innermost value is the float `S`: what lets literals of `S` meet numbers of any depth.
pub trait Over<S>: Real {
    /// The constant `s`.
    fn lift(s: S) -> Self;
}

/// An [`Over<S>`] that is not `S` itself. (Two impls for `S` and for a number over `S` would otherwise overlap.)
pub trait Nested<S>: Over<S> {}

macro_rules! plain_float {
    ($T:ident, $Lanes:ty, $values:ident) => {
        impl Chain for $T {
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

            #[inline]
            fn compose(self, derivative: &dyn Fn(u32, f64) -> f64) -> Self {
                derivative(0, f64::from(self)) as Self
            }
        }

        impl sealed::Sealed for $T {}

        impl Real for $T {
            type Float = Self;
            type Lanes = $Lanes;
            const ORDER: u32 = 0;

            #[inline]
            fn float(self) -> Self {
                self
            }

            #[inline]
            fn power_of_two_below_inverse(self) -> Self {
                // A float stores its exponent e as e + bias, so the stored exponents of x and of the result, e and -e - 1, sum to
                // 2·bias - 1. A subnormal x stores 0, and the difference is out of range for the largest x.
                const MANTISSA: u32 = <$T>::MANTISSA_DIGITS - 1;
                let field = |x: Self| x.to_bits() >> MANTISSA;
                let bias = field(1.0);
                let inverse = (2 * bias - 1).wrapping_sub(field(self.abs()));
                Self::from_bits(if inverse < 2 * bias - 1 { inverse << MANTISSA } else { 0 })
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
                // One subtraction and one branch, where `is_finite` goes through integers.
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
            fn polygamma(self, n: u32) -> Self {
                special::polygamma(f64::from(self), n) as Self
            }

            rows!(special, [$values],);
            rows!(special2, [values2],);
        }

        impl Over<$T> for $T {
            #[inline]
            fn lift(s: Self) -> Self {
                s
            }
        }
    };
}

plain_float!(f64, Pair, values64);
plain_float!(f32, Self, values32);
