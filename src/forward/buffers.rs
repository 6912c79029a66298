//! Buffers: coordinates and outputs as numbers in memory that is used again and again.

use super::point::{Point, SIDE, Seeded, WIDTH, each_chunk, shapes};
use crate::number::dual::Dual;
use crate::number::hyper::HyperDual;
use crate::real::Real;
use crate::returns::Output;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::ops::Range;

/// Memory for the coordinates and the outputs of a function as numbers `D`, which a driver uses instead of new `Vec`s.
///
/// [`point`](Self::point) is a slice as a point of any driver, and [`outputs`](Self::outputs) are the outputs of a function
/// that writes them into a slice. From the second call on a driver `…_into` with both allocates nothing.
///
/// ```
/// use nilpotent::{Buffers, Dual, Real, jacobian_into};
///
/// fn f<T: Real>(x: &[T], y: &mut [T]) {
///     for (y, x) in y.iter_mut().zip(x) {
///         *y = *x * *x;
///     }
/// }
/// let (mut value, mut j) = ([0.0; 2], [0.0; 4]);
/// let buffers = Buffers::<Dual<f64, 8>>::default();
/// for step in 1..9 {
///     let x = vec![f64::from(step), 2.0];
///     jacobian_into(|x| buffers.outputs(2, |y| f(x, y)), buffers.point(&x), &mut value, &mut j);
/// }
/// assert_eq!((value, j), ([64.0, 4.0], [16.0, 0.0, 0.0, 4.0]));
/// ```
///
/// The numbers `D` are those that the driver calls the function with. At a slice of `f64` they are:
///
/// | driver | numbers |
/// |---|---|
/// | [`gradient_into`](super::gradient_into), [`jacobian_into`](super::jacobian_into) | `Dual<f64, 8>` |
/// | [`jvp_into`](super::jvp_into) | `Dual` |
/// | [`hvp_into`](super::hvp_into) | `Dual<Dual, 8>` |
/// | [`hessian_into`](super::hessian_into) | `HyperDual<f64, 4, 4>` |
/// | `reverse::gradient_into`, `jacobian_into`, `vjp_into` | `Var` |
/// | `reverse::hvp_into` | `Var<Dual>` |
/// | `reverse::hessian_into` | `Var<Dual<f64, 8>>` |
#[derive(Clone, Debug)]
pub struct Buffers<D> {
    coordinates: RefCell<Vec<D>>,
    outputs: RefCell<Vec<D>>,
    /// How often outputs have been written.
    calls: Cell<usize>,
}

impl<D> Default for Buffers<D> {
    fn default() -> Self {
        Self { coordinates: RefCell::default(), outputs: RefCell::default(), calls: Cell::new(0) }
    }
}

impl<D: Real> Buffers<D> {
    /// Returns the slice as a point, whose coordinates will be held in these buffers.
    pub fn point<'b, T: Real>(&'b self, x: &'b [T]) -> Buffered<'b, T, D> {
        Buffered { x, coordinates: &self.coordinates }
    }

    /// Returns the outputs that `f` writes into a slice of `count` numbers, for a function that a driver calls.
    ///
    /// `f` must write all of them: the slice has zeros at first, and later what the call before has left there.
    ///
    /// # Panics
    /// The driver does if a second call has overwritten the outputs that it reads (two outputs need two `Buffers`), or if it
    /// returns derivatives, or takes weights, in the shape of the outputs.
    pub fn outputs(&self, count: usize, f: impl FnOnce(&mut [D])) -> Written<'_, D> {
        let mut y = self.outputs.take();
        y.resize(count, D::zero());
        f(&mut y);
        self.outputs.replace(y);
        self.calls.set(self.calls.get().wrapping_add(1));
        Written { buffers: self, call: self.calls.get() }
    }
}

/// A slice as a point, with the memory for its coordinates: made by [`Buffers::point`].
#[derive(Clone, Copy, Debug)]
pub struct Buffered<'b, T, D> {
    x: &'b [T],
    coordinates: &'b RefCell<Vec<D>>,
}

impl<'b, T: Real, N: Real> Point for Buffered<'b, T, N> {
    type T = T;
    type Arg<'a, D: Real> = &'a [D];
    type Direction = &'b [T];
    shapes!(chunks of WIDTH, blocks of SIDE);
    shapes!(Vec);

    #[inline]
    fn variables(&self) -> usize {
        self.x.len()
    }

    #[inline]
    fn components<'v>(v: &'v &'b [T]) -> &'v [T] {
        v
    }
}

impl<T: Real, D: Real> Seeded<D> for Buffered<'_, T, D> {
    fn seeded<R>(&self, mut seed: impl FnMut(&mut D, usize, T), f: impl FnOnce(&[D]) -> R) -> R {
        // If the buffers are in use, as by a driver inside of f, new memory is taken.
        let mut x = self.coordinates.take();
        x.resize(self.x.len(), D::zero());
        for (i, (number, &coordinate)) in x.iter_mut().zip(self.x).enumerate() {
            *number = D::zero();
            seed(number, i, coordinate);
        }
        let result = f(&x);
        self.coordinates.replace(x);
        result
    }

    fn seeded_each<S: Copy, E>(
        &self,
        chunks: impl Iterator<Item = S>,
        seeded: impl Fn(S) -> Range<usize>,
        seed: impl Fn(S, &mut D, usize, T),
        pass: impl FnMut(S, &[D]) -> Result<(), E>,
    ) -> Result<(), E> {
        let (x, result) = each_chunk(self.x, self.coordinates.take(), chunks, seeded, seed, pass);
        self.coordinates.replace(x);
        result
    }
}

/// Outputs in memory that is used again: made by [`Buffers::outputs`].
#[derive(Clone, Copy, Debug)]
pub struct Written<'b, D> {
    buffers: &'b Buffers<D>,
    call: usize,
}

/// The results are dropped, for drivers that write into the caller's memory.
impl<D> Output<D> for Written<'_, D> {
    type Of<U> = ();

    fn map<U>(&self, mut f: impl FnMut(&D) -> U) {
        let Self { buffers: Buffers { outputs, calls, .. }, call } = self;
        assert_eq!(
            calls.get(),
            *call,
            "a second call of `Buffers::outputs` has overwritten the outputs of the first one"
        );
        outputs.borrow().iter().for_each(|y| {
            f(y);
        });
    }

    fn lengths<U>(&self, (): &()) -> [usize; 2] {
        [0; 2]
    }

    /// Drivers that return derivatives, or take weights, in the shape of the outputs would get none.
    fn update<U>(&self, (): &mut (), _: impl FnMut(&mut U, &D)) {
        panic!(
            "outputs in `Buffers` have no shape, which this driver needs: return a `Vec`, or take a driver `…_into`"
        );
    }
}
