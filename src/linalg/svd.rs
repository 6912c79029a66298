//! Singular values and vectors, by an implicit rule.

use super::eigen::shorten;
use super::factor::times_floats;
use super::jacobi;
use super::jacobi::Singular;
use super::number::{Number, infinitesimal};
use super::product::gemm;
use super::qr::Qr;
use super::scale::{columns, exponent, graded, largest, rows, times_power_of_two};
use crate::error::Error;
use crate::real::Real;
use nalgebra::{
    DMatrix, DVector, DefaultAllocator, Dim, DimDiff, DimMin, DimMinimum, DimSub, OMatrix, OVector, SVD, U1,
    allocator::Allocator,
};
use num_traits::{Float as _, ToPrimitive as _};

/// Returns the singular value decomposition `A = U·Σ·Vᵀ`, like nalgebra's `svd`: the singular values in descending order,
/// and as many vectors in U and Vᵀ.
///
/// The derivatives are right at diagonal matrices too, where nalgebra's iteration in the numbers loses them. With
/// `P = Uᵀ·dA·V` they are dσᵢ = Pᵢᵢ, and the vectors turn by `(σⱼPᵢⱼ + σᵢPⱼᵢ)/(σⱼ² - σᵢ²)` and
/// `(σᵢPᵢⱼ + σⱼPⱼᵢ)/(σⱼ² - σᵢ²)`. If the matrix rows or columns have different units, so that their largest entries
/// differ by more than a factor of 2¹⁰, Jacobi's rotations compute the values. Then a small singular value has its own
/// relative accuracy, if the entries determine it.
///
/// # Errors
/// [`Error::RepeatedSingularValues`] if two singular values coincide (to rounding) and the derivatives couple them.
/// [`Error::RankDeficient`] if a singular value is 0 (to rounding). Neither is an error for plain floats.
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
    // Scaled to about 1, because nalgebra squares the entries of small matrices.
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
                u: dynamic(&svd.u.expect("U was requested")),
                sigma: DVector::from_column_slice(svd.singular_values.as_slice()),
                v: dynamic(&svd.v_t.expect("V was requested")).transpose(),
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

/// Returns the matrix with dynamic sizes.
fn dynamic<T: Number, R: Dim, C: Dim>(m: &OMatrix<T, R, C>) -> DMatrix<T>
where
    DefaultAllocator: Allocator<R, C>,
{
    DMatrix::from_iterator(m.nrows(), m.ncols(), m.iter().copied())
}

/// The singular values and vectors of the values, from which the numbers start.
struct Start<F: Number> {
    factors: Singular<F>,
    /// How far rounding errors may move each singular value.
    errors: DVector<F>,
}

impl<F: Number<Float = F>> Start<F> {
    /// Takes the factors of nalgebra's iteration, whose errors are relative to the largest singular value.
    fn of_one_unit(factors: Singular<F>) -> Self {
        let size = factors.u.nrows().max(factors.v.nrows());
        let errors = factors.sigma.map(|_| factors.sigma.amax() * Self::rounding(size));
        Self { factors, errors }
    }

    /// Factorizes by rotations, whose errors are relative to `|u|ᵀ·|A|·|v|`, like the effect of rounding the entries.
    fn by_rotations(a: &DMatrix<F>) -> Option<Self> {
        let factors =
            if a.nrows() >= a.ncols() { jacobi::singular(a)? } else { jacobi::singular(&a.transpose())?.transpose() };
        let sizes = (a.abs() * factors.v.abs()).component_mul(&factors.u.abs()).row_sum_tr();
        Some(Self { factors, errors: sizes * Self::rounding(a.nrows().max(a.ncols())) })
    }

    /// Returns the relative rounding error of sums of n terms, with a margin.
    fn rounding(n: usize) -> F {
        F::lit(10.0 * n as f64) * <F as num_traits::Float>::epsilon()
    }

