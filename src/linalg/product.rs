//! Products whose entries are one node each in reverse mode. In other numbers they are nalgebra's.

use super::Number;
use crate::rules;
use alloc::vec::Vec;
use nalgebra::storage::Storage;
use nalgebra::{DefaultAllocator, Dim, Matrix, OMatrix, OVector, allocator::Allocator};

/// `Σ aᵢ·bᵢ` of two vectors, or of two matrices entry by entry.
///
/// # Panics
/// If they have different numbers of entries.
pub fn dot<T: Number, R: Dim, C: Dim>(a: &OMatrix<T, R, C>, b: &OMatrix<T, R, C>) -> T
where
    DefaultAllocator: Allocator<R, C>,
{
    rules::dot(a.as_slice(), b.as_slice())
}

/// The product `A·x`.
///
/// ```
/// use nalgebra::{matrix, vector};
/// use nilpotent::{linalg, reverse};
///
/// let f = |x| linalg::gemv(&linalg::lift(&matrix![1.0, 2.0; 3.0, 4.0]), &x)[1];
/// assert_eq!(reverse::gradient(f, &vector![5.0, 6.0]), (39.0, vector![3.0, 4.0]));
/// ```
///
/// # Panics
/// If A has not as many columns as x has entries.
pub fn gemv<T: Number, R: Dim, C: Dim>(a: &OMatrix<T, R, C>, x: &OVector<T, C>) -> OVector<T, R>
where
    DefaultAllocator: Allocator<R, C> + Allocator<C> + Allocator<R>,
{
    gemm(a, x)
}

/// The product `A·B`.
///
/// # Panics
/// If A has not as many columns as B has rows.
pub fn gemm<T: Number, R: Dim, K: Dim, C: Dim, S: Storage<T, K, C>>(
    a: &OMatrix<T, R, K>,
    b: &Matrix<T, K, C, S>,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, K> + Allocator<K, C> + Allocator<R, C>,
{
    let (n, m) = (a.ncols(), b.nrows());
    assert_eq!(n, m, "the product of a matrix with {n} columns and one with {m} rows");
    let rows: Vec<Vec<T>> = a.row_iter().map(|row| row.iter().copied().collect()).collect();
    let mut product = OMatrix::zeros_generic(a.shape_generic().0, b.shape_generic().1);
    for (j, column) in b.column_iter().enumerate() {
        let column: Vec<T> = column.iter().copied().collect();
        for (i, row) in rows.iter().enumerate() {
            product[(i, j)] = rules::dot(row, &column);
        }
    }
    product
}
