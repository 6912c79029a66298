//! Drivers of reverse mode that write into the caller's memory.

use super::recorded::{recorded, swept, swept_rows};
use super::second::{recordings, swept_along};
use crate::entries::{Destination, Entries, check_outputs};
use crate::forward::point::Seeded;
use crate::nonfinite::zero_product;
use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Outcome, Output, check_weights, each, infallible};
use crate::rules::Chain;
use crate::tape::adjoints::OpenTape;
use crate::tape::var::Var;
use crate::traits::confusion::check;

/// [`gradient`](super::gradient) into the caller's memory: writes `∇f(x)` into `gradient`, and returns `f(x)`.
///
/// After the first call on a thread nothing is allocated at an array, nor at a slice if the point is one of
/// [`Buffers`](crate::Buffers). Each driver `…_into` writes into any [`Entries`].
///
/// ```
/// use nilpotent::{Buffers, reverse};
///
/// let buffers = Buffers::default();
/// let callback = |x: &[f64], dy: &mut [f64]| reverse::gradient_into(|x| x[0] * x[1] * x[1], buffers.point(x), dy);
/// let mut dy = [0.0; 2];
/// assert_eq!(callback(&[2.0, 3.0], &mut dy), 18.0);
/// assert_eq!(dy, [9.0, 12.0]);
/// ```
///
/// # Panics
/// If `gradient` has not one entry for each variable, before `f` is called; if `f` does, or returns a variable of another
/// recording.
#[inline]
pub fn gradient_into<P, T>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> Var<T>,
    x: P,
    gradient: &mut (impl Entries<T> + ?Sized),
) -> T
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
{
    infallible(try_gradient_into(|x| Ok(f(x)), x, gradient))
}

/// [`gradient_into`] of a function that may fail. Then nothing has been written.
///
/// ```
/// use nilpotent::{Var, reverse};
///
/// let f = |[a, b]: [Var; 2]| if b == 0.0 { Err("b is 0") } else { Ok(a / b) };
/// let mut dy = [7.0; 2];
/// assert_eq!(reverse::try_gradient_into(f, [1.0, 0.0], &mut dy), Err("b is 0"));
/// assert_eq!(dy, [7.0; 2]);
/// ```
#[inline]
pub fn try_gradient_into<P, T, R>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> R,
    x: P,
    gradient: &mut (impl Entries<T> + ?Sized),
) -> R::Of<T>
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    R: Outcome<Value = Var<T>>,
{
    let mut gradient = Destination::vector(gradient, x.variables(), "gradient");
    let f = |x: P::Arg<'_, Var<T>>| f(x).into_result();
    R::from_result(recorded(
        f,
        &x,
        |_, x| x,
        |open, y| {
            swept(open, y, |adjoints| gradient.store(0, 0, adjoints));
            y.re
        },
    ))
}

/// [`jacobian`](super::jacobian) into the caller's memory: writes the outputs of `f`, one after another, into `value`, and
/// `J(x)`, a matrix row for each output, into `jacobian`.
///
/// ```
/// use nilpotent::reverse;
///
/// let (mut y, mut j) = ([0.0; 2], [0.0; 4]);
/// reverse::jacobian_into(|[a, b]| [a * b, a / b], [6.0, 3.0], &mut y, &mut j);
/// assert_eq!((y, j), ([18.0, 2.0], [3.0, 6.0, 1.0 / 3.0, -2.0 / 3.0]));
/// ```
///
/// # Panics
/// If `jacobian` has not as many rows as `value` has entries, or not one column for each variable, before `f` is called; if
/// `f` does, returns more or fewer numbers than `value` has entries, or a variable of another recording.
#[inline]
pub fn jacobian_into<P, T, Y>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> Y,
    x: P,
    value: &mut (impl Entries<T> + ?Sized),
    jacobian: &mut (impl Entries<T> + ?Sized),
) where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    Y: Output<Var<T>>,
{
    infallible(try_jacobian_into(|x| Ok(f(x)), x, value, jacobian));
}

