//! The example `nist` reaches the certified values, and refuses damaged files.
#![cfg(feature = "nalgebra")]

#[path = "../examples/nist/main.rs"]
#[expect(dead_code, reason = "main itself")]
mod nist;

use nist::levenberg_marquardt::minimise;
use nist::strd::{self, digits};
use std::fs;
use std::path::{Path, PathBuf};
use std::slice;

#[test]
fn all_files_are_sound() {
    let files = strd::files(Path::new(nist::FOLDER)).unwrap();
    assert_eq!(files.len(), nist::models::Model::ALL.len());
    let errors: Vec<_> = files.iter().filter_map(|file| Some(strd::read(file).err()?.to_string())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

macro_rules! reaches_the_certified_values {
    ($($set:ident)*) => { $(
        #[test]
        #[allow(non_snake_case)]
        fn $set() {
            reaches_the_certified_values(stringify!($set));
        }
    )* };
}

reaches_the_certified_values! {
    Bennett5 BoxBOD Chwirut2 DanWood ENSO Eckerle4 Gauss1 Hahn1 Kirby2 Lanczos3 MGH09 MGH17 Misra1a Roszman1 Thurber
}

/// Fits from both starts, and checks that the digits wanted are reached.
fn reaches_the_certified_values(name: &str) {
    let set = strd::read(&original(name)).unwrap_or_else(|error| panic!("{error}"));
    for (start, b) in (1..).zip(&set.starts) {
        let minimum = minimise(&set, b).unwrap_or_else(|| panic!("{name}, start {start}: residuals not finite"));
        assert!(minimum.converged, "{name}, start {start}: no minimum found: {minimum:?}");
        for (i, (&b, &c)) in (1..).zip(minimum.b.iter().zip(&set.certified)) {
            let digits = digits(b, c);
            let wanted = nist::DIGITS_WANTED;
            assert!(digits >= wanted, "{name}, start {start}: b{i} = {b:e} has {digits:.1} digits of {c:e}");
        }
        let digits = digits(minimum.sum_of_squares, set.sum_of_squares);
        assert!(digits >= nist::DIGITS_WANTED, "{name}, start {start}: the sum of squares has {digits:.1} digits");
    }
}

#[test]
fn damaged_files_are_refused() {
    let text = fs::read_to_string(original("Misra1a")).unwrap();
    let cut = |from: &str| text[..text.find(from).unwrap()].to_string();
    let change = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    };
    let cases = [
        ("empty", String::new(), ":1: expected the line `Data: y x` before the end of the file"),
        ("cut in the header", cut("Residual Sum"), ":43: expected the line `Data: y x` before the end of the file"),
        ("cut in the data", cut("61.01E0"), ":47: expected 14 by `Number of Observations:`, found 10 observations"),
        ("cut in a line", cut("593.1E0"), ":72: expected 2 numbers, found `66.40E0`"),
        ("cut in a number", cut("0.0E0\r\n"), ":44: expected 1.2455138894E-01, found "),
        ("garbage", change("29.61E0", "29.6lE0"), ":65: expected 2 numbers, found `29.6lE0     239.9E0`"),
        ("not finite", change("29.61E0", "inf"), ":65: expected 2 numbers, found `inf     239.9E0`"),
        ("third column", change("239.9E0", "239.9E0 1"), ":65: expected 2 numbers, found `29.61E0     239.9E0 1`"),
        ("wrong digit", change("29.61E0", "29.67E0"), ":44: expected 1.2455138894E-01, found "),
        (
            "wrong certified value",
            change("2.3894212918E+02", "2.3984212918E+02"),
            ":44: expected 1.2455138894E-01, found ",
        ),
        ("wrong sum", change("1.2455138894E-01", "1.2455138E-01"), ":44: expected 1.2455138E-01, found "),
        ("garbage for a sum", change("1.2455138894E-01", "?"), ":44: expected 1 number, found `?`"),
        (
            "no sum",
            change("Residual Sum", "The Sum"),
            ":74: expected a line `Residual Sum of Squares: …` before the data",
        ),
        (
            "wrong number of observations",
            change("                    14", "                    15"),
            ":47: expected 15 by `Number of Observations:`, found 14 observations",
        ),
        (
            "wrong degrees of freedom",
            change("                12", "                11"),
            ":46: expected 11 by `Degrees of Freedom:`, found 14 observations",
        ),
        ("garbage for a start", change("500         250", "500         25o"), ":41: expected 4 numbers, found "),
        ("parameter missing", change("b2 =     0.0001", "          "), ":2: expected 2 parameters of Misra1a, found 1"),
        ("parameter twice", change("b2 =     0.0001", "b1 =     0.0001"), ":42: expected the parameter b2, found b1"),
        ("other model", change("Name:  Misra1a", "Name:  Lanczos3"), ":2: expected 6 parameters of Lanczos3, found 2"),
        (
            "unknown model",
            change("Name:  Misra1a", "Name:  Misra1z"),
            ":2: expected the name of a known data set, found `Misra1z`; known are Bennett5, BoxBOD, Chwirut2, ",
        ),
    ];
    for (name, text, message) in cases {
        let file = temporary(&format!("{name}.dat"));
        fs::write(&file, text).unwrap();
        let error = strd::read(&file).expect_err(name).to_string();
        assert!(error.starts_with(&format!("{}{message}", file.display())), "{name}: {error}");
        assert!(!nist::run(&[file]), "{name}");
    }
}

#[test]
fn wrong_paths_are_refused() {
    let missing = temporary("no such file.dat");
    let error = strd::read(&missing).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{}: expected a readable file", missing.display())), "{error}");

    let empty = temporary("empty folder");
    fs::create_dir_all(&empty).unwrap();
    let error = strd::files(&empty).unwrap_err().to_string();
    assert!(error.ends_with("empty folder: expected .dat files in this folder"), "{error}");

    // One bad path is a failure, even if the other paths are good.
    let good = original("Misra1a");
    assert!(nist::run(slice::from_ref(&good)));
    assert!(!nist::run(&[good.clone(), missing]));
    assert!(!nist::run(&[good, empty]));
}

#[test]
fn lines_are_read_by_content() {
    let text = fs::read_to_string(original("Misra1a")).unwrap();
    let file = temporary("shifted.dat");
    fs::write(&file, format!("\n\n\n{}\n\n", text.replace("\r\n", "\n").replace("\n\n", "\n"))).unwrap();
    assert_eq!(strd::read(&file).unwrap().observations.len(), 14);
}

fn original(name: &str) -> PathBuf {
    Path::new(nist::FOLDER).join(name).with_extension("dat")
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
