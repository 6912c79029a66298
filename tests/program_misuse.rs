//! Misuse of recordings of programs is an error or a panic that says what is wrong, and never a wrong number; and the ends of
//! what a recording and a kernel can do.

#[path = "common/panics.rs"]
mod panics;

use nilpotent::num_traits::{self, Float, ToPrimitive, Zero};
use nilpotent::program::{self, Kernel, Lane, Report, Set};
use nilpotent::{Dual, Error, Real, Traced, derivative, hessian, nth_derivative};
use panics::ENDED;
use std::cell::Cell;
use std::time::Instant;

const OUTER: &str = "a variable of an outer recording in an inner one of the same type: record one program at a time";

/// Asserts that `f` panics with a message that starts with `message`, and that recordings still work.
#[track_caller]
fn panics<R>(message: &str, f: impl FnOnce() -> R) {
    panics::panics(message, f);
    works();
}

/// Asserts that a recording works, and has nothing of those before.
#[track_caller]
fn works() {
    let program = program::record(|[a, b]| a * b + a, [2.0, 3.0]).expect("recorded");
    let mut y = [0.0];
    assert_eq!(program.run(&[5.0, 7.0], &mut y), Ok(()));
    assert_eq!((y, program.operations(), program.guards().len(), program.checks().len()), ([40.0], 2, 0, 0));
}

/// A number of a recording that has ended.
fn stale() -> Traced {
    let leak = Cell::new(Traced::zero());
    program::record(
        |[x]: [Traced; 1]| {
            leak.set(x * x);
            x
        },
        [2.0],
    )
    .expect("recorded");
    leak.get()
}

#[test]
fn panics_inside() {
    let f = |[x]: [Traced; 1]| -> Traced {
        let y = x.sin() + x;
        assert!(y < x, "the function's own panic");
        y
    };
    panics("the function's own panic", || program::record(f, [2.0]));
    // Also in an inner driver, and in an inner recording.
    panics("the function's own panic", || {
        let inner = |x| Dual::constant(f([x]));
        program::record(|[x]: [Traced; 1]| derivative(|y: Dual<Traced>| y * inner(x), x).0, [2.0])
    });
    panics("the function's own panic", || {
        program::record(
            |[x]: [Traced; 1]| {
                let _ = program::record(f, [3.0]);
                x
            },
            [2.0],
        )
    });
}

#[test]
fn numbers_of_other_recordings() {
    let old = stale();
    panics(ENDED, || program::record(|[x]: [Traced; 1]| x + old, [1.0]));
    panics(ENDED, || program::record(|[x]: [Traced; 1]| if old < x { x } else { -x }, [1.0]));
    panics(ENDED, || program::record(|[_]: [Traced; 1]| old, [1.0]));
    panics(ENDED, || program::record(|[x]: [Traced; 1]| x + Traced::lit(old.to_f64().unwrap()), [1.0]));
    panics(ENDED, || old + old);
    panics(ENDED, || old < 3.0);
    panics(OUTER, || {
        program::record(|[x]: [Traced; 1]| program::record(|[y]: [Traced; 1]| x * y, [2.0]).map(|_| x).unwrap(), [1.0])
    });
    panics(OUTER, || {
        program::record(|[x]: [Traced; 1]| program::record(|[_]: [Traced; 1]| x, [2.0]).map(|_| x).unwrap(), [1.0])
    });
    // One recording in another, with numbers of its own.
    let outer = |[x]: [Traced; 1]| {
        let inner = program::record(|[y]: [Traced; 1]| if y < 5.0 { y * y } else { y }, [2.0]).unwrap();
        let mut y = [0.0];
        assert_eq!((inner.run(&[3.0], &mut y), y), (Ok(()), [9.0]));
        if x < 2.0 { x * y[0] } else { x }
    };
    let program = program::record(outer, [1.0]).unwrap();
    let mut y = [0.0];
    assert_eq!((program.run(&[1.5], &mut y), y, program.guards().len()), (Ok(()), [13.5], 1));
}

#[test]
fn other_threads() {
    let result = |f: fn(Traced) -> bool| {
        program::record(
            |[x]: [Traced; 1]| {
                std::thread::scope(|scope| {
                    let thread = scope.spawn(move || panics(ENDED, || f(x)));
                    assert!(thread.join().is_ok());
                });
                x
            },
            [1.0],
        )
    };
    assert!(result(|x| (x + x).sin() == x).is_ok());
    assert!(result(|x| x < 2.0).is_ok());
    assert!(result(|x| x.to_f64().is_some()).is_ok());
    // A thread has recordings of its own.
    std::thread::spawn(works).join().unwrap();
}

