//! Solves the chained problems of Lukšan and Vlček, and prints how long derivatives take for each term.
//!
//! ```text
//! cargo run --release --manifest-path examples/large/Cargo.toml --bin chained -- [VARIABLES]
//! ```
//!
//! The problems are solved in 10 000 variables, or as many as the argument says. Newton's method follows the valley of the
//! chained function of Rosenbrock variable by variable, in a number of steps that grows with the variables; so this problem
//! has a tenth of them. It ends in a local minimum, 3.98662, and so does Wood's function. Derivatives are measured from 10³ to 10⁶
//! variables: each time is the least of some runs, divided by the number of elements.

use indicatif::ProgressIterator;
use large::chained::{constrained, powell, rosenbrock, wood};
use large::descent::{Limits, newton};
use large::interior_point;
use nilpotent::Error;
use nilpotent::separable::Function;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let argument = std::env::args().nth(1);
    let n = match argument.as_deref().map_or(Ok(10_000), str::parse) {
        Ok(n) if n >= 4 && n % 2 == 0 => n,
        _ => {
            eprintln!("error: expected an even number of at least 4 variables");
            return ExitCode::FAILURE;
        }
    };
    match solve(n).and_then(|solved| measure().map(|()| solved)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Solves all problems in n variables, and returns whether each is solved.
fn solve(n: usize) -> Result<bool, Error> {
    println!(
        "{:32}{:>10}{:>7}{:>16}{:>13}{:>9}{:>20}",
        "problem", "variables", "steps", "value", "gradient", "time s", "derivatives ms/step"
    );
    let mut all = true;
    let fewer = (n / 10).max(2);
    for (name, (f, start)) in [("1 Rosenbrock", rosenbrock(fewer)?), ("2 Wood", wood(n)?), ("3 Powell", powell(n)?)] {
        let found = newton(&f, &start, Limits { steps: 20_000, ..Limits::default() })?;
        all &= found.has_converged;
        println!(
            "{name:32}{:>10}{:>7}{:>16.9e}{:>13.1e}{:>9.3}{:>20.3}",
            start.len(),
            found.steps,
            found.value,
            found.gradient,
            found.time.as_secs_f64(),
            1e3 * found.derivatives.as_secs_f64() / found.steps.max(1) as f64,
        );
    }
    let found = interior_point::minimize(&constrained(n)?)?;
    println!(
        "{:32}{n:>10}{:>7}{:>16.9e}{:>13}{:>9.3}{:>20.3}",
        format!("5.1, {} constraints", n - 2),
        found.iterations,
        found.objective,
        "",
        found.time.as_secs_f64(),
        1e3 * found.derivatives.as_secs_f64() / found.iterations.max(1) as f64,
    );
    Ok(all && found.is_optimal)
}

/// Measures derivatives in 10³ to 10⁶ variables.
fn measure() -> Result<(), Error> {
    println!("\nnanoseconds for each element, and once for its places");
    println!("{:>10}{:>28}{:>28}{:>28}", "", "Rosenbrock", "Wood", "problem 5.1");
    let heads = ["places", "value", "∇f", "∇²f"].map(|head| format!("{head:>7}")).concat();
    let last = ["places", "c", "J", "∇²L"].map(|head| format!("{head:>7}")).concat();
    println!("{:>10}{heads}{heads}{last}", "variables");
    let mut lines = Vec::new();
    for n in [1_000, 10_000, 100_000, 1_000_000].into_iter().progress() {
        let mut line = format!("{n:>10}");
        for (f, x) in [rosenbrock(n)?, wood(n)?] {
            let begin = Instant::now();
            let mut entries = vec![0.0; f.hessian_pattern().len()];
            let places = begin.elapsed().as_secs_f64();
            let mut gradient = vec![0.0; n];
            let value = seconds(|| f.value(&x).map(drop))?;
            let first = seconds(|| f.gradient_into(&x, &mut gradient).map(drop))?;
            let second = seconds(|| f.hessian_into(&x, &[1.0], &mut entries))?;
            line += &columns([places, value, first, second], &f);
        }
        let problem = constrained(n)?;
        let (c, x) = (&problem.constraints, &problem.start);
        let begin = Instant::now();
        let lagrangian = problem.lagrangian()?;
        let (mut second, mut first) =
            (vec![0.0; lagrangian.hessian_pattern().len()], vec![0.0; c.jacobian_pattern().len()]);
        let places = begin.elapsed().as_secs_f64();
        let (mut values, weights) = (vec![0.0; c.rows()], vec![1.0; lagrangian.rows()]);
        let value = seconds(|| c.values_into(x, &mut values))?;
        let jacobian = seconds(|| c.jacobian_into(x, &mut values, &mut first))?;
        let hessian = seconds(|| lagrangian.hessian_into(x, &weights, &mut second))?;
        line += &columns([places, value, jacobian, hessian], c);
        lines.push(line);
    }
    lines.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// The least time of some runs.
fn seconds(mut run: impl FnMut() -> Result<(), Error>) -> Result<f64, Error> {
    let mut least = f64::INFINITY;
    for _ in 0..7 {
        let begin = Instant::now();
        run()?;
        least = least.min(begin.elapsed().as_secs_f64());
    }
    Ok(least)
}

fn columns(times: [f64; 4], f: &Function) -> String {
    times.map(|seconds| format!("{:>7.1}", 1e9 * seconds / f.elements() as f64)).concat()
}
