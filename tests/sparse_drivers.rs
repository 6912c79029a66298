//! Sparse derivatives against dense ones.

#[path = "common/random.rs"]
mod random;

use nilpotent::num_traits::ToPrimitive as _;
use nilpotent::sparse::color::Coloring;
use nilpotent::sparse::{self, Matrix, Order, Pattern, Plan};
use nilpotent::{Buffers, Dual, Error, Real, Traced, Var, jacobian, program, reverse};
use random::Random;
use std::collections::BTreeSet;

/// A random function: sums of terms of few variables, some of which are shared by several outputs.
struct Sparse {
    /// The operation, two variables and a coefficient.
    shared: Vec<(usize, usize, usize, f64)>,
    /// For each output some shared terms and a variable.
    outputs: Vec<(Vec<usize>, Option<usize>)>,
    /// Whether the first output also depends on all variables, and all outputs on the first variable.
    arrow: bool,
}

impl Sparse {
    fn new(random: &mut Random, m: usize, n: usize) -> Self {
        let count = if n == 0 { 0 } else { m.max(1) };
        // Most variables are close to each other, as in a grid.
        let near = |random: &mut Random, i: usize| (i + random.below(5)) % n;
        let shared = (0..count).map(|_| {
            let i = random.below(n);
            let j = if random.below(8) == 0 { random.below(n) } else { near(random, i) };
            (random.below(4), i, j, random.unit() - 0.5)
        });
        let shared = shared.collect();
        let outputs = (0..m).map(|k| {
            let terms = (0..if count == 0 { 0 } else { random.below(3) }).map(|_| (k + random.below(3)) % count);
            (terms.collect(), (n > 0 && random.below(3) > 0).then(|| random.below(n)))
        });
        Self { outputs: outputs.collect(), shared, arrow: n > 0 && random.below(3) == 0 }
    }

    fn outputs<T: Real>(&self, x: &[T]) -> Vec<T> {
        let term = |&(operation, i, j, c): &(usize, usize, usize, f64)| match operation {
            0 => x[i] * x[j] * T::lit(c),
            1 => (x[i] * T::lit(c)).sin() * x[j].exp(),
            2 => (x[i] - x[j]) * T::lit(c),
            _ => x[i] / (x[j] * x[j] + T::one()),
        };
        let terms: Vec<T> = self.shared.iter().map(term).collect();
        let output = |(of, variable): &(Vec<usize>, Option<usize>)| {
            let sum: T = of.iter().map(|&k| terms[k]).sum();
            variable.map_or(sum, |i| sum * T::lit(0.5) + x[i].cos())
        };
        let mut outputs: Vec<T> = self.outputs.iter().map(output).collect();
        if self.arrow {
            outputs.iter_mut().for_each(|y| *y *= x[0] + T::lit(2.0));
            outputs.iter_mut().take(1).for_each(|y| *y += x.iter().map(|&x| x.exp()).sum());
        }
        outputs
    }

    fn sum<T: Real>(&self, x: &[T]) -> T {
        self.outputs(x).into_iter().enumerate().map(|(i, y)| if i % 2 == 0 { y } else { y * y }).sum()
    }

    /// The entries of the Jacobian, from the terms themselves.
    fn entries(&self, n: usize) -> BTreeSet<(usize, usize)> {
        let of = |(row, (terms, variable)): (usize, &(Vec<usize>, Option<usize>))| {
            let both = terms.iter().flat_map(|&k| [self.shared[k].1, self.shared[k].2]);
            both.chain(*variable).map(move |j| (row, j)).collect::<Vec<_>>()
        };
        let mut entries: BTreeSet<_> = self.outputs.iter().enumerate().flat_map(of).collect();
        if self.arrow {
            entries.extend((0..self.outputs.len()).map(|row| (row, 0)));
            entries.extend((0..self.outputs.len().min(1)).flat_map(|row| (0..n).map(move |j| (row, j))));
        }
        entries
    }
}

fn point(random: &mut Random, n: usize) -> Vec<f64> {
    (0..n).map(|_| 2.0 * random.unit() - 1.0).collect()
}

