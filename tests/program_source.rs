//! Programs as text of Rust and of C: compiled and run, they have the values of `Program::run`, bit for bit.

#[path = "common/arity.rs"]
mod arity;

use arity::arity;
use nilpotent::program::{self, Program};
use nilpotent::rules::by_name::{by_method, by_table};
use nilpotent::rules::{ROWS, norm};
use nilpotent::{Dual, Dual2, Error, Real, Traced, derivative, hessian, jacobian};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Numbers without a pattern, from a linear congruence (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.next() * from.len() as f64) as usize]
    }

    /// A number of any size, and sometimes one at which a question changes its answer.
    fn any<T: Real>(&mut self) -> T {
        let sign = if self.next() < 0.5 { T::one() } else { -T::one() };
        match (self.next() * 10.0) as usize {
            0 => sign * self.pick(&[T::zero(), T::infinity(), T::nan(), T::lit(1e-310), T::lit(1e-40), T::lit(2.5)]),
            1 => sign * self.pick(&[T::min_positive_value(), T::max_value(), T::epsilon(), T::lit(64.0), T::one()]),
            2 => {
                // Bounds of the crate's questions, and their neighbors.
                let bound = self.pick(&[-511, -459, -126, -64, -63, -40, -33, -32, 32, 33, 63, 64, 65, 126, 511, 1021]);
                let ulp = T::epsilon() * T::lit((self.next() * 3.0).floor() - 1.0);
                sign * T::lit(2.0).powi(bound) * (T::one() + ulp)
            }
            3 | 4 => sign * T::lit(self.next() * 10.0_f64.powf(self.next() * 600.0 - 300.0)),
            5 => sign * T::lit((self.next() * 70.0).floor()),
            _ => sign * T::lit(self.next() * if self.next() < 0.5 { 1.0 } else { 10.0 }),
        }
    }
}

/// A program, by a name that is an identifier.
struct Case<T> {
    name: String,
    program: Program<T>,
    /// Where it was recorded.
    at: Vec<T>,
}

struct Cases<T>(Vec<Case<T>>);

impl<T: Real> Cases<T> {
    fn record(&mut self, name: &str, at: &[f64], f: impl FnOnce(&[Traced<T>]) -> Vec<Traced<T>>) {
        let at: Vec<T> = at.iter().map(|&x| T::lit(x)).collect();
        let program = program::record(|x: &[Traced<T>]| f(x), &at[..]).expect("recorded");
        let name = format!("{}{}_{name}", if is_single::<T>() { "s" } else { "d" }, self.0.len());
        self.0.push(Case { name, program, at });
    }

    /// A question, which is a guard of a program with a constant result.
    fn ask<R>(&mut self, name: &str, at: &[f64], question: impl Fn(Traced<T>, Traced<T>) -> R) {
        for &a in at {
            self.record(name, &[a, 1.0], |x| {
                question(x[0], x[1]);
                vec![Traced::constant(T::lit(0.1))]
            });
        }
    }
}

fn is_single<T: Real>() -> bool {
    T::epsilon() > T::lit(1e-10)
}

/// A camera that is turned by the angles `x[..3]` and moved by `x[3..]` sees a point.
fn camera<T: Real>(x: [T; 6]) -> [T; 2] {
    let angle = (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]).sqrt();
    let (sine, cosine) = angle.sin_cos();
    let axis = [x[0] / angle, x[1] / angle, x[2] / angle];
    let point = [0.3, -0.2, 4.0].map(T::lit);
    let cross =
        |a: [T; 3], b: [T; 3]| [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    let (once, along) = (cross(axis, point), axis[0] * point[0] + axis[1] * point[1] + axis[2] * point[2]);
    let turned: [T; 3] =
        std::array::from_fn(|i| point[i] * cosine + once[i] * sine + axis[i] * along * (T::one() - cosine) + x[3 + i]);
    [T::lit(500.0) * turned[0] / turned[2] + T::lit(320.0), T::lit(500.0) * turned[1] / turned[2] + T::lit(240.0)]
}

