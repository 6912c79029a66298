//! The drivers of second and higher order: shapes, blocks, failures, lengths, nesting, and that arrays need no heap.

use nilpotent::{
    Chunk, Dual, Dual2, HyperDual, Real, Taylor, derivative, directional_derivatives, gradient, hessian,
    hessian_diagonal, hvp, jacobian, jvp, laplacian, mixed_partial, nth_derivative, second_derivative, taylor,
    try_directional_derivatives, try_hessian, try_hvp, try_laplacian, try_mixed_partial, try_nth_derivative,
    try_second_derivative,
};
use std::cell::Cell;

/// `Σᵢ i·xᵢ² xᵢ₊₁ + Σ xᵢ³`. Its gradient and Hessian follow.
fn f<T: Real>(x: &[T]) -> T {
    let pairs = x.windows(2).zip(1..).map(|(w, i)| T::lit(f64::from(i)) * w[0] * w[0] * w[1]);
    pairs.sum::<T>() + x.iter().map(|&x| x * x * x).sum::<T>()
}

fn df(x: &[f64]) -> Vec<f64> {
    let n = x.len();
    (0..n)
        .map(|i| {
            let right = if i + 1 < n { 2.0 * (i + 1) as f64 * x[i] * x[i + 1] } else { 0.0 };
            let left = if i > 0 { i as f64 * x[i - 1] * x[i - 1] } else { 0.0 };
            right + left + 3.0 * x[i] * x[i]
        })
        .collect()
}

fn d2f(x: &[f64]) -> Vec<Vec<f64>> {
    let n = x.len();
    let entry = |i: usize, j: usize| match j as i64 - i as i64 {
        0 => 6.0 * x[i] + if i + 1 < n { 2.0 * (i + 1) as f64 * x[i + 1] } else { 0.0 },
        1 => 2.0 * (i + 1) as f64 * x[i],
        -1 => 2.0 * (j + 1) as f64 * x[j],
        _ => 0.0,
    };
    (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
}

/// A point whose coordinates are eighths, so that all results are exact.
fn point(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.5 - 0.125 * i as f64).collect()
}

#[test]
fn slices_of_any_length() {
    for n in 0..=13 {
        let x = point(n);
        let expected = (f(&x), df(&x), d2f(&x));
        assert_eq!(hessian(f, &x), expected, "{n}");
        assert_eq!(hessian(f, &x[..]), expected);
        assert_eq!(hessian(f, Chunk::<1>(&x)), expected);
        assert_eq!(hessian(f, Chunk::<3>(&x)), expected);
        assert_eq!(hessian(f, Chunk::<16>(&x)), expected);
        let v: Vec<f64> = (0..n).map(|i| i as f64 - 2.5).collect();
        let product = |row: &Vec<f64>| row.iter().zip(&v).map(|(h, v)| h * v).sum();
        let (y, dy, hv) = hvp(f, &x, &v);
        assert_eq!((y, dy), (expected.0, expected.1.clone()));
        assert_eq!(hv, expected.2.iter().map(product).collect::<Vec<f64>>());
        assert_eq!(hvp(f, Chunk::<3>(&x), Chunk(&v)).2, hv);
        let diagonal: Vec<f64> = (0..n).map(|i| expected.2[i][i]).collect();
        assert_eq!(hessian_diagonal(f, &x), (expected.0, expected.1.clone(), diagonal.clone()));
        assert_eq!(laplacian(f, &x), (expected.0, expected.1.clone(), diagonal.iter().sum()));
        for i in 0..n {
            for j in 0..n {
                let (y, [di, dj], dij) = mixed_partial(f, &x, i, j);
                assert_eq!((y, di, dj, dij), (expected.0, expected.1[i], expected.1[j], expected.2[i][j]));
            }
        }
    }
}