/// The values of a dense matrix at the entries of a pattern. All others are 0.
fn at(pattern: &Pattern, dense: &[Vec<f64>]) -> Vec<f64> {
    let outside = dense.iter().enumerate().flat_map(|(i, row)| row.iter().enumerate().map(move |(j, &a)| (i, j, a)));
    assert!(outside.filter(|&(i, j, _)| pattern.position(i, j).is_none()).all(|(_, _, a)| a == 0.0));
    pattern.entries().map(|(i, j)| dense[i][j]).collect()
}

const ORDERS: [Order; 3] = [Order::Natural, Order::SmallestLast, Order::DynamicLargestFirst];

/// Sizes of functions: small ones, with none of something, and large ones.
fn sizes(random: &mut Random, k: usize) -> (usize, usize) {
    match k {
        0..=4 => [(0, 0), (0, 5), (5, 0), (1, 9), (9, 1)][k],
        5..=69 => (random.below(12), random.below(12)),
        _ => (1 + random.below(200), 1 + random.below(200)),
    }
}

/// Bit for bit the dense Jacobian of the same mode.
#[test]
fn jacobians_are_the_dense_ones() {
    let (mut random, mut mixed) = (Random(5), 0);
    for k in 0..90 {
        let (m, n) = sizes(&mut random, k);
        let (f, x) = (Sparse::new(&mut random, m, n), point(&mut random, n));
        let order = ORDERS[k % 3];
        let pattern = sparse::jacobian_pattern(|x: &[_]| f.outputs(x), &x).unwrap();
        // x - x has an entry as well, whose value is 0.
        assert!(pattern.entries().eq(f.entries(n)));
        let (y, forward) = jacobian(|x| f.outputs(x), &x);
        let (_, backward) = reverse::jacobian(|x| f.outputs(x), &x);
        let (forward, backward) = (at(&pattern, &forward), at(&pattern, &backward));

        let (mut value, mut values) = (vec![f64::NAN; m], vec![f64::NAN; pattern.len()]);
        let plan = Plan::columns(pattern.clone(), order);
        sparse::jacobian_into(&plan, |x| f.outputs(x), &x, &mut value, &mut values).unwrap();
        assert_eq!((&value, &values), (&y, &forward));

        value.fill(f64::NAN);
        values.fill(f64::NAN);
        let plan = Plan::rows(pattern.clone(), order);
        sparse::jacobian_by_rows_into(&plan, |x| f.outputs(x), &x, &mut value, &mut values).unwrap();
        assert_eq!((&value, &values), (&y, &backward));

        value.fill(f64::NAN);
        values.fill(f64::NAN);
        let plan = Plan::bidirectional(pattern, order);
        mixed += usize::from(plan.colorings().iter().all(|coloring| coloring.count() > 0));
        sparse::jacobian_both_ways_into(&plan, |x| f.outputs(x), |x| f.outputs(x), &x, &mut value, &mut values)
            .unwrap();
        assert_eq!(value, y);
        assert!(values.iter().zip(forward.iter().zip(&backward)).all(|(a, (b, c))| a == b || a == c));
    }
    // So many plans color both rows and columns.
    assert!(mixed >= 10, "{mixed}");
}

