//! nalgebra-glm: the functions of OpenGL's shading language, cameras, rotations. Where nalgebra returns early and loses
//! derivatives (docs/nalgebra.md), they are lost here as well.

use crate::common::{Row, along};
use crate::hold;
use nalgebra_glm as glm;
use nalgebra_glm::{TMat4, TVec3};
use nilpotent::num_traits::Float;
use nilpotent::{Dual, Var, linalg};

pub const ROWS: &[Row] = &[Row {
    name: "nalgebra-glm",
    version: "0.21",
    what: "vectors, matrices, cameras, rotations, quaternions, interpolation",
    asks: "nalgebra's `RealField`",
    feature: "nalgebra",
    numbers: "all",
}];

/// A number for which both our bound and that of nalgebra-glm hold.
trait Number: linalg::Number + glm::RealNumber {}

impl<T: linalg::Number + glm::RealNumber> Number for T {}

fn lit<T: Number>(x: f64) -> T {
    T::lit(x)
}

fn vec3<T: Number>(x: [f64; 3]) -> TVec3<T> {
    TVec3::from(x.map(T::lit))
}

const A: [f64; 3] = [1.2, -0.7, 0.4];
const B: [f64; 3] = [-0.3, 0.8, 2.1];
const V: [f64; 3] = [0.6, 0.5, -0.9];

/// The vector A + t·V.
fn moved<T: Number>(t: T) -> TVec3<T> {
    TVec3::from(along(A, V, t))
}

#[test]
fn vectors() {
    let [a, b, v] = [A, B, V].map(vec3::<f64>);
    let (r, av) = (a.norm(), a.dot(&v));
    let length = [r, av / r, (v.dot(&v) - (av / r).powi(2)) / r];
    hold!(|t| glm::length(&moved(t)), 0.0, length, 1e-15; all);
    hold!(|t| glm::l2_norm(&moved(t)), 0.0, length, 1e-15; all);
    hold!(|t| glm::length2(&moved(t)), 0.0, [r * r, 2.0 * av, 2.0 * v.dot(&v)], 1e-15; all);
    hold!(|t| glm::l1_norm(&moved(t)), 0.0, [2.3, 0.6 - 0.5 - 0.9, 0.0], 1e-15; all);
    let (s, av) = ((a - b).norm(), (a - b).dot(&v));
    let distance = [s, av / s, (v.dot(&v) - (av / s).powi(2)) / s];
    hold!(|t| glm::distance(&moved(t), &vec3(B)), 0.0, distance, 1e-15; all);
    hold!(|t| glm::dot(&moved(t), &vec3(B)), 0.0, [a.dot(&b), v.dot(&b), 0.0], 1e-15; all);
    hold!(|t| glm::cross(&moved(t), &vec3(B))[1], 0.0, [a.cross(&b)[1], v.cross(&b)[1], 0.0], 1e-15; all);
    // The derivatives of a/r: v/r - a·r'/r², and once more.
    let n = |i: usize| {
        let [r, dr, ddr] = length;
        let second = -2.0 * v[i] * dr / (r * r) + a[i] * (2.0 * dr * dr / r.powi(3) - ddr / (r * r));
        [a[i] / r, v[i] / r - a[i] * dr / (r * r), second]
    };
    hold!(|t| glm::normalize(&moved(t))[0], 0.0, n(0), 1e-15; all);
    let unit = b.normalize();
    let dots: [f64; 3] = std::array::from_fn(|k| (0..3).map(|i| n(i)[k] * unit[i]).sum());
    hold!(|t| glm::normalize_dot(&moved(t), &vec3(B)), 0.0, dots, 1e-14; all);
    // The angle is the arccosine of that.
    let (c, w) = (dots[0], (1.0 - dots[0] * dots[0]).sqrt());
    let angle = [c.acos(), -dots[1] / w, -dots[2] / w - c * dots[1] * dots[1] / w.powi(3)];
    hold!(|t| glm::angle(&moved(t), &vec3(B)), 0.0, angle, 1e-14; all);
    let normal = vec3::<f64>([0.0, 0.6, 0.8]);
    let reflected = [(a - normal * 2.0 * normal.dot(&a))[2], (v - normal * 2.0 * normal.dot(&v))[2], 0.0];
    hold!(|t| glm::reflect_vec(&moved(t), &vec3([0.0, 0.6, 0.8]))[2], 0.0, reflected, 1e-15; all);
}

