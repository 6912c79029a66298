//! diffsol: a whole stiff solver inside a derivative. Steps, orders and iterations are those of the values, and every number
//! in the solver carries derivatives.

use crate::common::{Row, close};
use crate::hold;
use diffsol::{MatrixCommon as _, NalgebraLU, NalgebraMat, NalgebraScalar, OdeBuilder, OdeSolverMethod as _};
use nilpotent::{Dual, Real, Var, forward, reverse};

pub const ROWS: &[Row] = &[Row {
    name: "diffsol",
    version: "0.18",
    what: "BDF and TR-BDF2 on `NalgebraMat`: a stiff solution in its rates",
    asks: "its `Scalar`, nalgebra's `ComplexField`",
    feature: "diffsol",
    numbers: "all; three in the tests",
}];

/// Robertson's reactions: the concentrations at t = 40, for the rates k, by a method of diffsol. A number for which no test calls
/// a method does not compile it, which takes a minute each.
macro_rules! robertson {
    ($method:ident) => {
        fn $method<T: Real + NalgebraScalar>(k: [T; 3], tolerance: f64) -> [T; 3] {
            let rhs = move |y: &[T], _: &[T], _: T, dy: &mut [T]| {
                let (first, second, third) = (k[0] * y[0], k[1] * y[1] * y[2], k[2] * y[1] * y[1]);
                dy.copy_from_slice(&[second - first, first - second - third, third]);
            };
            let jacobian = move |y: &[T], _: &[T], _: T, v: &[T], dy: &mut [T]| {
                let (first, second) = (k[0] * v[0], k[1] * (v[1] * y[2] + y[1] * v[2]));
                let third = k[2] * T::lit(2.0) * y[1] * v[1];
                dy.copy_from_slice(&[second - first, first - second - third, third]);
            };
            let start = |_: &[T], _: T, y: &mut [T]| y.copy_from_slice(&[1.0, 0.0, 0.0].map(T::lit));
            let problem = OdeBuilder::<NalgebraMat<T>>::new()
                .rtol(tolerance)
                .atol([1e-4, 1e-8, 1e-4].map(|scale| scale * tolerance))
                .rhs_implicit(rhs, jacobian)
                .init(start, 3)
                .build()
                .expect("a problem");
            let end = T::lit(40.0);
            let y = problem.$method::<NalgebraLU<T>>().expect("a solver").solve(end);
            let (y, ..) = y.expect("a solution");
            let y = y.inner();
            std::array::from_fn(|i| y[(i, y.ncols() - 1)])
        }
    };
}

robertson!(bdf);
robertson!(tr_bdf2);

const K: [f64; 3] = [0.04, 1e4, 3e7];

/// y(40), and k·∂y/∂k for the three rates: by scipy's Radau method with a relative tolerance of 1e-12 on the variational
/// equations. A tolerance of 1e-10 gives the same 13 digits.
const Y: [f64; 3] = [0.7158270687194, 9.18553476455777e-6, 0.28416374574583];
const SCALED: [[f64; 3]; 3] = [
    [-0.169902350868229, 0.137308079734463, -0.06865065266717],
    [1.83647849970156e-6, -2.35719211384633e-6, -3.41417852805039e-6],
    [0.16990051438973, -0.137305722542349, 0.068654066845698],
];

/// ∂²y₀/∂k₀²: differences of the first derivatives, by the same method.
const SECOND: f64 = 58.65105;

fn check(y: [f64; 3], j: [[f64; 3]; 3], tolerance: f64) {
    for i in 0..3 {
        close(&format!("y{i}"), y[i] / Y[i], 1.0, tolerance);
        for (k, rate) in K.iter().enumerate() {
            close(&format!("the derivative of y{i} by k{k}"), j[i][k] * rate / SCALED[i][k], 1.0, 10.0 * tolerance);
        }
    }
}

#[test]
fn sensitivities_of_a_stiff_system() {
    let (y, j) = forward::jacobian(|k: [Dual<f64, 3>; 3]| bdf(k, 1e-12), K);
    check(y, j, 1e-10);
    let (y, j) = reverse::jacobian(|k: [Var; 3]| bdf(k, 1e-12), K);
    check(y, j, 1e-10);
    let (y, j) = forward::jacobian(|k: [Dual<f64, 3>; 3]| tr_bdf2(k, 1e-10), K);
    check(y, j, 1e-7);
}

/// Newton's method stops by its value, so each order of derivatives lags by one more step. With a tolerance of 1e-12 all have
/// arrived.
#[test]
fn second_derivatives() {
    let expected = [Y[0], SCALED[0][0] / K[0], SECOND];
    hold!(|k| bdf([k, Real::lit(K[1]), Real::lit(K[2])], 1e-12)[0], K[0], expected, 1e-6; nilpotent::Dual2);
}
