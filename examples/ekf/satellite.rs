//! The satellite: how it moves, and what the radar sees of it. Each is one function over nalgebra's `RealField`, and
//! contains no derivative.

use super::earth::{self, GM, J2, RADIUS, Radar};
use nalgebra::{RealField, Vector3, Vector6, convert, vector};

/// The longest step of the integration, in s.
pub(crate) const LONGEST_STEP: f64 = 15.0;

/// Gravity of the oblate Earth, `∇ μ/r·(1 - J₂·(R/r)²·P₂(z/r))`.
pub(crate) fn gravity<T: RealField + Copy>(r: &Vector3<T>) -> Vector3<T> {
    let r2 = r.norm_squared();
    let sphere = -convert::<_, T>(GM) / (r2 * r2.sqrt());
    let oblate = convert::<_, T>(1.5 * J2 * RADIUS * RADIUS) / r2;
    let latitude = convert::<_, T>(5.0) * r.z * r.z / r2;
    let side = sphere * (T::one() + oblate * (T::one() - latitude));
    let axial = sphere * (T::one() + oblate * (convert::<_, T>(3.0) - latitude));
    vector![r.x * side, r.y * side, r.z * axial]
}

/// The process f: position and velocity some seconds later, by the fourth-order Runge-Kutta method.
pub(crate) fn flow<T: RealField + Copy>(mut x: Vector6<T>, seconds: f64) -> Vector6<T> {
    let steps = (seconds.abs() / LONGEST_STEP).ceil();
    let h: T = convert(seconds / steps.max(1.0));
    let [half, sixth, two] = [0.5, 1.0 / 6.0, 2.0].map(convert::<_, T>);
    for _ in 0..steps as usize {
        let k1 = rate(&x);
        let k2 = rate(&(x + k1 * (h * half)));
        let k3 = rate(&(x + k2 * (h * half)));
        let k4 = rate(&(x + k3 * h));
        x += (k1 + (k2 + k3) * two + k4) * (h * sixth);
    }
    x
}

fn rate<T: RealField + Copy>(x: &Vector6<T>) -> Vector6<T> {
    let a = gravity(&position(x));
    vector![x[3], x[4], x[5], a.x, a.y, a.z]
}

pub(crate) fn position<T: RealField + Copy>(x: &Vector6<T>) -> Vector3<T> {
    x.fixed_rows::<3>(0).into_owned()
}

/// The measurement h at a time of day: azimuth from north towards east, elevation, and range.
pub(crate) fn seen<T: RealField + Copy>(radar: &Radar, utc: f64, x: &Vector6<T>) -> Vector3<T> {
    let r = earth::rotation(utc).cast::<T>() * position(x) - radar.place.cast::<T>();
    let [east, north, up] = (radar.axes.cast::<T>() * r).into();
    let level = east.hypot(north);
    let azimuth = east.atan2(north);
    let azimuth = if azimuth < T::zero() { azimuth + T::two_pi() } else { azimuth };
    vector![azimuth, up.atan2(level), level.hypot(up)]
}

/// The satellite's position from one measurement: the inverse of [`seen`].
pub(crate) fn placed<T: RealField + Copy>(radar: &Radar, utc: f64, z: &Vector3<T>) -> Vector3<T> {
    let ((sa, ca), (se, ce)) = (z[0].sin_cos(), z[1].sin_cos());
    let local = vector![sa * ce, ca * ce, se] * z[2];
    earth::rotation(utc).cast::<T>().inverse() * (radar.axes.cast::<T>().tr_mul(&local) + radar.place.cast::<T>())
}

/// The state at the second of two measurements. The velocity follows from Taylor's formula, `v = (b - a)/h + g·h/2`,
/// where h is the time between them.
pub(crate) fn start<T: RealField + Copy>(radar: &Radar, utc: [f64; 2], z: &Vector6<T>) -> Vector6<T> {
    let a = placed(radar, utc[0], &z.fixed_rows::<3>(0).into_owned());
    let b = placed(radar, utc[1], &z.fixed_rows::<3>(3).into_owned());
    let h = convert::<_, T>(utc[1] - utc[0]);
    let v = (b - a) / h + gravity(&b) * (h * convert::<_, T>(0.5));
    vector![b.x, b.y, b.z, v.x, v.y, v.z]
}
