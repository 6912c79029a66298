//! Perturbations from the left.

use super::part::{Compound, Dimensioned};
use super::place::Place;
use crate::forward::carrier::Carrier;
use crate::forward::part::{Part, Perturbed, Scalars, Side, Whole};
use crate::forward::point::{Point, Seeded};
use crate::real::Real;

/// A value whose groups are perturbed from the left: `exp(δ)·x` instead of `x·exp(δ)`.
///
/// `Left(&x)` is a point, at which `f` gets the value itself. In a tuple, each part may choose: at `&(Left(pose), velocity)`
/// the function gets a `Left` again. In a struct, the attribute `#[left]` in [`point!`](crate::point) chooses. Parts that are
/// not groups are the same from both sides.
///
/// ```
/// use nalgebra::{UnitQuaternion, vector};
/// use nilpotent::linalg::{self, Left};
///
/// // d/dδ exp(δ)·q·a = -[q·a]×, and d/dδ q·exp(δ)·a = -R·[a]×.
/// let (q, a) = (UnitQuaternion::from_euler_angles(0.1, 0.2, 0.3), vector![1.0, 2.0, 3.0]);
/// let (y, left) = linalg::jacobian(|q| q * linalg::lift(&a), Left(&q));
/// let (_, right) = linalg::jacobian(|q| q * linalg::lift(&a), &q);
/// assert!((left + y.cross_matrix()).norm() < 1e-15);
/// assert!((right + q.to_rotation_matrix() * a.cross_matrix()).norm() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Left<X>(pub X);

impl<X: Scalars> Scalars for Left<X> {
    type T = X::T;
    type Of<U: Real> = Left<X::Of<U>>;

    #[inline]
    fn each<U: Real>(&self, f: &mut impl FnMut(X::T) -> U) -> Left<X::Of<U>> {
        Left(self.0.each(f))
    }
}

impl<X: Part> Part for Left<X> {
    const SIZE: Option<usize> = X::SIZE;

    #[inline]
    fn variables(&self) -> usize {
        self.0.variables()
    }

    #[inline]
    fn minus(&self, x: &Self, _: Side, to: &mut impl FnMut(X::T)) {
        self.0.minus(&x.0, Side::Left, to);
    }
}

impl<D: Real, X: Perturbed<D>> Perturbed<D> for Left<X> {
    #[inline]
    fn perturbed(&self, _: Side, seed: &mut impl FnMut(&mut D, X::T)) -> Left<X::Of<D>> {
        Left(self.0.perturbed(Side::Left, seed))
    }
}

impl<X: Dimensioned> Dimensioned for Left<X> {
    type Dim = X::Dim;
}

impl<X: Compound> Compound for Left<X> {}

impl<'x, X: Dimensioned<Dim: Carrier<X::T>>> Point for Left<&'x X> {
    type Arg<'a, D: Real> = X::Of<D>;
    crate::__carried!('x, X::T, X::Dim);

    #[inline]
    fn variables(&self) -> usize {
        self.0.variables()
    }
}

impl<D: Real, X: Perturbed<D> + Dimensioned<Dim: Carrier<X::T>>> Seeded<D> for Left<&X> {
    #[inline]
    fn seeded<R>(&self, mut seed: impl FnMut(&mut D, usize, X::T), f: impl FnOnce(X::Of<D>) -> R) -> R {
        let mut i = 0;
        f(self.0.perturbed(Side::Left, &mut |number, x| {
            seed(number, i, x);
            i += 1;
        }))
    }
}

impl<X: Dimensioned<Dim: Carrier<X::T>>> Place for Left<&X> {
    type Dim = X::Dim;
}

impl<X: Dimensioned<Dim: Carrier<X::T>>> Whole for Left<&X> {
    type Part = X;
    const SIDE: Side = Side::Left;

    #[inline]
    fn part(&self) -> &X {
        self.0
    }
}
