//! The series itself: its constructors and its arithmetic, by recurrences of coefficients.

use crate::lanes::{self, Formula};
use crate::nonfinite::{self, Quotient};
use crate::real::Real;
use crate::traits::confusion::stamped;
use core::array::from_fn;
use core::fmt;
use num_traits::Float;

/// A power series in one variable, to order K: `re + Σₖ coeffs[k-1]·tᵏ`, k = 1 … K. It prints as `re + [coeffs]tᵏ`.
///
/// ```
/// use nilpotent::Taylor;
///
/// let x = Taylor::<f64, 4>::variable(0.0);
/// let y = x.exp();
/// assert_eq!(y.re, 1.0);
/// assert_eq!(y.coeffs, [1.0, 1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0]);
/// assert_eq!(x.sin().derivatives(), [1.0, 0.0, -1.0, 0.0]);
/// ```
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Taylor<T = f64, const K: usize = 1> {
    /// The coefficients of t, t², …, tᴷ: `coeffs[k-1]` is the k-th derivative divided by k!.
    pub coeffs: [T; K],
    /// The value, which is the coefficient of t⁰.
    pub re: T,
    /// The call of a driver that the derivatives belong to, or 0.
    #[cfg(feature = "trap-confusion")]
    #[doc(hidden)]
    pub stamp: u64,
}

impl<T: fmt::Debug, const K: usize> fmt::Debug for Taylor<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Taylor").field("re", &self.re).field("coeffs", &self.coeffs).finish()
    }
}

impl<T, const K: usize> Taylor<T, K> {
    /// The series `re + coeffs[0]·t + coeffs[1]·t² + …`.
    #[inline]
    pub const fn new(re: T, coeffs: [T; K]) -> Self {
        stamped!(Self { re, coeffs })
    }
}

impl<T: Copy, const K: usize> Taylor<T, K> {
    #[inline]
    pub(crate) const fn filled(re: T, zero: T) -> Self {
        Self::new(re, [zero; K])
    }

    /// The coefficient of tᵏ.
    ///
    /// # Panics
    /// If `k > K`.
    #[inline]
    pub const fn coeff(&self, k: usize) -> T {
        assert!(k <= K, "a coefficient beyond the order of the series");
        if k == 0 { self.re } else { self.coeffs[k - 1] }
    }
}

/// How products of coefficients are computed.
///
/// A series is first computed by plain products. If the result is not finite, it is computed once more with
/// `Nonfinite`, where a zero coefficient stays zero.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Care {
    Plain,
    Nonfinite,
}

impl Care {
    /// The product of two coefficients of positive order.
    #[inline(always)]
    pub(super) fn both<T: Real>(self, a: T, b: T) -> T {
        if self == Self::Plain { a * b } else { nonfinite::zero_product(a, b) }
    }

    /// The product of a value and a coefficient of positive order.
    #[inline(always)]
    pub(super) fn slope<T: Real>(self, value: T, e: T) -> T {
        if self == Self::Plain { value * e } else { value.slope_times(e) }
    }

    /// A coefficient of positive order divided by a value.
    #[inline(always)]
    pub(super) fn over<T: Real>(self, e: T, value: T) -> T {
        if self == Self::Nonfinite && e.is_absent() { e } else { e / value }
    }

    /// `Σ aⱼ b_{n-j}`, j = 1 … n-1, of slices that hold the coefficients 1 … n-1.
    #[inline(always)]
    pub(super) fn convolution<T: Real>(self, a: &[T], b: &[T]) -> T {
        a.iter().zip(b.iter().rev()).fold(T::absent(), |sum, (&a, &b)| sum + self.both(a, b))
    }
}

#[inline(always)]
pub(super) fn count<T: Real>(k: usize) -> T::Float {
    T::Float::lit(k as f64)
}

impl<T: Real, const K: usize> Taylor<T, K> {
    /// The constant `re`: all coefficients are 0.
    #[inline]
    pub fn constant(re: T) -> Self {
        Self::filled(re, T::absent())
    }

    /// The variable itself, `re + t`.
    #[inline]
    pub fn variable(re: T) -> Self {
        stamped!(Self { re, coeffs: from_fn(|i| if i == 0 { T::one() } else { T::absent() }) })
    }

    /// The derivatives of orders 1 … K: `k!·coeffs[k-1]`.
    #[inline]
    pub fn derivatives(&self) -> [T; K] {
        let mut factorial = T::Float::lit(1.0);
        from_fn(|i| {
            factorial *= count::<T>(i + 1);
            self.coeffs[i].times(factorial)
        })
    }

