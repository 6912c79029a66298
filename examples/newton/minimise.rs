//! Unconstrained minimization by Newton's method in a trust region.
//!
//! Near x, f is almost quadratic, `f(x + p) ≈ f + gᵀp + pᵀHp/2`. Newton's step is the p that minimizes this model. But
//! it may be far too long for the approximation, and where H is not positive definite there is no such p. So p is
//! restricted to a ball:
//!
//! ```text
//! p   minimizes   gᵀp + pᵀHp/2   subject to   ‖p‖ ≤ Δ      (trust_region.rs)
//! ```
//!
//! - **Radius.** If f decreases by less than a quarter of the predicted amount, Δ becomes a quarter of ‖p‖; if by more
//!   than three quarters, Δ becomes at least twice ‖p‖. If f does not decrease, the step is rejected. (Conn, Gould &
//!   Toint, section 6.1.)
//! - **Saddles.** Where g = 0 but H has a negative eigenvalue, p points along its eigenvector. So the method can only
//!   end at a point that satisfies the second-order conditions of a minimum.
//! - **The last digits.** When f decreases in its last digits only, the difference of two values is rounding error. But
//!   the derivatives still have correct digits, and come with each value anyway. So the decrease is computed as the
//!   integral of the derivative along the step, by Hermite's formula, whose error is of fifth order in p:
//!
//! ```text
//! f(x) - f(x + p) ≈ -(g + g₊)ᵀp/2 + pᵀ(H₊ - H)p/12
//! ```
//!
//!   Without this formula the gradient of `trigonometric` ends at 4e-11; with it at 3e-15, after fewer evaluations.
//! - **End.** For a sum of squares that begins at f₀, rounding leaves about ε²f₀, since it leaves about ε√f₀ in each
//!   residual. A step is the last one if it cannot gain more than that, or if rounding hides it, both in x and in f.
//!
//! Source: A. R. Conn, N. I. M. Gould, Ph. L. Toint, *Trust-region methods*, 2000.

use super::trust_region::Model;
use nalgebra::{DMatrix, DVector};

/// The initial radius, relative to ‖x‖ or 1. With values from 0.003 to 0.25 every problem reaches a published minimum.
/// With larger ones `biggs_exp6` is half the time caught in a valley that falls to 0.2427 at infinity.
const INITIAL_RADIUS: f64 = 0.1;
/// The least gain, relative to the predicted one, with which a step is accepted.
const LEAST_GAIN: f64 = 1e-4;
/// The gain below which the radius shrinks.
const POOR_GAIN: f64 = 0.25;
/// The gain above which the radius may grow.
const GOOD_GAIN: f64 = 0.75;
/// If the predicted gain, relative to f, is below this, it is measured by derivatives. From 1e-15 to 1e-3 the results
/// are the same.
const SMALL_GAIN: f64 = 1e-10;
/// The maximal number of points to evaluate.
const TRIALS: usize = 1000;

/// A function to second order: `f(x + p) ≈ value + gradientᵀp + pᵀ·hessian·p/2`.
#[derive(Clone, Debug)]
pub(crate) struct Expansion {
    pub(crate) value: f64,
    pub(crate) gradient: DVector<f64>,
    pub(crate) hessian: DMatrix<f64>,
}

impl Expansion {
    fn is_finite(&self) -> bool {
        self.value.is_finite() && self.gradient.iter().chain(&self.hessian).all(|x| x.is_finite())
    }

    /// The first and second derivatives along p.
    fn along(&self, p: &DVector<f64>) -> [f64; 2] {
        [self.gradient.dot(p), p.dot(&(&self.hessian * p))]
    }
}

/// The minimum, and the effort it took.
#[derive(Clone, Debug)]
pub(crate) struct Minimum {
    pub(crate) x: DVector<f64>,
    pub(crate) at: Expansion,
    /// The points from the start to the minimum.
    pub(crate) path: Vec<DVector<f64>>,
    /// The norm of the gradient at the start.
    pub(crate) slope_at_start: f64,
    pub(crate) steps: usize,
    /// The number of evaluations of value, gradient and Hessian.
    pub(crate) evaluations: usize,
    /// Whether the method has ended because nothing more can be gained that rounding would not hide.
    pub(crate) converged: bool,
}

/// Returns a local minimum below `start`, or `None` if the value or a derivative is not finite there.
pub(crate) fn minimise(f: impl Fn(&DVector<f64>) -> Expansion, start: &[f64]) -> Option<Minimum> {
    minimise_to(f, start, f64::EPSILON.powi(2))
}

/// The same for a function with other errors than rounding: no step is worth a gain below `noise`, relative to the value
/// at the start.
pub(crate) fn minimise_to(f: impl Fn(&DVector<f64>) -> Expansion, start: &[f64], noise: f64) -> Option<Minimum> {
    let x = DVector::from_column_slice(start);
    let at = Some(f(&x)).filter(Expansion::is_finite)?;
    let noise = noise * at.value.abs();
    let mut radius = INITIAL_RADIUS * x.norm().max(1.0);
    let mut model = Model::new(&at);
    let slope_at_start = at.gradient.norm();
    let path = vec![x.clone()];
    let mut here = Minimum { x, at, path, slope_at_start, steps: 0, evaluations: 1, converged: false };

    while !here.converged && here.evaluations < TRIALS {
        let (p, predicted) = model.step(radius);
        let (x, length) = (&here.x + &p, p.norm());
        let unseen = length <= f64::EPSILON * here.x.norm() && predicted <= f64::EPSILON * here.at.value.abs();
        here.converged = predicted <= noise || unseen;
        let next = f(&x);
        here.evaluations += 1;
        // There is no gain where f overflows or is not defined.
        let gain = if next.is_finite() { fall(&here.at, &next, &p, predicted) / predicted } else { f64::NEG_INFINITY };
        if gain < POOR_GAIN {
            radius = length / 4.0;
        } else if gain > GOOD_GAIN {
            radius = radius.max(2.0 * length);
        }
        if gain >= LEAST_GAIN {
            model = Model::new(&next);
            (here.x, here.at) = (x, next);
            here.path.push(here.x.clone());
            here.steps += 1;
        }
    }
    Some(here)
}

/// `f(x) - f(x + p)`
fn fall(here: &Expansion, next: &Expansion, p: &DVector<f64>, predicted: f64) -> f64 {
    if predicted >= SMALL_GAIN * here.value.abs() {
        return here.value - next.value;
    }
    let ([slope, bend], [next_slope, next_bend]) = (here.along(p), next.along(p));
    (next_bend - bend) / 12.0 - (slope + next_slope) / 2.0
}
