//! num-dual: its trait's methods with our numbers, against its own numbers; its drivers over ours.

use crate::common::{Row, close};
use crate::hold;
use nilpotent::{Dual, Dual2, HyperDual, Taylor, Var};
use num_dual::{BesselDual, DualNum, DualStruct, Mappable};

pub const ROWS: &[Row] = &[Row {
    name: "num-dual",
    version: "0.15",
    what: "all methods of `DualNum`, Bessel functions; its drivers, `implicit_derivative` among them, over our numbers",
    asks: "`DualNum`",
    feature: "num_dual",
    numbers: "all",
}];

macro_rules! methods {
    ($x:expr; $($name:ident($($arg:expr),*)),* $(,)?) => { $({
        let (y, dy, ddy) = num_dual::second_derivative(|x: num_dual::Dual2<f64>| x.$name($($arg.into()),*), $x);
        hold!(|x| DualNum::$name(&x, $($arg.into()),*), $x, [y, dy, ddy], 1e-14; all);
    })* };
}

#[test]
fn methods_are_those_of_its_own_numbers() {
    methods!(0.7; recip(), powi(3), powf(1.7), powd(1.7), sqrt(), cbrt(), exp(), exp2(), exp_m1(), ln(), log(3.0), log2(),
        log10(), ln_1p(), sin(), cos(), tan(), asin(), acos(), atan(), atan2(0.4), sinh(), cosh(), tanh(), asinh(), atanh(),
        mul_add(2.0, 0.3), sph_j0(), sph_j1(), sph_j2());
    methods!(1.7; acosh(), sph_j0(), sph_j1(), sph_j2());
}

/// Where num-dual's own floats cancel, and its `sph_j2` is -1.
#[test]
fn spherical_bessel_functions_near_zero() {
    let x = 1e-8;
    hold!(|x| DualNum::sph_j1(&x), x, [x / 3.0, 1.0 / 3.0, -x / 5.0], 1e-15; all);
    hold!(|x| DualNum::sph_j2(&x) * 1e16, x, [1.0 / 15.0, 2e8 / 15.0, 2e16 / 15.0], 1e-15; all);
}

/// J₀, J₁ and J₂ at 2 (Abramowitz & Stegun, table 9.1).
#[test]
fn bessel_functions() {
    let (j0, j1, j2) = (0.223_890_779_141_235_67, 0.576_724_807_756_873_4, 0.352_834_028_615_637_7);
    hold!(BesselDual::bessel_j0, 2.0, [j0, -j1, j1 / 2.0 - j0], 1e-14; all);
    hold!(BesselDual::bessel_j1, 2.0, [j1, j0 - j1 / 2.0, j1 / 2.0 - j0 / 2.0 - j1], 1e-14; all);
    hold!(|x| BesselDual::bessel_j2(x) + 1.0, 2.0, [1.0 + j2, j1 - j2, j0 - j1 / 2.0 - j1 + 1.5 * j2], 1e-14; all);
}

#[test]
fn orders_and_values() {
    assert_eq!((<Dual as DualNum>::NDERIV, <Var as DualNum>::NDERIV, <Dual2 as DualNum>::NDERIV), (1, 1, 2));
    assert_eq!((<HyperDual as DualNum>::NDERIV, <Taylor<f64, 5> as DualNum>::NDERIV), (2, 5));
    assert_eq!(<Dual<Dual2> as DualNum>::NDERIV, 3);
    let inner = Dual::new(2.0, [1.0]);
    let x = Dual::<Dual>::from_inner(&inner);
    assert!(x.re.same(inner) && x.eps[0].same(0.0));
    assert_eq!(x.re(), 2.0);
    let y = Dual::new(3.0, [inner.into()].map(|e: Dual| e.re)).scale(&2.0);
    assert_eq!((y.re, y.eps), (6.0, [4.0]));
    // Over f32 the primitive is f32.
    let z = DualNum::powf(&Dual::<f32>::new(4.0, [1.0]), 0.5_f32);
    assert_eq!((z.re(), z.eps), (2.0_f32, [0.25]));
    assert_eq!(inner.map_dual(|x| x.eps[0]), 1.0);
}

/// Its numbers inside, ours outside.
#[test]
fn its_drivers_over_our_numbers() {
    // d/dx x³ = 3x²
    hold!(|x| num_dual::first_derivative(|x| x.powi(3), x).1, 1.3, [5.07, 7.8, 6.0], 1e-14; all);
    // The derivatives of a root that is known as a float.
    let root = |x: f64| [x.sqrt(), 0.5 / x.sqrt(), -0.25 / (x * x.sqrt())];
    hold!(|x| num_dual::implicit_derivative(|s, x| s * s - x, 1.3_f64.sqrt(), &x), 1.3, root(1.3), 1e-14; all);
    let (y, slope) = num_dual::first_derivative(|x| DualNum::sin(&x), Dual::new(0.5, [2.0]));
    close("sin", y.eps[0], 2.0 * 0.5_f64.cos(), 1e-15);
    close("cos", slope.eps[0], -2.0 * 0.5_f64.sin(), 1e-15);
}
