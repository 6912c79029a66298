//! Patterns that are found by a recorded program, and patterns that are checked against all derivatives.

use super::pattern::Pattern;
use crate::error::{Error, length};
use crate::forward::passes::{chunks, passes};
use crate::forward::point::{Point as _, Seeded, WIDTH, written};
use crate::number::dual::Dual;
use crate::number::traced::Traced;
use crate::program::{Program, record};
use crate::real::Real;
use crate::returns::{Output, infallible};
use crate::reverse::recorded::{recorded, swept};
use crate::tape::var::Var;
use crate::traits::confusion::{check as check_number, driver, marked, outputs};
use alloc::vec::Vec;
use num_traits::ToPrimitive as _;

/// Finds the pattern of the Jacobian of f, by recording f as a [program](crate::program) at x.
///
/// The pattern is right wherever f takes the same course as at x. Where it takes another one, entries may be missing:
/// [`check`] finds them.
///
/// ```
/// use nilpotent::sparse;
/// use nilpotent::Error;
///
/// let pattern = sparse::jacobian_pattern(|[a, b, c]| [a * c, b.sin(), b - c], [1.0, 2.0, 3.0])?;
/// assert_eq!(pattern.to_string(), "• · •\n· • ·\n· • •\n");
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::ValueLeft`] if f converts a number into a plain float.
///
/// # Panics
/// If f does.
pub fn jacobian_pattern<P, T, Y>(f: impl FnOnce(P::Arg<'_, Traced<T>>) -> Y, x: P) -> Result<Pattern, Error>
where
    P: Seeded<Traced<T>, T = T>,
    T: Real,
    Y: Output<Traced<T>>,
{
    pattern(&record(f, x)?)
}

/// Finds the pattern of the Hessian of f, by recording the gradient of f in reverse mode as a [program](crate::program) at
/// x.
///
/// It is symmetric. Like that of [`jacobian_pattern`], it is right wherever f takes the same course as at x.
///
/// ```
/// use nilpotent::sparse;
/// use nilpotent::Error;
///
/// let pattern = sparse::hessian_pattern(|[a, b, c]| a * b + b.sin() + c, [1.0, 2.0, 3.0])?;
/// assert_eq!(pattern.to_string(), "· • ·\n• • ·\n· · ·\n");
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::ValueLeft`] if f converts a number into a plain float.
///
/// # Panics
/// If f does.
pub fn hessian_pattern<P, T>(
    f: impl FnOnce(P::Arg<'_, Var<Traced<T>>>) -> Var<Traced<T>>,
    x: P,
) -> Result<Pattern, Error>
where
    P: Seeded<Var<Traced<T>>, T = T>,
    T: Real,
{
    let mut coordinates = Vec::new();
    x.seeded(|_, _, x| coordinates.push(x), |_| ());
    let gradient = |traced: &[Traced<T>]| {
        let f = |x: P::Arg<'_, Var<Traced<T>>>| Ok(f(x));
        infallible(recorded(f, &x, |i, _| traced[i], |open, y| swept(open, y, <[_]>::to_vec)))
    };
    pattern(&record(gradient, &coordinates)?)?.symmetric()
}

fn pattern<T: Real>(program: &Program<T>) -> Result<Pattern, Error> {
    Pattern::from_rows(program.inputs(), &program.pattern())
}

/// Checks that the Jacobian of f has no entries at x but those of the pattern.
///
/// It computes all partials, 8 variables in each pass, and so takes as long as a dense Jacobian.
///
/// ```
/// use nilpotent::sparse::{self, Pattern};
///
/// let f = |[a, b]: [nilpotent::Dual<f64, 8>; 2]| [a * b, b * b];
/// assert_eq!(sparse::check(&Pattern::full(2, 2), f, [2.0, 3.0]), Ok(()));
/// let error = sparse::check(&Pattern::diagonal(2), f, [2.0, 3.0]).unwrap_err();
/// assert_eq!(error.to_string(), "the pattern has no entry (0, 1), and the derivative there is 2");
/// ```
///
/// # Errors
/// [`Error::MissingEntry`] for a partial outside of the pattern that is not 0; [`Error::WrongLength`] if the variables or
/// the outputs are not as many as the pattern says.
///
/// # Panics
/// If f does.
pub fn check<P, T, Y>(pattern: &Pattern, mut f: impl FnMut(P::Arg<'_, Dual<T, WIDTH>>) -> Y, x: P) -> Result<(), Error>
where
    P: Seeded<Dual<T, WIDTH>, T = T>,
    T: Real,
    Y: Output<Dual<T, WIDTH>>,
{
    length("variables", pattern.columns(), x.variables())?;
    infallible(passes(
        &x,
        chunks(pattern.columns(), WIDTH),
        |start| start..start + WIDTH,
        |start, number, i, x| <&[T]>::variable(number, x, i.wrapping_sub(start)),
        |x| outputs(Ok(f(x))),
        |_| Ok(()),
        |result: &mut Result<(), Error>, start, y: &Y| {
            let mut row = 0;
            let mut found = Ok(());
            y.map(|y| {
                if row < pattern.rows() && found.is_ok() {
                    found = missing(|column| pattern.position(row, column).is_some(), row, start, &y.eps);
                }
                row += 1;
            });
            if result.is_ok() {
                *result = length("outputs", pattern.rows(), row).and(found);
            }
        },
    ))
}

/// Checks that the Hessian of f has no entries at x but those of the pattern, or of the triangle of which it consists.
///
/// It computes all second partials, 8 columns for each recording, and so takes as long as a dense Hessian.
///
/// ```
/// use nilpotent::sparse::{self, Pattern};
///
/// let error = sparse::check_hessian(&Pattern::diagonal(2), |[a, b]| a * a * b, [2.0, 3.0]).unwrap_err();
/// assert_eq!(error.to_string(), "the pattern has no entry (0, 1), and the derivative there is 4");
/// ```
///
/// # Errors
/// [`Error::MissingEntry`] for a second partial outside of the pattern that is not 0; [`Error::WrongLength`] if the
/// pattern is not square, or the variables are not as many as it says.
///
/// # Panics
/// If f does, or returns a variable of another recording.
pub fn check_hessian<P, T>(
    pattern: &Pattern,
    mut f: impl FnMut(P::Arg<'_, Var<Dual<T, WIDTH>>>) -> Var<Dual<T, WIDTH>>,
    x: P,
) -> Result<(), Error>
where
    P: Seeded<Var<Dual<T, WIDTH>>, T = T>,
    T: Real,
{
    length("columns of a symmetric matrix", pattern.rows(), pattern.columns())?;
    length("variables", pattern.columns(), x.variables())?;
    chunks(pattern.columns(), WIDTH).try_for_each(|start| {
        let read = |adjoints: &[Dual<T, WIDTH>]| {
            adjoints.iter().enumerate().try_for_each(|(row, adjoint)| {
                let has = |column| pattern.position(row, column).or_else(|| pattern.position(column, row)).is_some();
                missing(has, row, start, &adjoint.eps)
            })
        };
        let f = |x: P::Arg<'_, Var<Dual<T, WIDTH>>>| Ok(f(x));
        let seed = |i: usize, x| marked(written(|number| <&[T]>::variable(number, x, i.wrapping_sub(start))));
        driver!();
        infallible(recorded(f, &x, seed, |open, y| {
            check_number(y.re);
            swept(open, y, read)
        }))
    })
}

/// Returns an error for the first partial that is not 0 and not in the pattern.
fn missing<T: Real>(has: impl Fn(usize) -> bool, row: usize, start: usize, partials: &[T; WIDTH]) -> Result<(), Error> {
    let missing = (start..).zip(partials).find(|&(column, partial)| !partial.is_zero() && !has(column));
    missing.map_or(Ok(()), |(column, partial)| {
        let value = partial.float().to_f64().unwrap_or(f64::NAN);
        Err(Error::MissingEntry { row, column, value })
    })
}
