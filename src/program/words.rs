//! `Words`: operations and guards of a program as expressions of Rust and of C.

use crate::error::Error;
use crate::graph::body::Node;
use crate::graph::guard::{Guard, Question};
use crate::graph::op::Op;
use crate::real::Real;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The functions that the text of a function in C may need beside those of `math.h`, and the operations that call them. In
/// the text `real` stands for the type, `#` for the suffix of the functions and literals of `float`, and `@` for the name of
/// the exported function, so that the functions of several texts do not have the same name. Where `double` is written, the
/// crate computes `f32` by `f64` as well.
///
/// The inverse hyperbolic functions and the cube root are those of Rust's standard library, which does not take them from C.
/// Its cube root is rounded correctly.
const HELPERS: &[(Op, &str)] = &[
    (
        Op::powi,
        "real @powi(real x, int n) {
    const int negative = n < 0;
    real power = 1;
    for (;;) {
        if (n % 2 != 0) power *= x;
        n /= 2;
        if (n == 0) break;
        x *= x;
    }
    return negative ? 1 / power : power;
}",
    ),
    // The compiler would replace some powers with a constant operand by other functions.
    (
        Op::powf,
        "real @powf(real x, real y) {
    volatile real a = x, b = y;
    return pow#(a, b);
}",
    ),
    (
        Op::cbrt,
        "double @cbrt(double x) {
    int exponent;
    if (!(fabs(x) > 0 && fabs(x) < INFINITY)) return x;
    const double part = frexp(x, &exponent), scaled = ldexp(part, exponent % 3);
    const double root = cbrt(scaled), square = root * root, cube = square * root;
    const double rest = scaled - cube - fma(square, root, -cube) - fma(root, root, -square) * root;
    return ldexp(root + rest / (3 * square), exponent / 3);
}",
    ),
    (
        Op::asinh,
        "real @asinh(real x) {
    const real a = fabs#(x), inverse = 1 / a;
    return copysign#(log1p#(a + a / (hypot#(1, inverse) + inverse)), x);
}",
    ),
    (
        Op::acosh,
        "real @acosh(real x) {
    return x < 1 ? NAN : log#(x + sqrt#(x - 1) * sqrt#(x + 1));
}",
    ),
    (
        Op::atanh,
        "real @atanh(real x) {
    return 0.5# * log1p#(2 * x / (1 - x));
}",
    ),
    (
        Op::signum,
        "real @signum(real x) {
    return x == x ? copysign#(1, x) : x;
}",
    ),
    (
        Op::rem_euclid,
        "real @rem_euclid(real x, real y) {
    const real r = fmod#(x, y);
    return r < 0 ? r + fabs#(y) : r;
}",
    ),
    (
        Op::div_euclid,
        "real @div_euclid(real x, real y) {
    const real q = trunc#(x / y);
    return !(fmod#(x, y) < 0) ? q : y > 0 ? q - 1 : q + 1;
}",
    ),
    (
        Op::below_inverse,
        "real @below_inverse(real x) {
    int exponent;
    if (!(fabs#(x) >= SMALLEST && fabs#(x) < 1 / SMALLEST)) return 0;
    frexp#(x, &exponent);
    return ldexp#(1, -exponent);
}",
    ),
    (
        Op::norm_cdf,
        "double @norm_cdf(double x) {
    const double z = -x * 0x1.6a09e667f3bcdp-1;
    const double lost = fma(-x, 0x1.6a09e667f3bcdp-1, -z) - x * -0x1.bdd3413b26456p-55;
    const double tail = erfc(z);
    if (tail == 0 || tail == 2 || z != z) return 0.5 * tail;
    return 0.5 * (tail - lost * 0x1.20dd750429b6dp+0 * exp(-z * z));
}",
    ),
    (
        Op::sinc,
        "double @sinc(double x) {
    return x == 0 ? 1 : sin(x) / x;
}",
    ),
    (
        Op::sinhc,
        "double @sinhc(double x) {
    const double s = sinh(x), size = fabs(x);
    if (x == 0) return 1;
    if (fabs(s) == INFINITY && size < INFINITY) {
        const double root = exp(0.5 * size);
        return 0.5 * root / size * root;
    }
    return s / x;
}",
    ),
    (
        Op::sph_j1,
        "double @sph_j1(double x) {
    double sum = 1;
    if (!(fabs(x) < 1.6)) return (sin(x) / x - cos(x)) / x;
    for (int k = 16; k > 0; k--) sum = 1 - x * x / (2 * k * (2 * k + 3)) * sum;
    return x / 3 * sum;
}",
    ),
    (
        Op::sph_j2,
        "double @sph_j2(double x) {
    double sum = 1;
    if (!(fabs(x) < 3)) return 3 * ((sin(x) / x - cos(x)) / x) / x - sin(x) / x;
    for (int k = 16; k > 0; k--) sum = 1 - x * x / (2 * k * (2 * k + 5)) * sum;
    return x * x / 15 * sum;
}",
    ),
    (
        Op::softplus,
        "double @softplus(double x) {
    return (x < 0 ? 0 : x) + log1p(exp(-fabs(x)));
}",
    ),
    (
        Op::sigmoid,
        "double @sigmoid(double x) {
    const double e = exp(-fabs(x));
    return x < 0 ? e / (1 + e) : 1 / (1 + e);
}",
    ),
    (
        Op::ln_1m_exp,
        "double @ln_1m_exp(double x) {
    return x > -0x1.62e42fefa39efp-1 ? log(-expm1(x)) : log1p(-exp(x));
}",
    ),
    (
        Op::ln_add_exp,
        "double @ln_add_exp(double x, double y) {
    if (x == y) return x + 0x1.62e42fefa39efp-1;
    return fmax(x, y) + log1p(exp(-fabs(x - y)));
}",
    ),
    (
        Op::xlogy,
        "double @xlogy(double x, double y) {
    return x == 0 && y == y ? 0 : x * log(y);
}",
    ),
];

