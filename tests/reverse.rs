//! Reverse mode: the drivers on all points, recordings and their sweeps, misuse, and no heap.

#[path = "common/chain.rs"]
mod chain;

use chain::{d2f, df, doubled, f, g, point, times};
use nilpotent::num_traits::Zero;
use nilpotent::reverse::{
    self, gradient, hessian, hvp, jacobian, record, try_gradient, try_hessian, try_hvp, try_jacobian, try_record,
    try_vjp, vjp,
};
use nilpotent::rules::Chain;
use nilpotent::{Chunk, Dual, Dual2, Taylor, Var, forward};
use std::cell::Cell;
use std::panic::catch_unwind;

#[test]
fn slices_of_any_length() {
    for n in 0..=19 {
        let x = point(n);
        let v: Vec<f64> = (0..n).map(|i| i as f64 - 2.5).collect();
        let (y, dy, h) = (f(&x), df(&x), d2f(&x));
        assert_eq!(gradient(f, &x), (y, dy.clone()), "{n}");
        assert_eq!(gradient(f, &x[..]), (y, dy.clone()));
        assert_eq!(gradient(f, Chunk::<3>(&x)), forward::gradient(f, Chunk::<3>(&x)));

        let both = ([y, x.iter().map(|x| x * x).sum()], [dy.clone(), doubled(&x)]);
        assert_eq!(jacobian(g, &x), both);
        assert_eq!(jacobian(g, &x[..]), forward::jacobian(g, &x[..]));
        assert_eq!(jacobian(g, Chunk::<5>(&x)), both);
        assert_eq!(jacobian(|x| g(x).to_vec(), &x), (both.0.to_vec(), both.1.to_vec()));
        assert_eq!(jacobian(|x| x.to_vec(), &x), forward::jacobian(|x| x.to_vec(), &x));

        let (values, pullback) = vjp(g, &x);
        assert_eq!(values, both.0);
        assert_eq!((pullback.call([1.0, 0.0]), pullback.call([0.0, 0.5])), (dy.clone(), x.clone()));
        let (value, pullback) = vjp(f, Chunk::<2>(&x));
        assert_eq!((value, pullback.call(2.0)), (y, doubled(&dy)));
        let (_, pullback) = vjp(|x| g(x).to_vec(), &x[..]);
        assert_eq!(pullback.call(vec![2.0, 0.0]), doubled(&dy));

        let curved = (y, dy.clone(), times(&h, &v));
        assert_eq!(hvp(f, &x, &v), curved);
        assert_eq!(hvp(f, &x[..], &v[..]), curved);
        assert_eq!(hvp(f, Chunk::<3>(&x), Chunk(&v)), curved);
        for found in [hessian(f, &x), hessian(f, &x[..]), hessian(f, Chunk::<1>(&x)), hessian(f, Chunk::<3>(&x))] {
            assert_eq!(found, (y, dy.clone(), h.clone()));
        }
        assert_eq!(hessian(f, Chunk::<32>(&x)), forward::hessian(f, Chunk::<32>(&x)));
        let (values, rows, [h1, h2]) = hessian(g, &x);
        assert_eq!((values, rows, h1), (both.0, both.1, h));
        assert!((0..n).all(|i| (0..n).all(|j| h2[i][j] == if i == j { 2.0 } else { 0.0 })));

        let (y, recording) = record(f, &x);
        assert_eq!(recording.inputs(), n);
        assert_eq!(recording.adjoints(&[(y, -1.0)]).inputs(), dy.iter().map(|d| -d).collect::<Vec<_>>());
    }
}

