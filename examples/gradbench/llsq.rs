//! Least squares: fits a polynomial to the sign of t, `½Σᵢ (sᵢ - Σⱼ xⱼtᵢʲ)²` at n equidistant t from -1 to 1.

use super::protocol::{Field, Functions, solve};
use nilpotent::program::Kernel;
use nilpotent::{Real, Var, reverse};

pub(crate) const FUNCTIONS: Functions = &[
    ("primal", |field| {
        let input = Input::read(field)?;
        solve(field, || primal(&input), Into::into)
    }),
    ("gradient", |field| {
        let input = Input::read(field)?;
        solve(field, || gradient(&input), Into::into)
    }),
];

#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) x: Vec<f64>,
    pub(crate) n: usize,
}

impl Input {
    pub(crate) fn read(field: &Field) -> Result<Self, String> {
        let n = field.get("n")?;
        match n.count()? {
            0 | 1 => n.expected("a number of points from 2 on"),
            n => Ok(Self { x: field.get("x")?.vector()?, n }),
        }
    }
}

/// The point t with the number i, and its sign.
fn point(i: usize, n: usize) -> [f64; 2] {
    let t = -1.0 + i as f64 * 2.0 / (n - 1) as f64;
    [t, if t == 0.0 { 0.0 } else { t.signum() }]
}

/// The term of a point: half the square of the residual.
fn term<T: Real>(x: &[T], [t, sign]: [T; 2]) -> T {
    let mut power = T::one();
    let sum: T = x
        .iter()
        .map(|&x| {
            let term = x * power;
            power *= t;
            term
        })
        .sum();
    let residual = sign - sum;
    residual * residual * T::lit(0.5)
}

/// The gradient of a term in x, which the point follows.
fn slopes<T: Real>(x: &[T]) -> Vec<T> {
    let (x, point) = x.split_at(x.len() - 2);
    reverse::gradient(|x: &[Var<T>]| term(x, [point[0], point[1]].map(Var::constant)), x).1
}

pub(crate) fn primal(input: &Input) -> f64 {
    (0..input.n).map(|i| term(&input.x, point(i, input.n))).sum()
}

/// The gradient: that of a term is recorded once, and run for all points.
pub(crate) fn gradient(input: &Input) -> Vec<f64> {
    let m = input.x.len();
    let points: Vec<[f64; 2]> = (0..input.n).map(|i| point(i, input.n)).collect();
    let first: Vec<f64> = input.x.iter().chain(&points[0]).copied().collect();
    let kernel = Kernel::new(slopes, slopes, &first[..]).expect("no value leaves the function");
    let mut gradient = vec![0.0; m];
    kernel
        .uniform(0..m)
        .summed(0..m)
        .run(points.len(), &input.x, |i| [&points[i][..]], &mut [], &mut gradient)
        .expect("as many entries as there should be");
    gradient
}