    /// Returns whether `Uᵀ·A·V` is Σ up to rounding. For the type of 3×3 matrices nalgebra computes the factors from AᵀA,
    /// which may be wrong for small singular values.
    fn fits(&self, a: &DMatrix<F>) -> bool {
        let Singular { u, sigma, v } = &self.factors;
        (u.tr_mul(&(a * v)) - DMatrix::from_diagonal(sigma)).amax() <= self.errors.max()
    }

    /// Returns the factors of the matrix times `2ᵏ`.
    fn times_power_of_two(mut self, k: i32) -> Self {
        self.factors.sigma.apply(|s| *s = times_power_of_two(*s, k));
        self.errors.apply(|e| *e = times_power_of_two(*e, k));
        self
    }

    /// Returns the factors of the transposed matrix.
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
    // In the basis of U, completed by vectors orthogonal to it if the matrix is not square.
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
    /// The QR factors of a matrix that is not square. The first columns of Q span those of the matrix, and the others are
    /// the rest of the basis.
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

    /// Returns the coordinates of vectors in the basis.
    fn coordinates(&self, b: DMatrix<T>) -> DMatrix<T> {
        let turned = self.qr.as_ref().map_or_else(|| b.clone(), |qr| qr.apply_q_transposed(&b));
        self.turn(turned, &self.inner)
    }

    /// Returns the vectors with these coordinates.
    fn vectors(&self, x: DMatrix<T>) -> DMatrix<T> {
        let turned = self.turn(x, &self.inner.transpose());
        match &self.qr {
            Some(qr) => qr.apply_q(turned),
            None => turned,
        }
    }

    /// Multiplies the first matrix rows by `turnᵀ` from the left.
    fn turn(&self, mut b: DMatrix<T>, turn: &DMatrix<T::Float>) -> DMatrix<T> {
        let n = turn.nrows();
        let turned = times_floats(&b.rows(0, n).transpose(), turn).transpose();
        b.rows_mut(0, n).copy_from(&turned);
        b
    }
}

/// A tall matrix in the bases of the singular vectors of its values: `[Σ + dB; E]`, where Σ is diagonal, in floats.
struct Diagonal<T: Number> {
    sigma: DVector<T::Float>,
    /// How far rounding errors may move each singular value.
    errors: DVector<T::Float>,
    /// The infinitesimal part `[dB; E]`.
    change: DMatrix<T>,
}

impl<T: Number> Diagonal<T> {
    /// Returns the left and right singular vectors X and Y, and the singular values. X has entries in the rows of E as well.
    ///
    /// Until the vectors are scaled to the length 1 in the end, their entries on the diagonal are 1. So the two sides
    /// have different factors: `[Σ + dB; E]·yⱼ = (σⱼ + βⱼ)·xⱼ` and `[Σ + dB; E]ᵀ·xⱼ = (σⱼ + γⱼ)·yⱼ`. Each step makes one
    /// more order right. No term is larger than the terms of the derivative itself; iterations that keep the vectors
    /// orthonormal, or of equal length, in each step have larger ones.
    fn vectors(&self) -> Result<Singular<T>, Error> {
        let n = self.sigma.len();
        let (mut x, mut y) = (DMatrix::identity(self.change.nrows(), n), DMatrix::identity(n, n));
        let mut sigma = self.sigma.map(T::from_float);
        let transposed = self.change.transpose();
        for step in 0..T::ORDER {
            // In the first step X and Y are the identity.
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

    /// Returns the entries `[xᵢⱼ, yᵢⱼ]` that solve `σⱼ·xᵢⱼ - σᵢ·yᵢⱼ = p` and `σⱼ·yᵢⱼ - σᵢ·xᵢⱼ = q`.
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

/// Returns `√((σ + β)(σ + γ))`, where β and γ are infinitesimal and equal to first order.
fn mean<T: Number>(sigma: T::Float, beta: T, gamma: T) -> T {
    let half = T::Float::lit(0.5);
    let middle = T::from_float(sigma) + (beta + gamma).times(half);
    if T::ORDER < 4 {
        return middle;
    }
    let part = (beta - gamma).times(half / sigma) / middle.times(sigma.recip());
    middle * num_traits::Float::sqrt(T::one() - part * part)
}
