//! Separable functions beside the plain function, reverse mode and each other, per term. `cargo bench --bench separable`.

mod common;
#[path = "../examples/gradbench/main.rs"]
#[allow(dead_code)]
mod gradbench;

use common::{Random, compare, keep};
use criterion::{Criterion, criterion_group, criterion_main};
use gradbench::ba;
use nilpotent::program::Set;
use nilpotent::separable::{Element, Function, Kind, Method};
use nilpotent::{Real, reverse};
use std::array::from_fn;

/// A term of the chained Rosenbrock function.
#[derive(Clone, Copy)]
struct Rosenbrock;

impl Element<2> for Rosenbrock {
    fn element<T: Real>(&self, [x, y]: [T; 2], []: [T; 0]) -> [T; 1] {
        [(y - x * x).powi(2) * T::lit(100.0) + (x - T::one()).powi(2)]
    }
}

/// A term of the chained singular function of Powell: problem 3 of Lukšan & Vlček, *Sparse and partially separable test
/// problems for unconstrained and equality constrained optimization* (1999).
#[derive(Clone, Copy)]
struct Powell;

impl Element<4> for Powell {
    fn element<T: Real>(&self, [a, b, c, d]: [T; 4], []: [T; 0]) -> [T; 1] {
        let (five, ten) = (T::lit(5.0), T::lit(10.0));
        [(a + b * ten).powi(2) + (c - d).powi(2) * five + (b - c - c).powi(4) + (a - d).powi(4) * ten]
    }
}

/// One term of a chain after another: term k has the variables from step·k on.
fn terms<const K: usize>(n: usize, step: usize) -> impl Iterator<Item = [usize; K]> + Clone {
    (0..=n - K).step_by(step).map(|k| from_fn(|j| k + j))
}

fn chain<E: Element<K> + Copy, const K: usize>(c: &mut Criterion, title: &str, element: E, n: usize, step: usize) {
    let x: Vec<f64> = (0..n).map(|i| if i % 2 == 0 { -1.2 } else { 1.0 }).collect();
    let plain = |x: &[f64]| terms(n, step).map(|i: [usize; K]| element.element(i.map(|i| x[i]), [])[0]).sum::<f64>();
    let function = |method, set| {
        Function::new(n).with(Kind::new(element, terms(n, step)).to_row(0).by(method).with_set(set)).unwrap()
    };
    let mut rivals: Vec<(String, Box<dyn FnMut() + '_>)> = vec![
        ("function".into(), Box::new(|| keep(plain(&x)))),
        (
            "gradient by reverse mode".into(),
            Box::new(|| {
                let f = |x: &[_]| terms(n, step).map(|i: [usize; K]| element.element(i.map(|i| x[i]), [])[0]).sum();
                keep(reverse::gradient(f, &x[..]));
            }),
        ),
    ];
    let mut methods = vec![("forward".to_owned(), Method::Forward, Set::best())];
    methods.extend(Set::all().into_iter().map(|set| (format!("{set:?}"), Method::Lanes, set)));
    for (name, method, set) in methods {
        let f = function(method, set);
        let x = x.clone();
        let (mut gradient, mut product) = (vec![0.0; n], vec![0.0; n]);
        let mut entries = vec![0.0; f.hessian_pattern().len()];
        let (g, h) = (f.clone(), f.clone());
        let (y, z) = (x.clone(), x.clone());
        rivals.push((format!("gradient, {name}"), Box::new(move || keep(f.gradient_into(&x, &mut gradient)))));
        rivals.push((format!("Hessian, {name}"), Box::new(move || keep(g.hessian_into(&y, &[1.0], &mut entries)))));
        rivals.push((
            format!("Hessian-vector, {name}"),
            Box::new(move || keep(h.hvp_into(&z, &[1.0], &z, &mut product))),
        ));
    }
    run(c, &format!("{title}, {n} variables"), rivals);
}

fn run(c: &mut Criterion, title: &str, mut rivals: Vec<(String, Box<dyn FnMut() + '_>)>) {
    let mut rivals: Vec<_> = rivals.iter_mut().map(|(name, run)| (&name[..], run as &mut dyn FnMut())).collect();
    compare(c, title, &mut rivals);
}

fn chains(c: &mut Criterion) {
    chain(c, "Rosenbrock", Rosenbrock, 100_000, 1);
    chain(c, "Powell", Powell, 100_000, 2);
}

/// The cost of a term does not grow with their number.
fn growth(c: &mut Criterion) {
    for n in [1_000, 10_000, 100_000, 1_000_000] {
        chain(c, "growth", Rosenbrock, n, 1);
    }
}

/// The reprojection error of an observation: a camera, a point and a weight; the feature is data.
#[derive(Clone, Copy)]
struct Reprojection;

impl Element<15, 2, 2> for Reprojection {
    fn element<T: Real>(&self, x: [T; 15], feature: [T; 2]) -> [T; 2] {
        ba::error(&from_fn(|k| x[k]), [x[11], x[12], x[13]], x[14], feature)
    }
}

/// The size of GradBench's ba5.
fn bundle(c: &mut Criterion) {
    let (cameras, points, count) = (257, 65_132, 225_911);
    let mut random = Random(1);
    let mut near = |x: f64| x * (1.0 + 0.01 * random.uniform());
    let camera = [-0.75, -1.1, -0.85, 34.5, 39.7, 53.9, 419.2, 5.9, -8.5, 0.088, 0.0027];
    let mut x: Vec<f64> = (0..cameras).flat_map(|_| camera.map(&mut near)).collect();
    x.extend((0..points).flat_map(|_| [7.2, 0.0011, 3.0].map(&mut near)));
    x.extend((0..count).map(|_| near(0.42)));
    let variables = |k: usize| -> [usize; 15] {
        let (camera, point) = (11 * (k % cameras), 11 * cameras + 3 * (k % points));
        from_fn(|j| match j {
            0..11 => camera + j,
            11..14 => point + j - 11,
            _ => 11 * cameras + 3 * points + k,
        })
    };
    let mut errors = vec![[0.0; 2]; count];
    let scalar = {
        let x = x.clone();
        move || {
            for (k, error) in errors.iter_mut().enumerate() {
                *error = Reprojection.element(variables(k).map(|i| x[i]), [271.8, 834.2]);
            }
            keep(&errors);
        }
    };
    let mut rivals: Vec<(String, Box<dyn FnMut() + '_>)> = vec![("residuals, plain loop".into(), Box::new(scalar))];
    for (method, set) in [(Method::Forward, Set::Sse2), (Method::Lanes, Set::Sse2), (Method::Lanes, Set::best())] {
        let kind = Kind::with_data(Reprojection, (0..count).map(variables), vec![[271.8, 834.2]; count]).unwrap();
        let f = Function::new(x.len()).with(kind.by(method).with_set(set)).unwrap();
        let (mut values, mut entries) = (vec![0.0; f.rows()], vec![0.0; f.jacobian_pattern().len()]);
        let x = &x;
        rivals.push((
            format!("residuals and Jacobian, {method:?} {set:?}"),
            Box::new(move || keep(f.jacobian_into(x, &mut values, &mut entries))),
        ));
    }
    run(c, "bundle adjustment", rivals);
}

criterion_group!(benches, chains, growth, bundle);
criterion_main!(benches);
