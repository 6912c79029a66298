//! The swing of the cart's pole against the published effort and the maximum principle, and its predictive control.

use large::cart_pole::{CartPole, EFFORT, GOAL, MOST_FORCE, PUBLISHED, TRACK, swing};
use large::charts;
use large::collocation::Dynamics;
use large::interior_point::{Options, Outcome, minimize, minimize_by};
use large::predictive::{Controller, REALITY, Reality, is_up, run};
use large::problem::Problem;
use std::path::PathBuf;

/// The effort that tests/reference/cart_pole.py finds by the maximum principle.
const REFERENCE: f64 = 58.8076674583;

fn solve(problem: &Problem) -> Outcome {
    let outcome = minimize(problem).unwrap();
    assert!(outcome.is_optimal, "{}", outcome.status);
    assert!(problem.violation(&outcome.x).unwrap() < 1e-7);
    outcome
}

#[test]
fn the_motion_is_that_of_lagranges_equations() {
    let found = PUBLISHED.after([0.0; 4], 5.0, 1.0, 1000);
    // From tests/reference/cart_pole.py.
    let expected = [1.9526381180794528, -0.25908585429932607, 3.6418516851131955, 1.8317542916193883];
    for (found, expected) in found.into_iter().zip(expected) {
        assert!((found - expected).abs() < 1e-10, "{found} instead of {expected}");
    }
}

#[test]
fn the_effort_is_that_of_the_maximum_principle() {
    assert!((EFFORT - REFERENCE).abs() < 1e-9);
    let errors = [20, 40, 80].map(|intervals| solve(&swing(intervals).unwrap()).objective - REFERENCE);
    // The rule has order 4.
    assert!(errors[2].abs() < 1e-5, "{errors:?}");
    assert!(errors.windows(2).all(|two| (two[0] / two[1]).abs() > 10.0), "{errors:?}");
}

/// The test of Dymos' example `cart_pole`: Hermite-Simpson in 40 intervals, where the force must be 0 at the end.
#[test]
fn the_effort_is_the_published_one() {
    let mut problem = swing(40).unwrap();
    *problem.bounds.last_mut().unwrap() = [0.0; 2];
    let found = solve(&problem).objective;
    assert_eq!(format!("{found:.8}"), "58.83924863");
}

#[test]
fn a_problem_that_is_almost_solved_takes_few_iterations() {
    let mut problem = swing(40).unwrap();
    let first = solve(&problem);
    problem.start.clone_from(&first.x);
    let again = minimize_by(&problem, Options { from: Some(&first.multipliers), ..Options::default() }).unwrap();
    assert!(again.is_optimal && again.iterations < first.iterations / 2, "{} {}", again.iterations, first.iterations);
    assert!((again.objective - first.objective).abs() < 1e-6, "{} {}", again.objective, first.objective);
    let mut wrong = first.multipliers.clone();
    wrong.most.pop();
    let error = minimize_by(&problem, Options { from: Some(&wrong), ..Options::default() }).unwrap_err();
    assert_eq!(error.to_string(), "245 multipliers of largest values were expected, and there are 244");
}

/// Multipliers are derivatives of the minimum, against differences of minima with other limits.
#[test]
fn multipliers_are_what_limits_cost() {
    let problem = swing(20).unwrap();
    let found = solve(&problem);
    for row in [1, 42] {
        let at = |limit: f64| {
            let mut changed = problem.clone();
            changed.rows[row] = [limit; 2];
            solve(&changed).objective
        };
        let slope = (at(1e-3) - at(-1e-3)) / 2e-3;
        let expected = -found.multipliers.rows[row];
        assert!((slope - expected).abs() < 1e-3 * expected.abs().max(1.0), "{row}: {slope} {expected}");
    }
}

#[test]
fn the_closed_loop_swings_up_and_holds() {
    let moments = run(REALITY, 140).unwrap();
    let up = |k: usize| is_up(moments[k].state);
    assert!(!up(0) && (60..70).all(up), "{:?}", moments[60].state);
    let fallen = moments[70..100].iter().any(|moment| moment.state[1].cos() > 0.0);
    assert!(fallen, "the push is too weak to test anything");
    assert!((130..140).all(up), "{:?}", moments[139].state);
    for moment in &moments {
        assert!(moment.force.abs() <= MOST_FORCE * (1.0 + 1e-6), "{}", moment.force);
        assert!(moment.state[0].abs() < TRACK, "{:?}", moment.state);
    }
    let failed = moments.iter().filter(|moment| !moment.plan.is_optimal).count();
    assert_eq!(failed, 0);
}

/// The plan of the start, applied without looking, does not swing up the heavier pole.
#[test]
fn without_feedback_the_pole_falls() {
    let plan = Controller::new(PUBLISHED).unwrap().plan([0.0; 4]).unwrap().1;
    let end = |system: CartPole| {
        let forces = &plan.x[plan.x.len() - large::predictive::PLANNED..];
        forces.iter().fold([0.0; 4], |state, &force| system.after(state, force, large::predictive::STEP, 50))
    };
    let [right, wrong] = [PUBLISHED, REALITY.system].map(|system| end(system)[1].cos());
    assert!(right < -0.99 && wrong > -0.5, "{right} {wrong}");
}

#[test]
fn a_perfect_model_reaches_the_goal() {
    let moments = run(Reality { system: PUBLISHED, push: (0.0, [0, 0]) }, 70).unwrap();
    let state = moments[69].state;
    assert!(is_up(state) && (state[0] - GOAL[0]).abs() < 1e-2, "{state:?}");
}

#[test]
fn the_chart_shows_the_swing_and_the_loop() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cart_pole.svg");
    let (optimum, moments) = (solve(&swing(20).unwrap()).x, run(REALITY, 3).unwrap());
    charts::swing(&path, &optimum, &moments).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    for part in ["from light to dark", "cart, m, closed loop", "pole, rad, closed loop", "force, N", "time, s"] {
        assert!(text.contains(part), "{part}");
    }
    let error = charts::swing(&path.join("below"), &optimum, &moments).unwrap_err();
    assert!(error.contains("cart_pole.svg") && error.contains("expected a path to write to"), "{error}");
}

#[test]
#[should_panic(expected = "no interval, of which there must be at least 1")]
fn no_interval_is_refused() {
    let _ = swing(0);
}