/// Asserts that `f` lets a value leave through a method, in this file.
#[track_caller]
fn leaves(method: &str, f: impl Fn(Traced) -> Traced) {
    let error = program::record(|[x]: [Traced; 1]| f(x * x), [1.5]).map(|_| ()).expect_err("an error");
    let Error::ValueLeft { method: found, place } = error else { panic!("{error}") };
    assert_eq!((found, place.file()), (method, file!()), "{error}");
    let text = error.to_string();
    assert!(text.contains(method) && text.contains(file!()), "{text}");
    // Constants may leave.
    assert!(program::record(|[x]: [Traced; 1]| x * f(Traced::lit(1.5)), [1.5]).is_ok());
    works();
}

#[test]
fn values_that_leave() {
    leaves("to_f64", |x| Traced::lit(x.to_f64().unwrap()));
    leaves("to_f32", |x| Traced::lit(x.to_f32().unwrap().into()));
    leaves("to_i32", |x| Traced::lit(x.to_i32().unwrap().into()));
    leaves("to_usize", |x| Traced::lit(x.to_usize().unwrap() as f64));
    leaves("to_u8", |x| Traced::lit(x.to_u8().unwrap().into()));
    leaves("to_i64", |x| Traced::lit(x.to_i64().unwrap() as f64));
    leaves("integer_decode", |x| Traced::lit(Float::integer_decode(x).1.into()));
    // The first of two is the one that is reported.
    leaves("to_i16", |x| Traced::lit(f64::from(x.to_i16().unwrap()) + x.to_f64().unwrap()));
}

/// A conversion in generic code, whose place is in the other crate.
#[test]
fn values_that_leave_by_casts() {
    let f = |[x]: [Traced; 1]| Traced::lit(<f64 as num_traits::NumCast>::from(x).unwrap());
    let error = program::record(f, [1.5]).map(|_| ()).expect_err("an error");
    assert!(matches!(error, Error::ValueLeft { method: "to_f64", .. }), "{error}");
}

#[cfg(feature = "nalgebra")]
#[test]
fn values_that_leave_to_nalgebra() {
    use approx::UlpsEq;
    use nalgebra::{Vector2, try_convert};

    leaves("ulps_eq", |x| if x.ulps_eq(&Traced::lit(2.25), Traced::zero(), 4) { x } else { -x });
    let f = |[x]: [Traced; 1]| {
        let v: Vector2<f64> = nalgebra::convert_unchecked(Vector2::new(x, x));
        Traced::lit(v.x)
    };
    let error = program::record(f, [1.5]).map(|_| ()).expect_err("an error");
    assert!(matches!(error, Error::ValueLeft { method: "to_subset", .. }), "{error}");
    let f = |[x]: [Traced; 1]| {
        let v: Option<Vector2<f64>> = try_convert(Vector2::new(x, x));
        Traced::lit(v.map_or(1.0, |v| v.x))
    };
    let error = program::record(f, [1.5]).map(|_| ()).expect_err("an error");
    assert!(matches!(error, Error::ValueLeft { .. }), "{error}");
}

