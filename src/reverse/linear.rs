//! A function linearized at a point, and its gradient linearized: products with the Jacobian, its transpose and the Hessian in
//! many directions, from one recording.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::pullback::{Pullback, try_vjp};
use super::recorded::{recorded, swept};
use crate::entries::{Destination, Entries};
use crate::forward::point::{Point, Seeded};
use crate::real::Real;
use crate::returns::{Outcome, Output, each, infallible};
use crate::tape::recording::Recording;
use crate::tape::thread;
use crate::tape::var::Var;
use alloc::vec::Vec;
use core::fmt::{self, Debug};

/// Returns `f(x)` and the linear map `v ↦ J(x)·v`, which keeps the recording and can be called many times.
///
/// `f` is run once. Each product J·v takes one pass over the records, and each wᵀJ one sweep back through them
/// ([`Linear::transposed`]).
///
/// ```
/// use nilpotent::reverse;
///
/// let (y, linear) = reverse::linearize(|[a, b]| [a * b, a / b], [6.0, 3.0]);
/// assert_eq!(y, [18.0, 2.0]);
/// assert_eq!(linear.call(&[1.0, 0.0]), [3.0, 1.0 / 3.0]);
/// assert_eq!(linear.call(&[1.0, 1.0]), [9.0, -1.0 / 3.0]);
/// assert_eq!(linear.transposed([1.0, 3.0]), [4.0, 4.0]);
/// ```
///
/// For a single direction [`jvp`](crate::jvp) takes less time, because it records nothing.
///
/// # Panics
/// If `f` does, or returns a variable of another recording.
#[doc(alias = "pushforward")]
#[inline]
pub fn linearize<P, T, Y>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> Y, x: P) -> (Y::Of<T>, Linear<P, Y>)
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    Y: Output<Var<T>>,
{
    infallible(try_linearize(|x| Ok(f(x)), x))
}

/// [`linearize`] of a function that may fail.
#[inline]
pub fn try_linearize<P, T, Y, R>(f: impl FnOnce(P::Arg<'_, Var<T>>) -> R, x: P) -> R::Of<(Y::Of<T>, Linear<P, Y>)>
where
    P: Seeded<Var<T>, T = T>,
    T: Real,
    Y: Output<Var<T>>,
    R: Outcome<Value = Y>,
{
    let recorded = try_vjp(|x| f(x).into_result(), x);
    R::from_result(recorded.map(|(values, pullback)| (values, Linear { pullback })))
}

/// The linear map `v ↦ J(x)·v` from directions of the inputs to the outputs, with its transpose, made by [`linearize`].
pub struct Linear<P: Point, Y> {
    pullback: Pullback<P, Y>,
}

impl<P: Point, Y> Debug for Linear<P, Y>
where
    Pullback<P, Y>: Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linear").field("pullback", &self.pullback).finish()
    }
}

impl<P: Point, Y: Output<Var<P::T>>> Linear<P, Y> {
    /// Returns `J(x)·v`, in the shape of the outputs. For every kind of point `v` is a slice, with one component for each variable.
    ///
    /// Checkpoints in `f` are recorded again, each step once, and dropped.
    ///
    /// # Panics
    /// If `v` has another length than the point.
    pub fn call(&self, v: &[P::T]) -> Y::Of<P::T> {
        let Pullback { recording, outputs, .. } = &self.pullback;
        let tangents = recording.tangents(v);
        outputs.map(|&y| tangents.of(y))
    }

    /// Returns `wᵀJ(x)`, where `w` has the shape of the outputs, as [`Pullback::call`] does.
    ///
    /// # Panics
    /// If `w` has another length than the outputs.
    pub fn transposed(&self, w: Y::Of<P::T>) -> P::Gradient {
        self.pullback.call(w)
    }

    /// Writes `J(x)·v` into `tangent`, one entry for each output. Nothing is allocated after the first call, if `f` has no
    /// checkpoints.
    ///
    /// ```
    /// use nilpotent::reverse;
    ///
    /// let (_, linear) = reverse::linearize(|[a, b]| [a * b, a + b], [2.0, 3.0]);
    /// let (mut tangent, mut product) = ([0.0; 2], [0.0; 2]);
    /// linear.call_into(&[1.0, 10.0], &mut tangent);
    /// linear.transposed_into(&[1.0, 10.0], &mut product);
    /// assert_eq!((tangent, product), ([23.0, 11.0], [13.0, 12.0]));
    /// ```
    ///
    /// # Panics
    /// If `v` has another length than the point, or `tangent` not one entry for each output.
    pub fn call_into(&self, v: &[P::T], tangent: &mut (impl Entries<P::T> + ?Sized)) {
        let Pullback { recording, outputs, .. } = &self.pullback;
        let mut tangent = Destination::vector(tangent, each(outputs, |_, _| ()), "tangent");
        recording.with_tangents(v, |tangents| each(outputs, |i, &y| tangent.set(0, i, tangents.of(y))));
    }

    /// Writes `wᵀJ(x)` into `product`, as [`Pullback::call_into`] does.
    ///
    /// # Panics
    /// If `w` has another length than the outputs, or `product` not one entry for each variable.
    pub fn transposed_into(&self, w: &[P::T], product: &mut (impl Entries<P::T> + ?Sized)) {
        self.pullback.call_into(w, product);
    }

