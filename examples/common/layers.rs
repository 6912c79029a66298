//! Layers of neural networks.
//!
//! The weights of a layer hold its matrix A row by row, and after each row its entry of b.

use super::random::uniform;
use nilpotent::Real;
use nilpotent::num_traits::ToPrimitive;

/// The number of weights of a layer: each output has one for each input, and one for the constant 1.
pub(crate) const fn size([inputs, outputs]: [usize; 2]) -> usize {
    outputs * (inputs + 1)
}

/// `Ax + b`, by this product of two vectors.
pub(crate) fn affine<T: Real, const I: usize, const O: usize>(
    weights: &[T],
    x: &[T; I],
    dot: impl Fn(&[T], &[T]) -> T,
) -> [T; O] {
    std::array::from_fn(|row| {
        let row = &weights[row * (I + 1)..][..=I];
        dot(&row[..I], x) + row[I]
    })
}

/// The initial weights of layers with these numbers of inputs and outputs: uniform in `±√(6/(inputs + outputs))` (Glorot
/// and Bengio 2010), and 0 for b.
pub(crate) fn start(layers: &[[usize; 2]], seed: &mut u64) -> Vec<f64> {
    let mut weights = Vec::new();
    for &[inputs, outputs] in layers {
        let bound = (6.0 / (inputs + outputs) as f64).sqrt();
        for _ in 0..outputs {
            weights.extend((0..inputs).map(|_| bound * uniform(seed)));
            weights.push(0.0);
        }
    }
    weights
}

/// The index of the highest score.
pub(crate) fn highest<T: ToPrimitive>(scores: &[T]) -> usize {
    let score = |i: &usize| scores[*i].to_f64().expect("a float is a number of type f64");
    (0..scores.len()).max_by(|i, j| score(i).total_cmp(&score(j))).expect("there are scores")
}
