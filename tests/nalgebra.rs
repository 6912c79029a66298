//! nalgebra on the numbers, row by row of docs/nalgebra.md, and `linalg` where a row says to call it instead.
//!
//! A row says what nalgebra makes of first and of second derivatives; the test finds that out anew, so the table stays
//! true. The oracle is a truncated polynomial arithmetic of its own: in it the defining equations of a factorisation
//! (`A = Q·R`, `Qᵀ·Q = I`, R upper triangular), or a closed formula, must hold in every part of the nested number.

#![cfg(feature = "nalgebra")]

mod common;

use approx::AbsDiffEq as _;
use common::{D1, D2, D3, Depth, assert_close};
use nalgebra::allocator::Allocator;
use nalgebra::storage::Storage;
use nalgebra::{
    Cholesky, Complex, ComplexField, DMatrix, DVector, DefaultAllocator, Dim, DimMin, DimMinimum, Dyn, Isometry2,
    Isometry3, LpNorm, Matrix, Matrix3, Matrix4, Orthographic3, Perspective3, Point2, Point3, Quaternion, RealField,
    Rotation2, Rotation3, SMatrix, SVD, Schur, Similarity2, Similarity3, SymmetricEigen, Translation3, UniformNorm,
    Unit, UnitComplex, UnitQuaternion, Vector3, Vector4, Vector6, convert, matrix, vector,
};
use nilpotent::linalg::{self, Lu, Number, quaternion, se3, so3};
use nilpotent::num_traits::{One, Zero};
use nilpotent::{Dual, Dual32, Error};
use std::f64::consts::{FRAC_PI_2, PI};
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

// ------------------------------------------------------------------------------------------------------ the oracle

/// `v + a·ε₁ + b·ε₂ + c·ε₁ε₂`, in the order of a `Dual<Dual>`'s parts.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Jet([f64; 4]);

impl Jet {
    fn constant(v: f64) -> Self {
        Self([v, 0.0, 0.0, 0.0])
    }

    /// `f(self)`, by f, f' and f" at the value.
    fn chain(self, [f, df, ddf]: [f64; 3]) -> Self {
        let [_, a, b, c] = self.0;
        Self([f, df * a, df * b, ddf * a * b + df * c])
    }

    fn sin(self) -> Self {
        let (s, c) = self.0[0].sin_cos();
        self.chain([s, c, -s])
    }

    fn cos(self) -> Self {
        (self + Self::constant(FRAC_PI_2)).sin()
    }

    fn exp(self) -> Self {
        self.chain([self.0[0].exp(); 3])
    }

    fn powf(self, p: f64) -> Self {
        let x = self.0[0];
        self.chain([x.powf(p), p * x.powf(p - 1.0), p * (p - 1.0) * x.powf(p - 2.0)])
    }

    fn recip(self) -> Self {
        self.powf(-1.0)
    }

    fn number(self) -> D2 {
        let [v, a, b, c] = self.0;
        Dual::new(Dual::new(v, [a]), [Dual::new(b, [c])])
    }
}

impl From<D2> for Jet {
    fn from(x: D2) -> Self {
        Self([x.re.re, x.re.eps[0], x.eps[0].re, x.eps[0].eps[0]])
    }
}

impl Add for Jet {
    type Output = Self;
    fn add(self, y: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] + y.0[i]))
    }
}

impl Neg for Jet {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.map(|x| -x))
    }
}

impl Sub for Jet {
    type Output = Self;
    fn sub(self, y: Self) -> Self {
        self + -y
    }
}

impl Mul for Jet {
    type Output = Self;
    fn mul(self, y: Self) -> Self {
        let ([v, a, b, c], [w, d, e, f]) = (self.0, y.0);
        Self([v * w, v * d + a * w, v * e + b * w, v * f + a * e + b * d + c * w])
    }
}

macro_rules! assign {
    ($($Op:ident $op:ident $by:ident),*) => { $(
        impl $Op for Jet {
            fn $op(&mut self, y: Self) {
                *self = self.$by(y);
            }
        }
    )* };
}
assign!(AddAssign add_assign add, SubAssign sub_assign sub, MulAssign mul_assign mul);

impl Zero for Jet {
    fn zero() -> Self {
        Self::constant(0.0)
    }
    fn is_zero(&self) -> bool {
        *self == Self::zero()
    }
}

impl One for Jet {
    fn one() -> Self {
        Self::constant(1.0)
    }
}

/// A matrix that moves along a path: its value and its derivatives.
type Path = DMatrix<Jet>;

/// Numbers in no particular order.
fn some(rows: usize, columns: usize, seed: usize) -> DMatrix<f64> {
    DMatrix::from_fn(rows, columns, |i, j| ((i * i + 3 * j * j * j + 5 * i * j + 7 * seed + 1) as f64).sin())
}

fn diagonal(d: &[f64]) -> DMatrix<f64> {
    DMatrix::from_diagonal(&DVector::from_column_slice(d))
}

fn identity(n: usize) -> Path {
    DMatrix::identity(n, n)
}

/// `a + t·a₁ + t²·a₂/2`, which keeps none of the structure of `a`. To first order only ε₂ is used, as if by a `Dual`.
fn path(order: usize, a: &DMatrix<f64>) -> Path {
    let (m, n) = a.shape();
    let (first, second, nested) = (some(m, n, 1), some(m, n, 2), (order - 1) as f64);
    DMatrix::from_fn(m, n, |i, j| {
        let d = first[(i, j)];
        Jet([a[(i, j)], d * nested, d, second[(i, j)] * nested])
    })
}

fn numbers(m: &Path) -> DMatrix<D2> {
    m.map(Jet::number)
}

fn fixed<const R: usize, const C: usize>(m: &Path) -> SMatrix<D2, R, C> {
    assert_eq!(m.shape(), (R, C));
    SMatrix::from_fn(|i, j| m[(i, j)].number())
}

fn jets<R: Dim, C: Dim, S: Storage<D2, R, C>>(m: &Matrix<D2, R, C, S>) -> Path {
    DMatrix::from_fn(m.nrows(), m.ncols(), |i, j| m[(i, j)].into())
}

fn single<X: Into<Jet>>(x: X) -> Path {
    DMatrix::from_element(1, 1, x.into())
}

fn symmetric(a: &Path) -> Path {
    (a + a.transpose()).map(|x| x * Jet::constant(0.5))
}

fn determinant(m: &Path) -> Jet {
    if m.nrows() == 0 {
        return Jet::one();
    }
    (0..m.nrows()).fold(Jet::zero(), |sum, i| {
        let minor = m[(i, 0)] * determinant(&m.clone().remove_row(i).remove_column(0));
        if i % 2 == 0 { sum + minor } else { sum - minor }
    })
}

/// `exp m`, by its series.
fn series(m: &Path) -> Path {
    let (mut sum, mut term) = (identity(m.nrows()), identity(m.nrows()));
    for k in 1..90 {
        term = (term * m).map(|x| x * Jet::constant(1.0 / f64::from(k)));
        sum += &term;
    }
    sum
}

/// `[v]×`
fn cross(v: &Path) -> Path {
    let (o, [x, y, z]) = (Jet::zero(), [v[0], v[1], v[2]]);
    DMatrix::from_row_slice(3, 3, &[o, -z, y, z, o, -x, -y, x, o])
}

/// The rotation by v.
fn rotation(v: &Path) -> Path {
    series(&cross(v))
}

/// What the quaternion of the rotation by v does to another when it is multiplied from the left; x, y, z, w.
fn left(v: &Path) -> Path {
    let (o, [x, y, z]) = (Jet::zero(), [0, 1, 2].map(|i| v[i] * Jet::constant(0.5)));
    series(&DMatrix::from_row_slice(4, 4, &[o, -z, y, x, z, o, -x, y, -y, x, o, z, -x, -y, -z, o]))
}

/// The quaternion of the rotation by v.
fn unit(v: &Path) -> Path {
    left(v).columns(3, 1).into_owned()
}

/// The motion `exp [u, v]`, 4×4.
fn motion(u: &Path, v: &Path) -> Path {
    let mut twist = Path::zeros(4, 4);
    twist.view_mut((0, 0), (3, 3)).copy_from(&cross(v));
    twist.view_mut((0, 3), (3, 1)).copy_from(u);
    series(&twist)
}

/// Rotation, scale and translation, one beside the other, as a homogeneous matrix.
fn homogeneous(r: &Path, s: Jet, t: &Path) -> Path {
    let n = r.nrows();
    let mut m = identity(n + 1);
    m.view_mut((0, 0), (n, n)).copy_from(&r.map(|x| x * s));
    m.view_mut((0, n), (n, 1)).copy_from(t);
    m
}

fn turn(t: Jet) -> Path {
    DMatrix::from_row_slice(2, 2, &[t.cos(), -t.sin(), t.sin(), t.cos()])
}

// -------------------------------------------------------------------------------------------------------- verdicts

/// Pairs of what was computed and what it should be; or why nothing was computed.
type Checked = Result<Vec<(Jet, Jet)>, &'static str>;