#[test]
fn wrong_lengths() {
    let f = |[a, b]: [f64; 2]| [a * b, a];
    let traced = |[a, b]: [Traced; 2]| [a * b, a];
    let program = program::record(traced, [1.0, 2.0]).unwrap();
    let wrong = |what, expected, found| Err(Error::WrongLength { what, expected, found });
    assert_eq!(program.run(&[1.0], &mut [0.0; 2]), wrong("inputs", 2, 1));
    assert_eq!(program.run(&[1.0; 3], &mut [0.0; 2]), wrong("inputs", 2, 3));
    assert_eq!(program.run(&[1.0; 2], &mut [0.0; 3]), wrong("results", 2, 3));
    let kernel = Kernel::new(traced, f, [1.0, 2.0]).unwrap().uniform([1]).summed([0]);
    let x = [[1.0], [2.0]];
    let run = |uniform: &[f64], results: usize, sums: usize| {
        let (mut results, mut sums) = (vec![0.0; results], vec![0.0; sums]);
        kernel.run(2, uniform, |i| [&x[i][..]], &mut results, &mut sums).map(|_| ())
    };
    assert_eq!(run(&[1.0], 2, 1), Ok(()));
    assert_eq!(run(&[], 2, 1), wrong("uniform inputs", 1, 0));
    assert_eq!(run(&[1.0], 3, 1), wrong("results", 2, 3));
    assert_eq!(run(&[1.0], 2, 0), wrong("sums", 1, 0));
    let run = |x: &[&[f64]]| kernel.run(x.len(), &[1.0], |i| [x[i]], &mut vec![0.0; x.len()], &mut [0.0]).map(|_| ());
    assert_eq!(run(&[&[1.0, 2.0]]), wrong("inputs of a point", 1, 2));
    assert_eq!(run(&[&[1.0], &[1.0], &[]]), wrong("inputs in a piece", 1, 0));
    // Pieces whose lengths change from point to point, although their sum does not.
    let full = Kernel::new(traced, f, [1.0, 2.0]).unwrap();
    let y = [1.0, 2.0];
    let pieces = |i: usize| [&y[..i], &y[i..]];
    assert_eq!(full.run(2, &[], pieces, &mut [0.0; 4], &mut []).map(|_| ()), wrong("inputs in a piece", 0, 1));
    assert_eq!(full.map(&[vec![1.0, 2.0], vec![1.0]]).map(|_| ()), wrong("inputs in a piece", 2, 1));
}

/// NaN, infinities and failing guards in single lanes of a block.
fn single_lanes<F: Lane + nilpotent::Output<F>>() {
    fn f<T: Real>(x: &[T]) -> Vec<T> {
        let [a, b] = [x[0], x[1]];
        vec![if a < b { a.sqrt() * b } else { a - b }, b * b + a]
    }
    let x = [F::lit(1.0), F::lit(2.0)];
    let kernel = Kernel::new(|x: &[Traced<F>]| f(x), |x: &[F]| f(x), &x[..]).unwrap();
    for set in Set::all() {
        for summed in [false, true] {
            let kernel = kernel.clone().with_set(set).summed(if summed { 0..2 } else { 0..0 });
            for special in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5.0, -1.0, 0.0, -0.0, 1e-310, 1e300] {
                for lane in 0..70 {
                    let points: Vec<[F; 2]> = (0..70)
                        .map(|i| [F::lit(if i == lane { special } else { 1.0 + f64::from(i) * 0.01 }), F::lit(2.0)])
                        .collect();
                    let width = if summed { 0 } else { 2 };
                    let (mut results, mut sums) = (vec![F::zero(); 70 * width], vec![F::zero(); 2 - width]);
                    kernel.run(70, &[], |i| [&points[i][..]], &mut results, &mut sums).unwrap();
                    for (i, y) in results.chunks_exact(2).enumerate() {
                        for (a, b) in y.iter().zip(f(&points[i])) {
                            assert!(a.same(b), "{set:?}: {a:e} is {b:e} live at {:?}", points[i]);
                        }
                    }
                    for (k, sum) in sums.into_iter().enumerate() {
                        // The sum of the parts, each of which has every eighth point.
                        let part = |p: usize| (p..70).step_by(8).fold(-F::zero(), |sum, i| sum + f(&points[i])[k]);
                        let expected = (0..8).fold(-F::zero(), |sum, p| sum + part(p));
                        assert!(sum.same(expected), "{set:?}: the sum {sum:e} is {expected:e} live, with {special:e}");
                    }
                }
            }
        }
    }
}

#[test]
fn not_finite_in_a_block() {
    single_lanes::<f64>();
    single_lanes::<f32>();
}

