//! The scalars of nalgebra's types, and the values and partials of numbers in them.

use crate::forward::part::Scalars;
pub use crate::forward::part::lift;
use crate::number::dual::Dual;
use crate::real::Real;
use crate::rules::Chain;
use nalgebra::storage::Storage;
use nalgebra::{
    Complex, DefaultAllocator, Dim, Isometry2, Isometry3, Matrix, OMatrix, Point, Quaternion, Rotation, Scalar,
    Translation, Unit, UnitComplex, UnitQuaternion, allocator::Allocator,
};

impl<T: Scalar + Copy, R: Dim, C: Dim, S: Storage<T, R, C>> Scalars for Matrix<T, R, C, S>
where
    DefaultAllocator: Allocator<R, C>,
{
    type T = T;
    type Of<U: Real> = OMatrix<U, R, C>;

    fn each<U: Real>(&self, f: &mut impl FnMut(T) -> U) -> OMatrix<U, R, C> {
        self.map(f)
    }
}

macro_rules! scalars {
    ($([$($params:tt)*] $Type:ident<T $(, $N:ident)?>, |$x:ident, $f:ident| $each:expr;)*) => { $(
        impl<T: Scalar + Copy, $($params)*> Scalars for $Type<T $(, $N)?> {
            type T = T;
            type Of<U: Real> = $Type<U $(, $N)?>;

            fn each<U: Real>(&self, $f: &mut impl FnMut(T) -> U) -> Self::Of<U> {
                let $x = self;
                $each
            }
        }
    )* };
}

scalars! {
    [const N: usize] Point<T, N>, |x, f| Point::from(x.coords.each(f));
    [const N: usize] Translation<T, N>, |x, f| Translation::from(x.vector.each(f));
    [const N: usize] Rotation<T, N>, |x, f| Rotation::from_matrix_unchecked(x.matrix().each(f));
    [] Quaternion<T>, |x, f| Quaternion::from(x.coords.each(f));
    [] UnitQuaternion<T>, |x, f| Unit::new_unchecked(x.as_ref().each(f));
    [] UnitComplex<T>, |x, f| Unit::new_unchecked(Complex::new(f(x.as_ref().re), f(x.as_ref().im)));
    [] Isometry2<T>, |x, f| Isometry2 { translation: x.translation.each(f), rotation: x.rotation.each(f) };
    [] Isometry3<T>, |x, f| Isometry3 { translation: x.translation.each(f), rotation: x.rotation.each(f) };
}

/// Returns the values. Where numbers are nested, the values are numbers of the next inner level.
///
/// ```
/// use nalgebra::vector;
/// use nilpotent::{linalg, Dual};
///
/// let x = vector![Dual::new(1.0, [3.0]), Dual::new(2.0, [4.0])];
/// assert_eq!(linalg::values(&x), vector![1.0, 2.0]);
/// assert_eq!(linalg::partials(&x, 0), vector![3.0, 4.0]);
/// ```
pub fn values<X: Scalars<T = D>, D: Chain<Re = T>, T: Real>(x: &X) -> X::Of<T> {
    x.each(&mut Chain::re)
}

/// Returns the matrix of the `i`-th partials of all entries.
///
/// # Panics
/// If `i` is not less than the number of partials.
pub fn partials<T: Real, const N: usize, R: Dim, C: Dim, S: Storage<Dual<T, N>, R, C>>(
    m: &Matrix<Dual<T, N>, R, C, S>,
    i: usize,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    m.map(|x| x.eps[i])
}
