//! Compares other Rust crates with this one: gradients of 1 to 1 000 variables, Hessians of 2 to 30, the Jacobian of a
//! camera, and the sensitivity of an orbit. `cargo bench --manifest-path benches/rivals/Cargo.toml --bench rivals`

#[path = "../../common/mod.rs"]
mod common;

use ad_trait::forward_ad::adfn::adfn;
use ad_trait::reverse_ad::adr::{GlobalComputationGraph, adr};
use autodiff::FT;
use common::{compare, keep};
use criterion::{Criterion, criterion_group, criterion_main};
use hyperdual::Hyperdual;
use nalgebra::{DVector, SVector};
use nilpotent::num_traits::Float;
use nilpotent::{Dual, Dual2, HyperDual, Real, Var, gradient, hessian, jacobian, reverse};
use num_dual::{Dual2DVec64, Dual2SVec64, DualDVec64, DualNum, DualSVec64};
use simba::scalar::ComplexField;
use std::array::from_fn;
use std::hint::black_box;
use std::ops::{Add, Div, Mul, Sub};

/// What the functions need of the numbers of all rivals.
trait Number: Clone + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> {
    fn constant(c: f64) -> Self;
    fn sin(&self) -> Self;
    fn cos(&self) -> Self;
    fn sqrt(&self) -> Self;
}

macro_rules! number {
    ($([$($params:tt)*] $T:ty, $constant:expr, |$x:ident| $sin:expr, $cos:expr, $sqrt:expr;)*) => { $(
        impl<$($params)*> Number for $T {
            #[inline]
            fn constant(c: f64) -> Self {
                $constant(c)
            }
            #[inline]
            fn sin(&self) -> Self {
                let $x = self;
                $sin
            }
            #[inline]
            fn cos(&self) -> Self {
                let $x = self;
                $cos
            }
            #[inline]
            fn sqrt(&self) -> Self {
                let $x = self;
                $sqrt
            }
        }
    )* };
    // Numbers that implement num-traits' `Float`.
    (float: $([$($params:tt)*] $T:ty, $constant:expr;)*) => {
        number! { $([$($params)*] $T, $constant, |x| Float::sin(*x), Float::cos(*x), Float::sqrt(*x);)* }
    };
    // Numbers of ad_trait, which implement `ComplexField`.
    (field: $([$($params:tt)*] $T:ty, $constant:expr;)*) => {
        number! { $([$($params)*] $T, $constant, |x| ComplexField::sin(*x), ComplexField::cos(*x), ComplexField::sqrt(*x);)* }
    };
    // Numbers of num-dual, which implement `DualNum`.
    (derived: $([$($params:tt)*] $T:ty;)*) => {
        number! { $([$($params)*] $T, Self::from_re, |x| DualNum::sin(x), DualNum::cos(x), DualNum::sqrt(x);)* }
    };
}

number! { float:
    [] f64, |c| c;
    [const N: usize] Dual<f64, N>, Self::lit;
    [const N: usize] Dual2<f64, N>, Self::lit;
    [const M: usize, const N: usize] HyperDual<f64, M, N>, Self::lit;
    [T: Real<Float = f64>] Var<T>, Self::lit;
    [] echidna::Reverse<f64>, Self::constant;
    [] echidna::BReverse64, Self::constant;
    [const N: usize] echidna::DualVec<f64, N>, Self::constant;
    [] FT<f64>, Self::cst;
    [const N: usize] Hyperdual<f64, N>, Self::from_real;
}
number! { field:
    [] adr, Self::from;
    [const N: usize] adfn<N>, Self::new_constant;
}
number! { derived:
    [const N: usize] DualSVec64<N>;
    [const N: usize] Dual2SVec64<N>;
    [] DualDVec64;
    [] Dual2DVec64;
}

/// `Σ √(1 + xᵢ²) + xᵢ₊₁·sin xᵢ`, where the last x is followed by the first.
fn ring<T: Number>(x: &[T]) -> T {
    let one = T::constant(1.0);
    let mut sum = T::constant(0.0);
    for (i, a) in x.iter().enumerate() {
        let b = &x[(i + 1) % x.len()];
        sum = sum + ((one.clone() + a.clone() * a.clone()).sqrt() + b.clone() * a.sin());
    }
    sum
}

