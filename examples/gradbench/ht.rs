//! Hand tracking: the distances of measured points from the vertices of a skinned mesh, or from points on its
//! triangles; and the Jacobian in the 26 parameters of the pose.

use super::protocol::{Field, Functions, rows, solve};
use nilpotent::{Dual, Real};
use serde_json::Value;
use std::array::from_fn;
use std::ops::{Add, Mul};

pub(crate) const FUNCTIONS: Functions = &[
    ("objective", |field| {
        let input = Input::read(field)?;
        solve(field, || objective(&input), Into::into)
    }),
    ("jacobian", |field| {
        let input = Input::read(field)?;
        let width = if input.is_simple() { POSE } else { POSE + 2 };
        let mut jacobian = Jacobian::default();
        solve(field, || jacobian.fill(&input), |()| Value::Null).map(|mut solved| {
            solved.output = rows(&jacobian.rows, width);
            solved
        })
    }),
];

/// The number of parameters: 6 for the motion of the whole hand, and the angles of the fingers.
const POSE: usize = 26;
const MOTION: usize = 6;
/// The number of angles of a finger: its first joint has two, and two more joints have one each.
const ANGLES: usize = 4;
const FINGERS: usize = 5;

/// The upper three rows of a transformation's matrix.
type Affine<T> = [[T; 4]; 3];

#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) theta: [f64; POSE],
    bones: Vec<Bone>,
    /// For each vertex that is asked for, the bones that move it.
    vertices: Vec<Vec<Influence>>,
    targets: Vec<Target>,
    /// -1 for a mirrored hand, else 1.
    side: f64,
}

#[derive(Clone, Debug)]
struct Bone {
    parent: Option<usize>,
    relative: Affine<f64>,
    inverse: Affine<f64>,
    /// The angles by which the bone turns about x and z, if it has a joint.
    joint: Option<Joint>,
}

#[derive(Clone, Copy, Debug)]
struct Joint {
    finger: usize,
    x: usize,
    z: Option<usize>,
}

/// A bone, and a vertex in its rest position, multiplied by the weight of the bone.
#[derive(Clone, Copy, Debug)]
struct Influence {
    bone: usize,
    vertex: [f64; 4],
}

/// A measured point, and the place on the hand that it is compared with: a vertex, or a point of a triangle.
#[derive(Clone, Copy, Debug)]
struct Target {
    point: [f64; 3],
    place: Place,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Vertex(usize),
    Triangle([usize; 3], [f64; 2]),
}

fn affine(field: &Field) -> Result<Affine<f64>, String> {
    let x = field.matrix(4, 4)?;
    Ok(from_fn(|i| from_fn(|j| x[4 * i + j])))
}

/// The joint of a bone. Bone 0 is the wrist. Then each finger has four bones: one without a joint, one with two angles,
/// and two with one angle.
fn joint(bone: usize) -> Option<Joint> {
    let (finger, place) = (bone.checked_sub(1)? / 4, (bone - 1) % 4);
    match place {
        1 => Some(Joint { finger, x: 0, z: Some(1) }),
        2 | 3 => Some(Joint { finger, x: place, z: None }),
        _ => None,
    }
    .filter(|_| finger < FINGERS)
}

