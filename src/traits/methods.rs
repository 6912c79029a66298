//! The mathematical methods of `f64`, by value and with the same names and signatures. So code that is written for
//! `f64` compiles unchanged, and `x.sin()` is never ambiguous. Where a method of `f64` takes a second float, these take
//! anything that converts into the number.

/// Methods that call the rows of one argument.
macro_rules! unary {
    (($rules:ident, $Number:ty, [$($params:tt)*]) $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => {
        impl<T: $crate::Real, $($params)*> $Number {
            $(
                #[doc = concat!($doc, " For the derivatives see [`rules::", stringify!($name), "`](crate::rules::",
                    stringify!($name), ").")]
                #[inline]
                #[must_use]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                pub fn $name(self) -> Self {
                    $crate::operation::operation!(stringify!($name));
                    $rules::$name(self)
                }
            )*
        }
    };
}
pub(crate) use unary;

/// Methods that call the rows of two arguments.
macro_rules! binary {
    (($rules:ident, $Number:ty, [$($params:tt)*]) $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => {
        impl<T: $crate::Real, $($params)*> $Number {
            $(
                #[doc = concat!($doc, " For the derivatives see [`rules::", stringify!($name), "`](crate::rules::",
                    stringify!($name), ").")]
                #[inline]
                #[must_use]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                pub fn $name(self, other: impl Into<Self>) -> Self {
                    $crate::operation::operation!(stringify!($name));
                    $rules::$name(self, other.into())
                }
            )*
        }
    };
}
pub(crate) use binary;

/// Methods that call the rows of one argument and an integer.
macro_rules! integer {
    (($rules:ident, $Number:ty, [$($params:tt)*]) $($name:ident $doc:literal,)*) => {
        impl<T: $crate::Real, $($params)*> $Number {
            $(
                #[doc = concat!($doc, " For the derivatives see [`rules::", stringify!($name), "`](crate::rules::",
                    stringify!($name), ").")]
                #[inline]
                #[must_use]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                pub fn $name(self, n: u32) -> Self {
                    $crate::operation::operation!(stringify!($name));
                    $rules::$name(self, n)
                }
            )*
        }
    };
}
pub(crate) use integer;

