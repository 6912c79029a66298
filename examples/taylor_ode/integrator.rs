//! Solves initial value problems x' = f(x) by Taylor series of any order. If f depends on time, time is one more
//! coordinate, with t' = 1.

use nilpotent::num_traits::Float;
use nilpotent::{Real, Taylor, taylor_ode};

/// N functions of time, each given by its power series to order K.
pub(crate) type Series<T, const N: usize, const K: usize> = [Taylor<T, K>; N];

/// Returns the solution through `x` as a power series in the time from there, by K evaluations of f.
pub(crate) fn series<T: Real, const N: usize, const K: usize>(
    f: impl Fn(Series<T, N, K>) -> Series<T, N, K>,
    x: [T; N],
) -> Series<T, N, K> {
    taylor_ode(|_, x| f(x), T::zero(), x)
}

/// The order for a tolerance by Jorba and Zou: 20 for 1e-16. It is the cheapest order if a step costs O(K²). If it
/// costs O(K³), as here, two thirds of this order are cheapest.
pub(crate) fn order(tolerance: f64) -> usize {
    (1.0 - tolerance.ln() / 2.0).ceil() as usize
}

/// The longest allowed step, computed from the last two coefficients.
///
/// The coefficients estimate the radius of convergence, `ρ = min (‖x‖/‖x_k‖)^(1/k)` for k = K-1 and K, in maximum
/// norms, where ‖x‖ is replaced by 1 if it is less. The step is `ρ·ε^(1/(K-1))·exp(-0.7/(K-1))`. For the [`order`] of
/// the tolerance ε this is about the `ρ/e²·exp(-0.7/(K-1))` of Jorba and Zou.
pub(crate) fn step<T: Real, const N: usize, const K: usize>(x: &Series<T, N, K>, tolerance: f64) -> T::Float {
    const { assert!(K >= 2, "the step is found from two coefficients") };
    let norm = |k| x.iter().map(|x| x.coeff(k).float().abs()).fold(T::Float::lit(0.0), Float::max);
    let size = norm(0).max(T::Float::lit(1.0));
    let radius = |k| (size / norm(k)).powf(T::Float::lit(1.0 / k as f64));
    let safety = (tolerance.ln() - 0.7) / (K - 1) as f64;
    radius(K - 1).min(radius(K)) * T::Float::lit(safety.exp())
}

/// The division of time into steps.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Steps {
    /// This number of equal steps.
    Equal(usize),
    /// Steps that are as long as this tolerance allows.
    Tolerance(f64),
}

/// A solution that is followed through time: its state and its time.
///
/// State and time are sums over many steps. Each sum keeps what the additions round off, since these errors change the
/// period. Without them Kepler's orbit returns to within 1.6e-14 in 128 steps of order 20; with them to within 7e-16.
#[derive(Clone, Debug)]
pub(crate) struct Flow<T: Real, const N: usize> {
    state: [Sum<T>; N],
    time: Sum<T::Float>,
    pub(crate) steps: usize,
    pub(crate) evaluations: usize,
}

impl<T: Real, const N: usize> Flow<T, N> {
    /// Starts from `x` at time 0.
    pub(crate) fn new(x: [T; N]) -> Self {
        Self { state: x.map(Sum::new), time: Sum::new(T::Float::lit(0.0)), steps: 0, evaluations: 0 }
    }

    /// Returns the state at a later or earlier time, in steps of order K ≥ 2. Returns `None` if the solution does not
    /// reach it: because it is no longer finite, or because its steps have become too short to move time.
    pub(crate) fn advance<const K: usize>(
        &mut self,
        f: impl Fn(Series<T, N, K>) -> Series<T, N, K>,
        until: T::Float,
        steps: Steps,
    ) -> Option<[T; N]> {
        let zero = T::Float::lit(0.0);
        let whole = self.time.to(until);
        let mut left = whole;
        while left != zero {
            let x = series(&f, self.state.map(|x| x.high));
            let mut h = match steps {
                Steps::Equal(n) => whole / T::Float::lit(n as f64),
                Steps::Tolerance(tolerance) => step(&x, tolerance).copysign(whole),
            };
            let mut time = self.time.plus(h);
            // Rounding must not leave a tiny last step.
            if left.abs() <= h.abs() * T::Float::lit(1.0 + 1e-9) {
                (h, time) = (left, Sum::new(until));
            } else if time.high == self.time.high {
                return None;
            }
            for (state, x) in self.state.iter_mut().zip(x) {
                *state = state.plus(Taylor::new(T::zero(), x.coeffs).eval(T::from_float(h)));
            }
            self.time = time;
            self.steps += 1;
            self.evaluations += K;
            if !self.state.iter().all(|x| x.high.parts_finite()) {
                return None;
            }
            left = self.time.to(until);
        }
        Some(self.state.map(|x| x.high))
    }
}

/// A sum in two parts: the low part holds what the high part has no digits for.
#[derive(Clone, Copy, Debug)]
struct Sum<T> {
    high: T,
    low: T,
}

impl<T: Real> Sum<T> {
    fn new(high: T) -> Self {
        Self { high, low: T::zero() }
    }

    /// Adds by Knuth's exact addition.
    fn plus(self, x: T) -> Self {
        let x = x + self.low;
        let high = self.high + x;
        let taken = high - self.high;
        Self { high, low: (self.high - (high - taken)) + (x - taken) }
    }

    fn to(self, x: T) -> T {
        (x - self.high) - self.low
    }
}
