//! The conventions of docs/conventions.md, at every depth of nesting.

mod common;

use common::{D1, D2, D3, D4, Depth, assert_close, orders};
use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// Runs a generic check with every number, and with numbers over numbers.
macro_rules! each_depth {
    ($($name:ident)*) => { $(
        mod $name {
            #[test]
            fn one() { super::check::$name::<super::D1>(); }
            #[test]
            fn two() { super::check::$name::<super::D2>(); }
            #[test]
            fn three() { super::check::$name::<super::D3>(); }
            #[test]
            fn dual2() { super::check::$name::<super::Dual2>(); }
            #[test]
            fn hyper_dual() { super::check::$name::<super::HyperDual>(); }
            #[test]
            fn taylor() { super::check::$name::<super::Taylor<f64, 3>>(); }
            #[test]
            fn dual2_in_dual() { super::check::$name::<super::Dual<super::Dual2>>(); }
            #[test]
            fn dual_in_hyper_dual() { super::check::$name::<super::HyperDual<super::D1>>(); }
            #[test]
            fn taylor_in_dual() { super::check::$name::<super::Dual<super::Taylor<f64, 2>>>(); }
            #[test]
            fn dual_in_taylor() { super::check::$name::<super::Taylor<super::D1, 2>>(); }
        }
    )* };
}

each_depth! {
    comparisons_look_at_values
    ring_identities_look_at_all
    constants_never_make_nan
    poles_and_outside_the_domain
    kinks
    ties_choose_whole_numbers
    steps
    powers
    remainders
    no_panics
}

mod check {
    use super::*;

    /// Compares value and derivatives with `expected`, up to the depth of the number.
    #[track_caller]
    fn is<D: Depth>(f: impl Fn(D) -> D, x: f64, expected: [f64; 4]) {
        assert_close(&orders(f, x), &expected[..=D::DEPTH], 1e-15);
    }

    pub fn comparisons_look_at_values<D: Depth>() {
        let (x, c) = (D::seed(2.0), D::lit(2.0));
        assert!(x == c && x <= c && x >= c && x.partial_cmp(&c).is_some_and(|o| o.is_eq()));
        assert!(D::seed(NAN) != D::seed(NAN));
        assert!(D::seed(1.0) < D::lit(1.5));
        assert!(!x.same(c) && x.same(x) && D::seed(NAN).same(D::seed(NAN)));
    }

    pub fn ring_identities_look_at_all<D: Depth>() {
        assert!(D::lit(0.0).is_zero() && !D::seed(0.0).is_zero());
        assert!(D::lit(1.0).is_one() && !D::seed(1.0).is_one());
    }

    pub fn constants_never_make_nan<D: Depth>() {
        // Every rule that has an infinite or undefined slope at some point.
        for (c, f) in [
            (0.0, (|x| x.sqrt()) as fn(D) -> D),
            (0.0, |x| x.cbrt()),
            (0.0, |x| x.ln()),
            (0.0, |x| x.powf(D::lit(0.5))),
            (0.0, |x| x.powf(D::lit(1.5))),
            (0.0, |x| x.powi(-1)),
            (0.0, |x| x.recip()),
            (0.0, |x| D::one() / x),
            (1.0, |x| x.asin()),
            (1.0, |x| x.acosh()),
            (1.0, |x| x.atanh()),
            (0.0, |x| x.atan2(D::zero())),
            (0.0, |x| x.xlogy(D::zero())),
            (0.0, |x| x.ln_gamma()),
            (INF, |x| x * D::lit(2.0)),
            (-1.0, |x| x.ln()),
            (-1.0, |x| x.sqrt()),
            (2.0, |x| x.asin()),
        ] {
            let y = f(D::lit(c));
            assert!(!y.order(0).is_finite() || y.same(D::constant(y.re())), "{c}: {y:?}");
        }
        // Beside a variable, too: the constant's slope must not change the variable's partial.
        is::<D>(|x| x + D::lit(0.0).sqrt(), 2.0, [2.0, 1.0, 0.0, 0.0]);
        is::<D>(|x| x.atan2(D::lit(1.0)) + D::lit(0.0).powf(D::lit(0.5)), 0.0, [0.0, 1.0, 0.0, -2.0]);
        is::<D>(|x| x * D::lit(INF), 2.0, [INF, INF, 0.0, 0.0]);
        is::<D>(|x| x.max(D::lit(0.0).sqrt()), 2.0, [2.0, 1.0, 0.0, 0.0]);
    }

