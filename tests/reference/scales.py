#!/usr/bin/env python3
"""Makes scales.txt: factors of matrices of mixed scale, with three derivatives.

    python3 tests/reference/scales.py > tests/reference/scales.txt

Needs mpmath (from pip). It takes no options.

A case is a path A + t A1 + t^2/2 A2 of matrices, at t = 0. The factors are
computed at t = -2h, -h, 0, h, 2h in 250 digits, h = 1e-60, and their derivatives are
central differences, of which about 60 digits are right; eigenvectors and
singular vectors are those of one symmetric matrix. Nothing is shared with the
code under test.

Output, one case after another:

    case NAME KIND ROWS COLUMNS   KIND: eigen, svd, ill (svd of one unit), pseudo,
                                  linear, definite or determinant
    a K entries                   of A, A1, A2 (K = 0, 1, 2), by rows
    b 0 entries                   the right hand side of A x = b, if `linear`
    QUANTITY K value:scale ...    its K-th derivative, by rows

The scale says what an error is to be compared with. For eigenvalues, singular
values, their vectors and pseudo-inverses it is the entry itself; for
determinants the sum of all products, with absolute values; for `ill` the largest
entry; for `linear` and `definite` the largest one after the units of A, of
D A E, are taken out of the result. 0:0 is 0 or below 1e-90. Eigenvalues and singular values descend.
"""

import itertools
import math

from mpmath import matrix, mp, mpf

mp.dps = 250
H = mpf(10) ** -60
TINY = mpf(10) ** -90  # scales below may be errors of the differences


# --------------------------------------------------------------------- cases


def some(rows, columns, seed):
    """A matrix of arbitrary numbers with few bits."""
    return [
        [round(64 * math.sin(i * i + 3 * j**3 + 5 * i * j + 7 * seed + 1)) / 64 for j in range(columns)]
        for i in range(rows)
    ]


def scaled(left, a, right):
    return [[x * y * z for y, z in zip(row, right)] for x, row in zip(left, a)]


def symmetric(n, seed):
    a = some(n, n, seed)
    return [[(a[i][j] + a[j][i]) / 2 for j in range(n)] for i in range(n)]


def definite(n, seed):
    a = some(n, n, seed)
    return [[sum(x * y for x, y in zip(a[i], a[j])) + (i == j) for j in range(n)] for i in range(n)]


def diagonal(d):
    return [[d[i] if i == j else 0.0 for j in range(len(d))] for i in range(len(d))]


def lacking(n, rank, seed):
    """A matrix of this rank, whose entries have few bits."""
    a, b = some(n, rank, seed), some(rank, n, seed + 1)
    return [[sum(a[i][k] * b[k][j] for k in range(rank)) for j in range(n)] for i in range(n)]


def graded(d, a):
    """A case in which the units of rows and columns are d."""
    n = len(d)
    return [scaled(d, x, d) for x in (a, symmetric(n, 1), symmetric(n, 2))]


def units(left, right, a=None):
    """A case in which rows have the units `left` and columns `right`."""
    m, n = len(left), len(right)
    if a is None:
        a = some(m, n, 0)
        for i in range(min(m, n)):
            a[i][i] += 2.0 + i
    return [scaled(left, x, right) for x in (a, some(m, n, 1), some(m, n, 2))]


