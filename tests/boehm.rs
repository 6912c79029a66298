//! The example `boehm`: its solvers have their orders, its gradients are right, it finds the published likelihood and a
//! fit, and it refuses damaged files.
#![cfg(feature = "nalgebra")]

#[path = "../examples/boehm/main.rs"]
#[expect(dead_code, reason = "main itself")]
mod boehm;

use boehm::data::{self, Data, PARAMETERS};
use boehm::fit::{Fit, interval};
use boehm::likelihood::Method;
use boehm::model::{CYTOPLASM, NUCLEUS, RATES, SPECIES, slope};
use boehm::rosenbrock::{self, Step};
use boehm::{DIFFERENCE, FOLDER, KNOWN, ROUNDING, TOLERANCE, TRUNCATION, WAYS, apart, chart, sdirk};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

static DATA: LazyLock<Arc<Data>> =
    LazyLock::new(|| Arc::new(data::read(Path::new(FOLDER)).unwrap_or_else(|error| panic!("{error}"))));

fn nominal() -> [f64; PARAMETERS] {
    std::array::from_fn(|k| DATA.parameters[k].nominal)
}

fn chosen(tolerance: f64) -> Vec<Step> {
    DATA.steps(&nominal(), &DATA.times, tolerance).unwrap()
}

/// The published estimate has the likelihood that other solvers find.
#[test]
fn the_likelihood_is_known() {
    for method in [Method::Rosenbrock, Method::Implicit] {
        let value = DATA.negative_log_likelihood(method, &chosen(TOLERANCE), &nominal());
        assert!((value - KNOWN).abs() <= DIFFERENCE, "{method:?}: {value}");
    }
}

