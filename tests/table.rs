//! Every row of the rule table against 40-digit references: `f`, `f'` and `f"` at all points of
//! `tests/reference/table.txt`, within the tolerances of `tests/reference/tolerance.txt`.

use nilpotent::rules::{Chain, ROWS, by_name};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A second-order number of up to three variables: the value, the gradient, and the upper triangle of the Hessian, row
/// by row.
#[derive(Clone, Copy, Debug)]
struct Probe {
    re: f64,
    grad: [f64; 3],
    hess: [f64; 6],
}

const PAIRS: [(usize, usize); 6] = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];

impl Probe {
    fn variable(re: f64, i: usize) -> Self {
        let mut grad = [0.0; 3];
        grad[i] = 1.0;
        Self { re, grad, hess: [0.0; 6] }
    }
}

/// The convention of all numbers: zero partials stay zero, and a NaN value makes all derivatives NaN.
fn times(slope: f64, e: f64, f: f64) -> f64 {
    match e {
        0.0 => 0.0,
        _ if f.is_nan() => f64::NAN,
        _ => slope * e,
    }
}

impl Chain for Probe {
    type Re = f64;

    fn re(self) -> f64 {
        self.re
    }

    fn constant(re: f64) -> Self {
        Self { re, grad: [0.0; 3], hess: [0.0; 6] }
    }

    fn is_constant(self) -> bool {
        self.grad == [0.0; 3] && self.hess == [0.0; 6]
    }

    fn chain(self, f: f64, df: f64, ddf: impl FnOnce() -> f64) -> Self {
        self.chain2(Self::constant(0.0), f, [df, 0.0], || [ddf(), 0.0, 0.0])
    }

    fn chain2(self, y: Self, f: f64, [fx, fy]: [f64; 2], ddf: impl FnOnce() -> [f64; 3]) -> Self {
        let (x, [fxx, fxy, fyy]) = (self, ddf());
        let hess = PAIRS.map(|(i, j)| {
            (x.grad[i] * x.grad[j], [x.grad[i] * y.grad[j], x.grad[j] * y.grad[i]], y.grad[i] * y.grad[j])
        });
        Self {
            re: f,
            grad: std::array::from_fn(|i| times(fx, x.grad[i], f) + times(fy, y.grad[i], f)),
            hess: std::array::from_fn(|k| {
                let (xx, [xy, yx], yy) = hess[k];
                times(fx, x.hess[k], f)
                    + times(fy, y.hess[k], f)
                    + if fxx == 0.0 && !f.is_nan() { 0.0 } else { times(fxx, xx, f) }
                    + if fxy == 0.0 && !f.is_nan() { 0.0 } else { times(fxy, xy, f) + times(fxy, yx, f) }
                    + if fyy == 0.0 && !f.is_nan() { 0.0 } else { times(fyy, yy, f) }
            }),
        }
    }
}

/// Evaluates a row at a point. Returns the result and the number of its variables.
fn evaluate(name: &str, args: &[f64]) -> Option<(Probe, usize)> {
    let (args, n) = match (name, args) {
        ("powi", &[ref x @ .., n]) => (x, n),
        (name, &[n, ref x @ ..]) if ROWS[4].contains(&name) => (x, n),
        _ => (args, 0.0),
    };
    let variables: Vec<_> = args.iter().enumerate().map(|(i, &x)| Probe::variable(x, i)).collect();
    by_name::by_table(name, &variables, n).map(|y| (y, args.len()))
}

