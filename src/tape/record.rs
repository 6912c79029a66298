//! One record of the tape, and how it is encoded. Only this file and the loop of `sweep` know the encoding.
//!
//! Over f64 a record takes 24 bytes. Three kinds exist:
//!
//! ```text
//!               first slope   first operand   second operand   second slope
//! two operands  ∂z/∂a         index of a      index of b       ∂z/∂b
//! joined        ∂z/∂a         index of a | J  index of b       ∂z/∂b           continues the node of the record before
//! run           0             index of x₀     count | J        Σ |∂z/∂xᵢ|      slopes in a vector of their own
//! ```
//!
//! J is the highest bit, [`JOINED`]. An operand that is missing is [`NONE`].

use crate::arena::misuse::INDICES;

/// The index of a constant, which has no node.
pub(super) const NONE: u32 = u32::MAX;

/// Set in the first operand of a record that continues the node of the record before. Set in the second one it makes the record
/// a run. So indices of nodes are smaller.
pub(super) const JOINED: u32 = INDICES;

/// The largest number of operands in a run.
pub(super) const RUN: usize = 64;

/// A node's operands and the slopes in them. The index of a node is the place of its record.
///
/// The slopes lie apart. Side by side they would be computed as a vector, from variables that are stored in smaller pieces: the
/// load of the vector would fail store-to-load forwarding.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Record<T> {
    first: T,
    operands: [u32; 2],
    second: T,
}

/// A record decoded.
pub(super) enum View {
    /// The operands that exist.
    Operands([Option<usize>; 2]),
    /// The first of some operands whose indices follow one another, and how many they are.
    Run(usize, usize),
}

impl<T> Record<T> {
    /// Two operands, either of which may be [`NONE`]; the first may bear the mark [`JOINED`].
    #[inline(always)]
    pub(super) fn new((a, b): (u32, u32), [first, second]: [T; 2]) -> Self {
        Self { first, operands: [a, b], second }
    }

    /// A run of `count` operands from `first` on, which may bear the mark [`JOINED`]. The sum of their slopes' magnitudes is
    /// finite only if all of them are.
    pub(super) fn of_run(first: u32, count: usize, zero: T, magnitudes: T) -> Self {
        Self::new((first, count as u32 | JOINED), [zero, magnitudes])
    }

    /// A node without operands.
    pub(super) fn without_operands(zero: T) -> Self
    where
        T: Copy,
    {
        Self::new((NONE & !JOINED, NONE), [zero; 2])
    }

    /// The operands as they are encoded, for the loop of the sweep.
    #[inline(always)]
    pub(super) fn operands(&self) -> [u32; 2] {
        self.operands
    }

    /// The slopes in the two operands; of a run, 0 and the sum of all magnitudes.
    #[inline(always)]
    pub(super) fn slopes(&self) -> [T; 2]
    where
        T: Copy,
    {
        [self.first, self.second]
    }

    /// The first operand of a run and their count; none for other records.
    #[inline(always)]
    pub(super) fn run(&self) -> Option<(usize, usize)> {
        let [a, b] = self.operands;
        (b & JOINED != 0 && b != NONE).then_some(((a & !JOINED) as usize, (b & !JOINED) as usize))
    }

    /// The record decoded.
    pub(super) fn view(&self) -> View {
        if let Some((first, count)) = self.run() {
            return View::Run(first, count);
        }
        let known = |operand: u32| (operand & !JOINED != NONE & !JOINED).then_some((operand & !JOINED) as usize);
        View::Operands(self.operands.map(known))
    }

    /// Whether the record continues the node of the record before.
    pub(super) fn is_joined(&self) -> bool {
        self.operands[0] & JOINED != 0
    }

    /// Whether the record has no second operand, as a node that was asked for by `Var::watch`.
    pub(super) fn is_single(&self) -> bool {
        self.operands[1] == NONE
    }
}
