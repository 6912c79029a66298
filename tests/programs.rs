//! Random programs of up to 200 operations from the whole table, differentiated by every number and mode.
//!
//! All modes sum the same products of slopes over the same paths, in different orders. So the measure of their
//! agreement is the sum of the magnitudes of these products, which a separate pass computes with absolute values. After
//! n operations, each rounded k times, two modes may differ by 2nk·1.1e-16 of that sum; for 200 operations this is less
//! than 1e-12. In higher orders the rules use different formulas as well, which are accurate to 16 units in the last
//! place each. A product that is subnormal on the way has lost digits, and a later factor multiplies the loss. So derivatives
//! below 1e-290 are not compared.

#[path = "common/program.rs"]
mod program;
#[path = "common/rows.rs"]
mod rows;

use nilpotent::forward;
use nilpotent::rules::ROWS;
use nilpotent::{Dual2, HyperDual, Taylor, Var, reverse};
use program::{Operation, Program, Size};
use proptest::prelude::*;
use rows::{OTHER, UNARY};

/// Random programs consist of the rows in the lists of `rows`, so these lists must contain all rows of the table.
#[test]
fn the_table_is_covered() {
    for row in ROWS.iter().copied().flatten() {
        assert!(UNARY.contains(row) || OTHER.contains(row), "{row}");
    }
}

/// The value is that of the float, and -0 stays -0.
#[test]
fn signs_of_zero() {
    let x = [-0.0, 0.0];
    let f = |x: f64, y: f64| [x.signum(), y.signum()];
    assert_eq!(forward::jacobian(|[x, y]| [x.signum(), y.signum()], x).0, f(x[0], x[1]));
    assert_eq!(reverse::jacobian(|[x, y]| [x.signum(), y.signum()], x).0, f(x[0], x[1]));
    let line = |[x, y]: [Taylor<f64, 2>; 2]| [x.signum(), y.signum()];
    assert_eq!(forward::directional_derivatives(line, x, [1.0, -1.0]).0, f(x[0], x[1]));
}

const V: [f64; 3] = [1.0, -0.5, 0.25];

fn programs() -> impl Strategy<Value = (Program, Size)> {
    let special = prop::sample::select(vec![0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0]);
    let number = prop_oneof![1 => special.clone(), 2 => -3.0..3.0_f64];
    let constant = prop_oneof![2 => special, 1 => -3.0..3.0_f64];
    let count = UNARY.len() + OTHER.len();
    // Half of the operations are plain arithmetic.
    let plain = ["add", "sub", "mul", "div", "float", "mul_add", "sum", "branch"];
    let plain = prop::sample::select(plain.map(|name| Operation::named(name, 0, 0.0).which).to_vec());
    let which = prop_oneof![0..count, plain];
    let operation = (which, any::<[u16; 3]>(), constant, -4..=6_i32);
    (number.clone(), number.clone(), number, prop::collection::vec(operation, 1..=200))
        .prop_map(|(a, b, c, raw)| Program::new([a, b, c], &raw))
}

fn near(what: &str, a: f64, b: f64, size: f64, share: f64) -> Result<(), TestCaseError> {
    prop_assert!((a - b).abs() <= share * size + 1e-290, "{}: {:e} and {:e}, of a sum of {:e}", what, a, b, size);
    Ok(())
}

