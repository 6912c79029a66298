//! The numbers that nalgebra can compute with.

use crate::real::Real;
use nalgebra::RealField;

/// The bound for generic code over nalgebra: `f32`, `f64` and every number of the crate over them.
pub trait Number: Real<Float: RealField + Copy> + RealField + Copy {}

impl<T: Real<Float: RealField + Copy> + RealField + Copy> Number for T {}

/// Returns the number minus its innermost value, so that only its derivatives are left.
#[inline]
pub(super) fn infinitesimal<T: Number>(x: T) -> T {
    x - T::from_float(x.float())
}
