//! The traits of num-traits, and [`Real`](crate::Real), which is based on them.

/// Functions `$name() -> Self`: constants of the value type.
macro_rules! constants {
    ($Trait:path, $T:ident, $($name:ident),*) => { $(
        #[inline]
        fn $name() -> Self {
            Self::constant(<$T as $Trait>::$name())
        }
    )* };
}
pub(crate) use constants;

/// Functions `$name(self, …) -> $Out`: they call the method of the same name.
macro_rules! forward {
    ($($name:ident($($arg:ident: $Arg:ty),*) -> $Out:ty),* $(,)?) => { $(
        #[inline]
        #[cfg_attr(any(feature = "trace", feature = "trap-confusion", feature = "program"), track_caller)]
        fn $name(self $(, $arg: $Arg)*) -> $Out {
            <Self>::$name(self $(, $arg)*)
        }
    )* };
}
pub(crate) use forward;

/// Functions `$name(self) -> Self`: they call the method of the same name.
macro_rules! unary {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        #[inline]
        #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
        fn $name(self) -> Self {
            <Self>::$name(self)
        }
    )* };
}
pub(crate) use unary;

/// Functions `$name(self, other: Self) -> Self`: they call the method of the same name.
macro_rules! binary {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        #[inline]
        #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
        fn $name(self, other: Self) -> Self {
            <Self>::$name(self, other)
        }
    )* };
}
pub(crate) use binary;

macro_rules! integer {
    (() $($name:ident $doc:literal,)*) => { $(
        #[inline]
        #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
        fn $name(self, n: u32) -> Self {
            <Self>::$name(self, n)
        }
    )* };
}
pub(crate) use integer;

macro_rules! to_primitive {
    ($($name:ident $Out:ty),*) => { $(
        #[inline]
        #[track_caller]
        fn $name(&self) -> Option<$Out> {
            #[cfg(feature = "trap-loss")]
            if !self.all_parts(*self, |a, _| $crate::traits::trap::vanishes(a)) {
                $crate::traits::trap::lost(*self, stringify!($name));
            }
            self.leaving(stringify!($name)).$name()
        }
    )* };
}
pub(crate) use to_primitive;

macro_rules! from_primitive {
    ($($name:ident $In:ty),*) => { $(
        #[inline]
        fn $name(n: $In) -> Option<Self> {
            T::$name(n).map(Self::constant)
        }
    )* };
}
pub(crate) use from_primitive;

macro_rules! pow {
    ($Number:ty, [$($params:tt)*], $N:ty, |$x:ident, $n:ident| $body:expr) => {
        impl<T: $crate::Real, $($params)*> num_traits::Pow<$N> for $Number {
            type Output = Self;

            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn pow(self, n: $N) -> Self {
                let ($x, $n) = (self, n);
                $body
            }
        }

        impl<T: $crate::Real, $($params)*> num_traits::Pow<&$N> for $Number {
            type Output = Self;

            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn pow(self, n: &$N) -> Self {
                num_traits::Pow::pow(self, *n)
            }
        }

        impl<T: $crate::Real, $($params)*> num_traits::Pow<$N> for &$Number {
            type Output = $Number;

            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn pow(self, n: $N) -> $Number {
                num_traits::Pow::pow(*self, n)
            }
        }

        impl<T: $crate::Real, $($params)*> num_traits::Pow<&$N> for &$Number {
            type Output = $Number;

            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn pow(self, n: &$N) -> $Number {
                num_traits::Pow::pow(*self, *n)
            }
        }
    };
}
pub(crate) use pow;

