//! Functions from outside, against the same function by operations and against closed forms; hooks.

use nilpotent::external::Function;

use nilpotent::num_traits::NumCast;
use nilpotent::{Dual, Dual2, Dual64, Error, HyperDual, Real, Taylor, Var, gradient, hessian, reverse, try_gradient};
use std::array::from_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const N: usize = 3;
const M: usize = 5;

/// The coefficients aₖᵢ and bₖᵢ of `Fₖ = sin(aₖ·x)·(bₖ·x)`.
fn coefficients(k: usize) -> [[f64; N]; 2] {
    let entry = |i: usize, s: f64| ((1 + k * N + i) as f64 * s).sin();
    [from_fn(|i| entry(i, 0.7)), from_fn(|i| entry(i, 1.9))]
}

/// The function by operations.
fn plain<T: Real>(x: &[T]) -> [T; M] {
    from_fn(|k| {
        let [a, b] = coefficients(k).map(|c| (0..N).map(|i| x[i] * T::lit(c[i])).sum::<T>());
        a.sin() * b
    })
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `∂Fₖ/∂xᵢ = cos(aₖ·x)·(bₖ·x)·aₖᵢ + sin(aₖ·x)·bₖᵢ`
fn slope(x: &[f64], k: usize, i: usize) -> f64 {
    let [a, b] = coefficients(k);
    dot(&a, x).cos() * dot(&b, x) * a[i] + dot(&a, x).sin() * b[i]
}

/// `∂²Fₖ/∂xᵢ∂xⱼ = -sin(aₖ·x)·(bₖ·x)·aₖᵢaₖⱼ + cos(aₖ·x)·(aₖᵢbₖⱼ + bₖᵢaₖⱼ)`
fn second_slope(x: &[f64], k: usize, i: usize, j: usize) -> f64 {
    let [a, b] = coefficients(k);
    dot(&a, x).cos() * (a[i] * b[j] + b[i] * a[j]) - dot(&a, x).sin() * dot(&b, x) * a[i] * a[j]
}

fn value(x: &[f64], y: &mut [f64]) {
    y.copy_from_slice(&plain(x));
}

fn jvp(x: &[f64], v: &[f64], y: &mut [f64]) {
    y.iter_mut().enumerate().for_each(|(k, y)| *y = (0..N).map(|i| slope(x, k, i) * v[i]).sum());
}

fn vjp(x: &[f64], w: &[f64], y: &mut [f64]) {
    y.iter_mut().enumerate().for_each(|(i, y)| *y = (0..M).map(|k| slope(x, k, i) * w[k]).sum());
}

fn hvp(x: &[f64], w: &[f64], v: &[f64], y: &mut [f64]) {
    for (i, y) in y.iter_mut().enumerate() {
        let term = |k: usize, j: usize| w[k] * second_slope(x, k, i, j) * v[j];
        *y = (0..M).flat_map(|k| (0..N).map(move |j| (k, j))).map(|(k, j)| term(k, j)).sum();
    }
}

fn second(x: &[f64], u: &[f64], v: &[f64], y: &mut [f64]) {
    for (k, y) in y.iter_mut().enumerate() {
        let term = |i: usize, j: usize| second_slope(x, k, i, j) * u[i] * v[j];
        *y = (0..N).flat_map(|i| (0..N).map(move |j| (i, j))).map(|(i, j)| term(i, j)).sum();
    }
}

fn jacobian(x: &[f64], j: &mut [f64]) {
    j.iter_mut().enumerate().for_each(|(at, j)| *j = slope(x, at / N, at % N));
}

fn bare() -> Function {
    Function::new("waves", N, M, value)
}

/// All ways in which the derivatives can be given that suffice for first and second order.
fn complete() -> [Function; 3] {
    [
        bare().jvp(jvp).vjp(vjp).hvp(hvp),
        bare().jacobian(jacobian).hvp(hvp),
        bare().jacobian(jacobian).second(second).hvp(hvp),
    ]
}

/// Some number for each place.
fn part(place: usize) -> f64 {
    (place as f64 * 2.3 + 0.4).cos()
}

fn same<D: Real>(found: &[D], expected: &[D], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (f, e) in found.iter().zip(expected) {
        let tolerance = NumCast::from(tolerance).expect("a float");
        assert!(f.close_to(*e, tolerance), "{f:?}, expected {e:?}");
    }
}

/// Every number of forward mode, with derivatives in all its parts.
#[test]
fn all_numbers_of_forward_mode() {
    fn check<D: Real>(number: impl Fn(usize) -> D, tolerance: f64) {
        let x: [D; N] = from_fn(|i| number(100 * i));
        complete().iter().for_each(|f| same(&f.call(&x).expect("given"), &plain(&x), tolerance));
    }
    fn dual<const K: usize>(p: usize) -> Dual<f64, K> {
        Dual::new(part(p), from_fn(|i| part(p + i + 1)))
    }
    check(part, 0.0);
    check(|p| part(p) as f32, 1e-6);
    check(dual::<1>, 1e-13);
    check(dual::<4>, 1e-13);
    check(|p| Dual::<f32, 2>::new(part(p) as f32, from_fn(|i| part(p + i + 1) as f32)), 1e-5);
    check(|p| Taylor::<f64, 1>::new(part(p), [part(p + 1)]), 1e-13);
    check(|p| Taylor::<f64, 2>::new(part(p), [part(p + 1), part(p + 2)]), 1e-13);
    check(
        |p| {
            // Of the Hessian only the lower triangle is used.
            let hessian = from_fn(|i| from_fn(|j| part(p + 9 + 4 * i.max(j) + i.min(j))));
            Dual2::<f64, 3>::new(part(p), from_fn(|i| part(p + i + 1)), hessian)
        },
        1e-13,
    );
    check(
        |p| {
            let both = from_fn(|i| from_fn(|j| part(p + 20 + 5 * i + j)));
            HyperDual::<f64, 2, 3>::new(part(p), from_fn(|i| part(p + i + 1)), from_fn(|i| part(p + i + 9)), both)
        },
        1e-13,
    );
    check(|p| Dual::<Dual<f64, 2>, 3>::new(dual(p), from_fn(|i| dual(p + 7 * i + 7))), 1e-13);
    check(
        |p| Dual::<Taylor<f64, 1>>::new(Taylor::new(part(p), [part(p + 1)]), [Taylor::new(part(p + 2), [0.0])]),
        1e-13,
    );
    // Only `second`, for forward mode alone.
    let x: [Dual2<f64, 2>; N] = from_fn(|i| Dual2::new(part(i), from_fn(|j| part(i + j)), [[part(7 * i); 2]; 2]));
    let f = bare().jvp(jvp).second(second);
    same(&f.call(&x).expect("given"), &plain(&x), 1e-13);
}

const POINT: [f64; N] = [0.3, -0.8, 1.1];

/// A function of the outputs that is not linear, with the inputs once more.
fn around<T: Real>(x: &[T], y: &[T]) -> T {
    y.iter().zip(x.iter().cycle()).map(|(&y, &x)| y * y * x + y).sum()
}

#[test]
fn reverse_mode() {
    for f in complete() {
        let call = |x: [Var; N]| around(&x.map(|x| x * x), &f.call(&x.map(|x| x * x)).expect("given"));
        let expected = reverse::gradient(|x: [Var; N]| around(&x.map(|x| x * x), &plain(&x.map(|x| x * x))), POINT);
        let (y, dy) = reverse::gradient(call, POINT);
        assert_eq!(y, expected.0);
        same(&dy, &expected.1, 1e-13);
        // Five matrix rows in two sweeps, against the closed form; and one weight at a time.
        let (y, j) = reverse::try_jacobian(|x: [Var; N]| f.call(&x), POINT).expect("given");
        assert_eq!(y, plain(&POINT));
        let (_, pullback) = reverse::try_vjp(|x: [Var; N]| f.call(&x), POINT).expect("given");
        for (k, row) in j.iter().enumerate() {
            same(row, &from_fn::<_, N, _>(|i| slope(&POINT, k, i)), 1e-14);
            let weights = (0..M).map(|l| if k == l { 1.0 } else { 0.0 }).collect();
            same(&pullback.call(weights), row, 1e-15);
        }
        // Some inputs are constants, and all.
        let (_, [d]) =
            reverse::gradient(|[x]: [Var; 1]| f.call(&[x, 2.0.into(), 3.0.into()]).expect("given")[1], [0.5]);
        assert!((d - slope(&[0.5, 2.0, 3.0], 1, 0)).abs() < 1e-14);
        assert!(f.call(&POINT.map(Var::constant)).expect("given")[2].same(Var::constant(plain(&POINT)[2])));
    }
}

#[test]
fn nests_with_reverse_mode() {
    for f in complete() {
        let (v, at) = ([0.7, -0.2, 0.4], POINT);
        let expected = hessian(|x: [Dual2<f64, N>; N]| around(&x, &plain(&x)), at);
        // Var<Dual>
        let found = reverse::hessian(|x: [_; N]| around(&x, &f.call(&x).expect("given")), at);
        assert_eq!(found.0, expected.0);
        same(&found.1, &expected.1, 1e-13);
        same(found.2.as_flattened(), expected.2.as_flattened(), 1e-13);
        let product: [f64; N] = from_fn(|i| dot(&expected.2[i], &v));
        let (_, _, hv) = reverse::hvp(|x: [_; N]| around(&x, &f.call(&x).expect("given")), at, v);
        same(&hv, &product, 1e-13);
        // Dual<Var>: a gradient of a directional derivative.
        let along = |x: [Var; N]| {
            let x: [Dual<Var>; N] = from_fn(|i| Dual::new(x[i], [Var::constant(v[i])]));
            around(&x, &f.call(&x).expect("given")).eps[0]
        };
        same(&reverse::gradient(along, at).1, &product, 1e-13);
        // Var<Var>: a gradient of a gradient.
        let twice = |x: [Var; N]| {
            let (_, dy) = reverse::gradient(|x: [Var<Var>; N]| around(&x, &f.call(&x).expect("given")), x);
            dy.iter().zip(v).map(|(&dy, v)| dy * v).sum::<Var>()
        };
        same(&reverse::gradient(twice, at).1, &product, 1e-13);
        // A second derivative in the adjoints of a function whose direction is a variable as well.
        let direction = |[s]: [Var; 1]| {
            let x: [Dual<Var>; N] = from_fn(|i| Dual::new(Var::constant(at[i]), [s * s * v[i]]));
            f.call(&x).expect("given")[3].eps[0]
        };
        let expected = 2.0 * 1.5 * (0..N).map(|i| slope(&at, 3, i) * v[i]).sum::<f64>();
        assert!((reverse::gradient(direction, [1.5]).1[0] - expected).abs() < 1e-13);
        // Weights that are variables: s·F₁ by a reverse gradient inside.
        let weighted = |[s]: [Var; 1]| {
            let (_, dy) = reverse::gradient(
                |x: [Var<Var>; N]| f.call(&x).expect("given")[1] * Var::constant(s * s),
                at.map(Var::constant),
            );
            dy[2]
        };
        assert!((reverse::gradient(weighted, [1.5]).1[0] - 3.0 * slope(&at, 1, 2)).abs() < 1e-13);
    }
}

fn missing(order: u32, given_by: &'static str) -> Error {
    Error::MissingDerivative { function: "waves", order, given_by }
}

/// What is missing is an error by the type of the number, before anything is called.
#[test]
fn missing_derivatives() {
    fn error<D: Real>(f: &Function) -> Result<(), Error> {
        f.call(&[D::one(); N]).map(|_| ())
    }
    fn called() {
        panic!("called")
    }
    let never = Function::new("waves", N, M, |_, _| called());
    let first = never.clone().jacobian(|_, _| called());
    let forward = never.clone().jvp(|_, _, _| called());
    let backward = never.clone().vjp(|_, _, _| called());
    let second = first.clone().second(|_, _, _, _| called());
    let all = first.clone().hvp(|_, _, _, _| called());
    let (jvp, vjp, hvp, either) = ("`jvp` or `jacobian`", "`vjp` or `jacobian`", "`hvp`", "`second` or `hvp`");
    assert_eq!(error::<Dual>(&never), Err(missing(1, jvp)));
    assert_eq!(error::<Dual>(&backward), Err(missing(1, jvp)));
    assert_eq!(error::<Dual2>(&never), Err(missing(1, jvp)));
    assert_eq!(error::<Var>(&forward), Err(missing(1, vjp)));
    for (f, error) in [
        (&first, error::<Dual2> as fn(&_) -> _),
        (&first, error::<HyperDual>),
        (&first, error::<Taylor<f64, 2>>),
        (&first, error::<Dual<Dual>>),
    ] {
        assert_eq!(error(f), Err(missing(2, either)));
    }
    for error in [error::<Var<Dual>> as fn(&_) -> _, error::<Dual<Var>>, error::<Var<Var>>] {
        assert_eq!([error(&first), error(&second)], [Err(missing(2, hvp)); 2]);
    }
    let third = [
        error::<Taylor<f64, 3>>,
        error::<Dual<Dual2>>,
        error::<Dual<Dual<Dual>>>,
        error::<Var<Dual2>>,
        error::<Dual2<Var>>,
        error::<Var<Var<Var>>>,
    ];
    assert!(third.iter().all(|error| error(&all) == Err(missing(3, ""))));
    assert_eq!(
        [missing(1, jvp), missing(2, hvp), missing(3, "")].map(|error| error.to_string()),
        [
            "first derivatives of the external function `waves` are missing: it has no `jvp` or `jacobian`",
            "second derivatives of the external function `waves` are missing: it has no `hvp`",
            "third derivatives of the external function `waves` are missing: it can have first and second ones",
        ]
    );
}

#[test]
fn wrong_lengths_failures_and_nan() {
    let f = &complete()[0];
    let wrong = Error::WrongLength { what: "inputs of the external function", expected: 3, found: 2 };
    assert_eq!(f.call(&[1.0, 2.0]), Err(wrong));
    assert_eq!((f.inputs(), f.outputs()), (3, 5));
    let debug = "external function `waves` of 3 inputs and 5 outputs";
    assert_eq!(format!("{f:?}"), debug);

    let fails = Function::new("solver", 1, 2, |x, y| {
        y.fill(x[0]);
        if x[0] > 0.0 { Ok(()) } else { Err("no solution") }
    })
    .jvp(|_, _, _| Err("singular"))
    .vjp(|_, _, _| Err("singular"));
    let failed = |part, reason| Error::ExternalFailed { function: "solver", part, reason };
    assert_eq!(fails.call(&[-1.0]), Err(failed("F(x)", "no solution")));
    assert_eq!(try_gradient(|x| fails.call(&x).map(|y| y[0]), [1.0]), Err(failed("J·v", "singular")));
    let text = "the external function `solver` failed to compute J·v: singular";
    assert_eq!(failed("J·v", "singular").to_string(), text);

    // An entry that is not written, and one that is NaN.
    let nan = |part, index| Error::ExternalNan { function: "holes", part, index };
    let holes = Function::new("holes", 2, 3, |x, y| (y[0], y[1]) = (x[0], (x[1] - 2.0).sqrt()));
    assert_eq!(holes.call(&[1.0, 3.0]), Err(nan("F(x)", 2)));
    assert_eq!(holes.call(&[1.0, 1.0]), Err(nan("F(x)", 1)));
    let text = "entry 2 of F(x) of the external function `holes` is NaN, or was not written";
    assert_eq!(nan("F(x)", 2).to_string(), text);
    let holes = Function::new("holes", 2, 2, |x, y| y.copy_from_slice(x)).jvp(|_, _, y| y[0] = 1.0);
    assert_eq!(holes.call(&[Dual64::<1>::variable(1.0, 0), Dual64::constant(2.0)]).unwrap_err(), nan("J·v", 1));
    // Without `second`, `hvp` is called for one output after another; the second call leaves out an entry.
    let holes = Function::new("holes", 2, 2, |x, y| y.fill(x[0] * x[1]))
        .jacobian(|x, j| j.copy_from_slice(&[x[1], x[0], x[1], x[0]]))
        .hvp(|_, w, v, y| {
            y[0] = v[1];
            if w[0] != 0.0 {
                y[1] = v[0];
            }
        });
    let second = nilpotent::try_hessian(|x: [_; 2]| holes.call(&x).map(|y| y[0]), [1.0, 2.0]);
    assert_eq!(second.unwrap_err(), nan("D²F[u, v]", 1));
    // A NaN that comes from outside passes through.
    let copy = Function::new("copy", 2, 2, |x, y| y.copy_from_slice(x));
    assert!(copy.call(&[1.0, f64::NAN]).expect("no error")[1].is_nan());
}

/// A zero partial stays zero, whatever the slope is, and a function without a derivative there is not called for it.
#[test]
fn zero_derivatives() {
    let root = Function::new("root", 2, 1, |x, y| y[0] = x[0].sqrt() + x[1]).jacobian(|x, j| {
        j.copy_from_slice(&[0.5 / x[0].sqrt(), 1.0]);
    });
    let x = [Dual::<f64, 2>::new(0.0, [0.0, 0.0]), Dual::new(3.0, [0.0, 2.0])];
    assert_eq!(root.call(&x).expect("given")[0].eps, [0.0, 2.0]);
    let (y, dy) = reverse::gradient(|x: [Var; 2]| root.call(&x).expect("given")[0] * 0.0 + x[1], [0.0, 3.0]);
    assert_eq!((y, dy), (3.0, [0.0, 1.0]));
    // An adjoint that is 0 calls nothing; a NaN in the sweep stays one.
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let bad = Function::new("bad", 1, 2, |x, y| y.fill(x[0])).vjp(move |_, _, y| {
        counted.fetch_add(1, Ordering::Relaxed);
        y[0] = f64::NAN;
    });
    let (_, j) = reverse::jacobian(|[x]: [Var; 1]| [x, bad.call(&[x]).expect("given")[1]], [1.0]);
    assert!(j[0] == [1.0] && j[1][0].is_nan() && calls.load(Ordering::Relaxed) == 1, "{j:?}");
}

#[test]
fn panics_leave_the_tape_usable() {
    let message = |f: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(f)).expect_err("a panic");
        panic.downcast_ref::<String>().cloned().or(panic.downcast_ref::<&str>().map(|s| (*s).to_owned())).expect("text")
    };
    let f = Function::new("f", 1, 1, |x, y| {
        assert!(x[0] > 0.0, "outside");
        y[0] = x[0];
    })
    .vjp(|x, w, y| {
        assert!(x[0] > 1.0, "behind");
        y[0] = w[0];
    });
    let fails = Function::new("solver", 1, 1, |x, y| y[0] = x[0]).vjp(|_, _, _| Err("singular"));
    let gradient =
        |f: &Function, x: f64| reverse::gradient(|[x, y]: [Var; 2]| f.call(&[x * y]).expect("given")[0] * y, [x, 1.0]);
    for _ in 0..3 {
        assert_eq!(message(&|| _ = gradient(&f, -1.0)), "outside");
        assert_eq!(message(&|| _ = gradient(&f, 0.5)), "behind");
        let text = "in the sweep the external function `solver` failed to compute wᵀJ: singular";
        assert_eq!(message(&|| _ = gradient(&fails, 0.5)), text);
        assert_eq!(gradient(&f, 2.0), (2.0, [1.0, 4.0]));
    }
    // A closure may record itself.
    let inner = Function::new("inner", 1, 1, |x, y| y[0] = x[0].powi(3)).vjp(|x, w, y| {
        y[0] = w[0] * reverse::gradient(|[x]: [Var; 1]| x * x * x, [x[0]]).1[0];
    });
    assert_eq!(gradient(&inner, 2.0), (8.0, [12.0, 32.0]));
}

