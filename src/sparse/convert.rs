//! Sparse matrices of other crates, by features: compressed rows of nalgebra-sparse, faer and sprs, and compressed columns
//! of the first two. (`sprs` has one type for both, and `to_csc`.)
//!
//! ```
//! # #[cfg(feature = "sprs")] {
//! use nilpotent::sparse::{Matrix, Pattern};
//!
//! let matrix = Matrix::new(Pattern::diagonal(2).into(), vec![5.0, 6.0])?;
//! let other = sprs::CsMat::from(&matrix);
//! assert_eq!((other.nnz(), other.get(1, 1)), (2, Some(&6.0)));
//! # }
//! # Ok::<(), nilpotent::Error>(())
//! ```

use super::matrix::Matrix;
use crate::real::Real;
use alloc::vec::Vec;

/// Starts, indices and values.
type Parts<T> = (Vec<usize>, Vec<usize>, Vec<T>);

/// The compressed rows.
fn rows<T: Real>(matrix: &Matrix<T>) -> Parts<T> {
    let pattern = matrix.pattern();
    (pattern.starts().to_vec(), pattern.indices().to_vec(), matrix.values().to_vec())
}

/// The compressed columns.
#[cfg(any(feature = "nalgebra-sparse", feature = "faer"))]
fn columns<T: Real>(matrix: &Matrix<T>) -> Parts<T> {
    rows(&matrix.transposed())
}

/// A conversion from a matrix with the function that makes the other one of a shape, starts, indices and values.
macro_rules! conversions {
    ($($feature:literal: $Other:ty, by $stored:ident, $make:expr;)*) => { $(
        #[cfg(feature = $feature)]
        impl<T: Real> From<&Matrix<T>> for $Other {
            fn from(matrix: &Matrix<T>) -> Self {
                let (m, n) = (matrix.pattern().rows(), matrix.pattern().columns());
                let (starts, indices, values) = $stored(matrix);
                $make(m, n, starts, indices, values)
            }
        }
    )* };
}

conversions! {
    "nalgebra-sparse": nalgebra_sparse::CsrMatrix<T>, by rows, |m, n, starts, indices, values| {
        Self::try_from_csr_data(m, n, starts, indices, values).expect("a valid pattern")
    };
    "nalgebra-sparse": nalgebra_sparse::CscMatrix<T>, by columns, |m, n, starts, indices, values| {
        Self::try_from_csc_data(m, n, starts, indices, values).expect("a valid pattern")
    };
    "faer": faer::sparse::SparseRowMat<usize, T>, by rows, |m, n, starts, indices, values| {
        Self::new(faer::sparse::SymbolicSparseRowMat::new_checked(m, n, starts, None, indices), values)
    };
    "faer": faer::sparse::SparseColMat<usize, T>, by columns, |m, n, starts, indices, values| {
        Self::new(faer::sparse::SymbolicSparseColMat::new_checked(m, n, starts, None, indices), values)
    };
    "sprs": sprs::CsMat<T>, by rows, |m, n, starts, indices, values| Self::new((m, n), starts, indices, values);
}
