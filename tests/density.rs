//! Logarithms of densities against the 40-digit references of `tests/reference/density.txt`, with first and second
//! derivatives; the edges of their supports, and parameters outside their domains.

use nilpotent::density::*;
use nilpotent::{Dual, Real, Taylor, Var, gradient, hessian, reverse};
use std::collections::BTreeMap;

/// The density `name` at counts and real arguments.
fn call<T: Real>(name: &str, counts: &[u64], x: &[T]) -> T {
    match (name, counts, x) {
        ("normal", [], &[y, mu, sigma]) => normal(y, mu, sigma),
        ("student_t", [], &[y, nu, mu, sigma]) => student_t(y, nu, mu, sigma),
        ("gamma", [], &[y, alpha, rate]) => gamma(y, alpha, rate),
        ("beta", [], &[y, a, b]) => beta(y, a, b),
        ("binomial", &[k, n], &[theta]) => binomial(k, n, theta),
        ("poisson", &[k], &[rate]) => poisson(k, rate),
        ("neg_binomial", &[k], &[alpha, rate]) => neg_binomial(k, alpha, rate),
        ("neg_binomial_2", &[k], &[mu, phi]) => neg_binomial_2(k, mu, phi),
        _ => panic!("no such density: {name}"),
    }
}

/// The value, the gradient, and the upper triangle of the Hessian.
fn derivatives<const N: usize>(name: &str, counts: &[u64], x: &[f64]) -> Vec<Vec<f64>> {
    let x: [f64; N] = x.try_into().unwrap();
    let (value, gradient, h) = hessian(|x: [_; N]| call(name, counts, &x), x);
    let triangle = (0..N).flat_map(|i| (i..N).map(move |j| (i, j))).map(|(i, j)| h[i][j]).collect();
    vec![vec![value], gradient.to_vec(), triangle]
}

/// The arguments in which each derivative of this order is taken.
fn places(arguments: usize, order: usize) -> Vec<Vec<usize>> {
    match order {
        0 => vec![vec![]],
        1 => (0..arguments).map(|i| vec![i]).collect(),
        _ => (0..arguments).flat_map(|i| (i..arguments).map(move |j| vec![i, j])).collect(),
    }
}

#[test]
fn densities_match_their_references() {
    let (mut points, mut worst) = (BTreeMap::new(), BTreeMap::<_, (f64, String)>::new());
    for line in include_str!("reference/density.txt").lines().filter(|l| !l.starts_with('#')) {
        let groups: Vec<Vec<&str>> = line.split(" | ").map(|g| g.split(' ').collect()).collect();
        let (name, arguments) = groups[0].split_first().unwrap();
        let is_count = |s: &&&str| !s.contains('.') && !s.contains('e');
        let counts: Vec<u64> = arguments.iter().filter(is_count).map(|s| s.parse().unwrap()).collect();
        let x: Vec<f64> = arguments[counts.len()..].iter().map(|s| s.parse().unwrap()).collect();
        let computed = match x.len() {
            1 => derivatives::<1>(name, &counts, &x),
            2 => derivatives::<2>(name, &counts, &x),
            3 => derivatives::<3>(name, &counts, &x),
            _ => derivatives::<4>(name, &counts, &x),
        };
        *points.entry(*name).or_insert(0) += 1;
        for (order, (computed, reference)) in computed.iter().zip(&groups[1..]).enumerate() {
            assert_eq!(computed.len(), reference.len(), "{line}");
            for (k, (c, r)) in computed.iter().zip(reference).enumerate() {
                // A derivative in the logarithms of its arguments, whose natural size is 1.
                let size = places(x.len(), order)[k].iter().map(|&i| x[i].abs()).product::<f64>();
                let r: f64 = r.parse().unwrap();
                let error = if *c == r { 0.0 } else { (c - r).abs() * size / (r.abs() * size).max(1.0) };
                let entry = worst.entry((*name, order)).or_default();
                if error.is_nan() || error > entry.0 {
                    *entry = (error, format!("{name} order {order}: {c:e}, expected {r:e}: {:?}", groups[0]));
                }
            }
        }
    }
    assert!(points.len() == 8 && points.values().all(|&n| n >= 60), "{points:?}");
    let limit = [4e-14, 2e-12, 1e-11];
    let report: Vec<_> = worst.iter().filter(|((_, order), (e, _))| e.is_nan() || *e > limit[*order]).collect();
    assert!(report.is_empty(), "{report:#?}");
}

const INF: f64 = f64::INFINITY;

