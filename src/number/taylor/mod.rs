//! `Taylor<T, K>`: the truncated power series of a function of one variable, which holds all its derivatives to order
//! K.
//!
//! With x(t) = x₀ + x₁t + … + x_K tᴷ, each operation z = f(x) computes the coefficients of z(t) one after another:
//!
//! ```text
//! z = x·y       z_k = Σ xⱼ y_{k-j}                  j = 0 … k
//! z = x/y       z_k = (x_k - Σ zⱼ y_{k-j}) / y₀     j = 0 … k-1
//! z' = d·x'     z_k = 1/k Σ j xⱼ d_{k-j}            j = 1 … k
//! ```
//!
//! The third equation serves most elementary functions: exp satisfies it with d = z, sin with d = cos x, and tan with
//! d = 1 + z². An operation takes time O(K²), where nested dual numbers take more than 2ᴷ. For exp(x²) at 1:
//!
//! ```text
//! x        = 1 + t
//! x²       = 1 + 2t + t²
//! exp(x²)  = e·(1 + 2t + 3t² + 10/3 t³ + …)      f" = 2!·3e, f‴ = 3!·10/3·e
//! ```
//!
//! See Griewank & Walther, *Evaluating Derivatives*, 2nd ed., chapter 13, propositions 13.1 and 13.2.

mod rules;
mod series;
mod special;

pub use series::Taylor;

use crate::real::Real;
use crate::rules::Chain;
use crate::traits::fmt::list;

/// A rule is integrated, `z' = df·x'`. This needs the value of `f` and the series of the slope `df`, and no second
/// derivative. So rules that state only two derivatives are right to any order.
impl<T: Real, const K: usize> Chain for Taylor<T, K> {
    type Re = Self;

    #[inline]
    fn re(self) -> Self {
        #[cfg(feature = "std")]
        descent::check();
        self
    }

    #[inline]
    fn constant(re: Self) -> Self {
        Self::constant(re.re)
    }

    #[inline]
    fn is_constant(self) -> bool {
        self.coeffs.iter().all(|c| c.is_absent())
    }

    #[inline(always)]
    fn chain(self, f: Self, df: Self, _: impl FnOnce() -> Self) -> Self {
        self.integrated(f.re, df)
    }

    #[inline(always)]
    fn chain2(self, y: Self, f: Self, [fx, fy]: [Self; 2], _: impl FnOnce() -> [Self; 3]) -> Self {
        self.integrated2(y, f.re, fx, fy)
    }

    fn compose(self, derivative: &dyn Fn(u32, f64) -> f64) -> Self {
        let at = |k: usize| self.re.compose(&move |n, a| derivative(n + k as u32, a));
        self.composed(at(0), |k| special::over_factorial(at(k), k))
    }
}

/// Detects rules that call themselves without end, before the stack overflows and the program aborts.
#[cfg(feature = "std")]
mod descent {
    use core::cell::Cell;

    /// If `re` is called more than `CALLS` times, each time deeper in the stack than before, over more than `BYTES`
    /// bytes, then a rule is taken to call itself without end.
    const CALLS: usize = 100;
    const BYTES: usize = 1 << 18;

    std::thread_local! {
        /// The first and the last stack address of this descent, and the number of its calls.
        static DESCENT: Cell<(usize, usize, usize)> = const { Cell::new((0, 0, 0)) };
    }

    #[inline(never)]
    pub(super) fn check() {
        let place = 0_u8;
        let here = core::ptr::from_ref(&place).addr();
        let (first, last, calls) = DESCENT.get();
        let next = if here < last { (first, here, calls + 1) } else { (here, here, 0) };
        DESCENT.set(next);
        if next.2 > CALLS && next.0 - here > BYTES {
            DESCENT.set((0, 0, 0));
            panic!(
                "a rule calls itself without end: the `re()` of a power series is a series again. Write a rule whose \
                 derivatives lead back to itself by `Chain::compose`"
            );
        }
    }
}

crate::traits::linear!(Taylor<T, K>, const K: usize);
crate::traits::number!(rules, Taylor<T, K>, const K: usize; list coeffs "tᵏ");