/// [`jacobian_into`] of a function that may fail. Then nothing has been written.
#[inline]
pub fn try_jacobian_into<P, T, Y, R>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> R,
    x: P,
    value: &mut (impl Entries<T> + ?Sized),
    jacobian: &mut (impl Entries<T> + ?Sized),
) -> R::Of<()>
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    Y: Output<Var<T>>,
    R: Outcome<Value = Y>,
{
    let (mut value, m) = Destination::outputs(value);
    let mut jacobian = Destination::matrix(jacobian, m, x.variables(), "Jacobian");
    R::from_result(recorded(
        |x: P::Arg<'_, Var<T>>| f(x).into_result(),
        &x,
        |_, x| x,
        |open, y| {
            check_outputs(each(&y, |_, _| ()), m);
            each(&y, |i, y| value.set(0, i, y.re));
            if m == 1 {
                each(&y, |_, &y| swept(open, y, |adjoints| jacobian.store(0, 0, adjoints)));
                return;
            }
            swept_rows(open, &y, m, |first, adjoints| {
                for (j, adjoints) in adjoints.iter().enumerate() {
                    (first..m).zip(adjoints).for_each(|(i, &adjoint)| jacobian.set(i, j, adjoint));
                }
            });
        },
    ))
}

/// The product `wᵀJ(x)` into the caller's memory: writes the outputs of `f`, one after another, into `value`, and the product,
/// with an entry for each variable, into `product`. `w` has a weight for each output.
///
/// It takes one recording and one sweep. For many products at one point call [`vjp`](super::vjp), whose
/// [`Pullback`](super::Pullback) keeps the recording.
///
/// ```
/// use nilpotent::reverse;
///
/// let (mut y, mut product) = ([0.0; 2], [0.0; 2]);
/// reverse::vjp_into(|[a, b]| [a * b, a / b], [6.0, 3.0], &[1.0, 3.0], &mut y, &mut product);
/// assert_eq!((y, product), ([18.0, 2.0], [4.0, 4.0]));
/// ```
///
/// # Panics
/// If `value` has another length than `w`, or `product` not one entry for each variable, before `f` is called; if `f` does,
/// returns more or fewer numbers than there are weights, or a variable of another recording.
#[inline]
pub fn vjp_into<P, T, Y>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> Y,
    x: P,
    w: &[T],
    value: &mut (impl Entries<T> + ?Sized),
    product: &mut (impl Entries<T> + ?Sized),
) where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    Y: Output<Var<T>>,
{
    infallible(try_vjp_into(|x| Ok(f(x)), x, w, value, product));
}

/// [`vjp_into`] of a function that may fail. Then nothing has been written.
#[inline]
pub fn try_vjp_into<P, T, Y, R>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> R,
    x: P,
    w: &[T],
    value: &mut (impl Entries<T> + ?Sized),
    product: &mut (impl Entries<T> + ?Sized),
) -> R::Of<()>
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    Y: Output<Var<T>>,
    R: Outcome<Value = Y>,
{
    let mut value = Destination::vector(value, w.len(), "value");
    let mut product = Destination::vector(product, x.variables(), "product");
    R::from_result(recorded(
        |x: P::Arg<'_, Var<T>>| f(x).into_result(),
        &x,
        |_, x| x,
        |open, y| {
            check_weights(w.len(), each(&y, |_, _| ()));
            each(&y, |i, y| {
                let (id, node) = y.place();
                open.check(id, node);
                value.set(0, i, y.re);
            });
            let seed = |adjoints: &mut [[T; 1]]| {
                each(&y, |i, y| {
                    if let Some([adjoint]) = adjoints.get_mut(y.place().1 as usize) {
                        *adjoint += zero_product(y.slope(), w[i]);
                    }
                });
            };
            open.sweep(seed, |adjoints| product.store(0, 0, adjoints.as_flattened()));
        },
    ))
}

