//! Random functions that are recorded at one point and replayed at many: with branches, loops whose length depends on
//! values, functions of slices, and drivers of every mode inside.
//!
//! `PROGRAMS=100000 cargo test --release --features program --test program_random` runs that many functions, from the one
//! with the number `FIRST` on. Every replay must have the bits of the function itself, or say that it is not the function.
//! The sign of a derivative that is 0 may differ. A function that goes on to compute with a derivative adds 0 to it, which
//! gives a zero the positive sign.

#[path = "common/program.rs"]
mod program;
#[path = "common/random.rs"]
mod random;
#[path = "common/rows.rs"]
mod rows;

use nilpotent::program::{self as programs, Kernel, Lane, Program, Set};
use nilpotent::rules;
use nilpotent::{Dual, Dual2, Error, HyperDual, Real, Taylor, Traced, Var, forward, reverse};
use program::Operation;
use random::Random;
use rows::{OTHER, UNARY};
use std::cell::Cell;
use std::cmp::Ordering;
use std::num::FpCategory;

impl Random {
    fn tame(&mut self) -> f64 {
        const TAME: [f64; 8] = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0];
        if self.below(4) == 0 { TAME[self.below(8)] } else { self.unit() * 6.0 - 3.0 }
    }

    /// A number of any size. It is often one that is special to a formula.
    fn wild(&mut self) -> f64 {
        const WILD: [f64; 20] = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
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
            1e-40,
            -3e38,
            1024.2,
        ];
        match self.below(4) {
            0 => WILD[self.below(20)],
            1 => (self.unit() - 0.5) * 10.0_f64.powf(self.unit() * 600.0 - 300.0),
            2 => (self.unit() - 0.5) * 10.0_f64.powf(self.unit() * 60.0 - 30.0),
            _ => self.tame(),
        }
    }

    /// One of the last few of `n` values, or any of them.
    fn recent(&mut self, n: usize) -> usize {
        let back = if self.below(4) == 0 { self.below(n) } else { self.below(n.min(6)) };
        n - 1 - back
    }
}

/// A step of a function. Its operands are indices into the pool of all values so far.
#[derive(Clone, Debug)]
enum Step {
    /// A row or an operator.
    Row(Operation),
    /// A question, whose answer decides between formulas.
    Branch { question: usize, operands: [usize; 3] },
    /// A loop whose length depends on values.
    Loop { kind: usize, operands: [usize; 3] },
    /// A function of a slice.
    Slice { kind: usize, values: Vec<usize> },
    /// Derivatives of a function of the first two operands; the third is a constant of it.
    Driver { kind: usize, operands: [usize; 3], body: Vec<Operation> },
}

/// What a driver returns at numbers of one kind.
type Drivers<T> = fn(usize, [T; 3], &[Operation]) -> Vec<T>;

impl Step {
    /// Appends the step's values to the pool, and its derivatives to `derivatives` as they are.
    fn run<T: Real>(&self, pool: &mut Vec<T>, derivatives: &mut Vec<T>, drivers: Drivers<T>) {
        let of = |operands: [usize; 3]| operands.map(|i| pool[i]);
        let y = match self {
            Self::Row(operation) => operation.call_generic(of(operation.operands)),
            Self::Branch { question, operands } => branch(*question, of(*operands)),
            Self::Loop { kind, operands } => repeat(*kind, of(*operands)),
            Self::Slice { kind, values } => slice(*kind, &values.iter().map(|&i| pool[i]).collect::<Vec<_>>()),
            Self::Driver { kind, operands, body } => {
                let results = drivers(*kind, of(*operands), body);
                derivatives.extend(&results[1..]);
                pool.extend(results[1..].iter().map(|&d| d + T::zero()));
                results[0]
            }
        };
        pool.push(y);
    }
}

