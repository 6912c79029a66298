//! Printing and parsing. A number prints as `value + [derivatives]unit`; precision and flags reach every part.

use core::fmt::{Formatter, Result};

/// ` + [a, b, …]unit`, each part by `one`.
pub(crate) fn part<T>(
    f: &mut Formatter<'_>,
    parts: &[T],
    unit: &str,
    one: fn(&T, &mut Formatter<'_>) -> Result,
) -> Result {
    f.write_str(" + [")?;
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        one(part, f)?;
    }
    write!(f, "]{unit}")
}

macro_rules! fmt {
    ($Number:ty, [$($params:tt)*], $($field:ident $unit:literal),*) => {
        $crate::traits::fmt::print!($Number, [$($params)*], Display, [$($field $unit),*]);
        $crate::traits::fmt::print!($Number, [$($params)*], LowerExp, [$($field $unit),*]);
        $crate::traits::fmt::print!($Number, [$($params)*], UpperExp, [$($field $unit),*]);

        /// Reads the value, as its type does; the derivatives are 0.
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
    ($Number:ty, [$($params:tt)*], $Trait:ident, [$($field:ident $unit:literal),*]) => {
        impl<T: core::fmt::$Trait, $($params)*> core::fmt::$Trait for $Number {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::$Trait::fmt(&self.re, f)?;
                $( $crate::traits::fmt::part(f, self.$field.as_slice(), $unit, core::fmt::$Trait::fmt)?; )*
                Ok(())
            }
        }
    };
}
pub(crate) use print;
