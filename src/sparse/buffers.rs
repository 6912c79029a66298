//! Buffers: coordinates and outputs as numbers in memory that is used again and again.

use crate::forward::point::{Point, SIDE, Seeded, WIDTH, shapes};
use crate::number::dual::Dual;
use crate::number::hyper::HyperDual;
use crate::real::Real;
use crate::returns::Output;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;

/// Memory for the coordinates and the outputs of a function as numbers `D`, which a driver uses instead of new `Vec`s.
///
/// [`point`](Self::point) is a slice as a point of any driver, and [`outputs`](Self::outputs) are the outputs of a function
/// that writes them into a slice. From the second call on a driver with both allocates nothing.
///
/// ```
/// use nilpotent::sparse::{self, Buffers, Order, Pattern, Plan};
/// use nilpotent::{Error, Real};
///
/// fn f<T: Real>(x: &[T], y: &mut [T]) {
///     for (y, x) in y.iter_mut().zip(x) {
///         *y = *x * *x;
///     }
/// }
/// let plan = Plan::columns(Pattern::diagonal(3), Order::Natural);
/// let (mut value, mut values) = ([0.0; 3], [0.0; 3]);
/// let buffers = Buffers::default();
/// for step in 1..9 {
///     let x = [f64::from(step), 2.0, 3.0];
///     let f = |x: &[_]| buffers.outputs(3, |y| f(x, y));
///     sparse::jacobian(&plan, f, buffers.point(&x), &mut value, &mut values)?;
/// }
/// assert_eq!((value, values), ([64.0, 4.0, 9.0], [16.0, 4.0, 6.0]));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Buffers<D> {
    coordinates: RefCell<Vec<D>>,
    outputs: RefCell<Vec<D>>,
}

impl<D> Default for Buffers<D> {
    fn default() -> Self {
        Self { coordinates: RefCell::default(), outputs: RefCell::default() }
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
    pub fn outputs(&self, count: usize, f: impl FnOnce(&mut [D])) -> Written<'_, D> {
        let mut y = self.outputs.take();
        y.resize(count, D::zero());
        f(&mut y);
        self.outputs.replace(y);
        Written(&self.outputs)
    }
}

/// A slice as a point, with the memory for its coordinates: made by [`Buffers::point`].
#[derive(Clone, Copy, Debug)]
pub struct Buffered<'b, T, D> {
    x: &'b [T],
    coordinates: &'b RefCell<Vec<D>>,
}

impl<T: Real, N: Real> Point for Buffered<'_, T, N> {
    type T = T;
    type Arg<'a, D: Real> = &'a [D];
    type Direction = Self;
    shapes!(chunks of WIDTH, blocks of SIDE);
    shapes!(Vec);

    #[inline]
    fn variables(&self) -> usize {
        self.x.len()
    }

    #[inline]
    fn components(v: &Self) -> &[T] {
        v.x
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
}

/// Outputs in memory that is used again: made by [`Buffers::outputs`].
#[derive(Clone, Copy, Debug)]
pub struct Written<'b, D>(&'b RefCell<Vec<D>>);

/// The results are dropped, for drivers that write into the caller's memory.
impl<D> Output<D> for Written<'_, D> {
    type Of<U> = ();

    fn map<U>(&self, mut f: impl FnMut(&D) -> U) {
        self.0.borrow().iter().for_each(|y| {
            f(y);
        });
    }

    fn lengths<U>(&self, (): &()) -> [usize; 2] {
        [0; 2]
    }

    fn update<U>(&self, (): &mut (), _: impl FnMut(&mut U, &D)) {}
}
