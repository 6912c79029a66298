//! Trains a network of two layers to read handwritten digits.
//!
//! ```text
//! cargo run --release --example digits                      prints the tables
//! cargo run --release --example digits -- --chart PATH      draws the course of the training and test images, as SVG
//! ```
//!
//! The loss at one image (network.rs) is a plain function of 4810 weights over `Real`; no derivative is written by hand.
//! Its gradient by reverse mode is recorded once as a program, which then runs at the 32 images of a batch at a time
//! (training.rs), each in a lane of its own, and adds their gradients up for a step of Adam. The data (data.rs) are 1797
//! images of 8 × 8 pixels, a fifth of which is drawn at random for the test.
//!
//! The program prints what each epoch has reached. Then it trains another network over `f32`, one for each of the other
//! fifths, so that each image is in the test once, and one whose test images are the last fifth of the file. These are
//! harder, since images that stand near each other in the file are alike. It succeeds if enough test images are
//! classified right, and all gradients were computed in lanes.

#[path = "../common/mod.rs"]
pub(crate) mod common;
#[path = "../common/chart.rs"]
mod plot;
#[path = "../common/random.rs"]
mod random;
#[path = "../common/adam.rs"]
mod adam;
#[path = "../common/layers.rs"]
mod layers;
pub(crate) mod data;
pub(crate) mod network;
pub(crate) mod picture;
pub(crate) mod training;

use data::{Image, Split};
use nilpotent::program::Lane;
#[cfg(test)]
pub(crate) use plot::chart_path;
use std::path::Path;
use std::process::ExitCode;
use training::{Epoch, Trained, classify, times, train};

pub(crate) const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/digits/digits.txt");
/// The number of hidden units.
pub(crate) const HIDDEN: usize = 64;
const EPOCHS: usize = 30;
/// The seed of the split, the first weights and the order of the images.
pub(crate) const SEED: u64 = 2;
/// The share of test images that must be classified right: of those drawn at random, and of the last ones.
const ENOUGH: [f64; 2] = [0.97, 0.88];

fn main() -> ExitCode {
    plot::program(|picture| Ok(run(Path::new(FILE), picture)?))
}

/// Trains on the images of a file, and returns whether all requirements are met.
pub(crate) fn run(file: &Path, picture: Option<&Path>) -> Result<bool, String> {
    let images = data::read(file).map_err(|error| error.to_string())?;
    let split = Split::at_random(&images, 0, SEED);
    let [learned, tested] = [&split.train, &split.test].map(Vec::len);
    println!(
        "64-{HIDDEN}-10, {} weights, {learned} images to learn from, {tested} to test on",
        network::weights(HIDDEN)
    );
    println!("\nepoch    loss   right of train   of test    time, ms");
    let trained = fit::<f64>(&split, |n, epoch| {
        if n < 5 || n.is_multiple_of(5) {
            let Epoch { loss, train, test, seconds, .. } = epoch;
            println!("{n:5}{loss:8.4}{:15.2} %{:8.2} %{:12.2}", train * 100.0, test * 100.0, seconds * 1e3);
        }
    })?;
    println!("\nwrong in the test");
    for (image, line) in wrong(&trained.weights, &split) {
        println!("line {line:4}: a {} taken for a {}", image.digit, classify::<_, HIDDEN>(&trained.weights, image));
    }
    if let Some(path) = picture {
        picture::write(path, &trained, &split).map_err(|error| error.to_string())?;
        println!("\nthe picture is in {}", path.display());
    }

    println!("\n{:34}{:>10}{:>15}{:>12}", "test images", "right", "least ms", "median ms");
    let narrow = fit::<f32>(&split, |_, _| ())?.epochs;
    let others = (1..data::FOLDS).map(|k| Ok(fit::<f64>(&Split::at_random(&images, k, SEED), |_, _| ())?.epochs));
    let folds: Vec<_> = std::iter::once(Ok(trained.epochs.clone())).chain(others).collect::<Result<_, String>>()?;
    let last = fit::<f64>(&Split::in_order(&images), |_, _| ())?.epochs;
    let rows: [(_, &[Vec<Epoch>], _); 4] = [
        ("a fifth drawn at random, f64", &[trained.epochs], ENOUGH[0]),
        ("the same, f32", &[narrow], ENOUGH[0]),
        ("each of five such fifths, f64", &folds, ENOUGH[0]),
        ("the last fifth of the file, f64", &[last], ENOUGH[1]),
    ];
    let mut met = true;
    for (name, runs, enough) in rows {
        let right = runs.iter().map(|epochs| epochs[EPOCHS - 1].test).sum::<f64>() / runs.len() as f64;
        let word = if right >= enough { "" } else { "   TOO FEW" };
        let [least, median] = times(&runs.concat());
        println!("{name:34}{:8.2} %{least:15.2}{median:12.2}{word}", right * 100.0);
        met &= right >= enough && runs.iter().flatten().all(|epoch| epoch.live == 0);
    }
    Ok(met)
}

/// Trains the network for all epochs.
fn fit<T: Lane>(split: &Split, report: impl FnMut(usize, &Epoch)) -> Result<Trained<T>, String> {
    train::<T, HIDDEN>(split, EPOCHS, SEED, report).map_err(|error| error.to_string())
}

/// The test images that are classified wrong, with their lines in the file.
pub(crate) fn wrong<'a>(weights: &'a [f64], split: &'a Split) -> impl Iterator<Item = (&'a Image, usize)> {
    let pairs = split.test.iter().zip(split.lines.iter().copied());
    pairs.filter(|(image, _)| classify::<_, HIDDEN>(weights, image) != image.digit)
}