/// Bit for bit if the entries are recovered directly, and to rounding by substitution.
#[test]
fn hessians_are_the_dense_ones() {
    let mut random = Random(6);
    for k in 0..90 {
        let (m, n) = sizes(&mut random, k);
        let (f, x) = (Sparse::new(&mut random, m, n), point(&mut random, n));
        let pattern = sparse::hessian_pattern(|x: &[_]| f.sum(x), &x).unwrap();
        assert!(pattern.is_symmetric());
        let (y, dy, dense) = reverse::hessian(|x| f.sum(x), &x);
        let order = ORDERS[k % 3];
        for pattern in [pattern.lower(), pattern.lower().transposed().0, pattern.clone()] {
            let (mut gradient, mut values) = (vec![f64::NAN; n], vec![f64::NAN; pattern.len()]);
            let plan = Plan::star(pattern.clone(), order).unwrap();
            let value = sparse::hessian_into(&plan, |x| f.sum(x), &x, &mut gradient, &mut values).unwrap();
            assert_eq!((value, &gradient), (y, &dy));
            // Of two entries that are symmetric to each other one is read off, and their last bits may differ.
            let same = |((i, j), a): ((usize, usize), &f64)| *a == dense[i][j] || *a == dense[j][i];
            assert!(pattern.entries().zip(&values).all(same), "{values:?} {dense:?}");
            gradient.fill(f64::NAN);
            values.fill(f64::NAN);
            let plan = Plan::acyclic(pattern.clone(), order).unwrap();
            let value = sparse::hessian_into(&plan, |x| f.sum(x), &x, &mut gradient, &mut values).unwrap();
            assert_eq!((value, &gradient), (y, &dy));
            let size = dense.iter().flatten().fold(0.0_f64, |size, a| size.max(a.abs()));
            let close = |((i, j), a): ((usize, usize), &f64)| (a - dense[i][j]).abs() <= 1e-14 * size;
            assert!(pattern.entries().zip(&values).all(close), "{values:?} {dense:?}");
        }
    }
}

/// More colors than one pass takes, on full patterns.
#[test]
fn many_colors_take_several_passes() {
    for n in [7, 8, 9, 16, 21] {
        let f = Sparse::new(&mut Random(n as u64), n, n);
        let x = point(&mut Random(1), n);
        let full = Pattern::full(n, n);
        let (y, dense) = jacobian(|x| f.outputs(x), &x);
        let (mut value, mut values) = (vec![0.0; n], vec![f64::NAN; n * n]);
        let plan = Plan::columns(full.clone(), Order::Natural);
        assert_eq!(plan.colors(), n);
        sparse::jacobian_into(&plan, |x| f.outputs(x), &x, &mut value, &mut values).unwrap();
        assert_eq!((&value, &values), (&y, &dense.concat()));
        values.fill(f64::NAN);
        let plan = Plan::rows(full.clone(), Order::Natural);
        sparse::jacobian_by_rows_into(&plan, |x| f.outputs(x), &x, &mut value, &mut values).unwrap();
        assert_eq!((value, &values), (y, &reverse::jacobian(|x| f.outputs(x), &x).1.concat()));
        values.fill(f64::NAN);
        let plan = Plan::acyclic(full, Order::Natural).unwrap();
        assert_eq!((plan.colors(), plan.colorings()[1].count()), (n, n));
        let y = sparse::hessian_into(&plan, |x| f.sum(x), &x, &mut vec![0.0; n], &mut values).unwrap();
        let (z, _, dense) = reverse::hessian(|x| f.sum(x), &x);
        assert_eq!(y, z);
        let same = |(k, a): (usize, &f64)| *a == dense[k / n][k % n] || *a == dense[k % n][k / n];
        assert!(values.iter().enumerate().all(same));
    }
}

/// The Jacobian of a Jacobian: values are numbers with derivatives.
#[test]
fn drivers_nest() {
    let f = |[a, b]: [Dual<Dual, 8>; 2]| [a * a * b, b.powi(3)];
    let plan = Plan::columns(Pattern::full(2, 2), Order::Natural);
    let (mut value, mut values) = ([Dual::constant(0.0); 2], [Dual::constant(0.0); 4]);
    // At a = 2, along a.
    sparse::jacobian_into(&plan, f, [Dual::variable(2.0, 0), Dual::constant(3.0)], &mut value, &mut values).unwrap();
    assert_eq!(value.map(|y| (y.re, y.eps[0])), [(12.0, 12.0), (27.0, 0.0)]);
    assert_eq!(values.map(|y| (y.re, y.eps[0])), [(12.0, 6.0), (4.0, 4.0), (0.0, 0.0), (27.0, 0.0)]);
}