macro_rules! ask {
    (($Number:ty, [$($params:tt)*]) $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => {
        impl<T: $crate::Real, $($params)*> $Number {
            $(
                #[doc = $doc]
                #[inline]
                #[must_use]
                #[track_caller]
                pub fn $name(self) -> bool {
                    num_traits::Float::$name(self.re)
                }
            )*
        }
    };
}
pub(crate) use ask;

macro_rules! methods {
    ($rules:ident, $Number:ty, [$($params:tt)*]) => {
        $crate::rules::rows!(float, [$crate::traits::methods::unary], $rules, $Number, [$($params)*]);
        $crate::rules::rows!(special, [$crate::traits::methods::unary], $rules, $Number, [$($params)*]);
        $crate::rules::rows!(special2, [$crate::traits::methods::binary], $rules, $Number, [$($params)*]);
        $crate::rules::rows!(integer, [$crate::traits::methods::integer], $rules, $Number, [$($params)*]);
        $crate::traits::methods::binary! { ($rules, $Number, [$($params)*])
            powf "The power `xʸ`.",
            hypot "The length `√(x² + y²)`.",
            atan2 "The angle of the point `(other, self)`, in (-π, π].",
            log "The logarithm to the base `other`.",
            copysign "The magnitude of `self` with the sign of `other`.",
            min "The smaller value; `self` on a tie.",
            max "The larger value; `other` on a tie.",
            abs_sub "`self - other` where that is positive, and 0 elsewhere.",
            rem_euclid "The remainder in `[0, |other|)`.",
            div_euclid "The quotient that goes with `rem_euclid`; its derivative is 0.",
        }
        impl<T: $crate::Real, $($params)*> $Number {
            /// The reciprocal `1/x`, computed by a division.
            #[inline]
            #[must_use]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            pub fn recip(self) -> Self {
                $crate::operation::operation!("recip");
                Self::constant(T::one()).quotient(self)
            }

            /// `xⁿ`. For the derivatives see [`rules::powi`](crate::rules::powi).
            #[inline]
            #[must_use]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            pub fn powi(self, n: i32) -> Self {
                $crate::operation::operation!("powi");
                $rules::powi(self, n)
            }

            /// The lower regularized incomplete gamma function `P(a, x)`, where a is `self`: see
            /// [`rules::gamma_p`](crate::rules::gamma_p).
            #[must_use]
            #[cfg_attr(feature = "trace", track_caller)]
            pub fn gamma_p(self, x: impl Into<Self>) -> Self {
                $crate::operation::operation!("gamma_p");
                $crate::Real::gamma_p(self, x.into())
            }

            /// The upper regularized incomplete gamma function `Q(a, x)`, where a is `self`: see
            /// [`rules::gamma_q`](crate::rules::gamma_q).
            #[must_use]
            #[cfg_attr(feature = "trace", track_caller)]
            pub fn gamma_q(self, x: impl Into<Self>) -> Self {
                $crate::operation::operation!("gamma_q");
                $crate::Real::gamma_q(self, x.into())
            }

            /// The regularized incomplete beta function `I_x(a, b)`, where x is `self`: see
            /// [`rules::beta_inc`](crate::rules::beta_inc).
            #[must_use]
            #[cfg_attr(feature = "trace", track_caller)]
            pub fn beta_inc(self, a: impl Into<Self>, b: impl Into<Self>) -> Self {
                $crate::operation::operation!("beta_inc");
                $crate::Real::beta_inc(self, a.into(), b.into())
            }

            /// The sine and the cosine, for the cost of one.
            #[inline]
            #[must_use]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            pub fn sin_cos(self) -> (Self, Self) {
                $crate::operation::operation!("sin_cos");
                $rules::sin_cos(self)
            }

            /// `self·a + b`, whose value is rounded once.
            #[inline]
            #[must_use]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            pub fn mul_add(self, a: impl Into<Self>, b: impl Into<Self>) -> Self {
                $crate::operation::operation!("mul_add");
                $rules::mul_add(self, a.into(), b.into())
            }

            /// `self` inside the closed interval `[min, max]`, and the nearer end outside. Unlike the method of `f64`,
            /// it does not panic on an empty interval.
            #[inline]
            #[must_use]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            pub fn clamp(self, min: impl Into<Self>, max: impl Into<Self>) -> Self {
                $crate::operation::operation!("clamp");
                $rules::clamp(self, min.into(), max.into())
            }

            /// Whether the values and all derivatives are equal, where NaN counts as equal to NaN. (`==` compares the
            /// values alone.)
            #[inline]
            #[must_use]
            pub fn same(self, other: impl Into<Self>) -> bool {
                $crate::Real::same(self, other.into())
            }

            /// Whether the values and all derivatives are equal to those of `other` up to a tolerance:
            /// |a - b| ≤ tolerance·max(1, |b|). An infinity is close only to itself, and NaN only to NaN. (The traits of
            /// approx compare the values alone, as `==` does.)
            #[inline]
            #[must_use]
            pub fn close_to(self, other: impl Into<Self>, tolerance: <Self as $crate::Real>::Float) -> bool {
                $crate::Real::close_to(self, other.into(), tolerance)
            }
        }
    };
}
pub(crate) use methods;

/// The questions about the value, and its way out of the number.
macro_rules! questions {
    ($Number:ty, [$($params:tt)*]) => {
        $crate::traits::methods::ask! { ($Number, [$($params)*])
            is_nan "Whether the value is NaN.",
            is_infinite "Whether the value is infinite.",
            is_finite "Whether the value is finite.",
            is_normal "Whether the value is normal.",
            is_subnormal "Whether the value is subnormal.",
            is_sign_positive "Whether the value has a positive sign, as 0 has; NaN has a sign too.",
            is_sign_negative "Whether the value has a negative sign, as -0 has; NaN has a sign too.",
        }

        impl<T: $crate::Real, $($params)*> $Number {
            /// The floating-point category of the value.
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn classify(self) -> core::num::FpCategory {
                num_traits::Float::classify(self.re)
            }

            #[inline]
            #[track_caller]
            pub(crate) fn decoded(self) -> (u64, i16, i8) {
                num_traits::Float::integer_decode(self.re)
            }

            /// The value, which leaves through the method of that name.
            #[inline]
            #[allow(dead_code)]
            pub(crate) fn leaving(&self, _: &'static str) -> T {
                self.re
            }
        }
    };
}
pub(crate) use questions;
