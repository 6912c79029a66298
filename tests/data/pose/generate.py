#!/usr/bin/env python3
"""Makes grid.g2o, a simulated pose graph, and finds its least chi^2.

    python3 tests/data/pose/generate.py > tests/data/pose/grid.g2o

Needs numpy and scipy (both from pip). 27 places on a grid, each with a random
orientation within some 60 degrees, are visited one after the other; 18 more measurements between
neighbours close loops. The noise is that of the information matrices. The
least chi^2 goes to stderr: found by 4x4 matrices, power series and scipy's
least_squares with finite differences, from the true poses.
"""

import sys

import numpy as np
from scipy.linalg import expm
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

SIGMA_MOVE, SIGMA_TURN = 0.02, 0.05
INFORMATION = np.array([SIGMA_MOVE**-2] * 3 + [SIGMA_TURN**-2] * 3)


def hat(twist):
    u, (x, y, z) = twist[:3], twist[3:]
    m = np.zeros((4, 4))
    m[:3, :3] = [[0, -z, y], [z, 0, -x], [-y, x, 0]]
    m[:3, 3] = u
    return m


def log(m):
    v = Rotation.from_matrix(m[:3, :3]).as_rotvec()
    turn = hat([0, 0, 0, *v])[:3, :3]
    # The integral of exp(s turn) over s from 0 to 1.
    term, total = np.eye(3), np.eye(3)
    for k in range(2, 40):
        term = term @ turn / k
        total = total + term
    return np.array([*np.linalg.solve(total, m[:3, 3]), *v])


def pose(move, rotation):
    m = np.eye(4)
    m[:3, :3], m[:3, 3] = rotation.as_matrix(), move
    return m


def parts(m):
    """Six digits, as in the file."""
    return [round(float(v), 6) for v in (*m[:3, 3], *Rotation.from_matrix(m[:3, :3]).as_quat())]


def read(numbers):
    return pose(numbers[:3], Rotation.from_quat(numbers[3:]))


def main():
    random = np.random.default_rng(2026)
    places = [(x, y, z) for z in range(3) for y in range(3) for x in range(3)]
    # Row by row, back and forth.
    places.sort(key=lambda p: (p[2], p[1] if p[2] % 2 == 0 else -p[1], p[0] if (p[1] + p[2]) % 2 == 0 else -p[0]))
    truth = [parts(pose(p, Rotation.from_rotvec(random.normal(size=3) * 0.6))) for p in places]
    pairs = [(i, i + 1) for i in range(26)]
    near = [(i, j) for i in range(27) for j in range(i + 2, 27) if sum(abs(np.subtract(places[i], places[j]))) == 1]
    pairs += [near[k] for k in sorted(random.permutation(len(near))[:18])]
    edges = []
    for i, j in pairs:
        noise = random.normal(size=6) / np.sqrt(INFORMATION)
        edges.append((i, j, parts(np.linalg.inv(read(truth[i])) @ read(truth[j]) @ expm(hat(noise)))))

    for i, numbers in enumerate(truth):
        print("VERTEX_SE3:QUAT", i, *numbers)
    triangle = [f"{INFORMATION[i]:.0f}" if i == j else "0" for i in range(6) for j in range(i, 6)]
    for i, j, numbers in edges:
        print("EDGE_SE3:QUAT", i, j, *numbers, *triangle)

    start, measured = [read(t) for t in truth], [(i, j, np.linalg.inv(read(z))) for i, j, z in edges]

    def residuals(steps):
        x = [start[0]] + [m @ expm(hat(s)) for m, s in zip(start[1:], steps.reshape(26, 6))]
        return np.concatenate(
            [np.sqrt(INFORMATION) * log(z @ np.linalg.inv(x[i]) @ x[j]) for i, j, z in measured]
        )

    best = least_squares(residuals, np.zeros(156), jac="3-point", xtol=1e-15, ftol=1e-15, gtol=1e-12)
    print(f"least chi^2: {2 * best.cost:.9f}", file=sys.stderr)


main()
