//! Drivers: sparse Jacobians and Hessians by a plan, into the caller's memory.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::plan::{Kind, Plan};
use crate::error::{Error, length};
use crate::forward::passes::{chunks, passes};
use crate::forward::point::{Point as _, Seeded, WIDTH, written};
use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Output, each, infallible};
use crate::reverse::recorded::{ROWS_PER_SWEEP, recorded, swept};
use crate::tape::var::Var;
use crate::traits::confusion::{check, driver, marked, outputs};

/// Computes f(x) and the Jacobian of f by forward mode, 8 colors in each pass.
///
/// The outputs of f go to `value`, one after another, and the entries of the Jacobian to `values`, in the order of the
/// plan's pattern. At arrays nothing is allocated, nor elsewhere with [`Buffers`](crate::Buffers).
///
/// ```
/// use nilpotent::sparse::{self, Order, Plan};
/// use nilpotent::{Error, Real};
///
/// fn f<T: Real>(x: &[T]) -> Vec<T> {
///     x.windows(2).map(|w| w[0] * w[1]).collect()
/// }
/// let x = [1.0, 2.0, 3.0, 4.0, 5.0];
/// let plan = Plan::columns(sparse::jacobian_pattern(f, &x[..])?, Order::Natural);
/// assert_eq!(plan.colors(), 2);
/// let (mut value, mut values) = ([0.0; 4], [0.0; 8]);
/// sparse::jacobian_into(&plan, f, &x[..], &mut value, &mut values)?;
/// assert_eq!(value, [2.0, 6.0, 12.0, 20.0]);
/// assert_eq!(values, [2.0, 1.0, 3.0, 2.0, 4.0, 3.0, 5.0, 4.0]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::WrongPlan`] if the plan does not color columns; [`Error::WrongLength`] if the variables, the outputs, `value`
/// or `values` are not as many as the pattern says.
///
/// # Panics
/// If f does.
pub fn jacobian_into<P, T, Y>(
    plan: &Plan,
    f: impl FnMut(P::Arg<'_, Dual<T, WIDTH>>) -> Y,
    x: P,
    value: &mut [T],
    values: &mut [T],
) -> Result<(), Error>
where
    P: Seeded<Dual<T, WIDTH>, T = T>,
    T: Real,
    Y: Output<Dual<T, WIDTH>>,
{
    plan.check(Kind::Columns, x.variables(), value.len(), values.len())?;
    forward(plan, f, &x, value, values)
}

/// Computes f(x) and the Jacobian of f by reverse mode: by one recording, and a sweep for 4 colors of rows.
///
/// ```
/// use nilpotent::sparse::{self, Order, Pattern, Plan};
/// use nilpotent::Error;
///
/// // One matrix row is full, so the columns would need a color each.
/// let plan = Plan::rows(Pattern::full(1, 3), Order::Natural);
/// let (mut value, mut values) = ([0.0], [0.0; 3]);
/// sparse::jacobian_by_rows_into(&plan, |[a, b, c]| a * b * c, [2.0, 3.0, 4.0], &mut value, &mut values)?;
/// assert_eq!((value, values), ([24.0], [12.0, 8.0, 6.0]));
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::WrongPlan`] if the plan does not color rows; [`Error::WrongLength`] as for [`jacobian_into`].
///
/// # Panics
/// If f does, or returns a variable of another recording.
pub fn jacobian_by_rows_into<P, T, Y>(
    plan: &Plan,
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> Y,
    x: P,
    value: &mut [T],
    values: &mut [T],
) -> Result<(), Error>
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    Y: Output<Var<T>>,
{
    plan.check(Kind::Rows, x.variables(), value.len(), values.len())?;
    reverse(plan, f, &x, value, values)
}

/// Computes f(x) and the Jacobian of f by forward mode for the colors of columns and by reverse mode for those of rows.
///
/// The two modes take different numbers, so a generic function is passed twice.
///
/// ```
/// use nilpotent::sparse::{self, Order, Plan};
/// use nilpotent::{Error, Real};
///
/// // The sum of all, the first one by each of the others.
/// fn f<T: Real>(x: &[T]) -> Vec<T> {
///     x.iter().enumerate().map(|(i, &y)| if i == 0 { x.iter().sum() } else { x[0] * y }).collect()
/// }
/// let x = [1.0, 2.0, 3.0, 4.0, 5.0];
/// let plan = Plan::bidirectional(sparse::jacobian_pattern(f, &x[..])?, Order::Natural);
/// assert_eq!(plan.colors(), 3);
/// let (mut value, mut values) = ([0.0; 5], vec![0.0; plan.pattern().len()]);
/// sparse::jacobian_both_ways_into(&plan, f, f, &x[..], &mut value, &mut values)?;
/// assert_eq!(values, [1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 3.0, 1.0, 4.0, 1.0, 5.0, 1.0]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::WrongPlan`] if the plan is not for rows and columns; [`Error::WrongLength`] as for [`jacobian_into`].
///
/// # Panics
/// If f does, or returns a variable of another recording.
pub fn jacobian_both_ways_into<P, T, Y, Z>(
    plan: &Plan,
    f: impl FnMut(P::Arg<'_, Dual<T, WIDTH>>) -> Y,
    again: impl FnOnce(P::Arg<'_, Var<T>>) -> Z,
    x: P,
    value: &mut [T],
    values: &mut [T],
) -> Result<(), Error>
where
    P: Seeded<Dual<T, WIDTH>, T = T> + Seeded<Var<T>>,
    T: Real,
    Y: Output<Dual<T, WIDTH>>,
    Z: Output<Var<T>>,
{
    plan.check(Kind::Both, x.variables(), value.len(), values.len())?;
    if plan.columns.count > 0 {
        forward(plan, f, &x, value, values)?;
    }
    if plan.rows.count > 0 || plan.columns.count == 0 {
        reverse(plan, again, &x, value, values)?;
    }
    Ok(())
}

/// Computes f(x), the gradient and the Hessian of f, by forward mode over reverse mode: one recording and one sweep for 8
/// colors. Returns f(x).
///
/// The gradient goes to `gradient`, and the entries of the Hessian to `values`, in the order of the plan's pattern.
///
/// ```
/// use nilpotent::sparse::{self, Order, Plan};
/// use nilpotent::{Error, Real};
///
/// fn f<T: Real>(x: &[T]) -> T {
///     x.windows(2).map(|w| w[0] * w[1] * w[1]).sum()
/// }
/// let x = [1.0, 2.0, 3.0, 4.0];
/// // Only the lower triangle.
/// let plan = Plan::star(sparse::hessian_pattern(f, &x[..])?.lower(), Order::Natural)?;
/// let (mut gradient, mut values) = ([0.0; 4], vec![0.0; plan.pattern().len()]);
/// let y = sparse::hessian_into(&plan, f, &x[..], &mut gradient, &mut values)?;
/// assert_eq!((y, gradient), (70.0, [4.0, 13.0, 28.0, 24.0]));
/// assert_eq!(plan.pattern().to_string(), "· · · ·\n• • · ·\n· • • ·\n· · • •\n");
/// assert_eq!(values, [4.0, 2.0, 6.0, 4.0, 8.0, 6.0]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::WrongPlan`] if the plan is not for a symmetric matrix; [`Error::WrongLength`] if the variables, `gradient` or
/// `values` are not as many as the pattern says.
///
/// # Panics
/// If f does, or returns a variable of another recording.
pub fn hessian_into<P, T>(
    plan: &Plan,
    mut f: impl FnMut(P::Arg<'_, Var<Dual<T, WIDTH>>>) -> Var<Dual<T, WIDTH>>,
    x: P,
    gradient: &mut [T],
    values: &mut [T],
) -> Result<T, Error>
where
    P: Seeded<Var<Dual<T, WIDTH>>, T = T>,
    T: Real,
{
    plan.check(Kind::Symmetric, x.variables(), gradient.len(), values.len())?;
    let mut value = T::zero();
    for start in chunks(plan.columns.count, WIDTH) {
        let read = |adjoints: &[Dual<T, WIDTH>]| {
            gradient.iter_mut().zip(adjoints).for_each(|(entry, adjoint)| *entry = adjoint.re.grounded());
            let mut reads = plan.recovery.forward.pass(start / WIDTH);
            for (line, adjoint) in adjoints.iter().enumerate() {
                reads.read(line, |lane, position| values[position] = adjoint.eps[lane].grounded());
            }
        };
        driver!();
        value = infallible(recorded(
            |x: P::Arg<'_, Var<Dual<T, WIDTH>>>| Ok(f(x)),
            &x,
            |i, x| marked(written(|number| <&[T]>::variable(number, x, lane(plan, i, start)))),
            |open, y| {
                check(y.re);
                swept(open, y, read);
                y.re.re
            },
        ));
    }
    plan.finish(values);
    Ok(value)
}

/// Which partial of a pass variable i has: one that does not exist if its color is in another pass.
fn lane(plan: &Plan, i: usize, start: usize) -> usize {
    (plan.columns.colors[i] as usize).wrapping_sub(start)
}

/// Reads off the entries of the columns' colors.
fn forward<P, T, Y>(
    plan: &Plan,
    mut f: impl FnMut(P::Arg<'_, Dual<T, WIDTH>>) -> Y,
    x: &P,
    value: &mut [T],
    values: &mut [T],
) -> Result<(), Error>
where
    P: Seeded<Dual<T, WIDTH>, T = T>,
    T: Real,
    Y: Output<Dual<T, WIDTH>>,
{
    let n = x.variables();
    infallible(passes(
        x,
        chunks(plan.columns.count, WIDTH),
        |_| 0..n,
        |start, number, i, x| <&[T]>::variable(number, x, lane(plan, i, start)),
        |x| outputs(Ok(f(x))),
        |_| Ok(()),
        |result, start, y: &Y| {
            let mut reads = plan.recovery.forward.pass(start / WIDTH);
            let outputs = each(y, |line, y| {
                if let Some(value) = value.get_mut(line) {
                    *value = y.re;
                }
                reads.read(line, |lane, position| values[position] = y.eps[lane].grounded());
            });
            if result.is_ok() {
                *result = length("outputs", plan.pattern().rows(), outputs);
            }
        },
    ))
}

/// Reads off the entries of the rows' colors.
fn reverse<P, T, Y>(
    plan: &Plan,
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> Y,
    x: &P,
    value: &mut [T],
    values: &mut [T],
) -> Result<(), Error>
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    Y: Output<Var<T>>,
{
    let f = |x: P::Arg<'_, Var<T>>| Ok(f(x));
    infallible(recorded(
        f,
        x,
        |_, x| x,
        |open, y| {
            let outputs = each(&y, |line, y| {
                let (id, node) = y.place();
                open.check(id, node);
                if let Some(value) = value.get_mut(line) {
                    *value = y.re;
                }
            });
            length("outputs", plan.pattern().rows(), outputs)?;
            for start in (0..plan.rows.count).step_by(ROWS_PER_SWEEP) {
                let seed = |adjoints: &mut [[T; ROWS_PER_SWEEP]]| {
                    each(&y, |line, y| {
                        let lane = (plan.rows.colors[line] as usize).wrapping_sub(start);
                        // Constants have no node.
                        let adjoints = adjoints.get_mut(y.place().1 as usize);
                        if let Some(adjoint) = adjoints.and_then(|adjoints| adjoints.get_mut(lane)) {
                            *adjoint += y.slope();
                        }
                    });
                };
                open.sweep(seed, |adjoints| {
                    let mut reads = plan.recovery.reverse.pass(start / ROWS_PER_SWEEP);
                    for (line, adjoint) in adjoints.iter().enumerate() {
                        reads.read(line, |lane, position| values[position] = adjoint[lane].grounded());
                    }
                });
            }
            Ok(())
        },
    ))
}
