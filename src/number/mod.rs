//! The numbers. Each file holds a struct, its constructors, its impl of `Chain`, its product and its quotient. All
//! other traits come from one macro line.

pub(crate) mod dual;
pub(crate) mod dual2;
pub(crate) mod hyper;
pub(crate) mod taylor;
#[cfg(feature = "program")]
pub(crate) mod traced;
#[cfg(feature = "program")]
pub(crate) mod parts;
