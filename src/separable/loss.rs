//! `Loss`: how residuals count in a least squares problem.

/// A loss ρ(s) of the squared norm s of an element's residuals. The problem is to minimize the sum of ρ(s)/2. All of
/// these are s near 0, and grow more slowly beyond the square of their scale a, so that outliers count less.
///
/// ```
/// use nilpotent::separable::Loss;
///
/// // Beyond a = 1 Huber's loss is 2·√s - 1.
/// assert_eq!(Loss::Huber(1.0).value_and_slope(9.0), (5.0, 1.0 / 3.0));
/// assert_eq!(Loss::Huber(1.0).value_and_slope(0.25), (0.25, 1.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Loss {
    /// ρ(s) = s: plain least squares.
    #[default]
    Squared,
    /// ρ(s) = s up to a², and 2a√s - a² beyond (Huber 1964).
    Huber(f64),
    /// ρ(s) = 2a²(√(1 + s/a²) - 1), a smooth form of Huber's.
    SoftL1(f64),
    /// ρ(s) = a²·ln(1 + s/a²), Cauchy's or Lorentz's.
    Cauchy(f64),
    /// ρ(s) = a²·arctan(s/a²), which is bounded.
    Arctan(f64),
    /// ρ(s) = a²/3·(1 - (1 - s/a²)³) up to a², and a²/3 beyond: Tukey's biweight.
    Tukey(f64),
}

impl Loss {
    /// The scale a, or 1 if there is none.
    pub(super) fn scale(self) -> f64 {
        match self {
            Self::Squared => 1.0,
            Self::Huber(a) | Self::SoftL1(a) | Self::Cauchy(a) | Self::Arctan(a) | Self::Tukey(a) => a,
        }
    }

    /// ρ(s) and ρ'(s), for a scale above 0.
    pub fn value_and_slope(self, s: f64) -> (f64, f64) {
        match self {
            Self::Squared => (s, 1.0),
            Self::Huber(a) if s <= a * a => (s, 1.0),
            Self::Huber(a) => {
                let root = s.sqrt();
                (2.0 * a * root - a * a, a / root)
            }
            Self::SoftL1(a) => {
                let root = (1.0 + s / (a * a)).sqrt();
                // √(1 + t) - 1 would lose digits where t is small.
                (2.0 * s / (root + 1.0), root.recip())
            }
            Self::Cauchy(a) => (a * a * (s / (a * a)).ln_1p(), (1.0 + s / (a * a)).recip()),
            Self::Arctan(a) => {
                let t = s / (a * a);
                (a * a * t.atan(), (1.0 + t * t).recip())
            }
            Self::Tukey(a) if s > a * a => (a * a / 3.0, 0.0),
            // Also where s is NaN.
            Self::Tukey(a) => {
                let t = s / (a * a);
                // 1 - (1 - t)³ = t·(3 - 3t + t²), without cancellation.
                (a * a / 3.0 * t * (3.0 + t * (t - 3.0)), (1.0 - t) * (1.0 - t))
            }
        }
    }
}
