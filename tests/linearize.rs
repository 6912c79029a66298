//! Functions and gradients linearized at a point: products in many directions from one recording.

#[path = "common/chain.rs"]
mod chain;
#[path = "common/panics.rs"]
mod panics;

use chain::{d2f, df, doubled, f, g, point, times};
use nalgebra::{DVector, UnitQuaternion, Vector3, vector};
use nilpotent::reverse::{
    self, checkpoint, checkpoint_loop, checkpoint_while, linearize, linearize_gradient, record, try_linearize,
    try_linearize_gradient,
};
use nilpotent::{Chunk, Dual, Real, Var, derivative, jvp, linalg, rules};
use panics::{ENDED, panics};
use std::array::from_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[track_caller]
fn near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-13 * b.abs().max(1.0)), "{a:?}, expected {b:?}");
}

/// Eighths, so that all results are exact.
fn direction(n: usize) -> Vec<f64> {
    (0..n).map(|i| i as f64 * 0.5 - 2.5).collect()
}

#[test]
fn slices_of_any_length() {
    for n in 0..=19 {
        let (x, v) = (point(n), direction(n));
        let (value, linear) = linearize(g, &x);
        assert_eq!(value, [f(&x), dot(&x, &x)]);
        assert_eq!(linear.call(&v), [dot(&df(&x), &v), 2.0 * dot(&x, &v)], "{n}");
        assert_eq!(linear.call(&doubled(&v)), [2.0 * dot(&df(&x), &v), 4.0 * dot(&x, &v)]);
        assert_eq!((linear.transposed([1.0, 0.0]), linear.transposed([0.0, 0.5])), (df(&x), x.clone()));
        let normal = |i: usize| df(&x)[i] * dot(&df(&x), &v) + 4.0 * x[i] * dot(&x, &v);
        assert_eq!(linear.gauss_newton(&v), (0..n).map(normal).collect::<Vec<_>>());
        assert_eq!(linearize(|x| g(x).to_vec(), Chunk::<3>(&x)).1.call(&v), linear.call(&v));

        let (y, dy, hessian) = linearize_gradient(f, &x);
        assert_eq!((y, dy), (f(&x), df(&x)));
        assert_eq!(hessian.call(&v), times(&d2f(&x), &v), "{n}");
        assert_eq!(hessian.call(&doubled(&v)), doubled(&times(&d2f(&x), &v)));
        assert_eq!(linearize_gradient(f, &x[..]).2.call(&v), hessian.call(&v));
    }
}

#[test]
fn arrays_vectors_and_rotations() {
    let (x, v): ([f64; 4], [f64; 4]) = (from_fn(|i| point(4)[i]), from_fn(|i| direction(4)[i]));
    let (_, dy, hessian) = linearize_gradient(|x| f(&x), x);
    assert_eq!((dy.to_vec(), hessian.call(&v).to_vec()), (df(&x), times(&d2f(&x), &v)));
    assert_eq!(linearize(|x| (g(&x), [x[0]]), x).1.call(&v), ([dot(&df(&x), &v), 2.0 * dot(&x, &v)], [v[0]]));
    let x = DVector::from_row_slice(&[2.0, 3.0]);
    let (_, linear) = linearize(|x| x[0] * x[1], &x);
    assert_eq!((linear.call(&[1.0, 10.0]), linear.gauss_newton(&[1.0, 0.0])[1]), (23.0, 6.0));

    // At the identity exp(δ)·p = p + δ×p + ½ δ×(δ×p) + …
    let (p, w, v) = (vector![1.0, 2.0, 3.0], vector![-0.5, 0.25, 2.0], vector![1.0, -0.5, 0.25]);
    let x = UnitQuaternion::identity();
    let (_, linear) = linearize(|q| q * linalg::lift(&p), &x);
    near(linear.call(v.as_slice()).as_slice(), v.cross(&p).as_slice());
    let along = |q: UnitQuaternion<_>| (q * linalg::lift(&p)).dot(&linalg::lift(&w));
    let (_, dy, hessian) = linearize_gradient(along, &x);
    near(dy.as_slice(), p.cross(&w).as_slice());
    let known: Vector3<f64> = (w * p.dot(&v) + p * w.dot(&v)) * 0.5 - v * w.dot(&p);
    near(hessian.call(v.as_slice()).as_slice(), known.as_slice());
}

/// Sums that are one node: of joined records, of runs, and of both; and nodes that were asked for.
#[test]
fn nodes_of_many_operands() {
    for n in [1, 2, 3, 12, 13, 64, 65, 200] {
        let (x, v) = (point(n), direction(n));
        let c: Vec<f64> = (0..n).map(|i| 0.25 * i as f64 - 1.0).collect();
        // Two sums over all inputs, one over every other input, and their product.
        let sums = |x: &[Var]| {
            let (sum, some) = (rules::sum(x), rules::weighted_sum(c.iter().copied().zip(x.iter().copied()).step_by(2)));
            let product = rules::linear_combination(&c, x).watch();
            [sum, product, some, rules::sum(&[sum, product, some, x[0], sum])]
        };
        let (_, linear) = linearize(sums, &x);
        let (sum, product) = (v.iter().sum::<f64>(), dot(&c, &v));
        let some = c.iter().zip(&v).step_by(2).map(|(c, v)| c * v).sum::<f64>();
        assert_eq!(linear.call(&v), [sum, product, some, 2.0 * sum + product + some + v[0]], "{n}");
        let (y, linear) = linearize(rules::norm, &x);
        near(&[linear.call(&v)], &[dot(&x, &v) / y]);
    }
}

