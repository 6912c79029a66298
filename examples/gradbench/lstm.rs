//! The loss of a recurrent network over a sequence of characters. Its layers are of long short-term memory, with
//! diagonal matrices.

use super::protocol::{Field, Functions, solve};
use nilpotent::{Real, reverse, rules};

pub(crate) const FUNCTIONS: Functions = &[
    ("objective", |field| {
        let input = Input::read(field)?;
        solve(field, || loss(&input.parameters, &input), Into::into)
    }),
    ("jacobian", |field| {
        let input = Input::read(field)?;
        solve(field, || gradient(&input), Into::into)
    }),
];

/// A network of l layers over characters of b bits.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) l: usize,
    pub(crate) b: usize,
    /// For each layer weights and then biases, b for each of four gates; after all layers the weights of the input, and
    /// the weights and biases of the output.
    pub(crate) parameters: Vec<f64>,
    /// For each layer its output and its memory cell.
    pub(crate) state: Vec<f64>,
    pub(crate) sequence: Vec<f64>,
}

impl Input {
    pub(crate) fn read(field: &Field) -> Result<Self, String> {
        let (main, sequence) = (field.get("main_params")?, field.get("sequence")?);
        let ([rows, _], [c, b]) = (main.shape()?, sequence.shape()?);
        if rows == 0 || rows % 2 == 1 {
            return main.expected("two rows for each layer");
        }
        if c < 2 || b == 0 {
            return sequence.expected("at least two characters");
        }
        let mut parameters = main.matrix(rows, 4 * b)?;
        parameters.extend(field.get("extra_params")?.matrix(3, b)?);
        let state = field.get("state")?.matrix(rows, b)?;
        Ok(Self { l: rows / 2, b, parameters, state, sequence: sequence.matrix(c, b)? })
    }
}

/// `-ln p` of each character given those before it, averaged over characters and bits.
pub(crate) fn loss<T: Real<Float = f64>>(parameters: &[T], input: &Input) -> T {
    let b = input.b;
    let (main, extra) = parameters.split_at(8 * b * input.l);
    let mut state: Vec<T> = input.state.iter().map(|&x| T::from_float(x)).collect();
    let (mut x, mut powers) = (vec![T::zero(); b], vec![T::zero(); b]);
    let mut terms = Vec::with_capacity(input.sequence.len() / b);
    for (now, next) in input.sequence.chunks_exact(b).zip(input.sequence.chunks_exact(b).skip(1)) {
        for (i, x) in x.iter_mut().enumerate() {
            *x = extra[i].times(now[i]);
        }
        for (layer, state) in main.chunks_exact(8 * b).zip(state.chunks_exact_mut(2 * b)) {
            let (weights, biases) = layer.split_at(4 * b);
            let (hidden, cell) = state.split_at_mut(b);
            for i in 0..b {
                let (w, c) = (|k| weights[k * b + i], |k| biases[k * b + i]);
                let (forget, enter) = (x[i] * w(0) + c(0), hidden[i] * w(1) + c(1));
                let (leave, change) = (x[i] * w(2) + c(2), hidden[i] * w(3) + c(3));
                let kept = rules::dot(&[cell[i], enter.sigmoid()], &[forget.sigmoid(), change.tanh()]);
                let handed_on = leave.sigmoid() * kept.tanh();
                (cell[i], hidden[i], x[i]) = (kept, handed_on, handed_on);
            }
        }
        for i in 0..b {
            x[i] = x[i] * extra[b + i] + extra[2 * b + i];
            powers[i] = x[i].exp();
        }
        let total = (rules::sum(&powers) + T::lit(2.0)).ln();
        terms.push(total.times(next.iter().sum()) - rules::linear_combination(next, &x));
    }
    rules::sum(&terms).times(1.0 / (terms.len() * b) as f64)
}

pub(crate) fn gradient(input: &Input) -> Vec<f64> {
    reverse::gradient(|p: &[_]| loss(p, input), &input.parameters).1
}
