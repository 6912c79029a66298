//! Pseudo-inverses, by an implicit rule.

use super::factor::times_floats;
use super::number::{Number, infinitesimal};
use super::product::gemm;
use super::qr::Qr;
use super::scale::{columns, times_power_of_two};
use crate::error::Error;
use crate::real::Real;
use nalgebra::{DMatrix, DefaultAllocator, Dim, OMatrix, allocator::Allocator};

/// Returns the Moore-Penrose inverse of a matrix of full rank, `A⁺ = (AᵀA)⁻¹Aᵀ` or `Aᵀ(AAᵀ)⁻¹`.
///
/// Each row and each column of the matrix may have its own unit: the rank is judged relative to each of them, and the
/// rounding errors are relative to each of them.
///
/// # Errors
/// [`Error::RankDeficient`] if the values do not have full rank: then A⁺ is not even continuous.
/// [`Error::NoConvergence`] if the values are not finite.
///
/// ```
/// use nalgebra::{matrix, vector};
/// use nilpotent::linalg;
///
/// let inverse = linalg::pseudo_inverse(&vector![0.0, 2.0])?;
/// assert!((inverse - matrix![0.0, 0.5]).norm() < 1e-15);
/// # Ok::<(), nilpotent::Error>(())
/// ```
pub fn pseudo_inverse<T: Number, R: Dim, C: Dim>(a: &OMatrix<T, R, C>) -> Result<OMatrix<T, C, R>, Error>
where
    DefaultAllocator: Allocator<R, C> + Allocator<C, R>,
{
    let (rows, columns) = a.shape_generic();
    if !a.iter().all(|x| x.float().parts_finite()) {
        return Err(Error::NoConvergence);
    }
    // As a matrix of dynamic size with at least as many rows as columns.
    let a = DMatrix::from_iterator(rows.value(), columns.value(), a.iter().copied());
    let x = if rows.value() >= columns.value() { tall(a)? } else { tall(a.transpose())?.transpose() };
    Ok(OMatrix::from_iterator_generic(columns, rows, x.iter().copied()))
}

/// Returns the pseudo-inverse of a matrix with at least as many rows as columns. The columns are scaled first: with E
/// diagonal, `(A·E)⁺ = E⁻¹·A⁺`.
fn tall<T: Number>(mut a: DMatrix<T>) -> Result<DMatrix<T>, Error> {
    let sizes = columns(&a.map(T::float));
    for (j, size) in sizes.iter().enumerate() {
        a.column_mut(j).apply(|x| *x = times_power_of_two(*x, -size.unwrap_or(0)));
    }
    let qr = Qr::new(&a.map(T::float));
    if let Some(index) = qr.deficient() {
        return Err(Error::RankDeficient { index });
    }
    let mut x = carry(&a, &qr);
    for (i, size) in sizes.iter().enumerate() {
        x.row_mut(i).apply(|x| *x = times_power_of_two(*x, -size.unwrap_or(0)));
    }
    Ok(x)
}

/// Carries the pseudo-inverse over to the numbers. With `A₀·P = Q·R` and `dA = Q·[G; H]·R·Pᵀ` it is
///
/// ```text
/// A⁺ = P·R⁻¹·S·(I + KᵀK)⁻¹·[I, Kᵀ]·Qᵀ,   S = (I + G)⁻¹,   K = H·S
/// ```
///
/// Both inverses are series, which end because G and K are infinitesimal. The part of dA that is orthogonal to the
/// columns of A₀ has rows of its own, H, so it is not computed as a small difference of large numbers.
fn carry<T: Number>(a: &DMatrix<T>, qr: &Qr<T>) -> DMatrix<T> {
    let (m, n) = a.shape();
    let identity = DMatrix::identity(n, n);
    let inverse = qr.permute(&qr.r().solve_upper_triangular(&DMatrix::identity(n, n)).expect("full rank"));
    let f = times_floats(&qr.apply_q_transposed(&a.map(infinitesimal)), &inverse);
    let (g, h) = (f.rows(0, n).into_owned(), f.rows(n, m - n).into_owned());
    let s = (0..T::ORDER).fold(identity.clone(), |sum, _| &identity - gemm(&g, &sum));
    let k = gemm(&h, &s);
    let left = gemm(&s, &power(&gemm(&k.transpose(), &k), -1.0)).transpose();
    let mut right = DMatrix::zeros(m, n);
    right.rows_mut(0, n).copy_from(&left);
    right.rows_mut(n, m - n).copy_from(&gemm(&k, &left));
    times_floats(&qr.apply_q(right), &inverse.transpose()).transpose()
}

/// Returns `(I + S)^p` by the binomial series, where S is a product of two infinitesimal matrices.
pub(super) fn power<T: Number>(s: &DMatrix<T>, p: f64) -> DMatrix<T> {
    let identity = DMatrix::identity(s.nrows(), s.nrows());
    (1..=T::ORDER / 2).rev().fold(identity.clone(), |sum, k| {
        let factor = T::Float::lit((p + 1.0 - f64::from(k)) / f64::from(k));
        &identity + gemm(s, &sum).map(|x| x.times(factor))
    })
}
