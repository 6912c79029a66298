//! The Earth: its gravity, its orientation on the day of the observations, and the radar on it.
//!
//! ```text
//! r_earth = W·R₃(θ)·N·P·r_J2000
//! ```
//!
//! P is the precession and N the nutation of the axis since 2000 (IAU 1976 and 1980). Of the nutation only the six
//! largest terms are used; the others amount to 0.2″, or 7 m at the satellite. θ is Greenwich's apparent sidereal time,
//! and W the motion of the pole. (Vallado, section 3.7; Montenbruck & Gill, chapter 5.)

use nalgebra::{Matrix3, Rotation3, Vector3};

/// GM in m³/s², radius in m, J₂ and flattening: WGS 84.
pub(crate) const GM: f64 = 3.986_004_418e14;
pub(crate) const RADIUS: f64 = 6_378_137.0;
pub(crate) const J2: f64 = 1.082_629_8e-3;
const FLATTENING: f64 = 1.0 / 298.257_223_563;

/// The day of the observations, as a date and as a modified Julian date, and what the International Earth Rotation
/// Service publishes for it: TAI - UTC and UT1 - UTC in s, and the position of the pole in ″.
pub(crate) const DATE: &str = "1995/01/29";
const MJD: f64 = 49_746.0;
const TAI_UTC: f64 = 29.0;
const UT1_UTC: f64 = 0.326_068;
const POLE: [f64; 2] = [-0.115_41, 0.481_54];

const ARC_SECOND: f64 = std::f64::consts::PI / 648_000.0;
const DAY: f64 = 86_400.0;

/// A radar: its position, its axes east, north and up in the Earth's frame, and its errors in azimuth, elevation and
/// range, in radians and m.
#[derive(Clone, Debug)]
pub(crate) struct Radar {
    pub(crate) place: Vector3<f64>,
    pub(crate) axes: Matrix3<f64>,
    pub(crate) bias: Vector3<f64>,
    pub(crate) sigma: Vector3<f64>,
}

impl Radar {
    /// The radar at Kaena Point, Hawaii.
    pub(crate) fn kaena_point() -> Self {
        let (latitude, longitude, height) = (21.572_056_f64.to_radians(), (-158.266_578_f64).to_radians(), 300.2);
        let ((sb, cb), (sl, cl)) = (latitude.sin_cos(), longitude.sin_cos());
        let e2 = FLATTENING * (2.0 - FLATTENING);
        let n = RADIUS / (1.0 - e2 * sb * sb).sqrt();
        Self {
            place: Vector3::new((n + height) * cb * cl, (n + height) * cb * sl, (n * (1.0 - e2) + height) * sb),
            axes: Matrix3::new(-sl, cl, 0.0, -sb * cl, -sb * sl, cb, cb * cl, cb * sl, sb),
            bias: Vector3::new(0.0081_f64.to_radians(), 0.0045_f64.to_radians(), 80.0),
            sigma: Vector3::new(0.0224_f64.to_radians(), 0.0139_f64.to_radians(), 92.5),
        }
    }

    /// The covariance of the radar's noise.
    pub(crate) fn noise(&self) -> Matrix3<f64> {
        Matrix3::from_diagonal(&self.sigma.component_mul(&self.sigma))
    }
}

/// Returns the rotation from J2000 to the Earth's frame, `utc` seconds after 0h UTC.
pub(crate) fn rotation(utc: f64) -> Rotation3<f64> {
    let centuries = |mjd: f64| (mjd - 51_544.5) / 36_525.0;
    let t = centuries(MJD + (utc + TAI_UTC + 32.184) / DAY);
    let polynomial = |c: [f64; 3]| (c[0] + (c[1] + c[2] * t) * t) * t * ARC_SECOND;

    let zeta = polynomial([2306.2181, 0.30188, 0.017_998]);
    let z = polynomial([2306.2181, 1.09468, 0.018_203]);
    let theta = polynomial([2004.3109, -0.42665, -0.041_833]);
    let precession = turn(Vector3::z(), -z) * turn(Vector3::y(), theta) * turn(Vector3::z(), -zeta);

    let degrees = |at_2000: f64, rate: f64| (at_2000 + rate * t).to_radians();
    let (node, sun, moon) =
        (degrees(125.0445, -1934.1363), degrees(280.4665, 36_000.769_8), degrees(218.3165, 481_267.881_3));
    let (sun_anomaly, moon_anomaly) = (degrees(357.5277, 35_999.050_3), degrees(134.9634, 477_198.867_4));
    let dpsi = ARC_SECOND
        * (-17.1996 * node.sin() - 1.3187 * (2.0 * sun).sin() - 0.2274 * (2.0 * moon).sin()
            + 0.2062 * (2.0 * node).sin()
            + 0.1426 * sun_anomaly.sin()
            + 0.0712 * moon_anomaly.sin());
    let deps = ARC_SECOND
        * (9.2025 * node.cos() + 0.5736 * (2.0 * sun).cos() + 0.0977 * (2.0 * moon).cos()
            - 0.0895 * (2.0 * node).cos());
    let obliquity = (84_381.448 - 46.8150 * t) * ARC_SECOND;
    let nutation = turn(Vector3::x(), -obliquity - deps) * turn(Vector3::z(), -dpsi) * turn(Vector3::x(), obliquity);

    let ut1 = utc + UT1_UTC;
    let midnight = centuries(MJD);
    let mean = 24_110.548_41 + (8_640_184.812_866 + 0.093_104 * midnight) * midnight + 1.002_737_909_350_795 * ut1;
    let sidereal = mean / DAY * std::f64::consts::TAU + dpsi * obliquity.cos();
    let pole = turn(Vector3::y(), -POLE[0] * ARC_SECOND) * turn(Vector3::x(), -POLE[1] * ARC_SECOND);
    pole * turn(Vector3::z(), sidereal) * nutation * precession
}

/// Turns the frame by an angle. Coordinates turn the other way, hence the sign.
fn turn(axis: Vector3<f64>, angle: f64) -> Rotation3<f64> {
    Rotation3::from_scaled_axis(axis * -angle)
}
