//! Minimizes the 18 functions of Moré, Garbow and Hillstrom by Newton's method with exact Hessians.
//!
//! ```text
//! cargo run --release --example newton              all functions
//! cargo run --release --example newton -- NAME...   some of them: wood, watson, ...
//! cargo run --release --example newton -- --chart PATH   draws a picture as well
//! ```
//!
//! The functions (functions.rs) are plain generic functions, which their authors chose to be hard: curved valleys,
//! scales that differ by 12 orders of magnitude, singular Hessians, saddles, valleys at infinity. From the standard
//! starting points (problems.rs) one method with one set of constants minimizes all of them (minimise.rs,
//! trust_region.rs). Value, gradient and Hessian come from one call of `linalg::hessian`; no derivative is written by
//! hand.
//!
//! A problem is solved if the value found is a published minimum, at a published point, to the published digits; if the
//! norm of the gradient there is at most 1e-12 of that at the start; if the Hessian has no negative eigenvalue; and if
//! the method has converged. The program succeeds if all problems are solved.
//!
//! J. J. Moré, B. S. Garbow, K. E. Hillstrom, *Testing unconstrained optimization software*, ACM TOMS 7, 1981.

pub(crate) mod chart;
#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "no file is read")]
mod common;
pub(crate) mod functions;
pub(crate) mod minimise;
#[path = "../common/chart.rs"]
mod plot;
pub(crate) mod problems;
pub(crate) mod trust_region;

use minimise::{Minimum, minimise};
use problems::Problem;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The largest norm of the gradient at a minimum, relative to that at the start.
const SMALL_GRADIENT: f64 = 1e-12;
/// The largest negative eigenvalue that counts as a rounding error, relative to the largest eigenvalue.
const SMALL_EIGENVALUE: f64 = 1e-12;

fn main() -> ExitCode {
    let succeeded = match arguments(std::env::args_os().skip(1)) {
        Ok((names, chart)) => run(&names) && chart.is_none_or(|path| draw(&path)),
        Err(error) => {
            eprintln!("error: {error}");
            false
        }
    };
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The names of problems, and the path after `--chart` if there is one.
pub(crate) fn arguments(
    mut arguments: impl Iterator<Item = OsString>,
) -> Result<(Vec<String>, Option<PathBuf>), &'static str> {
    let (mut names, mut chart) = (Vec::new(), None);
    while let Some(argument) = arguments.next() {
        if argument == "--chart" {
            chart = Some(arguments.next().ok_or("expected a path after --chart")?.into());
        } else {
            names.push(argument.to_string_lossy().into_owned());
        }
    }
    Ok((names, chart))
}

/// Draws the picture, and returns whether it could be written.
fn draw(path: &Path) -> bool {
    match chart::write(path) {
        Ok(()) => {
            println!("picture: {}", path.display());
            true
        }
        Err(error) => {
            eprintln!("error: {error}");
            false
        }
    }
}

/// Minimizes the problems with these names, or all, and prints the results. Returns whether all are solved.
pub(crate) fn run(names: &[String]) -> bool {
    let problems = match select(names) {
        Ok(problems) => problems,
        Err(error) => {
            eprintln!("error: {error}");
            return false;
        }
    };
    println!(
        "{:22}{:>3}{:>7}{:>13}{:>17}{:>13}{:>10}",
        "problem", "n", "steps", "evaluations", "minimum", "published", "‖∇f‖"
    );
    let solved = problems.iter().filter(|problem| print(problem, minimise(&problem.expand, &problem.start))).count();
    println!("{solved} of {} reach their published minimum", problems.len());
    solved == problems.len()
}

/// Returns the problems with these names, or all if there are no names.
pub(crate) fn select(names: &[String]) -> Result<Vec<Problem>, String> {
    let mut problems = problems::all();
    for name in names {
        if problems.iter().all(|problem| problem.name != name) {
            let mut known: Vec<_> = problems.iter().map(|problem| problem.name).collect();
            known.dedup();
            return Err(format!("expected the name of a problem, found `{name}`; known are {}", known.join(", ")));
        }
    }
    problems.retain(|problem| names.is_empty() || names.iter().any(|name| problem.name == name));
    Ok(problems)
}

/// Prints a row of the table, and returns whether the problem is solved.
fn print(problem: &Problem, minimum: Option<Minimum>) -> bool {
    print!("{:22}{:3}", problem.name, problem.start.len());
    let Some(minimum) = minimum else {
        println!("  value or derivatives are not finite at the start");
        return false;
    };
    let (value, gradient) = (minimum.at.value, minimum.at.gradient.norm());
    let published = problem.nearest(value);
    let published = if published == 0.0 { "0".into() } else { format!("{published:.5e}") };
    print!("{:7}{:13}{value:17.7e}{published:>13}{gradient:10.1e}", minimum.steps, minimum.evaluations);
    let verdict = verdict(problem, &minimum);
    println!("{}", verdict.err().map(|what| format!("  {what}")).unwrap_or_default());
    verdict.is_ok()
}

/// Returns whether the problem is solved, or the reason why it is not.
pub(crate) fn verdict(problem: &Problem, minimum: &Minimum) -> Result<(), &'static str> {
    let eigenvalues = minimum.at.hessian.symmetric_eigenvalues();
    if !problem.agrees(minimum.at.value) {
        Err("NOT A PUBLISHED MINIMUM")
    } else if !problem.is_at(&minimum.x, minimum.at.value) {
        Err("NOT WHERE IT IS PUBLISHED")
    } else if minimum.at.gradient.norm() > SMALL_GRADIENT * minimum.slope_at_start {
        Err("GRADIENT NOT 0")
    } else if eigenvalues.min() < -SMALL_EIGENVALUE * eigenvalues.max() {
        Err("HESSIAN NOT POSITIVE")
    } else if !minimum.converged {
        Err("NOT CONVERGED")
    } else {
        Ok(())
    }
}
