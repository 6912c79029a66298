//! Comparisons. They compare values alone, so a program takes the same branches whatever derivatives its numbers carry.

macro_rules! cmp {
    ($Number:ty, [$($params:tt)*]) => {
        impl<T: $crate::Real, $($params)*> PartialEq for $Number {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.re == other.re
            }
        }

        impl<T: $crate::Real, $($params)*> PartialOrd for $Number {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
                self.re.partial_cmp(&other.re)
            }
        }

        $crate::traits::cmp::cmp_scalar!($Number, [T: $crate::Real, $($params)*], T, core::convert::identity);
        $crate::traits::cmp::cmp_scalar!($Number, [T: $crate::bounds::Nested<f64>, $($params)*], f64, T::lift);
        $crate::traits::cmp::cmp_scalar!($Number, [T: $crate::bounds::Nested<f32>, $($params)*], f32, T::lift);
    };
}
pub(crate) use cmp;

macro_rules! cmp_scalar {
    ($Number:ty, [$($params:tt)*], $S:ty, $lift:expr) => {
        impl<$($params)*> PartialEq<$S> for $Number {
            #[inline]
            fn eq(&self, other: &$S) -> bool {
                self.re == $lift(*other)
            }
        }

        impl<$($params)*> PartialOrd<$S> for $Number {
            #[inline]
            fn partial_cmp(&self, other: &$S) -> Option<core::cmp::Ordering> {
                self.re.partial_cmp(&$lift(*other))
            }
        }
    };
}
pub(crate) use cmp_scalar;
