//! A model of local volatility, whose volatility is a function of price and time, and whose price is known.
//!
//! ```text
//! dF = σ(F, t)·F·dW        σ(F, t) = (long + (short - long)/(1 + c·t))·(b + (1 - b)·F₀/F)
//! ```
//!
//! F is the forward price, b the skew: with b = 1 the volatility is the same at all prices, and with b = 0 it is the price
//! that is normal. In between b·F + (1 - b)·F₀ is lognormal, a displaced diffusion (Rubinstein 1983), so Black's formula
//! has the price. The simulation makes no use of this: it takes any σ(F, t).

use super::model::black;
use super::monte_carlo::{Model, Priced};
use nilpotent::Real;

pub(crate) const INPUTS: usize = 7;
pub(crate) const NAMES: [&str; INPUTS] =
    ["F, forward", "K, strike", "T, maturity", "short-term σ", "long-term σ", "c, speed", "b, skew"];
/// An option on which the results are shown.
pub(crate) const OPTION: [f64; INPUTS] = [100.0, 110.0, 1.0, 0.35, 0.2, 1.5, 0.6];

/// The model, as a function of the inputs that [`NAMES`] lists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocalVolatility;

impl Model<INPUTS> for LocalVolatility {
    fn along_path<T: Real>(
        [forward, strike, maturity, short, long, speed, skew]: [T; INPUTS],
        normals: impl ExactSizeIterator<Item = T>,
    ) -> T {
        let (one, half, step) = (T::one(), T::lit(0.5), maturity / T::lit(normals.len() as f64));
        let (root, normal_part) = (step.sqrt(), (one - skew) * forward);
        let mut price = forward;
        for (i, normal) in normals.enumerate() {
            // In the middle of the step.
            let level = long + (short - long) / (one + speed * step * T::lit(i as f64 + 0.5));
            let deviation = level * (skew + normal_part / price) * root;
            price *= (deviation * (normal - half * deviation)).exp();
        }
        // The positive part. Unlike a comparison or `max`, `abs` is no branch of a program of the adjoint.
        let gain = price - strike;
        (gain + gain.abs()) * half
    }
}

impl Priced<INPUTS> for LocalVolatility {
    fn formula<T: Real>([forward, strike, maturity, short, long, speed, skew]: [T; INPUTS]) -> T {
        // The integral of the squared level over time.
        let (one, more, end) = (T::one(), short - long, T::one() + speed * maturity);
        let variance = long * long * maturity
            + T::lit(2.0) * long * more * (speed * maturity).ln_1p() / speed
            + more * more * maturity / end;
        black(forward, skew * strike + (one - skew) * forward, skew * variance.sqrt()) / skew
    }
}
