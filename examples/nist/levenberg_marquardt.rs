//! Nonlinear least squares by the Levenberg-Marquardt method, with all derivatives from `nilpotent`.
//!
//! The method minimizes ‖r(b)‖² over the parameters b. Near b the residuals are almost linear, r(b + v) ≈ r + J·v, and
//! the Gauss-Newton step is the v that minimizes ‖r + J·v‖. Where r is curved, or J nearly singular, that step is far
//! too long. So its length is penalized with a damping parameter μ, called the price:
//!
//! ```text
//! v   minimizes   ‖r + J·v‖² + μ‖D·v‖².
//! ```
//!
//! - **Scale.** D holds the largest norm that each column of J has had so far, so that the units of the parameters do
//!   not matter (Moré, section 6).
//! - **Solution.** With J = Q·R, v solves the small least squares problem `[R; √μ·D]·v ≈ [-Qᵀr; 0]`, again by QR. The
//!   normal equations would square the condition number (Moré, section 3).
//! - **Curvature.** v is only the velocity of a path b + v·t + a·t²/2 down the valley. The acceleration a solves the
//!   same problem with the second derivative of r along v, d²r(b + v·t)/dt², in place of r. The step is v + a/2. Where
//!   2‖D·a‖ > ¾‖D·v‖ the linear model does not hold over the step, and the step is rejected (Transtrum & Sethna).
//!   Nested dual numbers compute this derivative exactly, at the cost of a few values of r. Without it the NIST sets
//!   take twice as many values and Jacobians of r, and BoxBOD diverges from its first start to b2 = ∞, where its model
//!   is flat.
//! - **Price.** After a step that gains what the linear model predicts, μ decreases to a third; after a rejected one it
//!   increases, faster each time (Nielsen; Madsen, Nielsen & Tingleff, eq. 2.21).
//! - **End.** At a minimum, r is orthogonal to the columns of J. ‖Qᵀr‖/‖r‖, the relative offset, is the cosine of the
//!   angle between r and the plane of the columns, and does not depend on units either (Bates & Watts). When it is c,
//!   only the share c² of the sum of squares is left to gain. Rounding hides that gain while 8 digits of the parameters
//!   are still to be won. So the last steps are plain Gauss-Newton steps, which go on as long as the offset itself
//!   decreases.
//!
//! Sources: J. J. Moré, *The Levenberg-Marquardt algorithm: implementation and theory*, 1978. H. B. Nielsen, *Damping
//! parameter in Marquardt's method*, 1999. K. Madsen, H. B. Nielsen, O. Tingleff, *Methods for non-linear least squares
//! problems*, 2nd ed., 2004. M. K. Transtrum, J. P. Sethna, *Improvements to the Levenberg-Marquardt algorithm for
//! nonlinear least-squares minimization*, 2012. D. M. Bates, D. G. Watts, *A relative offset orthogonality convergence
//! criterion for nonlinear least squares*, 1981.

use nalgebra::{DMatrix, DVector, Dyn, linalg::QR};
use nilpotent::{Real, derivative, linalg};

/// The initial μ. It hardly matters: with values from 1e-6 to 1e3 all NIST sets reach their minimum.
const INITIAL_PRICE: f64 = 1e-3;
/// The least gain, relative to the predicted one, with which a step is accepted.
const LEAST_GAIN: f64 = 1e-4;
/// The largest 2‖D·a‖/‖D·v‖ with which a step is accepted.
const LARGEST_ACCELERATION: f64 = 0.75;
/// The relative offset below which Gauss-Newton steps finish the work.
const SMALL_OFFSET: f64 = 1e-6;
/// The maximal number of steps to try.
const TRIALS: usize = 1000;

/// The residuals, written once for all numbers: floats compute the value, dual numbers the Jacobian, and dual numbers
/// over dual numbers the second derivative.
pub(crate) trait Residuals {
    /// Returns `r(b)`. It has at least as many entries as there are parameters.
    fn at<T: Real>(&self, b: &[T]) -> Vec<T>;
}

/// The minimum, and the effort it took.
#[derive(Clone, Debug)]
pub(crate) struct Minimum {
    pub(crate) b: DVector<f64>,
    pub(crate) sum_of_squares: f64,
    /// Whether the residuals are orthogonal to the columns of the Jacobian, up to the small offset.
    pub(crate) converged: bool,
    pub(crate) evaluations: Evaluations,
}

/// The number of evaluations of each kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Evaluations {
    pub(crate) residuals: usize,
    pub(crate) jacobians: usize,
    pub(crate) second_derivatives: usize,
}

/// Returns a local minimum below `start`, or `None` if a residual or its gradient is not finite there.
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
        // A NaN gain counts as none: the residuals have overflowed, or are not defined at b.
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

/// `d²r(b + v·t)/dt²` at t = 0, as a derivative of a derivative.
fn second_derivative(problem: &impl Residuals, b: &DVector<f64>, v: &DVector<f64>) -> DVector<f64> {
    let slope = |t| derivative(|t| problem.at(&b.iter().zip(v).map(|(b, v)| *b + t * v).collect::<Vec<_>>()), t).1;
    DVector::from_vec(derivative(slope, 0.0).1)
}

/// The linear approximation of the residuals near b: `r(b + v) ≈ r(b) + Q·R·v`.
struct Tangent {
    b: DVector<f64>,
    /// `‖r(b)‖`
    norm: f64,
    qr: QR<f64, Dyn, Dyn>,
    r: DMatrix<f64>,
    /// `Qᵀr(b)`, the part of the residuals that a step can change.
    offset: DVector<f64>,
}

impl Tangent {
    /// Returns `None` if a residual or a derivative is not finite.
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

    /// The norms of the columns of J, which equal those of R.
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

/// The QR factorization of `[R; √μ·D]`, which is R with the penalty on the length below it.
struct Damped(QR<f64, Dyn, Dyn>);

impl Damped {
    /// Returns the v that minimizes `‖y + R·v‖² + μ‖D·v‖²`.
    fn solve(&self, y: &DVector<f64>) -> Option<DVector<f64>> {
        let n = y.len();
        let mut y = (-y).resize_vertically(2 * n, 0.0);
        self.0.q_tr_mul(&mut y);
        self.0.r().solve_upper_triangular(&y.rows(0, n))
    }
}
