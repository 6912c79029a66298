//! The course of an epidemic, and its derivative in what drives it.

use nilpotent::reverse::{self, Recording};
use nilpotent::{Real, Var};

/// Days, and steps of them.
pub(crate) const DAYS: f64 = 200.0;

/// Contacts a day, the rate at which the exposed fall ill, that at which the ill recover, and the part exposed at the start.
pub(crate) const PARAMETERS: [f64; 4] = [0.4, 0.2, 0.1, 1e-4];

/// `s' = -βsi`, `e' = βsi - σe`, `i' = σe - γi`, of `[β, σ, γ, s, e, i]`; the parameters stay.
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

/// The part of the people that has been ill in the end.
pub(crate) fn attacked<T: Real>(end: &[T]) -> T {
    T::one() - end[3]
}

/// Its value and gradient, all steps recorded; and the bytes that took.
pub(crate) fn recorded(steps: usize) -> (f64, Vec<f64>, usize) {
    let h = DAYS / steps as f64;
    let run = |p: [Var; 4]| attacked(&(0..steps).fold(start(p), |x, _| step(h, &x)));
    let (y, recording): (Var, Recording) = reverse::record(run, PARAMETERS);
    (y.re, recording.adjoints(&[(y, 1.0)]).inputs().to_vec(), recording.bytes())
}

/// The same with so many stored states, and the bytes of these and of a recorded step.
pub(crate) fn checkpointed(steps: usize, budget: usize) -> (f64, Vec<f64>, usize) {
    let h = DAYS / steps as f64;
    let run =
        |p: [Var; 4]| attacked(&reverse::checkpoint_loop(steps, &start(p), move |_, x| step(h, x).to_vec(), budget));
    let (y, dy) = reverse::gradient(run, PARAMETERS);
    let one = reverse::record(|x: [Var; 6]| step(h, &x), start(PARAMETERS)).1.bytes();
    (y, dy.to_vec(), budget.min(steps) * size_of::<[f64; 6]>() + one)
}
