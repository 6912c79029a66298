//! Checkpoints: loops under a memory budget, and variables that closures capture.

use nilpotent::reverse::{self, checkpoint, checkpoint_loop, checkpoint_while};
use nilpotent::{Dual, Real, Var, hessian, rules};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One step of a nonlinear map with a parameter; it depends on the index of the step.
fn step<T: Real>(i: usize, s: &[T]) -> Vec<T> {
    let t = T::lit((i % 7) as f64 * 0.1);
    vec![s[0], s[1] + (s[2] * s[0] + t).sin() * T::lit(0.01), s[2] - s[1] * T::lit(0.02) * s[0]]
}

fn plain<T: Real>(steps: usize, s: [T; 3]) -> T {
    let end = (0..steps).fold(s.to_vec(), |s, i| step(i, &s));
    end[1] * end[2]
}

fn near(a: &[f64], b: &[f64], relative: f64) {
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= relative * b.abs().max(1e-3), "{a:e}, expected {b:e}");
    }
}

#[test]
fn loops_of_any_length_and_budget() {
    let x = [0.9, 0.5, -0.3];
    for steps in [0, 1, 2, 3, 5, 10, 33, 100] {
        let (y, dy) = reverse::gradient(|s| plain(steps, s), x);
        for budget in [1, 2, 3, 7, 200] {
            let product = |end: Vec<Var>| end[1] * end[2];
            let known = |s: [Var; 3]| product(checkpoint_loop(steps, &s, step, budget));
            let (z, dz) = reverse::gradient(known, x);
            assert_eq!(z, y, "{steps} steps, {budget} states");
            near(&dz, &dy, 1e-13);
            let unknown = |s: [Var; 3]| product(checkpoint_while(&s, move |i, _| i < steps, step, budget));
            let (z, dz) = reverse::gradient(unknown, x);
            assert_eq!(z, y);
            near(&dz, &dy, 1e-13);
        }
    }
}

/// The optimal number of step evaluations: l forward, l recorded, and r·l - (s + r choose s + 1) repeated advances. The
/// advances up to the last stored state are part of the forward evaluation (Griewank & Walther 2000, theorem 1).
#[test]
fn as_few_steps_as_the_budget_allows() {
    let binomial = |n: usize, k: usize| (1..=k).fold(1, |b, i| b * (n - k + i) / i);
    for (steps, budget) in [(10, 3), (56, 3), (57, 3), (100, 4), (1000, 5), (1000, 20)] {
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        let count = move |i: usize, s: &[Var]| {
            counted.fetch_add(1, Ordering::Relaxed);
            step(i, s)
        };
        let (_, _) = reverse::gradient(|s: [Var; 3]| checkpoint_loop(steps, &s, count, budget)[1], [0.9, 0.5, -0.3]);
        let calls = calls.load(Ordering::Relaxed);
        let r = (0..).find(|&r| binomial(budget + r, budget) >= steps).unwrap();
        let optimal = r * steps - binomial(budget + r, budget + 1);
        assert!(calls <= optimal + 2 * steps, "{steps} steps with {budget} states: {calls} calls");
        assert!(calls + steps >= optimal + 2 * steps, "{steps} steps with {budget} states: {calls} calls");
    }
}

/// x ← x + h·p·x. The end is proportional to (1 + hp)ⁿ, and its derivative in p to n·h·(1 + hp)ⁿ⁻¹.
#[test]
fn a_million_steps_with_a_hundred_states() {
    const N: usize = 1_000_000;
    let h = 1e-6;
    let grow = move |_: usize, s: &[Var]| vec![s[0], s[1] + s[0] * s[1] * h];
    let (y, [dp, dx]) = reverse::gradient(|s: [Var; 2]| checkpoint_loop(N, &s, grow, 100)[1], [0.5, 2.0]);
    let closed = 2.0 * (1e6 * (0.5e-6_f64).ln_1p()).exp();
    near(&[y, dx, dp], &[closed, closed / 2.0, closed / (1.0 + 0.5e-6)], 1e-10);
    // The value equals that of the plain program, rounding errors included.
    assert_eq!(y, (0..N).fold(2.0, |x, _| x + 0.5 * x * h));
}

