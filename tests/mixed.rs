//! Mixed precision: adjoints in a wider float than the values, scaled sweeps, compensated sums, floats of 16 bits. The witnesses
//! are closed forms, the same formula in f64 without derivatives, and exact sums of integers.
#![cfg(feature = "std")]

#[path = "../examples/mixed/main.rs"]
#[allow(dead_code, reason = "main itself")]
mod mixed;

use nilpotent::external::Function;
use nilpotent::reverse::{self, LossScale};
use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor, Var, Wider, rules};

/// Many products of a and b, of which the last one is so large that in f32 the others vanish beside it in the sweep:
/// (n + 10⁸)·a·b.
const LARGE: f32 = 1e8;
const MANY: usize = 300;

fn exact() -> f64 {
    f64::from(LARGE) + MANY as f64
}

fn lost() -> f64 {
    f64::from(LARGE)
}

/// Both gradients of a function of two variables, at (1, 1).
fn both(f: impl Fn([Var<f32>; 2]) -> Var<f32>) -> [Vec<f64>; 2] {
    let (_, narrow) = reverse::gradient(&f, [1.0_f32, 1.0]);
    let (_, wide) = reverse::wide_gradient(&f, [1.0_f32, 1.0]);
    [narrow.map(f64::from).to_vec(), wide]
}

#[test]
fn wide_adjoints_keep_small_terms() {
    let products = |[a, b]: [Var<f32>; 2]| (0..MANY).map(|_| a * b).sum::<Var<f32>>() + a * b * LARGE;
    assert_eq!(both(products), [vec![lost(); 2], vec![exact(); 2]]);
    // A product of slices: each operand is half a record, and a run of neighbors has its slopes apart.
    let slices = |[a, b]: [Var<f32>; 2]| {
        let list = |x: Var<f32>| vec![x; MANY];
        (0..MANY).map(|i| rules::dot(&list(a)[i..=i], &list(b)[i..=i])).sum::<Var<f32>>() + a * b * LARGE
    };
    assert_eq!(both(slices), [vec![lost(); 2], vec![exact(); 2]]);
    // A single variable has one node, on which slopes are summed in f32; the node of each term is watched instead.
    let single = |x: Var<f32>| (0..MANY).map(|_| x.watch()).sum::<Var<f32>>() + x.watch() * LARGE;
    assert_eq!(both(|[a, b]| single(a) + single(b)), [vec![lost(); 2], vec![exact(); 2]]);
}

#[test]
fn runs_have_wide_adjoints() {
    // Of 20 neighbors; the sums behind have coefficients 1, and the last one, which the sweep reaches first, is large.
    let x = vec![1.0_f32; 20];
    let f = |x: &[Var<f32>]| {
        let weighted = |c: f32| rules::weighted_sum((0..20).map(move |_| c).zip(x.iter().copied()));
        let small: Vec<_> = (0..MANY).map(|_| weighted(1.0)).collect();
        rules::sum(&small) + weighted(LARGE)
    };
    assert_eq!(reverse::gradient(f, &x).1, [LARGE; 20]);
    assert_eq!(reverse::wide_gradient::<f64, _, _>(f, &x).1, [exact(); 20]);
}

#[test]
fn wide_adjoints_pass_through_checkpoints_hooks_and_functions_from_outside() {
    let factor = |i: usize| if i == MANY { LARGE } else { 1.0 };
    // The parameters are captured by each step.
    let looped = move |[a, b]: [Var<f32>; 2]| {
        let step = move |i: usize, s: &[Var<f32>]| vec![s[0] + a * b * factor(i)];
        reverse::checkpoint_loop(MANY + 1, &[Var::constant(0.0)], step, 5)[0]
    };
    assert_eq!(both(looped), [vec![lost(); 2], vec![exact(); 2]]);
    let nested = move |[a, b]: [Var<f32>; 2]| {
        let inner = move |x: &[Var<f32>]| {
            let terms = (0..=MANY).map(|i| reverse::checkpoint(move |x: &[Var<f32>]| x[0] * x[1] * factor(i), x));
            terms.sum::<Var<f32>>()
        };
        reverse::checkpoint(inner, &[a, b])
    };
    assert_eq!(both(nested), [vec![lost(); 2], vec![exact(); 2]]);
    let hooked = |[a, b]: [Var<f32>; 2]| {
        (0..=MANY).map(|i| reverse::hook(a * b, |adjoint: f32| adjoint) * factor(i)).sum::<Var<f32>>()
    };
    assert_eq!(both(hooked), [vec![lost(); 2], vec![exact(); 2]]);
    let product =
        Function::new("product", 2, 1, |x, y| y[0] = x[0] * x[1]).jacobian(|x, j| j.copy_from_slice(&[x[1], x[0]]));
    let outside = |[a, b]: [Var<f32>; 2]| {
        (0..=MANY).map(|i| product.call(&[a, b]).expect("a Jacobian")[0] * factor(i)).sum::<Var<f32>>()
    };
    assert_eq!(both(outside), [vec![lost(); 2], vec![exact(); 2]]);
}

