//! num-dual: `DualNum`, `DualStruct` and `Mappable`, so that code over its trait runs with these numbers.
//!
//! The macros take the crate as a path, because there are two versions. In 0.15 the float is an associated type, in 0.14
//! a parameter of the traits; it is the argument `$F`. Both ask that the value's type has the trait too. The value's
//! rounding is that of the crate's own rows: num-dual's `sph_j1` and `sph_j2` of floats cancel near 0, and these do not.

/// The methods of `DualNum`, which take the number by reference, from the methods of the same names.
macro_rules! methods {
    ($F:ty; $($name:ident($($arg:ident: $Arg:ty),*) -> $Out:ty = $method:ident;)*) => { $(
        #[inline]
        #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
        fn $name(&self, $($arg: $Arg),*) -> $Out {
            <Self>::$method(*self, $($arg),*)
        }
    )* };
    ($F:ty) => {
        /// The sum of the orders of all levels.
        const NDERIV: usize = <Self as $crate::Real>::ORDER as usize;
        type InnerDual = T;

        #[inline]
        fn from_re(re: T) -> Self {
            Self::constant(re)
        }

        $crate::traits::num_dual::methods! { $F;
            recip() -> Self = recip; powi(n: i32) -> Self = powi; powf(n: $F) -> Self = powf; powd(n: Self) -> Self = powf;
            sqrt() -> Self = sqrt; cbrt() -> Self = cbrt; exp() -> Self = exp; exp2() -> Self = exp2;
            exp_m1() -> Self = exp_m1; ln() -> Self = ln; ln_1p() -> Self = ln_1p; log(base: $F) -> Self = log;
            log2() -> Self = log2; log10() -> Self = log10; sin() -> Self = sin; cos() -> Self = cos; tan() -> Self = tan;
            sin_cos() -> (Self, Self) = sin_cos; asin() -> Self = asin; acos() -> Self = acos; atan() -> Self = atan;
            atan2(other: Self) -> Self = atan2; sinh() -> Self = sinh; cosh() -> Self = cosh; tanh() -> Self = tanh;
            asinh() -> Self = asinh; acosh() -> Self = acosh; atanh() -> Self = atanh;
            mul_add(a: Self, b: Self) -> Self = mul_add;
            sph_j0() -> Self = sinc; sph_j1() -> Self = sph_j1; sph_j2() -> Self = sph_j2;
        }
    };
}
pub(crate) use methods;

/// The traits of a number; `$over` is the float as a parameter, or nothing.
macro_rules! num_dual {
    (0.15, $Number:ty, [$($params:tt)*]) => {
        $crate::traits::num_dual::num_dual!([::num_dual], T::Primitive, [], [], $Number, [$($params)*],
            type Primitive = T::Primitive;

            #[inline]
            #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
            fn scale(self, factor: &T) -> Self {
                self.scaled(*factor)
            }
        );
    };
    (0.14, $Number:ty, [$($params:tt)*]) => {
        $crate::traits::num_dual::num_dual!([::num_dual_0_14], F, [<F>], [F,], $Number, [$($params)*],);
    };
    ([$($krate:tt)*], $F:ty, [$($over:tt)*], [$($float:tt)*], $Number:ty, [$($params:tt)*], $($more:tt)*) => {
        const _: () = {
            use $($krate)*::{DualNum, DualStruct, Mappable};
            use num_traits::{NumAssignOps, NumOps};

            impl<$($float)* T: $crate::Real + DualNum $($over)*, $($params)*> DualNum $($over)* for $Number
            where
                Self: NumOps<$F> + NumAssignOps<$F> + From<$F> + PartialOrd<$F>,
            {
                $($more)*

                $crate::traits::num_dual::methods!($F);
            }

            impl<$($float)* T: $crate::Real + DualStruct $($over)*, $($params)*> DualStruct $($over)* for $Number {
                type Real = T::Real;
                type Inner = T;

                /// The innermost value.
                #[inline]
                fn re(&self) -> T::Real {
                    DualStruct::re(&self.leaving("re"))
                }

                #[inline]
                fn from_inner(inner: &T) -> Self {
                    Self::constant(*inner)
                }
            }

            impl<T: $crate::Real, $($params)*> Mappable<Self> for $Number {
                type Output<O> = O;

                #[inline]
                fn map_dual<F: Fn(Self) -> O, O>(self, f: F) -> O {
                    f(self)
                }
            }
        };
    };
}
pub(crate) use num_dual;
