//! The feature `trace`: every operation is a node with its name, place and value.

use nilpotent::num_traits::Float;
use nilpotent::reverse::{self, record};
use nilpotent::rules::{self, Chain};
use nilpotent::{Real, Var};

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
