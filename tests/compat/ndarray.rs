//! ndarray: moments, products, spaced arrays and operators with a varying entry, scalar or end.

use crate::common::Row;
use crate::hold;
use ndarray::linalg::{general_mat_mul, general_mat_vec_mul, kron};
use ndarray::{Array1, Array2, Axis, NdFloat, ScalarOperand, Zip, array};
use nilpotent::{Dual, Real, Var};

pub const ROWS: &[Row] = &[
    Row {
        name: "ndarray",
        version: "0.17",
        what: "sum, product, mean, var, std, along an axis as well; dot, `general_mat_mul`, `kron`; `linspace`, `logspace`, `geomspace`; elementwise functions",
        asks: "`Float`, `FromPrimitive`",
        feature: "",
        numbers: "all",
    },
    Row {
        name: "ndarray",
        version: "0.17",
        what: "operators with a number on the right; code over `NdFloat`",
        asks: "`ScalarOperand`, `NdFloat`",
        feature: "ndarray",
        numbers: "all",
    },
];

fn column<T: Real>(x: T) -> Array1<T> {
    array![x, T::lit(1.0), T::lit(2.0)]
}

/// [[x, 1], [2, x]], whose square has x² + 2 on its diagonal.
fn square<T: Real>(x: T) -> Array2<T> {
    array![[x, T::lit(1.0)], [T::lit(2.0), x]]
}

#[test]
fn moments() {
    let (x, mean) = (4.0, 7.0_f64 / 3.0);
    let variance: [f64; 3] = [7.0 / 3.0, x - mean, 2.0 / 3.0];
    let s = variance[0].sqrt();
    let deviation = [s, variance[1] / (2.0 * s), variance[2] / (2.0 * s) - variance[1].powi(2) / (4.0 * s.powi(3))];
    hold!(|x| column(x).sum(), x, [7.0, 1.0, 0.0], 0.0; all);
    hold!(|x| column(x * x).product(), x, [32.0, 16.0, 4.0], 0.0; all);
    hold!(|x| column(x).mean().unwrap(), x, [mean, 1.0 / 3.0, 0.0], 1e-15; all);
    hold!(|x| column(x).var(Real::lit(1.0)), x, variance, 1e-15; all);
    hold!(|x| column(x).std(Real::lit(1.0)), x, deviation, 1e-15; all);
    fn along<T: Real>(x: T) -> [T; 4] {
        let a = Array2::from_shape_fn((2, 3), |(i, j)| if i == 0 { column(x)[j] } else { T::one() });
        let (zero, one) = (T::zero(), T::one());
        [
            a.mean_axis(Axis(1)).unwrap()[0],
            a.var_axis(Axis(1), one)[0],
            a.std_axis(Axis(1), one)[0],
            a.sum_axis(Axis(0))[0] + a.var_axis(Axis(1), zero)[1],
        ]
    }
    hold!(|x| along(x)[0], x, [mean, 1.0 / 3.0, 0.0], 1e-15; all);
    hold!(|x| along(x)[1], x, variance, 1e-15; all);
    hold!(|x| along(x)[2], x, deviation, 1e-15; all);
    hold!(|x| along(x)[3], x, [5.0, 1.0, 0.0], 1e-15; all);
    // All entries are equal: the deviation has a kink there, and the derivative is the middle of both sides.
    hold!(|x| array![x, Real::lit(1.0)].std(Real::lit(0.0)), 1.0, [0.0, 0.0, 0.0], 0.0; Dual, Var);
}

