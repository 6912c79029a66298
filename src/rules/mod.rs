//! The rule table: every elementary function, once, with its derivatives.
//!
//! Nothing else in the crate states a derivative. A row is generic code over [`Chain`]: it evaluates `f` and `f'` at
//! the value of its argument and hands them over together with a closure for `f"`. What a number makes of them is its
//! own affair: a dual number multiplies its partials by `f'`, a second-order number calls the closure too, a node of
//! a graph stores `f'` for later. Since the value itself may be a number ([`Chain::Re`] is any [`Real`]), one row
//! serves every mode and every order:
//!
//! ```
//! use nilpotent::{derivative, rules::Chain, Dual, Real};
//!
//! /// The Lambert W function on x ≥ 0; W' = 1 / (x + e^W).
//! fn lambert_w<X: Chain>(x: X) -> X {
//!     let a = x.re();
//!     // Newton's method on the value; three more steps than plain floats need carry three orders.
//!     let mut w = a.ln_1p();
//!     for _ in 0..9 {
//!         let e = w.exp();
//!         w -= (w * e - a) / (e * (w + X::Re::one()));
//!     }
//!     let slope = (a + w.exp()).recip();
//!     x.chain(w, slope, || -slope * slope * slope * (w.exp() * (w + X::Re::lit(2.0))))
//! }
//! # use nilpotent::num_traits::One as _;
//! # use nilpotent::num_traits::Float as _;
//! let (w, dw) = derivative(lambert_w, 1.0);
//! assert!((w - 0.567143290409784_f64).abs() < 1e-15);
//! assert!((dw - 0.361896256634889_f64).abs() < 1e-15);
//! // The same rule in plain floats, and twice nested.
//! assert_eq!(lambert_w(1.0), w);
//! let (_, d2w) = derivative(|x| derivative(lambert_w, x).1, 1.0);
//! assert!((d2w + 0.214540646282144_f64).abs() < 1e-14);
//! ```

#[doc(hidden)]
pub mod by_name;
pub(crate) mod elementary;
pub(crate) mod power;
pub(crate) mod slices;
pub(crate) mod special;

pub use elementary::*;
pub use power::*;
pub use slices::*;
pub use special::*;

use crate::real::Real;

/// A number that passes through a function once it is told `f`, `f'` and, only if it asks, `f"`.
///
/// Implemented by every number of the crate and by `f32` and `f64` themselves (which keep `f` and drop the rest), so
/// that a rule written over `Chain` also runs on plain floats.
///
/// # Higher orders
///
/// A rule must compute f, f' and f" by operations on [`Chain::Re`], since their own derivatives are taken where numbers are
/// nested. A function that knows its values and slopes only as plain floats (a table, a library in C) and is linearized by
/// hand, as in `y + Σ J·(x - x₀)` with constants y and J, has the second derivative 0 and no error says so.
///
/// A rule whose slope is another rule that leads back to it, as `J₀' = -J₁` and `J₁' = J₀ - J₁/x`, may call itself with
/// `x.re()` for numbers whose `re()` has one level less. The `re()` of a power series is a series again, so there it would
/// never end; it panics. Write such a function by [`Chain::compose`].
pub trait Chain: Copy {
    /// What the value of the number is: a float, or a number again where numbers are nested.
    type Re: Real;

    /// The value.
    fn re(self) -> Self::Re;

    /// The number with this value and no derivatives.
    fn constant(re: Self::Re) -> Self;

    /// Whether all derivatives are known to be zero. A rule may then take a shorter way; it need not.
    #[inline]
    fn is_constant(self) -> bool {
        false
    }

    /// The image under a function of one argument: `f` the value, `df` the derivative there, `ddf` the second.
    ///
    /// A zero derivative of `self` stays zero whatever `df` is; where `f` is NaN, all others become NaN.
    fn chain(self, f: Self::Re, df: Self::Re, ddf: impl FnOnce() -> Self::Re) -> Self;

    /// The image of `(self, y)` under a function of two arguments, its partial derivatives being
    /// `df = [fx, fy]` and `ddf = [fxx, fxy, fyy]`.
    fn chain2(self, y: Self, f: Self::Re, df: [Self::Re; 2], ddf: impl FnOnce() -> [Self::Re; 3]) -> Self;

