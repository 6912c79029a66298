//! geo: measures, predicates and transforms of geometries with a varying coordinate, angle or fraction.

use crate::common::Row;
use crate::hold;
use geo::algorithm::line_intersection::{LineIntersection, line_intersection};
use geo::line_measures::FrechetDistance;
use geo::{
    Area, Bearing, BoundingRect, Centroid, ChaikinSmoothing, ChamberlainDuquetteArea, Closest, ClosestPoint, Contains,
    ConvexHull, Coord, Destination, Distance, Euclidean, GeoFloat, GeoNum, Geodesic, HausdorffDistance, Haversine,
    InteriorPoint, InterpolateLine, InterpolatePoint, Intersects, Length, Line, LineLocatePoint, LineString,
    MinimumRotatedRect, MultiPoint, Point, Polygon, Rhumb, Rotate, Scale, Simplify, SimplifyVwPreserve, Translate,
    VincentyDistance, Winding, coord, line_string, point, polygon,
};
use nilpotent::{Dual, Real, Var};
use num_traits::{FromPrimitive, Signed};

pub const ROWS: &[Row] = &[
    Row {
        name: "geo",
        version: "0.33",
        what: "area, length, distance and interpolation, rotation, translation; haversine, rhumb and Vincenty's distances, bearings, destinations",
        asks: "`CoordFloat`: `Float`",
        feature: "",
        numbers: "all",
    },
    Row {
        name: "geo",
        version: "0.33",
        what: "centroid, convex hull, intersection, closest point, distances of polygons, Hausdorff distance, smallest rectangle, simplification, predicates",
        asks: "`GeoFloat`, `GeoNum`",
        feature: "geo",
        numbers: "all",
    },
];

/// The bounds of the measures, and literals of ours.
trait Scalar: Real + GeoFloat + FromPrimitive {}
impl<T: Real + GeoFloat + FromPrimitive> Scalar for T {}

fn c<T: Real>(x: f64) -> T {
    T::lit(x)
}

fn at<T: Scalar>(x: T, y: f64) -> Coord<T> {
    coord! { x: x, y: T::lit(y) }
}

fn triangle<T: Scalar>(x: T) -> Polygon<T> {
    polygon![at(c(0.0), 0.0), at(x, 0.0), at(c(0.0), 3.0)]
}

#[test]
fn plane_measures() {
    fn area<T: Scalar>(x: T) -> T {
        polygon![
            exterior: [at(c(0.0), 0.0), at(x, 0.0), coord! { x: x, y: x }, coord! { x: c(0.0), y: x }],
            interiors: [[at(c(1.0), 1.0), at(c(2.0), 1.0), at(c(2.0), 2.0), at(c(1.0), 2.0)]],
        ]
        .unsigned_area()
    }
    hold!(area, 3.0, [8.0, 6.0, 2.0], 0.0; all);
    // A clockwise polygon has a negative area.
    hold!(|x| polygon![at(c(0.0), 0.0), at(c(0.0), 3.0), at(x, 0.0)].signed_area(), 4.0, [-6.0, -1.5, 0.0], 0.0; all);
    fn length<T: Scalar>(x: T) -> T {
        Euclidean.length(&line_string![at(c(0.0), 0.0), at(x, 2.0), at(c(9.0), 2.0)])
    }
    let r = 13.0_f64.sqrt();
    hold!(length, 3.0, [r + 6.0, 3.0 / r - 1.0, 4.0 / r.powi(3)], 1e-15; all);
    fn points<T: Scalar>(x: T) -> T {
        Euclidean.distance(Point(at(x, 2.0)), Point(at(c(0.0), 0.0)))
    }
    hold!(points, 3.0, [r, 3.0 / r, 4.0 / r.powi(3)], 1e-15; all);
    // Points beside the line x = y, and beyond its end.
    fn to_line<T: Scalar>(x: T) -> T {
        Euclidean.distance(&Point(at(x, 0.0)), &Line::new(at(c(0.0), 0.0), at(c(4.0), 4.0)))
    }
    let r = 41.0_f64.sqrt();
    hold!(to_line, 3.0, [4.5_f64.sqrt(), 0.5_f64.sqrt(), 0.0], 1e-15; all);
    hold!(to_line, 9.0, [r, 5.0 / r, 16.0 / r.powi(3)], 1e-15; all);
    // At the end of the line the distance has a kink: |x| on one side, and x/√2 on the other.
    hold!(to_line, 0.0, [0.0, 0.0, 0.0], 0.0; Dual, Var);
    fn fréchet<T: Scalar>(x: T) -> T {
        let flat = line_string![at(c(0.0), 0.0), at(c(4.0), 0.0)];
        Euclidean.frechet_distance(&flat, &line_string![at(c(0.0), 1.0), at(x, 2.0)])
    }
    let r = 5.0_f64.sqrt();
    hold!(fréchet, 3.0, [r, -1.0 / r, 4.0 / r.powi(3)], 1e-15; all);
}

