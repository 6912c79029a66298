//! The exponential function, the logarithm and what consists of them, for registers of f64.
//!
//! A function returns its values, and one bit for each lane to which the function of a single float must be applied. The
//! polynomials are interpolations of which `tests/reference/fast.py` computes the coefficients.

use super::floats::{Bits, Floats};
use core::f64::consts::{LN_2 as LN_2_F64, LOG2_E};

/// `(eʳ - 1 - r)/r²` for |r| ≤ ½·ln 2.
const EXP: [f64; 10] = [
    0.500_000_000_000_000_1,
    0.166_666_666_666_666_69,
    0.041_666_666_666_623_824,
    0.008_333_333_333_330_039,
    0.001_388_888_891_736_708_1,
    0.000_198_412_698_631_715_57,
    2.480_152_105_786_820_4e-5,
    2.755_726_827_690_569_6e-6,
    2.762_020_159_103_154_7e-7,
    2.510_047_250_569_499_6e-8,
];

/// `(2·artanh(s)/s - 2)/s²` as a function of s², for |s| ≤ 3 - 2√2.
const LN: [f64; 7] = [
    0.666_666_666_666_667,
    0.399_999_999_998_988_9,
    0.285_714_286_262_538_36,
    0.222_222_110_893_794_96,
    0.181_828_924_325_368_7,
    0.153_316_117_220_550_08,
    0.146_178_071_534_173_25,
];

/// ln 2 in two parts. The first has 40 bits, so its products with exponents are exact (Cody & Waite 1980).
pub(super) const LN_2: [f64; 2] = [0.693_147_180_560_117_7, -1.723_944_452_561_483_5e-13];
const LOG10_2: [f64; 2] = [0.301_029_995_664_066_5, -8.532_344_317_057_107e-14];

/// From here on the exponential function is infinite, and before here it is 0.
const OVERFLOW: f64 = 710.0;
const UNDERFLOW: f64 = -746.0;

/// `[eʳ - 1, its rounding error, k]` with `e^(x + low) = 2ᵏ·eʳ`, where low is small.
#[inline(always)]
pub(super) fn reduced<V: Bits>(x: Floats<V>, low: Floats<V>) -> [Floats<V>; 3] {
    let k = (x * LOG2_E).round();
    let high = k.times_from(x.all(LN_2[0]), x);
    let low = k.times_from(x.all(LN_2[1]), low);
    let [p, lost] = power(high, low);
    [p, lost, k]
}

/// `e^(high + low) - 1` for a sum of at most ½·ln 2, and its rounding error.
#[inline(always)]
fn power<V: Bits>(high: Floats<V>, low: Floats<V>) -> [Floats<V>; 2] {
    let r = high + low;
    let lost = (high - r) + low;
    r.sum_of_greater((r * r).times_plus(r.polynomial(&EXP), lost))
}

#[inline(always)]
pub(super) fn exp<V: Bits>(x: Floats<V>) -> Floats<V> {
    let x = x.at_least(UNDERFLOW).at_most(OVERFLOW);
    let [p, _, k] = reduced(x, x.all(0.0));
    (p + 1.0).scaled(k)
}

#[inline(always)]
pub(super) fn exp2<V: Bits>(x: Floats<V>) -> Floats<V> {
    /// ln 2 - LN_2_F64
    const LOW: f64 = 2.319_046_813_846_299_6e-17;
    let x = x.at_least(-1080.0).at_most(1030.0);
    let k = x.round();
    let x = x - k;
    (power(x * LN_2_F64, x * LOW)[0] + 1.0).scaled(k)
}

/// `eˣ - 1` and its rounding error, right up to 709.
#[inline(always)]
fn exp_m1_below<V: Bits>(x: Floats<V>) -> [Floats<V>; 2] {
    let x = x.at_least(-40.0);
    let [p, lost, k] = reduced(x, x.all(0.0));
    let scale = k.power_of_two();
    let [sum, lost_again] = (scale - 1.0).two_sum(scale * p);
    [sum, scale.times_plus(lost, lost_again)]
}

#[inline(always)]
pub(super) fn exp_m1<V: Bits>(x: Floats<V>) -> (Floats<V>, u32) {
    let [e, lost] = exp_m1_below(x);
    ((e + lost).with_sign_of(x), x.outside(f64::NEG_INFINITY, 709.0))
}

/// `[k, f]` with `x = 2ᵏ(1 + f)` and 1 + f from √½ to √2, for normal positive numbers.
#[inline(always)]
pub(super) fn split<V: Bits>(x: Floats<V>) -> [Floats<V>; 2] {
    const ROOT_HALF: u64 = 0x3FE6_A09E_667F_3BCD;
    const ONE: u64 = 0x3FF0_0000_0000_0000;
    const TWO_52: f64 = 4_503_599_627_370_496.0;
    let bits = x.add_integers(x.all_bits(ONE.wrapping_sub(ROOT_HALF)));
    let k = bits.shift_right::<52>().or(x.all(TWO_52)) - (TWO_52 + 1023.0);
    let fraction = bits.and(x.all_bits(0x000F_FFFF_FFFF_FFFF)).add_integers(x.all_bits(ROOT_HALF));
    [k, fraction - 1.0]
}

