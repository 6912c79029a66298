//! An empty library: the tests are in `compat.rs`, with one file per crate.
