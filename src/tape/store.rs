//! What the tape of a thread stores: records, and beside them the slopes of runs and external functions.

use super::external::Externals;
use super::record::Record;
use crate::arena::buffers::{Arena, Aside};
#[cfg(feature = "trace")]
use crate::trace::Operation;
use alloc::vec::Vec;

/// The tape of numbers over `T`.
pub(crate) type Tape<T> = Arena<Record<T>, Store<T>>;

pub(crate) struct Store<T> {
    /// The slopes of all runs, one after another.
    pub(super) runs: Vec<T>,
    /// External functions, and the number of records before each.
    pub(super) externals: Externals<T>,
    /// What made each record.
    #[cfg(feature = "trace")]
    pub(super) operations: Vec<Operation>,
    /// The buffer of adjoints, kept for the next sweep.
    pub(super) adjoints: Vec<T>,
}

/// Where a recording begins.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    pub(super) runs: usize,
    pub(super) externals: usize,
    #[cfg(feature = "trace")]
    operations: usize,
}

impl<T> Aside for Store<T> {
    type Mark = Mark;

    const EMPTY: Self = Self {
        runs: Vec::new(),
        externals: Vec::new(),
        #[cfg(feature = "trace")]
        operations: Vec::new(),
        adjoints: Vec::new(),
    };

    const START: Mark = Mark {
        runs: 0,
        externals: 0,
        #[cfg(feature = "trace")]
        operations: 0,
    };

    /// Their closures may hold what records when dropped.
    type Removed = Externals<T>;

    fn mark(&self) -> Mark {
        Mark {
            runs: self.runs.len(),
            externals: self.externals.len(),
            #[cfg(feature = "trace")]
            operations: self.operations.len(),
        }
    }

    const ADVICE: &'static str = "take the inner derivative with `Var`s over the outer number, `Var<Var<f64>>`, and lift the \
                                  variable by `Var::constant`";

    fn cut(&mut self, mark: Mark) -> Externals<T> {
        self.runs.truncate(mark.runs);
        #[cfg(feature = "trace")]
        self.operations.truncate(mark.operations);
        // Most recordings have none, and then nothing is allocated.
        if self.externals.len() > mark.externals { self.externals.split_off(mark.externals) } else { Vec::new() }
    }
}
