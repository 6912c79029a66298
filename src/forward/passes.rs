//! Passes over a point: a function is evaluated once for each chunk of the variables.
//!
//! A chunk of W variables is seeded with the unit vectors. So for five variables and W = 2 there are three passes, and each
//! column of a pass's seeds is a column of the Jacobian that the pass finds:
//!
//! ```text
//!        pass 1    pass 2    pass 3
//! x₀     1 0       0 0       0 0
//! x₁     0 1       0 0       0 0
//! x₂     0 0       1 0       0 0
//! x₃     0 0       0 1       0 0
//! x₄     0 0       0 0       1 0
//! ```

use super::point::{Point, Seeded};
use crate::number::dual::Dual;
use crate::real::{Chain, Real};
use crate::traits::confusion::{driver, mark, marked};
use core::ops::Range;

/// Evaluates `f` once for each item of `chunks`, at the point whose coordinate `i` is written by `seed(chunk, coordinate, i, xᵢ)`. Only
/// coordinates in the range `seeded(chunk)` may be other than constants. The first evaluation makes the result, and every
/// evaluation is stored in it. The first failure ends the passes.
#[inline]
pub(crate) fn passes<P, D, S, Y, E, R>(
    x: &P,
    chunks: impl Iterator<Item = S>,
    seeded: impl Fn(S) -> Range<usize>,
    seed: impl Fn(S, &mut D, usize, P::T),
    mut f: impl FnMut(P::Arg<'_, D>) -> Result<Y, E>,
    first: impl Fn(&Y) -> R,
    mut store: impl FnMut(&mut R, S, &Y),
) -> Result<R, E>
where
    P: Seeded<D>,
    D: Real,
    S: Copy,
{
    driver!();
    let mut result = None;
    let seed = |chunk, d: &mut D, i: usize, x| {
        seed(chunk, d, i, x);
        mark(d);
    };
    x.seeded_each(chunks, seeded, seed, |chunk, x| {
        let y = f(x)?;
        store(result.get_or_insert_with(|| first(&y)), chunk, &y);
        Ok(())
    })?;
    Ok(result.expect("at least one pass is made"))
}

/// [`passes`] by the point's own dual numbers, as many variables at once as these have partials. `store` gets the index of
/// the first variable of the chunk.
#[inline]
pub(crate) fn first_order<P, T, D, Y, E, R>(
    x: &P,
    f: impl FnMut(P::Arg<'_, D>) -> Result<Y, E>,
    first: impl Fn(&Y) -> R,
    store: impl FnMut(&mut R, usize, &Y),
) -> Result<R, E>
where
    P: Seeded<D, T = T, Dual<T> = D>,
    T: Real,
    D: Chain<Re = T> + Real,
{
    let seed = |start: usize, d: &mut D, i: usize, x| P::variable(d, x, i.wrapping_sub(start));
    passes(x, chunks(x.variables(), P::WIDTH), |start| start..start + P::WIDTH, seed, f, first, store)
}

/// Evaluates `f` once, by numbers that carry the derivative in the direction `v`.
#[inline]
pub(crate) fn along<P, T, Y>(x: &P, v: &P::Direction, f: impl FnOnce(P::Arg<'_, Dual<T>>) -> Y) -> Y
where
    P: Seeded<Dual<T>, T = T>,
    T: Real,
{
    driver!();
    let v = components(x, v);
    x.seeded(|d, i, x| *d = marked(Dual::new(x, [v[i]])), f)
}

/// Returns the index of the first variable of each chunk. There is at least one chunk, so a function of no variables is
/// evaluated, too.
#[inline]
pub(crate) fn chunks(variables: usize, width: usize) -> impl Iterator<Item = usize> {
    (0..variables.max(1)).step_by(width.max(1))
}

/// Copies the partials of one chunk into the gradient, from entry `start` on.
#[inline]
pub(crate) fn store<P: Point>(gradient: &mut P::Gradient, start: usize, partials: &[P::T]) {
    for (entry, &partial) in P::entries(gradient)[start..].iter_mut().zip(partials) {
        *entry = partial.grounded();
    }
}

/// Returns the components of a direction, and checks that there is one for each variable of the point.
#[inline]
pub(crate) fn components<'v, P: Point>(x: &P, v: &'v P::Direction) -> &'v [P::T] {
    let v = P::components(v);
    let (n, m) = (x.variables(), v.len());
    assert_eq!(n, m, "the point has {n} coordinates and the direction has {m}");
    v
}
