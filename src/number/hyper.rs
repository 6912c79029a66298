//! `HyperDual<T, M, N>`: a value, its partials in two blocks of variables, and the mixed second partials between them.
//!
//! Let ε and δ be units with ε² = δ² = 0, but εδ ≠ 0. Then
//! `f(a + bε + cδ + dεδ) = f + f'·bε + f'·cδ + (f'·d + f"·bc)εδ`, which gives exact second derivatives without
//! subtraction. (Fike & Alonso, *The development of hyper-dual numbers for exact second-derivative calculations*, AIAA
//! 2011-886, treat M = N = 1.) A variable that is seeded in both blocks gives its second derivative:
//!
//! ```text
//! x       = 3     + 1·ε    + 1·δ    + 0·εδ
//! x³      = 27    + 27·ε   + 27·δ   + 18·εδ
//! ```

use crate::lanes::{self, Formula, formula};
use crate::nonfinite::{self, Quotient};
use crate::real::Real;
use crate::rules::{self, Chain};
use crate::traits::confusion::stamped;
use crate::traits::fmt::{grid, list};
use core::array::from_fn;
use core::fmt;

/// A value, its M and N partials in two blocks of variables, and the M×N mixed second partials between the blocks.
///
/// It computes a block of a Hessian, or a mixed partial. [`Dual2`](crate::Dual2) computes a whole Hessian.
///
/// ```
/// use nilpotent::HyperDual;
///
/// // d²/dxdy of x²·y³ at (2, 1): 6xy².
/// let x = HyperDual::<f64>::variable(2.0, Some(0), None);
/// let y = HyperDual::<f64>::variable(1.0, None, Some(0));
/// let z = x.powi(2) * y.powi(3);
/// assert_eq!((z.re, z.eps1, z.eps2, z.eps1eps2), (4.0, [4.0], [12.0], [[12.0]]));
/// ```
#[derive(Clone, Copy)]
#[repr(C)]
pub struct HyperDual<T = f64, const M: usize = 1, const N: usize = 1> {
    /// The mixed second partials: `eps1eps2[i][j]` belongs to the variables i of the first block and j of the second.
    pub eps1eps2: [[T; N]; M],
    /// The partials in the second block.
    pub eps2: [T; N],
    /// The partials in the first block.
    pub eps1: [T; M],
    /// The value.
    pub re: T,
    /// The call of a driver that the derivatives belong to, or 0.
    #[cfg(feature = "trap-confusion")]
    #[doc(hidden)]
    pub stamp: u64,
}

impl<T: fmt::Debug, const M: usize, const N: usize> fmt::Debug for HyperDual<T, M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperDual")
            .field("re", &self.re)
            .field("eps1", &self.eps1)
            .field("eps2", &self.eps2)
            .field("eps1eps2", &self.eps1eps2)
            .finish()
    }
}

impl<T, const M: usize, const N: usize> HyperDual<T, M, N> {
    /// The number with these parts.
    #[inline]
    pub const fn new(re: T, eps1: [T; M], eps2: [T; N], eps1eps2: [[T; N]; M]) -> Self {
        stamped!(Self { re, eps1, eps2, eps1eps2 })
    }
}

impl<T: Copy, const M: usize, const N: usize> HyperDual<T, M, N> {
    #[inline]
    pub(crate) const fn filled(re: T, zero: T) -> Self {
        Self::new(re, [zero; M], [zero; N], [[zero; N]; M])
    }
}

impl<T: Real, const M: usize, const N: usize> HyperDual<T, M, N> {
    /// The constant `re`: all derivatives are 0.
    #[inline]
    pub fn constant(re: T) -> Self {
        Self::filled(re, T::absent())
    }

