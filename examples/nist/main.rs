//! Fits the nonlinear regression problems of the NIST Statistical Reference Datasets, from both published starts.
//!
//! ```text
//! cargo run --release --example nist              all the sets in tests/data/nist
//! cargo run --release --example nist -- PATH...   given files, or the .dat files in given folders
//! ```
//!
//! The models (models.rs) are plain generic functions, and the method (levenberg_marquardt.rs) differentiates them; no
//! derivative is written by hand. For each set the program prints the parameters, found and certified, and the number
//! of digits in which they agree. It succeeds if every parameter has at least 8 such digits, from start 2, the near
//! one, in all sets, and from start 1 in all but two.

#[path = "../common/mod.rs"]
pub(crate) mod common;
pub(crate) mod levenberg_marquardt;
pub(crate) mod models;
pub(crate) mod strd;

use levenberg_marquardt::{Minimum, minimise};
use std::path::PathBuf;
use std::process::ExitCode;
use strd::{DataSet, digits};

pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/nist");
pub(crate) const DIGITS_WANTED: f64 = 8.0;
const MISSES_ALLOWED: [usize; 2] = [2, 0];

fn main() -> ExitCode {
    let mut paths: Vec<_> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if paths.is_empty() {
        paths.push(FOLDER.into());
    }
    if run(&paths) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Fits and prints all sets, and returns whether enough fits have the digits wanted. A file that cannot be read is a
/// failure, but the other sets are fitted all the same.
pub(crate) fn run(paths: &[PathBuf]) -> bool {
    let (mut reached, mut sets, mut errors) = ([0; 2], 0, Vec::new());
    let files = paths.iter().flat_map(|path| match strd::files(path) {
        Ok(files) => files.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    });
    for file in files {
        sets += 1;
        match file.and_then(|file| strd::read(&file)) {
            Err(error) => errors.push(error),
            Ok(set) => {
                for (start, reached) in reached.iter_mut().enumerate() {
                    let minimum = minimise(&set, &set.starts[start]);
                    println!("{}, start {}", set.model.name(), start + 1);
                    print(&set, minimum.as_ref());
                    *reached += usize::from(minimum.is_some_and(|minimum| agrees(&set, &minimum)));
                }
            }
        }
    }
    for error in &errors {
        eprintln!("error: {error}");
    }
    println!("start 1: {} of {sets}, start 2: {} of {sets}", reached[0], reached[1]);
    errors.is_empty() && (0..2).all(|start| reached[start] + MISSES_ALLOWED[start] >= sets)
}

/// Returns whether every parameter has the digits wanted.
fn agrees(set: &DataSet, minimum: &Minimum) -> bool {
    minimum.b.iter().zip(&set.certified).all(|(&b, &c)| digits(b, c) >= DIGITS_WANTED)
}

fn print(set: &DataSet, minimum: Option<&Minimum>) {
    let Some(minimum) = minimum else {
        println!("  the residuals are not finite here\n");
        return;
    };
    let row = |name: &str, found: f64, certified: f64| {
        println!("  {name:5}{found:20.10e}{certified:20.10e}{:8.1}", digits(found, certified));
    };
    println!("  {:5}{:>20}{:>20}{:>8}", "", "found", "certified", "digits");
    for (i, (&b, &c)) in minimum.b.iter().zip(&set.certified).enumerate() {
        row(&format!("b{}", i + 1), b, c);
    }
    row("‖r‖²", minimum.sum_of_squares, set.sum_of_squares);
    let n = minimum.evaluations;
    println!(
        "  evaluations: {} of the residuals, {} of the Jacobian, {} of a second derivative{}\n",
        n.residuals,
        n.jacobians,
        n.second_derivatives,
        if minimum.converged { "" } else { "; no minimum was found" }
    );
}
