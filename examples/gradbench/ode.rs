//! `y'₀ = x₀, y'ᵢ = xᵢ·yᵢ₋₁` from 0 to time 2, by the method of Runge and Kutta.

use super::protocol::{Field, Functions, solve};
use nilpotent::{Real, Var, reverse, rules};

pub(crate) const FUNCTIONS: Functions = &[
    ("primal", |field| {
        let input = Input::read(field)?;
        solve(field, || primal(&input.x, input.s), Into::into)
    }),
    ("gradient", |field| {
        let input = Input::read(field)?;
        solve(field, || gradient(&input), Into::into)
    }),
];

/// The rates x, and the number of steps.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) x: Vec<f64>,
    pub(crate) s: usize,
}

impl Input {
    pub(crate) fn read(field: &Field) -> Result<Self, String> {
        let x = field.get("x")?;
        let rates = x.vector()?;
        if rates.is_empty() {
            x.expected("at least one number")
        } else {
            Ok(Self { x: rates, s: field.get("s")?.positive()? })
        }
    }
}

/// A step of length h. Since `y'ᵢ` asks for `yᵢ₋₁` alone, all four stages go through y together.
fn step<T: Real<Float = f64>>(x: &[T], y: &mut [T], h: f64) {
    // The y at which the stages take their slopes.
    let mut at = [T::one(); 4];
    for (&x, y) in x.iter().zip(y) {
        let [a, b, c, d] = at.map(|at| x * at);
        at = [*y, *y + a.times(h / 2.0), *y + b.times(h / 2.0), *y + c.times(h)];
        *y += (a + (b + c).times(2.0) + d).times(h / 6.0);
    }
}

/// So many entries before it is all that an entry asks for in a step, one for each stage.
const REACH: usize = 4;
/// Entries that are recorded together.
const BLOCK: usize = 256;

/// All y at the end.
pub(crate) fn primal<T: Real<Float = f64>>(x: &[T], s: usize) -> Vec<T> {
    let mut y = vec![T::zero(); x.len()];
    for _ in 0..s {
        step(x, &mut y, 2.0 / s as f64);
    }
    y
}

/// The gradient of the last y: back from step to step, each recorded anew, in blocks. Where no entry of a block counts,
/// none of those before it does.
pub(crate) fn gradient(input: &Input) -> Vec<f64> {
    let (x, n, h) = (&input.x, input.x.len(), 2.0 / input.s as f64);
    let mut y = vec![0.0; n];
    let mut states = Vec::with_capacity(input.s);
    for _ in 0..input.s {
        states.push(y.clone());
        step(x, &mut y, h);
    }
    let (mut gradient, mut weights) = (vec![0.0; n], vec![0.0; n]);
    weights[n - 1] = 1.0;
    for y in states.iter().rev() {
        let mut before = vec![0.0; n];
        for start in (0..n).step_by(BLOCK) {
            let (first, end) = (start.saturating_sub(REACH), n.min(start + BLOCK));
            let weights = &weights[start..end];
            if weights.iter().all(|&w| w == 0.0) {
                continue;
            }
            let last = |z: &[Var]| {
                let (x, y) = z.split_at(end - first);
                let mut y = y.to_vec();
                step(x, &mut y, h);
                rules::linear_combination(weights, &y[start - first..])
            };
            let (_, slopes) = reverse::gradient(last, &[&x[first..end], &y[first..end]].concat());
            let (dx, dy) = slopes.split_at(end - first);
            gradient[first..end].iter_mut().zip(dx).for_each(|(g, d)| *g += d);
            before[first..end].iter_mut().zip(dy).for_each(|(w, d)| *w += d);
        }
        weights = before;
    }
    gradient
}