fn all_near(what: &str, a: &[f64], b: &[f64], size: f64, share: f64) -> Result<(), TestCaseError> {
    prop_assert_eq!(a.len(), b.len());
    a.iter().zip(b).try_for_each(|(&a, &b)| near(what, a, b, size, share))
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn gradients((program, size) in programs()) {
        let (x, bits) = (program.x, size.re.to_bits());
        let (y, forward) = forward::gradient(|x| program.run(&x), x);
        prop_assert_eq!(program.run(&x).to_bits(), bits);
        prop_assert_eq!(y.to_bits(), bits);
        let (y, dy) = reverse::gradient(|x| program.run(&x), x);
        prop_assert_eq!(y.to_bits(), bits);
        all_near("gradient", &dy, &forward, size.orders[0], 1e-12)?;
        let (y, again) = reverse::gradient(|x| program.run(x), &x[..]);
        prop_assert_eq!(y.to_bits(), bits);
        prop_assert_eq!(&again, &dy);
        let (y, recording) = reverse::record(|x| program.run(&x), x);
        prop_assert_eq!(y.re.to_bits(), bits);
        let adjoints = recording.adjoints(&[(y, 1.0)]);
        prop_assert_eq!(adjoints.inputs(), &dy);
        // An operation makes at most two records, except for those that are composed of several.
        let most = |operation: &Operation| if rows::COMPOSED.contains(&operation.name()) { 12 } else { 2 };
        prop_assert!(recording.records() <= program.operations.iter().map(most).sum());
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn second_derivatives((program, size) in programs()) {
        let (x, bits, second) = (program.x, size.re.to_bits(), size.orders[1]);
        let close = |what: &str, y: f64, h: &[[f64; 3]; 3], expected: &[[f64; 3]; 3]| {
            prop_assert_eq!(y.to_bits(), bits, "{}", what);
            all_near(what, h.as_flattened(), expected.as_flattened(), second, 1e-11)
        };
        let square = |h: Vec<Vec<f64>>| [0, 1, 2].map(|i| [h[i][0], h[i][1], h[i][2]]);

        let (y, dy, h) = forward::hessian(|x: [Dual2<f64, 3>; 3]| program.run(&x), x);
        close("Dual2", y, &h, &h)?;
        let gradient = |what: &str, d: &[f64]| all_near(what, d, &dy, size.orders[0], 1e-12);
        let (y, d, again) = forward::hessian(|x: &[HyperDual<f64, 4, 4>]| program.run(x), &x[..]);
        close("HyperDual", y, &square(again), &h)?;
        gradient("HyperDual", &d)?;
        let (d, nested) = forward::jacobian(|x| forward::gradient(|x| program.run(&x), x).1, x);
        close("Dual of Dual", y, &nested, &h)?;
        gradient("Dual of Dual", &d)?;

        let (y, d, again) = reverse::hessian(|x| program.run(&x), x);
        close("Var of Dual", y, &again, &h)?;
        gradient("Var of Dual", &d)?;
        let (y, d, again) = reverse::hessian(|x| program.run(x), &x[..]);
        close("Var of Dual, slice", y, &square(again), &h)?;
        gradient("Var of Dual, slice", &d)?;
        let (y, d, hv) = reverse::hvp(|x| program.run(&x), x, V);
        prop_assert_eq!(y.to_bits(), bits);
        gradient("hvp", &d)?;
        let expected = h.map(|row| row.iter().zip(V).map(|(h, v)| h * v).sum::<f64>());
        all_near("hvp", &hv, &expected, 2.0 * second, 1e-11)?;
        let (d, again) = reverse::jacobian(|x| forward::gradient(|x| program.run(&x), x).1, x);
        close("Dual of Var", y, &again, &h)?;
        gradient("Dual of Var", &d)?;
        let (d, again) = reverse::jacobian(|x| reverse::gradient(|x| program.run(&x), x).1, x);
        close("Var of Var", y, &again, &h)?;
        gradient("Var of Var", &d)?;
        let (d, again) = forward::jacobian(|x| reverse::gradient(|x| program.run(&x), x).1, x);
        close("Var of Dual by hand", y, &again, &h)?;
        gradient("Var of Dual by hand", &d)?;

        let (y, [d1, d2]) = forward::directional_derivatives(|x: [Taylor<f64, 2>; 3]| program.run(&x), x, V);
        prop_assert_eq!(y.to_bits(), bits);
        let along = |d: &[f64]| d.iter().zip(V).map(|(d, v)| d * v).sum::<f64>();
        near("Taylor, first", d1, along(&dy), 2.0 * size.orders[0], 1e-12)?;
        near("Taylor, second", d2, along(&expected), 4.0 * second, 1e-11)?;
    }
}

proptest! {
    #![proptest_config(config(100))]

    /// The gradient of the second derivative along a line, and all third derivatives.
    #[test]
    fn third_derivatives((program, size) in programs()) {
        let (x, bits, third) = (program.x, size.re.to_bits(), size.orders[2]);
        let line = |y: (Taylor<f64, 2>, [Taylor<f64, 2>; 3])| (y.0.re, y.1.map(|d| d.derivatives()[1]));
        let moving: [Taylor<f64, 2>; 3] = std::array::from_fn(|i| Taylor::new(x[i], [V[i], 0.0]));
        let (y, expected) = line(forward::gradient(|x| program.run(&x), moving));
        prop_assert_eq!(y.to_bits(), bits);
        let (y, d) = line(reverse::gradient(|x| program.run(&x), moving));
        prop_assert_eq!(y.to_bits(), bits);
        all_near("Var of Taylor", &d, &expected, 4.0 * third, 1e-10)?;
        let (_, d) = reverse::gradient(
            |x: [Var; 3]| {
                let v = V.map(Var::constant);
                forward::directional_derivatives(|x: [Taylor<Var, 2>; 3]| program.run(&x), x, v).1[1]
            },
            x,
        );
        all_near("Taylor of Var", &d, &expected, 4.0 * third, 1e-10)?;

        let (_, expected) = forward::gradient(|x| program.run(&x), Dual2::<f64, 3>::variables(x));
        let (_, d) = reverse::gradient(|x| program.run(&x), Dual2::<f64, 3>::variables(x));
        let (_, nested) = reverse::jacobian(
            |x: [Var; 3]| {
                let row = |i: usize| reverse::gradient(|x| reverse::gradient(|x| program.run(&x), x).1[i], x).1;
                let [a, b, c] = [row(0), row(1), row(2)];
                [a[0], a[1], a[2], b[0], b[1], b[2], c[0], c[1], c[2]]
            },
            x,
        );
        for i in 0..3 {
            let (a, b) = (d[i].hess.to_array(), expected[i].hess.to_array());
            prop_assert_eq!(d[i].re.is_nan(), expected[i].re.is_nan());
            all_near("Var of Dual2", a.as_flattened(), b.as_flattened(), third, 1e-10)?;
            for j in 0..3 {
                all_near("Var of Var of Var", &nested[3 * i + j], &b[j], third, 1e-10)?;
            }
        }
    }
}
