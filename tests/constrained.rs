//! Constrained parameters against the 40-digit references of `tests/reference/constrained.txt`; round trips in all numbers;
//! values that are out of their set, each with its error.

use nilpotent::constrained::*;
use nilpotent::num_traits::{Float, ToPrimitive};
use nilpotent::{Dual, Dual2, Error, HyperDual, Real, Taylor, Traced, Var, gradient, hessian, jacobian, reverse};

/// The constraint `name` of this size, as the script of the references has it.
fn constraint(name: &str, size: usize) -> Constraint {
    match name {
        "affine" => Constraint::Affine { offset: -1.5, multiplier: 2.5 },
        "lower" => Constraint::Lower(0.75),
        "upper" => Constraint::Upper(0.75),
        "interval" => Constraint::Interval(-0.5, 3.25),
        "probability" => Constraint::PROBABILITY,
        "ordered" => Constraint::Ordered(size),
        "positive_ordered" => Constraint::PositiveOrdered(size),
        "simplex" => Constraint::Simplex(size),
        "cholesky_correlation" => Constraint::CholeskyCorrelation(size),
        "correlation" => Constraint::Correlation(size),
        "cholesky_covariance" => Constraint::CholeskyCovariance(size),
        "covariance" => Constraint::Covariance(size),
        _ => panic!("no such constraint: {name}"),
    }
}

/// Name, constraint, size; x, y, `ln |det|` and its slopes.
type Reference = (&'static str, Constraint, usize, [Vec<f64>; 4]);

fn references() -> Vec<Reference> {
    let lines = include_str!("reference/constrained.txt").lines().filter(|l| !l.starts_with('#'));
    let all: Vec<_> = lines
        .map(|line| {
            let mut groups = line.split('|').map(str::trim);
            let (name, size) = groups.next().unwrap().split_once(' ').unwrap();
            let mut numbers = || groups.next().unwrap().split_whitespace().map(|s| s.parse().unwrap()).collect();
            let size = size.parse().unwrap();
            (name, constraint(name, size), size, [numbers(), numbers(), numbers(), numbers()])
        })
        .collect();
    assert_eq!(all.len(), 180);
    all
}

fn constrained<T: Real>(constraint: Constraint, x: &[T]) -> (Vec<T>, T) {
    let mut y = vec![T::nan(); constraint.constrained_len()];
    let ln_jacobian = constraint.constrain(x, &mut y);
    (y, ln_jacobian)
}

fn unconstrained<T: Real>(constraint: Constraint, y: &[T]) -> Result<Vec<T>, Error> {
    let mut x = vec![T::nan(); constraint.unconstrained_len()];
    constraint.unconstrain(y, &mut x).map(|()| x)
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64, what: &dyn std::fmt::Debug) {
    assert_eq!(found.len(), expected.len(), "{what:?}");
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() <= tolerance * e.abs().max(1.0), "{what:?}: {found:?} is not {expected:?}");
    }
}

#[test]
fn values_and_determinants_match_their_references() {
    for (_, constraint, _, [x, y, ln_jacobian, slopes]) in references() {
        let (found, ln_found) = constrained(constraint, &x);
        assert_close(&found, &y, 3e-15, &(constraint, &x));
        assert_close(&[ln_found], &ln_jacobian, 3e-15, &(constraint, &x));
        if let Constraint::Simplex(_) = constraint {
            assert!(found.iter().zip(&y).all(|(f, y)| (f / y - 1.0).abs() < 3e-15), "{found:?} is not {y:?}");
        }
        let (_, forward) = gradient(|x: &[Dual<_, 8>]| constrained(constraint, x).1, &x[..]);
        let (_, backward) = reverse::gradient(|x: &[Var]| constrained(constraint, x).1, &x[..]);
        assert_close(&forward, &slopes, 1e-14, &(constraint, &x));
        assert_close(&backward, &slopes, 1e-14, &(constraint, &x));
    }
}

/// `ln |det|` by Gauss' elimination.
fn ln_det(mut rows: Vec<Vec<f64>>) -> f64 {
    let (n, mut ln) = (rows.len(), 0.0);
    for k in 0..n {
        let pivot = (k..n).max_by(|&i, &j| rows[i][k].abs().total_cmp(&rows[j][k].abs())).unwrap();
        rows.swap(k, pivot);
        let (above, below) = rows.split_at_mut(k + 1);
        for row in below {
            let share = row[k] / above[k][k];
            (k..n).for_each(|j| row[j] -= share * above[k][j]);
        }
        ln += rows[k][k].abs().ln();
    }
    ln
}

