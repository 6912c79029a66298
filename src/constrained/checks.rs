//! What is wrong with constrained values.

use crate::error::Error;
use crate::real::Real;
use num_traits::{Float, ToPrimitive};

/// Panics if a length is wrong.
#[track_caller]
pub(super) fn checked(length: Result<(), Error>) {
    if let Err(error) = length {
        panic!("{error}");
    }
}

pub(super) fn plain<T: Real>(x: T) -> f64 {
    x.float().to_f64().unwrap_or(f64::NAN)
}

pub(super) fn violated<T: Real>(index: usize, what: &'static str, value: T, must: &'static str) -> Error {
    Error::NotConstrained { index, what, value: plain(value), must }
}

/// Half of the digits.
pub(super) fn tolerance<T: Real>() -> T::Float {
    T::Float::epsilon().sqrt()
}

pub(super) fn is_one<T: Real>(index: usize, what: &'static str, value: T) -> Result<(), Error> {
    let far = (value.float() - T::Float::lit(1.0)).abs();
    if far <= tolerance::<T>() { Ok(()) } else { Err(violated(index, what, value, "1")) }
}
