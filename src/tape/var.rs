//! `Var<T>`: a dual number whose ε is a node of the graph.

use super::gather::gather;
use super::push::{self, check_kin};
use super::record::NONE;
use crate::nonfinite::{self, Quotient};
use crate::real::Real;
use crate::rules::{self, Chain};

/// A variable of reverse mode: a value, and its slope in one node of a recording.
///
/// What is computed from one node only (`-x`, `2x + 1`, `x·x`, `sin(exp(x))`) changes value and slope and records nothing;
/// an operation that joins two nodes appends one record. Variables are made by the drivers of [`reverse`](crate::reverse);
/// constants have no node.
///
/// A `Var` belongs to the recording it was made in, on the thread of that. Used anywhere else it panics; it never gives a
/// wrong number. For derivatives inside of derivatives the inner numbers are `Var`s over the outer ones: `Var<Var<f64>>`.
///
/// ```
/// use nilpotent::{reverse, Var};
///
/// let (y, dy) = reverse::gradient(|[a, b]: [Var; 2]| a * b + a.sin(), [2.0, 3.0]);
/// assert_eq!((y, dy), (6.0 + 2.0_f64.sin(), [3.0 + 2.0_f64.cos(), 2.0]));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Var<T = f64> {
    /// The value.
    pub re: T,
    /// The derivative in the node.
    slope: T,
    /// The id of the recording.
    id: u64,
    node: u32,
}

impl<T: Copy> Var<T> {
    #[inline]
    pub(crate) const fn filled(re: T, zero: T) -> Self {
        Self { re, slope: zero, id: 0, node: NONE }
    }
}

impl<T: Real> Var<T> {
    /// The constant `re`.
    #[inline]
    pub fn constant(re: T) -> Self {
        Self::filled(re, T::absent())
    }

    /// The value as a constant: its dependence on the variables is dropped.
    ///
    /// ```
    /// use nilpotent::{reverse, Var};
    ///
    /// let (_, [dx]) = reverse::gradient(|[x]: [Var; 1]| x * x.detach(), [3.0]);
    /// assert_eq!(dx, 3.0);
    /// ```
    #[doc(alias = "stop_gradient")]
    #[inline]
    #[must_use]
    pub fn detach(self) -> Self {
        Self::constant(self.re)
    }

    /// The same on a node of its own, whose adjoint can be asked for: [`reverse::Adjoints::of`](crate::reverse::Adjoints::of).
    #[must_use]
    #[cfg_attr(feature = "trace", track_caller)]
    pub fn watch(self) -> Self {
        crate::operation::operation!("watch");
        if self.node == NONE {
            return self;
        }
        self.recorded(Self { slope: T::absent(), node: NONE, ..self })
    }

    /// The node itself, at `re`.
    #[inline]
    pub(crate) fn of_node(re: T, id: u64, node: u32) -> Self {
        Self { re, slope: T::one(), id, node }
    }

    #[inline]
    pub(crate) fn slope(self) -> T {
        self.slope
    }

    #[inline]
    pub(crate) fn place(self) -> (u64, u32) {
        (self.id, self.node)
    }

    /// The order of the derivatives that one level carries.
    pub(crate) const DEGREE: u32 = 1;

    #[inline(always)]
    pub(crate) fn map_parts(self, f: impl Fn(T) -> T) -> Self {
        self.on_node(f(self.re), f(self.slope))
    }

    pub(crate) const IS_TAPED: bool = true;

    #[cfg(feature = "trap-confusion")]
    pub(crate) fn own_stamp(&mut self) -> Option<&mut u64> {
        None
    }

    /// Whether the parts of two numbers may be chosen one by one. On two nodes they would be a node of their own, whose adjoint
    /// is summed before it is multiplied by the slope of the number that is chosen, so the last bits would differ.
    #[inline(always)]
    pub(crate) fn has_parts_of(self, y: Self) -> bool {
        self.place() == y.place() || self.node == NONE && y.node == NONE
    }

    /// The number whose parts are `f` of both numbers' parts, where `f` chooses one of its arguments.
    #[inline(always)]
    pub(crate) fn zip_parts(self, y: Self, f: impl Fn(T, T) -> T) -> Self {
        self.join(y, f(self.re, y.re), [f(self.slope, T::absent()), f(T::absent(), y.slope)])
    }

    /// Whether both stand on the same node, and `f` holds for the slopes.
    #[inline]
    pub(crate) fn all_parts(self, y: Self, f: impl Fn(T, T) -> bool) -> bool {
        self.place() == y.place() && f(self.slope, y.slope)
    }

    #[inline(always)]
    pub(crate) fn sum(self, y: Self) -> Self {
        self.join(y, self.re + y.re, [self.slope, y.slope])
    }

    #[inline(always)]
    pub(crate) fn difference(self, y: Self) -> Self {
        self.join(y, self.re - y.re, [self.slope, -y.slope])
    }

    #[inline(always)]
    pub(crate) fn negative(self) -> Self {
        self.on_node(-self.re, -self.slope)
    }

    #[inline(always)]
    pub(crate) fn shifted(self, re: T) -> Self {
        self.on_node(re, self.slope)
    }

    /// The sum with a value.
    #[inline(always)]
    pub(crate) fn raised(self, c: T) -> Self {
        self.shifted(self.re + c)
    }

    #[inline(always)]
    pub(crate) fn scaled(self, c: T) -> Self {
        Chain::regular(self, self.re * c, c, T::absent)
    }

    #[inline(always)]
    pub(crate) fn product(self, y: Self) -> Self {
        let f = self.re * y.re;
        if nonfinite::regular_at(f) {
            return self.join(y, f, [y.re * self.slope, self.re * y.slope]);
        }
        self.joined(y, f, [y.re, self.re])
    }

