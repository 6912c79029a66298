//! Charts of optima, as SVG: of a network, of the flight of a rocket, and of the motion of a cart and its pole.

use crate::cart_pole::{MOST_FORCE, TIME};
use crate::interior_point::Outcome;
use crate::matpower::Case;
use crate::plot::{Area, Axis, COLORS, Chart, Curve, FONT, Mark, Outcome as Drawn, Scale, curves, write_areas};
use crate::predictive::{Moment, REALITY, STEP};
use plotters::prelude::*;
use std::ops::Range;
use std::path::Path;

const GRAY: RGBColor = COLORS[6];

/// An axis, and what is drawn of a node's variables.
type Panel = (Axis<'static>, fn(&[f64]) -> f64);

fn curve(name: &str, points: Vec<(f64, f64)>, mark: Mark, color: RGBColor) -> Curve {
    Curve { name: name.to_owned(), points, mark, color }
}

/// The range of values with some space around it.
fn around(values: impl Iterator<Item = f64> + Clone) -> Range<f64> {
    let (least, most) = (values.clone().fold(f64::MAX, f64::min), values.fold(f64::MIN, f64::max));
    let space = 0.1 * (most - least).max(1e-3);
    least - space..most + space
}

fn whole(x: f64) -> String {
    format!("{x:.0}")
}

fn hundredths(x: f64) -> String {
    format!("{x:.2}")
}

/// Draws an optimal power flow: the voltages and the generators between their limits, and what a further megawatt would
/// cost at each bus.
///
/// # Errors
/// If the file cannot be written.
pub fn network(path: &Path, name: &str, case: &Case, found: &Outcome) -> Result<(), String> {
    let (n, k) = (case.buses.len(), case.generators.len());
    let title = format!("{name}: the voltages of the cheapest generation");
    let of_bus = |value: &dyn Fn(usize) -> f64| (0..n).map(|i| (i as f64 + 1.0, value(i))).collect::<Vec<_>>();
    let chart = |title, x, y, legend| Chart { title, x, y, scale: Scale::Linear, legend };
    let buses = ("bus, in the order of the file", 0.0..n as f64 + 1.0, whole as fn(f64) -> String);
    let draw = |area: &Area<'_>| -> Drawn {
        let parts = area.split_evenly((3, 1));
        let limit = |side: usize| of_bus(&|i| case.buses[i].voltage[side]);
        let Range { start, end } = around(case.buses.iter().flat_map(|bus| bus.voltage));
        chart(
            &title,
            buses.clone(),
            ("voltage, per unit", start - 0.3 * (end - start)..end, hundredths),
            SeriesLabelPosition::LowerRight,
        )
        .draw(
            &parts[0],
            [
                curve("limits", limit(0), Mark::Line, GRAY),
                curve("", limit(1), Mark::Line, GRAY),
                curve("voltage", of_bus(&|i| found.x[n + i]), Mark::Dots(3), COLORS[0]),
            ],
        )?;

        let able = || (0..k).filter(|&g| case.generators[g].real[1] > case.generators[g].real[0]).enumerate();
        let limits = |(place, g): (usize, usize)| {
            let ends = case.generators[g].real.map(|power| (place as f64 + 1.0, case.base * power));
            curve(if place == 0 { "limits" } else { "" }, ends.to_vec(), Mark::Line, GRAY)
        };
        let power = able().map(|(place, g)| (place as f64 + 1.0, case.base * found.x[2 * n + g])).collect();
        let most = able().map(|(_, g)| case.base * case.generators[g].real[1]).fold(1.0, f64::max);
        chart(
            "The real power of the generators that can be controlled",
            ("generator, in the order of the file", 0.0..able().count() as f64 + 1.0, whole),
            ("power, MW", -0.05 * most..1.05 * most, whole),
            SeriesLabelPosition::UpperRight,
        )
        .draw(
            &parts[1],
            able().map(limits).chain([curve("power", power, Mark::Dots(4), COLORS[1])]).collect::<Vec<_>>(),
        )?;

        let prices = of_bus(&|i| found.multipliers.rows[i] / case.base);
        let range = around(prices.iter().map(|point| point.1));
        chart(
            "The price of a further megawatt at each bus: the multiplier of its balance",
            buses,
            ("price, $/MWh", range, |y| format!("{y:.1}")),
            SeriesLabelPosition::UpperRight,
        )
        .draw(&parts[2], [curve("price", prices, Mark::Dots(3), COLORS[2])])
    };
    write_areas(path, (900, 1050), draw).map_err(|error| error.to_string())
}

/// Draws the flights of a rocket in different numbers of intervals: the last one as lines, the others as dots.
///
/// # Errors
/// If the file cannot be written.
pub fn flights(path: &Path, flights: &[(usize, Vec<f64>)]) -> Result<(), String> {
    let last = flights.len().saturating_sub(1);
    let panels: [Panel; 4] = [
        (("altitude, thousandths of the radius", 0.0..14.0, whole), |node| 1e3 * (node[0] - 1.0)),
        (("velocity, √(g·r)", 0.0..0.15, hundredths), |node| node[1]),
        (("mass, parts of that at the start", 0.55..1.05, hundredths), |node| node[2]),
        (("thrust, weights at the start", -0.2..4.0, |x| format!("{x:.1}")), |node| node[3]),
    ];
    let draw = |area: &Area<'_>| -> Drawn {
        for (area, (y, value)) in area.split_evenly((2, 2)).iter().zip(panels) {
            let named = flights.iter().zip(COLORS).enumerate().map(|(i, ((intervals, x), color))| {
                let time = x[x.len() - 1] / *intervals as f64;
                let points = x.chunks_exact(4).enumerate().map(|(k, node)| (time * k as f64, value(node))).collect();
                let mark = if i == last { Mark::Line } else { Mark::Dots(3) };
                curve(&format!("{intervals} intervals"), points, mark, color)
            });
            let (title, _) = y.0.split_once(',').unwrap_or((y.0, ""));
            let chart = Chart {
                title,
                x: ("time, √(r/g)", 0.0..0.2, hundredths),
                y,
                scale: Scale::Linear,
                legend: if title == "altitude" {
                    SeriesLabelPosition::LowerRight
                } else {
                    SeriesLabelPosition::UpperRight
                },
            };
            chart.draw(area, named.collect::<Vec<_>>())?;
        }
        Ok(())
    };
    write_areas(path, (900, 760), draw).map_err(|error| error.to_string())
}

