//! Compares forward gradients of ten variables with the plain function, with a derivative by hand, and with a plain
//! struct that has the same formulas written out. The last one shows what the crate's generality costs. `cargo bench
//! --bench forward`

mod common;

use common::keep;
use criterion::{Criterion, criterion_group, criterion_main};
use nilpotent::{Real, gradient};
use std::hint::black_box;
use std::ops::{Add, Mul, Sub};

const N: usize = 10;

/// `Σ 100(xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)²`
fn rosenbrock<T: Real>(x: [T; N]) -> T {
    let (one, hundred) = (T::one(), T::lit(100.0));
    let mut sum = T::zero();
    for i in 0..N - 1 {
        let (a, b) = (x[i + 1] - x[i] * x[i], one - x[i]);
        sum += hundred * (a * a) + b * b;
    }
    sum
}

fn rosenbrock_by_hand(x: [f64; N]) -> (f64, [f64; N]) {
    let (mut y, mut dy) = (0.0, [0.0; N]);
    for i in 0..N - 1 {
        let (a, b) = (x[i + 1] - x[i] * x[i], 1.0 - x[i]);
        y += 100.0 * a * a + b * b;
        dy[i] -= 400.0 * a * x[i] + 2.0 * b;
        dy[i + 1] += 200.0 * a;
    }
    (y, dy)
}

/// `s ← √(exp(sin(s·xᵢ)) + xᵢ)` over all i.
fn chain<T: Real>(x: [T; N]) -> T {
    x.iter().fold(T::one(), |s, &x| ((s * x).sin().exp() + x).sqrt())
}

fn chain_by_hand(x: [f64; N]) -> (f64, [f64; N]) {
    let (mut s, mut dy) = (1.0, [0.0; N]);
    for i in 0..N {
        let (sin, cos) = (s * x[i]).sin_cos();
        let e = sin.exp();
        let next = (e + x[i]).sqrt();
        let (ds, dx) = (e * cos * x[i] / (2.0 * next), (e * cos * s + 1.0) / (2.0 * next));
        dy[..i].iter_mut().for_each(|d| *d *= ds);
        (s, dy[i]) = (next, dx);
    }
    (s, dy)
}

/// A number as one would write it for these two functions and no others.
#[derive(Clone, Copy)]
struct Plain {
    v: f64,
    d: [f64; N],
}

impl Plain {
    #[inline]
    fn constant(v: f64) -> Self {
        Self { v, d: [0.0; N] }
    }

    #[inline]
    fn variables(x: [f64; N]) -> [Self; N] {
        std::array::from_fn(|i| {
            let mut x = Self::constant(x[i]);
            x.d[i] = 1.0;
            x
        })
    }

    #[inline]
    fn with(self, v: f64, slope: f64) -> Self {
        Self { v, d: self.d.map(|d| slope * d) }
    }

    #[inline]
    fn rosenbrock(x: [Self; N]) -> Self {
        let (one, hundred) = (Self::constant(1.0), Self::constant(100.0));
        let mut sum = Self::constant(0.0);
        for i in 0..N - 1 {
            let (a, b) = (x[i + 1] - x[i] * x[i], one - x[i]);
            sum = sum + (hundred * (a * a) + b * b);
        }
        sum
    }

    #[inline]
    fn chain(x: [Self; N]) -> Self {
        x.iter().fold(Self::constant(1.0), |s, &x| {
            let p = s * x;
            let (sin, cos) = p.v.sin_cos();
            let p = p.with(sin, cos);
            let e = p.v.exp();
            let p = p.with(e, e) + x;
            let root = p.v.sqrt();
            p.with(root, 1.0 / (2.0 * root))
        })
    }
}

impl Add for Plain {
    type Output = Self;
    #[inline]
    fn add(self, o: Self) -> Self {
        Self { v: self.v + o.v, d: std::array::from_fn(|i| self.d[i] + o.d[i]) }
    }
}

impl Sub for Plain {
    type Output = Self;
    #[inline]
    fn sub(self, o: Self) -> Self {
        Self { v: self.v - o.v, d: std::array::from_fn(|i| self.d[i] - o.d[i]) }
    }
}

#[allow(clippy::suspicious_arithmetic_impl)]
impl Mul for Plain {
    type Output = Self;
    #[inline]
    fn mul(self, o: Self) -> Self {
        Self { v: self.v * o.v, d: std::array::from_fn(|i| self.d[i] * o.v + self.v * o.d[i]) }
    }
}

fn compare(
    c: &mut Criterion,
    title: &str,
    plain: fn([f64; N]) -> f64,
    by_hand: fn([f64; N]) -> (f64, [f64; N]),
    dual: fn([f64; N]) -> (f64, [f64; N]),
    by_struct: fn([f64; N]) -> (f64, [f64; N]),
) {
    let x: [f64; N] = std::array::from_fn(|i| 0.3 + 0.1 * i as f64);
    let (y, dy) = dual(x);
    for (z, dz) in [by_hand(x), by_struct(x)] {
        assert!((y - z).abs() <= 1e-14 * y.abs());
        assert!(dy.iter().zip(dz).all(|(a, b)| (a - b).abs() <= 1e-13 * b.abs().max(1e-3)));
    }
    common::compare(
        c,
        title,
        &mut [
            ("gradient by plain struct", &mut || keep(by_struct(black_box(x)))),
            ("gradient by Dual", &mut || keep(dual(black_box(x)))),
            ("gradient by hand", &mut || keep(by_hand(black_box(x)))),
            ("f64", &mut || keep(plain(black_box(x)))),
        ],
    );
}

fn forward(c: &mut Criterion) {
    compare(
        c,
        "Rosenbrock 10",
        rosenbrock,
        rosenbrock_by_hand,
        |x| gradient(rosenbrock, x),
        |x| {
            let y = Plain::rosenbrock(Plain::variables(x));
            (y.v, y.d)
        },
    );
    compare(
        c,
        "exp sin sqrt chain 10",
        chain,
        chain_by_hand,
        |x| gradient(chain, x),
        |x| {
            let y = Plain::chain(Plain::variables(x));
            (y.v, y.d)
        },
    );
}

criterion_group!(benches, forward);
criterion_main!(benches);
