//! Minimizes with constraints by the interior-point method of pounce, which asks for triplets as Ipopt does.

use nilpotent::sparse::{self, Order, Plan};
use nilpotent::{Error, Real, reverse};
use pounce_rs::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

/// Problem 43 of Hock and Schittkowski (1981), by Rosen and Suzuki: the objective, and constraints that are at least 0.
fn objective<T: Real>(x: &[T]) -> T {
    let l = T::lit;
    x[0] * x[0] + x[1] * x[1] + l(2.0) * x[2] * x[2] + x[3] * x[3] - l(5.0) * (x[0] + x[1]) - l(21.0) * x[2]
        + l(7.0) * x[3]
}

fn constraints<T: Real>(x: &[T]) -> Vec<T> {
    let (l, [a, b, c, d]) = (T::lit, [x[0] * x[0], x[1] * x[1], x[2] * x[2], x[3] * x[3]]);
    vec![
        l(8.0) - a - b - c - d - x[0] + x[1] - x[2] + x[3],
        l(10.0) - a - l(2.0) * b - c - l(2.0) * d + x[0] + x[3],
        l(5.0) - l(2.0) * a - b - c - l(2.0) * x[0] + x[1] + x[3],
    ]
}

/// σ·f + λᵀc
fn lagrangian<T: Real>(x: &[T], sigma: f64, lambda: &[f64]) -> T {
    let weighted = constraints(x).into_iter().zip(lambda).map(|(c, &weight)| c * T::lit(weight)).sum::<T>();
    objective(x) * T::lit(sigma) + weighted
}

struct HockSchittkowski43 {
    /// Where the entries of the Jacobian and of the lower triangle of the Hessian are, and by which directions they come.
    jacobian: Plan,
    hessian: Plan,
    x: Vec<f64>,
}

impl HockSchittkowski43 {
    fn new() -> Result<Self, Error> {
        let anywhere = [1.0; 4];
        let hessian = sparse::hessian_pattern(|x| lagrangian(x, 1.0, &[1.0; 3]), &anywhere[..])?;
        Ok(Self {
            jacobian: Plan::columns(sparse::jacobian_pattern(constraints, &anywhere[..])?, Order::SmallestLast),
            hessian: Plan::star(hessian.lower(), Order::SmallestLast)?,
            x: vec![0.0; 4],
        })
    }
}

/// Writes the places of a plan's entries.
fn places(plan: &Plan, rows: &mut [Index], columns: &mut [Index]) {
    for ((i, j), (row, column)) in plan.pattern().entries().zip(rows.iter_mut().zip(columns)) {
        (*row, *column) = (i as Index, j as Index);
    }
}

impl TNLP for HockSchittkowski43 {
    fn get_nlp_info(&mut self) -> Option<NlpInfo> {
        let [jacobian, hessian] = [&self.jacobian, &self.hessian].map(|plan| plan.pattern().len() as Index);
        Some(NlpInfo { n: 4, m: 3, nnz_jac_g: jacobian, nnz_h_lag: hessian, index_style: IndexStyle::C })
    }

    fn get_bounds_info(&mut self, to: BoundsInfo<'_>) -> bool {
        to.x_l.fill(-1e20);
        to.x_u.fill(1e20);
        to.g_l.fill(0.0);
        to.g_u.fill(1e20);
        true
    }

    fn get_starting_point(&mut self, to: StartingPoint<'_>) -> bool {
        to.x.fill(0.0);
        true
    }

    fn eval_f(&mut self, x: &[f64], _: bool) -> Option<f64> {
        Some(objective(x))
    }

    fn eval_grad_f(&mut self, x: &[f64], _: bool, to: &mut [f64]) -> bool {
        reverse::gradient_into(objective, x, to);
        true
    }

    fn eval_g(&mut self, x: &[f64], _: bool, to: &mut [f64]) -> bool {
        to.copy_from_slice(&constraints(x));
        true
    }

    fn eval_jac_g(&mut self, x: Option<&[f64]>, _: bool, request: SparsityRequest<'_>) -> bool {
        match (request, x) {
            (SparsityRequest::Structure { irow, jcol }, _) => places(&self.jacobian, irow, jcol),
            (SparsityRequest::Values { values }, x) => {
                let x = x.expect("a point, where values are asked for");
                return sparse::jacobian_into(&self.jacobian, constraints, x, &mut [0.0; 3], values).is_ok();
            }
        }
        true
    }

    fn eval_h(
        &mut self,
        x: Option<&[f64]>,
        _: bool,
        sigma: f64,
        lambda: Option<&[f64]>,
        _: bool,
        request: SparsityRequest<'_>,
    ) -> bool {
        match request {
            SparsityRequest::Structure { irow, jcol } => places(&self.hessian, irow, jcol),
            SparsityRequest::Values { values } => {
                let (x, lambda) = x.zip(lambda).expect("a point, where values are asked for");
                let lagrangian = |x: &[_]| lagrangian(x, sigma, lambda);
                return sparse::hessian_into(&self.hessian, lagrangian, x, &mut [0.0; 4], values).is_ok();
            }
        }
        true
    }

    fn finalize_solution(&mut self, solution: Solution<'_>, _: &IpoptData, _: &IpoptCq) {
        self.x.copy_from_slice(solution.x);
    }
}

fn main() -> Result<(), Error> {
    let problem = Rc::new(RefCell::new(HockSchittkowski43::new()?));
    let mut method = IpoptApplication::new();
    method.options_mut().set_integer_value("print_level", 0, true, false).expect("an option of Ipopt");
    method.initialize().expect("the options are right");
    let status = method.optimize_tnlp(Rc::clone(&problem) as Rc<RefCell<dyn TNLP>>);
    assert_eq!(status, ApplicationReturnStatus::SolveSucceeded);
    let x = &problem.borrow().x;
    println!("{x:.9?} after {} steps", method.statistics().iteration_count);
    // The published minimum is -44, at (0, 1, 2, -1).
    assert!(x.iter().zip([0.0, 1.0, 2.0, -1.0]).all(|(x, known)| (x - known).abs() < 1e-6));
    Ok(())
}
