//! Recordings that are kept, and the adjoints that a sweep over them finds.

use super::adjoints::OpenTape;
use super::external::{Adjoint, Externals, Parts};
use super::record::{NONE, Record, View};
use super::store::Tape;
use super::tangents::{Tangents, forwards};
use super::thread;
use super::var::Var;
use crate::entries::{Destination, Entries};
use crate::nonfinite;
use crate::real::Real;
#[cfg(feature = "trace")]
use crate::trace::Operation;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

/// How values came about from inputs: made by [`reverse::record`](crate::reverse::record).
#[derive(Clone, Debug)]
pub struct Recording<T = f64> {
    pub(super) records: Vec<Record<T>>,
    pub(super) runs: Vec<T>,
    #[cfg(feature = "trace")]
    pub(super) operations: Vec<Operation>,
    pub(super) externals: Externals<T>,
    pub(super) inputs: usize,
    pub(super) id: u64,
}

impl<T: Real> Recording<T> {
    pub(crate) fn new(open: &OpenTape<'_, T>) -> Self {
        let mut kept = None;
        open.parts(&mut |parts| {
            let externals = parts.externals[parts.foreign..].iter();
            kept = Some(Self {
                records: parts.records.to_vec(),
                runs: parts.runs.to_vec(),
                #[cfg(feature = "trace")]
                operations: Vec::new(),
                externals: externals.map(|(at, external)| (at - parts.first, external.clone())).collect(),
                inputs: open.inputs(),
                id: open.id(),
            });
        });
        let kept = kept.expect("the parts are handed over");
        #[cfg(feature = "trace")]
        let kept = Self { operations: open.operations(), ..kept };
        kept
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The number of records. (A node that joins more than two others takes one for each two, or for up to 64 neighbours. A
    /// checkpoint, or a function from outside, counts as one, whatever its outputs are.)
    pub fn records(&self) -> usize {
        let more: usize = self.externals.iter().map(|(_, external)| external.outputs().saturating_sub(1)).sum();
        self.records.len() - more
    }

    /// The bytes that the records take, with what checkpoints and functions from outside store, apart from what users' closures
    /// own on the heap.
    pub fn bytes(&self) -> usize {
        let external: usize = self.externals.iter().map(|(_, external)| external.bytes()).sum();
        size_of_val(self.records.as_slice()) + size_of_val(self.runs.as_slice()) + external
    }

    /// Sweeps back from these outputs, each with its adjoint.
    ///
    /// # Panics
    /// If an output is a variable of another recording.
    pub fn adjoints(&self, outputs: &[(Var<T>, T)]) -> Adjoints<T> {
        let mut adjoints = Vec::new();
        self.sweep_into(&mut adjoints, |add| outputs.iter().for_each(|&(y, weight)| add(y, weight)));
        let watched = self.records.iter().map(Record::is_single).collect();
        Adjoints { adjoints, watched, inputs: self.inputs, id: self.id }
    }

    /// Sweeps back from these outputs, each with its adjoint, and writes the adjoints of the inputs into `inputs`.
    ///
    /// It uses the memory of the thread's recordings, so that nothing is allocated after the first call.
    ///
    /// ```
    /// use nilpotent::reverse;
    ///
    /// let ([y, z], recording) = reverse::record(|[a, b]| [a * b, a + b], [2.0, 3.0]);
    /// let mut dy = [0.0; 2];
    /// recording.adjoints_into(&[(y, 1.0), (z, 10.0)], &mut dy);
    /// assert_eq!(dy, [13.0, 12.0]);
    /// ```
    ///
    /// # Panics
    /// If `inputs` has not one entry for each input, or if an output is a variable of another recording.
    pub fn adjoints_into(&self, outputs: &[(Var<T>, T)], inputs: &mut (impl Entries<T> + ?Sized)) {
        let mut inputs = Destination::vector(inputs, self.inputs, "gradient");
        let seed = |add: &mut dyn FnMut(Var<T>, T)| outputs.iter().for_each(|&(y, weight)| add(y, weight));
        self.sweep(seed, |adjoints| inputs.store(0, 0, adjoints));
    }

    /// Sweeps back from the outputs that `seed` adds with their adjoints; then `read` gets the adjoints of the inputs. They
    /// are in the thread's buffer.
    pub(crate) fn sweep<R>(&self, seed: impl FnOnce(&mut dyn FnMut(Var<T>, T)), read: impl FnOnce(&[T]) -> R) -> R {
        thread::with(|tape: &Tape<T>| {
            let mut adjoints = core::mem::take(&mut tape.state().aside.adjoints);
            self.sweep_into(&mut adjoints, seed);
            let result = read(&adjoints[..self.inputs]);
            tape.state().aside.adjoints = adjoints;
            result
        })
    }

    /// The same with the adjoints of all nodes in this buffer.
    fn sweep_into(&self, adjoints: &mut Vec<T>, seed: impl FnOnce(&mut dyn FnMut(Var<T>, T))) {
        adjoints.clear();
        adjoints.resize(self.inputs + self.records.len(), T::absent());
        seed(&mut |y, weight| {
            if let Some((node, part)) = self.seed(y, weight) {
                adjoints[node] += part;
            }
        });
        Adjoint::own(adjoints).backwards_together::<1>((self.id, self.inputs), &|f| self.parts(f));
    }

    /// Computes the derivatives of all variables along the direction `v`, forwards through the records. The function is not run
    /// again, except for its checkpoints.
    ///
    /// ```
    /// use nilpotent::reverse;
    ///
    /// let (y, recording) = reverse::record(|[a, b]| a * b, [2.0, 3.0]);
    /// assert_eq!(recording.tangents(&[1.0, 10.0]).of(y), 23.0);
    /// ```
    ///
    /// # Panics
    /// If `v` does not have one component for each input.
    pub fn tangents(&self, v: &[T]) -> Tangents<T> {
        self.tangents_in(Vec::with_capacity(self.inputs + self.records.len()), v)
    }

    /// The same in this buffer.
    fn tangents_in(&self, mut tangents: Vec<T>, v: &[T]) -> Tangents<T> {
        let (n, m) = (self.inputs, v.len());
        assert_eq!(n, m, "the point has {n} coordinates and the direction has {m}");
        tangents.clear();
        tangents.extend_from_slice(v);
        tangents.resize(n + self.records.len(), T::absent());
        forwards((self.id, n), &mut tangents, |f| self.parts(f));
        Tangents { tangents, id: self.id }
    }

    /// Calls `read` with the tangents along `v`, which are in the thread's buffer.
    pub(crate) fn with_tangents<R>(&self, v: &[T], read: impl FnOnce(&Tangents<T>) -> R) -> R {
        thread::with(|tape: &Tape<T>| {
            let buffer = core::mem::take(&mut tape.state().aside.adjoints);
            let tangents = self.tangents_in(buffer, v);
            let result = read(&tangents);
            tape.state().aside.adjoints = tangents.tangents;
            result
        })
    }

    pub(super) fn parts(&self, f: &mut dyn FnMut(Parts<'_, T>)) {
        f(Parts { records: &self.records, runs: &self.runs, externals: &self.externals, first: 0, foreign: 0 });
    }

    /// The nodes of outputs, with what their adjoints begin with.
    #[cfg(feature = "trace")]
    pub(super) fn seeds(&self, outputs: &[(Var<T>, T)]) -> impl Iterator<Item = (usize, T)> {
        outputs.iter().filter_map(|&(y, weight)| self.seed(y, weight))
    }

    fn seed(&self, y: Var<T>, weight: T) -> Option<(usize, T)> {
        Some((self.node(y)?, nonfinite::zero_product(y.slope(), weight)))
    }

    pub(super) fn node(&self, y: Var<T>) -> Option<usize> {
        let (id, node) = y.place();
        assert!(node == NONE || id == self.id, "a variable of another recording");
        (node != NONE).then_some(node as usize)
    }

    /// What made each record: its name, its place in the source, its value. Only with the feature `trace`, which makes a node
    /// of every operation on variables.
    ///
    /// ```
    /// # #[cfg(feature = "trace")] {
    /// use nilpotent::reverse;
    ///
    /// let (_, recording) = reverse::record(|[a, b]| a.sin() * b, [0.0, 3.0]);
    /// let [sin, mul] = recording.operations() else { panic!("two operations") };
    /// assert_eq!((sin.name, mul.name, mul.value), ("sin", "mul", 0.0));
    /// # }
    /// ```
    #[cfg(feature = "trace")]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The first operation whose value or slope is NaN. Only with the feature `trace`.
    ///
    /// ```
    /// # #[cfg(feature = "trace")] {
    /// use nilpotent::reverse;
    ///
    /// let (_, recording) = reverse::record(|[a]| (a - 2.0).ln().exp() + a, [1.0]);
    /// assert_eq!(recording.first_nan().map(|operation| operation.name), Some("ln"));
    /// # }
    /// ```
    #[cfg(feature = "trace")]
    pub fn first_nan(&self) -> Option<Operation> {
        let nan = |(record, operation): &(&Record<T>, &Operation)| {
            // Of a run that is the sum of all magnitudes.
            operation.value.is_nan() || record.slopes().iter().any(|slope| slope.is_nan())
        };
        self.records.iter().zip(&self.operations).find(nan).map(|(_, operation)| *operation)
    }

    /// The graph in Graphviz' language: boxes for the inputs, circles for the nodes, slopes on the edges; with the feature
    /// `trace` also name, value and place of each operation.
    ///
    /// ```
    /// # #[cfg(not(feature = "trace"))] {
    /// use nilpotent::reverse;
    ///
    /// let (_, recording) = reverse::record(|[a, b]| a.sin() * b, [0.0, 3.0]);
    /// let dot = "digraph {\n  0 [shape=box, label=\"x0\"];\n  1 [shape=box, label=\"x1\"];\n  \
    ///     0 -> 2 [label=\"3\"];\n  1 -> 2 [label=\"0\"];\n}\n";
    /// assert_eq!(recording.to_dot(), dot);
    /// # }
    /// ```
    pub fn to_dot(&self) -> String {
        let mut dot = String::from("digraph {\n");
        for i in 0..self.inputs {
            let _ = writeln!(dot, "  {i} [shape=box, label=\"x{i}\"];");
        }
        let mut runs = self.runs.iter();
        for (k, record) in self.records.iter().enumerate() {
            // Records that were joined are one node, the last of them.
            let joined = self.records[k + 1..].iter().take_while(|record| record.is_joined()).count();
            let node = self.inputs + k + joined;
            #[cfg(feature = "trace")]
            if joined == 0 {
                let Operation { name, place, value } = self.operations[k];
                let _ = writeln!(dot, "  {node} [label=\"{name}\\n{value}\\n{}:{}\"];", place.file(), place.line());
            }
            let mut edge = |operand: usize, slope: T| {
                let _ = writeln!(dot, "  {operand} -> {node} [label=\"{slope}\"];");
            };
            match record.view() {
                View::Run(first, count) => {
                    (first..).zip(runs.by_ref().take(count)).for_each(|(operand, &slope)| edge(operand, slope));
                }
                View::Operands(operands) => {
                    for (operand, slope) in operands.into_iter().zip(record.slopes()) {
                        operand.into_iter().for_each(|operand| edge(operand, slope));
                    }
                }
            }
        }
        dot.push_str("}\n");
        dot
    }
}

/// The derivatives of a weighted sum of outputs, with respect to inputs and to variables on the way.
#[derive(Clone, Debug)]
pub struct Adjoints<T = f64> {
    pub(super) adjoints: Vec<T>,
    /// Which of the records made a node of its own.
    pub(super) watched: Vec<bool>,
    pub(super) inputs: usize,
    pub(super) id: u64,
}

impl<T: Real> Adjoints<T> {
    /// Those of the inputs.
    pub fn inputs(&self) -> &[T] {
        &self.adjoints[..self.inputs]
    }

    /// That of a variable on the way, which must be an input or a node of its own: [`Var::watch`] makes it one. (Of one of
    /// these plus a constant, it is that of the node.)
    ///
    /// ```
    /// use nilpotent::reverse;
    ///
    /// let ([u, y], recording) = reverse::record(
    ///     |[a, b]| {
    ///         let u = a.sin().watch();
    ///         [u, u * u * b]
    ///     },
    ///     [0.0, 3.0],
    /// );
    /// assert_eq!(recording.adjoints(&[(y, 1.0)]).of(u), 2.0 * 0.0 * 3.0);
    /// ```
    ///
    /// # Panics
    /// If it is a variable of another recording, or not watched.
    pub fn of<S: Real>(&self, variable: Var<S>) -> T {
        let (id, node) = variable.place();
        let node = node as usize;
        assert!(id == self.id, "a variable of another recording, or a constant");
        let watched = node < self.inputs || self.watched[node - self.inputs];
        assert!(watched && variable.slope().is_one(), "a variable that is no node of its own; `watch` makes it one");
        self.adjoints[node]
    }
}
