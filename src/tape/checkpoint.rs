//! Parts of a computation that are recorded anew on the way back, instead of being stored.

use super::arena::{self, NONE, Part};
use super::var::Var;
use crate::real::Real;
use crate::returns::Output;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt::{self, Debug};

/// The values of variables as constants: functions of them record nothing.
fn detached<T: Real>(x: &[Var<T>]) -> Vec<Var<T>> {
    x.iter().map(|x| x.detach()).collect()
}

fn values<T: Real>(x: &[Var<T>]) -> Vec<T> {
    x.iter().map(|x| x.re).collect()
}

/// The adjoints of the inputs of `f` at `x`, from those of its outputs: one recording, which is then forgotten.
fn pulled<T: Real>(x: &[T], weights: &[T], f: impl FnOnce(&[Var<T>]) -> Vec<Var<T>>) -> Vec<T> {
    arena::with(|arena| {
        arena.record(x.len(), |open| {
            let inputs: Vec<_> = x.iter().zip(0..).map(|(&x, i)| Var::of_node(x, open.name(), i)).collect();
            let outputs = f(&inputs);
            assert_eq!(
                outputs.len(),
                weights.len(),
                "a checkpointed function returned {} values at first and {} later",
                weights.len(),
                outputs.len()
            );
            // Before the sweep holds the arena.
            for (name, node) in outputs.iter().map(|y| y.place()) {
                open.check(name, node);
            }
            let seed = |adjoints: &mut [[T; 1]]| {
                for (y, &weight) in outputs.iter().zip(weights) {
                    let node = y.place().1;
                    if node != NONE {
                        adjoints[node as usize][0] += y.slope().slope_times(weight);
                    }
                }
            };
            open.sweep(seed, |adjoints| adjoints.as_flattened().to_vec())
        })
    })
}

/// Appends the part of which `back` gives the adjoints of the inputs, from those of the outputs.
fn outputs<T: Real>(
    inputs: &[Var<T>],
    values: &[T],
    back: impl Fn(&[T]) -> Vec<T> + Send + Sync + 'static,
) -> Vec<Var<T>> {
    if inputs.iter().all(|x| x.place().1 == NONE) {
        return values.iter().map(|&y| Var::constant(y)).collect();
    }
    let part = Pulled { inputs: inputs.to_vec(), outputs: values.len(), back };
    let (name, first) = arena::push_part(inputs, values, Arc::new(part));
    values.iter().zip(first..).map(|(&y, node)| Var::of_node(y, name, node)).collect()
}

struct Pulled<T: Real, F> {
    inputs: Vec<Var<T>>,
    outputs: usize,
    back: F,
}

impl<T: Real, F> Debug for Pulled<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "part of {} inputs and {} outputs", self.inputs.len(), self.outputs)
    }
}

impl<T: Real, F: Fn(&[T]) -> Vec<T> + Send + Sync> Part<T> for Pulled<T, F> {
    fn pull(&self, adjoints: &mut [T], outputs: &[T]) {
        let weights = &outputs[..self.outputs];
        if weights.iter().all(T::is_zero) {
            return;
        }
        for (x, part) in self.inputs.iter().zip((self.back)(weights)) {
            if let (_, node) = x.place()
                && let Some(adjoint) = adjoints.get_mut(node as usize)
            {
                *adjoint += x.slope().slope_times(part);
            }
        }
    }
}