#[test]
fn arrays_and_slices_agree() {
    const N: usize = 5;
    let x: [f64; N] = std::array::from_fn(|i| 1.5 - 0.125 * i as f64);
    let v = [1.0, -2.0, 0.5, 0.0, 3.0];
    let rows = |h: [[f64; N]; N]| h.map(Vec::from).to_vec();
    let (y, dy, h) = hessian(|x| f(&x), x);
    assert_eq!((y, dy.to_vec(), rows(h)), hessian(f, &x[..]));
    let (y, dy, hv) = hvp(|x| f(&x), x, v);
    assert_eq!((y, dy.to_vec(), hv.to_vec()), hvp(f, &x[..], &v[..]));
    let (y, dy, d) = hessian_diagonal(|x| f(&x), x);
    assert_eq!((y, dy.to_vec(), d.to_vec()), hessian_diagonal(f, &x[..]));
    assert_eq!(laplacian(|x| f(&x), x).2, laplacian(f, &x[..]).2);
    assert_eq!(mixed_partial(|x| f(&x), x, 1, 2), mixed_partial(f, &x[..], 1, 2));
    let (y, [d1, d2, d3, d4]) = directional_derivatives(|x| f(&x), x, v);
    assert_eq!((y, [d1, d2, d3, d4]), directional_derivatives(f, &x[..], &v[..]));
    let dot = |a: [f64; N], b: [f64; N]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    assert_eq!((d1, d2, d4), (dot(dy, v), dot(hv, v), 0.0));
    // D³f[v, v, v], as the derivative of v·H(x + tv)·v.
    let (_, third) = jvp(
        |x| jvp(|x| jvp(|x| f(&x), x, v.map(Dual::constant).map(Dual::constant)).1, x, v.map(Dual::constant)).1,
        x,
        v,
    );
    assert_eq!(d3, third);
}

#[test]
fn several_outputs() {
    let g = |[a, b]: [Dual2<f64, 2>; 2]| [a * b, a * a, b.powi(3)];
    let (y, j, h) = hessian(g, [2.0, 3.0]);
    assert_eq!((y, j), ([6.0, 4.0, 27.0], [[3.0, 2.0], [4.0, 0.0], [0.0, 27.0]]));
    assert_eq!(h, [[[0.0, 1.0], [1.0, 0.0]], [[2.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 18.0]]]);
    let (y, v, a) = second_derivative(|t| [t.cos(), t.sin()], 0.0);
    assert_eq!((y, v, a), ([1.0, 0.0], [-0.0, 1.0], [-1.0, -0.0]));
    let (y, [d1, d2]) = {
        let (y, d) = nth_derivative(|t: Taylor<f64, 2>| vec![t, t * t], 3.0);
        (y, [0, 1].map(|k| d.iter().map(|d| d[k]).collect::<Vec<_>>()))
    };
    assert_eq!((y, d1, d2), (vec![3.0, 9.0], vec![1.0, 6.0], vec![0.0, 2.0]));
    let (_, _, d) = hessian_diagonal(|x: &[Dual2]| [x[0] * x[1], x[1].powi(2)], &[2.0, 3.0][..]);
    assert_eq!(d, [[0.0, 0.0], [0.0, 2.0]]);
}

#[test]
fn failures_come_back() {
    let positive = |x: Dual2| if x > 0.0 { Ok(x.ln()) } else { Err(format!("ln of {}", x.re)) };
    assert_eq!(try_second_derivative(positive, 2.0), Ok((2.0_f64.ln(), 0.5, -0.25)));
    assert_eq!(try_second_derivative(positive, -2.0), Err("ln of -2".to_string()));
    assert_eq!(try_nth_derivative::<3, _, _, _>(|x| (x > 0.0).then(|| x.recip()), 1.0), Some((1.0, [-1.0, 2.0, -6.0])));
    assert_eq!(try_nth_derivative::<3, _, _, _>(|x| (x > 0.0).then(|| x.recip()), -1.0), None);
    assert_eq!(taylor::<2, _, _>(|x| (x > 0.0).then(|| x.recip()), 1.0).map(|y| y.coeffs), Some([-1.0, 1.0]));
    assert_eq!(try_hessian(|[x, y]| (y != 0.0).then(|| x / y), [1.0, 0.0]), None);
    assert_eq!(try_hvp(|[x, y]| (y != 0.0).then(|| x / y), [1.0, 0.0], [1.0, 1.0]), None);
    assert_eq!(try_laplacian(|[x, y]| (y != 0.0).then(|| x / y), [1.0, 0.0]), None);
    assert_eq!(try_mixed_partial(|[x, y]| (y != 0.0).then(|| x / y), [1.0, 0.0], 0, 1), None);
    assert_eq!(try_directional_derivatives::<2, _, _, _, _>(|[x]| (x != 0.0).then_some(x), [0.0], [1.0]), None);
    // The function is not called again after the first block that fails. The blocks are (0, 0), (0, 1), (0, 2), (1, 1).
    let calls = Cell::new(0);
    let fails = |x: &[HyperDual<f64, 4, 4>]| {
        calls.set(calls.get() + 1);
        if x[5].eps1[1] == 1.0 { Err(calls.get()) } else { Ok(x[0]) }
    };
    assert_eq!(try_hessian(fails, &point(10)), Err(4));
}