/// Snell's law: refraction multiplies the sine of a ray's angle by η.
#[test]
fn refraction() {
    for eta in [0.75, 1.3] {
        let (s, k) = (0.6, 1.0 - 0.36 * eta * eta);
        let ray = [s * eta, s, 0.0];
        hold!(|eta| refracted(eta)[0], eta, ray, 1e-15; all);
        let expected = [-k.sqrt(), 0.36 * eta / k.sqrt(), 0.36 / k.powf(1.5)];
        hold!(|eta| refracted(eta)[1], eta, expected, 1e-14; all);
    }
    // At total reflection there is no refracted ray.
    hold!(|eta| refracted(eta)[1], 1.8, [0.0; 3], 0.0; all);
}

fn refracted<T: Number>(eta: T) -> TVec3<T> {
    glm::refract_vec(&vec3([0.6, -0.8, 0.0]), &vec3([0.0, 1.0, 0.0]), eta)
}

#[test]
fn functions_of_components() {
    let x = A.map(f64::abs).map(|x| x / 2.0);
    let d = [0.3, -0.25, -0.45];
    for i in 0..3 {
        let (x, d) = (x[i], d[i]);
        let (s, c) = x.sin_cos();
        hold!(|t| glm::sin(&halved(t))[i], 0.0, [s, c * d, -s * d * d], 1e-15; all);
        hold!(|t| glm::cos(&halved(t))[i], 0.0, [c, -s * d, -c * d * d], 1e-15; all);
        hold!(|t| glm::exp(&halved(t))[i], 0.0, [x.exp(), x.exp() * d, x.exp() * d * d], 1e-15; all);
        hold!(|t| glm::log(&halved(t))[i], 0.0, [x.ln(), d / x, -d * d / (x * x)], 1e-14; all);
        let root = x.sqrt();
        hold!(|t| glm::sqrt(&halved(t))[i], 0.0, [root, d / (2.0 * root), -d * d / (4.0 * x * root)], 1e-14; all);
        let expected = [1.0 / root, -d / (2.0 * x * root), 0.75 * d * d / (x * x * root)];
        hold!(|t| glm::inversesqrt(&halved(t))[i], 0.0, expected, 1e-14; all);
        let w = 1.0 + x * x;
        hold!(|t| glm::atan(&halved(t))[i], 0.0, [x.atan(), d / w, -2.0 * x * d * d / (w * w)], 1e-15; all);
        hold!(|t| glm::fract(&halved(t))[i], 0.0, [x, d, 0.0], 1e-15; all);
        hold!(|t| glm::floor(&halved(t))[i], 0.0, [0.0; 3], 0.0; all);
    }
    // Hermite's ramp 3x² - 2x³, inside the interval, at its ends and outside.
    let ramp = |x: f64| [x * x * (3.0 - 2.0 * x), 6.0 * x * (1.0 - x), 6.0 - 12.0 * x];
    hold!(|x| glm::smoothstep(lit(0.0), lit(1.0), x), 0.3, ramp(0.3), 1e-15; all);
    // At both ends of the interval nalgebra's clamp takes the constant; ours takes the variable.
    hold!(|x| glm::smoothstep(lit(0.0), lit(1.0), x), 0.0, [0.0; 3], 0.0; all);
    hold!(|x| glm::smoothstep(lit(0.0), lit(1.0), x), 1.2, [1.0, 0.0, 0.0], 0.0; all);
    hold!(|x| glm::mix(&moved(x), &vec3(B), x)[0], 0.3, [0.876, -1.26, -1.2], 1e-15; all);
    hold!(|x| glm::lerp_scalar(lit(2.0), x, x * x), 0.5, [1.625, 0.0 - 2.0 + 0.75, -4.0 + 3.0], 1e-15; all);
    hold!(|x| glm::step_scalar(lit(0.5), x), 0.5, [1.0, 0.0, 0.0], 0.0; all);
    hold!(|x| glm::clamp_scalar(x, lit(0.0), lit(1.0)), 1.0, [1.0, 0.0, 0.0], 0.0; all);
    hold!(|x| glm::clamp_scalar(x, lit(0.0), lit(1.0)), 0.5, [0.5, 1.0, 0.0], 0.0; all);
}