/// A zero component stays zero at an infinite slope, and so does a zero slope at an infinite tangent.
#[test]
fn zeros_stay_zero() {
    let (_, linear) = linearize(|[a, b]: [Var; 2]| [a.sqrt() * b, (a.sqrt() + b).watch() * 0.0], [0.0, 3.0]);
    assert_eq!(linear.call(&[0.0, 1.0]), [0.0, 0.0]);
    assert_eq!(linear.call(&[1.0, 0.0])[0], f64::INFINITY);
    let (_, linear) = linearize(|x: &[Var]| rules::sum(&[x, &[x[0].sqrt() + x[1]]].concat()), &[0.0; 20][..]);
    let mut v = [1.0; 20];
    v[0] = 0.0;
    assert_eq!(linear.call(&v), 20.0);
    let (_, linear) = linearize(|_: [Var; 2]| [Var::constant(3.0)], [1.0, 2.0]);
    assert_eq!(linear.call(&[1.0, 1.0]), [0.0]);
    assert_eq!(linearize_gradient(|_: [Var<Var>; 1]| 3.0.into(), [1.0]).2.call(&[1.0]), [0.0]);
    assert_eq!(linearize_gradient(|_: [Var<Var>; 0]| 3.0.into(), []).2.call(&[]), []);
}

/// One step of a map with a parameter, which depends on the index of the step.
fn step<T: Real>(p: T, i: usize, s: &[T]) -> Vec<T> {
    let t = T::lit((i % 7) as f64 * 0.1);
    vec![s[0] + (s[1] * p + t).sin() * T::lit(0.01), s[1] - s[0] * T::lit(0.02) * p]
}

/// Forwards a checkpointed stretch runs once for each direction; the products are those of forward mode.
#[test]
fn checkpoints_are_passed_forwards() {
    let (x, v) = ([0.9, 0.5, -0.3], [1.0, -2.0, 0.5]);
    for steps in [0, 1, 2, 7, 40] {
        let plain = |[p, a, b]: [Dual; 3]| (0..steps).fold(vec![a, b], |s, i| step(p, i, &s));
        let (value, known) = jvp(plain, x, v);
        for budget in [1, 3, 100] {
            let calls = Arc::new(AtomicUsize::new(0));
            let counted = calls.clone();
            let count = move |p, i, s: &[Var]| {
                counted.fetch_add(1, Ordering::Relaxed);
                step(p, i, s)
            };
            let looped = |[p, a, b]: [Var; 3]| checkpoint_loop(steps, &[a, b], move |i, s| count(p, i, s), budget);
            let (y, linear) = linearize(looped, x);
            assert_eq!(y, value);
            assert_eq!(calls.swap(0, Ordering::Relaxed), steps);
            near(&linear.call(&v), &known);
            assert_eq!(calls.load(Ordering::Relaxed), steps);
            let again = move |p| move |i, s: &[Var]| step(p, i, s);
            let unknown = |[p, a, b]: [Var; 3]| checkpoint_while(&[a, b], move |i, _| i < steps, again(p), budget);
            near(&linearize(unknown, x).1.call(&v), &known);
        }
    }
}

#[test]
fn checkpoints_in_checkpoints() {
    // b captures a; the stretch has outputs that are constants, inputs and nodes; records follow it.
    let f = |[a, b]: [Var; 2]| {
        let c = a * b;
        let [s, t, u] = checkpoint(
            move |x| {
                let inner = checkpoint(move |y| y[0].sin() * a, &[x[0] * x[1]]);
                [inner * b, x[0], Var::constant(2.0)]
            },
            &[c, a],
        );
        let [w] = checkpoint(move |x| [x[0] * x[1]], &[s, b]);
        [s * t + u, w * c]
    };
    let plain = |[a, b]: [Dual; 2]| {
        let s = (a * b * a).sin() * a * b;
        [s * (a * b) + 2.0, s * b * (a * b)]
    };
    let (x, v) = ([0.7, -1.3], [1.0, 0.25]);
    let (value, known) = jvp(plain, x, v);
    let (y, linear) = linearize(f, x);
    near(&y, &value);
    near(&linear.call(&v), &known);
    // The transpose is the transpose: w·(J·v) = (wᵀJ)·v.
    near(&[dot(&linear.transposed([2.0, -3.0]), &v)], &[2.0 * known[0] - 3.0 * known[1]]);
    // Among variables of variables, and in a kept recording while another one is open.
    let curved = |[a, b]: [Var<Var>; 2]| checkpoint(move |x| (x[0] * x[1]).sin() * a, &[a, b]);
    let (_, _, hessian) = linearize_gradient(curved, x);
    let (_, _, known) = nilpotent::hvp(|[a, b]| (a * b).sin() * a, x, v);
    near(&hessian.call(&v), &known);
    let (_, d) = reverse::gradient(|[t]: [Var; 1]| t * linear.call(&v)[0], [2.0]);
    near(&d, &[jvp(plain, x, v).1[0]]);
}

