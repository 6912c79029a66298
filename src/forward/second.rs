//! Second and higher derivatives.

use super::point::{Coordinate, Point, Second, SecondOrder, Seeded};
use super::{Shape, components, store};
use crate::number::dual::Dual;
use crate::number::dual2::Dual2;
use crate::number::hyper::HyperDual;
use crate::number::taylor::Taylor;
use crate::real::Real;
use crate::returns::{Outcome, Output};
use crate::rules::Chain;
use num_traits::Zero;

/// Values, first and second derivatives.
type Bent<R, T> = (Shape<R, Dual2<T>, T>, Shape<R, Dual2<T>, T>, Shape<R, Dual2<T>, T>);
/// Values and derivatives to order K.
type Orders<R, T, const K: usize> = (Shape<R, Taylor<T, K>, T>, Shape<R, Taylor<T, K>, [T; K]>);
/// Values, two partials, and the mixed one.
type Mixed<R, T> = (Shape<R, HyperDual<T>, T>, Shape<R, HyperDual<T>, [T; 2]>, Shape<R, HyperDual<T>, T>);
/// Values, and gradients and Hessians as found with numbers `D`.
type Curved<R, P, D> =
    (Shape<R, D, <P as Point>::T>, Shape<R, D, <P as Point>::Gradient>, Shape<R, D, <P as Point>::Hessian>);
/// Values, gradients, and as many second derivatives.
type Diagonal<R, P, D> =
    (Shape<R, D, <P as Point>::T>, Shape<R, D, <P as Point>::Gradient>, Shape<R, D, <P as Point>::Gradient>);
/// Value, gradient, and a vector of second derivatives.
type Product<P> = (<P as Point>::T, <P as Point>::Gradient, <P as Point>::Gradient);
/// Value, gradient, and Laplacian.
type Trace<P> = (<P as Point>::T, <P as Point>::Gradient, <P as Point>::T);
/// The number that carries partials of a point that moves in a direction.
type Moving<P> = <P as Point>::Number<Dual<<P as Point>::T>>;

/// The second derivative `f"(x)` of a function of one variable, after the value and the first.
///
/// ```
/// use nilpotent::second_derivative;
///
/// assert_eq!(second_derivative(|x| x.powi(3), 2.0), (8.0, 12.0, 12.0));
/// ```
#[inline]
pub fn second_derivative<T, R>(f: impl FnOnce(Dual2<T>) -> R, x: T) -> R::Of<Bent<R, T>>
where
    T: Real,
    R: Outcome<Value: Output<Dual2<T>>>,
{
    let parts = |y: R::Value| (y.map(|y| y.re), y.map(|y| y.grad[0]), y.map(|y| y.hess[(0, 0)]));
    R::from_result(f(Dual2::variable(x, 0)).into_result().map(parts))
}

/// `f(x)` and all derivatives `[f'(x), f"(x), …, f⁽ᴷ⁾(x)]` of a function of one variable, in one pass, O(K²) an operation.
///
/// K is found from what the result is taken apart into, or given: `nth_derivative::<5, _, _>`.
///
/// ```
/// use nilpotent::nth_derivative;
///
/// let (y, [d1, d2, d3, d4]) = nth_derivative(|x| x.powi(4), 2.0);
/// assert_eq!((y, d1, d2, d3, d4), (16.0, 32.0, 48.0, 48.0, 24.0));
/// ```
#[inline]
pub fn nth_derivative<const K: usize, T, R>(f: impl FnOnce(Taylor<T, K>) -> R, x: T) -> R::Of<Orders<R, T, K>>
where
    T: Real,
    R: Outcome<Value: Output<Taylor<T, K>>>,
{
    orders(f(Taylor::variable(x)))
}

#[inline]
fn orders<const K: usize, T, R>(y: R) -> R::Of<Orders<R, T, K>>
where
    T: Real,
    R: Outcome<Value: Output<Taylor<T, K>>>,
{
    R::from_result(y.into_result().map(|y| (y.map(|y| y.re), y.map(Taylor::derivatives))))
}

/// The Taylor series of `f(x + t)` in t, to order K: [`Taylor::coeffs`] are the derivatives over k!.
///
/// ```
/// use nilpotent::taylor;
///
/// let y = taylor::<3, _, _>(|x| x.exp(), 0.0);
/// assert_eq!((y.re, y.coeffs), (1.0, [1.0, 1.0 / 2.0, 1.0 / 6.0]));
/// ```
#[inline]
pub fn taylor<const K: usize, T, R>(f: impl FnOnce(Taylor<T, K>) -> R, x: T) -> R
where
    T: Real,
    R: Outcome<Value: Output<Taylor<T, K>>>,
{
    f(Taylor::variable(x))
}