    pub fn poles_and_outside_the_domain<D: Depth>() {
        assert_eq!(orders::<D>(|x| x.sqrt(), 0.0)[1], INF);
        assert_eq!(orders::<D>(|x| x.sqrt(), -0.0)[1], INF);
        assert_eq!(orders::<D>(|x| x.gamma(), -0.0)[..2], [-INF, -INF]);
        assert_eq!(orders::<D>(|x| x.cbrt(), 0.0)[1], INF);
        assert_eq!(orders::<D>(|x| x.ln(), 0.0)[..2], [-INF, INF]);
        assert_eq!(orders::<D>(|x| x.asin(), 1.0)[1], INF);
        assert_eq!(orders::<D>(|x| x.recip(), 0.0)[..2], [INF, -INF]);
        assert_eq!(orders::<D>(|x| D::one() / x, 0.0)[..2], [INF, -INF]);
        assert_eq!(orders::<D>(|x| x.powi(-3), 0.0)[..2], [INF, -INF]);
        assert_eq!(orders::<D>(|x| x.ln_gamma(), -2.0)[..2], [INF, -INF]);
        for (x, f) in [
            (-1.0, (|x| x.ln()) as fn(D) -> D),
            (-1.0, |x| x.log2()),
            (-1.0, |x| x.log10()),
            (-2.0, |x| x.ln_1p()),
            (-1.0, |x| x.sqrt()),
            (1.5, |x| x.asin()),
            (-1.5, |x| x.acos()),
            (-3.0, |x| x.acosh()),
            (0.5, |x| x.acosh()),
            (2.0, |x| x.atanh()),
            (-1.5, |x| x.powf(D::lit(0.5))),
            (-1.5, |x| x.powf(x)),
            (-2.0, |x| x.gamma()),
            (0.0, |x| x / (x * D::lit(2.0))),
            (0.0, |x| x * D::lit(INF)),
            (2.0, |x| x % D::zero()),
            (INF, |x| x.sin()),
            (NAN, |x| x.floor()),
        ] {
            // The derivatives are not specified.
            let y = orders(f, x);
            assert!(y[0].is_nan(), "{x}: {y:?}");
        }
    }

    pub fn kinks<D: Depth>() {
        is::<D>(|x| x.abs(), -2.0, [2.0, -1.0, 0.0, 0.0]);
        is::<D>(|x| x.abs(), 0.0, [0.0, 1.0, 0.0, 0.0]);
        is::<D>(|x| x.abs(), -0.0, [0.0, -1.0, 0.0, 0.0]);
        is::<D>(|x| x.abs() * x.abs(), 0.0, [0.0, 0.0, 2.0, 0.0]);
        is::<D>(|x| x.copysign(D::lit(-1.0)), 2.0, [-2.0, -1.0, 0.0, 0.0]);
        is::<D>(|x| D::lit(2.0).copysign(x), -3.0, [-2.0, 0.0, 0.0, 0.0]);
        is::<D>(|x| (x * x).clamp(D::lit(0.0), D::lit(4.0)), 2.0, [4.0, 4.0, 2.0, 0.0]);
        is::<D>(|x| (x * x).clamp(D::lit(0.0), D::lit(4.0)), 3.0, [4.0, 0.0, 0.0, 0.0]);
        is::<D>(|x| x.clamp(D::lit(0.0), D::lit(4.0)), 0.0, [0.0, 1.0, 0.0, 0.0]);
        is::<D>(|x| D::lit(5.0).clamp(D::zero(), x * x), 2.0, [4.0, 4.0, 2.0, 0.0]);
        is::<D>(|x| x.hypot(D::zero()), 0.0, [0.0, 0.0, 0.0, 0.0]);
        is::<D>(|x| x.abs_sub(D::lit(1.0)), 3.0, [2.0, 1.0, 0.0, 0.0]);
        is::<D>(|x| x.abs_sub(D::lit(3.0)), 3.0, [0.0, 0.0, 0.0, 0.0]);
        assert!(orders::<D>(|x| x.atan2(D::zero()), 0.0)[1].is_nan());
        assert!(orders::<D>(|x| D::zero().atan2(x), 0.0)[1].is_nan());
    }

