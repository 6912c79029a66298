//! SIMD packs of partials, as wide as a register of the machine's baseline instruction set.
//!
//! On its own the compiler packs the partials and values of small numbers differently in each function, as (a₀, a₁) in
//! one and (a₃, value) in another. Then a load may span two earlier stores. Store-to-load forwarding fails, the load
//! waits until both stores have left the store buffer, and a number that is passed in memory stalls the processor. Here
//! all loads and stores of partials have the same shape.

use crate::external::function::Passable;
use core::ops::{Add, Mul, Neg, Sub};
use num_traits::{One, Zero};

/// A SIMD pack: some neighboring partials of a number, which are computed at once.
pub trait Lanes<T>:
    Copy + Add<Output = Self> + Sub<Output = Self> + Neg<Output = Self> + Mul<T, Output = Self>
{
    /// The number of partials in a pack.
    const COUNT: usize;

    /// Numbers with at most this many partials are computed by packs. More partials are computed by a plain loop, which the
    /// compiler vectorizes.
    const MOST: usize;

    /// Loads the first `COUNT` partials of a slice.
    fn load(from: &[T]) -> Self;

    /// The products of partials and a slope. A zero partial stays zero, whatever the slope is.
    fn slope_times(self, slope: T) -> Self;

    /// Stores the pack at the front of a slice.
    fn store(self, to: &mut [T]);
}

/// A number that partials can be. The module is private, so this trait also seals [`Real`](crate::Real): no other crate can
/// implement it.
pub trait Laned: Copy + Passable + Zero + One + Sub<Output = Self> + Neg<Output = Self> {
    /// A pack of partials of this type.
    type Lanes: Lanes<Self>;

    /// A derivative that is not there. It is a zero; a recording of a program leaves out what is multiplied by it, which it
    /// must not do for a zero of the user's.
    #[inline(always)]
    fn absent() -> Self {
        Self::zero()
    }

    /// Whether a derivative is known to be zero. Users ask [`Zero::is_zero`] instead, whose answer depends on the values, and
    /// so does the course of a program.
    #[inline(always)]
    fn is_absent(&self) -> bool {
        self.is_zero()
    }

    /// The stamp of a number of forward mode.
    #[cfg(feature = "trap-confusion")]
    fn stamp_mut(&mut self) -> Option<&mut u64> {
        None
    }
}

/// A single partial: scalar code, which the compiler may vectorize or not.
impl<T: Laned + Mul<Output = T>> Lanes<T> for T {
    const COUNT: usize = 1;
    const MOST: usize = 0;

    #[inline(always)]
    fn load(from: &[T]) -> Self {
        from[0]
    }

    #[inline(always)]
    fn slope_times(self, slope: T) -> Self {
        if self.is_absent() { self } else { self * slope }
    }

    #[inline(always)]
    fn store(self, to: &mut [T]) {
        to[0] = self;
    }
}

