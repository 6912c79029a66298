//! Rigid motions: the exponential map of SE(3) and its inverse, analytic at the identity.
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

use super::Number;
use super::quaternion::{from_scaled_axis, scaled_axis, stumpff};
use nalgebra::{Isometry3, Translation3, Vector3, Vector6};

/// `|B₂ₖ|/(2k)!`, k = 1, 2, …: the coefficients of `d` in powers of θ², by which they shrink like (2π)⁻²ᵏ.
const D: [f64; 12] = [
    0.083_333_333_333_333_33,
    0.001_388_888_888_888_889,
    3.306_878_306_878_307e-5,
    8.267_195_767_195_768e-7,
    2.087_675_698_786_81e-8,
    5.284_190_138_687_493e-10,
    1.338_253_653_068_467_9e-11,
    3.389_680_296_322_582_7e-13,
    8.586_062_056_277_845e-15,
    2.174_868_698_558_062e-16,
    5.509_002_828_360_229_5e-18,
    1.395_446_468_581_252_3e-19,
];

/// The motion that moves with the twist `[u, v]` for unit time.
///
/// ```
/// use nalgebra::{Matrix6, Vector6};
/// use nilpotent::linalg::{self, se3};
///
/// // log(exp(x)) = x, also at the identity.
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

/// The twist `x` with `exp(x)` the motion, its angle at most π.
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
        D.iter().rev().fold(T::zero(), |sum, &d| sum * t + T::lit(d))
    } else {
        (T::one() - stumpff(1, t) / (stumpff(2, t) * T::lit(2.0))) / t
    };
    let u = x.translation.vector;
    let vu = v.cross(&u);
    let u = u - vu * T::lit(0.5) + v.cross(&vu) * d;
    Vector6::new(u.x, u.y, u.z, v.x, v.y, v.z)
}

fn split<T: Number>(x: &Vector6<T>) -> (Vector3<T>, Vector3<T>) {
    (Vector3::new(x[0], x[1], x[2]), Vector3::new(x[3], x[4], x[5]))
}