fn same(computed: &Path, expected: &Path) -> Vec<(Jet, Jet)> {
    assert_eq!(computed.shape(), expected.shape());
    computed.iter().copied().zip(expected.iter().copied()).collect()
}

fn zero(computed: &Path) -> Vec<(Jet, Jet)> {
    same(computed, &(computed * Jet::zero()))
}

fn orthonormal(q: &Path) -> Vec<(Jet, Jet)> {
    same(&(q.transpose() * q), &identity(q.ncols()))
}

/// Zero below the `k`-th diagonal.
fn upper(m: &Path, k: usize) -> Vec<(Jet, Jet)> {
    zero(&m.map_with_location(|i, j, x| if i > j + k { x } else { Jet::zero() }))
}

/// From good to bad.
const WORDS: [&str; 6] = ["right", "8 digits", "0", "wrong", "NaN", "no end"];

/// The greatest error, relative to the greatest part.
fn error(pairs: &[(Jet, Jet)]) -> f64 {
    let scale = pairs.iter().flat_map(|(_, e)| e.0).fold(1.0, |m: f64, x| m.max(x.abs()));
    let errors = pairs.iter().flat_map(|(c, e)| (0..4).map(|k| (c.0[k] - e.0[k]).abs() / scale));
    errors.fold(0.0, |m: f64, e| if m.is_nan() || e.is_nan() { f64::NAN } else { m.max(e) })
}

fn verdict(checked: &Checked) -> usize {
    let Ok(pairs) = checked else { return 5 };
    match error(pairs) {
        e if !e.is_finite() => 4,
        e if e < 1e-10 => 0,
        e if e < 1e-8 => 1,
        _ if pairs.iter().all(|(c, _)| c.0[1..] == [0.0; 3]) => 2,
        _ => 3,
    }
}

type Check = fn(&Path) -> Checked;

// ---------------------------------------------------------------------------------------- vectors and linear systems

fn column(m: &Path, j: usize) -> Path {
    m.columns(j, 1).into_owned()
}

/// Products, with factors of any value: nalgebra leaves out terms whose factor `is_zero`.
fn products(x: &Path) -> Checked {
    let (a, b, c) = (fixed::<4, 4>(x), fixed::<4, 4>(&x.transpose()), fixed::<4, 4>(&(x * x)));
    let (xt, xx, u, v, w) = (x.transpose(), x * x, column(x, 0), column(x, 1), column(&x.transpose(), 1));
    let (nu, nv, nw) = (fixed::<4, 1>(&u), fixed::<4, 1>(&v), fixed::<4, 1>(&w));
    let (s, t) = (x[(1, 1)], x[(0, 0)]);
    let (alpha, beta) = (s.number(), t.number());
    let onto_matrix = |f: &dyn Fn(&mut Matrix4<D2>)| {
        let mut y = c;
        f(&mut y);
        jets(&y)
    };
    let onto_vector = |f: &dyn Fn(&mut Vector4<D2>)| {
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

fn length(v: &Path) -> Jet {
    v.dot(v).powf(0.5)
}

fn norms(x: &Path) -> Checked {
    let m = numbers(x);
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
            &single(Jet::from(m.column(0).angle(&m.column(1))).cos()),
            &single(a.dot(&b) * (length(&a) * length(&b)).recip()),
        ),
    ]
    .concat())
}

/// Column 0, a longer vector turned from it towards column 1, and the rotation between them, as a scaled axis.
fn apart(x: &Path) -> [Path; 3] {
    let a = column(x, 0);
    let by = cross(&a) * column(x, 1);
    let b = rotation(&by) * &a * Jet::constant(2.0);
    [a, b, by]
}

fn angle(x: &Path, angle: fn(&Vector3<D2>, &Vector3<D2>) -> D2) -> Checked {
    let [a, b, by] = apart(x);
    // At the kink the convention is 0.
    let expected = if by.iter().all(|x| x.0[0] == 0.0) { Jet::zero() } else { length(&by) };
    Ok(same(&single(angle(&fixed(&a), &fixed(&b))), &single(expected)))
}

fn determinants(x: &Path, of: fn(&DMatrix<D2>) -> D2) -> Checked {
    Ok(same(&single(of(&numbers(x))), &single(determinant(x))))
}

fn lu(x: &Path) -> Checked {
    let of = |l: Path, u: Path, x: Path| [same(&(&l * &u), &x), upper(&u, 0), upper(&l.transpose(), 0)].concat();
    let (p, l, u) = numbers(x).lu().unpack();
    let (mut px, mut pxq) = (x.clone(), x.clone());
    p.permute_rows(&mut px);
    let partial = of(jets(&l), jets(&u), px);
    let (p, l, u, q) = numbers(x).full_piv_lu().unpack();
    p.permute_rows(&mut pxq);
    q.permute_columns(&mut pxq);
    Ok([partial, of(jets(&l), jets(&u), pxq)].concat())
}

fn qr(x: &Path) -> Checked {
    let of = |q: Path, r: Path, x: &Path| [same(&(&q * &r), x), upper(&r, 0), orthonormal(&q)].concat();
    let (q, r) = numbers(x).qr().unpack();
    let plain = of(jets(&q), jets(&r), x);
    let (q, r, p) = numbers(x).col_piv_qr().unpack();
    let mut xp = x.clone();
    p.permute_columns(&mut xp);
    Ok([plain, of(jets(&q), jets(&r), &xp)].concat())
}

/// Whether there is a result must depend on the values alone.
fn if_regular<X>(x: &Path, result: Option<X>, check: impl Fn(X) -> Vec<(Jet, Jet)>) -> Checked {
    match (result, determinant(x).0[0] == 0.0) {
        (None, true) => Ok(vec![]),
        (None, false) => Err("None"),
        (Some(result), _) => Ok(check(result)),
    }
}

fn inverse(x: &Path, of: fn(DMatrix<D2>) -> Option<DMatrix<D2>>) -> Checked {
    if_regular(x, of(numbers(x)), |inverse| same(&(x * jets(&inverse)), &identity(x.nrows())))
}

fn inverse_by_nalgebra(x: &Path) -> Checked {
    inverse(x, |a| a.try_inverse())
}

fn solve_by_nalgebra(x: &Path) -> Checked {
    inverse(x, |a| a.lu().solve(&DMatrix::identity(4, 4)))
}

fn cholesky_by_nalgebra(x: &Path) -> Checked {
    cholesky(x, |a| a.cholesky())
}

fn pseudo_inverse_by_nalgebra(x: &Path) -> Checked {
    let svd = SVD::try_new_unordered(numbers(x), true, true, convert(1e-15), LIMIT).ok_or("no end")?;
    pseudo_inverse(x, |_| svd.pseudo_inverse(convert(1e-9)).ok())
}

/// Positive definite where x is regular.
fn definite(x: &Path) -> Path {
    x * x.transpose()
}

fn cholesky(x: &Path, of: fn(DMatrix<D2>) -> Option<Cholesky<D2, Dyn>>) -> Checked {
    let a = definite(x);
    if_regular(x, of(numbers(&a)), |c| {
        let l = jets(&c.l());
        [same(&(&l * l.transpose()), &a), upper(&l.transpose(), 0)].concat()
    })
}

fn ldl(x: &Path) -> Checked {
    let a = definite(x);
    let (udu, lblt) = (numbers(&a).udu().ok_or("None")?, numbers(&a).lblt());
    let (u, l) = (jets(&udu.u), jets(&lblt.l_permuted()));
    Ok([
        same(&(&u * jets(&udu.d_matrix()) * u.transpose()), &a),
        upper(&u, 0),
        same(&(&l * jets(&lblt.d()) * l.transpose()), &a),
    ]
    .concat())
}

fn rank_one_update(x: &Path) -> Checked {
    let (a, v, sigma) = (x * x.transpose() + identity(x.nrows()), column(x, 0), x[(0, 0)] + Jet::constant(2.0));
    let mut c = numbers(&a).cholesky().ok_or("None")?;
    c.rank_one_update(&numbers(&v).column(0), sigma.number());
    let l = jets(&c.l());
    Ok(same(&(&l * l.transpose()), &(a + &v * v.transpose() * sigma)))
}

fn pseudo_inverse(x: &Path, of: impl FnOnce(DMatrix<D2>) -> Option<DMatrix<D2>>) -> Checked {
    let (i, tall) = (jets(&of(numbers(x)).ok_or("None")?), x.nrows() >= x.ncols());
    let (one, symmetric) = if tall { (&i * x, x * &i) } else { (x * &i, &i * x) };
    Ok([same(&one, &identity(one.nrows())), same(&symmetric, &symmetric.transpose())].concat())
}

// ------------------------------------------------------------------------------------------------------- eigenvalues

const LIMIT: usize = 1000;

fn eigen(x: &Path, of: fn(DMatrix<D2>) -> Option<SymmetricEigen<D2, Dyn>>) -> Checked {
    let a = symmetric(x);
    let e = of(numbers(&a)).ok_or("no end")?;
    let (v, l) = (jets(&e.eigenvectors), jets(&DMatrix::from_diagonal(&e.eigenvalues)));
    Ok([same(&(a * &v), &(&v * l)), orthonormal(&v)].concat())
}

