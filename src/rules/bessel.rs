//! Bessel functions of integer order.

use crate::real::{Chain, Real};

/// A function of integer order by its recurrence `f⁽ᵏ⁾ₙ = cᵏ Σ (±1)ⁱ (k choose i) f_{n-k+2i}` (NIST's DLMF, 10.6.7 and
/// 10.29.5), where `of` is the function of any order, also of a negative one.
pub(crate) fn bessel_derivative<T: Real>(n: u32, k: u32, c: f64, sign: f64, of: impl Fn(i64) -> T) -> T {
    let (mut sum, mut binomial) = (T::absent(), (0..k).fold(1.0, |power, _| power * c));
    for i in 0..=k {
        sum += of(i64::from(n) - i64::from(k) + 2 * i64::from(i)).times(T::Float::lit(binomial));
        binomial *= sign * f64::from(k - i) / f64::from(i + 1);
    }
    sum
}

/// A function whose values of negative order have the sign (-1)ⁿ, as J and Y do.
pub(crate) fn reflected<T: Real>(n: i64, of: impl Fn(u32) -> T) -> T {
    let value = of(n.unsigned_abs() as u32);
    if n < 0 && n % 2 != 0 { -value } else { value }
}

macro_rules! bessel {
    ($($(#[$doc:meta])* $name:ident $nth:ident $c:literal $sign:literal |$n:ident, $of:ident| $any:expr;)*) => { $(
        $(#[$doc])*
        #[inline]
        pub fn $name<X: Chain>(x: X, n: u32) -> X {
            let of = |k| $nth(x.re(), n, k);
            x.chain(x.re().$name(n), of(1), || of(2))
        }

        /// The k-th derivative.
        pub(crate) fn $nth<T: Real>(x: T, n: u32, k: u32) -> T {
            bessel_derivative(n, k, $c, $sign, |$n| {
                let $of = |n| x.$name(n);
                $any
            })
        }
    )* };
}

bessel! {
    /// The Bessel function of the first kind `Jₙ(x)`; f' = (Jₙ₋₁ - Jₙ₊₁)/2, f" = (Jₙ₋₂ - 2Jₙ + Jₙ₊₂)/4.
    bessel_j bessel_j_nth 0.5 -1.0 |n, of| reflected(n, of);
    /// The Bessel function of the second kind `Yₙ(x)`, x > 0; f' = (Yₙ₋₁ - Yₙ₊₁)/2, f" = (Yₙ₋₂ - 2Yₙ + Yₙ₊₂)/4.
    bessel_y bessel_y_nth 0.5 -1.0 |n, of| reflected(n, of);
    /// The modified Bessel function of the first kind `Iₙ(x)`; f' = (Iₙ₋₁ + Iₙ₊₁)/2, f" = (Iₙ₋₂ + 2Iₙ + Iₙ₊₂)/4.
    bessel_i bessel_i_nth 0.5 1.0 |n, of| of(n.unsigned_abs() as u32);
    /// The modified Bessel function of the second kind `Kₙ(x)`, x > 0; f' = -(Kₙ₋₁ + Kₙ₊₁)/2, f" = (Kₙ₋₂ + 2Kₙ + Kₙ₊₂)/4.
    bessel_k bessel_k_nth -0.5 1.0 |n, of| of(n.unsigned_abs() as u32);
}