fn branch<T: Real>(question: usize, [a, b, c]: [T; 3]) -> T {
    let yes = match question % 20 {
        0 => a < b,
        1 => a <= b,
        2 => a > b,
        3 => a >= b,
        4 => a == b,
        5 => a != b,
        6 => a.is_nan(),
        7 => a.is_sign_negative(),
        8 => a.is_sign_positive(),
        9 => a.is_finite(),
        10 => a.is_infinite(),
        11 => a.is_normal(),
        12 => a.is_zero(),
        13 => a < T::lit(0.5),
        14 => T::lit(-0.5) <= a,
        15 => a.same(b),
        16 => a.parts_finite(),
        17 => {
            return match a.partial_cmp(&b) {
                Some(Ordering::Less) => a - c,
                Some(Ordering::Greater) => b * c,
                Some(Ordering::Equal) => c,
                None => T::lit(0.25),
            };
        }
        18 => {
            return match a.classify() {
                FpCategory::Nan => c,
                FpCategory::Infinite => b,
                FpCategory::Zero => b + c,
                FpCategory::Subnormal => b - c,
                FpCategory::Normal => a * c,
            };
        }
        _ => a.close_to(b, T::lit(0.1).float()),
    };
    if yes { a * c + b } else { c - b }
}

fn repeat<T: Real>(kind: usize, [a, b, c]: [T; 3]) -> T {
    let mut steps = 0;
    match kind % 4 {
        0 => {
            let mut v = a;
            while v.abs() > T::lit(0.5) && steps < 8 {
                v = v * T::lit(0.6) + b * T::lit(0.01);
                steps += 1;
            }
            v
        }
        1 => {
            // Newton's iteration for a root.
            let square = a * a + T::one();
            let mut v = T::lit(1.5);
            while (v * v - square).abs() > T::lit(1e-3) && steps < 12 {
                v = (v + square / v) * T::lit(0.5);
                steps += 1;
            }
            v * c
        }
        2 => {
            let (mut count, mut sum) = (T::zero(), c);
            while count < a.abs() && steps < 6 {
                count += T::one();
                sum = sum * b + count;
                steps += 1;
            }
            sum
        }
        _ => (0..4).fold(a, |v, _| if v < b { v + c.abs() } else { v - b.floor() }),
    }
}

fn slice<T: Real>(kind: usize, x: &[T]) -> T {
    let (left, right) = x.split_at(x.len() / 2);
    let c: Vec<T::Float> = (0..x.len()).map(|i| Real::lit(i as f64 * 0.5 - 1.0)).collect();
    match kind % 6 {
        0 => rules::sum(x),
        1 => rules::dot(left, &right[..left.len()]),
        2 => rules::norm(x),
        3 => rules::ln_sum_exp(x),
        4 => rules::linear_combination(&c, x),
        _ => rules::weighted_sum(c.into_iter().zip(x.iter().copied())),
    }
}

/// The function that a driver differentiates.
fn body<X: Real>(operations: &[Operation], x: [X; 3]) -> X {
    let mut values = x.to_vec();
    for operation in operations {
        values.push(operation.call_generic(operation.operands.map(|i| values[i])));
    }
    if !X::RECORDS && !values.iter().all(|x| x.float().parts_finite()) {
        UNSPECIFIED.set(true);
    }
    values[values.len() - 1]
}

thread_local! {
    /// Whether a live driver met a value that is not finite. There derivatives are not specified (docs/conventions.md), and
    /// a replay may have a number where the function has NaN: 0 of a derivative that is not there, but 0·∞ of floats.
    static UNSPECIFIED: Cell<bool> = const { Cell::new(false) };
}

