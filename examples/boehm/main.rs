//! Fits the rates of a stiff model of signalling to measurements, and tells how well they are known.
//!
//! ```text
//! cargo run --release --example boehm                      prints the tables
//! cargo run --release --example boehm -- --chart PATH      draws the fit and the profiles as well, as SVG
//! ```
//!
//! The model (model.rs) is a plain function: eight concentrations of the protein STAT5 and its pairs, six unknown rates.
//! The data (data.rs) are published, 48 measured shares, and so is the estimate to compare with. The program
//!
//! - solves the stiff equations by a Rosenbrock method over any number (rosenbrock.rs), and by an implicit Runge-Kutta
//!   method that is differentiated by the implicit function theorem (sdirk.rs),
//! - compares the gradients of the likelihood in nine parameters (likelihood.rs): both methods by forward numbers, by one
//!   recording and by checkpoints, with their times,
//! - fits the rates from 20 random starts by Newton's method with exact Hessians (fit.rs), and follows the likelihood
//!   along each rate while the other ones are fitted: its profile.
//!
//! It succeeds if both methods find the known likelihood at the published estimate, all gradients of one method agree
//! up to rounding and those of both up to the error of the steps, and the best fit is at least as good as the published
//! one.

#[path = "../common/mod.rs"]
pub(crate) mod common;
#[path = "../common/random.rs"]
mod random;
#[path = "../newton/minimise.rs"]
#[expect(dead_code, reason = "the other uses of the method")]
mod minimise;
#[path = "../newton/trust_region.rs"]
mod trust_region;
pub(crate) mod chart;
#[path = "../common/chart.rs"]
mod plot;
pub(crate) mod data;
pub(crate) mod fit;
pub(crate) mod likelihood;
pub(crate) mod model;
pub(crate) mod rosenbrock;
pub(crate) mod sdirk;

use data::{Data, PARAMETERS};
use fit::{Fit, interval};
use likelihood::{Gradient, Method};
use model::RATES;
#[cfg(test)]
pub(crate) use plot::chart_path;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/boehm");
/// The negative logarithm of the likelihood at the published estimate, from three solvers of SciPy
/// (tests/reference/boehm.py), and the largest difference from it.
pub(crate) const KNOWN: f64 = 138.221_997_74;
pub(crate) const DIFFERENCE: f64 = 1e-7;
/// The tolerance of the steps for the gradients.
pub(crate) const TOLERANCE: f64 = 1e-8;
/// The largest difference of gradients of one method and of both, relative to the largest entry, or to 1 where the
/// gradient is small, as at the minimum.
pub(crate) const ROUNDING: f64 = 1e-9;
pub(crate) const TRUNCATION: f64 = 1e-5;
/// The number of states that checkpoints store.
pub(crate) const BUDGET: usize = 10;
const STARTS: usize = 20;
const SEED: u64 = 1;
/// A fit has found the best one if it is this close to it.
const SAME: f64 = 1e-3;

fn main() -> ExitCode {
    plot::program(|picture| Ok(run(picture, Path::new(FOLDER))))
}

/// Runs the program on the data of a folder, draws the picture if there is a path for it, and returns whether all
/// requirements are met.
pub(crate) fn run(picture: Option<&Path>, folder: &Path) -> bool {
    let outcome = data::read(folder).and_then(|data| {
        let data = Arc::new(data);
        let right = compare(&data);
        let (best, profiles, found) = estimate(&data);
        if let Some(path) = picture {
            chart::write(path, &data, &best, &profiles)?;
            println!("\nthe chart is in {}", path.display());
        }
        Ok(right && found)
    });
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        false
    })
}

