//! Laws that hold for a number as a whole, value and all derivatives together, tested with random parts.

use nilpotent::num_traits::Float;
use nilpotent::rules::Chain;
use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor};
use proptest::prelude::*;

/// Access to a number part by part.
trait Parts: Real {
    /// A number with this value, whose derivatives come from `next`.
    fn random(re: f64, next: &mut dyn FnMut() -> f64) -> Self;

    /// All parts of the number.
    fn list(self) -> Vec<f64>;
}

impl Parts for f64 {
    fn random(re: f64, _: &mut dyn FnMut() -> f64) -> Self {
        re
    }

    fn list(self) -> Vec<f64> {
        vec![self]
    }
}

fn draw<T: Parts>(next: &mut dyn FnMut() -> f64) -> T {
    let re = next();
    T::random(re, next)
}

fn lists<'a, T: Parts>(parts: impl IntoIterator<Item = &'a T>) -> Vec<f64> {
    parts.into_iter().flat_map(|&p| p.list()).collect()
}

impl<T: Parts, const N: usize> Parts for Dual<T, N> {
    fn random(re: f64, next: &mut dyn FnMut() -> f64) -> Self {
        Self::new(T::random(re, next), [(); N].map(|()| draw(next)))
    }

    fn list(self) -> Vec<f64> {
        [self.re.list(), lists(&self.eps)].concat()
    }
}

impl<T: Parts, const N: usize> Parts for Dual2<T, N> {
    fn random(re: f64, next: &mut dyn FnMut() -> f64) -> Self {
        let (re, grad) = (T::random(re, next), [(); N].map(|()| draw(next)));
        Self::new(re, grad, [(); N].map(|()| [(); N].map(|()| draw(next))))
    }

    fn list(self) -> Vec<f64> {
        [self.re.list(), lists(&self.grad), lists(self.hess.to_array().as_flattened())].concat()
    }
}

impl<T: Parts, const M: usize, const N: usize> Parts for HyperDual<T, M, N> {
    fn random(re: f64, next: &mut dyn FnMut() -> f64) -> Self {
        let re = T::random(re, next);
        let (eps1, eps2) = ([(); M].map(|()| draw(next)), [(); N].map(|()| draw(next)));
        Self::new(re, eps1, eps2, [(); M].map(|()| [(); N].map(|()| draw(next))))
    }

    fn list(self) -> Vec<f64> {
        let blocks = [lists(&self.eps1), lists(&self.eps2), lists(self.eps1eps2.as_flattened())].concat();
        [self.re.list(), blocks].concat()
    }
}

impl<T: Parts, const K: usize> Parts for Taylor<T, K> {
    fn random(re: f64, next: &mut dyn FnMut() -> f64) -> Self {
        Self::new(T::random(re, next), [(); K].map(|()| draw(next)))
    }

    fn list(self) -> Vec<f64> {
        [self.re.list(), lists(&self.coeffs)].concat()
    }
}

/// Asserts that all parts agree, relative to the largest part of the operands.
#[track_caller]
fn equal<T: Parts>(law: &str, left: T, right: T, operands: &[T]) {
    let (l, r) = (left.list(), right.list());
    let size = operands.iter().chain([&left, &right]).flat_map(|x| x.list()).fold(1.0, |m: f64, x| m.max(x.abs()));
    for (part, (l, r)) in l.iter().zip(&r).enumerate() {
        assert!((l - r).abs() <= 1e-11 * size, "{law}, part {part}: {l:e} and {r:e}; {left:?} and {right:?}");
    }
}