/// `F(x) = A·x` with a matrix of 50 rows and 100 columns.
fn linear(n: usize, m: usize) -> Function {
    let entry = |k: usize, i: usize| part(3 * k + 5 * i);
    Function::new("linear", n, m, move |x, y| {
        y.iter_mut().enumerate().for_each(|(k, y)| *y = x.iter().enumerate().map(|(i, x)| entry(k, i) * x).sum());
    })
    .vjp(move |_, w, y| {
        y.iter_mut().enumerate().for_each(|(i, y)| *y = w.iter().enumerate().map(|(k, w)| entry(k, i) * w).sum());
    })
}

/// One record, and memory for its inputs and outputs but not for their pairs.
#[test]
fn one_record_for_many_inputs_and_outputs() {
    let bytes = |n: usize, m: usize| {
        let f = linear(n, m);
        let (y, recording) = reverse::record(|x: &[Var]| f.call(x).expect("given"), &vec![0.5; n]);
        assert_eq!((recording.records(), y.len()), (1, m));
        let weights: Vec<_> = y.iter().map(|&y| (y, 1.0)).collect();
        for (i, adjoint) in recording.adjoints(&weights).inputs().iter().enumerate() {
            assert!((adjoint - (0..m).map(|k| part(3 * k + 5 * i)).sum::<f64>()).abs() < 1e-12);
        }
        recording.bytes()
    };
    let least = bytes(1, 1);
    assert!(least < 400, "{least}");
    // 24 bytes for each input and for each output.
    assert_eq!(bytes(100, 50), least + 99 * 24 + 49 * 24);
    assert_eq!(bytes(200, 50) - bytes(100, 50), 100 * 24);
    assert_eq!(bytes(100, 80) - bytes(100, 50), 30 * 24);
}

