//! Guards: what must hold at a point for a program to be the function there.

use crate::real::Real;
use alloc::format;
use alloc::string::String;
use core::cmp::Ordering;
use core::panic::Location;

/// What a guard asks of one or two values. The questions of a user's program decide which way it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Question {
    /// a < b
    Less,
    /// a ≤ b
    LessOrEqual,
    /// a = b
    Equal,
    /// a < b or a > b
    Unequal,
    /// a or b is NaN.
    Unordered,
    /// Neither a nor b is NaN.
    Ordered,
    /// The sign bit is set, and a is not NaN.
    Negative,
    /// The sign bit is not set, and a is not NaN.
    Positive,
    Infinite,
    Finite,
    /// Finite, as the crate asks it.
    Regular,
    Normal,
    Subnormal,
    /// [`Real::is_moderate`]
    Moderate,
    /// [`Real::squares_safely`]
    SquaresSafely,
    /// [`Real::exponent`] is the number.
    Exponent(i32),
    /// [`Real::small_integer`] has an answer.
    SmallInteger,
}

impl Question {
    /// Whether it holds.
    #[inline]
    pub(crate) fn holds<T: Real>(self, a: T, b: T) -> bool {
        match self {
            Self::Less => a < b,
            Self::LessOrEqual => a <= b,
            Self::Equal => a == b,
            Self::Unequal => a.partial_cmp(&b).is_some_and(Ordering::is_ne),
            Self::Unordered => a.is_nan() || b.is_nan(),
            Self::Ordered => !(a.is_nan() || b.is_nan()),
            Self::Negative => a.is_sign_negative() && !a.is_nan(),
            Self::Positive => a.is_sign_positive() && !a.is_nan(),
            Self::Infinite => a.is_infinite(),
            Self::Finite | Self::Regular => a.is_finite(),
            Self::Normal => a.is_normal(),
            Self::Subnormal => a.is_subnormal(),
            Self::Moderate => a.is_moderate(),
            Self::SquaresSafely => a.squares_safely(),
            Self::Exponent(n) => a.exponent() == n,
            Self::SmallInteger => a.small_integer().is_some(),
        }
    }

    /// Whether the crate asks, because a formula is right only in a certain range; users' programs do not depend on it.
    pub(crate) fn is_check(self) -> bool {
        matches!(
            self,
            Self::Moderate
                | Self::SquaresSafely
                | Self::Exponent(_)
                | Self::SmallInteger
                | Self::Ordered
                | Self::Regular
                | Self::Normal
        )
    }

    /// Whether it is a question about two values.
    pub(crate) fn is_binary(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual | Self::Equal | Self::Unequal | Self::Unordered | Self::Ordered)
    }
}

/// A question that was asked of nodes while a program was recorded, and the answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard {
    pub(crate) question: Question,
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) answer: bool,
    /// Where it was asked.
    pub(crate) place: &'static Location<'static>,
}

impl Guard {
    /// Whether the answer is the recorded one.
    #[inline]
    pub(crate) fn holds<T: Real>(&self, a: T, b: T) -> bool {
        self.question.holds(a, b) == self.answer
    }

    /// Whether the crate asked; see [`Question::is_check`].
    pub(crate) fn is_check(&self) -> bool {
        self.question.is_check()
    }

    /// What it says, where `name` gives the names of nodes: `x0 < v3, asked at src/main.rs:7:9`.
    pub(crate) fn text(&self, name: impl Fn(u32) -> String) -> String {
        let (a, b) = (name(self.a), name(self.b));
        let question = match self.question {
            Question::Less => format!("{a} < {b}"),
            Question::LessOrEqual => format!("{a} <= {b}"),
            Question::Equal => format!("{a} == {b}"),
            Question::Unequal => format!("{a} != {b}"),
            Question::Unordered => format!("{a} or {b} is NaN"),
            Question::Ordered => format!("neither {a} nor {b} is NaN"),
            Question::Exponent(n) => format!("the exponent of {a} is {n}"),
            Question::SquaresSafely => format!("the square of {a} is in the range of floats"),
            Question::Moderate => format!("{a} is of moderate size"),
            Question::SmallInteger => format!("{a} is a small whole number"),
            Question::Regular => format!("{a} is finite"),
            question => format!("{a} is {question:?}").to_lowercase(),
        };
        format!("{}{question}, asked at {}", if self.answer { "" } else { "not: " }, self.place)
    }
}
