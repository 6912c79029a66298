//! rand_distr: random draws with varying parameters, by pathwise derivatives. The values are those of f64 with the same
//! stream.

use crate::common::Row;
use crate::hold;
use nilpotent::{Dual, Dual2, Real, Taylor};
use rand::distr::uniform::{SampleUniform, UniformSampler};
use rand::distr::{Distribution, StandardUniform, Uniform};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{
    Cauchy, Exp, Exp1, Frechet, Gumbel, InverseGaussian, LogNormal, Normal, Open01, OpenClosed01, Pareto, Poisson,
    SkewNormal, StandardNormal, Triangular, UnitCircle, Weibull,
};
use std::f64::consts::PI;

pub const ROWS: &[Row] = &[Row {
    name: "rand_distr",
    version: "0.6",
    what: "`Normal`, `LogNormal`, `SkewNormal`, `Exp`, `Weibull`, `Gumbel`, `Frechet`, `Pareto`, `Cauchy`, `Triangular`, `Uniform`, `random_range`, in all parameters",
    asks: "`Distribution`, `SampleUniform`",
    feature: "rand_distr",
    numbers: "all",
}];

/// The bounds of the distributions.
trait Scalar: Real + SampleUniform {}
impl<T: Real + SampleUniform> Scalar for T {}

fn rng() -> StdRng {
    StdRng::seed_from_u64(3)
}

fn between<T: Scalar>(low: T, high: T) -> T {
    Uniform::new(low, high).unwrap().sample(&mut rng())
}

fn within<T: Scalar>(low: T, high: T) -> T {
    Uniform::new_inclusive(low, high).unwrap().sample(&mut rng())
}

fn c<T: Real>(x: f64) -> T {
    T::lit(x)
}

#[test]
fn location_and_scale() {
    let z: f64 = rng().sample(StandardNormal);
    let value = Normal::new(2.0, 3.0).unwrap().sample(&mut rng());
    hold!(|x| Normal::new(x, c(3.0)).unwrap().sample(&mut rng()), 2.0, [value, 1.0, 0.0], 0.0; all);
    hold!(|x| Normal::new(c(2.0), x).unwrap().sample(&mut rng()), 3.0, [value, z, 0.0], 0.0; all);
    let y = (0.25 + 0.5 * z).exp();
    hold!(|x| LogNormal::new(c(0.25), x).unwrap().sample(&mut rng()), 0.5, [y, y * z, y * z * z], 1e-15; all);
    let u: f64 = rng().sample(StandardUniform);
    let (y, t) = (Cauchy::new(2.0, 3.0).unwrap().sample(&mut rng()), (PI * u).tan());
    hold!(|x| Cauchy::new(x, x + 1.0).unwrap().sample(&mut rng()), 2.0, [y, 1.0 + t, 0.0], 1e-15; all);
    let u: f64 = rng().sample(OpenClosed01);
    let (y, t) = (Gumbel::new(2.0, 3.0).unwrap().sample(&mut rng()), -(-u.ln()).ln());
    hold!(|x| Gumbel::new(x, x + 1.0).unwrap().sample(&mut rng()), 2.0, [y, 1.0 + t, 0.0], 1e-15; all);
}

#[test]
fn rates_and_shapes() {
    let e: f64 = rng().sample(Exp1);
    hold!(|x| Exp::new(x).unwrap().sample(&mut rng()), 2.0, [e / 2.0, -e / 4.0, e / 4.0], 1e-15; all);
    // s·tᵖ with p = 1/k or -1/k: its derivative in k is -p/k·ln t times itself.
    let u: f64 = rng().sample(OpenClosed01);
    let powers = |s: f64, t: f64, k: f64, sign: f64| {
        let (y, l) = (s * t.powf(sign / k), sign * t.ln());
        let d = -l / (k * k);
        [y, y * d, y * (d * d + 2.0 * l / (k * k * k))]
    };
    hold!(|x| Weibull::new(c(3.0), x).unwrap().sample(&mut rng()), 2.0, powers(3.0, -u.ln(), 2.0, 1.0), 1e-14; all);
    hold!(|x| Frechet::new(c(0.0), c(3.0), x).unwrap().sample(&mut rng()), 2.0, powers(3.0, -u.ln(), 2.0, -1.0), 1e-14; all);
    hold!(|x| Pareto::new(c(3.0), x).unwrap().sample(&mut rng()), 2.0, powers(3.0, u, 2.0, -1.0), 1e-14; all);
    hold!(|x| Pareto::new(x, c(2.0)).unwrap().sample(&mut rng()), 3.0, [3.0 / u.sqrt(), 1.0 / u.sqrt(), 0.0], 1e-15; all);
    // The draw contains δ·|z₁|, so the mean of many draws has the slope of the mean, √(2/π)·δ'(α) with δ = α/√(1 + α²).
    let mut rng = rng();
    let shape = SkewNormal::new(Dual::constant(0.0), Dual::constant(1.0), Dual::<f64>::variable(0.5, 0)).unwrap();
    let mean = (0..100_000).map(|_| shape.sample(&mut rng)).sum::<Dual>() / 1e5;
    let slope = (2.0 / PI).sqrt() / 1.25_f64.powf(1.5);
    assert!((mean.eps[0] - slope).abs() < 0.01, "{mean}, {slope}");
}