fn by_adr(x: &[f64]) -> Vec<f64> {
    GlobalComputationGraph::get().reset();
    let x: Vec<adr> = x.iter().map(|&x| adr::new_variable(x, false)).collect();
    let gradient = ring(&x).get_backwards_mode_grad();
    x.iter().map(|x| gradient.wrt(x)).collect()
}

/// Panics unless all gradients have the same entries, up to rounding.
fn agree(expected: &[f64], others: &[(&str, Vec<f64>)]) {
    let size = expected.iter().fold(1e-300, |m: f64, d| m.max(d.abs()));
    for (name, other) in others {
        let near = expected.iter().zip(other).all(|(a, b)| (a - b).abs() <= 1e-11 * size);
        assert!(near && expected.len() == other.len(), "{name}");
    }
}

/// Times gradients in one pass of numbers with all partials, and in reverse mode. The first rival is our better mode.
macro_rules! gradients {
    ($c:expr, $n:literal, $m:literal) => {{
        const N: usize = $n;
        let x: [f64; N] = from_fn(|i| 0.3 + 0.1 * (i % 10) as f64);
        let s = SVector::from(x);
        let forward = |x: [f64; N]| gradient(|x: [Dual<f64, N>; N]| ring(&x), x).1;
        let back = |x: &[f64; N]| reverse::gradient(|x: [Var; N]| ring(&x), *x).1;
        let num_dual = |x: &SVector<f64, N>| num_dual::gradient(|x| ring(x.as_slice()), x).1;
        let dual_vec = |x: &[f64; N]| {
            let x: [echidna::DualVec<f64, N>; N] = from_fn(|i| echidna::DualVec::with_tangent(x[i], i));
            ring(&x).eps
        };
        let hyper = |x: &[f64; N]| {
            let x: [Hyperdual<f64, $m>; N] = from_fn(|i| {
                let mut v = [0.0; $m];
                (v[0], v[i + 1]) = (x[i], 1.0);
                Hyperdual::from_slice(&v)
            });
            ring(&x)
        };
        let ad_trait = |x: &[f64; N]| {
            let x: [adfn<N>; N] = from_fn(|i| adfn::new(x[i], from_fn(|j| f64::from(i == j))));
            ring(&x).tangent()
        };
        agree(
            &forward(x),
            &[
                ("reverse", back(&x).to_vec()),
                ("num-dual", num_dual(&s).as_slice().to_vec()),
                ("echidna, reverse", echidna::grad(ring, &x)),
                ("echidna, forward", dual_vec(&x).to_vec()),
                ("ad_trait, forward", ad_trait(&x).to_vec()),
                ("ad_trait, reverse", by_adr(&x)),
                ("hyperdual", hyper(&x).as_slice()[1..].to_vec()),
                ("autodiff", autodiff::grad(ring, &x)),
            ],
        );
        compare(
            $c,
            concat!("gradient of ", $n),
            &mut [
                ("nilpotent, forward", &mut || keep(forward(black_box(x)))),
                ("nilpotent, reverse", &mut || keep(back(black_box(&x)))),
                ("f64", &mut || keep(ring(&black_box(x)))),
                ("num-dual", &mut || keep(num_dual(black_box(&s)))),
                ("echidna, reverse", &mut || keep(echidna::grad(ring, black_box(&x)))),
                ("echidna, forward", &mut || keep(dual_vec(black_box(&x)))),
                ("ad_trait, forward", &mut || keep(ad_trait(black_box(&x)))),
                ("ad_trait, reverse", &mut || keep(by_adr(black_box(&x)))),
                ("hyperdual", &mut || keep(hyper(black_box(&x)))),
                ("autodiff", &mut || keep(autodiff::grad(ring, black_box(&x)))),
            ],
        );
    }};
}

