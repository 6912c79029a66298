//! cgmath: vectors, rotations, projections and matrices with a varying coordinate, angle or entry.

use crate::common::Row;
use crate::hold;
use cgmath::{
    Angle, BaseFloat, Basis3, Deg, Euler, InnerSpace, Matrix, Matrix2, Matrix3, Matrix4, MetricSpace, Point2, Point3,
    Quaternion, Rad, Rotation, Rotation3, SquareMatrix, Transform, Vector2, Vector3, perspective,
};
use nilpotent::{Dual, Dual2, HyperDual, Real, Var};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

pub const ROWS: &[Row] = &[
    Row {
        name: "cgmath",
        version: "0.18",
        what: "lengths, distances, angles, projections of vectors",
        asks: "`Float`, approx 0.4",
        feature: "approx_0_4",
        numbers: "all",
    },
    Row {
        name: "cgmath",
        version: "0.18",
        what: "rotations: quaternions, bases, Euler angles, slerp, look-at; perspective",
        asks: "`Float`, approx 0.4",
        feature: "approx_0_4",
        numbers: "all",
    },
    Row {
        name: "cgmath",
        version: "0.18",
        what: "determinants and inverses",
        asks: "`Float`, approx 0.4",
        feature: "approx_0_4",
        numbers: "all",
    },
];

/// The bounds of cgmath, and literals of ours.
trait Scalar: BaseFloat + Real {}
impl<T: BaseFloat + Real> Scalar for T {}

fn v3<T: Scalar>(x: T, y: f64, z: f64) -> Vector3<T> {
    Vector3::new(x, T::lit(y), T::lit(z))
}

#[test]
fn lengths_and_distances() {
    let r = 17.0_f64.sqrt();
    let expected = [r, 3.0 / r, 8.0 / r.powi(3)];
    fn length<T: Scalar>(x: T) -> T {
        v3(x, 2.0, 2.0).magnitude()
    }
    fn distance<T: Scalar>(x: T) -> T {
        Point3::new(x, T::lit(2.0), T::lit(1.0)).distance(Point3::new(T::lit(0.0), T::lit(0.0), T::lit(-1.0)))
    }
    fn unit<T: Scalar>(x: T) -> T {
        v3(x, 2.0, 2.0).normalize().x
    }
    hold!(length, 3.0, expected, 1e-15; all);
    hold!(distance, 3.0, expected, 1e-15; all);
    hold!(unit, 3.0, [3.0 / r, 8.0 / r.powi(3), -72.0 / r.powi(5)], 1e-15; all);
}

#[test]
fn lengths_at_a_point() {
    // |x| as √x² has the slope 0 at 0, by the convention that a zero partial stays zero at a pole.
    fn length<T: Scalar>(x: T) -> T {
        v3(x, 0.0, 0.0).magnitude()
    }
    hold!(length, 0.0, [0.0, 0.0, 0.0], 0.0; Dual, Var);
}

#[test]
fn angles_and_projections() {
    let w = 1.0 + 0.5_f64 * 0.5;
    fn angle2<T: Scalar>(x: T) -> T {
        Vector2::new(x, T::one()).angle(Vector2::unit_x()).0
    }
    fn angle3<T: Scalar>(x: T) -> T {
        v3(x, 1.0, 0.0).angle(Vector3::unit_x()).0
    }
    hold!(angle2, 0.5, [-(2.0_f64.atan()), 1.0 / w, -1.0 / (w * w)], 1e-15; all);
    hold!(angle3, 0.5, [2.0_f64.atan(), -1.0 / w, 1.0 / (w * w)], 1e-15; all);
    // x(x, 1)/(x² + 1)
    fn projected<T: Scalar>(x: T) -> T {
        Vector2::unit_x().project_on(Vector2::new(x, T::one())).y
    }
    let d = [0.5 / w, (1.0 - 0.25) / (w * w), 2.0 * 0.5 * (0.25 - 3.0) / w.powi(3)];
    hold!(projected, 0.5, d, 1e-15; all);
}

#[test]
fn rotations() {
    let (s, c) = 0.7_f64.sin_cos();
    let cosine = [c, -s, -c];
    fn quaternion<T: Scalar>(x: T) -> T {
        Quaternion::from_angle_z(Rad(x)).rotate_vector(Vector3::unit_x()).x
    }
    fn basis<T: Scalar>(x: T) -> T {
        let b: Basis3<T> = Rotation3::from_axis_angle(Vector3::unit_y(), Rad(x));
        b.rotate_vector(Vector3::unit_z()).z
    }
    fn euler<T: Scalar>(x: T) -> T {
        Matrix3::from(Euler { x: Rad(T::zero()), y: Rad(x), z: Rad(T::zero()) }).x.x
    }
    fn from_matrix<T: Scalar>(x: T) -> T {
        let q = Quaternion::from(Matrix3::from_angle_x(Rad(x)));
        Matrix4::from(q).y.y
    }
    fn invert<T: Scalar>(x: T) -> T {
        Quaternion::from_angle_x(Rad(-x)).invert().rotate_vector(Vector3::unit_y()).y
    }
    hold!(quaternion, 0.7, cosine, 1e-15; all);
    hold!(basis, 0.7, cosine, 1e-15; all);
    hold!(euler, 0.7, cosine, 1e-15; all);
    hold!(from_matrix, 0.7, cosine, 1e-15; all);
    hold!(invert, 0.7, cosine, 1e-15; all);
    // In degrees, and at the identity as well.
    let k = PI / 180.0;
    fn degrees<T: Scalar>(x: T) -> T {
        Deg(x).sin()
    }
    hold!(degrees, 30.0, [0.5, k * 0.75_f64.sqrt(), -k * k * 0.5], 1e-15; all);
    hold!(quaternion, 0.0, [1.0, 0.0, -1.0], 1e-15; all);
}

