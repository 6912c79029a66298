//! nalgebra: Jacobians as matrices, and derivatives where nalgebra's own branches lose them.
//!
//! Every number of the crate is a `RealField`, so most of nalgebra is differentiated by calling it. What is not, and
//! what to call instead, is told and tested row by row in [`guide::nalgebra`](crate::guide::nalgebra).
//!
//! # Jacobians
//!
//! [`jacobian`], [`gradient`], [`jvp`], [`hessian`], [`hvp`] and the other drivers of second order take a point of nalgebra's: an `SVector` (one pass, no heap), a `DVector` (in
//! chunks of 8), or a `UnitQuaternion`, a `Rotation3` or an `Isometry3`. Of the last three the derivative is taken in
//! the tangent space, with respect to a right perturbation: of `f(x·exp(δ))` at δ = 0. Hessians are matrices too.
//!
//! # Implicit rules
//!
//! A factorisation is taken of the values alone, in plain floats. What its factors mean (`A·x = b`, `A = L·Lᵀ`) then
//! determines their derivatives to all orders: with the factors of the values, each step of a fixed-point iteration in
//! the numbers gets one order more right, and there are finitely many. Numbers of first order need a single step; floats
//! none. (Griewank & Walther, ch. 15; Giles, *Collected matrix derivative results*, 2008.)

mod check;
mod determinant;
mod eigen;
mod factor;
mod implicit;
mod jacobi;
mod lift;
mod point;
mod product;
mod pseudo;
mod qr;
pub mod quaternion;
mod scale;
pub mod se3;
pub mod so3;
mod svd;
mod vector;

pub use crate::forward::{
    directional_derivatives, gradient, hessian, hessian_diagonal, hvp, laplacian, mixed_partial,
    try_directional_derivatives, try_gradient, try_hessian, try_hessian_diagonal, try_hvp, try_laplacian,
    try_mixed_partial,
};
pub use check::{check, try_check};
pub use eigen::{projector, symmetric_eigen};
pub use factor::{Lu, cholesky, determinant, inverse, solve};
pub use implicit::{Equation, fixed_point, root};
#[doc(hidden)]
pub use lift::Scalars;
pub use lift::{lift, partials, values};
#[doc(hidden)]
pub use point::Place;
pub use point::{jacobian, jvp, try_jacobian, try_jvp};
pub use product::{dot, gemm, gemv};
pub use pseudo::pseudo_inverse;
pub use svd::svd;
pub use vector::{angle, norm, normalize};

use crate::real::Real;
use nalgebra::RealField;

/// A number for nalgebra: `f32`, `f64` and every number of the crate over them.
pub trait Number: Real<Float: RealField + Copy> + RealField + Copy {}

impl<T: Real<Float: RealField + Copy> + RealField + Copy> Number for T {}

/// The number without its innermost value: all its derivatives.
#[inline]
fn infinitesimal<T: Number>(x: T) -> T {
    x - T::from_float(x.float())
}
