//! The operations of a program, with their names, and what they compute at plain floats.

use crate::real::Real;
use crate::rules::rows;
use num_traits::Float;

/// Hands the rows of one argument in `Float` over to `own`.
macro_rules! float {
    (() $($f:ident $doc:literal $(($($libm:tt)*))?,)*) => { rows!(special, [own], $($f)*); };
}

/// Hands them and the crate's own rows of one argument over to `all`.
macro_rules! own {
    (($($f:ident)*) $($s:ident $doc:literal $(($($libm:tt)*))?,)*) => { rows!(special2, [two], ($($f)*) ($($s)*)); };
}

/// Hands them and those of two arguments over to `all`.
macro_rules! two {
    (($($before:tt)*) $($t:ident $doc:literal $(($($libm:tt)*))?,)*) => { rows!(integer, [all], $($before)* ($($t)*)); };
}

macro_rules! all {
    ((($($f:ident)*) ($($s:ident)*) ($($t:ident)*)) $($i:ident $doc:literal,)*) => {
        /// An operation. The variants are named as the methods are.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Op {
            /// A constant, whose bits as f64 are in the first two operands.
            constant,
            /// A result of a call. The first two operands are the number of the call and that of the result.
            call,
            add, sub, mul, div, rem, neg, mul_add,
            /// The third operand is the integer.
            powi,
            powf, hypot, atan2, log, copysign, min, max, abs_sub, rem_euclid, div_euclid,
            /// 1 where the first operand is less than the second, else 0.
            less,
            /// The second operand where the first one is not 0, else the third.
            select,
            /// The power of two next to the inverse.
            below_inverse,
            $($f,)* $($s,)* $($t,)*
            // The third operand is the integer.
            $($i,)*
        }

        impl Op {
            /// How many of the operands are nodes.
            pub(crate) fn arity(self) -> usize {
                match self {
                    Self::constant | Self::call => 0,
                    Self::mul_add | Self::select => 3,
                    Self::add | Self::sub | Self::mul | Self::div | Self::rem | Self::powf | Self::hypot | Self::atan2
                    | Self::log | Self::copysign | Self::min | Self::max | Self::abs_sub | Self::rem_euclid
                    | Self::div_euclid | Self::less $(| Self::$t)* => 2,
                    _ => 1,
                }
            }

            /// The name, which is that of the method.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$f => stringify!($f),)*
                    $(Self::$s => stringify!($s),)*
                    $(Self::$t => stringify!($t),)*
                    $(Self::$i => stringify!($i),)*
                    Self::constant => "constant",
                    Self::call => "call",
                    Self::add => "add",
                    Self::sub => "sub",
                    Self::mul => "mul",
                    Self::div => "div",
                    Self::rem => "rem",
                    Self::neg => "neg",
                    Self::mul_add => "mul_add",
                    Self::powi => "powi",
                    Self::powf => "powf",
                    Self::hypot => "hypot",
                    Self::atan2 => "atan2",
                    Self::log => "log",
                    Self::copysign => "copysign",
                    Self::min => "min",
                    Self::max => "max",
                    Self::abs_sub => "abs_sub",
                    Self::rem_euclid => "rem_euclid",
                    Self::div_euclid => "div_euclid",
                    Self::less => "less",
                    Self::select => "select",
                    Self::below_inverse => "below_inverse",
                }
            }

            /// Whether the third operand is the parameter of a row, which is not negative.
            pub(crate) fn has_parameter(self) -> bool {
                matches!(self, $(Self::$i)|*)
            }

            /// The value at the operands a, b and c, of which there are as many as [`arity`](Self::arity) says; `n` is the
            /// integer that some rows have.
            #[inline]
            pub(crate) fn value<T: Real>(self, a: T, b: T, c: T, n: u32) -> T {
                let [value] = self.values([&[a], &[b], &[c]], n);
                value
            }

            /// The values at L points.
            #[inline(always)]
            pub(crate) fn values<T: Real, const L: usize>(self, [a, b, c]: [&[T; L]; 3], n: u32) -> [T; L] {
                let mut z = *a;
                // Each operation has a loop of its own, so that cheap ones are vectorized.
                macro_rules! each {
                    ($x:ident, $y:ident, $z:ident => $value:expr) => {{
                        for l in 0..L {
                            let ($x, $y, $z) = (a[l], b[l], c[l]);
                            let _ = ($y, $z);
                            z[l] = $value;
                        }
                        z
                    }};
                }
                match self {
                    Self::constant | Self::call => unreachable!("constants and results of calls are not computed"),
                    Self::add => each!(x, y, _z => x + y),
                    Self::sub => each!(x, y, _z => x - y),
                    Self::mul => each!(x, y, _z => x * y),
                    Self::div => each!(x, y, _z => x / y),
                    Self::rem => each!(x, y, _z => x % y),
                    Self::neg => each!(x, _y, _z => -x),
                    Self::mul_add => each!(x, y, z => x.mul_add(y, z)),
                    Self::powi => each!(x, _y, _z => x.powi(n.cast_signed())),
                    Self::powf => each!(x, y, _z => x.powf(y)),
                    Self::hypot => each!(x, y, _z => x.hypot(y)),
                    Self::atan2 => each!(x, y, _z => x.atan2(y)),
                    Self::log => each!(x, y, _z => x.log(y)),
                    Self::copysign => each!(x, y, _z => x.copysign(y)),
                    Self::min => each!(x, y, _z => x.min(y)),
                    Self::max => each!(x, y, _z => x.max(y)),
                    Self::abs_sub => each!(x, y, _z => x.abs_sub(y)),
                    Self::rem_euclid => each!(x, y, _z => Real::rem_euclid(&x, &y)),
                    Self::div_euclid => each!(x, y, _z => Real::div_euclid(&x, &y)),
                    Self::less => each!(x, y, _z => if x < y { T::one() } else { T::zero() }),
                    Self::select => each!(x, y, z => if x == T::zero() { z } else { y }),
                    Self::below_inverse => each!(x, _y, _z => T::from_float(x.power_of_two_below_inverse())),
                    $(Self::$f => each!(x, _y, _z => Float::$f(x)),)*
                    $(Self::$s => each!(x, _y, _z => Real::$s(x)),)*
                    $(Self::$t => each!(x, y, _z => Real::$t(x, y)),)*
                    $(Self::$i => each!(x, _y, _z => Real::$i(x, n)),)*
                }
            }
        }
    };
}
rows!(float, [float],);

impl Op {
    /// Whether the value can be a number although an operand is NaN.
    pub(crate) fn swallows_nan(self) -> bool {
        matches!(
            self,
            Self::min
                | Self::max
                | Self::hypot
                | Self::powf
                | Self::copysign
                | Self::less
                | Self::abs_sub
                | Self::xlogy
        )
    }
}
