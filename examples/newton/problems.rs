//! The problems: functions with their standard starting points, and what is published about their minima.
//!
//! The minima are from Moré, Garbow and Hillstrom, with these exceptions: the minimum 0 of `biggs_exp6` and the local
//! one of `trigonometric` are from gonum (optimize/functions), and the lower one of `chebyquad` 10 is from CUTEst.

use super::functions::*;
use super::minimise::Expansion;
use nalgebra::{DMatrix, DVector, SVector};
use nilpotent::{Dual2, Point, linalg};

/// Values below this count as 0.
const ZERO: f64 = 1e-20;

/// The number that carries a block of the Hessian, for points with any number of variables.
type Block = <&'static DVector<f64> as Point>::Second;
/// Expands a function to second order about a point.
type Expand = dyn Fn(&DVector<f64>) -> Expansion;

/// A function, its starting point, and what is known about its minima.
pub(crate) struct Problem {
    /// The name of the function.
    pub(crate) name: &'static str,
    pub(crate) start: Vec<f64>,
    /// Published minima. They have six digits; some are rounded, some cut off.
    pub(crate) minima: Vec<f64>,
    /// The points at which the first of these minima is attained, as far as they are published.
    pub(crate) minimisers: Vec<Vec<f64>>,
    pub(crate) expand: Box<Expand>,
}

impl Problem {
    /// A problem with N variables. It is differentiated in one pass, by numbers that carry the whole Hessian.
    fn fixed<const N: usize>(
        name: &'static str,
        f: fn([Dual2<f64, N>; N]) -> Dual2<f64, N>,
        start: [f64; N],
        minima: &[f64],
        minimisers: &[[f64; N]],
    ) -> Self {
        let expand = move |x: &DVector<f64>| {
            let x = SVector::<f64, N>::from_column_slice(x.as_slice());
            let (value, g, h) = linalg::hessian(|x| f(x.into()), &x);
            let gradient = DVector::from_column_slice(g.as_slice());
            Expansion { value, gradient, hessian: DMatrix::from_column_slice(N, N, h.as_slice()) }
        };
        Self::new(name, start.to_vec(), minima, minimisers.iter().map(|x| x.to_vec()).collect(), expand)
    }

    /// A problem with any number of variables. It is differentiated in blocks.
    fn variable(
        name: &'static str,
        f: fn(&[Block]) -> Block,
        start: Vec<f64>,
        minima: &[f64],
        minimiser: Option<f64>,
    ) -> Self {
        let expand = move |x: &DVector<f64>| {
            let (value, gradient, hessian) = linalg::hessian(|x| f(x.as_slice()), x);
            Expansion { value, gradient, hessian }
        };
        let minimisers = minimiser.map(|x| vec![x; start.len()]);
        Self::new(name, start, minima, minimisers.into_iter().collect(), expand)
    }

    fn new(
        name: &'static str,
        start: Vec<f64>,
        minima: &[f64],
        minimisers: Vec<Vec<f64>>,
        expand: impl Fn(&DVector<f64>) -> Expansion + 'static,
    ) -> Self {
        Self { name, start, minima: minima.to_vec(), minimisers, expand: Box::new(expand) }
    }

    /// The published minimum nearest to `value`.
    pub(crate) fn nearest(&self, value: f64) -> f64 {
        self.minima.iter().copied().min_by(|a, b| (a - value).abs().total_cmp(&(b - value).abs())).unwrap_or(f64::NAN)
    }

    /// Returns whether `value` is a published minimum, up to one unit in its last digit.
    pub(crate) fn agrees(&self, value: f64) -> bool {
        let published = self.nearest(value);
        let unit = if published == 0.0 { ZERO } else { 10_f64.powf(published.log10().floor() - 5.0) };
        (value - published).abs() < unit
    }

    /// Returns whether `x` is a published minimizer, up to one unit in its fourth digit. It is true as well if none is
    /// published for this minimum.
    pub(crate) fn is_at(&self, x: &DVector<f64>, value: f64) -> bool {
        let near = |(&x, &published): (&f64, &f64)| {
            (x - published).abs() <= if published == 0.0 { 1e-6 } else { 1e-3 * published.abs() }
        };
        let elsewhere = self.minimisers.is_empty() || self.nearest(value) != self.minima[0];
        elsewhere || self.minimisers.iter().any(|published| x.iter().zip(published).all(near))
    }
}

