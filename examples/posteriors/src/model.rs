//! What a posterior is: parameters with constraints, and a density as plain generic Rust.

use nilpotent::Real;
use nilpotent::constrained::{Constraint, Parameters};

/// A posterior density.
pub(crate) trait Model: Sync {
    /// The constraints of the parameters, and how many there are of each.
    fn parameters(&self) -> Vec<(Constraint, usize)>;

    /// The logarithm of the density of the constrained parameters.
    fn log_density<T: Real>(&self, y: &[T]) -> T;

    /// Parameters at which chains start, scattered around them.
    fn start(&self) -> Vec<f64>;

    /// The names of the quantities that are published.
    fn names(&self) -> Vec<String>;

    /// These quantities, of the constrained parameters.
    fn quantities(&self, y: &[f64]) -> Vec<f64>;
}

/// The logarithm of the density of the unconstrained parameters, which the sampler moves.
pub(crate) fn log_density<T: Real>(model: &impl Model, parameters: &Parameters, x: &[T]) -> T {
    parameters.log_density(x, |y| model.log_density(y))
}

/// `name[1]`, `name[2]`, …, as Stan counts.
pub(crate) fn numbered(name: &str, count: usize) -> impl Iterator<Item = String> {
    (1..=count).map(move |k| format!("{name}[{k}]"))
}
