//! The times of the ways to price and Greeks, and whether the ways agree.

use super::monte_carlo::{Model, Paths, by_adjoint, by_loop, functions, in_lanes, lanes, start};
use std::time::Instant;

/// The largest difference of sums in lanes and by the adjoint, relative to the sum or 1.
pub(crate) const ROUNDING: f64 = 1e-11;
/// The number of rounds in which times are taken, each of a tenth of the paths.
const ROUNDS: usize = 20;

/// The least time of each function in some rounds, in which one is called after another, in seconds.
fn in_turn<const N: usize>(functions: [&dyn Fn() -> Vec<f64>; N]) -> [f64; N] {
    let mut least = [f64::INFINITY; N];
    for _ in 0..ROUNDS {
        for (least, function) in least.iter_mut().zip(functions) {
            let begin = Instant::now();
            std::hint::black_box(function());
            *least = least.min(begin.elapsed().as_secs_f64());
        }
    }
    least
}

/// Whether the sums agree up to rounding.
pub(crate) fn agree(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= ROUNDING * b.abs().max(1.0))
}

/// Prints the times, of the second derivatives too if they are asked for, and returns whether all ways agree and no path
/// was computed live.
pub(crate) fn compared<M: Model<N>, const N: usize>(x: [f64; N], paths: &Paths, second: bool) -> bool {
    let (count, start, begin) = (paths.count(), start(&x, paths), Instant::now());
    let programs = functions::<M, N>().map(|both| lanes::<N>(both, &start).expect("no value leaves the recording"));
    let recording = begin.elapsed().as_secs_f64();
    let sums = |k: usize, some| in_lanes(&programs[k], &x, paths, some);
    let some = 0..count / 10;
    let times = in_turn([
        &|| by_loop::<M, N>(&x, paths, some.clone()),
        &|| by_adjoint::<M, N>(&x, paths, some.clone()),
        &|| sums(0, some.clone()).0,
        &|| sums(1, some.clone()).0,
        &|| sums(2, some.clone()).0,
    ]);
    println!("  {:50}{:>8}{:>14}{:>14}", "", "ns/path", "of the loop", "of the lanes");
    let ways = [
        "price by a loop".to_owned(),
        format!("price and {N} Greeks by the adjoint"),
        "price in lanes".to_owned(),
        format!("price and {N} Greeks in lanes"),
        format!("the same and {N} derivatives of delta in lanes"),
    ];
    for (way, time) in ways.iter().zip(times).take(if second { 5 } else { 4 }) {
        let a_path = 1e9 * time / some.len() as f64;
        println!("  {way:50}{a_path:8.0}{:14.2}{:14.2}", time / times[0], time / times[2]);
    }
    let operations = programs.each_ref().map(|lanes| lanes.program().operations());
    println!("  three programs of {operations:?} operations, recorded in {recording:.4} s");

    let (by_loop, by_adjoint) = (by_loop::<M, N>(&x, paths, 0..count), by_adjoint::<M, N>(&x, paths, 0..count));
    let all = [0, 1, 2].map(|k| sums(k, 0..count));
    let same = agree(&all[0].0, &by_loop) && all[1..].iter().all(|(sums, _)| agree(&sums[..=N], &by_adjoint));
    let live: usize = all.iter().map(|(_, live)| live).sum();
    println!("  lanes and adjoint agree to {ROUNDING:.0e}: {same}, paths that were computed live: {live}");
    same && live == 0
}
