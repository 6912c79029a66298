//! The likelihood of points under a mixture of Gaussians, with a Wishart prior on their precisions.
//!
//! ```text
//! F = Σᵢ ln Σ꜀ exp βᵢ꜀ - n ln Σ꜀ exp α꜀ - Σ꜀(½γ²(‖exp q꜀‖² + ‖l꜀‖²) - m Σⱼ q꜀ⱼ) + const
//! β = α + Σⱼ qⱼ - ½‖Q(x - μ)‖²        Q lower triangular: exp q on the diagonal, l below it
//! ```

use super::protocol::{Field, Functions, rows, solve};
use nilpotent::program::Kernel;
use nilpotent::{Real, Var, reverse, rules};
use serde_json::json;
use std::f64::consts::{LN_2, PI};

pub(crate) const FUNCTIONS: Functions = &[
    ("objective", |field| {
        let input = Input::read(field)?;
        solve(field, || objective(&input), Into::into)
    }),
    ("jacobian", |field| {
        let input = Input::read(field)?;
        solve(
            field,
            || gradient(&input),
            |gradient| {
                let Parameters { alpha, mu, q, l } = input.parts(&gradient);
                let d = input.d;
                json!({ "alpha": alpha, "mu": rows(mu, d), "q": rows(q, d), "l": lower_rows(l, d, input.k) })
            },
        )
    }),
];

/// The points, and a mixture of k components in d dimensions.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) d: usize,
    pub(crate) k: usize,
    /// The points, each with a -1 before it: see [`components`].
    pub(crate) x: Vec<f64>,
    pub(crate) m: f64,
    pub(crate) gamma: f64,
    /// The parameters α, μ, q and l of all components.
    pub(crate) parameters: Vec<f64>,
}

/// The parameters of all components, one after another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameters<'a, T> {
    pub(crate) alpha: &'a [T],
    pub(crate) mu: &'a [T],
    pub(crate) q: &'a [T],
    pub(crate) l: &'a [T],
}

impl Input {
    pub(crate) fn read(field: &Field) -> Result<Self, String> {
        let [d, k, n] = ["d", "k", "n"].map(|name| field.get(name).and_then(|count| count.positive()));
        let (d, k, n) = (d?, k?, n?);
        let mut parameters = field.get("alpha")?.vector_of(k)?;
        for (name, columns) in [("mu", d), ("q", d), ("l", d * (d - 1) / 2)] {
            parameters.extend(field.get(name)?.matrix(k, columns)?);
        }
        let x = field.get("x")?.matrix(n, d)?;
        Ok(Self::new([d, k], &x, field.get("m")?.number()?, field.get("gamma")?.number()?, parameters))
    }

    pub(crate) fn new([d, k]: [usize; 2], x: &[f64], m: f64, gamma: f64, parameters: Vec<f64>) -> Self {
        let x = x.chunks_exact(d).flat_map(|x| std::iter::once(&-1.0).chain(x)).copied().collect();
        Self { d, k, x, m, gamma, parameters }
    }

    fn points(&self) -> impl Iterator<Item = &[f64]> {
        self.x.chunks_exact(self.d + 1)
    }

    pub(crate) fn parts<'a, T>(&self, parameters: &'a [T]) -> Parameters<'a, T> {
        let (alpha, rest) = parameters.split_at(self.k);
        let (mu, rest) = rest.split_at(self.k * self.d);
        let (q, l) = rest.split_at(self.k * self.d);
        Parameters { alpha, mu, q, l }
    }
}

/// The rows of l, of which each may be empty.
fn lower_rows(l: &[f64], d: usize, k: usize) -> serde_json::Value {
    if d == 1 { json!(vec![[0.0; 0]; k]) } else { rows(l, d * (d - 1) / 2) }
}

/// For each component `α + Σⱼ qⱼ` and the rows of Q, each preceded by its entry of Qμ. So the product of such a row
/// with a point that is preceded by -1 is an entry of `Q(x - μ)`.
fn components<T: Real>(input: &Input, parameters: &[T]) -> Vec<T> {
    let (d, below) = (input.d, input.d * (input.d - 1) / 2);
    let Parameters { alpha, mu, q, l } = input.parts(parameters);
    let mut table = Vec::with_capacity(input.k * size(d));
    for c in 0..input.k {
        let (mu, q, l) = (&mu[c * d..][..d], &q[c * d..][..d], &l[c * below..][..below]);
        table.push(alpha[c] + rules::sum(q));
        for i in 0..d {
            // l holds the columns below the diagonal one after another.
            let left = (0..i).map(|j| l[j * (2 * d - j - 1) / 2 + i - j - 1]);
            let row: Vec<T> = left.chain([q[i].exp()]).collect();
            table.push(rules::dot(&row, &mu[..=i]));
            table.extend(row);
        }
    }
    table
}

/// The number of entries that a component has in that table.
fn size(d: usize) -> usize {
    1 + d * (d + 3) / 2
}

