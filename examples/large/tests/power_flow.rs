//! The optimal power flow against published optima, and its formulas against complex arithmetic.

use large::charts::network;
use large::interior_point::minimize;
use large::matpower::Case;
use large::power_flow::{Flow, problem};
use nilpotent::separable::Element;
use std::path::PathBuf;

type Complex = [f64; 2];

fn times([a, b]: Complex, [c, d]: Complex) -> Complex {
    [a * c - b * d, a * d + b * c]
}

fn conjugate([a, b]: Complex) -> Complex {
    [a, -b]
}

fn polar(angle: f64, magnitude: f64) -> Complex {
    [magnitude * angle.cos(), magnitude * angle.sin()]
}

#[test]
fn the_flow_into_a_branch_is_the_voltage_times_the_conjugate_current() {
    let x = [0.3, -0.2, 1.05, 0.97];
    let [g, b, charging, ratio, shift] = [2.5, -17.0, 0.13, 0.95, 0.2];
    let [from, to] = [polar(x[0], x[2]), polar(x[1], x[3])];
    // An ideal transformer at `from`, and behind it a π: half of the charging at each end, the admittance between them.
    let winding = times(from, polar(-shift, 1.0 / ratio));
    let current = |v: Complex, w: Complex| {
        let (series, shunt) = (times([g, b], [v[0] - w[0], v[1] - w[1]]), times([0.0, charging], v));
        [series[0] + shunt[0], series[1] + shunt[1]]
    };
    // The transformer passes on all power.
    let [p, q] = times(winding, conjugate(current(winding, to)));
    let [r, s] = times(to, conjugate(current(to, winding)));
    let flow = Flow.element(x, [g, b, charging, ratio, shift]);
    for (found, expected) in flow.into_iter().zip([p, q, r, s]) {
        assert!((found - expected).abs() < 1e-14 * 17.0, "{found} instead of {expected}");
    }
}

/// Solves a case, and compares with the objective that PGLib-OPF v23.07 publishes in BASELINE.md, in dollars an hour.
fn reaches(text: &str, published: &str) {
    let problem = problem(&Case::parse(text).unwrap()).unwrap();
    let outcome = minimize(&problem).unwrap();
    assert!(outcome.is_optimal, "{}", outcome.status);
    assert_eq!(format!("{:.4e}", outcome.objective), published);
    let violation = problem.violation(&outcome.x).unwrap();
    assert!(violation < 1e-7, "{violation}");
    assert!((problem.objective.value(&outcome.x).unwrap() / outcome.objective - 1.0).abs() < 1e-12);
}

macro_rules! published {
    ($($case:ident $objective:literal),+ $(,)?) => {$(
        #[test]
        fn $case() {
            reaches(include_str!(concat!("../data/pglib_opf_", stringify!($case), ".m")), $objective);
        }
    )+};
}

published! {
    case3_lmbd "5.8126e3",
    case5_pjm "1.7552e4",
    case14_ieee "2.1781e3",
    case118_ieee "9.7214e4",
    case300_ieee "5.6522e5",
    case1354_pegase "1.2588e6",
}

/// The multiplier of a bus's balance is what more demand there costs, against differences of optima.
#[test]
fn multipliers_are_prices() {
    let case = Case::parse(include_str!("../data/pglib_opf_case14_ieee.m")).unwrap();
    let found = minimize(&problem(&case).unwrap()).unwrap();
    for bus in [0, 2, 8, 13] {
        let cost = |megawatts: f64| {
            let mut case = case.clone();
            case.buses[bus].demand[0] += megawatts / case.base;
            minimize(&problem(&case).unwrap()).unwrap().objective
        };
        let (price, slope) = (found.multipliers.rows[bus] / case.base, cost(0.5) - cost(-0.5));
        assert!(price > 5.0 && (price / slope - 1.0).abs() < 1e-3, "{bus}: {price} {slope}");
    }
}

#[test]
fn the_chart_shows_voltages_generators_and_prices() {
    let case = Case::parse(include_str!("../data/pglib_opf_case5_pjm.m")).unwrap();
    let found = minimize(&problem(&case).unwrap()).unwrap();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("opf.svg");
    network(&path, "case5_pjm", &case, &found).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    for part in ["case5_pjm: the voltages", "voltage, per unit", "power, MW", "price, $/MWh", "limits"] {
        assert!(text.contains(part), "{part}");
    }
    let error = network(&path.join("below"), "case5_pjm", &case, &found).unwrap_err();
    assert!(error.contains("opf.svg") && error.contains("expected a path to write to"), "{error}");
}

#[test]
fn a_demand_that_cannot_be_met_is_no_optimum() {
    let text = include_str!("../data/pglib_opf_case3_lmbd.m");
    let mut case = Case::parse(text).unwrap();
    case.buses[0].demand[0] = 100.0;
    let outcome = minimize(&problem(&case).unwrap()).unwrap();
    assert!(!outcome.is_optimal, "{}", outcome.objective);
}

#[test]
fn parts_that_do_not_fit_together_are_refused() {
    let case = Case::parse(include_str!("../data/pglib_opf_case3_lmbd.m")).unwrap();
    let mut wrong = problem(&case).unwrap();
    wrong.rows.pop();
    let error = minimize(&wrong).unwrap_err();
    assert_eq!(error.to_string(), "15 limits of rows were expected, and there are 14");
    let mut wrong = problem(&case).unwrap();
    wrong.start.push(0.0);
    let error = minimize(&wrong).unwrap_err();
    assert_eq!(error.to_string(), "12 coordinates of the start were expected, and there are 13");
}
