//! Follows a satellite by radar, with an extended Kalman filter.
//!
//! ```text
//! cargo run --release --example ekf              the observations in tests/data/geos3
//! cargo run --release --example ekf -- PATH      others of that day and radar
//! ```
//!
//! On 1995 January 29 the radar at Kaena Point, Hawaii, followed the satellite GEOS-3 for nine minutes, and measured
//! azimuth, elevation and range 46 times. The filter estimates position and velocity. Between two observations these
//! follow a process f, the flow of the equation of motion. An observation is a function h of them, plus noise of
//! covariance R:
//!
//! ```text
//! predict:   x ← f(x)               P ← F·P·Fᵀ + Q               F = ∂f/∂x
//! correct:   x ← x + K·(z - h(x))   P ← (I - K·H)·P              H = ∂h/∂x
//!            S = H·P·Hᵀ + R         K = P·Hᵀ·S⁻¹
//! ```
//!
//! Here f integrates the motion in the field of an oblate Earth by the Runge-Kutta method, and h goes through the
//! rotation of the Earth to two angles and a length (satellite.rs). Both are plain functions over nalgebra's
//! `RealField`; F and H are their `linalg::jacobian` (filter.rs). The initial covariance comes from a Jacobian as well:
//! the first two observations determine a state, and the Jacobian of that computation turns their noise into the noise
//! of the state.
//!
//! The example shows:
//!
//! - **Consistency.** The innovations y = z - h(x) should be as large as S says: Σ yᵀS⁻¹y should be χ² distributed
//!   (Bar-Shalom, Li & Kirubarajan, section 5.4). The sum is far smaller: on that day this radar was better than its
//!   tabulated noise, fifteen times in range. So the pass is also simulated with exactly that noise and a known truth.
//!   There both the innovations and the errors of the state must be χ² distributed.
//! - **Accuracy.** The state at the first observation is printed beside three published ones, from other programs and
//!   force models. These differ by 0.6 to 2 km from each other, since the noise of the angles is not the only error.
//! - **F and H** agree to 12 digits with derivatives by hand from the literature (by_hand.rs).
//!
//! Data, noise, biases and published states: D. A. Vallado, *Fundamentals of Astrodynamics and Applications*, 4th ed.,
//! 2013, table 4-4, example 10-4 and its companion code. Derivatives by hand: O. Montenbruck, E. Gill, *Satellite
//! Orbits*, 2000, chapter 7. Consistency: Y. Bar-Shalom, X. R. Li, T. Kirubarajan, *Estimation with Applications to
//! Tracking and Navigation*, 2001.

#[path = "../common/mod.rs"]
pub(crate) mod common;
pub(crate) mod by_hand;
pub(crate) mod earth;
pub(crate) mod filter;
pub(crate) mod observations;
pub(crate) mod satellite;
pub(crate) mod simulation;

use earth::Radar;
use filter::{Filter, Innovation};
use nalgebra::{Matrix6, Vector6, vector};
use nilpotent::linalg;
use observations::Observation;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/geos3/observations.txt");
/// The allowed distance from the published positions, in m: about as large as the distances between these.
const CLOSE: f64 = 1e3;
pub(crate) const DISAGREEMENT_ALLOWED: f64 = 1e-12;
const SIMULATIONS: usize = 100;

/// Published states at the first observation, in m and m/s, in the frame J2000.
const PUBLISHED: [(&str, [f64; 6]); 3] = [
    ("GTDS", [5_748_607.0, 2_679_932.4, 3_442_790.2, 4330.46, -1922.874, -5726.562]),
    ("ODTK, long arc", [5_748_398.438, 2_680_135.601, 3_442_296.315, 4_327.434_17, -1_920.141_8, -5_726.058_88]),
    ("ODTK, short arc", [5_746_469.3, 2_679_944.362, 3_442_416.16, 4_339.931_95, -1_918.664_66, -5_721.867_89]),
];

