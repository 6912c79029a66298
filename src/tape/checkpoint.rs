//! Functions that are recorded anew on the way back, instead of being stored.

use super::adjoints::OpenTape;
use super::external::{OneOf, Sums};
use super::nodes::outputs;
use super::record::NONE;
use super::revolve::split;
use super::store::Tape;
use super::tangents::tangent;
use super::thread;
use super::var::Var;
use crate::real::Real;
use crate::returns::Output;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The values of variables as constants.
fn detached<T: Real>(x: &[Var<T>]) -> Vec<Var<T>> {
    x.iter().map(|x| x.detach()).collect()
}

fn values<T: Real>(x: &[Var<T>]) -> Vec<T> {
    x.iter().map(|x| x.re).collect()
}

/// Runs `f` for its values: returns what `f` returns, and whether that depends on variables. The records are dropped. `f` runs in
/// a recording that extends the one at `place`, so that it may use captured variables of that one.
fn forgotten<T: Real, R: Output<Var<T>>>((id, nodes): (u64, usize), f: impl FnOnce() -> R) -> (R, bool) {
    thread::with(|tape: &Tape<T>| {
        tape.extend(id, nodes, 0, |open| {
            let (y, mut depends) = (f(), false);
            let _ = y.map(|y| {
                let (id, node) = y.place();
                open.check(id, node);
                depends |= node != NONE;
            });
            (y, depends)
        })
    })
}

/// What a function is recorded anew with.
enum Start<'x, T> {
    /// Variables of the recording that called it.
    Variables(&'x [Var<T>]),
    /// Values, which become inputs.
    Values(&'x [T]),
}

impl<T> Start<'_, T> {
    fn inputs(&self) -> usize {
        if let Self::Values(x) = self { x.len() } else { 0 }
    }
}

