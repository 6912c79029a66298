//! Numbers that carry derivatives.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod forward;
pub(crate) mod number;
pub(crate) mod real;
pub(crate) mod returns;
pub mod rules;
pub(crate) mod special;
pub(crate) mod traits;

pub use forward::{Chunk, Point, derivative, gradient, jacobian, jvp};
pub use returns::{Outcome, Output};

pub use num_traits;
pub use number::dual::{Dual32, Dual64};
pub use number::*;
pub use real::{Nested, Over, Real};
