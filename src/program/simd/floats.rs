//! Arithmetic on registers of f64 for functions: operators, questions that are answered by masks, and bits.

#![allow(unsafe_code)]

use super::register::Register;
use core::arch::x86_64::*;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// What functions of f64 need of a register besides arithmetic. A mask has all bits of a lane set, or none.
pub(super) trait Bits: Register<f64> {
    /// How many floats it holds.
    const WIDTH: usize;
    /// Whether a product and a sum are rounded once.
    const FUSED: bool;
    /// self·b + c
    unsafe fn times_plus(self, b: Self, c: Self) -> Self;
    /// c - self·b
    unsafe fn times_from(self, b: Self, c: Self) -> Self;
    unsafe fn and(self, y: Self) -> Self;
    unsafe fn or(self, y: Self) -> Self;
    unsafe fn xor(self, y: Self) -> Self;
    /// The sum of the lanes as integers of 64 bits.
    unsafe fn add_integers(self, y: Self) -> Self;
    unsafe fn shift_left<const N: i32>(self) -> Self;
    unsafe fn shift_right<const N: i32>(self) -> Self;
    /// The lesser one; y, if one of them is NaN.
    unsafe fn least(self, y: Self) -> Self;
    /// The greater one; y, if one of them is NaN.
    unsafe fn greatest(self, y: Self) -> Self;
    /// The mask of a < b.
    unsafe fn mask_less(self, y: Self) -> Self;
    /// The mask of a = b.
    unsafe fn mask_equal(self, y: Self) -> Self;
    /// By this mask one or the other.
    unsafe fn choose(self, yes: Self, no: Self) -> Self;
}

macro_rules! bits {
    (
        $Register:ident $lanes:literal $fused:literal $and:ident $or:ident $xor:ident $add_integers:ident $left:ident $right:ident
        $least:ident $greatest:ident $to:ident $from:ident;
        |$a:ident, $b:ident, $c:ident| $plus:expr, $minus:expr, $less:expr, $equal:expr; |$mask:ident, $yes:ident, $no:ident| $choose:expr
    ) => {
        impl Bits for $Register {
            const WIDTH: usize = $lanes;
            const FUSED: bool = $fused;

            #[inline(always)]
            unsafe fn times_plus(self, $b: Self, $c: Self) -> Self {
                let $a = self;
                unsafe { $plus }
            }

            #[inline(always)]
            unsafe fn times_from(self, $b: Self, $c: Self) -> Self {
                let $a = self;
                unsafe { $minus }
            }

            #[inline(always)]
            unsafe fn and(self, y: Self) -> Self {
                unsafe { $and(self, y) }
            }

            #[inline(always)]
            unsafe fn or(self, y: Self) -> Self {
                unsafe { $or(self, y) }
            }

            #[inline(always)]
            unsafe fn xor(self, y: Self) -> Self {
                unsafe { $xor(self, y) }
            }

            #[inline(always)]
            unsafe fn add_integers(self, y: Self) -> Self {
                unsafe { $from($add_integers($to(self), $to(y))) }
            }

            #[inline(always)]
            unsafe fn shift_left<const N: i32>(self) -> Self {
                unsafe { $from($left::<N>($to(self))) }
            }

            #[inline(always)]
            unsafe fn shift_right<const N: i32>(self) -> Self {
                unsafe { $from($right::<N>($to(self))) }
            }

            #[inline(always)]
            unsafe fn least(self, y: Self) -> Self {
                unsafe { $least(self, y) }
            }

            #[inline(always)]
            unsafe fn greatest(self, y: Self) -> Self {
                unsafe { $greatest(self, y) }
            }

            #[inline(always)]
            unsafe fn mask_less(self, $b: Self) -> Self {
                let $a = self;
                unsafe { $less }
            }

            #[inline(always)]
            unsafe fn mask_equal(self, $b: Self) -> Self {
                let $a = self;
                unsafe { $equal }
            }

            #[inline(always)]
            unsafe fn choose(self, $yes: Self, $no: Self) -> Self {
                let $mask = self;
                unsafe { $choose }
            }
        }
    };
}
bits!(__m128d 2 false _mm_and_pd _mm_or_pd _mm_xor_pd _mm_add_epi64 _mm_slli_epi64 _mm_srli_epi64 _mm_min_pd _mm_max_pd
    _mm_castpd_si128 _mm_castsi128_pd;
    |a, b, c| _mm_add_pd(_mm_mul_pd(a, b), c), _mm_sub_pd(c, _mm_mul_pd(a, b)), _mm_cmplt_pd(a, b), _mm_cmpeq_pd(a, b);
    |mask, yes, no| _mm_or_pd(_mm_and_pd(mask, yes), _mm_andnot_pd(mask, no)));
