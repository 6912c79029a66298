//! petgraph: lengths of shortest paths, flows, trees and ranks, as functions of the weight of an edge.

use crate::common::Row;
use crate::hold;
use nilpotent::{Dual, Real};
use petgraph::algo::{
    BoundedMeasure, FloatMeasure, PositiveMeasure, UnitMeasure, astar, bellman_ford, bidirectional_dijkstra, dijkstra,
    find_negative_cycle, floyd_warshall, ford_fulkerson, johnson, k_shortest_path, min_spanning_tree, page_rank, spfa,
};
use petgraph::data::{Element, FromElements};
use petgraph::graph::{DiGraph, NodeIndex, UnGraph};

pub const ROWS: &[Row] = &[
    Row {
        name: "petgraph",
        version: "0.8",
        what: "`dijkstra`, `bidirectional_dijkstra`, `astar`, `k_shortest_path`, `min_spanning_tree`",
        asks: "`PartialOrd`, `Add`, `Default`",
        feature: "",
        numbers: "all",
    },
    Row {
        name: "petgraph",
        version: "0.8",
        what: "`bellman_ford`, `spfa`, `johnson`, `floyd_warshall`, `find_negative_cycle`, `ford_fulkerson`, `page_rank`",
        asks: "`FloatMeasure`, `BoundedMeasure`, `PositiveMeasure`, `UnitMeasure`",
        feature: "petgraph",
        numbers: "all",
    },
];

fn start() -> NodeIndex {
    NodeIndex::new(0)
}

fn end() -> NodeIndex {
    NodeIndex::new(3)
}

/// A graph with two paths from the start to the end, of the lengths x² + 2 and 4.5.
fn diamond<T: Real>(x: T) -> DiGraph<(), T> {
    let (one, two) = (T::one(), T::lit(2.0));
    DiGraph::from_edges([(0, 1, x * x), (1, 3, two), (0, 2, two + one), (2, 3, T::lit(1.5)), (1, 2, two + two)])
}

#[test]
fn ways() {
    fn by_dijkstra<T: Real>(x: T) -> T {
        dijkstra(&diamond(x), start(), Some(end()), |e| *e.weight())[&end()]
    }
    fn from_both_ends<T: Real>(x: T) -> T {
        bidirectional_dijkstra(&diamond(x), start(), end(), |e| *e.weight()).unwrap()
    }
    fn by_astar<T: Real>(x: T) -> T {
        astar(&diamond(x), start(), |n| n == end(), |e| *e.weight(), |_| T::zero()).unwrap().0
    }
    fn second_shortest<T: Real>(x: T) -> T {
        k_shortest_path(&diamond(x), start(), Some(end()), 2, |e| *e.weight())[&end()]
    }
    // One path is shorter, then the other; k_shortest_path gives the second one.
    for (x, shortest, second) in [(1.5, [4.25, 3.0, 2.0], [4.5, 0.0, 0.0]), (2.0, [4.5, 0.0, 0.0], [6.0, 4.0, 2.0])] {
        hold!(by_dijkstra, x, shortest, 0.0; all);
        hold!(from_both_ends, x, shortest, 0.0; all);
        hold!(by_astar, x, shortest, 0.0; all);
        hold!(second_shortest, x, second, 0.0; all);
    }
    // If both are equal, the result is one of the two.
    let x = 2.5_f64.sqrt();
    let tie = |[value, slope]: [f64; 2]| (value - 4.5).abs() < 1e-15 && (slope == 0.0 || slope == 2.0 * x);
    let y: Dual = by_dijkstra(Dual::variable(x, 0));
    assert!(tie([y.re, y.eps[0]]), "{y}");
}

