//! `Kernel::fast`: functions in registers against 40-digit references, against the functions of single floats, and at
//! special values; kernels with them.

#[path = "common/random.rs"]
mod random;

use nilpotent::program::{Kernel, Report, Set};
use nilpotent::rules::by_name::by_method;
use nilpotent::{Real, gradient, reverse};
use random::Random;
use std::collections::BTreeMap;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_PI_2, LN_2, SQRT_2};

/// All functions that `fast` changes.
const FUNCTIONS: [&str; 21] = [
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log2", "log10", "sinh", "cosh", "tanh", "sigmoid", "softplus", "sin",
    "cos", "tan", "sinc", "atan", "erf", "erfc", "norm_cdf", "powf",
];

/// Their greatest error in ulp.
const BOUND: f64 = 2.0;

/// That of the functions of single floats, which is found by the same references.
const SINGLE: f64 = 3.0;

/// The arguments of a function; the second one is the exponent of a power.
type Arguments<T = f64> = [T; 2];

fn f<T: Real>(name: &str, x: Arguments<T>) -> T {
    by_method(name, &x[..if name == "powf" { 2 } else { 1 }], 0.0).expect("a function")
}

/// The sets that have functions of registers.
fn registers() -> impl Iterator<Item = Set> {
    Set::all().into_iter().filter(|&set| set != Set::Portable)
}

/// The function at all points, by registers of this set.
fn fast(set: Set, name: &str, points: &[Arguments]) -> Vec<f64> {
    let kernel = Kernel::new(|x| f(name, x), |x| f(name, x), [0.5; 2]).expect("recorded");
    kernel.fast().with_set(set).map(points).expect("one result for each point")
}

/// Its inverse, since a result that is infinite itself comes from the function of floats.
fn fast_inverse(set: Set, name: &str, points: &[Arguments]) -> Vec<f64> {
    let kernel = Kernel::new(|x| f(name, x).recip(), |x: Arguments| f(name, x).recip(), [0.5; 2]).expect("recorded");
    kernel.fast().with_set(set).map(points).expect("one result for each point")
}

/// A unit in the last place, which is that of subnormal numbers below all normal ones.
fn unit(x: f64) -> f64 {
    let x = x.abs().min(f64::MAX.next_down());
    x.next_up() - x
}

/// Whether both are the same number, or both are NaN.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// Arguments, the float next to the value, and the value minus this float in units in the last place.
type Reference = (Arguments, f64, f64);

fn references() -> BTreeMap<&'static str, Vec<Reference>> {
    let mut all: BTreeMap<_, Vec<Reference>> = BTreeMap::new();
    for line in include_str!("reference/fast.txt").lines().filter(|line| !line.starts_with('#')) {
        let [of, value, rest] = line.split(" | ").collect::<Vec<_>>()[..] else { panic!("three columns: {line}") };
        let (name, x) = of.split_once(' ').expect("a function and its arguments");
        let number = |x: &str| -> f64 { x.parse().expect("a number") };
        let mut x = x.split(' ').map(number);
        let x = [x.next().expect("an argument"), x.next().unwrap_or(0.5)];
        all.entry(name).or_default().push((x, number(value), number(rest)));
    }
    all
}

/// The greatest error of values in units in the last place, and where it is.
fn worst(references: &[Reference], values: &[f64]) -> (f64, Arguments) {
    let errors = references.iter().zip(values).map(|(&(x, nearest, rest), value)| {
        let error = ((value - nearest) / unit(nearest) - rest).abs();
        (if error.is_nan() { f64::INFINITY } else { error }, x)
    });
    errors.max_by(|a, b| a.0.total_cmp(&b.0)).expect("references")
}

