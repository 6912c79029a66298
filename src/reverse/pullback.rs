//! The pullback of a function at a point.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use super::recorded::recorded;
use crate::entries::{Destination, Entries};
use crate::forward::point::{Point, Seeded, copy};
use crate::real::Real;
use crate::returns::{Outcome, Output, check_weights, each, infallible, one_weight_each};
use crate::tape::recording::Recording;
use crate::tape::var::Var;

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

/// The pullback `w ↦ wᵀJ(x)` from weights of the outputs to the inputs, made by [`vjp`].
#[derive(Debug)]
pub struct Pullback<P: Point, Y> {
    pub(super) recording: Recording<P::T>,
    pub(super) outputs: Y,
    zeros: P::Gradient,
}

impl<P: Point, Y: Output<Var<P::T>>> Pullback<P, Y> {
    /// Returns `wᵀJ(x)`, where `w` has the shape of the outputs.
    ///
    /// # Panics
    /// If `w` has another length than the outputs.
    pub fn call(&self, mut w: Y::Of<P::T>) -> P::Gradient {
        one_weight_each(&self.outputs, &w);
        let mut gradient = self.zeros.clone();
        self.recording.sweep(
            |add| self.outputs.update(&mut w, |w, &y| add(y, *w)),
            |adjoints| copy(adjoints, P::entries(&mut gradient)),
        );
        gradient
    }

    /// Writes `wᵀJ(x)` into `product`, where `w` has a weight for each output, one after another. Nothing is allocated after the
    /// first call.
    ///
    /// ```
    /// use nilpotent::reverse;
    ///
    /// let (_, pullback) = reverse::vjp(|[a, b]| [a * b, a / b], [6.0, 3.0]);
    /// let mut product = [0.0; 2];
    /// pullback.call_into(&[1.0, 3.0], &mut product);
    /// assert_eq!(product, [4.0, 4.0]);
    /// ```
    ///
    /// # Panics
    /// If `w` has another length than the outputs, or `product` not one entry for each variable.
    pub fn call_into(&self, w: &[P::T], product: &mut (impl Entries<P::T> + ?Sized)) {
        check_weights(w.len(), each(&self.outputs, |_, _| ()));
        let mut product = Destination::vector(product, self.recording.inputs(), "product");
        self.recording
            .sweep(|add| _ = each(&self.outputs, |k, &y| add(y, w[k])), |adjoints| product.store(0, 0, adjoints));
    }
}
