//! Singular values and vectors, by an implicit rule.

use super::{Number, infinitesimal};
use crate::error::Error;
use crate::real::Real;
use nalgebra::{
    DefaultAllocator, Dim, DimDiff, DimMin, DimMinimum, DimSub, OMatrix, OVector, SVD, U1, allocator::Allocator,
};
use num_traits::{Float as _, ToPrimitive as _};

/// The singular value decomposition `A = U·Σ·Vᵀ`, as nalgebra's `svd`: singular values in descending order, U and Vᵀ with
/// as many vectors.
///
/// Right at diagonal matrices too, where nalgebra's iteration in the numbers loses the derivatives. With
/// `P = Uᵀ·dA·V`: dσᵢ = Pᵢᵢ, and the vectors turn by `(σⱼPᵢⱼ + σᵢPⱼᵢ)/(σⱼ² - σᵢ²)` and `(σᵢPᵢⱼ + σⱼPⱼᵢ)/(σⱼ² - σᵢ²)`.
/// For higher orders it is the refinement of T. Ogita and K. Aishima (*Iterative refinement for singular value
/// decomposition based on matrix multiplication*, 2020), which doubles the order that is right at every step.
///
/// # Errors
/// [`Error::RepeatedSingularValues`] if two singular values coincide (to rounding) and the derivatives couple them;
/// [`Error::RankDeficient`] if one is 0. Numbers without derivatives are no error.
/// [`Error::NoConvergence`] if the values are not finite.
///
/// ```
/// use nalgebra::{matrix, vector};
/// use nilpotent::linalg;
///
/// // The singular values of diag(x), by its entries.
/// let f = |x: nalgebra::SVector<nilpotent::Dual<f64, 2>, 2>| {
///     linalg::svd(&matrix![x[0], 0.0.into(); 0.0.into(), x[1]], true, true).map(|svd| svd.singular_values)
/// };
/// let (s, ds) = linalg::try_jacobian(f, &vector![3.0, 1.0])?;
/// assert_eq!((s, ds), (vector![3.0, 1.0], matrix![1.0, 0.0; 0.0, 1.0]));
/// # Ok::<(), nilpotent::Error>(())
/// ```
pub fn svd<T: Number, R: DimMin<C>, C: Dim>(
    a: &OMatrix<T, R, C>,
    compute_u: bool,
    compute_v: bool,
) -> Result<SVD<T, R, C>, Error>
where
    DimMinimum<R, C>: DimSub<U1>,
    DefaultAllocator: Allocator<R, C>
        + Allocator<C>
        + Allocator<R>
        + Allocator<DimDiff<DimMinimum<R, C>, U1>>
        + Allocator<DimMinimum<R, C>, C>
        + Allocator<R, DimMinimum<R, C>>
        + Allocator<DimMinimum<R, C>>
        + Allocator<C, DimMinimum<R, C>>
        + Allocator<C, R>
        + Allocator<DimMinimum<R, C>, R>
        + Allocator<DimMinimum<R, C>, DimMinimum<R, C>>,
{
    if !a.iter().all(|x| x.float().is_finite()) {
        return Err(Error::NoConvergence);
    }
    let start = SVD::try_new(a.map(T::float), true, true, T::Float::epsilon(), 0).ok_or(Error::NoConvergence)?;
    let mut u = start.u.as_ref().expect("asked for").map(T::from_float);
    let mut v = start.v_t.as_ref().expect("asked for").transpose().map(T::from_float);
    let sigma = &start.singular_values;
    let mut s: OVector<T, DimMinimum<R, C>> = sigma.map(T::from_float);
    let n = s.len();
    let size = a.nrows().max(a.ncols());
    let close = sigma.amax() * T::Float::lit(10.0 * size as f64) * T::Float::epsilon();
    let half = T::Float::lit(0.5);
    // Each step doubles what is right, from order 0 on.
    for _ in 0..u32::BITS - T::ORDER.leading_zeros() {
        let av = a * &v;
        let t = u.tr_mul(&av);
        // What the vectors lack to be orthonormal.
        let (p, q) = (u.tr_mul(&u).map(|x| infinitesimal(-x)), v.tr_mul(&v).map(|x| infinitesimal(-x)));
        for (i, s) in s.iter_mut().enumerate() {
            let lack = (p[(i, i)] + q[(i, i)]).times(half);
            *s = T::from_float(sigma[i]) + infinitesimal(t[(i, i)] / (T::one() - lack));
        }
        let (mut f, mut g) = (p.map(|x| x.times(half)), q.map(|x| x.times(half)));
        for j in 0..n {
            for i in (0..n).filter(|&i| i != j) {
                let alpha = infinitesimal(t[(i, j)] + s[j] * p[(i, j)]);
                let beta = infinitesimal(t[(j, i)] + s[j] * q[(i, j)]);
                let gap = (s[j] - s[i]) * (s[j] + s[i]);
                if (s[j] - s[i]).float().abs() > close {
                    f[(i, j)] = (alpha * s[j] + beta * s[i]) / gap;
                    g[(i, j)] = (alpha * s[i] + beta * s[j]) / gap;
                } else if !(alpha.is_zero() && beta.is_zero()) {
                    let value = sigma[i].to_f64().unwrap_or(f64::NAN);
                    return Err(Error::RepeatedSingularValues { indices: [i.min(j), i.max(j)], value });
                }
            }
        }
        // The parts of A·V and Aᵀ·U outside the present vectors, which only non-square matrices have.
        let inverse = s.map(|s| T::one() / s);
        if let Some(index) = sigma.iter().position(|&s| s <= close) {
            return Err(Error::RankDeficient { index });
        }
        let mut out_u = (&av - &u * (&t + &p * &t)).map(infinitesimal);
        let mut out_v = (a.tr_mul(&u) - &v * (t.transpose() + &q * t.transpose())).map(infinitesimal);
        for (j, &inverse) in inverse.iter().enumerate() {
            out_u.column_mut(j).apply(|x| *x *= inverse);
            out_v.column_mut(j).apply(|x| *x *= inverse);
        }
        let (du, dv) = (&u * f, &v * g);
        u += du + out_u;
        v += dv + out_v;
    }
    Ok(SVD { u: compute_u.then_some(u), v_t: compute_v.then(|| v.transpose()), singular_values: s })
}
