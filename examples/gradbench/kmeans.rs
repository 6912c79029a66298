//! The distances of points to the nearest of some centroids, and the step of Newton's method to better ones.

use super::protocol::{Field, Functions, rows, solve};
use nilpotent::{Real, second_derivative};

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

/// Points and centroids in d dimensions, one after another.
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

/// `‖c - p‖²`
fn distance(c: &[f64], p: &[f64]) -> f64 {
    c.iter().zip(p).map(|(&c, &p)| square(c, p)).sum()
}

/// The centroid nearest to a point, and how far it is.
fn nearest(input: &Input, p: &[f64]) -> (usize, f64) {
    let distances = input.centroids.chunks_exact(input.d).map(|c| distance(c, p)).enumerate();
    distances.fold((0, f64::INFINITY), |best, next| if next.1 < best.1 { next } else { best })
}

/// `Σᵢ minⱼ ‖cⱼ - pᵢ‖²`
pub(crate) fn cost(input: &Input) -> f64 {
    input.points.chunks_exact(input.d).map(|p| nearest(input, p).1).sum()
}

/// The gradient over the diagonal of the Hessian. Only the nearest centroid moves the distance of a point, and each
/// of its coordinates a term of its own.
pub(crate) fn direction(input: &Input) -> Vec<f64> {
    let d = input.d;
    let mut derivatives = vec![[0.0; 2]; input.centroids.len()];
    for p in input.points.chunks_exact(d) {
        let (j, _) = nearest(input, p);
        let centroid = &input.centroids[j * d..][..d];
        for ((sums, &c), &p) in derivatives[j * d..].iter_mut().zip(centroid).zip(p) {
            let (_, slope, bend) = second_derivative(|c| square(c, p), c);
            *sums = [sums[0] + slope, sums[1] + bend];
        }
    }
    derivatives.iter().map(|[slope, bend]| slope / bend).collect()
}
