//! Programs that call programs: what they compute is what they would compute with the operations of the called ones written
//! down in their place, bit for bit. And functions that do not replay: what they compute is what they compute live.

#[path = "common/panics.rs"]
mod panics;
#[path = "common/random.rs"]
mod random;

use nilpotent::program::{self, Kernel, Lane, Opaque, Program, Report, Set, opaque};
use nilpotent::{
    Dual, Dual2, Error, HyperDual, Real, Taylor, Traced, Var, gradient, hessian, hessian_diagonal, hvp, jacobian,
    mixed_partial, nth_derivative, reverse, rules,
};
use panics::panics;
use random::Random;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A function of slices, which another function calls.
type Inner<'a, T> = &'a dyn Fn(&[T]) -> Vec<T>;

/// exp(-½ r²)·sin(d·x + s) with r² = Σ (sᵢ·(xᵢ - mᵢ))² and its gradient, of two coordinates x, two means m, two scales s; in
/// reverse mode.
fn bump<T: Real>(x: &[T]) -> Vec<T> {
    let (y, slopes) = reverse::gradient(
        |x: &[Var<T>]| {
            let square: Var<T> = (0..2).map(|i| (x[4 + i] * (x[i] - x[2 + i])).powi(2)).sum();
            (square * Var::lit(-0.5)).exp() * (x[0] * x[1] + x[4]).sin()
        },
        x,
    );
    core::iter::once(y).chain(slopes).collect()
}

/// Calls it for three pairs of means and scales and mixes the results: the logarithm of a sum with its gradient in x.
fn mixture<T: Real>(x: &[T], inner: Inner<'_, T>) -> Vec<T> {
    let parts: Vec<Vec<T>> = x[2..14].chunks_exact(4).map(|part| inner(&[&x[..2], part].concat())).collect();
    let sum: T = parts.iter().map(|part| part[0] * part[0]).sum::<T>() + T::one();
    let slope = |k: usize| parts.iter().map(|part| part[k] * part[0]).sum::<T>() / sum;
    // Of some calls only some results are used.
    vec![sum.ln(), slope(1), slope(2), parts[0][3], parts[1][5] * x[0]]
}

/// With guards, checks, a constant result, a result that is an input, and two equal ones.
fn guarded<T: Real>(x: &[T]) -> Vec<T> {
    let [a, b] = [x[0], x[1]];
    let (y, [slope]) = gradient(|[a]| if a < b { a * a / b } else { a.sqrt() * b }, [a]);
    vec![y, b, T::lit(2.5), slope, y, rules::select(rules::less(a, b), a.max(b), b - a)]
}

fn chosen<T: Real>(x: &[T], inner: Inner<'_, T>) -> Vec<T> {
    let first = inner(&x[..2]);
    let second = inner(&[x[2], first[3] + T::lit(2.0)]);
    // The same call as the first one, one with a constant, and one of which nothing is used.
    let (third, fourth) = (inner(&x[..2]), inner(&[x[0], T::lit(1.5)]));
    inner(&[x[2], x[2] + T::lit(7.0)]);
    let mut y = vec![first[0] * second[0], first[1], second[2] * x[2], third[0] - second[5], fourth[0] * fourth[2]];
    y.extend([fourth[1], second[4].abs().min(first[5]), if second[0] < first[0] { x[1] } else { x[0] }]);
    y
}

/// A call in the middle: three times the inner function in turn.
fn turns<T: Real>(x: &[T], inner: Inner<'_, T>) -> Vec<T> {
    let mut state = [x[0], x[1]];
    for k in 0..3 {
        let y = inner(&[state[0].abs() + T::lit(0.5), state[1].abs() + T::lit(1.0 + f64::from(k))]);
        state = [(y[0] + y[3]).sin(), y[5].cos() * y[0] + y[2]];
    }
    state.to_vec()
}

/// Calls the function in the middle for two pairs.
fn pairs<T: Real>(x: &[T], inner: Inner<'_, T>) -> Vec<T> {
    let (a, b) = (inner(&x[..2]), inner(&[x[2], x[0]]));
    vec![a[0] + b[1], a[1] * b[0], a[0].mul_add(b[0], x[1])]
}

fn record<T: Real>(f: impl Fn(&[Traced<T>]) -> Vec<Traced<T>>, x: &[T]) -> Program<T> {
    program::record(|x: &[Traced<T>]| f(x), x).expect("recorded")
}

