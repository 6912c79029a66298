//! Singular values and vectors, by an implicit rule.

use super::eigen::shorten;
use super::factor::times_floats;
use super::jacobi::Singular;
use super::product::gemm;
use super::qr::Qr;
use super::scale::{columns, exponent, graded, largest, rows, times_power_of_two};
use super::{Number, infinitesimal, jacobi};
use crate::error::Error;
use crate::real::Real;
use nalgebra::{
    DMatrix, DVector, DefaultAllocator, Dim, DimDiff, DimMin, DimMinimum, DimSub, OMatrix, OVector, SVD, U1,
    allocator::Allocator,
};
use num_traits::{Float as _, ToPrimitive as _};

/// The singular value decomposition `A = U·Σ·Vᵀ`, as nalgebra's `svd`: singular values in descending order, U and Vᵀ with
/// as many vectors.
///
/// Right at diagonal matrices too, where nalgebra's iteration in the numbers loses the derivatives. With
/// `P = Uᵀ·dA·V`: dσᵢ = Pᵢᵢ, and the vectors turn by `(σⱼPᵢⱼ + σᵢPⱼᵢ)/(σⱼ² - σᵢ²)` and `(σᵢPᵢⱼ + σⱼPⱼᵢ)/(σⱼ² - σᵢ²)`.
/// Rows and columns of different units, whose largest entries differ by more than 2¹⁰, are no obstacle: their values are
/// found by Jacobi's rotations, and a small singular value has its own relative accuracy if the entries determine it.
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
    // nalgebra takes the squares of small matrices' entries.
    let exponent = exponent(largest(a.iter().map(|x| x.float()))).unwrap_or(0);
    let values = a.map(|x| times_power_of_two(x.float(), -exponent));
    if !values.iter().all(|x| x.parts_finite()) {
        return Err(Error::NoConvergence);
    }
    let plain = dynamic(&values);
    let units = graded(rows(&plain).as_slice()) || graded(&columns(&plain));
    let start = match units.then(|| Start::by_rotations(&plain)).flatten() {
        Some(start) => start,
        None => {
            let svd = SVD::try_new(values, true, true, T::Float::epsilon(), 0).ok_or(Error::NoConvergence)?;
            let start = Start::of_one_unit(Singular {
                u: dynamic(&svd.u.expect("asked for")),
                sigma: DVector::from_column_slice(svd.singular_values.as_slice()),
                v: dynamic(&svd.v_t.expect("asked for")).transpose(),
            });
            if start.fits(&plain) { start } else { Start::by_rotations(&plain).unwrap_or(start) }
        }
    };
    let start = start.times_power_of_two(exponent);
    let matrix = dynamic(a);
    let Singular { u, sigma, v } = if matrix.nrows() >= matrix.ncols() {
        carry(&matrix, start)?
    } else {
        carry(&matrix.transpose(), start.transpose())?.transpose()
    };
    let (rows, columns) = a.shape_generic();
    let least = rows.min(columns);
    Ok(SVD {
        u: compute_u.then(|| OMatrix::from_iterator_generic(rows, least, u.iter().copied())),
        v_t: compute_v.then(|| OMatrix::from_iterator_generic(least, columns, v.transpose().iter().copied())),
        singular_values: OVector::from_iterator_generic(least, U1, sigma.iter().copied()),
    })
}

fn dynamic<T: Number, R: Dim, C: Dim>(m: &OMatrix<T, R, C>) -> DMatrix<T>
where
    DefaultAllocator: Allocator<R, C>,
{
    DMatrix::from_iterator(m.nrows(), m.ncols(), m.iter().copied())
}

/// The singular values and vectors of the values.
struct Start<F: Number> {
    factors: Singular<F>,
    /// How far rounding may move each singular value.
    errors: DVector<F>,
}

impl<F: Number<Float = F>> Start<F> {
    /// Of nalgebra's iteration: the errors are relative to the largest value.
    fn of_one_unit(factors: Singular<F>) -> Self {
        let size = factors.u.nrows().max(factors.v.nrows());
        let errors = factors.sigma.map(|_| factors.sigma.amax() * Self::rounding(size));
        Self { factors, errors }
    }

