//! Densities of elementary functions.

use super::support::{LN_PI, LN_ROOT_2_PI, positive, within};
use crate::real::Real;

/// `lognormal(y | μ, σ)`: `-½((ln y - μ)/σ)² - ln σ - ln y - ½ ln 2π`.
///
/// ```
/// let ln_p: f64 = nilpotent::density::lognormal(1.0, 0.0, 1.0);
/// assert!((ln_p + 0.918_938_533_204_672_7).abs() < 1e-15);
/// ```
pub fn lognormal<T: Real>(y: T, mu: T, sigma: T) -> T {
    within(y, positive(sigma), positive(y) && y < T::infinity(), || {
        let ln = y.ln();
        let z = (ln - mu) / sigma;
        T::lit(-0.5) * z * z - sigma.ln() - ln - T::lit(LN_ROOT_2_PI)
    })
}

/// `cauchy(y | μ, σ)`: `-ln(1 + ((y - μ)/σ)²) - ln σ - ln π`. Of the half of the distribution above μ the density is twice as large.
///
/// ```
/// let ln_p: f64 = nilpotent::density::cauchy(3.0, 1.0, 2.0);
/// assert!((ln_p + (4.0 * std::f64::consts::PI).ln()).abs() < 1e-15);
/// ```
pub fn cauchy<T: Real>(y: T, mu: T, sigma: T) -> T {
    within(y, positive(sigma), true, || {
        let z = (y - mu) / sigma;
        T::lit(-2.0) * z.hypot(T::one()).ln() - sigma.ln() - T::lit(LN_PI)
    })
}

/// `double_exponential(y | μ, σ)`, Laplace's distribution: `-|y - μ|/σ - ln 2σ`. At μ, where it has a kink, the derivatives are
/// those of the side that [`abs`](crate::rules::abs) chooses.
///
/// ```
/// let ln_p: f64 = nilpotent::density::double_exponential(3.0, 1.0, 2.0);
/// assert!((ln_p + 1.0 + 4.0_f64.ln()).abs() < 1e-15);
/// ```
pub fn double_exponential<T: Real>(y: T, mu: T, sigma: T) -> T {
    within(y, positive(sigma), true, || -((y - mu) / sigma).abs() - sigma.ln() - T::LN_2())
}

/// `logistic(y | μ, σ)`: `-z - 2 ln(1 + e⁻ᶻ) - ln σ`, z = (y - μ)/σ.
///
/// ```
/// let ln_p: f64 = nilpotent::density::logistic(1.0, 1.0, 2.0);
/// assert!((ln_p + 8.0_f64.ln()).abs() < 1e-15);
/// ```
pub fn logistic<T: Real>(y: T, mu: T, sigma: T) -> T {
    within(y, positive(sigma), true, || {
        let z = (y - mu) / sigma;
        -z.softplus() - (-z).softplus() - sigma.ln()
    })
}

/// `exponential(y | β)` with the rate β: `ln β - βy`.
///
/// ```
/// let ln_p: f64 = nilpotent::density::exponential(2.0, 1.0);
/// assert_eq!(ln_p, -2.0);
/// ```
pub fn exponential<T: Real>(y: T, beta: T) -> T {
    within(y, positive(beta), y >= T::zero(), || beta.ln() - beta * y)
}

/// `weibull(y | α, σ)`: `-(y/σ)ᵅ + (α - 1) ln(y/σ) + ln α - ln σ`.
///
/// ```
/// let ln_p: f64 = nilpotent::density::weibull(2.0, 2.0, 1.0);
/// assert!((ln_p - (4.0_f64.ln() - 4.0)).abs() < 1e-15);
/// ```
pub fn weibull<T: Real>(y: T, alpha: T, sigma: T) -> T {
    within(y, positive(alpha) && positive(sigma), y >= T::zero() && y < T::infinity(), || {
        let z = y / sigma;
        (alpha - T::one()).xlogy(z) - z.powf(alpha) + alpha.ln() - sigma.ln()
    })
}

/// `uniform(y | α, β)`: `-ln(β - α)` from α to β.
///
/// ```
/// let ln_p: f64 = nilpotent::density::uniform(1.0, 0.0, 4.0);
/// assert_eq!(ln_p, -4.0_f64.ln());
/// ```
pub fn uniform<T: Real>(y: T, alpha: T, beta: T) -> T {
    within(y, alpha < beta, y >= alpha && y <= beta, || -(beta - alpha).ln())
}
