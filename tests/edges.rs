//! Special functions at the ends of their domains and outside, as docs/conventions.md and docs/special.md say.

use nilpotent::{Dual2, Real, Taylor, derivative, gradient, hessian, program, second_derivative};

const INF: f64 = f64::INFINITY;

/// The double next to -1/e, which is below it.
const BRANCH: f64 = -0.367_879_441_171_442_33;

#[test]
fn ends_of_domains_are_exact() {
    let x = 1.5_f64;
    let cases = [
        ("ln_1m_exp", 0.0_f64.ln_1m_exp(), -INF),
        ("ln_1m_exp", (-INF).ln_1m_exp(), 0.0),
        ("erfcx", INF.erfcx(), 0.0),
        ("erfcx", (-INF).erfcx(), INF),
        ("erfcx", 0.0_f64.erfcx(), 1.0),
        ("ln_norm_cdf", INF.ln_norm_cdf(), 0.0),
        ("ln_norm_cdf", (-INF).ln_norm_cdf(), -INF),
        ("probit", 0.0_f64.probit(), -INF),
        ("probit", 0.5_f64.probit(), 0.0),
        ("probit", 1.0_f64.probit(), INF),
        ("erf_inv", 0.0_f64.erf_inv(), 0.0),
        ("erf_inv", (-1.0_f64).erf_inv(), -INF),
        ("erfc_inv", 0.0_f64.erfc_inv(), INF),
        ("erfc_inv", 2.0_f64.erfc_inv(), -INF),
        ("lambert_w0", BRANCH.lambert_w0(), -1.0),
        ("lambert_w0", 0.0_f64.lambert_w0(), 0.0),
        ("lambert_w0", INF.lambert_w0(), INF),
        ("lambert_wm1", BRANCH.lambert_wm1(), -1.0),
        ("lambert_wm1", 0.0_f64.lambert_wm1(), -INF),
        ("ln_beta", 0.0_f64.ln_beta(x), INF),
        ("ln_beta", x.ln_beta(INF), -INF),
        ("bessel_j", 0.0_f64.bessel_j(0), 1.0),
        ("bessel_j", 0.0_f64.bessel_j(3), 0.0),
        ("bessel_j", x.bessel_j(u32::MAX), 0.0),
        ("bessel_y", 0.0_f64.bessel_y(2), -INF),
        ("bessel_y", x.bessel_y(u32::MAX), -INF),
        ("bessel_i", 0.0_f64.bessel_i(0), 1.0),
        ("bessel_i", 0.0_f64.bessel_i(2), 0.0),
        ("bessel_i", 1e3_f64.bessel_i(0), INF),
        ("bessel_i", (-1e3_f64).bessel_i(3), -INF),
        ("bessel_i", x.bessel_i(u32::MAX), 0.0),
        ("bessel_k", 0.0_f64.bessel_k(0), INF),
        ("bessel_k", 1e3_f64.bessel_k(0), 0.0),
        ("bessel_k", 1e3_f64.bessel_k(25), 0.0),
        ("bessel_k", INF.bessel_k(0), 0.0),
        ("bessel_k", INF.bessel_k(2), 0.0),
        ("bessel_k", 1e9_f64.bessel_k(0), 0.0),
        ("bessel_k", x.bessel_k(u32::MAX), INF),
        ("bessel_j", INF.bessel_j(2), 0.0),
        ("bessel_y", INF.bessel_y(2), 0.0),
        ("gamma_p", x.gamma_p(0.0), 0.0),
        ("gamma_p", x.gamma_p(INF), 1.0),
        ("gamma_q", x.gamma_q(0.0), 1.0),
        ("gamma_q", x.gamma_q(INF), 0.0),
        ("gamma_p", 0.0_f64.gamma_p(x), 1.0),
        ("beta_inc", 0.0_f64.beta_inc(x, x), 0.0),
        ("beta_inc", 1.0_f64.beta_inc(x, x), 1.0),
    ];
    for (name, found, expected) in cases {
        assert!(found == expected, "{name}: {found}, not {expected}");
    }
}

#[test]
fn outside_it_is_nan() {
    let x = 1.5_f64;
    let cases = [
        ("ln_1m_exp", 1e-300_f64.ln_1m_exp()),
        ("probit", (-0.1_f64).probit()),
        ("probit", 1.1_f64.probit()),
        ("erf_inv", 1.1_f64.erf_inv()),
        ("erfc_inv", (-0.1_f64).erfc_inv()),
        ("lambert_w0", (-0.37_f64).lambert_w0()),
        ("lambert_wm1", (-0.37_f64).lambert_wm1()),
        ("lambert_wm1", 0.1_f64.lambert_wm1()),
        ("ln_beta", (-0.5_f64).ln_beta(x)),
        ("bessel_j of an order that libm does not have", 5e9_f64.bessel_j(u32::MAX)),
        ("bessel_y", (-x).bessel_y(0)),
        ("bessel_y of an order that libm does not have", 5e9_f64.bessel_y(u32::MAX)),
        ("bessel_k", (-x).bessel_k(0)),
        ("gamma_p", (-x).gamma_p(x)),
        ("gamma_q", x.gamma_q(-x)),
        ("gamma_p above its largest parameter", 2e7_f64.gamma_p(2e7)),
        ("beta_inc", 1.1_f64.beta_inc(x, x)),
        ("beta_inc", 0.5_f64.beta_inc(-x, x)),
        ("beta_inc above its largest parameter", 0.5_f64.beta_inc(x, 2e7)),
    ];
    for (name, found) in cases {
        assert!(found.is_nan(), "{name}: {found}");
    }
    for name in nilpotent::rules::ROWS.into_iter().flatten() {
        let row = |x: &[f64]| nilpotent::rules::by_name::by_method(name, x, 2.0);
        let found = row(&[f64::NAN]).filter(|_| *name != "clamp");
        assert!(found.is_none_or(f64::is_nan), "{name} of NaN is {found:?}");
    }
}