    /// The errors are relative to `|u|ᵀ·|A|·|v|`, as are those of rounding the entries.
    fn by_rotations(a: &DMatrix<F>) -> Option<Self> {
        let factors =
            if a.nrows() >= a.ncols() { jacobi::singular(a)? } else { jacobi::singular(&a.transpose())?.transpose() };
        let sizes = (a.abs() * factors.v.abs()).component_mul(&factors.u.abs()).row_sum_tr();
        Some(Self { factors, errors: sizes * Self::rounding(a.nrows().max(a.ncols())) })
    }

    /// The relative rounding error of sums of n terms, with a margin.
    fn rounding(n: usize) -> F {
        F::lit(10.0 * n as f64) * <F as num_traits::Float>::epsilon()
    }

    /// Whether `Uᵀ·A·V` is Σ up to rounding. Of a matrix that is 3×3 by its type, nalgebra takes the factors from AᵀA, and
    /// those of small singular values may not be.
    fn fits(&self, a: &DMatrix<F>) -> bool {
        let Singular { u, sigma, v } = &self.factors;
        (u.tr_mul(&(a * v)) - DMatrix::from_diagonal(sigma)).amax() <= self.errors.max()
    }

    /// Of the matrix times `2ᵏ`.
    fn times_power_of_two(mut self, k: i32) -> Self {
        self.factors.sigma.apply(|s| *s = times_power_of_two(*s, k));
        self.errors.apply(|e| *e = times_power_of_two(*e, k));
        self
    }

    /// Of the transposed matrix.
    fn transpose(self) -> Self {
        Self { factors: self.factors.transpose(), errors: self.errors }
    }
}

/// Carries the factors of the values of a tall matrix over to the numbers.
fn carry<T: Number>(a: &DMatrix<T>, start: Start<T::Float>) -> Result<Singular<T>, Error> {
    let Start { factors: Singular { u, sigma, v }, errors } = start;
    let lifted = Singular { u: u.map(T::from_float), sigma: sigma.map(T::from_float), v: v.map(T::from_float) };
    if T::ORDER == 0 {
        return Ok(lifted);
    }
    if let Some(index) = (0..sigma.len()).find(|&i| sigma[i] <= errors[i]) {
        return Err(Error::RankDeficient { index });
    }
    // In the basis of U and, if that is not all, of vectors orthogonal to it.
    let basis = Basis::new(a, u);
    let change = basis.coordinates(times_floats(&a.map(infinitesimal), &v));
    let Singular { u: x, sigma, v: y } = Diagonal { sigma, errors, change }.vectors()?;
    Ok(Singular {
        u: lifted.u + basis.vectors(x).map(infinitesimal),
        sigma,
        v: times_floats(&y.transpose(), &v.transpose()).transpose(),
    })
}

/// An orthonormal basis that begins with the left singular vectors U of a tall matrix.
struct Basis<T: Number> {
    /// For a matrix that is not square, whose columns Q begins with; the others are the rest of the basis.
    qr: Option<Qr<T>>,
    /// U, in the basis of Q if there is one.
    inner: DMatrix<T::Float>,
}

impl<T: Number> Basis<T> {
    fn new(a: &DMatrix<T>, u: DMatrix<T::Float>) -> Self {
        if a.is_square() {
            return Self { qr: None, inner: u };
        }
        let qr = Qr::new(&a.map(T::float));
        let inner = qr.apply_q_transposed(&u.map(T::from_float)).rows(0, u.ncols()).map(T::float);
        Self { qr: Some(qr), inner }
    }

    /// The coordinates of vectors.
    fn coordinates(&self, b: DMatrix<T>) -> DMatrix<T> {
        let turned = self.qr.as_ref().map_or_else(|| b.clone(), |qr| qr.apply_q_transposed(&b));
        self.turn(turned, &self.inner)
    }

    /// The vectors with these coordinates.
    fn vectors(&self, x: DMatrix<T>) -> DMatrix<T> {
        let turned = self.turn(x, &self.inner.transpose());
        match &self.qr {
            Some(qr) => qr.apply_q(turned),
            None => turned,
        }
    }

