//! The example `heston`: its formulas have the published prices and the Greeks of an independent program, its means are
//! close to them, lanes and adjoint agree, and its fit recovers the known parameters.
#![cfg(all(feature = "nalgebra", feature = "program"))]

#[path = "../examples/heston/main.rs"]
#[expect(dead_code, reason = "main itself")]
mod heston;

use heston::asian::{self, Asian};
use heston::calibration::{self, KNOWN};
use heston::formula::{call, implied_volatility};
use heston::local::{self, LocalVolatility};
use heston::model::{self, Heston, LEWIS, LEWIS_CALLS, black};
use heston::monte_carlo::{
    Both, Model, Paths, Priced, by_adjoint, by_loop, estimates, functions, in_lanes, lanes, second, start,
};
use heston::times::{agree, compared};
use heston::{DIFFERENCE, SEED, chart, chart_path, exact, is_known};
use nilpotent::gradient;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Checks numbers against known ones, up to a tolerance relative to the known one or 1.
#[track_caller]
fn near(found: &[f64], known: &[f64], tolerance: f64) {
    assert_eq!(found.len(), known.len());
    for (k, (found, known)) in found.iter().zip(known).enumerate() {
        assert!((found - known).abs() <= tolerance * known.abs().max(1.0), "{k}: {found} {known}");
    }
}

/// An array with another number at one place.
trait With {
    fn with(self, k: usize, value: f64) -> Self;
}

impl<const N: usize> With for [f64; N] {
    fn with(mut self, k: usize, value: f64) -> Self {
        self[k] = value;
        self
    }
}

#[test]
fn prices_are_the_published_ones() {
    for (strike, known) in LEWIS_CALLS {
        let found = call(LEWIS.with(1, strike));
        assert!((found - known).abs() <= DIFFERENCE * known, "{strike}: {found} {known}");
    }
    // Fang & Oosterlee (2008), section 5.3. The formula of tests/reference/heston.py has 5.785155434376 as well.
    let found: f64 = call([100.0, 100.0, 0.0, 0.0, 1.0, 0.0175, 1.5768, 0.0398, 0.5751, -0.5711]);
    assert!((found - 5.785_155_450).abs() <= 2e-8, "{found}");
    // Broadie & Kaya (2006), Table 1.
    let found: f64 = call([100.0, 100.0, 0.0319, 0.0, 1.0, 0.010201, 6.21, 0.019, 0.61, -0.7]);
    assert!((found - 6.8061).abs() <= 5e-5, "{found}");
}

/// The price, its gradient, and the derivatives of delta, printed by `tests/reference/heston.py`.
#[test]
fn greeks_are_those_of_differences() {
    let known = [
        16.070154917028834,
        0.5994713257500282,
        -0.4387697765797398,
        43.87697765797398,
        -59.94713257500281,
        9.433276318333922,
        10.179265404479512,
        0.6898541766911623,
        32.56013347410968,
        -1.1131714982170113,
        0.9498327394792374,
        0.009287537383832615,
        -0.009287537383832613,
        0.9287537383832615,
        -1.5282250641332895,
        0.025681303768030052,
        0.046689016127069376,
        -0.002396287808455177,
        0.1136326333813952,
        0.026267699910252358,
        -0.06784119210096631,
    ];
    near(&exact::<Heston, { model::INPUTS }>(LEWIS, true), &known, 1e-12);
    let known = [
        7.663730385140787,
        0.4477527535624785,
        -0.3373776815555188,
        4.472263689925708,
        24.104191045533746,
        14.482853775258125,
        -0.7961700803790067,
        0.49255070048743566,
    ];
    near(&exact::<LocalVolatility, { local::INPUTS }>(local::OPTION, false), &known, 1e-13);
}

