//! Programs: replays are the live function bit for bit, or say that they are not.

#[path = "common/arity.rs"]
mod arity;
#[path = "common/random.rs"]
mod random;

use arity::arity;
use nilpotent::program::{self, Kernel, Set};
use nilpotent::rules::by_name::{by_method, by_table};
use nilpotent::rules::{ROWS, less, select};
use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor, Traced, Var, hessian, reverse};
use random::Random;

impl Random {
    /// A number of any size, and sometimes a special one.
    fn any(&mut self) -> f64 {
        const SPECIAL: [f64; 9] = [0.0, -0.0, 1.0, -1.0, 0.5, f64::INFINITY, f64::NAN, 1e-310, 2.0];
        match (self.unit() * 40.0) as usize {
            k @ 0..9 => SPECIAL[k],
            9..20 => (self.unit() - 0.5) * 10.0_f64.powf(self.unit() * 600.0 - 300.0),
            20..30 => self.unit() * 2.0 - 1.0,
            _ => (self.unit() - 0.5) * 20.0,
        }
    }
}

/// All parts of a row's result at numbers of one kind, whose values and derivatives are the inputs.
trait Kind {
    const INPUTS: usize;
    fn parts<T: Real>(name: &str, arguments: usize, n: f64, x: &[T]) -> Option<Vec<T>>;
}

macro_rules! kind {
    ($Kind:ident, $inputs:literal, |$x:ident| $number:expr, |$y:ident| $parts:expr) => {
        struct $Kind;

        impl Kind for $Kind {
            const INPUTS: usize = $inputs;

            fn parts<T: Real>(name: &str, arguments: usize, n: f64, x: &[T]) -> Option<Vec<T>> {
                let arguments: Vec<_> = x.chunks_exact($inputs).take(arguments).map(|$x| $number).collect();
                // The method of f64 panics on an empty interval.
                let row = if name == "clamp" { by_table } else { by_method };
                row(name, &arguments, n).map(|$y| $parts)
            }
        }
    };
}
kind!(Plain, 1, |x| x[0], |y| vec![y]);
kind!(First, 3, |x| Dual::new(x[0], [x[1], x[2]]), |y| vec![y.re, y.eps[0], y.eps[1]]);
kind!(Second, 3, |x| Dual2::new(x[0], [x[1], x[2]], [[T::zero(); 2]; 2]), |y| {
    vec![y.re, y.grad[0], y.grad[1], y.hess[(0, 0)], y.hess[(1, 0)], y.hess[(1, 1)]]
});
kind!(Mixed, 3, |x| HyperDual::new(x[0], [x[1]], [x[2]], [[T::zero()]]), |y| {
    vec![y.re, y.eps1[0], y.eps2[0], y.eps1eps2[0][0]]
});
kind!(Series, 3, |x| Taylor::new(x[0], [x[1], x[2], T::zero()]), |y| vec![y.re, y.coeffs[0], y.coeffs[1], y.coeffs[2]]);
kind!(Nested, 3, |x| Dual::new(Dual::new(x[0], [x[1]]), [Dual::constant(x[2])]), |y| {
    vec![y.re.re, y.re.eps[0], y.eps[0].re, y.eps[0].eps[0]]
});

/// The value and the gradient in reverse mode, where the arguments of a row have slopes, and its result is used twice.
struct Reverse;

impl Kind for Reverse {
    const INPUTS: usize = 1;

    fn parts<T: Real>(name: &str, arguments: usize, n: f64, x: &[T]) -> Option<Vec<T>> {
        let row = if name == "clamp" { by_table } else { by_method };
        let f = |x: &[Var<T>]| {
            let arguments: Vec<_> = x.iter().take(arguments).map(|&x| x * x.exp()).collect();
            row(name, &arguments, n).map(|y| y * arguments[0] + y.sin())
        };
        let (y, gradient) = reverse::try_gradient(f, x)?;
        Some(std::iter::once(y).chain(gradient).collect())
    }
}

fn rows() -> impl Iterator<Item = &'static str> {
    ROWS.into_iter().flatten().copied()
}

/// Whether both are the same bits, except that zeros may have different signs.
fn alike(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a == 0.0 && b == 0.0
}

