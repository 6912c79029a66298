//! Model predictive control of the cart and its pole: at each step an optimal motion over the next two seconds is computed,
//! its first force is applied, and the next step begins from what is measured.
//!
//! The plan for a step must be there when the step begins. So it starts from where the model says that the cart will be then,
//! and is computed while the force before is applied: there is as much time as a step takes. It begins with the plan of the
//! step before, shifted by one step, and its multipliers.

use crate::cart_pole::{CartPole, GOAL, Interval, MOST_FORCE, PUBLISHED, TRACK, variables};
use crate::collocation::Dynamics;
use crate::interior_point::{Multipliers, Options, Outcome, minimize, minimize_by};
use crate::problem::Problem;
use nilpotent::separable::{Element, Function, Kind};
use nilpotent::{Error, Real};

/// The time of a step, s.
pub const STEP: f64 = 0.05;
/// So many steps are planned.
pub const PLANNED: usize = 40;
/// The weight of the end of a plan, as that of so many steps.
const END: f64 = 20.0;

type State = [f64; 4];

/// How far a state is from the goal: 10·(x - 1)² + 20·(1 + cos φ) + ẋ² + φ̇², times a weight. It is the same for all angles at
/// which the pole is upright.
struct Distance;

impl Element<4, 1, 1> for Distance {
    fn element<T: Real>(&self, [place, angle, speed, turning]: [T; 4], [weight]: [T; 1]) -> [T; 1] {
        let [ten, twenty] = [10.0, 20.0].map(T::lit);
        let far = place - T::lit(GOAL[0]);
        [weight * (ten * far * far + twenty * (T::one() + angle.cos()) + speed * speed + turning * turning)]
    }
}

/// The square of a force, times a weight.
struct Effort;

impl Element<1, 1, 1> for Effort {
    fn element<T: Real>(&self, [force]: [T; 1], [weight]: [T; 1]) -> [T; 1] {
        [weight * force * force]
    }
}

/// The problem of a plan. The variables are the states at one end of a step after another, and the force of each step, which
/// is constant.
///
/// # Errors
/// None.
pub fn problem(model: CartPole) -> Result<Problem, Error> {
    let states = 4 * (PLANNED + 1);
    let all = states + PLANNED;
    let steps = Kind::new(Interval { model, step: STEP }, (0..PLANNED).map(|k| variables(k, [states + k; 3])));
    let weight = |k: usize| [if k == PLANNED { END * STEP } else { STEP }];
    let nodes = (1..=PLANNED).map(|k| std::array::from_fn(|i| 4 * k + i));
    let distance = Kind::with_data(Distance, nodes, (1..=PLANNED).map(weight))?.to_row(0);
    let effort = Kind::with_data(Effort, (states..all).map(|k| [k]), vec![[0.01 * STEP]; PLANNED])?.to_row(0);
    let free = [f64::NEG_INFINITY, f64::INFINITY];
    let node = |_| [[-TRACK, TRACK], free, free, free];
    let start = |k: usize| GOAL.map(|x| x * k as f64 / PLANNED as f64);
    Ok(Problem {
        objective: Function::new(all).with(distance)?.with(effort)?,
        constraints: Function::new(all).with(steps)?,
        rows: vec![[0.0; 2]; 4 * PLANNED],
        bounds: (0..=PLANNED).flat_map(node).chain((0..PLANNED).map(|_| [-MOST_FORCE, MOST_FORCE])).collect(),
        start: (0..=PLANNED).flat_map(start).chain((0..PLANNED).map(|_| 0.0)).collect(),
    })
}

/// What plans.
#[derive(Clone, Debug)]
pub struct Controller {
    model: CartPole,
    problem: Problem,
    last: Option<Multipliers>,
}

/// Moves all by one step of `width` values ahead, and repeats the last step.
fn shift(values: &mut [f64], width: usize) {
    let end = values.len();
    if end > width {
        values.copy_within(width.., 0);
    }
}

/// The same for values that belong to variables.
fn shift_variables(values: &mut [f64]) {
    let (states, forces) = values.split_at_mut(4 * (PLANNED + 1));
    shift(states, 4);
    shift(forces, 1);
}

