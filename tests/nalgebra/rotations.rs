//! Rotations and motions.

use super::eigenvalues::LIMIT;
use super::linear::{apart, column, length};
use super::modes::Mode;
use super::oracle::{
    Check, Checked, Jet, Path, fixed, homogeneous, identity, jets, left, rotation, same, single, turn, unit,
};
use nalgebra::{
    Complex, DMatrix, Isometry2, Isometry3, Matrix3, Orthographic3, Perspective3, Point2, Point3, Quaternion,
    Rotation2, Rotation3, Similarity2, Similarity3, Translation3, Unit, UnitComplex, UnitQuaternion, Vector3, convert,
    vector,
};
use nilpotent::linalg::{quaternion, so3};
use nilpotent::num_traits::One;

pub fn r3<N: Mode>(m: &Path) -> Rotation3<N> {
    Rotation3::from_matrix_unchecked(fixed(m))
}

pub fn uq<N: Mode>(xyzw: &Path) -> UnitQuaternion<N> {
    Unit::new_unchecked(Quaternion::from(fixed::<N, 4, 1>(xyzw)))
}

pub fn is_rotation<N: Mode>(r: &Rotation3<N>, v: &Path) -> Checked {
    Ok(same(&jets(r.matrix()), &rotation(v)))
}

pub fn is_unit<N: Mode>(q: &UnitQuaternion<N>, v: &Path) -> Checked {
    Ok(same(&jets(&q.coords), &unit(v)))
}

pub fn is<N: Mode>(v: &Vector3<N>, expected: &Path) -> Checked {
    Ok(same(&jets(v), expected))
}

/// The direction of column 0, the number x₀₁ as the angle, and both as a scaled axis.
pub fn axis_angle<N: Mode>(x: &Path) -> (Unit<Vector3<N>>, N, Path) {
    let axis = column(x, 0) * length(&column(x, 0)).recip();
    (Unit::new_unchecked(fixed(&axis)), x[(0, 1)].number::<N>(), axis * x[(0, 1)])
}

/// Two motions that differ by the rotation by column 1, the number x₀₂, and the quaternion at this fraction of the way
/// between them.
pub fn way<N: Mode>(x: &Path) -> ([Isometry3<N>; 2], N, Path) {
    let (from, to) = (unit(&column(x, 0)), left(&column(x, 1)) * unit(&column(x, 0)));
    let motion = |j, q| Isometry3::from_parts(Translation3::from(fixed::<N, 3, 1>(&column(x, j))), uq(q));
    let at = left(&(column(x, 1) * x[(0, 2)])) * &from;
    ([motion(0, &from), motion(1, &to)], x[(0, 2)].number::<N>(), at)
}

pub fn euler<N: Mode>(x: &Path) -> Checked {
    let about = |i: usize| {
        let mut v = Path::zeros(3, 1);
        v[i] = x[(i, 0)];
        v
    };
    let [r, p, y] = [0, 1, 2].map(|i| x[(i, 0)].number::<N>());
    let matrix = rotation(&about(2)) * rotation(&about(1)) * rotation(&about(0));
    let quaternion = left(&about(2)) * left(&about(1)) * unit(&about(0));
    let angles = |(r, p, y): (N, N, N)| same(&jets(&vector![r, p, y]), &column(x, 0));
    Ok([
        same(&jets(Rotation3::from_euler_angles(r, p, y).matrix()), &matrix),
        same(&jets(&UnitQuaternion::from_euler_angles(r, p, y).coords), &quaternion),
        angles(r3(&matrix).euler_angles()),
        angles(uq(&quaternion).euler_angles()),
    ]
    .concat())
}

pub fn angles<N: Mode>(x: &Path) -> Checked {
    let v = column(x, 0);
    let (r, q) = (r3::<N>(&rotation(&v)), uq::<N>(&unit(&v)));
    let all = [r.angle(), q.angle(), r.angle_to(&Rotation3::identity()), q.angle_to(&UnitQuaternion::identity())];
    Ok(all.into_iter().flat_map(|a| same(&single(a), &single(length(&v)))).collect())
}

