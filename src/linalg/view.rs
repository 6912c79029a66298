//! Points that are views of nalgebra's vectors, and vectors with memory that is used again.

use super::number::Number;
use super::place::Place;
use crate::forward::buffers::{Buffered, Buffers};
use crate::forward::point::{Point, Seeded, written};
use crate::real::Real;
use core::ops::Range;
use nalgebra::{Const, DVectorView, Dim, Dyn, IsContiguous, Matrix, OVector, RawStorage, U1, ViewStorage};

/// Implements [`Point`] for views whose entries stand side by side. The function gets a vector.
macro_rules! views {
    ($([$($params:tt)*] $Dim:ty;)*) => { $(
        impl<'x, T: Number, Stride: Dim, $($params)*> Point for Matrix<T, $Dim, U1, ViewStorage<'x, T, $Dim, U1, U1, Stride>> {
            type Arg<'a, D: Real> = OVector<D, $Dim>;
            type Direction = Self;
            crate::__carried!(for other directions, T, $Dim);

            #[inline]
            fn variables(&self) -> usize {
                self.len()
            }

            #[inline]
            fn components(v: &Self) -> &[T] {
                v.as_slice()
            }
        }

        impl<T: Number, D: Real, Stride: Dim, $($params)*> Seeded<D>
            for Matrix<T, $Dim, U1, ViewStorage<'_, T, $Dim, U1, U1, Stride>>
        {
            #[inline]
            fn seeded<R>(&self, mut seed: impl FnMut(&mut D, usize, T), f: impl FnOnce(OVector<D, $Dim>) -> R) -> R {
                let entry = |i, _| written(|number| seed(number, i, self[i]));
                f(OVector::<D, $Dim>::from_fn_generic(self.shape_generic().0, Const, entry))
            }
        }

        impl<T: Number, Stride: Dim, $($params)*> Place for Matrix<T, $Dim, U1, ViewStorage<'_, T, $Dim, U1, U1, Stride>> {
            type Dim = $Dim;
        }
    )* };
}

views! {
    [] Dyn;
    [const N: usize] Const<N>;
}

impl<D: Real> Buffers<D> {
    /// Returns a vector or a view of nalgebra as a point, whose coordinates will be held in these buffers. The function gets
    /// them as a view, `DVectorView<D>`.
    ///
    /// ```
    /// use nalgebra::{DMatrix, DVector, dmatrix, dvector};
    /// use nilpotent::{Buffers, reverse};
    ///
    /// let buffers = Buffers::default();
    /// let (x, mut dy) = (dmatrix![3.0, 1.0; 4.0, 1.0], DVector::zeros(2));
    /// let y = reverse::gradient_into(|x| x.dot(&x) * 0.5, buffers.vector(&x.column(0)), &mut dy);
    /// assert_eq!((y, dy), (12.5, dvector![3.0, 4.0]));
    /// ```
    pub fn vector<'b, T: Number, R: Dim, S>(&'b self, x: &'b Matrix<T, R, U1, S>) -> BufferedVector<'b, T, D>
    where
        S: RawStorage<T, R> + IsContiguous,
    {
        BufferedVector(self.point(x.as_slice()))
    }
}

/// A vector of nalgebra as a point, with the memory for its coordinates: made by [`Buffers::vector`].
#[derive(Clone, Copy, Debug)]
pub struct BufferedVector<'b, T, D>(Buffered<'b, T, D>);

impl<'b, T: Number, N: Real> Point for BufferedVector<'b, T, N> {
    type Arg<'a, D: Real> = DVectorView<'a, D>;
    type Direction = DVectorView<'b, T>;
    crate::__carried!(for other directions, T, Dyn);

    fn variables(&self) -> usize {
        self.0.variables()
    }

    #[inline]
    fn components<'v>(v: &'v DVectorView<'b, T>) -> &'v [T] {
        v.as_slice()
    }
}

impl<T: Number, D: Real> Seeded<D> for BufferedVector<'_, T, D> {
    fn seeded<R>(&self, seed: impl FnMut(&mut D, usize, T), f: impl FnOnce(DVectorView<'_, D>) -> R) -> R {
        self.0.seeded(seed, |x| f(DVectorView::from_slice(x, x.len())))
    }

    fn seeded_each<S: Copy, E>(
        &self,
        chunks: impl Iterator<Item = S>,
        seeded: impl Fn(S) -> Range<usize>,
        seed: impl Fn(S, &mut D, usize, T),
        mut pass: impl FnMut(S, DVectorView<'_, D>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.0.seeded_each(chunks, seeded, seed, |chunk, x| pass(chunk, DVectorView::from_slice(x, x.len())))
    }
}

impl<T: Number, D: Real> Place for BufferedVector<'_, T, D> {
    type Dim = Dyn;
}
