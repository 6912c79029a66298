//! Forward mode: drivers that differentiate a closure by calling it with [`Dual`], [`Dual2`], [`HyperDual`] or [`Taylor`]
//! numbers.
//!
//! [`Dual2`]: crate::Dual2
//! [`HyperDual`]: crate::HyperDual
//! [`Taylor`]: crate::Taylor
//!
//! | driver | `f` | returns the value and |
//! |---|---|---|
//! | [`derivative`] | ℝ → ℝ or ℝᵐ | `f'(x)` |
//! | [`gradient`] | ℝⁿ → ℝ | `∇f(x)`, n entries |
//! | [`jacobian`] | ℝⁿ → ℝᵐ | `J(x)`, m rows of n entries |
//! | [`jvp`] | ℝⁿ → ℝ or ℝᵐ | `J(x)·v` |
//! | [`second_derivative`] | ℝ → ℝ or ℝᵐ | `f'(x)`, `f"(x)` |
//! | [`nth_derivative`] | ℝ → ℝ or ℝᵐ | `[f'(x), …, f⁽ᴷ⁾(x)]` |
//! | [`taylor`] | ℝ → ℝ or ℝᵐ | the Taylor series to order K |
//! | [`hessian`] | ℝⁿ → ℝ or ℝᵐ | `∇f(x)`, `∇²f(x)` |
//! | [`hvp`] | ℝⁿ → ℝ | `∇f(x)`, `∇²f(x)·v` |
//! | [`weighted_hessian`], [`weighted_hvp`] | ℝⁿ → ℝᵐ | `wᵀJ(x)` and `Σ wᵢ∇²fᵢ(x)`, or its product with v |
//! | [`gauss_newton_product`] | ℝⁿ → ℝᵐ | `JᵀJ·v` |
//! | [`third_derivative`] | ℝⁿ → ℝ or ℝᵐ | `D³f(x)[u, v, w]` |
//! | [`third_product`] | ℝⁿ → ℝ | `∇f(x)`, the gradient of `vᵀ∇²f(x)·w` |
//! | [`taylor_ode`] | ℝ × ℝⁿ → ℝⁿ | no value, but the series of the solution of `x' = f(t, x)` |
//! | [`mixed_partial`] | ℝⁿ → ℝ or ℝᵐ | `∂f/∂xᵢ`, `∂f/∂xⱼ`, `∂²f/∂xᵢ∂xⱼ` |
//! | [`hessian_diagonal`], [`laplacian`] | ℝⁿ → ℝ | `∇f(x)`, all `∂²f/∂xᵢ²`, or their sum |
//! | [`directional_derivatives`] | ℝⁿ → ℝ or ℝᵐ | `dᵏ/dtᵏ f(x + t·v)`, k = 1 … K |
//!
//! [`gradient_into`], [`jacobian_into`], [`jvp_into`], [`hvp_into`] and [`hessian_into`] write the derivatives into the
//! caller's memory.
//!
//! A point of several variables is a [`Point`]. At an array `[T; N]` a driver of first derivatives computes all N partials
//! in one pass and uses no heap. At a slice of any length it makes one pass for each chunk of 8 variables; [`Chunk`] sets
//! another width. `T` may itself be a number with derivatives, so drivers nest and give higher derivatives
//! ([one rule must be kept](crate::guide::nesting)). Each driver has a twin `try_…`, which takes a closure that returns
//! `Option` or `Result` ([`Outcome`]) and returns the same.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

pub(crate) mod carrier;
pub(crate) mod part;
mod ode;
#[cfg(feature = "rayon")]
pub(crate) mod parallel;
pub(crate) mod passes;
pub(crate) mod point;
pub(crate) mod buffers;
mod second;
pub(crate) mod third;
mod weighted;
mod in_place;

