//! Misuse of recordings is a panic that says what is wrong, never a wrong number; and recordings still work after a
//! panic.

#[path = "common/chain.rs"]
mod chain;

use chain::{df, f, g, point};
#[path = "common/panics.rs"]
mod panics;

use nilpotent::num_traits::Zero;
use nilpotent::reverse::{self, gradient, hessian, hvp, jacobian, record, vjp};
use nilpotent::rules::Chain;
use nilpotent::{Dual, Var, forward};
use panics::ENDED;
use std::cell::Cell;
use std::panic::catch_unwind;

/// Returns a variable with the index `node` of a recording that has ended.
fn stale(node: usize) -> Var {
    let leak = Cell::new(Var::zero());
    let f = |[a, b]: [Var; 2]| {
        leak.set([a, b, a * b][node]);
        a + b
    };
    assert_eq!(gradient(f, [2.0, 3.0]).1, [1.0, 1.0]);
    leak.get()
}

/// Asserts that `f` panics with a message that starts with `message`, and that recordings still work.
#[track_caller]
fn panics<R>(message: &str, f: impl FnOnce() -> R) {
    panics::panics(message, f);
    // Recordings still work.
    assert_eq!(gradient(|[a, b]| a * b, [2.0, 3.0]), (6.0, [3.0, 2.0]));
}

#[test]
#[should_panic(expected = "a variable of a recording that has ended")]
fn stale_variables_in_a_later_recording() {
    let old = stale(0);
    let _ = gradient(|[a, b]| a * b + old, [2.0, 3.0]);
}

#[test]
#[should_panic(expected = "a variable of a recording that has ended")]
fn stale_variables_returned() {
    let old = stale(1);
    let _ = gradient(|_: [Var; 2]| old, [2.0, 3.0]);
}

#[test]
#[should_panic(expected = "a variable of an outer recording in an inner one of the same type")]
fn outer_variables_in_an_inner_recording() {
    let _ = gradient(|[a]: [Var; 1]| a * gradient(|[b]| a * b, [3.0]).0, [2.0]);
}

#[test]
#[should_panic(expected = "a variable of an outer recording in an inner one of the same type")]
fn outer_variables_returned() {
    let _ = gradient(|[a]: [Var; 1]| a * gradient(|_: [Var; 1]| a.sin(), [3.0]).0, [2.0]);
}

#[test]
#[should_panic(expected = "belongs to another thread")]
fn variables_of_another_thread() {
    let f = |[a]: [Var; 1]| {
        let there = std::thread::spawn(move || gradient(|[b]| a * b, [3.0]).0).join();
        there.map_or_else(|payload| std::panic::resume_unwind(payload), Var::constant)
    };
    let _ = gradient(f, [2.0]);
}

/// Uses stale variables outside of a recording, in a later recording, and in an inner one.
#[test]
fn stale_variables_never_count() {
    for node in 0..3 {
        let old = stale(node);
        let other = stale(node);
        // Two variables of different recordings, at equal or different indices, whatever their slopes.
        for (x, y) in [
            (old, other),
            (old * 0.0, other),
            (old, other - other),
            (old * 0.0, other * 0.0),
            (old.sin().exp() + 1.0, -other),
            (old, stale((node + 1) % 3)),
        ] {
            panics(ENDED, || x + y);
            panics(ENDED, || x - y);
            panics(ENDED, || x * y);
            panics(ENDED, || x / y);
            panics(ENDED, || x % y);
            panics(ENDED, || x.atan2(y));
            panics(ENDED, || x.powf(y));
            panics(ENDED, || x.hypot(y));
            panics(ENDED, || x.mul_add(2.0, y));
            panics(ENDED, || [x, y].into_iter().sum::<Var>());
            panics(ENDED, || x.chain2(y, 0.0, [0.0; 2], || [0.0; 3]));
        }
        panics(ENDED, || old.watch());
        panics(ENDED, || (old * 0.0).watch());
        let doubled = |x: Var| x * 2.0 + 0.0;
        // The stale variable has the index of a node in the open recording.
        panics(ENDED, || gradient(|[a, b]| a * b * doubled(old), [2.0, 3.0]));
        panics(ENDED, || gradient(|[a, b]| a * b + old * 0.0, [2.0, 3.0]));
        panics(ENDED, || gradient(|[a, b]| a + b + old.watch(), [2.0, 3.0]));
        panics(ENDED, || gradient(|_: [Var; 2]| old.cos(), [2.0, 3.0]));
        panics(ENDED, || gradient(|_: [Var; 2]| old * 0.0, [2.0, 3.0]));
        panics(ENDED, || gradient(|_: &[Var]| old, &[2.0, 3.0][..]));
        panics(ENDED, || jacobian(|[a, b]: [Var; 2]| [a * b, old, a], [2.0, 3.0]));
        panics(ENDED, || gradient(|[a, b]| (a * b).max(old + 100.0), [2.0, 3.0]));
        panics(ENDED, || {
            // The stale variable is used in an inner recording, and in the outer one after it.
            gradient(|[a]: [Var; 1]| a * gradient(|[b]| b * old, [3.0]).0, [2.0])
        });
        panics(ENDED, || gradient(|[a]: [Var; 1]| a * gradient(|[b]| b * b, [3.0]).0 + old, [2.0]));
        // Results that do not depend on a stale variable do not count as a use of it.
        assert_eq!(gradient(|[a, b]| a * b + old.detach(), [2.0, 3.0]).1, [3.0, 2.0]);
        assert_eq!(gradient(|[a, b]| a * b + old.floor(), [2.0, 3.0]).1, [3.0, 2.0]);
        assert_eq!(gradient(|[a, b]| a * b + old.div_euclid(other), [2.0, 3.0]).1, [3.0, 2.0]);
        assert_eq!(gradient(|[a, b]| (a * b).max(old - 10.0), [2.0, 3.0]).1, [3.0, 2.0]);
    }
}

