//! Powers of two, by which a matrix changes its scale without rounding.

use super::Number;
use crate::rules::elementary;
pub(super) use crate::rules::elementary::times_power_of_two;
use alloc::vec;
use alloc::vec::Vec;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector, U1, allocator::Allocator};
use num_traits::Float;

/// Rows or columns whose largest entries differ by more than 2 to this power are taken for quantities of different
/// units. Below that, nalgebra's algorithms keep all but three digits of the smaller ones.
const GRADED: i32 = 10;

/// The e for which `2ᵉ⁻¹ ≤ |x| < 2ᵉ`; none for 0, infinities and NaN.
pub(super) fn exponent<F: Number>(x: F) -> Option<i32> {
    (!x.is_zero() && Float::is_finite(x)).then(|| elementary::exponent(x) + 1)
}

/// A product whose factors may be of any size: the number times a power of two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Product<T> {
    number: T,
    exponent: i32,
}

impl<T: Number> Product<T> {
    pub(super) fn one() -> Self {
        Self { number: T::one(), exponent: 0 }
    }

    /// Takes in one more factor, and the value back to the size of 1.
    pub(super) fn take(&mut self, factor: T) {
        self.number *= factor;
        if let Some(e) = exponent(self.number.float()) {
            self.number = times_power_of_two(self.number, -e);
            self.exponent += e;
        }
    }

    /// The product with a last factor, whose value may be far smaller than its derivatives, times `2ᵏ`.
    pub(super) fn end(self, factor: T, k: i32) -> T {
        times_power_of_two(self.number * factor, self.exponent + k)
    }
}

/// The largest absolute values of the rows.
fn row_sizes<F: Number, R: Dim, C: Dim>(a: &OMatrix<F, R, C>) -> OVector<F, R>
where
    DefaultAllocator: Allocator<R, C> + Allocator<R>,
{
    let n = a.nrows().max(1);
    let mut sizes = OVector::zeros_generic(a.shape_generic().0, U1);
    let sizes_of = sizes.as_mut_slice();
    // Slices, which become vector instructions, as iterators of nalgebra do not; four columns at a time.
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

/// The exponents of the largest entries of the rows.
pub(super) fn rows<F: Number, R: Dim, C: Dim>(a: &OMatrix<F, R, C>) -> OVector<Option<i32>, R>
where
    DefaultAllocator: Allocator<R, C> + Allocator<R>,
{
    row_sizes(a).map(exponent)
}

/// Whether rows have different units.
pub(super) fn graded_rows<F: Number, R: Dim, C: Dim>(a: &OMatrix<F, R, C>) -> bool
where
    DefaultAllocator: Allocator<R, C> + Allocator<R>,
{
    let sizes = row_sizes(a);
    // Comparing floats settles most matrices.
    let most = largest(sizes.iter().copied());
    sizes.iter().any(|&size| size * F::lit(256.0) < most) && graded(sizes.map(exponent).as_slice())
}

/// The exponents of the largest entries of the columns.
pub(super) fn columns<F: Number, R: Dim, C: Dim>(a: &OMatrix<F, R, C>) -> Vec<Option<i32>>
where
    DefaultAllocator: Allocator<R, C>,
{
    a.column_iter().map(|c| exponent(largest(c.iter().copied()))).collect()
}

/// The largest absolute value.
pub(super) fn largest<F: Number>(entries: impl Iterator<Item = F>) -> F {
    entries.fold(F::zero(), greater)
}

/// `|x|` if it is greater than m, else m. (`max` asks for NaN as well, and takes several times as long.)
fn greater<F: Number>(m: F, x: F) -> F {
    let x = Float::abs(x);
    if x > m { x } else { m }
}

/// Whether rows (or columns), whose exponents these are, have different units. Those of zeros have none.
pub(super) fn graded(exponents: &[Option<i32>]) -> bool {
    spread(exponents) > GRADED
}

/// The same of a symmetric matrix, in which each unit stands twice, so that small eigenvalues are its square.
pub(super) fn doubly_graded(exponents: &[Option<i32>]) -> bool {
    2 * spread(exponents) > GRADED
}

/// By which power of two the greatest differs from the least.
fn spread(exponents: &[Option<i32>]) -> i32 {
    let known = || exponents.iter().flatten();
    known().max().zip(known().min()).map_or(0, |(most, least)| most - least)
}

/// Exponents r of rows and c of columns for which the largest entry of each row and column of `2^rᵢ·aᵢⱼ·2^cⱼ` is about
/// 1; 0 for zeros.
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
