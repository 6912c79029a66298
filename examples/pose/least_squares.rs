//! Least squares over a group by the Levenberg-Marquardt method.
//!
//! Near x, `r(x·exp(δ)) ≈ r + J·δ`. The Gauss-Newton step minimizes `‖r + J·δ‖²`. A penalty on its length, with a price
//! μ that decreases after a successful step and increases after a failed one, keeps it where the approximation is good:
//!
//! ```text
//! (H + μ·diag H)·δ = -g,   H = JᵀJ,   g = Jᵀr,   x ← x·exp(δ)
//! ```

use nalgebra::{DMatrix, DVector};

/// A step (m, rad) this short has nothing left to gain.
const SHORT: f64 = 1e-9;
/// The maximal number of steps to try.
const TRIALS: usize = 200;

/// A sum of squares over points of a group, `χ²(x) = ‖r(x)‖²`.
pub(crate) trait Problem {
    type Point;

    fn linearise(&self, x: &Self::Point) -> Linear;

    /// `x·exp(δ)`
    fn moved(&self, x: &Self::Point, step: &DVector<f64>) -> Self::Point;
}

/// `χ²(x·exp(δ)) ≈ χ² + 2·gᵀδ + δᵀHδ`
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    pub(crate) chi2: f64,
    pub(crate) g: DVector<f64>,
    pub(crate) h: DMatrix<f64>,
}

impl Linear {
    pub(crate) fn zeros(n: usize) -> Self {
        Self { chi2: 0.0, g: DVector::zeros(n), h: DMatrix::zeros(n, n) }
    }

    /// ‖J‖, and the rank of J after its columns have been scaled to length 1.
    pub(crate) fn norm_and_rank(&self) -> (f64, usize) {
        let scale = self.h.diagonal().map(|x| if x > 0.0 { x.sqrt().recip() } else { 0.0 });
        let scaled = self.h.component_mul(&(&scale * scale.transpose()));
        (self.h.trace().sqrt(), scaled.symmetric_eigenvalues().iter().filter(|&&x| x > 1e-10).count())
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Minimum<X> {
    pub(crate) x: X,
    /// χ² at the start and after each step.
    pub(crate) chi2: Vec<f64>,
    /// Whether no remaining step gains anything.
    pub(crate) converged: bool,
}

impl<X> Minimum<X> {
    pub(crate) fn least(&self) -> f64 {
        self.chi2[self.chi2.len() - 1]
    }
}

/// Returns a local minimum below `x`.
pub(crate) fn minimise<P: Problem>(problem: &P, x: P::Point) -> Minimum<P::Point> {
    let mut here = problem.linearise(&x);
    let mut minimum = Minimum { x, chi2: vec![here.chi2], converged: false };
    let mut price = 1e-3;
    for _ in 0..TRIALS {
        let mut damped = here.h.clone();
        damped.set_diagonal(&(here.h.diagonal() * (1.0 + price)));
        let Some(factor) = damped.cholesky() else { break };
        let step = -factor.solve(&here.g);
        let x = problem.moved(&minimum.x, &step);
        let there = problem.linearise(&x);
        minimum.converged = price < 1.0 && step.norm() <= SHORT;
        if there.chi2 <= here.chi2 {
            minimum.chi2.push(there.chi2);
            (minimum.x, here) = (x, there);
            price /= 10.0;
        } else {
            price *= 10.0;
        }
        if minimum.converged {
            break;
        }
    }
    minimum
}