/// The determinant of the numbers' own derivatives of y is that of the references.
#[test]
fn jacobians_have_these_determinants() {
    for (name, constraint, size, [x, y, ln_jacobian, _]) in references() {
        let (_, forward) = jacobian(|x: &[Dual<_, 8>]| constrained(constraint, x).0, &x[..]);
        let (_, backward) = reverse::jacobian(|x: &[Var]| constrained(constraint, x).0, &x[..]);
        assert_close(&forward.concat(), &backward.concat(), 1e-14, &(constraint, &x));
        let free = |k: &usize| match name {
            "simplex" => *k + 1 < y.len(),
            "cholesky_correlation" | "correlation" => k % size < k / size,
            "cholesky_covariance" | "covariance" => k % size <= k / size,
            _ => true,
        };
        let rows = (0..y.len()).filter(free).map(|k| forward[k].clone()).collect();
        assert_close(&[ln_det(rows)], &ln_jacobian, 1e-10, &(constraint, &x));
    }
}

fn round_trip<T: Real>(constraint: Constraint, x: &[T]) -> Vec<T> {
    unconstrained(constraint, &constrained(constraint, x).0).unwrap()
}

/// Points that are not near a boundary, where entries that are close to one another lose digits.
fn moderate() -> impl Iterator<Item = (Constraint, Vec<f64>)> {
    let far = |x: &[f64]| x.iter().any(|x| x.abs() > 2.0);
    references()
        .into_iter()
        .filter(move |(_, _, _, [x, ..])| !far(x))
        .map(|(_, constraint, _, [x, ..])| (constraint, x))
}

#[test]
fn round_trips_in_all_numbers() {
    fn check<T: Real>(constraint: Constraint, x: &[f64]) {
        let x: Vec<T> = x.iter().map(|&x| T::lit(x)).collect();
        let found = round_trip(constraint, &x);
        let digits: f64 = T::Float::epsilon().to_f64().unwrap();
        for (found, x) in found.iter().zip(&x) {
            assert!(
                (*found - *x).float().to_f64().unwrap().abs() < 200.0 * digits,
                "{constraint:?}: {found} is not {x}"
            );
        }
    }
    for (constraint, x) in moderate() {
        check::<f32>(constraint, &x);
        check::<f64>(constraint, &x);
        check::<Dual<f32, 2>>(constraint, &x);
        check::<Dual<Dual<f64, 1>, 2>>(constraint, &x);
        check::<Dual2<f64, 2>>(constraint, &x);
        check::<HyperDual<f64, 1, 1>>(constraint, &x);
        check::<Taylor<f64, 3>>(constraint, &x);
        check::<Var>(constraint, &x);
        check::<Traced<f64>>(constraint, &x);
        // The round trip is the identity, also in its derivatives.
        let (_, forward) = jacobian(|x: &[Dual<_, 8>]| round_trip(constraint, x), &x[..]);
        let (_, backward) = reverse::jacobian(|x: &[Var]| round_trip(constraint, x), &x[..]);
        let identity: Vec<f64> = (0..x.len() * x.len()).map(|k| f64::from(k % (x.len() + 1) == 0)).collect();
        assert_close(&forward.concat(), &identity, 1e-12, &constraint);
        assert_close(&backward.concat(), &identity, 1e-12, &constraint);
        let sum = |x: &[HyperDual<f64, 4, 4>]| round_trip(constraint, x).into_iter().sum::<HyperDual<_, 4, 4>>();
        let (_, _, h) = hessian(sum, &x[..]);
        assert_close(&h.concat(), &vec![0.0; x.len() * x.len()], 1e-11, &constraint);
    }
}

/// A recorded program of the gradient is right at other points too, on both sides of an interval's middle.
#[test]
fn programs_replay() {
    fn gradients<T: Real>(x: [T; 9]) -> (T, [T; 9]) {
        let blocks = [
            (Constraint::Interval(-1.0, 2.0), 1),
            (Constraint::PositiveOrdered(2), 1),
            (Constraint::Simplex(3), 1),
            (Constraint::Correlation(2), 1),
            (Constraint::Covariance(2), 1),
        ];
        let parameters = Parameters::new(blocks);
        gradient(|x: [Dual<T, 9>; 9]| parameters.log_density(&x, |y| y.iter().map(|y| *y * *y).sum()), x)
    }
    let program = nilpotent::program::record(gradients, [0.5; 9]).unwrap();
    for sign in [1.0, -1.0] {
        let x: [f64; 9] = std::array::from_fn(|k| sign * (0.75 - 0.25 * k as f64));
        let mut results = [0.0; 10];
        program.run(&x, &mut results).unwrap();
        let (value, slopes) = gradients(x);
        assert_eq!((results[0], results[1..].to_vec()), (value, slopes.to_vec()));
    }
}

