//! The network 4-16-16-3, and its loss: one function over [`Real`].
//!
//! ```text
//! h₁ = tanh(A₁x + b₁)    h₂ = tanh(A₂h₁ + b₂)    s = A₃h₂ + b₃
//! ```
//!
//! The network assigns a species with the score s the probability `p = exp(s)/Σ exp(s)`.

use super::iris::{Flower, SPECIES};
use super::layers::{self, affine, size};
use nilpotent::{Real, rules};

const INPUTS: usize = 4;
pub(crate) const HIDDEN: usize = 16;
const OUTPUTS: usize = SPECIES.len();
/// The numbers of inputs and outputs of each layer.
const LAYERS: [[usize; 2]; 3] = [[INPUTS, HIDDEN], [HIDDEN, HIDDEN], [HIDDEN, OUTPUTS]];
/// The number of weights.
pub(crate) const WEIGHTS: usize = size(LAYERS[0]) + size(LAYERS[1]) + size(LAYERS[2]);
/// The λ of the loss, which is the strength of weight decay.
pub(crate) const DECAY: f64 = 1e-3;

/// The scores of the species.
pub(crate) fn scores<T: Real>(weights: &[T], measures: [f64; INPUTS]) -> [T; OUTPUTS] {
    let (first, rest) = weights.split_at(size(LAYERS[0]));
    let (second, third) = rest.split_at(size(LAYERS[1]));
    let h: [T; HIDDEN] = affine(first, &measures.map(T::lit), rules::dot).map(T::tanh);
    let h: [T; HIDDEN] = affine(second, &h, rules::dot).map(T::tanh);
    affine(third, &h, rules::dot)
}

/// The species with the highest score.
pub(crate) fn classify(weights: &[f64], measures: [f64; INPUTS]) -> usize {
    layers::highest(&scores(weights, measures))
}

/// The cross-entropy, which is the mean of `-ln p = ln Σ exp(s) - s` of the true species over all flowers.
pub(crate) fn cross_entropy<T: Real>(weights: &[T], flowers: &[Flower]) -> T {
    let sum: T = flowers
        .iter()
        .map(|flower| {
            let scores = scores(weights, flower.measures);
            // `ln_sum_exp` does not overflow.
            rules::ln_sum_exp(&scores) - scores[flower.species]
        })
        .sum();
    sum / T::lit(flowers.len() as f64)
}

/// The function to minimize: the cross-entropy, plus the penalty `λ/2·‖w‖²`, without which the weights would grow
/// forever.
pub(crate) fn loss<T: Real>(weights: &[T], flowers: &[Flower]) -> T {
    let squares: T = weights.iter().map(|&w| w * w).sum();
    cross_entropy(weights, flowers) + T::lit(DECAY / 2.0) * squares
}

/// The initial weights.
pub(crate) fn start(mut seed: u64) -> Vec<f64> {
    layers::start(&LAYERS, &mut seed)
}
