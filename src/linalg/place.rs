//! The types of nalgebra, and tuples, arrays and slices of parts, as points.

use super::number::Number;
use super::part::{Compound, Dimensioned};
use crate::forward::carrier::Carrier;
use crate::forward::part::{Part, Perturbed, Scalars, Side, Whole};
use crate::forward::point::{Point, Seeded};
use crate::real::Real;
use alloc::vec::Vec;
use nalgebra::{
    Const, DMatrix, DVector, Dim, DimAdd, DimMul, DimProd, DimSum, Dyn, Isometry2, Isometry3, Point as Position,
    Rotation2, Rotation3, SMatrix, SVector, Translation, UnitComplex, UnitQuaternion,
};

/// A [`Point`] whose number of variables is a dimension of nalgebra.
pub trait Place: Point {
    /// The number of variables, as a type.
    type Dim: Dim;

    /// Returns the number of variables.
    fn dim(&self) -> Self::Dim {
        Self::Dim::from_usize(self.variables())
    }
}

/// Makes points of slices and `Vec`s of a part. Their arguments are slices, as those of slices of scalars are.
macro_rules! slices {
    ($([$($params:tt)*] [$($clauses:tt)*] $X:ty, $T:ty, $Slice:ty;)*) => { $(
        impl<'x, $($params)*> Point for &'x $Slice
        where
            $($clauses)*
        {
            type Arg<'a, D: Real> = &'a [<$X as Scalars>::Of<D>];
            crate::__carried!('x, $T, Dyn);

            fn variables(&self) -> usize {
                Part::variables(*self)
            }
        }

        impl<$($params)*> Whole for &$Slice
        where
            $($clauses)*
        {
            type Part = $Slice;
            const SIDE: Side = Side::Right;

            fn part(&self) -> &$Slice {
                self
            }
        }

        impl<D: Real, $($params)*> Seeded<D> for &$Slice
        where
            $X: Perturbed<D, T = $T>,
            $($clauses)*
        {
            fn seeded<R>(
                &self,
                mut seed: impl FnMut(&mut D, usize, Self::T),
                f: impl FnOnce(Self::Arg<'_, D>) -> R,
            ) -> R {
                let mut i = 0;
                f(&Perturbed::perturbed(*self, Side::Right, &mut |number: &mut D, x| {
                    seed(number, i, x);
                    i += 1;
                }))
            }
        }

        impl<$($params)*> Place for &$Slice
        where
            $($clauses)*
        {
            type Dim = Dyn;
        }
    )* };
}

/// States the dimension of a part, and makes points of references to it and of slices of it.
macro_rules! places {
    ($([$($params:tt)*] $X:ty, $Dim:ty;)*) => { $(
        impl<T: Number, $($params)*> Dimensioned for $X {
            type Dim = $Dim;
        }

        impl<T: Number, $($params)*> Compound for $X {}

        impl<T: Number, $($params)*> Place for &$X {
            type Dim = $Dim;
        }

        crate::__place!([T: Number, $($params)*] [] $X, T, $Dim);

        slices! {
            [T: Number, $($params)*] [] $X, T, [$X];
            [T: Number, $($params)*] [] $X, T, Vec<$X>;
        }
    )* };
}

places! {
    [const N: usize] SVector<T, N>, Const<N>;
    [const N: usize] Position<T, N>, Const<N>;
    [const N: usize] Translation<T, N>, Const<N>;
    [] SMatrix<T, 2, 2>, Const<4>;
    [] SMatrix<T, 2, 3>, Const<6>;
    [] SMatrix<T, 3, 2>, Const<6>;
    [] SMatrix<T, 3, 3>, Const<9>;
    [] SMatrix<T, 3, 4>, Const<12>;
    [] SMatrix<T, 4, 3>, Const<12>;
    [] SMatrix<T, 4, 4>, Const<16>;
    [] SMatrix<T, 5, 5>, Const<25>;
    [] SMatrix<T, 6, 6>, Const<36>;
    [] DVector<T>, Dyn;
    [] DMatrix<T>, Dyn;
    [] UnitComplex<T>, Const<1>;
    [] Rotation2<T>, Const<1>;
    [] UnitQuaternion<T>, Const<3>;
    [] Rotation3<T>, Const<3>;
    [] Isometry2<T>, Const<3>;
    [] Isometry3<T>, Const<6>;
}

crate::__place! {
    [X: Compound<T: Number>, const K: usize]
    [Const<K>: DimMul<X::Dim>, DimProd<Const<K>, X::Dim>: Carrier<X::T>]
    [X; K], X::T, DimProd<Const<K>, X::Dim>
}

impl<X: Compound<T: Number>, const K: usize> Place for &[X; K]
where
    Const<K>: DimMul<X::Dim>,
    DimProd<Const<K>, X::Dim>: Carrier<X::T>,
{
    type Dim = DimProd<Const<K>, X::Dim>;
}

/// The dimension of a tuple is that of its first part plus that of the others.
macro_rules! tuple {
    ($A:ident $($B:ident)*) => {
        impl<$A: Dimensioned $(, $B: Dimensioned<T = $A::T>)*> Compound for ($A, $($B,)*) where Self: Dimensioned {}

        crate::__place! {
            [$A: Dimensioned $(, $B: Dimensioned<T = $A::T>)*]
            [($A, $($B,)*): Dimensioned<T = $A::T, Dim: Carrier<$A::T>>]
            ($A, $($B,)*), $A::T, <($A, $($B,)*) as Dimensioned>::Dim
        }

        impl<$A: Dimensioned $(, $B: Dimensioned<T = $A::T>)*> Place for &($A, $($B,)*)
        where
            ($A, $($B,)*): Dimensioned<T = $A::T, Dim: Carrier<$A::T>>,
        {
            type Dim = <($A, $($B,)*) as Dimensioned>::Dim;
        }

        slices! {
            [$A: Dimensioned<T: Number> $(, $B: Dimensioned<T = $A::T>)*] [] ($A, $($B,)*), $A::T, [($A, $($B,)*)];
            [$A: Dimensioned<T: Number> $(, $B: Dimensioned<T = $A::T>)*] [] ($A, $($B,)*), $A::T, Vec<($A, $($B,)*)>;
        }

        tuple!(@dimension $A $($B)*);
    };
    (@dimension $A:ident) => {
        impl<$A: Dimensioned> Dimensioned for ($A,) {
            type Dim = $A::Dim;
        }
    };
    (@dimension $A:ident $($B:ident)+) => {
        impl<$A: Dimensioned, $($B: Dimensioned<T = $A::T>),+> Dimensioned for ($A, $($B,)+)
        where
            ($($B,)+): Dimensioned<T = $A::T>,
            $A::Dim: DimAdd<<($($B,)+) as Dimensioned>::Dim>,
        {
            type Dim = DimSum<$A::Dim, <($($B,)+) as Dimensioned>::Dim>;
        }
    };
}
tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C E);
tuple!(A B C E F);
tuple!(A B C E F G);
tuple!(A B C E F G H);
tuple!(A B C E F G H I);
