//! Functions from outside: their values and derivatives are given at plain floats, by a C library, a table, a solver.
//!
//! ```text
//! number                      value           derivative
//! floats                      F(x)
//! Dual        x + v·ε         F(x)            J·v
//! Var         node            F(x)            one node; in the sweep wᵀJ of its adjoints w
//! of 2nd order, and nests                     D²F[u, v], and ∇²(wᵀF)·v
//! ```
//!
//! [`Function`] is made of closures and called with numbers of any kind. The guide's page about functions from outside
//! has examples.

mod dense;
pub(crate) mod op;
pub(crate) mod function;
mod numbers;

use crate::error::Error;
use crate::real::Real;
use alloc::vec::Vec;
use core::panic::Location;
pub use function::{Function, Status};

impl Function {
    /// The outputs at x, with their derivatives. In a recording the function is one node with so many outputs, whatever the size of
    /// its Jacobian; in a program each product with its derivatives is one operation.
    ///
    /// # Errors
    /// - [`Error::WrongLength`] if x has another length than the function has inputs.
    /// - [`Error::MissingDerivative`] if derivatives that such numbers need were not given. That depends on the type of the
    ///   numbers and not on their values, so the error comes for constants too.
    /// - [`Error::ExternalFailed`] if a closure returns an error.
    /// - [`Error::ExternalNan`] if a closure makes a NaN of arguments without NaN.
    ///
    /// # Panics
    /// If a closure does. In the sweep of a recording, if a closure returns an error, because there nobody could get it. (A NaN in a
    /// sweep stays NaN.)
    #[track_caller]
    pub fn call<D: Real>(&self, x: &[D]) -> Result<Vec<D>, Error> {
        crate::operation::operation!(self.name);
        self.takes(x.len())?;
        D::has_external(self, Some(op::Op::Value))?;
        let call = function::Call { function: self, in_sweep: false, place: Location::caller() };
        D::external(call, op::Op::Value, &[x])
    }
}
