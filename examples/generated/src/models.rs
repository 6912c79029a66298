//! The two functions, for any number. The build script records this file, and the program calls it live.

use nilpotent::Real;

/// Where the hand of a robot with six joints is, at these angles in radians. The lengths are those of the UR5 in meters,
/// as Denavit-Hartenberg parameters: the twist in quarter turns, the length a and the offset d of each link.
pub fn hand<T: Real>(angles: [T; 6]) -> [T; 3] {
    const LINKS: [(i32, f64, f64); 6] = [
        (1, 0.0, 0.089159),
        (0, -0.425, 0.0),
        (0, -0.39225, 0.0),
        (1, 0.0, 0.10915),
        (-1, 0.0, 0.09465),
        (0, 0.0, 0.0823),
    ];
    // From the hand back to the base, so that only a point is transformed.
    LINKS.iter().zip(angles).rev().fold([T::zero(); 3], |[x, y, z], (&(twist, a, d), angle)| {
        let (y, z) = match twist {
            0 => (y, z),
            1 => (-z, y),
            _ => (z, -y),
        };
        let (sin, cos) = angle.sin_cos();
        let x = x + T::lit(a);
        [cos * x - sin * y, sin * x + cos * y, z + T::lit(d)]
    })
}

/// The focal length in pixels, and the two coefficients of radial distortion.
pub const FOCUS: f64 = 500.0;
pub const RADIAL: [f64; 2] = [-0.28, 0.07];

/// How far from the feature a camera sees a point, in pixels. The variables are the camera's rotation vector, its
/// translation, and the point; the feature is data.
pub fn reprojection<T: Real>(x: [T; 9], feature: [T; 2]) -> [T; 2] {
    let [r0, r1, r2, t0, t1, t2, p0, p1, p2] = x;
    let (r, p) = ([r0, r1, r2], [p0, p1, p2]);
    let square = r0 * r0 + r1 * r1 + r2 * r2;
    let across = [r1 * p2 - r2 * p1, r2 * p0 - r0 * p2, r0 * p1 - r1 * p0];
    let along = r0 * p0 + r1 * p1 + r2 * p2;
    // Rodrigues' formula, and its limit at the identity: another branch, so another program.
    let moved: [T; 3] = if square > T::zero() {
        let angle = square.sqrt();
        let (sin, cos) = angle.sin_cos();
        let (sinc, rest) = (sin / angle, (T::one() - cos) / square);
        core::array::from_fn(|i| p[i] * cos + across[i] * sinc + r[i] * along * rest)
    } else {
        core::array::from_fn(|i| p[i] + across[i])
    };
    let (u, v) = ((moved[0] + t0) / (moved[2] + t2), (moved[1] + t1) / (moved[2] + t2));
    let square = u * u + v * v;
    let scale = T::lit(FOCUS) * (T::one() + square * (T::lit(RADIAL[0]) + square * T::lit(RADIAL[1])));
    [u * scale - feature[0], v * scale - feature[1]]
}
