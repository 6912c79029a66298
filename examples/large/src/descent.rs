//! Newton's method and that of Levenberg and Marquardt: damped steps with a sparse matrix.
//!
//! Both solve (H + μD)·δ = -∇f, and choose the damping μ by how well the quadratic model predicts f. Newton's method takes
//! the Hessian for H and the identity for D, as in Goldfeld, Quandt & Trotter, *Maximization by quadratic hill-climbing*
//! (1966). If the matrix is not positive definite, μ grows until it is. Levenberg's and Marquardt's method takes the normal
//! matrix JᵀJ, and its diagonal for D: Marquardt, *An algorithm for least-squares estimation of nonlinear parameters* (1963).
//! The rule for μ: Nielsen, *Damping parameter in Marquardt's method* (1999).

use crate::cholesky::Cholesky;
use nilpotent::Error;
use nilpotent::separable::Function;
use std::time::{Duration, Instant};

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest partial of a minimum.
    pub gradient: f64,
    /// The least decrease, relative to the value, that is worth another step.
    pub decrease: f64,
    /// The largest number of steps.
    pub steps: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { gradient: 1e-8, decrease: 1e-15, steps: 500 }
    }
}

/// What a method has found.
#[derive(Clone, Debug)]
pub struct Minimum {
    /// The variables.
    pub x: Vec<f64>,
    /// The value there.
    pub value: f64,
    /// The largest partial there.
    pub gradient: f64,
    /// Whether it is small, or the value did not decrease any more.
    pub has_converged: bool,
    /// How many systems of equations were solved.
    pub steps: usize,
    /// The time of all.
    pub time: Duration,
    /// The part of it in which values and derivatives were computed.
    pub derivatives: Duration,
}

/// What a method minimizes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Aim {
    /// The value, with the Hessian.
    Value,
    /// Half the sum of squares, with the normal matrix.
    Squares,
}

/// Minimizes the value of a function with one row by Newton's method.
///
/// # Errors
/// Those of [`Function::hessian_into`], and [`Error::RankDeficient`] if a variable belongs to no element.
pub fn newton(f: &Function, start: &[f64], limits: Limits) -> Result<Minimum, Error> {
    descend(f, Aim::Value, start, limits)
}

/// Minimizes half the sum of the losses of residuals by the method of Levenberg and Marquardt.
///
/// # Errors
/// Those of [`Function::least_squares_into`], and [`Error::RankDeficient`] if a variable belongs to no element.
pub fn levenberg_marquardt(residuals: &Function, start: &[f64], limits: Limits) -> Result<Minimum, Error> {
    descend(residuals, Aim::Squares, start, limits)
}

fn descend(f: &Function, aim: Aim, start: &[f64], limits: Limits) -> Result<Minimum, Error> {
    let begin = Instant::now();
    let mut derivatives = Duration::ZERO;
    let mut timed = |compute: &mut dyn FnMut() -> Result<f64, Error>| {
        let begin = Instant::now();
        let result = compute();
        derivatives += begin.elapsed();
        result
    };
    let mut cholesky = Cholesky::new(f.hessian_pattern()).map_err(|index| Error::RankDeficient { index })?;
    let (mut x, mut next) = (start.to_vec(), start.to_vec());
    let (mut gradient, mut entries) = (vec![0.0; f.columns()], vec![0.0; f.hessian_pattern().len()]);
    let all = |x: &[f64], gradient: &mut [f64], entries: &mut [f64]| match aim {
        Aim::Value => {
            f.hessian_into(x, &[1.0], entries)?;
            f.gradient_into(x, gradient)
        }
        Aim::Squares => f.least_squares_into(x, gradient, entries),
    };
    let only = |x: &[f64]| match aim {
        Aim::Value => f.value(x),
        Aim::Squares => f.cost(x),
    };

    let mut value = timed(&mut || all(&x, &mut gradient, &mut entries))?;
    let (mut damping, mut factor, mut steps, mut has_converged) =
        (if aim == Aim::Value { 0.0 } else { 1e-5 }, 2.0, 0, false);
    while steps < limits.steps {
        if largest(&gradient) <= limits.gradient {
            has_converged = true;
            break;
        }
        steps += 1;
        let scale = cholesky.diagonal(&entries).fold(0.0, |most: f64, d| most.max(d.abs()));
        let shift: Vec<_> = match aim {
            Aim::Value => vec![damping; gradient.len()],
            Aim::Squares => cholesky.diagonal(&entries).map(|d| damping * d.max(1e-12 * scale)).collect(),
        };
        let down: Vec<_> = gradient.iter().map(|partial| -partial).collect();
        if let Some(step) = cholesky.solve(&entries, &shift, &down) {
            // By (H + D)·δ = -∇f the model decreases by -∇f·δ - ½δᵀHδ = ½(-∇f·δ + δᵀDδ).
            let predicted: f64 = step
                .iter()
                .zip(&gradient)
                .zip(&shift)
                .map(|((step, partial), d)| 0.5 * step * (d * step - partial))
                .sum();
            f.plus_into(&x, &step, &mut next)?;
            // A value that is not finite is refused, as is one that is larger.
            let decrease = value - timed(&mut || only(&next)).unwrap_or(f64::INFINITY);
            let ratio = decrease / predicted;
            if ratio > 0.0 && decrease > 0.0 {
                std::mem::swap(&mut x, &mut next);
                value = timed(&mut || all(&x, &mut gradient, &mut entries))?;
                damping *= (1.0 - (2.0 * ratio - 1.0).powi(3)).max(1.0 / 3.0);
                // Without any damping the last steps converge quadratically.
                if aim == Aim::Value && damping < 1e-10 * scale {
                    damping = 0.0;
                }
                factor = 2.0;
                if decrease <= limits.decrease * value.abs() {
                    has_converged = true;
                    break;
                }
                continue;
            }
            if predicted <= f64::EPSILON * value.abs() {
                // What is left to gain is below the rounding of the value.
                has_converged = true;
                break;
            }
        }
        let least = if aim == Aim::Value { 1e-4 * scale } else { 1e-8 };
        damping = (damping * factor).max(least);
        factor *= 2.0;
    }
    Ok(Minimum { gradient: largest(&gradient), x, value, has_converged, steps, time: begin.elapsed(), derivatives })
}

fn largest(gradient: &[f64]) -> f64 {
    gradient.iter().fold(0.0, |most, partial| most.max(partial.abs()))
}
