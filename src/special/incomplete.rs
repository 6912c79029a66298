//! The regularized incomplete Γ and B functions at plain floats, with their partial derivatives in all arguments: the
//! series and continued fractions of the functions are computed for power series in the parameters.

#[cfg(not(feature = "std"))]
use num_traits::Float as _;

use super::beta::ln_beta;
use super::digamma::{digamma_less_ln, polygamma};
use super::jet::{Jet, ORDERS};
use super::saddle::{deviance, stirling_series};
use core::f64::consts::PI;

/// A function of two or three arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub enum Incomplete {
    /// `P(a, x)`; the third argument is not used.
    GammaP,
    /// `Q(a, x) = 1 - P(a, x)`.
    GammaQ,
    /// `I_x(a, b)`, whose arguments are a, b and x.
    Beta,
}

/// The largest parameter. Continued fractions take time proportional to its root.
const LARGEST: f64 = 1e7;

/// The partial derivative of these orders, at most 8 in all, else NaN.
pub(crate) fn incomplete(of: Incomplete, [a, b, c]: [f64; 3], [i, j, k]: [u32; 3]) -> f64 {
    let orders = [i, j, k].map(|n| n as usize);
    if of != Incomplete::Beta && k > 0 {
        return 0.0;
    }
    if orders.iter().sum::<usize>() > ORDERS {
        return f64::NAN;
    }
    match of {
        Incomplete::GammaP => gamma(a, b, orders, false),
        Incomplete::GammaQ => gamma(a, b, orders, true),
        Incomplete::Beta => beta(a, b, c, orders),
    }
}

// ---- Γ

fn gamma(a: f64, x: f64, [i, j, _]: [usize; 3], upper: bool) -> f64 {
    if !(a >= 0.0 && x >= 0.0) || a.is_infinite() && x.is_infinite() || a == 0.0 && x == 0.0 {
        return f64::NAN;
    }
    let sign = if upper { -1.0 } else { 1.0 };
    // At the ends of the domain the value is 0 or 1, and the derivatives are their limits where these are 0.
    if x == 0.0 || x.is_infinite() || a == 0.0 || a.is_infinite() {
        let is_lower_one = x.is_infinite() || a == 0.0;
        return match (i, j) {
            (0, 0) => f64::from(u8::from(is_lower_one != upper)),
            (0, 1) if x == 0.0 && a == 1.0 => sign,
            (0, 1) if x == 0.0 && a < 1.0 => sign * f64::INFINITY,
            _ if x == 0.0 && a > (i + j) as f64 || x.is_infinite() || a.is_infinite() => 0.0,
            _ => f64::NAN,
        };
    }
    if a > LARGEST {
        return f64::NAN;
    }
    if j > 0 {
        // The density in x, and its derivatives.
        return sign * gamma_density(a, x, [i, j - 1]).last();
    }
    let orders = [i, 0];
    if x < a.max(1.0) {
        let lower = gamma_series(a, x, orders);
        return match (i, upper) {
            (0, true) if lower.c[0][0] > 0.5 && a < 1.0 => small_upper(a, x),
            (0, true) => 1.0 - lower.last(),
            _ => sign * lower.last(),
        };
    }
    let upper_jet = gamma_fraction(a, x, orders);
    match (i, upper) {
        (0, false) => 1.0 - upper_jet.last(),
        _ => -sign * upper_jet.last(),
    }
}

/// `xᵃ exp(-x)/Γ(a+1)`, without the cancellation of its logarithm's terms.
fn gamma_power(a: f64, x: f64) -> f64 {
    if a < 20.0 {
        return x.powf(a) * (-x).exp() / libm::tgamma(a + 1.0);
    }
    (-deviance(a, x, a - x) - stirling_series(a)).exp() / (2.0 * PI * a).sqrt()
}

/// `ln(x/a) - (ψ(a) - ln a)`
fn log_less_digamma(a: f64, x: f64) -> f64 {
    let d = x - a;
    let ln = if d.abs() < 0.5 * a { (d / a).ln_1p() } else { (x / a).ln() };
    ln - digamma_less_ln(a)
}

/// The coefficient k of the series of -ln Γ(z+t) in t, k ≥ 2.
fn minus_ln_gamma(z: f64, k: usize) -> f64 {
    let factorial = (2..=k).map(|j| j as f64).product::<f64>();
    -polygamma(z, k as u32 - 1) / factorial
}

/// `xᵃ exp(-x)/Γ(a + shift)`, shift = 0 or 1, as a series in a.
fn gamma_prefix(a: f64, x: f64, shift: f64, orders: [usize; 2]) -> Jet {
    let logarithm = Jet::build(orders, |i, _, _| match i {
        0 => 0.0,
        // ψ(a) has a pole at 0, which ψ(a+1) does not have.
        1 if shift > 0.0 && a < 8.0 => x.ln() - polygamma(a + 1.0, 0),
        1 => log_less_digamma(a, x) - shift / a,
        k if shift > 0.0 => minus_ln_gamma(a + 1.0, k),
        k => minus_ln_gamma(a, k),
    });
    let value = gamma_power(a, x);
    logarithm.exp(if shift > 0.0 { value } else { value * a })
}

