//! Reading files of numbers, and the errors that can occur.

use super::common::{self, Error};
use std::path::Path;

/// Says what is wrong, and in which line if it concerns a single line.
pub(crate) struct Fault(pub(crate) Option<usize>, pub(crate) String);

/// Passes the lines that are not blank to `parse`, as their line numbers and words, and returns its result.
pub(crate) fn read<T>(path: &Path, parse: impl FnOnce(&[(usize, Vec<&str>)]) -> Result<T, Fault>) -> Result<T, Error> {
    let error = |Fault(line, what)| Error::new(path, line, what);
    let text = common::text(path)?;
    let lines = (1..).zip(text.lines()).map(|(at, line)| (at, line.split_whitespace().collect::<Vec<_>>()));
    parse(&lines.filter(|(_, words)| !words.is_empty()).collect::<Vec<_>>()).map_err(error)
}

/// Exactly N finite numbers.
pub(crate) fn numbers<const N: usize>(at: usize, words: &[&str]) -> Result<[f64; N], Fault> {
    let numbers = words.iter().map(|word| word.parse().ok().filter(|x: &f64| x.is_finite()));
    let numbers = numbers.collect::<Option<Vec<_>>>().and_then(|numbers| numbers.try_into().ok());
    numbers.ok_or_else(|| Fault(Some(at), format!("expected {N} numbers, found `{}`", words.join(" "))))
}