    /// The value of the polynomial at `t`, which is that of the function up to O(tᴷ⁺¹).
    ///
    /// ```
    /// use nilpotent::Taylor;
    ///
    /// let y = Taylor::<f64, 12>::variable(0.0).exp();
    /// assert!((y.eval(0.5) - 0.5_f64.exp()).abs() < 1e-13);
    /// ```
    #[inline]
    pub fn eval(&self, t: T) -> T {
        self.coeffs.iter().rev().fold(T::absent(), |sum, &c| (sum + c) * t) + self.re
    }

    /// The antiderivative `re + ∫ self dt`, to the same order. Each step `x = f(x).integral(x₀)` gives one more correct
    /// coefficient of the solution of x' = f(x).
    ///
    /// ```
    /// use nilpotent::Taylor;
    ///
    /// // x' = x with x(0) = 1: the solution is eᵗ.
    /// let mut x = Taylor::<f64, 4>::constant(1.0);
    /// for _ in 0..4 {
    ///     x = x.integral(1.0);
    /// }
    /// assert_eq!(x.derivatives(), [1.0; 4]);
    /// ```
    #[inline]
    #[must_use]
    pub fn integral(&self, re: T) -> Self {
        let coeffs = from_fn(|i| self.coeff(i) / T::from_float(count::<T>(i + 1)));
        stamped!(*self, *self, Self { re, coeffs })
    }

    /// The order of the derivatives that one level carries.
    pub(crate) const DEGREE: u32 = K as u32;

    /// Whether `f` holds for each pair of coefficients of positive order.
    #[inline]
    pub(crate) fn all_parts(self, y: Self, f: impl Fn(T, T) -> bool) -> bool {
        self.coeffs.iter().zip(y.coeffs).all(|(&a, b)| f(a, b))
    }

    #[inline(always)]
    pub(super) fn zip(self, y: Self, re: T, f: impl Formula<T>) -> Self {
        stamped!(self, y, Self { re, coeffs: lanes::zip(&self.coeffs, &y.coeffs, &f) })
    }

    #[inline(always)]
    pub(crate) fn scaled(self, c: T) -> Self {
        self.linear(self.re * c, c)
    }

    #[inline(always)]
    pub(crate) fn product(self, y: Self) -> Self {
        let z = settle(|care| {
            Self::build(self.re * y.re, |k, _| {
                let ends = care.slope(y.re, self.coeffs[k]) + care.slope(self.re, y.coeffs[k]);
                ends + care.convolution(&self.coeffs[..k], &y.coeffs[..k])
            })
        });
        stamped!(self, y, z)
    }

    /// The product of the slope `self` and the derivative `e`, in which zero coefficients stay zero.
    #[inline]
    pub(crate) fn slope_product(self, e: Self) -> Self {
        let care = Care::Nonfinite;
        let z = Self::build(self.re.slope_times(e.re), |k, _| {
            let ends = nonfinite::zero_product(self.coeffs[k], e.re) + care.slope(self.re, e.coeffs[k]);
            ends + care.convolution(&self.coeffs[..k], &e.coeffs[..k])
        });
        stamped!(self, e, z)
    }

    #[inline(always)]
    pub(crate) fn quotient(self, y: Self) -> Self {
        let re = self.re / y.re;
        let usual = Quotient::usual(re, y.re);
        let z = settle(|care| {
            Self::build(re, |k, z| {
                let (a, b) = (self.coeffs[k] - care.convolution(z, &y.coeffs[..k]), y.coeffs[k]);
                match &usual {
                    Some(quotient) if care == Care::Plain => quotient.one(a, b),
                    _ => nonfinite::quotient(re, self.re, y.re, a, b),
                }
            })
        });
        stamped!(self, y, z)
    }

    /// The series with the value `re` whose coefficient of order k+1 is `f(k, coefficients 1 … k)`.
    #[inline(always)]
    pub(super) fn build(re: T, f: impl Fn(usize, &[T]) -> T) -> Self {
        let mut z = Self::constant(re);
        for k in 0..K {
            z.coeffs[k] = f(k, &z.coeffs[..k]);
        }
        z
    }

    /// `j·xⱼ`, the coefficients of t·x'.
    #[inline(always)]
    pub(super) fn slopes(self) -> [T; K] {
        from_fn(|i| self.coeffs[i].times(count::<T>(i + 1)))
    }