/// P by `xᵃe⁻ˣ/Γ(a+1) Σ xᵏ/((a+1)…(a+k))` (NIST's DLMF, 8.11.4), in which all terms are positive.
fn gamma_series(a: f64, x: f64, orders: [usize; 2]) -> Jet {
    let mut term = Jet::constant(1.0, orders);
    let mut sum = term;
    for k in 1_u32.. {
        let next = a + f64::from(k);
        // The quotient by next + t.
        term = Jet::build(orders, |i, _, z| (term.c[i][0] * x - if i > 0 { z.c[i - 1][0] } else { 0.0 }) / next);
        sum = sum.plus(&term);
        if x < 0.9 * next + 0.1 * a && sum.absorbs(&term) || term.c[0][0] == 0.0 || !sum.c[0][0].is_finite() {
            break;
        }
    }
    gamma_prefix(a, x, 1.0, orders).times(&sum)
}

/// Q by Legendre's continued fraction (DLMF 8.9.2), from the inside.
fn gamma_fraction(a: f64, x: f64, orders: [usize; 2]) -> Jet {
    let count = 30.0 + 12.0 * (a.sqrt() + 1.0) * (1.0 + 12.0 / (1.0 + x)) + 10.0 * orders[0] as f64;
    let mut inner = Jet::constant(0.0, orders);
    for k in (1..=count as u32).rev() {
        let k = f64::from(k);
        let numerator = Jet::linear(k * (a - k), [k, 0.0], orders);
        let denominator = Jet::linear(x + 2.0 * k + 1.0 - a, [-1.0, 0.0], orders).plus(&inner);
        inner = numerator.over(&denominator);
    }
    let denominator = Jet::linear(x + 1.0 - a, [-1.0, 0.0], orders).plus(&inner);
    gamma_prefix(a, x, 0.0, orders).over(&denominator)
}

/// Q for a < 1 and x < 1, where it is much less than 1 if both are small (Gautschi 1979, ACM Transactions on Mathematical
/// Software 5, 466-481).
fn small_upper(a: f64, x: f64) -> f64 {
    // ln Γ(1+a), where 1 + a is rounded.
    let rounded = 1.0 + a;
    let lost = a - (rounded - 1.0);
    let ln_gamma = libm::lgamma(rounded) + polygamma(rounded, 0) * lost;
    let ln = a * x.ln() - ln_gamma;
    let (mut term, mut sum) = (-1.0, 0.0);
    for k in 1_u32..=40 {
        let k = f64::from(k);
        term *= -x / k;
        sum += term / (a + k);
    }
    ln.exp() * a * sum - ln.exp_m1()
}

/// `xᵃ⁻¹exp(-x)/Γ(a)` as a series in both arguments.
fn gamma_density(a: f64, x: f64, orders: [usize; 2]) -> Jet {
    let logarithm = Jet::build(orders, |i, j, _| {
        // The coefficient j of ln x.
        let ln = || -(-1.0 / x).powi(j as i32) / j as f64;
        match (i, j) {
            (0, 0) => 0.0,
            (1, 0) => log_less_digamma(a, x),
            (_, 0) => minus_ln_gamma(a, i),
            (0, 1) => ((a - 1.0) - x) / x,
            (0, _) => (a - 1.0) * ln(),
            (1, _) => ln(),
            _ => 0.0,
        }
    });
    logarithm.exp(gamma_power(a, x) * (a / x))
}

// ---- B

fn beta(a: f64, b: f64, x: f64, [i, j, k]: [usize; 3]) -> f64 {
    if !(a > 0.0 && b > 0.0 && a <= LARGEST && b <= LARGEST && (0.0..=1.0).contains(&x)) {
        return f64::NAN;
    }
    if x == 0.0 || x == 1.0 {
        let power = if x == 0.0 { a } else { b };
        return match (i, j, k) {
            (0, 0, 0) => x,
            (_, _, 0) => 0.0,
            (0, 0, 1) if power == 1.0 => {
                if x == 0.0 {
                    b
                } else {
                    a
                }
            }
            (0, 0, 1) if power < 1.0 => f64::INFINITY,
            _ if power > k as f64 => 0.0,
            _ => f64::NAN,
        };
    }
    let y = 1.0 - x;
    if k > 0 {
        return beta_density(a, b, x, [i, j], k - 1);
    }
    if b * x <= a * y {
        return beta_fraction(a, b, [x, y], [i, j]).last();
    }
    let rest = beta_fraction(b, a, [y, x], [j, i]).last();
    if (i, j) == (0, 0) { 1.0 - rest } else { -rest }
}

/// ln x, given also y = 1 - x. Of both only the one that is less than ½ matters, which is exact or not far from it.
fn ln(x: f64, y: f64) -> f64 {
    if x < 0.5 { x.ln() } else { (-y).ln_1p() }
}

/// `ay - bx = a - (a+b)x`, rounded once: near the mean the products cancel.
fn excess(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let part = n - a;
    let lost = (a - (n - part)) + (b - part);
    if x < 0.5 { (-n).mul_add(x, a) - lost * x } else { n.mul_add(y, -b) + lost * y }
}

