//! Functions of slices.
//!
//! In forward mode and on floats they compute term by term. In reverse mode each function is one node, which takes less
//! memory than a node for each operation:
//!
//! | reverse mode | stored for each number |
//! |---|---|
//! | single operations | one or two records |
//! | these functions | half a record |
//! | these functions of at least 13 numbers over floats, whose nodes follow one another, as inputs do | one slope |

use super::elementary::safe_scale;
use crate::real::Real;
use alloc::vec::Vec;
use num_traits::{Float, One, Zero};

/// `Σ xᵢ`, summed in this order; the slopes are 1.
///
/// ```
/// use nilpotent::{gradient, rules};
///
/// assert_eq!(gradient(|x| rules::sum(&x), [1.0, 2.0, 3.0]), (6.0, [1.0; 3]));
/// ```
#[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
pub fn sum<T: Real>(x: &[T]) -> T {
    crate::operation::operation!("sum");
    T::gathered(|| (x.iter().map(|x| x.re()).sum(), x.iter().map(|&x| (x, One::one()))))
        .unwrap_or_else(|| x.iter().sum())
}

/// `Σ xᵢ·yᵢ`, summed in this order; the slopes are yᵢ and xᵢ.
///
/// # Panics
/// If the lengths differ.
#[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
pub fn dot<T: Real>(x: &[T], y: &[T]) -> T {
    crate::operation::operation!("dot");
    same_length("dot", x.len(), y.len());
    let pairs = || x.iter().zip(y);
    let terms = || pairs().map(|(&x, y)| (x, y.re())).chain(pairs().map(|(x, &y)| (y, x.re())));
    T::gathered(|| (pairs().map(|(x, y)| x.re() * y.re()).sum(), terms()))
        .unwrap_or_else(|| pairs().map(|(&x, &y)| x * y).sum())
}

/// `Σ cᵢ·xᵢ` with floats cᵢ, summed in this order; the slopes are cᵢ.
///
/// # Panics
/// If the lengths differ.
#[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
pub fn linear_combination<T: Real>(c: &[T::Float], x: &[T]) -> T {
    crate::operation::operation!("linear_combination");
    same_length("linear_combination", c.len(), x.len());
    weighted_sum(c.iter().copied().zip(x.iter().copied()))
}

/// `Σ cᵢ·xᵢ` of an iterator of pairs (cᵢ, xᵢ) with floats cᵢ, summed in this order; the slopes are cᵢ. The iterator is
/// run twice, and the pairs are not collected.
///
/// ```
/// use nilpotent::{Real, reverse, rules};
///
/// /// The polynomial `x₀ + x₁t + x₂t² + …`.
/// fn polynomial<T: Real<Float = f64>>(x: &[T], t: f64) -> T {
///     let powers = std::iter::successors(Some(1.0), |power| Some(power * t));
///     rules::weighted_sum(powers.zip(x.iter().copied()))
/// }
///
/// assert_eq!(reverse::gradient(|x: &[_]| polynomial(x, 4.0), &[3.0, 2.0, 1.0][..]), (27.0, vec![1.0, 4.0, 16.0]));
/// ```
///
/// # Panics
/// If the sum takes more than one record, and the iterator records operations between them, so that the sum's records
/// would not be contiguous. Collect the pairs first then. (With the feature `trace` every operation on a variable is
/// recorded.)
#[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
pub fn weighted_sum<T: Real>(terms: impl Iterator<Item = (T::Float, T)> + Clone) -> T {
    crate::operation::operation!("weighted_sum");
    let slopes = terms.clone().map(|(c, x)| (x, slope::<T>(c)));
    T::gathered(|| (terms.clone().map(|(c, x)| x.re() * slope::<T>(c)).sum(), slopes))
        .unwrap_or_else(|| terms.map(|(c, x)| x.times(c)).sum())
}

/// `b - Σ cᵢ·xᵢ`, subtracted in this order.
#[cfg(feature = "nalgebra")]
pub(crate) fn without<'x, T: Real>(b: T, terms: impl Iterator<Item = (T::Float, &'x T)> + Clone) -> T {
    let slopes = terms.clone().map(|(c, &x)| (x, -slope::<T>(c)));
    let f = || terms.clone().fold(b.re(), |b, (c, x)| b - x.re() * slope::<T>(c));
    T::gathered(|| (f(), core::iter::once((b, One::one())).chain(slopes)))
        .unwrap_or_else(|| terms.clone().fold(b, |b, (c, x)| b - x.times(c)))
}

fn slope<T: Real>(c: T::Float) -> T::Re {
    T::from_float(c).re()
}

/// `√Σ xᵢ²`, scaled where squares would over- or underflow; the slopes are xᵢ/f, and 0 at the origin (the least
/// subgradient).
#[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
pub fn norm<T: Real>(x: &[T]) -> T {
    crate::operation::operation!("norm");
    let largest = x.iter().fold(T::Float::zero(), |m, x| m.max(x.float().abs()));
    if largest == T::Float::zero() || !largest.is_finite() {
        return x.iter().fold(T::zero(), |f, &x| f.hypot(x));
    }
    // The scale is a power of two, so that nothing is rounded.
    let down = safe_scale(largest);
    let scale = down.recip();
    let slopes = || {
        let (down, up) = (slope::<T>(down), slope::<T>(scale));
        let f = x.iter().map(|x| x.re() * down).map(|x| x * x).sum::<T::Re>().sqrt() * up;
        (f, x.iter().map(move |&x| (x, x.re() / f)))
    };
    T::gathered(slopes).unwrap_or_else(|| x.iter().map(|x| x.times(down)).map(|x| x * x).sum::<T>().sqrt().times(scale))
}

/// `ln Σ exp xᵢ` without overflow; the slopes are exp(xᵢ - f). The value for an empty slice is -∞.
///
/// ```
/// use nilpotent::{gradient, rules};
///
/// let (y, dy) = gradient(|x| rules::ln_sum_exp(&x), [1000.0, 1000.0]);
/// assert_eq!((y, dy), (1000.0 + std::f64::consts::LN_2, [0.5, 0.5]));
/// ```
#[doc(alias = "logsumexp")]
#[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
pub fn ln_sum_exp<T: Real>(x: &[T]) -> T {
    crate::operation::operation!("ln_sum_exp");
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