/// `f(x)`, whose records are not kept: on the way back `f` is called again, recorded, and swept.
///
/// It must give the same again: a function of its arguments and of constants. The variables that it uses are its
/// arguments; one that the closure captures panics. Within, `checkpoint` may be used again.
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
#[cfg_attr(feature = "trace", track_caller)]
pub fn checkpoint<T, R>(f: impl Fn(&[Var<T>]) -> R + Send + Sync + 'static, x: &[Var<T>]) -> R::Of<Var<T>>
where
    T: Real,
    R: Output<Var<T>>,
{
    crate::traits::operation!("checkpoint");
    let list = |y: &R| {
        let mut list = Vec::new();
        let _ = y.map(|&y| list.push(y));
        list
    };
    let shape = f(&detached(x));
    let (inputs, y) = (values(x), values(&list(&shape)));
    let back = move |weights: &[T]| pulled(&inputs, weights, |x| list(&f(x)));
    let mut y = outputs(x, &y, back).into_iter();
    shape.map(|_| y.next().expect("one for each output"))
}

/// The state after so many steps, `state ← step(i, state)`, of which at most `budget` states are stored: the gradient takes
/// the memory of these and of one step, and repeats steps as few times as that allows.
///
/// What a step depends on must be in the state, parameters too: they go from step to step unchanged. The schedule is
/// Griewank & Walther's: with s states and steps up to the binomial (s+r choose r), no step is run more than r + 2 times, the
/// recorded one included (*Algorithm 799: revolve*, ACM TOMS 26, 2000).
///
/// ```
/// use nilpotent::reverse;
///
/// // 10 000 steps of x' = -p·x with 20 states.
/// let euler = |p, x| reverse::checkpoint_loop(10_000, &[p, x], |_, s| vec![s[0], s[1] - s[0] * s[1] * 1e-4], 20)[1];
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
    crate::traits::operation!("checkpoint_loop");
    let mut places = Vec::new();
    let (mut place, mut left) = (0, budget);
    while left > 0 {
        places.push(place);
        left -= 1;
        if steps - place < 2 || left == 0 {
            break;
        }
        place += split(steps - place, left + 1);
    }
    looped(state, step, budget, |i, stored: &mut Vec<Snapshot<T>>, state: &[T]| {
        if places.contains(&i) {
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
    crate::traits::operation!("checkpoint_while");
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

/// Runs the steps on values, as long as `visit` says; it also chooses the states to store. The first is always one.
fn looped<T: Real>(
    start: &[Var<T>],
    step: impl Fn(usize, &[Var<T>]) -> Vec<Var<T>> + Send + Sync + 'static,
    budget: usize,
    mut visit: impl FnMut(usize, &mut Vec<Snapshot<T>>, &[T]) -> bool,
) -> Vec<Var<T>> {
    assert!(budget > 0, "a loop is checkpointed with at least one stored state");
    let (mut state, mut stored, mut steps) = (values(start), Vec::new(), 0);
    while visit(steps, &mut stored, &state) {
        state = advance(&step, steps, &state);
        steps += 1;
    }
    let back = move |weights: &[T]| {
        let (mut stack, mut end, mut adjoints) = (stored.clone(), steps, weights.to_vec());
        while let Some(Snapshot { at, state }) = stack.last() {
            let (at, length) = (*at, end - at);
            if length == 0 {
                stack.pop();
            } else if length == 1 {
                adjoints = pulled(state, &adjoints, |x| step(at, x));
                end = at;
            } else {
                let free = budget - stack.len();
                let stop = if free == 0 { length - 1 } else { split(length, free + 1) };
                let state = (at..at + stop).fold(state.clone(), |state, i| advance(&step, i, &state));
                if free == 0 {
                    end -= 1;
                    adjoints = pulled(&state, &adjoints, |x| step(end, x));
                } else {
                    stack.push(Snapshot { at: at + stop, state });
                }
            }
        }
        adjoints
    };
    outputs(start, &state, back)
}

/// One step, on values.
fn advance<T: Real>(step: &impl Fn(usize, &[Var<T>]) -> Vec<Var<T>>, i: usize, state: &[T]) -> Vec<T> {
    let constants: Vec<_> = state.iter().map(|&x| Var::constant(x)).collect();
    let next = values(&step(i, &constants));
    let (n, m) = (state.len(), next.len());
    assert_eq!(n, m, "step {i} made a state of length {m} from one of length {n}");
    next
}

/// `(c + r choose c)`: how many steps can be reversed with c stored states if none is run more than r times before it is
/// recorded.
fn beta(c: isize, r: isize) -> u128 {
    if c < 0 || r < 0 {
        return 0;
    }
    let (small, sum) = (c.min(r) as u128, (c + r) as u128);
    // A number beyond all counts is as good as the true one.
    (1..=small).fold(1_u128, |b, k| b.saturating_mul(sum - small + k) / k)
}

/// Where to store the next state of a stretch of steps, if there are `states` with the one at its start (Griewank & Walther
/// 2000, theorem 1).
fn split(steps: usize, states: usize) -> usize {
    let (l, s) = (steps as u128, states as isize);
    let r = (0..).find(|&r| beta(s, r) >= l).expect("it grows without bound");
    let stop = if l <= beta(s, r - 1) + beta(s - 2, r - 1) {
        beta(s, r - 2)
    } else if l + beta(s - 3, r) >= beta(s, r) {
        beta(s, r - 1)
    } else {
        l - beta(s - 1, r - 1) - beta(s - 2, r - 1)
    };
    (stop as usize).clamp(1, steps - 1)
}