pub use buffers::{Buffered, Buffers, Written};
pub use in_place::{
    gradient_into, hessian_into, hvp_into, jacobian_into, jvp_into, try_gradient_into, try_hessian_into, try_hvp_into,
    try_jacobian_into, try_jvp_into,
};
pub use ode::{taylor_ode, try_taylor_ode};
#[cfg(feature = "rayon")]
pub use parallel::{par_gradient, try_par_gradient};
pub use part::{Part, Perturbed, Scalars, Side, boxminus, boxplus, lift};
use passes::{along, first_order, store};
use point::Seeded;
pub use point::{Chunk, Point};
pub use second::{
    directional_derivatives, hessian, hessian_diagonal, hvp, laplacian, mixed_partial, nth_derivative,
    second_derivative, taylor, try_directional_derivatives, try_hessian, try_hessian_diagonal, try_hvp, try_laplacian,
    try_mixed_partial, try_nth_derivative, try_second_derivative,
};
pub use third::{third_derivative, third_product, try_third_derivative, try_third_product};
pub use weighted::{
    gauss_newton_product, try_gauss_newton_product, try_weighted_hessian, try_weighted_hvp, weighted_hessian,
    weighted_hvp,
};

use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Outcome, Output, infallible};
use crate::rules::Chain;
use crate::traits::confusion::{driver, marked, output, outputs};

/// Returns `f(x)` and `f'(x)` of a function of one variable.
///
/// If `f` returns an array or a `Vec`, value and derivative have the same shape.
///
/// ```
/// use nilpotent::derivative;
///
/// let (y, dy) = derivative(|x| (x * x + x).sin(), 2.0);
/// assert_eq!(y, 6.0_f64.sin());
/// assert_eq!(dy, 5.0 * 6.0_f64.cos());
///
/// // The velocity on a circle.
/// let (_, v) = derivative(|t| [t.cos(), t.sin()], 0.0);
/// assert_eq!(v, [0.0, 1.0]);
///
/// // Drivers nest: this is the second derivative.
/// let (dy, ddy) = derivative(|x| derivative(|x| x.powi(3), x).1, 2.0);
/// assert_eq!((dy, ddy), (12.0, 12.0));
/// ```
#[doc(alias = "diff")]
#[inline]
pub fn derivative<T, Y>(f: impl FnOnce(Dual<T>) -> Y, x: T) -> (Y::Of<T>, Y::Of<T>)
where
    T: Real,
    Y: Output<Dual<T>>,
{
    infallible(try_derivative(|x| Ok(f(x)), x))
}

/// [`derivative`] of a function that may fail.
///
/// ```
/// use nilpotent::try_derivative;
///
/// let f = |x: nilpotent::Dual| (x > 0.0).then(|| x.ln());
/// assert_eq!((try_derivative(f, 1.0), try_derivative(f, -1.0)), (Some((0.0, 1.0)), None));
/// ```
#[inline]
pub fn try_derivative<T, Y, R>(f: impl FnOnce(Dual<T>) -> R, x: T) -> R::Of<(Y::Of<T>, Y::Of<T>)>
where
    T: Real,
    Y: Output<Dual<T>>,
    R: Outcome<Value = Y>,
{
    driver!();
    R::from_result(outputs(f(marked(Dual::variable(x, 0)))).map(parts))
}

/// Splits outputs into their values and their derivatives along one direction.
#[inline]
fn parts<T: Real, Y: Output<Dual<T>>>(y: Y) -> (Y::Of<T>, Y::Of<T>) {
    (y.map(|y| y.re), y.map(|y| y.eps[0].grounded()))
}

