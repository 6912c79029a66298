//! What a panic says.

use std::panic::{AssertUnwindSafe, catch_unwind};

#[allow(dead_code)]
pub const ENDED: &str = "a variable of a recording that has ended, or that belongs to another thread";

/// Asserts that `f` panics with a message that starts with `message`.
#[track_caller]
pub fn panics<R>(message: &str, f: impl FnOnce() -> R) {
    let Err(payload) = catch_unwind(AssertUnwindSafe(f)) else { panic!("no panic") };
    let text = payload.downcast_ref::<String>().cloned();
    let text = text.or_else(|| payload.downcast_ref::<&str>().map(|s| (*s).to_string())).expect("a message");
    assert!(text.starts_with(message), "{text}");
}
