//! clarabel: solutions of convex programs through the iterations of its interior-point method, against closed forms.
//! The derivatives converge together with the values.

use crate::common::Row;
use crate::hold;
use clarabel::algebra::{CscMatrix, FloatT};
use clarabel::solver::SupportedConeT::{
    self, ExponentialConeT, NonnegativeConeT, PowerConeT, SecondOrderConeT, ZeroConeT,
};
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus};
use nilpotent::Real;

pub const ROWS: &[Row] = &[Row {
    name: "clarabel",
    version: "0.11",
    what: "quadratic programs; linear, second-order, exponential and power cones",
    asks: "`Float + FloatConst + NumAssign + LowerExp`",
    feature: "",
    numbers: "all",
}];

fn lits<T: Real, const N: usize>(x: [f64; N]) -> [T; N] {
    x.map(T::lit)
}

/// Solves min ½xᵀPx + qᵀx, Ax + s = b, s in the cones. Returns x and then the multipliers.
fn solve<T: FloatT + Real, const N: usize, const M: usize>(
    p: [[T; N]; N],
    q: [T; N],
    a: [[T; N]; M],
    b: [T; M],
    cones: &[SupportedConeT<T>],
) -> Vec<T> {
    let settings = DefaultSettings {
        verbose: false,
        tol_gap_abs: T::lit(1e-12),
        tol_gap_rel: T::lit(1e-12),
        tol_feas: T::lit(1e-12),
        ..DefaultSettings::default()
    };
    let (p, a) = (CscMatrix::from(&p), CscMatrix::from(&a));
    let mut solver = DefaultSolver::new(&p, &q, &a, &b, cones, settings).unwrap();
    solver.solve();
    let solution = solver.solution;
    assert!(matches!(solution.status, SolverStatus::Solved | SolverStatus::AlmostSolved), "{}", solution.status);
    solution.x.into_iter().chain(solution.z).collect()
}

/// min ½(t·x² + y²), x + y = 1, x ≤ 10: x = 1/(1 + t).
fn quadratic<T: FloatT + Real>(t: T) -> Vec<T> {
    let [zero, one, ten]: [T; 3] = lits([0.0, 1.0, 10.0]);
    let a = [[one, one], [one, zero]];
    solve([[t, zero], [zero, one]], [zero, zero], a, [one, ten], &[ZeroConeT(1), NonnegativeConeT(1)])
}

/// The point nearest to (t, 1) with x + y ≤ 1 and x ≤ ¾.
fn nearest<T: FloatT + Real>(t: T) -> Vec<T> {
    let [zero, one, bound]: [T; 3] = lits([0.0, 1.0, 0.75]);
    solve([[one, zero], [zero, one]], [-t, -one], [[one, one], [one, zero]], [one, bound], &[NonnegativeConeT(2)])
}

#[test]
fn quadratic_programs() {
    let t = 0.6;
    let w: f64 = 1.0 + t;
    let x = [1.0 / w, -1.0 / (w * w), 2.0 / w.powi(3)];
    hold!(|t| quadratic(t)[0], t, x, 1e-9; all);
    hold!(|t| quadratic(t)[1], t, [t / w, -x[1], -x[2]], 1e-9; all);
    // The multiplier of the equation is -y.
    hold!(|t| quadratic(t)[2], t, [-t / w, x[1], x[2]], 1e-9; all);
    // First one bound is active, then both, then none.
    hold!(|t| nearest(t)[0], 0.6, [0.3, 0.5, 0.0], 1e-8; all);
    hold!(|t| nearest(t)[0], 2.0, [0.75, 0.0, 0.0], 1e-8; all);
    hold!(|t| nearest(t)[1], 2.0, [0.25, 0.0, 0.0], 1e-8; all);
}

/// The solution is a corner: max x + ty, x + 2y ≤ 4, 3x + y ≤ 5 + t.
fn linear<T: FloatT + Real>(t: T) -> Vec<T> {
    let [zero, one, two, three]: [T; 4] = lits([0.0, 1.0, 2.0, 3.0]);
    let a = [[one, two], [three, one]];
    solve([[zero; 2]; 2], [-one, -t], a, [T::lit(4.0), T::lit(5.0) + t], &[NonnegativeConeT(2)])
}

/// min x + 2y on the disk of radius t; the solution is -t·(1, 2)/√5.
fn disk<T: FloatT + Real>(t: T) -> Vec<T> {
    let [zero, one, two]: [T; 3] = lits([0.0, 1.0, 2.0]);
    let a = [[zero, zero], [-one, zero], [zero, -one]];
    solve([[zero; 2]; 2], [one, two], a, [t, zero, zero], &[SecondOrderConeT(3)])
}

/// min y, (x, 1, y) in the exponential cone, y ≥ eˣ, and x = t.
fn exponential<T: FloatT + Real>(t: T) -> Vec<T> {
    let [zero, one]: [T; 2] = lits([0.0, 1.0]);
    let a = [[one, zero], [-one, zero], [zero, zero], [zero, -one]];
    solve([[zero; 2]; 2], [zero, one], a, [t, zero, one, zero], &[ZeroConeT(1), ExponentialConeT()])
}

/// max z, |z| ≤ x^a·1^(1 - a), and x = t.
fn power<T: FloatT + Real>(t: T) -> Vec<T> {
    let [zero, one, exponent]: [T; 3] = lits([0.0, 1.0, 0.3]);
    let a = [[one, zero], [-one, zero], [zero, zero], [zero, -one]];
    solve([[zero; 2]; 2], [zero, -one], a, [t, zero, one, zero], &[ZeroConeT(1), PowerConeT(exponent)])
}

#[test]
fn cones() {
    // x = (6 + 2t)/5, y = (7 - t)/5
    hold!(|t| linear(t)[0], 1.0, [1.6, 0.4, 0.0], 1e-9; all);
    hold!(|t| linear(t)[1], 1.0, [1.2, -0.2, 0.0], 1e-9; all);
    let r = 5.0_f64.sqrt();
    hold!(|t| disk(t)[0], 1.5, [-1.5 / r, -1.0 / r, 0.0], 1e-8; all);
    hold!(|t| disk(t)[1], 1.5, [-3.0 / r, -2.0 / r, 0.0], 1e-8; all);
    let e = 0.4_f64.exp();
    hold!(|t| exponential(t)[1], 0.4, [e, e, e], 1e-7; all);
    let y = 1.7_f64.powf(0.3);
    hold!(|t| power(t)[1], 1.7, [y, 0.3 * y / 1.7, -0.21 * y / (1.7 * 1.7)], 1e-6; all);
}
