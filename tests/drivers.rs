//! The grid of drivers, modes and kinds of points in docs/guide/modes.md: every driver of both modes at every kind of point.
//! And the shapes of outputs.

#[path = "common/flat.rs"]
mod flat;

use flat::Flat;
use nalgebra::{Complex, DMatrix, DVector, Isometry3, Rotation3, SMatrix, UnitQuaternion, Vector3, matrix, vector};
use nilpotent::linalg;
use nilpotent::{Chunk, Real, forward, reverse};

/// `Σ (i + 1)·xᵢ³ + Π xᵢ`
fn f<T: Real>(x: &[T]) -> T {
    let weights = (1..).map(|i| T::lit(f64::from(i)));
    x.iter().zip(weights).map(|(&x, w)| w * x * x * x).sum::<T>() + x.iter().product::<T>()
}

#[track_caller]
fn near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-13 * b.abs().max(1.0)), "{a:?}, expected {b:?}");
}

type Form = Box<dyn Fn(&[f64]) -> f64>;

/// What the drivers must find at a point: closed forms of the value, the gradient and the Hessian, and a direction.
struct Expected {
    value: f64,
    gradient: Vec<f64>,
    hessian: Vec<f64>,
    direction: Vec<f64>,
    /// The terms of order 3 of the series at the point.
    cubic: Form,
}

impl Expected {
    fn along(&self) -> f64 {
        self.gradient.iter().zip(&self.direction).map(|(g, v)| g * v).sum()
    }

    /// `H·v`
    fn product(&self) -> Vec<f64> {
        let n = self.direction.len();
        let row = |i: usize| (0..n).map(|j| self.hessian[n * i + j] * self.direction[j]).sum();
        (0..n).map(row).collect()
    }

    /// The third derivatives contracted twice with the direction v: by polarization of the cubic form c, those along e, v and v
    /// are c(e + 2v) - 2c(e + v) - c(2v) + c(e) + 2c(v).
    fn thirds(&self) -> Vec<f64> {
        let along = |i: usize, e: f64, v: f64| {
            let mut x: Vec<f64> = self.direction.iter().map(|d| v * d).collect();
            x[i] += e;
            (self.cubic)(&x)
        };
        let third = |i| {
            along(i, 1.0, 2.0) - 2.0 * along(i, 1.0, 1.0) - along(i, 0.0, 2.0)
                + along(i, 1.0, 0.0)
                + 2.0 * along(i, 0.0, 1.0)
        };
        (0..self.direction.len()).map(third).collect()
    }

    fn diagonal(&self) -> Vec<f64> {
        self.hessian.iter().step_by(self.direction.len() + 1).copied().collect()
    }
}