#[test]
#[should_panic(expected = "the point has 3 coordinates and the direction has 2")]
fn directions_of_another_length() {
    let _ = hvp(f, &[1.0, 2.0, 3.0][..], &[1.0, 2.0][..]);
}

#[test]
#[should_panic(expected = "partials in variables 0 and 3 of a point with 3 coordinates")]
fn partials_that_do_not_exist() {
    let _ = mixed_partial(f, &[1.0, 2.0, 3.0][..], 0, 3);
}

#[test]
#[should_panic(expected = "the function returned 3 values at first and 4 later")]
fn outputs_of_another_length() {
    let calls = Cell::new(2);
    let f = |x: &[HyperDual<f64, 4, 4>]| {
        calls.set(calls.get() + 1);
        vec![x[0]; calls.get()]
    };
    let _ = hessian(f, &point(9));
}

#[test]
#[should_panic(expected = "variable 2 of a number with 2 partials")]
fn variables_that_do_not_exist() {
    let _ = Dual2::<f64, 2>::variable(1.0, 2);
}

#[test]
#[should_panic(expected = "variable Some(1) of a second block with 1 partials")]
fn hyper_variables_that_do_not_exist() {
    let _ = HyperDual::<f64, 2, 1>::variable(1.0, Some(1), Some(1));
}

#[test]
#[should_panic(expected = "a coefficient beyond the order of the series")]
fn coefficients_that_do_not_exist() {
    let _ = Taylor::<f64, 2>::variable(1.0).coeff(3);
}

#[test]
fn drivers_nest_in_one_another() {
    // The third derivative of x⁵ at 2 is 60·4, in all ways to compute it.
    let (_, _, d3) = second_derivative(|x| derivative(|x| x.powi(5), x).1, 2.0);
    assert_eq!(d3, 240.0);
    assert_eq!(derivative(|x| second_derivative(|x| x.powi(5), x).2, 2.0), (160.0, 240.0));
    assert_eq!(nth_derivative(|x| derivative(|x| x.powi(5), x).1, 2.0), (80.0, [160.0, 240.0]));
    assert_eq!(derivative(|x| nth_derivative(|x| x.powi(5), x).1, 2.0), ([80.0, 160.0], [160.0, 240.0]));
    // The gradient of a Laplacian, and the Hessian of a derivative in t.
    let g = |[a, b]: [Dual2<Dual<f64, 2>>; 2]| a.powi(3) * b * b;
    assert_eq!(gradient(|x| laplacian(g, x).2, [1.0, 2.0]), (26.0, [30.0, 24.0]));
    let h = |[a, b]: [Dual2<f64, 2>; 2]| {
        jvp(|[a, b]: [Dual<Dual2<f64, 2>>; 2]| a.powi(3) * b, [a, b], [Dual2::constant(1.0); 2]).1
    };
    assert_eq!(hessian(h, [1.0, 2.0]), (7.0, [15.0, 3.0], [[18.0, 6.0], [6.0, 0.0]]));
    // A Hessian on a slice, differentiated by a parameter.
    let (_, d) = derivative(
        |p| hessian(|x| x[0] * x[1] * x[1] * p, &[Dual::constant(2.0), Dual::constant(3.0)][..]).2[1][1],
        5.0,
    );
    assert_eq!(d, 4.0);
    // The Jacobian of a gradient, which Newton's method needs.
    let (_, j) = jacobian(|x| gradient(|[a, b]| a * b * b, x).1, [2.0, 3.0]);
    assert_eq!(j, hessian(|[a, b]| a * b * b, [2.0, 3.0]).2);
}

