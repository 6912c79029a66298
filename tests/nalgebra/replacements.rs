//! `linalg` by itself: at more points, to higher orders, compared with nalgebra, and where it fails.

use super::common::{D1, D2, D3, Depth, assert_close};
use super::linear::{column, determinants, length, pseudo_inverse};
use super::modes::Mode;
use super::oracle::{
    Check, Checked, Jet, Path, at_angle, determinant, diagonal, error, fixed, identity, jets, left, motion, numbers,
    path, rotation, same, single, some, unit,
};
use super::rotations::{our_axes, our_scaled_axis, r3, uq};
use nalgebra::storage::Storage;
use nalgebra::{
    ComplexField, DMatrix, DVector, Dim, Isometry3, Matrix, Matrix3, RealField, Rotation3, Translation3,
    UnitQuaternion, Vector3, Vector6, matrix, vector,
};
use nilpotent::linalg::{self, Lu, Number, quaternion, se3, so3};
use nilpotent::num_traits::{One, Zero};
use nilpotent::{Dual, Dual32, Error, Var};
use std::f64::consts::{FRAC_PI_2, PI};

#[track_caller]
fn assert_right(checked: Checked, tolerance: f64) {
    let error = error(&checked.unwrap());
    assert!(error <= tolerance, "{error:e}");
}

/// A twist with column 1 as the translation, and column 0 as the rotation.
fn twist(x: &Path) -> Path {
    DMatrix::from_iterator(6, 1, column(x, 1).iter().chain(column(x, 0).iter()).copied())
}

fn se3_exp<N: Mode>(x: &Path) -> Checked {
    Ok(same(&jets(&se3::exp(&fixed::<N, 6, 1>(&twist(x))).to_homogeneous()), &motion(&column(x, 1), &column(x, 0))))
}

fn se3_log<N: Mode>(x: &Path) -> Checked {
    let to = motion(&column(x, 1), &column(x, 0)).view((0, 3), (3, 1)).into_owned();
    let motion = Isometry3::from_parts(Translation3::from(fixed::<N, 3, 1>(&to)), uq(&unit(&column(x, 0))));
    Ok(same(&jets(&se3::log(&motion)), &twist(x)))
}

fn lie_groups_at<N: Mode>(angle: f64) {
    let x = path(2, &at_angle(angle));
    let right = |f| assert_right(N::run(f, &x), 1e-13);
    our_scaled_axis::<N>().into_iter().chain([se3_exp::<N> as Check]).for_each(right);
    if angle <= PI {
        our_axes::<N>().into_iter().chain([se3_log::<N> as Check]).for_each(right);
    }
}

/// At the identity, on both sides of the ends of each series (0.49, 1, 2 and 4), and near π.
#[test]
fn lie_groups_at_any_angle() {
    for angle in [0.0, 1e-12, 1e-8, 1e-3, 0.489, 0.491, 0.999, 1.001, 1.999, 2.001, 3.1, PI - 1e-9, PI, 3.999, 4.001] {
        lie_groups_at::<D2>(angle);
        lie_groups_at::<Var<D1>>(angle);
    }
}

/// Where the rotations by v and -v are equal, the logarithm is one of both, and follows the rotation continuously.
#[test]
fn logarithms_of_half_turns() {
    let moving = path(2, &DMatrix::zeros(3, 1));
    for (axis, w) in [(0, 0.0), (1, 0.0), (2, -0.0), (0, -0.0)] {
        let mut q = Path::zeros(4, 1);
        q[axis] = Jet::one();
        let mut q = left(&moving) * q;
        q[3].0[0] = w;
        let v = jets(&quaternion::scaled_axis(&uq::<D2>(&q)));
        assert_eq!(length(&v).0[0], PI);
        assert_right(Ok(same(&unit(&v), &(q * Jet::constant(1.0_f64.copysign(w))))), 1e-14);
        let turn = rotation(&moving)
            * DMatrix::from_fn(3, 3, |i, j| match i == j {
                true => Jet::constant(if i == axis { 1.0 } else { -1.0 }),
                false => Jet::zero(),
            });
        assert_right(Ok(same(&rotation(&jets(&so3::log(&r3::<D2>(&turn)))), &turn)), 1e-14);
    }
}

