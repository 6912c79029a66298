//! Third derivatives in given directions.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::recorded::{recorded, swept};
use crate::forward::passes::components;
use crate::forward::point::Seeded;
use crate::forward::third::along;
use crate::number::hyper::HyperDual;
use crate::real::Real;
use crate::returns::{Outcome, infallible};
use crate::tape::var::Var;
use crate::traits::confusion::{check, driver};

/// Returns `f(x)`, the gradient, and the third derivatives contracted with two vectors, `Σ ∂³f/∂xᵢ∂xⱼ∂xₖ·vⱼ·wₖ`, one for each
/// variable `i`. It is the gradient of `vᵀ·∇²f(x)·w`.
///
/// It takes one recording and one sweep, over numbers that carry the derivatives along `v` and `w`. The scalar
/// `D³f(x)[u, v, w]` takes one pass of forward mode, [`third_derivative`](crate::third_derivative).
///
/// ```
/// use nilpotent::reverse;
///
/// // vᵀHw = 2b·(v₀w₁ + v₁w₀) + 2a·v₁w₁
/// let (y, dy, d) = reverse::third_product(|[a, b]| a * b * b, [2.0, 3.0], [1.0, 2.0], [5.0, 7.0]);
/// assert_eq!((y, dy, d), (18.0, [9.0, 12.0], [28.0, 34.0]));
/// ```
///
/// # Panics
/// If the slices `x` and `v` or `w` have different lengths, if `f` does, or returns a variable of another recording.
#[inline]
pub fn third_product<P, T, G>(
    f: impl FnOnce(P::Arg<'_, Var<HyperDual<T>>>) -> Var<HyperDual<T>>,
    x: P,
    v: P::Direction,
    w: P::Direction,
) -> (T, G, G)
where
    P: Seeded<Var<HyperDual<T>>, T = T, Gradient = G>,
    T: Real,
{
    infallible(try_third_product(|x| Ok(f(x)), x, v, w))
}

/// [`third_product`] of a function that may fail.
pub fn try_third_product<P, T, G, R>(
    f: impl FnOnce(P::Arg<'_, Var<HyperDual<T>>>) -> R,
    x: P,
    v: P::Direction,
    w: P::Direction,
) -> R::Of<(T, G, G)>
where
    P: Seeded<Var<HyperDual<T>>, T = T, Gradient = G>,
    T: Real,
    R: Outcome<Value = Var<HyperDual<T>>>,
{
    driver!();
    let [v, w] = [&v, &w].map(|v| components(&x, v));
    R::from_result(recorded(
        |x: P::Arg<'_, Var<HyperDual<T>>>| f(x).into_result(),
        &x,
        |i, x| along(x, v[i], w[i]),
        |open, y| {
            check(y.re);
            let (mut gradient, mut product) = (x.zeros(), x.zeros());
            swept(open, y, |adjoints| {
                let entries = P::entries(&mut gradient).iter_mut().zip(P::entries(&mut product));
                for ((g, p), a) in entries.zip(adjoints) {
                    (*g, *p) = (a.re.grounded(), a.eps1eps2[0][0].grounded());
                }
            });
            (y.re.re, gradient, product)
        },
    ))
}
