//! The feature `trap-loss`: `cargo test --features trap-loss --test trap`.

#![cfg(feature = "trap-loss")]

use nilpotent::num_traits::{Float, NumCast, ToPrimitive};
use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor, Var, reverse};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Returns the message that `f` panics with.
fn panics(f: impl FnOnce()) -> String {
    let cause = catch_unwind(AssertUnwindSafe(f)).expect_err("it should panic");
    cause.downcast_ref::<String>().expect("a formatted message").clone()
}

fn constants_convert<T: Real>() {
    let x = T::lit(2.5);
    assert_eq!((x.to_f64(), x.to_f32(), x.to_i32(), x.to_u8()), (Some(2.5), Some(2.5), Some(2), Some(2)));
    assert_eq!(<f64 as NumCast>::from(x), Some(2.5));
    assert!(<T as NumCast>::from(x).is_some_and(|y| y.same(x)));
}

/// The name of a conversion, and a call of it.
type Way<T> = (&'static str, fn(T));

/// Asserts that every conversion of `x` panics, also through `NumCast`, and that a number without derivatives converts.
fn derivatives_do_not<T: Real>(x: T) {
    let ways: [Way<T>; 15] = [
        ("to_f64", |x| _ = x.to_f64()),
        ("to_f32", |x| _ = x.to_f32()),
        ("to_isize", |x| _ = x.to_isize()),
        ("to_i8", |x| _ = x.to_i8()),
        ("to_i16", |x| _ = x.to_i16()),
        ("to_i32", |x| _ = x.to_i32()),
        ("to_i64", |x| _ = x.to_i64()),
        ("to_i128", |x| _ = x.to_i128()),
        ("to_usize", |x| _ = x.to_usize()),
        ("to_u8", |x| _ = x.to_u8()),
        ("to_u16", |x| _ = x.to_u16()),
        ("to_u32", |x| _ = x.to_u32()),
        ("to_u64", |x| _ = x.to_u64()),
        ("to_u128", |x| _ = x.to_u128()),
        ("to_f64", |x| _ = <f64 as NumCast>::from(x)),
    ];
    for (name, way) in ways {
        let message = panics(|| way(x));
        assert!(message.contains(&format!("through {name} and loses its derivative")), "{message}");
        assert!(message.contains("docs/compatibility.md"), "{message}");
    }
    assert_eq!((x.floor().to_usize(), x.signum().to_f64()), (x.float().to_usize(), Some(1.0)));
    assert_eq!(Float::max(x, T::lit(9.0)).to_f64(), Some(9.0));
}

#[test]
fn every_number_is_watched() {
    constants_convert::<Dual>();
    constants_convert::<Dual<f32, 0>>();
    constants_convert::<Dual<Dual2<f32, 2>, 3>>();
    constants_convert::<HyperDual>();
    constants_convert::<Taylor<f64, 3>>();
    constants_convert::<Var>();
    constants_convert::<Dual<Var>>();
    derivatives_do_not(Dual::new(2.5, [0.0, 5e-324]));
    derivatives_do_not(Dual::<f32>::new(2.5, [1e-45]));
    derivatives_do_not(Dual2::new(2.5, [0.0], [[1.0]]));
    derivatives_do_not(HyperDual::new(2.5, [0.0], [1e300], [[0.0]]));
    derivatives_do_not(Taylor::new(2.5, [0.0, 0.0, 1.0]));
    // The derivative is in the inner number, or in the outer one.
    derivatives_do_not(Dual::<_, 1>::constant(Dual::<f64>::variable(2.5, 0)));
    derivatives_do_not(Dual::<_, 1>::variable(Dual::<f64>::constant(2.5), 0));
    reverse::gradient(
        |[x, y]: [Var; 2]| {
            derivatives_do_not(x);
            derivatives_do_not(x * y);
            derivatives_do_not(Dual::<Var, 1>::constant(x));
            derivatives_do_not(Dual::<Var, 1>::new(Var::constant(2.5), [x]));
            x
        },
        [2.5, 1.0],
    );
}

/// Code as a generic crate may contain it.
fn table<T: Float>(x: T) -> T {
    T::from(x.to_f64().unwrap().tanh()).unwrap()
}

#[test]
#[should_panic(
    expected = "0.5 + [1]ε, a nilpotent::number::dual::Dual: a generic crate converts this number through to_f64 and \
                loses its derivative"
)]
fn what_one_sees() {
    assert_eq!(table(Dual::<f64>::constant(0.5)).re, 0.5_f64.tanh());
    nilpotent::derivative(table, 0.5);
}

/// nalgebra converts numbers to floats by `SubsetOf` to choose its branches. No derivative is lost.
#[test]
#[cfg(feature = "nalgebra")]
fn nalgebra_passes() {
    let x = Dual::<f64, 1>::variable(0.5, 0);
    let e = nalgebra::Matrix2::new(x, x, x, x).exp();
    // exp of [[x, x], [x, x]] has ½(e^2x + 1) on its diagonal.
    assert!((e[(0, 0)].eps[0] - 1.0_f64.exp()).abs() < 1e-14);
}
