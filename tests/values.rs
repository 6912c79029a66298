//! The value of a number is that of the float, bit for bit, whatever derivatives it carries: every operation, any
//! input.

#[cfg_attr(feature = "trap-loss", allow(unused_imports))]
use nilpotent::num_traits::{Euclid, Float, FromPrimitive, NumCast, Pow, Signed, ToPrimitive};
use nilpotent::rules::ROWS;
use nilpotent::rules::by_name::by_method;
use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor, Var};
use proptest::num::{f32, f64};
use proptest::prelude::*;

/// Access to the innermost value.
trait Inner {
    type Plain: Float;
    fn inner(self) -> Self::Plain;
}

macro_rules! inner {
    ($F:ty) => {
        impl Inner for $F {
            type Plain = $F;
            fn inner(self) -> $F {
                self
            }
        }
    };
}
inner!(f32);
inner!(f64);

macro_rules! inner_of_number {
    ($([$($params:tt)*] $Number:ty;)*) => { $(
        impl<T: Real + Inner, $($params)*> Inner for $Number {
            type Plain = T::Plain;
            fn inner(self) -> T::Plain {
                self.re.inner()
            }
        }
    )* };
}
inner_of_number! {
    [const N: usize] Dual<T, N>;
    [const N: usize] Dual2<T, N>;
    [const M: usize, const N: usize] HyperDual<T, M, N>;
    [const K: usize] Taylor<T, K>;
    [] Var<T>;
}

/// `sum` and `product` of the items' own type.
trait Fold<T> {
    fn fold_sum(self) -> T;
    fn fold_product(self) -> T;
}

impl<'a, T: Real, I: Iterator<Item = &'a T>> Fold<T> for I {
    fn fold_sum(self) -> T {
        self.sum()
    }
    fn fold_product(self) -> T {
        self.copied().product()
    }
}

macro_rules! bits {
    ($what:expr, $number:expr, $float:expr) => {{
        let (number, float) = ($number.inner(), $float);
        let same = number.to_bits() == float.to_bits() || number.is_nan() && float.is_nan();
        prop_assert!(same, "{}: {number:e} of the number, {float:e} of the float", $what);
    }};
}