/// Stale variables do not count as coordinates or directions of other recordings either.
#[test]
fn stale_numbers_under_variables() {
    let (s, t) = (stale(0), stale(1));
    panics(ENDED, || gradient(|[a, b]: [Var<Var>; 2]| a * b, [s, t]));
    panics(ENDED, || forward::gradient(|[a, b]| a * b, [s, t]));
    panics(ENDED, || gradient(|[x]: [Var; 1]| gradient(|[a]: [Var<Var>; 1]| a * a * s, [x]).1[0], [2.0]));
    // The values are not stale, but the slopes are: the sweep itself meets them.
    panics(ENDED, || {
        gradient(
            |[a, b]: [Var<Var>; 2]| {
                let mut u = a * b;
                u.re = Var::constant(1.0);
                u * t
            },
            [s, Var::constant(2.0)],
        )
    });
    let (y, [d]) = gradient(|[a]: [Var; 1]| gradient(|[b]: [Var<Var>; 1]| b * b * b, [a]).1[0], [2.0]);
    assert_eq!((y, d), (12.0, 12.0));
}

#[test]
fn recordings_know_their_variables() {
    const OTHER: &str = "a variable of another recording";
    let (old, (y, recording)) = (stale(0), record(|[a, b]| a * b, [2.0, 3.0]));
    let adjoints = recording.adjoints(&[(y, 1.0)]);
    panics(OTHER, || recording.adjoints(&[(old, 1.0)]));
    panics(OTHER, || recording.adjoints(&[(y, 1.0), (old * 0.0, 0.0)]));
    panics(OTHER, || adjoints.of(old));
    panics("a variable that is no node of its own", || adjoints.of(y * 2.0));
    let (again, _) = record(|[a, b]| a * b, [2.0, 3.0]);
    panics(OTHER, || recording.adjoints(&[(again, 1.0)]));
    let (_, empty) = record(|[a, _]| a, [2.0, 3.0]);
    panics(OTHER, || empty.adjoints(&[(y, 1.0)]));
}

/// The variable that a function returns must belong to the recording of the driver. The driver checks this when it is
/// called.
#[test]
fn every_driver_asks_whose_variable_it_gets() {
    let old = stale(0);
    panics(ENDED, || gradient(|_: [Var; 1]| old, [1.0]));
    panics(ENDED, || jacobian(|_: [Var; 1]| old, [1.0]));
    panics(ENDED, || vjp(|[a]: [Var; 1]| [a, old], [1.0]));
    let leak = Cell::new(Var::<Dual>::zero());
    let _ = hvp(
        |[a]: [Var<Dual>; 1]| {
            leak.set(a);
            a
        },
        [1.0],
        [1.0],
    );
    panics(ENDED, || hvp(|_: [Var<Dual>; 1]| leak.get(), [1.0], [1.0]));
    panics(ENDED, || hessian(|_: [Var<Dual>; 1]| leak.get(), [1.0]));
}

#[test]
fn recordings_on_threads() {
    let x = point(50);
    let expected = gradient(f, &x);
    let start = std::sync::Barrier::new(4);
    let old = stale(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                start.wait();
                for _ in 0..50 {
                    assert_eq!(gradient(f, &x), expected);
                    assert_eq!(hvp(f, &x, &x).0, expected.0);
                }
                panics(ENDED, || gradient(|[a, b]| a * b + old, [2.0, 3.0]));
                panics(ENDED, || old.watch());
            });
        }
    });
    // The other thread only applies functions of one argument. The result is then joined here as a variable of this
    // recording.
    let f = |[a, b]: [Var; 2]| std::thread::spawn(move || a.sin() + 1.0).join().unwrap() * b;
    assert_eq!(gradient(f, [2.0, 3.0]).1, [3.0 * 2.0_f64.cos(), 2.0_f64.sin() + 1.0]);
}

