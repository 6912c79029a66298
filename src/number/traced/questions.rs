//! Questions about the value, each of which is written down with its answer.

use super::operations::Traced;
use crate::graph::guard::Question;
use crate::graph::node;
use crate::real::Real;
use core::cmp::Ordering;
use core::num::FpCategory;

/// Records a question of one or two numbers and returns its answer.
#[track_caller]
pub(super) fn ask<T: Real>(question: Question, x: Traced<T>, y: Traced<T>) -> bool {
    let answer = question.holds(x.re, y.re);
    node::guard(question, [x.operand(), y.operand()], answer);
    answer
}

/// Records how two numbers compare, by the question whose answer is yes. So a replay with NaN never agrees, unless there was
/// a NaN in the recording.
#[track_caller]
fn order<T: Real>(
    x: &Traced<T>,
    y: &Traced<T>,
    ordering: fn(T, T) -> bool,
    yes: Question,
    no: (Question, bool),
) -> bool {
    let answer = ordering(x.re, y.re);
    let (question, swap) = match answer {
        true => (yes, false),
        false if x.re.is_nan() || y.re.is_nan() => (Question::Unordered, false),
        false => no,
    };
    let operands = if swap { [y.operand(), x.operand()] } else { [x.operand(), y.operand()] };
    node::guard(question, operands, true);
    answer
}

impl<T: Real> PartialEq for Traced<T> {
    #[track_caller]
    fn eq(&self, other: &Self) -> bool {
        order(self, other, |a, b| a == b, Question::Equal, (Question::Unequal, false))
    }
}

impl<T: Real> PartialOrd for Traced<T> {
    #[track_caller]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let ordering = self.re.partial_cmp(&other.re);
        let (question, swap) = match ordering {
            Some(Ordering::Less) => (Question::Less, false),
            Some(Ordering::Greater) => (Question::Less, true),
            Some(Ordering::Equal) => (Question::Equal, false),
            None => (Question::Unordered, false),
        };
        let operands = if swap { [other.operand(), self.operand()] } else { [self.operand(), other.operand()] };
        node::guard(question, operands, true);
        ordering
    }

    #[track_caller]
    fn lt(&self, other: &Self) -> bool {
        order(self, other, |a, b| a < b, Question::Less, (Question::LessOrEqual, true))
    }

    #[track_caller]
    fn le(&self, other: &Self) -> bool {
        order(self, other, |a, b| a <= b, Question::LessOrEqual, (Question::Less, true))
    }

    #[track_caller]
    fn gt(&self, other: &Self) -> bool {
        other.lt(self)
    }

    #[track_caller]
    fn ge(&self, other: &Self) -> bool {
        other.le(self)
    }
}

/// Comparisons with the value's type.
impl<T: Real> PartialEq<T> for Traced<T> {
    #[track_caller]
    fn eq(&self, other: &T) -> bool {
        *self == Self::constant(*other)
    }
}

impl<T: Real> PartialOrd<T> for Traced<T> {
    #[track_caller]
    fn partial_cmp(&self, other: &T) -> Option<Ordering> {
        self.partial_cmp(&Self::constant(*other))
    }

    #[track_caller]
    fn lt(&self, other: &T) -> bool {
        *self < Self::constant(*other)
    }

    #[track_caller]
    fn le(&self, other: &T) -> bool {
        *self <= Self::constant(*other)
    }

    #[track_caller]
    fn gt(&self, other: &T) -> bool {
        *self > Self::constant(*other)
    }

    #[track_caller]
    fn ge(&self, other: &T) -> bool {
        *self >= Self::constant(*other)
    }
}

macro_rules! ask {
    ($($name:ident $doc:literal $question:ident $is:literal;)*) => { $(
        #[doc = $doc]
        #[must_use]
        #[track_caller]
        pub fn $name(self) -> bool {
            ask(Question::$question, self, self) == $is
        }
    )* };
}

impl<T: Real> Traced<T> {
    ask! {
        is_nan "Whether the value is NaN." Ordered false;
        is_infinite "Whether the value is infinite." Infinite true;
        is_finite "Whether the value is finite." Finite true;
        is_normal "Whether the value is normal." Normal true;
        is_subnormal "Whether the value is subnormal." Subnormal true;
    }

    /// Whether the value has a positive sign, as 0 has; NaN has a sign too.
    #[must_use]
    #[track_caller]
    pub fn is_sign_positive(self) -> bool {
        !self.is_sign_negative()
    }

    /// Whether the value has a negative sign, as -0 has; NaN has a sign too.
    #[must_use]
    #[track_caller]
    pub fn is_sign_negative(self) -> bool {
        let negative = self.re.is_sign_negative();
        // It never holds at NaN, whose sign says nothing about that of other numbers, nor of another NaN.
        let question = if negative { Question::Negative } else { Question::Positive };
        node::guard(question, [self.operand(), self.operand()], true);
        negative
    }

    /// The floating-point category of the value.
    #[must_use]
    #[track_caller]
    pub fn classify(self) -> FpCategory {
        let category = self.re.classify();
        match category {
            FpCategory::Nan => ask(Question::Ordered, self, self),
            FpCategory::Infinite => ask(Question::Infinite, self, self),
            FpCategory::Zero => self == Self::constant(T::zero()),
            FpCategory::Subnormal => ask(Question::Subnormal, self, self),
            FpCategory::Normal => ask(Question::Normal, self, self),
        };
        category
    }
}
