//! The feature `trap-confusion`: `cargo test --features trap-confusion --test confusion`.

#![cfg(feature = "trap-confusion")]

use nilpotent::rules::{self, ROWS, by_name};
use nilpotent::{
    Chunk, Dual, Dual2, HyperDual, Real, Taylor, Var, derivative, directional_derivatives, gauss_newton_product,
    gradient, gradient_into, hessian, hessian_diagonal, hessian_into, hvp, hvp_into, jacobian, jacobian_into, jvp,
    jvp_into, laplacian, linalg, mixed_partial, nth_derivative, reverse, second_derivative, sparse, taylor, taylor_ode,
    third_derivative, third_product, try_derivative, weighted_hessian, weighted_hvp,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Returns the message that `f` panics with.
#[track_caller]
fn panics<R>(f: impl FnOnce() -> R) -> String {
    let cause = catch_unwind(AssertUnwindSafe(f)).err().expect("it should panic");
    cause.downcast_ref::<String>().expect("a formatted message").clone()
}

/// Asserts that `f` panics because of variables of two drivers, one inside the other.
#[track_caller]
fn inside<R>(f: impl FnOnce() -> R) {
    let message = panics(f);
    assert!(message.starts_with("perturbation confusion in a nilpotent::number::"), "{message}");
    assert!(message.contains("one inside the other, in numbers of the same type"), "{message}");
    assert!(message.ends_with("see docs/nesting.md"), "{message}");
}

#[test]
#[should_panic(
    expected = "perturbation confusion in a nilpotent::number::dual::Dual (in `add` at tests/confusion.rs:38:39): the \
                operands are variables of two calls of drivers, one inside the other, in numbers of the same \
                type. Lift the outer variable, as in `Dual::constant(x)`, and give the inner driver a point of that \
                variable's type, so that its numbers are nested, `Dual<Dual<f64>>`; see docs/nesting.md"
)]
fn what_one_sees() {
    derivative(|x| x * derivative(|y| x + y, 1.0).1, 1.0_f64);
}

/// The wrong call of each driver: the outer variable has the type of the inner numbers.
#[test]
fn every_driver_of_forward_mode_is_watched() {
    inside(|| derivative(|x| x * derivative(|y| [y, x * y], 1.0).1[1], 2.0_f64));
    inside(|| try_derivative(|x| try_derivative(|y| Some(x / y), 1.0).map(|(_, d)| x * d), 2.0_f64));
    inside(|| gradient(|[x, _]| x * gradient(|[a, b]| a * b - x, [1.0, 2.0]).0, [3.0_f64, 4.0]));
    inside(|| gradient(|x| x[0] * gradient(|y| y[0] * x[1], &[1.0][..]).0, &[3.0_f64, 4.0][..]));
    inside(|| gradient(|x| x[0] * gradient(|y| y[4] * x[4], Chunk::<2>(&[1.0; 5])).0, Chunk::<2>(&[3.0_f64; 5])));
    inside(|| jacobian(|x| x[0] * jacobian(|y| vec![y[0], x[0] - y[1]], &[1.0; 9][..]).0[1], &[3.0_f64; 9][..]));
    inside(|| jvp(|[x]| x * jvp(|[y]| [y.hypot(x)], [1.0], [1.0]).1[0], [2.0_f64], [1.0]));
    inside(|| second_derivative(|x| x * second_derivative(|y| (x - y).exp(), 1.0).2, 2.0_f64));
    inside(|| nth_derivative::<3, _, _>(|x| x * nth_derivative::<3, _, _>(|y| y.powf(x), 1.0).0, 2.0_f64));
    inside(|| taylor::<3, _, _>(|x| taylor::<3, _, _>(|y| y * x, 1.0), 2.0_f64));
    inside(|| nth_derivative::<2, _, _>(|x| taylor::<2, _, _>(|y| y.atan2(x), 1.0), 2.0_f64));
    inside(|| taylor::<2, _, _>(|x| x * nth_derivative::<2, _, _>(|y| y / x, 1.0).0, 2.0_f64));
    inside(|| {
        let inner = |x: Taylor<f64, 2>| directional_derivatives::<2, _, _, _>(|[y]| y + x, [1.0], [1.0]).0;
        directional_derivatives::<2, _, _, _>(|[x]| x * inner(x), [2.0_f64], [1.0])
    });
    inside(|| hessian(|[x, _]| x * hessian(|[a, b]| a * b * x, [1.0, 2.0]).0, [3.0_f64, 4.0]));
    inside(|| hessian(|x| x[0] * hessian(|y| y[0] / x[1], &[1.0; 6][..]).0, &[3.0_f64; 6][..]));
    inside(|| hvp(|[x]| Dual::constant(hvp(|[y]| y * x, [1.0], [1.0]).0.into()), [3.0_f64], [1.0]));
    inside(|| mixed_partial(|[x, y]| x * mixed_partial(|[a, b]| a * b * y, [1.0, 2.0], 0, 1).2, [3.0_f64, 4.0], 0, 1));
    inside(|| hessian_diagonal(|[x]| x * hessian_diagonal(|[y]| y * x, [1.0]).0, [3.0_f64]));
    inside(|| laplacian(|[x]| x * laplacian(|[y]| y.max(x) * y, [1.0]).0, [3.0_f64]));
}

