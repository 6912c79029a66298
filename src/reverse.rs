//! Reverse mode: gradients of functions of many variables, by one recording and one sweep.
//!
//! | driver | `f` | returns the value and |
//! |---|---|---|
//! | [`gradient`] | ℝⁿ → ℝ | `∇f(x)`, in one sweep |
//! | [`jacobian`] | ℝⁿ → ℝᵐ | `J(x)`, in m/4 sweeps of four matrix rows each |
//! | [`vjp`] | ℝⁿ → ℝᵐ | the pullback `w ↦ wᵀJ(x)`, one sweep each time it is called |
//! | [`hvp`] | ℝⁿ → ℝ | `∇f(x)`, `∇²f(x)·v`, in one sweep |
//! | [`hessian`] | ℝⁿ → ℝ or ℝᵐ | `∇f(x)`, `∇²f(x)`, in one recording for each chunk, with a sweep for each output |
//! | [`record`] | ℝⁿ → ℝᵐ | a [`Recording`], for several sweeps and for inspection |
//!
//! The drivers have the names, points and results of [`forward`](crate::forward). Which mode is faster depends on the
//! number of inputs n and of outputs m: forward mode takes n/8 passes, each of which costs a few evaluations of `f`, and
//! reverse mode takes m/4 sweeps. Gradients are faster in forward mode up to about 12 variables; the guide has [times of
//! both modes](crate::guide::modes).
//!
//! An operation on two different nodes makes a record. A product with a constant, such as `T::lit(0.5)` or data, makes none.
//! Functions of slices, such as [`rules::dot`](crate::rules::dot), need less memory than the same operations one by one. A
//! `Var<f64>` takes 32 bytes, so pass arrays of them by reference.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use crate::forward::passes::{chunks, components};
use crate::forward::point::{Point, Seeded, copy, written};
use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Outcome, Output, infallible};
use crate::rules::Chain;
use crate::tape::adjoints::OpenTape;
pub use crate::tape::checkpoint::{checkpoint, checkpoint_loop, checkpoint_while};
pub use crate::tape::recording::{Adjoints, Recording};
use crate::tape::thread;
use crate::tape::var::Var;
use alloc::vec::Vec;

/// Runs `f` at `x` in a recording, then `read` on the result of `f` while the recording is still open.
#[inline]
pub(crate) fn recorded<P, D, Y, E, U>(
    f: impl FnOnce(P::Arg<'_, Var<D>>) -> Result<Y, E>,
    x: &P,
    mut coordinate: impl FnMut(usize, P::T) -> D,
    read: impl FnOnce(&OpenTape<'_, D>, Y) -> U,
) -> Result<U, E>
where
    P: Seeded<Var<D>>,
    D: Real,
{
    thread::with(|tape| {
        tape.record(x.variables(), |open| {
            let id = open.id();
            let seed = |v: &mut Var<D>, i, x| *v = Var::of_node(coordinate(i, x), id, i as u32);
            x.seeded(seed, f).map(|y| read(&open, y))
        })
    })
}

/// Sweeps back from the output `y`, whose adjoint is 1, and calls `read` with the adjoints of the inputs.
#[inline]
pub(crate) fn swept<D: Real, U>(open: &OpenTape<'_, D>, y: Var<D>, read: impl FnOnce(&[D]) -> U) -> U {
    swept_together(open, [y], |adjoints| read(adjoints.as_flattened()))
}

/// Sweeps back from W outputs at once, and calls `read` with W adjoints of each input.
#[inline]
fn swept_together<D: Real, U, const W: usize>(
    open: &OpenTape<'_, D>,
    y: [Var<D>; W],
    read: impl FnOnce(&[[D; W]]) -> U,
) -> U {
    for y in y {
        let (id, node) = y.place();
        open.check(id, node);
    }
    let seed = |adjoints: &mut [[D; W]]| {
        for (lane, y) in y.into_iter().enumerate() {
            if let Some(adjoints) = adjoints.get_mut(y.place().1 as usize) {
                adjoints[lane] = y.slope();
            }
        }
    };
    open.sweep(seed, read)
}

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

/// The number of matrix rows of a Jacobian that one sweep computes.
pub(crate) const ROWS_PER_SWEEP: usize = 4;

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
            let (mut rows, mut m) = (y.map(|_| x.zeros()), 0);
            y.update(&mut rows, |_, _| m += 1);
            if m == 1 {
                rows = y.map(|&y| swept(open, y, |adjoints| x.with_entries(adjoints)));
                return (y.map(|y| y.re), rows);
            }
            for first in (0..m).step_by(ROWS_PER_SWEEP) {
                let (mut together, mut k) = ([Var::constant(T::zero()); ROWS_PER_SWEEP], 0);
                y.update(&mut rows, |_, &y| {
                    if (first..first + ROWS_PER_SWEEP).contains(&k) {
                        together[k - first] = y;
                    }
                    k += 1;
                });
                swept_together(open, together, |adjoints| {
                    let mut k = 0;
                    y.update(&mut rows, |row, _| {
                        if (first..first + ROWS_PER_SWEEP).contains(&k) {
                            let row_of = adjoints.iter().map(|adjoints| adjoints[k - first]);
                            P::entries(row)
                                .iter_mut()
                                .zip(row_of)
                                .for_each(|(entry, adjoint)| *entry = adjoint.grounded());
                        }
                        k += 1;
                    });
                });
            }
            (y.map(|y| y.re), rows)
        },
    ))
}