    /// The product in which zeros stay zero.
    #[inline]
    pub(crate) fn slope_product(self, e: Self) -> Self {
        let (x, y) = (self.re, e.re);
        self.join(e, x.slope_times(y), [nonfinite::zero_product(self.slope, y), x.slope_times(e.slope)])
    }

    #[inline(always)]
    pub(crate) fn quotient(self, y: Self) -> Self {
        let f = self.re / y.re;
        if let Some(quotient) = Quotient::usual(f, y.re) {
            return self.join(y, f, quotient.slopes(self.slope, y.slope));
        }
        let partial = |a, b| nonfinite::quotient(f, self.re, y.re, a, b);
        if self.place() == y.place() {
            return self.on_node(f, partial(self.slope, y.slope));
        }
        let zero = T::absent();
        self.join(y, f, [partial(self.slope, zero), partial(zero, y.slope)])
    }

    /// `f` of this node alone, with the slope `df` on the present one.
    #[inline(always)]
    fn along(self, f: T, df: T) -> Self {
        if const { T::ORDER == 0 } || (f + df).presumed_finite() {
            return self.on_node(f, if self.slope.is_absent() { self.slope } else { df * self.slope });
        }
        let zero = T::absent();
        let [slope] = nonfinite::partials([df, zero], [[self.slope, zero]]);
        self.on_node(f, slope)
    }

    /// `f` with the slopes `df` on the two variables.
    #[inline(always)]
    fn joined(self, y: Self, f: T, df: [T; 2]) -> Self {
        if (df[0] + df[1]).presumed_finite() && nonfinite::regular_at(f) {
            return self.join(y, f, [df[0] * self.slope, df[1] * y.slope]);
        }
        let zero = T::absent();
        self.join(y, f, nonfinite::partials(df, [[self.slope, zero], [zero, y.slope]]))
    }

    /// `f` with the slopes on the two nodes: one node, if they are the same or one is none; else a new one.
    #[inline(always)]
    fn join(self, y: Self, f: T, slopes: [T; 2]) -> Self {
        if self.id == y.id {
            if self.node == y.node {
                return self.on_node(f, slopes[0] + slopes[1]);
            }
        } else if y.node == NONE {
            return self.on_node(f, slopes[0]);
        } else if self.node == NONE {
            return y.on_node(f, slopes[1]);
        }
        Self { re: f, slope: slopes[0], ..self }.recorded(Self { slope: slopes[1], ..y })
    }

    /// A function of one node, which needs no record; with the feature `trace` it is a node of its own.
    #[inline(always)]
    fn on_node(self, re: T, slope: T) -> Self {
        let x = Self { re, slope, ..self };
        if cfg!(feature = "trace") && self.node != NONE {
            return x.recorded(Self { slope: T::absent(), node: NONE, ..self });
        }
        x
    }

    /// The slope on the node of what has the slope `df` on this.
    #[inline(always)]
    fn slope_on_node(self, df: T) -> T {
        let slope = df * self.slope;
        if slope.presumed_finite() { slope } else { nonfinite::zero_product(df, self.slope) }
    }

    /// The node of both slopes together.
    #[inline(always)]
    fn recorded(self, y: Self) -> Self {
        if self.id != y.id {
            check_kin::<T>([self.id, y.id]);
        }
        let (id, node) = push::push(self.id, (self.node, y.node), self.slope, y.slope, self.re);
        Self::of_node(self.re, id, node)
    }
}

impl<T: Real> Chain for Var<T> {
    type Re = T;

    #[inline]
    fn re(self) -> T {
        self.re
    }

    #[inline]
    fn constant(re: T) -> Self {
        Self::constant(re)
    }

    #[inline]
    fn is_constant(self) -> bool {
        self.node == NONE
    }

    #[inline(always)]
    #[cfg_attr(feature = "trace", track_caller)]
    fn chain(self, f: T, df: T, _: impl FnOnce() -> T) -> Self {
        crate::operation::operation!("chain");
        self.along(f, df)
    }

    #[inline(always)]
    #[cfg_attr(feature = "trace", track_caller)]
    fn chain2(self, y: Self, f: T, df: [T; 2], _: impl FnOnce() -> [T; 3]) -> Self {
        crate::operation::operation!("chain2");
        self.joined(y, f, df)
    }

    #[inline(always)]
    #[cfg_attr(feature = "trace", track_caller)]
    fn regular(self, f: T, df: T, ddf: impl FnOnce() -> T) -> Self {
        crate::operation::operation!("chain");
        if const { T::ORDER == 0 } { self.on_node(f, df * self.slope) } else { self.chain(f, df, ddf) }
    }

    #[inline(always)]
    #[cfg_attr(feature = "trace", track_caller)]
    fn regular2(self, y: Self, f: T, df: [T; 2], ddf: impl FnOnce() -> [T; 3]) -> Self {
        crate::operation::operation!("chain2");
        if const { T::ORDER == 0 } {
            self.join(y, f, [df[0] * self.slope, df[1] * y.slope])
        } else {
            self.chain2(y, f, df, ddf)
        }
    }

    #[inline]
    fn joins(self, y: Self) -> bool {
        !self.has_parts_of(y)
    }

    fn gathered<I: Iterator<Item = (Self, T)>>(f: impl FnOnce() -> (T, I)) -> Option<Self> {
        let (re, terms) = f();
        let ((id, node, slope), recorded) = gather(re, terms.map(|(x, df)| (x.id, x.node, x.slope_on_node(df))));
        let y = Self { re, slope, id, node };
        Some(match recorded {
            true => y,
            false if node == NONE => Self::constant(re),
            false => y.on_node(re, slope),
        })
    }
}

crate::traits::number!(rules, Var<T>,; );
