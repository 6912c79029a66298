//! bytemuck: slices of numbers as bytes. `Var` has no derivative fields, so nothing is implemented for it. With the feature
//! `trap-confusion` numbers have a field that is not a `T`, and are not `Pod`.

macro_rules! bytemuck {
    ($Number:ty, [$($params:tt)*],) => {};
    ($Number:ty, [$($params:tt)*], $($field:ident),+) => {
        // SAFETY: a number whose parts are all zero bits is valid.
        #[allow(unsafe_code)]
        unsafe impl<T: $crate::Real + ::bytemuck::Zeroable, $($params)*> ::bytemuck::Zeroable for $Number {}

        // SAFETY: the number is `repr(C)`, and all its fields consist of `T`. So it has no padding, and any bits are
        // valid.
        #[allow(unsafe_code)]
        #[cfg(not(feature = "trap-confusion"))]
        unsafe impl<T: $crate::Real + ::bytemuck::Pod, $($params)*> ::bytemuck::Pod for $Number {}
    };
}
pub(crate) use bytemuck;
