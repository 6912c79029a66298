//! States of several parts as points: an inertial filter's matrices against closed forms, and every kind of compound.
#![cfg(feature = "nalgebra")]

use nalgebra::{
    Isometry2, Isometry3, Matrix2, Matrix3, Point2, Point3, RealField, Rotation2, SMatrix, SVector, Scalar,
    Translation3, UnitComplex, UnitQuaternion, Vector2, Vector3, Vector6, matrix, vector,
};
use nilpotent::linalg::{self, Left, Number, se2, se3};
use nilpotent::{Dual, Taylor, boxminus, boxplus, reverse};
use std::cell::Cell;

/// The state of an inertial navigation filter.
#[derive(Clone, Debug)]
struct Nav<T> {
    pose: Isometry3<T>,
    velocity: Vector3<T>,
    gyroscope_bias: Vector3<T>,
    accelerometer_bias: Vector3<T>,
}

nilpotent::point!(Nav<T: Number> {
    pose: Isometry3<T>,
    velocity: Vector3<T>,
    gyroscope_bias: Vector3<T>,
    accelerometer_bias: Vector3<T>,
});

const DT: f64 = 0.1;
const GRAVITY: Vector3<f64> = Vector3::new(0.0, 0.0, -9.81);
const TURN: Vector3<f64> = Vector3::new(0.7, -1.1, 0.4);
const FORCE: Vector3<f64> = Vector3::new(1.5, -0.7, 9.2);
const LANDMARK: Point3<f64> = Point3::new(12.0, -7.0, 3.0);

/// One step of the integration of a gyroscope and an accelerometer.
fn step<T: Number + From<f64>>(x: Nav<T>) -> Nav<T> {
    let dt = T::lit(DT);
    let turn = (linalg::lift(&TURN) - x.gyroscope_bias) * dt;
    let acceleration: Vector3<T> =
        x.pose.rotation * (linalg::lift::<_, T>(&FORCE) - x.accelerometer_bias) + linalg::lift::<_, T>(&GRAVITY);
    let position = x.pose.translation.vector + x.velocity * dt + acceleration * (dt * dt * T::lit(0.5));
    let rotation = x.pose.rotation * linalg::quaternion::from_scaled_axis(&turn);
    Nav { pose: Isometry3::from_parts(position.into(), rotation), velocity: x.velocity + acceleration * dt, ..x }
}

/// Range, bearing and elevation of the landmark, as the body sees it.
fn seen<T: Number + From<f64>>(x: Nav<T>) -> Vector3<T> {
    let d = x.pose.inverse_transform_point(&linalg::lift(&LANDMARK)).coords;
    let ground = linalg::norm(&d.xy());
    vector![linalg::norm(&d), RealField::atan2(d.y, d.x), RealField::atan2(d.z, ground)]
}

fn nav() -> Nav<f64> {
    Nav {
        pose: Isometry3::new(vector![2.0, -1.0, 0.5], vector![0.4, 0.9, -1.3]),
        velocity: vector![3.0, 0.2, -0.6],
        gyroscope_bias: vector![0.02, -0.01, 0.03],
        accelerometer_bias: vector![-0.1, 0.3, 0.2],
    }
}

/// The right Jacobian of SO(3): `exp(v + δ) = exp(v)·exp(Jᵣ(v)·δ)` to first order, with
/// `Jᵣ(v) = I - (1 - cos θ)/θ²·[v]× + (θ - sin θ)/θ³·[v]×²`, θ = ‖v‖ (Chirikjian, *Stochastic models, information theory,
/// and Lie groups* II, 2012, section 10.6).
fn right_jacobian(v: Vector3<f64>) -> Matrix3<f64> {
    let (angle, cross) = (v.norm(), v.cross_matrix());
    Matrix3::identity() - cross * ((1.0 - angle.cos()) / angle.powi(2))
        + cross * cross * ((angle - angle.sin()) / angle.powi(3))
}