/// Runs both kernels alike.
#[track_caller]
fn same_kernels<'x, T, G, H, F>(
    called: &Kernel<&'x [T], G, F, T>,
    inlined: &Kernel<&'x [T], H, F, T>,
    live: impl Fn(&[T]) -> Vec<T>,
    is_uniform: &[bool],
    is_summed: &[bool],
    points: &[Vec<T>],
) -> Report
where
    T: Lane,
    G: Fn(&[Traced<T>]) -> Vec<Traced<T>>,
    H: Fn(&[Traced<T>]) -> Vec<Traced<T>>,
    F: Fn(&[T]) -> Vec<T> + Sync,
{
    let (count, width) = (points.len(), is_summed.iter().filter(|summed| !**summed).count());
    let split = |uniform: bool, x: &[T]| -> Vec<T> {
        x.iter().zip(is_uniform).filter(|(_, is)| **is == uniform).map(|(&x, _)| x).collect()
    };
    let uniform = split(true, &points[0]);
    let lanes: Vec<Vec<T>> = points.iter().map(|x| split(false, x)).collect();
    let mut both = [(); 2].map(|()| (vec![T::zero(); count * width], vec![T::zero(); is_summed.len() - width]));
    let [(results, sums), (expected, expected_sums)] = &mut both;
    let report = called.run(count, &uniform, |i| [&lanes[i][..]], results, sums).unwrap();
    let expected_report = inlined.run(count, &uniform, |i| [&lanes[i][..]], expected, expected_sums).unwrap();
    // A kernel cannot record another program where a guard of a called one does not hold: these points are live, where signs of
    // derivatives that are 0 may differ.
    let is_other = expected_report.programs > 1;
    assert!(report == expected_report || is_other && report.programs == 1 && report.live > expected_report.live);
    let sign = if is_other { T::zero() } else { -T::zero() };
    let bits = |x: &[T]| -> Vec<u64> { x.iter().map(|&x| (x + sign).to_f64().unwrap().to_bits()).collect() };
    assert_eq!(bits(results), bits(expected));
    assert_eq!(bits(sums), bits(expected_sums));
    for (x, results) in lanes.iter().zip(results.chunks(width.max(1))) {
        let (mut uniform, mut lane) = (uniform.iter(), x.iter());
        let x: Vec<T> = is_uniform.iter().map(|&is| *if is { uniform.next() } else { lane.next() }.unwrap()).collect();
        let live = live(&x);
        for (a, (&b, _)) in results.iter().zip(live.iter().zip(is_summed).filter(|(_, summed)| !**summed)) {
            assert!(a.same(b), "{a:e} is {b:e} live at {x:?}");
        }
    }
    report
}

/// Asserts that a program with calls and one without agree, everywhere and in every way to run them. Returns how many points
/// were given to the function itself.
#[track_caller]
fn agree<T: Lane>(
    called: impl Fn(&[Traced<T>]) -> Vec<Traced<T>>,
    inlined: impl Fn(&[Traced<T>]) -> Vec<Traced<T>>,
    live: impl Fn(&[T]) -> Vec<T> + Sync,
    x: &[T],
    points: &[Vec<T>],
) -> usize {
    let function = |x: &[T]| live(x);
    let called = Kernel::<&[T], _, _, T>::new(|x: &[Traced<T>]| called(x), function, x).expect("recorded");
    let inlined = Kernel::<&[T], _, _, T>::new(|x: &[Traced<T>]| inlined(x), function, x).expect("recorded");
    let (n, m) = (x.len(), called.program().results());
    assert_eq!(called.program().constants(), inlined.program().constants());
    assert_eq!(called.program().pattern(), inlined.program().pattern());
    for x in points {
        let mut y = [vec![T::zero(); m], vec![T::zero(); m]];
        let [a, b] = &mut y;
        // The places may differ where several guards do not hold.
        assert_eq!(called.program().run(x, a).is_ok(), inlined.program().run(x, b).is_ok());
        assert_eq!(format!("{a:?}"), format!("{b:?}"));
    }
    let mut lived = 0;
    for set in Set::all() {
        for is_uniform in
            [|_: usize, _: usize| false, |i, _| i % 2 == 0, |i, n| i >= n / 2, |i, n| i < n / 2, |_, _| true]
        {
            for is_summed in [|_: usize| false, |k| k % 2 == 1, |_| true] {
                let is_uniform: Vec<bool> = (0..n).map(|i| is_uniform(i, n)).collect();
                let is_summed: Vec<bool> = (0..m).map(is_summed).collect();
                let [uniform, summed] =
                    [&is_uniform, &is_summed].map(|is| (0..is.len()).filter(|&i| is[i]).collect::<Vec<_>>());
                let called = called.clone().with_set(set).uniform(uniform.clone()).summed(summed.clone());
                let inlined = inlined.clone().with_set(set).uniform(uniform).summed(summed);
                for count in [1, 7, 31, 32, 33, points.len()] {
                    let points = &points[points.len() - count..];
                    lived += same_kernels(&called, &inlined, function, &is_uniform, &is_summed, points).live;
                }
            }
        }
    }
    lived
}

