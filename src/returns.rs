//! What a closure that is passed to a driver may return: numbers in any shape, or an `Option` or `Result` of them.

use alloc::vec::Vec;
use core::convert::Infallible;

/// The return type of a closure for a driver `try_…`: `Option` or `Result`. The driver returns its result in the same
/// type.
#[diagnostic::on_unimplemented(
    message = "the closure of a driver `try_…` cannot return `{Self}`",
    note = "it returns `Option` or `Result`; if it cannot fail, take the driver without `try_`"
)]
pub trait Outcome {
    /// What is returned on success.
    type Value;
    /// What is returned on failure.
    type Failure;
    /// The same type with another value.
    type Of<U>;

    /// Converts into a `Result`.
    fn into_result(self) -> Result<Self::Value, Self::Failure>;

    /// Converts back from a `Result` whose value may have another type.
    fn from_result<U>(result: Result<U, Self::Failure>) -> Self::Of<U>;
}

/// The value of a result that cannot be an error.
#[inline(always)]
pub(crate) fn infallible<U>(result: Result<U, Infallible>) -> U {
    match result {
        Ok(value) => value,
    }
}

impl<V> Outcome for Option<V> {
    type Value = V;
    type Failure = ();
    type Of<U> = Option<U>;

    #[inline]
    fn into_result(self) -> Result<V, ()> {
        self.ok_or(())
    }

    #[inline]
    fn from_result<U>(result: Result<U, ()>) -> Option<U> {
        result.ok()
    }
}

impl<V, E> Outcome for Result<V, E> {
    type Value = V;
    type Failure = E;
    type Of<U> = Result<U, E>;

    #[inline]
    fn into_result(self) -> Self {
        self
    }

    #[inline]
    fn from_result<U>(result: Result<U, E>) -> Result<U, E> {
        result
    }
}

/// The return type of a differentiated function: a number `D`, or an array, `Vec`, tuple, `Complex` or matrix (`SMatrix`,
/// `DMatrix`, `DVector`) of outputs, to any depth.
/// `Of<U>` has the same shape, with a `U` in the place of each number.
#[diagnostic::on_unimplemented(
    message = "a differentiated function cannot return `{Self}`",
    note = "it returns a number such as `Dual`, or arrays, `Vec`s, tuples or nalgebra's matrices of numbers; a constant enters as `Dual::constant(c)`, and `Option` and `Result` are for the drivers `try_…`"
)]
pub trait Output<D> {
    /// The same shape with a `U` in the place of each number.
    type Of<U>;

    /// Applies `f` to each number, and returns the results in the same shape.
    fn map<U>(&self, f: impl FnMut(&D) -> U) -> Self::Of<U>;

    /// How many numbers `self` has, and how many entries `of` has. An output that only one of them has counts as one.
    #[doc(hidden)]
    fn lengths<U>(&self, of: &Self::Of<U>) -> [usize; 2];

    /// Calls `f` with each entry of `of` and the number in the same place.
    ///
    /// # Panics
    /// If the lengths differ.
    fn update<U>(&self, of: &mut Self::Of<U>, f: impl FnMut(&mut U, &D));
}

/// Checks that there is one weight for each output.
pub(crate) fn one_weight_each<D, U, Y: Output<D>>(y: &Y, weights: &Y::Of<U>) {
    let [outputs, weights] = y.lengths(weights);
    check_weights(weights, outputs);
}

/// The same for weights and outputs that have been counted.
#[cfg_attr(not(feature = "std"), allow(dead_code))]
#[track_caller]
pub(crate) fn check_weights(weights: usize, outputs: usize) {
    assert_eq!(outputs, weights, "{weights} weights for {outputs} outputs of the function");
}

macro_rules! single {
    ([$($params:tt)*] $Number:ty) => {
        impl<$($params)*> $crate::returns::Output<Self> for $Number {
            type Of<U> = U;

            #[inline]
            fn map<U>(&self, mut f: impl FnMut(&Self) -> U) -> U {
                f(self)
            }

            #[inline]
            fn lengths<U>(&self, _: &U) -> [usize; 2] {
                [1; 2]
            }

            #[inline]
            fn update<U>(&self, of: &mut U, mut f: impl FnMut(&mut U, &Self)) {
                f(of, self);
            }
        }
    };
}
pub(crate) use single;

single!([] f64);
single!([] f32);

impl<D, Y: Output<D>, const M: usize> Output<D> for [Y; M] {
    type Of<U> = [Y::Of<U>; M];

    #[inline]
    fn map<U>(&self, mut f: impl FnMut(&D) -> U) -> [Y::Of<U>; M] {
        core::array::from_fn(|i| self[i].map(&mut f))
    }

    #[inline]
    fn lengths<U>(&self, of: &[Y::Of<U>; M]) -> [usize; 2] {
        self.iter().zip(of).fold([0; 2], |sum, (y, of)| add(sum, y.lengths(of)))
    }

    #[inline]
    fn update<U>(&self, of: &mut [Y::Of<U>; M], mut f: impl FnMut(&mut U, &D)) {
        of.iter_mut().zip(self).for_each(|(of, y)| y.update(of, &mut f));
    }
}

impl<D, Y: Output<D>> Output<D> for Vec<Y> {
    type Of<U> = Vec<Y::Of<U>>;

    #[inline]
    fn map<U>(&self, mut f: impl FnMut(&D) -> U) -> Vec<Y::Of<U>> {
        self.iter().map(|y| y.map(&mut f)).collect()
    }

