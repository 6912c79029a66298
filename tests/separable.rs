//! Separable functions against the dense drivers of the same function, in all ways to compute them, and their errors.

#[path = "common/random.rs"]
mod random;

use nilpotent::separable::{Element, Fixed, Function, Kind, Loss, Manifold, Method, Quaternions};
use nilpotent::sparse::Pattern;
use nilpotent::{Error, Real, gradient, hessian, jacobian};
use random::Random;

/// Two outputs of three variables and two data, with a branch and a kink.
#[derive(Clone)]
struct Three;

impl Element<3, 2, 2> for Three {
    fn element<T: Real>(&self, [x, y, z]: [T; 3], [a, b]: [T; 2]) -> [T; 2] {
        let branch = if x * y > z { (x * a).sin() + y * z } else { (x - y).abs() * b };
        [branch * z, (y * y + a * a + T::one()).ln() * x]
    }
}

/// One output of two variables.
#[derive(Clone)]
struct Two(f64);

impl Element<2> for Two {
    fn element<T: Real>(&self, [x, y]: [T; 2], []: [T; 0]) -> [T; 1] {
        [(y - x * x).powi(2) * T::lit(self.0) + (x * y).exp()]
    }
}

/// A function of n variables: the elements of both kinds with their rows and weights.
struct Case {
    n: usize,
    threes: Vec<([usize; 3], [f64; 2], [usize; 2])>,
    twos: Vec<[usize; 2]>,
    rows: usize,
}

impl Case {
    fn new(random: &mut Random, n: usize, elements: usize) -> Self {
        let mut index = |bound: usize| random.below(bound);
        let rows = 1 + index(5);
        let threes = (0..elements).map(|_| {
            let variables = [index(n), index(n), index(n)];
            (variables, [index(100) as f64 / 50.0, index(100) as f64 / 25.0 - 2.0], [index(rows), index(rows)])
        });
        let threes = threes.collect();
        let twos = (0..elements).map(|_| [index(n), index(n)]).collect();
        Self { n, threes, twos, rows }
    }

    fn function(&self, method: Method) -> Function {
        let threes = Kind::with_data(Three, self.threes.iter().map(|e| e.0), self.threes.iter().map(|e| e.1))
            .and_then(|kind| kind.to_rows(self.threes.iter().map(|e| e.2)))
            .unwrap();
        let twos = Kind::new(Two(3.0), self.twos.iter().copied()).weighted(0.25);
        // The rows of the second kind are new ones.
        Function::new(self.n).with_rows(self.rows).with(threes.by(method)).unwrap().with(twos.by(method)).unwrap()
    }

    /// The same function, written as one.
    fn dense<T: Real>(&self, x: &[T]) -> Vec<T> {
        let mut y = vec![T::zero(); self.rows];
        for (variables, data, rows) in &self.threes {
            let outputs = Three.element(variables.map(|i| x[i]), data.map(T::lit));
            rows.iter().zip(outputs).for_each(|(&row, output)| y[row] += output);
        }
        let quarter = T::lit(0.25);
        y.extend(self.twos.iter().map(|variables| Two(3.0).element(variables.map(|i| x[i]), [])[0] * quarter));
        y
    }
}

fn close(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-14 * (1.0 + expected.abs()), "{what}: {found} and not {expected}");
}

/// The lower triangle as a dense matrix.
fn lower(pattern: &Pattern, entries: &[f64]) -> Vec<Vec<f64>> {
    let mut dense = vec![vec![0.0; pattern.columns()]; pattern.rows()];
    pattern.entries().zip(entries).for_each(|((i, j), &y)| {
        assert!(j <= i);
        (dense[i][j], dense[j][i]) = (y, y);
    });
    dense
}