#[test]
fn drivers_of_other_orders_are_watched() {
    let done = |into: &mut dyn FnMut()| {
        into();
        1.0
    };
    let at = [1.0, 2.0];
    inside(|| {
        jvp(|[x]| x * done(&mut || jvp_into(|[y]| [y * x], [1.0], [1.0], &mut [0.0], &mut [0.0])), [2.0_f64], [1.0])
    });
    inside(|| gradient(|[x, _]| x * gradient_into(|[a, b]| a * b * x, at, &mut [0.0; 2]), at));
    inside(|| gradient(|[x, _]| x * gradient_into(|[_, _]| x, at, &mut [0.0; 2]), at));
    inside(|| gradient(|[x, _]| x * done(&mut || jacobian_into(|[_, _]| [x], at, &mut [0.0], &mut [0.0; 2])), at));
    inside(|| jvp(|[x]| x * done(&mut || jvp_into(|[_]| [x], [1.0], [1.0], &mut [0.0], &mut [0.0])), [2.0_f64], [1.0]));
    inside(|| derivative(|x| x * hvp_into(|[y]| y * x, [1.0], [1.0], &mut [0.0], &mut [0.0]), 3.0_f64));
    inside(|| hessian(|[x, _]| x * hessian_into(|[_, _]| x, at, &mut [0.0; 2], &mut [0.0; 4]), at));
    inside(|| hessian(|[x, _]| x * weighted_hessian(|[_, _]| [x], at, [1.0]).0[0], at));
    inside(|| derivative(|x| x * weighted_hvp(|[y]| [y * x], [1.0], [1.0], [1.0]).0[0], 3.0_f64));
    inside(|| gradient(|[x, _]| x * gauss_newton_product(|[_, _]| [x], at, [1.0; 2]).0[0], at));
    inside(|| mixed_partial(|[x, _]| x * third_product(|[y, _]| y * x, at, at, at).0, at, 0, 1));
    inside(|| mixed_partial(|[x, _]| x * third_derivative(|[y, _]| y * x, at, at, at, at).0, at, 0, 1));
    inside(|| mixed_partial(|[x, _]| x * third_derivative(|_: [_; 2]| Dual::constant(x), at, at, at, at).0, at, 0, 1));
    inside(|| nth_derivative::<2, _, _>(|x| taylor_ode::<2, _, _, _>(|_, [y]| [y * x], 0.0, [1.0])[0], 3.0_f64));
    inside(|| nth_derivative::<2, _, _>(|x| taylor_ode::<2, _, _, _>(|_, _: [_; 1]| [x], 0.0, [1.0])[0], 3.0_f64));
    let z = nalgebra::Complex::new(1.0, 2.0);
    inside(|| gradient(|[x, _]| x * linalg::wirtinger(|z| z.scale(x), z).0.re, at));
    inside(|| gradient(|[x, _]| x * linalg::wirtinger(|_| nalgebra::Complex::new(x, x), z).0.re, at));
    inside(|| derivative(|x| x * linalg::complex_derivative(|z| z.scale(x), z).0.re, 1.0));
    let v = nalgebra::vector![1.0, 2.0];
    inside(|| gradient(|[x, _]| x * linalg::differential(|y: nalgebra::Vector2<_>| y.map(|_| x), &v).0[0], at));
    inside(|| derivative(|x| x * reverse::weighted_hvp(|[y]| [y * x], [1.0], [1.0], [1.0]).0[0], 3.0_f64));
    inside(|| {
        derivative(|x| x * reverse::weighted_hvp(|_: [_; 1]| [Var::constant(x)], [1.0], [1.0], [1.0]).0[0], 3.0_f64)
    });
    inside(|| gradient(|[x, _]| x * reverse::weighted_hessian(|[y, _]| [y * x], at, [1.0]).0[0], at));
    inside(|| gradient(|[x, _]| x * reverse::weighted_hessian(|_: [_; 2]| [Var::constant(x)], at, [1.0]).0[0], at));
    inside(|| mixed_partial(|[x, _]| x * reverse::third_product(|[y, _]| y * x, at, at, at).0, at, 0, 1));
    inside(|| mixed_partial(|[x, _]| x * reverse::third_product(|_: [_; 2]| Var::constant(x), at, at, at).0, at, 0, 1));
    inside(|| derivative(|x| x * reverse::hvp_into(|[y]| y * x, [1.0], [1.0], &mut [0.0], &mut [0.0]), 3.0_f64));
    inside(|| {
        let inner = |x| reverse::hessian_into(|_: [_; 2]| Var::constant(x), at, &mut [0.0; 2], &mut [0.0; 4]);
        gradient(|[x, _]| x * inner(x), at)
    });
}

