//! Sweeps whose adjoints are of a wider float than the values.
//!
//! Slopes have the type of the values. Each is converted when it is multiplied by an adjoint, so products and sums of adjoints are
//! computed in the wider float, also inside of checkpoints. An adjoint that is handed to something else, which is a function from
//! outside, a hook, or the next step of a checkpointed loop, is rounded there.

use super::adjoints::OpenTape;
use super::external::{Adjoint, WithParts};
use super::record::Record;
use super::recording::{Adjoints, Recording};
use super::store::Tape;
use super::thread;
use super::var::Var;
use crate::nonfinite;
use crate::real::Real;
use crate::wider::Wider;
use alloc::vec;
use alloc::vec::Vec;

impl<T: Real> OpenTape<'_, T> {
    /// Sweeps back from `y`, whose adjoint is 1, with adjoints of the type `A`; then `read` gets those of the inputs. They are in
    /// the buffer of the thread's recordings over `A`.
    pub(crate) fn wide_sweep<A: Wider<T>, R>(&self, y: Var<T>, read: impl FnOnce(&[A]) -> R) -> R {
        let (id, node) = y.place();
        self.check(id, node);
        let nodes = self.arena.state().next();
        thread::with(|tape: &Tape<A>| {
            thread::free_at_end();
            let mut adjoints = core::mem::take(&mut tape.state().aside.adjoints);
            adjoints.clear();
            adjoints.resize(nodes, A::absent());
            if let Some(adjoint) = adjoints.get_mut(node as usize) {
                *adjoint = y.slope().into();
            }
            backwards(&mut adjoints, (self.now.id, self.now.inputs), &|f| self.parts(f));
            let result = read(&adjoints[..self.now.inputs]);
            tape.state().aside.adjoints = adjoints;
            result
        })
    }
}

impl<T: Real> Recording<T> {
    /// [`adjoints`](Self::adjoints) of a wider float than the values, such as `f64` over `f32`: products of slopes and adjoints,
    /// and their sums, are computed in it.
    ///
    /// ```
    /// use nilpotent::{Var, reverse};
    ///
    /// // Behind the large term, each of the thousand small ones is lost in f32.
    /// let f = |[a, b]: [Var<f32>; 2]| (0..1000).map(|_| a * b).sum::<Var<f32>>() + a * b * 1e8;
    /// let (y, recording) = reverse::record(f, [1.0_f32, 1.0]);
    /// assert_eq!(recording.adjoints(&[(y, 1.0)]).inputs(), [100_000_000.0; 2]);
    /// assert_eq!(recording.adjoints_in(&[(y, 1.0_f64)]).inputs(), [100_001_000.0; 2]);
    /// ```
    ///
    /// # Panics
    /// If an output is a variable of another recording.
    pub fn adjoints_in<A: Wider<T>>(&self, outputs: &[(Var<T>, A)]) -> Adjoints<A> {
        let mut adjoints = vec![A::absent(); self.inputs + self.records.len()];
        for &(y, weight) in outputs {
            if let Some(node) = self.node(y) {
                adjoints[node] += nonfinite::zero_product(y.slope().into(), weight);
            }
        }
        backwards(&mut adjoints, (self.id, self.inputs), &|f| self.parts(f));
        let watched = self.records.iter().map(Record::is_single).collect();
        Adjoints { adjoints, watched, inputs: self.inputs, id: self.id }
    }
}

fn backwards<T: Real, A: Wider<T>>(all: &mut Vec<A>, recording: (u64, usize), with: WithParts<'_, T>) {
    Adjoint { all, round: A::rounded }.backwards_together::<1>(recording, with);
}
