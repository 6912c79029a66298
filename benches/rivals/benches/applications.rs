//! Forward mode in functions as users have them, beside num-dual and hyperdual:
//! `cargo bench --manifest-path benches/rivals/Cargo.toml --bench applications`

#[path = "../../common/mod.rs"]
mod common;

use common::{compare, keep};
use criterion::{Criterion, criterion_group, criterion_main};
use hyperdual::Hyperdual;
use nalgebra::{RealField, SMatrix, SVector, UnitQuaternion, Vector3};
use nilpotent::num_traits::Float;
use nilpotent::{Dual, gradient, jacobian};
use num_dual::{DualNum, DualSVec32, DualSVec64};
use std::array::from_fn;
use std::hint::black_box;
use std::ops::{Add, Div, Mul, Sub};

/// What the functions over arrays need, of all rivals.
trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> {
    fn constant(c: f64) -> Self;
    fn sin(self) -> Self;
    fn sqrt(self) -> Self;
    fn exp(self) -> Self;
    fn ln(self) -> Self;
}

macro_rules! number {
    ($([$($params:tt)*] $T:ty, $Trait:ident, |$x:ident| $self:expr, |$c:ident| $constant:expr;)*) => { $(
        impl<$($params)*> Number for $T {
            #[inline]
            fn constant($c: f64) -> Self {
                $constant
            }
            #[inline]
            fn sin(self) -> Self {
                let $x = self;
                $Trait::sin($self)
            }
            #[inline]
            fn sqrt(self) -> Self {
                let $x = self;
                $Trait::sqrt($self)
            }
            #[inline]
            fn exp(self) -> Self {
                let $x = self;
                $Trait::exp($self)
            }
            #[inline]
            fn ln(self) -> Self {
                let $x = self;
                $Trait::ln($self)
            }
        }
    )* };
}
number! {
    [] f64, Float, |x| x, |c| c;
    [] f32, Float, |x| x, |c| c as f32;
    [const N: usize] Dual<f64, N>, Float, |x| x, |c| Self::constant(c);
    [const N: usize] Dual<f32, N>, Float, |x| x, |c| Self::constant(c as f32);
    [const N: usize] Hyperdual<f64, N>, Float, |x| x, |c| Self::from_real(c);
    [const N: usize] Hyperdual<f32, N>, Float, |x| x, |c| Self::from_real(c as f32);
    [const N: usize] DualSVec64<N>, DualNum, |x| &x, |c| Self::from_re(c);
    [const N: usize] DualSVec32<N>, DualNum, |x| &x, |c| Self::from_re(c as f32);
}

/// Times the gradient of a function of N variables.
macro_rules! gradient_of {
    ($c:expr, $title:literal, $f:ident, $T:ty, $Derived:ident, $n:literal, $m:literal, $x:expr) => {{
        let x: [$T; $n] = $x;
        let s = SVector::from(x);
        let ours = |x: [$T; $n]| gradient(|x: [Dual<$T, $n>; $n]| $f(&x), x).1;
        let num_dual = |x: &SVector<$T, $n>| num_dual::gradient(|x: SVector<$Derived<$n>, $n>| $f(x.as_slice()), x).1;
        let hyper = |x: &[$T; $n]| {
            let x: [Hyperdual<$T, $m>; $n] = from_fn(|i| {
                let mut v = [0.0; $m];
                (v[0], v[i + 1]) = (x[i], 1.0);
                Hyperdual::from_slice(&v)
            });
            $f(&x)
        };
        let near = |a: &[$T], b: &[$T]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-5 * (1.0 + b.abs()));
        assert!(near(&ours(x), num_dual(&s).as_slice()) && near(&ours(x), &hyper(&x).as_slice()[1..]));
        compare(
            $c,
            $title,
            &mut [
                ("nilpotent", &mut || keep(ours(black_box(x)))),
                ("floats", &mut || keep($f(&black_box(x)))),
                ("num-dual", &mut || keep(num_dual(black_box(&s)))),
                ("hyperdual", &mut || keep(hyper(black_box(&x)))),
            ],
        );
    }};
}

