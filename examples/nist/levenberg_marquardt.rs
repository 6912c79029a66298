//! Nonlinear least squares by the method of Levenberg and Marquardt, with all derivatives from `nilpotent`.
//!
//! Wanted are the parameters b that make ‖r(b)‖² least. Near b the residuals are almost linear, r(b + v) ≈ r + J·v, and
//! the v that makes ‖r + J·v‖ least is the step of Gauss and Newton. Where r is curved, or J nearly singular, that step
//! is far too long. So its length has a price μ:
//!
//! ```text
//! v   makes   ‖r + J·v‖² + μ‖D·v‖²   least.
//! ```
//!
//! - **Scale.** D holds the largest norm that each column of J has had so far, so that the units of the parameters do
//!   not matter (Moré, section 6).
//! - **Solution.** With J = Q·R, v solves the small least squares problem `[R; √μ·D]·v ≈ [-Qᵀr; 0]`, again by QR. The
//!   normal equations would square the condition number (Moré, section 3).
//! - **Curvature.** v is only the velocity of a path b + v·t + a·t²/2 down the valley. The acceleration a solves the
//!   same problem with the second derivative of r along v, d²r(b + v·t)/dt², for r. The step is v + a/2; where
//!   2‖D·a‖ > ¾‖D·v‖ the linear model was trusted too far, and the step is refused (Transtrum & Sethna). By nested dual
//!   numbers that derivative is exact, and costs no more than a few values of r. Without it the NIST sets take twice as
//!   many values and Jacobians of r, and BoxBOD runs off from its first start to b2 = ∞, where its model is flat.
//! - **Price.** After a step that gains what the linear model predicts, μ falls to a third; after a refused one it
//!   grows, faster each time (Nielsen; Madsen, Nielsen & Tingleff, eq. 2.21).
//! - **End.** At a minimum, r is orthogonal to the columns of J. ‖Qᵀr‖/‖r‖, the relative offset, is the cosine of the
//!   angle to their plane, and knows no units either (Bates & Watts). Once it is c, only the share c² of the sum of
//!   squares is left to gain, which rounding hides when there are still 8 digits to win. So the last steps are plain
//!   Gauss-Newton, judged by the offset itself: as long as it falls.
//!
//! Sources: J. J. Moré, *The Levenberg-Marquardt algorithm: implementation and theory*, 1978. H. B. Nielsen, *Damping
//! parameter in Marquardt's method*, 1999. K. Madsen, H. B. Nielsen, O. Tingleff, *Methods for non-linear least squares
//! problems*, 2nd ed., 2004. M. K. Transtrum, J. P. Sethna, *Improvements to the Levenberg-Marquardt algorithm for
//! nonlinear least-squares minimization*, 2012. D. M. Bates, D. G. Watts, *A relative offset orthogonality convergence
//! criterion for nonlinear least squares*, 1981.

use nalgebra::{DMatrix, DVector, Dyn, linalg::QR};
use nilpotent::{Real, derivative, linalg};

/// The μ of the first step. It hardly matters: from 1e-6 to 1e3 the NIST sets all reach their minimum.
const INITIAL_PRICE: f64 = 1e-3;
/// The least gain, as a share of the predicted one, for which a step is taken.
const LEAST_GAIN: f64 = 1e-4;
/// The largest 2‖D·a‖/‖D·v‖ for which a step is taken.
const LARGEST_ACCELERATION: f64 = 0.75;
/// The relative offset from which on Gauss-Newton steps finish the work.
const SMALL_OFFSET: f64 = 1e-6;
/// The number of steps to try.
const TRIALS: usize = 1000;

/// The residuals, written once for all numbers: floats for the value, dual numbers for the Jacobian, and dual numbers
/// over dual numbers for the second derivative.
pub(crate) trait Residuals {
    /// `r(b)`, at least as many as there are parameters.
    fn at<T: Real>(&self, b: &[T]) -> Vec<T>;
}

/// Where the sum of squares is least, and what it took to get there.
#[derive(Clone, Debug)]
pub(crate) struct Minimum {
    pub(crate) b: DVector<f64>,
    pub(crate) sum_of_squares: f64,
    /// Whether the residuals are orthogonal to the columns of the Jacobian, up to the small offset.
    pub(crate) converged: bool,
    pub(crate) evaluations: Evaluations,
}

/// How often each was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Evaluations {
    pub(crate) residuals: usize,
    pub(crate) jacobians: usize,
    pub(crate) second_derivatives: usize,
}

