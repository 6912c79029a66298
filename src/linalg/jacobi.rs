//! Eigenvalues and singular values of float matrices whose rows have different units, by Jacobi's rotations.
//!
//! The usual iterations begin with reflections, which mix rows of all sizes, so their rounding errors are relative to the
//! largest entry of the matrix. The rounding errors of a rotation are relative to the two rows that it mixes, so small
//! eigenvalues and small components of the vectors are accurate as well (J. Demmel and K. Veselić, *Jacobi's method is more
//! accurate than QR*, 1992).

use super::number::Number;
use super::qr::{Qr, euclidean};
use super::scale::{exponent, largest, times_power_of_two};
use alloc::vec::Vec;
use nalgebra::{DMatrix, DVector, DefaultAllocator, Dim, OMatrix, SymmetricEigen, allocator::Allocator};
use num_traits::Float;

/// The largest number of rounds over all pairs (in the literature: Jacobi sweeps). About ten are usual.
const SWEEPS: usize = 60;

/// The rotation of two columns p and q: `p ← c·p - s·q`, `q ← s·p + c·q`.
#[derive(Clone, Copy)]
struct Rotation<F> {
    sine: F,
    tangent: F,
    /// s/(1 + c). With it the rotated columns are the old ones plus small corrections.
    half: F,
}

impl<F: Number> Rotation<F> {
    /// Returns the rotation with `cot 2φ = θ` that has the smaller angle.
    fn new(theta: F) -> Self {
        let tangent = Float::signum(theta) / (Float::abs(theta) + Float::hypot(F::one(), theta));
        let cosine = Float::recip(Float::hypot(F::one(), tangent));
        let sine = tangent * cosine;
        Self { sine, tangent, half: sine / (F::one() + cosine) }
    }

    fn apply(self, p: F, q: F) -> [F; 2] {
        [p - self.sine * (q + self.half * p), q + self.sine * (p - self.half * q)]
    }

    fn columns<R: Dim, C: Dim>(self, m: &mut OMatrix<F, R, C>, p: usize, q: usize)
    where
        DefaultAllocator: Allocator<R, C>,
    {
        for i in 0..m.nrows() {
            [m[(i, p)], m[(i, q)]] = self.apply(m[(i, p)], m[(i, q)]);
        }
    }
}

/// Rotates pairs of columns until a round finds no pair to rotate. Returns false if that takes too many rounds.
fn sweep(n: usize, mut rotate: impl FnMut(usize, usize) -> bool) -> bool {
    (0..SWEEPS).any(|_| {
        let pairs = (1..n).flat_map(|q| (0..q).map(move |p| (p, q)));
        pairs.fold(true, |done, (p, q)| !rotate(p, q) && done)
    })
}

/// Returns the eigenvalues and eigenvectors of a symmetric matrix, by rotations from both sides (G. Golub and C. Van Loan,
/// *Matrix computations*, section 8.5). They end when each entry off the diagonal is negligible beside the geometric mean of
/// the two diagonal entries in its row and its column.
pub(super) fn symmetric<F: Number, D: Dim>(a: &OMatrix<F, D, D>) -> Option<SymmetricEigen<F, D>>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let scale = exponent(largest(a.iter().copied())).unwrap_or(0);
    let mut a = a.map(|x| times_power_of_two(x, -scale));
    let (rows, columns) = a.shape_generic();
    let mut vectors = OMatrix::identity_generic(rows, columns);
    let n = a.nrows();
    let done = sweep(n, |p, q| {
        let x = a[(p, q)];
        let root = |i: usize| Float::sqrt(Float::abs(a[(i, i)]));
        if Float::abs(x) <= <F as Float>::epsilon() * root(p) * root(q) {
            return false;
        }
        let rotation = Rotation::new((a[(q, q)] - a[(p, p)]) / (x + x));
        a[(p, p)] -= rotation.tangent * x;
        a[(q, q)] += rotation.tangent * x;
        [a[(p, q)], a[(q, p)]] = [F::zero(); 2];
        for i in (0..n).filter(|&i| i != p && i != q) {
            let [y, z] = rotation.apply(a[(i, p)], a[(i, q)]);
            [a[(i, p)], a[(p, i)], a[(i, q)], a[(q, i)]] = [y, y, z, z];
        }
        rotation.columns(&mut vectors, p, q);
        true
    });
    done.then(|| SymmetricEigen {
        eigenvalues: a.diagonal().map(|x| times_power_of_two(x, scale)),
        eigenvectors: vectors,
    })
}