macro_rules! num {
    ($Number:ty, [$($params:tt)*]) => {
        impl<T: $crate::Real, $($params)*> Default for $Number {
            #[inline]
            fn default() -> Self {
                Self::constant(T::default())
            }
        }

        impl<T: $crate::Real + num_traits::ConstZero, $($params)*> num_traits::ConstZero for $Number {
            const ZERO: Self = Self::filled(T::ZERO, T::ZERO);
        }

        impl<T: $crate::Real + num_traits::ConstZero + num_traits::ConstOne, $($params)*> num_traits::ConstOne
            for $Number
        {
            const ONE: Self = Self::filled(T::ONE, T::ZERO);
        }

        impl<T: $crate::Real, $($params)*> num_traits::Num for $Number {
            type FromStrRadixErr = T::FromStrRadixErr;

            fn from_str_radix(s: &str, radix: u32) -> Result<Self, T::FromStrRadixErr> {
                T::from_str_radix(s, radix).map(Self::constant)
            }
        }

        impl<T: $crate::Real, $($params)*> num_traits::Float for $Number {
            $crate::traits::num::constants!(num_traits::Float, T, nan, infinity, neg_infinity, neg_zero, min_value,
                min_positive_value, epsilon, max_value);
            $crate::rules::rows!(float, [$crate::traits::num::unary],);
            $crate::traits::num::forward! {
                is_nan() -> bool, is_infinite() -> bool, is_finite() -> bool, is_normal() -> bool,
                is_subnormal() -> bool, is_sign_positive() -> bool, is_sign_negative() -> bool,
                classify() -> core::num::FpCategory, recip() -> Self, powi(n: i32) -> Self, powf(n: Self) -> Self,
                log(base: Self) -> Self, max(other: Self) -> Self, min(other: Self) -> Self,
                clamp(min: Self, max: Self) -> Self, abs_sub(other: Self) -> Self, hypot(other: Self) -> Self,
                atan2(other: Self) -> Self, sin_cos() -> (Self, Self), mul_add(a: Self, b: Self) -> Self,
                copysign(sign: Self) -> Self,
            }

            #[inline]
            #[track_caller]
            fn integer_decode(self) -> (u64, i16, i8) {
                self.decoded()
            }
        }

        impl<T: $crate::Real + num_traits::float::FloatCore, $($params)*> num_traits::float::FloatCore for $Number {
            $crate::traits::num::constants!(num_traits::float::FloatCore, T, nan, infinity, neg_infinity, neg_zero,
                min_value, min_positive_value, epsilon, max_value);
            $crate::traits::num::forward! {
                is_nan() -> bool, is_infinite() -> bool, is_finite() -> bool, is_normal() -> bool,
                is_subnormal() -> bool, is_sign_positive() -> bool, is_sign_negative() -> bool,
                classify() -> core::num::FpCategory, powi(n: i32) -> Self, max(other: Self) -> Self,
                min(other: Self) -> Self, clamp(min: Self, max: Self) -> Self, floor() -> Self, ceil() -> Self,
                round() -> Self, trunc() -> Self, fract() -> Self, abs() -> Self, signum() -> Self, recip() -> Self,
                to_degrees() -> Self, to_radians() -> Self,
            }

            #[inline]
            #[track_caller]
            fn integer_decode(self) -> (u64, i16, i8) {
                self.decoded()
            }
        }

        impl<T: $crate::Real, $($params)*> num_traits::FloatConst for $Number {
            $crate::traits::num::constants!(num_traits::FloatConst, T, E, FRAC_1_PI, FRAC_1_SQRT_2, FRAC_2_PI,
                FRAC_2_SQRT_PI, FRAC_PI_2, FRAC_PI_3, FRAC_PI_4, FRAC_PI_6, FRAC_PI_8, LN_10, LN_2, LOG10_E, LOG2_E, PI,
                SQRT_2, TAU, LOG10_2, LOG2_10);
        }

        impl<T: $crate::Real, $($params)*> num_traits::Signed for $Number {
            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn abs(&self) -> Self {
                <Self>::abs(*self)
            }

            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn abs_sub(&self, other: &Self) -> Self {
                <Self>::abs_sub(*self, *other)
            }

            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn signum(&self) -> Self {
                <Self>::signum(*self)
            }

            #[inline]
            fn is_positive(&self) -> bool {
                <Self>::is_sign_positive(*self)
            }

            #[inline]
            fn is_negative(&self) -> bool {
                <Self>::is_sign_negative(*self)
            }
        }

        impl<T: $crate::Real, $($params)*> num_traits::Bounded for $Number {
            #[inline]
            fn min_value() -> Self {
                Self::constant(<T as num_traits::Float>::min_value())
            }

            #[inline]
            fn max_value() -> Self {
                Self::constant(<T as num_traits::Float>::max_value())
            }
        }

        impl<T: $crate::Real, $($params)*> num_traits::FromPrimitive for $Number {
            $crate::traits::num::from_primitive!(from_isize isize, from_i8 i8, from_i16 i16, from_i32 i32, from_i64 i64,
                from_i128 i128, from_usize usize, from_u8 u8, from_u16 u16, from_u32 u32, from_u64 u64, from_u128 u128,
                from_f32 f32, from_f64 f64);
        }

        /// Converts the value. The derivatives are dropped.
        impl<T: $crate::Real, $($params)*> num_traits::ToPrimitive for $Number {
            $crate::traits::num::to_primitive!(to_isize isize, to_i8 i8, to_i16 i16, to_i32 i32, to_i64 i64,
                to_i128 i128, to_usize usize, to_u8 u8, to_u16 u16, to_u32 u32, to_u64 u64, to_u128 u128, to_f32 f32,
                to_f64 f64);
        }

        /// Makes a constant. Derivatives of the argument are dropped.
        impl<T: $crate::Real, $($params)*> num_traits::NumCast for $Number {
            #[inline]
            fn from<P: num_traits::ToPrimitive>(n: P) -> Option<Self> {
                <T as num_traits::NumCast>::from(n).map(Self::constant)
            }
        }

        impl<T: $crate::Real, $($params)*> num_traits::Inv for $Number {
            type Output = Self;

            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn inv(self) -> Self {
                self.recip()
            }
        }

        impl<T: $crate::Real, $($params)*> num_traits::Inv for &$Number {
            type Output = $Number;

            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn inv(self) -> $Number {
                (*self).recip()
            }
        }

        $crate::traits::num::pow!($Number, [$($params)*], $Number, |x, n| <Self>::powf(x, n));
        $crate::traits::num::pow!($Number, [$($params)*], T, |x, n| <Self>::powf(x, Self::constant(n)));
        $crate::traits::num::pow!($Number, [$($params)*], i32, |x, n| <Self>::powi(x, n));
        $crate::traits::num::pow!($Number, [$($params)*], i16, |x, n| <Self>::powi(x, i32::from(n)));
        $crate::traits::num::pow!($Number, [$($params)*], u16, |x, n| <Self>::powi(x, i32::from(n)));
        $crate::traits::num::pow!($Number, [$($params)*], i8, |x, n| <Self>::powi(x, i32::from(n)));
        $crate::traits::num::pow!($Number, [$($params)*], u8, |x, n| <Self>::powi(x, i32::from(n)));

        impl<T: $crate::Real, $($params)*> num_traits::MulAdd for $Number {
            type Output = Self;

            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                <Self>::mul_add(self, a, b)
            }
        }

        impl<T: $crate::Real, $($params)*> num_traits::MulAddAssign for $Number {
            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn mul_add_assign(&mut self, a: Self, b: Self) {
                *self = <Self>::mul_add(*self, a, b);
            }
        }

        impl<T: $crate::Real, $($params)*> num_traits::Euclid for $Number {
            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn div_euclid(&self, v: &Self) -> Self {
                <Self>::div_euclid(*self, *v)
            }

            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn rem_euclid(&self, v: &Self) -> Self {
                <Self>::rem_euclid(*self, *v)
            }
        }

    };
}
pub(crate) use num;

