//! Reverse gradients, compared with the plain function, a gradient written by hand, echidna and ad_trait: `cargo bench
//! --manifest-path benches/rivals/Cargo.toml --bench reverse`

#[path = "../../common/mod.rs"]
mod common;

use ad_trait::reverse_ad::adr::{GlobalComputationGraph, adr};
use common::{compare, keep};
use criterion::{Criterion, criterion_group, criterion_main};
use nilpotent::num_traits::{Float, Num};
use nilpotent::{Var, reverse};
use simba::scalar::ComplexField;
use std::hint::black_box;
use std::ops::Neg;

/// What the functions need of the numbers of all rivals.
trait Number: Num + Neg<Output = Self> + PartialOrd + Copy {
    fn constant(c: f64) -> Self;
    fn exp(self) -> Self;
    fn ln(self) -> Self;
    fn abs(self) -> Self;
}

macro_rules! number {
    ($($T:ty, $Trait:ident, $constant:expr;)*) => { $(
        impl Number for $T {
            #[inline]
            fn constant(c: f64) -> Self {
                $constant(c)
            }
            #[inline]
            fn exp(self) -> Self {
                $Trait::exp(self)
            }
            #[inline]
            fn ln(self) -> Self {
                $Trait::ln(self)
            }
            #[inline]
            fn abs(self) -> Self {
                $Trait::abs(self)
            }
        }
    )* };
}

number! {
    f64, Float, |c| c;
    Var, Float, Self::constant;
    echidna::Reverse<f64>, Float, Self::constant;
    adr, ComplexField, Self::from;
}

/// `Σ 100(xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)²`
fn rosenbrock<T: Number>(x: &[T]) -> T {
    let (one, hundred) = (T::one(), T::constant(100.0));
    x.windows(2).fold(T::zero(), |sum, w| {
        let (a, b) = (w[1] - w[0] * w[0], one - w[0]);
        sum + (hundred * (a * a) + b * b)
    })
}

fn rosenbrock_by_hand(x: &[f64]) -> Vec<f64> {
    let mut dy = vec![0.0; x.len()];
    for i in 0..x.len() - 1 {
        let (a, b) = (x[i + 1] - x[i] * x[i], 1.0 - x[i]);
        dy[i] -= 400.0 * a * x[i] + 2.0 * b;
        dy[i + 1] += 200.0 * a;
    }
    dy
}

/// `ln Σ exp xᵢ`, with the largest x subtracted first.
fn log_sum_exp<T: Number>(x: &[T]) -> T {
    let top = x.iter().fold(x[0], |top, &x| if x > top { x } else { top });
    x.iter().fold(T::zero(), |sum, &x| sum + (x - top).exp()).ln() + top
}

fn log_sum_exp_by_hand(x: &[f64]) -> Vec<f64> {
    let top = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let e: Vec<f64> = x.iter().map(|x| (x - top).exp()).collect();
    let sum = e.iter().sum::<f64>().recip();
    e.iter().map(|e| e * sum).collect()
}

/// The determinant of a matrix, given row by row, by elimination with row pivots.
fn determinant<T: Number>(x: &[T]) -> T {
    let n = x.len().isqrt();
    let mut a = x.to_vec();
    let mut det = T::one();
    for k in 0..n {
        let pivot = (k..n).fold(k, |p, i| if a[i * n + k].abs() > a[p * n + k].abs() { i } else { p });
        if pivot != k {
            for j in k..n {
                a.swap(k * n + j, pivot * n + j);
            }
            det = -det;
        }
        det = det * a[k * n + k];
        for i in k + 1..n {
            let factor = a[i * n + k] / a[k * n + k];
            for j in k + 1..n {
                a[i * n + j] = a[i * n + j] - factor * a[k * n + j];
            }
        }
    }
    det
}

/// The gradient of the determinant by Jacobi's formula, det·A⁻ᵀ.
fn determinant_by_hand(x: &[f64]) -> Vec<f64> {
    let n = x.len().isqrt();
    let lu = nalgebra::DMatrix::from_row_slice(n, n, x).lu();
    let (det, inverse) = (lu.determinant(), lu.try_inverse().expect("regular"));
    (inverse * det).as_slice().to_vec()
}

/// The determinant by minors along the first row.
fn minors<T: Number>(x: &[T]) -> T {
    fn below<T: Number>(x: &[T], n: usize, row: usize, columns: u32) -> T {
        if row == n {
            return T::one();
        }
        let mut sign = T::one();
        let mut sum = T::zero();
        for j in (0..n).filter(|j| columns & (1 << j) != 0) {
            sum = sum + sign * x[row * n + j] * below(x, n, row + 1, columns & !(1 << j));
            sign = -sign;
        }
        sum
    }
    let n = x.len().isqrt();
    below(x, n, 0, (1 << n) - 1)
}

fn by_ad_trait(f: fn(&[adr]) -> adr, x: &[f64]) -> Vec<f64> {
    GlobalComputationGraph::get().reset();
    let x: Vec<adr> = x.iter().map(|&x| adr::new_variable(x, false)).collect();
    let y = f(&x);
    let gradient = y.get_backwards_mode_grad();
    x.iter().map(|x| gradient.wrt(x)).collect()
}

macro_rules! rivals {
    ($c:expr, $title:expr, $f:ident, $by_hand:expr, $x:expr) => {{
        let x: Vec<f64> = $x;
        let by_hand: fn(&[f64]) -> Vec<f64> = $by_hand;
        let ours = |x: &[f64]| reverse::gradient($f, x);
        let (y, dy) = ours(&x);
        let size = dy.iter().fold(1e-300, |m: f64, d| m.max(d.abs()));
        assert!((y - $f(&x)).abs() <= 1e-12 * y.abs());
        for other in [by_hand(&x), echidna::grad($f, &x), by_ad_trait($f, &x)] {
            assert!(dy.iter().zip(other).all(|(a, b)| (a - b).abs() <= 1e-9 * size));
        }
        compare(
            $c,
            $title,
            &mut [
                ("f64", &mut || keep($f(black_box(&x)))),
                ("nilpotent", &mut || keep(ours(black_box(&x)))),
                ("by hand", &mut || keep(by_hand(black_box(&x)))),
                ("echidna", &mut || keep(echidna::grad($f, black_box(&x)))),
                ("ad_trait", &mut || keep(by_ad_trait($f, black_box(&x)))),
            ],
        );
    }};
}

fn gradients(c: &mut Criterion) {
    for n in [10, 100, 1_000, 100_000] {
        let x = (0..n).map(|i| 0.3 + 0.1 * (i % 10) as f64).collect();
        rivals!(c, &format!("Rosenbrock {n}"), rosenbrock, rosenbrock_by_hand, x);
    }
    let x = (0..1000).map(|i| f64::from(i * 37 % 100) * 0.1).collect();
    rivals!(c, "log-sum-exp 1000", log_sum_exp, log_sum_exp_by_hand, x);
    let matrix =
        |n: usize| (0..n * n).map(|k| ((k * k % 97) as f64 - 48.0) / 48.0 + f64::from(k % (n + 1) == 0)).collect();
    rivals!(c, "determinant 30 by elimination", determinant, determinant_by_hand, matrix(30));
    rivals!(c, "determinant 200 by elimination", determinant, determinant_by_hand, matrix(200));
    rivals!(c, "determinant 9 by minors", minors, determinant_by_hand, matrix(9));
}

criterion_group!(benches, gradients);
criterion_main!(benches);
