//! Separable functions at the limits: special values in all methods and with all instruction sets, many courses on several
//! threads, and elements that have some coordinates of points on manifolds, in any order and several times.

#[path = "common/random.rs"]
mod random;

use nilpotent::program::Set;
use nilpotent::separable::{Element, Fixed, Function, Kind, Loss, Manifold, Method, Quaternions};
use nilpotent::{Dual2, Real, hessian};
use random::Random;

const METHODS: [Method; 3] = [Method::Auto, Method::Forward, Method::Lanes];

/// Everything that a function computes, with zeros of one sign.
fn all(f: &Function, x: &[f64], w: &[f64], v: &[f64]) -> Vec<Vec<f64>> {
    let (mut y, mut z, mut g, mut hv) =
        (vec![1.0; f.rows()], vec![1.0; f.rows()], vec![1.0; f.columns()], vec![1.0; f.columns()]);
    let (mut j, mut h) = (vec![1.0; f.jacobian_pattern().len()], vec![1.0; f.hessian_pattern().len()]);
    f.values_into(x, &mut z).unwrap();
    f.jacobian_into(x, &mut y, &mut j).unwrap();
    f.vjp_into(x, w, &mut g).unwrap();
    f.hessian_into(x, w, &mut h).unwrap();
    f.hvp_into(x, w, v, &mut hv).unwrap();
    let mut all = vec![z, y, j, g, h, hv];
    if f.rows() <= 1 {
        let mut gradient = vec![1.0; f.columns()];
        let value = f.gradient_into(x, &mut gradient).unwrap();
        all.extend([vec![f.value(x).unwrap(), value], gradient]);
    }
    let mut gradient = vec![1.0; f.columns()];
    let mut normal = vec![1.0; f.hessian_pattern().len()];
    if let Ok(cost) = f.cost(x) {
        let again = f.least_squares_into(x, &mut gradient, &mut normal).unwrap();
        all.extend([vec![cost, again], gradient, normal]);
    }
    all.iter_mut().flatten().for_each(|y| *y += 0.0);
    all
}

fn bits(all: &[Vec<f64>]) -> Vec<Vec<u64>> {
    all.iter().map(|y| y.iter().map(|y| if y.is_nan() { u64::MAX } else { y.to_bits() }).collect()).collect()
}

/// Branches, kinks, infinite slopes, overflow.
struct Hard;

impl Element<3, 2, 2> for Hard {
    fn element<T: Real>(&self, [x, y, z]: [T; 3], [a, b]: [T; 2]) -> [T; 2] {
        let root = (x * a).abs().sqrt() + (x - y).abs() * z;
        let branch = if y < z { (x * b).exp() / (y - z) } else { (x.hypot(y) + b).powf(z) };
        let most = x.max(y * a).min(z) + (x / y).atan2(z * a);
        [root + branch, most * x.signum() + (y * z).ln()]
    }
}

fn special(random: &mut Random) -> f64 {
    const SPECIAL: [f64; 12] = [0.0, -0.0, 1.0, -1.0, 1e-310, 1e300, -1e300, 1e154, 700.0, 800.0, 1e-160, -1e-10];
    match random.below(3) {
        0 => SPECIAL[random.below(12)],
        _ => random.unit() * 4.0 - 2.0,
    }
}

