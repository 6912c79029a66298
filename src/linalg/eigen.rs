//! Eigenvalues and eigenvectors of symmetric matrices, by an implicit rule.

use super::factor::times;
use super::{Number, infinitesimal};
use crate::error::Error;
use crate::real::Real;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;
use nalgebra::{DefaultAllocator, Dim, DimDiff, DimSub, OMatrix, OVector, SymmetricEigen, U1, allocator::Allocator};
use num_traits::{Float as _, ToPrimitive as _};

/// The eigenvalues and eigenvectors of a symmetric matrix, as nalgebra's `symmetric_eigen`; only the lower triangle is
/// read.
///
/// ```text
/// dλᵢ = (Vᵀ·dA·V)ᵢᵢ,   dV = V·E,   Eᵢⱼ = (Vᵀ·dA·V)ᵢⱼ/(λⱼ - λᵢ)
/// ```
///
/// Right at diagonal matrices too, where nalgebra's iteration in the numbers stops before it has begun, and loses the
/// derivatives. For higher orders it is the refinement of T. Ogita and K. Aishima (*Iterative refinement for symmetric
/// eigenvalue decomposition*, 2018), which doubles the order that is right at every step.
///
/// # Errors
/// [`Error::RepeatedEigenvalues`] if two eigenvalues coincide (to rounding) and the derivatives of the matrix couple
/// them. The sum of such a cluster, `tr(P·A)`, and its [`projector`] are differentiable. Numbers without derivatives, and
/// uncoupled eigenvalues, as of a multiple of the identity that stays one, are no error.
/// [`Error::NoConvergence`] if the values are not finite.
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
    let start = factorise(a.map(T::float))?;
    // Each step doubles what is right, from order 0 on.
    let steps = u32::BITS - T::ORDER.leading_zeros();
    refine(a, &start, steps, |_, _| true)
}

/// The projector `P = Σ vᵢvᵢᵀ` onto the eigenvectors of the symmetric matrix with the eigenvalues `indices`, in ascending
/// order. Differentiable as long as these differ from all others, whether or not they coincide among themselves.
///
/// # Errors
/// [`Error::RepeatedEigenvalues`] if an eigenvalue inside coincides with one outside, and the derivatives couple them.
/// [`Error::NoConvergence`] if the values are not finite.
///
/// # Panics
/// If the range is not within `0..n`.
///
/// ```
/// use nalgebra::{Matrix3, matrix, vector};
/// use nilpotent::linalg;
///
/// // The double eigenvalue 2 of diag(2, 5, 2): no eigenvector is differentiable, its plane is.
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
    let start = factorise(a.map(T::float))?;
    let mut ascending: Vec<_> = (0..n).collect();
    ascending.sort_by(|&i, &j| start.eigenvalues[i].partial_cmp(&start.eigenvalues[j]).expect("finite"));
    let mut inside = vec![false; n];
    ascending[indices].iter().for_each(|&i| inside[i] = true);
    // Blocks are not diagonal, so each step gets but one order more right.
    let all = refine(a, &start, T::ORDER, |i, j| inside[i] != inside[j])?;
    let (rows, columns) = a.shape_generic();
    let mut p = OMatrix::zeros_generic(rows, columns);
    for (v, _) in all.eigenvectors.column_iter().zip(&inside).filter(|(_, inside)| **inside) {
        p.ger(T::one(), &v, &v, T::one());
    }
    Ok(p)
}

fn factorise<F: Number, D: Dim + DimSub<U1>>(a: OMatrix<F, D, D>) -> Result<SymmetricEigen<F, D>, Error>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<DimDiff<D, U1>>,
{
    if !a.iter().all(|x| x.parts_finite()) {
        return Err(Error::NoConvergence);
    }
    SymmetricEigen::try_new(a, F::epsilon(), 0).ok_or(Error::NoConvergence)
}

/// Carries the factors of the values over to the numbers. `separate` says which pairs of eigenvectors are to be told
/// apart; others are only kept orthogonal.
fn refine<T: Number, D: Dim>(
    a: &OMatrix<T, D, D>,
    start: &SymmetricEigen<T::Float, D>,
    steps: u32,
    separate: impl Fn(usize, usize) -> bool,
) -> Result<SymmetricEigen<T, D>, Error>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let n = a.nrows();
    let mut a = a.clone();
    a.fill_upper_triangle_with_lower_triangle();
    let mut vectors = start.eigenvectors.map(T::from_float);
    let mut lambda: OVector<T, D> = start.eigenvalues.map(T::from_float);
    let close = start.eigenvalues.amax() * T::Float::lit(10.0 * n as f64) * T::Float::epsilon();
    for step in 0..steps {
        let (b, r) = if step == 0 {
            let av = times(&a, &start.eigenvectors);
            (
                times(&av.transpose(), &start.eigenvectors),
                OMatrix::zeros_generic(a.shape_generic().0, a.shape_generic().1),
            )
        } else {
            // What the vectors lack to be orthonormal.
            let gram = vectors.tr_mul(&vectors);
            (vectors.tr_mul(&(&a * &vectors)), gram.map(|x| infinitesimal(-x)))
        };
        for (i, l) in lambda.iter_mut().enumerate() {
            *l = T::from_float(start.eigenvalues[i]) + infinitesimal(b[(i, i)] / (T::one() - r[(i, i)]));
        }
        let half = T::Float::lit(0.5);
        let mut e = r.map(|r| r.times(half));
        for j in 0..n {
            for i in (0..n).filter(|&i| i != j && separate(i, j)) {
                let coupling = infinitesimal(b[(i, j)] + lambda[j] * r[(i, j)]);
                let gap = lambda[j] - lambda[i];
                if gap.float().abs() > close {
                    e[(i, j)] = coupling / gap;
                } else if !coupling.is_zero() {
                    let value = start.eigenvalues[i].to_f64().unwrap_or(f64::NAN);
                    return Err(Error::RepeatedEigenvalues { indices: [i.min(j), i.max(j)], value });
                }
            }
        }
        vectors +=
            if step == 0 { times(&e.transpose(), &start.eigenvectors.transpose()).transpose() } else { &vectors * e };
    }
    Ok(SymmetricEigen { eigenvectors: vectors, eigenvalues: lambda })
}
