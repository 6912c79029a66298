//! The fit: Newton's method in a trust region with exact Hessians, from random starts, and profiles of the likelihood.
//!
//! - **Deviations.** For given rates the best standard deviation of an observable is the root of its mean squared
//!   residual. With it inserted, only the six rates are left (C. Loos, S. Krause, J. Hasenauer, *Hierarchical
//!   optimization for the efficient parametrization of ODE models*, Bioinformatics 34, 2018).
//! - **Bounds.** A rate is `center + radius·sin u` on the scale of logarithms, so u is free (F. James, M. Roos,
//!   *Minuit*, Computer Physics Communications 10, 1975).
//! - **Derivatives.** One evaluation in second-order numbers gives value, gradient and Hessian in u, through the sine,
//!   all steps of the solver and their linear systems. The method is that of the example `newton`.

use super::data::{Data, PARAMETERS};
use super::likelihood::Method;
use super::minimise::{Expansion, minimise_to};
use super::model::{OBSERVABLES, RATES};
use super::random::uniform;
use super::rosenbrock::Step;
use nalgebra::{DMatrix, DVector};
use nilpotent::linalg::Number;
use nilpotent::num_traits::Float;
use nilpotent::{Dual2, hessian};
use std::sync::Mutex;
use std::thread;

/// The tolerance of the steps.
pub(crate) const TOLERANCE: f64 = 1e-5;
/// The gain, relative to the value at the start, that is not worth a step.
const SMALL: f64 = 1e-10;
/// The increase above the minimum up to which profiles are computed, and the one that a parameter exceeds with a
/// probability of 5 %: half the 95 % quantile of χ² with one degree of freedom.
pub(crate) const HIGHEST: f64 = 4.0;
pub(crate) const THRESHOLD: f64 = 1.920_729_410_347_062;
/// The largest number of points of a profile on one side.
const POINTS: usize = 40;

/// The bytes of a thread's stack. Without optimization the matrices of second-order numbers need more than the usual 2 MB.
const STACK: usize = 16 << 20;

/// A fit: the decimal logarithms of the parameters, and the negative logarithm of the likelihood.
#[derive(Clone, Debug)]
pub(crate) struct Fit {
    pub(crate) theta: [f64; PARAMETERS],
    pub(crate) value: f64,
    /// The number of evaluations of value, gradient and Hessian.
    pub(crate) evaluations: usize,
    pub(crate) converged: bool,
}

/// A rate held fixed: its index, and its u.
type Held = Option<(usize, f64)>;

impl Data {
    fn center_and_radius(&self, k: usize) -> [f64; 2] {
        let [lower, upper] = self.parameters[k].bounds;
        [(lower + upper) / 2.0, (upper - lower) / 2.0]
    }

    fn bounded<T: Number<Float = f64>>(&self, u: &[T; RATES]) -> [T; RATES] {
        std::array::from_fn(|k| {
            let [center, radius] = self.center_and_radius(k);
            Float::sin(u[k]).times(radius) + T::lit(center)
        })
    }

    fn free(&self, k: usize, theta: f64) -> f64 {
        let [center, radius] = self.center_and_radius(k);
        ((theta - center) / radius).clamp(-1.0, 1.0).asin()
    }

    /// The decimal logarithms of the best deviations within the bounds.
    fn deviations<T: Number<Float = f64>>(&self, steps: &[Step], theta: &[T; RATES]) -> [T; OBSERVABLES] {
        let observed = self.simulate(Method::Rosenbrock, steps, theta);
        std::array::from_fn(|k| {
            let squares: T =
                observed.iter().zip(&self.measured).map(|(o, m)| Float::powi(o[k] - T::lit(m[k]), 2)).sum();
            let [lower, upper] = self.parameters[RATES + k].bounds;
            let best = Float::log10(squares / T::lit(self.times.len() as f64)).times(0.5);
            Float::min(Float::max(best, T::lit(lower)), T::lit(upper))
        })
    }

    /// The negative logarithm of the likelihood with the best deviations: at these each observable has the mean squared
    /// residual σ², and so adds ½ for each measurement.
    fn reduced<T: Number<Float = f64>>(&self, steps: &[Step], theta: &[T; RATES]) -> T {
        let constant = (2.0 * std::f64::consts::PI).ln() / 2.0 + 0.5;
        let logarithms: T = self.deviations(steps, theta).into_iter().sum();
        (logarithms.times(std::f64::consts::LN_10) + T::lit(OBSERVABLES as f64 * constant))
            .times(self.times.len() as f64)
    }

    /// The function to minimize to second order, in all u but the one held.
    fn expand(&self, held: Held, u: &DVector<f64>) -> Expansion {
        let u = whole(held, u);
        let mut at = match self.steps(&self.bounded(&u), &self.times, TOLERANCE) {
            Some(steps) => {
                let run = |u: [Dual2<f64, RATES>; RATES]| self.reduced(&steps, &self.bounded(&u));
                let (value, slope, bend) = hessian(run, u);
                Expansion {
                    value,
                    gradient: DVector::from_column_slice(&slope),
                    hessian: DMatrix::from_fn(RATES, RATES, |i, j| bend[i][j]),
                }
            }
            // Not finite, so the method tries a shorter step.
            None => Expansion {
                value: f64::INFINITY,
                gradient: DVector::zeros(RATES),
                hessian: DMatrix::zeros(RATES, RATES),
            },
        };
        if let Some((k, _)) = held {
            at.gradient = at.gradient.remove_row(k);
            at.hessian = at.hessian.remove_row(k).remove_column(k);
        }
        at
    }

