//! Third derivatives in given directions.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::passes::{chunks, components, passes};
use super::point::Seeded;
use crate::number::dual::Dual;
use crate::number::hyper::HyperDual;
use crate::real::Real;
use crate::returns::{Outcome, Output, infallible};
use crate::rules::Chain;
use crate::traits::confusion::{check_each, check_two, driver, marked};

/// Returns `f(x)` and the third derivative in three directions, `D³f(x)[u, v, w] = Σ ∂³f/∂xᵢ∂xⱼ∂xₖ·uᵢ·vⱼ·wₖ`.
///
/// It takes one pass, whatever the number of variables and outputs, so there is no such driver of reverse mode. In one
/// direction, `u = v = w`, call [`directional_derivatives`](super::directional_derivatives), which takes less time.
///
/// ```
/// use nilpotent::third_derivative;
///
/// // The third derivatives of a·b² are 2 in one a and two b.
/// let (y, d) = third_derivative(|[a, b]| a * b * b, [2.0, 3.0], [1.0, 0.0], [0.0, 1.0], [5.0, 7.0]);
/// assert_eq!((y, d), (18.0, 14.0));
/// ```
///
/// # Panics
/// If the slices `x` and `u`, `v` or `w` have different lengths.
#[inline]
pub fn third_derivative<P, T, Y>(
    f: impl FnOnce(P::Arg<'_, Dual<HyperDual<T>>>) -> Y,
    x: P,
    u: P::Direction,
    v: P::Direction,
    w: P::Direction,
) -> (Y::Of<T>, Y::Of<T>)
where
    P: Seeded<Dual<HyperDual<T>>, T = T>,
    T: Real,
    Y: Output<Dual<HyperDual<T>>>,
{
    infallible(try_third_derivative(|x| Ok(f(x)), x, u, v, w))
}

/// [`third_derivative`] of a function that may fail.
#[inline]
pub fn try_third_derivative<P, T, Y, R>(
    f: impl FnOnce(P::Arg<'_, Dual<HyperDual<T>>>) -> R,
    x: P,
    u: P::Direction,
    v: P::Direction,
    w: P::Direction,
) -> R::Of<(Y::Of<T>, Y::Of<T>)>
where
    P: Seeded<Dual<HyperDual<T>>, T = T>,
    T: Real,
    Y: Output<Dual<HyperDual<T>>>,
    R: Outcome<Value = Y>,
{
    driver!();
    let [u, v, w] = [&u, &v, &w].map(|v| components(&x, v));
    let seed = |d: &mut Dual<HyperDual<T>>, i: usize, x| {
        *d = marked(Dual::new(along(x, v[i], w[i]), [HyperDual::constant(u[i])]));
    };
    let parts = |y: Y| (y.map(|y| y.re.re), y.map(|y| y.eps[0].eps1eps2[0][0].grounded()));
    let result = x.seeded(seed, f).into_result();
    R::from_result(result.inspect(|y| check_each(y, |&y| check_two(y))).map(parts))
}

/// Returns `f(x)`, the gradient, and the third derivatives contracted with two vectors, `Σ ∂³f/∂xᵢ∂xⱼ∂xₖ·vⱼ·wₖ`, one for each
/// variable `i`. It is the gradient of `vᵀ·∇²f(x)·w`.
///
/// Arrays and fixed vectors take one pass, slices one pass for each chunk of 8 variables.
///
/// ```
/// use nilpotent::third_product;
///
/// // vᵀHw = 2b·(v₀w₁ + v₁w₀) + 2a·v₁w₁
/// let (y, dy, d) = third_product(|[a, b]| a * b * b, [2.0, 3.0], [1.0, 2.0], [5.0, 7.0]);
/// assert_eq!((y, dy, d), (18.0, [9.0, 12.0], [28.0, 34.0]));
/// ```
///
/// # Panics
/// If the slices `x` and `v` or `w` have different lengths.
#[inline]
pub fn third_product<P, T, D, G>(
    mut f: impl FnMut(P::Arg<'_, D>) -> D,
    x: P,
    v: P::Direction,
    w: P::Direction,
) -> (T, G, G)
where
    P: Seeded<D, T = T, Dual<HyperDual<T>> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = HyperDual<T>> + Real,
{
    infallible(try_third_product(|x| Ok(f(x)), x, v, w))
}

/// [`third_product`] of a function that may fail.
#[inline]
pub fn try_third_product<P, T, D, G, R>(
    mut f: impl FnMut(P::Arg<'_, D>) -> R,
    x: P,
    v: P::Direction,
    w: P::Direction,
) -> R::Of<(T, G, G)>
where
    P: Seeded<D, T = T, Dual<HyperDual<T>> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = HyperDual<T>> + Real,
    R: Outcome<Value = D>,
{
    let [v, w] = [&v, &w].map(|v| components(&x, v));
    R::from_result(passes(
        &x,
        chunks(x.variables(), P::WIDTH),
        |start| start..start + P::WIDTH,
        |start, d, i, x| P::variable(d, along(x, v[i], w[i]), i.wrapping_sub(start)),
        |x| f(x).into_result().inspect(|&y| check_two(y)),
        |y| (Chain::re(*y).re, x.zeros(), x.zeros()),
        |(_, gradient, product), start, y| {
            for (i, e) in (start..x.variables()).zip(P::partials::<HyperDual<T>>(y)) {
                P::entries(gradient)[i] = e.re.grounded();
                P::entries(product)[i] = e.eps1eps2[0][0].grounded();
            }
        },
    ))
}

/// The coordinate `x`, which changes along two directions.
#[inline]
pub(crate) fn along<T: Real>(x: T, v: T, w: T) -> HyperDual<T> {
    marked(HyperDual::new(x, [v], [w], [[T::absent()]]))
}
