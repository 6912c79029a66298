//! A longer test, which runs by its name only: random programs with checkpoints, loops, kinks, ties, overflows and
//! subnormals, differentiated in all modes, which must agree.
//!
//! `PROGRAMS=100000 cargo test --release --test modes` runs that many programs; without the variable it runs 2 000.
//! Half of them are tame: like those of `--test programs`, but with a part in a checkpoint that captures variables, and
//! with a checkpointed loop. Their derivatives agree up to rounding. The others are wild: they contain numbers of any
//! size, infinite and NaN as well. Their values agree bit for bit, and nothing panics; and where no intermediate value
//! is extreme, their gradients agree as well.

#[path = "common/program.rs"]
mod program;
#[path = "common/random.rs"]
mod random;
#[path = "common/rows.rs"]
mod rows;

use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor, Var, forward, reverse};
use program::{Operation, Program, Size};
use random::Random;
use rows::{Mixed, OTHER, UNARY};
use std::sync::Arc;

impl Random {
    /// Returns a number in (-3, 3), or one of the special numbers.
    fn number(&mut self, special: &[f64]) -> f64 {
        match self.below(3) {
            0 => special[self.below(special.len())],
            _ => self.unit() * 6.0 - 3.0,
        }
    }
}

const TAME: [f64; 8] = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0];
const WILD: [f64; 18] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    1e-8,
    1e-160,
    -1e-300,
    1e-310,
    5e-324,
    1e160,
    -1e300,
    f64::MAX,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    710.0,
];

type Raw = (usize, [u16; 3], f64, i32);

fn raw(random: &mut Random, special: &[f64]) -> Raw {
    let plain = ["add", "sub", "mul", "div", "float", "mul_add", "sum", "branch"];
    let which = match random.below(2) {
        0 => random.below(UNARY.len() + OTHER.len()),
        _ => Operation::named(plain[random.below(8)], 0, 0.0).which,
    };
    let places = [0; 3].map(|_| random.bits() as u16);
    (which, places, random.number(special), random.below(11) as i32 - 4)
}

/// A number and its way to run a part in a checkpoint. Variables of recordings have one; other numbers just run the
/// part.
trait Mode: Mixed {
    /// Runs operations on the values so far. The first `arguments` values are passed as arguments, and the others are
    /// captured.
    fn part(values: &[Self], operations: &Arc<[Operation]>, _arguments: usize) -> Vec<Self> {
        run(values, operations)
    }

    /// Runs five steps of a map with the parameter p. A checkpointed loop stores as many states as the budget allows.
    fn steps(state: [Self; 2], p: Self, _budget: usize) -> [Self; 2] {
        (0..5).fold(state, |state, i| step(i, state, p))
    }
}

fn run<T: Mixed>(values: &[T], operations: &[Operation]) -> Vec<T> {
    let mut values = values.to_vec();
    for operation in operations {
        let value = operation.call(operation.operands.map(|i| values[i]));
        values.push(value);
    }
    values
}

fn step<T: Real>(i: usize, [x, y]: [T; 2], p: T) -> [T; 2] {
    let h = T::lit(0.1);
    [x + h * (y * p).sin(), y - h * x.max(y) * T::lit(i as f64 - 2.0)]
}

impl Mode for f64 {}
impl<T: Real, const N: usize> Mode for Dual<T, N> where Self: Mixed {}
impl<T: Real, const N: usize> Mode for Dual2<T, N> where Self: Mixed {}
impl<T: Real, const M: usize, const N: usize> Mode for HyperDual<T, M, N> where Self: Mixed {}
impl<T: Real, const K: usize> Mode for Taylor<T, K> where Self: Mixed {}

impl<T: Real> Mode for Var<T>
where
    Self: Mixed,
{
    fn part(values: &[Self], operations: &Arc<[Operation]>, arguments: usize) -> Vec<Self> {
        let (operations, captured) = (operations.clone(), values[arguments..].to_vec());
        let part = move |x: &[Self]| run(&[x, &captured].concat(), &operations);
        reverse::checkpoint(part, &values[..arguments])
    }

    fn steps(state: [Self; 2], p: Self, budget: usize) -> [Self; 2] {
        let end = reverse::checkpoint_loop(5, &state, move |i, s| step(i, [s[0], s[1]], p).to_vec(), budget);
        [end[0], end[1]]
    }
}

