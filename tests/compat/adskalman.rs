//! adskalman: the estimates of Kalman filters and smoothers as functions of the noise, against closed forms: the mean
//! of a constant, the fit of a line, the steady state.

use crate::common::Row;
use crate::hold;
use adskalman::{
    CovarianceUpdateMethod, Error, KalmanFilterNoControl, ObservationModel, StateAndCovariance,
    TransitionModelLinearNoControl,
};
use nalgebra::{Const, DimMin, Matrix2, RealField, SMatrix, SVector, Vector1, Vector2, matrix, vector};
use nilpotent::Real;
use nilpotent::linalg::Number;

pub const ROWS: &[Row] = &[Row {
    name: "adskalman",
    version: "0.18",
    what: "filter and smoother, each update of the covariance",
    asks: "nalgebra's `RealField`",
    feature: "nalgebra",
    numbers: "all",
}];

/// A linear model of N states, where the first state is observed.
struct Model<T, const N: usize> {
    f: SMatrix<T, N, N>,
    ft: SMatrix<T, N, N>,
    q: SMatrix<T, N, N>,
    h: SMatrix<T, 1, N>,
    ht: SMatrix<T, N, 1>,
    r: SMatrix<T, 1, 1>,
}

impl<T: RealField, const N: usize> Model<T, N> {
    fn new(f: SMatrix<T, N, N>, q: SMatrix<T, N, N>, r: T) -> Self {
        let h = SMatrix::<T, 1, N>::from_fn(|_, j| if j == 0 { T::one() } else { T::zero() });
        Self { ft: f.transpose(), f, q, ht: h.transpose(), h, r: Vector1::new(r) }
    }
}

impl<T: RealField, const N: usize> TransitionModelLinearNoControl<T, Const<N>> for Model<T, N> {
    fn F(&self) -> &SMatrix<T, N, N> {
        &self.f
    }

    fn FT(&self) -> &SMatrix<T, N, N> {
        &self.ft
    }

    fn Q(&self) -> &SMatrix<T, N, N> {
        &self.q
    }
}

impl<T: RealField, const N: usize> ObservationModel<T, Const<N>, Const<1>> for Model<T, N>
where
    Const<N>: DimMin<Const<N>, Output = Const<N>>,
{
    fn H(&self) -> &SMatrix<T, 1, N> {
        &self.h
    }

    fn HT(&self) -> &SMatrix<T, N, 1> {
        &self.ht
    }

    fn R(&self) -> &SMatrix<T, 1, 1> {
        &self.r
    }
}

const OBSERVED: [f64; 6] = [1.2, 0.7, 1.9, f64::NAN, 1.1, 1.4];
/// The number of observations: one of six is missing.
const N: f64 = 5.0;
const SUM: f64 = 6.3;
/// The mean and the variance of the prior.
const PRIOR: (f64, f64) = (0.5, 2.0);

/// The mean of a constant and its variance, by a filter with one state and no process noise.
fn constant<T: Number>(r: T, how: Option<CovarianceUpdateMethod>) -> Result<(T, T), Error> {
    let model = Model::new(Vector1::new(T::one()), Vector1::new(T::zero()), r);
    let filter = KalmanFilterNoControl::new(&model, &model);
    let mut x = StateAndCovariance::new(Vector1::new(T::lit(PRIOR.0)), Vector1::new(T::lit(PRIOR.1)));
    for y in OBSERVED.map(|y| Vector1::new(T::lit(y))) {
        x = match how {
            Some(how) => filter.step_with_options(&x, &y, how)?,
            None => filter.step(&x, &y)?,
        };
    }
    Ok((x.state()[0], x.covariance()[0]))
}

