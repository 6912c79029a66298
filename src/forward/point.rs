//! Points of several variables, and the numbers that carry their partials.

use crate::number::dual::Dual;
use crate::number::dual2::Dual2;
use crate::number::hyper::HyperDual;
use crate::real::Real;
use crate::rules::Chain;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// A point of several variables: an array `[T; N]`, `&[T]`, `&Vec<T>`, a [`Chunk`], a slice with [`Buffers`](super::Buffers), a
/// reference to a struct in [`point!`](crate::point), or, with the feature `nalgebra`, a view of a vector, or a reference to a type
/// of nalgebra or to a tuple, array or slice of such parts.
///
/// The trait also says which numbers carry the partials: see the [module](super).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a point of several variables",
    note = "points are `[T; N]`, `&[T]`, `&Vec<T>`, `Chunk::<W>(&[T])`, references to structs in `point!`, nalgebra's `&SVector`, `&DVector`, `SVectorView`, `DVectorView`, `&SMatrix`, `&Point3`, `&UnitQuaternion`, `&Rotation3`, `&Isometry3`, …, and references to tuples, arrays and slices of these"
)]
pub trait Point: Sized {
    /// The type of a coordinate.
    type T: Real;
    /// The number that carries partials of all variables, or of a chunk of them.
    type Dual<S: Real>: Chain<Re = S> + Real;
    /// The number that carries the Hessian, or a block of it.
    type Second: SecondOrder<Re = Self::T>;
    /// The argument of `f`: the point with numbers `D` as coordinates.
    type Arg<'a, D: Real>;
    /// A direction, with one component for each variable.
    type Direction;
    /// A gradient, with one entry for each variable.
    type Gradient: Clone;
    /// A Hessian, with one entry for each pair of variables.
    type Hessian: Clone;

    /// Returns the number of variables.
    fn variables(&self) -> usize;

    /// Returns a gradient of zeros, one entry for each variable.
    fn zeros(&self) -> Self::Gradient;

    /// Returns the gradient with these entries.
    #[inline]
    fn with_entries(&self, entries: &[Self::T]) -> Self::Gradient {
        let mut gradient = self.zeros();
        copy(entries, Self::entries(&mut gradient));
        gradient
    }

    /// Returns the entries of a gradient, one for each variable.
    fn entries(gradient: &mut Self::Gradient) -> &mut [Self::T];

    /// Returns a Hessian of zeros.
    fn zero_hessian(&self) -> Self::Hessian;

    /// Returns the entry `(i, j)` of a Hessian.
    fn entry(hessian: &mut Self::Hessian, i: usize, j: usize) -> &mut Self::T;

    /// Returns the components of a direction.
    fn components(v: &Self::Direction) -> &[Self::T];

    /// How many variables a chunk holds.
    const WIDTH: usize;

    /// Makes `x`, which is zero, variable `i` of a chunk, with the value `re`. If the chunk has no variable `i`, it becomes a
    /// constant.
    fn variable<S: Real>(x: &mut Self::Dual<S>, re: S, i: usize);

    /// Returns the partials that `y` carries.
    fn partials<S: Real>(y: &Self::Dual<S>) -> &[S];
}

