//! Finds the parameters of Heston's model from a surface of prices.
//!
//! Surface and start are those of the program that Cui wrote for the paper by Cui, del Baño Rollin and Germano (Full and
//! fast calibration of the Heston stochastic volatility model, European Journal of Operational Research 263, 2017): 40
//! calls, whose prices are made from known parameters. A residual is a difference of prices over the slope of Black's
//! price in the volatility, so it is close to a difference of implied volatilities. The parameters are functions of free
//! variables, so that they stay in their ranges: squares, and a hyperbolic tangent for the correlation. (With exponentials
//! in place of squares a third of the fits from random starts run away to an infinite speed.)

use super::formula::{calls, implied_volatility};
use super::levenberg_marquardt::{Minimum, Residuals, minimise};
use super::model::black;
use nilpotent::{Real, derivative};

/// The names of the parameters.
pub(crate) const NAMES: [&str; 5] =
    ["v₀, variance now", "κ, speed", "θ, long-term variance", "η, volatility of v", "ρ, correlation"];
/// The parameters that make the surface, and the point from which the fit starts.
pub(crate) const KNOWN: [f64; 5] = [0.08, 3.0, 0.1, 0.25, -0.8];
pub(crate) const START: [f64; 5] = [0.2, 1.2, 0.2, 0.3, -0.6];
/// The ranges of the parameters for random starts.
pub(crate) const RANGES: [(f64, f64); 5] = [(0.05, 0.95), (0.5, 5.0), (0.05, 0.95), (0.05, 0.95), (-0.9, -0.1)];
const RATE: f64 = 0.02;
/// The maturities in days, of which a year has 252, and the strikes of each as shares of the spot.
const SMILES: [(f64, [f64; 5]); 8] = [
    (30.0, [0.9371, 0.9956, 1.0427, 1.2287, 1.3939]),
    (60.0, [0.8603, 0.9868, 1.0463, 1.2399, 1.4102]),
    (90.0, [0.8112, 0.9728, 1.0499, 1.2485, 1.4291]),
    (120.0, [0.7760, 0.9588, 1.0530, 1.2659, 1.4456]),
    (150.0, [0.7470, 0.9464, 1.0562, 1.2646, 1.4603]),
    (180.0, [0.7216, 0.9358, 1.0593, 1.2715, 1.4736]),
    (270.0, [0.6699, 0.9175, 1.0663, 1.2859, 1.5005]),
    (360.0, [0.6137, 0.9025, 1.0766, 1.3046, 1.5328]),
];

/// The calls of one maturity. The spot is 1, and there is no dividend.
#[derive(Clone, Debug)]
pub(crate) struct Smile {
    pub(crate) days: f64,
    pub(crate) strikes: Vec<f64>,
    pub(crate) volatilities: Vec<f64>,
    prices: Vec<f64>,
    /// The slopes of the prices in the volatility.
    vegas: Vec<f64>,
}

fn years(days: f64) -> f64 {
    days / 252.0
}

/// The prices of calls of one maturity.
fn prices<T: Real>(days: f64, model: [T; 5], strikes: &[f64]) -> Vec<T> {
    let strikes: Vec<T> = strikes.iter().map(|&strike| T::lit(strike)).collect();
    calls([T::one(), T::lit(RATE), T::zero(), T::lit(years(days))], model, &strikes)
}

/// The implied volatilities of calls of one maturity, NaN where there is none.
pub(crate) fn volatilities(days: f64, model: [f64; 5], strikes: &[f64]) -> Vec<f64> {
    let growth = (RATE * years(days)).exp();
    let of = |(&strike, price)| implied_volatility(growth, strike, years(days), price * growth).unwrap_or(f64::NAN);
    strikes.iter().zip(prices(days, model, strikes)).map(of).collect()
}

/// The surface that the known parameters make.
pub(crate) fn surface() -> Vec<Smile> {
    let smile = |&(days, strikes): &(f64, [f64; 5])| {
        let growth = (RATE * years(days)).exp();
        let volatilities = volatilities(days, KNOWN, &strikes);
        let vega = |(strike, &volatility): (f64, &f64)| {
            let root = years(days).sqrt();
            derivative(|s| black(growth.into(), strike.into(), s * root), volatility).1 / growth
        };
        let vegas = strikes.into_iter().zip(&volatilities).map(vega).collect();
        Smile { days, strikes: strikes.to_vec(), volatilities, prices: prices(days, KNOWN, &strikes), vegas }
    };
    SMILES.iter().map(smile).collect()
}

/// The parameters by variables without bounds.
fn parameters<T: Real>(b: &[T]) -> [T; 5] {
    [b[0] * b[0], b[1] * b[1], b[2] * b[2], b[3] * b[3], b[4].tanh()]
}

/// The differences of the model from a surface.
struct Differences<'a>(&'a [Smile]);

impl Residuals for Differences<'_> {
    fn at<T: Real>(&self, b: &[T]) -> Vec<T> {
        let of = |smile: &Smile| -> Vec<T> {
            let known = smile.prices.iter().zip(&smile.vegas);
            let found = prices(smile.days, parameters(b), &smile.strikes);
            found.into_iter().zip(known).map(|(x, (&price, &vega))| (x - T::lit(price)) * T::lit(1.0 / vega)).collect()
        };
        self.0.iter().flat_map(of).collect()
    }
}

/// The fitted parameters, and the effort, if there is a price at the start.
pub(crate) fn fit(surface: &[Smile], start: [f64; 5]) -> Option<([f64; 5], Minimum)> {
    let [v, kappa, theta, eta, rho] = start;
    let minimum = minimise(&Differences(surface), &[v.sqrt(), kappa.sqrt(), theta.sqrt(), eta.sqrt(), rho.atanh()])?;
    Some((parameters(minimum.b.as_slice()), minimum))
}
