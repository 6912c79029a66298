//! One evaluation as a recording, and sweeps back through it: what all drivers of reverse mode consist of.

use crate::forward::point::Seeded;
use crate::real::Real;
use crate::returns::{Output, each};
use crate::tape::adjoints::OpenTape;
use crate::tape::thread;
use crate::tape::var::Var;

/// The number of matrix rows of a Jacobian that one sweep computes.
pub(crate) const ROWS_PER_SWEEP: usize = 4;

/// Runs `f` at `x` in a recording, then `read` on the result of `f` while the recording is still open.
#[inline]
pub(crate) fn recorded<P, D, Y, E, U>(
    f: impl FnOnce(P::Arg<'_, Var<D>>) -> Result<Y, E>,
    x: &P,
    mut coordinate: impl FnMut(usize, P::T) -> D,
    read: impl FnOnce(&OpenTape<'_, D>, Y) -> U,
) -> Result<U, E>
where
    P: Seeded<Var<D>>,
    D: Real,
{
    thread::with(|tape| {
        tape.record(x.variables(), |open| {
            let id = open.id();
            let seed = |v: &mut Var<D>, i, x| *v = Var::of_node(coordinate(i, x), id, i as u32);
            x.seeded(seed, f).map(|y| read(&open, y))
        })
    })
}

/// Sweeps back from the output `y`, whose adjoint is 1, and calls `read` with the adjoints of the inputs.
#[inline]
pub(crate) fn swept<D: Real, U>(open: &OpenTape<'_, D>, y: Var<D>, read: impl FnOnce(&[D]) -> U) -> U {
    swept_together(open, [y], |adjoints| read(adjoints.as_flattened()))
}

/// Sweeps back from `m` outputs, some at once, and calls `read` for each sweep with the first of its outputs and the adjoints of
/// each input.
#[inline]
pub(crate) fn swept_rows<D: Real, Y: Output<Var<D>>>(
    open: &OpenTape<'_, D>,
    y: &Y,
    m: usize,
    mut read: impl FnMut(usize, &[[D; ROWS_PER_SWEEP]]),
) {
    for first in (0..m).step_by(ROWS_PER_SWEEP) {
        let mut together = [Var::constant(D::zero()); ROWS_PER_SWEEP];
        each(y, |k, &y| {
            if (first..first + ROWS_PER_SWEEP).contains(&k) {
                together[k - first] = y;
            }
        });
        swept_together(open, together, |adjoints| read(first, adjoints));
    }
}

/// Sweeps back from W outputs at once, and calls `read` with W adjoints of each input.
#[inline]
fn swept_together<D: Real, U, const W: usize>(
    open: &OpenTape<'_, D>,
    y: [Var<D>; W],
    read: impl FnOnce(&[[D; W]]) -> U,
) -> U {
    for y in y {
        let (id, node) = y.place();
        open.check(id, node);
    }
    let seed = |adjoints: &mut [[D; W]]| {
        for (lane, y) in y.into_iter().enumerate() {
            if let Some(adjoints) = adjoints.get_mut(y.place().1 as usize) {
                adjoints[lane] = y.slope();
            }
        }
    };
    open.sweep(seed, read)
}
