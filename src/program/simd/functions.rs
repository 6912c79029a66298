//! The functions of a block's values by registers, with an instruction set.

#![allow(unsafe_code)]

use super::floats::{Bits, Floats};
use super::register::Register;
use super::{circular, error_function, exponential, power};
use crate::graph::op::Op;
use crate::program::code::LANES;
use core::arch::x86_64::*;

/// The values of an operand, one for each point of a block.
type Values<T> = [T; LANES];

/// A register with functions. Those of f32 are computed lane by lane.
pub(super) trait Functions<T>: Register<T> {
    /// The values of an operation, if there is a function for it. It needs the instruction set.
    unsafe fn apply(_: Op, _: [&Values<T>; 2], _: &mut Values<T>) -> bool {
        false
    }

    /// Sines and cosines.
    unsafe fn sin_cos(_: &Values<T>, _: [&mut Values<T>; 2]) -> bool {
        false
    }
}
impl Functions<f32> for __m128 {}
impl Functions<f32> for __m256 {}

/// The function of a single float, for the lanes in which that of registers is not right.
#[cold]
#[inline(never)]
fn single(op: Op, [x, y]: [&Values<f64>; 2], z: &mut Values<f64>, mut failed: u32) {
    while failed != 0 {
        let l = failed.trailing_zeros() as usize;
        z[l] = op.value(x[l], y[l], 0.0, 0);
        failed &= failed - 1;
    }
}

#[inline(always)]
unsafe fn apply<V: Bits>(op: Op, [x, y]: [&Values<f64>; 2], z: &mut Values<f64>) -> bool {
    let mut failed = 0;
    macro_rules! each {
        ($x:ident => $value:expr) => {
            each!($x, _y => $value)
        };
        ($x:ident, $y:ident => $value:expr) => {
            for l in (0..LANES).step_by(V::WIDTH) {
                // SAFETY: the caller has the instruction set, and the values are a multiple of the width.
                let ($x, $y) =
                    unsafe { (Floats::<V>::load(x.as_ptr().add(l)), Floats::<V>::load(y.as_ptr().add(l))) };
                let (value, bits): (_, u32) = $value;
                failed |= bits << l;
                // SAFETY: likewise.
                unsafe { value.store(z.as_mut_ptr().add(l)) };
            }
        };
    }
    // Without FMA some functions would take as long as those of single floats, or longer.
    match op {
        Op::exp => each!(x => (exponential::exp(x), 0)),
        Op::exp2 if V::FUSED => each!(x => (exponential::exp2(x), 0)),
        Op::exp_m1 => each!(x => exponential::exp_m1(x)),
        Op::ln => each!(x => exponential::ln(x)),
        Op::ln_1p => each!(x => exponential::ln_1p(x)),
        Op::log2 if V::FUSED => each!(x => exponential::log2(x)),
        Op::log10 => each!(x => exponential::log10(x)),
        Op::sinh => each!(x => exponential::sinh(x)),
        Op::cosh => each!(x => exponential::cosh(x)),
        Op::tanh => each!(x => (exponential::tanh(x), 0)),
        Op::sigmoid if V::FUSED => each!(x => (exponential::sigmoid(x), 0)),
        Op::softplus if V::FUSED => each!(x => (exponential::softplus(x), 0)),
        Op::sin => each!(x => circular::sin(x)),
        Op::cos => each!(x => circular::cos(x)),
        Op::tan => each!(x => circular::tan(x)),
        Op::sinc => each!(x => circular::sinc(x)),
        Op::atan => each!(x => (circular::atan(x), 0)),
        Op::erf => each!(x => (error_function::erf(x), 0)),
        Op::erfc => each!(x => (error_function::erfc(x), 0)),
        Op::norm_cdf => each!(x => (error_function::norm_cdf(x), 0)),
        Op::powf if V::FUSED => each!(x, y => power::powf(x, y)),
        _ => return false,
    }
    if failed != 0 {
        single(op, [x, y], z, failed);
    }
    true
}

#[inline(always)]
unsafe fn sin_cos<V: Bits>(x: &Values<f64>, [sine, cosine]: [&mut Values<f64>; 2]) -> bool {
    let mut failed = 0;
    for l in (0..LANES).step_by(V::WIDTH) {
        // SAFETY: as in `apply`.
        let ([sin, cos], bits) = circular::sin_cos(unsafe { Floats::<V>::load(x.as_ptr().add(l)) });
        failed |= bits << l;
        // SAFETY: likewise.
        unsafe {
            sin.store(sine.as_mut_ptr().add(l));
            cos.store(cosine.as_mut_ptr().add(l));
        }
    }
    if failed != 0 {
        single(Op::sin, [x; 2], sine, failed);
        single(Op::cos, [x; 2], cosine, failed);
    }
    true
}

macro_rules! sets {
    ($($V:ident $apply:ident $sin_cos:ident $($features:literal)?;)*) => { $(
        $(#[target_feature(enable = $features)])?
        unsafe fn $apply(op: Op, x: [&Values<f64>; 2], z: &mut Values<f64>) -> bool {
            // SAFETY: the caller has the instruction set.
            unsafe { apply::<$V>(op, x, z) }
        }

        $(#[target_feature(enable = $features)])?
        unsafe fn $sin_cos(x: &Values<f64>, to: [&mut Values<f64>; 2]) -> bool {
            // SAFETY: the caller has the instruction set.
            unsafe { sin_cos::<$V>(x, to) }
        }

        impl Functions<f64> for $V {
            unsafe fn apply(op: Op, x: [&Values<f64>; 2], z: &mut Values<f64>) -> bool {
                // SAFETY: the caller has the instruction set.
                unsafe { $apply(op, x, z) }
            }

            unsafe fn sin_cos(x: &Values<f64>, to: [&mut Values<f64>; 2]) -> bool {
                // SAFETY: the caller has the instruction set.
                unsafe { $sin_cos(x, to) }
            }
        }
    )* };
}
sets! {
    __m128d apply_sse2 sin_cos_sse2;
    __m256d apply_avx2 sin_cos_avx2 "avx2,fma";
}
