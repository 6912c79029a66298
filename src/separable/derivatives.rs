//! The derivatives of functions: elements are computed, and their results go to their places.

use super::element::Quantity;
use super::function::{Function, Sums, add_to};
use super::kind::At;
use super::manifold::{Links, project, project_both};
use super::places::{Places, TWICE};
use super::term::{Map, Term};
use crate::error::{Error, length};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

impl Function {
    /// Computes the gradient of a function with one row, and returns the value.
    ///
    /// # Errors
    /// Those of [`value`](Self::value).
    pub fn gradient_into(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        self.check(x)?;
        self.one_row()?;
        length("partials", self.columns(), gradient.len())?;
        let mut value = 0.0;
        self.flat(x, gradient, |gradient| {
            for (term, _) in self.terms() {
                let ([_, variables, outputs], places) = (term.part.shape(), term.part.variables());
                term.each(Quantity::Jacobian, &At::point(x), None, |elements, results| {
                    let mut sums = Sums::new(gradient);
                    for (k, results) in elements.zip(results.chunks_exact((outputs * (1 + variables)).max(1))) {
                        let places = &places[k * variables..][..variables];
                        let (outputs, mut partials) = results.split_at(outputs);
                        for y in outputs {
                            // One after another, as in `value`.
                            value += y;
                            let these;
                            (these, partials) = partials.split_at(variables);
                            places.iter().zip(these).for_each(|(&place, &y)| sums.add(place, y));
                        }
                    }
                });
            }
        });
        Ok(value)
    }

    /// Computes wᵀJ, the gradient of the weighted sum of the rows.
    ///
    /// # Errors
    /// Those of [`values_into`](Self::values_into).
    pub fn vjp_into(&self, x: &[f64], weights: &[f64], gradient: &mut [f64]) -> Result<(), Error> {
        self.check(x)?;
        length("weights", self.rows(), weights.len())?;
        length("partials", self.columns(), gradient.len())?;
        self.flat(x, gradient, |gradient| self.scatter(Quantity::Gradient, x, weights, &[], gradient));
        Ok(())
    }

    /// Computes the product of a direction and the Hessian of the weighted sum of the rows.
    ///
    /// # Errors
    /// Those of [`values_into`](Self::values_into).
    pub fn hvp_into(&self, x: &[f64], weights: &[f64], direction: &[f64], product: &mut [f64]) -> Result<(), Error> {
        self.check(x)?;
        length("weights", self.rows(), weights.len())?;
        length("components of the direction", self.columns(), direction.len())?;
        length("components of the product", self.columns(), product.len())?;
        if self.is_flat() {
            product.fill(0.0);
            self.scatter(Quantity::Product, x, weights, direction, product);
            return Ok(());
        }
        let (tangent, mut along) = (self.tangent(), vec![0.0; self.variables()]);
        tangent.push(&tangent.derivatives(x), direction, &mut along);
        self.flat(x, product, |product| self.scatter(Quantity::Product, x, weights, &along, product));
        for ([i, j], y) in tangent.curved().zip(self.curvatures(x, weights)) {
            product[i] += y * direction[j];
            if i != j {
                product[j] += y * direction[i];
            }
        }
        Ok(())
    }

    /// Computes partials in the variables, and from them those in the columns.
    fn flat(&self, x: &[f64], to: &mut [f64], partials: impl FnOnce(&mut [f64])) {
        to.fill(0.0);
        if self.is_flat() {
            return partials(to);
        }
        let mut all = vec![0.0; self.variables()];
        partials(&mut all);
        self.tangent().pull(&self.tangent().derivatives(x), &all, to);
    }

    /// Second derivatives that come from the curvature of manifolds.
    fn curvatures(&self, x: &[f64], weights: &[f64]) -> Vec<f64> {
        // Variables that are only held need no partials.
        if self.tangent().curved().next().is_none() {
            return Vec::new();
        }
        let mut partials = vec![0.0; self.variables()];
        self.scatter(Quantity::Gradient, x, weights, &[], &mut partials);
        self.tangent().curvatures(x, &partials)
    }

    /// Adds a result for each variable of each element to the variable's place.
    fn scatter(&self, quantity: Quantity, x: &[f64], weights: &[f64], direction: &[f64], to: &mut [f64]) {
        for (term, _) in self.terms() {
            let at = At { x, weights: &weights[term.first_row..], direction };
            term.each(quantity, &at, None, |elements, results| {
                let variables = term.part.shape()[1];
                add_to(to, &term.part.variables()[elements.start * variables..], results);
            });
        }
    }

