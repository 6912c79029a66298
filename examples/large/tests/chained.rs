//! The chained problems: formulas against those in tests/reference/chained.py, and known minima.

use large::chained::{Chain, constrained, powell, rosenbrock, wood};
use large::descent::{Limits, newton};
use large::interior_point::minimize;

/// The point of the references.
fn point() -> Vec<f64> {
    (0..8).map(f64::from).map(|i| 0.5 + 0.25 * i - 0.0625 * i * i).collect()
}

fn is_close(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-14 * expected.abs()
}

#[test]
fn functions_have_the_values_of_the_references() {
    let references = [116.53485107421875, 179.7890625, 71993.20341491699];
    for ((f, start), expected) in [rosenbrock(8), wood(8), powell(8)].map(Result::unwrap).iter().zip(references) {
        assert_eq!((f.variables(), f.rows(), start.len()), (8, 1, 8));
        let found = f.value(&point()).unwrap();
        assert!(is_close(found, expected), "{found} instead of {expected}");
    }
    let references = [
        -3.2515662966258425,
        -2.9433162275236224,
        -3.900640029623818,
        -5.884180638454837,
        -8.44010610997287,
        -11.428160529452555,
    ];
    let mut values = [0.0; 6];
    constrained(8).unwrap().constraints.values_into(&point(), &mut values).unwrap();
    for (found, expected) in values.into_iter().zip(references) {
        assert!(is_close(found, expected), "{found} instead of {expected}");
    }
}

#[test]
fn starts_are_those_of_the_paper() {
    let start = |chain: Result<Chain, _>| chain.unwrap().1;
    assert_eq!(start(rosenbrock(5)), [-1.2, 1.0, -1.2, 1.0, -1.2]);
    assert_eq!(start(wood(8)), [-3.0, -1.0, -3.0, -1.0, -2.0, 0.0, -2.0, 0.0]);
    assert_eq!(start(powell(6)), [3.0, -1.0, 0.0, 1.0, 3.0, -1.0]);
}

#[test]
fn newton_reaches_minima_in_ten_thousand_variables() {
    // Near the minimum (1, …, 1), where all terms are 0.
    for (f, _) in [rosenbrock(10_000), wood(10_000)].map(Result::unwrap) {
        let start: Vec<_> = (0..10_000).map(|i| 1.0 + 0.2 * f64::from(i).sin()).collect();
        let found = newton(&f, &start, Limits { gradient: 1e-11, ..Limits::default() }).unwrap();
        assert!(found.has_converged && found.value < 1e-16 && found.steps < 30, "{} {}", found.value, found.steps);
        assert!(found.x.iter().all(|x| (x - 1.0).abs() < 1e-6));
    }
    let (f, start) = powell(10_000).unwrap();
    let found = newton(&f, &start, Limits::default()).unwrap();
    assert!(found.has_converged && found.gradient <= 1e-8 && found.value < 1e-5, "{} {}", found.value, found.steps);
}

#[test]
fn newton_follows_the_valley_to_the_local_minimum_of_the_reference() {
    let (f, start) = rosenbrock(1_000).unwrap();
    let found = newton(&f, &start, Limits { steps: 5_000, ..Limits::default() }).unwrap();
    // The first variables decide, so it is that in 20 variables.
    assert!(found.has_converged && (found.value - 3.9866238543172794).abs() < 1e-9, "{} {}", found.value, found.steps);
}

#[test]
fn the_constrained_problem_has_the_minimum_of_the_reference() {
    // The minimum next to the start is decided by the first variables, so it is the same for 20 variables and more.
    for n in [20, 10_000] {
        let problem = constrained(n).unwrap();
        let found = minimize(&problem).unwrap();
        assert!(found.is_optimal, "{}", found.status);
        assert!((found.objective - 6.232458632438015).abs() < 1e-7, "{n}: {}", found.objective);
        assert!(problem.violation(&found.x).unwrap() < 1e-8);
    }
}