/// The drivers that both floats are tested with. The first result is the value, and the others are derivatives.
fn few<T: Real>(kind: usize, [a, b, c]: [T; 3], f: &[Operation]) -> Vec<T> {
    match kind % 6 {
        0 => {
            let (y, d) = forward::gradient(|[a, b]: [Dual<T, 2>; 2]| body(f, [a, b, Dual::constant(c)]), [a, b]);
            vec![y, d[0], d[1]]
        }
        1 => {
            let (y, d, h) = forward::hessian(|[a, b]: [Dual2<T, 2>; 2]| body(f, [a, b, Dual2::constant(c)]), [a, b]);
            vec![y, d[0], d[1], h[0][0], h[0][1], h[1][0], h[1][1]]
        }
        2 => {
            let (y, d) = reverse::gradient(|[a, b]| body(f, [a, b, Var::constant(c)]), [a, b]);
            vec![y, d[0], d[1]]
        }
        3 => {
            let lifted = |c| Var::constant(Dual::constant(c));
            let (y, d, h) = reverse::hessian(|[a, b]: [Var<Dual<T, 2>>; 2]| body(f, [a, b, lifted(c)]), [a, b]);
            vec![y, d[0], d[1], h[0][0], h[0][1], h[1][0], h[1][1]]
        }
        4 => {
            let constant = |c| Taylor::constant(c);
            let (y, d) = forward::nth_derivative(|x: Taylor<T, 3>| body(f, [x, constant(b), constant(c)]), a);
            vec![y, d[0], d[1], d[2]]
        }
        _ => {
            // So many numbers that one record holds a run of them.
            let x: Vec<T> = (0..15).map(|i| a + b * T::lit(f64::from(i))).collect();
            let (y, d) = reverse::gradient(
                |x: &[Var<T>]| rules::norm(x) * rules::ln_sum_exp(&x[3..]) + rules::sum(x) * slice(4, x).sin(),
                &x[..],
            );
            [vec![y], d].concat()
        }
    }
}

/// All drivers.
fn all<T: Real>(kind: usize, [a, b, c]: [T; 3], f: &[Operation]) -> Vec<T> {
    match kind % 16 {
        6 => {
            let (y, d) = forward::jacobian(|[a, b]| [body(f, [a, b, Dual::constant(c)]), a * b], [a, b]);
            vec![y[0], d[0][0], d[0][1], y[1], d[1][0], d[1][1]]
        }
        7 => {
            let x = [a, b];
            let function = |x: &[HyperDual<T, 4, 4>]| body(f, [x[0], x[1], HyperDual::constant(c)]);
            let (y, d, h) = forward::hessian(function, &x[..]);
            [vec![y], d, h.concat()].concat()
        }
        8 => {
            let (y, d) = reverse::jacobian(|[a, b]| [body(f, [a, b, Var::constant(c)]), a - b, a], [a, b]);
            [vec![y[0]], d.concat()].concat()
        }
        9 => {
            let function = |[a, b]: [Var<Dual<T>>; 2]| body(f, [a, b, Var::constant(Dual::constant(c))]);
            let (y, d, h) = reverse::hvp(function, [a, b], [T::lit(0.3), T::one()]);
            vec![y, d[0], d[1], h[0], h[1]]
        }
        10 => {
            // A derivative of a derivative.
            let inner = |x: Dual<T>| {
                let (b, c) = (Dual::constant(Dual::constant(b)), Dual::constant(Dual::constant(c)));
                let (y, d) = forward::derivative(|x: Dual<Dual<T>>| body(f, [x, b, c]), x);
                (y, d)
            };
            let ((y, d), (again, second)) = forward::derivative(inner, a);
            vec![y, d, again, second]
        }
        11 => {
            let inner = |x: Dual<T>| {
                let (b, c) = (Dual::constant(b), Var::constant(Dual::constant(c)));
                let (y, d) = reverse::gradient(|[x, b]| body(f, [x, b, c]), [x, b]);
                (y, d[0], d[1])
            };
            let ((y, d, e), (again, second, mixed)) = forward::derivative(inner, a);
            vec![y, d, e, again, second, mixed]
        }
        12 => {
            let inner = |[a, b]: [Var<T>; 2]| {
                let c = Var::constant(Var::constant(c));
                let (y, d) = reverse::gradient(|[a, b]: [Var<Var<T>>; 2]| body(f, [a, b, c]), [a, b]);
                [y, d[0], d[1]]
            };
            let (y, d) = reverse::jacobian(inner, [a, b]);
            [y.to_vec(), d.concat()].concat()
        }
        13 => {
            let line = |[a, b]: [Taylor<T, 2>; 2]| body(f, [a, b, Taylor::constant(c)]);
            let (y, d) = forward::directional_derivatives(line, [a, b], [T::one(), T::lit(-0.5)]);
            vec![y, d[0], d[1]]
        }
        14 => {
            let inner = |[a]: [Var<T>; 1]| {
                let [b, c] = [b, c].map(|x| Dual::constant(Var::constant(x)));
                let (y, d) = forward::derivative(|a: Dual<Var<T>>| body(f, [a, b, c]), a);
                [y, d]
            };
            let (y, d) = reverse::jacobian(inner, [a]);
            vec![y[0], y[1], d[0][0], d[1][0]]
        }
        15 => {
            // Gradients of parts that are used again.
            let (u, d) = forward::gradient(|[a, b]| body(f, [a, b, Dual::constant(c)]), [a, b]);
            let [p, q] = d.map(|d| (d + T::zero()).sin());
            let (_, e) = reverse::gradient(|[a, b]| body(f, [a, b, Var::constant(p)]), [p, q]);
            vec![u, d[0], d[1], e[0], e[1]]
        }
        kind => few(kind, [a, b, c], f),
    }
}

