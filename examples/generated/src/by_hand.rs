//! The reprojection and its Jacobian, differentiated by hand.

use crate::models::{FOCUS, RADIAL};
use std::array::from_fn;

/// The residual and the two rows of the Jacobian, in the order of the generated function.
pub fn factor(x: &[f64; 11]) -> [f64; 20] {
    let [r0, r1, r2, t0, t1, t2, p0, p1, p2, feature @ ..] = *x;
    let (r, p) = ([r0, r1, r2], [p0, p1, p2]);
    let cross = |a: [f64; 3], b: [f64; 3]| -> [f64; 3] {
        [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    };
    let (square, along, across) = (r0 * r0 + r1 * r1 + r2 * r2, r0 * p0 + r1 * p1 + r2 * p2, cross(r, p));
    let angle = square.sqrt();
    let (sin, cos) = angle.sin_cos();
    let (sinc, rest) = (sin / angle, (1.0 - cos) / square);
    let moved: [f64; 3] = from_fn(|i| p[i] * cos + across[i] * sinc + r[i] * along * rest);
    // The derivatives of cos, sinc and rest in the rotation vector are multiples of it: by -sinc and these two factors.
    let (dsinc, drest) = ((cos - sinc) / square, (sinc - 2.0 * rest) / square);
    let radial: [f64; 3] = from_fn(|i| across[i] * dsinc - p[i] * sinc + r[i] * along * drest);
    let unit = |j: usize| -> [f64; 3] { from_fn(|i| f64::from(u8::from(i == j))) };
    // The moved point's derivatives, one column for each variable.
    let column = |j: usize| -> [f64; 3] {
        let (k, e) = (j % 3, unit(j % 3));
        match j / 3 {
            0 => {
                let turned = cross(e, p);
                from_fn(|i| radial[i] * r[k] + turned[i] * sinc + (e[i] * along + r[i] * p[k]) * rest)
            }
            1 => e,
            _ => {
                let turned = cross(r, e);
                from_fn(|i| e[i] * cos + turned[i] * sinc + r[i] * r[k] * rest)
            }
        }
    };
    let inverse = 1.0 / (moved[2] + t2);
    let (u, v) = ((moved[0] + t0) * inverse, (moved[1] + t1) * inverse);
    let square = u * u + v * v;
    let scale = FOCUS * (1.0 + square * (RADIAL[0] + square * RADIAL[1]));
    let slope = 2.0 * FOCUS * (RADIAL[0] + 2.0 * square * RADIAL[1]);
    let mut y = [0.0; 20];
    (y[0], y[1]) = (u * scale - feature[0], v * scale - feature[1]);
    for j in 0..9 {
        let [dx, dy, dz] = column(j);
        let (du, dv) = ((dx - u * dz) * inverse, (dy - v * dz) * inverse);
        let dscale = slope * (u * du + v * dv);
        (y[2 + j], y[11 + j]) = (du * scale + u * dscale, dv * scale + v * dscale);
    }
    y
}
