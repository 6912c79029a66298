//! Monte Carlo: means over paths, with their standard errors, and the ways to the derivatives.

use super::random::uniform;
use nilpotent::program::Kernel;
use nilpotent::{Dual, Error, Real, Traced, Var, reverse};
use std::ops::Range;

/// A price by simulation, as a function of N inputs.
pub(crate) trait Model<const N: usize> {
    /// The discounted payoff along a path that these normal numbers make, one for each step.
    fn along_path<T: Real>(x: [T; N], normals: impl ExactSizeIterator<Item = T>) -> T;
}

/// A model whose price is known.
pub(crate) trait Priced<const N: usize>: Model<N> {
    /// The price, by a formula.
    fn formula<T: Real>(x: [T; N]) -> T;
}

/// Normal numbers for all steps of all paths.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    steps: usize,
    normals: Vec<f64>,
}

impl Paths {
    /// Numbers that are the same in each run with this seed, which must not be 0.
    pub(crate) fn new(paths: usize, steps: usize, mut seed: u64) -> Self {
        let normal = |_| std::f64::consts::SQRT_2 * Real::erf_inv(uniform(&mut seed));
        Self { steps, normals: (0..paths * steps).map(normal).collect() }
    }

    pub(crate) fn count(&self) -> usize {
        self.normals.len() / self.steps
    }

    /// The numbers of path i.
    pub(crate) fn of(&self, i: usize) -> &[f64] {
        &self.normals[i * self.steps..][..self.steps]
    }
}

/// The payoff.
fn price<M: Model<N>, T: Real, const N: usize>(x: &[T]) -> Vec<T> {
    let (inputs, normals) = x.split_first_chunk::<N>().expect("inputs and normal numbers");
    vec![M::along_path(*inputs, normals.iter().copied())]
}

/// The payoff and its gradient by the adjoint.
fn greeks<M: Model<N>, T: Real, const N: usize>(x: &[T]) -> Vec<T> {
    let (inputs, normals) = x.split_first_chunk::<N>().expect("inputs and normal numbers");
    let constants = normals.iter().map(|&z| Var::constant(z));
    let (value, gradient) = reverse::gradient(|x: [Var<T>; N]| M::along_path(x, constants), *inputs);
    std::iter::once(value).chain(gradient).collect()
}

/// The payoff, its gradient, and the derivatives of the first entry of the gradient, which is delta.
fn second_greeks<M: Model<N>, T: Real, const N: usize>(x: &[T]) -> Vec<T> {
    let (inputs, normals) = x.split_first_chunk::<N>().expect("inputs and normal numbers");
    let constants = normals.iter().map(|&z| Var::constant(Dual::constant(z)));
    let first = std::array::from_fn(|k| if k == 0 { T::one() } else { T::zero() });
    let (value, gradient, row) = reverse::hvp(|x: [Var<Dual<T>>; N]| M::along_path(x, constants), *inputs, first);
    std::iter::once(value).chain(gradient).chain(row).collect()
}

/// A function of inputs and normal numbers, for recordings and for floats.
pub(crate) type Both = (fn(&[Traced]) -> Vec<Traced>, fn(&[f64]) -> Vec<f64>);

/// The price, and price and Greeks.
pub(crate) fn functions<M: Model<N>, const N: usize>() -> [Both; 2] {
    [(price::<M, _, N>, price::<M, _, N>), (greeks::<M, _, N>, greeks::<M, _, N>)]
}

/// Price, Greeks and the derivatives of delta.
pub(crate) fn second<M: Model<N>, const N: usize>() -> Both {
    (second_greeks::<M, _, N>, second_greeks::<M, _, N>)
}

/// What a program is recorded at: the inputs, and the numbers of a path.
pub(crate) fn start(x: &[f64], paths: &Paths) -> Vec<f64> {
    [x, paths.of(0)].concat()
}

/// A function as a program in lanes.
pub(crate) type Lanes<'a> = Kernel<&'a [f64], fn(&[Traced]) -> Vec<Traced>, fn(&[f64]) -> Vec<f64>>;

/// Records a function of N inputs, which are the same for all paths, and whose results are summed.
pub(crate) fn lanes<const N: usize>((traced, live): Both, start: &[f64]) -> Result<Lanes<'_>, Error> {
    let kernel = Kernel::new(traced, live, start)?.uniform(0..N);
    let results = kernel.program().results();
    Ok(kernel.summed(0..results).fast())
}

/// Sums over some paths by a program in lanes, and at how many paths the function itself was needed.
pub(crate) fn in_lanes(lanes: &Lanes<'_>, x: &[f64], paths: &Paths, some: Range<usize>) -> (Vec<f64>, usize) {
    let mut sums = vec![0.0; lanes.program().results()];
    let report = lanes.run(some.len(), x, |i| [paths.of(some.start + i)], &mut [], &mut sums);
    (sums, report.expect("slices of the right lengths").live)
}

/// The sum of the payoffs over some paths by a loop.
pub(crate) fn by_loop<M: Model<N>, const N: usize>(x: &[f64; N], paths: &Paths, some: Range<usize>) -> Vec<f64> {
    vec![some.map(|i| M::along_path(*x, paths.of(i).iter().copied())).sum()]
}

/// The sums of payoffs and gradients over some paths by a loop, with a recording and a sweep for each path.
pub(crate) fn by_adjoint<M: Model<N>, const N: usize>(x: &[f64; N], paths: &Paths, some: Range<usize>) -> Vec<f64> {
    let (mut sums, mut gradient) = (vec![0.0; N + 1], [0.0; N]);
    for i in some {
        let constants = paths.of(i).iter().map(|&z| Var::constant(z));
        sums[0] += reverse::gradient_into(|x: [Var; N]| M::along_path(x, constants), *x, &mut gradient);
        sums[1..].iter_mut().zip(gradient).for_each(|(sum, slope)| *sum += slope);
    }
    sums
}

/// A mean with its standard error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    pub(crate) mean: f64,
    pub(crate) error: f64,
}

impl Estimate {
    /// The distance from the exact number, in standard errors.
    pub(crate) fn distance(&self, exact: f64) -> f64 {
        (self.mean - exact) / self.error
    }
}

/// The number of batches of paths. Their means tell the standard error of the mean over all paths.
pub(crate) const BATCHES: usize = 50;

/// The means over all paths, from the sums over each batch of paths.
pub(crate) fn estimates(paths: usize, sums: impl Fn(Range<usize>) -> Vec<f64>) -> Vec<Estimate> {
    let (size, count) = (paths / BATCHES, BATCHES as f64);
    let batches: Vec<Vec<f64>> = (0..BATCHES).map(|k| sums(k * size..(k + 1) * size)).collect();
    let estimate = |k: usize| {
        let means = batches.iter().map(|sums| sums[k] / size as f64);
        let mean = means.clone().sum::<f64>() / count;
        let squares: f64 = means.map(|x| (x - mean).powi(2)).sum();
        Estimate { mean, error: (squares / (count * (count - 1.0))).sqrt() }
    };
    (0..batches[0].len()).map(estimate).collect()
}
