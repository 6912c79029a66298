//! A function at a point one of whose coordinates has another value.

use crate::forward::point::Seeded;
use crate::real::{Chain, Real};
use alloc::vec::Vec;

/// The coordinates of a point, as floats. Those of a group are zeros.
pub(crate) fn center<P, D>(x: &P) -> Vec<<P::T as Real>::Float>
where
    P: Seeded<D>,
    D: Chain<Re = P::T> + Real,
{
    let mut center = Vec::with_capacity(x.variables());
    let note = |d: &mut D, _, x: P::T| {
        center.push(x.float());
        *d = Chain::constant(x);
    };
    x.seeded(note, |_| ());
    center
}

/// `f` at constants, where the coordinate `column` is `at`.
pub(crate) fn shifted<P, D, R>(x: &P, column: usize, at: <P::T as Real>::Float, f: impl FnOnce(P::Arg<'_, D>) -> R) -> R
where
    P: Seeded<D>,
    D: Chain<Re = P::T> + Real,
{
    x.seeded(|d, i, x| *d = Chain::constant(if i == column { Real::from_float(at) } else { x }), f)
}
