//! Matrices, row after row: correlations, covariances, and their Cholesky factors.

use super::checks::{is_one, tolerance, violated};
use super::scalar::ln_logistic_slope;
use crate::density::support::positive;
use crate::density::vector::cholesky;
use crate::error::Error;
use crate::real::Real;
use alloc::vec::Vec;
use num_traits::Float as _;

const LN_4: f64 = 2.0 * core::f64::consts::LN_2;

/// Rows of length 1, lower triangular, with positive diagonal: `zᵢⱼ = tanh xᵢⱼ` is the share of entry j in the length that
/// the entries before it leave. With it `weight(j)` times the logarithm of entry j of the diagonal is counted.
fn rows_of_length_one<T: Real>(n: usize, x: &[T], y: &mut [T], weight: impl Fn(usize) -> f64) -> T {
    let (mut x, mut ln_jacobian) = (x.iter(), T::zero());
    for i in 0..n {
        let (row, after) = y[i * n..(i + 1) * n].split_at_mut(i);
        let (mut rest, mut ln_rest) = (T::one(), T::zero());
        for (y, &x) in row.iter_mut().zip(x.by_ref()) {
            // ln(1 - z²)
            let ln_share = ln_logistic_slope(x + x) + T::lit(LN_4);
            ln_jacobian += ln_rest + ln_share;
            *y = x.tanh() * rest;
            rest /= x.cosh();
            ln_rest += T::lit(0.5) * ln_share;
        }
        after.fill(T::zero());
        after[0] = rest;
        ln_jacobian += T::lit(weight(i)) * ln_rest;
    }
    ln_jacobian
}

pub(super) fn cholesky_correlation<T: Real>(n: usize, x: &[T], y: &mut [T]) -> T {
    rows_of_length_one(n, x, y, |_| 0.0)
}

/// From the factor L to `L·Lᵀ` the derivative of entry (i, j) in entry (i, j) is `Lⱼⱼ`.
pub(super) fn correlation<T: Real>(n: usize, x: &[T], y: &mut [T]) -> T {
    let ln_jacobian = rows_of_length_one(n, x, y, |j| (n - 1 - j) as f64);
    square(n, y);
    y.iter_mut().step_by(n + 1).for_each(|y| *y = T::one());
    ln_jacobian
}

/// Lower triangular, with the diagonal `exp xᵢᵢ`, of which `weight(i)` times the logarithm is counted.
fn positive_diagonal<T: Real>(n: usize, x: &[T], y: &mut [T], weight: impl Fn(usize) -> f64) -> T {
    let (mut x, mut ln_jacobian) = (x.iter(), T::zero());
    for i in 0..n {
        let (row, after) = y[i * n..(i + 1) * n].split_at_mut(i);
        row.iter_mut().zip(x.by_ref()).for_each(|(y, &x)| *y = x);
        after.fill(T::zero());
        for (y, &x) in after.iter_mut().zip(x.next()) {
            *y = x.exp();
            ln_jacobian += T::lit(weight(i)) * x;
        }
    }
    ln_jacobian
}

pub(super) fn cholesky_covariance<T: Real>(n: usize, x: &[T], y: &mut [T]) -> T {
    positive_diagonal(n, x, y, |_| 1.0)
}

/// From the factor L to `L·Lᵀ` the determinant is `2ⁿ Π Lᵢᵢⁿ⁻ⁱ`, with i from 0 on.
pub(super) fn covariance<T: Real>(n: usize, x: &[T], y: &mut [T]) -> T {
    let ln_jacobian = positive_diagonal(n, x, y, |i| (n - i + 1) as f64);
    square(n, y);
    ln_jacobian + T::lit(n as f64 * core::f64::consts::LN_2)
}

/// `L·Lᵀ` in the place of L. The last entries come first, so that those of L are still there where they are needed.
fn square<T: Real>(n: usize, y: &mut [T]) {
    for i in (0..n).rev() {
        for j in (0..=i).rev() {
            let entry = (0..=j).map(|k| y[i * n + k] * y[j * n + k]).sum::<T>();
            y[i * n + j] = entry;
            y[j * n + i] = entry;
        }
    }
}

/// Checks that the entries above the diagonal are 0 and those on it positive.
fn is_cholesky_factor<T: Real>(n: usize, y: &[T]) -> Result<(), Error> {
    for i in 0..n {
        if !positive(y[i * n + i]) {
            return Err(violated(i * n + i, "the entry of the diagonal", y[i * n + i], "positive"));
        }
        if let Some(j) = (i + 1..n).find(|j| y[i * n + j] != T::zero()) {
            return Err(violated(i * n + j, "the entry above the diagonal", y[i * n + j], "0"));
        }
    }
    Ok(())
}

pub(super) fn cholesky_correlation_inverse<T: Real>(n: usize, y: &[T], x: &mut [T]) -> Result<(), Error> {
    is_cholesky_factor(n, y)?;
    for i in 0..n {
        let row = &y[i * n..=i * n + i];
        // The length of the entries after each one; its share is z = y/√(y² + rest²), and atanh z = asinh(y/rest).
        let mut rest = row[i];
        for j in (0..i).rev() {
            x[i * (i - 1) / 2 + j] = (row[j] / rest).asinh();
            rest = rest.hypot(row[j]);
        }
        is_one(i * n, "the length of the matrix row", rest)?;
    }
    Ok(())
}

pub(super) fn correlation_inverse<T: Real>(n: usize, y: &[T], x: &mut [T]) -> Result<(), Error> {
    for i in 0..n {
        is_one(i * n + i, "the entry of the diagonal", y[i * n + i])?;
    }
    cholesky_correlation_inverse(n, &factor(n, y)?, x)
}

pub(super) fn cholesky_covariance_inverse<T: Real>(n: usize, y: &[T], x: &mut [T]) -> Result<(), Error> {
    is_cholesky_factor(n, y)?;
    let lower = (0..n).flat_map(|i| (0..=i).map(move |j| (i, j)));
    for (x, (i, j)) in x.iter_mut().zip(lower) {
        let entry = y[i * n + j];
        *x = if i == j { entry.ln() } else { entry };
        if !x.is_finite() {
            return Err(violated(i * n + j, "the entry", entry, "finite"));
        }
    }
    Ok(())
}

pub(super) fn covariance_inverse<T: Real>(n: usize, y: &[T], x: &mut [T]) -> Result<(), Error> {
    cholesky_covariance_inverse(n, &factor(n, y)?, x)
}

/// The Cholesky factor of a symmetric matrix.
fn factor<T: Real>(n: usize, y: &[T]) -> Result<Vec<T>, Error> {
    for i in 0..n {
        for j in 0..i {
            let (entry, across) = (y[i * n + j], y[j * n + i]);
            let size = (y[i * n + i].float() * y[j * n + j].float()).abs().sqrt();
            let symmetric = (entry - across).float().abs() <= tolerance::<T>() * size;
            if !symmetric {
                return Err(violated(i * n + j, "the entry", entry, "equal to the one across the diagonal"));
            }
        }
    }
    let what = "the pivot of Cholesky's factorization";
    cholesky(n, y).map_err(|(i, pivot)| violated(i * n + i, what, pivot, "positive"))
}