#[test]
fn all_methods_agree_with_the_dense_drivers() {
    let mut random = Random(7);
    for (n, elements) in [(1, 1), (2, 3), (5, 0), (4, 70), (9, 150), (30, 40), (30, 3000)] {
        let case = Case::new(&mut random, n, elements);
        let x: Vec<f64> = (0..n).map(|_| random.unit() - 0.5).collect();
        let v: Vec<f64> = (0..n).map(|_| random.unit() - 0.5).collect();
        let rows = case.rows + case.twos.len();
        let w: Vec<f64> = (0..rows).map(|_| random.unit() - 0.5).collect();
        let (values, rows_of_jacobian) = jacobian(|x: &[_]| case.dense(x), &x[..]);
        let weighted = |y: Vec<f64>| y.iter().zip(&w).map(|(y, w)| y * w).sum::<f64>();
        let (_, _, second) = hessian(
            |x: &[_]| case.dense(x).into_iter().zip(&w).map(|(y, &w)| y * w).fold(x[0] * 0.0, |sum, y| sum + y),
            &x[..],
        );
        let mut all = Vec::new();
        for method in [Method::Auto, Method::Forward, Method::Lanes] {
            let f = case.function(method);
            assert_eq!((f.variables(), f.columns(), f.rows(), f.elements()), (n, n, rows, 2 * elements));
            let (mut y, mut g, mut hv) = (vec![f64::NAN; rows], vec![f64::NAN; n], vec![f64::NAN; n]);
            let mut j = vec![f64::NAN; f.jacobian_pattern().len()];
            let mut h = vec![f64::NAN; f.hessian_pattern().len()];
            f.values_into(&x, &mut y).unwrap();
            assert!(y.iter().zip(&values).all(|(a, b)| (a - b).abs() <= 1e-14 * (1.0 + b.abs())));
            f.jacobian_into(&x, &mut y, &mut j).unwrap();
            f.vjp_into(&x, &w, &mut g).unwrap();
            f.hessian_into(&x, &w, &mut h).unwrap();
            f.hvp_into(&x, &w, &v, &mut hv).unwrap();
            let sum: f64 = weighted(y.clone());
            close(sum, weighted(values.clone()), "value");
            let mut dense = vec![vec![0.0; n]; rows];
            f.jacobian_pattern().entries().zip(&j).for_each(|((i, k), &y)| dense[i][k] = y);
            for i in 0..n {
                let gradient: f64 = rows_of_jacobian.iter().zip(&w).map(|(row, w)| row[i] * w).sum();
                close(g[i], gradient, "gradient");
                dense.iter().zip(&rows_of_jacobian).for_each(|(row, expected)| close(row[i], expected[i], "Jacobian"));
                let dense = lower(f.hessian_pattern(), &h);
                (0..n).for_each(|k| close(dense[i][k], second[i][k], "Hessian"));
                close(hv[i], second[i].iter().zip(&v).map(|(h, v)| h * v).sum(), "product");
            }
            // Signs of zeros may differ.
            all.push([y, g, hv, j, h].concat().iter().map(|y| y + 0.0).collect::<Vec<f64>>());
        }
        assert_eq!(all[0], all[1]);
        assert_eq!(all[0], all[2]);
    }
}

#[test]
fn patterns_have_the_entries_of_all_elements() {
    for elements in [0, 1, 5, 90] {
        let case = Case::new(&mut Random(elements as u64), 12, elements);
        let f = case.function(Method::Auto);
        let twos = case.twos.iter().enumerate();
        let mut jacobian: Vec<_> = twos.flat_map(|(k, two)| two.map(|j| (case.rows + k, j))).collect();
        jacobian.extend(case.threes.iter().flat_map(|(j, _, rows)| rows.iter().flat_map(|&i| j.map(|j| (i, j)))));
        assert_eq!(Pattern::new(f.rows(), 12, jacobian).as_ref(), Ok(&**f.jacobian_pattern()));
        let elements = case.threes.iter().map(|(i, ..)| &i[..]).chain(case.twos.iter().map(|i| &i[..]));
        let pairs = elements.flat_map(|of| of.iter().flat_map(move |&i| of.iter().map(move |&j| (i.max(j), i.min(j)))));
        assert_eq!(Pattern::new(12, 12, pairs).as_ref(), Ok(&**f.hessian_pattern()));
    }
}