/// `Σ √(1 + xᵢ²) + xᵢ₊₁·sin xᵢ`, around in a ring.
fn ring<T: Number>(x: &[T]) -> T {
    let one = T::constant(1.0);
    let term = |(i, &a): (usize, &T)| (one + a * a).sqrt() + x[(i + 1) % x.len()] * a.sin();
    x.iter().enumerate().map(term).fold(T::constant(0.0), T::add)
}

/// Products and sums alone: Horner's scheme of degree 10 in the first variable, with the others as coefficients.
fn polynomial<T: Number>(x: &[T]) -> T {
    (0..10).fold(T::constant(1.0), |sum, i| sum * x[0] + x[1 + i % (x.len() - 1)])
}

/// `Φ(x)` by Abramowitz and Stegun's formula 26.2.17, of the elementary functions that all rivals have.
fn normal_cdf<T: Number>(x: T) -> T {
    let one = T::constant(1.0);
    let t = one / (one + T::constant(0.231_641_9) * x);
    let coefficients = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530];
    let sum = coefficients.iter().fold(T::constant(0.0), |sum, &c| sum * t + T::constant(c)) * t;
    one - T::constant(0.398_942_280_401_432_7) * (x * x * T::constant(-0.5)).exp() * sum
}

/// Black & Scholes' price of a call: spot, strike, rate, volatility, time.
fn call<T: Number>(x: &[T]) -> T {
    let &[spot, strike, rate, sigma, time] = x else { panic!("five inputs") };
    let root = sigma * time.sqrt();
    let d = ((spot / strike).ln() + (rate + sigma * sigma * T::constant(0.5)) * time) / root;
    spot * normal_cdf(d) - strike * (T::constant(0.0) - rate * time).exp() * normal_cdf(d - root)
}

fn arrays(c: &mut Criterion) {
    gradient_of!(c, "f32, gradient of 3", ring, f32, DualSVec32, 3, 4, [0.3, 0.4, 0.5]);
    gradient_of!(c, "f32, gradient of 6", ring, f32, DualSVec32, 6, 7, from_fn(|i| 0.3 + 0.1 * i as f32));
    gradient_of!(c, "polynomial of 2", polynomial, f64, DualSVec64, 2, 3, [0.3, 0.4]);
    gradient_of!(c, "polynomial of 4", polynomial, f64, DualSVec64, 4, 5, [0.3, 0.4, 0.5, 0.6]);
    gradient_of!(c, "polynomial of 8", polynomial, f64, DualSVec64, 8, 9, from_fn(|i| 0.3 + 0.1 * i as f64));
    gradient_of!(c, "Black & Scholes", call, f64, DualSVec64, 5, 6, [110.0, 95.0, 0.02, 0.2, 0.5]);
}

/// The position of the hand of a robot with six joints, alternately about z and x, each with a link of its own length.
fn arm<T: RealField + Copy>(joints: &SVector<T, 6>, links: &[T; 6]) -> Vector3<T> {
    let mut position = Vector3::zeros();
    for (k, (&angle, &link)) in joints.iter().zip(links).enumerate().rev() {
        let (s, c) = angle.sin_cos();
        position.z += link;
        let [x, y, z] = [position.x, position.y, position.z];
        position = match k % 2 {
            0 => Vector3::new(c * x - s * y, s * x + c * y, z),
            _ => Vector3::new(x, c * y - s * z, s * y + c * z),
        };
    }
    position
}

fn robot_arm(c: &mut Criterion) {
    let x = SVector::<f64, 6>::from([0.1, -0.2, 0.3, 0.5, -0.1, 0.4]);
    let links = [0.3, 0.25, 0.2, 0.15, 0.1, 0.05];
    let ours = |x: &SVector<f64, 6>| {
        let links = links.map(Dual::<f64, 6>::constant);
        nilpotent::linalg::jacobian(|x| arm(&x, &links), x).1
    };
    let num_dual = |x: &SVector<f64, 6>| {
        let links = links.map(DualSVec64::<6>::from_re);
        num_dual::jacobian(|x: SVector<DualSVec64<6>, 6>| arm(&x, &links), x).1
    };
    assert!((ours(&x) - num_dual(&x)).norm() < 1e-14);
    compare(
        c,
        "Jacobian of a robot's arm",
        &mut [
            ("nilpotent", &mut || keep(ours(black_box(&x)))),
            ("floats", &mut || keep(arm(black_box(&x), &links))),
            ("num-dual", &mut || keep(num_dual(black_box(&x)))),
        ],
    );
}