fn eigen_by_nalgebra(x: &Path) -> Checked {
    eigen(x, |a| SymmetricEigen::try_new(a, convert(f64::EPSILON), LIMIT))
}

/// The plane of the two smallest eigenvalues.
fn projector(x: &Path, of: fn(DMatrix<D2>) -> Option<DMatrix<D2>>) -> Checked {
    let a = symmetric(x);
    let p = jets(&of(numbers(&a)).ok_or("no end")?);
    let trace = single(Jet::constant(2.0));
    Ok([same(&(&a * &p), &(&p * &a)), same(&(&p * &p), &p), same(&p.transpose(), &p), same(&single(p.trace()), &trace)]
        .concat())
}

fn projector_by_nalgebra(x: &Path) -> Checked {
    projector(x, |a| {
        let e = SymmetricEigen::try_new(a, convert(f64::EPSILON), LIMIT)?;
        let largest = e.eigenvalues.imax();
        let v = e.eigenvectors.remove_column(largest);
        Some(&v * v.transpose())
    })
}

fn svd<R: DimMin<C>, C: Dim>(x: &Path, svd: Option<SVD<D2, R, C>>) -> Checked
where
    DefaultAllocator: Allocator<DimMinimum<R, C>, C> + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>>,
{
    let svd = svd.ok_or("no end")?;
    let (u, v_t) = (jets(&svd.u.ok_or("no U")?), jets(&svd.v_t.ok_or("no V")?));
    let s = DMatrix::from_diagonal(&jets(&svd.singular_values).column(0));
    Ok([same(&(&u * s * &v_t), x), orthonormal(&u), orthonormal(&v_t.transpose())].concat())
}

fn svd_by_nalgebra(x: &Path) -> Checked {
    svd(x, SVD::try_new_unordered(numbers(x), true, true, convert(5.0 * f64::EPSILON), LIMIT))
}

/// Sizes 2 and 3 have algorithms of their own.
fn small_svd_by_nalgebra(x: &Path) -> Checked {
    match x.shape() {
        (2, 2) => svd(x, Some(fixed::<2, 2>(x).svd(true, true))),
        (3, 3) => svd(x, Some(fixed::<3, 3>(x).svd(true, true))),
        _ => svd_by_nalgebra(x),
    }
}

fn schur(x: &Path) -> Checked {
    let schur = Schur::try_new(numbers(x), convert(f64::EPSILON), LIMIT).ok_or("no end")?;
    let (lambda, (q, t)) = (schur.complex_eigenvalues(), schur.unpack());
    let (q, t) = (jets(&q), jets(&t));
    // Σ λᵏ = tr Aᵏ, which determines the derivatives of distinct λ.
    let (mut power, mut sums) = (identity(x.nrows()), vec![]);
    let lambda: Vec<_> = lambda.iter().map(|l| turn_by(l.re.into(), l.im.into())).collect();
    let mut powers = vec![identity(2); lambda.len()];
    for _ in &lambda {
        power *= x;
        powers.iter_mut().zip(&lambda).for_each(|(p, l)| *p = &*p * l);
        sums.extend(same(&powers.iter().sum(), &turn_by(power.trace(), Jet::zero())));
    }
    Ok([same(&(&q * &t * q.transpose()), x), orthonormal(&q), upper(&t, 1), sums].concat())
}

/// The complex number `re + i·im` as a matrix.
fn turn_by(re: Jet, im: Jet) -> Path {
    DMatrix::from_row_slice(2, 2, &[re, -im, im, re])
}

/// Real eigenvalues by Newton's method on `(A - λ)v = 0`, `cᵀv = 1`: from the floats' solution two steps in the numbers.
fn eigenvalues_by_newton(x: &Path) -> Checked {
    let (a, n) = (numbers(x), x.nrows());
    let mut all = vec![];
    for i in 0..n {
        let value = x.map(|x| x.0[0]);
        let lambda = value[(i, i)];
        let null = (value - DMatrix::identity(n, n) * lambda).svd(true, true).v_t.unwrap();
        let c = null.row(n - 1).map(D2::from);
        let (mut v, mut lambda) = (c.transpose(), D2::from(lambda));
        for _ in 0..2 {
            let shifted = &a - DMatrix::identity(n, n) * lambda;
            let mut bordered = DMatrix::zeros(n + 1, n + 1);
            bordered.view_mut((0, 0), (n, n)).copy_from(&shifted);
            bordered.view_mut((0, n), (n, 1)).copy_from(&-&v);
            bordered.view_mut((n, 0), (1, n)).copy_from(&c);
            let defect = (shifted * &v).push((&c * &v)[0] - 1.0);
            let step = linalg::solve(&bordered, &defect).ok_or("singular")?;
            v -= step.rows(0, n);
            lambda -= step[n];
        }
        let v = jets(&v);
        all.extend(same(&(x * &v), &(&v * Jet::from(lambda))));
    }
    Ok(all)
}

fn hessenberg(x: &Path) -> Checked {
    let (q, h) = numbers(x).hessenberg().unpack();
    let (q, h) = (jets(&q), jets(&h));
    Ok([same(&(&q * &h * q.transpose()), x), orthonormal(&q), upper(&h, 1)].concat())
}

fn bidiagonal(x: &Path) -> Checked {
    let (u, d, v_t) = numbers(x).bidiagonalize().unpack();
    let (u, d, v_t) = (jets(&u), jets(&d), jets(&v_t));
    Ok([same(&(&u * &d * &v_t), x), orthonormal(&u), orthonormal(&v_t.transpose())].concat())
}

fn exp_by_squaring(x: &Path) -> Checked {
    let small = (numbers(x) * D2::from(1.0 / 4096.0)).exp();
    Ok(same(&jets(&(0..12).fold(small, |e, _| &e * &e)), &series(x)))
}

// --------------------------------------------------------------------------------------------------------- rotations

fn r3(m: &Path) -> Rotation3<D2> {
    Rotation3::from_matrix_unchecked(fixed(m))
}

fn uq(xyzw: &Path) -> UnitQuaternion<D2> {
    Unit::new_unchecked(Quaternion::from(fixed::<4, 1>(xyzw)))
}

fn is_rotation(r: &Rotation3<D2>, v: &Path) -> Checked {
    Ok(same(&jets(r.matrix()), &rotation(v)))
}

fn is_unit(q: &UnitQuaternion<D2>, v: &Path) -> Checked {
    Ok(same(&jets(&q.coords), &unit(v)))
}

fn is(v: &Vector3<D2>, expected: &Path) -> Checked {
    Ok(same(&jets(v), expected))
}

/// The direction of column 0, the number x₀₁ as the angle, and both as a scaled axis.
fn axis_angle(x: &Path) -> (Unit<Vector3<D2>>, D2, Path) {
    let axis = column(x, 0) * length(&column(x, 0)).recip();
    (Unit::new_unchecked(fixed(&axis)), x[(0, 1)].number(), axis * x[(0, 1)])
}

/// Two motions, a rotation by column 1 apart, the number x₀₂, and the quaternion at this share of the way.
fn way(x: &Path) -> ([Isometry3<D2>; 2], D2, Path) {
    let (from, to) = (unit(&column(x, 0)), left(&column(x, 1)) * unit(&column(x, 0)));
    let motion = |j, q| Isometry3::from_parts(Translation3::from(fixed::<3, 1>(&column(x, j))), uq(q));
    let at = left(&(column(x, 1) * x[(0, 2)])) * &from;
    ([motion(0, &from), motion(1, &to)], x[(0, 2)].number(), at)
}

fn euler(x: &Path) -> Checked {
    let about = |i: usize| {
        let mut v = Path::zeros(3, 1);
        v[i] = x[(i, 0)];
        v
    };
    let [r, p, y] = [0, 1, 2].map(|i| x[(i, 0)].number());
    let matrix = rotation(&about(2)) * rotation(&about(1)) * rotation(&about(0));
    let quaternion = left(&about(2)) * left(&about(1)) * unit(&about(0));
    let angles = |(r, p, y)| same(&jets(&vector![r, p, y]), &column(x, 0));
    Ok([
        same(&jets(Rotation3::from_euler_angles(r, p, y).matrix()), &matrix),
        same(&jets(&UnitQuaternion::from_euler_angles(r, p, y).coords), &quaternion),
        angles(r3(&matrix).euler_angles()),
        angles(uq(&quaternion).euler_angles()),
    ]
    .concat())
}

fn angles(x: &Path) -> Checked {
    let v = column(x, 0);
    let (r, q) = (r3(&rotation(&v)), uq(&unit(&v)));
    let all = [r.angle(), q.angle(), r.angle_to(&Rotation3::identity()), q.angle_to(&UnitQuaternion::identity())];
    Ok(all.into_iter().flat_map(|a| same(&single(a), &single(length(&v)))).collect())
}

