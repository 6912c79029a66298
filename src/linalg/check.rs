//! Comparison of Jacobians with finite differences of the values.

use super::number::Number;
use super::point::{Place, try_jacobian};
use crate::error::Error;
use crate::forward::point::Seeded;
use crate::real::Real;
use crate::returns::{Outcome, infallible};
use crate::rules::Chain;
use alloc::vec::Vec;
use nalgebra::{DefaultAllocator, Dim, OVector, allocator::Allocator};
use num_traits::{Float, ToPrimitive as _};

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
/// [`Error::WrongDerivative`] for the first entry that disagrees, in column order.
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

/// Compares column by column. The outer `Result` is a failure of `f`, the inner one the verdict.
fn compare<P, T: Number, N, M: Dim, C: Dim, E>(
    mut f: impl FnMut(P::Arg<'_, N>) -> Result<OVector<N, M>, E>,
    x: P,
) -> Result<Result<(), Error>, E>
where
    P: Place<T = T, Dual<T> = N, Dim = C> + Seeded<N> + Copy,
    N: Chain<Re = T> + Real + nalgebra::Scalar,
    DefaultAllocator: Allocator<M> + Allocator<M, C>,
{
    let lit = <T::Float as Real>::lit;
    let (y, j) = try_jacobian(&mut f, x)?;
    let mut center = Vec::new();
    let constant = <N as Chain>::constant;
    x.seeded(
        |d, _, x| {
            center.push(x.float());
            *d = constant(x);
        },
        |_| (),
    );
    let unit = |k: usize| center[k].abs().max(lit(1.0));
    let sizes =
        (0..center.len()).flat_map(|k| j.column(k).iter().map(|d| d.float().abs() * unit(k)).collect::<Vec<_>>());
    let sizes = sizes.chain(y.iter().map(|y| y.float().abs())).filter(|size| size.is_finite());
    let scale = sizes.fold(lit(0.0), Float::max);

    for (column, &middle) in center.iter().enumerate() {
        let mut entries: Vec<_> = j.column(column).iter().map(|d| Entry::new(d.float())).collect();
        // The values of f at the point whose coordinate `column` is `at`.
        let mut values = |at: T::Float| {
            let seed = |d: &mut N, k, x| *d = constant(if k == column { T::from_float(at) } else { x });
            x.seeded(seed, &mut f).map(|y| y.iter().map(|y| y.re().float()).collect::<Vec<_>>())
        };
        let epsilon = T::Float::epsilon();
        let mut step = epsilon.cbrt() * unit(column);
        let mut largest = true;
        while step > lit(160.0) * epsilon * unit(column) {
            let mut differences = |step| {
                let (above, below) = (middle + step, middle - step);
                Ok((values(above)?, values(below)?, above - below))
            };
            let (wide, near) = (differences(step)?, differences(step * lit(0.5))?);
            for (row, entry) in entries.iter_mut().enumerate() {
                let [d, e] = [&wide, &near].map(|(above, below, width)| (above[row] - below[row]) / *width);
                let size = wide.0[row].abs().max(wide.1[row].abs()).max(scale);
                entry.judge(d, e, lit(16.0) * epsilon * size / step, largest);
            }
            if entries.iter().all(|entry| entry.settled) {
                break;
            }
            step *= lit(1.0 / 8.0);
            largest = false;
        }
        for (row, entry) in entries.iter().enumerate() {
            if let (Some(quotient), true) = (entry.refuted, entry.twice) {
                let [derivative, quotient] = [entry.derivative, quotient].map(|x| x.to_f64().unwrap_or(f64::NAN));
                return Ok(Err(Error::WrongDerivative { row, column, derivative, quotient }));
            }
        }
    }
    Ok(Ok(()))
}

/// A derivative, and the result of the steps so far.
struct Entry<S> {
    derivative: S,
    /// The quotient at the first of the steps at which the derivative disagrees.
    refuted: Option<S>,
    /// Whether the derivative disagrees at the next step as well.
    twice: bool,
    /// Whether no smaller step is needed.
    settled: bool,
}

impl<S: Real> Entry<S> {
    fn new(derivative: S) -> Self {
        Self { derivative, refuted: None, twice: false, settled: false }
    }

    /// Updates the verdict by the quotients of a whole step (`wide`) and of half a step (`near`), and by their rounding
    /// errors.
    fn judge(&mut self, wide: S, near: S, rounding: S, largest: bool) {
        let quotient = (near * S::lit(4.0) - wide) / S::lit(3.0);
        let (spread, off) = ((near - wide).abs(), (quotient - self.derivative).abs());
        let tolerance = spread * S::lit(4.0) + S::epsilon().sqrt().sqrt() * quotient.abs() + rounding;
        let tenth = |x: S| x.abs() * S::lit(0.1);
        let relative = tolerance < tenth(quotient);
        let (decided, agrees) = (tolerance.is_finite(), off <= tolerance);
        if decided && !agrees {
            // Quotients mean nothing where a function changes only by rounding errors, or oscillates within a step.
            let known = self.derivative.is_finite() && spread <= tenth(self.derivative);
            let clear = spread < tenth(quotient) || largest && (known || self.derivative.is_nan());
            self.twice |= self.refuted.is_some();
            self.refuted = self.refuted.or(Some(quotient).filter(|_| clear));
            return;
        }
        // A smaller step overrules the earlier ones if it can distinguish the derivative from their quotient.
        let far = |before: S| tolerance <= (before - self.derivative).abs() * S::lit(0.5);
        if !self.twice || relative && self.refuted.is_some_and(far) {
            (self.refuted, self.twice) = (None, false);
        }
        self.settled = decided && self.refuted.is_none() && (relative || spread * S::lit(4.0) <= rounding);
    }
}
