//! Prints the value 19.4 of Rosenbrock's function at (1.2, 1), its gradient, and its Hessian.
//!
//! ```text
//! cargo run --release --example start_gradient
//! ```

use nilpotent::{Real, gradient, hessian};

/// A function of any number, without derivatives.
fn rosenbrock<T: Real>([x, y]: [T; 2]) -> T {
    T::lit(100.0) * (y - x * x).powi(2) + (T::one() - x).powi(2)
}

fn main() {
    let (value, slopes) = gradient(rosenbrock, [1.2, 1.0]);
    println!("value    {value:.4}");
    println!("gradient {slopes:.4?}");

    let (_, _, curvature) = hessian(rosenbrock, [1.2, 1.0]);
    println!("Hessian  {curvature:.1?}");
}