/// The function is run once, whatever the number of products.
#[test]
fn the_function_runs_once() {
    let mut runs = 0;
    let count = |[a, b]: [Var<Var>; 2]| {
        runs += 1;
        a * b * b
    };
    let (y, dy, hessian) = linearize_gradient(count, [2.0, 3.0]);
    let columns = [hessian.call(&[1.0, 0.0]), hessian.call(&[0.0, 1.0])];
    assert_eq!((y, dy, columns, runs), (18.0, [9.0, 12.0], [[0.0, 6.0], [6.0, 4.0]], 1));
    assert_eq!((hessian.recording().inputs(), format!("{hessian:?}").is_empty()), (2, false));
}

/// x⁴·y: the third derivatives are those of the products in numbers that carry a derivative.
#[test]
fn numbers_with_derivatives() {
    let product = |x: Dual| {
        let f = |[x, y]: [Var<Var<Dual>>; 2]| x.powi(4) * y;
        linearize_gradient(f, [x, 3.0.into()]).2.call(&[1.0.into(), 2.0.into()])
    };
    // H = [[12x²y, 4x³], [4x³, 0]]
    assert_eq!(derivative(product, 2.0), ([144.0 + 64.0, 32.0], [144.0 + 96.0, 48.0]));
    let along = |x: Dual| linearize(|[x, y]| [x * x * y], [x, 3.0.into()]).1.call(&[1.0.into(), 2.0.into()]);
    assert_eq!(derivative(along, 2.0), ([20.0], [14.0]));
    assert_eq!(linearize(|[a, b]| a * b, [2.0_f32, 3.0]).1.call(&[1.0, 10.0]), 23.0);
}

#[test]
fn failures_come_back() {
    let f = |[a, b]: [Var; 2]| if b == 0.0 { Err("b is 0") } else { Ok([a / b]) };
    assert_eq!(try_linearize(f, [1.0, 0.0]).err(), Some("b is 0"));
    assert_eq!(try_linearize(f, [1.0, 2.0]).map(|(y, linear)| (y, linear.call(&[1.0, 0.0]))), Ok(([0.5], [0.5])));
    let f = |[a, b]: [Var<Var>; 2]| (b != 0.0).then(|| a * a / b);
    assert!(try_linearize_gradient(f, [1.0, 0.0]).is_none());
    let (y, dy, hessian) = try_linearize_gradient(f, [1.0, 2.0]).expect("b is not 0");
    assert_eq!((y, dy, hessian.call(&[1.0, 0.0])), (0.5, [1.0, -0.25], [1.0, -0.5]));
    // A panic leaves the tapes usable.
    panics("no", || linearize_gradient(|_: [Var<Var>; 1]| panic!("no"), [1.0]));
    assert_eq!(linearize_gradient(|[a]| a * a, [3.0]).2.call(&[1.0]), [2.0]);
}

#[test]
fn misuse() {
    let short = "assertion `left == right` failed: the point has 2 coordinates and the direction has 1";
    panics(short, || linearize(|[a, b]| a * b, [1.0, 2.0]).1.call(&[1.0]));
    panics(short, || linearize_gradient(|[a, b]| a * b, [1.0, 2.0]).2.call(&[1.0]));
    panics("assertion `left == right` failed: 1 weights for 2 outputs", || {
        linearize(|x| x.to_vec(), &[1.0, 2.0][..]).1.transposed(vec![1.0])
    });
    let ([y], recording) = record(|[a, b]| [a * b], [1.0, 2.0]);
    panics("a variable of another recording", || record(|[a]| a, [1.0]).1.tangents(&[1.0]).of(y));
    assert_eq!(recording.tangents(&[1.0, 1.0]).of(Var::constant(3.0)), 0.0);
    let old = record(|[a]| a, [1.0]).0;
    panics(ENDED, || linearize(|[a]: [Var; 1]| a * old, [1.0]));
    panics(ENDED, || linearize_gradient(|[a]: [Var<Var>; 1]| a * Var::constant(old), [1.0]));
    panics("assertion `left == right` failed: a checkpointed function returned 1 values at first and 2 later", || {
        let calls = Arc::new(AtomicUsize::new(0));
        let grows = move |x: &[Var]| vec![x[0]; 1 + calls.fetch_add(1, Ordering::Relaxed)];
        linearize(move |[a]: [Var; 1]| checkpoint(grows, &[a]), [1.0]).1.call(&[1.0])
    });
}
