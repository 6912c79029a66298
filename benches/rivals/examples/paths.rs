//! How long derivatives take in unoptimized programs, such as everyone's first `cargo test`: paths of 50 steps with six
//! inputs, in floats, by this crate and by num-dual. Prints times of one gradient, and Hessians and reverse mode.
//!
//! ```sh
//! cargo run --manifest-path benches/rivals/Cargo.toml --example paths
//! cargo run --manifest-path benches/rivals/Cargo.toml --example paths --config profile.dev.opt-level=1
//! cargo run --manifest-path benches/rivals/Cargo.toml --example paths --release
//! ```

use nalgebra::SVector;
use nilpotent::{gradient, hessian, reverse};
use num_dual::{Dual2SVec64, DualNum, DualSVec64};
use std::hint::black_box;
use std::ops::{Add, Div, Mul, Sub};
use std::time::Instant;

trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> {
    fn constant(c: f64) -> Self;
    fn sin(self) -> Self;
    fn sqrt(self) -> Self;
}

macro_rules! number {
    ($([$($params:tt)*] $T:ty, $constant:path, |$x:ident| $sin:expr, $sqrt:expr;)*) => { $(
        impl<$($params)*> Number for $T {
            #[inline]
            fn constant(c: f64) -> Self {
                $constant(c)
            }
            #[inline]
            fn sin(self) -> Self {
                let $x = self;
                $sin
            }
            #[inline]
            fn sqrt(self) -> Self {
                let $x = self;
                $sqrt
            }
        }
    )* };
}
number! {
    [] f64, f64::from, |x| x.sin(), x.sqrt();
    [const N: usize] nilpotent::Dual<f64, N>, nilpotent::Dual::constant, |x| x.sin(), x.sqrt();
    [const N: usize] nilpotent::Dual2<f64, N>, nilpotent::Dual2::constant, |x| x.sin(), x.sqrt();
    [] nilpotent::Var, nilpotent::Var::constant, |x| x.sin(), x.sqrt();
    [const N: usize] DualSVec64<N>, DualSVec64::from_re, |x| DualNum::sin(&x), DualNum::sqrt(&x);
    [const N: usize] Dual2SVec64<N>, Dual2SVec64::from_re, |x| DualNum::sin(&x), DualNum::sqrt(&x);
}

/// A path of 50 steps: products, a quotient, a root and a sine in each.
fn path<T: Number>(x: &[T]) -> T {
    let (one, h) = (T::constant(1.0), T::constant(0.02));
    let (mut s, mut v) = (x[0], x[1]);
    for _ in 0..50 {
        v = v + (x[2] * (x[3] - v) * h + x[4] * v.sin() * h);
        s = s + s * (v * h / (one + s * s * x[5]).sqrt());
    }
    s
}

/// The least time of a call, in microseconds.
fn time<R>(f: &mut dyn FnMut() -> R) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..40 {
        let (start, mut calls) = (Instant::now(), 0);
        while start.elapsed().as_micros() < 2000 {
            black_box(f());
            calls += 1;
        }
        least = least.min(start.elapsed().as_secs_f64() / f64::from(calls));
    }
    least * 1e6
}

fn main() {
    let x = [1.0, 0.5, 1.5, 0.4, 0.3, 0.2];
    let s = SVector::from(x);
    let expected = num_dual::gradient(|x: SVector<DualSVec64<6>, 6>| path(x.as_slice()), &s).1;
    let ours = gradient(|x: [nilpotent::Dual<f64, 6>; 6]| path(&x), x).1;
    assert!(ours.iter().zip(expected.iter()).all(|(a, b)| (a - b).abs() < 1e-12));
    let row = |name: &str, time: f64| println!("{name:32} {time:10.2} µs");
    row("floats", time(&mut || path(&black_box(x))));
    row("nilpotent, gradient", time(&mut || gradient(|x: [nilpotent::Dual<f64, 6>; 6]| path(&x), black_box(x))));
    row(
        "num-dual, gradient",
        time(&mut || num_dual::gradient(|x: SVector<DualSVec64<6>, 6>| path(x.as_slice()), &black_box(s))),
    );
    row("nilpotent, Hessian", time(&mut || hessian(|x: [nilpotent::Dual2<f64, 6>; 6]| path(&x), black_box(x))));
    row(
        "num-dual, Hessian",
        time(&mut || num_dual::hessian(|x: SVector<Dual2SVec64<6>, 6>| path(x.as_slice()), &black_box(s))),
    );
    row("nilpotent, reverse", time(&mut || reverse::gradient(|x: [nilpotent::Var; 6]| path(&x), black_box(x))));
}
