//! lbfgs, on which optimization_engine is built: its tolerances, which are those of the value's type.

macro_rules! lbfgs {
    ($Number:ty, [$($params:tt)*]) => {
        impl<T: $crate::Real + ::lbfgs::LbfgsPrecision + num_traits::ConstZero, $($params)*> ::lbfgs::LbfgsPrecision for $Number {
            const DEFAULT_SY_TOLERANCE: Self = Self::filled(T::DEFAULT_SY_TOLERANCE, T::ZERO);
            const ABS_TOL: Self = Self::filled(T::ABS_TOL, T::ZERO);
            const REL_TOL: Self = Self::filled(T::REL_TOL, T::ZERO);
        }
    };
}
pub(crate) use lbfgs;
