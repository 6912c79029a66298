//! Times rivals in one run: first by criterion, one after another, and then in turn, so that a busy machine disturbs
//! all of them alike.

use criterion::Criterion;
use std::hint::black_box;
use std::time::Instant;

/// Runs a rival and keeps its result, so that the compiler cannot drop the computation.
pub fn keep<T>(result: T) {
    black_box(result);
}

/// Times all rivals by criterion. Then times them in many short rounds, in which every rival has its turn, and prints
/// the least time of each and its ratio to that of the first. Returns these ratios, or none if the command line does
/// not select the title.
pub fn compare(c: &mut Criterion, title: &str, rivals: &mut [(&str, &mut dyn FnMut())]) -> Vec<f64> {
    // The filter on the command line is criterion's; it applies to the rounds as well.
    if std::env::args()
        .skip(1)
        .take_while(|word| word != "--bench")
        .any(|word| !word.starts_with('-') && !title.contains(&word))
    {
        return Vec::new();
    }
    let mut group = c.benchmark_group(title);
    for (name, run) in rivals.iter_mut() {
        group.bench_function(*name, |b| b.iter(&mut *run));
    }
    group.finish();

    let mut least = vec![f64::INFINITY; rivals.len()];
    for _ in 0..80 {
        for ((_, run), least) in rivals.iter_mut().zip(&mut least) {
            let (start, mut calls) = (Instant::now(), 0);
            while start.elapsed().as_micros() < 400 {
                // Reading the clock takes some 25 ns.
                for _ in 0..if *least < 1e-5 { 16 } else { 1 } {
                    run();
                    calls += 1;
                }
            }
            *least = least.min(start.elapsed().as_secs_f64() / f64::from(calls));
        }
    }
    println!("{title}, in turn, the least of 80 rounds:");
    for ((name, _), time) in rivals.iter().zip(&least) {
        println!("    {name:32} {:12.1} ns    {:7.3}", time * 1e9, time / least[0]);
    }
    least.iter().map(|time| time / least[0]).collect()
}

/// Random numbers from 0 to 1 by xorshift64* (Vigna 2016), the same in each run.
#[allow(dead_code)]
pub struct Random(pub u64);

impl Random {
    #[allow(dead_code)]
    pub fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