/// Points around x.
fn around<T: Real>(x: &[T], size: f64) -> Vec<Vec<T>> {
    let mut random = Random(7);
    (0..70).map(|_| x.iter().map(|&x| x + T::lit(size * (random.unit() - 0.5))).collect()).collect()
}

fn mixtures<T: Lane>() {
    let x: Vec<T> = (0..14).map(|i| T::lit(0.3 + 0.1 * f64::from(i % 5))).collect();
    let part = record(bump, &x[..6]);
    let called = |x: &[Traced<T>]| mixture(x, &|x| part.call(x));
    let lived = agree(called, |x| mixture(x, &|x| bump(x)), |x: &[T]| mixture(x, &|x| bump(x)), &x, &around(&x, 0.5));
    assert_eq!(lived, 0);
}

#[test]
fn a_program_that_is_called_three_times() {
    mixtures::<f64>();
    mixtures::<f32>();
}

fn guards<T: Lane>() {
    let x: Vec<T> = [0.5, 2.0, 0.75].map(T::lit).to_vec();
    let part = record(guarded, &x[..2]);
    assert_eq!(part.constants()[2], Some(T::lit(2.5)));
    let called = |x: &[Traced<T>]| chosen(x, &|x| part.call(x));
    let inlined = |x: &[Traced<T>]| chosen(x, &|x| guarded(x));
    for (size, fails) in [(0.1, false), (3.0, true), (1e-3, false)] {
        let mut points = around(&x, size);
        if size < 0.01 {
            // A guard that fails in one lane, and one that fails in another.
            (points[40][0], points[69][2], points[50][0]) = (T::lit(9.0), T::lit(-4.0), T::nan());
        }
        let lived = agree(called, inlined, |x: &[T]| chosen(x, &|x| guarded(x)), &x, &points);
        assert_eq!(lived > 0, fails || size < 0.01);
    }
}

#[test]
fn guards_of_called_programs() {
    guards::<f64>();
    guards::<f32>();
}

#[test]
fn calls_in_calls() {
    let x = [0.5, 2.0, 0.75];
    let inner = record(guarded, &[0.5, 2.0]);
    let middle = record(|x| turns(x, &|x| inner.call(x)), &[0.5, 2.0]);
    let called = |x: &[Traced]| pairs(x, &|x| middle.call(x));
    let inlined = |x: &[Traced]| pairs(x, &|x| turns(x, &|x| guarded(x)));
    agree(called, inlined, |x: &[f64]| pairs(x, &|x| turns(x, &|x| guarded(x))), &x, &around(&x, 0.5));
    // One level is written down, the other one is called.
    let inlined = |x: &[Traced]| pairs(x, &|x| turns(x, &|x| inner.call(x)));
    agree(called, inlined, |x: &[f64]| pairs(x, &|x| turns(x, &|x| guarded(x))), &x, &around(&x, 3.0));
}

/// Each program calls the one before twice in turn: 4096 steps in a dozen short programs.
#[test]
fn steps_in_steps() {
    fn step<T: Real>([x, t]: [T; 2]) -> [T; 2] {
        [x + (t - x).sin() * T::lit(0.01), t + T::lit(0.01)]
    }
    let mut steps = program::record(step, [0.5, 0.25]).unwrap();
    for _ in 0..12 {
        let twice = |x: [Traced; 2]| steps.call(&steps.call(&x));
        let next = program::record(twice, [0.5, 0.25]).unwrap();
        steps = next;
    }
    assert_eq!(steps.operations(), 5 * 4096);
    let live = |x: [f64; 2]| (0..4096).fold(x, |x, _| step(x));
    let mut y = [0.0; 2];
    assert_eq!((steps.run(&[1.5, 0.0], &mut y), y), (Ok(()), live([1.5, 0.0])));
    let kernel = Kernel::new(|x: [Traced; 2]| steps.call(&x), live, [0.5, 0.25]).unwrap();
    let points: Vec<[f64; 2]> = (0..40).map(|i| [0.1 * f64::from(i), 0.2]).collect();
    for set in Set::all() {
        for count in [0, 1] {
            // The time may be the same at all points.
            let kernel = kernel.clone().with_set(set).uniform(2 - count..2);
            let mut results = [0.0; 80];
            let point = |i: usize| [&points[i][..2 - count]];
            let report = kernel.run(40, &[0.2][..count], point, &mut results, &mut []);
            assert_eq!(report, Ok(Report { live: 0, programs: 1 }));
            assert_eq!(results[..], points.iter().flat_map(|&x| live(x)).collect::<Vec<_>>());
        }
    }
}

