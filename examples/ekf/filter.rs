//! The extended Kalman filter, for any process and any measurement.

use nalgebra::{SMatrix, SVector};
use nilpotent::{Dual, linalg};

/// A vector of numbers that carry their derivatives with respect to the state.
pub(crate) type Duals<const M: usize, const N: usize> = SVector<Dual<f64, N>, M>;

/// The estimate of the state: its mean and its covariance.
#[derive(Clone, Debug)]
pub(crate) struct Filter<const N: usize> {
    pub(crate) x: SVector<f64, N>,
    pub(crate) p: SMatrix<f64, N, N>,
}

/// The difference between a measurement and its prediction.
#[derive(Clone, Debug)]
pub(crate) struct Innovation<const M: usize> {
    /// `z - h(x)`
    pub(crate) y: SVector<f64, M>,
    /// The covariance of `y`.
    pub(crate) s: SMatrix<f64, M, M>,
    /// `yᵀ·S⁻¹·y`. In theory it is χ² distributed with M degrees of freedom.
    pub(crate) squared: f64,
}

impl<const N: usize> Filter<N> {
    /// Starts with the state that `f` computes from uncertain data `z`.
    pub(crate) fn new<const M: usize>(
        f: impl FnMut(Duals<M, M>) -> Duals<N, M>,
        z: &SVector<f64, M>,
        r: &SMatrix<f64, M, M>,
    ) -> Self {
        let (x, j) = linalg::jacobian::<&SVector<_, M>, _, _, _, _>(f, z);
        Self { x, p: j * r * j.transpose() }
    }

    /// Predicts the next state, `x ← f(x)`, with process noise of covariance Q.
    pub(crate) fn predict(&mut self, f: impl FnMut(Duals<N, N>) -> Duals<N, N>, q: &SMatrix<f64, N, N>) {
        let (x, f) = linalg::jacobian::<&SVector<_, N>, _, _, _, _>(f, &self.x);
        *self = Self { x, p: f * self.p * f.transpose() + q };
    }

    /// Corrects the state by the measurement `z = h(x)`, with noise of covariance R. Returns `None` and changes nothing
    /// if the covariance of the innovation is not positive definite.
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
        // Joseph's form stays positive definite whatever the rounding errors.
        let i_kh = SMatrix::identity() - k * h;
        self.p = i_kh * self.p * i_kh.transpose() + k * r * k.transpose();
        Some(Innovation { y, s, squared: y.dot(&cholesky.solve(&y)) })
    }
}
