//! Logarithms of probability densities, as generic functions over [`Real`], with derivatives in every argument
//! that is a number.
//!
//! Parameters are those of Stan's functions (Stan Functions Reference, version 2). Counts are `u64`. Outside the support the
//! result is -∞. Where a parameter is outside its domain, for instance a scale that is not positive, or an argument is NaN,
//! it is NaN. Constants are included: the exponential of the result is the density.
//!
//! The functions ending in `_logit` and `_log` take the logarithm of the odds and of the mean, of any size.
//!
//! Γ functions of large arguments are not subtracted from one another: gamma(10⁶, 1) at 10⁶ has the logarithm -7.8, the
//! difference of two numbers near 1.3·10⁷. Such densities are computed by Loader's saddle-point form (Loader 2000, "Fast
//! and accurate computation of binomial probabilities") from [`deviance`] and [`stirling_error`].
//!
//! ```
//! use nilpotent::num_traits::One;
//! use nilpotent::{Real, density, hessian};
//!
//! /// The negative log-likelihood of three waiting times under an exponential distribution.
//! fn nll<T: Real>(rate: T) -> T {
//!     [0.5, 1.5, 1.0].map(|t| -density::gamma(T::lit(t), T::one(), rate)).into_iter().sum()
//! }
//!
//! let (value, [slope], [[curvature]]) = hessian(|[rate]| nll(rate), [1.0_f64]);
//! assert!((value - 3.0).abs() < 1e-14 && slope.abs() < 1e-14 && (curvature - 3.0).abs() < 1e-14);
//! ```

mod elementary;
pub(crate) mod support;
pub(crate) mod vector;

use crate::real::Real;
use crate::special::saddle::{deviance_series, stirling_series};
pub use elementary::*;
use num_traits::Float as _;
use support::{LN_ROOT_2_PI, count, positive, within};
pub use vector::*;

/// From this size of its arguments on Γ is taken by its asymptotic series.
const LARGE: f64 = 10.0;

/// `lnΓ(x+1) - (x + ½) ln x + x - ln √(2π)`, the error of Stirling's formula for x > 0; it is near 1/(12x), and from x = 10
/// on it is computed by its asymptotic series (NIST's DLMF, 5.11.1).
///
/// ```
/// assert!((nilpotent::density::stirling_error(1e8_f64) - 8.333_333_333_333_333e-10).abs() < 1e-24);
/// ```
pub fn stirling_error<T: Real>(x: T) -> T {
    let exact = || {
        let shifted = (x + T::one()).ln_gamma() - (x + T::lit(0.5)) * x.ln() + x;
        shifted - T::lit(LN_ROOT_2_PI)
    };
    let asymptotic = || stirling_series(x);
    T::pick(x.float(), Real::lit(LARGE), exact, asymptotic)
}

/// `x ln(x/m) - (x - m)` for positive x and m, given also `d = x - m`, which may be known better than x and m are. It is
/// not negative, and vanishes where x = m; near there it is computed by its series in d/(x + m), without cancellation.
///
/// ```
/// let d = nilpotent::density::deviance(1e8, 1e8 - 1.0, 1.0_f64);
/// assert!((d - 5.000_000_033_333_333e-9).abs() < 1e-23);
/// ```
pub fn deviance<T: Real>(x: T, m: T, d: T) -> T {
    let near = || deviance_series(x, m, d);
    // Where x/m would overflow.
    let far = || T::pick(m.float(), x.float() * Real::lit(1e-300), || x.ln() - m.ln(), || (x / m).ln());
    T::pick(d.float().abs(), (x + m).float() * Real::lit(0.4), near, || x * far() - d)
}

/// The binomial density for real numbers of successes x and failures y, from which those of counts and of the beta
/// distribution are made; `excess` is x less its mean, and `odds` the ratio of successes and failures in the mean.
fn saddle<T: Real>(x: T, y: T, mean: [T; 2], excess: T) -> T {
    let n = x + y;
    let errors = stirling_error(n) - stirling_error(x) - stirling_error(y);
    let deviances = deviance(x, mean[0], excess) + deviance(y, mean[1], -excess);
    errors - deviances - T::lit(0.5) * (x * (y / n)).ln() - T::lit(LN_ROOT_2_PI)
}