/// The direction of a product is an infinitesimal of its own: that of the numbers' values, or of the variables' values.
#[test]
fn inner_levels_are_watched() {
    inside(|| derivative(|x| x * hvp(|[y]| y * x, [1.0], [1.0]).0, 3.0_f64));
    inside(|| derivative(|x| x * hvp(|[_]| Dual::constant(x), [1.0], [1.0]).0, 3.0_f64));
    inside(|| derivative(|x| x * reverse::hvp(|[y]| y * x, [1.0], [1.0]).0, 3.0_f64));
    inside(|| derivative(|x| x * reverse::hvp(|[_]| Var::constant(x), [1.0], [1.0]).0, 3.0_f64));
    inside(|| gradient(|[x, _]| x * reverse::hessian(|[a, b]| a * b * x, [1.0, 2.0]).0, [3.0_f64, 4.0]));
    inside(|| gradient(|[x, _]| x * reverse::hessian(|[_, _]| Var::constant(x), [1.0, 2.0]).0, [3.0_f64, 4.0]));
    inside(|| {
        gradient(
            |[x, _]| x * reverse::gradient(|[a, b]| reverse::preaccumulate([a, b], |[a, _]| a * x), [1.0; 2]).0,
            [3.0_f64, 4.0],
        )
    });
    inside(|| {
        gradient(
            |[x, _]| x * reverse::gradient(|[a, b]| reverse::preaccumulate([a, b], |_| x), [1.0; 2]).0,
            [3.0_f64, 4.0],
        )
    });
}

