//! Maps of a robot from relative measurements: where it was, and where the landmarks are that it has seen.
//!
//! The variables are a position and an angle for each pose, and a position for each landmark. Each measurement is an element
//! with residuals whose covariance is the identity. The first pose is fixed, because measurements are relative.
//!
//! The problem: Grisetti, Kümmerle, Stachniss & Burgard, *A tutorial on graph-based SLAM* (2010).

use nilpotent::separable::{Element, Fixed, Function, Kind, Loss};
use nilpotent::{Error, Real};
use std::collections::BTreeMap;

/// A graph of measurements.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// The position and the angle of each pose: as the file has them, or else as the measurements lead from one to the next.
    pub poses: Vec<[f64; 3]>,
    /// The position of each landmark, as it is seen from the first pose that sees it, in the order of these poses.
    pub landmarks: Vec<[f64; 2]>,
    /// The measured poses.
    pub edges: Vec<Relative>,
    /// The sightings: from which pose, of which landmark, at which position in the frame of the pose.
    pub sightings: Vec<([usize; 2], [f64; 2], Root<2>)>,
}

/// Which pose is seen from which other one, where, and how exactly.
pub type Relative = ([usize; 2], [f64; 3], Root<3>);

/// The upper triangular root R of an information matrix RᵀR, which is the inverse of a covariance.
pub type Root<const N: usize> = [[f64; N]; N];

/// The root of a symmetric positive definite matrix by Cholesky's method, or `None`.
fn root<const N: usize>(matrix: [[f64; N]; N]) -> Option<Root<N>> {
    let mut root = [[0.0; N]; N];
    for i in 0..N {
        for j in i..N {
            let rest = matrix[i][j] - (0..i).map(|k| root[k][i] * root[k][j]).sum::<f64>();
            if i == j && !(rest > 0.0 && rest.is_finite()) {
                return None;
            }
            root[i][j] = if i == j { rest.sqrt() } else { rest / root[i][i] };
        }
    }
    Some(root)
}

/// The inverse of a symmetric positive definite matrix, or `None`.
fn inverse<const N: usize>(matrix: [[f64; N]; N]) -> Option<[[f64; N]; N]> {
    let root = root(matrix)?;
    let mut inverse = [[0.0; N]; N];
    for column in 0..N {
        // Rᵀ·y = e, then R·x = y.
        let mut x = [0.0; N];
        x[column] = 1.0;
        for i in 0..N {
            x[i] = (x[i] - (0..i).map(|k| root[k][i] * x[k]).sum::<f64>()) / root[i][i];
        }
        for i in (0..N).rev() {
            x[i] = (x[i] - (i + 1..N).map(|k| root[i][k] * x[k]).sum::<f64>()) / root[i][i];
        }
        (0..N).for_each(|i| inverse[i][column] = x[i]);
    }
    Some(inverse)
}

