"""Writes the inputs and outputs of the example gradbench that tests/gradbench.rs asks for: python3 generate.py

The formulas are written out once more, for complex numbers of numpy; a derivative is Im f(x + ih)/h with h = 1e-100,
which rounds like f itself. Of kmeans the closed form is taken, centroids less means of their points.
"""

import json
import pathlib

import numpy as np
from scipy.special import gammaln

RANDOM = np.random.default_rng(1)
STEP = 1e-100


def gradient(f, x):
    """The derivatives of f(x), the variables along the last axes."""
    x = np.asarray(x, float)
    columns = []
    for i in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[i] += 1j * STEP
        columns.append(np.imag(f(moved)) / STEP)
    columns = np.array(columns)
    return np.moveaxis(columns, 0, -1).reshape(columns.shape[1:] + x.shape)


def ln_sum_exp(x):
    top = max(x.real)
    return np.log(sum(np.exp(x - top))) + top


def gmm(i, **changed):
    i = {**i, **changed}
    d, k, n, m, gamma = i["d"], i["k"], i["n"], i["m"], i["gamma"]
    alpha, mu, q, l = (np.asarray(i[name], complex).reshape(shape) for name, shape in
                       [("alpha", k), ("mu", (k, d)), ("q", (k, d)), ("l", (k, d * (d - 1) // 2))])
    total = -n * d / 2 * np.log(2 * np.pi) - n * ln_sum_exp(alpha)
    factors = []
    for c in range(k):
        factor = np.diag(np.exp(q[c]))
        entries = iter(l[c])
        for column in range(d):
            for row in range(column + 1, d):
                factor[row, column] = next(entries)
        factors.append(factor)
        total -= gamma**2 / 2 * (sum(np.exp(q[c]) ** 2) + sum(l[c] ** 2)) - m * sum(q[c])
    for x in np.reshape(i["x"], (n, d)):
        total += ln_sum_exp(np.array([alpha[c] + sum(q[c]) - sum((factors[c] @ (x - mu[c])) ** 2) / 2
                                      for c in range(k)]))
    nu = d + m + 1
    ln_gamma = d * (d - 1) / 4 * np.log(np.pi) + sum(gammaln((nu - j) / 2) for j in range(d))
    return total + k * (nu * d * (np.log(gamma) - np.log(2) / 2) - ln_gamma)


def gmm_cases():
    # The second one has rows of more than 12 entries.
    long = (14, 2, 4, 1, 0.8), np.random.default_rng(2)
    for (d, k, n, m, gamma), random in [((1, 2, 3, 0, 1.0), RANDOM), long, ((3, 2, 21, 2, 0.5), RANDOM)]:
        i = {"d": d, "k": k, "n": n, "m": m, "gamma": gamma, "x": random.normal(size=(n, d)).tolist(),
             "alpha": random.normal(size=k).tolist(), "mu": random.random((k, d)).tolist(),
             "q": (random.normal(size=(k, d)) / 2).tolist(), "l": random.normal(size=(k, d * (d - 1) // 2)).tolist()}
        yield "objective", i, gmm(i).real
        yield "jacobian", i, {name: gradient(lambda x: gmm(i, **{name: x}), i[name]).tolist()
                              for name in ["alpha", "mu", "q", "l"]}


def reprojection(v, feature):
    r, centre, (focus, *principal), (k1, k2), point, w = v[:3], v[3:6], v[6:9], v[9:11], v[11:14], v[14]
    x = point - centre
    square = sum(r * r)
    if square.real != 0:
        angle = np.sqrt(square)
        axis = r / angle
        x = x * np.cos(angle) + np.cross(axis, x) * np.sin(angle) + axis * sum(axis * x) * (1 - np.cos(angle))
    else:
        x = x + np.cross(r, x)
    p = x[:2] / x[2]
    rho = sum(p * p)
    return w * (focus * p * (1 + k1 * rho + k2 * rho**2) + np.array(principal) - feature)


def ba_cases():
    for (n, m, p), turn in [((2, 3, 5), 1.0), ((1, 1, 1), 0.0)]:
        camera = RANDOM.normal(size=11)
        camera[:3] *= turn
        point, w, feature = RANDOM.normal(size=3), RANDOM.random(), RANDOM.normal(size=2)
        i = {"n": n, "m": m, "p": p, "cam": camera.tolist(), "x": point.tolist(), "w": w, "feat": feature.tolist()}
        v = np.concatenate([camera, point, [w]])
        error = reprojection(v, feature)
        yield "objective", i, {"reproj_error": {"elements": error.tolist(), "repeated": p},
                               "w_err": {"element": 1 - w * w, "repeated": p}}
        block = gradient(lambda v: reprojection(v, feature), v)
        rows, columns, values = [0], [], []
        for o in range(p):
            for row in block:
                columns += [11 * (o % n) + c for c in range(11)] + [11 * n + 3 * (o % m) + c for c in range(3)]
                columns.append(11 * n + 3 * m + o)
                values += row.tolist()
                rows.append(len(values))
        for o in range(p):
            columns.append(11 * n + 3 * m + o)
            values.append(-2 * w)
            rows.append(len(values))
        lists = [("rows", rows), ("cols", columns), ("vals", values)]
        yield "jacobian", i, {name: x[:30] + x[-1:] for name, x in lists}


def lstm(i, parameters):
    state, sequence = np.array(i["state"], complex), np.array(i["sequence"])
    layers, (c, b) = len(state) // 2, sequence.shape
    main, extra = np.split(parameters, [8 * layers * b])
    main, extra = main.reshape(2 * layers, 4, b), extra.reshape(3, b)
    total = 0
    for t in range(c - 1):
        x = sequence[t] * extra[0]
        for layer in range(layers):
            hidden, cell = state[2 * layer], state[2 * layer + 1]
            at = [y * w + bias for y, w, bias in zip([x, hidden, x, hidden], main[2 * layer], main[2 * layer + 1])]
            forget, enter, leave = (1 / (1 + np.exp(-y)) for y in at[:3])
            cell = cell * forget + enter * np.tanh(at[3])
            x = leave * np.tanh(cell)
            state[2 * layer], state[2 * layer + 1] = x, cell
        y = x * extra[1] + extra[2]
        total -= sum(sequence[t + 1] * (y - np.log(2 + sum(np.exp(y)))))
    return total / ((c - 1) * b)


def lstm_cases():
    layers, b, c = 2, 3, 5
    i = {"main_params": RANDOM.normal(size=(2 * layers, 4 * b)).tolist(),
         "extra_params": RANDOM.normal(size=(3, b)).tolist(),
         "state": RANDOM.normal(size=(2 * layers, b)).tolist(), "sequence": RANDOM.integers(0, 2, (c, b)).tolist()}
    parameters = np.concatenate([np.ravel(i["main_params"]), np.ravel(i["extra_params"])])
    yield "objective", i, lstm(i, parameters).real
    yield "jacobian", i, gradient(lambda p: lstm(i, p), parameters).tolist()


def rotation(axis, angle):
    """The rotation about a coordinate axis."""
    s, c = np.sin(angle), np.cos(angle)
    matrix = np.eye(3, dtype=complex)
    i, j = (axis + 1) % 3, (axis + 2) % 3
    matrix[i, i], matrix[i, j], matrix[j, i], matrix[j, j] = c, -s, s, c
    return matrix


def hand(i, theta, us):
    model = i["data"]["model"]
    bones = model["bone_count"]
    angles = np.zeros((3, bones + 3), complex)
    t, column = 6, 5
    for _ in range(5):
        for joint in range(3):
            angles[0, column] = theta[t]
            t += 1
            if joint == 0:
                angles[1, column] = theta[t]
                t += 1
            column += 1
        column += 1
    absolute = []
    for bone in range(bones):
        x, z, y = angles[:, 3 + bone]
        turn = np.eye(4, dtype=complex)
        turn[:3, :3] = rotation(2, z) @ rotation(1, y) @ rotation(0, x)
        relative = np.array(model["base_relatives"][bone]) @ turn
        parent = model["parents"][bone]
        absolute.append(relative if parent == -1 else absolute[parent] @ relative)
    weights, vertices = np.array(model["weights"]), np.array(model["base_positions"])
    moved = [vertices @ (absolute[b] @ np.array(model["inverse_base_absolutes"][b])).T for b in range(bones)]
    positions = sum(weights[:, [b]] * moved[b] for b in range(bones))[:, :3]
    if model["is_mirrored"]:
        positions = positions * [-1, 1, 1]
    angle = np.sqrt(sum(theta[:3] ** 2))
    turn = np.eye(3)
    if angle.real >= 1e-4:
        axis = theta[:3] / angle
        across = np.cross(np.eye(3), axis)
        turn = np.outer(axis, axis) * (1 - np.cos(angle)) + np.eye(3) * np.cos(angle) + across * np.sin(angle)
    positions = positions @ turn.T + theta[3:6]
    errors = []
    for o, (at, point) in enumerate(zip(i["data"]["correspondences"], i["data"]["points"])):
        if len(us):
            a, b, c = positions[model["triangles"][at]]
            position = us[o][0] * a + us[o][1] * b + (1 - us[o][0] - us[o][1]) * c
        else:
            position = positions[at]
        errors.append(point - position)
    return np.concatenate(errors)


def ht_cases():
    bones, v, c = 22, 7, 4
    parents = [-1 if b == 0 else 0 if b % 4 == 1 else b - 1 for b in range(bones)]

    def transformations():
        x = np.eye(4) + RANDOM.normal(size=(bones, 4, 4)) / 5
        x[:, 3] = [0, 0, 0, 1]
        return np.round(x, 3).tolist()

    for complicated, mirrored, still in [(False, False, False), (True, False, False), (True, True, True)]:
        weights = RANDOM.random((v, bones)) * (RANDOM.random((v, bones)) < 0.3)
        theta = RANDOM.normal(size=26)
        if still:
            theta[:3] *= 1e-6
        model = {"bone_count": bones, "bone_names": [f"bone {b}" for b in range(bones)], "parents": parents,
                 "base_relatives": transformations(), "inverse_base_absolutes": transformations(),
                 "base_positions": np.column_stack([RANDOM.normal(size=(v, 3)).round(3), np.ones(v)]).tolist(),
                 "weights": weights.round(3).tolist(), "triangles": RANDOM.integers(0, v, (5, 3)).tolist(),
                 "is_mirrored": mirrored}
        i = {"theta": theta.tolist(), "us": RANDOM.random((c, 2)).tolist() if complicated else [],
             "data": {"model": model, "correspondences": RANDOM.integers(0, 5, c).tolist(),
                      "points": RANDOM.normal(size=(c, 3)).tolist()}}
        us = np.array(i["us"])
        yield "objective", i, hand(i, theta.astype(complex), us).real.tolist()
        jacobian = gradient(lambda theta: hand(i, theta, us), theta)
        if complicated:
            along = [np.imag(hand(i, theta.astype(complex), us + 1j * STEP * np.eye(2)[k])) / STEP for k in range(2)]
            jacobian = np.column_stack(along + [jacobian])
        yield "jacobian", i, jacobian.tolist()


def kmeans_cases():
    points, centroids = RANDOM.normal(size=(20, 3)), RANDOM.normal(size=(3, 3))
    i = {"points": points.tolist(), "centroids": centroids.tolist()}
    distances = ((points[:, None] - centroids) ** 2).sum(2)
    yield "cost", i, distances.min(1).sum()
    nearest = distances.argmin(1)
    yield "dir", i, [(centroids[j] - points[nearest == j].mean(0)).tolist() for j in range(3)]


def llsq(x, n):
    t = -1 + 2 * np.arange(n) / (n - 1)
    return sum((np.sign(t) - np.vander(t, len(x), increasing=True) @ x) ** 2) / 2


def llsq_cases():
    for n in [2, 21]:
        i = {"x": RANDOM.random(5).tolist(), "n": n}
        yield "primal", i, llsq(np.array(i["x"]), n)
        yield "gradient", i, gradient(lambda x: llsq(x, n), i["x"]).tolist()


def lse_cases():
    for x in [RANDOM.random(7), 1000 * RANDOM.random(5), np.array([-3.0])]:
        i = {"x": x.tolist()}
        yield "primal", i, ln_sum_exp(x.astype(complex)).real
        yield "gradient", i, gradient(ln_sum_exp, x).tolist()


def ode(x, s):
    def slope(y):
        return np.concatenate([x[:1], x[1:] * y[:-1]])

    y, h = 0 * x, 2 / s
    for _ in range(s):
        a = slope(y)
        b = slope(y + h / 2 * a)
        c = slope(y + h / 2 * b)
        d = slope(y + h * c)
        y = y + h / 6 * (a + 2 * b + 2 * c + d)
    return y


def ode_cases():
    for n, s, size in [(1, 1, 1), (5, 2, 1), (12, 3, 1), (9, 2, 1), (300, 80, 100)]:
        i = {"x": (size * (1 + RANDOM.random(n))).tolist(), "s": s}
        yield "primal", i, ode(np.array(i["x"]), s).tolist()
        yield "gradient", i, gradient(lambda x: ode(x, s)[-1], i["x"]).tolist()


def det_cases():
    for n in [1, 2, 5]:
        i = {"A": RANDOM.normal(size=n * n).tolist(), "ell": n}
        a = np.reshape(i["A"], (n, n))
        yield "primal", i, np.linalg.det(a)
        yield "gradient", i, np.ravel(np.linalg.inv(a).T * np.linalg.det(a)).tolist()


def least(f, slope, x):
    """Steps along the slope, as the benchmark prescribes them."""
    x, good, step = np.array(x, complex), 0, 1e-5
    fx, g = f(x), slope(x)
    while np.linalg.norm(g.real) > 1e-5:
        if good == 10:
            step, good = 2 * step, 0
            continue
        y = x - step * g
        if np.linalg.norm((x - y).real) <= 1e-5:
            break
        fy = f(y)
        if fy.real < fx.real:
            x, fx, g, good = y, fy, slope(y), good + 1
        else:
            step, good = step / 2, 0
    return x


def flight(w):
    charges = [np.array([10, 10 - w[0]]), np.array([10, 0])]
    x, v = np.array([0, 8], complex), np.array([0.75, 0], complex)
    while True:
        force = sum((x - c) / np.sqrt(sum((x - c) ** 2)) ** 3 for c in charges)
        x = x + 0.1 * v
        if x[1].real <= 0:
            return (x[0] - x[1] / v[1] * v[0]) ** 2
        v = v + 0.1 * force


def particle_cases():
    output = least(flight, lambda w: gradient(flight, w.real), [0.0])[0].real
    for mode in ["rr", "ff", "rf", "fr"]:
        yield mode, {"w": 0.0}, output


def saddle_cases():
    def greatest(p):
        q = least(lambda q: sum(q * q), lambda q: 2 * q, [1, 1])
        return sum(p * p) - sum(q * q)

    p = least(greatest, lambda p: 2 * p, [1, 1])
    q = least(lambda q: sum(q * q), lambda q: 2 * q, [1, 1])
    for mode in ["rr", "ff", "rf", "fr"]:
        yield mode, {"start": [1.0, 1.0]}, np.concatenate([p, q]).real.tolist()


def hello_cases():
    for x in [1.0, -2.5]:
        yield "square", x, x * x
        yield "double", x, 2 * x


for module, cases in [(name[:-6], cases) for name, cases in list(globals().items()) if name.endswith("_cases")]:
    lines = [json.dumps({"function": f, "input": i, "output": o}) for f, i, o in cases()]
    pathlib.Path(__file__).with_name(module + ".json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
