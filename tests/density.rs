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
        ("lognormal", [], &[y, mu, sigma]) => lognormal(y, mu, sigma),
        ("cauchy", [], &[y, mu, sigma]) => cauchy(y, mu, sigma),
        ("logistic", [], &[y, mu, sigma]) => logistic(y, mu, sigma),
        ("double_exponential", [], &[y, mu, sigma]) => double_exponential(y, mu, sigma),
        ("exponential", [], &[y, rate]) => exponential(y, rate),
        ("inv_gamma", [], &[y, alpha, scale]) => inv_gamma(y, alpha, scale),
        ("weibull", [], &[y, alpha, sigma]) => weibull(y, alpha, sigma),
        ("binomial_logit", &[k, n], &[alpha]) => binomial_logit(k, n, alpha),
        ("poisson_log", &[k], &[alpha]) => poisson_log(k, alpha),
        ("neg_binomial_2_log", &[k], &[eta, phi]) => neg_binomial_2_log(k, eta, phi),
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
    assert!(points.len() == 18 && points.values().all(|&n| n >= 60), "{points:?}");
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
        (lognormal(0.0, 0.0, 1.0), -INF),
        (lognormal(-1.0, 0.0, 1.0), -INF),
        (lognormal(INF, 0.0, 1.0), -INF),
        (cauchy(-INF, 0.0, 1.0), -INF),
        (logistic(INF, 0.0, 1.0), -INF),
        (double_exponential(INF, 0.0, 1.0), -INF),
        (exponential(0.0, 2.0), ln_2),
        (exponential(-0.5, 2.0), -INF),
        (exponential(INF, 2.0), -INF),
        (inv_gamma(0.0, 2.0, 1.0), -INF),
        (inv_gamma(INF, 2.0, 1.0), -INF),
        (weibull(0.0, 1.0, 0.5), ln_2),
        (weibull(0.0, 2.0, 0.5), -INF),
        (weibull(-1.0, 2.0, 0.5), -INF),
        (weibull(INF, 2.0, 0.5), -INF),
        (uniform(1.0, 1.0, 1.5), ln_2),
        (uniform(1.5, 1.0, 1.5), ln_2),
        (uniform(0.5, 1.0, 1.5), -INF),
        (binomial_logit(6, 5, 0.5), -INF),
        (binomial_logit(0, 5, -1e9), 0.0),
        (binomial_logit(2, 2, 1e9), 0.0),
        (poisson_log(0, -1e9), 0.0),
        (poisson_log(2, 800.0), -INF),
        (dirichlet(&[0.0, 1.0], &[1.0, 2.0]), ln_2),
        (dirichlet(&[0.0, 1.0], &[2.0, 2.0]), -INF),
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
            neg_binomial_2_log(2, 1.0, bad),
            lognormal(0.5, 0.0, bad),
            cauchy(0.5, 0.0, bad),
            logistic(0.5, 0.0, bad),
            double_exponential(0.5, 0.0, bad),
            exponential(0.5, bad),
            inv_gamma(0.5, bad, 1.0),
            inv_gamma(0.5, 1.0, bad),
            weibull(0.5, bad, 1.0),
            weibull(0.5, 1.0, bad),
            uniform(0.5, 0.0, bad),
            multi_normal_cholesky(&[0.5], &[0.0], &[bad]),
            dirichlet(&[0.5, 0.5], &[1.0, bad]),
            lkj_corr_cholesky(2, &[1.0, 0.0, 0.6, 0.8], bad),
        ];
        assert!(found.iter().all(|p| p.is_nan()), "{bad}: {found:?}");
    }
    let bad = f64::NAN;
    let data = [normal(bad, 0.0, 1.0), student_t(bad, 2.0, 0.0, 1.0), gamma(bad, 2.0, 1.0), beta(bad, 2.0, 1.0)];
    assert!(data.iter().all(|p| p.is_nan()), "{data:?}");
    let data = [lognormal(bad, 0.0, 1.0), cauchy(bad, 0.0, 1.0), exponential(bad, 1.0), weibull(bad, 2.0, 1.0)];
    assert!(data.iter().all(|p| p.is_nan()), "{data:?}");
    let data =
        [binomial_logit(2, 5, bad), poisson_log(2, bad), neg_binomial_2_log(2, bad, 1.0), uniform(bad, 0.0, 1.0)];
    assert!(data.iter().all(|p| p.is_nan()), "{data:?}");
    assert!(binomial(2, 5, 1.5_f64).is_nan() && normal(0.5, 0.0, 0.0_f64).is_nan());
}