/// [`hvp`](super::hvp) into the caller's memory: writes `∇f(x)` into `gradient` and `∇²f(x)·v` into `product`, and returns
/// `f(x)`.
///
/// ```
/// use nilpotent::reverse;
///
/// let (mut dy, mut hv) = ([0.0; 2], [0.0; 2]);
/// assert_eq!(reverse::hvp_into(|[a, b]| a * b * b, [2.0, 3.0], [1.0, 10.0], &mut dy, &mut hv), 18.0);
/// assert_eq!((dy, hv), ([9.0, 12.0], [60.0, 46.0]));
/// ```
///
/// # Panics
/// If `v`, `gradient` or `product` has not one entry for each variable, before `f` is called; if `f` does, or returns a
/// variable of another recording.
pub fn hvp_into<P, T>(
    f: impl FnOnce(P::Arg<'_, Var<Dual<T>>>) -> Var<Dual<T>>,
    x: P,
    v: P::Direction,
    gradient: &mut (impl Entries<T> + ?Sized),
    product: &mut (impl Entries<T> + ?Sized),
) -> T
where
    P: Seeded<Var<Dual<T>>, T = T>,
    T: Real,
{
    infallible(try_hvp_into(|x| Ok(f(x)), x, v, gradient, product))
}

/// [`hvp_into`] of a function that may fail. Then nothing has been written.
pub fn try_hvp_into<P, T, R>(
    f: impl FnOnce(P::Arg<'_, Var<Dual<T>>>) -> R,
    x: P,
    v: P::Direction,
    gradient: &mut (impl Entries<T> + ?Sized),
    product: &mut (impl Entries<T> + ?Sized),
) -> R::Of<T>
where
    P: Seeded<Var<Dual<T>>, T = T>,
    T: Real,
    R: Outcome<Value = Var<Dual<T>>>,
{
    let n = x.variables();
    let mut gradient = Destination::vector(gradient, n, "gradient");
    let mut product = Destination::vector(product, n, "product");
    let result = swept_along(
        &x,
        &v,
        |x| f(x).into_result(),
        |adjoints| {
            for (i, adjoint) in adjoints.iter().enumerate() {
                gradient.set(0, i, adjoint.re);
                product.set(0, i, adjoint.eps[0]);
            }
        },
    );
    R::from_result(result.map(|(y, ())| y))
}

/// [`hessian`](super::hessian) into the caller's memory: writes `∇f(x)` into `gradient` and all entries of `∇²f(x)` into
/// `hessian`, and returns `f(x)`.
///
/// ```
/// use nilpotent::reverse;
///
/// let (mut dy, mut h) = ([0.0; 2], [[0.0; 2]; 2]);
/// assert_eq!(reverse::hessian_into(|[a, b]| a * b * b, [2.0, 3.0], &mut dy, &mut h), 18.0);
/// assert_eq!((dy, h), ([9.0, 12.0], [[0.0, 6.0], [6.0, 4.0]]));
/// ```
///
/// # Panics
/// If `gradient` has not one entry, or `hessian` not one row and one column, for each variable, before `f` is called; if `f`
/// does, or returns a variable of another recording.
pub fn hessian_into<P, T, D>(
    mut f: impl FnMut(P::Arg<'_, Var<D>>) -> Var<D>,
    x: P,
    gradient: &mut (impl Entries<T> + ?Sized),
    hessian: &mut (impl Entries<T> + ?Sized),
) -> T
where
    P: Seeded<Var<D>, T = T, Dual<T> = D>,
    T: Real,
    D: Chain<Re = T> + Real,
{
    infallible(try_hessian_into(|x| Ok(f(x)), x, gradient, hessian))
}

/// [`hessian_into`] of a function that may fail. Then the gradient and the columns of earlier recordings have been written, if
/// there were any.
pub fn try_hessian_into<P, T, D, R>(
    mut f: impl FnMut(P::Arg<'_, Var<D>>) -> R,
    x: P,
    gradient: &mut (impl Entries<T> + ?Sized),
    hessian: &mut (impl Entries<T> + ?Sized),
) -> R::Of<T>
where
    P: Seeded<Var<D>, T = T, Dual<T> = D>,
    T: Real,
    D: Chain<Re = T> + Real,
    R: Outcome<Value = Var<D>>,
{
    let n = x.variables();
    let mut gradient = Destination::vector(gradient, n, "gradient");
    let mut hessian = Destination::matrix(hessian, n, n, "Hessian");
    let mut value = T::zero();
    let read = |start, open: &OpenTape<'_, D>, y: Var<D>| {
        check(y.re);
        value = Chain::re(y.re);
        swept(open, y, |adjoints| {
            for (i, adjoint) in adjoints.iter().enumerate() {
                gradient.set(0, i, Chain::re(*adjoint));
                hessian.store(i, start, P::partials::<T>(adjoint));
            }
        });
    };
    let outcome = recordings(&x, |x| f(x).into_result(), read);
    R::from_result(outcome.map(|()| value))
}
