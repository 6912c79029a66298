//! Checks of derivatives: forward mode against reverse mode, and both against differences of the values.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

pub(crate) mod differences;
pub(crate) mod shifted;

use crate::error::{Error, length};
use crate::forward::hessian;
use crate::forward::passes::{chunks, first_order, passes};
use crate::forward::point::{SecondOrder, Seeded};
use crate::real::Real;
use crate::returns::{Output, infallible};
use crate::reverse;
use crate::reverse::recorded::{recorded, swept};
use crate::rules::Chain;
use crate::tape::var::Var;
use crate::traits::confusion::{output, outputs};
use alloc::vec;
use alloc::vec::Vec;
use differences::{Worst, scale, unit};
use num_traits::{Float, Zero};
use shifted::{center, shifted};

/// The numbers of an output, one after another.
fn list<D, Y: Output<D>, S>(y: &Y, mut each: impl FnMut(&D) -> S) -> Vec<S> {
    let mut list = Vec::new();
    let _ = y.map(|y| list.push(each(y)));
    list
}

/// The values of outputs, as floats.
fn floats<D: Chain, Y: Output<D>>(y: &Y) -> Vec<<D::Re as Real>::Float> {
    list(y, |y| y.re().float())
}

/// Checks the gradient of `f` at `x`: forward mode against reverse mode, and against central differences of the values.
///
/// The two modes take different numbers, so a generic function is passed twice. The check finds rules with a wrong slope,
/// rules that differ between the modes, and derivatives that are lost behind a branch on values. It is meant for tests:
/// each variable takes at least four evaluations of `f`. How it compares with differences, and what it cannot decide, is
/// said at [`linalg::check`](crate::linalg::check). The modes must agree to the square root of the float's precision,
/// `|a - b| ≤ √ε·(max(|a|, |b|) + √ε·s/max(1, |xⱼ|))`, where s is the largest of `|f|` and of all `|∂f/∂xₖ|·max(1, |xₖ|)`.
///
/// ```
/// use nilpotent::{Error, Real, check_gradient};
///
/// fn right<T: Real>([x, y]: [T; 2]) -> T {
///     x * y.sin()
/// }
/// assert_eq!(check_gradient(right, right, [2.0, 1.0]), Ok(()));
///
/// // At 0 a branch returns a constant, which loses the derivative 1 in x.
/// fn sinc_like<T: Real>([x, y]: [T; 2]) -> T {
///     if x == T::zero() { y } else { y + x.sin() }
/// }
/// let error = check_gradient(sinc_like, sinc_like, [0.0, 1.0]).unwrap_err();
/// assert!(matches!(error, Error::WrongDerivative { row: 0, column: 0, derivative: 0.0, .. }));
/// assert_eq!(error.to_string(), "column 0, row 0: the derivative is 0, central differences give 1");
/// ```
///
/// # Errors
/// [`Error::ModesDiffer`] if the modes disagree, and else [`Error::WrongDerivative`] if the differences disagree: with the
/// partial for which the relative difference of both numbers is largest.
///
/// # Panics
/// If `f` does.
#[doc(alias = "gradcheck")]
pub fn check_gradient<P, T, D>(
    f: impl FnMut(P::Arg<'_, D>) -> D,
    again: impl FnOnce(P::Arg<'_, Var<T>>) -> Var<T>,
    x: P,
) -> Result<(), Error>
where
    P: Seeded<D, T = T, Dual<T> = D> + Seeded<Var<T>> + Copy,
    T: Real,
    D: Chain<Re = T> + Real + Output<D>,
{
    check_jacobian(f, again, x)
}

/// Checks the Jacobian of `f` at `x`, as [`check_gradient`] checks a gradient. An output is a row of the Jacobian.
///
/// ```
/// use nilpotent::{check_jacobian, Real};
///
/// fn polar<T: Real>(x: &[T]) -> Vec<T> {
///     vec![x[0] * x[1].cos(), x[0] * x[1].sin()]
/// }
/// assert_eq!(check_jacobian(polar, polar, &[2.0, 0.5][..]), Ok(()));
/// ```
///
/// # Errors
/// Those of [`check_gradient`], and [`Error::WrongLength`] if `f` returns another number of outputs in reverse mode.
///
/// # Panics
/// If `f` does, or returns `Vec`s of different lengths for different chunks of the same point.
pub fn check_jacobian<P, T, D, Y, Z>(
    mut f: impl FnMut(P::Arg<'_, D>) -> Y,
    again: impl FnOnce(P::Arg<'_, Var<T>>) -> Z,
    x: P,
) -> Result<(), Error>
where
    P: Seeded<D, T = T, Dual<T> = D> + Seeded<Var<T>> + Copy,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<D>,
    Z: Output<Var<T>>,
{
    let center = center::<P, D>(&x);
    let n = center.len();
    let (y, forward) = infallible(first_order(
        &x,
        |x| outputs(Ok(f(x))),
        |y| (floats(y), vec![<T::Float as Zero>::zero(); n * list(y, |_| ()).len()]),
        |(_, rows), start, y| {
            let partials = list(y, |y| P::partials::<T>(y).iter().map(|x| x.float()).collect::<Vec<_>>());
            for (row, partials) in rows.chunks_exact_mut(n.max(1)).zip(partials) {
                row[start..].iter_mut().zip(partials).for_each(|(entry, partial)| *entry = partial);
            }
        },
    ));
    let backward = infallible(recorded(
        |x: P::Arg<'_, Var<T>>| Ok(again(x)),
        &x,
        |_, x| x,
        |open, y| {
            list(&y, |&y| swept(open, y, |adjoints| adjoints.iter().map(|x| x.float()).collect::<Vec<_>>())).concat()
        },
    ));
    if n == 0 {
        return Ok(());
    }
    length("outputs of `f` in reverse mode", y.len(), backward.len() / n)?;
    let entry = |row, column| forward[row * n + column];
    modes_agree(&center, &y, entry, |row, column| backward[row * n + column])?;
    infallible(differences::compare(&center, &y, entry, |column, at| Ok(floats(&shifted(&x, column, at, &mut f)))))
}

/// Checks the Hessian of `f` at `x`: forward mode against reverse mode, and against central differences of the gradient.
///
/// A generic function is passed three times, since it is called with three kinds of numbers. Both modes and the differences
/// must agree as [`check_gradient`] says, with the gradient in the place of f.
///
/// ```
/// use nilpotent::{Error, Real, check_hessian};
///
/// fn right<T: Real>([x, y]: [T; 2]) -> T {
///     x * y * y
/// }
/// assert_eq!(check_hessian(right, right, right, [2.0, 3.0]), Ok(()));
///
/// // A branch that has the right slope at 0, but not the right curvature.
/// fn flat<T: Real>([x]: [T; 1]) -> T {
///     if x == T::zero() { T::one() + x } else { x.exp() }
/// }
/// let error = check_hessian(flat, flat, flat, [0.0]).unwrap_err();
/// assert!(matches!(error, Error::WrongDerivative { row: 0, column: 0, derivative: 0.0, .. }));
/// ```
///
/// # Errors
/// Those of [`check_gradient`], whose row and column are those of the Hessian's entry.
///
/// # Panics
/// If `f` does.
#[doc(alias = "gradgradcheck")]
pub fn check_hessian<P, T, D, H>(
    mut f: impl FnMut(P::Arg<'_, D>) -> D,
    mut second: impl FnMut(P::Arg<'_, H>) -> H,
    again: impl FnMut(P::Arg<'_, Var<D>>) -> Var<D>,
    x: P,
) -> Result<(), Error>
where
    P: Seeded<D, T = T, Dual<T> = D, Second = H> + Seeded<H> + Seeded<Var<D>> + Copy,
    T: Real,
    D: Chain<Re = T> + Real,
    H: SecondOrder<Re = T> + Output<H>,
{
    let center = center::<P, D>(&x);
    let n = center.len();
    let read =
        |hessian: &mut P::Hessian| (0..n * n).map(|k| P::entry(hessian, k / n, k % n).float()).collect::<Vec<_>>();
    let (mut forward, mut number) = (Vec::new(), None);
    let (.., mut hessians) = hessian(|x: P::Arg<'_, H>| *number.insert(second(x)), x);
    if let Some(number) = number {
        number.update(&mut hessians, |hessian, _| forward = read(hessian));
    }
    let (.., mut backward) = reverse::hessian(again, x);
    let backward = read(&mut backward);
    // The gradient, where one coordinate is shifted.
    let mut gradient = |shift: Option<(usize, T::Float)>| {
        let coordinate = |i, x| shift.filter(|&(column, _)| i == column).map_or(x, |(_, at)| T::from_float(at));
        infallible(passes(
            &x,
            chunks(n, P::WIDTH),
            |start| start..start + P::WIDTH,
            |start, d: &mut D, i, x| P::variable(d, coordinate(i, x), i.wrapping_sub(start)),
            |x| output(Ok(f(x))),
            |_| vec![<T::Float as Zero>::zero(); n],
            |gradient, start, y| {
                let partials = P::partials::<T>(y).iter().map(|x| x.float());
                gradient[start..].iter_mut().zip(partials).for_each(|(entry, partial)| *entry = partial);
            },
        ))
    };
    let slopes = gradient(None);
    let entry = |row, column| forward[row * n + column];
    modes_agree(&center, &slopes, entry, |row, column| backward[row * n + column])?;
    infallible(differences::compare(&center, &slopes, entry, |column, at| Ok(gradient(Some((column, at))))))
}

/// Checks that both modes agree on all entries.
fn modes_agree<S: Real<Float = S>>(
    center: &[S],
    y: &[S],
    forward: impl Fn(usize, usize) -> S,
    reverse: impl Fn(usize, usize) -> S,
) -> Result<(), Error> {
    let (scale, root) = (scale(center, y, &forward), Float::sqrt(S::epsilon()));
    let mut worst = Worst::default();
    for (column, &x) in center.iter().enumerate() {
        for row in 0..y.len() {
            let (a, b) = (forward(row, column), reverse(row, column));
            let size = Float::max(Float::abs(a), Float::abs(b));
            // Both may be infinite, or NaN.
            let same = a == b || a.is_nan() && b.is_nan();
            let close = Float::abs(a - b) <= root * (size + root * scale / unit(x));
            if !same && !close {
                worst.add(a, b, |forward, reverse| Error::ModesDiffer { row, column, forward, reverse });
            }
        }
    }
    worst.verdict()
}
