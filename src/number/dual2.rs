//! `Dual2<T, N>`: a value, its gradient and its Hessian, in one pass.
//!
//! Let ε₀ … ε_{N-1} be units whose products of three are all 0. Then `f(a + p) = f(a) + f'(a)·p + f"(a)/2·p²` for every
//! p made of them. This determines what each operation does to the gradient g and the Hessian H:
//!
//! ```text
//! f(x):   g = f'·gₓ                H = f'·Hₓ + f"·gₓgₓᵀ
//! x·y:    g = y·gₓ + x·g_y         H = y·Hₓ + x·H_y + gₓg_yᵀ + g_ygₓᵀ
//! ```
//!
//! For `y = x1·x2²` at (2, 3):
//!
//! ```text
//! x1      = 2     [1, 0]
//! x2      = 3     [0, 1]
//! x2²     = 9     [0, 6]     [[0, 0], [0, 2]]
//! y       = 18    [9, 12]    [[0, 6], [6, 4]]
//! ```
//!
//! See Griewank & Walther, *Evaluating Derivatives*, 2nd ed., section 5.1 and 13.3.

use crate::lanes::{self, Formula, formula};
use crate::nonfinite::{self, Quotient};
use crate::real::Real;
use crate::rules::{self, Chain};
use crate::traits::confusion::stamped;
use crate::traits::fmt::{One, commas, list};
use core::array::from_fn;
use core::fmt;

/// A value, its N partials, and the symmetric matrix of its second partials.
///
/// It costs about half as much as the nested `Dual<Dual<T, N>, N>`, with the same result. For many variables the
/// Hessian is better computed in blocks, by [`HyperDual`](crate::HyperDual).
///
/// ```
/// use nilpotent::Dual2;
///
/// let [x, y] = Dual2::variables([2.0, 3.0]);
/// let z = x * y.powi(2);
/// assert_eq!(z.re, 18.0);
/// assert_eq!(z.grad, [9.0, 12.0]);
/// assert_eq!(z.hess.to_array(), [[0.0, 6.0], [6.0, 4.0]]);
/// ```
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Dual2<T = f64, const N: usize = 1> {
    /// The Hessian.
    pub hess: Symmetric<T, N>,
    /// The gradient.
    pub grad: [T; N],
    /// The value.
    pub re: T,
    /// The call of a driver that the derivatives belong to, or 0.
    #[cfg(feature = "trap-confusion")]
    #[doc(hidden)]
    pub stamp: u64,
}

/// A symmetric matrix, of which only the lower triangle is computed.
///
/// The triangle is stored in a square, and each matrix row is computed up to an even length. So the matrix rows consist
/// of whole SIMD vectors and have known lengths, which makes this layout the fastest. The time of Rosenbrock 10 is 0.4
/// of that with a packed triangle of 55 entries, whose matrix rows start anywhere, 0.3 of that with the full square,
/// and 0.25 of that with the triangle alone, whose matrix rows may have odd lengths.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Symmetric<T, const N: usize> {
    rows: [[T; N]; N],
}

impl<T: Copy, const N: usize> Symmetric<T, N> {
    /// The matrix with this lower triangle. The entries above the diagonal are ignored.
    #[inline]
    pub const fn new(rows: [[T; N]; N]) -> Self {
        Self { rows }
    }

    /// All N² entries.
    #[inline]
    pub fn to_array(self) -> [[T; N]; N] {
        from_fn(|i| from_fn(|j| self[(i, j)]))
    }

    #[inline(always)]
    fn each(zero: T, f: impl Fn(usize, usize) -> T) -> Self {
        let mut rows = [[zero; N]; N];
        // Plain loops, because iterators are slow without optimization.
        let mut i = 0;
        while i < N {
            let end = if i | 1 < N { (i | 1) + 1 } else { N };
            let mut j = 0;
            while j < end {
                rows[i][j] = f(i, j);
                j += 1;
            }
            i += 1;
        }
        Self { rows }
    }

