//! The example `pose` finds the known poses, starting from the identity, and refuses damaged files.
#![cfg(feature = "nalgebra")]

#[path = "../examples/pose/main.rs"]
#[expect(dead_code, reason = "main itself")]
mod pose;

use nalgebra::Similarity3;
use nilpotent::linalg::se3;
use pose::align::Pairs;
use pose::graph::{Fit, Graph};
use pose::least_squares::{Problem, minimise};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn finds_the_known_poses() {
    assert!(pose::run(&[]));
}

#[test]
fn nothing_is_lost_at_the_identity() {
    let [[exp, log], _] = pose::derivatives_at_the_identity();
    // exp has half the identity matrix, since a quaternion has half the angle; log has the identity matrix.
    assert!((exp - 0.75_f64.sqrt()).abs() < 1e-15 && (log - 3_f64.sqrt()).abs() < 1e-15, "{exp} {log}");

    let pairs = Pairs::read(Path::new(pose::LIDAR)).unwrap();
    assert_eq!(pairs.linearise(&Similarity3::identity()).norm_and_rank().1, 7);
    let mut graph = Graph::read(Path::new(pose::GRID)).unwrap();
    let identity = vec![nalgebra::Isometry3::identity(); graph.poses.len()];
    assert_eq!(Fit::new(&graph, 1..27).linearise(&identity).norm_and_rank().1, 156);
    // The rank is full where the residuals are 0, too.
    graph.edges.iter_mut().for_each(|edge| edge.z = nalgebra::Isometry3::identity());
    let start = Fit::new(&graph, 1..27).linearise(&identity);
    assert_eq!((start.chi2, start.norm_and_rank().1), (0.0, 156));
}

/// Central differences of χ² are good to 8 digits, since it is smooth.
#[test]
fn gradients_are_those_of_chi_squared() {
    fn check<P: Problem>(problem: &P, x: &P::Point) {
        let here = problem.linearise(x);
        for k in (0..here.g.len()).step_by(5) {
            let at = |h| {
                let mut step = here.g.map(|_| 0.0);
                step[k] = h;
                problem.linearise(&problem.moved(x, &step)).chi2
            };
            let difference = (at(1e-4) - at(-1e-4)) / 4e-4;
            let error = (difference - here.g[k]).abs();
            assert!(error <= 1e-7 * here.g.amax(), "{k}: {difference} {}", here.g[k]);
        }
    }
    let pairs = Pairs::read(Path::new(pose::LIDAR)).unwrap();
    check(&pairs, &Similarity3::identity());
    let graph = Graph::read(Path::new(pose::GRID)).unwrap();
    check(&Fit::new(&graph, 1..6), &vec![nalgebra::Isometry3::identity(); 27]);
    check(&Fit::new(&graph, 1..27), &graph.poses);
}

#[test]
fn without_noise_it_finds_the_truth() {
    let mut graph = Graph::read(Path::new(pose::GRID)).unwrap();
    let truth: Vec<_> = graph.poses.iter().map(|x| graph.poses[0].inv_mul(x)).collect();
    graph.edges.iter_mut().for_each(|edge| edge.z = truth[edge.ends[0]].inv_mul(&truth[edge.ends[1]]));
    let minimum = graph.minimise(graph.one_by_one());
    assert!(minimum.converged && minimum.least() < 1e-20, "{:?}", minimum.chi2);
    for (x, truth) in minimum.x.iter().zip(&truth) {
        assert!(se3::log(&x.inv_mul(truth)).norm() < 1e-12);
    }

    let Pairs(mut pairs) = Pairs::read(Path::new(pose::LIDAR)).unwrap();
    let truth = minimise(&Pairs(pairs.clone()), Similarity3::identity()).x;
    pairs.iter_mut().for_each(|[p, y]| *y = truth.transform_point(&(*p).into()).coords);
    let minimum = minimise(&Pairs(pairs), Similarity3::identity());
    assert!(minimum.converged && minimum.least() < 1e-20, "{:?}", minimum.chi2);
    assert!((minimum.x.to_homogeneous() - truth.to_homogeneous()).norm() < 1e-10);
}