WIDE = [1e12, 1e-3, 1.0, 1e-12, 1e5]
UP = [1e-12, 1e-6, 1.0, 1e6]
SAME = [1.0] * 5
EIGEN = {
    "three-units": [diagonal([1e16, 1.0, 2.0]), symmetric(3, 1), symmetric(3, 2)],
    "definite": graded(WIDE, definite(5, 0)),
    "indefinite": graded(WIDE, symmetric(5, 3)),
    "ascending": graded(UP, definite(4, 4)),
    "pairs": graded([1e8, 1e8, 1e-4, 1e-4], definite(4, 5)),
    "still-coupled": [scaled(UP, definite(4, 6), UP), symmetric(4, 1), symmetric(4, 2)],
}
SVD = {
    "three-units": [diagonal([1e16, 1.0, 2.0]), some(3, 3, 1), some(3, 3, 2)],
    "one-small": [diagonal([1.0, 1e-12, 2.0]), some(3, 3, 1), some(3, 3, 2)],
    "rows": units(WIDE, SAME),
    "columns": units(SAME, WIDE),
    "both": units(WIDE, [1e-6, 1e3, 1e12, 1.0, 1e-9]),
    "opposed": units(UP, UP[::-1]),
    "tall-rows": units(WIDE, [1.0] * 3),
    "tall-columns": units(SAME, WIDE[:3]),
    "tall": units(WIDE, [1e-6, 1e3, 1e9]),
    "wide": units([1e-6, 1e3, 1e9], WIDE),
}
# A matrix in one unit, with singular values of about 1, 1e-5 and 1e-9.
ILL = [[1.0, 0.5, 0.25], [0.75, 0.375 + 1e-5, 0.1875 - 2e-5], [0.5, 0.25 + 3e-5, 0.125 - 6e-5 + 1e-9]]
ILL = [ILL, some(3, 3, 1), some(3, 3, 2)]
# In the row of the largest unit the first entry is small, and yet the largest of the column.
LEAD = some(5, 5, 0)
LEAD[0][0] = 2.0**-20
LINEAR = {
    "small-lead": (WIDE, SAME, LEAD),
    "rows": (WIDE, SAME),
    "columns": (SAME, WIDE),
    "both": (WIDE, [1e-6, 1e3, 1e12, 1.0, 1e-9]),
    "opposed": (UP, UP[::-1]),
    "alike": (SAME, SAME),
}
DEFINITE = {"five": (WIDE, definite(5, 0)), "four": (UP, definite(4, 4)), "alike": (SAME, definite(5, 1))}
COVARIANCE = [1e9, 1.0, 1e-3, 1e-9]
OTHER = [1e-6, 1e3, 1e12, 1.0, 1e-9]
DETERMINANT = {
    "three": units(UP[:3], UP[2::-1]),
    "four-units": [diagonal([1e16, 1.0, 1.0, 1.0]), symmetric(4, 1), symmetric(4, 2)],
    "covariance": graded(COVARIANCE, definite(4, 2)),
    "both": units(WIDE, OTHER),
    "small-lead": units(WIDE, SAME, LEAD),
    "alike": units(SAME, SAME),
    "ten": units(WIDE * 2, OTHER * 2),
    "out-of-range": units([1e155, 1e-155, 1e100, 1e-100], SAME[:4]),
    "one-small": [diagonal([1.0, 1e-12, 1.0, 1.0]), some(4, 4, 1), some(4, 4, 2)],
    "tiny": [diagonal([1e-200, 1e-200, 1.0, 1.0]), some(4, 4, 1), some(4, 4, 2)],
    "small": [diagonal([1e-4, 1e-6, 1.0, 1e-8]), some(4, 4, 1), some(4, 4, 2)],
    "lacks-one": units(WIDE, OTHER, lacking(5, 4, 1)),
    "lacks-two": units(WIDE, OTHER, lacking(5, 3, 2)),
    "lacks-three": units(WIDE, OTHER, lacking(5, 2, 3)),
    "lacks-two-alike": units(SAME, SAME, lacking(5, 3, 2)),
    "rank-one": units(WIDE, OTHER, lacking(5, 1, 4)),
    "zero": [[[0.0] * 4] * 4, some(4, 4, 1), some(4, 4, 2)],
    "zero-rows": [diagonal([1e16, 0.0, 1e-8, 0.0]), some(4, 4, 1), some(4, 4, 2)],
}


# -------------------------------------------------------------------- factors


def at(a, t):
    """The path at t, exactly."""
    return matrix(a[0]) + t * matrix(a[1]) + t * t / 2 * matrix(a[2])


def eigen(a):
    """Eigenvalues in descending order, and eigenvectors."""
    values, vectors = mp.eigsy(a)
    order = sorted(range(len(values)), key=lambda i: -values[i])
    n = a.rows
    return [values[i] for i in order], matrix([[vectors[k, i] for i in order] for k in range(n)])


def aligned(vectors, reference):
    """The vectors, with the signs of the reference vectors."""
    for j in range(vectors.cols):
        if sum(vectors[i, j] * reference[i, j] for i in range(vectors.rows)) < 0:
            for i in range(vectors.rows):
                vectors[i, j] = -vectors[i, j]
    return vectors


def twice_as_large(a):
    """[[0, A], [A^T, 0]], whose eigenvectors are (u, v) and (u, -v)."""
    m, n = a.rows, a.cols
    big = matrix(m + n, m + n)
    for i in range(m):
        for j in range(n):
            big[i, m + j] = big[m + j, i] = a[i, j]
    return big


def pseudo_inverse(a):
    if a.rows < a.cols:
        return pseudo_inverse(a.T).T
    return mp.inverse(a.T * a) * a.T


def permanent(a):
    """Row by row: from the permanents of the first k rows and any k columns."""
    n = a.rows
    of = {0: mpf(1)}
    for i in range(n):
        longer = {}
        for columns, x in of.items():
            for j in range(n):
                if not columns >> j & 1:
                    longer[columns | 1 << j] = longer.get(columns | 1 << j, 0) + x * a[i, j]
        of = longer
    return of[2**n - 1]


def cholesky(a):
    n = a.rows
    low = matrix(n, n)
    for j in range(n):
        low[j, j] = mp.sqrt(a[j, j] - sum(low[j, k] ** 2 for k in range(j)))
        for i in range(j + 1, n):
            low[i, j] = (a[i, j] - sum(low[i, k] * low[j, k] for k in range(j))) / low[j, j]
    return low


def determinant(a):
    """Sums over permutations, which works for singular matrices too. The large ones here are regular."""

    def sign(p):
        return (-1) ** sum(p[i] > p[j] for i in range(len(p)) for j in range(i + 1, len(p)))

    n = a.rows
    if n > 5:
        return mp.det(a)
    return sum(sign(p) * math.prod(a[i, p[i]] for i in range(n)) for p in itertools.permutations(range(n)))


