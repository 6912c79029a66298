//! Series of the solutions of differential equations: against closed forms, and against coefficients of 40 digits by mpmath.

#[path = "common/panics.rs"]
mod panics;

use nalgebra::vector;
use nilpotent::num_traits::Float;
use nilpotent::{Chunk, Dual, Real, Taylor, derivative, taylor, taylor_ode, try_taylor_ode};
use panics::panics;

#[track_caller]
fn near(found: &[f64], known: &[f64], relative: f64) {
    assert_eq!(found.len(), known.len());
    for (k, (a, b)) in found.iter().zip(known).enumerate() {
        assert!((a - b).abs() <= relative * b.abs(), "coefficient {k}: {a:e}, expected {b:e}");
    }
}

/// All coefficients, from the value on.
fn all<const K: usize>(x: Taylor<f64, K>) -> Vec<f64> {
    [&[x.re], &x.coeffs[..]].concat()
}

fn factorials<const N: usize>() -> [f64; N] {
    let mut k = 0.0;
    let mut last = 1.0;
    std::array::from_fn(|_| {
        k += 1.0;
        last *= k;
        last
    })
}

#[test]
fn closed_forms() {
    let f = factorials::<18>();
    let [x] = taylor_ode::<18, _, _, _>(|_, [x]| [x], 0.0, [1.0]);
    near(&x.coeffs, &f.map(f64::recip), 1e-15);
    // Back in time: e⁻ᵗ, twice as fast.
    let [x] = taylor_ode::<18, _, _, _>(|_, [x]| [x * -2.0], 0.0, [3.0]);
    let powers: Vec<f64> = f.iter().zip(1..).map(|(f, k)| 3.0 * (-2.0_f64).powi(k) / f).collect();
    near(&x.coeffs, &powers, 1e-15);
    // The harmonic oscillator: sine and cosine.
    let [s, c] = taylor_ode::<18, _, _, _>(|_, [s, c]| [c, -s], 0.0, [0.0, 1.0]);
    let (sine, cosine) = (taylor::<18, _, _>(|t| t.sin(), 0.0), taylor::<18, _, _>(|t| t.cos(), 0.0));
    near(&all(s), &all(sine), 1e-15);
    near(&all(c), &all(cosine), 1e-15);
    // Logistic growth: 1/(1 + e⁻ᵗ) = 1/2 + t/4 - t³/48 + t⁵/480 - 17t⁷/80640 + 31t⁹/1451520 - …
    let [x] = taylor_ode::<10, _, _, _>(|_, [x]| [x * (1.0 - x)], 0.0, [0.5]);
    let known = [0.25, 0.0, -1.0 / 48.0, 0.0, 1.0 / 480.0, 0.0, -17.0 / 80640.0, 0.0, 31.0 / 1_451_520.0, 0.0];
    near(&x.coeffs, &known, 1e-15);
    // Riccati's equation x' = 1 + x²: the tangent.
    let [x] = taylor_ode::<11, _, _, _>(|_, [x]| [x * x + 1.0], 0.0, [0.0]);
    let known = [1.0, 0.0, 1.0 / 3.0, 0.0, 2.0 / 15.0, 0.0, 17.0 / 315.0, 0.0, 62.0 / 2835.0, 0.0, 1382.0 / 155_925.0];
    near(&x.coeffs, &known, 1e-15);
    // x' = x²: 1/(1 - t).
    let [x] = taylor_ode::<12, _, _, _>(|_, [x]| [x * x], 0.0, [1.0]);
    assert_eq!(x.coeffs, [1.0; 12]);
}

