//! Heston's price of a call by its characteristic function, and implied volatilities.
//!
//! With the transform φ(u) of the logarithm of S(T)/F at u - i/2, where F is the forward (Lewis 2001):
//!
//! ```text
//! C = exp(-rT)·(F - √(F·K)/π·∫ Re(exp(i·u·ln(F/K))·φ(u))/(u² + ¼) du),        u from 0 to ∞
//! ```
//!
//! The substitution u = sinh(t)/2 makes the factor 1/(u² + ¼) du a factor 2/cosh(t) dt, and moves its poles at ±i/2 to
//! ±iπ/2. The integrand is analytic in a strip and decays twice exponentially, so the trapezoidal rule has sixteen digits
//! with some 60 values (Trefethen & Weideman, The exponentially convergent trapezoidal rule, 2014).
//!
//! The transform has no cancellation for a small η: the difference β - d of Heston's formula is -η²·(u² + ¼)/(β + d), and
//! the logarithm is one of 1 + x. Its branch is the one of Albrecher et al. (The little Heston trap, 2007).

use super::model::{INPUTS, black};
use nalgebra::Complex;
use nilpotent::{Real, derivative};

/// The distance of two values of the integrand in t, and the greatest number of values.
const STEP: f64 = 0.08;
const VALUES: usize = 120;
/// What is smaller than this times the forward is left out.
const NEGLIGIBLE: f64 = 1e-18;

/// The price of a call, of the inputs that [`NAMES`](super::model::NAMES) lists.
pub(crate) fn call<T: Real>([spot, strike, rate, dividend, maturity, model @ ..]: [T; INPUTS]) -> T {
    calls([spot, rate, dividend, maturity], model, &[strike])[0]
}

/// The prices of calls with one maturity, by spot, rate, dividend yield and maturity; start, speed, level and volatility of
/// the variance, and the correlation.
pub(crate) fn calls<T: Real>([spot, rate, dividend, maturity]: [T; 4], model: [T; 5], strikes: &[T]) -> Vec<T> {
    let forward = spot * ((rate - dividend) * maturity).exp();
    let logarithms: Vec<T> = strikes.iter().map(|&strike| (forward / strike).ln()).collect();
    let mut integrals = vec![T::zero(); strikes.len()];
    for k in 0..VALUES {
        let t = STEP * (k as f64 + 0.5);
        let (u, weight) = (0.5 * t.sinh(), 2.0 * STEP / t.cosh());
        let phi = transform(u, maturity, model) * T::lit(weight);
        if phi.norm_sqr() < T::lit(NEGLIGIBLE * NEGLIGIBLE) {
            break;
        }
        for (integral, &logarithm) in integrals.iter_mut().zip(&logarithms) {
            let (sin, cos) = (logarithm * T::lit(u)).sin_cos();
            *integral += phi.re * cos - phi.im * sin;
        }
    }
    let discount = (-rate * maturity).exp();
    let price = |(&strike, integral)| discount * (forward - (forward * strike).sqrt() / T::PI() * integral);
    strikes.iter().zip(integrals).map(price).collect()
}

/// The transform of ln(S(T)/F) at u - i/2.
fn transform<T: Real>(u: f64, maturity: T, [start, kappa, theta, eta, rho]: [T; 5]) -> Complex<T> {
    let (one, w, square) = (Complex::from(T::one()), T::lit(u * u + 0.25), eta * eta);
    let beta = Complex::new(kappa - rho * eta * T::lit(0.5), -rho * eta * T::lit(u));
    let d = (beta * beta + square * w).sqrt();
    let decay = (-d * maturity).exp();
    let q = (beta + d).inv() * w;
    let gone = q * (one - decay);
    let of_start = -gone / (q * decay / (beta + d) * square + one);
    let of_level = -q * maturity - ln_1p(-gone * square / (d * T::lit(2.0))) * (T::lit(2.0) / square);
    (of_start * start + of_level * (kappa * theta)).exp()
}

/// The logarithm of 1 + z, with all digits for a small z.
fn ln_1p<T: Real>(z: Complex<T>) -> Complex<T> {
    let two = T::lit(2.0);
    Complex::new((two * z.re + z.norm_sqr()).ln_1p() / two, z.im.atan2(T::one() + z.re))
}

/// The volatility with which Black's formula has this price without interest, if there is one.
///
/// Newton's method starts where the price is steepest, and so comes closer from one side (Manaster & Koehler 1982).
pub(crate) fn implied_volatility(forward: f64, strike: f64, maturity: f64, price: f64) -> Option<f64> {
    let mut deviation = (2.0 * (forward / strike).ln().abs()).sqrt().max(1e-3);
    for _ in 0..50 {
        let (value, slope) = derivative(|s| black(forward.into(), strike.into(), s), deviation);
        let step = (price - value) / slope;
        deviation += step;
        if step.abs() <= 1e-14 * deviation {
            break;
        }
    }
    (price > (forward - strike).max(0.0) && price < forward && deviation > 0.0).then_some(deviation / maturity.sqrt())
}
