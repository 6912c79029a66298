//! Heston's model, and the price of a call along one path of its variance.
//!
//! ```text
//! dS = (r - q)·S·dt + √v·S·dW        dv = κ·(θ - v)·dt + η·√v·dB        dW·dB = ρ·dt
//! ```
//!
//! Given the path of v, the logarithm of S(T) is normal, so the expectation over the part of W that is independent of B is
//! a price by Black's formula (Romano & Touzi 1997, Willard 1997). Only the variance is simulated. What is left to average
//! is a smooth function of all inputs, so its second derivatives can be averaged as well.
//!
//! The steps are those of Ninomiya and Victoir (2008), which for this variance have a closed form (Alfonsi 2010): half a
//! step of the drift without its correction, √v moved by η/2·ΔB, and the other half step. The error is of second order in
//! the length of a step. With η² ≤ 4κθ the variance stays above 0 by itself, so there is no branch, and no root of 0 with
//! its infinite slope.

use super::monte_carlo::{Model, Priced};
use nilpotent::Real;

/// The number of inputs of a price.
pub(crate) const INPUTS: usize = 10;
pub(crate) const NAMES: [&str; INPUTS] = [
    "S, spot",
    "K, strike",
    "r, rate",
    "q, dividend yield",
    "T, maturity",
    "v₀, variance now",
    "κ, speed",
    "θ, long-term variance",
    "η, volatility of v",
    "ρ, correlation",
];

/// The option whose price A. Lewis published to 48 digits (Heston model reference prices, financepress.com, 2019), and the
/// prices for these strikes.
pub(crate) const LEWIS: [f64; INPUTS] = [100.0, 100.0, 0.01, 0.02, 1.0, 0.04, 4.0, 0.25, 1.0, -0.5];
pub(crate) const LEWIS_CALLS: [(f64, f64); 5] = [
    (80.0, 26.774_758_743_998_854),
    (90.0, 20.933_349_000_596_71),
    (100.0, 16.070_154_917_028_834),
    (110.0, 12.132_211_516_709_845),
    (120.0, 9.024_913_483_457_836),
];

/// Black's price of a call without interest, where `deviation` is σ·√T.
pub(crate) fn black<T: Real>(forward: T, strike: T, deviation: T) -> T {
    let d = (forward / strike).ln() / deviation + deviation * T::lit(0.5);
    forward * d.norm_cdf() - strike * (d - deviation).norm_cdf()
}

/// Heston's model, as a function of the inputs that [`NAMES`] lists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heston;

impl Model<INPUTS> for Heston {
    fn along_path<T: Real>(
        [spot, strike, rate, dividend, maturity, start, kappa, theta, eta, rho]: [T; INPUTS],
        normals: impl ExactSizeIterator<Item = T>,
    ) -> T {
        let steps = T::lit(normals.len() as f64);
        let (one, half, step) = (T::one(), T::lit(0.5), maturity / steps);
        // In half a step the variance decays to this level, v → v·decay + rest; in two, v → v·both + rests.
        let level = theta - eta * eta / (kappa * T::lit(4.0));
        let decay = (-kappa * step * half).exp();
        let (rest, shock) = (level * (one - decay), eta * half * step.sqrt());
        let (both, rests) = (decay * decay, rest * (one + decay));
        let (mut before, mut after, mut sum) = (start * decay + rest, T::zero(), T::zero());
        for normal in normals {
            let root = before.sqrt() + shock * normal;
            after = root * root;
            sum += after;
            before = after * both + rests;
        }
        let variance = after * decay + rest;
        // The integral of v over each half step is level·step/2 + (v - level)·(1 - decay)/κ, with v at its start.
        let starts = start + (sum - after) * decay + rest * (steps - one) + sum;
        let integral = level * maturity + (starts - level * steps * T::lit(2.0)) * (one - decay) / kappa;
        // The equation of v, solved for the integral of √v·dB.
        let with_variance = (variance - start - kappa * (theta * maturity - integral)) / eta;
        let growth = (rate - dividend) * maturity + rho * with_variance - half * rho * rho * integral;
        let deviation = ((one - rho * rho) * integral).sqrt();
        (-rate * maturity).exp() * black(spot * growth.exp(), strike, deviation)
    }
}

impl Priced<INPUTS> for Heston {
    fn formula<T: Real>(x: [T; INPUTS]) -> T {
        super::formula::call(x)
    }
}
