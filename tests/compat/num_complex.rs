//! num-complex: functions of a complex number with varying parts, on and off the axes and the branch cuts.

use crate::common::Row;
use crate::hold;
use nilpotent::{Dual, Dual2, Real, Var};
use num_complex::{Complex, ComplexFloat};
use num_traits::{Inv, Pow};
use std::f64::consts::PI;

pub const ROWS: &[Row] = &[Row {
    name: "num-complex",
    version: "0.4",
    what: "every function of `Complex`",
    asks: "`Float`",
    feature: "",
    numbers: "all",
}];

const fn c(re: f64, im: f64) -> Complex<f64> {
    Complex::new(re, im)
}

const ONE: Complex<f64> = c(1.0, 0.0);

/// Two general points, one in each half plane.
const OFF: [Complex<f64>; 2] = [c(1.2, -0.7), c(-0.4, 0.3)];
/// A point on each of the four half axes.
const ON: [Complex<f64>; 4] = [c(2.5, 0.0), c(-2.5, 0.0), c(0.0, 0.6), c(0.0, -0.6)];

fn line<T: Real>(z: Complex<f64>, d: Complex<f64>, t: T) -> Complex<T> {
    Complex::new(T::lit(z.re) + t * T::lit(d.re), T::lit(z.im) + t * T::lit(d.im))
}

/// A helper that tells the compiler the type of a closure's argument.
fn at<T, Y>(f: impl Fn(Complex<T>) -> Y, z: Complex<T>) -> Y {
    f(z)
}

/// Compares an analytic function along the axes and along a slanted line through each point with f' and f".
macro_rules! analytic {
    ($f:expr, $points:expr, $df:expr, $ddf:expr, $tolerance:expr) => {
        for z in $points {
            let (y, dy, ddy): (Complex<f64>, Complex<f64>, Complex<f64>) = (at($f, z), at($df, z), at($ddf, z));
            for d in [ONE, c(0.0, 1.0), c(0.6, -0.8)] {
                let (dy, ddy) = (dy * d, ddy * d * d);
                hold!(|t| at($f, line(z, d, t)).re, 0.0, [y.re, dy.re, ddy.re], $tolerance; all);
                hold!(|t| at($f, line(z, d, t)).im, 0.0, [y.im, dy.im, ddy.im], $tolerance; all);
            }
        }
    };
}

fn points() -> impl Iterator<Item = Complex<f64>> {
    OFF.into_iter().chain(ON)
}

#[test]
fn exponentials_and_logarithms() {
    analytic!(|z| z.exp(), points().chain([c(0.0, 0.0)]), |z| z.exp(), |z| z.exp(), 1e-14);
    analytic!(|z| z.ln(), points(), |z| z.inv(), |z| -z.inv() * z.inv(), 1e-14);
    let l = 2.0_f64.ln();
    analytic!(|z| z.exp2(), points(), |z| z.exp2() * l, |z| z.exp2() * l * l, 1e-14);
    analytic!(|z| z.log2(), points(), |z| (z * l).inv(), |z| -(z * z * l).inv(), 1e-14);
    let l = 10.0_f64.ln();
    analytic!(|z| z.log10(), points(), |z| (z * l).inv(), |z| -(z * z * l).inv(), 1e-14);
    let l = 3.0_f64.ln();
    analytic!(|z| z.log(Real::lit(3.0)), points(), |z| (z * l).inv(), |z| -(z * z * l).inv(), 1e-14);
    analytic!(|z| z.expf(Real::lit(3.0)), points(), |z| z.expf(3.0) * l, |z| z.expf(3.0) * l * l, 1e-13);
}

/// On the cut, the negative axis, the side is that of the imaginary part's sign. On an axis the float takes a shorter
/// path. A number takes it only if it moves along the axis: an imaginary part of 0 with a derivative is not the zero of
/// the ring.
#[test]
fn roots() {
    let f = |z: Complex<f64>| z.sqrt();
    analytic!(|z| z.sqrt(), points(), |z| 0.5 / f(z), |z| -0.25 / (f(z) * z), 1e-14);
    let f = |z: Complex<f64>| z.cbrt();
    analytic!(|z| z.cbrt(), points(), |z| f(z) / (3.0 * z), |z| -2.0 * f(z) / (9.0 * z * z), 1e-14);
    let below = Complex::new(-4.0, -0.0);
    hold!(|t| Complex::new(t, Real::lit(-0.0)).sqrt().im, below.re, [-2.0, 0.25, 1.0 / 32.0], 1e-15; all);
}

