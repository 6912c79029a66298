//! Every row at every special point. Wherever the value is finite, all numbers, modes and nestings agree to the third
//! order. So a second derivative that a row states is the derivative of the first one that it states.

mod common;
#[path = "common/rows.rs"]
mod rows;

use common::{D1, D2, D3, Depth};
use nilpotent::rules::ROWS;
use nilpotent::{Dual, Dual2, HyperDual, Taylor, Var, reverse};
use rows::{Mixed, OTHER, UNARY, other, unary};

/// Zeros, ones, kinks and ends of domains, subnormals, and numbers whose squares, cubes, exponentials or gamma
/// functions leave the range of floats.
const POINTS: [f64; 33] = [
    0.0,
    -0.0,
    0.5,
    -0.5,
    1.0,
    -1.0,
    std::f64::consts::FRAC_PI_2,
    2.0,
    -2.0,
    3.0,
    20.0,
    40.0,
    -40.0,
    171.5,
    709.7,
    711.0,
    -745.0,
    1024.2,
    1e-8,
    1e-16,
    1e-20,
    1e-160,
    -1e-160,
    1e-310,
    f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    1e160,
    -1e160,
    1e300,
    f64::MAX,
    f64::MIN,
    1e-4,
];

/// Rows and operators of two arguments.
fn two_arguments_each() -> impl Iterator<Item = &'static str> {
    let others = ["recip", "powi", "mul_add", "clamp"];
    let rows = ROWS[2].iter().chain(ROWS[3]).copied().filter(move |row| !others.contains(row));
    rows.chain(["add", "sub", "mul", "div"])
}

/// A row along the line x + t·v at t = 0, with a float and an integer where the row takes them.
#[derive(Clone, Copy, Debug)]
struct Line {
    which: usize,
    x: [f64; 2],
    v: [f64; 2],
    k: f64,
    n: i32,
}

impl Line {
    fn name(&self) -> &'static str {
        UNARY.iter().chain(OTHER).nth(self.which).unwrap()
    }

    fn at<T: Mixed>(&self, t: T) -> T {
        let moving = |x: f64, v: f64| if v == 0.0 { T::lit(x) } else { t * T::lit(v) + T::lit(x) };
        let [x, y] = [0, 1].map(|i| moving(self.x[i], self.v[i]));
        match self.which.checked_sub(UNARY.len()) {
            None => unary(self.which, x),
            Some(which) => other(which, [x, y, x], self.k, self.n),
        }
    }

    /// Whether numbers of the size of the k-th derivatives, |f|/|x|ᵏ, leave the range of floats. Then a nested number,
    /// which computes with them, may find NaN or ∞ where the derivative itself is 0.
    fn overflows(&self, value: f64, order: usize) -> bool {
        let least = self.x.iter().filter(|x| **x != 0.0).fold(1.0, |m: f64, x| m.min(x.abs()));
        // For an angle and a logarithm the size is that of their changes, which is 1.
        let size = if matches!(self.name(), "atan2" | "log") { 1.0 } else { value.abs() };
        size / least.powi(order as i32) > 1e300
    }

    /// The largest difference that rounding explains. Products and squares of extreme numbers may be subnormal.
    fn tolerance(&self, value: f64, order: usize) -> [f64; 2] {
        let [least, largest] =
            [f64::min, f64::max].map(|f| self.x.iter().filter(|x| **x != 0.0).map(|x| x.abs()).fold(1.0, f));
        let underflow = value.abs() / self.x[0].hypot(self.x[1]).powi(order as i32) * 1e-300;
        if least > 1e-100 && largest < 1e100 { [1e-10, 1e-310] } else { [1e-4, underflow.max(1e-307)] }
    }
}

fn forward<D: Depth + Mixed>(line: &Line) -> Vec<f64> {
    line.at(D::seed(0.0)).orders()
}

/// Differentiates the outermost level in reverse mode.
fn backward<D: Depth + Mixed>(line: &Line) -> Vec<f64>
where
    Var<D>: Mixed,
{
    let (y, [dy]) = reverse::gradient(|[t]: [Var<D>; 1]| line.at(t), [D::seed(0.0)]);
    y.orders().into_iter().chain([dy.order(D::DEPTH)]).collect()
}

/// Differentiates the outermost level in reverse mode, with nodes as arguments and as the result.
fn by_nodes<D: Depth + Mixed>(line: &Line) -> Vec<f64>
where
    Var<D>: Mixed,
{
    let nodes = |[t, u]: [Var<D>; 2]| line.at((t + u - u).watch()).watch();
    let (y, [dy, _]) = reverse::gradient(nodes, [D::seed(0.0), D::lit(1.0)]);
    y.orders().into_iter().chain([dy.order(D::DEPTH)]).collect()
}

/// Returns the value and the derivatives by each number and mode.
fn all(line: &Line) -> Vec<(&'static str, Vec<f64>)> {
    macro_rules! modes {
        ($($way:ident $D:ty,)*) => { vec![$((concat!(stringify!($way), " ", stringify!($D)), $way::<$D>(line))),*] };
    }
    modes! {
        forward D3, forward Dual2<D1>, forward Dual<Dual2>, forward HyperDual<D1>, forward Dual<HyperDual>,
        forward Taylor<f64, 3>, forward Taylor<D1, 2>, forward Taylor<D2, 1>, forward Dual<Taylor<f64, 2>>,
        forward D1, forward D2, forward Dual2, forward HyperDual, forward Taylor<f64, 1>, forward Taylor<f64, 2>,
        backward f64, backward D1, backward D2, backward Dual2, backward Taylor<f64, 2>, by_nodes f64, by_nodes D1,
    }
}

