//! The same instructions on registers of x86-64, of 128 or 256 bits, as the machine has them.
//!
//! Of programs only these files have unsafe code, for two reasons: intrinsics need an instruction set, which
//! [`Set`](super::block::Set) has found; and slots are read and written through pointers, because the target of an
//! instruction may be one of its operands. The numbers of slots and places are checked before. The plain form in `block.rs`
//! is the reference: both compute the same bits, except for the functions of `Kernel::fast`, which
//! the plain form does not have.

mod register;
mod columns;
mod floats;
mod exponential;
mod circular;
mod error_function;
mod power;
mod functions;
mod run;

pub(super) use columns::{load_f32, load_f64, store_f32, store_f64};
pub(super) use run::{add_up_f32, add_up_f64, run_f32, run_f64};
