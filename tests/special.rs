//! Every row at every special point: all numbers, modes and nests of them give one answer, to the third order, wherever the
//! value is finite.

mod common;
#[path = "common/rows.rs"]
mod rows;

use common::{D1, D2, D3, Depth};
use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor, Var, reverse};
use rows::{Mixed, OTHER, UNARY, other, unary};

const POINTS: &[f64] = &[
    0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, -0.5, 5e-324, -5e-324, f64::MIN_POSITIVE, 1e-310, 1e-160, -1e-160, 1e-20,
    1e-16, 1e160, -1e160, 1e300, f64::MAX, f64::MIN, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 709.7, 711.0, -745.0, 1024.2,
    std::f64::consts::FRAC_PI_2, 1.0 - f64::EPSILON, 1.0 + f64::EPSILON, 20.0, 40.0, -40.0, 171.5, 1e-8,
];

#[derive(Clone, Copy)]
struct Line {
    which: usize,
    x: [f64; 3],
    v: [f64; 3],
    k: f64,
    n: i32,
}

impl Line {
    fn name(&self) -> &'static str {
        UNARY.iter().chain(OTHER).nth(self.which).unwrap()
    }

    /// The row along the line, at `t` = 0.
    fn at<T: Mixed>(&self, t: T) -> T {
        let arg = |i: usize| if self.v[i] == 0.0 { T::lit(self.x[i]) } else { t * T::lit(self.v[i]) + T::lit(self.x[i]) };
        let args = [arg(0), arg(1), arg(2)];
        match self.which.checked_sub(UNARY.len()) {
            None => unary(self.which, args[0]),
            Some(which) => other(which, args, self.k, self.n),
        }
    }
}

fn forward<D: Depth + Mixed>(line: &Line) -> Vec<f64> {
    line.at(D::seed(0.0)).orders()
}

/// The outermost level in reverse mode.
fn backward<D: Depth + Mixed>(line: &Line) -> Vec<f64>
where
    Var<D>: Mixed,
{
    let (y, [dy]) = reverse::gradient(|[t]: [Var<D>; 1]| line.at(t), [D::seed(0.0)]);
    y.orders().into_iter().chain([dy.order(D::DEPTH)]).collect()
}

fn agree(a: f64, b: f64) -> bool {
    a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()) || (a-b).abs() < 1e-307
}

fn all(line: &Line) -> Vec<(&'static str, Vec<f64>)> {
    macro_rules! modes {
        ($($way:ident $D:ty,)*) => { vec![$((concat!(stringify!($way), " ", stringify!($D)), $way::<$D>(line))),*] };
    }
    modes! {
        forward D3, forward Dual2<D1>, forward Dual<Dual2>, forward HyperDual<D1>, forward Dual<HyperDual>,
        forward Taylor<f64, 3>, forward Taylor<D1, 2>, forward Taylor<D2, 1>, forward Dual<Taylor<f64, 2>>,
        forward D1, forward D2, forward Dual2, forward HyperDual, forward Taylor<f64, 1>, forward Taylor<f64, 2>,
        backward f64, backward D1, backward D2, backward Dual2, backward Taylor<f64, 2>,
    }
}

fn lines() -> Vec<Line> {
    let mut lines = vec![];
    for which in 0..UNARY.len() {
        for &x in POINTS {
            lines.push(Line { which, x: [x, 0.0, 0.0], v: [1.0, 0.0, 0.0], k: 0.0, n: 0 });
        }
    }
    for which in UNARY.len()..UNARY.len() + OTHER.len() {
        let name = OTHER[which - UNARY.len()];
        let two = matches!(name, "ln_add_exp" | "xlogy" | "powf" | "hypot" | "atan2" | "log" | "copysign" | "min" | "max" | "abs_sub" | "rem" | "rem_euclid" | "div_euclid" | "add" | "sub" | "mul" | "div");
        if !two { continue }
        for &x in POINTS {
            for &y in POINTS {
                for v in [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, -0.5, 0.0]] {
                    lines.push(Line { which, x: [x, y, 0.0], v, k: 0.0, n: 0 });
                }
            }
        }
    }
    lines
}

#[test]
fn one_answer() {
    let mut bad = std::collections::BTreeMap::<String, (usize, String)>::new();
    for line in lines() {
        let value = line.at(0.0_f64);
        if !value.is_finite() { continue }
        let all = all(&line);
        let reference = &all[0].1;
        for order in 0..=3 {
          let mut groups: Vec<(f64, Vec<&str>)> = vec![];
          for (name, found) in &all {
            let Some(&d) = found.get(order) else { continue };
            match groups.iter_mut().find(|g| agree(g.0, d)) { Some(g) => g.1.push(name), None => groups.push((d, vec![name])) }
          }
          if groups.len() > 1 {
            let e = bad.entry(format!("{}", line.name())).or_default();
            e.0 += 1;
            if e.0 <= 400 { e.1 += &format!("\n    {:?} along {:?} order {order}: {:?}", &line.x[..2], &line.v[..2], groups.iter().map(|g| (g.0, if g.1.len() > 6 { vec!["..."] } else { g.1.clone() })).collect::<Vec<_>>()); }
            break;
          }
        }
        let _ = reference;
    }
    for (k, (n, s)) in bad { println!("{k}: {n}{s}"); }
    panic!();
}