/// `normal(y | μ, σ)`: `-½((y - μ)/σ)² - ln σ - ½ ln 2π`.
///
/// ```
/// use nilpotent::{density, gradient};
///
/// let (ln_p, [dy, dmu, dsigma]) = gradient(|[y, mu, sigma]| density::normal(y, mu, sigma), [3.0, 1.0, 2.0]);
/// assert!((ln_p + 2.112_085_713_764_618_f64).abs() < 1e-15);
/// assert_eq!([dy, dmu, dsigma], [-0.5, 0.5, 0.0]);
/// ```
pub fn normal<T: Real>(y: T, mu: T, sigma: T) -> T {
    within(y, positive(sigma), true, || {
        let z = (y - mu) / sigma;
        T::lit(-0.5) * z * z - sigma.ln() - T::lit(LN_ROOT_2_PI)
    })
}

/// `student_t(y | ν, μ, σ)`: `-½(ν + 1) ln(1 + z²/ν) - ln B(½, ν/2) - ½ ln ν - ln σ`, z = (y - μ)/σ.
///
/// ```
/// use nilpotent::density;
///
/// // With one degree of freedom it is Cauchy's distribution, far out 1/(πy²).
/// let ln_p: f64 = density::student_t(1e200, 1.0, 0.0, 1.0);
/// assert!((ln_p - (-921.034_037_197_618_3 - 1.144_729_885_849_400_2)).abs() < 1e-12);
/// ```
pub fn student_t<T: Real>(y: T, nu: T, mu: T, sigma: T) -> T {
    within(y, positive(nu) && positive(sigma), true, || {
        let half = T::lit(0.5);
        let w = (y - mu) / (sigma * nu.sqrt());
        let far = || {
            let inverse = w.recip();
            w.abs().ln() * T::lit(2.0) + (inverse * inverse).ln_1p()
        };
        let ln = T::pick(w.float().abs(), Real::lit(2.0), || (w * w).ln_1p(), far);
        -half * ((nu + T::one()) * ln + nu.ln()) - half.ln_beta(half * nu) - sigma.ln()
    })
}

/// `gamma(y | α, β)` with the rate β: `α ln β - lnΓ(α) + (α - 1) ln y - βy`.
///
/// ```
/// let ln_p: f64 = nilpotent::density::gamma(1e6, 1e6, 1.0);
/// assert!((ln_p + 7.826_693_895_520_145).abs() < 1e-14);
/// ```
pub fn gamma<T: Real>(y: T, alpha: T, beta: T) -> T {
    within(y, positive(alpha) && positive(beta), y >= T::zero() && y < T::infinity(), || {
        if alpha < T::lit(LARGE) || !positive(y) {
            return alpha * beta.ln() - alpha.ln_gamma() + (alpha - T::one()).xlogy(y) - beta * y;
        }
        let m = beta * y;
        let size = T::lit(0.5) * alpha.ln() - y.ln() - T::lit(LN_ROOT_2_PI);
        size - stirling_error(alpha) - deviance(alpha, m, (-beta).mul_add(y, alpha))
    })
}

/// `inv_gamma(y | α, β)` with the scale β: `α ln β - lnΓ(α) - (α + 1) ln y - β/y`.
///
/// ```
/// let ln_p: f64 = nilpotent::density::inv_gamma(2.0, 1.0, 2.0);
/// assert!((ln_p + 1.0 + 2.0_f64.ln()).abs() < 1e-15);
/// ```
pub fn inv_gamma<T: Real>(y: T, alpha: T, beta: T) -> T {
    within(y, positive(alpha) && positive(beta), positive(y) && y < T::infinity(), || {
        let m = beta / y;
        if alpha < T::lit(LARGE) {
            return alpha * beta.ln() - alpha.ln_gamma() - (alpha + T::one()) * y.ln() - m;
        }
        let size = T::lit(0.5) * alpha.ln() - y.ln() - T::lit(LN_ROOT_2_PI);
        size - stirling_error(alpha) - deviance(alpha, m, alpha.mul_add(y, -beta) / y)
    })
}

