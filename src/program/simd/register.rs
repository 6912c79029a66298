//! Registers of the machine's instruction sets.

#![allow(unsafe_code)]

use core::arch::x86_64::*;

/// A register. All functions need the instruction set of the register; loads and stores need a pointer to as many floats as
/// it holds, which need not be aligned.
pub(super) trait Register<T>: Copy {
    unsafe fn load(from: *const T) -> Self;
    unsafe fn store(self, to: *mut T);
    unsafe fn splat(x: T) -> Self;
    unsafe fn add(self, y: Self) -> Self;
    unsafe fn sub(self, y: Self) -> Self;
    unsafe fn mul(self, y: Self) -> Self;
    unsafe fn div(self, y: Self) -> Self;
    unsafe fn sqrt(self) -> Self;
    unsafe fn negative(self) -> Self;
    /// Without the sign bit.
    unsafe fn abs(self) -> Self;
    /// One bit for each lane: a < b.
    unsafe fn less(self, y: Self) -> u32;
    /// a ≤ b
    unsafe fn less_or_equal(self, y: Self) -> u32;
    /// a = b
    unsafe fn equal(self, y: Self) -> u32;
}

macro_rules! register {
    (
        $Register:ident<$T:ident>, $load:ident $store:ident $splat:ident $add:ident $sub:ident $mul:ident $div:ident
        $sqrt:ident; |$x:ident| $negative:expr, $abs:expr; |$a:ident, $b:ident| $less:expr, $less_or_equal:expr, $equal:expr
    ) => {
        impl Register<$T> for $Register {
            #[inline(always)]
            unsafe fn load(from: *const $T) -> Self {
                unsafe { $load(from) }
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut $T) {
                unsafe { $store(to, self) }
            }

            #[inline(always)]
            unsafe fn splat(x: $T) -> Self {
                unsafe { $splat(x) }
            }

            #[inline(always)]
            unsafe fn add(self, y: Self) -> Self {
                unsafe { $add(self, y) }
            }

            #[inline(always)]
            unsafe fn sub(self, y: Self) -> Self {
                unsafe { $sub(self, y) }
            }

            #[inline(always)]
            unsafe fn mul(self, y: Self) -> Self {
                unsafe { $mul(self, y) }
            }

            #[inline(always)]
            unsafe fn div(self, y: Self) -> Self {
                unsafe { $div(self, y) }
            }

            #[inline(always)]
            unsafe fn sqrt(self) -> Self {
                unsafe { $sqrt(self) }
            }

            #[inline(always)]
            unsafe fn negative(self) -> Self {
                let $x = self;
                unsafe { $negative }
            }

            #[inline(always)]
            unsafe fn abs(self) -> Self {
                let $x = self;
                unsafe { $abs }
            }

            #[inline(always)]
            unsafe fn less(self, y: Self) -> u32 {
                let ($a, $b) = (self, y);
                unsafe { $less as u32 }
            }

            #[inline(always)]
            unsafe fn less_or_equal(self, y: Self) -> u32 {
                let ($a, $b) = (self, y);
                unsafe { $less_or_equal as u32 }
            }

            #[inline(always)]
            unsafe fn equal(self, y: Self) -> u32 {
                let ($a, $b) = (self, y);
                unsafe { $equal as u32 }
            }
        }
    };
}

register!(__m128d<f64>, _mm_loadu_pd _mm_storeu_pd _mm_set1_pd _mm_add_pd _mm_sub_pd _mm_mul_pd _mm_div_pd _mm_sqrt_pd;
    |x| _mm_xor_pd(x, _mm_set1_pd(-0.0)), _mm_andnot_pd(_mm_set1_pd(-0.0), x);
    |a, b| _mm_movemask_pd(_mm_cmplt_pd(a, b)), _mm_movemask_pd(_mm_cmple_pd(a, b)),
    _mm_movemask_pd(_mm_cmpeq_pd(a, b)));
register!(__m128<f32>, _mm_loadu_ps _mm_storeu_ps _mm_set1_ps _mm_add_ps _mm_sub_ps _mm_mul_ps _mm_div_ps _mm_sqrt_ps;
    |x| _mm_xor_ps(x, _mm_set1_ps(-0.0)), _mm_andnot_ps(_mm_set1_ps(-0.0), x);
    |a, b| _mm_movemask_ps(_mm_cmplt_ps(a, b)), _mm_movemask_ps(_mm_cmple_ps(a, b)),
    _mm_movemask_ps(_mm_cmpeq_ps(a, b)));
register!(__m256d<f64>, _mm256_loadu_pd _mm256_storeu_pd _mm256_set1_pd _mm256_add_pd _mm256_sub_pd _mm256_mul_pd
    _mm256_div_pd _mm256_sqrt_pd;
    |x| _mm256_xor_pd(x, _mm256_set1_pd(-0.0)), _mm256_andnot_pd(_mm256_set1_pd(-0.0), x);
    |a, b| _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(a, b)),
    _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LE_OQ>(a, b)), _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_EQ_OQ>(a, b)));
register!(__m256<f32>, _mm256_loadu_ps _mm256_storeu_ps _mm256_set1_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps
    _mm256_div_ps _mm256_sqrt_ps;
    |x| _mm256_xor_ps(x, _mm256_set1_ps(-0.0)), _mm256_andnot_ps(_mm256_set1_ps(-0.0), x);
    |a, b| _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LT_OQ>(a, b)),
    _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LE_OQ>(a, b)), _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_EQ_OQ>(a, b)));