fn close<const R: usize, const C: usize>(found: SMatrix<f64, R, C>, expected: SMatrix<f64, R, C>, bar: f64) {
    let error = (found - expected).amax();
    assert!(error <= bar, "{error:e}\n{found}{expected}");
}

/// With R the attitude, f = force - bias, φ = (turn - bias)·dt, E = exp [φ]×, and steps u of the position in the frame of the
/// body, θ of the attitude, and δv, δg, δa of the others:
///
/// - The acceleration is `R·f + g`, so it changes by `α = -R·[f]×·θ - R·δa`.
/// - The position p changes by R·u, so the new one by `R·u + dt·δv + dt²/2·α`. In the new frame of the body, R·E, this is
///   `u' = Eᵀ·u - dt²/2·Eᵀ·[f]×·θ + dt·Eᵀ·Rᵀ·δv - dt²/2·Eᵀ·δa`.
/// - `R·exp θ·exp(φ - dt·δg) = R·exp θ·E·exp(-dt·Jᵣ(φ)·δg) = R·E·exp(Eᵀ·θ)·exp(-dt·Jᵣ(φ)·δg)`, so
///   `θ' = Eᵀ·θ - dt·Jᵣ(φ)·δg`.
/// - The velocity changes by `δv + dt·α`.
#[test]
fn the_transition_matrix_of_a_filter_is_the_one_by_hand() {
    let x = nav();
    let (y, found): (Nav<f64>, SMatrix<f64, 15, 15>) = linalg::differential(step, &x);

    let r = *x.pose.rotation.to_rotation_matrix().matrix();
    let (f, turn) = (FORCE - x.accelerometer_bias, (TURN - x.gyroscope_bias) * DT);
    let back = *UnitQuaternion::from_scaled_axis(turn).inverse().to_rotation_matrix().matrix();
    let half = 0.5 * DT * DT;
    let mut expected = SMatrix::<f64, 15, 15>::identity();
    let mut set = |row, column, block: Matrix3<f64>| {
        expected.fixed_view_mut::<3, 3>(row, column).copy_from(&block);
    };
    let [position, attitude] = [0, 3];
    let [velocity, gyroscope, accelerometer] = [6, 9, 12];
    set(position, position, back);
    set(position, attitude, -back * f.cross_matrix() * half);
    set(position, velocity, back * r.transpose() * DT);
    set(position, accelerometer, -back * half);
    set(attitude, attitude, back);
    set(attitude, gyroscope, -right_jacobian(turn) * DT);
    set(velocity, attitude, -r * f.cross_matrix() * DT);
    set(velocity, accelerometer, -r * DT);
    close(found, expected, 1e-14);

    // The values are those of the step on plain floats.
    let plain = step(x);
    assert_eq!((y.velocity, y.gyroscope_bias), (plain.velocity, plain.gyroscope_bias));
    assert!(y.pose.rotation.angle_to(&plain.pose.rotation) < 1e-15);
}

/// The landmark ℓ is at `d = Rᵀ·(ℓ - p)`. A step changes this to `exp(-θ)·(d - u)`, that is by `-u + [d]×·θ`. With
/// `ρ² = d₁² + d₂²` and r = ‖d‖ the derivatives of range, bearing and elevation in d are `dᵀ/r`, `(-d₂, d₁, 0)/ρ²` and
/// `(-d₁·d₃/ρ, -d₂·d₃/ρ, ρ)/r²`.
#[test]
fn the_measurement_matrix_of_a_filter_is_the_one_by_hand() {
    let x = nav();
    let (_, found): (_, SMatrix<f64, 3, 15>) = linalg::jacobian(seen, &x);
    let r = *x.pose.rotation.to_rotation_matrix().matrix();
    let d = r.transpose() * (LANDMARK.coords - x.pose.translation.vector);
    let (ground, range) = (d.x.hypot(d.y), d.norm());
    let in_d = Matrix3::from_rows(&[
        d.transpose() / range,
        vector![-d.y, d.x, 0.0].transpose() / ground.powi(2),
        vector![-d.x * d.z / ground, -d.y * d.z / ground, ground].transpose() / range.powi(2),
    ]);
    let mut expected = SMatrix::<f64, 3, 15>::zeros();
    expected.fixed_columns_mut::<3>(0).copy_from(&-in_d);
    expected.fixed_columns_mut::<3>(3).copy_from(&(in_d * d.cross_matrix()));
    close(found, expected, 1e-14);
    // By the rows of a tuple: a fix of position, R·u, and of attitude, θ.
    let (_, found) = linalg::differential(|x: Nav<Dual<f64, 15>>| (x.pose.translation.vector, x.pose.rotation), &x);
    let mut expected = SMatrix::<f64, 6, 15>::zeros();
    expected.fixed_view_mut::<3, 3>(0, 0).copy_from(&r);
    expected.fixed_view_mut::<3, 3>(3, 3).fill_with_identity();
    close(found, expected, 1e-14);
}