#[test]
fn what_is_written_down() {
    let square = program::record(|[x, y]: [Traced; 2]| [x * x + y, x, Traced::lit(3.0), y * y], [1.0, 2.0]).unwrap();
    let program = program::record(
        |[a, b]: [Traced; 2]| {
            let [first, same, other] = [[a, b], [a, b], [b, b]].map(|x| square.call(&x));
            square.call(&[a, a]);
            assert_eq!((first[0].to_string(), first[2].to_string()), ("3".into(), "3".into()));
            [first[0] + same[0], first[1] * other[0], other[2] * a, first[0]]
        },
        [1.0, 2.0],
    )
    .unwrap();
    let text = "\
p0(x0, x1):
    v0 = mul(x0, x0)
    v1 = add(x1, v0)
    v2 = mul(x1, x1)
    y0 = v1
    y1 = x0
    y2 = 3.0
    y3 = v2
v0 = p0(x0, x1)[0]
v1 = p0(x1, x1)[0]
v2 = add(v0, v0)
v3 = mul(x0, v1)
v4 = 3.0
v5 = mul(x0, v4)
y0 = v2
y1 = v3
y2 = v5
y3 = v0
";
    // The constant is a node of the called program, too.
    let text = text.replace("    y0 = v1\n", "    v3 = 3.0\n    y0 = v1\n");
    let text = text.replace("    y2 = 3.0\n", "    y2 = v3\n");
    assert_eq!(program.to_string(), text);
    assert_eq!(program.operations(), 3 + 2 * 3);
    assert_eq!(program.pattern(), [vec![0, 1], vec![0, 1], vec![0], vec![0, 1]]);
    assert!(program.to_dot(&[]).matches("label=\"mul\"").count() > 3);
    // Constants only, outside of any recording.
    let y = square.call(&[Traced::lit(2.0), Traced::lit(1.0)]);
    assert_eq!(y.iter().map(ToString::to_string).collect::<Vec<_>>(), ["5", "2", "3", "1"]);
}

#[test]
fn a_guard_that_fails_where_a_program_is_called() {
    fn f<T: Real>(x: &[T]) -> Vec<T> {
        vec![if x[0] < T::zero() { -x[0] } else { x[0] * x[0] }]
    }
    let part = record(f, &[2.0]);
    let [Err(Error::Diverged { place: Some(expected) }), Err(found)] = [
        part.run(&[-1.0], &mut [0.0]),
        program::record(|[x]: [Traced; 1]| part.call(&[x - 3.0])[0], [2.0]).map(|_| ()),
    ] else {
        panic!("errors")
    };
    assert_eq!(found, Error::Diverged { place: Some(expected) });
    // Of constants, within a recording and outside.
    let constant = program::record(|[x]: [Traced; 1]| part.call(&[Traced::lit(-1.0)])[0] + x, [2.0]).map(|_| ());
    assert_eq!(constant, Err(found));
    panics(&found.to_string(), || part.call(&[Traced::lit(-1.0)]));
    // A kernel cannot record another program there, so it gives these points to the function.
    let points: Vec<[f64; 1]> = (-100..100).map(|i| [f64::from(i) + 0.5]).collect();
    let kernel = Kernel::new(|x: [Traced; 1]| part.call(&x)[0], |x: [f64; 1]| f(&x)[0], [2.0]).unwrap();
    let mut results = [0.0; 200];
    let report = kernel.run(200, &[], |i| [&points[i]], &mut results, &mut []).unwrap();
    assert_eq!(report, Report { live: 100, programs: 1 });
    assert!(points.iter().zip(results).all(|(x, y)| y == f(x)[0]));
}

