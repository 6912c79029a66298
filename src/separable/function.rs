//! `Function`: sums of elements, with their derivatives.

use super::element::{Element, Quantity};
use super::kind::{At, Kind, Part};
use super::places::{Places, TWICE};
use super::term::Term;
use crate::error::{Error, length};
use crate::sparse::Pattern;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;
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
/// assert_eq!(f.gradient(&[1.0, 1.0, 1.0, 2.0], &mut gradient)?, 100.0);
/// assert_eq!(gradient, [0.0, 0.0, -400.0, 200.0]);
///
/// // The lower triangle of the Hessian: its pattern is found once, and values go to their places.
/// let pattern = f.hessian_pattern();
/// assert_eq!(pattern.to_string(), "• · · ·\n• • · ·\n· • • ·\n· · • •\n");
/// let mut entries = [0.0; 7];
/// f.hessian(&[1.0; 4], &[1.0], &mut entries)?;
/// assert_eq!(entries, [802.0, -400.0, 1002.0, -400.0, 1002.0, -400.0, 200.0]);
/// # Ok::<(), Error>(())
/// ```
///
/// Partial separability: Griewank & Toint, *On the unconstrained optimization of partially separable functions* (1982).
#[derive(Clone, Debug, Default)]
pub struct Function {
    variables: usize,
    rows: usize,
    terms: Vec<Term>,
    jacobian: OnceLock<Places>,
    hessian: OnceLock<Places>,
}

impl Function {
    /// A function of so many variables, without elements and rows.
    pub fn new(variables: usize) -> Self {
        Self { variables, ..Self::default() }
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
        let part: Arc<dyn Part> = Arc::new(kind);
        if let Some(place) = part.variables().iter().position(|&index| index as usize >= self.variables) {
            let (index, variables) = (part.variables()[place] as usize, self.variables);
            return Err(Error::NoSuchVariable { element: place / K, argument: place % K, index, variables });
        }
        let [elements, ..] = part.shape();
        let (first_row, end) = match part.rows() {
            None => (self.rows, self.rows + elements * M),
            Some(rows) => (0, rows.iter().max().map_or(0, |&last| last as usize + 1)),
        };
        self.rows = self.rows.max(end);
        self.terms.push(Term { part, first_row });
        (self.jacobian, self.hessian) = Default::default();
        Ok(self)
    }

    /// Adds rows of zeros, until there are at least so many. Rows are otherwise as many as the elements need.
    #[must_use]
    pub fn with_rows(self, rows: usize) -> Self {
        Self { rows: self.rows.max(rows), jacobian: OnceLock::new(), ..self }
    }

