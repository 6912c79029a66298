//! The feature `trace`: it notes for each node which operation made it, and where. The feature `trap-confusion` asks for the
//! running operation too. Without them this module is not compiled.

#[cfg(feature = "trace")]
use crate::real::Real;
use core::cell::Cell;
use core::fmt;
use core::panic::Location;
#[cfg(feature = "trace")]
use num_traits::ToPrimitive as _;
use std::thread_local;

/// An operation of a recording that was made with the feature `trace`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operation {
    /// The name of the method, or of the operator's method, such as `sin` or `mul`.
    pub name: &'static str,
    /// The place in the source where it was called.
    pub place: &'static Location<'static>,
    /// The value of its result.
    pub value: f64,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {} at {}", self.name, self.value, self.place)
    }
}

thread_local! {
    /// The running operation. Of nested operations it is the outermost, which the user called.
    static RUNNING: Cell<Option<(&'static str, &'static Location<'static>)>> = const { Cell::new(None) };
    static VALUE: Cell<f64> = const { Cell::new(f64::NAN) };
}

/// Marks an operation as running until it is dropped.
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

/// Notes the value of the running operation's result. A program has no values.
#[cfg(feature = "trace")]
pub(crate) fn note<T: Real>(value: T) {
    VALUE.set(if T::RECORDS { f64::NAN } else { value.float().to_f64().unwrap_or(f64::NAN) });
}

/// Returns the running operation.
#[track_caller]
pub(crate) fn running() -> Operation {
    let (name, place) = RUNNING.get().unwrap_or(("", Location::caller()));
    Operation { name, place, value: VALUE.get() }
}
