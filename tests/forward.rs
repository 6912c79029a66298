//! The forward drivers: shapes, failures, lengths, nesting, and that arrays need no heap.

use nilpotent::{
    Chunk, Dual, Real, derivative, gradient, jacobian, jvp, try_derivative, try_gradient, try_jacobian, try_jvp,
};
use std::cell::Cell;

/// `Σ i·xᵢ² + Π xᵢ`
fn f<T: Real>(x: &[T]) -> T {
    let weights = (0..).map(|i| T::lit(f64::from(i)));
    x.iter().zip(weights).map(|(&x, w)| w * x * x).sum::<T>() + x.iter().product::<T>()
}

fn df(x: &[f64]) -> Vec<f64> {
    let others = |i| x.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, x)| x).product::<f64>();
    (0..x.len()).map(|i| 2.0 * i as f64 * x[i] + others(i)).collect()
}

fn point(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.5 - 0.125 * i as f64).collect()
}

#[track_caller]
fn assert_near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-14 * b.abs().max(1.0)), "{a:?}, expected {b:?}");
}

#[test]
fn slices_of_any_length() {
    for n in 0..=25 {
        let x = point(n);
        let (y, dy) = gradient(f, &x);
        assert_eq!(y, f(&x), "{n}");
        assert_near(&dy, &df(&x));
        // The result does not depend on the chunks, bit for bit.
        assert_eq!((y, dy.clone()), gradient(f, &x[..]));
        assert_eq!((y, dy.clone()), gradient(f, Chunk::<1>(&x)));
        assert_eq!((y, dy.clone()), gradient(f, Chunk::<3>(&x)));
        assert_eq!((y, dy), gradient(f, Chunk::<32>(&x)));
    }
}

#[test]
fn arrays_and_slices_agree() {
    let x = [0.5, 1.5, -2.0];
    let (y, dy) = gradient(|x| f(&x), x);
    assert_eq!((y, dy.to_vec()), gradient(f, &x[..]));
    let (y, j) = jacobian(|[a, b, c]| [a * b, b.sin() / c], x);
    assert_eq!(y, [0.75, 1.5_f64.sin() / -2.0]);
    let (z, k) = jacobian(|x| [x[0] * x[1], x[1].sin() / x[2]], &x[..]);
    assert_eq!((y, j.map(|row| row.to_vec())), (z, k));
    let (z, k) = jacobian(|x| vec![x[0] * x[1], x[1].sin() / x[2]], Chunk::<2>(&x));
    assert_eq!((y.to_vec(), j.map(|row| row.to_vec()).to_vec()), (z, k));
    // A gradient is a Jacobian with one row, and its entries are derivatives along the axes.
    let (y, dy) = gradient(|x| f(&x), x);
    assert_eq!((y, dy), jacobian(|x| f(&x), x));
    assert_eq!((y, dy[1]), jvp(|x| f(&x), x, [0.0, 1.0, 0.0]));
    assert_eq!((y, dy[1]), jvp(f, &x[..], &[0.0, 1.0, 0.0]));
    let (_, along) = jvp(|[a, b, c]| [a * b, b.sin() / c], x, [1.0, 2.0, 3.0]);
    assert_near(&along, &j.map(|row| row[0] + 2.0 * row[1] + 3.0 * row[2]));
}

#[test]
fn a_partial_does_not_depend_on_how_many_there_are() {
    /// All operations that use SIMD lanes, and cases in which a value or a slope is not finite.
    fn g<T: Real>(x: T, y: T) -> [T; 5] {
        let z = (x - y) * (x + y) / (x * y) - x * T::lit(3.0);
        [-z, z.exp() * z, z.hypot(x) / y, (y - y).sqrt() * x, (x / (y - y)) * z]
    }
    fn check<const N: usize>() {
        let mut random = 0.3_f64;
        let mut next = || {
            random = (random * 997.1).fract();
            if random < 0.2 { 0.0 } else { random - 0.6 }
        };
        let [x, y]: [Dual<f64, N>; 2] = [0.7, 1.9].map(|re| Dual::new(re, [0.0; N].map(|_| next())));
        for i in 0..N {
            let one = |x: Dual<f64, N>| Dual::<f64, 1>::new(x.re, [x.eps[i]]);
            for (many, alone) in g(x, y).into_iter().zip(g(one(x), one(y))) {
                assert!(one(many).same(alone), "partial {i} of {N}: {many:?}, {alone:?}");
            }
            let unit = Dual::<f64, N>::variable(2.0, i).eps;
            assert!((0..N).all(|j| unit[j] == f64::from(u8::from(i == j))), "{unit:?}");
        }
    }
    check::<1>();
    check::<2>();
    check::<3>();
    check::<4>();
    check::<9>();
    check::<10>();
    check::<11>();
    check::<16>();
}

