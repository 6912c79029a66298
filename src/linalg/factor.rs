//! Linear systems, inverses and Cholesky factors, by implicit rules.

use super::number::{Number, infinitesimal};
use super::product::gemm;
use super::scale::{equilibrate, graded_rows, times_power_of_two};
use crate::real::Real;
use crate::rules::slices::without;
use alloc::vec::Vec;
use nalgebra::{Cholesky, DefaultAllocator, Dim, DimMin, LU, OMatrix, allocator::Allocator};
use num_traits::Float as _;

/// A square matrix of numbers with the LU factors of its values, `P·A = L·U` in plain floats. It solves for any number of
/// right-hand sides.
///
/// Partial pivoting compares entries of different matrix rows. So if the largest entries of the rows differ by more than a
/// factor of 2¹⁰, as with different units, the rows are first scaled to the same size by powers of two, which is exact.
///
/// ```
/// use nalgebra::{matrix, vector};
/// use nilpotent::linalg::{self, Lu};
///
/// // d(A⁻¹b) = -A⁻¹·dA·A⁻¹b; here A = diag(p, 2), b = (6, 8).
/// let f = |p: nalgebra::SVector<nilpotent::Dual, 1>| {
///     let a = linalg::lift(&matrix![0.0, 0.0; 0.0, 2.0]) + matrix![1.0, 0.0; 0.0, 0.0].map(|e: f64| p[0] * e);
///     Lu::new(a).solve(&linalg::lift(&vector![6.0, 8.0])).ok_or("singular")
/// };
/// assert_eq!(linalg::try_jacobian(f, &vector![2.0]), Ok((vector![3.0, 4.0], vector![-1.5, 0.0])));
/// ```
#[derive(Clone, Debug)]
pub struct Lu<T: Number, D: DimMin<D, Output = D>>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    pub(super) matrix: OMatrix<T, D, D>,
    /// The factors of the values, after row i was multiplied by 2 to the power `rows[i]`.
    pub(super) factors: LU<T::Float, D, D>,
    pub(super) rows: Option<Vec<i32>>,
}

impl<T: Number, D: DimMin<D, Output = D>> Lu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    /// Factorizes the values of a square matrix.
    ///
    /// # Panics
    /// If the matrix is not square.
    pub fn new(matrix: OMatrix<T, D, D>) -> Self {
        assert!(matrix.is_square(), "a square matrix is expected, this is {}×{}", matrix.nrows(), matrix.ncols());
        let mut values = matrix.map(T::float);
        let rows = graded_rows(&values).then(|| middle(equilibrate(&values).0));
        scale(&mut values, rows.as_deref());
        Self { matrix, factors: LU::new(values), rows }
    }

    /// Returns the solution of `A·X = B`, or `None` if the values are singular.
    ///
    /// # Panics
    /// If `B` has another number of rows than `A`.
    pub fn solve<C: Dim>(&self, b: &OMatrix<T, D, C>) -> Option<OMatrix<T, D, C>>
    where
        DefaultAllocator: Allocator<D, C>,
    {
        let (n, m) = (self.matrix.nrows(), b.nrows());
        assert_eq!(n, m, "the matrix has {n} rows and the right hand side has {m}");
        let mut x = b.map(T::float);
        scale(&mut x, self.rows.as_deref());
        self.factors.solve_mut(&mut x).then(|| self.carry(b, x))
    }

    /// Returns the inverse, or `None` if the values are singular.
    pub fn inverse(&self) -> Option<OMatrix<T, D, D>> {
        let (rows, columns) = self.matrix.shape_generic();
        self.solve(&OMatrix::identity_generic(rows, columns))
    }

    /// Returns the solution in the numbers, from its values. With `A = A₀ + E` and E infinitesimal, each step
    /// `X ← X + A₀⁻¹(B - A·X)` makes one more order right.
    fn carry<C: Dim>(&self, b: &OMatrix<T, D, C>, values: OMatrix<T::Float, D, C>) -> OMatrix<T, D, C>
    where
        DefaultAllocator: Allocator<D, C>,
    {
        let mut x = values.map(T::from_float);
        for step in 0..T::ORDER {
            let mut residual = if step == 0 { self.residual(b, &values) } else { b - gemm(&self.matrix, &x) };
            residual.apply(|r| *r = infinitesimal(*r));
            self.substitute(&mut residual);
            x += residual;
        }
        x
    }

    /// Returns `B - A·X` for an X of floats.
    fn residual<C: Dim>(&self, b: &OMatrix<T, D, C>, x: &OMatrix<T::Float, D, C>) -> OMatrix<T, D, C>
    where
        DefaultAllocator: Allocator<D, C>,
    {
        let mut residual = b.clone();
        for (mut column, x) in residual.column_iter_mut().zip(x.column_iter()) {
            for (b, row) in column.iter_mut().zip(self.matrix.row_iter()) {
                *b = without(*b, x.iter().copied().zip(row.iter()));
            }
        }
        residual
    }

    /// Replaces B by `A₀⁻¹·B`.
    fn substitute<C: Dim>(&self, b: &mut OMatrix<T, D, C>)
    where
        DefaultAllocator: Allocator<D, C>,
    {
        let n = b.nrows();
        scale(b, self.rows.as_deref());
        self.factors.p().permute_rows(b);
        // Row by row, so that each entry of the solution is one node on the tape.
        let rows = self.factors.lu_internal().transpose();
        for b in b.as_mut_slice().chunks_exact_mut(n.max(1)) {
            for i in 0..n {
                let row = &rows.as_slice()[i * n..][..i];
                b[i] = without(b[i], row.iter().copied().zip(&b[..i]));
            }
            for i in (0..n).rev() {
                let row = &rows.as_slice()[i * n..][i..n];
                b[i] = without(b[i], row.iter().copied().zip(&b[i..]).skip(1)).times(row[0].recip());
            }
        }
    }
}