#[test]
fn one_row_has_a_value_and_a_gradient() {
    let kind = |indices: &[[usize; 2]]| Kind::new(Two(100.0), indices.iter().copied()).to_row(0);
    let f = Function::new(3).with(kind(&[[0, 1], [1, 2], [2, 2]])).unwrap();
    let x = [0.5, -0.25, 1.5];
    let whole = |[x, y, z]: [_; 3]| {
        let [[a], [b], [c]] = [[x, y], [y, z], [z, z]].map(|x| Two(100.0).element(x, []));
        a + b + c
    };
    let (value, expected) = gradient(whole, x);
    let mut found = [0.0; 3];
    close(f.gradient_into(&x, &mut found).unwrap(), value, "value");
    close(f.value(&x).unwrap(), value, "value");
    (0..3).for_each(|i| close(found[i], expected[i], "gradient"));
    // No elements: the value and all derivatives are 0.
    let empty = Function::new(2).with(kind(&[])).unwrap();
    let mut g = [1.0; 2];
    assert_eq!((empty.value(&[1.0, 2.0]), empty.gradient_into(&[1.0, 2.0], &mut g), g), (Ok(0.0), Ok(0.0), [0.0; 2]));
    assert!(empty.hessian_pattern().is_empty() && empty.jacobian_pattern().is_empty());
    assert_eq!(empty.hessian_into(&[1.0, 2.0], &[], &mut []), Ok(()));
    assert_eq!(Function::new(0).value(&[]), Ok(0.0));
}

#[test]
fn stacked_functions_have_the_hessian_of_the_lagrangian() {
    let f = Function::new(3).with(Kind::new(Two(1.0), [[0, 1]]).to_row(0)).unwrap();
    let c = Function::new(3).with(Kind::with_data(Three, [[0, 1, 2]], [[1.0, 2.0]]).unwrap()).unwrap();
    let stack = Function::stack([&f, &c]).unwrap();
    assert_eq!(stack.rows(), 3);
    let (x, weights) = ([0.5, 0.25, -1.0], [2.0, -1.0, 3.0]);
    let lagrangian = |x: [_; 3]| {
        let [a] = Two(1.0).element([x[0], x[1]], []);
        let [b, c] = Three.element(x, [1.0, 2.0].map(|d| x[0] * 0.0 + d));
        a * 2.0 - b + c * 3.0
    };
    let (_, _, expected) = hessian(lagrangian, x);
    let mut entries = vec![0.0; stack.hessian_pattern().len()];
    stack.hessian_into(&x, &weights, &mut entries).unwrap();
    let dense = lower(stack.hessian_pattern(), &entries);
    (0..9).for_each(|i| close(dense[i / 3][i % 3], expected[i / 3][i % 3], "Hessian"));
    let other = Function::new(2);
    let error = Function::stack([&f, &other]).unwrap_err();
    assert_eq!(error.to_string(), "3 variables of each function were expected, and there are 2");
}

#[test]
fn stacked_functions_are_on_the_same_manifolds() {
    let f = || Function::new(4).with(Kind::new(Two(1.0), [[0, 1], [2, 3]])).unwrap();
    let held = |indices: &[usize]| f().on::<_, 1, 0>(Fixed, indices.iter().copied()).unwrap();
    let error = Function::stack([&held(&[1]), &held(&[1]), &held(&[2])]).unwrap_err();
    assert_eq!(error.to_string(), "variable 1 is not on the same manifold in function 2 as in function 0");
    assert!(Function::stack([&f().on(Swap, [0]).unwrap(), &f()]).is_err());
    assert!(Function::stack([&f().on(Swap, [0]).unwrap(), &f().on(Swap, [2]).unwrap()]).is_err());
    // It does not matter in which order variables were put on manifolds.
    let [a, b] = [[0, 2], [2, 0]].map(|starts| f().on(Swap, starts).unwrap());
    assert_eq!(Function::stack([&a, &b]).unwrap().columns(), 4);
    let pair = f().on::<_, 2, 0>(Fixed, [1]).unwrap();
    assert_eq!(Function::stack([&held(&[1, 2]), &pair]).unwrap().columns(), 2);
}

/// The residual of a rotated vector, of which a quaternion and a vector are the variables.
struct Rotated;