/// Times gradients of more variables than a number should carry.
fn long_gradients(c: &mut Criterion, n: usize) {
    let x: Vec<f64> = (0..n).map(|i| 0.3 + 0.1 * (i % 10) as f64).collect();
    let v = DVector::from_vec(x.clone());
    let back = |x: &[f64]| reverse::gradient(ring::<Var>, x).1;
    let forward = |x: &[f64]| gradient(ring::<Dual<f64, 8>>, x).1;
    let num_dual = |x: &DVector<f64>| num_dual::gradient(|x| ring(x.as_slice()), x).1;
    agree(
        &back(&x),
        &[
            ("forward", forward(&x)),
            ("num-dual", num_dual(&v).as_slice().to_vec()),
            ("echidna", echidna::grad(ring, &x)),
            ("ad_trait", by_adr(&x)),
            ("autodiff", autodiff::grad(ring, &x)),
        ],
    );
    compare(
        c,
        &format!("gradient of {n}"),
        &mut [
            ("nilpotent, reverse", &mut || keep(back(black_box(&x)))),
            ("nilpotent, forward", &mut || keep(forward(black_box(&x)))),
            ("f64", &mut || keep(ring(black_box(&x)))),
            ("num-dual", &mut || keep(num_dual(black_box(&v)))),
            ("echidna, reverse", &mut || keep(echidna::grad(ring, black_box(&x)))),
            ("ad_trait, reverse", &mut || keep(by_adr(black_box(&x)))),
            ("autodiff", &mut || keep(autodiff::grad(ring, black_box(&x)))),
        ],
    );
}

fn all_gradients(c: &mut Criterion) {
    gradients!(c, 1, 2);
    gradients!(c, 2, 3);
    gradients!(c, 3, 4);
    gradients!(c, 4, 5);
    gradients!(c, 5, 6);
    gradients!(c, 6, 7);
    gradients!(c, 8, 9);
    gradients!(c, 10, 11);
    gradients!(c, 16, 17);
    gradients!(c, 30, 31);
    gradients!(c, 60, 61);
    long_gradients(c, 100);
    long_gradients(c, 1_000);
}

macro_rules! hessians {
    ($c:expr, $n:literal) => {{
        const N: usize = $n;
        let x: [f64; N] = from_fn(|i| 0.3 + 0.1 * (i % 10) as f64);
        let s = SVector::from(x);
        let dual2 = |x: [f64; N]| hessian(|x: [Dual2<f64, N>; N]| ring(&x), x);
        let blocks = |x: &[f64]| hessian(ring::<HyperDual<f64, 4, 4>>, x);
        let back = |x: [f64; N]| reverse::hessian(|x: [Var<Dual<f64, N>>; N]| ring(&x), x);
        let chunks = |x: &[f64]| reverse::hessian(|x: &[_]| ring(x), x);
        let num_dual = |x: &SVector<f64, N>| num_dual::hessian(|x| ring(x.as_slice()), x);
        let (tape, _) = echidna::record(ring, &x);
        agree(
            &dual2(x).2.concat(),
            &[
                ("blocks", blocks(&x).2.concat()),
                ("reverse, arrays", back(x).2.concat()),
                ("reverse, slices", chunks(&x).2.concat()),
                ("num-dual", num_dual(&s).2.as_slice().to_vec()),
                ("echidna", echidna::hessian(ring, &x).2.concat()),
                ("echidna, recorded", tape.hessian_vec::<N>(&x).2.concat()),
            ],
        );
        compare(
            $c,
            concat!("Hessian of ", $n),
            &mut [
                ("nilpotent, forward, arrays", &mut || keep(dual2(black_box(x)))),
                ("nilpotent, forward, slices", &mut || keep(blocks(black_box(&x)))),
                ("nilpotent, reverse, arrays", &mut || keep(back(black_box(x)))),
                ("nilpotent, reverse, slices", &mut || keep(chunks(black_box(&x)))),
                ("f64", &mut || keep(ring(&black_box(x)))),
                ("num-dual", &mut || keep(num_dual(black_box(&s)))),
                ("echidna", &mut || keep(echidna::hessian(ring, black_box(&x)))),
                ("echidna, recorded before", &mut || keep(tape.hessian_vec::<N>(black_box(&x)))),
            ],
        );
    }};
}

