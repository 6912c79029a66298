#!/usr/bin/env python3
"""Makes constrained.txt: reference values for tests/constrained.rs.

    python3 tests/reference/constrained.py > tests/reference/constrained.txt

The transforms are those of Stan's reference manual, written down plainly in 150 digits. The determinants, and the slopes of
their logarithms, are by central differences of the transforms.
"""

import random

from mpmath import det, exp, log, matrix, mp, mpf, nstr, sqrt, tanh

mp.dps = 150
STEP = mpf(10)**-50
WIDE = mpf(10)**-25


def logistic(u):
    return 1 / (1 + exp(-u))


def ordered(x, start=None):
    y = []
    for v in x:
        y.append(v if not y and start is None else (y[-1] if y else start) + exp(v))
    return y


def simplex(x):
    """Entry k is the share z_k of what is left, z_k = logit^-1(x_k + log(1/(K - k)))."""
    y, n = [], len(x) + 1
    for k, v in enumerate(x, 1):
        y.append((1 - sum(y)) * logistic(v + log(mpf(1) / (n - k))))
    return [*y, 1 - sum(y)]


def rows_of_length_one(n, x):
    x, rows = iter(x), []
    for i in range(n):
        row = []
        for _ in range(i):
            row.append(tanh(next(x)) * sqrt(1 - sum(w * w for w in row)))
        row.append(sqrt(1 - sum(w * w for w in row)))
        rows.append(row + [mpf(0)] * (n - i - 1))
    return matrix(rows)


def positive_diagonal(n, x):
    x = iter(x)
    return matrix([[next(x) if j < i else exp(next(x)) if j == i else mpf(0) for j in range(n)] for i in range(n)])


def entries(m):
    return [m[i, j] for i in range(m.rows) for j in range(m.cols)]


def lower_triangle(y, n, strict):
    return [y[i * n + j] for i in range(n) for j in range(i if strict else i + 1)]


# For each name: the transform; the entries of y with which the determinant is made.
FIXED = {
    "affine": (lambda x: [mpf("-1.5") + mpf("2.5") * x[0]], lambda y: y),
    "lower": (lambda x: [mpf("0.75") + exp(x[0])], lambda y: y),
    "upper": (lambda x: [mpf("0.75") - exp(x[0])], lambda y: y),
    "interval": (lambda x: [mpf("-0.5") + mpf("3.75") * logistic(x[0])], lambda y: y),
    "probability": (lambda x: [logistic(x[0])], lambda y: y),
}
SIZED = {
    "ordered": lambda n: (ordered, lambda y: y, n),
    "positive_ordered": lambda n: (lambda x: ordered(x, mpf(0)), lambda y: y, n),
    "simplex": lambda n: (simplex, lambda y: y[:-1], n - 1),
    "cholesky_correlation": lambda n: (lambda x: entries(rows_of_length_one(n, x)),
                                       lambda y: lower_triangle(y, n, True), n * (n - 1) // 2),
    "correlation": lambda n: (lambda x: entries((lambda f: f * f.T)(rows_of_length_one(n, x))),
                              lambda y: lower_triangle(y, n, True), n * (n - 1) // 2),
    "cholesky_covariance": lambda n: (lambda x: entries(positive_diagonal(n, x)),
                                      lambda y: lower_triangle(y, n, False), n * (n + 1) // 2),
    "covariance": lambda n: (lambda x: entries((lambda f: f * f.T)(positive_diagonal(n, x))),
                             lambda y: lower_triangle(y, n, False), n * (n + 1) // 2),
}


def shifted(x, k, step):
    return [v + step if i == k else v for i, v in enumerate(x)]


def ln_determinant(transform, free, x):
    columns = []
    for k in range(len(x)):
        above, below = (free(transform(shifted(x, k, s))) for s in (STEP, -STEP))
        columns.append([(a - b) / (2 * STEP) for a, b in zip(above, below)])
    return log(abs(det(matrix(columns)))) if columns else mpf(0)


def line(name, size, transform, free, x):
    x = [mpf(v) for v in x]
    slopes = []
    for k in range(len(x)):
        above, below = (ln_determinant(transform, free, shifted(x, k, s)) for s in (WIDE, -WIDE))
        slopes.append((above - below) / (2 * WIDE))
    groups = [x, transform(x), [ln_determinant(transform, free, x)], slopes]
    # Differences of x leave errors of 1e-50, which are no digits of a slope that is 0.
    texts = [" ".join(nstr(v if abs(v) > mpf(10)**-35 else mpf(0), 17 if g == 0 else 40) for v in group)
             for g, group in enumerate(groups)]
    print(" | ".join([f"{name} {size}", *texts]))


if __name__ == "__main__":
    print("""\
# Reference values of constrained parameters, 40 significant digits.
# Made by tests/reference/constrained.py:
#     python3 tests/reference/constrained.py > tests/reference/constrained.txt
# One line per point: name and size | unconstrained numbers | constrained ones | ln |det| | its slopes.""")
    draw = random.Random(3)
    for name, (transform, free) in FIXED.items():
        for x in (0.0, 0.3, -0.7, 2.0, -5.0, 12.0, -20.0, 33.0):
            line(name, 1, transform, free, [x])
    for name, make in SIZED.items():
        for size in (1, 2, 3, 4, 5):
            transform, free, count = make(size)
            for width in (0.0, 0.5, 1.5, 4.0):
                line(name, size, transform, free, [draw.uniform(-width, width) for _ in range(count)])
