//! Training by Adam, whose rate decreases to 0 at the end, so that the weights converge.

use super::adam::Adam;
use super::iris::Split;
use super::network::{cross_entropy, loss};
use nilpotent::reverse;

/// The initial rate.
const RATE: f64 = 0.01;
/// A line is printed on stderr after this many steps.
const PROGRESS: usize = 20;

/// The losses at a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Losses {
    /// The function that is minimized.
    pub(crate) loss: f64,
    /// The cross-entropy of the flowers to learn from (`train`), and that of the test flowers (`test`).
    pub(crate) train: f64,
    pub(crate) test: f64,
}

#[derive(Clone, Debug)]
pub(crate) struct Trained {
    pub(crate) weights: Vec<f64>,
    /// The losses before each step, and at the end.
    pub(crate) curve: Vec<Losses>,
}

/// Trains for the given number of steps.
pub(crate) fn train(mut weights: Vec<f64>, data: &Split, steps: usize) -> Trained {
    let mut adam = Adam::new(weights.len());
    let mut curve = Vec::with_capacity(steps + 1);
    for step in 0..=steps {
        let (loss, gradient) = reverse::gradient(|w| loss(w, &data.train), &weights);
        let losses =
            Losses { loss, train: cross_entropy(&weights, &data.train), test: cross_entropy(&weights, &data.test) };
        curve.push(losses);
        if step % PROGRESS == 0 {
            eprintln!("step {step:4}: loss {loss:.4}, cross-entropy {:.4}, test {:.4}", losses.train, losses.test);
        }
        if step < steps {
            let left = 1.0 - step as f64 / steps as f64;
            adam.step(&mut weights, &gradient, RATE * left);
        }
    }
    Trained { weights, curve }
}
