//! The methods of `Real` that are rows of the list of special functions, and their values at floats.

/// Declares the methods of `Real` that are rows of one argument.
macro_rules! declare {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        #[doc = $doc]
        #[must_use]
        fn $name(self) -> Self;
    )* };
}
pub(crate) use declare;

/// Declares the methods of `Real` that are rows of two arguments.
macro_rules! declare2 {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        #[doc = $doc]
        #[must_use]
        fn $name(self, other: Self) -> Self;
    )* };
}
pub(crate) use declare2;

/// Declares the methods of `Real` that are rows of one argument and an integer.
macro_rules! declare_integer {
    (() $($name:ident $doc:literal,)*) => { $(
        #[doc = $doc]
        #[must_use]
        fn $name(self, n: u32) -> Self;
    )* };
}
pub(crate) use declare_integer;

/// The values of rows at f64.
macro_rules! values64 {
    (() $($name:ident $doc:literal $(($libm:ident, $_libmf:ident))?,)*) => { $( $crate::special::signatures::value!(f64, $name $(, $libm)?); )* };
}
pub(crate) use values64;

/// The values of rows at f32.
macro_rules! values32 {
    (() $($name:ident $doc:literal $(($_libm:ident, $libmf:ident))?,)*) => { $( $crate::special::signatures::value!(f32, $name $(, $libmf)?); )* };
}
pub(crate) use values32;

/// The value of a row at a float, from `libm` or from the function of the same name in `special.rs`, which takes f64.
macro_rules! value {
    ($T:ident, $name:ident, $libm:ident) => {
        #[inline]
        fn $name(self) -> Self {
            libm::$libm(self)
        }
    };
    ($T:ident, $name:ident) => {
        #[inline]
        fn $name(self) -> Self {
            $crate::special::$name(f64::from(self)) as Self
        }
    };
}
pub(crate) use value;

/// The values of rows of two arguments at a float.
macro_rules! values2 {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        #[inline]
        fn $name(self, other: Self) -> Self {
            $crate::special::$name(f64::from(self), f64::from(other)) as Self
        }
    )* };
}
pub(crate) use values2;

/// The values of rows of one argument and an integer at a float.
macro_rules! values_integer {
    (() $($name:ident $doc:literal,)*) => { $(
        #[inline]
        fn $name(self, n: u32) -> Self {
            $crate::special::$name(f64::from(self), n) as Self
        }
    )* };
}
pub(crate) use values_integer;
