//! Three bodies that chase each other along a figure eight: the orbit is closed to the last digit by Newton's method, its
//! stability follows from the eigenvalues of the monodromy matrix, and it is followed over a hundred periods.
//!
//! ```text
//! cargo run --release --example figure_eight
//! cargo run --release --example figure_eight -- --chart PATH      draws a picture as well, as SVG
//! ```
//!
//! The model (bodies.rs) is one function over `Real`. It runs on four kinds of numbers:
//!
//! - `Taylor<f64, 22>`: `taylor_ode` computes the series of the motion, which an integrator with compensated sums follows.
//!   It is that of the example `taylor_ode`.
//! - `Taylor<Dual<f64, 3>, 22>`: the derivatives of the state after T/3 in the velocity and the period. With them
//!   Newton's method makes the eight published digits of the start sixteen.
//! - `Taylor<Dual<f64, 8>, 22>`: the derivatives of that state in the start, which solve the variational equations. As the
//!   bodies then have each other's places, the cube of this matrix is the monodromy matrix, that of the whole period.
//! - `f64`: energy and rates.
//!
//! Four of the eight multipliers are 1, because energy and angular momentum are kept, and the orbit may start at another
//! time and in another direction. The orbit is stable to first order if the other four lie on the unit circle, as
//! `exp(±2πi·ν)`. The rotation numbers ν are those that C. Simó published in *Dynamical properties of the figure eight
//! solution of the three-body problem*, Contemporary Mathematics 292 (2002). G. E. Roberts proves that the multipliers lie
//! there: *Linear stability analysis of the figure-eight orbit in the three-body problem*, Ergodic Theory and Dynamical
//! Systems 27 (2007). Beside it stands Lagrange's triangle, which is unstable: its multipliers are `exp(±√2·π)`, by the
//! roots of Routh's equation `λ⁴ + λ² + 9/4 = 0` for equal masses.
//!
//! Order and steps: À. Jorba, M. Zou, *A software package for the numerical integration of ODEs by means of high-order
//! Taylor methods*, Experimental Mathematics 14 (2005). They find order `1 - ½·ln ε` cheapest for a tolerance ε:
//! 22 for ε = 1e-18, so that roundings of 1e-16 are the only errors. The last two coefficients of the series estimate its
//! radius of convergence ρ, and a step is `ρ·ε^(1/21)·exp(-0.7/21)`, about a seventh of it.

pub(crate) mod bodies;
#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "no file is read")]
mod common;
#[path = "../taylor_ode/integrator.rs"]
#[expect(dead_code, reason = "all steps are by tolerance")]
pub(crate) mod integrator;
pub(crate) mod orbit;
pub(crate) mod picture;
#[path = "../common/chart.rs"]
mod plot;

use bodies::Orbit;
use orbit::{Matrix, Return};
#[cfg(test)]
pub(crate) use plot::chart_path;
use std::path::Path;
use std::process::ExitCode;

pub(crate) const PERIODS: u32 = 100;
/// The published rotation numbers.
pub(crate) const ROTATION: [f64; 2] = [0.008_422_72, 0.298_092_53];
/// They have eight decimal places.
pub(crate) const ROTATION_ALLOWED: f64 = 0.5e-8;
fn main() -> ExitCode {
    plot::program(|path| Ok(run(path)))
}

/// All results.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The orbit that closes, and by how much it was open after each step of Newton's method.
    pub(crate) orbit: Orbit,
    pub(crate) open: Vec<f64>,
    pub(crate) monodromy: Matrix,
    pub(crate) triangle: (Orbit, Matrix),
    pub(crate) returns: Vec<Return>,
    pub(crate) steps: usize,
}

impl Found {
    /// Returns `None` if an orbit is lost in a collision.
    pub(crate) fn all(periods: u32) -> Option<Self> {
        let (orbit, open) = orbit::close()?;
        let monodromy = orbit::monodromy(orbit)?;
        let triangle = bodies::triangle();
        let (returns, steps) = orbit::returns(orbit, periods)?;
        Some(Self { orbit, open, monodromy, triangle: (triangle, orbit::monodromy(triangle)?), returns, steps })
    }

