//! approx: two numbers are close if their values are, because generic code branches on the answer, as it does on that
//! of `==`. Tests that compare derivatives as well can use [`Real::close_to`](crate::Real::close_to).
//!
//! The macro takes the crate as a path, because cgmath still uses the previous version, approx 0.4.

macro_rules! approx {
    ([$($approx:tt)*], $Number:ty, [$($params:tt)*]) => {
        const _: () = {
            use $($approx)*::{AbsDiffEq, RelativeEq, UlpsEq};

            impl<T: $crate::Real + AbsDiffEq<Epsilon = T>, $($params)*> AbsDiffEq for $Number {
                type Epsilon = Self;

                #[inline]
                fn default_epsilon() -> Self {
                    Self::constant(T::default_epsilon())
                }

                #[track_caller]
                fn abs_diff_eq(&self, other: &Self, epsilon: Self) -> bool {
                    self.re.abs_diff_eq(&other.re, epsilon.re)
                }
            }

            impl<T: $crate::Real + RelativeEq<Epsilon = T>, $($params)*> RelativeEq for $Number {
                #[inline]
                fn default_max_relative() -> Self {
                    Self::constant(T::default_max_relative())
                }

                #[track_caller]
                fn relative_eq(&self, other: &Self, epsilon: Self, max_relative: Self) -> bool {
                    self.re.relative_eq(&other.re, epsilon.re, max_relative.re)
                }
            }

            impl<T: $crate::Real + UlpsEq<Epsilon = T>, $($params)*> UlpsEq for $Number {
                #[inline]
                fn default_max_ulps() -> u32 {
                    T::default_max_ulps()
                }

                #[track_caller]
                fn ulps_eq(&self, other: &Self, epsilon: Self, max_ulps: u32) -> bool {
                    self.re.ulps_eq(&other.re, epsilon.re, max_ulps)
                }
            }
        };
    };
}
pub(crate) use approx;

/// The same for a number without derivatives whose comparisons must all be its own.
#[cfg(feature = "program")]
macro_rules! approx_by_comparisons {
    ([$($approx:tt)*], $Number:ty) => {
        const _: () = {
            use $($approx)*::{AbsDiffEq, RelativeEq, UlpsEq};

            impl<T: $crate::Real + AbsDiffEq<Epsilon = T>> AbsDiffEq for $Number {
                type Epsilon = Self;

                fn default_epsilon() -> Self {
                    Self::constant(T::default_epsilon())
                }

                #[track_caller]
                fn abs_diff_eq(&self, other: &Self, epsilon: Self) -> bool {
                    (*self - *other).abs() <= epsilon
                }
            }

            impl<T: $crate::Real + RelativeEq<Epsilon = T>> RelativeEq for $Number {
                fn default_max_relative() -> Self {
                    Self::constant(T::default_max_relative())
                }

                #[track_caller]
                fn relative_eq(&self, other: &Self, epsilon: Self, max_relative: Self) -> bool {
                    if self == other {
                        return true;
                    }
                    if self.is_infinite() || other.is_infinite() {
                        return false;
                    }
                    let difference = (*self - *other).abs();
                    difference <= epsilon || difference <= self.abs().max(other.abs()) * max_relative
                }
            }

            /// The distance in ulps is that of the values, which leave.
            impl<T: $crate::Real + UlpsEq<Epsilon = T>> UlpsEq for $Number {
                fn default_max_ulps() -> u32 {
                    T::default_max_ulps()
                }

                #[track_caller]
                fn ulps_eq(&self, other: &Self, epsilon: Self, max_ulps: u32) -> bool {
                    // No closure, which would be the place of the call.
                    let (x, y, epsilon) = (self.leaving("ulps_eq"), other.leaving("ulps_eq"), epsilon.leaving("ulps_eq"));
                    x.ulps_eq(&y, epsilon, max_ulps)
                }
            }
        };
    };
}
#[cfg(feature = "program")]
pub(crate) use approx_by_comparisons;
