//! The picture: the measurements with the fitted model, and the profile of each rate.

use super::common::Error;
use super::data::Data;
use super::fit::{Fit, HIGHEST, THRESHOLD, TOLERANCE};
use super::likelihood::Method;
use super::model::OBSERVABLES;
use plotters::coord::Shift;
use plotters::prelude::*;
use std::fmt::Display;
use std::fs;
use std::path::Path;

const SIZE: (u32, u32) = (900, 1000);
/// The height of the upper part.
const FIT: u32 = 380;
/// Colors that color-blind people can tell apart as well (Okabe and Ito).
const COLORS: [RGBColor; OBSERVABLES] = [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115)];
pub(crate) const CURVES: [&str; OBSERVABLES] =
    ["phosphorylated share of STAT5A", "phosphorylated share of STAT5B", "STAT5A in all STAT5"];
pub(crate) const RATE_NAMES: [&str; 6] = [
    "decay of Epo, 1/min",
    "export of AB, 1/min",
    "export of AA and BB, 1/min",
    "import of AB, 1/min",
    "import of AA and BB, 1/min",
    "phosphorylation, l/(nmol·min)",
];
const FONT: &str = "sans-serif";

type Outcome = Result<(), Box<dyn std::error::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Writes the picture as SVG.
pub(crate) fn write(path: &Path, data: &Data, best: &Fit, profiles: &[Vec<(f64, f64)>]) -> Result<(), Error> {
    let error = |cause: &dyn Display| Error::new(path, None, format!("expected a path to write to: {cause}"));
    let mut text = String::new();
    draw(&SVGBackend::with_string(&mut text, SIZE).into_drawing_area(), data, best, profiles)
        .map_err(|cause| error(&cause))?;
    fs::write(path, text).map_err(|cause| error(&cause))
}

fn draw(area: &Area<'_>, data: &Data, best: &Fit, profiles: &[Vec<(f64, f64)>]) -> Outcome {
    area.fill(&WHITE)?;
    let (upper, lower) = area.split_vertically(FIT);
    draw_fit(&upper, data, best)?;
    for (k, (panel, profile)) in lower.split_evenly((2, 3)).iter().zip(profiles).enumerate() {
        draw_profile(panel, RATE_NAMES[k], profile, data.parameters[k].nominal, best)?;
    }
    area.present()?;
    Ok(())
}

fn draw_fit(area: &Area<'_>, data: &Data, best: &Fit) -> Outcome {
    let end = data.times[data.times.len() - 1];
    let mut chart = ChartBuilder::on(area)
        .caption("STAT5 after a signal: measured, and the fitted model", (FONT, 22))
        .margin(12)
        .x_label_area_size(45)
        .y_label_area_size(60)
        .build_cartesian_2d(0.0..end, 0.0..125.0)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .label_style((FONT, 15))
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .x_desc("time, min")
        .y_desc("share, %")
        .y_labels(6)
        .draw()?;
    // Dense at the start, where the curves rise.
    let times: Vec<f64> = (0..=150).map(|i| end * (f64::from(i) / 150.0).powi(2)).collect();
    let steps = data.steps(&best.theta, &times, TOLERANCE).ok_or("the fit has no solution")?;
    let observed = data.simulate(Method::Rosenbrock, &steps, &best.theta);
    for (k, (name, color)) in CURVES.into_iter().zip(COLORS).enumerate() {
        let line = color.stroke_width(2);
        chart
            .draw_series(LineSeries::new(times.iter().zip(&observed).map(|(&t, o)| (t, o[k])), line))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], line));
        let points = data.times.iter().zip(&data.measured);
        chart.draw_series(points.map(|(&t, m)| Circle::new((t, m[k]), 4, color.filled())))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font((FONT, 15))
        .background_style(WHITE)
        .border_style(RGBColor(200, 200, 200))
        .draw()?;
    Ok(())
}

/// The profile above its minimum, the level of the 95 % interval, and the published estimate on the axis.
fn draw_profile(area: &Area<'_>, name: &str, profile: &[(f64, f64)], published: f64, best: &Fit) -> Outcome {
    let (left, right) = (profile[0].0, profile[profile.len() - 1].0);
    let space = 0.06 * (right - left);
    let mut chart = ChartBuilder::on(area)
        .caption(name, (FONT, 17))
        .margin(8)
        .x_label_area_size(42)
        .y_label_area_size(48)
        .build_cartesian_2d(left - space..right + space, 0.0..HIGHEST)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .label_style((FONT, 14))
        .x_desc("log10 of the rate")
        .y_desc("-ln L above its minimum")
        .x_labels(5)
        .y_labels(5)
        .draw()?;
    let gray = RGBColor(120, 120, 120);
    let level = [(left - space, THRESHOLD), (right + space, THRESHOLD)];
    chart
        .draw_series(LineSeries::new(level, gray))?
        .label("95 %")
        .legend(move |(x, y)| PathElement::new([(x, y), (x + 14, y)], gray));
    let points = profile.iter().map(|&(x, value)| (x, (value - best.value).min(HIGHEST)));
    let line = COLORS[0].stroke_width(2);
    chart
        .draw_series(LineSeries::new(points, line).point_size(2))?
        .label("profile")
        .legend(move |(x, y)| PathElement::new([(x, y), (x + 14, y)], line));
    chart
        .draw_series([TriangleMarker::new((published, 0.06), 7, COLORS[1].filled())])?
        .label("published")
        .legend(move |(x, y)| TriangleMarker::new((x + 7, y), 6, COLORS[1].filled()));
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperMiddle)
        .label_font((FONT, 13))
        .background_style(WHITE)
        .border_style(RGBColor(200, 200, 200))
        .draw()?;
    Ok(())
}
