//! The errors of the integrator, measured against known solutions.

use super::integrator::{Flow, Steps};
use super::problems::{self, ARENSTORF, ARENSTORF_PERIOD, KEPLER, PERIHELION};
use super::{ALLOWED, ORDER, TOLERANCE};
use nilpotent::try_jacobian;
use std::array::from_fn;
use std::f64::consts::TAU;

pub(crate) const BY_TOLERANCE: Steps = Steps::Tolerance(TOLERANCE);
/// The numbers of equal steps per revolution. (With 21 or fewer, a step at the perihelion is longer than the radius of
/// convergence.)
pub(crate) const EQUAL: [usize; 4] = [24, 32, 64, 128];
const REVOLUTIONS: [f64; 7] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
/// The lowest order at which steps by tolerance are tried. Lower orders take thousands of steps.
const FIRST_CHOSEN: usize = 10;

/// All errors that have a bound.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) revolutions: Vec<Revolution>,
    pub(crate) growth: Vec<Growth>,
    pub(crate) jacobian: f64,
    pub(crate) logistic: f64,
    pub(crate) pendulum: f64,
    pub(crate) arenstorf: Option<(Closure, Limit)>,
}

impl Found {
    pub(crate) fn all() -> Self {
        Self {
            revolutions: revolutions(),
            growth: growth(),
            jacobian: jacobian_of_revolution(),
            logistic: logistic(),
            pendulum: pendulum(),
            arenstorf: arenstorf::<ORDER>().zip(arenstorf_limit()),
        }
    }

    /// The largest error of one revolution in steps by tolerance, at orders of [`ORDER`] or more.
    pub(crate) fn kepler(&self) -> f64 {
        let high = self.revolutions.iter().filter(|revolution| revolution.order >= ORDER);
        high.map(|revolution| revolution.chosen.map_or(f64::INFINITY, |chosen| chosen.error)).fold(0.0, f64::max)
    }

    /// Whether the error after n revolutions is at most `n^1.5` times what is allowed after one.
    pub(crate) fn grows_slowly(&self) -> bool {
        self.growth.len() == REVOLUTIONS.len()
            && self.growth.iter().all(|row| row.error <= ALLOWED * row.revolutions.powf(1.5))
    }
}

/// The errors of one revolution of Kepler's problem at one order.
#[derive(Clone, Debug)]
pub(crate) struct Revolution {
    pub(crate) order: usize,
    /// The errors with [`EQUAL`] numbers of equal steps.
    pub(crate) equal: [f64; EQUAL.len()],
    /// The result with steps by tolerance.
    pub(crate) chosen: Option<Chosen>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Chosen {
    pub(crate) steps: usize,
    pub(crate) evaluations: usize,
    pub(crate) error: f64,
    /// The error if the revolution starts at the perihelion.
    pub(crate) from_perihelion: f64,
}

/// One revolution for each order.
fn revolutions() -> Vec<Revolution> {
    macro_rules! orders {
        ($($k:literal)*) => { vec![$( revolution::<$k>() ),*] };
    }
    orders!(2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30)
}

fn revolution<const K: usize>() -> Revolution {
    let chosen = || {
        let (error, flow) = kepler::<K>(TAU, BY_TOLERANCE);
        let end = Flow::new(PERIHELION).advance::<K>(problems::kepler, TAU, BY_TOLERANCE);
        let from_perihelion = end.map_or(f64::INFINITY, |x| distance(x, [PERIHELION[0], PERIHELION[1]]));
        Chosen { steps: flow.steps, evaluations: flow.evaluations, error, from_perihelion }
    };
    Revolution {
        order: K,
        equal: EQUAL.map(|n| kepler::<K>(TAU, Steps::Equal(n)).0),
        chosen: (K >= FIRST_CHOSEN).then(chosen),
    }
}

/// Returns the error of the position in Kepler's problem at a time, and the flow with its counts of steps and
/// evaluations.
pub(crate) fn kepler<const K: usize>(t: f64, steps: Steps) -> (f64, Flow<f64, 4>) {
    let mut flow = Flow::new(KEPLER);
    let end = flow.advance::<K>(problems::kepler, t, steps);
    (end.map_or(f64::INFINITY, |x| distance(x, problems::kepler_at(t))), flow)
}

fn distance([x, y, ..]: [f64; 4], [a, b]: [f64; 2]) -> f64 {
    (x - a).hypot(y - b)
}

/// The errors of position and energy after a number of revolutions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    pub(crate) revolutions: f64,
    pub(crate) evaluations: usize,
    pub(crate) error: f64,
    pub(crate) energy: f64,
}

