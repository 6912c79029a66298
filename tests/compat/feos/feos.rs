//! FeOs with our numbers: pressures and their derivatives by temperature, volume and composition, and derivatives of phase
//! equilibria by the parameters of the model. The witnesses are FeOs' own derivatives, FeOs on num-dual's numbers, and
//! differences of FeOs in `f64`.

#[path = "../common.rs"]
mod common;

use common::Row;
use compat_feos::{FLUID, bubble_pressure, fluid, mixture, pressure, pressure_pure, vapor_pressure};
use feos::core::{Contributions, State};
use feos::pcsaft::PcSaftBinary;
use nalgebra::{SVector, U2};
use nilpotent::{Dual, Dual2, Taylor, Var, forward, reverse};
use num_dual::DualNum;
use quantity::{BAR, KELVIN, METER, MOL};

const ROWS: &[Row] = &[Row {
    name: "feos",
    version: "0.10",
    what: "PC-SAFT: states, vapor and bubble pressures, by temperature, volume, composition and all parameters",
    asks: "num-dual's `DualNum<f64> + Copy`",
    feature: "num_dual_0_14",
    numbers: "all",
}];

/// Of the mixture: in K, m³ and mol.
const T: f64 = 350.0;
const V: f64 = 9e-5;
const N: [f64; 2] = [0.4, 0.6];

#[test]
fn the_table_of_the_docs_is_this() {
    common::check_table(&[ROWS], include_str!("Cargo.toml"));
}

/// A state of floats, for FeOs' own derivatives of the pressure.
fn state() -> State<PcSaftBinary<f64, 4>, U2> {
    let n = SVector::from(N) * MOL;
    State::new_nvt(&mixture(), T * KELVIN, V * METER * METER * METER, n).unwrap()
}

fn by_temperature<D: DualNum<f64> + Copy>(t: D) -> D {
    pressure(&mixture(), t, D::from(V), N.map(D::from))
}

fn by_volume<D: DualNum<f64> + Copy>(v: D) -> D {
    pressure(&mixture(), D::from(T), v, N.map(D::from))
}

#[test]
fn pressure_by_temperature() {
    let (p, dp, ddp) = num_dual::second_derivative(by_temperature, T);
    hold!(by_temperature, T, [p, dp, ddp], 1e-12; all);
    let own = state();
    common::close("p", p, own.pressure(Contributions::Total).convert_into(BAR), 1e-12);
    common::close("dp/dT", dp, own.dp_dt(Contributions::Total).convert_into(BAR / KELVIN), 1e-12);
}

/// In litres, where the derivatives are of moderate size.
#[test]
fn pressure_by_volume() {
    let liter = METER * METER * METER * 1e-3;
    let own = state();
    let p = own.pressure(Contributions::Total).convert_into(BAR);
    // The state holds one mole.
    let dp = own.dp_dv(Contributions::Total).convert_into(BAR / liter * MOL);
    let ddp = own.d2p_dv2(Contributions::Total).convert_into(BAR / liter / liter * MOL * MOL);
    hold!(|v| by_volume(v * 1e-3), 1e3 * V, [p, dp, ddp], 1e-12; all);
}

#[test]
fn pressure_by_composition() {
    let own = state().n_dp_dni(Contributions::Total);
    let f = |n| pressure(&mixture(), Dual::constant(T), Dual::constant(V), n);
    let (_, forward) = forward::gradient(f, N);
    let f = |n| pressure(&mixture(), Var::constant(T), Var::constant(V), n);
    let (_, reverse) = reverse::gradient(f, N);
    for i in 0..2 {
        common::close("dp/dn", forward[i], own.get(i).convert_into(BAR), 1e-12);
        common::close("dp/dn by Var", reverse[i], own.get(i).convert_into(BAR), 1e-12);
    }
}

/// By temperature with the parameters as floats, where FeOs solves for the share of bonded sites by an iteration.
#[test]
fn pressure_of_an_associating_fluid() {
    let eos = fluid();
    for density in [500.0, 15_000.0] {
        let (p, dp, ddp) = num_dual::second_derivative(|t| pressure_pure(&eos, t, density.into()), T);
        hold!(|t| pressure_pure(&eos, t, density.into()), T, [p, dp, ddp], 1e-12; all);
    }
}

