//! Minimizes with constraints by ripopt, whose callbacks are those of the crate ipopt.

use nilpotent::{Real, gradient_into, jacobian_into, weighted_hessian};
use ripopt::{NlpProblem, SolveStatus, SolverOptions};

/// Problem 71 of Hock and Schittkowski (1981): the objective, and a constraint that is at least 25, and one that is 40.
fn objective<T: Real>(x: &[T]) -> T {
    x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2]
}

fn constraints<T: Real>(x: &[T]) -> [T; 2] {
    [x.iter().copied().product(), x.iter().map(|&x| x * x).sum()]
}

struct HockSchittkowski71;

impl NlpProblem for HockSchittkowski71 {
    fn num_variables(&self) -> usize {
        4
    }

    fn num_constraints(&self) -> usize {
        2
    }

    fn bounds(&self, least: &mut [f64], most: &mut [f64]) {
        least.fill(1.0);
        most.fill(5.0);
    }

    fn constraint_bounds(&self, least: &mut [f64], most: &mut [f64]) {
        least.copy_from_slice(&[25.0, 40.0]);
        most.copy_from_slice(&[f64::INFINITY, 40.0]);
    }

    fn initial_point(&self, x: &mut [f64]) {
        x.copy_from_slice(&[1.0, 5.0, 5.0, 1.0]);
    }

    fn objective(&self, x: &[f64], _: bool, to: &mut f64) -> bool {
        *to = objective(x);
        true
    }

    fn gradient(&self, x: &[f64], _: bool, to: &mut [f64]) -> bool {
        gradient_into(objective, x, to);
        true
    }

    fn constraints(&self, x: &[f64], _: bool, to: &mut [f64]) -> bool {
        to.copy_from_slice(&constraints(x));
        true
    }

    fn jacobian_structure(&self) -> (Vec<usize>, Vec<usize>) {
        (0..8).map(|k| (k / 4, k % 4)).unzip()
    }

    fn jacobian_values(&self, x: &[f64], _: bool, to: &mut [f64]) -> bool {
        jacobian_into(constraints, x, &mut [0.0; 2], to);
        true
    }

    fn hessian_structure(&self) -> (Vec<usize>, Vec<usize>) {
        (0..4).flat_map(|i| (0..=i).map(move |j| (i, j))).unzip()
    }

    fn hessian_values(&self, x: &[f64], _: bool, sigma: f64, lambda: &[f64], to: &mut [f64]) -> bool {
        let outputs = |x: &[_]| {
            let [product, squares] = constraints(x);
            [objective(x), product, squares]
        };
        let (_, _, rows) = weighted_hessian(outputs, x, [sigma, lambda[0], lambda[1]]);
        let lower = rows.iter().enumerate().flat_map(|(i, row)| &row[..=i]);
        to.iter_mut().zip(lower).for_each(|(to, &entry)| *to = entry);
        true
    }
}

fn main() {
    let options = SolverOptions { print_level: 0, ..SolverOptions::default() };
    let found = ripopt::solve(&HockSchittkowski71, &options);
    println!("{:.9?} after {} steps", found.x, found.iterations);
    assert_eq!(found.status, SolveStatus::Optimal);
    // The minimum that the documentation of Ipopt states.
    assert!((found.objective - 17.0140173).abs() < 1e-6);
    let known = [1.0, 4.74299963, 3.82114998, 1.37940829];
    assert!(found.x.iter().zip(known).all(|(x, known)| (x - known).abs() < 1e-6));
}