/// β of a component for the point x.
fn beta<T: Real>(component: &[T], x: &[T]) -> T {
    let mut rows = &component[1..];
    (2..=x.len()).fold(component[0], |beta, length| {
        let row;
        (row, rows) = rows.split_at(length);
        // An entry of Q(x - μ).
        let y: T = row.iter().zip(x).map(|(&row, &x)| row * x).sum();
        beta + y * y * T::lit(-0.5)
    })
}

/// The gradient of w·β in the entries of a component, which the point x and the weight w follow.
fn slopes<T: Real>(all: &[T], size: usize) -> Vec<T> {
    let (component, rest) = all.split_at(size);
    let rest: Vec<Var<T>> = rest.iter().map(|&x| Var::constant(x)).collect();
    let (&weight, x) = rest.split_last().expect("a point and a weight");
    reverse::gradient(|component: &[Var<T>]| beta(component, x) * weight, component).1
}

/// The terms that do not depend on the points.
fn prior<T: Real<Float = f64>>(input: &Input, parameters: &[T]) -> T {
    let (d, k, m) = (input.d as f64, input.k as f64, input.m);
    let n = (input.x.len() / (input.d + 1)) as f64;
    let Parameters { alpha, q, l, .. } = input.parts(parameters);
    let diagonal: Vec<T> = q.iter().map(|q| q.exp()).collect();
    let squares = rules::dot(&diagonal, &diagonal) + rules::dot(l, l);
    let degrees = d + m + 1.0;
    let ln_gammas = (0..input.d).map(|j| Real::ln_gamma((degrees - j as f64) / 2.0)).sum::<f64>();
    let ln_gamma = d * (d - 1.0) / 4.0 * PI.ln() + ln_gammas;
    let constant = k * (degrees * d * (input.gamma.ln() - 0.5 * LN_2) - ln_gamma) - n * d / 2.0 * (2.0 * PI).ln();
    T::from_float(constant) - rules::ln_sum_exp(alpha).times(n) - squares.times(0.5 * input.gamma * input.gamma)
        + rules::sum(q).times(m)
}

/// All `βᵢ꜀`, point by point.
fn betas(input: &Input, table: &[f64]) -> Vec<f64> {
    let mut betas = Vec::with_capacity(input.k * input.x.len() / (input.d + 1));
    for x in input.points() {
        betas.extend(table.chunks_exact(size(input.d)).map(|component| beta(component, x)));
    }
    betas
}

/// F
pub(crate) fn objective(input: &Input) -> f64 {
    let betas = betas(input, &components(input, &input.parameters));
    prior(input, &input.parameters) + betas.chunks_exact(input.k).map(rules::ln_sum_exp).sum::<f64>()
}

/// The gradient of a point's likelihood in its β.
fn weights<T: Real>(beta: &[T]) -> Vec<T> {
    reverse::gradient(|beta: &[Var<T>]| rules::ln_sum_exp(beta), beta).1
}

/// ∇F. It goes back from the sum to all β, from there to the components, and from those to the parameters. β and its
/// gradient are recorded once for one component and one point, and run for all.
pub(crate) fn gradient(input: &Input) -> Vec<f64> {
    let (d, k, parameters) = (input.d, input.k, &input.parameters);
    let (size, n) = (size(d), input.x.len() / (d + 1));
    let (table, pullback) = reverse::vjp(|p: &[_]| components(input, p), parameters);
    let point = |i: usize| &input.x[i * (d + 1)..][..d + 1];
    let first: Vec<f64> = [&table[..size], point(0), &[1.0]].concat();
    let values = Kernel::new(
        |x: &[_]| beta(&x[..size], &x[size..]),
        |x: &[f64]| beta(&x[..size], &x[size..]),
        &first[..size + d + 1],
    );
    let values = values.expect("no value leaves the function").uniform(0..size);
    let gradients = Kernel::new(|x: &[_]| slopes(x, size), |x: &[f64]| slopes(x, size), &first[..]);
    let gradients = gradients.expect("no value leaves the function").uniform(0..size).summed(0..size);

    // All β, component by component, and their weights, point by point.
    let mut betas = vec![0.0; k * n];
    for (component, betas) in table.chunks_exact(size).zip(betas.chunks_exact_mut(n)) {
        values.run(n, component, |i| [point(i)], betas, &mut []).expect("a value for each point");
    }
    let by_point: Vec<f64> = (0..n).flat_map(|i| (0..k).map(move |c| c * n + i)).map(|at| betas[at]).collect();
    let likelihood = Kernel::new(weights, weights, &by_point[..k]).expect("no value leaves the function");
    let weights =
        likelihood.map(&by_point.chunks_exact(k).collect::<Vec<_>>()).expect("the same number for each point");
    let mut slopes = vec![0.0; table.len()];
    for (c, (component, slopes)) in table.chunks_exact(size).zip(slopes.chunks_exact_mut(size)).enumerate() {
        gradients
            .run(n, component, |i| [point(i), &weights[i * k + c..][..1]], &mut [], slopes)
            .expect("a sum for each entry of a component");
    }
    let (_, mut gradient) = reverse::gradient(|p: &[_]| prior(input, p), parameters);
    gradient.iter_mut().zip(pullback.call(slopes)).for_each(|(g, d)| *g += d);
    gradient
}