pub fn plane<N: Mode>(x: &Path) -> Checked {
    let (s, t, u, a) = (x[0], x[1], x[2], column(x, 1).rows(0, 2).into_owned());
    let [ns, nt, nu] = [s, t, u].map(Jet::number::<N>);
    let (na, b) = (fixed::<N, 2, 1>(&a), turn(s) * &a);
    let nb = fixed::<N, 2, 1>(&b);
    let r = Rotation2::from_matrix_unchecked(fixed::<N, 2, 2>(&turn(s)));
    let c = UnitComplex::new_unchecked(Complex::new(s.cos().number::<N>(), s.sin().number::<N>()));
    let (r2, c2, mid) = (Rotation2::new(nt), UnitComplex::new(nt), s + (t - s) * u);
    let (m, m2) = (Isometry2::from_parts(na.into(), c), Isometry2::from_parts(nb.into(), c2));
    let one = Jet::one();
    let (h, h2) = (homogeneous(&turn(s), one, &a), homogeneous(&turn(t), one, &b));
    let scaled = homogeneous(&turn(s), u + Jet::constant(2.0), &a);
    let similar = Similarity2::from_isometry(m, nu + N::lit(2.0));
    Ok([
        same(&jets(Rotation2::new(ns).matrix()), &turn(s)),
        same(&jets(r.powf(nt).matrix()), &turn(s * t)),
        same(&jets(r.slerp(&r2, nu).matrix()), &turn(mid)),
        same(&jets(Rotation2::rotation_between(&na, &nb).matrix()), &turn(s)),
        same(&single(r.angle()), &single(s)),
        same(&single(r2.angle_to(&r)), &single(s - t)),
        same(&jets(UnitComplex::new(ns).to_rotation_matrix().matrix()), &turn(s)),
        same(&jets(c.powf(nt).to_rotation_matrix().matrix()), &turn(s * t)),
        same(&jets(c.slerp(&c2, nu).to_rotation_matrix().matrix()), &turn(mid)),
        same(&jets(UnitComplex::rotation_between(&na, &nb).to_rotation_matrix().matrix()), &turn(s)),
        same(&single(c.angle()), &single(s)),
        same(&jets(&(m * m2).to_homogeneous()), &(&h * &h2)),
        same(&(jets(&m.inverse().to_homogeneous()) * &h), &identity(3)),
        same(&jets(&(m * Point2::from(nb)).coords), &(turn(s) * &b + &a)),
        same(&jets(&m.lerp_slerp(&m2, nu).to_homogeneous()), &homogeneous(&turn(mid), one, &(&a + (&b - &a) * u))),
        same(&jets(&similar.to_homogeneous()), &scaled),
        same(&(jets(&similar.inverse().to_homogeneous()) * scaled), &identity(3)),
    ]
    .concat())
}

