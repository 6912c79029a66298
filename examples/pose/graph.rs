//! Pose graphs: poses, and measurements of poses relative to others.

use super::common::Error;
use super::input::{Fault, numbers, read};
use super::least_squares::{Linear, Minimum, Problem, minimise};
use nalgebra::{DVector, Isometry3, Matrix6, Quaternion, Translation3, UnitQuaternion, Vector6};
use nilpotent::linalg::{self, Number, se3};
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

/// The allowed deviation of the norm of a quaternion in a file from 1.
const ROUNDED: f64 = 1e-3;

#[derive(Clone, Debug)]
pub(crate) struct Graph {
    /// The poses in the order of the file. Each is connected to an earlier one by a measurement in either direction.
    pub(crate) poses: Vec<Isometry3<f64>>,
    pub(crate) edges: Vec<Edge>,
}

/// The measurement `Z ≈ Xᵢ⁻¹·Xⱼ`, with its information matrix.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) ends: [usize; 2],
    pub(crate) z: Isometry3<f64>,
    pub(crate) information: Matrix6<f64>,
}

/// `log(Z⁻¹·Xᵢ⁻¹·Xⱼ)`
fn residual<T: Number>(z: &Isometry3<T>, i: &Isometry3<T>, j: &Isometry3<T>) -> Vector6<T> {
    se3::log(&(z.inv_mul(&i.inv_mul(j))))
}

impl Graph {
    /// Fits all poses at once, starting from x. The first pose is fixed.
    pub(crate) fn minimise(&self, x: Vec<Isometry3<f64>>) -> Minimum<Vec<Isometry3<f64>>> {
        minimise(&Fit::new(self, 1..x.len()), x)
    }

    /// Fits each pose in turn to the earlier ones, starting from the identity.
    pub(crate) fn one_by_one(&self) -> Vec<Isometry3<f64>> {
        let first = vec![Isometry3::identity()];
        (1..self.poses.len()).fold(first, |mut x, k| {
            x.push(Isometry3::identity());
            minimise(&Fit::new(self, k..k + 1), x).x
        })
    }
}

/// The measurements that involve some free poses, and otherwise only earlier poses.
#[derive(Clone, Debug)]
pub(crate) struct Fit<'a> {
    edges: Vec<&'a Edge>,
    free: Range<usize>,
}

impl<'a> Fit<'a> {
    pub(crate) fn new(graph: &'a Graph, free: Range<usize>) -> Self {
        let concerns =
            |edge: &&Edge| edge.ends.iter().all(|&k| k < free.end) && edge.ends.iter().any(|k| free.contains(k));
        Self { edges: graph.edges.iter().filter(concerns).collect(), free }
    }
}

impl Problem for Fit<'_> {
    type Point = Vec<Isometry3<f64>>;

    fn linearise(&self, x: &Self::Point) -> Linear {
        let mut sum = Linear::zeros(6 * self.free.len());
        for Edge { ends: [i, j], z, information } in &self.edges {
            let (xi, xj) = (&x[*i], &x[*j]);
            let (r, di) = linalg::jacobian(|xi| residual(&linalg::lift(z), &xi, &linalg::lift(xj)), xi);
            let (_, dj) = linalg::jacobian(|xj| residual(&linalg::lift(z), &linalg::lift(xi), &xj), xj);
            sum.chi2 += r.dot(&(information * r));
            let free = [(i, di), (j, dj)].into_iter().filter(|(k, _)| self.free.contains(k));
            let free: Vec<_> = free.map(|(k, d)| (6 * (k - self.free.start), d)).collect();
            for (a, da) in &free {
                let weighted = da.tr_mul(information);
                let mut g = sum.g.fixed_rows_mut::<6>(*a);
                g += weighted * r;
                for (b, db) in &free {
                    let mut h = sum.h.fixed_view_mut::<6, 6>(*a, *b);
                    h += weighted * db;
                }
            }
        }
        sum
    }

    fn moved(&self, x: &Self::Point, step: &DVector<f64>) -> Self::Point {
        let mut x = x.clone();
        for (k, x) in x[self.free.clone()].iter_mut().enumerate() {
            *x *= se3::exp(&step.fixed_rows::<6>(6 * k).into_owned());
        }
        x
    }
}

impl Graph {
    /// Reads lines of the g2o format: `VERTEX_SE3:QUAT id x y z qx qy qz qw`, and `EDGE_SE3:QUAT id id` followed by
    /// seven such numbers and by the upper triangle of the information matrix, row by row, with the translation first.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        read(path, |lines| {
            let (mut index, mut poses, mut edges) = (HashMap::new(), Vec::new(), Vec::new());
            for (at, words) in lines {
                let fault = |what| Err(Fault(Some(*at), what));
                match &words[..] {
                    ["VERTEX_SE3:QUAT", id, pose @ ..] => {
                        if index.insert(*id, poses.len()).is_some() {
                            return fault(format!("expected a new vertex, found `{id}` again"));
                        }
                        poses.push(isometry(*at, numbers(*at, pose)?)?);
                    }
                    ["EDGE_SE3:QUAT", i, j, measured @ ..] => edges.push((*at, [*i, *j], numbers(*at, measured)?)),
                    _ => {
                        return fault(format!(
                            "expected a VERTEX_SE3:QUAT or EDGE_SE3:QUAT, found `{}`",
                            words.join(" ")
                        ));
                    }
                }
            }
            let edge = |(at, ids, measured)| edge(at, ids, measured, &index);
            let edges = edges.into_iter().map(edge).collect::<Result<Vec<_>, _>>()?;
            let lonely = |k: &usize| *k > 0 && !edges.iter().any(|edge| edge.ends.iter().max() == Some(k));
            match index.iter().find(|(_, k)| lonely(k)) {
                Some((id, _)) => Err(Fault(None, format!("expected an edge between vertex `{id}` and one before it"))),
                None if poses.len() < 2 => {
                    Err(Fault(None, format!("expected at least 2 vertices, found {}", poses.len())))
                }
                None => Ok(Self { poses, edges }),
            }
        })
    }
}

fn edge(at: usize, ids: [&str; 2], measured: [f64; 28], index: &HashMap<&str, usize>) -> Result<Edge, Fault> {
    let fault = |what| Err(Fault(Some(at), what));
    let [Some(&i), Some(&j)] = ids.map(|id| index.get(id)) else {
        return fault(format!("expected the ids of two vertices, found `{}` and `{}`", ids[0], ids[1]));
    };
    if i == j {
        return fault(format!("expected two vertices, found `{}` twice", ids[0]));
    }
    let mut information = Matrix6::zeros();
    let places = (0..6).flat_map(|i| (i..6).map(move |j| (i, j)));
    for ((i, j), &x) in places.zip(&measured[7..]) {
        (information[(i, j)], information[(j, i)]) = (x, x);
    }
    if information.cholesky().is_none() {
        return fault("expected a positive definite information matrix".into());
    }
    let [x, y, z, a, b, c, w, ..] = measured;
    Ok(Edge { ends: [i, j], z: isometry(at, [x, y, z, a, b, c, w])?, information })
}

fn isometry(at: usize, [x, y, z, a, b, c, w]: [f64; 7]) -> Result<Isometry3<f64>, Fault> {
    let q = Quaternion::new(w, a, b, c);
    if (q.norm() - 1.0).abs() > ROUNDED {
        return Err(Fault(Some(at), format!("expected a quaternion of norm 1, found one of norm {:.4}", q.norm())));
    }
    Ok(Isometry3::from_parts(Translation3::new(x, y, z), UnitQuaternion::from_quaternion(q)))
}