    /// The entry `(i, j)` to be written.
    #[inline]
    pub(crate) fn entry(&mut self, i: usize, j: usize) -> &mut T {
        &mut self.rows[i.max(j)][i.min(j)]
    }

    /// The entries of the lower triangle, row by row.
    #[inline]
    pub(crate) fn lower(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().enumerate().flat_map(|(i, row)| &row[..=i])
    }
}

/// The entry `(i, j)`.
impl<T, const N: usize> core::ops::Index<(usize, usize)> for Symmetric<T, N> {
    type Output = T;

    #[inline]
    fn index(&self, (i, j): (usize, usize)) -> &T {
        &self.rows[i.max(j)][i.min(j)]
    }
}

#[cfg(feature = "serde")]
const _: () = {
    use crate::traits::serde::Parts;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes all N² entries.
    impl<T: Real + Serialize, const N: usize> Serialize for Symmetric<T, N> {
        fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            Parts(self.to_array()).serialize(to)
        }
    }

    /// Reads N² entries, and uses the lower triangle.
    impl<'de, T: Real + Deserialize<'de>, const N: usize> Deserialize<'de> for Symmetric<T, N> {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            Parts::deserialize(from).map(|rows| Self::new(rows.0))
        }
    }

    impl<T: Real + Serialize, const N: usize> Serialize for Parts<Symmetric<T, N>> {
        fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            self.0.serialize(to)
        }
    }

    impl<'de, T: Real + Deserialize<'de>, const N: usize> Deserialize<'de> for Parts<Symmetric<T, N>> {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            Symmetric::deserialize(from).map(Self)
        }
    }
};

#[cfg(feature = "bytemuck")]
const _: () = {
    // SAFETY: a matrix whose entries are all zero bits is valid.
    #[allow(unsafe_code)]
    unsafe impl<T: bytemuck::Zeroable, const N: usize> bytemuck::Zeroable for Symmetric<T, N> {}

    // SAFETY: by `repr(transparent)` it is an array of arrays of `T`.
    #[allow(unsafe_code)]
    unsafe impl<T: bytemuck::Pod, const N: usize> bytemuck::Pod for Symmetric<T, N> {}
};

impl<T: fmt::Debug + Copy, const N: usize> fmt::Debug for Symmetric<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_array().fmt(f)
    }
}

impl<T: fmt::Debug + Copy, const N: usize> fmt::Debug for Dual2<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dual2").field("re", &self.re).field("grad", &self.grad).field("hess", &self.hess).finish()
    }
}

fn square<T, const N: usize>(f: &mut fmt::Formatter<'_>, hess: &Symmetric<T, N>, one: One<T>) -> fmt::Result {
    commas(f, 0..N, |i, f| commas(f, (0..N).map(|j| &hess[(i, j)]), one))
}

impl<T: Copy, const N: usize> Dual2<T, N> {
    /// The number with this value, gradient and Hessian. Of the Hessian only the lower triangle is used.
    #[inline]
    pub const fn new(re: T, grad: [T; N], hess: [[T; N]; N]) -> Self {
        stamped!(Self { re, grad, hess: Symmetric::new(hess) })
    }

    #[inline]
    pub(crate) const fn filled(re: T, zero: T) -> Self {
        Self::new(re, [zero; N], [[zero; N]; N])
    }
}

impl<T: Real, const N: usize> Dual2<T, N> {
    /// The constant `re`: all derivatives are 0.
    #[inline]
    pub fn constant(re: T) -> Self {
        Self::filled(re, T::absent())
    }

    /// The `i`-th of N independent variables, at `re`: the partial `i` is 1, all other derivatives are 0.
    ///
    /// # Panics
    /// If `i >= N`.
    #[inline]
    pub fn variable(re: T, i: usize) -> Self {
        assert!(i < N, "variable {i} of a number with {N} partials");
        Self { grad: from_fn(|j| if i == j { T::one() } else { T::absent() }), ..Self::constant(re) }
    }