#[allow(clippy::eq_op)]
fn identities<T: Parts>(re: [f64; 3], parts: &[f64]) {
    let mut parts = parts.iter().copied().cycle();
    let [x, y, z] = re.map(|re| T::random(re, &mut || parts.next().unwrap()));
    let one = T::one();
    let all = [x, y, z];
    equal("x(y + z) = xy + xz", x * (y + z), x * y + x * z, &all);
    equal("(xy)z = x(yz)", (x * y) * z, x * (y * z), &[x * y, y * z]);
    equal("xy = yx", x * y, y * x, &all);
    equal("(xy)/y = x", (x * y) / y, x, &[x * y, y, one / y]);
    equal("x/y = x·(1/y)", x / y, x * y.recip(), &[one / y, x]);
    equal("x/x = 1", x / x, one, &[x, one / x, x * x]);
    equal("x - (x - y) = y", x - (x - y), y, &all);
    equal("x·x = x²", x * x, x.powi(2), &all);
    equal("√x·√x = x", x.sqrt() * x.sqrt(), x, &[x.sqrt(), x]);
    equal("x^(y + z) = x^y·x^z", x.powf(y + z), x.powf(y) * x.powf(z), &[x.powf(y), x.powf(z), x.powf(y + z)]);
    equal("sin² + cos² = 1", x.sin().powi(2) + x.cos().powi(2), one, &[x.sin() * x.sin()]);
    equal("cosh² - sinh² = 1", x.cosh().powi(2) - x.sinh().powi(2), one, &[x.sinh() * x.sinh()]);
    equal("tan = sin/cos", x.tan() * x.cos(), x.sin(), &[x.tan()]);
    equal("exp(x + y) = exp(x)·exp(y)", (x + y).exp(), x.exp() * y.exp(), &[x.exp(), y.exp()]);
    equal("exp(ln x) = x", x.ln().exp(), x, &[x.ln(), x]);
    equal("ln(exp x) = x", x.exp().ln(), x, &[x.exp(), (-x).exp()]);
    equal("log", x.log(y + one) * (y + one).ln(), x.ln(), &[x.log(y + one), y]);
    equal("erf + erfc = 1", x.erf() + x.erfc(), one, &[x]);
    equal("Γ(x + 1) = x·Γ(x)", (x + one).gamma(), x * x.gamma(), &[x.gamma(), x]);
    equal("ln Γ(x + 1) = ln x + ln Γ(x)", (x + one).ln_gamma(), x.ln() + x.ln_gamma(), &[x.ln(), x.ln_gamma()]);
    equal("ψ(x + 1) = ψ(x) + 1/x", (x + one).digamma(), x.digamma() + x.recip(), &[x.digamma(), x.recip()]);
    equal("σ(x) + σ(-x) = 1", x.sigmoid() + (-x).sigmoid(), one, &[x]);
    equal("softplus(x) - softplus(-x) = x", x.softplus() - (-x).softplus(), x, &[x]);
    equal("x·sinc x = sin x", x * x.sinc(), x.sin(), &[x]);
    equal("x·sinhc x = sinh x", x * x.sinhc(), x.sinh(), &[x]);
    equal("x²·j₁ = sin x - x·cos x", x * x * x.sph_j1(), x.sin() - x * x.cos(), &[x.sin(), x * x.cos()]);
    equal("x·(j₀ + j₂) = 3·j₁", x * (x.sinc() + x.sph_j2()), x.sph_j1() * T::lit(3.0), &[x * x.sinc(), x * x.sph_j2()]);
    equal("hypot² = x² + y²", x.hypot(y).powi(2), x * x + y * y, &[x * x, y * y]);
    equal("atan2", x.atan2(y).tan() * y, x, &[x, y, x.atan2(y).tan()]);
    equal("ln(eˣ + eʸ)", x.ln_add_exp(y).exp(), x.exp() + y.exp(), &[x.exp(), y.exp(), x.ln_add_exp(y)]);
    equal("max + min = x + y", x.max(y) + x.min(y), x + y, &all);
    equal("x % y + y·⌊x/y⌋ = x", x % y + y * (x / y).trunc(), x, &all);
    equal("degrees", x.to_degrees().to_radians(), x, &[x.to_degrees()]);
    equal("Σ", [x, y, z].iter().sum::<T>(), x + y + z, &all);
    equal("Π", [x, y, z].iter().product::<T>(), x * y * z, &[x * y]);
    equal("x·y + z", x.mul_add(y, z), x * y + z, &[x * y]);
}

/// f(f⁻¹(x)) = x for x in the range of f.
fn inverses<T: Parts>(re: f64, parts: &[f64]) {
    let mut parts = parts.iter().copied().cycle();
    let mut number = |re| T::random(re, &mut || parts.next().unwrap());
    // x is inside (-1, 1), and y is above 1.
    let (x, y) = (number(0.9 * re.sin()), number(1.1 + re.abs()));
    let there_and_back = |law, back: fn(T) -> T, there: fn(T) -> T, x: T| {
        let between = back(x);
        equal(law, there(between), x, &[x, between, there(between)]);
    };
    there_and_back("sin(asin x)", Float::asin, Float::sin, x);
    there_and_back("cos(acos x)", Float::acos, Float::cos, x);
    there_and_back("tan(atan x)", Float::atan, Float::tan, x);
    there_and_back("tanh(atanh x)", Float::atanh, Float::tanh, x);
    there_and_back("sinh(asinh x)", Float::asinh, Float::sinh, x);
    there_and_back("cosh(acosh x)", Float::acosh, Float::cosh, y);
    there_and_back("asinh(sinh x)", Float::sinh, Float::asinh, x);
    there_and_back("atan(tan x)", Float::tan, Float::atan, x);
    there_and_back("exp_m1(ln_1p x)", Float::ln_1p, Float::exp_m1, x);
    there_and_back("ln_1p(exp_m1 x)", Float::exp_m1, Float::ln_1p, x);
    there_and_back("(∛x)³", Float::cbrt, |z| z.powi(3), y);
    there_and_back("2^(log₂ x)", Float::log2, Float::exp2, y);
    there_and_back("10^(log₁₀ x)", Float::log10, |z| T::lit(10.0).powf(z), y);
    there_and_back("1/(1/x)", Float::recip, Float::recip, y);
    there_and_back("(x²·⁵)^(1/2.5)", |x| x.powf(T::lit(2.5)), |x| x.powf(T::lit(0.4)), y);
}

