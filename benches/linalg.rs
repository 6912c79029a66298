//! Jacobians over nalgebra's types, and the gradient of the solution of a linear system: `cargo bench --bench linalg`.
//!
//! The rivals in the same run are num-dual's vector numbers, with the same generic functions, and nalgebra's own LU
//! factorization in dual numbers.

mod common;

use common::{compare, keep};
use criterion::{Criterion, criterion_group, criterion_main};
use nalgebra::{DMatrix, DVector, RealField, SVector, Vector2, Vector3, convert, vector};
use nilpotent::{Dual, gradient, linalg};
use std::hint::black_box;

/// Rotates by the angle-axis vector `w` with Rodrigues' formula, which divides by the angle.
fn rotate<T: RealField + Copy>(w: Vector3<T>, a: Vector3<T>) -> Vector3<T> {
    let angle = w.norm();
    let (sin, cos) = angle.sin_cos();
    let axis = w / angle;
    a * cos + axis.cross(&a) * sin + axis * (axis.dot(&a) * (T::one() - cos))
}

/// Projects a point into a camera with a pose (rotation, translation), a focal length and two radial distortions.
fn project<T: RealField + Copy>(x: SVector<T, 9>, point: Vector3<f64>) -> Vector2<T> {
    let [w, t] = [0, 3].map(|i| x.fixed_rows::<3>(i).into_owned());
    let p = rotate(w, point.map(convert)) + t;
    let image = Vector2::new(-p.x / p.z, -p.y / p.z);
    let r2 = image.norm_squared();
    image * (x[6] * (T::one() + r2 * (x[7] + r2 * x[8])))
}

/// Takes one step of an inertial filter with position, velocity, attitude (angle-axis) and gyro bias.
fn step<T: RealField + Copy>(x: SVector<T, 12>, force: Vector3<f64>, rate: Vector3<f64>, dt: f64) -> SVector<T, 12> {
    let [p, v, w, bias] = [0, 3, 6, 9].map(|i| x.fixed_rows::<3>(i).into_owned());
    let dt: T = convert(dt);
    let acceleration = rotate(w, force.map(convert)) + Vector3::new(0.0, 0.0, -9.81).map(convert::<f64, T>);
    let turn = rate.map(convert::<f64, T>) - bias;
    // The attitude's rate is the body's rate times the inverse right Jacobian of SO(3), to second order.
    let wt = w.cross(&turn);
    let w_dot = turn + wt * convert::<f64, T>(0.5) + w.cross(&wt) * convert::<f64, T>(1.0 / 12.0);
    let mut next = x;
    next.fixed_rows_mut::<3>(0).copy_from(&(p + v * dt + acceleration * (dt * dt * convert::<f64, T>(0.5))));
    next.fixed_rows_mut::<3>(3).copy_from(&(v + acceleration * dt));
    next.fixed_rows_mut::<3>(6).copy_from(&(w + w_dot * dt));
    next
}

fn jacobians(c: &mut Criterion) {
    let camera = SVector::<f64, 9>::from_iterator([0.1, -0.2, 0.3, 0.5, -0.1, -5.0, 800.0, -1e-2, 1e-3]);
    let point = vector![0.4, -0.3, 1.0];
    let ours = |x: &SVector<f64, 9>| linalg::jacobian(|x| project(x, point), x);
    let theirs = |x: &SVector<f64, 9>| num_dual::jacobian(|x| project(x, point), x);
    let ((y, j), (z, k)) = (ours(&camera), theirs(&camera));
    assert!((y - z).norm() <= 1e-12 * y.norm() && (j - k).norm() <= 1e-12 * j.norm());
    compare(
        c,
        "camera projection, 9 -> 2",
        &mut [
            ("num-dual", &mut || keep(theirs(black_box(&camera)))),
            ("nilpotent", &mut || keep(ours(black_box(&camera)))),
            ("value", &mut || keep(project(black_box(camera), point))),
        ],
    );

    let state = SVector::<f64, 12>::from_iterator([1.0, 2.0, 3.0, 0.1, 0.2, 0.3, 0.2, -0.1, 0.3, 1e-3, 2e-3, -1e-3]);
    let (force, rate) = (vector![0.1, 0.2, 9.7], vector![0.01, -0.02, 0.03]);
    let ours = |x: &SVector<f64, 12>| linalg::jacobian(|x| step(x, force, rate, 0.01), x);
    let theirs = |x: &SVector<f64, 12>| num_dual::jacobian(|x| step(x, force, rate, 0.01), x);
    let ((y, j), (z, k)) = (ours(&state), theirs(&state));
    assert!((y - z).norm() <= 1e-13 * y.norm() && (j - k).norm() <= 1e-13 * j.norm());
    compare(
        c,
        "filter step, 12 -> 12",
        &mut [
            ("num-dual", &mut || keep(theirs(black_box(&state)))),
            ("nilpotent", &mut || keep(ours(black_box(&state)))),
            ("value", &mut || keep(step(black_box(state), force, rate, 0.01))),
        ],
    );
}

/// Returns the matrix of a ring of `n` springs, whose stiffnesses depend on eight variables, and its load.
fn springs(n: usize, x: &[Dual<f64, 8>; 8]) -> (DMatrix<Dual<f64, 8>>, DVector<Dual<f64, 8>>) {
    let stiffness = |i: usize| x[i % 8] + i as f64 / 7.0;
    let a = DMatrix::from_fn(n, n, |i, j| match (i + n - j) % n {
        0 => stiffness(i) + stiffness((i + 1) % n) + 1.0,
        1 => -stiffness(i),
        k if k == n - 1 => -stiffness(j),
        _ => Dual::constant(0.01 * ((i * j) % 5) as f64),
    });
    (a, DVector::from_fn(n, |i, _| Dual::constant(1.0 + i as f64)))
}

fn solves(c: &mut Criterion) {
    let x: [f64; 8] = std::array::from_fn(|i| 1.0 + 0.3 * i as f64);
    for n in [6, 30] {
        let implicit = |x: [f64; 8]| {
            gradient(
                |x| {
                    let (a, b) = springs(n, &x);
                    linalg::solve(&a, &b).expect("regular").sum()
                },
                x,
            )
        };
        let in_duals = |x: [f64; 8]| {
            gradient(
                |x| {
                    let (a, b) = springs(n, &x);
                    a.lu().solve(&b).expect("regular").sum()
                },
                x,
            )
        };
        let ((y, dy), (z, dz)) = (implicit(x), in_duals(x));
        assert!((y - z).abs() <= 1e-12 * y.abs());
        assert!(dy.iter().zip(dz).all(|(a, b)| (a - b).abs() <= 1e-11 * b.abs().max(1e-3)));
        let values = linalg::values(&springs(n, &Dual::variables(x)).0);
        let load = DVector::from_fn(n, |i, _| 1.0 + i as f64);
        compare(
            c,
            &format!("gradient of solve, {n} x {n}, 8 variables"),
            &mut [
                ("nalgebra's LU in duals", &mut || keep(in_duals(black_box(x)))),
                ("linalg::solve", &mut || keep(implicit(black_box(x)))),
                ("assembly alone", &mut || keep(springs(n, &Dual::variables(black_box(x))))),
                ("f64", &mut || keep(black_box(&values).clone().lu().solve(&load))),
            ],
        );
    }
}

criterion_group!(benches, jacobians, solves);
criterion_main!(benches);