    /// Whether the rotation numbers are the published ones, and all is kept to rounding.
    pub(crate) fn right(&self) -> bool {
        let angles: Vec<f64> = orbit::multipliers(self.monodromy).into_iter().map(orbit::rotation).collect();
        let published = ROTATION.iter().flat_map(|angle| [*angle, -angle]);
        angles.len() == 4
            && angles.iter().zip(published).all(|(found, known)| (found - known).abs() <= ROTATION_ALLOWED)
            && self.returns.iter().all(Return::kept)
    }
}

/// Prints the results, draws the picture if there is a path for it, and returns whether the results are right.
fn run(path: Option<&Path>) -> bool {
    let Some(found) = Found::all(PERIODS) else {
        eprintln!("error: an orbit is lost in a collision");
        return false;
    };
    print_newton(&found);
    print_multipliers(&found);
    print_growth(&found);
    print_returns(&found);
    let drawn = path.is_none_or(|path| match picture::write(path, found.orbit, &found.returns) {
        Ok(()) => {
            println!("\npicture: {}", path.display());
            true
        }
        Err(error) => {
            eprintln!("error: {error}");
            false
        }
    });
    let right = found.right();
    println!("\nrotation numbers as published, orbit and energy kept: {}", if right { "yes" } else { "NO" });
    drawn && right
}

fn print_newton(found: &Found) {
    println!("Newton's method: after T/3 each body is where another one started");
    found.open.iter().enumerate().for_each(|(i, open)| println!("  step {i}: open by {open:.1e}"));
    let [_, _, _, _, u, v, ..] = found.orbit.start;
    println!("                  published   found");
    for (name, old, new) in [("velocity, x", 0, u), ("velocity, y", 1, v), ("period", 2, found.orbit.period)] {
        println!("  {name:13}{:12.9}   {new:.16}", bodies::PUBLISHED[old]);
    }
    println!("  energy {:.16}", bodies::energy(found.orbit.start));
}

fn print_multipliers(found: &Found) {
    println!("\nmultipliers exp(2πi·ν) of the figure eight   modulus - 1   ν              published");
    let published = ROTATION.iter().flat_map(|angle| [*angle, -angle]);
    for (z, published) in orbit::multipliers(found.monodromy).into_iter().zip(published) {
        let (modulus, angle) = (z.norm() - 1.0, orbit::rotation(z));
        println!("  {:17.13} {:+17.13}i {modulus:17.1e}   {angle:+.11} {published:+.8}", z.re, z.im);
    }
    println!("multipliers of Lagrange's triangle, by Routh's equation {:.10} and {:.10}", growth(1.0), growth(-1.0));
    for z in orbit::multipliers(found.triangle.1) {
        println!("  {:17.13} {:+17.13}i", z.re, z.im);
    }
}

/// The multiplier of Lagrange's triangle, from Routh's equation.
pub(crate) fn growth(sign: f64) -> f64 {
    (sign * std::f64::consts::SQRT_2 * std::f64::consts::PI).exp()
}

/// The Lyapunov exponent of Lagrange's triangle, which turns with ω = 3^(-1/4): ω/√2, from Routh's equation.
pub(crate) const EXPONENT: f64 = 0.537_284_965_911_771;

fn print_growth(found: &Found) {
    println!("\ngrowth rate of differences, ln ‖Mⁿ‖/(n·T)");
    println!("  periods   figure eight   Lagrange's triangle, whose exponent is {EXPONENT:.6}");
    for n in [1, 10, 100, 1000, 10_000] {
        let rate = |matrix, orbit: Orbit| orbit::growth_rate(matrix, orbit.period, n);
        let (eight, (orbit, matrix)) = (rate(found.monodromy, found.orbit), found.triangle);
        println!("  {n:7}{eight:15.6}{:22.6}", rate(matrix, orbit));
    }
}

fn print_returns(found: &Found) {
    println!("\n{PERIODS} periods, {} steps of order {}", found.steps, orbit::ORDER);
    println!("  periods   energy, relative   allowed   open by   allowed");
    for back in found.returns.iter().filter(|back| [1, 2, 5, 10, 20, 50, 100].contains(&back.periods)) {
        let (energy, open) = (back.energy_allowed(), back.open_allowed());
        println!("  {:7}{:19.1e}{energy:10.1e}{:10.1e}{open:10.1e}", back.periods, back.energy, back.open);
    }
}