#[test]
fn damaged_graphs_are_refused() {
    let text = fs::read_to_string(pose::GRID).unwrap();
    let change = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    };
    let cases = [
        ("empty", String::new(), ": expected at least 2 vertices, found 0"),
        ("cut in a line", text[..text.len() - 20].into(), ":71: expected 28 numbers, found `0.795293 "),
        ("no edges", text[..text.find("EDGE").unwrap()].into(), ": expected an edge between vertex `"),
        (
            "garbage",
            change("0.048248", "O.048248"),
            ":5: expected 7 numbers, found `1.0 1.0 0.0 -0.019228 -0.025629 O.0",
        ),
        (
            "not finite",
            change("0.048248", "inf"),
            ":5: expected 7 numbers, found `1.0 1.0 0.0 -0.019228 -0.025629 inf ",
        ),
        ("quaternion", change("0.048248", "0.548248"), ":5: expected a quaternion of norm 1, found one of norm 1.1"),
        (
            "other tag",
            change("VERTEX_SE3:QUAT 4 ", "VERTEX_SE2 4 "),
            ":5: expected a VERTEX_SE3:QUAT or EDGE_SE3:QUAT, found `VERTEX_SE2 4 ",
        ),
        ("no id", change("EDGE_SE3:QUAT 21 26 ", "EDGE_SE3:QUAT\n "), ":71: expected a VERTEX_SE3:QUAT or "),
        ("vertex twice", change("QUAT 4 1.0", "QUAT 3 1.0"), ":5: expected a new vertex, found `3` again"),
        (
            "unknown vertex",
            change("QUAT 21 26", "QUAT 27 26"),
            ":71: expected the ids of two vertices, found `27` and `26`",
        ),
        ("loop", change("QUAT 21 26", "QUAT 26 26"), ":71: expected two vertices, found `26` twice"),
        (
            "information",
            change("0.644487 2500 ", "0.644487 -2500 "),
            ":71: expected a positive definite information matrix",
        ),
        (
            "lonely",
            ["21", "9"].iter().fold(change("QUAT 25 26 ", "QUAT 25 24 "), |text, k| {
                text.replace(&format!("QUAT {k} 26"), &format!("QUAT {k} 25"))
            }),
            ": expected an edge between vertex `26` and one before it",
        ),
    ];
    for (name, text, message) in cases {
        let file = temporary(&format!("pose, {name}.g2o"));
        fs::write(&file, text).unwrap();
        let error = Graph::read(&file).expect_err(name).to_string();
        assert!(error.starts_with(&format!("{}{message}", file.display())), "{name}: {error}");
        assert!(!pose::run(&[file]), "{name}");
    }
}

#[test]
fn damaged_points_are_refused() {
    let text = fs::read_to_string(pose::LIDAR).unwrap();
    let cases = [
        ("empty", String::new(), ": expected at least 3 points, found 0"),
        ("cut", text[..text.len() - 8].into(), ":18: expected 6 numbers, found `-29.781 -0.026 -8.062 -49.687 14.083`"),
        ("garbage", text.replace("54.453", "54,453"), ":1: expected 6 numbers, found `-49.007 54,453 "),
    ];
    for (name, text, message) in cases {
        let file = temporary(&format!("pose, {name}.txt"));
        fs::write(&file, text).unwrap();
        let error = Pairs::read(&file).expect_err(name).to_string();
        assert!(error.starts_with(&format!("{}{message}", file.display())), "{name}: {error}");
        assert!(!pose::run(&[file]), "{name}");
    }
    // Points on a line do not determine the rotation about it.
    let file = temporary("pose, line.txt");
    fs::write(&file, "1 0 0 0 0 0 0\n2 1 0 0 1 0 0\n3 2 0 0 2 0 0\n").unwrap();
    assert!(!pose::run(&[file]));
}

#[test]
fn wrong_paths_are_refused() {
    let missing = [temporary("pose, no such file.g2o"), temporary("pose, no such file.txt")];
    for path in &missing {
        let error = Graph::read(path).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: expected a readable file", path.display())), "{error}");
    }
    // One bad path is a failure, even if the other paths are good.
    assert!(pose::run(&[pose::LIDAR.into()]));
    for missing in missing {
        assert!(!pose::run(&[pose::LIDAR.into(), missing]));
    }
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