#[test]
fn along_lines() {
    fn halfway<T: Scalar>(x: T) -> T {
        Euclidean.point_at_ratio_between(Point(at(c(0.0), 0.0)), Point(at(x * x, 1.0)), c(0.5)).x()
    }
    hold!(halfway, 3.0, [4.5, 3.0, 1.0], 0.0; all);
    fn on_a_way<T: Scalar>(x: T) -> T {
        let way = line_string![at(c(0.0), 0.0), at(c(2.0), 0.0), at(c(2.0), 2.0)];
        Euclidean.point_at_ratio_from_start(&way, x).unwrap().y()
    }
    hold!(on_a_way, 0.75, [1.0, 4.0, 0.0], 1e-15; all);
    hold!(on_a_way, 0.25, [0.0, 0.0, 0.0], 1e-15; all);
    fn share<T: Scalar>(x: T) -> T {
        Line::new(at(c(0.0), 0.0), at(x, 0.0)).line_locate_point(&Point(at(c(1.0), 5.0))).unwrap()
    }
    hold!(share, 2.0, [0.5, -0.25, 0.25], 1e-15; all);
    fn smooth<T: Scalar>(x: T) -> T {
        line_string![at(c(0.0), 0.0), at(x, 0.0), at(x, 4.0)].chaikin_smoothing(1).0[2].x
    }
    hold!(smooth, 3.0, [2.25, 0.75, 0.0], 1e-15; all);
}

#[test]
fn transforms() {
    let k = std::f64::consts::PI / 180.0;
    fn turned<T: Scalar>(x: T) -> T {
        Point(at(c(1.0), 0.0)).rotate_around_point(x, Point(at(c(0.0), 0.0))).x()
    }
    let (s, co) = (40.0 * k).sin_cos();
    hold!(turned, 40.0, [co, -k * s, -k * k * co], 1e-15; all);
    hold!(turned, 0.0, [1.0, 0.0, -k * k], 1e-15; all);
    hold!(|x| triangle(c(4.0)).scale(x).unsigned_area(), 2.0, [24.0, 24.0, 12.0], 1e-15; all);
    hold!(|x| triangle(x).translate(x, c(1.0)).exterior().0[1].x, 2.0, [4.0, 2.0, 0.0], 1e-15; all);
}

/// The angle between (0, 0) and (λ, φ), acos(cos φ cos λ), times the radius, with its derivatives in degrees of λ.
fn great_circle(lambda: f64, phi: f64, radius: f64) -> [f64; 3] {
    let d = std::f64::consts::PI / 180.0;
    let (k, (s, c)) = ((phi * d).cos(), (lambda * d).sin_cos());
    let w = 1.0 - (k * c).powi(2);
    [radius * (k * c).acos(), radius * d * k * s / w.sqrt(), radius * d * d * k * c * (1.0 - k * k) / w.powf(1.5)]
}

