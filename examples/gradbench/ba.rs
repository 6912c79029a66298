//! Bundle adjustment. Cameras observe points, and each observation has a weight. The functions are the reprojection
//! errors and the errors of the weights; the derivative is their sparse Jacobian with respect to all cameras, points
//! and weights.

use super::protocol::{Field, Functions, solve};
use nilpotent::program::Kernel;
use nilpotent::{Real, Var, derivative, reverse};
use serde_json::{Value, json};

pub(crate) const FUNCTIONS: Functions = &[
    ("objective", |field| {
        let input = Input::read(field)?;
        let mut errors = Errors::default();
        solve(field, || errors.fill(&input), |()| Value::Null).map(|mut solved| {
            solved.output = errors.show(&input);
            solved
        })
    }),
    ("jacobian", |field| {
        let input = Input::read(field)?;
        let mut jacobian = Jacobian::default();
        solve(field, || jacobian.fill(&input), |()| Value::Null).map(|mut solved| {
            solved.output = jacobian.show();
            solved
        })
    }),
];

/// Rotation (3), center (3), focal length, principal point (2), radial distortion (2).
type Camera<T> = [T; 11];
/// The number of variables of an observation: a camera, a point, a weight.
const WIDTH: usize = 15;

/// Observation i is of point i mod m by camera i mod n, as the benchmark's list of pairs says.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) cameras: Vec<Camera<f64>>,
    pub(crate) points: Vec<[f64; 3]>,
    pub(crate) pairs: Vec<[usize; 2]>,
    pub(crate) weights: Vec<f64>,
    pub(crate) features: Vec<[f64; 2]>,
}

impl Input {
    pub(crate) fn read(field: &Field) -> Result<Self, String> {
        let [n, m, p] = ["n", "m", "p"].map(|name| field.get(name).and_then(|count| count.positive()));
        let (camera, point) = (field.get("cam")?.array()?, field.get("x")?.array()?);
        Ok(Self::repeated([n?, m?, p?], camera, point, field.get("w")?.number()?, field.get("feat")?.array()?))
    }

    /// Returns an input with n cameras, m points and p observations, each kind with equal values.
    pub(crate) fn repeated(
        [n, m, p]: [usize; 3],
        camera: Camera<f64>,
        point: [f64; 3],
        w: f64,
        feature: [f64; 2],
    ) -> Self {
        let pairs = (0..p).map(|i| [i % n, i % m]).collect();
        Self {
            cameras: vec![camera; n],
            points: vec![point; m],
            pairs,
            weights: vec![w; p],
            features: vec![feature; p],
        }
    }

    /// Iterates over the observations: camera and point, weight and feature.
    fn observations(&self) -> impl Iterator<Item = ([usize; 2], f64, [f64; 2])> {
        let observed = self.weights.iter().zip(&self.features);
        self.pairs.iter().zip(observed).map(|(&pair, (&w, &feature))| (pair, w, feature))
    }
}

