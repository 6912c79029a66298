//! ellip: elliptic integrals, against their derivatives in the DLMF, https://dlmf.nist.gov/19.

use crate::common::Row;
use crate::hold;
use ellip::*;
use nilpotent::{Dual, Real, Var};
use std::f64::consts::FRAC_PI_2;

pub const ROWS: &[Row] = &[Row {
    name: "ellip",
    version: "1.2",
    what: "Legendre's, Carlson's and Bulirsch's integrals, `jacobi_zeta`, `heuman_lambda`",
    asks: "`Float`",
    feature: "",
    numbers: "all",
}];

fn lit<T: Real>(x: f64) -> T {
    T::lit(x)
}

/// One parameter for each way in which the crate computes: inside its tables and at their ends, by the AGM above 0.9
/// and below 0.
const PARAMETERS: [f64; 10] = [0.02, 0.05, 0.1, 0.33, 0.5, 0.71, 0.86, 0.95, -0.4, -7.0];

/// dK/dm, d²K/dm², dE/dm, d²E/dm²: 19.4.1 and 19.4.2, with m = k².
fn legendre(m: f64) -> [[f64; 3]; 2] {
    let (k, e, c) = (ellipk(m).unwrap(), ellipe(m).unwrap(), 1.0 - m);
    let dk = (e - c * k) / (2.0 * m * c);
    let de = (e - k) / (2.0 * m);
    [[k, dk, (0.25 * k - (1.0 - 2.0 * m) * dk) / (m * c)], [e, de, -(0.25 * e + c * de) / (m * c)]]
}

/// Below 0.9, K and E are series about the middle of an interval, cut off where the value is right. At the ends of the
/// interval the first derivative has 11 right digits, and the second one 9.
#[test]
// The parameter is converted to an index into a table. No derivative is lost, but it is a conversion.
#[cfg_attr(feature = "trap-loss", should_panic(expected = "through to_i64"))]
fn complete() {
    for m in PARAMETERS {
        let [k, e] = legendre(m);
        hold!(|m| ellipk(m).unwrap(), m, k, 2e-9; all);
        hold!(|m| ellipe(m).unwrap(), m, e, 2e-9; all);
        hold!(|m| ellipk(m).unwrap(), m, k, 1e-11; Dual, Var);
        hold!(|m| ellipe(m).unwrap(), m, e, 1e-11; Dual, Var);
        hold!(|m| ellipke(m).unwrap().0, m, k, 2e-9; all);
        hold!(|m| ellipke(m).unwrap().1, m, e, 2e-9; all);
        // D = (K - E)/m loses digits near 0.
        if m.abs() > 0.3 {
            let d = (k[0] - e[0]) / m;
            let dd = (k[1] - e[1] - d) / m;
            hold!(|m| ellipd(m).unwrap(), m, [d, dd, (k[2] - e[2] - 2.0 * dd) / m], 1e-12; all);
        }
        // The same functions, by Carlson's and by Bulirsch's integrals.
        hold!(|m| elliprf(lit(0.0), -m + 1.0, lit(1.0)).unwrap(), m, k, 1e-12; all);
        hold!(|m| elliprg(lit(0.0), -m + 1.0, lit(1.0)).unwrap() * 2.0, m, e, 1e-12; all);
        hold!(|m| cel1((-m + 1.0).sqrt()).unwrap(), m, k, 1e-12; all);
        hold!(|m| cel2((-m + 1.0).sqrt(), lit(1.0), -m + 1.0).unwrap(), m, e, 1e-12; all);
        hold!(|m| cel((-m + 1.0).sqrt(), lit(1.0), lit(1.0), -m + 1.0).unwrap(), m, e, 1e-12; all);
    }
    // The series at 0: K = π/2·(1 + m/4 + 9m²/64 + …), E = π/2·(1 - m/4 - 3m²/64 - …).
    hold!(|m| ellipk(m).unwrap(), 0.0, [1.0, 0.25, 9.0 / 32.0].map(|c| c * FRAC_PI_2), 1e-10; all);
    hold!(|m| ellipe(m).unwrap(), 0.0, [1.0, -0.25, -3.0 / 32.0].map(|c| c * FRAC_PI_2), 1e-10; all);
}

/// Π(n, m) as a function of m: 19.4.7.
#[test]
// The parameter is converted to an index into a table. No derivative is lost, but it is a conversion.
#[cfg_attr(feature = "trap-loss", should_panic(expected = "through to_i64"))]
fn third_kind() {
    for (n, m) in [(0.3, 0.6), (-0.8, 0.6), (0.7, -0.5), (-0.8, -0.3)] {
        let [[k, ..], [e, de, _]] = legendre(m);
        let p = ellippi(n, m).unwrap();
        let x = e / (m - 1.0) + p;
        let dp = x / (2.0 * (n - m));
        let dx = de / (m - 1.0) - e / (m - 1.0_f64).powi(2) + dp;
        hold!(|m| ellippi(lit(n), m).unwrap(), m, [p, dp, dp / (n - m) + dx / (2.0 * (n - m))], 1e-9; all);
        let in_n = (e + (m - n) * k / n + (n * n - m) * p / n) / (2.0 * (m - n) * (n - 1.0));
        hold!(|n| ellippi(n, lit(m)).unwrap(), n, [p, in_n, f64::NAN], 1e-11; Dual, Var);
    }
}