/// A program with a part in a checkpoint, followed by a loop.
#[derive(Debug)]
struct Split {
    program: Program,
    part: std::ops::Range<usize>,
    arguments: usize,
    budget: usize,
}

impl Split {
    fn new(random: &mut Random, program: Program) -> Self {
        let n = program.operations.len();
        let start = random.below(n + 1);
        let end = start + random.below(n - start + 1);
        Self { program, part: start..end, arguments: random.below(start + 4), budget: 1 + random.below(5) }
    }

    fn run<T: Mode>(&self, x: &[T]) -> T {
        let operations = &self.program.operations;
        let values = run(x, &operations[..self.part.start]);
        let values = T::part(&values, &operations[self.part.clone()].into(), self.arguments);
        let values = run(&values, &operations[self.part.end..]);
        let last = values[values.len() - 1];
        let [a, b] = T::steps([x[0], last.sin()], x[1], self.budget);
        last + (a - b).sin()
    }
}

/// Returns the value and the gradient by every mode.
fn gradients(split: &Split) -> Vec<(&'static str, f64, Vec<f64>)> {
    let x = split.program.x;
    let (a, da) = forward::gradient(|x| split.run(&x), x);
    let (b, db) = forward::gradient(|x| split.run(x), &x[..]);
    let (c, dc) = reverse::gradient(|x| split.run(&x), x);
    let (d, recording) = reverse::record(|x| split.run(&x), x);
    let adjoints = recording.adjoints(&[(d, 1.0)]);
    let (e, rows) = reverse::jacobian(|x| [split.run(&x), x[0], split.run(&x)], x);
    let (f, df, _) = forward::hessian(|x: [Dual2<f64, 3>; 3]| split.run(&x), x);
    let (g, dg, _) = forward::hessian(|x: &[HyperDual<f64, 4, 4>]| split.run(x), &x[..]);
    let (h, dh, _) = reverse::hessian(|x| split.run(&x), x);
    vec![
        ("Dual", a, da.to_vec()),
        ("Dual, slice", b, db),
        ("Var", c, dc.to_vec()),
        ("Var, kept", d.re, adjoints.inputs().to_vec()),
        ("Var, first row", e[0], rows[0].to_vec()),
        ("Var, third row", e[2], rows[2].to_vec()),
        ("Dual2", f, df.to_vec()),
        ("HyperDual", g, dg),
        ("Var of Dual", h, dh.to_vec()),
    ]
}

fn same_value(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// The largest difference between entries of two vectors.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, |m: f64, d| if d.is_nan() { d } else { m.max(d) })
}

