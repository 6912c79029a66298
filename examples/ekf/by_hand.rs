//! F and H derived by hand (Montenbruck & Gill, chapter 7). They are only used for comparison.

use super::earth::{self, GM, J2, RADIUS, Radar};
use super::{Pass, satellite};
use nalgebra::{Matrix3, Matrix3x6, Matrix6, RowVector3, SMatrix, Vector3, Vector6};
use nilpotent::linalg;

/// Returns the relative differences from `linalg::jacobian`: of F over the half minute before `utc`, and of H at `utc`.
pub(crate) fn disagreement(radar: &Radar, pass: &Pass, utc: f64) -> (f64, f64) {
    let (x, seconds) = (pass.at(utc).0, -30.0);
    let (_, f) = linalg::jacobian(|x| satellite::flow(x, seconds), &x);
    let (_, h) = linalg::jacobian(|x| satellite::seen(radar, utc, &x), &x);
    (apart::<3, 3, 6, 6>(&f, &transition(&x, seconds)), apart::<1, 3, 3, 6>(&h, &partials(radar, utc, &x)))
}

/// The largest `‖A - B‖/‖B‖` of all blocks of R×C entries. Blocks are compared one by one, since entries of different
/// units differ in size.
fn apart<const R: usize, const C: usize, const M: usize, const N: usize>(
    a: &SMatrix<f64, M, N>,
    b: &SMatrix<f64, M, N>,
) -> f64 {
    let blocks = (0..M / R).flat_map(|i| (0..N / C).map(move |j| (i * R, j * C)));
    let ratios = blocks.map(|at| {
        let difference = (a - b).fixed_view::<R, C>(at.0, at.1).norm();
        if difference == 0.0 { 0.0 } else { difference / b.fixed_view::<R, C>(at.0, at.1).norm() }
    });
    ratios.fold(0.0, f64::max)
}

/// `∂a/∂r`: the part of the sphere, `μ(3rrᵀ/r⁵ - I/r³)`, and that of the oblateness.
fn gravity_gradient(r: &Vector3<f64>) -> Matrix3<f64> {
    let (n, z, k) = (r.norm(), r.z, Vector3::z());
    let (i, rr) = (Matrix3::identity(), r * r.transpose());
    let sphere = (rr * (3.0 / (n * n)) - i) * (GM / n.powi(3));
    let oblate = i * (1.0 - 5.0 * z * z / (n * n))
        - rr * (5.0 / (n * n) - 35.0 * z * z / n.powi(4))
        - (r * k.transpose() + k * r.transpose()) * (10.0 * z / (n * n))
        + k * k.transpose() * 2.0;
    sphere - oblate * (1.5 * J2 * GM * RADIUS * RADIUS / n.powi(5))
}

/// The state transition matrix: integrates the variational equation `Φ' = [0 I; ∂a/∂r 0]·Φ` together with the orbit.
fn transition(x: &Vector6<f64>, seconds: f64) -> Matrix6<f64> {
    let rate = |y: &SMatrix<f64, 6, 7>| {
        let r = y.fixed_view::<3, 1>(0, 0).into_owned();
        let mut rate = SMatrix::<f64, 6, 7>::zeros();
        rate.fixed_view_mut::<3, 7>(0, 0).copy_from(&y.fixed_view::<3, 7>(3, 0));
        rate.fixed_view_mut::<3, 1>(3, 0).copy_from(&satellite::gravity(&r));
        rate.fixed_view_mut::<3, 6>(3, 1).copy_from(&(gravity_gradient(&r) * y.fixed_view::<3, 6>(0, 1)));
        rate
    };
    let steps = (seconds.abs() / satellite::LONGEST_STEP).ceil();
    let h = seconds / steps;
    let mut y = SMatrix::<f64, 6, 7>::zeros();
    y.set_column(0, x);
    y.fixed_view_mut::<6, 6>(0, 1).fill_with_identity();
    for _ in 0..steps as usize {
        let k1 = rate(&y);
        let k2 = rate(&(y + k1 * (h / 2.0)));
        let k3 = rate(&(y + k2 * (h / 2.0)));
        let k4 = rate(&(y + k3 * h));
        y += (k1 + (k2 + k3) * 2.0 + k4) * (h / 6.0);
    }
    y.fixed_view::<6, 6>(0, 1).into_owned()
}

/// The partial derivatives of azimuth, elevation and range with respect to the state.
fn partials(radar: &Radar, utc: f64, x: &Vector6<f64>) -> Matrix3x6<f64> {
    let turn = radar.axes * earth::rotation(utc).matrix();
    let s = turn * satellite::position(x) - radar.axes * radar.place;
    let (level2, range2) = (s.x * s.x + s.y * s.y, s.norm_squared());
    let (level, range) = (level2.sqrt(), range2.sqrt());
    let local = Matrix3::from_rows(&[
        RowVector3::new(s.y, -s.x, 0.0) / level2,
        RowVector3::new(-s.x * s.z, -s.y * s.z, level2) / (level * range2),
        s.transpose() / range,
    ]);
    let mut h = Matrix3x6::zeros();
    h.fixed_view_mut::<3, 3>(0, 0).copy_from(&(local * turn));
    h
}
