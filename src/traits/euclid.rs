//! euclid: angles, rounding, and its own approximate equality.
//!
//! Values are those of euclid's own functions of floats. So the value of `fast_atan2` is that of euclid's polynomial.
//! Its derivative is that of the angle, because that of the polynomial is off by up to 0.3 %. `approx_eq` compares the
//! values, because euclid branches on it.

macro_rules! euclid {
    ($Number:ty, [$($params:tt)*]) => {
        const _: () = {
            use ::euclid::{Trig, approxeq::ApproxEq, num::Ceil, num::Floor, num::Round};

            impl<T: $crate::Real + Trig, $($params)*> Trig for $Number {
                #[inline]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                fn sin(self) -> Self {
                    <Self>::sin(self)
                }

                #[inline]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                fn cos(self) -> Self {
                    <Self>::cos(self)
                }

                #[inline]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                fn tan(self) -> Self {
                    <Self>::tan(self)
                }

                #[inline]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                fn fast_atan2(y: Self, x: Self) -> Self {
                    y.atan2(x).shifted(T::fast_atan2(y.re, x.re))
                }

                #[inline]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                fn degrees_to_radians(deg: Self) -> Self {
                    deg.to_radians()
                }

                #[inline]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                fn radians_to_degrees(rad: Self) -> Self {
                    rad.to_degrees()
                }
            }

            impl<T: $crate::Real + ApproxEq<T>, $($params)*> ApproxEq<Self> for $Number {
                #[inline]
                fn approx_epsilon() -> Self {
                    Self::constant(T::approx_epsilon())
                }

                #[inline]
                fn approx_eq_eps(&self, other: &Self, epsilon: &Self) -> bool {
                    self.re.approx_eq_eps(&other.re, &epsilon.re)
                }
            }

            impl<T: $crate::Real + Round, $($params)*> Round for $Number {
                // euclid rounds halves up.
                #[inline]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                fn round(self) -> Self {
                    <Self>::round(self).shifted(Round::round(self.re))
                }
            }

            impl<T: $crate::Real + Floor, $($params)*> Floor for $Number {
                #[inline]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                fn floor(self) -> Self {
                    <Self>::floor(self)
                }
            }

            impl<T: $crate::Real + Ceil, $($params)*> Ceil for $Number {
                #[inline]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                fn ceil(self) -> Self {
                    <Self>::ceil(self)
                }
            }
        };
    };
}
pub(crate) use euclid;
