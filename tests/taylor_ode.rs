//! The example `taylor_ode` is as exact as it promises, its steps have the stated order, and it refuses problems that
//! it cannot solve and paths that it cannot write.

#[path = "../examples/taylor_ode/main.rs"]
#[expect(dead_code, reason = "main itself")]
mod taylor_ode;

use nilpotent::{Dual, Taylor};
use std::f64::consts::{LN_2, PI, TAU};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use taylor_ode::chart::{self, Curve};
use taylor_ode::errors::{self, BY_TOLERANCE, EQUAL, Found};
use taylor_ode::integrator::{self, Flow, Steps};
use taylor_ode::problems::{self, ARENSTORF, ARENSTORF_PERIOD, KEPLER, PERIHELION};
use taylor_ode::{ALLOWED, JACOBIAN_ALLOWED, ORDER, TOLERANCE};

static FOUND: LazyLock<Found> = LazyLock::new(Found::all);

#[test]
fn runs_and_draws() {
    let path = temporary("taylor_ode.svg");
    assert!(taylor_ode::report(&FOUND, Some(&path)));
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"));
    for n in EQUAL {
        assert!(text.contains(&format!("{n} equal steps")), "{n}");
    }
    // There is a line of 29 points for each number of steps.
    let lines = text.lines().filter(|line| line.starts_with("<polyline") && line.matches(',').count() >= 29);
    assert_eq!(lines.count(), EQUAL.len());
}

#[test]
fn series_are_those_of_the_solutions() {
    let [x] = integrator::series(|[x]: [Taylor<f64, 12>; 1]| [x * x], [1.0]);
    assert_eq!((x.re, x.coeffs), (1.0, [1.0; 12]), "1/(1 - t)");
    let [s, c] = integrator::series(|[s, c]: [Taylor<f64, 5>; 2]| [c, -s], [0.0, 1.0]);
    assert_eq!((s.coeffs, c.coeffs[3]), ([1.0, 0.0, -1.0 / 6.0, 0.0, 1.0 / 120.0], 1.0 / 24.0));
    let [x] = integrator::series(|[x]: [Taylor<f64, 7>; 1]| [x * x + 1.0], [0.0]);
    for (found, tangent) in x.coeffs.iter().zip([1.0, 0.0, 1.0 / 3.0, 0.0, 2.0 / 15.0, 0.0, 17.0 / 315.0]) {
        assert!((found - tangent).abs() <= 1e-16, "{found} {tangent}");
    }
    let [x] = integrator::series(|[x]: [Taylor<f64, 6>; 1]| [x.exp()], [0.0]);
    for (k, found) in (1..).zip(x.coeffs) {
        assert!((found - 1.0 / f64::from(k)).abs() <= 1e-15, "-ln(1 - t): {found}");
    }
}

#[test]
fn one_revolution_is_exact() {
    let revolutions = &FOUND.revolutions;
    assert_eq!(revolutions.iter().map(|r| r.order).collect::<Vec<_>>(), (2..=30).collect::<Vec<_>>());
    for revolution in &revolutions[ORDER - 2..] {
        let chosen = revolution.chosen.unwrap();
        assert!(chosen.error <= ALLOWED && revolution.equal[3] <= ALLOWED, "{revolution:?}");
        assert!(chosen.from_perihelion <= 5.0 * ALLOWED, "{revolution:?}");
        assert_eq!(chosen.evaluations, chosen.steps * revolution.order);
    }
}

#[test]
fn many_revolutions_are_followed() {
    assert!(FOUND.grows_slowly(), "{:?}", FOUND.growth);
    for row in &FOUND.growth {
        assert!(row.energy <= 1e-15 * row.revolutions.sqrt(), "{row:?}");
    }
}

