//! Prints how gradient descent lowers a function of 1000 variables. In reverse mode its gradient takes one sweep.
//!
//! ```text
//! cargo run --release --example start_reverse
//! ```

use nilpotent::{Real, reverse};

/// The energy of a chain: springs join neighbors, and a weak spring ties each point to its place.
fn energy<T: Real>(x: &[T]) -> T {
    let between = x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum::<T>();
    let place = x.iter().enumerate().map(|(i, &x)| (x - T::lit((i as f64 * 0.1).sin())).powi(2)).sum::<T>();
    between + place * T::lit(0.1)
}

fn main() {
    let mut x = vec![0.0; 1000];
    for step in 0..=200 {
        let (value, slopes) = reverse::gradient(energy, &x);
        if step % 50 == 0 {
            println!("step {step:3}: energy {value:.6}");
        }
        x.iter_mut().zip(slopes).for_each(|(x, slope)| *x -= 0.2 * slope);
    }
}