/// `xᵃyᵇ/B(a, b)`, y = 1 - x, as a series in a and b.
fn beta_prefix(a: f64, b: f64, [x, y]: [f64; 2], orders: [usize; 2]) -> Jet {
    let n = a + b;
    let excess = excess(a, b, x, y);
    // ln x - ψ(a) + ψ(n), where ln x + ln n - ln a is small near the mean.
    let first = |a: f64, x: f64, y: f64, excess: f64| {
        let ln = if excess.abs() < 0.5 * a { (-excess / a).ln_1p() } else { ln(x, y) - (a / n).ln() };
        ln - digamma_less_ln(a) + digamma_less_ln(n)
    };
    let logarithm = Jet::build(orders, |i, j, _| {
        // The coefficient of ln Γ(n): a binomial one of (s + t)ⁱ⁺ʲ.
        let both = || {
            let binomial = (1..=j).map(|q| (i + q) as f64 / q as f64).product::<f64>();
            -minus_ln_gamma(n, i + j) * binomial
        };
        match (i, j) {
            (0, 0) => 0.0,
            (1, 0) => first(a, x, y, excess),
            (0, 1) => first(b, y, x, -excess),
            (_, 0) => both() + minus_ln_gamma(a, i),
            (0, _) => both() + minus_ln_gamma(b, j),
            _ => both(),
        }
    });
    logarithm.exp(beta_power(a, b, x, y))
}

/// `xᵃyᵇ/B(a, b)`
fn beta_power(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if a.min(b) < 20.0 {
        let powers = a * ln(x, y) + b * ln(y, x);
        return (powers - ln_beta(a, b)).exp();
    }
    let (n, excess) = (a + b, excess(a, b, x, y));
    let errors = stirling_series(n) - stirling_series(a) - stirling_series(b);
    let deviances = deviance(a, n * x, excess) + deviance(b, n * y, -excess);
    (errors - deviances).exp() * (a * (b / n) / (2.0 * PI)).sqrt()
}

/// I for x up to the mean a/(a+b), by the continued fraction of Didonato & Morris (1992, ACM Transactions on Mathematical
/// Software 18, 360-373), from the inside.
fn beta_fraction(a: f64, b: f64, [x, y]: [f64; 2], orders: [usize; 2]) -> Jet {
    let constant = |value| Jet::constant(value, orders);
    let linear = |value, slopes| Jet::linear(value, slopes, orders);
    let count = 40.0 + 6.0 * a.max(b).sqrt() + 10.0 * (orders[0] + orders[1]) as f64;
    // The partial denominator n.
    let denominator = |n: f64| {
        let even = linear(a + 2.0 * n + 1.0, [1.0, 0.0]);
        let excess = linear(excess(a, b, x, y) + 1.0 + n * (1.0 + y), [y, -x]);
        let main = linear(a + n, [1.0, 0.0]).times(&excess).over(&even);
        if n == 0.0 {
            return main;
        }
        let odd = linear(a + 2.0 * n - 1.0, [1.0, 0.0]);
        let rest = linear(n * (b - n) * x, [0.0, n * x]).over(&odd);
        main.plus(&rest).plus(&constant(n))
    };
    let mut inner = constant(0.0);
    for k in (1..=count as u32).rev() {
        let n = f64::from(k);
        let odd = linear(a + 2.0 * n - 1.0, [1.0, 0.0]);
        let left = linear((a + n - 1.0) * x, [x, 0.0]).over(&odd);
        let right = linear((a + b + n - 1.0) * x, [x, x]).over(&odd);
        let numerator = left.times(&right).times(&linear(n * (b - n), [0.0, n]));
        inner = numerator.over(&denominator(n).plus(&inner));
    }
    beta_prefix(a, b, [x, y], orders).over(&denominator(0.0).plus(&inner))
}

/// The derivative of these orders in a and b, and of order k in x, of `xᵃ⁻¹(1-x)ᵇ⁻¹/B(a, b)`: by Leibniz' rule for the
/// product of the powers' derivatives in x, which are polynomials in a and b.
fn beta_density(a: f64, b: f64, x: f64, orders: [usize; 2], k: usize) -> f64 {
    let y = 1.0 - x;
    let prefix = beta_prefix(a, b, [x, y], orders).scaled(1.0 / (x * y));
    let falling = |c: f64, slopes: [f64; 2], count: usize, factor: f64| {
        (0..count).fold(Jet::constant(1.0, orders), |product, m| {
            product.times(&Jet::linear((c - 1.0 - m as f64) * factor, slopes.map(|s| s * factor), orders))
        })
    };
    let mut binomial = 1.0;
    let mut sum = Jet::constant(0.0, orders);
    for m in 0..=k {
        let left = falling(a, [1.0, 0.0], k - m, 1.0 / x);
        let right = falling(b, [0.0, 1.0], m, -1.0 / y);
        sum = sum.plus(&left.times(&right).scaled(binomial));
        binomial *= (k - m) as f64 / (m + 1) as f64;
    }
    prefix.times(&sum).last()
}
