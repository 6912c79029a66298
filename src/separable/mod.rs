//! Sums and stacks of many small functions, with sparse derivatives.
//!
//! Most large problems consist of many small functions of few variables each: a residual for each observation, a term for
//! each line of a network, a step of time. Each is an [`Element`], written once for all elements of its [`Kind`], as generic
//! code. A [`Function`] holds the kinds with tables of their variables, and has the gradient, the sparse Jacobian and the sparse
//! Hessian. Patterns and positions are found once. Elements are computed in lanes and, with the feature `rayon`, on all
//! cores.

mod element;
mod loss;
mod kind;
mod manifold;
mod term;
mod places;
mod function;
mod derivatives;
mod least_squares;

pub use element::Element;
pub use function::Function;
pub use kind::{Kind, Method};
pub use loss::Loss;
pub use manifold::{Fixed, Manifold, Quaternions};