#[test]
fn powers() {
    analytic!(|z| z.powi(3), points().chain([c(0.0, 0.0)]), |z| 3.0 * z * z, |z| 6.0 * z, 1e-13);
    analytic!(|z| z.powi(-2), points(), |z| -2.0 * z.powi(-3), |z| 6.0 * z.powi(-4), 1e-13);
    analytic!(|z| z.powu(5), points(), |z| 5.0 * z.powu(4), |z| 20.0 * z.powu(3), 1e-13);
    analytic!(|z| Pow::pow(&z, 0_u32), points(), |_| 0.0 * ONE, |_| 0.0 * ONE, 0.0);
    analytic!(|z| z.powf(Real::lit(2.5)), points(), |z| 2.5 * z.powf(1.5), |z| 3.75 * z.powf(0.5), 1e-13);
    analytic!(|z| z.powf(Real::lit(0.0)), points(), |_| 0.0 * ONE, |_| 0.0 * ONE, 0.0);
    let w = c(0.8, -1.3);
    let df = |z: Complex<f64>| w * z.powc(w) / z;
    let ddf = |z: Complex<f64>| w * (w - 1.0) * z.powc(w) / z / z;
    analytic!(|z| z.powc(line(w, 0.0 * w, Real::lit(0.0))), points(), df, ddf, 1e-13);
}

/// Powers as functions of the exponent, at 0 too: where the float returns 1 at once, a variable must not.
#[test]
fn powers_in_the_exponent() {
    for z in points() {
        let l = z.ln();
        let f = |y: f64, k: i32| z.powf(y) * l.powi(k);
        for y in [0.7, 0.0, 1.0] {
            let expected = [f(y, 0), f(y, 1), f(y, 2)];
            hold!(|y| line(z, 0.0 * z, y).powf(y).re, y, expected.map(|f| f.re), 1e-13; all);
            hold!(|y| line(z, 0.0 * z, y).powf(y).im, y, expected.map(|f| f.im), 1e-13; all);
        }
        analytic!(
            |w| line(z, 0.0 * z, w.re).powc(w),
            [c(0.0, 0.0), c(0.3, -0.2)],
            |w| z.powc(w) * l,
            |w| z.powc(w) * l * l,
            1e-13
        );
    }
}

#[test]
fn trigonometry() {
    let all = || points().chain([c(0.0, 0.0)]);
    analytic!(|z| z.sin(), all(), |z| z.cos(), |z| -z.sin(), 1e-14);
    analytic!(|z| z.cos(), all(), |z| -z.sin(), |z| -z.cos(), 1e-14);
    analytic!(|z| z.sinh(), all(), |z| z.cosh(), |z| z.sinh(), 1e-14);
    analytic!(|z| z.cosh(), all(), |z| z.sinh(), |z| z.cosh(), 1e-14);
    let d = |z: Complex<f64>| ONE + z.tan() * z.tan();
    analytic!(|z| z.tan(), all(), d, |z| 2.0 * z.tan() * d(z), 1e-13);
    let d = |z: Complex<f64>| ONE - z.tanh() * z.tanh();
    analytic!(|z| z.tanh(), all(), d, |z| -2.0 * z.tanh() * d(z), 1e-13);
}

/// Inverse functions off their cuts, and at 0. The crate's formulas for these lose some digits.
#[test]
fn inverse_functions() {
    let inside = || OFF.into_iter().chain([c(0.0, 0.0), c(0.0, 0.6), c(0.0, -0.6), c(0.5, 0.0), c(-0.5, 0.0)]);
    let d = |z: Complex<f64>| (ONE - z * z).sqrt().inv();
    analytic!(|z| z.asin(), inside(), d, |z| z * d(z).powi(3), 1e-14);
    analytic!(|z| z.acos(), inside(), |z| -d(z), |z| -z * d(z).powi(3), 1e-14);
    let d = |z: Complex<f64>| (ONE + z * z).inv();
    analytic!(|z| z.atan(), inside(), d, |z| -2.0 * z * d(z) * d(z), 1e-14);
    let d = |z: Complex<f64>| (ONE + z * z).sqrt().inv();
    analytic!(|z| z.asinh(), inside(), d, |z| -z * d(z).powi(3), 1e-14);
    let d = |z: Complex<f64>| ((z - ONE).sqrt() * (z + ONE).sqrt()).inv();
    analytic!(|z| z.acosh(), OFF.into_iter().chain([c(2.5, 0.0), c(0.0, 0.6)]), d, |z| -z * d(z).powi(3), 1e-14);
    let d = |z: Complex<f64>| (ONE - z * z).inv();
    analytic!(|z| z.atanh(), inside(), d, |z| 2.0 * z * d(z) * d(z), 1e-14);
}