/// A register of floats, by intrinsics of the machine's baseline instruction set. The intrinsics are declared
/// unsafe, because their declarations do not take the baseline into account.
#[cfg(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "aarch64", target_feature = "neon")
))]
macro_rules! register {
    (
        $module:ident [$T:ty; $count:literal], $arch:ident $Register:ident, |$from:ident| $load:expr, |$to:ident, $stored:ident| $store:expr,
        $splat:ident; $($name:ident $intrinsic:ident),*; |$x:ident, $product:ident| $masked:expr
    ) => {
        #[allow(unsafe_code)]
        mod $module {
            use core::arch::$arch::*;
            pub use core::arch::$arch::$Register as Register;

            #[inline(always)]
            pub fn load(from: &[$T; $count]) -> Register {
                let $from = from.as_ptr();
                // SAFETY: this is compiled only if the target has the instruction. It reads as many floats as the array has,
                // which need not be aligned.
                unsafe { $load }
            }

            #[inline(always)]
            pub fn store($stored: Register, to: &mut [$T; $count]) {
                let $to = to.as_mut_ptr();
                // SAFETY: the target has the instruction. It writes as many floats as the array has, which need not be
                // aligned.
                unsafe { $store }
            }

            #[inline(always)]
            pub fn splat(c: $T) -> Register {
                // SAFETY: the target has the instruction.
                unsafe { $splat(c) }
            }

            $(
                #[inline(always)]
                pub fn $name(x: Register, y: Register) -> Register {
                    // SAFETY: the target has the instruction.
                    unsafe { $intrinsic(x, y) }
                }
            )*

            /// The products with `x`, except that they are 0 where `x` is.
            #[inline(always)]
            pub fn masked($x: Register, $product: Register) -> Register {
                // SAFETY: the target has the instructions.
                unsafe { $masked }
            }
        }
    };
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
register!(
    register64 [f64; 2], x86_64 __m128d, |from| _mm_loadu_pd(from), |to, x| _mm_storeu_pd(to, x), _mm_set1_pd;
    add _mm_add_pd, sub _mm_sub_pd, mul _mm_mul_pd; |x, product| _mm_and_pd(_mm_cmpneq_pd(x, _mm_setzero_pd()), product)
);
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
register!(
    register32 [f32; 4], x86_64 __m128, |from| _mm_loadu_ps(from), |to, x| _mm_storeu_ps(to, x), _mm_set1_ps;
    add _mm_add_ps, sub _mm_sub_ps, mul _mm_mul_ps; |x, product| _mm_and_ps(_mm_cmpneq_ps(x, _mm_setzero_ps()), product)
);
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
register!(
    register64 [f64; 2], aarch64 float64x2_t, |from| vld1q_f64(from), |to, x| vst1q_f64(to, x), vdupq_n_f64;
    add vaddq_f64, sub vsubq_f64, mul vmulq_f64;
    |x, product| vreinterpretq_f64_u64(vbicq_u64(vreinterpretq_u64_f64(product), vceqzq_f64(x)))
);
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
register!(
    register32 [f32; 4], aarch64 float32x4_t, |from| vld1q_f32(from), |to, x| vst1q_f32(to, x), vdupq_n_f32;
    add vaddq_f32, sub vsubq_f32, mul vmulq_f32;
    |x, product| vreinterpretq_f32_u32(vbicq_u32(vreinterpretq_u32_f32(product), vceqzq_f32(x)))
);

/// On other targets: arrays of floats, which the compiler may vectorize.
#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "aarch64", target_feature = "neon")
)))]
macro_rules! register {
    ($module:ident [$T:ty; $count:literal]) => {
        mod $module {
            use core::array::from_fn;

            pub type Register = [$T; $count];

            #[inline(always)]
            pub fn load(from: &[$T; $count]) -> Register {
                *from
            }

            #[inline(always)]
            pub fn store(x: Register, to: &mut [$T; $count]) {
                *to = x;
            }

            #[inline(always)]
            pub fn splat(c: $T) -> Register {
                [c; $count]
            }

            #[inline(always)]
            pub fn add(x: Register, y: Register) -> Register {
                from_fn(|i| x[i] + y[i])
            }

            #[inline(always)]
            pub fn sub(x: Register, y: Register) -> Register {
                from_fn(|i| x[i] - y[i])
            }

            #[inline(always)]
            pub fn mul(x: Register, y: Register) -> Register {
                from_fn(|i| x[i] * y[i])
            }

            #[inline(always)]
            pub fn masked(x: Register, product: Register) -> Register {
                from_fn(|i| if x[i] == 0.0 { 0.0 } else { product[i] })
            }
        }
    };
}
#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "aarch64", target_feature = "neon")
)))]
register!(register64 [f64; 2]);
#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "aarch64", target_feature = "neon")
)))]
register!(register32 [f32; 4]);

macro_rules! pack {
    ($Pack:ident [$T:ty; $count:literal], $register:ident) => {
        /// Partials in one register.
        #[derive(Clone, Copy, Debug)]
        pub struct $Pack($register::Register);

        impl Lanes<$T> for $Pack {
            const COUNT: usize = $count;
            const MOST: usize = 64;

            #[inline(always)]
            fn load(from: &[$T]) -> Self {
                Self($register::load(from.first_chunk().expect("as many partials as a pack has")))
            }

            #[inline(always)]
            fn slope_times(self, slope: $T) -> Self {
                Self($register::masked(self.0, $register::mul(self.0, $register::splat(slope))))
            }

            #[inline(always)]
            fn store(self, to: &mut [$T]) {
                $register::store(self.0, to.first_chunk_mut().expect("room for a pack"));
            }
        }

        impl Add for $Pack {
            type Output = Self;

            #[inline(always)]
            fn add(self, y: Self) -> Self {
                Self($register::add(self.0, y.0))
            }
        }

        impl Sub for $Pack {
            type Output = Self;

            #[inline(always)]
            fn sub(self, y: Self) -> Self {
                Self($register::sub(self.0, y.0))
            }
        }

        impl Mul<$T> for $Pack {
            type Output = Self;

            #[inline(always)]
            fn mul(self, c: $T) -> Self {
                Self($register::mul(self.0, $register::splat(c)))
            }
        }

        impl Neg for $Pack {
            type Output = Self;

            /// -0 - x, which changes the sign of zeros too.
            #[inline(always)]
            fn neg(self) -> Self {
                Self($register::sub($register::splat(-0.0), self.0))
            }
        }
    };
}
pack!(Pair64 [f64; 2], register64);
// Only whole registers: copies load four floats at a time, and that fails store-to-load forwarding behind stores of two. With
// pairs of floats the gradient of a polynomial of two variables took 2.5 times as long as with the plain loop.
pack!(Quad32 [f32; 4], register32);

