//! `Function`: sums and stacks of elements.

use super::element::{Element, Quantity};
use super::kind::{At, Kind, Part};
use super::manifold::{Manifold, Tangent};
use super::places::{Columns, Places};
use super::term::Term;
use crate::error::{Error, length};
use crate::sparse::Pattern;
use alloc::sync::Arc;
use alloc::vec::Vec;
use std::sync::OnceLock;

/// A partially separable function c: ℝⁿ → ℝᵐ, each row of which is a sum of elements: cᵢ(x) = Σₖ φₖ(x).
///
/// A function with one row is an objective. A function each of whose rows is one output of one element is a vector of
/// residuals. Rows that are sums of several elements are, for example, the balances at the nodes of a network.
///
/// ```
/// use nilpotent::separable::{Element, Function, Kind};
/// use nilpotent::{Error, Real};
///
/// struct Rosenbrock;
///
/// impl Element<2> for Rosenbrock {
///     fn element<T: Real>(&self, [x, y]: [T; 2], []: [T; 0]) -> [T; 1] {
///         [(y - x * x).powi(2) * T::lit(100.0) + (x - T::one()).powi(2)]
///     }
/// }
///
/// // The chained function Σ 100·(xᵢ₊₁ - xᵢ²)² + (xᵢ - 1)².
/// let f = Function::new(4).with(Kind::new(Rosenbrock, (0..3).map(|i| [i, i + 1])).to_row(0))?;
/// let mut gradient = [0.0; 4];
/// assert_eq!(f.gradient_into(&[1.0, 1.0, 1.0, 2.0], &mut gradient)?, 100.0);
/// assert_eq!(gradient, [0.0, 0.0, -400.0, 200.0]);
///
/// // The lower triangle of the Hessian: its pattern is found once, and values go to their places.
/// let pattern = f.hessian_pattern();
/// assert_eq!(pattern.to_string(), "• · · ·\n• • · ·\n· • • ·\n· · • •\n");
/// let mut entries = [0.0; 7];
/// f.hessian_into(&[1.0; 4], &[1.0], &mut entries)?;
/// assert_eq!(entries, [802.0, -400.0, 1002.0, -400.0, 1002.0, -400.0, 200.0]);
/// # Ok::<(), Error>(())
/// ```
///
/// Partial separability: Griewank & Toint, *On the unconstrained optimization of partially separable functions* (1982).
#[derive(Clone, Debug, Default)]
pub struct Function {
    rows: usize,
    terms: Vec<Term>,
    tangent: Tangent,
    /// The columns of the elements of each term, and how many an element has, if some variables are on manifolds.
    columns: OnceLock<Vec<(Vec<u32>, usize)>>,
    jacobian: OnceLock<Places>,
    hessian: OnceLock<Places>,
}

impl Function {
    /// A function of so many variables, without elements and rows.
    ///
    /// # Panics
    /// If there are 2³² variables or more.
    pub fn new(variables: usize) -> Self {
        assert!(u32::try_from(variables).is_ok(), "{variables} variables, of which there may be less than 2³²");
        Self { tangent: Tangent::new(variables), ..Self::default() }
    }

    /// Adds the elements of a kind. Unless the kind says to which rows its outputs are added, each is a new row after those
    /// that the function has, one element's after another's.
    ///
    /// # Errors
    /// [`Error::NoSuchVariable`] if an element has an index that is not that of a variable.
    pub fn with<E, const K: usize, const M: usize, const D: usize>(
        mut self,
        kind: Kind<E, K, M, D>,
    ) -> Result<Self, Error>
    where
        E: Element<K, M, D>,
    {
        let (part, variables): (Arc<dyn Part>, _) = (Arc::new(kind), self.variables());
        if let Some(place) = part.variables().iter().position(|&index| index as usize >= variables) {
            let index = part.variables()[place] as usize;
            return Err(Error::NoSuchVariable { element: place / K, argument: place % K, index, variables });
        }
        let [elements, ..] = part.shape();
        let (first_row, end) = match part.rows() {
            None => (self.rows, self.rows + elements * M),
            Some(rows) => (0, rows.iter().max().map_or(0, |&last| last as usize + 1)),
        };
        self.rows = self.rows.max(end);
        self.terms.push(Term { part, first_row });
        Ok(self.changed())
    }

    /// Adds rows of zeros, until there are at least so many. Rows are otherwise as many as the elements need.
    #[must_use]
    pub fn with_rows(self, rows: usize) -> Self {
        Self { rows: self.rows.max(rows), ..self }.changed()
    }