bits!(__m256d 4 true _mm256_and_pd _mm256_or_pd _mm256_xor_pd _mm256_add_epi64 _mm256_slli_epi64 _mm256_srli_epi64 _mm256_min_pd
    _mm256_max_pd _mm256_castpd_si256 _mm256_castsi256_pd;
    |a, b, c| _mm256_fmadd_pd(a, b, c), _mm256_fnmadd_pd(a, b, c), _mm256_cmp_pd::<_CMP_LT_OQ>(a, b), _mm256_cmp_pd::<_CMP_EQ_OQ>(a, b);
    |mask, yes, no| _mm256_blendv_pd(no, yes, mask));

/// Floats in a register, with operators.
///
/// Only [`load`](Self::load) makes one from nothing, and it needs the instruction set of the register. So where there is a
/// value of this type, the instruction set is there, and all other methods are safe.
#[derive(Clone, Copy)]
pub(super) struct Floats<V>(V);

/// The integer in the lowest bits of a float to which this number was added, as long as it is small. At the same time the
/// sum is rounded to an integer, halves to even.
pub(super) const ROUNDER: f64 = 6_755_399_441_055_744.0;

// SAFETY of all blocks below: there is a value, so the instruction set was found.
impl<V: Bits> Floats<V> {
    /// Loads WIDTH floats.
    #[inline(always)]
    pub(super) unsafe fn load(from: *const f64) -> Self {
        // SAFETY: the caller has the instruction set, and so many floats.
        Self(unsafe { V::load(from) })
    }

    /// Stores WIDTH floats.
    #[inline(always)]
    pub(super) unsafe fn store(self, to: *mut f64) {
        // SAFETY: the caller has room for so many floats.
        unsafe { self.0.store(to) };
    }

    /// The number c in all lanes.
    #[inline(always)]
    pub(super) fn all(self, c: f64) -> Self {
        Self(unsafe { V::splat(c) })
    }

    /// These bits in all lanes.
    #[inline(always)]
    pub(super) fn all_bits(self, bits: u64) -> Self {
        self.all(f64::from_bits(bits))
    }

    /// self·b + c
    #[inline(always)]
    pub(super) fn times_plus(self, b: Self, c: Self) -> Self {
        Self(unsafe { self.0.times_plus(b.0, c.0) })
    }

    /// c - self·b
    #[inline(always)]
    pub(super) fn times_from(self, b: Self, c: Self) -> Self {
        Self(unsafe { self.0.times_from(b.0, c.0) })
    }

    /// The polynomial with these coefficients, the constant one first. Even and odd powers have a sum each, so that half as
    /// many operations wait for one another.
    #[inline(always)]
    pub(super) fn polynomial<const N: usize>(self, coefficients: &[f64; N]) -> Self {
        let square = self * self;
        let mut sums = [self.all(coefficients[N - 1]), self.all(coefficients[N - 2])];
        for k in (0..N - 2).rev() {
            let [next, last] = sums;
            sums = [last, next.times_plus(square, self.all(coefficients[k]))];
        }
        let [odd, even] = sums;
        odd.times_plus(self, even)
    }

    #[inline(always)]
    pub(super) fn abs(self) -> Self {
        Self(unsafe { self.0.abs() })
    }

    /// The magnitude of self with the sign of y.
    #[inline(always)]
    pub(super) fn with_sign_of(self, y: Self) -> Self {
        self.abs().or(y.and(y.all(-0.0)))
    }

    /// The lesser one of self and c, or NaN.
    #[inline(always)]
    pub(super) fn at_most(self, c: f64) -> Self {
        Self(unsafe { V::splat(c).least(self.0) })
    }

    /// The greater one of self and c, or NaN.
    #[inline(always)]
    pub(super) fn at_least(self, c: f64) -> Self {
        Self(unsafe { V::splat(c).greatest(self.0) })
    }

    /// The nearest integer of a number of less than 51 bits.
    #[inline(always)]
    pub(super) fn round(self) -> Self {
        self + ROUNDER - ROUNDER
    }

