//! approx: two numbers are close if all their parts are. The tolerances' values count, for every part.
//!
//! The crate comes as a path, since its previous generation, 0.4, lives on in cgmath.

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
                    let close = |a: T, b: T| a.abs_diff_eq(&b, epsilon.re);
                    close(self.re, other.re) && self.all_parts(*other, close)
                }
            }

            impl<T: $crate::Real + RelativeEq<Epsilon = T>, $($params)*> RelativeEq for $Number {
                #[inline]
                fn default_max_relative() -> Self {
                    Self::constant(T::default_max_relative())
                }

                fn relative_eq(&self, other: &Self, epsilon: Self, max_relative: Self) -> bool {
                    let close = |a: T, b: T| a.relative_eq(&b, epsilon.re, max_relative.re);
                    close(self.re, other.re) && self.all_parts(*other, close)
                }
            }

            impl<T: $crate::Real + UlpsEq<Epsilon = T>, $($params)*> UlpsEq for $Number {
                #[inline]
                fn default_max_ulps() -> u32 {
                    T::default_max_ulps()
                }

                fn ulps_eq(&self, other: &Self, epsilon: Self, max_ulps: u32) -> bool {
                    let close = |a: T, b: T| a.ulps_eq(&b, epsilon.re, max_ulps);
                    close(self.re, other.re) && self.all_parts(*other, close)
                }
            }
        };
    };
}
pub(crate) use approx;