    /// The first rows times `turnᵀ` from the left.
    fn turn(&self, mut b: DMatrix<T>, turn: &DMatrix<T::Float>) -> DMatrix<T> {
        let n = turn.nrows();
        let turned = times_floats(&b.rows(0, n).transpose(), turn).transpose();
        b.rows_mut(0, n).copy_from(&turned);
        b
    }
}

/// A tall matrix in the bases of the singular vectors of its values: `[Σ + dB; E]`, with Σ plain and diagonal.
struct Diagonal<T: Number> {
    sigma: DVector<T::Float>,
    /// How far rounding may move each singular value.
    errors: DVector<T::Float>,
    /// `[dB; E]`
    change: DMatrix<T>,
}

impl<T: Number> Diagonal<T> {
    /// The left and right singular vectors X, which have entries outside as well, and Y, and the singular values.
    ///
    /// Until the vectors are given the length 1, their entries on the diagonal are 1. So the singular value is different
    /// on both sides: `[Σ + dB; E]·yⱼ = (σⱼ + βⱼ)·xⱼ` and `[Σ + dB; E]ᵀ·xⱼ = (σⱼ + γⱼ)·yⱼ`. Each step gets one order more
    /// right. No term is larger than the terms of the derivative itself, as those are of iterations that keep the vectors
    /// orthonormal, or equally long, on the way.
    fn vectors(&self) -> Result<Singular<T>, Error> {
        let n = self.sigma.len();
        let (mut x, mut y) = (DMatrix::identity(self.change.nrows(), n), DMatrix::identity(n, n));
        let mut sigma = self.sigma.map(T::from_float);
        let transposed = self.change.transpose();
        for step in 0..T::ORDER {
            // In the first step X and Y are I.
            let [by, bx] = match step {
                0 => [self.change.clone(), transposed.columns(0, n).into_owned()],
                _ => [gemm(&self.change, &y), gemm(&transposed, &x)],
            };
            for j in 0..n {
                let [beta, gamma] = [by[(j, j)], bx[(j, j)]];
                sigma[j] = mean(self.sigma[j], beta, gamma);
                let lack = |m: T, change: T| if step == 0 { T::zero() } else { m * change };
                for i in (0..n).filter(|&i| i != j) {
                    let [p, q] = [by[(i, j)] - lack(x[(i, j)], beta), bx[(i, j)] - lack(y[(i, j)], gamma)];
                    [x[(i, j)], y[(i, j)]] = self.turned(i, j, p, q)?;
                }
                for i in n..x.nrows() {
                    x[(i, j)] = (by[(i, j)] - lack(x[(i, j)], beta)).times(self.sigma[j].recip());
                }
            }
        }
        for j in 0..n {
            shorten(&mut x, j);
            shorten(&mut y, j);
        }
        Ok(Singular { u: x, sigma, v: y })
    }

    /// The entries with `σⱼ·xᵢⱼ - σᵢ·yᵢⱼ = p` and `σⱼ·yᵢⱼ - σᵢ·xᵢⱼ = q`.
    fn turned(&self, i: usize, j: usize, p: T, q: T) -> Result<[T; 2], Error> {
        let [here, there] = [self.sigma[j], self.sigma[i]];
        let gap = here - there;
        if gap.abs() > num_traits::Float::max(self.errors[i], self.errors[j]) {
            let [a, b] = [here, there].map(|s| s / (here + there) / gap);
            Ok([p.times(a) + q.times(b), q.times(a) + p.times(b)])
        } else if p.is_zero() && q.is_zero() {
            Ok([T::zero(); 2])
        } else {
            let value = there.to_f64().unwrap_or(f64::NAN);
            Err(Error::RepeatedSingularValues { indices: [i.min(j), i.max(j)], value })
        }
    }
}

/// `√((σ + β)(σ + γ))`, where β and γ are infinitesimal, and the same to first order.
fn mean<T: Number>(sigma: T::Float, beta: T, gamma: T) -> T {
    let half = T::Float::lit(0.5);
    let middle = T::from_float(sigma) + (beta + gamma).times(half);
    if T::ORDER < 4 {
        return middle;
    }
    let part = (beta - gamma).times(half / sigma) / middle.times(sigma.recip());
    middle * num_traits::Float::sqrt(T::one() - part * part)
}
