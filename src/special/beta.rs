//! The logarithm of the beta function at plain floats.

#[cfg(not(feature = "std"))]
use num_traits::Float as _;

use super::saddle::stirling_series;

/// `ln B(a, b)` for a, b ≥ 0. From 8 on Stirling's formulas are subtracted from one another term by term (Didonato & Morris
/// 1992, ACM Transactions on Mathematical Software 18, 360-373); the values of ln Γ would cancel.
pub(crate) fn ln_beta(a: f64, b: f64) -> f64 {
    const LN_ROOT_2_PI: f64 = 0.918_938_533_204_672_7;
    if !(a >= 0.0 && b >= 0.0) {
        return f64::NAN;
    }
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if small == 0.0 {
        return if large.is_finite() { f64::INFINITY } else { f64::NAN };
    }
    if large.is_infinite() {
        return f64::NEG_INFINITY;
    }
    if large < 8.0 {
        return (libm::lgamma(small) - libm::lgamma(small + large)) + libm::lgamma(large);
    }
    let (ratio, sum) = (small / large, small + large);
    if small < 8.0 {
        let rise = small * large.ln() + ((large - 0.5 + small) * ratio.ln_1p() - small);
        return libm::lgamma(small) - rise + (stirling_series(large) - stirling_series(sum));
    }
    let rest =
        stirling_series(small) + (stirling_series(large) - stirling_series(sum)) + LN_ROOT_2_PI - 0.5 * large.ln();
    // ln(small/sum), where small/large may be next to 0.
    let ln = ratio.ln() - ratio.ln_1p();
    rest + (small - 0.5) * ln - large * ratio.ln_1p()
}