/// Densities of vectors against those of their parts, closed forms, and known volumes.
#[test]
fn vectors() {
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-14 * b.abs().max(1.0), "{a} is not {b}");
    // A normal vector: its first entry, and the others given those before them.
    let (y, mu, l) = ([0.7, -1.3, 2.0], [0.5, 0.25, -1.0], [1.5, 7.0, 7.0, -0.5, 0.75, 7.0, 0.3, 0.2, 2.0]);
    let z0 = (y[0] - mu[0]) / l[0];
    let z1 = (y[1] - mu[1] - l[3] * z0) / l[4];
    let parts = normal(y[0], mu[0], l[0])
        + normal(y[1], mu[1] + l[3] * z0, l[4])
        + normal(y[2], mu[2] + l[6] * z0 + l[7] * z1, l[8]);
    close(multi_normal_cholesky(&y, &mu, &l), parts);
    let covariance: Vec<f64> = (0..9)
        .map(|k| {
            let entry = |i: usize, j: usize| if j > i { 0.0 } else { l[i * 3 + j] };
            (0..3).map(|m| entry(k / 3, m) * entry(k % 3, m)).sum()
        })
        .collect();
    close(multi_normal(&y, &mu, &covariance), parts);
    assert!(multi_normal(&[1.0_f64, 2.0], &[0.0, 0.0], &[1.0, 2.0, 2.0, 1.0]).is_nan());
    // The slope in y is that in μ, apart from its sign; with variances 4 and 2 and covariance 2 it is -Σ⁻¹y.
    let f = |y: &[Var], mu: &[Var]| multi_normal_cholesky(y, mu, &[2.0, 0.0, 1.0, 1.0].map(Real::lit));
    let (_, slopes) = reverse::gradient(|x: &[Var]| f(&x[..2], &x[2..]), &[3.0, 1.0, 0.0, 0.0][..]);
    for (found, expected) in slopes.iter().zip([-1.0, 0.5, 1.0, -0.5]) {
        close(*found, expected);
    }
    // Two entries of a simplex are those of a beta distribution.
    close(dirichlet(&[0.3, 0.7], &[2.5, 4.0]), beta(0.3, 2.5, 4.0));
    close(dirichlet(&[0.2, 0.3, 0.5], &[1.0, 2.0, 3.0]), (60.0 * 0.3 * 0.25_f64).ln());
    // A correlation r of two variables: r = 2t - 1, where t is of the beta distribution with α = β = η.
    let of_two = |r: f64, eta| lkj_corr_cholesky(2, &[1.0, 0.0, r, (1.0 - r * r).sqrt()], eta);
    close(of_two(0.6, 2.5), beta(0.8, 2.5, 2.5) - 2.0_f64.ln());
    // With η = 1 correlation matrices are uniform; those with 3 and 4 rows have the volumes π²/2 and 32π²/27 (Joe 2006). From L
    // to the matrix the determinant is the product of `Lⱼⱼ` over all entries (i, j) below the diagonal.
    let pi = std::f64::consts::PI;
    let three = [1.0, 0.0, 0.0, 0.6, 0.8, 0.0, 0.0, 0.28, 0.96];
    close(lkj_corr_cholesky(3, &three, 1.0), 0.8_f64.ln() - (pi * pi / 2.0).ln());
    let four = [[1.0, 0.0, 0.0, 0.0], [0.6, 0.8, 0.0, 0.0], [0.0, 0.28, 0.96, 0.0], [0.0, 0.0, 0.6, 0.8]].concat();
    close(lkj_corr_cholesky(4, &four, 1.0), (0.64 * 0.96_f64).ln() - (32.0 * pi * pi / 27.0).ln());
}

#[test]
#[should_panic = "2 entries, 1 means, 4 of L"]
fn a_mean_is_missing() {
    multi_normal_cholesky(&[0.0, 1.0], &[0.0], &[1.0; 4]);
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
            + lognormal(a, b, one)
            + cauchy(a, b, one)
            + logistic(a, b, one)
            + double_exponential(a, b, one)
            + exponential(a, b)
            + inv_gamma(a, b, one)
            + weibull(a, b, one)
            + binomial_logit(3, 40, a - b)
            + poisson_log(3, a - b)
            + neg_binomial_2_log(20, a - b, a)
            + multi_normal_cholesky(&[a, b], &[b, a], &[a, one, b, a])
            + multi_normal(&[a, b], &[b, a], &[a + b, one, one, a + b])
            + dirichlet(&[a / (a + b), b / (a + b)], &[b, a])
            + lkj_corr_cholesky(2, &[one, one, b / a.hypot(b), a / a.hypot(b)], a)
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