/// The derivative in the amplitude is the integrand.
#[test]
fn in_the_amplitude() {
    for (phi, m) in [(0.7_f64, 0.6), (1.2, -0.8), (2.0, 0.6), (-0.7, 0.6), (4.5, 0.3)] {
        let ((s, c), n) = (phi.sin_cos(), 0.4);
        let d = (1.0 - m * s * s).sqrt();
        let f = [ellipf(phi, m).unwrap(), 1.0 / d, m * s * c / d.powi(3)];
        let e = [ellipeinc(phi, m).unwrap(), d, -m * s * c / d];
        hold!(|x| ellipf(x, lit(m)).unwrap(), phi, f, 1e-12; all);
        hold!(|x| ellipeinc(x, lit(m)).unwrap(), phi, e, 1e-12; all);
        let dd = s * s / d;
        let incomplete = [ellipdinc(phi, m).unwrap(), dd, 2.0 * s * c / d + dd * m * s * c / (d * d)];
        hold!(|x| ellipdinc(x, lit(m)).unwrap(), phi, incomplete, 1e-12; all);
        let q = 1.0 - n * s * s;
        let third = [ellippiinc(phi, n, m).unwrap(), 1.0 / (q * d), s * c * (2.0 * n / q + m / (d * d)) / (q * d)];
        hold!(|x| ellippiinc(x, lit(n), lit(m)).unwrap(), phi, third, 1e-11; all);
        // Z = E(φ) - F(φ)·E/K
        let ratio = ellipe(m).unwrap() / ellipk(m).unwrap();
        let zeta: [f64; 3] = std::array::from_fn(|i| e[i] - ratio * f[i]);
        hold!(|x| jacobi_zeta(x, lit(m)).unwrap(), phi, zeta, 1e-12; all);
    }
    // Λ₀ = 2/π·(E·F(φ, m') + K·(E(φ, m') - F(φ, m'))), m' = 1 - m
    let (phi, m) = (0.7_f64, 0.6);
    let ((s, c), [[k, ..], [e, ..]]) = (phi.sin_cos(), legendre(m));
    let d = (1.0 - (1.0 - m) * s * s).sqrt();
    let turn = (1.0 - m) * s * c;
    let expected = [
        (e - k) * ellipf(phi, 1.0 - m).unwrap() + k * ellipeinc(phi, 1.0 - m).unwrap(),
        (e - k) / d + k * d,
        (e - k) * turn / d.powi(3) - k * turn / d,
    ];
    hold!(|x| heuman_lambda(x, lit(m)).unwrap(), phi, expected.map(|x| x / FRAC_PI_2), 1e-12; all);
}

/// 19.4.5 and 19.4.6
#[test]
// The parameter is converted to an index into a table. No derivative is lost, but it is a conversion.
#[cfg_attr(feature = "trap-loss", should_panic(expected = "through to_i64"))]
fn in_the_parameter() {
    for (phi, m) in [(0.7_f64, 0.6), (1.2, -0.8), (2.0, 0.6), (-0.7, 0.6)] {
        let (s, c) = phi.sin_cos();
        let (d, q) = ((1.0 - m * s * s).sqrt(), 1.0 - m);
        let (f, e) = (ellipf(phi, m).unwrap(), ellipeinc(phi, m).unwrap());
        let df = (e - q * f) / (2.0 * m * q) - s * c / (2.0 * q * d);
        let de = (e - f) / (2.0 * m);
        let ddf = (de - q * df + f) / (2.0 * m * q)
            - (e - q * f) * (1.0 - 2.0 * m) / (2.0 * m * m * q * q)
            - 0.5 * s * c * (1.0 / (q * q * d) + s * s / (2.0 * q * d.powi(3)));
        hold!(|m| ellipf(lit(phi), m).unwrap(), m, [f, df, ddf], 1e-9; all);
        hold!(|m| ellipeinc(lit(phi), m).unwrap(), m, [e, de, (de - df - 2.0 * de) / (2.0 * m)], 1e-9; all);
    }
}

