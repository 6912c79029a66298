//! Determinants: to first order by Jacobi's formula, else by elimination in the numbers.

use super::factor::Lu;
use super::number::{Number, infinitesimal};
use super::scale::{Product, equilibrate, exponent, times_power_of_two};
use alloc::vec;
use alloc::vec::Vec;
use nalgebra::{DMatrix, DefaultAllocator, Dim, DimMin, OMatrix, allocator::Allocator};
use num_traits::{Float as _, Zero as _};

/// The number of last matrix rows that are expanded by minors, from second order on. The minors of r rows take `r·2ʳ⁻¹`
/// products.
const EXPANDED: usize = 8;

impl<T: Number, D: DimMin<D, Output = D>> Lu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    /// Returns the determinant. Its derivatives are right also where the values are singular.
    ///
    /// Numbers of first order use Jacobi's formula, `d(det A) = tr(adj(A₀)·dA)` with `adj(A₀) = det A₀·A₀⁻¹`. Higher
    /// orders and singular values take an elimination with complete pivoting in the numbers.
    pub fn determinant(&self) -> T {
        if self.matrix.nrows() <= 3 {
            return self.matrix.determinant();
        }
        let value = self.value();
        if T::ORDER == 0 {
            return T::from_float(value);
        }
        // Where the values are nearly singular, the terms of second order, traces of powers of A⁻¹·dA, cancel. The terms of
        // first order do not, because the determinant and the inverse have the same small pivots. So no threshold is needed.
        if T::ORDER == 1
            && let Some(adjugate) = self.adjugate(value)
        {
            let change = self.matrix.map(infinitesimal);
            let trace: T = change.iter().zip(adjugate.transpose().iter()).map(|(c, &a)| c.times(a)).sum();
            return T::from_float(value) + trace;
        }
        let eliminated = eliminate(self.matrix.clone());
        if value.is_finite() { T::from_float(value) + infinitesimal(eliminated) } else { eliminated }
    }

    /// Returns the determinant of the values.
    fn value(&self) -> T::Float {
        let mut product = Product::one();
        self.factors.lu_internal().diagonal().iter().for_each(|&pivot| product.take(pivot));
        let sign = self.factors.p().determinant();
        product.end(sign, self.rows.as_ref().map_or(0, |rows| -rows.iter().sum::<i32>()))
    }

    /// Returns the adjugate of the values, whose determinant is `value`, or `None` if the inverse does not give it.
    fn adjugate(&self, value: T::Float) -> Option<OMatrix<T::Float, D, D>> {
        if !value.is_normal() {
            return None;
        }
        let mut adjugate = self.factors.try_inverse()?;
        for (j, mut column) in adjugate.column_iter_mut().enumerate() {
            let k = self.rows.as_ref().map_or(0, |rows| rows[j]);
            column.apply(|x| *x = times_power_of_two(*x, k) * value);
        }
        adjugate.iter().all(|x| x.is_finite()).then_some(adjugate)
    }
}

/// Returns the determinant by elimination with complete pivoting, after the matrix rows and columns were scaled to about the
/// same size.
///
/// A pivot counts as 0 only if it is exactly 0. Then all values of the remaining block are 0, and its determinant is a
/// product of as many infinitesimals as the block has rows. To first order any other pivot is good enough, even one that
/// is all rounding error: the derivative contains the inverse of the pivot, and is multiplied by the pivot in the end.
/// From second order on there are higher powers of the inverse. They cancel, but leave large rounding errors if the
/// derivatives of a row are larger than its values. So the last rows are expanded by minors, which need no division.
fn eliminate<T: Number, D: Dim>(mut m: OMatrix<T, D, D>) -> T
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let n = m.nrows();
    // The scaling is limited so that products of as many derivatives as the order allows do not overflow.
    let most = exponent(T::Float::max_value()).unwrap_or(0) / (2 * (T::ORDER as i32 + 1));
    let (r, c) = equilibrate(&m.map(T::float));
    let [r, c] = [r, c].map(|e| e.into_iter().map(|e| e.clamp(-most, most)).collect::<Vec<_>>());
    m = m.map_with_location(|i, j, x| times_power_of_two(x, r[i] + c[j]));
    let back = -r.iter().sum::<i32>() - c.iter().sum::<i32>();
    let mut determinant = Product::one();
    for k in 0..n {
        let size = bring_largest_to_front(&mut m, k, &mut determinant);
        let zero = size == T::Float::zero();
        let rest = n - k;
        if zero && rest > T::ORDER as usize {
            return T::zero();
        }
        if zero || T::ORDER >= 2 && rest <= EXPANDED {
            return determinant.end(minors(&m.view((k, k), (rest, rest)).into_owned()), back);
        }
        let pivot = m[(k, k)];
        determinant.take(pivot);
        for i in k + 1..n {
            let factor = m[(i, k)] / pivot;
            for j in k + 1..n {
                let above = m[(k, j)];
                m[(i, j)] -= factor * above;
            }
        }
    }
    determinant.end(T::one(), back)
}

/// Exchanges matrix rows and columns so that the largest value of the block from `(k, k)` on stands at `(k, k)`. Returns its
/// size.
fn bring_largest_to_front<T: Number, D: Dim>(m: &mut OMatrix<T, D, D>, k: usize, sign: &mut Product<T>) -> T::Float
where
    DefaultAllocator: Allocator<D, D>,
{
    let n = m.nrows();
    let size = |&(i, j): &(usize, usize)| m[(i, j)].float().abs();
    let places = (k..n).flat_map(|j| (k..n).map(move |i| (i, j)));
    let (i, j) =
        places.max_by(|a, b| size(a).partial_cmp(&size(b)).unwrap_or(core::cmp::Ordering::Equal)).unwrap_or((k, k));
    if i != k {
        m.swap_rows(i, k);
        sign.take(-T::one());
    }
    if j != k {
        m.swap_columns(j, k);
        sign.take(-T::one());
    }
    m[(k, k)].float().abs()
}

/// Returns the determinant by minors of the first matrix rows. The minors of k rows and any k columns are computed from
/// those of k - 1 rows, and each is computed once.
fn minors<T: Number>(m: &DMatrix<T>) -> T {
    let n = m.nrows();
    let mut minor = vec![T::one(); 1 << n];
    for columns in 1..1_usize << n {
        let row = columns.count_ones() as usize - 1;
        let terms = (0..n).filter(|j| columns >> j & 1 == 1).map(|j| {
            let term = m[(row, j)] * minor[columns ^ 1 << j];
            let later = (columns >> j).count_ones() - 1;
            if later.is_multiple_of(2) { term } else { -term }
        });
        minor[columns] = terms.sum();
    }
    minor[(1 << n) - 1]
}
