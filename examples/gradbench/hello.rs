//! `x²` and its derivative.

use super::protocol::{Functions, solve};
use nilpotent::{Real, derivative};

pub(crate) const FUNCTIONS: Functions = &[
    ("square", |input| {
        let x = input.number()?;
        solve(input, || square(x), Into::into)
    }),
    ("double", |input| {
        let x = input.number()?;
        solve(input, || double(x), Into::into)
    }),
];

/// `x²`
pub(crate) fn square<T: Real>(x: T) -> T {
    x * x
}

/// `(x²)'`
pub(crate) fn double(x: f64) -> f64 {
    derivative(square, x).1
}
