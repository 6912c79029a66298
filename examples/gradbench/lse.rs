//! `ln Σ exp xᵢ`, without overflow.

use super::protocol::{Field, Functions, solve};
use nilpotent::{Real, derivative};

pub(crate) const FUNCTIONS: Functions = &[
    ("primal", |field| {
        let x = read(field)?;
        solve(field, || primal(&x), Into::into)
    }),
    ("gradient", |field| {
        let x = read(field)?;
        solve(field, || gradient(&x), Into::into)
    }),
];

fn read(field: &Field) -> Result<Vec<f64>, String> {
    let x = field.get("x")?;
    let numbers = x.vector()?;
    if numbers.is_empty() { x.expected("at least one number") } else { Ok(numbers) }
}

/// `exp(x - m)`
fn power<T: Real<Float = f64>>(x: T, m: f64) -> T {
    (x - T::from_float(m)).exp()
}

/// `ln s + m`
fn logarithm<T: Real<Float = f64>>(s: T, m: f64) -> T {
    s.ln() + T::from_float(m)
}

/// The largest number. Subtracting it avoids overflow, and the result does not depend on it.
fn largest(x: &[f64]) -> f64 {
    x.iter().fold(f64::NEG_INFINITY, |m, &x| if x > m { x } else { m })
}

pub(crate) fn primal(x: &[f64]) -> f64 {
    let m = largest(x);
    logarithm(x.iter().map(|&x| power(x, m)).sum(), m)
}

/// The gradient of the sum by forward mode, as each of its terms has one variable; times the derivative of the
/// logarithm.
pub(crate) fn gradient(x: &[f64]) -> Vec<f64> {
    let (m, mut sum, mut gradient) = (largest(x), 0.0, Vec::with_capacity(x.len()));
    for &x in x {
        let (term, slope) = derivative(|x| power(x, m), x);
        sum += term;
        gradient.push(slope);
    }
    let (_, slope) = derivative(|sum| logarithm(sum, m), sum);
    gradient.iter_mut().for_each(|g| *g *= slope);
    gradient
}
