//! Unconstrained minimisation by Newton's method in a trust region.
//!
//! Near x, f is almost quadratic, `f(x + p) ≈ f + gᵀp + pᵀHp/2`. The p that makes that least is Newton's step. But it may
//! be far too long for the approximation, and where H is not positive definite there is none. So p is sought in a ball,
//!
//! ```text
//! p   makes   gᵀp + pᵀHp/2   least   among   ‖p‖ ≤ Δ      (trust_region.rs)
//! ```
//!
//! - **Radius.** If f falls by less than a quarter of what was predicted, Δ becomes a quarter of ‖p‖; by more than three
//!   quarters, at least twice ‖p‖. If f does not fall, the step is refused. (Conn, Gould & Toint, section 6.1.)
//! - **Saddles.** Where g = 0 but H has a negative eigenvalue, p runs along its eigenvector; so only what is a minimum
//!   to second order can be the end.
//! - **The last digits.** When f falls in its last digits only, the difference of two values is rounding error. But the
//!   derivatives have kept their digits, and come with each value anyway. So the fall is the integral of the slope from
//!   one end of the step to the other, by Hermite's formula, whose error is of fifth order in p:
//!
//! ```text
//! f(x) - f(x + p) ≈ -(g + g₊)ᵀp/2 + pᵀ(H₊ - H)p/12
//! ```
//!
//!   Without it the gradient of `trigonometric` ends at 4e-11, with it at 3e-15, after fewer evaluations.
//! - **End.** Of a sum of squares that begins at f₀, rounding leaves about ε²f₀, as of each residual ε√f₀. The step that
//!   can gain no more than that is the last; and so is one that rounding hides, both in x and in f.
//!
//! Source: A. R. Conn, N. I. M. Gould, Ph. L. Toint, *Trust-region methods*, 2000.

use super::trust_region::Model;
use nalgebra::{DMatrix, DVector};

/// The first radius, over ‖x‖ or 1. From 0.003 to 0.25 every problem reaches a published minimum. If it is larger, half
/// the time `biggs_exp6` is caught in a valley that falls to 0.2427 at infinity.
const INITIAL_RADIUS: f64 = 0.1;
/// The least gain, as a share of the predicted one, for which a step is taken.
const LEAST_GAIN: f64 = 1e-4;
/// The gain below which the radius shrinks.
const POOR_GAIN: f64 = 0.25;
/// The gain above which it may grow.
const GOOD_GAIN: f64 = 0.75;
/// The predicted gain, over f, below which it is measured by derivatives. From 1e-15 to 1e-3 the results are the same.
const SMALL_GAIN: f64 = 1e-10;
/// The number of points to try.
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

/// Where the function is least, and what it took to get there.
#[derive(Clone, Debug)]
pub(crate) struct Minimum {
    pub(crate) x: DVector<f64>,
    pub(crate) at: Expansion,
    /// The norm of the gradient at the start.
    pub(crate) slope_at_start: f64,
    pub(crate) steps: usize,
    /// How often value, gradient and Hessian were asked for.
    pub(crate) evaluations: usize,
    /// Whether there is nothing left to gain that rounding would not hide.
    pub(crate) converged: bool,
}

/// The nearest minimum downhill from `start`; `None` if value or derivatives are not finite there.
pub(crate) fn minimise(f: impl Fn(&DVector<f64>) -> Expansion, start: &[f64]) -> Option<Minimum> {
    let x = DVector::from_column_slice(start);
    let at = Some(f(&x)).filter(Expansion::is_finite)?;
    let noise = f64::EPSILON.powi(2) * at.value.abs();
    let mut radius = INITIAL_RADIUS * x.norm().max(1.0);
    let mut model = Model::new(&at);
    let slope_at_start = at.gradient.norm();
    let mut here = Minimum { x, at, slope_at_start, steps: 0, evaluations: 1, converged: false };

    while !here.converged && here.evaluations < TRIALS {
        let (p, predicted) = model.step(radius);
        let (x, length) = (&here.x + &p, p.norm());
        let unseen = length <= f64::EPSILON * here.x.norm() && predicted <= f64::EPSILON * here.at.value.abs();
        here.converged = predicted <= noise || unseen;
        let next = f(&x);
        here.evaluations += 1;
        // Nothing is gained where f overflows, or is not defined.
        let gain = if next.is_finite() { fall(&here.at, &next, &p, predicted) / predicted } else { f64::NEG_INFINITY };
        if gain < POOR_GAIN {
            radius = length / 4.0;
        } else if gain > GOOD_GAIN {
            radius = radius.max(2.0 * length);
        }
        if gain >= LEAST_GAIN {
            model = Model::new(&next);
            (here.x, here.at) = (x, next);
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