#[test]
fn no_variables_and_no_outputs() {
    assert_eq!(gradient(|_| Dual::constant(3.0), [0.0; 0]), (3.0, []));
    assert_eq!(gradient(|_| Dual::constant(3.0), &[0.0; 0][..]), (3.0, vec![]));
    let (y, j) = jacobian(|_: &[Dual<f64, 8>]| Vec::<Dual<f64, 8>>::new(), &[1.0, 2.0][..]);
    assert!(y.is_empty() && j.is_empty());
}

#[test]
fn failures_come_back() {
    let positive = |x: Dual| if x > 0.0 { Ok(x.ln()) } else { Err(format!("ln of {}", x.re)) };
    assert_eq!(try_derivative(positive, 2.0), Ok((2.0_f64.ln(), 0.5)));
    assert_eq!(try_derivative(positive, -2.0), Err("ln of -2".to_string()));
    assert_eq!(try_derivative(|x| (x > 0.0).then(|| x * x), 3.0), Some((9.0, 6.0)));
    assert_eq!(try_derivative(|x| (x > 0.0).then(|| x * x), -3.0), None);
    assert_eq!(try_gradient(|[x, y]| (y != 0.0).then(|| x / y), [1.0, 0.0]), None);
    assert_eq!(try_jvp(|[x, y]| (y != 0.0).then(|| [x / y]), [1.0, 2.0], [1.0, 0.0]), Some(([0.5], [0.5])));
    // The function is not called again after the first chunk that fails.
    let calls = Cell::new(0);
    let fails = |x: &[Dual<f64, 8>]| {
        calls.set(calls.get() + 1);
        if x[10].eps[2] == 1.0 { Err(calls.get()) } else { Ok(x[0]) }
    };
    assert_eq!(try_gradient(fails, &point(20)), Err(2));
    assert_eq!(try_jacobian(|x| fails(x).map(|y| [y]), &point(20)), Err(4));
    assert_eq!(calls.get(), 4);
}

#[test]
#[should_panic(expected = "the point has 3 coordinates and the direction has 2")]
fn directions_of_another_length() {
    let _ = jvp(f, &[1.0, 2.0, 3.0][..], &[1.0, 2.0]);
}

#[test]
#[should_panic(expected = "the function returned 3 values at first and 4 later")]
fn outputs_of_another_length() {
    let calls = Cell::new(2);
    let f = |x: &[Dual<f64, 8>]| {
        calls.set(calls.get() + 1);
        vec![x[0]; calls.get()]
    };
    let _ = jacobian(f, &point(9));
}

#[test]
#[should_panic(expected = "variable 2 of a number with 2 partials")]
fn variables_that_do_not_exist() {
    let _ = Dual::<f64, 2>::variable(1.0, 2);
}

/// The classical test of perturbation confusion (Siskind & Pearlmutter 2005). The outer variable is lifted into the
/// inner numbers, where it is a constant that carries an outer partial.
#[test]
fn nested_derivatives() {
    let (_, d) = derivative(|x| x * derivative(|y| Dual::constant(x) + y, Dual::constant(1.0)).1, 1.0);
    assert_eq!(d, 1.0);
    let (_, d) = derivative(|x| x * derivative(|y| Dual::constant(x) * y, x).1, 4.0);
    assert_eq!(d, 8.0);
    // Mixed levels: operators with the inner type lift the outer variable.
    let (_, d) = derivative(|x| x * derivative(|y| y * x, x).1, 4.0);
    assert_eq!(d, 8.0);
}

#[test]
fn hessians_by_nesting() {
    let rosenbrock = |[x, y]: [Dual<Dual<f64, 2>, 2>; 2]| 100.0 * (y - x * x).powi(2) + (1.0 - x).powi(2);
    let (dy, hessian) = jacobian(|x| gradient(rosenbrock, x).1, [2.0, 3.0]);
    assert_eq!(dy, [802.0, -200.0]);
    assert_eq!(hessian, [[3602.0, -800.0], [-800.0, 200.0]]);
    // The same function on slices.
    let f = |x: &[Dual<Dual<f64, 8>, 8>]| 100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2);
    let (_, slices) = jacobian(|x| gradient(f, x).1, &[2.0, 3.0][..]);
    assert_eq!(slices, hessian.map(|row| row.to_vec()));
}

#[test]
fn arrays_stay_off_the_heap() {
    let counted = allocation_counter::measure(|| {
        let (_, dy) = gradient(|x| f(&x), [1.5; 20]);
        let (_, j) = jacobian(|[x, y]| [x * y, x.exp(), y.ln()], [1.0, 2.0]);
        let (_, d) = jvp(|[x, y]| x.atan2(y), [1.0, 2.0], [0.5, 0.5]);
        let (_, h) = jacobian(|x| gradient(|x| f(&x), x).1, [1.0; 6]);
        assert!(dy[0] > 0.0 && j[0][0] == 2.0 && d == 0.1 && h[0][0] == 0.0);
    });
    assert_eq!(counted.count_total, 0);
    // A slice needs memory for its numbers and for its gradient, once for all chunks.
    let x = point(100);
    assert_eq!(allocation_counter::measure(|| assert_eq!(gradient(f, &x).0, f(&x))).count_total, 2);
}
