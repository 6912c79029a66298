//! Comparisons. They compare values alone, so a program takes the same branches whatever derivatives its numbers carry.

/// The methods of `PartialOrd`, by the values. `<` and its like are methods of their own, because a recording of a program
/// writes down which one was asked.
macro_rules! order {
    ($Other:ty, |$other:ident| $value:expr) => {
        $crate::traits::cmp::order!($Other, |$other| $value, partial_cmp Option<core::cmp::Ordering>, lt bool, le bool,
            gt bool, ge bool);
    };
    ($Other:ty, |$other:ident| $value:expr, $($name:ident $Answer:ty),*) => { $(
        #[inline]
        #[track_caller]
        fn $name(&self, $other: &$Other) -> $Answer {
            self.re.$name(&$value)
        }
    )* };
}
pub(crate) use order;

macro_rules! cmp {
    ($Number:ty, [$($params:tt)*]) => {
        impl<T: $crate::Real, $($params)*> PartialEq for $Number {
            #[inline]
            #[track_caller]
            fn eq(&self, other: &Self) -> bool {
                self.re == other.re
            }
        }

        impl<T: $crate::Real, $($params)*> PartialOrd for $Number {
            $crate::traits::cmp::order!(Self, |other| other.re);
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
            #[track_caller]
            fn eq(&self, other: &$S) -> bool {
                self.re == $lift(*other)
            }
        }

        impl<$($params)*> PartialOrd<$S> for $Number {
            $crate::traits::cmp::order!($S, |other| $lift(*other));
        }
    };
}
pub(crate) use cmp_scalar;