/// A [`Point`] whose coordinates may be numbers `D`.
pub trait Seeded<D: Real>: Point {
    /// Calls `f` with the point whose coordinate `i`, a zero, has been written by `seed(coordinate, i, xᵢ)`. A seed writes in
    /// place, because a number of many partials that it returned would be made somewhere else first, and copied.
    fn seeded<R>(&self, seed: impl FnMut(&mut D, usize, Self::T), f: impl FnOnce(Self::Arg<'_, D>) -> R) -> R;

    /// Calls `pass` once for each item of `chunks`, with the point whose coordinate `i` is written by
    /// `seed(chunk, coordinate, i, xᵢ)`; outside of the range `seeded(chunk)` the coordinates are constants. Stops at the first
    /// failure.
    #[inline]
    fn seeded_each<S: Copy, E>(
        &self,
        mut chunks: impl Iterator<Item = S>,
        _: impl Fn(S) -> Range<usize>,
        seed: impl Fn(S, &mut D, usize, Self::T),
        mut pass: impl FnMut(S, Self::Arg<'_, D>) -> Result<(), E>,
    ) -> Result<(), E> {
        chunks.try_for_each(|chunk| self.seeded(|d, i, x| seed(chunk, d, i, x), |x| pass(chunk, x)))
    }
}

/// Copies derivatives into a result.
#[inline]
pub(crate) fn copy<T: Real>(from: &[T], to: &mut [T]) {
    to.copy_from_slice(from);
    ground(to);
}

/// Makes plain zeros of derivatives that are not there.
#[inline(always)]
pub(crate) fn ground<T: Real>(derivatives: &mut [T]) {
    if const { T::RECORDS } {
        derivatives.iter_mut().for_each(|x| *x = x.grounded());
    }
}

/// Returns the number that `seed` writes.
#[inline]
pub(crate) fn written<D: Real>(seed: impl FnOnce(&mut D)) -> D {
    let mut number = D::zero();
    seed(&mut number);
    number
}

/// A number that carries a block of second derivatives.
pub trait SecondOrder: Chain + Real {
    /// The number of variables along one side of the block.
    const SIDE: usize;

    /// Makes this number, which is zero, the variable of the block's matrix row `i` and column `j`, with the value `re`. Indices
    /// beyond the block add no derivative.
    fn seed(&mut self, re: Self::Re, i: usize, j: usize);

    /// Returns the first derivatives in the variables of the block's matrix rows.
    fn first(&self) -> &[Self::Re];

    /// Returns the second derivative at `(i, j)` of the block.
    fn second(&self, i: usize, j: usize) -> Self::Re;
}

/// A single block: each variable has a matrix row and a column.
impl<T: Real, const N: usize> SecondOrder for Dual2<T, N> {
    const SIDE: usize = N;

    #[inline]
    fn seed(&mut self, re: T, i: usize, _: usize) {
        self.re = re;
        self.grad[i] = T::one();
    }

    #[inline]
    fn first(&self) -> &[T] {
        &self.grad
    }

    #[inline]
    fn second(&self, i: usize, j: usize) -> T {
        self.hess[(i, j)]
    }
}

impl<T: Real, const N: usize> SecondOrder for HyperDual<T, N, N> {
    const SIDE: usize = N;

    #[inline]
    fn seed(&mut self, re: T, i: usize, j: usize) {
        self.re = re;
        if i < N {
            self.eps1[i] = T::one();
        }
        if j < N {
            self.eps2[j] = T::one();
        }
    }

    #[inline]
    fn first(&self) -> &[T] {
        &self.eps1
    }

    #[inline]
    fn second(&self, i: usize, j: usize) -> T {
        self.eps1eps2[i][j]
    }
}

/// Items of an `impl Point`: the numbers of a point that takes one pass, those of a point that takes chunks, and gradients
/// and Hessians in `Vec`s.
macro_rules! shapes {
    (one pass of $N:tt) => {
        type Dual<S: Real> = Dual<S, $N>;
        type Second = Dual2<T, $N>;
        const WIDTH: usize = $N;

        #[inline]
        fn variable<S: Real>(x: &mut Dual<S, $N>, re: S, i: usize) {
            x.re = re;
            x.eps[i] = S::one();
        }

        $crate::forward::point::shapes!(partials $N);
    };
    (chunks of $W:tt, blocks of $B:tt) => {
        type Dual<S: Real> = Dual<S, $W>;
        type Second = HyperDual<T, $B, $B>;
        const WIDTH: usize = {
            assert!($W > 0, "a chunk holds at least one variable");
            $W
        };

        #[inline]
        fn variable<S: Real>(x: &mut Dual<S, $W>, re: S, i: usize) {
            x.re = re;
            if i < $W {
                x.eps[i] = S::one();
            }
        }

        $crate::forward::point::shapes!(partials $W);
    };
    (partials $N:tt) => {
        #[inline]
        fn partials<S: Real>(y: &Dual<S, $N>) -> &[S] {
            &y.eps
        }
    };
    (Vec) => {
        type Gradient = Vec<T>;
        type Hessian = Vec<Vec<T>>;

        fn zeros(&self) -> Vec<T> {
            vec![T::zero(); self.variables()]
        }

        // `zeros` would ask for zeroed memory, which allocators do not take from their lists of freed blocks.
        #[inline]
        fn with_entries(&self, entries: &[T]) -> Vec<T> {
            let mut gradient = entries.to_vec();
            $crate::forward::point::ground(&mut gradient);
            gradient
        }

        #[inline]
        fn entries(gradient: &mut Vec<T>) -> &mut [T] {
            gradient
        }

        fn zero_hessian(&self) -> Vec<Vec<T>> {
            vec![self.zeros(); self.variables()]
        }

        #[inline]
        fn entry(hessian: &mut Vec<Vec<T>>, i: usize, j: usize) -> &mut T {
            &mut hessian[i][j]
        }
    };
}
pub(crate) use shapes;

/// The default width of chunks.
pub(crate) const WIDTH: usize = 8;
/// The default side of the blocks of a Hessian. Blocks of 4×4 keep the numbers small and compute few entries in vain; with
/// blocks of 8×8 the Hessian of Rosenbrock 10 takes six times as long.
pub(crate) const SIDE: usize = 4;

impl<T: Real, const N: usize> Point for [T; N] {
    type T = T;
    type Arg<'a, D: Real> = [D; N];
    type Direction = Self;
    type Gradient = Self;
    type Hessian = [Self; N];
    shapes!(one pass of N);

    #[inline]
    fn variables(&self) -> usize {
        N
    }

    #[inline]
    fn zeros(&self) -> Self {
        [T::zero(); N]
    }

    #[inline]
    fn entries(gradient: &mut Self) -> &mut [T] {
        gradient
    }

    #[inline]
    fn zero_hessian(&self) -> [Self; N] {
        [self.zeros(); N]
    }

    #[inline]
    fn entry(hessian: &mut [Self; N], i: usize, j: usize) -> &mut T {
        &mut hessian[i][j]
    }

    #[inline]
    fn components(v: &Self) -> &[T] {
        v
    }
}

impl<T: Real, D: Real, const N: usize> Seeded<D> for [T; N] {
    #[inline]
    fn seeded<R>(&self, mut seed: impl FnMut(&mut D, usize, T), f: impl FnOnce([D; N]) -> R) -> R {
        let mut x = [D::zero(); N];
        for (i, (number, &x)) in x.iter_mut().zip(self).enumerate() {
            seed(number, i, x);
        }
        f(x)
    }
}

/// A slice that is differentiated in chunks of `W` variables.
///
/// Wider chunks mean fewer passes and larger numbers. A width of 8 is good for most functions.
///
/// ```
/// use nilpotent::{gradient, Chunk};
///
/// let x = [1.0, 2.0, 3.0, 4.0, 5.0];
/// let (y, dy) = gradient(|x| x.iter().map(|x| x * x).sum(), Chunk::<2>(&x));
/// assert_eq!(y, 55.0);
/// assert_eq!(dy, [2.0, 4.0, 6.0, 8.0, 10.0]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'x, const W: usize, T = f64>(pub &'x [T]);

impl<T: Real, const W: usize> Point for Chunk<'_, W, T> {
    type T = T;
    type Arg<'a, D: Real> = &'a [D];
    type Direction = Self;
    shapes!(chunks of W, blocks of W);
    shapes!(Vec);

    #[inline]
    fn variables(&self) -> usize {
        self.0.len()
    }

    #[inline]
    fn components(v: &Self) -> &[T] {
        v.0
    }
}

impl<T: Real, D: Real, const W: usize> Seeded<D> for Chunk<'_, W, T> {
    fn seeded<R>(&self, mut seed: impl FnMut(&mut D, usize, T), f: impl FnOnce(&[D]) -> R) -> R {
        let x: Vec<D> = self.0.iter().enumerate().map(|(i, &x)| written(|number| seed(number, i, x))).collect();
        f(&x)
    }

    fn seeded_each<S: Copy, E>(
        &self,
        chunks: impl Iterator<Item = S>,
        seeded: impl Fn(S) -> Range<usize>,
        seed: impl Fn(S, &mut D, usize, T),
        pass: impl FnMut(S, &[D]) -> Result<(), E>,
    ) -> Result<(), E> {
        each_chunk(self.0, Vec::new(), chunks, seeded, seed, pass).1
    }
}

/// [`Seeded::seeded_each`] of a slice with one buffer for all passes. Before each pass only what was seeded for the pass
/// before, or is seeded now, is written. Returns the buffer as well.
#[inline]
pub(crate) fn each_chunk<T: Real, D: Real, S: Copy, E>(
    coordinates: &[T],
    mut x: Vec<D>,
    mut chunks: impl Iterator<Item = S>,
    seeded: impl Fn(S) -> Range<usize>,
    seed: impl Fn(S, &mut D, usize, T),
    mut pass: impl FnMut(S, &[D]) -> Result<(), E>,
) -> (Vec<D>, Result<(), E>) {
    let (n, mut before) = (coordinates.len(), 0..0);
    x.clear();
    let result = chunks.try_for_each(|chunk| {
        let now = seeded(chunk);
        if x.len() < n {
            x.extend((0..n).map(|i| written(|number| seed(chunk, number, i, coordinates[i]))));
        } else {
            let stale = if before == now { 0..0 } else { before.clone() };
            for i in stale.chain(now.clone()).filter(|&i| i < n) {
                let number = &mut x[i];
                *number = D::zero();
                seed(chunk, number, i, coordinates[i]);
            }
        }
        before = now;
        pass(chunk, &x)
    });
    (x, result)
}

/// Implements [`Point`] for slices, with chunks of 8 variables and Hessians in blocks of 4×4.
macro_rules! slices {
    ($($Slice:ty),*) => { $(
        impl<T: Real> Point for $Slice {
            type T = T;
            type Arg<'a, D: Real> = &'a [D];
            type Direction = Self;
            shapes!(chunks of WIDTH, blocks of SIDE);
            shapes!(Vec);

            #[inline]
            fn variables(&self) -> usize {
                self.len()
            }

            #[inline]
            fn components(v: &Self) -> &[T] {
                v
            }
        }

        impl<T: Real, D: Real> Seeded<D> for $Slice {
            fn seeded<R>(&self, seed: impl FnMut(&mut D, usize, T), f: impl FnOnce(&[D]) -> R) -> R {
                Chunk::<WIDTH, T>(self).seeded(seed, f)
            }

            fn seeded_each<S: Copy, E>(
                &self,
                chunks: impl Iterator<Item = S>,
                seeded: impl Fn(S) -> Range<usize>,
                seed: impl Fn(S, &mut D, usize, T),
                pass: impl FnMut(S, &[D]) -> Result<(), E>,
            ) -> Result<(), E> {
                Chunk::<WIDTH, T>(self).seeded_each(chunks, seeded, seed, pass)
            }
        }
    )* };
}
slices!(&[T], &Vec<T>);
