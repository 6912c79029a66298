//! Sparse derivatives: Jacobians and Hessians most of whose entries are always 0.
//!
//! A [`Pattern`] says where the other entries are, and a [`Matrix`] holds their values.

mod pattern;
mod matrix;
mod order;
pub mod color;

pub use matrix::Matrix;
pub use order::Order;
pub use pattern::Pattern;
