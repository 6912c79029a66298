//! The extended Kalman filter, for any process and any measurement.

use nalgebra::{SMatrix, SVector};
use nilpotent::{Dual, linalg};

/// A vector of numbers that carry their derivatives with respect to the state.
pub(crate) type Duals<const M: usize, const N: usize> = SVector<Dual<f64, N>, M>;

/// What is known of the state: its mean and its covariance.
#[derive(Clone, Debug)]
pub(crate) struct Filter<const N: usize> {
    pub(crate) x: SVector<f64, N>,
    pub(crate) p: SMatrix<f64, N, N>,
}

/// What a measurement said beyond the prediction.
#[derive(Clone, Debug)]
pub(crate) struct Innovation<const M: usize> {
    /// `z - h(x)`
    pub(crate) y: SVector<f64, M>,
    /// Its covariance.
    pub(crate) s: SMatrix<f64, M, M>,
    /// `yᵀ·S⁻¹·y`, by theory χ² with M degrees of freedom.
    pub(crate) squared: f64,
}

impl<const N: usize> Filter<N> {
    /// The state that `f` makes of uncertain data `z`.
    pub(crate) fn new<const M: usize>(
        f: impl FnMut(Duals<M, M>) -> Duals<N, M>,
        z: &SVector<f64, M>,
        r: &SMatrix<f64, M, M>,
    ) -> Self {
        let (x, j) = linalg::jacobian::<&SVector<_, M>, _, _, _, _>(f, z);
        Self { x, p: j * r * j.transpose() }
    }

    /// `x ← f(x)`, with noise of the covariance Q.
    pub(crate) fn predict(&mut self, f: impl FnMut(Duals<N, N>) -> Duals<N, N>, q: &SMatrix<f64, N, N>) {
        let (x, f) = linalg::jacobian::<&SVector<_, N>, _, _, _, _>(f, &self.x);
        *self = Self { x, p: f * self.p * f.transpose() + q };
    }

    /// Corrects the state by the measurement `z = h(x)`, with noise of the covariance R. `None`, and nothing is changed,
    /// if the innovation has no positive definite covariance.
    pub(crate) fn update<const M: usize>(
        &mut self,
        h: impl FnMut(Duals<N, N>) -> Duals<M, N>,
        z: &SVector<f64, M>,
        r: &SMatrix<f64, M, M>,
    ) -> Option<Innovation<M>> {
        let (predicted, h) = linalg::jacobian::<&SVector<_, N>, _, _, _, _>(h, &self.x);
        let y = z - predicted;
        let s = h * self.p * h.transpose() + r;
        let cholesky = s.cholesky()?;
        let k = cholesky.solve(&(h * self.p)).transpose();
        self.x += k * y;
        // Joseph's form, which stays positive definite whatever is rounded.
        let i_kh = SMatrix::identity() - k * h;
        self.p = i_kh * self.p * i_kh.transpose() + k * r * k.transpose();
        Some(Innovation { y, s, squared: y.dot(&cholesky.solve(&y)) })
    }
}
