//! Calls the rows by their names. Tests use it to run through all of them.

use super::{Chain, rows};
use crate::real::Real;

macro_rules! one_argument {
    (($name:ident, $args:ident, $path:tt) $($row:ident $doc:literal $(($($libm:tt)*))?,)*) => {
        match ($name, $args) {
            $((stringify!($row), &[x]) => return Some($path::$row(x)),)*
            _ => {}
        }
    };
}

macro_rules! two_arguments {
    (($name:ident, $args:ident, $path:tt) $($row:ident $doc:literal $(($($libm:tt)*))?,)*) => {
        match ($name, $args) {
            $((stringify!($row), &[x, y]) => return Some($path::$row(x, y)),)*
            _ => {}
        }
    };
}

macro_rules! integer {
    (($name:ident, $args:ident, $n:ident, $path:tt) $($row:ident $doc:literal,)*) => {
        match ($name, $args) {
            $((stringify!($row), &[x]) => return Some($path::$row(x, $n as u32)),)*
            _ => {}
        }
    };
}

/// Calls the row `name` as the function of [`rules`](super), or returns `None` if there is no such row. `n` is the
/// integer that some rows have.
pub fn by_table<X: Chain>(name: &str, args: &[X], n: f64) -> Option<X> {
    rows!(float, [one_argument], name, args, super);
    rows!(special, [one_argument], name, args, super);
    rows!(special2, [two_arguments], name, args, super);
    rows!(integer, [integer], name, args, n, super);
    Some(match (name, args) {
        ("recip", &[x]) => super::recip(x),
        ("powi", &[x]) => super::powi(x, n as i32),
        ("powf", &[x, y]) => super::powf(x, y),
        ("hypot", &[x, y]) => super::hypot(x, y),
        ("atan2", &[y, x]) => super::atan2(y, x),
        ("log", &[x, b]) => super::log(x, b),
        ("copysign", &[x, y]) => super::copysign(x, y),
        ("min", &[x, y]) => super::min(x, y),
        ("max", &[x, y]) => super::max(x, y),
        ("abs_sub", &[x, y]) => super::abs_sub(x, y),
        ("rem", &[x, y]) => super::rem(x, y),
        ("rem_euclid", &[x, y]) => super::rem_euclid(x, y),
        ("div_euclid", &[x, y]) => super::div_euclid(x, y),
        ("mul_add", &[x, y, z]) => super::mul_add(x, y, z),
        ("clamp", &[x, lo, hi]) => super::clamp(x, lo, hi),
        ("gamma_p", &[a, x]) => super::gamma_p(a, x),
        ("gamma_q", &[a, x]) => super::gamma_q(a, x),
        ("beta_inc", &[x, a, b]) => super::beta_inc(x, a, b),
        _ => return None,
    })
}

/// Calls the row `name` as the method of the number, or returns `None` if there is no such row.
pub fn by_method<X: Real>(name: &str, args: &[X], n: f64) -> Option<X> {
    rows!(float, [one_argument], name, args, X);
    rows!(special, [one_argument], name, args, X);
    rows!(special2, [two_arguments], name, args, X);
    rows!(integer, [integer], name, args, n, X);
    Some(match (name, args) {
        ("recip", &[x]) => x.recip(),
        ("powi", &[x]) => x.powi(n as i32),
        ("powf", &[x, y]) => x.powf(y),
        ("hypot", &[x, y]) => x.hypot(y),
        ("atan2", &[y, x]) => y.atan2(x),
        ("log", &[x, b]) => x.log(b),
        ("copysign", &[x, y]) => x.copysign(y),
        ("min", &[x, y]) => x.min(y),
        ("max", &[x, y]) => x.max(y),
        ("abs_sub", &[x, y]) => x.abs_sub(y),
        ("rem", &[x, y]) => x % y,
        ("rem_euclid", &[x, y]) => x.rem_euclid(&y),
        ("div_euclid", &[x, y]) => x.div_euclid(&y),
        ("mul_add", &[x, y, z]) => x.mul_add(y, z),
        ("clamp", &[x, lo, hi]) => x.clamp(lo, hi),
        ("gamma_p", &[a, x]) => a.gamma_p(x),
        ("gamma_q", &[a, x]) => a.gamma_q(x),
        ("beta_inc", &[x, a, b]) => x.beta_inc(a, b),
        _ => return None,
    })
}
