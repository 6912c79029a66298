//! Records the functions of src/models.rs with their Jacobians, and writes the programs as source.

#[path = "src/models.rs"]
mod models;

use models::{hand, reprojection};
use nilpotent::program::record;
use nilpotent::{Dual, Traced, jacobian};
use std::{env, error::Error, fs, path::Path};

/// The value and the Jacobian of the reprojection. Its inputs are nine variables and the two coordinates of the feature,
/// which have no derivatives: they are constants of the inner number.
fn factor(x: [Traced; 11]) -> ([Traced; 2], [[Traced; 9]; 2]) {
    let [variables @ .., u, v] = x;
    jacobian(|x: [_; 9]| reprojection(x, [u, v].map(Dual::constant)), variables)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/models.rs");
    // Any point does that takes the branches that the program should take: here one with a rotation.
    let arm = record(|x| jacobian(hand, x), [0.1, -0.7, 0.9, 0.3, 1.1, 0.4])?;
    let reprojection = record(factor, [0.1, -0.2, 0.3, 0.5, -0.4, 6.0, 1.0, 2.0, 3.0, 250.0, 90.0])?;
    let text = arm.to_rust("arm")? + &reprojection.to_rust("factor")?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("generated.rs"), text)?;
    Ok(())
}