#[test]
fn the_mean_of_a_constant() {
    use CovarianceUpdateMethod::{JosephForm, OptimalKalman, OptimalKalmanForcedSymmetric};
    let (m, p) = PRIOR;
    for how in [None, Some(OptimalKalman), Some(OptimalKalmanForcedSymmetric), Some(JosephForm)] {
        for r in [0.3, 4.0] {
            let (w, d) = (r + N * p, p * (N * m - SUM));
            let mean = [(m * r + SUM * p) / w, d / w.powi(2), -2.0 * d / w.powi(3)];
            hold!(|r| constant(r, how).unwrap().0, r, mean, 1e-14; all);
            let variance = [p * r / w, N * p * p / w.powi(2), -2.0 * N * p * p / w.powi(3)];
            hold!(|r| constant(r, how).unwrap().1, r, variance, 1e-14; all);
        }
    }
}

/// A position and a velocity without process noise: the ridge regression of a line, (λ + XᵀX)·β = Xᵀy with λ = r/p.
fn line<T: Number>(r: T, smooth: bool) -> Vec<StateAndCovariance<T, Const<2>>> {
    let (one, zero) = (T::one(), T::zero());
    let model = Model::new(matrix![one, one; zero, one], Matrix2::zeros(), r);
    let filter = KalmanFilterNoControl::new(&model, &model);
    let start = StateAndCovariance::new(Vector2::zeros(), Matrix2::from_diagonal_element(T::lit(PRIOR.1)));
    let observed = OBSERVED.map(|y| Vector1::new(T::lit(y)));
    if smooth { filter.smooth(&start, &observed) } else { filter.filter(&start, &observed) }.unwrap()
}

#[test]
fn the_fit_of_a_line() {
    let (r, p) = (0.3, PRIOR.1);
    let (mut g, mut c) = (Matrix2::identity() * (r / p), Vector2::zeros());
    for (i, y) in OBSERVED.into_iter().enumerate().filter(|(_, y)| !y.is_nan()) {
        let x = vector![1.0, (i + 1) as f64];
        g += x * x.transpose();
        c += x * y;
    }
    let inverse = g.try_inverse().unwrap();
    let beta = inverse * c;
    let d = -(inverse * beta) / p;
    let dd = -2.0 * inverse * d / p;
    // The variance is r·M⁻¹, with M' = 1/p.
    let square = inverse * inverse;
    let variance =
        [inverse * r, inverse - square * (r / p), square * inverse * (2.0 * r / (p * p)) - square * (2.0 / p)];
    for (k, time) in [1.0, 2.0, 3.0, 4.0, 5.0, 6.0].into_iter().enumerate() {
        let at = |beta: SVector<f64, 2>| beta[0] + time * beta[1];
        let x = vector![1.0, time];
        let quadratic = |a: Matrix2<f64>| (x.transpose() * a * x)[0];
        let place = [at(beta), at(d), at(dd)];
        let spread = variance.map(quadratic);
        hold!(|r| line(r, true)[k].state()[0], r, place, 1e-12; all);
        hold!(|r| line(r, true)[k].state()[1], r, [beta[1], d[1], dd[1]], 1e-12; all);
        hold!(|r| line(r, true)[k].covariance()[(0, 0)], r, spread, 1e-12; all);
        if k == 5 {
            hold!(|r| line(r, false)[k].state()[0], r, place, 1e-13; all);
            hold!(|r| line(r, false)[k].covariance()[(0, 0)], r, spread, 1e-13; all);
        }
    }
}

/// A random walk: the variance tends to (√(q² + 4qr) - q)/2, and its derivatives tend to those of this limit.
fn steady<T: Number + Real>(q: T, r: f64) -> T {
    let model = Model::new(Vector1::new(T::one()), Vector1::new(q), T::lit(r));
    let filter = KalmanFilterNoControl::new(&model, &model);
    let mut x = StateAndCovariance::new(Vector1::zeros(), Vector1::new(T::one()));
    for _ in 0..100 {
        x = filter.step(&x, &Vector1::zeros()).unwrap();
    }
    x.covariance()[0]
}

#[test]
fn the_steady_state() {
    let r = 0.7;
    for q in [0.2, 1.0] {
        let w = (q * q + 4.0_f64 * q * r).sqrt();
        let expected = [(w - q) / 2.0, ((q + 2.0 * r) / w - 1.0) / 2.0, -2.0 * r * r / w.powi(3)];
        hold!(|q| steady(q, r), q, expected, 1e-14; all);
    }
}
