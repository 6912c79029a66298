"""Least squares on pose graphs, with derivatives by hand: the optima in tests/pose_graph.rs.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python tests/reference/pose_graph.py data/w100.graph data/victoria_park.txt

The problem is half the sum of the squares of all errors, each weighted by the inverse of its covariance. An error of a
measured pose z of j, seen from i, is (R_i'(t_j - t_i) - z_t, angle_j - angle_i - z_angle), the angle in (-pi, pi]. That of a
landmark has only the first part. The first pose is fixed. The errors of the path add up, so that from a start without
measured poses the method would reach a wrong minimum; therefore the map grows by 100 poses at a time.
"""

import sys

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import splu


def read(path):
    poses, edges, sightings = {}, [], []
    for line in open(path):
        tag, *words = line.split()
        if tag in ("VERTEX2", "VERTEX_SE2"):
            poses[int(words[0])] = list(map(float, words[1:4]))
            continue
        i, j, *v = int(words[0]), int(words[1]), *map(float, words[2:])
        if tag == "EDGE2":  # The order of TORO: 11, 12, 22, 33, 13, 23.
            a, b, c, d, e, f = v[3:]
            edges.append((i, j, v[:3], np.array([[a, b, e], [b, c, f], [e, f, d]])))
        elif tag in ("EDGE_SE2", "ODOMETRY"):
            a, b, c, d, e, f = v[3:]
            matrix = np.array([[a, b, c], [b, d, e], [c, e, f]])
            edges.append((i, j, v[:3], matrix if tag == "EDGE_SE2" else np.linalg.inv(matrix)))
        elif tag == "LANDMARK":
            a, b, c = v[2:]
            sightings.append((i, j, v[:2], np.linalg.inv(np.array([[a, b], [b, c]]))))
        elif tag != "EQUIV":
            sys.exit(f"unknown tag {tag}")
    return poses, edges, sightings


def turn(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def prepare(place, measured):
    """Measurements of one size as arrays: variables of both ends, values, roots of the information."""
    a = np.array([place[i] for i, *_ in measured])
    b = np.array([place[j] for _, j, *_ in measured])
    z = np.array([z for *_, z, _ in measured])
    return a, b, z, np.array([np.linalg.cholesky(information).T for *_, information in measured])


def build(x, kinds, derivatives=True):
    errors, rows, columns, values = [], [], [], []
    row = 0
    for a, b, z, root in kinds:
        count, size = z.shape
        c, s = np.cos(x[a + 2]), np.sin(x[a + 2])
        dx, dy = x[b] - x[a], x[b + 1] - x[a + 1]
        e = np.zeros((count, size))
        e[:, 0], e[:, 1] = c * dx + s * dy - z[:, 0], -s * dx + c * dy - z[:, 1]
        ja, jb = np.zeros((count, size, 3)), np.zeros((count, size, size))
        ja[:, 0, 0], ja[:, 0, 1], ja[:, 0, 2] = -c, -s, -s * dx + c * dy
        ja[:, 1, 0], ja[:, 1, 1], ja[:, 1, 2] = s, -c, -c * dx - s * dy
        jb[:, 0, 0], jb[:, 0, 1], jb[:, 1, 0], jb[:, 1, 1] = c, s, -s, c
        if size == 3:
            turned = x[b + 2] - x[a + 2] - z[:, 2]
            e[:, 2] = (turned + np.pi) % (2 * np.pi) - np.pi
            ja[:, 2, 2], jb[:, 2, 2] = -1.0, 1.0
        errors.append(np.einsum("kij,kj->ki", root, e).ravel())
        if derivatives:
            lines = row + np.arange(count * size).reshape(count, size)
            for first, block in ((a, root @ ja), (b, root @ jb)):
                n = block.shape[2]
                rows.append(np.repeat(lines[:, :, None], n, axis=2).ravel())
                columns.append(np.repeat((first[:, None] + np.arange(n))[:, None, :], size, axis=1).ravel())
                values.append(block.ravel())
        row += count * size
    e = np.concatenate(errors)
    if not derivatives:
        return e, None
    places = (np.concatenate(rows), np.concatenate(columns))
    return e, sparse.csc_matrix((np.concatenate(values), places), shape=(row, len(x)))


def descend(x, kinds, decrease):
    """The method of Levenberg and Marquardt, until the cost decreases by less than this part of it."""
    damping = 1e-4
    e, jacobian = build(x, kinds)
    cost = 0.5 * e @ e
    for _ in range(500):
        matrix = (jacobian.T @ jacobian)[3:, 3:].tocsc()
        gradient = (jacobian.T @ e)[3:]
        step = -splu(matrix + damping * sparse.diags(matrix.diagonal())).solve(gradient)
        y = x.copy()
        y[3:] += step
        new = 0.5 * np.sum(build(y, kinds, False)[0] ** 2)
        if new <= cost:
            change, x, cost = cost - new, y, new
            e, jacobian = build(x, kinds)
            damping *= 0.1
            if change <= decrease * cost:
                break
        else:
            damping *= 10
            if damping > 1e12:
                break
    return x, cost, np.abs((jacobian.T @ e)[3:]).max()


def seen(pose, z):
    return pose[:2] + turn(pose[2]) @ np.array(z[:2])


def solve(path):
    given, edges, sightings = read(path)
    if given:
        names, poses, parts = list(given), [np.array(pose) for pose in given.values()], [len(given)]
    else:
        # Each edge leads from a pose to the next one. The map grows by 100 poses at a time.
        names, poses = [edges[0][0], *(j for _, j, *_ in edges)], [np.zeros(3)]
        parts = [*range(100, len(names), 100), len(names)]
    number = {name: k for k, name in enumerate(names)}
    landmarks = {}

    def problem(end):
        for _, _, z, _ in edges[len(poses) - 1 : end - 1]:
            if not given:
                poses.append(np.array([*seen(poses[-1], z), poses[-1][2] + z[2]]))
        some = [s for s in sightings if number[s[0]] < end]
        for i, j, z, _ in some:
            landmarks.setdefault(j, seen(poses[number[i]], z))
        place = {names[k]: 3 * k for k in range(end)}
        place.update({j: 3 * end + 2 * m for m, j in enumerate(landmarks)})
        inside = [edge for edge in edges if number[edge[0]] < end and number[edge[1]] < end]
        kinds = [prepare(place, measured) for measured in (inside, some) if measured]
        return np.concatenate([*poses, *landmarks.values()]), kinds

    x, kinds = problem(parts[-1])
    print(path, len(poses), "poses", len(landmarks), "landmarks")
    print("  cost before", float(0.5 * np.sum(build(x, kinds, False)[0] ** 2)))
    if not given:
        poses[1:] = []
        landmarks.clear()
    for end in parts:
        x, kinds = problem(end)
        x, cost, gradient = descend(x, kinds, 1e-4 if end < parts[-1] else 1e-14)
        poses[:] = [x[3 * k : 3 * k + 3] for k in range(end)]
        for m, j in enumerate(landmarks):
            landmarks[j] = x[3 * end + 2 * m : 3 * end + 2 * m + 2]
    print("  cost after", float(cost), "largest partial", gradient)


for path in sys.argv[1:]:
    solve(path)