def derivatives(f):
    """Value and three derivatives at 0 of a list of numbers."""
    early, before, here, after, late = (f(k * H) for k in (-2, -1, 0, 1, 2))
    first = [(y - x) / (2 * H) for x, y in zip(before, after)]
    second = [(x - 2 * z + y) / H**2 for x, z, y in zip(before, here, after)]
    third = [(z - y * 2 + x * 2 - w) / (2 * H**3) for w, x, y, z in zip(early, before, after, late)]
    return [here, first, second, third]


# --------------------------------------------------------------------- output


def show(name, values, scale):
    for k, of_order in enumerate(scale):
        pairs = zip(values[k], of_order)
        print(name, k, *(f"{mp.nstr(v, 20)}:{mp.nstr(s, 3)}" if s > TINY else "0:0" for v, s in pairs))


def entries(m, rows, columns):
    return [m[i, j] for i in rows for j in columns]


def head(name, kind, a):
    print("case", name, kind, len(a[0]), len(a[0][0]))
    for k, m in enumerate(a):
        print("a", k, *(repr(x) for row in m for x in row))


def show_entries(name, f, each=True):
    """Shows results whose entries are accurate each by itself, or only as a whole."""
    values = derivatives(f)
    scale = [[abs(x) for x in of_order] for of_order in values]
    show(name, values, scale if each else [[max(x)] * len(x) for x in scale])


def show_eigen(name, a):
    head(name, "eigen", a)
    n = len(a[0])
    vectors = eigen(at(a, 0))[1]
    show_entries("values", lambda t: eigen(at(a, t))[0])
    show_entries("vectors", lambda t: entries(aligned(eigen(at(a, t))[1], vectors), range(n), range(n)))

    def products(v):
        return [[v[i, k] * v[j, k] for k in (n - 2, n - 1)] for i in range(n) for j in range(n)]

    # Off the diagonal it vanishes where the vectors are orthogonal.
    values = derivatives(lambda t: [sum(x) for x in products(eigen(at(a, t))[1])])
    scale = [[abs(x) for x in of_order] for of_order in values]
    scale[0] = [sum(abs(y) for y in x) for x in products(vectors)]
    show("projector", values, scale)


def show_svd(name, a, kind="svd"):
    head(name, kind, a)
    m, n = len(a[0]), len(a[0][0])
    least = min(m, n)
    vectors = eigen(twice_as_large(at(a, 0)))[1]

    def at_time(t):
        return eigen(twice_as_large(at(a, t)))

    each = kind == "svd"
    show_entries("values", lambda t: at_time(t)[0][:least], each)
    root = mp.sqrt(2)
    for side, rows in (("u", range(m)), ("v", range(m, m + n))):

        def of_side(t, rows=rows):
            return entries(root * aligned(at_time(t)[1], vectors), rows, range(least))

        show_entries(side, of_side, each)


def show_pseudo_inverse(name, a):
    head(name, "pseudo", a)
    m, n = len(a[0]), len(a[0][0])
    show_entries("inverse", lambda t: entries(pseudo_inverse(at(a, t)), range(n), range(m)))


def show_in_units(name, f, units):
    """Shows results that have these units."""
    values = derivatives(f)
    largest = [max(abs(v / u) for v, u in zip(of_order, units)) for of_order in values]
    show(name, values, [[x * u for u in units] for x in largest])


def show_linear(name, left, right, a=None):
    a = units(left, right, a)
    head(name, "linear", a)
    print("b", 0, *map(repr, left))
    n = len(left)
    show_in_units(
        "inverse",
        lambda t: entries(mp.inverse(at(a, t)), range(n), range(n)),
        [1 / (mpf(right[i]) * left[j]) for i in range(n) for j in range(n)],
    )
    # The right-hand side has the units of the rows.
    show_in_units(
        "solution",
        lambda t: entries(mp.inverse(at(a, t)) * matrix([[x] for x in left]), range(n), range(1)),
        [1 / mpf(x) for x in right],
    )


def show_definite(name, d, s):
    a = graded(d, s)
    head(name, "definite", a)
    n = len(d)
    show_in_units(
        "cholesky",
        lambda t: entries(cholesky(at(a, t)), range(n), range(n)),
        [mpf(x) for x in d for _ in d],
    )


def show_determinant(name, a):
    head(name, "determinant", a)
    size = [[[abs(x) for x in row] for row in m] for m in a]
    scale = derivatives(lambda t: [permanent(at(size, t))])
    show("determinant", derivatives(lambda t: [determinant(at(a, t))]), scale)


def main():
    for name, a in EIGEN.items():
        show_eigen(name, a)
    for name, a in SVD.items():
        show_svd(name, a)
    show_svd("three", ILL, "ill")
    for name, a in SVD.items():
        show_pseudo_inverse(name, a)
    for name, case in LINEAR.items():
        show_linear(name, *case)
    for name, (d, s) in DEFINITE.items():
        show_definite(name, d, s)
    for name, a in DETERMINANT.items():
        show_determinant(name, a)


if __name__ == "__main__":
    main()
