//! Lines of code that new users would write compile as they stand, and give right results.

#![allow(clippy::op_ref, clippy::useless_vec)]

use nilpotent::{
    Dual, Dual32, Real, Var, derivative, gradient, hessian, hvp, jacobian, jvp, laplacian, nth_derivative, reverse,
    second_derivative, try_gradient,
};

#[test]
fn literals_on_the_left() {
    let (y, dy): (f64, [f64; 2]) = gradient(|[x, y]| 100.0 * (y - x * x).powi(2) + (1.0 - x).powi(2), [1.2, 1.0]);
    assert!((y - 19.4).abs() < 1e-12 && (dy[0] - 211.6).abs() < 1e-11 && (dy[1] + 88.0).abs() < 1e-12);
    assert_eq!(derivative(|x| 2.0 * x, 3.0), (6.0, 2.0));
    assert_eq!(derivative(|x| 1.0 / (1.0 + x), 1.0), (0.5, -0.25));
    assert_eq!(derivative(|x| (2.0 * x).sin(), 0.0), (0.0, 2.0));
    assert_eq!(derivative(|x| 1.0 - x * 0.5, 1.0), (0.5, -0.5));
    assert_eq!(second_derivative(|x| 0.5 * x * x, 3.0), (4.5, 3.0, 1.0));
    let (_, [d1, d2, d3]) = nth_derivative(|x| 2.0 * x.powi(3), 1.0);
    assert_eq!((d1, d2, d3), (6.0, 12.0, 12.0));
    assert_eq!(jacobian(|[a, b]| [2.0 * a, a * b - 1.0], [3.0, 4.0]).1, [[2.0, 0.0], [4.0, 3.0]]);
    assert_eq!(jvp(|[a, b]| 2.0 * a * b, [3.0, 4.0], [1.0, 0.0]), (24.0, 8.0));
    assert_eq!(hessian(|[a, b]| 3.0 * a * b * b, [1.0, 2.0]).2, [[0.0, 12.0], [12.0, 6.0]]);
    assert_eq!(hvp(|[a, b]| 3.0 * a * b, [1.0, 2.0], [1.0, 0.0]).2, [0.0, 3.0]);
    assert_eq!(laplacian(|[a, b]| 0.5 * (a * a + b * b), [1.0, 2.0]).2, 2.0);
    assert_eq!(reverse::gradient(|[a, b]| 2.0 * a * b + 1.0, [3.0, 4.0]), (25.0, [8.0, 6.0]));
    // Two levels of derivatives.
    assert_eq!(derivative(|x| derivative(|x| 2.0 * x * x * x, x).1, 1.0), (6.0, 12.0));
}

#[test]
fn sums_and_products() {
    assert_eq!(gradient(|x| x.iter().map(|x| x * x).sum(), [1.0, 2.0, 3.0]), (14.0, [2.0, 4.0, 6.0]));
    assert_eq!(gradient(|x| x.iter().sum(), [1.0, 2.0]), (3.0, [1.0; 2]));
    assert_eq!(gradient(|x| x.iter().product(), &[2.0, 3.0, 5.0][..]), (30.0, vec![15.0, 10.0, 6.0]));
    assert_eq!(gradient(|x| x.iter().map(|x| 0.5 * x * x).sum(), &vec![1.0; 20]).1, vec![1.0; 20]);
    assert_eq!(gradient(|[a, b]| [a, b].into_iter().sum(), [1.0, 2.0]).1, [1.0; 2]);
    assert_eq!(
        hessian(|x| x.iter().map(|x| x * x).sum::<nilpotent::Dual2<_, 2>>(), [1.0, 2.0]).2,
        [[2.0, 0.0], [0.0, 2.0]]
    );
    assert_eq!(reverse::gradient(|x| x.iter().map(|x| x * x).sum(), &vec![1.0, 2.0]), (5.0, vec![2.0, 4.0]));
    assert_eq!(laplacian(|x| x.iter().map(|x| x * x).sum(), &[1.0, 2.0, 3.0][..]).2, 6.0);
}

#[test]
fn branches_references_and_constants() {
    assert_eq!(derivative(|x| if x > 0.0 { x * x } else { -x }, -2.0), (2.0, -1.0));
    assert_eq!(gradient(|[x]| if x > 1.0 { x } else { 1.0.into() }, [0.5]), (1.0, [0.0]));
    assert_eq!(gradient(|[x, y]| if x < y { x } else { 0.0.into() }, [0.5, 1.0]), (0.5, [1.0, 0.0]));
    assert_eq!(gradient(|[x]| if x > 1.0 { x } else { Default::default() }, [0.5]), (0.0, [0.0]));
    assert_eq!(gradient(|[a, b]| &a * &b + &a * 2.0, [3.0, 4.0]).1, [6.0, 3.0]);
    assert_eq!(gradient(|[a, b]| a.max(b).max(2.5), [1.0, 3.0]).1, [0.0, 1.0]);
    let data = vec![1.0, 2.0, 3.0];
    assert_eq!(gradient(|[a]| data.iter().map(|&d| (a - d).powi(2)).sum(), [1.0]), (5.0, [-6.0]));
    assert_eq!(gradient(|[a]| data.iter().map(|&d| d * a).sum(), [1.0]), (6.0, [6.0]));
    assert_eq!(try_gradient(|[a, b]| if b == 0.0 { None } else { Some(a / b) }, [1.0, 0.0]), None);
    fn generic<T: Real>(x: T, y: T) -> T {
        T::lit(2.0) * x * y.sin()
    }
    assert_eq!(gradient(|[x, y]| generic(x, y), [1.0, 0.0]).1, [0.0, 2.0]);
}

#[test]
fn shapes() {
    let (y, (da, [db, dc])) = jacobian(|[a, b]| (a * b, [a + b, a - b]), [2.0, 3.0]);
    assert_eq!((y, da, db, dc), ((6.0, [5.0, -1.0]), [3.0, 2.0], [1.0, 1.0], [1.0, -1.0]));
    let (y, j) = jacobian(|[a]| vec![vec![a, 2.0 * a], vec![]], [3.0]);
    assert_eq!((y, j), (vec![vec![3.0, 6.0], vec![]], vec![vec![[1.0], [2.0]], vec![]]));
    let (_, j) = reverse::jacobian(|[a, b]| [[a, b], [a * b, a]], [2.0, 3.0]);
    assert_eq!(j, [[[1.0, 0.0], [0.0, 1.0]], [[3.0, 2.0], [1.0, 0.0]]]);
    let (_, pullback) = reverse::vjp(|[a, b]| (a * b, vec![a, b]), [2.0, 3.0]);
    assert_eq!(pullback.call((1.0, vec![10.0, 100.0])), [13.0, 102.0]);
}

#[test]
fn single_precision() {
    assert_eq!(gradient(|[x, y]| 100.0 * x * y, [2.0_f32, 3.0]), (600.0, [300.0, 200.0]));
    assert_eq!(derivative(|x| 2.0 * x + x * 0.5_f32, 2.0_f32), (5.0_f32, 2.5));
    assert_eq!((2.0 * Dual32::<1>::variable(3.0, 0)).eps, [2.0_f32]);
    assert_eq!((Dual::<Dual32>::constant(Dual32::constant(3.0)) * 0.5_f32).re.re, 1.5);
    assert_eq!(reverse::gradient(|[x]: [Var<f32>; 1]| 0.1 * x, [1.0_f32]), (0.1_f32, [0.1]));
}