#[test]
fn arrays_stay_off_the_heap() {
    let counted = allocation_counter::measure(|| {
        assert!(hessian(|x| f(&x), [1.5; 8]).2[0][0] > 0.0);
        assert!(hvp(|x| f(&x), [1.5; 8], [1.0; 8]).2[0] > 0.0);
        assert!(laplacian(|x| f(&x), [1.5; 8]).2 > 0.0);
        assert!(mixed_partial(|x| f(&x), [1.5; 8], 0, 1).2 > 0.0);
        assert!(nth_derivative::<9, _, _>(|x| x.exp().gamma(), 0.5).0 > 0.0);
        assert!(directional_derivatives::<3, _, _, _>(|x| f(&x), [1.5; 8], [1.0; 8]).0 > 0.0);
    });
    assert_eq!(counted.count_total, 0);
}

/// Derivatives of higher orders than the tables contain.
#[test]
fn high_orders() {
    // The derivatives of 1/(1 - x) at 0 are k!; those of x/(eˣ - 1) = 1/Σ xᵏ/(k+1)! are Bernoulli's numbers.
    let (_, d) = nth_derivative::<20, _, _>(|x| (1.0 - x).recip(), 0.0_f64);
    let factorial = (1..=20).map(f64::from).product::<f64>();
    assert_eq!(d[19], factorial);
    let x = Taylor::<f64, 12>::variable(0.0);
    let shifted =
        Taylor::new(1.0, std::array::from_fn::<_, 12, _>(|k| ((2..=k + 2).map(|j| 1.0 / j as f64)).product()));
    let bernoulli = shifted.recip().derivatives();
    for (k, b) in [(1, -0.5), (2, 1.0 / 6.0), (4, -1.0 / 30.0), (6, 1.0 / 42.0), (8, -1.0 / 30.0), (10, 5.0 / 66.0)] {
        assert!((bernoulli[k - 1] - b).abs() < 1e-14 * (1.0 + b.abs()), "B{k}: {}", bernoulli[k - 1]);
    }
    // exp(x²) has the coefficients 1/k!, and arcsin has central binomial coefficients.
    let gauss = (x * x).exp();
    assert!((gauss.coeff(12) * 720.0 - 1.0).abs() < 1e-15 && gauss.coeff(11) == 0.0);
    let expected = 231.0 / 1024.0 / 13.0;
    let y = Taylor::<f64, 13>::variable(0.0).asin();
    assert!((y.coeff(13) / expected - 1.0).abs() < 1e-14 && y.coeff(12) == 0.0);
    // Γ near 1: -γ, ζ(2) and ζ(3) in ln Γ(1 + x) = -γx + Σ ζ(k)(-x)ᵏ/k.
    let y = Taylor::<f64, 10>::variable(1.0).ln_gamma();
    assert!((y.coeff(1) + 0.577_215_664_901_532_9).abs() < 1e-15);
    assert!((y.coeff(3) + 1.202_056_903_159_594_2 / 3.0).abs() < 1e-15);
    assert!((y.coeff(10) - 1.000_994_575_127_818 / 10.0).abs() < 1e-15);
}

#[cfg(feature = "nalgebra")]
mod nalgebra_points {
    use super::*;
    use nalgebra::{DVector, Isometry3, Matrix3, Rotation3, SVector, UnitQuaternion, Vector3, matrix, vector};
    use nilpotent::linalg;