#[test]
fn third_order() {
    let t = D3::seed(0.0);
    let [o, one, two, three] = [0.0, 1.0, 2.0, 3.0].map(D3::from);
    let [tt, ttt] = [t * t, t * t * t];
    let curve = vector![t, tt, -ttt, ttt - t, tt + t, tt - ttt];
    let there_and_back = se3::log(&se3::exp(&curve));
    assert!((there_and_back - curve).iter().all(|d| d.orders().iter().all(|d| d.abs() < 1e-14)));
    let eigen = linalg::symmetric_eigen(&matrix![one, t; t, three + t]).unwrap();
    let turning = linalg::symmetric_eigen(&matrix![one, t; t, three]).unwrap().eigenvectors;
    let svd = linalg::svd(&matrix![three + t, t; t, one], true, true).unwrap();
    let diagonal = |d: &[D3]| DMatrix::from_diagonal(&DVector::from_column_slice(d));
    let inverse = linalg::pseudo_inverse(&vector![one, t]).unwrap();
    let plane = linalg::projector(&matrix![one, o, t; o, one, o; t, o, two], 0..2).unwrap();
    let axis = vector![t, o, o];
    for (name, computed, expected) in [
        ("sin t/2", quaternion::from_scaled_axis(&axis).i, [0.0, 0.5, 0.0, -0.125]),
        ("cos t/2", quaternion::from_scaled_axis(&axis).w, [1.0, 0.0, -0.25, 0.0]),
        ("sin t", so3::exp(&axis)[(2, 1)], [0.0, 1.0, 0.0, -1.0]),
        ("2 + t/2 - √(1 + t + 5t²/4)", eigen.eigenvalues.min(), [1.0, 0.0, -1.0, 1.5]),
        ("2 + t/2 + √(1 + t + 5t²/4)", eigen.eigenvalues.max(), [3.0, 1.0, 1.0, -1.5]),
        ("singular value", svd.singular_values[0], [3.0, 1.0, 1.0, -1.5]),
        ("singular value", svd.singular_values[1], [1.0, 0.0, -1.0, 1.5]),
        ("sin(atan(t)/2)", turning[(0, 1)] * turning[(1, 1)].signum(), [0.0, 0.5, 0.0, -1.125]),
        ("-t/√(1 + 4t²)", plane[(0, 2)], [0.0, -1.0, 0.0, 12.0]),
        ("2t³", linalg::determinant(&diagonal(&[t, two, t, t])), [0.0, 0.0, 0.0, 12.0]),
        ("t⁴", linalg::determinant(&diagonal(&[t, t, one, t, t])), [0.0, 0.0, 0.0, 0.0]),
        ("(1 + t)³", linalg::determinant(&diagonal(&[t + one, t + one, one, t + one])), [1.0, 3.0, 6.0, 6.0]),
        ("1/(1 + t)", linalg::inverse(&matrix![t + one]).unwrap()[0], [1.0, -1.0, 2.0, -6.0]),
        ("1/(1 + t)", linalg::solve(&matrix![t + one], &vector![one]).unwrap()[0], [1.0, -1.0, 2.0, -6.0]),
        ("√(1 + t)", linalg::cholesky(&matrix![t + one]).unwrap().l()[0], [1.0, 0.5, -0.25, 0.375]),
        ("1/(1 + t²)", inverse[0], [1.0, 0.0, -2.0, 0.0]),
        ("t/(1 + t²)", inverse[1], [0.0, 1.0, 0.0, -6.0]),
        ("√(1 + t²)", linalg::norm(&vector![one, t]), [1.0, 0.0, 1.0, 0.0]),
        ("t/√(1 + t²)", linalg::normalize(&vector![one, t])[1], [0.0, 1.0, 0.0, -3.0]),
        ("π/2 - atan t", linalg::angle(&vector![one, o], &vector![t, one]), [FRAC_PI_2, -1.0, 0.0, 2.0]),
    ] {
        let near = computed.orders().iter().zip(expected).all(|(c, e)| (c - e).abs() < 1e-13);
        assert!(near, "{name}: {:?}, expected {expected:?}", computed.orders());
    }
}

#[test]
fn kinks() {
    let (t, o) = (D3::seed(0.0), D3::from(0.0));
    for v in [vector![t, t + t], vector![t * t, o], vector![o, o]] {
        assert_eq!(linalg::norm(&v).orders(), [0.0; 4]);
        assert!(linalg::normalize(&v).iter().all(|x| x.re.re.re.is_nan()));
        assert_eq!(linalg::angle(&v, &vector![t, D3::from(1.0)]).orders(), [0.0; 4]);
    }
    let a = vector![D3::from(1.0), D3::from(2.0)];
    assert_eq!(linalg::angle(&a, &(a * D3::from(2.0) + vector![t, o])).orders()[1..], [0.0; 3]);
    assert_close(&linalg::angle(&a, &(-a + vector![t, o])).orders(), &[PI, 0.0, 0.0, 0.0], 1e-15);
}

