"""Prices and Greeks of the example `heston`, by formulas that share nothing with it.

    python3 tests/reference/heston.py          needs mpmath, takes some minutes

Heston's price is written as in his paper (1993), by two probabilities, each an integral of its own, with the stable form
of the characteristic function by Albrecher et al. (2007). The price with a local volatility is the integral of the payoff
over the density of the displaced lognormal distribution. Derivatives are central differences at 34 digits. Printed by
mpmath 1.3:

    Heston: the first derivative, and that of delta
      price 16.070154917028834
      spot 0.5994713257500281 0.0092875373838326149
      strike -0.4387697765797398 -0.0092875373838326134
      rate 43.876977657973979 0.92875373838326143
      dividend -59.947132575002813 -1.5282250641332895
      maturity 9.4332763183339219 0.025681303768030051
      v0 10.179265404479513 0.046689016127069377
      kappa 0.68985417669116238 -0.0023962878084551769
      theta 32.56013347410968 0.11363263338139521
      eta -1.1131714982170114 0.026267699910252358
      rho 0.94983273947923745 -0.06784119210096632
    local volatility
      price 7.6637303851407872
      forward 0.44775275356247849
      strike -0.33737768155551881
      maturity 4.4722636899257081
      short 24.104191045533747
      long 14.482853775258124
      speed -0.79617008037900675
      skew 0.49255070048743567
"""

from itertools import product

from mpmath import mp, mpf, mpc, exp, linspace, log, npdf, pi, quad, sqrt

mp.dps = 34
NAMES = ["spot", "strike", "rate", "dividend", "maturity", "v0", "kappa", "theta", "eta", "rho"]
HESTON = [mpf(x) for x in "100 100 0.01 0.02 1 0.04 4 0.25 1 -0.5".split()]
LOCAL_NAMES = ["forward", "strike", "maturity", "short", "long", "speed", "skew"]
LOCAL = [mpf(x) for x in "100 110 1 0.35 0.2 1.5 0.6".split()]


def heston(spot, strike, rate, dividend, maturity, v0, kappa, theta, eta, rho):
    def characteristic(z):
        beta = kappa - rho * eta * 1j * z
        d = sqrt(beta**2 + eta**2 * (1j * z + z * z))
        g = (beta - d) / (beta + d)
        e = exp(-d * maturity)
        c = (beta - d) * maturity - 2 * log((1 - g * e) / (1 - g))
        drift = 1j * z * (log(spot) + (rate - dividend) * maturity)
        return exp(drift + kappa * theta / eta**2 * c + v0 / eta**2 * (beta - d) * (1 - e) / (1 - g * e))

    def probability(shift):
        of = lambda u: (exp(-1j * u * log(strike)) * characteristic(mpc(u, -shift)) / (1j * u)).real
        scale = spot * exp((rate - dividend) * maturity) if shift else 1
        return mpf(1) / 2 + quad(of, linspace(0, 20, 9) + [40, 60, 80, 110]) / scale / pi

    return spot * exp(-dividend * maturity) * probability(1) - strike * exp(-rate * maturity) * probability(0)


def local(forward, strike, maturity, short, long, speed, skew):
    # The integral of the squared level (long + (short - long)/(1 + speed·t)) over time.
    variance = quad(lambda t: (long + (short - long) / (1 + speed * t)) ** 2, [0, maturity])
    at = lambda z: (forward * exp(skew * sqrt(variance) * z - skew**2 * variance / 2) - (1 - skew) * forward) / skew
    start = (log((skew * strike + (1 - skew) * forward) / forward) + skew**2 * variance / 2) / (skew * sqrt(variance))
    return quad(lambda z: (at(z) - strike) * npdf(z), linspace(start, start + 15, 6))


def along(f, x, orders):
    """A derivative of f, of these orders in its arguments, by central differences, whose error is 1e-16 of it."""
    h = mpf(10) ** -8
    total, active = mpf(0), [k for k, n in enumerate(orders) if n]
    if not active:
        return f(*x)
    stencils = {1: {-1: -mpf(1) / 2, 1: mpf(1) / 2}, 2: {-1: mpf(1), 0: -mpf(2), 1: mpf(1)}}
    for choice in product(*[stencils[orders[k]].items() for k in active]):
        y, weight = list(x), mpf(1)
        for k, (shift, w) in zip(active, choice):
            y[k] += shift * h * x[k]
            weight *= w / (h * x[k]) ** orders[k]
        total += weight * f(*y)
    return total


def show(title, f, x, names, second):
    print(title)
    print("  price", mp.nstr(f(*x), 17))
    for k, name in enumerate(names):
        orders = [int(k == j) for j in range(len(x))]
        line = [mp.nstr(along(f, x, orders), 17)]
        if second:
            orders[0] += 1
            line.append(mp.nstr(along(f, x, orders), 17))
        print(" ", name, *line)


show("Heston: the first derivative, and that of delta", heston, HESTON, NAMES, True)
show("local volatility", local, LOCAL, LOCAL_NAMES, False)
