//! Second derivatives of a weighted sum of outputs, and products with the Gauss-Newton matrix.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::passes::{components, first_order, store};
use super::point::{SecondOrder, Seeded};
use super::second::{try_hessian, try_hvp};
use crate::lanes::Laned as _;
use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Outcome, Output, infallible, one_weight_each};
use crate::rules::Chain;
use crate::traits::confusion::outputs;

/// Returns `f(x)`, and the gradient `wᵀJ(x)` and the Hessian `Σ wᵢ·∇²fᵢ(x)` of the weighted sum `Σ wᵢ·fᵢ`.
///
/// With the objective and the constraints of a problem as outputs and with 1 and the multipliers as weights, it is the Hessian
/// of the Lagrangian. `w` has the shape of the outputs. An output whose weight is 0 adds nothing, not even where its
/// derivatives are not finite. The passes are those of [`hessian`](super::hessian), whatever the number of outputs.
///
/// ```
/// use nilpotent::weighted_hessian;
///
/// // a·b² + 10·a²
/// let (y, dy, h) = weighted_hessian(|[a, b]| [a * b * b, a * a], [2.0, 3.0], [1.0, 10.0]);
/// assert_eq!((y, dy), ([18.0, 4.0], [49.0, 12.0]));
/// assert_eq!(h, [[20.0, 6.0], [6.0, 4.0]]);
/// ```
///
/// # Panics
/// If `w` has another length than the outputs, or `f` returns `Vec`s of different lengths for different blocks.
#[doc(alias = "lagrangian")]
#[inline]
pub fn weighted_hessian<P, T, D, G, H, Y>(mut f: impl FnMut(P::Arg<'_, D>) -> Y, x: P, w: Y::Of<T>) -> (Y::Of<T>, G, H)
where
    P: Seeded<D, T = T, Second = D, Gradient = G, Hessian = H>,
    T: Real,
    D: SecondOrder<Re = T>,
    Y: Output<D>,
{
    infallible(try_weighted_hessian(|x| Ok(f(x)), x, w))
}

/// [`weighted_hessian`] of a function that may fail.
#[inline]
pub fn try_weighted_hessian<P, T, D, G, H, Y, R>(
    mut f: impl FnMut(P::Arg<'_, D>) -> R,
    x: P,
    mut w: Y::Of<T>,
) -> R::Of<(Y::Of<T>, G, H)>
where
    P: Seeded<D, T = T, Second = D, Gradient = G, Hessian = H>,
    T: Real,
    D: SecondOrder<Re = T>,
    Y: Output<D>,
    R: Outcome<Value = Y>,
{
    let mut values = None;
    let sum = |x: P::Arg<'_, D>| {
        let y = f(x).into_result()?;
        values.get_or_insert_with(|| y.map(|y| y.re()));
        Ok(Sum(weighted(&y, &mut w, |w| w)))
    };
    let found = try_hessian(sum, x);
    R::from_result(found.map(|(_, gradient, hessian)| (values.expect("a pass was made"), gradient, hessian)))
}

/// Returns `f(x)`, and the gradient `wᵀJ(x)` and the Hessian-vector product `Σ wᵢ·∇²fᵢ(x)·v` of the weighted sum `Σ wᵢ·fᵢ`.
///
/// `w` has the shape of the outputs. The passes are those of [`hvp`](super::hvp), whatever the number of outputs.
///
/// ```
/// use nilpotent::weighted_hvp;
///
/// let (y, dy, hv) = weighted_hvp(|[a, b]| [a * b * b, a * a], [2.0, 3.0], [1.0, 10.0], [1.0, 10.0]);
/// assert_eq!((y, dy, hv), ([18.0, 4.0], [49.0, 12.0], [80.0, 46.0]));
/// ```
///
/// # Panics
/// If `w` has another length than the outputs, or the slices `x` and `v` have different lengths.
#[doc(alias = "lagrangian")]
#[inline]
pub fn weighted_hvp<P, T, D, G, Y>(
    mut f: impl FnMut(P::Arg<'_, D>) -> Y,
    x: P,
    w: Y::Of<T>,
    v: P::Direction,
) -> (Y::Of<T>, G, G)
where
    P: Seeded<D, T = T, Dual<Dual<T>> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = Dual<T>> + Real,
    Y: Output<D>,
{
    infallible(try_weighted_hvp(|x| Ok(f(x)), x, w, v))
}

/// [`weighted_hvp`] of a function that may fail.
#[inline]
pub fn try_weighted_hvp<P, T, D, G, Y, R>(
    mut f: impl FnMut(P::Arg<'_, D>) -> R,
    x: P,
    mut w: Y::Of<T>,
    v: P::Direction,
) -> R::Of<(Y::Of<T>, G, G)>
where
    P: Seeded<D, T = T, Dual<Dual<T>> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = Dual<T>> + Real,
    Y: Output<D>,
    R: Outcome<Value = Y>,
{
    let mut values = None;
    let sum = |x: P::Arg<'_, D>| {
        let y = f(x).into_result()?;
        values.get_or_insert_with(|| y.map(|&y| Chain::re(y).re));
        Ok(weighted(&y, &mut w, Dual::constant))
    };
    let found = try_hvp(sum, x, v);
    R::from_result(found.map(|(_, gradient, product)| (values.expect("a pass was made"), gradient, product)))
}

/// Returns `f(x)` and `JᵀJ·v`, the product of the Gauss-Newton matrix of `½|f|²` and a vector.
///
/// The passes are those of [`jacobian`](super::jacobian), and the Jacobian is stored meanwhile.
/// [`reverse::gauss_newton_product`](crate::reverse::gauss_newton_product) takes one recording instead.
///
/// ```
/// use nilpotent::gauss_newton_product;
///
/// // J = [[3, 2], [1, 1]]
/// let (y, product) = gauss_newton_product(|[a, b]| [a * b, a + b], [2.0, 3.0], [1.0, 10.0]);
/// assert_eq!((y, product), ([6.0, 5.0], [80.0, 57.0]));
/// ```
///
/// # Panics
/// If the slices `x` and `v` have different lengths, or `f` returns `Vec`s of different lengths for different chunks.
#[doc(alias = "ggnvp")]
#[inline]
pub fn gauss_newton_product<P, T, D, G, Y>(
    mut f: impl FnMut(P::Arg<'_, D>) -> Y,
    x: P,
    v: P::Direction,
) -> (Y::Of<T>, G)
where
    P: Seeded<D, T = T, Dual<T> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<D>,
{
    infallible(try_gauss_newton_product(|x| Ok(f(x)), x, v))
}

/// [`gauss_newton_product`] of a function that may fail.
#[inline]
pub fn try_gauss_newton_product<P, T, D, G, Y, R>(
    mut f: impl FnMut(P::Arg<'_, D>) -> R,
    x: P,
    v: P::Direction,
) -> R::Of<(Y::Of<T>, G)>
where
    P: Seeded<D, T = T, Dual<T> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<D>,
    R: Outcome<Value = Y>,
{
    let (v, n) = (components(&x, &v), x.variables());
    let found = first_order(
        &x,
        |x| outputs(f(x)),
        |y| (y.map(|y| y.re()), y.map(|_| (x.zeros(), T::zero())), x.zeros()),
        |(_, rows, product), start, y| {
            y.update(rows, |(row, along), y| {
                let partials = P::partials::<T>(y);
                store::<P>(row, start, partials);
                *along = partials.iter().zip(&v[start..]).fold(*along, |sum, (p, &v)| sum + p.slope_times(v));
                // The product J·v of this output is complete after the last chunk.
                if start + P::WIDTH >= n {
                    let entries = P::entries(product).iter_mut().zip(P::entries(row));
                    entries.for_each(|(to, d)| *to += d.slope_times(*along));
                }
            });
        },
    );
    R::from_result(found.map(|(values, _, product)| (values, product)))
}

/// `Σ wᵢ·yᵢ` of the outputs whose weights are not 0. `lift` makes the value of a number of a weight.
fn weighted<D, T, Y>(y: &Y, w: &mut Y::Of<T>, lift: impl Fn(T) -> D::Re) -> D
where
    D: Chain + Real,
    T: Real,
    Y: Output<D>,
{
    one_weight_each(y, w);
    let mut sum = D::zero();
    y.update(w, |&mut w, &y| {
        if !w.is_absent() {
            let w = lift(w);
            sum += y.regular(Chain::re(y) * w, w, D::Re::absent);
        }
    });
    sum
}

/// A single output. Not every number that a point may choose is known to be an [`Output`] of its own.
struct Sum<D>(D);

impl<D> Output<D> for Sum<D> {
    type Of<U> = U;

    #[inline]
    fn map<U>(&self, mut f: impl FnMut(&D) -> U) -> U {
        f(&self.0)
    }

    fn lengths<U>(&self, _: &U) -> [usize; 2] {
        [1; 2]
    }

    #[inline]
    fn update<U>(&self, of: &mut U, mut f: impl FnMut(&mut U, &D)) {
        f(of, &self.0);
    }
}