/// The nearest minimum downhill from `start`; `None` if a residual or its gradient is not finite there.
pub(crate) fn minimise(problem: &impl Residuals, start: &[f64]) -> Option<Minimum> {
    let mut evaluations = Evaluations { jacobians: 1, ..Evaluations::default() };
    let mut here = Tangent::new(problem, DVector::from_column_slice(start))?;
    let mut scale = here.column_norms().map(|norm| if norm == 0.0 { 1.0 } else { norm });
    let (mut price, mut growth) = (INITIAL_PRICE, 2.0);

    for _ in 0..TRIALS {
        if here.converged() {
            break;
        }
        let damped = here.damped(&(&scale * price.sqrt()));
        let Some(v) = damped.solve(&here.offset) else { break };
        let Some(a) = damped.solve(&here.project(second_derivative(problem, &here.b, &v))) else { break };
        evaluations.second_derivatives += 1;

        let b = &here.b + &v + &a / 2.0;
        if b == here.b {
            break;
        }
        let length = v.component_mul(&scale).norm();
        let mut gain = f64::NEG_INFINITY;
        if 2.0 * a.component_mul(&scale).norm() <= LARGEST_ACCELERATION * length {
            evaluations.residuals += 1;
            let norm = DVector::from_vec(problem.at(b.as_slice())).norm();
            let predicted = (&here.r * &v).norm_squared() + 2.0 * price * length.powi(2);
            gain = (here.norm - norm) * (here.norm + norm) / predicted;
        }
        // A gain that is not a number is none: the residuals overflowed, or are not defined at b.
        let next = if gain >= LEAST_GAIN {
            evaluations.jacobians += 1;
            Tangent::new(problem, b)
        } else {
            None
        };
        if let Some(next) = next {
            here = next;
            scale = scale.sup(&here.column_norms());
            price *= (1.0 - (2.0 * gain - 1.0).powi(3)).max(1.0 / 3.0);
            growth = 2.0;
        } else {
            price *= growth;
            growth *= 2.0;
        }
    }

    let converged = here.converged();
    while converged && let Some(h) = here.r.solve_upper_triangular(&-&here.offset) {
        evaluations.jacobians += 1;
        match Tangent::new(problem, &here.b + h) {
            Some(next) if next.offset.norm() < here.offset.norm() => here = next,
            _ => break,
        }
    }
    Some(Minimum { sum_of_squares: here.norm.powi(2), b: here.b, converged, evaluations })
}

/// `d²r(b + v·t)/dt²` at t = 0: the derivative of the derivative.
fn second_derivative(problem: &impl Residuals, b: &DVector<f64>, v: &DVector<f64>) -> DVector<f64> {
    let slope = |t| derivative(|t| problem.at(&b.iter().zip(v).map(|(b, v)| *b + t * v).collect::<Vec<_>>()), t).1;
    DVector::from_vec(derivative(slope, 0.0).1)
}

/// The residuals near b, as far as they are linear: `r(b + v) ≈ r(b) + Q·R·v`.
struct Tangent {
    b: DVector<f64>,
    /// `‖r(b)‖`
    norm: f64,
    qr: QR<f64, Dyn, Dyn>,
    r: DMatrix<f64>,
    /// `Qᵀr(b)`, what a step can change.
    offset: DVector<f64>,
}

impl Tangent {
    /// `None` if a residual or a derivative is not finite.
    fn new(problem: &impl Residuals, b: DVector<f64>) -> Option<Self> {
        let (residuals, j) = linalg::jacobian(|b| DVector::from_vec(problem.at(b.as_slice())), &b);
        let norm = residuals.norm();
        if !(norm.is_finite() && j.iter().all(|j| j.is_finite())) {
            return None;
        }
        let qr = j.qr();
        let mut here = Self { b, norm, r: qr.r(), qr, offset: DVector::zeros(0) };
        here.offset = here.project(residuals);
        Some(here)
    }

    /// `Qᵀy`.
    fn project(&self, mut y: DVector<f64>) -> DVector<f64> {
        self.qr.q_tr_mul(&mut y);
        y.resize_vertically(self.b.len(), 0.0)
    }

    /// The norms of J's columns, which are those of R's.
    fn column_norms(&self) -> DVector<f64> {
        DVector::from_iterator(self.b.len(), self.r.column_iter().map(|column| column.norm()))
    }

    fn converged(&self) -> bool {
        self.offset.norm() <= SMALL_OFFSET * self.norm
    }

    fn damped(&self, diagonal: &DVector<f64>) -> Damped {
        let n = diagonal.len();
        let mut stack = self.r.clone().resize_vertically(2 * n, 0.0);
        stack.rows_mut(n, n).set_diagonal(diagonal);
        Damped(stack.qr())
    }
}

/// R with the price of length below it, `[R; √μ·D]`, in factors.
struct Damped(QR<f64, Dyn, Dyn>);

impl Damped {
    /// The v that makes `‖y + R·v‖² + μ‖D·v‖²` least.
    fn solve(&self, y: &DVector<f64>) -> Option<DVector<f64>> {
        let n = y.len();
        let mut y = (-y).resize_vertically(2 * n, 0.0);
        self.0.q_tr_mul(&mut y);
        self.0.r().solve_upper_triangular(&y.rows(0, n))
    }
}