fn plane(x: &Path) -> Checked {
    let (s, t, u, a) = (x[0], x[1], x[2], column(x, 1).rows(0, 2).into_owned());
    let [ns, nt, nu] = [s, t, u].map(Jet::number);
    let (na, b) = (fixed::<2, 1>(&a), turn(s) * &a);
    let nb = fixed::<2, 1>(&b);
    let r = Rotation2::from_matrix_unchecked(fixed::<2, 2>(&turn(s)));
    let c = UnitComplex::new_unchecked(Complex::new(s.cos().number(), s.sin().number()));
    let (r2, c2, mid) = (Rotation2::new(nt), UnitComplex::new(nt), s + (t - s) * u);
    let (m, m2) = (Isometry2::from_parts(na.into(), c), Isometry2::from_parts(nb.into(), c2));
    let one = Jet::one();
    let (h, h2) = (homogeneous(&turn(s), one, &a), homogeneous(&turn(t), one, &b));
    let scaled = homogeneous(&turn(s), u + Jet::constant(2.0), &a);
    let similar = Similarity2::from_isometry(m, nu + 2.0);
    Ok([
        same(&jets(Rotation2::new(ns).matrix()), &turn(s)),
        same(&jets(r.powf(nt).matrix()), &turn(s * t)),
        same(&jets(r.slerp(&r2, nu).matrix()), &turn(mid)),
        same(&jets(Rotation2::rotation_between(&na, &nb).matrix()), &turn(s)),
        same(&single(r.angle()), &single(s)),
        same(&single(r2.angle_to(&r)), &single(s - t)),
        same(&jets(UnitComplex::new(ns).to_rotation_matrix().matrix()), &turn(s)),
        same(&jets(c.powf(nt).to_rotation_matrix().matrix()), &turn(s * t)),
        same(&jets(c.slerp(&c2, nu).to_rotation_matrix().matrix()), &turn(mid)),
        same(&jets(UnitComplex::rotation_between(&na, &nb).to_rotation_matrix().matrix()), &turn(s)),
        same(&single(c.angle()), &single(s)),
        same(&jets(&(m * m2).to_homogeneous()), &(&h * &h2)),
        same(&(jets(&m.inverse().to_homogeneous()) * &h), &identity(3)),
        same(&jets(&(m * Point2::from(nb)).coords), &(turn(s) * &b + &a)),
        same(&jets(&m.lerp_slerp(&m2, nu).to_homogeneous()), &homogeneous(&turn(mid), one, &(&a + (&b - &a) * u))),
        same(&jets(&similar.to_homogeneous()), &scaled),
        same(&(jets(&similar.inverse().to_homogeneous()) * scaled), &identity(3)),
    ]
    .concat())
}

fn space(x: &Path) -> Checked {
    let ([m, m2], _, _) = way(x);
    let (a, b, scale) = (column(x, 0), column(x, 1), x[(2, 2)] + Jet::constant(2.0));
    let (r, r2) = (rotation(&a), rotation(&b) * rotation(&a));
    let (h, h2) = (homogeneous(&r, Jet::one(), &a), homogeneous(&r2, Jet::one(), &b));
    let scaled = homogeneous(&r, scale, &a);
    let similar = Similarity3::from_isometry(m, scale.number());
    let p = fixed::<3, 1>(&b);
    // What a camera sees: the point before it, the angle of view about 1, the depths about 1 and 3.
    let [aspect, fovy, near, far] = [1.5, 1.0, 1.0, 3.0].map(Jet::constant);
    let (aspect, fovy, near, far) = (aspect + a[0] * a[0], fovy + a[1] * a[1], near + a[2] * a[2], far + b[0] * b[0]);
    let z = b[2] * b[2] + Jet::constant(1.0);
    let seen = Point3::new(b[0].number(), b[1].number(), (-z).number());
    let [naspect, nfovy, nnear, nfar] = [aspect, fovy, near, far].map(Jet::number);
    let half = fovy * Jet::constant(0.5);
    let (f, depth) = (half.cos() * half.sin().recip(), (far - near).recip());
    let two = Jet::constant(2.0);
    let projected = [
        b[0] * f * (aspect * z).recip(),
        b[1] * f * z.recip(),
        ((far + near) * z - two * far * near) * (depth * z.recip()),
    ];
    let width = [aspect + b[0], fovy + b[1]];
    let boxed = [
        (b[0] * two - width[0] + aspect) * (width[0] + aspect).recip(),
        (b[1] * two - width[1] + fovy) * (width[1] + fovy).recip(),
        (z * two - far - near) * depth,
    ];
    let [right, top] = width.map(Jet::number);
    let camera = Perspective3::new(naspect, nfovy, nnear, nfar);
    let brick = Orthographic3::new(-naspect, right, -nfovy, top, nnear, nfar);
    let three = |x: [Jet; 3]| DMatrix::from_column_slice(3, 1, &x);
    Ok([
        same(&jets(&(m * m2).to_homogeneous()), &(&h * &h2)),
        same(&(jets(&m.inverse().to_homogeneous()) * &h), &identity(4)),
        same(&jets(&(m * Point3::from(p)).coords), &(&r * &b + &a)),
        same(&jets(&m.inverse_transform_vector(&p)), &(r.transpose() * &b)),
        same(&jets(&similar.to_homogeneous()), &scaled),
        same(&(jets(&similar.inverse().to_homogeneous()) * scaled), &identity(4)),
        same(&jets(&camera.project_point(&seen).coords), &three(projected)),
        same(&jets(&camera.unproject_point(&camera.project_point(&seen)).coords), &jets(&seen.coords)),
        same(&jets(&brick.project_point(&seen).coords), &three(boxed)),
    ]
    .concat())
}

fn of_matrix(x: &Path) -> Checked {
    let v = column(x, 0);
    let (m, guess) = (fixed(&rotation(&v)), Rotation3::identity());
    is_rotation(&Rotation3::from_matrix_eps(&m, convert(f64::EPSILON), LIMIT, guess), &v)
}

/// Newton's iteration for the nearest rotation (Schulz), from a matrix whose value is one.
fn of_matrix_by_newton(x: &Path) -> Checked {
    let v = column(x, 0);
    let nearer = |m: Matrix3<D2>| m * (Matrix3::from_diagonal_element(D2::from(3.0)) - m.tr_mul(&m)) * D2::from(0.5);
    is_rotation(&Rotation3::from_matrix_unchecked(nearer(nearer(fixed(&rotation(&v))))), &v)
}

/// The quaternion `w + v`, in parts and as one, and its exponential.
fn logarithm(x: &Path) -> (D2, Vector3<D2>, Path, Path) {
    let (w, v) = (x[(0, 1)], column(x, 0));
    let exp = unit(&(&v * Jet::constant(2.0))) * w.exp();
    (w.number(), fixed(&v), DMatrix::from_column_slice(4, 1, &[v[0], v[1], v[2], w]), exp)
}

const SCALED_AXIS: [Check; 2] = [
    |x| is_rotation(&Rotation3::from_scaled_axis(fixed::<3, 1>(&column(x, 0))), &column(x, 0)),
    |x| is_unit(&UnitQuaternion::from_scaled_axis(fixed::<3, 1>(&column(x, 0))), &column(x, 0)),
];

const OUR_SCALED_AXIS: [Check; 2] = [
    |x| is_rotation(&so3::exp(&fixed(&column(x, 0))), &column(x, 0)),
    |x| is_unit(&quaternion::from_scaled_axis(&fixed(&column(x, 0))), &column(x, 0)),
];

const AXIS_ANGLE: [Check; 1] = [|x| {
    let (axis, angle, v) = axis_angle(x);
    is_rotation(&Rotation3::from_axis_angle(&axis, angle), &v)
}];

const AXES: [Check; 3] = [
    |x| is(&r3(&rotation(&column(x, 0))).scaled_axis(), &column(x, 0)),
    |x| is(&uq(&unit(&column(x, 0))).scaled_axis(), &column(x, 0)),
    |x| is(&uq(&unit(&column(x, 0))).ln().imag(), &column(x, 0)),
];

const OUR_AXES: [Check; 2] = [
    |x| is(&so3::log(&r3(&rotation(&column(x, 0)))), &column(x, 0)),
    |x| is(&quaternion::scaled_axis(&uq(&unit(&column(x, 0)))), &column(x, 0)),
];

const POWERS: [Check; 2] = [
    |x| is_rotation(&r3(&rotation(&column(x, 0))).powf(x[(0, 1)].number()), &(column(x, 0) * x[(0, 1)])),
    |x| is_unit(&uq(&unit(&column(x, 0))).powf(x[(0, 1)].number()), &(column(x, 0) * x[(0, 1)])),
];

const OUR_POWERS: [Check; 1] = [|x| {
    let q = uq(&unit(&column(x, 0)));
    is_unit(&quaternion::powf(&q, x[(0, 1)].number()), &(column(x, 0) * x[(0, 1)]))
}];

const WAYS: [Check; 2] = [
    |x| {
        let ([m, m2], t, at) = way(x);
        let q = m.rotation.try_slerp(&m2.rotation, t, convert(f64::EPSILON)).ok_or("None")?;
        Ok(same(&jets(&q.coords), &at))
    },
    |x| {
        let ([m, m2], t, at) = way(x);
        let q = m.try_lerp_slerp(&m2, t, convert(f64::EPSILON)).ok_or("None")?;
        Ok(same(&jets(&q.rotation.coords), &at))
    },
];

