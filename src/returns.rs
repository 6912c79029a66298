//! What a function handed to a driver may return: one number or several, and perhaps a failure instead.

use alloc::vec::Vec;

/// The whole of what a function returns: plain numbers, or `Option` or `Result` of them.
///
/// A driver wraps its result in the same way: `Result<Dual, E>` gives `Result<(value, derivative), E>`.
#[diagnostic::on_unimplemented(
    message = "a differentiated function cannot return `{Self}`",
    note = "it returns a number such as `Dual`, an array or `Vec` of numbers, or `Option` or `Result` of these; a constant enters as `Dual::constant(c)`"
)]
pub trait Outcome {
    /// What is returned if all goes well.
    type Value;
    /// What is returned otherwise.
    type Failure;
    /// The same with another value.
    type Of<U>;

    /// Value or failure.
    fn into_result(self) -> Result<Self::Value, Self::Failure>;

    /// The way back, for a value of any type.
    fn from_result<U>(result: Result<U, Self::Failure>) -> Self::Of<U>;
}

/// Outcomes that cannot fail.
macro_rules! plain {
    ([$($params:tt)*] $Value:ty) => {
        impl<$($params)*> $crate::returns::Outcome for $Value {
            type Value = Self;
            type Failure = core::convert::Infallible;
            type Of<U> = U;

            #[inline]
            fn into_result(self) -> Result<Self, core::convert::Infallible> {
                Ok(self)
            }

            #[inline]
            fn from_result<U>(result: Result<U, core::convert::Infallible>) -> U {
                match result {
                    Ok(value) => value,
                }
            }
        }
    };
}
pub(crate) use plain;

plain!([D, const M: usize] [D; M]);
plain!([D] Vec<D>);
#[cfg(feature = "nalgebra")]
plain!([D, R, C, S] nalgebra::Matrix<D, R, C, S>);

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

/// One number `D`, an array or a `Vec` of them; `Of<U>` is the same shape of `U`.
pub trait Output<D> {
    /// The same shape of other things.
    type Of<U>;

    /// The image of every number.
    fn map<U>(&self, f: impl FnMut(&D) -> U) -> Self::Of<U>;

    /// How many numbers there are here and there.
    #[doc(hidden)]
    fn lengths<U>(&self, of: &Self::Of<U>) -> [usize; 2];

    /// Changes every `U` with the number in its place.
    ///
    /// # Panics
    /// If the lengths differ.
    fn update<U>(&self, of: &mut Self::Of<U>, f: impl FnMut(&mut U, &D));
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

impl<D, const M: usize> Output<D> for [D; M] {
    type Of<U> = [U; M];

    #[inline]
    fn map<U>(&self, mut f: impl FnMut(&D) -> U) -> [U; M] {
        core::array::from_fn(|i| f(&self[i]))
    }

    #[inline]
    fn lengths<U>(&self, _: &[U; M]) -> [usize; 2] {
        [M; 2]
    }

    #[inline]
    fn update<U>(&self, of: &mut [U; M], mut f: impl FnMut(&mut U, &D)) {
        of.iter_mut().zip(self).for_each(|(u, d)| f(u, d));
    }
}

impl<D> Output<D> for Vec<D> {
    type Of<U> = Vec<U>;

    #[inline]
    fn map<U>(&self, f: impl FnMut(&D) -> U) -> Vec<U> {
        self.iter().map(f).collect()
    }

    #[inline]
    fn lengths<U>(&self, of: &Vec<U>) -> [usize; 2] {
        [self.len(), of.len()]
    }

    #[inline]
    fn update<U>(&self, of: &mut Vec<U>, mut f: impl FnMut(&mut U, &D)) {
        let [later, first] = self.lengths(of);
        assert_eq!(first, later, "the function returned {first} values at first and {later} later");
        of.iter_mut().zip(self).for_each(|(u, d)| f(u, d));
    }
}