fn cases<T: Real>() -> Vec<Case<T>> {
    let mut cases = Cases(Vec::new());
    cases.record("polynomial", &[0.7], |x| {
        let [a, b, c] = [3.0, 0.1, 1e-30].map(Traced::lit);
        vec![((x[0] * a - b) * x[0] + c) * x[0] - x[0].powi(7)]
    });
    let pose = [0.1, -0.2, 0.3, 0.5, -0.4, 0.2];
    cases.record("camera", &pose, |x| {
        let (y, j) = jacobian(camera, std::array::from_fn(|i| x[i]));
        y.into_iter().chain(j.into_iter().flatten()).collect()
    });
    cases.record("hessian", &[0.3, 0.8], |x| {
        let (y, g, h) = hessian(|[a, b]| (a * b).exp() / (a + b).sqrt() + a.atan2(b), [x[0], x[1]]);
        [vec![y], g.to_vec(), h.into_iter().flatten().collect()].concat()
    });
    // The programs of f32 would mostly be the same text twice, so there are fewer of them.
    let points = [[0.7, 1.3, 2.2], [0.4, -2.6, -1.5]];
    for (k, at) in points.into_iter().take(if is_single::<T>() { 1 } else { 2 }).enumerate() {
        for name in ROWS.into_iter().flatten().filter(|name| !NOT_IN_C.contains(name) && !ROWS[4].contains(name)) {
            let n = if k == 0 { 5.0 } else { -3.0 };
            let row = |x: &[Traced<T>]| vec![by_table(name, x, n).expect("a row")];
            cases.record(name, &at[..arity(name)], row);
            if matches!(*name, "gamma" | "ln_gamma") {
                continue;
            }
            cases.record(name, &at[..arity(name)], |x| {
                let seed = |i| [0, 1, 2].map(|k| Traced::lit((k == i).into()));
                let x: Vec<_> = x.iter().enumerate().map(|(i, x)| Dual::new(*x, seed(i))).collect();
                let y = by_table(name, &x, n).expect("a row");
                vec![y.re, y.eps[0], y.eps[1], y.eps[2]]
            });
            cases.record(name, &at[..arity(name)], |x| {
                let one = Traced::constant(T::one());
                let x: Vec<_> = x.iter().map(|x| Dual2::new(*x, [one], [[one]])).collect();
                let y = by_table(name, &x, n).expect("a row");
                vec![y.re, y.grad[0], y.hess[(0, 0)]]
            });
        }
    }
    for n in [65, 100, -77, 1023, i32::MAX, i32::MIN] {
        cases.record("powi", &[1.01], |x| vec![x[0].powi(n)]);
    }
    // Operations with constants on either side, which compilers like to replace.
    let constants = [0.5, 2.0, 10.0, -1.0, f64::INFINITY, f64::NAN];
    for &c in &constants[..if is_single::<T>() { 1 } else { constants.len() }] {
        for name in ROWS.into_iter().flatten().filter(|name| arity(name) == 2 && !NOT_IN_C.contains(name)) {
            let c = Traced::constant(T::lit(c));
            let row = |x: &[Traced<T>]| vec![by_table(name, x, 0.0).expect("a row")];
            cases.record(name, &[0.6], |x| row(&[x[0], c]));
            cases.record(name, &[0.6], |x| row(&[c, x[0]]));
        }
        let c = Traced::constant(T::lit(c));
        cases.record("arithmetic", &[0.6], |x| vec![x[0] - c, c - x[0], c * x[0], x[0] / c, c / x[0], -x[0], c]);
    }
    cases.record("select", &[0.6, 0.7], |x| vec![Real::pick(x[0], x[1], || x[0].sin(), || x[1] + x[1])]);
    cases.record("below_inverse", &[0.6], |x| vec![x[0].power_of_two_below_inverse()]);
    cases.record("norm", &[0.6, 0.7], |x| vec![norm(x)]);
    cases.record("nothing", &[0.6], |_| vec![]);
    // A program that calls programs: of inputs, of constants, and twice of the same.
    let slope = |x: Traced<T>| derivative(|x| (x.recip().sin() + Dual::lit(2.0)).ln() * x.powi(3), x);
    let part = program::record(
        |[a, b]: [Traced<T>; 2]| {
            let (y, dy) = slope(a / b);
            if a < b { [y + dy, b.powf(Traced::lit(2.5)), a.log(b)] } else { [y, dy * a.exp(), a.hypot(b)] }
        },
        [0.6, 0.7].map(T::lit),
    );
    let part = part.unwrap();
    let outer =
        program::record(|[a, b]: [Traced<T>; 2]| part.call(&[a * b, b + T::one()]), [0.6, 0.7].map(T::lit)).unwrap();
    cases.record("calls", &[0.6, 0.7, 0.5], |x| {
        let (first, second) = (part.call(&[x[0], x[1]]), outer.call(&[x[2], x[1]]));
        let third = part.call(&[Traced::lit(0.5), x[1]]);
        let last = outer.call(&[Traced::lit(0.25), Traced::lit(0.75)]);
        vec![first[0] * second[1], second[2] - third[2], third[0], third[1] * last[0], first[2].min(second[0])]
    });
    cases.record("sum", &[0.6, 0.5, 0.4], |x| vec![x[0] * x[1] + x[2], x[1], x[1]]);

    let (tiny, large) = (T::min_positive_value().to_f64().unwrap(), T::max_value().to_f64().unwrap());
    let all = [1.0, -1.0, 0.0, -0.0, 3.0, -2.5, tiny, tiny / 8.0, large, 1e30, f64::INFINITY, f64::NAN];
    cases.ask("less", &all, |a, b| a < b);
    cases.ask("less_or_equal", &all, |a, b| a <= b);
    cases.ask("equal", &all, |a, b| a == b);
    cases.ask("equal_to_constant", &all, |a, _| a == Traced::constant(T::lit(-2.5)));
    cases.ask("compare", &all, |a, b| a.partial_cmp(&b));
    cases.ask("negative", &all, |a, _| a.is_sign_negative());
    cases.ask("nan", &all, |a, _| a.is_nan());
    cases.ask("infinite", &all, |a, _| a.is_infinite());
    cases.ask("finite", &all, |a, _| a.is_finite());
    cases.ask("normal", &all, |a, _| a.is_normal());
    cases.ask("subnormal", &all, |a, _| a.is_subnormal());
    cases.ask("moderate", &all, |a, _| a.is_moderate());
    cases.ask("squares_safely", &all, |a, _| a.squares_safely());
    cases.ask("exponent", &all, |a, _| a.exponent());
    cases.ask("small_integer", &all, |a, _| a.small_integer());
    cases.0
}

