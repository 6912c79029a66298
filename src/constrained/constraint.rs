//! The constraints, each with its transform.

use super::checks::checked;
use super::scalar::{interval, interval_inverse, lower, lower_inverse, real_inverse, upper, upper_inverse};
use super::{matrix, vector};
use crate::error::{Error, length};
use crate::real::Real;

/// The set in which a parameter is, and the transform from real numbers to it.
///
/// Matrices are stored row after row. The functions [`lower`], [`upper`] and [`interval`] take bounds that are numbers
/// themselves, such as another parameter.
///
/// ```
/// use nilpotent::constrained::Constraint;
///
/// let simplex = Constraint::Simplex(3);
/// assert_eq!((simplex.unconstrained_len(), simplex.constrained_len()), (2, 3));
/// let (mut x, mut y) = ([0.0; 2], [0.0_f64; 3]);
/// let ln_jacobian = simplex.constrain(&x, &mut y);
/// assert!(y.iter().all(|y| (y - 1.0 / 3.0).abs() < 1e-15) && (ln_jacobian + 27.0_f64.ln()).abs() < 1e-15);
/// simplex.unconstrain(&[0.5, 0.25, 0.25], &mut x).unwrap();
/// assert!((x[0] - 2.0_f64.ln()).abs() < 1e-15 && x[1] == 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Constraint {
    /// Any number; `y = x`.
    Real,
    /// A number with a typical size: `y = offset + multiplier·x`, with a positive multiplier.
    Affine {
        /// Where x is 0.
        offset: f64,
        /// The size of y at x = 1, less the offset.
        multiplier: f64,
    },
    /// Above a bound; `y = a + eˣ`.
    Lower(f64),
    /// Below a bound; `y = b - eˣ`.
    Upper(f64),
    /// Between two bounds; `y = a + (b - a)/(1 + e⁻ˣ)`.
    Interval(f64, f64),
    /// n ascending numbers; `y₁ = x₁`, `yₖ = yₖ₋₁ + exp xₖ`.
    Ordered(usize),
    /// n ascending positive numbers; `yₖ = yₖ₋₁ + exp xₖ` with `y₀ = 0`.
    PositiveOrdered(usize),
    /// n positive numbers whose sum is 1, from n - 1 real ones: `yₖ` is the share `1/(1 + exp(-xₖ)·(n - k))` of what the entries
    /// before it leave. At x = 0 all are equal. The determinant is that of all entries but the last.
    Simplex(usize),
    /// n numbers whose squares have the sum 1, `y = x/|x|`. As x has one dimension more, there is no determinant; in its place
    /// is the density `exp(-|x|²/2)`, with which all directions are equally probable and |x| does not run away.
    UnitVector(usize),
    /// The Cholesky factor of a correlation matrix with n rows: lower triangular, its rows have length 1 and its diagonal is
    /// positive. From the n(n - 1)/2 entries below the diagonal, row after row: `yᵢⱼ` is the share `tanh xᵢⱼ` of the length that
    /// the entries before it leave. The determinant is that of the entries below the diagonal.
    CholeskyCorrelation(usize),
    /// A correlation matrix, `L·Lᵀ` with the factor L of [`CholeskyCorrelation`](Self::CholeskyCorrelation). The determinant is
    /// that of the entries below the diagonal.
    Correlation(usize),
    /// The Cholesky factor of a covariance matrix with n rows: lower triangular with positive diagonal `yᵢᵢ = exp xᵢᵢ`. From its
    /// n(n + 1)/2 entries, row after row.
    CholeskyCovariance(usize),
    /// A symmetric positive definite matrix, `L·Lᵀ` with the factor L of [`CholeskyCovariance`](Self::CholeskyCovariance). The
    /// determinant is that of the entries on and below the diagonal.
    Covariance(usize),
}

impl Constraint {
    /// Above 0.
    pub const POSITIVE: Self = Self::Lower(0.0);
    /// Between 0 and 1.
    pub const PROBABILITY: Self = Self::Interval(0.0, 1.0);

    /// How many real numbers the parameter is made of.
    #[must_use]
    pub fn unconstrained_len(self) -> usize {
        match self {
            Self::Simplex(n) => n.saturating_sub(1),
            Self::CholeskyCorrelation(n) | Self::Correlation(n) => n * n.saturating_sub(1) / 2,
            Self::CholeskyCovariance(n) | Self::Covariance(n) => n * (n + 1) / 2,
            _ => self.constrained_len(),
        }
    }

