//! [`Wider`]: floats in which derivatives of narrower floats are added up.

use crate::real::Real;

/// A float that holds every value of the float `T`: `T` itself, `f64` for `f32`, and with the feature `half` also `f32` and `f64`
/// for `f16` and `bf16`.
///
/// It is the type of the adjoints in [`wide_gradient`](crate::reverse::wide_gradient), where the values are of the type `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a float that holds every value of `{T}`",
    note = "`f64` is one for `f32`; with the feature `half`, `f32` and `f64` are for `half::f16` and `half::bf16`; each float is one for itself"
)]
pub trait Wider<T>: Real<Float = Self> + From<T> {
    /// The nearest value of the type `T`.
    fn rounded(self) -> T;
}

/// Implements [`Wider`] for pairs of a float and a narrower one, each with the formula for rounding.
macro_rules! wider {
    ($($A:ty, $T:ty: |$x:ident| $rounded:expr;)*) => { $(
        impl $crate::wider::Wider<$T> for $A {
            #[inline]
            fn rounded(self) -> $T {
                let $x = self;
                $rounded
            }
        }
    )* };
}
#[cfg(feature = "half")]
pub(crate) use wider;

wider! {
    f64, f64: |x| x;
    f32, f32: |x| x;
    f64, f32: |x| x as f32;
}
