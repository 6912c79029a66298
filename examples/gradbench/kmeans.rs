//! The distances of points to their nearest centroids, and a step of Newton's method towards better centroids.

use super::protocol::{Field, Functions, rows, solve};
use nilpotent::{Real, second_derivative};
use std::array::from_fn;

pub(crate) const FUNCTIONS: Functions = &[
    ("cost", |field| {
        let input = Input::read(field)?;
        solve(field, || cost(&input), Into::into)
    }),
    ("dir", |field| {
        let input = Input::read(field)?;
        solve(field, || direction(&input), |step| rows(&step, input.d))
    }),
];

/// The points and the centroids in d dimensions, one after another.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) d: usize,
    pub(crate) points: Vec<f64>,
    pub(crate) centroids: Vec<f64>,
}

impl Input {
    pub(crate) fn read(field: &Field) -> Result<Self, String> {
        let (points, centroids) = (field.get("points")?, field.get("centroids")?);
        let ([n, _], [k, d]) = (points.shape()?, centroids.shape()?);
        if k * d == 0 {
            return centroids.expected("at least one centroid");
        }
        Ok(Self { d, points: points.matrix(n, d)?, centroids: centroids.matrix(k, d)? })
    }
}

/// `(c - p)²`
fn square<T: Real<Float = f64>>(c: T, p: f64) -> T {
    let x = c - T::from_float(p);
    x * x
}

/// `‖c - p‖²`, by two sums that do not wait for each other.
fn distance(c: &[f64], p: &[f64]) -> f64 {
    let ((c_pairs, c), (p_pairs, p)) = (c.as_chunks::<2>(), p.as_chunks());
    let add = |sums: [f64; 2], (c, p): (&[f64; 2], &[f64; 2])| from_fn(|i| sums[i] + square(c[i], p[i]));
    let [x, y] = c_pairs.iter().zip(p_pairs).fold([0.0; 2], add);
    c.iter().zip(p).fold(x + y, |sum, (&c, &p)| sum + square(c, p))
}

/// The distances of a point to all centroids.
fn distances(input: &Input, p: &[f64]) -> impl Iterator<Item = f64> {
    input.centroids.chunks_exact(input.d).map(|c| distance(c, p))
}

/// `Σᵢ minⱼ ‖cⱼ - pᵢ‖²`
pub(crate) fn cost(input: &Input) -> f64 {
    let nearest = |p| distances(input, p).fold(f64::INFINITY, |best, next| if next < best { next } else { best });
    input.points.chunks_exact(input.d).map(nearest).sum()
}

/// The centroid nearest to a point.
fn nearest(input: &Input, p: &[f64]) -> usize {
    distances(input, p).enumerate().fold((0, f64::INFINITY), |best, next| if next.1 < best.1 { next } else { best }).0
}

/// The gradient divided by the diagonal of the Hessian. The distance of a point depends only on its nearest centroid,
/// and is a sum of one term for each coordinate of it.
pub(crate) fn direction(input: &Input) -> Vec<f64> {
    let d = input.d;
    let mut derivatives = vec![[0.0; 2]; input.centroids.len()];
    for p in input.points.chunks_exact(d) {
        let j = nearest(input, p);
        let centroid = &input.centroids[j * d..][..d];
        for ((sums, &c), &p) in derivatives[j * d..].iter_mut().zip(centroid).zip(p) {
            let (_, slope, bend) = second_derivative(|c| square(c, p), c);
            *sums = [sums[0] + slope, sums[1] + bend];
        }
    }
    derivatives.iter().map(|[slope, bend]| slope / bend).collect()
}
