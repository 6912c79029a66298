//! Numbers nested to a depth, with all levels seeded in the same variable: they compute all derivatives of one variable
//! at once.

#![allow(dead_code)]

use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor};

pub type D1 = Dual<f64>;
pub type D2 = Dual<D1>;
pub type D3 = Dual<D2>;
pub type D4 = Dual<D3>;

/// A float, or a nested number over one.
pub trait Depth: Real {
    const DEPTH: usize;

    /// The variable, seeded at all levels.
    fn seed(x: f64) -> Self;

    /// The `k`-th derivative, where k is at most the depth.
    fn order(self, k: usize) -> f64;

    /// The value and all derivatives.
    fn orders(self) -> Vec<f64> {
        (0..=Self::DEPTH).map(|k| self.order(k)).collect()
    }
}

impl Depth for f64 {
    const DEPTH: usize = 0;

    fn seed(x: f64) -> Self {
        x
    }

    fn order(self, k: usize) -> f64 {
        assert_eq!(k, 0);
        self
    }
}

impl<T: Depth> Depth for Dual<T> {
    const DEPTH: usize = T::DEPTH + 1;

    fn seed(x: f64) -> Self {
        Self::new(T::seed(x), [T::one()])
    }

    fn order(self, k: usize) -> f64 {
        if k == 0 { self.re.order(0) } else { self.eps[0].order(k - 1) }
    }
}

impl<T: Depth> Depth for Dual2<T> {
    const DEPTH: usize = T::DEPTH + 2;

    fn seed(x: f64) -> Self {
        Self::variable(T::seed(x), 0)
    }

    fn order(self, k: usize) -> f64 {
        match k {
            0 => self.re.order(0),
            1 => self.grad[0].order(0),
            _ => self.hess[(0, 0)].order(k - 2),
        }
    }
}

impl<T: Depth> Depth for HyperDual<T> {
    const DEPTH: usize = T::DEPTH + 2;

    fn seed(x: f64) -> Self {
        Self::variable(T::seed(x), Some(0), Some(0))
    }

    fn order(self, k: usize) -> f64 {
        match k {
            0 => self.re.order(0),
            1 => self.eps1[0].order(0),
            _ => self.eps1eps2[0][0].order(k - 2),
        }
    }
}

impl<T: Depth, const K: usize> Depth for Taylor<T, K> {
    const DEPTH: usize = T::DEPTH + K;

    fn seed(x: f64) -> Self {
        Self::variable(T::seed(x))
    }

    fn order(self, k: usize) -> f64 {
        match k {
            0 => self.re.order(0),
            _ => self.derivatives()[k.min(K) - 1].order(k.saturating_sub(K)),
        }
    }
}

/// Returns the value and the derivatives of `f` at `x`.
pub fn orders<D: Depth>(f: impl Fn(D) -> D, x: f64) -> Vec<f64> {
    f(D::seed(x)).orders()
}

/// Asserts that two lists agree to a relative error. NaN and infinities must agree as well.
#[track_caller]
pub fn assert_close(computed: &[f64], expected: &[f64], relative: f64) {
    assert_eq!(computed.len(), expected.len());
    for (k, (&c, &e)) in computed.iter().zip(expected).enumerate() {
        let close = c == e || c.is_nan() && e.is_nan() || (c - e).abs() <= relative * e.abs();
        assert!(close, "entry {k}: {c:e}, expected {e:e}; all of {computed:?}, expected {expected:?}");
    }
}
