//! The whole example; log-densities against SciPy's; diagnostics of chains against ArviZ's; broken data.

#[path = "../../common/mod.rs"]
mod common;
#[path = "../src/data.rs"]
#[expect(dead_code, reason = "reference results are read by the program")]
mod data;
#[path = "../src/diagnostics.rs"]
mod diagnostics;
#[path = "../src/eight_schools.rs"]
mod eight_schools;
#[path = "../src/lotka_volterra.rs"]
mod lotka_volterra;
#[path = "../src/model.rs"]
#[expect(dead_code, reason = "nothing is sampled")]
mod model;
#[path = "../../common/random.rs"]
mod random;

use eight_schools::EightSchools;
use lotka_volterra::LotkaVolterra;
use model::{Model, log_density};
use nilpotent::constrained::Parameters;
use nilpotent::{Real, reverse};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A log-density, and its slopes.
const SCHOOLS: (f64, [f64; 10]) = (
    -42.959_441_300,
    [
        0.048_938_2,
        0.694_994_5,
        -0.226_470_1,
        0.377_203_9,
        -0.845_975_6,
        1.128_462,
        -0.167_795_2,
        -0.332_662_1,
        -0.693_331_1,
        0.578_520_9,
    ],
);
const HARES: (f64, [f64; 8]) = (
    -136.092_550_811,
    [
        -95.511_619_7,
        -17.238_097_2,
        -78.410_482_9,
        -40.901_101_5,
        -42.626_941_4,
        -17.104_095_1,
        -0.866_017_8,
        -5.672_765_4,
    ],
);

fn data_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posteriors")).args(arguments).output().unwrap()
}

