//! What the derivatives are needed for: an orbit that closes to the last digit, and its stability.

use super::bodies::{Orbit, PUBLISHED, State, eight, energy, rates, renamed};
use super::integrator::{Flow, Steps};
use nalgebra::{Complex, SMatrix, SVector};
use nilpotent::{Dual, Real, Taylor, try_jacobian};
use std::array::from_fn;
use std::f64::consts::TAU;

pub(crate) type Matrix = SMatrix<f64, 8, 8>;

/// The order of the series, which Jorba and Zou find cheapest for this tolerance.
pub(crate) const ORDER: usize = 22;
pub(crate) const TOLERANCE: f64 = 1e-18;
/// Multipliers closer to 1 than this are those that the constants of motion hold there. Rounding moves a multiplier of a
/// Jordan block by about the root of 1e-14.
const HELD: f64 = 1e-4;

/// Follows the motion from `start` in time that is counted in periods: `x' = period·f(x)`. The period is a number like the
/// others, so that a derivative can be taken in it as well.
fn advance<T: Real>(flow: &mut Flow<T, 8>, period: T, until: T::Float) -> Option<State<T>> {
    let rates =
        |x| rates(x).map(|rate: Taylor<T, ORDER>| Taylor::new(rate.re * period, rate.coeffs.map(|c| c * period)));
    flow.advance::<ORDER>(rates, until, Steps::Tolerance(TOLERANCE))
}

/// The state after a time that is counted in periods.
pub(crate) fn after<T: Real>(start: State<T>, period: T, periods: f64) -> Option<State<T>> {
    advance(&mut Flow::new(start), period, T::Float::lit(periods))
}

/// The motion over a third of the period, after which each body is where another one started, and gets its name. On the
/// orbits here this is the start again, and three times this map is the motion over the whole period. (Rounding errors grow
/// less over a third, and the work is a third as well.)
fn third<T: Real>(start: State<T>, period: T) -> Option<State<T>> {
    after(start, period, 1.0 / 3.0).map(|end| renamed(renamed(end)))
}

/// The largest difference of two states.
pub(crate) fn distance(a: State<f64>, b: State<f64>) -> f64 {
    a.iter().zip(b).fold(0.0, |most, (a, b)| most.max((a - b).abs()))
}

/// Newton's method on the condition that the orbit closes after a third of the period T: eight equations in the velocity of
/// the first body and T. They have a solution, so that least squares converge quadratically as well.
///
/// Returns the orbit, and by how much it was open before each step and after the last one.
pub(crate) fn close() -> Option<(Orbit, Vec<f64>)> {
    let open = |[u, v, period]: [Dual<f64, 3>; 3]| {
        let start = eight(u, v);
        third(start, period).map(|end| -> State<_> { from_fn(|i| end[i] - start[i]) })
    };
    let (mut at, mut trace) = (PUBLISHED, Vec::new());
    loop {
        let (value, jacobian) = try_jacobian(open, at)?;
        let size = distance(value, [0.0; 8]);
        // The last step is the one that no longer makes the difference ten times smaller.
        let done = trace.last().is_some_and(|last| size > 0.1 * last);
        trace.push(size);
        if done {
            return Some((Orbit { start: eight(at[0], at[1]), period: at[2] }, trace));
        }
        let matrix = SMatrix::<f64, 8, 3>::from_fn(|i, j| jacobian[i][j]);
        let step = matrix.svd(true, true).solve(&SVector::from(value), 0.0).ok()?;
        at = from_fn(|i| at[i] - step[i]);
    }
}

/// The monodromy matrix: the Jacobian of the state after one period in the start. Its columns solve the variational
/// equations, which nobody has written down: the integrator runs on series of dual numbers.
pub(crate) fn monodromy(orbit: Orbit) -> Option<Matrix> {
    let (_, jacobian) = try_jacobian(|x| third(x, Real::lit(orbit.period)), orbit.start)?;
    let third = Matrix::from_fn(|i, j| jacobian[i][j]);
    Some(third * third * third)
}

/// The multipliers of an orbit, which are the eigenvalues of its monodromy matrix, without the four that energy, angular
/// momentum, and the freedom of the start in time and direction hold at 1. Ordered by their angle from 1.
pub(crate) fn multipliers(monodromy: Matrix) -> Vec<Complex<f64>> {
    let mut free: Vec<_> = monodromy.complex_eigenvalues().iter().copied().collect();
    free.retain(|z| (z - 1.0).norm() > HELD);
    free.sort_by(|a, b| a.arg().abs().total_cmp(&b.arg().abs()).then(b.im.total_cmp(&a.im)));
    free
}

/// The rotation number of a multiplier `exp(2πi·ν)`.
pub(crate) fn rotation(multiplier: Complex<f64>) -> f64 {
    multiplier.arg() / TAU
}

/// The growth rate of the fastest difference over n periods, `ln ‖Mⁿ‖/(n·T)`. For large n this is the largest Lyapunov
/// exponent.
pub(crate) fn growth_rate(monodromy: Matrix, period: f64, n: u32) -> f64 {
    let mut power = Matrix::identity();
    // A norm beyond the range of f64 is kept as its logarithm.
    let mut logarithm = 0.0;
    for _ in 0..n {
        power *= monodromy;
        let size = power.norm();
        (power, logarithm) = (power / size, logarithm + size.ln());
    }
    logarithm / (f64::from(n) * period)
}

/// Rounding errors let the energy walk randomly, by this much after one period and `√n` times as much after n. (Roundings of
/// f64 are 1e-16.) The period depends on the energy, so that the place on the orbit is off by `n^1.5` times as much:
/// D. Brouwer, *On the accumulation of errors in numerical integration*, Astronomical Journal 46 (1937).
pub(crate) const ENERGY_ALLOWED: f64 = 1e-15;
pub(crate) const OPEN_ALLOWED: f64 = 1e-14;

/// What is left of the start after a number of periods.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Return {
    pub(crate) periods: u32,
    /// The relative error of the energy.
    pub(crate) energy: f64,
    /// The largest difference from the start.
    pub(crate) open: f64,
}

impl Return {
    pub(crate) fn energy_allowed(&self) -> f64 {
        ENERGY_ALLOWED * f64::from(self.periods).sqrt()
    }

    pub(crate) fn open_allowed(&self) -> f64 {
        OPEN_ALLOWED * f64::from(self.periods).powf(1.5)
    }

    pub(crate) fn kept(&self) -> bool {
        self.energy <= self.energy_allowed() && self.open <= self.open_allowed()
    }
}

/// The golden ratio, whose multiples have parts that are spread evenly.
const GOLDEN: f64 = 0.618_033_988_749_895;

/// Follows an orbit over many periods, without a correction. Returns also the number of steps.
///
/// Steps must not recur in each period, for their rounding errors would recur as well, and be no random walk. So the flow
/// pauses at another part of each period, and a copy goes on to its end.
pub(crate) fn returns(orbit: Orbit, periods: u32) -> Option<(Vec<Return>, usize)> {
    let mut flow = Flow::new(orbit.start);
    let mut rows = Vec::new();
    for n in 1..=periods {
        let end = f64::from(n);
        advance(&mut flow, orbit.period, end - (end * GOLDEN).fract())?;
        let state = advance(&mut flow.clone(), orbit.period, end)?;
        rows.push(Return {
            periods: n,
            energy: (energy(state) / energy(orbit.start) - 1.0).abs(),
            open: distance(state, orbit.start),
        });
    }
    Some((rows, flow.steps))
}
