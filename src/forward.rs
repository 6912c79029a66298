//! Forward mode: derivatives of closures by [`Dual`] numbers.
//!
//! | driver | `f` | gives the value and |
//! |---|---|---|
//! | [`derivative`] | ℝ → ℝ or ℝᵐ | `f'(x)` |
//! | [`gradient`] | ℝⁿ → ℝ | `∇f(x)`, n entries |
//! | [`jacobian`] | ℝⁿ → ℝᵐ | `J(x)`, m rows of n entries |
//! | [`jvp`] | ℝⁿ → ℝ or ℝᵐ | `J(x)·v` |
//!
//! The point of several variables is a [`Point`]: an array `[T; N]`, whose N partials travel in one pass and without
//! heap, or a slice of any length, which is done in chunks of 8 variables ([`Chunk`] for another width). `T` may be a
//! number itself; so drivers nest, and give higher derivatives ([mind the rule](crate::nesting)). The closure may return
//! `Option` or `Result` ([`Outcome`]); then so does the driver.
//!
//! Two hints where the compiler asks for types. A literal point may leave open which float is meant: write
//! `derivative(|x| (2.0 * x).sin(), 1.0_f64)`. And a closure that ends in `.sum()` or `.into()` names the number:
//! `.sum::<Dual<_, 2>>()`, `.sum::<Dual<_, 8>>()` for slices; generic functions need neither.

use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Outcome, Output};
use crate::rules::Chain;
use alloc::vec;
use alloc::vec::Vec;
use num_traits::Zero;

/// `f(x)` and `f'(x)` of a function of one variable.
///
/// With several outputs, an array or a `Vec`, both come in their shape.
///
/// ```
/// use nilpotent::derivative;
///
/// let (y, dy) = derivative(|x| (x * x + x).sin(), 2.0);
/// assert_eq!(y, 6.0_f64.sin());
/// assert_eq!(dy, 5.0 * 6.0_f64.cos());
///
/// // The velocity on a circle.
/// let (_, v) = derivative(|t| [t.cos(), t.sin()], 0.0);
/// assert_eq!(v, [0.0, 1.0]);
///
/// // Drivers nest: the second derivative.
/// let (dy, ddy) = derivative(|x| derivative(|x| x.powi(3), x).1, 2.0);
/// assert_eq!((dy, ddy), (12.0, 12.0));
/// ```
#[inline]
pub fn derivative<T, R>(f: impl FnOnce(Dual<T>) -> R, x: T) -> R::Of<Along<R, T>>
where
    T: Real,
    R: Outcome<Value: Output<Dual<T>>>,
{
    R::from_result(f(Dual::variable(x, 0)).into_result().map(|y| (y.map(|y| y.re), y.map(|y| y.eps[0]))))
}

/// The shape of what `f` returns in numbers `D`, of `U`.
type Shape<R, D, U> = <<R as Outcome>::Value as Output<D>>::Of<U>;
/// Values and derivatives along one direction.
type Along<R, T> = (Shape<R, Dual<T>, T>, Shape<R, Dual<T>, T>);
/// Values and gradients.
type Rows<R, P> =
    (Shape<R, <P as Point>::Number, <P as Point>::T>, Shape<R, <P as Point>::Number, <P as Point>::Gradient>);

/// A point of several variables: an array `[T; N]`, `&[T]`, `&Vec<T>`, a [`Chunk`], or a type of nalgebra's; and how its partials are carried: see the [module](self).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a point of several variables",
    note = "points are `[T; N]`, `&[T]`, `&Vec<T>`, `Chunk::<W>(&[T])`, and nalgebra's `&SVector`, `&DVector`, `&UnitQuaternion`, `&Rotation3`, `&Isometry3`"
)]
pub trait Point: Sized {
    /// The type of a coordinate.
    type T: Real;
    /// The number that carries its partials, all or a chunk of them.
    type Number: Chain<Re = Self::T> + Real;
    /// What `f` is handed: the point with numbers `D` as coordinates.
    type Arg<'a, D: Real>;
    /// A direction to move in.
    type Direction;
    /// An entry for each variable.
    type Gradient: Clone;

    /// The gradient of nothing.
    fn zeros(&self) -> Self::Gradient;

    /// Its entries.
    fn entries(gradient: &mut Self::Gradient) -> &mut [Self::T];

    /// The partials that `y` carries.
    fn partials(y: &Self::Number) -> &[Self::T];

