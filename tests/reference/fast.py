#!/usr/bin/env python3
"""Makes fast.txt, the reference values for `Kernel::fast`, and the coefficients of its polynomials.

    python3 tests/reference/fast.py > tests/reference/fast.txt
    python3 tests/reference/fast.py --coefficients

Needs mpmath (from pip). A polynomial interpolates its function at the zeros of
a Chebyshev polynomial of its interval, computed with 60 digits. Constants of
two or three parts have as many bits in the first parts as stated here.
"""

import math
import random
import sys

from mpmath import (atan, atanh, cos, cosh, erf, erfc, exp, expm1, fabs, log, log1p, mp, mpf, nstr, pi, power, sin, sinh,
                    sqrt, tan, tanh)

mp.dps = 60
DIGITS = 40  # printed
POINTS = 120  # random points of each function


# ---------------------------------------------------------------- coefficients

def interpolate(f, a, b, degree):
    """Coefficients of the polynomial that agrees with f at the zeros of a Chebyshev polynomial, the constant first."""
    n = degree + 1
    xs = [(a + b) / 2 + (b - a) / 2 * cos(pi * (2 * i + 1) / (2 * n)) for i in range(n)]
    divided = [f(x) for x in xs]
    for j in range(1, n):
        for i in range(n - 1, j - 1, -1):
            divided[i] = (divided[i] - divided[i - 1]) / (xs[i] - xs[i - j])
    p = [mpf(0)]
    for k in range(n - 1, -1, -1):
        p = [divided[k] - xs[k] * p[0]] + [p[i - 1] - xs[k] * (p[i] if i < len(p) else 0) for i in range(1, len(p) + 1)]
    return p[:n]


def odd(f):
    """f(x)/x as a function of x²."""
    return lambda z: f(sqrt(z)) / sqrt(z)


def tail(t):
    """exp(x²)·erfc(x)·(1 + 2x)/1.125 - 1 as a function of t = (x - 3)/(x + 3)."""
    x = 3 * (1 + t) / (1 - t)
    return exp(x * x) * erfc(x) * (1 + 2 * x) / mpf("1.125") - 1


HALF_LN2 = log(2) / 2 * mpf("1.001")
EIGHTH = (pi / 4) ** 2 * mpf("1.0001")
POLYNOMIALS = {
    "EXP": (lambda r: (exp(r) - 1 - r) / r**2, -HALF_LN2, HALF_LN2, 9),
    "LN": (lambda z: (odd(lambda s: 2 * atanh(s))(z) - 2) / z, mpf(0), (3 - 2 * sqrt(mpf(2))) ** 2 * mpf("1.001"), 6),
    "REST": (lambda z: ((odd(lambda s: 2 * atanh(s))(z) - 2) / z - mpf(2) / 3) / z, mpf(0),
             (3 - 2 * sqrt(mpf(2))) ** 2 * mpf("1.001"), 7),
    "SIN": (lambda z: (odd(sin)(z) - 1) / z, mpf(0), EIGHTH, 5),
    "COS": (lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, mpf(0), EIGHTH, 5),
    "ATAN": (lambda z: (odd(atan)(z) - 1) / z, mpf(0), tan(pi / 8) ** 2 * mpf("1.001"), 10),
    "ERF": (lambda z: odd(erf)(z) - 1, mpf(0), mpf("0.75") ** 2, 10),
    "TAIL": (tail, mpf(-1), mpf(25) / 31, 22),
}


def parts(x, bits):
    """x as a sum of floats, of which the first ones have so many bits, and the last one 53."""
    result = []
    for b in [*bits, 53]:
        e = int(mp.floor(mp.log(fabs(x), 2)))
        unit = mpf(2) ** (e + 1 - b)
        result.append(float(mp.nint(x / unit) * unit))
        x -= mpf(result[-1])
    return result


CONSTANTS = {
    "LN_2": parts(log(2), [40]),
    "TWO_THIRDS": parts(mpf(2) / 3, [53]),
    "LOG10_2": parts(log(2) / log(10), [40]),
    "HALF_PI": parts(pi / 2, [33, 33]),
    "PI_OF_ATAN": parts(pi / 2, [53]) + parts(pi / 4, [53]),
    "ROOT_HALF": parts(sqrt(mpf(1) / 2), [53]),
    # a = 1.125/√8, and what its rounding loses, relative to it.
    "NORM": (lambda a: [float(a), float(a / mpf(float(a)) - 1)])(mpf("1.125") / sqrt(mpf(8))),
    "LN_PARTS_LOG2": parts(1 / log(2), [32]),
    "LN_PARTS_LOG10": parts(1 / log(10), [32]),
}


def rust(x):
    """The float as Rust's formatter and clippy want it."""
    mantissa, _, exponent = repr(x).partition("e")
    whole, _, fraction = mantissa.partition(".")
    grouped = "_".join(fraction[i:i + 3] for i in range(0, len(fraction), 3))
    return whole + "." + (grouped or "0") + (f"e{int(exponent)}" if exponent else "")


def coefficients():
    for name, polynomial in POLYNOMIALS.items():
        values = interpolate(*polynomial)
        print(f"const {name}: [f64; {len(values)}] = [{', '.join(rust(float(c)) for c in values)}];")
    for name, values in CONSTANTS.items():
        print(f"const {name}: [f64; {len(values)}] = [{', '.join(map(rust, values))}];")


# ---------------------------------------------------------------- references

