//! QR factors of float matrices whose rows and columns may differ much in size.

use super::number::Number;
use super::scale::{exponent, largest, times_power_of_two};
use crate::real::Real;
use crate::rules;
use alloc::vec::Vec;
use nalgebra::DMatrix;
use num_traits::{Float as _, Zero as _};

/// The factors `A = Q·R·Pᵀ` of a matrix with at least as many rows as columns, by Householder's reflectors.
///
/// The matrix rows are sorted by size, and each pivot is the largest remaining column. So the rounding errors of a row are
/// relative to that row, however small it is (A. Cox and N. Higham, *Stability of Householder QR factorization for
/// weighted least squares problems*, 1998). Without the sorting they are relative to the largest row.
pub(super) struct Qr<T: Number> {
    /// R on and above the diagonal; below it the vectors of the reflectors, without their first entries, which are 1.
    packed: DMatrix<T::Float>,
    /// Reflector k is `I - tau·v·vᵀ`.
    tau: Vec<T::Float>,
    /// `packed` has row `rows[i]` of A in row i, and column `columns[j]` of A in column j.
    rows: Vec<usize>,
    columns: Vec<usize>,
    /// The sizes of the matrix rows, in the order of `packed`.
    sizes: Vec<T::Float>,
}

impl<T: Number> Qr<T> {
    pub(super) fn new(a: &DMatrix<T::Float>) -> Self {
        let (m, n) = a.shape();
        let size = |i: &usize| largest(a.row(*i).iter().copied());
        let mut rows: Vec<usize> = (0..m).collect();
        rows.sort_by(|i, j| size(j).partial_cmp(&size(i)).expect("finite"));
        let sizes = rows.iter().map(size).collect();
        let packed = DMatrix::from_fn(m, n, |i, j| a[(rows[i], j)]);
        let mut qr = Self { packed, tau: Vec::with_capacity(n), rows, columns: (0..n).collect(), sizes };
        for k in 0..n {
            qr.reduce(k);
        }
        qr
    }

    /// Moves the largest remaining column to place `k`, and reduces its entries below the diagonal to 0.
    fn reduce(&mut self, k: usize) {
        let (m, n) = self.packed.shape();
        let length = |j: usize| euclidean(&self.packed.as_slice()[j * m + k..(j + 1) * m]);
        let lengths: Vec<_> = (k..n).map(length).collect();
        let first = (0..n - k).fold(0, |best, j| if lengths[j] > lengths[best] { j } else { best });
        self.packed.swap_columns(k, k + first);
        self.columns.swap(k, k + first);
        let (length, x) = (lengths[first], self.packed[(k, k)]);
        if length == T::Float::zero() {
            return self.tau.push(T::Float::zero());
        }
        // With this sign `x - r` does not cancel.
        let r = if x < T::Float::zero() { length } else { -length };
        for i in k + 1..m {
            self.packed[(i, k)] /= x - r;
        }
        self.packed[(k, k)] = r;
        self.tau.push((r - x) / r);
        let (done, rest) = self.packed.as_mut_slice().split_at_mut((k + 1) * m);
        let v = &done[k * m + k + 1..];
        rest.chunks_exact_mut(m).for_each(|column| reflect(v, self.tau[k], &mut column[k..]));
    }

    /// Returns the index of the first pivot that is no larger than the rounding errors of its row, or `None`.
    pub(super) fn deficient(&self) -> Option<usize> {
        let (m, n) = self.packed.shape();
        let share = T::Float::lit(10.0 * m as f64) * T::Float::epsilon();
        (0..n).find(|&k| self.packed[(k, k)].abs() <= share * self.sizes[k])
    }

    /// Returns the square factor `R`.
    pub(super) fn r(&self) -> DMatrix<T::Float> {
        self.packed.rows(0, self.packed.ncols()).upper_triangle()
    }

    /// Returns `P·B`.
    pub(super) fn permute(&self, b: &DMatrix<T::Float>) -> DMatrix<T::Float> {
        arranged(b, &self.columns)
    }

    /// Returns `Qᵀ·B`.
    pub(super) fn apply_q_transposed(&self, b: &DMatrix<T>) -> DMatrix<T> {
        let m = b.nrows();
        let mut b = DMatrix::from_fn(m, b.ncols(), |i, j| b[(self.rows[i], j)]);
        for column in b.as_mut_slice().chunks_exact_mut(m.max(1)) {
            (0..self.tau.len()).for_each(|k| self.reflect(k, column));
        }
        b
    }

    /// Returns `Q·B`.
    pub(super) fn apply_q(&self, mut b: DMatrix<T>) -> DMatrix<T> {
        let m = b.nrows();
        for column in b.as_mut_slice().chunks_exact_mut(m.max(1)) {
            (0..self.tau.len()).rev().for_each(|k| self.reflect(k, column));
        }
        arranged(&b, &self.rows)
    }

    fn reflect(&self, k: usize, column: &mut [T]) {
        let m = self.packed.nrows();
        reflect(&self.packed.as_slice()[k * m + k + 1..(k + 1) * m], self.tau[k], &mut column[k..]);
    }
}

/// Returns the matrix that has row i of `B` as row `places[i]`.
fn arranged<T: Number>(b: &DMatrix<T>, places: &[usize]) -> DMatrix<T> {
    let mut arranged = b.clone();
    for (i, &place) in places.iter().enumerate() {
        arranged.row_mut(place).copy_from(&b.row(i));
    }
    arranged
}

/// Replaces x by `(I - tau·(1, v)(1, v)ᵀ)·x`.
fn reflect<T: Number>(v: &[T::Float], tau: T::Float, x: &mut [T]) {
    let (first, x) = x.split_first_mut().expect("the column is not empty");
    let product = (*first + rules::weighted_sum(v.iter().copied().zip(x.iter().copied()))).times(tau);
    *first -= product;
    x.iter_mut().zip(v).for_each(|(x, &v)| *x -= product.times(v));
}

/// Returns `√Σ xᵢ²`, without over- or underflow of the squares.
pub(super) fn euclidean<F: Number>(x: &[F]) -> F {
    let k = exponent(largest(x.iter().copied())).unwrap_or(0);
    times_power_of_two(
        num_traits::Float::sqrt(x.iter().map(|&x| times_power_of_two(x, -k)).map(|x| x * x).sum::<F>()),
        k,
    )
}