/// A random function. Its results are the last values of the pool, and after them all derivatives.
#[derive(Debug)]
struct Function {
    steps: Vec<Step>,
    values: usize,
}

impl Function {
    /// A function, and the point at which it is recorded.
    fn new<F: Real<Float = F>>(random: &mut Random, drivers: Drivers<F>) -> (Self, Vec<F>) {
        let (wild, inputs) = (random.below(4) == 0, 1 + random.below(6));
        let x: Vec<F> = (0..inputs).map(|_| F::lit(if wild { random.wild() } else { random.tame() })).collect();
        let (mut steps, mut pool) = (Vec::new(), x.clone());
        let length = 1 + random.below(if wild { 16 } else { 30 });
        while steps.len() < length {
            let n = pool.len();
            let operands = [0; 3].map(|_| random.recent(n));
            let step = match random.below(10) {
                0 => Step::Branch { question: random.below(20), operands },
                1 => Step::Loop { kind: random.below(4), operands },
                2 => {
                    let count = 2 * (1 + random.below(9));
                    Step::Slice { kind: random.below(6), values: (0..count).map(|_| random.recent(n)).collect() }
                }
                3 | 4 => {
                    let start = operands.map(|i| pool[i]);
                    let count = 1 + random.below(8);
                    Step::Driver { kind: random.below(16), operands, body: operations(random, &start, count, wild) }
                }
                _ => Step::Row(operation(random, operands, wild)),
            };
            let before = pool.len();
            step.run(&mut pool, &mut Vec::new(), drivers);
            let moderate = |y: &F| y.is_finite() && y.abs() < F::lit(1e6);
            if !wild && !pool[before..].iter().all(moderate) {
                pool.truncate(before);
                // The next step has a new operand, which is in the domain of most rows.
                let step = Step::Row(Operation { operands, ..Operation::named("sin", 0, 0.0) });
                step.run(&mut pool, &mut Vec::new(), drivers);
                steps.push(step);
            } else {
                steps.push(step);
            }
        }
        (Self { steps, values: 1 + random.below(4) }, x)
    }

    fn run<T: Real>(&self, x: &[T], drivers: Drivers<T>) -> Vec<T> {
        let (mut pool, mut derivatives) = (x.to_vec(), Vec::new());
        self.steps.iter().for_each(|step| step.run(&mut pool, &mut derivatives, drivers));
        pool.drain(..pool.len() - self.values.min(pool.len()));
        [pool, derivatives].concat()
    }
}

fn operation(random: &mut Random, operands: [usize; 3], wild: bool) -> Operation {
    let plain = ["add", "sub", "mul", "div", "float", "mul_add", "sum", "branch"];
    let which = match random.below(2) {
        0 => random.below(UNARY.len() + OTHER.len()),
        _ => Operation::named(plain[random.below(8)], 0, 0.0).which,
    };
    let k = if wild { random.wild() } else { random.tame() };
    Operation { which, operands, k, n: random.below(11) as i32 - 4 }
}

