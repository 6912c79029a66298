//! Hessians of ten variables by `Dual2`, compared with nested numbers, a struct written by hand for these functions,
//! num-dual and echidna; and ten derivatives by `Taylor`, compared with nested numbers. `cargo bench --manifest-path
//! benches/rivals/Cargo.toml --bench hessian`

#[path = "../../common/mod.rs"]
mod common;

use common::{compare, keep};
use criterion::{Criterion, criterion_group, criterion_main};
use echidna::{BReverse64, BytecodeTape};
use nalgebra::SVector;
use nilpotent::{Chunk, Dual, Dual2, HyperDual, Real, Taylor, hessian, nth_derivative};
use num_dual::{Dual2SVec64, DualNum};
use std::array::from_fn;
use std::hint::black_box;
use std::ops::{Add, Mul, Sub};

const N: usize = 10;

/// What the two functions need of the numbers of all rivals.
trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    fn constant(c: f64) -> Self;
    fn sin(self) -> Self;
    fn exp(self) -> Self;
    fn sqrt(self) -> Self;
}

macro_rules! number {
    ($([$($params:tt)*] $T:ty, $Trait:ident, $constant:expr;)*) => { $(
        impl<$($params)*> Number for $T {
            #[inline]
            fn constant(c: f64) -> Self {
                $constant(c)
            }
            #[inline]
            fn sin(self) -> Self {
                $Trait::sin(self)
            }
            #[inline]
            fn exp(self) -> Self {
                $Trait::exp(self)
            }
            #[inline]
            fn sqrt(self) -> Self {
                $Trait::sqrt(self)
            }
        }
    )* };
}

use nilpotent::num_traits::Float;

number! {
    [] f64, Float, |c| c;
    [] Dual2<f64, N>, Float, Self::lit;
    [] Dual<Dual<f64, N>, N>, Float, Self::lit;
    [] HyperDual<f64, 4, 4>, Float, Self::lit;
    [] HyperDual<f64, 8, 8>, Float, Self::lit;
    [] Dual2SVec64<N>, Derived, Self::from_re;
    [] BReverse64, Float, Self::constant;
}

/// num-dual's numbers; their functions take references.
trait Derived: DualNum + Copy {
    #[inline]
    fn sin(self) -> Self {
        DualNum::sin(&self)
    }
    #[inline]
    fn exp(self) -> Self {
        DualNum::exp(&self)
    }
    #[inline]
    fn sqrt(self) -> Self {
        DualNum::sqrt(&self)
    }
}

impl Derived for Dual2SVec64<N> {}

/// `Σ 100(xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)²`
fn rosenbrock<T: Number>(x: &[T]) -> T {
    let (one, hundred) = (T::constant(1.0), T::constant(100.0));
    let mut sum = T::constant(0.0);
    for i in 0..N - 1 {
        let (a, b) = (x[i + 1] - x[i] * x[i], one - x[i]);
        sum = sum + (hundred * (a * a) + b * b);
    }
    sum
}

/// `s ← √(exp(sin(s·xᵢ)) + xᵢ)` over all i.
fn chain<T: Number>(x: &[T]) -> T {
    x.iter().fold(T::constant(1.0), |s, &x| ((s * x).sin().exp() + x).sqrt())
}

/// A number as one would write it for these two functions and no others: value, gradient, and the triangle of the
/// Hessian, row by row.
#[derive(Clone, Copy)]
struct Packed {
    v: f64,
    g: [f64; N],
    h: [f64; N * (N + 1) / 2],
}

impl Packed {
    #[inline]
    fn variables(x: [f64; N]) -> [Self; N] {
        from_fn(|i| {
            let mut x = Self::constant(x[i]);
            x.g[i] = 1.0;
            x
        })
    }

