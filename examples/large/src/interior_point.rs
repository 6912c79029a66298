//! Problems for the interior-point method of the crate pounce, which has the interface of Ipopt.
//!
//! The method: Wächter & Biegler, *On the implementation of an interior-point filter line-search algorithm for large-scale
//! nonlinear programming* (2006).

use crate::problem::Problem;
use nilpotent::Error;
use nilpotent::separable::Function;
use nilpotent::sparse::Pattern;
use pounce_rs::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// What the method has found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether the conditions of optimality hold within the tolerances.
    pub is_optimal: bool,
    /// What the method says about it.
    pub status: String,
    /// The variables.
    pub x: Vec<f64>,
    /// The value of the objective.
    pub objective: f64,
    /// The number of iterations.
    pub iterations: usize,
    /// The time of all.
    pub time: Duration,
    /// The part of it in which values and derivatives were computed.
    pub derivatives: Duration,
    /// What the objective costs for each constraint and each bound.
    pub multipliers: Multipliers,
}

/// The multipliers of the conditions of optimality ∇f + Jᵀλ - z⁻ + z⁺ = 0. The objective at the minimum falls by λ if a
/// constraint c = r gets a limit that is larger by 1.
#[derive(Clone, Debug, Default)]
pub struct Multipliers {
    /// λ, of the constraints.
    pub rows: Vec<f64>,
    /// z⁻ ≥ 0, of the least values of the variables.
    pub least: Vec<f64>,
    /// z⁺ ≥ 0, of the largest values.
    pub most: Vec<f64>,
}

/// How a problem is minimized.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The largest error of the conditions of optimality, 1e-8 if it is not given.
    pub tolerance: Option<f64>,
    /// The multipliers of a similar problem, if the start is close to the minimum as well.
    pub from: Option<&'a Multipliers>,
}

/// Minimizes the objective of a problem.
///
/// # Errors
/// [`Error::WrongLength`] if the parts of the problem do not fit together.
pub fn minimize(problem: &Problem) -> Result<Outcome, Error> {
    minimize_by(problem, Options::default())
}

/// Minimizes the objective of a problem with these options.
///
/// # Errors
/// [`Error::WrongLength`] if the parts of the problem, or the multipliers, do not fit together.
pub fn minimize_by(problem: &Problem, Options { tolerance, from }: Options<'_>) -> Result<Outcome, Error> {
    let begin = Instant::now();
    let lagrangian = problem.lagrangian()?;
    let (variables, rows) = (lagrangian.variables(), problem.constraints.rows());
    let multipliers = from.cloned().unwrap_or_else(|| Multipliers {
        rows: vec![0.0; rows],
        least: vec![0.0; variables],
        most: vec![0.0; variables],
    });
    for (what, expected, found) in [
        ("bounds", variables, problem.bounds.len()),
        ("coordinates of the start", variables, problem.start.len()),
        ("limits of rows", rows, problem.rows.len()),
        ("multipliers of rows", rows, multipliers.rows.len()),
        ("multipliers of least values", variables, multipliers.least.len()),
        ("multipliers of largest values", variables, multipliers.most.len()),
    ] {
        if found != expected {
            return Err(Error::WrongLength { what, expected, found });
        }
    }
    let adapter = Rc::new(RefCell::new(Adapter {
        problem: problem.clone(),
        weights: vec![0.0; lagrangian.rows()],
        values: vec![0.0; problem.constraints.rows()],
        lagrangian,
        x: problem.start.clone(),
        objective: f64::NAN,
        derivatives: Duration::ZERO,
        multipliers,
    }));
    let mut method = IpoptApplication::new();
    method.options_mut().set_integer_value("print_level", 0, true, false).expect("an option of Ipopt");
    let mut set =
        |name, value| method.options_mut().set_numeric_value(name, value, true, false).expect("an option of Ipopt");
    if let Some(tolerance) = tolerance {
        set("tol", tolerance);
    }
    if from.is_some() {
        for (name, value) in WARM {
            set(name, value);
        }
        method.options_mut().set_string_value("warm_start_init_point", "yes", true, false).expect("an option of Ipopt");
    }
    method.initialize().expect("the options are right");
    let status = method.optimize_tnlp(Rc::clone(&adapter) as Rc<RefCell<dyn TNLP>>);
    let adapter = adapter.borrow();
    Ok(Outcome {
        is_optimal: status == ApplicationReturnStatus::SolveSucceeded,
        status: format!("{status:?}"),
        x: adapter.x.clone(),
        objective: adapter.objective,
        iterations: method.statistics().iteration_count as usize,
        time: begin.elapsed(),
        derivatives: adapter.derivatives,
        multipliers: adapter.multipliers.clone(),
    })
}

/// How close to the bounds a start may be that is almost the minimum, and the weight of the barrier there.
const WARM: [(&str, f64); 6] = [
    ("warm_start_bound_push", 1e-6),
    ("warm_start_bound_frac", 1e-6),
    ("warm_start_slack_bound_push", 1e-6),
    ("warm_start_slack_bound_frac", 1e-6),
    ("warm_start_mult_bound_push", 1e-6),
    ("warm_start_target_mu", 1e-4),
];

