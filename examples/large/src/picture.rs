//! Pictures of matrices and maps, as SVG.

use crate::plot::{COLORS, FONT};
use nilpotent::sparse::Pattern;
use plotters::prelude::*;
use std::error::Error;
use std::path::Path;

/// Draws the entries of a pattern as dots, as many squares as there are entries.
///
/// # Errors
/// If the file cannot be written.
pub fn pattern(path: &Path, title: &str, pattern: &Pattern) -> Result<(), Box<dyn Error>> {
    // Of a larger matrix neighboring entries share a dot.
    const DOTS: usize = 400;
    let (rows, columns) = (pattern.rows(), pattern.columns());
    let cell = rows.max(columns).div_ceil(DOTS).max(1);
    let mut dots: Vec<_> = pattern.entries().map(|(i, j)| (i / cell, j / cell)).collect();
    dots.sort_unstable();
    dots.dedup();
    let (height, width) = (rows.div_ceil(cell), columns.div_ceil(cell));
    let scale = (800 / height.max(width).max(1)).max(1);
    let (left, top) = (10, 40);
    let size = ((width * scale) as u32 + 20, (height * scale) as u32 + 50);
    let area = SVGBackend::new(path, size).into_drawing_area();
    area.fill(&WHITE)?;
    let style = TextStyle::from((FONT, 16).into_font());
    area.draw_text(&format!("{title}: {rows} × {columns}, {} entries", pattern.len()), &style, (left, 10))?;
    // Dots that follow one another in a row are one rectangle.
    for run in dots.chunk_by(|a, b| a.0 == b.0 && a.1 + 1 == b.1) {
        let ((i, j), count) = (run[0], run.len());
        let [x, y] = [left + (j * scale) as i32, top + (i * scale) as i32];
        area.draw(&Rectangle::new([(x, y), (x + (count * scale) as i32, y + scale as i32)], COLORS[0].filled()))?;
    }
    let frame = [(left, top), (left + (width * scale) as i32, top + (height * scale) as i32)];
    area.draw(&Rectangle::new(frame, RGBColor(150, 150, 150)))?;
    Ok(area.present()?)
}

/// A map: the path of a robot, and the landmarks.
#[derive(Clone, Copy, Debug)]
pub struct Map<'a> {
    /// What is above the map.
    pub title: &'a str,
    /// The points of the path.
    pub path: &'a [[f64; 2]],
    /// The landmarks.
    pub landmarks: &'a [[f64; 2]],
}

/// Draws maps side by side.
///
/// # Errors
/// If the file cannot be written.
pub fn maps(path: &Path, maps: &[Map<'_>]) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::new(path, (480 * maps.len() as u32, 500)).into_drawing_area();
    area.fill(&WHITE)?;
    for (map, area) in maps.iter().zip(area.split_evenly((1, maps.len()))) {
        let points = || map.path.iter().chain(map.landmarks);
        let range = |axis: usize| {
            let all = points().map(|point| point[axis]);
            let (least, most) = all.fold((f64::MAX, f64::MIN), |(least, most), x| (least.min(x), most.max(x)));
            (0.5 * (least + most), most - least)
        };
        // One scale for both axes.
        let [(x, width), (y, height)] = [range(0), range(1)];
        let half = 0.52 * width.max(height).max(1e-9);
        let mut chart = ChartBuilder::on(&area)
            .caption(map.title, (FONT, 18))
            .margin(10)
            .x_label_area_size(25)
            .y_label_area_size(45)
            .build_cartesian_2d(x - half..x + half, y - half..y + half)?;
        chart.configure_mesh().light_line_style(TRANSPARENT).draw()?;
        // Points that would be closer together than a pixel are left out.
        let mut last = [f64::INFINITY; 2];
        let thin = map.path.iter().filter(|point| {
            let is_far = (point[0] - last[0]).hypot(point[1] - last[1]) > half / 220.0 || last[0].is_infinite();
            last = if is_far { **point } else { last };
            is_far
        });
        let thin: Vec<_> = thin.map(|&[x, y]| (x, y)).collect();
        chart.draw_series(std::iter::once(PathElement::new(thin, COLORS[0])))?;
        chart.draw_series(map.landmarks.iter().map(|&[x, y]| Circle::new((x, y), 2, COLORS[1].filled())))?;
    }
    Ok(area.present()?)
}
