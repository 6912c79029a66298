//! Sparse derivatives: Jacobians and Hessians most of whose entries are always 0.
//!
//! A [`Pattern`] says where the other entries are, and a [`Matrix`] holds their values.

mod pattern;
mod matrix;
mod order;
pub mod color;
mod recover;
mod plan;
mod buffers;
mod drivers;
mod find;

pub use buffers::{Buffered, Buffers, Written};
pub use drivers::{hessian, jacobian, jacobian_both_ways, jacobian_by_rows};
pub use find::{check, check_hessian, hessian_pattern, jacobian_pattern};
pub use matrix::Matrix;
pub use order::Order;
pub use pattern::Pattern;
pub use plan::Plan;
