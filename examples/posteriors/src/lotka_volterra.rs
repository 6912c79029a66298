//! Hares and lynxes: a differential equation whose rates and start are unknown, and whose solution is observed each year.

use super::common::Error;
use super::data::Data;
use super::model::{Model, numbered};
use nilpotent::constrained::Constraint;
use nilpotent::{Real, density};
use std::f64::consts::TAU;
use std::path::Path;

/// From one crowd of lynxes to the next, in years.
const CYCLE: f64 = 10.0;
/// Steps a year, unless another number is set.
const STEPS: f64 = 10.0;

/// Counts of pelts, in thousands: of hares, and of lynxes.
pub(crate) struct LotkaVolterra {
    pub(crate) times: Vec<f64>,
    pub(crate) counts: Vec<[f64; 2]>,
    /// At the time 0.
    pub(crate) first: [f64; 2],
    /// Of the solver, a year.
    pub(crate) steps: f64,
}

impl LotkaVolterra {
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let data = Data::read(path)?;
        let n = data.count("N")?;
        let times = data.numbers("ts", n)?;
        data.check_ascending("ts", &times)?;
        let first = data.numbers("y_init", 2)?;
        data.check_positive("y_init", &first)?;
        let counts = data.rows("y", n)?;
        data.check_positive("y", counts.as_flattened())?;
        Ok(Self { times, counts, first: [first[0], first[1]], steps: STEPS })
    }

    /// The numbers of hares and lynxes at these times, by the classical method of Runge and Kutta. The steps are the same for
    /// all parameters, so that the density has no jumps, and derivatives go through them as through any loop.
    pub(crate) fn solve<T: Real>(&self, rates: [T; 4], start: [T; 2], times: &[f64]) -> Vec<[T; 2]> {
        let (mut t, mut z) = (0.0, start);
        let mut at = |&time: &f64| {
            let steps = ((time - t) * self.steps).ceil();
            let h = T::lit((time - t) / steps);
            for _ in 0..steps as usize {
                z = step(rates, z, h);
            }
            t = time;
            z
        };
        times.iter().map(&mut at).collect()
    }
}

/// Hares multiply at the rate α and are eaten at β for each lynx; lynxes die at γ and multiply at δ for each hare.
fn slope<T: Real>([alpha, beta, gamma, delta]: [T; 4], [u, v]: [T; 2]) -> [T; 2] {
    [(alpha - beta * v) * u, (delta * u - gamma) * v]
}

/// One step of the classical method of Runge and Kutta.
fn step<T: Real>(rates: [T; 4], z: [T; 2], h: T) -> [T; 2] {
    let along = |k: [T; 2], h: T| [z[0] + h * k[0], z[1] + h * k[1]];
    let (half, two, sixth) = (h * T::lit(0.5), T::lit(2.0), h * T::lit(1.0 / 6.0));
    let k1 = slope(rates, z);
    let k2 = slope(rates, along(k1, half));
    let k3 = slope(rates, along(k2, half));
    let k4 = slope(rates, along(k3, h));
    let mean = |i: usize| k1[i] + k4[i] + two * (k2[i] + k3[i]);
    along([mean(0), mean(1)], sixth)
}

/// The parameters, all positive, are the four rates, the two numbers at the time 0, and the two errors of counting.
impl Model for LotkaVolterra {
    fn parameters(&self) -> Vec<(Constraint, usize)> {
        vec![(Constraint::POSITIVE, 8)]
    }

    fn log_density<T: Real>(&self, y: &[T]) -> T {
        let &[alpha, beta, gamma, delta, u, v, sigma_u, sigma_v] = y else { panic!("8 parameters") };
        let lit = T::lit;
        let rates = density::normal(alpha, lit(1.0), lit(0.5))
            + density::normal(gamma, lit(1.0), lit(0.5))
            + density::normal(beta, lit(0.05), lit(0.05))
            + density::normal(delta, lit(0.05), lit(0.05));
        let starts: T = [u, v].map(|z| density::lognormal(z, lit(10.0_f64.ln()), lit(1.0))).into_iter().sum();
        let sigmas: T = [sigma_u, sigma_v].map(|s| density::lognormal(s, lit(-1.0), lit(1.0))).into_iter().sum();
        let observed = |counts: [f64; 2], [u, v]: [T; 2]| {
            density::lognormal(lit(counts[0]), u.ln(), sigma_u) + density::lognormal(lit(counts[1]), v.ln(), sigma_v)
        };
        let solution = self.solve([alpha, beta, gamma, delta], [u, v], &self.times);
        let later: T = self.counts.iter().zip(solution).map(|(&counts, z)| observed(counts, z)).sum();
        rates + starts + sigmas + observed(self.first, [u, v]) + later
    }

    /// A guess from the counts. The equilibrium, γ/δ hares and α/β lynxes, is near their means, and small cycles about it take
    /// 2π/√(αγ) years, of which there are ten. From rates whose cycles are much shorter or longer, a chain may not find the way.
    fn start(&self) -> Vec<f64> {
        let [hares, lynxes] = [0, 1].map(|i| self.counts.iter().map(|z| z[i]).sum::<f64>() / self.counts.len() as f64);
        let (rate, sigma) = (TAU / CYCLE, (-1.0_f64).exp());
        vec![rate, rate / lynxes, rate, rate / hares, self.first[0], self.first[1], sigma, sigma]
    }

    fn names(&self) -> Vec<String> {
        numbered("theta", 4).chain(numbered("z_init", 2)).chain(numbered("sigma", 2)).collect()
    }

    fn quantities(&self, y: &[f64]) -> Vec<f64> {
        y.to_vec()
    }
}
