//! vek: vectors, matrices, cameras and Bézier curves of computer graphics.

use crate::common::{Row, along};
use crate::hold;
use nilpotent::Real;
use nilpotent::num_traits::{FloatConst, MulAdd};
use vek::{CubicBezier2, Mat4, Vec2, Vec3, Vec4};

pub const ROWS: &[Row] = &[Row {
    name: "vek",
    version: "0.17",
    what: "vectors, matrices, cameras, Bézier curves",
    asks: "num-traits' `Real`, `MulAdd`",
    feature: "",
    numbers: "all",
}];

/// Our bound, and what the crate asks for besides.
trait Number: Real + MulAdd<Output = Self> + FloatConst {}

impl<T: Real + MulAdd<Output = T>> Number for T {}

fn lit<T: Real>(x: f64) -> T {
    T::lit(x)
}

fn vec3<T: Real>(x: [f64; 3]) -> Vec3<T> {
    Vec3::from(x.map(T::lit))
}

const A: [f64; 3] = [1.2, -0.7, 0.4];
const V: [f64; 3] = [0.6, 0.5, -0.9];
const B: [f64; 3] = [-0.3, 0.8, 2.1];

#[test]
fn vectors() {
    let [a, v, b] = [A, V, B].map(vec3::<f64>);
    let (r, av) = (a.magnitude(), a.dot(v));
    let length = [r, av / r, (v.dot(v) - (av / r).powi(2)) / r];
    hold!(|t| Vec3::from(along(A, V, t)).magnitude(), 0.0, length, 1e-15; all);
    hold!(|t| Vec3::from(along(A, V, t)).dot(vec3(B)), 0.0, [a.dot(b), v.dot(b), 0.0], 1e-15; all);
    hold!(|t| Vec3::from(along(A, V, t)).cross(vec3(B)).y, 0.0, [a.cross(b).y, v.cross(b).y, 0.0], 1e-15; all);
    // A reflection at the plane with the normal (0, 0, 1) negates z.
    hold!(|t| Vec3::from(along(A, V, t)).reflected(vec3([0.0, 0.0, 1.0])).z, 0.0, [-0.4, 0.9, 0.0], 1e-15; all);
}

#[test]
fn matrices() {
    let (s, c) = 0.7_f64.sin_cos();
    hold!(|t| (Mat4::rotation_z(t) * point([2.0, 0.0, 5.0])).y, 0.7, [s, c, -s].map(|x| 2.0 * x), 1e-15; all);
    // Rodrigues' formula. It holds at 0 too, since the crate does not return early.
    for angle in [0.7_f64, 0.0] {
        let ((s, c), a, k) = (angle.sin_cos(), vec3::<f64>(A), vec3::<f64>(B).normalized());
        let (along, across) = (k * k.dot(a), k.cross(a));
        let flat = a - along;
        let turned = [along + flat * c + across * s, across * c - flat * s, -flat * c - across * s].map(|x| x.y);
        hold!(|t| (Mat4::rotation_3d(t, vec3(B)) * point(A)).y, angle, turned, 1e-14; all);
        // The inverse is the rotation by -t.
        let back = [along + flat * c - across * s, -across * c - flat * s, -flat * c + across * s].map(|x| x.y);
        hold!(|t| (Mat4::rotation_3d(t, vec3(B)).inverted() * point(A)).y, angle, back, 1e-14; all);
    }
    let (s, c) = 0.45_f64.sin_cos();
    let cot = [c / s, -0.5 / (s * s), 0.5 * c / s.powi(3)];
    hold!(camera, 0.9, cot, 1e-14; all);
}

fn point<T: Real>(x: [f64; 3]) -> Vec4<T> {
    Vec4::from_point(vec3(x))
}

fn camera<T: Number>(fovy: T) -> T {
    (Mat4::perspective_rh_no(fovy, lit(1.5), lit(0.1), lit(10.0)) * point([0.0, 1.0, 0.0])).y
}

/// (1 - x)³ + 12x(1 - x)² - 6x²(1 - x) + 2x³ = 1 + 9x - 27x² + 19x³, and the crate's own derivative.
#[test]
fn curves() {
    for x in [0.3, 0.0, 1.0] {
        let (y, dy, ddy) =
            (1.0 + 9.0 * x - 27.0 * x * x + 19.0 * x * x * x, 9.0 - 54.0 * x + 57.0 * x * x, 114.0 * x - 54.0);
        hold!(|x| curve().evaluate(x).y, x, [y, dy, ddy], 1e-14; all);
        hold!(|x| curve().evaluate_derivative(x).y, x, [dy, ddy, 114.0], 1e-14; all);
    }
}

fn curve<T: Real>() -> CubicBezier2<T> {
    let [start, ctrl0, ctrl1, end] = [1.0, 4.0, -2.0, 2.0].map(|y| Vec2::new(T::zero(), lit(y)));
    CubicBezier2 { start, ctrl0, ctrl1, end }
}