#[test]
fn equations_that_depend_on_time() {
    // x' = t·x: e^(t²/2).
    let [x] = taylor_ode::<8, _, _, _>(|t, [x]| [t * x], 0.0, [1.0]);
    near(&all(x), &[1.0, 0.0, 0.5, 0.0, 0.125, 0.0, 1.0 / 48.0, 0.0, 1.0 / 384.0], 1e-15);
    // x' = x/t from (2, 6): 3t, and from (4, 1) with x' = -x/t: 4/t.
    let [x] = taylor_ode::<5, _, _, _>(|t, [x]| [x / t], 2.0, [6.0]);
    assert_eq!(all(x), [6.0, 3.0, 0.0, 0.0, 0.0, 0.0]);
    let [x] = taylor_ode::<5, _, _, _>(|t, [x]| [-x / t], 4.0, [1.0]);
    near(&all(x), &[1.0, -0.25, 0.0625, -0.015625, 0.00390625, -0.0009765625], 1e-15);
    // Integrals: x' = e^t.
    let [x] = taylor_ode::<6, _, _, _>(|t, _: [Taylor<f64, 6>; 1]| [t.exp()], 0.0, [1.0]);
    near(&x.coeffs, &factorials::<6>().map(f64::recip), 1e-15);
}

/// Airy's function Ai at 1, by mpmath.
#[test]
fn airy() {
    const AI: [f64; 17] = [
        0.135_292_416_312_881_41,
        -0.159_147_441_296_793_2,
        0.067_646_208_156_440_71,
        -0.003_975_837_497_318_633,
        -0.007_625_102_761_696_042,
        0.003_183_518_532_956_103_5,
        -0.000_386_698_008_633_822_5,
        -0.000_105_752_005_446_189,
        4.994_322_364_861_216e-5,
        -6.839_583_528_889_048e-6,
        -6.200_975_755_286_316e-7,
        3.918_512_738_156_647e-7,
        -5.651_273_563_952_788_4e-8,
        -1.463_117_318_672_864_7e-9,
        1.842_519_440_528_224_3e-9,
        -2.760_754_902_771_464e-10,
        1.580_842_174_397_331_5e-12,
    ];
    let [x, v] = taylor_ode::<16, _, _, _>(|t, [x, v]| [v, t * x], 1.0, [AI[0], AI[1]]);
    // Each coefficient is a difference of two that nearly cancel: xₖ₊₂ = (xₖ + xₖ₋₁)/((k + 1)(k + 2)).
    for (k, (a, b)) in all(x).iter().zip(AI).enumerate() {
        let size = AI[k.saturating_sub(3)].abs();
        assert!((a - b).abs() <= 1e-15 * size, "coefficient {k}: {a:e}, expected {b:e}");
    }
    for k in 1..=16 {
        assert!((v.coeff(k - 1) - k as f64 * x.coeff(k)).abs() <= 1e-15 * v.coeff(k - 1).abs(), "x' is v");
    }
}

/// Kepler's orbit of eccentricity 0.6 from the perihelion, with the mass 1.25 and the major half-axis 1.25, so that the start
/// is exact. The coefficients come from the series of Kepler's equation, by mpmath.
#[test]
fn kepler() {
    fn rate<T: Real>(_: T, [x, y, u, v]: [T; 4]) -> [T; 4] {
        let r2 = x * x + y * y;
        let pull = T::lit(-1.25) / (r2 * r2.sqrt());
        [u, v, pull * x, pull * y]
    }
    let [x, y, u, _] = taylor_ode::<12, _, _, _>(rate, 0.0, [0.5, 0.0, 0.0, 2.0]);
    let known = [
        0.5,
        0.0,
        -2.5,
        0.0,
        5.833_333_333_333_333,
        0.0,
        -21.944_444_444_444_443,
        0.0,
        100.436_507_936_507_94,
        0.0,
        -510.246_913_580_246_9,
        0.0,
        2_766.109_374_164_929_7,
    ];
    near(&all(x), &known, 1e-15);
    let known = [
        0.0,
        2.0,
        0.0,
        -3.333_333_333_333_333_5,
        0.0,
        10.666_666_666_666_668,
        0.0,
        -45.396_825_396_825_4,
        0.0,
        221.305_114_638_447_98,
        0.0,
        -1_168.213_884_880_551_6,
        0.0,
    ];
    near(&all(y), &known, 1e-15);
    assert_eq!(u.coeffs[..3], [-5.0, 0.0, 4.0 * x.coeffs[3]]);
}