/// Half the step leaves 2⁻ᴷ of the error.
#[test]
fn steps_are_of_their_order() {
    macro_rules! orders {
        ($($k:literal)*) => { $(
            let [long, short] = [16, 32].map(|n| {
                let [x] = Flow::new([1.0_f64]).advance::<$k>(|[x]| [x * x], 0.5, Steps::Equal(n)).unwrap();
                (x - 2.0).abs()
            });
            let order = (long / short).log2();
            assert!((order - f64::from($k)).abs() < 0.3, "{}: {order:.2}", $k);
        )* };
    }
    orders!(2 3 4 5 6 7 8);
}

/// At times in between, and backwards.
#[test]
fn the_orbit_is_exact_at_any_time() {
    for t in [-9.0, -1.0, 0.0, 0.3, 1.0, 2.5, PI, 6.0, 12.0] {
        let (error, _) = errors::kepler::<ORDER>(t, BY_TOLERANCE);
        assert!(error <= ALLOWED, "{t}: {error:e}");
    }
    let mut flow = Flow::new(KEPLER);
    for t in [2.0, 5.0, 0.0] {
        let there = flow.advance::<ORDER>(problems::kepler, t, BY_TOLERANCE).unwrap();
        let known = problems::kepler_at(t);
        assert!((there[0] - known[0]).hypot(there[1] - known[1]) <= ALLOWED, "{t}: {there:?}");
    }
}

/// Without the low parts of the sums the error would be 4e-14.
#[test]
fn many_steps_add_up() {
    let (error, flow) = errors::kepler::<10>(TAU, Steps::Equal(1024));
    assert!(error <= 2e-15, "{error:e}");
    assert_eq!((flow.steps, flow.evaluations), (1024, 10_240));
}

/// The references agree with values of 40 digits by mpmath.
#[test]
fn the_references_are_right() {
    for (m, anomaly) in [
        (0.001, 0.002_499_996_093_769_531),
        (0.5, 1.007_205_283_844_291_5),
        (1.0, 1.599_748_548_227_529_5),
        (3.0, 3.053_053_883_001_497),
        (-2.0, -2.403_657_147_257_398),
        (6.25, 6.200_364_015_921_612),
    ] {
        let found = problems::eccentric_anomaly(m);
        assert!((found - anomaly).abs() <= 4e-16 * anomaly.abs(), "{m}: {found}");
    }
    let [x, y] = problems::kepler_at(0.0);
    assert!((x - KEPLER[0]).abs() <= 2e-16 && (y - KEPLER[1]).abs() <= 2e-16, "{x} {y}");
    assert!((problems::pendulum_period(2.0) - 8.349_752_926_918_494).abs() <= 2e-15);
    assert!((problems::energy(KEPLER) + 0.5).abs() <= 2e-16);
}

#[test]
fn closed_forms_are_met() {
    assert!(FOUND.logistic <= ALLOWED && FOUND.pendulum <= ALLOWED, "{:?}", *FOUND);
    assert!(FOUND.jacobian <= JACOBIAN_ALLOWED, "{:e}", FOUND.jacobian);
    // Time as a coordinate: the solution of x' = t·x from 1 is exp(t²/2).
    let mut flow = Flow::new([0.0, 1.0]);
    let [_, x] = flow.advance::<ORDER>(|[t, x]| [Taylor::constant(1.0), t * x], 2.0, BY_TOLERANCE).unwrap();
    assert!((x - 2.0_f64.exp()).abs() <= ALLOWED, "{x}");
}

#[test]
fn arenstorfs_orbit_closes() {
    let (closure, limit) = FOUND.arenstorf.unwrap();
    assert!((2.2e6..2.3e6).contains(&limit.growth), "{limit:?}");
    for closure in [closure, errors::arenstorf::<24>().unwrap()] {
        assert!(closure.open.iter().zip(limit.unit).all(|(open, unit)| *open <= unit), "{closure:?}");
    }
    // The orbit is symmetric: at half the period it crosses the axis at a right angle.
    let half = Flow::new(ARENSTORF).advance::<ORDER>(problems::arenstorf, ARENSTORF_PERIOD / 2.0, BY_TOLERANCE);
    let [_, y, u, _] = half.unwrap();
    assert!(y.abs() <= 1e-12 && u.abs() <= 1e-12, "{y} {u}");
}

