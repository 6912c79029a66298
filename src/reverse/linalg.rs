//! Jacobians of reverse mode as matrices of nalgebra, as [`linalg`](crate::linalg) returns those of forward mode.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::try_jacobian as rows;
use crate::forward::point::{Point, Seeded};
use crate::real::Real;
use crate::returns::{Outcome, infallible};
use crate::tape::var::Var;
use alloc::vec::Vec;
use nalgebra::{Const, DefaultAllocator, Dim, OMatrix, OVector, allocator::Allocator};

/// Returns `f(x)` and its Jacobian as a matrix, `J[(i, j)] = ∂fᵢ/∂xⱼ`. One sweep computes four matrix rows.
///
/// At a `UnitQuaternion`, a `Rotation3` (3 columns) or an `Isometry3` (6 columns, translation first) it is the Jacobian of
/// `f(x·exp(δ))` in δ at δ = 0, as that of [`linalg::jacobian`](crate::linalg::jacobian).
///
/// ```
/// use nalgebra::{matrix, vector};
/// use nilpotent::reverse;
///
/// let (y, j) = reverse::linalg::jacobian(|x| vector![x[0] * x[1], x[0] / x[1], x[1]], &vector![6.0, 2.0]);
/// assert_eq!(y, vector![12.0, 3.0, 2.0]);
/// assert_eq!(j, matrix![2.0, 6.0; 0.5, -1.5; 0.0, 1.0]);
/// ```
///
/// # Panics
/// If `f` does, or returns a variable of another recording.
pub fn jacobian<P, T, M, C>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> OVector<Var<T>, M>,
    x: P,
) -> (OVector<T, M>, OMatrix<T, M, C>)
where
    P: Seeded<Var<T>, T = T> + Point<Gradient = OVector<T, C>>,
    T: Real,
    M: Dim,
    C: Dim,
    DefaultAllocator: Allocator<M> + Allocator<C> + Allocator<M, C>,
{
    infallible(try_jacobian(|x| Ok(f(x)), x))
}

/// [`jacobian`] of a function that may fail.
pub fn try_jacobian<P, T, M, C, R>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> R,
    x: P,
) -> R::Of<(OVector<T, M>, OMatrix<T, M, C>)>
where
    P: Seeded<Var<T>, T = T> + Point<Gradient = OVector<T, C>>,
    T: Real,
    M: Dim,
    C: Dim,
    R: Outcome<Value = OVector<Var<T>, M>>,
    DefaultAllocator: Allocator<M> + Allocator<C> + Allocator<M, C>,
{
    let columns = C::from_usize(x.variables());
    let list = |x: P::Arg<'_, Var<T>>| f(x).into_result().map(|y| y.iter().copied().collect::<Vec<_>>());
    R::from_result(rows(list, x).map(|(y, rows): (Vec<T>, Vec<OVector<T, C>>)| {
        let m = M::from_usize(y.len());
        let matrix = OMatrix::from_fn_generic(m, columns, |i, j| rows[i][j]);
        (OVector::from_fn_generic(m, Const, |i, _| y[i]), matrix)
    }))
}
