//! `Dual<T, N>`: a value and N partial derivatives, propagated forward.
//!
//! Let ε ≠ 0 with ε² = 0. Then `f(a + bε) = f(a) + f'(a)·bε` for every differentiable f, because all later terms of the
//! Taylor series contain ε². So arithmetic on numbers `a + bε` carries the derivative along:
//!
//! ```text
//! (a + bε) + (c + dε) = (a + c) + (b + d)ε
//! (a + bε) · (c + dε) =  a c    + (b c + a d)ε
//! ```
//!
//! With N independent units ε₀ … ε_{N-1}, whose products are all 0, one pass finds all N partials of a function. For
//! `y = x1·x2 + sin(x1)` at (2, 3), where each variable is seeded with 1 in its own place:
//!
//! ```text
//! x1         = 2                + [1, 0]ε
//! x2         = 3                + [0, 1]ε
//! x1·x2      = 6                + [3, 2]ε
//! sin(x1)    = 0.9093           + [cos 2, 0]ε
//! y          = 6.9093           + [2.5839, 2]ε
//! ```
//!
//! See Griewank & Walther, *Evaluating Derivatives*, 2nd ed., section 3.1 and 13.2.

use crate::lanes::{self, Formula, formula};
use crate::nonfinite::{self, Quotient};
use crate::real::Real;
use crate::rules::{self, Chain};
use crate::traits::confusion::stamped;
use crate::traits::fmt::list;
use core::array::from_fn;
use core::fmt;

/// A value and its N partial derivatives: `re + Σᵢ eps[i]·εᵢ`, where `εᵢεⱼ = 0`.
///
/// `T` is `f32`, `f64` or another number. Nested numbers give higher derivatives.
///
/// ```
/// use nilpotent::Dual;
///
/// let x = Dual::<f64, 2>::variable(2.0, 0);
/// let y = Dual::<f64, 2>::variable(3.0, 1);
/// let z = x * y + x.sin();
/// assert_eq!(z.re, 6.0 + 2.0_f64.sin());
/// assert_eq!(z.eps, [3.0 + 2.0_f64.cos(), 2.0]);
/// ```
// The partials come first, so that the vector loads of arithmetic match the vector stores of copies. With the value
// first, a Jacobian over nalgebra's vectors with 9 partials takes a sixth longer.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Dual<T = f64, const N: usize = 1> {
    /// The partial derivatives.
    pub eps: [T; N],
    /// The value.
    pub re: T,
    /// The call of a driver that the derivatives belong to, or 0.
    #[cfg(feature = "trap-confusion")]
    #[doc(hidden)]
    pub stamp: u64,
}

/// A dual number over `f64`, with one partial by default.
pub type Dual64<const N: usize = 1> = Dual<f64, N>;

/// A dual number over `f32`, with one partial by default.
pub type Dual32<const N: usize = 1> = Dual<f32, N>;

impl<T: fmt::Debug, const N: usize> fmt::Debug for Dual<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dual").field("re", &self.re).field("eps", &self.eps).finish()
    }
}

impl<T, const N: usize> Dual<T, N> {
    /// The number `re + Σᵢ eps[i]·εᵢ`.
    #[inline]
    pub const fn new(re: T, eps: [T; N]) -> Self {
        stamped!(Self { re, eps })
    }
}

impl<T: Copy, const N: usize> Dual<T, N> {
    #[inline]
    pub(crate) const fn filled(re: T, zero: T) -> Self {
        stamped!(Self { re, eps: [zero; N] })
    }
}

impl<T: Real, const N: usize> Dual<T, N> {
    /// The constant `re`: all partials are 0.
    #[inline]
    pub fn constant(re: T) -> Self {
        Self::filled(re, T::absent())
    }

    /// The `i`-th of N independent variables, at `re`: the partial `i` is 1, the others are 0.
    ///
    /// # Panics
    /// If `i >= N`.
    #[inline]
    pub fn variable(re: T, i: usize) -> Self {
        assert!(i < N, "variable {i} of a number with {N} partials");
        let mut x = Self::constant(re);
        x.eps[i] = T::one();
        x
    }

    /// All N variables at the point `x`: the partials form the identity matrix.
    ///
    /// ```
    /// use nilpotent::Dual;
    ///
    /// let [x, y] = Dual::variables([3.0, 4.0]);
    /// assert_eq!(x.hypot(y).eps, [0.6, 0.8]);
    /// ```
    #[inline]
    pub fn variables(x: [T; N]) -> [Self; N] {
        from_fn(|i| Self::variable(x[i], i))
    }

