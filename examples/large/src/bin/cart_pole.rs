//! Swings up the pole of a cart: the published problem in more and more intervals of time, and then by predictive control
//! with a wrong model and a push.
//!
//! ```text
//! cargo run --release --manifest-path examples/large/Cargo.toml --bin cart_pole [-- --chart PATH]
//! ```
//!
//! With `--chart` it draws the swing and what has happened in the closed loop.

use large::arguments::program;
use large::cart_pole::swing;
use large::charts;
use large::interior_point::minimize;
use large::predictive::{Moment, PLANNED, REALITY, STEP, is_up, run as closed_loop};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// So many steps are run: seven seconds.
const STEPS: usize = 140;

fn main() -> ExitCode {
    program(run)
}

fn run(path: Option<&Path>) -> Result<bool, Box<dyn std::error::Error>> {
    let optimum = print_swing()?;
    let moments = closed_loop(REALITY, STEPS)?;
    print_loop(&moments);
    if let Some(path) = path {
        charts::swing(path, &optimum, &moments)?;
    }
    if moments.last().is_some_and(|moment| is_up(moment.state)) { Ok(true) } else { Err("the pole has fallen".into()) }
}

/// Prints the effort of the swing in more and more intervals, and returns the variables of the last one.
fn print_swing() -> Result<Vec<f64>, Box<dyn std::error::Error>> {
    println!(
        "{:>9}{:>11}{:>12}{:>12}{:>16}{:>11}{:>9}",
        "intervals", "variables", "constraints", "iterations", "effort N²s", "too large", "time s"
    );
    let mut x = Vec::new();
    for intervals in [10, 20, 40, 80, 160, 320] {
        let problem = swing(intervals)?;
        let outcome = minimize(&problem)?;
        if !outcome.is_optimal {
            return Err(format!("no optimum found in {intervals} intervals: {}", outcome.status).into());
        }
        println!(
            "{intervals:>9}{:>11}{:>12}{:>12}{:>16.9}{:>11.1e}{:>9.3}",
            problem.start.len(),
            problem.rows.len(),
            outcome.iterations,
            outcome.objective,
            outcome.objective - large::cart_pole::EFFORT,
            outcome.time.as_secs_f64(),
        );
        x = outcome.x;
    }
    Ok(x)
}

/// A number of a step, which the table shows.
type Value = fn(&Moment) -> f64;

/// Prints how the closed loop went, and how long its steps took.
fn print_loop(moments: &[Moment]) {
    println!("\n{:>7}{:>10}{:>10}{:>10}{:>10}{:>10}", "time s", "cart m", "pole rad", "m/s", "rad/s", "force N");
    for (k, Moment { state: [place, angle, speed, turning], force, .. }) in moments.iter().enumerate().step_by(10) {
        println!("{:>7.2}{place:>10.4}{angle:>10.4}{speed:>10.4}{turning:>10.4}{force:>10.3}", STEP * k as f64);
    }
    // The first plan has no plan before it, and is made before the cart moves.
    let (first, rest) = (&moments[0].plan, &moments[1..]);
    let sorted = |value: Value| {
        let mut all: Vec<_> = rest.iter().map(value).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    let milliseconds = |time: Duration| 1e3 * time.as_secs_f64();
    println!(
        "\na plan over {PLANNED} steps of {} ms; the first one took {:.1} ms and {} iterations",
        1e3 * STEP,
        milliseconds(first.time),
        first.iterations
    );
    println!("{:24}{:>9}{:>9}", "", "median", "worst");
    let lines: [(&str, Value); 3] = [
        ("time of a plan, ms", |moment| 1e3 * moment.plan.time.as_secs_f64()),
        ("of which derivatives, ms", |moment| 1e3 * moment.plan.derivatives.as_secs_f64()),
        ("iterations", |moment| moment.plan.iterations as f64),
    ];
    for (name, value) in lines {
        let all = sorted(value);
        println!("{name:24}{:>9.1}{:>9.1}", all[all.len() / 2], all[all.len() - 1]);
    }
    let late = rest.iter().filter(|moment| moment.plan.time.as_secs_f64() > STEP).count();
    let failed = moments.iter().filter(|moment| !moment.plan.is_optimal).count();
    println!("plans that were late: {late} of {}; without an optimum: {failed}", rest.len());
}
