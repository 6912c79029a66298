//! Finds poses by least squares over SE(3), starting from the identity: the pose of a lidar, and all poses of a pose
//! graph.
//!
//! ```text
//! cargo run --release --example pose              the files in tests/data/pose
//! cargo run --release --example pose -- PATH...   pose graphs (.g2o), or pairs of points
//! ```
//!
//! - **Alignment** (align.rs). A lidar has seen the same 18 features from two stations. Wanted are the pose X and the
//!   scale s that minimize `Σ ‖X·(s·p) - y‖²`.
//! - **Pose graph** (graph.rs). A robot has been at 27 places, and has measured some of their poses relative to others,
//!   Z ≈ Xᵢ⁻¹·Xⱼ. Wanted are the most likely poses: those that minimize
//!
//! ```text
//! χ² = Σ rᵀΩr,   r = log(Z⁻¹·Xᵢ⁻¹·Xⱼ),   Ω = the information matrix of the measurement.
//! ```
//!
//! Poses do not form a vector space, but near X they are X·exp(δ), with six numbers δ. So each step solves a linear
//! problem for all δ, and moves the poses by them (least_squares.rs). The Jacobians with respect to δ are those that
//! `linalg::jacobian` gives at an `Isometry3`; no derivative is written by hand.
//!
//! The search begins at the identity, the one pose without an axis of rotation. There exp and log divide by the angle,
//! which is 0, or branch around it. nalgebra's own functions have the right value but the derivative 0, as if no pose
//! could turn. Those in `linalg` have the right derivative.
//!
//! In a graph the rotations can also wind up: a fit of all poses at once from the identity may end in a local minimum,
//! however exact the derivatives are. So each pose in turn is fitted to the earlier ones, from the identity, and then
//! all together.
//!
//! Published answers: H. Zeng et al., *Analytical dual quaternion algorithm of the weighted three-dimensional
//! coordinate transformation*, 2022, table 8, in closed form. The least χ² of the graph is explained in
//! tests/data/pose/README.md. With noise as stated it is χ² distributed, with as many degrees of freedom as there are
//! more measured numbers than unknowns. On the method: G. Grisetti, R. Kümmerle, C. Stachniss, W. Burgard, *A tutorial
//! on graph-based SLAM*, 2010.

#[path = "../common/mod.rs"]
pub(crate) mod common;
pub(crate) mod align;
pub(crate) mod graph;
pub(crate) mod input;
pub(crate) mod least_squares;

use align::Pairs;
use common::Error;
use graph::{Fit, Graph};
use least_squares::Problem;
use nalgebra::{Isometry3, Matrix3, Similarity3, UnitQuaternion, Vector3};
use nilpotent::linalg::{self, quaternion, se3};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) const LIDAR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/pose/lidar.txt");
pub(crate) const GRID: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/pose/grid.g2o");

/// The published pose of the lidar: R by rows, t in m, and s. Each comes with half a unit of its last digit.
const PUBLISHED: [(&str, &[f64], f64); 3] = [
    (
        "R",
        &[
            0.850_416_482_4,
            -0.494_507_094_5,
            0.179_595_489_9, //
            0.479_380_921_0,
            0.868_981_190_8,
            0.122_742_098_3, //
            -0.216_761_941_1,
            -0.018_287_252_1,
            0.976_053_193_9,
        ],
        5e-11,
    ),
    ("t", &[-22.9656, 29.3962, -2.2652], 5e-5),
    ("s", &[1.000_385_442], 5e-10),
];
/// The least χ² of the graph.
const LEAST: f64 = 119.400_808_915;

