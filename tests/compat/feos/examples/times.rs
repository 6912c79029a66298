//! Times of the gradient of a vapor pressure in the eight parameters of the model: by num-dual's numbers and by ours, in one
//! process and in turn.
//!     cargo run --release --manifest-path tests/compat/feos/Cargo.toml --example times

use compat_feos::{FLUID, vapor_pressure};
use nalgebra::SVector;
use nilpotent::{Dual, Var, forward, reverse};
use num_dual::DualSVec64;
use std::hint::black_box;
use std::time::Instant;

const T: f64 = 350.0;

fn main() {
    let ways: [(&str, fn([f64; 8]) -> f64); 4] = [
        ("FeOs in f64", |x| vapor_pressure(x, T)),
        ("num-dual's DualSVec64<8>", |x| {
            let f = |x: SVector<DualSVec64<8>, 8>| vapor_pressure(x.into(), T.into());
            num_dual::gradient(f, &SVector::from(x)).1.sum()
        }),
        ("Dual<f64, 8>", |x| forward::gradient(|x| vapor_pressure(x, Dual::constant(T)), x).1.iter().sum()),
        ("Var", |x| reverse::gradient(|x| vapor_pressure(x, Var::constant(T)), x).1.iter().sum()),
    ];
    let mut best = [f64::INFINITY; 4];
    for _ in 0..200 {
        for (best, (_, way)) in best.iter_mut().zip(ways) {
            let start = Instant::now();
            for _ in 0..20 {
                black_box(way(black_box(FLUID)));
            }
            *best = best.min(start.elapsed().as_secs_f64() / 20.0);
        }
    }
    for (best, (name, way)) in best.iter().zip(ways) {
        println!("{name:>26}: {:6.1} µs, sum {:.12}", 1e6 * best, way(FLUID));
    }
}
