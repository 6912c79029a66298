//! A test that needs 4 GB, and is not run with the others: `cargo test --release --test large`

use nilpotent::{Var, reverse};

#[test]
fn a_hundred_million_operations() {
    let n = 100_000_000;
    let f = |[a, b]: [Var; 2]| (0..n).fold(a, |sum, _| sum + b);
    assert_eq!(reverse::gradient(f, [1.0, 1.0]), (f64::from(n + 1), [1.0, f64::from(n)]));
}
