//! Arguments of the programs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Takes a flag and the path after it out of the arguments, and returns the path.
///
/// ```
/// use large::arguments::take;
/// use std::ffi::OsString;
///
/// let mut arguments = ["a.m", "--chart", "a.svg"].map(OsString::from).to_vec();
/// assert_eq!(take(&mut arguments, "--chart"), Ok(Some("a.svg".into())));
/// assert_eq!(arguments, ["a.m"]);
/// assert_eq!(take(&mut arguments, "--chart"), Ok(None));
/// arguments.push("--chart".into());
/// assert_eq!(take(&mut arguments, "--chart").unwrap_err(), "expected a path after --chart");
/// ```
///
/// # Errors
/// If the flag is the last argument.
pub fn take(arguments: &mut Vec<OsString>, flag: &str) -> Result<Option<PathBuf>, String> {
    let Some(place) = arguments.iter().position(|argument| argument == flag) else { return Ok(None) };
    if place + 1 == arguments.len() {
        return Err(format!("expected a path after {flag}"));
    }
    let path = arguments.drain(place..place + 2).nth(1);
    Ok(path.map(PathBuf::from))
}

/// The paths of the files that are left, once the flags are taken out.
///
/// # Errors
/// If there is none, or something else that looks like a flag.
pub fn files(arguments: Vec<OsString>, what: &str) -> Result<Vec<PathBuf>, String> {
    if let Some(flag) = arguments.iter().find(|argument| argument.to_string_lossy().starts_with("--")) {
        return Err(format!("expected the paths of one or more {what}, found {}", flag.to_string_lossy()));
    }
    if arguments.is_empty() {
        return Err(format!("expected the paths of one or more {what}"));
    }
    Ok(arguments.into_iter().map(PathBuf::from).collect())
}

/// Runs a program whose only argument is `--chart PATH`. It succeeds if `run` returns true.
pub fn program(run: impl FnOnce(Option<&Path>) -> Result<bool, Box<dyn std::error::Error>>) -> ExitCode {
    crate::plot::program(run)
}
