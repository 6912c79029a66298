//! Fits NIST's data set Thurber, of the higher level of difficulty, by the crate levenberg-marquardt. The crate asks
//! for the Jacobian, which comes from the residuals as they are written.
//!
//! ```text
//! cargo run --manifest-path tests/compat/Cargo.toml --example levenberg_marquardt
//! ```
//!
//! The crate is built on nalgebra 0.34. It computes in floats, so the Jacobian only has to be copied into its matrix.
//! The program succeeds if all parameters agree with the certified ones to 8 digits, from both published starts.

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra_0_34::{Const, DVector, Dyn, Matrix, OMatrix, SVector, storage::Owned};
use nilpotent::{Real, jacobian};
use std::process::ExitCode;

const FILE: &str = include_str!("../../data/nist/Thurber.dat");
const N: usize = 7;

/// y = (b1 + b2 x + b3 x² + b4 x³)/(1 + b5 x + b6 x² + b7 x³)
fn model<T: Real>([b1, b2, b3, b4, b5, b6, b7]: [T; N], x: f64) -> T {
    let x = T::lit(x);
    (b1 + x * (b2 + x * (b3 + x * b4))) / (T::one() + x * (b5 + x * (b6 + x * b7)))
}

struct Fit {
    data: Vec<[f64; 2]>,
    b: [f64; N],
}

impl Fit {
    fn residuals<T: Real>(&self, b: [T; N]) -> Vec<T> {
        self.data.iter().map(|&[y, x]| model(b, x) - T::lit(y)).collect()
    }
}

impl LeastSquaresProblem<f64, Dyn, Const<N>> for Fit {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Const<N>>;
    type ParameterStorage = Owned<f64, Const<N>>;

    fn set_params(&mut self, b: &SVector<f64, N>) {
        self.b = (*b).into();
    }

    fn params(&self) -> SVector<f64, N> {
        self.b.into()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        Some(self.residuals(self.b).into())
    }

    fn jacobian(&self) -> Option<OMatrix<f64, Dyn, Const<N>>> {
        let (_, j) = jacobian(|b| self.residuals(b), self.b);
        Some(Matrix::from_fn_generic(Dyn(j.len()), Const, |row, column| j[row][column]))
    }
}

/// The numbers in a line, without the name before `=`.
fn numbers(line: &str) -> Vec<f64> {
    let (_, line) = line.split_once('=').unwrap_or(("", line));
    line.split_whitespace().map(|word| word.parse().expect("a number")).collect()
}

fn main() -> ExitCode {
    let lines: Vec<_> = FILE.lines().collect();
    // The header of the file says where they are: start 1, start 2, the certified value and its deviation; then the
    // data, y and x.
    let parameters: Vec<_> = lines[40..47].iter().map(|line| numbers(line)).collect();
    let data: Vec<[f64; 2]> = lines[60..97].iter().map(|line| numbers(line).try_into().expect("y and x")).collect();
    let mut least = f64::INFINITY;
    for start in [0, 1] {
        let fit = Fit { data: data.clone(), b: std::array::from_fn(|i| parameters[i][start]) };
        let (fit, report) = LevenbergMarquardt::new().with_tol(f64::EPSILON).minimize(fit);
        println!("start {}: {:?} after {} evaluations", start + 1, report.termination, report.number_of_evaluations);
        for (i, (b, known)) in fit.b.iter().zip(&parameters).enumerate() {
            let digits = -((b - known[2]) / known[2]).abs().max(1e-16).log10();
            println!("  b{} = {b:.10e}, certified {:.10e}: {digits:.1} digits", i + 1, known[2]);
            least = least.min(digits);
        }
        println!("  residual sum of squares {:.10e}, certified 5.6427082397e3", 2.0 * report.objective_function);
    }
    println!("least agreement: {least:.1} digits");
    if least >= 8.0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
