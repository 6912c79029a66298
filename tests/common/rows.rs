//! Every row of the table and every operator by its index, for tests that run through all of them.

use nilpotent::Real;
use nilpotent::rules::{self, ROWS, by_name};
use std::ops::{Add, Div, Mul, Rem, Sub};
use std::sync::LazyLock;

/// Formulas that mix numbers and plain floats, with the float on either side.
pub trait Mixed: Real {
    fn with(self, k: f64, which: usize) -> Self;
}

impl<T> Mixed for T
where
    T: Real + Add<f64, Output = T> + Sub<f64, Output = T> + Mul<f64, Output = T>,
    T: Div<f64, Output = T> + Rem<f64, Output = T>,
    f64: Add<T, Output = T> + Sub<T, Output = T> + Mul<T, Output = T> + Div<T, Output = T> + Rem<T, Output = T>,
{
    fn with(self, k: f64, which: usize) -> Self {
        match which {
            0 => self + k,
            1 => k + self,
            2 => self - k,
            3 => k - self,
            4 => self * k,
            5 => k * self,
            6 => self / k,
            7 => k / self,
            8 => self % k,
            _ => k % self,
        }
    }
}

/// The rows of one argument.
pub fn one_argument() -> impl Iterator<Item = &'static str> {
    ROWS[0].iter().chain(ROWS[1]).copied().chain(["recip"])
}

pub fn unary<T: Real>(which: usize, x: T) -> T {
    by_name::by_method(UNARY[which], &[x], 0.0).unwrap()
}

/// The same rows as a list.
pub static UNARY: LazyLock<Vec<&str>> = LazyLock::new(|| one_argument().collect());

/// Operations on the numbers x, y, z, a float k and an integer n.
macro_rules! other {
    ($($name:ident |$x:ident, $y:ident, $z:ident, $k:ident, $n:ident, $with:ident| $body:expr,)*) => {
        pub const OTHER: &[&str] = &[$(stringify!($name)),*];

        /// Calls an operation of any number; `with` are the formulas with plain floats, as [`Mixed::with`] is.
        #[allow(unused_variables, clippy::eq_op)]
        pub fn other_by<T: Real>(which: usize, [x, y, z]: [T; 3], k: f64, n: i32, with: fn(T, f64, usize) -> T) -> T {
            type Row<T> = fn(T, T, T, f64, i32, fn(T, f64, usize) -> T) -> T;
            let all: &[Row<T>] = &[$(|$x, $y, $z, $k, $n, $with| $body),*];
            all[which](x, y, z, k, n, with)
        }
    };
}

pub fn other<T: Mixed>(which: usize, x: [T; 3], k: f64, n: i32) -> T {
    other_by(which, x, k, n, T::with)
}

/// The formulas of [`Mixed`] for any number, with the float as a constant.
#[allow(dead_code)]
pub fn with_constant<T: Real>(x: T, k: f64, which: usize) -> T {
    let k = T::lit(k);
    match which {
        0 => x + k,
        1 => k + x,
        2 => x - k,
        3 => k - x,
        4 => x.times(k.float()),
        5 => k * x,
        6 => x / k,
        7 => k / x,
        8 => x % k,
        _ => k % x,
    }
}

