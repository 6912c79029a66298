//! Public functions of crates that know nothing of this one, with our numbers, against closed forms, published derivatives
//! or their own: one file a crate. docs/compatibility.md is held to the rows that stand at the head of each file.

mod bytemuck;
mod cgmath;
mod common;
mod euclid;
mod geo;
mod ndarray;
mod ndarray_stats;
mod num_complex;
mod petgraph;
mod rand_distr;
mod rstar;
mod serde;

use common::Row;

/// All crates, in the order of the table.
const ROWS: &[&[Row]] = &[
    bytemuck::ROWS,
    cgmath::ROWS,
    euclid::ROWS,
    geo::ROWS,
    ndarray::ROWS,
    ndarray_stats::ROWS,
    num_complex::ROWS,
    petgraph::ROWS,
    rand_distr::ROWS,
    rstar::ROWS,
    serde::ROWS,
];

#[test]
fn the_table_of_the_docs_is_this() {
    common::check_table(ROWS);
}