/// The factors of `A = U·Σ·Vᵀ`.
pub(super) struct Singular<F: Number> {
    pub(super) u: DMatrix<F>,
    pub(super) sigma: DVector<F>,
    pub(super) v: DMatrix<F>,
}

impl<F: Number> Singular<F> {
    /// Returns the factors of the transposed matrix.
    pub(super) fn transpose(self) -> Self {
        Self { u: self.v, sigma: self.sigma, v: self.u }
    }
}

/// Returns the singular values, in descending order, and the singular vectors of a matrix with at least as many rows as
/// columns, or `None` if the rotations do not converge.
///
/// The matrix is reduced to its triangular factor R, and the columns of Rᵀ are rotated until they are orthogonal (J.
/// Demmel et al., *Computing the singular value decomposition with high relative accuracy*, 1999; Z. Drmač and K.
/// Veselić, *New fast and accurate Jacobi SVD algorithm*, 2008).
pub(super) fn singular<F: Number<Float = F>>(a: &DMatrix<F>) -> Option<Singular<F>> {
    let (m, n) = a.shape();
    let qr = Qr::<F>::new(a);
    let (mut x, mut rotations) = (qr.r().transpose(), DMatrix::identity(n, n));
    let done = sweep(n, |p, q| {
        let Some(theta) = obliqueness(&x, p, q) else { return false };
        let rotation = Rotation::new(theta);
        rotation.columns(&mut x, p, q);
        rotation.columns(&mut rotations, p, q);
        true
    });
    let lengths: Vec<F> = x.column_iter().map(|c| euclidean(c.as_slice())).collect();
    if !done {
        return None;
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| lengths[j].partial_cmp(&lengths[i]).expect("finite"));
    let mut left = DMatrix::zeros(m, n);
    left.rows_mut(0, n).copy_from(&rotations.select_columns(&order));
    let rank = lengths.iter().filter(|&&s| s > F::zero()).count();
    let mut right =
        DMatrix::from_fn(n, n, |i, j| if j < rank { x[(i, order[j])] / lengths[order[j]] } else { F::zero() });
    (rank..n).for_each(|j| complete(&mut right, j));
    let sigma = DVector::from_iterator(n, order.iter().map(|&k| lengths[k]));
    Some(Singular { u: qr.apply_q(left), sigma, v: qr.permute(&right) })
}

/// Replaces column j, which is 0, by a unit vector orthogonal to the columns before it. The vector is the part of a
/// coordinate axis that is orthogonal to them, for the axis that is farthest from their span.
fn complete<F: Number>(v: &mut DMatrix<F>, j: usize) {
    let share = |i: &usize| v.row(*i).iter().map(|&x| x * x).sum::<F>();
    let axis = (0..v.nrows()).min_by(|i, k| share(i).partial_cmp(&share(k)).expect("finite")).unwrap_or(0);
    v[(axis, j)] = F::one();
    // Twice, because the first projection leaves rounding errors.
    for _ in 0..2 {
        for k in 0..j {
            let part = v.column(k).dot(&v.column(j));
            let column = v.column(k) * part;
            v.column_mut(j).zip_apply(&column, |x, c| *x -= c);
        }
    }
    let length = euclidean(v.column(j).as_slice());
    v.column_mut(j).apply(|x| *x /= length);
}

/// Returns the cotangent of twice the angle of the rotation that makes two columns orthogonal, or `None` if they are
/// orthogonal already. The columns are divided by their lengths first, so that nothing over- or underflows.
fn obliqueness<F: Number>(x: &DMatrix<F>, p: usize, q: usize) -> Option<F> {
    let [x, y] = [p, q].map(|j| {
        let length = euclidean(x.column(j).as_slice());
        (x.column(j), length)
    });
    if x.1.is_zero() || y.1.is_zero() {
        return None;
    }
    let products = || x.0.iter().zip(y.0.iter()).map(|(&a, &b)| (a / x.1) * (b / y.1));
    let cosine = products().sum::<F>();
    let negligible = <F as Float>::epsilon() * F::lit(x.0.len() as f64) * products().map(Float::abs).sum::<F>();
    let ratio = y.1 / x.1;
    (Float::abs(cosine) > negligible).then(|| (ratio - Float::recip(ratio)) / (cosine + cosine))
}
