"""The highest flight of Goddard's rocket, by the maximum principle. It needs SciPy.

    python3 rocket.py

By the maximum principle the flight has three parts: full thrust; an arc on which the switching function and its derivative
are 0, which for a drag D that grows like v^2 means D*(1 + v/c) = m*g; and no thrust once the fuel is spent. So there is
nothing to optimize: the equations of motion are integrated from one part to the next until the velocity is 0. On the arc,
the thrust is what keeps that equation.
"""

from math import exp

from scipy.integrate import solve_ivp

MOST, EXHAUST, DRAG, DECAY, EMPTY = 3.5, 0.5, 310.0, 500.0, 0.6


def drag(h, v):
    return DRAG * v * v * exp(-DECAY * (h - 1))


def rate(h, v, m, thrust):
    return [v, (thrust - drag(h, v)) / m - 1 / h**2, -thrust / EXHAUST]


def arc(h, v, m):
    return drag(h, v) * (1 + v / EXHAUST) - m / h**2


def thrust_on_arc(h, v, m):
    d = drag(h, v)
    partials = [
        -DECAY * d * (1 + v / EXHAUST) + 2 * m / h**3,
        2 * d / v * (1 + v / EXHAUST) + d / EXHAUST,
        -1 / h**2,
    ]
    slopes = [sum(p * r for p, r in zip(partials, rate(h, v, m, thrust))) for thrust in (0.0, 1.0)]
    return -slopes[0] / (slopes[1] - slopes[0])


def until(crossed, direction, thrust, time, start):
    event = lambda _, x: crossed(*x)
    event.terminal, event.direction = True, direction
    motion = lambda _, x: rate(*x, thrust(*x))
    found = solve_ivp(motion, (time, 1.0), start, "DOP853", rtol=3e-14, atol=1e-15, events=event)
    return found.t_events[0][0], found.y_events[0][0]


time, state = until(arc, 1, lambda *x: MOST, 0.0, [1.0, 0.0, 1.0])
print("full thrust until", time)
print("thrust on the arc from", thrust_on_arc(*state))
time, state = until(lambda h, v, m: m - EMPTY, -1, thrust_on_arc, time, state)
print("to", thrust_on_arc(*state), "at", time)
time, state = until(lambda h, v, m: v, -1, lambda *x: 0.0, time, state)
print("highest at", time)
print("altitude", repr(float(state[0])))