/// `beta(θ | α, β)`: `(α - 1) ln θ + (β - 1) ln(1 - θ) - ln B(α, β)`.
///
/// ```
/// let ln_p: f64 = nilpotent::density::beta(0.5, 2.0, 3.0);
/// assert!((ln_p - 1.5_f64.ln()).abs() < 1e-15);
/// ```
pub fn beta<T: Real>(theta: T, alpha: T, beta: T) -> T {
    let (one, zero) = (T::one(), T::zero());
    within(theta, positive(alpha) && positive(beta), theta >= zero && theta <= one, || {
        let large = alpha >= T::lit(LARGE) && beta >= T::lit(LARGE);
        if !large || theta == zero || theta == one {
            let rest = beta - one;
            let ln_rest = if theta == one { rest.xlogy(one - theta) } else { rest * (-theta).ln_1p() };
            return (alpha - one).xlogy(theta) + ln_rest - alpha.ln_beta(beta);
        }
        let (n, rest) = (alpha + beta, one - theta);
        let excess = alpha * rest - beta * theta;
        saddle(alpha, beta, [n * theta, n * rest], excess) + (alpha / theta * (beta / n) / rest).ln()
    })
}

/// `binomial(k | n, θ)`: `ln (n choose k) + k ln θ + (n - k) ln(1 - θ)`.
///
/// ```
/// use nilpotent::{density, derivative};
///
/// let (ln_p, slope) = derivative(|theta| density::binomial(3, 10, theta), 0.25);
/// assert!((ln_p - 0.250_282_287_597_656_25_f64.ln()).abs() < 1e-14);
/// assert!((slope - (3.0 / 0.25 - 7.0 / 0.75)).abs() < 1e-13);
/// ```
pub fn binomial<T: Real>(k: u64, n: u64, theta: T) -> T {
    let (one, zero) = (T::one(), T::zero());
    within(theta, theta >= zero && theta <= one, k <= n, || {
        let (hits, misses): (T, T) = (count(k), count(n - k));
        if k == 0 || k == n || !positive(theta) || theta == one {
            // xlogy is 0 where the count is, also at θ = 0 and 1.
            let ln_rest = if k == n { zero } else { misses * (-theta).ln_1p() };
            return hits.xlogy(theta) + ln_rest;
        }
        let (all, rest) = (count::<T>(n), one - theta);
        saddle(hits, misses, [all * theta, all * rest], (-all).mul_add(theta, hits))
    })
}

/// `binomial_logit(k | n, α)`, the binomial density with `θ = 1/(1 + e⁻ᵅ)`. With n = 1 it is Bernoulli's.
///
/// ```
/// let ln_p: f64 = nilpotent::density::binomial_logit(1, 1, -800.0);
/// assert_eq!(ln_p, -800.0);
/// ```
pub fn binomial_logit<T: Real>(k: u64, n: u64, alpha: T) -> T {
    within(alpha, !alpha.is_nan(), k <= n, || {
        let (hits, misses): (T, T) = (count(k), count(n - k));
        let plain = || -hits * (-alpha).softplus() - misses * alpha.softplus();
        if k == 0 || k == n {
            return plain();
        }
        // The smaller one of θ and 1 - θ, which is not near 1; far out, where it would underflow, the plain formula, which
        // has lost no digits there.
        let near = || {
            let below = || binomial(k, n, alpha.sigmoid());
            T::pick(alpha.float(), Real::lit(0.0), below, || binomial(n - k, n, (-alpha).sigmoid()))
        };
        let choose = -num_traits::Float::ln(n as f64 + 1.0) - (k as f64 + 1.0).ln_beta((n - k) as f64 + 1.0);
        T::pick(alpha.float().abs(), Real::lit(80.0), near, || T::lit(choose) + plain())
    })
}

