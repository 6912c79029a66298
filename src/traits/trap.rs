//! The feature `trap-loss`: the conversion of a number to a primitive type panics if it drops a derivative.

use crate::real::Real;

/// Whether every part of `x` is 0: after three products with the largest float, only zeros are still finite.
pub(crate) fn vanishes<T: Real>(x: T) -> bool {
    let large = <T::Float as num_traits::Float>::max_value();
    x.times(large).times(large).times(large).parts_finite()
}

#[cold]
#[track_caller]
pub(crate) fn lost<T: Real>(x: T, name: &str) -> ! {
    panic!(
        "{x}, a {}: a generic crate converts this number through {name} and loses its derivative; RUST_BACKTRACE=1 shows \
         which, docs/compatibility.md says what to do",
        core::any::type_name::<T>()
    )
}
