//! Derivatives of functions of a complex variable, and Jacobians of reverse mode as matrices.

use nalgebra::{Complex, DVector, Isometry3, Matrix2, UnitQuaternion, Vector3, matrix, vector};
use nilpotent::linalg::{self, complex_derivative, try_complex_derivative, try_wirtinger, wirtinger};
use nilpotent::{Dual, Var, reverse};

type C = Complex<f64>;

#[track_caller]
fn near(a: C, b: C) {
    assert!((a - b).norm() <= 1e-14 * b.norm().max(1.0), "{a}, expected {b}");
}

const POINTS: [C; 5] =
    [C::new(0.5, 0.25), C::new(-1.5, 2.0), C::new(2.0, -0.75), C::new(0.0, 1.5), C::new(-0.25, -3.0)];

/// Each function with its derivative. Both drivers find it, and ∂f/∂z̄ is 0.
#[test]
fn holomorphic_functions() {
    macro_rules! rows {
        ($($f:expr, $df:expr;)*) => { $(
            for z in POINTS {
                let (y, dy) = complex_derivative($f, z);
                let (same, dz, conjugate) = wirtinger($f, z);
                let df: fn(C) -> C = $df;
                near(dy, df(z));
                near(dz, df(z));
                assert!(conjugate.norm() <= 1e-14 * dz.norm().max(1.0), "{conjugate} at {z}");
                assert_eq!(y, same);
            }
        )* };
    }
    let i = C::i();
    assert_eq!(complex_derivative(|z| z * z, i), (-C::new(1.0, 0.0), i * 2.0));
    rows! {
        |z| z * z * z, |z| z * z * 3.0;
        |z| z.inv(), |z| -(z * z).inv();
        |z| z.exp(), |z| z.exp();
        |z| z.ln(), |z| z.inv();
        |z| z.sin() * z, |z| z.cos() * z + z.sin();
        |z| z.sqrt(), |z| (z.sqrt() * 2.0).inv();
        |z| z.tanh(), |z| (z.cosh() * z.cosh()).inv();
        |z| (z + Complex::new(1.0.into(), 2.0.into())) / (z - Complex::new(5.0.into(), 1.0.into())),
            |z| -C::new(6.0, 3.0) / (z - C::new(5.0, 1.0)).powi(2);
        |z| z.powi(5), |z| z.powi(4) * 5.0;
    }
}

#[test]
fn functions_that_are_not_holomorphic() {
    for z in POINTS {
        let (y, dz, conjugate) = wirtinger(|z| z.conj(), z);
        assert_eq!((y, dz, conjugate), (z.conj(), C::new(0.0, 0.0), C::new(1.0, 0.0)));
        // z²·z̄ has 2|z|² and z².
        let (_, dz, conjugate) = wirtinger(|z| z * z * z.conj(), z);
        near(dz, C::new(2.0 * z.norm_sqr(), 0.0));
        near(conjugate, z * z);
        // The gradient of a real function is twice the second one: that of |z| is z/|z|.
        let (_, dz, conjugate) = wirtinger(|z| Complex::from(z.norm_sqr().sqrt()), z);
        near(conjugate * 2.0, z / z.norm());
        near(dz, conjugate.conj());
        // Along the real axis alone.
        assert_eq!(complex_derivative(|z| z.conj(), z).1, C::new(1.0, 0.0));
    }
}

#[test]
fn shapes_orders_and_failures() {
    let z = C::new(1.0, 2.0);
    assert_eq!(complex_derivative(|z| [z * z, z], z), ([z * z, z], [z * 2.0, C::new(1.0, 0.0)]));
    // The second derivative of z³ is 6z: drivers nest.
    let (dy, ddy) = complex_derivative(|z| complex_derivative(|z| z * z * z, z).1, z);
    assert_eq!((dy, ddy), (z * z * 3.0, z * 6.0));
    assert_eq!(complex_derivative(|z| z * z, Complex::new(1.0_f32, 2.0)).1, Complex::new(2.0, 4.0));
    let inverse = |z: Complex<Dual>| if z.re == 0.0 { Err("0") } else { Ok(z * z) };
    assert_eq!(try_complex_derivative(inverse, C::new(0.0, 1.0)), Err("0"));
    assert_eq!(try_complex_derivative(inverse, z), Ok((z * z, z * 2.0)));
    assert_eq!(try_wirtinger(|z| (z.re != 0.0).then_some(z), C::new(0.0, 1.0)), None);
    assert_eq!(try_wirtinger(|z| (z.re != 0.0).then_some(z), z), Some((z, C::new(1.0, 0.0), C::new(0.0, 0.0))));
}

