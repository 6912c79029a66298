//! Mixed precision: values in a narrow float, adjoints in a wider one, or scaled so that they do not underflow.

use super::recorded::{recorded, swept};
use crate::entries::{Destination, Entries};
use crate::forward::point::Seeded;
use crate::real::Real;
use crate::returns::{Outcome, infallible};
use crate::tape::adjoints::OpenTape;
use crate::tape::var::Var;
use crate::wider::Wider;
use alloc::vec;
use alloc::vec::Vec;

/// Returns `f(x)`, and the gradient `∇f(x)` in a wider float `A` than that of the values, such as `f64` over `f32`.
///
/// Values and slopes are recorded in the float of `x`. In the sweep, the products of slopes and adjoints and their sums are computed
/// in `A`, so that many small contributions to one adjoint are not lost, and small adjoints do not underflow. `A` is chosen by the
/// type of the result.
///
/// Slopes are derivatives of what is computed on one node. A sum of many terms of a single variable, on one node, is therefore
/// added up in the float of the values; [`watch`](Var::watch) puts each term on a node of its own. Adjoints are rounded where
/// they are handed to a function from outside, a hook, or the step before in a checkpointed loop.
///
/// ```
/// use nilpotent::{Var, reverse};
///
/// // Behind the large term, each of the thousand small ones is lost in f32.
/// let f = |x: &[Var<f32>]| (0..1000).map(|_| x[0] * x[1]).sum::<Var<f32>>() + x[0] * x[1] * 1e8;
/// let x = vec![1.0_f32, 1.0];
/// let (_, narrow) = reverse::gradient(f, &x);
/// let (_, wide): (f32, Vec<f64>) = reverse::wide_gradient(f, &x);
/// assert_eq!(narrow, [100_000_000.0; 2]);
/// assert_eq!(wide, [100_001_000.0; 2]);
/// ```
///
/// # Panics
/// If `f` does, or returns a variable of another recording.
#[doc(alias = "mixed precision")]
#[inline]
pub fn wide_gradient<A, P, T>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> Var<T>, x: P) -> (T, Vec<A>)
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    A: Wider<T>,
{
    infallible(try_wide_gradient(|x| Ok(f(x)), x))
}

/// [`wide_gradient`] of a function that may fail.
#[inline]
pub fn try_wide_gradient<A, P, T, R>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> R, x: P) -> R::Of<(T, Vec<A>)>
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    A: Wider<T>,
    R: Outcome<Value = Var<T>>,
{
    let f = |x: P::Arg<'_, Var<T>>| f(x).into_result();
    R::from_result(recorded(f, &x, |_, x| x, |open, y| (y.re, open.wide_sweep(y, <[A]>::to_vec))))
}

/// [`wide_gradient`] into the caller's memory, whose type chooses `A`: writes `∇f(x)` into `gradient`, and returns `f(x)`.
///
/// ```
/// use nilpotent::reverse;
///
/// let mut dy = [0.0_f64; 2];
/// let y = reverse::wide_gradient_into(|[a, b]| a * b, [0.1_f32, 3.0], &mut dy);
/// assert_eq!((y, dy), (0.1_f32 * 3.0, [3.0, f64::from(0.1_f32)]));
/// ```
///
/// # Panics
/// If `gradient` has not one entry for each variable, before `f` is called; if `f` does, or returns a variable of another
/// recording.
#[inline]
pub fn wide_gradient_into<A, P, T>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> Var<T>,
    x: P,
    gradient: &mut (impl Entries<A> + ?Sized),
) -> T
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    A: Wider<T>,
{
    infallible(try_wide_gradient_into(|x| Ok(f(x)), x, gradient))
}

/// [`wide_gradient_into`] of a function that may fail. Then nothing has been written.
#[inline]
pub fn try_wide_gradient_into<A, P, T, R>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> R,
    x: P,
    gradient: &mut (impl Entries<A> + ?Sized),
) -> R::Of<T>
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    A: Wider<T>,
    R: Outcome<Value = Var<T>>,
{
    let mut gradient = Destination::vector(gradient, x.variables(), "gradient");
    let f = |x: P::Arg<'_, Var<T>>| f(x).into_result();
    R::from_result(recorded(
        f,
        &x,
        |_, x| x,
        |open, y| {
            open.wide_sweep(y, |adjoints: &[A]| gradient.store(0, 0, adjoints));
            y.re
        },
    ))
}

/// The factor by which [`scaled_gradient`] multiplies the adjoints of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossScale {
    /// The largest power of two for which the gradient does not overflow. It is found by bisection, in up to 7 sweeps over `f16`
    /// and 10 over `f32` and `bf16`; `f` runs once.
    Largest,
    /// 2 to the power of this exponent.
    PowerOfTwo(i32),
}

