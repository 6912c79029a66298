//! The programs of docs/guide/recipes.md that belong to this package. Each checks what it finds.

use std::process::Command;

fn run(program: &str) {
    let output = Command::new(program).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn pounce_finds_the_published_minimum() {
    run(env!("CARGO_BIN_EXE_pounce"));
}

#[test]
fn ripopt_finds_the_published_minimum() {
    run(env!("CARGO_BIN_EXE_ripopt"));
}