fn all_hessians(c: &mut Criterion) {
    hessians!(c, 2);
    hessians!(c, 3);
    hessians!(c, 6);
    hessians!(c, 10);
    hessians!(c, 30);
}

/// Projects a point into a camera, given by angle-axis, translation, focal length and two radial distortions.
fn project<T: Number>(x: &[T; 9]) -> [T; 2] {
    let [rx, ry, rz, tx, ty, tz, focal, k1, k2] = x.clone();
    let [px, py, pz] = [0.4, -0.3, 1.0].map(T::constant);
    let one = T::constant(1.0);
    let square = |a: &T| a.clone() * a.clone();
    let angle = (square(&rx) + square(&ry) + square(&rz)).sqrt();
    let [kx, ky, kz] = [rx, ry, rz].map(|r| r / angle.clone());
    let (sin, cos) = (angle.sin(), angle.cos());
    let across = [
        ky.clone() * pz.clone() - kz.clone() * py.clone(),
        kz.clone() * px.clone() - kx.clone() * pz.clone(),
        kx.clone() * py.clone() - ky.clone() * px.clone(),
    ];
    let along =
        (kx.clone() * px.clone() + ky.clone() * py.clone() + kz.clone() * pz.clone()) * (one.clone() - cos.clone());
    let turned = |p: T, across: &T, k: T, t: T| p * cos.clone() + across.clone() * sin.clone() + k * along.clone() + t;
    let (x, y, z) = (turned(px, &across[0], kx, tx), turned(py, &across[1], ky, ty), turned(pz, &across[2], kz, tz));
    let (x, y) = (x / z.clone(), y / z);
    let r2 = square(&x) + square(&y);
    let scale = focal * (one + r2.clone() * (k1 + k2 * r2));
    [x * scale.clone(), y * scale]
}

fn camera(c: &mut Criterion) {
    let x = [0.1, -0.2, 0.3, 0.5, -0.1, 5.0, 800.0, -1e-2, 1e-3];
    let s = SVector::from(x);
    let ours = |x: [f64; 9]| jacobian(|x: [Dual<f64, 9>; 9]| project(&x), x).1;
    let num_dual = |x: &SVector<f64, 9>| {
        num_dual::jacobian(|x: SVector<DualSVec64<9>, 9>| SVector::from(project(&x.data.0[0])), x).1
    };
    let dual_vec = |x: &[f64; 9]| {
        let x: [echidna::DualVec<f64, 9>; 9] = from_fn(|i| echidna::DualVec::with_tangent(x[i], i));
        project(&x).map(|y| y.eps)
    };
    let hyper = |x: &[f64; 9]| {
        let x: [Hyperdual<f64, 10>; 9] = from_fn(|i| {
            let mut v = [0.0; 10];
            (v[0], v[i + 1]) = (x[i], 1.0);
            Hyperdual::from_slice(&v)
        });
        project(&x)
    };
    let ad_trait = |x: &[f64; 9]| {
        let x: [adfn<9>; 9] = from_fn(|i| adfn::new(x[i], from_fn(|j| f64::from(i == j))));
        project(&x).map(|y| y.tangent())
    };
    agree(
        &ours(x).concat(),
        &[
            ("num-dual", num_dual(&s).transpose().as_slice().to_vec()),
            ("echidna", dual_vec(&x).concat()),
            ("ad_trait", ad_trait(&x).concat()),
            ("hyperdual", hyper(&x).iter().flat_map(|y| y.as_slice()[1..].to_vec()).collect()),
        ],
    );
    compare(
        c,
        "Jacobian of a camera, 9 to 2",
        &mut [
            ("nilpotent", &mut || keep(ours(black_box(x)))),
            ("f64", &mut || keep(project(&black_box(x)))),
            ("num-dual", &mut || keep(num_dual(black_box(&s)))),
            ("echidna", &mut || keep(dual_vec(black_box(&x)))),
            ("ad_trait", &mut || keep(ad_trait(black_box(&x)))),
            ("hyperdual", &mut || keep(hyper(black_box(&x)))),
        ],
    );
}