/// Multiplies row i by 2 to the power `rows[i]`.
fn scale<T: Number, R: Dim, C: Dim>(b: &mut OMatrix<T, R, C>, rows: Option<&[i32]>)
where
    DefaultAllocator: Allocator<R, C>,
{
    for (i, &k) in rows.into_iter().flatten().enumerate() {
        b.row_mut(i).apply(|x| *x = times_power_of_two(*x, k));
    }
}

/// Subtracts from the exponents the mean of the least and the greatest one, so that right-hand sides stay in range.
fn middle(mut exponents: Vec<i32>) -> Vec<i32> {
    let [least, most] = [exponents.iter().min(), exponents.iter().max()].map(|e| e.copied().unwrap_or(0));
    let middle = (least + most) / 2;
    exponents.iter_mut().for_each(|e| *e -= middle);
    exponents
}

/// Returns the product of a matrix of numbers and a matrix of floats.
pub(super) fn times_floats<T: Number, R: Dim, K: Dim, C: Dim>(
    a: &OMatrix<T, R, K>,
    b: &OMatrix<T::Float, K, C>,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, K> + Allocator<K, C> + Allocator<R, C>,
{
    let mut product = OMatrix::zeros_generic(a.shape_generic().0, b.shape_generic().1);
    for (mut column, b) in product.column_iter_mut().zip(b.column_iter()) {
        for (a, &b) in a.column_iter().zip(b.iter()) {
            column.iter_mut().zip(a.iter()).for_each(|(p, a)| *p += a.times(b));
        }
    }
    product
}

/// Returns the solution of `A·X = B`, or `None` if the values are singular.
///
/// It is `A.lu().solve(B)` with a single factorization of plain floats. To solve more than once, or to get the
/// determinant as well, see [`Lu`].
///
/// # Panics
/// If `A` is not square, or `B` has another number of rows.
///
/// ```
/// use nalgebra::{matrix, vector};
/// use nilpotent::linalg;
///
/// let x = linalg::solve(&matrix![2.0, 0.0; 0.0, 4.0], &vector![6.0, 8.0]);
/// assert_eq!(x, Some(vector![3.0, 2.0]));
/// ```
pub fn solve<T: Number, D: DimMin<D, Output = D>, C: Dim>(
    a: &OMatrix<T, D, D>,
    b: &OMatrix<T, D, C>,
) -> Option<OMatrix<T, D, C>>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<D, C>,
{
    Lu::new(a.clone()).solve(b)
}

/// Returns the inverse, or `None` if the values are singular; `d(A⁻¹) = -A⁻¹·dA·A⁻¹`.
///
/// # Panics
/// If `A` is not square.
///
/// ```
/// use nalgebra::matrix;
/// use nilpotent::linalg;
///
/// assert_eq!(linalg::inverse(&matrix![2.0, 0.0; 0.0, 4.0]), Some(matrix![0.5, 0.0; 0.0, 0.25]));
/// ```
pub fn inverse<T: Number, D: DimMin<D, Output = D>>(a: &OMatrix<T, D, D>) -> Option<OMatrix<T, D, D>>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    Lu::new(a.clone()).inverse()
}