#[test]
fn checkpoints_nest_and_come_in_shapes() {
    let inner = |x: Var| checkpoint(|x| x[0].sin() * x[0], &[x]);
    let f = move |x: &[Var]| [checkpoint(move |x| inner(x[0] * x[1]) + x[1], x), x[0]];
    let (y, j) = reverse::jacobian(|x: [Var; 2]| checkpoint(f, &x), [0.7, 1.3]);
    let (z, k) = nilpotent::jacobian(|[a, b]| [(a * b).sin() * (a * b) + b, a], [0.7, 1.3]);
    assert_eq!(y, z);
    near(j.as_flattened(), k.as_flattened(), 1e-15);
    // A checkpoint of constants is a constant, and needs no recording.
    assert!(checkpoint(|x: &[Var]| x[0].exp(), &[Var::constant(1.0)]).same(Var::constant(1.0_f64.exp())));
    // Second derivatives, and a pullback that is called again.
    let g = |x: [Var<Dual<f64, 2>>; 2]| checkpoint(|x| x[0] * x[1].powi(2), &x);
    assert_eq!(reverse::hessian(g, [2.0, 3.0]).2, [[0.0, 6.0], [6.0, 4.0]]);
    let (_, pullback) = reverse::vjp(|x: [Var; 2]| checkpoint(|x| [x[0] * x[1], x[1]], &x), [2.0, 3.0]);
    assert_eq!((pullback.call([1.0, 0.0]), pullback.call([0.0, 1.0])), ([3.0, 2.0], [0.0, 1.0]));
}

/// A function that captures variables has the same derivatives as with these variables as arguments.
#[test]
fn captured_variables_count_as_arguments() {
    let f = |[a, b]: [Var; 2]| checkpoint(move |x| x[0] * b, &[a]) * b;
    assert_eq!(reverse::gradient(f, [1.0, 2.0]), (4.0, [4.0, 4.0]));
    // A captured variable that is returned as it is, or used alone.
    let f = |[a, b]: [Var; 2]| checkpoint(move |_| b, &[a]) * b;
    assert_eq!(reverse::gradient(f, [1.0, 2.0]), (4.0, [0.0, 4.0]));
    let f = |[a, b]: [Var; 2]| checkpoint(move |_| (a * b).sin(), &[]) * b;
    let expected = reverse::gradient(|[a, b]: [Var; 2]| (a * b).sin() * b, [1.0, 2.0]);
    assert_eq!(reverse::gradient(f, [1.0, 2.0]), expected);
    // Captured variables in functions of slices, with runs and without, between arguments and alone.
    for n in [2, 5, 40] {
        let point: Vec<f64> = (0..n).map(|i| 0.5 + f64::from(i)).collect();
        let sums = |x: &[Var], y: &[Var]| rules::dot(x, y) + rules::sum(x) * rules::norm(y) + rules::ln_sum_exp(y);
        let expected = reverse::gradient(|x: &[Var]| sums(x, x), &point);
        let captured = |x: &[Var]| {
            let (y, z) = (x.to_vec(), x.to_vec());
            checkpoint(move |x| [sums(x, &y), sums(&z, &y)], x)
        };
        let (both, j) = reverse::jacobian(captured, &point);
        assert_eq!(both, [expected.0; 2]);
        j.iter().for_each(|row| near(row, &expected.1, 1e-14));
    }
}

/// Loops that capture the parameter, with states that are variable or constant, for various numbers of steps and
/// budgets. The number of steps is known in advance or not.
#[test]
fn captured_parameters_of_loops() {
    let f = |[p]: [Var; 1]| checkpoint_loop(3, &[Var::constant(2.0)], move |_, s| vec![s[0] * p], 2)[0];
    assert_eq!(reverse::gradient(f, [3.0]), (54.0, [54.0]));
    let x = [0.9, 0.5, -0.3];
    for steps in [0, 1, 2, 5, 33] {
        let (y, dy) = reverse::gradient(|s| plain(steps, s), x);
        for budget in [1, 2, 7, usize::MAX] {
            let ends = |[p, a, b]: [Var; 3], known: bool, constant: bool| {
                let captured = move |i: usize, s: &[Var]| step(i, &[p, s[0], s[1]])[1..].to_vec();
                let start = if constant { [a.detach(), b.detach()] } else { [a, b] };
                let more = move |i: usize, _: &[f64]| i < steps;
                let end = if known {
                    checkpoint_loop(steps, &start, captured, budget)
                } else {
                    checkpoint_while(&start, more, captured, budget)
                };
                end[0] * end[1]
            };
            for known in [true, false] {
                let (z, dz) = reverse::gradient(|x| ends(x, known, false), x);
                assert_eq!(z, y);
                near(&dz, &dy, 1e-13);
                let (z, dz) = reverse::gradient(|x| ends(x, known, true), x);
                assert_eq!(z, y);
                near(&dz, &[dy[0], 0.0, 0.0], 1e-13);
            }
        }
    }
}