/// Operations on three values. Unless they are wild, the results are moderate at `start`.
fn operations<F: Real>(random: &mut Random, start: &[F], count: usize, wild: bool) -> Vec<Operation> {
    let (mut values, mut operations) = (start.to_vec(), Vec::new());
    for _ in 0..count {
        let operands = [0; 3].map(|_| random.recent(values.len()));
        let operation = operation(random, operands, wild);
        let y = operation.call_generic(operands.map(|i| values[i]));
        if wild || y.is_finite() && y.abs() < F::lit(1e6) {
            values.push(y);
            operations.push(operation);
        }
    }
    operations
}

/// A point to replay at.
fn point<F: Real>(random: &mut Random, x: &[F]) -> Vec<F> {
    let kind = random.below(10);
    x.iter()
        .map(|&x| match kind {
            0 => x,
            1 => F::lit(random.wild()),
            2 => F::lit(random.tame()),
            3 | 4 if random.below(3) == 0 => F::lit(random.wild()),
            _ => x * F::lit(1.0 + 0.05 * random.unit()),
        })
        .collect()
}

fn bits<F: Real>(x: F) -> u64 {
    x.to_f64().expect("floats are f64").to_bits()
}

/// Whether both are the same. NaN is like any NaN; zeros may have different signs only if they are derivatives.
fn alike<F: Real>(a: F, b: F, derivative: bool) -> bool {
    bits(a) == bits(b) || a.is_nan() && b.is_nan() || derivative && a == F::zero() && b == F::zero()
}

/// The results of the live function, and whether they are specified.
fn specified<Y>(live: impl FnOnce() -> Y) -> (Y, bool) {
    UNSPECIFIED.set(false);
    let y = live();
    (y, !UNSPECIFIED.get())
}

/// How often what happened.
#[derive(Debug, Default)]
struct Counts {
    programs: usize,
    replays: usize,
    diverged: usize,
    lanes: usize,
    live: usize,
    /// Replays with calls.
    called: usize,
    /// Replays that differ where derivatives are not specified.
    unspecified: usize,
}

/// Tests one function.
fn check<F: Lane>(seed: u64, traced: Drivers<Traced<F>>, plain: Drivers<F>, counts: &mut Counts) {
    let mut random = Random(seed);
    let random = &mut random;
    let (function, x) = Function::new(random, plain);
    let live = |x: &[F]| function.run(x, plain);
    let program = programs::record(|x: &[Traced<F>]| function.run(x, traced), &x[..]).expect("nothing escapes");
    counts.programs += 1;
    let mut results = vec![F::zero(); program.results()];
    for _ in 0..8 {
        let y = point(random, &x);
        counts.replays += 1;
        match program.run(&y, &mut results) {
            Ok(()) => {
                let (expected, specified) = specified(|| live(&y));
                for (k, (&a, &b)) in results.iter().zip(&expected).enumerate() {
                    let same = alike(a, b, k >= function.values);
                    if !same && !specified {
                        counts.unspecified += 1;
                        break;
                    }
                    assert!(
                        same,
                        "function {seed}: result {k} is {a:e} in the replay and {b:e} live at {y:?}, recorded at {x:?}:\n\
                         {function:#?}\n{program}{:?}{:?}",
                        program.guards().collect::<Vec<_>>(),
                        program.checks().collect::<Vec<_>>()
                    );
                }
            }
            Err(Error::Diverged { .. }) => counts.diverged += 1,
            Err(error) => panic!("function {seed}: {error}"),
        }
    }
    lanes(seed, random, &function, &x, (traced, plain), counts);
    calls(seed, random, &program, |x| function.run(x, traced), &x, counts);
}

/// Calls a function at its inputs, and at numbers with the same values.
fn twice<T: Real>(x: &[T], inner: impl Fn(&[T]) -> Vec<T>) -> Vec<T> {
    let first = inner(x);
    let second = inner(&x.iter().map(|&x| x * T::lit(0.5) * T::lit(2.0)).collect::<Vec<_>>());
    let product = first[0] * second[second.len() - 1];
    [&first[..], &second[1..], &[product]].concat()
}

