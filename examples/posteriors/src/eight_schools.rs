//! Eight schools: what coaching does to the results of a test, in each of eight schools, given estimates with standard errors.

use super::common::Error;
use super::data::Data;
use super::model::{Model, numbered};
use nilpotent::constrained::Constraint;
use nilpotent::{Real, density};
use std::path::Path;

pub(crate) struct EightSchools {
    effects: Vec<f64>,
    errors: Vec<f64>,
}

impl EightSchools {
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let data = Data::read(path)?;
        let schools = data.count("J")?;
        let (effects, errors) = (data.numbers("y", schools)?, data.numbers("sigma", schools)?);
        data.check_positive("sigma", &errors)?;
        Ok(Self { effects, errors })
    }

    fn schools(&self) -> usize {
        self.effects.len()
    }
}

/// The parameters are μ, τ and η, and the effect of school j is `μ + τ·ηⱼ`: in this form, which is called non-centered, η does
/// not depend on τ before there are data, and there is no funnel where τ is small.
impl Model for EightSchools {
    fn parameters(&self) -> Vec<(Constraint, usize)> {
        vec![(Constraint::Real, 1), (Constraint::POSITIVE, 1), (Constraint::Real, self.schools())]
    }

    fn log_density<T: Real>(&self, y: &[T]) -> T {
        let (mu, tau, eta) = (y[0], y[1], &y[2..]);
        let (zero, one, five) = (T::zero(), T::one(), T::lit(5.0));
        let schools = eta.iter().zip(&self.effects).zip(&self.errors);
        let each = schools.map(|((&eta, &effect), &error)| {
            density::normal(T::lit(effect), mu + tau * eta, T::lit(error)) + density::normal(eta, zero, one)
        });
        // Half of Cauchy's distribution, so its density is twice as large.
        let prior = density::normal(mu, zero, five) + density::cauchy(tau, zero, five) + T::LN_2();
        each.sum::<T>() + prior
    }

    fn start(&self) -> Vec<f64> {
        [0.0, 5.0].into_iter().chain(self.effects.iter().map(|_| 0.0)).collect()
    }

    fn names(&self) -> Vec<String> {
        numbered("theta", self.schools()).chain(["mu".to_owned(), "tau".to_owned()]).collect()
    }

    fn quantities(&self, y: &[f64]) -> Vec<f64> {
        let (mu, tau) = (y[0], y[1]);
        y[2..].iter().map(|eta| mu + tau * eta).chain([mu, tau]).collect()
    }
}
