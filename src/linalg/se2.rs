//! Rigid motions of the plane: the exponential map of SE(2) and its inverse, with right derivatives at the identity.
//!
//! A tangent vector is `[x, y, θ]`, translation first. With cₘ the Stumpff functions of θ²,
//!
//! ```text
//! exp [u, θ] = (V·u, rotation by θ),   V   = (c₁  -θ·c₂)     V⁻¹ = ( g   θ/2)
//!                                            (θ·c₂   c₁)           (-θ/2   g),   g = c₁/(2c₂) = θ/2·cot(θ/2)
//! ```
//!
//! (E. Eade, *Lie groups for 2D and 3D transformations*, 2017, section 4.)

use super::number::Number;
use super::quaternion::stumpff;
use nalgebra::{Isometry2, Translation2, UnitComplex, Vector3};

/// Returns the motion with the twist `[x, y, θ]` after unit time.
///
/// ```
/// use nalgebra::{Matrix3, Vector3};
/// use nilpotent::linalg::{self, se2};
///
/// // log(exp(x)) = x, and its Jacobian is right also at the identity.
/// let (y, j) = linalg::jacobian(|x| se2::log(&se2::exp(&x)), &Vector3::<f64>::zeros());
/// assert_eq!((y, j), (Vector3::zeros(), Matrix3::identity()));
/// ```
pub fn exp<T: Number>(x: &Vector3<T>) -> Isometry2<T> {
    let (u, v, angle) = (x.x, x.y, x.z);
    let t = angle * angle;
    let (a, b) = (stumpff(1, t), stumpff(2, t) * angle);
    Isometry2::from_parts(Translation2::new(a * u - b * v, b * u + a * v), UnitComplex::new(angle))
}

/// Returns the twist whose exponential is the motion `x`. Its angle is in (-π, π].
///
/// ```
/// use nalgebra::{Isometry2, Matrix3};
/// use nilpotent::linalg::{self, se2};
///
/// let (_, j) = linalg::jacobian(|x| se2::log(&x), &Isometry2::<f64>::identity());
/// assert_eq!(j, Matrix3::identity());
/// ```
pub fn log<T: Number>(x: &Isometry2<T>) -> Vector3<T> {
    let angle = x.rotation.angle();
    let t = angle * angle;
    let half = T::lit(0.5);
    let (g, h) = (stumpff(1, t) * half / stumpff(2, t), angle * half);
    let u = x.translation.vector;
    Vector3::new(g * u.x + h * u.y, g * u.y - h * u.x, angle)
}