#[test]
fn arrays() {
    const N: usize = 5;
    let x: [f64; N] = std::array::from_fn(|i| 1.5 - 0.125 * i as f64);
    let v = [1.0, -2.0, 0.5, 0.0, 3.0];
    assert_eq!(gradient(|x| f(&x), x), forward::gradient(|x| f(&x), x));
    assert_eq!(jacobian(|x| g(&x), x), forward::jacobian(|x| g(&x), x));
    assert_eq!(jacobian(|x| f(&x), x), forward::jacobian(|x| f(&x), x));
    assert_eq!(hvp(|x| f(&x), x, v), forward::hvp(|x| f(&x), x, v));
    assert_eq!(hessian(|x| f(&x), x), forward::hessian(|x| f(&x), x));
    assert_eq!(hessian(|x| g(&x), x), forward::hessian(|x| g(&x), x));
    let (y, pullback) = vjp(|x| g(&x), x);
    let [a, b] = jacobian(|x| g(&x), x).1;
    assert_eq!(y, g(&x));
    assert_eq!(pullback.call([2.0, -1.0]), std::array::from_fn(|i| 2.0 * a[i] - b[i]));
    // Over f32, and over numbers.
    assert_eq!(gradient(|[a, b]| a * b, [2.0_f32, 3.0]), (6.0, [3.0, 2.0]));
    assert_eq!(hessian(|[a, b]| a * b, [2.0_f32, 3.0]).2, [[0.0, 1.0], [1.0, 0.0]]);
    let (y, [d]) = gradient(|[a]: [Var<Dual>; 1]| a.powi(3), [Dual::variable(2.0, 0)]);
    assert_eq!((y.re, y.eps, d.re, d.eps), (8.0, [12.0], 12.0, [12.0]));
}

#[test]
fn failures_come_back() {
    let f = |[a, b]: [Var; 2]| if b == 0.0 { Err("b is 0") } else { Ok(a / b) };
    assert_eq!(try_gradient(f, [1.0, 2.0]), Ok((0.5, [0.5, -0.25])));
    assert_eq!(try_gradient(f, [1.0, 0.0]), Err("b is 0"));
    assert_eq!(try_jacobian(|x| f(x).map(|y| [y, y]), [1.0, 0.0]).err(), Some("b is 0"));
    assert_eq!(try_vjp(f, [1.0, 0.0]).err(), Some("b is 0"));
    assert_eq!(try_vjp(f, [1.0, 2.0]).map(|(y, pullback)| (y, pullback.call(4.0))), Ok((0.5, [2.0, -1.0])));
    assert_eq!(try_record(f, [1.0, 0.0]).err(), Some("b is 0"));
    assert_eq!(try_record(f, [1.0, 2.0]).map(|(y, recording)| recording.adjoints(&[(y, 1.0)]).inputs()[0]), Ok(0.5));
    assert_eq!(try_hvp(|[x, y]| (y != 0.0).then(|| x / y), [1.0, 0.0], [1.0, 1.0]), None);
    assert_eq!(
        try_hvp(|[x, y]| (y != 0.0).then(|| x * y), [1.0, 2.0], [1.0, 3.0]),
        Some((2.0, [2.0, 1.0], [3.0, 1.0]))
    );
    assert_eq!(try_hessian(|[x, y]| (y != 0.0).then(|| x / y), [1.0, 0.0]), None);
    // The third of three chunks fails.
    let calls = Cell::new(0);
    let fails = |x: &[Var<Dual<f64, 8>>]| {
        calls.set(calls.get() + 1);
        if calls.get() == 3 { Err(calls.get()) } else { Ok(x[0]) }
    };
    assert_eq!(try_hessian(fails, &point(20)), Err(3));
    assert_eq!(gradient(|[a, b]| a * b, [2.0, 3.0]), (6.0, [3.0, 2.0]));
}

#[test]
#[should_panic(expected = "the point has 3 coordinates and the direction has 2")]
fn directions_of_another_length() {
    let _ = hvp(f, &[1.0, 2.0, 3.0][..], &[1.0, 2.0][..]);
}

#[test]
#[should_panic(expected = "values at first and")]
fn outputs_of_another_length() {
    let calls = Cell::new(2);
    let f = |x: &[Var<Dual<f64, 8>>]| {
        calls.set(calls.get() + 1);
        vec![x[0]; calls.get()]
    };
    let _ = hessian(f, &point(9));
}

#[test]
#[should_panic(expected = "1 weights for 2 outputs of the function")]
fn weights_of_another_length() {
    let (_, pullback) = vjp(|x| x.to_vec(), &[1.0, 2.0][..]);
    let _ = pullback.call(vec![1.0]);
}

