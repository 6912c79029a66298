//! `Traced<T>`: a float that writes down what is computed from it. Programs are recorded with it.
//!
//! It stands where a plain float stands, at the innermost level: `Dual<Traced, N>` and `Var<Traced>` write down the
//! computation of derivatives, by the one rule table. So the derivative of a program is the program of the derivative.
//!
//! Operations on constants are computed at once, and some others are left out. Each of these identities holds for all
//! floats, with infinities, NaN and signs of zeros: x·1, x/1, x - 0, x + (-0), -(-x), x - (-y), (-x)·(-y), x·(-c), and
//! x/2ᵏ = x·2⁻ᵏ. So x·0, x + 0 and x - x are not simplified. A derivative that is not there is no 0 of the user's: it is
//! left out of products and sums.

mod operations;
mod questions;
mod rows;

pub use operations::Traced;

use crate::graph::guard::Question;
use crate::graph::op::Op;
use crate::lanes::Laned;
use crate::real::{Chain, Real};
use crate::special::Incomplete;
use operations::bits;
use questions::ask;

/// A number without derivatives.
impl<T: Real> Chain for Traced<T> {
    crate::real::plain_chain!();

    #[track_caller]
    fn compose(self, derivative: &dyn Fn(u32, f64) -> f64) -> Self {
        Self::constant(self.leaving("compose").compose(derivative))
    }
}

impl<T: Real> Laned for Traced<T> {
    type Lanes = Self;

    fn absent() -> Self {
        Self::nothing()
    }

    fn is_absent(&self) -> bool {
        Self::is_constant(*self) && self.re == T::zero()
    }
}

impl<T: Real> num_traits::Zero for Traced<T> {
    fn zero() -> Self {
        Self::constant(T::zero())
    }

    #[track_caller]
    fn is_zero(&self) -> bool {
        *self == Self::zero()
    }
}

impl<T: Real> num_traits::One for Traced<T> {
    fn one() -> Self {
        Self::constant(T::one())
    }

    #[track_caller]
    fn is_one(&self) -> bool {
        *self == Self::one()
    }
}

impl<T: Real> Real for Traced<T> {
    type Float = Self;
    const ORDER: u32 = 0;
    const RECORDS: bool = true;

    fn float(self) -> Self {
        self
    }

    fn from_float(x: Self) -> Self {
        x
    }

    fn times(self, c: Self) -> Self {
        self * c
    }

    fn lit(x: f64) -> Self {
        Self::constant(T::lit(x))
    }

    fn power_of_two_below_inverse(self) -> Self {
        self.unary(Op::below_inverse)
    }

    #[track_caller]
    fn is_moderate(self) -> bool {
        ask(Question::Moderate, self, self)
    }

    #[track_caller]
    fn checked_normal(self) -> bool {
        ask(Question::Normal, self, self)
    }

    #[track_caller]
    fn checked_finite(self) -> bool {
        ask(Question::Regular, self, self)
    }

    #[track_caller]
    fn squares_safely(self) -> bool {
        ask(Question::SquaresSafely, self, self)
    }

    #[track_caller]
    fn exponent(self) -> i32 {
        let exponent = self.re.exponent();
        ask(Question::Exponent(exponent), self, self);
        exponent
    }

    #[track_caller]
    fn small_integer(self) -> Option<i32> {
        let integer = self.re.small_integer();
        match integer {
            Some(n) => ask(Question::Equal, self, Self::lit(n.into())),
            None => ask(Question::SmallInteger, self, self),
        };
        integer
    }

    fn presumed_finite(self) -> bool {
        !Self::is_constant(self) || self.re.presumed_finite()
    }

    fn pick(x: Self, y: Self, below: impl FnOnce() -> Self, above: impl FnOnce() -> Self) -> Self {
        if Self::is_constant(x) && Self::is_constant(y) {
            return if x.re < y.re { below() } else { above() };
        }
        let (a, b) = (below(), above());
        let alike = (a.id, a.index) == (b.id, b.index);
        if alike && (!Self::is_constant(a) || a.is(bits(b.re))) {
            return a;
        }
        Self::apply(Op::select, [x.binary(Op::less, y), a, b], 0)
    }

    fn grounded(self) -> Self {
        if Self::is_constant(self) { Self::constant(self.re) } else { self }
    }

    #[track_caller]
    fn parts_finite(self) -> bool {
        self.is_finite()
    }

    fn slope_times(self, derivative: Self) -> Self {
        if derivative.is_absent() { derivative } else { self * derivative }
    }

    #[track_caller]
    fn same(self, other: Self) -> bool {
        self == other || self.is_nan() && other.is_nan()
    }

    #[track_caller]
    fn close_to(self, other: Self, tolerance: Self) -> bool {
        let near = other.is_finite() && (self - other).abs() <= tolerance * other.abs().max(Self::lit(1.0));
        near || Real::same(self, other)
    }

    fn incomplete(of: Incomplete, x: [Self; 3], orders: [u32; 3]) -> Self {
        Self::call_live(x, move |x| T::incomplete(of, x, orders))
    }

    #[inline]
    #[cfg_attr(feature = "trace", track_caller)]
    fn rem_euclid(&self, other: &Self) -> Self {
        <Self>::rem_euclid(*self, *other)
    }

    #[inline]
    #[cfg_attr(feature = "trace", track_caller)]
    fn div_euclid(&self, other: &Self) -> Self {
        <Self>::div_euclid(*self, *other)
    }

    crate::rules::rows!(special, [crate::traits::num::unary],);
    crate::rules::rows!(special2, [crate::traits::num::binary],);
    crate::rules::rows!(integer, [crate::traits::num::integer],);
}

crate::traits::common!(rows, Traced<T>,; );
#[cfg(feature = "nalgebra")]
crate::traits::approx::approx_by_comparisons!([::approx], Traced<T>);
#[cfg(feature = "approx_0_4")]
crate::traits::approx::approx_by_comparisons!([::approx_0_4], Traced<T>);