/// Variables captured through two levels and in nested loops; in Jacobians, in second order, and in a recording that is
/// kept.
#[test]
fn captured_variables_at_any_depth() {
    let f = |[a, b]: [Var; 2]| {
        let inner = move |s: Var| checkpoint(move |x| (x[0] * a).sin() * b, &[s]);
        checkpoint_loop(4, &[b], move |i, s| vec![inner(s[0]) + a * i as f64], 2)[0] * a
    };
    let plain = |[a, b]: [Var; 2]| (0..4).fold(b, |s, i| (s * a).sin() * b + a * f64::from(i)) * a;
    let (y, dy) = reverse::gradient(plain, [0.7, 1.3]);
    let (z, dz) = reverse::gradient(f, [0.7, 1.3]);
    assert_eq!(z, y);
    near(&dz, &dy, 1e-14);
    let (_, rows) = reverse::jacobian(|[a, b]: [Var; 2]| [f([a, b]), f([b, a]), a, f([a, a]), f([b, b])], [0.7, 1.3]);
    near(&rows[0], &dy, 1e-14);
    let (z, pullback) = reverse::vjp(f, [0.7, 1.3]);
    let elsewhere = std::thread::scope(|scope| scope.spawn(|| pullback.call(2.0)).join().unwrap());
    assert_eq!((z, pullback.call(2.0)), (y, elsewhere));
    near(&elsewhere, &[2.0 * dy[0], 2.0 * dy[1]], 1e-14);
    let second = |[a, b]: [Var<Dual<f64, 2>>; 2]| checkpoint(move |x| (x[0] * b).sin() * b, &[a]);
    let h = hessian(|[a, b]| (a * b).sin() * b, [0.7, 1.3]).2;
    near(reverse::hessian(second, [0.7, 1.3]).2.as_flattened(), h.as_flattened(), 1e-14);
}

/// A variable that belongs neither to this recording nor to one that it continues causes a panic at once.
#[test]
#[should_panic(expected = "a variable of a recording that has ended")]
fn stale_variables_in_checkpoints() {
    let mut stale = Var::constant(0.0);
    reverse::gradient(
        |[a, b]: [Var; 2]| {
            stale = a * b;
            stale
        },
        [1.0, 2.0],
    );
    let _ = reverse::gradient(|[a]: [Var; 1]| checkpoint(move |_| stale * 2.0, &[a.detach()]), [1.0]);
}

/// A variable that leaves the checkpointed function is not one of the surrounding recording.
#[test]
#[should_panic(expected = "a variable of a recording that has ended")]
fn variables_that_leave_a_checkpoint() {
    let out = Arc::new(std::sync::Mutex::new(Var::constant(0.0)));
    let leak = out.clone();
    let f = |[a, b]: [Var; 2]| {
        let y = checkpoint(
            move |x| {
                *leak.lock().unwrap() = a * b;
                x[0] * b
            },
            &[a],
        );
        y * *out.lock().unwrap()
    };
    let _ = reverse::gradient(f, [1.0, 2.0]);
}

#[test]
#[should_panic(expected = "step 2 made a state of length 1 from one of length 2")]
fn states_of_another_length() {
    let cut = |i: usize, s: &[Var]| if i == 2 { vec![s[0]] } else { s.to_vec() };
    let _ = reverse::gradient(|s: [Var; 2]| checkpoint_loop(5, &s, cut, 2)[0], [1.0, 2.0]);
}

/// A budget for all states, or a larger one, is allowed.
#[test]
fn budgets_without_bound() {
    let x = [0.9, 0.5, -0.3];
    let (y, dy) = reverse::gradient(|s| plain(100, s), x);
    for budget in [99, 100, 101, isize::MAX as usize, usize::MAX - 1, usize::MAX] {
        let product = |end: Vec<Var>| end[1] * end[2];
        let known = reverse::gradient(|s: [Var; 3]| product(checkpoint_loop(100, &s, step, budget)), x);
        let more = |i: usize, _: &[f64]| i < 100;
        let unknown = reverse::gradient(|s: [Var; 3]| product(checkpoint_while(&s, more, step, budget)), x);
        for (z, dz) in [known, unknown] {
            assert_eq!(z, y);
            near(&dz, &dy, 1e-13);
        }
    }
}

#[test]
#[should_panic(expected = "at least one stored state")]
fn no_budget() {
    let _ = checkpoint_loop(5, &[Var::constant(1.0)], |_, s| s.to_vec(), 0);
}