impl Graph {
    /// Reads the text of a file. Its lines are `VERTEX2` and `EDGE2` as of TORO, `VERTEX_SE2` and `EDGE_SE2` as of g2o, or
    /// `ODOMETRY` and `LANDMARK` as of iSAM with covariances.
    ///
    /// ```
    /// use large::pose_graph::Graph;
    ///
    /// let graph = Graph::parse("ODOMETRY 0 1 2 0 0 1 0 0 1 0 4\nLANDMARK 1 9 0 3 1 0 1").unwrap();
    /// assert_eq!(graph.poses, [[0.0, 0.0, 0.0], [2.0, 0.0, 0.0]]);
    /// assert_eq!(graph.landmarks, [[2.0, 3.0]]);
    /// assert_eq!(graph.edges[0].2[2], [0.0, 0.0, 0.5]);
    /// assert_eq!(Graph::parse("EDGE2 0 1 2").unwrap_err(), "line 1: EDGE2 has 3 numbers, and 11 are expected");
    /// ```
    ///
    /// # Errors
    /// With the line, if a line is of no known kind, if it has not as many numbers as its kind, or one that is not finite, or
    /// if a covariance is not positive definite; if a pose is not known when it is needed, or given twice.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut graph, mut poses, mut landmarks) = (Self::default(), BTreeMap::new(), BTreeMap::new());
        let mut sightings = Vec::new();
        let mut is_given = false;
        for (line, content) in (1..).zip(text.lines()) {
            let error = |reason: String| format!("line {line}: {reason}");
            let mut words = content.split_whitespace();
            // TORO merges nodes by lines EQUIV, and no measurement is in them.
            let Some(tag) = words.next().filter(|&tag| tag != "EQUIV") else { continue };
            let numbers = words
                .map(|word| {
                    word.parse()
                        .ok()
                        .filter(|x: &f64| x.is_finite())
                        .ok_or_else(|| error(format!("`{word}` is not a finite number")))
                })
                .collect::<Result<Vec<_>, _>>()?;
            let expected = match tag {
                "VERTEX2" | "VERTEX_SE2" => 4,
                "EDGE2" | "EDGE_SE2" | "ODOMETRY" => 11,
                "LANDMARK" => 7,
                _ => return Err(error(format!("{tag} is not a known kind of line"))),
            };
            if numbers.len() != expected {
                return Err(error(format!("{tag} has {} numbers, and {expected} are expected", numbers.len())));
            }
            let name = |i: usize| {
                let is_whole = numbers[i] >= 0.0 && numbers[i] < 2f64.powi(53) && numbers[i].fract() == 0.0;
                if is_whole {
                    Ok(numbers[i] as u64)
                } else {
                    Err(error(format!("{} is not the number of a node", numbers[i])))
                }
            };
            let indefinite = || error("the matrix is not positive definite".into());
            if expected == 4 {
                if poses.insert(name(0)?, graph.poses.len()).is_some() {
                    return Err(error(format!("pose {} is given a second time", numbers[0])));
                }
                graph.poses.push([numbers[1], numbers[2], numbers[3]]);
                is_given = true;
                continue;
            }
            let [i, j] = [name(0)?, name(1)?];
            if expected == 11 {
                let [a, b, c, d, e, f] = numbers[5..].try_into().expect("11 numbers");
                let matrix = match tag {
                    "EDGE2" => [[a, b, e], [b, c, f], [e, f, d]],
                    _ => [[a, b, c], [b, d, e], [c, e, f]],
                };
                let information = if tag == "ODOMETRY" { inverse(matrix) } else { Some(matrix) };
                let root = information.and_then(root).ok_or_else(indefinite)?;
                let z = [numbers[2], numbers[3], numbers[4]];
                if !is_given && poses.is_empty() {
                    poses.insert(i, 0);
                    graph.poses.push([0.0; 3]);
                }
                let from = *poses.get(&i).ok_or_else(|| error(format!("there is no pose {i}")))?;
                let to = match poses.get(&j) {
                    Some(&to) => to,
                    None if is_given => return Err(error(format!("there is no pose {j}"))),
                    None => {
                        let [x, y] = seen(graph.poses[from], [z[0], z[1]]);
                        graph.poses.push([x, y, graph.poses[from][2] + z[2]]);
                        poses.insert(j, graph.poses.len() - 1);
                        graph.poses.len() - 1
                    }
                };
                graph.edges.push(([from, to], z, root));
            } else {
                let [a, b, c] = numbers[4..].try_into().expect("7 numbers");
                let root = inverse([[a, b], [b, c]]).and_then(root).ok_or_else(indefinite)?;
                sightings.push((line, i, j, [numbers[2], numbers[3]], root));
            }
        }
        // Landmarks are numbered in the order in which poses see them.
        sightings.sort_by_key(|&(_, i, ..)| poses.get(&i).copied());
        for (line, i, j, z, root) in sightings {
            let from = *poses.get(&i).ok_or_else(|| format!("line {line}: there is no pose {i}"))?;
            let landmark = *landmarks.entry(j).or_insert_with(|| {
                graph.landmarks.push(seen(graph.poses[from], z));
                graph.landmarks.len() - 1
            });
            graph.sightings.push(([from, landmark], z, root));
        }
        Ok(graph)
    }

    /// The residuals of all measurements as a function of poses and landmarks, and where to start. The loss is that of
    /// sightings and of edges that close a loop; an edge to the next pose counts by its square.
    ///
    /// # Errors
    /// [`Error::NoSuchCoordinate`] if there is no pose.
    pub fn problem(&self, loss: Loss) -> Result<(Function, Vec<f64>), Error> {
        let first = 3 * self.poses.len();
        let pose = |i: usize| [3 * i, 3 * i + 1, 3 * i + 2];
        let edges = |follow: bool| {
            let some = move || self.edges.iter().filter(move |([i, j], ..)| (i.abs_diff(*j) == 1) == follow);
            let variables = |&([i, j], ..): &Relative| {
                let ([x, y, angle], [v, w, other]) = (pose(i), pose(j));
                [x, y, angle, v, w, other]
            };
            let data =
                |&(_, [x, y, angle], [[a, b, c], [_, d, e], [_, _, f]]): &Relative| [x, y, angle, a, b, c, d, e, f];
            Kind::with_data(Edge, some().map(variables), some().map(data))
        };
        let sightings = Kind::with_data(
            Sighting,
            self.sightings.iter().map(|&([i, j], ..)| {
                let [x, y, angle] = pose(i);
                [x, y, angle, first + 2 * j, first + 2 * j + 1]
            }),
            self.sightings.iter().map(|(_, [x, y], [[a, b], [_, c]])| [*x, *y, *a, *b, *c]),
        )?;
        let start = [self.poses.as_flattened(), self.landmarks.as_flattened()].concat();
        let function = Function::new(start.len()).on::<_, 3, 0>(Fixed, [0])?;
        let function = function.with(edges(true)?)?.with(edges(false)?.with_loss(loss))?;
        Ok((function.with(sightings.with_loss(loss))?, start))
    }
}

