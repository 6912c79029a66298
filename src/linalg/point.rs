//! Drivers over nalgebra's vectors, rotations and motions.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::number::Number;
use super::place::Place;
use crate::forward::passes::{along, first_order};
use crate::forward::point::Seeded;
use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Outcome, infallible};
use crate::rules::Chain;
use crate::traits::confusion::check;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector, allocator::Allocator};

/// Returns `f(x)` and its Jacobian as a matrix, `J[(i, j)] = ∂fᵢ/∂xⱼ`. For fixed sizes it is an `SMatrix<T, M, N>`, without
/// heap.
///
/// At a `UnitQuaternion`, a `Rotation3` (3 columns), an `Isometry3` (6 columns, translation first) or another group it is the
/// Jacobian of `f(x·exp(δ))` in δ at δ = 0; at [`Left(&x)`](super::Left) that of `f(exp(δ)·x)`.
///
/// nalgebra's own `from_scaled_axis`, `scaled_axis`, `ln` and `powf` return a constant at the identity, so a Jacobian
/// through them has columns of zeros there, silently. Call [`so3::exp`](super::so3::exp), [`so3::log`](super::so3::log) and the
/// functions of [`quaternion`](super::quaternion) instead; [`guide::nalgebra`](crate::guide::nalgebra) lists all such places.
/// [`check`](super::check) finds them in a function.
///
/// ```
/// use nalgebra::{matrix, vector, UnitQuaternion};
/// use nilpotent::linalg;
///
/// let (y, j) = linalg::jacobian(|x| vector![x[0] * x[1], x[0] / x[1], x[1]], &vector![6.0, 2.0]);
/// assert_eq!(y, vector![12.0, 3.0, 2.0]);
/// assert_eq!(j, matrix![2.0, 6.0; 0.5, -1.5; 0.0, 1.0]);
///
/// // The Jacobian of a rotated point is -R·[a]×.
/// let (q, a) = (UnitQuaternion::identity(), vector![1.0, 2.0, 3.0]);
/// let (_, j) = linalg::jacobian(|q| q * linalg::lift(&a), &q);
/// assert_eq!(j, -a.cross_matrix());
/// ```
///
/// # Panics
/// If `f` returns vectors of different lengths for different chunks of the same point.
pub fn jacobian<P, T: Number, N, M: Dim, C: Dim>(
    mut f: impl FnMut(P::Arg<'_, N>) -> OVector<N, M>,
    x: P,
) -> (OVector<T, M>, OMatrix<T, M, C>)
where
    P: Place<T = T, Dual<T> = N, Dim = C> + Seeded<N>,
    N: Chain<Re = T> + Real + nalgebra::Scalar,
    DefaultAllocator: Allocator<M> + Allocator<M, C>,
{
    infallible(try_jacobian(|x| Ok(f(x)), x))
}

/// [`jacobian`] of a function that may fail.
pub fn try_jacobian<P, T: Number, N, M: Dim, C: Dim, R>(
    mut f: impl FnMut(P::Arg<'_, N>) -> R,
    x: P,
) -> R::Of<(OVector<T, M>, OMatrix<T, M, C>)>
where
    P: Place<T = T, Dual<T> = N, Dim = C> + Seeded<N>,
    N: Chain<Re = T> + Real + nalgebra::Scalar,
    R: Outcome<Value = OVector<N, M>>,
    DefaultAllocator: Allocator<M> + Allocator<M, C>,
{
    let dim = x.dim();
    R::from_result(first_order(
        &x,
        |x| f(x).into_result().inspect(|y| y.iter().copied().for_each(check)),
        |y| (y.map(|y| y.re()), OMatrix::zeros_generic(M::from_usize(y.len()), dim)),
        |(_, j), start, y| {
            assert_eq!(j.nrows(), y.len(), "the function returned {} values at first and {} later", j.nrows(), y.len());
            for (i, y) in y.iter().enumerate() {
                for (k, &partial) in (start..dim.value()).zip(P::partials::<T>(y)) {
                    j[(i, k)] = partial.grounded();
                }
            }
        },
    ))
}

/// Returns `f(x)` and `J(x)·v`, the derivative in the direction `v`, in one pass. For groups `v` is a tangent vector.
///
/// ```
/// use nalgebra::vector;
/// use nilpotent::linalg;
///
/// let (y, dy) = linalg::jvp(|x| vector![x[0] * x[1], x[1]], &vector![2.0, 3.0], &vector![1.0, 10.0]);
/// assert_eq!((y, dy), (vector![6.0, 3.0], vector![23.0, 10.0]));
/// ```
///
/// # Panics
/// If the dynamic vectors `x` and `v` have different lengths.
pub fn jvp<P, T: Number, M: Dim, C: Dim>(
    f: impl FnOnce(P::Arg<'_, Dual<T>>) -> OMatrix<Dual<T>, M, C>,
    x: P,
    v: P::Direction,
) -> (OMatrix<T, M, C>, OMatrix<T, M, C>)
where
    P: Place<T = T> + Seeded<Dual<T>>,
    DefaultAllocator: Allocator<M, C>,
{
    infallible(try_jvp(|x| Ok(f(x)), x, v))
}

/// [`jvp`] of a function that may fail.
pub fn try_jvp<P, T: Number, M: Dim, C: Dim, R>(
    f: impl FnOnce(P::Arg<'_, Dual<T>>) -> R,
    x: P,
    v: P::Direction,
) -> R::Of<(OMatrix<T, M, C>, OMatrix<T, M, C>)>
where
    P: Place<T = T> + Seeded<Dual<T>>,
    R: Outcome<Value = OMatrix<Dual<T>, M, C>>,
    DefaultAllocator: Allocator<M, C>,
{
    let y = along(&x, &v, |x| f(x).into_result().inspect(|y| y.iter().copied().for_each(check)));
    R::from_result(y.map(|y| (y.map(|y| y.re), y.map(|y| y.eps[0].grounded()))))
}
