//! simba, the traits of nalgebra's numbers: fields, lanes, subsets, `ComplexField` and `RealField`.
//!
//! Every macro takes the crate simba as a path, since nalgebra's present and previous generation each have their own.

/// `$name -> Self`, by the method of the same name.
macro_rules! rules {
    ($($name:ident),*) => { $(
        #[inline]
        #[cfg_attr(feature = "trace", track_caller)]
        fn $name(self) -> Self {
            <Self>::$name(self)
        }
    )* };
}
pub(crate) use rules;

/// Constants of `FloatConst` under RealField's names.
macro_rules! constants {
    ($($name:ident $NAME:ident),*) => { $(
        #[inline]
        fn $name() -> Self {
            <Self as num_traits::FloatConst>::$NAME()
        }
    )* };
}
pub(crate) use constants;

/// The plain number `$S` as a subset of the numbers, by its value alone: whether something is a float must not depend
/// on its derivatives, and nalgebra's matrix exponential panics if it does.
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
                    element.re.to_subset_unchecked()
                }

                #[inline]
                fn is_in_subset(element: &$Number) -> bool {
                    element.re.is_in_subset()
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
            use num_traits::One;
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

            // The trait's methods are declared unsafe; these do nothing that is.
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

                $crate::traits::simba::rules!(abs, signum, floor, ceil, round, trunc, fract, sin, cos, tan, asin,
                    acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, sinc, sinhc, log2, log10, ln, ln_1p, sqrt, exp,
                    exp2, exp_m1, cbrt);

                #[inline]
                fn recip(self) -> Self {
                    <Self>::recip(self)
                }

                #[inline]
                fn from_real(re: Self) -> Self {
                    re
                }

                #[inline]
                fn real(self) -> Self {
                    self
                }

                #[inline]
                fn imaginary(self) -> Self {
                    Self::constant(T::zero())
                }

                #[inline]
                fn modulus(self) -> Self {
                    <Self>::abs(self)
                }

                #[inline]
                fn modulus_squared(self) -> Self {
                    self * self
                }

                /// 0, or π where the value is negative: a step, without derivative.
                #[inline]
                fn argument(self) -> Self {
                    Self::constant(ComplexField::argument(self.re))
                }

                #[inline]
                fn norm1(self) -> Self {
                    <Self>::abs(self)
                }

                #[inline]
                fn scale(self, factor: Self) -> Self {
                    self * factor
                }

                #[inline]
                fn unscale(self, factor: Self) -> Self {
                    self / factor
                }

                #[inline]
                fn to_exp(self) -> (Self, Self) {
                    let one = Self::constant(T::one());
                    if self.re >= T::zero() { (self, one) } else { (-self, -one) }
                }

                #[inline]
                #[cfg_attr(feature = "trace", track_caller)]
                fn mul_add(self, a: Self, b: Self) -> Self {
                    <Self>::mul_add(self, a, b)
                }

                #[inline]
                fn hypot(self, other: Self) -> Self {
                    <Self>::hypot(self, other)
                }

                #[inline]
                fn conjugate(self) -> Self {
                    self
                }

                #[inline]
                fn sin_cos(self) -> (Self, Self) {
                    <Self>::sin_cos(self)
                }

                /// `cos(x)/x`, and 1 at 0, where it has no derivative.
                #[inline]
                fn cosc(self) -> Self {
                    if self.re == T::zero() { Self::one() } else { <Self>::cos(self) / self }
                }

                /// `cosh(x)/x`, and 1 at 0, where it has no derivative.
                #[inline]
                fn coshc(self) -> Self {
                    if self.re == T::zero() { Self::one() } else { <Self>::cosh(self) / self }
                }

                #[inline]
                fn log(self, base: Self) -> Self {
                    <Self>::log(self, base)
                }

                #[inline]
                fn powi(self, n: i32) -> Self {
                    <Self>::powi(self, n)
                }

                #[inline]
                fn powf(self, n: Self) -> Self {
                    <Self>::powf(self, n)
                }

                #[inline]
                fn powc(self, n: Self) -> Self {
                    <Self>::powf(self, n)
                }

                #[inline]
                fn is_finite(&self) -> bool {
                    num_traits::Float::is_finite(self.re)
                }

                #[inline]
                fn try_sqrt(self) -> Option<Self> {
                    (self.re >= T::zero()).then(|| <Self>::sqrt(self))
                }
            }

            impl<T: $crate::Real + RealField, $($params)*> RealField for $Number {
                $crate::traits::simba::constants!(pi PI, two_pi TAU, frac_pi_2 FRAC_PI_2, frac_pi_3 FRAC_PI_3,
                    frac_pi_4 FRAC_PI_4, frac_pi_6 FRAC_PI_6, frac_pi_8 FRAC_PI_8, frac_1_pi FRAC_1_PI,
                    frac_2_pi FRAC_2_PI, frac_2_sqrt_pi FRAC_2_SQRT_PI, e E, log2_e LOG2_E, log10_e LOG10_E, ln_2 LN_2,
                    ln_10 LN_10);

                #[inline]
                fn is_sign_positive(&self) -> bool {
                    num_traits::Float::is_sign_positive(self.re)
                }

                #[inline]
                fn is_sign_negative(&self) -> bool {
                    num_traits::Float::is_sign_negative(self.re)
                }

                #[inline]
                fn copysign(self, sign: Self) -> Self {
                    <Self>::copysign(self, sign)
                }

                #[inline]
                fn max(self, other: Self) -> Self {
                    <Self>::max(self, other)
                }

                #[inline]
                fn min(self, other: Self) -> Self {
                    <Self>::min(self, other)
                }

                #[inline]
                fn clamp(self, min: Self, max: Self) -> Self {
                    <Self>::clamp(self, min, max)
                }

                #[inline]
                fn atan2(self, other: Self) -> Self {
                    <Self>::atan2(self, other)
                }

                #[inline]
                fn min_value() -> Option<Self> {
                    <T as RealField>::min_value().map(Self::constant)
                }

                #[inline]
                fn max_value() -> Option<Self> {
                    <T as RealField>::max_value().map(Self::constant)
                }
            }
        };
    };
}
pub(crate) use simba;
