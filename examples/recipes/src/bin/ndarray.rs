//! Fits a logistic regression that is written over ndarray, by Newton's method.

use nalgebra::{Matrix2, Vector2};
use ndarray::{Array1, Array2, NdFloat, array};
use nilpotent::hessian;

/// How many hours twenty students have learned, and whether they have passed.
const HOURS: [f64; 20] =
    [0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 1.75, 2.0, 2.25, 2.5, 2.75, 3.0, 3.25, 3.5, 4.0, 4.25, 4.5, 4.75, 5.0, 5.5];
const PASSED: [usize; 20] = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1];

/// The negative logarithm of the likelihood of a + b·hours.
fn loss<T: NdFloat>(parameters: &Array1<T>) -> T {
    let number = |x: f64| T::from(x).expect("a float");
    let data = Array2::from_shape_fn((20, 2), |(i, j)| number([1.0, HOURS[i]][j]));
    let signs = Array1::from_shape_fn(20, |i| number([-1.0, 1.0][PASSED[i]]));
    let margins = data.dot(parameters) * signs;
    margins.mapv(|margin| (-margin).exp().ln_1p()).sum()
}

fn main() {
    let mut x = Vector2::<f64>::zeros();
    for _ in 0..8 {
        let (y, dy, d2y) = hessian(|[a, b]| loss(&array![a, b]), [x[0], x[1]]);
        println!("{y:.6} at {:.6?}", [x[0], x[1]]);
        x -= Matrix2::from(d2y).lu().solve(&Vector2::from(dy)).expect("a positive definite Hessian");
    }
    // The example of Wikipedia's page on logistic regression.
    assert!((x[0] + 4.0777).abs() < 5e-5 && (x[1] - 1.5046).abs() < 5e-5);
}
