//! The least value of a quadratic function in a ball.
//!
//! ```text
//! p   makes   gᵀp + pᵀHp/2   least   among   ‖p‖ ≤ Δ
//! ```
//!
//! exactly if there is a μ ≥ 0 such that
//!
//! ```text
//! (H + μI)·p = -g,    H + μI has no negative eigenvalue,    μ = 0 or ‖p‖ = Δ.
//! ```
//!
//! - **Inside.** If H is positive definite and Newton's step, μ = 0, is short enough, it is p. It is solved for by
//!   Cholesky's factors, which are as good for badly scaled variables as for others.
//! - **On the sphere.** In the coordinates of the eigenvectors of H, `pᵢ = -cᵢ/(λᵢ + μ)`, c being g. As a function of
//!   μ, 1/‖p‖ is concave and almost linear; so Newton's method on 1/‖p‖ = 1/Δ, from the left, needs few steps and never
//!   overshoots. Its slope comes from `derivative`.
//! - **The hard case.** If H has a negative eigenvalue, and g no part along its eigenvectors, then ‖p‖ may be less than Δ
//!   for every μ that is large enough. With the least such μ, the rest of the way goes along an eigenvector, where the
//!   function only falls. So it is at saddles, where g = 0, and on planes of symmetry, on which `chebyquad` 8 starts.
//!
//! Source: J. J. Moré, D. C. Sorensen, *Computing a trust region step*, SIAM J. Sci. Stat. Comput. 4, 1983.

use super::minimise::Expansion;
use nalgebra::{DMatrix, DVector};
use nilpotent::{Real, derivative};

/// The relative change of μ - μ₀ (see [`Model::step`]) that ends Newton's method.
const SMALL_CHANGE: f64 = 1e-12;

/// The quadratic function `gᵀp + pᵀHp/2`.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    /// Newton's step -H⁻¹g, and what it gains; if H is positive definite.
    newton: Option<(DVector<f64>, f64)>,
    /// The eigenvectors of H.
    vectors: DMatrix<f64>,
    /// The least eigenvalue.
    least: f64,
    /// By how much each eigenvalue is larger.
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

    /// The p that makes the function least among ‖p‖ ≤ `radius`, and by how much it falls.
    pub(crate) fn step(&self, radius: f64) -> (DVector<f64>, f64) {
        if let Some((p, gain)) = &self.newton
            && p.norm() <= radius
        {
            return (p.clone(), *gain);
        }
        // s = λ + μ, λ being the least eigenvalue, is at least max(0, λ). Where one part of p alone is as long as the
        // radius, p is too long: there, if that is further right, the search begins.
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

    /// The s > `start` for which ‖p‖ is the radius.
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
