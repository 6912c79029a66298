//! Networks of electric power, from files in MATPOWER's format.
//!
//! [`tables`] reads the text: a file is a function of MATLAB that sets fields of a struct. [`case`] makes a network of the
//! tables. Both refuse what they do not understand, with the line and the reason: an element of the network that was
//! silently left out would give another optimum.

mod case;
mod tables;

pub use case::{Branch, Bus, Case, Generator};
pub use tables::{Error, Table, Tables};
