//! ordered-float and pathfinding: shortest paths with varying lengths. The order depends on values alone; the length of
//! the path carries the derivatives of its edges.

use crate::common::Row;
use crate::hold;
use nilpotent::num_traits::{Bounded, Float, One, Signed, Zero, float::FloatCore};
use nilpotent::{Dual, Real};
use ordered_float::{FloatIsNan, NotNan, OrderedFloat};
use pathfinding::prelude::{Matrix, astar, bfs, dijkstra, dijkstra_all, fringe, kruskal, kuhn_munkres, yen};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub const ROWS: &[Row] = &[
    Row {
        name: "ordered-float",
        version: "5",
        what: "`OrderedFloat`, `NotNan`: order, arithmetic, functions",
        asks: "`FloatCore`, `Float`",
        feature: "",
        numbers: "all",
    },
    Row {
        name: "pathfinding",
        version: "4",
        what: "`dijkstra`, `astar`, `fringe`, `yen`, `kruskal`, `kuhn_munkres`, over `OrderedFloat` or `NotNan`",
        asks: "`Zero + Ord + Copy`",
        feature: "",
        numbers: "all",
    },
];

/// Four towns; the second one is at (1, t).
fn town<T: Real>(i: usize, t: T) -> [T; 2] {
    [[T::zero(), T::zero()], [T::one(), t], [T::one(), T::lit(-2.0)], [T::lit(3.0), T::one()]][i]
}

fn distance<T: Real>(a: usize, b: usize, t: T) -> T {
    let ([x, y], [u, v]) = (town(a, t), town(b, t));
    (x - u).hypot(y - v)
}

const ROADS: [&[usize]; 4] = [&[1, 2], &[0, 3], &[0, 3], &[1, 2]];

/// The length of the path through (1, t), √(1 + t²) + √(4 + (1 - t)²), and its derivatives.
fn way(t: f64) -> [f64; 3] {
    let (a, b) = (1.0_f64.hypot(t), 2.0_f64.hypot(1.0 - t));
    [a + b, t / a - (1.0 - t) / b, 1.0 / a.powi(3) + 4.0 / b.powi(3)]
}

#[test]
fn shortest_paths() {
    let next = |i: &usize| ROADS[*i].to_vec();
    assert_eq!(bfs(&0, next, |&i| i == 3).map(|path| path.len()), Some(3));
    // At t = ⅓ the path is straight, and its length is a minimum with the derivative 0.
    for t in [0.4, 0.0, 1.0, 1.0 / 3.0] {
        hold!(|t| roads(t, OrderedFloat, 0).1.0, t, way(t), 1e-15; all);
        hold!(|t| roads(t, OrderedFloat, 1).1.0, t, way(t), 1e-15; all);
        hold!(|t| roads(t, OrderedFloat, 2).1.0, t, way(t), 1e-15; all);
        hold!(|t| *roads(t, not_nan, 0).1, t, way(t), 1e-15; all);
        hold!(|t| *roads(t, not_nan, 1).1, t, way(t), 1e-15; all);
    }
    // If the town is far off, the other path is shorter, and its length is constant.
    let other = 5.0_f64.sqrt() + 13.0_f64.sqrt();
    hold!(|t| roads(t, OrderedFloat, 0).1.0, 9.0, [other, 0.0, 0.0], 1e-15; all);
    assert_eq!(roads(Dual::<f64, 1>::variable(0.4, 0), OrderedFloat, 0).0, [0, 1, 3]);
}

fn not_nan<T: FloatCore>(x: T) -> NotNan<T> {
    NotNan::new(x).unwrap()
}

/// The shortest path from the first town to the last, over any ordered number that wraps ours.
fn roads<T, C>(t: T, wrap: impl Fn(T) -> C, by: usize) -> (Vec<usize>, C)
where
    T: Real,
    C: Bounded + Zero + Ord + Copy,
{
    let next = |&i: &usize| ROADS[i].iter().map(|&j| (j, wrap(distance(i, j, t)))).collect::<Vec<_>>();
    let ahead = |&i: &usize| wrap(distance(i, 3, t));
    match by {
        0 => dijkstra(&0, next, |&i| i == 3),
        1 => astar(&0, next, ahead, |&i| i == 3),
        _ => fringe(&0, next, ahead, |&i| i == 3),
    }
    .unwrap()
}

