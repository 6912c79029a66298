//! Functions of slices. In reverse mode each is one node, with half a record for each number, where the same in single
//! operations takes one or two; over floats and from 13 numbers on, those whose nodes follow one another, as inputs do, take a
//! slope each. In forward mode and on floats they are those operations.

use super::elementary::safe_scale;
use crate::real::Real;
use alloc::vec::Vec;
use num_traits::{Float, One, Zero};

/// `Σ xᵢ`, in this order; slopes 1.
///
/// ```
/// use nilpotent::{gradient, rules};
///
/// assert_eq!(gradient(|x| rules::sum(&x), [1.0, 2.0, 3.0]), (6.0, [1.0; 3]));
/// ```
#[cfg_attr(feature = "trace", track_caller)]
pub fn sum<T: Real>(x: &[T]) -> T {
    crate::traits::operation!("sum");
    T::gathered(|| (x.iter().map(|x| x.re()).sum(), x.iter().map(|&x| (x, One::one()))))
        .unwrap_or_else(|| x.iter().sum())
}

/// `Σ xᵢ·yᵢ`, in this order; slopes yᵢ and xᵢ.
///
/// # Panics
/// If the lengths differ.
#[cfg_attr(feature = "trace", track_caller)]
pub fn dot<T: Real>(x: &[T], y: &[T]) -> T {
    crate::traits::operation!("dot");
    same_length("dot", x.len(), y.len());
    let pairs = || x.iter().zip(y);
    let terms = || pairs().map(|(&x, y)| (x, y.re())).chain(pairs().map(|(x, &y)| (y, x.re())));
    T::gathered(|| (pairs().map(|(x, y)| x.re() * y.re()).sum(), terms()))
        .unwrap_or_else(|| pairs().map(|(&x, &y)| x * y).sum())
}

/// `Σ cᵢ·xᵢ` with floats cᵢ, in this order; slopes cᵢ.
///
/// # Panics
/// If the lengths differ.
#[cfg_attr(feature = "trace", track_caller)]
pub fn linear_combination<T: Real>(c: &[T::Float], x: &[T]) -> T {
    crate::traits::operation!("linear_combination");
    same_length("linear_combination", c.len(), x.len());
    weighted_sum(c.iter().copied().zip(x.iter().copied()))
}

/// `Σ cᵢ·xᵢ` of pairs (cᵢ, xᵢ) with floats cᵢ, in this order; slopes cᵢ. The pairs are gone through twice and kept nowhere.
///
/// ```
/// use nilpotent::{Real, reverse, rules};
///
/// /// `3 + 2t + t²` and so on, of all coefficients.
/// fn polynomial<T: Real<Float = f64>>(x: &[T], t: f64) -> T {
///     let powers = std::iter::successors(Some(1.0), |power| Some(power * t));
///     rules::weighted_sum(powers.zip(x.iter().copied()))
/// }
///
/// assert_eq!(reverse::gradient(|x: &[_]| polynomial(x, 4.0), &[3.0, 2.0, 1.0][..]), (27.0, vec![1.0, 4.0, 16.0]));
/// ```
///
/// # Panics
/// If the pairs record something on the way, so that the records of the sum, more than one, do not stand together: collect
/// them first then. (With the feature `trace` every operation on a variable records.)
#[cfg_attr(feature = "trace", track_caller)]
pub fn weighted_sum<T: Real>(terms: impl Iterator<Item = (T::Float, T)> + Clone) -> T {
    crate::traits::operation!("weighted_sum");
    let slopes = terms.clone().map(|(c, x)| (x, slope::<T>(c)));
    T::gathered(|| (terms.clone().map(|(c, x)| x.re() * slope::<T>(c)).sum(), slopes))
        .unwrap_or_else(|| terms.map(|(c, x)| x.times(c)).sum())
}

/// `b - Σ cᵢ·xᵢ`, in this order.
#[cfg(feature = "nalgebra")]
pub(crate) fn less<'x, T: Real>(b: T, terms: impl Iterator<Item = (T::Float, &'x T)> + Clone) -> T {
    let slopes = terms.clone().map(|(c, &x)| (x, -slope::<T>(c)));
    let f = || terms.clone().fold(b.re(), |b, (c, x)| b - x.re() * slope::<T>(c));
    T::gathered(|| (f(), core::iter::once((b, One::one())).chain(slopes)))
        .unwrap_or_else(|| terms.clone().fold(b, |b, (c, x)| b - x.times(c)))
}

fn slope<T: Real>(c: T::Float) -> T::Re {
    T::from_float(c).re()
}

/// `√Σ xᵢ²`, scaled where squares would over- or underflow; slopes xᵢ/f, all 0 at the origin (the least subgradient).
#[cfg_attr(feature = "trace", track_caller)]
pub fn norm<T: Real>(x: &[T]) -> T {
    crate::traits::operation!("norm");
    let largest = x.iter().fold(T::Float::zero(), |m, x| m.max(x.float().abs()));
    if largest == T::Float::zero() || !largest.is_finite() {
        return x.iter().fold(T::zero(), |f, &x| f.hypot(x));
    }
    // A power of two, so that nothing is rounded.
    let down = safe_scale(largest);
    let scale = down.recip();
    let slopes = || {
        let (down, up) = (slope::<T>(down), slope::<T>(scale));
        let f = x.iter().map(|x| x.re() * down).map(|x| x * x).sum::<T::Re>().sqrt() * up;
        (f, x.iter().map(move |&x| (x, x.re() / f)))
    };
    T::gathered(slopes).unwrap_or_else(|| x.iter().map(|x| x.times(down)).map(|x| x * x).sum::<T>().sqrt().times(scale))
}

/// `ln Σ exp xᵢ` without overflow; slopes exp(xᵢ - f). -∞ for no numbers at all.
///
/// ```
/// use nilpotent::{gradient, rules};
///
/// let (y, dy) = gradient(|x| rules::ln_sum_exp(&x), [1000.0, 1000.0]);
/// assert_eq!((y, dy), (1000.0 + std::f64::consts::LN_2, [0.5, 0.5]));
/// ```
#[doc(alias = "logsumexp")]
#[cfg_attr(feature = "trace", track_caller)]
pub fn ln_sum_exp<T: Real>(x: &[T]) -> T {
    crate::traits::operation!("ln_sum_exp");
    let top = x.iter().fold(T::Float::neg_infinity(), |m, x| m.max(x.float()));
    if !top.is_finite() {
        return x.iter().fold(T::neg_infinity(), |f, &x| f.ln_add_exp(x));
    }
    let top = T::from_float(top);
    let slopes = || {
        let powers: Vec<T::Re> = x.iter().map(|x| (x.re() - top.re()).exp()).collect();
        let total = powers.iter().copied().sum::<T::Re>();
        let inverse = total.recip();
        (total.ln() + top.re(), x.iter().zip(powers).map(move |(&x, e)| (x, e * inverse)))
    };
    T::gathered(slopes).unwrap_or_else(|| x.iter().map(|&x| (x - top).exp()).sum::<T>().ln() + top)
}

fn same_length(name: &str, n: usize, m: usize) {
    assert_eq!(n, m, "{name} of {n} and {m} numbers");
}