/// The numbers come back without an operation.
#[test]
fn results_are_watched() {
    inside(|| derivative(|x| x * derivative(|_| x, 1.0).1, 2.0_f64));
    inside(|| derivative(|x| x * derivative(|y| (y, vec![y, x]), 1.0).1.0, 2.0_f64));
    inside(|| derivative(|x| x * derivative(|y| y.min(x), 7.0).1, 2.0_f64));
    inside(|| gradient(|[x]| x * gradient(|[_]| x, [1.0]).0, [2.0_f64]));
    inside(|| jacobian(|x| x[0] * jacobian(|y| vec![y[0], x[1]], &[1.0; 2][..]).0[1], &[3.0_f64; 2][..]));
    inside(|| jvp(|[x]| x * jvp(|_: [_; 1]| [x], [1.0], [1.0]).1[0], [2.0_f64], [1.0]));
    inside(|| second_derivative(|x| x * second_derivative(|_| x, 1.0).2, 2.0_f64));
    inside(|| nth_derivative::<3, _, _>(|x| x * nth_derivative::<3, _, _>(|_| x, 1.0).0, 2.0_f64));
    inside(|| {
        let inner = |x: Taylor<f64, 2>| directional_derivatives::<2, _, _, _>(|_: [_; 1]| x, [1.0], [1.0]).0;
        directional_derivatives::<2, _, _, _>(|[x]| x * inner(x), [2.0_f64], [1.0])
    });
    inside(|| hessian(|[x]| x * hessian(|[_]| x, [1.0]).0, [3.0_f64]));
    inside(|| mixed_partial(|[x, y]| x * mixed_partial(|_: [_; 2]| y, [1.0, 2.0], 0, 1).2, [3.0_f64, 4.0], 0, 1));
    inside(|| hessian_diagonal(|[x]| x * hessian_diagonal(|_: [_; 1]| x, [1.0]).0, [3.0_f64]));
    inside(|| laplacian(|[x]| x * laplacian(|_: [_; 1]| x, [1.0]).0, [3.0_f64]));
}

#[test]
fn functions_of_slices_and_matrices_are_watched() {
    use nalgebra::vector;

    inside(|| gradient(|x| rules::sum(&x) * gradient(|y| rules::dot(&x, &y), [1.0, 2.0]).0, [3.0_f64, 4.0]));
    inside(|| gradient(|x| x[0] * gradient(|y| rules::norm(&[y[0], x[0]]), [1.0, 2.0]).0, [3.0_f64, 4.0]));
    inside(|| gradient(|x| x[0] * gradient(|y| rules::ln_sum_exp(&[y[0], x[0]]), [1.0, 2.0]).0, [3.0_f64, 4.0]));
    inside(|| gradient(|x| x[0] * gradient(|y| [y[0], x[0]].into_iter().sum(), [1.0, 2.0]).0, [3.0_f64, 4.0]));
    let (x, y) = (vector![1.0, 2.0], vector![3.0, 4.0]);
    inside(|| linalg::jacobian(|x| linalg::jacobian(|y| y + x, &y).0.map(Dual::constant), &x));
    inside(|| linalg::jacobian(|x| linalg::jacobian(|_| x, &y).0.map(Dual::constant), &x));
    inside(|| linalg::jvp(|x| linalg::jvp(|y| y.component_mul(&x), &y, &y).0.map(Dual::constant), &x, &y));
    inside(|| linalg::jvp(|x| linalg::jvp(|_| x, &y, &y).0.map(Dual::constant), &x, &y));
}