/// Forward numbers, recordings and checkpoints agree for each method, and so do both methods; and forward numbers agree
/// with differences of values.
#[test]
fn the_gradients_agree() {
    // Below the published estimate, where the gradient is not 0.
    let theta = nominal().map(|x| x - 0.1);
    let [steps, fine] = [1e-6, TOLERANCE].map(|tolerance| DATA.steps(&theta, &DATA.times, tolerance).unwrap());
    let found = WAYS.map(|(_, method, way)| way(&DATA, method, &steps, theta));
    for (a, b) in [(0, 1), (0, 2), (3, 4), (3, 5)] {
        let apart = apart(&found[a], &found[b]);
        assert!(apart <= ROUNDING, "{} and {}: {apart:e}", WAYS[a].0, WAYS[b].0);
    }
    let [a, b] = [Method::Rosenbrock, Method::Implicit].map(|method| DATA.forward(method, &fine, theta));
    assert!(apart(&a, &b) <= TRUNCATION, "{:e}", apart(&a, &b));
    // One step at a time takes a fraction of the memory.
    assert!(found[2].2 < found[1].2 / 4 && found[5].2 < found[4].2 / 4, "{found:?}");
    for (way, method) in [(0, Method::Rosenbrock), (3, Method::Implicit)] {
        for k in 0..PARAMETERS {
            let at = |h: f64| {
                let mut theta = theta;
                theta[k] += h;
                DATA.negative_log_likelihood(method, &steps, &theta)
            };
            // Of fourth order, since rounding errors of the values, 1e-10, forbid shorter distances.
            let difference = (8.0 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3;
            let slope = found[way].1[k];
            assert!((difference - slope).abs() <= 1e-6 * (1.0 + slope.abs()), "{method:?} {k}: {slope} {difference}");
        }
    }
}

/// Halving the steps divides the error by 16. The rates are of moderate size, so that no order is lost to stiffness.
#[test]
fn both_methods_are_of_order_4() {
    let rates = [0.03, 0.02, 0.01, 0.05, 0.1, 1e4];
    let end = |method, count: usize| {
        let h = 20.0 / count as f64;
        (0..count).fold(DATA.model.start(), |x, i| {
            let step = Step { t: h * i as f64, h, lands: None };
            match method {
                Method::Rosenbrock => rosenbrock::step(step, &x, &rates).unwrap().0,
                Method::Implicit => sdirk::step(step, &x, &rates).unwrap(),
            }
        })
    };
    // The classical method of Runge and Kutta, with steps that are small enough for it.
    let h = 20.0 / 4000.0;
    let exact = (0..4000).fold(DATA.model.start(), |x, i| {
        let t = h * f64::from(i);
        let along = |k: &[f64; SPECIES], h: f64| std::array::from_fn(|j| x[j] + k[j] * h);
        let a = slope(t, &x, &rates);
        let b = slope(t + h / 2.0, &along(&a, h / 2.0), &rates);
        let c = slope(t + h / 2.0, &along(&b, h / 2.0), &rates);
        let d = slope(t + h, &along(&c, h), &rates);
        along(&std::array::from_fn(|j| (a[j] + 2.0 * (b[j] + c[j]) + d[j]) / 6.0), h)
    });
    for method in [Method::Rosenbrock, Method::Implicit] {
        let error = |count| (0..SPECIES).map(|k| (end(method, count)[k] - exact[k]).abs()).fold(0.0, f64::max);
        let (coarse, fine) = (error(40), error(80));
        let order = (coarse / fine).log2();
        assert!((3.7..4.5).contains(&order) && fine < 1e-3, "{method:?}: order {order}, error {fine:e}");
    }
}

/// No molecule is lost: the amounts of A and of B stay the same, in both compartments together.
#[test]
fn the_molecules_are_conserved() {
    let rates = [0.027, 1e-5, 0.0062, 0.0164, 9.77e4, 1.58e4];
    let x = [100.0, 50.0, 3.0, 2.0, 1.0, 7.0, 5.0, 4.0];
    let f = slope(3.0, &x, &rates);
    let total = |pair: usize, single: usize, nuclear: usize| {
        CYTOPLASM * (f[single] + f[3] + 2.0 * f[pair]) + NUCLEUS * (f[6] + 2.0 * f[nuclear])
    };
    for total in [total(2, 0, 5), total(4, 1, 7)] {
        assert!(total.abs() <= 1e-13 * CYTOPLASM * rates[4] * x[2], "{total:e}");
    }
}

/// Steps end at all times of measurements, and are shorter for smaller tolerances.
#[test]
fn steps_are_chosen_by_the_tolerance() {
    let (coarse, fine) = (chosen(1e-4), chosen(1e-8));
    assert!(coarse.len() < fine.len() && fine.len() < 1000, "{} {}", coarse.len(), fine.len());
    let landed: Vec<f64> = fine.iter().filter(|step| step.lands.is_some()).map(|step| step.t + step.h).collect();
    assert_eq!(landed.len(), DATA.times.len() - 1);
    for (found, time) in landed.iter().zip(&DATA.times[1..]) {
        assert!((found - time).abs() <= 1e-12 * time, "{found} {time}");
    }
    // There is none where the solution is not a number.
    assert_eq!(DATA.steps(&[f64::NAN; RATES], &DATA.times, 1e-4), None);
}

/// A random start from which the fit ends at a likelihood that is at least as good as the published one, with the
/// published rates. Those two that the measurements do not determine end at their bounds, close to the published ones.
#[test]
fn a_fit_finds_the_published_estimate() {
    let fits = DATA.fits(1, 18);
    let [fit] = &fits[..] else { panic!("{fits:?}") };
    // The steps of a fit are coarse.
    let steps = DATA.steps(&fit.theta, &DATA.times, TOLERANCE).unwrap();
    let value = DATA.negative_log_likelihood(Method::Rosenbrock, &steps, &fit.theta);
    assert!(fit.converged && value <= KNOWN && value > KNOWN - 1e-4, "{value} {fit:?}");
    for (k, (theta, known)) in fit.theta.into_iter().zip(nominal()).enumerate() {
        let tolerance = if k == 4 { 0.011 } else { 5e-4 };
        assert!((theta - known).abs() <= tolerance, "{k}: {theta} {known}");
    }
}

#[test]
fn intervals_are_read_off_a_profile() {
    let profile: Vec<_> = (-4..=2).map(|x| (f64::from(x), f64::from(x * x) + 5.0)).collect();
    let [left, right] = interval(&profile, 5.0);
    let known = 1.0 + (boehm::fit::THRESHOLD - 1.0) / 3.0;
    assert!((left.unwrap() + known).abs() < 1e-15 && (right.unwrap() - known).abs() < 1e-15);
    assert_eq!(interval(&profile[..5], 5.0), [left, None]);
}

#[test]
fn the_chart_has_its_names() {
    let path = temporary("boehm.svg");
    let best = Fit { theta: nominal(), value: KNOWN, evaluations: 0, converged: true };
    let profile =
        |k: usize| vec![(nominal()[k] - 1.0, KNOWN + 3.0), (nominal()[k], KNOWN), (nominal()[k] + 1.0, KNOWN)];
    chart::write(&path, &DATA, &best, &(0..RATES).map(profile).collect::<Vec<_>>()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"));
    for name in chart::CURVES.into_iter().chain(chart::RATE_NAMES).chain(["time, min", "share, %", "published"]) {
        assert!(text.lines().any(|line| line.trim() == name), "{name}");
    }
    let nowhere = temporary("no such folder/boehm.svg");
    let error = chart::write(&nowhere, &DATA, &best, &[profile(0)]).unwrap_err().to_string();
    assert!(error.contains("expected a path to write to"), "{error}");
}

/// Each case changes a file in one place, and tells what is then reported.
#[test]
fn damaged_files_are_refused() {
    let (m, p) = ("measurementData.tsv", "parameters.tsv");
    let cases = [
        ("column", m, "measurement\t", "measured\t", ":1: expected a column `measurement`"),
        ("garbage", m, "66.3634939682528", "66.36x", ":3: expected a share in % from 0 to 100, found `66.36x`"),
        ("not finite", m, "66.3634939682528", "NaN", ":3: expected a share in % from 0 to 100, found `NaN`"),
        ("above", m, "66.3634939682528", "166.0", ":3: expected a share in % from 0 to 100, found `166.0`"),
        (
            "before",
            m,
            "\t2.5\t\tsd_pSTAT5A",
            "\t-2.5\t\tsd_pSTAT5A",
            ":3: expected a time in minutes from 0 to 10000, ",
        ),
        ("unknown", m, "pSTAT5A_rel\t\tmodel", "qSTAT5A_rel\t\tmodel", ":2: expected an observable, pSTAT5A_rel or "),
        ("twice", m, "\t2.5\t\tsd_pSTAT5A", "\t0.0\t\tsd_pSTAT5A", ":3: expected pSTAT5A_rel once at time 0, found "),
        ("missing", m, "\t2.5\t\tsd_pSTAT5A", "\t2.6\t\tsd_pSTAT5A", ": expected all 3 observables at time 2.5"),
        ("short", m, "\tmodel1_data1\t66.3634939682528", "\t66.36", ":3: expected 8 columns, found 7"),
        ("renamed", p, "k_phos\t", "k_fos\t", ":7: expected the parameter `k_phos`, found `k_fos`"),
        ("scale", p, "k_{phos}\tlog10", "k_{phos}\tlin", ":7: expected scale log10 and estimate 1, found lin and 1"),
        ("outside", p, "15766.5070195731", "1e7", ":7: expected a value within the bounds from 0.00001 to 100000, "),
        ("bounds", p, "k_{phos}\tlog10\t1E-05", "k_{phos}\tlog10\t0", ":7: expected a bound from "),
        ("share", p, "0.693", "1.693", ":8: expected a share from 0 to 1, found `1.693`"),
        ("less", p, "specC17", "", ": expected 11 parameters, found 10"),
    ];
    for (name, file, from, to, message) in cases {
        let folder = temporary(&format!("boehm {name}"));
        fs::create_dir_all(&folder).unwrap();
        for each in [m, p] {
            let text = fs::read_to_string(Path::new(FOLDER).join(each)).unwrap();
            let changed = match name {
                "less" if each == p => {
                    text.lines().filter(|line| !line.starts_with(from)).collect::<Vec<_>>().join("\n")
                }
                _ if each == file => text.replacen(from, to, 1),
                _ => text.clone(),
            };
            assert_eq!(each == file, changed != text, "{name}");
            fs::write(folder.join(each), changed).unwrap();
        }
        let error = data::read(&folder).expect_err(name).to_string();
        assert!(error.starts_with(&format!("{}{message}", folder.join(file).display())), "{name}: {error}");
        assert!(!boehm::run(None, &folder), "{name}");
    }
}

#[test]
fn wrong_arguments_are_refused() {
    let path = |words: &[&str]| boehm::chart_path(words.iter().map(Into::into));
    assert_eq!([path(&[]), path(&["--chart", "a.svg"])], [Ok(None), Ok(Some(PathBuf::from("a.svg")))]);
    for words in [&["--chart"][..], &["picture.svg"], &["--chart", "a.svg", "b.svg"]] {
        let error = path(words).unwrap_err();
        assert!(error.starts_with("expected no arguments or --chart PATH, found"), "{error}");
    }
    assert!(!boehm::run(None, &temporary("no such folder")));
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