    /// 2ᵏ for an integer k from -1022 to 1023.
    #[inline(always)]
    pub(super) fn power_of_two(self) -> Self {
        (self + (ROUNDER + 1023.0)).shift_left::<52>()
    }

    /// The product with 2ᵏ for an integer k, in two steps, since 2ᵏ itself may be out of range.
    #[inline(always)]
    pub(super) fn scaled(self, k: Self) -> Self {
        let half = (k * 0.5).round();
        self * half.power_of_two() * (k - half).power_of_two()
    }

    #[inline(always)]
    pub(super) fn and(self, y: Self) -> Self {
        Self(unsafe { self.0.and(y.0) })
    }

    #[inline(always)]
    pub(super) fn or(self, y: Self) -> Self {
        Self(unsafe { self.0.or(y.0) })
    }

    #[inline(always)]
    pub(super) fn xor(self, y: Self) -> Self {
        Self(unsafe { self.0.xor(y.0) })
    }

    #[inline(always)]
    pub(super) fn add_integers(self, y: Self) -> Self {
        Self(unsafe { self.0.add_integers(y.0) })
    }

    #[inline(always)]
    pub(super) fn shift_left<const N: i32>(self) -> Self {
        Self(unsafe { self.0.shift_left::<N>() })
    }

    #[inline(always)]
    pub(super) fn shift_right<const N: i32>(self) -> Self {
        Self(unsafe { self.0.shift_right::<N>() })
    }

    /// The mask of self < y.
    #[inline(always)]
    pub(super) fn less(self, y: Self) -> Self {
        Self(unsafe { self.0.mask_less(y.0) })
    }

    /// The mask of self = c.
    #[inline(always)]
    pub(super) fn equals(self, c: f64) -> Self {
        Self(unsafe { self.0.mask_equal(V::splat(c)) })
    }

    /// By this mask one or the other.
    #[inline(always)]
    pub(super) fn choose(self, yes: Self, no: Self) -> Self {
        Self(unsafe { self.0.choose(yes.0, no.0) })
    }

    /// One bit for each lane that is not from `least` to `greatest`, also for NaN.
    #[inline(always)]
    pub(super) fn outside(self, least: f64, greatest: f64) -> u32 {
        let inside = unsafe { V::splat(least).less_or_equal(self.0) & self.0.less_or_equal(V::splat(greatest)) };
        !inside & ((1 << V::WIDTH) - 1)
    }

    /// The sum and its rounding error (Knuth's TwoSum: The Art of Computer Programming 2, 4.2.2).
    #[inline(always)]
    pub(super) fn two_sum(self, y: Self) -> [Self; 2] {
        let sum = self + y;
        let of_y = sum - self;
        [sum, (self - (sum - of_y)) + (y - of_y)]
    }

    /// The sum and its rounding error, where y is not greater (Dekker 1971).
    #[inline(always)]
    pub(super) fn sum_of_greater(self, y: Self) -> [Self; 2] {
        let sum = self + y;
        [sum, (self - sum) + y]
    }

    /// Two numbers of 26 and 27 bits with this sum.
    #[inline(always)]
    pub(super) fn halves(self) -> [Self; 2] {
        let high = self.and(self.all_bits(0xFFFF_FFFF_F800_0000));
        [high, self - high]
    }

    /// The product and its rounding error, unless they are near the ends of the range. Without FMA by halves of the numbers
    /// (Dekker 1971).
    #[inline(always)]
    pub(super) fn two_product(self, y: Self) -> [Self; 2] {
        let product = self * y;
        if V::FUSED {
            return [product, -self.times_from(y, product)];
        }
        let ([a, b], [c, d]) = (self.halves(), y.halves());
        [product, ((a * c - product) + a * d + b * c) + b * d]
    }
}

macro_rules! operator {
    ($($Operator:ident $operator:ident $method:ident),*) => { $(
        impl<V: Bits> $Operator for Floats<V> {
            type Output = Self;

            #[inline(always)]
            fn $operator(self, y: Self) -> Self {
                Self(unsafe { self.0.$method(y.0) })
            }
        }

        impl<V: Bits> $Operator<f64> for Floats<V> {
            type Output = Self;

            #[inline(always)]
            fn $operator(self, y: f64) -> Self {
                self.$operator(self.all(y))
            }
        }
    )* };
}
operator!(Add add add, Sub sub sub, Mul mul mul, Div div div);

impl<V: Bits> Neg for Floats<V> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self(unsafe { self.0.negative() })
    }
}
