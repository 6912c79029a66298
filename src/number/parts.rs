//! The parts of a number: its value and its derivatives, down to the floats. So a function that does not replay can be
//! called with the same number over other floats.

use super::dual::Dual;
use super::dual2::Dual2;
use super::hyper::HyperDual;
use super::taylor::Taylor;
use super::traced::Traced;
use crate::graph::body::{Callee, Function, Live};
use crate::real::Real;
use crate::returns::Output;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::array::from_fn;
use core::panic::Location;

/// A number for [`opaque`](crate::program::opaque): a float, a [`Traced`], or a number of forward mode over one of them.
///
/// Code that is to run with recorded numbers and with floats takes `T: Opaque<Live = f64>`, which `f64` and `Traced` are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be passed to a function that does not replay",
    note = "floats, `Traced`, and numbers of forward mode over them can; variables of reverse mode cannot"
)]
pub trait Opaque: Real {
    /// The same number over plain floats: `Dual<f64, 3>` for `Dual<Traced, 3>`, and `Dual<f64, 3>` for itself.
    type Live: Opaque<Live = Self::Live> + Output<Self::Live, Of<Self> = Self>;

    /// Calls `part` with each part, the value first.
    #[doc(hidden)]
    fn take_apart(&self, part: &mut impl FnMut(Self::Float));

    /// The number with these parts.
    #[doc(hidden)]
    fn put_together(part: &mut impl FnMut() -> Self::Float) -> Self;

    /// The plain float that a part is.
    #[doc(hidden)]
    fn plain(part: Self::Float) -> Plain<Self>;

    /// The parts of the results of a function of the parts `x`, which have these values.
    #[doc(hidden)]
    fn results(
        x: &[Self::Float],
        values: Vec<Plain<Self>>,
        function: Box<Function<Plain<Self>>>,
        place: &'static Location<'static>,
    ) -> Vec<Self::Float>;
}

/// The float of a number over plain floats.
type Plain<D> = <<D as Opaque>::Live as Real>::Float;

macro_rules! float {
    ($($T:ty)*) => { $(
        impl Opaque for $T {
            type Live = Self;

            #[inline]
            fn take_apart(&self, part: &mut impl FnMut(Self)) {
                part(*self);
            }

            #[inline]
            fn put_together(part: &mut impl FnMut() -> Self) -> Self {
                part()
            }

            #[inline]
            fn plain(part: Self) -> Self {
                part
            }

            #[inline]
            fn results(_: &[Self], values: Vec<Self>, _: Box<Function<Self>>, _: &'static Location<'static>) -> Vec<Self> {
                values
            }
        }
    )* };
}
float!(f32 f64);

impl<T: Opaque<Live = T> + Real<Float = T> + Output<T, Of<Self> = Self>> Opaque for Traced<T> {
    type Live = T;

    fn take_apart(&self, part: &mut impl FnMut(Self)) {
        part(*self);
    }

    fn put_together(part: &mut impl FnMut() -> Self) -> Self {
        part()
    }

    fn plain(part: Self) -> T {
        part.value()
    }

    fn results(x: &[Self], values: Vec<T>, function: Box<Function<T>>, place: &'static Location<'static>) -> Vec<Self> {
        let callee = Callee::Live(Arc::new(Live::new(function, values.len(), place)));
        let numbers: Vec<(u32, T)> = (0..).zip(values).collect();
        Self::call(callee, x, &numbers)
    }
}

/// The parts of numbers: the fields of each in an expression, and the number made of `part()`s in another one, in the same
/// order.
macro_rules! parts {
    ($($Number:ident [$($N:ident),*] |$x:ident| $parts:expr, |$part:ident| $made:expr;)*) => { $(
        impl<T: Opaque, $(const $N: usize),*> Opaque for $Number<T, $($N),*> {
            type Live = $Number<T::Live, $($N),*>;

            #[inline]
            fn take_apart(&self, part: &mut impl FnMut(T::Float)) {
                let $x = self;
                $x.re.take_apart(part);
                for x in $parts {
                    x.take_apart(part);
                }
            }

            #[inline]
            fn put_together(part: &mut impl FnMut() -> T::Float) -> Self {
                let mut $part = || T::put_together(part);
                let re = $part();
                let mut number = $made;
                number.re = re;
                number
            }

            #[inline]
            fn plain(part: T::Float) -> Plain<T> {
                T::plain(part)
            }

            #[inline]
            fn results(
                x: &[T::Float],
                values: Vec<Plain<T>>,
                function: Box<Function<Plain<T>>>,
                place: &'static Location<'static>,
            ) -> Vec<T::Float> {
                T::results(x, values, function, place)
            }
        }
    )* };
}
parts! {
    Dual [N] |x| &x.eps, |part| Self::new(T::zero(), from_fn(|_| part()));
    Taylor [K] |x| &x.coeffs, |part| Self::new(T::zero(), from_fn(|_| part()));
    HyperDual [M, N] |x| x.eps1.iter().chain(&x.eps2).chain(x.eps1eps2.as_flattened()),
        |part| Self::new(T::zero(), from_fn(|_| part()), from_fn(|_| part()), from_fn(|_| from_fn(|_| part())));
    Dual2 [N] |x| x.grad.iter().chain(x.hess.lower()), |part| {
        let grad = from_fn(|_| part());
        let mut rows = [[T::absent(); N]; N];
        rows.iter_mut().enumerate().for_each(|(i, row)| row[..=i].iter_mut().for_each(|x| *x = part()));
        Self::new(T::zero(), grad, rows)
    };
}
