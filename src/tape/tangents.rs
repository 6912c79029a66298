//! Tangents forwards through a recording: from those of the inputs to those of all nodes.
//!
//! The slopes of a kept recording are those of the function at one point. So the derivative along a direction needs the records
//! alone: each node adds up slope times tangent of its operands, from the first record to the last.
//!
//! ```text
//! a = x1·x2                 node 2: ȧ = 3·ẋ1 + 2·ẋ2
//! y = a + sin(x1)           node 3: ẏ = 1·ȧ + cos 2·ẋ1
//! ```

use super::adjoints::OpenTape;
use super::external::Parts;
use super::record::{JOINED, NONE, Record};
use super::sweep::nonfinite_part;
use super::var::Var;
use crate::nonfinite;
use crate::real::Real;
use alloc::vec::Vec;

/// Computes the tangents of all nodes of a recording with the given id, from those of its inputs. `tangents` has an entry for
/// each node. `with` calls its argument with the parts of the recording; nothing else holds them while an external function is
/// called.
pub(super) fn forwards<T: Real>(
    (id, inputs): (u64, usize),
    tangents: &mut Vec<T>,
    with: impl Fn(&mut dyn FnMut(Parts<'_, T>)),
) {
    let (mut start, mut used, mut externals) = (0, 0, 0);
    loop {
        let mut next = None;
        with(&mut |parts| {
            next = parts.externals[parts.foreign..].get(externals).cloned();
            let end = next.as_ref().map_or(parts.records.len(), |(at, _)| at - parts.first);
            used += stretch(&parts.records[start..end], &parts.runs[used..], inputs + start, tangents);
            start = end;
        });
        let Some((_, external)) = next else { return };
        external.push(id, tangents, inputs + start);
        start += external.outputs();
        externals += 1;
    }
}

/// Computes the tangents of the nodes from `first` on, which have these records. Returns how many slopes of runs were used.
fn stretch<T: Real>(records: &[Record<T>], runs: &[T], first: usize, tangents: &mut [T]) -> usize {
    let mut used = 0;
    for (node, record) in (first..).zip(records) {
        let ([a, b], [s, t]) = (record.operands(), record.slopes());
        // The index of a missing operand, and one with the mark, are larger than those of all nodes before.
        let before = |operand: u32| tangents[..node].get(operand as usize).copied().unwrap_or(T::absent());
        let (x, y) = (before(a & !JOINED), before(b));
        let mut tangent = s * x + t * y;
        if !tangent.presumed_finite() {
            tangent = nonfinite_part(s, x) + nonfinite_part(t, y);
        }
        if let Some((first, count)) = record.run() {
            let slopes = &runs[used..][..count];
            tangent = slopes.iter().zip(&tangents[first..]).fold(T::absent(), |sum, (&s, &x)| {
                let part = s * x;
                sum + if part.presumed_finite() { part } else { nonfinite_part(s, x) }
            });
            used += count;
        }
        if record.is_joined() {
            tangent += tangents[node - 1];
        }
        tangents[node] = tangent;
    }
    used
}

/// The tangent of a variable, given those of all nodes.
pub(super) fn tangent<T: Real>(tangents: &[T], y: Var<T>) -> T {
    match y.place().1 {
        NONE => T::absent(),
        node => nonfinite::zero_product(y.slope(), tangents[node as usize]),
    }
}

impl<T: Real> OpenTape<'_, T> {
    /// Appends the tangents of what has been recorded so far to those of the inputs.
    pub(super) fn tangents_into(&self, tangents: &mut Vec<T>) {
        tangents.resize(self.arena.state().next(), T::absent());
        forwards((self.now.id, self.now.inputs), tangents, |f| self.parts(f));
    }
}

/// The derivatives of all variables of a recording along one direction of the inputs: made by
/// [`Recording::tangents`](crate::reverse::Recording::tangents).
#[derive(Clone, Debug)]
pub struct Tangents<T = f64> {
    pub(super) tangents: Vec<T>,
    pub(super) id: u64,
}

impl<T: Real> Tangents<T> {
    /// That of a variable of the recording, whether it is a result or was computed on the way. That of a constant is 0.
    ///
    /// ```
    /// use nilpotent::reverse;
    ///
    /// let ([u, y], recording) = reverse::record(|[a, b]| [a.sin(), a * b], [0.0, 3.0]);
    /// let tangents = recording.tangents(&[1.0, 10.0]);
    /// assert_eq!((tangents.of(u), tangents.of(y)), (1.0, 3.0));
    /// ```
    ///
    /// # Panics
    /// If it is a variable of another recording.
    pub fn of(&self, variable: Var<T>) -> T {
        let (id, node) = variable.place();
        assert!(node == NONE || id == self.id, "a variable of another recording");
        tangent(&self.tangents, variable).grounded()
    }
}
