//! The data: irises, one per line as `5.1,3.5,1.4,0.2,setosa`, after a header line with the names of the columns.

use super::common::{self, Error};
use std::path::Path;

pub(crate) const SPECIES: [&str; 3] = ["setosa", "versicolor", "virginica"];
const HEADER: &str = "sepal_length,sepal_width,petal_length,petal_width,species";
/// The number of flowers of each species.
const EACH: usize = 50;
/// One flower in this many is kept for the test: the last one of each group.
pub(crate) const TEST: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Flower {
    /// Length and width of the sepals, then of the petals: in cm, or after scaling in standard deviations from the
    /// mean.
    pub(crate) measures: [f64; 4],
    /// The index of the species in [`SPECIES`].
    pub(crate) species: usize,
}

pub(crate) fn read(path: &Path) -> Result<Vec<Flower>, Error> {
    let error = |line, what: String| Error::new(path, line, what);
    let text = common::text(path)?;
    let mut lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, text)| !text.is_empty());
    let (line, header) = lines.next().unwrap_or((1, ""));
    if header != HEADER {
        return Err(error(Some(line), format!("expected the line `{HEADER}`, found `{header}`")));
    }
    let flowers: Vec<_> =
        lines.map(|(line, text)| parse(text).map_err(|what| error(Some(line), what))).collect::<Result<_, _>>()?;
    for (i, name) in SPECIES.iter().enumerate() {
        let found = flowers.iter().filter(|flower| flower.species == i).count();
        if found != EACH {
            return Err(error(None, format!("expected {EACH} flowers of the species {name}, found {found}")));
        }
    }
    Ok(flowers)
}

fn parse(text: &str) -> Result<Flower, String> {
    let words: Vec<_> = text.split(',').map(str::trim).collect();
    let [measures @ .., species] = &words[..] else { unreachable!("a split text has at least one part") };
    let measures: &[_; 4] =
        measures.try_into().map_err(|_| format!("expected 4 measures in cm and a species, found `{text}`"))?;
    let species = SPECIES
        .iter()
        .position(|name| name == species)
        .ok_or_else(|| format!("expected a species, {}, found `{species}`", SPECIES.join(" or ")))?;
    let mut flower = Flower { measures: [0.0; 4], species };
    for (measure, word) in flower.measures.iter_mut().zip(measures) {
        let number = word.parse().ok().filter(|x| (0.1..=10.0).contains(x));
        *measure = number.ok_or_else(|| format!("expected a measure from 0.1 to 10 cm, found `{word}`"))?;
    }
    Ok(flower)
}

/// The flowers to learn from, and those to test on.
#[derive(Clone, Debug)]
pub(crate) struct Split {
    pub(crate) train: Vec<Flower>,
    pub(crate) test: Vec<Flower>,
}

/// Takes every fifth flower for the test. Scales all flowers so that in each measure the flowers to learn from have
/// mean 0 and standard deviation 1.
pub(crate) fn split(flowers: &[Flower]) -> Split {
    let part = |test| (1..).zip(flowers).filter(move |(i, _)| (i % TEST == 0) == test).map(|(_, &flower)| flower);
    let mut split = Split { train: part(false).collect(), test: part(true).collect() };
    for k in 0..4 {
        let n = split.train.len() as f64;
        let mean = split.train.iter().map(|flower| flower.measures[k]).sum::<f64>() / n;
        let variance = split.train.iter().map(|flower| (flower.measures[k] - mean).powi(2)).sum::<f64>() / n;
        for flower in split.train.iter_mut().chain(&mut split.test) {
            flower.measures[k] = (flower.measures[k] - mean) / variance.sqrt();
        }
    }
    split
}
