//! The traits of every number: generic code with various bounds accepts it, and gets the results that it expects.

use nilpotent::bounds::{Nested, Over};
use nilpotent::num_traits::{
    Bounded, ConstOne, ConstZero, Euclid, Float, FloatConst, FromPrimitive, Inv, MulAdd, MulAddAssign, NumAssign,
    NumAssignRef, NumCast, NumRef, One, Pow, RefNum, Signed, ToPrimitive, Zero, float::FloatCore, real,
};
use nilpotent::{Dual, Dual2, Dual32, Dual64, HyperDual, Real, Taylor, Var};
use std::fmt::{Debug, Display, LowerExp, UpperExp};
use std::iter::{Product, Sum};
use std::str::FromStr;

type Nest = Dual<Dual<f64, 2>, 3>;

fn contract<T>()
where
    T: Real + Float + FloatCore + FloatConst + real::Real + NumRef + NumAssign + NumAssignRef + Signed + Bounded,
    T: Zero + One + ConstZero + ConstOne + FromPrimitive + ToPrimitive + NumCast + Euclid,
    T: Inv<Output = T> + MulAdd<Output = T> + MulAddAssign,
    T: Pow<T, Output = T> + Pow<i32, Output = T> + Pow<u8, Output = T> + Pow<i8, Output = T>,
    T: Pow<u16, Output = T> + Pow<i16, Output = T>,
    T: Default + Debug + Display + LowerExp + UpperExp + FromStr + Copy + Send + Sync + Unpin + 'static,
    T: Sum<T> + Product<T> + for<'a> Sum<&'a T> + for<'a> Product<&'a T> + PartialEq + PartialOrd,
    for<'a> &'a T: RefNum<T> + Inv<Output = T> + Pow<T, Output = T> + std::ops::Neg<Output = T>,
{
    assert!(T::ZERO.is_zero() && T::ONE.is_one() && <T as Default>::default().is_zero());
    assert!(<T as Real>::same(T::ZERO, T::zero()) && <T as Real>::same(T::ONE, T::one()));
    let (a, b) = (&<T as Real>::lit(7.0), &<T as Real>::lit(2.0));
    assert!(a + b == <T as Real>::lit(9.0) && *a - b == <T as Real>::lit(5.0) && a * *b == <T as Real>::lit(14.0));
    assert!(a / b == <T as Real>::lit(3.5) && a % b == T::one() && -b == <T as Real>::lit(-2.0));
    assert!(Pow::pow(*a, 2_u8) == <T as Real>::lit(49.0) && Pow::pow(b, *b) == <T as Real>::lit(4.0));
    let mut c = *a;
    c += b;
    c -= *b;
    c *= b;
    c /= *b;
    c %= b;
    assert!(c.is_one());
    MulAddAssign::mul_add_assign(&mut c, *a, *b);
    assert!(c == <T as Real>::lit(9.0) && MulAdd::mul_add(*a, *b, c) == <T as Real>::lit(23.0));
    assert!(Euclid::rem_euclid(&-*a, b).is_one() && Euclid::div_euclid(&-*a, b) == <T as Real>::lit(-4.0));
    assert!([*a, *b].iter().sum::<T>() == <T as Real>::lit(9.0));
    assert!([*a, *b].into_iter().product::<T>() == <T as Real>::lit(14.0));
    assert!(T::from_u128(3) == Some(<T as Real>::lit(3.0)) && T::from_f64(f64::NAN).is_some());
    assert!(<T as NumCast>::from(2.5_f32) == Some(<T as Real>::lit(2.5)) && a.to_u8() == Some(7));
    assert!(T::from_str_radix("2.5", 10).is_ok_and(|x| x == <T as Real>::lit(2.5)));
    assert!("-1e3".parse::<T>().is_ok_and(|x| x == <T as Real>::lit(-1000.0)) && "1 + 2".parse::<T>().is_err());
    assert!(<T as Bounded>::max_value() > *a && <T as Float>::max_value() == <T as Bounded>::max_value());
    assert!(<T as FloatConst>::PI() == <T as Real>::lit(std::f64::consts::PI));
    assert!(a.re().is_finite() && a.is_constant() && Signed::is_negative(&-*a) && Signed::is_positive(a));
}