#[test]
fn products() {
    let expected = [11.0, 6.0, 2.0];
    hold!(|x| column(x).dot(&column(x)), 3.0, [14.0, 6.0, 2.0], 0.0; all);
    hold!(|x| square(x).dot(&square(x))[(0, 0)], 3.0, expected, 0.0; all);
    hold!(|x| square(x).dot(&array![x, Real::lit(2.0)])[0], 3.0, expected, 0.0; all);
    hold!(|x| array![x, Real::lit(2.0)].dot(&square(x).t())[0], 3.0, expected, 0.0; all);
    hold!(|x| kron(&square(x), &square(x))[(0, 0)] + 2.0, 3.0, expected, 0.0; all);
    // α = x; and β = 0 overwrites whatever the array holds.
    fn scaled<T: Real>(x: T) -> T {
        let mut c = Array2::from_elem((2, 2), T::nan());
        general_mat_mul(x, &square(x), &square(x), T::zero(), &mut c);
        let mut v = Array1::from_elem(2, T::nan());
        general_mat_vec_mul(x, &square(x), &array![x, T::lit(2.0)], T::zero(), &mut v);
        assert!(c[(0, 0)].same(v[0]));
        c[(0, 0)]
    }
    hold!(scaled, 3.0, [33.0, 29.0, 18.0], 0.0; all);
    // A β whose value is 0 but whose derivative is not does not overwrite it.
    fn added<T: Real>(x: T) -> T {
        let mut c = Array2::from_elem((2, 2), x);
        general_mat_mul(x, &square(x), &square(x), x - T::lit(3.0), &mut c);
        c[(0, 0)]
    }
    hold!(added, 3.0, [33.0, 32.0, 20.0], 0.0; all);
    // A matrix larger than the blocks of the kernel.
    fn large<T: Real>(x: T) -> T {
        let a = Array2::from_shape_fn((40, 50), |(i, j)| x * T::lit((i + j) as f64));
        let b = Array2::from_shape_fn((50, 30), |(i, j)| x + T::lit((i * j) as f64));
        a.dot(&b)[(39, 29)]
    }
    // Σⱼ (39 + j)x(x + 29j) over j < 50.
    let (p, q) = ((0..50).map(|j| 39 + j).sum::<i32>(), (0..50).map(|j| (39 + j) * 29 * j).sum::<i32>());
    let (p, q) = (f64::from(p), f64::from(q));
    hold!(large, 3.0, [9.0 * p + 3.0 * q, 6.0 * p + q, 2.0 * p], 1e-14; all);
}

#[test]
fn spaced() {
    let r = 3.0_f64.sqrt();
    hold!(|x| Array1::linspace(Real::lit(0.0), x * x, 5)[3], 3.0, [6.75, 4.5, 1.5], 1e-15; all);
    hold!(|x| Array1::logspace(x, Real::lit(0.0), Real::lit(1.0), 3)[1], 3.0, [r, 0.5 / r, -0.25 / (r * 3.0)], 1e-15; all);
    hold!(|x| Array1::geomspace(Real::lit(1.0), x, 3).unwrap()[1], 3.0, [r, 0.5 / r, -0.25 / (r * 3.0)], 1e-15; all);
    hold!(|x| Array1::range(x, x + 3.0, Real::lit(1.0))[2], 3.0, [5.0, 1.0, 0.0], 0.0; all);
}

#[test]
fn elementwise() {
    let (s, c) = 4.0_f64.sin_cos();
    hold!(
        |x| column(x).mapv(Real::softplus).sum() - column(x * 0.0).mapv(Real::softplus).sum(),
        4.0,
        [4.0_f64.exp().ln_1p() - 2.0_f64.ln(), 1.0 / (1.0 + (-4.0_f64).exp()), 0.017662706213291114],
        1e-15; all);
    fn sines<T: Real>(x: T) -> T {
        let mut a = column(x);
        a.mapv_inplace(num_traits::Float::sin);
        Zip::from(&mut a).and(&column(T::one())).for_each(|a, &b| *a *= b);
        a.iter().fold(T::zero(), |sum, &y| sum + y) - T::lit(1.0_f64.sin()) - T::lit(2.0 * 2.0_f64.sin())
    }
    hold!(sines, 4.0, [s, c, -s], 1e-15; all);
    hold!(|x| column(x).sin()[0], 4.0, [s, c, -s], 1e-15; all);
    hold!(|x| column(x).powi(3).cumprod(Axis(0))[0], 4.0, [64.0, 48.0, 24.0], 1e-15; all);
    // The bound is that whose value is larger.
    hold!(|x| column(x).clamp(Real::lit(1.5), x * x)[0], 4.0, [4.0, 1.0, 0.0], 0.0; all);
}

#[test]
fn operators() {
    fn right<T: Real + ScalarOperand>(x: T) -> T {
        let mut a = (column(x) * x + x) / x - x;
        a += x;
        a *= T::lit(2.0);
        a -= T::lit(2.0);
        a[0]
    }
    hold!(right, 3.0, [6.0, 2.0, 0.0], 1e-15; all);
    // Generic code as it is written over ndarray.
    fn softmax<T: NdFloat>(logits: &Array1<T>) -> Array1<T> {
        let top = logits.fold(T::neg_infinity(), |a, &b| a.max(b));
        let e = (logits - top).mapv(T::exp);
        let sum = e.sum();
        e / sum
    }
    let p = 1.0 / (1.0 + (-1.0_f64).exp());
    let expected = [p, p * (1.0 - p), p * (1.0 - p) * (1.0 - 2.0 * p)];
    hold!(|x| softmax(&array![x, Real::lit(1.0)])[0], 2.0, expected, 1e-15; all);
    hold!(|x| softmax(&array![x, Real::lit(2.0)])[0], 2.0, [0.5, 0.25, 0.0], 1e-15; all);
}
