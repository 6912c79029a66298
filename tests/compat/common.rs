//! One runner for all crates: it calls a function of one variable with each number, and compares the value and two
//! derivatives.

use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor, Var, forward, reverse};

/// A row of the table in docs/compatibility.md.
#[derive(Debug)]
pub struct Row {
    /// The name and version, as in the manifest.
    pub name: &'static str,
    pub version: &'static str,
    /// What is differentiated.
    pub what: &'static str,
    /// The bounds that the crate puts on a number.
    pub asks: &'static str,
    /// The feature of this crate that is needed, or "".
    pub feature: &'static str,
    /// The numbers that pass the tests.
    pub numbers: &'static str,
}

/// Compares these rows with the table in the docs, and with the versions in the manifest.
pub fn check_table(rows: &[&[Row]], manifest: &str) {
    let docs = include_str!("../../docs/compatibility.md");
    let mut table = String::new();
    for row in rows.iter().copied().flatten() {
        let Row { name, version, what, asks, feature, numbers } = row;
        let line = manifest.lines().find(|line| line.split(' ').next() == Some(name));
        assert!(
            line.is_some_and(|line| line.contains(&format!("\"{version}"))),
            "{name} {version} is not in the manifest"
        );
        let feature = if feature.is_empty() { String::new() } else { format!("`{feature}`") };
        table += &format!("| {name} {version} | {what} | {asks} | {feature} | {numbers} |\n");
    }
    assert!(docs.contains(&table), "docs/compatibility.md should hold\n{table}");
}

/// A number that carries derivatives with respect to one variable.
pub trait Probe: Sized {
    /// Returns the value of `f` at `x`, and as many derivatives as the number has, at most two.
    fn jet(f: impl Fn(Self) -> Self, x: f64) -> Vec<f64>;
}

impl Probe for Dual {
    fn jet(f: impl Fn(Self) -> Self, x: f64) -> Vec<f64> {
        let (y, dy) = forward::derivative(f, x);
        vec![y, dy]
    }
}

impl Probe for Dual<Dual> {
    fn jet(f: impl Fn(Self) -> Self, x: f64) -> Vec<f64> {
        let y = f(Self::new(Dual::new(x, [1.0]), [Dual::constant(1.0)]));
        vec![y.re.re, y.eps[0].re, y.eps[0].eps[0]]
    }
}

impl Probe for Dual2 {
    fn jet(f: impl Fn(Self) -> Self, x: f64) -> Vec<f64> {
        let (y, dy, ddy) = forward::second_derivative(f, x);
        vec![y, dy, ddy]
    }
}

impl Probe for HyperDual {
    fn jet(f: impl Fn(Self) -> Self, x: f64) -> Vec<f64> {
        let y = f(Self::new(x, [1.0], [1.0], [[0.0]]));
        vec![y.re, y.eps1[0], y.eps1eps2[0][0]]
    }
}

impl Probe for Taylor<f64, 2> {
    fn jet(f: impl Fn(Self) -> Self, x: f64) -> Vec<f64> {
        let y = f(Self::variable(x));
        let [dy, ddy] = y.derivatives();
        vec![y.re, dy, ddy]
    }
}

impl Probe for Var {
    fn jet(f: impl Fn(Self) -> Self, x: f64) -> Vec<f64> {
        let (y, [dy]) = reverse::gradient(|[x]: [Self; 1]| f(x), [x]);
        vec![y, dy]
    }
}

impl Probe for Var<Dual> {
    fn jet(f: impl Fn(Self) -> Self, x: f64) -> Vec<f64> {
        let (y, [dy], [ddy]) = reverse::hvp(|[x]: [Self; 1]| f(x), [x], [1.0]);
        vec![y, dy, ddy]
    }
}

/// The point `x + t·v`. Along this line a function of several variables has the derivatives `∇f·v` and `vᵀ·H·v` at t =
/// 0.
pub fn along<T: Real, const N: usize>(x: [f64; N], v: [f64; N], t: T) -> [T; N] {
    std::array::from_fn(|i| T::lit(x[i]) + t * T::lit(v[i]))
}

/// Panics unless `a` equals `b` to `tolerance`, relative to the larger of 1 and |b|.
#[track_caller]
pub fn close(what: &str, a: f64, b: f64, tolerance: f64) {
    let good = a == b || (a - b).abs() <= tolerance * b.abs().max(1.0) || (a.is_nan() && b.is_nan());
    assert!(good, "{what}: {a:e}, expected {b:e}");
}

/// Compares a function (generic, or a closure written in place) at `x` with `[value, first, second]`, for each of the
/// numbers: `hold!(|x| x.sin(), 0.5, [0.5.sin(), 0.5.cos(), -0.5.sin()], 1e-15; Dual, Dual2)`, or `; all`.
#[macro_export]
macro_rules! hold {
    ($f:expr, $x:expr, $expected:expr, $tolerance:expr; all) => {
        $crate::hold!($f, $x, $expected, $tolerance; nilpotent::Dual, nilpotent::Dual<nilpotent::Dual>, nilpotent::Dual2,
            nilpotent::HyperDual, nilpotent::Taylor<f64, 2>, nilpotent::Var, nilpotent::Var<nilpotent::Dual>)
    };
    ($f:expr, $x:expr, $expected:expr, $tolerance:expr; $($Number:ty),+ $(,)?) => {{
        let (x, expected): (f64, [f64; 3]) = ($x, $expected);
        $(
            for (k, y) in <$Number as $crate::common::Probe>::jet($f, x).into_iter().enumerate() {
                let what = format!("{} at {x}, derivative {k} by {}", stringify!($f), stringify!($Number));
                $crate::common::close(&what, y, expected[k], $tolerance);
            }
        )+
    }};
}