/// Returns a description of the first disagreement between modes.
fn disagreement(line: &Line) -> Option<String> {
    let value = line.at(0.0_f64);
    let all = all(line);
    if let Some((mode, found)) = all.iter().find(|(_, y)| y[0].to_bits() != value.to_bits() && !value.is_nan()) {
        return Some(format!("{mode} has the value {:e}, not {value:e}", found[0]));
    }
    if !value.is_finite() {
        return None;
    }
    for order in 1..=3 {
        // The third derivative of a power that underflows lacks some terms.
        if order == 3 && line.name() == "powf" && value.abs() < f64::MIN_POSITIVE {
            return None;
        }
        let overflows = line.overflows(value, order);
        let [relative, absolute] = line.tolerance(value, order);
        let agree = |a: f64, b: f64| {
            a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= relative * a.abs().max(b.abs()) + absolute
        };
        let known = all.iter().filter_map(|(mode, found)| found.get(order).map(|&d| (mode, d)));
        let found: Vec<_> = known.filter(|(_, d)| d.is_finite() || !overflows).collect();
        let &(mode, d) = found.first()?;
        if let Some((other, e)) = found.iter().find(|(_, e)| !agree(d, *e)) {
            return Some(format!("order {order}: {d:e} by {mode}, {e:e} by {other}"));
        }
        // Derivatives after an infinite one are not defined.
        if !d.is_finite() {
            return None;
        }
    }
    None
}

fn hold(lines: impl Iterator<Item = Line>) {
    let report: Vec<_> = lines
        .filter_map(|line| disagreement(&line).map(|what| format!("{} of {line:?}: {what}", line.name())))
        .collect();
    assert!(report.is_empty(), "{} disagreements:\n{}", report.len(), report[..report.len().min(40)].join("\n"));
}

fn number(name: &str) -> usize {
    UNARY.iter().chain(OTHER).position(|&n| n == name).unwrap()
}

#[test]
fn one_argument() {
    let line = |which, x| Line { which, x: [x, 0.0], v: [1.0, 0.0], k: 0.0, n: 0 };
    hold((0..UNARY.len()).flat_map(|which| POINTS.map(|x| line(which, x))));
}

/// The rows whose derivatives in a parameter take a hundred times as long as others.
const INCOMPLETE: [&str; 3] = ["gamma_p", "gamma_q", "beta_inc"];

/// The lines through all pairs of points, in three directions.
fn lines(name: &'static str) -> impl Iterator<Item = Line> {
    let which = number(name);
    let pairs = POINTS.into_iter().flat_map(|x| POINTS.map(|y| [x, y]));
    pairs.flat_map(move |x| [[1.0, 0.0], [0.0, 1.0], [1.0, -0.375]].map(|v| Line { which, x, v, k: 0.0, n: 0 }))
}

#[test]
fn two_arguments() {
    // The sum of the arguments of ln B must be a float.
    let defined = |line: &Line| line.name() != "ln_beta" || line.x[0] + line.x[1] < f64::INFINITY;
    let others = two_arguments_each().filter(|name| !INCOMPLETE.contains(name));
    hold(others.flat_map(lines).filter(defined));
}

/// P and Q, of which each is 1 less the other, take turns in the directions that need a derivative in the parameter.
#[test]
fn incomplete_functions() {
    for (turn, name) in INCOMPLETE.into_iter().enumerate() {
        assert!(two_arguments_each().any(|row| row == name), "{name} is no row");
        // At the ends of its range, I has infinite second derivatives, and nested numbers may find NaN for the first ones;
        // docs/special.md says so.
        let defined = |line: &Line| match name {
            "beta_inc" => line.x[0] != 1.0 && !(0.0..1e-100).contains(&line.x[0]) && line.v[1] != 1.0,
            _ => line.v[1] != 0.0,
        };
        let chosen = lines(name).enumerate().filter(|(k, _)| name == "beta_inc" || k / 3 % 2 == turn);
        hold(chosen.map(|(_, line)| line).filter(defined));
    }
}

/// Integer powers, functions of integer order, operators with floats, and powers with a constant operand.
#[test]
fn constants_on_one_side() {
    let integers = [-3, -2, -1, 0, 1, 2, 3, 4, 9, 27, 1000];
    let by_integer = ROWS[4].iter().copied().chain(["powi"]).flat_map(|name| {
        let line = move |x, n: i32| Line { which: number(name), x: [x, 0.0], v: [1.0, 0.0], k: 0.0, n: n % 30 };
        integers.into_iter().flat_map(move |n| POINTS.map(|x| line(x, n)))
    });
    let by_float = ["powf_constant", "powf_of_constant", "max_constant", "min_constant", "times"];
    let by_float = by_float.into_iter().map(|name| (name, 0)).chain((0..10).map(|n| ("float", n)));
    let by_float = by_float.flat_map(|(name, n)| {
        let line = move |x, k| Line { which: number(name), x: [x, k], v: [1.0, 0.0], k, n };
        POINTS.into_iter().flat_map(move |k| POINTS.map(|x| line(x, k)))
    });
    hold(by_integer.chain(by_float));
}
