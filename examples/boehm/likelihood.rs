//! The negative logarithm of the likelihood, and its derivatives in four ways.
//!
//! The measurements scatter normally about the observables of the solution. The steps are chosen in plain floats, and
//! then the solution on these steps is a smooth function of the parameters, which all kinds of numbers can run through.

use super::data::{Data, PARAMETERS};
use super::model::{OBSERVABLES, RATES, SPECIES};
use super::rosenbrock::{self, Step};
use super::sdirk;
use nilpotent::linalg::Number;
use nilpotent::num_traits::Float;
use nilpotent::reverse::{self, Recording};
use nilpotent::{Dual, Var, gradient};
use std::sync::Arc;

/// How a step is made, and how it is differentiated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Method {
    /// The operations of each step are differentiated.
    Rosenbrock,
    /// The equations of each stage are.
    Implicit,
}

/// A gradient with its value, and the bytes of the recording and of the stored states.
pub(crate) type Gradient = (f64, [f64; PARAMETERS], usize);

/// `10ˣ`
pub(crate) fn power_of_ten<T: Number<Float = f64>>(x: T) -> T {
    Float::exp(x.times(std::f64::consts::LN_10))
}

fn rates<T: Number<Float = f64>>(theta: &[T]) -> [T; RATES] {
    std::array::from_fn(|k| power_of_ten(theta[k]))
}

impl Data {
    /// Chooses the steps for the decimal logarithms of the rates; `None` if there is no solution.
    pub(crate) fn steps(&self, theta: &[f64], times: &[f64], tolerance: f64) -> Option<Vec<Step>> {
        rosenbrock::steps(&self.model.start(), times, &rates(theta), tolerance)
    }

    /// Returns the observables at the times at which steps end, the start included.
    pub(crate) fn simulate<T: Number<Float = f64>>(
        &self,
        method: Method,
        steps: &[Step],
        theta: &[T],
    ) -> Vec<[T; OBSERVABLES]> {
        let rates = rates(theta);
        let mut x = self.model.start().map(T::lit);
        let mut observed = vec![self.model.observe(&x)];
        for &step in steps {
            x = advance(method, step, &x, &rates);
            if step.lands.is_some() {
                observed.push(self.model.observe(&x));
            }
        }
        observed
    }

    /// Returns the part of the measurements at one time: `Σ ln(σ√2π) + (measured - observed)²/2σ²`.
    fn part<T: Number<Float = f64>>(&self, index: usize, observed: &[T; OBSERVABLES], theta: &[T]) -> T {
        (0..OBSERVABLES)
            .map(|k| {
                let deviation = theta[RATES + k];
                let z = (observed[k] - T::lit(self.measured[index][k])) / power_of_ten(deviation);
                let constant = T::lit((2.0 * std::f64::consts::PI).ln() / 2.0);
                deviation.times(std::f64::consts::LN_10) + constant + (z * z).times(0.5)
            })
            .sum()
    }

    /// Returns the negative logarithm of the likelihood, from the decimal logarithms of the parameters.
    pub(crate) fn negative_log_likelihood<T: Number<Float = f64>>(
        &self,
        method: Method,
        steps: &[Step],
        theta: &[T; PARAMETERS],
    ) -> T {
        let observed = self.simulate(method, steps, theta);
        observed.iter().enumerate().map(|(index, observed)| self.part(index, observed, theta)).sum()
    }

    /// The gradient by forward numbers, nine partials at once.
    pub(crate) fn forward(&self, method: Method, steps: &[Step], theta: [f64; PARAMETERS]) -> Gradient {
        let run = |theta: [Dual<f64, PARAMETERS>; PARAMETERS]| self.negative_log_likelihood(method, steps, &theta);
        let (value, slope) = gradient(run, theta);
        (value, slope, 0)
    }

    /// The gradient by one recording of all steps.
    pub(crate) fn recorded(&self, method: Method, steps: &[Step], theta: [f64; PARAMETERS]) -> Gradient {
        let run = |theta: [Var; PARAMETERS]| self.negative_log_likelihood(method, steps, &theta);
        adjoints(reverse::record(run, theta))
    }

    /// The gradient by recordings of one step at a time, with at most `budget` stored states. The sum over the
    /// measurements so far is part of the state.
    pub(crate) fn checkpointed(
        self: &Arc<Self>,
        method: Method,
        steps: &[Step],
        theta: [f64; PARAMETERS],
        budget: usize,
    ) -> Gradient {
        let run = |theta: [Var; PARAMETERS]| {
            let (data, chosen, rates) = (self.clone(), steps.to_vec(), rates(&theta));
            let start = self.model.start().map(Var::constant);
            let first = self.part(0, &self.model.observe(&start), &theta);
            let state: Vec<Var> = start.into_iter().chain([first]).collect();
            let step = move |i: usize, state: &[Var]| {
                let x = advance(method, chosen[i], &std::array::from_fn(|k| state[k]), &rates);
                let part =
                    chosen[i].lands.map_or(Var::constant(0.0), |at| data.part(at, &data.model.observe(&x), &theta));
                x.into_iter().chain([state[SPECIES] + part]).collect()
            };
            reverse::checkpoint_loop(steps.len(), &state, step, budget)[SPECIES]
        };
        let (value, slope, bytes) = adjoints(reverse::record(run, theta));
        // The bytes of a checkpoint are its states; on the way back there is one recorded step as well.
        let mut point = [1.0; SPECIES + RATES];
        point[..SPECIES].copy_from_slice(&self.model.start());
        let step = |x: [Var; SPECIES + RATES]| {
            let [x, rates] = [&x[..SPECIES], &x[SPECIES..]];
            advance(method, steps[0], &std::array::from_fn(|k| x[k]), &std::array::from_fn(|k| rates[k]))
        };
        (value, slope, bytes + reverse::record(step, point).1.bytes())
    }
}

fn advance<T: Number<Float = f64>>(method: Method, step: Step, x: &[T; SPECIES], rates: &[T; RATES]) -> [T; SPECIES] {
    match method {
        Method::Rosenbrock => rosenbrock::step(step, x, rates).map(|(x, _)| x),
        Method::Implicit => sdirk::step(step, x, rates),
    }
    .expect("the steps were chosen for a smooth solution at these rates")
}

fn adjoints((value, recording): (Var, Recording)) -> Gradient {
    let adjoints = recording.adjoints(&[(value, 1.0)]);
    (value.re, std::array::from_fn(|k| adjoints.inputs()[k]), recording.bytes())
}