    pub fn ties_choose_whole_numbers<D: Depth>() {
        // x and x² are equal at 1, where all their derivatives differ.
        is::<D>(|x| x.max(x * x), 1.0, [1.0, 2.0, 2.0, 0.0]);
        is::<D>(|x| (x * x).max(x), 1.0, [1.0, 1.0, 0.0, 0.0]);
        is::<D>(|x| x.min(x * x), 1.0, [1.0, 1.0, 0.0, 0.0]);
        is::<D>(|x| (x * x).min(x), 1.0, [1.0, 2.0, 2.0, 0.0]);
        for x in [0.0, -0.0, 1.0, 1.5, -2.0] {
            let both = orders::<D>(|x| x.max(x * x * x) + x.min(x * x * x), x);
            assert_eq!(both, orders::<D>(|x| x + x * x * x, x));
        }
        // A NaN operand is ignored, and so are its partials.
        is::<D>(|x| x.max(D::seed(NAN)), 1.0, [1.0, 1.0, 0.0, 0.0]);
        is::<D>(|x| D::seed(NAN).min(x * x), 1.0, [1.0, 2.0, 2.0, 0.0]);
        // 0 and -0 are a tie: the partials are those of the second operand, and the sign of the value is that of the
        // float.
        assert_eq!((-D::seed(0.0)).max(D::seed(0.0) * D::lit(3.0)).order(1), 3.0);
        assert_eq!((D::seed(0.0) * D::lit(3.0)).min(-D::seed(0.0)).order(1), 3.0);
    }

    pub fn steps<D: Depth>() {
        for f in [(|x| x.floor()) as fn(D) -> D, |x| x.ceil(), |x| x.round(), |x| x.trunc(), |x| x.signum()] {
            assert_eq!(orders(f, 2.5)[1..], [0.0; 3][..D::DEPTH]);
        }
        is::<D>(|x| x.round_ties_even(), 2.5, [2.0, 0.0, 0.0, 0.0]);
        is::<D>(|x| x.fract(), 2.5, [0.5, 1.0, 0.0, 0.0]);
        is::<D>(|x| x.fract() * x.fract(), -2.5, [0.25, -1.0, 2.0, 0.0]);
    }

    pub fn powers<D: Depth>() {
        is::<D>(|x| x.powi(2), 0.0, [0.0, 0.0, 2.0, 0.0]);
        is::<D>(|x| x.powi(3), 0.0, [0.0, 0.0, 0.0, 6.0]);
        is::<D>(|x| x.powi(3), -2.0, [-8.0, 12.0, -12.0, 6.0]);
        is::<D>(|x| x.powi(1), 0.0, [0.0, 1.0, 0.0, 0.0]);
        is::<D>(|x| x.powi(0), 0.0, [1.0, 0.0, 0.0, 0.0]);
        is::<D>(|x| x.powi(-1), 2.0, [0.5, -0.25, 0.25, -0.375]);
        for c in [2.0, 3.0, 1.0, 0.0] {
            let (f, i) = (orders::<D>(|x| x.powf(D::lit(c)), 0.0), orders::<D>(|x| x.powi(c as i32), 0.0));
            assert_eq!(f, i, "exponent {c} at 0");
            let (f, i) = (orders::<D>(|x| x.powf(D::lit(c)), -2.0), orders::<D>(|x| x.powi(c as i32), -2.0));
            assert_eq!(f, i, "exponent {c} at -2");
        }
        is::<D>(|x| x.powf(D::lit(2.5)), 4.0, [32.0, 20.0, 7.5, 0.9375]);
        is::<D>(|x| D::lit(0.0).powf(x), 2.0, [0.0, 0.0, 0.0, 0.0]);
        assert_eq!(Dual::<D, 2>::variables([D::zero(); 2])[0].powf(Dual::variable(D::zero(), 1)).eps[0].order(0), 0.0);
        assert_eq!(orders::<D>(|x| x.powf(D::lit(1e200)), -1.0)[1], -1e200);
        is::<D>(|x| D::lit(2.0).powf(x * D::zero()), 3.0, [1.0, 0.0, 0.0, 0.0]);
        // With a negative base only the partial in a variable exponent is NaN.
        let [base, exponent] = [Dual::<D, 2>::variable(D::lit(-2.0), 0), Dual::variable(D::lit(3.0), 1)];
        let y = base.powf(exponent);
        assert_eq!((y.re.order(0), y.eps[0].order(0)), (-8.0, 12.0));
        assert!(y.eps[1].is_nan());
        let constant = Dual::<D, 2>::constant(D::lit(3.0));
        assert_eq!(base.powf(constant).eps.map(|e| e.order(0)), [12.0, 0.0]);
        // The extreme exponents of i32.
        assert_eq!(orders::<D>(|x| x.powi(i32::MIN), 1.0)[1], f64::from(i32::MIN));
        assert_eq!(orders::<D>(|x| x.powi(i32::MAX), 1.0)[1], f64::from(i32::MAX));
    }

