//! gauss-quad: its `integrate` takes f64 alone. But nodes and weights are constants, so a sum over them takes any
//! number.

use crate::common::Row;
use crate::hold;
use gauss_quad::{GaussHermite, GaussLegendre};
use nilpotent::Real;
use std::f64::consts::PI;

pub const ROWS: &[Row] = &[Row {
    name: "gauss-quad",
    version: "0.3",
    what: "sums over `iter()` of a rule, not `integrate`",
    asks: "nothing: nodes are `f64`",
    feature: "",
    numbers: "all",
}];

/// ∫ e^(tx) over [-1, 1] = 2·sinh(t)/t.
fn legendre<T: Real>(t: T) -> T {
    let rule = GaussLegendre::new(20.try_into().unwrap());
    rule.iter().map(|&(x, w)| T::lit(w) * (t * T::lit(x)).exp()).sum()
}

/// ∫ e^(-x²)·cos(tx) = √π·e^(-t²/4).
fn hermite<T: Real>(t: T) -> T {
    let rule = GaussHermite::new(30.try_into().unwrap());
    rule.iter().map(|&(x, w)| T::lit(w) * (t * T::lit(x)).cos()).sum()
}

#[test]
fn integrals_in_a_parameter() {
    let t = 0.8_f64;
    let (s, c) = (t.sinh(), t.cosh());
    let first = 2.0 * (c / t - s / (t * t));
    hold!(legendre, t, [2.0 * s / t, first, 2.0 * s / t - 2.0 * first / t], 1e-13; all);
    let y = PI.sqrt() * (-t * t / 4.0).exp();
    hold!(hermite, t, [y, -0.5 * t * y, (0.25 * t * t - 0.5) * y], 1e-13; all);
}