/// Returns the determinant, also of a singular matrix; `d(det A) = tr(adj(A)·dA)`.
///
/// # Panics
/// If `A` is not square.
///
/// ```
/// use nalgebra::{Matrix4, vector};
/// use nilpotent::linalg;
///
/// // det(A + x·I) = x(1 + x)³ at 0, where A = diag(0, 1, 1, 1) is singular.
/// let a = Matrix4::from_diagonal(&vector![0.0, 1.0, 1.0, 1.0]);
/// let f = |x: nalgebra::SVector<nilpotent::Dual, 1>| linalg::determinant(&(linalg::lift(&a) + Matrix4::from_diagonal_element(x[0])));
/// assert_eq!(linalg::gradient(f, &vector![0.0]), (0.0, vector![1.0]));
/// ```
pub fn determinant<T: Number, D: DimMin<D, Output = D>>(a: &OMatrix<T, D, D>) -> T
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    Lu::new(a.clone()).determinant()
}

/// Returns the Cholesky factor, `A = L·Lᵀ`, or `None` if the values are not positive definite. Only the lower triangle is
/// read.
///
/// With `A = L₀(I + G)L₀ᵀ`, dL = L₀·Φ(G), where Φ takes the lower triangle and half the diagonal (I. Murray,
/// *Differentiation of the Cholesky decomposition*, 2016). Each step `L ← L + L₀·Φ(L₀⁻¹(A - L·Lᵀ)L₀⁻ᵀ)` makes one more
/// order right.
///
/// ```
/// use nalgebra::{matrix, vector};
/// use nilpotent::linalg;
///
/// let f = |x: nalgebra::SVector<nilpotent::Dual, 1>| linalg::cholesky(&matrix![x[0]]).map(|c| c.l());
/// assert_eq!(linalg::try_jvp(f, &vector![4.0], &vector![1.0]), Some((matrix![2.0], matrix![0.25])));
/// ```
pub fn cholesky<T: Number, D: Dim>(a: &OMatrix<T, D, D>) -> Option<Cholesky<T, D>>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let l0 = Cholesky::new(a.map(T::float))?.unpack();
    let mut l = l0.map(T::from_float);
    for _ in 0..T::ORDER {
        let product = &l * l.transpose();
        let mut g = a.zip_map(&product, |a, p| infinitesimal(a - p));
        g.fill_upper_triangle_with_lower_triangle();
        forward(&l0, &mut g);
        let mut g = g.transpose();
        forward(&l0, &mut g);
        g.fill_upper_triangle(T::zero(), 1);
        let half = T::Float::lit(0.5);
        for i in 0..g.nrows() {
            g[(i, i)] = g[(i, i)].times(half);
        }
        // The product L₀·G of two lower triangular matrices.
        l += times_floats(&g.transpose(), &l0.transpose()).transpose();
    }
    Some(Cholesky::pack_dirty(l))
}

/// Replaces B by `L⁻¹·B`, where L is lower triangular.
fn forward<T: Number, D: Dim>(l: &OMatrix<T::Float, D, D>, b: &mut OMatrix<T, D, D>)
where
    DefaultAllocator: Allocator<D, D>,
{
    for mut b in b.column_iter_mut() {
        for j in 0..b.len() {
            b[j] = b[j].times(l[(j, j)].recip());
            for i in j + 1..b.len() {
                let x = b[j];
                b[i] -= x.times(l[(i, j)]);
            }
        }
    }
}
