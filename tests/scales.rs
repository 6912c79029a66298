//! `linalg` with matrices of mixed scales, as those of quantities in different units, and of extreme overall scale.
//!
//! The references have 250 digits (tests/reference/scales.py), and come with the scales that errors are measured by.
//! Each case is computed in plain floats, in numbers of first, second and third order, and by reverse mode: as it
//! stands, and times 10^155 and 10^-160.

#![cfg(feature = "nalgebra")]

mod common;

use common::{D1, D2, D3, Depth};
use nalgebra::allocator::Allocator;
use nalgebra::{
    DMatrix, DefaultAllocator, Dim, DimMin, DimMinimum, Matrix3, Matrix4, SVD, SVector, Vector4, dvector, matrix,
    vector,
};
use nilpotent::linalg::{self, Number};
use nilpotent::{Dual, Dual2, Dual32, Error, Taylor, Var, reverse};

/// A path of matrices, `a[0] + t·a[1] + t²/2·a[2]`, and the reference values for its factors.
struct Case {
    name: String,
    kind: String,
    a: Vec<DMatrix<f64>>,
    /// A right-hand side.
    b: Vec<f64>,
    known: Vec<Known>,
}

/// The reference derivatives of one order of a quantity, and the scales of their errors.
struct Known {
    quantity: String,
    order: usize,
    entries: Vec<[f64; 2]>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut shape = (0, 0);
    for line in include_str!("reference/scales.txt").lines() {
        let words: Vec<_> = line.split(' ').collect();
        if words[0] == "case" {
            shape = (words[3].parse().unwrap(), words[4].parse().unwrap());
            let [name, kind] = [1, 2].map(|i| words[i].to_string());
            cases.push(Case { name, kind, a: vec![], b: vec![], known: vec![] });
            continue;
        }
        let case = cases.last_mut().unwrap();
        let numbers = words[2..].iter().flat_map(|w| w.split(':')).map(|x| x.parse().unwrap());
        if words[0] == "a" {
            case.a.push(DMatrix::from_row_iterator(shape.0, shape.1, numbers));
            continue;
        }
        let numbers: Vec<f64> = numbers.collect();
        if words[0] == "b" {
            case.b = numbers;
            continue;
        }
        let entries = numbers.chunks(2).map(|pair| [pair[0], pair[1]]).collect();
        case.known.push(Known { quantity: words[0].to_string(), order: words[1].parse().unwrap(), entries });
    }
    cases
}

