//! Functions that do not replay.

use crate::number::parts::Opaque;
use crate::returns::Output;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::panic::Location;

/// The parts of all numbers, one after another.
fn parts<D: Opaque>(numbers: &impl Output<D>) -> Vec<D::Float> {
    let mut parts = Vec::new();
    numbers.map(|number| number.take_apart(&mut |part| parts.push(part)));
    parts
}

/// The numbers with these parts.
fn numbers<D: Opaque>(parts: &[D::Float]) -> Vec<D> {
    let mut parts = parts.iter().copied().peekable();
    let mut numbers = Vec::new();
    while parts.peek().is_some() {
        numbers.push(D::put_together(&mut || parts.next().expect("all parts of a number")));
    }
    numbers
}

/// Calls the function `live` with the numbers `x`, which it takes over plain floats. In a recording it is written down as one
/// operation: each time the program runs, `live` is called again, with its own branches and as many steps of its loops as it
/// takes there.
///
/// So functions can be part of a program that would be right only close to the recorded point if their operations were
/// written down: eigenvalues, Newton's method with as many steps as it needs, tables. In a recorded driver the numbers are, for
/// example, `Dual<Traced, N>`. Then `live` is called with `Dual<f64, N>`, and the derivatives are those that it computes, bit for
/// bit. Outside of recordings `live` is called at once. So generic code is written once, for `T: Opaque<Live = f64>`.
///
/// ```
/// use nilpotent::program::{opaque, Kernel, Opaque};
/// use nilpotent::{derivative, Dual, Error};
///
/// /// The root y of y + eʸ = x by Newton's method, with a number of steps that depends on x.
/// fn root(x: Dual) -> Dual {
///     let mut y = x * 0.0;
///     loop {
///         let step = (y + y.exp() - x) / (y.exp() + 1.0);
///         y -= step;
///         if step.re.abs() < 1e-15 * y.re.abs() + 1e-300 && step.eps[0].abs() < 1e-15 {
///             return y;
///         }
///     }
/// }
///
/// fn with_slope<T: Opaque<Live = f64>>([x]: [T; 1]) -> (T, T) {
///     derivative(|x| opaque(&[x], |x| root(x[0])) * x, x)
/// }
///
/// let kernel = Kernel::new(with_slope, with_slope, [3.0])?;
/// assert_eq!((kernel.program().guards().len(), kernel.program().operations()), (0, 4));
/// let results = kernel.map(&[[0.5], [30.0]])?;
/// assert_eq!((results[0], results[1]), with_slope([0.5]));
/// assert_eq!((results[2], results[3]), with_slope([30.0]));
/// # Ok::<(), Error>(())
/// ```
///
/// `live` must return the same results for the same inputs; programs keep it as long as they live. It is called on the
/// threads that the kernel runs on, once for each point, and not at points at which a guard that was asked before does not
/// hold. A program that calls it cannot be printed as source ([`Error::NoText`](crate::Error::NoText)).
///
/// Variables of reverse mode cannot be passed, because their tape would have to call the pullback of `live`:
///
/// ```compile_fail,E0277
/// use nilpotent::program::opaque;
/// use nilpotent::{reverse, Var};
///
/// reverse::gradient(|[x]: [Var; 1]| opaque(&[x], |x| x[0] * x[0]), [1.0]);
/// ```
///
/// # Panics
/// If `live` does, or if it returns another number of results than in the recording.
#[track_caller]
pub fn opaque<D, L, Y, Z>(x: &[D], live: impl Fn(&[L]) -> Y + Send + Sync + 'static) -> Z
where
    D: Opaque<Live = L>,
    L: Opaque<Live = L>,
    Y: Output<L, Of<D> = Z>,
{
    let place = Location::caller();
    let mut inputs = Vec::new();
    x.iter().for_each(|x| x.take_apart(&mut |part| inputs.push(part)));
    let plain: Vec<L::Float> = inputs.iter().map(|&x| D::plain(x)).collect();
    let y = live(&numbers(&plain));
    let function = move |x: &[L::Float]| parts::<L>(&live(&numbers(x)));
    let values = parts::<L>(&y);
    let mut results = D::results(&inputs, values, Box::new(function), place).into_iter();
    y.map(|_| D::put_together(&mut || results.next().expect("all parts of a result")))
}