#[test]
fn unit_vectors() {
    let unit = Constraint::UnitVector(3);
    let (y, ln) = constrained(unit, &[2.0, -1.0, 2.0]);
    assert_close(&y, &[2.0 / 3.0, -1.0 / 3.0, 2.0 / 3.0], 1e-15, &unit);
    assert_eq!(ln, -4.5);
    assert_eq!(unconstrained(unit, &[0.6, 0.0, -0.8]), Ok(vec![0.6, 0.0, -0.8]));
    assert_close(&round_trip(unit, &[0.6, 0.0, -0.8]), &[0.6, 0.0, -0.8], 1e-15, &unit);
    let (_, slope) = reverse::gradient(|x: &[Var]| constrained(unit, x).1, &[2.0, -1.0, 2.0][..]);
    assert_close(&slope, &[-2.0, 1.0, -2.0], 1e-15, &unit);
}

/// Bounds that are parameters: `y = a + (b - a)·σ(x)` has the slopes 1 - σ, σ and (b - a)·σ·(1 - σ).
#[test]
fn bounds_that_are_numbers() {
    for x in [-0.75, 1.25] {
        let s = 1.0 / (1.0 + f64::exp(-x));
        let (y, slopes) = gradient(|[x, a, b]| interval(x, a, b).0, [x, 2.0, 5.0]);
        assert_close(&[y], &[2.0 + 3.0 * s], 1e-15, &x);
        assert_close(&slopes, &[3.0 * s * (1.0 - s), 1.0 - s, s], 1e-15, &x);
        let (_, slopes) = gradient(|[x, a, b]| interval(x, a, b).1, [x, 2.0, 5.0]);
        assert_close(&slopes, &[1.0 - 2.0 * s, -1.0 / 3.0, 1.0 / 3.0], 1e-15, &x);
    }
    let (_, slopes) = gradient(|[y, a]| lower_inverse(y, a).unwrap(), [3.0, 1.0]);
    assert_eq!(slopes, [0.5, -0.5]);
    let (_, slopes) = gradient(|[y, b]| upper_inverse(y, b).unwrap(), [1.0, 3.0]);
    assert_eq!(slopes, [-0.5, 0.5]);
    let (_, slopes) = gradient(|[y, a, b]| interval_inverse(y, a, b).unwrap(), [1.0, 0.0, 3.0]);
    assert_close(&slopes, &[1.5, -1.0, -0.5], 1e-15, &"interval_inverse");
}

/// Far out a parameter is on its boundary, never beyond it, and the logarithms keep their slopes.
#[test]
fn far_out() {
    for x in [-700.0, -40.0, 40.0, 700.0] {
        let inside = |y: f64, a, b| (a..=b).contains(&y);
        assert!(inside(interval(x, 0.1, 0.3).0, 0.1, 0.3) && inside(interval(x, -0.7, 1e9).0, -0.7, 1e9));
        let (ln, [slope]) = reverse::gradient(|[x]: [Var; 1]| constrained(Constraint::PROBABILITY, &[x]).1, [x]);
        assert_close(&[ln, slope], &[-x.abs(), -x.signum()], 1e-15, &x);
        // A correlation of two variables: ln (1 - tanh² x) = -2 ln cosh x.
        let f = |[x]: [Var; 1]| constrained(Constraint::CholeskyCorrelation(2), &[x]).1;
        let (ln, [slope]) = reverse::gradient(f, [x]);
        assert_close(&[ln, slope], &[4.0_f64.ln() - 2.0 * x.abs(), -2.0 * x.signum()], 1e-15, &x);
    }
    let f = |x: &[Var]| constrained(Constraint::Simplex(4), x).1;
    let (ln, slopes) = reverse::gradient(f, &[500.0, -600.0, 40.0][..]);
    assert!(ln.is_finite() && slopes.iter().all(|s| s.is_finite()), "{ln} {slopes:?}");
}

