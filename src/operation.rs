//! Marks operations, whose names and places the features `trace` and `trap-confusion` note.

/// With one of these features, marks the rest of the scope as the operation of that name. Without them this does nothing.
macro_rules! operation {
    ($name:expr) => {
        #[cfg(any(feature = "trace", feature = "trap-confusion"))]
        let _running = $crate::trace::enter($name);
    };
}
pub(crate) use operation;
