//! The picture: loss and accuracy against the epoch, and test images with what the network takes them for.

use super::common::Error;
use super::data::{Image, SIDE, Split};
use super::plot::{Area, COLORS, Chart, FONT, Mark, Outcome, Scale, curves, write_areas};
use super::training::{Epoch, Trained, classify};
use super::{HIDDEN, wrong};
use plotters::prelude::*;
use std::path::Path;

const SIZE: (u32, u32) = (900, 550);
/// The height of the charts.
const CHARTS: u32 = 330;
/// The images: rows and columns, the distance between them, and the side of a pixel.
const ROWS: usize = 2;
const COLUMNS: usize = 12;
const STEP: (i32, i32) = (73, 100);
const PIXEL: i32 = 7;

/// Writes the picture as SVG.
pub(crate) fn write(path: &Path, trained: &Trained<f64>, split: &Split) -> Result<(), Error> {
    write_areas(path, SIZE, |area| {
        let (above, below) = area.split_vertically(CHARTS);
        let (left, right) = above.split_horizontally(SIZE.0 / 2);
        draw_course(&left, trained, "Cross-entropy of an epoch", Scale::Logarithmic, &[("loss", |epoch| epoch.loss)])?;
        draw_course(
            &right,
            trained,
            "Images classified right, %",
            Scale::Linear,
            &[("to learn from", |epoch| epoch.train * 100.0), ("test", |epoch| epoch.test * 100.0)],
        )?;
        draw_images(&below, &trained.weights, split)
    })
}

type Value = (&'static str, fn(&Epoch) -> f64);

fn draw_course(area: &Area<'_>, trained: &Trained<f64>, title: &str, scale: Scale, values: &[Value]) -> Outcome {
    let all = || values.iter().flat_map(|(_, value)| trained.epochs.iter().map(value));
    let (least, most) = (all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max));
    let (range, number): (_, fn(f64) -> String) = match scale {
        Scale::Logarithmic => (least / 1.3..most * 1.3, |y| format!("{y}")),
        Scale::Linear => (least.floor()..100.0, |y| format!("{y:.0}")),
    };
    let chart = Chart {
        title,
        x: ("epoch", 0.0..trained.epochs.len() as f64, |x| format!("{x:.0}")),
        y: (if values.len() == 1 { "cross-entropy" } else { "images, %" }, range, number),
        scale,
        legend: if values.len() == 1 { SeriesLabelPosition::UpperRight } else { SeriesLabelPosition::LowerRight },
    };
    let points = |value: fn(&Epoch) -> f64| (1..).map(f64::from).zip(trained.epochs.iter().map(value)).collect();
    chart.draw(area, curves(Mark::Line, values.iter().map(|&(name, value)| (name.to_owned(), points(value)))))
}

/// Draws the images that are classified wrong, as many as there is room for, and after them right ones.
fn draw_images(area: &Area<'_>, weights: &[f64], split: &Split) -> Outcome {
    let title = "Test images and what they are taken for: wrong ones in orange, and some of the right ones";
    area.draw(&Text::new(title, (12, 8), (FONT, 17)))?;
    let wrong: Vec<_> = wrong(weights, split).map(|(image, _)| image).collect();
    let right = split.test.iter().filter(|image| !wrong.contains(image));
    for (k, image) in wrong.iter().copied().chain(right).take(ROWS * COLUMNS).enumerate() {
        let corner = (18 + STEP.0 * (k % COLUMNS) as i32, 40 + STEP.1 * (k / COLUMNS) as i32);
        draw_image(area, corner, image, classify::<_, HIDDEN>(weights, image))?;
    }
    Ok(())
}

fn draw_image(area: &Area<'_>, (x, y): (i32, i32), image: &Image, taken: usize) -> Outcome {
    let side = PIXEL * SIDE as i32;
    for (k, &pixel) in image.pixels.iter().enumerate().filter(|(_, pixel)| **pixel > 0) {
        let corner = (x + PIXEL * (k % SIDE) as i32, y + PIXEL * (k / SIDE) as i32);
        let gray = 255 - 15 * pixel;
        let square = [corner, (corner.0 + PIXEL, corner.1 + PIXEL)];
        area.draw(&Rectangle::new(square, RGBColor(gray, gray, gray).filled()))?;
    }
    let is_wrong = taken != image.digit;
    let (text, color, frame) = if is_wrong {
        (format!("{taken}, is {}", image.digit), COLORS[1], COLORS[1])
    } else {
        (taken.to_string(), BLACK, RGBColor(200, 200, 200))
    };
    area.draw(&Rectangle::new([(x - 2, y - 2), (x + side + 2, y + side + 2)], frame))?;
    area.draw(&Text::new(text, (x, y + side + 8), (FONT, 16).into_font().color(&color)))?;
    Ok(())
}
