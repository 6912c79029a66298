//! Second and higher derivatives.

use super::passes::{chunks, components, passes, store};
use super::point::{SecondOrder, Seeded};
use crate::number::dual::Dual;
use crate::number::dual2::Dual2;
use crate::number::hyper::HyperDual;
use crate::number::taylor::Taylor;
use crate::real::Real;
use crate::returns::{Outcome, Output, infallible};
use crate::rules::Chain;
use crate::traits::confusion::{check_two, driver, marked, output, outputs};

/// Returns `f(x)`, `f'(x)` and the second derivative `f"(x)` of a function of one variable.
///
/// ```
/// use nilpotent::second_derivative;
///
/// assert_eq!(second_derivative(|x| x.powi(3), 2.0), (8.0, 12.0, 12.0));
/// ```
#[inline]
pub fn second_derivative<T, Y>(f: impl FnOnce(Dual2<T>) -> Y, x: T) -> (Y::Of<T>, Y::Of<T>, Y::Of<T>)
where
    T: Real,
    Y: Output<Dual2<T>>,
{
    infallible(try_second_derivative(|x| Ok(f(x)), x))
}

/// [`second_derivative`] of a function that may fail.
#[inline]
pub fn try_second_derivative<T, Y, R>(f: impl FnOnce(Dual2<T>) -> R, x: T) -> R::Of<(Y::Of<T>, Y::Of<T>, Y::Of<T>)>
where
    T: Real,
    Y: Output<Dual2<T>>,
    R: Outcome<Value = Y>,
{
    let parts = |y: Y| (y.map(|y| y.re), y.map(|y| y.grad[0].grounded()), y.map(|y| y.hess[(0, 0)].grounded()));
    driver!();
    R::from_result(outputs(f(marked(Dual2::variable(x, 0)))).map(parts))
}

/// Returns `f(x)` and the derivatives `[f'(x), f"(x), …, f⁽ᴷ⁾(x)]` of a function of one variable.
///
/// It takes one pass, in which an operation costs O(K²). The compiler infers K from the pattern that the result is assigned
/// to, or the call gives it: `nth_derivative::<5, _, _>`.
///
/// ```
/// use nilpotent::nth_derivative;
///
/// let (y, [d1, d2, d3, d4]) = nth_derivative(|x| x.powi(4), 2.0);
/// assert_eq!((y, d1, d2, d3, d4), (16.0, 32.0, 48.0, 48.0, 24.0));
/// ```
#[inline]
pub fn nth_derivative<const K: usize, T, Y>(f: impl FnOnce(Taylor<T, K>) -> Y, x: T) -> (Y::Of<T>, Y::Of<[T; K]>)
where
    T: Real,
    Y: Output<Taylor<T, K>>,
{
    infallible(try_nth_derivative(|x| Ok(f(x)), x))
}

/// [`nth_derivative`] of a function that may fail.
#[inline]
pub fn try_nth_derivative<const K: usize, T, Y, R>(
    f: impl FnOnce(Taylor<T, K>) -> R,
    x: T,
) -> R::Of<(Y::Of<T>, Y::Of<[T; K]>)>
where
    T: Real,
    Y: Output<Taylor<T, K>>,
    R: Outcome<Value = Y>,
{
    driver!();
    R::from_result(outputs(f(marked(Taylor::variable(x)))).map(orders))
}

/// Splits outputs into their values and their derivatives of all orders.
#[inline]
fn orders<const K: usize, T: Real, Y: Output<Taylor<T, K>>>(y: Y) -> (Y::Of<T>, Y::Of<[T; K]>) {
    (y.map(|y| y.re), y.map(|y| y.derivatives().map(T::grounded)))
}

/// Returns the Taylor series of `f(x + t)` in t, to order K. Its coefficients, [`Taylor::coeffs`], are the derivatives
/// over k!.
///
/// The result has the type that `f` returns, so `f` may also return an `Option` or a `Result`.
///
/// ```
/// use nilpotent::taylor;
///
/// let y = taylor::<3, _, _>(|x| x.exp(), 0.0);
/// assert_eq!((y.re, y.coeffs), (1.0, [1.0, 1.0 / 2.0, 1.0 / 6.0]));
/// ```
#[doc(alias = "jet")]
#[inline]
pub fn taylor<const K: usize, T, Y>(f: impl FnOnce(Taylor<T, K>) -> Y, x: T) -> Y
where
    T: Real,
{
    driver!(returned);
    f(marked(Taylor::variable(x)))
}

