//! Linear systems, inverses, determinants and Cholesky factors, by implicit rules.

use super::product::gemm;
use super::{Number, infinitesimal};
use crate::error::Error;
use crate::real::Real;
use crate::rules::slices::less;
use nalgebra::{Cholesky, DMatrix, DefaultAllocator, Dim, DimMin, LU, OMatrix, allocator::Allocator};
use num_traits::{Float as _, Zero as _};

/// A square matrix of numbers, with the LU factors of its values: `P·A = L·U` in plain floats, for any number of right
/// hand sides.
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
    matrix: OMatrix<T, D, D>,
    factors: LU<T::Float, D, D>,
}

impl<T: Number, D: DimMin<D, Output = D>> Lu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    /// Factorises the values of a square matrix.
    ///
    /// # Panics
    /// If the matrix is not square.
    pub fn new(matrix: OMatrix<T, D, D>) -> Self {
        assert!(matrix.is_square(), "a square matrix is expected, this is {}×{}", matrix.nrows(), matrix.ncols());
        let factors = LU::new(matrix.map(T::float));
        Self { matrix, factors }
    }

    /// The solution of `A·X = B`, or `None` if the values are singular.
    ///
    /// # Panics
    /// If `B` has not as many rows as `A`.
    pub fn solve<C: Dim>(&self, b: &OMatrix<T, D, C>) -> Option<OMatrix<T, D, C>>
    where
        DefaultAllocator: Allocator<D, C>,
    {
        let (n, m) = (self.matrix.nrows(), b.nrows());
        assert_eq!(n, m, "the matrix has {n} rows and the right hand side has {m}");
        let mut x = b.map(T::float);
        self.factors.solve_mut(&mut x).then(|| self.carry(b, x))
    }

    /// The inverse, or `None` if the values are singular.
    pub fn inverse(&self) -> Option<OMatrix<T, D, D>> {
        let (rows, columns) = self.matrix.shape_generic();
        self.solve(&OMatrix::identity_generic(rows, columns))
    }

    /// The solution whose values are `x`: with `A = A₀ + E` and E infinitesimal, `X ← X + A₀⁻¹(B - A·X)` gets one order
    /// more right at each step.
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

    /// `B - A·X` of plain X.
    fn residual<C: Dim>(&self, b: &OMatrix<T, D, C>, x: &OMatrix<T::Float, D, C>) -> OMatrix<T, D, C>
    where
        DefaultAllocator: Allocator<D, C>,
    {
        let mut residual = b.clone();
        for (mut column, x) in residual.column_iter_mut().zip(x.column_iter()) {
            for (b, row) in column.iter_mut().zip(self.matrix.row_iter()) {
                *b = less(*b, x.iter().copied().zip(row.iter()));
            }
        }
        residual
    }

    /// `B ← A₀⁻¹·B`.
    fn substitute<C: Dim>(&self, b: &mut OMatrix<T, D, C>)
    where
        DefaultAllocator: Allocator<D, C>,
    {
        let n = b.nrows();
        self.factors.p().permute_rows(b);
        // By rows: a number is one node, of those before it.
        let rows = self.factors.lu_internal().transpose();
        for b in b.as_mut_slice().chunks_exact_mut(n.max(1)) {
            for i in 0..n {
                let row = &rows.as_slice()[i * n..][..i];
                b[i] = less(b[i], row.iter().copied().zip(&b[..i]));
            }
            for i in (0..n).rev() {
                let row = &rows.as_slice()[i * n..][i..n];
                b[i] = less(b[i], row.iter().copied().zip(&b[i..]).skip(1)).times(row[0].recip());
            }
        }
    }

    /// The determinant; right also where the values are singular.
    ///
    /// To first order by Jacobi's formula, `d(det A) = det A₀·tr(A₀⁻¹·dA)`; for higher orders, and where the values are
    /// singular, by elimination with complete pivoting in the numbers.
    pub fn determinant(&self) -> T {
        let n = self.matrix.nrows();
        if n <= 3 {
            return self.matrix.determinant();
        }
        let value = self.factors.determinant();
        if T::ORDER == 0 {
            return T::from_float(value);
        }
        // Near singular values the terms of second order, traces of powers of A⁻¹·dA, cancel.
        let pivots = || self.factors.lu_internal().diagonal();
        let threshold = pivots().amax() * T::Float::lit(n as f64) * T::Float::epsilon();
        let regular = T::ORDER == 1 && pivots().iter().all(|p| p.abs() > threshold);
        let Some(inverse) = (if regular { self.factors.try_inverse() } else { None }) else {
            return T::from_float(value) + infinitesimal(eliminate(self.matrix.clone()));
        };
        let change = self.matrix.map(infinitesimal);
        let trace: T = change.iter().zip(inverse.transpose().iter()).map(|(c, &i)| c.times(i)).sum();
        (T::one() + trace).times(value)
    }
}

fn sign<T: Number>(k: usize) -> T::Float {
    T::Float::lit(if k.is_multiple_of(2) { 1.0 } else { -1.0 })
}