fn main() -> ExitCode {
    let paths: Vec<_> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if run(&paths) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Solves and prints all problems. Returns whether all have been solved, with the published answers where these exist.
pub(crate) fn run(paths: &[PathBuf]) -> bool {
    print_derivatives();
    let published = paths.is_empty();
    let paths = if published { &[LIDAR.into(), GRID.into()] } else { paths };
    let solved = paths.iter().map(|path| match path.extension() {
        Some(extension) if extension == "g2o" => optimise(path, published),
        _ => align(path, published),
    });
    let (mut summary, mut good) = (Vec::new(), true);
    for solved in solved {
        match solved {
            Ok(solved) => {
                good &= solved.good;
                summary.push(solved.summary);
            }
            Err(error) => {
                good = false;
                eprintln!("error: {error}");
            }
        }
    }
    println!("{}", summary.join("; "));
    good
}

struct Solved {
    summary: String,
    good: bool,
}

/// The norms of the Jacobians of exp and log of SO(3) at the identity: those of this crate, and those of nalgebra.
pub(crate) fn derivatives_at_the_identity() -> [[f64; 2]; 2] {
    let (zero, one) = (Vector3::<f64>::zeros(), UnitQuaternion::<f64>::identity());
    let exp = linalg::jacobian(|v| quaternion::from_scaled_axis(&v).imag(), &zero).1;
    let log = linalg::jacobian(|q| quaternion::scaled_axis(&q), &one).1;
    let their_exp = linalg::jacobian(|v| UnitQuaternion::from_scaled_axis(v).imag(), &zero).1;
    let their_log = linalg::jacobian(|q| q.scaled_axis(), &one).1;
    [[exp, log], [their_exp, their_log]].map(|both| both.map(|j| j.norm()))
}

fn print_derivatives() {
    let [ours, theirs] = derivatives_at_the_identity();
    println!("at the identity        ‖dexp‖    ‖dlog‖");
    for (name, [exp, log]) in [("nilpotent", ours), ("nalgebra", theirs)] {
        println!("  {name:16}{exp:11.6}{log:10.6}");
    }
    println!();
}

fn print_start(start: &least_squares::Linear) -> bool {
    let ((norm, rank), n) = (start.norm_and_rank(), start.g.len());
    println!("  at the start: ‖J‖ = {norm:.4}, of rank {rank} with {n} unknowns");
    rank == n
}

fn name(path: &Path) -> impl std::fmt::Display {
    path.file_name().unwrap_or_default().display()
}

fn verdict(converged: bool, agrees: Option<bool>) -> &'static str {
    match (converged, agrees) {
        (false, _) => "NO MINIMUM",
        (true, None) => "a minimum",
        (true, Some(true)) => "the known one",
        (true, Some(false)) => "NOT THE KNOWN ONE",
    }
}

fn print_steps(name: &str, chi2: &[f64]) {
    let values: Vec<_> = chi2.iter().map(|chi2| format!("{chi2:.6}")).collect();
    println!("  {name}: {} steps, χ² {}", chi2.len() - 1, values.join(" "));
}

fn align(path: &Path, published: bool) -> Result<Solved, Error> {
    let pairs = Pairs::read(path)?;
    let n = pairs.0.len();
    println!("{}: {n} pairs of points", name(path));
    let full = print_start(&pairs.linearise(&Similarity3::identity()));
    let minimum = least_squares::minimise(&pairs, Similarity3::identity());
    print_steps("from the identity", &minimum.chi2);

    let (pose, scale) = (minimum.x.isometry, minimum.x.scaling());
    let r: Matrix3<f64> = pose.rotation.to_rotation_matrix().into_inner();
    let mut agrees = true;
    for (found, (name, digits, half)) in
        [r.transpose().as_slice(), pose.translation.vector.as_slice(), &[scale]].iter().zip(PUBLISHED)
    {
        let list = |x: &[f64]| x.iter().map(|x| format!("{x:14.10}")).collect::<String>();
        println!("  {name} {}", list(found));
        if published {
            println!("    {} published", list(digits));
            agrees &= found.iter().zip(digits).all(|(x, digits)| (x - digits).abs() <= half);
        }
    }
    let sigma = (minimum.least() / (3 * n - 7) as f64).sqrt();
    println!("  σ of a coordinate: {sigma:.4}\n");
    let verdict = verdict(minimum.converged, published.then_some(agrees));
    let summary = format!("{n} points: {} steps, σ {sigma:.4}, {verdict}", minimum.chi2.len() - 1);
    Ok(Solved { summary, good: full && minimum.converged && agrees })
}

fn optimise(path: &Path, published: bool) -> Result<Solved, Error> {
    let graph = Graph::read(path)?;
    let (n, m) = (graph.poses.len(), graph.edges.len());
    println!("{}: {n} poses, {m} measurements", name(path));
    let identity = vec![Isometry3::identity(); n];
    let full = print_start(&Fit::new(&graph, 1..n).linearise(&identity));
    let at_once = graph.minimise(identity);
    println!("  all at once from the identity: χ² {:.6}", at_once.least());
    let minimum = graph.minimise(graph.one_by_one());
    print_steps("one by one from the identity, then all", &minimum.chi2);

    let file = graph.minimise(graph.poses.clone());
    print_steps("from the poses in the file", &file.chi2);
    let first = graph.poses[0];
    let apart = |(x, file): (&Isometry3<f64>, &Isometry3<f64>)| se3::log(&x.inv_mul(&first.inv_mul(file))).norm();
    let apart = minimum.x.iter().zip(&graph.poses).map(apart).fold(0.0, f64::max);
    println!("  which are up to {apart:.4} (m, rad) from the minimum");
    println!("  χ² {:.9} with {} degrees of freedom\n", minimum.least(), 6 * (m + 1 - n));

    let agrees = (minimum.least() - LEAST).abs() <= 1e-9 * LEAST;
    let verdict = verdict(minimum.converged, published.then_some(agrees));
    let summary = format!("{n} poses: {} steps, χ² {:.6}, {verdict}", minimum.chi2.len() - 1, minimum.least());
    Ok(Solved { summary, good: full && minimum.converged && (agrees || !published) })
}
