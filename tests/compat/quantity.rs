//! quantity: derivatives with units, by our numbers, and by its own over ours.

use crate::common::{Row, close};
use crate::hold;
use nilpotent::{Dual, Var, reverse};
use num_dual::{DualNum, DualStruct};
use quantity::ad::{first_derivative, second_derivative};
use quantity::{Angle, Dimensionless, Length, METER, Quantity, SECOND, Time, Velocity};

pub const ROWS: &[Row] = &[Row {
    name: "quantity",
    version: "0.15",
    what: "arithmetic, powers, roots and angles with units; its own derivatives, whose results we differentiate",
    asks: "num-dual's `DualNum`, `DualStruct`",
    feature: "num_dual",
    numbers: "all",
}];

/// Of the earth, in m/s².
const G: f64 = 9.81;

/// The period in seconds of a pendulum with a length in meters.
fn period<D: DualNum<Primitive = f64> + Copy>(length: D) -> D {
    let length: Length<D> = Quantity::new(length);
    let g = G * METER / SECOND.powi::<2>();
    let period: Time<D> = (length / g).sqrt() * std::f64::consts::TAU;
    period.convert_into(SECOND)
}

/// How far in meters a stone flies that is thrown at an angle.
fn range<D: DualNum<Primitive = f64> + Copy>(angle: D) -> D {
    let angle: Angle<D> = Quantity::new(angle * 2.0);
    let speed: Velocity<D> = Quantity::new(D::from(20.0));
    let range: Length<D> = speed.powi::<2>() * Dimensionless::new(angle.sin()) / (G * METER / SECOND.powi::<2>());
    range.convert_into(METER)
}

/// The cube root of the sixth power of a length.
fn root<D: DualNum<Primitive = f64> + Copy>(x: D) -> D {
    Length::new(x).powi::<6>().root::<3>().convert_into(METER * METER)
}

/// The speed and the acceleration in SI units of s = ¼·t⁴, by num-dual's numbers over the given one.
fn speed<D: DualNum<Primitive = f64> + Copy>(t: D) -> D {
    let s = |t: Time<num_dual::Dual<D>>| t.powi::<4>() * (0.25 * METER / SECOND.powi::<4>());
    let (_, v): (Length<_>, Velocity<_>) = first_derivative(s, Time::new(t));
    v.convert_into(METER / SECOND)
}

fn acceleration<D: DualNum<Primitive = f64> + Copy>(t: D) -> D {
    let s = |t: Time<num_dual::Dual2<D>>| -> Length<_> { t.powi::<4>() * (0.25 * METER / SECOND.powi::<4>()) };
    let (_, _, a) = second_derivative(s, Time::new(t));
    a.convert_into(METER / SECOND.powi::<2>())
}

#[test]
fn formulas() {
    let t = std::f64::consts::TAU * (1.7 / G).sqrt();
    hold!(period, 1.7, [t, t / 3.4, -t / (3.4 * 3.4)], 1e-15; all);
    let (r, (sine, cosine)) = (400.0 / G, 1.4_f64.sin_cos());
    hold!(range, 0.7, [r * sine, 2.0 * r * cosine, -4.0 * r * sine], 1e-15; all);
    hold!(root, 1.3, [1.69, 2.6, 2.0], 1e-14; all);
}

#[test]
fn its_own_derivatives() {
    let t = 1.3_f64;
    hold!(speed, t, [t.powi(3), 3.0 * t * t, 6.0 * t], 1e-14; all);
    hold!(acceleration, t, [3.0 * t * t, 6.0 * t, 6.0], 1e-14; all);
}

/// A quantity of constants from one of floats, and back.
#[test]
fn values() {
    let x: Length<Dual> = DualStruct::from_inner(&(2.0 * METER));
    assert_eq!((x.re(), x.convert_into(METER).eps), (2.0 * METER, [0.0]));
    let (_, [slope]) = reverse::gradient(|[t]: [Var; 1]| period(t), [1.7]);
    close("by Var", slope, std::f64::consts::PI / (1.7 * G).sqrt(), 1e-15);
}