#[test]
fn adjoints_of_the_same_float_are_those_of_the_plain_sweep() {
    fn f<T: Real>(x: &[T]) -> T {
        let sums = [rules::dot(x, x), rules::sum(x), rules::norm(x)];
        x.windows(2).map(|w| (w[0] * w[1]).sin() / sums[0]).sum::<T>() * sums[1].tanh() + sums[2]
    }
    let x: Vec<f64> = (0..30).map(|i| f64::from(i * i % 11) / 7.0 + 0.3).collect();
    let (y, dy) = reverse::gradient(f, &x);
    assert_eq!(reverse::wide_gradient(f, &x), (y, dy.clone()));
    let (y, recording) = reverse::record(f, &x);
    assert_eq!(recording.adjoints_in(&[(y, 3.0)]).inputs(), recording.adjoints(&[(y, 3.0)]).inputs());
    // In f32: slopes are those of f32, and sums differ from those of f64 by rounding.
    let narrow: Vec<f32> = x.iter().map(|&x| x as f32).collect();
    let same = narrow.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
    let exact = reverse::gradient(f, &same).1;
    let (_, wide): (f32, Vec<f64>) = reverse::wide_gradient(f, &narrow);
    assert!(wide.iter().zip(&exact).all(|(x, y)| (x - y).abs() < 2e-6));
}

#[test]
fn wide_adjoints_do_not_underflow_and_zeros_stay_zero() {
    let f = |[a, b, c, d]: [Var<f32>; 4]| (a * b * 1e-25 + c) * 1e-25 + d;
    let (_, dy): (f32, Vec<f64>) = reverse::wide_gradient(f, [2.0_f32, 3.0, 1.0, 1.0]);
    assert!((dy[0] / 3e-50 - 1.0).abs() < 1e-6 && (dy[1] / 2e-50 - 1.0).abs() < 1e-6);
    // An unused logarithm of 0, and an infinite slope times a zero adjoint.
    let unused = |[a, b]: [Var<f32>; 2]| {
        let ln = (a * b).ln();
        ln * 0.0_f32.min(1.0) + a + b
    };
    let (_, dy): (f32, Vec<f64>) =
        reverse::wide_gradient(|[a, b]| if (a * b).ln() < 0.0 { a + b } else { a }, [0.0, 1.0]);
    assert_eq!(dy, [1.0, 1.0]);
    // The gradient of both modes has the same NaN and infinities.
    let (narrow, wide) =
        (reverse::gradient(unused, [0.0_f32, 1.0]).1, reverse::wide_gradient::<f64, _, _>(unused, [0.0_f32, 1.0]).1);
    assert!(narrow.iter().zip(&wide).all(|(&x, &y)| f64::from(x).same(y)));
}

#[test]
fn kept_recordings_have_adjoints_of_variables_on_the_way() {
    let f = |[a, b]: [Var<f32>; 2]| {
        let u = (a * b).watch();
        [u, u * u * 0.5, u * 1e-30]
    };
    let ([u, y, z], recording) = reverse::record(f, [3.0_f32, 2.0]);
    let adjoints = recording.adjoints_in(&[(y, 1.0_f64), (z, 1e-20)]);
    let small = 1e-20 * f64::from(1e-30_f32);
    assert_eq!((adjoints.of(u), adjoints.inputs()), (6.0 + small, &[12.0, 18.0][..]));
    assert_eq!(recording.adjoints_in(&[(z, 1e-20)]).inputs(), [2.0 * small, 3.0 * small]);
}