    /// Calls `f` with a map that projects the rows of an element's Jacobian on the columns, behind the outputs.
    pub(super) fn projected(&self, x: &[f64], term: &Term, columns: usize, f: impl FnOnce(Option<Map<'_>>)) {
        if self.is_flat() {
            return f(None);
        }
        let [_, variables, outputs] = term.part.shape();
        let derivatives = self.tangent().derivatives(x);
        f(Some((outputs * (1 + columns), &|k, results, to, links| {
            self.tangent().link(&derivatives, term.variables(k), links);
            to[..outputs].copy_from_slice(&results[..outputs]);
            project(links, variables, &results[outputs..], columns, &mut to[outputs..]);
        })));
    }

    /// Computes c(x) and the entries of the Jacobian, in the order of [`jacobian_pattern`](Self::jacobian_pattern).
    ///
    /// # Errors
    /// Those of [`values_into`](Self::values_into).
    pub fn jacobian_into(&self, x: &[f64], values: &mut [f64], entries: &mut [f64]) -> Result<(), Error> {
        let Places { pattern, of } = self.jacobian_places();
        self.check(x)?;
        length("values", self.rows(), values.len())?;
        length("entries of the Jacobian", pattern.len(), entries.len())?;
        values.fill(0.0);
        entries.fill(0.0);
        for ((term, columns), places) in self.terms().into_iter().zip(of) {
            self.projected(x, term, columns.count, |map| {
                let outputs = term.part.shape()[2];
                let places = (&pattern.starts()[term.first_row..], &places[..]);
                let to = (&mut values[term.first_row..], &mut *entries);
                jacobian_of(term, [outputs, columns.count], places, &At::point(x), map, to);
            });
        }
        Ok(())
    }

    /// Computes the entries of the lower triangle of the Hessian of the weighted sum of the rows, Σ wᵢ∇²cᵢ, in the order of
    /// [`hessian_pattern`](Self::hessian_pattern).
    ///
    /// # Errors
    /// Those of [`values_into`](Self::values_into).
    pub fn hessian_into(&self, x: &[f64], weights: &[f64], entries: &mut [f64]) -> Result<(), Error> {
        let Places { pattern, of } = self.hessian_places();
        self.check(x)?;
        length("weights", self.rows(), weights.len())?;
        length("entries of the Hessian", pattern.len(), entries.len())?;
        entries.fill(0.0);
        let derivatives = self.tangent().derivatives(x);
        for ((term, columns), places) in self.terms().into_iter().zip(of) {
            let at = At { x, weights: &weights[term.first_row..], direction: &[] };
            let size = columns.count * (columns.count + 1) / 2;
            let project = |k: usize, hessian: &[f64], to: &mut [f64], links: &mut Links| {
                self.tangent().link(&derivatives, term.variables(k), links);
                project_both(links, term.part.shape()[1], hessian, columns.count, to);
            };
            let map: Option<Map<'_>> = if self.is_flat() { None } else { Some((size, &project)) };
            term.each(Quantity::Hessian, &at, map, |elements, results| {
                let places = &places[elements.start * size..elements.end * size];
                places.iter().zip(results).for_each(|(&place, &y)| add_second(entries, place, y));
            });
        }
        if !self.is_flat() {
            for ([i, j], y) in self.tangent().curved().zip(self.curvatures(x, weights)) {
                entries[pattern.position(i, j).expect("an entry of the pattern")] += y;
            }
        }
        Ok(())
    }
}

/// Adds a second partial to its place.
#[inline]
pub(super) fn add_second(entries: &mut [f64], place: u32, y: f64) {
    entries[(place & !TWICE) as usize] += if place & TWICE == 0 { y } else { 2.0 * y };
}

/// Adds the outputs and the Jacobians of a term's elements. The values and the starts of matrix rows are those from the first
/// row of the term on.
fn jacobian_of(
    term: &Term,
    [outputs, columns]: [usize; 2],
    (starts, places): (&[usize], &[u32]),
    at: &At<'_>,
    map: Option<Map<'_>>,
    (values, entries): (&mut [f64], &mut [f64]),
) {
    let size = outputs * columns;
    let width = (outputs + size).max(1);
    let places = |elements: &Range<usize>| elements.clone().map(|k| &places[k * size..][..size]);
    if let Some(rows) = term.part.rows() {
        return term.each(Quantity::Jacobian, at, map, |elements, results| {
            let rows = rows[elements.start * outputs..].chunks_exact(outputs.max(1));
            for ((results, rows), places) in results.chunks_exact(width).zip(rows).zip(places(&elements)) {
                let (outputs, partials) = results.split_at(outputs);
                add_to(values, rows, outputs);
                add_to(entries, places, partials);
            }
        });
    }
    // The rows of each chunk are its own, and follow those of the one before.
    let (mut values, mut entries) = (values, &mut entries[starts[0]..]);
    let parts = |chunk: Range<usize>| {
        let [first, end] = [chunk.start, chunk.end].map(|k| starts[k * outputs]);
        let (these, rest) = core::mem::take(&mut values).split_at_mut(chunk.len() * outputs);
        let (mine, others) = core::mem::take(&mut entries).split_at_mut(end - first);
        (values, entries) = (rest, others);
        (these, mine, first)
    };
    term.each_apart(Quantity::Jacobian, at, map, parts, |elements, (values, entries, first), results| {
        let values = values.chunks_exact_mut(outputs.max(1));
        for ((results, values), places) in results.chunks_exact(width).zip(values).zip(places(&elements)) {
            let (outputs, partials) = results.split_at(outputs);
            values.copy_from_slice(outputs);
            for (&place, y) in places.iter().zip(partials) {
                entries[place as usize - first] += y;
            }
        }
    });
}
