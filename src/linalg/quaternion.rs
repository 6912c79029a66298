//! Quaternions: exponentials, logarithms and what stands on them, analytic at the identity.
//!
//! nalgebra branches on the angle and returns the identity or 0 as a constant there, so that the derivative, which every
//! optimisation over poses starts with, is lost. Here both maps are written as power series in the squared angle, which
//! has no kink, and change to the closed formulas where those are accurate.

use super::{Number, norm, normalize};
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

/// The rotation by `t` times the angle, `exp(t·log q)`, as `UnitQuaternion::powf`.
///
/// ```
/// use nalgebra::{Matrix3, UnitQuaternion};
/// use nilpotent::linalg::{self, quaternion};
///
/// let f = |q| quaternion::scaled_axis(&quaternion::powf(&q, 0.25.into()));
/// let (_, j) = linalg::jacobian(f, &UnitQuaternion::<f64>::identity());
/// assert_eq!(j, Matrix3::identity() * 0.25);
/// ```
pub fn powf<T: Number>(q: &UnitQuaternion<T>, t: T) -> UnitQuaternion<T> {
    from_scaled_axis(&(scaled_axis(q) * t))
}

/// The rotation on the way from `p` to `q`, at `p` for t = 0 and at `q` for t = 1: `(q·p⁻¹)ᵗ·p`, as
/// `UnitQuaternion::slerp`, and right also where the two are equal.
///
/// ```
/// use nalgebra::UnitQuaternion;
/// use nilpotent::linalg::quaternion;
///
/// let [p, q] = [0.1, 0.5].map(|a| UnitQuaternion::from_euler_angles(a, 0.0, 0.0));
/// assert!((quaternion::slerp(&p, &q, 0.25).angle() - 0.2_f64).abs() < 1e-15);
/// ```
pub fn slerp<T: Number>(p: &UnitQuaternion<T>, q: &UnitQuaternion<T>, t: T) -> UnitQuaternion<T> {
    powf(&(q / p), t) * p
}

/// The shortest rotation of the direction of `a` to that of `b`, or `None` if they are opposite, or one is 0:
/// `(1 + a·b, a × b)` normalised, for unit vectors; as `UnitQuaternion::rotation_between`.
///
/// ```
/// use nalgebra::Vector3;
/// use nilpotent::linalg::quaternion;
///
/// let q = quaternion::rotation_between(&Vector3::<f64>::x(), &(Vector3::y() * 2.0));
/// assert!(q.is_some_and(|q| (q * Vector3::x() - Vector3::y()).norm() < 1e-15));
/// assert_eq!(quaternion::rotation_between(&Vector3::<f64>::x(), &-Vector3::x()), None);
/// ```
pub fn rotation_between<T: Number>(a: &Vector3<T>, b: &Vector3<T>) -> Option<UnitQuaternion<T>> {
    let (a, b) = (normalize(a), normalize(b));
    let q = Quaternion::from_parts(T::one() + a.dot(&b), a.cross(&b));
    (q.norm_squared() > T::lit(0.0)).then(|| UnitQuaternion::new_normalize(q))
}

/// The exponential `eʷ(cos ‖v‖, v/‖v‖·sin ‖v‖)` of `w + v`, as `Quaternion::exp`, and right also where v = 0.
///
/// ```
/// use nalgebra::Quaternion;
/// use nilpotent::linalg::quaternion;
///
/// assert_eq!(quaternion::exp(&Quaternion::from_real(1.0)), Quaternion::from_real(1.0_f64.exp()));
/// ```
pub fn exp<T: Number>(q: &Quaternion<T>) -> Quaternion<T> {
    let v = q.imag();
    from_scaled_axis(&(v + v)).into_inner() * rules::exp(q.w)
}

/// The logarithm `ln ‖q‖ + v/‖v‖·atan2(‖v‖, w)` of `q = w + v`, w ≥ 0, as `Quaternion::ln`, and right also where v = 0.
/// For w < 0 it is that of -q, the same rotation.
///
/// ```
/// use nalgebra::Quaternion;
/// use nilpotent::linalg::quaternion;
///
/// assert_eq!(quaternion::ln(&Quaternion::from_real(2.0)), Quaternion::from_real(2.0_f64.ln()));
/// ```
pub fn ln<T: Number>(q: &Quaternion<T>) -> Quaternion<T> {
    // The axis depends on the ratio of the parts alone.
    let half = scaled_axis(&Unit::new_unchecked(*q)) * T::lit(0.5);
    Quaternion::from_parts(rules::ln(norm(&q.coords)), half)
}
