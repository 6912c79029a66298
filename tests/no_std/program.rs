//! Forward mode without the standard library: the program's exit code is 0 if all derivatives are right.

#![no_std]
#![no_main]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicUsize, Ordering};
use nilpotent::{Dual, Real, derivative, gradient, hessian, nth_derivative};

/// As much memory as a small controller has. Freed memory is not used again.
const MEMORY: usize = 1 << 16;

#[repr(align(16))]
struct Memory {
    bytes: UnsafeCell<[u8; MEMORY]>,
    used: AtomicUsize,
}

// SAFETY: `used` hands out each byte once.
unsafe impl Sync for Memory {}

#[global_allocator]
static ALLOCATOR: Memory = Memory { bytes: UnsafeCell::new([0; MEMORY]), used: AtomicUsize::new(0) };

// SAFETY: blocks are disjoint, inside of `bytes`, and aligned as asked for, up to the alignment of `bytes`.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size().next_multiple_of(16);
        let start = self.used.fetch_add(size, Ordering::Relaxed);
        if layout.align() > 16 || start + size > MEMORY {
            return core::ptr::null_mut();
        }
        self.bytes.get().cast::<u8>().wrapping_add(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    // SAFETY: the function of the C library has this signature, and does not return.
    unsafe { exit(1) }
}

#[link(name = "c")]
unsafe extern "C" {
    fn exit(code: i32) -> !;
}

fn rosenbrock<T: Real>(x: &[T]) -> T {
    x.windows(2).map(|w| (w[1] - w[0] * w[0]).powi(2) * T::lit(100.0) + (T::one() - w[0]).powi(2)).sum()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-15 * b.abs()
}

/// What the C library's startup code calls.
// SAFETY: no other function of this program has the name.
#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    // cos 6 and sin 6, by mpmath.
    let (y, dy) = derivative(|x: Dual| (x * x + x).sin(), 2.0);
    assert!(close(y, -0.279_415_498_198_925_87) && close(dy, 5.0 * 0.960_170_286_650_366));
    // On the heap, in chunks.
    let (y, dy) = gradient(rosenbrock, &[1.0; 20][..]);
    assert!(y == 0.0 && dy.iter().all(|&d| d == 0.0));
    let (_, _, h) = hessian(|[a, b]| a * b * b, [2.0_f32, 3.0]);
    assert!(h == [[0.0, 6.0], [6.0, 4.0]]);
    // The gamma function's logarithm comes from libm, and its derivatives from this crate: -γ and π²/6 at 1.
    let (_, [first, second]) = nth_derivative(|x| x.ln_gamma(), 1.0);
    assert!(close(first, -0.577_215_664_901_532_9) && close(second, 1.644_934_066_848_226_4));
    0
}