const OUR_WAYS: [Check; 1] = [|x| {
    let ([m, m2], t, at) = way(x);
    Ok(same(&jets(&quaternion::slerp(&m.rotation, &m2.rotation, t).coords), &at))
}];

const BETWEEN: [Check; 2] = [
    |x| {
        let [a, b, by] = apart(x);
        is_rotation(&Rotation3::rotation_between(&fixed::<3, 1>(&a), &fixed::<3, 1>(&b)).ok_or("None")?, &by)
    },
    |x| {
        let [a, b, by] = apart(x);
        is_unit(&UnitQuaternion::rotation_between(&fixed::<3, 1>(&a), &fixed::<3, 1>(&b)).ok_or("None")?, &by)
    },
];

const OUR_BETWEEN: [Check; 1] = [|x| {
    let [a, b, by] = apart(x);
    is_unit(&quaternion::rotation_between(&fixed::<3, 1>(&a), &fixed::<3, 1>(&b)).ok_or("None")?, &by)
}];

fn quaternion_exp(x: &Path) -> Checked {
    let (w, v, _, exp) = logarithm(x);
    Ok(same(&jets(&Quaternion::from_parts(w, v).exp().coords), &exp))
}

fn quaternion_ln(x: &Path) -> Checked {
    let (_, _, ln, exp) = logarithm(x);
    Ok(same(&jets(&Quaternion::from(fixed::<4, 1>(&exp)).ln().coords), &ln))
}

// --------------------------------------------------------------------------------------------------------- the table

/// An operation at points of one kind, and what to call instead, if nalgebra loses the derivatives there.
struct Row {
    operation: &'static str,
    point: &'static str,
    at: Vec<DMatrix<f64>>,
    nalgebra: Vec<Check>,
    instead: &'static str,
    linalg: Vec<Check>,
}

fn row<const N: usize>(operation: &'static str, point: &'static str, at: [DMatrix<f64>; N]) -> Row {
    Row { operation, point, at: at.into(), nalgebra: vec![], instead: "", linalg: vec![] }
}

impl Row {
    fn by<const N: usize>(mut self, nalgebra: [Check; N]) -> Self {
        self.nalgebra.extend(nalgebra);
        self
    }

    fn instead<const N: usize>(mut self, instead: &'static str, linalg: [Check; N]) -> Self {
        (self.instead, self.linalg) = (instead, linalg.into());
        self
    }

    /// What nalgebra makes of first and of second derivatives, as the document puts it.
    fn found(&self) -> String {
        let [first, second] = [1, 2].map(|order| {
            let at = self.at.iter().map(|a| path(order, a));
            let verdicts: Vec<_> = at.flat_map(|x| self.nalgebra.iter().map(move |f| verdict(&f(&x)))).collect();
            let lost = order == 2 && !self.instead.is_empty();
            assert!(!lost || verdicts.iter().all(|&v| v > 1), "{} at {}: {verdicts:?}", self.operation, self.point);
            WORDS[verdicts.into_iter().max().unwrap()]
        });
        if first == second { first.into() } else { format!("{first}, then {second}") }
    }
}

/// Three columns, column `j` scaled by `s`.
fn scaled(j: usize, s: f64) -> DMatrix<f64> {
    let mut m = some(3, 3, 0);
    m.column_mut(j).scale_mut(s);
    m
}

/// The rotation of column 0 is by this angle.
fn at_angle(angle: f64) -> DMatrix<f64> {
    scaled(0, angle / some(3, 3, 0).column(0).norm())
}

/// Diagonal but for one pair.
fn block(n: usize, at: usize) -> DMatrix<f64> {
    let mut m = diagonal(&[-3.0, -2.0, 4.0, 1.0][..n]);
    (m[(at, at + 1)], m[(at + 1, at)]) = (0.5, 0.5);
    m
}

fn tall(d: &[f64]) -> DMatrix<f64> {
    diagonal(d).insert_rows(d.len(), 2, 0.0)
}