    /// Calls `pass` with each chunk's first variable, and the point whose variables in the chunk are seeded; stops at
    /// the first failure. At least one pass is made.
    fn sweep<E>(self, pass: impl FnMut(usize, Self::Arg<'_, Self::Number>) -> Result<(), E>) -> Result<(), E>;

    /// Calls `f` with the point moving in the direction `v`.
    fn moving<R>(self, v: Self::Direction, f: impl FnOnce(Self::Arg<'_, Dual<Self::T>>) -> R) -> R;
}

impl<T: Real, const N: usize> Point for [T; N] {
    type T = T;
    type Number = Dual<T, N>;
    type Arg<'a, D: Real> = [D; N];
    type Direction = Self;
    type Gradient = Self;

    #[inline]
    fn zeros(&self) -> Self {
        [T::zero(); N]
    }

    #[inline]
    fn entries(gradient: &mut Self) -> &mut [T] {
        gradient
    }

    #[inline]
    fn partials(y: &Dual<T, N>) -> &[T] {
        &y.eps
    }

    #[inline]
    fn sweep<E>(self, mut pass: impl FnMut(usize, [Dual<T, N>; N]) -> Result<(), E>) -> Result<(), E> {
        pass(0, Dual::variables(self))
    }

    #[inline]
    fn moving<R>(self, v: Self::Direction, f: impl FnOnce([Dual<T>; N]) -> R) -> R {
        f(core::array::from_fn(|i| Dual::new(self[i], [v[i]])))
    }
}

/// A slice whose variables are differentiated `W` at a time.
///
/// Wider chunks mean fewer passes through `f` and larger numbers. 8 is a good width for most functions.
///
/// ```
/// use nilpotent::{gradient, Chunk, Dual};
///
/// let x = [1.0, 2.0, 3.0, 4.0, 5.0];
/// let (y, dy) = gradient(|x| x.iter().map(|x| x * x).sum::<Dual<_, 2>>(), Chunk::<2>(&x));
/// assert_eq!(y, 55.0);
/// assert_eq!(dy, [2.0, 4.0, 6.0, 8.0, 10.0]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'x, const W: usize, T = f64>(pub &'x [T]);

impl<T: Real, const W: usize> Point for Chunk<'_, W, T> {
    type T = T;
    type Number = Dual<T, W>;
    type Arg<'a, D: Real> = &'a [D];
    type Direction = Self;
    type Gradient = Vec<T>;

    fn zeros(&self) -> Vec<T> {
        vec![T::zero(); self.0.len()]
    }

    #[inline]
    fn entries(gradient: &mut Vec<T>) -> &mut [T] {
        gradient
    }

    #[inline]
    fn partials(y: &Dual<T, W>) -> &[T] {
        &y.eps
    }

    fn sweep<E>(self, mut pass: impl FnMut(usize, &[Dual<T, W>]) -> Result<(), E>) -> Result<(), E> {
        const { assert!(W > 0, "a chunk holds at least one variable") };
        let mut x: Vec<_> = self.0.iter().map(|&x| Dual::constant(x)).collect();
        let mut start = 0;
        loop {
            let end = x.len().min(start + W);
            for (i, x) in x[start..end].iter_mut().enumerate() {
                *x = Dual::variable(x.re, i);
            }
            pass(start, &x)?;
            if end == x.len() {
                return Ok(());
            }
            for x in &mut x[start..end] {
                *x = Dual::constant(x.re);
            }
            start = end;
        }
    }

    fn moving<R>(self, v: Self::Direction, f: impl FnOnce(&[Dual<T>]) -> R) -> R {
        let (n, m) = (self.0.len(), v.0.len());
        assert_eq!(n, m, "the point has {n} coordinates and the direction has {m}");
        let x: Vec<_> = self.0.iter().zip(v.0).map(|(&x, &v)| Dual::new(x, [v])).collect();
        f(&x)
    }
}

/// Slices, by [`Chunk`]s of 8.
macro_rules! slices {
    ($($Slice:ty),*) => { $(
        impl<T: Real> Point for $Slice {
            type T = T;
            type Number = Dual<T, 8>;
            type Arg<'a, D: Real> = &'a [D];
            type Direction = Self;
            type Gradient = Vec<T>;

            fn zeros(&self) -> Vec<T> {
                Chunk::<8, T>(self).zeros()
            }

            #[inline]
            fn entries(gradient: &mut Vec<T>) -> &mut [T] {
                gradient
            }

            #[inline]
            fn partials(y: &Dual<T, 8>) -> &[T] {
                &y.eps
            }

            fn sweep<E>(self, pass: impl FnMut(usize, &[Dual<T, 8>]) -> Result<(), E>) -> Result<(), E> {
                Chunk(self).sweep(pass)
            }

            fn moving<R>(self, v: Self::Direction, f: impl FnOnce(&[Dual<T>]) -> R) -> R {
                Chunk::<8, T>(self).moving(Chunk(v), f)
            }
        }
    )* };
}
slices!(&[T], &Vec<T>);

/// `f(x)` and the gradient `∇f(x) = (∂f/∂x₀, …)` of a function of several variables.
///
/// ```
/// use nilpotent::{gradient, Real};
///
/// // On an array: one pass, nothing on the heap.
/// let (y, dy) = gradient(|[a, b]| a * b + a.sin(), [2.0, 3.0]);
/// assert_eq!(y, 6.0 + 2.0_f64.sin());
/// assert_eq!(dy, [3.0 + 2.0_f64.cos(), 2.0]);
///
/// // On a slice of any length.
/// fn rosenbrock<T: Real>(x: &[T]) -> T {
///     x.windows(2).map(|w| (w[1] - w[0] * w[0]).powi(2) * T::lit(100.0) + (T::one() - w[0]).powi(2)).sum()
/// }
/// let (y, dy) = gradient(rosenbrock, &[1.0; 20][..]);
/// assert_eq!((y, dy), (0.0, vec![0.0; 20]));
///
/// // A function that may fail.
/// let checked = gradient(|[a, b]| if b == 0.0 { Err("b is 0") } else { Ok(a / b) }, [1.0, 0.0]);
/// assert_eq!(checked, Err("b is 0"));
/// ```
///
/// # Panics
/// Only if `f` does.
#[inline]
pub fn gradient<P, R, F>(mut f: F, x: P) -> R::Of<(P::T, P::Gradient)>
where
    P: Point,
    R: Outcome<Value = P::Number>,
    F: FnMut(P::Arg<'_, P::Number>) -> R,
{
    let mut value = P::T::zero();
    let mut gradient = x.zeros();
    let swept = x.sweep(|start, x| {
        let y = f(x).into_result()?;
        value = y.re();
        store::<P>(&mut gradient, start, &y);
        Ok(())
    });
    R::from_result(swept.map(|()| (value, gradient)))
}

/// `f(x)` and the Jacobian `J(x)`, `J[i][j] = ∂fᵢ/∂xⱼ`, of a function with several variables and outputs.
///
/// The outputs may be an array or a `Vec`; the value has their shape, and the Jacobian has a row for each of them.
///
/// ```
/// use nilpotent::jacobian;
///
/// // Polar to Cartesian coordinates.
/// let (y, j) = jacobian(|[r, t]| [r * t.cos(), r * t.sin()], [2.0, 0.0]);
/// assert_eq!(y, [2.0, 0.0]);
/// assert_eq!(j, [[1.0, 0.0], [0.0, 2.0]]);
/// ```
///
/// # Panics
/// If `f` returns `Vec`s of different lengths for different chunks of the same point.
#[inline]
pub fn jacobian<P, R, F>(mut f: F, x: P) -> R::Of<Rows<R, P>>
where
    P: Point,
    R: Outcome<Value: Output<P::Number>>,
    F: FnMut(P::Arg<'_, P::Number>) -> R,
{
    let zeros = x.zeros();
    let mut result = None;
    let swept = x.sweep(|start, x| {
        let y = f(x).into_result()?;
        let (_, rows) = result.get_or_insert_with(|| (y.map(|y| y.re()), y.map(|_| zeros.clone())));
        y.update(rows, |row, y| store::<P>(row, start, y));
        Ok(())
    });
    R::from_result(swept.map(|()| result.expect("at least one pass is made")))
}

#[inline]
fn store<P: Point>(gradient: &mut P::Gradient, start: usize, y: &P::Number) {
    for (entry, &partial) in P::entries(gradient)[start..].iter_mut().zip(P::partials(y)) {
        *entry = partial;
    }
}

/// `f(x)` and the Jacobian-vector product `J(x)·v`, the derivative in the direction `v`, in one pass whatever the
/// number of variables.
///
/// ```
/// use nilpotent::jvp;
///
/// let (y, dy) = jvp(|[a, b]| a * b, [2.0, 3.0], [1.0, 10.0]);
/// assert_eq!((y, dy), (6.0, 23.0));
/// ```
///
/// # Panics
/// If the slices `x` and `v` have different lengths.
#[inline]
pub fn jvp<P, R, F>(f: F, x: P, v: P::Direction) -> R::Of<Along<R, P::T>>
where
    P: Point,
    R: Outcome<Value: Output<Dual<P::T>>>,
    F: FnOnce(P::Arg<'_, Dual<P::T>>) -> R,
{
    R::from_result(x.moving(v, f).into_result().map(|y| (y.map(|y| y.re), y.map(|y| y.eps[0]))))
}