fn growth() -> Vec<Growth> {
    let mut flow = Flow::new(KEPLER);
    let grown = REVOLUTIONS.into_iter().map_while(|revolutions| {
        let t = revolutions * TAU;
        let x = flow.advance::<ORDER>(problems::kepler, t, BY_TOLERANCE)?;
        let (error, energy) = (distance(x, problems::kepler_at(t)), (problems::energy(x) + 0.5).abs());
        Some(Growth { revolutions, evaluations: flow.evaluations, error, energy })
    });
    grown.collect()
}

/// The error of the flow's Jacobian after one revolution, relative to its largest entry.
fn jacobian_of_revolution() -> f64 {
    let end = |x| Flow::new(x).advance::<ORDER>(problems::kepler, TAU, BY_TOLERANCE);
    let Some((_, found)) = try_jacobian(end, KEPLER) else { return f64::INFINITY };
    let known = problems::revolution(KEPLER);
    largest(from_fn(|i| from_fn(|j| found[i][j] - known[i][j]))) / largest(known)
}

/// The largest error of logistic growth at times from -10 to 10.
fn logistic() -> f64 {
    let errors = (-10..=10).map(|t| {
        let t = f64::from(t);
        let end = Flow::new([0.5]).advance::<ORDER>(problems::logistic, t, BY_TOLERANCE);
        end.map_or(f64::INFINITY, |[x]| (x - 1.0 / (1.0 + (-t).exp())).abs())
    });
    errors.fold(0.0, f64::max)
}

/// The largest error of a pendulum that swings up to 2 rad: after a quarter of the period, where it is lowest, and
/// after the whole period.
fn pendulum() -> f64 {
    let (angle, mut flow) = (2.0, Flow::new([2.0, 0.0]));
    let period = problems::pendulum_period(angle);
    let known = [(0.25, [0.0, -2.0 * (angle / 2.0).sin()]), (1.0, [angle, 0.0])];
    let errors = known.into_iter().flat_map(|(part, known)| {
        let end = flow.advance::<ORDER>(problems::pendulum, part * period, BY_TOLERANCE);
        end.map_or([f64::INFINITY; 2], |x| from_fn(|i| (x[i] - known[i]).abs()))
    });
    errors.fold(0.0, f64::max)
}

/// Arenstorf's orbit after one period.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closure {
    pub(crate) steps: usize,
    pub(crate) evaluations: usize,
    /// The distance of each coordinate from its start.
    pub(crate) open: [f64; 4],
}

pub(crate) fn arenstorf<const K: usize>() -> Option<Closure> {
    let mut flow = Flow::new(ARENSTORF);
    let end = flow.advance::<K>(problems::arenstorf, ARENSTORF_PERIOD, BY_TOLERANCE)?;
    let open = from_fn(|i| (end[i] - ARENSTORF[i]).abs());
    Some(Closure { steps: flow.steps, evaluations: flow.evaluations, open })
}

/// The accuracy with which f64 can close Arenstorf's orbit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// The change at the end if each coordinate of the start changes by one unit in the last place.
    pub(crate) unit: [f64; 4],
    /// The largest factor by which a difference at the start can grow.
    pub(crate) growth: f64,
}

pub(crate) fn arenstorf_limit() -> Option<Limit> {
    let end = |x| Flow::new(x).advance::<ORDER>(problems::arenstorf, ARENSTORF_PERIOD, BY_TOLERANCE);
    let (_, j) = try_jacobian(end, ARENSTORF)?;
    let units = ARENSTORF.map(|x: f64| x.abs().next_up() - x.abs());
    let unit = j.map(|row| row.iter().zip(units).map(|(j, unit)| j.abs() * unit).sum());
    Some(Limit { unit, growth: largest(j) })
}

fn largest(x: [[f64; 4]; 4]) -> f64 {
    x.as_flattened().iter().fold(0.0, |max, x| max.max(x.abs()))
}