/// A result that is constant where the guards hold, and a guard whose result is not used.
#[test]
fn guards_without_results() {
    let part = program::record(|[x]: [Traced; 1]| if x < 0.0 { Traced::lit(0.0) } else { x }, [-2.0]).unwrap();
    let program = program::record(|[x]: [Traced; 1]| part.call(&[x + 1.0])[0] + 4.0 * x, [-2.0]).unwrap();
    let mut y = [0.0];
    assert_eq!((program.run(&[-3.0], &mut y), y), (Ok(()), [-12.0]));
    assert!(matches!(program.run(&[3.0], &mut y), Err(Error::Diverged { place: Some(_) })));
    for set in Set::all() {
        let live = |[x]: [f64; 1]| if x + 1.0 < 0.0 { 4.0 * x } else { x + 1.0 + 4.0 * x };
        let kernel = Kernel::new(|[x]: [Traced; 1]| part.call(&[x + 1.0])[0] + 4.0 * x, live, [-2.0]).unwrap();
        assert_eq!(kernel.with_set(set).map(&[[-3.0], [3.0]]), Ok(vec![-12.0, 16.0]));
    }
}

#[test]
fn misuse_of_calls() {
    let part = record(guarded, &[0.5, 2.0]);
    panics("a program of 2 inputs was called with 1", || program::record(|[x]: [Traced; 1]| part.call(&[x])[0], [1.0]));
    panics("a program of 2 inputs was called with 3", || part.call(&[Traced::lit(1.0); 3]));
    let leak = std::cell::Cell::new(Traced::lit(0.0));
    program::record(
        |[x]: [Traced; 1]| {
            leak.set(x);
            x
        },
        [1.0],
    )
    .unwrap();
    panics(panics::ENDED, || program::record(|[x]: [Traced; 1]| part.call(&[x, leak.get()])[0], [1.0]));
    panics(panics::ENDED, || part.call(&[Traced::lit(0.0), leak.get()]));
}

// ---- functions that do not replay

/// The root y of y³ + y = x by Newton's method, with as many steps as the value and all derivatives need, which it counts.
fn newton<T: Real>(x: T) -> (T, usize) {
    let mut y = x;
    for step in 1..1_000 {
        let next = y - (y * y * y + y - x) / (y * y * T::lit(3.0) + T::one());
        if next.same(y) || step > 60 {
            return (next, step);
        }
        y = next;
    }
    unreachable!()
}

fn root<T: Opaque>(x: T) -> T {
    opaque(&[x], |x| newton(x[0]).0)
}

/// Asserts that a kernel computes what the function does, in each way to run it, with uniform inputs and sums, and never by
/// the function itself. Signs of zeros may differ.
#[track_caller]
fn replays<F: Fn(&[f64]) -> Vec<f64> + Sync>(traced: impl Fn(&[Traced]) -> Vec<Traced>, live: F, points: &[Vec<f64>]) {
    let kernel = Kernel::<&[f64], _, _>::new(|x: &[Traced]| traced(x), |x: &[f64]| live(x), &points[0]).unwrap();
    let (n, m) = (points[0].len(), kernel.program().results());
    assert_eq!(kernel.program().guards().len(), 0);
    let bits = |y: &[f64]| -> Vec<u64> { y.iter().map(|y| (y + 0.0).to_bits()).collect() };
    let mut y = vec![0.0; m];
    for x in points {
        assert_eq!((kernel.program().run(x, &mut y), bits(&y)), (Ok(()), bits(&live(x))), "{x:?} {y:?}");
    }
    for set in Set::all() {
        for count in [1, 31, 32, 33, points.len()] {
            for uniform in 0..=n {
                let kernel = kernel.clone().with_set(set).uniform(0..uniform);
                let mut results = vec![0.0; count * m];
                let point = |i: usize| [&points[i][uniform..]];
                let report = kernel.run(count, &points[0][..uniform], point, &mut results, &mut []).unwrap();
                assert_eq!(report, Report { live: 0, programs: 1 });
                for (x, y) in points.iter().zip(results.chunks(m)) {
                    let x = [&points[0][..uniform], &x[uniform..]].concat();
                    assert_eq!(bits(y), bits(&live(&x)), "{x:?}");
                }
            }
        }
    }
}

fn spread(n: usize) -> Vec<Vec<f64>> {
    let mut random = Random(3);
    (0..70)
        .map(|_| (0..n).map(|_| (random.unit() - 0.5) * 10.0_f64.powf(4.0 * random.unit() - 1.0)).collect())
        .collect()
}