/// Returns `f(x)` and the gradient `∇f(x) = (∂f/∂x₀, …)` of a function of several variables.
///
/// ```
/// use nilpotent::{gradient, Real};
///
/// // At an array: one pass, nothing on the heap.
/// let (y, dy) = gradient(|[a, b]| a * b + a.sin(), [2.0, 3.0]);
/// assert_eq!(y, 6.0 + 2.0_f64.sin());
/// assert_eq!(dy, [3.0 + 2.0_f64.cos(), 2.0]);
///
/// // At a slice of any length.
/// fn rosenbrock<T: Real>(x: &[T]) -> T {
///     x.windows(2).map(|w| (w[1] - w[0] * w[0]).powi(2) * T::lit(100.0) + (T::one() - w[0]).powi(2)).sum()
/// }
/// let (y, dy) = gradient(rosenbrock, &[1.0; 20][..]);
/// assert_eq!((y, dy), (0.0, vec![0.0; 20]));
/// ```
///
/// # Panics
/// Only if `f` does.
#[doc(alias = "grad")]
#[inline]
pub fn gradient<P, T, D, G>(mut f: impl FnMut(P::Arg<'_, D>) -> D, x: P) -> (T, G)
where
    P: Seeded<D, T = T, Dual<T> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = T> + Real,
{
    infallible(try_gradient(|x| Ok(f(x)), x))
}

/// [`gradient`] of a function that may fail.
///
/// ```
/// use nilpotent::try_gradient;
///
/// let checked = try_gradient(|[a, b]| if b == 0.0 { Err("b is 0") } else { Ok(a / b) }, [1.0, 0.0]);
/// assert_eq!(checked, Err("b is 0"));
/// ```
#[inline]
pub fn try_gradient<P, T, D, G, R>(mut f: impl FnMut(P::Arg<'_, D>) -> R, x: P) -> R::Of<(T, G)>
where
    P: Seeded<D, T = T, Dual<T> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = T> + Real,
    R: Outcome<Value = D>,
{
    R::from_result(first_order(
        &x,
        |x| output(f(x)),
        |y| (Chain::re(*y), x.zeros()),
        |(_, gradient), start, y| store::<P>(gradient, start, P::partials::<T>(y)),
    ))
}

/// Returns `f(x)` and the Jacobian `J(x)`, `J[i][j] = ∂fᵢ/∂xⱼ`, of a function with several variables and outputs.
///
/// The outputs may have any shape ([`Output`]). The value has the same shape, and the Jacobian has one matrix row for each
/// output.
///
/// ```
/// use nilpotent::jacobian;
///
/// // Polar to Cartesian coordinates.
/// let (y, j) = jacobian(|[r, t]| [r * t.cos(), r * t.sin()], [2.0, 0.0]);
/// assert_eq!(y, [2.0, 0.0]);
/// assert_eq!(j, [[1.0, 0.0], [0.0, 2.0]]);
/// ```
///
/// # Panics
/// If `f` returns `Vec`s of different lengths for different chunks of the same point.
#[doc(alias = "jac")]
#[inline]
pub fn jacobian<P, T, D, G, Y>(mut f: impl FnMut(P::Arg<'_, D>) -> Y, x: P) -> (Y::Of<T>, Y::Of<G>)
where
    P: Seeded<D, T = T, Dual<T> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<D>,
{
    infallible(try_jacobian(|x| Ok(f(x)), x))
}

/// [`jacobian`] of a function that may fail.
#[inline]
pub fn try_jacobian<P, T, D, G, Y, R>(mut f: impl FnMut(P::Arg<'_, D>) -> R, x: P) -> R::Of<(Y::Of<T>, Y::Of<G>)>
where
    P: Seeded<D, T = T, Dual<T> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<D>,
    R: Outcome<Value = Y>,
{
    R::from_result(first_order(
        &x,
        |x| outputs(f(x)),
        |y| (y.map(|y| y.re()), y.map(|_| x.zeros())),
        |(_, rows), start, y| y.update(rows, |row, y| store::<P>(row, start, P::partials::<T>(y))),
    ))
}

/// Returns `f(x)` and the Jacobian-vector product `J(x)·v`, the derivative in the direction `v`.
///
/// It takes one pass, whatever the number of variables.
///
/// ```
/// use nilpotent::jvp;
///
/// let (y, dy) = jvp(|[a, b]| a * b, [2.0, 3.0], [1.0, 10.0]);
/// assert_eq!((y, dy), (6.0, 23.0));
/// ```
///
/// # Panics
/// If the slices `x` and `v` have different lengths.
#[doc(alias = "pushforward")]
#[inline]
pub fn jvp<P, T, Y>(f: impl FnOnce(P::Arg<'_, Dual<T>>) -> Y, x: P, v: P::Direction) -> (Y::Of<T>, Y::Of<T>)
where
    P: Seeded<Dual<T>, T = T>,
    T: Real,
    Y: Output<Dual<T>>,
{
    infallible(try_jvp(|x| Ok(f(x)), x, v))
}

/// [`jvp`] of a function that may fail.
#[inline]
pub fn try_jvp<P, T, Y, R>(
    f: impl FnOnce(P::Arg<'_, Dual<T>>) -> R,
    x: P,
    v: P::Direction,
) -> R::Of<(Y::Of<T>, Y::Of<T>)>
where
    P: Seeded<Dual<T>, T = T>,
    T: Real,
    Y: Output<Dual<T>>,
    R: Outcome<Value = Y>,
{
    R::from_result(along(&x, &v, |x| outputs(f(x))).map(parts))
}