#[test]
fn methods_agree_at_special_values() {
    let mut random = Random(11);
    for round in 0..30 {
        let n = 1 + random.below(6);
        let elements = [1, 31, 33, 100, 300][random.below(5)];
        let tame = round % 3 == 0;
        let value = |random: &mut Random| if tame { random.unit() * 2.0 - 1.0 } else { special(random) };
        let x: Vec<f64> = (0..n).map(|_| value(&mut random)).collect();
        let variables: Vec<[usize; 3]> = (0..elements).map(|_| std::array::from_fn(|_| random.below(n))).collect();
        let mut data: Vec<[f64; 2]> = (0..elements).map(|_| [value(&mut random), value(&mut random)]).collect();
        if round % 2 == 0 {
            data[0] = [f64::NAN, f64::INFINITY];
        }
        if round % 5 == 0 {
            data.iter_mut().step_by(3).for_each(|data| data[0] = f64::NAN);
        }
        let rows = 1 + random.below(3);
        let places: Vec<[usize; 2]> = (0..elements).map(|_| [random.below(rows), random.below(rows)]).collect();
        let weight = [1.0, 0.0, -2.5, f64::NAN, f64::INFINITY][random.below(5)];
        let shared = round % 4 < 2;
        let make = |method: Method, set: Set| {
            let kind = Kind::with_data(Hard, variables.iter().copied(), data.iter().copied()).unwrap();
            let kind = kind.by(method).with_set(set).weighted(weight).with_loss(Loss::Cauchy(2.0));
            let kind = if shared { kind.to_rows(places.iter().copied()).unwrap() } else { kind };
            Function::new(n).with(kind).unwrap()
        };
        let f = make(Method::Forward, Set::best());
        let mut w: Vec<f64> = (0..f.rows()).map(|_| value(&mut random)).collect();
        if round % 7 == 0 {
            w[0] = f64::NAN;
        }
        let v: Vec<f64> = (0..n).map(|_| value(&mut random)).collect();
        let expected = bits(&all(&f, &x, &w, &v));
        for set in Set::all() {
            for method in [Method::Auto, Method::Lanes] {
                let f = make(method, set);
                for again in 0..2 {
                    let found = bits(&all(&f, &x, &w, &v));
                    for (quantity, (found, expected)) in found.iter().zip(&expected).enumerate() {
                        let place = found.iter().zip(expected).position(|(a, b)| a != b);
                        assert_eq!(
                            place, None,
                            "round {round}, {set:?}, {method:?}, call {again}, quantity {quantity}"
                        );
                    }
                }
            }
        }
    }
}

/// Takes a course for each value of its datum.
struct Courses;

impl Element<2, 2, 1> for Courses {
    fn element<T: Real>(&self, [x, y]: [T; 2], [course]: [T; 1]) -> [T; 2] {
        let mut z = x * y;
        let mut k = T::one();
        while k < course {
            z = z.sin() + x;
            k += T::one();
        }
        [z, z * y]
    }
}

#[test]
fn many_courses_mixed() {
    let variables: Vec<_> = (0..3 * 2048).map(|k| [k % 7, k % 5]).collect();
    let kind = |method| {
        Kind::with_data(Courses, variables.iter().copied(), (0..variables.len()).map(|k| [(k % 12) as f64]))
            .unwrap()
            .by(method)
            .to_row(0)
    };
    let x = [0.5, 0.25, -0.5, 0.75, 0.125, 1.0, -1.0];
    let forward = Function::new(7).with(kind(Method::Forward)).unwrap();
    let lanes = Function::new(7).with(kind(Method::Lanes)).unwrap();
    let expected = bits(&all(&forward, &x, &[0.5], &x));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let lanes = lanes.clone();
            std::thread::spawn(move || bits(&all(&lanes, &x, &[0.5], &x)))
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), expected);
    }
}

struct Six;

impl Element<6, 2, 1> for Six {
    fn element<T: Real>(&self, [a, b, c, d, e, f]: [T; 6], [k]: [T; 1]) -> [T; 2] {
        [(a * b + c * d * k).sin() + e * f * a, (a - f).exp() * b + c * c * e + d * k]
    }
}

/// A number for nine steps.
type Number = Dual2<f64, 9>;

/// Two coordinates, one column.
struct Circle;

impl Manifold<2, 1> for Circle {
    fn plus<T: Real>(&self, [x, y]: [T; 2], [angle]: [T; 1]) -> [T; 2] {
        let (sin, cos) = angle.sin_cos();
        [x * cos - y * sin, x * sin + y * cos]
    }
}