/// Records `f`, which must have `count` outputs, in a recording that extends the one at `place`, calls `read` with its outputs,
/// and drops the records.
fn again<T: Real, U>(
    (id, nodes): (u64, usize),
    start: Start<'_, T>,
    count: usize,
    f: impl FnOnce(&[Var<T>]) -> Vec<Var<T>>,
    read: impl FnOnce(&OpenTape<'_, T>, &[Var<T>]) -> U,
) -> U {
    thread::with(|tape| {
        tape.extend(id, nodes, start.inputs(), |open| {
            let outputs = match start {
                Start::Variables(x) => f(x),
                Start::Values(x) => {
                    let input = |(&x, node)| Var::of_node(x, open.id(), node);
                    f(&x.iter().zip(nodes as u32..).map(input).collect::<Vec<_>>())
                }
            };
            let later = outputs.len();
            assert_eq!(count, later, "a checkpointed function returned {count} values at first and {later} later");
            // Before the sweep holds the arena.
            for (id, node) in outputs.iter().map(|y| y.place()) {
                open.check(id, node);
            }
            read(&open, &outputs)
        })
    })
}

/// Records `f` again, and sweeps back from its outputs with the weights. `adjoints` are those of all nodes of the recording
/// `id`; the sweep adds to them. Returns the adjoints of the values, if `f` starts from values.
fn pulled<T: Real>(
    id: u64,
    adjoints: &mut dyn Sums<T>,
    start: Start<'_, T>,
    weights: &[T],
    f: impl FnOnce(&[Var<T>]) -> Vec<Var<T>>,
) -> Vec<T> {
    let (nodes, inputs) = (adjoints.len(), start.inputs());
    let pulled = again((id, nodes), start, weights.len(), f, |open, outputs| {
        let seed = |adjoints: &mut dyn Sums<T>| {
            for (y, &weight) in outputs.iter().zip(weights) {
                if y.place().1 != NONE {
                    adjoints.add(y.place().1 as usize, y.slope().slope_times(weight));
                }
            }
        };
        open.sweep_into(adjoints, seed);
        (nodes..nodes + inputs).map(|node| adjoints.get(node)).collect()
    });
    adjoints.resize(nodes);
    pulled
}

/// Records `f` again, and computes tangents forwards through its records. `tangents` are those of all nodes of the recording
/// `id`, and `own` those of the values, if `f` starts from values. Returns the `count` outputs, and their tangents.
fn pushed<T: Real>(
    id: u64,
    tangents: &mut Vec<T>,
    start: Start<'_, T>,
    own: &[T],
    count: usize,
    f: impl FnOnce(&[Var<T>]) -> Vec<Var<T>>,
) -> (Vec<T>, Vec<T>) {
    let nodes = tangents.len();
    tangents.extend_from_slice(own);
    let pushed = again((id, nodes), start, count, f, |open, outputs| {
        open.tangents_into(tangents);
        outputs.iter().map(|&y| (y.re, tangent(tangents, y))).unzip()
    });
    tangents.truncate(nodes);
    pushed
}

/// `f(x)`, whose records are not kept: on the way back `f` is called again, recorded, and swept.
///
/// It must give the same again when it is called again. Variables that the closure captures count as arguments. Within,
/// `checkpoint` may be used again.
///
/// ```
/// use nilpotent::{reverse, Real, Var};
///
/// fn slow<T: Real>(x: T) -> T {
///     (0..1000).fold(x, |y, _| (y * x).sin() + x)
/// }
/// let (y, [dy]) = reverse::gradient(|[x]: [Var; 1]| reverse::checkpoint(|x| slow(x[0]), &[x]), [0.5]);
/// assert_eq!((y, [dy]), reverse::gradient(|[x]| slow(x), [0.5]));
/// ```
///
/// # Panics
/// If `f` returns another number of values the second time.
#[doc(alias = "remat")]
#[cfg_attr(feature = "trace", track_caller)]
pub fn checkpoint<T, R>(f: impl Fn(&[Var<T>]) -> R + Send + Sync + 'static, x: &[Var<T>]) -> R::Of<Var<T>>
where
    T: Real,
    R: Output<Var<T>>,
{
    crate::operation::operation!("checkpoint");
    let list = |y: &R| {
        let mut list = Vec::new();
        let _ = y.map(|&y| list.push(y));
        list
    };
    let (shape, depends) = forgotten(thread::with(Tape::<T>::place), || f(&detached(x)));
    let y = values(&list(&shape));
    let (shared, count) = (Arc::new((f, x.to_vec())), y.len());
    let (ours, bytes) = (shared.clone(), size_of_val(x));
    let back = move |id: u64, weights: &[T], adjoints: OneOf<'_, T>| {
        let (f, inputs) = &*ours;
        adjoints.alone(|all| {
            pulled(id, all, Start::Variables(inputs), weights, |x| list(&f(x)));
        });
    };
    let forth = move |id: u64, tangents: &mut Vec<T>| {
        let (f, inputs) = &*shared;
        pushed(id, tangents, Start::Variables(inputs), &[], count, |x| list(&f(x))).1
    };
    let mut y = outputs(x.iter().map(|x| x.place()), &y, depends, bytes, back, forth).into_iter();
    shape.map(|_| y.next().expect("one for each output"))
}

/// The state after so many steps, `state ← step(i, state)`, of which at most `budget` states are stored: the gradient takes
/// the memory of these and of one step, and repeats steps as few times as that allows.
///
/// Variables that the step captures, such as parameters, count as inputs of the whole. The schedule is Griewank & Walther's: with s states and steps up to the binomial (s+r choose r), no step is run more than r + 2 times, the
/// recorded one included (*Algorithm 799: revolve*, ACM TOMS 26, 2000).
///
/// ```
/// use nilpotent::reverse;
///
/// // 10 000 steps of x' = -p·x with 20 states.
/// let euler = |p, x| reverse::checkpoint_loop(10_000, &[x], move |_, s| vec![s[0] - p * s[0] * 1e-4], 20)[0];
/// let (y, [dp, dx]) = reverse::gradient(|[p, x]| euler(p, x), [2.0, 3.0]);
/// assert!((y / (3.0 * (1.0 - 2e-4_f64).powi(10_000)) - 1.0).abs() < 1e-12);
/// assert!((dx - y / 3.0).abs() < 1e-12 && (dp + y / (1.0 - 2e-4)).abs() < 1e-12);
/// ```
///
/// # Panics
/// If `budget` is 0, or a step changes the length of the state.
#[cfg_attr(feature = "trace", track_caller)]
pub fn checkpoint_loop<T: Real>(
    steps: usize,
    state: &[Var<T>],
    step: impl Fn(usize, &[Var<T>]) -> Vec<Var<T>> + Send + Sync + 'static,
    budget: usize,
) -> Vec<Var<T>> {
    crate::operation::operation!("checkpoint_loop");
    let (mut places, mut next, mut left) = (Vec::new(), 0, budget);
    while left > 0 {
        places.push(next);
        if steps - next < 2 || left == 1 {
            break;
        }
        next += split(steps - next, left);
        left -= 1;
    }
    let mut places = places.into_iter().peekable();
    looped(state, step, budget, move |i, stored: &mut Vec<Snapshot<T>>, state: &[T]| {
        if places.next_if_eq(&i).is_some() {
            stored.push(Snapshot { at: i, state: state.to_vec() });
        }
        i < steps
    })
}

/// The same for a number of steps that is not known before: as long as `more(i, state)`.
///
/// States are stored at equal distances, which double whenever the budget is exhausted; on the way back the stretches
/// between them follow the binomial schedule, with the states that have become free.
///
/// ```
/// use nilpotent::reverse;
///
/// // Newton's method for √p, until it stands.
/// let root = |p| {
///     let step = |_: usize, s: &[nilpotent::Var]| vec![s[0], (s[1] + s[0] / s[1]) * 0.5];
///     reverse::checkpoint_while(&[p, p], |_, s| (s[1] * s[1] - s[0]).abs() > 1e-14, step, 3)[1]
/// };
/// let (y, [dp]) = reverse::gradient(|[p]| root(p), [2.0]);
/// assert!((y - 2.0_f64.sqrt()).abs() < 1e-15 && (dp - 0.125_f64.sqrt()).abs() < 1e-15);
/// ```
///
/// # Panics
/// If `budget` is 0, or a step changes the length of the state.
#[cfg_attr(feature = "trace", track_caller)]
pub fn checkpoint_while<T: Real>(
    state: &[Var<T>],
    more: impl Fn(usize, &[T]) -> bool,
    step: impl Fn(usize, &[Var<T>]) -> Vec<Var<T>> + Send + Sync + 'static,
    budget: usize,
) -> Vec<Var<T>> {
    crate::operation::operation!("checkpoint_while");
    let mut distance = 1;
    looped(state, step, budget, |i, stored: &mut Vec<Snapshot<T>>, state: &[T]| {
        if i % distance == 0 {
            if stored.len() == budget {
                distance *= 2;
                stored.retain(|s| s.at % distance == 0);
            }
            if i % distance == 0 && stored.len() < budget {
                stored.push(Snapshot { at: i, state: state.to_vec() });
            }
        }
        more(i, state)
    })
}

#[derive(Clone)]
struct Snapshot<T> {
    at: usize,
    state: Vec<T>,
}

/// Runs the steps for their values as long as `visit` returns true. `visit` also chooses which states are stored; the first one
/// always is.
fn looped<T: Real>(
    start: &[Var<T>],
    step: impl Fn(usize, &[Var<T>]) -> Vec<Var<T>> + Send + Sync + 'static,
    budget: usize,
    mut visit: impl FnMut(usize, &mut Vec<Snapshot<T>>, &[T]) -> bool,
) -> Vec<Var<T>> {
    assert!(budget > 0, "a loop is checkpointed with at least one stored state");
    let (mut state, mut stored, mut steps, mut depends) = (values(start), Vec::new(), 0, false);
    let place = thread::with(Tape::<T>::place);
    while visit(steps, &mut stored, &state) {
        let moves;
        (state, moves) = advance(place, &step, steps, &state);
        depends |= moves;
        steps += 1;
    }
    if steps == 0 {
        return start.to_vec();
    }
    let (shared, count) = (Arc::new((step, start.to_vec())), state.len());
    let ours = shared.clone();
    let bytes = size_of_val(start) + stored.iter().map(|s| size_of_val(&*s.state)).sum::<usize>();
    let back = move |id: u64, weights: &[T], all: &mut dyn Sums<T>| {
        let (step, inputs) = &*ours;
        let nodes = (id, all.len());
        let (mut stack, mut end, mut adjoints) = (stored.clone(), steps, weights.to_vec());
        let mut recorded = |at, state: &[T], weights: &[T]| match at {
            0 => pulled(id, all, Start::Variables(inputs), weights, |x| step(at, x)),
            _ => pulled(id, all, Start::Values(state), weights, |x| step(at, x)),
        };
        while let Some(Snapshot { at, state }) = stack.last() {
            let (at, length) = (*at, end - at);
            if length == 0 {
                stack.pop();
            } else if length == 1 {
                adjoints = recorded(at, state, &adjoints);
                end = at;
            } else {
                let free = budget - stack.len();
                let stop = if free == 0 { length - 1 } else { split(length, free.saturating_add(1)) };
                let state = (at..at + stop).fold(state.clone(), |state, i| advance(nodes, step, i, &state).0);
                if free == 0 {
                    end -= 1;
                    adjoints = recorded(end, &state, &adjoints);
                } else {
                    stack.push(Snapshot { at: at + stop, state });
                }
            }
        }
    };
    // Forwards no state needs to be stored: each step is recorded from the one before.
    let forth = move |id: u64, all: &mut Vec<T>| {
        let (step, inputs) = &*shared;
        let (mut state, mut own) = pushed(id, all, Start::Variables(inputs), &[], count, |x| step(0, x));
        for i in 1..steps {
            (state, own) = pushed(id, all, Start::Values(&state), &own, count, |x| step(i, x));
        }
        own
    };
    let back = move |id: u64, weights: &[T], adjoints: OneOf<'_, T>| adjoints.alone(|all| back(id, weights, all));
    outputs(start.iter().map(|x| x.place()), &state, depends, bytes, back, forth)
}

/// Runs one step for its values. Returns the new state, and whether it depends on variables that the step captures.
fn advance<T: Real>(
    place: (u64, usize),
    step: &impl Fn(usize, &[Var<T>]) -> Vec<Var<T>>,
    i: usize,
    state: &[T],
) -> (Vec<T>, bool) {
    let constants: Vec<_> = state.iter().map(|&x| Var::constant(x)).collect();
    let (next, depends) = forgotten(place, || step(i, &constants));
    let (n, m) = (state.len(), next.len());
    assert_eq!(n, m, "step {i} made a state of length {m} from one of length {n}");
    (values(&next), depends)
}
