//! The chart: errors against orders.

use super::common::Error;
use plotters::coord::Shift;
use plotters::prelude::*;
use std::fmt::Display;
use std::fs;
use std::path::Path;

/// The errors at all orders from [`FIRST_ORDER`] on, for one number of steps.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    pub(crate) steps: usize,
    pub(crate) errors: Vec<f64>,
}

pub(crate) const FIRST_ORDER: usize = 2;
const SIZE: (u32, u32) = (800, 560);
/// The range of the axis of errors; points outside are drawn at its ends.
const ERRORS: [f64; 2] = [1e-16, 10.0];
/// Colors that color-blind people can tell apart as well (Okabe and Ito).
const COLOURS: [RGBColor; 4] =
    [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115), RGBColor(204, 121, 167)];
const FONT: &str = "sans-serif";

/// Writes the chart as SVG.
pub(crate) fn write(path: &Path, curves: &[Curve]) -> Result<(), Error> {
    let error = |cause: &dyn Display| Error::new(path, None, format!("expected a path to write to: {cause}"));
    let mut text = String::new();
    draw(&SVGBackend::with_string(&mut text, SIZE).into_drawing_area(), curves).map_err(|cause| error(&cause))?;
    fs::write(path, text).map_err(|cause| error(&cause))
}

fn draw(area: &DrawingArea<SVGBackend<'_>, Shift>, curves: &[Curve]) -> Result<(), Box<dyn std::error::Error>> {
    area.fill(&WHITE)?;
    let orders = curves.iter().map(|curve| curve.errors.len()).max().unwrap_or(0).max(2);
    let last = FIRST_ORDER + orders - 1;
    let mut chart = ChartBuilder::on(area)
        .caption("Kepler's problem, e = 0.6: error after one revolution", (FONT, 22))
        .margin(12)
        .x_label_area_size(45)
        .y_label_area_size(75)
        .build_cartesian_2d(FIRST_ORDER as f64..last as f64, (ERRORS[0]..ERRORS[1]).log_scale())?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .label_style((FONT, 15))
        .x_labels(15)
        .x_label_formatter(&|order| format!("{order:.0}"))
        .y_label_formatter(&|error| format!("{error:.0e}"))
        .x_desc("order")
        .y_desc("error of the position")
        .draw()?;
    for (curve, colour) in curves.iter().zip(COLOURS.into_iter().cycle()) {
        let errors = curve.errors.iter().map(|error| error.clamp(ERRORS[0], ERRORS[1]));
        let points = (FIRST_ORDER..).map(|order| order as f64).zip(errors);
        let line = colour.stroke_width(2);
        chart
            .draw_series(LineSeries::new(points, line).point_size(2))?
            .label(format!("{} equal steps", curve.steps))
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], line));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerLeft)
        .label_font((FONT, 15))
        .background_style(WHITE)
        .border_style(RGBColor(200, 200, 200))
        .draw()?;
    area.present()?;
    Ok(())
}
