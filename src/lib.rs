//! Numbers that carry derivatives: they differentiate any generic numeric code, exactly and without changes to the
//! code.
//!
//! A [`Dual`] number is a value together with its partial derivatives. It can be used like a float: it implements
//! `num_traits::Float`, all operators, and the mathematical methods of `f64`. So a function that is generic over its
//! number type is differentiated by calling it with another number:
//!
//! ```
//! use nilpotent::{derivative, gradient, hessian, jacobian, nth_derivative, Real};
//!
//! // Written for any number type; it does not mention derivatives.
//! fn f<T: Real>(x: T) -> T {
//!     (x * x + x).sin()
//! }
//!
//! let (y, dy) = derivative(f, 2.0);
//! assert_eq!((y, dy), (f(2.0), 5.0 * 6.0_f64.cos()));
//!
//! // Several variables, several outputs; literals mix with numbers.
//! let (_, dy) = gradient(|[a, b]| a * b + a.sqrt(), [4.0, 3.0]);
//! assert_eq!(dy, [3.25, 4.0]);
//! let (_, j) = jacobian(|[a, b]| [a * b, a / b], [6.0, 3.0]);
//! assert_eq!(j, [[3.0, 6.0], [1.0 / 3.0, -2.0 / 3.0]]);
//!
//! // Second and higher derivatives. Numbers nest, which gives the derivative of a derivative.
//! let (_, [_, d2y, _]) = nth_derivative(f, 2.0);
//! assert!((d2y - (2.0 * 6.0_f64.cos() - 25.0 * 6.0_f64.sin())).abs() < 1e-14);
//! assert!((derivative(|x| derivative(f, x).1, 2.0).1 - d2y).abs() < 1e-14);
//! let (_, _, h) = hessian(|[a, b]| a * b * b, [2.0, 3.0]);
//! assert_eq!(h, [[0.0, 6.0], [6.0, 4.0]]);
//! ```
//!
//! # A tour
//!
//! - [`derivative`], [`gradient`], [`jacobian`], [`jvp`]: the drivers of [`forward`] mode, on arrays without heap
//!   allocation and on slices of any length. All drivers return the value as well.
//! - [`hessian`], [`hvp`], [`mixed_partial`], [`hessian_diagonal`], [`laplacian`]: second derivatives, with the first
//!   ones.
//! - [`second_derivative`], [`nth_derivative`], [`taylor`], [`directional_derivatives`]: any order, in one variable or
//!   along a line.
//! - [`weighted_hessian`], [`gauss_newton_product`], [`third_derivative`], [`taylor_ode`]: the Hessian of a Lagrangian, `JᵀJ·v`,
//!   third derivatives along vectors, and the series of the solution of a differential equation.
//! - [`gradient_into`] and other drivers `…_into`, with [`Buffers`]: derivatives in the memory of a solver, without allocation.
//! - `check_gradient`, `check_jacobian`, `check_hessian`: both modes against each other and against differences, for tests.
//! - [`reverse`]: drivers with the same names in reverse mode, for functions of many variables; pullbacks, recordings
//!   and checkpoints.
//! - [`Real`]: the bound for generic code, with special functions (`erf`, `ln_gamma`, `norm_cdf`, …) and literals,
//!   `T::lit(0.5)`. The bound `num_traits::Float` works as well.
//! - [`Dual`], [`Dual2`], [`HyperDual`], [`Taylor`]: the numbers themselves, for uses that the drivers do not cover.
//!   They nest: `Dual<Dual2<f64, 2>, 3>` is a number too.
//! - [`rules`]: the table of derivatives, and [`rules::Chain`], by which you write a rule of your own once for every
//!   mode and order.
//! - [`density`]: logarithms of probability densities.
//! - [`constrained`]: parameters with bounds, simplexes, covariances and others, from real numbers, for samplers.
//! - [`external`]: functions whose values and derivatives come from outside, such as a C library or a table.
//! - [`point!`]: structs of your own as points: parameters of a function, or the state of a filter. `boxplus` takes a step, and
//!   the page `guide::own_types` explains it.
//! - `linalg`: nalgebra's vectors, rotations and poses as points, Jacobians as matrices, and replacements for those
//!   operations of nalgebra that lose derivatives. The page `guide::nalgebra` lists nalgebra's operations one by one.
//! - `program`: a function with its derivatives, written down once and run at many points, or printed as source of Rust
//!   and C. The page `guide::programs` explains it.
//! - `sparse`: Jacobians and Hessians most of whose entries are always 0, from few directions. The page `guide::sparse`
//!   explains it.
//! - `separable`: sums of many small functions of few variables each, with sparse derivatives. The page
//!   `guide::separable` explains it.
//! - [`guide`]: one page for each topic, from dual numbers in a picture to the meaning of the compiler's messages.
//! - [`guide::conventions`]: what happens at kinks, poles and NaN, and why.
//! - [`guide::nesting`]: why an outer variable must be lifted to the inner number type.
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `std` (default) | functions of `f32` and `f64` from the standard library; `reverse` |
//! | `nalgebra` (default) | `RealField` of nalgebra 0.35, `linalg`, approx |
//! | `rayon` | `par_gradient`, in both modes |
//! | `program` (default) | `program`: recorded programs, in lanes and as source |
//! | `sparse` (default) | `sparse`, `separable`: sparse Jacobians and Hessians |
//! | `trace` | each operation on a [`Var`] is a node with its name, its place in the source and its value; see `operations`, `first_nan`, `first_nan_adjoint` and `first_nan_tangent` of [`reverse::Recording`] |
//! | `simba_0_9` | `RealField` of nalgebra 0.33 and 0.34 as well, which both use simba 0.9 |
//! | `libm` | the functions of `f32` and `f64` from `libm`, for targets without `std` |
//! | `approx_0_4` | the traits of approx 0.4, which cgmath 0.18 requires |
//! | `diffsol` | `Scalar` of diffsol 0.18, for its solvers on nalgebra's matrices |
//! | `euclid` | `Trig`, `ApproxEq`, `Round`, `Floor`, `Ceil` of euclid 0.22 |
//! | `geo` | `GeoNum` and `GeoFloat` of geo 0.33 |
//! | `half` | `f16` and `bf16` of half 2 as floats |
//! | `lbfgs` | `LbfgsPrecision` of lbfgs 0.3, for optimization_engine |
//! | `faer`, `nalgebra-sparse`, `sprs` | matrices of faer 0.24, nalgebra-sparse 0.12 and sprs 0.11 from `sparse::Matrix` |
//! | `ndarray` | `ScalarOperand` and `NdFloat` of ndarray 0.17 |
//! | `num_dual`, `num_dual_0_14` | `DualNum`, `DualStruct`, `Mappable` of num-dual 0.15, and of 0.14, which FeOs 0.10 uses |
//! | `petgraph` | the measure traits of petgraph 0.8, for weights of edges |
//! | `rand_distr` | draws and intervals of rand 0.10 and rand_distr 0.6, with pathwise derivatives |
//! | `rstar` | `RTreeNum` of rstar 0.14 |
//! | `serde`, `bytemuck` | serialization of numbers as structs, and as bytes; not of `Var` |
//! | `trap-loss` | conversions to primitive types panic if they drop a derivative; this finds the places where a generic crate loses derivatives |
//! | `trap-confusion` | operations on the variables of two calls of drivers panic; this finds outer variables that are not lifted ([`guide::nesting`]). Numbers have one more field, so `Dual::new` must stand for literals, and `Pod` of bytemuck is missing |
//!
//! `docs/compatibility.md` in the repository says which other crates work with the numbers, and what cannot work.
//!
//! Without default features, turn on `std` or `libm`. The crate always needs an allocator, for slices and `Vec`.
// Without `std` there is no reverse mode, to which many pages link.
#![cfg_attr(not(feature = "std"), allow(rustdoc::broken_intra_doc_links))]
#![no_std]
// Labels of features on docs.rs. In other builds this has no effect.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(not(any(feature = "std", feature = "libm")))]
compile_error!("nilpotent needs the functions of floats from `std` or `libm`: turn on one of these features");

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub(crate) mod error;
pub(crate) mod lanes;
pub(crate) mod special;
pub(crate) mod real;
pub(crate) mod wider;
#[cfg(any(feature = "trace", feature = "trap-confusion"))]
pub(crate) mod trace;
pub(crate) mod operation;
pub(crate) mod nonfinite;
pub(crate) mod returns;
pub(crate) mod entries;
#[cfg(feature = "half")]
pub(crate) mod half;
pub mod rules;
pub mod density;
pub mod constrained;
pub(crate) mod traits;
#[cfg(feature = "std")]
pub(crate) mod arena;
#[cfg(feature = "program")]
pub(crate) mod graph;
pub(crate) mod number;
#[cfg(feature = "std")]
pub(crate) mod tape;
pub mod external;
pub mod forward;
#[cfg(feature = "std")]
pub mod reverse;
#[cfg(feature = "std")]
pub(crate) mod check;
#[cfg(feature = "nalgebra")]
pub mod linalg;
#[cfg(feature = "program")]
pub mod program;
#[cfg(feature = "sparse")]
pub mod sparse;
#[cfg(feature = "sparse")]
pub mod separable;
pub(crate) mod state;
pub mod guide;