/// A program may hold sparse derivatives, too: here a Jacobian and, by substitution, a Hessian.
#[test]
fn sparse_derivatives_are_recorded() {
    fn f<T: Real>(x: &[T]) -> Vec<T> {
        x.windows(2).map(|w| w[0].sin() * w[1]).collect()
    }
    fn g<T: Real>(x: &[T]) -> T {
        f(x).into_iter().map(|y| y * y).sum()
    }
    fn values<T: Real>(plans: &[Plan; 2], x: &[T]) -> Vec<T> {
        let (mut value, mut gradient) = ([T::zero(); 5], [T::zero(); 6]);
        let [mut jacobian, mut hessian] = plans.each_ref().map(|plan| vec![T::zero(); plan.pattern().len()]);
        sparse::jacobian_into(&plans[0], f, x, &mut value, &mut jacobian).unwrap();
        sparse::hessian_into(&plans[1], g, x, &mut gradient, &mut hessian).unwrap();
        jacobian.append(&mut hessian);
        jacobian
    }
    let (x, y) = ([0.5, 1.0, 1.5, 2.0, 2.5, 3.0], [0.3, -0.4, 0.5, 0.6, -0.7, 0.8]);
    let plans = [
        Plan::columns(sparse::jacobian_pattern(f, &x[..]).unwrap(), Order::Natural),
        Plan::acyclic(sparse::hessian_pattern(g, &x[..]).unwrap(), Order::Natural).unwrap(),
    ];
    let program = program::record(|x: &[_]| values(&plans, x), &x[..]).unwrap();
    let mut results = vec![0.0; 10 + 16];
    program.run(&y, &mut results).unwrap();
    assert_eq!(results, values(&plans, &y));
    assert!(results.iter().all(|&result| result != 0.0));
}

/// Points and outputs of nalgebra.
#[cfg(feature = "nalgebra")]
#[test]
fn points_of_nalgebra() {
    use nalgebra::{DVector, Matrix2, SVector};

    let plan = Plan::columns(Pattern::new(4, 2, [(0, 0), (1, 1), (2, 0), (3, 1)]).unwrap(), Order::Natural);
    assert_eq!(plan.colors(), 1);
    let (mut value, mut values) = ([0.0; 4], [0.0; 4]);
    let f = |x: SVector<Dual<f64, 8>, 2>| Matrix2::new(x[0], x[0] * 3.0, x[1] * x[1], x[1].sin());
    sparse::jacobian_into(&plan, f, &SVector::from([2.0, 0.0]), &mut value, &mut values).unwrap();
    // Column after column, as nalgebra stores them.
    assert_eq!((value, values), ([2.0, 0.0, 6.0, 0.0], [1.0, 0.0, 3.0, 1.0]));
    let plan = Plan::rows(plan.pattern().clone(), Order::Natural);
    let f = |x: DVector<Var>| DVector::from_vec(vec![x[0], x[1] * x[1], x[0] * 3.0, x[1].sin()]);
    sparse::jacobian_by_rows_into(&plan, f, &DVector::from_vec(vec![2.0, 5.0]), &mut value, &mut values).unwrap();
    assert_eq!((value, values), ([2.0, 25.0, 6.0, 5.0_f64.sin()], [1.0, 10.0, 3.0, 5.0_f64.cos()]));
}

/// `xᵢ·xᵢ₊₁`, and in place.
fn chain<T: Real>(x: &[T], y: &mut [T]) {
    y.iter_mut().zip(x.windows(2)).for_each(|(y, w)| *y = w[0] * w[1]);
}

