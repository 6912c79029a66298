//! The feature `trace`: every operation is a node with its name, place and value.

use nilpotent::external::Function;
use nilpotent::num_traits::Float;
use nilpotent::reverse::{self, record};
use nilpotent::rules::{self, Chain};
use nilpotent::{Operation, Real, Var, gradient};

fn names(recording: &reverse::Recording) -> Vec<&'static str> {
    recording.operations().iter().map(|operation| operation.name).collect()
}

#[test]
fn names_places_and_values() {
    let line = line!() + 1;
    let (y, recording) = record(|[a, b]: [Var; 2]| -(a.sin() * b + 2.0), [0.5, 3.0]);
    let value = 0.5_f64.sin();
    let expected = [("sin", value), ("mul", 3.0 * value), ("add", 3.0 * value + 2.0), ("neg", y.re)];
    let found: Vec<_> = recording.operations().iter().map(|operation| (operation.name, operation.value)).collect();
    assert_eq!(found, expected);
    assert!(recording.operations().iter().all(|op| op.place.file() == file!() && op.place.line() == line));
    let first = recording.operations()[0];
    assert_eq!(first.to_string(), format!("sin = {value} at {}:{line}:{}", file!(), first.place.column()));
    let adjoints = recording.adjoints(&[(y, 1.0)]);
    assert_eq!(adjoints.inputs(), [-3.0 * 0.5_f64.cos(), -value]);
}

/// The name is that of the method that the user calls, by whichever trait, not that of a method which it calls.
#[test]
fn outermost_names() {
    fn generic<T: Float>(x: T) -> T {
        x.tanh().powi(3).hypot(x)
    }
    assert_eq!(names(&record(|[a]| generic::<Var>(a), [0.5]).1), ["tanh", "powi", "hypot"]);
    let (_, recording) = record(|[a, b]: [Var; 2]| (a % b).max(b).mul_add(a, b).clamp(0.0, 1.0), [5.0, 3.0]);
    assert!(names(&recording).iter().all(|name| ["rem", "max", "mul_add", "clamp"].contains(name)), "{recording:?}");
    assert_eq!(names(&record(|x| rules::sum(x), &[1.0, 2.0, 3.0][..]).1), ["sum"; 2]);
    assert_eq!(names(&record(|[a]: [Var; 1]| a.chain(1.0, 2.0, || 0.0), [1.0]).1), ["chain"]);
    let twice = |x: &[Var]| x[0] * x[0];
    assert_eq!(names(&record(|[a]: [Var; 1]| reverse::checkpoint(twice, &[a]), [1.0]).1), ["checkpoint"]);
}

#[test]
fn the_first_nan() {
    let (_, recording) = record(|[a, b]: [Var; 2]| (a - b).sqrt() * b + b.ln(), [1.0, 2.0]);
    let first = recording.first_nan().expect("sqrt of -1");
    assert!(first.name == "sqrt" && first.value.is_nan(), "{first}");
    // The value is finite, but the slope is not.
    let (_, recording) = record(|[a]: [Var; 1]| a.chain(1.0, f64::NAN, || 0.0) + a, [1.0]);
    assert_eq!(recording.first_nan().map(|operation| operation.name), Some("chain"));
    assert_eq!(record(|[a, b]: [Var; 2]| a / b, [1.0, 0.0]).1.first_nan(), None);
}

/// The operation's name, and its line counted from `line`.
fn place(operation: Option<Operation>, line: u32) -> Option<(&'static str, u32)> {
    operation.map(|operation| (operation.name, operation.place.line() - line))
}

/// Values and slopes are no NaN, and adjoints are.
#[test]
fn the_first_nan_on_the_way_back() {
    let line = line!() + 1;
    let (y, recording) = record(
        |[a, b]: [Var; 2]| {
            let u = a * b;
            let root = u.sqrt() * b;
            let other = (-u).sqrt();
            root + other
        },
        [0.0, 2.0],
    );
    assert_eq!((y.re, recording.first_nan()), (0.0, None));
    let seeds = [(y, 1.0)];
    // On the way back the second root makes an infinite adjoint, and u gets -∞ from it. From the first root it gets ∞.
    assert_eq!(place(recording.first_infinite_adjoint(&seeds), line), Some(("sqrt", 4)));
    assert_eq!(place(recording.first_nan_adjoint(&seeds), line), Some(("sqrt", 3)));
    assert!(recording.adjoints(&seeds).inputs()[0].is_nan());
    // Each root alone is only infinite, and an unused one is nothing.
    let (y, recording) = record(|[a]: [Var; 1]| [a.sqrt(), a * 2.0, a.ln()], [0.0]);
    assert_eq!(recording.first_nan_adjoint(&[(y[0], 1.0)]), None);
    assert_eq!(recording.first_infinite_adjoint(&[(y[0], 1.0)]).map(|o| o.name), Some("sqrt"));
    assert_eq!(recording.first_infinite_adjoint(&[(y[1], 1.0)]), None);
    // A product of finite slopes that overflows, a seed that is NaN, and an input as output.
    let (y, recording) = record(|[a]: [Var; 1]| [a * 1e100 * 1e200 * 1e200, a], [1e-200]);
    let values: Vec<f64> = recording.operations().iter().map(|operation| operation.value).collect();
    let first = recording.first_infinite_adjoint(&[(y[0], 1.0)]).expect("1e200·1e200");
    assert_eq!((first.name, first.value, values.len()), ("mul", values[1], 3));
    assert_eq!(recording.first_nan_adjoint(&[(y[0], f64::NAN)]).map(|o| o.value), Some(values[2]));
    assert_eq!(recording.first_nan_adjoint(&[(y[1], f64::NAN)]), None);
}

