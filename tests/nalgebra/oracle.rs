//! The oracle: truncated polynomials, matrices of them, and verdicts.

use super::modes::Mode;
use nalgebra::storage::Storage;
use nalgebra::{DMatrix, DVector, Dim, Matrix, SMatrix};
use nilpotent::num_traits::{One, Zero};
use std::f64::consts::FRAC_PI_2;
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// `v + a·ε₁ + b·ε₂ + c·ε₁ε₂`, with the parts in the order of a `Dual<Dual>`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jet(pub [f64; 4]);

impl Jet {
    pub fn constant(v: f64) -> Self {
        Self([v, 0.0, 0.0, 0.0])
    }

    /// Applies a function, given by f, f' and f" at the value.
    pub fn chain(self, [f, df, ddf]: [f64; 3]) -> Self {
        let [_, a, b, c] = self.0;
        Self([f, df * a, df * b, ddf * a * b + df * c])
    }

    pub fn sin(self) -> Self {
        let (s, c) = self.0[0].sin_cos();
        self.chain([s, c, -s])
    }

    pub fn cos(self) -> Self {
        (self + Self::constant(FRAC_PI_2)).sin()
    }

    pub fn exp(self) -> Self {
        self.chain([self.0[0].exp(); 3])
    }

    pub fn powf(self, p: f64) -> Self {
        let x = self.0[0];
        self.chain([x.powf(p), p * x.powf(p - 1.0), p * (p - 1.0) * x.powf(p - 2.0)])
    }

    pub fn recip(self) -> Self {
        self.powf(-1.0)
    }

