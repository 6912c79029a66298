//! Unit quaternions from and to scaled axes, analytic at the identity.
//!
//! nalgebra branches on the angle and returns the identity or 0 as a constant there, so that the derivative, which every
//! optimisation over poses starts with, is lost. Here both maps are written as power series in the squared angle, which
//! has no kink, and change to the closed formulas where those are accurate.

use super::Number;
use crate::rules;
use nalgebra::{Quaternion, Unit, UnitQuaternion, Vector3};

/// Below this t, [`stumpff`] sums its series.
const SERIES_BELOW: f64 = 4.0;

/// The Stumpff function `cₘ(t) = Σ (-t)ᵏ/(2k+m)!` for t ≥ 0: cos √t, sin √t/√t, (1 - cos √t)/t, (√t - sin √t)/√t³.
///
/// See K. Stumpff, *Himmelsmechanik* I, 1959, section 41.
pub(super) fn stumpff<T: Number>(m: u32, t: T) -> T {
    if t < T::lit(SERIES_BELOW) {
        // 4¹⁸/36! is below 1e-30, which leaves room for several derivatives.
        let first = (1..=m).map(f64::from).product::<f64>().recip();
        let ratio = |k: f64| ((2.0 * k + f64::from(m) - 1.0) * (2.0 * k + f64::from(m))).recip();
        let sum = (1..=18).rev().fold(T::one(), |sum, k| T::one() - sum * t * T::lit(ratio(f64::from(k))));
        return sum * T::lit(first);
    }
    let angle = rules::sqrt(t);
    match m {
        0 => rules::cos(angle),
        1 => rules::sin(angle) / angle,
        2 => (T::one() - rules::cos(angle)) / t,
        _ => (T::one() - rules::sin(angle) / angle) / t,
    }
}

/// The rotation by `‖v‖` about `v`: `(cos ‖v‖/2, v/‖v‖·sin ‖v‖/2)`, as `UnitQuaternion::from_scaled_axis`.
///
/// ```
/// use nalgebra::{Vector3, matrix};
/// use nilpotent::linalg::{self, quaternion};
///
/// let (_, j) = linalg::jacobian(|v| quaternion::from_scaled_axis(&v).imag(), &Vector3::zeros());
/// assert_eq!(j, matrix![0.5, 0.0, 0.0; 0.0, 0.5, 0.0; 0.0, 0.0, 0.5]);
/// ```
pub fn from_scaled_axis<T: Number>(v: &Vector3<T>) -> UnitQuaternion<T> {
    let t = v.norm_squared() * T::lit(0.25);
    Unit::new_unchecked(Quaternion::from_parts(stumpff(0, t), v * (stumpff(1, t) * T::lit(0.5))))
}

/// The axis scaled by the angle in [0, π], `2 v/‖v‖·atan2(‖v‖, w)`, as `UnitQuaternion::scaled_axis`. At the angle π it
/// takes the side of the sign bit of the scalar part.
///
/// ```
/// use nalgebra::{UnitQuaternion, Vector3, matrix};
/// use nilpotent::linalg::{self, quaternion};
///
/// // With respect to a right perturbation, at the identity.
/// let (_, j) = linalg::jacobian(|q| quaternion::scaled_axis(&q), &UnitQuaternion::identity());
/// assert_eq!(j, matrix![1.0, 0.0, 0.0; 0.0, 1.0, 0.0; 0.0, 0.0, 1.0]);
/// ```
pub fn scaled_axis<T: Number>(q: &UnitQuaternion<T>) -> Vector3<T> {
    // q and -q are the same rotation; the one with w ≥ 0 has the angle up to π.
    let flip = nalgebra::RealField::is_sign_negative(&q.w);
    let (w, v) = if flip { (-q.w, -q.imag()) } else { (q.w, q.imag()) };
    let square = v.norm_squared();
    let twice_ratio = if square * T::lit(16.0) < w * w {
        // atan(u)/u = Σ (-u²)ᵏ/(2k+1), u = ‖v‖/w < 1/4.
        let z = square / (w * w);
        (0..20).rev().fold(T::zero(), |sum, k| T::lit(2.0 / f64::from(2 * k + 1)) - sum * z) / w
    } else {
        let n = rules::sqrt(square);
        let half = rules::atan2(n, w);
        (half + half) / n
    };
    v * twice_ratio
}