fn table() -> Vec<Row> {
    let (any, eye) = (|| some(3, 3, 0), || DMatrix::identity(4, 4));
    let permutation = || DMatrix::from_fn(4, 4, |i, j| f64::from(u8::from((i + 2) % 4 == j)));
    let shift = DMatrix::from_fn(4, 4, |i, j| f64::from(u8::from(j == i + 1)) * 3.0);
    let triangular = some(4, 4, 3).upper_triangle() + diagonal(&[2.0, 4.0, 6.0, 8.0]);
    let tridiagonal = diagonal(&[1.0, 2.0, 3.0]) + block(3, 0) + block(3, 1);
    let no_diagonal = some(4, 4, 0) - DMatrix::from_diagonal(&some(4, 4, 0).diagonal());
    vec![
        row(
            "`*`, `dot`, `gemm`, `gemv`, `ger`, `syger`, `cross`, `kronecker`, `pow`, `norm_squared`",
            "any; factors of value 0",
            [some(4, 4, 0), no_diagonal, DMatrix::zeros(4, 4)],
        )
        .by([products]),
        row("`norm`, `normalize`, `lp_norm`, `apply_norm`, `amax`, `cap_magnitude`, `angle`", "off kinks", [any()])
            .by([norms]),
        row("`norm`", "0", [DMatrix::zeros(3, 1)])
            .by([|x| Ok(zero(&single(numbers(x).norm())))])
            .instead("`linalg::norm`", [|x| Ok(zero(&single(linalg::norm(&numbers(x)))))]),
        row("`angle`", "parallel; 10⁻⁴ from it", [scaled(1, 0.0), scaled(1, 1e-4)])
            .by([|x| angle(x, |a, b| a.angle(b))])
            .instead("`linalg::angle`", [|x| angle(x, linalg::angle)]),
        row("`determinant`, n ≤ 3", "any", [some(2, 2, 0), any(), DMatrix::zeros(2, 2), DMatrix::zeros(3, 3)])
            .by([|x| determinants(x, DMatrix::determinant)]),
        row("`determinant`, n ≥ 4", "regular", [some(4, 4, 0), some(6, 6, 0), permutation()])
            .by([|x| determinants(x, DMatrix::determinant)]),
        row(
            "`determinant`, n ≥ 4",
            "singular",
            [diagonal(&[0.0, 1.0, 2.0, 3.0]), diagonal(&[1.0, 0.0, 0.0, 2.0]), DMatrix::zeros(5, 5)],
        )
        .by([|x| determinants(x, DMatrix::determinant)])
        .instead("`linalg::determinant`", [|x| determinants(x, linalg::determinant)]),
        row(
            "`try_inverse`, `lu().solve`, `cholesky`, `udu`, `lblt`, `rank_one_update`",
            "regular, diagonal or not",
            [some(4, 4, 0), permutation(), eye()],
        )
        .by([inverse_by_nalgebra, solve_by_nalgebra, cholesky_by_nalgebra, ldl, rank_one_update]),
        row("`try_inverse`, `lu().solve`, `cholesky`: `None`", "singular", [diagonal(&[3.0, 2.0, 1.0, 0.0])])
            .by([inverse_by_nalgebra, solve_by_nalgebra, cholesky_by_nalgebra])
            .instead(
                "`linalg::inverse`, `solve`, `cholesky`",
                [
                    |x| inverse(x, |a| linalg::inverse(&a)),
                    |x| inverse(x, |a| linalg::solve(&a, &DMatrix::identity(4, 4))),
                    |x| cholesky(x, |a| linalg::cholesky(&a)),
                ],
            ),
        row(
            "`lu`, `full_piv_lu`, `qr`, `col_piv_qr`",
            "full rank, diagonal or not",
            [some(4, 4, 0), some(5, 3, 0), some(3, 5, 0), eye(), permutation(), tall(&[2.0, 1.0])],
        )
        .by([lu, qr]),
        row("`pseudo_inverse`", "full rank, no structure", [any(), some(5, 3, 0), some(3, 5, 0)])
            .by([pseudo_inverse_by_nalgebra]),
        row("`pseudo_inverse`", "orthogonal columns", [tall(&[3.0, 2.0, 1.0]), tall(&[1.0, 1.0])])
            .by([pseudo_inverse_by_nalgebra])
            .instead("`linalg::pseudo_inverse`", [|x| pseudo_inverse(x, |a| linalg::pseudo_inverse(&a).ok())]),
        row("`symmetric_eigen`", "no structure", [some(2, 2, 0), any(), some(6, 6, 0)]).by([eigen_by_nalgebra]),
        row(
            "`symmetric_eigen`",
            "diagonal, block-diagonal",
            [diagonal(&[1.0, 3.0]), diagonal(&[1.0, 3.0, -2.0]), block(3, 0), block(3, 1), block(4, 1)],
        )
        .by([eigen_by_nalgebra])
        .instead("`linalg::symmetric_eigen`", [|x| eigen(x, |a| linalg::symmetric_eigen(&a).ok())]),
        row(
            "`symmetric_eigen`: the plane of a pair",
            "repeated",
            [diagonal(&[1.0, 1.0, 2.0]), diagonal(&[2.0, 7.0, 2.0])],
        )
        .by([projector_by_nalgebra])
        .instead("`linalg::projector`", [|x| projector(x, |a| linalg::projector(&a, 0..2).ok())]),
        row("`svd`", "no structure", [some(2, 2, 0), any(), some(4, 4, 0), some(5, 3, 0), some(3, 5, 0)])
            .by([svd_by_nalgebra, small_svd_by_nalgebra]),
        row("`svd`", "orthogonal columns", [diagonal(&[3.0, 1.0]), diagonal(&[1.0, 3.0, -2.0]), tall(&[3.0, 1.0])])
            .by([svd_by_nalgebra])
            .instead("`linalg::svd`", [|x| svd(x, linalg::svd(&numbers(x), true, true).ok())]),
        row("`schur`, `complex_eigenvalues`", "no structure", [some(2, 2, 0), any(), some(4, 4, 0)]).by([schur]),
        row("`schur`, `complex_eigenvalues`", "triangular, diagonal", [triangular, diagonal(&[1.0, 2.0, 3.0])])
            .by([schur])
            .instead("Newton's method, by `linalg::solve`", [eigenvalues_by_newton]),
        row("`hessenberg`, `bidiagonalize`", "no structure; unreduced", [some(4, 4, 0), tridiagonal])
            .by([hessenberg, bidiagonal]),
        row(
            "`exp`",
            "any size; 0; symmetric",
            [any() * 1e-3, any() * 0.1, any(), any() * 8.0, DMatrix::zeros(3, 3), diagonal(&[1.0, 1.0])],
        )
        .by([|x| Ok(same(&jets(&numbers(x).exp()), &series(x)))]),
        row("`exp`", "nilpotent", [shift])
            .by([|x| Ok(same(&jets(&numbers(x).exp()), &series(x)))])
            .instead("`(a / 2ˢ).exp()`, squared s times", [exp_by_squaring]),
        row("`Rotation2`, `UnitComplex`, `Isometry2`, `Similarity2`", "any", [any(), scaled(0, 0.0)]).by([plane]),
        row(
            "`Isometry3`, `Similarity3`, `Perspective3`, `Orthographic3`",
            "any",
            [any(), scaled(0, 0.0), scaled(1, 0.0)],
        )
        .by([space]),
        row("`Rotation3`, `UnitQuaternion`, `Quaternion`", "no structure", [any()])
            .by(SCALED_AXIS)
            .by(AXIS_ANGLE)
            .by(AXES)
            .by(POWERS)
            .by(WAYS)
            .by(BETWEEN)
            .by([angles, quaternion_exp, quaternion_ln]),
        row("`from_euler_angles`, `euler_angles`", "any; 0", [any(), scaled(0, 0.0)]).by([euler]),
        row("`UnitQuaternion::from_axis_angle`", "any; 0", [any(), scaled(1, 0.0)]).by([|x| {
            let (axis, angle, v) = axis_angle(x);
            is_unit(&UnitQuaternion::from_axis_angle(&axis, angle), &v)
        }]),
        row("`from_scaled_axis`", "0", [at_angle(0.0)])
            .by(SCALED_AXIS)
            .instead("`so3::exp`, `quaternion::from_scaled_axis`", OUR_SCALED_AXIS),
        row("`Rotation3::from_scaled_axis`", "angle 10⁻⁸", [at_angle(1e-8)])
            .by([SCALED_AXIS[0]])
            .instead("`so3::exp`", OUR_SCALED_AXIS),
        row("`Rotation3::from_axis_angle`", "angle 0", [scaled(1, 0.0)]).by(AXIS_ANGLE).instead(
            "`so3::exp(&(axis * angle))`",
            [|x| {
                let (axis, angle, v) = axis_angle(x);
                is_rotation(&so3::exp(&(axis.into_inner() * angle)), &v)
            }],
        ),
        row("`scaled_axis`, `ln`", "identity", [at_angle(0.0)])
            .by(AXES)
            .instead("`so3::log`, `quaternion::scaled_axis`", OUR_AXES),
        row("`Rotation3::scaled_axis`", "angle 10⁻⁵, π - 10⁻⁵", [at_angle(1e-5), at_angle(PI - 1e-5)])
            .by([AXES[0]])
            .instead("`so3::log`", OUR_AXES),
        row("`powf`", "identity", [at_angle(0.0)]).by(POWERS).instead("`quaternion::powf`", OUR_POWERS),
        row("`slerp`, `lerp_slerp`", "equal; 10⁻⁵ apart", [scaled(1, 0.0), scaled(1, 1e-5)])
            .by(WAYS)
            .instead("`quaternion::slerp`", OUR_WAYS),
        row("`rotation_between`", "parallel; 10⁻⁵ from it", [scaled(1, 0.0), scaled(1, 1e-5)])
            .by(BETWEEN)
            .instead("`quaternion::rotation_between`", OUR_BETWEEN),
        row("`Quaternion::exp`", "real", [at_angle(0.0)]).by([quaternion_exp]).instead(
            "`quaternion::exp`",
            [|x| {
                let (w, v, _, exp) = logarithm(x);
                Ok(same(&jets(&quaternion::exp(&Quaternion::from_parts(w, v)).coords), &exp))
            }],
        ),
        row("`Quaternion::ln`", "real", [at_angle(0.0)]).by([quaternion_ln]).instead(
            "`quaternion::ln`",
            [|x| {
                let (_, _, ln, exp) = logarithm(x);
                Ok(same(&jets(&quaternion::ln(&Quaternion::from(fixed::<4, 1>(&exp))).coords), &ln))
            }],
        ),
        row("`Rotation3::from_matrix`", "a rotation, the guess", [at_angle(0.0)])
            .by([of_matrix])
            .instead("`m·(3 - mᵀ·m)/2`, twice", [of_matrix_by_newton]),
    ]
}

#[test]
fn the_table_is_true() {
    let mut lines = vec![];
    for row in table() {
        for (a, order) in row.at.iter().flat_map(|a| [(a, 1), (a, 2)]) {
            for f in &row.linalg {
                let v = verdict(&f(&path(order, a)));
                assert_eq!(v, 0, "{} at {}, order {order}: {}{a}", row.instead, row.point, WORDS[v]);
            }
        }
        let line = format!("| {} | {} | {} | {} |", row.operation, row.point, row.found(), row.instead);
        lines.push(line.replace("|  |", "| |"));
    }
    let document = include_str!("../docs/nalgebra.md").lines().skip_while(|l| !l.starts_with("| operation")).skip(2);
    let told: Vec<_> = document.take_while(|l| l.starts_with('|')).collect();
    assert!(lines == told, "\n{}\n\nbut the document says\n\n{}", lines.join("\n"), told.join("\n"));
}

// ------------------------------------------------------------------------------------------------------------ linalg

#[track_caller]
fn assert_right(checked: Checked, tolerance: f64) {
    let error = error(&checked.unwrap());
    assert!(error <= tolerance, "{error:e}");
}

/// Column 1 as the translation, column 0 as the rotation.
fn twist(x: &Path) -> Path {
    DMatrix::from_iterator(6, 1, column(x, 1).iter().chain(column(x, 0).iter()).copied())
}

fn se3_exp(x: &Path) -> Checked {
    Ok(same(&jets(&se3::exp(&fixed(&twist(x))).to_homogeneous()), &motion(&column(x, 1), &column(x, 0))))
}

fn se3_log(x: &Path) -> Checked {
    let to = motion(&column(x, 1), &column(x, 0)).view((0, 3), (3, 1)).into_owned();
    let motion = Isometry3::from_parts(Translation3::from(fixed::<3, 1>(&to)), uq(&unit(&column(x, 0))));
    Ok(same(&jets(&se3::log(&motion)), &twist(x)))
}

/// At the identity, on both sides of where each series ends (0.49, 1, 2 and 4), and near π.
#[test]
fn lie_groups_at_any_angle() {
    for angle in [0.0, 1e-12, 1e-8, 1e-3, 0.489, 0.491, 0.999, 1.001, 1.999, 2.001, 3.1, PI - 1e-9, PI, 3.999, 4.001] {
        let x = path(2, &at_angle(angle));
        OUR_SCALED_AXIS.into_iter().chain([se3_exp as Check]).for_each(|f| assert_right(f(&x), 1e-13));
        if angle <= PI {
            OUR_AXES.into_iter().chain([se3_log as Check]).for_each(|f| assert_right(f(&x), 1e-13));
        }
    }
}

/// Where the rotations by v and -v meet, the logarithm is one of them, and moves on with the rotation.
#[test]
fn logarithms_of_half_turns() {
    let moving = path(2, &DMatrix::zeros(3, 1));
    for (axis, w) in [(0, 0.0), (1, 0.0), (2, -0.0), (0, -0.0)] {
        let mut q = Path::zeros(4, 1);
        q[axis] = Jet::one();
        let mut q = left(&moving) * q;
        q[3].0[0] = w;
        let v = jets(&quaternion::scaled_axis(&uq(&q)));
        assert_eq!(length(&v).0[0], PI);
        assert_right(Ok(same(&unit(&v), &(q * Jet::constant(1.0_f64.copysign(w))))), 1e-14);
        let turn = rotation(&moving)
            * DMatrix::from_fn(3, 3, |i, j| match i == j {
                true => Jet::constant(if i == axis { 1.0 } else { -1.0 }),
                false => Jet::zero(),
            });
        assert_right(Ok(same(&rotation(&jets(&so3::log(&r3(&turn)))), &turn)), 1e-14);
    }
}

