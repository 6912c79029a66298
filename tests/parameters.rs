//! Structs of parameters as points, without nalgebra.

use nilpotent::{
    Dual, Real, boxminus, boxplus, gradient, hessian, hvp, jacobian, jvp, lift, mixed_partial, try_gradient,
};

#[derive(Clone, Copy, Debug, PartialEq)]
struct Params<T> {
    k: T,
    rates: [T; 3],
    pair: (T, [[T; 1]; 2]),
}

nilpotent::point!(Params<T: Real> { k: T, rates: [T; 3], pair: (T, [[T; 1]; 2]) });

const AT: Params<f64> = Params { k: 2.0, rates: [3.0, 5.0, 7.0], pair: (11.0, [[13.0], [17.0]]) };

/// A quadratic function, whose derivatives are the constants below.
fn f<T: Real>(Params { k, rates: [a, b, c], pair: (p, [[q], [r]]) }: Params<T>) -> T {
    k * a + b * b + c * p + q * r
}

const VALUE: f64 = 6.0 + 25.0 + 77.0 + 221.0;
const GRADIENT: [f64; 7] = [3.0, 2.0, 10.0, 11.0, 7.0, 17.0, 13.0];
const HESSIAN: [[f64; 7]; 7] = [
    [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
];

#[test]
fn drivers_take_structs_and_return_arrays() {
    let v = [1.0, 10.0, 100.0, 2.0, 3.0, 4.0, 5.0];
    let along: f64 = v.iter().zip(GRADIENT).map(|(v, g)| v * g).sum();
    assert_eq!(gradient(f, &AT), (VALUE, GRADIENT));
    assert_eq!(try_gradient(|x| (x.k > 2.0).then(|| f(x)), &AT), None);
    assert_eq!(hessian(f, &AT), (VALUE, GRADIENT, HESSIAN));
    assert_eq!(jvp(f, &AT, v), (VALUE, along));
    assert_eq!(hvp(f, &AT, v), (VALUE, GRADIENT, [10.0, 1.0, 200.0, 3.0, 2.0, 5.0, 4.0]));
    assert_eq!(mixed_partial(f, &AT, 5, 6), (VALUE, [17.0, 13.0], 1.0));
    let (_, j) = jacobian(|x: Params<Dual<f64, 7>>| [x.rates[1], x.pair.1[1][0]], &AT);
    assert_eq!(j, [[0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]);
}

#[cfg(feature = "std")]
#[test]
fn reverse_mode_takes_structs() {
    use nilpotent::reverse;

    assert_eq!(reverse::gradient(f, &AT), (VALUE, GRADIENT));
    assert_eq!(reverse::hessian(f, &AT), (VALUE, GRADIENT, HESSIAN));
}

/// The inputs of a program are the parameters, and not steps from them.
#[cfg(feature = "program")]
#[test]
fn programs_have_the_parameters_as_inputs() {
    let program = nilpotent::program::record(f, &AT).unwrap();
    assert_eq!(program.inputs(), 7);
    let other = Params { k: 0.5, rates: [8.0, 1.0, 2.0], pair: (3.0, [[4.0], [0.25]]) };
    let mut y = [0.0];
    program.run(&[0.5, 8.0, 1.0, 2.0, 3.0, 4.0, 0.25], &mut y).unwrap();
    assert_eq!(y, [f(other)]);
}

#[test]
fn steps_are_sums() {
    let step = [1.0, -1.0, 0.5, 2.0, 0.25, 4.0, -3.0];
    let y = boxplus(&AT, step);
    assert_eq!(y, Params { k: 3.0, rates: [2.0, 5.5, 9.0], pair: (11.25, [[17.0], [14.0]]) });
    assert_eq!(boxminus(&y, &AT), step);
    assert_eq!(lift::<_, Dual>(&AT).pair.1[0][0], Dual::constant(13.0));
}

#[test]
fn columns_have_names() {
    const RATES: core::ops::Range<usize> = Params::columns().rates;
    assert_eq!((RATES, Params::columns().k, Params::columns().pair), (1..4, 0..1, 4..7));
    assert_eq!(AT.ranges(), Params::columns());
}

/// Parts of any length, and a struct within a struct.
#[derive(Clone, Debug, PartialEq)]
struct Network<T> {
    weights: Vec<Vec<T>>,
    last: Params<T>,
}

nilpotent::point!(Network<T: Real> { weights: Vec<Vec<T>>, last: Params<T> });

#[test]
fn parts_may_have_any_length() {
    let x = Network { weights: vec![vec![1.0, 2.0], vec![], vec![3.0, 4.0, 5.0]], last: AT };
    let mut calls = 0;
    let (y, g) = gradient(
        |x: Network<Dual<f64, 8>>| {
            calls += 1;
            f(x.last) + x.weights.iter().flatten().map(|w| w * w).sum::<Dual<f64, 8>>()
        },
        &x,
    );
    assert_eq!((y, calls), (VALUE + 55.0, 2));
    assert_eq!(g, [vec![2.0, 4.0, 6.0, 8.0, 10.0], GRADIENT.to_vec()].concat());
    assert_eq!((x.ranges().weights, x.ranges().last), (0..5, 5..12));
    let (_, _, h) = hessian(|x| f(x.last) + x.weights[2][1] * x.weights[0][0], &x);
    assert_eq!((h[0][3], h[3][0], h[5][6], h.len()), (1.0, 1.0, 1.0, 12));
    let (_, dy) = jvp(|x| x.weights[2][0], &x, &g);
    assert_eq!(dy, 6.0);
    assert_eq!(boxplus(&x, &g).weights[2], [9.0, 12.0, 15.0]);
}

/// A struct and its parameter may have any name, also those of the numbers and parameters in this crate.
mod names {
    use nilpotent::{gradient, reverse};

    struct S<D> {
        x: D,
    }
    nilpotent::point!(S<D: Real> { x: D });

    struct D<S> {
        x: [S; 2],
    }
    nilpotent::point!(D<S: Real> { x: [S; 2] });

    struct R<U> {
        x: Vec<U>,
    }
    nilpotent::point!(R<U: Real> { x: Vec<U> });

    #[test]
    fn are_free() {
        assert_eq!(gradient(|s: S<_>| s.x * s.x, &S { x: 3.0 }), (9.0, [6.0]));
        assert_eq!(gradient(|d: D<_>| d.x[0] * d.x[1], &D { x: [3.0, 4.0] }), (12.0, [4.0, 3.0]));
        assert_eq!(reverse::gradient(|r: R<_>| r.x[0] * r.x[1], &R { x: vec![3.0, 4.0] }), (12.0, vec![4.0, 3.0]));
    }
}

/// A struct of the user's with a name that the macro might take, as a part of another one.
#[test]
fn columns_is_a_free_name() {
    #[derive(Clone, Debug, PartialEq)]
    struct Columns<T> {
        height: T,
    }
    nilpotent::point!(Columns<T: Real> { height: T });

    #[derive(Clone, Debug, PartialEq)]
    struct Temple<T> {
        front: Columns<T>,
        width: T,
    }
    nilpotent::point!(Temple<T: Real> { front: Columns<T>, width: T });

    let x = Temple { front: Columns { height: 2.0 }, width: 3.0 };
    assert_eq!(gradient(|t: Temple<_>| t.front.height * t.width, &x), (6.0, [3.0, 2.0]));
    assert_eq!((Temple::columns().front, Temple::columns().width), (0..1, 1..2));
}