    /// How many numbers the parameter has.
    #[must_use]
    pub fn constrained_len(self) -> usize {
        match self {
            Self::Ordered(n) | Self::PositiveOrdered(n) | Self::Simplex(n) | Self::UnitVector(n) => n,
            Self::CholeskyCorrelation(n) | Self::Correlation(n) | Self::CholeskyCovariance(n) | Self::Covariance(n) => {
                n * n
            }
            _ => 1,
        }
    }

    /// Writes the parameter at the real numbers x into y, and returns `ln |det dy/dx|`.
    ///
    /// # Panics
    /// If x or y has the wrong length.
    pub fn constrain<T: Real>(self, x: &[T], y: &mut [T]) -> T {
        checked(length("unconstrained numbers", self.unconstrained_len(), x.len()));
        checked(length("constrained numbers", self.constrained_len(), y.len()));
        let mut first = |(value, ln_slope): (T, T)| {
            y[0] = value;
            ln_slope
        };
        match self {
            Self::Real => first((x[0], T::zero())),
            Self::Affine { offset, multiplier } => {
                first((T::lit(offset) + T::lit(multiplier) * x[0], T::lit(num_traits::Float::ln(multiplier))))
            }
            Self::Lower(bound) => first(lower(x[0], T::lit(bound))),
            Self::Upper(bound) => first(upper(x[0], T::lit(bound))),
            Self::Interval(a, b) => first(interval(x[0], T::lit(a), T::lit(b))),
            Self::Ordered(_) => vector::ordered(x, y),
            Self::PositiveOrdered(_) => vector::positive_ordered(x, y),
            Self::Simplex(0) => T::zero(),
            Self::Simplex(_) => vector::simplex(x, y),
            Self::UnitVector(_) => vector::unit(x, y),
            Self::CholeskyCorrelation(n) => matrix::cholesky_correlation(n, x, y),
            Self::Correlation(n) => matrix::correlation(n, x, y),
            Self::CholeskyCovariance(n) => matrix::cholesky_covariance(n, x, y),
            Self::Covariance(n) => matrix::covariance(n, x, y),
        }
    }

    /// The inverse of [`constrain`](Self::constrain): writes the real numbers for the parameter y into x. Of a unit vector it is
    /// the vector itself.
    ///
    /// # Errors
    /// If y is not in the set, or on its boundary, for which there are no finite numbers x: the error says which entry is
    /// wrong. Sums, lengths and symmetry must be right to half of the digits. Also if a slice has the wrong length. What x holds
    /// then is not specified.
    pub fn unconstrain<T: Real>(self, y: &[T], x: &mut [T]) -> Result<(), Error> {
        length("constrained numbers", self.constrained_len(), y.len())?;
        length("unconstrained numbers", self.unconstrained_len(), x.len())?;
        let mut first = |value: Result<T, Error>| value.map(|value| x[0] = value);
        match self {
            Self::Real => first(real_inverse(y[0])),
            Self::Affine { offset, multiplier } => {
                first(real_inverse(y[0]).map(|y| (y - T::lit(offset)) / T::lit(multiplier)))
            }
            Self::Lower(bound) => first(lower_inverse(y[0], T::lit(bound))),
            Self::Upper(bound) => first(upper_inverse(y[0], T::lit(bound))),
            Self::Interval(a, b) => first(interval_inverse(y[0], T::lit(a), T::lit(b))),
            Self::Ordered(_) => vector::ordered_inverse(y, x),
            Self::PositiveOrdered(_) => vector::positive_ordered_inverse(y, x),
            Self::Simplex(0) => Ok(()),
            Self::Simplex(_) => vector::simplex_inverse(y, x),
            Self::UnitVector(_) => vector::unit_inverse(y, x),
            Self::CholeskyCorrelation(n) => matrix::cholesky_correlation_inverse(n, y, x),
            Self::Correlation(n) => matrix::correlation_inverse(n, y, x),
            Self::CholeskyCovariance(n) => matrix::cholesky_covariance_inverse(n, y, x),
            Self::Covariance(n) => matrix::covariance_inverse(n, y, x),
        }
    }

    /// Whether the bounds are finite and in order.
    pub(super) fn is_valid(self) -> bool {
        match self {
            Self::Affine { offset, multiplier } => offset.is_finite() && multiplier > 0.0 && multiplier.is_finite(),
            Self::Lower(bound) | Self::Upper(bound) => bound.is_finite(),
            Self::Interval(a, b) => a < b && (b - a).is_finite(),
            _ => true,
        }
    }
}