#[test]
fn fixed_states_take_one_pass_without_heap() {
    let x = nav();
    let calls = Cell::new(0);
    let counted = |x: Nav<Dual<f64, 15>>| {
        calls.set(calls.get() + 1);
        step(x)
    };
    let allocations = allocation_counter::measure(|| {
        std::hint::black_box(linalg::differential(counted, &x));
    });
    assert_eq!((allocations.count_total, calls.get()), (0, 1));
    let parts = (x.pose, x.velocity, [x.pose.rotation; 2]);
    let allocations = allocation_counter::measure(|| {
        calls.set(0);
        let f = |(pose, v, q): (Isometry3<Dual<f64, 15>>, Vector3<_>, [UnitQuaternion<_>; 2])| {
            calls.set(calls.get() + 1);
            q[0] * (q[1] * (pose * v))
        };
        let (_, j): (_, SMatrix<f64, 3, 15>) = linalg::jacobian(f, &parts);
        std::hint::black_box(j);
        let y = boxplus(&parts, &SVector::<f64, 15>::repeat(0.1));
        std::hint::black_box(y);
    });
    assert_eq!((allocations.count_total, calls.get()), (0, 1));
}

/// Each part of a point alone, both in a tuple and by itself, has the Jacobian that it has elsewhere.
#[test]
fn columns_follow_the_parts() {
    let q = UnitQuaternion::from_euler_angles(0.3, -0.2, 0.9);
    let z = UnitComplex::new(0.8);
    let x = (
        2.0_f64,
        [3.0, 4.0],
        Point2::new(5.0, 6.0),
        matrix![7.0, 9.0; 8.0, 10.0],
        q,
        (z, Rotation2::new(0.5)),
        Translation3::new(1.0, 2.0, 3.0),
        [vector![1.0, 2.0], vector![3.0, 4.0]],
    );
    type D = Dual<f64, 21>;
    type X = (
        D,
        [D; 2],
        Point2<D>,
        Matrix2<D>,
        UnitQuaternion<D>,
        (UnitComplex<D>, Rotation2<D>),
        Translation3<D>,
        [Vector2<D>; 2],
    );
    // Every variable occurs once.
    let f = |(a, [b, c], p, m, q, (z, r), t, [u, v]): X| {
        let flat = SVector::from([a, b, c, p.x, p.y, m[(0, 0)], m[(1, 0)], m[(0, 1)], m[(1, 1)]]);
        let turned = q * linalg::lift::<_, D>(&Vector3::<f64>::x());
        let planes = [z * linalg::lift::<_, D>(&Vector2::<f64>::x()), r * linalg::lift::<_, D>(&Vector2::<f64>::x())];
        (flat, turned, planes, t, u, v)
    };
    let (y, j) = linalg::differential(f, &x);
    assert_eq!(y.0, SVector::from([2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]));
    let mut expected = SMatrix::<f64, 23, 21>::zeros();
    expected.fixed_view_mut::<9, 9>(0, 0).fill_with_identity();
    let turned = -q.to_rotation_matrix().matrix() * Vector3::x().cross_matrix();
    expected.fixed_view_mut::<3, 3>(9, 9).copy_from(&turned);
    expected.fixed_view_mut::<2, 1>(12, 12).copy_from(&vector![-z.im, z.re]);
    expected.fixed_view_mut::<2, 1>(14, 13).copy_from(&vector![-0.5_f64.sin(), 0.5_f64.cos()]);
    expected.fixed_view_mut::<7, 7>(16, 14).fill_with_identity();
    close(j, expected, 1e-15);
}

