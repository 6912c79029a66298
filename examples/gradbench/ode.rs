//! `y'₀ = x₀, y'ᵢ = xᵢ·yᵢ₋₁` from time 0 to 2, by the Runge-Kutta method.

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

/// Takes a step of length h. `y'ᵢ` depends on `yᵢ₋₁` alone, so all four stages go through y together.
fn step<T: Real<Float = f64>>(x: &[T], y: &mut [T], h: f64) {
    // The values of y at which the four stages evaluate the derivative.
    let mut at = [T::one(); 4];
    for (&x, y) in x.iter().zip(y) {
        let [a, b, c, d] = at.map(|at| x * at);
        at = [*y, *y + a.times(h / 2.0), *y + b.times(h / 2.0), *y + c.times(h)];
        *y += (a + (b + c).times(2.0) + d).times(h / 6.0);
    }
}

/// In one step an entry depends on this many entries before it, one for each stage.
const REACH: usize = 4;
/// The number of entries that are recorded together.
const BLOCK: usize = 256;

/// All y at time 2.
pub(crate) fn primal<T: Real<Float = f64>>(x: &[T], s: usize) -> Vec<T> {
    let mut y = vec![T::zero(); x.len()];
    for _ in 0..s {
        step(x, &mut y, 2.0 / s as f64);
    }
    y
}

/// The gradient of the last y. It goes back from step to step, and records each step again, in blocks. A block whose
/// entries all have the weight 0 is skipped.
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
