//! The gradient of an epidemic's outcome through 100 000 time steps: with all of them recorded, and under memory
//! budgets.
//!
//! ```sh
//! cargo run --release --example seir [steps]
//! ```

mod epidemic;

use epidemic::{PARAMETERS, checkpointed, recorded};
use std::process::ExitCode;
use std::time::Instant;

fn timed(what: &str, run: impl FnOnce() -> (f64, Vec<f64>, usize)) -> (f64, Vec<f64>) {
    let start = Instant::now();
    let (y, dy, bytes) = run();
    println!("{what:28} {bytes:>12} bytes {:>8.3} s", start.elapsed().as_secs_f64());
    (y, dy)
}

fn main() -> ExitCode {
    let steps = match std::env::args().nth(1).map(|word| (word.parse::<usize>(), word)) {
        None => 100_000,
        Some((Ok(steps), _)) if steps > 0 => steps,
        Some((_, word)) => {
            eprintln!("error: expected a number of steps, at least 1, found {word:?}");
            return ExitCode::FAILURE;
        }
    };
    println!("SEIR over {} days, {steps} Runge-Kutta steps", epidemic::DAYS);
    let (y, dy) = timed("all steps recorded", || recorded(steps));
    let mut worst: f64 = 0.0;
    for budget in [1000, 100, 20] {
        let (z, dz) = timed(&format!("{budget} states stored"), || checkpointed(steps, budget));
        let error = dy.iter().zip(dz).map(|(a, b)| ((a - b) / a).abs()).fold(0.0, f64::max);
        worst = worst.max(error).max((y - z).abs());
    }
    println!("\ninfected by the end {y:.10}, with the derivatives in");
    for ((name, x), d) in ["contacts", "falling ill", "recovery", "exposed at the start"].iter().zip(PARAMETERS).zip(dy)
    {
        println!("    {name:22} {x:8} {d:20.12}");
    }
    println!("the gradients agree to {worst:.1e}");
    if worst < 1e-10 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
