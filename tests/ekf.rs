//! The example `ekf` follows the satellite, its filter agrees with a least squares fit, and it refuses damaged files.
#![cfg(feature = "nalgebra")]

#[path = "../examples/ekf/main.rs"]
#[expect(dead_code, reason = "main itself")]
mod ekf;

use ekf::earth::Radar;
use ekf::{Pass, by_hand, observations, satellite};
use nalgebra::{DVector, Vector6};
use nilpotent::linalg;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn follows_the_satellite() {
    assert!(ekf::run(Path::new(ekf::FILE)));
}

#[test]
fn jacobians_are_those_by_hand() {
    let (radar, observations) = (Radar::kaena_point(), observations::read(Path::new(ekf::FILE)).unwrap());
    let pass = Pass::follow(&radar, &observations).unwrap();
    for observation in &observations {
        let (f, h) = by_hand::disagreement(&radar, &pass, observation.utc);
        assert!(f.max(h) <= ekf::DISAGREEMENT_ALLOWED, "{}: {f:e}, {h:e}", observation.utc);
    }
}

/// Without process noise, the last state is the least squares fit to all observations, up to their curvature.
#[test]
fn the_filter_is_a_least_squares_fit() {
    let (radar, observations) = (Radar::kaena_point(), observations::read(Path::new(ekf::FILE)).unwrap());
    let Pass { filter, utc, .. } = Pass::follow(&radar, &observations).unwrap();
    let weighted = |x| {
        let errors = observations.iter().flat_map(|o| {
            let seen = satellite::seen(&radar, o.utc, &satellite::flow(x, o.utc - utc));
            let error = seen - linalg::lift(&(o.seen - radar.bias));
            error.component_div(&linalg::lift(&radar.sigma)).data.0[0]
        });
        DVector::from_iterator(3 * observations.len(), errors)
    };
    let mut x = filter.x;
    let mut information = filter.p;
    for _ in 0..3 {
        let (r, j) = linalg::jacobian(weighted, &x);
        information = j.tr_mul(&j);
        x -= information.cholesky().unwrap().solve(&j.tr_mul(&r));
    }
    let sigma = filter.p.diagonal().map(f64::sqrt);
    let apart: Vector6<f64> = (x - filter.x).component_div(&sigma);
    assert!(apart.amax() < 0.1, "{apart}");
    let covariance = information.try_inverse().unwrap();
    let apart = (covariance - filter.p).component_div(&(sigma * sigma.transpose()));
    assert!(apart.amax() < 0.01, "{apart}");
}

#[test]
fn damaged_files_are_refused() {
    let text = fs::read_to_string(ekf::FILE).unwrap();
    let change = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    };
    let cases = [
        ("empty", String::new(), ": expected at least 3 observations, found 0"),
        ("short", text.lines().take(2).collect::<Vec<_>>().join("\n"), ": expected at least 3 observations, found 2"),
        (
            "cut",
            text.trim_end()[..text.trim_end().len() - 12].to_string(),
            ":46: expected date, time, azimuth, elevation and range, found `1995/01/29  02:47:33.00  183.1692   7.3970`",
        ),
        (
            "sixth column",
            change("2047.50200", "2047.50200 1"),
            ":1: expected date, time, azimuth, elevation and range, found ",
        ),
        (
            "garbage",
            change("1984.67700", "l984.67700"),
            ":2: expected the range in km, from 1 to 1000000, found `l984.67700`",
        ),
        ("not finite", change("17.2761", "NaN"), ":2: expected the elevation in degrees, from -90 to 90, found `NaN`"),
        (
            "azimuth",
            change("182.8309", "382.8309"),
            ":45: expected the azimuth in degrees, from 0 to 360, found `382.8309`",
        ),
        ("no time", change("02:38:49.00", "023849"), ":2: expected a time hh:mm:ss, found `023849`"),
        ("minutes", change("02:38:49.00", "02:83:49.00"), ":2: expected minutes, from 0 to 59, found `83`"),
        ("order", change("02:38:49.00", "02:37:49.00"), ":2: expected a time after the one before, found "),
        (
            "other day",
            change("1995/01/29  02:38:49.00", "1995/01/30  02:38:49.00"),
            ":2: expected the date 1995/01/29, for which the place of the Earth is given, found `1995/01/30`",
        ),
    ];
    for (name, text, message) in cases {
        let file = temporary(&format!("ekf, {name}.txt"));
        fs::write(&file, text).unwrap();
        let error = observations::read(&file).expect_err(name).to_string();
        assert!(error.starts_with(&format!("{}{message}", file.display())), "{name}: {error}");
        assert!(!ekf::run(&file), "{name}");
    }
}

/// A wrong digit that leaves the file readable shows in the innovations: here an error of 3 km in the range.
#[test]
fn a_wrong_digit_is_inconsistent() {
    let (radar, mut observations) = (Radar::kaena_point(), observations::read(Path::new(ekf::FILE)).unwrap());
    let [_, above] = ekf::chi_squared(3 * 44);
    assert!(Pass::follow(&radar, &observations).unwrap().nis() < above);
    observations[18].seen[2] += 3e3;
    assert!(Pass::follow(&radar, &observations).unwrap().nis() > above);
}

#[test]
fn wrong_paths_are_refused() {
    for path in [temporary("ekf, no such file.txt"), PathBuf::from(env!("CARGO_TARGET_TMPDIR"))] {
        let error = observations::read(&path).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: expected a readable file", path.display())), "{error}");
        assert!(!ekf::run(&path));
    }
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
