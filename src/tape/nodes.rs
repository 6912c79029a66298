//! What external functions append: one node for each output, and a closure that hands their adjoints down. Functions from
//! outside at variables of reverse mode; `hook`.

use super::external::{External, OneOf};
use super::push::push_external;
use super::record::NONE;
use super::tangents::tangent;
use super::var::Var;
use crate::error::Error;
use crate::external::function::{Call, Function, Passable};
use crate::external::op::{Op, terms};
use crate::nonfinite;
use crate::real::Real;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::{self, Debug};
use core::panic::Location;

/// Appends an external function. `back` gets the id of its recording, the adjoints of the outputs, and those of all nodes of the
/// recording. `forth` gets the id and the tangents of all nodes, and returns the tangents of the outputs. If nothing depends on
/// variables, the outputs are constants. `bytes` is what the closures own on the heap.
pub(super) fn outputs<T: Real>(
    inputs: impl Iterator<Item = (u64, u32)> + Clone,
    values: &[T],
    depends: bool,
    bytes: usize,
    back: impl Fn(u64, &[T], OneOf<'_, T>) + Send + Sync + 'static,
    forth: impl Fn(u64, &mut Vec<T>) -> Vec<T> + Send + Sync + 'static,
) -> Vec<Var<T>> {
    if !depends && inputs.clone().all(|(_, node)| node == NONE) {
        return values.iter().map(|&y| Var::constant(y)).collect();
    }
    let function = Arc::new(Closures { outputs: values.len(), bytes, back, forth });
    let (id, first) = push_external(inputs, values, function);
    values.iter().zip(first..).map(|(&y, node)| Var::of_node(y, id, node)).collect()
}

/// What was not recorded.
struct Closures<F, G> {
    outputs: usize,
    bytes: usize,
    back: F,
    forth: G,
}

impl<F, G> Debug for Closures<F, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "external function of {} outputs", self.outputs)
    }
}

impl<T, F, G> External<T> for Closures<F, G>
where
    T: Real,
    F: Fn(u64, &[T], OneOf<'_, T>) + Send + Sync,
    G: Fn(u64, &mut Vec<T>) -> Vec<T> + Send + Sync,
{
    fn outputs(&self) -> usize {
        self.outputs
    }

    fn bytes(&self) -> usize {
        size_of_val(self) + self.bytes
    }

    fn pull(&self, id: u64, weights: &[T], adjoints: OneOf<'_, T>) {
        (self.back)(id, weights, adjoints);
    }

    fn push(&self, id: u64, tangents: &mut Vec<T>, first: usize) {
        let own = (self.forth)(id, tangents);
        tangents[first..][..self.outputs].copy_from_slice(&own);
    }
}

/// An argument of a function from outside: its values, and for those numbers that are variables, their places in the argument
/// with their nodes and the slopes in them.
struct Argument<T> {
    values: Vec<T>,
    nodes: Vec<(u32, u32, T)>,
}

impl<T: Real> Argument<T> {
    fn new(numbers: &[Var<T>]) -> Self {
        let node = |(i, x): (u32, &Var<T>)| (x.place().1 != NONE).then_some((i, x.place().1, x.slope()));
        Self { values: numbers.iter().map(|x| x.re).collect(), nodes: (0..).zip(numbers).filter_map(node).collect() }
    }

    /// The derivatives of its numbers, given those of all nodes.
    fn slopes(&self, tangents: &[T]) -> Vec<T> {
        let mut slopes = vec![T::absent(); self.values.len()];
        for &(i, node, slope) in &self.nodes {
            slopes[i as usize] = nonfinite::zero_product(slope, tangents[node as usize]);
        }
        slopes
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.values) + size_of_val(&*self.nodes)
    }
}

/// One node with several outputs. In the sweep, each argument that has variables gets one product with the next derivative.
impl<T: Real> Passable for Var<T> {
    fn has_external(function: &Function, op: Option<Op>) -> Result<(), Error> {
        T::has_external(function, op)?;
        // A product has one argument more than the value.
        let arguments = if op == Some(Op::Value) { 1 } else { 2 };
        let transposed = |k| op.and_then(|op| op.transposed(k)).map(|(op, _)| op);
        (0..arguments).try_for_each(|k| T::has_external(function, transposed(k)))
    }

    fn external(call: Call<'_>, op: Op, args: &[&[Self]]) -> Result<Vec<Self>, Error> {
        let arguments: Vec<Argument<T>> = args.iter().map(|arg| Argument::new(arg)).collect();
        let at: Vec<&[T]> = arguments.iter().map(|arg| arg.values.as_slice()).collect();
        let values = T::external(call, op, &at)?;
        let bytes = arguments.iter().map(|arg| size_of_val(arg) + arg.bytes()).sum();
        let (function, Call { place, .. }, count) = (call.function.clone(), call, values.len());
        let shared = Arc::new(Product { function, place, op, arguments });
        let ours = shared.clone();
        let back = move |_: u64, weights: &[T], adjoints: OneOf<'_, T>| ours.back(weights, adjoints);
        let forth = move |_: u64, tangents: &mut Vec<T>| shared.forth(tangents, count);
        Ok(outputs(args.iter().copied().flatten().map(|x| x.place()), &values, false, bytes, back, forth))
    }
}