/// A problem as the callbacks of Ipopt, which ask for triplets: first for their places, then for their values.
struct Adapter {
    problem: Problem,
    lagrangian: Function,
    /// The weight of the objective, and the multipliers of the constraints.
    weights: Vec<f64>,
    /// The values of the constraints, which come with their Jacobian.
    values: Vec<f64>,
    x: Vec<f64>,
    objective: f64,
    derivatives: Duration,
    multipliers: Multipliers,
}

impl Adapter {
    /// Calls a function of separable functions, and adds the time that it takes. At a point that is not finite there is no
    /// result, after which the method tries a shorter step.
    fn timed<R>(&mut self, compute: impl FnOnce(&mut Self) -> Result<R, Error>) -> Option<R> {
        let begin = Instant::now();
        let result = compute(self).ok();
        self.derivatives += begin.elapsed();
        result
    }
}

/// Writes the places of a pattern's entries.
fn places(pattern: &Pattern, rows: &mut [Index], columns: &mut [Index]) {
    for ((i, j), (row, column)) in pattern.entries().zip(rows.iter_mut().zip(columns)) {
        (*row, *column) = (i as Index, j as Index);
    }
}

impl TNLP for Adapter {
    fn get_nlp_info(&mut self) -> Option<NlpInfo> {
        Some(NlpInfo {
            n: self.lagrangian.variables() as Index,
            m: self.problem.constraints.rows() as Index,
            nnz_jac_g: self.problem.constraints.jacobian_pattern().len() as Index,
            nnz_h_lag: self.lagrangian.hessian_pattern().len() as Index,
            index_style: IndexStyle::C,
        })
    }

    fn get_bounds_info(&mut self, to: BoundsInfo<'_>) -> bool {
        let split = |limits: &[[f64; 2]], least: &mut [f64], most: &mut [f64]| {
            for (limits, (least, most)) in limits.iter().zip(least.iter_mut().zip(most)) {
                [*least, *most] = *limits;
            }
        };
        split(&self.problem.bounds, to.x_l, to.x_u);
        split(&self.problem.rows, to.g_l, to.g_u);
        true
    }

    fn get_starting_point(&mut self, to: StartingPoint<'_>) -> bool {
        to.x.copy_from_slice(&self.problem.start);
        let Multipliers { rows, least, most } = &self.multipliers;
        if to.init_lambda {
            to.lambda.copy_from_slice(rows);
        }
        if to.init_z {
            to.z_l.copy_from_slice(least);
            to.z_u.copy_from_slice(most);
        }
        true
    }

    fn eval_f(&mut self, x: &[f64], _: bool) -> Option<f64> {
        self.timed(|this| this.problem.objective.value(x))
    }

    fn eval_grad_f(&mut self, x: &[f64], _: bool, gradient: &mut [f64]) -> bool {
        self.timed(|this| this.problem.objective.gradient_into(x, gradient)).is_some()
    }

    fn eval_g(&mut self, x: &[f64], _: bool, values: &mut [f64]) -> bool {
        self.timed(|this| this.problem.constraints.values_into(x, values)).is_some()
    }

    fn eval_jac_g(&mut self, x: Option<&[f64]>, _: bool, request: SparsityRequest<'_>) -> bool {
        match (request, x) {
            (SparsityRequest::Structure { irow, jcol }, _) => {
                places(self.problem.constraints.jacobian_pattern(), irow, jcol);
                true
            }
            (SparsityRequest::Values { values }, Some(x)) => {
                self.timed(|this| this.problem.constraints.jacobian_into(x, &mut this.values, values)).is_some()
            }
            _ => false,
        }
    }

    fn eval_h(
        &mut self,
        x: Option<&[f64]>,
        _: bool,
        weight: f64,
        multipliers: Option<&[f64]>,
        _: bool,
        request: SparsityRequest<'_>,
    ) -> bool {
        match (request, x, multipliers) {
            (SparsityRequest::Structure { irow, jcol }, ..) => {
                places(self.lagrangian.hessian_pattern(), irow, jcol);
                true
            }
            (SparsityRequest::Values { values }, Some(x), Some(multipliers)) => {
                let objectives = self.weights.len() - multipliers.len();
                self.weights[..objectives].fill(weight);
                self.weights[objectives..].copy_from_slice(multipliers);
                self.timed(|this| this.lagrangian.hessian_into(x, &this.weights, values)).is_some()
            }
            _ => false,
        }
    }

    fn finalize_solution(&mut self, solution: Solution<'_>, _: &IpoptData, _: &IpoptCq) {
        self.x.copy_from_slice(solution.x);
        self.objective = solution.obj_value;
        self.multipliers.rows.copy_from_slice(solution.lambda);
        self.multipliers.least.copy_from_slice(solution.z_l);
        self.multipliers.most.copy_from_slice(solution.z_u);
    }
}