#[test]
fn nothing_is_allocated_after_the_first_call() {
    const N: usize = 30;
    let outputs = |x: &[f64]| x.windows(2).map(|w| w[0] * w[1]).collect::<Vec<_>>();
    let x: [f64; N] = core::array::from_fn(|i| i as f64);
    let pattern = Pattern::new(N - 1, N, (0..N - 1).flat_map(|i| [(i, i), (i, i + 1)])).unwrap();
    let expected: Vec<_> = (0..N - 1).flat_map(|i| [x[i + 1], x[i]]).collect();
    let (mut value, mut values) = (vec![0.0; N - 1], vec![0.0; pattern.len()]);
    let mut free = |name: &str, run: &mut dyn FnMut(&mut [f64], &mut [f64])| {
        run(&mut value, &mut values);
        value.fill(0.0);
        values.fill(0.0);
        let counted = allocation_counter::measure(|| run(&mut value, &mut values));
        assert_eq!((counted.count_total, &value, &values), (0, &outputs(&x), &expected), "{name}");
    };
    fn array<T: Real>(x: [T; N]) -> [T; N - 1] {
        let mut y = [T::zero(); N - 1];
        chain(&x, &mut y);
        y
    }
    let (columns, rows) = (Plan::columns(pattern.clone(), Order::Natural), Plan::rows(pattern.clone(), Order::Natural));
    // Even columns and odd rows have colors.
    let even = |k: usize| (0..k).map(|i| (i % 2 == 0).then_some(i as u32));
    let both =
        Plan::with_colors(pattern, [Coloring::new(even(N - 1)), Coloring::new((0..N).map(|j| Some(j as u32 % 2)))]);
    let both = both.unwrap();
    free("columns", &mut |y, j| sparse::jacobian_into(&columns, array, x, y, j).unwrap());
    free("rows", &mut |y, j| sparse::jacobian_by_rows_into(&rows, array, x, y, j).unwrap());
    free("both", &mut |y, j| sparse::jacobian_both_ways_into(&both, array, array, x, y, j).unwrap());
    let (duals, vars) = (Buffers::default(), Buffers::default());
    free("columns of slices", &mut |y, j| {
        sparse::jacobian_into(&columns, |x: &[_]| duals.outputs(N - 1, |y| chain(x, y)), duals.point(&x), y, j)
            .unwrap();
    });
    free("rows of slices", &mut |y, j| {
        sparse::jacobian_by_rows_into(&rows, |x: &[_]| vars.outputs(N - 1, |y| chain(x, y)), vars.point(&x), y, j)
            .unwrap();
    });
}

#[test]
fn hessians_allocate_nothing_after_the_first_call() {
    let f = |x: &[Var<Dual<f64, 8>>]| x.windows(2).map(|w| w[0] * w[1]).sum::<Var<_>>();
    let x: Vec<f64> = (0..40).map(f64::from).collect();
    let pattern = Pattern::new(40, 40, (1..40).map(|i| (i, i - 1))).unwrap();
    let buffers = Buffers::default();
    for plan in [Plan::star(pattern.clone(), Order::Natural), Plan::acyclic(pattern, Order::Natural)] {
        let (plan, mut gradient, mut values) = (plan.unwrap(), [0.0; 40], [0.0; 39]);
        let mut run = || sparse::hessian_into(&plan, f, buffers.point(&x), &mut gradient, &mut values).unwrap();
        run();
        assert_eq!(allocation_counter::measure(|| _ = run()).count_total, 0);
        assert_eq!((gradient[0], gradient[5], gradient[39], values), (1.0, 10.0, 38.0, [1.0; 39]));
    }
}

#[test]
fn matrices_of_plans() {
    let plan = Plan::columns(Pattern::diagonal(2), Order::Natural);
    let mut matrix = Matrix::zeros(plan.pattern().clone());
    sparse::jacobian_into(&plan, |[a, b]| [a * a, b * b * b], [3.0, 2.0], &mut [0.0; 2], matrix.values_mut()).unwrap();
    assert_eq!(matrix.to_dense(), [[6.0, 0.0], [0.0, 12.0]]);
}