/// `f(1), f(2), …, f(n)`
fn each(n: usize, f: impl Fn(f64) -> f64) -> Vec<f64> {
    (1..=n).map(|i| f(i as f64)).collect()
}

pub(crate) fn all() -> Vec<Problem> {
    let watson = |n, minimum| Problem::variable("watson", watson, vec![0.0; n], &[minimum], None);
    let penalty_1 = |n, minimum| Problem::variable("penalty_1", penalty_1, each(n, |i| i), &[minimum], None);
    let penalty_2 = |n, minimum| Problem::variable("penalty_2", penalty_2, vec![0.5; n], &[minimum], None);
    let rosenbrock = |n: usize| {
        let start = [-1.2, 1.0].repeat(n / 2);
        Problem::variable("extended_rosenbrock", extended_rosenbrock, start, &[0.0], Some(1.0))
    };
    let powell = |n: usize| {
        let start = [3.0, -1.0, 0.0, 1.0].repeat(n / 4);
        Problem::variable("extended_powell", extended_powell, start, &[0.0], Some(0.0))
    };
    let chebyquad = |n: usize| {
        let minima: &[f64] = match n {
            8 => &[3.51687e-3],
            10 => &[6.50395e-3, 4.77271e-3],
            _ => &[0.0],
        };
        Problem::variable("chebyquad", chebyquad, each(n, |i| i / (n as f64 + 1.0)), minima, None)
    };
    let mut problems = vec![
        Problem::fixed("helical_valley", helical_valley, [-1.0, 0.0, 0.0], &[0.0], &[[1.0, 0.0, 0.0]]),
        Problem::fixed(
            "biggs_exp6",
            biggs_exp6,
            [1.0, 2.0, 1.0, 1.0, 1.0, 1.0],
            &[0.0, 5.65565e-3],
            &[[1.0, 10.0, 1.0, 5.0, 4.0, 3.0], [4.0, 10.0, 3.0, 5.0, 1.0, 1.0]],
        ),
        Problem::fixed("gaussian", gaussian, [0.4, 1.0, 0.0], &[1.12793e-8], &[]),
        Problem::fixed("powell_badly_scaled", powell_badly_scaled, [0.0, 1.0], &[0.0], &[[1.098e-5, 9.106]]),
        // The minimum is attained wherever x1 = x2 and x3 = 0, too.
        Problem::fixed("box_3d", box_3d, [0.0, 10.0, 20.0], &[0.0], &[[1.0, 10.0, 1.0], [10.0, 1.0, -1.0]]),
        Problem::variable(
            "variably_dimensioned",
            variably_dimensioned,
            each(10, |i| 1.0 - i / 10.0),
            &[0.0],
            Some(1.0),
        ),
        watson(6, 2.28767e-3),
        watson(9, 1.39976e-6),
        watson(12, 4.72238e-10),
        penalty_1(4, 2.24997e-5),
        penalty_1(10, 7.08765e-5),
        penalty_2(4, 9.37629e-6),
        penalty_2(10, 2.93660e-4),
        Problem::fixed("brown_badly_scaled", brown_badly_scaled, [1.0, 1.0], &[0.0], &[[1e6, 2e-6]]),
        Problem::fixed("brown_and_dennis", brown_and_dennis, [25.0, 5.0, -5.0, -1.0], &[8.58222e4], &[]),
        Problem::fixed("gulf", gulf, [5.0, 2.5, 0.15], &[0.0], &[[50.0, 25.0, 1.5]]),
        Problem::variable("trigonometric", trigonometric, vec![0.1; 10], &[0.0, 2.79506e-5], None),
        rosenbrock(2),
        rosenbrock(20),
        powell(4),
        powell(20),
        Problem::fixed("beale", beale, [1.0, 1.0], &[0.0], &[[3.0, 0.5]]),
        Problem::fixed("wood", wood, [-3.0, -1.0, -3.0, -1.0], &[0.0], &[[1.0, 1.0, 1.0, 1.0]]),
    ];
    problems.extend((1..=10).map(chebyquad));
    problems
}