/// Whether a function that is called twice is called or written down, the results are the same, and guards fail at the same
/// points.
fn calls<F: Lane>(
    seed: u64,
    random: &mut Random,
    program: &Program<F>,
    inner: impl Fn(&[Traced<F>]) -> Vec<Traced<F>>,
    x: &[F],
    counts: &mut Counts,
) {
    // The function itself says only where the program is not right.
    let live = |_: &[F]| vec![F::lit(0.125); 2 * program.results()];
    let called = Kernel::<&[F], _, _, F>::new(|x: &[Traced<F>]| twice(x, |x| program.call(x)), live, x);
    // Subnormal numbers cannot be halved, so that guards may fail.
    let Ok(called) = called else { return };
    let inlined = Kernel::<&[F], _, _, F>::new(|x: &[Traced<F>]| twice(x, &inner), live, x).expect("nothing escapes");
    let points: Vec<Vec<F>> = (0..40).map(|_| point(random, x)).collect();
    let uniform: Vec<usize> = (0..x.len()).filter(|_| random.below(3) == 0).collect();
    let own = |i: usize| -> Vec<F> { (0..x.len()).filter(|i| !uniform.contains(i)).map(|k| points[i][k]).collect() };
    let own: Vec<Vec<F>> = (0..32).map(own).collect();
    let same: Vec<F> = uniform.iter().map(|&i| points[0][i]).collect();
    let width = called.program().results();
    for y in &points {
        let mut results = [vec![F::zero(); width], vec![F::zero(); width]];
        let [a, b] = &mut results;
        let both = [called.program().run(y, a), inlined.program().run(y, b)];
        assert_eq!(both[0].is_ok(), both[1].is_ok(), "function {seed} at {y:?}, recorded at {x:?}: {both:?}");
        counts.called += usize::from(both[0].is_ok());
        let same = both[0].is_err() || a.iter().zip(&*b).all(|(&a, &b)| alike(a, b, false));
        assert!(same, "function {seed} at {y:?}, recorded at {x:?}: {a:?} with calls, and {b:?}");
    }
    for set in Set::all() {
        let mut results = [vec![F::zero(); 32 * width], vec![F::zero(); 32 * width]];
        let [a, b] = &mut results;
        let (called, inlined) = (called.clone().with_set(set), inlined.clone().with_set(set));
        let reports = [
            called.uniform(uniform.clone()).run(32, &same, |i| [&own[i][..]], a, &mut []),
            inlined.uniform(uniform.clone()).run(32, &same, |i| [&own[i][..]], b, &mut []),
        ];
        assert_eq!(reports[0], reports[1], "function {seed}");
        let same = a.iter().zip(&*b).all(|(&a, &b)| alike(a, b, false));
        assert!(same, "function {seed} with {set:?} at {own:?}, recorded at {x:?}: {a:?} with calls, and {b:?}");
    }
}

/// Points are split into chunks of this many, and sums have this many parts.
const CHUNK: usize = 2048;
const PARTS: usize = 8;

/// The sum in the order that kernels have.
fn sum_in_parts<F: Real>(x: &[F]) -> F {
    x.chunks(CHUNK).fold(-F::zero(), |sum, chunk| {
        let mut parts = [-F::zero(); PARTS];
        chunk.iter().enumerate().for_each(|(k, &x)| parts[k % PARTS] += x);
        sum + parts.iter().fold(-F::zero(), |sum, &part| sum + part)
    })
}