    /// The image under a function of one argument all of whose derivatives are known at plain floats: `derivative(n, a)` is
    /// the n-th one at a, `derivative(0, a)` the value. For every number and order, where no rule can be written by operations.
    ///
    /// ```
    /// use nilpotent::rules::Chain;
    /// use nilpotent::{hessian, nth_derivative};
    ///
    /// /// The Bessel function J₀; `J₀⁽ⁿ⁾ = 2⁻ⁿ Σ (-1)ᵏ (n choose k) J₂ₖ₋ₙ` (NIST's DLMF, equation 10.6.7).
    /// fn j0<X: Chain>(x: X) -> X {
    ///     x.compose(&|n, a| {
    ///         let (mut sum, mut binomial) = (0.0, 1.0);
    ///         for k in 0..=n {
    ///             sum += binomial * libm::jn(2 * k as i32 - n as i32, a);
    ///             binomial *= -f64::from(n - k) / f64::from(k + 1);
    ///         }
    ///         sum / 2.0_f64.powi(n as i32)
    ///     })
    /// }
    ///
    /// let (y, [d1, d2, d3]) = nth_derivative(j0, 1.0);
    /// assert_eq!((y, d1), (libm::j0(1.0), -libm::j1(1.0)));
    /// assert!((d2 + 0.325147100813033_f64).abs() < 1e-15 && (d3 - 0.325147100813033_f64).abs() < 1e-15);
    /// let (_, _, h) = hessian(|[a, b]| j0(a * b), [0.5, 2.0]);
    /// assert!((h[0][0] - 4.0 * d2).abs() < 1e-15);
    /// ```
    #[must_use]
    fn compose(self, derivative: &dyn Fn(u32, f64) -> f64) -> Self {
        let a = self.re();
        let at = |k| a.compose(&move |n, a| derivative(n + k, a));
        self.chain(at(0), at(1), || at(2))
    }

    /// The image of many numbers at once, `f` with the slope beside each: for recordings, in which that is one node. Others
    /// return `None`, and are told each operation.
    #[inline]
    fn gathered<I: Iterator<Item = (Self, Self::Re)>>(_: impl FnOnce() -> (Self::Re, I)) -> Option<Self> {
        None
    }
}

/// Calls a macro with the rows: `float` are those of one argument in `num_traits::Float`, `special` and `special2` those of the
/// crate with one and two arguments. A row that is not here does not exist: the methods of all numbers, the trait [`Real`], its
/// impls for f32 and f64, and what the tests run through are made from these lists.
///
/// In parentheses stand the functions of the crate `libm` that are the values at f64 and f32. Without them the value is the
/// function of the same name in `special.rs`.
macro_rules! rows {
    (float, [$($call:tt)*], $($args:tt)*) => { $($call)* ! { ($($args)*)
        sqrt "The square root `√x`.",
        cbrt "The cube root `∛x`.",
        exp "The exponential `eˣ`.",
        exp2 "The power of two `2ˣ`.",
        exp_m1 "`eˣ - 1`, accurate near 0.",
        ln "The natural logarithm.",
        log2 "The logarithm to base 2.",
        log10 "The logarithm to base 10.",
        ln_1p "`ln(1 + x)`, accurate near 0.",
        sin "The sine of an angle in radians.",
        cos "The cosine of an angle in radians.",
        tan "The tangent of an angle in radians.",
        asin "The inverse sine, in radians.",
        acos "The inverse cosine, in radians.",
        atan "The inverse tangent, in radians.",
        sinh "The hyperbolic sine.",
        cosh "The hyperbolic cosine.",
        tanh "The hyperbolic tangent.",
        asinh "The inverse hyperbolic sine.",
        acosh "The inverse hyperbolic cosine.",
        atanh "The inverse hyperbolic tangent.",
        abs "The absolute value; at 0 the sign bit chooses the side.",
        signum "The sign, 1 or -1; its derivative is 0.",
        floor "The largest integer not above `x`; its derivative is 0.",
        ceil "The smallest integer not below `x`; its derivative is 0.",
        round "The nearest integer, halves away from zero; its derivative is 0.",
        trunc "The integer part; its derivative is 0.",
        fract "The fractional part `x - trunc(x)`; its derivative is 1.",
        to_degrees "Radians to degrees.",
        to_radians "Degrees to radians.",
    } };
    // The special functions are listed beside their rules.
    ($group:ident, $($rest:tt)*) => { $crate::rules::special::special_rows! { $group, $($rest)* } };
}
pub(crate) use rows;

macro_rules! names {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { &[$(stringify!($name)),*] };
}

/// The names of all rows, in groups: functions of one argument of `Float`, those of the crate, of two arguments, and
/// those with a signature of their own. The reference test asks for 40-digit references for each of them.
#[doc(hidden)]
pub const ROWS: [&[&str]; 4] = [
    rows!(float, [names],),
    rows!(special, [names],),
    rows!(special2, [names],),
    &[
        "recip",
        "powi",
        "powf",
        "hypot",
        "atan2",
        "log",
        "copysign",
        "min",
        "max",
        "abs_sub",
        "rem",
        "rem_euclid",
        "div_euclid",
        "mul_add",
        "clamp",
        "polygamma",
    ],
];