#[test]
fn edges_of_supports_are_exact() {
    let ln_2 = 2.0_f64.ln();
    let same = [
        (poisson(0, 0.0), 0.0),
        (poisson(0, 2.5), -2.5),
        (poisson(3, 0.0), -INF),
        (binomial(0, 0, 0.25), 0.0),
        (binomial(0, 5, 0.0), 0.0),
        (binomial(5, 5, 1.0), 0.0),
        (binomial(1, 5, 0.0), -INF),
        (binomial(4, 5, 1.0), -INF),
        (binomial(6, 5, 0.5), -INF),
        (binomial(5, 5, 0.5), 5.0 * 0.5_f64.ln()),
        (gamma(0.0, 1.0, 2.0), ln_2),
        (gamma(0.0, 2.0, 2.0), -INF),
        (gamma(0.0, 0.5, 2.0), INF),
        (gamma(0.0, 50.0, 2.0), -INF),
        (gamma(-1.0, 2.0, 2.0), -INF),
        (beta(0.0, 1.0, 2.0), ln_2),
        (beta(1.0, 2.0, 1.0), ln_2),
        (beta(0.0, 2.0, 2.0), -INF),
        (beta(1.0, 0.5, 0.5), INF),
        (beta(0.0, 20.0, 20.0), -INF),
        (beta(1.5, 2.0, 2.0), -INF),
        (neg_binomial(0, 1.0, 1.0), -ln_2),
        (normal(INF, 0.0, 1.0), -INF),
        (student_t(INF, 2.0, 0.0, 1.0), -INF),
        (gamma(INF, 2.0, 1.0), -INF),
        (gamma(INF, 20.0, 1.0), -INF),
        (poisson(0, INF), -INF),
        (poisson(3, INF), -INF),
    ];
    for (k, (found, expected)) in same.into_iter().enumerate() {
        let close = found == expected || (found - expected).abs() < 1e-15;
        assert!(close, "case {k}: {found} is not {expected}");
    }
}

/// A rate that is subnormal; the reference is by mpmath.
#[test]
fn small_rates() {
    let found: f64 = poisson(3, 1e-320);
    assert!((found / -2_212.273_482_142_149_7 - 1.0).abs() < 1e-15);
}

#[test]
fn wrong_parameters_give_nan() {
    for bad in [-1.0, f64::NAN] {
        let found = [
            normal(0.5, 0.0, bad),
            student_t(0.5, bad, 0.0, 1.0),
            student_t(0.5, 2.0, 0.0, bad),
            gamma(0.5, bad, 1.0),
            gamma(0.5, 1.0, bad),
            beta(0.5, bad, 1.0),
            beta(0.5, 1.0, bad),
            binomial(2, 5, bad),
            poisson(2, bad),
            neg_binomial(2, bad, 1.0),
            neg_binomial(2, 1.0, bad),
            neg_binomial_2(2, bad, 1.0),
            neg_binomial_2(2, 1.0, bad),
        ];
        assert!(found.iter().all(|p| p.is_nan()), "{bad}: {found:?}");
    }
    let bad = f64::NAN;
    let data = [normal(bad, 0.0, 1.0), student_t(bad, 2.0, 0.0, 1.0), gamma(bad, 2.0, 1.0), beta(bad, 2.0, 1.0)];
    assert!(data.iter().all(|p| p.is_nan()), "{data:?}");
    assert!(binomial(2, 5, 1.5_f64).is_nan() && normal(0.5, 0.0, 0.0_f64).is_nan());
}

/// The same formula in every mode.
#[test]
fn modes_agree() {
    fn sum<T: Real>([a, b]: [T; 2]) -> T {
        let one = T::one();
        normal(a, b, one)
            + student_t(a, b, one, a)
            + gamma(a, b, one)
            + beta(a / (a + b), a, b)
            + poisson(12, a)
            + binomial(3, 40, a / (a + b))
            + neg_binomial(15, a, b)
            + neg_binomial_2(20, b, a)
    }
    for x in [[0.7, 1.3], [25.0, 14.0]] {
        let (value, forward) = gradient(sum::<Dual<f64, 2>>, x);
        let (same, backward) = reverse::gradient(sum::<Var>, x);
        assert_eq!(value.to_bits(), same.to_bits());
        let line = sum([Taylor::<f64, 1>::variable(x[0]), Taylor::constant(x[1])]);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12 * a.abs().max(1.0);
        assert!(close(forward[0], backward[0]) && close(forward[1], backward[1]) && close(forward[0], line.coeffs[0]));
    }
}
