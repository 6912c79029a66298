//! The operators `+ - * / %`, by value and by reference. The value type and plain floats may stand on the right, and
//! `f64` on the left.

/// One operator of two operands: by value, by reference, and with assignment. The body takes the operands by value.
macro_rules! binary {
    (impl [$($params:tt)*] $Op:ident $op:ident $Assign:ident $assign:ident for $L:ty, $R:ty: |$x:ident, $y:ident| $body:expr) => {
        $crate::traits::ops::binary!(to $L, impl [$($params)*] $Op $op for $L, $R: |$x, $y| $body);

        impl<$($params)*> core::ops::$Assign<$R> for $L {
            #[inline(always)]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn $assign(&mut self, other: $R) {
                *self = core::ops::$Op::$op(*self, other);
            }
        }

        impl<$($params)*> core::ops::$Assign<&$R> for $L {
            #[inline(always)]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn $assign(&mut self, other: &$R) {
                *self = core::ops::$Op::$op(*self, *other);
            }
        }
    };
    (to $Output:ty, impl [$($params:tt)*] $Op:ident $op:ident for $L:ty, $R:ty: |$x:ident, $y:ident| $body:expr) => {
        impl<$($params)*> core::ops::$Op<$R> for $L {
            type Output = $Output;

            #[inline(always)]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn $op(self, other: $R) -> $Output {
                $crate::operation::operation!(stringify!($op));
                let ($x, $y) = (self, other);
                $body
            }
        }

        impl<$($params)*> core::ops::$Op<&$R> for $L {
            type Output = $Output;

            #[inline(always)]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn $op(self, other: &$R) -> $Output {
                core::ops::$Op::$op(self, *other)
            }
        }

        impl<$($params)*> core::ops::$Op<$R> for &$L {
            type Output = $Output;

            #[inline(always)]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn $op(self, other: $R) -> $Output {
                core::ops::$Op::$op(*self, other)
            }
        }

        impl<$($params)*> core::ops::$Op<&$R> for &$L {
            type Output = $Output;

            #[inline(always)]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn $op(self, other: &$R) -> $Output {
                core::ops::$Op::$op(*self, *other)
            }
        }
    };
}
pub(crate) use binary;

/// The five operators with a number on the left and an `$S` on the right, from which `$lift` makes a value.
macro_rules! scalar_right {
    ($rules:ident, $Number:ty, [$($params:tt)*], $S:ty, $lift:expr) => {
        $crate::traits::ops::binary!(impl [$($params)*] Add add AddAssign add_assign for $Number, $S:
            |x, c| x.raised($lift(c)));
        $crate::traits::ops::binary!(impl [$($params)*] Sub sub SubAssign sub_assign for $Number, $S:
            |x, c| x.raised(-$lift(c)));
        $crate::traits::ops::binary!(impl [$($params)*] Mul mul MulAssign mul_assign for $Number, $S:
            |x, c| x.scaled($lift(c)));
        $crate::traits::ops::binary!(impl [$($params)*] Div div DivAssign div_assign for $Number, $S:
            |x, c| x.quotient(Self::constant($lift(c))));
        $crate::traits::ops::binary!(impl [$($params)*] Rem rem RemAssign rem_assign for $Number, $S:
            |x, c| $rules::rem(x, Self::constant($lift(c))));
    };
}
pub(crate) use scalar_right;

/// The operators with a plain float on the right of a nested number over that float, and the conversion from the float.
macro_rules! float {
    ($rules:ident, $Number:ty, [$($params:tt)*], $S:ty) => {
        $crate::traits::ops::scalar_right!($rules, $Number, [T: $crate::bounds::Nested<$S>, $($params)*], $S, T::lift);

        impl<T: $crate::bounds::Nested<$S>, $($params)*> From<$S> for $Number {
            #[inline(always)]
            fn from(s: $S) -> Self {
                Self::constant(T::lift(s))
            }
        }
    };
}
pub(crate) use float;

