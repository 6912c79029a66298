"""Reference values of the figure-eight orbit of three bodies, for tests/figure_eight.rs, by mpmath in 32 digits.

It shares nothing with the crate: the series come from recurrences that are written out for this problem, derivatives are
central differences with steps of 1e-10, and the state is that of all three bodies, with no center of mass taken out.

    pip install mpmath gmpy2
    python3 tests/reference/figure_eight.py
"""

from mpmath import mp, mpf, matrix, sqrt, eig, arg, pi, lu_solve

mp.dps = 32
ORDER, TOLERANCE = 28, mpf(10) ** -28
DIFFERENCE = mpf(10) ** -10

# A. Chenciner, R. Montgomery, Annals of Mathematics 152 (2000): computed by C. Simo, in 8 digits.
X, Y = mpf("0.97000436"), mpf("-0.24308753")
U, V = mpf("0.93240737") / 2, mpf("0.86473146") / 2
PERIOD = mpf("6.32591398")


def start(u, v):
    """Positions of the three bodies, then their velocities."""
    return [X, Y, -X, -Y, mpf(0), mpf(0), u, v, u, v, -2 * u, -2 * v]


def series(s):
    """Power series of the twelve coordinates: c[i][k]."""
    c = [[x] for x in s]
    pairs = [(0, 1), (0, 2), (1, 2)]
    w = {p: [] for p in pairs}  # r^-3 of each pair
    q = {p: [] for p in pairs}  # r^2 of each pair
    ds = {p: [[], []] for p in pairs}  # the vector from one to the other
    for k in range(ORDER):
        a = [mpf(0)] * 6
        for i, j in pairs:
            d = ds[i, j]
            for m in (0, 1):
                d[m].append(c[2 * j + m][k] - c[2 * i + m][k])
            q[i, j].append(sum(x[n] * x[k - n] for x in d for n in range(k + 1)))
            if k == 0:
                w[i, j].append(1 / (q[i, j][0] * sqrt(q[i, j][0])))
            else:  # w = q^-3/2:  k q0 wk = sum (-3/2 n - (k - n)) qn w(k-n)
                t = sum((mpf(-3) / 2 * n - (k - n)) * q[i, j][n] * w[i, j][k - n] for n in range(1, k + 1))
                w[i, j].append(t / (k * q[i, j][0]))
            for m in (0, 1):
                f = sum(d[m][n] * w[i, j][k - n] for n in range(k + 1))
                a[2 * i + m] += f
                a[2 * j + m] -= f
        for i in range(6):
            c[i].append(c[6 + i][k] / (k + 1))
            c[6 + i].append(a[i] / (k + 1))
    return c


def flow(s, t):
    done = mpf(0)
    while done < t:
        c = series(s)
        top = [max(abs(x[k]) for x in c) for k in (ORDER - 1, ORDER)]
        h = min((TOLERANCE / top[0]) ** (mpf(1) / (ORDER - 1)), (TOLERANCE / top[1]) ** (mpf(1) / ORDER))
        h = min(h, t - done)
        s = [mp.polyval(x[::-1], h) for x in c]
        done += h
    return s


def differences(f, x):
    """Columns of the Jacobian."""
    columns = []
    for i in range(len(x)):
        up, down = list(x), list(x)
        up[i] += DIFFERENCE
        down[i] -= DIFFERENCE
        columns.append([(a - b) / (2 * DIFFERENCE) for a, b in zip(f(up), f(down))])
    return columns


def open_by(p):
    s = start(p[0], p[1])
    return [a - b for a, b in zip(flow(s, p[2]), s)]


p = [U, V, PERIOD]
for _ in range(2):
    r = open_by(p)
    print("open by", mp.nstr(max(abs(x) for x in r), 3))
    j = matrix(differences(open_by, p)).T
    step = lu_solve(j, matrix(r))  # least squares
    p = [x - d for x, d in zip(p, step)]
print("u, v, period:", *(mp.nstr(x, 25) for x in p))

s = start(p[0], p[1])
distance = lambda i, j: sqrt((s[2 * i] - s[2 * j]) ** 2 + (s[2 * i + 1] - s[2 * j + 1]) ** 2)
energy = sum(x * x for x in s[6:]) / 2 - sum(1 / distance(i, j) for i, j in [(0, 1), (0, 2), (1, 2)])
print("energy:", mp.nstr(energy, 25))

m = matrix(differences(lambda s: flow(s, p[2]), s)).T
for z in eig(m, left=False, right=False):
    print("multiplier", mp.nstr(z, 20), "modulus", mp.nstr(abs(z), 15), "rotation", mp.nstr(arg(z) / (2 * pi), 20))
