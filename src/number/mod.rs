//! The numbers. Each file holds a struct, its constructors, how it passes through a function, its product and its
//! quotient; all traits come from one macro line.

pub(crate) mod dual;
pub(crate) mod dual2;
pub(crate) mod hyper;
pub(crate) mod taylor;
