//! Comparison of Jacobians with finite differences of the values.

use super::number::Number;
use super::place::Place;
use super::point::try_jacobian;
use crate::check::differences;
use crate::check::shifted::{center, shifted};
use crate::error::Error;
use crate::forward::point::Seeded;
use crate::real::Real;
use crate::returns::{Outcome, infallible};
use crate::rules::Chain;
use alloc::vec::Vec;
use nalgebra::{DefaultAllocator, Dim, OVector, allocator::Allocator};

/// Checks that the Jacobian of `f` at `x`, as [`jacobian`](super::jacobian) computes it, agrees with central differences of
/// the values of `f`.
///
/// The check finds derivatives that a function loses silently: behind a branch on values, in a rule with a wrong slope, or
/// where a number was converted to a float. It is meant for tests: each variable takes at least four evaluations of `f`.
///
/// ```
/// use nalgebra::{Rotation3, SVector, Vector3};
/// use nilpotent::linalg::{self, so3};
/// use nilpotent::{Dual, Error};
///
/// type State = SVector<Dual<f64, 6>, 6>;
///
/// // A state of position and attitude. At attitude 0 nalgebra returns the identity as a constant, which loses column 3.
/// let y = Vector3::<f64>::y();
/// let theirs = |x: State| Rotation3::from_scaled_axis(x.fixed_rows::<3>(3).into_owned()) * linalg::lift(&y);
/// let found = linalg::check(theirs, &SVector::zeros());
/// assert!(matches!(found, Err(Error::WrongDerivative { row: 2, column: 3, derivative: 0.0, .. })));
/// assert_eq!(found.unwrap_err().to_string(), "column 3, row 2: the derivative is 0, central differences give 1");
///
/// let ours = |x: State| so3::exp(&x.fixed_rows::<3>(3).into_owned()) * linalg::lift(&y);
/// assert_eq!(linalg::check(ours, &SVector::zeros()), Ok(()));
/// ```
///
/// # How it compares
/// The first step is `h = ∛ε·max(1, |xⱼ|)`, where ε is the precision of the float. With the central differences
/// `D(h) = (f(x + h·eⱼ) - f(x - h·eⱼ)) / 2h`, one step of Richardson's extrapolation gives the quotient
/// `q = (4·D(h/2) - D(h)) / 3`. In a group the point moves to `x·exp(±h·eⱼ)`. A derivative d disagrees at this step if it is
/// NaN or if
///
/// ```text
/// |q - d| > 4·|D(h) - D(h/2)| + ∜ε·|q| + 16·ε·s/h
/// ```
///
/// where s is the largest of all values `|fᵢ|` and all `|Jᵢₖ|·max(1, |xₖ|)`. The three terms are the error of the
/// difference, the relative tolerance (10⁻⁴ for `f64`, 2 % for `f32`), and the rounding errors of the values.
///
/// If the derivative disagrees, or if the tolerance is more than a tenth of the quotient, the step is divided by 8,
/// repeatedly, as long as it is larger than 160·ε·max(1, |xⱼ|). A derivative is reported if it disagrees at two
/// successive steps and no smaller step confirms it. So a right derivative passes even where `f` oscillates within the
/// first step. A derivative also passes where differences cannot decide: where `f` is not finite next to `x`, as `√x` at
/// 0, or where rounding errors are larger than the derivative.
///
/// At a kink the quotient is the mean of the derivatives on both sides. The derivative that the crate chooses there (see
/// `nilpotent::guide::conventions`) is reported if it differs from the mean, as the derivative 1 of `|x|` at 0 does. It
/// passes if it equals the mean, as the derivative 0 of [`norm`](super::norm) and [`angle`](super::angle) does.
///
/// # Errors
/// [`Error::WrongDerivative`] for the entry that disagrees most, relative to the larger of both numbers; of several such
/// entries the first one, in column order.
///
/// # Panics
/// If `f` does, or returns vectors of different lengths.
pub fn check<P, T: Number, N, M: Dim, C: Dim>(
    mut f: impl FnMut(P::Arg<'_, N>) -> OVector<N, M>,
    x: P,
) -> Result<(), Error>
where
    P: Place<T = T, Dual<T> = N, Dim = C> + Seeded<N> + Copy,
    N: Chain<Re = T> + Real + nalgebra::Scalar,
    DefaultAllocator: Allocator<M> + Allocator<M, C>,
{
    infallible(compare(|x| Ok(f(x)), x))
}

/// [`check`] of a function that may fail. If `f` fails at `x` or next to it, the failure is returned.
pub fn try_check<P, T: Number, N, M: Dim, C: Dim, R>(
    mut f: impl FnMut(P::Arg<'_, N>) -> R,
    x: P,
) -> R::Of<Result<(), Error>>
where
    P: Place<T = T, Dual<T> = N, Dim = C> + Seeded<N> + Copy,
    N: Chain<Re = T> + Real + nalgebra::Scalar,
    R: Outcome<Value = OVector<N, M>>,
    DefaultAllocator: Allocator<M> + Allocator<M, C>,
{
    R::from_result(compare(|x| f(x).into_result(), x))
}

/// The outer `Result` is a failure of `f`, the inner one the verdict.
fn compare<P, T: Number, N, M: Dim, C: Dim, E>(
    mut f: impl FnMut(P::Arg<'_, N>) -> Result<OVector<N, M>, E>,
    x: P,
) -> Result<Result<(), Error>, E>
where
    P: Place<T = T, Dual<T> = N, Dim = C> + Seeded<N> + Copy,
    N: Chain<Re = T> + Real + nalgebra::Scalar,
    DefaultAllocator: Allocator<M> + Allocator<M, C>,
{
    let (y, j) = try_jacobian(&mut f, x)?;
    let y: Vec<_> = y.iter().map(|y| y.float()).collect();
    differences::compare(
        &center::<P, N>(&x),
        &y,
        |row, column| j[(row, column)].float(),
        |column, at| shifted(&x, column, at, &mut f).map(|y| y.iter().map(|y| y.re().float()).collect()),
    )
}
