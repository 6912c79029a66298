//! Runs compiled programs over blocks of points. This is the plain form, for all machines and as the reference for the
//! others.

use super::code::{Addend, Code, Instruction, LANES, Outside, Source, Term};
use crate::real::Real;
use alloc::vec;
use alloc::vec::Vec;
use core::array::from_fn;

/// One value at each point of a block.
///
/// It begins at a cache line, since half of all loads would else cross from one line to the next.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Slot<T>(pub(super) [T; LANES]);

/// The parts of a sum.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub(super) struct Parts<T>(pub(super) [T; PARTS]);

/// Sums are kept in this many parts, whatever the machine's vectors hold, so that all of them add in the same order.
pub(super) const PARTS: usize = 8;

/// What a program works on: its slots and sums.
#[derive(Clone, Debug)]
pub(crate) struct Block<T> {
    pub(super) slots: Vec<Slot<T>>,
    pub(super) sums: Vec<Parts<T>>,
    /// The lanes at which a guard does not hold or a result is not finite, one bit for each.
    pub(super) failed: u32,
}

/// An instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub enum Set {
    /// Plain Rust.
    Portable,
    /// Registers of 128 bits, which every x86-64 has.
    Sse2,
    /// Registers of 256 bits, with FMA: sums of products that are rounded once.
    Avx2,
}

impl Set {
    /// The sets that this machine has, from the smallest registers to the largest.
    pub fn all() -> Vec<Self> {
        let mut sets = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            sets.push(Self::Sse2);
            if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
                sets.push(Self::Avx2);
            }
        }
        sets
    }

    /// The set that is usually the fastest one.
    pub fn best() -> Self {
        Self::all().pop().unwrap_or(Self::Portable)
    }
}

impl<T: Real> Block<T> {
    pub(super) fn new(code: &Code) -> Self {
        Self {
            slots: vec![Slot([T::zero(); LANES]); code.slots],
            sums: vec![Parts([-T::zero(); PARTS]); code.sums],
            failed: 0,
        }
    }

    /// Fills a slot, if it exists, with the value of each lane.
    #[cfg(feature = "sparse")]
    #[inline]
    pub(crate) fn fill(&mut self, slot: Option<u32>, value: impl FnMut(usize) -> T) {
        if let Some(slot) = slot {
            self.slots[slot as usize].0 = from_fn(value);
        }
    }

    /// The values of an operand.
    #[inline]
    pub(super) fn values<'v>(&'v self, uniform: &[T], source: Source, buffer: &'v mut [T; LANES]) -> &'v [T; LANES] {
        match source {
            Source::Slot(slot) => &self.slots[slot as usize].0,
            Source::Uniform(place) => {
                *buffer = [uniform[place as usize]; LANES];
                buffer
            }
        }
    }

    /// PARTS values of an operand from lane l on.
    #[inline]
    fn some(&self, uniform: &[T], source: Source, l: usize) -> [T; PARTS] {
        match source {
            Source::Slot(slot) => {
                *self.slots[slot as usize].0[l..].first_chunk().expect("the lanes are a multiple of the parts")
            }
            Source::Uniform(place) => [uniform[place as usize]; PARTS],
        }
    }

    /// PARTS values of a term from lane l on.
    #[inline]
    fn term(&self, uniform: &[T], term: &Term, l: usize) -> [T; PARTS] {
        let a = self.some(uniform, term.a, l);
        match term.b {
            Some(b) => {
                let b = self.some(uniform, b, l);
                from_fn(|l| a[l] * b[l])
            }
            None => a,
        }
    }

    /// Runs one instruction.
    pub(super) fn step(&mut self, code: &Code, uniform: &[T], instruction: &Instruction) {
        match instruction {
            Instruction::Chain { to, terms } => {
                let terms = &code.terms[terms.start as usize..terms.end as usize];
                // A few lanes at a time, whose sums stay in registers.
                for l in (0..LANES).step_by(PARTS) {
                    let mut sum = self.term(uniform, &terms[0], l);
                    for term in &terms[1..] {
                        let value = self.term(uniform, term, l);
                        for (sum, value) in sum.iter_mut().zip(value) {
                            *sum = if term.minus { *sum - value } else { *sum + value };
                        }
                    }
                    self.slots[*to as usize].0[l..l + PARTS].copy_from_slice(&sum);
                }
            }
            Instruction::Operation { op, to, operands, n } => {
                let mut buffers = [[T::zero(); LANES]; 3];
                let [a, b, c] = &mut buffers;
                let [x, y, z] = *operands;
                let operands = [self.values(uniform, x, a), self.values(uniform, y, b), self.values(uniform, z, c)];
                self.slots[*to as usize].0 = op.values(operands, *n);
            }
            Instruction::SinCos { to: [sine, cosine], of } => {
                let mut buffer = [T::zero(); LANES];
                let x = *self.values(uniform, *of, &mut buffer);
                for (l, x) in x.into_iter().enumerate() {
                    let (sin, cos) = x.sin_cos();
                    self.slots[*sine as usize].0[l] = sin;
                    self.slots[*cosine as usize].0[l] = cos;
                }
            }
            Instruction::Check { question, answer, a, b } => {
                let [mut x, mut y] = [[T::zero(); LANES]; 2];
                let (a, b) = (self.values(uniform, *a, &mut x), self.values(uniform, *b, &mut y));
                let failed = |l: usize| u32::from(question.holds(a[l], b[l]) != *answer) << l;
                self.failed |= (0..LANES).fold(0, |all, l| all | failed(l));
            }
            Instruction::Live(outside) => self.call(uniform, outside),
        }
    }

