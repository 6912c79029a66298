//! What an equation determines: roots and fixed points, by the implicit function theorem.

use super::{Number, infinitesimal};
use crate::forward;
use crate::number::dual::Dual;
use crate::real::Real;
use crate::rules;
use alloc::vec::Vec;
use nalgebra::{DMatrix, RealField};

/// An equation `F(x, θ) = 0` between n unknowns x and parameters θ, or a map `x = G(x, θ)`.
pub trait Equation {
    /// `F(x, θ)`, or `G(x, θ)`: as many numbers as x has.
    fn of<T: Number>(&self, x: &[T], theta: &[T]) -> Vec<T>;
}

/// The root of `F(x, θ) = 0` as a function of θ, given its values: `dx/dθ = -(∂F/∂x)⁻¹·∂F/∂θ`, and to all orders.
///
/// The root itself may come from anywhere, and only in plain floats; it is not changed. Each order takes one evaluation of
/// F in the numbers, by Newton's method with the Jacobian of the values. (Griewank & Walther, section 15.)
///
/// `None` if the Jacobian is singular: then the root is no function of θ.
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
/// If the equation has not as many components as x.
pub fn root<T: Number, E: Equation>(equation: &E, x: &[T::Float], theta: &[T]) -> Option<Vec<T>> {
    carried(x, theta, |x, theta| equation.of(x, theta), |x, theta| equation.of(x, theta))
}

/// The fixed point `x = G(x, θ)` as a function of θ, given its values: `dx/dθ = (I - ∂G/∂x)⁻¹·∂G/∂θ`, and to all orders,
/// as [`root`] does.
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
/// If the map has not as many components as x.
pub fn fixed_point<T: Number, E: Equation>(map: &E, x: &[T::Float], theta: &[T]) -> Option<Vec<T>> {
    fn residual<T: Number>(map: &impl Equation, x: &[T], theta: &[T]) -> Vec<T> {
        let image = map.of(x, theta);
        assert_eq!(image.len(), x.len(), "a map of {} numbers to {}", x.len(), image.len());
        x.iter().zip(image).map(|(&x, y)| x - y).collect()
    }
    carried(x, theta, |x, theta| residual(map, x, theta), |x, theta| residual(map, x, theta))
}

/// A chunk of the partials of the values.
type Slope<T> = Dual<<T as Real>::Float, { forward::point::WIDTH }>;

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
    assert_eq!(f.len(), n, "{} equations for {n} unknowns", f.len());
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
