//! A charged particle moves between two charges, one of which can be shifted. Wanted is the shift for which the
//! particle meets the axis nearest to the origin. The acceleration is a gradient, and the shift is found along the
//! gradient of the whole flight.

use super::nested::{Forward, Function, Mode, Reverse, least};
use super::protocol::{Field, Functions, Solved, solve};
use nilpotent::Real;
use std::marker::PhantomData;

/// The functions by name; the letters are the modes of the outer and of the inner gradient.
pub(crate) const FUNCTIONS: Functions = &[
    ("rr", solved::<Reverse, Reverse>),
    ("ff", solved::<Forward, Forward>),
    ("rf", solved::<Reverse, Forward>),
    ("fr", solved::<Forward, Reverse>),
];

fn solved<Outer: Mode, Inner: Mode>(field: &Field) -> Result<Solved, String> {
    let w = field.get("w")?.number()?;
    solve(field, || shift::<Outer, Inner>(w), Into::into)
}

/// The best shift, found by a descent that starts at w.
pub(crate) fn shift<Outer: Mode, Inner: Mode>(w: f64) -> f64 {
    least::<Outer, _, 1>(&Flight::<Inner>(PhantomData), [w])[0]
}

/// `Σ 1/‖x - charge‖`
struct Potential<S> {
    charges: [[S; 2]; 2],
}

impl<S: Real> Function<S, 2> for Potential<S> {
    fn value<T: Real<Float = f64>>(&self, x: [T; 2], lift: impl Fn(S) -> T) -> T {
        let distance = |charge: &[S; 2]| {
            let [dx, dy] = [x[0] - lift(charge[0]), x[1] - lift(charge[1])];
            (dx * dx + dy * dy).sqrt()
        };
        self.charges.iter().map(|charge| distance(charge).recip()).sum()
    }
}

/// The square of the coordinate at which the particle meets the axis.
struct Flight<Inner>(PhantomData<Inner>);

impl<Inner: Mode> Function<f64, 1> for Flight<Inner> {
    fn value<T: Real<Float = f64>>(&self, [w]: [T; 1], _: impl Fn(f64) -> T) -> T {
        const STEP: f64 = 0.1;
        let number = T::from_float;
        let (ten, zero) = (number(10.0), number(0.0));
        let potential = Potential { charges: [[ten, ten - w], [ten, zero]] };
        let (mut x, mut v) = ([zero, number(8.0)], [number(0.75), zero]);
        loop {
            let slope = Inner::gradient(&potential, x);
            x = [x[0] + v[0].times(STEP), x[1] + v[1].times(STEP)];
            if x[1] <= zero {
                let end = x[0] - v[0] * x[1] / v[1];
                return end * end;
            }
            v = [v[0] - slope[0].times(STEP), v[1] - slope[1].times(STEP)];
        }
    }
}