#[test]
fn newton_by_its_own_steps() {
    fn f<T: Opaque<Live = f64>>(x: &[T]) -> Vec<T> {
        let (y, [da, db]) = gradient(|[a, b]| root(a * b + a) * b, [x[0], x[1]]);
        let (z, slopes) = nth_derivative::<2, _, _>(|a| root(a.sin()) + root(a), x[1]);
        vec![y, da, db, z, slopes[0], slopes[1], root(x[0])]
    }
    let points = spread(2);
    let steps: Vec<usize> = points.iter().map(|x| newton(x[0]).1).collect();
    assert!(steps.iter().min().unwrap() + 3 < *steps.iter().max().unwrap(), "{steps:?}");
    replays(f, f, &points);
}

/// The same over `f32`.
#[test]
fn single_floats() {
    fn f<T: Opaque<Live = f32>>([a, b]: [T; 2]) -> [T; 3] {
        let (y, [da, db]) = gradient(|[a, b]| root(a * b + a) * b, [a, b]);
        [y, da, db]
    }
    let points: Vec<[f32; 2]> = spread(2).into_iter().map(|x| [x[0] as f32, x[1] as f32]).collect();
    let expected: Vec<f32> = points.iter().flat_map(|&x| f(x)).collect();
    for set in Set::all() {
        let kernel = Kernel::new(f, f, [1.0_f32, 2.0]).unwrap().with_set(set);
        assert!(kernel.map(&points).unwrap().iter().zip(&expected).all(|(a, &b)| a.same(b)));
    }
}

/// Every number, nested ones too: the parts arrive where they belong.
#[test]
fn parts_of_all_numbers() {
    fn plain<T: Real>(x: &[T]) -> [T; 2] {
        [x[0] * x[1].sin() + x[0].exp() / x[1], x[1]]
    }
    fn product<const OPAQUE: bool, T: Opaque>([a, b]: [T; 2]) -> [T; 3] {
        let sum = if OPAQUE { opaque(&[a, b], plain) } else { plain(&[a, b]) };
        [sum[0], sum[1] * sum[0], if OPAQUE { opaque(&[a], |x| x[0] * x[0] * x[0]) } else { a * a * a }]
    }
    fn f<const OPAQUE: bool, T: Opaque<Live = f64>>(x: &[T]) -> Vec<T> {
        let x: [T; 2] = [x[0], x[1]];
        let mut all = jacobian(product::<OPAQUE, Dual<T, 2>>, x).1.concat();
        let (y, g, h) = hessian(|x: [Dual2<T, 2>; 2]| product::<OPAQUE, _>(x)[1], x);
        all.extend([y, g[0], g[1], h[0][0], h[1][0], h[1][1]]);
        all.push(mixed_partial(|x: [HyperDual<T>; 2]| product::<OPAQUE, _>(x)[0], x, 0, 1).2);
        all.extend(hessian_diagonal(|x: [Dual2<T>; 2]| product::<OPAQUE, _>(x)[0], x).1);
        all.extend(hvp(|x: [Dual<Dual<T>, 2>; 2]| product::<OPAQUE, _>(x)[0], x, [T::one(), T::lit(0.5)]).2);
        all.extend(nth_derivative::<3, _, _>(|t: Taylor<T, 3>| product::<OPAQUE, _>([t, t * t])[0], x[1]).1);
        let wide: HyperDual<T, 2, 3> =
            product::<OPAQUE, _>([HyperDual::variable(x[0], Some(1), Some(2)), HyperDual::constant(x[1])])[2];
        all.extend(wide.eps1.iter().chain(&wide.eps2).chain(wide.eps1eps2.as_flattened()));
        all
    }
    let points: Vec<Vec<f64>> = spread(2).into_iter().map(|x| vec![x[0] % 4.0, x[1] % 4.0 + 5.0]).collect();
    for x in &points {
        assert_eq!(f::<true, f64>(x), f::<false, f64>(x));
    }
    replays(f::<true, _>, f::<true, _>, &points);
}

