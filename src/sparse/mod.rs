//! Sparse derivatives: Jacobians and Hessians most of whose entries are always 0.
//!
//! A [`Pattern`] says where the other entries are. Columns that have no row in common get one [color], and one
//! derivative along their sum gives the entries of them all. A [`Plan`] holds the colors, and where each entry is found. It
//! is made once, and the drivers use it at any number of points:
//!
//! | driver | for | writes |
//! |---|---|---|
//! | [`jacobian_into`] | ℝⁿ → ℝᵐ, by forward mode | `f(x)` and the entries of `J(x)` |
//! | [`jacobian_by_rows_into`] | ℝⁿ → ℝᵐ, by reverse mode | the same |
//! | [`jacobian_both_ways_into`] | ℝⁿ → ℝᵐ, by both | the same |
//! | [`hessian_into`] | ℝⁿ → ℝ, by forward over reverse mode | `∇f(x)` and the entries of `∇²f(x)` |
//! | [`jacobian_pattern`], [`hessian_pattern`] | | returns the pattern, found by a recorded program |
//! | [`check`], [`check_hessian`] | | compares a pattern with all derivatives |
//!
//! The [guide](crate::guide::sparse) has a page about it.
//!
//! ```
//! use nilpotent::sparse::{self, Order, Plan};
//! use nilpotent::{Error, Real};
//!
//! fn f<T: Real>(x: &[T]) -> Vec<T> {
//!     x.windows(2).map(|w| w[0] * w[1]).collect()
//! }
//! let x: Vec<f64> = (0..1000).map(f64::from).collect();
//! let plan = Plan::columns(sparse::jacobian_pattern(f, &x)?, Order::Natural);
//! // Two directions instead of 1000.
//! assert_eq!((plan.pattern().len(), plan.colors()), (1998, 2));
//! let (mut value, mut values) = ([0.0; 999], [0.0; 1998]);
//! sparse::jacobian_into(&plan, f, &x, &mut value, &mut values)?;
//! assert_eq!((value[7], values[14], values[15]), (56.0, 8.0, 7.0));
//! # Ok::<(), Error>(())
//! ```

mod pattern;
mod matrix;
#[cfg(any(feature = "nalgebra-sparse", feature = "faer", feature = "sprs"))]
mod convert;
mod order;
pub mod color;
mod recover;
mod plan;
mod drivers;
mod find;

pub use drivers::{hessian_into, jacobian_both_ways_into, jacobian_by_rows_into, jacobian_into};
pub use find::{check, check_hessian, hessian_pattern, jacobian_pattern};
pub use matrix::Matrix;
pub use order::Order;
pub use pattern::Pattern;
pub use plan::Plan;
