//! Samples the posterior of the eight schools by nuts-rs.

use nilpotent::{Real, reverse};
use nuts_rs::rand::{Rng, SeedableRng, rngs::StdRng};
use nuts_rs::{Chain, CpuLogpFunc, CpuMath, CpuMathError, DiagNutsSettings, HasDims, LogpError, Settings};
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// The effects of coaching in eight schools, with their standard errors: Rubin (1981).
const EFFECTS: [f64; 8] = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
const ERRORS: [f64; 8] = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];

/// The logarithm of the density of μ, ln τ and z, where μ + τ·z are the true effects: μ is normal with deviation 5, τ has
/// the half of Cauchy's distribution with scale 5, and z is normal.
fn log_density<T: Real>(x: &[T]) -> T {
    let (mu, tau, z) = (x[0], x[1].exp(), &x[2..]);
    let misfit = |i: usize| (mu + tau * z[i] - T::lit(EFFECTS[i])) / T::lit(ERRORS[i]);
    let squares: T = (0..8).map(|i| misfit(i).powi(2) + z[i].powi(2)).sum();
    (squares + (mu / T::lit(5.0)).powi(2)) * T::lit(-0.5) - (tau / T::lit(5.0)).powi(2).ln_1p() + x[1]
}

#[derive(Debug)]
struct NotFinite;

impl std::fmt::Display for NotFinite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the density is not finite")
    }
}

impl std::error::Error for NotFinite {}

impl LogpError for NotFinite {
    fn is_recoverable(&self) -> bool {
        true
    }
}

/// The posterior, and the time that its gradients take.
struct Posterior(Rc<Cell<Duration>>);

impl HasDims for Posterior {
    fn dim_sizes(&self) -> HashMap<String, u64> {
        HashMap::from([("unconstrained_parameter".to_owned(), self.dim() as u64)])
    }
}

impl CpuLogpFunc for Posterior {
    type LogpError = NotFinite;
    type FlowParameters = ();
    type ExpandedVector = Vec<f64>;

    fn dim(&self) -> usize {
        10
    }

    fn logp(&mut self, x: &[f64], to: &mut [f64]) -> Result<f64, NotFinite> {
        let begin = Instant::now();
        let y = reverse::gradient_into(log_density, x, to);
        self.0.set(self.0.get() + begin.elapsed());
        if y.is_finite() { Ok(y) } else { Err(NotFinite) }
    }

    fn expand_vector<R: Rng + ?Sized>(&mut self, _: &mut R, x: &[f64]) -> Result<Vec<f64>, CpuMathError> {
        Ok(x.to_vec())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let settings = DiagNutsSettings { num_tune: 1_000, ..DiagNutsSettings::default() };
    let mut rng = StdRng::seed_from_u64(8);
    let begin = Instant::now();
    let ours = Rc::default();
    let mut chain = settings.new_chain(0, CpuMath::new(Posterior(Rc::clone(&ours))), &mut rng)?;
    chain.set_position(&[0.0; 10])?;
    let (mut mu, mut tau, draws) = (0.0, 0.0, 20_000);
    for draw in 0..1_000 + draws {
        let (x, _) = chain.draw()?;
        if draw >= 1_000 {
            mu += x[0] / draws as f64;
            tau += x[1].exp() / draws as f64;
        }
    }
    println!("μ {mu:.2}, τ {tau:.2}, in {:?}, of which ours {:?}", begin.elapsed(), ours.get());
    assert!((mu - 4.4).abs() < 0.15 && (tau - 3.6).abs() < 0.15);
    Ok(())
}
