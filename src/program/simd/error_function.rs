//! The error function, its complement and the normal distribution, for registers of f64.
//!
//! As in `exponential.rs`, the polynomials are from `tests/reference/fast.py`.

use super::exponential::reduced;
use super::floats::{Bits, Floats};
use core::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

/// `erf(x)/x - 1` as a function of x², for |x| ≤ ¾.
const ERF: [f64; 11] = [
    0.128_379_167_095_512_6,
    -0.376_126_389_031_837_15,
    0.112_837_916_709_525_96,
    -0.026_866_170_644_428_485,
    0.005_223_977_615_420_539,
    -0.000_854_832_618_875_975_2,
    0.000_120_552_895_675_417_06,
    -1.492_419_630_556_961_7e-5,
    1.643_068_417_974_155e-6,
    -1.594_006_685_466_171_7e-7,
    1.147_249_970_109_469_1e-8,
];

/// `e^(x²)·erfc(x)·(1 + 2x)/1.125 - 1` as a function of t = (x - 3)/(x + 3), for x from 0 to 28. The factor 1 + 2x and the
/// variable are those of Shepherd & Laframboise (1981).
const TAIL: [f64; 23] = [
    0.113_784_940_684_204_12,
    -0.120_552_094_332_960_6,
    -0.042_277_594_980_841_22,
    0.115_240_141_069_071_57,
    -0.106_021_034_147_136_47,
    0.060_718_246_529_604_08,
    -0.021_129_346_590_429_93,
    0.002_248_348_256_240_396,
    0.001_678_835_832_892_250_7,
    -0.000_693_184_033_743_210_2,
    -9.347_510_252_245_31e-5,
    0.000_111_198_357_109_905_08,
    4.398_353_667_179_146_5e-6,
    -1.786_367_188_973_684_6e-5,
    -6.467_445_108_148_607e-7,
    3.079_108_917_647_026e-6,
    3.102_150_923_532_826_4e-7,
    -5.377_820_999_052_003e-7,
    -1.165_481_011_143_519e-7,
    8.165_549_356_572_308e-8,
    2.925_897_241_570_062_4e-8,
    -7.555_661_779_658_05e-9,
    -3.742_315_533_439_284e-9,
];

/// A tail as `e^(-power·y²)·factor·(1 + TAIL)/(y + shift)`, where shift and factor are sums of a number and a small one,
/// which for the factor is relative.
struct Tail {
    power: f64,
    factor: [f64; 2],
    shift: [f64; 2],
    /// The y at which the variable of TAIL is 0.
    middle: f64,
}

/// `erfc(y)` for y ≥ 0.
const ERFC: Tail = Tail { power: 1.0, factor: [0.5625, 0.0], shift: [0.5, 0.0], middle: 3.0 };

/// `½·erfc(y/√2)` for y ≥ 0.
const NORM: Tail = Tail {
    power: 0.5,
    factor: [0.397_747_564_417_433, 1.886_927_223_914_605_2e-17],
    shift: [FRAC_1_SQRT_2, -4.833_646_656_726_457e-17],
    middle: 3.0 * SQRT_2,
};

impl Tail {
    /// The tail at y ≥ 0. The quotient is a sum of two numbers, so its rounding error does not count.
    #[inline(always)]
    fn at<V: Bits>(&self, y: Floats<V>) -> Floats<V> {
        let [square, lost] = y.two_product(y);
        let [p, _, k] = reduced(square * -self.power, lost * -self.power);
        let [under, lost] = y.two_sum(y.all(self.shift[0]));
        let quotient = y.all(self.factor[0]) / under;
        let ([high, _], [first, second]) = (quotient.halves(), under.halves());
        let rest = high
            .times_from(lost + self.shift[1], high.times_from(second, high.times_from(first, y.all(self.factor[0]))));
        let low = rest * quotient * (1.0 / self.factor[0]);
        // The variable is (y - middle)/(y + middle), computed so that only the last rounding counts. That is near -1, and there
        // the slope is about 1.16·t².
        let [t, lost] = y.all(-1.0).sum_of_greater(y / (y + self.middle) * 2.0);
        let s = t.polynomial(&TAIL) + (lost * (t * t)).times_plus(y.all(1.16), y.all(self.factor[1]));
        (high + quotient.times_plus(p.times_plus(s, p + s), low)).scaled(k)
    }
}

#[inline(always)]
pub(super) fn erf<V: Bits>(x: Floats<V>) -> Floats<V> {
    let size = x.abs().at_most(6.0);
    let small = size.times_plus((size * size).polynomial(&ERF), size);
    size.less(x.all(0.75)).choose(small, x.all(1.0) - ERFC.at(size)).with_sign_of(x)
}

#[inline(always)]
pub(super) fn erfc<V: Bits>(x: Floats<V>) -> Floats<V> {
    let tail = ERFC.at(x.abs().at_most(28.0));
    let right = x.less(x.all(0.0)).choose(x.all(2.0) - tail, tail);
    x.equals(0.0).choose(x.all(1.0), right)
}

#[inline(always)]
pub(super) fn norm_cdf<V: Bits>(x: Floats<V>) -> Floats<V> {
    let tail = NORM.at(x.abs().at_most(39.0));
    let right = x.less(x.all(0.0)).choose(tail, x.all(1.0) - tail);
    x.equals(0.0).choose(x.all(0.5), right)
}
