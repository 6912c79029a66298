//! Prices an option in Heston's model and in one of local volatility by Monte Carlo, with all Greeks, and calibrates
//! Heston's model to a surface of prices.
//!
//! ```text
//! cargo run --release --example heston                     prints the tables
//! cargo run --release --example heston -- --chart PATH     draws the fitted smiles and the Greeks as well, as SVG
//! ```
//!
//! The payoff along a path (model.rs, local.rs) is a plain function of the inputs and of normal numbers. Its gradient is
//! averaged over 100 000 paths (monte_carlo.rs): by the adjoint, one recording and one sweep for each path, and by a program
//! in lanes, which was recorded from the adjoint. The same is done with the derivatives of delta, gamma among them. The ways
//! take their times in turn (times.rs), also on the problem on which a commercial tool is measured (asian.rs).
//!
//! The exact numbers come from Heston's characteristic function (formula.rs), a complex integral through which all
//! numbers run, too: its derivatives are the exact Greeks, and its Jacobian drives the calibration (calibration.rs) by
//! the method of Levenberg and Marquardt.
//!
//! It succeeds if the formula has the published prices, all means are within three standard errors of the formula, lanes
//! and adjoint agree up to rounding, and each fit recovers the known parameters.

pub(crate) mod asian;
pub(crate) mod calibration;
pub(crate) mod chart;
#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "no file is read")]
mod common;
pub(crate) mod formula;
#[path = "../nist/levenberg_marquardt.rs"]
#[expect(dead_code, reason = "parameters are known here, so what they leave of the residuals is not asked")]
mod levenberg_marquardt;
pub(crate) mod local;
pub(crate) mod model;
pub(crate) mod monte_carlo;
#[path = "../common/chart.rs"]
mod plot;
#[path = "../common/random.rs"]
pub(crate) mod random;
pub(crate) mod times;

use asian::Asian;
use local::LocalVolatility;
use model::{Heston, LEWIS};
use monte_carlo::{Both, Estimate, Paths, Priced, estimates, functions, in_lanes, lanes, second, start};
use nilpotent::{gradient, hvp};
#[cfg(test)]
pub(crate) use plot::chart_path;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

const PATHS: usize = 100_000;
pub(crate) const STEPS: usize = 32;
pub(crate) const SEED: u64 = 1;
/// The largest distance of a mean from the exact number, in standard errors.
const DISTANCE: f64 = 3.0;
/// The largest difference from a published price, and of a fitted parameter from the known one.
pub(crate) const DIFFERENCE: f64 = 1e-12;
pub(crate) const FITTED: f64 = 1e-8;
const STARTS: usize = 20;

fn main() -> ExitCode {
    plot::program(|path| Ok(run(path)))
}

/// Prints the results, draws the picture if there is a path for it, and returns whether the results are right.
fn run(path: Option<&Path>) -> bool {
    let mut right = published();
    let begin = Instant::now();
    let paths = Paths::new(PATHS, STEPS, SEED);
    println!("\n{} normal numbers: {:.4} s", PATHS * STEPS, begin.elapsed().as_secs_f64());
    right &= simulated::<Heston, { model::INPUTS }>(
        "Heston's model",
        LEWIS,
        model::NAMES,
        &paths,
        Some(second::<Heston, _>()),
    );
    let (option, names) = (local::OPTION, local::NAMES);
    right &= simulated::<LocalVolatility, { local::INPUTS }>("local volatility", option, names, &paths, None);
    let paths_of_days = Paths::new(PATHS / 10, asian::DAYS, SEED);
    println!("\nthe mean of {} prices: {} paths", asian::DAYS, paths_of_days.count());
    right &= times::compared::<Asian, { asian::INPUTS }>(asian::OPTION, &paths_of_days, None);
    let (surface, fitted) = (calibration::surface(), calibrated());
    right &= fitted.is_some();
    if let (Some(path), Some(fitted)) = (path, fitted) {
        match chart::write(path, &paths, &surface, fitted) {
            Ok(()) => println!("\nthe chart is in {}", path.display()),
            Err(error) => {
                eprintln!("error: {error}");
                right = false;
            }
        }
    }
    println!("\nall as published and within {DISTANCE} standard errors: {}", if right { "yes" } else { "NO" });
    right
}