#[test]
fn sparse_drivers_are_watched() {
    use sparse::{Order, Pattern, Plan};

    let at = [1.0, 2.0];
    let columns = Plan::columns(Pattern::full(1, 2), Order::Natural);
    let star = Plan::star(Pattern::full(2, 2), Order::Natural).unwrap();
    let outer = |f: &dyn Fn(Dual<f64, 8>) -> Dual<f64, 8>| inside(|| gradient(|x| f(x[0]), &at[..]));
    for returned in [false, true] {
        outer(&|x| {
            let f = |y: [Dual<f64, 8>; 2]| [if returned { x } else { y[0] * x }];
            sparse::jacobian_into(&columns, f, at, &mut [0.0], &mut [0.0; 2]).unwrap();
            x
        });
        outer(&|x| {
            sparse::check(&Pattern::full(1, 2), |y| [if returned { x } else { y[0] * x }], at).unwrap();
            x
        });
        outer(&|x| {
            let f = |y: [Var<Dual<f64, 8>>; 2]| if returned { Var::constant(x) } else { y[0] * x };
            sparse::hessian_into(&star, f, at, &mut [0.0; 2], &mut [0.0; 4]).unwrap();
            x
        });
        outer(&|x| {
            let f = |y: [Var<Dual<f64, 8>>; 2]| if returned { Var::constant(x) } else { y[0] * x };
            sparse::check_hessian(&Pattern::full(2, 2), f, at).unwrap();
            x
        });
    }
}

#[test]
fn numbers_of_ended_calls_are_watched() {
    let mut kept = Dual::<f64>::constant(0.0);
    derivative(|x| std::mem::replace(&mut kept, x), 2.0);
    assert_eq!(derivative(|x| x * kept.re, 3.0), (6.0, 2.0));
    let message = panics(|| derivative(|x| x * kept, 3.0));
    assert!(message.contains("one of which has ended or runs on another thread"), "{message}");
    let message = panics(|| derivative(|_| kept, 3.0));
    assert!(message.contains("returns a variable of another call, one of which has ended"), "{message}");
    // On another thread it is no other number, but the call is not known to run there.
    let crossed = |x| std::thread::spawn(move || derivative(|y| x * y, 3.0).1).join().is_err();
    derivative(|x| Dual::constant(f64::from(u8::from(crossed(x)))) * x, 2.0);
    let (_, trapped) = derivative(|x| if crossed(x) { x } else { -x }, 2.0);
    assert_eq!(trapped, 1.0);
}

/// What a driver returns to the user may be used anywhere, and so may numbers that users have made.
#[test]
fn free_numbers_are_not_trapped() {
    let series = |a: f64| taylor::<3, _, _>(|t| (t * a).exp(), 0.0);
    let product = series(1.0) * series(2.0);
    assert!(product.close_to(series(3.0), 1e-15));
    let again = taylor::<3, _, _>(|t| t * product, 0.0);
    assert_eq!(again.coeffs, [1.0, 3.0, 4.5]);
    let (y, [d, ..]) = nth_derivative::<3, _, _>(|t| product + t, 0.0);
    assert_eq!((y, d), (1.0, 4.0));
    let free = Dual::<f64>::variable(2.0, 0);
    assert_eq!(derivative(|x| x * free, 3.0), (6.0, 5.0));
    assert_eq!(derivative(|_| free, 3.0), (2.0, 1.0));
    let changed = derivative(|x| Dual { re: 5.0, ..x } * x, 3.0);
    assert_eq!(changed, (15.0, 8.0));
}

