//! Makes maps from pose graphs by the method of Levenberg and Marquardt. A map grows by 100 poses at a time.
//!
//! ```text
//! cargo run --release --manifest-path examples/large/Cargo.toml --bin pose_graph -- FILE... [--chart PATH]
//! ```
//!
//! With `--chart` it draws the last map before and after. With the variable `HUBER=1.5`, or another length in standard
//! deviations, measurements that are further off count less.

use large::arguments::{files, take};
use large::descent::Limits;
use large::picture::{Map, maps};
use large::pose_graph::Graph;
use nilpotent::separable::Loss;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The map grows by so many poses at a time.
const STEP: usize = 100;

fn main() -> ExitCode {
    match arguments() {
        Ok((paths, chart)) => run(&paths, chart.as_deref()),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<(Vec<PathBuf>, Option<PathBuf>), String> {
    let mut arguments = std::env::args_os().skip(1).collect();
    let chart = take(&mut arguments, "--chart")?;
    Ok((files(arguments, "pose graphs")?, chart))
}

fn run(paths: &[PathBuf], chart: Option<&Path>) -> ExitCode {
    println!(
        "{:20}{:>7}{:>11}{:>14}{:>9}{:>13}{:>13}{:>7}{:>9}{:>20}",
        "graph",
        "poses",
        "landmarks",
        "measurements",
        "entries",
        "cost before",
        "after",
        "steps",
        "time s",
        "derivatives ms/step"
    );
    let mut succeeded = true;
    for path in paths {
        if let Err(error) = solve(path, chart) {
            eprintln!("error: {}: {error}", path.display());
            succeeded = false;
        }
    }
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Solves a graph and prints a line.
fn solve(path: &Path, chart: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let graph = Graph::parse(&std::fs::read_to_string(path)?)?;
    let loss = match std::env::var("HUBER") {
        Ok(scale) => Loss::Huber(scale.parse().map_err(|_| format!("HUBER is `{scale}`, which is not a number"))?),
        Err(_) => Loss::Squared,
    };
    let (residuals, start) = graph.problem(loss)?;
    let minimum = graph.solve(STEP, loss, Limits::default())?;
    println!(
        "{:20}{:>7}{:>11}{:>14}{:>9}{:>13.5e}{:>13.5e}{:>7}{:>9.3}{:>20.3}",
        path.file_stem().unwrap_or_default().to_string_lossy(),
        graph.poses.len(),
        graph.landmarks.len(),
        residuals.elements(),
        residuals.hessian_pattern().len(),
        residuals.cost(&start)?,
        minimum.value,
        minimum.steps,
        minimum.time.as_secs_f64(),
        1e3 * minimum.derivatives.as_secs_f64() / minimum.steps.max(1) as f64,
    );
    if let Some(to) = chart {
        let poses = 3 * graph.poses.len();
        let parts = |x: &[f64]| -> [Vec<[f64; 2]>; 2] {
            let path = x[..poses].chunks_exact(3).map(|pose| [pose[0], pose[1]]);
            [path.collect(), x[poses..].chunks_exact(2).map(|place| [place[0], place[1]]).collect()]
        };
        let [before, after] = [parts(&start), parts(&minimum.x)];
        let drawn = [("before", &before), ("after", &after)];
        maps(to, &drawn.map(|(title, [path, landmarks])| Map { title, path, landmarks }))?;
    }
    if minimum.has_converged { Ok(()) } else { Err("the method has not converged".into()) }
}
