//! Sums whose values are as good as if they were computed with twice as many digits and rounded once.
//!
//! | function | error of the value, for n terms; u is half the distance from 1 to the next float |
//! |---|---|
//! | [`sum`](super::sum) | up to about `n·u·Σ|xᵢ|` |
//! | [`compensated_sum`] | up to about `u·|Σ xᵢ| + 2n·u²·Σ|xᵢ|` |
//!
//! The sum is kept as two floats. The rounding error of each addition and product is computed exactly (Ogita, Rump, Oishi,
//! *Accurate sum and dot product*, SIAM J. Sci. Comput. 26, 2005), and the two floats are made to not overlap after each term (Joldes,
//! Muller, Popescu, *Tight and rigorous error bounds for basic building blocks of double-word arithmetic*, ACM TOMS 44, 2017,
//! algorithm 4). Without the latter the small float would itself lose terms: the sum of 10⁷ tenths in `f32` would be wrong in the third
//! digit. No step depends on which number is larger, so recorded programs have no guards for it. Derivatives are those of the plain
//! functions.

use super::slices::{dot, sum};
use crate::real::Real;
use num_traits::{Float, Zero};

/// `Σ xᵢ` with a compensated value, which is mostly the exact sum rounded once, as the table above says. The derivatives are those of [`sum`](super::sum).
///
/// ```
/// use nilpotent::{gradient, rules};
///
/// let x = [1e16, 1.0, 1.0, -1e16];
/// assert_eq!(rules::sum(&x), 0.0);
/// assert_eq!(gradient(|x| rules::compensated_sum(&x), x), (2.0, [1.0; 4]));
/// ```
#[doc(alias = "kahan")]
#[doc(alias = "neumaier")]
#[cfg_attr(feature = "trace", track_caller)]
pub fn compensated_sum<T: Real>(x: &[T]) -> T {
    crate::operation::operation!("compensated_sum");
    corrected(sum(x), x.iter().map(|x| (x.float(), T::Float::zero())))
}

/// `Σ xᵢ·yᵢ` with a compensated value, which is mostly the exact sum rounded once, unless products underflow. The derivatives are those of [`dot`](super::dot).
///
/// The error of a product is computed by a fused operation, which is slow on processors that do not have it.
///
/// ```
/// use nilpotent::{gradient, rules};
///
/// let (x, y) = ([1e8 + 1.0, -1e16, -2e8], [1e8 + 1.0, 1.0, 1.0]);
/// assert_eq!(rules::dot(&x, &y), 0.0);
/// assert_eq!(rules::compensated_dot(&x, &y), 1.0);
/// let (z, dz) = gradient(|[a, b]| rules::compensated_dot(&[a, b], &[b, -a]), [3.0, 4.0]);
/// assert_eq!((z, dz), (0.0, [0.0; 2]));
/// ```
///
/// # Panics
/// If the lengths differ.
#[cfg_attr(feature = "trace", track_caller)]
pub fn compensated_dot<T: Real>(x: &[T], y: &[T]) -> T {
    crate::operation::operation!("compensated_dot");
    let product = |(x, y): (&T, &T)| {
        let (x, y) = (x.float(), y.float());
        let product = x * y;
        (product, x.mul_add(y, -product))
    };
    corrected(dot(x, y), x.iter().zip(y).map(product))
}

/// `sum` with the value of these terms' sum instead of its own, unless something overflows. Each term comes with an error.
fn corrected<T: Real>(sum: T, terms: impl Iterator<Item = (T::Float, T::Float)>) -> T {
    let start = (T::Float::zero(), T::Float::zero());
    let (value, rest) = terms.fold(start, |(sum, rest), (term, own)| {
        let (sum, error) = two_sum(sum, term);
        two_sum(sum, rest + (error + own))
    });
    let old = sum.float();
    if (old + (value + rest)).presumed_finite() { (sum - T::from_float(old)) + T::from_float(value) } else { sum }
}

/// `a + b` rounded, and the exact difference to what it was rounded from (Knuth, *The Art of Computer Programming*, volume 2, section
/// 4.2.2, theorem B).
fn two_sum<F: Real>(a: F, b: F) -> (F, F) {
    let sum = a + b;
    let z = sum - a;
    (sum, (a - (sum - z)) + (b - z))
}