#[test]
fn values_outside_have_errors() {
    use Constraint::*;
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let cases: &[(Constraint, &[f64], &str)] = &[
        (Real, &[nan], "constrained value 0 is NaN, and must be finite"),
        (Affine { offset: 1.0, multiplier: 2.0 }, &[inf], "constrained value 0 is inf, and must be finite"),
        (Lower(2.0), &[2.0], "constrained value 0 is 2, and must be above 2"),
        (Lower(2.0), &[inf], "constrained value 0 is inf, and must be above 2"),
        (Upper(-1.0), &[0.5], "constrained value 0 is 0.5, and must be below -1"),
        (Interval(0.0, 1.0), &[1.0], "constrained value 0 is 1, and must be between 0 and 1"),
        (Interval(0.0, 1.0), &[nan], "constrained value 0 is NaN, and must be between 0 and 1"),
        (
            Ordered(3),
            &[-1.0, 2.0, 2.0],
            "constrained value 2: the entry is 2, and must be finite and above the entry before it",
        ),
        (Ordered(2), &[nan, 2.0], "constrained value 0 is NaN, and must be finite"),
        (PositiveOrdered(2), &[0.0, 2.0], "constrained value 0: the entry is 0, and must be positive and finite"),
        (Simplex(3), &[0.5, 0.5, 0.0], "constrained value 2: the entry is 0, and must be positive"),
        (Simplex(3), &[0.5, 0.25, 0.125], "constrained value 0: the sum of the entries is 0.875, and must be 1"),
        (
            UnitVector(2),
            &[1.0, 1.0],
            "constrained value 0: the length of the vector is 1.4142135623730951, and must be 1",
        ),
        (
            CholeskyCorrelation(2),
            &[1.0, 0.0, 0.0, 0.5],
            "constrained value 2: the length of the matrix row is 0.5, and must be 1",
        ),
        (
            CholeskyCorrelation(2),
            &[1.0, 0.5, 0.0, 1.0],
            "constrained value 1: the entry above the diagonal is 0.5, and must be 0",
        ),
        (
            CholeskyCovariance(2),
            &[1.0, 0.0, 3.0, -2.0],
            "constrained value 3: the entry of the diagonal is -2, and must be positive",
        ),
        (CholeskyCovariance(2), &[1.0, 0.0, nan, 2.0], "constrained value 2: the entry is NaN, and must be finite"),
        (Correlation(2), &[1.0, 0.0, 0.0, 2.0], "constrained value 3: the entry of the diagonal is 2, and must be 1"),
        (
            Correlation(2),
            &[1.0, 0.25, 0.5, 1.0],
            "constrained value 2: the entry is 0.5, and must be equal to the one across the diagonal",
        ),
        (
            Correlation(2),
            &[1.0, -2.0, -2.0, 1.0],
            "constrained value 3: the pivot of Cholesky's factorization is -3, and must be positive",
        ),
        (
            Covariance(1),
            &[0.0],
            "constrained value 0: the pivot of Cholesky's factorization is 0, and must be positive",
        ),
        (Covariance(2), &[1.0, 1.0, 1.0], "4 constrained numbers were expected, and there are 3"),
    ];
    for (constraint, y, message) in cases {
        let error = unconstrained(*constraint, y).expect_err(message);
        assert_eq!(error.to_string(), *message);
    }
    let error = Lower(0.0).unconstrain(&[1.0], &mut [0.0; 2]).unwrap_err();
    assert_eq!(error, Error::WrongLength { what: "unconstrained numbers", expected: 1, found: 2 });
}

#[test]
fn parameters_one_after_another() {
    let blocks = [(Constraint::Simplex(3), 2), (Constraint::Real, 0), (Constraint::POSITIVE, 1)];
    let parameters = Parameters::new(blocks);
    assert_eq!((parameters.unconstrained_len(), parameters.constrained_len()), (5, 7));
    let x = [0.5, -0.25, 1.0, 0.75, -2.0];
    let mut y = [0.0; 7];
    let ln = parameters.constrain(&x, &mut y);
    let parts = [constrained(Constraint::Simplex(3), &x[..2]), constrained(Constraint::Simplex(3), &x[2..4])];
    assert_eq!(y[..3], parts[0].0);
    assert_eq!(y[3..6], parts[1].0);
    assert_eq!((y[6], ln), ((-2.0_f64).exp(), parts[0].1 + parts[1].1 - 2.0));
    assert_eq!(parameters.log_density(&x, |y| y[6].ln()), ln - 2.0);
    let mut back = [0.0; 5];
    parameters.unconstrain(&y, &mut back).unwrap();
    assert_close(&back, &x, 1e-14, &"parameters");
    y[4] = 0.0;
    let error = parameters.unconstrain(&y, &mut back).unwrap_err();
    assert_eq!(error, Error::NotConstrained { index: 4, what: "the entry", value: 0.0, must: "positive" });
    y[4] = parts[1].0[1];
    y[6] = -1.0;
    let error = parameters.unconstrain(&y, &mut back).unwrap_err();
    assert_eq!(error, Error::OutsideBounds { index: 6, value: -1.0, lower: 0.0, upper: f64::INFINITY });
}

#[test]
#[should_panic = "1 unconstrained numbers were expected, and there are 2"]
fn too_many_numbers() {
    Constraint::POSITIVE.constrain(&[1.0, 2.0], &mut [0.0]);
}

#[test]
#[should_panic = "Interval(1.0, 1.0): bounds must be finite and ascend, a multiplier must be positive"]
fn an_empty_interval() {
    let _ = Parameters::new([(Constraint::Interval(1.0, 1.0), 1)]);
}