#[test]
fn constants_inputs_and_nothing() {
    assert_eq!(gradient(|_: [Var; 2]| Var::constant(3.0), [1.0, 2.0]), (3.0, [0.0, 0.0]));
    assert_eq!(gradient(|[_, b]: [Var; 2]| b, [1.0, 2.0]), (2.0, [0.0, 1.0]));
    assert_eq!(gradient(|[a, b]: [Var; 2]| a.floor() + b.signum(), [1.5, 2.0]), (2.0, [0.0, 0.0]));
    assert_eq!(gradient(|[a, b]: [Var; 2]| a - a + b * 0.0, [1.5, 2.0]), (0.0, [0.0, 0.0]));
    assert_eq!(gradient(|_: [Var; 0]| Var::constant(3.0), []), (3.0, []));
    assert_eq!(gradient(|_: &[Var]| Var::from(3.0), &Vec::<f64>::new()), (3.0, vec![]));
    assert_eq!(jacobian(|[a, b, _]: [Var; 3]| [b, 2.0.into(), a, b], [1.0, 3.0, 5.0]).1, {
        let mut rows = [[0.0; 3]; 4];
        (rows[0][1], rows[2][0], rows[3][1]) = (1.0, 1.0, 1.0);
        rows
    });
    assert_eq!(jacobian(|_: [Var; 2]| [0.0; 0].map(Var::constant), [1.0, 2.0]), ([], []));
    assert_eq!(jacobian(|_: [Var; 2]| Vec::<Var>::new(), [1.0, 2.0]), (vec![], vec![]));
    assert_eq!(vjp(|_: [Var; 2]| [0.0; 0].map(Var::constant), [1.0, 2.0]).1.call([]), [0.0, 0.0]);
    assert_eq!(vjp(|[a, _]: [Var; 2]| [a, a, 1.0.into()], [1.0, 2.0]).1.call([2.0, 3.0, 4.0]), [5.0, 0.0]);
    let h = hessian(|[a, _]: [Var<Dual<f64, 2>>; 2]| [a, a * a, Var::constant(1.0.into())], [3.0, 2.0]);
    assert_eq!(h.1, [[1.0, 0.0], [6.0, 0.0], [0.0, 0.0]]);
    assert_eq!(h.2, [[[0.0, 0.0], [0.0, 0.0]], [[2.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]]);
    assert_eq!(hvp(|_: [Var<Dual>; 1]| Var::zero(), [1.0], [1.0]), (0.0, [0.0], [0.0]));
    assert_eq!(hessian(|_: [Var<Dual<f64, 0>>; 0]| Var::zero(), []), (0.0, [], []));
    assert_eq!(hessian(|_: &[Var<Dual<f64, 8>>]| Var::zero(), &Vec::<f64>::new()), (0.0, vec![], vec![]));
}

#[test]
fn sweeps_of_one_recording() {
    let ([u, v, y], recording) = record(
        |[a, b, _]| {
            let u = (a * b + a).watch();
            let v = (u.sin() * b).watch();
            [u, v, (u * v + v + 1.0).watch()]
        },
        [0.5, 2.0, 7.0],
    );
    let (ur, vr): (f64, f64) = (u.re, v.re);
    for weight in [1.0, 3.0, -0.5_f64] {
        let adjoints = recording.adjoints(&[(y, weight)]);
        assert_eq!(adjoints.of(y * 1.0), weight);
        assert_eq!(adjoints.of(v), weight * (ur + 1.0));
        assert_eq!(adjoints.of(u), weight * vr + ur.cos() * 2.0 * adjoints.of(v));
        let [a, b, c] = adjoints.inputs() else { panic!("three inputs") };
        assert_eq!((*a, *c), (adjoints.of(u) * 3.0, 0.0));
        assert!((b - (0.5 * adjoints.of(u) + ur.sin() * adjoints.of(v))).abs() < 1e-15 * weight.abs());
    }
    // Weights of the same output add up. An output that occurs twice counts twice. Without outputs all adjoints are 0.
    let twice = recording.adjoints(&[(u, 1.0), (y, 0.0), (u, 1.0)]);
    assert_eq!(twice.inputs(), [6.0, 1.0, 0.0]);
    assert_eq!(recording.adjoints(&[]).inputs(), [0.0; 3]);
    assert_eq!(recording.adjoints(&[(Var::constant(3.0), 5.0)]).inputs(), [0.0; 3]);
    // Outputs that are not nodes of their own; a copy of the recording; and both are kept separately.
    assert_eq!(recording.adjoints(&[(-u * 2.0, 1.0)]).inputs(), [-6.0, -1.0, 0.0]);
    let copy = recording.clone();
    assert_eq!(copy.adjoints(&[(u, 2.0)]).inputs(), twice.inputs());
}

#[test]
fn counts_and_graph() {
    let (_, recording) = record(|[a]: [Var; 1]| (2.0 * a + 1.0).sin().exp().powi(3) / a * a - a, [0.5]);
    assert_eq!((recording.inputs(), recording.records(), recording.bytes()), (1, 0, 0));
    assert_eq!(recording.to_dot(), "digraph {\n  0 [shape=box, label=\"x0\"];\n}\n");
    let (_, recording) = record(|[a, b]: [Var; 2]| (a * b).exp() * a - b.max(a), [2.0, 3.0]);
    assert_eq!((recording.inputs(), recording.records()), (2, 3));
    assert!(recording.bytes() >= 3 * 2 * size_of::<f64>());
    let (_, recording) = record(|[a, b]: [Var; 2]| (a * b).watch() + a, [2.0, 3.0]);
    let dot = "digraph {\n  0 [shape=box, label=\"x0\"];\n  1 [shape=box, label=\"x1\"];\n  \
        0 -> 2 [label=\"3\"];\n  1 -> 2 [label=\"2\"];\n  2 -> 3 [label=\"1\"];\n  \
        3 -> 4 [label=\"1\"];\n  0 -> 4 [label=\"1\"];\n}\n";
    assert_eq!(recording.to_dot(), dot);
}

/// Poles and overflows on paths that do not lead to the output do no harm.
#[test]
#[allow(clippy::no_effect_underscore_binding)]
fn unused_poles_spoil_nothing() {
    let (y, dy) = gradient(
        |[a, b]: [Var; 2]| {
            let _pole = a.ln() * b + a.recip() / b;
            let _nan = (a - 1.0).ln() * b;
            a * b
        },
        [0.0, 3.0],
    );
    assert_eq!((y, dy), (0.0, [3.0, 0.0]));
    // They do no harm either where a branch or a constant root drops them.
    let f = |[a, b]: [Var; 2]| (a.ln() * b).max(a + b) + Var::zero().sqrt();
    assert_eq!(gradient(f, [0.0, 3.0]), (3.0, [1.0, 1.0]));
    // On paths that lead to the output they act as in forward mode.
    for x in [[0.0, 3.0], [-1.0, 2.0], [0.0, 0.0], [f64::INFINITY, 1.0], [f64::NAN, 1.0]] {
        let reverse = gradient(|[a, b]| a.ln() + b.sqrt(), x);
        let forward = forward::gradient(|[a, b]| a.ln() + b.sqrt(), x);
        assert_eq!(format!("{reverse:?}"), format!("{forward:?}"));
        let reverse = gradient(|[a, b]| b / a, x);
        let forward = forward::gradient(|[a, b]| b / a, x);
        assert_eq!(format!("{reverse:?}"), format!("{forward:?}"));
    }
}

/// A zero slope times an infinite partial gives NaN or 0 and nothing else, in every mode and whatever the nodes are.
#[test]
fn zero_slopes_at_infinite_partials() {
    let unspecified = |d: f64| assert!(d == 0.0 || d.is_nan(), "{d}");
    let plain = |[x]: [Var; 1]| x.sqrt() * 0.0;
    let watched = |[x]: [Var; 1]| x.sqrt().watch() * 0.0;
    let checkpointed = |[x]: [Var; 1]| reverse::checkpoint(|x| x[0].sqrt(), &[x]) * 0.0;
    let joined = |[x]: [Var; 1]| (x.sqrt() + x) * 0.0;
    for f in [plain, watched, checkpointed, joined] {
        unspecified(gradient(f, [0.0]).1[0]);
    }
    unspecified(forward::gradient(|[x]| x.sqrt() * 0.0, [0.0]).1[0]);
    unspecified(nilpotent::second_derivative(|x| x.sqrt() * 0.0, 0.0).1);
    // A zero partial stays zero, and an unused path does no harm.
    assert_eq!(gradient(|[x]: [Var; 1]| (x * 0.0).sqrt() + x, [2.0]).1, [1.0]);
    assert_eq!(gradient(|[x]: [Var; 1]| (x * 0.0).watch().sqrt() + x, [2.0]).1, [1.0]);
}

/// A slope whose value is 0, although its derivatives are not, meets an infinite adjoint: in the third derivatives of `xʸ`
/// at (0, 3), where the logarithm of x is infinite. All but `∂³/∂x³ = 6` are 0.
#[test]
fn zero_slopes_of_numbers_at_infinite_adjoints() {
    let (_, third) = jacobian(
        |x: [Var; 2]| {
            let row = |i: usize| gradient(|x| gradient(|[a, b]| a.powf(b), x).1[i], x).1;
            let [a, b] = [row(0), row(1)];
            [a[0], a[1], b[0], b[1]]
        },
        [0.0, 3.0],
    );
    assert_eq!(third, [[6.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]);
}

/// If both operands are on one node, their slopes are added before anything can overflow.
#[test]
fn quotients_of_one_variable() {
    for x in [1e-310, -1e-310, f64::MIN_POSITIVE, 1e300, f64::MAX] {
        assert_eq!(gradient(|[a]: [Var; 1]| a / a, [x]), (1.0, [0.0]));
        assert_eq!(gradient(|[a]: [Var; 1]| (a + a) / a, [x.min(1e300)]).1, [0.0]);
        assert_eq!(gradient(|[a]: [Var<Dual>; 1]| a / a, [Dual::variable(x, 0)]).1[0].eps, [0.0]);
        assert_eq!(gradient(|[a, b]| a / b, [x, x]), forward::gradient(|[a, b]| a / b, [x, x]));
    }
}

// ---- nesting

/// Each level uses its own variables, and the values of the level inside it.
fn deep(level: u32, x: f64) -> (f64, f64) {
    let f = |[a, b]: [Var; 2]| {
        let before = a * b;
        let (y, _) = if level > 0 { deep(level - 1, x + 1.0) } else { (1.0, 0.0) };
        before * y + a * b
    };
    let (y, [d, _]) = gradient(f, [x, 2.0]);
    (y, d)
}

#[test]
fn independent_recordings_nest() {
    let mut expected = (1.0, 0.0);
    for level in 0..10 {
        let x = 1.0 + f64::from(9 - level);
        expected = (2.0 * x * (expected.0 + 1.0), 2.0 * (expected.0 + 1.0));
    }
    assert_eq!(deep(9, 1.0), expected);
}

#[test]
fn drivers_nest_in_one_another() {
    let cube = |[x]: [Var<Var>; 1]| x.powi(5);
    assert_eq!(gradient(|x: [Var; 1]| gradient(cube, x).1[0], [2.0]), (80.0, [160.0]));
    // An outer variable is lifted into the inner numbers, as a constant.
    let f = |[a, b]: [Var; 2]| {
        let outer = Var::constant(b);
        gradient(|[x]: [Var<Var>; 1]| x * x * x * outer, [a]).1[0] * b
    };
    assert_eq!(gradient(f, [2.0, 3.0]), (108.0, [108.0, 72.0]));
    let (_, j) = jacobian(|x| gradient(|[a, b]| a * b * b, x).1, [2.0, 3.0]);
    assert_eq!(j, [[0.0, 6.0], [6.0, 4.0]]);
    let (_, third) = jacobian(|x| hvp(|[a, b]| a * b * b, x, [Var::constant(0.0), Var::constant(1.0)]).2, [2.0, 3.0]);
    assert_eq!(third, [[0.0, 2.0], [2.0, 0.0]]);
    let (_, rows) = jacobian(|x| hessian(|[a, b]| a * b * b, x).2[1], [2.0, 3.0]);
    assert_eq!(rows, [[0.0, 2.0], [2.0, 0.0]]);
    // Reverse mode inside and around forward numbers of all kinds.
    assert_eq!(forward::derivative(|x| gradient(|[x]| x.powi(5), [x]).1[0], 2.0), (80.0, 160.0));
    assert_eq!(gradient(|[x]: [Var; 1]| forward::derivative(|x| x.powi(5), x).1, [2.0]), (80.0, [160.0]));
    assert_eq!(gradient(|[x]: [Var; 1]| forward::second_derivative(|x| x.powi(5), x).2, [2.0]), (160.0, [240.0]));
    assert_eq!(forward::second_derivative(|x| gradient(|[x]| x.powi(5), [x]).1[0], 2.0), (80.0, 160.0, 240.0));
    let (y, d) = forward::nth_derivative(|x: Taylor<f64, 3>| gradient(|[x]| x.powi(5), [x]).1[0], 2.0);
    assert_eq!((y, d), (80.0, [160.0, 240.0, 240.0]));
    let (_, _, h) = forward::hessian(|[a, b]: [Dual2<f64, 2>; 2]| gradient(|[x]| x * x * b, [a]).1[0], [2.0, 3.0]);
    assert_eq!(h, [[0.0, 2.0], [2.0, 0.0]]);
    // A pullback and a recording, used inside another recording.
    let f = |x: [Var; 2]| {
        let (_, pullback) = vjp(|[a, b]: [Var<Var>; 2]| [a * b, a * a], x);
        let [a, b] = pullback.call([x[0], Var::constant(1.0)]);
        a * b
    };
    // (ab + 2a)·a²
    assert_eq!(gradient(f, [2.0, 3.0]), (40.0, [60.0, 8.0]));
}

#[test]
fn detached_values() {
    let (_, [da, db]) = gradient(|[a, b]: [Var; 2]| a * b.detach() + (a * b).detach() * a, [2.0, 3.0]);
    assert_eq!((da, db), (9.0, 0.0));
    let x = Var::<f64>::constant(2.0);
    assert!(x.is_constant() && x.watch().same(x) && x.detach().same(x) && (x * x + x).same(6.0));
}

// ---- the heap

#[test]
fn arrays_stay_off_the_heap() {
    let run = || {
        assert!(gradient(|x| f(&x), [1.5; 8]).1[0] != 0.0);
        assert!(jacobian(|x| g(&x), [1.5; 8]).1[0][0] != 0.0);
        assert!(hvp(|x| f(&x), [1.5; 8], [1.0; 8]).2[0] != 0.0);
        assert!(gradient(|[x]: [Var; 1]| gradient(|[x]: [Var<Var>; 1]| x.exp() * x, [x]).1[0], [1.5]).0 > 0.0);
    };
    run();
    assert_eq!(allocation_counter::measure(run).count_total, 0);
}

#[test]
fn slices_take_their_numbers_and_results() {
    let x = point(100);
    gradient(f, &x);
    let counted = allocation_counter::measure(|| {
        gradient(f, &x);
    });
    assert_eq!((counted.count_total, counted.count_current), (2, 0));
    // Other drivers that have run in between do not matter.
    hvp(f, &x, &x);
    deep(9, 1.0);
    let _ = catch_unwind(|| gradient(|[a, b]: [Var; 2]| if a * b > 0.0 { panic!("inside") } else { a }, [1.0, 1.0]));
    assert_eq!(allocation_counter::measure(|| drop(gradient(f, &x))).count_total, 2);
}

// ---- traits

#[test]
fn variables_are_numbers_like_others() {
    fn travels<T: Send + Sync + Unpin + 'static>() {}
    travels::<Var>();
    travels::<Var<Var<f32>>>();
    travels::<reverse::Adjoints>();
}

#[cfg(feature = "nalgebra")]
mod nalgebra_points {
    use super::*;
    use nalgebra::{DMatrix, DVector, Isometry3, Matrix3, Rotation3, UnitQuaternion, Vector3, Vector6, matrix, vector};
    use nilpotent::linalg;

    #[test]
    fn vectors() {
        let x = vector![2.0, 3.0];
        assert_eq!(gradient(|x| x[0] * x[1] * x[1], &x), (18.0, vector![9.0, 12.0]));
        let (y, j) = jacobian(|x| [x[0] * x[1], x[1]], &x);
        assert_eq!((y, j), ([6.0, 3.0], [vector![3.0, 2.0], vector![0.0, 1.0]]));
        let (y, dy, h) = hessian(|x| x[0] * x[1] * x[1], &x);
        assert_eq!((y, dy, h), (18.0, vector![9.0, 12.0], matrix![0.0, 6.0; 6.0, 4.0]));
        let (_, dy, hv) = hvp(|x| x[0] * x[1] * x[1], &x, &vector![1.0, 10.0]);
        assert_eq!((dy, hv), (vector![9.0, 12.0], vector![60.0, 46.0]));
        let (y, pullback) = vjp(|x| vec![x.norm_squared(), x[0]], &x);
        assert_eq!((y, pullback.call(vec![0.5, 1.0])), (vec![13.0, 2.0], vector![3.0, 3.0]));
        for n in [0, 1, 4, 7, 11, 20] {
            let (x, v) = (DVector::from_vec(point(n)), DVector::from_fn(n, |i, _| i as f64 - 2.5));
            let (y, dy, h) = (f(x.as_slice()), df(x.as_slice()), d2f(x.as_slice()));
            let (dy, h) = (DVector::from_vec(dy), DMatrix::from_fn(n, n, |i, j| h[i][j]));
            assert_eq!(gradient(|x| f(x.as_slice()), &x), (y, dy.clone()));
            assert_eq!(hessian(|x| f(x.as_slice()), &x), (y, dy.clone(), h.clone()));
            assert_eq!(hvp(|x| f(x.as_slice()), &x, &v), (y, dy.clone(), h * v));
            assert_eq!(jacobian(|x| g(x.as_slice()), &x).1, [dy.clone(), 2.0 * &x]);
            assert_eq!(vjp(|x| g(x.as_slice()), &x).1.call([1.0, 0.5]), dy + &x);
        }
    }

    /// Derivatives in the tangent space are those of forward mode; and tr exp(δ) = 1 + 2 cos|δ|.
    #[test]
    fn groups() {
        let trace = hessian(|r| r.matrix().trace(), &Rotation3::identity());
        assert_eq!(trace, (3.0, Vector3::zeros(), -2.0 * Matrix3::identity()));
        let a = vector![1.0, 2.0, 3.0];
        let q = UnitQuaternion::from_euler_angles(0.3, -0.4, 0.5);
        let (y, j) = jacobian(
            |q| {
                let y = q * linalg::lift(&a);
                [y.x, y.y, y.z]
            },
            &q,
        );
        let expected = -q.to_rotation_matrix().matrix() * a.cross_matrix();
        assert!((Vector3::from(y) - q * a).norm() < 1e-14);
        assert!((0..3).all(|i| (j[i].transpose() - expected.row(i)).norm() < 1e-14));
        let m = Isometry3::new(vector![1.0, 2.0, 3.0], vector![0.1, 0.2, 0.3]);
        fn cost<T: linalg::Number>(m: &Isometry3<T>) -> T {
            let p = m.rotation * m.translation.vector + m.translation.vector;
            p.x * p.y + p.z * p.z * p.z
        }
        let near = |a: Vector6<f64>, b: Vector6<f64>| (a - b).norm() <= 1e-14 * (1.0 + a.norm());
        let ((y, dy), forward) = (gradient(|m| cost(&m), &m), forward::gradient(|m| cost(&m), &m));
        assert!(y == forward.0 && near(dy, forward.1), "{dy}");
        let ((_, _, h), (_, _, expected)) = (hessian(|m| cost(&m), &m), forward::hessian(|m| cost(&m), &m));
        assert!((h - expected).norm() <= 1e-14 * h.norm(), "{h}{expected}");
        let v = Vector6::new(1.0, -1.0, 0.5, 0.25, 2.0, -3.0);
        assert!(near(hvp(|m| cost(&m), &m, &v).2, h * v));
        assert!(near(vjp(|m| cost(&m), &m).1.call(1.0), dy));
    }

    /// Solutions and factorizations in recordings.
    #[test]
    fn implicit_rules() {
        let f = |a: [Var; 4]| {
            let m = nalgebra::Matrix2::from_row_slice(&a);
            linalg::determinant(&m) + linalg::inverse(&m).expect("regular")[(0, 1)]
        };
        let (y, dy) = gradient(f, [4.0, 1.0, 2.0, 3.0]);
        // det = ad - bc; (A⁻¹)₀₁ = -b/det.
        let expected = [3.0 + 0.03, -2.0 - 0.1 - 0.02, -1.0 - 0.01, 4.0 + 0.04];
        assert!((y - 9.9).abs() < 1e-14);
        assert!(dy.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-14), "{dy:?}");
    }
}
