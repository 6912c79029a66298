//! The rule table: a row for each elementary function, with its derivatives.
//!
//! A row is generic code over [`Chain`]. It computes `f` and `f'` at the value of its argument, and passes them to
//! [`Chain::chain`] together with a closure for `f"`. Each kind of number uses them in its own way:
//!
//! | number | uses |
//! |---|---|
//! | `f32`, `f64` | `f` |
//! | [`Dual`](crate::Dual) | `f`, and `f'`, by which it multiplies its partials |
//! | `Var` | `f`, and `f'`, which goes into its slope |
//! | [`Dual2`](crate::Dual2), [`HyperDual`](crate::HyperDual) | `f`, `f'` and `f"` |
//!
//! Power series ([`Taylor`](crate::Taylor)) need all orders at once, so they have rows of their own with the same
//! names. All other numbers take the derivatives of functions from this table. The value of a number may be a number
//! itself ([`Chain::Re`] is any [`Real`]), so one row serves every mode and every order:
//!
//! ```
//! use nilpotent::{derivative, rules::Chain, Dual, Real};
//!
//! /// The Lambert W function on x ≥ 0; W' = 1 / (x + e^W).
//! fn lambert_w<X: Chain>(x: X) -> X {
//!     let a = x.re();
//!     // Newton's method on the value. It takes three steps more than plain floats need, for three orders of derivatives.
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
//! // The same rule on plain floats, and on nested numbers.
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

/// A number that can be passed through a function, given the function's value and derivatives there.
///
/// Every number of the crate implements it. `f32` and `f64` do so too, and use the value alone, so a rule written over
/// `Chain` also runs on plain floats.
///
/// # Higher orders
///
/// A rule must compute f, f' and f" by operations on [`Chain::Re`], because nested numbers differentiate them again.
/// Take a function whose values and slopes are known only as plain floats (from a table, or from a library in C). If a
/// rule linearizes it by hand, as `y + Σ J·(x - x₀)` with constants y and J, then its second derivative is 0, and no
/// error says so.
///
/// The slopes of a rule may lead back to the rule itself, as in `J₀' = -J₁` and `J₁' = J₀ - J₁/x`. Such a rule may call
/// itself with `x.re()`, because for most numbers `re()` has one level less. But the `re()` of a power series is a
/// series again, so there the rule would call itself without end; it panics. Write such a function by
/// [`Chain::compose`].
pub trait Chain: Copy {
    /// The type of the value: a float, or a number again where numbers are nested.
    type Re: Real;

    /// The value.
    fn re(self) -> Self::Re;

    /// The number with this value and no derivatives.
    fn constant(re: Self::Re) -> Self;

    /// Whether all derivatives are known to be zero. A rule may then use a simpler formula.
    #[inline]
    fn is_constant(self) -> bool {
        false
    }

    /// The image under a function of one argument, given its value `f`, its derivative `df` and its second derivative
    /// `ddf`.
    ///
    /// A zero derivative of `self` stays zero, whatever `df` is. If `f` is NaN, all other derivatives become NaN.
    fn chain(self, f: Self::Re, df: Self::Re, ddf: impl FnOnce() -> Self::Re) -> Self;

    /// The image of `(self, y)` under a function of two arguments, given its value `f` and its partial derivatives
    /// `df = [fx, fy]` and `ddf = [fxx, fxy, fyy]`.
    fn chain2(self, y: Self, f: Self::Re, df: [Self::Re; 2], ddf: impl FnOnce() -> [Self::Re; 3]) -> Self;

    /// The image under a function of one argument whose derivatives of every order are known at plain floats:
    /// `derivative(n, a)` is the n-th derivative at a, and `derivative(0, a)` the value. It works for every number and
    /// order, and is meant for functions that cannot be written as a rule.
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

    /// The image of many numbers at once: `f` returns the value, and each number with the slope in it. Recordings store
    /// it as one node. Other numbers return `None`, and the caller computes the function operation by operation.
    #[inline]
    fn gathered<I: Iterator<Item = (Self, Self::Re)>>(_: impl FnOnce() -> (Self::Re, I)) -> Option<Self> {
        None
    }
}

/// Calls a macro with a list of rows. `float` lists the rows of one argument that `num_traits::Float` has; `special`
/// and `special2` list the crate's own rows of one and of two arguments. The methods of all numbers, the trait
/// [`Real`], its impls for f32 and f64, and the tests of the table are made from these lists.
///
/// The functions in parentheses are those of the crate `libm` that give the values at f64 and f32. A row of `special`
/// without them takes its values from the function of the same name in `special.rs`.
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

/// The names of all rows, in four groups: those of one argument in `Float`, the crate's own of one argument, the
/// crate's own of two arguments, and the rest. The test of the table asks for 40-digit references for each of them.
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
