//! Training: the gradient of a batch by a recorded program in lanes, and the steps of Adam.

use super::adam::Adam;
use super::data::{DIGITS, Image, PIXELS, Split, shuffle};
use super::layers;
use super::network::{self, scores, slopes, weights};
use nilpotent::Error;
use nilpotent::program::{Kernel, Lane, Traced};
use std::time::Instant;

/// The number of images of a step: one block of lanes.
pub(crate) const BATCH: usize = 32;
/// The initial rate of Adam. It decreases to 0, so that the weights converge.
const RATE: f64 = 0.01;

/// What became of an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Epoch {
    /// The mean loss of the images during the epoch.
    pub(crate) loss: f64,
    /// The share of the images that are classified right after it: of those to learn from, and of the test.
    pub(crate) train: f64,
    pub(crate) test: f64,
    /// The time of all its steps.
    pub(crate) seconds: f64,
    /// How many images were not computed in lanes, because they take another course than the recorded one.
    pub(crate) live: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Trained<T> {
    pub(crate) weights: Vec<T>,
    pub(crate) epochs: Vec<Epoch>,
}

/// Trains a network with H hidden units, and calls `report` after each epoch.
pub(crate) fn train<T: Lane, const H: usize>(
    split: &Split,
    epochs: usize,
    mut seed: u64,
    mut report: impl FnMut(usize, &Epoch),
) -> Result<Trained<T>, Error> {
    let rows: Vec<Vec<T>> = split.train.iter().map(|image| image.row().map(T::lit).to_vec()).collect();
    let start = layers::start(&network::layers(H), &mut seed);
    let mut trained = Trained { weights: start.into_iter().map(T::lit).collect(), epochs: Vec::with_capacity(epochs) };
    let mut adam = Adam::new(weights(H));

    // The program of one image. The weights are the same for all images of a batch, and all results are added up.
    let like = [&trained.weights[..], &rows[0]].concat();
    let kernel = Kernel::new(slopes::<Traced<T>, H>, slopes::<T, H>, &like[..])?.fast();
    let kernel = kernel.uniform(0..weights(H)).summed(0..=weights(H));

    let mut order: Vec<_> = (0..rows.len()).collect();
    let mut sums = vec![T::zero(); 1 + weights(H)];
    for epoch in 0..epochs {
        let begin = Instant::now();
        let rate = RATE * (1.0 - epoch as f64 / epochs as f64);
        let (mut loss, mut live) = (0.0, 0);
        shuffle(&mut order, &mut seed);
        for batch in order.chunks(BATCH) {
            live += kernel.run(batch.len(), &trained.weights, |i| [&rows[batch[i]][..]], &mut [], &mut sums)?.live;
            let share = T::lit(1.0 / batch.len() as f64);
            sums[1..].iter_mut().for_each(|slope| *slope *= share);
            adam.step(&mut trained.weights, &sums[1..], rate);
            loss += sums[0].to_f64().expect("a float is a number of type f64");
        }
        let seconds = begin.elapsed().as_secs_f64();
        let share = |images: &[Image]| {
            let right = images.iter().filter(|image| classify::<T, H>(&trained.weights, image) == image.digit).count();
            right as f64 / images.len() as f64
        };
        let result = Epoch {
            loss: loss / rows.len() as f64,
            train: share(&split.train),
            test: share(&split.test),
            seconds,
            live,
        };
        report(epoch + 1, &result);
        trained.epochs.push(result);
    }
    Ok(trained)
}

/// The digit with the highest score.
pub(crate) fn classify<T: Lane, const H: usize>(weights: &[T], image: &Image) -> usize {
    let row = image.row().map(T::lit);
    let (pixels, _) = row.split_first_chunk::<PIXELS>().expect("pixels come first");
    let scores: [T; DIGITS] = scores::<T, H>(weights, pixels);
    layers::highest(&scores)
}

/// The least and the median time of an epoch in ms.
pub(crate) fn times(epochs: &[Epoch]) -> [f64; 2] {
    let mut times: Vec<_> = epochs.iter().map(|epoch| epoch.seconds * 1e3).collect();
    times.sort_by(f64::total_cmp);
    [times[0], times[times.len() / 2]]
}