    /// The rows of the functions one below another, which must have the same variables. The elements are shared.
    ///
    /// So the [`hessian`](Self::hessian) of an objective f above its constraints c, with the weights (σ, λ), is that of
    /// the Lagrangian: σ∇²f + Σ λᵢ∇²cᵢ.
    ///
    /// # Errors
    /// [`Error::WrongLength`] if the numbers of variables differ.
    pub fn stack<'f>(functions: impl IntoIterator<Item = &'f Self>) -> Result<Self, Error> {
        let mut functions = functions.into_iter().peekable();
        let mut stack = Self::new(functions.peek().map_or(0, |f| f.variables));
        for f in functions {
            length("variables of each function", stack.variables, f.variables)?;
            let below = |term: &Term| Term { first_row: stack.rows + term.first_row, ..term.clone() };
            stack.terms.extend(f.terms.iter().map(below));
            stack.rows += f.rows;
        }
        Ok(stack)
    }

    /// The number of variables.
    pub fn variables(&self) -> usize {
        self.variables
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of elements of all kinds.
    pub fn elements(&self) -> usize {
        self.terms.iter().map(|term| term.part.shape()[0]).sum()
    }

    fn jacobian_places(&self) -> &Places {
        self.jacobian.get_or_init(|| {
            Places::of_jacobian(self.rows, self.variables, &self.terms).expect("all indices are checked")
        })
    }

    pub(super) fn hessian_places(&self) -> &Places {
        self.hessian.get_or_init(|| Places::of_hessian(self.variables, &self.terms).expect("all indices are checked"))
    }

    /// The pattern of the Jacobian: an entry for each variable of each element in the rows of its outputs.
    pub fn jacobian_pattern(&self) -> &Arc<Pattern> {
        &self.jacobian_places().pattern
    }

    /// The pattern of the Hessian's lower triangle: an entry for each two variables of an element. It is that of JᵀJ as well.
    pub fn hessian_pattern(&self) -> &Arc<Pattern> {
        &self.hessian_places().pattern
    }

    /// Computes c(x).
    ///
    /// # Errors
    /// [`Error::WrongLength`] if there are not as many coordinates as variables, or not as many values as rows;
    /// [`Error::NotFinite`] if a coordinate is not finite. All methods below return these errors.
    pub fn values(&self, x: &[f64], values: &mut [f64]) -> Result<(), Error> {
        self.check(x)?;
        length("values", self.rows, values.len())?;
        values.fill(0.0);
        for term in &self.terms {
            let outputs = term.part.shape()[2];
            term.each(Quantity::Values, &At::point(x), |elements, results| {
                let places = elements.start * outputs..elements.end * outputs;
                let values = &mut values[term.first_row..];
                match term.part.rows() {
                    None => values[places].iter_mut().zip(results).for_each(|(value, y)| *value += y),
                    Some(rows) => add_to(values, &rows[places], results),
                }
            });
        }
        Ok(())
    }

    /// Returns f(x) of a function with one row, or with none, which is 0.
    ///
    /// # Errors
    /// Those of [`values`](Self::values), and [`Error::WrongLength`] if there are more rows.
    pub fn value(&self, x: &[f64]) -> Result<f64, Error> {
        let mut value = [0.0];
        self.values(x, &mut value[..self.rows.min(1)])?;
        Ok(value[0])
    }

    /// Computes the gradient of a function with one row, and returns the value.
    ///
    /// # Errors
    /// Those of [`value`](Self::value).
    pub fn gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        let mut value = 0.0;
        self.check(x)?;
        length("rows of a function with one value", self.rows.min(1), self.rows)?;
        length("partials", self.variables, gradient.len())?;
        gradient.fill(0.0);
        for term in &self.terms {
            let [_, variables, outputs] = term.part.shape();
            term.each(Quantity::Jacobian, &At::point(x), |elements, results| {
                let places = term.part.variables()[elements.start * variables..].chunks_exact(variables.max(1));
                let mut sums = Sums::new(gradient);
                for (results, places) in results.chunks_exact(outputs * (1 + variables)).zip(places) {
                    let (outputs, partials) = results.split_at(outputs);
                    value += outputs.iter().sum::<f64>();
                    for partials in partials.chunks_exact(variables.max(1)) {
                        places.iter().zip(partials).for_each(|(&place, &y)| sums.add(place, y));
                    }
                }
            });
        }
        Ok(value)
    }

    /// Computes wᵀJ, the gradient of the weighted sum of the rows.
    ///
    /// # Errors
    /// Those of [`values`](Self::values).
    pub fn pullback(&self, x: &[f64], weights: &[f64], gradient: &mut [f64]) -> Result<(), Error> {
        self.check(x)?;
        length("weights", self.rows, weights.len())?;
        length("partials", self.variables, gradient.len())?;
        self.scatter(Quantity::Gradient, x, weights, &[], gradient);
        Ok(())
    }

    /// Computes the product of a direction and the Hessian of the weighted sum of the rows.
    ///
    /// # Errors
    /// Those of [`values`](Self::values).
    pub fn hvp(&self, x: &[f64], weights: &[f64], direction: &[f64], product: &mut [f64]) -> Result<(), Error> {
        self.check(x)?;
        length("weights", self.rows, weights.len())?;
        length("components of the direction", self.variables, direction.len())?;
        length("components of the product", self.variables, product.len())?;
        self.scatter(Quantity::Product, x, weights, direction, product);
        Ok(())
    }

    /// Adds a result for each variable of each element to the variable's place.
    fn scatter(&self, quantity: Quantity, x: &[f64], weights: &[f64], direction: &[f64], to: &mut [f64]) {
        to.fill(0.0);
        for term in &self.terms {
            let at = At { x, weights: &weights[term.first_row..], direction };
            term.each(quantity, &at, |elements, results| {
                let variables = term.part.shape()[1];
                add_to(to, &term.part.variables()[elements.start * variables..], results);
            });
        }
    }

    /// Computes c(x) and the entries of the Jacobian, in the order of [`jacobian_pattern`](Self::jacobian_pattern).
    ///
    /// # Errors
    /// Those of [`values`](Self::values).
    pub fn jacobian(&self, x: &[f64], values: &mut [f64], entries: &mut [f64]) -> Result<(), Error> {
        let Places { pattern, of } = self.jacobian_places();
        self.check(x)?;
        length("values", self.rows, values.len())?;
        length("entries of the Jacobian", pattern.len(), entries.len())?;
        values.fill(0.0);
        entries.fill(0.0);
        for (term, places) in self.terms.iter().zip(of) {
            let [_, variables, outputs] = term.part.shape();
            let size = outputs * variables;
            let width = outputs + size;
            let at = At::point(x);
            if let Some(rows) = term.part.rows() {
                term.each(Quantity::Jacobian, &at, |elements, results| {
                    let rows = rows[elements.start * outputs..].chunks_exact(outputs);
                    let places = places[elements.start * size..].chunks_exact(size.max(1));
                    for ((results, rows), places) in results.chunks_exact(width).zip(rows).zip(places) {
                        let (outputs, partials) = results.split_at(outputs);
                        add_to(&mut values[term.first_row..], rows, outputs);
                        add_to(entries, places, partials);
                    }
                });
                continue;
            }
            // The rows of each chunk are its own, and follow those of the one before.
            let start = |k: usize| pattern.starts()[term.first_row + k * outputs];
            let (mut values, mut entries) = (&mut values[term.first_row..], &mut entries[start(0)..]);
            let parts = |chunk: Range<usize>| {
                let first = start(chunk.start);
                let (these, rest) = core::mem::take(&mut values).split_at_mut(chunk.len() * outputs);
                let (places, others) = core::mem::take(&mut entries).split_at_mut(start(chunk.end) - first);
                (values, entries) = (rest, others);
                (these, places, first)
            };
            term.each_apart(Quantity::Jacobian, &at, parts, |elements, (values, entries, first), results| {
                let places = places[elements.start * size..].chunks_exact(size.max(1));
                let values = values.chunks_exact_mut(outputs);
                for ((results, values), places) in results.chunks_exact(width).zip(values).zip(places) {
                    let (outputs, partials) = results.split_at(outputs);
                    values.copy_from_slice(outputs);
                    for (&place, y) in places.iter().zip(partials) {
                        entries[place as usize - first] += y;
                    }
                }
            });
        }
        Ok(())
    }

    /// Computes the entries of the lower triangle of the Hessian of the weighted sum of the rows, Σ wᵢ∇²cᵢ, in the order of
    /// [`hessian_pattern`](Self::hessian_pattern).
    ///
    /// # Errors
    /// Those of [`values`](Self::values).
    pub fn hessian(&self, x: &[f64], weights: &[f64], entries: &mut [f64]) -> Result<(), Error> {
        let Places { pattern, of } = self.hessian_places();
        self.check(x)?;
        length("weights", self.rows, weights.len())?;
        length("entries of the Hessian", pattern.len(), entries.len())?;
        entries.fill(0.0);
        for (term, places) in self.terms.iter().zip(of) {
            let at = At { x, weights: &weights[term.first_row..], direction: &[] };
            let variables = term.part.shape()[1];
            let size = variables * (variables + 1) / 2;
            term.each(Quantity::Hessian, &at, |elements, results| {
                let places = &places[elements.start * size..elements.end * size];
                places.iter().zip(results).for_each(|(&place, &y)| add_second(entries, place, y));
            });
        }
        Ok(())
    }

    /// Checks the point.
    pub(super) fn check(&self, x: &[f64]) -> Result<(), Error> {
        length("coordinates", self.variables, x.len())?;
        match x.iter().position(|x| !x.is_finite()) {
            Some(index) => Err(Error::NotFinite { index, value: x[index] }),
            None => Ok(()),
        }
    }
}

/// Adds each result to its place.
#[inline]
fn add_to(to: &mut [f64], places: &[u32], results: &[f64]) {
    let mut sums = Sums::new(to);
    places.iter().zip(results).for_each(|(&place, &y)| sums.add(place, y));
}

/// Adds results to their places. As long as the place stays the same, the sum is in a register: memory would be read right
/// after it was written.
struct Sums<'a> {
    to: &'a mut [f64],
    place: u32,
    sum: f64,
}

impl<'a> Sums<'a> {
    #[inline]
    fn new(to: &'a mut [f64]) -> Self {
        let sum = to.first().map_or(0.0, |&first| first);
        Self { to, place: 0, sum }
    }

    #[inline]
    fn add(&mut self, place: u32, y: f64) {
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

/// Adds a second partial to its place.
#[inline]
pub(super) fn add_second(entries: &mut [f64], place: u32, y: f64) {
    entries[(place & !TWICE) as usize] += if place & TWICE == 0 { y } else { 2.0 * y };
}
