//! Functions of slices as single nodes, runs of operands, and parts of a program differentiated by forward mode.

use nilpotent::reverse::{self, checkpoint};
use nilpotent::rules::Chain;
use nilpotent::{Dual2, Real, Taylor, Var, gradient, hessian, rules};

fn near(a: &[f64], b: &[f64], relative: f64) {
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= relative * b.abs().max(1e-3), "{a:e}, expected {b:e}");
    }
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
    // Extreme points: the origin, and values whose squares overflow.
    assert_eq!(reverse::gradient(|x: [Var; 2]| rules::norm(&x), [0.0, 0.0]), (0.0, [0.0, 0.0]));
    let (y, dy) = reverse::gradient(|x: [Var; 2]| rules::norm(&x), [3e200, 4e200]);
    near(&[y / 1e200, dy[0], dy[1]], &[5.0, 0.6, 0.8], 1e-15);
    assert_eq!(rules::ln_sum_exp::<f64>(&[]), f64::NEG_INFINITY);
    assert_eq!(rules::ln_sum_exp(&[f64::NEG_INFINITY, 1.0]), 1.0);
}

/// A sum over neighbors and other operands: with gaps, repeats, constants and zero slopes, and longer than a run.
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
    // Runs before, in and after a checkpointed function, which is recorded again.
    let parts = |x: &[Var]| {
        let y = product(x);
        let z = checkpoint(product, x);
        rules::dot(&product(&z[..1].repeat(30)), &y) + rules::sum(x) * z[5]
    };
    // The same in single operations.
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
    // Each slope is an edge in the drawing; zero slopes within the run are edges as well.
    assert_eq!(dot.matches("->").count(), 30, "{dot}");
    assert!(dot.contains("  29 -> ") && dot.contains("[label=\"30\"]"), "{dot}");
}

#[test]
fn runs_where_slopes_or_adjoints_are_not_finite() {
    let c: Vec<f64> = (0..20).map(|i| f64::from(i % 3)).collect();
    let at_root = |x: &[Var]| rules::linear_combination(&c, x).sqrt();
    let expected: Vec<f64> = c.iter().map(|&c| if c == 0.0 { 0.0 } else { f64::INFINITY }).collect();
    assert_eq!(reverse::gradient(at_root, &[0.0; 20][..]), (0.0, expected));
    // The adjoint of the sum is 0, so it passes nothing on.
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
