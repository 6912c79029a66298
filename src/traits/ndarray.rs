//! ndarray: numbers on the right of an array's operators, and `NdFloat`. (ndarray itself implements `LinalgScalar` for
//! them.)

macro_rules! ndarray {
    ($Number:ty, [$($params:tt)*]) => {
        impl<T: $crate::Real, $($params)*> ::ndarray::ScalarOperand for $Number {}

        impl<T: $crate::Real, $($params)*> ::ndarray::NdFloat for $Number {}
    };
}
pub(crate) use ndarray;