/// Where a place is that is seen from a pose at `z` in the frame of the pose.
pub(crate) fn seen([x, y, angle]: [f64; 3], z: [f64; 2]) -> [f64; 2] {
    let [a, b] = turned(angle, z);
    [x + a, y + b]
}

/// A vector that is turned by an angle.
pub(crate) fn turned<T: Real>(angle: T, [x, y]: [T; 2]) -> [T; 2] {
    let (sin, cos) = angle.sin_cos();
    [cos * x - sin * y, sin * x + cos * y]
}

/// How much the pose of a second frame, seen from a first one, differs from the measured one. The data are the measured pose,
/// and the root of the information, of which the entries below the diagonal are left out.
#[derive(Clone, Copy, Debug)]
pub struct Edge;

impl Element<6, 3, 9> for Edge {
    fn element<T: Real>(&self, [x, y, angle, v, w, other]: [T; 6], [a, b, c, root @ ..]: [T; 9]) -> [T; 3] {
        let [right, up] = turned(-angle, [v - x, w - y]);
        // The difference of angles between -π and π.
        let (sin, cos) = (other - angle - c).sin_cos();
        let [p, q, r, s, t, u] = root;
        let (x, y, z) = (right - a, up - b, sin.atan2(cos));
        [p * x + q * y + r * z, s * y + t * z, u * z]
    }
}

/// How much the position of a landmark, seen from a pose, differs from the measured one.
#[derive(Clone, Copy, Debug)]
pub struct Sighting;

impl Element<5, 2, 5> for Sighting {
    fn element<T: Real>(&self, [x, y, angle, v, w]: [T; 5], [a, b, p, q, r]: [T; 5]) -> [T; 2] {
        let [right, up] = turned(-angle, [v - x, w - y]);
        let (x, y) = (right - a, up - b);
        [p * x + q * y, r * y]
    }
}
