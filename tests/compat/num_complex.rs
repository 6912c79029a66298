//! num-complex: functions of a complex number whose parts move, on and off the axes.

use crate::common::Row;
use crate::hold;
use nilpotent::{Dual, Dual2, HyperDual, Taylor, Var};
use num_complex::Complex;
use num_traits::Float;

pub const ROWS: &[Row] =
    &[Row { name: "num-complex", version: "0.4", what: "norm, arg", asks: "`Float`", feature: "", numbers: "all" }];

fn norm<T: Float>(x: T) -> T {
    Complex::new(x, T::one() + T::one()).norm()
}

#[test]
fn norm_off_the_axes() {
    let r = 13.0_f64.sqrt();
    let expected = [r, 3.0 / r, 4.0 / r.powi(3)];
    hold!(norm, 3.0, expected, 1e-15; Dual, Dual<Dual>, Dual2, HyperDual, Taylor<f64, 2>, Var, Var<Dual>);
}