/// A table, within a function that takes its branches before and after.
#[test]
fn tables_and_guards() {
    const TABLE: [f64; 4] = [1.0, 10.0, 100.0, 1000.0];
    fn f<T: Opaque<Live = f64>>([x]: [T; 1]) -> T {
        if x < T::zero() {
            return -x;
        }
        // It would panic at other points.
        let y: T = opaque(&[x], |x| TABLE[x[0] as usize] * x[0]);
        if y > T::lit(500.0) { y } else { y * x }
    }
    let points: Vec<[f64; 1]> = (-50..=49).map(|i| [0.08 * f64::from(i)]).collect();
    let expected: Vec<f64> = points.iter().map(|&x| f(x)).collect();
    for x in [0.5, 3.5, -1.0] {
        let kernel = Kernel::new(f, f, [x]).unwrap();
        for set in Set::all() {
            assert_eq!(kernel.clone().with_set(set).map(&points).unwrap(), expected);
            let mut result = [0.0];
            for (x, y) in points.iter().zip(&expected) {
                let kernel = kernel.clone().with_set(set).uniform([0]);
                kernel.run(1, x, |_| [], &mut result, &mut []).unwrap();
                assert_eq!(result, [*y]);
                assert!(kernel.program().run(x, &mut result).is_err() || result == [*y]);
            }
        }
    }
}

#[test]
fn functions_in_called_programs() {
    fn inner<T: Opaque<Live = f64>>(x: &[T]) -> Vec<T> {
        let (y, dy) = gradient(|[a, b]| root(a) * b, [x[0], x[1]]);
        vec![y, dy[0], dy[1]]
    }
    fn outer<T: Real>(x: &[T], inner: Inner<'_, T>) -> Vec<T> {
        let (a, b) = (inner(&[x[0], x[1]]), inner(&[x[1] * x[2], T::lit(0.5)]));
        vec![a[0] * b[0], a[1] + b[1], a[2]]
    }
    let points = spread(3);
    let part = record(inner, &points[0][..2]);
    agree(
        |x: &[Traced]| outer(x, &|x| part.call(x)),
        |x| outer(x, &|x| inner(x)),
        |x: &[f64]| outer(x, &|x| inner(x)),
        &points[0],
        &points,
    );
}

#[test]
fn panics_of_functions() {
    fn f<T: Opaque<Live = f64>>([x]: [T; 1]) -> T {
        let y: T = opaque(&[x], |x| {
            assert!(x[0] < 5.0, "no value at {}", x[0]);
            x[0] * x[0]
        });
        y + x
    }
    panics("no value at 7", || program::record(f, [7.0]));
    let kernel = Kernel::new(f, f, [1.0]).unwrap();
    panics("no value at 6", || kernel.program().run(&[6.0], &mut [0.0]));
    for set in Set::all() {
        let kernel = kernel.clone().with_set(set);
        panics("no value at 8", || kernel.map(&[[1.0], [8.0], [2.0]]));
        panics("no value at 9", || kernel.clone().uniform([0]).run(1, &[9.0], |_| [], &mut [0.0], &mut []));
        assert_eq!(kernel.map(&[[1.0], [2.0]]), Ok(vec![2.0, 6.0]));
    }
    // With a uniform input, behind a guard that holds at no point.
    fn behind<T: Opaque<Live = f64>>(x: &[T]) -> Vec<T> {
        if x[1] < T::zero() { vec![x[1]] } else { vec![f([x[0]]) * x[1]] }
    }
    let part = record(behind, &[1.0, 1.0]);
    for set in Set::all() {
        for called in [false, true] {
            let traced = |x: &[Traced]| if called { part.call(x) } else { behind(x) };
            let kernel = Kernel::<&[f64], _, _>::new(traced, |x: &[f64]| behind(x), &[1.0, 1.0]).unwrap();
            let (kernel, mut y) = (kernel.with_set(set).uniform([0]), [0.0; 2]);
            let points = [[-1.0], [-2.0]];
            assert!(kernel.run(2, &[9.0], |i| [&points[i]], &mut y, &mut []).is_ok());
            assert_eq!(y, [-1.0, -2.0]);
            assert!(kernel.program().run(&[9.0, -1.0], &mut [0.0]).is_err());
        }
    }
    // Another number of results.
    let f = |[x]: [Traced; 1]| -> Vec<Traced> { opaque(&[x], |x| vec![x[0]; x[0] as usize]) };
    let program = program::record(f, [2.0]).unwrap();
    assert_eq!(program.run(&[2.5], &mut [0.0; 2]), Ok(()));
    let place = program.to_string().lines().next().unwrap().split(['(', ' ']).nth(3).unwrap().to_owned();
    assert!(place.starts_with(file!()), "{place}");
    panics(&format!("the function at {place} returned 2 floats at first, now 3"), || {
        program.run(&[3.0], &mut [0.0; 2])
    });
}

