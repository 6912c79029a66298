//! Solvers on sparse derivatives, and large problems for them: the optimal power flow of networks, maps of a robot, optimal
//! and predictive control, and chained test problems. The page `examples/README.md` says what the programs print.

pub mod arguments;
pub mod cart_pole;
pub mod chained;
pub mod charts;
pub mod cholesky;
pub mod collocation;
#[path = "../../common/mod.rs"]
#[expect(dead_code, reason = "no file is read")]
mod common;
pub mod descent;
pub mod growing;
pub mod interior_point;
pub mod matpower;
pub mod picture;
#[path = "../../common/chart.rs"]
mod plot;
pub mod pose_graph;
pub mod power_flow;
pub mod predictive;
pub mod problem;
pub mod rocket;
