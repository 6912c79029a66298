//! Compares forward and reverse mode for the table of `docs/guide/modes.md`: `cargo bench --bench crossing`
//!
//! Each figure is the least of 60 short rounds, in which all rivals take turns, over the time of the plain function. A
//! word after `--` selects the titles that contain it.

use nilpotent::{Dual, Real, Var, gradient, hessian, hvp, jacobian, reverse};
use std::array::from_fn;
use std::hint::black_box;
use std::time::Instant;

/// `Σ √(1 + xᵢ²) + xᵢ₊₁·sin xᵢ`
fn costly<T: Real>(x: &[T]) -> T {
    let mut sum = T::zero();
    for i in 0..x.len() {
        sum += (T::one() + x[i] * x[i]).sqrt() + x[(i + 1) % x.len()] * x[i].sin();
    }
    sum
}

/// `Σ 100(xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)²`
fn cheap<T: Real>(x: &[T]) -> T {
    let (one, hundred) = (T::one(), T::lit(100.0));
    let mut sum = T::zero();
    for w in x.windows(2) {
        let (a, b) = (w[1] - w[0] * w[0], one - w[0]);
        sum += hundred * (a * a) + b * b;
    }
    sum
}

/// m outputs, each of which is a sum over all inputs.
fn dense<T: Real>(x: &[T], m: usize) -> Vec<T> {
    let term = |i: usize, j: usize, x: T| (x * T::lit(1.0 + ((7 * i + 3 * j) % 11) as f64 * 0.1)).sin() * x;
    let mut y = Vec::new();
    for i in 0..m {
        y.push(x.iter().enumerate().fold(T::zero(), |sum, (j, &x)| sum + term(i, j, x)));
    }
    y
}

fn point(i: usize) -> f64 {
    0.3 + 0.1 * (i % 10) as f64
}

fn keep<T>(result: T) {
    black_box(result);
}

fn compare(title: &str, runs: &mut [(&str, &mut dyn FnMut())]) {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with('-'));
    if !words.all(|word| title.contains(&word)) {
        return;
    }
    let mut least = vec![f64::INFINITY; runs.len()];
    for _ in 0..60 {
        for ((_, run), least) in runs.iter_mut().zip(&mut least) {
            let (start, mut calls) = (Instant::now(), 0);
            while start.elapsed().as_micros() < 300 {
                for _ in 0..if *least < 1e-5 { 16 } else { 1 } {
                    run();
                    calls += 1;
                }
            }
            *least = least.min(start.elapsed().as_secs_f64() / f64::from(calls));
        }
    }
    print!("{title:28} plain {:9.1} ns", least[0] * 1e9);
    for ((name, _), time) in runs.iter().zip(&least).skip(1) {
        print!("   {name} {:8.2}", time / least[0]);
    }
    println!();
}

macro_rules! gradients {
    ($f:ident: $($n:literal)*) => { $({
        let x: [f64; $n] = from_fn(point);
        compare(concat!("gradient ", stringify!($f), " ", $n), &mut [
            ("plain", &mut || keep($f(black_box(&x)))),
            ("forward", &mut || keep(gradient(|x| $f(&x), black_box(x)))),
            ("in chunks", &mut || keep(gradient(|x: &[Dual<f64, 8>]| $f(x), black_box(&x[..])))),
            ("reverse", &mut || keep(reverse::gradient(|x: [Var; $n]| $f(&x), black_box(x)))),
        ]);
    })* };
}

macro_rules! hessians {
    ($f:ident: $($n:literal)*) => { $({
        let (x, v): ([f64; $n], _) = (from_fn(point), [1.0; $n]);
        compare(concat!("Hessian ", stringify!($f), " ", $n), &mut [
            ("plain", &mut || keep($f(black_box(&x)))),
            ("forward", &mut || keep(hessian(|x: [_; $n]| $f(&x), black_box(x)))),
            ("reverse", &mut || keep(reverse::hessian(|x: [_; $n]| $f(&x), black_box(x)))),
        ]);
        compare(concat!("product ", stringify!($f), " ", $n), &mut [
            ("plain", &mut || keep($f(black_box(&x)))),
            ("forward", &mut || keep(hvp(|x| $f(&x), black_box(x), v))),
            ("reverse", &mut || keep(reverse::hvp(|x| $f(&x), black_box(x), v))),
        ]);
    })* };
}

fn jacobians(n: usize, m: usize) {
    let x: Vec<f64> = (0..n).map(point).collect();
    compare(
        &format!("Jacobian {n} to {m}"),
        &mut [
            ("plain", &mut || keep(dense(black_box(&x), m))),
            ("forward", &mut || keep(jacobian(|x: &[Dual<f64, 8>]| dense(x, m), black_box(&x)))),
            ("reverse", &mut || keep(reverse::jacobian(|x: &[Var]| dense(x, m), black_box(&x)))),
        ],
    );
}

/// Products at one point: the time of each one, by a recording of the gradient that is made before.
fn products(n: usize) {
    let (x, v): (Vec<f64>, _) = ((0..n).map(point).collect(), vec![1.0; n]);
    let (_, _, costly_map) = reverse::linearize_gradient(|x: &[Var<Var>]| costly(x), &x);
    let (_, _, cheap_map) = reverse::linearize_gradient(|x: &[Var<Var>]| cheap(x), &x);
    for (name, f, map) in [("costly", costly::<f64> as fn(&[f64]) -> f64, costly_map), ("cheap", cheap, cheap_map)] {
        let costly_one = name == "costly";
        let dual = |x: &[Var<Dual>]| if costly_one { costly(x) } else { cheap(x) };
        let nested = |x: &[Var<Var>]| if costly_one { costly(x) } else { cheap(x) };
        println!("{} records", map.recording().records());
        compare(
            &format!("one of many products {name} {n}"),
            &mut [
                ("plain", &mut || keep(f(black_box(&x)))),
                ("hvp", &mut || keep(reverse::hvp(dual, black_box(&x), &v))),
                ("linearized", &mut || keep(map.call(black_box(&v)))),
                ("linearizing", &mut || keep(reverse::linearize_gradient(nested, black_box(&x)))),
            ],
        );
    }
}

fn main() {
    [10, 100, 1000].into_iter().for_each(products);
    gradients!(costly: 2 4 8 10 12 16 24 32 100);
    gradients!(cheap: 2 4 8 10 12 16 24 32 100);
    hessians!(costly: 2 4 6 8 10 12 20 30);
    for (n, m) in [(8, 8), (16, 4), (32, 8), (32, 32), (64, 16), (64, 64), (256, 128), (256, 256)] {
        jacobians(n, m);
    }
}