/// The product of a matrix of numbers and one of floats.
pub(super) fn times<T: Number, R: Dim, K: Dim, C: Dim>(
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

/// The determinant by elimination with complete pivoting. A block whose values are all 0 is a product of as many
/// infinitesimals as it has rows, and expanded by minors, without division.
fn eliminate<T: Number, D: Dim>(mut m: OMatrix<T, D, D>) -> T
where
    DefaultAllocator: Allocator<D, D>,
{
    let n = m.nrows();
    let negligible = m.iter().map(|x| x.float().abs()).fold(T::Float::zero(), T::Float::max)
        * T::Float::lit(n as f64)
        * T::Float::epsilon();
    let mut determinant = T::one();
    for k in 0..n {
        let places = (k..n).flat_map(|j| (k..n).map(move |i| (i, j)));
        let size = |&(i, j): &(usize, usize)| m[(i, j)].float().abs();
        let (i, j) =
            places.max_by(|a, b| size(a).partial_cmp(&size(b)).unwrap_or(core::cmp::Ordering::Equal)).unwrap_or((k, k));
        if m[(i, j)].float().abs() <= negligible {
            let rest = n - k;
            let block = m.view((k, k), (rest, rest)).into_owned();
            return if rest > T::ORDER as usize { T::zero() } else { determinant * minors(&block) };
        }
        if i != k {
            m.swap_rows(i, k);
            determinant = -determinant;
        }
        if j != k {
            m.swap_columns(j, k);
            determinant = -determinant;
        }
        let pivot = m[(k, k)];
        determinant *= pivot;
        for i in k + 1..n {
            let factor = m[(i, k)] / pivot;
            for j in k + 1..n {
                let above = m[(k, j)];
                m[(i, j)] -= factor * above;
            }
        }
    }
    determinant
}

/// The determinant of a small matrix, by minors of its first column.
fn minors<T: Number>(m: &DMatrix<T>) -> T {
    if m.nrows() == 1 {
        return m[(0, 0)];
    }
    let minor = |i: usize| m[(i, 0)] * minors(&m.clone().remove_row(i).remove_column(0));
    (0..m.nrows()).map(|i| minor(i).times(sign::<T>(i))).sum()
}

/// The solution of `A·X = B`, or `None` if the values are singular: `A.lu().solve(B)` for one factorisation of plain
/// floats. For several right hand sides, or the determinant as well, see [`Lu`].
///
/// # Panics
/// If `A` is not square, or `B` has not as many rows.
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

/// The inverse, or `None` if the values are singular; `d(A⁻¹) = -A⁻¹·dA·A⁻¹`.
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

/// The determinant, `d(det A) = tr(adj(A)·dA)`, also of singular matrices.
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

/// The Cholesky factor, `A = L·Lᵀ`, or `None` if the values are not positive definite. Only the lower triangle is read.
///
/// With `A = L₀(I + G)L₀ᵀ`, dL = L₀·Φ(G), where Φ takes the lower triangle and half the diagonal (I. Murray,
/// *Differentiation of the Cholesky decomposition*, 2016); each step of `L ← L + L₀·Φ(L₀⁻¹(A - L·Lᵀ)L₀⁻ᵀ)` gets one
/// order more right.
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
        // L₀·G, both lower triangular.
        l += times(&g.transpose(), &l0.transpose()).transpose();
    }
    Some(Cholesky::pack_dirty(l))
}

/// `B ← L⁻¹·B`, L lower triangular.
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

/// The Moore-Penrose inverse of a matrix of full rank, `A⁺ = (AᵀA)⁻¹Aᵀ` or `Aᵀ(AAᵀ)⁻¹`.
///
/// # Errors
/// [`Error::RankDeficient`] if the values have not full rank: then A⁺ is not even continuous.
/// [`Error::NoConvergence`] if they are not finite.
///
/// ```
/// use nalgebra::{matrix, vector};
/// use nilpotent::linalg;
///
/// let inverse = linalg::pseudo_inverse(&vector![0.0, 2.0])?;
/// assert!((inverse - matrix![0.0, 0.5]).norm() < 1e-15);
/// # Ok::<(), nilpotent::Error>(())
/// ```
pub fn pseudo_inverse<T: Number, R: Dim, C: Dim>(a: &OMatrix<T, R, C>) -> Result<OMatrix<T, C, R>, Error>
where
    DefaultAllocator: Allocator<R, C> + Allocator<C, R>,
{
    let (rows, columns) = a.shape_generic();
    let tall = rows.value() >= columns.value();
    // One shape of the problem, and sizes that the type does not know.
    let a = DMatrix::from_iterator(rows.value(), columns.value(), a.iter().copied());
    let a = if tall { a } else { a.transpose() };
    let values = a.map(T::float);
    if !values.iter().all(|x| x.parts_finite()) {
        return Err(Error::NoConvergence);
    }
    let singular = values.singular_values();
    let threshold = singular.amax() * T::Float::lit(a.nrows() as f64) * T::Float::epsilon();
    if let Some(index) = singular.iter().position(|&s| s <= threshold) {
        return Err(Error::RankDeficient { index });
    }
    let inverse = values.pseudo_inverse(threshold).map_err(|_| Error::NoConvergence)?;
    // (X₀·X₀ᵀ)·Aᵀ has the right rows; Newton's iteration (Schulz) keeps them, and doubles the order that is right.
    let square = &inverse * inverse.transpose();
    let mut x = inverse.map(T::from_float) + times(&a.map(infinitesimal), &square).transpose();
    for _ in 0..u32::BITS - T::ORDER.leading_zeros() {
        let lack = (DMatrix::identity(x.nrows(), x.nrows()) - &x * &a).map(infinitesimal);
        x += (lack * &x).map(infinitesimal);
    }
    let x = if tall { x } else { x.transpose() };
    Ok(OMatrix::from_iterator_generic(columns, rows, x.iter().copied()))
}