/// Derivatives of operands that are not finite have no specified products with slopes that are 0; here they are 1.
fn specified<K: Kind>(mut x: Vec<f64>) -> Vec<f64> {
    for (k, x) in x.iter_mut().enumerate() {
        if k % K::INPUTS > 0 && !x.is_finite() {
            *x = 1.0;
        }
    }
    x
}

/// Records each row at several points and replays it at many: (replays that agree, replays that diverge).
fn replay<K: Kind>(points: usize) -> (usize, usize) {
    let (mut agree, mut diverge) = (0, 0);
    let mut random = Random(1);
    for name in rows() {
        let (arguments, inputs) = (arity(name), arity(name) * K::INPUTS);
        let n = (random.unit() * 8.0).floor() - if name == "powi" { 3.0 } else { 0.0 };
        let live = |x: &[f64]| K::parts(name, arguments, n, x).expect("a row");
        for record in 0..8 {
            let x0: Vec<f64> =
                (0..inputs).map(|_| if record < 4 { random.unit() * 2.0 - 0.5 } else { random.any() }).collect();
            let program = program::record(|x: &[Traced]| K::parts(name, arguments, n, x).expect("a row"), &x0[..])
                .expect("recorded");
            for _ in 0..points {
                let near = random.unit() < 0.5;
                let x: Vec<f64> =
                    x0.iter().map(|x| if near { x * (1.0 + 0.1 * random.unit()) } else { random.any() }).collect();
                let x = specified::<K>(x);
                let mut results = vec![0.0; program.results()];
                if program.run(&x, &mut results).is_err() {
                    diverge += 1;
                    continue;
                }
                agree += 1;
                for (k, (a, b)) in results.iter().zip(live(&x)).enumerate() {
                    assert!(
                        alike(*a, b),
                        "{name} n = {n}: part {k} is {a:e} in the replay at {x:?}, recorded at {x0:?}, and {b:e} live\n\
                         {program}{:?}",
                        program.guards().chain(program.checks()).collect::<Vec<_>>()
                    );
                }
            }
        }
    }
    (agree, diverge)
}

#[test]
fn rows_replay() {
    println!("plain {:?}", replay::<Plain>(200));
    println!("first {:?}", replay::<First>(200));
    println!("second {:?}", replay::<Second>(200));
    println!("mixed {:?}", replay::<Mixed>(200));
    println!("series {:?}", replay::<Series>(200));
    println!("nested {:?}", replay::<Nested>(200));
    println!("reverse {:?}", replay::<Reverse>(200));
}

/// Records each row at a point and runs it as a kernel with every instruction set, at points near and far.
fn lanes<K: Kind>(points: usize) -> (usize, usize) {
    let (mut all, mut live) = (0, 0);
    let mut random = Random(2);
    for name in rows() {
        let (arguments, inputs) = (arity(name), arity(name) * K::INPUTS);
        let n = (random.unit() * 8.0).floor() - if name == "powi" { 3.0 } else { 0.0 };
        let x0: Vec<f64> = (0..inputs).map(|_| random.unit() * 2.0 - 0.5).collect();
        let f = |x: &[f64]| K::parts(name, arguments, n, x).expect("a row");
        let kernel =
            Kernel::new(|x: &[Traced]| K::parts(name, arguments, n, x).expect("a row"), f, &x0[..]).expect("recorded");
        let points: Vec<Vec<f64>> = (0..points)
            .map(|i| {
                let near = |x: &f64, random: &mut Random| x * (1.0 + 0.1 * random.unit());
                specified::<K>(x0.iter().map(|x| if i % 3 > 0 { near(x, &mut random) } else { random.any() }).collect())
            })
            .collect();
        let width = kernel.program().results();
        let mut results = vec![0.0; points.len() * width];
        for set in Set::all() {
            let kernel = kernel.clone().with_set(set);
            results.fill(0.5);
            let report =
                kernel.run(points.len(), &[], |i| [&points[i][..]], &mut results, &mut []).expect("right lengths");
            (all, live) = (all + points.len(), live + report.live);
            for (x, results) in points.iter().zip(results.chunks_exact(width)) {
                for (k, (a, b)) in results.iter().zip(f(x)).enumerate() {
                    let same = alike(*a, b) || a.is_nan() && b.is_nan();
                    assert!(same, "{name} n = {n} with {set:?}: part {k} is {a:e} in lanes at {x:?} and {b:e} live");
                }
            }
        }
    }
    (all, live)
}

