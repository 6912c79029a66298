//! Direct collocation: a differential equation as equations between the states at both ends of each interval of time.
//!
//! So the states are variables as the controls are, each equation has few of them, and an optimal motion is a large sparse
//! problem. Formulas: Kelly, *An introduction to trajectory optimization* (2017), sections 3 and 4.

use nilpotent::Real;
use std::array::from_fn;

/// The motion of a system with S states that is driven by one control.
pub trait Dynamics<const S: usize>: Send + Sync + 'static {
    /// The derivatives of the states with respect to time. It should not be inlined: with numbers of many variables it is long,
    /// and the rules below call it several times.
    fn rate<T: Real>(&self, state: [T; S], control: T) -> [T; S];

    /// By how much two states violate the trapezoidal rule, x' - x - h/2·(f + f'), which has order 2. The control is
    /// linear between its values at both ends.
    fn trapezoid<T: Real>(&self, step: T, [x, y]: [[T; S]; 2], [u, w]: [T; 2]) -> [T; S] {
        let (f, g) = (self.rate(x, u), self.rate(y, w));
        let half = step * T::lit(0.5);
        from_fn(|i| y[i] - x[i] - half * (f[i] + g[i]))
    }

    /// By how much two states violate Simpson's rule, x' - x - h/6·(f + 4f° + f'), where the state in the middle is that of
    /// Hermite's cubic: order 4. The control is given at both ends and in the middle.
    fn hermite_simpson<T: Real>(&self, step: T, [x, y]: [[T; S]; 2], [u, v, w]: [T; 3]) -> [T; S] {
        let (f, g) = (self.rate(x, u), self.rate(y, w));
        let [half, four] = [0.5, 4.0].map(T::lit);
        let (eighth, sixth) = (step * T::lit(0.125), step / T::lit(6.0));
        let middle = self.rate(from_fn(|i| half * (x[i] + y[i]) + eighth * (f[i] - g[i])), v);
        from_fn(|i| y[i] - x[i] - sixth * (f[i] + four * middle[i] + g[i]))
    }

    /// The state after a time under a constant control, by so many steps of the classical Runge-Kutta method.
    fn after(&self, mut x: [f64; S], control: f64, time: f64, steps: usize) -> [f64; S] {
        let h = time / steps as f64;
        for _ in 0..steps {
            let at = |c: f64, k: [f64; S]| self.rate(from_fn(|i| x[i] + c * h * k[i]), control);
            let first = self.rate(x, control);
            let second = at(0.5, first);
            let third = at(0.5, second);
            let last = at(1.0, third);
            x = from_fn(|i| x[i] + h / 6.0 * (first[i] + 2.0 * (second[i] + third[i]) + last[i]));
        }
        x
    }
}
