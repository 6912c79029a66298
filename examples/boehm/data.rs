//! The data: measurements and parameters in the tables of PEtab, with tabs between the columns.

use super::common::{self, Error};
use super::model::{Model, OBSERVABLES, RATES};
use std::path::Path;

/// The number of parameters to estimate: the rates, and the standard deviation of each observable.
pub(crate) const PARAMETERS: usize = RATES + OBSERVABLES;
const NAMES: [&str; OBSERVABLES] = ["pSTAT5A_rel", "pSTAT5B_rel", "rSTAT5A_rel"];
/// The names of the parameters in the order of the table: the rates, the ratio, the standard deviations, the share that
/// is seen.
const TABLE: [&str; PARAMETERS + 2] = [
    "Epo_degradation_BaF3",
    "k_exp_hetero",
    "k_exp_homo",
    "k_imp_hetero",
    "k_imp_homo",
    "k_phos",
    "ratio",
    "sd_pSTAT5A_rel",
    "sd_pSTAT5B_rel",
    "sd_rSTAT5A_rel",
    "specC17",
];
/// The rows of the parameters that are not estimated.
const FIXED: [usize; 2] = [6, 10];

/// A parameter to estimate.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    /// The decimal logarithms of the bounds and of the published estimate.
    pub(crate) bounds: [f64; 2],
    pub(crate) nominal: f64,
}

/// What the files say.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    pub(crate) model: Model,
    pub(crate) parameters: Vec<Parameter>,
    /// Minutes since the start.
    pub(crate) times: Vec<f64>,
    /// The observables at these times, in %.
    pub(crate) measured: Vec<[f64; OBSERVABLES]>,
}

/// Reads `measurementData.tsv` and `parameters.tsv` in a folder.
pub(crate) fn read(folder: &Path) -> Result<Data, Error> {
    let (model, parameters) = read_parameters(&folder.join("parameters.tsv"))?;
    let (times, measured) = read_measurements(&folder.join("measurementData.tsv"))?;
    Ok(Data { model, parameters, times, measured })
}

/// Returns the given columns of a table, with the number of each line.
fn columns<const N: usize>(path: &Path, names: [&str; N]) -> Result<Vec<(usize, [String; N])>, Error> {
    let text = common::text(path)?;
    let mut lines = (1..).zip(text.lines());
    let header: Vec<_> = lines.next().map_or("", |(_, header)| header).split('\t').map(str::trim).collect();
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        *place = header
            .iter()
            .position(|column| *column == name)
            .ok_or_else(|| Error::new(path, Some(1), format!("expected a column `{name}`")))?;
    }
    let mut rows = Vec::new();
    for (line, text) in lines.filter(|(_, text)| !text.trim().is_empty()) {
        let words: Vec<_> = text.split('\t').map(str::trim).collect();
        if words.len() != header.len() {
            let what = format!("expected {} columns, found {}", header.len(), words.len());
            return Err(Error::new(path, Some(line), what));
        }
        rows.push((line, places.map(|place| words[place].to_owned())));
    }
    Ok(rows)
}

/// Returns a number in a range.
fn number(path: &Path, line: usize, what: &str, word: &str, [least, most]: [f64; 2]) -> Result<f64, Error> {
    word.parse().ok().filter(|x| (least..=most).contains(x)).ok_or_else(|| {
        Error::new(path, Some(line), format!("expected a {what} from {least} to {most}, found `{word}`"))
    })
}

fn read_parameters(path: &Path) -> Result<(Model, Vec<Parameter>), Error> {
    let names = ["parameterId", "parameterScale", "lowerBound", "upperBound", "nominalValue", "estimate"];
    let rows = columns(path, names)?;
    if rows.len() != TABLE.len() {
        return Err(Error::new(path, None, format!("expected {} parameters, found {}", TABLE.len(), rows.len())));
    }
    let (mut parameters, mut fixed) = (Vec::new(), Vec::new());
    for (row, (name, (line, [id, scale, lower, upper, nominal, estimate]))) in TABLE.into_iter().zip(rows).enumerate() {
        let error = |what: String| Error::new(path, Some(line), what);
        if id != name {
            return Err(error(format!("expected the parameter `{name}`, found `{id}`")));
        }
        let (kind, flag) = if FIXED.contains(&row) { ("lin", "0") } else { ("log10", "1") };
        if scale != kind || estimate != flag {
            return Err(error(format!("expected scale {kind} and estimate {flag}, found {scale} and {estimate}")));
        }
        if FIXED.contains(&row) {
            fixed.push(number(path, line, "share", &nominal, [0.0, 1.0])?);
            continue;
        }
        let lower = number(path, line, "bound", &lower, [1e-20, 1e20])?;
        let upper = number(path, line, "bound", &upper, [lower, 1e20])?;
        let nominal = number(path, line, "value within the bounds", &nominal, [lower, upper])?;
        let bounds = [lower.log10(), upper.log10()];
        parameters.push(Parameter { name, bounds, nominal: nominal.log10() });
    }
    Ok((Model { ratio: fixed[0], spec_c17: fixed[1] }, parameters))
}

/// The times, and the observables at each.
type Measurements = (Vec<f64>, Vec<[f64; OBSERVABLES]>);

fn read_measurements(path: &Path) -> Result<Measurements, Error> {
    let mut all = Vec::new();
    for (line, [id, measurement, time]) in columns(path, ["observableId", "measurement", "time"])? {
        let observable = NAMES.iter().position(|name| *name == id).ok_or_else(|| {
            Error::new(path, Some(line), format!("expected an observable, {}, found `{id}`", NAMES.join(" or ")))
        })?;
        let value = number(path, line, "share in %", &measurement, [0.0, 100.0])?;
        let time = number(path, line, "time in minutes", &time, [0.0, 1e4])?;
        all.push((line, observable, value, time));
    }
    let mut times: Vec<f64> = all.iter().map(|&(_, _, _, time)| time).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    if times.len() < 2 || times[0] != 0.0 {
        return Err(Error::new(path, None, "expected measurements at time 0 and later"));
    }
    let mut found = vec![[None; OBSERVABLES]; times.len()];
    for (line, observable, value, time) in all {
        let index = times.partition_point(|&t| t < time);
        if found[index][observable].replace(value).is_some() {
            let what = format!("expected {} once at time {time}, found it again", NAMES[observable]);
            return Err(Error::new(path, Some(line), what));
        }
    }
    let mut measured = Vec::new();
    for (time, values) in times.iter().zip(found) {
        let [Some(a), Some(b), Some(r)] = values else {
            return Err(Error::new(path, None, format!("expected all {OBSERVABLES} observables at time {time}")));
        };
        measured.push([a, b, r]);
    }
    Ok((times, measured))
}
