//! Programs as text: a function of Rust, a function of C, and a drawing for graphviz.

use super::straight::Program;
use super::words::Words;
use crate::error::Error;
use crate::graph::body::{Body, Call, Callee, Node};
use crate::graph::op::Op;
use crate::real::Real;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// # Programs as text
impl<T: Real> Program<T> {
    /// The program as a function of Rust, whose values are those of [`run`](Self::run) bit for bit.
    ///
    /// The text is `pub fn name(x: &[f64; N], y: &mut [f64; M]) -> bool` with N inputs and M results; with `f32` for a
    /// `Program<f32>`. Each operation is one `let`, with the names that the program has when it is printed. The function
    /// returns whether all guards and checks hold and all results are finite, so it returns `true` where `run` returns
    /// `Ok`. It stores the results in both cases, but they mean nothing where it returns `false`. `name` must be an
    /// identifier of Rust; this is not checked.
    ///
    /// Functions that the standard library has are called as its methods. The functions that only this crate has, such as
    /// `erf`, `ln_gamma` and `xlogy`, are called by paths such as `nilpotent::Real::erf(x0)`. A text without them needs no crate
    /// at all. It can be written to a file by a build script, and compiled into a program by `include!`.
    ///
    /// The standard library does not specify the last bit of functions such as `sin`. So the bits are the same if the text is
    /// compiled for the same platform, by the same version of Rust.
    ///
    /// ```
    /// use nilpotent::{program, Error};
    ///
    /// let program = program::record(|[a, b]| if a > 0.0 { a.sin() * b } else { b }, [3.0, 2.0])?;
    /// let text = program.to_rust("area")?;
    /// assert_eq!(
    ///     text,
    ///     "\
    /// #[allow(clippy::all)]
    /// pub fn area(x: &[f64; 2], y: &mut [f64; 1]) -> bool {
    ///     let x0 = x[0];
    ///     let x1 = x[1];
    ///     let v1 = x0.sin();
    ///     let v2 = x1 * v1;
    ///     *y = [v2];
    ///     0.0 < x0
    ///         && v2.is_finite()
    /// }
    /// "
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// Programs that this one calls are written out at each call.
    ///
    /// # Errors
    /// [`Error::NoText`] if the program calls a function that does not replay ([`opaque`](super::opaque)).
    pub fn to_rust(&self, name: &str) -> Result<String, Error> {
        let words = Words { c: None, single: Self::is_single() };
        let (float, [n, m]) = (words.float(), [self.inputs(), self.results()]);
        let body = self.inlined()?;
        let Parts { inputs, values, conditions, results } = parts(&body, words)?;
        let deprecated = if body.nodes.iter().any(|node| node.op == Op::abs_sub) { ", deprecated" } else { "" };
        let is_nan = |node: &Node| node.op == Op::constant && node.value().is_nan();
        let nan = if body.nodes.iter().any(is_nan) { ", invalid_nan_comparisons" } else { "" };
        let mut text = format!("#[allow(clippy::all{deprecated}{nan})]\n");
        text += &format!("pub fn {name}(x: &[{float}; {n}], y: &mut [{float}; {m}]) -> bool {{\n");
        text += &words.helpers(&body.nodes, |index| body.constant(index).is_some(), "");
        if inputs.is_empty() {
            text += "    let _ = x;\n";
        }
        inputs.iter().for_each(|i| text += &format!("    let x{i} = x[{i}];\n"));
        values.iter().for_each(|(name, value)| text += &format!("    let {name} = {value};\n"));
        text += &format!("    *y = [{}];\n", results.join(", "));
        let condition = if conditions.is_empty() { "true".into() } else { conditions.join("\n        && ") };
        Ok(text + &format!("    {condition}\n}}\n"))
    }