/// The bits of a float of either size.
fn bits<T: Real>(x: T) -> u64 {
    let x = x.to_f64().unwrap();
    if is_single::<T>() { (x as f32).to_bits().into() } else { x.to_bits() }
}

/// A float by its bits.
fn float(single: bool, text: &str) -> f64 {
    let bits = u64::from_str_radix(text, 16).unwrap();
    if single { f32::from_bits(bits as u32).into() } else { f64::from_bits(bits) }
}

/// What `Program::run` says, and what the texts should therefore print: whether it is Ok, and the bits of the results.
struct Expected {
    name: String,
    single: bool,
    point: String,
    results: Option<Vec<u64>>,
}

/// Functions in the texts, the calls in their main functions, the points, and what is expected.
#[derive(Default)]
struct Harness {
    functions: String,
    calls: String,
    points: String,
    expected: Vec<Expected>,
    programs: usize,
    /// The texts without their names. Many programs have the same.
    known: HashSet<String>,
}

impl Harness {
    fn add<T: Real>(&mut self, case: &Case<T>, text: &str, call: &str) {
        if !self.known.insert(text.replace(&case.name, "")) {
            return;
        }
        let mut random = Random(self.programs as u64 + 1);
        let (n, m) = (case.program.inputs(), case.program.results());
        let size = if is_single::<T>() { 32 } else { 64 };
        self.functions += text;
        let call = call.replace("NAME", &case.name).replace("COUNT_X", &n.to_string());
        let call = call.replace("COUNT_Y", &m.to_string()).replace("SIZE", &size.to_string());
        writeln!(self.calls, "{}", call.replace("INDEX", &self.programs.to_string())).unwrap();
        for k in 0..200 {
            // Half of the points are near the one of the recording, where most guards hold.
            let near = |random: &mut Random, &x: &T| match k % 4 {
                0 | 1 => x * T::lit(1.0 + 0.1 * random.next()),
                2 if random.next() < 0.3 => random.any(),
                2 => random.pick(&[x, T::one() - x, x + x]),
                _ => random.any(),
            };
            let x: Vec<T> = case.at.iter().map(|x| if k == 0 { *x } else { near(&mut random, x) }).collect();
            let mut y = vec![T::zero(); m];
            let results = case.program.run(&x, &mut y).ok().map(|()| y.into_iter().map(bits).collect());
            write!(self.points, "{}", self.programs).unwrap();
            x.iter().for_each(|x| write!(self.points, " {:x}", bits(*x)).unwrap());
            self.points += "\n";
            let expected =
                Expected { name: case.name.clone(), single: is_single::<T>(), point: format!("{x:?}"), results };
            self.expected.push(expected);
        }
        self.programs += 1;
    }

