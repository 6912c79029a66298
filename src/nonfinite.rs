//! Derivatives where a slope is not finite, for every number. A zero derivative stays zero.
//!
//! Calls to these functions must not slow down the finite case. So they are never inlined, and take scalars or copies
//! of arrays. If they took a reference to a number, the number would have an address, and would be kept in memory in
//! the finite case too.

use crate::lanes::{Formula, Lanes as _};
use crate::real::Real;
use core::array::from_fn;
use num_traits::{Float as _, One as _};

/// Whether slopes are finite at the value `re` of an operation, if they are finite wherever its value is. For floats this is
/// always true: where the value is not finite, the derivatives are not specified. If the value is a number, it may have
/// derivatives that are infinite.
#[inline(always)]
pub(crate) fn regular_at<T: Real>(re: T) -> bool {
    (const { T::ORDER == 0 }) || re.presumed_finite()
}

/// Whether slopes and partials are finite, so that no product of two of them is 0·∞. `slopes` is a sum of slopes. (If the
/// sum of finite numbers overflows, the answer is no, which is right as well.)
#[inline(always)]
pub(crate) fn all_finite<T: Real>(re: T, slopes: T, partials: impl Iterator<Item = T>) -> bool {
    let start = if const { T::ORDER == 0 } { slopes } else { slopes + re };
    partials.fold(start, |sum, e| sum + e).presumed_finite()
}

/// The derivatives of both arguments, in pairs.
#[inline(always)]
pub(crate) fn pairs<T: Copy, const N: usize>(x: &[T; N], y: &[T; N]) -> [[T; 2]; N] {
    from_fn(|i| [x[i], y[i]])
}

/// The formula for the partials `(a - b·f)/y` of `f = x/y`, where y is moderate. Where a and b·f cancel, only the product b·f
/// has been rounded.
pub(crate) struct Quotient<T> {
    f: T,
    inverse: T,
}

impl<T: Real> Quotient<T> {
    /// The formula if y is moderate: then a product b·f over- or underflows only if the partial is near the ends of the range
    /// of floats, within a factor of 2⁶⁴. Only y is tested, so that several quotients with one divisor share the test; a test
    /// of f as well took a fifth of the time of a camera's Jacobian.
    #[inline(always)]
    pub(crate) fn usual(f: T, y: T) -> Option<Self> {
        let inverse = y.recip();
        (y.is_moderate() && both_finite(f, inverse)).then_some(Self { f, inverse })
    }

    /// `1/y`.
    #[inline(always)]
    pub(crate) fn inverse(&self) -> T {
        self.inverse
    }

    /// `a/y` and `-b·x/y²`: the slopes of the quotient times `a` and `b`, for recordings.
    #[cfg(feature = "std")]
    #[inline(always)]
    pub(crate) fn slopes(&self, a: T, b: T) -> [T; 2] {
        [a * self.inverse, -self.f * b * self.inverse]
    }
}

impl<T: Real> Formula<T> for Quotient<T> {
    const LANES: bool = T::Lanes::COUNT > 1;

    #[inline(always)]
    fn one(&self, a: T, b: T) -> T {
        (a - b * self.f) * self.inverse
    }

    #[inline(always)]
    fn lanes(&self, a: T::Lanes, b: T::Lanes) -> T::Lanes {
        (a - b * self.f) * self.inverse
    }
}

/// Whether all parts of two numbers are finite, for floats always yes. Other formulas round differently, so a recording of a program
/// writes down the answer.
#[inline(always)]
fn both_finite<T: Real>(x: T, y: T) -> bool {
    if const { T::ORDER == 0 } {
        true
    } else if const { T::RECORDS } {
        x.checked_finite() && y.checked_finite()
    } else {
        (x + y).parts_finite()
    }
}

/// The same formula for any f and y, as `(a·p - b·g)·m`, where p is a power of two near 1/y, g = f·p and m = 1/(y·p).
/// Products with p are exact, and nothing over- or underflows before the partial does. `None` unless p and g are normal floats
/// (g may also be 0) and the derivatives of f and y are finite.
fn scaled_quotient<T: Real>(f: T, y: T) -> Option<impl Fn(T, T) -> T> {
    let p = y.power_of_two_below_inverse();
    let (g, m) = (f.times(p), y.times(p).recip());
    let regular = g.is_normal() || f == T::zero() && p.is_normal();
    (regular && both_finite(g, m.times(p))).then_some(move |a: T, b: T| (a.times(p) - b * g) * m)
}

/// The product of two derivatives. If one of them is zero, so is the product.
#[inline]
pub(crate) fn zero_product<T: Real>(a: T, b: T) -> T {
    if a.is_absent() { a } else { a.slope_times(b) }
}