#[cfg(feature = "std")]
pub use check::{check_gradient, check_hessian, check_jacobian};
pub use entries::Entries;
pub use error::Error;
pub use forward::{
    Buffers, Chunk, Part, Perturbed, Point, Scalars, Side, boxminus, boxplus, derivative, directional_derivatives,
    gradient, hessian, hessian_diagonal, hvp, jacobian, jvp, laplacian, lift, mixed_partial, nth_derivative,
    second_derivative, taylor, try_derivative, try_directional_derivatives, try_gradient, try_hessian,
    try_hessian_diagonal, try_hvp, try_jacobian, try_jvp, try_laplacian, try_mixed_partial, try_nth_derivative,
    try_second_derivative,
};
pub use forward::{
    gauss_newton_product, taylor_ode, third_derivative, third_product, try_gauss_newton_product, try_taylor_ode,
    try_third_derivative, try_third_product, try_weighted_hessian, try_weighted_hvp, weighted_hessian, weighted_hvp,
};
pub use forward::{
    gradient_into, hessian_into, hvp_into, jacobian_into, jvp_into, try_gradient_into, try_hessian_into, try_hvp_into,
    try_jacobian_into, try_jvp_into,
};
#[cfg(feature = "rayon")]
pub use forward::{par_gradient, try_par_gradient};
pub use num_traits;
pub use number::dual::{Dual, Dual32, Dual64};
pub use number::dual2::{Dual2, Symmetric};
pub use number::hyper::HyperDual;
pub use number::taylor::Taylor;
#[cfg(feature = "program")]
pub use number::traced::Traced;
pub use real::Real;
pub use returns::{Outcome, Output};
#[cfg(feature = "std")]
pub use tape::var::Var;
#[cfg(feature = "trace")]
pub use trace::Operation;
pub use wider::Wider;

/// Bounds that appear in signatures, and that users need not name.
#[doc(hidden)]
pub mod bounds {
    pub use crate::forward::carrier::{Carrier, Size};
    pub use crate::forward::part::{Whole, after, or_zero, total};
    pub use crate::forward::point::{SecondOrder, Seeded};
    #[cfg(feature = "nalgebra")]
    pub use crate::linalg::{AsDim, Compound, Dimensioned, Place};
    pub use crate::real::{Nested, Over};
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