#[test]
fn panics_leave_nothing_behind() {
    let f = |[a, b]: [Var; 2]| {
        let inner = catch_unwind(|| {
            gradient(
                |[c, d]: [Var; 2]| {
                    let e = c * d;
                    assert!(e.re < 0.0, "inside");
                    e
                },
                [5.0, 7.0],
            )
        });
        assert!(inner.is_err());
        // The same holds for a misuse that is caught.
        assert!(catch_unwind(|| gradient(|[c]: [Var; 1]| c * a, [5.0])).is_err());
        a * b + a
    };
    assert_eq!(gradient(f, [2.0, 3.0]), (8.0, [4.0, 2.0]));
    panics("inside", || {
        hessian(
            |[a, b]: [Var<Dual<f64, 2>>; 2]| {
                let c = a * b;
                assert!(c.re < 0.0, "inside");
                c
            },
            [2.0, 3.0],
        )
    });
    assert_eq!(hessian(|[a, b]| a * b, [2.0, 3.0]).2, [[0.0, 1.0], [1.0, 0.0]]);
    let (_, recording) = record(|[a, b]| a * b + a, [2.0, 3.0]);
    assert_eq!(recording.records(), 2);
}

#[test]
fn forgotten_results_do_no_harm() {
    use std::mem::forget;
    for _ in 0..100 {
        let x = point(30);
        forget(gradient(f, &x));
        forget(vjp(g, &x));
        forget(record(f, &x));
        let (y, recording) = record(f, &x);
        forget(recording.adjoints(&[(y, 1.0)]));
        forget((y, recording));
        forget(hessian(f, &x));
        forget(catch_unwind(|| gradient(|_: [Var; 1]| -> Var { panic!("forgotten") }, [1.0])));
        assert_eq!(gradient(f, &x), (f(&x), df(&x)));
        assert_eq!(record(f, &x).1.records(), record(f, &x).1.records());
    }
}

/// Four matrix rows share a sweep. Infinite adjoints in one of them must not change zeros in the others, in checkpoints
/// as well.
#[test]
fn rows_do_not_mix() {
    for m in 0..=9 {
        let f = |x: &[Var]| -> Vec<Var> {
            let root = (x[0] * x[1]).sqrt();
            let power = reverse::checkpoint(|x| x[0] * x[1] * x[1], x);
            let row = |k: usize| match k % 3 {
                0 => root + x[k % 2],
                1 => power * x[0] * (k as f64),
                _ => x[1] * x[2],
            };
            (0..m).map(row).collect()
        };
        // The root is of 0, so its slope is infinite.
        let x = [0.0, 3.0, 2.0];
        let (y, j) = jacobian(f, &x[..]);
        let (z, pullback) = vjp(f, &x[..]);
        assert_eq!((&y, j.len()), (&z, m));
        for (k, row) in j.iter().enumerate() {
            let weights = (0..m).map(|i| f64::from(u8::from(i == k))).collect();
            assert_eq!(row, &pullback.call(weights), "row {k} of {m}");
            let expected = [[f64::INFINITY, 0.0, 0.0], [0.0; 3], [0.0, 2.0, 3.0]][k % 3];
            let unit = [f64::from(u8::from(k % 6 == 0)), f64::from(u8::from(k % 6 == 3)), 0.0];
            let expected: Vec<f64> =
                expected.iter().zip(unit).map(|(a, b)| if k % 3 == 0 { a + b } else { *a }).collect();
            assert_eq!(row, &expected, "row {k} of {m}");
        }
    }
}

/// Recordings work even in destructors that a thread runs when it ends.
#[test]
fn destructors_of_threads() {
    struct Last;
    impl Drop for Last {
        fn drop(&mut self) {
            assert_eq!(gradient(|[a, b]: [Var; 2]| a * b, [2.0, 3.0]), (6.0, [3.0, 2.0]));
            assert_eq!(gradient(|[a, b]: [Var<f32>; 2]| a * b, [2.0, 3.0]), (6.0, [3.0, 2.0]));
            assert_eq!(hessian(|[a, b]| a * b, [2.0, 3.0]).2, [[0.0, 1.0], [1.0, 0.0]]);
        }
    }
    thread_local!(static LAST: Last = const { Last });
    let before = std::thread::spawn(|| {
        LAST.with(|_| ());
        gradient(|[a, b]: [Var<f32>; 2]| a * b, [2.0, 3.0]);
    });
    let after = std::thread::spawn(|| {
        gradient(|[a, b]: [Var<f32>; 2]| a * b, [2.0, 3.0]);
        LAST.with(|_| ());
    });
    assert!(before.join().is_ok() && after.join().is_ok());
}
