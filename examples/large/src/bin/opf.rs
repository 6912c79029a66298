//! Solves the optimal power flow of networks in MATPOWER's format.
//!
//! ```text
//! cargo run --release --manifest-path examples/large/Cargo.toml --bin opf -- FILE... [--chart PATH] [--matrix PATH]
//! ```
//!
//! With `--chart` it draws the voltages, the generation and the prices of the last network, and with `--matrix` the entries
//! of the Hessian of the Lagrangian, of the Jacobian below, and of its transposed matrix beside it: the matrix that the
//! method factorizes in each iteration.

use large::arguments::{files, take};
use large::charts::network;
use large::interior_point::minimize;
use large::matpower::Case;
use large::picture::pattern;
use large::power_flow::problem;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    match arguments() {
        Ok((paths, pictures)) => run(&paths, &pictures),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Where to draw the optimum and the matrix.
type Pictures = [Option<PathBuf>; 2];

fn arguments() -> Result<(Vec<PathBuf>, Pictures), String> {
    let mut arguments = std::env::args_os().skip(1).collect();
    let pictures = [take(&mut arguments, "--chart")?, take(&mut arguments, "--matrix")?];
    Ok((files(arguments, "MATPOWER files")?, pictures))
}

fn run(paths: &[PathBuf], pictures: &Pictures) -> ExitCode {
    println!(
        "{:28}{:>10}{:>12}{:>10}{:>10}{:>11}{:>14}{:>9}{:>18}",
        "case",
        "variables",
        "constraints",
        "Jacobian",
        "Hessian",
        "iterations",
        "objective $/h",
        "time s",
        "derivatives ms/it"
    );
    let mut succeeded = true;
    for path in paths {
        if let Err(error) = solve(path, pictures) {
            eprintln!("error: {}: {error}", path.display());
            succeeded = false;
        }
    }
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Solves a case and prints a line.
fn solve(path: &Path, [chart, matrix]: &Pictures) -> Result<(), Box<dyn std::error::Error>> {
    let case = Case::parse(&std::fs::read_to_string(path)?)?;
    let problem = problem(&case)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let (jacobian, hessian) =
        (problem.constraints.jacobian_pattern().len(), problem.lagrangian()?.hessian_pattern().len());
    if let Some(to) = matrix {
        pattern(to, &format!("Hessian and Jacobian of {name}"), &problem.system()?)?;
    }
    let outcome = minimize(&problem)?;
    println!(
        "{name:28}{:>10}{:>12}{jacobian:>10}{hessian:>10}{:>11}{:>14.5e}{:>9.3}{:>18.3}",
        problem.start.len(),
        problem.rows.len(),
        outcome.iterations,
        outcome.objective,
        outcome.time.as_secs_f64(),
        1e3 * outcome.derivatives.as_secs_f64() / outcome.iterations.max(1) as f64,
    );
    if let Some(to) = chart {
        network(to, &name, &case, &outcome)?;
    }
    if outcome.is_optimal { Ok(()) } else { Err(format!("no optimum found: {}", outcome.status).into()) }
}
