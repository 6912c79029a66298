//! Derivatives contracted with vectors: Hessians of weighted sums of outputs, Gauss-Newton products, third derivatives.

#[path = "common/chain.rs"]
mod chain;
#[path = "common/panics.rs"]
mod panics;

use chain::{d2f, df, f, g, point, times};
use nilpotent::{
    Chunk, Dual, Dual2, Real, Var, derivative, gauss_newton_product, reverse, third_derivative, third_product,
    try_gauss_newton_product, try_third_derivative, try_third_product, try_weighted_hessian, try_weighted_hvp,
    weighted_hessian, weighted_hvp,
};
use panics::panics;
use std::cell::Cell;

fn direction(n: usize) -> Vec<f64> {
    (0..n).map(|i| i as f64 * 0.5 - 2.5).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The gradient and the Hessian of 2·f - ½·Σ xᵢ², the weighted sum of the outputs of `g`.
fn weighted(x: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut h = d2f(x);
    for (i, row) in h.iter_mut().enumerate() {
        row.iter_mut().for_each(|h| *h *= 2.0);
        row[i] -= 1.0;
    }
    (df(x).iter().zip(x).map(|(d, x)| 2.0 * d - x).collect(), h)
}

#[test]
fn weighted_sums_at_slices_of_any_length() {
    for n in 0..=19 {
        let (x, v, w) = (point(n), direction(n), [2.0, -0.5]);
        let (y, (dy, h)) = (g(&x), weighted(&x));
        let known = (y, dy.clone(), h.clone());
        assert_eq!(weighted_hessian(g, &x, w), known, "{n}");
        assert_eq!(weighted_hessian(g, Chunk::<3>(&x), w), known);
        assert_eq!(weighted_hessian(|x| g(x).to_vec(), &x[..], w.to_vec()), (y.to_vec(), dy.clone(), h.clone()));
        assert_eq!(reverse::weighted_hessian(g, &x, w), known);
        assert_eq!(reverse::weighted_hessian(g, Chunk::<3>(&x), w), known);
        assert_eq!(reverse::weighted_hessian(|x| g(x).to_vec(), &x[..], w.to_vec()).2, h);
        let known = (y, dy, times(&h, &v));
        assert_eq!(weighted_hvp(g, &x, w, &v), known);
        assert_eq!(weighted_hvp(g, Chunk::<5>(&x), w, Chunk(&v)), known);
        assert_eq!(reverse::weighted_hvp(g, &x, w, &v), known);
        assert_eq!(reverse::weighted_hvp(|x| g(x).to_vec(), &x, w.to_vec(), &v).2, known.2);
    }
}

#[test]
fn weighted_sums_of_outputs_in_any_shape() {
    // a·b², a and 3, of which the last is a constant.
    let weights = (2.0, [5.0, 7.0]);
    let found = weighted_hessian(|[a, b]: [Dual2<f64, 2>; 2]| (a * b * b, [a, 3.0.into()]), [2.0, 3.0], weights);
    assert_eq!(found, ((18.0, [2.0, 3.0]), [23.0, 24.0], [[0.0, 12.0], [12.0, 8.0]]));
    let f = |[a, b]: [Var<Dual<f64, 2>>; 2]| (a * b * b, [a, 3.0.into()]);
    assert_eq!(reverse::weighted_hessian(f, [2.0, 3.0], weights), found);
    assert_eq!(weighted_hessian(|[a, b]| a * b * b, [2.0, 3.0], -1.0).2, [[0.0, -6.0], [-6.0, -4.0]]);
    assert_eq!(reverse::weighted_hvp(|[a, b]| a * b * b, [2.0, 3.0], -1.0, [1.0, 10.0]).2, [-60.0, -46.0]);
    let nothing = |_: [Var<Dual<f64, 1>>; 1]| Vec::<Var<Dual<f64, 1>>>::new();
    assert_eq!(reverse::weighted_hessian(nothing, [2.0], vec![]), (vec![], [0.0], [[0.0]]));
    assert_eq!(weighted_hessian(|_| Vec::<Dual2<f64, 1>>::new(), [2.0], vec![]), (vec![], [0.0], [[0.0]]));
    // The derivative of the Hessian in a weight is the Hessian of its output; in a coordinate it is the third derivative.
    let (_, d) =
        derivative(|w| weighted_hessian(|[a]| [a.powi(3), a.powi(4)], [2.0.into()], [1.0.into(), w]).2[0], 3.0);
    assert_eq!(d, [48.0]);
    let (_, d) = derivative(|x| reverse::weighted_hessian(|[a]| [a.powi(3)], [x], [Dual::from(2.0)]).2[0], 3.0);
    assert_eq!(d, [12.0]);
}

/// √a has infinite derivatives at 0.
#[test]
fn outputs_without_weight_add_nothing() {
    let known = ([0.0, 0.0], [3.0, 0.0], [[0.0, 1.0], [1.0, 0.0]]);
    assert_eq!(weighted_hessian(|[a, b]| [a.sqrt(), a * b], [0.0, 3.0], [0.0, 1.0]), known);
    assert_eq!(reverse::weighted_hessian(|[a, b]| [a.sqrt(), a * b], [0.0, 3.0], [0.0, 1.0]), known);
    let known = ([0.0, 0.0], [3.0, 0.0], [5.0, 2.0]);
    assert_eq!(weighted_hvp(|[a, b]| [a.sqrt(), a * b], [0.0, 3.0], [0.0, 1.0], [2.0, 5.0]), known);
    assert_eq!(reverse::weighted_hvp(|[a, b]| [a.sqrt(), a * b], [0.0, 3.0], [0.0, 1.0], [2.0, 5.0]), known);
}

/// As many recordings as for one output.
#[test]
fn recordings_do_not_grow_with_the_outputs() {
    let calls = Cell::new(0);
    let count = |x: &[Var<Dual<f64, 8>>]| {
        calls.set(calls.get() + 1);
        x.iter().map(|&x| x * x).collect::<Vec<_>>()
    };
    let (_, dy, h) = reverse::weighted_hessian(count, &point(17), vec![1.0; 17]);
    assert_eq!((calls.get(), dy, h[16][16], h[16][15]), (3, chain::doubled(&point(17)), 2.0, 0.0));
}

#[test]
fn gauss_newton_products() {
    for n in 0..=19 {
        let (x, v) = (point(n), direction(n));
        let (along, across) = (dot(&df(&x), &v), 2.0 * dot(&x, &v));
        let product = df(&x).iter().zip(&x).map(|(d, x)| d * along + 2.0 * x * across).collect::<Vec<_>>();
        let known = (g(&x), product);
        assert_eq!(gauss_newton_product(g, &x, &v), known, "{n}");
        assert_eq!(gauss_newton_product(g, Chunk::<3>(&x), Chunk(&v)), known);
        assert_eq!(gauss_newton_product(|x| g(x).to_vec(), &x[..], &v[..]).1, known.1);
        assert_eq!(reverse::gauss_newton_product(g, &x, &v), known);
    }
    let pole = |v| gauss_newton_product(|[a, b]| [a.sqrt() + b], [0.0, 3.0], [0.0, v]).1[1];
    assert_eq!(pole(2.0), 2.0);
    assert_eq!(reverse::gauss_newton_product(|[a, b]| [a * b, a + b], [2.0, 3.0], [1.0, 10.0]).1, [80.0, 57.0]);
}

/// `D³f(x)[u, v, w]` of the chain: a pair c·a·b² has 2c in one a and two b, and -x³ has -6.
fn third(u: &[f64], v: &[f64], w: &[f64]) -> f64 {
    let pair = |i: usize| u[i] * v[i + 1] * w[i + 1] + v[i] * u[i + 1] * w[i + 1] + w[i] * u[i + 1] * v[i + 1];
    let pairs: f64 = (0..u.len().saturating_sub(1)).map(|i| 2.0 * (i + 1) as f64 * pair(i)).sum();
    pairs - u.iter().zip(v).zip(w).map(|((u, v), w)| 6.0 * u * v * w).sum::<f64>()
}

#[test]
fn third_derivatives_in_three_directions() {
    for n in 0..=19 {
        let (x, u, v) = (point(n), point(n), direction(n));
        let w: Vec<f64> = v.iter().map(|v| 1.0 - v * v).collect();
        let (y, d) = third_derivative(f, &x, &u, &v, &w);
        assert_eq!((y, d), (f(&x), third(&u, &v, &w)), "{n}");
        assert_eq!(third_derivative(f, &x, &w, &u, &v).1, d);
        let (_, [d, second]) = third_derivative(g, &x[..], &u[..], &v[..], &w[..]);
        assert_eq!((d, second), (third(&u, &v, &w), 0.0));

        let unit = |i: usize| (0..n).map(|j| f64::from(u8::from(i == j))).collect::<Vec<_>>();
        let product: Vec<f64> = (0..n).map(|i| third(&unit(i), &v, &w)).collect();
        let known = (y, df(&x), product);
        assert_eq!(third_product(f, &x, &v, &w), known);
        assert_eq!(third_product(f, Chunk::<3>(&x), Chunk(&v), Chunk(&w)), known);
        assert_eq!(reverse::third_product(f, &x, &v, &w), known);
        assert_eq!(reverse::third_product(f, &x[..], &w[..], &v[..]), known);
    }
    fn mixed<T: Real>([a, b, c]: [T; 3]) -> T {
        a * b * c + a.powi(4)
    }
    let (x, v, w) = ([2.0, 3.0, 5.0], [1.0, 2.0, 3.0], [4.0, -1.0, 0.5]);
    // 24·a in three a; a·b·c gives v₁w₂ + v₂w₁ and so on.
    let known = [24.0 * 2.0 * 4.0 + 1.0 - 3.0, 0.5 + 12.0, -1.0 + 8.0];
    assert_eq!(third_product(mixed, x, v, w).2, known);
    assert_eq!(reverse::third_product(mixed, x, v, w).2, known);
    assert_eq!(third_derivative(mixed, x, [1.0, 10.0, 100.0], v, w).1, known[0] + 10.0 * known[1] + 100.0 * known[2]);
}

#[test]
fn failures_come_back() {
    let (x, v) = ([1.0, 0.0], [1.0, 1.0]);
    assert_eq!(try_weighted_hessian(|[a, b]| (b != 0.0).then(|| [a / b]), x, [1.0]), None);
    assert_eq!(try_weighted_hvp(|[a, b]| (b != 0.0).then(|| [a / b]), x, [1.0], v), None);
    assert_eq!(try_gauss_newton_product(|[a, b]| (b != 0.0).then(|| [a / b]), x, v), None);
    assert_eq!(try_third_derivative(|[a, b]| (b != 0.0).then(|| [a / b]), x, v, v, v), None);
    assert_eq!(try_third_product(|[a, b]| (b != 0.0).then(|| a / b), x, v, v), None);
    assert_eq!(reverse::try_weighted_hessian(|[a, b]| if b == 0.0 { Err("b") } else { Ok([a]) }, x, [1.0]), Err("b"));
    assert_eq!(reverse::try_weighted_hvp(|[a, b]| (b != 0.0).then(|| [a / b]), x, [1.0], v), None);
    assert_eq!(reverse::try_gauss_newton_product(|[a, b]| (b != 0.0).then(|| [a / b]), x, v), None);
    assert_eq!(reverse::try_third_product(|[a, b]| (b != 0.0).then(|| a / b), x, v, v), None);
    let found = reverse::try_weighted_hvp(|[a, b]| Some([a * b]), [2.0, 3.0], [2.0], v);
    assert_eq!(found, Some(([6.0], [6.0, 4.0], [2.0, 2.0])));
}

#[test]
fn misuse() {
    let weights = "assertion `left == right` failed: 1 weights for 2 outputs of the function";
    let (x, w, v) = (&[1.0, 2.0][..], || vec![1.0], &[1.0, 2.0][..]);
    panics(weights, || weighted_hessian(|x| x.to_vec(), x, w()));
    panics(weights, || weighted_hvp(|x| x.to_vec(), x, w(), v));
    panics(weights, || reverse::weighted_hessian(|x| x.to_vec(), x, w()));
    panics(weights, || reverse::weighted_hvp(|x| x.to_vec(), x, w(), v));
    let (lengths, short) =
        ("assertion `left == right` failed: the point has 2 coordinates and the direction has 1", &v[..1]);
    panics(lengths, || weighted_hvp(g, x, [1.0; 2], short));
    panics(lengths, || reverse::weighted_hvp(g, x, [1.0; 2], short));
    panics(lengths, || gauss_newton_product(g, x, short));
    panics(lengths, || reverse::gauss_newton_product(g, x, short));
    panics(lengths, || third_derivative(f, x, v, v, short));
    panics(lengths, || third_product(f, x, v, short));
    panics(lengths, || reverse::third_product(f, x, short, v));
}