/// Runs a function as a kernel with every instruction set, some inputs the same at all points and some results summed.
fn lanes<F: Lane>(
    seed: u64,
    random: &mut Random,
    function: &Function,
    x: &[F],
    (traced, plain): (Drivers<Traced<F>>, Drivers<F>),
    counts: &mut Counts,
) {
    let count = match seed % 64 {
        0 => 3000,
        1..=4 => 100,
        _ => [0, 1, 7, 31, 32, 33][random.below(6)],
    };
    let live = |x: &[F]| function.run(x, plain);
    let kernel = Kernel::new(|x: &[Traced<F>]| function.run(x, traced), live, x).expect("nothing escapes");
    let width = kernel.program().results();
    // None, some or all.
    let some = |random: &mut Random, n: usize| {
        let most = [0, 1, 2, 3, 4][random.below(5)];
        (0..n).filter(|_| random.below(4) < most).collect::<Vec<usize>>()
    };
    let (uniform, summed) = (some(random, x.len()), some(random, width));
    let kernel = kernel.uniform(uniform.iter().copied()).summed(summed.iter().copied());
    let first = point(random, x);
    let mut points: Vec<Vec<F>> = (0..count).map(|_| point(random, x)).collect();
    // Half of the batches have only points near the recorded one.
    if random.below(2) == 0 {
        points.iter_mut().flat_map(|y| y.iter_mut().zip(x)).for_each(|(y, &x)| {
            *y = x * F::lit(1.0 + 1e-3 * random.unit());
        });
    }
    points.iter_mut().for_each(|y| uniform.iter().for_each(|&i| y[i] = first[i]));
    let own: Vec<Vec<F>> = points
        .iter()
        .map(|y| y.iter().enumerate().filter(|(i, _)| !uniform.contains(i)).map(|(_, &y)| y).collect())
        .collect();
    let uniform: Vec<F> = uniform.iter().map(|&i| first[i]).collect();
    let expected: Vec<(Vec<F>, bool)> = points.iter().map(|y| specified(|| live(y))).collect();
    let all_specified = expected.iter().all(|(_, specified)| *specified);
    let kept: Vec<usize> = (0..width).filter(|k| !summed.contains(k)).collect();
    let (mut results, mut sums) = (vec![F::zero(); count * kept.len()], vec![F::zero(); summed.len()]);
    for set in Set::all() {
        let kernel = kernel.clone().with_set(set);
        results.fill(F::lit(0.125));
        // The inputs in two pieces.
        let pieces = |i: usize| {
            let (left, right) = own[i].split_at(own[i].len() / 3);
            [left, right]
        };
        let report = kernel.run(count, &uniform, pieces, &mut results, &mut sums).expect("right lengths");
        (counts.lanes, counts.live) = (counts.lanes + count, counts.live + report.live);
        let place = || format!("function {seed} with {set:?} and {count} points, recorded at {x:?}");
        for (i, y) in points.iter().enumerate() {
            for (&k, &a) in kept.iter().zip(&results[i * kept.len()..]) {
                let (b, specified) = (expected[i].0[k], expected[i].1);
                let same = alike(a, b, k >= function.values) || !specified;
                assert!(same, "{}: result {k} is {a:e} at {y:?} and {b:e} live: {function:#?}", place());
            }
        }
        for (&k, &a) in summed.iter().zip(&sums) {
            let terms: Vec<F> = expected.iter().map(|(results, _)| results[k]).collect();
            let b = sum_in_parts(&terms);
            let same = alike(a, b, k >= function.values) || !all_specified;
            assert!(same, "{}: sum of result {k} is {a:e} and {b:e} live: {function:#?}", place());
            let (plain, size) = terms.iter().fold((F::zero(), F::zero()), |(s, m), &x| (s + x, m + x.abs()));
            let close =
                !all_specified || !size.is_finite() || (a - plain).abs() <= size * F::epsilon() * F::lit(count as f64);
            assert!(close, "{}: sum of result {k} is {a:e} and {plain:e} in a loop: {function:#?}", place());
        }
    }
}

fn count(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |n| n.parse().expect("a number"))
}

#[test]
fn replays_of_f64() {
    let (first, mut counts) = (count("FIRST", 0), Counts::default());
    for seed in first..first + count("PROGRAMS", 160) {
        check::<f64>(seed, all, all, &mut counts);
    }
    println!("{counts:?}");
}

#[test]
fn replays_of_f32() {
    let (first, mut counts) = (count("FIRST", 0), Counts::default());
    for seed in first..first + count("PROGRAMS", 160) / 2 {
        check::<f32>(seed, few, few, &mut counts);
    }
    println!("{counts:?}");
}