/// The function that the text of a function in Rust may need: the formula of `Real::power_of_two_below_inverse`.
const BELOW_INVERSE: &str = "    fn below_inverse(x: real) -> real {
        let inverse = SUM_uN.wrapping_sub(x.abs().to_bits() >> MANTISSA);
        real::from_bits(if inverse < SUM { inverse << MANTISSA } else { 0 })
    }
";

/// What the texts of both languages consist of.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    /// The name of the function, if it is one of C.
    pub(super) c: Option<&'a str>,
    /// Whether the floats are `f32`.
    pub(super) single: bool,
}

impl Words<'_> {
    pub(super) fn float(self) -> &'static str {
        match (self.c, self.single) {
            (None, false) => "f64",
            (None, true) => "f32",
            (Some(_), false) => "double",
            (Some(_), true) => "float",
        }
    }

    /// The suffix of functions and literals.
    fn suffix(self) -> &'static str {
        if self.single { "f" } else { "" }
    }

    /// The smallest normal float.
    fn smallest(self) -> f64 {
        if self.single { f32::MIN_POSITIVE.into() } else { f64::MIN_POSITIVE }
    }

    /// A constant, exactly.
    pub(super) fn literal(self, x: f64) -> String {
        let sign = if x.is_sign_negative() { "-" } else { "" };
        match self.c {
            Some(_) if x.is_nan() => format!("{sign}NAN"),
            Some(_) if x.is_infinite() => format!("{sign}INFINITY"),
            Some(_) => hexadecimal(x) + self.suffix(),
            None if x.is_nan() => format!("{sign}{}::NAN", self.float()),
            None if x.is_infinite() => format!("{sign}{}::INFINITY", self.float()),
            None if self.single => format!("{:?}", x as f32),
            None => format!("{x:?}"),
        }
    }

    /// A method of Rust's floats, or a function of C, which takes the same arguments.
    fn call(self, method: &str, function: &str, arguments: &[&str]) -> String {
        if self.c.is_some() {
            return format!("{function}{}({})", self.suffix(), arguments.join(", "));
        }
        let mut receiver = arguments[0].to_string();
        let bare = receiver.trim_start_matches('-');
        if bare.starts_with(|c: char| c.is_ascii_digit()) {
            receiver = format!("{receiver}_{}", self.float());
        }
        if receiver.starts_with('-') {
            receiver = format!("({receiver})");
        }
        format!("{receiver}.{method}({})", arguments[1..].join(", "))
    }

    /// A function that the text itself holds, or one that the crate has.
    fn own(self, op: Op, arguments: &[&str]) -> String {
        let arguments = arguments.join(", ");
        match self.c {
            Some(name) => format!("{name}_{}({arguments})", op.name()),
            None if op == Op::below_inverse => format!("below_inverse({arguments})"),
            None => format!("nilpotent::Real::{}({arguments})", op.name()),
        }
    }

    /// The functions that the text holds beside its own, for the operations of `nodes`. `is_constant` says which operands are
    /// constants, and `prefix` stands before each function of C.
    pub(super) fn helpers(self, nodes: &[Node], is_constant: impl Fn(u32) -> bool, prefix: &str) -> String {
        let Some(name) = self.c else {
            let (sum, size, mantissa) = if self.single { ("253", "u32", "23") } else { ("2045", "u64", "52") };
            let text = BELOW_INVERSE.replace("real", self.float()).replace("uN", size).replace("SUM", sum);
            let used = nodes.iter().any(|node| node.op == Op::below_inverse);
            return if used { text.replace("MANTISSA", mantissa) } else { String::new() };
        };
        let smallest = self.literal(self.smallest());
        let mut text = String::new();
        for (op, helper) in HELPERS {
            let calls = |node: &Node| {
                node.op == *op && (node.op != Op::powf || node.nodes().iter().any(|&operand| is_constant(operand)))
            };
            if nodes.iter().any(calls) {
                let helper = helper.replace("SMALLEST", &smallest).replace("real", self.float());
                let helper = helper.replace('#', self.suffix()).replace('@', &format!("{name}_"));
                text += &format!("{prefix}{helper}\n\n");
            }
        }
        text
    }

    /// An expression with the value of a node. `constants` are those operands that are constants.
    pub(super) fn value(self, node: &Node, operands: &[String], constants: [Option<f64>; 2]) -> Result<String, Error> {
        let x: Vec<&str> = operands.iter().map(String::as_str).collect();
        let (op, name, in_c) = (node.op, node.op.name(), self.c.is_some());
        let method = |function: &str| self.call(name, function, &x);
        Ok(match op {
            Op::constant | Op::call => unreachable!("constants are written where they are used"),
            Op::add => format!("{} + {}", x[0], x[1]),
            Op::sub => format!("{} - {}", x[0], x[1]),
            Op::mul => format!("{} * {}", x[0], x[1]),
            Op::div => format!("{} / {}", x[0], x[1]),
            Op::rem if !in_c => format!("{} % {}", x[0], x[1]),
            Op::rem => method("fmod"),
            Op::neg => format!("-{}", x[0]),
            Op::mul_add => method("fma"),
            Op::less if in_c => format!("{} < {} ? 1 : 0", x[0], x[1]),
            Op::less => format!("if {} < {} {{ 1.0 }} else {{ 0.0 }}", x[0], x[1]),
            Op::select if in_c => format!("{} == 0 ? {} : {}", x[0], x[2], x[1]),
            Op::select => format!("if {} == 0.0 {{ {} }} else {{ {} }}", x[0], x[2], x[1]),
            Op::powi => {
                let n = node.operands[2].cast_signed().to_string();
                if in_c { self.own(op, &[x[0], &n]) } else { self.call(name, "", &[x[0], &n]) }
            }
            Op::digamma | Op::erfcx | Op::ln_norm_cdf | Op::probit | Op::erf_inv | Op::erfc_inv if in_c => {
                return Err(Error::NotInC { operation: name });
            }
            Op::lambert_w0 | Op::lambert_wm1 | Op::ln_beta if in_c => return Err(Error::NotInC { operation: name }),
            op if op.has_parameter() && in_c => return Err(Error::NotInC { operation: name }),
            op if op.has_parameter() => self.own(op, &[x[0], &node.operands[2].to_string()]),
            // The logarithms of constants, which a compiler would compute by other means.
            Op::log => {
                let ln = |k: usize| match constants[k] {
                    Some(c) if self.single => self.literal((c as f32).ln().into()),
                    Some(c) => self.literal(c.ln()),
                    None => self.call("ln", "log", &[x[k]]),
                };
                format!("{} / {}", ln(0), ln(1))
            }
            Op::powf if constants.iter().all(Option::is_none) => method("pow"),
            Op::powf if in_c => self.own(op, &x),
            Op::powf => {
                let opaque = |k: usize| match constants[k] {
                    Some(_) => format!("core::hint::black_box::<{}>({})", self.float(), x[k]),
                    None => operands[k].clone(),
                };
                self.call(name, "", &[&opaque(0), &opaque(1)])
            }
            Op::hypot | Op::atan2 | Op::copysign => method(name),
            Op::sqrt | Op::exp | Op::exp2 | Op::log2 | Op::log10 => method(name),
            Op::sin | Op::cos | Op::tan | Op::asin | Op::acos | Op::atan | Op::sinh | Op::cosh | Op::tanh => {
                method(name)
            }
            Op::floor | Op::ceil | Op::round | Op::trunc => method(name),
            Op::round_ties_even => method("rint"),
            // Of 0 and -0 the first one, as in Rust; C leaves open which one.
            Op::min if in_c => format!("{1} < {0} || {0} != {0} ? {1} : {0}", x[0], x[1]),
            Op::max if in_c => format!("{1} > {0} || {0} != {0} ? {1} : {0}", x[0], x[1]),
            Op::min | Op::max => method(""),
            Op::abs_sub => method("fdim"),
            Op::exp_m1 => method("expm1"),
            Op::ln => method("log"),
            Op::ln_1p => method("log1p"),
            Op::abs => method("fabs"),
            Op::cbrt | Op::asinh | Op::acosh | Op::atanh | Op::signum | Op::rem_euclid | Op::div_euclid if in_c => {
                self.own(op, &x)
            }
            Op::cbrt | Op::asinh | Op::acosh | Op::atanh | Op::signum | Op::rem_euclid | Op::div_euclid => method(""),
            Op::fract if in_c => format!("{} - {}", x[0], self.call("", "trunc", &x)),
            Op::to_degrees if in_c => format!("{} * {}", x[0], self.factor(f32::to_degrees, f64::to_degrees)),
            Op::to_radians if in_c => format!("{} * {}", x[0], self.factor(f32::to_radians, f64::to_radians)),
            Op::fract | Op::to_degrees | Op::to_radians => method(""),
            Op::erf | Op::erfc if in_c => method(name),
            Op::gamma if in_c => method("tgamma"),
            Op::ln_gamma if in_c => method("lgamma"),
            _ => self.own(op, &x),
        })
    }

    /// Whether a value is finite.
    pub(super) fn finite(self, x: &str) -> String {
        if self.c.is_some() { format!("isfinite({x})") } else { format!("{x}.is_finite()") }
    }

    /// The factor between units of angles.
    fn factor(self, single: fn(f32) -> f32, double: fn(f64) -> f64) -> String {
        self.literal(if self.single { single(1.0).into() } else { double(1.0) })
    }

    /// The condition that a guard is. It is the same text in both languages, up to the names of functions.
    pub(super) fn condition(self, guard: &Guard, a: &str, b: &str) -> String {
        let size = self.call("abs", "fabs", &[a]);
        // In two steps, because the inverse of the smallest float is out of range.
        let two = |exponent: i32| self.literal(2.0_f64.powi(exponent / 2) * 2.0_f64.powi(exponent - exponent / 2));
        let (infinity, smallest) = (self.literal(f64::INFINITY), self.literal(self.smallest()));
        let [exponent_of_zero, exponent_of_infinity] = match self.single {
            true => [0.0_f32, f32::INFINITY].map(Real::exponent),
            false => [0.0_f64, f64::INFINITY].map(Real::exponent),
        };
        let sign = if self.c.is_some() { format!("signbit({a})") } else { format!("{a}.is_sign_negative()") };
        let mut is_opposite = false;
        let text = match guard.question {
            Question::Less => format!("{a} < {b}"),
            Question::LessOrEqual => format!("{a} <= {b}"),
            Question::Equal => format!("{a} == {b}"),
            Question::Unequal => format!("{a} < {b} || {a} > {b}"),
            Question::Unordered => format!("{a} != {a} || {b} != {b}"),
            Question::Ordered if a == b => format!("{a} == {a}"),
            Question::Ordered => format!("{a} == {a} && {b} == {b}"),
            Question::Negative => format!("{sign} && {a} == {a}"),
            Question::Positive => format!("!{sign} && {a} == {a}"),
            Question::Infinite => format!("{size} == {infinity}"),
            Question::Finite | Question::Regular => self.finite(a),
            Question::Normal => format!("{smallest} <= {size} && {size} < {infinity}"),
            Question::Subnormal => format!("{a} != {zero} && {size} < {smallest}", zero = self.literal(0.0)),
            Question::Moderate => {
                // Exponents are compared, so the upper bound is excluded.
                let bound = if self.single { 32 } else { 64 };
                format!("{} <= {size} && {size} < {}", two(-bound), two(bound + 1))
            }
            Question::SquaresSafely => {
                // The root of the smallest normal float, and its quotient by epsilon.
                let (small, large) = if self.single { (-63 + 23, 63) } else { (-511 + 52, 511) };
                let zero = self.literal(0.0);
                is_opposite = true;
                format!("({zero} < {a} && {a} < {}) || ({} < {a} && {a} < {infinity})", two(small), two(large))
            }
            Question::Exponent(n) if n == exponent_of_zero => format!("{a} == {}", self.literal(0.0)),
            Question::Exponent(n) if n == exponent_of_infinity => {
                is_opposite = true;
                self.finite(a)
            }
            Question::Exponent(n) => {
                let above = if n + 1 == exponent_of_infinity { infinity } else { two(n + 1) };
                format!("{} <= {size} && {size} < {above}", two(n))
            }
            Question::SmallInteger => {
                let round = self.call("round", "round", &[a]);
                format!("{a} == {round} && {size} <= {}", self.literal(64.0))
            }
        };
        match guard.answer != is_opposite {
            true => text,
            false if text.contains(' ') => format!("!({text})"),
            false => format!("!{text}"),
        }
    }
}

/// A finite float as a hexadecimal literal of C.
fn hexadecimal(x: f64) -> String {
    let bits = x.abs().to_bits();
    let digits = format!("{:013x}", bits << 12 >> 12);
    let digits = digits.trim_end_matches('0');
    let (whole, exponent) = match (bits >> 52) as i32 {
        0 if bits == 0 => (0, 0),
        0 => (0, -1022),
        biased => (1, biased - 1023),
    };
    let (sign, point) = (if x.is_sign_negative() { "-" } else { "" }, if digits.is_empty() { "" } else { "." });
    format!("{sign}0x{whole}{point}{digits}p{exponent:+}")
}