/// [`Real`](crate::Real) and the traits that it needs, whose questions are about all parts.
macro_rules! real {
    ($rules:ident, $Number:ty, [$($params:tt)*]) => {
        /// `is_zero` asks for the zero of the ring: the value and all derivatives are 0.
        impl<T: $crate::Real, $($params)*> num_traits::Zero for $Number {
            #[inline]
            fn zero() -> Self {
                Self::constant(T::zero())
            }

            #[inline]
            fn is_zero(&self) -> bool {
                self.re.is_zero() && self.all_parts(*self, |part, _| part.is_zero())
            }
        }

        /// `is_one` asks for the one of the ring: the value is 1, and all derivatives are 0.
        impl<T: $crate::Real, $($params)*> num_traits::One for $Number {
            #[inline]
            fn one() -> Self {
                Self::constant(T::one())
            }

            #[inline]
            fn is_one(&self) -> bool {
                self.re.is_one() && self.all_parts(*self, |part, _| part.is_zero())
            }
        }

        impl<T: $crate::Real, $($params)*> $crate::lanes::Laned for $Number {
            type Lanes = Self;

            #[inline(always)]
            fn absent() -> Self {
                Self::constant(T::absent())
            }

            #[inline]
            fn is_absent(&self) -> bool {
                self.re.is_absent() && self.all_parts(*self, |part, _| part.is_absent())
            }

            #[cfg(feature = "trap-confusion")]
            fn stamp_mut(&mut self) -> Option<&mut u64> {
                self.own_stamp()
            }
        }

        impl<T: $crate::Real, $($params)*> $crate::Real for $Number {
            type Float = T::Float;
            const ORDER: u32 = T::ORDER + Self::DEGREE;
            const RECORDS: bool = T::RECORDS;
            const TAPED: bool = T::TAPED || Self::IS_TAPED;

            #[inline]
            fn float(self) -> T::Float {
                self.re.float()
            }

            #[inline]
            fn from_float(x: T::Float) -> Self {
                Self::constant(T::from_float(x))
            }

            #[inline]
            fn times(self, c: T::Float) -> Self {
                self.map_parts(|a| a.times(c))
            }

            #[inline]
            fn lit(x: f64) -> Self {
                Self::constant(T::lit(x))
            }

            #[inline]
            fn parts_finite(self) -> bool {
                self.re.parts_finite() && self.all_parts(self, |a, _| a.parts_finite())
            }

            #[inline]
            fn presumed_finite(self) -> bool {
                self.re.presumed_finite() && self.all_parts(self, |a, _| a.presumed_finite())
            }

            #[inline]
            fn checked_finite(self) -> bool {
                self.re.checked_finite() && self.all_parts(self, |a, _| a.checked_finite())
            }

            #[inline]
            fn small_integer(self) -> Option<i32> {
                self.re.small_integer().filter(|_| self.all_parts(self, |a, _| a.is_zero()))
            }

            #[inline(always)]
            fn pick(
                x: T::Float,
                y: T::Float,
                below: impl FnOnce() -> Self,
                above: impl FnOnce() -> Self,
            ) -> Self {
                if const { T::RECORDS } {
                    let (a, b) = (below(), above());
                    if a.has_parts_of(b) {
                        a.zip_parts(b, |a, b| T::pick(x, y, || a, || b))
                    } else if x < y {
                        a
                    } else {
                        b
                    }
                } else if x < y {
                    below()
                } else {
                    above()
                }
            }

            #[inline(always)]
            fn grounded(self) -> Self {
                if const { T::RECORDS } { self.map_parts(T::grounded) } else { self }
            }

            #[inline]
            fn slope_times(self, derivative: Self) -> Self {
                self.slope_product(derivative)
            }

            #[inline]
            fn same(self, other: Self) -> bool {
                self.re.same(other.re) && self.all_parts(other, T::same)
            }

            #[inline]
            fn close_to(self, other: Self, tolerance: T::Float) -> bool {
                let close = |a: T, b: T| a.close_to(b, tolerance);
                close(self.re, other.re) && self.all_parts(other, close)
            }

            fn incomplete(of: $crate::special::Incomplete, x: [Self; 3], orders: [u32; 3]) -> Self {
                $rules::incomplete(of, x, orders)
            }

            #[inline]
            #[cfg_attr(feature = "trace", track_caller)]
            fn rem_euclid(&self, other: &Self) -> Self {
                <Self>::rem_euclid(*self, *other)
            }

            #[inline]
            #[cfg_attr(feature = "trace", track_caller)]
            fn div_euclid(&self, other: &Self) -> Self {
                <Self>::div_euclid(*self, *other)
            }

            $crate::rules::rows!(special, [$crate::traits::num::unary],);
            $crate::rules::rows!(special2, [$crate::traits::num::binary],);
            $crate::rules::rows!(integer, [$crate::traits::num::integer],);
        }
    };
}
pub(crate) use real;