    /// The variable `i` of the first block and `j` of the second, at `re`. With `None` it is not a variable of that
    /// block.
    ///
    /// # Panics
    /// If `i >= M` or `j >= N`.
    #[inline]
    pub fn variable(re: T, i: Option<usize>, j: Option<usize>) -> Self {
        assert!(i.is_none_or(|i| i < M), "variable {i:?} of a first block with {M} partials");
        assert!(j.is_none_or(|j| j < N), "variable {j:?} of a second block with {N} partials");
        let one_at = |hit| if hit { T::one() } else { T::absent() };
        Self { eps1: from_fn(|k| one_at(Some(k) == i)), eps2: from_fn(|k| one_at(Some(k) == j)), ..Self::constant(re) }
    }

    /// The order of the derivatives that one level carries.
    pub(crate) const DEGREE: u32 = 2;

    /// Whether `f` holds for each pair of derivatives.
    #[inline]
    pub(crate) fn all_parts(self, y: Self, f: impl Fn(T, T) -> bool) -> bool {
        let blocks = self.eps1.iter().zip(&y.eps1).chain(self.eps2.iter().zip(&y.eps2));
        let cross = self.eps1eps2.as_flattened().iter().zip(y.eps1eps2.as_flattened());
        blocks.chain(cross).all(|(&a, &b)| f(a, b))
    }

