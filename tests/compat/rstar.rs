//! rstar: trees of varying points. The nearest point is found by values, and the distance carries its derivatives.

use crate::common::Row;
use crate::hold;
use nilpotent::Real;
use rstar::primitives::{GeomWithData, Line, Rectangle};
use rstar::{AABB, Envelope, PointDistance, RTree, RTreeNum, RTreeObject};

pub const ROWS: &[Row] = &[Row {
    name: "rstar",
    version: "0.14",
    what: "nearest neighbours, distances to points, lines and rectangles, envelopes",
    asks: "`RTreeNum`",
    feature: "rstar",
    numbers: "all",
}];

fn at<T: Real>(x: T, y: f64) -> [T; 2] {
    [x, T::lit(y)]
}

/// A grid of points, and one varying point.
fn tree<T: Real + RTreeNum>(x: T) -> RTree<[T; 2]> {
    let mut points: Vec<_> = (0..100).map(|i| at(T::lit(f64::from(i % 10)), f64::from(i / 10))).collect();
    points.push(at(x, 20.0));
    RTree::bulk_load(points)
}

#[test]
fn neighbours() {
    fn nearest<T: Real + RTreeNum>(x: T) -> T {
        tree(x).nearest_neighbor(at(T::lit(1.0), 19.0)).unwrap().distance_2(&at(T::lit(1.0), 19.0))
    }
    fn from_where<T: Real + RTreeNum>(x: T) -> T {
        let from = at(x, 3.25);
        tree(T::zero()).nearest_neighbor(from).unwrap().distance_2(&from)
    }
    fn second<T: Real + RTreeNum>(x: T) -> T {
        tree(T::zero()).nearest_neighbor_iter_with_distance_2(at(x, 3.25)).nth(1).unwrap().1
    }
    // (x - 1)² + 1
    hold!(nearest, 3.0, [5.0, 4.0, 2.0], 0.0; all);
    // (x - 4)² + 1/16, and to the next point (x - 5)² + 1/16.
    hold!(from_where, 4.375, [0.203125, 0.75, 2.0], 0.0; all);
    hold!(second, 4.375, [0.453125, -1.25, 2.0], 0.0; all);
    // The query lies on a point.
    hold!(
        |x| {
            let at = at(x, 3.0);
            tree(Real::lit(0.0)).nearest_neighbor(at).unwrap().distance_2(&at)
        },
        4.0,
        [0.0, 0.0, 2.0],
        0.0; all);
}

#[test]
fn shapes() {
    fn line<T: Real + RTreeNum>(x: T) -> T {
        Line::new(at(T::zero(), 0.0), at(T::lit(4.0), 4.0)).distance_2(&at(x, 0.0))
    }
    // x²/2 beside the line, (x - 4)² + 16 beyond its end, and x² before its start.
    hold!(line, 3.0, [4.5, 3.0, 1.0], 1e-15; all);
    hold!(line, 9.0, [41.0, 10.0, 2.0], 1e-15; all);
    hold!(line, -1.0, [1.0, -2.0, 2.0], 1e-15; all);
    fn rectangle<T: Real + RTreeNum>(x: T) -> T {
        Rectangle::from_corners(at(T::zero(), 0.0), at(T::one(), 1.0)).distance_2(&at(x, 0.5))
    }
    hold!(rectangle, 3.0, [4.0, 4.0, 2.0], 0.0; all);
    hold!(rectangle, 0.5, [0.0, 0.0, 0.0], 0.0; all);
    fn area<T: Real + RTreeNum>(x: T) -> T {
        let found =
            tree(x).locate_in_envelope(AABB::from_corners(at(T::lit(-9.0), 15.0), at(T::lit(9.0), 25.0))).count();
        assert_eq!(found, 1);
        AABB::from_points(&[at(x, 3.0), at(T::zero(), 0.0)]).area()
    }
    hold!(area, 3.0, [9.0, 3.0, 0.0], 0.0; all);
    fn data<T: Real + RTreeNum>(x: T) -> T {
        let mut tree = RTree::new();
        for i in 0..9 {
            tree.insert(GeomWithData::new(at(x * T::lit(f64::from(i)), 0.0), i));
        }
        let nearest = tree.nearest_neighbor(at(T::lit(5.25), 0.0)).unwrap();
        assert_eq!(nearest.data, 5);
        nearest.envelope().center()[0]
    }
    hold!(data, 1.0, [5.0, 5.0, 0.0], 0.0; all);
}