    #[test]
    fn vectors() {
        let (y, dy, h) = hessian(|x| x[0] * x[1] * x[1], &vector![2.0, 3.0]);
        assert_eq!((y, dy, h), (18.0, vector![9.0, 12.0], matrix![0.0, 6.0; 6.0, 4.0]));
        let (_, dy, hv) = hvp(|x| x[0] * x[1] * x[1], &vector![2.0, 3.0], &vector![1.0, 10.0]);
        assert_eq!((dy, hv), (vector![9.0, 12.0], vector![60.0, 46.0]));
        for n in [0, 1, 4, 7, 11] {
            let (x, v) = (DVector::from_vec(point(n)), DVector::from_fn(n, |i, _| i as f64 - 2.5));
            let expected = hessian(f, x.as_slice());
            let (y, dy, h) = hessian(|x| f(x.as_slice()), &x);
            assert_eq!((y, dy.as_slice().to_vec()), (expected.0, expected.1));
            assert_eq!(h.row_iter().map(|r| r.iter().copied().collect()).collect::<Vec<Vec<_>>>(), expected.2);
            assert_eq!(hvp(|x| f(x.as_slice()), &x, &v).2, h.clone() * &v);
            assert_eq!(hessian_diagonal(|x| f(x.as_slice()), &x).2, h.diagonal());
            assert_eq!(laplacian(|x| f(x.as_slice()), &x).2, h.diagonal().iter().sum());
            let (_, [_, d2]) = directional_derivatives(|x| f(x.as_slice()), &x, &v);
            assert_eq!(d2, v.dot(&(&h * &v)));
        }
        let (_, _, d) = mixed_partial(|x| x[0] * x[1] * x[1], &SVector::from([2.0, 3.0]), 1, 1);
        assert_eq!(d, 4.0);
    }

    /// In the tangent space: tr exp(δ) = 1 + 2 cos|δ|, and the angle of exp(δ) is |δ|.
    #[test]
    fn groups() {
        let trace = hessian(|r| r.matrix().trace(), &Rotation3::identity());
        assert_eq!(trace, (3.0, Vector3::zeros(), -2.0 * Matrix3::identity()));
        let squared_angle =
            hessian(|q| linalg::quaternion::scaled_axis(&q).norm_squared(), &UnitQuaternion::identity());
        assert_eq!(squared_angle, (0.0, Vector3::zeros(), 2.0 * Matrix3::identity()));
        // The exponential of a twist moves the origin by (I + [v]×/2 + …)u, and ½(v × u)·e₁ has mixed partials ±½.
        let (_, _, h) = hessian(|m| m.translation.x, &Isometry3::<f64>::identity());
        assert!(
            (h[(2, 4)] - 0.5).abs() < 1e-15
                && (h[(1, 5)] + 0.5).abs() < 1e-15
                && h.fixed_view::<3, 3>(0, 0).norm() == 0.0
        );
    }

    /// Implicit rules with second-order numbers and series: (A + tB)⁻¹ and its determinant.
    #[test]
    fn implicit_rules() {
        let a = matrix![4.0, 1.0; 2.0, 3.0];
        let det = |t| linalg::determinant(&(linalg::lift(&a) + linalg::lift(&matrix![1.0, 0.0; 0.0, 2.0]) * t));
        // The determinant is (4 + t)(3 + 2t) - 2.
        let (y, [d1, d2, d3]) = nth_derivative(det, 0.0_f64);
        assert!(
            (y - 10.0).abs() < 1e-14 && (d1 - 11.0_f64).abs() < 1e-14 && (d2 - 4.0).abs() < 1e-14 && d3.abs() < 1e-13
        );
        fn inverse<T: linalg::Number + From<f64>>(t: T) -> T {
            let a = linalg::lift::<_, T>(&matrix![4.0, 1.0; 2.0, 3.0]);
            linalg::inverse(&(a * (t + T::one()))).expect("regular")[(0, 0)]
        }
        let (y, dy, ddy) = second_derivative(inverse, 0.0_f64);
        assert!((y - 0.3).abs() < 1e-15 && (dy + 0.3_f64).abs() < 1e-15 && (ddy - 0.6).abs() < 1e-15);
        let (_, d) = nth_derivative::<6, _, _>(inverse, 0.0);
        assert!((d[5] / (0.3 * 720.0) - 1.0).abs() < 1e-13, "{d:?}");
    }
}

/// The Bessel functions J₀ and J₁ as rules that call one another, and as functions of plain floats.
mod bessel {
    use nilpotent::Real;

