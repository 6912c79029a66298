//! nalgebra: Jacobians as matrices, and derivatives where nalgebra's own branches lose them.
//!
//! Every number of the crate is a `RealField`, so most of nalgebra is differentiated by calling it with these numbers.
//! The table in [`guide::nalgebra`](crate::guide::nalgebra) lists the exceptions and what to call instead; tests check
//! each line.
//!
//! # Jacobians
//!
//! [`jacobian`], [`gradient`], [`jvp`], [`hessian`], [`hvp`] and the other drivers of second order take a point of a type of
//! nalgebra: an `SVector` (one pass, no heap), a `DVector` (in chunks of 8), a matrix, a `Point` or `Translation`, and the
//! groups `UnitComplex`, `Rotation2`, `UnitQuaternion`, `Rotation3`, `Isometry2` and `Isometry3`. For groups the derivative is
//! taken in the tangent space, with respect to a right perturbation: it is the derivative of `f(x·exp(δ))` in δ at δ = 0, and
//! at [`Left(&x)`](Left) that of `f(exp(δ)·x)`. Hessians are matrices too.
//!
//! A state of several parts, such as `&(pose, velocity)`, `&[pose; 4]` or a struct in [`point!`](crate::point), is a point with
//! the columns of all parts. [`differential`] is the Jacobian of a function from states to states, and [`boxplus`] makes a
//! step: see [`guide::own_types`](crate::guide::own_types).
//!
//! # Implicit rules
//!
//! The values alone are factorized, in plain floats. The equation that defines the factors (`A·x = b`, `A = L·Lᵀ`) then
//! determines their derivatives to all orders. They are computed by a fixed-point iteration in the numbers, which starts
//! from the factors of the values. Each step makes one more order right, so numbers of first order need a single step,
//! and floats none. (Griewank & Walther, ch. 15; Giles, *Collected matrix derivative results*, 2008.)

mod check;
mod complex;
mod determinant;
mod differential;
mod eigen;
mod factor;
mod implicit;
mod jacobi;
mod left;
mod lift;
mod number;
mod part;
mod place;
mod point;
mod product;
mod pseudo;
mod qr;
pub mod quaternion;
mod scale;
pub mod se2;
pub mod se3;
pub mod so3;
mod svd;
mod vector;
mod view;

pub use crate::forward::{boxminus, boxplus};
pub use crate::forward::{
    directional_derivatives, gradient, hessian, hessian_diagonal, hvp, laplacian, mixed_partial,
    try_directional_derivatives, try_gradient, try_hessian, try_hessian_diagonal, try_hvp, try_laplacian,
    try_mixed_partial,
};
pub use crate::forward::{
    gauss_newton_product, third_derivative, third_product, try_gauss_newton_product, try_third_derivative,
    try_third_product, try_weighted_hessian, try_weighted_hvp, weighted_hessian, weighted_hvp,
};
pub use check::{check, try_check};
pub use complex::{complex_derivative, try_complex_derivative, try_wirtinger, wirtinger};
pub use differential::{differential, try_differential};
pub use eigen::{projector, symmetric_eigen};
pub use factor::{Lu, cholesky, determinant, inverse, solve};
pub use implicit::{Equation, fixed_point, root};
pub use left::Left;
pub use lift::{lift, partials, values};
pub use number::Number;
#[doc(hidden)]
pub use part::{AsDim, Compound, Dimensioned};
#[doc(hidden)]
pub use place::Place;
pub use point::{jacobian, jvp, try_jacobian, try_jvp};
pub use product::{dot, gemm, gemv};
pub use pseudo::pseudo_inverse;
pub use svd::svd;
pub use vector::{angle, norm, normalize};
pub use view::BufferedVector;
