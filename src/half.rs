//! Feature `half`: `f16` and `bf16` of the crate half as floats.
//!
//! Each operation is computed in a wider float and rounded, so that all numbers and drivers work over them: `Dual<f16, N>`,
//! `Var<bf16>`. Functions are those of `f64`, rounded. The traits of num-traits come from half; it has no `Euclid`, whose methods
//! are therefore methods of [`Real`].

use crate::error::Error;
use crate::external::function::{Call, Function, Passable};
use crate::external::op::Op;
use crate::lanes::Laned;
use crate::real::{Chain, Over, Real};
use crate::returns::single;
use crate::special::{Incomplete, special_rows};
use crate::wider::wider;
use alloc::vec::Vec;
use half::{bf16, f16};
#[cfg(not(feature = "std"))]
use num_traits::Float as _;

/// The values of rows of one argument, computed in f64.
macro_rules! values {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        #[inline]
        fn $name(self) -> Self {
            Self::from_f64(Real::$name(f64::from(self)))
        }
    )* };
}

/// The same of two arguments.
macro_rules! values2 {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        #[inline]
        fn $name(self, other: Self) -> Self {
            Self::from_f64(Real::$name(f64::from(self), f64::from(other)))
        }
    )* };
}

/// The same of one argument and an integer.
macro_rules! values_integer {
    (() $($name:ident $doc:literal,)*) => { $(
        #[inline]
        fn $name(self, n: u32) -> Self {
            Self::from_f64(Real::$name(f64::from(self), n))
        }
    )* };
}

/// A float of 16 bits. Its values are moderate from 2 to the power -`moderate` on.
macro_rules! half_float {
    ($T:ident, moderate $moderate:literal) => {
        impl Chain for $T {
            crate::real::plain_chain!();

            #[inline]
            fn compose(self, derivative: &dyn Fn(u32, f64) -> f64) -> Self {
                Self::from_f64(derivative(0, f64::from(self)))
            }
        }

        /// An external function computes in f64.
        impl Passable for $T {
            fn has_external(function: &Function, op: Option<Op>) -> Result<(), Error> {
                f64::has_external(function, op)
            }

            fn external(call: Call<'_>, op: Op, args: &[&[Self]]) -> Result<Vec<Self>, Error> {
                let args: Vec<Vec<f64>> = args.iter().map(|x| x.iter().map(|&x| x.into()).collect()).collect();
                let args: Vec<&[f64]> = args.iter().map(|x| x.as_slice()).collect();
                Ok(f64::external(call, op, &args)?.into_iter().map(Self::from_f64).collect())
            }
        }

        impl Laned for $T {
            type Lanes = Self;
        }

        impl Real for $T {
            type Float = Self;
            const ORDER: u32 = 0;

            #[inline]
            fn float(self) -> Self {
                self
            }

            fn power_of_two_below_inverse(self) -> Self {
                // Of floats with a wider range the result is exact, and whether it is a normal float here is asked afterwards.
                let power = Self::from_f64(f64::from(self).power_of_two_below_inverse());
                if self.is_normal() && power.is_normal() { power } else { Self::ZERO }
            }

            #[inline]
            fn checked_normal(self) -> bool {
                self.is_normal()
            }

            fn squares_safely(self) -> bool {
                let (x, root) = (f64::from(self), f64::from(Self::MIN_POSITIVE).sqrt());
                let unsafe_square = x < root / f64::from(Self::EPSILON) && x > 0.0 || x * root > 1.0 && x.is_finite();
                !unsafe_square
            }

            #[inline]
            fn exponent(self) -> i32 {
                f32::from(self).exponent()
            }

            #[inline]
            fn small_integer(self) -> Option<i32> {
                f32::from(self).small_integer()
            }

            #[inline(always)]
            fn pick(x: Self, y: Self, below: impl FnOnce() -> Self, above: impl FnOnce() -> Self) -> Self {
                if x < y { below() } else { above() }
            }

            #[inline]
            fn is_moderate(self) -> bool {
                let (size, bound) = (f32::from(self).abs(), (1_u64 << $moderate) as f32);
                size >= 1.0 / bound && size <= bound
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
                Self::from_f64(x)
            }

            #[inline]
            fn parts_finite(self) -> bool {
                self.is_finite()
            }

            #[inline]
            fn slope_times(self, derivative: Self) -> Self {
                if derivative == Self::ZERO { derivative } else { self * derivative }
            }

            #[inline]
            fn same(self, other: Self) -> bool {
                self == other || self.is_nan() && other.is_nan()
            }

            #[inline]
            fn close_to(self, other: Self, tolerance: Self) -> bool {
                f32::from(self).close_to(f32::from(other), f32::from(tolerance))
            }

            #[inline]
            fn rem_euclid(&self, other: &Self) -> Self {
                Self::from_f64(Real::rem_euclid(&f64::from(*self), &f64::from(*other)))
            }

            #[inline]
            fn div_euclid(&self, other: &Self) -> Self {
                Self::from_f64(Real::div_euclid(&f64::from(*self), &f64::from(*other)))
            }

            #[inline]
            fn incomplete(of: Incomplete, x: [Self; 3], orders: [u32; 3]) -> Self {
                Self::from_f64(f64::incomplete(of, x.map(f64::from), orders))
            }

            special_rows!(special, [values],);
            special_rows!(special2, [values2],);
            special_rows!(integer, [values_integer],);
        }

        impl Over<$T> for $T {
            #[inline]
            fn lift(s: Self) -> Self {
                s
            }
        }

        single!([] $T);

        wider! {
            $T, $T: |x| x;
            f32, $T: |x| $T::from_f32(x);
            f64, $T: |x| $T::from_f64(x);
        }
    };
}
half_float!(f16, moderate 4);
half_float!(bf16, moderate 32);