#[test]
fn right_nests_are_not_trapped() {
    let lifted = |x: Dual| derivative(|y| Dual::constant(x) * y, x).1;
    assert_eq!(derivative(|x| x * lifted(x), 4.0), (16.0, 8.0));
    assert_eq!(derivative(|x| x * derivative(|y| y * x, x).1, 4.0), (16.0, 8.0));
    let constant = |x| derivative(|y| Dual::constant(x) + y, Dual::constant(1.0)).1;
    assert_eq!(derivative(|x| x * constant(x), 1.0), (1.0, 1.0));
    // A plain inner point, and an inner function of nothing outside.
    assert_eq!(derivative(|x| x * derivative(|y| y * y, 3.0).1, 1.0), (6.0, 6.0));
    let (_, h) = jacobian(|x| gradient(|[a, b]| a * a * b, x).1, [2.0, 3.0]);
    assert_eq!(h, [[6.0, 4.0], [4.0, 0.0]]);
    let (_, h) = jacobian(|x: &[_]| gradient(|y: &[_]| y[0] * y[0] * y[1], x).1, &[2.0; 11][..]);
    assert_eq!((&h[0][..2], &h[1][..2]), (&[4.0, 4.0][..], &[4.0, 0.0][..]));
    let cube = |x: [Dual<f64, 2>; 2]| hvp(|[a, b]| a * a * a * b, x, [Dual::constant(1.0), Dual::constant(0.0)]).2;
    assert_eq!(jacobian(cube, [2.0, 5.0]).1, [[30.0, 12.0], [12.0, 0.0]]);
    let third = |x| second_derivative(|y| y.powi(5) * Dual2::constant(x), x).2;
    assert_eq!(derivative(third, 1.0), (20.0, 80.0));
    let series = |x: Taylor<f64, 2>| nth_derivative::<2, _, _>(|y| y.powi(4) / x, x).1[1];
    assert_eq!(nth_derivative::<2, _, _>(series, 2.0), (24.0, [12.0, 0.0]));
    let mixed = |x: HyperDual| laplacian(|[y]| y.powi(3), [x]).2;
    assert_eq!(mixed_partial(|[a, b]| mixed(a) * b, [2.0, 3.0], 0, 1), (36.0, [18.0, 12.0], 6.0));
    let reversed = |x: Dual<f64, 2>| reverse::gradient(|[a, b]| a * b * x, [x, Dual::constant(3.0)]).1[0];
    assert_eq!(gradient(|[x, y]| reversed(x) * y, [2.0, 5.0]), (30.0, [15.0, 6.0]));
    let (_, _, h) = reverse::hessian(|[a, b]| derivative(|t| t * t * b, a).1, [2.0, 3.0]);
    assert_eq!(h, [[0.0, 2.0], [2.0, 0.0]]);
}

/// A number whose stamp the tests can set.
trait Stamped: Real {
    const OF: fn(f64) -> Self;
    fn marked(self, stamp: u64) -> Self;
    fn stamp(self) -> u64;
    fn without_derivatives(self) -> Self;
}

macro_rules! stamped {
    ($($Number:ty, |$x:ident| $variable:expr;)*) => { $(
        impl Stamped for $Number {
            const OF: fn(f64) -> Self = |$x| $variable;

            fn marked(self, stamp: u64) -> Self {
                Self { stamp, ..self }
            }

            fn stamp(self) -> u64 {
                self.stamp
            }

            fn without_derivatives(self) -> Self {
                Self::constant(self.re)
            }
        }
    )* };
}
stamped! {
    Dual<f64, 3>, |x| Dual::new(x, [1.0, 0.0, -2.0]);
    Dual2<f64, 2>, |x| Dual2::new(x, [1.0, 0.5], [[0.0, 0.0], [2.0, 1.0]]);
    HyperDual<f64, 1, 2>, |x| HyperDual::new(x, [1.0], [0.5, 0.0], [[0.0, 3.0]]);
    Taylor<f64, 3>, |x| Taylor::new(x, [1.0, 0.0, 0.5]);
    Dual<Dual<f64>, 2>, |x| Dual::new(Dual::new(x, [1.0]), [Dual::new(0.5, [2.0]), Dual::new(1.0, [0.0])]);
    Taylor<Dual<f64>, 2>, |x| Taylor::new(Dual::new(x, [1.0]), [Dual::new(0.5, [2.0]), Dual::new(1.0, [0.0])]);
}

/// Ordinary values, and those at which other formulas are used.
const POINTS: [f64; 13] =
    [0.4, 2.5, -1.5, 0.0, -0.0, 1.0, 3.0, 900.0, 1e160, 1e-160, f64::MAX, f64::INFINITY, f64::NAN];
