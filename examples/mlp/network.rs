//! The network 4-16-16-3, and its loss: one function over [`Real`].
//!
//! ```text
//! h₁ = tanh(A₁x + b₁)    h₂ = tanh(A₂h₁ + b₂)    s = A₃h₂ + b₃
//! ```
//!
//! The network assigns a species with the score s the probability `p = exp(s)/Σ exp(s)`.

use super::iris::{Flower, SPECIES};
use super::random::uniform;
use nilpotent::{Real, rules};

const INPUTS: usize = 4;
pub(crate) const HIDDEN: usize = 16;
const OUTPUTS: usize = SPECIES.len();
/// The numbers of inputs and outputs of each layer.
const LAYERS: [[usize; 2]; 3] = [[INPUTS, HIDDEN], [HIDDEN, HIDDEN], [HIDDEN, OUTPUTS]];
/// The number of weights: each output of a layer has one for each input, and one for the constant 1.
pub(crate) const WEIGHTS: usize = size(0) + size(1) + size(2);
/// The λ of the loss, which is the strength of weight decay.
pub(crate) const DECAY: f64 = 1e-3;

const fn size(layer: usize) -> usize {
    let [inputs, outputs] = LAYERS[layer];
    outputs * (inputs + 1)
}

/// `Ax + b`. The weights hold A row by row, and after each row its entry of b.
fn affine<T: Real, const I: usize, const O: usize>(weights: &[T], x: &[T; I]) -> [T; O] {
    std::array::from_fn(|row| {
        let row = &weights[row * (I + 1)..][..=I];
        rules::dot(&row[..I], x) + row[I]
    })
}

/// The scores of the species.
pub(crate) fn scores<T: Real>(weights: &[T], measures: [f64; INPUTS]) -> [T; OUTPUTS] {
    let (first, rest) = weights.split_at(size(0));
    let (second, third) = rest.split_at(size(1));
    let h: [T; HIDDEN] = affine(first, &measures.map(T::lit)).map(T::tanh);
    let h: [T; HIDDEN] = affine(second, &h).map(T::tanh);
    affine(third, &h)
}

/// The species with the highest score.
pub(crate) fn classify(weights: &[f64], measures: [f64; INPUTS]) -> usize {
    let scores = scores(weights, measures);
    (0..OUTPUTS).max_by(|&i, &j| scores[i].total_cmp(&scores[j])).expect("there are species")
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

/// The initial weights: uniform in `±√(6/(inputs + outputs))` (Glorot and Bengio), and 0 for b.
pub(crate) fn start(mut seed: u64) -> Vec<f64> {
    let mut weights = Vec::with_capacity(WEIGHTS);
    for [inputs, outputs] in LAYERS {
        let bound = (6.0 / (inputs + outputs) as f64).sqrt();
        for _ in 0..outputs {
            weights.extend((0..inputs).map(|_| bound * uniform(&mut seed)));
            weights.push(0.0);
        }
    }
    weights
}