/// Results by `linalg` and by nalgebra, where nalgebra's are right.
fn both<T: Number>(a: &DMatrix<T>, [v, w]: [Vector3<T>; 2]) -> Vec<(&'static str, DMatrix<T>, DMatrix<T>)> {
    fn of<T: Number, R: Dim, C: Dim, S: Storage<T, R, C>>(m: &Matrix<T, R, C, S>) -> DMatrix<T> {
        DMatrix::from_iterator(m.nrows(), m.ncols(), m.iter().copied())
    }
    let (a3, definite): (Matrix3<T>, _) = (a.fixed_view::<3, 3>(0, 0).into_owned(), a * a.transpose());
    let (s3, wide) = (a3 + a3.transpose(), a.rows(0, 3).into_owned());
    let (q, p) = (UnitQuaternion::from_scaled_axis(v), UnitQuaternion::from_scaled_axis(w));
    let (eigen, their_eigen) = (linalg::symmetric_eigen(&s3).unwrap(), s3.symmetric_eigen());
    let (svd, their_svd) = (linalg::svd(&wide, true, true).unwrap(), wide.clone().svd(true, true));
    let least = their_eigen.eigenvectors.column(their_eigen.eigenvalues.imin()).into_owned();
    let one = |x| DMatrix::from_element(1, 1, x);
    vec![
        ("solve", linalg::solve(a, &definite).unwrap(), a.clone().lu().solve(&definite).unwrap()),
        ("solve", of(&linalg::solve(&a3, &v).unwrap()), of(&a3.lu().solve(&v).unwrap())),
        ("inverse", linalg::inverse(a).unwrap(), a.clone().try_inverse().unwrap()),
        ("inverse", of(&linalg::inverse(&a3).unwrap()), of(&a3.try_inverse().unwrap())),
        ("determinant", one(linalg::determinant(a)), one(a.determinant())),
        ("determinant", one(linalg::determinant(&a3)), one(a3.determinant())),
        ("cholesky", linalg::cholesky(&definite).unwrap().l(), definite.clone().cholesky().unwrap().l()),
        ("eigenvalues", of(&eigen.eigenvalues), of(&their_eigen.eigenvalues)),
        ("eigenvectors", of(&eigen.eigenvectors), of(&their_eigen.eigenvectors)),
        ("projector", of(&linalg::projector(&s3, 0..1).unwrap()), of(&(least * least.transpose()))),
        ("singular values", of(&svd.singular_values), of(&their_svd.singular_values)),
        ("u", svd.u.unwrap(), their_svd.u.unwrap()),
        ("v_t", svd.v_t.unwrap(), their_svd.v_t.unwrap()),
        ("pseudo_inverse", linalg::pseudo_inverse(&wide).unwrap(), wide.pseudo_inverse(T::lit(1e-6)).unwrap()),
        ("norm", one(linalg::norm(&v)), one(v.norm())),
        ("normalize", of(&linalg::normalize(&v)), of(&v.normalize())),
        ("angle", one(linalg::angle(&v, &w)), one(v.angle(&w))),
        ("so3::exp", of(so3::exp(&v).matrix()), of(Rotation3::from_scaled_axis(v).matrix())),
        ("so3::log", of(&so3::log(&q.to_rotation_matrix())), of(&q.to_rotation_matrix().scaled_axis())),
        ("from_scaled_axis", of(&quaternion::from_scaled_axis(&v).coords), of(&q.coords)),
        ("scaled_axis", of(&quaternion::scaled_axis(&(q * p))), of(&(q * p).scaled_axis())),
        ("se3::exp", of(&se3::exp(&Vector6::new(v.x, v.y, v.z, v.x, v.y, v.z)).translation.vector), of(&v)),
        ("se3::log", of(&se3::log(&Isometry3::from_parts(v.into(), q)).fixed_rows::<3>(3)), of(&q.scaled_axis())),
    ]
}