/// A recording keeps the function, and takes it to another thread.
#[test]
fn recordings_keep_the_function() {
    let (dropped, f) = (Arc::new(()), linear(4, 3));
    let token = dropped.clone();
    let f = f.jvp(move |_, _, _| drop(token.clone()));
    let (y, recording) = reverse::record(|x: [Var; 4]| f.call(&x).expect("given")[2], [1.0; 4]);
    drop(f);
    assert_eq!(Arc::strong_count(&dropped), 2);
    let adjoints =
        std::thread::spawn(move || recording.adjoints(&[(y, 2.0)]).inputs().to_vec()).join().expect("no panic");
    same(&adjoints, &from_fn::<_, 4, _>(|i| 2.0 * part(6 + 5 * i)), 1e-15);
    assert_eq!(Arc::strong_count(&dropped), 1);
}

#[test]
fn inside_checkpoints() {
    let f = complete()[1].clone();
    let g = f.clone();
    let step = move |_: usize, s: &[Var]| f.call(s).expect("given")[..N].to_vec();
    let end = |s: &[Var]| s[0] * s[1] + s[2];
    let (y, dy) = reverse::gradient(|x: [Var; N]| end(&reverse::checkpoint_loop(9, &x, step, 2)), POINT);
    let by_operations = |x: [Dual<f64, N>; N]| {
        let s = (0..9).fold(x.to_vec(), |s, _| plain(&s)[..N].to_vec());
        s[0] * s[1] + s[2]
    };
    let expected = gradient(by_operations, POINT);
    assert!((y - expected.0).abs() < 1e-14);
    same(&dy, &expected.1, 1e-13);
    // Captured, with a hook, in sweeps of four.
    let f = move |x: [Var; N]| {
        let g = g.clone();
        let inner = move |y: &[Var]| [reverse::hook(g.call(&x).expect("given")[0] * y[0], |a: f64| 2.0 * a), y[0]];
        reverse::checkpoint(inner, &[x[1]])
    };
    let (_, j) = reverse::jacobian(f, POINT);
    let value = plain(&POINT)[0];
    let expected: [f64; N] = from_fn(|i| 2.0 * (slope(&POINT, 0, i) * POINT[1] + if i == 1 { value } else { 0.0 }));
    same(&j[0], &expected, 1e-14);
    assert_eq!(j[1], [0.0, 1.0, 0.0]);
}

