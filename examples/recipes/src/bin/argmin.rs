//! Minimizes by argmin: L-BFGS on gradients, and Newton's method on Hessians.

use argmin::core::{CostFunction, Error, Executor, Gradient, Hessian, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::newton::Newton;
use argmin::solver::quasinewton::LBFGS;
use nalgebra_0_34::{DMatrix, DVector};
use nilpotent::{Real, hessian_into, reverse};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// The extended function of Rosenbrock, problem 21 of Moré, Garbow and Hillstrom (1981). Its minimum is 0, at (1, …, 1).
fn rosenbrock<T: Real>(x: &[T]) -> T {
    x.chunks(2).map(|p| (p[1] - p[0] * p[0]).powi(2) * T::lit(100.0) + (T::one() - p[0]).powi(2)).sum()
}

/// The problem, and the time that its values and derivatives take.
#[derive(Default)]
struct Problem(Cell<Duration>);

impl Problem {
    fn timed<R>(&self, compute: impl FnOnce() -> R) -> Result<R, Error> {
        let begin = Instant::now();
        let result = compute();
        self.0.set(self.0.get() + begin.elapsed());
        Ok(result)
    }
}

impl CostFunction for Problem {
    type Param = DVector<f64>;
    type Output = f64;

    fn cost(&self, x: &DVector<f64>) -> Result<f64, Error> {
        self.timed(|| rosenbrock(x.as_slice()))
    }
}

impl Gradient for Problem {
    type Param = DVector<f64>;
    type Gradient = DVector<f64>;

    fn gradient(&self, x: &DVector<f64>) -> Result<DVector<f64>, Error> {
        let mut gradient = DVector::zeros(x.len());
        self.timed(|| reverse::gradient_into(rosenbrock, x.as_slice(), gradient.as_mut_slice()))?;
        Ok(gradient)
    }
}

impl Hessian for Problem {
    type Param = DVector<f64>;
    type Hessian = DMatrix<f64>;

    fn hessian(&self, x: &DVector<f64>) -> Result<DMatrix<f64>, Error> {
        let (mut gradient, mut hessian) = (vec![0.0; x.len()], DMatrix::zeros(x.len(), x.len()));
        self.timed(|| hessian_into(rosenbrock, x.as_slice(), &mut gradient, hessian.as_mut_slice()))?;
        Ok(hessian)
    }
}

/// The published start, (-1.2, 1, -1.2, 1, …).
fn start(n: usize) -> DVector<f64> {
    DVector::from_fn(n, |i, _| if i % 2 == 0 { -1.2 } else { 1.0 })
}

fn main() -> Result<(), Error> {
    let search = MoreThuenteLineSearch::new().with_c(1e-4, 0.9)?;
    let solver = LBFGS::new(search, 7).with_tolerance_grad(1e-9)?.with_tolerance_cost(0.0)?;
    let begin = Instant::now();
    let run =
        Executor::new(Problem::default(), solver).configure(|state| state.param(start(1_000)).max_iters(200)).run()?;
    let whole = begin.elapsed();
    let ours = run.problem.problem.as_ref().map_or(Duration::ZERO, |problem| problem.0.get());
    println!("L-BFGS: {:e} after {} steps in {whole:?}, of which ours {ours:?}", run.state.best_cost, run.state.iter);
    assert!(run.state.best_cost < 1e-16);

    let run = Executor::new(Problem::default(), Newton::<f64>::new())
        .configure(|state| state.param(start(10)).max_iters(8))
        .run()?;
    let x = run.state.get_param().ok_or(Error::msg("no point"))?;
    println!("Newton: {:.16?} after {} steps", x.as_slice(), run.state.iter);
    assert!(x.iter().all(|x| (x - 1.0).abs() < 1e-14));
    Ok(())
}
