//! The tests are in `compat.rs`, one file a crate.