fn main() -> ExitCode {
    let path = std::env::args_os().nth(1).map_or_else(|| FILE.into(), PathBuf::from);
    if run(&path) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Follows the satellite, prints the results, and returns whether they are as good as they must be.
pub(crate) fn run(path: &Path) -> bool {
    let observations = match observations::read(path) {
        Ok(observations) => observations,
        Err(error) => {
            eprintln!("error: {error}");
            return false;
        }
    };
    let radar = Radar::kaena_point();
    let Some(pass) = Pass::follow(&radar, &observations) else {
        eprintln!("error: {}: expected observations of one orbit, but the filter lost track of it", path.display());
        return false;
    };

    println!("innovations, in standard deviations, and σ of the position");
    println!("     UTC, s   azimuth  elevation      range        σ, m");
    for (update, observation) in pass.updates.iter().zip(&observations[2..]) {
        let y = update.innovation.y.component_div(&update.innovation.s.diagonal().map(f64::sqrt));
        println!("{:11.2}{:10.3}{:11.3}{:11.3}{:12.1}", observation.utc, y[0], y[1], y[2], update.sigma);
    }

    let (state, p) = pass.at(observations[0].utc);
    let sigma = p.diagonal().map(f64::sqrt);
    println!("\nthe state at the first observation, in km and m/s, and how far others differ from it, in m and m/s");
    print_state("filter", state.component_div(&vector![1e3, 1e3, 1e3, 1.0, 1.0, 1.0]), 4);
    print_state("σ", sigma, 2);
    for (name, published) in PUBLISHED {
        print_state(name, Vector6::from(published) - state, 2);
    }
    let apart = PUBLISHED.map(|(_, x)| (Vector6::from(x) - state).fixed_rows::<3>(0).norm());

    let (nis, freedom) = (pass.nis(), 3 * pass.updates.len());
    let [_, above] = chi_squared(freedom);
    println!("\nΣ yᵀS⁻¹y: {nis:.1} for {freedom} degrees of freedom; 97.5 % are below {above:.1}");
    let simulated = simulation::run(&radar, &observations, &PUBLISHED[1].1.into(), SIMULATIONS);
    let [nis_fits, nees_fits] = simulated.map(|sum| sum.print());

    let (f, h) = by_hand::disagreement(&radar, &pass, observations[observations.len() - 1].utc);
    println!("F and H differ from those by hand by {f:.1e} and {h:.1e}, relatively");

    let exact = f.max(h) <= DISAGREEMENT_ALLOWED;
    println!(
        "\nGEOS-3: {} updates, {:.0} m from GTDS, {:.0} m from ODTK, innovations {}, simulation {}, Jacobians {}",
        pass.updates.len(),
        apart[0],
        apart[1],
        if nis <= above { "consistent" } else { "TOO LARGE" },
        if nis_fits && nees_fits { "consistent" } else { "NOT CONSISTENT" },
        if exact { "exact" } else { "WRONG" },
    );
    apart[..2].iter().all(|&m| m <= CLOSE) && nis <= above && nis_fits && nees_fits && exact
}

fn print_state(name: &str, x: Vector6<f64>, digits: usize) {
    print!("{name:16}");
    x.iter().for_each(|x| print!("{x:12.digits$}"));
    println!();
}

/// One pass of the satellite over the radar, as the filter sees it.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    /// The filter after the last observation.
    pub(crate) filter: Filter<6>,
    /// The time of the last observation.
    pub(crate) utc: f64,
    /// The updates, from the third observation on.
    pub(crate) updates: Vec<Update>,
}

#[derive(Clone, Debug)]
pub(crate) struct Update {
    pub(crate) innovation: Innovation<3>,
    /// The standard deviation of the position.
    pub(crate) sigma: f64,
}

impl Pass {
    /// Returns `None` if the filter loses the state, that is, if it is no longer finite.
    pub(crate) fn follow(radar: &Radar, observations: &[Observation]) -> Option<Self> {
        let [first, second, others @ ..] = observations else { return None };
        let r = radar.noise();
        let mut r2 = Matrix6::zeros();
        r2.fixed_view_mut::<3, 3>(0, 0).copy_from(&r);
        r2.fixed_view_mut::<3, 3>(3, 3).copy_from(&r);
        let [a, b] = [first, second].map(|o| o.seen - radar.bias);
        let start = |z| satellite::start(radar, [first.utc, second.utc], &z);
        let filter = Filter::new(start, &vector![a[0], a[1], a[2], b[0], b[1], b[2]], &r2);

        let mut pass = Self { filter, utc: second.utc, updates: Vec::with_capacity(others.len()) };
        for observation in others {
            let utc = observation.utc;
            // There is no process noise: nine minutes of motion under gravity alone have none that the radar could see.
            pass.filter.predict(|x| satellite::flow(x, utc - pass.utc), &Matrix6::zeros());
            pass.utc = utc;
            let seen = observation.seen - radar.bias;
            let innovation = pass.filter.update(|x| satellite::seen(radar, utc, &x), &seen, &r)?;
            pass.updates.push(Update { innovation, sigma: pass.filter.p.fixed_view::<3, 3>(0, 0).trace().sqrt() });
        }
        pass.filter.x.iter().all(|x| x.is_finite()).then_some(pass)
    }

    /// The state and its covariance at another time.
    pub(crate) fn at(&self, utc: f64) -> (Vector6<f64>, Matrix6<f64>) {
        let (x, f) = linalg::jacobian(|x| satellite::flow(x, utc - self.utc), &self.filter.x);
        (x, f * self.filter.p * f.transpose())
    }

    /// The sum of all normalized innovations squared.
    pub(crate) fn nis(&self) -> f64 {
        self.updates.iter().map(|update| update.innovation.squared).sum()
    }
}

/// The bounds between which χ² lies in 95 of 100 cases, by the approximation of Wilson and Hilferty, which has four
/// digits here.
pub(crate) fn chi_squared(freedom: usize) -> [f64; 2] {
    let (n, v) = (freedom as f64, 2.0 / (9.0 * freedom as f64));
    [-1.959_964, 1.959_964].map(|z| n * (1.0 - v + z * v.sqrt()).powi(3))
}
