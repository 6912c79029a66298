//! Drivers of second derivatives in reverse mode.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::recorded::{recorded, swept};
use crate::forward::passes::{chunks, components};
use crate::forward::point::{Seeded, copy, written};
use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Outcome, Output, infallible};
use crate::rules::Chain;
use crate::tape::adjoints::OpenTape;
use crate::tape::var::Var;
use crate::traits::confusion::{check, check_each, driver, marked};
use alloc::vec::Vec;

/// Returns `f(x)`, the gradient and the Hessian-vector product `∇²f(x)·v`.
///
/// It takes one recording and one sweep, over dual numbers that carry the derivative along `v`.
///
/// ```
/// use nilpotent::reverse;
///
/// let (y, dy, hv) = reverse::hvp(|[a, b]| a * b * b, [2.0, 3.0], [1.0, 10.0]);
/// assert_eq!((y, dy, hv), (18.0, [9.0, 12.0], [60.0, 46.0]));
/// ```
///
/// # Panics
/// If the slices `x` and `v` have different lengths, if `f` does, or returns a variable of another recording.
pub fn hvp<P, T, G>(f: impl FnOnce(P::Arg<'_, Var<Dual<T>>>) -> Var<Dual<T>>, x: P, v: P::Direction) -> (T, G, G)
where
    P: Seeded<Var<Dual<T>>, T = T, Gradient = G>,
    T: Real,
{
    infallible(try_hvp(|x| Ok(f(x)), x, v))
}

/// [`hvp`] of a function that may fail.
pub fn try_hvp<P, T, G, R>(f: impl FnOnce(P::Arg<'_, Var<Dual<T>>>) -> R, x: P, v: P::Direction) -> R::Of<(T, G, G)>
where
    P: Seeded<Var<Dual<T>>, T = T, Gradient = G>,
    T: Real,
    R: Outcome<Value = Var<Dual<T>>>,
{
    let result = swept_along(
        &x,
        &v,
        |x| f(x).into_result(),
        |adjoints| {
            let (mut gradient, mut product) = (x.zeros(), x.zeros());
            let entries = P::entries(&mut gradient).iter_mut().zip(P::entries(&mut product));
            for ((g, p), a) in entries.zip(adjoints) {
                (*g, *p) = (a.re.grounded(), a.eps[0].grounded());
            }
            (gradient, product)
        },
    );
    R::from_result(result.map(|(y, (gradient, product))| (y, gradient, product)))
}

/// Records `f` over dual numbers that carry the derivative along `v`, and sweeps back. Returns the value, and what `read` makes
/// of the adjoints.
#[inline]
pub(super) fn swept_along<P, T, E, U>(
    x: &P,
    v: &P::Direction,
    f: impl FnOnce(P::Arg<'_, Var<Dual<T>>>) -> Result<Var<Dual<T>>, E>,
    read: impl FnOnce(&[Dual<T>]) -> U,
) -> Result<(T, U), E>
where
    P: Seeded<Var<Dual<T>>, T = T>,
    T: Real,
{
    driver!();
    let v = components(x, v);
    let seed = |i: usize, x| marked(Dual::new(x, [v[i]]));
    recorded(f, x, seed, |open, y| {
        check(y.re);
        (y.re.re, swept(open, y, read))
    })
}

/// Returns `f(x)`, the gradient and the Hessian, by forward mode over reverse mode.
///
/// For each chunk of variables `f` is recorded once, over dual numbers that carry the partials of the chunk.
///
/// ```
/// use nilpotent::reverse;
///
/// let (y, dy, h) = reverse::hessian(|[a, b]| a * b * b, [2.0, 3.0]);
/// assert_eq!((y, dy, h), (18.0, [9.0, 12.0], [[0.0, 6.0], [6.0, 4.0]]));
/// ```
///
/// # Panics
/// If `f` does, or returns a variable of another recording, or `Vec`s of different lengths for different chunks.
#[doc(alias = "hess")]
pub fn hessian<P, T, D, G, H, Y>(mut f: impl FnMut(P::Arg<'_, Var<D>>) -> Y, x: P) -> (Y::Of<T>, Y::Of<G>, Y::Of<H>)
where
    P: Seeded<Var<D>, T = T, Dual<T> = D, Gradient = G, Hessian = H>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<Var<D>>,
{
    infallible(try_hessian(|x| Ok(f(x)), x))
}

/// [`hessian`] of a function that may fail.
pub fn try_hessian<P, T, D, G, H, Y, R>(
    mut f: impl FnMut(P::Arg<'_, Var<D>>) -> R,
    x: P,
) -> R::Of<(Y::Of<T>, Y::Of<G>, Y::Of<H>)>
where
    P: Seeded<Var<D>, T = T, Dual<T> = D, Gradient = G, Hessian = H>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<Var<D>>,
    R: Outcome<Value = Y>,
{
    let n = x.variables();
    let mut result = None;
    let read = |start, open: &OpenTape<'_, D>, y: Y| {
        check_each(&y, |y| check(y.re));
        let (_, gradients, hessians) = result
            .get_or_insert_with(|| (y.map(|y| Chain::re(y.re)), y.map(|_| x.zeros()), y.map(|_| x.zero_hessian())));
        let mut rows = Vec::new();
        y.update(hessians, |hessian, &y| {
            swept(open, y, |adjoints| {
                for (i, a) in adjoints.iter().enumerate() {
                    for (j, &h) in (start..n).zip(P::partials::<T>(a)) {
                        *P::entry(hessian, i, j) = h.grounded();
                    }
                }
                rows.push(adjoints.iter().map(|&a| Chain::re(a)).collect::<Vec<_>>());
            });
        });
        let mut rows = rows.iter();
        y.update(gradients, |gradient, _| {
            let row = rows.next().expect("one for each output");
            copy(row, P::entries(gradient));
        });
    };
    let outcome = recordings(&x, |x| f(x).into_result(), read);
    R::from_result(outcome.map(|()| result.expect("at least one recording is made")))
}

/// Records `f` once for each chunk of variables, over dual numbers that carry the partials of the chunk, and calls `read` with
/// the chunk's first variable, the recording and the result.
#[inline]
pub(super) fn recordings<P, T, D, Y, E>(
    x: &P,
    mut f: impl FnMut(P::Arg<'_, Var<D>>) -> Result<Y, E>,
    mut read: impl FnMut(usize, &OpenTape<'_, D>, Y),
) -> Result<(), E>
where
    P: Seeded<Var<D>, T = T, Dual<T> = D>,
    T: Real,
    D: Chain<Re = T> + Real,
{
    driver!();
    chunks(x.variables(), P::WIDTH).try_for_each(|start| {
        let seed = |i: usize, x| marked(written(|d| P::variable(d, x, i.wrapping_sub(start))));
        recorded(&mut f, x, seed, |open, y| read(start, open, y))
    })
}