#[test]
fn points_and_shapes() {
    let f = |_: Taylor<f64, 3>, x: &[Taylor<f64, 3>]| vec![x[1], -x[0]];
    let known = taylor_ode(|_, [s, c]: [Taylor<f64, 3>; 2]| [c, -s], 0.0, [0.5, 2.0]).map(all);
    let start = [0.5, 2.0];
    for found in
        [taylor_ode(f, 0.0, &start[..]), taylor_ode(f, 0.0, &start.to_vec()), taylor_ode(f, 0.0, Chunk::<1>(&start))]
    {
        assert_eq!(found.into_iter().map(all).collect::<Vec<_>>(), known);
    }
    let found = taylor_ode::<3, _, _, _>(|_, x| vector![x[1], -x[0]], 0.0, &vector![0.5, 2.0]);
    assert_eq!([all(found[0]), all(found[1])], known);
    // Nothing, and no orders.
    assert!(taylor_ode::<3, _, _, _>(|_, _| Vec::<Taylor<f64, 3>>::new(), 0.0, &[0.0_f64; 0][..]).is_empty());
    let mut calls = 0;
    let mut count = |x: Taylor<f64, 0>| {
        calls += 1;
        x
    };
    assert_eq!(taylor_ode(|_, [x]| [count(x)], 0.0, [2.0])[0].re, 2.0);
    assert_eq!(calls, 1, "the pass that gives the shape");
    let mut calls = 0;
    let count = |_, [x]: [Taylor<f64, 7>; 1]| {
        calls += 1;
        [x]
    };
    let _ = taylor_ode(count, 0.0, [1.0]);
    assert_eq!(calls, 7);
}

/// The series of numbers that carry a derivative: how the solution depends on the start, on the time and on a parameter.
#[test]
fn sensitivities() {
    // x' = p·x from (t₀, x₀): the coefficients are x₀·pᵏ/k!.
    let second = |p: Dual| {
        taylor_ode::<2, _, _, _>(|_, [x]| [x * Taylor::constant(p)], Dual::from(0.0), [Dual::from(4.0)])[0].coeffs[1]
    };
    assert_eq!(derivative(second, 3.0), (18.0, 12.0));
    let start = |x: Dual| taylor_ode::<2, _, _, _>(|_, [x]| [x * x], Dual::from(0.0), [x])[0].coeffs[1];
    assert_eq!(derivative(start, 2.0), (8.0, 12.0));
    let time = |t: Dual| taylor_ode::<1, _, _, _>(|t, [x]| [t * t * x], t, [Dual::from(2.0)])[0].coeffs[0];
    assert_eq!(derivative(time, 3.0), (18.0, 12.0));
    let [x] = taylor_ode::<3, _, _, _>(|_, [x]| [x], 0.0_f32, [1.0]);
    assert_eq!(x.coeffs, [1.0, 0.5, 1.0 / 6.0]);
}

#[test]
fn failures_and_misuse() {
    let f = |_, [x]: [Taylor<f64, 3>; 1]| if x.re < 0.0 { Err(x.re) } else { Ok([Float::sqrt(x)]) };
    assert_eq!(try_taylor_ode(f, 0.0, [-1.0]).err(), Some(-1.0));
    // √x' = 1/2.
    assert_eq!(try_taylor_ode(f, 0.0, [1.0]).map(|[x]| x.coeffs), Ok([1.0, 0.25, 0.0]));
    let rates = "the state has 2 coordinates and the function returned 1 rates";
    panics(rates, || taylor_ode::<3, _, _, _>(|_, [x, _]| [x], 0.0, [1.0, 2.0]));
    let rates = "the state has 1 coordinates and the function returned 2 rates";
    panics(rates, || taylor_ode::<3, _, _, _>(|_, x: &[_]| vec![x[0]; 2], 0.0, &[1.0][..]));
    // No coefficients are wanted.
    panics(rates, || taylor_ode::<0, _, _, _>(|_, [x]: [_; 1]| [x, x], 0.0, [1.0]));
    assert_eq!(taylor_ode::<0, _, _, _>(|_, [x]| [x], 0.0, [1.0]).map(|x| x.re), [1.0]);
}
