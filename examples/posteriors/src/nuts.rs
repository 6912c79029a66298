//! The sampler: nuts-rs, with gradients of the density of the unconstrained parameters.

use super::model::{Model, log_density};
use nilpotent::constrained::Parameters;
use nilpotent::{gradient_into, reverse};
use nuts_rs::rand::rngs::StdRng;
use nuts_rs::rand::{Rng, RngExt, SeedableRng};
use nuts_rs::{Chain, CpuLogpFunc, CpuMath, CpuMathError, HasDims, LogpError, LowRankNutsSettings, Settings};
use std::collections::HashMap;
use std::fmt;
use std::time::Instant;

/// Which mode computes the gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mode {
    Forward,
    Reverse,
}

/// Writes the gradient, and returns the value.
pub(crate) fn gradient(model: &impl Model, parameters: &Parameters, mode: Mode, x: &[f64], to: &mut [f64]) -> f64 {
    match mode {
        Mode::Forward => gradient_into(|x: &[_]| log_density(model, parameters, x), x, to),
        Mode::Reverse => reverse::gradient_into(|x: &[_]| log_density(model, parameters, x), x, to),
    }
}

#[derive(Debug)]
pub(crate) struct NotFinite;

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the density is not finite")
    }
}

impl std::error::Error for NotFinite {}

/// A step into a place where the solution overflows is rejected, and the chain goes on.
impl LogpError for NotFinite {
    fn is_recoverable(&self) -> bool {
        true
    }
}

/// What nuts-rs asks for.
struct Posterior<'a, M> {
    model: &'a M,
    parameters: &'a Parameters,
    mode: Mode,
}

impl<M> HasDims for Posterior<'_, M> {
    fn dim_sizes(&self) -> HashMap<String, u64> {
        HashMap::from([("unconstrained_parameter".to_owned(), self.parameters.unconstrained_len() as u64)])
    }
}

impl<M: Model> CpuLogpFunc for Posterior<'_, M> {
    type LogpError = NotFinite;
    type FlowParameters = ();
    type ExpandedVector = Vec<f64>;

    fn dim(&self) -> usize {
        self.parameters.unconstrained_len()
    }

    fn logp(&mut self, x: &[f64], to: &mut [f64]) -> Result<f64, NotFinite> {
        let value = gradient(self.model, self.parameters, self.mode, x, to);
        if value.is_finite() && to.iter().all(|g| g.is_finite()) { Ok(value) } else { Err(NotFinite) }
    }

    fn expand_vector<R: Rng + ?Sized>(&mut self, _: &mut R, x: &[f64]) -> Result<Vec<f64>, CpuMathError> {
        Ok(x.to_vec())
    }
}

/// How much is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) chains: u64,
    pub(crate) warmup: u64,
    pub(crate) draws: u64,
    pub(crate) mode: Mode,
}

/// Draws of all chains.
pub(crate) struct Draws {
    /// Of each chain, each draw's constrained parameters.
    pub(crate) chains: Vec<Vec<Vec<f64>>>,
    pub(crate) seconds: f64,
    pub(crate) gradients: u64,
    /// Draws, after the warm-up, on whose way the energy was lost.
    pub(crate) divergent: usize,
}

impl Draws {
    /// Quantity k of each draw of each chain.
    pub(crate) fn of_quantity(&self, model: &impl Model, k: usize) -> Vec<Vec<f64>> {
        self.chains.iter().map(|chain| chain.iter().map(|y| model.quantities(y)[k]).collect()).collect()
    }
}

/// One chain.
struct Run {
    draws: Vec<Vec<f64>>,
    gradients: u64,
    divergent: usize,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the chains, each on a thread.
pub(crate) fn sample<M: Model>(model: &M, plan: Plan) -> Result<Draws, Failure> {
    let begin = Instant::now();
    let parameters = Parameters::new(model.parameters());
    let chain = |seed| run(&Posterior { model, parameters: &parameters, mode: plan.mode }, plan, seed);
    let runs = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..plan.chains).map(|seed| scope.spawn(move || chain(seed))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Result<Vec<_>, Failure>>()
    })?;
    Ok(Draws {
        seconds: begin.elapsed().as_secs_f64(),
        gradients: runs.iter().map(|run| run.gradients).sum(),
        divergent: runs.iter().map(|run| run.divergent).sum(),
        chains: runs.into_iter().map(|run| run.draws).collect(),
    })
}

fn run<M: Model>(posterior: &Posterior<'_, M>, plan: Plan, seed: u64) -> Result<Run, Failure> {
    let parameters = posterior.parameters;
    // The mass matrix knows correlations. With a diagonal one, the rates of the hares have an eighth of the effective draws.
    let mut settings = LowRankNutsSettings { num_tune: plan.warmup, ..LowRankNutsSettings::default() };
    // Shorter steps than the default of 0.8, so that a step at which the density bends is not too long.
    settings.adapt_options.step_size_settings.target_accept = 0.9;
    let mut rng = StdRng::seed_from_u64(seed);
    let mut x = vec![0.0; parameters.unconstrained_len()];
    parameters.unconstrain(&posterior.model.start(), &mut x)?;
    x.iter_mut().for_each(|x| *x += rng.random_range(-0.2..0.2));
    let own = Posterior { ..*posterior };
    let mut chain = settings.new_chain(seed, CpuMath::new(own), &mut rng)?;
    chain.set_position(&x)?;
    let mut run = Run { draws: Vec::new(), gradients: 0, divergent: 0 };
    for draw in 0..plan.warmup + plan.draws {
        let (x, progress) = chain.draw()?;
        run.gradients += progress.num_gradients;
        if draw >= plan.warmup {
            let mut y = vec![0.0; parameters.constrained_len()];
            parameters.constrain(&x, &mut y);
            run.draws.push(y);
            run.divergent += usize::from(progress.diverging);
        }
    }
    Ok(run)
}
