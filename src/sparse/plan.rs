//! `Plan`: what is prepared once for the derivatives of one pattern.

use super::color::{self, Coloring};
use super::order::Order;
use super::pattern::Pattern;
use super::recover::{Recovery, Widths};
use crate::error::{Error, length};
use crate::forward::point::WIDTH;
use crate::real::Real;
use crate::reverse::recorded::ROWS_PER_SWEEP;
use alloc::sync::Arc;

/// A pattern with its coloring, and where each entry is found in the compressed derivatives.
///
/// It is made once, and used for the derivatives at many points. The kind of coloring decides by which driver:
///
/// | plan | driver |
/// |---|---|
/// | [`columns`](Self::columns) | [`jacobian_into`](super::jacobian_into), one forward pass for 8 colors |
/// | [`rows`](Self::rows) | [`jacobian_by_rows_into`](super::jacobian_by_rows_into), one recording, and a sweep for 4 colors |
/// | [`bidirectional`](Self::bidirectional) | [`jacobian_both_ways_into`](super::jacobian_both_ways_into), both |
/// | [`star`](Self::star), [`acyclic`](Self::acyclic) | [`hessian_into`](super::hessian_into), one recording and sweep for 8 colors |
///
/// ```
/// use nilpotent::sparse::{Order, Pattern, Plan};
/// use nilpotent::Error;
///
/// let pattern = Pattern::new(4, 4, [(0, 0), (1, 0), (1, 1), (2, 2), (3, 2), (3, 3)])?;
/// let plan = Plan::columns(pattern, Order::Natural);
/// assert_eq!((plan.pattern().len(), plan.colors()), (6, 2));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) kind: Kind,
    pattern: Arc<Pattern>,
    pub(super) rows: Coloring,
    pub(super) columns: Coloring,
    pub(super) recovery: Recovery,
}

/// What a plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Columns,
    Rows,
    Both,
    Symmetric,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Rows => "rows",
            Self::Both => "rows and columns",
            Self::Symmetric => "a symmetric matrix",
        }
    }
}

/// How many colors a pass of forward mode takes, and a sweep.
const WIDTHS: Widths = [WIDTH, ROWS_PER_SWEEP];

impl Plan {
    /// Plans a Jacobian by forward mode, with [`color::columns`].
    pub fn columns(pattern: impl Into<Arc<Pattern>>, order: Order) -> Self {
        let pattern = pattern.into();
        let colorings = [Coloring::none(pattern.rows()), color::columns(&pattern, order)];
        Self::valid(pattern, colorings, Kind::Columns)
    }

    /// Plans a Jacobian by reverse mode, with [`color::rows`].
    ///
    /// ```
    /// use nilpotent::sparse::{Order, Pattern, Plan};
    ///
    /// let plan = Plan::rows(Pattern::full(2, 9), Order::Natural);
    /// assert_eq!(plan.colorings().map(|coloring| coloring.count()), [2, 0]);
    /// ```
    pub fn rows(pattern: impl Into<Arc<Pattern>>, order: Order) -> Self {
        let pattern = pattern.into();
        let colorings = [color::rows(&pattern, order), Coloring::none(pattern.columns())];
        Self::valid(pattern, colorings, Kind::Rows)
    }

    /// Plans a Jacobian by forward and reverse mode together, with [`color::bidirectional`].
    ///
    /// If one mode alone needs no more colors, the other one is not used.
    ///
    /// ```
    /// use nilpotent::sparse::{Order, Pattern, Plan};
    ///
    /// let plan = Plan::bidirectional(Pattern::full(2, 9), Order::Natural);
    /// assert_eq!(plan.colorings().map(|coloring| coloring.count()), [2, 0]);
    /// ```
    pub fn bidirectional(pattern: impl Into<Arc<Pattern>>, order: Order) -> Self {
        let pattern = pattern.into();
        let colorings = color::bidirectional(&pattern, order);
        Self::valid(pattern, colorings, Kind::Both)
    }

    /// Plans a Hessian whose entries are recovered directly, with [`color::star`].
    ///
    /// The pattern may be symmetric, or a triangle of a symmetric one: the values are those of its entries.
    ///
    /// # Errors
    /// [`Error::WrongLength`] if the matrix is not square.
    pub fn star(pattern: impl Into<Arc<Pattern>>, order: Order) -> Result<Self, Error> {
        let pattern = pattern.into();
        let columns = color::star(&pattern, order)?;
        Self::with_symmetric_colors(pattern, columns)
    }

    /// Plans a Hessian whose entries are recovered by substitution, with [`color::acyclic`].
    ///
    /// The pattern may be symmetric, or a triangle of a symmetric one: the values are those of its entries.
    ///
    /// ```
    /// use nilpotent::sparse::{self, Order, Pattern, Plan};
    /// use nilpotent::Error;
    ///
    /// let f = |[a, b, c, d]: [_; 4]| a * b + b * c * 2.0 + c * d * 4.0;
    /// let pattern = sparse::hessian_pattern(|[a, b, c, d]| a * b + b * c + c * d, [1.0; 4])?;
    /// let plan = Plan::acyclic(pattern.lower(), Order::Natural)?;
    /// assert_eq!(plan.colors(), 2);
    /// let (mut gradient, mut values) = ([0.0; 4], [0.0; 3]);
    /// sparse::hessian_into(&plan, f, [1.0; 4], &mut gradient, &mut values)?;
    /// assert_eq!((gradient, values), ([1.0, 3.0, 6.0, 4.0], [1.0, 2.0, 4.0]));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongLength`] if the matrix is not square.
    pub fn acyclic(pattern: impl Into<Arc<Pattern>>, order: Order) -> Result<Self, Error> {
        let pattern = pattern.into();
        let columns = color::acyclic(&pattern, order)?;
        Self::with_symmetric_colors(pattern, columns)
    }

