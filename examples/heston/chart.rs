//! The picture: smiles before and after the calibration, and Greeks over the strike.

use super::calibration::{START, Smile, volatilities};
use super::common::Error;
use super::exact;
use super::model::{Heston, INPUTS, LEWIS};
use super::monte_carlo::{Paths, in_lanes, lanes, second, start};
use super::plot::{Area, COLORS, Chart, Curve, Mark, Outcome, Scale};
use plotters::prelude::{RGBColor, SeriesLabelPosition};
use std::path::Path;

const SIZE: (u32, u32) = (800, 860);
/// The maturities that are drawn.
const DRAWN: [usize; 4] = [0, 2, 5, 7];
/// The name of the gray curves.
pub(crate) const FIRST: &str = "where the fit starts";
/// The result, its factor in the picture, and its name.
pub(crate) const GREEKS: [(usize, f64, &str); 4] = [
    (1, 1.0, "delta, ∂price/∂S"),
    (6, 0.05, "∂price/∂v₀, divided by 20"),
    (10, 0.1, "∂price/∂ρ, divided by 10"),
    (INPUTS + 1, 70.0, "gamma, ∂²price/∂S², times 70"),
];

/// Writes the picture as SVG.
pub(crate) fn write(path: &Path, paths: &Paths, surface: &[Smile], fitted: [f64; 5]) -> Result<(), Error> {
    super::plot::write_areas(path, SIZE, |area| {
        let (above, below) = area.split_vertically(SIZE.1 / 2);
        draw_smiles(&above, surface, fitted)?;
        draw_greeks(&below, paths)
    })
}

fn curve(name: impl Into<String>, points: Vec<(f64, f64)>, mark: Mark, color: RGBColor) -> Curve {
    Curve { name: name.into(), points, mark, color }
}

fn draw_smiles(area: &Area<'_>, surface: &[Smile], fitted: [f64; 5]) -> Outcome {
    let percent = |strikes: &[f64], volatilities: &[f64]| {
        strikes.iter().zip(volatilities).map(|(&k, v)| (k, 100.0 * v)).collect::<Vec<_>>()
    };
    let smile = |smile: &Smile, color: RGBColor| {
        let (days, strikes) = (smile.days, &smile.strikes);
        let (low, high) = (strikes[0], strikes[strikes.len() - 1]);
        let fine: Vec<f64> = (0..=40).map(|i| low + (high - low) * f64::from(i) / 40.0).collect();
        let of = |model| percent(&fine, &volatilities(days, model, &fine));
        let first = if days == surface[0].days { FIRST } else { "" };
        [
            curve(first, of(START), Mark::Line, COLORS[6]),
            curve(format!("{days} days"), of(fitted), Mark::Line, color),
            curve("", percent(strikes, &smile.volatilities), Mark::Dots(4), color),
        ]
    };
    let chart = Chart {
        title: "Implied volatilities: given (dots), and of the fitted model",
        x: ("strike/spot", 0.6..1.6, |x| format!("{x:.1}")),
        y: ("volatility, % a year", 20.0..60.0, |y| format!("{y:.0}")),
        scale: Scale::Linear,
        legend: SeriesLabelPosition::UpperRight,
    };
    chart.draw(area, DRAWN.iter().zip(COLORS).flat_map(|(&k, color)| smile(&surface[k], color)))
}

fn draw_greeks(area: &Area<'_>, paths: &Paths) -> Outcome {
    let at = |strike: f64| {
        let mut x = LEWIS;
        x[1] = strike;
        x
    };
    let start = start(&LEWIS, paths);
    let lanes = lanes::<INPUTS>(second::<Heston, INPUTS>(), &start)?;
    let grid = |count: i32| (0..=count).map(move |i| 60.0 + 100.0 * f64::from(i) / f64::from(count));
    let lines: Vec<(f64, Vec<f64>)> = grid(40).map(|k| (k, exact::<Heston, INPUTS>(at(k), true))).collect();
    let mean = |sums: Vec<f64>| sums.into_iter().map(|sum| sum / paths.count() as f64).collect();
    let dots: Vec<(f64, Vec<f64>)> =
        grid(20).map(|k| (k, mean(in_lanes(&lanes, &at(k), paths, 0..paths.count()).0))).collect();
    let chart = Chart {
        title: "Greeks over the strike: Monte Carlo (dots), and the formula",
        x: ("strike", 60.0..160.0, |x| format!("{x:.0}")),
        y: ("Greek, times the factor in the legend", -0.2..1.2, |y| format!("{:.1}", (10.0 * y).round() / 10.0 + 0.0)),
        scale: Scale::Linear,
        legend: SeriesLabelPosition::UpperRight,
    };
    let draw = |(&(k, factor, name), color): (&(usize, f64, &str), RGBColor)| {
        let of = |results: &[(f64, Vec<f64>)]| results.iter().map(|(x, y)| (*x, factor * y[k])).collect();
        [curve(name, of(&lines), Mark::Line, color), curve("", of(&dots), Mark::Dots(3), color)]
    };
    chart.draw(area, GREEKS.iter().zip(COLORS).flat_map(draw))
}
