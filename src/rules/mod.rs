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
//! itself ([`Chain::Re`] is any [`Real`](crate::Real)), so one row serves every mode and every order:
//!
//! ```
//! use nilpotent::num_traits::{Float, One};
//! use nilpotent::{derivative, rules::Chain, Real};
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
//!
//! let (w, dw) = derivative(lambert_w, 1.0);
//! assert!((w - 0.567143290409784_f64).abs() < 1e-15);
//! assert!((dw - 0.361896256634889_f64).abs() < 1e-15);
//! // The same rule on plain floats, and on nested numbers.
//! assert_eq!(lambert_w(1.0), w);
//! let (_, d2w) = derivative(|x| derivative(lambert_w, x).1, 1.0);
//! assert!((d2w + 0.214540646282144_f64).abs() < 1e-14);
//! ```

pub(crate) mod bessel;
pub(crate) mod beta;
#[doc(hidden)]
pub mod by_name;
pub(crate) mod elementary;
pub(crate) mod incomplete;
pub(crate) mod lambert;
pub(crate) mod normal;
pub(crate) mod power;
pub(crate) mod select;
pub(crate) mod slices;
mod compensated;
pub(crate) mod special;

pub use crate::real::Chain;
pub use bessel::{bessel_i, bessel_j, bessel_k, bessel_y};
pub use beta::ln_beta;
pub use compensated::{compensated_dot, compensated_sum};
pub use elementary::*;
pub(crate) use incomplete::incomplete;
pub use incomplete::{beta_inc, gamma_p, gamma_q};
pub use lambert::{lambert_w0, lambert_wm1, ln_1m_exp};
pub use normal::{erf_inv, erfc_inv, erfcx, erfcx_derivative, ln_norm_cdf, probit};
pub use power::*;
pub use select::*;
pub use slices::*;
pub use special::*;

/// Calls a macro with a list of rows. `float` lists the rows of one argument that `num_traits::Float` has; `special`
/// and `special2` list the crate's own rows of one and of two arguments, and `integer` those of one argument and an
/// integer. The methods of all numbers, the trait
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
    ($group:ident, $($rest:tt)*) => { $crate::special::special_rows! { $group, $($rest)* } };
}
pub(crate) use rows;

macro_rules! names {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { &[$(stringify!($name)),*] };
}

/// The names of all rows, in five groups: those of one argument in `Float`, the crate's own of one argument, the
/// crate's own of two arguments, the rest, and the crate's own of one argument and an integer. The test of the table asks for 40-digit references for each of them.
#[doc(hidden)]
pub const ROWS: [&[&str]; 5] = [
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
        "gamma_p",
        "gamma_q",
        "beta_inc",
    ],
    rows!(integer, [names],),
];
