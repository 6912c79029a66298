//! `check_gradient`, `check_jacobian` and `check_hessian`: right derivatives pass, and wrong ones are reported with their
//! place.

use nilpotent::rules::Chain;
use nilpotent::{Chunk, Dual, Error, Real, check_gradient, check_hessian, check_jacobian};
use proptest::prelude::*;

/// A rule whose slope is right up to the factor `1 + off`, for numbers of forward mode, or of reverse mode, alone.
fn square<T: Real>(x: T, off: f64) -> T {
    let v = Chain::re(x);
    x.regular(v * v, v * Real::lit(2.0 * (1.0 + off)), || Real::lit(2.0))
}

fn smooth<T: Real>(x: &[T]) -> T {
    let pairs = x.windows(2).map(|w| (w[0] * w[1]).sin() + (w[0] - w[1]).powi(2));
    pairs.sum::<T>() + x.iter().map(|x| x.exp()).sum::<T>()
}

/// Several outputs of different sizes.
fn outputs<T: Real>(x: &[T]) -> (Vec<T>, T) {
    (x.iter().map(|x| (*x * T::lit(1e3)).cos() * T::lit(1e-3)).collect(), smooth(x))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn smooth_functions_pass(x in prop::collection::vec(-3.0..3.0, 0..20)) {
        prop_assert_eq!(check_gradient(smooth, smooth, &x[..]), Ok(()));
        prop_assert_eq!(check_gradient(smooth, smooth, Chunk::<3>(&x)), Ok(()));
        prop_assert_eq!(check_jacobian(outputs, outputs, &x[..]), Ok(()));
        prop_assert_eq!(check_hessian(smooth, smooth, smooth, &x[..]), Ok(()));
    }

    #[test]
    fn wrong_slopes_are_found(x in prop::collection::vec(0.5..3.0_f64, 1..20), place in 0_usize..20) {
        let column = place % x.len();
        let wrong = |off: f64| move |x: &[Dual<f64, 8>]| smooth(x) + square(x[column], off);
        let both = check_gradient(wrong(0.01), |x: &[nilpotent::Var]| smooth(x) + square(x[column], 0.01), &x[..]);
        let expected = |derivative: f64, quotient: f64| (derivative - quotient - 0.02 * x[column]).abs() < 1e-6;
        match both {
            Err(Error::WrongDerivative { row: 0, column: found, derivative, quotient }) => {
                prop_assert_eq!(found, column);
                prop_assert!(expected(derivative, quotient));
            }
            other => prop_assert!(false, "{other:?}"),
        }
        // Only one of the modes: by 10⁻⁶, which differences cannot see.
        match check_gradient(wrong(1e-6), |x: &[nilpotent::Var]| smooth(x) + square(x[column], 0.0), &x[..]) {
            Err(Error::ModesDiffer { row: 0, column: found, forward, reverse }) => {
                prop_assert_eq!(found, column);
                prop_assert!((forward - reverse - 2e-6 * x[column]).abs() < 1e-12);
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }
}

#[test]
fn the_worst_entry_is_reported() {
    let wrong = |[a, b, c]: [Dual<f64, 3>; 3]| [square(a, 0.01), square(b, 0.5) + square(c, 0.2)];
    let right = |[a, b, c]: [nilpotent::Var; 3]| [square(a, 0.01), square(b, 0.5) + square(c, 0.2)];
    let error = check_jacobian(wrong, right, [1.0, 1.0, 100.0]).unwrap_err();
    let Error::WrongDerivative { row: 1, column: 1, derivative: 3.0, quotient } = error else { panic!("{error}") };
    assert!((quotient - 2.0).abs() < 1e-6);
    let right = |[a, b, c]: [nilpotent::Var; 3]| [square(a, 0.0), square(b, 0.0) + square(c, 0.0)];
    let error = check_jacobian(wrong, right, [1.0, 1.0, 100.0]).unwrap_err();
    assert_eq!(error.to_string(), "column 1, row 1: forward mode gives 3, reverse mode gives 2");
}

#[test]
fn hessians() {
    // A slope whose own derivative is lost behind a branch.
    fn flat<T: Real>([x, y]: [T; 2]) -> T {
        let slope = if y == T::one() { T::one() } else { y };
        x * slope
    }
    let error = check_hessian(flat, flat, flat, [3.0, 1.0]).unwrap_err();
    assert!(matches!(error, Error::WrongDerivative { row: 0, column: 1, derivative: 0.0, .. }), "{error}");

    // A curvature that is wrong in one mode: the rule states f" = 3 in forward mode.
    fn curved<T: Real>(x: T, second: f64) -> T {
        let v = Chain::re(x);
        x.regular(v * v, v * Real::lit(2.0), || Real::lit(second))
    }
    let error = check_hessian(
        |[x, y]| curved(x, 2.0) * y,
        |[x, y]: [nilpotent::Dual2<f64, 2>; 2]| curved(x, 3.0) * y,
        |[x, y]| curved(x, 2.0) * y,
        [1.0, 4.0],
    );
    assert_eq!(error, Err(Error::ModesDiffer { row: 0, column: 0, forward: 12.0, reverse: 8.0 }));
}

#[test]
fn special_points() {
    // Nothing to compare.
    assert_eq!(check_gradient(smooth, smooth, &[0.0; 0][..]), Ok(()));
    assert_eq!(check_hessian(smooth, smooth, smooth, &[0.0; 0][..]), Ok(()));
    // Infinite slopes are the same in both modes, and differences cannot decide.
    fn root<T: Real>([x]: [T; 1]) -> T {
        x.sqrt()
    }
    assert_eq!(check_gradient(root, root, [0.0]), Ok(()));
    // Numbers inside of numbers.
    assert_eq!(
        check_gradient(|[x, y]| x * y, |[x, y]| x * y, [Dual::<f64>::variable(2.0, 0), Dual::constant(3.0)]),
        Ok(())
    );
    let error = check_jacobian(|[x]: [Dual; 1]| vec![x, x], |[x]: [nilpotent::Var; 1]| vec![x], [1.0]);
    assert_eq!(error, Err(Error::WrongLength { what: "outputs of `f` in reverse mode", expected: 2, found: 1 }));
}

#[cfg(feature = "nalgebra")]
#[test]
fn rotations() {
    use nalgebra::{UnitQuaternion, vector};
    use nilpotent::linalg::{Number, quaternion};

    fn angle<T: Number>(q: UnitQuaternion<T>) -> T {
        let y = vector![T::lit(0.0), T::lit(1.0), T::lit(2.0)];
        let v = quaternion::scaled_axis(&q);
        (q * y).x + v.x * v.y
    }
    let q = UnitQuaternion::from_euler_angles(0.1, 0.2, 0.3);
    assert_eq!(check_gradient(angle, angle, &q), Ok(()));
    assert_eq!(check_hessian(angle, angle, angle, &q), Ok(()));
}
