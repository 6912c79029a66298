//! Tests public functions of crates that know nothing of this one with our numbers, against closed forms, published
//! derivatives, or the crates' own derivatives: one file per crate. The table in docs/compatibility.md must equal the
//! rows at the head of each file.

mod adskalman;
mod argmin_testfunctions;
mod bytemuck;
mod cgmath;
mod clarabel;
mod common;
mod contourable;
mod differential_equations;
mod diffsol;
mod ellip;
mod enterpolation;
mod euclid;
mod gauss_quad;
mod geo;
mod nalgebra_glm;
mod ndarray;
mod ndarray_stats;
mod num_complex;
mod num_dual;
mod optimization_engine;
mod ordered_float;
mod petgraph;
mod quantity;
mod rand_distr;
mod rstar;
mod rustfft;
mod serde;
mod sparse;
mod sprs;
mod vek;

use common::Row;

/// The rows of all crates, in the order of the table.
const ROWS: &[&[Row]] = &[
    adskalman::ROWS,
    argmin_testfunctions::ROWS,
    bytemuck::ROWS,
    cgmath::ROWS,
    clarabel::ROWS,
    contourable::ROWS,
    differential_equations::ROWS,
    diffsol::ROWS,
    ellip::ROWS,
    enterpolation::ROWS,
    euclid::ROWS,
    gauss_quad::ROWS,
    geo::ROWS,
    nalgebra_glm::ROWS,
    ndarray::ROWS,
    ndarray_stats::ROWS,
    num_complex::ROWS,
    num_dual::ROWS,
    optimization_engine::ROWS,
    ordered_float::ROWS,
    petgraph::ROWS,
    quantity::ROWS,
    rand_distr::ROWS,
    rstar::ROWS,
    rustfft::ROWS,
    serde::ROWS,
    sprs::ROWS,
    vek::ROWS,
];

#[test]
fn the_table_of_the_docs_is_this() {
    common::check_table(ROWS, include_str!("Cargo.toml"));
}
