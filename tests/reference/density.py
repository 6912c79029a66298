#!/usr/bin/env python3
"""Makes density.txt: reference values and derivatives for tests/density.rs.

    python3 tests/reference/density.py > tests/reference/density.txt

The formulas are those of Stan's documentation, evaluated as generate.py does it.
"""

import math

import sympy as sp
from generate import Draw, ln_abs_gamma, table_line
from sympy import log, pi

y, mu, sigma, nu = sp.symbols("y mu sigma nu", real=True)
k, n = sp.symbols("k n", integer=True)


def lg(t):
    return ln_abs_gamma(t)


def choose(a, b):
    return lg(a + 1) - lg(b + 1) - lg(a - b + 1)


def near(d, mean, width):
    """In the bulk and in both tails."""
    return [mean + t * width for t in (*d.uni(1, -3, -0.3), *d.uni(1, 0.3, 3), *d.uni(1, 6, 30))]


def counts(d, mean, width):
    return sorted({int(t) for t in near(d, mean, width) if t >= 0} | {max(0, round(mean - 5 * width))})


def normal(d):
    for m, s in zip(d.log(20, -6, 8), d.pos(20, -8, 8)):
        yield from ((t, m, s) for t in (*near(d, m, s), m + 1e8 * s))


def student_t(d):
    for v, m, s in zip(d.pos(20, -3, 20), d.log(20, -4, 4), d.pos(20, -4, 4)):
        yield from ((t, v, m, s) for t in (*near(d, m, s), m + 1e5 * s))


def gamma(d):
    for a, b in zip(d.pos(24, -4, 21), d.pos(24, -6, 6)):
        yield from ((t, a, b) for t in (*near(d, a / b, math.sqrt(a) / b), a / b * 1e-3) if t > 0)


def beta(d):
    for a, b in [*zip(d.pos(24, -4, 12), d.pos(24, -4, 12)), *zip(d.pos(6, 4, 20), d.pos(6, 4, 20))]:
        mean, width = a / (a + b), math.sqrt(a * b / (a + b + 1)) / (a + b)
        yield from ((t, a, b) for t in (*near(d, mean, width), mean / 100) if 0 < t < 1)


def binomial(d):
    for size, p in zip(d.pos(20, 1, 24), d.uni(20, 0.01, 0.99)):
        size = int(size)
        yield from ((t, size, p) for t in {0, *counts(d, size * p, math.sqrt(size * p)), size} if t <= size)


def poisson(d):
    for rate in d.pos(24, -4, 24):
        yield from ((t, rate) for t in {0, *counts(d, rate, math.sqrt(rate))})


def neg_binomial(d):
    for a, b in zip(d.pos(20, -3, 14), d.pos(20, -6, 4)):
        yield from ((t, a, b) for t in {0, *counts(d, a / b, math.sqrt(a * (b + 1)) / b)})


def neg_binomial_2(d):
    for m, v in zip(d.pos(20, -3, 16), d.pos(20, -3, 30)):
        yield from ((t, m, v) for t in {0, *counts(d, m, math.sqrt(m + m * m / v))})


def located(d):
    """Points of a distribution with a location and a scale, in the bulk and far out."""
    for m, s in zip(d.log(20, -4, 4), d.pos(20, -4, 4)):
        yield from ((t, m, s) for t in (*near(d, m, s), m + 1e5 * s))


def lognormal(d):
    for m, s in zip(d.log(20, -4, 3), d.pos(20, -4, 2)):
        yield from ((math.exp(t), m, s) for t in near(d, m, s) if abs(t) < 300)


def exponential(d):
    for rate in d.pos(24, -20, 20):
        yield from ((t / rate, rate) for t in (*d.uni(2, 0, 5), *d.uni(1, 20, 400)))


def inv_gamma(d):
    yield from ((1 / t, a, b) for t, a, b in gamma(d))


def weibull(d):
    for a, s in zip(d.pos(24, -3, 4), d.pos(24, -6, 6)):
        yield from ((s * t**(1 / a), a, s) for t in (*d.uni(1, 0.01, 1), *d.uni(1, 1, 5), *d.uni(1, 20, 200)))