pub fn space<N: Mode>(x: &Path) -> Checked {
    let ([m, m2], _, _) = way::<N>(x);
    let (a, b, scale) = (column(x, 0), column(x, 1), x[(2, 2)] + Jet::constant(2.0));
    let (r, r2) = (rotation(&a), rotation(&b) * rotation(&a));
    let (h, h2) = (homogeneous(&r, Jet::one(), &a), homogeneous(&r2, Jet::one(), &b));
    let scaled = homogeneous(&r, scale, &a);
    let similar = Similarity3::from_isometry(m, scale.number::<N>());
    let p = fixed::<N, 3, 1>(&b);
    // A camera's view: the point in front of it, an angle of view about 1, and depths about 1 and 3.
    let [aspect, fovy, near, far] = [1.5, 1.0, 1.0, 3.0].map(Jet::constant);
    let (aspect, fovy, near, far) = (aspect + a[0] * a[0], fovy + a[1] * a[1], near + a[2] * a[2], far + b[0] * b[0]);
    let z = b[2] * b[2] + Jet::constant(1.0);
    let seen = Point3::new(b[0].number::<N>(), b[1].number::<N>(), (-z).number::<N>());
    let [naspect, nfovy, nnear, nfar] = [aspect, fovy, near, far].map(Jet::number::<N>);
    let half = fovy * Jet::constant(0.5);
    let (f, depth) = (half.cos() * half.sin().recip(), (far - near).recip());
    let two = Jet::constant(2.0);
    let projected = [
        b[0] * f * (aspect * z).recip(),
        b[1] * f * z.recip(),
        ((far + near) * z - two * far * near) * (depth * z.recip()),
    ];
    let width = [aspect + b[0], fovy + b[1]];
    let boxed = [
        (b[0] * two - width[0] + aspect) * (width[0] + aspect).recip(),
        (b[1] * two - width[1] + fovy) * (width[1] + fovy).recip(),
        (z * two - far - near) * depth,
    ];
    let [right, top] = width.map(Jet::number::<N>);
    let camera = Perspective3::new(naspect, nfovy, nnear, nfar);
    let brick = Orthographic3::new(-naspect, right, -nfovy, top, nnear, nfar);
    let three = |x: [Jet; 3]| DMatrix::from_column_slice(3, 1, &x);
    Ok([
        same(&jets(&(m * m2).to_homogeneous()), &(&h * &h2)),
        same(&(jets(&m.inverse().to_homogeneous()) * &h), &identity(4)),
        same(&jets(&(m * Point3::from(p)).coords), &(&r * &b + &a)),
        same(&jets(&m.inverse_transform_vector(&p)), &(r.transpose() * &b)),
        same(&jets(&similar.to_homogeneous()), &scaled),
        same(&(jets(&similar.inverse().to_homogeneous()) * scaled), &identity(4)),
        same(&jets(&camera.project_point(&seen).coords), &three(projected)),
        same(&jets(&camera.unproject_point(&camera.project_point(&seen)).coords), &jets(&seen.coords)),
        same(&jets(&brick.project_point(&seen).coords), &three(boxed)),
    ]
    .concat())
}

pub fn of_matrix<N: Mode>(x: &Path) -> Checked {
    let v = column(x, 0);
    let (m, guess) = (fixed::<N, _, _>(&rotation(&v)), Rotation3::identity());
    is_rotation(&Rotation3::from_matrix_eps(&m, convert(f64::EPSILON), LIMIT, guess), &v)
}

/// Newton's iteration for the nearest rotation (Schulz), from a matrix whose value is a rotation.
pub fn of_matrix_by_newton<N: Mode>(x: &Path) -> Checked {
    let v = column(x, 0);
    let nearer = |m: Matrix3<N>| m * (Matrix3::from_diagonal_element(N::lit(3.0)) - m.tr_mul(&m)) * N::lit(0.5);
    is_rotation(&Rotation3::from_matrix_unchecked(nearer(nearer(fixed(&rotation(&v))))), &v)
}

/// The quaternion `w + v`, as two parts and as one vector, and its exponential.
pub fn logarithm<N: Mode>(x: &Path) -> (N, Vector3<N>, Path, Path) {
    let (w, v) = (x[(0, 1)], column(x, 0));
    let exp = unit(&(&v * Jet::constant(2.0))) * w.exp();
    (w.number::<N>(), fixed(&v), DMatrix::from_column_slice(4, 1, &[v[0], v[1], v[2], w]), exp)
}

pub fn scaled_axis<N: Mode>() -> [Check; 2] {
    [
        |x| is_rotation(&Rotation3::from_scaled_axis(fixed::<N, 3, 1>(&column(x, 0))), &column(x, 0)),
        |x| is_unit(&UnitQuaternion::from_scaled_axis(fixed::<N, 3, 1>(&column(x, 0))), &column(x, 0)),
    ]
}

pub fn our_scaled_axis<N: Mode>() -> [Check; 2] {
    [
        |x| is_rotation(&so3::exp(&fixed::<N, _, _>(&column(x, 0))), &column(x, 0)),
        |x| is_unit(&quaternion::from_scaled_axis(&fixed::<N, _, _>(&column(x, 0))), &column(x, 0)),
    ]
}

