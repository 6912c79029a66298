//! Partials as many at a time as a register of the machine's baseline holds.
//!
//! A compiler that is left alone packs the partials and values of small numbers anew in every function, (a₀, a₁) here and
//! (a₃, value) there. A load that spans two earlier stores waits until both have left the processor's store buffer, so numbers
//! handed over in memory stall. Here loads and stores have one shape everywhere.

use crate::real::Real;
use core::ops::{Add, Mul, Neg, Sub};
use wide::f64x2;

/// Up to so many partials are computed in lanes; more are a loop, which the compiler cuts into the same shape everywhere.
const FEW: usize = 10;

/// Some neighbours among a number's partials, computed at once.
pub trait Lanes<T>:
    Copy + Add<Output = Self> + Sub<Output = Self> + Neg<Output = Self> + Mul<T, Output = Self>
{
    /// How many.
    const COUNT: usize;

    /// The first ones of a slice.
    fn load(from: &[T]) -> Self;

    /// Writes them to the front of a slice.
    fn store(self, to: &mut [T]);
}

/// One: what a compiler makes of it is its own.
impl<T: Copy + Add<Output = T> + Sub<Output = T> + Neg<Output = T> + Mul<Output = T>> Lanes<T> for T {
    const COUNT: usize = 1;

    #[inline(always)]
    fn load(from: &[T]) -> Self {
        from[0]
    }

    #[inline(always)]
    fn store(self, to: &mut [T]) {
        to[0] = self;
    }
}

impl Lanes<f64> for f64x2 {
    const COUNT: usize = 2;

    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let mut lanes = [0.0; 2];
        lanes.copy_from_slice(&from[..2]);
        Self::new(lanes)
    }

    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        to[..2].copy_from_slice(self.as_array());
    }
}

/// A partial of a result from those of two operands: a closure, or [`formula!`], for lanes as well.
pub(crate) trait Formula<T: Real> {
    /// Whether there is one for lanes.
    const LANES: bool = false;

    fn one(&self, a: T, b: T) -> T;

    fn lanes(&self, _: T::Lanes, _: T::Lanes) -> T::Lanes {
        unreachable!("no formula for lanes")
    }
}

impl<T: Real, F: Fn(T, T) -> T> Formula<T> for F {
    #[inline(always)]
    fn one(&self, a: T, b: T) -> T {
        self(a, b)
    }
}

/// What [`formula!`] makes: for one partial, for lanes.
pub(crate) struct Twins<F, G>(pub(crate) F, pub(crate) G);

impl<T: Real, F: Fn(T, T) -> T, G: Fn(T::Lanes, T::Lanes) -> T::Lanes> Formula<T> for Twins<F, G> {
    const LANES: bool = T::Lanes::COUNT > 1;

    #[inline(always)]
    fn one(&self, a: T, b: T) -> T {
        self.0(a, b)
    }

    #[inline(always)]
    fn lanes(&self, a: T::Lanes, b: T::Lanes) -> T::Lanes {
        self.1(a, b)
    }
}

/// A formula over one partial and over lanes of them, which stand on the left of products.
macro_rules! formula {
    (|$a:tt, $b:tt| $result:expr) => {
        $crate::lanes::Twins(|$a: T, $b: T| $result, |$a: T::Lanes, $b: T::Lanes| $result)
    };
}
pub(crate) use formula;

/// The partials of a result, each from one of `x` and one of `y`.
#[inline(always)]
pub(crate) fn zip<T: Real, F: Formula<T>, const N: usize>(x: &[T; N], y: &[T; N], f: &F) -> [T; N] {
    each(F::LANES, |i| f.lanes(T::Lanes::load(&x[i..]), T::Lanes::load(&y[i..])), |i| f.one(x[i], y[i]))
}

/// The partials of the `i`-th variable: its own one is 1, the others are 0.
#[inline(always)]
pub(crate) fn unit<T: Real, const N: usize>(i: usize) -> [T; N] {
    let one = |j| if i == j { T::one() } else { T::zero() };
    each(T::Lanes::COUNT > 1, |j| T::Lanes::load(&[one(j), one(j + 1)]), one)
}

// Written to zeros, not by `from_fn`, which becomes a call when there are many.
#[inline(always)]
fn each<T: Real, const N: usize>(wide: bool, lanes: impl Fn(usize) -> T::Lanes, one: impl Fn(usize) -> T) -> [T; N] {
    let mut z = [T::zero(); N];
    let (mut i, many) = (0, T::Lanes::COUNT);
    while wide && N <= FEW && i + many <= N {
        lanes(i).store(&mut z[i..]);
        i += many;
    }
    while i < N {
        z[i] = one(i);
        i += 1;
    }
    z
}