#[test]
fn third_order() {
    let t = D3::seed(0.0);
    let [o, one, two, three] = [0.0, 1.0, 2.0, 3.0].map(D3::from);
    let [tt, ttt] = [t * t, t * t * t];
    let curve = vector![t, tt, -ttt, ttt - t, tt + t, tt - ttt];
    let there_and_back = se3::log(&se3::exp(&curve));
    assert!((there_and_back - curve).iter().all(|d| d.orders().iter().all(|d| d.abs() < 1e-14)));
    let eigen = linalg::symmetric_eigen(&matrix![one, t; t, three + t]).unwrap();
    let turning = linalg::symmetric_eigen(&matrix![one, t; t, three]).unwrap().eigenvectors;
    let svd = linalg::svd(&matrix![three + t, t; t, one], true, true).unwrap();
    let diagonal = |d: &[D3]| DMatrix::from_diagonal(&DVector::from_column_slice(d));
    let inverse = linalg::pseudo_inverse(&vector![one, t]).unwrap();
    let plane = linalg::projector(&matrix![one, o, t; o, one, o; t, o, two], 0..2).unwrap();
    let axis = vector![t, o, o];
    for (name, computed, expected) in [
        ("sin t/2", quaternion::from_scaled_axis(&axis).i, [0.0, 0.5, 0.0, -0.125]),
        ("cos t/2", quaternion::from_scaled_axis(&axis).w, [1.0, 0.0, -0.25, 0.0]),
        ("sin t", so3::exp(&axis)[(2, 1)], [0.0, 1.0, 0.0, -1.0]),
        ("2 + t/2 - √(1 + t + 5t²/4)", eigen.eigenvalues.min(), [1.0, 0.0, -1.0, 1.5]),
        ("2 + t/2 + √(1 + t + 5t²/4)", eigen.eigenvalues.max(), [3.0, 1.0, 1.0, -1.5]),
        ("singular value", svd.singular_values[0], [3.0, 1.0, 1.0, -1.5]),
        ("singular value", svd.singular_values[1], [1.0, 0.0, -1.0, 1.5]),
        ("sin(atan(t)/2)", turning[(0, 1)] * turning[(1, 1)].signum(), [0.0, 0.5, 0.0, -1.125]),
        ("-t/√(1 + 4t²)", plane[(0, 2)], [0.0, -1.0, 0.0, 12.0]),
        ("2t³", linalg::determinant(&diagonal(&[t, two, t, t])), [0.0, 0.0, 0.0, 12.0]),
        ("t⁴", linalg::determinant(&diagonal(&[t, t, one, t, t])), [0.0, 0.0, 0.0, 0.0]),
        ("(1 + t)³", linalg::determinant(&diagonal(&[t + one, t + one, one, t + one])), [1.0, 3.0, 6.0, 6.0]),
        ("1/(1 + t)", linalg::inverse(&matrix![t + one]).unwrap()[0], [1.0, -1.0, 2.0, -6.0]),
        ("1/(1 + t)", linalg::solve(&matrix![t + one], &vector![one]).unwrap()[0], [1.0, -1.0, 2.0, -6.0]),
        ("√(1 + t)", linalg::cholesky(&matrix![t + one]).unwrap().l()[0], [1.0, 0.5, -0.25, 0.375]),
        ("1/(1 + t²)", inverse[0], [1.0, 0.0, -2.0, 0.0]),
        ("t/(1 + t²)", inverse[1], [0.0, 1.0, 0.0, -6.0]),
        ("√(1 + t²)", linalg::norm(&vector![one, t]), [1.0, 0.0, 1.0, 0.0]),
        ("t/√(1 + t²)", linalg::normalize(&vector![one, t])[1], [0.0, 1.0, 0.0, -3.0]),
        ("π/2 - atan t", linalg::angle(&vector![one, o], &vector![t, one]), [FRAC_PI_2, -1.0, 0.0, 2.0]),
    ] {
        let near = computed.orders().iter().zip(expected).all(|(c, e)| (c - e).abs() < 1e-13);
        assert!(near, "{name}: {:?}, expected {expected:?}", computed.orders());
    }
}

#[test]
fn kinks() {
    let (t, o) = (D3::seed(0.0), D3::from(0.0));
    for v in [vector![t, t + t], vector![t * t, o], vector![o, o]] {
        assert_eq!(linalg::norm(&v).orders(), [0.0; 4]);
        assert!(linalg::normalize(&v).iter().all(|x| x.re.re.re.is_nan()));
        assert_eq!(linalg::angle(&v, &vector![t, D3::from(1.0)]).orders(), [0.0; 4]);
    }
    let a = vector![D3::from(1.0), D3::from(2.0)];
    assert_eq!(linalg::angle(&a, &(a * D3::from(2.0) + vector![t, o])).orders()[1..], [0.0; 3]);
    assert_close(&linalg::angle(&a, &(-a + vector![t, o])).orders(), &[PI, 0.0, 0.0, 0.0], 1e-15);
}

/// Both ways, where nalgebra's is right: ours, nalgebra's.
fn both<T: Number>(a: &DMatrix<T>, [v, w]: [Vector3<T>; 2]) -> Vec<(&'static str, DMatrix<T>, DMatrix<T>)> {
    fn of<T: Number, R: Dim, C: Dim, S: Storage<T, R, C>>(m: &Matrix<T, R, C, S>) -> DMatrix<T> {
        DMatrix::from_iterator(m.nrows(), m.ncols(), m.iter().copied())
    }
    let (a3, definite): (Matrix3<T>, _) = (a.fixed_view::<3, 3>(0, 0).into_owned(), a * a.transpose());
    let (s3, wide) = (a3 + a3.transpose(), a.rows(0, 3).into_owned());
    let (q, p) = (UnitQuaternion::from_scaled_axis(v), UnitQuaternion::from_scaled_axis(w));
    let (eigen, their_eigen) = (linalg::symmetric_eigen(&s3).unwrap(), s3.symmetric_eigen());
    let (svd, their_svd) = (linalg::svd(&wide, true, true).unwrap(), wide.clone().svd(true, true));
    let least = their_eigen.eigenvectors.column(their_eigen.eigenvalues.imin()).into_owned();
    let one = |x| DMatrix::from_element(1, 1, x);
    vec![
        ("solve", linalg::solve(a, &definite).unwrap(), a.clone().lu().solve(&definite).unwrap()),
        ("solve", of(&linalg::solve(&a3, &v).unwrap()), of(&a3.lu().solve(&v).unwrap())),
        ("inverse", linalg::inverse(a).unwrap(), a.clone().try_inverse().unwrap()),
        ("inverse", of(&linalg::inverse(&a3).unwrap()), of(&a3.try_inverse().unwrap())),
        ("determinant", one(linalg::determinant(a)), one(a.determinant())),
        ("determinant", one(linalg::determinant(&a3)), one(a3.determinant())),
        ("cholesky", linalg::cholesky(&definite).unwrap().l(), definite.clone().cholesky().unwrap().l()),
        ("eigenvalues", of(&eigen.eigenvalues), of(&their_eigen.eigenvalues)),
        ("eigenvectors", of(&eigen.eigenvectors), of(&their_eigen.eigenvectors)),
        ("projector", of(&linalg::projector(&s3, 0..1).unwrap()), of(&(least * least.transpose()))),
        ("singular values", of(&svd.singular_values), of(&their_svd.singular_values)),
        ("u", svd.u.unwrap(), their_svd.u.unwrap()),
        ("v_t", svd.v_t.unwrap(), their_svd.v_t.unwrap()),
        ("pseudo_inverse", linalg::pseudo_inverse(&wide).unwrap(), wide.pseudo_inverse(T::lit(1e-6)).unwrap()),
        ("norm", one(linalg::norm(&v)), one(v.norm())),
        ("normalize", of(&linalg::normalize(&v)), of(&v.normalize())),
        ("angle", one(linalg::angle(&v, &w)), one(v.angle(&w))),
        ("so3::exp", of(so3::exp(&v).matrix()), of(Rotation3::from_scaled_axis(v).matrix())),
        ("so3::log", of(&so3::log(&q.to_rotation_matrix())), of(&q.to_rotation_matrix().scaled_axis())),
        ("from_scaled_axis", of(&quaternion::from_scaled_axis(&v).coords), of(&q.coords)),
        ("scaled_axis", of(&quaternion::scaled_axis(&(q * p))), of(&(q * p).scaled_axis())),
        ("se3::exp", of(&se3::exp(&Vector6::new(v.x, v.y, v.z, v.x, v.y, v.z)).translation.vector), of(&v)),
        ("se3::log", of(&se3::log(&Isometry3::from_parts(v.into(), q)).fixed_rows::<3>(3)), of(&q.scaled_axis())),
    ]
}