/// The Jacobian is computed once for a point, however many partials and weights ask for it.
#[test]
fn jacobians_are_computed_once() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let f = bare().jacobian(move |x, j| {
        counted.fetch_add(1, Ordering::Relaxed);
        jacobian(x, j);
    });
    for (x, expected) in [(0.5, 1), (0.25, 2), (0.25, 2), (-0.0, 3), (0.0, 4)] {
        nilpotent::try_jacobian(|x: [_; N]| f.call(&x), [x, 1.0, 2.0]).expect("given");
        reverse::try_jacobian(|x: [_; N]| f.call(&x), [x, 1.0, 2.0]).expect("given");
        assert_eq!(calls.load(Ordering::Relaxed), expected);
    }
}

/// Derivatives of a function from outside in programs: each is an operation that is called again.
#[cfg(feature = "program")]
#[test]
fn programs() {
    use nilpotent::{Traced, program};

    fn both<T: Real>(f: &Function, x: [T; N]) -> [[T; N]; 2] {
        let forward = gradient(|x: [Dual<T, N>; N]| around(&x, &f.call(&x).expect("given")), x).1;
        [forward, reverse::gradient(|x: [Var<T>; N]| around(&x, &f.call(&x).expect("given")), x).1]
    }
    let f = &complete()[0];
    let program = program::record(|x: [Traced; N]| both(f, x), POINT).expect("recorded");
    let hessian = program::record(
        |x: [Traced; N]| reverse::hessian(|x: [_; N]| around(&x, &f.call(&x).expect("given")), x).2,
        POINT,
    );
    let hessian = hessian.expect("recorded");
    for at in [POINT, [1.5, 0.2, -0.6]] {
        let mut found = [[0.0; N]; 2];
        program.run(&at, found.as_flattened_mut()).expect("no guards");
        assert_eq!(found, both(f, at));
        let mut found = [[0.0; N]; N];
        hessian.run(&at, found.as_flattened_mut()).expect("no guards");
        let expected = nilpotent::hessian(|x: [Dual2<f64, N>; N]| around(&x, &plain(&x)), at).2;
        same(found.as_flattened(), expected.as_flattened(), 1e-13);
    }
    // Where the function fails, the program is not right.
    let fails = Function::new("f", 1, 1, |x, y| {
        y[0] = x[0];
        if x[0] > 0.0 { Ok(()) } else { Err("negative") }
    });
    let program = program::record(|[x]: [Traced; 1]| fails.call(&[x]).expect("given")[0], [1.0]).expect("recorded");
    let mut y = [0.0];
    assert_eq!((program.run(&[2.0], &mut y), y), (Ok(()), [2.0]));
    assert_eq!(program.run(&[-2.0], &mut y), Err(Error::Diverged { place: None }));
}