/// All shortest paths, the second shortest one, a spanning tree, and an assignment.
#[test]
fn other_algorithms() {
    let t = 0.4;
    let a = 1.0_f64.hypot(t);
    let other = 5.0_f64.sqrt() + 13.0_f64.sqrt();
    hold!(|t| all_roads(t)[&1].1.0, t, [a, t / a, 1.0 / a.powi(3)], 1e-15; all);
    hold!(second, t, [other, 0.0, 0.0], 1e-15; all);
    hold!(second, 9.0, way(9.0), 1e-15; all);
    let [y, dy, ddy] = way(t);
    hold!(spanning, t, [y + 5.0_f64.sqrt(), dy, ddy], 1e-15; all);
    // 2 + eᵗ beats 1 + t, so the assignment takes it.
    hold!(assigned, 0.5, [0.5_f64.exp() + 2.0, 0.5_f64.exp(), 0.5_f64.exp()], 1e-15; all);
}

fn all_roads<T: Real + FloatCore>(t: T) -> std::collections::HashMap<usize, (usize, OrderedFloat<T>)> {
    dijkstra_all(&0, |&i| ROADS[i].iter().map(|&j| (j, OrderedFloat(distance(i, j, t)))).collect::<Vec<_>>())
}

fn second<T: Real + FloatCore>(t: T) -> T {
    let next = |&i: &usize| ROADS[i].iter().map(|&j| (j, OrderedFloat(distance(i, j, t)))).collect::<Vec<_>>();
    yen(&0, next, |&i| i == 3, 2)[1].1.0
}

fn spanning<T: Real + FloatCore>(t: T) -> T {
    let edges: Vec<_> =
        [(0, 1), (1, 3), (0, 2), (2, 3)].into_iter().map(|(i, j)| (i, j, OrderedFloat(distance(i, j, t)))).collect();
    kruskal(&edges).map(|(_, _, c)| c.0).sum()
}

fn assigned<T: Real + Bounded + Signed + FloatCore>(t: T) -> T {
    let weights = [[Float::exp(t), T::one()], [t, T::lit(2.0)]].map(|row| row.map(OrderedFloat));
    kuhn_munkres(&Matrix::from_rows(weights).unwrap()).0.0
}

/// Sorting, heaps and minima; functions through the wrappers; NaN is the greatest, or an error.
#[test]
fn the_wrappers() {
    let parts = |t: f64| [t.sin() * t, t * t, t.exp() - 1.0];
    assert!(parts(1.5)[0] < parts(1.5)[1] && parts(1.5)[1] < parts(1.5)[2]);
    hold!(|t| sorted(t)[1].0, 1.5, [2.25, 3.0, 2.0], 1e-15; all);
    hold!(|t| sorted(t)[2].0, 1.5, [1.5_f64.exp() - 1.0, 1.5_f64.exp(), 1.5_f64.exp()], 1e-15; all);
    hold!(least, 1.5, [1.5, 1.0, 0.0], 1e-15; all);
    let (s, c) = 1.5_f64.sin_cos();
    let expected = [s.sqrt(), 0.5 * c / s.sqrt(), -0.5 * s.sqrt() - 0.25 * c * c / s.powf(1.5)];
    hold!(|t| OrderedFloat(t).sin().sqrt().0, 1.5, expected, 1e-15; all);
    hold!(refused, 1.5, [0.9, 0.84, 0.128], 1e-15; all);
    let nan = Dual::<f64, 1>::constant(f64::NAN);
    assert_eq!(NotNan::new(nan).unwrap_err(), FloatIsNan);
    assert!(OrderedFloat(nan) > OrderedFloat(Dual::constant(f64::INFINITY)) && OrderedFloat(nan) == OrderedFloat(nan));
    // Numbers with equal values are equal, whatever their derivatives: the order is that of floats.
    assert_eq!(OrderedFloat(Dual::new(1.0, [2.0])), OrderedFloat(Dual::new(1.0, [3.0])));
}

fn sorted<T: Real + FloatCore>(t: T) -> Vec<OrderedFloat<T>> {
    let mut x = vec![OrderedFloat(Float::exp(t) - T::one()), OrderedFloat(t * t), OrderedFloat(t.sin() * t)];
    x.sort();
    x
}

fn refused<T: Real + FloatCore>(t: T) -> T {
    let t = not_nan(t);
    (t * t / (t + NotNan::one())).into_inner()
}

fn least<T: Real + FloatCore>(t: T) -> T {
    let mut heap: BinaryHeap<_> = [t * t, t.exp(), t].into_iter().map(|x| Reverse(OrderedFloat(x))).collect();
    heap.pop().unwrap().0.0
}
