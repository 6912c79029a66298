//! Reverse mode under a memory budget, functions of slices as single nodes, and parts by forward mode.

use nilpotent::reverse::{self, checkpoint, checkpoint_loop, checkpoint_while};
use nilpotent::rules::Chain;
use nilpotent::{Dual, Dual2, Real, Taylor, Var, gradient, hessian, rules};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One step of a nonlinear map with a parameter, the number of the step included.
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

/// The optimal number of steps: l forward, l recorded, and r·l - (s + r choose s + 1) advances, of which those up to the last
/// stored state are the forward ones (Griewank & Walther 2000, theorem 1).
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

/// x ← x + h·p·x: the end is (1 + hp)ⁿ, and its derivative in p is n·h·(1 + hp)ⁿ⁻¹.
#[test]
fn a_million_steps_with_a_hundred_states() {
    const N: usize = 1_000_000;
    let h = 1e-6;
    let grow = move |_: usize, s: &[Var]| vec![s[0], s[1] + s[0] * s[1] * h];
    let (y, [dp, dx]) = reverse::gradient(|s: [Var; 2]| checkpoint_loop(N, &s, grow, 100)[1], [0.5, 2.0]);
    let closed = 2.0 * (1e6 * (0.5e-6_f64).ln_1p()).exp();
    near(&[y, dx, dp], &[closed, closed / 2.0, closed / (1.0 + 0.5e-6)], 1e-10);
    // To the rounding of the plain program's own value.
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
    // Of constants it is a constant, and needs no recording.
    assert!(checkpoint(|x: &[Var]| x[0].exp(), &[Var::constant(1.0)]).same(Var::constant(1.0_f64.exp())));
    // Second derivatives, and pullbacks that are called again.
    let g = |x: [Var<Dual<f64, 2>>; 2]| checkpoint(|x| x[0] * x[1].powi(2), &x);
    assert_eq!(reverse::hessian(g, [2.0, 3.0]).2, [[0.0, 6.0], [6.0, 4.0]]);
    let (_, pullback) = reverse::vjp(|x: [Var; 2]| checkpoint(|x| [x[0] * x[1], x[1]], &x), [2.0, 3.0]);
    assert_eq!((pullback.call([1.0, 0.0]), pullback.call([0.0, 1.0])), ([3.0, 2.0], [0.0, 1.0]));
}