/// |A + t·V|/2 by components.
fn halved<T: Number>(t: T) -> TVec3<T> {
    glm::abs(&moved(t)) * lit::<T>(0.5)
}

#[test]
fn cameras() {
    // cot(fovy/2) at (1, 1), and the same divided by the aspect at (0, 0).
    let half = 0.45_f64;
    let (s, c) = half.sin_cos();
    let cot = [c / s, -0.5 / (s * s), 0.5 * c / s.powi(3)];
    hold!(|fovy| glm::perspective(lit(1.5), fovy, lit(0.1), lit(10.0))[(1, 1)], 0.9, cot, 1e-14; all);
    hold!(|fovy| glm::perspective(lit(1.5), fovy, lit(0.1), lit(10.0))[(0, 0)], 0.9, cot.map(|x| x / 1.5), 1e-14; all);
    // -(far + near)/(far - near) as a function of near.
    let (near, far) = (0.5, 10.0);
    let w: f64 = far - near;
    let expected = [-(far + near) / w, -2.0 * far / (w * w), -4.0 * far / w.powi(3)];
    hold!(|near| glm::perspective(lit(1.5), lit(0.9), near, lit(far))[(2, 2)], near, expected, 1e-14; all);
    // 2/(right - left), of the width of an orthographic view, and its derivatives in `right`.
    let view = [0.5, -0.125, 0.0625];
    hold!(|right| glm::ortho(lit(-1.0), right, lit(-1.0), lit(1.0), lit(0.1), lit(9.0))[(0, 0)], 3.0, view, 1e-14; all);
    // The eye moves on (sin t, 0, cos t) and looks at the origin. The point (1, 0, 0) is seen at x = cos t and at depth
    // sin t - 1.
    let (s, c) = 0.4_f64.sin_cos();
    hold!(|t| seen(t, 0)[0], 0.4, [c, -s, -c], 1e-15; all);
    hold!(|t| seen(t, 0)[2], 0.4, [s - 1.0, c, -s], 1e-15; all);
    hold!(|t| seen(t, 0)[0], 0.0, [1.0, 0.0, -1.0], 1e-15; all);
    // Projects and unprojects.
    hold!(|t| seen(t, 1)[0], 0.4, [0.4, 1.0, 0.0], 1e-12; all);
}

fn seen<T: Number>(t: T, way: usize) -> TVec3<T> {
    let eye = TVec3::new(Float::sin(t), T::zero(), Float::cos(t));
    let view = glm::look_at(&eye, &vec3([0.0; 3]), &vec3([0.0, 1.0, 0.0]));
    if way == 0 {
        return (view * glm::vec4(T::one(), T::zero(), T::zero(), T::one())).xyz();
    }
    let lens = glm::perspective(lit(1.5), lit(0.9), lit(0.1), lit(10.0));
    let window = glm::vec4(T::zero(), T::zero(), lit(640.0), lit(480.0));
    let point = TVec3::new(t, lit(0.1), lit(-0.2));
    glm::unproject(&glm::project(&point, &view, &lens, window), &view, &lens, window)
}