#[test]
fn sphere() {
    const RADIUS: f64 = 6371008.8;
    fn far<T: Scalar>(x: T) -> T {
        Haversine.distance(Point(at(c(0.0), 0.0)), Point(at(x, 40.0)))
    }
    hold!(far, 30.0, great_circle(30.0, 40.0, RADIUS), 1e-14; all);
    hold!(far, 0.0, great_circle(0.0, 40.0, RADIUS), 1e-14; all);
    // Along the equator the second derivative vanishes. At the point itself the distance has a kink.
    let d = std::f64::consts::PI / 180.0;
    fn equator<T: Scalar>(x: T) -> T {
        Haversine.distance(Point(at(c(0.0), 0.0)), Point(at(x, 0.0)))
    }
    hold!(|x| equator(x) / RADIUS, 30.0, [30.0 * d, d, 0.0], 1e-15; all);
    hold!(equator, 0.0, [0.0, 0.0, 0.0], 0.0; Dual, Var);
    // A varying bearing at a distance of one radian: the point moves along a circle of radius sin 1 around the start.
    fn away<T: Scalar>(x: T) -> T {
        Haversine.destination(Point(at(c(0.0), 0.0)), x, c(RADIUS)).y()
    }
    // sin φ = sin 1 · cos θ
    let (s, co) = (60.0 * d).sin_cos();
    let (sine, cosine) = (1.0_f64.sin() * co, (1.0 - (1.0_f64.sin() * co).powi(2)).sqrt());
    let first = -1.0_f64.sin() * s / cosine;
    let second = (-1.0_f64.sin() * co + sine * first * first) / cosine;
    hold!(away, 60.0, [sine.asin() / d, first, second * d], 1e-14; all);
    // The bearing from the equator: tan θ = sin λ / tan φ.
    fn bearing<T: Scalar>(x: T) -> T {
        Haversine.bearing(Point(at(c(0.0), 0.0)), Point(at(x, 40.0)))
    }
    let (t, (s, co)) = ((40.0 * d).tan(), (30.0 * d).sin_cos());
    let w = t * t + s * s;
    let bend = -t * s / w - 2.0 * t * s * co * co / (w * w);
    hold!(bearing, 30.0, [(s / t).atan() / d, t * co / w, bend * d], 1e-14; all);
    fn halfway<T: Scalar>(x: T) -> T {
        Haversine.point_at_ratio_between(Point(at(c(0.0), 0.0)), Point(at(x, 0.0)), c(0.5)).x()
    }
    hold!(halfway, 30.0, [15.0, 0.5, 0.0], 1e-13; all);
    // A rhumb line has a constant bearing: along a parallel its length is R cos φ dλ.
    fn rhumb<T: Scalar>(x: T) -> T {
        Rhumb.distance(Point(at(c(0.0), 60.0)), Point(at(x, 60.0))) / T::lit(RADIUS)
    }
    hold!(rhumb, 30.0, [15.0 * d, 0.5 * d, 0.0], 1e-13; all);
    // A small triangle at the equator is nearly flat.
    fn area<T: Scalar>(x: T) -> T {
        let t = polygon![at(c(0.0), 0.0), at(x, 0.0), at(c(0.0), 0.001)];
        t.chamberlain_duquette_unsigned_area() / T::lit(0.5e-3 * (6378137.0 * std::f64::consts::PI / 180.0_f64).powi(2))
    }
    hold!(area, 0.002, [0.002, 1.0, 0.0], 1e-9; all);
}

#[test]
fn ellipsoid() {
    fn far<T: Scalar>(x: T) -> T {
        Point(at(c(0.0), 0.0)).vincenty_distance(&Point(at(x, 40.0))).unwrap()
    }
    // The end moves along its parallel: ds/dλ = ν cos φ sin α₂, which by Clairaut's relation is a sin α₁ for a start on
    // the equator.
    let (start, end) = (Point::new(0.0, 0.0), Point::new(30.0, 40.0));
    let d = std::f64::consts::PI / 180.0;
    let slope = 6378137.0 * (Geodesic.bearing(start, end) * d).sin() * d;
    // The iteration stops when its value is within 1e-12; the derivative is one step behind.
    hold!(far, 30.0, [Geodesic.distance(start, end), slope, 0.0], 1e-9; Dual, Var);
}

