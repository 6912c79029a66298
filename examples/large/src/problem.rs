//! A problem with constraints and bounds, in separable functions.

use nilpotent::Error;
use nilpotent::separable::Function;
use nilpotent::sparse::Pattern;

/// To minimize f(x) subject to l ≤ c(x) ≤ u and to bounds of x.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The objective f, a function with one row.
    pub objective: Function,
    /// The constraints c.
    pub constraints: Function,
    /// The least and the largest value of each row of c; an equation if they are the same.
    pub rows: Vec<[f64; 2]>,
    /// The least and the largest value of each variable.
    pub bounds: Vec<[f64; 2]>,
    /// Where to start.
    pub start: Vec<f64>,
}

impl Problem {
    /// The objective above the constraints, whose Hessian is that of the Lagrangian.
    ///
    /// # Errors
    /// [`Error::WrongLength`] if the numbers of variables differ.
    pub fn lagrangian(&self) -> Result<Function, Error> {
        Function::stack([&self.objective, &self.constraints])
    }

    /// The pattern of the matrix (∇²L Jᵀ; J 0) of Newton's method for the conditions of optimality.
    ///
    /// # Errors
    /// [`Error::WrongLength`] if the numbers of variables differ.
    pub fn system(&self) -> Result<Pattern, Error> {
        let lagrangian = self.lagrangian()?;
        let (n, jacobian) = (lagrangian.columns(), self.constraints.jacobian_pattern());
        let below = jacobian.entries().map(|(i, j)| (n + i, j));
        Pattern::new(n + jacobian.rows(), n + jacobian.rows(), lagrangian.hessian_pattern().entries().chain(below))?
            .symmetric()
    }

    /// By how much x violates the constraint or the bound that it violates most, relative to the limit if that is above 1.
    ///
    /// # Errors
    /// Those of [`Function::values_into`].
    pub fn violation(&self, x: &[f64]) -> Result<f64, Error> {
        let mut values = vec![0.0; self.constraints.rows()];
        self.constraints.values_into(x, &mut values)?;
        let all = values.iter().zip(&self.rows).chain(x.iter().zip(&self.bounds));
        let relative = |distance: f64, limit: f64| if distance > 0.0 { distance / limit.abs().max(1.0) } else { 0.0 };
        let worse = |(&value, &[least, most]): (&f64, &[f64; 2])| {
            relative(least - value, least).max(relative(value - most, most))
        };
        Ok(all.map(worse).fold(0.0, f64::max))
    }
}