/// `f - ln(1 + f) - low` with s = f/(2 + f): `ln(1 + f) = 2s + s·R`, and `2s = f - s·f`.
#[inline(always)]
fn below<V: Bits>(f: Floats<V>, low: Floats<V>) -> Floats<V> {
    let s = f / (f + 2.0);
    let z = s * s;
    let half = f * f * 0.5;
    half - s.times_plus(half + z * z.polynomial(&LN), low)
}

/// The logarithm of a normal positive number, to which `low` is added.
#[inline(always)]
fn ln_plus<V: Bits>(x: Floats<V>, low: Floats<V>) -> Floats<V> {
    let [k, f] = split(x);
    k.times_plus(x.all(LN_2[0]), f - below(f, k.times_plus(x.all(LN_2[1]), low)))
}

#[inline(always)]
pub(super) fn ln<V: Bits>(x: Floats<V>) -> (Floats<V>, u32) {
    (ln_plus(x, x.all(0.0)), x.outside(f64::MIN_POSITIVE, f64::MAX))
}

/// `ln(1 + x)`, which is right for finite x above -1.
#[inline(always)]
fn ln_1p_above<V: Bits>(x: Floats<V>) -> Floats<V> {
    let [sum, lost] = x.all(1.0).two_sum(x);
    ln_plus(sum, lost / sum).with_sign_of(x)
}

#[inline(always)]
pub(super) fn ln_1p<V: Bits>(x: Floats<V>) -> (Floats<V>, u32) {
    (ln_1p_above(x), x.outside(-1.0 + f64::EPSILON / 2.0, f64::MAX))
}

/// `ln(x)·unit`, where the unit and the logarithm of 2 are in two parts.
#[inline(always)]
fn in_unit<V: Bits>(x: Floats<V>, unit: [f64; 2], of_two: [f64; 2]) -> (Floats<V>, u32) {
    let [k, f] = split(x);
    let rest = below(f, x.all(0.0));
    // f - rest, of which the first part has 21 bits, so that its product with the unit's 32 bits is exact.
    let high = (f - rest).and(x.all_bits(0xFFFF_FFFF_0000_0000));
    let low = (f - high) - rest;
    let small = (high + low).times_plus(x.all(unit[1]), k.times_plus(x.all(of_two[1]), low * unit[0]));
    let [sum, lost] = (k * of_two[0]).two_sum(high * unit[0]);
    (sum + (lost + small), x.outside(f64::MIN_POSITIVE, f64::MAX))
}

#[inline(always)]
pub(super) fn log2<V: Bits>(x: Floats<V>) -> (Floats<V>, u32) {
    in_unit(x, [1.442_695_040_721_446_3, 1.675_171_316_488_651_2e-10], [1.0, 0.0])
}

#[inline(always)]
pub(super) fn log10<V: Bits>(x: Floats<V>) -> (Floats<V>, u32) {
    in_unit(x, [0.434_294_481_878_168_9, 2.508_294_671_164_527_5e-11], LOG10_2)
}

/// `(e²ˣ - 1)/(e²ˣ + 1)`, which is 1 beyond 20.
#[inline(always)]
pub(super) fn tanh<V: Bits>(x: Floats<V>) -> Floats<V> {
    let [e, lost] = exp_m1_below(x.abs().at_most(20.0) * 2.0);
    let [under, lost_again] = x.all(2.0).two_sum(e);
    quotient([e, lost], [under, lost_again + lost]).with_sign_of(x)
}

/// The quotient of two sums, each of a number and a small one.
#[inline(always)]
pub(super) fn quotient<V: Bits>([over, a]: [Floats<V>; 2], [under, b]: [Floats<V>; 2]) -> Floats<V> {
    let q = over / under;
    q + q.times_from(b, a) / under
}

#[inline(always)]
pub(super) fn sinh<V: Bits>(x: Floats<V>) -> (Floats<V>, u32) {
    let [e, lost] = exp_m1_below(x.abs());
    (((e + (e / (e + 1.0) + lost)) * 0.5).with_sign_of(x), x.outside(-709.0, 709.0))
}

#[inline(always)]
pub(super) fn cosh<V: Bits>(x: Floats<V>) -> (Floats<V>, u32) {
    let e = exp(x.abs()) * 0.5;
    (e + x.all(0.25) / e, x.outside(-709.0, 709.0))
}

#[inline(always)]
pub(super) fn sigmoid<V: Bits>(x: Floats<V>) -> Floats<V> {
    let (zero, one) = (x.all(0.0), x.all(1.0));
    let [p, lost, k] = reduced((-x.abs()).at_least(UNDERFLOW), zero);
    let [e, lost_again] = one.sum_of_greater(p);
    let (e, low) = (e.scaled(k), (lost_again + lost).scaled(k));
    let [under, lost] = one.sum_of_greater(e);
    let is_negative = x.less(zero);
    quotient([is_negative.choose(e, one), is_negative.choose(low, zero)], [under, lost + low])
}

#[inline(always)]
pub(super) fn softplus<V: Bits>(x: Floats<V>) -> Floats<V> {
    x.at_least(0.0) + ln_1p_above(exp(-x.abs()))
}
