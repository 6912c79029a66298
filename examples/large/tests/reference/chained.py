"""The chained problems in plain Python: the values in tests/chained.rs.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python tests/reference/chained.py

The formulas are those of Luksan & Vlcek (1999), problems 1, 2, 3 and 5.1, with indices from 1 as in the paper.
"""

from math import exp, sin

import numpy as np
from scipy.optimize import minimize


def rosenbrock(x):
    return sum(100 * (x[i - 1] ** 2 - x[i]) ** 2 + (x[i - 1] - 1) ** 2 for i in range(1, len(x)))


def wood(x):
    x = [None, *x]
    total = 0
    for i in range(2, len(x) - 2, 2):
        total += 100 * (x[i - 1] ** 2 - x[i]) ** 2 + (x[i - 1] - 1) ** 2 + 90 * (x[i + 1] ** 2 - x[i + 2]) ** 2
        total += (x[i + 1] - 1) ** 2 + 10 * (x[i] + x[i + 2] - 2) ** 2 + (x[i] - x[i + 2]) ** 2 / 10
    return total


def powell(x):
    x = [None, *x]
    total = 0
    for i in range(2, len(x) - 2, 2):
        total += (x[i - 1] + 10 * x[i]) ** 2 + 5 * (x[i + 1] - x[i + 2]) ** 2
        total += (x[i] - 2 * x[i + 1]) ** 4 + 10 * (x[i - 1] - 10 * x[i + 2]) ** 4
    return total


def constraints(x):
    x = [None, *x]
    return np.array([
        3 * x[k + 1] ** 3 + 2 * x[k + 2] - 5 + sin(x[k + 1] - x[k + 2]) * sin(x[k + 1] + x[k + 2])
        + 4 * x[k + 1] - x[k] * exp(x[k] - x[k + 1]) - 3
        for k in range(1, len(x) - 2)
    ])


x = [0.5 + 0.25 * i - 0.0625 * i * i for i in range(8)]
for f in (rosenbrock, wood, powell):
    print(f.__name__, float(f(x)))
print("constraints", [float(c) for c in constraints(x)])

# The local minimum of problem 5.1 that is next to the start, in few variables.
for n in (10, 20):
    start = np.array([-1.2 if i % 2 == 0 else 1.0 for i in range(n)])
    found = minimize(
        rosenbrock, start, method="SLSQP", constraints={"type": "eq", "fun": constraints},
        options={"maxiter": 2000, "ftol": 1e-14},
    )
    print(n, found.message, float(found.fun), np.abs(constraints(found.x)).max(), found.x[:4])

# The local minimum of problem 1 near (-1, 1, ..., 1), next to the start.
x = np.ones(20)
x[0] = -1.0
found = minimize(rosenbrock, x, method="BFGS", options={"gtol": 1e-9, "maxiter": 10000})
print("rosenbrock", float(found.fun), found.x[:4])