#[test]
#[should_panic(expected = "a variable of another recording")]
fn variables_of_other_recordings_have_no_adjoints() {
    let (_, recording) = reverse::record(|[a, b]: [Var<f32>; 2]| a * b, [3.0_f32, 2.0]);
    let (other, _) = reverse::record(|[a, b]: [Var<f32>; 2]| a * b, [3.0_f32, 2.0]);
    recording.adjoints_in(&[(other, 1.0_f64)]);
}

#[test]
fn into_memory() {
    let mut dy = vec![7.0_f64; 3];
    let failing = |x: &[Var<f32>]| if x[0] == 1.0 { Err("one") } else { Ok(x[0] * x[1] * x[2]) };
    assert_eq!(reverse::try_wide_gradient_into(failing, &[1.0_f32, 2.0, 3.0][..], &mut dy), Err("one"));
    assert_eq!(dy, [7.0; 3]);
    assert_eq!(reverse::try_wide_gradient_into(failing, &[4.0_f32, 2.0, 3.0][..], &mut dy), Ok(24.0));
    assert_eq!(dy, [6.0, 12.0, 8.0]);
    let failed: Result<(f32, Vec<f64>), &str> = reverse::try_wide_gradient(failing, &[1.0_f32, 2.0, 3.0][..]);
    assert_eq!(failed, Err("one"));
    let failed: Result<(f32, Vec<f64>, i32), &str> =
        reverse::try_scaled_gradient(failing, &[1.0_f32, 2.0, 3.0][..], LossScale::Largest);
    assert_eq!(failed, Err("one"));
    let mut dy = [0.0_f64; 2];
    let mut run = || reverse::wide_gradient_into(|[a, b]: [Var<f32>; 2]| a * b * a, [2.0_f32, 3.0], &mut dy);
    run();
    assert_eq!(allocation_counter::measure(|| _ = run()).count_total, 0);
    assert_eq!(dy, [12.0, 4.0]);
}

#[test]
#[should_panic(expected = "the gradient has 2 entries, and there is room for 3")]
fn memory_of_the_wrong_size() {
    reverse::wide_gradient_into(|[a, b]: [Var<f32>; 2]| a * b, [2.0_f32, 3.0], &mut [0.0_f64; 3]);
}

#[test]
fn scales() {
    type Scaled = (f32, Vec<f64>, i32);
    // The largest power that does not overflow. A derivative of 5 leaves 2 to the power of 125; f32 ends at 2¹²⁸.
    let f = |[a, b]: [Var<f32>; 2]| a * 5.0 + a * b * 1e-30;
    let exact = [5.0 + 2.0 * f64::from(1e-30_f32), 3.0 * f64::from(1e-30_f32)];
    let (y, dy, k): Scaled = reverse::scaled_gradient(f, [3.0_f32, 2.0], LossScale::Largest);
    assert_eq!((y, k), (15.0, 125));
    assert!(dy.iter().zip(exact).all(|(x, y)| (x / y - 1.0).abs() < 1e-6));
    // Exact powers of two change nothing but the range.
    for k in [-20, 0, 1, 60] {
        let (_, dy, same): Scaled = reverse::scaled_gradient(f, [3.0_f32, 2.0], LossScale::PowerOfTwo(k));
        let plain = reverse::gradient(f, [3.0_f32, 2.0]).1;
        assert_eq!((dy, same), (plain.map(f64::from).to_vec(), k));
    }
    // Beyond the largest power entries overflow.
    let (_, dy, _): Scaled = reverse::scaled_gradient(f, [3.0_f32, 2.0], LossScale::PowerOfTwo(126));
    assert_eq!(dy[0], f64::INFINITY);
    // An adjoint that overflows on the way to a gradient that does not, and a gradient that f32 does not hold.
    let large = |[a, b, c]: [Var<f32>; 3]| (a * b * 1e25 + c) * 1e25;
    let (_, dy, k): Scaled = reverse::scaled_gradient(large, [1e-25_f32, 1e-25, 1.0], LossScale::Largest);
    assert_eq!(reverse::gradient(large, [1e-25_f32, 1e-25, 1.0]).1, [f32::INFINITY, f32::INFINITY, 1e25]);
    assert!(k < 0 && dy.iter().all(|dy| (dy / 1e25 - 1.0).abs() < 1e-6), "{k} {dy:?}");
    let (_, dy, k): Scaled = reverse::scaled_gradient(large, [1.0_f32, 2.0, 1.0], LossScale::Largest);
    assert!(k < 0 && (dy[0] / 2e50 - 1.0).abs() < 1e-5 && (dy[1] / 1e50 - 1.0).abs() < 1e-5, "{k} {dy:?}");
    // An infinite derivative is infinite at every power.
    let pole = |[a, b]: [Var<f32>; 2]| a.sqrt() + b;
    let (_, dy, k): Scaled = reverse::scaled_gradient(pole, [0.0_f32, 1.0], LossScale::Largest);
    assert_eq!((dy, k), (vec![f64::INFINITY, 1.0], 0));
    // A constant, and f64 over itself.
    let (_, dy, k): Scaled =
        reverse::scaled_gradient(|_: [Var<f32>; 1]| Var::constant(2.0), [1.0_f32], LossScale::Largest);
    assert_eq!((dy, k), (vec![0.0], 127));
    let (_, dy, k): (f64, Vec<f64>, i32) = reverse::scaled_gradient(|[a, b]| a * b, [1.0, 0.75], LossScale::Largest);
    assert_eq!((dy, k), (vec![0.75, 1.0], 1023));
}