impl Input {
    pub(crate) fn read(field: &Field) -> Result<Self, String> {
        let theta = field.get("theta")?.array()?;
        let (data, us) = (field.get("data")?, field.get("us")?);
        let model = data.get("model")?;
        let count = model.get("bone_count")?.positive()?;
        let bones = Self::bones(&model, count)?;

        let mirrored = model.get("is_mirrored")?;
        let Some(mirrored) = mirrored.value.as_bool() else { return mirrored.expected("true or false") };
        let [v, _] = model.get("base_positions")?.shape()?;
        let positions = model.get("base_positions")?.matrix(v, 4)?;
        let weights = model.get("weights")?.matrix(v, count)?;
        let vertices = positions.chunks_exact(4).zip(weights.chunks_exact(count)).map(|(vertex, weights)| {
            let used = weights.iter().enumerate().filter(|(_, w)| **w != 0.0);
            used.map(|(bone, w)| Influence { bone, vertex: from_fn(|i| vertex[i] * w) }).collect()
        });

        let correspondences = data.get("correspondences")?;
        let c = correspondences.elements()?.len();
        let points = data.get("points")?.matrix(c, 3)?;
        let places: Vec<Place> = if us.elements()?.len() == 0 {
            correspondences.elements()?.map(|at| Ok(Place::Vertex(at.index(v)?))).collect::<Result<_, String>>()?
        } else {
            let us = us.matrix(c, 2)?;
            let triangles = model.get("triangles")?;
            let triangles: Vec<[usize; 3]> = triangles
                .elements()?
                .map(|triangle| {
                    let corners = triangle.elements()?.map(|at| at.index(v)).collect::<Result<Vec<_>, _>>()?;
                    corners.try_into().or_else(|_| triangle.expected("3 vertices"))
                })
                .collect::<Result<_, String>>()?;
            let place =
                |(at, u): (Field, &[f64])| Ok(Place::Triangle(triangles[at.index(triangles.len())?], [u[0], u[1]]));
            correspondences.elements()?.zip(us.chunks_exact(2)).map(place).collect::<Result<_, String>>()?
        };
        let targets = points.chunks_exact(3).zip(places).map(|(p, place)| Target { point: [p[0], p[1], p[2]], place });
        Ok(Self::new(theta, bones, vertices.collect(), targets.collect(), mirrored))
    }

    fn bones(model: &Field, count: usize) -> Result<Vec<Bone>, String> {
        let lists = ["parents", "base_relatives", "inverse_base_absolutes"].map(|name| {
            let list = model.get(name)?;
            let elements = list.elements()?;
            if elements.len() == count { Ok(elements) } else { list.expected(format_args!("{count} elements")) }
        });
        let [parents, relatives, inverses] = lists;
        let mut bones: Vec<Bone> = Vec::new();
        for (i, ((parent, relative), inverse)) in parents?.zip(relatives?).zip(inverses?).enumerate() {
            let (joint, index) = (joint(i), if parent.value == -1 { None } else { Some(parent.index(i)?) });
            // This makes each finger a function of its own angles alone.
            let above = index.and_then(|parent| bones[parent].joint);
            if above.is_some_and(|above| joint.is_none_or(|joint| joint.finger != above.finger)) {
                return parent.expected("a bone of the same finger, or without a joint above it,");
            }
            bones.push(Bone { parent: index, relative: affine(&relative)?, inverse: affine(&inverse)?, joint });
        }
        Ok(bones)
    }

    /// Drops the vertices that no target asks for.
    fn new(
        theta: [f64; POSE],
        bones: Vec<Bone>,
        mut all: Vec<Vec<Influence>>,
        mut targets: Vec<Target>,
        mirrored: bool,
    ) -> Self {
        let mut places = vec![None; all.len()];
        let mut vertices = Vec::new();
        let mut keep = |at: &mut usize| {
            *at = *places[*at].get_or_insert_with(|| {
                vertices.push(std::mem::take(&mut all[*at]));
                vertices.len() - 1
            });
        };
        for target in &mut targets {
            match &mut target.place {
                Place::Vertex(at) => keep(at),
                Place::Triangle(corners, _) => corners.iter_mut().for_each(&mut keep),
            }
        }
        Self { theta, bones, vertices, targets, side: if mirrored { -1.0 } else { 1.0 } }
    }

    pub(crate) fn is_simple(&self) -> bool {
        self.targets.iter().all(|target| matches!(target.place, Place::Vertex(_)))
    }
}

/// `Rz(z)·Rx(x)`
fn turn<T: Real>(x: T, z: T) -> [[T; 3]; 3] {
    let ((sx, cx), (sz, cz)) = (x.sin_cos(), z.sin_cos());
    [[cz, -sz * cx, sz * sx], [sz, cz * cx, -cz * sx], [T::zero(), sx, cx]]
}

