//! Eigenvalues and eigenvectors of symmetric matrices, by an implicit rule.

use super::factor::times_floats;
use super::jacobi;
use super::number::{Number, infinitesimal};
use super::product::gemm;
use super::pseudo::power;
use super::scale::{doubly_graded, rows};
use crate::error::Error;
use crate::real::Real;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;
use nalgebra::{
    DMatrix, DefaultAllocator, Dim, DimDiff, DimSub, OMatrix, OVector, SymmetricEigen, U1, allocator::Allocator,
};
use num_traits::{Float as _, ToPrimitive as _};

/// Returns the eigenvalues and eigenvectors of a symmetric matrix, like nalgebra's `symmetric_eigen`. Only the lower
/// triangle is read.
///
/// ```text
/// dλᵢ = (Vᵀ·dA·V)ᵢᵢ,   dV = V·E,   Eᵢⱼ = (Vᵀ·dA·V)ᵢⱼ/(λⱼ - λᵢ)
/// ```
///
/// The derivatives are right at diagonal matrices too, where nalgebra's iteration in the numbers stops at once and loses
/// them. If the matrix rows have different units, so that their largest entries differ by more than a factor of 2⁵,
/// Jacobi's rotations compute the values. Then a small eigenvalue has its own relative accuracy, if the entries determine
/// it.
///
/// # Errors
/// [`Error::RepeatedEigenvalues`] if two eigenvalues coincide (to rounding) and the derivatives of the matrix couple
/// them. The sum of such a cluster, `tr(P·A)`, and its [`projector`] are differentiable. It is no error if the numbers
/// have no derivatives, or if the eigenvalues are uncoupled, as those of `x·I` are. [`Error::NoConvergence`] if the
/// values are not finite.
///
/// ```
/// use nalgebra::{matrix, vector};
/// use nilpotent::linalg;
///
/// // The first eigenvector of [[1, x], [x, 3]], at x = 0.
/// let f = |x: nalgebra::SVector<nilpotent::Dual, 1>| {
///     linalg::symmetric_eigen(&matrix![1.0.into(), x[0]; x[0], 3.0.into()]).map(|e| e.eigenvectors.column(0).into_owned())
/// };
/// let (v, dv) = linalg::try_jacobian(f, &vector![0.0])?;
/// assert_eq!((v, dv), (vector![1.0, 0.0], vector![0.0, -0.5]));
/// # Ok::<(), nilpotent::Error>(())
/// ```
pub fn symmetric_eigen<T: Number, D: Dim + DimSub<U1>>(a: &OMatrix<T, D, D>) -> Result<SymmetricEigen<T, D>, Error>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<DimDiff<D, U1>>,
{
    let start = Factorised::new(a)?;
    let SymmetricEigen { eigenvectors: mut x, eigenvalues } = start.spaces(|i, j| i != j)?;
    (0..x.ncols()).for_each(|j| shorten(&mut x, j));
    Ok(SymmetricEigen { eigenvectors: start.vectors(&x), eigenvalues })
}