    #[inline]
    fn chain(self, f: f64, df: f64, ddf: f64) -> Self {
        let mut h = [0.0; N * (N + 1) / 2];
        let mut k = 0;
        for i in 0..N {
            let p = ddf * self.g[i];
            for j in 0..=i {
                h[k] = df * self.h[k] + p * self.g[j];
                k += 1;
            }
        }
        Self { v: f, g: self.g.map(|g| df * g), h }
    }

    fn hessian(f: fn(&[Self]) -> Self, x: [f64; N]) -> Curved {
        let y = f(&Self::variables(x));
        (y.v, y.g, from_fn(|i| from_fn(|j| y.h[i.max(j) * (i.max(j) + 1) / 2 + i.min(j)])))
    }
}

impl Add for Packed {
    type Output = Self;
    #[inline]
    fn add(self, o: Self) -> Self {
        Self { v: self.v + o.v, g: from_fn(|i| self.g[i] + o.g[i]), h: from_fn(|k| self.h[k] + o.h[k]) }
    }
}

impl Sub for Packed {
    type Output = Self;
    #[inline]
    fn sub(self, o: Self) -> Self {
        Self { v: self.v - o.v, g: from_fn(|i| self.g[i] - o.g[i]), h: from_fn(|k| self.h[k] - o.h[k]) }
    }
}

impl Mul for Packed {
    type Output = Self;
    #[inline]
    #[allow(clippy::suspicious_arithmetic_impl)]
    fn mul(self, o: Self) -> Self {
        let mut h = [0.0; N * (N + 1) / 2];
        let mut k = 0;
        for i in 0..N {
            for j in 0..=i {
                h[k] = self.h[k] * o.v + self.v * o.h[k] + (self.g[i] * o.g[j] + o.g[i] * self.g[j]);
                k += 1;
            }
        }
        Self { v: self.v * o.v, g: from_fn(|i| self.g[i] * o.v + self.v * o.g[i]), h }
    }
}

impl Number for Packed {
    #[inline]
    fn constant(v: f64) -> Self {
        Self { v, g: [0.0; N], h: [0.0; N * (N + 1) / 2] }
    }
    #[inline]
    fn sin(self) -> Self {
        let (s, c) = self.v.sin_cos();
        self.chain(s, c, -s)
    }
    #[inline]
    fn exp(self) -> Self {
        let e = self.v.exp();
        self.chain(e, e, e)
    }
    #[inline]
    fn sqrt(self) -> Self {
        let root = self.v.sqrt();
        self.chain(root, 0.5 / root, -0.25 / (self.v * root))
    }
}

type Curved = (f64, [f64; N], [[f64; N]; N]);

fn record(f: fn(&[BReverse64]) -> BReverse64, x: &[f64]) -> BytecodeTape<f64> {
    echidna::record(f, x).0
}

