//! Lambert's function at plain floats: both real solutions of `w·eʷ = x`.

#[cfg(not(feature = "std"))]
use num_traits::Float as _;

use core::f64::consts::E;

/// The principal branch, which is at least -1, for x ≥ -1/e. The error is about 1 ulp for x > 0, and grows towards the
/// branch point only as the sensitivity to x does.
pub(crate) fn lambert_w0(x: f64) -> f64 {
    let square = twice_distance(x);
    if x == 0.0 || x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if square < 0.25 {
        return near_branch_point(square, 1.0);
    }
    // The start is that of Iacono & Boyd 2017 (Advances in Computational Mathematics 43, 1403-1436).
    let l = x.ln_1p();
    improved(x, l * (1.0 - l.ln_1p() / (2.0 + l)))
}

/// The other branch, which is at most -1, for -1/e ≤ x < 0; -∞ at 0.
pub(crate) fn lambert_wm1(x: f64) -> f64 {
    let square = twice_distance(x);
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x > 0.0 || x.is_nan() {
        return f64::NAN;
    }
    if square < 0.25 {
        return near_branch_point(square, -1.0);
    }
    // The first terms of the asymptotic series (Corless et al. 1996, Advances in Computational Mathematics 5, 329-359).
    let l = (-x).ln();
    let ll = (-l).ln();
    improved(x, if l < -1.5 { l - ll + ll / l } else { -1.0 - square.sqrt() * (1.0 + square.sqrt() / 3.0) })
}

/// `2(e·x + 1)`, where the product is not rounded, and 0 at the double next to the branch point, which is below it.
fn twice_distance(x: f64) -> f64 {
    // e - E
    const LOW: f64 = 1.445_646_891_729_250_2e-16;
    if x == -0.367_879_441_171_442_33 {
        return 0.0;
    }
    2.0 * (E.mul_add(x, 1.0) + LOW * x)
}

/// The series `-1 + p - p²/3 + …` in p = ±√(2(ex + 1)), whose coefficients have a recurrence (Corless et al. 1996, 4.23).
fn near_branch_point(square: f64, sign: f64) -> f64 {
    const TERMS: usize = 36;
    if square < 0.0 {
        return f64::NAN;
    }
    let p = sign * square.sqrt();
    let (mut mu, mut alpha) = ([0.0; TERMS], [0.0; TERMS]);
    (mu[0], mu[1], alpha[0], alpha[1]) = (-1.0, 1.0, 2.0, -1.0);
    for k in 2..TERMS {
        let order = k as f64;
        alpha[k] = (2..k).map(|j| mu[j] * mu[k + 1 - j]).sum();
        mu[k] = (order - 1.0) / (order + 1.0) * (0.5 * mu[k - 2] + 0.25 * alpha[k - 2])
            - 0.5 * alpha[k]
            - mu[k - 1] / (order + 1.0);
    }
    mu.iter().rev().fold(0.0, |sum, c| sum * p + c)
}

/// Two steps of fourth order (Fritsch, Shafer & Crowley 1973, Communications of the ACM 16, 123-124), and one more for
/// starts that are far off.
fn improved(x: f64, start: f64) -> f64 {
    let mut w = start;
    for _ in 0..3 {
        let ratio = x / w;
        let ln = if ratio.is_normal() { ratio.ln() } else { x.abs().ln() - w.abs().ln() };
        let (z, next) = (ln - w, 1.0 + w);
        let q = 2.0 * next * (next + 2.0 / 3.0 * z);
        w += w * (z / next) * ((q - z) / (q - 2.0 * z));
    }
    w
}
