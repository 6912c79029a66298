//! Products of vectors and matrices. In reverse mode each entry of the result is one node.

use super::number::Number;
use crate::rules;
use alloc::vec::Vec;
use nalgebra::storage::Storage;
use nalgebra::{DefaultAllocator, Dim, Matrix, OMatrix, OVector, allocator::Allocator};

/// Returns `Σ aᵢ·bᵢ` of two vectors, or the sum over all entries of two matrices.
///
/// # Panics
/// If they have different numbers of entries.
pub fn dot<T: Number, R: Dim, C: Dim>(a: &OMatrix<T, R, C>, b: &OMatrix<T, R, C>) -> T
where
    DefaultAllocator: Allocator<R, C>,
{
    rules::dot(a.as_slice(), b.as_slice())
}

/// Returns the product `A·x`.
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
/// If the number of columns of A is not the number of entries of x.
pub fn gemv<T: Number, R: Dim, C: Dim>(a: &OMatrix<T, R, C>, x: &OVector<T, C>) -> OVector<T, R>
where
    DefaultAllocator: Allocator<R, C> + Allocator<C> + Allocator<R>,
{
    gemm(a, x)
}

/// Returns the product `A·B`.
///
/// # Panics
/// If the number of columns of A is not the number of rows of B.
pub fn gemm<T: Number, R: Dim, K: Dim, C: Dim, S: Storage<T, K, C>>(
    a: &OMatrix<T, R, K>,
    b: &Matrix<T, K, C, S>,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, K> + Allocator<K, C> + Allocator<R, C>,
{
    let (n, m) = (a.ncols(), b.nrows());
    assert_eq!(n, m, "a matrix with {n} columns cannot be multiplied by a matrix with {m} rows");
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