    /// Runs the compiled file, and compares. `difference` is the largest one that is allowed, for a program of this name.
    /// Returns the numbers of points at which programs are right and are not.
    fn compare(&self, file: &Path, allowed: impl Fn(&str) -> f64) -> (usize, usize) {
        let points = file.with_extension("points");
        fs::write(&points, &self.points).unwrap();
        let output = Command::new(file).stdin(File::open(points).unwrap()).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success());
        let output = String::from_utf8(output.stdout).unwrap();
        let (mut right, mut failures) = (0, Vec::new());
        assert_eq!(output.lines().count(), self.expected.len());
        for (line, Expected { name, single, point, results }) in output.lines().zip(&self.expected) {
            let (ok, found) = line.split_once(' ').unwrap();
            let allowed = allowed(name);
            if (ok == "1") != results.is_some() {
                failures.push(format!("{name} at {point}: {line}, and run gives {results:x?}"));
                continue;
            }
            let Some(results) = results else { continue };
            right += 1;
            for (found, expected) in found.split_whitespace().zip(results) {
                let (a, b) = (float(*single, found), float(*single, &format!("{expected:x}")));
                let alike = if allowed == 0.0 {
                    u64::from_str_radix(found, 16).unwrap() == *expected
                } else {
                    (a - b).abs() <= allowed * b.abs().max(1e-30)
                };
                if !alike {
                    failures
                        .push(format!("{name} at {point}: {a:e}, and run gives {b:e}: {:e}", (a - b).abs() / b.abs()));
                }
            }
            assert_eq!(found.split_whitespace().count(), results.len());
        }
        assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures[..failures.len().min(60)].join("\n"));
        (right, self.expected.len() - right)
    }
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn compiled(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn rust_text_is_the_program() {
    const CALL: &str = "        INDEX => callSIZE(NAME, &x),";
    const MAIN: &str = "
macro_rules! call {
    ($name:ident, $F:ident, $U:ident) => {
        fn $name<const N: usize, const M: usize>(f: fn(&[$F; N], &mut [$F; M]) -> bool, x: &[u64]) {
            let mut y = [0.0; M];
            let ok = f(&std::array::from_fn(|k| $F::from_bits(x[k] as $U)), &mut y);
            print!(\"{} \", ok as i32);
            y.iter().for_each(|y| print!(\"{:x} \", y.to_bits()));
            println!();
        }
    };
}
call!(call32, f32, u32);
call!(call64, f64, u64);

fn main() {
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let mut words = line.split(' ');
        let index: usize = words.next().unwrap().parse().unwrap();
        let x: Vec<u64> = words.map(|x| u64::from_str_radix(x, 16).unwrap()).collect();
        match index {
CALLS
            _ => unreachable!(),
        }
    }
}
";
    let mut harness = Harness::default();
    fn add<T: Real>(harness: &mut Harness) {
        for case in cases::<T>() {
            let text = case.program.to_rust(&case.name).unwrap();
            if !text.contains("nilpotent::") {
                harness.add(&case, &text, CALL);
            }
        }
    }
    add::<f64>(&mut harness);
    add::<f32>(&mut harness);
    let source = file("program_source.rs");
    let text = format!("#![deny(warnings)]\n{}{}", harness.functions, MAIN.replace("CALLS", &harness.calls));
    fs::write(&source, text).unwrap();
    let rustc = std::env::var("RUSTC").unwrap_or("rustc".into());
    let binary = file("program_source_rs");
    compiled(Command::new(rustc).args(["-O", "--edition", "2024", "-o"]).arg(&binary).arg(&source));
    let (right, wrong) = harness.compare(&binary, |_| 0.0);
    println!("Rust: {} programs, {right} points, and {wrong} where guards fail", harness.programs);
    assert!(harness.programs > 400 && right > 50_000 && wrong > 10_000);
}

#[test]
fn c_text_is_the_program() {
    const CALL: &str = "        case INDEX: callSIZE(NAME, COUNT_X, COUNT_Y, x); break;";
    const HEAD: &str = "
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
";
    const MAIN: &str = "
#define CALL(name, real, bits) \\
static void name(int (*f)(const real *, real *), int n, int m, const unsigned long long *x) { \\
    real a[64], y[64]; \\
    bits b; \\
    for (int k = 0; k < n; k++) { b = x[k]; memcpy(a + k, &b, sizeof b); } \\
    printf(\"%d \", f(a, y)); \\
    for (int k = 0; k < m; k++) { memcpy(&b, y + k, sizeof b); printf(\"%llx \", (unsigned long long)b); } \\
    printf(\"\\n\"); \\
}
CALL(call32, float, uint32_t)
CALL(call64, double, uint64_t)

int main(void) {
    static char line[4096];
    while (fgets(line, sizeof line, stdin)) {
        unsigned long long x[64], index;
        char *rest = line, *end;
        int n = 0;
        index = strtoull(rest, &rest, 10);
        for (;;) {
            x[n] = strtoull(rest, &end, 16);
            if (end == rest) break;
            rest = end;
            n++;
        }
        switch (index) {
CALLS        default: return 1; }
    }
    return 0;
}
";
    let cc = std::env::var("CC").unwrap_or("cc".into());
    if Command::new(&cc).arg("--version").output().is_err() {
        println!("There is no C compiler `{cc}`, so the text of C is not tested.");
        return;
    }
    let (mut harness, mut inexact) = (Harness::default(), Vec::new());
    fn add<T: Real>(harness: &mut Harness, inexact: &mut Vec<String>) {
        for (k, case) in cases::<T>().into_iter().enumerate() {
            let prefix = ["static", "static inline"][usize::from(k > 20)];
            let prefix = if k == 0 { "" } else { prefix };
            let text = case.program.to_c(&case.name, prefix).expect("text of C");
            if ["erf", "tgamma", "lgamma"].iter().any(|name| text.contains(name)) {
                inexact.push(case.name.clone());
            }
            harness.add(&case, &text, CALL);
        }
    }
    add::<f64>(&mut harness, &mut inexact);
    add::<f32>(&mut harness, &mut inexact);
    let source = file("program_source.c");
    let text = format!("{HEAD}{}{}", harness.functions, MAIN.replace("CALLS", &harness.calls));
    fs::write(&source, text).unwrap();
    let binary = file("program_source_c");
    let flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-O2", "-ffp-contract=off", "-o"];
    compiled(Command::new(cc).args(flags).arg(&binary).arg(&source).arg("-lm"));
    // The last bits of these functions differ between the crate libm and the library of C.
    let allowed = |name: &str| match inexact.iter().any(|other| other == name) {
        false => 0.0,
        true if name.starts_with('s') => 1e-5,
        true => 1e-12,
    };
    let (right, wrong) = harness.compare(&binary, allowed);
    println!("C: {} programs, {right} points, and {wrong} where guards fail", harness.programs);
    assert!(harness.programs > 400 && right > 50_000 && wrong > 10_000);
}

/// Functions of one argument and two that C does not have. Those of an integer are not in C either.
const NOT_IN_C: &[&str] = &[
    "digamma",
    "erfcx",
    "ln_norm_cdf",
    "probit",
    "erf_inv",
    "erfc_inv",
    "lambert_w0",
    "lambert_wm1",
    "ln_beta",
    "gamma_p",
    "gamma_q",
    "beta_inc",
];

#[test]
fn functions_that_c_does_not_have_are_errors() {
    let errors = |f: fn(Traced) -> Traced| program::record(|[x]| f(x), [0.5]).unwrap().to_c("f", "");
    assert_eq!(errors(|x| x.digamma()), Err(Error::NotInC { operation: "digamma" }));
    assert_eq!(errors(|x| x.polygamma(2)), Err(Error::NotInC { operation: "polygamma" }));
    for name in ROWS[1].iter().chain(ROWS[4]).filter(|name| NOT_IN_C.contains(name) || ROWS[4].contains(name)) {
        let program = program::record(|[x]| by_method(name, &[x], 2.0).unwrap(), [0.5]).unwrap();
        let found = program.to_c("f", "");
        assert!(matches!(found, Err(Error::NotInC { operation }) if operation == *name), "{name}: {found:?}");
    }
    // Functions whose derivatives need series in their parameters are called as they are.
    let program = program::record(|[a, x]| a.gamma_p(x), [2.0, 0.5]).unwrap();
    assert!(matches!(program.to_rust("f"), Err(Error::NoText { .. })));
    let message = errors(|x| x.digamma()).unwrap_err().to_string();
    assert_eq!(message, "C has no function for the operation `digamma`");
}

/// Functions that the standard library does not have are paths of this crate, which are right as they are written.
#[test]
fn own_functions_are_paths() {
    let program = program::record(|[x, y]| x.erf() + x.polygamma(3) + x.xlogy(y), [0.5, 0.25]).unwrap();
    let text = program.to_rust("f").unwrap();
    for path in ["nilpotent::Real::erf(x0)", "nilpotent::Real::polygamma(x0, 3)", "nilpotent::Real::xlogy(x0, x1)"] {
        assert!(text.contains(path), "{text}");
    }
    let x0 = 0.5_f64;
    let found = Real::erf(x0) + Real::polygamma(x0, 3) + Real::xlogy(x0, 0.25);
    let mut y = [0.0];
    program.run(&[x0, 0.25], &mut y).unwrap();
    assert_eq!(y, [found]);
}

#[test]
fn drawings_have_names() {
    let program = program::record(|[x, y, z]| [x.powi(70) * y, z], [1.5, 2.0, 3.0]).unwrap();
    let text = program.to_dot(&["the \"first\"", "b\\c"]);
    for line in [
        "x0 [label=\"the \\\"first\\\"\", style=bold];",
        "x1 [label=\"b\\\\c\", style=bold];",
        "x2 [label=\"x2\", style=bold];",
        "v0 [label=\"powi 70\"];",
        "x2 -> y1;",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert_eq!(program.to_dot(&["a", "b", "c", "d"]), program.to_dot(&["a", "b", "c"]));
}