def near(*centers):
    """A few floats beside each center, at distances of all sizes."""
    def draw(r):
        c = float(r.choice(centers))
        return c * (1 + r.choice([-1, 1]) * 2.0 ** r.uniform(-53, -3)) if c else r.choice([-1, 1]) * 2.0 ** r.uniform(-60, -3)
    return draw


def uniform(a, b):
    return lambda r: r.uniform(a, b)


def anywhere(r):
    """A float of any exponent, subnormal ones too."""
    return r.choice([-1, 1]) * math.ldexp(r.uniform(1, 2), r.randint(-1080, 1023))


def positive(draw):
    return lambda r: abs(draw(r))


TURNS = [k * math.pi / 2 for k in (1, 2, 3, 4, 7, 1000, 12345, 1000001)]
ANGLES = [uniform(-10, 10), uniform(-1.6e6, 1.6e6), near(*TURNS, math.pi / 4, 3 * math.pi / 4, 1.6e6), anywhere]
POWERS = [uniform(-2, 2), uniform(-30, 30), uniform(-745, 709), near(0, math.log(2) / 2, 1.5 * math.log(2), 0.75), anywhere]
LOGS = [positive(uniform(0.5, 2)), positive(uniform(0, 100)), near(1, math.sqrt(0.5), math.sqrt(2)), positive(anywhere)]
TAILS = [uniform(-1, 1), uniform(-6, 6), uniform(-28, 28), near(0, 0.75, 3, -3), anywhere]


def sinc(x):
    return sin(x) / x if x else mpf(1)


def base(r):
    """A base whose powers with moderate exponents are in range."""
    return abs(r.choice([uniform(0.5, 2), uniform(0, 100), near(1, math.sqrt(0.5)), anywhere])(r))


FUNCTIONS = {
    "exp": (exp, POWERS),
    "exp2": (lambda x: power(2, x), [uniform(-1.5, 1.5), uniform(-1075, 1024), near(0, 0.5, 1.5, 1000), anywhere]),
    "exp_m1": (expm1, POWERS),
    "ln": (log, LOGS),
    "ln_1p": (log1p, [uniform(-1, 1), uniform(-0.5, 100), near(0, -1, math.sqrt(2) - 1, math.sqrt(0.5) - 1), anywhere]),
    "log2": (lambda x: log(x) / log(2), LOGS),
    "log10": (lambda x: log(x) / log(10), LOGS),
    "sinh": (sinh, POWERS),
    "cosh": (cosh, POWERS),
    "tanh": (tanh, [*POWERS[:2], *POWERS[3:]]),
    "sigmoid": (lambda x: 1 / (1 + exp(-x)), POWERS),
    "softplus": (lambda x: log1p(exp(x)), POWERS),
    "sin": (sin, ANGLES),
    "cos": (cos, ANGLES),
    "tan": (tan, ANGLES),
    "sinc": (sinc, ANGLES),
    "atan": (atan, [uniform(-1, 1), uniform(-10, 10), near(0, 1, math.sqrt(2) - 1, math.sqrt(2) + 1), anywhere]),
    "erf": (erf, TAILS),
    "erfc": (erfc, TAILS),
    "powf": (power, None),
    "norm_cdf": (lambda x: erfc(-x / sqrt(mpf(2))) / 2, [*TAILS[:2], uniform(-38.5, 9), *TAILS[3:]]),
}


def value(f, x):
    """f(x) with so much precision that DIGITS are right, or None outside of the domain."""
    last = None
    for digits in (60, 400, 1200):
        mp.dps = digits
        try:
            y = f(mpf(x))
        except (ValueError, ZeroDivisionError):
            return None
        if isinstance(y, mp.mpc):
            return None
        if last is not None and (y == last or fabs(y - last) <= fabs(y) * mpf(10) ** -45):
            return y
        last = y
    return last


def show(name, arguments, y):
    """Prints a value, unless it is infinite."""
    if y is not None and fabs(y) < mpf(2) ** 1024:
        text = nstr(y, DIGITS) if fabs(y) > mpf(10) ** -400 else "0"
        nearest = float(text)
        rest = (mpf(text) - mpf(nearest)) / mpf(math.ulp(nearest))
        print(f"{name} {' '.join(map(repr, arguments))} | {text} | {nstr(rest, 4)}")


def powf(r):
    """A power of any size."""
    x = base(r)
    exponent = r.choice([uniform(-3, 3), uniform(-745, 709.7)])(r)
    y = r.choice([lambda: exponent, lambda: exponent / math.log(x) if x != 1 else exponent])()
    show("powf", [x, y], value(lambda x: power(x, mpf(y)), x))


def references(count):
    r = random.Random(1)
    for name, (f, draws) in FUNCTIONS.items():
        for i in range(count):
            if name == "powf":
                powf(r)
                continue
            x = draws[i % len(draws)](r)
            if abs(x) > 1200 and not name.startswith(("ln", "log", "atan", "sin", "cos", "tan")):
                # The value is infinite, 0 or constant from here on.
                x = math.copysign(r.uniform(1, 1200), x)
            y = value(f, x)
            show(name, [x], y)


if __name__ == "__main__":
    if "--coefficients" in sys.argv:
        coefficients()
    else:
        print("# Values for the tests of `Kernel::fast`, 40 significant digits, made by tests/reference/fast.py. Each line is a")
        print("# function and its argument | the value | the value minus the nearest double, in units of its last place.")
        references(int(sys.argv[1]) if sys.argv[1:] else POINTS)
