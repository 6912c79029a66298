//! A function of neighbors in a slice, with its derivatives by hand.

#![allow(dead_code)]

use nilpotent::Real;

/// `Σᵢ i·xᵢxᵢ₊₁² - Σ xᵢ³`. Its gradient and Hessian follow.
pub fn f<T: Real>(x: &[T]) -> T {
    let pairs = x.windows(2).zip(1..).map(|(w, i)| T::lit(f64::from(i)) * w[0] * w[1] * w[1]);
    pairs.sum::<T>() - x.iter().map(|&x| x * x * x).sum::<T>()
}

pub fn df(x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let right = |i: usize| if i + 1 < n { (i + 1) as f64 * x[i + 1] * x[i + 1] } else { 0.0 };
    let left = |i: usize| if i > 0 { 2.0 * i as f64 * x[i - 1] * x[i] } else { 0.0 };
    (0..n).map(|i| right(i) + left(i) - 3.0 * x[i] * x[i]).collect()
}

pub fn d2f(x: &[f64]) -> Vec<Vec<f64>> {
    let n = x.len();
    let mut h = vec![vec![0.0; n]; n];
    for i in 0..n {
        h[i][i] = if i > 0 { 2.0 * i as f64 * x[i - 1] } else { 0.0 } - 6.0 * x[i];
        if i + 1 < n {
            h[i][i + 1] = 2.0 * (i + 1) as f64 * x[i + 1];
            h[i + 1][i] = h[i][i + 1];
        }
    }
    h
}

/// A function with two outputs.
pub fn g<T: Real>(x: &[T]) -> [T; 2] {
    [f(x), x.iter().map(|&x| x * x).sum()]
}

/// A point whose coordinates are eighths, so that all results are exact.
pub fn point(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.5 - 0.125 * i as f64).collect()
}

pub fn doubled(x: &[f64]) -> Vec<f64> {
    x.iter().map(|x| 2.0 * x).collect()
}

pub fn times(h: &[Vec<f64>], v: &[f64]) -> Vec<f64> {
    h.iter().map(|row| row.iter().zip(v).map(|(h, v)| h * v).sum()).collect()
}