#[test]
fn intervals() {
    let y: f64 = between(2.0, 5.0);
    let u = (y - 2.0) / 3.0;
    hold!(|x| between(x, c(5.0)), 2.0, [y, 1.0 - u, 0.0], 1e-15; all);
    hold!(|x| between(c(2.0), x), 5.0, [y, u, 0.0], 1e-15; all);
    hold!(|x| between(x * 0.5, x * x), 2.0, [between(1.0, 4.0), 0.5 + 3.5 * u, 2.0 * u], 1e-15; all);
    // Other ways to draw use streams of their own.
    let y: f64 = rng().random_range(2.0..5.0);
    hold!(|x| rng().random_range(x..c(5.0)), 2.0, [y, (5.0 - y) / 3.0, 0.0], 1e-15; all);
    let y: f64 = rng().random_range(2.0..=5.0);
    hold!(|x| rng().random_range(x..=c(5.0)), 2.0, [y, (5.0 - y) / 3.0, 0.0], 1e-15; all);
    let y: f64 = within(2.0, 5.0);
    hold!(|x| within(x, c(5.0)), 2.0, [y, (5.0 - y) / 3.0, 0.0], 1e-15; all);
    // An interval of one point, and an empty one.
    hold!(|x| within(x, x), 2.0, [2.0, 1.0, 0.0], 0.0; all);
    let x = Dual::<f64>::variable(2.0, 0);
    assert!(Uniform::new(x, x).is_err() && Uniform::new(x, Dual::constant(f64::NAN)).is_err());
    assert!(<Dual as SampleUniform>::Sampler::sample_single(x, Dual::constant(1.0), &mut rng()).is_err());
    // Both branches belong to one inverse distribution function. The uniform draw f decides which of them gives the
    // slope.
    let f: f64 = rng().sample(StandardUniform);
    let y = Triangular::new(0.0, 2.0, 1.0).unwrap().sample(&mut rng());
    let slope = if f < 0.5 { 0.5 * (2.0 * f).sqrt() } else { 0.5 * (2.0 * (1.0 - f)).sqrt() };
    hold!(
        |x| Triangular::new(c(0.0), c(2.0), x).unwrap().sample(&mut rng()),
        1.0,
        [y, slope, if f < 0.5 { -slope } else { slope } / 2.0],
        1e-14; all);
}

#[test]
fn plain_draws_are_constants() {
    fn draws<T: Scalar>() -> Vec<T>
    where
        StandardUniform: Distribution<T>,
        StandardNormal: Distribution<T>,
        OpenClosed01: Distribution<T>,
        Exp1: Distribution<T>,
    {
        let mut rng = rng();
        let [x, y] = UnitCircle.sample(&mut rng);
        vec![rng.random(), rng.sample(StandardNormal), rng.sample(OpenClosed01), rng.sample(Exp1), x, y]
    }
    let plain = draws::<f64>();
    assert!(draws::<Dual>().iter().zip(&plain).all(|(&a, &b)| a.same(b)));
    assert!(draws::<Taylor<Dual2, 2>>().iter().zip(&plain).all(|(&a, &b)| a.same(Taylor::lit(b))));
    let single = draws::<f32>();
    assert!(draws::<Dual<f32>>().iter().zip(&single).all(|(&a, &b)| a.same(b)));
}

/// `Open01` does not draw our numbers, so Gamma, Beta and the distributions built on them do not compile.
#[test]
fn draws_by_rejection_are_kept_out() {
    trait Draws<A> {
        fn none() {}
    }
    impl<D> Draws<()> for D {}
    impl<D: Distribution<Dual>> Draws<u8> for D {}
    // If it did, this call would be ambiguous, hence an error.
    <Open01 as Draws<_>>::none();
}

/// Distributions that compile, but give only half of the derivative. docs/compatibility.md names them.
#[test]
fn what_is_lost() {
    let mut rng = rng();
    // A Poisson draw is an integer: it has no slope, although its mean has the slope 1.
    let counts = Poisson::new(Dual::<f64>::variable(4.0, 0)).unwrap();
    assert!((0..1000).all(|_| counts.sample(&mut rng).eps[0] == 0.0));
    // An inverse Gaussian draw chooses one of two roots, with a probability that depends on the mean μ. So its slope in
    // μ is not 1.
    let waits = InverseGaussian::new(Dual::<f64>::variable(1.0, 0), Dual::constant(1.0)).unwrap();
    let mean = (0..100_000).map(|_| waits.sample(&mut rng)).sum::<Dual>() / 1e5;
    assert!((mean.re - 1.0).abs() < 0.02 && (mean.eps[0] - 1.0).abs() > 0.1, "{mean}");
}