/// A motion x of the plane, with rotation R, takes a to R·a + t. With J the quarter turn, `x·exp [u, θ]·a` changes by
/// `R·(u + θ·J·a)`, and `exp [u, θ]·x·a` by `u + θ·J·(x·a)`.
#[test]
fn motions_of_the_plane_are_perturbed_from_both_sides() {
    let a = vector![1.3, -0.4];
    let quarter = matrix![0.0, -1.0; 1.0, 0.0];
    let act = |x: Isometry2<Dual<f64, 3>>| (x * linalg::lift::<_, Dual<f64, 3>>(&Point2::from(a))).coords;
    for angle in [0.0, 1e-9, 0.7, 3.0, -3.1] {
        let x = Isometry2::new(vector![0.6, 2.0], angle);
        let (r, y) = (*x.rotation.to_rotation_matrix().matrix(), (x * Point2::from(a)).coords);
        let (_, right) = linalg::jacobian(act, &x);
        let turned = r * quarter * a;
        close(right, matrix![r.m11, r.m12, turned.x; r.m21, r.m22, turned.y], 1e-15);
        let (_, left) = linalg::jacobian(act, Left(&x));
        let turned = quarter * y;
        close(left, matrix![1.0, 0.0, turned.x; 0.0, 1.0, turned.y], 1e-15);
    }
}

/// The exponential of SE(2) against that of matrices, and its differential against the right Jacobian in Solà et al., *A
/// micro Lie theory for state estimation in robotics*, 2018, equation 163, which at θ = 0 has the limit `[1, 0, -v/2; 0, 1, u/2;
/// 0, 0, 1]`.
#[test]
fn the_exponential_of_the_plane_is_the_matrix_exponential() {
    let (u, v) = (1.5, -0.8);
    for angle in [0.0, 1e-200, 1e-8, 0.3, -1.9, 1.999, 2.001, 3.1] {
        let x = vector![u, v, angle];
        let matrix = matrix![0.0, -angle, u; angle, 0.0, v; 0.0, 0.0, 0.0].exp();
        let (y, j) = linalg::differential(|x| se2::exp(&x), &x);
        close(y.to_homogeneous(), matrix, 1e-14);
        close(se2::log(&y), x, 1e-14);
        let expected = if angle.abs() < 1e-3 {
            matrix![1.0, angle / 2.0, -v / 2.0; -angle / 2.0, 1.0, u / 2.0; 0.0, 0.0, 1.0]
        } else {
            let (s, c) = angle.sin_cos();
            let square = angle * angle;
            matrix![
                s / angle, (1.0 - c) / angle, (angle * u - v + v * c - u * s) / square;
                (c - 1.0) / angle, s / angle, (u + angle * v - u * c - v * s) / square;
                0.0, 0.0, 1.0
            ]
        };
        close(j, expected, if angle.abs() < 1e-3 { 1e-8 } else { 1e-14 });
        let (_, back) = linalg::jacobian(|y| se2::log(&y), &y);
        close(back * j, Matrix3::identity(), 1e-13);
    }
    // The first coordinate is `c₁·u - θ·c₂·v` with c₁ = 1 - θ²/6 + …, c₂ = 1/2 - …, so its second derivatives at 0 are these.
    let first = |x: Vector3<_>| se2::exp(&x).translation.x;
    let (_, _, h) = linalg::hessian(first, &vector![u, v, 0.0]);
    assert_eq!(h, matrix![0.0, 0.0, 0.0; 0.0, 0.0, -0.5; 0.0, -0.5, -u / 3.0]);
}

