//! Eigenvalues, singular values and exponentials.

use super::modes::Mode;
use super::oracle::{
    Checked, Jet, Path, fixed, identity, jets, numbers, orthonormal, same, series, single, symmetric, upper,
};
use nalgebra::allocator::Allocator;
use nalgebra::{DMatrix, DefaultAllocator, Dim, DimMin, DimMinimum, Dyn, SVD, Schur, SymmetricEigen, convert};
use nilpotent::linalg;
use nilpotent::num_traits::Zero;

pub const LIMIT: usize = 1000;

pub fn eigen<N: Mode>(x: &Path, of: fn(DMatrix<N>) -> Option<SymmetricEigen<N, Dyn>>) -> Checked {
    let a = symmetric(x);
    let e = of(numbers::<N>(&a)).ok_or("no end")?;
    let (v, l) = (jets(&e.eigenvectors), jets(&DMatrix::from_diagonal(&e.eigenvalues)));
    Ok([same(&(a * &v), &(&v * l)), orthonormal(&v)].concat())
}

pub fn eigen_by_nalgebra<N: Mode>(x: &Path) -> Checked {
    eigen::<N>(x, |a| SymmetricEigen::try_new(a, convert(f64::EPSILON), LIMIT))
}

/// The projector onto the eigenvectors of the two smallest eigenvalues.
pub fn projector<N: Mode>(x: &Path, of: fn(DMatrix<N>) -> Option<DMatrix<N>>) -> Checked {
    let a = symmetric(x);
    let p = jets(&of(numbers::<N>(&a)).ok_or("no end")?);
    let trace = single(Jet::constant(2.0));
    Ok([same(&(&a * &p), &(&p * &a)), same(&(&p * &p), &p), same(&p.transpose(), &p), same(&single(p.trace()), &trace)]
        .concat())
}

pub fn projector_by_nalgebra<N: Mode>(x: &Path) -> Checked {
    projector::<N>(x, |a| {
        let e = SymmetricEigen::try_new(a, convert(f64::EPSILON), LIMIT)?;
        let largest = e.eigenvalues.imax();
        let v = e.eigenvectors.remove_column(largest);
        Some(&v * v.transpose())
    })
}

pub fn svd<N: Mode, R: DimMin<C>, C: Dim>(x: &Path, svd: Option<SVD<N, R, C>>) -> Checked
where
    DefaultAllocator: Allocator<DimMinimum<R, C>, C> + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>>,
{
    let svd = svd.ok_or("no end")?;
    let (u, v_t) = (jets(&svd.u.ok_or("no U")?), jets(&svd.v_t.ok_or("no V")?));
    let s = DMatrix::from_diagonal(&jets(&svd.singular_values).column(0));
    Ok([same(&(&u * s * &v_t), x), orthonormal(&u), orthonormal(&v_t.transpose())].concat())
}

pub fn svd_by_nalgebra<N: Mode>(x: &Path) -> Checked {
    svd(x, SVD::try_new_unordered(numbers::<N>(x), true, true, convert(5.0 * f64::EPSILON), LIMIT))
}

/// nalgebra has separate algorithms for the sizes 2 and 3.
pub fn small_svd_by_nalgebra<N: Mode>(x: &Path) -> Checked {
    match x.shape() {
        (2, 2) => svd(x, Some(fixed::<N, 2, 2>(x).svd(true, true))),
        (3, 3) => svd(x, Some(fixed::<N, 3, 3>(x).svd(true, true))),
        _ => svd_by_nalgebra::<N>(x),
    }
}

fn schur_of<N: Mode>(x: &Path) -> Result<Schur<N, Dyn>, &'static str> {
    Schur::try_new(numbers(x), convert(f64::EPSILON), LIMIT).ok_or("no end")
}

pub fn schur<N: Mode>(x: &Path) -> Checked {
    let (q, t) = schur_of::<N>(x)?.unpack();
    let (q, t) = (jets(&q), jets(&t));
    Ok([same(&(&q * &t * q.transpose()), x), orthonormal(&q), upper(&t, 1)].concat())
}

/// Tests Σ λᵏ = tr Aᵏ, which determines the derivatives of distinct λ.
pub fn complex_eigenvalues<N: Mode>(x: &Path) -> Checked {
    let lambda = schur_of::<N>(x)?.complex_eigenvalues();
    let (mut power, mut sums) = (identity(x.nrows()), vec![]);
    let lambda: Vec<_> = lambda.iter().map(|l| turn_by(l.re.into(), l.im.into())).collect();
    let mut powers = vec![identity(2); lambda.len()];
    for _ in &lambda {
        power *= x;
        powers.iter_mut().zip(&lambda).for_each(|(p, l)| *p = &*p * l);
        sums.extend(same(&powers.iter().sum(), &turn_by(power.trace(), Jet::zero())));
    }
    Ok(sums)
}

/// The complex number `re + i·im` as a matrix.
pub fn turn_by(re: Jet, im: Jet) -> Path {
    DMatrix::from_row_slice(2, 2, &[re, -im, im, re])
}

/// Real eigenvalues by Newton's method on `(A - λ)v = 0`, `cᵀv = 1`: two steps in the numbers, starting from the
/// solution in floats.
pub fn eigenvalues_by_newton<N: Mode>(x: &Path) -> Checked {
    let (a, n) = (numbers::<N>(x), x.nrows());
    let mut all = vec![];
    for i in 0..n {
        let value = x.map(|x| x.0[0]);
        let lambda = value[(i, i)];
        let null = (value - DMatrix::identity(n, n) * lambda).svd(true, true).v_t.unwrap();
        let c = null.row(n - 1).map(N::lit);
        let (mut v, mut lambda) = (c.transpose(), N::lit(lambda));
        for _ in 0..2 {
            let shifted = &a - DMatrix::identity(n, n) * lambda;
            let mut bordered = DMatrix::zeros(n + 1, n + 1);
            bordered.view_mut((0, 0), (n, n)).copy_from(&shifted);
            bordered.view_mut((0, n), (n, 1)).copy_from(&-&v);
            bordered.view_mut((n, 0), (1, n)).copy_from(&c);
            let defect = (shifted * &v).push((&c * &v)[0] - N::one());
            let step = linalg::solve(&bordered, &defect).ok_or("singular")?;
            v -= step.rows(0, n);
            lambda -= step[n];
        }
        let v = jets(&v);
        all.extend(same(&(x * &v), &(&v * lambda.into())));
    }
    Ok(all)
}

pub fn hessenberg<N: Mode>(x: &Path) -> Checked {
    let (q, h) = numbers::<N>(x).hessenberg().unpack();
    let (q, h) = (jets(&q), jets(&h));
    Ok([same(&(&q * &h * q.transpose()), x), orthonormal(&q), upper(&h, 1)].concat())
}

pub fn bidiagonal<N: Mode>(x: &Path) -> Checked {
    let (u, d, v_t) = numbers::<N>(x).bidiagonalize().unpack();
    let (u, d, v_t) = (jets(&u), jets(&d), jets(&v_t));
    Ok([same(&(&u * &d * &v_t), x), orthonormal(&u), orthonormal(&v_t.transpose())].concat())
}

pub fn exp_by_squaring<N: Mode>(x: &Path) -> Checked {
    let small = (numbers::<N>(x) * N::lit(1.0 / 4096.0)).exp();
    Ok(same(&jets(&(0..12).fold(small, |e, _| &e * &e)), &series(x)))
}
