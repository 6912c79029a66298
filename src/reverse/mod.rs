//! Reverse mode: gradients of functions of many variables, by one recording and one sweep.
//!
//! | driver | `f` | returns the value and |
//! |---|---|---|
//! | [`gradient`] | ℝⁿ → ℝ | `∇f(x)`, in one sweep |
//! | [`jacobian`] | ℝⁿ → ℝᵐ | `J(x)`, in m/4 sweeps of four matrix rows each |
//! | [`vjp`] | ℝⁿ → ℝᵐ | the pullback `w ↦ wᵀJ(x)`, one sweep each time it is called |
//! | [`linearize`] | ℝⁿ → ℝᵐ | the map `v ↦ J(x)·v` and its transpose, one pass over the records each time it is called |
//! | [`linearize_gradient`] | ℝⁿ → ℝ | `∇f(x)`, the map `v ↦ ∇²f(x)·v`, one pass over the records each time it is called |
//! | [`hvp`] | ℝⁿ → ℝ | `∇f(x)`, `∇²f(x)·v`, in one sweep |
//! | [`hessian`] | ℝⁿ → ℝ or ℝᵐ | `∇f(x)`, `∇²f(x)`, in one recording for each chunk, with a sweep for each output |
//! | [`weighted_hessian`], [`weighted_hvp`] | ℝⁿ → ℝᵐ | `wᵀJ(x)` and `Σ wᵢ∇²fᵢ(x)`, or its product with v, in as many sweeps as for one output |
//! | [`gauss_newton_product`] | ℝⁿ → ℝᵐ | `JᵀJ·v`, in one recording |
//! | [`third_product`] | ℝⁿ → ℝ | `∇f(x)`, the gradient of `vᵀ∇²f(x)·w`, in one sweep |
//! | [`wide_gradient`], [`scaled_gradient`] | ℝⁿ → ℝ | `∇f(x)` in a wider float than the values, or from a scaled sweep |
//! | [`record`] | ℝⁿ → ℝᵐ | a [`Recording`], for several sweeps and for inspection |
//!
//! [`gradient_into`], [`jacobian_into`], [`vjp_into`], [`hvp_into`] and [`hessian_into`] write the derivatives into the
//! caller's memory.
//!
//! The drivers have the names, points and results of [`forward`](crate::forward). Which mode is faster depends on the
//! number of inputs n and of outputs m: forward mode takes n/8 passes, each of which costs a few evaluations of `f`, and
//! reverse mode takes m/4 sweeps. Gradients are faster in forward mode up to about 12 variables; the guide has [times of
//! both modes](crate::guide::modes).
//!
//! An operation on two different nodes makes a record. A product with a constant, such as `T::lit(0.5)` or data, makes none.
//! Functions of slices, such as [`rules::dot`](crate::rules::dot), need less memory than the same operations one by one. An
//! [`external::Function`](crate::external::Function), whose derivatives come from outside, is one record. [`hook`] sees or changes an
//! adjoint on the way back. A `Var<f64>` takes 32 bytes, so pass arrays of them by reference.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

#[cfg(feature = "nalgebra")]
pub mod linalg;
mod linear;
#[cfg(feature = "rayon")]
mod parallel;
mod pullback;
pub(crate) mod recorded;
mod second;
mod in_place;
mod third;
mod mixed;
mod weighted;

use crate::forward::point::Seeded;
use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Outcome, Output, each, infallible};
use crate::rules::Chain;
pub use crate::tape::checkpoint::{checkpoint, checkpoint_loop, checkpoint_while};
pub use crate::tape::nodes::hook;
pub use crate::tape::recording::{Adjoints, Recording};
pub use crate::tape::tangents::Tangents;
use crate::tape::var::Var;
use crate::traits::confusion::{check, check_each, driver, marked};
pub use in_place::{
    gradient_into, hessian_into, hvp_into, jacobian_into, try_gradient_into, try_hessian_into, try_hvp_into,
    try_jacobian_into, try_vjp_into, vjp_into,
};
pub use linear::{HessianMap, Linear, linearize, linearize_gradient, try_linearize, try_linearize_gradient};
pub use mixed::{
    LossScale, scaled_gradient, try_scaled_gradient, try_wide_gradient, try_wide_gradient_into, wide_gradient,
    wide_gradient_into,
};
#[cfg(feature = "rayon")]
pub use parallel::{par_gradient, try_par_gradient};
pub use pullback::{Pullback, try_vjp, vjp};
use recorded::{ROWS_PER_SWEEP, recorded, swept, swept_rows};
pub use second::{hessian, hvp, try_hessian, try_hvp};
pub use third::{third_product, try_third_product};
pub use weighted::{
    gauss_newton_product, try_gauss_newton_product, try_weighted_hessian, try_weighted_hvp, weighted_hessian,
    weighted_hvp,
};

/// Returns `f(x)` and the gradient `∇f(x)` of a function of several variables.
///
/// ```
/// use nilpotent::{reverse, Real};
///
/// fn rosenbrock<T: Real>(x: &[T]) -> T {
///     x.windows(2).map(|w| (w[1] - w[0] * w[0]).powi(2) * T::lit(100.0) + (T::one() - w[0]).powi(2)).sum()
/// }
/// let (y, dy) = reverse::gradient(rosenbrock, &vec![1.0; 1000]);
/// assert_eq!((y, dy), (0.0, vec![0.0; 1000]));
/// ```
///
/// # Panics
/// If `f` does, or returns a variable of another recording.
#[doc(alias = "grad")]
#[doc(alias = "backward")]
#[doc(alias = "backprop")]
#[inline]
pub fn gradient<P, T, G>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> Var<T>, x: P) -> (T, G)
where
    P: Seeded<Var<T>, T = T, Gradient = G>,
    T: Real,
{
    infallible(try_gradient(|x| Ok(f(x)), x))
}