#[test]
fn as_nalgebra_elsewhere() {
    fn check<T: Number>(number: impl Fn(&Jet) -> T, tolerance: f64) {
        let x = path(2, &some(5, 5, 0));
        let v = [1, 2].map(|j| Vector3::from_fn(|i, _| number(&x[(i, j)])));
        for (name, ours, theirs) in both(&x.map(|x| number(&x)), v) {
            let scale = theirs.iter().fold(T::one(), |m, x| RealField::max(m, ComplexField::abs(*x)));
            let close = (&ours - &theirs).iter().all(|d| (*d / scale).abs_diff_eq(&T::zero(), T::lit(tolerance)));
            assert!(close, "{name}: {ours}{theirs}");
        }
    }
    check::<f64>(|x| x.0[0], 1e-14);
    check::<D1>(|x| Dual::new(x.0[0], [x.0[1]]), 1e-12);
    check::<D2>(|x| x.number(), 1e-10);
    check::<Dual32>(|x| Dual::new(x.0[0] as f32, [x.0[1] as f32]), 1e-3);
}

/// A factorisation serves many right hand sides.
#[test]
fn one_factorisation() {
    let x = path(2, &some(4, 4, 0));
    let lu = Lu::new(numbers(&x));
    for seed in 3..6 {
        let b = path(2, &some(4, 2, seed));
        assert_right(Ok(same(&(&x * jets(&lu.solve(&numbers(&b)).unwrap())), &b)), 1e-13);
    }
    assert_right(Ok(same(&single(lu.determinant()), &single(determinant(&x)))), 1e-14);
    assert_right(Ok(same(&(x * jets(&lu.inverse().unwrap())), &identity(4))), 1e-13);
}

/// Not singular, but nearly.
#[test]
fn ill_conditioned() {
    let [q, p] = [5, 6].map(|seed| some(5, 5, seed).qr().q());
    for small in [1e-4, 1e-10] {
        let x = path(2, &(&q * diagonal(&[small, 1.0, 2.0, 3.0, 4.0]) * &p));
        assert_right(determinants(&x, linalg::determinant), 1e-14);
    }
    let x = path(1, &(q.columns(0, 3) * diagonal(&[1e-4, 1.0, 2.0])));
    assert_right(pseudo_inverse(&x, |a| linalg::pseudo_inverse(&a).ok()), 1e-10);
}

#[test]
fn failures() {
    let moving = |a: &DMatrix<f64>, d: &DMatrix<f64>| a.zip_map(d, |a, d| Dual::<f64>::new(a, [d]));
    let (eye, coupled, apart) =
        (DMatrix::identity(3, 3), &some(3, 3, 1) + some(3, 3, 1).transpose(), diagonal(&[1.0, 2.0, 3.0]));
    let repeated = Error::RepeatedEigenvalues { indices: [0, 1], value: 1.0 };
    let both = Error::RepeatedSingularValues { indices: [0, 1], value: 1.0 };

    // Repeated eigenvalues: an error if they are coupled, to whatever order, and the number has derivatives.
    assert_eq!(linalg::symmetric_eigen(&moving(&eye, &coupled)).unwrap_err(), repeated);
    let second = eye.zip_map(&coupled, |a, d| Jet([a, 0.0, 0.0, d]).number());
    assert_eq!(linalg::symmetric_eigen(&second).unwrap_err(), repeated);
    let separated = linalg::symmetric_eigen(&moving(&eye, &apart)).unwrap();
    assert_eq!(separated.eigenvalues.map(|l| l.eps[0]).as_slice(), [1.0, 2.0, 3.0]);
    assert_eq!(linalg::symmetric_eigen(&eye).unwrap().eigenvalues.as_slice(), [1.0; 3]);
    // ... and if they are equal up to rounding.
    let q = some(3, 3, 2).qr().q();
    let rounded = &q * diagonal(&[2.0, 2.0, 5.0]) * q.transpose();
    assert!(matches!(
        linalg::symmetric_eigen(&moving(&rounded, &coupled)),
        Err(Error::RepeatedEigenvalues { value, .. }) if (value - 2.0).abs() < 1e-14
    ));
    let plane = linalg::projector(&moving(&rounded, &coupled), 0..2).unwrap();
    assert!((plane.trace() - 2.0).abs_diff_eq(&D1::from(0.0), D1::from(1e-14)));
    assert!(linalg::projector(&moving(&rounded, &coupled), 0..1).is_err());
    assert_eq!(linalg::projector(&moving(&rounded, &coupled), 1..1), Ok(DMatrix::zeros(3, 3)));

    assert_eq!(linalg::svd(&moving(&eye, &some(3, 3, 1)), true, true).unwrap_err(), both);
    assert!(linalg::svd(&moving(&eye, &apart), true, true).is_ok() && linalg::svd(&eye, true, true).is_ok());
    let deficient = diagonal(&[2.0, 0.0, 1.0]);
    let rank = Error::RankDeficient { index: 2 };
    assert_eq!(linalg::svd(&moving(&deficient, &apart), true, true).unwrap_err(), rank);
    assert!(linalg::svd(&deficient, true, true).is_ok());
    assert_eq!(linalg::pseudo_inverse(&moving(&deficient, &apart)), Err(rank));
    assert_eq!(linalg::pseudo_inverse(&deficient), Err(rank));

    assert_eq!(linalg::solve(&moving(&deficient, &apart), &moving(&eye, &eye)), None);
    assert_eq!(linalg::inverse(&moving(&deficient, &apart)), None);
    assert_eq!(Lu::new(moving(&deficient, &apart)).determinant().eps, [4.0]);
    assert!(linalg::cholesky(&moving(&deficient, &apart)).is_none() && linalg::cholesky(&-&eye).is_none());

    let nan = moving(&(&eye * f64::NAN), &eye);
    assert_eq!(linalg::symmetric_eigen(&nan).unwrap_err(), Error::NoConvergence);
    assert_eq!(linalg::projector(&nan, 0..1).unwrap_err(), Error::NoConvergence);
    assert_eq!(linalg::svd(&nan, true, true).unwrap_err(), Error::NoConvergence);
    assert_eq!(linalg::pseudo_inverse(&nan).unwrap_err(), Error::NoConvergence);
    assert!(linalg::cholesky(&nan).is_none() && linalg::determinant(&nan).re.is_nan());
    assert!(linalg::solve(&nan, &nan).is_none_or(|x| x.iter().all(|x| x.re.is_nan())));
}

#[test]
#[should_panic(expected = "a square matrix is expected, this is 2×3")]
fn not_square() {
    let _ = linalg::determinant(&DMatrix::<D1>::zeros(2, 3));
}

#[test]
#[should_panic(expected = "exceed the 3 eigenvalues")]
fn no_such_eigenvalue() {
    let _ = linalg::projector(&DMatrix::<f64>::identity(3, 3), 1..4);
}

/// Foreign code of either taste, and a module that knows both traits.
mod both_traits {
    use super::{D1, D2};
    use nalgebra::{ComplexField, RealField};
    use nilpotent::num_traits::Float;

    fn real<T: RealField + Copy>(x: T) -> T {
        (x * x + T::pi()).sqrt().sin().max(T::zero() - x)
    }

    fn float<T: Float>(x: T) -> T {
        (x * x + T::from(std::f64::consts::PI).unwrap()).sqrt().sin().max(T::zero() - x)
    }

    fn complex<T: ComplexField<RealField: Copy> + Copy>(x: T) -> T::RealField {
        (x * x).exp().modulus()
    }

    #[test]
    fn same_number() {
        let x = D1::new(0.75, [1.0]);
        let root = (0.75 * 0.75 + std::f64::consts::PI).sqrt();
        assert!(real(x).same(float(x)) && (real(x).eps[0] - root.cos() * 0.75 / root).abs() < 1e-15);
        assert!((complex(x).eps[0] - 1.5 * 0.5625_f64.exp()).abs() < 1e-14);
        let y = D2::new(x, [D1::constant(1.0)]);
        assert!(real(y).same(float(y)) && real(y).re.same(real(x)));
    }

    #[test]
    fn methods_are_not_ambiguous() {
        let x = D1::new(0.5, [1.0]);
        let all = [x.sin(), x.sqrt(), x.abs(), x.powi(3), x.powf(0.5), x.atan2(x), x.max(0.0), x.hypot(2.0), x.exp()];
        assert!(all.iter().all(|y| y.is_finite()) && x.sin().eps[0] == 0.5_f64.cos());
    }
}

#[cfg(feature = "simba_0_9")]
#[test]
fn previous_generation() {
    fn number<T: simba_0_9::scalar::RealField>(x: T) -> T {
        x.clone().sin() * x
    }
    assert_eq!(number(D1::new(2.0, [1.0])).eps, [2.0_f64.sin() + 2.0 * 2.0_f64.cos()]);
    assert!(number(Dual32::<3>::variable(2.0, 1)).eps[1] > 0.0 && number(D2::seed(0.0)).order(2) == 2.0);
}
