//! The regularized incomplete Γ and B functions, with derivatives in all arguments.

use crate::lanes::Laned as _;
use crate::real::{Chain, Real};
pub(crate) use crate::special::Incomplete;
use core::cell::Cell;
use num_traits::One as _;

/// The lower regularized incomplete gamma function `P(a, x) = ∫₀ˣ tᵃ⁻¹e⁻ᵗ dt/Γ(a)`, with derivatives in a and x up to the
/// eighth order in all. Those in a have no closed form. They are computed at floats, from the same series and continued
/// fraction as the value, in arithmetic of power series.
///
/// ```
/// use nilpotent::{gradient, rules};
///
/// // P(1, x) = 1 - e⁻ˣ
/// let (p, [da, dx]) = gradient(|[a, x]| rules::gamma_p(a, x), [1.0, 2.0]);
/// assert!((p - (1.0 - (-2.0_f64).exp())).abs() < 1e-15 && (dx - (-2.0_f64).exp()).abs() < 1e-15);
/// assert!((da + 0.220_825_426_211_859_5).abs() < 1e-14);
/// ```
#[doc(alias = "gammainc")]
#[inline]
pub fn gamma_p<X: Chain>(a: X, x: X) -> X {
    incomplete(Incomplete::GammaP, [a, x, x], [0; 3])
}

/// The upper regularized incomplete gamma function `Q(a, x) = 1 - P(a, x)`, accurate where it is small; see [`gamma_p`].
#[doc(alias = "gammaincc")]
#[inline]
pub fn gamma_q<X: Chain>(a: X, x: X) -> X {
    incomplete(Incomplete::GammaQ, [a, x, x], [0; 3])
}

/// The regularized incomplete beta function `I_x(a, b) = ∫₀ˣ tᵃ⁻¹(1-t)ᵇ⁻¹ dt/B(a, b)`, with derivatives in all three
/// arguments up to the eighth order in all; see [`gamma_p`]. The upper tail is `beta_inc(1 - x, b, a)`.
///
/// ```
/// use nilpotent::{gradient, rules};
///
/// // I_x(a, 1) = xᵃ
/// let (p, [dx, da, _]) = gradient(|[x, a, b]| rules::beta_inc(x, a, b), [0.5, 3.0, 1.0]);
/// assert!((p - 0.125_f64).abs() < 1e-15 && (dx - 0.75).abs() < 1e-14);
/// assert!((da - 0.125 * 0.5_f64.ln()).abs() < 1e-15);
/// ```
#[doc(alias = "betainc")]
#[inline]
pub fn beta_inc<X: Chain>(x: X, a: X, b: X) -> X {
    incomplete(Incomplete::Beta, [a, b, x], [0; 3])
}

/// A partial derivative of the given orders, as polygamma is one of ψ.
pub(crate) fn incomplete<X: Chain>(of: Incomplete, [x, y, z]: [X; 3], orders: [u32; 3]) -> X {
    let re = [x.re(), y.re(), z.re()];
    let at = |more: [u32; 3]| X::Re::incomplete(of, re, core::array::from_fn(|i| orders[i] + more[i]));
    // Derivatives that nothing is multiplied by need not be computed.
    let slope = |number: X, more| if number.is_constant() { X::Re::absent() } else { at(more) };
    let f = at([0; 3]);
    // Set by numbers that use second derivatives.
    let is_second = Cell::new(false);
    let inner = x.chain2(y, f, [slope(x, [1, 0, 0]), slope(y, [0, 1, 0])], || {
        is_second.set(true);
        [slope(x, [2, 0, 0]), at([1, 1, 0]), slope(y, [0, 2, 0])]
    });
    if of != Incomplete::Beta || z.is_constant() {
        return inner;
    }
    let (zero, one) = (X::Re::absent(), X::Re::one());
    let outer = inner.chain2(z, f, [one, at([0, 0, 1])], || [zero, zero, at([0, 0, 2])]);
    if !is_second.get() {
        return outer;
    }
    // The second derivatives in z and another argument are those of a product: of the change of z and a number with the
    // value 0, whose slopes are they.
    let none = || [zero; 3];
    let mixed = x.chain2(y, zero, [slope(x, [1, 0, 1]), slope(y, [0, 1, 1])], none);
    let mixed = mixed.chain2(z, zero, [zero; 2], || [zero, one, zero]);
    outer.chain2(mixed, f, [one; 2], none)
}
