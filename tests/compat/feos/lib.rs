//! Properties of FeOs' states and phase equilibria as functions of plain numbers, in SI units. FeOs itself is used as the
//! registry has it.

use feos::core::parameter::{AssociationRecord, PureRecord};
use feos::core::{Contributions, PhaseEquilibrium, Residual, State};
use feos::pcsaft::{PcSaft, PcSaftAssociationRecord, PcSaftBinary, PcSaftParameters, PcSaftPure, PcSaftRecord};
use nalgebra::{DVector, Dyn, SVector, U2};
use num_dual::DualNum;
use quantity::{BAR, Density, Moles, Quantity, Temperature, Volume};

/// An associating, dipolar fluid: m, σ, ε/k, μ, κᴬᴮ, εᴬᴮ/k and the numbers of both kinds of sites.
pub const FLUID: [f64; 8] = [1.5, 3.4, 180.0, 2.2, 0.03, 2500.0, 2.0, 1.0];

/// Two dipolar fluids, each with m, σ, ε/k and μ, and their interaction.
pub const MIXTURE: ([[f64; 4]; 2], f64) = ([[1.5, 3.4, 180.0, 2.2], [2.5, 3.6, 250.0, 1.2]], 0.15);

/// The model of [`FLUID`] whose parameters are floats, which FeOs evaluates with any number.
pub fn fluid() -> PcSaft {
    let [m, sigma, epsilon, mu, kappa, epsilon_ab, na, nb] = FLUID;
    let sites = AssociationRecord::new(Some(PcSaftAssociationRecord::new(kappa, epsilon_ab)), na, nb, 0.0);
    let record = PcSaftRecord::new(m, sigma, epsilon, mu, 0.0, None, None, None);
    let pure = PureRecord::with_association(Default::default(), 0.0, record, vec![sites]);
    PcSaft::new(PcSaftParameters::new_pure(pure).expect("parameters"))
}

/// The model of [`MIXTURE`] whose parameters are numbers.
pub fn mixture<D: DualNum<f64> + Copy>() -> PcSaftBinary<D, 4> {
    PcSaftBinary::new(MIXTURE.0.map(|p| p.map(D::from)), D::from(MIXTURE.1))
}

/// The pressure of a mixture in bar, from temperature, volume and amounts.
pub fn pressure<D: DualNum<f64> + Copy>(eos: &impl Residual<U2, D>, t: D, v: D, n: [D; 2]) -> D {
    let n: Moles<SVector<D, 2>> = Quantity::new(SVector::from(n));
    let state = State::new_nvt(eos, Temperature::new(t), Volume::new(v), n).expect("a state");
    state.pressure(Contributions::Total).convert_into(BAR)
}

/// The pressure of a fluid with given floats as parameters, from temperature and density.
pub fn pressure_pure<D: DualNum<f64> + Copy>(eos: &PcSaft, t: D, density: D) -> D {
    let x = DVector::from_element(1, D::one());
    let state: State<_, Dyn, D> = State::new(&eos, Temperature::new(t), Density::new(density), x).expect("a state");
    state.pressure(Contributions::Total).convert_into(BAR)
}

/// The vapor pressure of a fluid in bar, from its parameters and the temperature: a nonlinear system of equations, which FeOs
/// solves in floats and then differentiates.
pub fn vapor_pressure<D: DualNum<f64> + Copy>(parameters: [D; 8], t: D) -> D {
    let equilibrium = PhaseEquilibrium::pure_t(&PcSaftPure(parameters), Temperature::new(t), None, Default::default());
    equilibrium.expect("an equilibrium").0.convert_into(BAR)
}

/// The pressure in bar at which a liquid of given composition begins to boil.
pub fn bubble_pressure<D: DualNum<f64> + Copy>(eos: &PcSaftBinary<D, 4>, t: D, x: D) -> D {
    let t = Temperature::new(t);
    let equilibrium = PhaseEquilibrium::bubble_point(eos, t, x, None, None, Default::default());
    equilibrium.expect("an equilibrium").vapor().pressure(Contributions::Total).convert_into(BAR)
}