#[test]
fn hooks() {
    // One record; the identity forward, and the adjoint from the variable's uses alone.
    let seen = Arc::new(Mutex::new(Vec::new()));
    let list = seen.clone();
    let f = move |[a, b]: [Var; 2]| {
        let list = list.clone();
        let u = reverse::hook(a, move |adjoint: f64| {
            list.lock().expect("free").push(adjoint);
            adjoint
        });
        [u * b + u + a, b, u]
    };
    let (y, j) = reverse::jacobian(&f, [2.0, 3.0]);
    assert_eq!((y, j), ([10.0, 3.0, 2.0], [[5.0, 2.0], [0.0, 1.0], [1.0, 0.0]]));
    // In no sweep whose adjoint is 0.
    assert_eq!(*seen.lock().expect("free"), [4.0, 1.0]);
    if !cfg!(feature = "trace") {
        assert_eq!(reverse::record(|[a]: [Var; 1]| reverse::hook(a, |a| a), [1.0]).1.records(), 1);
    }
    // Scaled where a slope lies on the node.
    let scaled = |[a]: [Var; 1]| reverse::hook(a * a, |adjoint: f64| 10.0 * adjoint) * 3.0;
    assert_eq!(reverse::gradient(scaled, [2.0]), (12.0, [120.0]));
    // Nested numbers: the adjoint with its derivative along the direction.
    let product = |x: [Var<Dual>; 1]| {
        let u = reverse::hook(x[0], |adjoint: Dual| Dual::new(adjoint.re, [adjoint.eps[0] * 7.0]));
        u * u * u
    };
    assert_eq!(reverse::hvp(product, [2.0], [1.0]), (8.0, [12.0], [84.0]));
    // Constants have no adjoint.
    assert!(reverse::hook(Var::constant(2.0), |_| panic!("called")).same(Var::constant(2.0)));
}

