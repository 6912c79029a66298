//! Programs in lanes beside the scalar function and the live derivative, each with recording and compiling counted. `cargo
//! bench --bench programs`.

mod common;
#[path = "../examples/gradbench/main.rs"]
#[allow(dead_code)]
mod gradbench;

use common::{Random, compare, keep};
use criterion::{Criterion, criterion_group, criterion_main};
use gradbench::ba;
use nilpotent::program::{self, Kernel, Set};
use nilpotent::rules::by_name::by_method;
use nilpotent::{Dual, Dual2, Real, Traced, Var, gradient, hessian, jacobian, reverse};
use std::hint::black_box;

impl Random {
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// The instruction sets of this machine, without and with `Kernel::fast`, which plain Rust does not have.
fn sets() -> impl Iterator<Item = (Set, bool)> {
    let fast = Set::all().into_iter().filter(|&set| set != Set::Portable).map(|set| (set, true));
    Set::all().into_iter().map(|set| (set, false)).chain(fast)
}

/// The name of a rival.
fn named(what: &str, set: Set, fast: bool) -> String {
    format!("{what}, {set:?}{}", if fast { ", fast" } else { "" })
}

/// The kernel for an instruction set.
macro_rules! with {
    ($kernel:expr, $set:expr, $fast:expr) => {{
        let kernel = $kernel.with_set($set);
        if $fast { kernel.fast() } else { kernel }
    }};
}

// ---- bundle adjustment

/// The reprojection error of an observation: a camera, a point and a weight; the feature is apart.
fn reprojection<T: Real>(x: [T; 15], feature: [T; 2]) -> [T; 2] {
    let camera = std::array::from_fn(|k| x[k]);
    ba::error(&camera, [x[11], x[12], x[13]], x[14], feature)
}

fn split(x: [f64; 17]) -> ([f64; 15], [f64; 2]) {
    (std::array::from_fn(|i| x[i]), [x[15], x[16]])
}

fn bundle(c: &mut Criterion) {
    for count in [2_000, 225_911] {
        let mut random = Random(1);
        let camera = [-0.75, -1.1, -0.85, 34.5, 39.7, 53.9, 419.2, 5.9, -8.5, 0.088, 0.0027];
        let cameras: Vec<[f64; 11]> = (0..257).map(|_| camera.map(|x| x * (1.0 + 0.01 * random.uniform()))).collect();
        let points: Vec<[f64; 3]> =
            (0..65_132.min(count)).map(|_| [7.2, 0.0011, 3.0].map(|x| x * (1.0 + 0.01 * random.uniform()))).collect();
        let features: Vec<[f64; 2]> = (0..count).map(|_| [271.8, 834.2]).collect();
        let weights: Vec<[f64; 1]> = (0..count).map(|_| [0.42]).collect();
        let pieces = |i: usize| -> [&[f64]; 4] {
            [&cameras[i % cameras.len()], &points[i % points.len()], &weights[i], &features[i]]
        };
        let row = |i: usize| -> [f64; 17] {
            let ([r0, r1, r2, c0, c1, c2, focus, u, v, k1, k2], [x, y, z]) =
                (cameras[i % cameras.len()], points[i % points.len()]);
            [r0, r1, r2, c0, c1, c2, focus, u, v, k1, k2, x, y, z, weights[i][0], features[i][0], features[i][1]]
        };
        let mut errors = vec![[0.0; 2]; count];
        let mut values = vec![0.0; 30 * count];
        let mut rivals: Vec<(String, Box<dyn FnMut()>)> = vec![
            (
                "function".to_owned(),
                Box::new(|| {
                    for (i, error) in errors.iter_mut().enumerate() {
                        let (x, feature) = split(row(i));
                        *error = reprojection(x, feature);
                    }
                    black_box(&errors);
                }),
            ),
            (
                "Jacobian by Dual<15>".to_owned(),
                Box::new(|| {
                    for (i, values) in values.chunks_exact_mut(30).enumerate() {
                        let (x, feature) = split(row(i));
                        let error = |x: [Dual<f64, 15>; 15]| reprojection(x, feature.map(Dual::constant));
                        values.copy_from_slice(jacobian(error, x).1.as_flattened());
                    }
                    black_box(&values);
                }),
            ),
        ];
        for (set, fast) in sets() {
            let (row, pieces) = (&row, &pieces);
            let mut results = vec![0.0; 30 * count];
            rivals.push((
                named("Jacobian in lanes", set, fast),
                Box::new(move || {
                    let x0 = row(0);
                    let kernel = Kernel::new(ba::partials, ba::partials, &x0[..]).expect("recorded");
                    let report =
                        with!(kernel, set, fast).run(count, &[], pieces, &mut results, &mut []).expect("lengths");
                    keep(report);
                }),
            ));
        }
        let mut rivals: Vec<(&str, &mut dyn FnMut())> =
            rivals.iter_mut().map(|(name, run)| (name.as_str(), &mut **run as &mut dyn FnMut())).collect();
        compare(c, &format!("bundle adjustment of {count}"), &mut rivals);
    }
}

// ---- terms of Rosenbrock's function

fn rosenbrock<T: Real>([a, b]: [T; 2]) -> T {
    let (t, u) = (b - a * a, T::one() - a);
    T::lit(100.0) * (t * t) + u * u
}

fn rosenbrock_gradient<T: Real>(x: [T; 2]) -> (T, [T; 2]) {
    gradient(rosenbrock, x)
}

fn rosenbrock_hessian<T: Real>(x: [T; 2]) -> (T, [T; 2], [T; 3]) {
    let (y, g, h) = hessian(rosenbrock::<Dual2<T, 2>>, x);
    (y, g, [h[0][0], h[1][0], h[1][1]])
}

fn terms(c: &mut Criterion) {
    let mut random = Random(2);
    let points: Vec<[f64; 2]> = (0..10_000).map(|_| [random.uniform(), random.uniform()]).collect();
    let first = Kernel::new(rosenbrock_gradient, rosenbrock_gradient, [0.3, 0.7]).expect("recorded").summed(0..1);
    let second = Kernel::new(rosenbrock_hessian, rosenbrock_hessian, [0.3, 0.7]).expect("recorded").summed(0..1);
    let mut buffer = [vec![0.0; 20_000], vec![0.0; 50_000]];
    let [gradients, hessians] = &mut buffer;
    let inputs = |i: usize| [&points[i][..]];
    let mut sum = [0.0];
    compare(
        c,
        "10 000 terms of Rosenbrock's function",
        &mut [
            ("function", &mut || keep(points.iter().map(|&x| rosenbrock(black_box(x))).sum::<f64>())),
            ("gradients by Dual<2>", &mut || {
                for (x, g) in points.iter().zip(gradients.chunks_exact_mut(2)) {
                    g.copy_from_slice(&gradient(rosenbrock, *x).1);
                }
                black_box(&gradients);
            }),
            ("Hessians by Dual2<2>", &mut || {
                for (x, h) in points.iter().zip(hessians.chunks_exact_mut(5)) {
                    let (_, g, second) = rosenbrock_hessian(*x);
                    h[..2].copy_from_slice(&g);
                    h[2..].copy_from_slice(&second);
                }
                black_box(&hessians);
            }),
        ],
    );
    for set in Set::all() {
        let (first, second) = (first.clone().with_set(set), second.clone().with_set(set));
        let [gradients, hessians] = &mut buffer;
        compare(
            c,
            &format!("10 000 terms of Rosenbrock's function in lanes, {set:?}"),
            &mut [
                ("function", &mut || keep(points.iter().map(|&x| rosenbrock(black_box(x))).sum::<f64>())),
                ("gradients", &mut || keep(first.run(points.len(), &[], inputs, gradients, &mut sum))),
                ("Hessians", &mut || keep(second.run(points.len(), &[], inputs, hessians, &mut [0.0]))),
            ],
        );
    }
}

// ---- Gaussian mixtures

/// The exponent β of one component: `table[0] - ½‖rows·x‖²`, where the rows of a triangle follow, and x has a -1 before it.
fn beta<T: Real>(table: &[T], x: &[T]) -> T {
    let half = T::lit(-0.5);
    (0..x.len() - 1).fold(table[0], |beta, i| {
        let row = &table[1 + i * (i + 3) / 2..][..i + 2];
        let y: T = x.iter().zip(row).map(|(&x, &r)| r * x).sum();
        beta + y * y * half
    })
}

fn mixture(c: &mut Criterion) {
    for d in [10, 32] {
        let (components, count, size) = (25, 1_000, 1 + d * (d + 3) / 2);
        let mut random = Random(3);
        let table: Vec<f64> = (0..components * size).map(|_| 0.3 * random.normal()).collect();
        let points: Vec<Vec<f64>> =
            (0..count).map(|_| std::iter::once(-1.0).chain((0..d).map(|_| random.normal())).collect()).collect();
        let weights: Vec<[f64; 1]> = (0..count).map(|_| [random.uniform()]).collect();
        let mut rivals: Vec<(String, Box<dyn FnMut()>)> = vec![(
            "function".to_owned(),
            Box::new(|| {
                let sums = table.chunks_exact(size).map(|t| points.iter().map(|x| beta(t, x)).sum::<f64>());
                keep(sums.sum::<f64>());
            }),
        )];
        for set in Set::all() {
            let (table, points, weights) = (&table, &points, &weights);
            rivals.push((
                format!("values and gradients in lanes, {set:?}"),
                Box::new(move || {
                    let value = |x: &[f64]| beta(&x[..size], &x[size..]);
                    let slopes = |x: &[f64]| weighted(x, size);
                    let x0: Vec<f64> = table[..size].iter().chain(&points[0]).chain(&weights[0]).copied().collect();
                    let values = Kernel::new(|x: &[_]| beta(&x[..size], &x[size..]), value, &x0[..size + d + 1])
                        .expect("recorded")
                        .uniform(0..size)
                        .with_set(set);
                    let gradients = Kernel::new(|x: &[_]| weighted(x, size), slopes, &x0[..])
                        .expect("recorded")
                        .uniform(0..size)
                        .summed(0..size)
                        .with_set(set);
                    let (mut betas, mut sums) = (vec![0.0; count], vec![0.0; size]);
                    for table in table.chunks_exact(size) {
                        values.run(count, table, |i| [&points[i][..]], &mut betas, &mut []).expect("lengths");
                        let inputs = |i: usize| [&points[i][..], &weights[i]];
                        gradients.run(count, table, inputs, &mut [], &mut sums).expect("lengths");
                    }
                    keep((betas, sums));
                }),
            ));
        }
        let mut rivals: Vec<(&str, &mut dyn FnMut())> =
            rivals.iter_mut().map(|(name, run)| (name.as_str(), &mut **run as &mut dyn FnMut())).collect();
        compare(c, &format!("mixture of 25 Gaussians in {d} dimensions"), &mut rivals);
    }
}

/// The gradient of w·β in the table.
fn weighted<T: Real>(x: &[T], size: usize) -> Vec<T> {
    let (table, rest) = x.split_at(size);
    let point: Vec<Var<T>> = rest[..rest.len() - 1].iter().map(|&x| Var::constant(x)).collect();
    reverse::gradient(|table: &[Var<T>]| beta(table, &point) * rest[rest.len() - 1], table).1
}

/// The exponent β of one component and its gradient in the table: the table, and x with a -1 before it.
fn component<T: Real>(x: &[T], size: usize) -> Vec<T> {
    let point: Vec<Var<T>> = x[size..].iter().map(|&x| Var::constant(x)).collect();
    let (y, slopes) = reverse::gradient(|table: &[Var<T>]| beta(table, &point), &x[..size]);
    std::iter::once(y).chain(slopes).collect()
}

/// ln Σ exp β over all components, and its gradient in all tables.
fn whole<T: Real>(x: &[T], size: usize, component: impl Fn(&[T]) -> Vec<T>) -> Vec<T> {
    let (tables, point) = x.split_at(x.len() / size * size);
    let parts: Vec<Vec<T>> = tables.chunks_exact(size).map(|table| component(&[table, point].concat())).collect();
    let exps: Vec<T> = parts.iter().map(|part| part[0].exp()).collect();
    let sum: T = exps.iter().copied().sum();
    let weights = exps.iter().map(|&exp| exp / sum);
    let slopes = parts.iter().zip(weights).flat_map(|(part, w)| part[1..].iter().map(move |&slope| slope * w));
    std::iter::once(sum.ln()).chain(slopes).collect()
}

/// The sum of all exponents.
fn calls<T: Real>(x: &[T], size: usize, component: impl Fn(&[T]) -> Vec<T>) -> T {
    let (tables, point) = x.split_at(x.len() / size * size);
    tables.chunks_exact(size).map(|table| component(&[table, point].concat())[0]).sum()
}

/// A mixture as one program: with all operations, and with one program of a component that is called 25 times.
fn called(c: &mut Criterion) {
    let (d, components, count) = (10, 25, 1_000);
    let size = 1 + d * (d + 3) / 2;
    let mut random = Random(3);
    let table: Vec<f64> = (0..components * size).map(|_| 0.3 * random.normal()).collect();
    let points: Vec<Vec<f64>> =
        (0..count).map(|_| std::iter::once(-1.0).chain((0..d).map(|_| random.normal())).collect()).collect();
    let x0: Vec<f64> = table.iter().chain(&points[0]).copied().collect();
    let x1: Vec<f64> = table[..size].iter().chain(&points[0]).copied().collect();
    let record = || program::record(|x: &[Traced]| component(x, size), &x1[..]).expect("recorded");
    let part = record();
    let live = |x: &[f64]| whole(x, size, |x| component(x, size));
    let with_calls = |x: &[Traced]| whole(x, size, |x| part.call(x));
    let without = |x: &[Traced]| whole(x, size, |x| component(x, size));
    let (n, m) = (components * size, 1 + components * size);
    let all = program::record(with_calls, &x0[..]).expect("recorded").operations();
    println!("{all} operations, of which 25 times {} are in calls", part.operations());
    let inlined = Kernel::new(without, live, &x0[..]).expect("recorded").uniform(0..n).summed(0..m);
    let calling = Kernel::new(with_calls, live, &x0[..]).expect("recorded").uniform(0..n).summed(0..m);
    compare(
        c,
        "recording of a mixture in one program",
        &mut [
            ("a component", &mut || keep(record())),
            ("all operations", &mut || keep(program::record(without, &x0[..]))),
            ("calls", &mut || keep(program::record(with_calls, &x0[..]))),
            ("calls alone", &mut || keep(program::record(|x: &[Traced]| calls(x, size, |x| part.call(x)), &x0[..]))),
            ("all operations, and compiling", &mut || {
                let kernel = Kernel::new(without, live, &x0[..]).expect("recorded").uniform(0..n).summed(0..m);
                keep(kernel.run(0, &table, |_| [], &mut [], &mut vec![0.0; m]));
            }),
            ("component, calls, and compiling", &mut || {
                let part = record();
                let with_calls = |x: &[Traced]| whole(x, size, |x| part.call(x));
                let kernel = Kernel::new(with_calls, live, &x0[..]).expect("recorded").uniform(0..n).summed(0..m);
                keep(kernel.run(0, &table, |_| [], &mut [], &mut vec![0.0; m]));
            }),
        ],
    );
    for set in Set::all() {
        let (inlined, calling) = (inlined.clone().with_set(set), calling.clone().with_set(set));
        let mut sums = [vec![0.0; m], vec![0.0; m]];
        let [a, b] = &mut sums;
        compare(
            c,
            &format!("a mixture in one program at 1 000 points, {set:?}"),
            &mut [
                ("all operations", &mut || keep(inlined.run(count, &table, |i| [&points[i]], &mut [], a))),
                ("calls", &mut || keep(calling.run(count, &table, |i| [&points[i]], &mut [], b))),
            ],
        );
    }
}

// ---- options

/// The price of a call option by Black & Scholes, from spot, strike, rate, volatility and time.
fn call<T: Real>([spot, strike, rate, sigma, time]: [T; 5]) -> T {
    let deviation = sigma * time.sqrt();
    let d = ((spot / strike).ln() + (rate + sigma * sigma * T::lit(0.5)) * time) / deviation;
    spot * d.norm_cdf() - strike * (-rate * time).exp() * (d - deviation).norm_cdf()
}

fn call_and_greeks<T: Real>(x: [T; 5]) -> (T, [T; 5]) {
    reverse::gradient(call, x)
}

const STEPS: usize = 50;

/// The payoff of an Asian option over one path of 50 steps, from spot, strike, rate, volatility, time and dividend; the normal
/// numbers follow.
fn asian<T: Real>(x: &[T], normals: &[T]) -> T {
    let &[spot, strike, rate, sigma, time, dividend] = x else { panic!("six inputs") };
    let step = time * T::lit(1.0 / STEPS as f64);
    let (drift, deviation) = ((rate - dividend - sigma * sigma * T::lit(0.5)) * step, sigma * step.sqrt());
    let (mut value, mut sum) = (spot, T::zero());
    for &normal in normals {
        value *= (drift + deviation * normal).exp();
        sum += value;
    }
    (-rate * time).exp() * (sum * T::lit(1.0 / STEPS as f64) - strike).max(T::zero())
}

// In forward mode the payoff's kink is no branch of the program.
fn asian_and_greeks<T: Real>(x: &[T]) -> (T, [T; 6]) {
    let normals: Vec<Dual<T, 6>> = x[6..].iter().map(|&z| Dual::constant(z)).collect();
    gradient(|x: [Dual<T, 6>; 6]| asian(&x, &normals), std::array::from_fn(|i| x[i]))
}

fn options(c: &mut Criterion) {
    let mut random = Random(4);
    let mut near = |x: f64| x * (0.9 + 0.2 * random.uniform());
    let calls: Vec<[f64; 5]> = (0..10_000).map(|_| [100.0, 100.0, 0.02, 0.2, 1.0].map(&mut near)).collect();
    let mut random = Random(5);
    let paths: Vec<Vec<f64>> = (0..10_000).map(|_| (0..STEPS).map(|_| random.normal()).collect()).collect();
    let x = [100.0, 100.0, 0.02, 0.2, 1.0, 0.01];
    let mut greeks = vec![0.0; 60_000];
    let mut rivals: Vec<(String, Box<dyn FnMut()>)> = vec![
        ("price".to_owned(), Box::new(|| keep(calls.iter().map(|&x| call(x)).sum::<f64>()))),
        (
            "price and Greeks by Dual<5>".to_owned(),
            Box::new(|| keep(calls.iter().map(|&x| gradient(call, x).0).sum::<f64>())),
        ),
    ];
    for (set, fast) in sets() {
        let (calls, mut greeks) = (&calls, std::mem::replace(&mut greeks, vec![0.0; 60_000]));
        rivals.push((
            named("price and Greeks in lanes", set, fast),
            Box::new(move || {
                let kernel = Kernel::new(call_and_greeks, call_and_greeks, calls[0]).expect("recorded");
                let kernel = with!(kernel, set, fast);
                keep(kernel.run(calls.len(), &[], |i| [&calls[i][..]], &mut greeks, &mut []));
            }),
        ));
    }
    let mut rivals: Vec<(&str, &mut dyn FnMut())> =
        rivals.iter_mut().map(|(name, run)| (name.as_str(), &mut **run as &mut dyn FnMut())).collect();
    compare(c, "10 000 calls by Black & Scholes", &mut rivals);

    let mut rivals: Vec<(String, Box<dyn FnMut()>)> =
        vec![("price".to_owned(), Box::new(|| keep(paths.iter().map(|z| asian(&x, z)).sum::<f64>())))];
    for (set, fast) in sets() {
        let (paths, x) = (&paths, &x);
        rivals.push((
            named("price and Greeks in lanes", set, fast),
            Box::new(move || {
                let first: Vec<f64> = x.iter().chain(&paths[0]).copied().collect();
                let kernel = Kernel::new(|x: &[_]| asian_and_greeks(x), |x: &[f64]| asian_and_greeks(x), &first[..]);
                let kernel = with!(kernel.expect("recorded").uniform(0..6).summed(0..7), set, fast);
                keep(kernel.run(paths.len(), x, |i| [&paths[i][..]], &mut [], &mut [0.0; 7]));
            }),
        ));
    }
    let mut rivals: Vec<(&str, &mut dyn FnMut())> =
        rivals.iter_mut().map(|(name, run)| (name.as_str(), &mut **run as &mut dyn FnMut())).collect();
    compare(c, "an Asian option over 10 000 paths", &mut rivals);
}

// ---- functions

/// A function of one number, or the square root of its cube for `powf`.
fn by_name<T: Real>(name: &str, [x]: [T; 1]) -> T {
    match name {
        "neg" => -x,
        "powf" => x.powf(T::lit(1.5)),
        _ => by_method(name, &[x], 0.0).expect("a function"),
    }
}

/// Each function of `Kernel::fast`; what moving takes is seen by the negation.
fn functions(c: &mut Criterion) {
    let points: Vec<[f64; 1]> = (0..2_048).map(|i| [0.01 + 3.0 * f64::from(i * 7_919 % 2_048) / 2_048.0]).collect();
    for name in [
        "exp", "exp2", "exp_m1", "ln", "ln_1p", "log2", "log10", "powf", "sinh", "cosh", "tanh", "sigmoid", "softplus",
        "sin", "cos", "tan", "sinc", "atan", "erf", "erfc", "norm_cdf",
    ] {
        let mut results = vec![0.0; points.len()];
        let mut rivals: Vec<(String, Box<dyn FnMut()>)> = Vec::new();
        let negation = (named("negation", Set::best(), false), "neg", Set::best(), false);
        for (title, name, set, fast) in
            std::iter::once(negation).chain(sets().map(|(set, fast)| (named(name, set, fast), name, set, fast)))
        {
            let (points, mut results) = (&points, std::mem::replace(&mut results, vec![0.0; points.len()]));
            let kernel = Kernel::new(|x: [_; 1]| by_name(name, x), |x: [f64; 1]| by_name(name, x), [0.5]);
            let kernel = with!(kernel.expect("recorded"), set, fast);
            rivals.push((
                title,
                Box::new(move || keep(kernel.run(points.len(), &[], |i| [&points[i][..]], &mut results, &mut []))),
            ));
        }
        let mut rivals: Vec<(&str, &mut dyn FnMut())> =
            rivals.iter_mut().map(|(name, run)| (name.as_str(), &mut **run as &mut dyn FnMut())).collect();
        compare(c, &format!("the function {name} at 2 048 points"), &mut rivals);
    }
}

criterion_group!(benches, bundle, terms, mixture, called, options, functions);
criterion_main!(benches);