#[test]
fn guards_that_always_fail() {
    fn f<T: Real>([x]: [T; 1]) -> T {
        if x < T::zero() { -x } else { x * x }
    }
    let points: Vec<[f64; 1]> = (0..100).map(|i| [f64::from(i)]).collect();
    let expected: Vec<f64> = points.iter().map(|&x| f(x)).collect();
    for set in Set::all() {
        let kernel = Kernel::new(f, f, [-1.0]).unwrap().with_set(set);
        let mut results = [0.0; 100];
        assert_eq!(
            kernel.run(100, &[], |i| [&points[i][..]], &mut results, &mut []),
            Ok(Report { live: 0, programs: 2 })
        );
        assert_eq!(results[..], expected);
        let (mut sum, kernel) = ([0.0], kernel.summed([0]));
        assert_eq!(
            kernel.run(100, &[], |i| [&points[i][..]], &mut [], &mut sum),
            Ok(Report { live: 100, programs: 1 })
        );
        assert_eq!(sum, [expected.iter().sum()]);
        // The guard is on a uniform input.
        let (mut results, kernel) = ([0.0; 100], Kernel::new(f, f, [-1.0]).unwrap().with_set(set).uniform([0]));
        assert_eq!(kernel.run(100, &[3.0], |_| [], &mut results, &mut []), Ok(Report { live: 0, programs: 2 }));
        assert_eq!(results, [9.0; 100]);
        assert_eq!(kernel.run(100, &[-3.0], |_| [], &mut results, &mut []), Ok(Report { live: 0, programs: 1 }));
        assert_eq!(results, [3.0; 100]);
    }
}

/// A guard of an input and a constant, and guards that are the only use of an input.
#[test]
fn guards_on_inputs() {
    fn f<T: Real>([a, b, c, d]: [T; 4]) -> [T; 2] {
        let sign = if b.is_sign_negative() || T::lit(5.0) < c { -T::one() } else { T::one() };
        [if a > T::lit(0.5) { a } else { a * a }, sign * d]
    }
    let values = [-1.0, 0.25, 0.75, 2.0, 7.0];
    let points: Vec<[f64; 4]> =
        (0..625).map(|i| [values[i % 5], values[i / 5 % 5], values[i / 25 % 5], values[i / 125]]).collect();
    let expected: Vec<f64> = points.iter().flat_map(|&x| f(x)).collect();
    for x in [[1.0; 4], [-1.0, -1.0, 1.0, 1.0], [0.1, 1.0, 7.0, 1.0]] {
        let kernel = Kernel::new(f, f, x).unwrap();
        for set in Set::all() {
            assert_eq!(kernel.clone().with_set(set).map(&points).unwrap(), expected);
        }
        let mut y = [0.0; 2];
        for (x, expected) in points.iter().zip(expected.chunks_exact(2)) {
            assert!(kernel.program().run(x, &mut y).is_err() || y[..] == *expected);
        }
    }
}

#[test]
fn no_inputs() {
    fn f<T: Real>(x: &[T]) -> Vec<T> {
        assert!(x.is_empty());
        vec![T::lit(2.0).sqrt(), T::one()]
    }
    let none: [f64; 0] = [];
    let program = program::record(|x: &[Traced]| f(x), &none[..]).unwrap();
    let mut y = [0.0; 2];
    assert_eq!((program.run(&[], &mut y), y, program.inputs()), (Ok(()), [2.0_f64.sqrt(), 1.0], 0));
    for set in Set::all() {
        let kernel = Kernel::new(|x: &[Traced]| f(x), |x: &[f64]| f(x), &none[..]).unwrap().with_set(set).summed([1]);
        for count in [0, 1, 33] {
            let (mut results, mut sum) = (vec![0.0; count], [0.0]);
            assert_eq!(kernel.run(count, &[], |_| [], &mut results, &mut sum), Ok(Report { live: 0, programs: 1 }));
            assert!(results.iter().all(|&y| y == 2.0_f64.sqrt()) && sum == [count as f64]);
        }
    }
    // No results, but a guard that fails at many points.
    fn ask<T: Real>([x]: [T; 1]) -> [T; 0] {
        assert!(x < T::zero() || x > T::zero());
        []
    }
    let kernel = Kernel::new(ask, ask, [1.0]).unwrap();
    assert_eq!(kernel.map(&[[-1.0]; 100]), Ok(Vec::new()));
    // No results, and neither inputs nor results.
    let program = program::record(|_: [Traced; 1]| Vec::<Traced>::new(), [1.0]).unwrap();
    assert_eq!(program.run(&[1.0], &mut []), Ok(()));
}

/// Guards say where the question was asked, also in generic code and of numbers with derivatives.
#[test]
fn places_of_guards() {
    fn f<T: Real>([x]: [T; 1]) -> T {
        let asked = [x.is_nan(), x.is_sign_negative(), x.is_infinite(), x.is_subnormal(), x < T::one(), x.is_zero()];
        let (y, _) = derivative(|x| if x.is_finite() && !x.is_normal() { x } else { x * x }, x);
        if asked.contains(&true) { y } else { x }
    }
    let program = program::record(f, [2.0]).unwrap();
    assert!(program.guards().len() > 3);
    for guard in program.guards().chain(program.checks()) {
        assert!(guard.contains(file!()), "{guard}");
    }
}

