//! Simulates the same pass with a known truth, and with exactly the noise that the filter assumes.

use super::earth::Radar;
use super::observations::Observation;
use super::{Pass, chi_squared, satellite};
use nalgebra::{Vector3, Vector6};

/// A sum of squares that is χ² distributed if the filter is consistent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sum {
    pub(crate) name: &'static str,
    pub(crate) sum: f64,
    pub(crate) freedom: usize,
}

impl Sum {
    pub(crate) fn print(&self) -> bool {
        let [below, above] = chi_squared(self.freedom);
        println!(
            "simulated, {}: {:.1} for {} degrees of freedom; 95 % are in {below:.1} .. {above:.1}",
            self.name, self.sum, self.freedom
        );
        (below..=above).contains(&self.sum)
    }
}

/// The squares of the innovations and of the errors of the last state, summed over many passes that begin at `truth`.
pub(crate) fn run(radar: &Radar, observations: &[Observation], truth: &Vector6<f64>, passes: usize) -> [Sum; 2] {
    let [first, .., last] = observations else { panic!("at least two observations") };
    let mut noise = Noise(1995);
    let mut innovations = Sum { name: "innovations", sum: 0.0, freedom: 0 };
    let mut errors = Sum { name: "errors of the state", sum: 0.0, freedom: 0 };
    for _ in 0..passes {
        let simulated = observations.iter().map(|o| {
            let seen = satellite::seen(radar, o.utc, &satellite::flow(*truth, o.utc - first.utc));
            let noise = Vector3::from_fn(|i, _| noise.next() * radar.sigma[i]);
            Observation { utc: o.utc, seen: seen + radar.bias + noise }
        });
        let pass = Pass::follow(radar, &simulated.collect::<Vec<_>>()).expect("an orbit");
        innovations.sum += pass.nis();
        innovations.freedom += 3 * pass.updates.len();
        let error = satellite::flow(*truth, last.utc - first.utc) - pass.filter.x;
        errors.sum += error.dot(&pass.filter.p.cholesky().expect("a covariance").solve(&error));
        errors.freedom += 6;
    }
    [innovations, errors]
}

/// Normally distributed numbers, the same in each run: SplitMix64 (Steele, Lea & Flood, 2014), then the Box-Muller
/// transform.
struct Noise(u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn next(&mut self) -> f64 {
        let (u, v) = (1.0 - self.uniform(), self.uniform());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}