/// Multiples of 2⁻⁴⁰ of random magnitudes, with their integers.
fn multiples(n: usize, state: &mut u64) -> Vec<(f64, i128)> {
    let mut next = || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *state >> 33
    };
    let number = |_| {
        let integer = (i128::from(next()) - (1 << 30)) << (next() % 21);
        (integer as f64 * 2.0_f64.powi(-40), integer)
    };
    (0..n).map(number).collect()
}

/// The float nearest to an integer times a power of two.
fn nearest(integer: i128, exponent: i32) -> f64 {
    integer as f64 * 2.0_f64.powi(exponent)
}

#[test]
fn compensated_sums_are_rounded_once() {
    let mut state = 7;
    let (mut plain, mut plain_dot) = (0, 0);
    for _ in 0..200 {
        let (x, y) = (multiples(100, &mut state), multiples(100, &mut state));
        let (exact, exact_dot) = (x.iter().map(|x| x.1).sum(), x.iter().zip(&y).map(|(x, y)| x.1 * y.1).sum());
        let (x, y): (Vec<f64>, Vec<f64>) = (x.iter().map(|x| x.0).collect(), y.iter().map(|y| y.0).collect());
        assert_eq!(rules::compensated_sum(&x), nearest(exact, -40));
        assert_eq!(rules::compensated_dot(&x, &y), nearest(exact_dot, -80));
        plain += usize::from(rules::sum(&x) != nearest(exact, -40));
        plain_dot += usize::from(rules::dot(&x, &y) != nearest(exact_dot, -80));
    }
    assert!(plain_dot > 100, "the plain product is exact as well: {plain} {plain_dot}");
    // In f32: a tenth, ten million times.
    let tenths = vec![0.1_f32; 10_000_000];
    assert_eq!(rules::compensated_sum(&tenths), (f64::from(0.1_f32) * 1e7) as f32);
    assert!((rules::sum(&tenths) / 1e6 - 1.0).abs() > 0.05);
}

