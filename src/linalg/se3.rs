//! Rigid motions: the exponential map of SE(3) and its inverse, with right derivatives at the identity.
//!
//! A tangent vector is `[u, v]`, translation first. With θ = ‖v‖ and cₘ the Stumpff functions of θ²,
//!
//! ```text
//! exp [u, v] = (V·u, exp [v]×),   V   = I + c₂·[v]× + c₃·[v]×²
//!                                 V⁻¹ = I - ½·[v]× + d·[v]×²,   d = (1 - c₁/(2c₂))/θ²
//! ```
//!
//! (E. Eade, *Lie groups for 2D and 3D transformations*, 2017; J.-L. Blanco, *A tutorial on SE(3) transformation
//! parameterizations*, 2010.)

use super::number::Number;
use super::quaternion::{from_scaled_axis, scaled_axis, stumpff, terms};
use crate::special::BERNOULLI;
use nalgebra::{Isometry3, Translation3, Vector3, Vector6};

/// Returns the motion with the twist `[u, v]` after unit time.
///
/// ```
/// use nalgebra::{Matrix6, Vector6};
/// use nilpotent::linalg::{self, se3};
///
/// // log(exp(x)) = x, and its Jacobian is right also at the identity.
/// let (y, j) = linalg::jacobian(|x| se3::log(&se3::exp(&x)), &Vector6::<f64>::zeros());
/// assert_eq!((y, j), (Vector6::zeros(), Matrix6::identity()));
/// ```
pub fn exp<T: Number>(x: &Vector6<T>) -> Isometry3<T> {
    let (u, v) = split(x);
    let t = v.norm_squared();
    let vu = v.cross(&u);
    let moved = u + vu * stumpff(2, t) + v.cross(&vu) * stumpff(3, t);
    Isometry3::from_parts(Translation3::from(moved), from_scaled_axis(&v))
}

/// Returns the twist whose exponential is the motion `x`. Its angle is at most π.
///
/// ```
/// use nalgebra::{Isometry3, Matrix6};
/// use nilpotent::linalg::{self, se3};
///
/// let (_, j) = linalg::jacobian(|x| se3::log(&x), &Isometry3::<f64>::identity());
/// assert_eq!(j, Matrix6::identity());
/// ```
pub fn log<T: Number>(x: &Isometry3<T>) -> Vector6<T> {
    let v = scaled_axis(&x.rotation);
    let t = v.norm_squared();
    let d = if t < T::one() {
        // Σ |B₂ₖ|/(2k)!·t^(k-1)
        BERNOULLI[..=terms(t, BERNOULLI.len() as u32 - 1) as usize]
            .iter()
            .rev()
            .fold(T::zero(), |sum, b| sum * t + T::lit(b.abs()))
    } else {
        (T::one() - stumpff(1, t) / (stumpff(2, t) * T::lit(2.0))) / t
    };
    let u = x.translation.vector;
    let vu = v.cross(&u);
    let u = u - vu * T::lit(0.5) + v.cross(&vu) * d;
    Vector6::new(u.x, u.y, u.z, v.x, v.y, v.z)
}

/// Splits a twist into its translation and its rotation.
fn split<T: Number>(x: &Vector6<T>) -> (Vector3<T>, Vector3<T>) {
    (Vector3::new(x[0], x[1], x[2]), Vector3::new(x[3], x[4], x[5]))
}
