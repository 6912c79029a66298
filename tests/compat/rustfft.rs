//! rustfft: a transform is linear, so its derivative in an input is a column of the DFT matrix, which consists of roots
//! of unity.

use crate::common::Row;
use crate::hold;
use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor, Var};
use num_complex::Complex;
use rustfft::{FftDirection, FftNum, FftPlanner};
use std::f64::consts::TAU;

pub const ROWS: &[Row] = &[Row {
    name: "rustfft",
    version: "6.4",
    what: "`FftPlanner`, forward and inverse, every kind of length",
    asks: "`FftNum`: `Signed + FromPrimitive + Send + Sync`",
    feature: "",
    numbers: "all; five in the tests",
}];

/// Lengths for butterflies, powers of two, mixed radices, and primes by Rader's and by Bluestein's algorithm.
const LENGTHS: [usize; 10] = [1, 4, 8, 12, 17, 27, 60, 97, 128, 251];

/// All numbers pass the following tests. But the crate's many algorithms take long to compile for each, so only five
/// run here.
#[test]
fn every_number_is_taken() {
    fn taken<T: FftNum>() {}
    taken::<Dual>();
    taken::<Dual2>();
    taken::<HyperDual>();
    taken::<Taylor<f64, 2>>();
    taken::<Var<Dual>>();
}

fn unit(k: usize, n: usize) -> Complex<f64> {
    Complex::cis(-TAU * (k % n) as f64 / n as f64)
}

fn fft<T: FftNum>(mut x: Vec<Complex<T>>, direction: FftDirection) -> Vec<Complex<T>> {
    FftPlanner::new().plan_fft(x.len(), direction).process(&mut x);
    x
}

fn signal(n: usize) -> Vec<Complex<f64>> {
    (0..n).map(|i| Complex::new((i as f64).sin(), (1.7 * i as f64).cos())).collect()
}

/// The signal with `t·d` added to input `j`.
fn moved<T: Real>(n: usize, j: usize, d: Complex<f64>, t: T) -> Vec<Complex<T>> {
    let lift = |z: Complex<f64>| Complex::new(T::lit(z.re), T::lit(z.im));
    let mut x: Vec<_> = signal(n).into_iter().map(lift).collect();
    x[j] += lift(d) * t;
    x
}

#[test]
fn each_output_in_an_input() {
    for n in LENGTHS {
        for (j, k, d) in [(0, n / 2, Complex::ONE), (n - 1, n / 3, Complex::I), (n / 2, n - 1, Complex::new(0.6, -0.8))]
        {
            let y: Complex<f64> = signal(n).iter().enumerate().map(|(i, x)| x * unit(i * k, n)).sum();
            let dy = d * unit(j * k, n);
            hold!(|t| fft(moved(n, j, d, t), FftDirection::Forward)[k].re, 0.0, [y.re, dy.re, 0.0], 1e-13; Dual, Dual<Dual>, Dual2, Taylor<f64, 2>, Var);
            hold!(|t| fft(moved(n, j, d, t), FftDirection::Forward)[k].im, 0.0, [y.im, dy.im, 0.0], 1e-13; Dual, Dual<Dual>, Dual2, Taylor<f64, 2>, Var);
            // The power at a frequency, with the derivatives of |X + t·w|² in t.
            let power = [y.norm_sqr(), 2.0 * (y.conj() * dy).re, 2.0];
            hold!(|t| fft(moved(n, j, d, t), FftDirection::Forward)[k].norm_sqr(), 0.0, power, 1e-12; Dual, Dual<Dual>, Dual2, Taylor<f64, 2>, Var);
            let z: Complex<f64> = signal(n).iter().enumerate().map(|(i, x)| x * unit(i * k, n).conj()).sum();
            let dz = d * unit(j * k, n).conj();
            hold!(|t| fft(moved(n, j, d, t), FftDirection::Inverse)[k].re, 0.0, [z.re, dz.re, 0.0], 1e-13; Dual, Dual<Dual>, Dual2, Taylor<f64, 2>, Var);
        }
    }
}

/// The inverse of the transform is n times the signal; then a filter in between that depends on the variable.
#[test]
fn there_and_back() {
    for n in LENGTHS {
        let j = n / 2;
        let x = signal(n)[j];
        hold!(
            |t| fft(fft(moved(n, j, Complex::ONE, t), FftDirection::Forward), FftDirection::Inverse)[j].re / n as f64,
            0.0, [x.re, 1.0, 0.0], 1e-14; Dual, Dual<Dual>, Dual2, Taylor<f64, 2>, Var
        );
        // A delay of a wave of one period by t samples, e^(-iωt): cos(φ - ωt) itself is delayed.
        if n > 2 {
            let omega = TAU / n as f64;
            let phase = omega * j as f64 - omega * 0.3;
            let expected = [phase.cos(), omega * phase.sin(), -omega * omega * phase.cos()];
            hold!(|t| delayed(n, t)[j].re, 0.3, expected, 1e-14; Dual, Dual<Dual>, Dual2, Taylor<f64, 2>, Var);
        }
    }
}

fn delayed<T: Real + FftNum>(n: usize, t: T) -> Vec<Complex<T>> {
    let omega = TAU / n as f64;
    let wave = (0..n).map(|i| Complex::new(T::lit((omega * i as f64).cos()), T::zero())).collect();
    let mut x = fft(wave, FftDirection::Forward);
    x[1] *= Complex::cis(-t * T::lit(omega));
    x[n - 1] *= Complex::cis(t * T::lit(omega));
    fft(x, FftDirection::Inverse).into_iter().map(|z| z / T::lit(n as f64)).collect()
}
