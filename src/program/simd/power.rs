//! Powers for registers of f64, by a logarithm of twice the digits: an error of the exponent `y·ln x` counts up to 700 times
//! in the power. As in `exponential.rs`, the polynomial is from `tests/reference/fast.py`.

use super::exponential::{LN_2, reduced, split};
use super::floats::{Bits, Floats};

/// `((2·artanh(s)/s - 2)/s² - 2/3)/s²` as a function of s², for |s| ≤ 3 - 2√2.
const REST: [f64; 8] = [
    0.4,
    0.285_714_285_714_293_7,
    0.222_222_222_216_527_65,
    0.181_818_183_360_998_48,
    0.153_845_948_870_071_8,
    0.133_348_087_988_123_4,
    0.117_061_264_645_633_98,
    0.117_243_270_608_467_47,
];

/// 2/3 in two parts.
const TWO_THIRDS: [f64; 2] = [0.666_666_666_666_666_6, 3.700_743_415_417_188e-17];

/// `xʸ` for positive x.
#[inline(always)]
pub(super) fn powf<V: Bits>(x: Floats<V>, y: Floats<V>) -> (Floats<V>, u32) {
    let [high, low] = ln(x);
    let [exponent, lost] = y.two_product(high);
    let [p, lost, k] = reduced(exponent, y.times_plus(low, lost));
    let failed = x.outside(f64::MIN_POSITIVE, f64::MAX) | exponent.outside(-745.0, 709.0);
    ((p + 1.0 + lost).scaled(k), failed)
}

/// The logarithm as a sum of two numbers, for normal positive ones: `k·ln 2 + 2s + ⅔s³ + …`
#[inline(always)]
fn ln<V: Bits>(x: Floats<V>) -> [Floats<V>; 2] {
    let [k, f] = split(x);
    let two = x.all(2.0);
    let [under, under_low] = two.sum_of_greater(f);
    let s = f / under;
    let [product, lost] = s.two_product(under);
    let s_low = (((f - product) - lost) - s * under_low) / under;
    let [z, lost] = s.two_product(s);
    let z_low = (s * s_low).times_plus(two, lost);
    let [cube, lost] = s.two_product(z);
    let cube_low = s.times_plus(z_low, s_low.times_plus(z, lost));
    let [factor, lost] = x.all(TWO_THIRDS[0]).sum_of_greater(z * z.polynomial(&REST));
    let factor_low = lost + TWO_THIRDS[1];
    let [term, lost] = cube.two_product(factor);
    let term_low = cube.times_plus(factor_low, cube_low.times_plus(factor, lost));
    let [of_fraction, lost] = (s * 2.0).sum_of_greater(term);
    let low = s_low.times_plus(two, lost + term_low);
    let [sum, lost] = (k * LN_2[0]).sum_of_greater(of_fraction);
    [sum, k.times_plus(x.all(LN_2[1]), lost + low)]
}