macro_rules! laws {
    ($($test:ident $T:ty;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(200))]
            $(
                #[test]
                fn $test(
                    re in prop::array::uniform3(0.3..2.5_f64), x in -2.0..2.0_f64,
                    parts in prop::collection::vec(-1.0..1.0_f64, 40)
                ) {
                    identities::<$T>(re, &parts);
                    inverses::<$T>(x, &parts);
                }
            )*
        }
    };
}

laws! {
    dual Dual<f64, 3>;
    dual2 Dual2<f64, 3>;
    hyper_dual HyperDual<f64, 2, 3>;
    taylor Taylor<f64, 5>;
    nested Dual<Dual<f64, 2>, 2>;
    dual2_in_dual Dual<Dual2<f64, 2>>;
    dual_in_taylor Taylor<Dual, 3>;
    taylor_in_hyper_dual HyperDual<Taylor<f64, 2>>;
}

/// A function of two variables that calls most rows of the table.
fn mixture<T: Real>(x: T, y: T) -> T {
    let a = (x * y).sin() + x.powf(y) - (x / y).exp().ln_1p();
    let b = (a * a + T::one()).sqrt().atan2(y) * x.hypot(y) + a.tanh() * y.ln_gamma();
    let c = b.sigmoid() + x.erf() * y.norm_cdf() + x.ln_add_exp(y * b) + a.cbrt().abs().max(b);
    c.mul_add(x, b.asinh()) - c.powi(3).rem_euclid(&T::lit(2.0)) + y.log(x + T::lit(2.0)) * c.sinc()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Truncating a number to a lower order gives the number of that order. All ways to compute a Hessian agree, and it
    /// is symmetric.
    #[test]
    fn truncations_and_symmetry(x in 0.3..2.5_f64, y in 0.3..2.5_f64) {
        let [a, b] = Dual::variables([x, y]);
        let first: Dual<f64, 2> = mixture(a, b);
        let [a, b] = Dual2::variables([x, y]);
        let second: Dual2<f64, 2> = mixture(a, b);
        prop_assert!(Dual::new(second.re, second.grad).same(first));

        let [a, b] = Dual::variables(Dual::variables([x, y]));
        let nested: Dual<Dual<f64, 2>, 2> = mixture(a, b);
        let (h, n) = (second.hess.to_array(), nested.eps.map(|e| e.eps));
        let size = h.as_flattened().iter().fold(1.0, |m: f64, h| m.max(h.abs()));
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * size;
        prop_assert!(near(n[0][1], n[1][0]), "Schwarz: {:?}", n);
        for i in 0..2 {
            for j in 0..2 {
                prop_assert!(near(h[i][j], n[i][j]), "{:?} and {:?}", h, n);
            }
        }

        let both = |i| (Some(i), Some(i));
        let [a, b] = [(x, both(0)), (y, both(1))].map(|(x, (i, j))| HyperDual::<f64, 2, 2>::variable(x, i, j));
        let hyper = mixture(a, b);
        prop_assert!(near(hyper.eps1eps2[0][1], hyper.eps1eps2[1][0]));
        prop_assert!((hyper.re, hyper.eps1, hyper.eps2) == (first.re, first.eps, first.eps));
        for i in 0..2 {
            for j in 0..2 {
                prop_assert!(near(hyper.eps1eps2[i][j], h[i][j]), "{:?} and {:?}", hyper.eps1eps2, h);
            }
        }

        // Along (1, -0.5): coefficients of a series do not depend on its order, and agree with the Hessian.
        let line = |t: Taylor<f64, 6>| mixture(t + x, t * -0.5 + y);
        let long = line(Taylor::variable(0.0));
        let t = Taylor::<f64, 2>::variable(0.0);
        let short = mixture(t + x, t * -0.5 + y);
        prop_assert!((short.re - long.re).abs() == 0.0);
        let curvature = h[0][0] - h[0][1] + 0.25 * h[1][1];
        prop_assert!(near(short.derivatives()[1], curvature) && near(long.derivatives()[1], curvature));
        prop_assert!((long.coeffs[0] - (first.eps[0] - 0.5 * first.eps[1])).abs() <= 1e-12 * size);
    }
}

/// A user's rule that states two derivatives is right to all orders in a series.
#[test]
fn rules_of_users() {
    /// arcosh, given by its value and two derivatives.
    fn inverse_cosh<X: Chain>(x: X) -> X {
        let a = x.re();
        let root = (a * a - X::Re::lit(1.0)).sqrt();
        x.chain(X::Re::from_float(a.float().acosh()), root.recip(), || -a / (root * root * root))
    }
    let x = Taylor::<f64, 8>::variable(1.7);
    let (own, built_in) = (inverse_cosh(x), x.acosh());
    for (a, b) in own.coeffs.iter().zip(built_in.coeffs) {
        assert!((a / b - 1.0).abs() < 1e-13, "{own} and {built_in}");
    }
    let [a, b] = [inverse_cosh(Dual2::variable(1.7, 0)), Dual2::<f64>::variable(1.7, 0).acosh()];
    assert!((a.hess[(0, 0)] / b.hess[(0, 0)] - 1.0).abs() < 1e-14 && (a.grad[0] / b.grad[0] - 1.0).abs() < 1e-15);
}