    /// The program as a function of C99, whose values are those of [`run`](Self::run), bit for bit under the conditions below.
    ///
    /// The text is `prefix int name(const double *x, double *y)`; with `float` for a `Program<f32>`. `prefix` may be
    /// `"static inline"`, or `"__device__"` for CUDA, or empty. The function reads one element of `x` for each input and
    /// stores one element of `y` for each result; both may be the same array. It returns 1 where `run` returns `Ok`, and else
    /// 0; then the stored results mean nothing. `name` must be an identifier of C; this is not checked.
    ///
    /// Constants are hexadecimal literals, which are exact. Functions are those of `math.h`, and small functions that stand in
    /// front, with names that begin with `name_`. They have the same prefix, after `static` unless the prefix says `static`
    /// or `extern` itself.
    ///
    /// The bits are the same under these conditions:
    /// - `math.h` is the one of the library that Rust's standard library calls, as on Linux with glibc. On a GPU the last bits
    ///   differ. The standard library does not take `cbrt`, `asinh`, `acosh` and `atanh` from C. They are written out as it
    ///   computes them in Rust 1.95; other versions may compute them in another way.
    /// - The program does not call `erf`, `erfc`, `gamma`, `ln_gamma` or `norm_cdf`. This crate takes them from the crate
    ///   `libm`, and C has its own. At some points they differ: with glibc 2.36 `erf` by 1 unit in the last place, `erfc` by
    ///   4, `gamma` by 10, and `ln_gamma` by 4 for positive arguments, and by more near its roots.
    /// - The compiler does not contract products and sums to `fma`. The text says `#pragma STDC FP_CONTRACT OFF`, which clang
    ///   obeys in the rest of the file. gcc ignores it and needs `-ffp-contract=off`, and nvcc needs `-fmad=false`. Options
    ///   such as `-ffast-math` change the values, and may remove the guards.
    ///
    /// The result of `max` and `min` at 0 and -0 may be either of them, as in Rust.
    ///
    /// ```
    /// use nilpotent::{program, Error};
    ///
    /// let program = program::record(|[a, b]| if a > 0.5 { a.ln() * b } else { b }, [3.0, 2.0])?;
    /// assert_eq!(
    ///     program.to_c("area", "static inline")?,
    ///     "\
    /// #include <math.h>
    /// #pragma STDC FP_CONTRACT OFF
    ///
    /// static inline int area(const double *x, double *y) {
    ///     const double x0 = x[0];
    ///     const double x1 = x[1];
    ///     const double v1 = log(x0);
    ///     const double v2 = x1 * v1;
    ///     y[0] = v2;
    ///     return 0x1p-1 < x0
    ///         && isfinite(v2);
    /// }
    /// "
    /// );
    /// let program = program::record(|[a]| a.digamma(), [3.0])?;
    /// assert_eq!(program.to_c("psi", ""), Err(Error::NotInC { operation: "digamma" }));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoText`] as for [`to_rust`](Self::to_rust); [`Error::NotInC`] if the program calls a special
    /// function that C does not have and that is no short formula, such as `digamma` or `erfcx`. Derivatives of `gamma` and
    /// `ln_gamma` call `digamma` and `polygamma`.
    pub fn to_c(&self, name: &str, prefix: &str) -> Result<String, Error> {
        let words = Words { c: Some(name), single: Self::is_single() };
        let float = words.float();
        let body = self.inlined()?;
        let Parts { inputs, values, conditions, results } = parts(&body, words)?;
        let spaced = if prefix.is_empty() { String::new() } else { format!("{prefix} ") };
        let is_linked = prefix.split_whitespace().any(|word| matches!(word, "static" | "extern"));
        let own = if is_linked { spaced.clone() } else { format!("static {spaced}") };
        let mut text = String::from("#include <math.h>\n#pragma STDC FP_CONTRACT OFF\n\n");
        text += &words.helpers(&body.nodes, |index| body.constant(index).is_some(), &own);
        text += &format!("{spaced}int {name}(const {float} *x, {float} *y) {{\n");
        if inputs.is_empty() {
            text += "    (void)x;\n";
        }
        inputs.iter().for_each(|i| text += &format!("    const {float} x{i} = x[{i}];\n"));
        values.iter().for_each(|(name, value)| text += &format!("    const {float} {name} = {value};\n"));
        results.iter().enumerate().for_each(|(k, result)| text += &format!("    y[{k}] = {result};\n"));
        if results.is_empty() {
            text += "    (void)y;\n";
        }
        let condition = if conditions.is_empty() { "1".into() } else { conditions.join("\n        && ") };
        Ok(text + &format!("    return {condition};\n}}\n"))
    }