/// Runs, joined records, functions from outside, checkpoints and hooks, back and forward.
#[test]
fn the_first_nan_of_many_operands() {
    let point = [1.0; 20];
    let with = |slope: f64| {
        record(
            move |x: [Var; 20]| rules::weighted_sum(x.iter().map(|&x| (1.0, x))) * x[3].chain(1.0, slope, || 0.0),
            point,
        )
    };
    let (y, recording) = with(2.0);
    assert_eq!((recording.first_nan_adjoint(&[(y, 1.0)]), recording.first_nan_tangent(&[1.0; 20])), (None, None));
    let (y, recording) = with(f64::NAN);
    assert_eq!(recording.first_nan_adjoint(&[(y, 1.0)]).map(|o| o.name), Some("chain"));
    assert_eq!(recording.first_nan_tangent(&[1.0; 20]).map(|o| o.name), Some("chain"));
    // Along a direction that does not meet it there is none.
    assert_eq!(recording.first_nan_tangent(&std::array::from_fn::<_, 20, _>(|i| if i == 3 { 0.0 } else { 1.0 })), None);
    // Two infinite slopes in one sum, which is many joined records, or one run.
    let slopes = |i: usize| {
        if i == 7 {
            f64::INFINITY
        } else if i == 9 {
            f64::NEG_INFINITY
        } else {
            1.0
        }
    };
    let (y, recording) = record(
        |[a]: [Var; 1]| {
            let x: Vec<Var> = (0..20).map(|i| a * (f64::from(i) + 1.0)).collect();
            let terms: Vec<_> = x.into_iter().enumerate().map(|(i, x)| x.chain(0.0, slopes(i), || 0.0)).collect();
            rules::sum(&terms)
        },
        [0.0],
    );
    assert_eq!(recording.first_nan_tangent(&[1.0]).map(|o| o.name), Some("sum"));
    assert_eq!(recording.first_infinite_tangent(&[1.0]).map(|o| o.name), Some("chain"));
    assert_eq!(recording.first_infinite_adjoint(&[(y, 1.0)]).map(|o| o.name), Some("chain"));
    assert_eq!(recording.first_nan_adjoint(&[(y, 1.0)]).map(|o| o.name), Some("mul"));

    let bad = Function::new("table", 2, 2, |x, y| y.copy_from_slice(x)).vjp(|_, w, y| {
        y[0] = w[0];
        y[1] = if w[1] == 0.0 { 0.0 } else { f64::NAN };
    });
    let line = line!() + 1;
    let f = |[a, b]: [Var; 2]| {
        let y = bad.call(&[a * b, b]).expect("given");
        let z = reverse::checkpoint(|x| x[0] * x[0], &[reverse::hook(y[0], |adjoint: f64| adjoint)]);
        [z * 2.0, y[1] + a]
    };
    let (y, recording) = record(f, [1.0, 2.0]);
    assert_eq!(recording.adjoints(&[(y[0], 1.0)]).inputs(), [16.0, 8.0]);
    assert_eq!(recording.first_nan_adjoint(&[(y[0], 1.0)]), None);
    assert_eq!(place(recording.first_nan_adjoint(&[(y[1], 1.0)]), line), Some(("table", 1)));
    assert_eq!(place(recording.first_nan_tangent(&[0.0, 1.0]), line), Some(("table", 1)));
    let names = ["mul", "table", "table", "hook", "checkpoint", "mul", "add"];
    assert_eq!(self::names(&recording), names);
    let infinite = |x: &[Var]| x[0].sqrt();
    let (y, recording) = record(|[a]: [Var; 1]| reverse::checkpoint(infinite, &[a * 2.0]) + a, [0.0]);
    assert_eq!(recording.first_infinite_adjoint(&[(y, 1.0)]).map(|o| o.name), Some("checkpoint"));
    assert_eq!(recording.first_infinite_tangent(&[1.0]).map(|o| o.name), Some("checkpoint"));
}