/// A function that takes another course elsewhere: the pattern that was found is not the one there.
#[test]
fn patterns_are_checked() {
    fn f<T: Real>([a, b]: [T; 2]) -> [T; 2] {
        [if a > T::zero() { a * b } else { b }, b]
    }
    let pattern = sparse::jacobian_pattern(f, [-1.0, 2.0]).unwrap();
    assert_eq!(pattern.entries().collect::<Vec<_>>(), [(0, 1), (1, 1)]);
    assert_eq!(sparse::check(&pattern, f, [-1.0, 2.0]), Ok(()));
    let missing = |row, column, value| Err(Error::MissingEntry { row, column, value });
    assert_eq!(sparse::check(&pattern, f, [1.0, 2.0]), missing(0, 0, 2.0));
    // A derivative that happens to be 0 is not missed.
    assert_eq!(sparse::check(&pattern, f, [1.0, 0.0]), Ok(()));
    let g = |x: &[Dual<f64, 8>]| vec![x[0] * x[18], x[9] * x[17]];
    let x: Vec<f64> = (0..20).map(f64::from).collect();
    let pattern = Pattern::new(2, 20, [(0, 0), (0, 18), (1, 9)]).unwrap();
    assert_eq!(sparse::check(&pattern, g, &x), missing(1, 17, 9.0));
    let h = |x: &[Var<Dual<f64, 8>>]| x[0] * x[18] * 3.0 + x[9] * x[17] * 4.0;
    // One of two symmetric entries is enough.
    let pattern = |entries: &[(usize, usize)]| Pattern::new(20, 20, entries.iter().copied()).unwrap();
    assert_eq!(sparse::check_hessian(&pattern(&[(18, 0), (9, 17)]), h, &x), Ok(()));
    assert_eq!(sparse::check_hessian(&pattern(&[(9, 17)]), h, &x), missing(18, 0, 3.0));
    assert_eq!(sparse::check_hessian(&pattern(&[(0, 18)]), h, &x), missing(17, 9, 4.0));
    assert_eq!(sparse::check_hessian(&Pattern::full(20, 20), h, &x), Ok(()));
    // NaN is not 0 either.
    let nan = sparse::check(&Pattern::new(1, 1, []).unwrap(), |[a]: [Dual<f64, 8>; 1]| [a * f64::NAN], [1.0]);
    assert!(matches!(nan, Err(Error::MissingEntry { row: 0, column: 0, value }) if value.is_nan()));
}

#[test]
fn values_that_leave_are_errors() {
    let f = |[a]: [Traced; 1]| [a * a.to_f64().unwrap()];
    assert!(matches!(sparse::jacobian_pattern(f, [2.0]), Err(Error::ValueLeft { .. })));
}

#[test]
#[should_panic(expected = "colors are numbered from 0, and 4294967295 is too large")]
fn the_largest_number_is_no_color() {
    Coloring::new([Some(0), Some(u32::MAX)]);
}