    pub fn j0<X: Real>(x: X) -> X {
        if X::ORDER == 0 {
            return X::lit(series(0, x.to_f64().unwrap()));
        }
        let a = x.re();
        x.chain(j0(a), -j1(a), || j1(a) / a - j0(a))
    }

    fn j1<X: Real>(x: X) -> X {
        if X::ORDER == 0 {
            return X::lit(series(1, x.to_f64().unwrap()));
        }
        let a = x.re();
        let slope = || j0(a) - j1(a) / a;
        x.chain(j1(a), slope(), || j1(a) / (a * a) - slope() / a - j1(a))
    }

    /// `J₀⁽ⁿ⁾`, by NIST's DLMF, equation 10.6.7.
    pub fn derivative(n: u32, x: f64) -> f64 {
        let (mut sum, mut binomial) = (0.0, 1.0);
        for k in 0..=n {
            let order = 2 * i64::from(k) - i64::from(n);
            let sign = if order < 0 && order % 2 != 0 { -1.0 } else { 1.0 };
            sum += binomial * sign * series(order.unsigned_abs() as u32, x);
            binomial *= -f64::from(n - k) / f64::from(k + 1);
        }
        sum / 2.0_f64.powi(n as i32)
    }

    fn series(n: u32, x: f64) -> f64 {
        let half = x / 2.0;
        let mut term = (1..=n).fold(1.0, |term, k| term * half / f64::from(k));
        (1..40).fold(term, |sum, k| {
            term *= -half * half / (f64::from(k) * f64::from(k + n));
            sum + term
        })
    }
}

/// J₀ and its derivatives at 1.5, by mpmath.
const BESSEL: [f64; 7] = [
    0.511_827_671_735_918_1,
    -0.557_936_507_910_099_6,
    -0.139_869_999_795_851_7,
    0.403_211_393_147_289_8,
    0.077_362_557_381_404_9,
    -0.329_771_546_572_666_2,
    -0.053_354_450_531_957_2,
];

/// A rule that states all derivatives, with every number, mode and nesting; and the same function by two rules that
/// call one another.
#[test]
fn rules_of_all_orders() {
    use nilpotent::rules::Chain;
    use nilpotent::{Var, reverse};

    fn j0<X: Chain>(x: X) -> X {
        x.compose(&bessel::derivative)
    }
    let near = |found: &[f64]| found.iter().zip(BESSEL).for_each(|(f, e)| assert!((f - e).abs() < 1e-14, "{f}, {e}"));
    let (y, d) = nth_derivative::<6, _, _>(j0, 1.5);
    near(&[&[y], &d[..]].concat());
    let (y, d1, d2) = second_derivative(j0, 1.5);
    near(&[y, d1, d2]);
    let (_, _, h) = reverse::hessian(|[x]: [Var<_>; 1]| j0(x), [1.5]);
    near(&[y, d1, h[0][0]]);
    let x = Taylor::<Dual<Dual2>, 2>::variable(Dual::variable(Dual2::variable(1.5, 0), 0));
    let y = j0(x);
    near(&[y.re.re.re, y.re.re.grad[0], y.re.eps[0].grad[0], y.derivatives()[0].eps[0].grad[0]]);
    near(&[y.re.re.re, y.derivatives()[0].re.re, y.derivatives()[1].re.re, y.derivatives()[1].eps[0].re]);
    assert!((y.derivatives()[1].eps[0].hess[(0, 0)] - BESSEL[5]).abs() < 1e-13);
    assert_eq!(j0(1.5), BESSEL[0]);

    let (y, d1, d2) = second_derivative(bessel::j0, 1.5);
    near(&[y, d1, d2]);
    let (_, d3) = derivative(|x| second_derivative(bessel::j0, x).2, 1.5);
    near(&[y, d1, d2, d3]);
    near(&[y, reverse::gradient(|[x]: [Var; 1]| bessel::j0(x), [1.5]).1[0]]);
}

/// A rule that calls itself through the series of a series would never end.
#[test]
#[should_panic(expected = "a rule calls itself without end")]
fn recursive_rules_of_series() {
    let _ = nth_derivative::<3, _, _>(bessel::j0, 1.5);
}
