//! What all densities need: constants, counts as numbers, and results outside of supports and domains.

use crate::real::Real;

/// `ln √(2π)`
pub(super) const LN_ROOT_2_PI: f64 = 0.918_938_533_204_672_7;

/// `ln π`
pub(super) const LN_PI: f64 = 1.144_729_885_849_400_2;

pub(super) fn count<T: Real>(n: u64) -> T {
    T::lit(n as f64)
}

/// The result at x, where the support and the domain of the parameters are given by conditions on values.
pub(super) fn within<T: Real>(x: T, parameters: bool, support: bool, value: impl FnOnce() -> T) -> T {
    match (parameters, support) {
        (false, _) => T::nan(),
        (_, false) if x.is_nan() => T::nan(),
        (_, false) => T::neg_infinity(),
        _ => value(),
    }
}

pub(crate) fn positive<T: Real>(x: T) -> bool {
    x > T::zero()
}
