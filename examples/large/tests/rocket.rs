//! The highest flight of Goddard's rocket against the published altitude and against the maximum principle.

use large::charts::flights;
use large::collocation::Dynamics;
use large::interior_point::{Options, Outcome, minimize_by};
use large::rocket::{ALTITUDE, EMPTY, MOST_THRUST, Rocket, TOLERANCE, problem};
use std::path::PathBuf;

fn fly(intervals: usize) -> Outcome {
    let problem = problem(intervals).unwrap();
    let outcome = minimize_by(&problem, Options { tolerance: Some(TOLERANCE), ..Options::default() }).unwrap();
    assert!(outcome.is_optimal, "{intervals}: {}", outcome.status);
    let violation = problem.violation(&outcome.x).unwrap();
    assert!(violation < 1e-7, "{intervals}: {violation}");
    outcome
}

/// COPS 3.0 publishes 1.01283, which is the altitude without its further digits; tests/reference/rocket.py finds all of them.
#[test]
fn the_altitude_is_the_published_one() {
    const REFERENCE: f64 = 1.0128369183174986;
    assert!((ALTITUDE - REFERENCE).abs() < 1e-13);
    let mut errors = Vec::new();
    for intervals in [100, 200, 400, 800] {
        let altitude = -fly(intervals).objective;
        assert!((altitude * 1e5).trunc() == 101283.0, "{intervals}: {altitude}");
        errors.push((REFERENCE - altitude).abs());
    }
    // The rule has order 2.
    assert!(errors[3] < 1.5e-7 && errors.windows(2).all(|two| two[0] / two[1] > 3.0), "{errors:?}");
}

/// The three parts of the flight end when the reference says, and thrust on the arc is between its values there.
#[test]
fn the_flight_has_three_parts() {
    let intervals = 400;
    let outcome = fly(intervals);
    let time = outcome.x[outcome.x.len() - 1];
    assert!((time - 0.19885626210517).abs() < 2e-3, "{time}");
    let step = time / intervals as f64;
    for (k, node) in outcome.x.chunks_exact(4).enumerate() {
        let (now, [.., mass, thrust]) = (step * k as f64, [node[0], node[1], node[2], node[3]]);
        if now < 0.0235 - 2.0 * step {
            assert!(thrust > 0.99 * MOST_THRUST, "{now}: {thrust}");
        } else if now > 0.0727 + 2.0 * step {
            assert!(thrust < 0.01 && (mass - EMPTY).abs() < 1e-4, "{now}: {thrust} {mass}");
        }
    }
    let arc: Vec<_> = (0..=intervals).filter(|&k| (0.03..0.066).contains(&(step * k as f64))).collect();
    let mean = arc.iter().map(|&k| outcome.x[4 * k + 3]).sum::<f64>() / arc.len() as f64;
    assert!((2.14..3.09).contains(&mean), "{mean}");
}

/// Without thrust and drag, high above the planet, energy is kept: v²/2 - 1/h.
#[test]
fn a_flight_without_thrust_keeps_its_energy() {
    let [h, v, m] = Rocket.after([2.0, 1.0, EMPTY], 0.0, 0.5, 400);
    assert!((0.5 * v * v - 1.0 / h).abs() < 1e-12 && m == EMPTY, "{h} {v} {m}");
    let [_, acceleration, burning] = Rocket.rate([1.0, 0.1, 0.8], 2.0);
    let expected: f64 = (2.0 - 3.1) / 0.8 - 1.0;
    assert!((acceleration - expected).abs() < 1e-14 && burning == -4.0, "{acceleration} {burning}");
}

#[test]
#[should_panic(expected = "no interval, of which there must be at least 1")]
fn no_interval_is_refused() {
    let _ = problem(0);
}

#[test]
fn the_chart_shows_all_states() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("rocket.svg");
    let found = [25, 50].map(|intervals| (intervals, fly(intervals).x));
    flights(&path, &found).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    for part in ["altitude, thousandths", "velocity", "mass", "thrust", "25 intervals", "50 intervals", "time"] {
        assert!(text.contains(part), "{part}");
    }
    let error = flights(&path.join("below"), &found).unwrap_err();
    assert!(error.contains("rocket.svg") && error.contains("expected a path to write to"), "{error}");
}
