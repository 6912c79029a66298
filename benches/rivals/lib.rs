//! An empty library: the package only holds the dependencies of the benches.
