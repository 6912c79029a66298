//! Prints the Bessel function J₀ at 1 and its first three derivatives, by a rule that calls a library of plain floats.
//!
//! ```text
//! cargo run --release --example start_own_rule
//! ```
//!
//! A program of your own needs the library too: `cargo add libm`.

use nilpotent::nth_derivative;
use nilpotent::rules::Chain;

/// J₀, from libm's `jn`. Its n-th derivative is `2⁻ⁿ Σ (-1)ᵏ (n choose k) J₂ₖ₋ₙ` (NIST's DLMF, equation 10.6.7).
fn bessel<X: Chain>(x: X) -> X {
    x.compose(&|n, a| {
        let (mut sum, mut binomial) = (0.0, 1.0);
        for k in 0..=n {
            sum += binomial * libm::jn(2 * k as i32 - n as i32, a);
            binomial *= -f64::from(n - k) / f64::from(k + 1);
        }
        sum / 2.0_f64.powi(n as i32)
    })
}

fn main() {
    let (value, [first, second, third]) = nth_derivative(bessel, 1.0);
    println!("J0(1)  {value:.12}\nfirst  {first:.12}\nsecond {second:.12}\nthird  {third:.12}");
}
