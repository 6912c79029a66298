//! Scaling of matrices by powers of two, which rounds nothing.

use super::number::Number;
pub(super) use crate::rules::elementary::times_power_of_two;
use alloc::vec;
use alloc::vec::Vec;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector, U1, allocator::Allocator};
use num_traits::Float;

/// If the largest entries of matrix rows (or columns) differ by more than 2 to this power, the rows are treated as
/// quantities of different units. Below that, nalgebra's algorithms lose at most three digits of the smaller ones.
const GRADED: i32 = 10;

/// Returns the e for which `2ᵉ⁻¹ ≤ |x| < 2ᵉ`, or `None` for 0, infinities and NaN.
pub(super) fn exponent<F: Number>(x: F) -> Option<i32> {
    (!x.is_zero() && Float::is_finite(x)).then(|| x.exponent() + 1)
}

/// A product whose factors may have any size: `number` times 2 to the power `exponent`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Product<T> {
    number: T,
    exponent: i32,
}

impl<T: Number> Product<T> {
    pub(super) fn one() -> Self {
        Self { number: T::one(), exponent: 0 }
    }

    /// Multiplies by one more factor, and scales the value back to about 1.
    pub(super) fn take(&mut self, factor: T) {
        self.number *= factor;
        if let Some(e) = exponent(self.number.float()) {
            self.number = times_power_of_two(self.number, -e);
            self.exponent += e;
        }
    }

    /// Returns the product times a last factor and `2ᵏ`. The value of the factor may be much smaller than its derivatives.
    pub(super) fn end(self, factor: T, k: i32) -> T {
        times_power_of_two(self.number * factor, self.exponent + k)
    }
}

/// Returns the largest absolute value of each matrix row.
fn row_sizes<F: Number, R: Dim, C: Dim>(a: &OMatrix<F, R, C>) -> OVector<F, R>
where
    DefaultAllocator: Allocator<R, C> + Allocator<R>,
{
    let n = a.nrows().max(1);
    let mut sizes = OVector::zeros_generic(a.shape_generic().0, U1);
    let sizes_of = sizes.as_mut_slice();
    // Loops over slices become vector instructions; nalgebra's iterators do not. Four columns at a time.
    let mut fours = a.as_slice().chunks_exact(4 * n);
    for four in &mut fours {
        let [a, b, c, d] = core::array::from_fn(|k| &four[k * n..][..n]);
        for (i, m) in sizes_of.iter_mut().enumerate() {
            *m = greater(greater(greater(greater(*m, a[i]), b[i]), c[i]), d[i]);
        }
    }
    for column in fours.remainder().chunks_exact(n) {
        sizes_of.iter_mut().zip(column).for_each(|(m, &x)| *m = greater(*m, x));
    }
    sizes
}

/// Returns the exponent of the largest entry of each matrix row.
pub(super) fn rows<F: Number, R: Dim, C: Dim>(a: &OMatrix<F, R, C>) -> OVector<Option<i32>, R>
where
    DefaultAllocator: Allocator<R, C> + Allocator<R>,
{
    row_sizes(a).map(exponent)
}

/// Returns whether the matrix rows have different units.
pub(super) fn graded_rows<F: Number, R: Dim, C: Dim>(a: &OMatrix<F, R, C>) -> bool
where
    DefaultAllocator: Allocator<R, C> + Allocator<R>,
{
    let sizes = row_sizes(a);
    // For most matrices this comparison of floats is enough.
    let most = largest(sizes.iter().copied());
    sizes.iter().any(|&size| size * F::lit(256.0) < most) && graded(sizes.map(exponent).as_slice())
}

/// Returns the exponent of the largest entry of each column.
pub(super) fn columns<F: Number, R: Dim, C: Dim>(a: &OMatrix<F, R, C>) -> Vec<Option<i32>>
where
    DefaultAllocator: Allocator<R, C>,
{
    a.column_iter().map(|c| exponent(largest(c.iter().copied()))).collect()
}

/// Returns the largest absolute value.
pub(super) fn largest<F: Number>(entries: impl Iterator<Item = F>) -> F {
    entries.fold(F::zero(), greater)
}

/// Returns `|x|` if it is greater than m, else m. (`max` also handles NaN, and takes several times as long.)
fn greater<F: Number>(m: F, x: F) -> F {
    let x = Float::abs(x);
    if x > m { x } else { m }
}

/// Returns whether matrix rows (or columns) with these exponents have different units. Rows of zeros have no exponent.
pub(super) fn graded(exponents: &[Option<i32>]) -> bool {
    spread(exponents) > GRADED
}

/// Returns whether the rows of a symmetric matrix have different units. There each unit scales a row and a column, so
/// eigenvalues scale with its square.
pub(super) fn doubly_graded(exponents: &[Option<i32>]) -> bool {
    2 * spread(exponents) > GRADED
}

/// Returns the difference of the greatest and the least exponent.
fn spread(exponents: &[Option<i32>]) -> i32 {
    let known = || exponents.iter().flatten();
    known().max().zip(known().min()).map_or(0, |(most, least)| most - least)
}

/// Returns exponents r of rows and c of columns, so that the largest entry of each row and column of `2^rᵢ·aᵢⱼ·2^cⱼ` is
/// about 1. A row or column of zeros gets the exponent 0.
pub(super) fn equilibrate<F: Number, R: Dim, C: Dim>(a: &OMatrix<F, R, C>) -> (Vec<i32>, Vec<i32>)
where
    DefaultAllocator: Allocator<R, C> + Allocator<R>,
{
    let mut a = a.clone();
    let (mut r, mut c) = (vec![0; a.nrows()], vec![0; a.ncols()]);
    for _ in 0..3 {
        for (i, e) in rows(&a).iter().enumerate() {
            let e = e.unwrap_or(0);
            r[i] -= e;
            a.row_mut(i).apply(|x| *x = times_power_of_two(*x, -e));
        }
        for (j, e) in columns(&a).into_iter().enumerate() {
            let e = e.unwrap_or(0);
            c[j] -= e;
            a.column_mut(j).apply(|x| *x = times_power_of_two(*x, -e));
        }
    }
    (r, c)
}
