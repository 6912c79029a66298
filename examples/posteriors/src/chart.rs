//! The picture: hares and lynxes over time, and the funnel of the eight schools.

use super::common::Error;
use super::lotka_volterra::LotkaVolterra;
use super::nuts::Draws;
use super::plot::{Area, COLORS, Chart, Curve, Mark, Outcome, Scale, write_areas};
use plotters::prelude::SeriesLabelPosition;
use std::path::Path;

const SIZE: (u32, u32) = (900, 400);
/// The width of the left panel.
const LEFT: u32 = 520;
/// Years of the first count.
const FIRST_YEAR: f64 = 1900.0;
/// Draws in the picture, of each posterior.
const SHOWN: usize = 500;

/// Writes the picture as SVG.
pub(crate) fn write(path: &Path, hares: &LotkaVolterra, populations: &Draws, schools: &Draws) -> Result<(), Error> {
    write_areas(path, SIZE, |area| {
        let (left, right) = area.split_horizontally(LEFT);
        draw_populations(&left, hares, populations)?;
        draw_funnel(&right, schools)
    })
}

/// This many draws of all chains, at equal distances.
fn thinned(draws: &Draws) -> impl Iterator<Item = &Vec<f64>> {
    let all = draws.chains.iter().map(Vec::len).sum::<usize>();
    draws.chains.iter().flatten().step_by((all / SHOWN).max(1))
}

fn draw_populations(area: &Area<'_>, model: &LotkaVolterra, draws: &Draws) -> Outcome {
    let end = model.times[model.times.len() - 1];
    let times: Vec<f64> = (1..=100).map(|k| end * f64::from(k) / 100.0).collect();
    let solutions: Vec<Vec<[f64; 2]>> = thinned(draws)
        .map(|y| {
            let start = [y[4], y[5]];
            let later = model.solve([y[0], y[1], y[2], y[3]], start, &times);
            [start].into_iter().chain(later).collect()
        })
        .collect();
    let year = |t: f64| FIRST_YEAR + t;
    let years: Vec<f64> = [0.0].iter().chain(&times).map(|&t| year(t)).collect();
    let curves = (0..2).flat_map(|k| {
        let quantile = |share: f64, i: usize| {
            let mut at: Vec<f64> = solutions.iter().map(|solution| solution[i][k]).collect();
            at.sort_by(f64::total_cmp);
            at[(share * (at.len() - 1) as f64) as usize]
        };
        let line =
            |share: f64| years.iter().enumerate().map(move |(i, &t)| (t, quantile(share, i))).collect::<Vec<_>>();
        let band = line(0.05).into_iter().chain(line(0.95).into_iter().rev()).collect();
        let data = model.times.iter().zip(&model.counts).map(|(&t, counts)| (year(t), counts[k]));
        let data = [(FIRST_YEAR, model.first[k])].into_iter().chain(data).collect();
        let name = ["hares", "lynxes"][k];
        let curve = |name: String, points, mark| Curve { name, points, mark, color: COLORS[k] };
        [
            curve(String::new(), band, Mark::Area),
            curve(format!("{name}: median, 90 %"), line(0.5), Mark::Line),
            curve(format!("{name}: counted"), data, Mark::Dots(4)),
        ]
    });
    let chart = Chart {
        title: "Hares and lynxes: counted, and the model's solution",
        x: ("year", FIRST_YEAR..year(end), |x| format!("{x:.0}")),
        y: ("pelts, thousands", 0.0..140.0, |y| format!("{y:.0}")),
        scale: Scale::Linear,
        legend: SeriesLabelPosition::UpperMiddle,
    };
    chart.draw(area, curves.collect::<Vec<_>>())
}

/// The effect of the first school less the mean of all schools, beside ln τ.
fn draw_funnel(area: &Area<'_>, draws: &Draws) -> Outcome {
    let points = thinned(draws).map(|y| (y[1] * y[2], y[1].ln())).collect();
    let chart = Chart {
        title: "Eight schools: the funnel",
        x: ("effect of school 1 less the mean", -20.0..40.0, |x| format!("{x:.0}")),
        y: ("ln τ", -5.0..4.0, |y| format!("{y:.0}")),
        scale: Scale::Linear,
        legend: SeriesLabelPosition::LowerRight,
    };
    chart.draw(area, [Curve { name: "draws".to_owned(), points, mark: Mark::Dots(2), color: COLORS[2] }])
}
