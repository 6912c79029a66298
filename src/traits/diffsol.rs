//! diffsol, a solver of stiff differential equations: its scalars. With the nalgebra matrices the whole solver runs in
//! numbers, and branches on their values.

macro_rules! diffsol {
    ($Number:ty, [$($params:tt)*]) => {
        impl<T: $crate::Real + ::diffsol_la::Scalar + num_traits::ConstZero, $($params)*> ::diffsol_la::Scalar for $Number {
            const EPSILON: Self = Self::filled(T::EPSILON, T::ZERO);
            const INFINITY: Self = Self::filled(T::INFINITY, T::ZERO);
            const NAN: Self = Self::filled(T::NAN, T::ZERO);

            $crate::traits::num::forward! {
                is_nan() -> bool, sqrt() -> Self, cbrt() -> Self, exp() -> Self, sin() -> Self, cos() -> Self,
                max(other: Self) -> Self,
            }
        }
    };
}
pub(crate) use diffsol;
