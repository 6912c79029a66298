//! ndarray-stats: means, moments, entropies, correlations and distances with one varying entry.

use crate::common::Row;
use crate::hold;
use ndarray::{Array1, Array2, array};
use ndarray_stats::{CorrelationExt, DeviationExt, EntropyExt, QuantileExt, SummaryStatisticsExt};
use nilpotent::{Dual, Real, Var};

pub const ROWS: &[Row] = &[Row {
    name: "ndarray-stats",
    version: "0.7",
    what: "means (harmonic, geometric, weighted), weighted variance, central moments, skewness, kurtosis, entropies, covariance, correlation, `sq_l2_dist`, `l1_dist`, `linf_dist`, `min`, `max`",
    asks: "`Float`, `FromPrimitive`",
    feature: "",
    numbers: "all",
}];

fn column<T: Real>(x: T) -> Array1<T> {
    array![x, T::lit(1.0), T::lit(2.0)]
}

/// `u·q^p`, given u and q with their derivatives.
fn power_product(u: [f64; 3], q: [f64; 3], p: f64) -> [f64; 3] {
    let w = q[0].powf(p);
    let (a, b) = (p * q[1] / q[0], p * q[2] / q[0] + p * (p - 1.0) * (q[1] / q[0]).powi(2));
    [u[0] * w, (u[1] + u[0] * a) * w, (u[2] + 2.0 * u[1] * a + u[0] * b) * w]
}

#[test]
fn means() {
    let w = 1.0 + 1.5 * 3.0_f64;
    hold!(|x| column(x).harmonic_mean().unwrap(), 3.0, [9.0 / w, 3.0 / (w * w), -9.0 / (w * w * w)], 1e-15; all);
    let g = 6.0_f64.cbrt();
    hold!(|x| column(x).geometric_mean().unwrap(), 3.0, [g, g / 9.0, -2.0 * g / 81.0], 1e-15; all);
    hold!(
        |x| column(x).weighted_mean(&column(x)).unwrap(),
        3.0,
        power_product([14.0, 6.0, 2.0], [6.0, 1.0, 0.0], -1.0),
        1e-15; all);
    hold!(|x| column(x).weighted_sum(&column(x)).unwrap(), 3.0, [14.0, 6.0, 2.0], 0.0; all);
    // With the weights 1, 1, 2 the variance is (x² + 9)/4 - ((x + 5)/4)².
    let expected = [18.0 / 4.0 - 4.0, 1.5 - 1.0, 0.5 - 0.125];
    hold!(
        |x| column(x).weighted_var(&array![1.0, 1.0, 2.0].mapv(Real::lit), Real::lit(0.0)).unwrap(),
        3.0,
        expected,
        1e-15; all);
    hold!(
        |x| column(x).weighted_std(&array![1.0, 1.0, 2.0].mapv(Real::lit), Real::lit(0.0)).unwrap(),
        3.0,
        power_product([1.0, 0.0, 0.0], expected, 0.5),
        1e-15; all);
}

/// The central moments of (x, 1, 2), derived by hand.
fn moment(x: f64, k: i32) -> [f64; 3] {
    let deviations = [(2.0 * x - 3.0) / 3.0, -x / 3.0, (3.0 - x) / 3.0];
    let slopes = [2.0 / 3.0, -1.0 / 3.0, -1.0 / 3.0];
    let sum = |f: &dyn Fn(f64, f64) -> f64| deviations.iter().zip(slopes).map(|(&d, s)| f(d, s)).sum::<f64>() / 3.0;
    let k0 = f64::from(k);
    [sum(&|d, _| d.powi(k)), sum(&|d, s| k0 * d.powi(k - 1) * s), sum(&|d, s| k0 * (k0 - 1.0) * d.powi(k - 2) * s * s)]
}

#[test]
fn moments() {
    for k in [2, 3, 4, 5] {
        hold!(|x| column(x).central_moment(k).unwrap(), 3.5, moment(3.5, i32::from(k)), 1e-14; all);
    }
    hold!(|x| column(x).skewness().unwrap(), 3.5, power_product(moment(3.5, 3), moment(3.5, 2), -1.5), 1e-14; all);
    hold!(|x| column(x).kurtosis().unwrap(), 3.5, power_product(moment(3.5, 4), moment(3.5, 2), -2.0), 1e-14; all);
}

#[test]
fn entropies() {
    let p: f64 = 0.25;
    let q = 1.0 - p;
    let entropy = [-p * p.ln() - q * q.ln(), (q / p).ln(), -1.0 / (p * q)];
    hold!(|x| array![x, 1.0 - x].entropy().unwrap(), p, entropy, 1e-15; all);
    // The divergence to (½, ½).
    let divergence = [2.0_f64.ln() - entropy[0], -entropy[1], -entropy[2]];
    hold!(|x| array![x, 1.0 - x].kl_divergence(&array![0.5, 0.5].mapv(Real::lit)).unwrap(), p, divergence, 1e-15; all);
    // The cross entropy from it.
    let cross = [-0.5 * (p * q).ln(), -0.5 / p + 0.5 / q, 0.5 / (p * p) + 0.5 / (q * q)];
    hold!(|x| array![0.5, 0.5].mapv(Real::lit).cross_entropy(&array![x, 1.0 - x]).unwrap(), p, cross, 1e-15; all);
    // A share of 0 adds 0 as a constant, so its infinite slope is lost.
    hold!(|x| array![x].entropy().unwrap(), 0.0, [0.0, 0.0, 0.0], 0.0; Dual, Var);
}

#[test]
fn correlations() {
    fn rows<T: Real>(x: T) -> Array2<T> {
        array![[x, T::lit(1.0), T::lit(2.0)], [T::lit(1.0), T::lit(2.0), T::lit(4.0)]]
    }
    let x = 5.0;
    // Σ(xᵢ - x̄)(yᵢ - ȳ) with ȳ = 7/3, and three times the second moment; Σ(yᵢ - ȳ)² = 14/3.
    let joint = [(-4.0 * x - 1.0 + 10.0) / 3.0, -4.0 / 3.0, 0.0];
    let spread = moment(x, 2).map(|m| 3.0 * m * 14.0 / 3.0);
    hold!(|x| rows(x).cov(Real::lit(1.0)).unwrap()[(0, 1)], x, joint.map(|y| y / 2.0), 1e-15; all);
    hold!(|x| rows(x).pearson_correlation().unwrap()[(0, 1)], x, power_product(joint, spread, -0.5), 1e-14; all);
}

#[test]
fn distances_and_extremes() {
    hold!(|x| column(x).sq_l2_dist(&column(x * 0.5)).unwrap(), 3.0, [2.25, 1.5, 0.5], 0.0; all);
    hold!(|x| column(x).l1_dist(&column(x * x)).unwrap(), 3.0, [6.0, 5.0, 2.0], 0.0; all);
    hold!(|x| column(x).linf_dist(&column(x * x)).unwrap(), 3.0, [6.0, 5.0, 2.0], 0.0; all);
    hold!(|x| *column(x).max().unwrap(), 3.0, [3.0, 1.0, 0.0], 0.0; all);
    hold!(|x| *column(x).min().unwrap(), 3.0, [1.0, 0.0, 0.0], 0.0; all);
}

/// `l2_dist` and the mean errors return f64.
#[test]
#[cfg_attr(feature = "trap-loss", should_panic(expected = "through to_f64 and loses its derivative"))]
fn what_is_lost() {
    let x = Dual::<f64>::variable(3.0, 0);
    let distance: f64 = column(x).l2_dist(&column(x * x)).unwrap();
    assert_eq!(distance, 6.0);
}