    /// Returns `JᵀJ·v`, the product of the Gauss-Newton matrix and a vector. With weights W of the outputs, `Jᵀ·W·J·v` is
    /// `transposed` of the weighted result of [`call`](Self::call).
    ///
    /// ```
    /// use nilpotent::reverse;
    ///
    /// // J = [[3, 2], [1, 1]]
    /// let (_, linear) = reverse::linearize(|[a, b]| [a * b, a + b], [2.0, 3.0]);
    /// assert_eq!(linear.gauss_newton(&[1.0, 10.0]), [80.0, 57.0]);
    /// let [p, q] = linear.call(&[1.0, 10.0]);
    /// assert_eq!(linear.transposed([p * 2.0, q * 0.0]), [138.0, 92.0]);
    /// ```
    ///
    /// # Panics
    /// If `v` has another length than the point.
    pub fn gauss_newton(&self, v: &[P::T]) -> P::Gradient {
        self.transposed(self.call(v))
    }

    /// The recording behind the map.
    pub fn recording(&self) -> &Recording<P::T> {
        &self.pullback.recording
    }
}

/// Returns `f(x)`, the gradient and the linear map `v ↦ ∇²f(x)·v`, which can be called many times: once for each iteration of
/// conjugate gradients in Newton's method, for example.
///
/// `f` is run once, in variables of variables: the computation of the gradient is recorded in its turn. Each product takes one
/// pass over that recording, which has a few records for each one of `f` (24 bytes each over `f64`). [`hvp`](super::hvp)
/// records `f` anew for each product, so it takes several times as long for each, and less for a single one.
///
/// ```
/// use nilpotent::reverse;
///
/// let (y, dy, hessian) = reverse::linearize_gradient(|[a, b]| a * b * b, [2.0, 3.0]);
/// assert_eq!((y, dy), (18.0, [9.0, 12.0]));
/// assert_eq!(hessian.call(&[1.0, 0.0]), [0.0, 6.0]);
/// assert_eq!(hessian.call(&[1.0, 10.0]), [60.0, 46.0]);
/// ```
///
/// # Panics
/// If `f` does, or returns a variable of another recording.
#[inline]
pub fn linearize_gradient<P, T, G>(
    f: impl FnOnce(P::Arg<'_, Var<Var<T>>>) -> Var<Var<T>>,
    x: P,
) -> (T, G, HessianMap<P>)
where
    P: Seeded<Var<Var<T>>, T = T, Gradient = G>,
    T: Real,
{
    infallible(try_linearize_gradient(|x| Ok(f(x)), x))
}

/// [`linearize_gradient`] of a function that may fail.
pub fn try_linearize_gradient<P, T, G, R>(
    f: impl FnOnce(P::Arg<'_, Var<Var<T>>>) -> R,
    x: P,
) -> R::Of<(T, G, HessianMap<P>)>
where
    P: Seeded<Var<Var<T>>, T = T, Gradient = G>,
    T: Real,
    R: Outcome<Value = Var<Var<T>>>,
{
    let f = |x: P::Arg<'_, Var<Var<T>>>| f(x).into_result();
    R::from_result(thread::with(|tape| {
        tape.record(x.variables(), |outer| {
            let coordinate = |i, x| Var::of_node(x, outer.id(), i as u32);
            let inner = recorded(f, &x, coordinate, |inner, y| (y.re.re, swept(inner, y, <[_]>::to_vec)));
            inner.map(|(value, gradient)| {
                let values: Vec<T> = gradient.iter().map(|d| d.re).collect();
                let map = HessianMap { recording: Recording::new(&outer), gradient, zeros: x.zeros() };
                (value, x.with_entries(&values), map)
            })
        })
    }))
}

/// The linear map `v ↦ ∇²f(x)·v`, made by [`linearize_gradient`].
#[derive(Debug)]
pub struct HessianMap<P: Point> {
    recording: Recording<P::T>,
    gradient: Vec<Var<P::T>>,
    zeros: P::Gradient,
}

impl<P: Point> HessianMap<P> {
    /// Returns `∇²f(x)·v`. For every kind of point `v` is a slice, with one component for each variable.
    ///
    /// # Panics
    /// If `v` has another length than the point.
    pub fn call(&self, v: &[P::T]) -> P::Gradient {
        let (tangents, mut product) = (self.recording.tangents(v), self.zeros.clone());
        for (entry, &d) in P::entries(&mut product).iter_mut().zip(&self.gradient) {
            *entry = tangents.of(d);
        }
        product
    }

    /// Writes `∇²f(x)·v` into `product`. Nothing is allocated after the first call, if `f` has no checkpoints.
    ///
    /// ```
    /// use nilpotent::reverse;
    ///
    /// let (_, _, hessian) = reverse::linearize_gradient(|[a, b]| a * b * b, [2.0, 3.0]);
    /// let mut product = [0.0; 2];
    /// hessian.call_into(&[1.0, 10.0], &mut product);
    /// assert_eq!(product, [60.0, 46.0]);
    /// ```
    ///
    /// # Panics
    /// If `v` has another length than the point, or `product` not one entry for each variable.
    pub fn call_into(&self, v: &[P::T], product: &mut (impl Entries<P::T> + ?Sized)) {
        let mut product = Destination::vector(product, self.gradient.len(), "product");
        self.recording.with_tangents(v, |tangents| {
            self.gradient.iter().enumerate().for_each(|(i, &d)| product.set(0, i, tangents.of(d)));
        });
    }

    /// The recording of the gradient.
    pub fn recording(&self) -> &Recording<P::T> {
        &self.recording
    }
}