/// Returns the projector `P = Σ vᵢvᵢᵀ` onto the space of the eigenvectors `indices` of a symmetric matrix, where the
/// eigenvalues are counted in ascending order.
///
/// It is differentiable as long as these eigenvalues differ from all others, even if they coincide among themselves.
///
/// # Errors
/// [`Error::RepeatedEigenvalues`] if an eigenvalue in the range coincides with one outside, and the derivatives couple them.
/// [`Error::NoConvergence`] if the values are not finite.
///
/// # Panics
/// If the range is not within `0..n`.
///
/// ```
/// use nalgebra::{Matrix3, matrix, vector};
/// use nilpotent::linalg;
///
/// // The double eigenvalue 2 of diag(2, 5, 2): its eigenvectors are not differentiable, but their plane is.
/// let a = Matrix3::from_diagonal(&vector![2.0, 5.0, 2.0]);
/// let da = matrix![0.0, 3.0, 7.0; 3.0, 0.0, 0.0; 7.0, 0.0, 0.0];
/// let f = |t: nalgebra::SVector<nilpotent::Dual, 1>| {
///     let at = a.zip_map(&da, |a, d| t[0] * d + a);
///     assert!(linalg::symmetric_eigen(&at).is_err());
///     linalg::projector(&at, 0..2)
/// };
/// let (p, dp) = linalg::try_jvp(f, &vector![0.0], &vector![1.0])?;
/// assert_eq!(p, matrix![1.0, 0.0, 0.0; 0.0, 0.0, 0.0; 0.0, 0.0, 1.0]);
/// assert_eq!(dp, matrix![0.0, -1.0, 0.0; -1.0, 0.0, 0.0; 0.0, 0.0, 0.0]);
/// # Ok::<(), nilpotent::Error>(())
/// ```
pub fn projector<T: Number, D: Dim + DimSub<U1>>(
    a: &OMatrix<T, D, D>,
    indices: Range<usize>,
) -> Result<OMatrix<T, D, D>, Error>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<DimDiff<D, U1>>,
{
    let n = a.nrows();
    assert!(indices.end <= n, "the indices {indices:?} exceed the {n} eigenvalues");
    let start = Factorised::new(a)?;
    let values = &start.factors.eigenvalues;
    let mut ascending: Vec<_> = (0..n).collect();
    ascending.sort_by(|&i, &j| values[i].partial_cmp(&values[j]).expect("finite"));
    let mut inside = vec![false; n];
    ascending[indices].iter().for_each(|&i| inside[i] = true);
    let x = start.spaces(|i, j| inside[i] != inside[j])?.eigenvectors;
    let columns: Vec<usize> = (0..n).filter(|&i| inside[i]).collect();
    let select = |m: &OMatrix<T, D, D>| DMatrix::from_fn(n, columns.len(), |i, j| m[(i, columns[j])]);
    let mut out = select(&x);
    columns.iter().enumerate().for_each(|(j, &i)| out[(i, j)] = T::zero());
    let vectors = gemm(&select(&start.vectors(&x)), &power(&gemm(&out.transpose(), &out), -0.5));
    let p = gemm(&vectors, &vectors.transpose());
    let (rows, columns) = a.shape_generic();
    Ok(OMatrix::from_iterator_generic(rows, columns, p.iter().copied()))
}

/// Scales column j to the length 1. Its entry j is 1, and its other entries are infinitesimal.
pub(super) fn shorten<T: Number, R: Dim, C: Dim>(x: &mut OMatrix<T, R, C>, j: usize)
where
    DefaultAllocator: Allocator<R, C>,
{
    // To first order infinitesimal entries do not change the length.
    if T::ORDER < 2 {
        return;
    }
    // The squares are summed without the 1, because adding them to it would round them.
    let others = x.column(j).iter().enumerate().filter(|(i, _)| *i != j).map(|(_, &x)| x * x).sum::<T>();
    let factor = num_traits::Float::recip(num_traits::Float::sqrt(T::one() + others));
    x.column_mut(j).apply(|x| *x *= factor);
}

/// A symmetric matrix with the eigenvalues and eigenvectors of its values.
struct Factorised<T: Number, D: Dim>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    matrix: OMatrix<T, D, D>,
    factors: SymmetricEigen<T::Float, D>,
    /// How far rounding errors may move each eigenvalue.
    errors: OVector<T::Float, D>,
}