/// Stamps that no driver of these tests draws.
const STAMPS: [u64; 2] = [1 << 40, 1 << 41];

/// A row or an operator by its name, in one of two ways: as a method, or as a user's rule would be.
fn operation<D: Real>(way: usize, name: &str, x: &[D]) -> Option<D> {
    match (name, x) {
        ("add", &[x, y]) => Some(x + y),
        ("sub", &[x, y]) => Some(x - y),
        ("mul", &[x, y]) => Some(x * y),
        ("div", &[x, y]) => Some(x / y),
        _ if way == 0 => by_name::by_method(name, x, 3.0),
        _ => by_name::by_table(name, x, 3.0),
    }
}

/// The result of an operation on a number with a stamp has this stamp if it has derivatives. With two different stamps the
/// operation panics, or its result has one of them and is that of the number with this stamp and a constant.
fn operations_join<D: Stamped>(way: usize) {
    let keeps = |y: D, stamp: u64, name: &str| {
        assert!(y.stamp() == stamp || y.same(y.without_derivatives()), "{name} loses the stamp: {y}");
    };
    let ([a, b], mut trapped, mut count) = (STAMPS, 0, 0);
    for name in ROWS.concat().into_iter().chain(["add", "sub", "mul", "div"]) {
        // Special functions of integrals take long, and use the same few ways to make a number.
        if matches!(name, "gamma_p" | "gamma_q" | "beta_inc") || name.starts_with("bessel_") {
            continue;
        }
        let special = ROWS[1..ROWS.len() - 1].concat().contains(&name);
        let points = if special { &POINTS[..7] } else { &POINTS[..] };
        for x in points.iter().map(|&x| D::OF(x)) {
            let c = x.without_derivatives();
            if let Some(y) = operation(way, name, &[x.marked(a)]) {
                keeps(y, a, name);
                count += 1;
            }
            for i in 0..3 {
                let mut numbers = [c, D::lit(0.5), D::lit(1.5)];
                numbers[i] = x.marked(a);
                if let Some(y) = operation(way, name, &numbers) {
                    keeps(y, a, name);
                    count += 1;
                }
            }
            for y in points.iter().map(|&y| D::OF(y)) {
                let both = [[x.marked(a), y.without_derivatives()], [c, y.marked(b)]].map(|x| operation(way, name, &x));
                let [Some(first), Some(second)] = both else { continue };
                keeps(first, a, name);
                keeps(second, b, name);
                count += 1;
                let mixed = || operation(way, name, &[x.marked(a), y.marked(b)]).unwrap();
                match catch_unwind(AssertUnwindSafe(mixed)) {
                    Err(_) => trapped += 1,
                    Ok(z) if z.stamp() == a => assert!(z.same(first), "{name} of {x} and {y}: {z}"),
                    Ok(z) if z.stamp() == b => assert!(z.same(second), "{name} of {x} and {y}: {z}"),
                    Ok(z) => assert!(z.stamp() == 0 && z.same(z.without_derivatives()), "{name} of {x} and {y}: {z}"),
                }
            }
        }
    }
    assert!(trapped > 1000 && count > 1800, "{trapped} of {count}");
}

#[test]
fn every_operation_joins_stamps() {
    // The traps are expected, and there are thousands of them.
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic
            .payload()
            .downcast_ref::<String>()
            .is_some_and(|message| message.starts_with("perturbation confusion"))
        {
            print(panic);
        }
    }));
    for way in 0..2 {
        operations_join::<Dual<f64, 3>>(way);
        operations_join::<Dual2<f64, 2>>(way);
        operations_join::<HyperDual<f64, 1, 2>>(way);
        operations_join::<Taylor<f64, 3>>(way);
        operations_join::<Dual<Dual<f64>, 2>>(way);
        operations_join::<Taylor<Dual<f64>, 2>>(way);
    }
}
