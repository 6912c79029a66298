//! Marks operations, whose names and places the feature `trace` notes.

/// With the feature `trace`, marks the rest of the scope as the operation of that name. Without it this does nothing.
macro_rules! operation {
    ($name:expr) => {
        #[cfg(feature = "trace")]
        let _running = $crate::trace::enter($name);
    };
}
pub(crate) use operation;