/// `poisson(n | λ)`: `n ln λ - λ - ln n!`.
///
/// ```
/// let ln_p: f64 = nilpotent::density::poisson(1_000_000, 1e6);
/// assert!((ln_p + 7.826_693_895_520_145).abs() < 1e-14);
/// assert_eq!(nilpotent::density::poisson(0, 0.0_f64), 0.0);
/// ```
pub fn poisson<T: Real>(n: u64, lambda: T) -> T {
    within(lambda, lambda >= T::zero(), lambda < T::infinity(), || {
        if n == 0 {
            return -lambda;
        }
        let x: T = count(n);
        if !positive(lambda) {
            return x * lambda.ln();
        }
        let constant = stirling_error(n as f64) + 0.5 * num_traits::Float::ln(n as f64) + LN_ROOT_2_PI;
        -deviance(x, lambda, x - lambda) - T::lit(constant)
    })
}

/// `poisson_log(n | α)`, that of Poisson with `λ = eᵅ`.
///
/// ```
/// let ln_p: f64 = nilpotent::density::poisson_log(2, 0.0);
/// assert!((ln_p + 1.0 + 2.0_f64.ln()).abs() < 1e-15);
/// ```
pub fn poisson_log<T: Real>(n: u64, alpha: T) -> T {
    let far = || count::<T>(n) * alpha - T::lit(Real::ln_gamma(n as f64 + 1.0));
    T::pick(alpha.float(), Real::lit(-80.0), far, || poisson(n, alpha.exp()))
}

/// `neg_binomial(n | α, β)`: `ln (n+α-1 choose α-1) + α ln(β/(β + 1)) - n ln(β + 1)`.
///
/// ```
/// // With α = 1 it is the geometric distribution.
/// let ln_p: f64 = nilpotent::density::neg_binomial(3, 1.0, 1.0);
/// assert!((ln_p - 0.0625_f64.ln()).abs() < 1e-14);
/// ```
pub fn neg_binomial<T: Real>(n: u64, alpha: T, beta: T) -> T {
    within(alpha, positive(alpha) && positive(beta), true, || with_odds(n, alpha, beta.recip()))
}

/// `neg_binomial_2(n | μ, φ)`, by its mean: `ln (n+φ-1 choose n) + n ln(μ/(μ + φ)) + φ ln(φ/(μ + φ))`. For φ → ∞ it tends to
/// that of Poisson.
///
/// ```
/// use nilpotent::density;
///
/// let (a, b): (f64, f64) = (density::neg_binomial_2(3, 2.5, 1e12), density::poisson(3, 2.5));
/// assert!((a - b).abs() < 1e-11);
/// ```
pub fn neg_binomial_2<T: Real>(n: u64, mu: T, phi: T) -> T {
    within(mu, positive(mu) && positive(phi), true, || with_odds(n, phi, mu / phi))
}

/// `neg_binomial_2_log(n | η, φ)`, that of [`neg_binomial_2`] with the mean `eᵑ`.
///
/// ```
/// use nilpotent::density;
///
/// let (a, b): (f64, f64) = (density::neg_binomial_2_log(3, 0.0, 2.0), density::neg_binomial_2(3, 1.0, 2.0));
/// assert_eq!(a, b);
/// ```
pub fn neg_binomial_2_log<T: Real>(n: u64, eta: T, phi: T) -> T {
    neg_binomial_2(n, eta.exp(), phi)
}

/// The negative binomial density with the mean `φ·odds`.
fn with_odds<T: Real>(n: u64, phi: T, odds: T) -> T {
    let none = -phi * odds.ln_1p();
    if n == 0 {
        return none;
    }
    let x: T = count(n);
    if n < LARGE as u64 || phi < T::lit(LARGE) {
        return none - x * odds.recip().ln_1p() - x.ln() - phi.ln_beta(x);
    }
    let (all, whole) = (x + phi, odds + T::one());
    let excess = (phi * odds - x) / whole;
    saddle(phi, x, [all / whole, all * odds / whole], excess) + (phi / all).ln()
}