fn dot<T: Real>(a: [T; 3], b: [T; 3]) -> T {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross<T: Real>(a: [T; 3], b: [T; 3]) -> [T; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Turns x about the axis r by the angle ‖r‖, with Rodrigues' formula.
fn turned<T: Real>(r: [T; 3], x: [T; 3]) -> [T; 3] {
    let square = dot(r, r);
    if square == T::zero() {
        let moved = cross(r, x);
        return [x[0] + moved[0], x[1] + moved[1], x[2] + moved[2]];
    }
    let angle = square.sqrt();
    let (sin, cos) = angle.sin_cos();
    let inverse = angle.recip();
    let axis = r.map(|r| r * inverse);
    let (across, along) = (cross(axis, x), dot(axis, x) * (T::one() - cos));
    std::array::from_fn(|i| x[i] * cos + across[i] * sin + axis[i] * along)
}

/// `w·(f·(1 + k₁ρ + k₂ρ²)·P + c - feature)`, where P is the point in the camera's image and ρ = ‖P‖².
pub(crate) fn error<T: Real>(camera: &Camera<T>, point: [T; 3], w: T, feature: [T; 2]) -> [T; 2] {
    let &[r0, r1, r2, c0, c1, c2, focus, u, v, k1, k2] = camera;
    let [x, y, z] = turned([r0, r1, r2], [point[0] - c0, point[1] - c1, point[2] - c2]);
    let (x, y) = (x / z, y / z);
    let square = x * x + y * y;
    let scale = (T::one() + (k1 + k2 * square) * square) * focus;
    [w * (x * scale + u - feature[0]), w * (y * scale + v - feature[1])]
}

/// `1 - w²`
fn weight_error<T: Real>(w: T) -> T {
    T::one() - w * w
}

/// All errors of an input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Errors {
    pub(crate) reprojection: Vec<[f64; 2]>,
    pub(crate) weight: Vec<f64>,
}

impl Errors {
    pub(crate) fn fill(&mut self, input: &Input) {
        let terms = |([i, j], w, feature): ([usize; 2], _, _)| error(&input.cameras[i], input.points[j], w, feature);
        self.reprojection.clear();
        self.reprojection.extend(input.observations().map(terms));
        self.weight.clear();
        self.weight.extend(input.weights.iter().map(|&w| weight_error(w)));
    }

    fn show(&self, input: &Input) -> Value {
        let p = input.weights.len();
        json!({
            "reproj_error": { "elements": self.reprojection[0], "repeated": p },
            "w_err": { "element": self.weight[0], "repeated": p },
        })
    }
}

/// A sparse matrix in compressed rows: the entries, their columns, and where each matrix row begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jacobian {
    pub(crate) rows: Vec<u32>,
    pub(crate) columns: Vec<u32>,
    pub(crate) values: Vec<f64>,
}

impl Jacobian {
    pub(crate) fn fill(&mut self, input: &Input) {
        let (n, m, p) = (input.cameras.len(), input.points.len(), input.weights.len());
        let [points, weights] = [11 * n, 11 * n + 3 * m];
        // What a call before has left is written over.
        self.rows.resize(3 * p + 1, 0);
        self.columns.resize((2 * WIDTH + 1) * p, 0);
        self.values.resize((2 * WIDTH + 1) * p, 0.0);
        let (errors, weight_errors) = self.values.split_at_mut(2 * WIDTH * p);
        let (columns, weight_columns) = self.columns.split_at_mut(2 * WIDTH * p);
        let pieces = |i: usize| -> [&[f64]; 4] {
            let [camera, point] = input.pairs[i];
            [&input.cameras[camera], &input.points[point], &input.weights[i..=i], &input.features[i]]
        };
        let first: Vec<f64> = pieces(0).concat();
        let kernel = Kernel::new(partials, partials, &first[..]).expect("no value leaves the function");
        kernel.run(p, &[], pieces, errors, &mut []).expect("as many entries as there should be");
        for (row, (&[i, j], columns)) in
            input.pairs.iter().zip(columns.as_chunks_mut::<WIDTH>().0.chunks_mut(2)).enumerate()
        {
            columns.fill(std::array::from_fn(|k| match k {
                0..11 => (11 * i + k) as u32,
                11..14 => (points + 3 * j + k - 11) as u32,
                _ => (weights + row) as u32,
            }));
        }
        for (i, (&w, entry)) in input.weights.iter().zip(weight_errors).enumerate() {
            *entry = derivative(weight_error, w).1;
            weight_columns[i] = (weights + i) as u32;
        }
        for (i, row) in self.rows.iter_mut().enumerate() {
            *row = if i <= 2 * p { WIDTH * i } else { (2 * WIDTH - 2) * p + i } as u32;
        }
    }

    /// Shows the first 30 elements of each list, and the last one.
    fn show(&self) -> Value {
        fn ends<T: Copy + Into<Value>>(x: &[T]) -> Value {
            x.iter().take(30).chain(x.last()).map(|&x| x.into()).collect()
        }
        json!({ "rows": ends(&self.rows), "cols": ends(&self.columns), "vals": ends(&self.values) })
    }
}

/// The partials of the error in the variables of an observation, in the order of the Jacobian's columns; the feature follows
/// the variables. It is recorded once, and run for all observations.
pub(crate) fn partials<T: Real>(x: &[T]) -> Vec<Vec<T>> {
    let (x, feature) = x.split_at(WIDTH);
    let error = |x: &[Var<T>]| {
        let camera = std::array::from_fn(|k| x[k]);
        error(&camera, [x[11], x[12], x[13]], x[14], [feature[0], feature[1]].map(Var::constant))
    };
    reverse::jacobian(error, x).1.into()
}
