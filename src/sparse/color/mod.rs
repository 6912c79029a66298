//! Colorings of sparse patterns: which columns or rows share a product with the matrix.
//!
//! Columns of one color are added up, and one derivative along their sum gives them all, if the entries can be told apart.
//! What that takes depends on the matrix and on how its entries are recovered:
//!
//! | coloring | of | entries are recovered | source |
//! |---|---|---|---|
//! | [`columns`] | the columns of a Jacobian | directly: columns of one color have no row in common | GMP Algorithm 3.2 |
//! | [`rows`] | its rows | directly: rows of one color have no column in common | the same |
//! | [`bidirectional`] | some rows and some columns | directly, each by its row or by its column | GMP section 6 |
//! | [`star`] | the columns of a Hessian | directly, each entry or the one symmetric to it | Gebremedhin et al. 2007, Algorithm 4.1 |
//! | [`acyclic`] | the columns of a Hessian | by substitution, one after another | Gebremedhin et al. 2007, Algorithm 3.1 |
//!
//! GMP is Gebremedhin, Manne & Pothen, *What color is your Jacobian? Graph coloring for computing derivatives*, SIAM Review
//! 47 (2005). The other source is Gebremedhin, Tarafdar, Manne & Pothen, *New acyclic and star coloring algorithms with
//! application to computing Hessians*, SIAM Journal on Scientific Computing 29 (2007).

pub(super) mod palette;
mod around;
mod distance2;
mod star;
mod acyclic;
mod bidirectional;

pub use acyclic::acyclic;
pub use bidirectional::bidirectional;
pub use distance2::{columns, rows};
pub use palette::Coloring;
pub use star::star;