    pub fn number<N: Mode>(self) -> N {
        N::of(self)
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

/// A matrix of jets: its value and its derivatives along a path.
pub type Path = DMatrix<Jet>;

/// A matrix of arbitrary numbers.
pub fn some(rows: usize, columns: usize, seed: usize) -> DMatrix<f64> {
    DMatrix::from_fn(rows, columns, |i, j| ((i * i + 3 * j * j * j + 5 * i * j + 7 * seed + 1) as f64).sin())
}

/// A matrix of three columns, with column `j` multiplied by `s`.
pub fn scaled(j: usize, s: f64) -> DMatrix<f64> {
    let mut m = some(3, 3, 0);
    m.column_mut(j).scale_mut(s);
    m
}

/// A matrix whose column 0 is a rotation vector of this angle.
pub fn at_angle(angle: f64) -> DMatrix<f64> {
    scaled(0, angle / some(3, 3, 0).column(0).norm())
}

pub fn diagonal(d: &[f64]) -> DMatrix<f64> {
    DMatrix::from_diagonal(&DVector::from_column_slice(d))
}

pub fn identity(n: usize) -> Path {
    DMatrix::identity(n, n)
}

/// `a + t·a₁ + t²·a₂/2`, whose derivatives do not share the structure of `a`. For order 1 only ε₂ is used, and for
/// order 0 none.
pub fn path(order: u32, a: &DMatrix<f64>) -> Path {
    let (m, n) = a.shape();
    let (first, second) = (some(m, n, 1), some(m, n, 2));
    let up_to = |least: u32, x: f64| if order < least { 0.0 } else { x };
    DMatrix::from_fn(m, n, |i, j| {
        let d = first[(i, j)];
        Jet([a[(i, j)], up_to(2, d), up_to(1, d), up_to(2, second[(i, j)])])
    })
}

pub fn numbers<N: Mode>(m: &Path) -> DMatrix<N> {
    m.map(Jet::number)
}

pub fn fixed<N: Mode, const R: usize, const C: usize>(m: &Path) -> SMatrix<N, R, C> {
    assert_eq!(m.shape(), (R, C));
    SMatrix::from_fn(|i, j| m[(i, j)].number())
}

pub fn jets<N: Mode, R: Dim, C: Dim, S: Storage<N, R, C>>(m: &Matrix<N, R, C, S>) -> Path {
    DMatrix::from_fn(m.nrows(), m.ncols(), |i, j| m[(i, j)].into())
}

pub fn single<X: Into<Jet>>(x: X) -> Path {
    DMatrix::from_element(1, 1, x.into())
}

pub fn symmetric(a: &Path) -> Path {
    (a + a.transpose()).map(|x| x * Jet::constant(0.5))
}

pub fn determinant(m: &Path) -> Jet {
    if m.nrows() == 0 {
        return Jet::one();
    }
    (0..m.nrows()).fold(Jet::zero(), |sum, i| {
        let minor = m[(i, 0)] * determinant(&m.clone().remove_row(i).remove_column(0));
        if i % 2 == 0 { sum + minor } else { sum - minor }
    })
}

/// `exp m`, by its series.
pub fn series(m: &Path) -> Path {
    let (mut sum, mut term) = (identity(m.nrows()), identity(m.nrows()));
    for k in 1..90 {
        term = (term * m).map(|x| x * Jet::constant(1.0 / f64::from(k)));
        sum += &term;
    }
    sum
}

/// The matrix `[v]×` of the cross product.
pub fn cross(v: &Path) -> Path {
    let (o, [x, y, z]) = (Jet::zero(), [v[0], v[1], v[2]]);
    DMatrix::from_row_slice(3, 3, &[o, -z, y, z, o, -x, -y, x, o])
}

/// The rotation by the vector v.
pub fn rotation(v: &Path) -> Path {
    series(&cross(v))
}

/// The matrix by which the quaternion of the rotation by v multiplies another from the left; the order is x, y, z, w.
pub fn left(v: &Path) -> Path {
    let (o, [x, y, z]) = (Jet::zero(), [0, 1, 2].map(|i| v[i] * Jet::constant(0.5)));
    series(&DMatrix::from_row_slice(4, 4, &[o, -z, y, x, z, o, -x, y, -y, x, o, z, -x, -y, -z, o]))
}

/// The quaternion of the rotation by v.
pub fn unit(v: &Path) -> Path {
    left(v).columns(3, 1).into_owned()
}

/// The motion `exp [u, v]`, 4×4.
pub fn motion(u: &Path, v: &Path) -> Path {
    let mut twist = Path::zeros(4, 4);
    twist.view_mut((0, 0), (3, 3)).copy_from(&cross(v));
    twist.view_mut((0, 3), (3, 1)).copy_from(u);
    series(&twist)
}

/// Rotation, scale and translation as one homogeneous matrix.
pub fn homogeneous(r: &Path, s: Jet, t: &Path) -> Path {
    let n = r.nrows();
    let mut m = identity(n + 1);
    m.view_mut((0, 0), (n, n)).copy_from(&r.map(|x| x * s));
    m.view_mut((0, n), (n, 1)).copy_from(t);
    m
}

pub fn turn(t: Jet) -> Path {
    DMatrix::from_row_slice(2, 2, &[t.cos(), -t.sin(), t.sin(), t.cos()])
}

/// Pairs of computed and expected jets, or the reason why nothing was computed.
pub type Checked = Result<Vec<(Jet, Jet)>, &'static str>;

pub fn same(computed: &Path, expected: &Path) -> Vec<(Jet, Jet)> {
    assert_eq!(computed.shape(), expected.shape());
    computed.iter().copied().zip(expected.iter().copied()).collect()
}

pub fn zero(computed: &Path) -> Vec<(Jet, Jet)> {
    same(computed, &(computed * Jet::zero()))
}

pub fn orthonormal(q: &Path) -> Vec<(Jet, Jet)> {
    same(&(q.transpose() * q), &identity(q.ncols()))
}

/// Checks that all entries below the `k`-th diagonal are zero.
pub fn upper(m: &Path, k: usize) -> Vec<(Jet, Jet)> {
    zero(&m.map_with_location(|i, j, x| if i > j + k { x } else { Jet::zero() }))
}

/// The verdict on a computation, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Right,
    EightDigits,
    Zero,
    Wrong,
    NaN,
    WrongValue,
    NaNValue,
    NoEnd,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::EightDigits => "8 digits",
            Self::Zero => "0",
            Self::Wrong => "wrong",
            Self::NaN => "NaN",
            Self::WrongValue => "wrong value",
            Self::NaNValue => "NaN value",
            Self::NoEnd => "no end",
        }
    }
}

/// The greatest error, relative to the greatest part.
pub fn error(pairs: &[(Jet, Jet)]) -> f64 {
    let scale = pairs.iter().flat_map(|(_, e)| e.0).fold(1.0, |m: f64, x| m.max(x.abs()));
    let errors = pairs.iter().flat_map(|(c, e)| (0..4).map(|k| (c.0[k] - e.0[k]).abs() / scale));
    errors.fold(0.0, |m: f64, e| if m.is_nan() || e.is_nan() { f64::NAN } else { m.max(e) })
}

pub fn verdict(checked: &Checked) -> Verdict {
    let Ok(pairs) = checked else { return Verdict::NoEnd };
    let value = |bad: fn(f64) -> bool| pairs.iter().any(|(c, e)| bad(c.0[0] - e.0[0]));
    match error(pairs) {
        _ if value(f64::is_nan) => Verdict::NaNValue,
        _ if value(|e| e.abs() > 1e-8) => Verdict::WrongValue,
        e if !e.is_finite() => Verdict::NaN,
        e if e < 1e-10 => Verdict::Right,
        e if e < 1e-8 => Verdict::EightDigits,
        _ if pairs.iter().all(|(c, _)| c.0[1..] == [0.0; 3]) => Verdict::Zero,
        _ => Verdict::Wrong,
    }
}

pub type Check = fn(&Path) -> Checked;
