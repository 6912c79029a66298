//! Quaternions: exponentials, logarithms and functions that use them, with right derivatives at the identity.
//!
//! At the angle 0 nalgebra returns the identity or 0 as a constant, so the derivative is lost just where most optimizations
//! over poses start. Here both maps are power series in the squared angle, which has no kink. Where the closed formulas are
//! accurate, they are used instead.

use super::number::Number;
use super::vector::{norm, normalize};
use crate::rules;
use nalgebra::{Quaternion, Unit, UnitQuaternion, Vector3};

/// Below this value of t, [`stumpff`] sums its series.
const SERIES_BELOW: f64 = 4.0;

/// Returns the Stumpff function `cₘ(t) = Σ (-t)ᵏ/(2k+m)!` for t ≥ 0.
///
/// For m = 0, 1, 2, 3 it is cos √t, sin √t/√t, (1 - cos √t)/t, (√t - sin √t)/√t³. See K. Stumpff, *Himmelsmechanik* I, 1959,
/// section 41.
pub(super) fn stumpff<T: Number>(m: u32, t: T) -> T {
    if t < T::lit(SERIES_BELOW) {
        // The last term is below 4¹⁸/36! < 1e-30, so the series is accurate for several derivatives too.
        let first = (1..=m).map(f64::from).product::<f64>().recip();
        let ratio = |k: f64| ((2.0 * k + f64::from(m) - 1.0) * (2.0 * k + f64::from(m))).recip();
        let sum = (1..=terms(t, 18)).rev().fold(T::one(), |sum, k| T::one() - sum * t * T::lit(ratio(f64::from(k))));
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

/// Returns the last power of `t = ‖v‖²` that matters in a series of `all` powers and in its derivatives in v.
///
/// Where v is 0, as at every perturbation, derivatives of order n see only the powers up to tⁿᐟ². For small v the next powers
/// are smaller by a factor of t than those that are summed. All numbers of first order then take one power instead of 18.
pub(super) fn terms<T: Number>(t: T, all: u32) -> u32 {
    // A program is replayed at other values of t.
    if !T::RECORDS && t < T::lit(1e-24) { all.min(T::ORDER / 2 + 1) } else { all }
}

/// Returns the rotation by the angle `‖v‖` about `v`: `(cos ‖v‖/2, v/‖v‖·sin ‖v‖/2)`, like
/// `UnitQuaternion::from_scaled_axis`.
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

/// Returns the axis scaled by the angle in [0, π], `2 v/‖v‖·atan2(‖v‖, w)`, like `UnitQuaternion::scaled_axis`.
///
/// At the angle π there are two such vectors, and the sign bit of the scalar part chooses one.
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
    // q and -q are the same rotation. The one with w ≥ 0 has an angle of at most π.
    let flip = nalgebra::RealField::is_sign_negative(&q.w);
    let (w, v) = if flip { (-q.w, -q.imag()) } else { (q.w, q.imag()) };
    let square = v.norm_squared();
    let twice_ratio = if square * T::lit(16.0) < w * w {
        // atan(u)/u = Σ (-u²)ᵏ/(2k+1), u = ‖v‖/w < 1/4.
        let z = square / (w * w);
        (0..=terms(z, 19)).rev().fold(T::zero(), |sum, k| T::lit(2.0 / f64::from(2 * k + 1)) - sum * z) / w
    } else {
        let n = rules::sqrt(square);
        let half = rules::atan2(n, w);
        (half + half) / n
    };
    v * twice_ratio
}

/// Returns the rotation by `t` times the angle, `exp(t·log q)`, like `UnitQuaternion::powf`.
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

/// Interpolates from `p` at t = 0 to `q` at t = 1: `(q·p⁻¹)ᵗ·p`, like `UnitQuaternion::slerp`.
///
/// The derivatives are right also where `p` and `q` are equal.
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

/// Returns the shortest rotation from the direction of `a` to that of `b`, like `UnitQuaternion::rotation_between`.
///
/// For unit vectors it is `(1 + a·b, a × b)`, normalized. The result is `None` if the directions are opposite, or if one
/// of the vectors is 0.
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

/// Returns the exponential `eʷ(cos ‖v‖, v/‖v‖·sin ‖v‖)` of `w + v`, like `Quaternion::exp`, but right also where v = 0.
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

/// Returns the logarithm `ln ‖q‖ + v/‖v‖·atan2(‖v‖, w)` of `q = w + v` with w ≥ 0, like `Quaternion::ln`, but right also
/// where v = 0.
///
/// For w < 0 it returns the logarithm of -q, which is the same rotation.
///
/// ```
/// use nalgebra::Quaternion;
/// use nilpotent::linalg::quaternion;
///
/// assert_eq!(quaternion::ln(&Quaternion::from_real(2.0)), Quaternion::from_real(2.0_f64.ln()));
/// ```
pub fn ln<T: Number>(q: &Quaternion<T>) -> Quaternion<T> {
    // The scaled axis depends only on the ratio of v and w, so q need not have the length 1.
    let half = scaled_axis(&Unit::new_unchecked(*q)) * T::lit(0.5);
    Quaternion::from_parts(rules::ln(norm(&q.coords)), half)
}
