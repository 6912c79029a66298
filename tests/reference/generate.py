#!/usr/bin/env python3
"""Makes table.txt and orders.txt: reference values and derivatives for the tests of nilpotent.

    python3 tests/reference/generate.py > tests/reference/table.txt
    python3 tests/reference/generate.py --directions > tests/reference/orders.txt

Needs mpmath and sympy (both from pip). Options:

    --directions  derivatives up to order 6 along straight lines, at other points
                  (default: partial derivatives up to order 2)
    names...      only these functions (default: all of ROWS)

Every function is a closed form. sympy differentiates it, mpmath evaluates the
result from the exact values of the input doubles, at growing precision until
two precisions agree. Nothing is shared with the code under test.

To add a function, add one line to ROWS: its name, its arguments, its
expression and its points. The points of --directions are drawn from GENERIC
and listed in SPECIAL.
"""

import argparse
import functools
import itertools
import math
import random
import sys

import sympy as sp
from mpmath import mp, mpf
from mpmath.libmp import to_str
from sympy import (acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, erf, erfc, exp, gamma,
                   log, pi, sin, sinh, sqrt, tan, tanh)

DIGITS = 40  # printed
AGREE = mpf(10) ** -45  # greatest relative difference between two precisions
MOST = 10000  # decimal digits of working precision at which to stop
HUGE = 5000  # decimal exponent beyond which `inf` or `0` is printed
POINTS = 72  # least number of points of a function of one variable
PARTIALS = 2  # greatest order of the partial derivatives
ORDERS = 6  # greatest order of the derivatives along a line
LINES = 12  # least number of generic lines for each direction
DRAWS = 400  # points to try for them
CONDITION = 30  # greatest relative condition of each derivative at a generic point
SHIFT = mpf(2) ** -100  # relative change of an argument that measures it
RANGE = mpf(10) ** 290  # derivatives along a line are 0 or within 1 / RANGE..RANGE

# ---------------------------------------------------------------- expressions

x, y, z, lo, hi = sp.symbols("x y z lo hi", real=True)
base = sp.Symbol("base", real=True)
n = sp.Symbol("n", integer=True)


class Step(sp.Function):
    """Piecewise constant: every derivative is 0."""

    def fdiff(self, argindex=1):
        return sp.S.Zero


class sgn(Step):
    pass


class floor(Step):
    pass


class less(Step):
    """1 if the first argument is less than the second, else 0."""


class psi(sp.Function):
    """The polygamma function of integer order."""

    def fdiff(self, argindex=2):
        return psi(self.args[0] + 1, self.args[1])


class ln_abs_gamma(sp.Function):
    def fdiff(self, argindex=1):
        return psi(0, self.args[0])


class erfcx_n(sp.Function):
    """The n-th derivative of exp(x^2) erfc(x)."""

    def fdiff(self, argindex=2):
        return erfcx_n(self.args[0] + 1, self.args[1])


class ln_phi(sp.Function):
    """The logarithm of the normal distribution function."""

    def fdiff(self, argindex=1):
        return sqrt(2 / pi) / erfcx_n(0, -self.args[0] / sqrt(2))


class erfc_inverse(sp.Function):
    def fdiff(self, argindex=1):
        return -sqrt(pi) / 2 * exp(self**2)


class erf_inverse(sp.Function):
    def fdiff(self, argindex=1):
        return sqrt(pi) / 2 * exp(self**2)


class bessel(sp.Function):
    """The Bessel function (kind, order, x) by the kinds of BESSEL."""

    def fdiff(self, argindex=3):
        kind, order, t = self.args
        c, sign = {"J": (1, -1), "Y": (1, -1), "I": (1, 1), "K": (-1, 1)}[str(kind)]
        return sp.Rational(c, 2) * (bessel(kind, order - 1, t) + sign * bessel(kind, order + 1, t))


class ln_beta(sp.Function):
    def fdiff(self, argindex=1):
        a, b = self.args
        return psi(0, self.args[argindex - 1]) - psi(0, a + b)


class inc_gamma(sp.Function):
    """The incomplete gamma function P(a, x), which is differentiated numerically, at high precision."""


class inc_beta(sp.Function):
    """The incomplete beta function of x, a and b, differentiated likewise."""


class lambert(sp.Function):
    """Lambert's W function of branch 0 or -1."""

    def fdiff(self, argindex=2):
        return exp(-self) / (1 + self)


@functools.cache
def cot_derivative(m):
    """Coefficients in c = cot t of the m-th derivative of cot t (dc/dt = -1 - c^2)."""
    c = sp.Symbol("c")
    p = c
    for _ in range(m):
        p = sp.expand(-p.diff(c) * (1 + c**2))
    return [int(k) for k in sp.Poly(p, c).all_coeffs()]


def eval_psi(m, t):
    m = int(m)
    if t > 0:
        return mp.psi(m, t)
    cot = mp.cospi(t) / mp.sinpi(t)
    return (-1) ** m * mp.psi(m, 1 - t) - mp.pi ** (m + 1) * mp.polyval(cot_derivative(m), cot)


def eval_ln_abs_gamma(t):
    if t > 0:
        return mp.loggamma(t)
    return mp.log(mp.pi / abs(mp.sinpi(t))) - mp.loggamma(1 - t)


def eval_erfc(t):
    if abs(t) > 1e4:  # within 1e-40000000 of its limit
        return mpf(0 if t > 0 else 2)
    return mp.erfc(t)


def eval_erfcx_n(m, t):
    m = int(m)
    if t > 1e4:  # the asymptotic series
        total, k, term = mpf(0), 0, mpf(1)
        while abs(term) > mpf(10) ** -(mp.dps + 5):
            total += term
            term *= -mpf((2 * k + m + 1) * (2 * k + m + 2)) / (k + 1) / (2 * t) ** 2
            k += 1
        return (-1) ** m * 2 / mp.sqrt(mp.pi) * mp.factorial(m) * 2**m / (2 * t) ** (m + 1) * total
    before, last = 2 / mp.sqrt(mp.pi), mp.exp(t * t) * eval_erfc(t)
    if m:
        before, last = last, 2 * t * last - before
    for k in range(2, m + 1):
        before, last = last, 2 * t * last + 2 * (k - 1) * before
    return last