    /// Puts the A variables from each of these indices on on a manifold. All derivatives have columns for the steps of
    /// its tangent instead of these variables, in the same order.
    ///
    /// ```
    /// use nilpotent::separable::{Fixed, Function, Quaternions};
    /// use nilpotent::Error;
    ///
    /// // Two poses: a position and a quaternion each. The first pose is held where it is.
    /// let function = Function::new(14).on::<_, 7, 0>(Fixed, [0])?.on(Quaternions, [10])?;
    /// assert_eq!((function.variables(), function.columns()), (14, 6));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoSuchCoordinate`] if a point's variables are not all there, and [`Error::TwoManifolds`] if a variable is on a
    /// manifold already.
    pub fn on<Z: Manifold<A, L>, const A: usize, const L: usize>(
        mut self,
        manifold: Z,
        starts: impl IntoIterator<Item = usize>,
    ) -> Result<Self, Error> {
        self.tangent.put(manifold, starts)?;
        Ok(self.changed())
    }

    /// Forgets what was made for other elements, rows or manifolds.
    fn changed(self) -> Self {
        Self { rows: self.rows, terms: self.terms, tangent: self.tangent, ..Self::default() }
    }

    /// The rows of the functions one below another, which must have the same variables on the same manifolds. The elements
    /// are shared.
    ///
    /// So [`hessian_into`](Self::hessian_into) of an objective f above its constraints c, with the weights (σ, λ), is that of
    /// the Lagrangian: σ∇²f + Σ λᵢ∇²cᵢ.
    ///
    /// # Errors
    /// [`Error::WrongLength`] if the numbers of variables differ, and [`Error::DifferentManifolds`] if the manifolds do.
    /// Manifolds of one type count as the same.
    pub fn stack<'f>(functions: impl IntoIterator<Item = &'f Self>) -> Result<Self, Error> {
        let mut functions = functions.into_iter().peekable();
        let mut stack =
            Self { tangent: functions.peek().map_or_else(Tangent::default, |f| f.tangent.clone()), ..Self::default() };
        for (function, f) in functions.enumerate() {
            length("variables of each function", stack.variables(), f.variables())?;
            if let Some(variable) = stack.tangent.difference(&f.tangent) {
                return Err(Error::DifferentManifolds { function, variable });
            }
            let below = |term: &Term| Term { first_row: stack.rows + term.first_row, ..term.clone() };
            stack.terms.extend(f.terms.iter().map(below));
            stack.rows += f.rows;
        }
        Ok(stack)
    }

    /// The number of variables: of coordinates of a point.
    pub fn variables(&self) -> usize {
        self.tangent.variables()
    }

    /// The number of columns of derivatives, which is that of variables if none is on a manifold.
    pub fn columns(&self) -> usize {
        self.tangent.columns
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of elements of all kinds.
    pub fn elements(&self) -> usize {
        self.terms.iter().map(|term| term.part.shape()[0]).sum()
    }

    /// All terms, with the columns of their elements.
    pub(super) fn terms(&self) -> Vec<(&Term, Columns<'_>)> {
        if self.is_flat() {
            let columns = |term: &Term| term.part.shape()[1];
            return self
                .terms
                .iter()
                .map(|term| (term, Columns { of: term.part.variables(), count: columns(term) }))
                .collect();
        }
        let columns = self.columns.get_or_init(|| {
            let columns = |term: &Term| {
                let of: Vec<_> = (0..term.part.shape()[0]).map(|k| self.tangent.columns(term.variables(k))).collect();
                let count = of.iter().map(Vec::len).max().unwrap_or(0);
                // Elements with fewer columns repeat one, to which they add 0, so that all results of a kind have one width.
                let padded = |of: Vec<u32>| {
                    let first = of.first().copied().unwrap_or(0);
                    of.into_iter().chain(core::iter::repeat(first)).take(count)
                };
                (of.into_iter().flat_map(padded).collect(), count)
            };
            self.terms.iter().map(columns).collect()
        });
        let terms = self.terms.iter().zip(columns);
        terms.map(|(term, (of, count))| (term, Columns { of, count: *count })).collect()
    }

    /// Whether no variable is on a manifold.
    pub(super) fn is_flat(&self) -> bool {
        self.tangent.is_flat()
    }

    pub(super) fn tangent(&self) -> &Tangent {
        &self.tangent
    }

    pub(super) fn jacobian_places(&self) -> &Places {
        self.jacobian.get_or_init(|| Places::of_jacobian([self.rows, self.columns()], &self.terms()))
    }

    pub(super) fn hessian_places(&self) -> &Places {
        self.hessian.get_or_init(|| Places::of_hessian(self.columns(), &self.terms(), self.tangent.curved()))
    }

    /// The pattern of the Jacobian: an entry for each variable of each element in the rows of its outputs. If elements of a kind
    /// have different numbers of columns, because some of their variables are held, an element without any has an entry in
    /// column 0, which is 0.
    pub fn jacobian_pattern(&self) -> &Arc<Pattern> {
        &self.jacobian_places().pattern
    }

    /// The pattern of the Hessian's lower triangle: an entry for each two variables of an element, and for each two columns of a
    /// point on a manifold. It is that of JᵀJ as well.
    pub fn hessian_pattern(&self) -> &Arc<Pattern> {
        &self.hessian_places().pattern
    }

    /// Computes c(x).
    ///
    /// # Errors
    /// [`Error::WrongLength`] if there are not as many coordinates as variables, or not as many values as rows;
    /// [`Error::NotFinite`] if a coordinate is not finite. All methods that compute something return these errors.
    pub fn values_into(&self, x: &[f64], values: &mut [f64]) -> Result<(), Error> {
        self.check(x)?;
        length("values", self.rows, values.len())?;
        values.fill(0.0);
        for term in &self.terms {
            let outputs = term.part.shape()[2];
            term.each(Quantity::Values, &At::point(x), None, |elements, results| {
                let places = elements.start * outputs..elements.end * outputs;
                let values = &mut values[term.first_row..];
                match term.part.rows() {
                    None => values[places].copy_from_slice(results),
                    Some(rows) => add_to(values, &rows[places], results),
                }
            });
        }
        Ok(())
    }

    /// Returns f(x) of a function with one row, or with none, which is 0.
    ///
    /// # Errors
    /// Those of [`values_into`](Self::values_into), and [`Error::WrongLength`] if there are more rows.
    pub fn value(&self, x: &[f64]) -> Result<f64, Error> {
        self.one_row()?;
        let mut value = [0.0];
        self.values_into(x, &mut value[..self.rows.min(1)])?;
        Ok(value[0])
    }

    /// Computes the point to which a step leads: x + δ, or on a manifold `plus(x, δ)`.
    ///
    /// # Errors
    /// Those of [`values_into`](Self::values_into).
    pub fn plus_into(&self, x: &[f64], step: &[f64], to: &mut [f64]) -> Result<(), Error> {
        self.check(x)?;
        length("components of the step", self.columns(), step.len())?;
        length("coordinates", self.variables(), to.len())?;
        self.tangent.plus(x, step, to);
        Ok(())
    }

    /// Checks that there is not more than one row.
    pub(super) fn one_row(&self) -> Result<(), Error> {
        length("rows of a function with one value", self.rows.min(1), self.rows)
    }

    /// Checks a point.
    pub(super) fn check(&self, x: &[f64]) -> Result<(), Error> {
        length("coordinates", self.variables(), x.len())?;
        match x.iter().position(|x| !x.is_finite()) {
            Some(index) => Err(Error::NotFinite { index, value: x[index] }),
            None => Ok(()),
        }
    }
}

/// Adds each result to its place.
#[inline]
pub(super) fn add_to(to: &mut [f64], places: &[u32], results: &[f64]) {
    let mut sums = Sums::new(to);
    places.iter().zip(results).for_each(|(&place, &y)| sums.add(place, y));
}

/// Adds results to their places. As long as the place stays the same, the sum is in a register: memory would be read right
/// after it was written.
pub(super) struct Sums<'a> {
    to: &'a mut [f64],
    place: u32,
    sum: f64,
}

impl<'a> Sums<'a> {
    #[inline]
    pub(super) fn new(to: &'a mut [f64]) -> Self {
        let sum = to.first().map_or(0.0, |&first| first);
        Self { to, place: 0, sum }
    }

    #[inline]
    pub(super) fn add(&mut self, place: u32, y: f64) {
        if place != self.place {
            self.to[self.place as usize] = self.sum;
            (self.place, self.sum) = (place, self.to[place as usize]);
        }
        self.sum += y;
    }
}

impl Drop for Sums<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(last) = self.to.get_mut(self.place as usize) {
            *last = self.sum;
        }
    }
}
