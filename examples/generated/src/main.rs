//! Derivatives as source: a build script records functions with their Jacobians and writes the programs as Rust.
//!
//! ```text
//! cargo run --release --manifest-path examples/generated/Cargo.toml
//! ```
//!
//! models.rs holds two functions for any number: where the hand of a robot with six joints is, and how far from a
//! feature a camera sees a point. build.rs runs each of them once, inside the driver `jacobian`, with numbers that write
//! down what is computed. So the program computes the value and the Jacobian, and what both have in common only once. It
//! is printed as a function of plain floats into the file generated.rs, which is included below.
//!
//! A generated function returns whether it is right at the point: whether the branches are those of the recording.
//! Elsewhere the caller calls the function itself. Both come from the same source, so they agree bit for bit.

mod by_hand;
mod models;

use models::{hand, reprojection};
use nilpotent::{Dual, jacobian};
use std::hint::black_box;
use std::time::Instant;

// `arm` has 6 inputs and 3 + 3·6 results, and `factor` has 11 inputs and 2 + 2·9 results.
include!(concat!(env!("OUT_DIR"), "/generated.rs"));

/// The hand and its Jacobian, live.
fn live_arm(x: &[f64; 6]) -> [f64; 21] {
    let (y, j) = jacobian(hand, *x);
    let mut all = y.iter().chain(j.as_flattened());
    std::array::from_fn(|_| *all.next().expect("3 + 3·6 results"))
}

/// The residual and its Jacobian, live.
fn live_factor(x: &[f64; 11]) -> [f64; 20] {
    let [variables @ .., u, v] = *x;
    let (y, j) = jacobian(|x: [_; 9]| reprojection(x, [u, v].map(Dual::constant)), variables);
    let mut all = y.iter().chain(j.as_flattened());
    std::array::from_fn(|_| *all.next().expect("2 + 2·9 results"))
}

/// The generated function where it is right, and the live one elsewhere. This is how a program uses it.
fn factor_anywhere(x: &[f64; 11]) -> [f64; 20] {
    let mut y = [0.0; 20];
    if factor(x, &mut y) { y } else { live_factor(x) }
}

/// 1 000 points near x, from a linear congruence (Knuth's MMIX constants).
fn near<const N: usize>(x: [f64; N]) -> Vec<[f64; N]> {
    let mut state = 1_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..1000).map(|_| x.map(|x| x * (0.5 + random()))).collect()
}

/// A name, and what is timed at a point.
type Rival<'r, const N: usize> = (&'r str, &'r mut dyn FnMut(&[f64; N]));

/// Prints the times of all rivals over that of the first: the least of many rounds, in which they take their turn.
fn compare<const N: usize>(title: &str, points: &[[f64; N]], rivals: &mut [Rival<N>]) {
    let mut least = vec![f64::INFINITY; rivals.len()];
    for _ in 0..200 {
        for ((_, run), least) in rivals.iter_mut().zip(&mut least) {
            let start = Instant::now();
            points.iter().for_each(&mut **run);
            *least = least.min(start.elapsed().as_secs_f64());
        }
    }
    println!("{title}, time over that of the plain function:");
    for ((name, _), time) in rivals.iter().zip(&least) {
        println!("    {name:24}{:6.2}", time / least[0]);
    }
}

fn main() {
    // At angles of 0 the arm is stretched out, so the position is a sum of its lengths.
    let [x, y, z] = hand([0.0_f64; 6]);
    assert!((x + 0.81725).abs().max((y + 0.19145).abs()).max((z + 0.005491).abs()) < 1e-15);

    let arms = near([0.1, -0.7, 0.9, 0.3, 1.1, 0.4]);
    for x in &arms {
        let mut y = [0.0; 21];
        assert!(arm(x, &mut y), "the arm has no branches");
        assert_eq!(y, live_arm(x));
    }
    let views = near([0.1, -0.2, 0.3, 0.5, -0.4, 6.0, 1.0, 2.0, 3.0, 250.0, 90.0]);
    for x in &views {
        let mut y = [0.0; 20];
        assert!(factor(x, &mut y), "the camera is turned");
        assert_eq!(y, live_factor(x));
        let close = |(a, b): (&f64, f64)| (a - b).abs() < 1e-9 * (1.0 + b.abs());
        assert!(y.iter().zip(by_hand::factor(x)).all(close), "the derivative by hand");
    }
    // Without a rotation the function takes its other branch.
    let identity = [0.0, 0.0, 0.0, 0.5, -0.4, 6.0, 1.0, 2.0, 3.0, 250.0, 90.0];
    assert!(!factor(&identity, &mut [0.0; 20]));
    assert_eq!(factor_anywhere(&identity), live_factor(&identity));
    println!("The generated functions agree with the live ones bit for bit at {} points.", arms.len() + views.len());

    let mut y = [0.0; 21];
    compare(
        "Hand of a robot: position and 3x6 Jacobian",
        &arms,
        &mut [
            ("plain function", &mut |x| _ = black_box(hand(*black_box(x)))),
            ("generated", &mut |x| _ = black_box((arm(black_box(x), &mut y), &y))),
            ("live, by Dual<6>", &mut |x| _ = black_box(live_arm(black_box(x)))),
        ],
    );
    compare(
        "Reprojection: residual and 2x9 Jacobian",
        &views,
        &mut [
            ("plain function", &mut |x| {
                let [variables @ .., u, v] = *black_box(x);
                _ = black_box(reprojection(variables, [u, v]));
            }),
            ("generated", &mut |x| _ = black_box(factor_anywhere(black_box(x)))),
            ("live, by Dual<9>", &mut |x| _ = black_box(live_factor(black_box(x)))),
            ("by hand", &mut |x| _ = black_box(by_hand::factor(black_box(x)))),
        ],
    );
}
