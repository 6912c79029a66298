//! Integrates ordinary differential equations by Taylor series of order 2 to 30.
//!
//! ```text
//! cargo run --release --example taylor_ode                     prints the errors
//! cargo run --release --example taylor_ode -- --chart PATH     draws them against the order as well, as SVG
//! ```
//!
//! The right-hand side of x' = f(x) is a function over `Real`. Called with power series, `Taylor<f64, K>`, it returns
//! the series of f(x(t)), which is that of x'(t). From it the driver `taylor_ode` computes the solution to order K. No
//! derivative is written by hand, and the order is a parameter of the type.
//!
//! The program shows the following problems (problems.rs), and requires these accuracies:
//!
//! - **Kepler's problem**, whose exact position follows from Kepler's equation: the error of the position after one
//!   revolution, for all orders, in equal steps and in steps by tolerance. From order 20 on, steps by tolerance leave
//!   an error below 1e-14. Over n revolutions the error grows like n^1.5: rounding errors let the energy drift like a
//!   random walk, and with it the period.
//! - **Logistic growth and the pendulum**, to 1e-14: their closed forms are the logistic function, and Gauss's formula
//!   for the period.
//! - **Arenstorf's orbit**, which loops around Earth and Moon, and closes after 17.065 units of time. Here f64 sets the
//!   limit, not the method: the orbit starts 0.006 from the Moon, and a difference there grows up to two million times.
//!   This factor is known because numbers nest: the integrator over `Dual<f64, 4>` gives the Jacobian of the flow. The
//!   orbit must close as well as if its published start were off by one unit in the last place of f64.
//!
//! The method: A. Griewank, A. Walther, *Evaluating Derivatives*, 2nd ed., 2008, chapter 13. Order and steps: À. Jorba,
//! M. Zou, *A software package for the numerical integration of ODEs by means of high-order Taylor methods*, Exp. Math.
//! 14 (2005). Arenstorf's orbit: E. Hairer, S. P. Nørsett, G. Wanner, *Solving Ordinary Differential Equations I*,
//! section II.0.

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "no file is read")]
pub(crate) mod common;
#[path = "../common/chart.rs"]
mod plot;
pub(crate) mod chart;
pub(crate) mod errors;
pub(crate) mod integrator;
pub(crate) mod problems;

use chart::Curve;
use errors::{Closure, EQUAL, Found, Growth, Limit, Revolution};
use std::path::Path;
use std::process::ExitCode;

/// The largest allowed error.
pub(crate) const ALLOWED: f64 = 1e-14;
/// The largest allowed error of a Jacobian, relative to its largest entry.
pub(crate) const JACOBIAN_ALLOWED: f64 = 1e-13;
pub(crate) const TOLERANCE: f64 = 1e-16;
/// The order for this tolerance, [`integrator::order`].
pub(crate) const ORDER: usize = 20;

fn main() -> ExitCode {
    plot::program(|path| Ok(report(&Found::all(), path)))
}

/// Prints the results, draws the chart if there is a path for it, and returns whether all requirements are met.
pub(crate) fn report(found: &Found, path: Option<&Path>) -> bool {
    print_revolutions(&found.revolutions);
    print_growth(&found.growth);
    println!("\nJacobian of one revolution in its start: error {:.1e} of its largest entry", found.jacobian);
    println!("logistic growth, times -10 to 10: error {:.1e}", found.logistic);
    println!("pendulum from 2 rad, one period: error {:.1e}", found.pendulum);
    let closed = print_arenstorf(found.arenstorf.as_ref());

    let curves = EQUAL.iter().enumerate().map(|(i, &steps)| Curve {
        steps,
        errors: found.revolutions.iter().map(|revolution| revolution.equal[i]).collect(),
    });
    let curves: Vec<_> = curves.collect();
    let drawn = path.is_none_or(|path| chart::write(path, &curves).inspect_err(|e| eprintln!("error: {e}")).is_ok());

    let kepler = found.kepler();
    let small = [kepler, found.logistic, found.pendulum].into_iter().all(|error| error <= ALLOWED);
    let exact = small && found.grows_slowly() && found.jacobian <= JACOBIAN_ALLOWED;
    println!(
        "\nKepler from order {ORDER} on {kepler:.1e}, logistic {:.1e}, pendulum {:.1e}: {}; Arenstorf {}",
        found.logistic,
        found.pendulum,
        if exact { "exact" } else { "TOO FAR OFF" },
        if closed { "closed" } else { "NOT CLOSED" },
    );
    drawn && exact && closed
}

fn print_revolutions(revolutions: &[Revolution]) {
    println!("Kepler's problem, e = {}, one revolution: errors of the position", problems::ECCENTRICITY);
    let order = integrator::order(TOLERANCE);
    println!("      in equal steps, so many                by the tolerance {TOLERANCE:.0e}; its order: {order}");
    print!("order");
    EQUAL.iter().for_each(|n| print!("{n:9}"));
    println!("    steps  evaluations    error  from perihelion");
    for Revolution { order, equal, chosen } in revolutions {
        print!("{order:5}");
        equal.iter().for_each(|error| print!("{error:9.1e}"));
        if let Some(chosen) = chosen {
            print!("{:9}{:13}{:9.1e}{:17.1e}", chosen.steps, chosen.evaluations, chosen.error, chosen.from_perihelion);
        }
        println!();
    }
}

fn print_growth(growth: &[Growth]) {
    println!("\nmany revolutions, order {ORDER}");
    println!("revolutions  evaluations    error  of the energy");
    for Growth { revolutions, evaluations, error, energy } in growth {
        println!("{revolutions:11}{evaluations:13}{error:9.1e}{energy:15.1e}");
    }
}

/// Prints whether the orbit closes as well as f64 allows, and returns it.
fn print_arenstorf(found: Option<&(Closure, Limit)>) -> bool {
    let Some((Closure { steps, evaluations, open }, Limit { unit, growth })) = found else {
        println!("\nArenstorf's orbit: lost");
        return false;
    };
    println!("\nArenstorf's orbit: one period, {steps} steps, {evaluations} evaluations");
    println!("differences at the start grow up to {growth:.1e} times");
    println!("                              x        y       x'       y'");
    for (name, x) in [("open by", open), ("1 ulp of the start", unit)] {
        print!("{name:22}");
        x.iter().for_each(|x| print!("{x:9.1e}"));
        println!();
    }
    open.iter().zip(unit).all(|(open, unit)| open <= unit)
}