/// A NaN of dual numbers is found by a recording of the same generic function.
#[test]
fn the_first_nan_of_forward_mode() {
    fn f<T: Real>([a, b]: [T; 2]) -> T {
        let root = (a * b).sqrt();
        let square = root * root;
        square + a.exp()
    }
    let line = line!() - 4;
    let point = [0.0, 2.0];
    let (y, dy) = gradient(f, point);
    assert!(y == 1.0 && dy[0].is_nan() && dy[1] == 0.0, "{dy:?}");
    let (_, recording) = record(f::<Var>, point);
    assert_eq!(recording.first_nan(), None);
    assert_eq!(place(recording.first_infinite_tangent(&[1.0, 0.0]), line), Some(("sqrt", 0)));
    assert_eq!(place(recording.first_nan_tangent(&[1.0, 0.0]), line), Some(("mul", 1)));
    // The partial along b stays 0.
    assert_eq!(recording.first_infinite_tangent(&[0.0, 1.0]), None);
}

#[test]
#[should_panic(expected = "a direction of 3 components at a recording of 2 inputs")]
fn directions_of_another_length() {
    record(|[a, b]: [Var; 2]| a * b, [0.0, 3.0]).1.first_nan_tangent(&[1.0; 3]);
}

#[test]
fn pictures() {
    let line = line!() + 1;
    let dot = record(|[a, b]: [Var; 2]| a.sin() * b, [0.0, 3.0]).1.to_dot();
    let place = format!("{}:{line}", file!());
    let expected = format!(
        "digraph {{\n  0 [shape=box, label=\"x0\"];\n  1 [shape=box, label=\"x1\"];\n  \
         2 [label=\"sin\\n0\\n{place}\"];\n  0 -> 2 [label=\"1\"];\n  \
         3 [label=\"mul\\n0\\n{place}\"];\n  2 -> 3 [label=\"3\"];\n  1 -> 3 [label=\"0\"];\n}}\n"
    );
    assert_eq!(dot, expected);
}

/// Derivatives are the same with and without the feature.
#[test]
fn gradients() {
    fn f<T: Real>(x: &[T]) -> T {
        x.windows(2).map(|w| (w[1] - w[0] * w[0]).powi(2) * T::lit(100.0) + (T::one() - w[0])).sum()
    }
    let (y, dy) = reverse::gradient(f::<Var>, &[0.5, 0.25, 1.0][..]);
    assert_eq!((y, dy), (0.0 + 0.5 + 100.0 * 0.9375 * 0.9375 + 0.75, vec![-1.0, -1.0 - 93.75, 187.5]));
}

/// Every method of nalgebra's numbers, called by code that knows only its traits: the place is that of the call, and
/// the name is that of the method.
#[cfg(feature = "nalgebra")]
#[test]
fn places_through_nalgebra() {
    use nalgebra::{ComplexField, RealField};

    type Method<T> = (&'static str, fn(T, T) -> T);

    fn methods<T: RealField + Copy>() -> Vec<Method<T>> {
        macro_rules! list {
            (|$x:ident, $y:ident| $($Trait:ident: $($name:ident($($arg:expr),*) $(.$part:tt)?),*;)*) => {
                vec![$($((stringify!($name), |$x, $y| {
                    let _ = $y;
                    <T as $Trait>::$name($x $(, $arg)*)$(.$part)?
                })),*),*]
            };
        }
        let mut methods: Vec<Method<T>> = list! { |x, y|
            ComplexField: modulus(), modulus_squared(), norm1(), scale(y), unscale(y), to_polar().0, to_exp().0, signum(), floor(),
            ceil(), round(), trunc(), fract(), mul_add(y, x), abs(), hypot(y), recip(), sin(), cos(), sin_cos().0,
            sin_cos().1, sinh_cosh().0, sinh_cosh().1, tan(), asin(), acos(), atan(), sinh(), cosh(), tanh(), asinh(),
            acosh(), atanh(), sinc(), sinhc(), cosc(), coshc(), log(y), log2(), log10(), ln(), ln_1p(), sqrt(), exp(),
            exp2(), exp_m1(), powi(3), powf(y), powc(y), cbrt();
            RealField: copysign(y), max(y), min(y), clamp(y, y), atan2(y);
        };
        methods.push(("try_sqrt", |x, _| x.try_sqrt().unwrap_or(x)));
        // These methods compute nothing.
        methods.push(("", |x, y| {
            assert!(x.is_finite() && y.is_sign_positive() && !y.is_sign_negative());
            assert!(x.imaginary().is_zero() && (x.argument().is_zero() || x < T::zero()));
            assert!(T::min_value() < Some(x) && T::max_value() > Some(x));
            T::from_real(x.real().conjugate())
        }));
        methods
    }

    let mut silent = vec![];
    for (name, method) in methods::<Var>() {
        // At one of the two points `to_exp` and `try_sqrt` compute nothing.
        let recordings = [0.5, -0.5].map(|x| record(|[x, y]: [Var; 2]| method(x, y), [x, 0.25]).1);
        let operations: Vec<_> = recordings.iter().flat_map(|recording| recording.operations()).collect();
        assert!(operations.iter().all(|op| op.name == name && op.place.file() == file!()), "{name}: {operations:?}");
        if operations.is_empty() {
            silent.push(name);
        }
    }
    // Step functions are constants, and choices return an operand.
    assert_eq!(silent, ["signum", "floor", "ceil", "round", "trunc", "max", "min", "clamp", ""]);
}