    #[inline(always)]
    fn zip(self, y: Self, re: T, f: impl Formula<T>) -> Self {
        stamped!(
            self,
            y,
            Self {
                re,
                eps1: lanes::zip(&self.eps1, &y.eps1, &f),
                eps2: lanes::zip(&self.eps2, &y.eps2, &f),
                eps1eps2: block(|i, j| f.one(self.eps1eps2[i][j], y.eps1eps2[i][j])),
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
        // The products of partials are added to the mixed partials below.
        let mut z = self.zip(y, re, formula!(|a, b| a * y.re + b * self.re));
        if !z.all_finite(T::absent()) {
            let (zero, one) = (T::absent(), T::one());
            return self.chain2_nonfinite(y, re, [y.re, self.re], [zero, one, zero]);
        }
        z.add_mixed(|i, j| self.eps1[i] * y.eps2[j] + y.eps1[i] * self.eps2[j]);
        z
    }

    /// The product of the slope `self` and the derivative `e`, in which zeros in `e` and zero derivatives of `self`
    /// stay zero.
    #[inline]
    pub(crate) fn slope_product(self, e: Self) -> Self {
        let (x, y) = (self.re, e.re);
        let mut z = self.zip(e, x.slope_times(y), |a: T, b: T| nonfinite::zero_product(a, y) + x.slope_times(b));
        z.add_mixed(|i, j| {
            nonfinite::zero_product(self.eps1[i], e.eps2[j]) + nonfinite::zero_product(e.eps1[i], self.eps2[j])
        });
        z
    }

    #[inline(always)]
    pub(crate) fn quotient(self, y: Self) -> Self {
        let re = self.re / y.re;
        let Some(quotient) = Quotient::usual(re, y.re) else { return self.quotient_nonfinite(y, re) };
        let inverse = quotient.inverse();
        let mut z = self.zip(y, re, quotient);
        if !z.all_finite(T::absent()) {
            return self.quotient_nonfinite(y, re);
        }
        let (first, second) = (z.eps1, z.eps2);
        z.add_mixed(|i, j| -(first[i] * y.eps2[j] + y.eps1[i] * second[j]) * inverse);
        z
    }

    /// Adds `f(i, j)` to each mixed partial.
    #[inline(always)]
    fn add_mixed(&mut self, f: impl Fn(usize, usize) -> T) {
        self.eps1eps2 = block(|i, j| self.eps1eps2[i][j] + f(i, j));
    }

    /// Whether slopes and the partials of both blocks are finite.
    #[inline(always)]
    fn all_finite(&self, slopes: T) -> bool {
        nonfinite::all_finite(self.re, slopes, self.eps1.iter().chain(&self.eps2).copied())
    }

    #[inline(always)]
    fn chain_nonfinite(self, f: T, df: T, ddf: T) -> Self {
        let zero = T::absent();
        self.chain2_nonfinite(Self::constant(zero), f, [df, zero], [ddf, zero, zero])
    }

    /// `chain2` where the value, a slope or a partial is not finite.
    #[inline(always)]
    fn chain2_nonfinite(self, y: Self, f: T, df: [T; 2], ddf: [T; 3]) -> Self {
        let (first, second, both) = self.paired(y);
        stamped!(
            self,
            y,
            Self {
                re: f,
                eps1: nonfinite::partials(df, first),
                eps2: nonfinite::partials(df, second),
                eps1eps2: nonfinite::second_partials(df, ddf, first, second, both),
            }
        )
    }

    #[inline(always)]
    fn quotient_nonfinite(self, y: Self, f: T) -> Self {
        let (first, second, both) = self.paired(y);
        let (eps1, eps2) =
            (nonfinite::quotients(f, self.re, y.re, first), nonfinite::quotients(f, self.re, y.re, second));
        let eps1eps2 = nonfinite::quotient_second_partials(f, self.re, y.re, (eps1, eps2), first, second, both);
        stamped!(self, y, Self { re: f, eps1, eps2, eps1eps2 })
    }

    #[inline(always)]
    #[allow(clippy::type_complexity)]
    fn paired(self, y: Self) -> ([[T; 2]; M], [[T; 2]; N], [[[T; 2]; N]; M]) {
        let both = from_fn(|i| nonfinite::pairs(&self.eps1eps2[i], &y.eps1eps2[i]));
        (nonfinite::pairs(&self.eps1, &y.eps1), nonfinite::pairs(&self.eps2, &y.eps2), both)
    }
}

/// The matrix with the entries `f(i, j)`, by plain loops: nested calls of `from_fn` would not be inlined, and iterators are
/// slow without optimization.
#[inline(always)]
fn block<T: Real, const M: usize, const N: usize>(f: impl Fn(usize, usize) -> T) -> [[T; N]; M] {
    let mut rows = [[T::absent(); N]; M];
    let mut i = 0;
    while i < M {
        let mut j = 0;
        while j < N {
            rows[i][j] = f(i, j);
            j += 1;
        }
        i += 1;
    }
    rows
}

impl<T: Real, const M: usize, const N: usize> Chain for HyperDual<T, M, N> {
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
        let mut z = self.zip(self, f, formula!(|a, _| a * df));
        if !z.all_finite(df + ddf) {
            return self.chain_nonfinite(f, df, ddf);
        }
        let p: [T; M] = from_fn(|i| ddf * self.eps1[i]);
        z.add_mixed(|i, j| p[i] * self.eps2[j]);
        z
    }

    #[inline(always)]
    fn chain2(self, y: Self, f: T, [fx, fy]: [T; 2], ddf: impl FnOnce() -> [T; 3]) -> Self {
        let [fxx, fxy, fyy] = ddf();
        let mut z = self.zip(y, f, formula!(|a, b| a * fx + b * fy));
        if !z.all_finite(fx + fy + (fxx + fxy + fyy)) {
            return self.chain2_nonfinite(y, f, [fx, fy], [fxx, fxy, fyy]);
        }
        let p: [T; M] = from_fn(|i| fxx * self.eps1[i] + fxy * y.eps1[i]);
        let q: [T; M] = from_fn(|i| fxy * self.eps1[i] + fyy * y.eps1[i]);
        z.add_mixed(|i, j| p[i] * self.eps2[j] + q[i] * y.eps2[j]);
        z
    }
}

crate::traits::linear!(HyperDual<T, M, N>, const M: usize, const N: usize);
crate::traits::number!(rules, HyperDual<T, M, N>, const M: usize, const N: usize;
    list eps1 "ε", list eps2 "δ", grid eps1eps2 "εδ");
