//! The picture: the path along the valley of Rosenbrock's function, and how fast gradients vanish.

use super::common::Error;
use super::minimise::minimise;
use super::plot::{Area, COLORS, Chart, Curve, Mark, Outcome, Scale, curves, write_areas};
use super::problems::{Problem, all};
use plotters::prelude::SeriesLabelPosition;
use std::path::Path;

/// The contour lines are those of these values.
const LEVELS: [f64; 5] = [0.1, 1.0, 5.0, 25.0, 100.0];
/// The ranges of the axes of the path.
const X: [f64; 2] = [-1.8, 1.8];
const Y: [f64; 2] = [-1.0, 2.5];
/// The problems whose gradients are drawn.
const SHOWN: [(&str, usize); 6] = [
    ("extended_rosenbrock", 2),
    ("helical_valley", 3),
    ("wood", 4),
    ("brown_and_dennis", 4),
    ("chebyquad", 9),
    ("extended_powell", 4),
];
/// The range of the axis of gradients. A gradient that is smaller is the last one, at its end.
const GRADIENTS: [f64; 2] = [1e-18, 10.0];
const STEPS: f64 = 62.0;

/// Writes the picture as SVG.
pub(crate) fn write(path: &Path) -> Result<(), Error> {
    write_areas(path, (900, 900), |area| {
        let (above, below) = area.split_vertically(450);
        let problems = all();
        draw_valley(&above, find(&problems, "extended_rosenbrock", 2))?;
        draw_gradients(&below, &problems)
    })
}

fn find<'a>(problems: &'a [Problem], name: &str, n: usize) -> &'a Problem {
    problems.iter().find(|problem| problem.name == name && problem.start.len() == n).expect("a problem of the list")
}

/// The contour line of 100·(y - x²)² + (1 - x)² = c is y = x² ± √(c - (1 - x)²)/10: once around, from the left.
fn contour(level: f64) -> Vec<(f64, f64)> {
    let (least, most) = ((1.0 - level.sqrt()).max(X[0]), (1.0 + level.sqrt()).min(X[1]));
    let half = (0..=100).map(|i| {
        // Dense at both ends, where the line turns.
        let part = 0.5 - 0.5 * (std::f64::consts::PI * f64::from(i) / 100.0).cos();
        let x = least + part * (most - least);
        (x, 0.1 * (level - (1.0 - x).powi(2)).max(0.0).sqrt())
    });
    let (upper, lower): (Vec<_>, Vec<_>) = half.map(|(x, up)| ((x, x * x + up), (x, x * x - up))).unzip();
    upper.into_iter().chain(lower.into_iter().rev()).collect()
}

fn draw_valley(area: &Area<'_>, problem: &Problem) -> Outcome {
    let minimum = minimise(&problem.expand, &problem.start).ok_or("the start is not finite")?;
    let chart = Chart {
        title: "Newton's path along the valley of Rosenbrock's function",
        x: ("x", X[0]..X[1], |x| format!("{x:.1}")),
        y: ("y", Y[0]..Y[1], |y| format!("{y:.1}")),
        scale: Scale::Linear,
        legend: SeriesLabelPosition::LowerRight,
    };
    let inside = |&(_, y): &(f64, f64)| (Y[0]..=Y[1]).contains(&y);
    // A contour that leaves the picture is in pieces.
    let pieces = LEVELS.into_iter().enumerate().flat_map(|(k, level)| {
        let points = contour(level);
        let pieces = points.chunk_by(|a, b| inside(a) == inside(b)).filter(|piece| inside(&piece[0]));
        pieces.map(<[_]>::to_vec).enumerate().map(move |(i, points)| (k + i == 0, points)).collect::<Vec<_>>()
    });
    let lines = pieces.map(|(is_first, points)| Curve {
        name: if is_first {
            format!("f = {}", LEVELS.map(|level| level.to_string()).join(", "))
        } else {
            String::new()
        },
        points,
        mark: Mark::Line,
        color: COLORS[6],
    });
    let path = Curve {
        name: format!("the {} steps from (-1.2, 1) to (1, 1)", minimum.steps),
        points: minimum.path.iter().map(|x| (x[0], x[1])).collect(),
        mark: Mark::DottedLine(4),
        color: COLORS[1],
    };
    chart.draw(area, lines.chain([path]))
}

fn draw_gradients(area: &Area<'_>, problems: &[Problem]) -> Outcome {
    let chart = Chart {
        title: "How fast the gradient vanishes",
        x: ("step", 0.0..STEPS, |step| format!("{step:.0}")),
        y: ("‖∇f‖, relative to that at the start", GRADIENTS[0]..GRADIENTS[1], |norm| format!("{norm:.0e}")),
        scale: Scale::Logarithmic,
        legend: SeriesLabelPosition::UpperRight,
    };
    let named = SHOWN.into_iter().map(|(name, n)| {
        let problem = find(problems, name, n);
        let minimum = minimise(&problem.expand, &problem.start).expect("the start is finite");
        let norm = |x| (problem.expand)(x).gradient.norm() / minimum.slope_at_start;
        let mut points: Vec<_> = minimum.path.iter().enumerate().map(|(k, x)| (k as f64, norm(x))).collect();
        let end = points.iter().position(|point| point.1 < GRADIENTS[0]);
        points.truncate(end.map_or(points.len(), |end| end + 1));
        points.iter_mut().for_each(|point| point.1 = point.1.max(GRADIENTS[0]));
        (format!("{name}, n = {n}"), points)
    });
    chart.draw(area, curves(Mark::DottedLine(3), named))
}