/// A robot's path: the numbers of its parts are known at run time.
#[derive(Clone, Debug)]
struct Map<T: Scalar> {
    poses: Vec<Isometry2<T>>,
    landmarks: Vec<Point2<T>>,
    scale: T,
}

nilpotent::point!(Map<T: Number> { poses: Vec<Isometry2<T>>, landmarks: Vec<Point2<T>>, scale: T });

fn map() -> Map<f64> {
    Map {
        poses: (0..4).map(|i| Isometry2::new(vector![f64::from(i), 0.5], 0.2 * f64::from(i))).collect(),
        landmarks: (0..3).map(|i| Point2::new(2.0, f64::from(i))).collect(),
        scale: 1.5,
    }
}

#[test]
fn states_of_any_size_take_chunks() {
    let x = map();
    let calls = Cell::new(0);
    let f = |x: Map<Dual<f64, 8>>| {
        calls.set(calls.get() + 1);
        x.poses.iter().zip(&x.landmarks).map(|(pose, p)| (pose * p).x * x.scale).sum::<Dual<f64, 8>>()
    };
    let (_, g) = linalg::gradient(f, &x);
    // 4·3 + 3·2 + 1 variables.
    assert_eq!((g.len(), calls.get()), (19, 3));
    let ranges = x.ranges();
    assert_eq!((ranges.poses, ranges.landmarks, ranges.scale), (0..12, 12..18, 18..19));
    for (i, (pose, p)) in x.poses.iter().zip(&x.landmarks).enumerate() {
        let (s, c) = (pose.rotation.im, pose.rotation.re);
        let own = vector![c, -s, -c * p.y - s * p.x] * x.scale;
        assert!((g.fixed_rows::<3>(3 * i) - own).amax() < 1e-15);
        assert!((g.fixed_rows::<2>(12 + 2 * i) - vector![c, -s] * x.scale).amax() < 1e-15);
    }
    assert_eq!(g.fixed_rows::<3>(9).into_owned(), Vector3::zeros());
    let sum: f64 = x.poses.iter().zip(&x.landmarks).map(|(pose, p)| (pose * p).x).sum();
    assert!((g[18] - sum).abs() < 1e-15);

    let (_, in_reverse) =
        reverse::gradient(|x| x.poses.iter().zip(&x.landmarks).map(|(pose, p)| (pose * p).x * x.scale).sum(), &x);
    assert!((in_reverse - &g).amax() < 1e-15);

    let step = g * 0.1;
    let y = boxplus(&x, &step);
    assert!((boxminus(&y, &x) - step).amax() < 1e-14);
}

/// Slices, `Vec`s and arrays of poses, tuples with a `Vec`, and structs within them.
#[test]
fn parts_stand_in_slices_arrays_and_tuples() {
    let poses = map().poses;
    let (_, expected) = linalg::jacobian(|x: Map<_>| x.poses[2].translation.vector, &map());
    let (_, j) = linalg::jacobian(|x| x[2].translation.vector, &poses);
    assert_eq!((j.ncols(), j.column(6)), (12, expected.column(6)));
    let (_, j) = linalg::jacobian(|x| x[1].translation.vector, &poses[1..]);
    assert_eq!((j.ncols(), j.column(3)), (9, expected.column(6)));
    let (moved, j) = linalg::differential(|x| x.iter().map(|pose| pose.inverse()).collect::<Vec<_>>(), &poses);
    assert_eq!((moved.len(), j.shape(), j.column(6).rows(0, 6).amax()), (4, (12, 12), 0.0));
    let step = nalgebra::DVector::from_element(9, 0.1);
    let moved = boxplus(&poses[1..], &step);
    assert!((boxminus(&moved[..], &poses[1..]) - &step).amax() < 1e-15);
    assert_eq!(boxplus(&poses, &nalgebra::DVector::zeros(12)), poses);
    let array: [_; 4] = poses.clone().try_into().unwrap();
    let (_, j): (_, SMatrix<f64, 2, 12>) = linalg::jacobian(|x| x[2].translation.vector, &array);
    assert_eq!(j.column(6), expected.column(6));
    let (_, j) = linalg::jacobian(|(x, _)| x[2].translation.vector, &(poses, vector![1.0]));
    assert_eq!((j.ncols(), j.column(6)), (13, expected.column(6)));
    let (_, j): (_, SMatrix<f64, 3, 30>) = linalg::jacobian(|x| x[1].velocity, &[nav(), nav()]);
    assert_eq!(j, SMatrix::<f64, 3, 30>::from_fn(|i, k| if k == 21 + i { 1.0 } else { 0.0 }));
    let (_, j) = linalg::jacobian(|x| x[1].1, &vec![(nav(), Vector2::zeros()), (nav(), vector![1.0, 2.0])]);
    assert_eq!((j.ncols(), j.column(32).into_owned()), (34, vector![1.0, 0.0]));
}

