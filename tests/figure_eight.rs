//! The example `figure_eight` finds the orbit in all digits, its published rotation numbers and a triangle's known
//! multipliers, and refuses arguments and paths that it cannot use.
//!
//! The references are those of reference/figure_eight.py, from which the example takes nothing.

#![cfg(feature = "nalgebra")]

#[path = "../examples/figure_eight/main.rs"]
#[expect(dead_code, reason = "main itself")]
mod figure_eight;

use figure_eight::bodies::{self, PUBLISHED};
use figure_eight::orbit::{self, Matrix, Return};
use figure_eight::{EXPONENT, Found, ROTATION, ROTATION_ALLOWED, chart_path, growth, picture};
use nalgebra::SVector;
use nilpotent::Dual;
use std::path::PathBuf;
use std::sync::LazyLock;

/// The velocity of the first body and the period that close the orbit from the published positions.
const CLOSED: [f64; 3] = [0.466_203_684_069_539_3, 0.432_365_730_917_476_9, 6.325_914_009_782_139];
const ENERGY: f64 = -1.287_141_991_988_917_3;
const ROTATION_REFERENCE: [f64; 2] = [0.008_422_724_708_131_376, 0.298_092_529_004_750_14];

static FOUND: LazyLock<Found> = LazyLock::new(|| Found::all(5).unwrap());

#[test]
fn newton_finds_all_digits() {
    let found = [FOUND.orbit.start[4], FOUND.orbit.start[5], FOUND.orbit.period];
    // The period is proportional to length^1.5: rounding of the published positions to eight digits changes it by 5e-8.
    for (((found, known), published), digits) in found.into_iter().zip(CLOSED).zip(PUBLISHED).zip([1e-8, 1e-8, 5e-8]) {
        assert!((found - known).abs() <= 1e-15 * known, "{found} {known}");
        assert!((published - known).abs() <= digits, "{published} {known}");
    }
    assert!((bodies::energy(FOUND.orbit.start) - ENERGY).abs() <= 1e-15);
    let open = &FOUND.open;
    assert!(open[0] > 1e-8 && open[1] < 1e-14 && open.last().unwrap() < &2e-15, "{open:?}");
}

#[test]
fn rotation_numbers() {
    let free = orbit::multipliers(FOUND.monodromy);
    assert_eq!(free.len(), 4);
    let known = ROTATION_REFERENCE.iter().flat_map(|angle| [*angle, -angle]);
    let published = ROTATION.iter().flat_map(|angle| [*angle, -angle]);
    for ((z, known), published) in free.into_iter().zip(known).zip(published) {
        assert!((z.norm() - 1.0).abs() <= 1e-11, "{z}");
        assert!((orbit::rotation(z) - known).abs() <= 1e-12, "{z}: {} {known}", orbit::rotation(z));
        assert!((orbit::rotation(z) - published).abs() <= ROTATION_ALLOWED, "{z}: {published}");
    }
    assert!(FOUND.right());
}

/// A flow of mechanics keeps the area of positions and momenta. With the center of mass at rest, the momenta are
/// `2v₁ + v₂` and `v₁ + 2v₂`.
#[test]
fn monodromy_matrices_are_symplectic() {
    let area = Matrix::from_fn(|i, j| {
        let (a, b) = (i % 4, j % 4);
        let mass = if a == b { 2.0 } else { f64::from(u8::from(a % 2 == b % 2)) };
        match (i < 4, j < 4) {
            (true, false) => mass,
            (false, true) => -mass,
            _ => 0.0,
        }
    });
    for (matrix, allowed) in [(FOUND.monodromy, 1e-10), (FOUND.triangle.1, 1e-8)] {
        let difference = (matrix.transpose() * area * matrix - area).abs().max();
        assert!(difference <= allowed, "{difference:e}");
    }
}

