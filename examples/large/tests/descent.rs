//! Newton's method, that of Levenberg and Marquardt, and the factorization, on problems whose minima are known.

use large::descent::{Limits, levenberg_marquardt, newton};
use nilpotent::separable::{Element, Function, Kind, Loss};
use nilpotent::{Error, Real};

/// Two functions whose squares are Rosenbrock's function: 10·(y - x²) and 1 - x.
struct Residuals;

impl Element<2, 2> for Residuals {
    fn element<T: Real>(&self, [x, y]: [T; 2], []: [T; 0]) -> [T; 2] {
        [(y - x * x) * T::lit(10.0), T::one() - x]
    }
}

#[test]
fn levenberg_and_marquardt_reach_the_end_of_the_valley() {
    let residuals = Function::new(2).with(Kind::new(Residuals, [[0, 1]])).unwrap();
    let found = levenberg_marquardt(&residuals, &[-1.2, 1.0], Limits { gradient: 1e-12, ..Limits::default() }).unwrap();
    assert!(found.has_converged && found.gradient <= 1e-12 && found.steps < 40, "{found:?}");
    assert!(found.x.iter().all(|x| (x - 1.0).abs() < 1e-8), "{:?}", found.x);
}

/// A cosine, which Newton's method without damping would maximize from here.
struct Wave;

impl Element<1> for Wave {
    fn element<T: Real>(&self, [x]: [T; 1], []: [T; 0]) -> [T; 1] {
        [x.cos()]
    }
}

#[test]
fn newton_leaves_a_maximum() {
    let f = Function::new(2).with(Kind::new(Wave, [[0], [1]]).to_row(0)).unwrap();
    let found = newton(&f, &[0.1, -0.2], Limits::default()).unwrap();
    assert!(found.has_converged && (found.value + 2.0).abs() < 1e-15, "{found:?}");
    let odd = found.x.iter().map(|x| x / std::f64::consts::PI);
    assert!(odd.map(|k| (k.abs() % 2.0 - 1.0).abs()).all(|error| error < 1e-8), "{:?}", found.x);
}

/// A measured value less the variable.
struct Measured;

impl Element<1, 1, 1> for Measured {
    fn element<T: Real>(&self, [x]: [T; 1], [y]: [T; 1]) -> [T; 1] {
        [y - x]
    }
}

#[test]
fn an_outlier_counts_less_with_hubers_loss() {
    let measured = |loss| {
        let kind = Kind::with_data(Measured, [[0]; 3], [[0.0], [0.0], [10.0]]).unwrap().with_loss(loss);
        let f = Function::new(1).with(kind).unwrap();
        levenberg_marquardt(&f, &[4.0], Limits::default()).unwrap()
    };
    // The mean; and the zero of x + x - 1, because the outlier pulls by 1.
    assert!((measured(Loss::Squared).x[0] - 10.0 / 3.0).abs() < 1e-8);
    assert!((measured(Loss::Huber(1.0)).x[0] - 0.5).abs() < 1e-8);
}

/// A logarithm, which has no minimum.
struct Slope;

impl Element<1> for Slope {
    fn element<T: Real>(&self, [x]: [T; 1], []: [T; 0]) -> [T; 1] {
        [x.ln()]
    }
}

#[test]
fn what_has_no_minimum_does_not_converge() {
    // From 1 the function falls towards 0, where it is -∞.
    let f = Function::new(1).with(Kind::new(Slope, [[0]]).to_row(0)).unwrap();
    let found = newton(&f, &[1.0], Limits { steps: 20, ..Limits::default() }).unwrap();
    assert!(!found.has_converged && found.steps == 20 && found.value < 0.0, "{found:?}");
}

#[test]
fn misuse_is_an_error() {
    let f = Function::new(3).with(Kind::new(Wave, [[0], [2]]).to_row(0)).unwrap();
    let unused = newton(&f, &[0.0; 3], Limits::default()).unwrap_err();
    assert_eq!(unused, Error::RankDeficient { index: 1 });
    let f = Function::new(1).with(Kind::new(Wave, [[0]]).to_row(0)).unwrap();
    let infinite = newton(&f, &[f64::INFINITY], Limits::default()).unwrap_err();
    assert_eq!(infinite, Error::NotFinite { index: 0, value: f64::INFINITY });
    // Outputs that are added up are no residuals.
    let sums = levenberg_marquardt(&f, &[1.0], Limits::default()).unwrap_err();
    assert_eq!(sums, Error::SharedRows { kind: 0 });
}