/// The operators with `f64` on the left of a number over any float. The `f64` becomes the nearest constant. Only one
/// type may stand on the left: with `f32` as well, the compiler could not infer the type of a literal, and most
/// closures would need annotations.
macro_rules! literal_left {
    ($rules:ident, $Number:ty, [$($params:tt)*]) => {
        $crate::traits::ops::binary!(to $Number, impl [T: $crate::Real, $($params)*] Add add for f64, $Number:
            |c, x| x.raised(T::lit(c)));
        $crate::traits::ops::binary!(to $Number, impl [T: $crate::Real, $($params)*] Sub sub for f64, $Number:
            |c, x| x.negative().raised(T::lit(c)));
        $crate::traits::ops::binary!(to $Number, impl [T: $crate::Real, $($params)*] Mul mul for f64, $Number:
            |c, x| x.scaled(T::lit(c)));
        $crate::traits::ops::binary!(to $Number, impl [T: $crate::Real, $($params)*] Div div for f64, $Number:
            |c, x| <$Number>::constant(T::lit(c)).quotient(x));
        $crate::traits::ops::binary!(to $Number, impl [T: $crate::Real, $($params)*] Rem rem for f64, $Number:
            |c, x| $rules::rem(<$Number>::constant(T::lit(c)), x));
    };
}
pub(crate) use literal_left;

macro_rules! ops {
    ($rules:ident, $Number:ty, [$($params:tt)*]) => {
        $crate::traits::ops::binary!(impl [T: $crate::Real, $($params)*] Add add AddAssign add_assign for $Number, $Number:
            |x, y| x.sum(y));
        $crate::traits::ops::binary!(impl [T: $crate::Real, $($params)*] Sub sub SubAssign sub_assign for $Number, $Number:
            |x, y| x.difference(y));
        $crate::traits::ops::binary!(impl [T: $crate::Real, $($params)*] Mul mul MulAssign mul_assign for $Number, $Number:
            |x, y| x.product(y));
        $crate::traits::ops::binary!(impl [T: $crate::Real, $($params)*] Div div DivAssign div_assign for $Number, $Number:
            |x, y| x.quotient(y));
        $crate::traits::ops::binary!(impl [T: $crate::Real, $($params)*] Rem rem RemAssign rem_assign for $Number, $Number:
            |x, y| $rules::rem(x, y));

        $crate::traits::ops::scalar_right!($rules, $Number, [T: $crate::Real, $($params)*], T, core::convert::identity);
        $crate::traits::ops::float!($rules, $Number, [$($params)*], f64);
        $crate::traits::ops::float!($rules, $Number, [$($params)*], f32);
        $crate::traits::ops::literal_left!($rules, $Number, [$($params)*]);

        impl<T: $crate::Real, $($params)*> From<T> for $Number {
            #[inline(always)]
            fn from(re: T) -> Self {
                Self::constant(re)
            }
        }

        impl<S, T: $crate::bounds::Over<S>, $($params)*> $crate::bounds::Over<S> for $Number {
            #[inline(always)]
            fn lift(s: S) -> Self {
                Self::constant(T::lift(s))
            }
        }

        impl<S, T: $crate::bounds::Over<S>, $($params)*> $crate::bounds::Nested<S> for $Number {}

        impl<T: $crate::Real, $($params)*> core::ops::Neg for $Number {
            type Output = Self;

            #[inline(always)]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn neg(self) -> Self {
                $crate::operation::operation!("neg");
                self.negative()
            }
        }

        impl<T: $crate::Real, $($params)*> core::ops::Neg for &$Number {
            type Output = $Number;

            #[inline(always)]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn neg(self) -> $Number {
                $crate::operation::operation!("neg");
                self.negative()
            }
        }

        $crate::traits::ops::fold!($Number, [$($params)*], Sum sum +);
        $crate::traits::ops::fold!($Number, [$($params)*], Product product *);
    };
}
pub(crate) use ops;

/// Sums and products over iterators. The initial value is the same as for floats, so that the values agree.
macro_rules! fold {
    ($Number:ty, [$($params:tt)*], $Fold:ident $fold:ident $op:tt) => {
        impl<T: $crate::Real, $($params)*> core::iter::$Fold for $Number {
            #[inline(always)]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn $fold<I: Iterator<Item = Self>>(iter: I) -> Self {
                let empty: T = core::iter::empty::<T>().$fold();
                iter.fold(Self::constant(empty), |x, y| x $op y)
            }
        }

        impl<'a, T: $crate::Real, $($params)*> core::iter::$Fold<&'a Self> for $Number {
            #[inline(always)]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn $fold<I: Iterator<Item = &'a Self>>(iter: I) -> Self {
                iter.copied().$fold()
            }
        }
    };
}
pub(crate) use fold;