/// The largest finite order, and orders beyond it.
#[test]
fn incomplete_functions_have_eight_derivatives() {
    let line = Taylor::<f64, 9>::variable(2.0).gamma_p(Taylor::constant(1.5));
    assert!(line.coeffs[..8].iter().all(|c| c.is_finite()) && line.coeffs[8].is_nan(), "{line:?}");
    // P(1, x) = 1 - e⁻ˣ
    let line = Taylor::<f64, 8>::constant(1.0).gamma_p(Taylor::variable(1.5));
    assert!((line.derivatives()[7] + (-1.5_f64).exp()).abs() < 1e-13);
}

/// Q is accurate where it is small, and its slopes are those of P with the other sign.
#[test]
fn upper_tails() {
    // Q(1, x) = e⁻ˣ, and I_{1-x}(b, 1) = (1-x)ᵇ
    assert!((1.0_f64.gamma_q(300.0) / (-300.0_f64).exp() - 1.0).abs() < 1e-13);
    assert!((1e-100_f64.beta_inc(3.0, 1.0) / 1e-300 - 1.0).abs() < 1e-12);
    let p = gradient(|[a, x]| a.gamma_p(x), [2.5, 1.5]).1;
    assert_eq!(gradient(|[a, x]| a.gamma_q(x), [2.5, 1.5]).1, p.map(|d: f64| -d));
}

/// In a program an incomplete function is called in each replay, with its derivatives.
#[test]
fn incomplete_functions_in_programs() {
    fn f<T: Real>([x, a, b]: [T; 3]) -> (T, [T; 3]) {
        gradient(|[x, a, b]| x.beta_inc(a, b) * a.gamma_q(b), [x, a, b])
    }
    let program = program::record(f, [0.5, 2.0, 3.0]).unwrap();
    for x in [[0.25, 2.5, 1.5], [0.75, 0.5, 12.0]] {
        let mut y = [0.0; 4];
        program.run(&x, &mut y).unwrap();
        let (value, [dx, da, db]) = f(x);
        assert_eq!(y, [value, dx, da, db]);
    }
}

/// First and second derivatives where the value is the limit at infinity, and where it is infinite at an end.
#[test]
fn derivatives_at_ends() {
    let at = |f: fn(Dual2<f64, 1>) -> Dual2<f64, 1>, x| second_derivative(f, x);
    assert_eq!(at(|x| x.erfcx(), INF), (0.0, 0.0, 0.0));
    assert_eq!(at(|x| x.erfcx_derivative(3), INF), (0.0, 0.0, 0.0));
    assert_eq!(at(|x| x.ln_norm_cdf(), INF), (0.0, 0.0, 0.0));
    assert_eq!(at(|x| x.bessel_k(1), INF), (0.0, 0.0, 0.0));
    assert_eq!(at(|p| p.probit(), 0.0), (-INF, INF, -INF));
    assert_eq!(at(|p| p.probit(), 1.0), (INF, INF, INF));
    assert_eq!(at(|y| y.erf_inv(), -1.0), (-INF, INF, -INF));
    assert_eq!(at(|y| y.erfc_inv(), 2.0), (-INF, -INF, -INF));
    let (z, slope) = derivative(|p| p.probit(), 0.0_f32);
    assert_eq!((z, slope), (f32::NEG_INFINITY, f32::INFINITY));
}

/// Bessel functions of large orders, which neither vanish nor overflow where a bound or a factor e⁻ˣ does; by mpmath.
#[test]
fn large_orders() {
    let cases = [
        ("bessel_j", 500.0.bessel_j(1001), 5.273_360_364_718_376e-199),
        ("bessel_y", 500.0.bessel_y(1001), -6.960_711_011_474_902e194),
        ("bessel_k", 740.0.bessel_k(1000), 1.183_730_547_093_046_3e-60),
        ("bessel_k", 800.0.bessel_k(1000), 2.187_306_658_024_086e-103),
        ("bessel_k", 1100.0.bessel_k(2000), 5.511_261_068_168_158e187),
        ("bessel_k", 940.0.bessel_k(1900), 7.251_231_890_981_783e276),
    ];
    for (name, found, expected) in cases {
        assert!((found / expected - 1.0_f64).abs() < 1e-13, "{name}: {found:e}, not {expected:e}");
    }
}

/// The slopes of inverses, which are even functions, replay on both sides of their middle.
#[test]
fn inverses_in_programs() {
    fn f<T: Real>([p]: [T; 1]) -> (T, [T; 1], [[T; 1]; 1]) {
        let one = Dual2::constant(T::one());
        hessian(|[p]| p.probit() * (p + p).erfc_inv() + (p + p - one).erf_inv(), [p])
    }
    let program = program::record(f, [0.3]).unwrap();
    for p in [0.01, 0.4, 0.6, 0.99] {
        let mut y = [0.0; 3];
        program.run(&[p], &mut y).unwrap();
        let (value, [slope], [[curvature]]) = f([p]);
        assert_eq!(y, [value, slope, curvature]);
    }
}
