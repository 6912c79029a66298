//! Runs instructions on registers.

#![allow(unsafe_code)]
// Plain loops over registers are compiled for the instruction set of the function around them; iterators need not be.
#![allow(clippy::needless_range_loop)]

use super::functions::Functions;
use super::register::Register;
use crate::graph::guard::Question;
use crate::graph::op::Op;
use crate::program::block::{Block, PARTS, Set, Slot};
use crate::program::code::{Addend, Code, Instruction, LANES, Source, Term};
use crate::real::Real;
use core::arch::x86_64::*;

/// Where the operands of a block are.
#[derive(Clone, Copy)]
struct Memory<T> {
    slots: *mut T,
    uniform: *const T,
}

impl<T: Copy> Memory<T> {
    #[inline(always)]
    unsafe fn slot(self, slot: u32) -> *mut T {
        // SAFETY: the slot is one of the block's.
        unsafe { self.slots.add(slot as usize * LANES) }
    }

    /// G registers of an operand from the one with the number `at` on.
    #[inline(always)]
    unsafe fn get<V: Register<T>, const G: usize>(self, source: Source, at: usize) -> [V; G] {
        let width = size_of::<V>() / size_of::<T>();
        // SAFETY: a slot has LANES floats, and a place is that of a uniform value.
        unsafe {
            match source {
                Source::Slot(slot) => {
                    let from = self.slot(slot).cast_const().add(at * width);
                    let mut x = [V::load(from); G];
                    for g in 1..G {
                        x[g] = V::load(from.add(g * width));
                    }
                    x
                }
                Source::Uniform(place) => [V::splat(*self.uniform.add(place as usize)); G],
            }
        }
    }
}

/// Combines two arrays of registers by a method. It is no function, because closures would not be compiled for the
/// instruction set of the function around them.
macro_rules! zip {
    ($x:expr, $y:expr, $method:ident) => {{
        let (mut x, y) = ($x, $y);
        for g in 0..x.len() {
            x[g] = x[g].$method(y[g]);
        }
        x
    }};
}

/// Applies a method to each register.
macro_rules! each {
    ($x:expr, $method:ident) => {{
        let mut x = $x;
        for g in 0..x.len() {
            x[g] = x[g].$method();
        }
        x
    }};
}

#[inline(always)]
unsafe fn store<T: Copy, V: Register<T>, const G: usize>(x: [V; G], to: *mut T) {
    let width = size_of::<V>() / size_of::<T>();
    for g in 0..G {
        // SAFETY: the caller has room for G registers.
        unsafe { x[g].store(to.add(g * width)) };
    }
}

/// The sum of a chain's terms, for G registers.
#[inline(always)]
unsafe fn chain<T: Copy, V: Register<T>, const G: usize>(memory: Memory<T>, terms: &[Term], at: usize) -> [V; G] {
    // SAFETY: as for `Memory`.
    unsafe {
        let mut sum = value::<T, V, G>(memory, &terms[0], at);
        // Adds or subtracts G values in place, so that they need not be in registers at the same time.
        macro_rules! each_sum {
            ($method:ident, $g:ident => $value:expr) => {
                for $g in 0..G {
                    sum[$g] = sum[$g].$method($value);
                }
            };
        }
        let width = size_of::<V>() / size_of::<T>();
        let place = |slot: u32| memory.slot(slot).cast_const().add(at * width);
        for term in &terms[1..] {
            macro_rules! add {
                ($method:ident) => {
                    match (term.a, term.b) {
                        (Source::Slot(a), Some(Source::Uniform(b))) => {
                            let (a, b) = (place(a), V::splat(*memory.uniform.add(b as usize)));
                            each_sum!($method, g => V::load(a.add(g * width)).mul(b));
                        }
                        (Source::Slot(a), Some(Source::Slot(b))) => {
                            let (a, b) = (place(a), place(b));
                            each_sum!($method, g => V::load(a.add(g * width)).mul(V::load(b.add(g * width))));
                        }
                        (Source::Slot(a), None) => {
                            let a = place(a);
                            each_sum!($method, g => V::load(a.add(g * width)));
                        }
                        (Source::Uniform(a), None) => {
                            let a = V::splat(*memory.uniform.add(a as usize));
                            each_sum!($method, g => { let _ = g; a });
                        }
                        (Source::Uniform(_), Some(_)) => {
                            let value = value::<T, V, G>(memory, term, at);
                            each_sum!($method, g => value[g]);
                        }
                    }
                };
            }
            if term.minus {
                add!(sub);
            } else {
                add!(add);
            }
        }
        sum
    }
}

/// The value of a term, for G registers.
#[inline(always)]
unsafe fn value<T: Copy, V: Register<T>, const G: usize>(memory: Memory<T>, term: &Term, at: usize) -> [V; G] {
    // SAFETY: as for `Memory`.
    unsafe {
        let a = memory.get::<V, G>(term.a, at);
        match term.b {
            Some(b) => zip!(a, memory.get::<V, G>(b, at), mul),
            None => a,
        }
    }
}

