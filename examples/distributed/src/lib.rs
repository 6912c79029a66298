//! Gradients and Hessian-vector products of a sum that is split over the processes of MPI, which are called ranks.
//!
//! ```text
//!  items    0 ─────────────── 16 384 ─────────────── 32 768 …
//!  blocks   │ 0 │ 1 │ 2 │ 3 │ … 256 blocks, as many on any number of ranks
//!            ╲ ╱     ╲ ╱
//!             ╲       ╱           the sums of siblings, in the order of one tree
//!  ranks    0 ─╴  1 ─╴             each rank holds neighboring blocks, and sends the roots of its trees
//! ```
//!
//! Floats depend on the order in which they are added. Here a rank adds what belongs to one tree, sends the roots of its
//! trees, and adds the roots of all. So the sums are the same, bit for bit, on any number of ranks.

pub mod blocks;
pub mod newton;
#[cfg(feature = "mpi")]
pub mod sum;

use std::fmt::Display;

/// Prints what is wrong, and ends all ranks.
pub fn expect<T>(result: Result<T, impl Display>) -> T {
    result.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        std::process::exit(1)
    })
}