    /// Calls a function that does not replay, in each lane that has not failed. Lanes with equal inputs share a call, as those
    /// do that repeat the last point of a block.
    fn call(&mut self, uniform: &[T], outside: &Outside) {
        let same = |a: &[T], b: &[T]| {
            a.iter().zip(b).all(|(a, b)| a.to_f64().map(f64::to_bits) == b.to_f64().map(f64::to_bits))
        };
        let mut known: Option<(Vec<T>, Vec<T>)> = None;
        for l in 0..LANES {
            if self.failed >> l & 1 != 0 {
                continue;
            }
            let value = |&source: &Source| match source {
                Source::Slot(slot) => self.slots[slot as usize].0[l],
                Source::Uniform(place) => uniform[place as usize],
            };
            let inputs: Vec<T> = outside.inputs.iter().map(value).collect();
            let (_, values) = match known.take().filter(|(before, _)| same(before, &inputs)) {
                Some(both) => known.insert(both),
                None => {
                    let values = outside.live.call(&inputs);
                    known.insert((inputs, values))
                }
            };
            for &(k, slot) in &outside.results {
                self.slots[slot as usize].0[l] = values[k as usize];
            }
        }
    }

    /// Marks the lanes in which a result is not finite.
    fn test_results(&mut self, code: &Code) {
        let mut sum = [T::zero(); LANES];
        for source in &code.results {
            if let Source::Slot(slot) = source {
                let slot = &self.slots[*slot as usize].0;
                sum = from_fn(|l| sum[l] + slot[l]);
            }
        }
        for (l, sum) in sum.into_iter().enumerate() {
            self.failed |= u32::from(!sum.parts_finite()) << l;
        }
    }

    /// Runs a program.
    pub(super) fn run(&mut self, code: &Code, uniform: &[T]) {
        self.failed = 0;
        code.instructions.iter().for_each(|instruction| self.step(code, uniform, instruction));
        self.test_results(code);
    }

    /// Loads the columns from `start` on of LANES rows into slots, of which some may not exist.
    pub(super) fn load(&mut self, rows: &[&[T]; LANES], slots: &[Option<u32>], start: usize) {
        for (j, slot) in slots.iter().enumerate().skip(start) {
            if let Some(slot) = slot {
                self.slots[*slot as usize].0 = from_fn(|l| rows[l][j]);
            }
        }
    }

    /// Stores the results from `start` on as columns of `count` rows.
    pub(super) fn store(&self, code: &Code, uniform: &[T], count: usize, results: &mut [T], start: usize) {
        let width = code.results.len();
        for (j, &source) in code.results.iter().enumerate().skip(start) {
            let column = results.iter_mut().skip(j).step_by(width).take(count);
            match source {
                Source::Slot(slot) => column.zip(&self.slots[slot as usize].0).for_each(|(to, &x)| *to = x),
                Source::Uniform(place) => column.for_each(|to| *to = uniform[place as usize]),
            }
        }
    }

    /// Adds the addends of the first `count` points.
    pub(super) fn add_up(&mut self, code: &Code, uniform: &[T], count: usize) {
        for &Addend { sum, a, b } in &code.addends {
            let [mut x, mut y] = [[T::zero(); LANES]; 2];
            let a = self.values(uniform, a, &mut x);
            let b = b.map(|b| self.values(uniform, b, &mut y));
            let mut parts = self.sums[sum as usize].0;
            for l in 0..count {
                parts[l % PARTS] += b.map_or(a[l], |b| a[l] * b[l]);
            }
            self.sums[sum as usize].0 = parts;
        }
    }
}
