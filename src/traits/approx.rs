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

                fn abs_diff_eq(&self, other: &Self, epsilon: Self) -> bool {
                    self.re.abs_diff_eq(&other.re, epsilon.re)
                }
            }

            impl<T: $crate::Real + RelativeEq<Epsilon = T>, $($params)*> RelativeEq for $Number {
                #[inline]
                fn default_max_relative() -> Self {
                    Self::constant(T::default_max_relative())
                }

                fn relative_eq(&self, other: &Self, epsilon: Self, max_relative: Self) -> bool {
                    self.re.relative_eq(&other.re, epsilon.re, max_relative.re)
                }
            }

            impl<T: $crate::Real + UlpsEq<Epsilon = T>, $($params)*> UlpsEq for $Number {
                #[inline]
                fn default_max_ulps() -> u32 {
                    T::default_max_ulps()
                }

                fn ulps_eq(&self, other: &Self, epsilon: Self, max_ulps: u32) -> bool {
                    self.re.ulps_eq(&other.re, epsilon.re, max_ulps)
                }
            }
        };
    };
}
pub(crate) use approx;
