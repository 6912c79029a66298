//! How to swing up a pole that hangs on a cart: section 6 of Kelly, *An introduction to trajectory optimization*, SIAM
//! Review 59 (2017), with the numbers of its appendix E.
//!
//! Only the cart is pushed. In two seconds it must be a meter further to the right, at rest, with the pole upright; the
//! integral of the square of the force is to be small.

use crate::collocation::Dynamics;
use crate::problem::Problem;
use nilpotent::separable::{Element, Function, Kind};
use nilpotent::{Error, Real};
use std::f64::consts::PI;

/// The largest force in both directions, N.
pub const MOST_FORCE: f64 = 20.0;
/// The cart may be so far from its start, m.
pub const TRACK: f64 = 2.0;
/// The time of the swing, s.
pub const TIME: f64 = 2.0;
/// Where all ends: the place of the cart, m, the angle of the pole, and both at rest.
pub const GOAL: [f64; 4] = [1.0, PI, 0.0, 0.0];

/// The least integral of the square of the force, N²s, of the maximum principle: tests/reference/cart_pole.py.
pub const EFFORT: f64 = 58.807_667_458;

/// A cart on a track without friction, and a mass at the end of a weightless pole. The states are the place of the cart, the
/// angle of the pole, which is 0 if it hangs down, and their velocities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CartPole {
    /// The mass of the cart, kg.
    pub cart: f64,
    /// The mass at the end of the pole, kg.
    pub pole: f64,
    /// The length of the pole, m.
    pub length: f64,
}

/// The numbers of the paper.
pub const PUBLISHED: CartPole = CartPole { cart: 1.0, pole: 0.3, length: 0.5 };

const GRAVITY: f64 = 9.81;

impl Dynamics<4> for CartPole {
    #[inline(never)]
    fn rate<T: Real>(&self, [_, angle, speed, turning]: [T; 4], force: T) -> [T; 4] {
        let [cart, pole, length, gravity] = [self.cart, self.pole, self.length, GRAVITY].map(T::lit);
        let (sin, cos) = angle.sin_cos();
        let pull = force + pole * length * turning * turning * sin;
        let inertia = cart + pole * sin * sin;
        [
            speed,
            turning,
            (pull + pole * gravity * sin * cos) / inertia,
            -(pull * cos + (cart + pole) * gravity * sin) / (length * inertia),
        ]
    }
}

/// An interval of time: the states at its ends, and the force at its beginning, its middle and its end.
#[derive(Clone, Copy, Debug)]
pub struct Interval {
    /// What moves.
    pub model: CartPole,
    /// The length of the interval, s.
    pub step: f64,
}

impl Element<11, 4> for Interval {
    fn element<T: Real>(&self, [a, b, c, d, e, f, g, h, u, v, w]: [T; 11], []: [T; 0]) -> [T; 4] {
        self.model.hermite_simpson(T::lit(self.step), [[a, b, c, d], [e, f, g, h]], [u, v, w])
    }
}

/// The integral of the square of the force over an interval, by Simpson's rule.
struct Effort {
    step: f64,
}

impl Element<3> for Effort {
    fn element<T: Real>(&self, [u, v, w]: [T; 3], []: [T; 0]) -> [T; 1] {
        [(u * u + T::lit(4.0) * v * v + w * w) * T::lit(self.step / 6.0)]
    }
}

/// The places of the states at both ends of interval k, and of its forces.
pub fn variables(k: usize, [u, v, w]: [usize; 3]) -> [usize; 11] {
    std::array::from_fn(|i| if i < 8 { 4 * k + i } else { [u, v, w][i - 8] })
}

/// The swing of the published cart in so many intervals. The variables are the four states at one end of an interval after
/// another, and then the forces: at each end and in each middle, in the order of time.
///
/// # Errors
/// None.
///
/// # Panics
/// If there is no interval.
pub fn swing(intervals: usize) -> Result<Problem, Error> {
    assert!(intervals > 0, "no interval, of which there must be at least 1");
    let (states, forces) = (4 * (intervals + 1), 2 * intervals + 1);
    let step = TIME / intervals as f64;
    let of = |k: usize| [0, 1, 2].map(|i| states + 2 * k + i);
    let kind = Kind::new(Interval { model: PUBLISHED, step }, (0..intervals).map(|k| variables(k, of(k))));
    let free = [f64::NEG_INFINITY, f64::INFINITY];
    let bounds = |k: usize| match k {
        0 => [[0.0; 2]; 4],
        k if k == intervals => GOAL.map(|x| [x; 2]),
        _ => [[-TRACK, TRACK], free, free, free],
    };
    let start = |k: usize| GOAL.map(|x| x * k as f64 / intervals as f64);
    Ok(Problem {
        objective: Function::new(states + forces).with(Kind::new(Effort { step }, (0..intervals).map(of)).to_row(0))?,
        constraints: Function::new(states + forces).with(kind)?,
        rows: vec![[0.0; 2]; 4 * intervals],
        bounds: (0..=intervals).flat_map(bounds).chain((0..forces).map(|_| [-MOST_FORCE, MOST_FORCE])).collect(),
        start: (0..=intervals).flat_map(start).chain((0..forces).map(|_| 0.0)).collect(),
    })
}