#[test]
fn trees() {
    // Of a triangle with the edges x², 2 and 3, the tree takes the two shorter ones.
    fn tree<T: Real>(x: T) -> T {
        let g = UnGraph::<(), T>::from_edges([(0, 1, x * x), (1, 2, T::lit(2.0)), (0, 2, T::lit(3.0))]);
        let tree = UnGraph::<(), T>::from_elements(min_spanning_tree(&g));
        assert!(min_spanning_tree(&g).any(|e| matches!(e, Element::Edge { .. })));
        tree.edge_weights().fold(T::zero(), |sum, &w| sum + w)
    }
    hold!(tree, 1.5, [4.25, 3.0, 2.0], 0.0; all);
    hold!(tree, 2.0, [5.0, 0.0, 0.0], 0.0; all);
}

#[test]
fn ways_by_measures() {
    fn by_bellman_ford<T: Real + FloatMeasure>(x: T) -> T {
        bellman_ford(&diamond(x), start()).unwrap().distances[end().index()]
    }
    fn by_spfa<T: Real + BoundedMeasure>(x: T) -> T {
        spfa(&diamond(x), start(), |e| *e.weight()).unwrap().distances[end().index()]
    }
    fn by_johnson<T: Real + BoundedMeasure>(x: T) -> T {
        johnson(&diamond(x), |e| *e.weight()).unwrap()[&(start(), end())]
    }
    fn by_floyd_warshall<T: Real + BoundedMeasure>(x: T) -> T {
        floyd_warshall(&diamond(x), |e| *e.weight()).unwrap()[&(start(), end())]
    }
    for (x, shortest) in [(1.5, [4.25, 3.0, 2.0]), (2.0, [4.5, 0.0, 0.0])] {
        hold!(by_bellman_ford, x, shortest, 0.0; all);
        hold!(by_spfa, x, shortest, 0.0; all);
        hold!(by_johnson, x, shortest, 0.0; all);
        hold!(by_floyd_warshall, x, shortest, 0.0; all);
    }
    // Where there is no path, the distance is infinite or the largest float, without derivatives.
    let away = |x: Dual| bellman_ford(&diamond(x), end()).unwrap().distances[0];
    assert!(away(Dual::variable(1.5, 0)).same(Dual::constant(f64::INFINITY)));
    let away = |x: Dual| floyd_warshall(&diamond(x), |e| *e.weight()).unwrap()[&(end(), start())];
    assert!(away(Dual::variable(1.5, 0)).same(Dual::constant(f64::MAX)));
    // A cycle is negative if its value is.
    let x = Dual::<f64>::variable(-1.0, 0);
    let g = DiGraph::<(), Dual>::from_edges([(0, 1, x), (1, 0, x * x * 0.5)]);
    assert!(find_negative_cycle(&g, start()).is_some() && bellman_ford(&g, start()).is_err());
}

#[test]
fn flows() {
    // Of two edges in a row the narrower one limits the flow: min(x², 2) + min(3, 1.5).
    fn flow<T: Real + PositiveMeasure>(x: T) -> T {
        let mut g = diamond(x);
        g.retain_edges(|g, e| g.edge_endpoints(e) != Some((NodeIndex::new(1), NodeIndex::new(2))));
        ford_fulkerson(&g, start(), end()).0
    }
    hold!(flow, 1.25, [3.0625, 2.5, 2.0], 0.0; all);
    hold!(flow, 1.5, [3.5, 0.0, 0.0], 0.0; all);
}

#[test]
fn ranks() {
    // The edges are 0 → 1, 1 → 0, 2 → 0. In petgraph's algorithm a node passes the share d of its rank along its edge
    // and (1 - d)/3 to each other node, and the sum is normalized to 1. So in the limit r₀ = 3d/(5d + 1).
    fn rank<T: Real + UnitMeasure>(d: T) -> T {
        let g = DiGraph::<(), ()>::from_edges([(0, 1), (1, 0), (2, 0)]);
        page_rank(&g, d, 200)[0]
    }
    let d = 0.5;
    let w = 5.0 * d + 1.0;
    let expected = [3.0 * d / w, 3.0 / (w * w), -30.0 / (w * w * w)];
    hold!(rank, d, expected, 1e-14; all);
}
