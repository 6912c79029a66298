//! Drivers that write into the caller's memory.

use super::passes::{along, first_order};
use super::point::{SecondOrder, Seeded};
use super::second::{entries, products, second_order};
use crate::entries::{Destination, Entries, check_outputs};
use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Outcome, Output, each, infallible};
use crate::rules::Chain;
use crate::traits::confusion::{output, outputs};

/// [`gradient`](super::gradient) into the caller's memory: writes `∇f(x)` into `gradient`, and returns `f(x)`.
///
/// At an array nothing is allocated; at a slice nothing is allocated after the first call if the point is one of [`Buffers`](super::Buffers).
/// Each driver `…_into` writes into any [`Entries`].
///
/// ```
/// use nilpotent::{Buffers, gradient_into};
///
/// let mut dy = [0.0; 2];
/// assert_eq!(gradient_into(|[a, b]| a * b * b, [2.0, 3.0], &mut dy), 18.0);
/// assert_eq!(dy, [9.0, 12.0]);
///
/// // A solver's callback, which gets slices and makes hundreds of calls.
/// let buffers = Buffers::default();
/// let callback = |x: &[f64], dy: &mut [f64]| gradient_into(|x| x[0] * x[1] * x[1], buffers.point(x), dy);
/// assert_eq!(callback(&[3.0, 2.0], &mut dy), 12.0);
/// assert_eq!(dy, [4.0, 12.0]);
/// ```
///
/// # Panics
/// If `gradient` has not one entry for each variable, before `f` is called.
#[inline]
pub fn gradient_into<P, T, D>(
    mut f: impl FnMut(P::Arg<'_, D>) -> D,
    x: P,
    gradient: &mut (impl Entries<T> + ?Sized),
) -> T
where
    P: Seeded<D, T = T, Dual<T> = D>,
    T: Real,
    D: Chain<Re = T> + Real,
{
    infallible(try_gradient_into(|x| Ok(f(x)), x, gradient))
}

/// [`gradient_into`] of a function that may fail. Then the entries of earlier passes have been written, and all others are as
/// before; at an array there is one pass, so nothing has been written.
///
/// ```
/// use nilpotent::try_gradient_into;
///
/// let f = |[a, b]: [nilpotent::Dual<f64, 2>; 2]| if b == 0.0 { Err("b is 0") } else { Ok(a / b) };
/// let mut dy = [7.0; 2];
/// assert_eq!(try_gradient_into(f, [1.0, 0.0], &mut dy), Err("b is 0"));
/// assert_eq!(dy, [7.0; 2]);
/// assert_eq!(try_gradient_into(f, [1.0, 2.0], &mut dy), Ok(0.5));
/// assert_eq!(dy, [0.5, -0.25]);
/// ```
#[inline]
pub fn try_gradient_into<P, T, D, R>(
    mut f: impl FnMut(P::Arg<'_, D>) -> R,
    x: P,
    gradient: &mut (impl Entries<T> + ?Sized),
) -> R::Of<T>
where
    P: Seeded<D, T = T, Dual<T> = D>,
    T: Real,
    D: Chain<Re = T> + Real,
    R: Outcome<Value = D>,
{
    let mut gradient = Destination::vector(gradient, x.variables(), "gradient");
    R::from_result(first_order(
        &x,
        |x| output(f(x)),
        |y| Chain::re(*y),
        |_, start, y| gradient.store(0, start, P::partials::<T>(y)),
    ))
}

/// [`jacobian`](super::jacobian) into the caller's memory: writes the outputs of `f`, one after another, into `value`, and
/// `J(x)`, a matrix row for each output, into `jacobian`.
///
/// ```
/// use nilpotent::jacobian_into;
///
/// // A slice gets the matrix rows one after another.
/// let (mut y, mut j) = ([0.0; 2], [0.0; 4]);
/// jacobian_into(|[a, b]| [a * b, a / b], [6.0, 3.0], &mut y, &mut j);
/// assert_eq!((y, j), ([18.0, 2.0], [3.0, 6.0, 1.0 / 3.0, -2.0 / 3.0]));
///
/// let mut j = [[0.0; 2]; 2];
/// jacobian_into(|[a, b]| [a * b, a + b], [6.0, 3.0], &mut y, &mut j);
/// assert_eq!((y, j), ([18.0, 9.0], [[3.0, 6.0], [1.0, 1.0]]));
/// ```
///
/// # Panics
/// If `jacobian` has not as many rows as `value` has entries, or not one column for each variable, before `f` is called; if
/// `f` returns more or fewer numbers than `value` has entries.
#[inline]
pub fn jacobian_into<P, T, D, Y>(
    mut f: impl FnMut(P::Arg<'_, D>) -> Y,
    x: P,
    value: &mut (impl Entries<T> + ?Sized),
    jacobian: &mut (impl Entries<T> + ?Sized),
) where
    P: Seeded<D, T = T, Dual<T> = D>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<D>,
{
    infallible(try_jacobian_into(|x| Ok(f(x)), x, value, jacobian));
}

/// [`jacobian_into`] of a function that may fail. Then the value and the columns of earlier passes have been written, if there
/// were any.
#[inline]
pub fn try_jacobian_into<P, T, D, Y, R>(
    mut f: impl FnMut(P::Arg<'_, D>) -> R,
    x: P,
    value: &mut (impl Entries<T> + ?Sized),
    jacobian: &mut (impl Entries<T> + ?Sized),
) -> R::Of<()>
where
    P: Seeded<D, T = T, Dual<T> = D>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<D>,
    R: Outcome<Value = Y>,
{
    let (mut value, m) = Destination::outputs(value);
    let mut jacobian = Destination::matrix(jacobian, m, x.variables(), "Jacobian");
    R::from_result(first_order(
        &x,
        |x| outputs(f(x)),
        |_| (),
        |(), start, y| {
            let outputs = each(y, |i, y| {
                if i < m {
                    value.set(0, i, Chain::re(*y));
                    jacobian.store(i, start, P::partials::<T>(y));
                }
            });
            check_outputs(outputs, m);
        },
    ))
}

/// [`jvp`](super::jvp) into the caller's memory: writes the outputs of `f` into `value`, and `J(x)·v` into `tangent`.
///
/// ```
/// use nilpotent::jvp_into;
///
/// let (mut y, mut dy) = ([0.0; 2], [0.0; 2]);
/// jvp_into(|[a, b]| [a * b, a + b], [6.0, 3.0], [1.0, 10.0], &mut y, &mut dy);
/// assert_eq!((y, dy), ([18.0, 9.0], [63.0, 11.0]));
/// ```
///
/// # Panics
/// If `x` and `v`, or `value` and `tangent`, have different lengths, before `f` is called; if `f` returns more or fewer
/// numbers than `value` has entries.
#[inline]
pub fn jvp_into<P, T, Y>(
    f: impl FnOnce(P::Arg<'_, Dual<T>>) -> Y,
    x: P,
    v: P::Direction,
    value: &mut (impl Entries<T> + ?Sized),
    tangent: &mut (impl Entries<T> + ?Sized),
) where
    P: Seeded<Dual<T>, T = T>,
    T: Real,
    Y: Output<Dual<T>>,
{
    infallible(try_jvp_into(|x| Ok(f(x)), x, v, value, tangent));
}

/// [`jvp_into`] of a function that may fail. Then nothing has been written.
#[inline]
pub fn try_jvp_into<P, T, Y, R>(
    f: impl FnOnce(P::Arg<'_, Dual<T>>) -> R,
    x: P,
    v: P::Direction,
    value: &mut (impl Entries<T> + ?Sized),
    tangent: &mut (impl Entries<T> + ?Sized),
) -> R::Of<()>
where
    P: Seeded<Dual<T>, T = T>,
    T: Real,
    Y: Output<Dual<T>>,
    R: Outcome<Value = Y>,
{
    let (mut value, m) = Destination::outputs(value);
    let mut tangent = Destination::vector(tangent, m, "tangent");
    R::from_result(along(&x, &v, |x| {
        outputs(f(x)).map(|y| {
            let outputs = each(&y, |i, y| {
                if i < m {
                    value.set(0, i, y.re);
                    tangent.set(0, i, y.eps[0]);
                }
            });
            check_outputs(outputs, m);
        })
    }))
}

/// [`hvp`](super::hvp) into the caller's memory: writes `∇f(x)` into `gradient` and `∇²f(x)·v` into `product`, and returns
/// `f(x)`.
///
/// ```
/// use nilpotent::hvp_into;
///
/// let (mut dy, mut hv) = ([0.0; 2], [0.0; 2]);
/// assert_eq!(hvp_into(|[a, b]| a * b * b, [2.0, 3.0], [1.0, 10.0], &mut dy, &mut hv), 18.0);
/// assert_eq!((dy, hv), ([9.0, 12.0], [60.0, 46.0]));
/// ```
///
/// # Panics
/// If `v`, `gradient` or `product` has not one entry for each variable, before `f` is called.
#[inline]
pub fn hvp_into<P, T, D>(
    mut f: impl FnMut(P::Arg<'_, D>) -> D,
    x: P,
    v: P::Direction,
    gradient: &mut (impl Entries<T> + ?Sized),
    product: &mut (impl Entries<T> + ?Sized),
) -> T
where
    P: Seeded<D, T = T, Dual<Dual<T>> = D>,
    T: Real,
    D: Chain<Re = Dual<T>> + Real,
{
    infallible(try_hvp_into(|x| Ok(f(x)), x, v, gradient, product))
}

/// [`hvp_into`] of a function that may fail. Then the entries of earlier passes have been written.
#[inline]
pub fn try_hvp_into<P, T, D, R>(
    mut f: impl FnMut(P::Arg<'_, D>) -> R,
    x: P,
    v: P::Direction,
    gradient: &mut (impl Entries<T> + ?Sized),
    product: &mut (impl Entries<T> + ?Sized),
) -> R::Of<T>
where
    P: Seeded<D, T = T, Dual<Dual<T>> = D>,
    T: Real,
    D: Chain<Re = Dual<T>> + Real,
    R: Outcome<Value = D>,
{
    let n = x.variables();
    let mut gradient = Destination::vector(gradient, n, "gradient");
    let mut product = Destination::vector(product, n, "product");
    R::from_result(products(
        &x,
        &v,
        |x| f(x).into_result(),
        |y| y.re().re,
        |_, i, [first, second]| {
            gradient.set(0, i, first);
            product.set(0, i, second);
        },
    ))
}

/// [`hessian`](super::hessian) into the caller's memory: writes `∇f(x)` into `gradient` and all entries of `∇²f(x)` into
/// `hessian`, and returns `f(x)`.
///
/// ```
/// use nilpotent::hessian_into;
///
/// let (mut dy, mut h) = ([0.0; 2], [[0.0; 2]; 2]);
/// assert_eq!(hessian_into(|[a, b]| a * b * b, [2.0, 3.0], &mut dy, &mut h), 18.0);
/// assert_eq!((dy, h), ([9.0, 12.0], [[0.0, 6.0], [6.0, 4.0]]));
/// ```
///
/// # Panics
/// If `gradient` has not one entry, or `hessian` not one row and one column, for each variable, before `f` is called.
#[inline]
pub fn hessian_into<P, T, D>(
    mut f: impl FnMut(P::Arg<'_, D>) -> D,
    x: P,
    gradient: &mut (impl Entries<T> + ?Sized),
    hessian: &mut (impl Entries<T> + ?Sized),
) -> T
where
    P: Seeded<D, T = T, Second = D>,
    T: Real,
    D: SecondOrder<Re = T>,
{
    infallible(try_hessian_into(|x| Ok(f(x)), x, gradient, hessian))
}

/// [`hessian_into`] of a function that may fail. Then the blocks of earlier passes have been written.
#[inline]
pub fn try_hessian_into<P, T, D, R>(
    mut f: impl FnMut(P::Arg<'_, D>) -> R,
    x: P,
    gradient: &mut (impl Entries<T> + ?Sized),
    hessian: &mut (impl Entries<T> + ?Sized),
) -> R::Of<T>
where
    P: Seeded<D, T = T, Second = D>,
    T: Real,
    D: SecondOrder<Re = T>,
    R: Outcome<Value = D>,
{
    let n = x.variables();
    let mut gradient = Destination::vector(gradient, n, "gradient");
    let mut hessian = Destination::matrix(hessian, n, n, "Hessian");
    R::from_result(second_order(
        &x,
        |x| output(f(x)),
        |y| Chain::re(*y),
        |_, block, y| {
            gradient.store(0, block[0], y.first());
            entries(y, block, n, |i, j, second| hessian.set(i, j, second));
        },
    ))
}