/// A product of a function's derivative, whose arguments have variables.
struct Product<T> {
    function: Function,
    place: &'static Location<'static>,
    op: Op,
    arguments: Vec<Argument<T>>,
}

impl<T: Real> Product<T> {
    /// A product at the values, in a sweep.
    fn external(&self, op: Op, args: &[&[T]]) -> Vec<T> {
        let call = Call { function: &self.function, in_sweep: true, place: self.place };
        T::external(call, op, args).unwrap_or_else(|error| panic!("in the sweep {error}"))
    }

    /// The weights of the result times the derivative in each argument that has variables.
    fn parts<'a>(&'a self, weights: &'a [T]) -> impl Iterator<Item = (&'a Argument<T>, Vec<T>)> {
        let at: Vec<&[T]> = self.arguments.iter().map(|arg| arg.values.as_slice()).chain([weights]).collect();
        self.arguments.iter().enumerate().filter(|(_, argument)| !argument.nodes.is_empty()).map(
            move |(k, argument)| {
                let (op, order) = self.op.transposed(k).expect("a derivative of a lower order");
                let args: Vec<&[T]> = order.iter().map(|&k| at[k]).collect();
                (argument, self.external(op, &args))
            },
        )
    }

    fn back(&self, weights: &[T], mut adjoints: OneOf<'_, T>) {
        for (argument, parts) in self.parts(weights) {
            for &(i, node, slope) in &argument.nodes {
                adjoints.add(node as usize, nonfinite::zero_product(slope, parts[i as usize]));
            }
        }
    }

    /// The tangents of the `count` results: by the derivative along those of the arguments or, if that was not given, because
    /// reverse mode does not need it, by the derivatives of each result.
    fn forth(&self, tangents: &[T], count: usize) -> Vec<T> {
        let slopes: Vec<Vec<T>> = self.arguments.iter().map(|argument| argument.slopes(tangents)).collect();
        let known = |slopes: &Vec<T>| !slopes.iter().all(|slope| slope.is_absent());
        let slopes: Vec<Option<&[T]>> = slopes.iter().map(|slopes| known(slopes).then_some(&**slopes)).collect();
        let at: Vec<&[T]> = self.arguments.iter().map(|argument| argument.values.as_slice()).collect();
        let mut sums = vec![T::absent(); count];
        let is_given = slopes[0].is_none() || T::has_external(&self.function, self.op.next()).is_ok();
        if is_given {
            for (op, args) in terms(self.op, &at, &slopes) {
                sums.iter_mut().zip(self.external(op, &args)).for_each(|(sum, term)| *sum += term);
            }
            return sums;
        }
        let mut weights = sums.clone();
        for (k, sum) in sums.iter_mut().enumerate() {
            weights[k] = T::one();
            for (argument, parts) in self.parts(&weights) {
                for &(i, node, slope) in &argument.nodes {
                    let tangent = nonfinite::zero_product(slope, tangents[node as usize]);
                    *sum += nonfinite::zero_product(tangent, parts[i as usize]);
                }
            }
            weights[k] = T::absent();
        }
        sums
    }
}

/// Returns x, and on the way back replaces its adjoint by `f(adjoint)`: to look at it, to clip or to scale it.
///
/// The hook is a node of its own. `f` is called in each sweep in which the adjoint is not 0, with the sum of what all uses of the
/// returned variable contribute; the uses of x itself do not count. In nested numbers it gets the adjoint as a number of the inner
/// level, so in `reverse::hvp`, over `Var<Dual>`, it gets the derivative along the direction too. A hook of a constant does nothing.
/// Products J·v of [`linearize`](crate::reverse::linearize) go forwards, and are those without the hook.
///
/// `f` is `Fn + Send + Sync + 'static`, because a recording keeps it, and may be swept again and on another thread. To collect
/// adjoints, capture an `Arc<Mutex<…>>` or a channel.
///
/// ```
/// use nilpotent::{reverse, Var};
/// use std::sync::{Arc, Mutex};
///
/// // An adjoint on the way, clipped.
/// let seen = Arc::new(Mutex::new(Vec::new()));
/// let list = seen.clone();
/// let f = |[a, b]: [Var; 2]| {
///     let u = reverse::hook(a * b, move |adjoint: f64| {
///         list.lock().unwrap().push(adjoint);
///         adjoint.clamp(-10.0, 10.0)
///     });
///     u * u
/// };
/// assert_eq!(reverse::gradient(f, [2.0, 3.0]), (36.0, [30.0, 20.0]));
/// assert_eq!(*seen.lock().unwrap(), [12.0]);
/// ```
#[doc(alias = "register_hook")]
#[must_use]
#[cfg_attr(feature = "trace", track_caller)]
pub fn hook<T: Real>(x: Var<T>, f: impl Fn(T) -> T + Send + Sync + 'static) -> Var<T> {
    crate::operation::operation!("hook");
    let (node, slope) = (x.place().1 as usize, x.slope());
    let back = move |_: u64, weights: &[T], mut adjoints: OneOf<'_, T>| {
        adjoints.add(node, nonfinite::zero_product(slope, f(weights[0].grounded())));
    };
    let forth = move |_: u64, tangents: &mut Vec<T>| vec![tangent(tangents, x)];
    outputs([x.place()].into_iter(), &[x.re], false, 0, back, forth)[0]
}