def eval_ln_phi(t):
    if t < -1:
        return -t * t / 2 + mp.log(eval_erfcx_n(0, -t / mp.sqrt(2)) / 2)
    return mp.log1p(-eval_erfc(t / mp.sqrt(2)) / 2)


def newton(start, step):
    z = mpf(start)
    while True:
        change = step(z)
        z -= change
        if abs(change) <= abs(z) * mpf(10) ** -(mp.dps - 5):
            return z


def eval_erfc_inverse(t):
    if not 0 < t < 2:
        return mp.nan
    if t > 1:
        return -eval_erfc_inverse(2 - t)
    if t > 0.5:
        return eval_erf_inverse(1 - t)
    return newton(mp.sqrt(-mp.log(t)), lambda z: -(mp.log(mp.erfc(z) / t)) * mp.erfc(z) * mp.exp(z * z) * mp.sqrt(mp.pi) / 2)


def eval_erf_inverse(t):
    if not -1 < t < 1:
        return mp.nan
    if abs(t) > 0.5:
        return mp.sign(t) * eval_erfc_inverse(1 - abs(t))
    return newton(t, lambda z: (mp.erf(z) - t) * mp.exp(z * z) * mp.sqrt(mp.pi) / 2) if t else mpf(0)


def eval_ln_beta(a, b):
    if a <= 0 or b <= 0:
        return mp.nan
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


J, Y, I, K = sp.symbols("J Y I K")
def eval_bessel(kind, order, t):
    """Of positive order and argument; K and I do not change their sign with that of the order."""
    order = int(order)
    sign = 1 if order >= 0 or kind in "IK" else (-1) ** order
    if t < 0:
        sign *= (-1) ** order if kind in "IJ" else mp.nan
    return sign * BESSEL[kind](abs(order), abs(t))


def eval_inc_beta(t, a, b):
    """By the series of positive terms, on the side where it converges fast."""
    if t > 0.5:
        return 1 - eval_inc_beta(1 - t, b, a)
    total = term = mpf(1)
    k = 0
    while term > total * mp.eps / 1000:
        term *= t * (a + b + k) / (a + 1 + k)
        total += term
        k += 1
    return t**a * (1 - t)**b / (a * mp.beta(a, b)) * total


BESSEL = {"J": mp.besselj, "Y": mp.bessely, "I": mp.besseli, "K": mp.besselk}


EVAL = {
    "bessel": eval_bessel,
    "inc_gamma": lambda a, t: mp.gammainc(a, 0, t, regularized=True),
    "inc_beta": eval_inc_beta,
    "J": "J", "Y": "Y", "I": "I", "K": "K",
    "ln_beta": eval_ln_beta,
    "erfcx_n": eval_erfcx_n,
    "ln_phi": eval_ln_phi,
    "erfc_inverse": eval_erfc_inverse,
    "erf_inverse": eval_erf_inverse,
    "lambert": lambda branch, t: mp.lambertw(t, int(branch)),
    "erf": lambda t: mp.erf(t) if abs(t) < 1e4 else mp.sign(t),
    "erfc": eval_erfc,
    "sgn": mp.sign,
    "floor": mp.floor,
    "less": lambda a, b: mpf(a < b),
    "psi": eval_psi,
    "polygamma": eval_psi,
    "ln_abs_gamma": eval_ln_abs_gamma,
}


def trunc(t):
    return sgn(t) * floor(sgn(t) * t)


def quotient(a, b):
    """The quotient of the Euclidean division."""
    return sgn(b) * floor(a / (sgn(b) * b))


# --------------------------------------------------------------------- points

MAGNITUDES = [float(f"1e{k}") for k in (-300, -200, -100, -30, -16, -8, -4, 4, 8, 16, 30, 100, 300)]
SCALES = [1.7e-300, 2.3e-100, 3.1e-16, 1.3, 4.7e16, 1.9e100, 1.1e300]
HALF_TURNS = [k * math.pi / 2 for k in (-4, -3, -2, -1, 1, 2, 3, 4, 11, 1001)] + [5.319372648326541e255]


def near(*centres):
    """The doubles next to each center, and others on both sides of it."""
    out = []
    for c in centres:
        for side in (-1, 1):
            next1 = math.nextafter(c, side * math.inf)
            next2 = math.nextafter(next1, side * math.inf)
            out += [next1, next2, c + side * 1e-12, c + side * 1e-8, c + side * 1e-4]
    return out


class Draw(random.Random):
    """Random doubles, the same on every run and every machine."""

    def uni(self, count, low, high):
        return [self.uniform(low, high) for _ in range(count)]

    def log(self, count, low=-20, high=20, signs=(1, -1)):
        """Spread over the binary exponents low..high."""
        return [self.choice(signs) * math.ldexp(self.uniform(1, 2), self.randint(low, high))
                for _ in range(count)]

    def pos(self, count, low=-20, high=20):
        return self.log(count, low, high, (1,))


def line(domain=(-math.inf, math.inf), span=(-10, 10), also=(), skip=lambda t: False, outside=()):
    """Points of a function of one variable: all magnitudes and a random spread inside the
    (open) domain, uniform values over span, `also` filtered by the domain, `outside` as is."""
    def points(draw):
        def inside(t):
            return domain[0] < t < domain[1] and not skip(t)

        out = {t for m in MAGNITUDES for t in (m, -m) if inside(t)}
        out |= {t for t in draw.log(40, -45, 45) if inside(t)}
        out |= {t for t in also if inside(t)}
        fill = max(24, POINTS - len(out) - len(outside))
        while fill:
            t = draw.uniform(*span)
            if inside(t) and t not in out:
                out.add(t)
                fill -= 1
        return [(t,) for t in sorted(out) + list(outside)]
    return points


def whole(t):
    return t == math.floor(t)


def pole(t):
    return t <= 0 and whole(t)


def edge(*values):
    return [t for v in values for t in (v, -v)]


def steps(also=(), skip=whole):
    return line(span=(-30, 30), skip=skip, also=[*also, *near(1.0, -1.0, 2.0, -7.0, 1024.0),
                                               *edge(0.25, 0.75, 123456.789, 2.0**51 + 0.75)])