/// The function is called once for each point, is kept as long as the program, and is called at once outside of recordings.
#[test]
fn how_often_functions_are_called() {
    let calls = Arc::new(AtomicUsize::new(0));
    let f = |calls: &Arc<AtomicUsize>, x: [Traced; 1]| -> [Traced; 2] {
        let calls = calls.clone();
        opaque(&x, move |x| {
            calls.fetch_add(1, Ordering::Relaxed);
            [x[0] * 2.0, x[0] + 1.0]
        })
    };
    let counted = |expected: usize| assert_eq!(calls.swap(0, Ordering::Relaxed), expected);
    for set in Set::all() {
        let live = |[x]: [f64; 1]| -> [f64; 2] { opaque(&[x], |x| [x[0] * 2.0, x[0] + 1.0]) };
        let kernel = Kernel::new(|x| f(&calls, x), live, [1.0]).unwrap().with_set(set);
        counted(1);
        assert_eq!(kernel.map(&[[1.0], [2.0], [5.0]]), Ok(vec![2.0, 2.0, 4.0, 3.0, 10.0, 6.0]));
        counted(3);
        kernel.map(&(0..70).map(|i| [f64::from(i)]).collect::<Vec<_>>()).unwrap();
        counted(70);
        let (mut results, points) = (vec![0.0; 140], [[]; 70]);
        kernel.uniform([0]).run(70, &[3.0], |i| [&points[i]], &mut results, &mut []).unwrap();
        counted(1);
        assert_eq!(results[138..], [6.0, 4.0]);
    }
    // Neither results nor the inputs are needed.
    let program = program::record(|x| [f(&calls, x)[0] * 0.0, x[0]][1], [1.0]).unwrap();
    counted(1);
    assert_eq!((program.run(&[3.0], &mut [0.0]), program.operations()), (Ok(()), 0));
    counted(0);
    // Constants.
    let program = program::record(|x| f(&calls, [Traced::lit(2.0)])[1] * x[0], [1.0]).unwrap();
    counted(1);
    let mut y = [0.0];
    assert_eq!((program.run(&[3.0], &mut y), y, program.operations()), (Ok(()), [9.0], 1));
    counted(0);
    drop(program);
    assert_eq!(Arc::strong_count(&calls), 1);
}

#[test]
fn functions_without_text() {
    let program = program::record(|[x]| root(x * 2.0) + root(x), [1.0]).unwrap();
    for error in [program.to_rust("f").unwrap_err(), program.to_c("f", "").unwrap_err()] {
        let Error::NoText { place } = error else { panic!("{error}") };
        assert_eq!(place.file(), file!());
        assert!(error.to_string().starts_with(&format!("the program calls the function at {place}, which")), "{error}");
    }
    let outer = program::record(|[x]| program.call(&[x])[0], [1.0]).unwrap();
    assert!(matches!(outer.to_rust("f"), Err(Error::NoText { .. })));
    assert_eq!((outer.operations(), outer.pattern()), (4, vec![vec![0]]));
    assert!(outer.to_dot(&[]).contains("label=\"live 0\"") && outer.to_string().contains("live "));
}

#[cfg(feature = "nalgebra")]
#[test]
fn eigenvalues() {
    use nalgebra::Matrix3;

    fn f<T: Opaque<Live = f64>>(x: &[T]) -> Vec<T> {
        let entries = |x: &[Dual<T, 6>]| [x[0], x[1], x[2], x[1], x[3], x[4], x[2], x[4], x[5]];
        let (values, j) = jacobian(
            |x: [Dual<T, 6>; 6]| -> [Dual<T, 6>; 3] {
                opaque(&entries(&x), |x| Matrix3::from_column_slice(x).symmetric_eigenvalues().data.0[0])
            },
            std::array::from_fn(|i| x[i]),
        );
        values.into_iter().chain(j.concat()).collect()
    }
    let points = spread(6);
    // The steps that nalgebra takes differ: a recording of the operations is right at few of these points.
    let recorded = program::record(
        |x: &[Traced]| {
            let m = Matrix3::from_column_slice(&[x[0], x[1], x[2], x[1], x[3], x[4], x[2], x[4], x[5]]);
            m.symmetric_eigenvalues().as_slice().to_vec()
        },
        &points[0][..],
    )
    .unwrap();
    assert!(points.iter().filter(|x| recorded.run(x, &mut [0.0; 3]).is_err()).count() > 20);
    replays(f, f, &points);
}