/// Runs a program for one block. A slot has N·G registers.
#[inline(always)]
unsafe fn run<T: Real<Float = T>, V: Functions<T>, const N: usize, const G: usize>(
    code: &Code,
    uniform: &[T],
    block: &mut Block<T>,
) {
    let width = size_of::<V>() / size_of::<T>();
    let memory = Memory { slots: block.slots.as_mut_ptr().cast::<T>(), uniform: uniform.as_ptr() };
    block.failed = 0;
    // SAFETY: slots and places are in range, by `check`; all groups of an instruction's operands are read before the same
    // group of its target is written.
    unsafe {
        for instruction in &code.instructions {
            match instruction {
                Instruction::Chain { to, terms } => {
                    let terms = code.terms.get_unchecked(terms.start as usize..terms.end as usize);
                    for n in 0..N {
                        let sum = chain::<T, V, G>(memory, terms, n * G);
                        store(sum, memory.slot(*to).add(n * G * width));
                    }
                }
                Instruction::Operation { op, to, operands: [a, b, _], .. }
                    if matches!(op, Op::mul | Op::div | Op::neg | Op::sqrt | Op::abs) =>
                {
                    for n in 0..N {
                        let x = memory.get::<V, G>(*a, n * G);
                        let z = match op {
                            Op::mul => zip!(x, memory.get::<V, G>(*b, n * G), mul),
                            Op::div => zip!(x, memory.get::<V, G>(*b, n * G), div),
                            Op::neg => each!(x, negative),
                            Op::sqrt => each!(x, sqrt),
                            _ => each!(x, abs),
                        };
                        store(z, memory.slot(*to).add(n * G * width));
                    }
                }
                Instruction::Check { question, answer: true, a, b } if is_quick(*question) => {
                    let mut holds = 0;
                    for n in 0..N {
                        let (x, y) = (memory.get::<V, G>(*a, n * G), memory.get::<V, G>(*b, n * G));
                        for g in 0..G {
                            holds |= ask(*question, x[g], y[g]) << ((n * G + g) * width);
                        }
                    }
                    block.failed |= !holds;
                }
                other if code.fast && fast::<T, V>(block, uniform, other) => {}
                other => block.step(code, uniform, other),
            }
        }
        let mut finite = 0;
        for n in 0..N {
            let mut sum = [V::splat(T::zero()); G];
            for &source in &code.results {
                if let Source::Slot(_) = source {
                    sum = zip!(sum, memory.get::<V, G>(source, n * G), add);
                }
            }
            for g in 0..G {
                let rest = sum[g].sub(sum[g]);
                finite |= rest.equal(rest) << ((n * G + g) * width);
            }
        }
        block.failed |= !finite;
    }
}

/// Runs an instruction whose function there is for registers, and returns whether it did.
#[inline(always)]
unsafe fn fast<T: Real<Float = T>, V: Functions<T>>(
    block: &mut Block<T>,
    uniform: &[T],
    instruction: &Instruction,
) -> bool {
    let [mut buffer, mut other] = [[T::zero(); LANES]; 2];
    let mut to = [Slot([T::zero(); LANES]); 2];
    let [Slot(first), Slot(second)] = &mut to;
    match *instruction {
        Instruction::Operation { op, to, operands: [x, y, _], .. } => {
            let operands = [block.values(uniform, x, &mut buffer), block.values(uniform, y, &mut other)];
            // SAFETY: the caller has the instruction set.
            let is_fast = unsafe { V::apply(op, operands, first) };
            if is_fast {
                block.slots[to as usize].0 = *first;
            }
            is_fast
        }
        Instruction::SinCos { to: [sine, cosine], of } => {
            // SAFETY: the caller has the instruction set.
            let is_fast = unsafe { V::sin_cos(block.values(uniform, of, &mut buffer), [&mut *first, &mut *second]) };
            if is_fast {
                block.slots[sine as usize].0 = *first;
                block.slots[cosine as usize].0 = *second;
            }
            is_fast
        }
        _ => false,
    }
}

fn is_quick(question: Question) -> bool {
    matches!(
        question,
        Question::Less
            | Question::LessOrEqual
            | Question::Equal
            | Question::Unequal
            | Question::Ordered
            | Question::Moderate
            | Question::Normal
            | Question::Finite
            | Question::Regular
    )
}

/// One bit for each lane in which the answer is yes.
#[inline(always)]
unsafe fn ask<T: Real<Float = T>, V: Register<T>>(question: Question, a: V, b: V) -> u32 {
    // SAFETY: the caller has the instruction set.
    unsafe {
        match question {
            Question::Less => a.less(b),
            Question::LessOrEqual => a.less_or_equal(b),
            Question::Equal => a.equal(b),
            Question::Unequal => a.less(b) | b.less(a),
            Question::Ordered => a.equal(a) & b.equal(b),
            Question::Moderate => {
                let (least, most) = (T::lit(moderate::<T>().recip()), T::lit(moderate::<T>()));
                V::splat(least).less_or_equal(a.abs()) & a.abs().less_or_equal(V::splat(most))
            }
            Question::Normal => {
                V::splat(T::min_positive_value()).less_or_equal(a.abs()) & a.abs().less(V::splat(T::infinity()))
            }
            _ => a.abs().less(V::splat(T::infinity())),
        }
    }
}