#[test]
fn arcs() {
    // The rotation from the x axis to (cos x, sin x): its quaternion has half the angle.
    fn arc<T: Scalar>(x: T) -> T {
        let (s, c) = num_traits::Float::sin_cos(x);
        Quaternion::from_arc(Vector3::unit_x(), Vector3::new(c, s, T::zero()), None).v.z
    }
    let (s, c) = 0.5_f64.sin_cos();
    hold!(arc, 1.0, [s, 0.5 * c, -0.25 * s], 1e-15; all);
    // At the angle 0 cgmath returns the identity as a constant, so the slope ½ is lost there.
    hold!(arc, 0.0, [0.0, 0.0, 0.0], 0.0; Dual, Var);
}

#[test]
fn slerp() {
    // The fraction x of a quarter turn about z: the half angle is xπ/4.
    fn between<T: Scalar>(x: T) -> T {
        Quaternion::from_angle_z(Rad(T::zero())).slerp(Quaternion::from_angle_z(Rad(T::lit(FRAC_PI_2))), x).v.z
    }
    let (s, c) = (0.3 * FRAC_PI_4).sin_cos();
    hold!(between, 0.3, [s, FRAC_PI_4 * c, -FRAC_PI_4 * FRAC_PI_4 * s], 1e-15; all);
    // The derivative in the target's angle x: the half angle is 0.3·x/2.
    fn target<T: Scalar>(x: T) -> T {
        Quaternion::from_angle_z(Rad(T::zero())).slerp(Quaternion::from_angle_z(Rad(x)), T::lit(0.3)).v.z
    }
    let (s, c) = 0.15_f64.sin_cos();
    hold!(target, 1.0, [s, 0.15 * c, -0.15 * 0.15 * s], 1e-15; all);
    // Close to the start cgmath interpolates linearly. At the start itself this has the same slope.
    hold!(target, 0.0, [0.0, 0.15, 0.0], 1e-15; Dual, Dual<Dual>, Dual2, HyperDual, Var);
}

#[test]
fn views() {
    let (s, c) = 0.4_f64.sin_cos();
    fn fov<T: Scalar>(x: T) -> T {
        perspective(Rad(x), T::lit(1.5), T::lit(0.1), T::lit(9.0)).y.y
    }
    hold!(fov, 0.8, [c / s, -0.5 / (s * s), 0.5 * c / s.powi(3)], 1e-14; all);
    // The eye at (x, 0, 1) looks at the origin; its distance is √(x² + 1).
    fn depth<T: Scalar>(x: T) -> T {
        let eye = Point3::new(x, T::zero(), T::one());
        let view = Matrix4::look_at_rh(eye, Point3::new(T::zero(), T::zero(), T::zero()), Vector3::unit_y());
        -view.transform_point(Point3::new(T::zero(), T::zero(), T::zero())).z
    }
    let r = 1.25_f64.sqrt();
    hold!(depth, 0.5, [r, 0.5 / r, 1.0 / r.powi(3)], 1e-15; all);
    fn point2<T: Scalar>(x: T) -> T {
        Point2::new(x, T::one()).distance2(Point2::new(T::one(), x))
    }
    hold!(point2, 3.0, [8.0, 8.0, 4.0], 1e-15; all);
}

#[test]
fn determinants_and_inverses() {
    fn two<T: Scalar>(x: T) -> Matrix2<T> {
        Matrix2::new(x, T::lit(2.0), T::one(), x)
    }
    /// A block matrix that holds the same matrix twice on its diagonal.
    fn four<T: Scalar>(x: T) -> Matrix4<T> {
        let (o, one, t) = (T::zero(), T::one(), T::lit(2.0));
        Matrix4::new(x, t, o, o, one, x, o, o, o, o, x, t, o, o, one, x)
    }
    fn three<T: Scalar>(x: T) -> Matrix3<T> {
        let (o, one, t) = (T::zero(), T::one(), T::lit(2.0));
        Matrix3::new(x, t, o, one, x, o, o, o, one)
    }
    let p = 3.0 * 3.0 - 2.0;
    let inverse = [3.0 / p, -11.0 / (p * p), 6.0 * 15.0 / (p * p * p)];
    hold!(|x| two(x).determinant(), 3.0, [p, 6.0, 2.0], 1e-15; all);
    hold!(|x| three(x).determinant(), 3.0, [p, 6.0, 2.0], 1e-15; all);
    hold!(|x| four(x).determinant(), 3.0, [p * p, 12.0 * p, 4.0 * p + 72.0], 1e-15; all);
    hold!(|x| two(x).invert().unwrap().x.x, 3.0, inverse, 1e-14; all);
    hold!(|x| three(x).invert().unwrap().x.x, 3.0, inverse, 1e-14; all);
    hold!(|x| four(x).invert().unwrap().z.z, 3.0, inverse, 1e-14; all);
    hold!(|x| two(x).transpose().trace(), 3.0, [6.0, 2.0, 0.0], 0.0; all);
    // A matrix whose value is singular has no inverse, whatever its derivatives are.
    let x = Dual::<f64>::variable(0.0, 0);
    assert!(Matrix2::new(x, x, x, x).invert().is_none());
    // Approximate comparisons of matrices compare values alone, too.
    let (o, one) = (Dual::constant(0.0), Dual::constant(1.0));
    assert!(!Matrix2::new(x, one, one, o + x).is_diagonal() && Matrix2::new(one, x, x, one).is_diagonal());
    assert!(Matrix2::new(one, x, o, one).is_symmetric() && !Matrix2::new(one, one, x, x).is_invertible());
}
