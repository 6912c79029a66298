//! The rows of the table, each of which is one operation.

use super::operations::Traced;
use crate::graph::op::Op;
use crate::real::Real;
use num_traits::One as _;

macro_rules! one {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        pub(super) fn $name<T: Real>(x: Traced<T>) -> Traced<T> {
            x.unary(Op::$name)
        }
    )* };
}
macro_rules! two {
    (() $($name:ident $doc:literal $(($($libm:tt)*))?,)*) => { $(
        pub(super) fn $name<T: Real>(x: Traced<T>, y: Traced<T>) -> Traced<T> {
            x.binary(Op::$name, y)
        }
    )* };
}
macro_rules! integer {
    (() $($name:ident $doc:literal,)*) => { $(
        pub(super) fn $name<T: Real>(x: Traced<T>, n: u32) -> Traced<T> {
            Traced::apply(Op::$name, [x], n)
        }
    )* };
}
crate::rules::rows!(integer, [integer],);
crate::rules::rows!(float, [one],);
crate::rules::rows!(special, [one],);
crate::rules::rows!(special2, [two],);
two! { () powf "", hypot "", atan2 "", log "", copysign "", min "", max "", abs_sub "", rem "", rem_euclid "",
div_euclid "", }

pub(super) use crate::rules::clamp;

pub(super) fn sin_cos<T: Real>(x: Traced<T>) -> (Traced<T>, Traced<T>) {
    (sin(x), cos(x))
}

pub(super) fn mul_add<T: Real>(x: Traced<T>, y: Traced<T>, z: Traced<T>) -> Traced<T> {
    Traced::apply(Op::mul_add, [x, y, z], 0)
}

/// Up to 64 as the products that the power of a float consists of, in the same order, because powers of one base share
/// them.
pub(super) fn powi<T: Real>(x: Traced<T>, n: i32) -> Traced<T> {
    if x.is_constant() || n.unsigned_abs() > 64 {
        let re = x.re.powi(n);
        if x.is_constant() {
            return Traced::constant(re);
        }
        return Traced::apply(Op::powi, [x], n.cast_unsigned());
    }
    let (mut result, mut square, mut rest) = (Traced::one(), x, n);
    loop {
        if rest % 2 != 0 {
            result = result.product(square);
        }
        rest /= 2;
        if rest == 0 {
            break;
        }
        square = square.product(square);
    }
    if n < 0 { Traced::one().quotient(result) } else { result }
}
