//! argmin_testfunctions: the test functions of optimization, against the crate's own gradients and Hessians.

use crate::common::{Row, along, close};
use crate::hold;
use argmin_testfunctions::*;
use nilpotent::{Dual, Var, derivative};
use std::f64::consts::PI;

pub const ROWS: &[Row] = &[Row {
    name: "argmin_testfunctions",
    version: "0.3",
    what: "every function but `cross_in_tray`",
    asks: "`Float + FromPrimitive + Sum`",
    feature: "",
    numbers: "all",
}];

/// A general direction, and the first axis.
fn directions<const N: usize>() -> [[f64; N]; 2] {
    [std::array::from_fn(|i| [0.6, -0.8, 0.5, 0.3][i]), std::array::from_fn(|i| f64::from(i == 0))]
}

fn dot<'a>(g: impl IntoIterator<Item = &'a f64>, v: &[f64]) -> f64 {
    g.into_iter().zip(v).map(|(g, v)| g * v).sum()
}

/// Compares a function at a point with the crate's own gradient and Hessian of it. If those take our numbers (`too`),
/// the derivative of the gradient is compared with the Hessian as well.
macro_rules! oracle {
    ($f:ident, $df:ident, $ddf:ident, $x:expr, $tolerance:expr) => {{
        let (x, g, h) = ($x, $df(&$x), $ddf(&$x));
        for v in directions() {
            let hv: Vec<f64> = h.iter().map(|row| dot(row, &v)).collect();
            let expected = [$f(&x), dot(&g, &v), dot(&hv, &v)];
            hold!(|t| $f(&along(x, v, t)), 0.0, expected, $tolerance; all);
        }
    }};
    ($f:ident, $df:ident, $ddf:ident, $x:expr, $tolerance:expr; too) => {{
        oracle!($f, $df, $ddf, $x, $tolerance);
        let (x, h) = ($x, $ddf(&$x));
        for v in directions() {
            for (i, row) in h.iter().enumerate() {
                let (_, d) = derivative(|t| $df(&along(x, v, t))[i], 0.0);
                close(concat!(stringify!($df), ", derivative"), d, dot(row, &v), $tolerance);
            }
        }
    }};
}

#[test]
fn of_two_variables() {
    oracle!(beale, beale_derivative, beale_hessian, [1.2, -0.7], 1e-13; too);
    oracle!(booth, booth_derivative, booth_hessian, [1.2, -0.7], 1e-13; too);
    oracle!(bukin_n6, bukin_n6_derivative, bukin_n6_hessian, [-7.0, 1.5], 1e-12; too);
    oracle!(easom, easom_derivative, easom_hessian, [2.5, 3.5], 1e-13; too);
    oracle!(eggholder, eggholder_derivative, eggholder_hessian, [120.0, -75.0], 1e-12; too);
    oracle!(goldsteinprice, goldsteinprice_derivative, goldsteinprice_hessian, [0.3, -0.6], 1e-12; too);
    oracle!(himmelblau, himmelblau_derivative, himmelblau_hessian, [1.2, -0.7], 1e-13; too);
    oracle!(holder_table, holder_table_derivative, holder_table_hessian, [4.0, -3.0], 1e-12; too);
    oracle!(levy_n13, levy_n13_derivative, levy_n13_hessian, [1.2, -0.7], 1e-12; too);
    oracle!(matyas, matyas_derivative, matyas_hessian, [1.2, -0.7], 1e-13; too);
    oracle!(mccormick, mccormick_derivative, mccormick_hessian, [1.2, -0.7], 1e-13; too);
    oracle!(picheny, picheny_derivative, picheny_hessian, [0.3, 0.6], 1e-11; too); // cancellation in the formula
    oracle!(schaffer_n2, schaffer_n2_derivative, schaffer_n2_hessian, [1.2, -0.7], 1e-13; too);
    oracle!(schaffer_n4, schaffer_n4_derivative, schaffer_n4_hessian, [1.2, -0.7], 1e-13; too);
    oracle!(threehumpcamel, threehumpcamel_derivative, threehumpcamel_hessian, [1.2, -0.7], 1e-13; too);
}