#[test]
fn every_number_keeps_the_contract() {
    contract::<Dual64>();
    contract::<Dual64<7>>();
    contract::<Dual64<0>>();
    contract::<Dual32<4>>();
    contract::<Nest>();
    contract::<Dual<Dual<Dual32>>>();
    contract::<Dual2>();
    contract::<Dual2<f32, 3>>();
    contract::<Dual2<f64, 0>>();
    contract::<HyperDual>();
    contract::<HyperDual<f32, 2, 3>>();
    contract::<Taylor<f64, 5>>();
    contract::<Taylor<f32, 2>>();
    contract::<Taylor<f64, 0>>();
    contract::<Dual<Dual2<f64, 2>, 3>>();
    contract::<Dual2<HyperDual<f64, 1, 2>, 2>>();
    contract::<HyperDual<Taylor<f32, 3>>>();
    contract::<Taylor<Dual<f64, 2>, 3>>();
    contract::<Taylor<Taylor<Dual2, 2>, 3>>();
    contract::<Var>();
    contract::<Var<f32>>();
    contract::<Var<Dual<f64, 2>>>();
    contract::<Dual<Var, 2>>();
    contract::<Var<Var>>();
}

/// The bounds of nalgebra, of both generations of simba.
#[test]
#[cfg(feature = "nalgebra")]
fn every_number_is_a_real_field() {
    fn field<T: nilpotent::linalg::Number>() {
        assert!(nalgebra::RealField::max_value().is_some_and(|x: T| x > T::one()));
    }
    field::<Nest>();
    field::<Dual2<f64, 3>>();
    field::<HyperDual<f32, 2, 3>>();
    field::<Taylor<f64, 5>>();
    field::<Dual2<Taylor<Dual, 2>, 2>>();
    field::<Var>();
    field::<Var<Dual2<f32, 2>>>();
}

/// Generic code branches on the answers of approx, so they depend on values alone, as the answers of `==` do.
#[test]
#[cfg(feature = "nalgebra")]
fn approx_compares_values() {
    fn check<T>(moving: T)
    where
        T: nilpotent::linalg::Number + approx::AbsDiffEq<Epsilon = T> + approx::RelativeEq + approx::UlpsEq,
    {
        let (still, other) = (T::constant(moving.re()), moving + <T as Real>::lit(0.01));
        assert!(!moving.same(still) && moving == still);
        assert!(approx::abs_diff_eq!(moving, still) && approx::abs_diff_ne!(moving, other));
        assert!(approx::relative_eq!(moving, still) && approx::relative_ne!(moving, other));
        assert!(approx::ulps_eq!(moving, still) && approx::ulps_ne!(moving, other));
        let tolerance = moving * <T as Real>::lit(0.05) / still;
        assert!(approx::abs_diff_eq!(moving, other, epsilon = tolerance));
        assert!(approx::relative_eq!(moving, other, epsilon = tolerance));
        assert!(nalgebra::Matrix1::new(moving / still).is_identity(T::default_epsilon()));
    }
    check(Dual64::<2>::variable(3.0, 1));
    check(Nest::variable(Dual::variable(3.0, 0), 1));
    check(Dual2::<f64, 2>::new(3.0, [0.0; 2], [[1.0, 0.0], [0.0, 0.0]]));
    check(HyperDual::<f32, 1, 1>::new(3.0, [0.0], [0.0], [[1.0]]));
    check(Taylor::<f64, 3>::new(3.0, [0.0, 0.0, 1.0]));
    nilpotent::reverse::gradient(
        |[x]: [Var; 1]| {
            check(x);
            x
        },
        [3.0],
    );
}

