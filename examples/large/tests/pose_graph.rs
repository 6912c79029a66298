//! Pose graphs: the reader, and the optima against least squares with derivatives by hand, tests/reference/pose_graph.py.

use large::descent::Limits;
use large::pose_graph::Graph;
use nilpotent::separable::Loss;

/// Solves a graph, and compares the cost before and after with the reference.
fn reaches(text: &str, [before, after]: [f64; 2]) {
    let graph = Graph::parse(text).unwrap();
    let (residuals, start) = graph.problem(Loss::Squared).unwrap();
    let cost = residuals.cost(&start).unwrap();
    assert!((cost / before - 1.0).abs() < 1e-12, "{cost} instead of {before}");
    let found = graph.solve(100, Loss::Squared, Limits::default()).unwrap();
    assert!(found.has_converged, "{} steps", found.steps);
    assert!((found.value / after - 1.0).abs() < 1e-9, "{} instead of {after}", found.value);
    // The first pose is fixed.
    assert_eq!(found.x[..3], start[..3]);
}

#[test]
fn a_published_simulation_has_the_cost_of_the_reference() {
    reaches(include_str!("../data/w100.graph"), [38.476365608247974, 0.5689125914609832]);
}

#[test]
fn a_recorded_drive_has_the_cost_of_the_reference() {
    reaches(include_str!("../data/victoria_park.txt"), [66509017.77328897, 3091.9662001960714]);
}

#[test]
fn a_part_has_the_first_poses_and_all_that_concerns_only_them() {
    let graph = Graph::parse(include_str!("../data/victoria_park.txt")).unwrap();
    assert_eq!((graph.poses.len(), graph.landmarks.len()), (6969, 151));
    assert_eq!((graph.edges.len(), graph.sightings.len()), (6968, 3640));
    let part = graph.first(1400);
    assert_eq!((part.poses.len(), part.edges.len(), part.sightings.len()), (1400, 1399, 832));
    assert_eq!(part.landmarks[..], graph.landmarks[..part.landmarks.len()]);
    assert_eq!(graph.first(6969), graph);
}

#[test]
fn all_formats_mean_the_same() {
    let toro = "VERTEX2 4 0 0 0\nVERTEX2 7 1 0 0\nEDGE2 4 7 1 0.5 0.25 4 1 3 5 0.5 0.25\n";
    // The order of the entries is 11, 12, 22, 33, 13, 23 in TORO and row by row in g2o.
    let g2o = "VERTEX_SE2 4 0 0 0\n\nVERTEX_SE2 7 1 0 0\nEQUIV 4 7\nEDGE_SE2 4 7 1 0.5 0.25 4 1 0.5 3 0.25 5\n";
    let graph = Graph::parse(toro).unwrap();
    assert_eq!(Graph::parse(g2o).as_ref(), Ok(&graph));
    assert_eq!((&graph.poses[..], graph.edges[0].0), (&[[0.0; 3], [1.0, 0.0, 0.0]][..], [0, 1]));
    // RᵀR is the matrix.
    let root = graph.edges[0].2;
    for (i, row) in [[4.0, 1.0, 0.5], [1.0, 3.0, 0.25], [0.5, 0.25, 5.0]].iter().enumerate() {
        for (j, expected) in row.iter().enumerate() {
            let product: f64 = (0..3).map(|k| root[k][i] * root[k][j]).sum();
            assert!((product - expected).abs() < 1e-15);
        }
    }
    // Without vertices the measurements lead from one pose to the next: a quarter of a turn, then a step forward. The
    // covariance diag(4, 1, 0.25) is the information diag(1/4, 1, 4).
    let angle = std::f64::consts::FRAC_PI_2;
    let isam =
        format!("ODOMETRY 0 1 1 0 {angle} 4 0 0 1 0 0.25\nODOMETRY 1 2 1 0 0 1 0 0 1 0 1\nLANDMARK 1 9 0 2 4 0 1\n");
    let graph = Graph::parse(&isam).unwrap();
    let [x, y, turned] = graph.poses[2];
    assert!((x - 1.0).abs() < 1e-15 && (y - 1.0).abs() < 1e-15 && turned == angle);
    assert!((graph.landmarks[0][0] + 1.0).abs() < 1e-15 && graph.landmarks[0][1].abs() < 1e-15);
    assert_eq!(graph.edges[0].2, [[0.5, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 2.0]]);
    assert_eq!(graph.sightings[0].2, [[0.5, 0.0], [0.0, 1.0]]);
    // These measurements agree with one another.
    let (residuals, start) = graph.problem(Loss::Squared).unwrap();
    assert!(residuals.cost(&start).unwrap() < 1e-30);
    assert_eq!((residuals.variables(), residuals.columns()), (11, 8));
}