impl<T: Number, D: Dim + DimSub<U1>> Factorised<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<DimDiff<D, U1>>,
{
    /// Factorizes the values by nalgebra's iteration, whose errors are relative to the largest eigenvalue. If the matrix
    /// rows have different units, Jacobi's rotations are used instead. Their errors are relative to `|v|ᵀ·|A|·|v|`, like
    /// the effect of rounding the entries of A.
    fn new(a: &OMatrix<T, D, D>) -> Result<Self, Error> {
        if !a.iter().all(|x| x.float().parts_finite()) {
            return Err(Error::NoConvergence);
        }
        let mut matrix = a.clone();
        matrix.fill_upper_triangle_with_lower_triangle();
        let values = matrix.map(T::float);
        let unit = T::Float::lit(10.0 * a.nrows() as f64) * T::Float::epsilon();
        if doubly_graded(rows(&values).as_slice())
            && let Some(factors) = jacobi::symmetric(&values)
        {
            let size = factors.eigenvectors.abs();
            let errors = (values.abs() * &size).component_mul(&size).row_sum_tr() * unit;
            return Ok(Self { matrix, factors, errors });
        }
        let factors = SymmetricEigen::try_new(values, T::Float::epsilon(), 0).ok_or(Error::NoConvergence)?;
        let largest = factors.eigenvalues.amax();
        let errors = factors.eigenvalues.map(|_| largest * unit);
        Ok(Self { matrix, factors, errors })
    }
}

impl<T: Number, D: Dim> Factorised<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    /// Returns the eigenvalues of the numbers, and vectors X that span the same spaces as their eigenvectors. The
    /// coordinates of X are those of the basis V, the eigenvectors of the values. Two indices belong to one space unless
    /// they are `separate`. The vectors are not changed within their own space, so their length is not 1.
    ///
    /// In the basis V the matrix is `Λ + dB`, and the vectors obey `(λⱼ - λᵢ)·xᵢⱼ = (dB·X)ᵢⱼ - Σₖ xᵢₖ·(dB·X)ₖⱼ`, with k in
    /// the space of j. Each step makes one more order right. No term is larger than the terms of the derivative itself;
    /// iterations that keep the vectors orthonormal in each step have larger ones.
    fn spaces(&self, separate: impl Fn(usize, usize) -> bool) -> Result<SymmetricEigen<T, D>, Error> {
        let values = &self.factors.eigenvalues;
        let n = values.len();
        let change = self.change();
        let mut x = OMatrix::identity_generic(change.shape_generic().0, change.shape_generic().1);
        let mut lambda = values.map(T::from_float);
        for step in 0..T::ORDER {
            let moved = if step == 0 { change.clone() } else { gemm(&change, &x) };
            let mut next = x.clone();
            for j in 0..n {
                lambda[j] = T::from_float(values[j]) + moved[(j, j)];
                for i in (0..n).filter(|&i| separate(i, j)) {
                    let within = (0..n).filter(|&k| !separate(k, j)).map(|k| x[(i, k)] * moved[(k, j)]);
                    let coupling = if step == 0 { moved[(i, j)] } else { moved[(i, j)] - within.sum::<T>() };
                    let gap = values[j] - values[i];
                    if gap.abs() > num_traits::Float::max(self.errors[i], self.errors[j]) {
                        next[(i, j)] = coupling.times(gap.recip());
                    } else if !coupling.is_zero() {
                        let value = values[i].to_f64().unwrap_or(f64::NAN);
                        return Err(Error::RepeatedEigenvalues { indices: [i.min(j), i.max(j)], value });
                    }
                }
            }
            x = next;
        }
        Ok(SymmetricEigen { eigenvectors: x, eigenvalues: lambda })
    }

    /// Returns `Vᵀ·dA·V`.
    fn change(&self) -> OMatrix<T, D, D> {
        let v = &self.factors.eigenvectors;
        let turned = times_floats(&self.matrix.map(infinitesimal), v);
        let mut change = times_floats(&turned.transpose(), v);
        change.fill_upper_triangle_with_lower_triangle();
        change
    }

    /// Returns `V·X`.
    fn vectors(&self, x: &OMatrix<T, D, D>) -> OMatrix<T, D, D> {
        times_floats(&x.transpose(), &self.factors.eigenvectors.transpose()).transpose()
    }
}
