//! The parameters of a model, one after another.

use super::checks::checked;
use super::constraint::Constraint;
use crate::error::{Error, length};
use crate::real::Real;
use alloc::vec;
use alloc::vec::Vec;

/// All parameters of a model, one after another: each entry is a constraint and how many parameters have it.
///
/// ```
/// use nilpotent::constrained::{Constraint, Parameters};
///
/// // Two probabilities, a positive scale and three real numbers.
/// let parameters =
///     Parameters::new([(Constraint::PROBABILITY, 2), (Constraint::POSITIVE, 1), (Constraint::Real, 3)]);
/// let mut x = [0.0; 6];
/// parameters.unconstrain(&[0.5, 0.75, 2.0, -1.0, 0.0, 1.0], &mut x)?;
/// let expected = [0.0, 3.0_f64.ln(), 2.0_f64.ln(), -1.0, 0.0, 1.0];
/// assert!(x.iter().zip(expected).all(|(x, e)| (x - e).abs() < 1e-15));
/// let error = parameters.unconstrain(&[0.5, 0.75, -2.0, -1.0, 0.0, 1.0], &mut x).unwrap_err();
/// assert_eq!(error.to_string(), "constrained value 2 is -2, and must be above 0");
/// # Ok::<(), nilpotent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    blocks: Vec<(Constraint, usize)>,
}

impl Parameters {
    /// Parameters with these constraints, each as often as the number beside it says.
    ///
    /// # Panics
    /// If a bound is not finite, or two bounds of an interval are not in order.
    pub fn new(blocks: impl IntoIterator<Item = (Constraint, usize)>) -> Self {
        let blocks: Vec<_> = blocks.into_iter().collect();
        if let Some((wrong, _)) = blocks.iter().find(|(constraint, _)| !constraint.is_valid()) {
            panic!("{wrong:?}: bounds must be finite and ascend, a multiplier must be positive");
        }
        Self { blocks }
    }

    /// How many real numbers the parameters are made of.
    #[must_use]
    pub fn unconstrained_len(&self) -> usize {
        self.blocks.iter().map(|(constraint, count)| constraint.unconstrained_len() * count).sum()
    }

    /// How many numbers the parameters have.
    #[must_use]
    pub fn constrained_len(&self) -> usize {
        self.blocks.iter().map(|(constraint, count)| constraint.constrained_len() * count).sum()
    }

    /// Each parameter, with its range in the constrained numbers and in the unconstrained ones.
    fn each(&self) -> impl Iterator<Item = (Constraint, core::ops::Range<usize>, core::ops::Range<usize>)> {
        let all = self.blocks.iter().flat_map(|&(constraint, count)| core::iter::repeat_n(constraint, count));
        all.scan((0, 0), |(y, x), constraint| {
            let (from_y, from_x) = (*y, *x);
            *y += constraint.constrained_len();
            *x += constraint.unconstrained_len();
            Some((constraint, from_y..*y, from_x..*x))
        })
    }

    /// Writes the parameters at the real numbers x into y, and returns `ln |det dy/dx|`.
    ///
    /// # Panics
    /// If x or y has the wrong length.
    pub fn constrain<T: Real>(&self, x: &[T], y: &mut [T]) -> T {
        checked(length("unconstrained numbers", self.unconstrained_len(), x.len()));
        checked(length("constrained numbers", self.constrained_len(), y.len()));
        self.each().fold(T::zero(), |sum, (constraint, at_y, at_x)| sum + constraint.constrain(&x[at_x], &mut y[at_y]))
    }

    /// The inverse of [`constrain`](Self::constrain): writes the real numbers for the parameters y into x.
    ///
    /// # Errors
    /// As [`Constraint::unconstrain`]; the index is that of the entry of y.
    pub fn unconstrain<T: Real>(&self, y: &[T], x: &mut [T]) -> Result<(), Error> {
        length("constrained numbers", self.constrained_len(), y.len())?;
        length("unconstrained numbers", self.unconstrained_len(), x.len())?;
        for (constraint, at_y, at_x) in self.each() {
            let start = at_y.start;
            constraint.unconstrain(&y[at_y], &mut x[at_x]).map_err(|error| match error {
                Error::OutsideBounds { index, value, lower, upper } => {
                    Error::OutsideBounds { index: start + index, value, lower, upper }
                }
                Error::NotConstrained { index, what, value, must } => {
                    Error::NotConstrained { index: start + index, what, value, must }
                }
                other => other,
            })?;
        }
        Ok(())
    }

    /// The logarithm of the density of the real numbers x, where `f` is that of the parameters: `f(y(x)) + ln |det dy/dx|`.
    ///
    /// # Panics
    /// If x has the wrong length.
    pub fn log_density<T: Real>(&self, x: &[T], f: impl FnOnce(&[T]) -> T) -> T {
        let mut y = vec![T::zero(); self.constrained_len()];
        let ln_jacobian = self.constrain(x, &mut y);
        f(&y) + ln_jacobian
    }
}
