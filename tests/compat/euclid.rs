//! euclid: vectors, angles, rotations and transforms with a varying coordinate or angle.

use crate::common::Row;
use crate::hold;
use euclid::approxeq::ApproxEq;
use euclid::default::{Box2D, Point2D, Rotation2D, Rotation3D, Size2D, Transform2D, Transform3D, Vector2D, Vector3D};
use euclid::num::{Ceil, Floor, Round};
use euclid::{Angle, Trig};
use nilpotent::{Dual, Dual2, HyperDual, Real, Var};
use std::f64::consts::FRAC_PI_2;

pub const ROWS: &[Row] = &[
    Row {
        name: "euclid",
        version: "0.22",
        what: "lengths, distances, areas, boxes, lerp, determinants and inverses of transforms",
        asks: "`Float`, `real::Real`",
        feature: "",
        numbers: "all",
    },
    Row {
        name: "euclid",
        version: "0.22",
        what: "angles, rotations, slerp, rounding",
        asks: "`Trig`, `ApproxEq`, `Round`",
        feature: "euclid",
        numbers: "all",
    },
];

/// The bounds of euclid, and literals of ours.
trait Scalar: Real + num_traits::real::Real + Trig + ApproxEq<Self> + Round + Floor + Ceil {}
impl<T: Real + num_traits::real::Real + Trig + ApproxEq<T> + Round + Floor + Ceil> Scalar for T {}

fn c<T: Scalar>(x: f64) -> T {
    <T as Real>::lit(x)
}

#[test]
fn lengths_and_areas() {
    let r = 13.0_f64.sqrt();
    let expected = [r, 3.0 / r, 4.0 / r.powi(3)];
    fn length<T: Scalar>(x: T) -> T {
        Vector2D::new(x, c(2.0)).length()
    }
    fn distance<T: Scalar>(x: T) -> T {
        Point2D::new(x, c(2.0)).distance_to(Point2D::origin())
    }
    fn unit<T: Scalar>(x: T) -> T {
        Vector3D::new(x, c(2.0), c(0.0)).normalize().x
    }
    fn area<T: Scalar>(x: T) -> T {
        Box2D::from_points([Point2D::new(x, x), Point2D::new(c(1.0), c(1.0)), Point2D::new(c(2.0), c(2.0))]).area()
    }
    fn size<T: Scalar>(x: T) -> T {
        Size2D::new(x, x).lerp(Size2D::new(c(1.0), c(2.0)), x).width
    }
    hold!(length, 3.0, expected, 1e-15; all);
    hold!(distance, 3.0, expected, 1e-15; all);
    hold!(unit, 3.0, [3.0 / r, 4.0 / r.powi(3), -36.0 / r.powi(5)], 1e-15; all);
    hold!(area, 3.0, [4.0, 4.0, 2.0], 0.0; all);
    // x(1 - x) + x
    hold!(size, 3.0, [-3.0, -4.0, -2.0], 0.0; all);
    hold!(|x| Vector2D::new(x, c(0.0)).length(), 0.0, [0.0, 0.0, 0.0], 0.0; Dual, Var);
}

#[test]
fn transforms() {
    fn determinant<T: Scalar>(x: T) -> T {
        Transform2D::new(x, c(1.0), c(2.0), x, c(5.0), c(6.0)).determinant()
    }
    fn inverse<T: Scalar>(x: T) -> T {
        Transform2D::new(x, c(1.0), c(2.0), x, c(5.0), c(6.0)).inverse().unwrap().m11
    }
    fn inverse3<T: Scalar>(x: T) -> T {
        let (o, i) = (c::<T>(0.0), c::<T>(1.0));
        Transform3D::new(x, i, o, o, c(2.0), x, o, o, o, o, i, o, o, o, o, i).inverse().unwrap().m11
    }
    let p = 7.0;
    hold!(determinant, 3.0, [p, 6.0, 2.0], 0.0; all);
    hold!(inverse, 3.0, [3.0 / p, -11.0 / (p * p), 6.0 * 15.0 / (p * p * p)], 1e-14; all);
    hold!(inverse3, 3.0, [3.0 / p, -11.0 / (p * p), 6.0 * 15.0 / (p * p * p)], 1e-14; all);
    assert!(Transform2D::<Dual>::scale(Dual::variable(0.0, 0), Dual::constant(1.0)).inverse().is_none());
}