/// `A·B`, where B holds floats or numbers; `times` multiplies an entry of A by one of B.
fn product<T: Real, B: Copy>(a: &Affine<T>, b: &Affine<B>, times: impl Fn(T, B) -> T) -> Affine<T> {
    from_fn(|i| {
        from_fn(|j| {
            let sum = times(a[i][0], b[0][j]) + times(a[i][1], b[1][j]) + times(a[i][2], b[2][j]);
            if j == 3 { sum + a[i][3] } else { sum }
        })
    })
}

/// The transformation that each bone applies to vertices in their rest position, as a function of its finger's angles.
fn transformations<T: Real<Float = f64>>(input: &Input, angle: impl Fn(usize, usize) -> T) -> Vec<Affine<T>> {
    let mut absolute: Vec<Affine<T>> = Vec::with_capacity(input.bones.len());
    for bone in &input.bones {
        let mut relative = bone.relative.map(|row| row.map(T::from_float));
        if let Some(Joint { finger, x, z }) = bone.joint {
            let turn = turn(angle(finger, x), z.map_or(T::zero(), |z| angle(finger, z)));
            let base = bone.relative;
            for (row, base) in relative.iter_mut().zip(base) {
                for j in 0..3 {
                    row[j] = turn[0][j].times(base[0]) + turn[1][j].times(base[1]) + turn[2][j].times(base[2]);
                }
            }
        }
        absolute.push(bone.parent.map_or(relative, |parent| product(&absolute[parent], &relative, |a, b| a * b)));
    }
    let bones = absolute.iter().zip(&input.bones);
    bones
        .map(|(absolute, bone)| {
            let [x, y, z] = product(absolute, &bone.inverse, T::times);
            [x.map(|x| x.times(input.side)), y, z]
        })
        .collect()
}

/// `A·v`
fn moved<T: Real<Float = f64>>(a: &Affine<T>, v: [f64; 4]) -> [T; 3] {
    from_fn(|i| a[i][0].times(v[0]) + a[i][1].times(v[1]) + a[i][2].times(v[2]) + a[i][3].times(v[3]))
}

/// The motion of the whole hand: a rotation about r by the angle ‖r‖, and a translation.
fn motion<T: Real>([rx, ry, rz, tx, ty, tz]: [T; MOTION]) -> Affine<T> {
    let (zero, one) = (T::zero(), T::one());
    let angle = (rx * rx + ry * ry + rz * rz).sqrt();
    if angle < T::lit(1e-4) {
        return [[one, zero, zero, tx], [zero, one, zero, ty], [zero, zero, one, tz]];
    }
    let (sin, cos) = angle.sin_cos();
    let (x, y, z) = (rx / angle, ry / angle, rz / angle);
    let (xs, ys, zs, rest) = (x * sin, y * sin, z * sin, one - cos);
    let (xy, yz, zx) = (x * y * rest, y * z * rest, z * x * rest);
    [
        [x * x * rest + cos, xy - zs, zx + ys, tx],
        [xy + zs, y * y * rest + cos, yz - xs, ty],
        [zx - ys, yz + xs, z * z * rest + cos, tz],
    ]
}

/// `point - Gx`, where G or x or both may carry derivatives.
fn error<T, X, G>(motion: &Affine<G>, x: [X; 3], point: [f64; 3]) -> [T; 3]
where
    T: Real<Float = f64> + Add<G, Output = T>,
    X: Mul<G, Output = T> + Copy,
    G: Copy,
{
    let [i, j, k] = *motion;
    let row = |[a, b, c, shift]: [G; 4], point| T::from_float(point) - (x[0] * a + x[1] * b + x[2] * c + shift);
    [row(i, point[0]), row(j, point[1]), row(k, point[2])]
}

