//! The data sets: files of the NIST Statistical Reference Datasets for nonlinear regression.
//!
//! A file is read by what its lines say, not by where they stand. It is also checked against itself: the parameters
//! against the model, the observations against their stated number, and both against the residual sum of squares. The
//! latter detects a wrong digit in any observation.

use super::common::{Error, text};
use super::levenberg_marquardt::Residuals;
use super::models::Model;
use nilpotent::Real;
use std::fs;
use std::path::{Path, PathBuf};

/// The certified values have 11 digits.
const CERTIFIED_DIGITS: f64 = 11.0;

#[derive(Clone, Debug)]
pub(crate) struct DataSet {
    pub(crate) model: Model,
    pub(crate) starts: [Vec<f64>; 2],
    /// The parameters that NIST certifies.
    pub(crate) certified: Vec<f64>,
    /// The residual sum of squares that they leave.
    pub(crate) sum_of_squares: f64,
    /// `[y, x]` of every observation.
    pub(crate) observations: Vec<[f64; 2]>,
}

impl Residuals for DataSet {
    fn at<T: Real>(&self, b: &[T]) -> Vec<T> {
        self.observations.iter().map(|&[y, x]| self.model.value(b, T::lit(x)) - T::lit(y)).collect()
    }
}

/// The number of digits to which a value agrees with a certified one: the log relative error, -log₁₀(|b - c|/|c|).
pub(crate) fn digits(b: f64, certified: f64) -> f64 {
    (-((b - certified) / certified).abs().log10()).clamp(0.0, CERTIFIED_DIGITS)
}

/// Returns the file `path`, or the `.dat` files in the folder `path`, sorted by name.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.into()]);
    }
    let entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| Error::new(path, None, format!("expected a readable folder: {error}")))?;
    let mut files: Vec<_> = entries.iter().map(fs::DirEntry::path).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "dat"));
    files.sort();
    if files.is_empty() { Err(Error::new(path, None, "expected .dat files in this folder")) } else { Ok(files) }
}

pub(crate) fn read(path: &Path) -> Result<DataSet, Error> {
    parse(&text(path)?).map_err(|Fault(line, what)| Error::new(path, Some(line), what))
}

/// The number of a line, and what is wrong with this line.
struct Fault(usize, String);

fn parse(text: &str) -> Result<DataSet, Fault> {
    let lines: Vec<_> = (1..).zip(text.lines().map(str::trim)).collect();
    let end = lines.len().max(1);
    let (header, data) = match lines.iter().position(|(_, line)| line.split_whitespace().eq(["Data:", "y", "x"])) {
        Some(i) => (&lines[..i], &lines[i + 1..]),
        None => return Err(Fault(end, "expected the line `Data: y x` before the end of the file".into())),
    };
    let field = |label: &str| {
        let found = header.iter().find_map(|&(at, line)| Some((at, line.strip_prefix(label)?.trim())));
        found.ok_or_else(|| Fault(end, format!("expected a line `{label} …` before the data")))
    };

    let (at, name) = field("Dataset Name:")?;
    let name = name.split_whitespace().next().unwrap_or_default();
    let model = Model::ALL.iter().copied().find(|model| model.name() == name).ok_or_else(|| {
        let known: Vec<_> = Model::ALL.iter().map(|model| model.name()).collect();
        Fault(at, format!("expected the name of a known data set, found `{name}`; known are {}", known.join(", ")))
    })?;

    let mut parameters = Vec::new();
    for &(at, line) in header {
        let Some((index, values)) = parameter(line) else { continue };
        let next = parameters.len() + 1;
        if index != next {
            return Err(Fault(at, format!("expected the parameter b{next}, found b{index}")));
        }
        // Start 1, start 2, certified value, standard deviation.
        parameters.push(numbers::<4>(at, values)?);
    }
    let count = parameters.len();
    if count != model.parameters() {
        return Err(Fault(at, format!("expected {} parameters of {name}, found {count}", model.parameters())));
    }

    let observations = data.iter().filter(|(_, line)| !line.is_empty());
    let observations = observations.map(|&(at, line)| numbers(at, line)).collect::<Result<Vec<_>, _>>()?;
    let found = observations.len();
    for (label, less) in [("Number of Observations:", 0), ("Degrees of Freedom:", count)] {
        let (at, stated) = field(label)?;
        if found.checked_sub(less).is_none_or(|n| stated.parse() != Ok(n)) {
            let what = format!("expected {stated} by `{label}`, found {found} observations for {count} parameters");
            return Err(Fault(at, what));
        }
    }

    let (at, stated) = field("Residual Sum of Squares:")?;
    let [sum_of_squares] = numbers(at, stated)?;
    let [start1, start2, certified] = [0, 1, 2].map(|i| parameters.iter().map(|values| values[i]).collect::<Vec<_>>());
    let set = DataSet { model, starts: [start1, start2], certified, sum_of_squares, observations };
    let found: f64 = set.at(&set.certified).iter().map(|r| r * r).sum();
    if digits(found, sum_of_squares) >= 8.0 {
        Ok(set)
    } else {
        let source = "from the certified values and the data, so one of these numbers is wrong";
        Err(Fault(at, format!("expected {stated}, found {found:.10e} {source}")))
    }
}

/// The index and the values of a line such as `b1 = 500 250 2.3894212918E+02 2.7070075241E+00`.
fn parameter(line: &str) -> Option<(usize, &str)> {
    let (name, values) = line.split_once('=')?;
    Some((name.trim().strip_prefix('b')?.parse().ok()?, values))
}

fn numbers<const N: usize>(at: usize, text: &str) -> Result<[f64; N], Fault> {
    let numbers = text.split_whitespace().map(|word| word.parse().ok().filter(|x: &f64| x.is_finite()));
    numbers.collect::<Option<Vec<_>>>().and_then(|numbers| numbers.try_into().ok()).ok_or_else(|| {
        let s = if N == 1 { "" } else { "s" };
        Fault(at, format!("expected {N} number{s}, found `{}`", text.trim()))
    })
}
