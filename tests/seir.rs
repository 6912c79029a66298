//! The example `seir`: its gradient with and without stored states, against forward mode.

#![cfg(feature = "std")]

#[path = "../examples/seir/epidemic.rs"]
mod epidemic;

use epidemic::{DAYS, PARAMETERS, attacked, checkpointed, recorded, start, step};
use nilpotent::{Dual, gradient};

#[test]
fn gradients_agree() {
    const STEPS: usize = 500;
    let run = |p: [Dual<f64, 4>; 4]| attacked(&(0..STEPS).fold(start(p), |x, _| step(DAYS / STEPS as f64, &x)));
    let (y, dy) = gradient(run, PARAMETERS);
    let (z, dz, bytes) = recorded(STEPS);
    assert_eq!(y, z);
    for budget in [1, 10, 100] {
        let (z, dw, less) = checkpointed(STEPS, budget);
        assert_eq!(y, z);
        assert!(less < bytes / 4, "{less} bytes of {bytes}");
        for ((a, b), c) in dy.iter().zip(&dz).zip(dw) {
            assert!((a - b).abs() <= 1e-11 * a.abs() && (a - c).abs() <= 1e-11 * a.abs(), "{a} {b} {c}");
        }
    }
}

/// The final size: ln s∞ = ln s₀ + R₀(s∞ - 1), whatever the other rates are (Kermack & McKendrick 1927).
#[test]
fn the_final_size() {
    let [beta, _, gamma, exposed] = PARAMETERS;
    let (attacked, _, _) = checkpointed(20_000, 50);
    let s = 1.0 - attacked;
    let residual = s.ln() - (1.0 - exposed).ln() - beta / gamma * (s - 1.0);
    assert!(residual.abs() < 1e-4, "{residual:e}");
}
