//! Finds how high Goddard's rocket can fly, in more and more intervals of time.
//!
//! ```text
//! cargo run --release --manifest-path examples/large/Cargo.toml --bin rocket [-- --chart PATH]
//! ```
//!
//! With `--chart` it draws the flight.

use large::arguments::program;
use large::charts::flights;
use large::interior_point::{Options, minimize_by};
use large::rocket::{ALTITUDE, TOLERANCE, problem};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    program(run)
}

/// Prints a line for each number of intervals, and draws two of the flights.
fn run(path: Option<&Path>) -> Result<bool, Box<dyn std::error::Error>> {
    println!(
        "{:>9}{:>11}{:>12}{:>9}{:>12}{:>18}{:>11}{:>9}{:>18}",
        "intervals",
        "variables",
        "constraints",
        "Hessian",
        "iterations",
        "altitude",
        "too low",
        "time s",
        "derivatives ms/it"
    );
    let mut found = Vec::new();
    for intervals in [25, 50, 100, 200, 400, 800, 1600] {
        let problem = problem(intervals)?;
        let outcome = minimize_by(&problem, Options { tolerance: Some(TOLERANCE), ..Options::default() })?;
        if !outcome.is_optimal {
            return Err(format!("no optimum found in {intervals} intervals: {}", outcome.status).into());
        }
        println!(
            "{intervals:>9}{:>11}{:>12}{:>9}{:>12}{:>18.12}{:>11.1e}{:>9.3}{:>18.3}",
            problem.start.len(),
            problem.rows.len(),
            problem.lagrangian()?.hessian_pattern().len(),
            outcome.iterations,
            -outcome.objective,
            ALTITUDE + outcome.objective,
            outcome.time.as_secs_f64(),
            1e3 * outcome.derivatives.as_secs_f64() / outcome.iterations.max(1) as f64,
        );
        if intervals == 50 || intervals == 1600 {
            found.push((intervals, outcome.x));
        }
    }
    if let Some(path) = path {
        flights(path, &found)?;
    }
    Ok(true)
}
