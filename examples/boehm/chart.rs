//! The picture: the measurements with the fitted model, and the profile of each rate.

use super::common::Error;
use super::data::Data;
use super::fit::{Fit, HIGHEST, THRESHOLD, TOLERANCE};
use super::likelihood::Method;
use super::model::OBSERVABLES;
use super::plot::{Area, COLORS, Chart, Curve, Mark, Outcome, Scale};
use plotters::prelude::SeriesLabelPosition;
use std::path::Path;

const SIZE: (u32, u32) = (900, 1000);
/// The height of the upper part.
const FIT: u32 = 380;
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

/// Writes the picture as SVG.
pub(crate) fn write(path: &Path, data: &Data, best: &Fit, profiles: &[Vec<(f64, f64)>]) -> Result<(), Error> {
    super::plot::write_areas(path, SIZE, |area| {
        let (upper, lower) = area.split_vertically(FIT);
        draw_fit(&upper, data, best)?;
        for (k, (panel, profile)) in lower.split_evenly((2, 3)).iter().zip(profiles).enumerate() {
            draw_profile(panel, RATE_NAMES[k], profile, data.parameters[k].nominal, best)?;
        }
        Ok(())
    })
}

fn draw_fit(area: &Area<'_>, data: &Data, best: &Fit) -> Outcome {
    let end = data.times[data.times.len() - 1];
    let chart = Chart {
        title: "STAT5 after a signal: measured (dots), and the fitted model",
        x: ("time, min", 0.0..end, |x| format!("{x:.0}")),
        y: ("share, %", 0.0..125.0, |y| format!("{y:.0}")),
        scale: Scale::Linear,
        legend: SeriesLabelPosition::UpperRight,
    };
    // Dense at the start, where the curves rise.
    let times: Vec<f64> = (0..=150).map(|i| end * (f64::from(i) / 150.0).powi(2)).collect();
    let steps = data.steps(&best.theta, &times, TOLERANCE).ok_or("the fit has no solution")?;
    let observed = data.simulate(Method::Rosenbrock, &steps, &best.theta);
    let points = |times: &[f64], shares: &[[f64; OBSERVABLES]], k: usize| {
        times.iter().zip(shares).map(|(&t, share)| (t, share[k])).collect()
    };
    let curve = |k: usize| {
        let line = Curve {
            name: CURVES[k].to_owned(),
            points: points(&times, &observed, k),
            mark: Mark::Line,
            color: COLORS[k],
        };
        let dots = Curve {
            name: String::new(),
            points: points(&data.times, &data.measured, k),
            mark: Mark::Dots(4),
            color: COLORS[k],
        };
        [line, dots]
    };
    chart.draw(area, (0..OBSERVABLES).flat_map(curve))
}

/// The profile above its minimum, the level of the 95 % interval, and the published estimate on the axis.
fn draw_profile(area: &Area<'_>, name: &str, profile: &[(f64, f64)], published: f64, best: &Fit) -> Outcome {
    let (left, right) = (profile[0].0, profile[profile.len() - 1].0);
    let space = 0.06 * (right - left);
    let chart = Chart {
        title: name,
        x: ("log10 of the rate", left - space..right + space, |x| format!("{x:.1}")),
        y: ("-ln L above its minimum", 0.0..HIGHEST, |y| format!("{y:.0}")),
        scale: Scale::Linear,
        legend: SeriesLabelPosition::UpperMiddle,
    };
    let curve = |name: &str, points, mark, color| Curve { name: name.to_owned(), points, mark, color };
    let above = profile.iter().map(|&(x, value)| (x, (value - best.value).min(HIGHEST))).collect();
    chart.draw(
        area,
        [
            curve("95 %", vec![(left - space, THRESHOLD), (right + space, THRESHOLD)], Mark::Line, COLORS[6]),
            curve("profile", above, Mark::DottedLine(2), COLORS[0]),
            curve("published", vec![(published, 0.06)], Mark::Dots(6), COLORS[1]),
        ],
    )
}