pub fn by_axis_angle<N: Mode>() -> [Check; 1] {
    [|x| {
        let (axis, angle, v) = axis_angle::<N>(x);
        is_rotation(&Rotation3::from_axis_angle(&axis, angle), &v)
    }]
}

pub fn axes<N: Mode>() -> [Check; 3] {
    [
        |x| is(&r3::<N>(&rotation(&column(x, 0))).scaled_axis(), &column(x, 0)),
        |x| is(&uq::<N>(&unit(&column(x, 0))).scaled_axis(), &column(x, 0)),
        |x| is(&uq::<N>(&unit(&column(x, 0))).ln().imag(), &column(x, 0)),
    ]
}

pub fn our_axes<N: Mode>() -> [Check; 2] {
    [
        |x| is(&so3::log(&r3::<N>(&rotation(&column(x, 0)))), &column(x, 0)),
        |x| is(&quaternion::scaled_axis(&uq::<N>(&unit(&column(x, 0)))), &column(x, 0)),
    ]
}

pub fn powers<N: Mode>() -> [Check; 2] {
    [
        |x| is_rotation(&r3::<N>(&rotation(&column(x, 0))).powf(x[(0, 1)].number::<N>()), &(column(x, 0) * x[(0, 1)])),
        |x| is_unit(&uq::<N>(&unit(&column(x, 0))).powf(x[(0, 1)].number::<N>()), &(column(x, 0) * x[(0, 1)])),
    ]
}

pub fn our_powers<N: Mode>() -> [Check; 1] {
    [|x| {
        let q = uq(&unit(&column(x, 0)));
        is_unit(&quaternion::powf(&q, x[(0, 1)].number::<N>()), &(column(x, 0) * x[(0, 1)]))
    }]
}

pub fn ways<N: Mode>() -> [Check; 2] {
    [
        |x| {
            let ([m, m2], t, at) = way::<N>(x);
            let q = m.rotation.try_slerp(&m2.rotation, t, convert(f64::EPSILON)).ok_or("None")?;
            Ok(same(&jets(&q.coords), &at))
        },
        |x| {
            let ([m, m2], t, at) = way::<N>(x);
            let q = m.try_lerp_slerp(&m2, t, convert(f64::EPSILON)).ok_or("None")?;
            Ok(same(&jets(&q.rotation.coords), &at))
        },
    ]
}

pub fn our_ways<N: Mode>() -> [Check; 1] {
    [|x| {
        let ([m, m2], t, at) = way::<N>(x);
        Ok(same(&jets(&quaternion::slerp(&m.rotation, &m2.rotation, t).coords), &at))
    }]
}

pub fn between<N: Mode>() -> [Check; 2] {
    [
        |x| {
            let [a, b, by] = apart(x);
            is_rotation(&Rotation3::rotation_between(&fixed::<N, 3, 1>(&a), &fixed::<N, 3, 1>(&b)).ok_or("None")?, &by)
        },
        |x| {
            let [a, b, by] = apart(x);
            is_unit(&UnitQuaternion::rotation_between(&fixed::<N, 3, 1>(&a), &fixed::<N, 3, 1>(&b)).ok_or("None")?, &by)
        },
    ]
}

pub fn our_between<N: Mode>() -> [Check; 1] {
    [|x| {
        let [a, b, by] = apart(x);
        is_unit(&quaternion::rotation_between(&fixed::<N, 3, 1>(&a), &fixed::<N, 3, 1>(&b)).ok_or("None")?, &by)
    }]
}

pub fn quaternion_exp<N: Mode>(x: &Path) -> Checked {
    let (w, v, _, exp) = logarithm::<N>(x);
    Ok(same(&jets(&Quaternion::from_parts(w, v).exp().coords), &exp))
}

pub fn quaternion_ln<N: Mode>(x: &Path) -> Checked {
    let (_, _, ln, exp) = logarithm::<N>(x);
    Ok(same(&jets(&Quaternion::from(fixed::<N, 4, 1>(&exp)).ln().coords), &ln))
}