/// Prints the published prices beside those of the formula, and returns whether they agree.
fn published() -> bool {
    println!("calls by Heston's characteristic function\n  {:>6}{:>22}{:>22}", "strike", "formula", "Lewis");
    let mut right = true;
    for (strike, known) in model::LEWIS_CALLS {
        let mut x = LEWIS;
        x[1] = strike;
        let found = formula::call(x);
        println!("  {strike:6}{found:22.15}{known:22.15}");
        right &= (found - known).abs() <= DIFFERENCE * known;
    }
    right
}

/// The exact price and Greeks, and the derivatives of delta if they are asked for.
pub(crate) fn exact<M: Priced<N>, const N: usize>(x: [f64; N], second: bool) -> Vec<f64> {
    let (value, gradient) = gradient(M::formula, x);
    let mut results = [&[value][..], &gradient].concat();
    if second {
        let mut first = [0.0; N];
        first[0] = 1.0;
        results.extend(hvp(M::formula, x, first).2);
    }
    results
}

/// Prints the results of a simulation beside the exact ones, and the times, and returns whether the results are right.
fn simulated<M: Priced<N>, const N: usize>(
    title: &str,
    x: [f64; N],
    names: [&str; N],
    paths: &Paths,
    second: Option<Both>,
) -> bool {
    let (count, start) = (paths.count(), start(&x, paths));
    let [_, first] = functions::<M, N>();
    let lanes = lanes::<N>(second.unwrap_or(first), &start).expect("no value leaves the recording");
    let found = estimates(count, |some| in_lanes(&lanes, &x, paths, some).0);
    let exact = exact::<M, N>(x, second.is_some());
    println!("\n{title}: {count} paths of {STEPS} steps");
    println!("  {:26}{:>14}{:>14}{:>12}{:>10}", "", "formula", "Monte Carlo", "error", "distance");
    let print = |name: &str, exact: f64, found: &Estimate| {
        let distance = found.distance(exact);
        println!("  {name:26}{exact:14.6}{:14.6}{:12.6}{distance:10.2}", found.mean, found.error);
    };
    print("price", exact[0], &found[0]);
    for (k, name) in names.iter().enumerate() {
        print(&format!("∂/∂{name}"), exact[k + 1], &found[k + 1]);
    }
    if second.is_some() {
        println!("  delta");
    }
    for (k, name) in names.iter().enumerate().filter(|_| second.is_some()) {
        print(&format!("∂/∂{name}"), exact[k + N + 1], &found[k + N + 1]);
    }

    let agree = times::compared::<M, N>(x, paths, second);
    agree && exact.iter().zip(&found).all(|(exact, found)| found.distance(*exact).abs() <= DISTANCE)
}

/// Prints the fits, and returns the fitted parameters if all fits recover the known ones.
fn calibrated() -> Option<[f64; 5]> {
    let surface = calibration::surface();
    let begin = Instant::now();
    let (found, minimum) = calibration::fit(&surface, calibration::START)?;
    println!("\ncalibration to 40 calls: {:.4} s, {:?}", begin.elapsed().as_secs_f64(), minimum.evaluations);
    println!("  {:26}{:>10}{:>10}{:>16}", "", "start", "known", "found");
    for (k, name) in calibration::NAMES.iter().enumerate() {
        println!("  {name:26}{:10}{:10}{:16.12}", calibration::START[k], calibration::KNOWN[k], found[k]);
    }
    let (mut seed, begin) = (SEED, Instant::now());
    let mut random = |(low, high)| low + (high - low) * (random::uniform(&mut seed) + 1.0) / 2.0;
    let starts: Vec<[f64; 5]> = (0..STARTS).map(|_| calibration::RANGES.map(&mut random)).collect();
    let finds = |start: &&[f64; 5]| calibration::fit(&surface, **start).is_some_and(|(found, _)| is_known(&found));
    let recovered = starts.iter().filter(finds).count();
    println!("  {recovered} of {STARTS} random starts find them: {:.2} s", begin.elapsed().as_secs_f64());
    (is_known(&found) && recovered == STARTS).then_some(found)
}

/// Whether these are the parameters of the surface.
pub(crate) fn is_known(found: &[f64; 5]) -> bool {
    found.iter().zip(calibration::KNOWN).all(|(found, known)| (found - known).abs() <= FITTED)
}