#[test]
fn the_step_is_found_from_the_series() {
    assert_eq!(integrator::order(TOLERANCE), ORDER);
    // The series of 1/(1 - t/3) has the radius of convergence 3, and every pair of coefficients gives it.
    let x = [Taylor::new(1.0, std::array::from_fn::<_, 20, _>(|i| 3.0_f64.powi(-1 - i as i32)))];
    let safety = (TOLERANCE.ln() - 0.7) / 19.0;
    assert!((integrator::step(&x, TOLERANCE) / (3.0 * safety.exp()) - 1.0).abs() < 1e-14);
    // At the perihelion Kepler's orbit has its singularity at the imaginary time acosh(1/e) - √(1 - e²), where r
    // vanishes.
    let x = integrator::series::<_, 4, 30>(problems::kepler, PERIHELION);
    let radius = integrator::step(&x, 1.0) * (0.7_f64 / 29.0).exp();
    let known = (1.0_f64 / 0.6).acosh() - 0.8;
    assert!((radius / known - 1.0).abs() < 0.15, "{radius} {known}");
}

#[test]
fn what_is_not_reached_is_refused() {
    let square = |until| Flow::new([1.0_f64]).advance::<ORDER>(|[x]| [x * x], until, BY_TOLERANCE);
    let [x] = square(0.9).unwrap();
    assert!((x / 10.0 - 1.0).abs() < 1e-13, "{x}");
    assert_eq!(square(2.0), None, "1/(1 - t)");
    let root = |x: [f64; 1]| Flow::new(x).advance::<ORDER>(|[x]| [x.sqrt()], 1.0, BY_TOLERANCE);
    assert_eq!(root([-1.0]), None);
    let fall = Flow::new([1.0, 0.0, 0.0, 0.0]).advance::<ORDER>(problems::kepler, 2.0, BY_TOLERANCE);
    assert_eq!(fall, None, "a fall into the center, at π/√8");
    // A constant solution is followed in one step.
    let mut flow = Flow::new([1.0]);
    assert_eq!(flow.advance::<ORDER>(problems::logistic, 1e3, BY_TOLERANCE), Some([1.0]));
    assert_eq!(flow.steps, 1);
}

/// The integrator is generic: here with numbers that carry a derivative, and with `f32`.
#[test]
fn other_numbers_flow() {
    let end = |x: Dual<f64>| Flow::new([x]).advance::<ORDER>(problems::logistic, LN_2, BY_TOLERANCE).unwrap()[0];
    // The end is x/(x + (1 - x)·e⁻ᵗ): 2/3 at 1/2, with the slope 2/(1 + x)² = 8/9.
    let (x, slope) = nilpotent::derivative(end, 0.5);
    assert!((x - 2.0 / 3.0).abs() < 1e-15 && (slope - 8.0 / 9.0).abs() < 1e-15, "{x} {slope}");
    let [x] = Flow::new([0.5_f32]).advance::<10>(problems::logistic, LN_2 as f32, Steps::Tolerance(1e-8)).unwrap();
    assert!((x - 2.0 / 3.0).abs() <= f32::EPSILON, "{x}");
}

#[test]
fn wrong_paths_are_refused() {
    let curves = [Curve { steps: 32, errors: vec![1.0, 1e-3, 0.0] }];
    assert!(chart::write(&temporary("taylor_ode, three orders.svg"), &curves).is_ok());
    for path in [temporary("no such folder/taylor_ode.svg"), PathBuf::from(env!("CARGO_TARGET_TMPDIR"))] {
        let error = chart::write(&path, &curves).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: expected a path to write to: ", path.display())), "{error}");
    }
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
