//! Least squares problems, with robust losses.

use super::derivatives::add_second;
use super::element::Quantity;
use super::function::{Function, add_to};
use super::kind::At;
use super::loss::Loss;
use super::manifold::Links;
use super::places::Places;
use super::term::Map;
use crate::error::{Error, length};

impl Function {
    /// Returns ½ Σ ρ(‖rₖ‖²), where rₖ are the outputs of element k, and ρ is the loss of its kind.
    ///
    /// # Errors
    /// Those of [`values_into`](Self::values_into), and [`Error::SharedRows`] if the outputs of some elements are not rows of
    /// their own, so that a residual would be a sum of outputs.
    pub fn cost(&self, x: &[f64]) -> Result<f64, Error> {
        self.check(x)?;
        let mut cost = 0.0;
        for (kind, (term, _)) in self.terms().into_iter().enumerate() {
            if term.part.rows().is_some() {
                return Err(Error::SharedRows { kind });
            }
            let (outputs, loss) = (term.part.shape()[2], term.part.loss());
            term.each(Quantity::Values, &At::point(x), None, |_, results| {
                results.chunks_exact(outputs.max(1)).for_each(|residuals| cost += loss.of(residuals).0);
            });
        }
        Ok(cost)
    }

    /// Computes the gradient of the [`cost`](Self::cost), Σ ρ'·Jₖᵀrₖ, and the lower triangle of the normal matrix Σ ρ'·JₖᵀJₖ,
    /// in the order of [`hessian_pattern`](Self::hessian_pattern), and returns the cost.
    ///
    /// The matrix is that of Gauss and Newton for the residuals with the weights √ρ', as in iteratively reweighted least
    /// squares; it leaves out the second derivatives of residuals and losses. For steps on it see *Triggs et al., Bundle
    /// adjustment: a modern synthesis* (2000), section 4.3.
    ///
    /// ```
    /// use nilpotent::separable::{Element, Function, Kind, Loss};
    /// use nilpotent::{Error, Real};
    ///
    /// /// A measured value less that of the line a·t + b at the time t.
    /// struct Line;
    ///
    /// impl Element<2, 1, 2> for Line {
    ///     fn element<T: Real>(&self, [a, b]: [T; 2], [t, y]: [T; 2]) -> [T; 1] {
    ///         [y - (a * t + b)]
    ///     }
    /// }
    ///
    /// let data = [[0.0, 1.0], [1.0, 3.0], [2.0, 25.0]];
    /// let kind = Kind::with_data(Line, [[0, 1]; 3], data)?.with_loss(Loss::Huber(1.0));
    /// let problem = Function::new(2).with(kind)?;
    /// let (mut gradient, mut normal) = ([0.0; 2], [0.0; 3]);
    /// // The last residual is 20, and counts as 2·20 - 1 instead of 20².
    /// assert_eq!(problem.least_squares_into(&[2.0, 1.0], &mut gradient, &mut normal)?, 39.0 / 2.0);
    /// assert_eq!(gradient, [-2.0, -1.0]);
    /// assert_eq!(normal, [1.0 + 4.0 * 0.05, 1.0 + 2.0 * 0.05, 2.0 + 0.05]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`cost`](Self::cost).
    pub fn least_squares_into(&self, x: &[f64], gradient: &mut [f64], normal: &mut [f64]) -> Result<f64, Error> {
        let Places { pattern, of } = self.hessian_places();
        self.check(x)?;
        length("partials", self.columns(), gradient.len())?;
        length("entries of the normal matrix", pattern.len(), normal.len())?;
        gradient.fill(0.0);
        normal.fill(0.0);
        let mut cost = 0.0;
        for (kind, ((term, columns), places)) in self.terms().into_iter().zip(of).enumerate() {
            if term.part.rows().is_some() {
                return Err(Error::SharedRows { kind });
            }
            let ([_, _, outputs], count, loss) = (term.part.shape(), columns.count, term.part.loss());
            let size = count * (count + 1) / 2;
            self.projected(x, term, count, |project| {
                let squares = |k: usize, results: &[f64], to: &mut [f64], links: &mut Links| {
                    let Some((width, project)) = project else { return squared(loss, outputs, count, results, to) };
                    let mut projected = alloc::vec![0.0; width];
                    project(k, results, &mut projected, links);
                    squared(loss, outputs, count, &projected, to);
                };
                let map: Map<'_> = (1 + count + size, &squares);
                term.each(Quantity::Jacobian, &At::point(x), Some(map), |elements, results| {
                    for (k, results) in elements.zip(results.chunks_exact(map.0)) {
                        cost += results[0];
                        let (partials, squares) = results[1..].split_at(count);
                        add_to(gradient, columns.element(k), partials);
                        let places = &places[k * size..][..size];
                        places.iter().zip(squares).for_each(|(&place, &y)| add_second(normal, place, y));
                    }
                });
            });
        }
        Ok(cost)
    }
}

impl Loss {
    /// Half the loss of these residuals, and its slope.
    fn of(self, residuals: &[f64]) -> (f64, f64) {
        let (value, slope) = self.value_and_slope(residuals.iter().map(|r| r * r).sum());
        (0.5 * value, slope)
    }
}

/// From the residuals of an element and the rows of its Jacobian: half its loss, the gradient of that, and the lower triangle of
/// its normal matrix.
fn squared(loss: Loss, outputs: usize, columns: usize, results: &[f64], to: &mut [f64]) {
    let (residuals, rows) = results.split_at(outputs);
    let (half, slope) = loss.of(residuals);
    to.fill(0.0);
    to[0] = half;
    let (gradient, squares) = to[1..].split_at_mut(columns);
    for (residual, row) in residuals.iter().zip(rows.chunks_exact(columns.max(1))) {
        let mut start = 0;
        for (a, &partial) in row.iter().enumerate() {
            let weighted = slope * partial;
            gradient[a] += weighted * residual;
            squares[start..].iter_mut().zip(&row[..=a]).for_each(|(to, other)| *to += weighted * other);
            start += a + 1;
        }
    }
}