/// Φ(x) and its slope.
fn normal(x: f64) -> [f64; 2] {
    [0.5 * libm::erfc(-x / 2.0_f64.sqrt()), (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()]
}

/// The call of Black and Scholes with its derivatives in spot, strike, rate, dividend yield, maturity and volatility.
fn black_scholes([s, k, r, q, t]: [f64; 5], sigma: f64) -> (f64, [f64; 6]) {
    let deviation = sigma * t.sqrt();
    let d = ((s / k).ln() + (r - q) * t) / deviation + deviation / 2.0;
    let ([up, density], [down, _]) = (normal(d), normal(d - deviation));
    let (stock, bond) = (s * (-q * t).exp(), k * (-r * t).exp());
    let vega = stock * density * t.sqrt();
    let in_time = vega * sigma / (2.0 * t) + r * bond * down - q * stock * up;
    (stock * up - bond * down, [stock / s * up, -bond / k * down, t * bond * down, -t * stock * up, in_time, vega])
}

/// With a volatility of the variance near 0, and the variance at its level, the model is that of Black and Scholes, and so
/// is the simulation along each path.
#[test]
fn the_limit_is_black_and_scholes() {
    let (market, variance, kappa) = ([100.0, 90.0, 0.03, 0.01, 0.75], 0.06_f64, 2.0);
    let (value, [delta, strike, rho, dividend, in_time, vega]) = black_scholes(market, variance.sqrt());
    // The mean variance is θ + (v - θ)·(1 - exp(-κT))/(κT).
    let (of_variance, kt) = (vega / (2.0 * variance.sqrt()), kappa * market[4]);
    let start = of_variance * (1.0 - (-kt).exp()) / kt;
    let known = [value, delta, strike, rho, dividend, in_time, start, 0.0, of_variance - start];
    let [s, k, r, q, t] = market;
    let x = |eta| [s, k, r, q, t, variance, kappa, variance, eta, 0.0];
    let found = exact::<Heston, { model::INPUTS }>(x(1e-6), false);
    near(&found[..9], &known, 1e-9);
    // The price depends on the square of η.
    assert!(found[9].abs() <= 1e-5, "{}", found[9]);
    let paths = Paths::new(1, 8, SEED);
    let mut found = by_adjoint::<Heston, { model::INPUTS }>(&x(1e-7), &paths, 0..1);
    found.truncate(9);
    near(&found, &known, 1e-6);

    // Local volatility without skew and with the same volatility at all times.
    let known = black_scholes([100.0, 110.0, 0.0, 0.0, 1.0], 0.25);
    let (value, slopes) = gradient(LocalVolatility::formula, [100.0, 110.0, 1.0, 0.25, 0.25, 2.0, 1.0]);
    let [delta, strike, _, _, in_time, vega] = known.1;
    near(
        &[value, slopes[0], slopes[1], slopes[2], slopes[3] + slopes[4]],
        &[known.0, delta, strike, in_time, vega],
        1e-13,
    );
}

/// The error of the mean over all paths is proportional to the square of a step. The mean is computed by Gauss' quadrature
/// with five nodes for each normal number.
#[test]
fn steps_are_of_second_order() {
    const NODES: [(f64, f64); 5] = [
        (-2.856_970_013_872_806, 0.011_257_411_327_720_69),
        (-1.355_626_179_974_266, 0.222_075_922_005_612_6),
        (0.0, 0.533_333_333_333_333_3),
        (1.355_626_179_974_266, 0.222_075_922_005_612_6),
        (2.856_970_013_872_806, 0.011_257_411_327_720_69),
    ];
    let x = [100.0, 100.0, 0.01, 0.02, 0.5, 0.09, 2.0, 0.09, 0.3, -0.7];
    let error = |steps: u32| -> f64 {
        let along = |i: usize| {
            let nodes: Vec<_> = (0..steps).map(|k| NODES[i / 5_usize.pow(k) % 5]).collect();
            let weight: f64 = nodes.iter().map(|(_, w)| w).product();
            weight * Heston::along_path(x, nodes.iter().map(|(z, _)| *z))
        };
        (0..5_usize.pow(steps)).map(along).sum::<f64>() - call(x)
    };
    for steps in [2, 3] {
        let (coarse, fine) = (error(steps), error(2 * steps));
        let order = (coarse / fine).log2();
        assert!((1.9..2.1).contains(&order) && fine.abs() < 5e-3, "order {order}, errors {coarse:e} {fine:e}");
    }
}

/// With normal numbers of 0 and without skew the logarithm of the price falls by half the integral of the squared level
/// over time, which steps with the level in their middle find to second order.
#[test]
fn levels_are_those_of_the_middle() {
    const STRIKE: f64 = 1.0;
    let [forward, _, maturity, short, long, speed, _] = local::OPTION;
    let x = local::OPTION.with(1, STRIKE).with(6, 1.0);
    let (more, end) = (short - long, speed * maturity);
    let known = (long * long + more * more / (1.0 + end)) * maturity + 2.0 * long * more * (1.0 + end).ln() / speed;
    let error = |steps: usize| {
        let payoff = LocalVolatility::along_path(x, vec![0.0; steps].into_iter());
        -2.0 * ((payoff + STRIKE) / forward).ln() - known
    };
    let (coarse, fine) = (error(20), error(40));
    let order = (coarse / fine).log2();
    assert!((1.95..2.05).contains(&order) && fine.abs() < 1e-4, "order {order}, errors {coarse:e} {fine:e}");
}

/// Lanes and adjoint have the same sums, at inputs other than those of the recording, and the means are close to the exact
/// numbers.
#[test]
fn means_are_close() {
    const PATHS: usize = 3_000;
    let paths = Paths::new(PATHS, 16, SEED);
    fn check<M: Priced<N>, const N: usize>(recorded: [f64; N], x: [f64; N], paths: &Paths, second: Option<Both>) {
        let (some, begin) = (0..200, start(&recorded, paths));
        let adjoint = by_adjoint::<M, N>(&x, paths, some.clone());
        assert!(agree(&by_loop::<M, N>(&x, paths, some.clone()), &adjoint[..1]));
        let record = |both| lanes::<N>(both, &begin).unwrap();
        let programs: Vec<_> = functions::<M, N>().into_iter().chain(second).map(record).collect();
        for (lanes, results) in programs.iter().zip([1, N + 1, N + 1]) {
            let (sums, live) = in_lanes(lanes, &x, paths, some.clone());
            assert!(live == 0 && agree(&sums[..results], &adjoint[..results]), "{sums:?} {adjoint:?}");
        }
        let most = programs.last().unwrap();
        let found = estimates(paths.count(), |some| in_lanes(most, &x, paths, some).0);
        let exact = exact::<M, N>(x, second.is_some());
        assert_eq!(found.len(), exact.len());
        for (k, (exact, found)) in exact.iter().zip(found).enumerate() {
            assert!(found.distance(*exact).abs() <= 3.0, "{k}: {exact} {found:?}");
            assert!(found.error <= 0.25 * exact.abs().max(1.0), "{k}: {exact} {found:?}");
        }
    }
    let x = [100.0, 95.0, 0.03, 0.01, 0.5, 0.09, 3.0, 0.09, 0.4, -0.6];
    check::<Heston, { model::INPUTS }>(LEWIS, x, &paths, Some(second::<Heston, _>()));
    let x = [100.0, 95.0, 0.5, 0.25, 0.2, 1.0, 0.7];
    check::<LocalVolatility, { local::INPUTS }>(local::OPTION, x, &paths, None);
}

/// Far above the strike the payoff is a difference of the mean price and the strike, whose mean is known.
#[test]
fn means_of_prices_are_known() {
    const STEPS: usize = 12;
    let (paths, x) = (Paths::new(1_000, STEPS, SEED), [1000.0, 0.05, 0.1]);
    assert!(compared::<Asian, { asian::INPUTS }>(x, &paths, None));
    let found = estimates(paths.count(), |some| by_adjoint::<Asian, { asian::INPUTS }>(&x, &paths, some));
    let [spot, rate, _] = x;
    let times = (1..=STEPS).map(|day| day as f64 / STEPS as f64);
    let (mut forward, mut slope) = (0.0, 0.0);
    for time in times {
        let growth = (rate * (time - 1.0)).exp() / STEPS as f64;
        (forward, slope) = (forward + growth, slope + (time - 1.0) * growth);
    }
    let bond = asian::STRIKE * (-rate).exp();
    for (found, known) in found.iter().zip([spot * forward - bond, forward, spot * slope + bond, 0.0]) {
        assert!(found.distance(known).abs() <= 3.0 && found.error <= 0.05 * spot, "{found:?} {known}");
    }
}

/// The means of batches that are known: 0, 1, …, 49.
#[test]
fn errors_are_standard_errors() {
    let [found] = estimates(500, |some| vec![(some.start / 10 * some.len()) as f64])[..] else { panic!("one result") };
    let known = (49.0 * 50.0 * 99.0 / 6.0 - 50.0 * 24.5 * 24.5) / (50.0 * 49.0);
    near(&[found.mean, found.error.powi(2), found.distance(24.5 + found.error)], &[24.5, known, -1.0], 1e-13);
}

/// The normal numbers have the moments of normal numbers.
#[test]
fn numbers_are_normal() {
    let paths = Paths::new(10_000, 2, SEED);
    let count = 20_000.0_f64;
    // The power, the mean of it, and the variance of it.
    for (power, known, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
        let mean = (0..10_000).flat_map(|i| paths.of(i)).map(|z| z.powi(power)).sum::<f64>() / count;
        assert!((mean - known).abs() <= 3.0 * (variance / count).sqrt(), "{power}: {mean}");
    }
}

#[test]
fn volatilities_are_implied() {
    for (strike, volatility) in [(100.0, 0.2), (60.0, 0.4), (180.0, 0.25), (100.001, 1.5)] {
        let price = black(100.0, strike, volatility * 0.5_f64.sqrt());
        let found = implied_volatility(100.0, strike, 0.5, price).unwrap();
        assert!((found - volatility).abs() <= 1e-9, "{strike}: {found} {volatility}");
    }
    // Below the payoff, and above the forward.
    assert_eq!(implied_volatility(100.0, 60.0, 0.5, 39.9), None);
    assert_eq!(implied_volatility(100.0, 60.0, 0.5, 100.1), None);
}

/// Two of the maturities are enough to find the parameters.
#[test]
fn the_fit_recovers_the_parameters() {
    let surface = calibration::surface();
    let count: usize = surface.iter().map(|smile| smile.strikes.len()).sum();
    assert_eq!((surface.len(), count), (8, 40));
    let two = [surface[1].clone(), surface[6].clone()];
    let (found, minimum) = calibration::fit(&two, [0.1, 2.5, 0.12, 0.3, -0.7]).unwrap();
    assert!(is_known(&found), "{found:?} {minimum:?}");
    assert!(!is_known(&KNOWN.with(2, 0.1001)));
}

#[test]
fn the_chart_has_its_names() {
    let (path, paths, surface) = (temporary("heston.svg"), Paths::new(32, 4, SEED), calibration::surface());
    chart::write(&path, &paths, &surface, KNOWN).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"));
    let greeks = chart::GREEKS.map(|(_, _, name)| name);
    for name in greeks.into_iter().chain([chart::FIRST, "30 days", "360 days", "volatility, % a year", "strike/spot"]) {
        assert!(text.lines().any(|line| line.trim() == name), "{name}");
    }
    let error =
        chart::write(&temporary("no such folder/heston.svg"), &paths, &surface[..], KNOWN).unwrap_err().to_string();
    assert!(error.contains("expected a path to write to"), "{error}");
}

#[test]
fn wrong_arguments_are_refused() {
    let path = |words: &[&str]| chart_path(words.iter().map(OsString::from));
    assert_eq!(path(&[]), Ok(None));
    assert_eq!(path(&["--chart", "a.svg"]), Ok(Some("a.svg".into())));
    for words in [&["--chart"][..], &["a.svg"], &["--chart", "a.svg", "b.svg"]] {
        let error = path(words).unwrap_err();
        assert!(error.starts_with("expected no arguments or --chart PATH, found ["), "{error}");
    }
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
