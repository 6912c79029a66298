//! optimization_engine: projections onto sets that depend on a number, and its solver inside a derivative.

use crate::common::Row;
use crate::hold;
use lbfgs::LbfgsPrecision;
use nilpotent::Real;
use optimization_engine::constraints::{
    AffineSpace, Ball1, Ball2, BallInf, Constraint, Halfspace, Hyperplane, Rectangle, SecondOrderCone, Simplex, Sphere2,
};
use optimization_engine::core::panoc::{PANOCCache, PANOCOptimizer};
use optimization_engine::{Problem, SolverError};

pub const ROWS: &[Row] = &[
    Row {
        name: "optimization_engine",
        version: "0.12",
        what: "projections onto balls, spheres, rectangles, half-spaces, planes, simplices, cones",
        asks: "`Float + Sum`, `ScalarOperand`",
        feature: "",
        numbers: "all",
    },
    Row {
        name: "optimization_engine",
        version: "0.12",
        what: "PANOC: a minimum by its data and bounds",
        asks: "lbfgs' `LbfgsPrecision`",
        feature: "lbfgs",
        numbers: "all",
    },
];

/// The first coordinate of the projection of (t, 2).
fn projected<T: Real>(set: &impl Constraint<T>, t: T) -> T {
    let mut x = [t, T::lit(2.0)];
    set.project(&mut x).expect("a projection");
    x[0]
}

#[test]
fn projections() {
    // On the ball and the sphere of radius r: r·t/√(t² + 4).
    let t = 1.5;
    let norm = 2.5_f64;
    let ball = [t / norm, 4.0 / norm.powi(3), -12.0 * t / norm.powi(5)];
    hold!(|t| projected(&Ball2::new(None, Real::lit(1.0)), t), t, ball, 1e-15; all);
    hold!(|t| projected(&Sphere2::new(None, Real::lit(1.0)), t), t, ball, 1e-15; all);
    hold!(|t| projected(&BallInf::new(None, Real::lit(3.0)), t), t, [t, 1.0, 0.0], 1e-15; all);
    // Onto |x| + |y| ≤ 1 and x + y = 3: both coordinates move alike.
    hold!(|t| projected(&Ball1::new(None, Real::lit(1.0)), t), t, [(t - 1.0) / 2.0, 0.5, 0.0], 1e-15; all);
    hold!(|t| projected(&Simplex::new(Real::lit(3.0)), t), t, [(t + 1.0) / 2.0, 0.5, 0.0], 1e-15; all);
    // Onto t·x + y = 2: x = t - t·t²/(t² + 1).
    let s = t * t + 1.0;
    hold!(
        |t| projected(&Hyperplane::new(&[t, Real::lit(1.0)], Real::lit(2.0)), t),
        t, [t / s, (1.0 - t * t) / (s * s), 2.0 * t * (t * t - 3.0) / (s * s * s)], 1e-14; all
    );
    // Onto x + y ≤ t: x = t - (t + 2 - t)/2.
    hold!(|t| projected(&Halfspace::new(&[Real::lit(1.0), Real::lit(1.0)], t), t), t, [t - 1.0, 1.0, 0.0], 1e-15; all);
    hold!(
        |t| projected(&AffineSpace::new(vec![Real::lit(1.0), Real::lit(1.0)], vec![t]), t),
        t, [t - 1.0, 1.0, 0.0], 1e-14; all
    );
    // Onto |x| ≤ a·y of (t, 2): along (a, 1)/√(a² + 1), x = a(a·t + 2)/(a² + 1). Here a is 1/2 and t is 3.
    hold!(|t| projected(&SecondOrderCone::new(Real::lit(0.5)), t), 3.0, [1.4, 0.2, 0.0], 1e-15; all);
}

/// The minimum of (u₀ - t²)² + 2(u₁ - t)² + u₀u₁ by PANOC, with u₀ at most `most`.
fn minimum<T: Real + LbfgsPrecision>(t: T, most: T) -> [T; 2] {
    let two = T::lit(2.0);
    let gradient = |u: &[T], g: &mut [T]| -> Result<(), SolverError> {
        g[0] = two * (u[0] - t * t) + u[1];
        g[1] = T::lit(4.0) * (u[1] - t) + u[0];
        Ok(())
    };
    let cost = |u: &[T], c: &mut T| -> Result<(), SolverError> {
        *c = (u[0] - t * t).powi(2) + two * (u[1] - t).powi(2) + u[0] * u[1];
        Ok(())
    };
    let bounds = [most, T::lit(1e3)];
    let set = Rectangle::new(None, Some(&bounds));
    let mut cache = PANOCCache::new(2, T::lit(1e-15), 5);
    let mut u = [T::zero(); 2];
    let mut solver = PANOCOptimizer::new(Problem::new(&set, gradient, cost), &mut cache).with_max_iter(200);
    solver.solve(&mut u).expect("a minimum");
    u
}

/// Inside: 2u₀ + u₁ = 2t², u₀ + 4u₁ = 4t, so 7u₀ = 8t² - 4t. On the bound u₀ = b: u₁ = t - b/4.
#[test]
fn minima() {
    let t = 1.3;
    let inside = [(8.0 * t * t - 4.0 * t) / 7.0, (16.0 * t - 4.0) / 7.0, 16.0 / 7.0];
    hold!(|t| minimum(t, Real::lit(1e3))[0], t, inside, 1e-9; all);
    hold!(|t| minimum(t, Real::times(t, 0.5))[0], t, [t / 2.0, 0.5, 0.0], 1e-9; all);
    hold!(|t| minimum(t, Real::times(t, 0.5))[1], t, [7.0 * t / 8.0, 7.0 / 8.0, 0.0], 1e-9; all);
}
