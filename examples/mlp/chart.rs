//! The chart: losses against training steps.

use super::common::Error;
use super::plot::{Chart, Mark, Scale, curves};
use super::training::Losses;
use plotters::prelude::SeriesLabelPosition;
use std::path::Path;

/// A curve: its name, and the loss that it shows.
type Curve = (&'static str, fn(&Losses) -> f64);

pub(crate) const CURVES: [Curve; 3] = [
    ("loss", |losses| losses.loss),
    ("cross-entropy", |losses| losses.train),
    ("cross-entropy of the test", |losses| losses.test),
];

/// Writes the chart as SVG.
pub(crate) fn write(path: &Path, curve: &[Losses]) -> Result<(), Error> {
    let values = || CURVES.iter().flat_map(|(_, value)| curve.iter().map(value));
    let (least, most) = (values().fold(1.0, f64::min), values().fold(1.0, f64::max));
    let chart = Chart {
        title: "Irises: loss of a network 4-16-16-3",
        x: ("step", 0.0..curve.len().max(2) as f64 - 1.0, |step| format!("{step:.0}")),
        y: ("loss", least / 1.2..most * 1.2, |loss| format!("{loss:.2}")),
        scale: Scale::Logarithmic,
        legend: SeriesLabelPosition::UpperRight,
    };
    let points = |value: fn(&Losses) -> f64| (0..).map(f64::from).zip(curve.iter().map(value)).collect();
    chart.write(path, curves(Mark::Line, CURVES.iter().map(|&(name, value)| (name.to_owned(), points(value)))))
}
