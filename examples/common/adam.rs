//! Adam, a gradient descent that adapts the step of each weight.
//!
//! ```text
//! m ← β₁m + (1 - β₁)g        v ← β₂v + (1 - β₂)g²        w ← w - α·m̂/(√v̂ + ε)
//! ```
//!
//! m̂ = m/(1 - β₁ᵗ) and v̂ = v/(1 - β₂ᵗ), in step t, correct for the start from 0. The constants are those of the
//! paper, except for α, which the caller chooses for each step.
//!
//! D. P. Kingma, J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015.

use nilpotent::Real;

const BETA: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;

#[derive(Clone, Debug)]
pub(crate) struct Adam<T> {
    m: Vec<T>,
    v: Vec<T>,
    /// β₁ᵗ and β₂ᵗ.
    powers: [f64; 2],
}

impl<T: Real> Adam<T> {
    /// Starts with n weights.
    pub(crate) fn new(n: usize) -> Self {
        Self { m: vec![T::zero(); n], v: vec![T::zero(); n], powers: [1.0; 2] }
    }

    pub(crate) fn step(&mut self, weights: &mut [T], gradient: &[T], rate: f64) {
        for (power, beta) in self.powers.iter_mut().zip(BETA) {
            *power *= beta;
        }
        let [first, second] = BETA.map(|beta| (T::lit(beta), T::lit(1.0 - beta)));
        let [for_m, for_v] = self.powers.map(|power| T::lit(1.0 / (1.0 - power)));
        let (rate, epsilon) = (T::lit(rate), T::lit(EPSILON));
        let moments = self.m.iter_mut().zip(&mut self.v);
        for ((w, &g), (m, v)) in weights.iter_mut().zip(gradient).zip(moments) {
            *m = first.0 * *m + first.1 * g;
            *v = second.0 * *v + second.1 * g * g;
            *w -= rate * (*m * for_m) / ((*v * for_v).sqrt() + epsilon);
        }
    }
}
