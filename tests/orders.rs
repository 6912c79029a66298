//! Every row to the sixth derivative, along straight lines, against the 40-digit references of
//! `tests/reference/orders.txt`. One runner tests many numbers.

mod common;

use common::Depth;
use nilpotent::rules::{ROWS, by_name};
use nilpotent::{Dual, Dual2, HyperDual, Taylor};
use std::collections::BTreeMap;

/// Calls a row by its name, as a method of the number.
fn by_method<D: Depth>(name: &str, args: &[D], n: f64) -> D {
    by_name::by_method(name, args, n).unwrap_or_else(|| panic!("no such row: {name}"))
}

/// Calls a row by its name, as a function of the table.
fn by_table<D: Depth>(name: &str, args: &[D], n: f64) -> D {
    by_name::by_table(name, args, n).unwrap_or_else(|| panic!("no such row: {name}"))
}

fn numbers(group: &str) -> Vec<f64> {
    group.split_whitespace().map(|s| s.parse().unwrap_or_else(|_| panic!("not a number: {s}"))).collect()
}

/// The allowed relative error. Derivatives of incomplete functions are products of series whose terms have either sign.
fn bar(name: &str) -> f64 {
    if matches!(name, "gamma_p" | "gamma_q" | "beta_inc") { 1e-12 } else { 1e-13 }
}

/// Compares the row along `args + t·direction` with all references.
fn check<D: Depth>(row: fn(&str, &[D], f64) -> D) {
    let mut worst: BTreeMap<&str, (f64, String)> = BTreeMap::new();
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for line in include_str!("reference/orders.txt").lines().filter(|l| !l.starts_with('#')) {
        let groups: Vec<_> = line.split(" | ").collect();
        let (name, args) = groups[0].split_once(' ').expect("a name and arguments");
        let (mut args, direction, reference) = (numbers(args), numbers(groups[1]), numbers(groups[2]));
        let n = match name {
            "powi" => args.pop().unwrap(),
            name if ROWS[4].contains(&name) => args.remove(0),
            _ => 0.0,
        };
        let t = D::seed(0.0);
        let args: Vec<D> = args.iter().zip(&direction).map(|(&x, &v)| D::lit(x) + t * D::lit(v)).collect();
        let computed = row(name, &args, n).orders();
        *lines.entry(name).or_default() += 1;
        for (k, (&c, &r)) in computed.iter().zip(&reference).enumerate() {
            let error = if c == r { 0.0 } else { ((c - r) / r).abs() };
            let entry = worst.entry(name).or_default();
            if error.is_nan() || error > entry.0.max(bar(name)) {
                *entry = (error, format!("{} | {}, order {k}: {c:e}, expected {r:e}", groups[0], groups[1]));
            }
        }
    }
    for row in ROWS.iter().copied().flatten() {
        assert!(lines.get(row).is_some_and(|&n| n >= 10), "{row}: too few references");
    }
    let report: Vec<_> = worst.values().filter(|w| w.0 != 0.0).map(|(e, l)| format!("{e:9.1e}, {l}")).collect();
    assert!(report.is_empty(), "\n{}", report.join("\n"));
}

macro_rules! each {
    ($($test:ident $row:ident $D:ty;)*) => { $(
        #[test]
        fn $test() {
            check::<$D>($row);
        }
    )* };
}

each! {
    dual by_method Dual<Dual<Dual<Dual<Dual<Dual>>>>>;
    dual2 by_method Dual2<Dual2<Dual2>>;
    hyper_dual by_method HyperDual<HyperDual<HyperDual>>;
    taylor by_method Taylor<f64, 6>;
    taylor_by_table by_table Taylor<f64, 6>;
    mixed by_method Taylor<Dual2<HyperDual>, 2>;
    mixed_inside by_method Dual<Taylor<Dual2, 3>>;
}