/// A quantity: its name, its degree of homogeneity in the matrix, and its entries by rows.
type Quantity<T> = (&'static str, f64, Vec<T>);

fn by_rows<T: Number>(m: &DMatrix<T>) -> Vec<T> {
    m.transpose().iter().copied().collect()
}

/// `U`, the singular values, and `V`.
type Factors<T> = (DMatrix<T>, Vec<T>, DMatrix<T>);

/// The singular value decomposition. nalgebra has separate algorithms for matrices whose type is 3×3.
fn svd<T: Number>(a: &DMatrix<T>) -> Result<Factors<T>, Error> {
    fn parts<T: Number, R: DimMin<C>, C: Dim>(svd: SVD<T, R, C>) -> Factors<T>
    where
        DefaultAllocator: Allocator<DimMinimum<R, C>, C> + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>>,
    {
        let (u, v_t) = (svd.u.unwrap(), svd.v_t.unwrap());
        let u = DMatrix::from_iterator(u.nrows(), u.ncols(), u.iter().copied());
        let v_t = DMatrix::from_iterator(v_t.nrows(), v_t.ncols(), v_t.iter().copied());
        (u, svd.singular_values.iter().copied().collect(), v_t.transpose())
    }
    Ok(match a.shape() {
        (3, 3) => parts(linalg::svd(&Matrix3::from_iterator(a.iter().copied()), true, true)?),
        _ => parts(linalg::svd(a, true, true)?),
    })
}

impl Case {
    /// The matrix on the path at t, times a power of two.
    fn at<T: Number<Float = f64>>(&self, t: T, scale: f64) -> DMatrix<T> {
        let a = |k: usize, i, j| self.a[k][(i, j)] * scale;
        DMatrix::from_fn(self.a[0].nrows(), self.a[0].ncols(), |i, j| {
            T::from_float(a(0, i, j)) + t.times(a(1, i, j)) + (t * t).times(a(2, i, j) / 2.0)
        })
    }

    fn values(&self, quantity: &str) -> Vec<f64> {
        let known = self.known.iter().find(|k| k.quantity == quantity && k.order == 0).unwrap();
        known.entries.iter().map(|e| e[0]).collect()
    }

    /// Takes the vectors as columns in the given order, and gives them the signs of the reference vectors. Returns them
    /// and these signs.
    fn aligned<T: Number<Float = f64>>(&self, quantity: &str, of: &DMatrix<T>, order: &[usize]) -> (Vec<T>, Vec<f64>) {
        let known = DMatrix::from_row_slice(of.nrows(), order.len(), &self.values(quantity));
        let sign = |j: usize| (0..of.nrows()).map(|i| of[(i, order[j])].float() * known[(i, j)]).sum::<f64>().signum();
        let signs: Vec<f64> = (0..order.len()).map(sign).collect();
        let aligned = DMatrix::from_fn(of.nrows(), order.len(), |i, j| of[(i, order[j])].times(signs[j]));
        (by_rows(&aligned), signs)
    }

    fn quantities<T: Number<Float = f64>>(&self, a: &DMatrix<T>, scale: f64) -> Result<Vec<Quantity<T>>, Error> {
        let n = a.nrows();
        Ok(match self.kind.as_str() {
            "eigen" => {
                let e = linalg::symmetric_eigen(a)?;
                let mut order: Vec<usize> = (0..n).collect();
                order.sort_by(|&i, &j| e.eigenvalues[j].float().total_cmp(&e.eigenvalues[i].float()));
                let values = order.iter().map(|&i| e.eigenvalues[i]).collect();
                let vectors = self.aligned("vectors", &e.eigenvectors, &order).0;
                let projector = by_rows(&linalg::projector(a, 0..2)?);
                vec![("values", 1.0, values), ("vectors", 0.0, vectors), ("projector", 0.0, projector)]
            }
            "svd" | "ill" => {
                let (u, values, v) = svd(a)?;
                let order: Vec<usize> = (0..values.len()).collect();
                let (u, left) = self.aligned("u", &u, &order);
                let (v, right) = self.aligned("v", &v, &order);
                assert_eq!(left, right, "{}", self.name);
                vec![("values", 1.0, values), ("u", 0.0, u), ("v", 0.0, v)]
            }
            "pseudo" => vec![("inverse", -1.0, by_rows(&linalg::pseudo_inverse(a)?))],
            "linear" => {
                let b = DMatrix::from_fn(n, 1, |i, _| T::from_float(self.b[i] * scale));
                let x = linalg::solve(a, &b).expect("regular");
                let inverse = linalg::inverse(a).expect("regular");
                vec![("inverse", -1.0, by_rows(&inverse)), ("solution", 0.0, by_rows(&x))]
            }
            "definite" => vec![("cholesky", 0.5, by_rows(&linalg::cholesky(a).expect("definite").l()))],
            "determinant" => vec![("determinant", n as f64, vec![linalg::determinant(a)])],
            kind => panic!("{kind}"),
        })
    }
}

/// The allowed error of each kind of matrix, relative to its scale: about three times the greatest error that was
/// found.
const TOLERANCES: [(&str, f64); 7] = [
    ("definite", 2e-15),
    ("determinant", 2e-15),
    ("linear", 5e-15),
    ("eigen", 2e-12),
    ("svd", 1e-11),
    ("ill", 1e-11),
    ("pseudo", 2e-11),
];

/// The failures, if there are any, and the greatest error.
#[derive(Default)]
struct Report {
    wrong: Vec<String>,
    greatest: f64,
}

impl Report {
    fn note(&mut self, case: &Case, at: &str, error: f64) {
        let (_, tolerance) = TOLERANCES.into_iter().find(|(kind, _)| *kind == case.kind).unwrap();
        self.greatest = self.greatest.max(error);
        if error.is_nan() || error > tolerance {
            self.wrong.push(format!("{} {}, {at}: {error:.1e}", case.kind, case.name));
        }
    }
}

/// The error relative to its scale. References of 0 are only known to be below 10^-90.
fn error(computed: f64, [expected, size]: [f64; 2], scale: f64) -> f64 {
    let expected = expected * scale;
    if computed == expected { 0.0 } else { (computed - expected).abs() / (size.max(1e-90) * scale) }
}

/// Compares all derivatives with the references, and values with those in plain floats, bit for bit.
fn check<T: Depth + Number<Float = f64>>(mode: &str, case: &Case, scale: f64, report: &mut Report) {
    let at = format!("{mode}, scale {scale:.0e}");
    let found = match case.quantities(&case.at(T::seed(0.0), scale), scale) {
        Ok(found) => found,
        Err(error) => return report.wrong.push(format!("{} {}, {at}: {error}", case.kind, case.name)),
    };
    let plain = case.quantities(&case.at(0.0, scale), scale).unwrap();
    for ((quantity, degree, entries), (_, _, floats)) in found.into_iter().zip(plain) {
        let scale = scale.powf(degree);
        for known in case.known.iter().filter(|k| k.quantity == quantity && k.order <= T::DEPTH) {
            let order = known.order;
            let errors = entries.iter().zip(&known.entries).map(|(x, e)| error(x.order(order), *e, scale));
            let worst = errors.fold(0.0, |m: f64, e| if e.is_nan() { e } else { m.max(e) });
            report.note(case, &format!("{at}, {quantity} {order}"), worst);
        }
        if !entries.iter().zip(floats).all(|(x, y)| x.float() == y) {
            report.wrong.push(format!("{} {}, {at}: the {quantity} differs from that of floats", case.kind, case.name));
        }
    }
}

/// Compares a gradient by reverse mode: that of the sum of all entries, divided by their scales.
fn check_reverse(case: &Case, scale: f64, report: &mut Report) {
    for known in case.known.iter().filter(|k| k.order == 1) {
        let weight = |e: &[f64; 2], degree: f64| if e[1] == 0.0 { 0.0 } else { (e[1] * scale.powf(degree)).recip() };
        let sum = |t: Var| {
            let all = case.quantities(&case.at(t, scale), scale)?;
            let (_, degree, entries) = all.into_iter().find(|q| q.0 == known.quantity).unwrap();
            Ok::<_, Error>(entries.iter().zip(&known.entries).map(|(x, e)| *x * weight(e, degree)).sum::<Var>())
        };
        let at = format!("reverse, scale {scale:.0e}, {} 1", known.quantity);
        match reverse::try_gradient(|[t]| sum(t), [0.0]) {
            Ok((_, [d])) => {
                let expected: f64 = known.entries.iter().map(|e| e[0] * weight(e, 0.0)).sum();
                report.note(case, &at, (d - expected).abs() / known.entries.len() as f64);
            }
            Err(error) => report.wrong.push(format!("{} {}, {at}: {error}", case.kind, case.name)),
        }
    }
}

fn check_all(kind: &str, scales: [i32; 3]) {
    let mut report = Report::default();
    for case in cases().iter().filter(|c| c.kind == kind) {
        for scale in scales.map(|e| 2.0_f64.powi(e)) {
            check::<f64>("f64", case, scale, &mut report);
            check::<D1>("Dual", case, scale, &mut report);
            check::<D2>("Dual<Dual>", case, scale, &mut report);
            check::<Dual2<f64, 1>>("Dual2", case, scale, &mut report);
            check::<D3>("Dual<Dual<Dual>>", case, scale, &mut report);
            check::<Taylor<f64, 3>>("Taylor", case, scale, &mut report);
            check_reverse(case, scale, &mut report);
        }
    }
    println!("{kind}: {:.1e}", report.greatest);
    assert!(report.wrong.is_empty(), "{:#?}", report.wrong);
}

/// The exponents of 2 in the scales 1, 10^155 and 10^-160.
const EXTREME: [i32; 3] = [0, 514, -532];

#[test]
fn determinants() {
    check_all("determinant", [0, 60, -60]);
}

#[test]
fn linear_systems() {
    check_all("linear", EXTREME);
}

#[test]
fn cholesky_factors() {
    check_all("definite", EXTREME);
}

#[test]
fn eigenvalues() {
    check_all("eigen", EXTREME);
}

#[test]
fn singular_values() {
    check_all("svd", EXTREME);
    check_all("ill", EXTREME);
}

#[test]
fn pseudo_inverses() {
    check_all("pseudo", EXTREME);
}

#[test]
fn determinant_of_a_diagonal() {
    let f = |x: SVector<Dual<f64, 4>, 4>| linalg::determinant(&Matrix4::from_diagonal(&x));
    assert_eq!(linalg::gradient(f, &vector![1e16, 1.0, 1.0, 1.0]), (1e16, vector![1.0, 1e16, 1e16, 1e16]));
    // Intermediate over- and underflows do not matter.
    let (value, gradient) = linalg::gradient(f, &vector![1e-200, 1e-200, 1e200, 1e200]);
    assert!((value - 1.0).abs() < 1e-15);
    for (computed, expected) in gradient.iter().zip([1e200, 1e200, 1e-200, 1e-200]) {
        assert!((computed / expected - 1.0).abs() < 1e-15);
    }
    // If the result itself over- or underflows, it is infinite or 0.
    assert_eq!(linalg::gradient(f, &vector![1e-160, 1e-160, 1e-160, 1e-160]), (0.0, Vector4::repeat(0.0)));
    let infinite = f64::INFINITY;
    assert_eq!(linalg::gradient(f, &vector![1e155, 1e155, 1e155, 1e155]), (infinite, Vector4::repeat(infinite)));
}

fn moving(a: &DMatrix<f64>) -> DMatrix<D1> {
    a.map_with_location(|i, j, x| Dual::new(x, [x * (1.0 + (i + 2 * j) as f64).sin()]))
}

/// `D·A·E`
fn in_units(a: DMatrix<f64>) -> DMatrix<f64> {
    let units = [1e9, 1e-5, 1e-12, 1.0, 1e4];
    a.map_with_location(|i, j, x| x * units[i] * units[(2 * j + 1) % 5])
}

/// A matrix that is singular in one system of units is singular in all others.
#[test]
fn singular_in_any_units() {
    let two = DMatrix::from_row_slice(3, 2, &[1.0, 2.0, 2.0, 4.0, 3.0, 6.0]);
    let three = DMatrix::from_row_slice(3, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    for (a, index) in [(two.clone(), 1), (two.transpose(), 1), (three, 2)] {
        for scale in [1.0, 1e-160, 1e155] {
            for a in [a.clone() * scale, in_units(a.clone()) * scale] {
                let rank = Error::RankDeficient { index };
                assert_eq!(linalg::pseudo_inverse(&a), Err(rank));
                assert_eq!(linalg::pseudo_inverse(&moving(&a)), Err(rank));
                assert_eq!(linalg::svd(&moving(&a), true, true).unwrap_err(), rank);
                // In plain floats the factors are right.
                let (u, s, v) = svd(&a).unwrap();
                let again = &u * DMatrix::from_diagonal(&s.into()) * v.transpose();
                assert!(again.iter().zip(a.iter()).all(|(x, a)| (x - a).abs() <= 1e-14 * a.abs()), "{again:e}{a:e}");
                for q in [u, v] {
                    let lack = q.tr_mul(&q) - DMatrix::identity(q.ncols(), q.ncols());
                    assert!(lack.amax() < 1e-14, "{lack:e}");
                }
            }
        }
    }
    let zero = linalg::svd(&moving(&DMatrix::from_diagonal(&dvector![1e16, 1.0, 0.0])), true, true);
    assert_eq!(zero.unwrap_err(), Error::RankDeficient { index: 2 });
}

/// Values that coincide are an error in any units.
#[test]
fn repeated_in_any_units() {
    let coupled = |a: f64, i: usize, j: usize| Dual::new(a, [1.0 + (i * j) as f64]);
    for scale in [1.0, 1e-160, 1e155] {
        let a = DMatrix::from_diagonal(&dvector![1e16, 1.0, 1.0]) * scale;
        let a = a.map_with_location(|i, j, x| coupled(x, i, j));
        let (indices, value) = ([1, 2], scale);
        assert_eq!(linalg::symmetric_eigen(&a).unwrap_err(), Error::RepeatedEigenvalues { indices, value });
        assert_eq!(linalg::projector(&a, 0..1).unwrap_err(), Error::RepeatedEigenvalues { indices, value });
        assert_eq!(linalg::svd(&a, true, true).unwrap_err(), Error::RepeatedSingularValues { indices, value });
        assert!(linalg::projector(&a, 0..2).is_ok());
        // The eigenvalue 0 of a 3×3 matrix of rank one is double, up to rounding.
        for v in [[0.3, 0.7, 0.9], [0.3e8, 0.7, 0.9e-4]] {
            let a = DMatrix::from_fn(3, 3, |i, j| coupled(v[i] * v[j] * scale, i, j));
            assert!(matches!(linalg::symmetric_eigen(&a), Err(Error::RepeatedEigenvalues { .. })), "{v:?} {scale:e}");
        }
    }
}

/// Small matrices with large derivatives: A = diag(1, 2, 4) ε with ε = 10^-160 moves by [[1, 1, 1], [1, 1, 1], [1, 1,
/// 1]].
#[test]
fn small_but_moving() {
    let a = DMatrix::from_diagonal(&dvector![1e-160, 2e-160, 4e-160]);
    let second = a.map(|x| D2::new(Dual::new(x, [1.0]), [Dual::constant(1.0)]));
    let expected = [-2.0 - 2.0 / 3.0, 2.0 - 1.0, 2.0 / 3.0 + 1.0];
    let eigen = linalg::symmetric_eigen(&second).unwrap();
    let svd = linalg::svd(&second, true, true).unwrap();
    for (i, e) in expected.into_iter().enumerate() {
        for x in [eigen.eigenvalues[i], svd.singular_values[2 - i]] {
            assert!((x.re.eps[0] - 1.0).abs() < 1e-15 && (x.eps[0].eps[0] / 1e160 - e).abs() < 1e-14, "{x:?}");
        }
    }
}

/// `√(1 + t²)` at 0 to the sixth order: as a singular value, in an eigenvalue, and in a pseudo-inverse.
#[test]
fn sixth_order() {
    type T = Taylor<f64, 6>;
    let (t, one) = (T::seed(0.0), T::constant(1.0));
    let expected = [1.0, 0.0, 1.0, 0.0, -3.0, 0.0, 45.0];
    let svd = linalg::svd(&vector![one, t], true, true).unwrap();
    let eigen = linalg::symmetric_eigen(&matrix![one, t; t, one + 2.0]).unwrap();
    let plane = linalg::projector(&matrix![one, t; t, one + 2.0], 0..1).unwrap();
    let inverse = linalg::pseudo_inverse(&vector![one, t]).unwrap();
    for (name, root) in [
        ("singular value", svd.singular_values[0]),
        ("u", svd.u.unwrap()[0].recip()),
        ("eigenvalue", -eigen.eigenvalues.min() + 2.0),
        ("projector", (plane[(0, 0)] * 2.0 - 1.0).recip()),
        ("pseudo-inverse", inverse[0].recip().sqrt()),
    ] {
        let near = root.orders().iter().zip(expected).all(|(x, e)| (x - e).abs() < 1e-12);
        assert!(near, "{name}: {:?}", root.orders());
    }
}

/// Numbers over `f32`.
#[test]
fn single_precision() {
    let a = matrix![2e6_f32, 1.0, 3e-3; 1.0, 3e-6, 1e-9; 3e-3, 1e-9, 4e-12].map(|x| Dual32::<1>::new(x, [x]));
    let eigen = linalg::symmetric_eigen(&a).unwrap();
    // A moves in proportion to itself. So its eigenvalues do as well, and the eigenvectors stay.
    assert!(eigen.eigenvalues.iter().all(|l| (l.eps[0] / l.re - 1.0).abs() < 1e-5));
    assert!(linalg::pseudo_inverse(&a).unwrap().iter().all(|x| (x.eps[0] / x.re + 1.0).abs() < 1e-5));
    let svd = linalg::svd(&a, true, true).unwrap();
    assert!(svd.singular_values.iter().all(|s| (s.eps[0] / s.re - 1.0).abs() < 1e-5));
    let a = Matrix4::from_diagonal(&vector![1e15_f32, 1.0, 1e-15, 1.0]).map(|x| Dual32::<1>::new(x, [x]));
    assert_eq!(linalg::determinant(&a).eps, [4.0]);
}