/// The point of a triangle in which the first two corners have the weights u.
fn inside<T: Real, X: Mul<U, Output = T> + Copy, U: Real>([a, b, c]: [&[X; 3]; 3], u: [U; 2]) -> [T; 3] {
    let rest = U::one() - u[0] - u[1];
    let at = |i: usize| a[i] * u[0] + b[i] * u[1] + c[i] * rest;
    [at(0), at(1), at(2)]
}

/// All errors, one target after another.
pub(crate) fn objective(input: &Input) -> Vec<f64> {
    let bones = transformations(input, |finger, k| input.theta[MOTION + ANGLES * finger + k]);
    let vertex = |influences: &Vec<Influence>| {
        influences.iter().fold([0.0; 3], |sum, influence| {
            let part = moved(&bones[influence.bone], influence.vertex);
            from_fn(|i| sum[i] + part[i])
        })
    };
    let vertices: Vec<[f64; 3]> = input.vertices.iter().map(vertex).collect();
    let motion = motion(from_fn(|i| input.theta[i]));
    let mut errors = Vec::with_capacity(3 * input.targets.len());
    for target in &input.targets {
        let x = match target.place {
            Place::Vertex(at) => vertices[at],
            Place::Triangle(corners, u) => inside(corners.map(|at| &vertices[at]), u),
        };
        errors.extend(error(&motion, x, target.point));
    }
    errors
}

/// The matrix rows of the Jacobian: the derivatives in u (unless the points are vertices), in the motion, and in the
/// angles of the fingers.
/// A bone depends on the angles of one finger only, so it needs 4 partials. The vertices join bones of several fingers,
/// and there these partials get their places among 20. u, motion and angles are differentiated one after another;
/// meanwhile the other variables are plain floats.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jacobian {
    vertices: Vec<[Bent; 3]>,
    pub(crate) rows: Vec<f64>,
}

/// A number with partials in the angles of all fingers.
type Bent = Dual<f64, { ANGLES * FINGERS }>;

impl Jacobian {
    pub(crate) fn fill(&mut self, input: &Input) {
        let theta = |k: usize| input.theta[k];
        let bones =
            transformations(input, |finger, k| Dual::<f64, ANGLES>::variable(theta(MOTION + ANGLES * finger + k), k));
        let vertex = |influences: &Vec<Influence>| {
            let mut sum = [Bent::constant(0.0); 3];
            for influence in influences {
                let part = moved(&bones[influence.bone], influence.vertex);
                for (sum, part) in sum.iter_mut().zip(part) {
                    sum.re += part.re;
                    if let Some(Joint { finger, .. }) = input.bones[influence.bone].joint {
                        let place = &mut sum.eps[ANGLES * finger..][..ANGLES];
                        place.iter_mut().zip(part.eps).for_each(|(s, p)| *s += p);
                    }
                }
            }
            sum
        };
        let Self { vertices, rows } = self;
        vertices.clear();
        vertices.extend(input.vertices.iter().map(vertex));
        let moving = motion(Dual::<f64, MOTION>::variables(from_fn(theta)));
        let still = moving.map(|row| row.map(|x| x.re));
        rows.clear();
        for target in &input.targets {
            let (x, in_u) = match target.place {
                Place::Vertex(at) => (vertices[at], None),
                Place::Triangle(at, u) => {
                    let corners = at.map(|at| &vertices[at]);
                    let fixed = corners.map(|corner| corner.map(|x| x.re));
                    let in_u = error(&still, inside(fixed.each_ref(), Dual::<f64, 2>::variables(u)), target.point);
                    (inside(corners, u), Some(in_u))
                }
            };
            let in_motion = error(&moving, x.map(|x| x.re), target.point);
            let in_angles = error(&still, x, target.point);
            for i in 0..3 {
                if let Some(in_u) = in_u {
                    rows.extend(in_u[i].eps);
                }
                rows.extend(in_motion[i].eps);
                rows.extend(in_angles[i].eps);
            }
        }
    }
}