/// A program that captures variables has the derivatives of the same program with these as arguments.
#[test]
fn captured_variables_count_as_arguments() {
    let f = |[a, b]: [Var; 2]| checkpoint(move |x| x[0] * b, &[a]) * b;
    assert_eq!(reverse::gradient(f, [1.0, 2.0]), (4.0, [4.0, 4.0]));
    // One that is returned as it is, or used alone.
    let f = |[a, b]: [Var; 2]| checkpoint(move |_| b, &[a]) * b;
    assert_eq!(reverse::gradient(f, [1.0, 2.0]), (4.0, [0.0, 4.0]));
    let f = |[a, b]: [Var; 2]| checkpoint(move |_| (a * b).sin(), &[]) * b;
    let expected = reverse::gradient(|[a, b]: [Var; 2]| (a * b).sin() * b, [1.0, 2.0]);
    assert_eq!(reverse::gradient(f, [1.0, 2.0]), expected);
    // In functions of slices, with runs and without, between arguments and alone.
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

/// All states constant, the parameter captured: every number of steps and states, known or not.
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

/// Captured through two levels, in nested loops, in Jacobians, in second order, and in a recording that is kept.
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

/// A variable of neither this recording nor one that it goes on with is a panic at once.
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

/// What a checkpointed function lets out is not a variable of the recording around it.
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

/// "Store everything" is a budget like others.
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

fn through_slices<T: Real>(x: &[T]) -> T {
    let c: Vec<T::Float> = (0..x.len()).map(|i| T::Float::lit(0.5 + i as f64)).collect();
    let shifted: Vec<T> = x.iter().map(|&x| x.sin() + T::one()).collect();
    let combined = rules::linear_combination(&c, &shifted);
    let alternate = rules::weighted_sum(c.iter().map(|&c| -c).zip(x.iter().rev().copied()).step_by(2));
    let all = [rules::sum(x), rules::dot(x, &shifted), combined, rules::norm(&shifted), alternate];
    rules::ln_sum_exp(&all) * rules::norm(x)
}

#[test]
fn slices_agree_in_all_modes() {
    for n in [1, 2, 3, 4, 7, 20] {
        let x: Vec<f64> = (0..n).map(|i| 0.3 * f64::from(i) - 1.1).collect();
        let (y, dy) = gradient(through_slices, &x);
        let (z, dz) = reverse::gradient(through_slices, &x);
        assert_eq!((y, y), (through_slices(&x), z), "{n}");
        near(&dz, &dy, 1e-13);
        let (h, k) = (hessian(through_slices, &x).2, reverse::hessian(through_slices, &x).2);
        near(&k.concat(), &h.concat(), 1e-11);
    }
    let line = |t: Taylor<f64, 2>| through_slices(&[t + 0.5, t * 2.0, t * 0.0 - 1.0]);
    let along = |t: Dual2| through_slices(&[t + 0.5, t * 2.0, t * 0.0 - 1.0]);
    let (a, b) = (line(Taylor::variable(0.25)), along(Dual2::variable(0.25, 0)));
    near(&a.derivatives(), &[b.grad[0], b.hess[(0, 0)]], 1e-13);
}

#[test]
fn slices_take_a_slope_an_operand_or_half_a_record() {
    let records = |f: fn(&[Var]) -> Var, n: usize| reverse::record(f, &vec![0.5; n]).1.records();
    assert_eq!([1, 2, 3, 100, 101].map(|n| records(rules::sum, n)), [0, 1, 2, 2, 2]);
    assert_eq!([1, 2, 100].map(|n| records(|x| rules::dot(x, x), n)), [0, 2, 4]);
    assert_eq!(records(|x| rules::sum(&x.iter().map(|&a| a * x[0]).step_by(2).collect::<Vec<_>>()), 100), 99 + 25);
    assert_eq!(reverse::record(rules::sum::<Var>, &[0.5; 100][..]).1.bytes(), 2 * 24 + 100 * 8);
    assert_eq!(records(rules::ln_sum_exp, 100), 2);
    assert_eq!(reverse::record(rules::norm::<Var>, &[3.0, 4.0][..]).1.bytes(), 24);
    // Edges: the origin, and values beyond all bounds.
    assert_eq!(reverse::gradient(|x: [Var; 2]| rules::norm(&x), [0.0, 0.0]), (0.0, [0.0, 0.0]));
    let (y, dy) = reverse::gradient(|x: [Var; 2]| rules::norm(&x), [3e200, 4e200]);
    near(&[y / 1e200, dy[0], dy[1]], &[5.0, 0.6, 0.8], 1e-15);
    assert_eq!(rules::ln_sum_exp::<f64>(&[]), f64::NEG_INFINITY);
    assert_eq!(rules::ln_sum_exp(&[f64::NEG_INFINITY, 1.0]), 1.0);
}

/// A sum over neighbours and others: with gaps, repeats, constants and slopes of 0, and longer than a run.
fn pieces<T: Real<Float = f64>>(x: &[T], by_rule: bool) -> T {
    let weight = |i: usize| if i.is_multiple_of(13) { 0.0 } else { 1.0 + (i % 5) as f64 };
    let mut terms: Vec<(f64, T)> = Vec::new();
    for (i, &a) in x.iter().enumerate().filter(|(i, _)| i % 29 != 7) {
        terms.push((weight(i), if i % 17 == 3 { T::lit(0.5) } else { a }));
        if i % 31 == 4 {
            terms.extend([(0.25, a), (-3.0, x[i / 2])]);
        }
    }
    if by_rule { rules::weighted_sum(terms.iter().copied()) } else { terms.iter().map(|&(c, a)| a.times(c)).sum() }
}

#[test]
fn runs_of_neighbours() {
    for n in [13, 14, 60, 63, 64, 65, 66, 130, 200] {
        let x: Vec<f64> = (0..n).map(|i| (f64::from(i) * 0.7).sin()).collect();
        let f = |x: &[Var], by_rule| {
            let y: Vec<Var> = x.iter().map(|&a| a * x[0] + 1.0).collect();
            (pieces(x, by_rule) * 0.1).sin() + pieces(&y, by_rule)
        };
        let (y, dy) = reverse::gradient(|x: &[_]| f(x, true), &x);
        let (z, dz) = reverse::gradient(|x: &[_]| f(x, false), &x);
        assert_eq!(y, z);
        near(&dy, &dz, 1e-13);
        if n < 70 {
            let small: Vec<f64> = x.iter().map(|a| a * 1e-3).collect();
            let curved = reverse::hessian(|x: &[_]| (pieces(x, true) + 1.0).powi(3), &small).2;
            let expected = hessian(|x: &[_]| (pieces(x, false) + 1.0).powi(3), &small).2;
            near(&curved.concat(), &expected.concat(), 1e-11);
        }
    }
}

#[test]
fn terms_that_end_are_not_asked_for_more() {
    let five = |x: &[Var]| rules::weighted_sum(x.iter().enumerate().map_while(|(i, &a)| (i != 5).then_some((2.0, a))));
    let dy: Vec<f64> = (0..20).map(|i| if i < 5 { 2.0 } else { 0.0 }).collect();
    assert_eq!(reverse::gradient(five, &[1.0; 20][..]), (10.0, dy));
}

#[test]
fn runs_in_jacobians_parts_and_recordings() {
    fn row(i: usize) -> Vec<f64> {
        (0..30).map(|j| if (i + j).is_multiple_of(7) { 0.0 } else { (1 + i * j) as f64 }).collect()
    }
    fn product(x: &[Var]) -> Vec<Var> {
        (0..6).map(|i| rules::linear_combination(&row(i), x)).collect()
    }
    let x = [0.5; 30];
    let j = reverse::jacobian(product, &x[..]).1;
    assert_eq!(j, (0..6).map(row).collect::<Vec<_>>());
    // Before, in and after a part that is recorded anew.
    let parts = |x: &[Var]| {
        let y = product(x);
        let z = checkpoint(product, x);
        rules::dot(&product(&z[..1].repeat(30)), &y) + rules::sum(x) * z[5]
    };
    // In single operations.
    let single = |x: &[Var]| -> Vec<Var> { (0..6).map(|i| x.iter().zip(row(i)).map(|(&a, c)| a * c).sum()).collect() };
    let plain = |x: &[Var]| {
        let y = single(x);
        let squares: Var = single(&y[..1].repeat(30)).iter().zip(&y).map(|(&a, &b)| a * b).sum();
        squares + x.iter().sum::<Var>() * y[5]
    };
    let ((a, da), (b, db)) = (reverse::gradient(parts, &x[..]), reverse::gradient(plain, &x[..]));
    assert_eq!(a, b);
    near(&da, &db, 1e-14);

    let (y, recording) = reverse::record(parts, &x[..]);
    near(recording.adjoints(&[(y, 1.0)]).inputs(), &db, 1e-14);
    let (y, recording) = reverse::record(|x: &[Var]| rules::linear_combination(&row(1), x), &x[..]);
    assert_eq!(recording.adjoints(&[(y, 2.0)]).inputs(), row(1).iter().map(|c| 2.0 * c).collect::<Vec<_>>());
    let dot = recording.to_dot();
    // Each slope is an edge; those of 0 within the run are as well.
    assert_eq!(dot.matches("->").count(), 30, "{dot}");
    assert!(dot.contains("  29 -> ") && dot.contains("[label=\"30\"]"), "{dot}");
}

#[test]
fn runs_where_slopes_or_adjoints_are_not_finite() {
    let c: Vec<f64> = (0..20).map(|i| f64::from(i % 3)).collect();
    let at_root = |x: &[Var]| rules::linear_combination(&c, x).sqrt();
    let expected: Vec<f64> = c.iter().map(|&c| if c == 0.0 { 0.0 } else { f64::INFINITY }).collect();
    assert_eq!(reverse::gradient(at_root, &[0.0; 20][..]), (0.0, expected));
    // Its adjoint is 0: it hands nothing on.
    let switched_off = |x: &[Var]| {
        let wild = rules::weighted_sum(x.iter().map(|&a| (f64::INFINITY, a))).chain(1.0, 0.0, || 0.0);
        x[0] + wild
    };
    let mut one = vec![0.0; 20];
    one[0] = 1.0;
    assert_eq!(reverse::gradient(switched_off, &[1.0; 20][..]), (2.0, one));
}

#[test]
#[should_panic(expected = "dot of 2 and 1 numbers")]
fn slices_of_different_lengths() {
    let _ = rules::dot(&[1.0, 2.0], &[1.0]);
}

#[test]
fn a_single_term_may_be_made_on_the_way() {
    let f = |x: &[Var]| rules::weighted_sum(x.iter().map(|&a| (2.0, a * x[0])).take(1));
    assert_eq!(reverse::gradient(f, &[3.0][..]), (18.0, vec![12.0]));
}

#[test]
#[should_panic(expected = "the terms of a sum were recorded while the sum was: collect them first")]
fn terms_recorded_while_their_sum_is() {
    let _ = reverse::gradient(|x: &[_]| rules::weighted_sum(x.iter().map(|&a| (2.0, a * x[0]))), &[3.0; 6][..]);
}

#[test]
fn forward_parts() {
    let f = |[a, b, c]: [Var; 3]| {
        let [u, v] = reverse::preaccumulate([a, b * c], |[x, y]| [(x * y).exp() + x, y.sin()]);
        u * v * a
    };
    let (y, dy) = reverse::gradient(f, [0.3, 0.7, 1.1]);
    let (z, dz) = gradient(|[a, b, c]| ((a * b * c).exp() + a) * (b * c).sin() * a, [0.3, 0.7, 1.1]);
    near(&[y], &[z], 1e-15);
    near(&dy, &dz, 1e-14);
    assert_eq!(reverse::record(f, [0.3, 0.7, 1.1]).1.records(), 4);
}

#[cfg(feature = "nalgebra")]
mod equations {
    use super::*;
    use nalgebra::{DMatrix, DVector, matrix, vector};
    use nilpotent::linalg::{self, Equation, Number};
    use nilpotent::nth_derivative;

    /// x² + y² = θ₀ and x·y = θ₁.
    struct Circle;

    impl Equation for Circle {
        fn of<T: Number>(&self, x: &[T], theta: &[T]) -> Vec<T> {
            vec![x[0] * x[0] + x[1] * x[1] - theta[0], x[0] * x[1] - theta[1]]
        }
    }

    /// Closed form: (x ± y)² = θ₀ ± 2θ₁.
    fn closed<T: Real>(theta: &[T]) -> T {
        let (sum, difference) = (theta[0] + theta[1] + theta[1], theta[0] - theta[1] - theta[1]);
        (sum.sqrt() + difference.sqrt()) * T::lit(0.5)
    }

    #[test]
    fn roots_in_all_modes() {
        fn root<T: Number>(theta: &[T]) -> T {
            linalg::root(&Circle, &[T::Float::lit(2.0), T::Float::lit(1.0)], theta).expect("regular")[0]
        }
        let theta = [5.0, 2.0];
        let (y, dy) = gradient(closed, &theta[..]);
        let found = [gradient(root, &theta[..]), reverse::gradient(root, &theta[..])];
        for (z, dz) in found {
            assert_eq!((y, z), (2.0, 2.0));
            near(&dz, &dy, 1e-14);
        }
        let h = hessian(closed, &theta[..]).2.concat();
        near(&hessian(root, &theta[..]).2.concat(), &h, 1e-13);
        near(&reverse::hessian(root, &theta[..]).2.concat(), &h, 1e-13);
        let line = |t: Taylor<f64, 5>| root(&[t + 5.0, t * -0.5 + 2.0]);
        let expected = nth_derivative::<5, _, _>(|t| closed(&[t + 5.0, t * -0.5 + 2.0]), 0.0_f64).1;
        near(&nth_derivative(line, 0.0).1, &expected, 1e-12);
        // A double root is no function of the parameters.
        assert!(linalg::root(&Circle, &[1.0, 1.0], &[Dual::<f64>::variable(2.0, 0), Dual::constant(1.0)]).is_none());
    }

    #[test]
    fn products_and_solutions() {
        let a = DMatrix::from_fn(5, 5, |i, j| 1.0 / (1 + i + j) as f64 + f64::from(i == j));
        let f = |x: DVector<Var>| {
            let a: DMatrix<Var> = linalg::lift(&a);
            let y = linalg::gemv(&a, &x);
            linalg::dot(&y, &linalg::solve(&(a * x[0]), &y).expect("regular"))
        };
        // yᵀ(x₀A)⁻¹y with y = Ax: xᵀAx/x₀
        let x = DVector::from_fn(5, |i, _| 1.0 + 0.25 * i as f64);
        let closed = |x: DVector<Dual<f64, 8>>| x.dot(&(linalg::lift::<_, Dual<f64, 8>>(&a) * &x)) / x[0];
        let ((y, dy), (z, dz)) = (reverse::gradient(f, &x), gradient(closed, &x));
        near(&[y], &[z], 1e-14);
        near(dy.as_slice(), dz.as_slice(), 1e-13);
        // A row of the residual joins a row of A and an entry of b; one of L or U, what stands before or behind it.
        let n = 10;
        let entries: Vec<f64> =
            (0..n * n + n).map(|i| f64::from(i % 7) + if i % (n + 1) == 0 { 30.0 } else { 0.0 }).collect();
        let solve = |x: &[Var]| {
            let n = n as usize;
            let (a, b) = (DMatrix::from_column_slice(n, n, &x[..n * n]), DVector::from_column_slice(&x[n * n..]));
            linalg::solve(&a, &b).expect("regular")[0]
        };
        let residual = n * (n + 2) / 2;
        let triangle: i32 = (2..=n).map(|k| (k + 1) / 2).sum();
        assert_eq!(reverse::record(solve, &entries[..]).1.records(), (residual + 2 * triangle) as usize);
        let m = matrix![1.0, 2.0; 3.0, 4.0];
        assert_eq!(linalg::gemm(&m, &m), m * m);
        assert_eq!(linalg::gemv(&m, &vector![1.0, 1.0]), vector![3.0, 7.0]);
    }
}

#[cfg(feature = "rayon")]
#[test]
fn gradients_on_all_cores() {
    let data: Vec<f64> = (0..1000).map(|i| 0.01 * f64::from(i)).collect();
    let term = |&t: &f64, x: &[Var]| (x[0] * t).sin() * x[1] - x[1] * x[1] * t;
    let (y, dy) = reverse::par_gradient(term, &data, &[0.7, 1.3]);
    let all = |x: &[Var]| data.iter().map(|t| term(t, x)).sum::<Var>();
    let (z, dz) = reverse::gradient(all, &[0.7, 1.3][..]);
    near(&[y], &[z], 1e-12);
    near(&dy, &dz, 1e-12);
    assert_eq!((y, dy), reverse::par_gradient(term, &data, &[0.7, 1.3]));
}
