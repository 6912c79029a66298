//! Roots and fixed points of equations, differentiated by the implicit function theorem.

use super::number::{Number, infinitesimal};
use crate::forward;
use crate::number::dual::Dual;
use crate::real::Real;
use crate::rules;
use alloc::vec::Vec;
use nalgebra::{DMatrix, RealField};

/// An equation `F(x, θ) = 0` in n unknowns x with parameters θ, or the map G of a fixed point `x = G(x, θ)`.
pub trait Equation {
    /// Returns `F(x, θ)`, or `G(x, θ)`: as many components as x has.
    fn of<T: Number>(&self, x: &[T], theta: &[T]) -> Vec<T>;
}

/// Returns the root of `F(x, θ) = 0` as a function of θ, from its values: `dx/dθ = -(∂F/∂x)⁻¹·∂F/∂θ`, and so to all orders.
///
/// Any solver may compute the root, in plain floats; its values are not changed. Each order takes one evaluation of F in the
/// numbers, by Newton's method with the Jacobian of the values. (Griewank & Walther, section 15.)
///
/// The result is `None` if the Jacobian is singular, because then the theorem does not apply.
///
/// ```
/// use nilpotent::linalg::{self, Equation, Number};
/// use nilpotent::derivative;
///
/// // x³ + x = θ
/// struct Cubic;
/// impl Equation for Cubic {
///     fn of<T: Number>(&self, x: &[T], theta: &[T]) -> Vec<T> {
///         vec![x[0] * x[0] * x[0] + x[0] - theta[0]]
///     }
/// }
/// let (x, dx) = derivative(|theta| linalg::root(&Cubic, &[2.0], &[theta]).expect("regular")[0], 10.0);
/// assert_eq!((x, dx), (2.0, 1.0 / 13.0));
/// ```
///
/// # Panics
/// If the equation has another number of components than x.
pub fn root<T: Number, E: Equation>(equation: &E, x: &[T::Float], theta: &[T]) -> Option<Vec<T>> {
    carried(x, theta, |x, theta| equation.of(x, theta), |x, theta| equation.of(x, theta))
}

/// Returns the fixed point `x = G(x, θ)` as a function of θ, from its values: `dx/dθ = (I - ∂G/∂x)⁻¹·∂G/∂θ`, and to all
/// orders, like [`root`].
///
/// ```
/// use nilpotent::linalg::{self, Equation, Number};
/// use nilpotent::derivative;
///
/// // Heron's √θ: the derivative needs no iteration.
/// struct Heron;
/// impl Equation for Heron {
///     fn of<T: Number>(&self, x: &[T], theta: &[T]) -> Vec<T> {
///         vec![(x[0] + theta[0] / x[0]) * T::lit(0.5)]
///     }
/// }
/// let (x, dx) = derivative(|theta| linalg::fixed_point(&Heron, &[3.0], &[theta]).expect("regular")[0], 9.0);
/// assert_eq!((x, dx), (3.0, 1.0 / 6.0));
/// ```
///
/// # Panics
/// If the map has another number of components than x.
pub fn fixed_point<T: Number, E: Equation>(map: &E, x: &[T::Float], theta: &[T]) -> Option<Vec<T>> {
    fn residual<T: Number>(map: &impl Equation, x: &[T], theta: &[T]) -> Vec<T> {
        let image = map.of(x, theta);
        assert_eq!(image.len(), x.len(), "the map of {} unknowns returned {} components", x.len(), image.len());
        x.iter().zip(image).map(|(&x, y)| x - y).collect()
    }
    carried(x, theta, |x, theta| residual(map, x, theta), |x, theta| residual(map, x, theta))
}

/// The number for the Jacobian of the values: a float with the partials of one chunk.
type Slope<T> = Dual<<T as Real>::Float, { forward::point::WIDTH }>;

/// Carries a root over to the numbers. `plain` and `residual` are the same function, in dual numbers over floats for the
/// Jacobian, and in the numbers.
fn carried<T: Number>(
    values: &[T::Float],
    theta: &[T],
    plain: impl Fn(&[Slope<T>], &[Slope<T>]) -> Vec<Slope<T>>,
    residual: impl Fn(&[T], &[T]) -> Vec<T>,
) -> Option<Vec<T>>
where
    T::Float: RealField,
{
    let n = values.len();
    let parameters: Vec<_> = theta.iter().map(|t| Dual::constant(t.float())).collect();
    let (f, jacobian) = forward::jacobian(|x: &[Slope<T>]| plain(x, &parameters), values);
    assert_eq!(f.len(), n, "there are {} equations for {n} unknowns", f.len());
    let inverse = DMatrix::from_fn(n, n, |i, j| jacobian[i][j]).try_inverse()?;
    let rows: Vec<Vec<T::Float>> = inverse.row_iter().map(|row| row.iter().map(|&e| -e).collect()).collect();
    let mut x: Vec<T> = values.iter().map(|&x| T::from_float(x)).collect();
    for _ in 0..T::ORDER {
        let r: Vec<T> = residual(&x, theta).into_iter().map(infinitesimal).collect();
        for (x, row) in x.iter_mut().zip(&rows) {
            *x += rules::linear_combination(row, &r);
        }
    }
    Some(x)
}
