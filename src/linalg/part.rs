//! The types of nalgebra as parts of a point, and the numbers of variables as types.

use super::lift::lift;
use super::number::Number;
use super::{quaternion, se2, se3, so3};
use crate::forward::carrier::{Carrier, Size};
use crate::forward::part::{Part, Perturbed, Side, seeded_each};
use crate::forward::point::{SIDE, WIDTH, shapes, written};
use crate::number::dual::Dual;
use crate::number::dual2::Dual2;
use crate::number::hyper::HyperDual;
use crate::real::Real;
use alloc::vec::Vec;
use nalgebra::{
    Const, DMatrix, DVector, Dim, DimMul, DimProd, Dyn, Isometry2, Isometry3, OMatrix, OVector, Point, Rotation2,
    Rotation3, SMatrix, SVector, Translation, UnitComplex, UnitQuaternion, Vector1,
};

/// A [`Part`] whose number of variables is a dimension of nalgebra.
pub trait Dimensioned: Part {
    /// The number of variables, as a type.
    type Dim: Dim;
}

/// A part whose arrays are points, unlike arrays of scalars, which are points by value.
pub trait Compound: Dimensioned {}

/// A number of variables that is a dimension of nalgebra.
pub trait AsDim {
    /// The dimension.
    type Dim: Dim;
}

impl<const N: usize> AsDim for Size<true, N> {
    type Dim = Const<N>;
}

impl<const N: usize> AsDim for Size<false, N> {
    type Dim = Dyn;
}

/// Gradients and Hessians as vectors and matrices of nalgebra.
macro_rules! matrices {
    ($Dim:ty) => {
        type Direction<'x> = &'x OVector<T, $Dim>;
        type Gradient = OVector<T, $Dim>;
        type Hessian = OMatrix<T, $Dim, $Dim>;

        #[inline]
        fn zeros(variables: usize) -> OVector<T, $Dim> {
            OVector::zeros_generic(Dim::from_usize(variables), Const)
        }

        #[inline]
        fn entries(gradient: &mut OVector<T, $Dim>) -> &mut [T] {
            gradient.as_mut_slice()
        }

        #[inline]
        fn zero_hessian(variables: usize) -> OMatrix<T, $Dim, $Dim> {
            OMatrix::zeros_generic(Dim::from_usize(variables), Dim::from_usize(variables))
        }

        #[inline]
        fn entry(hessian: &mut OMatrix<T, $Dim, $Dim>, i: usize, j: usize) -> &mut T {
            &mut hessian[(i, j)]
        }

        #[inline]
        fn components<'v>(v: &'v &OVector<T, $Dim>) -> &'v [T] {
            v.as_slice()
        }
    };
}

impl<T: Number, const N: usize> Carrier<T> for Const<N> {
    shapes!(one pass of N);
    matrices!(Const<N>);
}

impl<T: Number> Carrier<T> for Dyn {
    shapes!(chunks of WIDTH, blocks of SIDE);
    matrices!(Dyn);
}

impl<T: Real> Dimensioned for T {
    type Dim = Const<1>;
}

impl<X: Dimensioned, const K: usize> Dimensioned for [X; K]
where
    Const<K>: DimMul<X::Dim>,
{
    type Dim = DimProd<Const<K>, X::Dim>;
}

impl<X: Compound, const K: usize> Compound for [X; K] where Const<K>: DimMul<X::Dim> {}

impl<X: Part> Dimensioned for Vec<X> {
    type Dim = Dyn;
}