macro_rules! hessians {
    ($c:expr, $title:literal, $f:ident) => {{
        let x: [f64; N] = from_fn(|i| 0.3 + 0.1 * i as f64);
        let dual2 = |x: [f64; N]| hessian(|x| $f(&x), x);
        let nested = |x: [f64; N]| -> Dual<Dual<f64, N>, N> { $f(&Dual::variables(Dual::variables(x))) };
        let packed = |x: [f64; N]| Packed::hessian($f, x);
        let in_blocks = |x: &[f64]| hessian($f::<HyperDual<f64, 4, 4>>, x);
        let theirs = |x: &SVector<f64, N>| num_dual::hessian(|x| $f(x.as_slice()), x);
        let tape = record($f, &x);

        let (y, dy, h) = dual2(x);
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-11 * b.abs().max(1.0);
        let agree = |z: f64, dz: &dyn Fn(usize) -> f64, k: &dyn Fn(usize, usize) -> f64| {
            assert!(near(y, z) && (0..N).all(|i| near(dy[i], dz(i)) && (0..N).all(|j| near(h[i][j], k(i, j)))));
        };
        let n = nested(x);
        agree(n.re.re, &|i| n.re.eps[i], &|i, j| n.eps[i].eps[j]);
        let p = packed(x);
        agree(p.0, &|i| p.1[i], &|i, j| p.2[i][j]);
        let b = in_blocks(&x);
        agree(b.0, &|i| b.1[i], &|i, j| b.2[i][j]);
        let s = SVector::from(x);
        let t = theirs(&s);
        agree(t.0, &|i| t.1[i], &|i, j| t.2[(i, j)]);
        for e in [echidna::hessian($f, &x), tape.hessian(&x), tape.hessian_vec::<N>(&x)] {
            agree(e.0, &|i| e.1[i], &|i, j| e.2[i][j]);
        }

        compare(
            $c,
            $title,
            &mut [
                ("Dual2", &mut || keep(dual2(black_box(x)))),
                ("f64", &mut || keep($f(&black_box(x)))),
                ("packed by hand", &mut || keep(packed(black_box(x)))),
                ("nested Dual", &mut || keep(nested(black_box(x)))),
                ("slice, HyperDual 4 x 4", &mut || keep(in_blocks(black_box(&x)))),
                ("slice, HyperDual 8 x 8", &mut || {
                    keep(hessian($f::<HyperDual<f64, 8, 8>>, Chunk::<8>(black_box(&x))))
                }),
                ("num-dual", &mut || keep(theirs(black_box(&s)))),
                ("echidna", &mut || keep(echidna::hessian($f, black_box(&x)))),
                ("echidna, recorded, hessian", &mut || keep(tape.hessian(black_box(&x)))),
                ("echidna, recorded, hessian_vec", &mut || keep(tape.hessian_vec::<N>(black_box(&x)))),
            ],
        );
    }};
}

fn hessians(c: &mut Criterion) {
    hessians!(c, "Hessian, Rosenbrock 10", rosenbrock);
    hessians!(c, "Hessian, exp sin sqrt chain 10", chain);
}

/// A function of twenty operations of all kinds.
fn twenty<T: Real>(x: T) -> T {
    let a = (x * x + x).sin() * x.exp();
    let b = (a * a + T::one()).sqrt().ln() / (x + T::one());
    let c = (b.tanh() - a.cos()) * b;
    let d = (c * c + x).exp().ln_1p() - c / a;
    (d + a * b).atan()
}

fn orders(c: &mut Criterion) {
    type D1 = Dual<f64>;
    type D2 = Dual<D1>;
    type D3 = Dual<D2>;
    type D4 = Dual<D3>;
    type D5 = Dual<D4>;

    trait Seed: Real {
        fn seed(x: f64) -> Self;
    }
    impl Seed for f64 {
        fn seed(x: f64) -> Self {
            x
        }
    }
    impl<T: Seed> Seed for Dual<T> {
        fn seed(x: f64) -> Self {
            Self::variable(T::seed(x), 0)
        }
    }
    let taylor = |x: f64| nth_derivative::<10, _, _>(twenty, x).1;
    let fifth: f64 = twenty(D5::seed(0.7)).eps[0].eps[0].eps[0].eps[0].eps[0];
    assert!((taylor(0.7)[4] / fifth - 1.0).abs() < 1e-11);
    compare(
        c,
        "derivatives of twenty operations",
        &mut [
            ("Taylor, order 10", &mut || keep(taylor(black_box(0.7)))),
            ("Taylor, order 5", &mut || keep(twenty(Taylor::<f64, 5>::variable(black_box(0.7))))),
            ("f64", &mut || keep(twenty(black_box(0.7)))),
            ("nested, order 1", &mut || keep(twenty(D1::seed(black_box(0.7))))),
            ("nested, order 2", &mut || keep(twenty(D2::seed(black_box(0.7))))),
            ("nested, order 3", &mut || keep(twenty(D3::seed(black_box(0.7))))),
            ("nested, order 4", &mut || keep(twenty(D4::seed(black_box(0.7))))),
            ("nested, order 5", &mut || keep(twenty(D5::seed(black_box(0.7))))),
        ],
    );
}

criterion_group!(benches, hessians, orders);
criterion_main!(benches);