/// Prints the greatest error of each function with `--nocapture`.
#[test]
fn functions_are_right_to_two_units() {
    let (all, mut report) = (references(), Vec::new());
    for name in FUNCTIONS {
        let lines = &all[name];
        assert!(lines.len() >= 80, "{name}: {} references", lines.len());
        let points: Vec<Arguments> = lines.iter().map(|line| line.0).collect();
        let mut check = |of: &str, values: &[f64], bound| {
            let (error, x) = worst(lines, values);
            println!("{name:9} {of:6} {error:.2} ulp at {x:?}");
            if error > bound {
                report.push(format!("{name} {of}: {error:.2} ulp at {x:?}"));
            }
        };
        check("single", &points.iter().map(|&x| f(name, x)).collect::<Vec<_>>(), SINGLE);
        for set in registers() {
            check(&format!("{set:?}"), &fast(set, name, &points), BOUND);
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
}

/// A number of any size, or one near a limit of some formula.
fn any(random: &mut Random) -> f64 {
    const LIMITS: [f64; 14] = [
        LN_2 / 2.0,
        0.414_213_562_373_095_1,
        FRAC_1_SQRT_2,
        0.75,
        1.0,
        SQRT_2,
        FRAC_PI_2,
        2.414_213_562_373_095,
        6.0,
        20.0,
        27.0,
        38.5,
        709.5,
        1.6e6,
    ];
    let sign = if random.below(2) == 0 { 1.0 } else { -1.0 };
    sign * match random.below(4) {
        0 => f64::from_bits(random.bits() >> 1),
        1 => random.unit() * 50.0,
        2 => {
            LIMITS[random.below(LIMITS.len())]
                * (1.0 + (random.unit() - 0.5) * 2.0_f64.powi(-(random.below(50) as i32)))
        }
        _ => 2.0_f64.powi(random.below(60) as i32 - 40) * (1.0 + random.unit()),
    }
}

#[test]
fn functions_agree_with_those_of_single_floats() {
    let mut random = Random(7);
    let points: Vec<Arguments> = (0..20_000).map(|_| [any(&mut random), any(&mut random)]).collect();
    for name in FUNCTIONS {
        for set in registers() {
            for (&x, fast) in points.iter().zip(fast(set, name, &points)) {
                let single = f(name, x);
                let near = (fast - single).abs() <= (BOUND + SINGLE) * unit(single);
                assert!(near || same(fast, single), "{name} {set:?} at {x:?}: {fast:e}, single {single:e}");
            }
        }
    }
}

#[test]
fn special_values_are_exact() {
    let special = [0.0, 1.0, f64::INFINITY, f64::NAN];
    let special = special.map(|x| [x, -x]).concat();
    let pairs: Vec<Arguments> = special.iter().flat_map(|&x| special.iter().map(move |&y| [x, y])).collect();
    let alone = |points: &[f64]| -> Vec<Arguments> { points.iter().map(|&x| [x, 0.5]).collect() };
    for set in registers() {
        for name in FUNCTIONS {
            let values = fast(set, name, &pairs).into_iter().zip(fast_inverse(set, name, &pairs));
            for (&x, (value, inverse)) in pairs.iter().zip(values) {
                let single = f(name, x);
                if x[0].abs() == 1.0 && single.is_finite() && single != 0.0 {
                    assert!(
                        (value - single).abs() <= (BOUND + SINGLE) * unit(single),
                        "{name} {set:?} at {x:?}: {value}"
                    );
                } else {
                    assert!(same(value, single), "{name} {set:?} at {x:?}: {value}, not {single}");
                    assert!(same(inverse, single.recip()), "1/{name} {set:?} at {x:?}: {inverse}");
                }
            }
        }
        let exponents: Vec<f64> = (-1074..1024).map(f64::from).collect();
        let powers: Vec<f64> = exponents.iter().map(|k| k.exp2()).collect();
        assert_eq!(fast(set, "exp2", &alone(&exponents)), powers);
        assert_eq!(fast(set, "log2", &alone(&powers)), exponents);
        let exponents: Vec<f64> = (0..23).map(f64::from).collect();
        let powers: Vec<f64> = (0..23).map(|k| format!("1e{k}").parse().expect("a number")).collect();
        assert_eq!(fast(set, "log10", &alone(&powers)), exponents);
        // Where the value is infinite or constant, or would be 0.
        for (name, x, value) in [
            ("exp", 709.8, f64::INFINITY),
            ("exp", 1e300, f64::INFINITY),
            ("exp", -745.2, 0.0),
            ("exp", -1e300, 0.0),
            ("exp2", 1024.0, f64::INFINITY),
            ("exp2", -1076.0, 0.0),
            ("exp_m1", 709.8, f64::INFINITY),
            ("exp_m1", -50.0, -1.0),
            ("tanh", 25.0, 1.0),
            ("tanh", -1e300, -1.0),
            ("erf", 6.0, 1.0),
            ("erf", -7.0, -1.0),
            ("erfc", 28.0, 0.0),
            ("erfc", -6.0, 2.0),
            ("norm_cdf", -39.0, 0.0),
            ("norm_cdf", 9.0, 1.0),
            ("sinh", -711.0, f64::NEG_INFINITY),
            ("cosh", 711.0, f64::INFINITY),
            ("sigmoid", -750.0, 0.0),
            ("sigmoid", 40.0, 1.0),
            ("softplus", 1e300, 1e300),
            ("softplus", -750.0, 0.0),
            ("ln", -1.0, f64::NAN),
        ] {
            let (value_there, inverse) = (fast(set, name, &[[x, 0.5]])[0], fast_inverse(set, name, &[[x, 0.5]])[0]);
            assert!(same(value_there, value), "{name} {set:?} at {x}: {value_there}");
            assert!(same(inverse, value.recip()), "1/{name} {set:?} at {x}: {inverse}");
        }
    }
}

/// A value is the same in each lane and beside each other value, also beside those that need the function of floats.
#[test]
fn lanes_do_not_touch_one_another() {
    let point = |i| [if i % 7 == 3 { 1e18 } else { -1e-310 + 0.37 * f64::from(i) }, 0.3 * f64::from(i % 9) - 1.0];
    let points: Vec<Arguments> = (0..70).map(point).collect();
    for set in registers() {
        for name in FUNCTIONS {
            let alone: Vec<f64> = points.iter().map(|&x| fast(set, name, &[x])[0]).collect();
            for count in 1..=points.len() {
                let together = fast(set, name, &points[..count]);
                assert!(together.iter().zip(&alone).all(|(&a, &b)| same(a, b)), "{name} {set:?} at {count} points");
            }
        }
    }
}

/// A price of an option, with all kinds of functions in its derivatives.
fn price<T: Real>([spot, strike, rate, sigma, time]: [T; 5]) -> T {
    let deviation = sigma * time.sqrt();
    let d = ((spot / strike).ln() + (rate + sigma * sigma * T::lit(0.5)) * time) / deviation;
    spot * d.norm_cdf() - strike * (-rate * time).exp() * (d - deviation).norm_cdf() + (spot * rate).sin().tanh()
}

fn with_greeks<T: Real>(x: [T; 5]) -> (T, [T; 5]) {
    reverse::gradient(price, x)
}

#[test]
fn kernels_agree_with_the_live_function() {
    let mut random = Random(3);
    let points: Vec<[f64; 5]> =
        (0..1_000).map(|_| [100.0, 100.0, 0.02, 0.2, 1.0].map(|x| x * (0.9 + 0.2 * random.unit()))).collect();
    let kernel = Kernel::new(with_greeks, with_greeks, points[0]).expect("recorded");
    let exact: Vec<f64> = points
        .iter()
        .flat_map(|&x| {
            let (y, g) = with_greeks(x);
            [y, g[0], g[1], g[2], g[3], g[4]]
        })
        .collect();
    for set in Set::all() {
        assert_eq!(kernel.clone().with_set(set).map(&points).expect("lengths"), exact, "{set:?}");
        let fast = kernel.clone().fast().with_set(set).map(&points).expect("lengths");
        if set == Set::Portable {
            assert_eq!(fast, exact);
            continue;
        }
        assert_ne!(fast, exact, "{set:?}: no fast function was used");
        for (k, (fast, exact)) in fast.iter().zip(&exact).enumerate() {
            // Values of about 1 to 100 are differences of terms of about 60.
            assert!((fast - exact).abs() <= 2e-14 * exact.abs().max(60.0), "{set:?} result {}: {fast} {exact}", k % 6);
        }
    }
    // Sums over points, of which the last ones do not fill a block; and a uniform input.
    let sum = |kernel: Kernel<_, _, _>| {
        let (mut sums, inputs) = ([0.0; 6], |i: usize| [&points[i][..2], &points[i][3..]]);
        kernel.uniform(2..3).summed(0..6).run(999, &[0.02], inputs, &mut [], &mut sums).expect("lengths");
        sums
    };
    let exact = sum(kernel.clone());
    for set in Set::all() {
        let fast = sum(kernel.clone().fast().with_set(set));
        let near = fast.iter().zip(exact).all(|(a, b)| (a - b).abs() <= 1e-13 * b.abs().max(1.0));
        assert!(near, "{set:?}: {fast:?} {exact:?}");
    }
}

/// An exponential for positive numbers, and a sine for others.
fn halves<T: Real>([x]: [T; 1]) -> T {
    if x > T::zero() { x.exp() } else { x.sin() }
}

#[test]
fn live_points_are_exact() {
    let points: Vec<[f64; 1]> = (0..500).map(|i| [if i % 50 == 7 { -0.013 } else { 0.017 } * f64::from(i)]).collect();
    for set in Set::all() {
        let kernel = Kernel::new(halves, halves, [1.0]).expect("recorded").fast().with_set(set);
        let mut results = vec![0.0; points.len()];
        let report = kernel.run(points.len(), &[], |i| [&points[i][..]], &mut results, &mut []).expect("lengths");
        // Point 0 takes the other course as well.
        assert_eq!(report, Report { live: 11, programs: 1 });
        for (&x, &y) in points.iter().zip(&results) {
            let live = halves(x);
            assert!(if x[0] > 0.0 { (y - live).abs() <= 3.0 * unit(live) } else { y == live }, "{set:?} at {x:?}");
        }
    }
}

/// The course of a guard is that of the fast value.
#[test]
fn guards_see_fast_values() {
    fn sign<T: Real>([x]: [T; 1]) -> T {
        if x.exp() < T::lit(2.0) { -x } else { x }
    }
    let steps = (-200..200).map(|k| [LN_2 * (1.0 + f64::from(k) * f64::EPSILON)]);
    let points: Vec<[f64; 1]> = steps.chain((0..400).map(|k| [f64::from(k) * 0.005])).collect();
    for set in Set::all() {
        let kernel = Kernel::new(sign, sign, [1.0]).expect("recorded").fast().with_set(set);
        let results = kernel.map(&points).expect("one result for each point");
        for (&[x], y) in points.iter().zip(results) {
            let far = (x.exp() - 2.0).abs() > 4.0 * f64::EPSILON * 2.0;
            assert!(if far { y == sign([x]) } else { y.abs() == x }, "{set:?} at {x}: {y}");
        }
    }
}

/// Floats of 32 bits have no functions of registers.
#[test]
fn floats_of_32_bits_stay_exact() {
    fn wave<T: Real>([a, b]: [T; 2]) -> (T, [T; 2]) {
        gradient(|[a, b]| (a * b).sin() * a.exp() + b.erf(), [a, b])
    }
    let points: Vec<[f32; 2]> = (0..100).map(|i| [0.1 * i as f32, 0.7 - 0.03 * i as f32]).collect();
    let kernel = Kernel::new(wave, wave, points[0]).expect("recorded");
    for set in Set::all() {
        let exact = kernel.clone().with_set(set).map(&points).expect("lengths");
        let fast = kernel.clone().fast().with_set(set).map(&points).expect("lengths");
        assert_eq!(fast, exact, "{set:?}");
    }
}
