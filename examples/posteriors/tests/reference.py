#!/usr/bin/env python3
"""Prints log-densities and slopes for tests/posteriors.rs, by SciPy's densities and its solver of order 8; and effective draws
and R^ of chains, by ArviZ 0.23.

    python3 examples/posteriors/tests/reference.py
"""

import json
import pathlib

import arviz
import numpy as np
from scipy.integrate import solve_ivp
from scipy.special import ndtri
from scipy.stats import halfcauchy, lognorm, norm

DATA = pathlib.Path(__file__).parent.parent / "data"


def ln_lognormal(y, mu, sigma):
    return lognorm.logpdf(y, sigma, scale=np.exp(mu)).sum()


def eight_schools(x):
    """At μ, ln τ, η."""
    data = json.loads((DATA / "eight_schools.json").read_text())
    mu, tau, eta = x[0], np.exp(x[1]), np.array(x[2:])
    return (norm.logpdf(data["y"], mu + tau * eta, data["sigma"]).sum() + norm.logpdf(eta).sum()
            + norm.logpdf(mu, 0, 5) + halfcauchy.logpdf(tau, scale=5) + x[1])


def lotka_volterra(x):
    """At the logarithms of all parameters."""
    data = json.loads((DATA / "hudson_lynx_hare.json").read_text())
    a, b, c, d, u, v, *sigma = np.exp(x)
    solution = solve_ivp(lambda _, z: [(a - b * z[1]) * z[0], (d * z[0] - c) * z[1]], (0, data["ts"][-1]), [u, v],
                         "DOP853", data["ts"], rtol=1e-12, atol=1e-12).y.T
    rates = norm.logpdf([a, c], 1, 0.5).sum() + norm.logpdf([b, d], 0.05, 0.05).sum()
    first = ln_lognormal(data["y_init"], np.log([u, v]), np.array(sigma))
    return (rates + ln_lognormal(np.array([u, v]), np.log(10), 1) + ln_lognormal(np.array(sigma), -1, 1) + first
            + ln_lognormal(np.array(data["y"]), np.log(solution), np.array(sigma)) + sum(x))


def show(f, x):
    step = 1e-4
    ahead = [[f([v + s * step * (i == k) for i, v in enumerate(x)]) for k in range(len(x))] for s in (-2, -1, 1, 2)]
    slopes = [(m2 - 8 * m1 + 8 * p1 - p2) / (12 * step) for m2, m1, p1, p2 in zip(*ahead)]
    print(f.__name__, f"{f(x):.9f}", [float(f"{s:.7f}") for s in slopes])


def uniform(state=[5]):
    """The numbers of examples/common/random.rs."""
    s = state[0]
    s ^= s >> 12
    s ^= s << 25 & 2**64 - 1
    s ^= s >> 27
    state[0] = s
    return (s * 0x2545_F491_4F6C_DD1D & 2**64 - 1) >> 11


def normal():
    return ndtri(np.clip(uniform() / 2**53, 1e-16, 1 - 1e-16))


def show_chains(phi):
    chains = np.zeros((4, 4000))
    for chain in chains:
        x = normal()
        for k in range(len(chain)):
            chain[k] = x = phi * x + np.sqrt(1 - phi * phi) * normal()
    moved, wide = chains.copy(), chains.copy()
    moved[0] += 1
    wide[0] *= 3
    print(phi, arviz.ess(chains, method="bulk"), [arviz.rhat(c, method="rank") for c in (chains, moved, wide)])


show(eight_schools, [4.0, 1.0, 0.5, -0.25, 0.75, -1.0, 0.0, 0.25, 1.0, -0.5])
show(lotka_volterra, [-0.6, -3.6, -0.2, -3.7, 3.5, 1.8, -1.4, -1.3])
for phi in (0.0, 0.5, 0.9, -0.5):
    show_chains(phi)