/// A reference to a struct whose attitude is perturbed from the left.
#[derive(Clone, Copy, Debug)]
struct World<T> {
    attitude: UnitQuaternion<T>,
    position: Vector3<T>,
}

nilpotent::point!(World<T: Number> { #[left] attitude: UnitQuaternion<T>, position: Vector3<T> });

/// From the left, q·a changes by θ × q·a = -[q·a]×·θ.
#[test]
fn each_part_may_be_perturbed_from_the_left() {
    let (q, a) = (UnitQuaternion::from_euler_angles(0.3, -0.2, 0.9), vector![1.0, 2.0, 3.0]);
    let b: UnitQuaternion<f64> = UnitQuaternion::from_euler_angles(-1.0, 0.4, 0.1);
    let left = -(q * a).cross_matrix();
    let right = -q.to_rotation_matrix().matrix() * a.cross_matrix();
    let both = |l: Matrix3<f64>, r: Matrix3<f64>| {
        let mut j = SMatrix::<f64, 3, 6>::zeros();
        j.fixed_columns_mut::<3>(0).copy_from(&l);
        j.fixed_columns_mut::<3>(3).copy_from(&r);
        j
    };
    let one = Matrix3::identity();
    let (_, j) = linalg::jacobian(|(q, p)| q * linalg::lift::<_, _>(&a) + p, Left(&(q, a)));
    close(j, both(left, one), 1e-15);
    let (_, j) = linalg::jacobian(|(Left(q), p)| q * linalg::lift::<_, _>(&a) + p, &(Left(q), a));
    close(j, both(left, one), 1e-15);
    let (_, j) = linalg::jacobian(|(Left(p), q)| p * a_of(&a) + q * a_of(&a), &(Left(q), q));
    close(j, both(left, right), 1e-15);
    let x = World { attitude: q, position: a };
    let (_, j) = linalg::jacobian(|x: World<Dual<f64, 6>>| x.attitude * a_of(&a) + x.position, &x);
    close(j, both(left, one), 1e-15);

    // exp(δ)·q·b = exp(δ)·(q·b): the differential is the identity where result and point are perturbed from the left, and
    // R(b)ᵀ where from the right.
    let (_, j) = linalg::differential(|q| q * linalg::lift(&b), Left(&q));
    close(j, one, 1e-15);
    let (_, j) = linalg::differential(|q| q * linalg::lift(&b), &q);
    close(j, b.to_rotation_matrix().matrix().transpose(), 1e-15);
    let turned = |x: World<Dual<f64, 6>>| World { attitude: x.attitude * linalg::lift(&b), ..x };
    close(linalg::differential(turned, &x).1, SMatrix::identity(), 1e-15);

    let step = vector![0.1, -0.2, 0.3, 1.0, 2.0, 3.0];
    let y = boxplus(&x, &step);
    let turn = UnitQuaternion::from_scaled_axis(vector![0.1, -0.2, 0.3]);
    assert!(y.attitude.angle_to(&(turn * q)) < 1e-15);
    close(boxminus(&y, &x), step, 1e-15);
    let pair = boxplus(Left(&(q, a)), &step);
    assert!(pair.0.angle_to(&y.attitude) < 1e-15);
    close(boxminus(&pair, Left(&(q, a))), step, 1e-15);
}

fn a_of<const N: usize>(a: &Vector3<f64>) -> Vector3<Dual<f64, N>> {
    linalg::lift(a)
}

/// Both modes, and drivers of second order, at a state. A quadratic function of parts has known derivatives.
#[test]
fn all_drivers_take_states() {
    let x = (vector![1.0, 2.0], 3.0_f64, [Vector2::new(4.0, 5.0)]);
    let v = vector![1.0, 0.5, 2.0, -1.0, 3.0];
    fn f<T: Number>((a, b, [c]): (Vector2<T>, T, [Vector2<T>; 1])) -> T {
        a[0] * a[1] * b + b * b * c[0] + c[1] * c[1]
    }
    let gradient = vector![6.0, 3.0, 2.0 + 24.0, 9.0, 10.0];
    let hessian = matrix![
        0.0, 3.0, 2.0, 0.0, 0.0;
        3.0, 0.0, 1.0, 0.0, 0.0;
        2.0, 1.0, 8.0, 6.0, 0.0;
        0.0, 0.0, 6.0, 0.0, 0.0;
        0.0, 0.0, 0.0, 0.0, 2.0
    ];
    let value = 67.0;
    assert_eq!(linalg::gradient(f, &x), (value, gradient));
    assert_eq!(linalg::hessian(f, &x), (value, gradient, hessian));
    assert_eq!(linalg::hvp(f, &x, &v), (value, gradient, hessian * v));
    assert_eq!(nilpotent::jvp(f, &x, &v), (value, gradient.dot(&v)));
    assert_eq!(linalg::mixed_partial(f, &x, 2, 3), (value, [26.0, 9.0], 6.0));
    assert_eq!(linalg::laplacian(f, &x).2, 10.0);
    assert_eq!(reverse::gradient(f, &x), (value, gradient));
    assert_eq!(reverse::hessian(f, &x), (value, gradient, hessian));
    assert_eq!(reverse::hvp(f, &x, &v), (value, gradient, hessian * v));
    assert_eq!(linalg::check(|x| vector![f(x)], &x), Ok(()));
}

/// The gradient of a function of a pose, in reverse mode, at a state and at the pose alone.
#[test]
fn reverse_mode_goes_through_groups() {
    let x = nav();
    fn height<T: Number + From<f64>>(pose: Isometry3<T>) -> T {
        pose.transform_point(&linalg::lift(&LANDMARK)).z
    }
    let (_, alone) = reverse::gradient(height, &x.pose);
    let (_, g) = reverse::gradient(|x| height(x.pose) + x.velocity[1], &x);
    let (_, forward) = linalg::gradient(|x: Nav<Dual<f64, 15>>| height(x.pose) + x.velocity[1], &x);
    close(g, forward, 1e-14);
    assert_eq!(g.fixed_rows::<6>(0).into_owned(), alone);
    let r = *x.pose.rotation.to_rotation_matrix().matrix();
    let turned = -r * LANDMARK.coords.cross_matrix();
    let expected = Vector6::new(r.m31, r.m32, r.m33, turned.m31, turned.m32, turned.m33);
    close(alone, expected, 1e-14);
}

/// `x ⊞ (y ⊟ x) = y`, also where the rotation between is large.
#[test]
fn steps_lead_from_one_value_to_the_other() {
    let y = boxplus(&nav(), &SVector::<f64, 15>::from_fn(|i, _| (i as f64).sin() * 1.5));
    let step = boxminus(&y, &nav());
    close(step, SVector::from_fn(|i, _| (i as f64).sin() * 1.5), 1e-14);
    assert_eq!(boxplus(&nav(), &SVector::zeros()).velocity, nav().velocity);
    // The twist moves the body along its own axes.
    let moved = boxplus(&nav().pose, &vector![1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let along = nav().pose.rotation * Vector3::x();
    assert!((moved.translation.vector - nav().pose.translation.vector - along).norm() < 1e-15);
}

#[test]
fn columns_have_names() {
    const COLUMNS: [std::ops::Range<usize>; 2] = [Nav::columns().velocity, Nav::columns().accelerometer_bias];
    assert_eq!(COLUMNS, [6..9, 12..15]);
    assert_eq!((Nav::columns().pose, Nav::columns().gyroscope_bias), (0..6, 9..12));
    assert_eq!(nav().ranges().velocity, 6..9);
}

#[test]
fn functions_may_fail() {
    let f = |x: Nav<Dual<f64, 15>>| (x.velocity[0] > 0.0).then(|| step(x));
    let (y, j) = linalg::try_differential(f, &nav()).expect("the velocity is positive");
    let plain = linalg::differential(step, &nav());
    assert_eq!((y.pose, j), (plain.0.pose, plain.1));
    assert!(linalg::try_differential(f, &Nav { velocity: Vector3::zeros(), ..nav() }).is_none());
}

#[test]
#[should_panic(expected = "depends on its value: call `ranges` on it")]
fn columns_of_varying_parts_are_refused() {
    let _ = Map::columns();
}

#[test]
#[should_panic(expected = "the point has 19 coordinates and the direction has 3")]
fn steps_of_the_wrong_length_are_refused() {
    let _ = boxplus(&map(), &nalgebra::DVector::zeros(3));
}

#[test]
#[should_panic(expected = "the difference of 3 parts and 4")]
fn differences_of_different_lengths_are_refused() {
    let mut y = map();
    y.poses.pop();
    let _ = boxminus(&y, &map());
}

#[test]
#[should_panic(expected = "the function returned 9 values at first and 12 later")]
fn results_of_changing_length_are_refused() {
    let calls = Cell::new(2);
    linalg::differential(
        |x: Map<Dual<f64, 8>>| {
            calls.set(calls.get() + 1);
            x.poses[..calls.get().min(4)].to_vec()
        },
        &map(),
    );
}

/// The real part of exp(s·u) is cos(s·‖u‖/2), and log(exp(s·x)) = s·x, with all derivatives in s: also where s is so small that
/// most powers of the series are left out.
#[test]
fn short_series_have_all_derivatives() {
    type D = Taylor<f64, 6>;
    let (u, x) = (vector![0.3, -0.5, 0.7], vector![1.0, -2.0, 0.5, 0.3, -0.5, 0.7]);
    let half = u.norm() / 2.0;
    for s in [0.0, 1e-200, 1e-14, 1e-12, 3e-12, 1e-6] {
        let real = |s: D| linalg::quaternion::from_scaled_axis(&(linalg::lift::<_, D>(&u) * s)).w;
        let (sin, cos) = (half * s).sin_cos();
        let expected = [-sin, -cos, sin, cos, -sin, -cos];
        for (k, (d, e)) in (1..).zip(nilpotent::nth_derivative(real, s).1.into_iter().zip(expected)) {
            let expected = e * half.powi(k);
            assert!((d - expected).abs() <= 1e-13 * expected.abs(), "{s:e}, order {k}: {d:e}, expected {expected:e}");
        }
        let back = |s: D| se3::log(&se3::exp(&(linalg::lift::<_, D>(&x) * s)));
        let (_, derivatives) = nilpotent::nth_derivative(back, s);
        for (d, x) in derivatives.iter().zip(&x) {
            assert!((d[0] - x).abs() < 1e-15 && d[1..].iter().all(|d| d.abs() < 1e-14), "{s:e}: {d:?}");
        }
    }
}
