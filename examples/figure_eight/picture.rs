//! The picture: the path with the bodies at a moment, above what is lost over many periods.

use super::bodies::{Orbit, State, bodies, positions};
use super::common::Error;
use super::orbit::{Return, after};
use super::plot::{Area, COLORS, Chart, FONT, Mark, Outcome, Scale, curves};
use plotters::prelude::*;
use std::path::Path;

/// The path is drawn through this number of points.
const SAMPLES: usize = 96;
/// The sample at which the bodies are drawn: between a line of three bodies and an isosceles triangle.
const MOMENT: usize = SAMPLES / 24;
/// Each body has a tail as long as what it moves in this number of samples.
const TAIL: usize = SAMPLES / 6;
/// The range of the axis of differences; points outside are drawn at its ends.
const DIFFERENCES: [f64; 2] = [1e-16, 1e-9];

/// Writes the picture as SVG.
pub(crate) fn write(path: &Path, orbit: Orbit, returns: &[Return]) -> Result<(), Error> {
    super::plot::write_areas(path, (800, 800), |area| {
        let (above, below) = area.split_vertically(380);
        draw_path(&above, orbit)?;
        let curve = |name: &str, value: fn(&Return) -> f64| {
            let clamp = |x: f64| x.clamp(DIFFERENCES[0], DIFFERENCES[1]);
            (name.to_owned(), returns.iter().map(|r| (f64::from(r.periods), clamp(value(r)))).collect::<Vec<_>>())
        };
        let chart = Chart {
            title: "What is lost over the periods",
            x: ("periods", 0.0..returns.len().max(2) as f64, |n| format!("{n:.0}")),
            y: ("difference", DIFFERENCES[0]..DIFFERENCES[1], |error| format!("{error:.0e}")),
            scale: Scale::Logarithmic,
            legend: SeriesLabelPosition::UpperLeft,
        };
        let named = [
            curve("state, largest difference from the start", |r| r.open),
            curve("allowed, 1e-14·n^1.5", Return::open_allowed),
            curve("energy, relative (0 is drawn at 1e-16)", |r| r.energy),
            curve("allowed, 1e-15·√n", Return::energy_allowed),
        ];
        chart.draw(&below, curves(Mark::Line, named.into_iter()))
    })
}

fn draw_path(area: &Area<'_>, orbit: Orbit) -> Outcome {
    let mut states = Vec::new();
    let mut state = orbit.start;
    for _ in 0..=SAMPLES {
        states.push(state);
        state = after(state, orbit.period, 1.0 / SAMPLES as f64).ok_or("the orbit is lost")?;
    }
    let place = |state: &State<f64>, body: usize| positions(*state)[body].into();
    // One unit is as long on both axes: 700 x 280 points for 3 x 1.2 units.
    let mut chart = ChartBuilder::on(area)
        .caption("The figure eight at T/24, with each body's way in the last T/6", (FONT, 22))
        .margin(12)
        .x_label_area_size(45)
        .y_label_area_size(75)
        .build_cartesian_2d(-1.5..1.5, -0.6..0.6)?;
    let number = |x: &f64| format!("{:.1}", (10.0 * x).round() / 10.0 + 0.0);
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .label_style((FONT, 15))
        .x_label_formatter(&number)
        .y_label_formatter(&number)
        .x_desc("x, units of length")
        .y_desc("y, units of length")
        .draw()?;
    let gray = RGBColor(150, 150, 150);
    chart.draw_series(LineSeries::new(states.iter().map(|s| place(s, 0)), gray.stroke_width(1)))?;
    let now = &states[MOMENT];
    let velocities = bodies([now[4], now[5], now[6], now[7]]);
    for body in 0..3 {
        let color = COLORS[body];
        let tail = (0..=TAIL).map(|k| place(&states[(SAMPLES + MOMENT - TAIL + k) % SAMPLES], body));
        chart.draw_series(LineSeries::new(tail, color.stroke_width(3)))?;
        let (x, y): (f64, f64) = place(now, body);
        let [u, v] = velocities[body].map(|v| 0.25 * v);
        let velocity = chart.draw_series([PathElement::new([(x, y), (x + u, y + v)], BLACK.stroke_width(2))])?;
        if body == 0 {
            velocity.label("velocity").legend(|(x, y)| PathElement::new([(x, y), (x + 20, y)], BLACK.stroke_width(2)));
        }
        chart
            .draw_series([Circle::new((x, y), 8, color.filled())])?
            .label(format!("body {}", body + 1))
            .legend(move |(x, y)| Circle::new((x + 10, y), 6, color.filled()));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .label_font((FONT, 15))
        .background_style(WHITE)
        .border_style(RGBColor(200, 200, 200))
        .draw()?;
    Ok(())
}