/// Forward through a recording: by `jvp` where it was given, and else by the rows of the Jacobian.
#[test]
fn linear_maps() {
    let v = [0.7, -0.2, 0.4];
    let expected: [f64; M] = from_fn(|k| (0..N).map(|i| slope(&POINT, k, i) * v[i]).sum());
    for f in [bare().vjp(vjp), bare().jacobian(jacobian)].into_iter().chain(complete()) {
        let (_, map) = reverse::linearize(|x: [Var; N]| f.call(&x).expect("given"), POINT);
        same(&map.call(&v), &expected, 1e-14);
        let doubled = |x: [Var; N]| {
            f.call(&[x[0] * 2.0, x[1], x[2]]).expect("given").into_iter().map(|y| y * 3.0).collect::<Vec<_>>()
        };
        let (_, map) = reverse::linearize(doubled, [POINT[0] / 2.0, POINT[1], POINT[2]]);
        same(&map.call(&[v[0] / 2.0, v[1], v[2]]), &expected.map(|y| 3.0 * y), 1e-13);
    }
    for f in complete() {
        let (_, _, map) = reverse::linearize_gradient(|x: [_; N]| around(&x, &f.call(&x).expect("given")), POINT);
        let h = hessian(|x: [Dual2<f64, N>; N]| around(&x, &plain(&x)), POINT).2;
        same(&map.call(&v), &from_fn::<_, N, _>(|i| dot(&h[i], &v)), 1e-13);
    }
    // A hook is the identity there.
    let (_, map) = reverse::linearize(|[a]: [Var; 1]| reverse::hook(a * a, |_| panic!("called")), [3.0]);
    assert_eq!(map.call(&[1.0]), 6.0);
}
