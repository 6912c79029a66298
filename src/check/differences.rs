//! Derivatives against finite differences of the values.

use crate::error::Error;
use crate::real::Real;
use alloc::vec::Vec;
use num_traits::Float;

/// Compares the derivatives `derivative(row, column)` of a function with central differences of its values, column by
/// column, as [`linalg::check`](crate::linalg::check) says. `center` is the point, `y` are the values there, and
/// `values(column, at)` are those at the point whose coordinate `column` is `at`. The outer `Result` is a failure of
/// `values`, the inner one the verdict: the entry that is relatively farthest from the quotient.
pub(crate) fn compare<S: Real<Float = S>, E>(
    center: &[S],
    y: &[S],
    derivative: impl Fn(usize, usize) -> S,
    mut values: impl FnMut(usize, S) -> Result<Vec<S>, E>,
) -> Result<Result<(), Error>, E> {
    let lit = S::lit;
    let scale = scale(center, y, &derivative);
    let mut worst = Worst::default();
    for (column, &middle) in center.iter().enumerate() {
        let mut entries: Vec<_> = (0..y.len()).map(|row| Entry::new(derivative(row, column))).collect();
        let (epsilon, unit) = (S::epsilon(), unit(middle));
        let mut step = Float::cbrt(epsilon) * unit;
        let mut largest = true;
        while step > lit(160.0) * epsilon * unit {
            let mut differences = |step| {
                let (above, below) = (middle + step, middle - step);
                Ok((values(column, above)?, values(column, below)?, above - below))
            };
            let (wide, near) = (differences(step)?, differences(step * lit(0.5))?);
            for (row, entry) in entries.iter_mut().enumerate() {
                let [d, e] = [&wide, &near].map(|(above, below, width)| (above[row] - below[row]) / *width);
                let size = Float::max(Float::max(Float::abs(wide.0[row]), Float::abs(wide.1[row])), scale);
                entry.judge(d, e, lit(16.0) * epsilon * size / step, largest);
            }
            if entries.iter().all(|entry| entry.settled) {
                break;
            }
            step *= lit(1.0 / 8.0);
            largest = false;
        }
        for (row, entry) in entries.iter().enumerate() {
            if let (Some(quotient), true) = (entry.refuted, entry.twice) {
                worst.add(entry.derivative, quotient, |derivative, quotient| Error::WrongDerivative {
                    row,
                    column,
                    derivative,
                    quotient,
                });
            }
        }
    }
    Ok(worst.verdict())
}

/// The size of a coordinate, from which steps are chosen: `max(1, |x|)`.
pub(crate) fn unit<S: Real<Float = S>>(x: S) -> S {
    Float::max(Float::abs(x), S::lit(1.0))
}

/// The largest of all finite values `|fᵢ|` and `|Jᵢₖ|·max(1, |xₖ|)`: what rounding errors are proportional to.
pub(crate) fn scale<S: Real<Float = S>>(center: &[S], y: &[S], derivative: impl Fn(usize, usize) -> S) -> S {
    let mut scale = S::zero();
    let mut add = |size: S| {
        if Float::is_finite(size) {
            scale = Float::max(scale, Float::abs(size));
        }
    };
    for (row, &y) in y.iter().enumerate() {
        add(y);
        center.iter().enumerate().for_each(|(column, &x)| add(derivative(row, column) * unit(x)));
    }
    scale
}

/// The worst of the entries that are wrong: that of the largest relative difference, and of several the first one.
#[derive(Default)]
pub(crate) struct Worst(Option<(f64, Error)>);

impl Worst {
    /// Adds an entry for which two different numbers were found.
    pub(crate) fn add<S: Real<Float = S>>(&mut self, one: S, other: S, error: impl FnOnce(f64, f64) -> Error) {
        let [one, other] = [one, other].map(|x| x.to_f64().unwrap_or(f64::NAN));
        let off = Float::abs(one - other) / Float::max(Float::abs(one), Float::abs(other));
        let off = if off.is_nan() { f64::INFINITY } else { off };
        if self.0.as_ref().is_none_or(|(most, _)| off > *most) {
            self.0 = Some((off, error(one, other)));
        }
    }

    pub(crate) fn verdict(self) -> Result<(), Error> {
        self.0.map_or(Ok(()), |(_, error)| Err(error))
    }
}

/// A derivative, and the result of the steps so far.
struct Entry<S> {
    derivative: S,
    /// The quotient at the first of the steps at which the derivative disagrees.
    refuted: Option<S>,
    /// Whether the derivative disagrees at the next step as well.
    twice: bool,
    /// Whether no smaller step is needed.
    settled: bool,
}

impl<S: Real> Entry<S> {
    fn new(derivative: S) -> Self {
        Self { derivative, refuted: None, twice: false, settled: false }
    }

    /// Updates the verdict by the quotients of a whole step (`wide`) and of half a step (`near`), and by their rounding
    /// errors.
    fn judge(&mut self, wide: S, near: S, rounding: S, largest: bool) {
        let quotient = (near * S::lit(4.0) - wide) / S::lit(3.0);
        let (spread, off) = ((near - wide).abs(), (quotient - self.derivative).abs());
        let tolerance = spread * S::lit(4.0) + S::epsilon().sqrt().sqrt() * quotient.abs() + rounding;
        let tenth = |x: S| x.abs() * S::lit(0.1);
        let relative = tolerance < tenth(quotient);
        let (decided, agrees) = (tolerance.is_finite(), off <= tolerance);
        if decided && !agrees {
            // Quotients mean nothing where a function changes only by rounding errors, or oscillates within a step.
            let known = self.derivative.is_finite() && spread <= tenth(self.derivative);
            let clear = spread < tenth(quotient) || largest && (known || self.derivative.is_nan());
            self.twice |= self.refuted.is_some();
            self.refuted = self.refuted.or(Some(quotient).filter(|_| clear));
            return;
        }
        // A smaller step overrules the earlier ones if it can distinguish the derivative from their quotient.
        let far = |before: S| tolerance <= (before - self.derivative).abs() * S::lit(0.5);
        if !self.twice || relative && self.refuted.is_some_and(far) {
            (self.refuted, self.twice) = (None, false);
        }
        self.settled = decided && self.refuted.is_none() && (relative || spread * S::lit(4.0) <= rounding);
    }
}