/// A way to a gradient: its name, its method, and itself.
type Way = (&'static str, Method, fn(&Arc<Data>, Method, &[rosenbrock::Step], [f64; PARAMETERS]) -> Gradient);

pub(crate) const WAYS: [Way; 6] = [
    ("Rosenbrock, forward numbers", Method::Rosenbrock, |data, method, steps, theta| {
        data.forward(method, steps, theta)
    }),
    ("Rosenbrock, one recording", Method::Rosenbrock, |data, method, steps, theta| data.recorded(method, steps, theta)),
    ("Rosenbrock, checkpoints", Method::Rosenbrock, |data, method, steps, theta| {
        data.checkpointed(method, steps, theta, BUDGET)
    }),
    ("implicit rule, forward numbers", Method::Implicit, |data, method, steps, theta| {
        data.forward(method, steps, theta)
    }),
    ("implicit rule, one recording", Method::Implicit, |data, method, steps, theta| {
        data.recorded(method, steps, theta)
    }),
    ("implicit rule, checkpoints", Method::Implicit, |data, method, steps, theta| {
        data.checkpointed(method, steps, theta, BUDGET)
    }),
];

/// Prints the likelihood and its gradients at the published estimate, and returns whether they agree.
fn compare(data: &Arc<Data>) -> bool {
    let theta: [f64; PARAMETERS] = std::array::from_fn(|k| data.parameters[k].nominal);
    let steps = data.steps(&theta, &data.times, TOLERANCE).expect("there is a solution at the published estimate");
    println!("{} steps over {} minutes, at the published estimate", steps.len(), data.times[data.times.len() - 1]);
    for (name, method) in [("Rosenbrock", Method::Rosenbrock), ("implicit", Method::Implicit)] {
        let (value, seconds) = timed(|| data.negative_log_likelihood(method, &steps, &theta));
        println!("-ln L, {name:24}{value:14.7}{:10.2} ms", seconds * 1e3);
    }
    println!("known{KNOWN:40.7}\n\n{:32}{:>12}{:>12}{:>14}", "gradient by", "ms", "bytes", "-ln L");
    let mut found = Vec::new();
    for (name, method, way) in WAYS {
        let (gradient, seconds) = timed(|| way(data, method, &steps, theta));
        println!("{name:32}{:12.2}{:12}{:14.7}", seconds * 1e3, gradient.2, gradient.0);
        found.push(gradient);
    }
    println!("\n{:24}{:>18}{:>18}", "d(-ln L)/d log10 of", "Rosenbrock", "implicit rule");
    for (k, parameter) in data.parameters.iter().enumerate() {
        println!("{:24}{:18.10}{:18.10}", parameter.name, found[0].1[k], found[3].1[k]);
    }
    let worst = |pairs: &[(usize, usize)]| pairs.iter().map(|&(i, j)| apart(&found[i], &found[j])).fold(0.0, f64::max);
    let (rounding, truncation) = (worst(&[(0, 1), (0, 2), (3, 4), (3, 5)]), worst(&[(0, 3)]));
    println!("the gradients of one method agree to {rounding:.1e}, those of both to {truncation:.1e}");
    found.iter().all(|(value, _, _)| (value - KNOWN).abs() <= DIFFERENCE)
        && rounding <= ROUNDING
        && truncation <= TRUNCATION
}

/// The largest difference of two gradients, relative to the largest entry or 1.
pub(crate) fn apart((_, a, _): &Gradient, (_, b, _): &Gradient) -> f64 {
    let largest = a.iter().fold(1.0_f64, |m, a| m.max(a.abs()));
    a.iter().zip(b).map(|(a, b)| (a - b).abs() / largest).fold(0.0, f64::max)
}

/// The result of a function, and the least time of some calls in seconds.
fn timed<R>(f: impl Fn() -> R) -> (R, f64) {
    let once = || {
        let start = Instant::now();
        (f(), start.elapsed().as_secs_f64())
    };
    (0..5).map(|_| once()).fold(once(), |best, next| if next.1 < best.1 { next } else { best })
}

/// Prints the fits and the profiles, and returns the best fit, the profiles, and whether the best fit is as good as the
/// published estimate.
fn estimate(data: &Data) -> (Fit, Vec<Vec<(f64, f64)>>, bool) {
    let start = Instant::now();
    let fits = data.fits(STARTS, SEED);
    let seconds = start.elapsed().as_secs_f64();
    let best = fits.first().expect("there is a solution at one of the starts").clone();
    let same = fits.iter().filter(|fit| fit.value < best.value + SAME).count();
    let evaluations: usize = fits.iter().map(|fit| fit.evaluations).sum();
    println!("\n{STARTS} random starts: {evaluations} values, gradients and Hessians, {seconds:.1} s");
    // With the fine steps again: those of the fits are only as fine as the choice of the next point needs.
    let steps = data.steps(&best.theta, &data.times, TOLERANCE).expect("the fit has a solution");
    let value = data.negative_log_likelihood(Method::Rosenbrock, &steps, &best.theta);
    println!("{same} of {STARTS} fits end at -ln L = {value:.7}; all of them:");
    for line in fits.chunks(10) {
        println!("{}", line.iter().map(|fit| format!("{:9.3}", fit.value)).collect::<String>());
    }
    let start = Instant::now();
    let profiles = data.profiles(&best);
    println!("\nprofiles of {RATES} rates, {:.1} s", start.elapsed().as_secs_f64());
    println!("{:24}{:>12}{:>12}   95 % interval", "log10 of", "fitted", "published");
    for (k, parameter) in data.parameters.iter().enumerate() {
        let ends = profiles.get(k).map(|profile| interval(profile, best.value));
        let end =
            |end: Option<f64>, bound: f64| end.map_or_else(|| format!("bound {bound}"), |end| format!("{end:.4}"));
        let range = ends.map_or_else(String::new, |[a, b]| {
            format!("{} to {}", end(a, parameter.bounds[0]), end(b, parameter.bounds[1]))
        });
        println!("{:24}{:12.5}{:12.5}   {range}", parameter.name, best.theta[k], parameter.nominal);
    }
    let found = best.converged && value <= KNOWN + DIFFERENCE;
    (best, profiles, found)
}