#[test]
fn vapor_pressure_by_temperature() {
    let f = |t| vapor_pressure(FLUID.map(From::from), t);
    let (p, dp, ddp, dddp) = num_dual::third_derivative(f, T);
    hold!(|t| vapor_pressure(FLUID.map(From::from), t), T, [p, dp, ddp], 1e-12; all);
    let series = vapor_pressure(FLUID.map(Taylor::constant), Taylor::<f64, 3>::variable(T)).derivatives();
    for (y, expected) in series.into_iter().zip([dp, ddp, dddp]) {
        common::close("by Taylor", y, expected, 1e-12);
    }
}

/// The derivative by a fourth-order difference of FeOs in floats.
fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 2e-3 * x;
    (8.0 * (f(x + h) - f(x - h)) - (f(x + 2.0 * h) - f(x - 2.0 * h))) / (12.0 * h)
}

/// By all parameters at once: in reverse mode, by num-dual's numbers, and by differences.
#[test]
fn vapor_pressure_by_parameters() {
    let (p, gradient) = reverse::gradient(|x| vapor_pressure(x, Var::constant(T)), FLUID);
    let own = |x: SVector<num_dual::DualSVec64<8>, 8>| vapor_pressure(x.into(), T.into());
    let (own_p, own_gradient) = num_dual::gradient(own, &SVector::from(FLUID));
    common::close("p", p, own_p, 1e-12);
    let (_, forward) = forward::gradient(|x| vapor_pressure(x, Dual::constant(T)), FLUID);
    for i in 0..8 {
        let what = format!("the derivative by the parameter {i}");
        common::close(&what, gradient[i], own_gradient[i], 1e-12);
        common::close(&what, forward[i], own_gradient[i], 1e-12);
        let along = |x| {
            let mut moved = FLUID;
            moved[i] = x;
            vapor_pressure(moved, T)
        };
        common::close(&what, gradient[i], difference(along, FLUID[i]), 1e-8);
    }
}

#[test]
fn hessian_of_the_vapor_pressure() {
    let (_, _, hessian) = forward::hessian(|x| vapor_pressure::<Dual2<f64, 8>>(x, Dual2::constant(T)), FLUID);
    let own = |x: SVector<num_dual::Dual2SVec64<8>, 8>| vapor_pressure(x.into(), T.into());
    let (p, gradient, own) = num_dual::hessian(own, &SVector::from(FLUID));
    for i in 0..8 {
        for j in 0..8 {
            common::close(&format!("the entry {i}, {j}"), hessian[i][j], own[(i, j)], 1e-11);
        }
    }
    // Along a line, with every number.
    let v = SVector::from([0.3, -0.2, 11.0, 0.5, 0.004, -90.0, 0.3, 0.1]);
    let expected = [p, gradient.dot(&v), (own * v).dot(&v)];
    hold!(|t| vapor_pressure(common::along(FLUID, v.into(), t), T.into()), 0.0, expected, 1e-11; all);
}

/// By all nine parameters of a mixture and its composition.
#[test]
fn bubble_pressure_by_parameters() {
    let f = |x: [Var; 10]| {
        let [a, b, c, d, e, f, g, h, k, share] = x;
        bubble_pressure(&PcSaftBinary::new([[a, b, c, d], [e, f, g, h]], k), Var::constant(300.0), share)
    };
    let x: [f64; 10] = [2.0, 3.62, 208.1, 0.5, 2.33, 3.71, 222.9, 0.3, 0.02, 0.4];
    let (p, gradient) = reverse::gradient(f, x);
    let own = |x: SVector<num_dual::DualSVec64<10>, 10>| {
        let [a, b, c, d, e, f, g, h, k, share] = x.into();
        bubble_pressure(&PcSaftBinary::new([[a, b, c, d], [e, f, g, h]], k), 300.0.into(), share)
    };
    let (own_p, own) = num_dual::gradient(own, &SVector::from(x));
    common::close("p", p, own_p, 1e-12);
    for i in 0..10 {
        common::close(&format!("the derivative by the argument {i}"), gradient[i], own[i], 1e-12);
    }
}