#[test]
fn centroids() {
    hold!(|x| triangle(x).centroid().unwrap().x(), 4.0, [4.0 / 3.0, 1.0 / 3.0, 0.0], 1e-15; all);
    // The centroid of two segments: their weights are x and 2, their centers x/2 and x.
    fn of_lines<T: Scalar>(x: T) -> T {
        line_string![at(c(0.0), 0.0), at(x, 0.0), at(x, 2.0)].centroid().unwrap().x()
    }
    let (w, x) = (5.0_f64, 3.0);
    hold!(of_lines, x, [(0.5 * x * x + 2.0 * x) / w, 0.5 + 2.0 / (w * w), -4.0 / w.powi(3)], 1e-15; all);
    hold!(
        |x| MultiPoint::new(vec![Point(at(x, 0.0)), Point(at(c(1.0), 1.0))]).centroid().unwrap().x(),
        3.0,
        [2.0, 0.5, 0.0],
        1e-15; all);
    // A polygon without area has the centroid of its outline.
    fn flat<T: Scalar>(x: T) -> T {
        polygon![at(c(0.0), 0.0), at(x, 0.0), at(c(0.0), 0.0)].centroid().unwrap().x()
    }
    hold!(flat, 3.0, [1.5, 0.5, 0.0], 1e-15; all);
}

#[test]
fn hulls_and_rectangles() {
    fn hull<T: Scalar>(x: T) -> T {
        let points = [at(c(0.0), 0.0), at(c(4.0), 0.0), at(c(2.0), 1.0), coord! { x: x, y: x }, at(c(0.0), 4.0)];
        MultiPoint::from(points.to_vec()).convex_hull().unsigned_area()
    }
    // Outside of the triangle the moving point enlarges the area to 4·x; inside it changes nothing.
    hold!(hull, 3.0, [12.0, 4.0, 0.0], 1e-15; all);
    hold!(hull, 1.0, [8.0, 0.0, 0.0], 1e-15; all);
    fn bounds<T: Scalar>(x: T) -> T {
        line_string![at(c(0.0), 0.0), at(x, 2.0), at(c(1.0), 7.0)].bounding_rect().unwrap().width()
    }
    hold!(bounds, 3.0, [3.0, 1.0, 0.0], 0.0; all);
    hold!(bounds, 0.5, [1.0, 0.0, 0.0], 0.0; all);
    fn rectangle<T: Scalar>(x: T) -> T {
        let corners = [at(c(0.0), 0.0), at(x, 0.0), coord! { x: x, y: x }, coord! { x: c(0.0), y: x }];
        Polygon::new(LineString(corners.to_vec()), vec![]).minimum_rotated_rect().unwrap().unsigned_area()
    }
    hold!(rectangle, 3.0, [9.0, 6.0, 2.0], 1e-14; all);
}

