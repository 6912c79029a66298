"""The swing of a pole on a cart with the least integral of the squared force, by the maximum principle. It needs SciPy.

    python3 cart_pole.py

The accelerations a of the cart and b of the pole solve Lagrange's equations

    (m1 + m2)*a + m2*l*cos(q)*b = u + m2*l*sin(q)*w^2,     cos(q)*a + l*b = -g*sin(q).

With adjoints p, the Hamiltonian u^2 + p.f(x, u) is least at u = -p.f_u/2, within the bounds of u. So the best motion solves
a boundary value problem in 8 unknowns, by a collocation of SciPy that chooses its own intervals. It starts from a coarse
problem that SLSQP solves. Last comes a motion from the paper's formulas: the state after 1 s from rest with 5 N.
"""

import numpy as np
from scipy.integrate import solve_bvp, solve_ivp
from scipy.optimize import minimize

M1, M2, L, G, TIME, MOST = 1.0, 0.3, 0.5, 9.81, 2.0, 20.0
GOAL = np.array([1.0, np.pi, 0.0, 0.0])


def f(x, u):
    q, v, w = x[1:]
    sin, cos = np.sin(q), np.cos(q)
    push, fall = u + M2 * L * sin * w**2, -G * sin
    det = (M1 + M2) * L - M2 * L * cos**2
    return np.array([v, w, (L * push - M2 * L * cos * fall) / det, ((M1 + M2) * fall - cos * push) / det])


def partials(x, u):
    """By complex steps: of f in each state, and in the force."""
    step = 1e-30j
    moved = [f(np.array([x[i] + step * (i == k) for i in range(4)]), u) for k in range(4)]
    return np.array(moved).imag / 1e-30, f(x + 0j, u + step).imag / 1e-30


def force(y):
    return np.clip(-0.5 * (y[4:] * partials(y[:4], np.zeros(y.shape[1]))[1]).sum(0), -MOST, MOST)


def rate(_, y):
    u = force(y)
    return np.concatenate([f(y[:4], u), -(partials(y[:4], u)[0] * y[4:]).sum(1)])


def ends(a, b):
    return np.concatenate([a[:4], b[:4] - GOAL])


def coarse(n):
    """States, and adjoints up to a sign, by the trapezoidal rule in n intervals."""
    h, t = TIME / n, np.linspace(0, TIME, n + 1)
    split = lambda z: (z[: 4 * n + 4].reshape(4, n + 1), z[4 * n + 4 :])

    def defects(z):
        x, u = split(z)
        r = f(x, u)
        inner = x[:, 1:] - x[:, :-1] - h / 2 * (r[:, 1:] + r[:, :-1])
        return np.concatenate([inner.ravel(), x[:, 0], x[:, -1] - GOAL])

    def effort(z):
        u = split(z)[1]
        return h / 2 * (u[1:] ** 2 + u[:-1] ** 2).sum()

    start = np.concatenate([np.outer(GOAL, t / TIME).ravel(), 0 * t])
    best = minimize(effort, start, constraints={"type": "eq", "fun": defects}, options={"maxiter": 300}).x
    base, step = defects(best), 1e-7
    jacobian = np.array([(defects(best + step * e) - base) / step for e in np.eye(len(best))])
    gradient = np.array([(effort(best + step * e) - effort(best - step * e)) / (2 * step) for e in np.eye(len(best))])
    adjoints = np.linalg.lstsq(jacobian, gradient, rcond=None)[0][: 4 * n].reshape(4, n)
    middles = (t[1:] + t[:-1]) / 2
    return t, split(best)[0], np.array([np.interp(t, middles, p) for p in adjoints])


t, x, p = coarse(24)
found = solve_bvp(rate, ends, t, np.concatenate([x, p]), tol=1e-4, max_nodes=20000)
for tol in (1e-6, 1e-8):
    found = solve_bvp(rate, ends, found.x, found.y, tol=tol, max_nodes=20000)
    assert found.success, found.message
    nodes, weights = np.polynomial.legendre.leggauss(5)
    half = np.diff(found.x)[:, None] / 2
    times = (found.x[:-1, None] + half * (1 + nodes)).ravel()
    effort = ((half * weights).ravel() * force(found.sol(times)) ** 2).sum()
    u = force(found.y)
    print(tol, len(found.x), "intervals, effort", repr(float(effort)), "force from", u.min(), "to", u.max())

q = solve_ivp(lambda _, x: f(x, 5.0), (0, 1), np.zeros(4), "DOP853", rtol=1e-13, atol=1e-13).y[:, -1]
print("after a second of 5 N:", [float(x) for x in q])
