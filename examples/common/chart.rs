//! Charts of curves and points, as SVG.

use super::common::Error;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;
use std::ffi::OsString;
use std::fmt::Display;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The path after `--chart`, if there is one.
#[allow(dead_code, reason = "an example takes what it needs")]
pub(crate) fn chart_path(arguments: impl Iterator<Item = OsString>) -> Result<Option<PathBuf>, String> {
    let arguments: Vec<_> = arguments.collect();
    match arguments.as_slice() {
        [] => Ok(None),
        [flag, path] if flag == "--chart" => Ok(Some(path.into())),
        _ => Err(format!("expected no arguments or --chart PATH, found {arguments:?}")),
    }
}

/// Runs a program whose only argument is `--chart PATH`. It succeeds if `run` returns true.
#[allow(dead_code, reason = "an example takes what it needs")]
pub(crate) fn program(run: impl FnOnce(Option<&Path>) -> Result<bool, Box<dyn std::error::Error>>) -> ExitCode {
    let path = chart_path(std::env::args_os().skip(1));
    match path.map_err(Into::into).and_then(|path| run(path.as_deref())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Of an axis the name with its unit, the range, and how its numbers are written.
pub(crate) type Axis<'a> = (&'a str, Range<f64>, fn(f64) -> String);

/// What a chart shows.
pub(crate) struct Chart<'a> {
    pub(crate) title: &'a str,
    pub(crate) x: Axis<'a>,
    pub(crate) y: Axis<'a>,
    pub(crate) scale: Scale,
    pub(crate) legend: SeriesLabelPosition,
}

/// The scale of the vertical axis.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "an example takes what it needs")]
pub(crate) enum Scale {
    Linear,
    Logarithmic,
}

/// How points are drawn.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "an example takes what it needs")]
pub(crate) enum Mark {
    Line,
    /// A line with dots of this radius.
    DottedLine(u32),
    /// Dots of this radius, without a line.
    Dots(u32),
    /// The points are the outline of an area, which is filled with a light shade.
    Area,
}

/// Points of a chart with their name in the legend, which has no entry for an empty name.
pub(crate) struct Curve {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
    pub(crate) mark: Mark,
    pub(crate) color: RGBColor,
}

/// Named curves with this mark, each in a color of its own.
#[allow(dead_code, reason = "an example takes what it needs")]
pub(crate) fn curves(
    mark: Mark,
    named: impl Iterator<Item = (String, Vec<(f64, f64)>)>,
) -> impl Iterator<Item = Curve> {
    named.zip(COLORS.into_iter().cycle()).map(move |((name, points), color)| Curve { name, points, mark, color })
}

const SIZE: (u32, u32) = (800, 560);
/// How opaque areas are.
const SHADE: f64 = 0.3;
/// Colors that color-blind people can tell apart as well (Okabe and Ito), and gray for what is less important.
pub(crate) const COLORS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(120, 120, 120),
];
pub(crate) const FONT: &str = "sans-serif";

pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(crate) type Outcome = Result<(), Box<dyn std::error::Error>>;

impl Chart<'_> {
    /// Writes the chart of these curves.
    #[allow(dead_code, reason = "an example takes what it needs")]
    pub(crate) fn write(&self, path: &Path, curves: impl IntoIterator<Item = Curve>) -> Result<(), Error> {
        write_areas(path, SIZE, |area| self.draw(area, curves))
    }

    /// Draws the chart on an area.
    pub(crate) fn draw(&self, area: &Area<'_>, curves: impl IntoIterator<Item = Curve>) -> Outcome {
        match self.scale {
            Scale::Linear => self.draw_on(area, self.y.1.clone(), curves),
            Scale::Logarithmic => self.draw_on(area, self.y.1.clone().log_scale(), curves),
        }
    }

    fn draw_on<Y>(&self, area: &Area<'_>, y: Y, curves: impl IntoIterator<Item = Curve>) -> Outcome
    where
        Y: AsRangedCoord<Value = f64>,
        Y::CoordDescType: ValueFormatter<f64>,
    {
        // A panel of a picture has smaller letters than a picture of its own.
        let small = area.dim_in_pixel().0 < 500;
        let (title, label) = if small { (17, 14) } else { (22, 15) };
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, (FONT, title))
            .margin(12)
            .x_label_area_size(45)
            .y_label_area_size(if small { 60 } else { 75 })
            .build_cartesian_2d(self.x.1.clone(), y)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .label_style((FONT, label))
            .x_labels(if small { 5 } else { 15 })
            .y_labels(if small { 5 } else { 10 })
            .x_label_formatter(&|x| self.x.2(*x))
            .y_label_formatter(&|y| self.y.2(*y))
            .x_desc(self.x.0)
            .y_desc(self.y.0)
            .draw()?;
        for Curve { name, points, mark, color } in curves {
            let line = color.stroke_width(2);
            let series = match mark {
                Mark::Line => chart.draw_series(LineSeries::new(points, line))?,
                Mark::DottedLine(radius) => chart.draw_series(LineSeries::new(points, line).point_size(radius))?,
                Mark::Dots(radius) => {
                    chart.draw_series(points.into_iter().map(|point| Circle::new(point, radius, color.filled())))?
                }
                Mark::Area => chart.draw_series([Polygon::new(points, color.mix(SHADE).filled())])?,
            };
            if !name.is_empty() {
                series.label(name);
                match mark {
                    Mark::Dots(radius) => series.legend(move |(x, y)| Circle::new((x + 10, y), radius, color.filled())),
                    Mark::Area => series
                        .legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 20, y + 5)], color.mix(SHADE).filled())),
                    _ => series.legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], line)),
                };
            }
        }
        chart
            .configure_series_labels()
            .position(self.legend.clone())
            .label_font((FONT, label))
            .background_style(WHITE)
            .border_style(RGBColor(200, 200, 200))
            .draw()?;
        Ok(())
    }
}

/// Writes what `draw` draws on an area of this size, as SVG.
pub(crate) fn write_areas(path: &Path, size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> Outcome) -> Result<(), Error> {
    let error = |cause: &dyn Display| Error::new(path, None, format!("expected a path to write to: {cause}"));
    let mut text = String::new();
    let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
    let drawn = area.fill(&WHITE).map_err(Into::into).and_then(|()| draw(&area)).and_then(|()| Ok(area.present()?));
    drop(area);
    drawn.map_err(|cause| error(&cause))?;
    fs::write(path, text).map_err(|cause| error(&cause))
}
