//! Solvers on sparse derivatives, and large problems for them: the optimal power flow of networks, maps of a robot, and
//! chained test problems. The page `examples/README.md` says what the programs print.

pub mod chained;
pub mod cholesky;
pub mod descent;
pub mod growing;
pub mod interior_point;
pub mod matpower;
pub mod picture;
pub mod pose_graph;
pub mod power_flow;
pub mod problem;
