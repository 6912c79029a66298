//! An implicit Runge-Kutta method, whose stages are solved in plain floats and differentiated by the implicit function
//! theorem.
//!
//! Each stage is an equation for the state y there, `y = base + γh·f(t, y)`. Newton's method solves it in floats, and
//! `linalg::root` adds the derivatives with respect to the base and the rates, whatever the numbers: the iterations are
//! neither differentiated nor recorded. The method is of order 4, with five stages, and the last stage is the end of
//! the step. (E. Hairer, G. Wanner, *Solving ordinary differential equations II*, 2nd ed., 1996, table IV.6.5.)

use super::model::{RATES, SPECIES, slope};
use super::rosenbrock::Step;
use nalgebra::{Const, LU, SMatrix, SVector};
use nilpotent::linalg::{self, Equation, Number};
use nilpotent::{Dual, jacobian};

const GAMMA: f64 = 0.25;
/// The times of the stages, and the weights of the slopes before.
const STAGES: [(f64, &[f64]); 5] = [
    (0.25, &[]),
    (0.75, &[0.5]),
    (0.55, &[17.0 / 50.0, -1.0 / 25.0]),
    (0.5, &[371.0 / 1360.0, -137.0 / 2720.0, 15.0 / 544.0]),
    (1.0, &[25.0 / 24.0, -49.0 / 48.0, 125.0 / 16.0, -85.0 / 12.0]),
];
/// The largest number of iterations.
const ITERATIONS: usize = 50;
/// The size of a correction, relative to the largest concentration, after which the iteration has converged. The next
/// one is some hundred times smaller, about as small as rounding.
const SMALL: f64 = 1e-13;

/// `y - base - γh·f(t, y) = 0`, where the parameters are the base and the rates.
struct Stage {
    t: f64,
    /// γh.
    h: f64,
}

impl Equation for Stage {
    fn of<T: Number>(&self, y: &[T], theta: &[T]) -> Vec<T> {
        let (base, rates) = theta.split_at(SPECIES);
        let f = slope(T::lit(self.t), &array(y), &array(rates));
        (0..SPECIES).map(|k| y[k] - base[k] - f[k] * T::lit(self.h)).collect()
    }
}

fn array<T: Number, const N: usize>(x: &[T]) -> [T; N] {
    std::array::from_fn(|k| x[k])
}

/// Newton's method from `y` on, with the factors of one Jacobian for all iterations: I - γh·∂f/∂y is almost the same in
/// all stages, and a Jacobian that is not exact slows the iteration, but does not move the solution.
fn solve(
    stage: &Stage,
    factors: &LU<f64, Const<SPECIES>, Const<SPECIES>>,
    mut y: [f64; SPECIES],
    theta: &[f64],
) -> Option<[f64; SPECIES]> {
    for _ in 0..ITERATIONS {
        let residual = SVector::<f64, SPECIES>::from_vec(stage.of(&y, theta));
        let correction = factors.solve(&residual)?;
        for (y, c) in y.iter_mut().zip(&correction) {
            *y -= c;
        }
        let largest = y.iter().fold(0.0_f64, |m, y| m.max(y.abs()));
        if correction.amax() <= SMALL * largest {
            return Some(y);
        }
    }
    None
}

/// Returns the state after a step, or `None` if a stage has no solution.
pub(crate) fn step<T: Number<Float = f64>>(
    Step { t, h, .. }: Step,
    x: &[T; SPECIES],
    rates: &[T; RATES],
) -> Option<[T; SPECIES]> {
    let mut theta: Vec<T> = x.iter().chain(rates).copied().collect();
    let values = x.map(|x| x.float());
    let held = rates.map(|rate| Dual::constant(rate.float()));
    let (_, j) = jacobian(|x: [Dual<f64, SPECIES>; SPECIES]| slope(Dual::constant(t), &x, &held), values);
    let factors = SMatrix::<f64, SPECIES, SPECIES>::from_fn(|i, k| f64::from(i == k) - GAMMA * h * j[i][k]).lu();
    let (mut y, mut slopes) = (*x, Vec::<[T; SPECIES]>::with_capacity(STAGES.len()));
    for (c, weights) in STAGES {
        for k in 0..SPECIES {
            theta[k] = x[k] + weights.iter().zip(&slopes).map(|(&w, f)| f[k].times(w * h)).sum::<T>();
        }
        let stage = Stage { t: t + c * h, h: GAMMA * h };
        let values: Vec<f64> = theta.iter().map(|x| x.float()).collect();
        let solution = solve(&stage, &factors, y.map(|y| y.float()), &values)?;
        y = array(&linalg::root(&stage, &solution, &theta)?);
        slopes.push(std::array::from_fn(|k| (y[k] - theta[k]).times(1.0 / (GAMMA * h))));
    }
    Some(y)
}
