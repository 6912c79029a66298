//! The chart: errors against orders.

use super::common::Error;
use super::plot::{self, Chart, Mark, Scale};
use plotters::prelude::SeriesLabelPosition;
use std::path::Path;

/// The errors at all orders from [`FIRST_ORDER`] on, for one number of steps.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    pub(crate) steps: usize,
    pub(crate) errors: Vec<f64>,
}

pub(crate) const FIRST_ORDER: u32 = 2;
/// The range of the axis of errors; points outside are drawn at its ends.
const ERRORS: [f64; 2] = [1e-16, 10.0];

/// Writes the chart as SVG.
pub(crate) fn write(path: &Path, curves: &[Curve]) -> Result<(), Error> {
    let orders = curves.iter().map(|curve| curve.errors.len()).max().unwrap_or(0).max(2);
    let first = f64::from(FIRST_ORDER);
    let chart = Chart {
        title: "Kepler's problem, e = 0.6: error after one revolution",
        x: ("order", first..first + orders as f64 - 1.0, |order| format!("{order:.0}")),
        y: ("error of the position", ERRORS[0]..ERRORS[1], |error| format!("{error:.0e}")),
        scale: Scale::Logarithmic,
        legend: SeriesLabelPosition::LowerLeft,
    };
    let points = |curve: &Curve| {
        let errors = curve.errors.iter().map(|error| error.clamp(ERRORS[0], ERRORS[1]));
        (FIRST_ORDER..).map(f64::from).zip(errors).collect()
    };
    let named = curves.iter().map(|curve| (format!("{} equal steps", curve.steps), points(curve)));
    chart.write(path, plot::curves(Mark::DottedLine(2), named))
}