    /// Plans a Jacobian by colors of rows and of columns that were found elsewhere. Which driver is right for it depends on
    /// whether rows have colors, or columns, or both.
    ///
    /// ```
    /// use nilpotent::sparse::{Pattern, Plan, color::Coloring};
    /// use nilpotent::Error;
    ///
    /// let pattern = Pattern::new(2, 3, [(0, 0), (0, 2), (1, 1)])?;
    /// let columns = Coloring::new([Some(0), Some(0), Some(1)]);
    /// let plan = Plan::with_colors(pattern.clone(), [Coloring::new([None; 2]), columns])?;
    /// assert_eq!(plan.colors(), 2);
    /// // In row 0 the columns 0 and 2 would be added up.
    /// let wrong = Plan::with_colors(pattern, [Coloring::new([None; 2]), Coloring::new([Some(0); 3])]);
    /// assert_eq!(wrong.unwrap_err().to_string(), "the entry (0, 0) cannot be recovered with these colors");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongLength`] if there is not one color, or `None`, for each row and each column;
    /// [`Error::NotRecoverable`] if an entry could not be told apart from others.
    pub fn with_colors(pattern: impl Into<Arc<Pattern>>, colorings: [Coloring; 2]) -> Result<Self, Error> {
        let kind = match [colorings[0].count, colorings[1].count] {
            [0, _] => Kind::Columns,
            [_, 0] => Kind::Rows,
            _ => Kind::Both,
        };
        Self::new(pattern.into(), colorings, kind)
    }

    /// Plans a Hessian by colors of its columns that were found elsewhere.
    ///
    /// ```
    /// use nilpotent::sparse::{Pattern, Plan, color::Coloring};
    /// use nilpotent::Error;
    ///
    /// let arrow = Pattern::new(4, 4, [(0, 0), (1, 0), (1, 1), (2, 0), (2, 2), (3, 0), (3, 3)])?;
    /// let plan = Plan::with_symmetric_colors(arrow, Coloring::new([0, 1, 1, 1].map(Some)))?;
    /// assert_eq!(plan.colors(), 2);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongLength`] if the matrix is not square, or there is not one color for each column;
    /// [`Error::NotRecoverable`] if an entry could not be told apart from others.
    pub fn with_symmetric_colors(pattern: impl Into<Arc<Pattern>>, columns: Coloring) -> Result<Self, Error> {
        let pattern = pattern.into();
        let rows = Coloring::none(pattern.rows());
        Self::new(pattern, [rows, columns], Kind::Symmetric)
    }

    fn valid(pattern: Arc<Pattern>, colorings: [Coloring; 2], kind: Kind) -> Self {
        Self::new(pattern, colorings, kind).expect("a coloring for direct recovery")
    }

    fn new(pattern: Arc<Pattern>, [rows, columns]: [Coloring; 2], kind: Kind) -> Result<Self, Error> {
        length("colors of rows", pattern.rows(), rows.len())?;
        length("colors of columns", pattern.columns(), columns.len())?;
        let recovery = if kind == Kind::Symmetric {
            Recovery::hessian(&pattern, &columns, WIDTHS)?
        } else {
            Recovery::jacobian(&pattern, [&rows, &columns], WIDTHS)?
        };
        Ok(Self { kind, pattern, rows, columns, recovery })
    }

    /// The pattern, in whose order the drivers write the values.
    pub fn pattern(&self) -> &Arc<Pattern> {
        &self.pattern
    }

    /// The colors of the rows, and those of the columns.
    pub fn colorings(&self) -> [&Coloring; 2] {
        [&self.rows, &self.columns]
    }

    /// The number of colors: how many directions are differentiated instead of one for each column.
    pub fn colors(&self) -> usize {
        self.rows.count + self.columns.count
    }

    /// Checks what a driver was called with.
    pub(super) fn check(&self, kind: Kind, variables: usize, value: usize, values: usize) -> Result<(), Error> {
        if self.kind != kind {
            return Err(Error::WrongPlan { expected: kind.name(), found: self.kind.name() });
        }
        length("variables", self.pattern.columns(), variables)?;
        let what = if kind == Kind::Symmetric { "entries of the gradient" } else { "entries of the value" };
        length(what, self.pattern.rows(), value)?;
        length("values", self.pattern.len(), values)
    }

    /// What is left to do when all entries have been read off.
    pub(super) fn finish<T: Real>(&self, values: &mut [T]) {
        for &[to, from] in &self.recovery.differences {
            values[to] -= values[from];
        }
        for &[to, from] in &self.recovery.copies {
            values[to] = values[from];
        }
    }
}
