//! A choice between two values that is no branch of the program.

use crate::real::Real;

/// A comparison of two values, made by [`less`], for [`select`].
#[derive(Clone, Copy, Debug)]
pub struct Less<T: Real> {
    x: T::Float,
    y: T::Float,
}

/// Whether x < y, as a condition for [`select`]. Only the values count, as in `x < y`.
#[inline]
pub fn less<T: Real>(x: T, y: T) -> Less<T> {
    Less { x: x.float(), y: y.float() }
}

/// `a` where the condition holds, else `b`, with all derivatives.
///
/// With floats and numbers that carry derivatives it does what `if` does. In a recorded program (feature `program`), `if` makes
/// a guard, and points at which it goes the other way need the function itself; `select` is an operation of the program, and
/// both values are computed at all points.
///
/// ```
/// use nilpotent::rules::{less, select};
/// use nilpotent::{derivative, Real};
///
/// /// Huber's loss: x²/2 up to |x| = 1, and |x| - ½ beyond.
/// fn huber<T: Real>(x: T) -> T {
///     let size = x.abs();
///     select(less(size, T::one()), x * x * T::lit(0.5), size - T::lit(0.5))
/// }
///
/// assert_eq!(derivative(huber, 0.5), (0.125, 0.5));
/// assert_eq!(derivative(huber, -3.0), (2.5, -1.0));
/// ```
#[doc(alias = "where")]
#[doc(alias = "if_else")]
#[inline]
pub fn select<T: Real>(condition: Less<T>, a: T, b: T) -> T {
    T::pick(condition.x, condition.y, || a, || b)
}
