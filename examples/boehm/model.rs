//! The model: how two isoforms of the protein STAT5 pair up, enter the nucleus, and come back.
//!
//! Erythropoietin (Epo) makes a cell phosphorylate STAT5A and STAT5B in the cytoplasm, and each two phosphorylated
//! molecules pair up at once: AA, AB or BB. The pairs enter the nucleus, where they fall apart, and the molecules leave
//! as they were at the start. The signal decays.
//!
//! M. E. Boehm et al., *Identification of isoform-specific dynamics in phosphorylation-dependent STAT5 dimerization by
//! quantitative mass spectrometry and mathematical modeling*, Journal of Proteome Research 13, 2014.

use nilpotent::Real;

/// The volumes of the cytoplasm and of the nucleus, in pl.
pub(crate) const CYTOPLASM: f64 = 1.4;
pub(crate) const NUCLEUS: f64 = 0.45;
/// The concentration of both isoforms together, in nmol/l.
const STAT5: f64 = 207.6;
/// The Epo bound at the start.
const EPO: f64 = 1.25e-7;

/// The number of concentrations: A, B, AA, AB, BB in the cytoplasm, and AA, AB, BB in the nucleus.
pub(crate) const SPECIES: usize = 8;
/// The number of rates: decay of Epo, export of AB, export of AA and BB, import of AB, import of AA and BB,
/// phosphorylation.
pub(crate) const RATES: usize = 6;
/// The number of observables.
pub(crate) const OBSERVABLES: usize = 3;

/// What is known beforehand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Model {
    /// The share of STAT5A at the start.
    pub(crate) ratio: f64,
    /// The share of A among the molecules that the measurement sees.
    pub(crate) spec_c17: f64,
}

/// The change of the concentrations per minute.
pub(crate) fn slope<T: Real>(t: T, x: &[T; SPECIES], rates: &[T; RATES]) -> [T; SPECIES] {
    let [a, b, aa, ab, bb, nuclear_aa, nuclear_ab, nuclear_bb] = *x;
    let [decay, export_hetero, export_homo, import_hetero, import_homo, phosphorylation] = *rates;
    let active = phosphorylation * (-decay * t).exp() * T::lit(EPO);
    let [form_aa, form_ab, form_bb] = [active * a * a, active * a * b, active * b * b];
    let [enter_aa, enter_ab, enter_bb] = [import_homo * aa, import_hetero * ab, import_homo * bb];
    let [leave_aa, leave_ab, leave_bb] =
        [export_homo * nuclear_aa, export_hetero * nuclear_ab, export_homo * nuclear_bb];
    let (out, into) = (T::lit(NUCLEUS / CYTOPLASM), T::lit(CYTOPLASM / NUCLEUS));
    let two = T::lit(2.0);
    [
        out * (two * leave_aa + leave_ab) - (two * form_aa + form_ab),
        out * (two * leave_bb + leave_ab) - (two * form_bb + form_ab),
        form_aa - enter_aa,
        form_ab - enter_ab,
        form_bb - enter_bb,
        into * enter_aa - leave_aa,
        into * enter_ab - leave_ab,
        into * enter_bb - leave_bb,
    ]
}

impl Model {
    /// The concentrations before the signal: nothing is paired.
    pub(crate) fn start(&self) -> [f64; SPECIES] {
        [STAT5 * self.ratio, STAT5 * (1.0 - self.ratio), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    }

    /// What mass spectrometry measures, in %: the phosphorylated shares of A and of B in the cytoplasm, and the share
    /// of A in both. A pair is seen by either partner.
    pub(crate) fn observe<T: Real>(&self, x: &[T]) -> [T; OBSERVABLES] {
        let [seen_a, seen_b] = [T::lit(self.spec_c17), T::lit(1.0 - self.spec_c17)];
        let (a, b, ab) = (x[0] * seen_a, x[1] * seen_b, x[3]);
        let (aa, bb) = (T::lit(2.0) * x[2] * seen_a, T::lit(2.0) * x[4] * seen_b);
        let percent = |part: T, whole: T| T::lit(100.0) * part / whole;
        [
            percent(ab + aa, ab + a + aa),
            percent(ab + bb, ab + b + bb),
            percent(ab + a + aa, T::lit(2.0) * ab + a + aa + b + bb),
        ]
    }
}
