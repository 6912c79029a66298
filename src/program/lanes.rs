//! Programs in lanes, on the registers that a machine has or in plain Rust.

use super::block::{Block, Set};
use super::code::{Code, LANES};
#[cfg(target_arch = "x86_64")]
use super::simd;
use crate::real::Real;
use crate::returns::Output;

/// A float that programs run with in lanes: `f32` or `f64`.
pub trait Lane: Real<Float = Self> + Output<Self> {
    /// Runs the instructions for one block.
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn run(set: Set, code: &Code, uniform: &[Self], block: &mut Block<Self>);

    /// Loads the columns of LANES rows into slots, of which some may not exist.
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn load(set: Set, rows: &[&[Self]; LANES], slots: &[Option<u32>], block: &mut Block<Self>);

    /// Stores results as columns of `count` rows.
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn store(set: Set, code: &Code, uniform: &[Self], count: usize, results: &mut [Self], block: &mut Block<Self>);

    /// Adds the addends of a block in which nothing has failed.
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn add_up(set: Set, code: &Code, uniform: &[Self], block: &mut Block<Self>);
}

macro_rules! lane {
    ($($T:ident $run:ident $load:ident $store:ident $add_up:ident),*) => { $(
        impl Lane for $T {
            #[inline]
            #[allow(private_interfaces)]
            fn run(set: Set, code: &Code, uniform: &[Self], block: &mut Block<Self>) {
                #[cfg(target_arch = "x86_64")]
                if simd::$run(set, code, uniform, block) {
                    return;
                }
                let _ = (set, code.fast);
                block.run(code, uniform);
            }

            #[inline]
            #[allow(private_interfaces)]
            fn load(set: Set, rows: &[&[Self]; LANES], slots: &[Option<u32>], block: &mut Block<Self>) {
                let _ = set;
                #[cfg(target_arch = "x86_64")]
                let loaded = simd::$load(set, rows, slots, block);
                #[cfg(not(target_arch = "x86_64"))]
                let loaded = 0;
                block.load(rows, slots, loaded);
            }

            #[inline]
            #[allow(private_interfaces)]
            fn store(
                set: Set,
                code: &Code,
                uniform: &[Self],
                count: usize,
                results: &mut [Self],
                block: &mut Block<Self>,
            ) {
                let _ = set;
                #[cfg(target_arch = "x86_64")]
                let stored = if count == LANES { simd::$store(set, &code.results, uniform, results, block) } else { 0 };
                #[cfg(not(target_arch = "x86_64"))]
                let stored = 0;
                block.store(code, uniform, count, results, stored);
            }

            #[inline]
            #[allow(private_interfaces)]
            fn add_up(set: Set, code: &Code, uniform: &[Self], block: &mut Block<Self>) {
                #[cfg(target_arch = "x86_64")]
                if simd::$add_up(set, code, uniform, block) {
                    return;
                }
                let _ = set;
                block.add_up(code, uniform, LANES);
            }
        }
    )* };
}
lane!(f32 run_f32 load_f32 store_f32 add_up_f32, f64 run_f64 load_f64 store_f64 add_up_f64);
