//! The observations, one per line in order of time: `1995/01/29  02:38:37.00  azimuth°  elevation°  range km`.

use super::common::{self, Error};
use super::earth::DATE;
use nalgebra::{Vector3, vector};
use std::path::Path;

/// What the radar measured at a time of day, in seconds.
#[derive(Clone, Debug)]
pub(crate) struct Observation {
    pub(crate) utc: f64,
    /// Azimuth and elevation in radians, range in m.
    pub(crate) seen: Vector3<f64>,
}

pub(crate) fn read(path: &Path) -> Result<Vec<Observation>, Error> {
    let error = |line, what: String| Error::new(path, line, what);
    let text = common::text(path)?;
    let mut observations: Vec<Observation> = Vec::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let observation = parse(text).map_err(|what| error(Some(line), what))?;
        if observations.last().is_some_and(|last| observation.utc <= last.utc) {
            return Err(error(Some(line), format!("expected a time after the one before, found `{}`", text.trim())));
        }
        observations.push(observation);
    }
    match observations.len() {
        0..3 => Err(error(None, format!("expected at least 3 observations, found {}", observations.len()))),
        _ => Ok(observations),
    }
}

fn parse(text: &str) -> Result<Observation, String> {
    let words: Vec<_> = text.split_whitespace().collect();
    let [date, time, azimuth, elevation, range] = words[..] else {
        return Err(format!("expected date, time, azimuth, elevation and range, found `{}`", text.trim()));
    };
    if date != DATE {
        return Err(format!("expected the date {DATE}, for which the place of the Earth is given, found `{date}`"));
    }
    let parts: Vec<_> = time.split(':').collect();
    let [h, m, s] = parts[..] else {
        return Err(format!("expected a time hh:mm:ss, found `{time}`"));
    };
    let (h, m) = (number(h, "hours", 0.0, 23.0)?, number(m, "minutes", 0.0, 59.0)?);
    let utc = h * 3600.0 + m * 60.0 + number(s, "seconds", 0.0, 60.0)?;
    let azimuth = number(azimuth, "the azimuth in degrees", 0.0, 360.0)?.to_radians();
    let elevation = number(elevation, "the elevation in degrees", -90.0, 90.0)?.to_radians();
    let range = number(range, "the range in km", 1.0, 1e6)? * 1e3;
    Ok(Observation { utc, seen: vector![azimuth, elevation, range] })
}

fn number(word: &str, name: &str, least: f64, most: f64) -> Result<f64, String> {
    let number = word.parse().ok().filter(|x| (least..=most).contains(x));
    number.ok_or_else(|| format!("expected {name}, from {least} to {most}, found `{word}`"))
}
