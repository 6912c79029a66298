//! Parts of saddle-point forms of densities, for floats and for numbers (Loader 2000, "Fast and accurate computation of
//! binomial probabilities").

use num_traits::Float;

/// `B₂ₖ/(2k(2k-1))` for k = 1, 2, …: the coefficients of the asymptotic series of ln Γ.
const STIRLING: [f64; 10] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3617.0 / 122_400.0,
    43_867.0 / 244_188.0,
    -174_611.0 / 125_400.0,
];

fn literal<T: Float>(x: f64) -> T {
    T::from(x).expect("a float has a nearest float of any type")
}

/// `lnΓ(x+1) - (x + ½) ln x + x - ln √(2π)` for x ≥ 8, by its asymptotic series (NIST's DLMF, 5.11.1).
pub(crate) fn stirling_series<T: Float>(x: T) -> T {
    let inverse = x.recip();
    let square = inverse * inverse;
    STIRLING.iter().rev().fold(T::zero(), |sum, &c| sum * square + literal(c)) * inverse
}

/// `x ln(x/m) - d` with d = x - m, by its series in d/(x + m), which is at most 0.4.
pub(crate) fn deviance_series<T: Float>(x: T, m: T, d: T) -> T {
    let v = d / (x + m);
    let square = v * v;
    // 2x Σ v²ᵏ⁺¹/(2k+1), k ≥ 1, beside the first term.
    let rest = (1..=30).rev().fold(T::zero(), |sum, k| (sum + literal((2.0 * f64::from(k) + 1.0).recip())) * square);
    v * (d + (x + x) * rest)
}

/// `x ln(x/m) - d` with d = x - m.
pub(crate) fn deviance(x: f64, m: f64, d: f64) -> f64 {
    if d.abs() < 0.4 * (x + m) { deviance_series(x, m, d) } else { x * Float::ln(x / m) - d }
}