#[test]
fn of_any_number_of_variables() {
    let x = [1.2, -0.7, 0.4, 2.1];
    oracle!(ackley, ackley_derivative, ackley_hessian, x, 1e-13; too);
    oracle!(ackley, ackley_derivative_const, ackley_hessian_const, x, 1e-13; too);
    oracle!(levy, levy_derivative, levy_hessian, x, 1e-12; too);
    oracle!(levy, levy_derivative_const, levy_hessian_const, x, 1e-12; too);
    // The crate's derivatives of this function require `Into<f64>`.
    oracle!(rastrigin, rastrigin_derivative, rastrigin_hessian, x, 1e-13);
    oracle!(rastrigin, rastrigin_derivative_const, rastrigin_hessian_const, x, 1e-13);
    oracle!(rosenbrock, rosenbrock_derivative, rosenbrock_hessian, x, 1e-13; too);
    oracle!(rosenbrock, rosenbrock_derivative_const, rosenbrock_hessian_const, x, 1e-13; too);
    oracle!(sphere, sphere_derivative, sphere_hessian, x, 1e-15; too);
    oracle!(sphere, sphere_derivative_const, sphere_hessian_const, x, 1e-15; too);
    oracle!(styblinski_tang, styblinski_tang_derivative, styblinski_tang_hessian, x, 1e-13; too);
    oracle!(styblinski_tang, styblinski_tang_derivative_const, styblinski_tang_hessian_const, x, 1e-13; too);
    oracle!(zero, zero_derivative, zero_hessian, x, 0.0; too);
    oracle!(zero, zero_derivative_const, zero_hessian_const, x, 0.0; too);
}

/// Points where values and slopes are 0: a partial of 0 must stay 0 in `powi`, `abs` and products.
#[test]
fn at_the_minima() {
    oracle!(beale, beale_derivative, beale_hessian, [3.0, 0.5], 1e-13; too);
    oracle!(booth, booth_derivative, booth_hessian, [1.0, 3.0], 1e-13; too);
    oracle!(easom, easom_derivative, easom_hessian, [PI, PI], 1e-13; too);
    oracle!(goldsteinprice, goldsteinprice_derivative, goldsteinprice_hessian, [0.0, -1.0], 1e-12; too);
    oracle!(himmelblau, himmelblau_derivative, himmelblau_hessian, [3.0, 2.0], 1e-13; too);
    oracle!(levy, levy_derivative, levy_hessian, [1.0; 3], 1e-13; too);
    oracle!(levy_n13, levy_n13_derivative, levy_n13_hessian, [1.0, 1.0], 1e-13; too);
    oracle!(matyas, matyas_derivative, matyas_hessian, [0.0, 0.0], 1e-13; too);
    oracle!(rastrigin, rastrigin_derivative, rastrigin_hessian, [0.0; 4], 1e-13);
    oracle!(rosenbrock, rosenbrock_derivative, rosenbrock_hessian, [1.0; 4], 1e-13; too);
    oracle!(schaffer_n2, schaffer_n2_derivative, schaffer_n2_hessian, [0.0, 0.0], 1e-13; too);
    oracle!(sphere, sphere_derivative, sphere_hessian, [0.0; 4], 0.0; too);
    oracle!(threehumpcamel, threehumpcamel_derivative, threehumpcamel_hessian, [0.0, 0.0], 1e-13; too);
    // Ackley's function has √0 there, which is a kink. The crate's derivative is 0, as is ours, and it has no second
    // derivative.
    for v in directions() {
        hold!(|t| ackley(&along([0.0; 4], v, t)), 0.0, [ackley(&[0.0; 4]), 0.0, 0.0], 1e-15; Dual, Var);
    }
}

/// The parameters of a function may be numbers as well: d/da and d/db of Rosenbrock's function, d/da of Rastrigin's.
#[test]
fn in_the_parameters() {
    let (x, y) = (1.2_f64, -0.7_f64);
    let expected = |a: f64| [(a - x).powi(2) + 100.0 * (y - x * x).powi(2), 2.0 * (a - x), 2.0];
    hold!(|a| rosenbrock_ab(&[x.into(), y.into()], a, 100.0.into()), 1.5, expected(1.5), 1e-14; all);
    let d = (y - x * x).powi(2);
    let expected = [0.04 + 90.0 * d, d, 0.0];
    hold!(|b| rosenbrock_ab(&[x.into(), y.into()], 1.0.into(), b), 90.0, expected, 1e-14; all);
    let d = 1.0 - (2.0 * PI * x).cos();
    hold!(|a| rastrigin_a(&[x.into()], a), 10.0, [x * x + 10.0 * d, d, 0.0], 1e-14; all);
}
