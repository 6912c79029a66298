//! Solves Robertson's stiff equations by diffsol, and differentiates an integral of the solution in the three rates.

use diffsol::{AdjointOdeSolverMethod, NalgebraLU, NalgebraMat, OdeBuilder, OdeSolverMethod, OdeSolverState, Vector};
use nilpotent::{Real, jvp_into, reverse};

/// How three concentrations change, with rates k: Robertson (1966).
fn change<T: Real>([a, b, c]: [T; 3], k: [T; 3]) -> [T; 3] {
    let (slow, back, fast) = (k[0] * a, k[1] * b * c, k[2] * b * b);
    [back - slow, slow - back - fast, fast]
}

fn three(x: &[f64]) -> [f64; 3] {
    x.try_into().expect("three numbers")
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (rates, end) = ([0.04, 1e4, 3e7], 40.0);
    let problem = OdeBuilder::<NalgebraMat<f64>>::new()
        .p(rates)
        .rtol(1e-8)
        .atol([1e-10, 1e-14, 1e-10])
        .rhs_adjoint_implicit(
            |y, k, _, to| to.copy_from_slice(&change(three(y), three(k))),
            // J·v by forward mode.
            |y, k, _, v, to| {
                jvp_into(|y| change(y, three(k).map(Into::into)), three(y), three(v), &mut [0.0; 3], to);
            },
            // -Jᵀ·w by reverse mode, in the concentrations and in the rates.
            |y, k, _, w, to| {
                let (f, w) = (|y| change(y, three(k).map(Into::into)), three(w).map(|w| -w));
                reverse::vjp_into(f, three(y), &w, &mut [0.0; 3], to);
            },
            |y, k, _, w, to| {
                let (f, w) = (|k| change(three(y).map(Into::into), k), three(w).map(|w| -w));
                reverse::vjp_into(f, three(k), &w, &mut [0.0; 3], to);
            },
        )
        .init_adjoint(|_, _, to| to.copy_from_slice(&[1.0, 0.0, 0.0]), |_, _, _, to| to.fill(0.0), 3)
        // The integral is that of the first concentration.
        .out_adjoint_implicit(
            |y, _, _, to| to[0] = y[0],
            |_, _, _, v, to| to[0] = v[0],
            |_, _, _, w, to| to.copy_from_slice(&[-w[0], 0.0, 0.0]),
            |_, _, _, _, to| to.fill(0.0),
            1,
        )
        .integrate_out(true)
        .build()?;
    let mut solver = problem.bdf::<NalgebraLU<f64>>()?;
    let (path, ..) = solver.solve_with_checkpointing(end, None)?;
    let (y, integral) = (solver.state().y.clone(), solver.state().g.get_index(0));
    let adjoint = problem.bdf_solver_adjoint::<NalgebraLU<f64>, _>(path, Some(solver), None)?;
    let (state, _) = adjoint.solve_adjoint_backwards_pass(&[], &[])?;
    let slopes = state.into_common().sg;
    let [y, slopes] = [y, slopes].map(|x| [0, 1, 2].map(|i| x.get_index(i)));
    println!("{y:.9?}, integral {integral:.9}, slopes {slopes:?}");
    // The reference of Hairer and Wanner.
    let known = [0.7158270687, 9.185534765e-6, 0.2841637457];
    assert!(y.iter().zip(known).all(|(y, known)| (y / known - 1.0).abs() < 1e-7));
    // If all rates are c times as large, the solution runs c times as fast, so Σ kᵢ·∂G/∂kᵢ = t·y₀(t) - G.
    let sum: f64 = rates.iter().zip(slopes).map(|(k, slope)| k * slope).sum();
    let known = end * y[0] - integral;
    println!("{sum} {known}");
    assert!((sum / known - 1.0).abs() < 1e-6);
    Ok(())
}
