//! Gradients by either mode of functions that may take gradients themselves, and gradient descent.

use nilpotent::rules::Chain;
use nilpotent::{Real, gradient, reverse};

/// A function of N variables that holds numbers `S`. It is evaluated in numbers `T`; `lift` turns an `S` into a `T`.
pub(crate) trait Function<S, const N: usize> {
    fn value<T: Real<Float = f64>>(&self, x: [T; N], lift: impl Fn(S) -> T) -> T;
}

/// The mode of a gradient: forward or reverse.
pub(crate) trait Mode {
    /// `∇f(x)`
    fn gradient<S: Real<Float = f64>, const N: usize>(f: &impl Function<S, N>, x: [S; N]) -> [S; N];
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Forward;

impl Mode for Forward {
    fn gradient<S: Real<Float = f64>, const N: usize>(f: &impl Function<S, N>, x: [S; N]) -> [S; N] {
        gradient(|x| f.value(x, Chain::constant), x).1
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Reverse;

impl Mode for Reverse {
    fn gradient<S: Real<Float = f64>, const N: usize>(f: &impl Function<S, N>, x: [S; N]) -> [S; N] {
        reverse::gradient(|x| f.value(x, Chain::constant), x).1
    }
}

/// Returns the point where f is least, by gradient descent from x. Steps become shorter where f grows, and longer after
/// ten successful ones.
pub(crate) fn least<M: Mode, S: Real<Float = f64>, const N: usize>(f: &impl Function<S, N>, mut x: [S; N]) -> [S; N] {
    const ENOUGH: f64 = 1e-5;
    let value = |x| f.value(x, |s| s);
    let (mut y, mut slope) = (value(x), M::gradient(f, x));
    let (mut good, mut step) = (0, 1e-5);
    loop {
        if length(slope) <= ENOUGH {
            return x;
        }
        if good == 10 {
            (good, step) = (0, step * 2.0);
            continue;
        }
        let next: [S; N] = std::array::from_fn(|i| x[i] - slope[i].times(step));
        if length::<S, N>(std::array::from_fn(|i| x[i] - next[i])) <= ENOUGH {
            return x;
        }
        let below = value(next);
        if below < y {
            (x, y, slope, good) = (next, below, M::gradient(f, next), good + 1);
        } else {
            (good, step) = (0, step / 2.0);
        }
    }
}

/// `‖x‖`, computed from the values alone.
fn length<S: Real<Float = f64>, const N: usize>(x: [S; N]) -> f64 {
    x.map(|x| x.float() * x.float()).iter().sum::<f64>().sqrt()
}
