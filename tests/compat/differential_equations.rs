//! differential-equations: solutions of initial value problems as functions of a parameter, of the initial value and of
//! the time, against closed forms. The error of a method in the value appears in the derivatives as well.

use crate::common::Row;
use crate::hold;
use differential_equations::methods::SymplecticIntegrator;
use differential_equations::prelude::*;
use nilpotent::linalg::Number;
use nilpotent::{Dual, Var};

pub const ROWS: &[Row] = &[Row {
    name: "differential-equations",
    version: "0.7",
    what: "explicit, implicit and diagonally implicit Runge-Kutta, BDF, Adams, symplectic methods",
    asks: "simba's `RealField + Copy`",
    feature: "nalgebra",
    numbers: "all; three with most methods in the tests",
}];

/// The logistic equation y' = k·y·(1 - y), solved by a method, from a value at 0 to a time.
macro_rules! logistic {
    ($name:ident, $method:expr) => {
        fn $name<T: Number>(k: T, y: T, time: T) -> T {
            let ivp = IVP::ode_from_fn(|_, y: &T, dy: &mut T| *dy = k * *y * (T::one() - *y), T::zero(), time, y);
            *ivp.method($method).solve().unwrap().y.last().unwrap()
        }
    };
}

fn lit<T: Number>(x: f64) -> T {
    T::lit(x)
}

logistic!(dop853, ExplicitRungeKutta::dop853().rtol(lit::<T>(1e-12)).atol(lit::<T>(1e-12)));
logistic!(dopri5, ExplicitRungeKutta::dopri5().rtol(lit::<T>(1e-10)).atol(lit::<T>(1e-10)));
logistic!(rkv877e, ExplicitRungeKutta::rkv877e().rtol(lit::<T>(1e-12)).atol(lit::<T>(1e-12)));
logistic!(rk4, ExplicitRungeKutta::rk4(lit(0.01)));
logistic!(radau5, ImplicitRungeKutta::radau5().rtol(lit::<T>(1e-10)).atol(lit::<T>(1e-10)));
logistic!(gauss6, ImplicitRungeKutta::gauss_legendre_6().rtol(lit::<T>(1e-10)).atol(lit::<T>(1e-10)));
logistic!(kvaerno745, DiagonallyImplicitRungeKutta::kvaerno745().rtol(lit::<T>(1e-9)).atol(lit::<T>(1e-9)));
logistic!(bdf, BackwardDifferentiationFormula::adaptive().rtol(lit::<T>(1e-9)).atol(lit::<T>(1e-9)));
logistic!(adams4, AdamsPredictorCorrector::f4(lit(0.01)));
logistic!(adams4_adaptive, AdamsPredictorCorrector::v4().tol(lit(1e-10)));

/// y = 1/(1 + (1/y₀ - 1)·e⁻ᵏᵗ) for y₀ = ¼, with its derivatives in k or t: in kt they follow from y' = y·(1 - y).
fn exact(k: f64, time: f64, inner: f64) -> [f64; 3] {
    let y = 1.0 / (1.0 + 3.0 * (-k * time).exp());
    let dy = y * (1.0 - y);
    [y, dy * inner, dy * (1.0 - 2.0 * y) * inner * inner]
}

/// The solution as a function of y₀: y = y₀·e/(1 + y₀·(e - 1)), with e = eᵏᵗ.
fn in_start(k: f64, time: f64) -> [f64; 3] {
    let (y, e) = (0.25, (k * time).exp());
    let w = 1.0 + y * (e - 1.0);
    [y * e / w, e / (w * w), -2.0 * e * (e - 1.0) / w.powi(3)]
}

/// Compiling every method for every number would take minutes, so most methods are tested with three numbers.
macro_rules! in_each {
    ($method:ident, $tolerance:expr) => {
        in_each!($method, $tolerance; Dual, Dual<Dual>, Var)
    };
    ($method:ident, $tolerance:expr; $($numbers:tt)+) => {
        hold!(|k| $method(k, lit(0.25), lit(1.3)), 1.5, exact(1.5, 1.3, 1.3), $tolerance; $($numbers)+);
        hold!(|y| $method(lit(1.5), y, lit(1.3)), 0.25, in_start(1.5, 1.3), $tolerance; $($numbers)+);
        hold!(|time| $method(lit(1.5), lit(0.25), time), 1.3, exact(1.5, 1.3, 1.5), $tolerance; $($numbers)+);
    };
}

#[test]
fn explicit() {
    in_each!(dop853, 1e-10; all);
    in_each!(dopri5, 1e-6);
    in_each!(rkv877e, 1e-8);
    in_each!(rk4, 1e-7);
}

#[test]
fn implicit() {
    in_each!(radau5, 1e-6);
    in_each!(gauss6, 1e-6);
    in_each!(kvaerno745, 1e-6);
    in_each!(bdf, 1e-4);
}

/// A fixed-step Adams method shortens its last step to reach the end, but keeps the coefficients of an even grid. So
/// the derivative in the end time contains that of the error, and is not tested.
#[test]
fn multistep() {
    hold!(|k| adams4(k, lit(0.25), lit(1.3)), 1.5, exact(1.5, 1.3, 1.3), 1e-7; Dual, Dual<Dual>, Var);
    hold!(|y| adams4(lit(1.5), y, lit(1.3)), 0.25, in_start(1.5, 1.3), 1e-7; Dual, Dual<Dual>, Var);
    hold!(|k| adams4_adaptive(k, lit(0.25), lit(1.3)), 1.5, exact(1.5, 1.3, 1.3), 1e-6; Dual, Dual<Dual>, Var);
    hold!(|y| adams4_adaptive(lit(1.5), y, lit(1.3)), 0.25, in_start(1.5, 1.3), 1e-6; Dual, Dual<Dual>, Var);
}

/// cos ωt as a system of two equations; as a Hamiltonian system by the method of Forest and Ruth.
fn oscillator<T: Number>(omega: T, time: T, symplectic: bool) -> T {
    let force = |q: T| -omega * omega * q;
    let start = [T::one(), T::zero()];
    if symplectic {
        let velocity = |_: T, _: &[T; 2], p: &[T; 2], dq: &mut [T; 2]| dq[0] = p[0];
        let force = |_: T, q: &[T; 2], _: &[T; 2], dp: &mut [T; 2]| dp[0] = force(q[0]);
        let ivp = IVP::hamiltonian_from_fn(velocity, force, T::zero(), time, start);
        return ivp.method(SymplecticIntegrator::ruth_forest(lit(1e-3))).solve().unwrap().y.last().unwrap()[0];
    }
    let diff = |_, y: &[T; 2], dy: &mut [T; 2]| *dy = [y[1], force(y[0])];
    let ivp = IVP::ode_from_fn(diff, T::zero(), time, start);
    let method = ExplicitRungeKutta::dop853().rtol(lit::<T>(1e-12)).atol(lit::<T>(1e-12));
    ivp.method(method).solve().unwrap().y.last().unwrap()[0]
}

#[test]
fn systems() {
    let (w, t) = (1.4_f64, 2.3_f64);
    let (s, c) = (w * t).sin_cos();
    hold!(|w| oscillator(w, lit(2.3), false), w, [c, -t * s, -t * t * c], 1e-9; Dual, Dual<Dual>, Var);
    hold!(|w| oscillator(w, lit(2.3), true), w, [c, -t * s, -t * t * c], 1e-9; Dual, Dual<Dual>, Var);
    hold!(|t| oscillator(lit(1.4), t, false), t, [c, -w * s, -w * w * c], 1e-9; Dual, Dual<Dual>, Var);
}