/// The distance in units in the last place of the reference. It is infinite if only one of the two is NaN or infinite,
/// where values near the largest float count as infinite.
fn ulps(computed: f64, reference: f64) -> f64 {
    let largest = f64::MAX * (1.0 - 8.0 * f64::EPSILON);
    if reference.is_nan() {
        return if computed.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if reference.is_infinite() {
        return if computed * reference.signum() >= largest { 0.0 } else { f64::INFINITY };
    }
    if reference.abs() < f64::MIN_POSITIVE {
        return if computed.abs() <= f64::MIN_POSITIVE * (1.0 + 8.0 * f64::EPSILON) { 0.0 } else { f64::INFINITY };
    }
    if computed.is_infinite() && reference.abs() >= largest {
        return 0.0;
    }
    let next = f64::from_bits(reference.abs().to_bits() + 1);
    let ulp = if next.is_finite() { next - reference.abs() } else { reference.abs() * f64::EPSILON };
    let error = (computed - reference).abs() / ulp;
    if error.is_nan() { f64::INFINITY } else { error }
}

fn numbers(group: &str) -> Vec<f64> {
    group.split_whitespace().map(|s| s.parse().unwrap_or_else(|_| panic!("not a number: {s}"))).collect()
}

/// `row and arguments | order | ulp | reason`: the allowed error of a row if it is more than 1, 4 and 8 ulp for order
/// 0, 1 and 2. An argument `*` stands for any, and a row without arguments for all its points.
struct Tolerance {
    words: Vec<&'static str>,
    order: usize,
    ulp: f64,
    used: f64,
}

impl Tolerance {
    fn covers(&self, point: &str, order: usize) -> bool {
        let words: Vec<_> = point.split(' ').collect();
        self.order == order
            && self.words[0] == words[0]
            && (self.words.len() == 1 || self.words.len() == words.len())
            && self.words.iter().zip(&words).all(|(t, w)| *t == "*" || t == w)
    }
}

fn tolerances() -> Vec<Tolerance> {
    let lines = include_str!("reference/tolerance.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty());
    lines
        .map(|line| {
            let fields: Vec<_> = line.splitn(4, " | ").collect();
            let [words, order, ulp, _reason] = fields[..] else {
                panic!("row, order, ulp and reason expected: {line}")
            };
            Tolerance {
                words: words.split(' ').collect(),
                order: order.parse().unwrap(),
                ulp: ulp.parse().unwrap(),
                used: 0.0,
            }
        })
        .collect()
}

#[test]
fn every_row_matches_its_references() {
    // Tolerances of single points come first.
    let mut tolerances = tolerances();
    tolerances.sort_by_key(|t| std::cmp::Reverse(t.words.len()));
    // The worst failure of each row and order.
    let mut worst: BTreeMap<(&str, usize), (f64, String)> = BTreeMap::new();
    let mut points: BTreeMap<&str, usize> = BTreeMap::new();
    for line in include_str!("reference/table.txt").lines().filter(|l| !l.starts_with('#')) {
        let groups: Vec<_> = line.split(" | ").collect();
        let (name, args) = groups[0].split_once(' ').expect("a name and arguments");
        let (y, variables) = evaluate(name, &numbers(args)).unwrap_or_else(|| panic!("no such row: {line}"));
        *points.entry(name).or_default() += 1;
        let pairs: Vec<_> = (0..6).filter(|&k| PAIRS[k].1 < variables).collect();
        let computed = [vec![y.re], y.grad[..variables].to_vec(), pairs.iter().map(|&k| y.hess[k]).collect()];
        for (order, computed) in computed.iter().enumerate() {
            let reference = numbers(groups[order + 1]);
            assert_eq!(computed.len(), reference.len(), "partials of order {order}: {line}");
            for (&c, &r) in computed.iter().zip(&reference) {
                let error = ulps(c, r);
                let mut limit = [1.0, 4.0, 8.0][order];
                if let Some(t) = tolerances.iter_mut().find(|t| t.covers(groups[0], order)) {
                    t.used = t.used.max(error);
                    limit = t.ulp;
                }
                let entry = worst.entry((name, order)).or_default();
                if error > limit && error >= entry.0 {
                    *entry = (error, format!("{limit} allowed: {} order {order}: {c:e}, expected {r:e}", groups[0]));
                }
            }
        }
    }
    let mut report = String::new();
    for row in ROWS.iter().copied().flatten() {
        let count = points.get(row).copied().unwrap_or(0);
        if count < 60 {
            writeln!(report, "{row}: {count} references, at least 60 expected").unwrap();
        }
    }
    for (error, line) in worst.values().filter(|w| w.0 > 0.0) {
        writeln!(report, "{error:9.1} ulp, {line}").unwrap();
    }
    for t in tolerances.iter().filter(|t| t.used < t.ulp / 4.0) {
        writeln!(report, "{} order {}: {} ulp allowed, {} seen", t.words.join(" "), t.order, t.ulp, t.used).unwrap();
    }
    assert!(report.is_empty(), "\n{report}");
}

/// Tests the functions of one variable again with nested numbers, where f" is the derivative of the formula for f'.
#[test]
fn nested_second_derivatives_match() {
    use nilpotent::{Dual, Real as _};

    let tolerances = tolerances();
    let mut worst: BTreeMap<&str, (f64, String)> = BTreeMap::new();
    for line in include_str!("reference/table.txt").lines().filter(|l| !l.starts_with('#')) {
        let groups: Vec<_> = line.split(" | ").collect();
        let (name, args) = groups[0].split_once(' ').expect("a name and arguments");
        let x = Dual::<Dual>::variable(Dual::variable(numbers(args)[0], 0), 0);
        let one_argument = ROWS[0].contains(&name) || ROWS[1].contains(&name) || name == "recip";
        let y = if one_argument { by_name::by_method(name, &[x], 0.0) } else { None };
        // Where a value is not finite, derivatives are not specified.
        let Some(y) = y.filter(|y| y.re.re.is_finite()) else { continue };
        assert!(y.eps[0].re.same(y.re.eps[0]), "first derivatives differ: {line}: {y:e}");
        let error = ulps(y.eps[0].eps[0], numbers(groups[3])[0]);
        let limit = tolerances.iter().filter(|t| t.covers(groups[0], 2)).map(|t| t.ulp).fold(16.0, f64::max);
        let entry = worst.entry(name).or_default();
        if error > limit && error >= entry.0 {
            *entry = (error, format!("{limit} allowed: {line}, got {:e}", y.eps[0].eps[0]));
        }
    }
    let report: Vec<_> = worst.values().filter(|w| w.0 > 0.0).map(|(e, l)| format!("{e:9.1} ulp, {l}")).collect();
    assert!(report.is_empty(), "\n{}", report.join("\n"));
}
