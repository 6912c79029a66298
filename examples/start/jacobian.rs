//! Prints the start and three steps of Newton's method to an intersection of a circle and a hyperbola. The residual
//! falls to 0.
//!
//! ```text
//! cargo run --release --example start_jacobian
//! ```

use nalgebra::{SVector, Vector2, vector};
use nilpotent::linalg::{self, Number};

/// The circle `x² + y² = 4` and the hyperbola `x·y = 1`.
fn curves<T: Number>(p: SVector<T, 2>) -> SVector<T, 2> {
    vector![p.norm_squared() - T::lit(4.0), p.x * p.y - T::one()]
}

fn main() {
    let mut p: Vector2<f64> = vector![2.0, 0.4];
    for step in 0..4 {
        let (residual, jacobian) = linalg::jacobian(curves, &p);
        println!("step {step}: x = {:.12}, y = {:.12}, residual {:.1e}", p.x, p.y, residual.norm());
        p -= linalg::solve(&jacobian, &residual).expect("the curves should cross, not touch");
    }
}