/// Calls every driver. The function is given as text, since each driver calls it with numbers of another type.
macro_rules! all_drivers {
    (|$p:ident| $f:expr, $x:expr, $v:expr, $expected:expr) => {{
        let expected: &Expected = $expected;
        let (value, hv) = (expected.value, expected.product());

        let (y, dy) = forward::gradient(|$p| $f, $x);
        assert_eq!(y, value);
        near(&dy.flat(), &expected.gradient);
        let ([y, _], [dy, _]) = forward::jacobian(|$p| [$f; 2], $x);
        assert_eq!(y, value);
        near(&dy.flat(), &expected.gradient);
        let (y, dy) = forward::jvp(|$p| $f, $x, $v);
        near(&[y, dy], &[value, expected.along()]);
        let (_, dy, h) = forward::hessian(|$p| $f, $x);
        near(&dy.flat(), &expected.gradient);
        near(&h.flat(), &expected.hessian);
        let (_, dy, product) = forward::hvp(|$p| $f, $x, $v);
        near(&dy.flat(), &expected.gradient);
        near(&product.flat(), &hv);
        let (_, [di, dj], second) = forward::mixed_partial(|$p| $f, $x, 0, 1);
        near(&[di, dj, second], &[expected.gradient[0], expected.gradient[1], expected.hessian[1]]);
        let (_, dy, diagonal) = forward::hessian_diagonal(|$p| $f, $x);
        near(&dy.flat(), &expected.gradient);
        near(&diagonal.flat(), &expected.diagonal());
        let (_, dy, laplacian) = forward::laplacian(|$p| $f, $x);
        near(&dy.flat(), &expected.gradient);
        near(&[laplacian], &[expected.diagonal().iter().sum()]);
        let ([y, _], dy, h) = forward::weighted_hessian(|$p| [$f; 2], $x, [2.0, -1.0]);
        assert_eq!(y, value);
        near(&dy.flat(), &expected.gradient);
        near(&h.flat(), &expected.hessian);
        let (_, dy, product) = forward::weighted_hvp(|$p| [$f; 2], $x, [2.0, -1.0], $v);
        near(&dy.flat(), &expected.gradient);
        near(&product.flat(), &hv);
        let normal: Vec<f64> = expected.gradient.iter().map(|g| g * expected.along()).collect();
        near(&forward::gauss_newton_product(|$p| $f, $x, $v).1.flat(), &normal);
        let (y, third) = forward::third_derivative(|$p| $f, $x, $v, $v, $v);
        near(&[y, third], &[value, 6.0 * (expected.cubic)(&expected.direction)]);
        let (_, dy, thirds) = forward::third_product(|$p| $f, $x, $v, $v);
        near(&dy.flat(), &expected.gradient);
        near(&thirds.flat(), &expected.thirds());
        let (_, [d1, d2]) = forward::directional_derivatives(|$p| $f, $x, $v);
        near(&[d1, d2], &[expected.along(), hv.iter().zip(&expected.direction).map(|(h, v)| h * v).sum()]);

        let (y, dy) = reverse::gradient(|$p| $f, $x);
        assert_eq!(y, value);
        near(&dy.flat(), &expected.gradient);
        let (_, [dy, _]) = reverse::jacobian(|$p| [$f; 2], $x);
        near(&dy.flat(), &expected.gradient);
        near(&reverse::vjp(|$p| $f, $x).1.call(1.0).flat(), &expected.gradient);
        let along = expected.direction.as_slice();
        let (x, weigh) = ($x, |d: f64| expected.gradient.iter().map(|g| g * d).collect::<Vec<_>>());
        let (y, linear) = reverse::linearize(|$p| $f, x);
        assert_eq!(y, value);
        near(&[linear.call(along)], &[expected.along()]);
        near(&linear.transposed(2.0).flat(), &weigh(2.0));
        near(&linear.gauss_newton(along).flat(), &weigh(expected.along()));
        let (_, dy, hessian) = reverse::linearize_gradient(|$p| $f, x);
        near(&dy.flat(), &expected.gradient);
        near(&hessian.call(along).flat(), &hv);
        let (y, recording) = reverse::record(|$p| $f, $x);
        near(recording.adjoints(&[(y, 1.0)]).inputs(), &expected.gradient);
        let (_, dy, product) = reverse::hvp(|$p| $f, $x, $v);
        near(&dy.flat(), &expected.gradient);
        near(&product.flat(), &hv);
        let (_, dy, h) = reverse::weighted_hessian(|$p| [$f; 2], $x, [2.0, -1.0]);
        near(&dy.flat(), &expected.gradient);
        near(&h.flat(), &expected.hessian);
        let (_, dy, product) = reverse::weighted_hvp(|$p| [$f; 2], $x, [2.0, -1.0], $v);
        near(&dy.flat(), &expected.gradient);
        near(&product.flat(), &hv);
        near(&reverse::gauss_newton_product(|$p| $f, $x, $v).1.flat(), &normal);
        let (_, dy, product) = reverse::third_product(|$p| $f, $x, $v, $v);
        near(&dy.flat(), &expected.gradient);
        near(&product.flat(), &expected.thirds());
        let (_, dy, h) = reverse::hessian(|$p| $f, $x);
        near(&dy.flat(), &expected.gradient);
        near(&h.flat(), &expected.hessian);
    }};
}

