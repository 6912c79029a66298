//! `Var<T>`: a dual number whose ε is a node of the graph.

use super::push::{self, check_kin};
use super::record::{JOINED, NONE, RUN};
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
        Self::filled(re, T::zero())
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
        self.recorded(Self { slope: T::zero(), node: NONE, ..self })
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

    #[inline(always)]
    pub(crate) fn scaled(self, c: T) -> Self {
        self.along(self.re * c, c)
    }

    #[inline(always)]
    pub(crate) fn product(self, y: Self) -> Self {
        let f = self.re * y.re;
        // A finite product has finite factors.
        if f.parts_finite() {
            return self.join(y, f, [y.re * self.slope, self.re * y.slope]);
        }
        self.chain2_nonfinite(y, f, [y.re, self.re])
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
        let zero = T::zero();
        self.join(y, f, [partial(self.slope, zero), partial(zero, y.slope)])
    }

    /// `f` of this node alone, with the slope `df` on the present one.
    #[inline(always)]
    fn along(self, f: T, df: T) -> Self {
        if (f + df).parts_finite() {
            return self.on_node(f, df * self.slope);
        }
        let zero = T::zero();
        let [slope] = nonfinite::partials(f, [df, zero], [[self.slope, zero]]);
        self.on_node(f, slope)
    }

    /// `f` with the slopes `df` on the two variables.
    #[inline(always)]
    fn joined(self, y: Self, f: T, df: [T; 2]) -> Self {
        if (f + (df[0] + df[1])).parts_finite() {
            return self.join(y, f, [df[0] * self.slope, df[1] * y.slope]);
        }
        self.chain2_nonfinite(y, f, df)
    }

    /// `joined` where `f` or a slope is not finite.
    #[inline(always)]
    fn chain2_nonfinite(self, y: Self, f: T, df: [T; 2]) -> Self {
        let zero = T::zero();
        self.join(y, f, nonfinite::partials(f, df, [[self.slope, zero], [zero, y.slope]]))
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
            return x.recorded(Self { slope: T::zero(), node: NONE, ..self });
        }
        x
    }

    /// The slope on the node of what has the slope `df` on this.
    #[inline(always)]
    fn slope_on_node(self, df: T) -> T {
        let slope = df * self.slope;
        if slope.parts_finite() { slope } else { nonfinite::zero_product(df, self.slope) }
    }

    /// The same, if there is a node and the slope is not 0.
    #[inline(always)]
    fn slope_to(self, df: T) -> Option<T> {
        let slope = self.slope_on_node(df);
        (self.node != NONE && !slope.is_zero()).then_some(slope)
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

    fn gathered<I: Iterator<Item = (Self, T)>>(f: impl FnOnce() -> (T, I)) -> Option<Self> {
        let (re, mut terms) = f();
        // The operand that waits for a second one, and the record before: in single words, which stay in registers.
        let (mut id, mut node, mut slope, mut goes_on, mut last) = (0, NONE, T::zero(), 0, NONE);
        // A few neighbours are not worth a run; slopes that are numbers would take much of the stack.
        let (many, mut run) = (T::ORDER == 0 && terms.size_hint().1.is_none_or(|most| most > 12), None);
        // The loops are left for all that is rare: a call in them would keep in memory what the iterator counts.
        while let Err((other, s)) = terms.try_for_each(|(x, df)| {
            let Some(s) = x.slope_to(df) else { return Ok(()) };
            if node == NONE {
                (id, node, slope) = (x.id, x.node, s);
                return Ok(());
            }
            if id != x.id {
                check_kin::<T>([id, x.id]);
            }
            if node == x.node {
                slope += s;
                return Ok(());
            }
            if many && node + 1 == x.node {
                return Err((x.node, s));
            }
            let new = push::try_push(id, (node | goes_on, x.node), slope, s).ok_or((x.node, s))?;
            last = push::following(last, new, goes_on);
            (node, goes_on) = (NONE, JOINED);
            Ok(())
        }) {
            let run = run.get_or_insert([T::Float::lit(0.0); RUN]);
            let (mut count, mut over, mut ended) = (0, None, false);
            if many && node + 1 == other {
                (run[0], run[1]) = (slope.float(), s.float());
                (count, over) = neighbours((id, node), run, &mut terms);
                ended = over.is_none();
            }
            let new;
            (id, new) = if count > 2 {
                push::push_run(id, node | goes_on, &run[..count], re)
            } else {
                push::push(id, (node | goes_on, other), slope, s, re)
            };
            last = push::following(last, new, goes_on);
            (node, slope) = over.unwrap_or((NONE, slope));
            goes_on = JOINED;
            if ended {
                break;
            }
        }
        if goes_on == 0 {
            let one = Self { re, slope, id, node };
            return Some(if node == NONE { Self::constant(re) } else { one.on_node(re, slope) });
        }
        if node != NONE {
            let new;
            (id, new) = push::push(id, (node | goes_on, NONE), slope, T::zero(), re);
            last = push::following(last, new, goes_on);
        }
        Some(Self::of_node(re, id, last))
    }
}

/// Fills a run from its third slope on, as long as nodes follow one another: how many it has, and the term beyond.
///
/// A function of its own, so that what the iterator counts is kept in registers here.
#[inline(never)]
fn neighbours<T: Real>(
    (id, first): (u64, u32),
    run: &mut [T::Float; RUN],
    terms: &mut impl Iterator<Item = (Var<T>, T)>,
) -> (usize, Option<(u32, T)>) {
    let mut count = 2;
    let over = terms.try_for_each(|(x, df)| {
        if count < RUN && x.place() == (id, first + count as u32) {
            run[count] = x.slope_on_node(df).float();
            count += 1;
            return Ok(());
        }
        let Some(slope) = x.slope_to(df) else { return Ok(()) };
        if id != x.id {
            check_kin::<T>([id, x.id]);
        }
        Err((x.node, slope))
    });
    (count, over.err())
}

crate::traits::number!(rules, Var<T>,; );
