//! An option on the mean of the prices of 252 days, in the model of Black and Scholes.
//!
//! This is the problem on which MatLogica measures AADC, its compiler for adjoints: price, delta, rho and vega take 1.32
//! times as long as the price alone (matlogica.com, Asian option Monte Carlo).

use super::monte_carlo::Model;
use nilpotent::Real;

pub(crate) const INPUTS: usize = 3;
/// The spot, the rate and the volatility.
pub(crate) const OPTION: [f64; INPUTS] = [100.0, 0.03, 0.2];
pub(crate) const STRIKE: f64 = 100.0;
pub(crate) const DAYS: usize = 252;

/// A call that pays after a year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asian;

impl Model<INPUTS> for Asian {
    fn along_path<T: Real>([spot, rate, sigma]: [T; INPUTS], normals: impl ExactSizeIterator<Item = T>) -> T {
        let (half, steps) = (T::lit(0.5), T::lit(normals.len() as f64));
        let (drift, deviation) = ((rate - half * sigma * sigma) / steps, sigma / steps.sqrt());
        let (mut price, mut sum) = (spot, T::zero());
        for normal in normals {
            price *= (drift + deviation * normal).exp();
            sum += price;
        }
        let gain = sum / steps - T::lit(STRIKE);
        (-rate).exp() * (gain + gain.abs()) * half
    }
}