#[test]
fn as_nalgebra_elsewhere() {
    fn check<T: Number>(number: impl Fn(&Jet) -> T, tolerance: f64) {
        let x = path(2, &some(5, 5, 0));
        let v = [1, 2].map(|j| Vector3::from_fn(|i, _| number(&x[(i, j)])));
        for (name, ours, theirs) in both(&x.map(|x| number(&x)), v) {
            let scale = theirs.iter().fold(T::one(), |m, x| RealField::max(m, ComplexField::abs(*x)));
            let close = (&ours - &theirs).iter().all(|d| (*d / scale).close_to(T::zero(), T::lit(tolerance).float()));
            assert!(close, "{name}: {ours}{theirs}");
        }
    }
    check::<f64>(|x| x.0[0], 1e-14);
    check::<D1>(|x| Dual::new(x.0[0], [x.0[1]]), 1e-12);
    check::<D2>(|x| x.number::<D2>(), 1e-10);
    check::<Dual32>(|x| Dual::new(x.0[0] as f32, [x.0[1] as f32]), 1e-3);
}

/// One factorization solves for many right-hand sides.
#[test]
fn one_factorisation() {
    let x = path(2, &some(4, 4, 0));
    let lu = Lu::new(numbers::<D2>(&x));
    for seed in 3..6 {
        let b = path(2, &some(4, 2, seed));
        assert_right(Ok(same(&(&x * jets(&lu.solve(&numbers(&b)).unwrap())), &b)), 1e-13);
    }
    assert_right(Ok(same(&single(lu.determinant()), &single(determinant(&x)))), 1e-14);
    assert_right(Ok(same(&(x * jets(&lu.inverse().unwrap())), &identity(4))), 1e-13);
}

/// Matrices that are nearly singular, but not quite.
#[test]
fn ill_conditioned() {
    let [q, p] = [5, 6].map(|seed| some(5, 5, seed).qr().q());
    for small in [1e-4, 1e-10] {
        let x = path(2, &(&q * diagonal(&[small, 1.0, 2.0, 3.0, 4.0]) * &p));
        assert_right(determinants::<D2>(&x, linalg::determinant), 1e-14);
    }
    let x = path(1, &(q.columns(0, 3) * diagonal(&[1e-4, 1.0, 2.0])));
    assert_right(pseudo_inverse::<D2>(&x, |a| linalg::pseudo_inverse(&a).ok()), 1e-10);
}

#[test]
fn failures() {
    let moving = |a: &DMatrix<f64>, d: &DMatrix<f64>| a.zip_map(d, |a, d| Dual::<f64>::new(a, [d]));
    let (eye, coupled, apart) =
        (DMatrix::identity(3, 3), &some(3, 3, 1) + some(3, 3, 1).transpose(), diagonal(&[1.0, 2.0, 3.0]));
    let repeated = Error::RepeatedEigenvalues { indices: [0, 1], value: 1.0 };
    let both = Error::RepeatedSingularValues { indices: [0, 1], value: 1.0 };

    // Repeated eigenvalues are an error if the number has derivatives that couple them, of any order.
    assert_eq!(linalg::symmetric_eigen(&moving(&eye, &coupled)).unwrap_err(), repeated);
    let second = eye.zip_map(&coupled, |a, d| Jet([a, 0.0, 0.0, d]).number::<D2>());
    assert_eq!(linalg::symmetric_eigen(&second).unwrap_err(), repeated);
    let separated = linalg::symmetric_eigen(&moving(&eye, &apart)).unwrap();
    assert_eq!(separated.eigenvalues.map(|l| l.eps[0]).as_slice(), [1.0, 2.0, 3.0]);
    assert_eq!(linalg::symmetric_eigen(&eye).unwrap().eigenvalues.as_slice(), [1.0; 3]);
    // The same holds if they are equal up to rounding.
    let q = some(3, 3, 2).qr().q();
    let rounded = &q * diagonal(&[2.0, 2.0, 5.0]) * q.transpose();
    assert!(matches!(
        linalg::symmetric_eigen(&moving(&rounded, &coupled)),
        Err(Error::RepeatedEigenvalues { value, .. }) if (value - 2.0).abs() < 1e-14
    ));
    let plane = linalg::projector(&moving(&rounded, &coupled), 0..2).unwrap();
    assert!((plane.trace() - 2.0).close_to(0.0, 1e-14));
    assert!(linalg::projector(&moving(&rounded, &coupled), 0..1).is_err());
    assert_eq!(linalg::projector(&moving(&rounded, &coupled), 1..1), Ok(DMatrix::zeros(3, 3)));

    assert_eq!(linalg::svd(&moving(&eye, &some(3, 3, 1)), true, true).unwrap_err(), both);
    assert!(linalg::svd(&moving(&eye, &apart), true, true).is_ok() && linalg::svd(&eye, true, true).is_ok());
    let deficient = diagonal(&[2.0, 0.0, 1.0]);
    let rank = Error::RankDeficient { index: 2 };
    assert_eq!(linalg::svd(&moving(&deficient, &apart), true, true).unwrap_err(), rank);
    assert!(linalg::svd(&deficient, true, true).is_ok());
    assert_eq!(linalg::pseudo_inverse(&moving(&deficient, &apart)), Err(rank));
    assert_eq!(linalg::pseudo_inverse(&deficient), Err(rank));

    assert_eq!(linalg::solve(&moving(&deficient, &apart), &moving(&eye, &eye)), None);
    assert_eq!(linalg::inverse(&moving(&deficient, &apart)), None);
    assert_eq!(Lu::new(moving(&deficient, &apart)).determinant().eps, [4.0]);
    assert!(linalg::cholesky(&moving(&deficient, &apart)).is_none() && linalg::cholesky(&-&eye).is_none());

    let nan = moving(&(&eye * f64::NAN), &eye);
    assert_eq!(linalg::symmetric_eigen(&nan).unwrap_err(), Error::NoConvergence);
    assert_eq!(linalg::projector(&nan, 0..1).unwrap_err(), Error::NoConvergence);
    assert_eq!(linalg::svd(&nan, true, true).unwrap_err(), Error::NoConvergence);
    assert_eq!(linalg::pseudo_inverse(&nan).unwrap_err(), Error::NoConvergence);
    assert!(linalg::cholesky(&nan).is_none() && linalg::determinant(&nan).re.is_nan());
    assert!(linalg::solve(&nan, &nan).is_none_or(|x| x.iter().all(|x| x.re.is_nan())));
}

