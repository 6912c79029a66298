//! Fits NIST's data set MGH09 by levenberg-marquardt, which is built on nalgebra 0.34.

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra_0_34::storage::Owned;
use nalgebra_0_34::{OMatrix, OVector, U4, U11};
use nilpotent::{Real, jacobian};

const X: [f64; 11] = [4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];
const Y: [f64; 11] = [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];
/// The certified parameters, and the sum of squares.
const CERTIFIED: [f64; 4] = [1.9280693458e-1, 1.9128232873e-1, 1.2305650693e-1, 1.3606233068e-1];
const SUM: f64 = 3.0750560385e-4;

/// The residuals of b₁(x² + x·b₂)/(x² + x·b₃ + b₄).
fn residuals<T: Real>([b1, b2, b3, b4]: [T; 4]) -> [T; 11] {
    std::array::from_fn(|i| {
        let (x, y) = (T::lit(X[i]), T::lit(Y[i]));
        b1 * (x * x + x * b2) / (x * x + x * b3 + b4) - y
    })
}

struct Fit([f64; 4]);

impl LeastSquaresProblem<f64, U11, U4> for Fit {
    type ResidualStorage = Owned<f64, U11>;
    type JacobianStorage = Owned<f64, U11, U4>;
    type ParameterStorage = Owned<f64, U4>;

    fn set_params(&mut self, b: &OVector<f64, U4>) {
        self.0 = (*b).into();
    }

    fn params(&self) -> OVector<f64, U4> {
        self.0.into()
    }

    fn residuals(&self) -> Option<OVector<f64, U11>> {
        Some(residuals(self.0).into())
    }

    fn jacobian(&self) -> Option<OMatrix<f64, U11, U4>> {
        let (_, j) = jacobian(residuals, self.0);
        Some(OMatrix::<f64, U11, U4>::from_fn(|row, column| j[row][column]))
    }
}

fn main() {
    // Both starts are those of NIST.
    for start in [[25.0, 39.0, 41.5, 39.0], [0.25, 0.39, 0.415, 0.39]] {
        let (fit, report) = LevenbergMarquardt::new().with_tol(f64::EPSILON).minimize(Fit(start));
        println!("{:.10?} after {} evaluations", fit.0, report.number_of_evaluations);
        assert!(fit.0.iter().zip(CERTIFIED).all(|(b, known)| (b / known - 1.0).abs() < 1e-7));
        assert!((2.0 * report.objective_function / SUM - 1.0).abs() < 1e-10);
    }
}