#[test]
fn rows_in_lanes() {
    println!("plain {:?}", lanes::<Plain>(100));
    println!("first {:?}", lanes::<First>(100));
    println!("second {:?}", lanes::<Second>(100));
    println!("mixed {:?}", lanes::<Mixed>(100));
    println!("series {:?}", lanes::<Series>(100));
    println!("nested {:?}", lanes::<Nested>(100));
    println!("reverse {:?}", lanes::<Reverse>(100));
}

/// A comparison of an input that varies with a value that is the same at all points.
#[test]
fn guards_between_lanes_and_uniform_values() {
    fn f<T: Real>([x, limit]: [T; 2]) -> T {
        if x < limit * limit { x } else { -x }
    }
    let kernel = Kernel::new(f, f, [1.0, 2.0]).expect("recorded").uniform([1]);
    for set in Set::all() {
        let kernel = kernel.clone().with_set(set);
        let points: Vec<[f64; 1]> = (0..100).map(|i| [f64::from(i) * 0.1]).collect();
        let mut results = vec![0.0; 100];
        let report = kernel.run(100, &[2.0], |i| [&points[i][..]], &mut results, &mut []).expect("right lengths");
        assert_eq!((report.live, report.programs), (0, 2));
        assert!(points.iter().zip(&results).all(|(&[x], &y)| y == if x < 4.0 { x } else { -x }));
    }
}

/// `select` makes no guard, and has the derivatives of what it chooses, also in numbers that record.
#[test]
fn select_is_no_branch() {
    fn f<T: Real>(x: [T; 2]) -> (T, [T; 2], [[T; 2]; 2]) {
        hessian(|[x, y]: [Dual2<T, 2>; 2]| select(less(x, y), x * x * y, (x * y).sin()), x)
    }
    let kernel = Kernel::new(f, f, [1.0, 2.0]).expect("recorded");
    assert_eq!(kernel.program().guards().len(), 0);
    let points = [[1.0, 2.0], [2.0, 1.0], [0.5, 0.5], [-1.0, 3.0]];
    let results = kernel.map(&points).expect("right lengths");
    for (x, results) in points.into_iter().zip(results.chunks_exact(7)) {
        let (y, [dx, dy], [[xx, xy], [yx, yy]]) = f(x);
        assert_eq!(results, [y, dx, dy, xx, xy, yx, yy]);
    }
}

/// If many points take another course, another program is recorded for them.
#[test]
fn programs_for_several_courses() {
    fn f<T: Real>([x]: [T; 1]) -> [T; 2] {
        let mut y = x;
        let mut steps = T::zero();
        while y < T::lit(8.0) {
            y = y * y + T::one();
            steps += T::one();
        }
        [y, steps]
    }
    let kernel = Kernel::new(f, f, [1.0]).expect("recorded");
    let points: Vec<[f64; 1]> = (0..1000).map(|i| [f64::from(i) * 0.01]).collect();
    let mut results = vec![0.0; 2000];
    for call in 0..2 {
        results.fill(0.0);
        let report = kernel.run(1000, &[], |i| [&points[i][..]], &mut results, &mut []).expect("right lengths");
        assert!(report.programs > 2 && report.live < 125, "call {call}: {report:?}");
        assert!(points.iter().zip(results.chunks_exact(2)).all(|(&x, y)| y == f(x)));
    }
    // The same with sums: there is one program, and the function itself for the other points.
    let sums = kernel.summed(0..2);
    let mut total = [0.0; 2];
    let report = sums.run(1000, &[], |i| [&points[i][..]], &mut [], &mut total).expect("right lengths");
    assert!(report.programs == 1 && report.live > 125);
    let expected = points.iter().map(|&x| f(x)).fold([0.0; 2], |sum, y| [sum[0] + y[0], sum[1] + y[1]]);
    assert!((total[0] - expected[0]).abs() < 1e-12 * expected[0] && total[1] == expected[1]);
}

