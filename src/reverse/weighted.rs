//! Second derivatives of a weighted sum of outputs, and products with the Gauss-Newton matrix.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::linear::try_linearize;
use super::recorded::recorded;
use crate::forward::passes::{chunks, components};
use crate::forward::point::{Seeded, written};
use crate::nonfinite;
use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Outcome, Output, infallible, one_weight_each};
use crate::rules::Chain;
use crate::tape::adjoints::OpenTape;
use crate::tape::var::Var;
use crate::traits::confusion::{check, check_each, driver, marked};
use alloc::vec::Vec;

/// Returns `f(x)`, and the gradient `wᵀJ(x)` and the Hessian `Σ wᵢ·∇²fᵢ(x)` of the weighted sum `Σ wᵢ·fᵢ`, by forward mode
/// over reverse mode.
///
/// With the objective and the constraints of a problem as outputs and with 1 and the multipliers as weights, it is the Hessian
/// of the Lagrangian. `w` has the shape of the outputs. An output whose weight is 0 adds nothing, not even where its
/// derivatives are not finite. It takes one recording and one sweep for each chunk of variables, whatever the number of
/// outputs; [`hessian`](super::hessian) takes a sweep for each output.
///
/// ```
/// use nilpotent::reverse;
///
/// // a·b² + 10·a²
/// let (y, dy, h) = reverse::weighted_hessian(|[a, b]| [a * b * b, a * a], [2.0, 3.0], [1.0, 10.0]);
/// assert_eq!((y, dy), ([18.0, 4.0], [49.0, 12.0]));
/// assert_eq!(h, [[20.0, 6.0], [6.0, 4.0]]);
/// ```
///
/// # Panics
/// If `w` has another length than the outputs, if `f` does, or returns a variable of another recording.
#[doc(alias = "lagrangian")]
#[inline]
pub fn weighted_hessian<P, T, D, G, H, Y>(
    mut f: impl FnMut(P::Arg<'_, Var<D>>) -> Y,
    x: P,
    w: Y::Of<T>,
) -> (Y::Of<T>, G, H)
where
    P: Seeded<Var<D>, T = T, Dual<T> = D, Gradient = G, Hessian = H>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<Var<D>>,
{
    infallible(try_weighted_hessian(|x| Ok(f(x)), x, w))
}

/// [`weighted_hessian`] of a function that may fail.
pub fn try_weighted_hessian<P, T, D, G, H, Y, R>(
    mut f: impl FnMut(P::Arg<'_, Var<D>>) -> R,
    x: P,
    mut w: Y::Of<T>,
) -> R::Of<(Y::Of<T>, G, H)>
where
    P: Seeded<Var<D>, T = T, Dual<T> = D, Gradient = G, Hessian = H>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<Var<D>>,
    R: Outcome<Value = Y>,
{
    driver!();
    let n = x.variables();
    let (mut values, mut gradient, mut hessian) = (None, x.zeros(), x.zero_hessian());
    let outcome = chunks(n, P::WIDTH).try_for_each(|start| {
        recorded(
            |x: P::Arg<'_, Var<D>>| f(x).into_result(),
            &x,
            |i, x| marked(written(|d| P::variable(d, x, i.wrapping_sub(start)))),
            |open, y| {
                check_each(&y, |y| check(y.re));
                values.get_or_insert_with(|| y.map(|y| Chain::re(y.re)));
                swept_weighted(open, &y, &mut w, <D as Chain>::constant, |adjoints| {
                    for (i, a) in adjoints.iter().enumerate() {
                        P::entries(&mut gradient)[i] = Chain::re(*a).grounded();
                        for (j, &h) in (start..n).zip(P::partials::<T>(a)) {
                            *P::entry(&mut hessian, i, j) = h.grounded();
                        }
                    }
                });
            },
        )
    });
    R::from_result(outcome.map(|()| (values.expect("at least one recording is made"), gradient, hessian)))
}

/// Returns `f(x)`, and the gradient `wᵀJ(x)` and the Hessian-vector product `Σ wᵢ·∇²fᵢ(x)·v` of the weighted sum `Σ wᵢ·fᵢ`.
///
/// `w` has the shape of the outputs. It takes one recording and one sweep.
///
/// ```
/// use nilpotent::reverse;
///
/// let (y, dy, hv) = reverse::weighted_hvp(|[a, b]| [a * b * b, a * a], [2.0, 3.0], [1.0, 10.0], [1.0, 10.0]);
/// assert_eq!((y, dy, hv), ([18.0, 4.0], [49.0, 12.0], [80.0, 46.0]));
/// ```
///
/// # Panics
/// If `w` has another length than the outputs, if the slices `x` and `v` have different lengths, if `f` does, or returns a
/// variable of another recording.
#[doc(alias = "lagrangian")]
#[inline]
pub fn weighted_hvp<P, T, G, Y>(
    f: impl FnOnce(P::Arg<'_, Var<Dual<T>>>) -> Y,
    x: P,
    w: Y::Of<T>,
    v: P::Direction,
) -> (Y::Of<T>, G, G)
where
    P: Seeded<Var<Dual<T>>, T = T, Gradient = G>,
    T: Real,
    Y: Output<Var<Dual<T>>>,
{
    infallible(try_weighted_hvp(|x| Ok(f(x)), x, w, v))
}

/// [`weighted_hvp`] of a function that may fail.
pub fn try_weighted_hvp<P, T, G, Y, R>(
    f: impl FnOnce(P::Arg<'_, Var<Dual<T>>>) -> R,
    x: P,
    mut w: Y::Of<T>,
    v: P::Direction,
) -> R::Of<(Y::Of<T>, G, G)>
where
    P: Seeded<Var<Dual<T>>, T = T, Gradient = G>,
    T: Real,
    Y: Output<Var<Dual<T>>>,
    R: Outcome<Value = Y>,
{
    driver!();
    let v = components(&x, &v);
    R::from_result(recorded(
        |x: P::Arg<'_, Var<Dual<T>>>| f(x).into_result(),
        &x,
        |i, x| marked(Dual::new(x, [v[i]])),
        |open, y| {
            check_each(&y, |y| check(y.re));
            let (mut gradient, mut product) = (x.zeros(), x.zeros());
            swept_weighted(open, &y, &mut w, Dual::constant, |adjoints| {
                let entries = P::entries(&mut gradient).iter_mut().zip(P::entries(&mut product));
                for ((g, p), a) in entries.zip(adjoints) {
                    (*g, *p) = (a.re.grounded(), a.eps[0].grounded());
                }
            });
            (y.map(|y| y.re.re), gradient, product)
        },
    ))
}

/// Returns `f(x)` and `JᵀJ·v`, the product of the Gauss-Newton matrix of `½|f|²` and a vector, from one recording: one pass
/// over the records, and one sweep back.
///
/// For many vectors at one point, and for weights of the outputs, see [`linearize`](super::linearize).
///
/// ```
/// use nilpotent::reverse;
///
/// // J = [[3, 2], [1, 1]]
/// let (y, product) = reverse::gauss_newton_product(|[a, b]| [a * b, a + b], [2.0, 3.0], [1.0, 10.0]);
/// assert_eq!((y, product), ([6.0, 5.0], [80.0, 57.0]));
/// ```
///
/// # Panics
/// If the slices `x` and `v` have different lengths, if `f` does, or returns a variable of another recording.
#[doc(alias = "ggnvp")]
#[inline]
pub fn gauss_newton_product<P, T, G, Y>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> Y, x: P, v: P::Direction) -> (Y::Of<T>, G)
where
    P: Seeded<Var<T>, T = T, Gradient = G>,
    T: Real,
    Y: Output<Var<T>>,
{
    infallible(try_gauss_newton_product(|x| Ok(f(x)), x, v))
}

/// [`gauss_newton_product`] of a function that may fail.
pub fn try_gauss_newton_product<P, T, G, Y, R>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> R,
    x: P,
    v: P::Direction,
) -> R::Of<(Y::Of<T>, G)>
where
    P: Seeded<Var<T>, T = T, Gradient = G>,
    T: Real,
    Y: Output<Var<T>>,
    R: Outcome<Value = Y>,
{
    let v = components(&x, &v);
    let linearized = try_linearize(|x: P::Arg<'_, Var<T>>| f(x).into_result(), x);
    R::from_result(linearized.map(|(values, linear)| (values, linear.gauss_newton(v))))
}

/// Sweeps back from all outputs at once, with a weight for each, which `lift` makes a number. Calls `read` with the adjoints of
/// the inputs.
fn swept_weighted<D, T, Y, U>(
    open: &OpenTape<'_, D>,
    y: &Y,
    w: &mut Y::Of<T>,
    lift: impl Fn(T) -> D,
    read: impl FnOnce(&[D]) -> U,
) -> U
where
    D: Real,
    T: Real,
    Y: Output<Var<D>>,
{
    one_weight_each(y, w);
    let mut seeds = Vec::new();
    y.update(w, |&mut w, y| {
        let (id, node) = y.place();
        open.check(id, node);
        seeds.push((node, nonfinite::zero_product(y.slope(), lift(w))));
    });
    let seed = |adjoints: &mut [[D; 1]]| {
        for (node, weight) in seeds {
            // The node of a constant is beyond all others.
            if let Some([adjoint]) = adjoints.get_mut(node as usize) {
                *adjoint += weight;
            }
        }
    };
    open.sweep(seed, |adjoints| read(adjoints.as_flattened()))
}