/// Draws the optimal swing of the cart and its pole, and below what has happened in the closed loop.
///
/// # Errors
/// If the file cannot be written.
pub fn swing(path: &Path, swing: &[f64], moments: &[Moment]) -> Result<(), String> {
    let intervals = (swing.len() - 5) / 6;
    let (states, forces) = swing.split_at(4 * (intervals + 1));
    let time = |k: usize, all: usize| TIME * k as f64 / all as f64;
    let planned = |i: usize| -> Vec<_> {
        states.chunks_exact(4).enumerate().map(|(k, state)| (time(k, intervals), state[i])).collect()
    };
    let pushes = forces.iter().enumerate().map(|(k, &u)| (time(k, 2 * intervals), u)).collect();
    let happened = |value: &dyn Fn(&Moment) -> f64| -> Vec<_> {
        moments.iter().enumerate().map(|(k, moment)| (STEP * k as f64, value(moment))).collect()
    };
    // A force is constant over a step.
    let steps = moments.iter().enumerate();
    let stairs = steps.flat_map(|(k, m)| [k, k + 1].map(|k| (STEP * k as f64, m.force))).collect();
    let end = STEP * moments.len() as f64;
    let chart = |title, name, range, legend| Chart {
        title,
        x: ("time, s", 0.0..end, |x| format!("{x:.1}")),
        y: (name, range, |y| format!("{y:.0}")),
        scale: Scale::Linear,
        legend,
    };
    let draw = |area: &Area<'_>| -> Drawn {
        let (upper, rest) = area.split_vertically(450);
        let (middle, lower) = rest.split_vertically(300);
        strobe(&upper, states)?;
        let named = [("cart, m", 0), ("pole, rad", 1)].into_iter();
        let real = named.map(|(name, i)| (format!("{name}, closed loop"), happened(&|moment| moment.state[i])));
        let plans = [curve("the swing above", planned(0), Mark::Line, GRAY), curve("", planned(1), Mark::Line, GRAY)];
        chart(
            "Predictive control of a pole that is heavier than its model, and falls by a push",
            "place and angle",
            -2.0..8.0,
            SeriesLabelPosition::UpperRight,
        )
        .draw(&middle, plans.into_iter().chain(curves(Mark::Line, real)).collect::<Vec<_>>())?;
        let bound = |name, force| curve(name, vec![(0.0, force), (end, force)], Mark::Line, COLORS[4]);
        let (force, steps) = REALITY.push;
        let [from, to] = steps.map(|k| STEP * k as f64);
        let push = vec![(from, 0.0), (from, force), (to, force), (to, 0.0)];
        chart("The force on the cart", "force, N", -30.0..60.0, SeriesLabelPosition::UpperRight).draw(
            &lower,
            [
                bound("limits", MOST_FORCE),
                bound("", -MOST_FORCE),
                curve("push", push, Mark::Line, COLORS[1]),
                curve("the swing above", pushes, Mark::Line, GRAY),
                curve("closed loop", stairs, Mark::Line, COLORS[2]),
            ],
        )
    };
    write_areas(path, (900, 1010), draw).map_err(|error| error.to_string())
}

/// Draws the cart and the pole at equal times.
fn strobe(area: &Area<'_>, states: &[f64]) -> Drawn {
    // One meter is as long on both axes.
    let mut chart = ChartBuilder::on(area)
        .caption("The published swing: cart and pole every 0.1 s, from light to dark", (FONT, 22))
        .margin(12)
        .x_label_area_size(45)
        .y_label_area_size(75)
        .build_cartesian_2d(-0.6..1.75, -0.6..0.6)?;
    // Without the sign of a zero.
    let number = |x: &f64| format!("{:.1}", (10.0 * x).round() / 10.0 + 0.0);
    chart
        .configure_mesh()
        .disable_mesh()
        .label_style((FONT, 15))
        .x_label_formatter(&number)
        .y_label_formatter(&number)
        .x_desc("x, m")
        .y_desc("y, m")
        .draw()?;
    let length = crate::cart_pole::PUBLISHED.length;
    let nodes: Vec<_> = states.chunks_exact(4).map(|x| (x[0], x[1])).collect();
    let tip = |&(place, angle): &(f64, f64)| (place + length * angle.sin(), -length * angle.cos());
    chart.draw_series(LineSeries::new(nodes.iter().map(tip), COLORS[1].stroke_width(1)))?;
    let every = (nodes.len() - 1) / 20;
    for (k, node) in nodes.iter().enumerate().step_by(every.max(1)) {
        let dark = 0.2 + 0.8 * k as f64 / nodes.len() as f64;
        let (x, _) = *node;
        let cart = [(x - 0.08, -0.03), (x + 0.08, 0.03)];
        chart.draw_series([Rectangle::new(cart, COLORS[0].mix(dark).filled())])?;
        chart.draw_series([PathElement::new([(x, 0.0), tip(node)], BLACK.mix(dark).stroke_width(2))])?;
        chart.draw_series([Circle::new(tip(node), 6, COLORS[1].mix(dark).filled())])?;
    }
    Ok(())
}
