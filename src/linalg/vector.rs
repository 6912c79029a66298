//! Lengths and angles of vectors, with finite derivatives at their kinks.

use super::number::Number;
use crate::rules;
use nalgebra::storage::Storage;
use nalgebra::{DefaultAllocator, Dim, Matrix, OMatrix, allocator::Allocator};

/// Returns the Euclidean norm `‖m‖ = √Σ mᵢⱼ²`. At 0 its derivatives of all orders are 0; the gradient 0 is the shortest
/// subgradient there.
///
/// ```
/// use nalgebra::vector;
/// use nilpotent::linalg;
///
/// let (y, dy) = linalg::gradient(|x| linalg::norm(&x), &vector![0.0, 0.0]);
/// assert_eq!((y, dy), (0.0, vector![0.0, 0.0]));
/// ```
pub fn norm<T: Number, R: Dim, C: Dim, S: Storage<T, R, C>>(m: &Matrix<T, R, C, S>) -> T {
    let square = m.norm_squared();
    if square == T::zero() { T::zero() } else { rules::sqrt(square) }
}

/// Returns `m/‖m‖`. The result is NaN at 0, which has no direction.
///
/// ```
/// use nalgebra::{matrix, vector};
/// use nilpotent::linalg;
///
/// let (y, j) = linalg::jacobian(|x| linalg::normalize(&x), &vector![0.0, 2.0]);
/// assert_eq!((y, j), (vector![0.0, 1.0], matrix![0.5, 0.0; 0.0, 0.0]));
/// ```
pub fn normalize<T: Number, R: Dim, C: Dim, S: Storage<T, R, C>>(m: &Matrix<T, R, C, S>) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    m.unscale(norm(m))
}

/// Returns the angle between two vectors in [0, π], or 0 if one of them is 0.
///
/// The formula is `2 atan2(‖a/‖a‖ - b/‖b‖‖, ‖a/‖a‖ + b/‖b‖‖)`. At parallel vectors, where the angle has a kink, its
/// derivatives are 0. Close to parallel vectors the formula is accurate, where the arc cosine of the dot product has lost
/// half its digits (W. Kahan, *How futile are mindless assessments of roundoff*, 2006).
///
/// ```
/// use nalgebra::vector;
/// use nilpotent::linalg;
///
/// let x = vector![1.0, 0.0];
/// let (y, dy) = linalg::gradient(|a| linalg::angle(&a, &linalg::lift(&vector![0.0, 2.0])), &x);
/// assert!((y - std::f64::consts::FRAC_PI_2).abs() < 1e-15);
/// assert!((dy - vector![0.0, -1.0]).norm() < 1e-15);
/// ```
pub fn angle<T: Number, R: Dim, C: Dim, S: Storage<T, R, C>, S2: Storage<T, R, C>>(
    a: &Matrix<T, R, C, S>,
    b: &Matrix<T, R, C, S2>,
) -> T
where
    DefaultAllocator: Allocator<R, C>,
{
    let (m, n) = (norm(a), norm(b));
    if m == T::zero() || n == T::zero() {
        return T::zero();
    }
    let (a, b) = (a.unscale(m), b.unscale(n));
    let half = rules::atan2(norm(&(&a - &b)), norm(&(a + b)));
    half + half
}
