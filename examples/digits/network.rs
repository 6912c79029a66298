//! The network 64-H-10, and its loss at one image: plain functions over [`Real`].
//!
//! ```text
//! h = relu(A₁x + b₁)    s = A₂h + b₂
//! ```
//!
//! The network assigns a digit with the score s the probability `p = exp(s)/Σ exp(s)`. Its loss is `-ln p` of the true
//! digit, the cross-entropy.
//!
//! These functions are recorded once, with their gradient, and then run at many images at a time. So they have no
//! branches: what is decided by a value would hold only at images at which it is decided in the same way.

use super::data::{DIGITS, PIXELS};
use super::layers::{affine, size};
use nilpotent::{Real, Var, reverse, rules};

/// The numbers of inputs and outputs of each layer.
pub(crate) const fn layers(hidden: usize) -> [[usize; 2]; 2] {
    [[PIXELS, hidden], [hidden, DIGITS]]
}

/// The number of weights.
pub(crate) const fn weights(hidden: usize) -> usize {
    let [first, second] = layers(hidden);
    size(first) + size(second)
}

/// The product of two vectors, term by term. `rules::dot` leaves out factors that are 0, as many pixels are, and so is a
/// branch.
fn dot<T: Real>(x: &[T], y: &[T]) -> T {
    x.iter().zip(y).map(|(&x, &y)| x * y).sum()
}

/// `max(x, 0)`, written as `(x + |x|)/2`, since in reverse mode the choice of a variable is a branch.
fn relu<T: Real>(x: T) -> T {
    (x + x.abs()) * T::lit(0.5)
}

/// The scores of the digits.
pub(crate) fn scores<T: Real, const H: usize>(weights: &[T], pixels: &[T; PIXELS]) -> [T; DIGITS] {
    let (first, second) = weights.split_at(size(layers(H)[0]));
    let h: [T; H] = affine(first, pixels, dot).map(relu);
    affine(second, &h, dot)
}

/// The loss at an image, which is given as [`Image::row`](super::data::Image::row) makes it.
pub(crate) fn loss<T: Real, const H: usize>(weights: &[T], row: &[T]) -> T {
    let (pixels, digit) = row.split_first_chunk().expect("pixels, and which digit it is");
    let scores = scores::<T, H>(weights, pixels);
    // `ln_sum_exp` does not overflow.
    rules::ln_sum_exp(&scores) - dot(&scores, digit)
}

/// The loss at an image and its gradient in the weights, which the image follows.
pub(crate) fn slopes<T: Real, const H: usize>(inputs: &[T]) -> (T, Vec<T>) {
    let (weights, row) = inputs.split_at(weights(H));
    let row: Vec<Var<T>> = row.iter().map(|&x| Var::constant(x)).collect();
    reverse::gradient(|weights: &[Var<T>]| loss::<_, H>(weights, &row), weights)
}
