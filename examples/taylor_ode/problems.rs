//! Problems with known solutions. Each is one function over [`Real`], and contains no series.

use nilpotent::Real;
use std::f64::consts::{FRAC_PI_2, PI, TAU};

/// The part of 2π beyond the digits of [`TAU`].
const TAU_LOW: f64 = 2.449_293_598_294_706_4e-16;

/// The eccentricity of Kepler's orbit.
pub(crate) const ECCENTRICITY: f64 = 0.6;
/// The start of the orbit: the end of the minor axis, where position and velocity have length 1. A start at the
/// perihelion would be 12 times as sensitive: the rounding of the position 0.4 alone would cost 5e-15 in one
/// revolution.
pub(crate) const KEPLER: [f64; 4] = [-0.6, 0.8, -1.0, 0.0];
/// The perihelion.
pub(crate) const PERIHELION: [f64; 4] = [0.4, 0.0, 0.0, 2.0];

/// Kepler's problem in the plane, `r" = -r/|r|³`. The state is position and velocity.
pub(crate) fn kepler<T: Real>([x, y, u, v]: [T; 4]) -> [T; 4] {
    let r2 = x * x + y * y;
    let r3 = r2 * r2.sqrt();
    [u, v, -x / r3, -y / r3]
}

/// The position at a time on the orbit from [`KEPLER`].
pub(crate) fn kepler_at(t: f64) -> [f64; 2] {
    let turns = (t / TAU).round();
    let rest = (-turns).mul_add(TAU, t) - turns * TAU_LOW;
    let (s, c) = eccentric_anomaly(FRAC_PI_2 - ECCENTRICITY + rest).sin_cos();
    [c - ECCENTRICITY, 0.8 * s]
}

/// Solves Kepler's equation `E - e·sin E = M` for E by Newton's method.
pub(crate) fn eccentric_anomaly(m: f64) -> f64 {
    let mut anomaly = m + ECCENTRICITY * m.sin();
    for _ in 0..50 {
        let (s, c) = anomaly.sin_cos();
        let next = anomaly - (anomaly - ECCENTRICITY * s - m) / (1.0 - ECCENTRICITY * c);
        if (next - anomaly).abs() <= f64::EPSILON * anomaly.abs() {
            return next;
        }
        anomaly = next;
    }
    anomaly
}

/// The energy, which is -1/2 for a semi-major axis of 1.
pub(crate) fn energy<T: Real>([x, y, u, v]: [T; 4]) -> T {
    (u * u + v * v) * T::lit(0.5) - x.hypot(y).recip()
}

/// The Jacobian of the state after a revolution with respect to the start, `I - x'·∇Tᵀ`. The orbit closes, but the
/// period `T = 2π·(-2E)^(-3/2)` changes with the energy E: `∇T = 6π·∇E` at E = -1/2.
pub(crate) fn revolution([x, y, u, v]: [f64; 4]) -> [[f64; 4]; 4] {
    let rate = kepler([x, y, u, v]);
    let slope = [-rate[2], -rate[3], u, v].map(|e| 6.0 * PI * e);
    std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j)) - rate[i] * slope[j]))
}

/// Logistic growth, `x' = x·(1 - x)`. From 1/2 the solution is the logistic function of time.
pub(crate) fn logistic<T: Real>([x]: [T; 1]) -> [T; 1] {
    [x * (T::one() - x)]
}

/// The pendulum, `θ" = -sin θ`. The state is the angle and its velocity.
pub(crate) fn pendulum<T: Real>([angle, velocity]: [T; 2]) -> [T; 2] {
    [velocity, -angle.sin()]
}

/// The period of a pendulum that swings up to an angle, `2π/agm(1, cos(θ/2))`, by Gauss's formula.
pub(crate) fn pendulum_period(angle: f64) -> f64 {
    let (mut a, mut b) = (1.0, (angle / 2.0).cos());
    while (a - b).abs() > 1e-15 {
        (a, b) = ((a + b) / 2.0, (a * b).sqrt());
    }
    TAU / a
}

/// The mass of the Moon, relative to the sum of the masses of Moon and Earth.
const MOON: f64 = 0.012_277_471;
/// The start of Arenstorf's orbit and its period: 0.994, 0, 0, -2.00158510637908252240537862224 and
/// 17.0652165601579625588917206249.
pub(crate) const ARENSTORF: [f64; 4] = [0.994, 0.0, 0.0, -2.001_585_106_379_082_5];
pub(crate) const ARENSTORF_PERIOD: f64 = 17.065_216_560_157_964;

/// The restricted three-body problem: a satellite, in axes that rotate with Earth and Moon.
pub(crate) fn arenstorf<T: Real>([x, y, u, v]: [T; 4]) -> [T; 4] {
    let (moon, earth) = (T::lit(MOON), T::lit(1.0 - MOON));
    let pull = |mass: T, x: T| {
        let r2 = x * x + y * y;
        mass / (r2 * r2.sqrt())
    };
    let (a, b) = (x + moon, x - earth);
    let (to_earth, to_moon) = (pull(earth, a), pull(moon, b));
    [u, v, x + T::lit(2.0) * v - to_earth * a - to_moon * b, y - T::lit(2.0) * u - (to_earth + to_moon) * y]
}
