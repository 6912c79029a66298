//! Data and reference results of posteriordb, in JSON.

use super::common::{Error, text};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// An object of JSON, and the file that it comes from.
pub(crate) struct Data {
    path: PathBuf,
    value: Value,
}

impl Data {
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let value = serde_json::from_str(&text(path)?)
            .map_err(|cause| Error::new(path, Some(cause.line()), format!("expected JSON: {cause}")))?;
        Ok(Self { path: path.into(), value })
    }

    fn error<T>(&self, what: impl Into<String>) -> Result<T, Error> {
        Err(Error::new(&self.path, None, what))
    }

    fn entry(&self, name: &str) -> Result<&Value, Error> {
        self.value.get(name).map_or_else(|| self.error(format!("expected an entry `{name}`")), Ok)
    }

    /// The positive whole number `name`.
    pub(crate) fn count(&self, name: &str) -> Result<usize, Error> {
        let entry = self.entry(name)?;
        match entry.as_u64() {
            Some(count @ 1..=1_000_000) => Ok(count as usize),
            _ => self.error(format!("`{name}` is {entry}, and must be a whole number from 1 on")),
        }
    }

    /// The list `name`, which must have this length.
    fn list(&self, name: &str, length: usize) -> Result<&[Value], Error> {
        match self.entry(name)?.as_array() {
            Some(list) if list.len() == length => Ok(list),
            Some(list) => self.error(format!("`{name}` has {} entries, and must have {length}", list.len())),
            None => self.error(format!("`{name}` must be a list")),
        }
    }

    fn number(&self, name: &str, value: &Value) -> Result<f64, Error> {
        value.as_f64().map_or_else(|| self.error(format!("`{name}` is {value}, and must be a number")), Ok)
    }

    /// The list `name` of this many numbers.
    pub(crate) fn numbers(&self, name: &str, length: usize) -> Result<Vec<f64>, Error> {
        self.list(name, length)?.iter().map(|value| self.number(name, value)).collect()
    }

    /// The list `name` of this many pairs.
    pub(crate) fn rows(&self, name: &str, length: usize) -> Result<Vec<[f64; 2]>, Error> {
        let row = |(k, value): (usize, &Value)| match value.as_array().map(Vec::as_slice) {
            Some([a, b]) => Ok([self.number(name, a)?, self.number(name, b)?]),
            _ => self.error(format!("row {} of `{name}` must be a pair of numbers", k + 1)),
        };
        self.list(name, length)?.iter().enumerate().map(row).collect()
    }

    pub(crate) fn check_positive(&self, name: &str, numbers: &[f64]) -> Result<(), Error> {
        match numbers.iter().find(|x| **x <= 0.0) {
            Some(x) => self.error(format!("`{name}` has the entry {x}, and all must be positive")),
            None => Ok(()),
        }
    }

    /// Checks that times ascend from 0 on.
    pub(crate) fn check_ascending(&self, name: &str, times: &[f64]) -> Result<(), Error> {
        let mut before = 0.0;
        for &time in times {
            if time <= before {
                return self.error(format!("`{name}` has {time} after {before}, and must ascend"));
            }
            before = time;
        }
        Ok(())
    }

    /// The published mean and standard deviation of the quantity `name`.
    pub(crate) fn reference(&self, name: &str) -> Result<[f64; 2], Error> {
        let entry = self.entry("reference")?.get(name);
        let number = |key: &str| match entry.and_then(|entry| entry.get(key)).and_then(Value::as_f64) {
            Some(x) => Ok(x),
            None => self.error(format!("expected a number `{key}` of `{name}` in `reference`")),
        };
        Ok([number("mean")?, number("sd")?])
    }
}