fn tame(seed: u64) {
    let mut random = Random(seed);
    let x = [0; 3].map(|_| random.number(&TAME));
    let length = 1 + random.below(60);
    let operations: Vec<Raw> = (0..length).map(|_| raw(&mut random, &TAME)).collect();
    let (program, Size { orders, .. }) = Program::new(x, &operations);
    let split = Split::new(&mut random, program);
    let value = split.run(&x);
    let found = gradients(&split);
    // The loop and the sine after it multiply first derivatives by at most 10, and second ones by at most 100.
    let [first, second] = [1e-11 * (orders[0] + 1.0), 1e-9 * (orders[1] + orders[0] * orders[0] + 1.0)];
    for (mode, y, dy) in &found {
        assert!(same_value(*y, value), "program {seed}: {mode} has the value {y:e}, not {value:e}");
        let error = distance(dy, &found[0].2);
        assert!(error <= first, "program {seed}: gradient by {mode} {dy:?}, by Dual {:?}: {split:?}", found[0].2);
    }
    let (_, _, h) = forward::hessian(|x: [Dual2<f64, 3>; 3]| split.run(&x), x);
    let (_, nested) = forward::jacobian(|x| forward::gradient(|x| split.run(&x), x).1, x);
    let (_, _, var_of_dual) = reverse::hessian(|x| split.run(&x), x);
    let (_, var_of_var) = reverse::jacobian(|x| reverse::gradient(|x| split.run(&x), x).1, x);
    let (_, dual_of_var) = forward::jacobian(|x| reverse::gradient(|x| split.run(&x), x).1, x);
    for (mode, again) in [
        ("Dual of Dual", nested),
        ("Var of Dual", var_of_dual),
        ("Var of Var", var_of_var),
        ("Var in Dual", dual_of_var),
    ] {
        let error = distance(again.as_flattened(), h.as_flattened());
        assert!(error <= second, "program {seed}: Hessian by {mode} {again:?}, by Dual2 {h:?}: {split:?}");
    }
    let v = [1.0, -0.5, 0.25];
    let line = |x: [Taylor<f64, 2>; 3]| split.run(&x);
    let (y, [d1, d2]) = forward::directional_derivatives(line, x, v);
    let along = |d: &[f64]| d.iter().zip(v).map(|(d, v)| d * v).sum::<f64>();
    let expected = [along(&found[0].2), along(&h.map(|row| along(&row)))];
    let close = (d1 - expected[0]).abs() <= 2.0 * first && (d2 - expected[1]).abs() <= 4.0 * second;
    assert!(
        same_value(y, value) && close,
        "program {seed}: {y:e}, {d1:e}, {d2:e} by Taylor, expected {expected:?}: {split:?}"
    );
}

/// Returns the sum over all paths of the magnitudes of the gradient's terms. Returns `None` if an intermediate value is
/// so small or large that products of a few slopes could leave the range of floats.
fn moderate(split: &Split) -> Option<f64> {
    let program = &split.program;
    let mut sizes: Vec<Size> = program.x.iter().map(|&re| Size { re, orders: [1.0, 0.0, 0.0] }).collect();
    for operation in &program.operations {
        let size = program::sized(operation, &sizes)?;
        sizes.push(size);
    }
    let regular = |s: &Size| s.re == 0.0 || (1e-20..1e20).contains(&s.re.abs());
    sizes.iter().all(regular).then(|| sizes[sizes.len() - 1].orders[0])
}

fn wild(seed: u64) {
    let mut random = Random(seed);
    let x = [0; 3].map(|_| random.number(&WILD));
    let length = 1 + random.below(40);
    let operations = (0..length)
        .map(|at| {
            let (which, places, k, n) = raw(&mut random, &WILD);
            let operands = places.map(|r| usize::from(r) % (at + 3));
            Operation { which, operands, k, n }
        })
        .collect();
    let split = Split::new(&mut random, Program { x, operations });
    let value = split.run(&x);
    let size = moderate(&split);
    let found = gradients(&split);
    for (mode, y, dy) in &found {
        assert!(same_value(*y, value), "program {seed}: {mode} has the value {y:e}, not {value:e}: {split:?}");
        if let Some(size) = size {
            let error = distance(dy, &found[0].2);
            let close = error <= 1e-11 * (size + 1.0);
            assert!(close, "program {seed}: gradient by {mode} {dy:?}, by Dual {:?}: {split:?}", found[0].2);
        }
    }
    let line = |x: [Taylor<f64, 3>; 3]| split.run(&x);
    let (y, _) = forward::directional_derivatives(line, x, [1.0, -0.5, 0.25]);
    assert!(same_value(y, value), "program {seed}: Taylor has the value {y:e}, not {value:e}: {split:?}");
}

#[test]
fn all_modes_agree() {
    let count = std::env::var("PROGRAMS").map_or(2000, |n| n.parse().expect("PROGRAMS is the number of programs"));
    let start = std::env::var("FIRST").map_or(0, |n| n.parse().expect("FIRST is the number of the first program"));
    for seed in start..start + count {
        if seed % 2 == 0 { tame(seed) } else { wild(seed) }
    }
}
