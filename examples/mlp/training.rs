//! Training by Adam, a gradient descent that adapts the step of each weight.
//!
//! ```text
//! m ← β₁m + (1 - β₁)g        v ← β₂v + (1 - β₂)g²        w ← w - α·m̂/(√v̂ + ε)
//! ```
//!
//! m̂ = m/(1 - β₁ᵗ) and v̂ = v/(1 - β₂ᵗ), in step t, correct for the start from 0. The constants are those of the
//! paper, except for α, which decreases to 0 at the end, so that the weights converge.
//!
//! D. P. Kingma, J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015.

use super::iris::Split;
use super::network::{cross_entropy, loss};
use nilpotent::reverse;

/// The initial α.
const RATE: f64 = 0.01;
const BETA: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;
/// A line is printed on stderr after this many steps.
const PROGRESS: usize = 20;

#[derive(Clone, Debug)]
pub(crate) struct Adam {
    m: Vec<f64>,
    v: Vec<f64>,
    /// β₁ᵗ and β₂ᵗ.
    powers: [f64; 2],
}

impl Adam {
    /// Starts with n weights.
    pub(crate) fn new(n: usize) -> Self {
        Self { m: vec![0.0; n], v: vec![0.0; n], powers: [1.0; 2] }
    }

    pub(crate) fn step(&mut self, weights: &mut [f64], gradient: &[f64], rate: f64) {
        for (power, beta) in self.powers.iter_mut().zip(BETA) {
            *power *= beta;
        }
        let moments = self.m.iter_mut().zip(&mut self.v);
        for ((w, g), (m, v)) in weights.iter_mut().zip(gradient).zip(moments) {
            *m = BETA[0] * *m + (1.0 - BETA[0]) * g;
            *v = BETA[1] * *v + (1.0 - BETA[1]) * g * g;
            let [m, v] = [*m / (1.0 - self.powers[0]), *v / (1.0 - self.powers[1])];
            *w -= rate * m / (v.sqrt() + EPSILON);
        }
    }
}

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
