//! `Programs`: the programs of a function for different courses that it takes, run for many points.

use super::block::Set;
use super::call::{Call, Points, Task};
use super::code::{Code, LANES};
use super::lanes::Lane;
use super::straight::Program;
use crate::error::{Error, length};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most programs of one function.
const MOST: usize = 8;

/// The program of a function, and those for other courses that it takes, which are made when they are first needed.
#[derive(Debug)]
pub(crate) struct Programs<T> {
    first: Program<T>,
    codes: Mutex<Codes>,
    uniform: Vec<bool>,
    summed: Vec<bool>,
    fast: bool,
    set: Set,
}

/// The instructions of the programs that are kept.
#[derive(Clone, Debug, Default)]
struct Codes {
    kept: Vec<Arc<Code>>,
    /// How often a program for another course was recorded, also in vain.
    recordings: usize,
}

impl<T: Clone> Clone for Programs<T> {
    fn clone(&self) -> Self {
        Self {
            first: self.first.clone(),
            codes: Mutex::new(lock(&self.codes).clone()),
            uniform: self.uniform.clone(),
            summed: self.summed.clone(),
            fast: self.fast,
            set: self.set,
        }
    }
}

/// The codes, which are whole even if a thread has panicked while it held them.
fn lock(codes: &Mutex<Codes>) -> MutexGuard<'_, Codes> {
    codes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a call of [`Kernel::run`](super::Kernel::run) did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many points were given to the function itself, because no program was right there.
    pub live: usize,
    /// How many programs were run. If more than an eighth of the points, and more than 32, take another course than the
    /// recording, another program is recorded at one of them, and so on, up to eight; those that are right somewhere are kept for
    /// later calls. (If results are summed, there is only one program, so that the order of the additions stays the same.)
    pub programs: usize,
}

impl<T: Lane> Programs<T> {
    pub(crate) fn new(first: Program<T>) -> Self {
        let (uniform, summed) = (vec![false; first.inputs()], vec![false; first.results()]);
        Self { first, codes: Mutex::default(), uniform, summed, fast: false, set: Set::best() }
    }

    /// The program that was recorded first.
    pub(crate) fn program(&self) -> &Program<T> {
        &self.first
    }

    /// How many inputs are not uniform.
    pub(super) fn inputs(&self) -> usize {
        self.uniform.iter().filter(|is_uniform| !**is_uniform).count()
    }

    pub(crate) fn set_uniform(&mut self, inputs: impl IntoIterator<Item = usize>) {
        for i in inputs {
            assert!(i < self.uniform.len(), "uniform input {i} of a function of {} inputs", self.uniform.len());
            self.uniform[i] = true;
        }
        self.codes = Mutex::default();
    }

    pub(crate) fn set_summed(&mut self, results: impl IntoIterator<Item = usize>) {
        for k in results {
            assert!(k < self.summed.len(), "summed result {k} of a function of {} results", self.summed.len());
            self.summed[k] = true;
        }
        self.codes = Mutex::default();
    }

    /// Functions may be those of registers, which are rounded otherwise.
    pub(super) fn set_fast(&mut self) {
        self.fast = true;
        self.codes = Mutex::default();
    }

    pub(crate) fn set_instructions(&mut self, set: Set) {
        self.set = set;
    }

    /// Runs the function at `count` points. `record` records it at a point with these inputs, and `live` computes it there, and
    /// hands on each result. For the rest see [`Kernel::run`](super::Kernel::run).
    pub(crate) fn run(
        &self,
        (record, live): (impl Fn(&[T]) -> Result<Program<T>, Error>, impl Fn(&[T], &mut dyn FnMut(T)) + Sync),
        count: usize,
        uniform: &[T],
        points: &impl Points<T>,
        results: &mut [T],
        sums: &mut [T],
    ) -> Result<Report, Error> {
        let code = {
            let mut codes = lock(&self.codes);
            if codes.kept.is_empty() {
                codes.kept.push(Arc::new(self.compile(&self.first)));
            }
            codes.kept[0].clone()
        };
        let width = code.results.len();
        length("uniform inputs", code.uniform.len(), uniform.len())?;
        length("results", count * width, results.len())?;
        length("sums", code.sums, sums.len())?;
        let task =
            Task { live: &live, is_uniform: &self.uniform, is_summed: &self.summed, set: self.set, uniform, points };
        let parts = Call::new(&task, &code, None).run(count, results)?;
        sums.fill(-T::zero());
        let (mut report, mut failed) = (Report { live: 0, programs: 1 }, Vec::new());
        for part in parts {
            report.live += part.live;
            sums.iter_mut().zip(part.sums).for_each(|(sum, part)| *sum += part);
            failed.extend(part.failed);
        }
        // Fewer are not worth a recording.
        let many = (count / 8).max(LANES);
        for k in 1..MOST {
            if failed.len() <= many {
                break;
            }
            let Some((code, is_new)) = self.other(k, || record(&task.inputs(failed[0]))) else { break };
            let mut others = vec![T::zero(); failed.len() * width];
            let parts = Call::new(&task, &code, Some(&failed)).run(failed.len(), &mut others)?;
            report.programs += 1;
            let still: Vec<usize> = parts.into_iter().flat_map(|part| part.failed).collect();
            let mut next = still.iter().peekable();
            for (k, &i) in failed.iter().enumerate() {
                if next.next_if_eq(&&i).is_none() {
                    results[i * width..][..width].copy_from_slice(&others[k * width..][..width]);
                }
            }
            // Another one, recorded at the same point, would be right nowhere as well. One that was recorded in another call may
            // be right elsewhere.
            if is_new && still.len() == failed.len() {
                lock(&self.codes).kept.retain(|other| !Arc::ptr_eq(other, &code));
                break;
            }
            failed = still;
        }
        report.live += failed.len();
        for i in failed {
            let mut to = results[i * width..].iter_mut();
            task.live(i, |y, _| *to.next().expect("room for the result") = y);
        }
        Ok(report)
    }

    fn compile(&self, program: &Program<T>) -> Code {
        Code::new(program, &self.uniform, &self.summed, self.fast)
    }

    /// The program with the number k, and whether it is new: it is recorded if there is none yet. `None` if it cannot be
    /// recorded, or if that was tried too often.
    fn other(&self, k: usize, record: impl FnOnce() -> Result<Program<T>, Error>) -> Option<(Arc<Code>, bool)> {
        let mut codes = lock(&self.codes);
        let is_new = codes.kept.len() == k && codes.recordings + 1 < MOST;
        if is_new {
            codes.recordings += 1;
            let program = record().ok().filter(|program| program.results() == self.first.results())?;
            codes.kept.push(Arc::new(self.compile(&program)));
        }
        codes.kept.get(k).map(|code| (code.clone(), is_new))
    }
}
