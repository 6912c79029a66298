//! The feature `trace`: which operation made a node, and where. Without the feature nothing of this is compiled.

use crate::real::Real;
use core::cell::Cell;
use core::fmt;
use core::panic::Location;
use num_traits::ToPrimitive as _;
use std::thread_local;

/// An operation of a recording: made with the feature `trace`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operation {
    /// Its name: that of the method, or of the operator's trait: `sin`, `mul`.
    pub name: &'static str,
    /// Where it was called.
    pub place: &'static Location<'static>,
    /// The value it gave.
    pub value: f64,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {} at {}", self.name, self.value, self.place)
    }
}

thread_local! {
    /// The operation that runs: the outermost, which the user called.
    static RUNNING: Cell<Option<(&'static str, &'static Location<'static>)>> = const { Cell::new(None) };
    static VALUE: Cell<f64> = const { Cell::new(f64::NAN) };
}

/// The running operation, from here to the end of the scope.
#[must_use]
pub(crate) struct Running {
    outermost: bool,
}

#[track_caller]
pub(crate) fn enter(name: &'static str) -> Running {
    let outermost = RUNNING.get().is_none();
    if outermost {
        RUNNING.set(Some((name, Location::caller())));
    }
    Running { outermost }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.outermost {
            RUNNING.set(None);
        }
    }
}

/// The value that the running operation gives.
pub(crate) fn note<T: Real>(value: T) {
    VALUE.set(value.float().to_f64().unwrap_or(f64::NAN));
}

/// The running operation.
#[track_caller]
pub(crate) fn running() -> Operation {
    let (name, place) = RUNNING.get().unwrap_or(("", Location::caller()));
    Operation { name, place, value: VALUE.get() }
}