#[test]
fn arithmetic() {
    let w = c(0.8, -1.3);
    let k = |z: Complex<f64>| z.inv();
    analytic!(|z| z.inv(), points(), |z| -k(z) * k(z), |z| 2.0 * k(z).powi(3), 1e-13);
    analytic!(|z| z.finv(), points(), |z| -k(z) * k(z), |z| 2.0 * k(z).powi(3), 1e-13);
    analytic!(Inv::inv, points(), |z| -k(z) * k(z), |z| 2.0 * k(z).powi(3), 1e-13);
    analytic!(ComplexFloat::recip, points(), |z| -k(z) * k(z), |z| 2.0 * k(z).powi(3), 1e-13);
    analytic!(|z| line(w, 0.0 * w, z.re) / z, points(), |z| -w * k(z) * k(z), |z| 2.0 * w * k(z).powi(3), 1e-13);
    analytic!(|z| line(w, 0.0 * w, z.re).fdiv(z), points(), |z| -w * k(z).powi(2), |z| 2.0 * w * k(z).powi(3), 1e-13);
    analytic!(|z| z * z * line(w, 0.0 * w, z.re), points(), |z| 2.0 * w * z, |_| 2.0 * w, 1e-14);
    analytic!(|z| z.scale(Real::lit(3.0)) - z.unscale(Real::lit(4.0)), points(), |_| 2.75 * ONE, |_| 0.0 * ONE, 1e-14);
}

/// Functions that are not analytic, |z|, arg z and conj z, against their real derivatives.
#[test]
fn norms_and_angles() {
    for z in points() {
        let r = z.norm();
        for d in [ONE, c(0.0, 1.0), c(0.6, -0.8)] {
            // d/dt of ln(z + td) is d/z, whose parts are the derivatives of ln|z| and arg z.
            let (q, q2) = (d / z, -(d / z) * (d / z));
            hold!(|t| line(z, d, t).norm(), 0.0, [r, r * q.re, r * (q2.re + q.re * q.re)], 1e-14; all);
            hold!(|t| line(z, d, t).arg(), 0.0, [z.arg(), q.im, q2.im], 1e-14; all);
            hold!(|t| line(z, d, t).to_polar().1, 0.0, [z.arg(), q.im, q2.im], 1e-14; all);
            let squared = [r * r, 2.0 * (z.conj() * d).re, 2.0 * d.norm_sqr()];
            hold!(|t| line(z, d, t).norm_sqr(), 0.0, squared, 1e-14; all);
            hold!(|t| line(z, d, t).conj().im, 0.0, [-z.im, -d.im, 0.0], 0.0; all);
        }
    }
    let z = c(1.2, -0.7);
    hold!(|t| line(z, c(0.6, -0.8), t).l1_norm(), 0.0, [1.9, 1.4, 0.0], 1e-15; all);
    hold!(|t| Complex::cis(t).re, PI / 3.0, [0.5, -0.75_f64.sqrt(), -0.5], 1e-15; all);
    let (s, c) = 1.0_f64.sin_cos();
    hold!(|t| Complex::from_polar(t, t).im, 1.0, [s, s + c, 2.0 * c - s], 1e-15; all);
}

/// The norm has a kink at 0, where it takes the least subgradient. The angle has no derivative there.
#[test]
fn at_zero() {
    let d = c(0.6, -0.8);
    hold!(|t| line(c(0.0, 0.0), d, t).norm(), 0.0, [0.0, 0.0, f64::NAN], 0.0; Dual, Var);
    hold!(|t| line(c(0.0, 0.0), d, t).arg(), 0.0, [0.0, f64::NAN, f64::NAN], 0.0; Dual, Dual2, Var);
    // A power by the logarithm has no derivatives at 0; `powi` and `powu` have.
    hold!(|t| line(c(0.0, 0.0), d, t).powf(Real::lit(2.0)).re, 0.0, [0.0, f64::NAN, f64::NAN], 0.0; Dual, Var);
    hold!(|t| line(c(0.0, 0.0), d, t).powu(2).re, 0.0, [0.0, 0.0, 2.0 * (d * d).re], 1e-15; all);
}