impl Controller {
    /// One with this model of what it controls.
    ///
    /// # Errors
    /// None.
    pub fn new(model: CartPole) -> Result<Self, Error> {
        Ok(Self { model, problem: problem(model)?, last: None })
    }

    /// Plans from this state on, a step after the last plan, and returns the force for the first step. If no optimum is
    /// found, it is that of the last plan.
    ///
    /// # Errors
    /// None.
    pub fn plan(&mut self, from: State) -> Result<(f64, Outcome), Error> {
        let Problem { bounds, start, .. } = &mut self.problem;
        if self.last.is_some() {
            shift_variables(start);
        }
        for (i, x) in from.into_iter().enumerate() {
            (bounds[i], start[i]) = ([x; 2], x);
        }
        let outcome = match &mut self.last {
            None => minimize(&self.problem)?,
            Some(last) => {
                shift(&mut last.rows, 4);
                shift_variables(&mut last.least);
                shift_variables(&mut last.most);
                minimize_by(&self.problem, Options { from: Some(last), ..Options::default() })?
            }
        };
        let outcome = if outcome.is_optimal { outcome } else { self.plan_anew(from, &outcome)? };
        if outcome.is_optimal {
            self.problem.start.clone_from(&outcome.x);
            self.last = Some(outcome.multipliers.clone());
        }
        Ok((self.problem.start[4 * (PLANNED + 1)], outcome))
    }

    /// Plans from the motion under the forces of the last plan, which fulfills all equations: if the state is far from what
    /// was planned, no optimum may be found near the plan.
    fn plan_anew(&self, from: State, failed: &Outcome) -> Result<Outcome, Error> {
        let mut problem = self.problem.clone();
        let (states, forces) = problem.start.split_at_mut(4 * (PLANNED + 1));
        let mut state = from;
        for (to, &mut force) in states[4..].chunks_exact_mut(4).zip(forces) {
            state = self.model.after(state, force, STEP, 5);
            to.copy_from_slice(&state);
        }
        let outcome = minimize(&problem)?;
        Ok(Outcome {
            iterations: failed.iterations + outcome.iterations,
            time: failed.time + outcome.time,
            derivatives: failed.derivatives + outcome.derivatives,
            ..outcome
        })
    }
}

/// Whether the pole is upright and almost at rest, where the cart is to be.
pub fn is_up([place, angle, speed, turning]: State) -> bool {
    let distances = [place - GOAL[0], angle.cos() + 1.0, speed, turning];
    distances.iter().all(|distance| distance.abs() < 0.05)
}

/// What the controller does not know.
#[derive(Clone, Copy, Debug)]
pub struct Reality {
    /// What moves indeed.
    pub system: CartPole,
    /// A force on the cart, N, from the first of these steps to before the second.
    pub push: (f64, [usize; 2]),
}

/// A pole that is a fifth heavier than that of the model, and a push against the cart once the pole is upright, so strong that
/// the pole falls.
pub const REALITY: Reality =
    Reality { system: CartPole { pole: 1.2 * PUBLISHED.pole, ..PUBLISHED }, push: (25.0, [70, 72]) };

/// What has happened in a step.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The state at the beginning.
    pub state: State,
    /// The force of the controller.
    pub force: f64,
    /// The plan for the next step.
    pub plan: Outcome,
}

/// Runs the closed loop over so many steps, from the cart at rest with the pole hanging down.
///
/// # Errors
/// None.
pub fn run(reality: Reality, steps: usize) -> Result<Vec<Moment>, Error> {
    let mut controller = Controller::new(PUBLISHED)?;
    let (mut state, mut force) = ([0.0; 4], 0.0);
    let mut moments = Vec::new();
    for k in 0..steps {
        let (next, plan) = controller.plan(PUBLISHED.after(state, force, STEP, 5))?;
        moments.push(Moment { state, force, plan });
        let (push, [first, end]) = reality.push;
        let pushed = if (first..end).contains(&k) { push } else { 0.0 };
        state = reality.system.after(state, force + pushed, STEP, 50);
        force = next;
    }
    Ok(moments)
}
