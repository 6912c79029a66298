//! Solves the stiff problem HIRES by the implicit method Radau5 of differential-equations.

use differential_equations::prelude::*;
use nilpotent::{Real, jacobian};

/// Eight reactions of a plant with light: problem HIRES of the test set of Mazzia and Magherini.
fn rates<T: Real>(y: [T; 8]) -> [T; 8] {
    let l = T::lit;
    let bound = l(280.0) * y[5] * y[7] - l(1.81) * y[6];
    [
        l(-1.71) * y[0] + l(0.43) * y[1] + l(8.32) * y[2] + l(0.0007),
        l(1.71) * y[0] - l(8.75) * y[1],
        l(-10.03) * y[2] + l(0.43) * y[3] + l(0.035) * y[4],
        l(8.32) * y[1] + l(1.71) * y[2] - l(1.12) * y[3],
        l(-1.745) * y[4] + l(0.43) * (y[5] + y[6]),
        l(-280.0) * y[5] * y[7] + l(0.69) * y[3] + l(1.71) * y[4] - l(0.43) * y[5] + l(0.69) * y[6],
        bound,
        -bound,
    ]
}

struct Hires;

impl ODE<f64, [f64; 8]> for Hires {
    fn diff(&self, _: f64, y: &[f64; 8], dy: &mut [f64; 8]) {
        *dy = rates(*y);
    }

    fn jacobian(&self, _: f64, y: &[f64; 8], to: &mut Matrix<f64>) {
        let (_, rows) = jacobian(rates, *y);
        for (i, row) in rows.iter().enumerate() {
            for (j, &entry) in row.iter().enumerate() {
                to[(i, j)] = entry;
            }
        }
    }
}

fn main() {
    let start = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057];
    let solution = IVP::ode(&Hires, 0.0, 321.8122, start)
        .method(ImplicitRungeKutta::radau5().rtol(1e-6).atol(1e-9))
        .solve()
        .expect("a solution");
    // The reference of the test set.
    let known = [
        0.7371312573325668e-3,
        0.1442485726316185e-3,
        0.5888729740967575e-4,
        0.1175651343283149e-2,
        0.2386356198831331e-2,
        0.6238968252742796e-2,
        0.2849998395185769e-2,
        0.2850001604814231e-2,
    ];
    let y = solution.y.last().expect("the end");
    println!("{y:.10?} by {} Jacobians", solution.evals.jacobian);
    assert!(y.iter().zip(known).all(|(y, known)| (y / known - 1.0).abs() < 1e-4));
}
