//! The feature `trap-loss`: a number that is converted to a primitive panics if that drops a derivative.

use crate::real::Real;

/// Whether every part of `x` is 0, without asking where it is recorded: only a 0 outlives three such products.
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