/// What is wrong, and what was expected.
#[test]
fn misuse_is_an_error() {
    fn says<T: core::fmt::Debug>(result: Result<T, Error>, text: &str) {
        assert_eq!(result.unwrap_err().to_string(), text);
    }
    fn f<T: Real>([a, b, c]: [T; 3]) -> [T; 2] {
        [a * b, c]
    }
    let pattern = Pattern::new(2, 3, [(0, 0), (0, 1), (1, 2)]).unwrap();
    let (x, mut y, mut j) = ([1.0, 2.0, 3.0], [0.0; 2], [0.0; 3]);
    let plan = Plan::columns(pattern.clone(), Order::Natural);
    assert_eq!(sparse::jacobian_into(&plan, f, x, &mut y, &mut j), Ok(()));
    let short = |result| says(result, "2 values were expected, and there are 3");
    let other = Plan::columns(Pattern::new(2, 3, [(0, 0), (1, 1)]).unwrap(), Order::Natural);
    short(sparse::jacobian_into(&other, f, x, &mut y, &mut j));
    says(
        sparse::jacobian_into(&plan, f, x, &mut [0.0], &mut j),
        "2 entries of the value were expected, and there are 1",
    );
    let two = |[a, b]: [Dual<f64, 8>; 2]| [a, b];
    says(sparse::jacobian_into(&plan, two, [1.0, 2.0], &mut y, &mut j), "3 variables were expected, and there are 2");
    let one = |[a, ..]: [Dual<f64, 8>; 3]| [a];
    says(sparse::jacobian_into(&plan, one, x, &mut y, &mut j), "2 outputs were expected, and there are 1");
    let four = |[a, b, c]: [Dual<f64, 8>; 3]| vec![a, b, c, a];
    says(sparse::jacobian_into(&plan, four, x, &mut y, &mut j), "2 outputs were expected, and there are 4");
    says(sparse::check(&pattern, one, x), "2 outputs were expected, and there are 1");
    says(sparse::check(&pattern, four, x), "2 outputs were expected, and there are 4");
    says(sparse::check(&pattern, two, [1.0, 2.0]), "3 variables were expected, and there are 2");

    let rows = Plan::rows(pattern.clone(), Order::Natural);
    let reverse = |plan: &Plan, y: &mut [f64]| sparse::jacobian_by_rows_into(plan, f, x, y, &mut [0.0; 3]);
    assert_eq!(reverse(&rows, &mut [0.0; 2]), Ok(()));
    says(reverse(&rows, &mut [0.0; 3]), "2 entries of the value were expected, and there are 3");
    let one = |[a, ..]: [Var; 3]| [a];
    says(sparse::jacobian_by_rows_into(&rows, one, x, &mut y, &mut j), "2 outputs were expected, and there are 1");

    // Each driver needs its own kind of plan.
    says(
        sparse::jacobian_into(&rows, f, x, &mut y, &mut j),
        "the plan has colors for rows, and the driver needs colors for columns",
    );
    says(reverse(&plan, &mut y), "the plan has colors for columns, and the driver needs colors for rows");
    says(
        sparse::jacobian_both_ways_into(&plan, f, f, x, &mut y, &mut j),
        "the plan has colors for columns, and the driver needs colors for rows and columns",
    );
    let g = |[a, b]: [Var<Dual<f64, 8>>; 2]| a * b;
    let diagonal = Plan::columns(Pattern::diagonal(2), Order::Natural);
    says(
        sparse::hessian_into(&diagonal, g, [1.0, 2.0], &mut y, &mut [0.0; 2]),
        "the plan has colors for columns, and the driver needs colors for a symmetric matrix",
    );
    let star = Plan::star(Pattern::full(2, 2), Order::Natural).unwrap();
    says(
        sparse::hessian_into(&star, g, [1.0, 2.0], &mut [0.0; 3], &mut [0.0; 4]),
        "2 entries of the gradient were expected, and there are 3",
    );
    says(sparse::hessian_into(&star, g, [1.0, 2.0], &mut y, &mut [0.0; 3]), "4 values were expected, and there are 3");
    let square = "2 columns of a symmetric matrix were expected, and there are 3";
    says(Plan::star(pattern.clone(), Order::Natural), square);
    says(Plan::acyclic(pattern.clone(), Order::Natural), square);
    says(sparse::check_hessian(&pattern, g, [1.0, 2.0]), square);
    says(sparse::check_hessian(&Pattern::diagonal(3), g, [1.0, 2.0]), "3 variables were expected, and there are 2");

    // Colors that were found elsewhere.
    let colors = |colors: &[u32]| Coloring::new(colors.iter().map(|&color| Some(color)));
    let none = |n| Coloring::new(vec![None; n]);
    says(
        Plan::with_colors(pattern.clone(), [none(2), colors(&[0, 1])]),
        "3 colors of columns were expected, and there are 2",
    );
    says(Plan::with_colors(pattern.clone(), [none(1), none(3)]), "2 colors of rows were expected, and there are 1");
    says(
        Plan::with_colors(pattern.clone(), [none(2), none(3)]),
        "the entry (0, 0) cannot be recovered with these colors",
    );
    says(
        Plan::with_colors(pattern, [none(2), colors(&[1, 1, 0])]),
        "the entry (0, 0) cannot be recovered with these colors",
    );
    // A cycle of four vertices with two colors.
    let cycle = Pattern::new(4, 4, [(0, 1), (1, 2), (2, 3), (3, 0)]).unwrap();
    says(
        Plan::with_symmetric_colors(cycle.clone(), colors(&[0, 1, 0, 1])),
        "the entry (1, 0) cannot be recovered with these colors",
    );
    assert!(Plan::with_symmetric_colors(cycle, colors(&[0, 1, 0, 2])).is_ok());
}
