//! Least squares: fits a polynomial to the sign of t, `½Σᵢ (sᵢ - Σⱼ xⱼtᵢʲ)²` at n equidistant t from -1 to 1.

use super::protocol::{Field, Functions, solve};
use nilpotent::{Real, reverse, rules};
use std::ops::Range;

pub(crate) const FUNCTIONS: Functions = &[
    ("primal", |field| {
        let input = Input::read(field)?;
        solve(field, || primal(&input), Into::into)
    }),
    ("gradient", |field| {
        let input = Input::read(field)?;
        solve(field, || gradient(&input), Into::into)
    }),
];

/// The number of points whose terms are recorded together. The records of so few points fit into the fastest cache.
const BLOCK: usize = 16;

#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) x: Vec<f64>,
    pub(crate) n: usize,
}

impl Input {
    pub(crate) fn read(field: &Field) -> Result<Self, String> {
        let n = field.get("n")?;
        match n.count()? {
            0 | 1 => n.expected("a number of points from 2 on"),
            n => Ok(Self { x: field.get("x")?.vector()?, n }),
        }
    }
}

/// The sum of the terms of some points.
fn terms<T: Real<Float = f64>>(x: &[T], n: usize, points: Range<usize>) -> T {
    let term = |i| {
        let t = -1.0 + i as f64 * 2.0 / (n - 1) as f64;
        let powers = x.iter().scan(1.0, move |next, &x| {
            let power = *next;
            *next *= t;
            Some((power, x))
        });
        let sign = if t == 0.0 { 0.0 } else { t.signum() };
        let residual = T::from_float(sign) - rules::weighted_sum(powers);
        residual * residual
    };
    points.map(term).sum::<T>().times(0.5)
}

pub(crate) fn primal(input: &Input) -> f64 {
    terms(&input.x, input.n, 0..input.n)
}

/// The gradient: the sum of the gradients of all blocks of terms.
pub(crate) fn gradient(input: &Input) -> Vec<f64> {
    let mut gradient = vec![0.0; input.x.len()];
    for start in (0..input.n).step_by(BLOCK) {
        let points = start..input.n.min(start + BLOCK);
        let (_, part) = reverse::gradient(|x: &[_]| terms(x, input.n, points), &input.x);
        gradient.iter_mut().zip(part).for_each(|(g, d)| *g += d);
    }
    gradient
}
