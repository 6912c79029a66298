//! Derivatives of functions of a complex variable.

// rustdoc would expand type aliases in the signatures, which makes them harder to read.
#![allow(clippy::type_complexity)]

use crate::forward;
use crate::number::dual::Dual;
use crate::real::Real;
use crate::returns::{Outcome, Output, infallible};
use crate::traits::confusion::{driver, marked, outputs};
use nalgebra::Complex;

/// Returns `f(z)` and the complex derivative `f'(z)` of a holomorphic function, in one pass.
///
/// The derivative of a holomorphic function is the same in all directions of the plane, and is taken along the real axis. The
/// function may return several complex numbers, in any shape. If it is not holomorphic, as `z.conj()` or `z.norm()`, the result
/// is its derivative along the real axis alone; [`wirtinger`] tells whether it is. This is not checked here, because rounding
/// errors could not be told apart from a function that is not holomorphic where the derivative is small.
///
/// ```
/// use nalgebra::Complex;
/// use nilpotent::linalg;
///
/// let (y, dy) = linalg::complex_derivative(|z| z * z * z, Complex::new(1.0, 2.0));
/// assert_eq!((y, dy), (Complex::new(-11.0, -2.0), Complex::new(-9.0, 12.0)));
/// ```
#[doc(alias = "holomorphic")]
#[inline]
pub fn complex_derivative<T, Y>(f: impl FnOnce(Complex<Dual<T>>) -> Y, z: Complex<T>) -> (Y::Of<T>, Y::Of<T>)
where
    T: Real,
    Y: Output<Dual<T>>,
{
    infallible(try_complex_derivative(|z| Ok(f(z)), z))
}

/// [`complex_derivative`] of a function that may fail.
#[inline]
pub fn try_complex_derivative<T, Y, R>(
    f: impl FnOnce(Complex<Dual<T>>) -> R,
    z: Complex<T>,
) -> R::Of<(Y::Of<T>, Y::Of<T>)>
where
    T: Real,
    Y: Output<Dual<T>>,
    R: Outcome<Value = Y>,
{
    forward::try_derivative(|x| f(Complex::new(x, Dual::constant(z.im))), z.re)
}

/// Returns `f(z)` and Wirtinger's derivatives of any function of a complex variable, in one pass:
/// `∂f/∂z = ½(∂f/∂x - i·∂f/∂y)` and `∂f/∂z̄ = ½(∂f/∂x + i·∂f/∂y)`, where `z = x + iy`.
///
/// The function is holomorphic where `∂f/∂z̄` is 0 (the Cauchy-Riemann equations), and `∂f/∂z` is then `f'(z)`. A real function
/// returns a complex number without imaginary part; it rises fastest along `2·∂f/∂z̄`, which is its gradient.
///
/// ```
/// use nalgebra::Complex;
/// use nilpotent::linalg;
///
/// // |z|² = z·z̄
/// let z = Complex::new(3.0, 4.0);
/// let (y, dz, conjugate) = linalg::wirtinger(|z| z * z.conj(), z);
/// assert_eq!((y, dz, conjugate), (Complex::new(25.0, 0.0), z.conj(), z));
/// assert_eq!(linalg::wirtinger(|z| z * z, z).2, Complex::new(0.0, 0.0));
/// ```
#[inline]
pub fn wirtinger<T: Real>(
    f: impl FnOnce(Complex<Dual<T, 2>>) -> Complex<Dual<T, 2>>,
    z: Complex<T>,
) -> (Complex<T>, Complex<T>, Complex<T>) {
    infallible(try_wirtinger(|z| Ok(f(z)), z))
}

/// [`wirtinger`] of a function that may fail.
#[inline]
pub fn try_wirtinger<T, R>(
    f: impl FnOnce(Complex<Dual<T, 2>>) -> R,
    z: Complex<T>,
) -> R::Of<(Complex<T>, Complex<T>, Complex<T>)>
where
    T: Real,
    R: Outcome<Value = Complex<Dual<T, 2>>>,
{
    let half = T::Float::lit(0.5);
    driver!();
    let [x, y] = Dual::variables([z.re, z.im]).map(marked);
    R::from_result(outputs(f(Complex::new(x, y))).map(|Complex { re: u, im: v }| {
        let ([ux, uy], [vx, vy]) = (u.eps, v.eps);
        let both = |re: T, im: T| Complex::new(re.times(half).grounded(), im.times(half).grounded());
        (Complex::new(u.re, v.re), both(ux + vy, vx - uy), both(ux - vy, vx + uy))
    }))
}