    /// The image under a linear function, given its value `f` and its constant slope `df`.
    #[inline(always)]
    pub(super) fn linear(self, f: T, df: T) -> Self {
        settle(|care| self.zip(self, f, |a: T, _: T| care.slope(df, a)))
    }

    /// The series z with `z' = d·x'` and the value `f`. The value of d is `d0`, and its k-th coefficient is
    /// `d(z₁ … z_k)`.
    #[inline(always)]
    pub(super) fn solve(self, f: T, d0: T, d: impl Fn(Care, &[T]) -> T) -> Self {
        let slopes = self.slopes();
        let z = settle(|care| {
            let mut z = Self::constant(f);
            let mut ds = [T::absent(); K];
            for k in 0..K {
                let inner = care.convolution(&slopes[..k], &ds[..k]);
                z.coeffs[k] = care.slope(d0, self.coeffs[k]) + inner.times(count::<T>(k + 1).recip());
                ds[k] = d(care, &z.coeffs[..=k]);
            }
            z
        });
        stamped!(self, self, z)
    }

    /// The series z with `z' = d·x'` and the value `f`.
    #[inline(always)]
    pub(super) fn integrated(self, f: T, d: Self) -> Self {
        stamped!(self, d, self.solve(f, d.re, |_, z| d.coeffs[z.len() - 1]))
    }

    /// The series z with `z' = x'/u` and the value `f`.
    #[inline(always)]
    pub(super) fn integrated_over(self, f: T, u: Self) -> Self {
        let z = settle(|care| {
            let mut slopes = [T::absent(); K];
            let mut z = Self::constant(f);
            for k in 0..K {
                let inner = care.convolution(&slopes[..k], &u.coeffs[..k]).times(count::<T>(k + 1).recip());
                z.coeffs[k] = care.over(self.coeffs[k] - inner, u.re);
                slopes[k] = z.coeffs[k].times(count::<T>(k + 1));
            }
            z
        });
        stamped!(self, u, z)
    }

    /// The series z with `z' = d·x' + e·y'` and the value `f`.
    #[inline(always)]
    pub(super) fn integrated2(self, y: Self, f: T, d: Self, e: Self) -> Self {
        let (xs, ys) = (self.slopes(), y.slopes());
        let z = settle(|care| {
            Self::build(f, |k, _| {
                let inner = care.convolution(&xs[..k], &d.coeffs[..k]) + care.convolution(&ys[..k], &e.coeffs[..k]);
                let ends = care.slope(d.re, self.coeffs[k]) + care.slope(e.re, y.coeffs[k]);
                ends + inner.times(count::<T>(k + 1).recip())
            })
        });
        stamped!(self, y, z)
    }

    /// f(x), given the Taylor coefficients of f at the value of x, `c(k) = f⁽ᵏ⁾/k!`. Horner's scheme takes time O(K³);
    /// if only the first coefficient of x is not 0, as for a variable, O(K) is enough.
    #[inline]
    pub(super) fn composed(self, f: T, c: impl Fn(usize) -> T) -> Self {
        let c: [T; K] = from_fn(|i| c(i + 1));
        let z = settle(|care| {
            let mut z = Self::constant(f);
            if self.coeffs.iter().skip(1).all(T::is_zero) {
                let mut power = T::one();
                for (z, &c) in z.coeffs.iter_mut().zip(&c) {
                    power *= self.coeffs[0];
                    *z = c.slope_times(power);
                }
                return z;
            }
            for (m, &c) in c.iter().enumerate().rev() {
                let above = z.coeffs;
                // The last coefficients are not needed: they are multiplied m more times by a series without value.
                for k in 0..K - m {
                    z.coeffs[k] = care.slope(c, self.coeffs[k]) + care.convolution(&self.coeffs[..k], &above[..k]);
                }
            }
            z
        });
        stamped!(self, self, z)
    }
}

/// The series that `f` computes by plain products, or with `Nonfinite` if that is not finite.
#[inline(always)]
pub(super) fn settle<T: Real, const K: usize>(f: impl Fn(Care) -> Taylor<T, K>) -> Taylor<T, K> {
    let z = f(Care::Plain);
    if z.coeffs.iter().fold(z.re, |sum, &c| sum + c).presumed_finite() { z } else { settle_nonfinite(f) }
}

#[cold]
#[inline(never)]
fn settle_nonfinite<T: Real, const K: usize>(f: impl Fn(Care) -> Taylor<T, K>) -> Taylor<T, K> {
    f(Care::Nonfinite)
}