/// Returns `f(x)` and the derivatives along a line, `dᵏ/dtᵏ f(x + t·v)` at t = 0 for k = 1 … K.
///
/// The third one, for example, is `D³f(x)[v, v, v]`. It takes one pass, in which an operation costs O(K²). The compiler
/// infers K from the pattern that the result is assigned to, or the call gives it:
/// `directional_derivatives::<3, _, _, _>`. For derivatives in several different directions call [`jvp`](super::jvp)
/// inside `jvp`.
///
/// ```
/// use nilpotent::directional_derivatives;
///
/// // (2 + t)·(3 + 2t)²
/// let (y, [d1, d2, d3]) = directional_derivatives(|[a, b]| a * b * b, [2.0, 3.0], [1.0, 2.0]);
/// assert_eq!((y, d1, d2, d3), (18.0, 33.0, 40.0, 24.0));
/// ```
///
/// # Panics
/// If the slices `x` and `v` have different lengths.
#[inline]
pub fn directional_derivatives<const K: usize, P, T, Y>(
    f: impl FnOnce(P::Arg<'_, Taylor<T, K>>) -> Y,
    x: P,
    v: P::Direction,
) -> (Y::Of<T>, Y::Of<[T; K]>)
where
    P: Seeded<Taylor<T, K>, T = T>,
    T: Real,
    Y: Output<Taylor<T, K>>,
{
    infallible(try_directional_derivatives(|x| Ok(f(x)), x, v))
}

/// [`directional_derivatives`] of a function that may fail.
#[inline]
pub fn try_directional_derivatives<const K: usize, P, T, Y, R>(
    f: impl FnOnce(P::Arg<'_, Taylor<T, K>>) -> R,
    x: P,
    v: P::Direction,
) -> R::Of<(Y::Of<T>, Y::Of<[T; K]>)>
where
    P: Seeded<Taylor<T, K>, T = T>,
    T: Real,
    Y: Output<Taylor<T, K>>,
    R: Outcome<Value = Y>,
{
    driver!();
    let v = components(&x, &v);
    let seed = |d: &mut Taylor<T, K>, i: usize, x| {
        *d = marked(Taylor::new(x, core::array::from_fn(|k| if k == 0 { v[i] } else { T::zero() })));
    };
    R::from_result(outputs(x.seeded(seed, f)).map(orders))
}

/// Returns `f(x)`, the gradient `∇f(x)` and the Hessian `∇²f(x)`, `H[i][j] = ∂²f/∂xᵢ∂xⱼ`.
///
/// Arrays and fixed vectors take one pass by [`Dual2`]. Slices take one pass by [`HyperDual`] for each block of 4×4
/// entries in the upper triangle, which are n/4·(n/4 + 1)/2 passes for n variables; [`Chunk`](super::Chunk) sets another
/// size of blocks. A function that is not generic takes `[Dual2<f64, N>; N]` or `&[HyperDual<f64, 4, 4>]`; the number of
/// any point is [`Point::Second`](super::Point::Second). From about ten variables on,
/// [`reverse::hessian`](crate::reverse::hessian) takes less time: about a fifth in 30 variables.
///
/// ```
/// use nilpotent::hessian;
///
/// let (y, dy, d2y) = hessian(|[a, b]| a * b * b, [2.0, 3.0]);
/// assert_eq!((y, dy), (18.0, [9.0, 12.0]));
/// assert_eq!(d2y, [[0.0, 6.0], [6.0, 4.0]]);
///
/// let (_, _, d2y) = hessian(|x| x[0] * x[1] * x[1], &[2.0, 3.0][..]);
/// assert_eq!(d2y, [[0.0, 6.0], [6.0, 4.0]]);
/// ```
///
/// # Panics
/// If `f` returns `Vec`s of different lengths for different blocks of the same point.
#[doc(alias = "hess")]
#[inline]
pub fn hessian<P, T, D, G, H, Y>(mut f: impl FnMut(P::Arg<'_, D>) -> Y, x: P) -> (Y::Of<T>, Y::Of<G>, Y::Of<H>)
where
    P: Seeded<D, T = T, Second = D, Gradient = G, Hessian = H>,
    T: Real,
    D: SecondOrder<Re = T>,
    Y: Output<D>,
{
    infallible(try_hessian(|x| Ok(f(x)), x))
}

/// [`hessian`] of a function that may fail.
#[inline]
pub fn try_hessian<P, T, D, G, H, Y, R>(
    mut f: impl FnMut(P::Arg<'_, D>) -> R,
    x: P,
) -> R::Of<(Y::Of<T>, Y::Of<G>, Y::Of<H>)>
where
    P: Seeded<D, T = T, Second = D, Gradient = G, Hessian = H>,
    T: Real,
    D: SecondOrder<Re = T>,
    Y: Output<D>,
    R: Outcome<Value = Y>,
{
    R::from_result(second_order(
        &x,
        |x| outputs(f(x)),
        |y| (y.map(|y| y.re()), y.map(|_| x.zeros()), y.map(|_| x.zero_hessian())),
        |(_, gradients, hessians), block, y| {
            y.update(gradients, |gradient, y| store::<P>(gradient, block[0], y.first()));
            y.update(hessians, |hessian, y| {
                entries(y, block, x.variables(), |i, j, second| *P::entry(hessian, i, j) = second.grounded());
            });
        },
    ))
}

/// [`passes`] by the point's own second-order numbers: one for each block on and above the diagonal. `store` gets the first
/// row and column of the block.
#[inline]
pub(super) fn second_order<P, T, D, Y, E, R>(
    x: &P,
    f: impl FnMut(P::Arg<'_, D>) -> Result<Y, E>,
    first: impl Fn(&Y) -> R,
    store: impl FnMut(&mut R, [usize; 2], &Y),
) -> Result<R, E>
where
    P: Seeded<D, T = T, Second = D>,
    T: Real,
    D: SecondOrder<Re = T>,
{
    passes(
        x,
        blocks(x.variables(), D::SIDE),
        |[row, column]| row..column + D::SIDE,
        |[row, column], d, i, x| D::seed(d, x, i.wrapping_sub(row), i.wrapping_sub(column)),
        f,
        first,
        store,
    )
}

/// Calls `set` with the entries of a block of the Hessian of `n` variables, and with those on the other side of the diagonal.
#[inline]
pub(super) fn entries<D: SecondOrder>(
    y: &D,
    [row, column]: [usize; 2],
    n: usize,
    mut set: impl FnMut(usize, usize, D::Re),
) {
    for i in 0..D::SIDE.min(n - row) {
        for j in 0..D::SIDE.min(n - column) {
            let second = y.second(i, j);
            set(row + i, column + j, second);
            set(column + j, row + i, second);
        }
    }
}

/// Returns the blocks of a matrix on and above the diagonal, each by its first row and column. There is at least one block.
#[inline]
fn blocks(n: usize, side: usize) -> impl Iterator<Item = [usize; 2]> {
    // One loop, whose length is known to be 1 for arrays: so the function is compiled in one place.
    let m = n.div_ceil(side.max(1)).max(1);
    (0..m * m).map(move |k| [k / m, k % m]).filter(|[i, j]| i <= j).map(move |block| block.map(|i| i * side))
}

/// Returns `f(x)`, the gradient `∇f(x)` and the Hessian-vector product `∇²f(x)·v`, without computing the Hessian.
///
/// Arrays and fixed vectors take one pass, slices one pass for each chunk of 8 variables.
///
/// ```
/// use nilpotent::hvp;
///
/// let (y, dy, hv) = hvp(|[a, b]| a * b * b, [2.0, 3.0], [1.0, 10.0]);
/// assert_eq!((y, dy, hv), (18.0, [9.0, 12.0], [60.0, 46.0]));
/// ```
///
/// # Panics
/// If the slices `x` and `v` have different lengths.
#[inline]
pub fn hvp<P, T, D, G>(mut f: impl FnMut(P::Arg<'_, D>) -> D, x: P, v: P::Direction) -> (T, G, G)
where
    P: Seeded<D, T = T, Dual<Dual<T>> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = Dual<T>> + Real,
{
    infallible(try_hvp(|x| Ok(f(x)), x, v))
}

/// [`hvp`] of a function that may fail.
#[inline]
pub fn try_hvp<P, T, D, G, R>(mut f: impl FnMut(P::Arg<'_, D>) -> R, x: P, v: P::Direction) -> R::Of<(T, G, G)>
where
    P: Seeded<D, T = T, Dual<Dual<T>> = D, Gradient = G>,
    T: Real,
    D: Chain<Re = Dual<T>> + Real,
    R: Outcome<Value = D>,
{
    R::from_result(products(
        &x,
        &v,
        |x| f(x).into_result(),
        |y| (y.re().re, x.zeros(), x.zeros()),
        |(_, gradient, product), i, [first, second]| {
            P::entries(gradient)[i] = first.grounded();
            P::entries(product)[i] = second.grounded();
        },
    ))
}

/// [`passes`] by numbers that also carry the derivative in the direction `v`. `store` gets the index of a variable, its
/// partial and its entry of the product.
#[inline]
pub(super) fn products<P, T, D, E, R>(
    x: &P,
    v: &P::Direction,
    mut f: impl FnMut(P::Arg<'_, D>) -> Result<D, E>,
    first: impl Fn(&D) -> R,
    mut store: impl FnMut(&mut R, usize, [T; 2]),
) -> Result<R, E>
where
    P: Seeded<D, T = T, Dual<Dual<T>> = D>,
    T: Real,
    D: Chain<Re = Dual<T>> + Real,
{
    let v = components(x, v);
    passes(
        x,
        chunks(x.variables(), P::WIDTH),
        |start| start..start + P::WIDTH,
        |start, d, i, x| P::variable(d, marked(Dual::new(x, [v[i]])), i.wrapping_sub(start)),
        |x| f(x).inspect(|&y| check_two(y)),
        first,
        |result, start, y| {
            for (i, e) in (start..x.variables()).zip(P::partials::<Dual<T>>(y)) {
                store(result, i, [e.re, e.eps[0]]);
            }
        },
    )
}

/// Returns `f(x)`, the partials `[∂f/∂xᵢ, ∂f/∂xⱼ]` and the second partial `∂²f/∂xᵢ∂xⱼ`, in one pass by a [`HyperDual`].
///
/// ```
/// use nilpotent::mixed_partial;
///
/// assert_eq!(mixed_partial(|[a, b]| a * b * b, [2.0, 3.0], 0, 1), (18.0, [9.0, 12.0], 6.0));
/// ```
///
/// # Panics
/// If there is no variable `i` or `j`.
#[inline]
pub fn mixed_partial<P, T, Y>(
    f: impl FnOnce(P::Arg<'_, HyperDual<T>>) -> Y,
    x: P,
    i: usize,
    j: usize,
) -> (Y::Of<T>, Y::Of<[T; 2]>, Y::Of<T>)
where
    P: Seeded<HyperDual<T>, T = T>,
    T: Real,
    Y: Output<HyperDual<T>>,
{
    infallible(try_mixed_partial(|x| Ok(f(x)), x, i, j))
}

/// [`mixed_partial`] of a function that may fail.
#[inline]
pub fn try_mixed_partial<P, T, Y, R>(
    f: impl FnOnce(P::Arg<'_, HyperDual<T>>) -> R,
    x: P,
    i: usize,
    j: usize,
) -> R::Of<(Y::Of<T>, Y::Of<[T; 2]>, Y::Of<T>)>
where
    P: Seeded<HyperDual<T>, T = T>,
    T: Real,
    Y: Output<HyperDual<T>>,
    R: Outcome<Value = Y>,
{
    driver!();
    let n = x.variables();
    assert!(i < n && j < n, "partials in variables {i} and {j} of a point with {n} coordinates");
    let seed = |d: &mut HyperDual<T>, k: usize, x| {
        *d = marked(HyperDual::variable(x, (k == i).then_some(0), (k == j).then_some(0)));
    };
    let parts = |y: Y| {
        (
            y.map(|y| y.re),
            y.map(|y| [y.eps1[0].grounded(), y.eps2[0].grounded()]),
            y.map(|y| y.eps1eps2[0][0].grounded()),
        )
    };
    R::from_result(outputs(x.seeded(seed, f)).map(parts))
}

/// Returns `f(x)`, the gradient, and the diagonal of the Hessian, `∂²f/∂xᵢ²`.
///
/// It takes n passes, each of which computes one entry of the gradient and one of the diagonal.
///
/// ```
/// use nilpotent::hessian_diagonal;
///
/// let (_, dy, diagonal) = hessian_diagonal(|[a, b]| a * b * b, [2.0, 3.0]);
/// assert_eq!((dy, diagonal), ([9.0, 12.0], [0.0, 4.0]));
/// ```
///
/// # Panics
/// If `f` returns `Vec`s of different lengths for different variables.
#[inline]
pub fn hessian_diagonal<P, T, G, Y>(
    mut f: impl FnMut(P::Arg<'_, Dual2<T>>) -> Y,
    x: P,
) -> (Y::Of<T>, Y::Of<G>, Y::Of<G>)
where
    P: Seeded<Dual2<T>, T = T, Gradient = G>,
    T: Real,
    Y: Output<Dual2<T>>,
{
    infallible(diagonal(|x| outputs(Ok(f(x))), x))
}

/// [`hessian_diagonal`] of a function that may fail.
#[inline]
pub fn try_hessian_diagonal<P, T, G, Y, R>(
    mut f: impl FnMut(P::Arg<'_, Dual2<T>>) -> R,
    x: P,
) -> R::Of<(Y::Of<T>, Y::Of<G>, Y::Of<G>)>
where
    P: Seeded<Dual2<T>, T = T, Gradient = G>,
    T: Real,
    Y: Output<Dual2<T>>,
    R: Outcome<Value = Y>,
{
    R::from_result(diagonal(|x| outputs(f(x)), x))
}

/// Computes what [`hessian_diagonal`] returns, from a function that may fail.
fn diagonal<P, T, G, Y, E>(
    f: impl FnMut(P::Arg<'_, Dual2<T>>) -> Result<Y, E>,
    x: P,
) -> Result<(Y::Of<T>, Y::Of<G>, Y::Of<G>), E>
where
    P: Seeded<Dual2<T>, T = T, Gradient = G>,
    T: Real,
    Y: Output<Dual2<T>>,
{
    passes(
        &x,
        chunks(x.variables(), 1),
        |variable| variable..variable + 1,
        |variable, d, i, x| *d = if i == variable { Dual2::variable(x, 0) } else { Dual2::constant(x) },
        f,
        |y| (y.map(|y| y.re), y.map(|_| x.zeros()), y.map(|_| x.zeros())),
        |(_, gradients, diagonals), i, y| {
            y.update(gradients, |gradient, y| store::<P>(gradient, i, &y.grad));
            y.update(diagonals, |diagonal, y| store::<P>(diagonal, i, &[y.hess[(0, 0)]]));
        },
    )
}

/// Returns `f(x)`, the gradient, and the Laplacian `Δf = Σ ∂²f/∂xᵢ²`, which is the trace of the Hessian.
///
/// ```
/// use nilpotent::laplacian;
///
/// // 1/r is harmonic.
/// let (_, _, l) = laplacian(|[x, y, z]| (x * x + y * y + z * z).sqrt().recip(), [1.0, 2.0, 3.0_f64]);
/// assert!(l.abs() < 1e-16);
/// ```
#[inline]
pub fn laplacian<P, T, G>(mut f: impl FnMut(P::Arg<'_, Dual2<T>>) -> Dual2<T>, x: P) -> (T, G, T)
where
    P: Seeded<Dual2<T>, T = T, Gradient = G>,
    T: Real,
{
    infallible(try_laplacian(|x| Ok(f(x)), x))
}

/// [`laplacian`] of a function that may fail.
#[inline]
pub fn try_laplacian<P, T, G, R>(mut f: impl FnMut(P::Arg<'_, Dual2<T>>) -> R, x: P) -> R::Of<(T, G, T)>
where
    P: Seeded<Dual2<T>, T = T, Gradient = G>,
    T: Real,
    R: Outcome<Value = Dual2<T>>,
{
    R::from_result(diagonal(|x| output(f(x)), x).map(|(value, gradient, mut diagonal)| {
        let trace = P::entries(&mut diagonal).iter().copied().sum();
        (value, gradient, trace)
    }))
}
