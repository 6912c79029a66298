//! The course of an epidemic, and its derivative with respect to its parameters.

use nilpotent::reverse::{self, Recording};
use nilpotent::{Real, Var};

/// The number of days that are simulated.
pub(crate) const DAYS: f64 = 200.0;

/// The contacts per day, the rate at which exposed people fall ill, the rate at which ill people recover, and the share
/// of people who are exposed at the start.
pub(crate) const PARAMETERS: [f64; 4] = [0.4, 0.2, 0.1, 1e-4];

/// `s' = -βsi`, `e' = βsi - σe`, `i' = σe - γi`, for the state `[β, σ, γ, s, e, i]`; the parameters are constant.
fn slope<T: Real>(x: &[T; 6]) -> [T; 6] {
    let [beta, sigma, gamma, s, e, i] = *x;
    let (infected, ill, recovered) = (beta * s * i, sigma * e, gamma * i);
    [T::zero(), T::zero(), T::zero(), -infected, infected - ill, ill - recovered]
}

/// One step of the classical Runge-Kutta method.
pub(crate) fn step<T: Real>(h: f64, x: &[T]) -> [T; 6] {
    let x: [T; 6] = std::array::from_fn(|k| x[k]);
    let along = |k: &[T; 6], h: f64| std::array::from_fn(|j| x[j] + k[j] * T::lit(h));
    let a = slope(&x);
    let b = slope(&along(&a, 0.5 * h));
    let c = slope(&along(&b, 0.5 * h));
    let d = slope(&along(&c, h));
    let mean = std::array::from_fn(|j| (a[j] + (b[j] + c[j]) * T::lit(2.0) + d[j]) * T::lit(1.0 / 6.0));
    along(&mean, h)
}

/// The state at the start.
pub(crate) fn start<T: Real>([beta, sigma, gamma, exposed]: [T; 4]) -> [T; 6] {
    [beta, sigma, gamma, T::one() - exposed, exposed, T::zero()]
}

/// The share of people who have been infected by the end.
pub(crate) fn attacked<T: Real>(end: &[T]) -> T {
    T::one() - end[3]
}

/// Returns the value and its gradient with all steps recorded, and the bytes of the recording.
pub(crate) fn recorded(steps: usize) -> (f64, Vec<f64>, usize) {
    let h = DAYS / steps as f64;
    let run = |p: [Var; 4]| attacked(&(0..steps).fold(start(p), |x, _| step(h, &x)));
    let (y, recording): (Var, Recording) = reverse::record(run, PARAMETERS);
    (y.re, recording.adjoints(&[(y, 1.0)]).inputs().to_vec(), recording.bytes())
}

/// Returns the same with at most `budget` stored states, and the bytes of these states and of one recorded step.
pub(crate) fn checkpointed(steps: usize, budget: usize) -> (f64, Vec<f64>, usize) {
    let h = DAYS / steps as f64;
    let run =
        |p: [Var; 4]| attacked(&reverse::checkpoint_loop(steps, &start(p), move |_, x| step(h, x).to_vec(), budget));
    let (y, dy) = reverse::gradient(run, PARAMETERS);
    let one = reverse::record(|x: [Var; 6]| step(h, &x), start(PARAMETERS)).1.bytes();
    (y, dy.to_vec(), budget.min(steps) * size_of::<[f64; 6]>() + one)
}