#[test]
fn jacobians_of_reverse_mode_are_matrices() {
    let (y, j) = reverse::linalg::jacobian(|x| vector![x[0] * x[1], x[1], x[0] / x[1]], &vector![6.0, 2.0]);
    assert_eq!((y, j), (vector![12.0, 2.0, 3.0], matrix![2.0, 6.0; 0.0, 1.0; 0.5, -1.5]));
    // More outputs than one sweep computes, and none.
    let x = DVector::from_fn(7, |i, _| i as f64);
    let (y, j) = reverse::linalg::jacobian(|x: DVector<Var>| DVector::from_fn(6, |i, _| x[i] * x[i + 1]), &x);
    assert_eq!((y.len(), j.shape()), (6, (6, 7)));
    for i in 0..6 {
        for k in 0..7 {
            let known = if k == i {
                x[i + 1]
            } else if k == i + 1 {
                x[i]
            } else {
                0.0
            };
            assert_eq!(j[(i, k)], known);
        }
    }
    let (y, j) = reverse::linalg::jacobian(|_| DVector::<Var>::from_vec(vec![]), &x);
    assert_eq!((y.len(), j.shape()), (0, (0, 7)));

    // The Jacobians of a rotated point are -R·[p]× and, with a translation, [R, -R·[p]×].
    let (p, q) = (vector![1.0, 2.0, 3.0], UnitQuaternion::from_euler_angles(0.1, -0.4, 0.7));
    let known = -q.to_rotation_matrix().matrix() * p.cross_matrix();
    let (_, j) = reverse::linalg::jacobian(|q| q * linalg::lift(&p), &q);
    assert!((j - known).norm() < 1e-14);
    let pose = Isometry3::from_parts(Vector3::new(1.0, 2.0, 3.0).into(), q);
    let (_, j) = reverse::linalg::jacobian(|m| (m * nalgebra::Point3::from(linalg::lift(&p))).coords, &pose);
    assert!((j.fixed_columns::<3>(0) - q.to_rotation_matrix().matrix()).norm() < 1e-14);
    assert!((j.fixed_columns::<3>(3) - known).norm() < 1e-14);

    let f = |x: nalgebra::Vector2<Var>| if x[1] == 0.0 { Err("x₁ is 0") } else { Ok(vector![x[0] / x[1]]) };
    assert_eq!(reverse::linalg::try_jacobian(f, &vector![1.0, 0.0]), Err("x₁ is 0"));
    assert_eq!(reverse::linalg::try_jacobian(f, &vector![1.0, 2.0]), Ok((vector![0.5], matrix![0.5, -0.25])));
}

/// Hessians over nalgebra's points are matrices in both modes, and gradients and products are vectors.
#[test]
fn hessians_are_matrices() {
    let (x, v, known): (_, _, Matrix2<f64>) = (vector![2.0, 3.0], vector![1.0, 10.0], matrix![0.0, 6.0; 6.0, 4.0]);
    assert_eq!(linalg::hessian(|x| x[0] * x[1] * x[1], &x), (18.0, vector![9.0, 12.0], known));
    assert_eq!(reverse::hessian(|x| x[0] * x[1] * x[1], &x), (18.0, vector![9.0, 12.0], known));
    assert_eq!(linalg::hvp(|x| x[0] * x[1] * x[1], &x, &v).2, known * v);
    assert_eq!(reverse::hvp(|x| x[0] * x[1] * x[1], &x, &v).2, known * v);
    let weighted = |w| linalg::weighted_hessian(|x| vector![x[0] * x[1] * x[1], x[0]], &x, w);
    assert_eq!(weighted(vector![2.0, 1.0]), (vector![18.0, 2.0], vector![19.0, 24.0], known * 2.0));
    let dynamic = DVector::from_row_slice(x.as_slice());
    let (_, _, h) = reverse::weighted_hessian(|x| [x[0] * x[1] * x[1], x[0]], &dynamic, [2.0, 1.0]);
    assert_eq!(h, nalgebra::DMatrix::from_row_slice(2, 2, &[0.0, 12.0, 12.0, 8.0]));
}