#[test]
fn compensated_sums_have_the_plain_derivatives() {
    fn check<T: Real>(x: [T; 4]) {
        let y = [x[3], x[0], x[2], x[1]];
        let values = x.map(|x| x.float());
        let others = y.map(|y| y.float());
        let (sum, dot) = (rules::compensated_sum(&x), rules::compensated_dot(&x, &y));
        assert!(sum.float().same(rules::compensated_sum(&values)));
        assert!(dot.float().same(rules::compensated_dot(&values, &others)));
        // Apart from the values, they are the plain ones.
        assert!((sum - T::from_float(sum.float())).same(rules::sum(&x) - T::from_float(rules::sum(&values))));
        assert!(
            (dot - T::from_float(dot.float())).same(rules::dot(&x, &y) - T::from_float(rules::dot(&values, &others)))
        );
    }
    let x = [1e16, 1.1, -0.7, -1e16];
    assert!(rules::compensated_sum(&x) != rules::sum(&x));
    check(x);
    check(Dual::variables(x));
    check(x.map(|x| Dual2::<f64, 2>::new(x, [x * 0.5, 2.0], [[1.0, x], [x, 3.0]])));
    check(x.map(|x| HyperDual::<f64, 1, 1>::new(x, [x * 0.5], [2.0], [[x]])));
    check(x.map(|x| Taylor::<f64, 3>::new(x, [x * 0.5, 2.0, x])));
    check(x.map(|x| Dual::<_, 1>::new(Dual::new(x, [x * 0.25]), [Dual::new(3.0, [x])])));
    let (y, dy) = reverse::gradient(|x| rules::compensated_sum(&x), x);
    assert_eq!((y, dy), (rules::compensated_sum(&x), [1.0; 4]));
    let (y, dy) =
        reverse::gradient(|[a, b, c, d]| rules::compensated_dot(&[a, b], &[c, d]), [1e8 + 1.0, -1e16, 1e8 + 1.0, 1.0]);
    assert_eq!((y, dy), (200_000_001.0, [1e8 + 1.0, 1.0, 1e8 + 1.0, -1e16]));
}

#[test]
fn compensated_sums_of_infinities_and_none() {
    assert_eq!((rules::compensated_sum::<f64>(&[]), rules::compensated_dot::<f64>(&[], &[])), (0.0, 0.0));
    assert_eq!(rules::compensated_sum(&[1.0, f64::INFINITY, 2.0]), f64::INFINITY);
    assert_eq!(rules::compensated_dot(&[1.0, f64::NEG_INFINITY], &[1.0, 2.0]), f64::NEG_INFINITY);
    assert!(rules::compensated_sum(&[f64::INFINITY, f64::NEG_INFINITY]).is_nan());
    assert_eq!(rules::compensated_sum(&[f64::MAX, f64::MAX]), f64::INFINITY);
}

#[test]
#[should_panic(expected = "dot of 2 and 3 numbers")]
fn compensated_products_of_different_lengths() {
    rules::compensated_dot(&[1.0, 2.0], &[1.0, 2.0, 3.0]);
}

/// A recorded program has no guards for it, and replays it where other terms are the large ones.
#[cfg(feature = "program")]
#[test]
fn programs_replay_compensated_sums() {
    use nilpotent::program;
    let f = |x: [nilpotent::Traced; 4]| [rules::compensated_sum(&x), rules::compensated_dot(&x[..2], &x[2..])];
    let program = program::record(f, [1e16, 1.0, 1.0, -1e16]).expect("a program");
    for x in [[1e16, 1.0, 1.0, -1e16], [1.0, 1e16, -1e16, 1.0], [0.1, 1e8 + 1.0, 0.3, 1e8 + 1.0]] {
        let expected = [rules::compensated_sum(&x), rules::compensated_dot(&x[..2], &x[2..])];
        let mut found = [0.0; 2];
        program.run(&x, &mut found).expect("no guards");
        assert_eq!(found, expected);
    }
}

/// The first table of the guide, with fewer losses: what f32 loses, adjoints in f64 bring back.
#[test]
fn the_mean_of_many_losses() {
    let rows = mixed::regressions(50_000);
    let error = |floats: &str| rows.iter().find(|row| row.floats == floats).expect("a row").error;
    let [f64s, f32s, wide] = ["f64", "f32", "f32, adjoints in f64"].map(error);
    assert!(f64s < 1e-10 && wide < 2e-6 && f32s > 20.0 * wide, "{f64s:e} {f32s:e} {wide:e}");
    #[cfg(feature = "half")]
    {
        let [bf16s, wide] = ["bf16", "bf16, adjoints in f32"].map(error);
        assert!(bf16s > 0.9 && wide < 0.1, "{bf16s:e} {wide:e}");
    }
}

/// The bound of the trait: only floats that hold all values.
#[test]
fn rounding() {
    assert_eq!(Wider::<f32>::rounded(0.1_f64), 0.1_f32);
    assert_eq!(Wider::<f64>::rounded(0.1_f64), 0.1);
    assert_eq!(Wider::<f32>::rounded(0.1_f32), 0.1);
}