struct Params<T> {
    a: T,
    rest: [T; 2],
}

nilpotent::point!(Params<T: Real> { a: T, rest: [T; 2] });

#[test]
fn every_driver_at_every_point() {
    let x = [0.5, -1.25, 2.0];
    let v = [1.0, 0.5, -2.0];
    let [a, b, c] = x;
    let expected = Expected {
        value: f(&x),
        gradient: vec![3.0 * a * a + b * c, 6.0 * b * b + a * c, 9.0 * c * c + a * b],
        hessian: vec![6.0 * a, c, b, c, 12.0 * b, a, b, a, 18.0 * c],
        direction: v.to_vec(),
        cubic: Box::new(|d| d[0].powi(3) + 2.0 * d[1].powi(3) + 3.0 * d[2].powi(3) + d[0] * d[1] * d[2]),
    };
    all_drivers!(|x| f(&x), x, v, &expected);
    all_drivers!(|x| f(x), &x[..], &v[..], &expected);
    all_drivers!(|x| f(x), &x.to_vec(), &v.to_vec(), &expected);
    all_drivers!(|x| f(x), Chunk::<2>(&x), Chunk::<2>(&v), &expected);
    all_drivers!(|x| f(x.as_slice()), &Vector3::from(x), &Vector3::from(v), &expected);
    all_drivers!(|x| f(x.as_slice()), &DVector::from_row_slice(&x), &DVector::from_row_slice(&v), &expected);
    all_drivers!(|x| f(&[x.0, x.1[0], x.1[1]]), &(a, vector![b, c]), &Vector3::from(v), &expected);
    all_drivers!(|x| f(&[x.a, x.rest[0], x.rest[1]]), &Params { a, rest: [b, c] }, v, &expected);
}

/// At the identity `exp(δ)·p = p + δ×p + ½ δ×(δ×p) + …`, so for linear functions of the image the derivatives are closed forms.
#[test]
fn every_driver_at_rotations_and_motions() {
    let (p, w) = (vector![1.0, 2.0, 3.0], vector![-0.5, 0.25, 2.0]);
    // ∇ of w·(δ×p) is p×w, and the Hessian of w·½ δ×(δ×p) is ½(w·pᵀ + p·wᵀ) - (w·p)·I.
    let gradient: Vector3<f64> = p.cross(&w);
    let outer = w * p.transpose();
    let hessian = (outer + outer.transpose()) * 0.5 - SMatrix::<f64, 3, 3>::identity() * w.dot(&p);
    let v = vector![1.0, -0.5, 0.25];
    let expected = Expected {
        value: w.dot(&p),
        gradient: gradient.as_slice().to_vec(),
        hessian: hessian.as_slice().to_vec(),
        direction: v.as_slice().to_vec(),
        // w·δ×(δ×(δ×p))/6
        cubic: Box::new(move |d| {
            -Vector3::from_row_slice(d).dot(&gradient) * Vector3::from_row_slice(d).norm_squared() / 6.0
        }),
    };
    all_drivers!(|q| (q * linalg::lift(&p)).dot(&linalg::lift(&w)), &UnitQuaternion::identity(), &v, &expected);
    all_drivers!(|q| (q * linalg::lift(&p)).dot(&linalg::lift(&w)), &Rotation3::identity(), &v, &expected);

    // exp(u, δ)·p = p + u + δ×p + ½ δ×(u + δ×p) + …: u·(w×δ)/2 couples both.
    let cross = w.cross_matrix() * 0.5;
    let mut both = SMatrix::<f64, 6, 6>::zeros();
    both.fixed_view_mut::<3, 3>(3, 3).copy_from(&hessian);
    both.fixed_view_mut::<3, 3>(0, 3).copy_from(&cross);
    both.fixed_view_mut::<3, 3>(3, 0).copy_from(&cross.transpose());
    let v = vector![1.0, -0.5, 0.25, 2.0, -1.0, 0.5];
    let expected = Expected {
        value: w.dot(&p),
        gradient: w.iter().chain(gradient.iter()).copied().collect(),
        hessian: both.as_slice().to_vec(),
        direction: v.as_slice().to_vec(),
        // The same, and w·δ×(δ×u)/6.
        cubic: Box::new(move |d| {
            let (u, d) = (Vector3::from_row_slice(&d[..3]), Vector3::from_row_slice(&d[3..]));
            (w.dot(&d.cross(&d.cross(&u))) - d.dot(&gradient) * d.norm_squared()) / 6.0
        }),
    };
    all_drivers!(
        |m| (m * nalgebra::Point3::from(linalg::lift(&p))).coords.dot(&linalg::lift(&w)),
        &Isometry3::identity(),
        &v,
        &expected
    );
}

