//! Rotations of space: the exponential map of SO(3) and its inverse, with right derivatives at the identity.

use super::number::Number;
use super::quaternion;
use nalgebra::{Rotation3, UnitQuaternion, Vector3};

/// Returns the rotation by the angle `‖v‖` about `v`: `exp([v]×)`, where `[v]×·a = v × a`.
///
/// ```
/// use nalgebra::{Vector3, vector};
/// use nilpotent::linalg::{self, so3};
///
/// // At the identity, d/dv exp([v]×)·a = -[a]×.
/// let a = vector![1.0, 2.0, 3.0];
/// let (_, j) = linalg::jacobian(|v| so3::exp(&v) * linalg::lift::<_, _>(&a), &Vector3::zeros());
/// assert_eq!(j, -a.cross_matrix());
/// ```
pub fn exp<T: Number>(v: &Vector3<T>) -> Rotation3<T> {
    quaternion::from_scaled_axis(v).to_rotation_matrix()
}

/// Returns the vector `v` with `‖v‖ ≤ π` whose exponential is the rotation.
///
/// ```
/// use nalgebra::{Matrix3, Rotation3};
/// use nilpotent::linalg::{self, so3};
///
/// let (_, j) = linalg::jacobian(|r| so3::log(&r), &Rotation3::<f64>::identity());
/// assert_eq!(j, Matrix3::identity());
/// ```
pub fn log<T: Number>(r: &Rotation3<T>) -> Vector3<T> {
    quaternion::scaled_axis(&UnitQuaternion::from_rotation_matrix(r))
}