    /// The program as a graph in the language of graphviz, which `dot -Tsvg` draws.
    ///
    /// The text is one `digraph`. Inputs have thick borders, operations thin ones, results are boxes, and constants are plain
    /// text. Edges lead from operands to operations, in the order of the operands from left to right. `names` are the names
    /// of the inputs. If there are fewer of them than inputs, the others are `x0`, `x1` and so on, by their indices; if there
    /// are more, those at the end are not used. Guards are not drawn.
    ///
    /// ```
    /// use nilpotent::{program, Error};
    ///
    /// let program = program::record(|[a, b]| (2.0 * a).atan2(b), [3.0, 2.0])?;
    /// assert_eq!(
    ///     program.to_dot(&["height"]),
    ///     r#"digraph {
    ///     node [ordering=in];
    ///     x0 [label="height", style=bold];
    ///     x1 [label="x1", style=bold];
    ///     v0 [label="2.0", shape=plaintext];
    ///     v1 [label="mul"];
    ///     x0 -> v1;
    ///     v0 -> v1;
    ///     v2 [label="atan2"];
    ///     v1 -> v2;
    ///     x1 -> v2;
    ///     y0 [label="y0", shape=box];
    ///     v2 -> y0;
    /// }
    /// "#
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    pub fn to_dot(&self, names: &[&str]) -> String {
        let words = Words { c: None, single: Self::is_single() };
        let body = self.body.inlined::<T>();
        let mut text = String::from("digraph {\n    node [ordering=in];\n");
        for i in 0..body.inputs {
            let label = names.get(i).map_or_else(|| format!("x{i}"), |name| escaped(name));
            text += &format!("    x{i} [label=\"{label}\", style=bold];\n");
        }
        for (index, node) in (body.inputs as u32..).zip(&body.nodes) {
            let name = body.name(index);
            let mut operands = node.nodes();
            let label = match node.op {
                Op::call => {
                    operands = &body.calls[node.operands[0] as usize].inputs;
                    format!("live {}\"", node.operands[1])
                }
                Op::constant => format!("{}\", shape=plaintext", words.literal(node.value())),
                Op::powi => format!("powi {}\"", node.operands[2].cast_signed()),
                op if op.has_parameter() => format!("{} {}\"", op.name(), node.operands[2]),
                op => format!("{}\"", op.name()),
            };
            text += &format!("    {name} [label=\"{label}];\n");
            operands.iter().for_each(|&operand| text += &format!("    {} -> {name};\n", body.name(operand)));
        }
        for (k, &result) in body.results.iter().enumerate() {
            text += &format!("    y{k} [label=\"y{k}\", shape=box];\n    {} -> y{k};\n", body.name(result));
        }
        text + "}\n"
    }
}

/// A name as it stands between quotation marks.
fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The parts of a function's text.
struct Parts {
    /// The inputs that are used.
    inputs: Vec<usize>,
    /// The name and the value of each operation.
    values: Vec<(String, String)>,
    conditions: Vec<String>,
    results: Vec<String>,
}

impl<T: Real> Program<T> {
    /// Whether the floats are `f32`.
    fn is_single() -> bool {
        T::epsilon() == T::lit(f32::EPSILON.into())
    }

    /// The program without calls.
    fn inlined(&self) -> Result<Body, Error> {
        let body = self.body.inlined::<T>();
        match body.calls.first() {
            Some(Call { callee: Callee::Live(live), .. }) => Err(Error::NoText { place: live.place }),
            _ => Ok(body),
        }
    }
}

fn parts(body: &Body, words: Words<'_>) -> Result<Parts, Error> {
    let operand = |index: u32| body.constant(index).map_or_else(|| body.name(index), |c| words.literal(c));
    let mut used: BTreeSet<u32> = body.results.iter().copied().collect();
    used.extend(body.guards.iter().flat_map(|guard| [guard.a, guard.b]));
    used.extend(body.nodes.iter().flat_map(Node::nodes));
    let mut values = Vec::new();
    for (index, node) in (body.inputs as u32..).zip(&body.nodes).filter(|(_, node)| node.op != Op::constant) {
        let operands: Vec<String> = node.nodes().iter().map(|&index| operand(index)).collect();
        let constants = [0, 1].map(|k| node.nodes().get(k).and_then(|&index| body.constant(index)));
        values.push((body.name(index), words.value(node, &operands, constants)?));
    }
    let guards = body.guards.iter();
    let mut conditions: Vec<String> =
        guards.map(|guard| words.condition(guard, &operand(guard.a), &operand(guard.b))).collect();
    for index in body.results.iter().copied().collect::<BTreeSet<u32>>() {
        match body.constant(index) {
            Some(c) if c.is_finite() => {}
            Some(_) => conditions.push(if words.c.is_some() { "0" } else { "false" }.into()),
            None => conditions.push(words.finite(&operand(index))),
        }
    }
    let several = conditions.len() > 1;
    for condition in
        conditions.iter_mut().filter(|condition| several && condition.contains(" || ") && !condition.starts_with('!'))
    {
        *condition = format!("({condition})");
    }
    Ok(Parts {
        inputs: used.into_iter().map(|index| index as usize).filter(|index| *index < body.inputs).collect(),
        values,
        conditions,
        results: body.results.iter().map(|&index| operand(index)).collect(),
    })
}
