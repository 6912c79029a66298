//! Printing and parsing. A number prints as `value + [derivatives]unit`. Precision and flags apply to every part.

use core::fmt::{Formatter, Result};

/// The function that prints one part.
pub(crate) type One<T> = fn(&T, &mut Formatter<'_>) -> Result;

/// Prints `[a, b, …]`.
pub(crate) fn list<T>(f: &mut Formatter<'_>, parts: &[T], one: One<T>) -> Result {
    commas(f, parts.iter(), one)
}

/// Prints `[[a, b, …], …]`.
pub(crate) fn grid<T, const N: usize>(f: &mut Formatter<'_>, rows: &[[T; N]], one: One<T>) -> Result {
    commas(f, rows.iter(), |row, f| list(f, row, one))
}

/// Prints the items with commas between them, in brackets.
pub(crate) fn commas<X>(
    f: &mut Formatter<'_>,
    items: impl Iterator<Item = X>,
    one: impl Fn(X, &mut Formatter<'_>) -> Result,
) -> Result {
    f.write_str("[")?;
    for (i, item) in items.enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        one(item, f)?;
    }
    f.write_str("]")
}

macro_rules! fmt {
    ($Number:ty, [$($params:tt)*], $($print:ident $field:ident $unit:literal),*) => {
        $crate::traits::fmt::print!($Number, [$($params)*], Display, [$($print $field $unit),*]);
        $crate::traits::fmt::print!($Number, [$($params)*], LowerExp, [$($print $field $unit),*]);
        $crate::traits::fmt::print!($Number, [$($params)*], UpperExp, [$($print $field $unit),*]);

        /// Parses the value, as its type does. The derivatives are 0.
        impl<T: $crate::Real + core::str::FromStr, $($params)*> core::str::FromStr for $Number {
            type Err = T::Err;

            fn from_str(s: &str) -> Result<Self, T::Err> {
                s.parse().map(Self::constant)
            }
        }
    };
}
pub(crate) use fmt;

macro_rules! print {
    ($Number:ty, [$($params:tt)*], $Trait:ident, [$($print:ident $field:ident $unit:literal),*]) => {
        impl<T: core::fmt::$Trait, $($params)*> core::fmt::$Trait for $Number {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::$Trait::fmt(&self.re, f)?;
                $(
                    f.write_str(" + ")?;
                    $print(f, &self.$field, core::fmt::$Trait::fmt)?;
                    f.write_str($unit)?;
                )*
                Ok(())
            }
        }
    };
}
pub(crate) use print;