/// Derivatives whose replays once differed.
#[test]
fn found_by_random_functions() {
    macro_rules! same {
        ($f:ident, $x:expr, $y:expr) => {
            let kernel = Kernel::new($f, $f, $x).unwrap();
            for (a, b) in kernel.map(&[$y]).unwrap().into_iter().zip($f($y)) {
                assert!(Real::same(a, b), "{a:e} is {b:e} live");
            }
        };
    }
    // The sign of NaN, where the function was recorded.
    fn sign<T: Real>([x]: [T; 1]) -> [T; 1] {
        [if x.is_sign_negative() { T::one() } else { T::lit(2.0) }]
    }
    for x in [f64::NAN, -f64::NAN] {
        for y in [-1.0, 1.0, 0.0, -0.0, f64::NAN, -f64::NAN] {
            same!(sign, [x], [y]);
        }
    }
    // The slope of 2ˣ is finite where the value has overflowed.
    fn slope<T: Real>([x]: [T; 1]) -> [T; 1] {
        [derivative(|x| x.exp2(), x).1.recip()]
    }
    same!(slope, [1.0], [1024.2]);
    // The mixed derivative of x·ln y alone, where ln y does not exist.
    fn mixed<T: Real>([x, y]: [T; 2]) -> [T; 1] {
        [hessian(|[x, y]| x.xlogy(y), [x, y]).2[0][1]]
    }
    same!(mixed, [0.5, 0.7], [0.0, -1.0]);
    // A constant NaN as the first operand of a minimum.
    fn constant_nan<T: Real>([x]: [T; 1]) -> [T; 2] {
        [derivative(|x| Dual::lit(f64::NAN).min(x * x), x).1, derivative(|x| (x * x).max(Dual::lit(f64::NAN)), x).1]
    }
    same!(constant_nan, [1.5], [3.0]);
    // An exponent that does not vary only because a factor is 0.
    fn power<T: Real>([a, b]: [T; 2]) -> [T; 3] {
        nth_derivative(|t| (t + T::one()).powf(t * b + T::lit(3.0)), a).1
    }
    for k in 0..20 {
        same!(power, [1.1, 0.7], [0.1 * f64::from(k) + 0.03, 0.0]);
    }
}

/// Prints how long an operation of a recording takes, and the memory that it needs.
#[test]
fn a_million_operations() {
    // A tenth of that where the compiler does not optimize.
    const COUNT: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    fn f<T: Real>([a, b]: [T; 2]) -> T {
        (0..COUNT / 2).fold(a, |x, _| x * b + a)
    }
    let mut program = None;
    let start = Instant::now();
    let memory = allocation_counter::measure(|| program = program::record(f, [1.0, 0.5]).ok());
    let (program, time) = (program.expect("recorded"), start.elapsed());
    assert!(program.operations() > COUNT - 10);
    let per = |x: f64| x / COUNT as f64;
    let (nanoseconds, bytes) = (per(time.as_secs_f64() * 1e9), per(memory.bytes_max as f64));
    assert!(bytes < 500.0, "{bytes:.0} bytes an operation");
    println!("recording: {nanoseconds:.0} ns and at most {bytes:.0} bytes an operation");
    let (mut y, start) = ([0.0], Instant::now());
    assert_eq!((program.run(&[2.0, 0.25], &mut y), y), (Ok(()), [f([2.0, 0.25])]));
    println!("run: {:.1} ns an operation", per(start.elapsed().as_secs_f64() * 1e9));
    let kernel = Kernel::new(f, f, [1.0, 0.5]).unwrap();
    let points: Vec<[f64; 2]> = (0..32).map(|i| [f64::from(i), 0.25]).collect();
    let start = Instant::now();
    let results = kernel.map(&points).unwrap();
    println!("kernel with compilation, 32 points: {:.1} ns an operation", per(start.elapsed().as_secs_f64() * 1e9));
    let start = Instant::now();
    assert_eq!(kernel.map(&points).unwrap(), results);
    println!("kernel, 32 points: {:.1} ns an operation", per(start.elapsed().as_secs_f64() * 1e9));
    assert_eq!(results[5], f(points[5]));
}
