//! `Matrix`: a pattern with values.

use super::pattern::Pattern;
use crate::error::{Error, length};
use crate::real::Real;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

/// A sparse matrix: a shared [`Pattern`], and a value for each of its entries.
///
/// ```
/// use nilpotent::sparse::{Matrix, Pattern};
/// use nilpotent::Error;
/// use std::sync::Arc;
///
/// let pattern = Arc::new(Pattern::new(2, 3, [(0, 1), (1, 0), (1, 2)])?);
/// let matrix = Matrix::new(pattern, vec![2.0, 3.0, 4.0])?;
/// assert_eq!((matrix.get(1, 2), matrix.get(1, 1)), (4.0, 0.0));
/// assert_eq!(matrix.to_dense(), [[0.0, 2.0, 0.0], [3.0, 0.0, 4.0]]);
/// assert_eq!(matrix.mul_vec(&[1.0, 10.0, 100.0])?, [20.0, 403.0]);
/// # Ok::<(), Error>(())
/// ```
///
/// With the features `nalgebra-sparse`, `faer` and `sprs` the matrices of these crates are made from a reference to a matrix
/// by `From`.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix<T = f64> {
    pattern: Arc<Pattern>,
    values: Vec<T>,
}

impl<T: Real> Matrix<T> {
    /// Makes a matrix from the values of all entries, in the order of their positions in the pattern.
    ///
    /// # Errors
    /// [`Error::WrongLength`] if there is not one value for each entry.
    pub fn new(pattern: Arc<Pattern>, values: Vec<T>) -> Result<Self, Error> {
        length("values", pattern.len(), values.len())?;
        Ok(Self { pattern, values })
    }

    /// Returns the matrix all of whose values are 0.
    pub fn zeros(pattern: Arc<Pattern>) -> Self {
        let values = vec![T::zero(); pattern.len()];
        Self { pattern, values }
    }

    /// The pattern.
    #[inline]
    pub fn pattern(&self) -> &Arc<Pattern> {
        &self.pattern
    }

    /// The values of all entries, in the order of their positions in the pattern.
    #[inline]
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// The values of all entries, to be changed.
    #[inline]
    pub fn values_mut(&mut self) -> &mut [T] {
        &mut self.values
    }

    /// The values of matrix row i, in the order of `pattern().row(i)`.
    ///
    /// # Panics
    /// If there is no such matrix row.
    #[inline]
    pub fn row(&self, i: usize) -> &[T] {
        &self.values[self.pattern.range(i)]
    }

    /// The value at (i, j), which is 0 if the pattern has no entry there.
    ///
    /// # Panics
    /// If there is no matrix row i.
    #[inline]
    pub fn get(&self, i: usize, j: usize) -> T {
        self.pattern.position(i, j).map_or_else(T::zero, |position| self.values[position])
    }

    /// All entries as (row, column, value), in the order of their positions.
    ///
    /// ```
    /// use nilpotent::sparse::{Matrix, Pattern};
    /// use nilpotent::Error;
    ///
    /// let matrix = Matrix::new(Pattern::diagonal(2).into(), vec![5.0, 6.0])?;
    /// assert!(matrix.triplets().eq([(0, 0, 5.0), (1, 1, 6.0)]));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn triplets(&self) -> impl Iterator<Item = (usize, usize, T)> {
        self.pattern.entries().zip(&self.values).map(|((i, j), &value)| (i, j, value))
    }

    /// Returns the matrix rows with all their zeros.
    pub fn to_dense(&self) -> Vec<Vec<T>> {
        let mut rows = vec![vec![T::zero(); self.pattern.columns()]; self.pattern.rows()];
        self.triplets().for_each(|(i, j, value)| rows[i][j] = value);
        rows
    }

    /// Returns the transposed matrix, whose rows are the compressed columns of this one.
    ///
    /// ```
    /// use nilpotent::sparse::{Matrix, Pattern};
    /// use nilpotent::Error;
    ///
    /// let matrix = Matrix::new(Pattern::new(2, 2, [(0, 1), (1, 1)])?.into(), vec![5.0, 6.0])?;
    /// assert_eq!(matrix.transposed().to_dense(), [[0.0, 0.0], [5.0, 6.0]]);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn transposed(&self) -> Self {
        let (pattern, positions) = self.pattern.transposed();
        let values = positions.into_iter().map(|position| self.values[position]).collect();
        Self { pattern: pattern.into(), values }
    }

    /// Returns the product A·v.
    ///
    /// # Errors
    /// [`Error::WrongLength`] if v does not have one component for each column.
    pub fn mul_vec(&self, v: &[T]) -> Result<Vec<T>, Error> {
        length("components", self.pattern.columns(), v.len())?;
        let mut product = vec![T::zero(); self.pattern.rows()];
        self.triplets().for_each(|(i, j, value)| product[i] += value * v[j]);
        Ok(product)
    }

    /// Returns the product Aᵀ·v.
    ///
    /// # Errors
    /// [`Error::WrongLength`] if v does not have one component for each matrix row.
    pub fn transpose_mul_vec(&self, v: &[T]) -> Result<Vec<T>, Error> {
        length("components", self.pattern.rows(), v.len())?;
        let mut product = vec![T::zero(); self.pattern.columns()];
        self.triplets().for_each(|(i, j, value)| product[j] += value * v[i]);
        Ok(product)
    }
}
