//! Sine, cosine and what consists of them, and the arcus tangent, for registers of f64. As in `exponential.rs`, a function
//! returns the lanes to which the function of a single float must be applied, and the polynomials are from
//! `tests/reference/fast.py`.

use super::exponential::quotient;
use super::floats::{Bits, Floats, ROUNDER};
use core::f64::consts::{FRAC_2_PI, FRAC_PI_2, FRAC_PI_4};

/// `(sin r/r - 1)/r²` as a function of r², for |r| ≤ π/4.
const SIN: [f64; 6] = [
    -0.166_666_666_666_666_66,
    0.008_333_333_333_330_948,
    -0.000_198_412_698_367_567_74,
    2.755_731_610_161_787_4e-6,
    -2.505_113_165_023_518e-8,
    1.591_811_526_326_597_4e-10,
];

/// `(cos r - 1 + r²/2)/r⁴`, likewise.
const COS: [f64; 6] = [
    0.041_666_666_666_666_664,
    -0.001_388_888_888_888_739_8,
    2.480_158_729_876_456e-5,
    -2.755_731_727_114_514_4e-7,
    2.087_614_614_655_861e-9,
    -1.138_262_364_747_460_4e-11,
];

/// `(arctan t/t - 1)/t²` as a function of t², for |t| ≤ tan(π/8).
const ATAN: [f64; 11] = [
    -0.333_333_333_333_333_3,
    0.199_999_999_999_954_8,
    -0.142_857_142_846_578_94,
    0.111_111_110_145_610_13,
    -0.090_909_045_498_846_11,
    0.076_921_825_351_166_48,
    -0.066_645_022_156_714_47,
    0.058_580_687_568_615_106,
    -0.050_850_304_928_109_41,
    0.039_219_552_532_551_29,
    -0.019_162_068_915_902_573,
];

/// π/2 in three parts. The first two have 33 bits, so their products with up to 20 bits are exact (Cody & Waite 1980).
const HALF_PI: [f64; 3] = [1.570_796_326_734_125_6, 6.077_100_506_303_966e-11, 2.022_266_248_795_950_6e-21];

/// Up to here the number of quarter turns has 20 bits.
const FARTHEST: f64 = 1.6e6;

/// Angles nearer to a multiple of π/2, except 0 itself, would lose digits.
const NEAREST: f64 = 1e-9;

/// The sines and cosines of angles after all quarter turns are subtracted, each with its rounding error, and the number of
/// quarter turns.
struct Turned<V> {
    sin: [Floats<V>; 2],
    cos: [Floats<V>; 2],
    /// The number is in the lowest bits.
    turns: Floats<V>,
    /// The mask of an even number of turns.
    even: Floats<V>,
    failed: u32,
}

#[inline(always)]
fn turned<V: Bits>(x: Floats<V>) -> Turned<V> {
    let turns = x.times_plus(x.all(FRAC_2_PI), x.all(ROUNDER));
    let k = turns - ROUNDER;
    // All products and the first difference are exact.
    let [r, lost] = k.times_from(x.all(HALF_PI[0]), x).two_sum(-(k * HALF_PI[1]));
    let [r, lost_again] = r.two_sum(-(k * HALF_PI[2]));
    let low = lost + lost_again;
    let z = r * r;
    let half = z * 0.5;
    let sin = r.sum_of_greater((r * z).times_plus(z.polynomial(&SIN), half.times_from(low, low)));
    let one = x.all(1.0);
    let near = one - half;
    let cos = near.sum_of_greater(((one - near) - half) + (z * z).times_plus(z.polynomial(&COS), -(r * low)));
    // The sign of a zero is lost.
    let sin = [x.equals(0.0).choose(x, sin[0]), sin[1]];
    // The lowest bit, as a number that is 1 or the next one.
    let even = turns.and(x.all_bits(1)).or(one).equals(1.0);
    let close = r.abs().outside(NEAREST, f64::INFINITY) & k.abs().outside(0.0, 0.0);
    Turned { sin, cos, turns, even, failed: x.outside(-FARTHEST, FARTHEST) | close }
}

impl<V: Bits> Turned<V> {
    #[inline(always)]
    fn sin(&self) -> Floats<V> {
        Self::with_sign(self.even.choose(self.sin[0], self.cos[0]), self.turns)
    }

    #[inline(always)]
    fn cos(&self) -> Floats<V> {
        Self::with_sign(self.even.choose(self.cos[0], self.sin[0]), self.turns.add_integers(self.turns.all_bits(1)))
    }

    /// Changes the sign after two or three quarter turns.
    #[inline(always)]
    fn with_sign(x: Floats<V>, turns: Floats<V>) -> Floats<V> {
        x.xor(turns.shift_left::<62>().and(x.all(-0.0)))
    }
}

#[inline(always)]
pub(super) fn sin_cos<V: Bits>(x: Floats<V>) -> ([Floats<V>; 2], u32) {
    let turned = turned(x);
    ([turned.sin(), turned.cos()], turned.failed)
}

#[inline(always)]
pub(super) fn sin<V: Bits>(x: Floats<V>) -> (Floats<V>, u32) {
    let turned = turned(x);
    (turned.sin(), turned.failed)
}

#[inline(always)]
pub(super) fn cos<V: Bits>(x: Floats<V>) -> (Floats<V>, u32) {
    let turned = turned(x);
    (turned.cos(), turned.failed)
}

#[inline(always)]
pub(super) fn tan<V: Bits>(x: Floats<V>) -> (Floats<V>, u32) {
    let Turned { sin, cos, even, failed, .. } = turned(x);
    let over = [even.choose(sin[0], -cos[0]), even.choose(sin[1], -cos[1])];
    let under = [even.choose(cos[0], sin[0]), even.choose(cos[1], sin[1])];
    (x.equals(0.0).choose(x, quotient(over, under)), failed)
}

#[inline(always)]
pub(super) fn sinc<V: Bits>(x: Floats<V>) -> (Floats<V>, u32) {
    let (sin, failed) = sin(x);
    (x.equals(0.0).choose(x.all(1.0), sin / x), failed)
}

/// Beyond tan(π/8) = √2 - 1 and its inverse by `arctan x = π/4 + arctan((x - 1)/(x + 1)) = π/2 - arctan(1/x)`.
#[inline(always)]
pub(super) fn atan<V: Bits>(x: Floats<V>) -> Floats<V> {
    /// π/2 - FRAC_PI_2
    const LOW: f64 = 6.123_233_995_736_766e-17;
    let size = x.abs();
    let (zero, one) = (x.all(0.0), x.all(1.0));
    let middle = x.all(0.414_213_562_373_095_1).less(size);
    let large = x.all(2.414_213_562_373_095).less(size);
    let over = large.choose(-one, middle.choose(size - 1.0, size));
    let under = large.choose(size, middle.choose(size + 1.0, one));
    let high = large.choose(x.all(FRAC_PI_2), middle.choose(x.all(FRAC_PI_4), zero));
    let low = large.choose(x.all(LOW), middle.choose(x.all(LOW / 2.0), zero));
    let t = over / under;
    let z = t * t;
    (high + (t + (t * z).times_plus(z.polynomial(&ATAN), low))).with_sign_of(x)
}
