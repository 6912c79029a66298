//! Constrained parameters: maps from the real line to positive numbers, intervals, simplexes, correlation matrices and others,
//! with the logarithm of their Jacobian determinant, and back.
//!
//! Samplers and optimizers move freely in ℝⁿ, while a scale must be positive and probabilities must add up to 1. So they move
//! unconstrained numbers x, and the density is that of the constrained ones y(x), times `|det dy/dx|`: that of x. The
//! transforms are those of Stan (Stan Reference Manual, chapter "Constraint Transforms"; for simplexes by breaking a stick, as
//! until version 2.36). The literature also calls them bijectors.
//!
//! ```
//! use nilpotent::constrained::{Constraint, Parameters};
//! use nilpotent::{Real, density, reverse};
//!
//! /// The density of a mean and a positive scale, after two observations.
//! fn log_density<T: Real>(y: &[T]) -> T {
//!     let (mu, sigma) = (y[0], y[1]);
//!     density::normal(T::lit(1.0), mu, sigma) + density::normal(T::lit(3.0), mu, sigma)
//! }
//!
//! let parameters = Parameters::new([(Constraint::Real, 1), (Constraint::POSITIVE, 1)]);
//! let x = [2.0, 0.0]; // μ = 2, σ = e⁰
//! let (value, slope) = reverse::gradient(|x| parameters.log_density(x, log_density), &x[..]);
//! assert!((value + 1.0 + (2.0 * std::f64::consts::PI).ln()).abs() < 1e-15);
//! assert_eq!(slope, [0.0, 1.0]); // Of -1/σ² - 2 ln σ + x₁ in x₁: 2 - 2 + 1.
//! ```
//!
//! A bound may be another parameter. Then the parameter is a real one in the list, and the density makes it by [`interval`],
//! [`lower`] or [`upper`], whose bounds are numbers:
//!
//! ```
//! use nilpotent::constrained::{Constraint, Parameters, interval};
//!
//! // 0 < α < 1 and 0 < β < 1 - α, uniform on this triangle.
//! let parameters = Parameters::new([(Constraint::PROBABILITY, 1), (Constraint::Real, 1)]);
//! let ln_density = parameters.log_density(&[0.0_f64, 0.0], |y| {
//!     let (beta, ln_slope) = interval(y[1], 0.0, 1.0 - y[0]);
//!     assert_eq!((y[0], beta), (0.5, 0.25));
//!     2.0_f64.ln() + ln_slope
//! });
//! assert!((ln_density - (2.0 * 0.25 * 0.125_f64).ln()).abs() < 1e-15);
//! ```

mod checks;
mod constraint;
mod matrix;
mod parameters;
mod scalar;
mod vector;

pub use constraint::Constraint;
pub use parameters::Parameters;
pub use scalar::{interval, interval_inverse, lower, lower_inverse, upper, upper_inverse};