#[cfg(feature = "half")]
mod half_floats {
    use super::*;
    use half::{bf16, f16};
    use nilpotent::{Output, derivative, gradient, hessian, jacobian, nth_derivative, second_derivative};

    /// One expression with most kinds of operations.
    fn f<T: Real>(x: T, y: T) -> T {
        (x * y).sin() / (T::one() + x * x).sqrt() + (y - x).exp() * T::lit(0.25) + x.powi(3).tanh() - y.ln_gamma()
            + x.powf(y)
    }

    fn close<T: Real<Float = T> + Into<f64>>(x: T, exact: f64, ulps: f64) {
        let (x, tolerance) = (x.into(), ulps * T::epsilon().into() * exact.abs().max(1.0));
        assert!((x - exact).abs() <= tolerance, "{x} instead of {exact}");
    }

    /// All drivers and numbers over the float, against f64 at the same point.
    fn drivers<T: Real<Float = T> + Into<f64> + Output<T, Of<T> = T>>() {
        let (x, y) = (0.75, 1.25);
        let at = [T::lit(x), T::lit(y)];
        let (value, exact) = gradient(|[x, y]| f(x, y), [x, y]);
        let (_, _, hess) = hessian(|[x, y]| f(x, y), [x, y]);
        let (v, g) = gradient(|[x, y]| f(x, y), at);
        close(v, value, 8.0);
        let (_, r) = reverse::gradient(|[x, y]| f(x, y), at);
        let (_, many) = gradient(|x: &[_]| f(x[0], x[1]), &at[..]);
        let (_, _, h) = hessian(|[x, y]| f(x, y), at);
        let (_, _, blocks) = hessian(|x: &[_]| f(x[0], x[1]), &at[..]);
        let (_, _, back) = reverse::hessian(|[x, y]: [_; 2]| f(x, y), at);
        let (_, j) = jacobian(|[x, y]| [f(x, y), x], at);
        for i in 0..2 {
            for found in [g[i], r[i], many[i], j[0][i]] {
                close(found, exact[i], 16.0);
            }
            for k in 0..2 {
                for found in [h[i][k], blocks[i][k], back[i][k]] {
                    close(found, hess[i][k], 32.0);
                }
            }
        }
        let along = |x: f64| nth_derivative(|x| f(x, Taylor::constant(1.25)), x);
        let (_, [d1, d2, d3]) = nth_derivative(|x| f(x, Taylor::constant(T::lit(1.25))), at[0]);
        let (_, [e1, e2, e3]): (f64, [f64; 3]) = along(x);
        close(d1, e1, 16.0);
        close(d2, e2, 32.0);
        close(d3, e3, 128.0);
        let (_, first, second) = second_derivative(|x| f(x, Dual2::constant(T::lit(1.25))), at[0]);
        close(first, e1, 16.0);
        close(second, e2, 32.0);
        let nested = derivative(|x| derivative(|x| x * x * x, x).1, T::lit(0.5)).1;
        assert!(nested == T::lit(3.0));
    }

    #[test]
    fn numbers_and_drivers() {
        drivers::<f16>();
        drivers::<bf16>();
        drivers::<f32>();
    }

    /// Every row over the 16-bit floats: values and slopes of a sample in f64, rounded, within some ulp.
    #[test]
    fn rows() {
        fn check<T: Real<Float = T> + Into<f64>>() {
            macro_rules! rows {
                ($($name:ident $at:literal),*) => { $(
                    let x: f64 = T::lit($at).into();
                    let (value, slope) = derivative(|x: Dual<f64>| x.$name(), x);
                    let (v, s) = derivative(|x: Dual<T>| x.$name(), T::lit($at));
                    close(v, value, 1.0);
                    close(s, slope, 6.0);
                )* };
            }
            rows!(sqrt 2.3, cbrt 2.3, exp 1.1, exp2 1.1, exp_m1 0.3, ln 2.3, ln_1p 0.3, log2 2.3, log10 2.3, sin 1.1, cos 1.1, tan 0.7,
                asin 0.3, acos 0.3, atan 1.1, sinh 1.1, cosh 1.1, tanh 0.7, asinh 1.1, acosh 2.3, atanh 0.3, recip 2.3, abs -1.1,
                erf 0.7, erfc 0.7, gamma 2.3, ln_gamma 2.3, digamma 2.3, norm_cdf 0.7, sinc 1.1, sinhc 1.1, sph_j1 1.1, sph_j2 1.1,
                softplus 0.7, sigmoid 0.7, ln_1m_exp -0.7, erfcx 0.7, ln_norm_cdf 0.7, probit 0.3, erf_inv 0.3, erfc_inv 0.3,
                lambert_w0 1.1, lambert_wm1 -0.2);
            let (quotient, [a, b]) = gradient(|[x, y]| x / y, [T::lit(300.0), T::lit(200.0)]);
            close(quotient, 1.5, 1.0);
            close(a, 1.0 / 200.0, 1.0);
            close(b, -300.0 / 40_000.0, 2.0);
            let (hypot, [a, _]) = gradient(|[x, y]| x.hypot(y), [T::lit(300.0), T::lit(400.0)]);
            close(hypot, 500.0, 1.0);
            close(a, 0.6, 2.0);
            let (rest, [a, b]) = gradient(|[x, y]| x.rem_euclid(y), [T::lit(-7.0), T::lit(2.0)]);
            assert!(rest == T::lit(1.0) && a == T::lit(1.0) && b == T::lit(4.0));
        }
        check::<f16>();
        check::<bf16>();
    }