#[test]
fn some_coordinates_of_blocks_several_times() {
    // The variables: 0: plain, 1..5 a quaternion, 5: plain, 6..8: a circle, 8..10: held, 10..14: a quaternion.
    let mut random = Random(5);
    let x: Vec<f64> = (0..14).map(|_| random.unit() - 0.5).collect();
    let plus = |step: &[Number; 9], x: &[f64]| {
        let c = |i: usize| Number::constant(x[i]);
        let mut y: Vec<_> = (0..14).map(c).collect();
        y[0] += step[0];
        let q = Quaternions.plus([c(1), c(2), c(3), c(4)], [step[1], step[2], step[3]]);
        y[1..5].copy_from_slice(&q);
        y[5] += step[4];
        let q = Circle.plus([c(6), c(7)], [step[5]]);
        y[6..8].copy_from_slice(&q);
        let q = Quaternions.plus([c(10), c(11), c(12), c(13)], [step[6], step[7], step[8]]);
        y[10..14].copy_from_slice(&q);
        y
    };
    for elements in [1, 3, 100] {
        let variables: Vec<[usize; 6]> = (0..elements).map(|_| std::array::from_fn(|_| random.below(14))).collect();
        let data: Vec<[f64; 1]> = (0..elements).map(|_| [random.unit()]).collect();
        let rows: Vec<[usize; 2]> = (0..elements).map(|_| [random.below(3), random.below(3)]).collect();
        let w = [0.5, -1.0, 2.0];
        let dense = |step: [Number; 9]| {
            let y = plus(&step, &x);
            let mut out = vec![Number::constant(0.0); 3];
            for ((variables, data), rows) in variables.iter().zip(&data).zip(&rows) {
                let outputs = Six.element(variables.map(|i| y[i]), data.map(Number::constant));
                rows.iter().zip(outputs).for_each(|(&row, output)| out[row] += output);
            }
            out[0] * w[0] + out[1] * w[1] + out[2] * w[2]
        };
        let (_, gradient, second) = hessian(dense, [0.0; 9]);
        for method in METHODS {
            let kind = Kind::with_data(Six, variables.iter().copied(), data.iter().copied()).unwrap();
            let f =
                Function::new(14).with(kind.by(method).to_rows(rows.iter().copied()).unwrap()).unwrap().with_rows(3);
            let f = f.on(Quaternions, [10, 1]).unwrap().on(Circle, [6]).unwrap().on::<_, 1, 0>(Fixed, [9, 8]).unwrap();
            assert_eq!(f.columns(), 9);
            let v: Vec<f64> = (0..9).map(|i| f64::from(i) - 3.5).collect();
            let (mut g, mut h, mut hv) = ([1.0; 9], vec![1.0; f.hessian_pattern().len()], [1.0; 9]);
            f.vjp_into(&x, &w, &mut g).unwrap();
            f.hessian_into(&x, &w, &mut h).unwrap();
            f.hvp_into(&x, &w, &v, &mut hv).unwrap();
            let (mut y, mut j) = ([0.0; 3], vec![0.0; f.jacobian_pattern().len()]);
            f.jacobian_into(&x, &mut y, &mut j).unwrap();
            let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-11 * (1.0 + b.abs()), "{a} {b}");
            for i in 0..9 {
                close(g[i], gradient[i]);
                let sum: f64 = (0..3).map(|r| w[r] * f.jacobian_pattern().position(r, i).map_or(0.0, |p| j[p])).sum();
                close(sum, gradient[i]);
                for (k, &expected) in second[i][..=i].iter().enumerate() {
                    close(f.hessian_pattern().position(i, k).map_or(0.0, |p| h[p]), expected);
                }
                close(hv[i], (0..9).map(|k| second[i][k] * v[k]).sum());
            }
        }
    }
}

#[test]
fn everything_is_fixed() {
    for method in METHODS {
        let kind = Kind::with_data(Hard, [[0, 1, 2]; 70], [[1.0, 2.0]; 70]).unwrap().by(method);
        let f = Function::new(3).with(kind).unwrap().on::<_, 1, 0>(Fixed, 0..3).unwrap();
        assert_eq!(f.columns(), 0);
        let found = all(&f, &[0.5, 1.0, 2.0], &[1.0; 140], &[]);
        let expected = Hard.element([0.5, 1.0, 2.0], [1.0, 2.0]);
        assert!(found[..2].iter().all(|values| values.chunks(2).all(|y| y == expected)));
        assert!(found[2..6].iter().all(Vec::is_empty));
    }
}