/// Carlson's integrals where they are known functions: R_C as atan and atanh, the others by 19.25.
#[test]
fn carlson() {
    // R_C(1, 1 + t²) = atan(t)/t
    let (t, w) = (0.8_f64, 1.64);
    let y = t.atan() / t;
    let dy = (1.0 / w - y) / t;
    let expected = [y, dy, (-2.0 * t / (w * w) - 2.0 * dy) / t];
    hold!(|t| elliprc(lit(1.0), t * t + 1.0).unwrap(), t, expected, 1e-13; all);
    let w = 1.0 - t * t;
    let y = t.atanh() / t;
    let dy = (1.0 / w - y) / t;
    let expected = [y, dy, (2.0 * t / (w * w) - 2.0 * dy) / t];
    hold!(|t| elliprc(lit(1.0), -t * t + 1.0).unwrap(), t, expected, 1e-12; all);
    let (phi, m, n) = (0.7_f64, 0.6, 0.4);
    let (s, c) = phi.sin_cos();
    let (d, q) = ((1.0 - m * s * s).sqrt(), 1.0 - n * s * s);
    let first = [ellipf(phi, m).unwrap(), 1.0 / d, m * s * c / d.powi(3)];
    hold!(|x| x.sin() * elliprf(x.cos().powi(2), delta(x, m), lit(1.0)).unwrap(), phi, first, 1e-13; all);
    let second = [ellipdinc(phi, m).unwrap(), s * s / d, 2.0 * s * c / d + m * s * s * s * c / d.powi(3)];
    hold!(|x| x.sin().powi(3) * elliprd(x.cos().powi(2), delta(x, m), lit(1.0)).unwrap() / 3.0, phi, second, 1e-13; all);
    // n·sin³φ·R_J/3 = Π - F, whose derivative is n·sin²φ/(q·Δ).
    let third = ellippiinc(phi, n, m).unwrap() - first[0];
    let dd = n * s * c / (q * d) * (2.0 + s * s * (2.0 * n / q + m / (d * d)));
    let expected = [third, n * s * s / (q * d), dd];
    let rj = |x, y, z, p| elliprj(x, y, z, p).unwrap();
    assert!((rj(c * c, d * d, 1.0, q) * n * s.powi(3) / 3.0 - third).abs() < 1e-14);
    hold!(|x| x.sin().powi(3) * third_of(x, m, n), phi, expected, 1e-12; all);
    // ∂R_F/∂x = -R_D(y, z, x)/6: 19.18.1
    let d = -elliprd(2.0, 3.0, 1.0).unwrap() / 6.0;
    hold!(|x| elliprf(x, lit(2.0), lit(3.0)).unwrap(), 1.0, [elliprf(1.0, 2.0, 3.0).unwrap(), d, 0.0], 1e-13; Dual, Var);
}

/// 1 - m·sin²x
fn delta<T: Real>(x: T, m: f64) -> T {
    T::one() - T::lit(m) * x.sin().powi(2)
}

fn third_of<T: Real>(x: T, m: f64, n: f64) -> T {
    elliprj(x.cos().powi(2), delta(x, m), T::one(), delta(x, n)).unwrap() * T::lit(n / 3.0)
}

/// Derivatives in x, the upper end of the integral.
#[test]
fn bulirsch() {
    for (x, kc) in [(0.8_f64, 0.6_f64), (-0.3, 1.4)] {
        let (u, v, c) = (1.0 + x * x, 1.0 + kc * kc * x * x, kc * kc);
        // The logarithmic derivative of the integrand of el1.
        let l = -x / u - c * x / v;
        let d = 1.0 / (u * v).sqrt();
        hold!(|x| el1(x, lit(kc)).unwrap(), x, [el1(x, kc).unwrap(), d, d * l], 1e-12; all);
        let (a, b) = (1.3, -0.4);
        let (g, dg) = ((a + b * x * x) / u, 2.0 * x * (b - a) / (u * u));
        let expected = [el2(x, kc, a, b).unwrap(), d * g, d * (l * g + dg)];
        hold!(|x| el2(x, lit(kc), lit(a), lit(b)).unwrap(), x, expected, 1e-12; all);
        let p = 0.7;
        let (g, dg) = (u / (1.0 + p * x * x), 2.0 * x * (1.0 - p) / (1.0 + p * x * x).powi(2));
        let expected = [el3(x, kc, p).unwrap(), d * g, d * (l * g + dg)];
        hold!(|x| el3(x, lit(kc), lit(p)).unwrap(), x, expected, 1e-11; all);
    }
}

/// Where the crate returns early, it does not distinguish variables from constants: at m = 0 it returns φ for F, and
/// where two arguments of R_F are equal it uses only one of them.
#[test]
fn what_is_lost() {
    let phi = 0.7_f64;
    hold!(|m| ellipf(lit(phi), m).unwrap(), 0.0, [phi, 0.0, 0.0], 0.0; Dual, Var);
    let right = -elliprd(2.0, 3.0, 2.0).unwrap() / 6.0;
    let lost = |x: f64| (x / right - 1.0).abs() > 0.5;
    let (_, d) = nilpotent::derivative(|x| elliprf(x, lit(2.0), lit(3.0)).unwrap(), 2.0);
    let (_, e) = nilpotent::derivative(|y| elliprf(lit(2.0), y, lit(3.0)).unwrap(), 2.0);
    assert!(lost(d) && lost(e), "{d} {e} {right}");
    // At a distance of 1e-5 the derivative is right.
    hold!(|x| elliprf(x, lit(2.0), lit(3.0)).unwrap(), 2.00001,
        [elliprf(2.00001, 2.0, 3.0).unwrap(), -elliprd(2.0, 3.0, 2.00001).unwrap() / 6.0, 0.0], 1e-13; Dual, Var);
}
