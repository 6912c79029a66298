//! Minimizes Rosenbrock's function in the unit disk by optimization_engine.

use nilpotent::{Real, gradient_into};
use optimization_engine::constraints::Ball2;
use optimization_engine::panoc::{PANOCCache, PANOCOptimizer};
use optimization_engine::{Problem, SolverError};

fn rosenbrock<T: Real>(x: &[T]) -> T {
    (x[1] - x[0] * x[0]).powi(2) * T::lit(100.0) + (T::one() - x[0]).powi(2)
}

fn main() {
    let slope = |x: &[f64], to: &mut [f64]| -> Result<(), SolverError> {
        gradient_into(rosenbrock, x, to);
        Ok(())
    };
    let value = |x: &[f64], to: &mut f64| -> Result<(), SolverError> {
        *to = rosenbrock(x);
        Ok(())
    };
    let disk = Ball2::new(None, 1.0);
    let mut cache = PANOCCache::new(2, 1e-12, 10);
    let mut x = [0.0, 0.0];
    let status = PANOCOptimizer::new(Problem::new(&disk, slope, value), &mut cache).with_max_iter(200).solve(&mut x);
    println!("{x:.12?} after {} steps", status.as_ref().map_or(0, |status| status.iterations()));
    assert!(status.is_ok_and(|status| status.has_converged()));
    // The minimum is on the circle, to the four digits of the documentation of Matlab's fmincon.
    assert!((x[0] - 0.7864).abs() < 5e-5 && (x[1] - 0.6177).abs() < 5e-5);
    // Its neighbors on the circle are higher.
    let on_circle = |angle: f64| rosenbrock(&[angle.cos(), angle.sin()]);
    let angle = x[1].atan2(x[0]);
    assert!((x[0].hypot(x[1]) - 1.0).abs() < 1e-12);
    assert!([-1e-6, 1e-6].iter().all(|turn| on_circle(angle + turn) > rosenbrock(&x)));
}
