//! Reverse mode: a graph of what was computed, and its sweep.
//!
//! While a function runs with [`Var`]s, each operation that joins two of them appends a record: which two nodes, and the
//! two slopes. Backwards through the records, from the output's adjoint 1, each node hands `slope·adjoint` to the nodes it
//! came from; so one sweep finds all partials, at a cost that does not grow with their number:
//!
//! ```text
//! x1, x2 = 2, 3             nodes 0, 1
//! a = x1·x2                 node 2 = 3·node 0 + 2·node 1
//! b = sin(x1)               slope cos 2 on node 0: no record
//! y = a + b                 node 3 = 1·node 2 + cos 2·node 0
//! back                      ȳ = 1; node 2: 1; node 0: cos 2 + 3·1; node 1: 2·1
//! ```
//!
//! See Griewank & Walther, *Evaluating Derivatives*, 2nd ed., section 3.2 and 4.3.

mod record;
mod external;
mod store;
pub(crate) mod thread;
mod sweep;
mod push;
pub(crate) mod adjoints;
mod gather;
pub(crate) mod var;
pub(crate) mod tangents;
pub(crate) mod recording;
mod wide;
#[cfg(feature = "trace")]
mod nan;
pub(crate) mod nodes;
mod revolve;
pub(crate) mod checkpoint;