def powf_points(d):
    return [
        *zip(d.pos(24, -8, 8), d.uni(24, -6, 6)),
        *zip(d.pos(12, -900, 900), d.uni(12, -1, 1)),
        *zip(d.pos(12, -1000, 1000), d.log(12, -900, -5)),
        *zip(near(1.0), d.log(10, 0, 40)),
        *zip(d.pos(10, -5, 5), near(1.0)), *zip(d.pos(10, -5, 5), near(2.0)),
        *zip(d.pos(4), (1.0, 2.0, -1.0, 0.5)),
        (1e300, 1e-300), (1e-300, 1e-300), (1e-300, -1e-300), (1e300, 1.5), (1e-300, 1.5),
        (1e300, -1.5), (1.0000000001, 1e10), (0.9999999, 1e9), (2.5, 774.0), (2.5, 775.0),
        (2.5, -773.0), (10.0, 308.2), (10.0, 308.3), (10.0, -307.6), (0.3, 1e300), (3.0, 1e300),
        *zip([-t for t in d.pos(10, -5, 5)], (1.0, 2.0, 3.0, -1.0, -2.0, -5.0, 10.0, 31.0, 4.0, -3.0)),
        (-2.5, 0.5), (-1e-5, -1.3),
    ]


def plane(d):
    """Two signed arguments: alike, unlike, at every pair of scales."""
    out = [*zip(d.log(24, -3, 3), d.log(24, -3, 3)), *zip(d.log(20, -60, 60), d.log(20, -60, 60))]
    for i, (a, b) in enumerate(itertools.product(SCALES, SCALES)):
        out.append((a * (-1) ** (i % 2), 1.25 * b * (-1) ** (i // 2 % 2)))
    return out


def choice_points(d):
    """Two arguments that are never equal, some of them neighbors."""
    out = plane(d)[::2]
    out += [(t, 1.0) for t in near(1.0)] + [(-3.0, t) for t in near(-3.0)]
    return out


def quotient_points(d):
    """The quotient is never an integer."""
    out = [*zip(d.uni(30, -100, 100), d.uni(30, -9, 9)), *zip(d.log(24, -8, 12), d.log(24, -8, 8)),
           *((s * 7.3, t * 2.1) for s in (1, -1) for t in (1, -1)),
           *((s * 2.1, t * 7.3) for s in (1, -1) for t in (1, -1)),
           *((s * t, 1.0) for s in (1, -1) for t in near(3.0)),
           (1e300, 3.7), (-1e300, 3.7), (1e16, -3.3), (1e300, 7e299), (1e-300, 3e-301),
           (-3e-301, 1e-300), (1e-300, 2.5), (0.3, 1e300), (1e15, 0.7)]
    return [(a, b) for a, b in out if math.fmod(a, b)]


def ln_add_exp_points(d):
    return [*((a + t, a) for a, t in zip(d.uni(34, -30, 30), d.uni(34, -800, 800))),
            *zip(d.uni(24, -5, 5), d.uni(24, -5, 5)), *zip(d.log(10, -40, 40), d.log(10, -40, 40)),
            (-0.6931471805599453, -0.6931471805599453), (2.5, 2.5), (1000.0, 1000.5), (-1000.0, -1000.5),
            (1e-300, -800.0), (1e-300, 1e-300), (1e-8, -1e-8), (710.0, -710.0), (-745.5, 0.5),
            (0.5, -745.5), (1e300, 0.5), (-1e300, 0.5), (0.5, -1e300), (1e5, 1e5 + 3.0), (1e16, 1e16)]


def powi_points(d):
    out = [(t, k) for k in range(-20, 21) for t in d.uni(2, -4, 4)]
    out += [(t, k) for k in (-3, -2, -1, 0, 1, 2, 3, 5) for t in (*d.log(2, -60, 60), 1e-100, -1e100)]
    out += [(s * t, k) for k in (-1000, -101, -100, 100, 101, 1000) for t in d.uni(2, 0.97, 1.03)
            for s in (1, -1)]
    return out + [(t, k) for t in (1e-300, -1e300) for k in (-20, -2, -1, 0, 1, 2, 20)]


def polygamma_points(d):
    for k in (1, 2, 3, 5, 10, 20):
        inside = [1e-100, 1e-30, 1e-8, 1e-4, 1e4, 1e7, 1e10, *near(-1.0)[::3], -19.999999, -2.00001,
                  -1e-8, -1e-30, *d.uni(8, -20, 0), *d.uni(8, 0, 25), *d.pos(4, 0, 33)]
        yield from ((k, t) for t in sorted(inside))


def mul_add_points(d):
    out = [*zip(d.log(30), d.log(30), d.log(30)), *zip(d.log(20, -300, 300), d.log(20, -300, 300),
                                                        d.log(20, -300, 300))]
    for a, b in zip(d.log(16, -30, 30), d.log(16, -30, 30)):  # only the rounding error is left
        out.append((a, b, -(a * b)))
    return out + [(1e300, 1e300, -1e300), (1e-300, 1e-300, 1e-300), (1e300, 1e-300, -1.0),
                  (1e200, 1e200, 1e300), (3.5, -2.0, 1e-300)]


def clamp_points(d):
    out = []
    for _ in range(22):
        a, b = sorted(d.log(2, -6, 6))
        out += [(d.uniform(a, b), a, b), (b + d.pos(1)[0], a, b), (a - d.pos(1)[0], a, b)]
    out += [(t, -1.0, 1.0) for t in near(-1.0, 1.0)]
    return out + [(1e300, -2.5, 3.5), (-1e300, -2.5, 3.5), (1e-300, -1e300, 1e300),
                  (1e-300, 2e-300, 1e300), (-3e-300, -2e-300, 2e-300)]


def inc_gamma_points(d):
    """Parameters from 1e-3 to 1e3; arguments near them, and in both tails."""
    out = [(a, a * t) for a in (*d.pos(18, -10, 9), 1e-3, 1.0, 20.5, 1e3) for t in (d.uniform(0.7, 1), d.uniform(1, 1.4))]
    out += [(a, a + t * math.sqrt(a)) for a in d.uni(10, 10, 1000) for t in (d.uniform(-3, -1), d.uniform(2, 8))]
    return out + [(a, t) for a in d.pos(6, -9, 0) for t in (d.uniform(0.01, 0.9), d.uniform(1, 9))]


def inc_beta_points(d):
    out = []
    for a, b in [*zip(d.pos(26, -9, 9), d.pos(26, -9, 9)), (1e-3, 1e-3), (1e3, 1e3), (1e3, 1e-3), (1e-3, 1e3), (1.5, 0.75)]:
        mean, width = a / (a + b), math.sqrt(a * b / (a + b + 1)) / (a + b)
        near_it = [t for t in (mean + d.uniform(-2, -0.5) * width, mean + d.uniform(0.5, 2) * width) if 0.02 < t < 0.98]
        out += [(t, a, b) for t in (*near_it, d.uniform(0.05, 0.95)) if a + b < 30 or abs(t - mean) < 6 * width]
    return out + [*zip(d.uni(24, 0.1, 0.9), d.uni(24, 0.5, 20), d.uni(24, 0.5, 20))]


def bessel_points(signs, largest=5e4):
    def points(d):
        for k in (0, 1, 2, 3, 5, 10, 25):
            inside = [1e-8, 0.01, *d.uni(4, 0, 3), *d.uni(4, 3, 40), largest / 10, largest]
            yield from ((k, d.choice(signs) * t) for t in inside)
    return points


GAMMA_NEAR = near(1.0, 2.0, -1.0, -2.0, -10.0)

# ------------------------------------------------------------------ functions

POSITIVE = (0, math.inf)
BAD = [-1e-8, -1.0, -2.5]

ROWS = [  # name, arguments, expression, points
    ("sqrt", x, sqrt(x), line(POSITIVE, (0, 100), near(1.0), outside=BAD)),
    ("cbrt", x, sgn(x) * (sgn(x) * x) ** sp.Rational(1, 3), line(span=(-100, 100))),
    ("exp", x, exp(x), line(span=(-20, 20), also=[*edge(1e3, 709.5, 709.78, 709.79, 708.3, 708.5, 745.2, 88.7)])),
    ("exp2", x, 2**x, line(span=(-20, 20), also=[*edge(1e3, 1023.9, 1023.999, 1024.1, 1021.5, 1022.1, 1075.3, 127.9)])),
    ("exp_m1", x, exp(x) - 1, line(span=(-20, 20), also=[*edge(1e3, 709.5, 709.78, 709.79, 708.5, 36.7, 37.5)])),
    ("ln", x, log(x), line(POSITIVE, (0, 100), near(1.0), outside=BAD)),
    ("log2", x, log(x) / log(2), line(POSITIVE, (0, 100), near(1.0), outside=BAD)),
    ("log10", x, log(x) / log(10), line(POSITIVE, (0, 100), near(1.0), outside=BAD)),
    ("ln_1p", x, log(1 + x), line((-1, math.inf), (-1, 20), near(-1.0), outside=[-1.0000000000000002, -2.0, -30.5])),
    ("sin", x, sin(x), line(span=(-20, 20), also=HALF_TURNS)),
    ("cos", x, cos(x), line(span=(-20, 20), also=HALF_TURNS)),
    ("tan", x, tan(x), line(span=(-20, 20), also=[*HALF_TURNS, *near(*HALF_TURNS[2:7:2])])),
    ("asin", x, asin(x), line((-1, 1), (-1, 1), near(-1.0, 1.0), outside=[1.0000000000000002, 1.5, -3.0])),
    ("acos", x, acos(x), line((-1, 1), (-1, 1), near(-1.0, 1.0), outside=[1.0000000000000002, 1.5, -3.0])),
    ("atan", x, atan(x), line(also=near(-1.0, 1.0))),
    ("sinh", x, sinh(x), line(also=edge(20.5, 40.5, 350.5, 709.5, 709.79, 710.4, 710.5))),
    ("cosh", x, cosh(x), line(also=edge(20.5, 40.5, 350.5, 709.5, 709.79, 710.4, 710.5))),
    ("tanh", x, tanh(x), line(also=edge(18.5, 19.5, 22.5, 40.5, 300.5, 354.5, 372.5, 710.5))),
    ("asinh", x, asinh(x), line(also=near(-1.0, 1.0))),
    ("acosh", x, acosh(x), line((1, math.inf), (1, 20), near(1.0), outside=[0.9999999999999999, 0.5, -1.5])),
    ("atanh", x, atanh(x), line((-1, 1), (-1, 1), near(-1.0, 1.0), outside=[1.0000000000000002, 1.5, -3.0])),
    ("recip", x, 1 / x, line(also=near(-1.0, 1.0))),
    ("abs", x, sgn(x) * x, line()),
    ("signum", x, sgn(x), line()),
    ("floor", x, floor(x), steps()),
    ("ceil", x, -floor(-x), steps()),
    ("round", x, sgn(x) * floor(sgn(x) * x + sp.Rational(1, 2)),
     steps(skip=lambda t: abs(math.fmod(t, 1)) == 0.5, also=near(0.5, -0.5, 2.5))),
    ("round_ties_even", x, floor(x + sp.Rational(1, 2)),
     steps(skip=lambda t: abs(math.fmod(t, 1)) == 0.5, also=near(0.5, -0.5, 2.5))),
    ("trunc", x, trunc(x), steps()),
    ("fract", x, x - trunc(x), steps()),
    ("to_degrees", x, 180 * x / pi, line()),
    ("to_radians", x, pi * x / 180, line(span=(-400, 400))),
    ("erf", x, erf(x), line(span=(-6, 6), also=edge(0.5, 0.84375, 1.25, 2.857, 5.9, 6.1, 10.5, 26.5, 27.5))),
    ("erfc", x, erfc(x), line(span=(-6, 26.5), also=[*edge(0.5, 0.84375, 1.25, 2.857, 6.1, 10.5), 26.5, 26.54, 26.56, 27.2, 27.3, 28.5, 40.5])),
    ("gamma", x, gamma(x), line((-150, 180), (-150, 171), skip=pole, also=[
        *GAMMA_NEAR, *near(-100.0), 1.4616321449683622, -0.5040830082644554, 170.6, 171.5, 171.62, 171.624, 171.63, 172.5, *Draw("gamma").uni(20, -6, 6)])),
    ("ln_gamma", x, ln_abs_gamma(x), line((-1e5, math.inf), (-30, 30), skip=pole, also=[
        *GAMMA_NEAR, 1.4616321449683622, -2.4570247382208006, -2.7476826467274127, -99999.3, -1234.56, -0.5040830082644554, 171.63, 2.5e305])),
    ("digamma", x, psi(0, x), line((-1e5, math.inf), (-30, 30), skip=pole, also=[
        *GAMMA_NEAR, 1.4616321449683622, 1.4616321449683625, -0.5040830082644554, -99999.3, -1234.56])),
    ("norm_cdf", x, erfc(-x / sqrt(2)) / 2, line(span=(-37.5, 8), also=[-37.0, -37.5, -37.6, -38.4, -38.5, -40.5, 8.2, 8.3, 8.4, 37.5, 40.5])),
    ("sinc", x, sin(x) / x, line(also=[*HALF_TURNS, *edge(1e-3, 0.01, 0.1)])),
    ("sinhc", x, sinh(x) / x, line(also=edge(1e-3, 0.01, 0.1, 20.5, 350.5, 709.5, 717.5))),
    ("sph_j1", x, (sin(x) / x - cos(x)) / x, line(also=[*HALF_TURNS, *edge(1e-3, 0.01, 0.1, 1.5999, 1.6001)])),
    ("sph_j2", x, ((3 / x**2 - 1) * sin(x) - 3 * cos(x) / x) / x, line(also=[
        *HALF_TURNS, *edge(1e-3, 0.01, 0.1, 2.9999, 3.0001, 3.9999, 4.0001)])),
    ("softplus", x, log(1 + exp(x)), line(span=(-40, 40), also=edge(36.7, 37.5, 300.5, 708.3, 709.5, 709.79, 745.2))),
    ("sigmoid", x, 1 / (1 + exp(-x)), line(span=(-40, 40), also=edge(36.7, 37.5, 300.5, 354.5, 708.3, 709.5, 709.79, 745.2))),
    ("ln_1m_exp", x, log(1 - exp(x)), line((-math.inf, 0), (-40, 0), [
        *near(-0.6931471805599453), -36.7, -37.5, -300.5, -708.3, -709.5, -745.2], outside=[1e-300, 2.5, 800.5])),
    ("erfcx", x, erfcx_n(0, x), line(span=(-6, 30), also=[-26.5, -26.6, -26.7, -27.5, 6.28, 6.29, 26.5, 99999998.5, 100000001.5])),
    ("ln_norm_cdf", x, ln_phi(x), line(span=(-40, 8), also=[
        *near(-30.0, -1.0), -37.5, -38.5, -745.3, 8.2, 8.3, 8.4, 37.5, 38.4, 40.5])),
    ("probit", x, -sqrt(2) * erfc_inverse(2 * x), line((0, 1), (0, 1), [
        *near(0.5, 0.25, 0.75, 0.1, 1.0), 1e-20, 1e-50, 1e-150, 1e-250, 0.99, 0.999], outside=[-1e-8, 1.5, 2.5])),
    ("erf_inv", x, erf_inverse(x), line((-1, 1), (-1, 1), near(-1.0, 1.0, 0.5, 0.8), outside=[1.0000000000000002, -2.5])),
    ("erfc_inv", x, erfc_inverse(x), line((0, 2), (0, 2), [
        *near(1.0, 0.5, 1.5, 0.2, 2.0), 1e-20, 1e-50, 1e-150, 1e-250, 1.99, 1.999], outside=[-1e-8, 2.5])),
    ("lambert_w0", x, lambert(0, x), line((-0.36, math.inf), (-0.36, 30), [
        *near(math.e, -0.32189), -0.35, -0.33, -0.3, -0.2, -0.1], outside=[-0.3678794411714424, -0.5, -3.5])),
    ("lambert_wm1", x, lambert(-1, x), line((-0.36, 0), (-0.36, 0), [
        *near(-0.32189), -0.27, -0.35, -0.33, -0.3, *(-math.exp(-k) for k in range(2, 700, 40))],
        outside=[-0.3678794411714424, -0.5, 1e-300, 2.5])),

    ("powi", (x, n), x**n, powi_points),
    ("erfcx_derivative", (n, x), erfcx_n(n, x), lambda d: [
        (k, t) for k in (0, 1, 2, 3, 5, 10, 20, 25) for t in (*d.uni(5, -5, 5), *d.pos(4, 3, 30), 1e-300, -1e-8, 0.0)]),
    ("polygamma", (n, x), psi(n, x), polygamma_points),

    ("powf", (x, y), x**y, powf_points),
    ("hypot", (x, y), sqrt(x**2 + y**2), plane),
    ("atan2", (y, x), atan2(y, x), plane),
    ("log", (x, base), log(x) / log(base), lambda d: [
        *zip(d.pos(30), d.pos(30)), *zip(d.pos(20, -990, 990), d.pos(20, -30, 30)),
        *zip(d.pos(10), near(1.0)), *zip(near(1.0), d.pos(10)), (1e300, 1e-300), (1e-300, 1e300),
        (8.0, 2.0), (1000.0, 10.0), (-2.5, 3.0), (2.5, -3.0)]),
    ("copysign", (x, y), sgn(x) * sgn(y) * x, plane),
    ("min", (x, y), x * less(x, y) + y * less(y, x), choice_points),
    ("max", (x, y), x * less(y, x) + y * less(x, y), choice_points),
    ("abs_sub", (x, y), (x - y) * less(y, x), choice_points),
    ("rem", (x, y), x - trunc(x / y) * y, quotient_points),
    ("rem_euclid", (x, y), x - quotient(x, y) * y, quotient_points),
    ("div_euclid", (x, y), quotient(x, y), quotient_points),
    ("ln_add_exp", (x, y), log(exp(x) + exp(y)), ln_add_exp_points),
    ("xlogy", (x, y), x * log(y), lambda d: [
        *zip(d.log(30), d.pos(30)), *zip(d.log(20, -300, 300), d.pos(20, -990, 990)),
        *zip(d.log(10), near(1.0)), *((0.0, t) for t in d.pos(4)), (1e-300, 1e-300), (1e300, 1e300),
        (-1e300, 1e-300), (2.5, -3.0), (-1e-5, -0.5)]),

    ("bessel_j", (n, x), bessel(J, n, x), bessel_points((-1, 1))),
    ("bessel_y", (n, x), bessel(Y, n, x), bessel_points((1,))),
    ("bessel_i", (n, x), bessel(I, n, x), bessel_points((-1, 1), 700.5)),
    ("bessel_k", (n, x), bessel(K, n, x), bessel_points((1,), 700.5)),
    ("ln_beta", (x, y), ln_beta(x, y), lambda d: [
        *zip(d.pos(40, -6, 8), d.pos(40, -6, 8)), *zip(d.pos(20, -60, 40), d.pos(20, -60, 40)),
        *zip(d.uni(20, 6, 14), d.uni(20, 6, 14)), *((1e6 * t, 0.5) for t in d.uni(6, 0, 2)), (1e-300, 1e-300),
        (1e300, 2.5), (1e16, 1.5), (1e16, 1e16), (3.5, 1e-300), (-2.25, 1.5), (0.5, -0.7)]),

    ("gamma_p", (x, y), inc_gamma(x, y), inc_gamma_points),
    ("gamma_q", (x, y), 1 - inc_gamma(x, y), inc_gamma_points),
    ("beta_inc", (x, y, z), inc_beta(x, y, z), inc_beta_points),

    ("mul_add", (x, y, z), x * y + z, mul_add_points),
    ("clamp", (x, lo, hi), x + (lo - x) * less(x, lo) + (hi - x) * less(hi, x), clamp_points),
]

# ------------------------------------------------------ points of --directions

DIRECTIONS = {  # by the number of real arguments
    1: [(1,)],
    2: [(1, 0), (0, 1), (1, -2)],
    3: [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, -2, 3)],
}


def within(*spans):
    """Draws a number from any of the spans, whole if the ends of the span are."""
    def draw(d):
        low, high = d.choice(spans)
        return d.randint(low, high) if isinstance(low, int) else d.uniform(low, high)
    return draw


MODERATE = within((-5.0, 5.0))
PLUS = within((0.05, 1.0), (1.0, 20.0))
UNIT = within((-0.95, 0.95))
OFF_POLES = within(*4 * [(0.2, 3.0), (3.0, 12.0)], (-3.9, -3.1), (-2.9, -2.1), (-1.9, -1.1), (-0.9, -0.1))
DIVISION = MODERATE, within((-3.0, -0.3), (0.3, 3.0))

GENERIC = {  # how to draw each argument; MODERATE if not listed
    "sqrt": [PLUS], "ln": [PLUS], "log2": [PLUS], "log10": [PLUS],
    "ln_1p": [within((-0.9, 1.0), (1.0, 20.0))],
    "tan": [within((-4.5, -1.8), (-1.3, 1.3), (1.8, 4.5))],
    "asin": [UNIT], "acos": [UNIT], "atanh": [UNIT],
    "acosh": [within((1.05, 10.0))],
    "erf": [within((-3.0, 3.0))], "erfc": [within((-3.0, 5.0))],
    "gamma": [OFF_POLES], "ln_gamma": [OFF_POLES], "digamma": [OFF_POLES],
    "sinc": [within((-10.0, 10.0))], "sinhc": [within((-10.0, 10.0))],
    "sph_j1": [within((-10.0, 10.0))], "sph_j2": [within((-10.0, 10.0))],
    "ln_1m_exp": [within((-20.0, -1.0), (-1.0, -0.05))],
    "erfcx": [within((-3.0, 5.0))], "erfcx_derivative": [within((1, 5)), within((-3.0, 5.0))],
    "ln_norm_cdf": [within((-3.0, 5.0))], "probit": [within((0.02, 0.98))],
    "erf_inv": [UNIT], "erfc_inv": [within((0.05, 1.95))],
    "bessel_j": [within((0, 5)), within((0.5, 12.0))], "bessel_y": [within((0, 5)), within((0.5, 12.0))],
    "bessel_i": [within((0, 5)), within((-6.0, 12.0))], "bessel_k": [within((0, 5)), within((0.2, 12.0))],
    "gamma_p": [within((0.2, 3.0), (3.0, 30.0)), within((0.2, 3.0), (3.0, 30.0))],
    "gamma_q": [within((0.2, 3.0), (3.0, 30.0)), within((0.2, 3.0), (3.0, 30.0))],
    "beta_inc": [within((0.1, 0.9)), within((0.3, 3.0), (3.0, 12.0)), within((0.3, 3.0), (3.0, 12.0))],
    "ln_beta": [within((0.2, 3.0), (3.0, 30.0)), within((0.2, 3.0), (3.0, 30.0))],
    "lambert_w0": [within((-0.3, 1.0), (1.0, 20.0))], "lambert_wm1": [within((-0.33, -0.02))],
    "softplus": [within((-10.0, 10.0))], "sigmoid": [within((-10.0, 10.0))],
    "powi": [within((-4.0, 4.0)), within((-6, 9))],
    "polygamma": [within((1, 5)), OFF_POLES],
    "powf": [within((0.05, 1.0), (1.0, 8.0)), within((-4.0, 4.0))],
    "log": [PLUS, within((0.05, 0.7), (1.4, 20.0))],
    "rem": DIVISION, "rem_euclid": DIVISION, "div_euclid": DIVISION,
    "xlogy": [MODERATE, PLUS],
    "clamp": [MODERATE, within((-4.0, 0.5)), within((0.6, 4.0))],
}

SERIES = [0.0, 1e-5, 0.5, *near(1.5, 4.0)[::5]]  # the code has series up to 1.5 and 4
ODD = [0.0, 1e-10]

SPECIAL = {  # near zeros of derivatives, changes of method, far out; numbers or tuples
    "sqrt": [1e-30, 1.0, 1e30],
    "cbrt": [-27.0, 1e-30, -1e30],
    "exp": [-300.0, 0.0, 300.0],
    "exp2": [-300.0, 0.0, 300.0],
    "exp_m1": ODD, "ln_1p": ODD,
    "ln": [1.0, 1e-30, 1e30], "log2": [1.0, 8.0], "log10": [1.0, 1000.0],
    "sin": [0.0], "cos": [0.0], "tan": [0.0], "sinh": [0.0], "cosh": [0.0],
    "asin": ODD, "acos": ODD, "atan": [*ODD, 1e10], "asinh": [*ODD, 1e10], "atanh": ODD,
    "tanh": [0.0, 1e-6, 0.4999, 0.5001, 20.0, 186.0],
    "acosh": [1.0001, 1e10],
    "recip": [1e-30, -1e30],
    "to_degrees": [0.0], "to_radians": [0.0],
    "erf": [0.0, 1e-8], "erfc": [0.0, 5.0, 10.0], "norm_cdf": [-10.0, 0.0],
    "gamma": [*near(1.0, 2.0)[::5], 1.4616321449683622, 100.5],
    "ln_gamma": [*near(1.0, 2.0), 1e10],
    "digamma": [1.4616321449683622, *near(1.4616321449683622), 1e10],
    "sinc": SERIES, "sinhc": SERIES, "sph_j1": SERIES, "sph_j2": SERIES,
    "ln_1m_exp": [-1e-8, -40.0], "erfcx": [0.0, 1e8], "ln_norm_cdf": [0.5, -31.0, -1e5],
    "erfcx_derivative": [(k, t) for k in (1, 2, 5) for t in (0.0, -1.0, 30.5)],
    "bessel_j": [(0, 30.5), (3, 0.1)], "bessel_y": [(0, 30.5), (3, 0.1)],
    "bessel_i": [(0, 30.5), (3, 0.1)], "bessel_k": [(0, 30.5), (3, 0.1)],
    "ln_beta": [(1e6, 0.5), (0.5, 1e6), (1e-3, 20.0)],
    "erf_inv": [0.0, 0.8, -0.9], "erfc_inv": [1.0, 1e-5, 0.2], "probit": [0.5, 1e-10, 0.1],
    "lambert_w0": [1e-8, 2.718281828459045, 1e10], "lambert_wm1": [-1e-10, -0.2],
    "softplus": [-40.0, 0.0, 40.0],
    "sigmoid": [-40.0, 0.0, 1e-7, 0.999, 1.001, 40.0],
    "powi": [*((0.0, k) for k in range(7)), *((-1.5, k) for k in range(-3, 8))],
    "polygamma": [(k, t) for k in (1, 2, 5) for t in (1e-4, 1.0, 30.5, -0.5, -2.001)],
    "powf": [*itertools.product([0.0], [1.0, 2.0, 3.0]), *itertools.product([-1.5], [-2.0, 1.0, 2.0, 3.0, 7.0]),
             *itertools.product([2.5], [-2.0, 0.0, 1.0, 3.0]), (1.0, 0.5), (1e-10, 0.5)],
    "hypot": [(0.0, 1.0), (1.0, 0.0), (1e-9, 1.0), (1.0, 1e-9), (3e-40, 5e-40), (3e40, 5e40),
              (3e-200, 4e-200), (3e200, 4e200)],
    "atan2": [(1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (-1.0, 0.0), (1e-9, 1.0), (1.0, 1e-9)],
    "log": [(1.0, 2.0), (8.0, 2.0), (2.0, 1.0001)],
    "ln_add_exp": [(0.0, 0.0), (2.5, 2.5), (600.0, 5.0), (5.0, 600.0), (700.0, 5.0), (-800.0, -805.0)],
    "xlogy": [(0.0, 0.5), (0.0, 1.0), (0.0, 3.0), (2.5, 1.0)],
    "mul_add": [(0.0, 0.0, 0.0), (0.0, 3.5, -1.0)],
}

# ----------------------------------------------------------------- evaluation


@functools.cache
def compiled(expr, args):
    """A function giving the value and the partials, order by order, and their grouping."""
    if expr.has(inc_gamma, inc_beta):
        f = sp.lambdify(args, expr, modules=[EVAL, "mpmath"])
        powers = [[tuple(by.count(s) for s in args) for by in itertools.combinations_with_replacement(args, k)]
                  for k in range(PARTIALS + 1)]

        def function(*point):
            return [mp.diff(f, point, n) if any(n) else f(*point) for group in powers for n in group]
        return function, [len(group) for group in powers]
    groups = [[expr.diff(*by) if by else expr for by in itertools.combinations_with_replacement(args, k)]
              for k in range(PARTIALS + 1)]
    flat = [e for group in groups for e in group]
    return sp.lambdify(args, flat, modules=[EVAL, "mpmath"], cse=True), [len(g) for g in groups]


@functools.cache
def compiled_along(expr, args, direction):
    """A function giving the value and the derivatives along a line, those that are identically
    zero left out, and the orders of the others."""
    if expr.has(inc_gamma, inc_beta):
        f = sp.lambdify(args, expr, modules=[EVAL, "mpmath"])

        def function(*point):
            return list(mp.diffs(lambda t: f(*(p + t * d for p, d in zip(point, direction))), 0, ORDERS))
        return function, list(range(ORDERS + 1))
    along = [expr]
    for _ in range(ORDERS):
        along.append(sum(c * along[-1].diff(s) for c, s in zip(direction, args) if c))
    orders = [k for k, e in enumerate(along) if e != 0]
    return sp.lambdify(args, [along[k] for k in orders], modules=[EVAL, "mpmath"], cse=True), orders


def real(value):
    return value.real if value.imag == 0 else mp.nan


def agree(a, b, last):
    """Whether b, computed at twice the precision of a, confirms a."""
    if mp.isnan(a) or mp.isnan(b):
        return mp.isnan(a) and mp.isnan(b)
    if a == 0 or b == 0 or abs(a - b) > AGREE * abs(b):
        return last and abs(a) < mpf(10) ** -HUGE and abs(b) < mpf(10) ** -HUGE
    return True


def evaluate(function, point, digits):
    """Doubles the precision until the result no longer changes. A zero is accepted only at the
    highest precision: before that it may be due to cancellation."""
    before, done = None, {}
    while True:
        last = digits > MOST
        with mp.workdps(digits):
            now = [real(mp.convert(v)) for v in function(*map(mpf, point))]
            for i, value in enumerate(now):
                if before and i not in done and agree(before[i], value, last):
                    done[i] = value
            if len(done) == len(now):
                return [done[i] for i in range(len(now))]
        if last:
            raise ArithmeticError(f"no agreement at {point}")
        before, digits = now, 2 * digits


def text(value):
    if mp.isnan(value):
        return "nan"
    if value == 0 or mp.mag(value) < -HUGE * 3.3219:
        return "0"
    if mp.mag(value) > HUGE * 3.3219:
        return "inf" if value > 0 else "-inf"
    with mp.workdps(2 * DIGITS):
        value = +value
    out = to_str(value._mpf_, DIGITS, strip_zeros=True, min_fixed=1, max_fixed=0, show_zero_exponent=True)
    return out.replace(".0e", "e")


def split(args, expr, point):
    """The expression with values for the integer arguments, the real arguments and their values."""
    integer = {s: t for s, t in zip(args, point) if s.is_integer}
    reals = tuple(s for s in args if not s.is_integer)
    return expr.subs(integer), reals, [t for t in point if not isinstance(t, int)]


def first_digits(expr, point, least=80):
    """The precision to begin with."""
    if expr.has(gamma, ln_abs_gamma, psi, lambert, bessel, inc_gamma, inc_beta):  # these are slow, and no large terms cancel in them
        return 80
    return least + sum(4 * abs(round(math.log10(abs(t)))) for t in point if t)


def table_line(name, args, expr, point):
    reduced, reals, where = split(args, expr, point)
    function, sizes = compiled(reduced, reals)
    values = evaluate(function, where, first_digits(expr, point))
    if mp.isnan(values[0]):  # outside the domain nothing is defined
        values = [mp.nan] * len(values)
    words = map(text, values)
    groups = [" ".join(itertools.islice(words, size)) for size in sizes]
    return " | ".join([" ".join([name, *map(repr, point)]), *groups])


def derivatives(expr, reals, where, direction, digits):
    """The value and the derivatives along the line, or None if one of them is not a number of
    moderate size."""
    function, orders = compiled_along(expr, reals, direction)
    values = [mpf(0)] * (ORDERS + 1)
    for k, value in zip(orders, evaluate(function, where, digits)):
        if mp.isnan(value) or abs(value) > RANGE:
            return None
        if text(value) != "0":
            if abs(value) < 1 / RANGE:
                return None
            values[k] = value
    return values


def well_conditioned(values, expr, reals, where, direction, digits):
    """Whether no derivative is much more uncertain than the arguments."""
    for i, t in enumerate(where):
        with mp.workdps(digits):
            moved = [*where[:i], t * (1 + SHIFT), *where[i + 1:]]
            changed = derivatives(expr, reals, moved, direction, digits)
            if not changed or any(abs(b - a) > CONDITION * SHIFT * abs(a) for a, b in zip(values, changed)):
                return False
    return True


def order_line(name, args, expr, point, direction, generic):
    """The line, or None if it should not be written."""
    # Enough digits for all numbers of moderate size at once: with fewer, terms may cancel to 0 at
    # two precisions, which then agree on a much smaller term.
    digits = first_digits(expr, point, 700)
    if name in ("sinc", "sinhc", "sph_j1", "sph_j2") and point == (0.0,):  # the quotient is not defined there
        expr = sp.series(expr, x, 0, ORDERS + 1).removeO()
    if name == "powf" and whole(point[1]):
        if direction == (1, 0):  # the power of an integer is smooth at 0 and below, x^y is not
            expr = expr.subs(y, int(point[1]))
        elif point[0] <= 0:
            return None
    if name == "hypot" and 1e-9 in point and all(direction):
        return None  # on the axis the fourth derivative vanishes, as 48 - 48; beside it little is left
    reduced, reals, where = split(args, expr, point)
    values = derivatives(reduced, reals, where, direction, digits)
    if not values or generic and not well_conditioned(values, reduced, reals, where, direction, digits):
        return None
    return " | ".join([" ".join([name, *map(repr, point)]), " ".join(map(str, direction)),
                       " ".join(map(text, values)), "generic" if generic else "special"])


def order_lines(name, args, expr):
    directions = DIRECTIONS[sum(not s.is_integer for s in args)]
    draws = GENERIC.get(name, [MODERATE] * len(args))
    draw = Draw(name)
    counts = dict.fromkeys(directions, 0)
    least = 2 if expr.has(inc_beta) else LINES  # each of these takes a minute
    for _ in range(DRAWS):
        if min(counts.values()) >= least:
            break
        point = tuple(one(draw) for one in draws)
        for direction in directions:
            if out := order_line(name, args, expr, point, direction, True):
                counts[direction] += 1
                yield out
    for point in SPECIAL.get(name, []):
        point = point if isinstance(point, tuple) else (point,)
        for direction in directions:
            if out := order_line(name, args, expr, point, direction, False):
                yield out


HEADER = f"""\
# Reference values and derivatives for the tests of nilpotent, {DIGITS} significant digits.
# Made by tests/reference/generate.py:
#     python3 tests/reference/generate.py > tests/reference/table.txt
# One line per point: name and arguments | value | first partials | second partials.
# Partials are in the order of the arguments (x y: fx fy | fxx fxy fyy), without those by an
# integer argument n. The arguments are exact doubles. `nan`: outside the domain, or no such
# derivative; `inf` and `0` also stand for magnitudes beyond 1e{HUGE} and 1e-{HUGE}."""

ORDERS_HEADER = f"""\
# Reference values and derivatives along straight lines for the tests of nilpotent, {DIGITS}
# significant digits. Made by tests/reference/generate.py:
#     python3 tests/reference/generate.py --directions > tests/reference/orders.txt
# One line per point and direction: name and arguments | direction | value and derivatives of
# orders 1 to {ORDERS} of t -> f(arguments + t direction) at t = 0 | group. The direction has one
# number for each argument but an integer one. The arguments are exact doubles. The groups:
#     generic: no derivative changes by more than {CONDITION} times the relative change of an argument
#     special: chosen points, such as zeros of derivatives, without that bound
# Each number is 0 or has a magnitude within 1e-290..1e290. `0` is exact."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--directions", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    unknown = set(options.names) - {row[0] for row in ROWS}
    if unknown:
        sys.exit(f"unknown functions: {' '.join(sorted(unknown))}")
    print(ORDERS_HEADER if options.directions else HEADER)
    for name, args, expr, points in ROWS:
        if options.names and name not in options.names:
            continue
        args = args if isinstance(args, tuple) else (args,)
        if options.directions:
            lines = order_lines(name, args, expr)
        else:
            lines = (table_line(name, args, expr, point) for point in dict.fromkeys(points(Draw(name))))
        for out in lines:
            print(out)


if __name__ == "__main__":
    main()
