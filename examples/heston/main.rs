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
//! in lanes, which was recorded from the adjoint. The same is done with the derivatives of delta, gamma among them.
//!
//! The exact numbers come from Heston's characteristic function (formula.rs), a complex integral through which all
//! numbers run, too: its derivatives are the exact Greeks, and its Jacobian drives the calibration (calibration.rs) by
//! the method of Levenberg and Marquardt.
//!
//! It succeeds if the formula has the published prices, all means are within three standard errors of the formula, lanes
//! and adjoint agree up to rounding, and each fit recovers the known parameters.

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

use local::LocalVolatility;
use model::{Heston, LEWIS};
use monte_carlo::{Estimate, Model, Paths, by_adjoint, by_loop, estimates, functions, in_lanes, lanes, start};
use nilpotent::{gradient, hvp};
pub(crate) use plot::chart_path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

const PATHS: usize = 100_000;
pub(crate) const STEPS: usize = 32;
pub(crate) const SEED: u64 = 1;
/// The largest distance of a mean from the exact number, in standard errors.
const DISTANCE: f64 = 3.0;
/// The largest difference of sums in lanes and by the adjoint, relative to the sum or 1.
pub(crate) const ROUNDING: f64 = 1e-11;
/// The largest difference from a published price, and of a fitted parameter from the known one.
pub(crate) const DIFFERENCE: f64 = 1e-12;
pub(crate) const FITTED: f64 = 1e-8;
const STARTS: usize = 20;
/// The number of rounds in which times are taken, each of a tenth of the paths.
const ROUNDS: usize = 20;

fn main() -> ExitCode {
    let right = match chart_path(std::env::args_os().skip(1)) {
        Ok(path) => run(path),
        Err(error) => {
            eprintln!("error: {error}");
            false
        }
    };
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints the results, draws the picture if there is a path for it, and returns whether the results are right.
fn run(path: Option<PathBuf>) -> bool {
    let mut right = published();
    let begin = Instant::now();
    let paths = Paths::new(PATHS, STEPS, SEED);
    println!("\n{} normal numbers: {:.4} s", PATHS * STEPS, begin.elapsed().as_secs_f64());
    right &= simulated::<Heston, { model::INPUTS }>("Heston's model", LEWIS, model::NAMES, &paths, true);
    let (option, names) = (local::OPTION, local::NAMES);
    right &= simulated::<LocalVolatility, { local::INPUTS }>("local volatility", option, names, &paths, false);
    let (surface, fitted) = (calibration::surface(), calibrated());
    right &= fitted.is_some();
    if let (Some(path), Some(fitted)) = (path, fitted) {
        match chart::write(&path, &paths, &surface, fitted) {
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

/// The least time of each function in some rounds, in which one is called after another, in seconds.
fn in_turn<const N: usize>(functions: [&dyn Fn() -> Vec<f64>; N]) -> [f64; N] {
    let mut least = [f64::INFINITY; N];
    for _ in 0..ROUNDS {
        for (least, function) in least.iter_mut().zip(functions) {
            let begin = Instant::now();
            std::hint::black_box(function());
            *least = least.min(begin.elapsed().as_secs_f64());
        }
    }
    least
}

/// The exact price and Greeks, and the derivatives of delta if they are asked for.
pub(crate) fn exact<M: Model<N>, const N: usize>(x: [f64; N], second: bool) -> Vec<f64> {
    let (value, gradient) = gradient(M::formula, x);
    let mut results = [&[value][..], &gradient].concat();
    if second {
        let mut first = [0.0; N];
        first[0] = 1.0;
        results.extend(hvp(M::formula, x, first).2);
    }
    results
}

/// Whether the sums agree up to rounding.
pub(crate) fn agree(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= ROUNDING * b.abs().max(1.0))
}

/// Prints the results of a simulation beside the exact ones, and the times, and returns whether the results are right.
fn simulated<M: Model<N>, const N: usize>(
    title: &str,
    x: [f64; N],
    names: [&str; N],
    paths: &Paths,
    second: bool,
) -> bool {
    let (count, start, begin) = (paths.count(), start(&x, paths), Instant::now());
    let programs = functions::<M, N>().map(|both| lanes::<N>(both, &start).expect("no value leaves the recording"));
    let recording = begin.elapsed().as_secs_f64();
    let sums = |k: usize, some| in_lanes(&programs[k], &x, paths, some);
    let found = estimates(count, |some| sums(if second { 2 } else { 1 }, some).0);
    let exact = exact::<M, N>(x, second);
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
    if second {
        println!("  delta");
    }
    for (k, name) in names.iter().enumerate().filter(|_| second) {
        print(&format!("∂/∂{name}"), exact[k + N + 1], &found[k + N + 1]);
    }

    let some = 0..count / 10;
    let times = in_turn([
        &|| by_loop::<M, N>(&x, paths, some.clone()),
        &|| by_adjoint::<M, N>(&x, paths, some.clone()),
        &|| sums(0, some.clone()).0,
        &|| sums(1, some.clone()).0,
        &|| sums(2, some.clone()).0,
    ]);
    println!("  {:50}{:>8}{:>14}{:>14}", "", "ns/path", "of the loop", "of the lanes");
    let ways = [
        "price by a loop".to_owned(),
        format!("price and {N} Greeks by the adjoint"),
        "price in lanes".to_owned(),
        format!("price and {N} Greeks in lanes"),
        format!("the same and {N} derivatives of delta in lanes"),
    ];
    for (way, time) in ways.iter().zip(times).take(if second { 5 } else { 4 }) {
        let a_path = 1e9 * time / some.len() as f64;
        println!("  {way:50}{a_path:8.0}{:14.2}{:14.2}", time / times[0], time / times[2]);
    }
    let operations = programs.each_ref().map(|lanes| lanes.program().operations());
    println!("  three programs of {operations:?} operations, recorded in {recording:.4} s");

    let (by_loop, by_adjoint) = (by_loop::<M, N>(&x, paths, 0..count), by_adjoint::<M, N>(&x, paths, 0..count));
    let all = [0, 1, 2].map(|k| sums(k, 0..count));
    let same = agree(&all[0].0, &by_loop) && all[1..].iter().all(|(sums, _)| agree(&sums[..=N], &by_adjoint));
    let live: usize = all.iter().map(|(_, live)| live).sum();
    println!("  lanes and adjoint agree to {ROUNDING:.0e}: {same}, paths that were computed live: {live}");
    same && live == 0 && exact.iter().zip(&found).all(|(exact, found)| found.distance(*exact).abs() <= DISTANCE)
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