#[test]
#[should_panic(expected = "a square matrix is expected, this is 2×3")]
fn not_square() {
    let _ = linalg::determinant(&DMatrix::<D1>::zeros(2, 3));
}

#[test]
#[should_panic(expected = "exceed the 3 eigenvalues")]
fn no_such_eigenvalue() {
    let _ = linalg::projector(&DMatrix::<f64>::identity(3, 3), 1..4);
}

/// Foreign code with the bounds of either trait, and a module that imports both.
mod both_traits {
    use super::{D1, D2};
    use nalgebra::{ComplexField, RealField};
    use nilpotent::num_traits::Float;

    fn real<T: RealField + Copy>(x: T) -> T {
        (x * x + T::pi()).sqrt().sin().max(T::zero() - x)
    }

    fn float<T: Float>(x: T) -> T {
        (x * x + T::from(std::f64::consts::PI).unwrap()).sqrt().sin().max(T::zero() - x)
    }

    fn complex<T: ComplexField<RealField: Copy> + Copy>(x: T) -> T::RealField {
        (x * x).exp().modulus()
    }

    #[test]
    fn same_number() {
        let x = D1::new(0.75, [1.0]);
        let root = (0.75 * 0.75 + std::f64::consts::PI).sqrt();
        assert!(real(x).same(float(x)) && (real(x).eps[0] - root.cos() * 0.75 / root).abs() < 1e-15);
        assert!((complex(x).eps[0] - 1.5 * 0.5625_f64.exp()).abs() < 1e-14);
        let y = D2::new(x, [D1::constant(1.0)]);
        assert!(real(y).same(float(y)) && real(y).re.same(real(x)));
    }

    #[test]
    fn methods_are_not_ambiguous() {
        let x = D1::new(0.5, [1.0]);
        let all = [x.sin(), x.sqrt(), x.abs(), x.powi(3), x.powf(0.5), x.atan2(x), x.max(0.0), x.hypot(2.0), x.exp()];
        assert!(all.iter().all(|y| y.is_finite()) && x.sin().eps[0] == 0.5_f64.cos());
    }
}

#[cfg(feature = "simba_0_9")]
#[test]
fn previous_generation() {
    fn number<T: simba_0_9::scalar::RealField>(x: T) -> T {
        x.clone().sin() * x
    }
    assert_eq!(number(D1::new(2.0, [1.0])).eps, [2.0_f64.sin() + 2.0 * 2.0_f64.cos()]);
    assert!(number(Dual32::<3>::variable(2.0, 1)).eps[1] > 0.0 && number(D2::seed(0.0)).order(2) == 2.0);
}
