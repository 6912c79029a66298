//! The number itself, and its arithmetic.

use crate::error::Error;
use crate::graph::body::{Callee, Function, Live};
use crate::graph::guard::Question;
use crate::graph::node::{self, ABSENT, CONSTANT, Operand};
use crate::graph::op::Op;
use crate::real::Real;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::panic::Location;

/// A float whose operations are written down, for a [`Program`](crate::program::Program).
///
/// It has the value that the float would have, bit for bit, so the function that is recorded takes its usual course. Each
/// comparison is written down as a guard: where it would have another outcome, the program is not used. A value that
/// leaves as a plain float, by `to_f64`, makes the recording an error, because the program could not know how the result
/// depends on it.
///
/// A `Traced` belongs to the recording that it was made in, on the thread of that. Used anywhere else it panics.
/// Constants belong to none.
#[derive(Clone, Copy, Debug)]
pub struct Traced<T = f64> {
    pub(super) re: T,
    pub(super) id: u64,
    pub(super) index: u32,
}

impl<T: Copy> Traced<T> {
    #[inline]
    pub(crate) const fn filled(re: T, _: T) -> Self {
        Self { re, id: 0, index: CONSTANT }
    }
}

impl<T: Real> Traced<T> {
    /// The constant `re`.
    #[inline]
    pub fn constant(re: T) -> Self {
        Self { re, id: 0, index: CONSTANT }
    }

    /// The number that a node of a recording is, with the value `re`.
    pub(crate) fn of_node(re: T, id: u64, index: u32) -> Self {
        Self { re, id, index }
    }

    /// The value, for what is computed beside the recording.
    pub(crate) fn value(self) -> T {
        self.re
    }

    /// The place in the recording, and the value, which matters only if the number is constant.
    pub(crate) fn operand(self) -> Operand {
        ((self.id, self.index), if self.is_constant() { bits(self.re) } else { 0.0 })
    }

    /// Whether it is a constant of the program.
    #[inline]
    pub(super) fn is_constant(self) -> bool {
        self.index >= ABSENT
    }

    #[inline]
    fn is_absent_derivative(self) -> bool {
        self.index == ABSENT
    }

    /// Whether it is this constant, with this sign.
    pub(super) fn is(self, c: f64) -> bool {
        self.is_constant() && bits(self.re).to_bits() == c.to_bits()
    }

    fn at(self, (id, index): node::Place) -> Self {
        Self { re: self.re, id, index }
    }

    /// The result of an operation on up to three numbers.
    pub(super) fn apply<const N: usize>(op: Op, x: [Self; N], n: u32) -> Self {
        let value = |i: usize| x.get(i).map_or_else(T::zero, |x| x.re);
        let re = op.value(value(0), value(1), value(2), n);
        if x.iter().all(|x| x.is_constant()) {
            return Self::constant(re);
        }
        if op.swallows_nan() {
            let (a, b) = (x[0], x[N.min(2) - 1]);
            node::guard(Question::Ordered, [a.operand(), b.operand()], Question::Ordered.holds(a.re, b.re));
        }
        Self::constant(re).at(node::operation(op, x.map(Self::operand), n))
    }

    /// A function of three numbers that is called again in each replay.
    #[track_caller]
    pub(super) fn call_live(x: [Self; 3], f: impl Fn([T; 3]) -> T + Send + Sync + 'static) -> Self {
        let value = f(x.map(|x| x.re));
        let function: Box<Function<T>> = Box::new(move |x| vec![f([x[0], x[1], x[2]])]);
        let callee = Callee::Live(Arc::new(Live::new(function, 1, Location::caller())));
        Self::call(callee, &x, &[(0, value)])[0]
    }

    pub(crate) fn unary(self, op: Op) -> Self {
        Self::apply(op, [self], 0)
    }

    pub(crate) fn binary(self, op: Op, y: Self) -> Self {
        Self::apply(op, [self, y], 0)
    }

    pub(crate) fn sum(self, y: Self) -> Self {
        if self.is_absent_derivative() || self.is(-0.0) {
            return y;
        }
        if y.is_absent_derivative() || y.is(-0.0) {
            return self;
        }
        self.binary(Op::add, y)
    }

    pub(crate) fn difference(self, y: Self) -> Self {
        if y.is_absent_derivative() || y.is(0.0) {
            return self;
        }
        if self.is_absent_derivative() || self.is(-0.0) {
            return y.negative();
        }
        self.binary(Op::sub, y)
    }

    pub(crate) fn negative(self) -> Self {
        if self.is_absent_derivative() {
            return self;
        }
        self.unary(Op::neg)
    }

    /// The sum with a value.
    pub(crate) fn raised(self, c: T) -> Self {
        self.sum(Self::constant(c))
    }

    pub(crate) fn scaled(self, c: T) -> Self {
        self.product(Self::constant(c))
    }

    pub(crate) fn product(self, y: Self) -> Self {
        if self.is_absent_derivative() || y.is_absent_derivative() {
            return Self::nothing();
        }
        for (x, y) in [(self, y), (y, self)] {
            if x.is(1.0) {
                return y;
            }
            if x.is(-1.0) {
                return y.negative();
            }
        }
        self.binary(Op::mul, y)
    }

    pub(crate) fn quotient(self, y: Self) -> Self {
        if self.is_absent_derivative() || y.is(1.0) {
            return self;
        }
        if y.is_constant() && !self.is_constant() {
            // A division by a power of two, whose inverse is exact, is a product.
            let inverse = y.re.recip();
            if y.re.integer_decode().0.is_power_of_two() && y.re.is_normal() && inverse.is_normal() {
                return self.product(Self::constant(inverse));
            }
        }
        self.binary(Op::div, y)
    }

    /// The value, which leaves through the method of that name.
    #[track_caller]
    pub(crate) fn leaving(&self, method: &'static str) -> T {
        node::escape(self.operand(), method);
        self.re
    }

    #[track_caller]
    pub(crate) fn decoded(self) -> (u64, i16, i8) {
        num_traits::Float::integer_decode(self.leaving("integer_decode"))
    }

    /// There are no derivatives.
    #[cfg(feature = "trap-loss")]
    pub(crate) fn all_parts(self, _: Self, _: impl Fn(T, T) -> bool) -> bool {
        true
    }

    /// The results of a call with these numbers and values. They are constants if all inputs are.
    pub(crate) fn call(callee: Callee, x: &[Self], results: &[(u32, T)]) -> Vec<Self> {
        if x.iter().all(|x| x.is_constant()) {
            return results.iter().map(|&(_, re)| Self::constant(re)).collect();
        }
        let operands: Vec<Operand> = x.iter().map(|x| x.operand()).collect();
        let numbers: Vec<u32> = results.iter().map(|&(k, _)| k).collect();
        let places = node::call(callee, &operands, &numbers);
        results.iter().zip(places).map(|(&(_, re), place)| Self::constant(re).at(place)).collect()
    }

    /// Makes the open recording an error. Panics if there is none.
    pub(crate) fn fail(error: Error) {
        assert!(node::fail(error), "{error}");
    }

    /// A derivative that is not there.
    pub(super) fn nothing() -> Self {
        Self { re: T::zero(), id: 0, index: ABSENT }
    }
}

/// A float of either kind as f64, which holds it exactly.
pub(super) fn bits<T: Real>(x: T) -> f64 {
    num_traits::ToPrimitive::to_f64(&x.float()).expect("floats are f64")
}
