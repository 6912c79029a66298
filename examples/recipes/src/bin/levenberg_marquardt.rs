//! Fits NIST's data set DanWood by levenberg-marquardt, which is built on nalgebra 0.34.

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra_0_34::storage::Owned;
use nalgebra_0_34::{OMatrix, OVector, U2, U6};
use nilpotent::{Real, jacobian};

/// Temperatures of a lamp, and the energy that it radiates.
const X: [f64; 6] = [1.309, 1.471, 1.49, 1.565, 1.611, 1.68];
const Y: [f64; 6] = [2.138, 3.421, 3.597, 4.34, 4.882, 5.66];
/// The certified parameters, and the sum of squares.
const CERTIFIED: [f64; 2] = [7.6886226176e-1, 3.8604055871];
const SUM: f64 = 4.3173084083e-3;

/// The residuals of a·xᵇ.
fn residuals<T: Real>([a, b]: [T; 2]) -> [T; 6] {
    std::array::from_fn(|i| a * T::lit(X[i]).powf(b) - T::lit(Y[i]))
}

struct Fit([f64; 2]);

impl LeastSquaresProblem<f64, U6, U2> for Fit {
    type ResidualStorage = Owned<f64, U6>;
    type JacobianStorage = Owned<f64, U6, U2>;
    type ParameterStorage = Owned<f64, U2>;

    fn set_params(&mut self, parameters: &OVector<f64, U2>) {
        self.0 = (*parameters).into();
    }

    fn params(&self) -> OVector<f64, U2> {
        self.0.into()
    }

    fn residuals(&self) -> Option<OVector<f64, U6>> {
        Some(residuals(self.0).into())
    }

    fn jacobian(&self) -> Option<OMatrix<f64, U6, U2>> {
        let (_, j) = jacobian(residuals, self.0);
        Some(OMatrix::<f64, U6, U2>::from_fn(|row, column| j[row][column]))
    }
}

fn main() {
    // Both starts are those of NIST.
    for start in [[1.0, 5.0], [0.7, 4.0]] {
        let (fit, report) = LevenbergMarquardt::new().with_tol(f64::EPSILON).minimize(Fit(start));
        println!("{:.10?} after {} evaluations", fit.0, report.number_of_evaluations);
        assert!(fit.0.iter().zip(CERTIFIED).all(|(b, known)| (b / known - 1.0).abs() < 1e-8));
        assert!((2.0 * report.objective_function / SUM - 1.0).abs() < 1e-10);
    }
}