    /// Quotients near the ends of the range of f16, where products with the slope would leave it.
    #[test]
    fn quotients_at_the_ends_of_the_range() {
        for (x, y) in [(6e4, 3e4), (6e-5, 3e4), (1e-4, 2e-4), (3e4, 2e3), (1e-3, 300.0)] {
            let [x, y] = [x, y].map(f16::from_f64);
            let (_, dy) = gradient(|[x, y]| x / y, [x, y]);
            let (a, b) = (f64::from(x), f64::from(y));
            let relative = |found: f16, exact: f64| (f64::from(found) - exact).abs() <= 2e-3 * exact.abs() + 6e-8;
            let exact = [1.0 / b, -a / (b * b)];
            assert!(relative(dy[0], exact[0]) && relative(dy[1], exact[1]), "{x}/{y}: {dy:?} instead of {exact:?}");
        }
        assert_eq!(num_traits::Float::hypot(f16::from_f64(6e4), f16::from_f64(100.0)).to_f64(), 6e4);
        let (_, [a, _]) = gradient(|[x, y]| x.hypot(y), [f16::from_f64(3e4), f16::from_f64(4e4)]);
        assert!((a.to_f64() - 0.6).abs() < 1e-3);
        let (_, [a, _]) = gradient(|[x, y]| x.hypot(y), [f16::from_f64(3e-5), f16::from_f64(4e-5)]);
        assert!((a.to_f64() - 0.6).abs() < 5e-3);
    }

    #[test]
    fn functions_from_outside() {
        let product =
            Function::new("product", 2, 1, |x, y| y[0] = x[0] * x[1]).jacobian(|x, j| j.copy_from_slice(&[x[1], x[0]]));
        let at = [f16::from_f32(3.0), f16::from_f32(0.5)];
        let expected = (f16::from_f32(1.5), [at[1], at[0]]);
        assert_eq!(gradient(|x: [_; 2]| product.call(&x).expect("a Jacobian")[0], at), expected);
        assert_eq!(reverse::gradient(|x: [_; 2]| product.call(&x).expect("a Jacobian")[0], at), expected);
    }

    /// The second table of the guide.
    #[test]
    fn chains() {
        let rows = mixed::chains();
        let [(_, plain, zeros), (scaled, error, none), (_, wide, nothing)] = &rows[..] else { panic!("three rows") };
        assert!(*plain >= 1.0 && *zeros > 0 && (*none, *nothing) == (0, 0), "{rows:?}");
        assert_eq!(scaled, "f16, adjoints times 2^15");
        assert!(*error < 0.01 && *wide < 1e-6, "{error:e} {wide:e}");
    }

    #[test]
    fn compensated() {
        let x = vec![f16::from_f32(0.1); 1000];
        assert_eq!(rules::compensated_sum(&x), f16::from_f64(f64::from(x[0]) * 1000.0));
        // One addition after another, each rounded. (`Iterator::sum` of the crate half adds in f32.)
        assert!(x.iter().fold(f16::ZERO, |sum, &x| sum + x) != rules::compensated_sum(&x));
    }
}