/// The comparison of all parts, for tests.
#[test]
fn close_to_compares_all_parts() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let x = Dual::new(100.0, [0.5, -2.0]);
    assert!(x.close_to(x, 0.0) && x.close_to(Dual::new(100.9, [0.509, -2.01]), 0.01));
    assert!(!x.close_to(Dual::new(102.0, x.eps), 0.01) && !x.close_to(100.0, 0.01));
    assert!(!x.close_to(Dual::new(100.0, [0.52, -2.0]), 0.01) && !x.close_to(Dual::new(100.0, [0.5, -2.03]), 0.01));
    for a in [inf, -inf, nan, 0.0, -0.0, f64::MAX] {
        for b in [inf, -inf, nan, 1.0, f64::MIN] {
            assert_eq!(Dual::new(0.0, [a]).close_to(Dual::new(0.0, [b]), 0.5), a.same(b), "{a} {b}");
        }
    }
    let n = Nest::variable(Dual::variable(3.0, 0), 2);
    assert!(n.close_to(n * 1.01, 0.02) && !n.close_to(n + Nest::constant(Dual::variable(0.0, 1)), 0.02));
    let q = Dual2::<f64, 2>::new(3.0, [1.0, 2.0], [[1.0, 0.0], [5.0, 2.0]]);
    assert!(q.close_to(q * 1.01, 0.02) && !q.close_to(Dual2::new(3.0, [1.0, 2.0], [[1.0, 0.0], [5.2, 2.0]]), 0.02));
}

#[test]
#[allow(clippy::op_ref)]
fn floats_on_either_side() {
    let x = Dual64::<2>::variable(3.0, 1);
    assert!(((2.0 * x + 1.0) / 7.0 - 1.0).same(Dual::new(0.0, [0.0, 2.0 / 7.0])));
    assert!((1.0 - x).same(Dual::new(-2.0, [0.0, -1.0])) && (x - 1.0).same(Dual::new(2.0, [0.0, 1.0])));
    assert!((6.0 / x).same(Dual::new(2.0, [0.0, -6.0 / 9.0])) && (1.0 + x).same(Dual::new(4.0, [0.0, 1.0])));
    assert!((7.5 % x).same(Dual::new(1.5, [0.0, -2.0])) && (x % 2.0).same(Dual::new(1.0, [0.0, 1.0])));
    assert!((&2.0 * &x).same(x * 2.0) && (2.0 * &x).same(&x * 2.0) && (&2.0 * x).same(x * &2.0));
    let mut y = x;
    y += 1.0;
    y *= &2.0;
    y -= 2.0;
    y /= 2.0;
    y %= 2.0;
    assert!(y.same(Dual::new(1.0, [0.0, 1.0])));
    assert!(x > 2.5 && x == 3.0 && x <= 3.0 && x < f64::INFINITY);
    let z = Dual32::<1>::variable(3.0, 0);
    assert!((2.0 * z * 0.5_f32).same(z));
    // Conversions through any depth, from the innermost float as well as from the inner number.
    let inner = Dual::<f64, 2>::variable(3.0, 0);
    let n = Nest::variable(inner, 2);
    assert!((2.0 * n + 1.0).same(n + n + inner / inner) && n > 2.5 && n == 3.0 && n == inner);
    assert!((n * inner).same(n * Nest::constant(inner)) && <Nest as From<f64>>::from(2.0).same(Nest::lit(2.0)));
    let mut m = n;
    m *= 2.0;
    m -= inner;
    assert!(m.same(n + (n - inner)));
}

#[test]
fn second_arguments_convert() {
    let x = Dual64::<1>::variable(2.0, 0);
    let y = Dual64::<1>::constant(3.0);
    assert!(x.powf(2.5).same(x.powf(Dual::constant(2.5))) && x.powf(y).same(x.powi(3)));
    assert_eq!((x.max(0.0).eps, x.min(0.0).eps, x.clamp(0.0, 1.0).eps), ([1.0], [0.0], [0.0]));
    assert_eq!((x.atan2(2.0).eps, x.hypot(0.0).eps, x.mul_add(3.0, y).eps), ([0.25], [1.0], [3.0]));
    let n = Dual::<_, 1>::variable(x, 0);
    assert!(n.powf(2.5).same(n.powf(x * 0.0 + 2.5)) && n.max(0.0).same(n) && n.powf(n).re == 4.0);
}