/// One direction over the whole period, against the cube of a third.
#[test]
fn monodromy_matrices_are_of_the_whole_period() {
    let direction = [1.0, -2.0, 0.5, 3.0, 1.5, 0.25, -1.0, 2.0];
    for (orbit, matrix) in [(FOUND.orbit, FOUND.monodromy), FOUND.triangle] {
        let start = std::array::from_fn(|i| Dual::<f64, 1>::new(orbit.start[i], [direction[i]]));
        let end = orbit::after(start, Dual::from(orbit.period), 1.0).unwrap();
        let known = matrix * SVector::from(direction);
        for (end, known) in end.iter().zip(&known) {
            assert!((end.eps[0] - known).abs() <= 1e-11 * known.abs().max(1.0), "{end:?} {known}");
        }
    }
}

#[test]
fn the_triangle_is_unstable() {
    let (orbit, matrix) = FOUND.triangle;
    let end = orbit::after(orbit.start, orbit.period, 1.0).unwrap();
    assert!(orbit::distance(end, orbit.start) <= 1e-13);
    let mut sizes: Vec<f64> = orbit::multipliers(matrix).iter().map(|z| z.norm()).collect();
    sizes.sort_by(f64::total_cmp);
    let known = [growth(-1.0), growth(-1.0), growth(1.0), growth(1.0)];
    assert_eq!(sizes.len(), 4);
    for (found, known) in sizes.into_iter().zip(known) {
        assert!((found - known).abs() <= 1e-8 * known.max(1.0), "{found} {known}");
    }
    // The growth of the figure eight falls to 0 as ln n/n does.
    let exponent = std::f64::consts::FRAC_1_SQRT_2 * 3.0_f64.powf(-0.25);
    assert!((EXPONENT - exponent).abs() <= 1e-15);
    assert!((orbit::growth_rate(matrix, orbit.period, 1000) - exponent).abs() <= 1e-4);
    let eight = |n| orbit::growth_rate(FOUND.monodromy, FOUND.orbit.period, n);
    assert!(eight(100) < 0.02 && eight(1000) < 2e-3, "{} {}", eight(100), eight(1000));
}

#[test]
fn the_orbit_is_kept() {
    let periods: Vec<_> = FOUND.returns.iter().map(|back| back.periods).collect();
    assert_eq!(periods, (1..=5).collect::<Vec<_>>());
    for back in &FOUND.returns {
        assert!(back.energy <= 2.3e-15 && back.open <= 1.2e-13 && back.kept(), "{back:?}");
    }
    let lost = Return { periods: 4, energy: 2.1e-15, open: 0.0 };
    let open = Return { energy: 0.0, open: 8.1e-14, ..lost };
    assert!(!lost.kept() && !open.kept());
}

#[test]
fn a_collision_is_noticed() {
    // Two bodies fall onto each other from rest.
    assert!(orbit::after([1.0, 0.0, -0.5, 0.0, 0.0, 0.0, 0.0, 0.0], 1.0, 10.0).is_none());
}

#[test]
fn arguments_and_paths() {
    let parse = |words: &[&str]| chart_path(words.iter().map(Into::into));
    assert_eq!(parse(&[]), Ok(None));
    assert_eq!(parse(&["--chart", "a.svg"]), Ok(Some(PathBuf::from("a.svg"))));
    for wrong in [&["--chart"][..], &["a.svg"], &["--chart", "a", "b"]] {
        assert!(parse(wrong).unwrap_err().starts_with("expected no arguments or --chart PATH, found ["));
    }
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("figure_eight.svg");
    picture::write(&path, FOUND.orbit, &FOUND.returns).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"));
    for part in ["body 1", "body 3", "units of length", "periods", "energy, relative", "difference"] {
        assert!(text.contains(part), "{part}");
    }
    let error = picture::write(&path.join("below"), FOUND.orbit, &FOUND.returns).unwrap_err().to_string();
    assert!(error.contains("figure_eight.svg") && error.contains("expected a path to write to"), "{error}");
}
