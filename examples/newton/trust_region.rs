//! Minimizes a quadratic function in a ball.
//!
//! ```text
//! p   minimizes   gᵀp + pᵀHp/2   subject to   ‖p‖ ≤ Δ
//! ```
//!
//! if and only if there is a μ ≥ 0 such that
//!
//! ```text
//! (H + μI)·p = -g,    H + μI has no negative eigenvalue,    μ = 0 or ‖p‖ = Δ.
//! ```
//!
//! - **Inside.** If H is positive definite and Newton's step, with μ = 0, is short enough, it is the solution. It is
//!   computed by Cholesky's factorization, which is as accurate for badly scaled variables as for others.
//! - **On the sphere.** In the coordinates of the eigenvectors of H, `pᵢ = -cᵢ/(λᵢ + μ)`, where c is g in these
//!   coordinates. As a function of μ, 1/‖p‖ is concave and almost linear. So Newton's method for 1/‖p‖ = 1/Δ, started
//!   from the left, needs few steps and never overshoots. The derivative comes from `derivative`.
//! - **The hard case.** If H has a negative eigenvalue, and g has no component along its eigenvectors, then ‖p‖ may be
//!   less than Δ for every μ that is large enough. With the least such μ, the rest of the step goes along an
//!   eigenvector, where the function only decreases. This happens at saddles, where g = 0, and on planes of symmetry,
//!   on which `chebyquad` 8 starts.
//!
//! Source: J. J. Moré, D. C. Sorensen, *Computing a trust region step*, SIAM J. Sci. Stat. Comput. 4, 1983.

use super::minimise::Expansion;
use nalgebra::{DMatrix, DVector};
use nilpotent::{Real, derivative};

/// Newton's method ends when the relative change of s = λ + μ (see [`Model::step`]) is below this.
const SMALL_CHANGE: f64 = 1e-12;

/// The quadratic function `gᵀp + pᵀHp/2`.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    /// Newton's step -H⁻¹g and its gain, if H is positive definite.
    newton: Option<(DVector<f64>, f64)>,
    /// The eigenvectors of H.
    vectors: DMatrix<f64>,
    /// The least eigenvalue.
    least: f64,
    /// The difference of each eigenvalue from the least one.
    gaps: DVector<f64>,
    /// g in the coordinates of the eigenvectors.
    c: DVector<f64>,
}

impl Model {
    pub(crate) fn new(Expansion { gradient, hessian, .. }: &Expansion) -> Self {
        let newton = hessian.clone().cholesky().map(|factor| {
            let p = -factor.solve(gradient);
            let gain = -gradient.dot(&p) / 2.0;
            (p, gain)
        });
        let eigen = hessian.clone().symmetric_eigen();
        let least = eigen.eigenvalues.min();
        let gaps = eigen.eigenvalues.add_scalar(-least);
        Self { newton, least, gaps, c: eigen.eigenvectors.tr_mul(gradient), vectors: eigen.eigenvectors }
    }

    /// Returns the p with ‖p‖ ≤ `radius` that minimizes the function, and the decrease.
    pub(crate) fn step(&self, radius: f64) -> (DVector<f64>, f64) {
        if let Some((p, gain)) = &self.newton
            && p.norm() <= radius
        {
            return (p.clone(), *gain);
        }
        // The unknown is s = λ + μ, where λ is the least eigenvalue; it is at least max(0, λ). Where a single component
        // of p is as long as the radius, p is too long. So the search begins there, if that is further to the right.
        let start = self.c.zip_fold(&self.gaps, self.least.max(0.0), |s, c, gap| s.max(c.abs() / radius - gap));
        let (s, rest) = match self.length(start) {
            length if length >= radius => (self.solve(start, radius), 0.0),
            _ if self.least >= 0.0 => (start, 0.0),
            length => (start, (radius.powi(2) - length.powi(2)).sqrt()),
        };
        let mut p = self.c.zip_map(&self.gaps, |c, gap| if c == 0.0 { 0.0 } else { -c / (gap + s) });
        p[self.gaps.imin()] += rest;
        let bend: f64 = p.iter().zip(&self.gaps).map(|(p, gap)| (self.least + gap) * p * p).sum();
        let gain = -self.c.dot(&p) - bend / 2.0;
        (&self.vectors * p, gain)
    }

    /// The s ≥ `start` for which ‖p‖ equals the radius.
    fn solve(&self, start: f64, radius: f64) -> f64 {
        let mut s = start;
        loop {
            let (inverse, slope) = derivative(|s| self.length(s).recip(), s);
            let next = s + (radius.recip() - inverse) / slope;
            if next > s * (1.0 + SMALL_CHANGE) {
                s = next;
            } else {
                return s;
            }
        }
    }

    /// ‖p‖
    fn length<T: Real>(&self, s: T) -> T {
        let parts = self.c.iter().zip(&self.gaps).filter(|(c, _)| **c != 0.0);
        parts.map(|(&c, &gap)| (T::lit(c) / (T::lit(gap) + s)).powi(2)).sum::<T>().sqrt()
    }
}
