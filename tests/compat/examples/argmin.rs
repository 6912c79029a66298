//! Minimizes published test problems by the solvers of the crate argmin. argmin asks for derivatives: gradients come
//! from reverse mode and Hessians from forward mode, and none is written by hand.
//!
//! ```text
//! cargo run --manifest-path tests/compat/Cargo.toml --example argmin
//! ```
//!
//! The problems and their numbers are those of Moré, Garbow & Hillstrom, *Testing unconstrained optimization software*,
//! ACM TOMS 7 (1981). Each starts at its published point. The program succeeds if BFGS and a trust region find every
//! minimum.

use argmin::core::{CostFunction, Error, Executor, Gradient, Hessian, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::BFGS;
use argmin::solver::trustregion::{Steihaug, TrustRegion};
use nilpotent::{HyperDual, Real, Var, hessian, reverse};
use std::process::ExitCode;

/// A function of several variables, generic over the number.
trait Objective {
    fn value<T: Real>(&self, x: &[T]) -> T;
}

/// Wraps an objective, and implements argmin's traits for it.
struct Problem<F>(F);

impl<F: Objective> CostFunction for Problem<F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.0.value(x))
    }
}

impl<F: Objective> Gradient for Problem<F> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let (_, dy) = reverse::gradient(|x: &[Var]| self.0.value(x), x);
        Ok(dy)
    }
}

impl<F: Objective> Hessian for Problem<F> {
    type Param = Vec<f64>;
    type Hessian = Vec<Vec<f64>>;

    fn hessian(&self, x: &Vec<f64>) -> Result<Vec<Vec<f64>>, Error> {
        let (_, _, d2y) = hessian(|x: &[HyperDual<f64, 4, 4>]| self.0.value(x), x);
        Ok(d2y)
    }
}

/// Problem 21, extended Rosenbrock. With two variables it is problem 1.
#[derive(Clone, Copy)]
struct Rosenbrock;

impl Objective for Rosenbrock {
    fn value<T: Real>(&self, x: &[T]) -> T {
        let pair = |p: &[T]| (p[1] - p[0] * p[0]).powi(2) * T::lit(100.0) + (T::one() - p[0]).powi(2);
        x.chunks(2).map(pair).sum()
    }
}

/// Problem 16.
#[derive(Clone, Copy)]
struct BrownDennis;

impl Objective for BrownDennis {
    fn value<T: Real>(&self, x: &[T]) -> T {
        let term = |i: u32| {
            let t = f64::from(i) / 5.0;
            let along = x[0] + x[1] * T::lit(t) - T::lit(t.exp());
            let around = x[2] + x[3] * T::lit(t.sin()) - T::lit(t.cos());
            (along * along + around * around).powi(2)
        };
        (1..=20).map(term).sum()
    }
}

/// Problem 14.
#[derive(Clone, Copy)]
struct Wood;

impl Objective for Wood {
    fn value<T: Real>(&self, x: &[T]) -> T {
        let one = T::one();
        let (u, v) = (x[1] + x[3] - one - one, x[1] - x[3]);
        (x[1] - x[0] * x[0]).powi(2) * T::lit(100.0)
            + (one - x[0]).powi(2)
            + (x[3] - x[2] * x[2]).powi(2) * T::lit(90.0)
            + (one - x[2]).powi(2)
            + u * u * T::lit(10.0)
            + v * v / T::lit(10.0)
    }
}

/// Prints what a solver has found. Returns whether it is the published minimum, to the 6 digits that are published.
fn report<S: State<Param = Vec<f64>, Float = f64>>(solver: &str, state: &S, published: f64) -> bool {
    let value = state.get_best_cost();
    let found = (value - published).abs() < 1e-6 * published.abs().max(1e-6);
    let x = state.get_best_param().map_or(&[][..], |x| &x[..x.len().min(4)]);
    println!(
        "  {solver:12} {value:.6e} in {:3} steps, at {x:.4?} {}",
        state.get_iter(),
        if found { "" } else { "MISSED" }
    );
    found
}

/// Runs both solvers on one problem.
fn solve<F: Objective + Copy>(name: &str, f: F, start: &[f64], published: f64) -> Result<bool, Error> {
    println!("{name}, {} variables: published minimum {published:.6e}", start.len());
    let identity: Vec<Vec<f64>> =
        (0..start.len()).map(|i| (0..start.len()).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect();
    let search = MoreThuenteLineSearch::new().with_c(1e-4, 0.9)?;
    let bfgs = Executor::new(Problem(f), BFGS::new(search))
        .configure(|state| state.param(start.to_vec()).inv_hessian(identity).max_iters(300))
        .run()?;
    let region = TrustRegion::new(Steihaug::new().with_max_iters(20)).with_max_radius(1e3)?;
    let newton = Executor::new(Problem(f), region)
        .configure(|state| state.param(start.to_vec()).max_iters(100).target_cost(published + 1e-13))
        .run()?;
    Ok(report("BFGS", bfgs.state(), published) & report("trust region", newton.state(), published))
}

fn main() -> Result<ExitCode, Error> {
    let far = [-1.2, 1.0].repeat(5);
    let all = [
        solve("Rosenbrock", Rosenbrock, &far[..2], 0.0)?,
        solve("Extended Rosenbrock", Rosenbrock, &far, 0.0)?,
        solve("Wood", Wood, &[-3.0, -1.0, -3.0, -1.0], 0.0)?,
        solve("Brown and Dennis", BrownDennis, &[25.0, 5.0, -5.0, -1.0], 85822.2)?,
    ];
    Ok(if all == [true; 4] { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