    pub fn remainders<D: Depth>() {
        is::<D>(|x| x % D::lit(2.0), 7.5, [1.5, 1.0, 0.0, 0.0]);
        is::<D>(|x| D::lit(7.5) % x, 2.0, [1.5, -3.0, 0.0, 0.0]);
        is::<D>(|x| D::lit(-7.5) % x, 2.0, [-1.5, 3.0, 0.0, 0.0]);
        // 0.3/0.1 rounds to 3, but the remainder uses the quotient 2.
        is::<D>(|x| D::lit(0.3) % x, 0.1, [0.3 % 0.1, -2.0, 0.0, 0.0]);
        let euclid = |x: f64, y: f64| orders::<D>(|d| D::lit(x).rem_euclid(&d), y);
        assert_eq!(euclid(-7.5, 2.0)[..2], [0.5, 4.0]);
        assert_eq!(euclid(7.5, -2.0)[..2], [1.5, 3.0]);
    }

    pub fn no_panics<D: Depth>() {
        let odd = [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN, f64::MAX, f64::MIN_POSITIVE, 5e-324, -1e300];
        for x in odd.map(D::seed) {
            for n in [i32::MIN, i32::MIN + 1, -1, 0, 1, i32::MAX] {
                let _ = x.powi(n);
            }
            for n in [0, 1, 2, 50, 300, u32::MAX] {
                let _ = x.polygamma(n);
            }
            for y in odd.map(D::seed) {
                let _ = (x / y, x % y, x.rem_euclid(&y), x.div_euclid(&y), x.powf(y), x.clamp(y, x), x.clamp(x, y));
                let _ = (x.log(y), x.hypot(y), x.atan2(y), x.ln_add_exp(y), x.xlogy(y));
            }
        }
    }
}

/// Derivatives of orders 1 to 4, published or from closed forms.
#[test]
fn golden_values() {
    let is = |f: fn(D4) -> D4, x, expected: [f64; 4], relative| assert_close(&orders(f, x)[1..], &expected, relative);
    is(|x| x.powf(x), 0.5, [0.216977709452274, 1.48079378427417, -1.50613053922326, 17.1325782887971], 1e-13);
    is(|x| x.sinc(), 0.0, [0.0, -1.0 / 3.0, 0.0, 0.2], 1e-15);
    is(|x| x.sph_j1(), 0.0, [1.0 / 3.0, 0.0, -0.2, 0.0], 1e-15);
    is(|x| x.sph_j2(), 0.0, [0.0, 2.0 / 15.0, 0.0, -4.0 / 35.0], 1e-15);
    is(|x| x.atan2(1.0), 0.5, [0.8, -0.64, -0.256, 3.6864], 1e-14);
    is(|x| x.erf(), 0.5, [0.878782578935445, -0.878782578935445, -0.878782578935445, 4.39391289467722], 1e-14);
    is(|x| x.ln_gamma(), 2.5, [0.703156640645243, 0.490357756100235, -0.236204051641727, 0.223905848817252], 1e-14);
    is(|x| (x * x).powi(2), 3.0, [108.0, 108.0, 72.0, 24.0], 1e-15);
    assert_close(&orders(|x: D2| x.tanh(), 20.0)[1..], &[1.69934170211664e-17, -3.39868340423327e-17], 1e-14);
    assert_close(&orders(|x: D2| x.powf(2.0), 0.0), &[0.0, 0.0, 2.0], 0.0);
}

