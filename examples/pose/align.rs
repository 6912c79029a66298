//! Points seen from two places: finds the similarity that maps the ones to the others.

use super::common::Error;
use super::input::{Fault, numbers, read};
use super::least_squares::{Linear, Problem};
use nalgebra::{DVector, Isometry3, SVector, Similarity3, Vector3};
use nilpotent::Dual;
use nilpotent::linalg::{self, Number, se3};
use std::path::Path;

/// Pairs of points p and y, for which `y = X·(s·p)` should hold.
#[derive(Clone, Debug)]
pub(crate) struct Pairs(pub(crate) Vec<[Vector3<f64>; 2]>);

fn residual<T: Number>(x: &Isometry3<T>, s: T, p: &Vector3<T>, y: &Vector3<T>) -> Vector3<T> {
    x.rotation * (p * s) + x.translation.vector - y
}

impl Problem for Pairs {
    type Point = Similarity3<f64>;

    /// Linearizes in seven variables: a twist of X, and a relative change of s.
    fn linearise(&self, x: &Similarity3<f64>) -> Linear {
        let mut sum = Linear::zeros(7);
        for [p, y] in &self.0 {
            let moved = |step: SVector<Dual<f64, 7>, 7>| {
                let pose = linalg::lift::<_, Dual<_, 7>>(&x.isometry) * se3::exp(&step.fixed_rows::<6>(0).into_owned());
                residual(&pose, step[6].exp() * x.scaling(), &linalg::lift(p), &linalg::lift(y))
            };
            let (r, j) = linalg::jacobian(moved, &SVector::zeros());
            sum.chi2 += r.norm_squared();
            sum.g += j.tr_mul(&r);
            sum.h += j.tr_mul(&j);
        }
        sum
    }

    fn moved(&self, x: &Similarity3<f64>, step: &DVector<f64>) -> Similarity3<f64> {
        let pose = x.isometry * se3::exp(&step.fixed_rows::<6>(0).into_owned());
        Similarity3::from_isometry(pose, x.scaling() * step[6].exp())
    }
}

impl Pairs {
    /// Reads lines of a name, x, y and z of p, and x, y and z of y.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        read(path, |lines| {
            let pair = |(at, words): &(usize, Vec<&str>)| {
                let [a, b, c, d, e, f] = numbers(*at, &words[1..])?;
                Ok([Vector3::new(a, b, c), Vector3::new(d, e, f)])
            };
            let pairs = lines.iter().map(pair).collect::<Result<Vec<_>, Fault>>()?;
            match pairs.len() {
                0..3 => Err(Fault(None, format!("expected at least 3 points, found {}", pairs.len()))),
                _ => Ok(Self(pairs)),
            }
        })
    }
}