    /// All N variables at the point `x`.
    #[inline]
    pub fn variables(x: [T; N]) -> [Self; N] {
        from_fn(|i| Self::variable(x[i], i))
    }

    /// The order of the derivatives that one level carries.
    pub(crate) const DEGREE: u32 = 2;

    /// Whether `f` holds for each pair of derivatives.
    #[inline]
    pub(crate) fn all_parts(self, y: Self, f: impl Fn(T, T) -> bool) -> bool {
        self.grad.iter().zip(&y.grad).chain(self.hess.lower().zip(y.hess.lower())).all(|(&a, &b)| f(a, b))
    }

    #[inline(always)]
    fn hess(f: impl Fn(usize, usize) -> T) -> Symmetric<T, N> {
        Symmetric::each(T::absent(), f)
    }

    #[inline(always)]
    fn zip(self, y: Self, re: T, f: impl Formula<T>) -> Self {
        stamped!(
            self,
            y,
            Self {
                re,
                grad: lanes::zip(&self.grad, &y.grad, &f),
                hess: Self::hess(|i, j| f.one(self.hess.rows[i][j], y.hess.rows[i][j])),
            }
        )
    }

    #[inline(always)]
    pub(crate) fn scaled(self, c: T) -> Self {
        let re = self.re * c;
        if nonfinite::regular_at(re) {
            self.zip(self, re, formula!(|a, _| a * c))
        } else {
            self.chain_nonfinite(re, c, T::absent())
        }
    }

    #[inline(always)]
    pub(crate) fn product(self, y: Self) -> Self {
        let re = self.re * y.re;
        let grad: [T; N] = from_fn(|i| self.grad[i] * y.re + self.re * y.grad[i]);
        if !all_finite(re, T::absent(), &grad) {
            let (zero, one) = (T::absent(), T::one());
            return self.chain2_nonfinite(y, re, [y.re, self.re], [zero, one, zero]);
        }
        let (g, h) = (&self.grad, &y.grad);
        let hess = Self::hess(|i, j| {
            (self.hess.rows[i][j] * y.re + self.re * y.hess.rows[i][j]) + (g[i] * h[j] + h[i] * g[j])
        });
        stamped!(self, y, Self { re, grad, hess })
    }

    /// The product of the slope `self` and the derivative `e`, in which zeros in `e` and zero derivatives of `self`
    /// stay zero.
    #[inline]
    pub(crate) fn slope_product(self, e: Self) -> Self {
        let (x, y) = (self.re, e.re);
        let entry = |a: T, b: T| nonfinite::zero_product(a, y) + x.slope_times(b);
        let mut product = self.zip(e, x.slope_times(y), entry);
        let cross = |i: usize, j: usize| nonfinite::zero_product(self.grad[i], e.grad[j]);
        product.hess = Self::hess(|i, j| product.hess.rows[i][j] + (cross(i, j) + cross(j, i)));
        product
    }

    #[inline(always)]
    pub(crate) fn quotient(self, y: Self) -> Self {
        let re = self.re / y.re;
        let Some(quotient) = Quotient::usual(re, y.re) else { return self.quotient_nonfinite(y, re) };
        let grad: [T; N] = from_fn(|i| quotient.one(self.grad[i], y.grad[i]));
        if !all_finite(re, T::absent(), &grad) {
            return self.quotient_nonfinite(y, re);
        }
        let h = &y.grad;
        let hess = Self::hess(|i, j| {
            quotient.one(self.hess.rows[i][j] - (grad[i] * h[j] + h[i] * grad[j]), y.hess.rows[i][j])
        });
        stamped!(self, y, Self { re, grad, hess })
    }

    #[inline(always)]
    fn chain_nonfinite(self, f: T, df: T, ddf: T) -> Self {
        let zero = T::absent();
        self.chain2_nonfinite(Self::constant(zero), f, [df, zero], [ddf, zero, zero])
    }

