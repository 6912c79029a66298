//! Numbers with bounds.

use super::checks::plain;
use crate::error::Error;
use crate::real::Real;

/// `ln σ(u) + ln σ(-u)`, the logarithm of the slope of the logistic function σ.
pub(super) fn ln_logistic_slope<T: Real>(u: T) -> T {
    -(u.softplus() + (-u).softplus())
}

/// A number above a bound a, `y = a + eˣ`, and `ln |dy/dx| = x`.
///
/// ```
/// use nilpotent::constrained::{lower, lower_inverse};
///
/// let (y, ln_slope) = lower(0.5_f64.ln(), 2.0);
/// assert_eq!((y, ln_slope), (2.5, 0.5_f64.ln()));
/// assert_eq!(lower_inverse(2.5_f64, 2.0), Ok(0.5_f64.ln()));
/// ```
pub fn lower<T: Real>(x: T, bound: T) -> (T, T) {
    (bound + x.exp(), x)
}

/// A number below a bound b, `y = b - eˣ`, and `ln |dy/dx| = x`.
///
/// ```
/// assert_eq!(nilpotent::constrained::upper(0.0_f64, 2.0), (1.0, 0.0));
/// ```
pub fn upper<T: Real>(x: T, bound: T) -> (T, T) {
    (bound - x.exp(), x)
}

/// A number between a and b, `y = a + (b - a)·σ(x)` with the logistic function σ, and
/// `ln |dy/dx| = ln (b - a) + ln σ(x) + ln σ(-x)`.
///
/// ```
/// use nilpotent::constrained::interval;
///
/// assert_eq!(interval(0.0_f64, -1.0, 3.0), (1.0, 0.0));
/// let (y, _) = interval(40.0_f64, 0.0, 1.0);
/// assert_eq!(y, 1.0); // 1 - 4e-18
/// ```
pub fn interval<T: Real>(x: T, lower: T, upper: T) -> (T, T) {
    let width = upper - lower;
    // From the nearer bound, so that rounding does not lead across the other one.
    let near_lower = || lower + width * x.sigmoid();
    let y = T::pick(x.float(), Real::lit(0.0), near_lower, || upper - width * (-x).sigmoid());
    (y, width.ln() + ln_logistic_slope(x))
}

/// Checks that a number is finite and between bounds, which do not belong to the interval.
fn within<T: Real>(y: T, lower: Option<T>, upper: Option<T>) -> Result<T, Error> {
    let above = lower.is_none_or(|bound| y > bound);
    if above && upper.is_none_or(|bound| y < bound) && y.is_finite() {
        return Ok(y);
    }
    let bounds = [lower.map_or(f64::NEG_INFINITY, plain), upper.map_or(f64::INFINITY, plain)];
    Err(Error::OutsideBounds { index: 0, value: plain(y), lower: bounds[0], upper: bounds[1] })
}

/// The number itself, if it is finite.
pub(super) fn real_inverse<T: Real>(y: T) -> Result<T, Error> {
    within(y, None, None)
}

/// The inverse of [`lower`]: `x = ln(y - a)`.
///
/// # Errors
/// If y is not finite, or not above the bound.
///
/// ```
/// use nilpotent::{Error, constrained::lower_inverse};
///
/// assert_eq!(lower_inverse(3.0_f64, 2.0), Ok(0.0));
/// let error = Error::OutsideBounds { index: 0, value: 2.0, lower: 2.0, upper: f64::INFINITY };
/// assert_eq!(lower_inverse(2.0_f64, 2.0), Err(error));
/// ```
pub fn lower_inverse<T: Real>(y: T, bound: T) -> Result<T, Error> {
    Ok((within(y, Some(bound), None)? - bound).ln())
}

/// The inverse of [`upper`]: `x = ln(b - y)`.
///
/// # Errors
/// If y is not finite, or not below the bound.
///
/// ```
/// assert_eq!(nilpotent::constrained::upper_inverse(1.0_f64, 2.0), Ok(0.0));
/// ```
pub fn upper_inverse<T: Real>(y: T, bound: T) -> Result<T, Error> {
    Ok((bound - within(y, None, Some(bound))?).ln())
}

/// The inverse of [`interval`]: `x = ln(y - a) - ln(b - y)`.
///
/// # Errors
/// If y is not between the bounds.
///
/// ```
/// assert_eq!(nilpotent::constrained::interval_inverse(1.0_f64, -1.0, 3.0), Ok(0.0));
/// ```
pub fn interval_inverse<T: Real>(y: T, lower: T, upper: T) -> Result<T, Error> {
    let y = within(y, Some(lower), Some(upper))?;
    Ok((y - lower).ln() - (upper - y).ln())
}
