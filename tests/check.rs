//! `linalg::check`: right Jacobians pass, and wrong entries are reported with their place.

#![cfg(feature = "nalgebra")]

use nalgebra::{
    Const, DVector, Isometry3, Matrix2, Point3, Rotation3, SVector, SymmetricEigen, UnitQuaternion, Vector3, convert,
    vector,
};
use nilpotent::linalg::{self, quaternion, se3, so3};
use nilpotent::num_traits::Float as _;
use nilpotent::rules::Chain;
use nilpotent::{Dual, Error, Real};
use proptest::prelude::*;

type D<const N: usize> = Dual<f64, N>;

/// The place that the error reports: column and row.
#[track_caller]
fn place(checked: Result<(), Error>) -> [usize; 2] {
    match checked {
        Err(Error::WrongDerivative { row, column, .. }) => [column, row],
        other => panic!("{other:?}"),
    }
}

/// Functions of many kinds, with scales from 10⁻¹² to 10¹².
fn smooth<T: Real>(x: &[T], scale: T) -> Vec<T> {
    let [a, b, c] = [x[0], x[1], x[2]];
    vec![
        a * b - c * c * c,
        (a * T::lit(5.0)).sin() * scale,
        (a * T::lit(0.5)).exp() * scale,
        (b * scale).powi(2).ln_1p(),
        (b * b + T::one()).sqrt() * c,
        (a * a + T::one()).ln() * (b * T::lit(0.1)).cosh(),
        T::lit(7.0),
        c * scale,
        a.atan2(b * b + T::one()),
        (a * scale).tanh(),
        // A large term leaves rounding errors.
        a + T::lit(1e6) - T::lit(1e6),
        (b * T::lit(1e4)).sin(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn smooth_functions_pass(x in prop::array::uniform3(-3.0..3.0), size in -6.0..6.0, scale in -12.0..12.0) {
        let (x, scale) = (x.map(|x: f64| x * 10.0_f64.powf(size * 0.25)), 10.0_f64.powf(scale));
        for k in 0..12 {
            let f = |x: SVector<D<3>, 3>| vector![smooth(x.as_slice(), D::lit(scale))[k]];
            prop_assert_eq!(linalg::check(f, &SVector::from(x)), Ok(()), "function {}", k);
        }
        let f = |x: DVector<D<8>>| DVector::from_vec(smooth(x.as_slice(), D::lit(scale)));
        prop_assert_eq!(linalg::check(f, &DVector::from_row_slice(&x)), Ok(()));
    }

    #[test]
    fn dropped_derivatives_are_found(
        x in prop::array::uniform3(0.1..3.0),
        size in -6.0..6.0,
        scale in -6.0..6.0,
        column in 0_usize..3,
    ) {
        let (x, scale) = (x.map(|x: f64| x * 10.0_f64.powf(size * 0.25)), 10.0_f64.powf(scale));
        let f = |mut x: SVector<D<3>, 3>| {
            x[column] = D::constant(x[column].re);
            vector![(x[0] * scale).ln() * x[1] * x[2]]
        };
        prop_assert_eq!(place(linalg::check(f, &SVector::from(x))), [column, 0]);
    }

    #[test]
    fn groups(v in prop::array::uniform3(-1.5..1.5), t in prop::array::uniform3(-10.0..10.0)) {
        let (v, t) = (Vector3::from(v), Vector3::from(t));
        let (q, r) = (UnitQuaternion::from_scaled_axis(v), Rotation3::from_scaled_axis(v));
        let pose = Isometry3::new(t, v);
        prop_assert_eq!(linalg::check(|q| quaternion::scaled_axis(&q), &q), Ok(()));
        prop_assert_eq!(linalg::check(|q: UnitQuaternion<D<3>>| q * linalg::lift::<_, D<3>>(&t), &q), Ok(()));
        prop_assert_eq!(linalg::check(|r| so3::log(&r), &r), Ok(()));
        prop_assert_eq!(linalg::check(|x| se3::log(&x), &pose), Ok(()));
        let seen = |x: Isometry3<D<6>>| {
            let p = (x * linalg::lift::<_, D<6>>(&Point3::from(t))).coords;
            (p.z.re > 0.5).then(|| vector![p.x / p.z, p.y / p.z])
        };
        prop_assert!(matches!(linalg::try_check(seen, &pose), None | Some(Ok(()))));
        let dropped = |x: Isometry3<D<6>>| linalg::lift::<_, D<6>>(&linalg::values(&x.rotation)) * x.translation.vector;
        prop_assert_eq!(place(linalg::check(dropped, &pose))[0], 3);
    }

    #[test]
    fn single_precision(x in prop::array::uniform3(-3.0_f32..3.0)) {
        let f = |x: SVector<Dual<f32, 3>, 3>| vector![x[0] * x[1], (x[1] * 3.0).sin() * x[2], (x[0] * 0.5).exp() * 1e3];
        prop_assert_eq!(linalg::check(f, &SVector::from(x)), Ok(()));
        let dropped = |x: SVector<Dual<f32, 3>, 3>| vector![x[0] + x[1], x[1] + (x[2].re * 0.5).exp()];
        prop_assert_eq!(place(linalg::check(dropped, &SVector::from(x))), [2, 1]);
    }
}

#[test]
fn zero_columns_of_nalgebra() {
    let zero = Vector3::<f64>::zeros();
    let theirs = |v: Vector3<D<3>>| UnitQuaternion::from_scaled_axis(v).coords;
    assert_eq!(place(linalg::check(theirs, &zero)), [0, 0]);
    assert_eq!(linalg::check(|v| quaternion::from_scaled_axis(&v).coords, &zero), Ok(()));

    let identity = UnitQuaternion::identity();
    let found = linalg::check(|q: UnitQuaternion<D<3>>| q.scaled_axis(), &identity);
    assert_eq!(found.unwrap_err().to_string(), "column 0, row 0: the derivative is 0, central differences give 1");
    assert_eq!(linalg::check(|q| quaternion::scaled_axis(&q), &identity), Ok(()));
    assert_eq!(place(linalg::check(|r: Rotation3<D<3>>| r.scaled_axis(), &Rotation3::identity())), [0, 0]);
    let pose = Isometry3::translation(1.0, 2.0, 3.0);
    assert_eq!(place(linalg::check(|x: Isometry3<D<6>>| x.rotation.scaled_axis(), &pose)), [3, 0]);

    // The state of a filter, with the attitude last.
    let filter = |x: SVector<D<6>, 6>| {
        let attitude = Rotation3::from_scaled_axis(x.fixed_rows::<3>(3).into_owned());
        x.fixed_rows::<3>(0) + attitude * vector![D::from(0.0), D::from(0.0), D::from(9.81)]
    };
    assert_eq!(place(linalg::check(filter, &SVector::zeros())), [3, 1]);
}

#[test]
fn wrong_eigenvectors_of_nalgebra() {
    // The slope of the first eigenvector's direction, which does not depend on its sign.
    let slope = |e: SymmetricEigen<D<2>, Const<2>>| {
        let v = e.eigenvectors.column(e.eigenvalues.imin()).into_owned();
        vector![v[1] / v[0]]
    };
    let matrix = |x: SVector<D<2>, 2>| Matrix2::new(D::from(1.0), x[0], x[0], x[1]);
    let theirs = |x| slope(SymmetricEigen::try_new(matrix(x), convert(1e-15), 100).unwrap());
    let found = linalg::check(theirs, &vector![0.0, 3.0]).unwrap_err();
    assert_eq!(found.to_string(), "column 0, row 0: the derivative is 0, central differences give -0.5");
    let ours = |x| linalg::symmetric_eigen(&matrix(x)).map(slope);
    assert_eq!(linalg::try_check(ours, &vector![0.0, 3.0]), Ok(Ok(())));
}

#[test]
fn rules_by_hand() {
    // A rule for sin with a wrong slope: that of the opposite sign, or one that is 1 % too large.
    fn sine<X: Chain>(x: X, factor: f64) -> X {
        let (s, c) = x.re().sin_cos();
        x.chain(s, c * X::Re::lit(factor), || -s)
    }
    let by = |factor: f64| linalg::check(|x: SVector<D<2>, 2>| vector![x[0], sine(x[1], factor)], &vector![0.5, 0.25]);
    assert_eq!(by(1.0), Ok(()));
    assert_eq!([-1.0, 1.01, 0.0].map(|factor| place(by(factor))), [[1, 1]; 3]);
}

#[test]
fn lost_derivatives_beside_a_finite_value() {
    let f = |x: SVector<D<2>, 2>| vector![x[0], x[1].chain(x[1].re, f64::NAN, || 0.0)];
    let found = linalg::check(f, &vector![1.0, 2.0]).unwrap_err();
    assert_eq!(found.to_string(), "column 1, row 1: the derivative is NaN, central differences give 1");
}

#[test]
fn kinks() {
    let at = |x: f64, f: fn(D<1>) -> D<1>| linalg::check(|x: SVector<D<1>, 1>| vector![f(x[0])], &vector![x]);
    // The derivative is that of one side, but the central difference is the mean of both.
    assert_eq!(place(at(0.0, |x| x.abs())), [0, 0]);
    assert_eq!(place(at(0.0, |x| x.max(0.0))), [0, 0]);
    // Here the convention is the mean.
    let b = vector![1.0, 2.0, 3.0];
    assert_eq!(linalg::check(|a| vector![linalg::norm(&a)], &Vector3::<f64>::zeros()), Ok(()));
    let parallel = |a: Vector3<D<3>>| vector![linalg::angle(&a, &linalg::lift::<_, D<3>>(&b))];
    assert_eq!(linalg::check(parallel, &(b * 2.0)), Ok(()));
    // nalgebra's angle of parallel vectors.
    let theirs = |a: Vector3<D<3>>| vector![a.angle(&linalg::lift::<_, D<3>>(&b))];
    assert_eq!(linalg::check(theirs, &(b * 2.0)), Ok(()));
    // Points where difference quotients are of no use: infinite slopes, values that are not finite, steps.
    assert_eq!(at(0.0, |x| x.cbrt()), Ok(()));
    assert_eq!(at(0.0, |x| x.sqrt()), Ok(()));
    assert_eq!(at(0.0, |x| x.recip()), Ok(()));
    assert_eq!(at(1.0, |x| x.floor()), Ok(()));
}

#[test]
fn steep_functions() {
    for x in [0.0, 1e-9, 0.3, 1.0, -7.0, 1e4] {
        for frequency in [1e2, 1e4, 1e6, 1e8, 1e9] {
            // Skips arguments of the sine whose rounding errors exceed 10⁻⁴.
            if x.abs() * frequency > 1e12 {
                continue;
            }
            let right = |x: SVector<D<1>, 1>| vector![(x[0] * frequency).sin(), (x[0] * frequency).tanh()];
            assert_eq!(linalg::check(right, &vector![x]), Ok(()), "{frequency:e} at {x}");
            let wrong = |x: SVector<D<1>, 1>| vector![(x[0].re * frequency).sin().into()];
            if x.abs() * frequency < 1e9 && (x * frequency).cos().abs() > 0.1 {
                assert_eq!(place(linalg::check(wrong, &vector![x])), [0, 0], "{frequency:e} at {x}");
            }
        }
    }
}

#[test]
fn failures_are_handed_on() {
    let f = |x: SVector<D<1>, 1>| if x[0].re > 1.0 { Err("too large") } else { Ok(vector![x[0] * x[0]]) };
    assert_eq!(linalg::try_check(f, &vector![0.5]), Ok(Ok(())));
    assert_eq!(linalg::try_check(f, &vector![2.0]), Err("too large"));
    // The function fails beside the point.
    assert_eq!(linalg::try_check(f, &vector![1.0]), Err("too large"));
    let none = |_: DVector<D<8>>| None::<DVector<D<8>>>;
    assert_eq!(linalg::try_check(none, &DVector::zeros(2)), None);
    assert_eq!(linalg::check(|x: DVector<D<8>>| x, &DVector::zeros(20)), Ok(()));
    assert_eq!(linalg::check(|x: DVector<D<8>>| x, &DVector::zeros(0)), Ok(()));
}

/// If the points are numbers, the values of the derivatives are compared.
#[test]
fn nested() {
    type N = Dual<D<1>, 2>;
    let x = vector![D::new(0.5, [1.0]), D::new(2.0, [3.0])];
    assert_eq!(linalg::check(|x: SVector<N, 2>| vector![x[0] * x[1].exp()], &x), Ok(()));
    let dropped = |x: SVector<N, 2>| vector![x[0] * N::constant(x[1].re).exp()];
    assert_eq!(place(linalg::check(dropped, &x)), [1, 0]);
}
