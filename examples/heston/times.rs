//! The times of the ways to price and Greeks, and whether the ways agree.

use super::monte_carlo::{Both, Model, Paths, by_adjoint, by_loop, functions, in_lanes, lanes, start};
use std::time::Instant;

/// The largest difference of sums in lanes and by the adjoint, relative to the sum or 1.
pub(crate) const ROUNDING: f64 = 1e-11;
/// The number of rounds in which times are taken, each of a tenth of the paths.
const ROUNDS: usize = 20;

/// A way to sums over paths, with its name.
type Way<'a> = (String, Box<dyn Fn() -> Vec<f64> + 'a>);

/// The least time of each way in some rounds, in which one is taken after another, in seconds.
fn in_turn(ways: &[Way<'_>]) -> Vec<f64> {
    let mut least = vec![f64::INFINITY; ways.len()];
    for _ in 0..ROUNDS {
        for (least, (_, way)) in least.iter_mut().zip(ways) {
            let begin = Instant::now();
            std::hint::black_box(way());
            *least = least.min(begin.elapsed().as_secs_f64());
        }
    }
    least
}

/// Whether the sums agree up to rounding.
pub(crate) fn agree(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= ROUNDING * b.abs().max(1.0))
}

/// Prints the times, also of second derivatives if there is a function for them, and returns whether all ways agree and no
/// path was computed live.
pub(crate) fn compared<M: Model<N>, const N: usize>(x: [f64; N], paths: &Paths, second: Option<Both>) -> bool {
    let (count, start, begin) = (paths.count(), start(&x, paths), Instant::now());
    let record = |both| lanes::<N>(both, &start).expect("no value leaves the recording");
    let programs: Vec<_> = functions::<M, N>().into_iter().chain(second).map(record).collect();
    let recording = begin.elapsed().as_secs_f64();

    let (x, some) = (&x, 0..count / 10);
    let names = [
        "price in lanes",
        &format!("price and {N} Greeks in lanes"),
        &format!("and {N} derivatives of delta in lanes"),
    ];
    let mut ways: Vec<Way<'_>> = vec![
        ("price by a loop".to_owned(), Box::new(|| by_loop::<M, N>(x, paths, some.clone()))),
        (format!("price and {N} Greeks by the adjoint"), Box::new(|| by_adjoint::<M, N>(x, paths, some.clone()))),
    ];
    for (lanes, name) in programs.iter().zip(names) {
        let some = some.clone();
        ways.push((name.to_owned(), Box::new(move || in_lanes(lanes, x, paths, some.clone()).0)));
    }
    let times = in_turn(&ways);
    println!("  {:44}{:>8}{:>14}{:>14}", "", "ns/path", "of the loop", "of the lanes");
    for ((name, _), time) in ways.iter().zip(&times) {
        let a_path = 1e9 * time / some.len() as f64;
        println!("  {name:44}{a_path:8.0}{:14.2}{:14.2}", time / times[0], time / times[2]);
    }
    let operations: Vec<usize> = programs.iter().map(|lanes| lanes.program().operations()).collect();
    println!("  programs of {operations:?} operations, recorded in {recording:.4} s");

    let (by_loop, by_adjoint) = (by_loop::<M, N>(x, paths, 0..count), by_adjoint::<M, N>(x, paths, 0..count));
    let all: Vec<_> = programs.iter().map(|lanes| in_lanes(lanes, x, paths, 0..count)).collect();
    let same = agree(&all[0].0, &by_loop) && all[1..].iter().all(|(sums, _)| agree(&sums[..=N], &by_adjoint));
    let live: usize = all.iter().map(|(_, live)| live).sum();
    println!("  lanes and adjoint agree to {ROUNDING:.0e}: {same}, paths that were computed live: {live}");
    same && live == 0
}