impl Element<7, 3, 3> for Rotated {
    fn element<T: Real>(&self, [x, y, z, w, a, b, c]: [T; 7], measured: [T; 3]) -> [T; 3] {
        // v + 2q×(q×v + wv)
        let cross =
            |a: [T; 3], b: [T; 3]| [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
        let (q, v) = ([x, y, z], [a, b, c]);
        let inner = cross(q, v);
        let outer = cross(q, std::array::from_fn(|i| inner[i] + w * v[i]));
        std::array::from_fn(|i| v[i] + outer[i] + outer[i] - measured[i])
    }
}

#[test]
fn quaternions_have_the_columns_of_their_tangent() {
    // Two rotations, two vectors of which one is held, and a residual for each pair.
    let quaternion = |a: f64| [0.6 * a.sin(), 0.0, 0.8 * a.sin(), a.cos()];
    let x: Vec<f64> = [&quaternion(0.3)[..], &[1.0, 2.0, 3.0], &quaternion(-0.8), &[-1.0, 0.5, 0.25]].concat();
    let variables = |q: usize, v: usize| [q, q + 1, q + 2, q + 3, v, v + 1, v + 2];
    let indices = [variables(0, 4), variables(7, 11), variables(0, 11), variables(7, 4)];
    let kind = Kind::with_data(Rotated, indices, [[0.5, 1.5, 3.0]; 4]).unwrap().with_loss(Loss::Huber(1.0));
    let f = Function::new(14).with(kind).unwrap().on(Quaternions, [0, 7]).unwrap().on::<_, 3, 0>(Fixed, [11]).unwrap();
    assert_eq!(f.columns(), 9);
    let at = |step: &[f64]| {
        let mut to = vec![0.0; 14];
        f.plus_into(&x, step, &mut to).unwrap();
        to
    };
    let values = |x: &[f64]| {
        let mut y = vec![0.0; 12];
        f.values_into(x, &mut y).unwrap();
        y
    };
    let step = |column: usize, by: f64| {
        let mut step = [0.0; 9];
        step[column] = by;
        step
    };
    let w: Vec<f64> = (0..12).map(|i| f64::from(i) - 4.5).collect();
    let (mut y, mut j) = (vec![0.0; 12], vec![0.0; f.jacobian_pattern().len()]);
    f.jacobian_into(&x, &mut y, &mut j).unwrap();
    let (mut g, mut h, mut hv) = ([0.0; 9], vec![0.0; f.hessian_pattern().len()], [0.0; 9]);
    f.hessian_into(&x, &w, &mut h).unwrap();
    let dense = lower(f.hessian_pattern(), &h);
    let weighted = |x: &[f64]| values(x).iter().zip(&w).map(|(y, w)| y * w).sum::<f64>();
    (0..9).for_each(|column| {
        // Central differences.
        let (up, down) = (values(&at(&step(column, 1e-6))), values(&at(&step(column, -1e-6))));
        for row in 0..12 {
            let found = f.jacobian_pattern().position(row, column).map_or(0.0, |p| j[p]);
            assert!((found - (up[row] - down[row]) / 2e-6).abs() < 1e-8, "row {row}, column {column}");
        }
        for other in 0..9 {
            let value = |a: f64, b: f64| {
                let mut both = step(column, a);
                both[other] += b;
                weighted(&at(&both))
            };
            let e = 1e-4;
            let quotient = (value(e, e) - value(e, -e) - value(-e, e) + value(-e, -e)) / (4.0 * e * e);
            assert!((dense[column][other] - quotient).abs() < 1e-5, "{column}, {other}: {quotient}");
        }
        f.hvp_into(&x, &w, &step(column, 1.0), &mut hv).unwrap();
        (0..9).for_each(|i| close(hv[i], dense[i][column], "product"));
    });
    f.vjp_into(&x, &w, &mut g).unwrap();
    let mut normal = vec![0.0; f.hessian_pattern().len()];
    let mut of_cost = [0.0; 9];
    let cost = f.least_squares_into(&x, &mut of_cost, &mut normal).unwrap();
    close(f.cost(&x).unwrap(), cost, "cost");
    for column in 0..9 {
        let column_of = |row: usize| f.jacobian_pattern().position(row, column).map_or(0.0, |p| j[p]);
        close(g[column], (0..12).map(|row| w[row] * column_of(row)).sum(), "pullback");
        let quotient = (f.cost(&at(&step(column, 1e-6))).unwrap() - f.cost(&at(&step(column, -1e-6))).unwrap()) / 2e-6;
        assert!((of_cost[column] - quotient).abs() < 1e-8);
    }
}

#[test]
fn losses_have_their_slopes() {
    let losses =
        [Loss::Squared, Loss::Huber(0.7), Loss::SoftL1(0.7), Loss::Cauchy(0.7), Loss::Arctan(0.7), Loss::Tukey(0.7)];
    for loss in losses {
        assert_eq!(loss.value_and_slope(0.0), (0.0, 1.0));
        for s in [1e-9, 0.1, 0.48, 0.5, 3.0, 1e6] {
            let (value, slope) = loss.value_and_slope(s);
            let e = 1e-6 * s;
            let quotient = (loss.value_and_slope(s + e).0 - loss.value_and_slope(s - e).0) / (2.0 * e);
            assert!((slope - quotient).abs() < 1e-6, "{loss:?} at {s}: {slope} and {quotient}");
            assert!(value <= s * (1.0 + 1e-15));
        }
        let (value, slope) = loss.value_and_slope(f64::NAN);
        assert!(value.is_nan() && (slope.is_nan() || loss == Loss::Squared));
    }
}

#[test]
#[should_panic(expected = "the scale of Cauchy(0.0) is not a finite number above 0")]
fn losses_have_a_scale() {
    let _ = Kind::new(Two(1.0), [[0, 1]]).with_loss(Loss::Cauchy(0.0));
}

struct Swap;

impl Manifold<2, 2> for Swap {
    fn plus<T: Real>(&self, [x, y]: [T; 2], [a, b]: [T; 2]) -> [T; 2] {
        [x + b, y + a]
    }
}

#[test]
fn bad_input_is_an_error() {
    let kind = || Kind::new(Two(1.0), [[0, 1], [1, 2]]);
    let error = Function::new(2).with(kind()).unwrap_err();
    assert_eq!(error.to_string(), "argument 1 of element 1 is variable 2, and there are 2");
    let error = Kind::with_data(Three, [[0, 1, 2]], [[0.0; 2]; 2]).unwrap_err();
    assert_eq!(error.to_string(), "1 data, one array for each element, were expected, and there are 2");
    let error = kind().to_rows([[0]]).unwrap_err();
    assert_eq!(error.to_string(), "2 rows, one array for each element, were expected, and there are 1");
    let f = Function::new(3).with(kind()).unwrap();
    let x = [1.0, f64::NAN, 0.0];
    assert_eq!(f.values_into(&x, &mut [0.0; 2]).unwrap_err().to_string(), "coordinate 1 of the point is NaN");
    let short = |found| Error::WrongLength { what: "coordinates", expected: 3, found };
    assert_eq!(f.values_into(&[1.0], &mut [0.0; 2]), Err(short(1)));
    let rows = "1 rows of a function with one value were expected, and there are 2";
    assert_eq!(f.value(&[1.0; 3]).unwrap_err().to_string(), rows);
    assert_eq!(f.gradient_into(&[1.0; 3], &mut [0.0; 3]).unwrap_err().to_string(), rows);
    assert!(f.jacobian_into(&[1.0; 3], &mut [0.0; 2], &mut [0.0; 3]).is_err());
    assert!(f.hessian_into(&[1.0; 3], &[1.0], &mut [0.0; 5]).is_err());
    assert!(f.hvp_into(&[1.0; 3], &[1.0; 2], &[1.0; 2], &mut [0.0; 3]).is_err());
    assert!(f.plus_into(&[1.0; 3], &[1.0; 2], &mut [0.0; 3]).is_err());
    let shared = Function::new(3).with(kind().to_row(0)).unwrap();
    assert_eq!(shared.cost(&[1.0; 3]), Err(Error::SharedRows { kind: 0 }));
    let error = Function::new(3).on(Swap, [0]).unwrap().on(Swap, [1]).unwrap_err();
    assert_eq!(error.to_string(), "variable 1 of point 0 is on another manifold already");
    let error = Function::new(3).on(Swap, [0, 2]).unwrap_err();
    assert_eq!(error.to_string(), "coordinate 1 of point 1 is variable 3, and there are 3");
}

/// An element that cannot be recorded.
struct Table;

impl Element<1> for Table {
    fn element<T: Real>(&self, [x]: [T; 1], []: [T; 0]) -> [T; 1] {
        let entry = x.to_usize().map_or(0.0, |i| [1.0, 10.0, 100.0][i.min(2)]);
        [x * T::lit(entry)]
    }
}

#[test]
fn elements_that_cannot_be_recorded_run_by_forward_mode() {
    let f = Function::new(3).with(Kind::new(Table, (0..99).map(|i| [i % 3])).by(Method::Lanes)).unwrap();
    let (mut y, mut entries) = (vec![0.0; 99], vec![0.0; 99]);
    f.jacobian_into(&[0.5, 1.5, 2.5], &mut y, &mut entries).unwrap();
    assert_eq!((&y[..3], &entries[96..]), (&[0.5, 15.0, 250.0][..], &[1.0, 10.0, 100.0][..]));
}

/// Two outputs of no variables.
struct Constant;

impl Element<0, 2, 1> for Constant {
    fn element<T: Real>(&self, []: [T; 0], [a]: [T; 1]) -> [T; 2] {
        [a, a * a]
    }
}

/// No outputs.
struct Nothing;

impl Element<2, 0> for Nothing {
    fn element<T: Real>(&self, _: [T; 2], []: [T; 0]) -> [T; 0] {
        []
    }
}

#[test]
fn elements_may_have_no_variables_or_no_outputs() {
    for method in [Method::Auto, Method::Forward, Method::Lanes] {
        let constants = || Kind::with_data(Constant, vec![[]; 100], vec![[3.0]; 100]).unwrap().by(method);
        let nothing = || Kind::new(Nothing, vec![[0, 1]; 100]).by(method);
        let two = || Kind::new(Two(1.0), [[0, 1]]).to_row(0);
        let f = Function::new(2).with(constants().to_row(0)).unwrap().with(nothing().to_row(0)).unwrap();
        let f = f.with(two()).unwrap();
        let mut gradient = [1.0; 2];
        assert_eq!((f.value(&[0.0, 2.0]), f.gradient_into(&[0.0, 2.0], &mut gradient)), (Ok(1205.0), Ok(1205.0)));
        assert_eq!(gradient, [2.0, 4.0]);
        // All in rows of their own, and with variables on a manifold.
        let f = Function::new(2).with(constants()).unwrap().with(nothing()).unwrap();
        for f in [f.clone(), f.on::<_, 1, 0>(Fixed, [0]).unwrap()] {
            let (mut values, mut normal) = (vec![1.0; 200], vec![1.0; f.hessian_pattern().len()]);
            let mut gradient = vec![1.0; f.columns()];
            f.jacobian_into(&[1.0; 2], &mut values, &mut vec![0.0; f.jacobian_pattern().len()]).unwrap();
            assert!(values.chunks(2).all(|y| y == [3.0, 9.0]));
            assert_eq!(f.least_squares_into(&[1.0; 2], &mut gradient, &mut normal), Ok(4500.0));
            assert!(gradient.iter().chain(&normal).all(|&y| y == 0.0));
            f.hessian_into(&[1.0; 2], &[1.0; 200], &mut normal).unwrap();
            f.hvp_into(&[1.0; 2], &[1.0; 200], &gradient.clone(), &mut gradient).unwrap();
            assert!(gradient.iter().chain(&normal).all(|&y| y == 0.0));
        }
    }
}

#[test]
fn the_value_of_a_gradient_is_that_of_the_function() {
    let case = Case::new(&mut Random(5), 9, 40);
    let threes = Kind::with_data(Three, case.threes.iter().map(|e| e.0), case.threes.iter().map(|e| e.1)).unwrap();
    let f = Function::new(9).with(threes.to_row(0)).unwrap();
    let x: Vec<f64> = (0..9).map(|i| f64::from(i % 4) / 7.0 + 0.1).collect();
    assert_eq!(f.gradient_into(&x, &mut [0.0; 9]), f.value(&x));
}

#[cfg(feature = "rayon")]
#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let case = Case::new(&mut Random(3), 500, 20_000);
    let x: Vec<f64> = (0..500).map(|i| f64::from(i % 7) / 7.0).collect();
    let f = case.function(Method::Auto);
    let weights = vec![0.5; f.rows()];
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let (mut y, mut g) = (vec![0.0; f.rows()], vec![0.0; 500]);
            let mut j = vec![0.0; f.jacobian_pattern().len()];
            let mut h = vec![0.0; f.hessian_pattern().len()];
            f.jacobian_into(&x, &mut y, &mut j).unwrap();
            f.vjp_into(&x, &weights, &mut g).unwrap();
            f.hessian_into(&x, &weights, &mut h).unwrap();
            [y, g, j, h]
        })
    };
    let one = run(1);
    assert_eq!(run(2), one);
    assert_eq!(run(5), one);
}