#[test]
fn angles() {
    // The value is that of euclid's polynomial, as with floats; the derivatives are those of the angle itself.
    fn angle<T: Scalar>(x: T) -> T {
        Vector2D::new(x, c(1.0)).angle_from_x_axis().radians
    }
    fn between<T: Scalar>(x: T) -> T {
        Vector2D::new(c(1.0), c(0.0)).angle_to(Vector2D::new(x, c(1.0))).radians
    }
    for x in [0.5_f64, -0.5, 3.0, 0.0] {
        let w = 1.0 + x * x;
        let expected = [angle(x), -1.0 / w, 2.0 * x / (w * w)];
        assert!((expected[0] - 1.0_f64.atan2(x)).abs() < 0.01);
        hold!(angle, x, expected, 1e-15; all);
        hold!(between, x, expected, 1e-15; all);
    }
    fn turned<T: Scalar>(x: T) -> T {
        Angle::degrees(x).sin_cos().0
    }
    let k = std::f64::consts::PI / 180.0;
    hold!(turned, 30.0, [0.5, k * 0.75_f64.sqrt(), -k * k * 0.5], 1e-15; all);
    hold!(|x| Angle::radians(x).positive().radians, 7.0, [7.0 - 4.0 * FRAC_PI_2, 1.0, 0.0], 1e-15; all);
    hold!(|x| Angle::radians(x * x).to_degrees(), 1.0, [1.0 / k, 2.0 / k, 2.0 / k], 1e-15; all);
}

#[test]
fn rotations() {
    let (s, co) = 0.7_f64.sin_cos();
    fn plane<T: Scalar>(x: T) -> T {
        Rotation2D::new(Angle::radians(x)).transform_vector(Vector2D::new(c(1.0), c(0.0))).x
    }
    fn space<T: Scalar>(x: T) -> T {
        Rotation3D::around_z(Angle::radians(x)).transform_vector3d(Vector3D::new(c(1.0), c(0.0), c(0.0))).x
    }
    fn matrix<T: Scalar>(x: T) -> T {
        Rotation3D::around_axis(Vector3D::new(c(0.0), c(3.0), c(0.0)), Angle::radians(x)).to_transform().m11
    }
    fn euler<T: Scalar>(x: T) -> T {
        Rotation3D::euler(Angle::radians(c(0.0)), Angle::radians(c(0.0)), Angle::radians(x)).to_transform().m22
    }
    hold!(plane, 0.7, [co, -s, -co], 1e-15; all);
    hold!(space, 0.7, [co, -s, -co], 1e-15; all);
    hold!(matrix, 0.7, [co, -s, -co], 1e-15; all);
    hold!(euler, 0.7, [co, -s, -co], 1e-15; all);
    // 0.3 of the way to the angle x about z; the quaternion has half of that angle.
    fn slerp<T: Scalar>(x: T) -> T {
        Rotation3D::identity().slerp(&Rotation3D::around_z(Angle::radians(x)), c(0.3)).k
    }
    let (s, co) = 0.15_f64.sin_cos();
    hold!(slerp, 1.0, [s, 0.15 * co, -0.15 * 0.15 * s], 1e-15; all);
    // At the start euclid branches on the values and interpolates linearly, with the same slope.
    hold!(slerp, 0.0, [0.0, 0.15, 0.0], 1e-15; Dual, Dual<Dual>, Dual2, HyperDual, Var);
}

#[test]
fn rounding() {
    // Halves are rounded up, as euclid does with floats.
    assert_eq!([Round::round(-2.5_f64), Round::round(2.5_f64)], [-2.0, 3.0]);
    hold!(Round::round, -2.5, [-2.0, 0.0, 0.0], 0.0; all);
    hold!(|x| Vector2D::new(x, x).floor().x, 2.5, [2.0, 0.0, 0.0], 0.0; all);
    hold!(|x| Vector2D::new(x, x).ceil().x, 2.5, [3.0, 0.0, 0.0], 0.0; all);
    let x = Dual::<f64>::variable(1.0, 0);
    assert!(x.approx_eq(&Dual::constant(1.0 + 1e-7)) && !x.approx_eq(&(x + 1e-5)));
}