/// A formula for a partial of a result, given the partials of two operands. A closure computes single partials;
/// [`formula!`] makes a formula that also works on SIMD packs.
pub(crate) trait Formula<T: Laned> {
    /// Whether the formula works on packs.
    const LANES: bool = false;

    fn one(&self, a: T, b: T) -> T;

    fn lanes(&self, _: T::Lanes, _: T::Lanes) -> T::Lanes {
        unreachable!("this formula has no form for SIMD packs")
    }
}

impl<T: Laned, F: Fn(T, T) -> T> Formula<T> for F {
    #[inline(always)]
    fn one(&self, a: T, b: T) -> T {
        self(a, b)
    }
}

/// The type that [`formula!`] makes: a closure for one partial, and one for packs.
pub(crate) struct Twins<F, G>(pub(crate) F, pub(crate) G);

impl<T: Laned, F: Fn(T, T) -> T, G: Fn(T::Lanes, T::Lanes) -> T::Lanes> Formula<T> for Twins<F, G> {
    const LANES: bool = T::Lanes::COUNT > 1;

    #[inline(always)]
    fn one(&self, a: T, b: T) -> T {
        self.0(a, b)
    }

    #[inline(always)]
    fn lanes(&self, a: T::Lanes, b: T::Lanes) -> T::Lanes {
        self.1(a, b)
    }
}

/// Makes a formula for one partial and for SIMD packs. Partials must stand on the left of products.
macro_rules! formula {
    (|$a:tt, $b:tt| $result:expr) => {
        $crate::lanes::Twins(|$a: T, $b: T| $result, |$a: T::Lanes, $b: T::Lanes| $result)
    };
}
pub(crate) use formula;

/// The partials of a result, each computed from a partial in `x` and one in `y`.
#[inline(always)]
pub(crate) fn zip<T: Laned, F: Formula<T>, const N: usize>(x: &[T; N], y: &[T; N], f: &F) -> [T; N] {
    if cfg!(debug_assertions) {
        // Without optimization, and where overflow is checked, the shortest loop takes a fifth to a seventh of the time.
        let mut z = *x;
        let mut i = 0;
        while i < N {
            z[i] = f.one(x[i], y[i]);
            i += 1;
        }
        return z;
    }
    if F::LANES && N == 3 && T::Lanes::COUNT == 4 {
        // One pack with a partial too many; single partials take half as long again.
        let padded = |x: &[T; N]| T::Lanes::load(&[x[0], x[1], x[N - 1], T::absent()]);
        let mut z = [T::absent(); 4];
        f.lanes(padded(x), padded(y)).store(&mut z);
        let mut partials = [T::absent(); N];
        partials.copy_from_slice(&z[..N]);
        return partials;
    }
    each(F::LANES, |i| f.lanes(T::Lanes::load(&x[i..]), T::Lanes::load(&y[i..])), |i| f.one(x[i], y[i]))
}

/// A formula for the product of each partial of one operand with a slope, in which zero partials stay zero.
#[inline(always)]
pub(crate) fn slope_times<T: Laned>(slope: T) -> impl Formula<T> {
    Twins(
        move |a: T, _: T| if a.is_absent() { T::absent() } else { slope * a },
        move |a: T::Lanes, _: T::Lanes| a.slope_times(slope),
    )
}

// Loops over an array of zeros, because `from_fn` is not inlined for many partials.
#[inline(always)]
fn each<T: Laned, const N: usize>(wide: bool, lanes: impl Fn(usize) -> T::Lanes, one: impl Fn(usize) -> T) -> [T; N] {
    let mut z = [T::absent(); N];
    let (mut i, many) = (0, T::Lanes::COUNT);
    while wide && N <= T::Lanes::MOST && i + many <= N {
        lanes(i).store(&mut z[i..]);
        i += many;
    }
    while i < N {
        z[i] = one(i);
        i += 1;
    }
    z
}