/// Returns `f(x)` and the pullback `w ↦ wᵀJ(x)`, which keeps the recording and can be called many times.
///
/// ```
/// use nilpotent::reverse;
///
/// let (y, pullback) = reverse::vjp(|[a, b]| [a * b, a / b], [6.0, 3.0]);
/// assert_eq!(y, [18.0, 2.0]);
/// assert_eq!(pullback.call([1.0, 0.0]), [3.0, 6.0]);
/// assert_eq!(pullback.call([1.0, 3.0]), [4.0, 4.0]);
/// ```
///
/// # Panics
/// If `f` does, or returns a variable of another recording.
#[doc(alias = "pullback")]
pub fn vjp<P, T, Y>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> Y, x: P) -> (Y::Of<T>, Pullback<P, Y>)
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    Y: Output<Var<T>>,
{
    infallible(try_vjp(|x| Ok(f(x)), x))
}

/// [`vjp`] of a function that may fail.
pub fn try_vjp<P, T, Y, R>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> R, x: P) -> R::Of<(Y::Of<T>, Pullback<P, Y>)>
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    Y: Output<Var<T>>,
    R: Outcome<Value = Y>,
{
    R::from_result(recorded(
        |x: P::Arg<'_, Var<T>>| f(x).into_result(),
        &x,
        |_, x| x,
        |open, y| {
            let values = y.map(|y| {
                let (id, node) = y.place();
                open.check(id, node);
                y.re
            });
            (values, Pullback { recording: Recording::new(open), outputs: y, zeros: x.zeros() })
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

/// Returns `f(x)`, the gradient and the Hessian-vector product `∇²f(x)·v`.
///
/// It takes one recording and one sweep, over dual numbers that carry the derivative along `v`.
///
/// ```
/// use nilpotent::reverse;
///
/// let (y, dy, hv) = reverse::hvp(|[a, b]| a * b * b, [2.0, 3.0], [1.0, 10.0]);
/// assert_eq!((y, dy, hv), (18.0, [9.0, 12.0], [60.0, 46.0]));
/// ```
///
/// # Panics
/// If the slices `x` and `v` have different lengths, if `f` does, or returns a variable of another recording.
pub fn hvp<P, T, G>(f: impl FnOnce(P::Arg<'_, Var<Dual<T>>>) -> Var<Dual<T>>, x: P, v: P::Direction) -> (T, G, G)
where
    P: Seeded<Var<Dual<T>>, T = T, Gradient = G>,
    T: Real,
{
    infallible(try_hvp(|x| Ok(f(x)), x, v))
}

/// [`hvp`] of a function that may fail.
pub fn try_hvp<P, T, G, R>(f: impl FnOnce(P::Arg<'_, Var<Dual<T>>>) -> R, x: P, v: P::Direction) -> R::Of<(T, G, G)>
where
    P: Seeded<Var<Dual<T>>, T = T, Gradient = G>,
    T: Real,
    R: Outcome<Value = Var<Dual<T>>>,
{
    let v = components(&x, &v);
    R::from_result(recorded(
        |x: P::Arg<'_, Var<Dual<T>>>| f(x).into_result(),
        &x,
        |i, x| Dual::new(x, [v[i]]),
        |open, y| {
            let (mut gradient, mut product) = (x.zeros(), x.zeros());
            swept(open, y, |adjoints| {
                let entries = P::entries(&mut gradient).iter_mut().zip(P::entries(&mut product));
                for ((g, p), a) in entries.zip(adjoints) {
                    (*g, *p) = (a.re.grounded(), a.eps[0].grounded());
                }
            });
            (y.re.re, gradient, product)
        },
    ))
}

/// The pullback `w ↦ wᵀJ(x)` from weights of the outputs to the inputs, made by [`vjp`].
#[derive(Debug)]
pub struct Pullback<P: Point, Y> {
    recording: Recording<P::T>,
    outputs: Y,
    zeros: P::Gradient,
}

impl<P: Point, Y: Output<Var<P::T>>> Pullback<P, Y> {
    /// Returns `wᵀJ(x)`, where `w` has the shape of the outputs.
    ///
    /// # Panics
    /// If `w` has another length than the outputs.
    pub fn call(&self, mut w: Y::Of<P::T>) -> P::Gradient {
        let [outputs, weights] = self.outputs.lengths(&w);
        assert_eq!(outputs, weights, "{weights} weights for {outputs} outputs of the function");
        let mut seeds = Vec::new();
        self.outputs.update(&mut w, |w, &y| seeds.push((y, *w)));
        let mut gradient = self.zeros.clone();
        copy(self.recording.adjoints(&seeds).inputs(), P::entries(&mut gradient));
        gradient
    }
}

/// Returns `Σ f(data, x)` and its gradient, computed on all cores, with a recording for each chunk of 64 terms.
///
/// The sums of the chunks are added in the order of the data, so the result does not depend on the number of cores.
///
/// ```
/// use nilpotent::{reverse, Var};
///
/// // Least squares through the origin.
/// let data: Vec<(f64, f64)> = (0..1000).map(|i| (i as f64, 3.0 * i as f64)).collect();
/// let loss = |&(t, y): &(f64, f64), x: &[Var]| (x[0] * t - y).powi(2);
/// let (y, dy) = reverse::par_gradient(loss, &data, &[3.0]);
/// assert_eq!((y, dy), (0.0, vec![0.0]));
/// ```
///
/// # Panics
/// If `f` does, or returns a variable of another recording.
#[cfg(feature = "rayon")]
pub fn par_gradient<T, I, F>(f: F, data: &[I], x: &[T]) -> (T, Vec<T>)
where
    T: Real,
    I: Sync,
    F: Fn(&I, &[Var<T>]) -> Var<T> + Sync,
{
    use rayon::prelude::*;

    let chunk = |data: &[I]| gradient(|x: &[Var<T>]| data.iter().map(|data| f(data, x)).sum::<Var<T>>(), x);
    let parts: Vec<_> = data.par_chunks(64).map(chunk).collect();
    parts.into_iter().fold((T::zero(), x.zeros()), |(y, mut dy), (part, slopes)| {
        dy.iter_mut().zip(slopes).for_each(|(d, s)| *d += s);
        (y + part, dy)
    })
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
#[cfg_attr(feature = "trace", track_caller)]
pub fn preaccumulate<T, R, const N: usize>(x: [Var<T>; N], f: impl FnOnce([Dual<T, N>; N]) -> R) -> R::Of<Var<T>>
where
    T: Real,
    R: Output<Dual<T, N>>,
{
    crate::operation::operation!("preaccumulate");
    let y = f(Dual::variables(x.map(|x| x.re)));
    y.map(|y| Var::gathered(|| (y.re, x.iter().copied().zip(y.eps.iter().copied()))).expect("`Var` gathers"))
}

/// Returns `f(x)`, the gradient and the Hessian, by forward mode over reverse mode.
///
/// For each chunk of variables `f` is recorded once, over dual numbers that carry the partials of the chunk.
///
/// ```
/// use nilpotent::reverse;
///
/// let (y, dy, h) = reverse::hessian(|[a, b]| a * b * b, [2.0, 3.0]);
/// assert_eq!((y, dy, h), (18.0, [9.0, 12.0], [[0.0, 6.0], [6.0, 4.0]]));
/// ```
///
/// # Panics
/// If `f` does, or returns a variable of another recording, or `Vec`s of different lengths for different chunks.
#[doc(alias = "hess")]
pub fn hessian<P, T, D, G, H, Y>(mut f: impl FnMut(P::Arg<'_, Var<D>>) -> Y, x: P) -> (Y::Of<T>, Y::Of<G>, Y::Of<H>)
where
    P: Seeded<Var<D>, T = T, Dual<T> = D, Gradient = G, Hessian = H>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<Var<D>>,
{
    infallible(try_hessian(|x| Ok(f(x)), x))
}

/// [`hessian`] of a function that may fail.
pub fn try_hessian<P, T, D, G, H, Y, R>(
    mut f: impl FnMut(P::Arg<'_, Var<D>>) -> R,
    x: P,
) -> R::Of<(Y::Of<T>, Y::Of<G>, Y::Of<H>)>
where
    P: Seeded<Var<D>, T = T, Dual<T> = D, Gradient = G, Hessian = H>,
    T: Real,
    D: Chain<Re = T> + Real,
    Y: Output<Var<D>>,
    R: Outcome<Value = Y>,
{
    let n = x.variables();
    let mut result = None;
    let outcome = chunks(n, P::WIDTH).try_for_each(|start| {
        recorded(
            |x: P::Arg<'_, Var<D>>| f(x).into_result(),
            &x,
            |i, x| written(|d| P::variable(d, x, i.wrapping_sub(start))),
            |open, y| {
                let (_, gradients, hessians) = result.get_or_insert_with(|| {
                    (y.map(|y| Chain::re(y.re)), y.map(|_| x.zeros()), y.map(|_| x.zero_hessian()))
                });
                let mut rows = Vec::new();
                y.update(hessians, |hessian, &y| {
                    swept(open, y, |adjoints| {
                        for (i, a) in adjoints.iter().enumerate() {
                            for (j, &h) in (start..n).zip(P::partials::<T>(a)) {
                                *P::entry(hessian, i, j) = h.grounded();
                            }
                        }
                        rows.push(adjoints.iter().map(|&a| Chain::re(a)).collect::<Vec<_>>());
                    });
                });
                let mut rows = rows.iter();
                y.update(gradients, |gradient, _| {
                    let row = rows.next().expect("one for each output");
                    copy(row, P::entries(gradient));
                });
            },
        )
    });
    R::from_result(outcome.map(|()| result.expect("at least one recording is made")))
}
