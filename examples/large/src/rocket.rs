//! How high a rocket can fly: the problem "Goddard rocket" of Dolan, Moré & Munson, *Benchmarking optimization software
//! with COPS 3.0* (2004).
//!
//! A rocket flies straight up. Its thrust burns two fifths of its mass. Too much thrust in the dense air is lost to the drag,
//! and too little to gravity, so between full thrust at the start and none at the end there is an arc on which the thrust is
//! between its bounds. All lengths are radii of the planet, all masses that of the rocket, and gravity at the start is 1.

use crate::collocation::Dynamics;
use crate::problem::Problem;
use nilpotent::separable::{Element, Function, Kind};
use nilpotent::{Error, Real};

/// The largest thrust.
pub const MOST_THRUST: f64 = 3.5;
/// The mass without fuel.
pub const EMPTY: f64 = 0.6;
/// The largest height at the end, of the maximum principle: tests/reference/rocket.py.
pub const ALTITUDE: f64 = 1.012_836_918_317_5;
/// The largest error of the conditions of optimality. With 1e-8, which is usual, the altitude is too low by some 1e-6: the
/// barrier keeps thousands of variables away from their bounds.
pub const TOLERANCE: f64 = 1e-10;
/// The speed of the exhaust.
const EXHAUST: f64 = 0.5;
/// The drag at the start is this times the square of the velocity.
const DRAG: f64 = 310.0;
/// How fast the drag falls with the altitude.
const DECAY: f64 = 500.0;

/// The rocket, whose states are the distance from the center of the planet, the velocity and the mass. The control is the
/// thrust.
#[derive(Clone, Copy, Debug)]
pub struct Rocket;

impl Dynamics<3> for Rocket {
    #[inline(never)]
    fn rate<T: Real>(&self, [height, velocity, mass]: [T; 3], thrust: T) -> [T; 3] {
        let drag = T::lit(DRAG) * velocity * velocity * (T::lit(-DECAY) * (height - T::one())).exp();
        [velocity, (thrust - drag) / mass - height.powi(-2), -thrust / T::lit(EXHAUST)]
    }
}

/// An interval of time: states and thrust at its ends, and the time of the whole flight, of which it is an equal part.
struct Interval {
    intervals: f64,
}

impl Element<9, 3> for Interval {
    fn element<T: Real>(&self, [h, v, m, u, i, w, n, z, time]: [T; 9], []: [T; 0]) -> [T; 3] {
        Rocket.trapezoid(time / T::lit(self.intervals), [[h, v, m], [i, w, n]], [u, z])
    }
}

/// What is to be large counts as negative.
struct Negative;

impl Element<1> for Negative {
    fn element<T: Real>(&self, [x]: [T; 1], []: [T; 0]) -> [T; 1] {
        [-x]
    }
}

/// The problem with so many equal intervals. The variables are height, velocity, mass and thrust at one end of an interval
/// after another, and the time of the flight.
///
/// # Errors
/// None.
///
/// # Panics
/// If there is no interval.
pub fn problem(intervals: usize) -> Result<Problem, Error> {
    assert!(intervals > 0, "no interval, of which there must be at least 1");
    let time = 4 * (intervals + 1);
    let variables = |k: usize| std::array::from_fn(|i| if i < 8 { 4 * k + i } else { time });
    let kind = Kind::new(Interval { intervals: intervals as f64 }, (0..intervals).map(variables));
    let infinity = f64::INFINITY;
    let bounds = |k: usize| match k {
        0 => [[1.0; 2], [0.0; 2], [1.0; 2], [0.0, MOST_THRUST]],
        k if k == intervals => [[1.0, infinity], [0.0, infinity], [EMPTY; 2], [0.0, MOST_THRUST]],
        _ => [[1.0, infinity], [0.0, infinity], [EMPTY, 1.0], [0.0, MOST_THRUST]],
    };
    let start = |k: usize| {
        let part = k as f64 / intervals as f64;
        [1.0, part * (1.0 - part), 1.0 + part * (EMPTY - 1.0), 0.5 * MOST_THRUST]
    };
    Ok(Problem {
        objective: Function::new(time + 1).with(Kind::new(Negative, [[4 * intervals]]).to_row(0))?,
        constraints: Function::new(time + 1).with(kind)?,
        rows: vec![[0.0; 2]; 3 * intervals],
        bounds: (0..=intervals).flat_map(bounds).chain([[0.0, infinity]]).collect(),
        start: (0..=intervals).flat_map(start).chain([1.0]).collect(),
    })
}
