//! The twelve problems of GradBench, a benchmark of differentiation, and its protocol: one message per line on stdin,
//! and one answer per line on stdout. Each function is written once, over [`nilpotent::Real`].
//!
//! ```sh
//! cargo build --profile bench --example gradbench
//! gradbench run --eval "python -m gradbench.evals.hello.run" --tool target/release/examples/gradbench
//! ```
//!
//! | problem | derivative | by |
//! |---|---|---|
//! | `hello` | derivative of x² | a dual number |
//! | `gmm` | gradient of a likelihood in all parameters of a mixture | reverse, recorded and run in lanes |
//! | `ba` | sparse Jacobian of bundle adjustment | reverse, recorded and run in lanes |
//! | `lstm` | gradient of the loss of a recurrent network | reverse |
//! | `ht` | Jacobian of a hand's points in its 26 parameters | dual numbers, with 4 partials for each finger |
//! | `kmeans` | gradient and diagonal of the Hessian | second-order numbers |
//! | `llsq` | gradient of least squares | reverse, recorded and run in lanes |
//! | `lse` | gradient of ln Σ exp | a dual number for each term |
//! | `ode` | gradient through Runge and Kutta's method | reverse, step by step and block by block |
//! | `det` | gradient of a determinant by minors | reverse, term by term |
//! | `particle`, `saddle` | gradients through programs that take gradients | both modes in one another |

pub(crate) mod ba;
pub(crate) mod det;
pub(crate) mod gmm;
pub(crate) mod hello;
pub(crate) mod ht;
pub(crate) mod kmeans;
pub(crate) mod llsq;
pub(crate) mod lse;
pub(crate) mod lstm;
pub(crate) mod nested;
pub(crate) mod ode;
pub(crate) mod particle;
pub(crate) mod protocol;
pub(crate) mod saddle;

use std::process::ExitCode;

fn main() -> ExitCode {
    match protocol::serve(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