/// The trace of the covariance after a prediction and an update of a Kalman filter with 12 states and 3 measurements, as a
/// function of four factors of the noise.
fn kalman<T: RealField + Copy>(noise: &[T; 4], lit: impl Fn(f64) -> T) -> T {
    let f = SMatrix::<T, 12, 12>::from_fn(|i, j| lit(f64::from(u8::from(i == j)) + if i + 3 == j { 0.1 } else { 0.0 }));
    let q = SMatrix::<T, 12, 12>::from_fn(|i, j| if i == j { noise[i / 4] } else { lit(0.0) });
    let h = SMatrix::<T, 3, 12>::from_fn(|i, j| lit(f64::from(u8::from(i == j))));
    let p = SMatrix::<T, 12, 12>::from_fn(|i, j| lit(1.0 / (1.0 + i.abs_diff(j) as f64)));
    let r = SMatrix::<T, 3, 3>::from_diagonal_element(noise[3]);
    let p = f * p * f.transpose() + q;
    let s = h * p * h.transpose() + r;
    let gain = p * h.transpose() * s.try_inverse().expect("the innovation has full rank");
    (p - gain * h * p).trace()
}

fn kalman_step(c: &mut Criterion) {
    let x = [0.1, 0.2, 0.3, 0.5];
    let s = SVector::from(x);
    let ours = |x: [f64; 4]| gradient(|x: [Dual<f64, 4>; 4]| kalman(&x, Dual::constant), x).1;
    let num_dual = |x: &SVector<f64, 4>| {
        num_dual::gradient(|x: SVector<DualSVec64<4>, 4>| kalman(&x.data.0[0], DualSVec64::from_re), x).1
    };
    assert!(ours(x).iter().zip(num_dual(&s).iter()).all(|(a, b)| (a - b).abs() < 1e-12));
    compare(
        c,
        "gradient of a Kalman step",
        &mut [
            ("nilpotent", &mut || keep(ours(black_box(x)))),
            ("floats", &mut || keep(kalman(&black_box(x), |c| c))),
            ("num-dual", &mut || keep(num_dual(black_box(&s)))),
        ],
    );
}

/// A matrix row block of Gauss and Newton's method: the residual of a point seen from a pose, in the pose and the point.
fn residual<T: RealField + Copy>([rx, ry, rz, tx, ty, tz, px, py, pz]: [T; 9], seen: Vector3<T>) -> [T; 3] {
    let turn = UnitQuaternion::from_scaled_axis(Vector3::new(rx, ry, rz));
    let e = turn.inverse() * (Vector3::new(px, py, pz) - Vector3::new(tx, ty, tz)) - seen;
    [e.x, e.y, e.z]
}

fn gauss_newton(c: &mut Criterion) {
    let x = [0.1, -0.2, 0.3, 0.5, -0.1, 5.0, 1.0, 2.0, 3.0];
    let (s, seen) = (SVector::from(x), [0.2, 0.3, -1.0]);
    let ours = |x: [f64; 9]| {
        let seen = Vector3::from(seen.map(Dual::<f64, 9>::constant));
        jacobian(|x: [Dual<f64, 9>; 9]| residual(x, seen), x).1
    };
    let num_dual = |x: &SVector<f64, 9>| {
        let seen = Vector3::from(seen.map(DualSVec64::<9>::from_re));
        let f = |x: SVector<DualSVec64<9>, 9>| SVector::from(residual(x.data.0[0], seen));
        num_dual::jacobian(f, x).1
    };
    assert!(ours(x).as_flattened().iter().zip(num_dual(&s).transpose().iter()).all(|(a, b)| (a - b).abs() < 1e-13));
    compare(
        c,
        "a pose's residual with a quaternion",
        &mut [
            ("nilpotent", &mut || keep(ours(black_box(x)))),
            ("floats", &mut || keep(residual(black_box(x), Vector3::from(seen)))),
            ("num-dual", &mut || keep(num_dual(black_box(&s)))),
        ],
    );
}

criterion_group!(benches, arrays, robot_arm, kalman_step, gauss_newton);
criterion_main!(benches);
