//! Ordered vectors, simplexes, unit vectors.

use super::checks::{is_one, violated};
use super::scalar::real_inverse;
use crate::density::support::positive;
use crate::error::Error;
use crate::real::Real;
use crate::rules;

/// `yₖ = yₖ₋₁ + exp xₖ`, from a start on.
fn rising<T: Real>(start: T, x: &[T], y: &mut [T]) -> T {
    let mut last = start;
    for (y, x) in y.iter_mut().zip(x) {
        last += x.exp();
        *y = last;
    }
    rules::sum(x)
}

pub(super) fn ordered<T: Real>(x: &[T], y: &mut [T]) -> T {
    let [first, rest @ ..] = x else { return T::zero() };
    y[0] = *first;
    rising(*first, rest, &mut y[1..])
}

pub(super) fn positive_ordered<T: Real>(x: &[T], y: &mut [T]) -> T {
    rising(T::zero(), x, y)
}

/// The inverse of `rising` at the entries from `first` on.
fn rising_inverse<T: Real>(mut last: T, first: usize, y: &[T], x: &mut [T]) -> Result<(), Error> {
    for (k, (&y, x)) in y.iter().zip(x).enumerate() {
        if !(y > last && y.is_finite()) {
            let must = if first + k == 0 { "positive and finite" } else { "finite and above the entry before it" };
            return Err(violated(first + k, "the entry", y, must));
        }
        *x = (y - last).ln();
        last = y;
    }
    Ok(())
}

pub(super) fn ordered_inverse<T: Real>(y: &[T], x: &mut [T]) -> Result<(), Error> {
    let [first, rest @ ..] = y else { return Ok(()) };
    x[0] = real_inverse(*first)?;
    rising_inverse(*first, 1, rest, &mut x[1..])
}

pub(super) fn positive_ordered_inverse<T: Real>(y: &[T], x: &mut [T]) -> Result<(), Error> {
    rising_inverse(T::zero(), 0, y, x)
}

/// Of all that is left of a stick entry k breaks off the share `σ(xₖ - ln(number of entries after it))`.
pub(super) fn simplex<T: Real>(x: &[T], y: &mut [T]) -> T {
    let (mut stick, mut ln_stick, mut ln_jacobian) = (T::one(), T::zero(), T::zero());
    for (k, &x_k) in x.iter().enumerate() {
        let u = x_k - ln_after(x, k);
        let ln_rest = -u.softplus();
        ln_jacobian += ln_stick + ln_rest - (-u).softplus();
        y[k] = stick * u.sigmoid();
        stick *= (-u).sigmoid();
        ln_stick += ln_rest;
    }
    y[x.len()] = stick;
    ln_jacobian
}

/// The logarithm of the number of entries after entry k of a simplex.
fn ln_after<T: Real>(x: &[T], k: usize) -> T {
    T::lit(num_traits::Float::ln((x.len() - k) as f64))
}

pub(super) fn simplex_inverse<T: Real>(y: &[T], x: &mut [T]) -> Result<(), Error> {
    if let Some(k) = y.iter().position(|y| !positive(*y)) {
        return Err(violated(k, "the entry", y[k], "positive"));
    }
    let mut rest = y[x.len()];
    for k in (0..x.len()).rev() {
        let after = ln_after(x, k);
        x[k] = y[k].ln() - rest.ln() + after;
        rest += y[k];
    }
    is_one(0, "the sum of the entries", rest)
}

/// The logarithm is that of the density of a normal vector x, which makes its direction y uniform.
pub(super) fn unit<T: Real>(x: &[T], y: &mut [T]) -> T {
    let norm = rules::norm(x);
    for (y, &x) in y.iter_mut().zip(x) {
        *y = x / norm;
    }
    T::lit(-0.5) * norm * norm
}

pub(super) fn unit_inverse<T: Real>(y: &[T], x: &mut [T]) -> Result<(), Error> {
    is_one(0, "the length of the vector", rules::norm(y))?;
    x.copy_from_slice(y);
    Ok(())
}
