//! Solves the optimal power flow of networks in MATPOWER's format.
//!
//! ```text
//! cargo run --release --manifest-path examples/large/Cargo.toml --bin opf -- FILE...
//! ```
//!
//! With the variable `PICTURE=sparsity.svg` it draws the entries of the Hessian of the Lagrangian, of the Jacobian below,
//! and of its transposed matrix beside it: the matrix that the method factorizes in each iteration.

use large::interior_point::minimize;
use large::matpower::Case;
use large::picture::pattern;
use large::power_flow::problem;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let paths: Vec<_> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if paths.is_empty() {
        eprintln!("error: expected the paths of one or more MATPOWER files");
        return ExitCode::FAILURE;
    }
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
        if let Err(error) = solve(&path) {
            eprintln!("error: {}: {error}", path.display());
            succeeded = false;
        }
    }
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Solves a case and prints a line.
fn solve(path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let problem = problem(&Case::parse(&std::fs::read_to_string(path)?)?)?;
    let (jacobian, hessian) =
        (problem.constraints.jacobian_pattern().len(), problem.lagrangian()?.hessian_pattern().len());
    if let Some(to) = std::env::var_os("PICTURE") {
        let title = format!("Hessian and Jacobian of {}", path.file_stem().unwrap_or_default().to_string_lossy());
        pattern(Path::new(&to), &title, &problem.system()?)?;
    }
    let outcome = minimize(&problem)?;
    println!(
        "{:28}{:>10}{:>12}{jacobian:>10}{hessian:>10}{:>11}{:>14.5e}{:>9.3}{:>18.3}",
        path.file_stem().unwrap_or_default().to_string_lossy(),
        problem.start.len(),
        problem.rows.len(),
        outcome.iterations,
        outcome.objective,
        outcome.time.as_secs_f64(),
        1e3 * outcome.derivatives.as_secs_f64() / outcome.iterations.max(1) as f64,
    );
    if outcome.is_optimal { Ok(()) } else { Err(format!("no optimum found: {}", outcome.status).into()) }
}