#[test]
fn rotations() {
    for angle in [0.7, -2.0] {
        let (s, c) = f64::sin_cos(angle);
        hold!(|t| glm::rotate_vec2(&glm::vec2(lit(2.0), lit(0.0)), t)[1], angle, [s, c, -s].map(|x| 2.0 * x), 1e-15; all);
        hold!(|t| glm::rotate_z_vec3(&vec3([2.0, 0.0, 5.0]), t)[0], angle, [c, -s, -c].map(|x| 2.0 * x), 1e-15; all);
        hold!(|t| glm::rotation(t, &vec3([0.0, 3.0, 0.0]))[(0, 2)], angle, [s, c, -s], 1e-15; all);
        hold!(|t| (glm::rotate_x(&TMat4::identity(), t))[(1, 2)], angle, [-s, -c, s], 1e-15; all);
        hold!(|t| glm::rotation2d(t)[(1, 0)], angle, [s, c, -s], 1e-15; all);
        // Rodrigues' formula about a general axis.
        let (a, k) = (vec3::<f64>(A), vec3::<f64>(B).normalize());
        let (along, across) = (k * k.dot(&a), k.cross(&a));
        let flat = a - along;
        let turned = [along + flat * c + across * s, across * c - flat * s, -flat * c - across * s];
        hold!(|t| glm::rotate_vec3(&vec3(A), t, &vec3(B))[1], angle, turned.map(|x| x[1]), 1e-15; all);
        hold!(|t| by_quaternion(t)[1], angle, turned.map(|x| x[1]), 1e-14; all);
    }
    // At the angle 0 nalgebra's rotation about an axis is the identity without derivatives; quaternions are right.
    hold!(|t| glm::rotate_vec3(&vec3(A), t, &vec3(B))[1], 0.0, [A[1], 0.0, 0.0], 1e-15; Dual, Var);
    let (a, k) = (vec3::<f64>(A), vec3::<f64>(B).normalize());
    let expected = [A[1], k.cross(&a)[1], k.cross(&k.cross(&a))[1]];
    hold!(|t| by_quaternion(t)[1], 0.0, expected, 1e-15; all);
}

fn by_quaternion<T: Number>(angle: T) -> TVec3<T> {
    glm::quat_rotate_vec3(&glm::quat_angle_axis(angle, &glm::normalize(&vec3(B))), &vec3(A))
}

#[test]
fn quaternions() {
    // The interpolation from no rotation to one by 1.2 about z is the rotation by 1.2·t.
    for t in [0.3, 1.0] {
        let (s, c) = (0.6_f64 * t).sin_cos();
        hold!(|t| between(t).w, t, [c, -0.6 * s, -0.36 * c], 1e-14; all);
        hold!(|t| glm::quat_angle(&between(t)), t, [1.2 * t, 1.2, 0.0], 1e-13; all);
        hold!(|t| glm::quat_pitch(&between(t)), t, [1.2 * t, 1.2, 0.0], 1e-13; all);
    }
    let q = glm::quat_angle_axis(0.8, &vec3([1.0, 0.0, 0.0]));
    assert!((glm::quat_exp(&glm::quat_log(&q)) - q).norm() < 1e-15);
    let (s, c) = 0.4_f64.sin_cos();
    hold!(|t| glm::quat_pow(&glm::quat_angle_axis(lit(0.8), &vec3([1.0, 0.0, 0.0])), t).i, 1.0,
        [s, 0.4 * c, -0.16 * s], 1e-14; all);
    hold!(|t| glm::mat3_to_quat(&glm::quat_to_mat3(&between(t))).k, 0.3,
        [0.18_f64.sin(), 0.6 * 0.18_f64.cos(), -0.36 * 0.18_f64.sin()], 1e-13; all);
}

fn between<T: Number>(t: T) -> glm::Qua<T> {
    glm::quat_slerp(&glm::quat_identity(), &glm::quat_angle_axis(lit(1.2), &vec3([0.0, 0.0, 1.0])), t)
}

/// [[t, 1, 0], [1, 2, t], [0, t, 3]], with the determinant 6t - 3 - t³.
#[test]
fn matrices() {
    for t in [0.7_f64, 0.0] {
        let d = 6.0 * t - 3.0 - t.powi(3);
        let (dd, ddd) = (6.0 - 3.0 * t * t, -6.0 * t);
        hold!(|t| glm::determinant(&matrix(t)), t, [d, dd, ddd], 1e-15; all);
        // The corner entry of the inverse is (6 - t²)/d.
        let n = 6.0 - t * t;
        let first = (-2.0 * t * d - n * dd) / (d * d);
        let second = (-2.0 * d - n * ddd) / (d * d) - 2.0 * dd * first / d;
        hold!(|t| glm::inverse(&matrix(t))[(0, 0)], t, [n / d, first, second], 1e-14; all);
    }
}

fn matrix<T: Number>(t: T) -> glm::TMat3<T> {
    let (zero, one) = (T::zero(), T::one());
    glm::mat3(t, one, zero, one, lit(2.0), t, zero, t, lit(3.0))
}