/// `f(x)` and all derivatives along a line, `dᵏ/dtᵏ f(x + t·v)` at t = 0 for k = 1 … K: of third order `D³f(x)[v, v, v]`.
///
/// K is found from what the result is taken apart into, or given: `directional_derivatives::<3, _, _, _>`. In one pass,
/// O(K²) an operation. Of mixed directions, [`jvp`](super::jvp) in `jvp` gives the derivatives.
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
pub fn directional_derivatives<const K: usize, P, R, F>(f: F, x: P, v: P::Direction) -> R::Of<Orders<R, P::T, K>>
where
    P: Seeded<Taylor<Coordinate<P>, K>>,
    R: Outcome<Value: Output<Taylor<P::T, K>>>,
    F: FnOnce(P::Arg<'_, Taylor<P::T, K>>) -> R,
{
    let v = components(&x, &v);
    let seed = |i: usize, x| Taylor::new(x, core::array::from_fn(|k| if k == 0 { v[i] } else { P::T::zero() }));
    orders(x.seeded(seed, f))
}

/// `f(x)`, the gradient `∇f(x)` and the Hessian `∇²f(x)`, `H[i][j] = ∂²f/∂xᵢ∂xⱼ`.
///
/// On arrays and fixed vectors in one pass, by [`Dual2`]. On slices in blocks of 4 by 4 ([`Chunk`](super::Chunk) for
/// another size), by [`HyperDual`]: of n variables only the n/4·(n/4 + 1)/2 blocks of the upper triangle. A function that
/// is not generic takes `[Dual2<f64, N>; N]`, or `&[HyperDual<f64, 4, 4>]`; by whatever name, it is [`Point::Second`]. From
/// some ten variables on, [`reverse::hessian`](crate::reverse::hessian) takes less time: at 30 a sixth.
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
#[inline]
pub fn hessian<P, R, F>(mut f: F, x: P) -> R::Of<Curved<R, P, P::Second>>
where
    P: Seeded<Second<P>>,
    R: Outcome<Value: Output<P::Second>>,
    F: FnMut(P::Arg<'_, P::Second>) -> R,
{
    let (n, side) = (x.variables(), P::Second::SIDE);
    let mut result = None;
    let mut block = |start: [usize; 2]| {
        let seed = |k: usize, x| P::Second::seed(x, k.wrapping_sub(start[0]), k.wrapping_sub(start[1]));
        let y = x.seeded(seed, &mut f).into_result()?;
        let (_, gradients, hessians) =
            result.get_or_insert_with(|| (y.map(|y| y.re()), y.map(|_| x.zeros()), y.map(|_| x.square())));
        y.update(gradients, |gradient, y| store::<P>(gradient, start[0], y.slopes()));
        y.update(hessians, |hessian, y| {
            for i in 0..side.min(n - start[0]) {
                for j in 0..side.min(n - start[1]) {
                    let bend = y.bend(i, j);
                    *P::entry(hessian, start[0] + i, start[1] + j) = bend;
                    *P::entry(hessian, start[1] + j, start[0] + i) = bend;
                }
            }
        });
        Ok(())
    };
    let swept = starts(n, side).try_for_each(|row| starts(n - row, side).try_for_each(|k| block([row, row + k])));
    R::from_result(swept.map(|()| result.expect("at least one pass is made")))
}

/// Where chunks start; at least one does.
#[inline]
fn starts(n: usize, side: usize) -> impl Iterator<Item = usize> {
    (0..n.max(1)).step_by(side.max(1))
}

/// `f(x)`, the gradient `∇f(x)` and the Hessian-vector product `∇²f(x)·v`, without the Hessian.
///
/// On arrays and fixed vectors in one pass, on slices in chunks of 8 variables.
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
pub fn hvp<P, R, F>(mut f: F, x: P, v: P::Direction) -> R::Of<Product<P>>
where
    P: Seeded<Moving<P>>,
    R: Outcome<Value = Moving<P>>,
    F: FnMut(P::Arg<'_, Moving<P>>) -> R,
{
    let v = components(&x, &v);
    let (mut value, mut gradient, mut product) = (P::T::zero(), x.zeros(), x.zeros());
    let mut start = 0;
    let result = loop {
        let seed = |k: usize, x| P::variable(Dual::new(x, [v[k]]), k.wrapping_sub(start));
        let y = match x.seeded(seed, &mut f).into_result() {
            Ok(y) => y,
            Err(failure) => break Err(failure),
        };
        value = y.re().re;
        let partials = P::partials(&y);
        for (k, e) in (start..x.variables()).zip(partials) {
            P::entries(&mut gradient)[k] = e.re;
            P::entries(&mut product)[k] = e.eps[0];
        }
        start += partials.len();
        if start >= x.variables() {
            break Ok(());
        }
    };
    R::from_result(result.map(|()| (value, gradient, product)))
}

/// `f(x)`, the two partials `[∂f/∂xᵢ, ∂f/∂xⱼ]` and the mixed one `∂²f/∂xᵢ∂xⱼ`, in one pass by a [`HyperDual`].
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
pub fn mixed_partial<P, R, F>(f: F, x: P, i: usize, j: usize) -> R::Of<Mixed<R, P::T>>
where
    P: Seeded<HyperDual<Coordinate<P>>>,
    R: Outcome<Value: Output<HyperDual<P::T>>>,
    F: FnOnce(P::Arg<'_, HyperDual<P::T>>) -> R,
{
    let n = x.variables();
    assert!(i < n && j < n, "partials in variables {i} and {j} of a point with {n} coordinates");
    let seed = |k: usize, x| HyperDual::variable(x, (k == i).then_some(0), (k == j).then_some(0));
    let parts = |y: R::Value| (y.map(|y| y.re), y.map(|y| [y.eps1[0], y.eps2[0]]), y.map(|y| y.eps1eps2[0][0]));
    R::from_result(x.seeded(seed, f).into_result().map(parts))
}

/// `f(x)`, the gradient, and the diagonal of the Hessian, `∂²f/∂xᵢ²`: n passes, each with two derivatives.
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
pub fn hessian_diagonal<P, R, F>(mut f: F, x: P) -> R::Of<Diagonal<R, P, Dual2<P::T>>>
where
    P: Seeded<Dual2<Coordinate<P>>>,
    R: Outcome<Value: Output<Dual2<P::T>>>,
    F: FnMut(P::Arg<'_, Dual2<P::T>>) -> R,
{
    R::from_result(diagonal(&mut f, x))
}

#[allow(clippy::type_complexity)]
fn diagonal<P, R, F>(f: &mut F, x: P) -> Result<Diagonal<R, P, Dual2<P::T>>, R::Failure>
where
    P: Seeded<Dual2<Coordinate<P>>>,
    R: Outcome<Value: Output<Dual2<P::T>>>,
    F: FnMut(P::Arg<'_, Dual2<P::T>>) -> R,
{
    let mut result = None;
    let swept = starts(x.variables(), 1).try_for_each(|i| {
        let seed = |k, x| if k == i { Dual2::variable(x, 0) } else { Dual2::constant(x) };
        let y = x.seeded(seed, &mut *f).into_result()?;
        let (_, gradients, diagonals) =
            result.get_or_insert_with(|| (y.map(|y| y.re), y.map(|_| x.zeros()), y.map(|_| x.zeros())));
        y.update(gradients, |gradient, y| store::<P>(gradient, i, &y.grad));
        y.update(diagonals, |diagonal, y| store::<P>(diagonal, i, &[y.hess[(0, 0)]]));
        Ok(())
    });
    swept.map(|()| result.expect("at least one pass is made"))
}

/// `f(x)`, the gradient, and the Laplacian `Δf = Σ ∂²f/∂xᵢ²`, the trace of the Hessian.
///
/// ```
/// use nilpotent::laplacian;
///
/// // 1/r is harmonic.
/// let (_, _, l) = laplacian(|[x, y, z]| (x * x + y * y + z * z).sqrt().recip(), [1.0, 2.0, 3.0_f64]);
/// assert!(l.abs() < 1e-16);
/// ```
#[inline]
pub fn laplacian<P, R, F>(mut f: F, x: P) -> R::Of<Trace<P>>
where
    P: Seeded<Dual2<Coordinate<P>>>,
    R: Outcome<Value = Dual2<P::T>>,
    F: FnMut(P::Arg<'_, Dual2<P::T>>) -> R,
{
    R::from_result(diagonal(&mut f, x).map(|(value, gradient, mut diagonal)| {
        let trace = P::entries(&mut diagonal).iter().copied().sum();
        (value, gradient, trace)
    }))
}