/// Programs that other calls recorded are right nowhere in this call, and do not keep it from recording one of its own. Programs
/// that are right nowhere, because no result is finite, are not kept, and not recorded forever.
#[test]
fn programs_for_several_courses_in_several_calls() {
    fn f<T: Real>([x]: [T; 1]) -> T {
        if x < T::one() {
            x * x
        } else {
            (0..3).fold(x, |y, k| if x < T::lit(f64::from(k)) { y } else { y + y.sqrt() })
        }
    }
    let kernel = Kernel::new(f, f, [0.0]).expect("recorded");
    let run = |x: f64| {
        let mut results = vec![0.0; 100];
        let report = kernel.run(100, &[], |_| [std::slice::from_ref(&x)], &mut results, &mut []).expect("lengths");
        assert!(results.iter().all(|y| y.to_bits() == f([x]).to_bits()));
        (report.live, report.programs)
    };
    assert_eq!([1.5, 2.5, 2.5, 1.5].map(run), [(0, 2), (0, 3), (0, 3), (0, 2)]);
    (0..9).for_each(|_| assert_eq!(run(f64::INFINITY).0, 100));
    assert_eq!(run(f64::INFINITY), (100, 3));
}

fn above_zero<T: Real>([x, y]: [T; 2]) -> T {
    if x > T::zero() { y * y } else { y }
}

fn above_another<T: Real>([x, y]: [T; 2]) -> T {
    if x * x > y { x } else { y }
}

fn positive<T: Real>([x, y]: [T; 2]) -> T {
    if x.is_sign_negative() { y } else { -y }
}

fn ordered<T: Real>([x, y, z]: [T; 3]) -> T {
    if x > y { z } else { -z }
}

/// Guards of inputs that nothing else needs, and guards that compare with constants and with uniform inputs.
#[test]
fn guards_hold_in_lanes() {
    macro_rules! guarded {
        ($f:ident, $x:expr, $uniform:expr) => {{
            let points: Vec<_> =
                (0..40).map(|i| $x.map(|x| if i % 3 == 0 { -x } else { x + 0.01 * f64::from(i) })).collect();
            let live: Vec<_> = points.iter().map(|&x| $f(x)).collect();
            for set in Set::all() {
                let kernel = Kernel::new($f, $f, $x).expect("recorded").with_set(set);
                assert_eq!(kernel.map(&points), Ok(live.clone()), "{}", stringify!($f));
                let (kernel, k): (_, usize) = (kernel.uniform([$uniform]), $uniform);
                for (x, live) in points.iter().zip(&live) {
                    let inputs = |_| [&x[..k], &x[k + 1..]];
                    let mut y = [0.0];
                    kernel.run(1, &[x[k]], inputs, &mut y, &mut []).expect("lengths");
                    assert_eq!(y[0], *live, "{} with uniform input {k}", stringify!($f));
                }
            }
        }};
    }
    guarded!(above_zero, [1.5, 3.0], 1);
    guarded!(above_another, [1.5, 0.5], 1);
    guarded!(above_another, [1.5, 0.5], 0);
    guarded!(positive, [1.5, 3.0], 1);
    guarded!(ordered, [1.5, 0.5, 7.0], 2);
    guarded!(ordered, [1.5, 0.5, 7.0], 1);
}

/// The guards that rows leave at ordinary points, besides checks of ranges: rows with kinks or steps of their own, and the
/// powers and functions of nested numbers whose formulas depend on a sign.
#[test]
fn rows_leave_few_guards() {
    fn guards<K: Kind>() -> Vec<&'static str> {
        let count = |name: &&str| {
            let x0: Vec<f64> = (0..arity(name) * K::INPUTS).map(|i| 0.3 + 0.1 * i as f64).collect();
            let row = |x: &[Traced]| K::parts(name, arity(name), 3.0, x).expect("a row");
            program::record(row, &x0[..]).expect("recorded").guards().len()
        };
        rows().filter(|name| count(name) > 0).collect()
    }
    assert_eq!(guards::<Plain>(), ["clamp"]);
    assert_eq!(guards::<First>(), ["abs_sub", "clamp"]);
    assert_eq!(guards::<Second>(), ["abs_sub", "clamp"]);
    assert_eq!(guards::<Mixed>(), ["abs_sub", "clamp"]);
    println!("{:?} {:?}", guards::<Series>(), guards::<Nested>());
}
