//! The saddle point of `‖p‖² - ‖q‖²`: the minimum over p of the maximum over q.

use super::nested::{Forward, Function, Mode, Reverse, least};
use super::protocol::{Field, Functions, Solved, solve};
use nilpotent::Real;
use serde_json::json;
use std::marker::PhantomData;

/// The functions by name; the letters are the modes of the outer and of the inner gradient.
pub(crate) const FUNCTIONS: Functions = &[
    ("rr", solved::<Reverse, Reverse>),
    ("ff", solved::<Forward, Forward>),
    ("rf", solved::<Reverse, Forward>),
    ("fr", solved::<Forward, Reverse>),
];

fn solved<Outer: Mode, Inner: Mode>(field: &Field) -> Result<Solved, String> {
    let start = field.get("start")?.array()?;
    solve(field, || saddle::<Outer, Inner>(start), |point| json!(point))
}

/// The coordinates of the saddle point: p, then q.
pub(crate) fn saddle<Outer: Mode, Inner: Mode>(start: [f64; 2]) -> [f64; 4] {
    let p = least::<Outer, _, 2>(&Greatest::<Inner> { start, mode: PhantomData }, start);
    let q = least::<Inner, _, 2>(&Fall { p }, start);
    [p[0], p[1], q[0], q[1]]
}

/// `‖q‖² - ‖p‖²` as a function of q.
struct Fall<S> {
    p: [S; 2],
}

impl<S: Real> Function<S, 2> for Fall<S> {
    fn value<T: Real<Float = f64>>(&self, q: [T; 2], lift: impl Fn(S) -> T) -> T {
        let p = self.p.map(lift);
        (q[0] * q[0] + q[1] * q[1]) - (p[0] * p[0] + p[1] * p[1])
    }
}

/// The maximum of `‖p‖² - ‖q‖²` over all q, as a function of p.
struct Greatest<Inner> {
    start: [f64; 2],
    mode: PhantomData<Inner>,
}

impl<Inner: Mode> Function<f64, 2> for Greatest<Inner> {
    fn value<T: Real<Float = f64>>(&self, p: [T; 2], _: impl Fn(f64) -> T) -> T {
        let fall = Fall { p };
        let q = least::<Inner, _, 2>(&fall, self.start.map(T::from_float));
        -fall.value(q, |p: T| p)
    }
}
