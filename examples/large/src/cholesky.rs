//! Cholesky factorizations of sparse symmetric matrices by faer: the order and the places are found once.

use faer::MatMut;
use faer::Side;
use faer::linalg::solvers::Solve;
use faer::sparse::linalg::solvers::{Llt, SymbolicLlt};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use nilpotent::sparse::Pattern;
use std::sync::Arc;

/// Solves equations with matrices A + D, where the lower triangle of A has a pattern, and D is diagonal.
#[derive(Clone, Debug)]
pub struct Cholesky {
    pattern: Arc<Pattern>,
    diagonal: Vec<usize>,
    symbolic: SymbolicLlt<usize>,
    values: Vec<f64>,
}

/// The compressed rows of a lower triangle are the compressed columns of the upper one.
fn columns(pattern: &Pattern) -> SymbolicSparseColMatRef<'_, usize> {
    SymbolicSparseColMatRef::new_checked(pattern.columns(), pattern.rows(), pattern.starts(), None, pattern.indices())
}

impl Cholesky {
    /// Prepares for matrices with this pattern.
    ///
    /// # Errors
    /// With the index of the first variable whose entry on the diagonal is missing, so that the matrix is singular.
    pub fn new(pattern: &Arc<Pattern>) -> Result<Self, usize> {
        let diagonal = (0..pattern.rows()).map(|i| pattern.position(i, i).ok_or(i)).collect::<Result<Vec<_>, _>>()?;
        let symbolic = SymbolicLlt::try_new(columns(pattern), Side::Upper).expect("a matrix that fits into memory");
        Ok(Self { pattern: pattern.clone(), diagonal, symbolic, values: vec![0.0; pattern.len()] })
    }

    /// The entries on the diagonal of A.
    pub fn diagonal(&self, entries: &[f64]) -> impl Iterator<Item = f64> {
        self.diagonal.iter().map(|&place| entries[place])
    }

    /// Solves (A + D)·x = b, and returns `None` if the matrix is not positive definite.
    ///
    /// ```
    /// use large::cholesky::Cholesky;
    /// use nilpotent::sparse::Pattern;
    ///
    /// let pattern = Pattern::new(2, 2, [(0, 0), (1, 0), (1, 1)]).unwrap().into();
    /// let mut cholesky = Cholesky::new(&pattern).unwrap();
    /// // (4 2; 2 2 + 3)·(1, 2) = (8, 12).
    /// let x = cholesky.solve(&[4.0, 2.0, 2.0], &[0.0, 3.0], &[8.0, 12.0]).unwrap();
    /// assert!((x[0] - 1.0).abs() < 1e-15 && (x[1] - 2.0).abs() < 1e-15);
    /// assert_eq!(cholesky.solve(&[4.0, 2.0, 1.0], &[0.0, 0.0], &[8.0, 12.0]), None);
    /// ```
    pub fn solve(&mut self, entries: &[f64], shift: &[f64], b: &[f64]) -> Option<Vec<f64>> {
        self.values.copy_from_slice(entries);
        self.diagonal.iter().zip(shift).for_each(|(&place, shift)| self.values[place] += shift);
        let matrix = SparseColMatRef::new(columns(&self.pattern), &self.values);
        let factor = Llt::try_new_with_symbolic(self.symbolic.clone(), matrix, Side::Upper).ok()?;
        let mut x = b.to_vec();
        factor.solve_in_place(MatMut::from_column_major_slice_mut(&mut x, b.len(), 1));
        x.iter().all(|x| x.is_finite()).then_some(x)
    }
}
