//! Reading data files, and the errors that can occur.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Says what is wrong with which file, and in which line if it concerns a single line.
#[derive(Clone, Debug)]
pub(crate) struct Error {
    path: PathBuf,
    line: Option<usize>,
    what: String,
}

impl Error {
    pub(crate) fn new(path: &Path, line: Option<usize>, what: impl Into<String>) -> Self {
        Self { path: path.into(), line, what: what.into() }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.what)
    }
}

/// Returns the whole text of a file.
pub(crate) fn text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|cause| Error::new(path, None, format!("expected a readable file: {cause}")))
}
