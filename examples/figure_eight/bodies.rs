//! Three bodies of mass 1 in the plane, which attract each other as `1/r²`.
//!
//! The center of mass rests at the origin, so the third body is where the other two leave it. The state is the positions
//! of the first two bodies, then their velocities.

use nilpotent::Real;

pub(crate) type State<T> = [T; 8];
type Vector<T> = [T; 2];

/// The three bodies, of positions or velocities.
pub(crate) fn bodies<T: Real>([x1, y1, x2, y2]: [T; 4]) -> [Vector<T>; 3] {
    [[x1, y1], [x2, y2], [-x1 - x2, -y1 - y2]]
}

pub(crate) fn positions<T: Real>([x1, y1, x2, y2, ..]: State<T>) -> [Vector<T>; 3] {
    bodies([x1, y1, x2, y2])
}

/// The vector from a to b, and the square of its length.
fn between<T: Real>(a: Vector<T>, b: Vector<T>) -> (Vector<T>, T) {
    let [x, y] = [b[0] - a[0], b[1] - a[1]];
    ([x, y], x * x + y * y)
}

/// The equations of motion: the rates of all coordinates.
pub(crate) fn rates<T: Real>(state: State<T>) -> State<T> {
    let [_, _, _, _, u1, v1, u2, v2] = state;
    let [first, second, third] = positions(state);
    let pull = |a: Vector<T>, b| {
        let ([x, y], r2) = between(a, b);
        let r3 = r2 * r2.sqrt();
        [x / r3, y / r3]
    };
    let (p12, p13, p23) = (pull(first, second), pull(first, third), pull(second, third));
    [u1, v1, u2, v2, p12[0] + p13[0], p12[1] + p13[1], p23[0] - p12[0], p23[1] - p12[1]]
}

/// The same motion with other names: the first body is where the third one was, and the second where the first one was.
pub(crate) fn renamed<T: Real>([x1, y1, x2, y2, u1, v1, u2, v2]: State<T>) -> State<T> {
    let ([.., [x3, y3]], [.., [u3, v3]]) = (bodies([x1, y1, x2, y2]), bodies([u1, v1, u2, v2]));
    [x3, y3, x1, y1, u3, v3, u1, v1]
}

/// The energy, which the motion keeps.
pub(crate) fn energy(state: State<f64>) -> f64 {
    let [_, _, _, _, u1, v1, u2, v2] = state;
    let kinetic: f64 = bodies([u1, v1, u2, v2]).iter().map(|[u, v]| (u * u + v * v) / 2.0).sum();
    let [first, second, third] = positions(state);
    let potential = |a: Vector<f64>, b| 1.0 / between(a, b).1.sqrt();
    kinetic - potential(first, second) - potential(first, third) - potential(second, third)
}

/// An orbit that closes: where it starts, and its period.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Orbit {
    pub(crate) start: State<f64>,
    pub(crate) period: f64,
}

/// Where the figure eight starts, with the third body in the middle of the other two: the first one is here.
pub(crate) const FIRST: [f64; 2] = [0.970_004_36, -0.243_087_53];
/// The velocity of the first and the second body, and the period, in the eight published digits: computed by C. Simó,
/// in A. Chenciner, R. Montgomery, *A remarkable periodic solution of the three-body problem in the case of equal
/// masses*, Annals of Mathematics 152 (2000).
pub(crate) const PUBLISHED: [f64; 3] = [0.932_407_37 / 2.0, 0.864_731_46 / 2.0, 6.325_913_98];

/// The start of the figure eight with a velocity of the first and the second body.
pub(crate) fn eight<T: Real>(u: T, v: T) -> State<T> {
    let [x, y] = FIRST.map(T::lit);
    [x, y, -x, -y, u, v, u, v]
}

/// Lagrange's solution: an equilateral triangle that turns, with bodies on the unit circle.
pub(crate) fn triangle() -> Orbit {
    // The side is √3, and by Kepler's third law ω² = 3/side³.
    let (s, speed) = (3.0_f64.sqrt() / 2.0, 3.0_f64.powf(-0.25));
    let start = [1.0, 0.0, -0.5, -s, 0.0, speed, s * speed, -0.5 * speed];
    Orbit { start, period: std::f64::consts::TAU / speed }
}