/// The number of predators after 1 000 Runge-Kutta steps of the Lotka-Volterra equations with four parameters.
fn predators<T: Number>(p: &[T]) -> T {
    let h = T::constant(0.01);
    let (half, two, sixth) = (T::constant(0.005), T::constant(2.0), T::constant(0.01 / 6.0));
    let slope = |[a, b]: &[T; 2]| {
        let ab = a.clone() * b.clone();
        [p[0].clone() * a.clone() - p[1].clone() * ab.clone(), p[2].clone() * ab - p[3].clone() * b.clone()]
    };
    let moved = |y: &[T; 2], h: &T, k: &[T; 2]| -> [T; 2] { from_fn(|i| y[i].clone() + h.clone() * k[i].clone()) };
    let mut y = [T::constant(1.0), T::constant(0.5)];
    for _ in 0..1_000 {
        let k1 = slope(&y);
        let k2 = slope(&moved(&y, &half, &k1));
        let k3 = slope(&moved(&y, &half, &k2));
        let k4 = slope(&moved(&y, &h, &k3));
        let sum: [T; 2] = from_fn(|i| k1[i].clone() + two.clone() * (k2[i].clone() + k3[i].clone()) + k4[i].clone());
        y = moved(&y, &sixth, &sum);
    }
    let [_, b] = y;
    b
}

fn sensitivity(c: &mut Criterion) {
    let x = [1.1, 0.4, 0.1, 0.4];
    let s = SVector::from(x);
    let ours = |x: [f64; 4]| gradient(|x: [Dual<f64, 4>; 4]| predators(&x), x).1;
    let back = |x: &[f64; 4]| reverse::gradient(|x: [Var; 4]| predators(&x), *x).1;
    let num_dual = |x: &SVector<f64, 4>| num_dual::gradient(|x| predators(x.as_slice()), x).1;
    let dual_vec = |x: &[f64; 4]| {
        let x: [echidna::DualVec<f64, 4>; 4] = from_fn(|i| echidna::DualVec::with_tangent(x[i], i));
        predators(&x).eps
    };
    let hyper = |x: &[f64; 4]| {
        let x: [Hyperdual<f64, 5>; 4] = from_fn(|i| {
            let mut v = [0.0; 5];
            (v[0], v[i + 1]) = (x[i], 1.0);
            Hyperdual::from_slice(&v)
        });
        predators(&x)
    };
    let ad_trait = |x: &[f64; 4]| {
        let x: [adfn<4>; 4] = from_fn(|i| adfn::new(x[i], from_fn(|j| f64::from(i == j))));
        predators(&x).tangent()
    };
    agree(
        &ours(x),
        &[
            ("reverse", back(&x).to_vec()),
            ("num-dual", num_dual(&s).as_slice().to_vec()),
            ("echidna, reverse", echidna::grad(predators, &x)),
            ("echidna, forward", dual_vec(&x).to_vec()),
            ("ad_trait", ad_trait(&x).to_vec()),
            ("hyperdual", hyper(&x).as_slice()[1..].to_vec()),
            ("autodiff", autodiff::grad(predators, &x)),
        ],
    );
    compare(
        c,
        "sensitivity of 1 000 steps to 4 parameters",
        &mut [
            ("nilpotent, forward", &mut || keep(ours(black_box(x)))),
            ("nilpotent, reverse", &mut || keep(back(black_box(&x)))),
            ("f64", &mut || keep(predators(&black_box(x)))),
            ("num-dual", &mut || keep(num_dual(black_box(&s)))),
            ("echidna, forward", &mut || keep(dual_vec(black_box(&x)))),
            ("echidna, reverse", &mut || keep(echidna::grad(predators, black_box(&x)))),
            ("ad_trait", &mut || keep(ad_trait(black_box(&x)))),
            ("hyperdual", &mut || keep(hyper(black_box(&x)))),
            ("autodiff", &mut || keep(autodiff::grad(predators, black_box(&x)))),
        ],
    );
}

criterion_group!(benches, all_gradients, all_hessians, camera, sensitivity);
criterion_main!(benches);
