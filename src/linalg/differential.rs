//! Jacobians of functions from states to states, in the tangent spaces of both.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::number::Number;
use super::part::Dimensioned;
use super::place::Place;
use crate::forward::part::{Scalars, Whole};
use crate::forward::passes::first_order;
use crate::forward::point::Seeded;
use crate::real::Real;
use crate::returns::{Outcome, infallible};
use crate::rules::Chain;
use crate::traits::confusion::check;
use nalgebra::{DefaultAllocator, Dim, OMatrix, allocator::Allocator};

/// Returns `f(x)` and the differential of `f` at `x`, the matrix of the linear map from tangent space to tangent space:
/// `∂(f(x ⊞ δ) ⊟ f(x))/∂δ` at δ = 0.
///
/// Point and result are values of several parts: vectors, rotations, poses, and tuples, arrays and structs of them, of which
/// the matrix has the columns and the rows. Of a step of a filter's state it is the transition matrix F. Groups of both are
/// perturbed from the same side, from the left at [`Left(&x)`](super::Left).
///
/// ```
/// use nalgebra::{Isometry3, Matrix6, Vector6, vector};
/// use nilpotent::linalg::{self, se3};
///
/// // The differential of the inverse is -Ad(x).
/// let x = Isometry3::new(vector![1.0, 2.0, 3.0], vector![0.1, 0.2, 0.3]);
/// let (y, j) = linalg::differential(|x| x.inverse(), &x);
/// let r = *x.rotation.to_rotation_matrix().matrix();
/// let mut ad = Matrix6::zeros();
/// ad.fixed_view_mut::<3, 3>(0, 0).copy_from(&r);
/// ad.fixed_view_mut::<3, 3>(3, 3).copy_from(&r);
/// ad.fixed_view_mut::<3, 3>(0, 3).copy_from(&(x.translation.vector.cross_matrix() * r));
/// assert_eq!(y, x.inverse());
/// assert!((j + ad).norm() < 1e-14);
/// ```
///
/// # Panics
/// If `f` returns values of different lengths for different chunks of the same point.
pub fn differential<P, T: Number, N, Y>(
    mut f: impl FnMut(P::Arg<'_, N>) -> Y,
    x: P,
) -> (Y::Of<T>, OMatrix<T, Y::Dim, P::Dim>)
where
    P: Place<T = T, Dual<T> = N> + Whole + Seeded<N>,
    N: Chain<Re = T> + Real,
    Y: Dimensioned + Scalars<T = N, Of<N> = Y>,
    DefaultAllocator: Allocator<Y::Dim, P::Dim>,
{
    infallible(try_differential(|x| Ok(f(x)), x))
}

/// [`differential`] of a function that may fail.
pub fn try_differential<P, T: Number, N, Y, R>(
    mut f: impl FnMut(P::Arg<'_, N>) -> R,
    x: P,
) -> R::Of<(Y::Of<T>, OMatrix<T, Y::Dim, P::Dim>)>
where
    P: Place<T = T, Dual<T> = N> + Whole + Seeded<N>,
    N: Chain<Re = T> + Real,
    Y: Dimensioned + Scalars<T = N, Of<N> = Y>,
    R: Outcome<Value = Y>,
    DefaultAllocator: Allocator<Y::Dim, P::Dim>,
{
    let dim = x.dim();
    R::from_result(first_order(
        &x,
        |x| f(x).into_result(),
        |y| (y.each(&mut |y| y.re()), OMatrix::zeros_generic(Y::Dim::from_usize(y.variables()), dim)),
        |(_, j), start, y| {
            let (m, n) = (j.nrows(), y.variables());
            assert_eq!(m, n, "the function returned {m} values at first and {n} later");
            let mut i = 0;
            // The step is 0, and its partials are those of the result in the tangent space.
            let value = |y: N| {
                check(y);
                N::constant(y.re())
            };
            y.minus(&y.each(&mut { value }), P::SIDE, &mut |step| {
                for (k, &partial) in (start..dim.value()).zip(P::partials::<T>(&step)) {
                    j[(i, k)] = partial.grounded();
                }
                i += 1;
            });
        },
    ))
}
