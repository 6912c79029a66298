//! Vectors and linear systems.

use super::eigenvalues::LIMIT;
use super::modes::Mode;
use super::oracle::{
    Checked, Jet, Path, cross, determinant, fixed, identity, jets, numbers, orthonormal, rotation, same, single, upper,
};
use nalgebra::{Cholesky, DMatrix, Dyn, LpNorm, Matrix4, SVD, UniformNorm, Vector3, Vector4, convert};
use nilpotent::num_traits::Zero;

pub fn column(m: &Path, j: usize) -> Path {
    m.columns(j, 1).into_owned()
}

/// Products with factors of any value: nalgebra leaves out terms with a factor that `is_zero`.
pub fn products<N: Mode>(x: &Path) -> Checked {
    let (a, b, c) = (fixed::<N, 4, 4>(x), fixed::<N, 4, 4>(&x.transpose()), fixed::<N, 4, 4>(&(x * x)));
    let (xt, xx, u, v, w) = (x.transpose(), x * x, column(x, 0), column(x, 1), column(&x.transpose(), 1));
    let (nu, nv, nw) = (fixed::<N, 4, 1>(&u), fixed::<N, 4, 1>(&v), fixed::<N, 4, 1>(&w));
    let (s, t) = (x[(1, 1)], x[(0, 0)]);
    let (alpha, beta) = (s.number::<N>(), t.number::<N>());
    let onto_matrix = |f: &dyn Fn(&mut Matrix4<N>)| {
        let mut y = c;
        f(&mut y);
        jets(&y)
    };
    let onto_vector = |f: &dyn Fn(&mut Vector4<N>)| {
        let mut y = nv;
        f(&mut y);
        jets(&y)
    };
    let powers = (0..6).flat_map(|n| same(&jets(&a.pow(n)), &(0..n).fold(identity(4), |p, _| p * x)));
    Ok([
        same(&jets(&(a * b)), &(x * &xt)),
        same(&onto_matrix(&|y| y.gemm(alpha, &a, &b, beta)), &(x * &xt * s + &xx * t)),
        same(&onto_matrix(&|y| y.gemm_tr(alpha, &a, &b, beta)), &(&xt * &xt * s + &xx * t)),
        same(&onto_matrix(&|y| y.ger(alpha, &nu, &nw, beta)), &(&u * w.transpose() * s + &xx * t)),
        same(
            &onto_matrix(&|y| y.syger(alpha, &nu, &nw, beta)).lower_triangle(),
            &(&u * w.transpose() * s + &xx * t).lower_triangle(),
        ),
        same(&onto_vector(&|y| y.gemv(alpha, &a, &nu, beta)), &(x * &u * s + &v * t)),
        same(&onto_vector(&|y| y.gemv_tr(alpha, &a, &nu, beta)), &(&xt * &u * s + &v * t)),
        same(&onto_vector(&|y| y.sygemv(alpha, &(a + b), &nu, beta)), &((x + &xt) * &u * s + &v * t)),
        same(&onto_vector(&|y| y.axpy(alpha, &nu, beta)), &(&u * s + &v * t)),
        same(&single(nu.dot(&nv)), &single(u.dot(&v))),
        same(&jets(&nu.xyz().cross(&nv.xyz())), &(cross(&u) * v.rows(0, 3))),
        same(&jets(&a.kronecker(&b)), &x.kronecker(&xt)),
        same(&single(a.norm_squared()), &single((&xt * x).trace())),
        same(&jets(&a.cap_magnitude(convert(1e3))), x),
        powers.collect(),
    ]
    .concat())
}

pub fn length(v: &Path) -> Jet {
    v.dot(v).powf(0.5)
}

pub fn norms<N: Mode>(x: &Path) -> Checked {
    let m = numbers::<N>(x);
    let mut abs: Vec<_> = x.iter().map(|&x| if x.0[0] < 0.0 { -x } else { x }).collect();
    abs.sort_by(|a, b| a.0[0].total_cmp(&b.0[0]));
    let lp = |p: f64| abs.iter().fold(Jet::zero(), |sum, x| sum + x.powf(p)).powf(1.0 / p);
    let (smallest, largest) = (abs[0], abs[abs.len() - 1]);
    let (a, b) = (column(x, 0), column(x, 1));
    Ok([
        same(&single(m.norm()), &single(length(x))),
        same(&jets(&m.normalize()), &(x * length(x).recip())),
        same(&jets(&m.cap_magnitude(convert(0.5))), &(x * (length(x).recip() * Jet::constant(0.5)))),
        same(&single(m.metric_distance(&m.transpose())), &single(length(&(x - x.transpose())))),
        same(&single(m.lp_norm(3)), &single(lp(3.0))),
        same(&single(m.apply_norm(&LpNorm(4))), &single(lp(4.0))),
        same(&single(m.apply_norm(&UniformNorm)), &single(largest)),
        same(&single(m.amax()), &single(largest)),
        same(&single(m.camax()), &single(largest)),
        same(&single(m.amin()), &single(smallest)),
        same(
            &single(m.column(0).angle(&m.column(1)).into().cos()),
            &single(a.dot(&b) * (length(&a) * length(&b)).recip()),
        ),
    ]
    .concat())
}

/// Column 0, a longer vector that is rotated from it towards column 1, and the rotation between them as a scaled axis.
pub fn apart(x: &Path) -> [Path; 3] {
    let a = column(x, 0);
    let by = cross(&a) * column(x, 1);
    let b = rotation(&by) * &a * Jet::constant(2.0);
    [a, b, by]
}

