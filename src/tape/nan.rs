//! Feature `trace`: which operation first makes a derivative NaN or infinite, backwards and forward through a recording.

use super::external::{Adjoint, pull};
use super::record::{Record, View};
use super::recording::Recording;
use super::sweep::sweep;
use super::var::Var;
use crate::real::Real;
use crate::trace::Operation;
use alloc::vec;

/// # Where derivatives break
///
/// Only with the feature `trace`. Values may be finite where derivatives are not. The slopes of a recording serve both modes, so it
/// shows where derivatives of [`Dual`](crate::Dual) numbers break, too: record the same function with variables.
impl<T: Real> Recording<T> {
    /// On the way back from these outputs, each with its adjoint: the first operation that makes an adjoint NaN, which is that of
    /// one of its operands. If a given adjoint is NaN already, it is the operation of the output.
    ///
    /// An adjoint becomes NaN where a slope is NaN, where infinite parts of opposite signs meet, or in a function from outside. Where
    /// the infinite parts came from, [`first_infinite_adjoint`](Self::first_infinite_adjoint) says. Hooks are called, and checkpoints
    /// run again.
    ///
    /// ```
    /// use nilpotent::reverse;
    ///
    /// // All values are finite, and all slopes, except for two that are infinite.
    /// let (y, recording) = reverse::record(|[a]| (a * 2.0).sqrt() - (a * 3.0).sqrt(), [0.0_f64]);
    /// assert!(recording.first_nan().is_none());
    /// assert!(recording.adjoints(&[(y, 1.0)]).inputs()[0].is_nan());
    /// let name = |operation: Option<nilpotent::Operation>| operation.map(|operation| operation.name);
    /// assert_eq!(name(recording.first_nan_adjoint(&[(y, 1.0)])), Some("mul"));
    /// assert_eq!(name(recording.first_infinite_adjoint(&[(y, 1.0)])), Some("sqrt"));
    /// assert_eq!(name(recording.first_nan_tangent(&[1.0])), Some("sub"));
    /// ```
    ///
    /// # Panics
    /// If an output is a variable of another recording.
    pub fn first_nan_adjoint(&self, outputs: &[(Var<T>, T)]) -> Option<Operation> {
        self.first_adjoint(outputs, |adjoint| adjoint.is_nan())
    }

    /// The same for the first adjoint that is infinite or NaN.
    ///
    /// # Panics
    /// If an output is a variable of another recording.
    pub fn first_infinite_adjoint(&self, outputs: &[(Var<T>, T)]) -> Option<Operation> {
        self.first_adjoint(outputs, |adjoint| !adjoint.parts_finite())
    }

    /// Forward through the recording, along the direction `v` of the inputs: the first operation whose derivative is NaN. In a
    /// function of [`Dual`](crate::Dual) numbers that is the operation where the partial along `v` becomes NaN: as there, a zero
    /// partial stays zero, and a zero slope times an infinite partial is NaN.
    ///
    /// ```
    /// use nilpotent::{Real, derivative, reverse};
    ///
    /// fn f<T: Real>(x: T) -> T {
    ///     x.sqrt() * x
    /// }
    /// assert!(derivative(f, 0.0_f64).1.is_nan());
    /// let (_, recording) = reverse::record(|[x]| f(x), [0.0]);
    /// assert_eq!(recording.first_nan_tangent(&[1.0]).map(|operation| operation.name), Some("mul"));
    /// assert_eq!(recording.first_infinite_tangent(&[1.0]).map(|operation| operation.name), Some("sqrt"));
    /// ```
    ///
    /// # Panics
    /// If `v` has another length than the inputs.
    pub fn first_nan_tangent(&self, v: &[T]) -> Option<Operation> {
        self.first_tangent(v, |tangent| tangent.is_nan())
    }

    /// The same for the first derivative that is infinite or NaN.
    ///
    /// # Panics
    /// If `v` has another length than the inputs.
    pub fn first_infinite_tangent(&self, v: &[T]) -> Option<Operation> {
        self.first_tangent(v, |tangent| !tangent.parts_finite())
    }

    /// Sweeps back record by record, as [`adjoints`](Self::adjoints) does all at once.
    fn first_adjoint(&self, outputs: &[(Var<T>, T)], is_bad: impl Fn(T) -> bool) -> Option<Operation> {
        let inputs = self.inputs;
        let mut adjoints = vec![T::absent(); inputs + self.records.len()];
        for (node, part) in self.seeds(outputs) {
            adjoints[node] += part;
            if is_bad(adjoints[node]) {
                return node.checked_sub(inputs).map(|record| self.operations[record]);
            }
        }
        let (mut left, mut externals) = (self.runs.len(), self.externals.iter().rev().peekable());
        for (k, record) in self.records.iter().enumerate().rev() {
            left = sweep(&self.records[..=k], &self.runs[..left], k, inputs, adjoints.as_chunks_mut::<1>().0);
            let mut bad = operands(record, inputs + k).any(|operand| is_bad(adjoints[operand]));
            while let Some((_, external)) = externals.next_if(|(at, _)| *at == k) {
                pull::<T, 1>(&**external, self.id, &mut Adjoint::own(&mut adjoints), inputs + k);
                bad = bad || adjoints[..inputs + k].iter().any(|&adjoint| is_bad(adjoint));
            }
            if bad {
                return Some(self.operations[k]);
            }
        }
        None
    }

    /// Computes the derivative of each node along `v`.
    fn first_tangent(&self, v: &[T], is_bad: impl Fn(T) -> bool) -> Option<Operation> {
        let (inputs, found) = (self.inputs, v.len());
        assert_eq!(inputs, found, "a direction of {found} components at a recording of {inputs} inputs");
        let mut tangents = v.to_vec();
        tangents.resize(inputs + self.records.len(), T::absent());
        let (mut runs, mut externals) = (self.runs.iter(), self.externals.iter().peekable());
        let mut of_external = 0;
        for (k, (record, node)) in self.records.iter().zip(inputs..).enumerate() {
            while let Some((_, external)) = externals.next_if(|(at, _)| *at == k) {
                external.push(self.id, &mut tangents, node);
                of_external = k + external.outputs();
            }
            if k >= of_external {
                let mut tangent = if record.is_joined() { tangents[node - 1] } else { T::absent() };
                let mut add = |operand: usize, slope: T| tangent += slope.slope_times(tangents[operand]);
                match record.view() {
                    View::Run(first, count) => {
                        (first..).zip(runs.by_ref().take(count)).for_each(|(i, &slope)| add(i, slope));
                    }
                    View::Operands(operands) => {
                        let known = operands.into_iter().zip(record.slopes());
                        known.for_each(|(operand, slope)| operand.into_iter().for_each(|operand| add(operand, slope)));
                    }
                }
                tangents[node] = tangent;
            }
            if is_bad(tangents[node]) {
                return Some(self.operations[k]);
            }
        }
        None
    }
}

/// The nodes to which a record hands its adjoint.
fn operands<T>(record: &Record<T>, node: usize) -> impl Iterator<Item = usize> {
    let (pair, run) = match record.view() {
        View::Run(first, count) => ([None; 2], first..first + count),
        View::Operands(pair) => (pair, 0..0),
    };
    let before = record.is_joined().then(|| node - 1);
    pair.into_iter().flatten().chain(run).chain(before)
}
