//! enterpolation: curves as functions of the parameter, of the control points, and of the knots.

use crate::common::Row;
use crate::hold;
use enterpolation::bezier::Bezier;
use enterpolation::bspline::BSpline;
use enterpolation::linear::Linear;
use enterpolation::{Curve, Signal};
use nilpotent::Real;

pub const ROWS: &[Row] = &[Row {
    name: "enterpolation",
    version: "0.3",
    what: "`Linear`, `Bezier`, `BSpline`, weighted ones, `gen_with_tangent`",
    asks: "num-traits' `Real`",
    feature: "",
    numbers: "all",
}];

/// A constant of the number that is asked for.
fn lit<T: Real>(x: f64) -> T {
    T::lit(x)
}

fn lits<T: Real, const N: usize>(x: [f64; N]) -> [T; N] {
    x.map(T::lit)
}

/// The polyline through (0, 1), (k, y), (3, 2).
fn linear<T: Real>(x: T, k: T, y: T) -> T {
    let elements = [T::one(), y, T::lit(2.0)];
    Linear::builder().elements(elements).knots([T::zero(), k, T::lit(3.0)]).build().unwrap().eval(x)
}

#[test]
fn lines() {
    for (x, y, slope) in [(0.5, 2.5, 3.0), (2.0, 3.0, -1.0), (-1.0, -2.0, 3.0), (4.0, 1.0, -1.0)] {
        hold!(|x| linear(x, lit(1.0), lit(4.0)), x, [y, slope, 0.0], 1e-15; all);
    }
    // At a knot the curve has a kink, and takes the derivative from the right; at the last knot that from the left.
    hold!(|x| linear(x, lit(1.0), lit(4.0)), 1.0, [4.0, -1.0, 0.0], 1e-15; all);
    hold!(|x| linear(x, lit(1.0), lit(4.0)), 0.0, [1.0, 3.0, 0.0], 1e-15; all);
    hold!(|x| linear(x, lit(1.0), lit(4.0)), 3.0, [2.0, -1.0, 0.0], 1e-15; all);
    hold!(|y| linear(lit(2.0), lit(1.0), y), 4.0, [3.0, 0.5, 0.0], 1e-15; all);
    // 1 + 3x/k
    hold!(|k| linear(lit(0.5), k, lit(4.0)), 1.25, [2.2, -0.96, 1.536], 1e-15; all);
    hold!(equidistant, 1.5, [4.0, -2.0, 0.0], 1e-15; all);
}

fn equidistant<T: Real>(x: T) -> T {
    let builder = Linear::builder().elements(lits([0.0, 5.0, 3.0])).equidistant::<T>();
    builder.domain(T::zero(), T::lit(2.0)).build().unwrap().eval(x)
}

/// (1 - x)³ + 3·4·x(1 - x)² + 3·p·x²(1 - x) + 2x³
fn bezier<T: Real>(x: T, p: T) -> T {
    let elements = [T::one(), T::lit(4.0), p, T::lit(2.0)];
    Bezier::builder().elements(elements).normalized::<T>().constant().build().unwrap().eval(x)
}

fn tangent<T: Real>(x: T) -> T {
    let elements = lits([1.0, 4.0, -2.0, 2.0]);
    Bezier::builder().elements(elements).normalized::<T>().constant().build().unwrap().gen_with_tangent(x)[1]
}

#[test]
fn bezier_curves() {
    // With p = -2: 1 + 9x - 27x² + 19x³.
    for x in [0.3, 0.0, 1.0, -0.5, 1.5] {
        let y = 1.0 + 9.0 * x - 27.0 * x * x + 19.0 * x * x * x;
        let (dy, ddy) = (9.0 - 54.0 * x + 57.0 * x * x, -54.0 + 114.0 * x);
        hold!(|x| bezier(x, lit(-2.0)), x, [y, dy, ddy], 1e-14; all);
        // The crate's own derivative of the curve.
        hold!(tangent, x, [dy, ddy, 114.0], 1e-14; all);
        hold!(|p| bezier(lit(x), p), -2.0, [y, 3.0 * x * x * (1.0 - x), 0.0], 1e-14; all);
    }
}

