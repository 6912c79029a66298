//! The numbers and the results that belong to a number of variables, for points that are references to parts.

use super::point::{SIDE, SecondOrder, WIDTH, shapes};
use crate::number::dual::Dual;
use crate::number::dual2::Dual2;
use crate::number::hyper::HyperDual;
use crate::real::{Chain, Real};
use alloc::vec;
use alloc::vec::Vec;

/// What a [`Point`](super::Point) needs to know beside its coordinates; its items have the names and meanings of those there.
#[expect(missing_docs, reason = "the items of `Point` are documented")]
pub trait Carrier<T: Real> {
    type Dual<S: Real>: Chain<Re = S> + Real;
    type Second: SecondOrder<Re = T>;
    type Direction<'x>;
    type Gradient: Clone;
    type Hessian: Clone;
    const WIDTH: usize;

    fn variable<S: Real>(x: &mut Self::Dual<S>, re: S, i: usize);
    fn partials<S: Real>(y: &Self::Dual<S>) -> &[S];
    fn zeros(variables: usize) -> Self::Gradient;
    fn entries(gradient: &mut Self::Gradient) -> &mut [T];
    fn zero_hessian(variables: usize) -> Self::Hessian;
    fn entry(hessian: &mut Self::Hessian, i: usize, j: usize) -> &mut T;
    fn components<'v>(v: &'v Self::Direction<'_>) -> &'v [T];
}

/// Arrays for `N` variables in one pass, or, if the number is not `KNOWN`, `Vec`s for chunks of variables.
#[derive(Debug)]
pub struct Size<const KNOWN: bool, const N: usize>;

impl<T: Real, const N: usize> Carrier<T> for Size<true, N> {
    type Direction<'x> = [T; N];
    type Gradient = [T; N];
    type Hessian = [[T; N]; N];
    shapes!(one pass of N);

    #[inline]
    fn zeros(_: usize) -> [T; N] {
        [T::zero(); N]
    }

    #[inline]
    fn entries(gradient: &mut [T; N]) -> &mut [T] {
        gradient
    }

    #[inline]
    fn zero_hessian(_: usize) -> [[T; N]; N] {
        [[T::zero(); N]; N]
    }

    #[inline]
    fn entry(hessian: &mut [[T; N]; N], i: usize, j: usize) -> &mut T {
        &mut hessian[i][j]
    }

    #[inline]
    fn components(v: &[T; N]) -> &[T] {
        v
    }
}

impl<T: Real, const N: usize> Carrier<T> for Size<false, N> {
    type Direction<'x> = &'x [T];
    type Gradient = Vec<T>;
    type Hessian = Vec<Vec<T>>;
    shapes!(chunks of WIDTH, blocks of SIDE);

    fn zeros(variables: usize) -> Vec<T> {
        vec![T::zero(); variables]
    }

    fn entries(gradient: &mut Vec<T>) -> &mut [T] {
        gradient
    }

    fn zero_hessian(variables: usize) -> Vec<Vec<T>> {
        vec![vec![T::zero(); variables]; variables]
    }

    fn entry(hessian: &mut Vec<Vec<T>>, i: usize, j: usize) -> &mut T {
        &mut hessian[i][j]
    }

    fn components<'v>(v: &'v &[T]) -> &'v [T] {
        v
    }
}

/// Items of an `impl Point` by a [`Carrier`]. The names of their parameters begin with `__`, because the user's struct and its
/// parameter may have any other name.
#[doc(hidden)]
#[macro_export]
macro_rules! __carried {
    ($x:lifetime, $T:ty, $Carrier:ty) => {
        type Direction = <$Carrier as $crate::bounds::Carrier<$T>>::Direction<$x>;
        $crate::__carried!(for other directions, $T, $Carrier);

        #[inline]
        fn components(v: &Self::Direction) -> &[$T] {
            <$Carrier as $crate::bounds::Carrier<$T>>::components(v)
        }
    };
    (for other directions, $T:ty, $Carrier:ty) => {
        type T = $T;
        type Dual<__S: $crate::Real> = <$Carrier as $crate::bounds::Carrier<$T>>::Dual<__S>;
        type Second = <$Carrier as $crate::bounds::Carrier<$T>>::Second;
        type Gradient = <$Carrier as $crate::bounds::Carrier<$T>>::Gradient;
        type Hessian = <$Carrier as $crate::bounds::Carrier<$T>>::Hessian;
        const WIDTH: usize = <$Carrier as $crate::bounds::Carrier<$T>>::WIDTH;

        #[inline]
        fn zeros(&self) -> Self::Gradient {
            <$Carrier as $crate::bounds::Carrier<$T>>::zeros($crate::Point::variables(self))
        }

        #[inline]
        fn entries(gradient: &mut Self::Gradient) -> &mut [$T] {
            <$Carrier as $crate::bounds::Carrier<$T>>::entries(gradient)
        }

        #[inline]
        fn zero_hessian(&self) -> Self::Hessian {
            <$Carrier as $crate::bounds::Carrier<$T>>::zero_hessian($crate::Point::variables(self))
        }

        #[inline]
        fn entry(hessian: &mut Self::Hessian, i: usize, j: usize) -> &mut $T {
            <$Carrier as $crate::bounds::Carrier<$T>>::entry(hessian, i, j)
        }

        #[inline]
        fn variable<__S: $crate::Real>(x: &mut Self::Dual<__S>, re: __S, i: usize) {
            <$Carrier as $crate::bounds::Carrier<$T>>::variable(x, re, i);
        }

        #[inline]
        fn partials<__S: $crate::Real>(y: &Self::Dual<__S>) -> &[__S] {
            <$Carrier as $crate::bounds::Carrier<$T>>::partials(y)
        }
    };
}

/// Makes a point of a reference to the part `$X`.
#[doc(hidden)]
#[macro_export]
macro_rules! __place {
    ([$($params:tt)*] [$($clauses:tt)*] $X:ty, $T:ty, $Carrier:ty) => {
        impl<'x, $($params)*> $crate::Point for &'x $X
        where
            $($clauses)*
        {
            type Arg<'a, __D: $crate::Real> = <$X as $crate::Scalars>::Of<__D>;
            $crate::__carried!('x, $T, $Carrier);

            #[inline]
            fn variables(&self) -> usize {
                $crate::Part::variables(*self)
            }
        }

        impl<'x, $($params)*> $crate::bounds::Whole for &'x $X
        where
            $($clauses)*
        {
            type Part = $X;
            const SIDE: $crate::Side = $crate::Side::Right;

            #[inline]
            fn part(&self) -> &$X {
                self
            }
        }

        impl<'x, __D: $crate::Real, $($params)*> $crate::bounds::Seeded<__D> for &'x $X
        where
            $X: $crate::Perturbed<__D, T = $T>,
            $($clauses)*
        {
            #[inline]
            fn seeded<__R>(
                &self,
                mut seed: impl FnMut(&mut __D, usize, Self::T),
                f: impl FnOnce(Self::Arg<'_, __D>) -> __R,
            ) -> __R {
                let mut i = 0;
                f($crate::Perturbed::perturbed(*self, $crate::Side::Right, &mut |number, x| {
                    seed(number, i, x);
                    i += 1;
                }))
            }
        }
    };
}

/// Without nalgebra parts have no dimensions.
#[cfg(not(feature = "nalgebra"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __dimensioned {
    ($($part:tt)*) => {};
}