def binomial_logit(d):
    for size, x in zip(d.pos(20, 1, 12), d.uni(20, -6, 6)):
        size, p = int(size), 1 / (1 + math.exp(-x))
        places = {0, *counts(d, size * p, math.sqrt(size * p * (1 - p))), size}
        yield from ((t, size, x) for t in places if t <= size)
    yield from ((t, 7, x) for t in (0, 3, 7) for x in (-200.0, -90.0, 70.0, 500.0))


def poisson_log(d):
    for x in d.uni(24, -3, 9):
        yield from ((t, x) for t in {0, *counts(d, math.exp(x), math.exp(x / 2))})
    yield from ((t, x) for t in (0, 4) for x in (-700.0, -100.0, -50.0))


def neg_binomial_2_log(d):
    for x, v in zip(d.uni(20, -3, 9), d.pos(20, -3, 12)):
        m = math.exp(x)
        yield from ((t, x, v) for t in {0, *counts(d, m, math.sqrt(m + m * m / v))})


a, b = sp.symbols("a b", real=True)
# Not real for sympy, so that the root of a square stays one, and has no derivative that is a distribution.
u, m = sp.symbols("u m")
ROWS = [
    ("normal", (y, mu, sigma), -((y - mu) / sigma)**2 / 2 - log(sigma) - log(2 * pi) / 2, normal),
    ("student_t", (y, nu, mu, sigma), lg((nu + 1) / 2) - lg(nu / 2) - log(nu * pi) / 2 - log(sigma)
     - (nu + 1) / 2 * log(1 + ((y - mu) / sigma)**2 / nu), student_t),
    ("gamma", (y, a, b), a * log(b) - lg(a) + (a - 1) * log(y) - b * y, gamma),
    ("beta", (y, a, b), (a - 1) * log(y) + (b - 1) * log(1 - y) + lg(a + b) - lg(a) - lg(b), beta),
    ("binomial", (k, n, y), choose(n, k) + k * log(y) + (n - k) * log(1 - y), binomial),
    ("poisson", (k, y), k * log(y) - y - lg(k + 1), poisson),
    ("neg_binomial", (k, a, b), choose(k + a - 1, k) + a * log(b / (b + 1)) - k * log(b + 1), neg_binomial),
    ("neg_binomial_2", (k, mu, nu), choose(k + nu - 1, k) + k * log(mu / (mu + nu)) + nu * log(nu / (mu + nu)),
     neg_binomial_2),
    ("lognormal", (y, mu, sigma), -((log(y) - mu) / sigma)**2 / 2 - log(sigma) - log(y) - log(2 * pi) / 2, lognormal),
    ("cauchy", (y, mu, sigma), -log(1 + ((y - mu) / sigma)**2) - log(sigma) - log(pi), located),
    ("logistic", (y, mu, sigma), -(y - mu) / sigma - 2 * log(1 + sp.exp(-(y - mu) / sigma)) - log(sigma), located),
    ("double_exponential", (u, m, sigma), -sp.sqrt((u - m)**2) / sigma - log(2 * sigma), located),
    ("exponential", (y, b), log(b) - b * y, exponential),
    ("inv_gamma", (y, a, b), a * log(b) - lg(a) - (a + 1) * log(y) - b / y, inv_gamma),
    ("weibull", (y, a, b), log(a) - log(b) + (a - 1) * log(y / b) - (y / b)**a, weibull),
    ("binomial_logit", (k, n, y), choose(n, k) - k * log(1 + sp.exp(-y)) - (n - k) * log(1 + sp.exp(y)), binomial_logit),
    ("poisson_log", (k, y), k * y - sp.exp(y) - lg(k + 1), poisson_log),
    ("neg_binomial_2_log", (k, mu, nu), choose(k + nu - 1, k) + k * log(sp.exp(mu) / (sp.exp(mu) + nu))
     + nu * log(nu / (sp.exp(mu) + nu)), neg_binomial_2_log),
]

if __name__ == "__main__":
    print("""\
# Reference values and derivatives of logarithms of densities, 40 significant digits.
# Made by tests/reference/density.py:
#     python3 tests/reference/density.py > tests/reference/density.txt
# One line per point: name and arguments | value | first partials | second partials, without those by a count.""")
    for name, args, expr, points in ROWS:
        for point in points(Draw(name)):
            print(table_line(name, args, expr, point))
