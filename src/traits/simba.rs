//! simba, which has the traits of nalgebra's numbers: fields, SIMD values, subsets, `ComplexField` and `RealField`.
//!
//! The macros take the crate simba as a path, because different versions of nalgebra use different versions of simba.

/// Functions `$name(…) -> $Out`, given by an expression.
macro_rules! short {
    ($($(#[$doc:meta])* $name:ident($($args:tt)*) -> $Out:ty = $result:expr;)*) => { $(
        $(#[$doc])*
        #[inline]
        #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
        fn $name($($args)*) -> $Out {
            $crate::operation::operation!(stringify!($name));
            $result
        }
    )* };
}
pub(crate) use short;

/// Constants of `FloatConst` under the names of `RealField`.
macro_rules! constants {
    ($($name:ident $NAME:ident),*) => { $(
        #[inline]
        fn $name() -> Self {
            <Self as num_traits::FloatConst>::$NAME()
        }
    )* };
}
pub(crate) use constants;

/// The plain number `$S` as a subset of the numbers. The value alone decides whether a number is in the subset: if
/// derivatives did, nalgebra's matrix exponential would panic.
macro_rules! subset {
    ([$($simba:tt)*], $Number:ty, [$($params:tt)*], $S:ty) => {
        const _: () = {
            use $($simba)*::scalar::{SubsetOf, SupersetOf};

            impl<T: $crate::Real + SupersetOf<$S>, $($params)*> SubsetOf<$Number> for $S {
                #[inline]
                fn to_superset(&self) -> $Number {
                    <$Number>::constant(T::from_subset(self))
                }

                #[inline]
                fn from_superset_unchecked(element: &$Number) -> Self {
                    element.leaving("to_subset").to_subset_unchecked()
                }

                #[inline]
                fn is_in_subset(element: &$Number) -> bool {
                    element.leaving("is_in_subset").is_in_subset()
                }
            }
        };
    };
}
pub(crate) use subset;

macro_rules! simba {
    ([$($simba:tt)*], $Number:ty, [$($params:tt)*]) => {
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], f64);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], f32);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], i8);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], i16);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], i32);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], i64);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], i128);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], isize);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], u8);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], u16);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], u32);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], u64);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], u128);
        $crate::traits::simba::subset!([$($simba)*], $Number, [$($params)*], usize);

        const _: () = {
            use num_traits::{One, Zero};
            use $($simba)*::scalar::{ComplexField, Field, RealField, SubsetOf};
            use $($simba)*::simd::{PrimitiveSimdValue, SimdValue};

            impl<T: $crate::Real, $($params)*> SubsetOf<Self> for $Number {
                #[inline]
                fn to_superset(&self) -> Self {
                    *self
                }

                #[inline]
                fn from_superset_unchecked(element: &Self) -> Self {
                    *element
                }

                #[inline]
                fn is_in_subset(_: &Self) -> bool {
                    true
                }
            }

            impl<T: $crate::Real, $($params)*> PrimitiveSimdValue for $Number {}

            // The trait declares some methods unsafe; these implementations do nothing unsafe.
            #[allow(unsafe_code)]
            impl<T: $crate::Real, $($params)*> SimdValue for $Number {
                const LANES: usize = 1;
                type Element = Self;
                type SimdBool = bool;

                #[inline]
                fn splat(val: Self) -> Self {
                    val
                }

                #[inline]
                fn extract(&self, _: usize) -> Self {
                    *self
                }

                #[inline]
                unsafe fn extract_unchecked(&self, _: usize) -> Self {
                    *self
                }

                #[inline]
                fn replace(&mut self, _: usize, val: Self) {
                    *self = val;
                }

                #[inline]
                unsafe fn replace_unchecked(&mut self, _: usize, val: Self) {
                    *self = val;
                }

                #[inline]
                fn select(self, cond: bool, other: Self) -> Self {
                    if cond { self } else { other }
                }
            }

            impl<T: $crate::Real, $($params)*> Field for $Number {}

            impl<T: $crate::Real + RealField, $($params)*> ComplexField for $Number {
                type RealField = Self;

                $crate::traits::num::forward! {
                    abs() -> Self, signum() -> Self, floor() -> Self, ceil() -> Self, round() -> Self, trunc() -> Self,
                    fract() -> Self, recip() -> Self, mul_add(a: Self, b: Self) -> Self, hypot(other: Self) -> Self,
                    sin() -> Self, cos() -> Self, sin_cos() -> (Self, Self), tan() -> Self, asin() -> Self,
                    acos() -> Self, atan() -> Self, sinh() -> Self, cosh() -> Self, tanh() -> Self, asinh() -> Self,
                    acosh() -> Self, atanh() -> Self, sinc() -> Self, sinhc() -> Self, log(base: Self) -> Self,
                    log2() -> Self, log10() -> Self, ln() -> Self, ln_1p() -> Self, sqrt() -> Self, exp() -> Self,
                    exp2() -> Self, exp_m1() -> Self, powi(n: i32) -> Self, powf(n: Self) -> Self, cbrt() -> Self,
                }

                $crate::traits::simba::short! {
                    from_real(re: Self) -> Self = re;
                    real(self) -> Self = self;
                    imaginary(self) -> Self = Self::constant(T::zero());
                    conjugate(self) -> Self = self;
                    modulus(self) -> Self = <Self>::abs(self);
                    modulus_squared(self) -> Self = self * self;
                    norm1(self) -> Self = <Self>::abs(self);
                    scale(self, factor: Self) -> Self = self * factor;
                    unscale(self, factor: Self) -> Self = self / factor;
                    /// 0, or π where the value is negative. The derivatives are 0.
                    argument(self) -> Self = if self >= Self::zero() { Self::zero() } else { <Self as num_traits::FloatConst>::PI() };
                    to_polar(self) -> (Self, Self) = (<Self>::abs(self), ComplexField::argument(self));
                    to_exp(self) -> (Self, Self) = {
                        let one = Self::constant(T::one());
                        if self >= Self::zero() { (self, one) } else { (-self, -one) }
                    };
                    sinh_cosh(self) -> (Self, Self) = (<Self>::sinh(self), <Self>::cosh(self));
                    /// `cos(x)/x`, and the constant 1 at 0.
                    cosc(self) -> Self = if self == Self::zero() { Self::one() } else { <Self>::cos(self) / self };
                    /// `cosh(x)/x`, and the constant 1 at 0.
                    coshc(self) -> Self = if self == Self::zero() { Self::one() } else { <Self>::cosh(self) / self };
                    powc(self, n: Self) -> Self = <Self>::powf(self, n);
                    try_sqrt(self) -> Option<Self> = (self >= Self::zero()).then(|| <Self>::sqrt(self));
                    is_finite(&self) -> bool = <Self>::is_finite(*self);
                }
            }

            impl<T: $crate::Real + RealField, $($params)*> RealField for $Number {
                $crate::traits::simba::constants!(pi PI, two_pi TAU, frac_pi_2 FRAC_PI_2, frac_pi_3 FRAC_PI_3,
                    frac_pi_4 FRAC_PI_4, frac_pi_6 FRAC_PI_6, frac_pi_8 FRAC_PI_8, frac_1_pi FRAC_1_PI,
                    frac_2_pi FRAC_2_PI, frac_2_sqrt_pi FRAC_2_SQRT_PI, e E, log2_e LOG2_E, log10_e LOG10_E, ln_2 LN_2,
                    ln_10 LN_10);

                $crate::traits::num::forward! {
                    copysign(sign: Self) -> Self, max(other: Self) -> Self, min(other: Self) -> Self,
                    clamp(min: Self, max: Self) -> Self, atan2(other: Self) -> Self,
                }

                $crate::traits::simba::short! {
                    is_sign_positive(&self) -> bool = <Self>::is_sign_positive(*self);
                    is_sign_negative(&self) -> bool = <Self>::is_sign_negative(*self);
                    min_value() -> Option<Self> = <T as RealField>::min_value().map(Self::constant);
                    max_value() -> Option<Self> = <T as RealField>::max_value().map(Self::constant);
                }
            }
        };
    };
}
pub(crate) use simba;