/// All means are within 0.1 standard deviations of the reference, or the program fails.
#[test]
fn both_posteriors_are_those_of_the_reference() {
    let chart = std::env::temp_dir().join(format!("posteriors_{}.svg", std::process::id()));
    let output = run(&["--chart", chart.to_str().unwrap()]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    // The lines of 18 quantities: mean, reference, distance, R̂, ESS, ESS/s.
    let rows: Vec<Vec<f64>> = text
        .lines()
        .filter_map(|line| line.split_whitespace().skip(1).map(|word| word.parse().ok()).collect())
        .filter(|row: &Vec<f64>| row.len() == 6)
        .collect();
    assert_eq!(rows.len(), 18, "{text}");
    for row in rows {
        assert!(row[2].abs() <= 0.1 && row[3] < 1.01 && row[4] > 1_000.0, "{row:?}\n{text}");
    }
    let picture = fs::read_to_string(&chart).unwrap();
    fs::remove_file(&chart).unwrap();
    assert!(picture.contains("ln τ") && picture.contains("pelts, thousands"));
}

/// The values of tests/reference.py.
#[test]
fn log_densities_are_those_of_scipy() {
    fn check(model: &impl Model, x: &[f64], value: f64, slopes: &[f64], error: f64) {
        let parameters = Parameters::new(model.parameters());
        let (found, gradient) = reverse::gradient(|x: &[_]| log_density(model, &parameters, x), x);
        assert!((found - value).abs() < error, "{found} is not {value}");
        assert_eq!(gradient.len(), slopes.len());
        for (found, slope) in gradient.iter().zip(slopes) {
            assert!((found - slope).abs() < error * 10.0, "{gradient:?} is not {slopes:?}");
        }
    }
    let schools = EightSchools::read(&data_folder().join("eight_schools.json")).unwrap();
    let x = [4.0, 1.0, 0.5, -0.25, 0.75, -1.0, 0.0, 0.25, 1.0, -0.5];
    check(&schools, &x, SCHOOLS.0, &SCHOOLS.1, 1e-8);
    let hares = || LotkaVolterra::read(&data_folder().join("hudson_lynx_hare.json")).unwrap();
    let x = [-0.6, -3.6, -0.2, -3.7, 3.5, 1.8, -1.4, -1.3];
    // The error of ten steps a year is far below 1, what matters for a posterior, and falls like that of a method of order 4.
    check(&hares(), &x, HARES.0, &HARES.1, 1e-3);
    check(&LotkaVolterra { steps: 40.0, ..hares() }, &x, HARES.0, &HARES.1, 1e-5);
}

/// Chains `x' = φx + √(1 - φ²)·ε` against what ArviZ finds for the same draws (tests/reference.py): φ, ESS, and R̂ of the chains, of
/// those where one is moved by 1, and where one is three times as wide.
#[test]
fn diagnostics_are_those_of_arviz() {
    let mut state = 5;
    let mut normal = || ((random::uniform(&mut state) + 1.0) * 0.5).clamp(1e-16, 1.0 - 1e-16).probit();
    for (phi, draws, r_hats) in [
        (0.0, 16_127.0, [1.000_303, 1.100_711, 1.153_835]),
        (0.5, 5_312.5, [1.000_411, 1.103_386, 1.140_931]),
        (0.9, 664.77, [1.003_317, 1.104_868, 1.151_385]),
        (-0.5, 48_828.0, [1.000_822, 1.093_629, 1.143_692]),
    ] {
        let mut chain = || {
            let mut x: f64 = normal();
            let mut next = || {
                x = phi * x + (1.0 - phi * phi).sqrt() * normal();
                x
            };
            (0..4_000).map(|_| next()).collect()
        };
        let chains: Vec<Vec<f64>> = (0..4).map(|_| chain()).collect();
        let found = diagnostics::effective_draws(&chains);
        assert!((found / draws - 1.0).abs() < 1e-3, "φ = {phi}: {found} is not near {draws}");
        let (mut moved, mut wide) = (chains.clone(), chains.clone());
        moved[0].iter_mut().for_each(|x| *x += 1.0);
        wide[0].iter_mut().for_each(|x| *x *= 3.0);
        let found = [chains, moved, wide].map(|chains| diagnostics::r_hat(&chains));
        for (found, expected) in found.iter().zip(r_hats) {
            assert!((found - expected).abs() < 1e-5, "φ = {phi}: {found} is not {expected}");
        }
    }
}

#[test]
fn broken_data_have_errors() {
    let cases = [
        ("eight_schools.json", "\"J\": 8", "\"J\": 7", "`y` has 8 entries, and must have 7"),
        ("eight_schools.json", "\"J\": 8", "\"J\": 0", "`J` is 0, and must be a whole number from 1 on"),
        ("eight_schools.json", "15,", "-15,", "`sigma` has the entry -15, and all must be positive"),
        ("eight_schools.json", "28,", "\"28\",", "`y` is \"28\", and must be a number"),
        ("eight_schools.json", "\"sigma\"", "\"s\"", "expected an entry `sigma`"),
        ("eight_schools.json", "28,", "28", "5: expected JSON: expected `,` or `]` at line 5 column 3"),
        ("hudson_lynx_hare.json", "47.2", "-47.2", "`y` has the entry -47.2, and all must be positive"),
        ("hudson_lynx_hare.json", "47.2,", "", "row 1 of `y` must be a pair of numbers"),
        ("hudson_lynx_hare.json", "\"N\": 20", "\"N\": 21", "`ts` has 20 entries, and must have 21"),
        ("hudson_lynx_hare.json", "  1,\n  2,", "  2,\n  1,", "`ts` has 1 after 2, and must ascend"),
        (
            "hudson_lynx_hare-lotka_volterra.reference.json",
            "z_init[2]",
            "z_init[3]",
            "expected a number `mean` of `z_init[2]` in `reference`",
        ),
    ];
    for (k, (file, from, to, message)) in cases.into_iter().enumerate() {
        let folder = std::env::temp_dir().join(format!("posteriors_{}_{k}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for entry in fs::read_dir(data_folder()).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
        let text = fs::read_to_string(folder.join(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        fs::write(folder.join(file), text.replacen(from, to, 1)).unwrap();
        let output = run(&["--data", folder.to_str().unwrap()]);
        fs::remove_dir_all(&folder).unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(error.contains(file) && error.trim_end().ends_with(message), "{error} is not {message}");
    }
    for (arguments, message) in [
        (&["--data", "nowhere"][..], "expected a readable file"),
        (&["--chart"], "expected --chart PATH or --data FOLDER, found \"--chart\""),
        (&["lynx", "hare"], "expected --chart PATH or --data FOLDER, found \"lynx\""),
    ] {
        let output = run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && error.contains(message), "{error} is not {message}");
    }
}