pub fn angle<N: Mode>(x: &Path, angle: fn(&Vector3<N>, &Vector3<N>) -> N) -> Checked {
    let [a, b, by] = apart(x);
    // At the kink the derivative is 0 by convention.
    let expected = if by.iter().all(|x| x.0[0] == 0.0) { Jet::zero() } else { length(&by) };
    Ok(same(&single(angle(&fixed(&a), &fixed::<N, _, _>(&b))), &single(expected)))
}

pub fn determinants<N: Mode>(x: &Path, of: fn(&DMatrix<N>) -> N) -> Checked {
    Ok(same(&single(of(&numbers::<N>(x))), &single(determinant(x))))
}

pub fn lu<N: Mode>(x: &Path) -> Checked {
    let of = |l: Path, u: Path, x: Path| [same(&(&l * &u), &x), upper(&u, 0), upper(&l.transpose(), 0)].concat();
    let (p, l, u) = numbers::<N>(x).lu().unpack();
    let (mut px, mut pxq) = (x.clone(), x.clone());
    p.permute_rows(&mut px);
    let partial = of(jets(&l), jets(&u), px);
    let (p, l, u, q) = numbers::<N>(x).full_piv_lu().unpack();
    p.permute_rows(&mut pxq);
    q.permute_columns(&mut pxq);
    Ok([partial, of(jets(&l), jets(&u), pxq)].concat())
}

pub fn qr<N: Mode>(x: &Path) -> Checked {
    let of = |q: Path, r: Path, x: &Path| [same(&(&q * &r), x), upper(&r, 0), orthonormal(&q)].concat();
    let (q, r) = numbers::<N>(x).qr().unpack();
    let plain = of(jets(&q), jets(&r), x);
    let (q, r, p) = numbers::<N>(x).col_piv_qr().unpack();
    let mut xp = x.clone();
    p.permute_columns(&mut xp);
    Ok([plain, of(jets(&q), jets(&r), &xp)].concat())
}

/// Whether there is a result must depend on the values alone.
pub fn if_regular<X>(x: &Path, result: Option<X>, check: impl Fn(X) -> Vec<(Jet, Jet)>) -> Checked {
    match (result, determinant(x).0[0] == 0.0) {
        (None, true) => Ok(vec![]),
        (None, false) => Err("None"),
        (Some(result), _) => Ok(check(result)),
    }
}

pub fn inverse<N: Mode>(x: &Path, of: fn(DMatrix<N>) -> Option<DMatrix<N>>) -> Checked {
    if_regular(x, of(numbers::<N>(x)), |inverse| same(&(x * jets(&inverse)), &identity(x.nrows())))
}

pub fn inverse_by_nalgebra<N: Mode>(x: &Path) -> Checked {
    inverse::<N>(x, |a| a.try_inverse())
}

pub fn solve_by_nalgebra<N: Mode>(x: &Path) -> Checked {
    inverse::<N>(x, |a| a.lu().solve(&DMatrix::identity(4, 4)))
}

pub fn cholesky_by_nalgebra<N: Mode>(x: &Path) -> Checked {
    cholesky::<N>(x, |a| a.cholesky())
}

pub fn pseudo_inverse_by_nalgebra<N: Mode>(x: &Path) -> Checked {
    let svd = SVD::try_new_unordered(numbers::<N>(x), true, true, convert(1e-15), LIMIT).ok_or("no end")?;
    pseudo_inverse(x, |_| svd.pseudo_inverse(convert(1e-9)).ok())
}

/// The matrix x·xᵀ, which is positive definite if x is regular.
pub fn definite(x: &Path) -> Path {
    x * x.transpose()
}

pub fn cholesky<N: Mode>(x: &Path, of: fn(DMatrix<N>) -> Option<Cholesky<N, Dyn>>) -> Checked {
    let a = definite(x);
    if_regular(x, of(numbers::<N>(&a)), |c| {
        let l = jets(&c.l());
        [same(&(&l * l.transpose()), &a), upper(&l.transpose(), 0)].concat()
    })
}

pub fn ldl<N: Mode>(x: &Path) -> Checked {
    let a = definite(x);
    let (udu, lblt) = (numbers::<N>(&a).udu().ok_or("None")?, numbers::<N>(&a).lblt());
    let (u, l) = (jets(&udu.u), jets(&lblt.l_permuted()));
    Ok([
        same(&(&u * jets(&udu.d_matrix()) * u.transpose()), &a),
        upper(&u, 0),
        same(&(&l * jets(&lblt.d()) * l.transpose()), &a),
    ]
    .concat())
}

pub fn rank_one_update<N: Mode>(x: &Path) -> Checked {
    let (a, v, sigma) = (x * x.transpose() + identity(x.nrows()), column(x, 0), x[(0, 0)] + Jet::constant(2.0));
    let mut c = numbers::<N>(&a).cholesky().ok_or("None")?;
    c.rank_one_update(&numbers::<N>(&v).column(0), sigma.number::<N>());
    let l = jets(&c.l());
    Ok(same(&(&l * l.transpose()), &(a + &v * v.transpose() * sigma)))
}

pub fn pseudo_inverse<N: Mode>(x: &Path, of: impl FnOnce(DMatrix<N>) -> Option<DMatrix<N>>) -> Checked {
    let (i, tall) = (jets(&of(numbers::<N>(x)).ok_or("None")?), x.nrows() >= x.ncols());
    let (one, symmetric) = if tall { (&i * x, x * &i) } else { (x * &i, &i * x) };
    Ok([same(&one, &identity(one.nrows())), same(&symmetric, &symmetric.transpose())].concat())
}