/// Returns `f(x)`, the gradient `∇f(x)` in a wider float `A`, and the exponent of the loss scale, a power of two.
///
/// The sweep runs in the float of the values, from the adjoint 2ᵏ instead of 1, and its result is divided by 2ᵏ in `A`. So adjoints
/// that would underflow do not, and take no more memory than values (Micikevicius et al., *Mixed precision training*, ICLR 2018,
/// section 3.2). With [`LossScale::Largest`] the exponent k is the largest one, positive or negative, for which no entry of the gradient
/// is infinite or NaN; if there is none, the sweep is not scaled, and k is 0. With a given exponent an entry that overflows
/// comes back infinite or NaN, and a training loop would leave out this step and try a smaller one.
///
/// Scaling keeps adjoints from underflow only; [`wide_gradient`] also keeps sums from losing small terms. Hooks see scaled adjoints.
///
/// ```
/// use nilpotent::{Var, reverse, reverse::LossScale};
///
/// // The adjoint of a·b is 10⁻⁵⁰, which f32 does not hold.
/// let f = |[a, b, c, d]: [Var<f32>; 4]| (a * b * 1e-25 + c) * 1e-25 + d;
/// let x = [2.0_f32, 3.0, 1.0, 1.0];
/// assert_eq!(reverse::gradient(f, x).1, [0.0, 0.0, 1e-25, 1.0]);
/// let (_, dy, k): (f32, Vec<f64>, i32) = reverse::scaled_gradient(f, x, LossScale::Largest);
/// assert!((dy[0] / 3e-50 - 1.0).abs() < 1e-6 && (dy[1] / 2e-50 - 1.0).abs() < 1e-6);
/// // The derivative 1 in d sets the limit.
/// assert_eq!((dy[3], k), (1.0, 127));
/// ```
///
/// # Panics
/// If `f` does, or returns a variable of another recording.
#[doc(alias = "loss scaling")]
#[inline]
pub fn scaled_gradient<A, P, T>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> Var<T>,
    x: P,
    scale: LossScale,
) -> (T, Vec<A>, i32)
where
    P: Seeded<Var<T>, T = T>,
    T: Real<Float = T>,
    A: Wider<T>,
{
    infallible(try_scaled_gradient(|x| Ok(f(x)), x, scale))
}

/// [`scaled_gradient`] of a function that may fail.
#[inline]
pub fn try_scaled_gradient<A, P, T, R>(
    f: impl FnOnce(P::Arg<'_, Var<T>>) -> R,
    x: P,
    scale: LossScale,
) -> R::Of<(T, Vec<A>, i32)>
where
    P: Seeded<Var<T>, T = T>,
    T: Real<Float = T>,
    A: Wider<T>,
    R: Outcome<Value = Var<T>>,
{
    let f = |x: P::Arg<'_, Var<T>>| f(x).into_result();
    R::from_result(recorded(
        f,
        &x,
        |_, x| x,
        |open, y| {
            let mut gradient = vec![A::zero(); open.inputs()];
            let exponent = scaled(open, y, scale, &mut gradient);
            (y.re, gradient, exponent)
        },
    ))
}

/// Writes the gradient, and returns the exponent of the scale.
fn scaled<T: Real<Float = T>, A: Wider<T>>(
    open: &OpenTape<'_, T>,
    y: Var<T>,
    scale: LossScale,
    gradient: &mut [A],
) -> i32 {
    // Sweeps from the adjoint 2ᵏ. Unless the gradient must be finite and is not, it is written.
    let mut attempt = |k: i32, must_be_finite: bool| {
        swept(open, y * T::lit(2.0_f64.powi(k)), |adjoints| {
            let good = !must_be_finite || adjoints.iter().all(|adjoint| adjoint.parts_finite());
            if good {
                let inverse = A::lit(2.0_f64.powi(-k));
                gradient.iter_mut().zip(adjoints).for_each(|(to, &x)| *to = <A as From<T>>::from(x) * inverse);
            }
            good
        })
    };
    if let LossScale::PowerOfTwo(k) = scale {
        attempt(k, false);
        return k;
    }
    // Overflow at one exponent means overflow at all larger ones.
    let (mut good, mut bad) = (T::min_positive_value().exponent(), T::max_value().exponent());
    if attempt(bad, true) {
        return bad;
    }
    if !attempt(good, true) {
        attempt(0, false);
        return 0;
    }
    while bad - good > 1 {
        let middle = (good + bad).div_euclid(2);
        if attempt(middle, true) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    good
}