#[test]
fn between_geometries() {
    fn closest<T: Scalar>(x: T) -> T {
        match Line::new(at(c(0.0), 0.0), at(c(4.0), 4.0)).closest_point(&Point(at(x, 0.0))) {
            Closest::SinglePoint(p) | Closest::Intersection(p) => p.x(),
            Closest::Indeterminate => panic!(),
        }
    }
    hold!(closest, 3.0, [1.5, 0.5, 0.0], 1e-15; all);
    hold!(closest, 9.0, [4.0, 0.0, 0.0], 1e-15; all);
    fn polygons<T: Scalar>(x: T) -> T {
        Euclidean.distance(&triangle(c(4.0)), &polygon![at(x, 0.0), at(c(9.0), -1.0), at(c(9.0), 1.0)])
    }
    hold!(polygons, 6.0, [2.0, 1.0, 0.0], 1e-15; all);
    hold!(polygons, 3.0, [0.0, 0.0, 0.0], 0.0; all);
    fn hausdorff<T: Scalar>(x: T) -> T {
        Point(at(x, 0.0)).hausdorff_distance(&line_string![at(c(0.0), 0.0), at(c(0.0), 4.0)])
    }
    hold!(hausdorff, 3.0, [5.0, 0.6, 16.0 / 125.0], 1e-15; all);
    fn simple<T: Scalar>(x: T) -> T {
        let bent = line_string![at(c(0.0), 0.0), at(c(1.0), 0.125), at(c(2.0), 0.0), at(x, 3.0)];
        assert_eq!(bent.simplify_vw_preserve(c(0.25)).0.len(), 3);
        Euclidean.length(&bent.simplify(c(0.25)))
    }
    let r = 10.0_f64.sqrt();
    hold!(simple, 3.0, [2.0 + r, 1.0 / r, 9.0 / r.powi(3)], 1e-15; all);
}

/// Intersections are decided by predicates in f64, whatever the number is. This conversion loses nothing.
#[test]
#[cfg_attr(feature = "trap-loss", should_panic(expected = "through to_f64 and loses its derivative"))]
fn intersections() {
    // The lines y = x/2·t and y = 2 - t meet at t = 2/(1 + x/2) = 4/(2 + x).
    fn crossing<T: Scalar>(x: T) -> T {
        let (a, b) =
            (Line::new(at(c(0.0), 0.0), coord! { x: c(2.0), y: x }), Line::new(at(c(0.0), 2.0), at(c(2.0), 0.0)));
        match line_intersection(a, b).unwrap() {
            LineIntersection::SinglePoint { intersection, is_proper } if is_proper => intersection.x,
            other => panic!("{other:?}"),
        }
    }
    hold!(crossing, 2.0, [1.0, -0.25, 0.125], 1e-14; all);
    // geo finds this point on a line across the middle of the height.
    hold!(|x| triangle(x).interior_point().unwrap().y(), 4.0, [1.5, 0.0, 0.0], 1e-15; all);
}

#[test]
fn predicates_look_at_values() {
    // The predicates are robust, as those of floats are: these three points are not collinear, but plain arithmetic
    // finds that they are.
    let p = |x: f64, y: f64| coord! { x: Dual::<f64>::variable(x, 0), y: Dual::new(y, [-3.0]) };
    let (a, b, f) = (p(12.0, 12.0), p(24.0, 24.0), |y: f64| p(0.5, y));
    type Ker = <Dual as GeoNum>::Ker;
    type Plain = <f64 as GeoNum>::Ker;
    use geo::Kernel;
    let plain = |c: Coord<Dual>| coord! { x: c.x.re, y: c.y.re };
    for ulps in -3..=3 {
        let q = f(0.5 + f64::from(ulps) * f64::EPSILON / 2.0);
        assert_eq!(Ker::orient2d(q, a, b), Plain::orient2d(plain(q), plain(a), plain(b)), "{ulps}");
        assert_eq!(Ker::dot_product_sign(q, a), Plain::dot_product_sign(plain(q), plain(a)), "{ulps}");
    }
    assert!(GeoNum::total_cmp(&Dual::<f64>::constant(-0.0), &Dual::variable(0.0, 0)).is_lt());
    let x = Dual::<f64>::variable(4.0, 0);
    let t = triangle(x);
    assert!(t.contains(&point! { x: x * 0.25, y: x * 0.25 }) && !t.contains(&point! { x: x, y: x }));
    assert!(t.intersects(&Line::new(at(x, -1.0), at(x, 1.0))) && t.exterior().is_ccw());
    assert!(!Signed::is_negative(&t.signed_area()));
}
