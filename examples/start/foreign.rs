//! Prints how a rotation of nalgebra, whose code knows nothing of derivatives, moves a point as its angle grows.
//!
//! ```text
//! cargo run --release --example start_foreign
//! ```

use nalgebra::{RealField, Rotation2, Vector2, vector};
use nilpotent::{Dual, derivative};

/// A function as any crate over nalgebra may contain it: its bound is nalgebra's, not ours.
fn turned<T: RealField + Copy>(point: Vector2<T>, angle: T) -> Vector2<T> {
    Rotation2::new(angle) * point
}

fn main() {
    let turn = |angle| {
        let point = turned(vector![Dual::constant(2.0), Dual::constant(0.0)], angle);
        [point.x, point.y]
    };
    let (place, speed) = derivative(turn, std::f64::consts::FRAC_PI_6);
    println!("at 30 degrees: place {place:.4?}, speed {speed:.4?}");
}
