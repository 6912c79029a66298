//! The chart: losses against training steps.

use super::common::Error;
use super::training::Losses;
use plotters::coord::Shift;
use plotters::prelude::*;
use std::fmt::Display;
use std::fs;
use std::path::Path;

/// A curve: its name, and the loss that it shows.
type Curve = (&'static str, fn(&Losses) -> f64);

pub(crate) const CURVES: [Curve; 3] = [
    ("loss", |losses| losses.loss),
    ("cross-entropy", |losses| losses.train),
    ("cross-entropy of the test", |losses| losses.test),
];
const SIZE: (u32, u32) = (800, 560);
/// Colors that color-blind people can tell apart as well (Okabe and Ito).
const COLOURS: [RGBColor; 3] = [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115)];
const FONT: &str = "sans-serif";

/// Writes the chart as SVG.
pub(crate) fn write(path: &Path, curve: &[Losses]) -> Result<(), Error> {
    let error = |cause: &dyn Display| Error::new(path, None, format!("expected a path to write to: {cause}"));
    let mut text = String::new();
    draw(&SVGBackend::with_string(&mut text, SIZE).into_drawing_area(), curve).map_err(|cause| error(&cause))?;
    fs::write(path, text).map_err(|cause| error(&cause))
}

fn draw(area: &DrawingArea<SVGBackend<'_>, Shift>, curve: &[Losses]) -> Result<(), Box<dyn std::error::Error>> {
    area.fill(&WHITE)?;
    let values = || CURVES.iter().flat_map(|(_, value)| curve.iter().map(value));
    let (least, most) = (values().fold(1.0, f64::min), values().fold(1.0, f64::max));
    let mut chart = ChartBuilder::on(area)
        .caption("Irises: loss of a network 4-16-16-3", (FONT, 22))
        .margin(12)
        .x_label_area_size(45)
        .y_label_area_size(75)
        .build_cartesian_2d(0.0..curve.len().max(2) as f64 - 1.0, (least / 1.2..most * 1.2).log_scale())?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .label_style((FONT, 15))
        .x_label_formatter(&|step| format!("{step:.0}"))
        .y_label_formatter(&|loss| format!("{loss:.2}"))
        .x_desc("step")
        .y_desc("loss")
        .draw()?;
    for ((name, value), colour) in CURVES.iter().zip(COLOURS) {
        let points = curve.iter().enumerate().map(|(step, losses)| (step as f64, value(losses)));
        let line = colour.stroke_width(2);
        chart
            .draw_series(LineSeries::new(points, line))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], line));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font((FONT, 15))
        .background_style(WHITE)
        .border_style(RGBColor(200, 200, 200))
        .draw()?;
    area.present()?;
    Ok(())
}
