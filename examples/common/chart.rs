//! A chart of curves with a logarithmic vertical axis, as SVG.

use super::common::Error;
use plotters::coord::Shift;
use plotters::prelude::*;
use std::fmt::Display;
use std::fs;
use std::ops::Range;
use std::path::Path;

/// What a chart shows.
pub(crate) struct Chart<'a> {
    pub(crate) title: &'a str,
    /// Of each axis the name, the range, and how its numbers are written.
    pub(crate) x: (&'a str, Range<f64>, fn(f64) -> String),
    pub(crate) y: (&'a str, Range<f64>, fn(f64) -> String),
    /// The size of the dots at the points of a curve; 0 for none.
    pub(crate) dots: u32,
    pub(crate) legend: SeriesLabelPosition,
}

const SIZE: (u32, u32) = (800, 560);
/// Colors that color-blind people can tell apart as well (Okabe and Ito).
pub(crate) const COLORS: [RGBColor; 4] =
    [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115), RGBColor(204, 121, 167)];
pub(crate) const FONT: &str = "sans-serif";

impl Chart<'_> {
    /// Writes the chart of these curves, each with its name.
    pub(crate) fn write(
        &self,
        path: &Path,
        curves: impl Iterator<Item = (String, Vec<(f64, f64)>)>,
    ) -> Result<(), Error> {
        write_areas(path, SIZE, |area| self.draw(area, curves))
    }

    /// Draws the chart on an area. If a picture has several, this must be the last one.
    pub(crate) fn draw(
        &self,
        area: &DrawingArea<SVGBackend<'_>, Shift>,
        curves: impl Iterator<Item = (String, Vec<(f64, f64)>)>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, (FONT, 22))
            .margin(12)
            .x_label_area_size(45)
            .y_label_area_size(75)
            .build_cartesian_2d(self.x.1.clone(), self.y.1.clone().log_scale())?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .label_style((FONT, 15))
            .x_labels(15)
            .x_label_formatter(&|x| self.x.2(*x))
            .y_label_formatter(&|y| self.y.2(*y))
            .x_desc(self.x.0)
            .y_desc(self.y.0)
            .draw()?;
        for ((name, points), color) in curves.zip(COLORS.into_iter().cycle()) {
            let line = color.stroke_width(2);
            chart
                .draw_series(LineSeries::new(points, line).point_size(self.dots))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], line));
        }
        chart
            .configure_series_labels()
            .position(self.legend.clone())
            .label_font((FONT, 15))
            .background_style(WHITE)
            .border_style(RGBColor(200, 200, 200))
            .draw()?;
        area.present()?;
        Ok(())
    }
}

/// Writes what `draw` draws on an area of this size, as SVG.
pub(crate) fn write_areas(
    path: &Path,
    size: (u32, u32),
    draw: impl FnOnce(&DrawingArea<SVGBackend<'_>, Shift>) -> Result<(), Box<dyn std::error::Error>>,
) -> Result<(), Error> {
    let error = |cause: &dyn Display| Error::new(path, None, format!("expected a path to write to: {cause}"));
    let mut text = String::new();
    draw(&SVGBackend::with_string(&mut text, size).into_drawing_area()).map_err(|cause| error(&cause))?;
    fs::write(path, text).map_err(|cause| error(&cause))
}