/// The first derivative is the same at the outer and at the inner level, also where the inner level is not finite.
#[test]
fn levels_agree_at_edges() {
    for (x, f) in [
        (0.0, (|x| (x * x).sqrt()) as fn(D2) -> D2),
        (0.0, |x| x.cos().acos()),
        (0.0, |x| (x * x + 1.0).powf(0.5) - 1.0),
        (0.0, |x| (-8.0 + x * x).powf(x * x + 1.0)),
        (0.0, |x| x.sqrt().floor() + x.sqrt().trunc() + x.sqrt().signum()),
        (0.0, |x| (x * x * x).cbrt()),
        (400.0, |x| x.tanh()),
        (1.0, |x| 1e-310 % x),
        (1e-310, |x| x * 0.0 / x),
    ] {
        let y = f(D2::seed(x));
        assert!(Real::same(y.re.eps[0], y.eps[0].re), "at {x}: {y:e}");
    }
    assert_eq!(orders(|x: D2| (x * x).sqrt(), 0.0)[1], 0.0);
    assert_eq!(orders(|x: D2| x.sqrt().floor(), 0.0), [0.0; 3]);
    assert_close(&orders(|x: D2| x.tanh(), 186.0)[2..], &[-2.215_862_046_851_109e-161], 1e-13);
    assert_close(&orders(|x: D2| x.asin(), 1e-10)[2..], &[1e-10], 1e-15);
    assert_close(&orders(|x: D2| x.sigmoid(), 1e-10)[2..], &[-1.25e-11], 1e-15);
    assert_close(&orders(|x: D2| x.atan(), 1e100)[2..], &[-2e-300], 1e-15);
    // fxx of hypot at (1e-9, 1) is y²/f³ = 1.
    let hessian = |x: [f64; 2]| {
        let x: [Dual<Dual<f64, 2>, 2>; 2] = Dual::variables(Dual::variables(x));
        x[0].hypot(x[1]).eps.map(|e| e.eps)
    };
    assert_close(hessian([1e-9, 1.0]).as_flattened(), &[1.0, -1e-9, -1e-9, 1e-18], 1e-15);
}

/// A partial of a quotient over- and underflows only where the true one does, whatever the order of its factors. This
/// holds in every number and mode, for y in all parts of the range.
#[test]
fn quotients_of_any_scale() {
    use nilpotent::{Var, forward, reverse};

    /// `-x·b/y²`, computed by exponents.
    fn partial(x: i32, y: i32, b: i32) -> f64 {
        let exponent = x + b - 2 * y;
        if exponent > 308 { -INF } else { -format!("1e{exponent}").parse::<f64>().unwrap() }
    }
    let number = |e: i32| format!("1e{e}").parse::<f64>().unwrap();
    for x in (-300..=300).step_by(50) {
        for y in (-300..=300).step_by(50) {
            for b in (-300..=300).step_by(50) {
                if i32::abs(x - y) > 300 {
                    continue;
                }
                let (c, v, d, expected) = (number(x), number(y), number(b), partial(x, y, b));
                let reverse = |x: f64| {
                    let y = |t: Var| t * d + v;
                    reverse::gradient(|[t]: [Var; 1]| Var::constant(x) / y(t), [0.0]).1[0]
                };
                let line = |[t]: [Taylor<f64, 3>; 1]| Taylor::constant(c) / (t * d + v);
                for (found, mode) in [
                    ((Dual::constant(c) / Dual::<f64>::new(v, [d])).eps[0], "Dual"),
                    ((Dual::constant(c) / Dual::<f64, 5>::new(v, [d; 5])).eps[4], "Dual of 5"),
                    ((Dual2::constant(c) / Dual2::<f64>::new(v, [d], [[0.0]])).grad[0], "Dual2"),
                    ((Dual2::constant(c) / Dual2::<f64>::new(v, [0.0], [[d]])).hess[(0, 0)], "Dual2, second order"),
                    ((HyperDual::constant(c) / HyperDual::<f64>::new(v, [0.0], [d], [[0.0]])).eps2[0], "HyperDual"),
                    ((D2::lit(c) / D2::new(D1::lit(v), [D1::lit(d)])).eps[0].re, "Dual of Dual"),
                    (forward::directional_derivatives(line, [0.0], [1.0]).1[0], "Taylor"),
                    (reverse(c), "Var"),
                ] {
                    let close = found == expected || (found - expected).abs() <= 1e-14 * expected.abs() + 1e-323;
                    assert!(close, "1e{x}/(1e{y} + 1e{b}·ε) by {mode}: {found:e}, expected {expected:e}");
                }
            }
        }
    }
    // Partials keep digits that a subnormal quotient has lost.
    assert_close(&(Dual::constant(1e-300) / Dual::<f64>::new(1e20, [1e200])).eps, &[-1e-140], 1e-15);
    assert_close(&orders(|x: D1| D1::lit(1e300) / x, 1e-20)[1..], &[-INF], 0.0);
}

