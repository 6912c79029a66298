//! The optimal power flow of alternating current: the cheapest generation that meets all demands within all limits.
//!
//! Variables are the angle and the magnitude of the voltage of each bus, and the real and the reactive power of each
//! generator. The powers that flow into a branch at its ends are elements in four variables. Each is added to the balances of
//! its bus, so the balances are sums of elements, and no flow is a variable of its own.
//!
//! Formulas of a branch: MATPOWER User's Manual, section 3.2. The problem: Babaeinejadsarookolaee et al., *The Power Grid
//! Library for Benchmarking AC Optimal Power Flow Algorithms* (2019), model 1, arXiv:1908.02788.

use crate::matpower::{Branch, Case};
use crate::problem::Problem;
use nilpotent::separable::{Element, Function, Kind};
use nilpotent::{Error, Real};

/// What an element of a branch knows of it: the admittance, the charging susceptance, the ratio and the shift.
pub type Line = [f64; 5];

/// The real and the reactive power that flow into a branch at the bus `from`, and those at the bus `to`. The variables are
/// the angles and the magnitudes of both voltages.
///
/// With v for a magnitude, δ for the difference of the angles less the shift, and w = v·v'/ratio, the powers are
/// g·v²/ratio² - w·(g·cos δ + b·sin δ) and -(b + c)·v²/ratio² - w·(g·sin δ - b·cos δ) at `from`.
#[derive(Clone, Copy, Debug)]
pub struct Flow;

impl Element<4, 4, 5> for Flow {
    fn element<T: Real>(&self, [from, to, v, w]: [T; 4], [g, b, charging, ratio, shift]: [T; 5]) -> [T; 4] {
        let (sin, cos) = (from - to - shift).sin_cos();
        let v = v / ratio;
        let (vv, vw, ww) = (v * v, v * w, w * w);
        [
            g * vv - vw * (g * cos + b * sin),
            -(b + charging) * vv - vw * (g * sin - b * cos),
            g * ww - vw * (g * cos - b * sin),
            -(b + charging) * ww + vw * (g * sin + b * cos),
        ]
    }
}

/// The squares of the apparent powers at both ends, which the rating limits.
#[derive(Clone, Copy, Debug)]
pub struct Apparent;

impl Element<4, 2, 5> for Apparent {
    fn element<T: Real>(&self, x: [T; 4], line: [T; 5]) -> [T; 2] {
        let [p, q, r, s] = Flow.element(x, line);
        [p * p + q * q, r * r + s * s]
    }
}

/// The powers that a shunt consumes, of the magnitude of the voltage.
struct Shunt;

impl Element<1, 2, 2> for Shunt {
    fn element<T: Real>(&self, [v]: [T; 1], [g, b]: [T; 2]) -> [T; 2] {
        [g * v * v, -b * v * v]
    }
}

/// The power that a generator adds to its bus, which counts as negative.
struct Output;

impl Element<1> for Output {
    fn element<T: Real>(&self, [p]: [T; 1], []: [T; 0]) -> [T; 1] {
        [-p]
    }
}

/// The difference of two angles.
struct Difference;

impl Element<2> for Difference {
    fn element<T: Real>(&self, [from, to]: [T; 2], []: [T; 0]) -> [T; 1] {
        [from - to]
    }
}

/// The cost of a real power.
struct Cost;

impl Element<1, 1, 3> for Cost {
    fn element<T: Real>(&self, [p]: [T; 1], [a, b, c]: [T; 3]) -> [T; 1] {
        [(a * p + b) * p + c]
    }
}

/// Returns the indices of the voltages of a branch: both angles, then both magnitudes.
fn voltages(&Branch { buses: [from, to], .. }: &Branch, buses: usize) -> [usize; 4] {
    [from, to, buses + from, buses + to]
}

fn line(branch: &Branch) -> Line {
    let [g, b] = branch.admittance;
    [g, b, branch.charging, branch.ratio, branch.shift]
}

/// The problem of a network with n buses and k generators. The variables are n angles, n magnitudes, k real and k reactive
/// powers. The rows are the n real and n reactive balances, two limits of apparent power for each branch that has a rating,
/// and the difference of the angles of each branch that limits it.
///
/// # Errors
/// None for a case that [`Case::parse`] has returned.
pub fn problem(case: &Case) -> Result<Problem, Error> {
    let (n, k) = (case.buses.len(), case.generators.len());
    let variables = 2 * (n + k);
    let costs = case.generators.iter().map(|generator| generator.cost);
    let objective =
        Function::new(variables).with(Kind::with_data(Cost, (2 * n..).map(|p| [p]).take(k), costs)?.to_row(0))?;

    let flows = Kind::with_data(Flow, case.branches.iter().map(|b| voltages(b, n)), case.branches.iter().map(line))?
        .to_rows(case.branches.iter().map(|&Branch { buses: [from, to], .. }| [from, n + from, to, n + to]))?;
    let shunts = || case.buses.iter().enumerate().filter(|(_, bus)| bus.shunt != [0.0; 2]);
    let shunt = Kind::with_data(Shunt, shunts().map(|(i, _)| [n + i]), shunts().map(|(_, bus)| bus.shunt))?
        .to_rows(shunts().map(|(i, _)| [i, n + i]))?;
    let at = |first: usize| case.generators.iter().map(move |generator| [first + generator.bus]);
    let output = Kind::new(Output, (2 * n..variables).map(|p| [p])).to_rows(at(0).chain(at(n)))?;
    let rated = || case.branches.iter().filter(|branch| branch.rating.is_finite());
    let apparent = Kind::with_data(Apparent, rated().map(|b| voltages(b, n)), rated().map(line))?;
    let narrow = || case.branches.iter().filter(|branch| branch.angle.iter().any(|limit| limit.is_finite()));
    let difference = Kind::new(Difference, narrow().map(|branch| branch.buses));
    let balances = Function::new(variables).with(flows)?.with(shunt)?.with(output)?.with_rows(2 * n);

    let demands = [0, 1].into_iter().flat_map(|part| case.buses.iter().map(move |bus| [-bus.demand[part]; 2]));
    let ratings = rated().flat_map(|branch| [[f64::NEG_INFINITY, branch.rating * branch.rating]; 2]);
    let angles =
        case.buses.iter().map(|bus| if bus.is_reference { [0.0; 2] } else { [f64::NEG_INFINITY, f64::INFINITY] });
    let magnitudes = case.buses.iter().map(|bus| bus.voltage);
    let powers = case.generators.iter().map(|g| g.real).chain(case.generators.iter().map(|g| g.reactive));
    let bounds: Vec<_> = angles.chain(magnitudes).chain(powers).collect();
    Ok(Problem {
        objective,
        constraints: balances.with(apparent)?.with(difference)?,
        rows: demands.chain(ratings).chain(narrow().map(|branch| branch.angle)).collect(),
        start: bounds.iter().map(|&bounds| middle(bounds)).collect(),
        bounds,
    })
}

/// The middle between two bounds, and 0 without bounds.
fn middle([least, most]: [f64; 2]) -> f64 {
    let middle = 0.5 * (least + most);
    if middle.is_finite() { middle } else { 0f64.clamp(least, most) }
}
