//! Programs for lanes: instructions on slots and uniform values.

use crate::graph::body::{Body, Live};
use crate::graph::guard::{Guard, Question};
use crate::graph::op::Op;
use crate::real::Real;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// The number of points in a block. With 32 a chain's sum fits the registers of AVX2, and the slots of most programs fit the
/// first-level cache.
pub(crate) const LANES: usize = 32;

/// An operand: a slot of lanes, or a uniform value, which is the same in all lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Slot(u32),
    Uniform(u32),
}

/// A term of a chain: a value, or a product of two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    pub(super) minus: bool,
    pub(super) a: Source,
    pub(super) b: Option<Source>,
}

#[derive(Clone, Debug)]
pub(super) enum Instruction {
    /// The sum of terms, in this order.
    Chain { to: u32, terms: Range<u32> },
    /// Any operation. `n` is the integer that some rows have.
    Operation { op: Op, to: u32, operands: [Source; 3], n: u32 },
    /// The sine and the cosine of one operand, which libraries compute together.
    SinCos { to: [u32; 2], of: Source },
    /// A guard.
    Check { question: Question, answer: bool, a: Source, b: Source },
    /// A function that does not replay.
    Live(Box<Outside>),
}

/// A call of a function that does not replay, lane by lane.
#[derive(Clone, Debug)]
pub(super) struct Outside {
    pub(super) live: Arc<Live>,
    pub(super) inputs: Vec<Source>,
    /// The numbers of the results that are used, and their slots.
    pub(super) results: Vec<(u32, u32)>,
}

/// A term of a result that is summed over all points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Addend {
    /// Which of the summed results it is.
    pub(super) sum: u32,
    pub(super) a: Source,
    pub(super) b: Option<Source>,
}

/// A program for lanes.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    pub(super) instructions: Vec<Instruction>,
    pub(super) terms: Vec<Term>,
    pub(super) addends: Vec<Addend>,
    /// How many slots there are.
    pub(super) slots: usize,
    /// The slots of the inputs that are not uniform, or `None` for those that are not used.
    pub(super) inputs: Vec<Option<u32>>,
    /// Where the results are that are not summed.
    pub(super) results: Vec<Source>,
    /// How many results are summed.
    pub(super) sums: usize,
    /// Whether functions may be those of registers, which are rounded otherwise.
    pub(super) fast: bool,
    /// What is computed once, with guards on uniform values. Its nodes are the places of uniform values, and its inputs are the
    /// uniform inputs.
    pub(super) preamble: Body,
    /// Which inputs are uniform.
    pub(super) uniform: Vec<usize>,
}

impl Code {
    /// The uniform values for these uniform inputs, or the guard that does not hold.
    pub(super) fn prepare<T: Real>(&self, inputs: &[T]) -> Result<Vec<T>, &Guard> {
        let mut wrong = None;
        let values = self.preamble.values(inputs, &mut |guard| {
            wrong = Some(guard);
            false
        });
        values.ok_or_else(|| wrong.expect("the guard that does not hold"))
    }

    /// How many uniform values there are.
    pub(super) fn places(&self) -> usize {
        self.preamble.inputs + self.preamble.nodes.len()
    }
}

/// The slots of nodes.
pub(super) struct Slots {
    /// The slot that each node has, or had.
    pub(super) of: Vec<Option<u32>>,
    free: Vec<u32>,
    /// Whether each slot is free.
    is_free: Vec<bool>,
    /// Inputs that are not needed any more when the first instruction runs.
    pub(super) waiting: Vec<usize>,
}

impl Slots {
    pub(super) fn new(nodes: usize) -> Self {
        Self { of: vec![None; nodes], free: Vec::new(), is_free: Vec::new(), waiting: Vec::new() }
    }

    /// How many slots there are.
    pub(super) fn count(&self) -> usize {
        self.is_free.len()
    }

    pub(super) fn take(&mut self) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.is_free.push(true);
            self.is_free.len() as u32 - 1
        });
        self.is_free[slot as usize] = false;
        slot
    }

    /// Makes a slot free, unless it is.
    pub(super) fn give(&mut self, slot: u32) {
        if !core::mem::replace(&mut self.is_free[slot as usize], true) {
            self.free.push(slot);
        }
    }

    /// Makes the slots of nodes free, of which some may be named twice.
    pub(super) fn release(&mut self, nodes: impl Iterator<Item = usize>) {
        for i in nodes {
            if let Some(slot) = self.of[i] {
                self.give(slot);
            }
        }
    }

    /// Where a node's value is, given the places of uniform nodes.
    pub(super) fn source(&self, uniform: &[Option<u32>], i: usize) -> Source {
        match (uniform[i], self.of[i]) {
            (Some(place), _) => Source::Uniform(place),
            (None, slot) => Source::Slot(slot.expect("operands are computed first")),
        }
    }
}
