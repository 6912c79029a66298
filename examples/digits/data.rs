//! The data: handwritten digits, one per line: 64 pixels row by row, each a digit of base 17 from 0 to g (16), a space,
//! and which digit it is.

use super::common::{self, Error};
use super::random::uniform;
use std::path::Path;

pub(crate) const SIDE: usize = 8;
pub(crate) const PIXELS: usize = SIDE * SIDE;
pub(crate) const DIGITS: usize = 10;
pub(crate) const IMAGES: usize = 1797;
/// One part of the images in this many is kept for the test.
pub(crate) const FOLDS: usize = 5;
/// The largest value of a pixel.
const BLACK: u8 = 16;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Image {
    /// The darkness of each pixel, 0 to 16.
    pub(crate) pixels: [u8; PIXELS],
    pub(crate) digit: usize,
}

pub(crate) fn read(path: &Path) -> Result<Vec<Image>, Error> {
    let text = common::text(path)?;
    let lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, text)| !text.is_empty());
    let images: Vec<_> = lines
        .map(|(line, text)| parse(text).map_err(|what| Error::new(path, Some(line), what)))
        .collect::<Result<_, _>>()?;
    if images.len() != IMAGES {
        return Err(Error::new(path, None, format!("expected {IMAGES} images, found {}", images.len())));
    }
    Ok(images)
}

fn parse(text: &str) -> Result<Image, String> {
    let (row, digit) =
        text.split_once(' ').ok_or_else(|| format!("expected {PIXELS} pixels, a space and a digit, found `{text}`"))?;
    let count = row.chars().count();
    if count != PIXELS {
        return Err(format!("expected {PIXELS} pixels, found {count}"));
    }
    let mut image = Image { pixels: [0; PIXELS], digit: 0 };
    for (k, (pixel, letter)) in (1..).zip(image.pixels.iter_mut().zip(row.chars())) {
        let value = letter.to_digit(u32::from(BLACK) + 1).filter(|_| !letter.is_uppercase());
        *pixel = value
            .and_then(|value| value.try_into().ok())
            .ok_or_else(|| format!("expected pixels from 0 to 9 and a to g, found `{letter}` as pixel {k}"))?;
    }
    let number = digit.parse().ok().filter(|digit| *digit < DIGITS);
    image.digit = number.ok_or_else(|| format!("expected a digit from 0 to 9 behind the pixels, found `{digit}`"))?;
    Ok(image)
}

impl Image {
    /// What the program gets of an image: the darkness from 0 to 1, and 1 at the place of the digit among zeros.
    pub(crate) fn row(&self) -> [f64; PIXELS + DIGITS] {
        std::array::from_fn(|k| match k.checked_sub(PIXELS) {
            None => f64::from(self.pixels[k]) / f64::from(BLACK),
            Some(digit) => f64::from(u8::from(digit == self.digit)),
        })
    }
}

/// The images to learn from, and those to test on, with their lines in the file.
#[derive(Clone, Debug)]
pub(crate) struct Split {
    pub(crate) train: Vec<Image>,
    pub(crate) test: Vec<Image>,
    pub(crate) lines: Vec<usize>,
}

impl Split {
    /// Divides the images at random into [`FOLDS`] parts, and takes part k for the test.
    pub(crate) fn at_random(images: &[Image], k: usize, mut seed: u64) -> Self {
        let mut order: Vec<_> = (0..images.len()).collect();
        shuffle(&mut order, &mut seed);
        Self::new(images, order, k)
    }

    /// Takes the last images for the test.
    pub(crate) fn in_order(images: &[Image]) -> Self {
        Self::new(images, (0..images.len()).collect(), FOLDS - 1)
    }

    fn new(images: &[Image], mut order: Vec<usize>, k: usize) -> Self {
        let place = |k| k * order.len() / FOLDS;
        let test: Vec<_> = order.drain(place(k)..place(k + 1)).collect();
        let take = |part: &[usize]| part.iter().map(|&i| images[i]).collect();
        Self { train: take(&order), test: take(&test), lines: test.iter().map(|i| i + 1).collect() }
    }
}

/// Shuffles a list, by the algorithm of Fisher and Yates.
pub(crate) fn shuffle(list: &mut [usize], seed: &mut u64) {
    for i in (1..list.len()).rev() {
        let share = (uniform(seed) + 1.0) / 2.0;
        list.swap(i, (share * (i + 1) as f64) as usize);
    }
}