/// Implements the traits of parts for types whose entries are the variables, column by column.
macro_rules! flat {
    ($([$($params:tt)*] $X:ty, $size:expr, |$x:ident| $entries:expr;)*) => { $(
        impl<T: Real, $($params)*> Part for $X {
            const SIZE: Option<usize> = $size;

            #[inline]
            fn variables(&self) -> usize {
                let $x = self;
                $entries.len()
            }

            #[inline]
            fn minus(&self, other: &Self, _: Side, to: &mut impl FnMut(T)) {
                let [own, others]: [&[T]; 2] = [self, other].map(|$x| $entries);
                let (n, m) = (own.len(), others.len());
                assert_eq!(n, m, "the difference of {n} entries and {m}");
                own.iter().zip(others).for_each(|(&y, &x)| to(y - x));
            }
        }

        impl<T: Real, D: Real, $($params)*> Perturbed<D> for $X {
            #[inline]
            fn perturbed(&self, _: Side, seed: &mut impl FnMut(&mut D, T)) -> Self::Of<D> {
                seeded_each(self, seed)
            }
        }
    )* };
}

flat! {
    [const R: usize, const C: usize] SMatrix<T, R, C>, Some(R * C), |x| x.data.0.as_flattened();
    [] DVector<T>, None, |x| x.as_slice();
    [] DMatrix<T>, None, |x| x.as_slice();
    [const N: usize] Point<T, N>, Some(N), |x| x.coords.as_slice();
    [const N: usize] Translation<T, N>, Some(N), |x| x.vector.as_slice();
}

/// Implements the traits of parts for groups. The variables are the components of δ in `x·exp(δ)` or `exp(δ)·x`.
macro_rules! group {
    ($($Group:ident $N:literal $exp:path, $log:path;)*) => { $(
        impl<T: Number> Part for $Group<T> {
            const SIZE: Option<usize> = Some($N);

            #[inline]
            fn variables(&self) -> usize {
                $N
            }

            #[inline]
            fn minus(&self, x: &Self, side: Side, to: &mut impl FnMut(T)) {
                let step: SVector<T, $N> = match side {
                    Side::Right => $log(&(x.inverse() * self)),
                    Side::Left => $log(&(self * x.inverse())),
                };
                step.iter().for_each(|&component| to(component));
            }
        }

        impl<T: Number, D: Number + From<T>> Perturbed<D> for $Group<T> {
            #[inline]
            fn perturbed(&self, side: Side, seed: &mut impl FnMut(&mut D, T)) -> $Group<D> {
                let step = $exp(&SVector::<D, $N>::from_fn(|_, _| written(|number| seed(number, T::zero()))));
                match side {
                    Side::Right => lift::<_, D>(self) * step,
                    Side::Left => step * lift::<_, D>(self),
                }
            }
        }
    )* };
}

group! {
    UnitComplex 1 complex_exp, complex_log;
    Rotation2 1 rotation_exp, rotation_log;
    UnitQuaternion 3 quaternion::from_scaled_axis, quaternion::scaled_axis;
    Rotation3 3 so3::exp, so3::log;
    Isometry2 3 se2::exp, se2::log;
    Isometry3 6 se3::exp, se3::log;
}

// In the plane nalgebra's own functions have right derivatives.

fn complex_exp<T: Number>(x: &Vector1<T>) -> UnitComplex<T> {
    UnitComplex::new(x.x)
}

fn complex_log<T: Number>(x: &UnitComplex<T>) -> Vector1<T> {
    Vector1::new(x.angle())
}

fn rotation_exp<T: Number>(x: &Vector1<T>) -> Rotation2<T> {
    Rotation2::new(x.x)
}

fn rotation_log<T: Number>(x: &Rotation2<T>) -> Vector1<T> {
    Vector1::new(x.angle())
}

/// States the dimension of a part that is a struct of the user.
#[doc(hidden)]
#[macro_export]
macro_rules! __dimensioned {
    ([$($params:tt)*] $X:ty, $Size:ty) => {
        impl<$($params)*> $crate::bounds::Dimensioned for $X {
            type Dim = <$Size as $crate::bounds::AsDim>::Dim;
        }

        impl<$($params)*> $crate::bounds::Compound for $X {}

        impl<$($params)*> $crate::bounds::Place for &$X {
            type Dim = <$X as $crate::bounds::Dimensioned>::Dim;
        }
    };
}