/// A quarter of a circle as a rational curve: (1 - x²)/(1 + x²), 2x/(1 + x²).
fn quarter<T: Real>(x: T, weight: T) -> T {
    let elements = [(T::one(), T::one()), (T::one(), weight), (T::zero(), T::lit(2.0))];
    Bezier::builder().elements_with_weights(elements).normalized::<T>().constant().build().unwrap().eval(x)
}

#[test]
fn rational_curves() {
    for x in [0.3_f64, 0.0, 1.0] {
        let w = 1.0 + x * x;
        let expected = [(1.0 - x * x) / w, -4.0 * x / w.powi(2), (12.0 * x * x - 4.0) / w.powi(3)];
        hold!(|x| quarter(x, lit(1.0)), x, expected, 1e-14; all);
    }
    // As a function of the weight v of the middle point, at x = ½: (¼ + v/2)/(¾ + v/2).
    hold!(|v| quarter(lit(0.5), v), 1.5, [2.0 / 3.0, 1.0 / 9.0, -2.0 / 27.0], 1e-14; all);
}

/// A cubic spline with knots 0, 1, …: between 2 and 3 the four blending functions are those of the uniform cubic
/// spline.
fn cubic<T: Real>(x: T, p: T) -> T {
    let elements = [T::one(), T::lit(4.0), p, T::lit(2.0), T::lit(3.0)];
    let knots: [T; 7] = std::array::from_fn(|i| T::lit(i as f64));
    BSpline::builder().elements(elements).knots(knots).constant::<4>().build().unwrap().eval(x)
}

#[test]
fn splines() {
    // On [2, 3], with u = x - 2 and p = -2: ((1 - u)³ + 4(3u³ - 6u² + 4) + p(-3u³ + 3u² + 3u + 1) + 2u³)/6.
    for x in [2.0, 2.3] {
        let u: f64 = x - 2.0;
        let y = (15.0 - 9.0 * u - 27.0 * u * u + 19.0 * u * u * u) / 6.0;
        let (dy, ddy) = ((-9.0 - 54.0 * u + 57.0 * u * u) / 6.0, (-54.0 + 114.0 * u) / 6.0);
        hold!(|x| cubic(x, lit(-2.0)), x, [y, dy, ddy], 1e-14; all);
        let blend = (-3.0 * u.powi(3) + 3.0 * u * u + 3.0 * u + 1.0) / 6.0;
        hold!(|p| cubic(lit(x), p), -2.0, [y, blend, 0.0], 1e-14; all);
    }
    // At an inner knot two polynomials meet, with equal first and second derivatives.
    hold!(|x| cubic(x, lit(-2.0)), 3.0, [-1.0 / 3.0, -1.0, 10.0], 1e-14; all);
    hold!(clamped, 0.0, [1.0, 18.0, -144.0], 1e-13; all);
}

/// A clamped spline with knots 0, 0, 0, 0, ½, 1, 1, 1, 1: at 0 the slope is 3·(4 - 1)/½.
fn clamped<T: Real>(x: T) -> T {
    let elements = lits([1.0, 4.0, -2.0, 2.0, 3.0]);
    let builder = BSpline::builder().clamped().elements(elements).equidistant::<T>();
    builder.degree(3).normalized().constant::<4>().build().unwrap().eval(x)
}

#[test]
fn domains() {
    let elements: [nilpotent::Dual; 2] = lits([1.0, 4.0]);
    let curve = Linear::builder().elements(elements).equidistant::<nilpotent::Dual>().normalized().build().unwrap();
    assert!(curve.domain() == lits::<nilpotent::Dual, 2>([0.0, 1.0]));
}