    /// The order of the derivatives that one level carries.
    pub(crate) const DEGREE: u32 = 1;

    /// Whether `f` holds for each pair of derivatives.
    #[inline]
    pub(crate) fn all_parts(self, y: Self, f: impl Fn(T, T) -> bool) -> bool {
        self.eps.iter().zip(y.eps).all(|(&a, b)| f(a, b))
    }

    #[inline(always)]
    fn zip(self, y: Self, re: T, f: impl Formula<T>) -> Self {
        stamped!(self, y, Self { re, eps: lanes::zip(&self.eps, &y.eps, &f) })
    }

    #[inline(always)]
    pub(crate) fn scaled(self, c: T) -> Self {
        let re = self.re * c;
        if nonfinite::regular_at(re) {
            self.zip(self, re, formula!(|a, _| a * c))
        } else {
            self.chain(re, c, T::absent)
        }
    }

    #[inline(always)]
    pub(crate) fn product(self, y: Self) -> Self {
        let re = self.re * y.re;
        if nonfinite::regular_at(re) {
            self.zip(y, re, formula!(|a, b| a * y.re + b * self.re))
        } else {
            self.chain2(y, re, [y.re, self.re], || [T::absent(); 3])
        }
    }

    /// The product of the slope `self` and the derivative `e`, in which zeros in `e` and zero partials of `self` stay
    /// zero.
    #[inline]
    pub(crate) fn slope_product(self, e: Self) -> Self {
        let (x, y) = (self.re, e.re);
        self.zip(e, x.slope_times(y), |a: T, b: T| nonfinite::zero_product(a, y) + x.slope_times(b))
    }

    #[inline(always)]
    pub(crate) fn quotient(self, y: Self) -> Self {
        let re = self.re / y.re;
        if let Some(quotient) = Quotient::usual(re, y.re) {
            self.zip(y, re, quotient)
        } else {
            let pairs = nonfinite::pairs(&self.eps, &y.eps);
            stamped!(self, y, Self { re, eps: nonfinite::quotients(re, self.re, y.re, pairs) })
        }
    }

    /// `chain` where `f` or the slope is not finite.
    #[inline(always)]
    fn chain_nonfinite(self, f: T, df: T) -> Self {
        let zero = T::absent();
        let pairs = from_fn(|i| [self.eps[i], zero]);
        stamped!(self, self, Self { re: f, eps: nonfinite::partials([df, zero], pairs) })
    }
}

impl<T: Real, const N: usize> Chain for Dual<T, N> {
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
    fn chain(self, f: T, df: T, _: impl FnOnce() -> T) -> Self {
        if const { T::ORDER == 0 } {
            // A test of the slope would take longer than the masks.
            return self.zip(self, f, lanes::slope_times(df));
        }
        if (f + df).presumed_finite() {
            self.zip(self, f, formula!(|a, _| a * df))
        } else {
            self.chain_nonfinite(f, df)
        }
    }

    #[inline(always)]
    fn chain2(self, y: Self, f: T, [fx, fy]: [T; 2], _: impl FnOnce() -> [T; 3]) -> Self {
        if (fx + fy).presumed_finite() && nonfinite::regular_at(f) {
            self.zip(y, f, formula!(|a, b| a * fx + b * fy))
        } else {
            let pairs = nonfinite::pairs(&self.eps, &y.eps);
            stamped!(self, y, Self { re: f, eps: nonfinite::partials([fx, fy], pairs) })
        }
    }

    #[inline(always)]
    fn regular(self, f: T, df: T, ddf: impl FnOnce() -> T) -> Self {
        if const { T::ORDER == 0 } { self.zip(self, f, formula!(|a, _| a * df)) } else { self.chain(f, df, ddf) }
    }

    #[inline(always)]
    fn regular2(self, y: Self, f: T, [fx, fy]: [T; 2], ddf: impl FnOnce() -> [T; 3]) -> Self {
        if const { T::ORDER == 0 } {
            self.zip(y, f, formula!(|a, b| a * fx + b * fy))
        } else {
            self.chain2(y, f, [fx, fy], ddf)
        }
    }
}

crate::traits::linear!(Dual<T, N>, const N: usize);
crate::traits::number!(rules, Dual<T, N>, const N: usize; list eps "ε");