    #[inline]
    fn lengths<U>(&self, of: &Vec<Y::Of<U>>) -> [usize; 2] {
        let inside = self.iter().zip(of).fold([0; 2], |sum, (y, of)| add(sum, y.lengths(of)));
        // Outputs that only one of the two has.
        let both = self.len().min(of.len());
        add(inside, [self.len() - both, of.len() - both])
    }

    #[inline]
    fn update<U>(&self, of: &mut Vec<Y::Of<U>>, mut f: impl FnMut(&mut U, &D)) {
        let (first, later) = (of.len(), self.len());
        assert_eq!(first, later, "the function returned {first} values at first and {later} later");
        of.iter_mut().zip(self).for_each(|(of, y)| y.update(of, &mut f));
    }
}

/// Calls `f` with each number of an output and its place in the order of all, and returns how many there are.
#[inline]
pub(crate) fn each<D, Y: Output<D>>(y: &Y, mut f: impl FnMut(usize, &D)) -> usize {
    let mut line = 0;
    // The result consists of units, so a `Vec` of them takes no memory.
    y.map(|y| {
        f(line, y);
        line += 1;
    });
    line
}

fn add(a: [usize; 2], b: [usize; 2]) -> [usize; 2] {
    [a[0] + b[0], a[1] + b[1]]
}

macro_rules! tuple {
    ($($Y:ident $i:tt),*) => {
        impl<D, $($Y: Output<D>),*> Output<D> for ($($Y,)*) {
            type Of<U> = ($($Y::Of<U>,)*);

            #[inline]
            fn map<U>(&self, mut f: impl FnMut(&D) -> U) -> Self::Of<U> {
                ($(self.$i.map(&mut f),)*)
            }

            #[inline]
            fn lengths<U>(&self, of: &Self::Of<U>) -> [usize; 2] {
                [$(self.$i.lengths(&of.$i)),*].into_iter().fold([0; 2], add)
            }

            #[inline]
            fn update<U>(&self, of: &mut Self::Of<U>, mut f: impl FnMut(&mut U, &D)) {
                $(self.$i.update(&mut of.$i, &mut f);)*
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, E 3);

#[cfg(feature = "nalgebra")]
impl<D, Y: Output<D>> Output<D> for nalgebra::Complex<Y> {
    type Of<U> = nalgebra::Complex<Y::Of<U>>;

    #[inline]
    fn map<U>(&self, mut f: impl FnMut(&D) -> U) -> Self::Of<U> {
        nalgebra::Complex { re: self.re.map(&mut f), im: self.im.map(&mut f) }
    }

    #[inline]
    fn lengths<U>(&self, of: &Self::Of<U>) -> [usize; 2] {
        add(self.re.lengths(&of.re), self.im.lengths(&of.im))
    }

    #[inline]
    fn update<U>(&self, of: &mut Self::Of<U>, mut f: impl FnMut(&mut U, &D)) {
        self.re.update(&mut of.re, &mut f);
        self.im.update(&mut of.im, &mut f);
    }
}

#[cfg(feature = "nalgebra")]
impl<D, Y: Output<D>, const R: usize, const C: usize> Output<D> for nalgebra::SMatrix<Y, R, C> {
    type Of<U> = nalgebra::SMatrix<Y::Of<U>, R, C>;

    #[inline]
    fn map<U>(&self, f: impl FnMut(&D) -> U) -> Self::Of<U> {
        nalgebra::SMatrix::from_array_storage(nalgebra::ArrayStorage(Output::map(&self.data.0, f)))
    }

    #[inline]
    fn lengths<U>(&self, of: &Self::Of<U>) -> [usize; 2] {
        self.data.0.lengths(&of.data.0)
    }

    #[inline]
    fn update<U>(&self, of: &mut Self::Of<U>, f: impl FnMut(&mut U, &D)) {
        self.data.0.update(&mut of.data.0, f);
    }
}

/// Matrices and vectors of dynamic size.
#[cfg(feature = "nalgebra")]
macro_rules! dynamic {
    ($($Matrix:ident)*) => { $(
        impl<D, Y: Output<D>> Output<D> for nalgebra::$Matrix<Y> {
            type Of<U> = nalgebra::$Matrix<Y::Of<U>>;

            fn map<U>(&self, mut f: impl FnMut(&D) -> U) -> Self::Of<U> {
                use nalgebra::RawStorage as _;

                let (rows, columns) = self.data.shape();
                let entries = self.as_slice().iter().map(|y| y.map(&mut f)).collect();
                nalgebra::$Matrix::from_vec_storage(nalgebra::VecStorage::new(rows, columns, entries))
            }

            fn lengths<U>(&self, of: &Self::Of<U>) -> [usize; 2] {
                let (own, others) = (self.as_slice(), of.as_slice());
                let inside = own.iter().zip(others).fold([0; 2], |sum, (y, of)| add(sum, y.lengths(of)));
                let both = own.len().min(others.len());
                add(inside, [own.len() - both, others.len() - both])
            }

            fn update<U>(&self, of: &mut Self::Of<U>, mut f: impl FnMut(&mut U, &D)) {
                let (first, later) = (of.shape(), self.shape());
                assert_eq!(first, later, "the function returned a matrix of {first:?} at first and of {later:?} later");
                of.as_mut_slice().iter_mut().zip(self.as_slice()).for_each(|(of, y)| y.update(of, &mut f));
            }
        }
    )* };
}
#[cfg(feature = "nalgebra")]
dynamic!(DMatrix DVector);