/// Slopes over- and underflow only where the true ones do.
#[test]
fn scaled_formulas() {
    let gradient = |f: fn([Dual<f64, 2>; 2]) -> Dual<f64, 2>, x| f(Dual::variables(x)).eps;
    assert_close(&gradient(|[y, x]| y.atan2(x), [3e-300, 4e-300]), &[1.6e299, -1.2e299], 1e-15);
    assert_close(&gradient(|[y, x]| y.atan2(x), [3e300, 4e300]), &[1.6e-301, -1.2e-301], 1e-15);
    assert_close(&gradient(|[x, y]| x.hypot(y), [3e-310, 4e-310]), &[0.6, 0.8], 1e-12);
    assert_close(&gradient(|[x, y]| x.hypot(y), [1.2e308, 1.6e308]), &[0.6, 0.8], 1e-15);
    for s in [2.5e-323_f64, 1e-310, 1e-160, 1.0, 1e160, 1e307] {
        let (x, y) = (3.0 * s, 4.0 * s);
        let [f, u, v] = [x.hypot(y), x / x.hypot(y), y / x.hypot(y)];
        let (g, dg) = nilpotent::gradient(|x| nilpotent::rules::norm(&x), [x, y]);
        assert_close(&[g, dg[0], dg[1]], &[f, u, v], 1e-15);
        let (g, dg) = nilpotent::reverse::gradient(|x: [nilpotent::Var; 2]| nilpotent::rules::norm(&x), [x, y]);
        assert_close(&[g, dg[0], dg[1]], &[f, u, v], 1e-15);
        assert_eq!(nilpotent::rules::norm(&[s]), s);
    }
    assert_close(&gradient(|[x, y]| x / y, [1e-310, 2e-310]), &[INF, -INF], 0.0);
    assert_close(&(Dual::<f64>::new(1.0, [1e305]) / 1.5e308).eps, &[1e305 / 1.5e308], 1e-15);
    assert_close(&orders(|x: D1| x.acosh(), 1e200)[1..], &[1e-200], 1e-15);
    assert_close(&orders(|x: D1| ((-x).exp() + 1.0).recip(), -600.0)[1..], &[2.650_396_553_004_311e-261], 1e-13);
    assert_close(&orders(|x: D1| (x * 1e-200).recip(), 1.0)[1..], &[-1e200], 1e-15);
    assert_close(&orders(|x: D1| 1.2e308 % x, 1.7e308)[1..], &[0.0], 0.0);
    assert_close(&orders(|x: D1| (-x * 0.0 - 1.7e308).rem_euclid(x), 1.2e308)[1..], &[2.0], 0.0);
    assert_close(&orders(|x: D1| x.exp2(), 1024.25)[1..], &[1.481844e308], 1e-5);
}
