//! Densities of vectors and matrices. A matrix is a slice with its rows one after another.

use super::support::{LN_PI, LN_ROOT_2_PI, positive};
use crate::real::Real;
use crate::rules;
use alloc::vec;
use alloc::vec::Vec;

/// `multi_normal_cholesky(y | μ, L)`, whose covariance matrix is `L·Lᵀ`: `-½|L⁻¹(y - μ)|² - Σ ln Lᵢᵢ - n/2 ln 2π`. Only the
/// entries of L on and below the diagonal are read; its diagonal must be positive, otherwise the result is NaN.
///
/// # Panics
/// If μ has not as many entries as y, or L not the square of them.
///
/// ```
/// let l = [2.0, 0.0, 1.0, 1.0];
/// let ln_p: f64 = nilpotent::density::multi_normal_cholesky(&[2.0, 2.0], &[0.0, 0.0], &l);
/// assert!((ln_p + 1.0 + (4.0 * std::f64::consts::PI).ln()).abs() < 1e-15);
/// ```
pub fn multi_normal_cholesky<T: Real>(y: &[T], mu: &[T], factor: &[T]) -> T {
    let n = y.len();
    assert!(mu.len() == n && factor.len() == n * n, "{n} entries, {} means, {} of L", mu.len(), factor.len());
    let (mut z, mut sum) = (Vec::with_capacity(n), T::zero());
    for i in 0..n {
        let (row, diagonal) = (&factor[i * n..i * n + i], factor[i * n + i]);
        if !positive(diagonal) {
            return T::nan();
        }
        let entry = (y[i] - mu[i] - rules::dot(row, &z)) / diagonal;
        sum -= T::lit(0.5) * entry * entry + diagonal.ln();
        z.push(entry);
    }
    sum - T::lit(n as f64 * LN_ROOT_2_PI)
}

/// `multi_normal(y | μ, Σ)`: `-½(y - μ)ᵀΣ⁻¹(y - μ) - ½ ln det Σ - n/2 ln 2π`, by Cholesky's factorization. Only the entries of Σ
/// on and below the diagonal are read; if it is not positive definite, the result is NaN.
///
/// # Panics
/// If μ has not as many entries as y, or Σ not the square of them.
///
/// ```
/// let ln_p: f64 = nilpotent::density::multi_normal(&[2.0, 2.0], &[0.0, 0.0], &[4.0, 2.0, 2.0, 2.0]);
/// assert!((ln_p + 1.0 + (4.0 * std::f64::consts::PI).ln()).abs() < 1e-15);
/// ```
pub fn multi_normal<T: Real>(y: &[T], mu: &[T], covariance: &[T]) -> T {
    let n = y.len();
    assert!(mu.len() == n && covariance.len() == n * n, "{n} entries, {} means, {} of Σ", mu.len(), covariance.len());
    cholesky(n, covariance).map_or(T::nan(), |factor| multi_normal_cholesky(y, mu, &factor))
}

/// The lower triangular L with positive diagonal and `L·Lᵀ = A`, of whose entries those on and below the diagonal are read.
/// If there is none, the index of the pivot that is not positive, and the pivot.
pub(crate) fn cholesky<T: Real>(n: usize, a: &[T]) -> Result<Vec<T>, (usize, T)> {
    let mut factor = vec![T::zero(); n * n];
    for i in 0..n {
        let (before, row) = factor.split_at_mut(i * n);
        for j in 0..i {
            let other = &before[j * n..];
            row[j] = (a[i * n + j] - rules::dot(&row[..j], &other[..j])) / other[j];
        }
        let pivot = a[i * n + i] - rules::dot(&row[..i], &row[..i]);
        if !positive(pivot) {
            return Err((i, pivot));
        }
        row[i] = pivot.sqrt();
    }
    Ok(factor)
}

/// `dirichlet(θ | α)` of a simplex: `Σ (αₖ - 1) ln θₖ - Σ lnΓ(αₖ) + lnΓ(Σ αₖ)`. Whether the entries of θ add up to 1 is not tested.
///
/// # Panics
/// If θ and α have different lengths.
///
/// ```
/// let ln_p: f64 = nilpotent::density::dirichlet(&[0.5, 0.25, 0.25], &[1.0, 1.0, 1.0]);
/// assert!((ln_p - 2.0_f64.ln()).abs() < 1e-15);
/// ```
pub fn dirichlet<T: Real>(theta: &[T], alpha: &[T]) -> T {
    assert_eq!(theta.len(), alpha.len(), "entries of θ and of α");
    if !alpha.iter().all(|a| positive(*a)) {
        return T::nan();
    }
    let each = theta.iter().zip(alpha).map(|(&theta, &alpha)| (alpha - T::one()).xlogy(theta) - alpha.ln_gamma());
    each.sum::<T>() + rules::sum(alpha).ln_gamma()
}

/// `lkj_corr_cholesky(L | η)`, for the Cholesky factor of a correlation matrix whose density is proportional to `detᵑ⁻¹`
/// (Lewandowski, Kurowicka & Joe 2009): `Σ (n - i + 2η - 2) ln Lᵢᵢ` for i from 2 to n, and the constant.
///
/// # Panics
/// If L has not n² entries.
///
/// ```
/// // Two variables with η = 1: the correlation is uniform from -1 to 1.
/// let ln_p: f64 = nilpotent::density::lkj_corr_cholesky(2, &[1.0, 0.0, 0.6, 0.8], 1.0);
/// assert!((ln_p + 2.0_f64.ln()).abs() < 1e-15);
/// ```
pub fn lkj_corr_cholesky<T: Real>(n: usize, factor: &[T], eta: T) -> T {
    assert_eq!(factor.len(), n * n, "entries of L");
    if !positive(eta) {
        return T::nan();
    }
    let all = T::lit(n.saturating_sub(1) as f64);
    let half = T::lit(0.5);
    let mut sum = all * (eta + half * all).ln_gamma();
    for i in 1..n {
        let (after, before) = (T::lit((n - 1 - i) as f64), T::lit(i as f64));
        sum += (after + eta + eta - T::lit(2.0)) * factor[i * n + i].ln();
        sum -= half * before * T::lit(LN_PI) + (eta + half * (all - before)).ln_gamma();
    }
    sum
}