#[test]
fn angles_differ_by_less_than_half_a_turn() {
    let text = "VERTEX2 0 0 0 3.1\nVERTEX2 1 0 0 -3.1\nEDGE2 0 1 0 0 0 1 0 1 1 0 0\n";
    let (residuals, start) = Graph::parse(text).unwrap().problem(Loss::Squared).unwrap();
    let difference = std::f64::consts::TAU - 6.2;
    assert!((residuals.cost(&start).unwrap() - 0.5 * difference * difference).abs() < 1e-15);
}

#[test]
fn a_wrong_loop_counts_less_with_hubers_loss() {
    // Three steps of 1 lead to 3, and a measured loop says 13. All is on a line, with variances of 1.
    let step = |i: usize| format!("EDGE2 {i} {} 1 0 0 1 0 1 1 0 0\n", i + 1);
    let vertices: String = (0..4).map(|i| format!("VERTEX2 {i} {i} 0 0\n")).collect();
    let text = vertices + &(0..3).map(step).collect::<String>() + "EDGE2 0 3 13 0 0 1 0 1 1 0 0\n";
    let graph = Graph::parse(&text).unwrap();
    let end = |loss| graph.solve(100, loss, Limits { gradient: 1e-10, ..Limits::default() }).unwrap().x[9];
    // The error of 10 is shared by four measurements; with a pull of 1 each step becomes longer by 1.
    let squared = end(Loss::Squared);
    assert!((squared - 10.5).abs() < 1e-8, "{squared}");
    let huber = end(Loss::Huber(1.0));
    // Reweighted steps converge linearly, until the value decreases by no more than its rounding: the error is its root.
    assert!((huber - 6.0).abs() < 1e-7, "{huber}");
}

#[test]
fn each_refusal_says_line_and_reason() {
    let text = "VERTEX2 0 0 0 0\nVERTEX2 1 1 0 0\nEDGE2 0 1 1 0 0 1 0 1 1 0 0\nLANDMARK 1 9 0 2 1 0 1\n";
    assert!(Graph::parse(text).is_ok());
    for (from, to, message) in [
        ("VERTEX2 1 1", "VERTEX3 1 1", "line 2: VERTEX3 is not a known kind of line"),
        ("VERTEX2 1 1 0 0", "VERTEX2 1 1 0", "line 2: VERTEX2 has 3 numbers, and 4 are expected"),
        ("VERTEX2 1 1 0 0", "VERTEX2 1 1 0 0 0", "line 2: VERTEX2 has 5 numbers, and 4 are expected"),
        ("VERTEX2 1 1", "VERTEX2 1 one", "line 2: `one` is not a finite number"),
        ("VERTEX2 1 1", "VERTEX2 1 inf", "line 2: `inf` is not a finite number"),
        ("VERTEX2 1 1", "VERTEX2 1.5 1", "line 2: 1.5 is not the number of a node"),
        ("VERTEX2 1 1", "VERTEX2 0 1", "line 2: pose 0 is given a second time"),
        ("EDGE2 0 1", "EDGE2 0 2", "line 3: there is no pose 2"),
        ("EDGE2 0 1", "EDGE2 3 1", "line 3: there is no pose 3"),
        ("EDGE2 0 1 1 0 0 1 0 1 1", "EDGE2 0 1 1 0 0 1 2 1 1", "line 3: the matrix is not positive definite"),
        ("LANDMARK 1 9", "LANDMARK 5 9", "line 4: there is no pose 5"),
        ("2 1 0 1\n", "2 1 0 0\n", "line 4: the matrix is not positive definite"),
    ] {
        assert!(text.contains(from), "{from}");
        assert_eq!(Graph::parse(&text.replacen(from, to, 1)).unwrap_err(), message);
    }
    assert!(Graph::parse("").unwrap().problem(Loss::Squared).is_err());
}