other! {
    ln_add_exp |x, y, z, k, n, with| x.ln_add_exp(y),
    xlogy |x, y, z, k, n, with| x.xlogy(y),
    powi |x, y, z, k, n, with| x.powi(n),
    powf |x, y, z, k, n, with| x.powf(y),
    hypot |x, y, z, k, n, with| x.hypot(y),
    atan2 |x, y, z, k, n, with| x.atan2(y),
    log |x, y, z, k, n, with| x.log(y),
    copysign |x, y, z, k, n, with| x.copysign(y),
    min |x, y, z, k, n, with| x.min(y),
    max |x, y, z, k, n, with| x.max(y),
    abs_sub |x, y, z, k, n, with| x.abs_sub(y),
    rem |x, y, z, k, n, with| x % y,
    rem_euclid |x, y, z, k, n, with| x.rem_euclid(&y),
    div_euclid |x, y, z, k, n, with| x.div_euclid(&y),
    mul_add |x, y, z, k, n, with| x.mul_add(y, z),
    // The clamp of floats panics if a bound is NaN.
    clamp |x, y, z, k, n, with| if y.is_nan() || z.is_nan() { y + z } else { x.clamp(y.min(z), y.max(z)) },
    polygamma |x, y, z, k, n, with| x.polygamma(n.unsigned_abs()),
    gamma_p |x, y, z, k, n, with| x.gamma_p(y),
    gamma_q |x, y, z, k, n, with| x.gamma_q(y),
    beta_inc |x, y, z, k, n, with| x.beta_inc(y, z),
    ln_beta |x, y, z, k, n, with| x.ln_beta(y),
    bessel_j |x, y, z, k, n, with| x.bessel_j(n.unsigned_abs()),
    bessel_y |x, y, z, k, n, with| x.bessel_y(n.unsigned_abs()),
    bessel_i |x, y, z, k, n, with| x.bessel_i(n.unsigned_abs()),
    bessel_k |x, y, z, k, n, with| x.bessel_k(n.unsigned_abs()),
    erfcx_derivative |x, y, z, k, n, with| x.erfcx_derivative(n.unsigned_abs()),
    add |x, y, z, k, n, with| x + y,
    sub |x, y, z, k, n, with| x - y,
    mul |x, y, z, k, n, with| x * y,
    div |x, y, z, k, n, with| x / y,
    neg |x, y, z, k, n, with| -x,
    constant |x, y, z, k, n, with| T::lit(k),
    float |x, y, z, k, n, with| with(x, k, n.rem_euclid(10) as usize),
    add_assign |x, y, z, k, n, with| {
        let mut sum = x;
        sum += y;
        sum
    },
    mul_assign |x, y, z, k, n, with| {
        let mut product = x;
        product *= y;
        product
    },
    powf_constant |x, y, z, k, n, with| x.powf(T::lit(k)),
    powf_of_constant |x, y, z, k, n, with| T::lit(k).powf(x),
    max_constant |x, y, z, k, n, with| x.max(T::lit(k)),
    min_constant |x, y, z, k, n, with| T::lit(k).min(x),
    clamp_constants |x, y, z, k, n, with| if k.is_nan() { x } else { x.clamp(T::lit(k), T::lit(k + 1.0)) },
    mul_add_constants |x, y, z, k, n, with| T::lit(k).mul_add(x, y),
    sum |x, y, z, k, n, with| [x, y, z].iter().sum(),
    product |x, y, z, k, n, with| [x, y, z].into_iter().product(),
    times |x, y, z, k, n, with| x.times(T::lit(k).float()),
    branch |x, y, z, k, n, with| if x < y { x * z } else { z },
    sine |x, y, z, k, n, with| x.sin_cos().0,
    cosine |x, y, z, k, n, with| x.sin_cos().1,
    // Maps values into (0.15, 0.95), or into (1.2, 2).
    affine |x, y, z, k, n, with| with(with(x, 0.4, 4), k, 0),
    // Scales at which squares, cubes and inverses leave the range of floats, and back.
    scaled_hypot |x, y, z, k, n, with| scaled(n, [x, y, z], |[x, y, z], s| (x * s).hypot(y * s) / s),
    scaled_norm |x, y, z, k, n, with| scaled(n, [x, y, z], |[x, y, z], s| rules::norm(&[x * s, y * s, z * s]) / s),
    scaled_atan2 |x, y, z, k, n, with| scaled(n, [x, y, z], |[x, y, z], s| (x * s).atan2(y * s)),
    scaled_quotient |x, y, z, k, n, with| scaled(n, [x, y, z], |[x, y, z], s| (x * s) / (y * s)),
    scaled_recip |x, y, z, k, n, with| scaled(n, [x, y, z], |[x, y, z], s| (x * s).recip() * s),
    scaled_root |x, y, z, k, n, with| scaled(n, [x, y, z], |[x, y, z], s| (x * s).sqrt() / s.sqrt()),
    scaled_cubic_root |x, y, z, k, n, with| scaled(n, [x, y, z], |[x, y, z], s| (x * s).cbrt() / s.cbrt()),
    scaled_logarithm |x, y, z, k, n, with| scaled(n, [x, y, z], |[x, y, z], s| (x * s).ln() - s.ln()),
    scaled_maximum |x, y, z, k, n, with| scaled(n, [x, y, z], |[x, y, z], s| (x * s).max(y * s) / s),
    scaled_remainder |x, y, z, k, n, with| scaled(n, [x, y, z], |[x, y, z], s| (x * s) % (y * s) / s),
    shifted_sum |x, y, z, k, n, with| (x - T::lit(900.0)).ln_add_exp(y - T::lit(900.0)) + T::lit(900.0),
    saturated |x, y, z, k, n, with| (x + T::lit(800.0)).tanh() * y + (z - T::lit(800.0)).sigmoid(),
    // Kinks and ties.
    tie |x, y, z, k, n, with| (x * z).max(x * z) + x.min(x),
    kink |x, y, z, k, n, with| (x - x).abs() * y + (y - y).max(T::zero() * z),
    whole |x, y, z, k, n, with| x.floor() * y + x.round() * z,
    // Only one rule in each operation, and no argument twice: where the terms of a slope cancel, its size does not
    // bound its rounding error.
    dot |x, y, z, k, n, with| rules::dot(&[x, z, T::lit(0.5)], &[y, T::lit(k), T::lit(3.0)]),
    ln_sum_exp |x, y, z, k, n, with| rules::ln_sum_exp(&[x.sin(), y.cos(), z.sin()]),
    sum_of_slice |x, y, z, k, n, with| rules::sum(&[x, y, z]),
}

/// Calls `f` at one of several scales, on numbers between 0.6 and 1.4. Twentieth powers of the scales are floats, so
/// that formulas for third derivatives do not overflow.
fn scaled<T: Real>(n: i32, x: [T; 3], f: impl FnOnce([T; 3], T) -> T) -> T {
    let exponents = [-40, -25, -10, 10, 25, 40];
    let near_one = x.map(|x| x.sin().times(T::lit(0.4).float()) + T::one());
    f(near_one, T::lit(2.0_f64.powi(exponents[n.rem_euclid(6) as usize])))
}

/// The entries of the list that consist of several operations.
#[allow(dead_code)]
pub const COMPOSED: &[&str] = &[
    "scaled_hypot",
    "scaled_norm",
    "scaled_atan2",
    "scaled_quotient",
    "scaled_recip",
    "scaled_root",
    "scaled_cubic_root",
    "scaled_logarithm",
    "scaled_maximum",
    "scaled_remainder",
    "shifted_sum",
    "saturated",
    "tie",
    "kink",
    "whole",
    "ln_sum_exp",
];
