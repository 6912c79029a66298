"""The negative logarithm of the likelihood of the example `boehm` at the published estimate, by solvers of SciPy.

    python3 tests/reference/boehm.py          needs numpy and scipy

The observables are written as in `observables.tsv`. Printed by SciPy 1.17.1:

    Radau 1e-11 138.2219977416
    BDF 1e-11 138.2219977470
    LSODA 1e-12 138.2219977422
"""

import csv
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp

FOLDER = Path(__file__).parent.parent / "data" / "boehm"
CYTOPLASM, NUCLEUS = 1.4, 0.45


def table(name):
    with open(FOLDER / name) as file:
        return list(csv.DictReader(file, delimiter="\t"))


P = {row["parameterId"]: float(row["nominalValue"]) for row in table("parameters.tsv")}
MEASURED = [(row["observableId"], float(row["time"]), float(row["measurement"])) for row in table("measurementData.tsv")]


def slope(t, y):
    """The amounts that the reactions move in a minute, over the volumes."""
    a, b, aa, ab, bb, naa, nab, nbb = y
    active = CYTOPLASM * 1.25e-7 * np.exp(-P["Epo_degradation_BaF3"] * t) * P["k_phos"]
    form = [active * a * a, active * a * b, active * b * b]
    enter = [CYTOPLASM * P[k] * x for k, x in [("k_imp_homo", aa), ("k_imp_hetero", ab), ("k_imp_homo", bb)]]
    leave = [NUCLEUS * P[k] * x for k, x in [("k_exp_homo", naa), ("k_exp_hetero", nab), ("k_exp_homo", nbb)]]
    cytoplasm = [
        2 * leave[0] + leave[1] - 2 * form[0] - form[1],
        2 * leave[2] + leave[1] - 2 * form[2] - form[1],
        *(f - e for f, e in zip(form, enter)),
    ]
    return [x / CYTOPLASM for x in cytoplasm] + [(e - l) / NUCLEUS for e, l in zip(enter, leave)]


def observables(y):
    a, b, aa, ab, bb, *_ = y
    c = P["specC17"]
    return {
        "pSTAT5A_rel": (100 * ab + 200 * aa * c) / (ab + a * c + 2 * aa * c),
        "pSTAT5B_rel": -(100 * ab - 200 * bb * (c - 1)) / ((b * (c - 1) - ab) + 2 * bb * (c - 1)),
        "rSTAT5A_rel": (100 * ab + 100 * a * c + 200 * aa * c)
        / (2 * ab + a * c + 2 * aa * c - b * (c - 1) - 2 * bb * (c - 1)),
    }


start = [207.6 * P["ratio"], 207.6 - 207.6 * P["ratio"]] + [0.0] * 6
times = sorted({time for _, time, _ in MEASURED})
for method, rtol in [("Radau", 1e-11), ("BDF", 1e-11), ("LSODA", 1e-12)]:
    solution = solve_ivp(slope, (0, times[-1]), start, method=method, t_eval=times, rtol=rtol, atol=rtol / 100)
    seen = {time: observables(y) for time, y in zip(times, solution.y.T)}
    total = 0.0
    for name, time, value in MEASURED:
        sigma = P["sd_" + name]
        total += np.log(2 * np.pi * sigma**2) / 2 + ((value - seen[time][name]) / sigma) ** 2 / 2
    print(method, rtol, f"{total:.10f}")