/// The partials of a function with the slopes fx and fy, each computed from the pair of its arguments' partials.
#[cold]
#[inline(never)]
pub(crate) fn partials<T: Real, const N: usize>([fx, fy]: [T; 2], partials: [[T; 2]; N]) -> [T; N] {
    partials.map(|[a, b]| fx.slope_times(a) + fy.slope_times(b))
}

/// The partials of `f = x/y` at a pole, or where 1/y or x/y² is outside the range of floats.
#[cold]
#[inline(never)]
pub(crate) fn quotients<T: Real, const N: usize>(f: T, x: T, y: T, partials: [[T; 2]; N]) -> [T; N] {
    partials.map(|[a, b]| quotient(f, x, y, a, b))
}

/// One partial of `f = x/y`, from the partials `a` of x and `b` of y.
#[cold]
#[inline(never)]
pub(crate) fn quotient<T: Real>(f: T, x: T, y: T, a: T, b: T) -> T {
    if let Some(formula) = scaled_quotient(f, y) {
        return formula(a, b);
    }
    if divides(f, y) {
        let rest = f.slope_times(b);
        // The difference comes first: it may be 0 where both quotients overflow.
        let exact = f.is_normal() && rest.is_normal() || f == T::zero() || b.is_absent();
        return if exact { (a - rest) / y } else { a / y - ratio([x, b], [y, y]) };
    }
    let [partial] = partials([y.recip(), -f / y], [[a, b]]);
    partial
}

fn divides<T: Real>(f: T, y: T) -> bool {
    f.presumed_finite() && y.presumed_finite() && y != T::zero()
}

/// `a₀·a₁/(b₀·b₁)`, in an order in which nothing over- or underflows before the result does: while the product so far
/// is below 1, factors that increase it are applied, and while it is above 1, factors that decrease it. If a factor a
/// is zero, so is the result.
fn ratio<T: Real>(a: [T; 2], b: [T; 2]) -> T {
    if let Some(&zero) = a.iter().find(|a| a.is_absent()) {
        return zero;
    }
    let large = |x: T| x.float().abs() >= T::Float::one();
    // The factors that increase a number, or those that decrease it; true marks a divisor.
    let sides = |grow: bool| {
        a.into_iter()
            .filter(move |&a| large(a) == grow)
            .map(|a| (a, false))
            .chain(b.into_iter().filter(move |&b| large(b) != grow).map(|b| (b, true)))
    };
    let (mut up, mut down) = (sides(true), sides(false));
    let mut product = T::one();
    loop {
        let next = if large(product) { down.next().or_else(|| up.next()) } else { up.next().or_else(|| down.next()) };
        match next {
            Some((factor, false)) => product *= factor,
            Some((factor, true)) => product /= factor,
            None => return product,
        }
    }
}

/// The block of second partials of `f`. `first` and `second` are the pairs of its arguments' partials in the variables
/// of the rows and of the columns, and `both` are the pairs of their second partials.
#[cold]
#[inline(never)]
pub(crate) fn second_partials<T: Real, const M: usize, const N: usize>(
    [fx, fy]: [T; 2],
    [fxx, fxy, fyy]: [T; 3],
    first: [[T; 2]; M],
    second: [[T; 2]; N],
    both: [[[T; 2]; N]; M],
) -> [[T; N]; M] {
    // A zero second derivative makes the term zero, even where the product of the partials has overflowed.
    let term = |c: T, u: T, v: T| if c.is_absent() { c } else { zero_product(c.slope_times(u), v) };
    from_fn(|i| {
        let [u, v] = first[i];
        from_fn(|j| {
            let ([p, q], [a, b]) = (second[j], both[i][j]);
            let second_order = term(fxx, u, p) + (term(fxy, u, q) + term(fxy, v, p)) + term(fyy, v, q);
            fx.slope_times(a) + fy.slope_times(b) + second_order
        })
    })
}

/// The block of second partials of `f = x/y` at a pole, or where 1/y or x/y² is outside the range of floats. `df` are
/// its partials in the variables of the rows and of the columns.
#[cold]
#[inline(never)]
pub(crate) fn quotient_second_partials<T: Real, const M: usize, const N: usize>(
    f: T,
    x: T,
    y: T,
    df: ([T; M], [T; N]),
    first: [[T; 2]; M],
    second: [[T; 2]; N],
    both: [[[T; 2]; N]; M],
) -> [[T; N]; M] {
    if divides(f, y) {
        let cross = |i: usize, j: usize| zero_product(df.0[i], second[j][1]) + zero_product(df.1[j], first[i][1]);
        return from_fn(|i| from_fn(|j| quotient(f, x, y, both[i][j][0], both[i][j][1]) - cross(i, j) / y));
    }
    let (fx, fy) = (y.recip(), -f / y);
    second_partials([fx, fy], [T::absent(), -fx / y, -(fy + fy) / y], first, second, both)
}
