//! A Rosenbrock method, written once for all numbers, and the steps it takes.
//!
//! The import of pairs takes 10 µs, and the experiment four hours. So the equations are stiff, and an explicit method
//! would need 10⁹ steps. A Rosenbrock method solves a linear system in each of its stages, and no nonlinear one:
//!
//! ```text
//! (I/(γh) - J)·uᵢ = f(t + αᵢh, x + Σ aᵢⱼuⱼ) + Σ cᵢⱼuⱼ/h + γᵢh·∂f/∂t        j < i
//! ```
//!
//! J = ∂f/∂x is computed by dual numbers over the numbers that the method runs with, whatever these are: dual numbers
//! of sensitivities, or variables of a recording. The method is RODAS: order 4 with an estimate of order 3, six stages,
//! stiffly accurate. (E. Hairer, G. Wanner, *Solving ordinary differential equations II*, 2nd ed., 1996, section IV.7
//! and the program `RODAS`.)

use super::model::{RATES, SPECIES, slope};
use nalgebra::{SMatrix, SVector};
use nilpotent::linalg::{Lu, Number};
use nilpotent::{Dual, jacobian};

const GAMMA: f64 = 0.25;
/// αᵢ and γᵢ.
const TIMES: [[f64; 2]; 6] =
    [[0.0, 0.25], [0.386, -0.1043], [0.21, 0.1035], [0.63, -0.036_200_000_000_000_23], [1.0, 0.0], [1.0, 0.0]];
/// aᵢⱼ, row by row. The last row is that of the fourth-order solution, whose estimate is its last term.
const A: [&[f64]; 7] = [
    &[],
    &[1.544],
    &[0.946_678_528_081_582_6, 0.255_701_169_898_328_4],
    &[3.314_825_187_068_521, 2.896_124_015_972_201, 0.998_641_913_997_781_7],
    &[1.221_224_509_226_641, 6.019_134_481_288_629, 12.537_083_329_320_87, -0.687_886_036_105_895],
    &[1.221_224_509_226_641, 6.019_134_481_288_629, 12.537_083_329_320_87, -0.687_886_036_105_895, 1.0],
    &[1.221_224_509_226_641, 6.019_134_481_288_629, 12.537_083_329_320_87, -0.687_886_036_105_895, 1.0, 1.0],
];
/// cᵢⱼ.
const C: [&[f64]; 6] = [
    &[],
    &[-5.6688],
    &[-2.430_093_356_833_875, -0.206_359_915_709_191_5],
    &[-0.107_352_905_815_137_5, -9.594_562_251_023_355, -20.470_286_148_096_16],
    &[7.496_443_313_967_647, -10.246_804_314_643_52, -33.999_903_528_199_05, 11.708_908_932_061_6],
    &[
        8.083_246_795_921_522,
        -7.981_132_988_064_893,
        -31.521_594_328_743_71,
        16.319_305_431_231_36,
        -6.058_818_238_834_054,
    ],
];
/// The largest number of steps before the solution is given up.
const STEPS: usize = 10_000;

/// A step from time `t` to `t + h`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) t: f64,
    pub(crate) h: f64,
    /// The index of the measurement at the end of the step, if there is one.
    pub(crate) lands: Option<usize>,
}

/// Returns the state after a step, and the estimate of its error; `None` if the system of a stage is singular.
pub(crate) fn step<T: Number<Float = f64>>(
    Step { t, h, .. }: Step,
    x: &[T; SPECIES],
    rates: &[T; RATES],
) -> Option<([T; SPECIES], [T; SPECIES])> {
    // The slope and its derivatives in the state and in time.
    let mut point = [T::lit(t); SPECIES + 1];
    point[..SPECIES].copy_from_slice(x);
    let held = rates.map(Dual::constant);
    let (first, j) = jacobian(|[x @ .., t]: [Dual<T, { SPECIES + 1 }>; SPECIES + 1]| slope(t, &x, &held), point);
    let diagonal = T::lit(1.0 / (GAMMA * h));
    let system =
        Lu::new(SMatrix::<T, SPECIES, SPECIES>::from_fn(|i, k| if i == k { diagonal - j[i][k] } else { -j[i][k] }));
    let along = |coefficients: &[f64], u: &[SVector<T, SPECIES>], i: usize| {
        coefficients.iter().zip(u).map(|(&c, u)| u[i].times(c)).sum::<T>()
    };
    let mut u: Vec<SVector<T, SPECIES>> = Vec::with_capacity(TIMES.len());
    for (i, [alpha, gamma]) in TIMES.into_iter().enumerate() {
        let f = if i == 0 {
            first
        } else {
            let inside = std::array::from_fn(|k| x[k] + along(A[i], &u, k));
            slope(T::lit(t + alpha * h), &inside, rates)
        };
        let side = SVector::from_fn(|k, _| f[k] + along(C[i], &u, k).times(1.0 / h) + j[k][SPECIES].times(gamma * h));
        u.push(system.solve(&side)?);
    }
    let end = std::array::from_fn(|k| x[k] + along(A[6], &u, k));
    Some((end, u[5].into()))
}

/// Chooses the steps in plain floats, so that the estimate of each error is below the tolerance, relative and in
/// nmol/l, and that steps end at the `times`, of which the first one is that of the start.
///
/// The result is `None` if the solution is not finite or would take more than 10 000 steps.
pub(crate) fn steps(start: &[f64; SPECIES], times: &[f64], rates: &[f64; RATES], tolerance: f64) -> Option<Vec<Step>> {
    let (mut x, mut next, mut chosen) = (*start, 1e-4, Vec::new());
    for (index, pair) in times.windows(2).enumerate() {
        let [mut t, end] = [pair[0], pair[1]];
        while t < end {
            if chosen.len() == STEPS {
                return None;
            }
            // A last step that is a bit longer is better than a tiny one after it.
            let rest = end - t;
            let last = rest <= 1.01 * next;
            let here = Step { t, h: if last { rest } else { next }, lands: last.then_some(index + 1) };
            let (y, error) = step(here, &x, rates)?;
            let scaled = (0..SPECIES).map(|k| error[k] / (tolerance * (1.0 + x[k].abs().max(y[k].abs()))));
            let size = (scaled.map(|e| e * e).sum::<f64>() / SPECIES as f64).sqrt();
            let proposed = here.h * if size.is_finite() { (0.9 * size.powf(-0.25)).clamp(0.2, 5.0) } else { 0.2 };
            if size <= 1.0 {
                (x, t) = (y, if last { end } else { t + here.h });
                // A step that is cut short says nothing against longer ones.
                next = if last { proposed.max(next) } else { proposed };
                chosen.push(here);
            } else {
                next = proposed;
                if next < 1e-12 {
                    return None;
                }
            }
        }
    }
    Some(chosen)
}
