//! Recordings of operations with their names, from which programs are made.

pub(crate) mod op;
pub(crate) mod guard;
pub(crate) mod body;
pub(crate) mod inline;
pub(crate) mod node;