    /// Fits the rates that are not held, from given ones; `None` if there is no solution at the start.
    fn fit(&self, held: Held, start: [f64; RATES]) -> Option<([f64; RATES], Fit)> {
        let start: Vec<f64> =
            (0..RATES).filter(|&k| held.is_none_or(|(held, _)| held != k)).map(|k| start[k]).collect();
        let minimum = minimise_to(|u| self.expand(held, u), &start, SMALL)?;
        let u = whole(held, &minimum.x);
        let rates = self.bounded(&u);
        let deviations = self.deviations(&self.steps(&rates, &self.times, TOLERANCE)?, &rates);
        let theta = std::array::from_fn(|k| if k < RATES { rates[k] } else { deviations[k - RATES] });
        let (evaluations, converged) = (minimum.evaluations, minimum.converged);
        Some((u, Fit { theta, value: minimum.at.value, evaluations, converged }))
    }

    /// Returns the fits from so many random starts, uniform in the logarithms within the bounds; the best one first.
    pub(crate) fn fits(&self, starts: usize, mut seed: u64) -> Vec<Fit> {
        let starts = (0..starts)
            .map(|_| {
                std::array::from_fn(|k| {
                    let [center, radius] = self.center_and_radius(k);
                    self.free(k, center + radius * uniform(&mut seed))
                })
            })
            .collect();
        let mut fits: Vec<_> = on_all_cores(starts, |u| self.fit(None, u)).into_iter().flatten().collect();
        fits.sort_by(|(_, a), (_, b)| a.value.total_cmp(&b.value));
        fits.into_iter().map(|(_, fit)| fit).collect()
    }

    /// Returns the profiles of all rates: points of the logarithm of the rate, and the least negative logarithm of the
    /// likelihood with this rate.
    pub(crate) fn profiles(&self, best: &Fit) -> Vec<Vec<(f64, f64)>> {
        on_all_cores((0..RATES).collect(), |k| {
            let mut points: Vec<_> = self.side(best, k, -1.0);
            points.reverse();
            points.push((best.theta[k], best.value));
            points.extend(self.side(best, k, 1.0));
            points
        })
    }

    /// One side of a profile, each point of which starts from the last one.
    fn side(&self, best: &Fit, k: usize, sign: f64) -> Vec<(f64, f64)> {
        let mut u = std::array::from_fn(|k| self.free(k, best.theta[k]));
        let [lower, upper] = self.parameters[k].bounds;
        let (mut at, mut last, mut width, mut points) = (best.theta[k], best.value, 0.02, Vec::new());
        while points.len() < POINTS && last < best.value + HIGHEST && (lower..=upper).contains(&(at + sign * 1e-6)) {
            at = (at + sign * width).clamp(lower, upper);
            let Some((next, fit)) = self.fit(Some((k, self.free(k, at))), u) else { break };
            // A step raises the profile by a fifth to a half, if it can.
            let rise = (fit.value - last).abs();
            width = (width
                * if rise < 0.2 {
                    1.6
                } else if rise > 0.5 {
                    0.6
                } else {
                    1.0
                })
            .min(0.25);
            (u, last) = (next, fit.value);
            points.push((at, last));
        }
        points
    }
}

/// Inserts the u that is held.
fn whole(held: Held, u: &DVector<f64>) -> [f64; RATES] {
    let mut u: Vec<f64> = u.iter().copied().collect();
    if let Some((k, value)) = held {
        u.insert(k, value);
    }
    std::array::from_fn(|k| u[k])
}

/// The ends of the 95 % interval on a profile, linear between its points; `None` where the profile stays below.
pub(crate) fn interval(profile: &[(f64, f64)], least: f64) -> [Option<f64>; 2] {
    let level = least + THRESHOLD;
    let crossing = |[(x, a), (y, b)]: [(f64, f64); 2]| x + (y - x) * (level - a) / (b - a);
    let pairs = || profile.windows(2).map(|pair| [pair[0], pair[1]]);
    [
        pairs().find(|[a, b]| a.1 > level && b.1 <= level).map(crossing),
        pairs().rfind(|[a, b]| a.1 <= level && b.1 > level).map(crossing),
    ]
}

/// Calls a function for all items, on as many threads as there are cores, and returns the results in order.
fn on_all_cores<I: Send, R: Send>(items: Vec<I>, f: impl Fn(I) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let queue = Mutex::new(items.into_iter().enumerate());
    let mut results = Vec::new();
    thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            loop {
                let item = queue.lock().expect("no thread panics with the lock").next();
                let Some((index, item)) = item else { return done };
                done.push((index, f(item)));
            }
        };
        let spawn = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).expect("memory for a stack");
        let threads: Vec<_> = (0..cores).map(spawn).collect();
        for thread in threads {
            results.extend(thread.join().expect("no thread panics"));
        }
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
