//! Two posteriors of posteriordb, sampled by NUTS with our gradients, beside their reference results.
//!
//! ```text
//! cargo run --release --manifest-path examples/posteriors/Cargo.toml
//! … -- --chart PATH      draws a picture as well, as SVG
//! … -- --data FOLDER     reads other data
//! ```
//!
//! A model (model.rs) is its parameters with their constraints, and the logarithm of its density as plain generic Rust:
//!
//! - eight_schools.rs: a hierarchy, of which each level has few data. D. B. Rubin, *Estimation in parallel randomized
//!   experiments*, Journal of Educational Statistics 6, 1981.
//! - lotka_volterra.rs: a differential equation, which the gradient goes through. B. Carpenter, *Predator-prey population
//!   dynamics: the Lotka-Volterra model in Stan*, Stan Case Studies 5, 2018.
//!
//! The sampler (nuts.rs) moves real numbers without constraints. `nilpotent::constrained` makes the parameters from them, and
//! the logarithm of the determinant belongs to the density. The gradient of all that is computed some hundred thousand times.

mod chart;
#[path = "../../common/mod.rs"]
mod common;
mod data;
mod diagnostics;
mod eight_schools;
mod lotka_volterra;
mod model;
mod nuts;
#[path = "../../common/chart.rs"]
mod plot;

use common::Error;
use data::Data;
use eight_schools::EightSchools;
use lotka_volterra::LotkaVolterra;
use model::Model;
use nilpotent::constrained::Parameters;
use nuts::{Draws, Mode, Plan};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// How far means may be from those of the reference, in its standard deviations.
const ALLOWED: f64 = 0.1;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match arguments(std::env::args_os().skip(1))
        .map_err(Into::into)
        .and_then(|(data, chart)| run(&data, chart.as_deref()))
    {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the data, and the path of the picture, if one is asked for.
fn arguments(mut arguments: impl Iterator<Item = OsString>) -> Result<(PathBuf, Option<PathBuf>), String> {
    let (mut data, mut chart) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("data"), None);
    while let Some(flag) = arguments.next() {
        match (flag.to_str(), arguments.next()) {
            (Some("--chart"), Some(path)) => chart = Some(path.into()),
            (Some("--data"), Some(path)) => data = path.into(),
            _ => return Err(format!("expected --chart PATH or --data FOLDER, found {flag:?}")),
        }
    }
    Ok((data, chart))
}

/// Whether all means are near those of the reference.
fn run(data: &Path, chart: Option<&Path>) -> Result<bool, Failure> {
    let schools = EightSchools::read(&data.join("eight_schools.json"))?;
    let hares = LotkaVolterra::read(&data.join("hudson_lynx_hare.json"))?;
    let of_schools = published(&schools, &data.join("eight_schools-eight_schools_noncentered.reference.json"))?;
    let of_hares = published(&hares, &data.join("hudson_lynx_hare-lotka_volterra.reference.json"))?;
    let plan = Plan { chains: 4, warmup: 1_000, draws: 2_500, mode: Mode::Reverse };
    let (effects, near_schools) = posterior("Eight schools", &schools, plan, &of_schools)?;
    let plan = Plan { draws: 1_000, mode: Mode::Forward, ..plan };
    let (rates, near_hares) = posterior("Hares and lynxes", &hares, plan, &of_hares)?;
    if let Some(path) = chart {
        chart::write(path, &hares, &rates, &effects)?;
    }
    Ok(near_schools && near_hares)
}

/// The published means and standard deviations of a model's quantities.
fn published(model: &impl Model, path: &Path) -> Result<Vec<[f64; 2]>, Error> {
    let data = Data::read(path)?;
    model.names().iter().map(|name| data.reference(name)).collect()
}

/// Samples a posterior, and prints its quantities beside those of the reference.
fn posterior(title: &str, model: &impl Model, plan: Plan, published: &[[f64; 2]]) -> Result<(Draws, bool), Failure> {
    println!("{title}\n");
    let [forward, reverse] = microseconds(model)?;
    println!("gradient: forward mode {forward:.1} µs, reverse mode {reverse:.1} µs");
    let draws = nuts::sample(model, plan)?;
    println!(
        "{} chains of {} draws after {} of warm-up in {:?} mode: {:.1} s, {} gradients, {} divergent\n",
        plan.chains, plan.draws, plan.warmup, plan.mode, draws.seconds, draws.gradients, draws.divergent
    );
    println!(
        "{:>10} {:>10} {:>10} {:>12} {:>7} {:>7} {:>7}",
        "", "mean", "reference", "apart by, sd", "R̂", "ESS", "ESS/s"
    );
    let mut near = true;
    for (k, (name, &[mean, sd])) in model.names().iter().zip(published).enumerate() {
        let chains = draws.of_quantity(model, k);
        let found = diagnostics::mean(&chains.concat());
        let apart = (found - mean) / sd;
        let (r_hat, ess) = (diagnostics::r_hat(&chains), diagnostics::effective_draws(&chains));
        near &= apart.abs() <= ALLOWED;
        let mark = if apart.abs() <= ALLOWED { "" } else { "  TOO FAR" };
        let rate = ess / draws.seconds;
        println!("{name:>10} {found:>10.4} {mean:>10.4} {apart:>12.3} {r_hat:>7.4} {ess:>7.0} {rate:>7.0}{mark}");
    }
    println!();
    Ok((draws, near))
}

/// How long a gradient takes in forward and in reverse mode: the least of some rounds.
fn microseconds(model: &impl Model) -> Result<[f64; 2], Failure> {
    const CALLS: u32 = 50;
    let parameters = Parameters::new(model.parameters());
    let mut x = vec![0.0; parameters.unconstrained_len()];
    parameters.unconstrain(&model.start(), &mut x)?;
    let mut least = [f64::INFINITY; 2];
    for _ in 0..20 {
        for (least, mode) in least.iter_mut().zip([Mode::Forward, Mode::Reverse]) {
            let begin = Instant::now();
            for _ in 0..CALLS {
                nuts::gradient(model, &parameters, mode, std::hint::black_box(&x), &mut vec![0.0; x.len()]);
            }
            *least = least.min(begin.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS));
        }
    }
    Ok(least)
}