/// Outputs are numbers in any shape: the values and derivatives have the same shape.
#[test]
fn outputs_in_any_shape() {
    let x = [2.0, 3.0];
    let (value, (d_sum, [d_product])) = forward::jacobian(|[a, b]| (a + b, [a * b]), x);
    assert_eq!((value, d_sum, d_product), ((5.0, [6.0]), [1.0, 1.0], [3.0, 2.0]));
    assert_eq!(reverse::jacobian(|[a, b]| (a + b, [a * b]), x).1, (d_sum, [d_product]));

    let rows = |[a, b]: [nilpotent::Dual<f64, 2>; 2]| vec![vec![a], vec![b, a * b]];
    assert_eq!(forward::jacobian(rows, x).1, vec![vec![[1.0, 0.0]], vec![[0.0, 1.0], [3.0, 2.0]]]);

    let (value, dz) = forward::derivative(|t| Complex::new(t.cos(), t.sin()), 0.0);
    assert_eq!((value, dz), (Complex::new(1.0, 0.0), Complex::new(0.0, 1.0)));

    let (value, dm) = forward::derivative(|t| matrix![t, t * t; t.exp(), t.sin()], 0.0);
    assert_eq!((value, dm), (matrix![0.0, 0.0; 1.0, 0.0], matrix![1.0, 0.0; 1.0, 1.0]));
    let (value, j) = forward::jacobian(|[a, b]| vector![a + b, a * b], x);
    assert_eq!((value, j), (vector![5.0, 6.0], vector![[1.0, 1.0], [3.0, 2.0]]));
    assert_eq!(reverse::jacobian(|[a, b]| vector![a + b, a * b], x), (value, j));
    let (_, _, h) = forward::hessian(|[a, b]| vector![a * a, a * b], x);
    assert_eq!(h, vector![[[2.0, 0.0], [0.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]]]);

    let (value, j) = forward::jacobian(|[a, b]| DMatrix::from_row_slice(1, 2, &[a, a * b]), x);
    assert_eq!((value[(0, 1)], j[(0, 1)], j.shape()), (6.0, [3.0, 2.0], (1, 2)));
    let (_, j) = forward::jacobian(|x| DVector::from_row_slice(&[x[0] * x[1]]), Chunk::<1>(&x));
    assert_eq!(j[0], [3.0, 2.0]);
    let (y, pullback) = reverse::vjp(|[a, b]| DVector::from_row_slice(&[a, a * b]), x);
    assert_eq!((y[1], pullback.call(DVector::from_row_slice(&[1.0, 10.0]))), (6.0, [31.0, 20.0]));
}

#[test]
#[should_panic(expected = "the function returned a matrix of (1, 1) at first and of (2, 1) later")]
fn matrices_of_another_shape() {
    let mut calls = 0;
    let grows = |x: &[_]| {
        calls += 1;
        DVector::from_element(calls, x[0])
    };
    forward::jacobian(grows, Chunk::<1>(&[1.0, 2.0]));
}

#[test]
#[should_panic(expected = "1 weights for 2 outputs of the function")]
fn weights_of_another_length() {
    let (_, pullback) = reverse::vjp(|[a, b]| DVector::from_row_slice(&[a, a * b]), [1.0, 2.0]);
    pullback.call(DVector::from_row_slice(&[1.0]));
}