/// [`gradient`] of a function that may fail.
#[inline]
pub fn try_gradient<P, T, G, R>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> R, x: P) -> R::Of<(T, G)>
where
    P: Seeded<Var<T>, T = T, Gradient = G>,
    T: Real,
    R: Outcome<Value = Var<T>>,
{
    let f = |x: P::Arg<'_, Var<T>>| f(x).into_result();
    R::from_result(recorded(f, &x, |_, x| x, |open, y| (y.re, swept(open, y, |adjoints| x.with_entries(adjoints)))))
}

/// Returns `f(x)` and the Jacobian `J(x)`. One sweep computes four matrix rows.
///
/// ```
/// use nilpotent::reverse;
///
/// let (y, j) = reverse::jacobian(|[r, t]| [r * t.cos(), r * t.sin()], [2.0, 0.0]);
/// assert_eq!((y, j), ([2.0, 0.0], [[1.0, 0.0], [0.0, 2.0]]));
/// ```
///
/// # Panics
/// If `f` does, or returns a variable of another recording.
#[doc(alias = "jac")]
#[inline]
pub fn jacobian<P, T, G, Y>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> Y, x: P) -> (Y::Of<T>, Y::Of<G>)
where
    P: Seeded<Var<T>, T = T, Gradient = G>,
    T: Real,
    Y: Output<Var<T>>,
{
    infallible(try_jacobian(|x| Ok(f(x)), x))
}

/// [`jacobian`] of a function that may fail.
#[inline]
pub fn try_jacobian<P, T, G, Y, R>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> R, x: P) -> R::Of<(Y::Of<T>, Y::Of<G>)>
where
    P: Seeded<Var<T>, T = T, Gradient = G>,
    T: Real,
    Y: Output<Var<T>>,
    R: Outcome<Value = Y>,
{
    R::from_result(recorded(
        |x: P::Arg<'_, Var<T>>| f(x).into_result(),
        &x,
        |_, x| x,
        |open, y| {
            let (mut rows, m) = (y.map(|_| x.zeros()), each(&y, |_, _| ()));
            if m == 1 {
                rows = y.map(|&y| swept(open, y, |adjoints| x.with_entries(adjoints)));
                return (y.map(|y| y.re), rows);
            }
            swept_rows(open, &y, m, |first, adjoints| {
                let mut k = 0;
                y.update(&mut rows, |row, _| {
                    if (first..first + ROWS_PER_SWEEP).contains(&k) {
                        let row_of = adjoints.iter().map(|adjoints| adjoints[k - first]);
                        P::entries(row).iter_mut().zip(row_of).for_each(|(entry, adjoint)| *entry = adjoint.grounded());
                    }
                    k += 1;
                });
            });
            (y.map(|y| y.re), rows)
        },
    ))
}

/// Returns the result of `f`, with its variables, and the recording of the evaluation.
///
/// ```
/// use nilpotent::reverse;
///
/// let ([y, z], recording) = reverse::record(|[a, b]| [a * b, a + b], [2.0, 3.0]);
/// assert_eq!(recording.adjoints(&[(y, 1.0)]).inputs(), [3.0, 2.0]);
/// assert_eq!(recording.adjoints(&[(y, 1.0), (z, 10.0)]).inputs(), [13.0, 12.0]);
/// assert_eq!(recording.records(), 2);
/// ```
///
/// # Panics
/// If `f` does.
#[doc(alias = "tape")]
pub fn record<P, T, Y>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> Y, x: P) -> (Y, Recording<T>)
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
{
    infallible(try_record(|x| Ok(f(x)), x))
}

/// [`record`] of a function that may fail.
pub fn try_record<P, T, R>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> R, x: P) -> R::Of<(R::Value, Recording<T>)>
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    R: Outcome,
{
    let f = |x: P::Arg<'_, Var<T>>| f(x).into_result();
    R::from_result(recorded(f, &x, |_, x| x, |open, y| (y, Recording::new(open))))
}

/// Computes `f(x)` in forward mode, and records one node for each output. For functions of few inputs and many operations.
///
/// ```
/// use nilpotent::{reverse, Var};
///
/// let f = |[a, b]: [Var; 2]| reverse::preaccumulate([a, b * b], |[u, v]| (u * v).sin() * u.exp() / v);
/// let (_, recording) = reverse::record(f, [0.5, 2.0]);
/// # if !cfg!(feature = "trace") {
/// assert_eq!(recording.records(), 1);
/// # }
/// let plain = |[a, b]: [Var; 2]| (a * (b * b)).sin() * a.exp() / (b * b);
/// let (dy, dz) = (reverse::gradient(f, [0.5, 2.0]).1, reverse::gradient(plain, [0.5, 2.0]).1);
/// assert!((dy[0] - dz[0]).abs() < 1e-15 && (dy[1] - dz[1]).abs() < 1e-15);
/// ```
#[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
pub fn preaccumulate<T, R, const N: usize>(x: [Var<T>; N], f: impl FnOnce([Dual<T, N>; N]) -> R) -> R::Of<Var<T>>
where
    T: Real,
    R: Output<Dual<T, N>>,
{
    crate::operation::operation!("preaccumulate");
    driver!();
    let y = f(Dual::variables(x.map(|x| x.re)).map(marked));
    check_each(&y, |&y| check(y));
    y.map(|y| Var::gathered(|| (y.re, x.iter().copied().zip(y.eps.iter().copied()))).expect("`Var` gathers"))
}