/// Tests all rows and operations for one float type and one number over it; `$lift` turns a float into the number.
macro_rules! values {
    ($($test:ident $F:ident $lift:expr;)*) => { $(
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(1000))]
            #[test]
            fn $test(x in $F::ANY, y in $F::ANY, z in $F::ANY, small in -40.0..40.0_f64, n in -30..30_i32) {
                // Inputs of usual size are tested too, as random bits seldom give them.
                let small = small as $F;
                for (x, y, z) in [(x, y, z), (small, y, z), (x, small, z), (small, small * 0.3 - 1.0, z)] {
                    let [a, b, c] = [x, y, z].map($lift);
                    for row in ROWS.concat() {
                        let n = <f64 as From<i32>>::from(if ROWS[4].contains(&row) { n.abs() } else { n });
                        // The clamp of floats panics at NaN, unlike that of the numbers.
                        let found = (1..=3).filter(|_| row != "clamp").find_map(|count| {
                            Some((by_method(row, &[a, b, c][..count], n)?, by_method(row, &[x, y, z][..count], n)?))
                        });
                        match found {
                            Some((number, float)) => bits!(row, number, float),
                            None => prop_assert!(row == "clamp", "{row} has no test"),
                        }
                    }
                    bits!("+", a + b, x + y);
                    bits!("-", a - b, x - y);
                    bits!("*", a * b, x * y);
                    bits!("/", a / b, x / y);
                    bits!("%", a % b, x % y);
                    bits!("+ float", a + b.re, x + y);
                    bits!("- float", a - b.re, x - y);
                    bits!("* float", a * b.re, x * y);
                    bits!("/ float", a / b.re, x / y);
                    bits!("% float", a % b.re, x % y);
                    bits!("float +", <f64 as From<_>>::from(y) + a, y + x);
                    bits!("float -", <f64 as From<_>>::from(y) - a, y - x);
                    bits!("float *", <f64 as From<_>>::from(y) * a, y * x);
                    bits!("float /", <f64 as From<_>>::from(y) / a, y / x);
                    bits!("float %", <f64 as From<_>>::from(y) % a, y % x);
                    bits!("neg", -a, -x);
                    bits!("sin_cos", a.sin_cos().0, x.sin_cos().0);
                    bits!("sin_cos", a.sin_cos().1, x.sin_cos().1);
                    bits!("powi", a.powi(n), x.powi(n));
                    bits!("pow", Pow::pow(a, n), x.powi(n));
                    bits!("pow", Pow::pow(a, b), x.powf(y));
                    bits!("polygamma", a.polygamma(n.unsigned_abs()), Real::polygamma(x, n.unsigned_abs()));
                    bits!("mul_add", a.mul_add(b, c), Float::mul_add(x, y, z));
                    bits!("rem_euclid", a.rem_euclid(b), Euclid::rem_euclid(&x, &y));
                    bits!("div_euclid", a.div_euclid(b), Euclid::div_euclid(&x, &y));
                    bits!("signed abs", Signed::abs(&a), Signed::abs(&x));
                    bits!("signed signum", Signed::signum(&a), Signed::signum(&x));
                    bits!("sum", [a, b, c].iter().fold_sum(), [x, y, z].iter().sum::<$F>());
                    bits!("product", [a, b, c].iter().fold_product(), [x, y, z].iter().product::<$F>());
                    if y <= z {
                        bits!("clamp", a.clamp(b, c), x.clamp(y, z));
                    }
                    prop_assert_eq!(a.partial_cmp(&b), x.partial_cmp(&y));
                    prop_assert_eq!(a == b, x == y);
                    prop_assert_eq!(a < y, x < y);
                    prop_assert_eq!(a.classify(), x.classify());
                    prop_assert_eq!(a.is_nan(), x.is_nan());
                    prop_assert_eq!(a.is_infinite(), x.is_infinite());
                    prop_assert_eq!(a.is_finite(), x.is_finite());
                    prop_assert_eq!(a.is_normal(), x.is_normal());
                    prop_assert_eq!(a.is_subnormal(), x.is_subnormal());
                    prop_assert_eq!(a.is_sign_negative(), x.is_sign_negative());
                    prop_assert_eq!(a.is_sign_positive(), x.is_sign_positive());
                    prop_assert_eq!(Float::integer_decode(a), Float::integer_decode(x));
                    #[cfg(not(feature = "trap-loss"))]
                    prop_assert_eq!(a.to_i64(), x.to_i64());
                    #[cfg(not(feature = "trap-loss"))]
                    prop_assert_eq!(a.to_f64().map(f64::to_bits), x.to_f64().map(f64::to_bits));
                }
            }
        }
    )* };
}

values! {
    f64_one f64 |x| Dual::<f64>::variable(x, 0);
    f64_many f64 |x| Dual::<f64, 3>::new(x, [0.0, f64::INFINITY, -2.5]);
    f64_constant f64 Dual::<f64>::constant;
    f64_nested f64 |x| Dual::<Dual<f64>, 2>::new(Dual::new(x, [1.5]), [Dual::new(1.0, [0.5]), Dual::new(0.0, [0.0])]);
    f64_dual2 f64 |x| Dual2::<f64, 2>::new(x, [0.0, f64::INFINITY], [[f64::NAN, 0.0], [1e300, 0.0]]);
    f64_hyper_dual f64 |x| HyperDual::<f64, 1, 2>::new(x, [1.0], [-2.5, f64::INFINITY], [[0.0, f64::NAN]]);
    f64_taylor f64 |x| Taylor::<f64, 3>::new(x, [1.0, f64::INFINITY, 0.0]);
    f64_taylor_nested f64 |x| Taylor::<Dual2, 2>::variable(Dual2::new(x, [1.5], [[0.5]]));
    f64_var f64 Var::<f64>::constant;
    f32_one f32 |x| Dual::<f32>::variable(x, 0);
    f32_nested f32 |x| Dual::<Dual<f32, 2>>::new(Dual::new(x, [1.5, 0.0]), [Dual::new(1.0, [0.5, f32::NAN])]);
}

#[test]
#[cfg(not(feature = "trap-loss"))]
fn conversions_keep_or_refuse() {
    let x = Dual::<f64>::variable(2.5, 0);
    assert_eq!(x.to_i32(), Some(2));
    assert_eq!(Dual::<f64>::constant(f64::NAN).to_i32(), None);
    assert_eq!(<Dual as FromPrimitive>::from_f64(0.1).map(|x| x.re), Some(0.1));
    assert_eq!(<Dual<f32> as NumCast>::from(x).map(|x| (x.re, x.eps)), Some((2.5, [0.0])));
    assert_eq!("2.5".parse::<Dual>().map(|x| x.re), Ok(2.5));
    assert!("x".parse::<Dual>().is_err());
}