    /// `chain2` where the value, a slope or the gradient is not finite.
    #[inline(always)]
    fn chain2_nonfinite(self, y: Self, f: T, df: [T; 2], ddf: [T; 3]) -> Self {
        let (grad, hess) = self.paired(y);
        let second = nonfinite::second_partials(df, ddf, grad, grad, hess);
        stamped!(self, y, Self::new(f, nonfinite::partials(df, grad), second))
    }

    #[inline(always)]
    fn quotient_nonfinite(self, y: Self, f: T) -> Self {
        let (pairs, hess) = self.paired(y);
        let grad = nonfinite::quotients(f, self.re, y.re, pairs);
        let second = nonfinite::quotient_second_partials(f, self.re, y.re, (grad, grad), pairs, pairs, hess);
        stamped!(self, y, Self::new(f, grad, second))
    }

    #[inline(always)]
    #[allow(clippy::type_complexity)]
    fn paired(self, y: Self) -> ([[T; 2]; N], [[[T; 2]; N]; N]) {
        (nonfinite::pairs(&self.grad, &y.grad), from_fn(|i| nonfinite::pairs(&self.hess.rows[i], &y.hess.rows[i])))
    }
}

/// Whether slopes and the gradient are finite. In two sums, so that no addition waits for the one before.
#[inline(always)]
fn all_finite<T: Real, const N: usize>(re: T, slopes: T, grad: &[T; N]) -> bool {
    let mut sums = [T::absent(); 2];
    for (i, &g) in grad.iter().enumerate() {
        sums[i % 2] += g;
    }
    nonfinite::all_finite(re, slopes, sums.into_iter())
}

impl<T: Real, const N: usize> Chain for Dual2<T, N> {
    type Re = T;

    #[inline]
    fn re(self) -> T {
        self.re
    }

    #[inline]
    fn constant(re: T) -> Self {
        Self::constant(re)
    }

    #[inline]
    fn is_constant(self) -> bool {
        self.all_parts(self, |a, _| a.is_absent())
    }

    #[inline(always)]
    fn chain(self, f: T, df: T, ddf: impl FnOnce() -> T) -> Self {
        let ddf = ddf();
        let grad: [T; N] = from_fn(|i| df * self.grad[i]);
        if !all_finite(f, df + ddf, &grad) {
            return self.chain_nonfinite(f, df, ddf);
        }
        let p: [T; N] = from_fn(|i| ddf * self.grad[i]);
        let hess = Self::hess(|i, j| df * self.hess.rows[i][j] + p[i] * self.grad[j]);
        stamped!(self, self, Self { re: f, grad, hess })
    }

    #[inline(always)]
    fn chain2(self, y: Self, f: T, [fx, fy]: [T; 2], ddf: impl FnOnce() -> [T; 3]) -> Self {
        let [fxx, fxy, fyy] = ddf();
        let grad: [T; N] = from_fn(|i| fx * self.grad[i] + fy * y.grad[i]);
        if !all_finite(f, fx + fy + (fxx + fxy + fyy), &grad) {
            return self.chain2_nonfinite(y, f, [fx, fy], [fxx, fxy, fyy]);
        }
        let (g, h) = (&self.grad, &y.grad);
        let p: [T; N] = from_fn(|i| fxx * g[i] + fxy * h[i]);
        let q: [T; N] = from_fn(|i| fxy * g[i] + fyy * h[i]);
        let hess =
            Self::hess(|i, j| (fx * self.hess.rows[i][j] + fy * y.hess.rows[i][j]) + (p[i] * g[j] + q[i] * h[j]));
        stamped!(self, y, Self { re: f, grad, hess })
    }
}

crate::traits::linear!(Dual2<T, N>, const N: usize);
crate::traits::number!(rules, Dual2<T, N>, const N: usize; list grad "ε", square hess "ε²");