/// A generic function that requires only num-traits.
#[test]
fn generic_float_code() {
    fn f<T: Float>(x: T) -> T {
        (x * x + T::one()).sqrt().ln()
    }
    let y = f(Dual64::<1>::variable(2.0, 0));
    assert!((y.eps[0] - 0.4).abs() < 1e-16 && y.re == f(2.0));
}

#[test]
fn lifting() {
    fn lift<S, T: Over<S>>(s: S) -> T {
        T::lift(s)
    }
    fn nested<T: Nested<f32>>(s: f32) -> T {
        T::lift(s)
    }
    assert_eq!((lift::<f64, f64>(2.0), lift::<f64, Nest>(2.0).re.re), (2.0, 2.0));
    assert_eq!(nested::<Dual<Dual32>>(2.0).re.re, 2.0);
    assert_eq!((f32::lit(0.1), Dual32::<1>::lit(0.1).re), (0.1, 0.1));
}

#[test]
fn printing() {
    let x = Dual::new(1.5, [2.0, -0.25]);
    assert_eq!(x.to_string(), "1.5 + [2, -0.25]ε");
    assert_eq!(format!("{x:.2}"), "1.50 + [2.00, -0.25]ε");
    assert_eq!(format!("{x:e}"), "1.5e0 + [2e0, -2.5e-1]ε");
    assert_eq!(format!("{x:.1E}"), "1.5E0 + [2.0E0, -2.5E-1]ε");
    assert_eq!(format!("{x:+}"), "+1.5 + [+2, -0.25]ε");
    assert_eq!(format!("{x:?}"), "Dual { re: 1.5, eps: [2.0, -0.25] }");
    let n = Dual::<_, 1>::variable(Dual::<f64, 1>::variable(3.0, 0), 0);
    assert_eq!(n.to_string(), "3 + [1]ε + [1 + [0]ε]ε");
    assert_eq!(Dual64::<0>::constant(1.0).to_string(), "1 + []ε");
    let x = Dual2::new(1.5, [2.0, -0.5], [[1.0, 9.0], [3.0, 4.0]]);
    assert_eq!(x.to_string(), "1.5 + [2, -0.5]ε + [[1, 3], [3, 4]]ε²");
    assert_eq!(format!("{x:?}"), "Dual2 { re: 1.5, grad: [2.0, -0.5], hess: [[1.0, 3.0], [3.0, 4.0]] }");
    let x = HyperDual::new(1.5, [2.0, -0.5], [3.0], [[4.0], [5.0]]);
    assert_eq!(format!("{x:.1}"), "1.5 + [2.0, -0.5]ε + [3.0]δ + [[4.0], [5.0]]εδ");
    let debug = "HyperDual { re: 1.5, eps1: [2.0, -0.5], eps2: [3.0], eps1eps2: [[4.0], [5.0]] }";
    assert_eq!(format!("{x:?}"), debug);
    let x = Taylor::new(1.5, [2.0, -0.5]);
    assert_eq!(x.to_string(), "1.5 + [2, -0.5]tᵏ");
    assert_eq!(format!("{x:?}"), "Taylor { re: 1.5, coeffs: [2.0, -0.5] }");
}

/// Numbers consist of their parts alone. Only the feature `trap-confusion` adds a field.
#[test]
#[cfg(not(feature = "trap-confusion"))]
fn sizes() {
    assert_eq!(size_of::<Dual<f64, 3>>(), 4 * 8);
    assert_eq!(size_of::<Dual2<f32, 2>>(), 7 * 4);
    assert_eq!(size_of::<HyperDual<f64, 1, 2>>(), 6 * 8);
    assert_eq!(size_of::<Taylor<f64, 4>>(), 5 * 8);
    assert_eq!(size_of::<Nest>(), 12 * 8);
}