/// A bound that is safe for [`Real::is_moderate`], which looks at exponents: 2⁶⁴ of f64 and 2³² of f32.
#[inline(always)]
fn moderate<T: Real>() -> f64 {
    if size_of::<T>() == 8 { 18_446_744_073_709_551_616.0 } else { 4_294_967_296.0 }
}

/// Adds the addends of a full block. PARTS floats are R registers, and HELD registers of a factor are kept for all addends
/// that have it.
#[inline(always)]
unsafe fn add_up<T: Real<Float = T>, V: Register<T>, const R: usize, const HELD: usize>(
    code: &Code,
    uniform: &[T],
    block: &mut Block<T>,
) {
    let width = size_of::<V>() / size_of::<T>();
    let memory = Memory { slots: block.slots.as_mut_ptr().cast::<T>(), uniform: uniform.as_ptr() };
    let sums = block.sums.as_mut_ptr().cast::<T>();
    let mut rest = &code.addends[..];
    // SAFETY: as in `run`; the sums are those that the code has.
    unsafe {
        while let Some(&Addend { a, .. }) = rest.first() {
            let these;
            (these, rest) = rest.split_at(rest.iter().take_while(|addend| addend.a == a).count());
            for start in (0..LANES / PARTS * R).step_by(HELD) {
                let held = memory.get::<V, HELD>(a, start);
                for &Addend { sum, b, .. } in these {
                    let to = sums.add(sum as usize * PARTS);
                    let mut total = parts::<T, V, R>(to);
                    match b {
                        Some(Source::Slot(b)) => {
                            let b = memory.slot(b).cast_const().add(start * width);
                            for h in 0..HELD {
                                total[h % R] = total[h % R].add(held[h].mul(V::load(b.add(h * width))));
                            }
                        }
                        Some(Source::Uniform(b)) => {
                            let b = V::splat(*uniform.as_ptr().add(b as usize));
                            for h in 0..HELD {
                                total[h % R] = total[h % R].add(held[h].mul(b));
                            }
                        }
                        None => {
                            for h in 0..HELD {
                                total[h % R] = total[h % R].add(held[h]);
                            }
                        }
                    }
                    store(total, to);
                }
            }
        }
    }
}

/// The parts of a sum.
#[inline(always)]
unsafe fn parts<T: Copy, V: Register<T>, const R: usize>(from: *const T) -> [V; R] {
    let width = size_of::<V>() / size_of::<T>();
    // SAFETY: the caller's pointer is that of a sum.
    unsafe {
        let mut x = [V::load(from); R];
        for r in 1..R {
            x[r] = V::load(from.add(r * width));
        }
        x
    }
}

/// Whether all slots and places of the code are in range.
fn is_right<T>(code: &Code, uniform: &[T], block: &Block<T>) -> bool {
    block.slots.len() >= code.slots && block.sums.len() >= code.sums && uniform.len() >= code.places()
}

macro_rules! sets {
    ($T:ident, $run:ident, $add_up:ident, $either:ident; $($set:ident $name:ident $V:ident $N:literal $G:literal $R:literal $HELD:literal $($features:literal)?;)*) => {
        $(
            $(#[target_feature(enable = $features)])?
            unsafe fn $name(code: &Code, uniform: &[$T], block: &mut Block<$T>, add: bool) {
                // SAFETY: the caller has found the instruction set, and checked the code.
                unsafe {
                    if add {
                        add_up::<$T, $V, $R, $HELD>(code, uniform, block);
                    } else {
                        run::<$T, $V, $N, $G>(code, uniform, block);
                    }
                }
            }
        )*

        fn $either(set: Set, code: &Code, uniform: &[$T], block: &mut Block<$T>, add: bool) -> bool {
            assert!(is_right(code, uniform, block), "a program in a block that was made for another one");
            match set {
                Set::Portable => return false,
                // SAFETY: `Set::all` has found the instruction set, and the code is checked.
                $(Set::$set => unsafe { $name(code, uniform, block, add) },)*
            }
            true
        }

        /// Runs a program, unless the set is the portable one.
        pub(crate) fn $run(set: Set, code: &Code, uniform: &[$T], block: &mut Block<$T>) -> bool {
            $either(set, code, uniform, block, false)
        }

        /// Adds the addends, unless the set is the portable one.
        pub(crate) fn $add_up(set: Set, code: &Code, uniform: &[$T], block: &mut Block<$T>) -> bool {
            $either(set, code, uniform, block, true)
        }
    };
}
sets! { f64, run_f64, add_up_f64, either_f64;
    Sse2 sse2_f64 __m128d 2 8 4 8;
    Avx2 avx2_f64 __m256d 1 8 2 8 "avx2,fma";
}
sets! { f32, run_f32, add_up_f32, either_f32;
    Sse2 sse2_f32 __m128 1 8 2 8;
    Avx2 avx2_f32 __m256 1 4 1 4 "avx2,fma";
}
