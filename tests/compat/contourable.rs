//! contourable: positions on lines, circles, polygons and chains, by the place and by the shape.

use crate::common::Row;
use crate::hold;
use contourable::Contour as _;
use contourable::chain::Chain;
use contourable::closed::Closed as _;
use contourable::closed::circle::Circle;
use contourable::closed::polygon::Polygon;
use contourable::line::Line;
use nalgebra::Point2;
use nilpotent::Real;
use num_dual::DualNum;

pub const ROWS: &[Row] = &[Row {
    name: "contourable",
    version: "2",
    what: "positions on circles, lines, polygons and chains, lengths, boxes, nearest points",
    asks: "num-dual's `DualNum`, nalgebra's `ComplexField`, `&D - &D`",
    feature: "num_dual",
    numbers: "all",
}];

fn point<T: Real>(x: f64, y: T) -> Point2<T> {
    Point2::new(T::lit(x), y)
}

/// From the origin to (3, t).
fn line<T: Real + DualNum + nalgebra::ComplexField<RealField = T>>(t: T) -> Line<T> {
    Line::new(Point2::new(T::lit(0.0), T::lit(0.0)), point(3.0, t))
}

#[test]
fn circles() {
    let (r, a) = (1.5, 0.7_f64);
    hold!(
        |a| Circle::new(Real::lit(r), point(0.2, Real::lit(0.1))).position(&a).x,
        a, [0.2 + r * a.cos(), -r * a.sin(), -r * a.cos()], 1e-15; all
    );
    hold!(|r| Circle::new_centered(r).position(&Real::lit(a)).y, r, [r * a.sin(), a.sin(), 0.0], 1e-15; all);
    hold!(|r| Circle::new(r, point(0.2, Real::lit(0.1))).aabb(0).max.x, r, [0.2 + r, 1.0, 0.0], 1e-15; all);
}

#[test]
fn lines() {
    // The length is √(9 + t²).
    let t = 4.0;
    hold!(|t| line(t).length(), t, [5.0, 0.8, 9.0 / 125.0], 1e-15; all);
    // x = 3·s/√(9 + t²)
    hold!(|t| line(t).position(&Real::lit(2.0)).x, t, [1.2, -0.192, 6.0 * 23.0 / 3125.0], 1e-15; all);
    hold!(
        |s| Chain::new(vec![line(Real::lit(4.0)), line(Real::lit(-4.0))]).position(&s).y,
        6.0, [-0.8, -0.8, 0.0], 1e-15; all
    );
}

#[test]
fn polygons() {
    // From the corner (-w/2, -1) along the lower edge: x = s - w/2, and up the right edge: y = s - w - 1.
    hold!(
        |w| Polygon::new_centered_rectangle(w, Real::lit(2.0)).position(&Real::lit(1.0)).x,
        3.0, [-0.5, -0.5, 0.0], 1e-15; all
    );
    hold!(
        |w| Polygon::new_centered_rectangle(w, Real::lit(2.0)).position(&Real::lit(4.0)).y,
        3.0, [0.0, -1.0, 0.0], 1e-15; all
    );
    hold!(|w| Polygon::new_centered_rectangle(w, Real::lit(2.0)).s_interval().1, 3.0, [10.0, 2.0, 0.0], 1e-15; all);
    hold!(|w| Polygon::new_centered_rectangle(w, Real::lit(2.0)).aabb(0).max.x, 3.0, [1.5, 0.5, 0.0], 1e-15; all);
    // The corner (-w/2, -1) is the nearest of the corners to (-5, -5).
    hold!(
        |w| {
            let rectangle = Polygon::new_centered_rectangle(w, Real::lit(2.0));
            rectangle.min_distance2_vec(&point(-5.0, Real::lit(-5.0)), 11).distance_squared
        },
        3.0, [28.25, -3.5, 0.5], 1e-14; all
    );
}
